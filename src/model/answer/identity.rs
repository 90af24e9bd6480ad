//! Who is who, in the shapes of the answers: what was joined, what is proposed, what is open, what was decided.

use serde::{Deserialize, Serialize};

use crate::model::decision::{IdentityDecision, Reveal};

/// The identity map in short.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Identity {
    /// Handles per kind.
    pub counts: IdentityCounts,
    /// Joins that are likely and wait for a decision: best first, then by traffic.
    pub proposals: Vec<Proposal>,
    /// Handles nobody knows and nothing is proposed for, most traffic first, 500 at most; those that take part in private conversations only are counted, not listed.
    pub unknown: Vec<UnknownHandle>,
    /// Decisions in the order in which they were made.
    pub decisions: Vec<IdentityDecision>,
}

/// Handles per kind of participant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IdentityCounts {
    /// Of employees.
    pub employees: u64,
    /// Of clients.
    pub clients: u64,
    /// Services and robots.
    pub services: u64,
    /// Known, neither employee nor client.
    pub others: u64,
    /// Nobody knows.
    pub unknown: u64,
    /// Of the unknown ones those seen in private conversations only.
    pub private: u64,
    /// Joined for certain (address, number, id).
    pub certain: u64,
    /// Joined by a decision.
    pub decided: u64,
}

/// A likely join.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Proposal {
    /// Channel slug.
    pub channel: String,
    /// What goes back with a decision: the native key, or an opaque reference (`h` and 16 hexadecimal digits) for a handle not seen in work.
    pub handle: String,
    /// What to show of it: its name where it takes part in a work conversation, else what is left when it is masked.
    pub shown: String,
    /// Reference (see [`IdentityDecision::whom`]).
    pub whom: String,
    /// The one proposed, in words.
    pub whom_shown: String,
    /// `employee` or `client`.
    pub kind: String,
    /// 0 to 1.
    pub score: f64,
    /// Why, sentences.
    pub reasons: Vec<String>,
    /// Messages this handle wrote.
    pub messages: u64,
}

/// A handle nobody knows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct UnknownHandle {
    /// Channel slug.
    pub channel: String,
    /// What goes back with a decision: the native key, or an opaque reference (`h` and 16 hexadecimal digits) for a handle not seen in work.
    pub handle: String,
    /// What to show of it.
    pub shown: String,
    /// Messages it wrote.
    pub messages: u64,
    /// Employees it shares conversations with.
    pub employees: u64,
}

/// A conversation whose class a person may correct without opening it. Counterparts are not named.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ConversationSaid {
    /// `c12`: number in this dataset; what goes back with a decision.
    pub id: String,
    /// Channel slug.
    pub channel: String,
    /// direct, group, room, thread, unknown.
    pub kind: String,
    /// Employees who take part.
    pub employees: Vec<String>,
    /// `work`, `private`, `undecided`.
    pub class: String,
    /// Why, a sentence.
    pub why: String,
    /// Whether a person decided it.
    pub decided: bool,
    /// Messages; `None` for private ones.
    pub messages: Option<u64>,
}

/// Sensitive data seen on a channel: kinds counted, values never kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SensitiveRow {
    /// Channel slug.
    pub channel: String,
    /// `card`, `iban`, `health_id`, `national_id`, `credential`.
    pub kind: String,
    /// Messages of work conversations with at least one.
    pub messages: u64,
    /// Employees concerned.
    pub people: u64,
}

/// The reveal log.
pub type Reveals = Vec<Reveal>;
