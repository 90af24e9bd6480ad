//! What conversations are about, in counts: nothing here leads back to a text.

/// What the sample of one conversation in one source is about. Only where there is something to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Topic {
    /// Conversation.
    pub conversation: u32,
    /// Source the messages were read from.
    pub source: u32,
    /// Messages with text that were looked at.
    pub looked: u32,
    /// Of these, how many hold business words.
    pub business: u32,
    /// How many others name a document.
    pub documents: u32,
}

/// Messages of the sample that mention a domain and hold neither business words nor documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Mention {
    /// Conversation.
    pub conversation: u32,
    /// Source the messages were read from.
    pub source: u32,
    /// Hash of the domain (`text::domain_hash`); the domain itself is not kept.
    pub domain: u32,
    /// Messages.
    pub count: u32,
}
