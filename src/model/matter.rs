//! The matter: what is audited, under which policy, with which lists.

use serde::{Deserialize, Serialize};

use super::roster::{Client, Expected, Leave, ListReading, Person};

/// Whether the firm allows a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelStatus {
    /// Allowed for work.
    Approved,
    /// Tolerated.
    Tolerated,
    /// Not allowed.
    Prohibited,
    /// Nobody has said.
    #[default]
    Unknown,
}

/// One line of the channel register.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ChannelRule {
    /// Channel slug.
    pub id: String,
    /// Allowed or not.
    pub status: ChannelStatus,
    /// Whether an archive captures it; `None` = nobody has said.
    pub captured: Option<bool>,
    /// Accounts (handles) for which capture holds; empty = all.
    pub accounts: Vec<String>,
    /// Since when the channel is in use at the firm (day).
    pub adopted: Option<i32>,
}

/// What must be kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Preset ids; the first one sets the horizon.
    pub presets: Vec<String>,
    /// Tolerance at the start of a horizon, in business days.
    pub tolerance_days: u32,
    /// False-alarm level of the silence test, per run.
    pub alpha: f64,
    /// The channel register.
    pub channels: Vec<ChannelRule>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { presets: Vec::new(), tolerance_days: 10, alpha: 1e-4, channels: Vec::new() }
    }
}

/// Working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Days that are not worked, 0 = Monday.
    pub weekend: Vec<u8>,
    /// Holidays.
    pub holidays: Vec<i32>,
    /// First day of the week, 0 = Monday.
    pub week_start: u8,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { weekend: vec![5, 6], holidays: Vec::new(), week_start: 0 }
    }
}

/// What may be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privacy {
    /// Whether text may be opened by reason.
    pub content: bool,
    /// Smallest group shown in a chart.
    pub min_group: u32,
    /// Pseudonyms in executive views.
    pub pseudonyms: bool,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { content: false, min_group: 5, pseudonyms: true }
    }
}

/// The scope of one question.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scope {
    /// First day; `None` = first record.
    pub from: Option<i32>,
    /// Last day, inclusive; `None` = `as_of`.
    pub to: Option<i32>,
    /// Day on which the question is asked; `None` = latest time in the sources, never today.
    pub as_of: Option<i32>,
    /// Only these channels (slugs); empty = all.
    #[serde(default)]
    pub channels: Vec<String>,
}

/// The matter.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Matter {
    /// Name, for titles.
    pub name: String,
    /// IANA zone in which days are counted; empty = UTC.
    pub zone: String,
    /// Scope.
    pub scope: Scope,
    /// Own mail domains, lower case.
    pub own_domains: Vec<String>,
    /// Policy.
    pub policy: Policy,
    /// Working days.
    pub calendar: Calendar,
    /// Privacy.
    pub privacy: Privacy,
    /// Employees; `None` = no list was supplied.
    pub people: Option<Vec<Person>>,
    /// Clients; `None` = no list was supplied.
    pub clients: Option<Vec<Client>>,
    /// Leave; `None` = no calendar was supplied.
    pub leave: Option<Vec<Leave>>,
    /// Expected counts.
    pub expected: Option<Vec<Expected>>,
    /// How each list was read.
    pub readings: Vec<ListReading>,
}
