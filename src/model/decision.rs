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
    /// Native key of the conversation, or its [`mark`]: that of a private one may be the number or name of somebody outside, and is
    /// never written down.
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

impl ClassDecision {
    /// Whether it speaks of the conversation with this native key.
    #[must_use]
    pub fn names(&self, channel: &str, key: &str) -> bool {
        self.channel == channel && (self.conversation == key || self.conversation == mark(channel, key))
    }
}

/// Why the days of a gap are no loss, as a reviewer explains them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The person was on leave: as a line of the leave calendar.
    Leave,
    /// The office was closed: as holidays of its calendar.
    Closure,
    /// The work was given to somebody else.
    Reassignment,
    /// It went on over another channel.
    Moved,
    /// The client left.
    ClientEnded,
    /// The device was replaced.
    DeviceReplaced,
    /// The records were deleted as agreed.
    Deletion,
    /// Something else: the note says what.
    #[default]
    Other,
}

impl Cause {
    /// All, in the order of the choice.
    pub const ALL: [Self; 8] =
        [Self::Leave, Self::Closure, Self::Reassignment, Self::Moved, Self::ClientEnded, Self::DeviceReplaced, Self::Deletion, Self::Other];

    /// The word in files and messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Closure => "closure",
            Self::Reassignment => "reassignment",
            Self::Moved => "moved",
            Self::ClientEnded => "client_ended",
            Self::DeviceReplaced => "device_replaced",
            Self::Deletion => "deletion",
            Self::Other => "other",
        }
    }

    /// From the word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.word() == word)
    }

    /// Whether it changes the calendar: it explains why nothing was written, never where written messages have gone.
    #[must_use]
    pub const fn is_calendar(self) -> bool {
        matches!(self, Self::Leave | Self::Closure)
    }
}

/// Longest note of an explanation, in bytes.
pub const NOTE: usize = 4_000;

/// What a reviewer explained: days of a custodian on a channel. Not a gap by its id, which is another with every answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Explanation {
    /// Whom, as on the lists: id, e-mail or name. Empty = gaps that name nobody, such as outages; for [`Cause::Closure`] the whole firm.
    pub custodian: String,
    /// Whose exports, where no custodian is known: native key of the handle or its [`mark`]. Empty = not said, as in files from before it
    /// was: it fits only where one such owner is on the channel.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// Channel slug; empty = all. [`Cause::Leave`] and [`Cause::Closure`] hold for all.
    pub channel: String,
    /// Native key of the conversation or its [`mark`]; empty = all.
    pub conversation: String,
    /// First day; `None` = not known: it fits only gaps of which the first day is not known either.
    pub from: Option<i32>,
    /// Last day; `None` as for `from`.
    pub to: Option<i32>,
    /// Why.
    pub kind: Cause,
    /// In the reviewer's words.
    pub note: String,
    /// Who explained it.
    pub by: String,
    /// When (RFC 3339).
    pub at: String,
}

impl Explanation {
    /// Whether it speaks of the conversation with this native key; `None` = of several or none in particular.
    #[must_use]
    pub fn names(&self, conversation: Option<(&str, &str)>) -> bool {
        self.conversation.is_empty() || conversation.is_some_and(|(channel, key)| self.conversation == key || self.conversation == mark(channel, key))
    }

    /// Whether it says that the exports are those of the handle with this native key.
    #[must_use]
    pub fn owned_by(&self, channel: &str, key: &str) -> bool {
        !self.owner.is_empty() && (self.owner == key || self.owner == mark(channel, key))
    }
}

/// What stands for a conversation or a handle where its key must not be written: `#` and a digest of channel and key (FNV-1a, 128 bits). The same for
/// the same conversation, and no name or number in a file.
#[must_use]
pub fn mark(channel: &str, key: &str) -> String {
    const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;
    let bytes = channel.bytes().chain([0]).chain(key.bytes());
    let digest = bytes.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("#{digest:032x}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_finds_its_conversation_and_names_nobody() {
        let key = "491701234567@s.whatsapp.net";
        let marked = ClassDecision { channel: "whatsapp".to_owned(), conversation: mark("whatsapp", key), ..ClassDecision::default() };
        assert!(marked.names("whatsapp", key) && !marked.names("signal", key) && !marked.names("whatsapp", "491701234568@s.whatsapp.net"));
        assert!(!marked.conversation.contains("49170") && marked.conversation.len() == 33);
        assert!(ClassDecision { conversation: key.to_owned(), ..marked }.names("whatsapp", key));
        assert_ne!(mark("a", "b"), mark("ab", ""));
    }
}
