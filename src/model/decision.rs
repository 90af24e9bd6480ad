//! What a person has decided about who is who, and which conversation is work. Each decision bears its reason, who made it and when;
//! a later one about the same thing takes the place of an earlier one. Nothing here was computed.

use serde::{Deserialize, Serialize};

/// Whether a handle is somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is the one named.
    #[default]
    Same,
    /// It is not the one named, however alike.
    Different,
    /// It is a machine or a service.
    Service,
    /// It is known and on no list: neither employee nor client.
    Other,
}

impl Verdict {
    /// The word in files and messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::Service => "service",
            Self::Other => "other",
        }
    }
}

/// A decision about one handle.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct IdentityDecision {
    /// Channel slug.
    pub channel: String,
    /// Native key of the handle.
    pub handle: String,
    /// What was decided.
    pub verdict: Verdict,
    /// Whom it names, as a reference: `person:ID`, `contact:CLIENT/NAME`, `client:NAME`, `handle:CHANNEL/KEY`; empty for
    /// [`Verdict::Service`] and [`Verdict::Other`].
    pub whom: String,
    /// Why, in the words of who decided.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When, as the front-end says (RFC 3339).
    pub at: String,
}

/// A decision about one conversation, made without opening it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ClassDecision {
    /// Channel slug.
    pub channel: String,
    /// Native key of the conversation.
    pub conversation: String,
    /// Work; else private.
    pub work: bool,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When (RFC 3339).
    pub at: String,
}

/// How the columns of a list are read, remembered for every list with the same headings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Mapping {
    /// `people`, `clients`, `leave`, `expected`.
    pub list: String,
    /// Fingerprint of the headings (`import::lists` says how it is made).
    pub fingerprint: String,
    /// Heading as written, and the field it is read as; empty = not used.
    pub columns: Vec<(String, String)>,
}

/// One opening of message text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Reveal {
    /// When (RFC 3339).
    pub at: String,
    /// Who says so.
    pub by: String,
    /// The reason given.
    pub reason: String,
    /// Channel slug.
    pub channel: String,
    /// Which conversation: its title, or its number where it has none.
    pub conversation: String,
    /// First and last time of the messages shown (RFC 3339).
    pub from: String,
    /// See `from`.
    pub to: String,
    /// Messages shown.
    pub messages: u64,
}
