//! The answers, in the shapes of the contract (`audit run`). Fields are only ever added. Unknown is `None`, with a
//! reason in [`Basis::missing`], never 0. Days are written `YYYY-MM-DD`, weeks `YYYY-Www`, times RFC 3339.

mod copies;
mod explained;
mod identity;
mod leaver;

use serde::{Deserialize, Serialize};

pub use copies::{CopyPair, CopySide};
pub use explained::{Explained, ExplanationSaid};
pub use identity::{ConversationSaid, Identity, IdentityCounts, Proposal, Reveals, SensitiveRow, UnknownHandle};
pub use leaver::{AfterLastDay, ClientHeld, HandleSaid, Leaver, OpenQuestion, Unanswered};

/// The whole audit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Answers {
    /// Shape version, 1.
    pub schema: u32,
    /// Program and version.
    pub tool: String,
    /// What was asked.
    pub scope: ScopeSaid,
    /// What the answers rest on, and what is missing of it.
    pub basis: Basis,
    /// Channel use.
    pub channels: Channels,
    /// Coverage, a row per custodian and channel, sorted by custodian, channel.
    pub coverage: Vec<CoverageRow>,
    /// Gaps, most severe first; those that were explained last.
    pub gaps: Vec<Gap>,
    /// Copies of one conversation side by side, by channel, then conversation.
    #[serde(default)]
    pub copies: Vec<CopyPair>,
    /// Leavers by last day.
    pub leavers: Vec<Leaver>,
    /// Findings, most severe first.
    pub findings: Vec<Finding>,
    /// Who is who.
    pub identity: Identity,
    /// Conversations that are private or undecided, or were decided by a person; by channel, then number.
    pub conversations: Vec<ConversationSaid>,
    /// Sensitive data on channels that are not approved, by channel, then kind.
    pub sensitive: Vec<SensitiveRow>,
    /// What reviewers explained, in the order in which they did.
    #[serde(default)]
    pub explained: Vec<ExplanationSaid>,
    /// Every opening of message text so far.
    pub reveals: Reveals,
    /// The ledger, in the shape of `audit import`.
    pub ledger: serde_json::Value,
}

/// Scope in words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ScopeSaid {
    /// First day counted.
    pub from: Option<String>,
    /// Last day counted.
    pub to: Option<String>,
    /// Day of the question.
    pub as_of: Option<String>,
    /// Zone of all days.
    pub zone: String,
}

/// What the answers rest on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Basis {
    /// Matter name, may be empty.
    pub matter: String,
    /// Sources read / given / unreadable.
    pub sources: SourcesSaid,
    /// Messages in scope.
    pub messages: u64,
    /// All rules chosen, the one that sets the horizon first, then as chosen.
    pub policies: Vec<PolicySaid>,
    /// People on the list; `None` = no list.
    pub people: Option<u64>,
    /// Client entities on the list; `None` = no list.
    pub clients: Option<u64>,
    /// The rule that sets the horizon, else the first one chosen; `None` = no rule chosen.
    pub policy: Option<PolicySaid>,
    /// What is missing or doubtful, most important first.
    pub missing: Vec<Missing>,
    /// Private conversations: number, and their messages (never more than this).
    pub private_conversations: u64,
    /// Conversations that are neither work nor private for certain.
    pub undecided_conversations: u64,
}

/// Sources in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourcesSaid {
    /// Files or members read.
    pub read: u64,
    /// Files or members given.
    pub given: u64,
    /// Records skipped.
    pub skipped: u64,
    /// Sources with an error, a question, or records lost.
    pub with_problems: u64,
}

