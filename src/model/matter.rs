//! The matter: what is audited, under which policy, with which lists.

use serde::{Deserialize, Serialize};

use super::decision::{ClassDecision, Explanation, IdentityDecision, Mapping, Reveal};
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

impl ChannelStatus {
    /// The word in files and answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Tolerated => "tolerated",
            Self::Prohibited => "prohibited",
            Self::Unknown => "unknown",
        }
    }
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
    /// Departments for which another status holds.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
}

/// Another status of a channel for one department.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Exception {
    /// Department as on the people list.
    pub department: String,
    /// What holds there.
    pub status: ChannelStatus,
}

/// What may start the clock of a retention rule: the word in files, and what it means. The first is meant where nothing is said. The ends
/// of years are known; all others but the first are events of which no list tells the day, so that the day of the record is the least.
pub const CLOCKS: [(&str, &str); 12] = [
    ("created", "the day the record was made"),
    ("calendar_year_end", "the end of the calendar year in which it was made"),
    ("fiscal_year_end", "the end of the fiscal year in which it was made"),
    ("last_use", "the day of its last use"),
    ("last_in_effect", "the day it was last in effect"),
    ("audit_concluded", "the conclusion of the audit or review"),
    ("relationship_end", "the end of the relationship"),
    ("account_closed", "the closing of the account"),
    ("transaction_end", "the end of the transaction"),
    ("discharge", "discharge or the last contact"),
    ("filing", "the filing or payment"),
    ("birth", "a birthday of the person"),
];

/// A retention rule written or changed in this matter. A known preset of the same id is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// Id.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Citation.
    pub citation: String,
    /// Months to keep; `None` = no number.
    pub months: Option<u32>,
    /// Months in which records must be readily accessible.
    pub accessible: Option<u32>,
    /// Months after which records must be deleted.
    pub maximum: Option<u32>,
    /// What starts the clock: a word of [`CLOCKS`]; empty = that of the preset it replaces, or `created`.
    pub clock: String,
    /// Which records it speaks of.
    pub scope: String,
    /// Where it can be read.
    pub url: String,
    /// When it was last checked.
    pub last_checked: String,
}

/// A legal hold: what it covers must not be deleted, whatever a maximum says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Hold {
    /// Name of the hold.
    pub name: String,
    /// People (id, e-mail or name); empty = everybody.
    pub people: Vec<String>,
    /// Channel slugs; empty = all.
    pub channels: Vec<String>,
    /// First day covered; `None` = from the beginning.
    pub from: Option<i32>,
    /// Last day covered; `None` = open.
    pub to: Option<i32>,
    /// Why.
    pub reason: String,
}

/// What must be kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Preset ids. All hold at once, each is checked; the one that reaches back furthest sets the horizon.
    pub presets: Vec<String>,
    /// Tolerance at the start of a horizon, in business days.
    pub tolerance_days: u32,
    /// False-alarm level of the silence test, per run.
    pub alpha: f64,
    /// The channel register.
    pub channels: Vec<ChannelRule>,
    /// Rules of this matter. All of them hold, whether or not their id stands among the presets.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Legal holds.
    #[serde(default)]
    pub holds: Vec<Hold>,
    /// Month in which the fiscal year begins, 1 to 12.
    #[serde(default = "january")]
    pub fiscal_year_month: u32,
}

const fn january() -> u32 {
    1
}

impl Policy {
    /// Ids of all rules that hold: those chosen, then those the matter states itself without choosing them.
    #[must_use]
    pub fn ids(&self) -> Vec<&str> {
        let mut out: Vec<&str> = self.presets.iter().map(String::as_str).collect();
        for rule in &self.rules {
            if !out.contains(&rule.id.as_str()) {
                out.push(&rule.id);
            }
        }
        out
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self { presets: Vec::new(), tolerance_days: 10, alpha: 1e-4, channels: Vec::new(), rules: Vec::new(), holds: Vec::new(), fiscal_year_month: january() }
    }
}

/// Working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Days that are not worked, 0 = Monday.
    pub weekend: Vec<u8>,
    /// Whether somebody stated `weekend`; else the weekend of the country goes before it, where that is known.
    #[serde(default)]
    pub weekend_stated: bool,
    /// Holidays.
    pub holidays: Vec<i32>,
    /// First day of the week, 0 = Monday.
    pub week_start: u8,
    /// Country whose public holidays are not worked (`GB`, `GB-SCT`, `DE-BY`); empty = none.
    #[serde(default)]
    pub country: String,
    /// Offices with days of their own; a person works by the calendar of the region of the people list.
    #[serde(default)]
    pub regions: Vec<RegionDays>,
}

/// Days of one office.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RegionDays {
    /// Region as on the people list.
    pub region: String,
    /// Country whose public holidays are not worked.
    pub country: String,
    /// Days that are not worked, 0 = Monday; empty = those of the country, else those of the matter.
    pub weekend: Vec<u8>,
    /// Further holidays.
    pub holidays: Vec<i32>,
}

/// When a conversation counts as work: the rules of `analysis::conversations`, each of which may be switched off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkRules {
    /// A client takes part.
    pub client: bool,
    /// A service takes part.
    pub service: bool,
    /// At least two employees take part.
    pub employees: bool,
    /// What its text is about.
    pub text: bool,
    /// Share of the messages with text that must be about work, 0 to 1.
    pub threshold: f64,
}

impl Default for WorkRules {
    fn default() -> Self {
        Self { client: true, service: true, employees: true, text: true, threshold: 0.2 }
    }
}

impl Calendar {
    /// The country whose weekend holds because nobody stated one.
    #[must_use]
    pub fn weekend_of(&self) -> Option<&str> {
        (!self.weekend_stated && self.weekend == super::weekend::USUAL && !self.country.is_empty()).then_some(self.country.as_str())
    }
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            weekend: super::weekend::USUAL.to_vec(),
            weekend_stated: false,
            holidays: Vec::new(),
            week_start: 0,
            country: String::new(),
            regions: Vec::new(),
        }
    }
}

/// By what employees are divided where groups of them are shown: one way at a time in a matter, since two ways can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Division {
    /// By department.
    #[default]
    Department,
    /// By region.
    Region,
    /// By grade.
    Grade,
}

impl Division {
    /// All, in the order of the choice.
    pub const ALL: [Self; 3] = [Self::Department, Self::Region, Self::Grade];

    /// The word in files, answers and sentences.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::Region => "region",
            Self::Grade => "grade",
        }
    }

    /// From the word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|division| division.word() == word)
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
    /// By what employees are divided in charts and tables of groups.
    #[serde(default)]
    pub division: Division,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { content: false, min_group: 5, pseudonyms: true, division: Division::Department }
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
    /// When a conversation is work.
    #[serde(default)]
    pub work: WorkRules,
    /// Decisions about handles, in the order in which they were made.
    #[serde(default)]
    pub identities: Vec<IdentityDecision>,
    /// Decisions about conversations, in the order in which they were made.
    #[serde(default)]
    pub classes: Vec<ClassDecision>,
    /// Gaps a reviewer explained, in the order in which they were.
    #[serde(default)]
    pub explained: Vec<Explanation>,
    /// How lists with known headings are read.
    #[serde(default)]
    pub mappings: Vec<Mapping>,
    /// Openings of message text.
    #[serde(default)]
    pub reveals: Vec<Reveal>,
}
