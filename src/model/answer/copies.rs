//! Two copies of one conversation: what each holds of what the other holds.

use serde::{Deserialize, Serialize};

use super::Estimate;

/// Two copies of one conversation, or of the mail between two people. Messages of text are compared; attachments, notices and what was
/// deleted for everybody prove nothing and are left out on both sides.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CopyPair {
    /// Slug.
    pub channel: String,
    /// Title, for conversations that are work for certain; never of mail.
    pub conversation: Option<String>,
    /// One copy.
    pub first: CopySide,
    /// The other.
    pub second: CopySide,
    /// Beginning of the time both cover, on the clock of the first.
    pub from: String,
    /// End of it.
    pub to: String,
    /// Messages both hold.
    pub matched: u64,
    /// Of these by sender and time only: edited, or written differently by another program.
    pub reworded: u64,
    /// Messages left out because the other copy has something else of their time: a deletion, an attachment, a notice.
    pub unsure: u64,
    /// Longer texts that stand once in each copy and agree, or Message-IDs both hold: why these are two copies of one.
    pub proofs: u64,
    /// Messages there were in all (Chapman), with the 95 % interval. Too low where both sides deleted the same.
    pub total: Estimate,
    /// Minutes to add to a time of the second to get that of the first.
    pub offset_minutes: i64,
    /// The same at another time of the year, where only one of the clocks has summer time.
    pub offset_also_minutes: Option<i64>,
}

/// One copy of a pair.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CopySide {
    /// Name of the custodian who keeps it; empty for others.
    pub custodian: String,
    /// `p12`, for a custodian.
    pub person: Option<String>,
    /// `custodian`, `outside`, `unknown`, `archive`.
    pub keeper: String,
    /// Path of the source; `None` = all mailboxes of the person.
    pub source: Option<String>,
    /// Messages compared, in the time both cover.
    pub messages: u64,
    /// Of these the other copy does not hold.
    pub only: u64,
    /// Share of the other's messages that this copy holds, 0 to 1, with Wilson's 95 % interval; `None` = nothing to compare.
    pub completeness: Option<Estimate>,
}