/// The policy in words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PolicySaid {
    /// Preset id.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Citation.
    pub citation: String,
    /// Months to keep; `None` = the preset has no verified number.
    pub months: Option<u32>,
    /// When the facts were last checked.
    pub last_checked: String,
    /// What starts the clock, in words.
    pub clock: String,
    /// Months in which records must be readily accessible.
    pub accessible: Option<u32>,
    /// Months after which records must be deleted.
    pub maximum: Option<u32>,
    /// Which records it speaks of.
    pub scope: String,
    /// Where the rule can be read; empty = nowhere stated.
    pub url: String,
    /// `seen`, `known`, `open`, or `edited` in this matter.
    pub confidence: String,
    /// How it must be kept: `worm_or_audit_trail`, `durable_unaltered`, `any`.
    pub medium: String,
    /// What else the rule says.
    pub note: String,
    /// It limits keeping and looking and asks for no record.
    pub limits: bool,
    /// Day from which it asks for records, before anybody's first day; `None` = it sets no horizon.
    pub required_from: Option<String>,
    /// Business days it requires over all custodians and channels; `None` = it sets no horizon.
    pub required_days: Option<u64>,
    /// Of these covered by records found.
    pub covered_days: Option<u64>,
    /// First day of the period in which records must be readily accessible, if it states one.
    pub accessible_from: Option<String>,
    /// Business days it requires in that period.
    pub accessible_days: Option<u64>,
    /// Of these covered by records found.
    pub accessible_covered: Option<u64>,
}

/// Something that is not known, and its effect.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Missing {
    /// Stable id: `no_people`, `no_clients`, `no_policy`, `no_leave`, `zone_assumed`, `date_order`, `source_unread`, `untestable`, `names_assumed`, `identities_open`, ...
    pub id: String,
    /// Heading, e.g. `No leave calendar supplied`.
    pub title: String,
    /// What it means for the figures.
    pub effect: String,
    /// Number concerned, 0 if none.
    pub count: u64,
}

/// Channel use.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Channels {
    /// Ranked by client turns, then work messages.
    pub by_channel: Vec<ChannelRow>,
    /// Work messages per week and channel, sorted by week, channel. Weeks without messages inside the data are present with 0.
    pub over_time: Vec<WeekRow>,
    /// Share of client turns on channels the firm owns; `None` when no register or no client is known.
    pub firm_owned_client_share: Option<FirmShare>,
    /// The same per quarter, for the overview.
    pub by_quarter: Vec<QuarterRow>,
    /// Moves between channels (not answered yet).
    pub moves: Vec<serde_json::Value>,
    /// Redirects (not answered yet).
    pub redirects: Option<serde_json::Value>,
    /// Phrases (not answered yet).
    pub phrases: Vec<serde_json::Value>,
    /// Client turns on channels the firm does not own, by weekday (0 = Monday) and hour of the matter zone; `[7][24]`, empty when unknown.
    pub hours: Vec<Vec<u64>>,
    /// The same turns as far as employees of the list wrote them, by groups of employees; `None` = no people list, no client list or no register.
    pub groups: Option<Groups>,
}

/// Client turns that employees wrote over accounts the firm does not keep, by department, region or grade. A group with fewer people than
/// the minimum stands nowhere in it: it is part of `Other`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Groups {
    /// `department`, `region` or `grade`: the one of the settings.
    pub by: String,
    /// Fewest people of a group, by the settings.
    pub least: u32,
    /// Most turns first; the merged group last.
    pub rows: Vec<GroupRow>,
    /// Groups shown together as `Other`.
    pub merged: u64,
    /// All together are fewer people than the minimum: nothing is shown.
    pub withheld: bool,
}

/// One group of employees.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GroupRow {
    /// As on the people list; empty = not stated; `Other` = several groups together.
    pub name: String,
    /// Employees of it who wrote such a turn at any time, whatever dates and channels are chosen.
    pub people: u64,
    /// Turns in scope.
    pub off_client_turns: u64,
    /// Share of the turns of all groups; `None` = there are none in scope.
    pub share: Option<f64>,
}

