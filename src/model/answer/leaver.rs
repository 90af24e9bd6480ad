//! Leavers in the answers.

use serde::{Deserialize, Serialize};

use super::{Evidence, WeekRow};

/// A leaver.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Leaver {
    /// Name.
    pub person: String,
    /// `p12`.
    pub id: String,
    /// Grade, department, region.
    pub role: String,
    /// Day of notice.
    pub notice: Option<String>,
    /// Last day.
    pub last_day: String,
    /// Days from `as_of` to the last day; negative = gone.
    pub days_left: i64,
    /// Held-relationship score 0 to 100; `None` without a client list.
    pub score: Option<f64>,
    /// Clients with which nobody else of the firm is in contact.
    pub held_alone: u64,
    /// Clients whose main channel is not archived; `None` without a register.
    pub main_channel_off_archive: Option<u64>,
    /// Share of this person's client turns on channels the firm does not own.
    pub off_archive_share: Option<f64>,
    /// Main channel over all clients (slug).
    pub main_channel: Option<String>,
    /// Clients, most at stake first.
    pub clients: Vec<ClientHeld>,
    /// What happened after the last day.
    pub after_last_day: AfterLastDay,
    /// Signals with base rates (not answered yet).
    pub signals: Vec<serde_json::Value>,
    /// Handles and why they match: (channel, handle, reason).
    pub handles: Vec<HandleSaid>,
    /// Client turns per week and channel.
    pub over_time: Vec<WeekRow>,
}

/// A handle of a person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HandleSaid {
    /// Slug.
    pub channel: String,
    /// The handle.
    pub handle: String,
    /// Why it is this person's.
    pub why: String,
    /// Whether it is certain.
    pub certain: bool,
}

/// A client held by a leaver.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ClientHeld {
    /// Name of the client.
    pub client: String,
    /// Contacts met.
    pub contacts: Vec<String>,
    /// M1: share of the conversation, decayed, 0 to 1.
    pub share: f64,
    /// M2: effective contacts at the firm.
    pub effective_contacts: f64,
    /// M3: nobody else.
    pub sole_contact: bool,
    /// Others of the firm in contact.
    pub others: u64,
    /// M5: slug.
    pub main_channel: Option<String>,
    /// M5: `firm`, `personal`, `unknown`.
    pub main_channel_owner: String,
    /// M4: share on channels that are not archived.
    pub off_archive_share: Option<f64>,
    /// M6: day of the last two-way exchange.
    pub last_two_way: Option<String>,
    /// M6: business days since.
    pub business_days_since: Option<u64>,
    /// M8: share of sessions started by the client.
    pub client_initiated: Option<f64>,
    /// Client turn without an answer, if the last turn is the client's.
    pub open_question: Option<OpenQuestion>,
    /// Groups with this client in which the leaver takes part (titles).
    pub groups: Vec<String>,
    /// Held-relationship score 0 to 100.
    pub score: f64,
    /// Turns, not decayed.
    pub turns: u64,
    /// Handover candidates (not answered yet).
    pub successors: Vec<serde_json::Value>,
    /// Gap ids on this relationship.
    pub gaps: Vec<String>,
    /// Places.
    pub evidence: Vec<Evidence>,
}

/// A client turn without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OpenQuestion {
    /// When the client wrote.
    pub since: String,
    /// Business days waited until `as_of`.
    pub business_days: u64,
    /// Slug.
    pub channel: String,
    /// Place.
    pub evidence: Evidence,
}

/// After the last day.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AfterLastDay {
    /// Clients who wrote after the last day and got no answer from the firm within two business days; oldest first.
    pub unanswered: Vec<Unanswered>,
    /// Groups the leaver is still in.
    pub lingering_groups: Vec<String>,
}

/// An unanswered client.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Unanswered {
    /// Client.
    pub client: String,
    /// Contact.
    pub contact: String,
    /// Slug.
    pub channel: String,
    /// When the client first wrote without an answer.
    pub since: String,
    /// Business days until `as_of`.
    pub business_days: u64,
    /// Turns without an answer.
    pub turns: u64,
    /// Place.
    pub evidence: Vec<Evidence>,
}
