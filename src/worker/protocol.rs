//! What page and workers say to each other. Small things as JSON text; files as handles, batches by transfer, beside it.

use serde::{Deserialize, Serialize};

pub use crate::model::daily::Daily;
pub use crate::model::excerpt::{Excerpt, ExcerptLine};

use crate::model::answer::Answers;
use crate::model::decision::Reveal;
use crate::model::ledger::Source;
use crate::model::matter::{Calendar, Matter, Policy, Privacy, Scope, WorkRules};
use crate::model::roster::ListReading;
use crate::shape::{Written, fields, words, written};

/// Version of this protocol. A worker of another version is told to reload.
pub const VERSION: u32 = 2;

/// Id of a file row, given by the page.
pub type FileId = u32;

/// Ids from here on are those of pieces: small files of one folder that were read together.
pub const PIECES: FileId = 1 << 24;

/// What a row is called that stands for many files: their folder and extension, `exports/*.eml`.
#[must_use]
pub fn gathered(path: &str) -> String {
    let folder = path.split_once('/').map_or("", |(folder, _)| folder);
    let name = path.rsplit('/').next().unwrap_or(path);
    let is = |end: &&str| (1..=5).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric());
    let extension = name.rsplit_once('.').map(|(_, end)| end).filter(is).unwrap_or_default().to_ascii_lowercase();
    let (slash, dot) = (if folder.is_empty() { "" } else { "/" }, if extension.is_empty() { "" } else { "." });
    format!("{folder}{slash}*{dot}{extension}")
}

/// What a person has stated about one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// IANA zone.
    pub zone: Option<String>,
    /// `dmy`, `mdy`, `ymd`.
    pub date_order: Option<String>,
    /// Handle of the owner.
    pub owner: Option<String>,
    /// Format id.
    pub format: Option<String>,
}

/// A file (or a folder read as one) that a worker is asked to read; the handles travel beside it, one per name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Row id.
    pub id: FileId,
    /// Path as given.
    pub path: String,
    /// Whether the handles are the members of a folder.
    pub folder: bool,
    /// Names, one per handle (relative to the folder). Empty for a file by itself; its path for a log beside it.
    pub names: Vec<String>,
    /// What was stated.
    pub stated: Stated,
    /// Whether the handles are small files, each read by itself, whose answers come together.
    #[serde(default)]
    pub many: bool,
    /// Of many: whether the first are named (see `model::sums`).
    #[serde(default)]
    pub named: bool,
    /// In how many sections it may be read, by as many workers: a worker that finds it can be cut says in which instead of reading it.
    #[serde(default)]
    pub most: u32,
    /// Read this section only: its number, and its first offset with that after the last.
    #[serde(default)]
    pub section: Option<(u32, (f64, f64))>,
}

/// State of a file row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In the queue.
    #[default]
    Waiting,
    /// Being read.
    Reading,
    /// Read, but a question must be answered before it counts for certain.
    Question,
    /// Read.
    Done,
    /// Could not be read.
    Failed,
    /// Stopped by the person.
    Cancelled,
}

impl Status {
    /// The word of `data-status`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reading => "reading",
            Self::Question => "question",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A file row of the import view. One row per file given (a dropped Slack folder is one row); containers list their sources inside.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FileRow {
    /// Row id.
    pub id: FileId,
    /// Path as given.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// State.
    pub status: Status,
    /// Bytes handled.
    pub done: u64,
    /// Messages and events so far.
    pub messages: u64,
    /// Sources with their ledgers, once read. Several for containers.
    pub sources: Vec<Source>,
    /// Path of the row with the same digest, if this file was loaded already.
    pub same_as: Option<String>,
    /// What went wrong when no source could tell (a dead worker).
    pub failure: Option<String>,
    /// Paths of its sources that hold private conversations only: they are called after people and are not shown.
    pub closed: Vec<String>,
    /// Small files that this row stands for; 0 when it is a file or folder by itself.
    #[serde(default)]
    pub files: u64,
    /// How many each of the sources stands for, where there are too many to be named (see `model::sums`); empty: one each.
    #[serde(default)]
    pub summed: Vec<u64>,
}

impl FileRow {
    /// Whether it holds private conversations only, so that its name is not shown.
    #[must_use]
    pub fn private(&self) -> bool {
        !self.closed.is_empty() && self.sources.iter().all(|source| self.closed.contains(&source.path))
    }