/// One channel.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ChannelRow {
    /// Slug.
    pub channel: String,
    /// approved, tolerated, prohibited, unknown.
    pub status: String,
    /// Captured by an archive; `None` = not stated.
    pub captured: Option<bool>,
    /// Messages, all.
    pub messages: u64,
    /// Turns, all.
    pub turns: u64,
    /// Messages of work conversations.
    pub work_messages: u64,
    /// Turns of work conversations in which a client takes part.
    pub client_turns: u64,
    /// Of these over accounts that the register says the firm does not own, or in departments for which the channel is not allowed;
    /// `None` = the register does not name the channel.
    pub off_client_turns: Option<u64>,
    /// Share of client turns of all channels (of work messages when no client list is given); 0 to 1.
    pub share: Option<f64>,
    /// Colour slot 0-5 by rank at first import; 6 = other.
    pub slot: u8,
    /// Share of required days covered, 0 to 1.
    pub covered: Option<f64>,
    /// Share in the first and last quarter, for the change.
    pub first_quarter_share: Option<f64>,
    /// See `first_quarter_share`.
    pub last_quarter_share: Option<f64>,
    /// Coverage per week of `over_time`: `c` covered, `s` silence, `a` `b` `c` in capitals = gap of that class, `u` unknown, `-` not expected.
    pub strip: String,
    /// A few messages that count here (evidence).
    pub evidence: Vec<Evidence>,
}

/// One week of one channel.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WeekRow {
    /// ISO week `2026-W05`.
    pub week: String,
    /// Slug.
    pub channel: String,
    /// Messages of work conversations.
    pub work_messages: u64,
    /// Turns of conversations with a client.
    pub client_turns: u64,
}

/// A share and what it is of.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FirmShare {
    /// 0 to 1.
    pub value: f64,
    /// Client turns counted.
    pub of_turns: u64,
}

/// One quarter.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QuarterRow {
    /// `2026-Q1`.
    pub quarter: String,
    /// Client turns on firm-owned channels.
    pub firm_owned: u64,
    /// Client turns on other channels.
    pub other: u64,
}

/// Coverage of one custodian on one channel, in business days.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CoverageRow {
    /// Name of the custodian.
    pub custodian: String,
    /// Id meaning nothing after the page is closed (`p12`).
    pub person: String,
    /// Slug.
    pub channel: String,
    /// Business days required.
    pub expected_days: u64,
    /// Of these covered.
    pub covered_days: u64,
    /// In gaps (A, B, C).
    pub gap_days: u64,
    /// Unknown or untestable.
    pub unknown_days: u64,
    /// Covered without a message.
    pub silent_days: u64,
    /// Horizon.
    pub horizon: Horizon,
    /// Worst gap class on this row: `A`, `B`, `C`, `U` or empty.
    pub worst: String,
    /// Intervals for the timeline, in time order, not overlapping.
    pub spans: Vec<Span>,
    /// Messages of this custodian on this channel.
    pub messages: u64,
    /// Business days of silence needed before the silence test can speak; `None` = no traffic.
    pub detectable_days: Option<u32>,
    /// Group of the custodian by the division of the settings (department, region or grade), as in [`Channels::groups`]: groups of fewer people
    /// than the minimum stand together as `Other`; empty = not stated; `None` = none may be shown, or no people list. The same whatever
    /// dates and channels are chosen.
    #[serde(default)]
    pub group: Option<String>,
}

/// Horizon of a row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Horizon {
    /// Day from which records are required.
    pub required_from: Option<String>,
    /// Day of the first record.
    pub first: Option<String>,
    /// Last day required (last day of work or `as_of`).
    pub required_to: Option<String>,
    /// Day of the last record.
    pub last: Option<String>,
    /// What asks for it: the title of the rule, or the legal hold; empty = nothing does.
    pub rule: String,
    /// What makes it begin later than the rule: `hired`, `adopted`, `scope`; empty = nothing.
    pub limit: String,
}

/// An interval of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Span {
    /// First day.
    pub from: String,
    /// Last day, inclusive.
    pub to: String,
    /// `covered`, `silence`, `A`, `B`, `C`, `unknown`.
    pub state: String,
    /// Gap id, if it is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gap: Option<String>,
    /// Whether a reviewer explained the gap. It stays one: an explanation is not a record.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub explained: bool,
}

