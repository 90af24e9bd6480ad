//! What reviewers explained, in the answers.

use serde::{Deserialize, Serialize};

use super::Gap;

/// The explanation of a gap.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Explained {
    /// `leave`, `closure`, `reassignment`, `moved`, `client_ended`, `device_replaced`, `deletion`, `other`.
    pub kind: String,
    /// In the reviewer's words.
    pub note: String,
    /// Who explained it.
    pub by: String,
    /// When (RFC 3339).
    pub at: String,
}

/// One explanation, whatever has become of the gap it was given for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExplanationSaid {
    /// Name; empty when it concerns nobody in particular.
    pub custodian: String,
    /// `p12`, if the custodian is known.
    pub person: Option<String>,
    /// Slug; empty = all channels.
    pub channel: String,
    /// Number of the conversation (`c12`), if it concerns one that is there.
    pub conversation_id: Option<String>,
    /// First day.
    pub from: Option<String>,
    /// Last day, inclusive.
    pub to: Option<String>,
    /// As in [`Explained`].
    pub kind: String,
    /// See `kind`.
    pub note: String,
    /// See `kind`.
    pub by: String,
    /// See `kind`.
    pub at: String,
    /// Whether whom and what it names is there; else it has no effect.
    pub known: bool,
}

impl Gap {
    /// Whether it asks for a decision: it can be tested and nobody has explained it. What is counted as an open gap anywhere.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.class != "U" && self.explained.is_none()
    }

    /// What it is, whatever its number among the gaps of an answer.
    #[must_use]
    pub fn place(&self) -> String {
        let or = |text: &Option<String>| text.clone().unwrap_or_default();
        let parts = [
            self.class.clone(),
            self.kind.clone(),
            or(&self.person),
            or(&self.owner),
            self.channel.clone(),
            or(&self.conversation_id),
            or(&self.from),
            or(&self.to),
        ];
        parts.join("|")
    }
}

/// Whether a number is left out of the file.
pub(super) const fn none(number: &u64) -> bool {
    *number == 0
}
