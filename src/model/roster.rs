//! People and clients as lists supplied by a person.

use serde::{Deserialize, Serialize};

/// Status of a person of the people list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Employed.
    #[default]
    Active,
    /// On leave.
    OnLeave,
    /// Has given or received notice.
    Notice,
    /// Has left.
    Terminated,
    /// Not yet started.
    PreHire,
}

/// One employee.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Person {
    /// HR number as written, may be empty.
    pub id: String,
    /// Display name.
    pub name: String,
    /// E-mail addresses, lower case; the first is the main one.
    pub emails: Vec<String>,
    /// Private e-mail addresses, lower case: no work addresses, but they tell who somebody is.
    #[serde(default)]
    pub personal_emails: Vec<String>,
    /// Phone numbers: digits, leading `+` where given.
    pub phones: Vec<String>,
    /// Handles: (channel slug or empty for any, handle).
    pub handles: Vec<(String, String)>,
    /// Department.
    pub department: String,
    /// Grade or title.
    pub grade: String,
    /// Manager as written.
    pub manager: String,
    /// Region or location.
    pub region: String,
    /// First day, days since 1970-01-01.
    pub start: Option<i32>,
    /// Last day of work; may lie in the future.
    pub last_day: Option<i32>,
    /// Day of notice.
    pub notice: Option<i32>,
    /// Status.
    pub status: Status,
    /// What further columns say that put people into groups: heading and value, in the order of the list. Shown nowhere; for divisions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, String)>,
    /// Line in the list.
    pub line: u32,
}

/// One contact of a client.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// Display name.
    pub name: String,
    /// E-mail addresses, lower case.
    pub emails: Vec<String>,
    /// Phone numbers.
    pub phones: Vec<String>,
    /// Handles: (channel slug or empty for any, handle).
    pub handles: Vec<(String, String)>,
    /// Line in the list.
    pub line: u32,
}

/// One client entity.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Client {
    /// Name of the entity.
    pub name: String,
    /// Mail domains, lower case.
    pub domains: Vec<String>,
    /// Persons.
    pub contacts: Vec<Contact>,
    /// Region.
    pub region: String,
    /// Value for weighting, if given.
    pub value: Option<f64>,
    /// Account owner as written.
    pub owner: String,
}

/// A spell of leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// Person as written (id, name or e-mail).
    pub person: String,
    /// First day.
    pub from: i32,
    /// Last day, inclusive.
    pub to: i32,
    /// Kind as written.
    pub kind: String,
}

/// An expected count supplied by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Channel slug.
    pub channel: String,
    /// Person as written.
    pub person: String,
    /// Day.
    pub day: i32,
    /// Messages expected.
    pub count: u64,
    /// Line of the list; 0 = not known.
    #[serde(default)]
    pub line: u32,
}

/// How a list was read: file, columns, what was odd.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ListReading {
    /// File name.
    pub name: String,
    /// (target field, heading as written) in column order.
    pub columns: Vec<(String, String)>,
    /// Headings that were not used.
    pub unused: Vec<String>,
    /// Fields a person can choose for a column, with the word for people.
    #[serde(default)]
    pub fields: Vec<(String, String)>,
    /// First rows as written, one cell per heading of the file.
    #[serde(default)]
    pub sample: Vec<Vec<String>>,
    /// All headings as written, in order.
    #[serde(default)]
    pub headings: Vec<String>,
    /// (heading, why) of columns read with less than certainty.
    #[serde(default)]
    pub doubts: Vec<(String, String)>,
    /// Fingerprint of the headings.
    #[serde(default)]
    pub fingerprint: String,
    /// Whether a remembered or stated mapping was used.
    #[serde(default)]
    pub stated: bool,
    /// `people`, `clients`, `leave`, `expected`, `matter`.
    #[serde(default)]
    pub list: String,
    /// Rows read.
    pub rows: u64,
    /// Sentences on what was odd (with line numbers).
    pub remarks: Vec<String>,
}