/// Low, middle and high estimate.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Estimate {
    /// Lower bound.
    pub low: f64,
    /// Middle.
    pub mid: f64,
    /// Upper bound.
    pub high: f64,
}

/// A gap.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Gap {
    /// Stable within one run: `g1` in order of severity.
    pub id: String,
    /// Name; empty when the gap concerns a source nobody owns.
    pub custodian: String,
    /// `p12`, if the custodian is known.
    pub person: Option<String>,
    /// Where the custodian is not known: the handle whose exports it concerns, as the export names it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owner: Option<String>,
    /// Slug.
    pub channel: String,
    /// Title of the conversation, if it concerns one (work conversations only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// Number of that conversation (`c12`), where it is not private.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub conversation_id: Option<String>,
    /// `A` missing, `B` unexplained silence, `C` not covered, `U` cannot be tested.
    pub class: String,
    /// Kind, e.g. `id_hole`, `silence`, `horizon`, `timer`, `orphan_replies`.
    pub kind: String,
    /// First day.
    pub from: Option<String>,
    /// Last day, inclusive.
    pub to: Option<String>,
    /// Business days between.
    pub business_days: u64,
    /// Messages estimated to be missing.
    pub estimate: Option<Estimate>,
    /// 0 to 1.
    pub confidence: f64,
    /// high, medium, low.
    pub severity: String,
    /// The number the order follows.
    pub score: f64,
    /// Whether a client takes part.
    pub client_facing: bool,
    /// Why this is a gap, sentences.
    pub reasons: Vec<String>,
    /// Harmless explanations: what was checked and what came out.
    pub benign: Vec<Benign>,
    /// Places.
    pub evidence: Vec<Evidence>,
    /// How a reviewer explained it; such a gap is no longer open.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub explained: Option<Explained>,
    /// Business days that are explained where not all are.
    #[serde(skip_serializing_if = "explained::none", default)]
    pub explained_days: u64,
    /// Explanations that speak of its days, by their place in [`Answers::explained`], whether or not they explain it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub explanations: Vec<u32>,
}

/// A harmless explanation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Benign {
    /// `leave`, `closure`, `channel_moved`, `auto_delete`, `device`, ...
    pub id: String,
    /// Heading.
    pub title: String,
    /// What was looked at.
    pub found: String,
    /// `excluded`, `not_excluded`, `unknown`.
    pub verdict: String,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Finding {
    /// `f1` in order.
    pub id: String,
    /// `channels`, `coverage`, `gaps`, `leavers`, `retention`, `sensitive`, `import`.
    pub question: String,
    /// high, medium, low, info.
    pub severity: String,
    /// The sentence, with names.
    pub sentence: String,
    /// The same without names, for the overview.
    pub sentence_without_names: String,
    /// Whom it concerns: name or `41 custodians`.
    pub whom: String,
    /// `p12`, if one person.
    pub person: Option<String>,
    /// Slug, if one channel.
    pub channel: Option<String>,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// Gap id, if it is one.
    pub gap: Option<String>,
    /// How many things support it, and what they are (`turns`, `references`, `messages`).
    pub quantity: u64,
    /// See `quantity`.
    pub unit: String,
    /// Places (a bounded number; `quantity` tells how many there are).
    pub evidence: Vec<Evidence>,
}

/// The exact place that supports a statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// Path of the source.
    pub source: String,
    /// Digest of the outer file or of the folder read as one; empty until computed.
    pub sha256: String,
    /// Line, where lines exist.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u32>,
    /// Byte offset in the part.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub byte: Option<u64>,
    /// Member of an archive.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entry: Option<String>,
    /// Time of the record.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub time: Option<String>,
    /// Dataset row, for opening it again in this session.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub row: Option<u32>,
    /// What is absent here, if the place marks an absence.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub absent: Option<String>,
}