    /// Sources that could not be read to their end.
    #[must_use]
    pub fn unread(&self) -> u64 {
        let one = |at: usize| self.summed.get(at).copied().unwrap_or(1);
        self.sources.iter().enumerate().filter(|(_, s)| s.error.is_some()).map(|(at, _)| one(at)).sum()
    }

    /// Paths of closed sources as far as this row names them; sums are closed when all is: they have the empty path.
    #[must_use]
    pub fn closed_of(&self, paths: Vec<String>) -> Vec<String> {
        if self.summed.is_empty() {
            return paths;
        }
        let all = paths.len() as u64 + self.unread() >= self.summed.iter().sum();
        let named: std::collections::BTreeSet<&str> = self.sources.iter().map(|s| s.path.as_str()).collect();
        let mut closed: Vec<String> = paths.into_iter().filter(|p| named.contains(p.as_str())).collect();
        if all {
            closed.push(String::new());
        }
        closed
    }
}

/// The lists a person can supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum List {
    /// people.csv
    People,
    /// clients.csv
    Clients,
    /// leave.csv
    Leave,
    /// expected.csv
    Expected,
    /// holidays.ics, holidays.csv
    Holidays,
    /// matter.toml
    Matter,
}

impl List {
    /// All kinds.
    pub const ALL: [Self; 6] = [Self::People, Self::Clients, Self::Leave, Self::Expected, Self::Holidays, Self::Matter];

    /// Which list a file is, by its name; `None` for exports. No export is TOML: the matter file may bear any name.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
        let kinds = [Self::People, Self::Clients, Self::Leave, Self::Expected, Self::Holidays];
        match name.rsplit_once('.') {
            Some((_, "toml")) => Some(Self::Matter),
            Some((_, "csv")) => kinds.into_iter().find(|kind| name.starts_with(kind.word())),
            _ => None,
        }
    }

    /// The word of its file: `people`, `clients`, ...
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Clients => "clients",
            Self::Leave => "leave",
            Self::Expected => "expected",
            Self::Holidays => "holidays",
            Self::Matter => "matter",
        }
    }
}

/// What the page hears.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A file row changed.
    Row(Box<FileRow>),
    /// A row was removed.
    Removed(FileId),
    /// Nothing is being read any more.
    Idle,
    /// Counting has begun (after an import or a change of scope).
    Counting,
    /// New answers.
    Answers(Box<Answers>),
    /// The matter as it is now (lists replaced by their lengths in `readings`).
    Matter(Box<MatterSaid>),
    /// An excerpt.
    Excerpt(Box<Excerpt>),
    /// The days of one row of coverage; empty when there is no such row.
    Daily(Box<Daily>),
    /// The reveal log, after an opening of text.
    Reveals(Vec<Reveal>),
    /// All formats that are read.
    Formats(Vec<FormatSaid>),
    /// People and clients found by name: reference and words.
    Found(Vec<(String, String)>),
    /// A saved matter: bytes to be offered as a download.
    Saved(Vec<u8>),
    /// A text document to be offered as a download: file name, type, text.
    Document(String, String, String),
    /// Something failed: a sentence.
    Trouble(String),
}

/// Files of a drop that are one source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Group {
    /// The folder they are read as; empty for files by themselves.
    pub folder: String,
    /// Without a folder: a database with its log, which are one row.
    #[serde(default)]
    pub together: bool,
    /// Places of the files in the drop.
    pub members: Vec<u32>,
}

/// What a format says of itself, as in the registry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FormatSaid {
    /// Stable id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Channel slug; empty when the file says it itself.
    pub channel: String,
    /// Usual extensions.
    pub extensions: Vec<String>,
    /// What it can prove about missing records.
    pub proves: Vec<String>,
    /// How to make such an export.
    pub how_to_export: String,
    /// What its reader cannot tell.
    pub limits: String,
}

