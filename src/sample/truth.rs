//! `truth.json`: everything that was planted, so that what an audit finds can be compared with what there is to find.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Something removed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Plant {
    /// Number.
    pub id: u32,
    /// Evidence class: A proved by the data, B silence, C not covered by the source.
    pub class: String,
    /// What was done.
    pub kind: String,
    /// Name of the employee; `None` = several (a capture outage, a room).
    pub custodian: Option<String>,
    /// Address of the employee.
    pub email: Option<String>,
    /// Channel slug.
    pub channel: String,
    /// Conversation, where the plant concerns one.
    pub conversation: Option<String>,
    /// First day concerned, `YYYY-MM-DD`.
    pub from: String,
    /// Last day concerned.
    pub to: String,
    /// Business days in between, both counted.
    pub business_days: u32,
    /// Messages (or attachments) removed.
    pub removed: u64,
    /// For class B: messages of the stream on a business day without the plant.
    pub per_day: f64,
}

/// Something that looks like loss and is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Control {
    /// What it is.
    pub kind: String,
    /// Name of the employee or client, or the office.
    pub who: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}

/// A leaver and what there is to say of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LeaverTruth {
    /// Name.
    pub person: String,
    /// Part: `sole_holder`, `off_archive`, `handed_over`, `ordinary`, `unanswered`, `succeeded`.
    pub role: String,
    /// Last day.
    pub last_day: String,
    /// Clients of the leaver.
    pub clients: Vec<String>,
    /// Channel most of the client conversation runs on, where the part says so.
    pub main_channel: Option<String>,
    /// Who takes over.
    pub successor: Option<String>,
}

/// A relationship that moved to a personal account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MoveTruth {
    /// Employee.
    pub employee: String,
    /// Client.
    pub client: String,
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// Day.
    pub date: String,
    /// `employee` or `client`.
    pub initiated_by: String,
}

/// Share of client messages on personal accounts, as written before anything was removed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ShareTruth {
    /// Quarter.
    pub quarter: String,
    /// Client turns (messages of one sender within five minutes are one).
    pub turns: u64,
    /// Share of them on personal accounts.
    pub personal: f64,
}

/// A handle that no list has, of somebody who is on one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AliasTruth {
    /// Channel slug.
    pub channel: String,
    /// Native key of the handle.
    pub handle: String,
    /// Whose it is: name on the list.
    pub person: String,
    /// Client of the person; empty for employees.
    pub client: String,
    /// Kind of alias.
    pub form: String,
}

/// A handle of somebody on no list who looks like one who is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StrangerTruth {
    /// Channel slug.
    pub channel: String,
    /// Native key of the handle.
    pub handle: String,
    /// Name shown.
    pub name: String,
}

/// References to a channel that was never supplied.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReferredTruth {
    /// Employee.
    pub person: String,
    /// Channel slug.
    pub channel: String,
    /// Messages that refer to it.
    pub messages: u64,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}

/// Everything.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Truth {
    /// Version of this file's shape.
    pub schema: u32,
    /// Seed.
    pub seed: u64,
    /// Messages in the files.
    pub messages: u64,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Employees.
    pub staff: u64,
    /// What was removed.
    pub plants: Vec<Plant>,
    /// What looks like loss and is none.
    pub controls: Vec<Control>,
    /// Leavers.
    pub leavers: Vec<LeaverTruth>,
    /// Moves to personal accounts.
    pub moves: Vec<MoveTruth>,
    /// Requests to change the channel answered by pointing to the work address.
    pub redirects: Vec<MoveTruth>,
    /// The trend.
    pub personal_share: Vec<ShareTruth>,
    /// Names shared by different people.
    pub look_alikes: Vec<String>,
    /// Employees who write on a channel of which no export of their own is among the files: employee, channel.
    #[serde(default)]
    pub not_supplied: Vec<(String, String)>,
    /// Conversations of which nothing is left, by channel: an export that lists them lists them without a record.
    #[serde(default)]
    pub emptied: BTreeMap<String, u64>,
    /// References to channels of which the files hold nothing of the employee.
    #[serde(default)]
    pub referred: Vec<ReferredTruth>,
    /// Private conversations in the files: employee, friend.
    pub private: Vec<(String, String)>,
    /// What each conversation of the messengers is, and those of company phones with people on no list.
    #[serde(default)]
    pub classes: Vec<ClassTruth>,
    /// Sensitive data in conversations about work on channels that are not approved, by channel and kind.
    #[serde(default)]
    pub sensitive: Vec<SensitiveTruth>,
    /// Handles of listed people that no list has.
    #[serde(default)]
    pub aliases: Vec<AliasTruth>,
    /// People on no list who look like somebody.
    #[serde(default)]
    pub strangers: Vec<StrangerTruth>,
}

/// What a conversation is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct ClassTruth {
    /// Channel slug.
    pub channel: String,
    /// Title or key in the export.
    pub conversation: String,
    /// `work`, `private`, or `undecidable` where neither parties nor words can tell.
    pub class: String,
    /// Whether the counterpart is on a list.
    pub listed: bool,
}

/// Messages with sensitive data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct SensitiveTruth {
    /// Channel slug.
    pub channel: String,
    /// Kind, as the answers name it.
    pub kind: String,
    /// Messages.
    pub messages: u64,
}