/// The matter in short, for the import view.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MatterSaid {
    /// Scope.
    pub scope: Scope,
    /// People on the list.
    pub people: Option<u64>,
    /// Client entities on the list.
    pub clients: Option<u64>,
    /// Spells of leave.
    pub leave: Option<u64>,
    /// Expected counts.
    pub expected: Option<u64>,
    /// How lists were read.
    pub readings: Vec<ListReading>,
    /// What the editors change.
    pub settings: Settings,
}

/// The settings of a matter that the page edits; they go to the worker and come back as a whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Name of the matter.
    pub name: String,
    /// IANA zone; empty = UTC.
    pub zone: String,
    /// Own mail domains.
    pub own_domains: Vec<String>,
    /// Policy.
    pub policy: Policy,
    /// Working days.
    pub calendar: Calendar,
    /// What may be seen.
    pub privacy: Privacy,
    /// When a conversation is work.
    pub work: WorkRules,
}

impl Settings {
    /// Of a matter.
    #[must_use]
    pub fn of(matter: &Matter) -> Self {
        Self {
            name: matter.name.clone(),
            zone: matter.zone.clone(),
            own_domains: matter.own_domains.clone(),
            policy: matter.policy.clone(),
            calendar: matter.calendar.clone(),
            privacy: matter.privacy.clone(),
            work: matter.work.clone(),
        }
    }

    /// Puts them into a matter.
    pub fn put(self, matter: &mut Matter) {
        (matter.name, matter.zone, matter.own_domains) = (self.name, self.zone, self.own_domains);
        (matter.policy, matter.calendar, matter.privacy, matter.work) = (self.policy, self.calendar, self.privacy, self.work);
    }
}

impl MatterSaid {
    /// From the matter.
    #[must_use]
    pub fn of(matter: &Matter) -> Self {
        let count = |n: usize| n as u64;
        Self {
            scope: matter.scope.clone(),
            people: matter.people.as_ref().map(|p| count(p.len())),
            clients: matter.clients.as_ref().map(|c| count(c.len())),
            leave: matter.leave.as_ref().map(|l| count(l.len())),
            expected: matter.expected.as_ref().map(|l| count(l.len())),
            readings: matter.readings.clone(),
            settings: Settings::of(matter),
        }
    }
}

// Without serde, for the page (see `shape`).
fields!(FileRow: id, path, bytes, status, done, messages, sources, same_as, failure, closed, files, summed);
fields!(MatterSaid: scope, people, clients, leave, expected, readings, settings);
fields!(Settings: name, zone, own_domains, policy, calendar, privacy, work);
written!(Settings: name, zone, own_domains, policy, calendar, privacy, work);
words!(Status: Waiting = "waiting", Reading = "reading", Question = "question", Done = "done", Failed = "failed", Cancelled = "cancelled");
fields!(Group: folder, members, together);
fields!(FormatSaid: id, name, channel, extensions, proves, how_to_export, limits);
written!(Stated: zone, date_order, owner, format);
written!(Asked: id, path, folder, names, stated, many, named, most, section);

impl Written for List {
    fn write(&self, out: &mut String) {
        self.word().write(out);
    }
}

#[cfg(test)]
mod tests {
    use super::{List, gathered};

    #[test]
    fn files_of_one_kind_in_one_folder_are_called_after_both() {
        for (path, called) in [
            ("exports/box01/0001.eml", "exports/*.eml"),
            ("exports/0002.EML", "exports/*.eml"),
            ("maildir/cur/1700000000.M1P2.host:2,S", "maildir/*"),
            ("plain.txt", "*.txt"),
            ("README", "*"),
        ] {
            assert_eq!(gathered(path), called);
        }
    }

    #[test]
    fn lists_are_known_by_their_names() {
        for (path, list) in [
            ("drop/People.csv", Some(List::People)),
            ("clients-2026.csv", Some(List::Clients)),
            ("leave.csv", Some(List::Leave)),
            ("expected.csv", Some(List::Expected)),
            ("matter.toml", Some(List::Matter)),
            ("drop/Review of Harbour.TOML", Some(List::Matter)),
            ("people/sms.csv", None),
            ("people.txt", None),
            ("sms.csv", None),
            ("csv", None),
        ] {
            assert_eq!(List::of(path), list, "{path}");
        }
    }
}
