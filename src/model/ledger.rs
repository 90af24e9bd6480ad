//! The ledger: what became of every record of a source. `records = messages + events + duplicates + skipped`.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use super::message::Position;

/// How much a skip or notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing of the conversation is lost.
    Info,
    /// To be checked.
    Suspect,
    /// Content is lost.
    Loss,
}

/// Why a record was not counted as message or event. One sentence each in [`SkipReason::sentence`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// No readable time anywhere in the record.
    NoTime,
    /// A time outside 1990 to 2100.
    TimeOutOfRange,
    /// No sender and no content: an empty shell.
    EmptyRecord,
    /// The record ends in the middle.
    CutOff,
    /// The record breaks the rules of its format.
    Malformed,
    /// The record is larger than the limit.
    TooLarge,
    /// A type of record that this version does not know.
    UnknownType,
    /// Text before the first record.
    Preamble,
    /// A draft that was never sent.
    Draft,
    /// A member of an archive that is no message file (pictures, documents).
    NotMessages,
    /// A member of an archive that no reader knows.
    UnknownMember,
    /// A member that is encrypted.
    Encrypted,
    /// A member packed with a method this version does not read.
    UnknownPacking,
    /// A limit on depth, number, size or ratio of packed data was reached.
    LimitReached,
    /// A member that could not be read from the archive.
    UnreadableMember,
    /// Content withheld by key management.
    Withheld,
    /// The same message is stated twice in one source, by the format's own habit.
    Repeated,
    /// An item of a mailbox that is no message: contact, appointment, task, note.
    OtherItem,
}

impl SkipReason {
    /// How much it matters.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Draft | Self::NotMessages | Self::Repeated | Self::EmptyRecord | Self::OtherItem => Severity::Info,
            Self::UnknownType | Self::Preamble | Self::UnknownMember | Self::TimeOutOfRange | Self::NoTime => Severity::Suspect,
            Self::CutOff
            | Self::Malformed
            | Self::TooLarge
            | Self::Encrypted
            | Self::UnknownPacking
            | Self::LimitReached
            | Self::UnreadableMember
            | Self::Withheld => Severity::Loss,
        }
    }

    /// The sentence for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoTime => "Record without a readable date",
            Self::TimeOutOfRange => "Record dated before 1990 or after 2100",
            Self::EmptyRecord => "Empty record",
            Self::CutOff => "Record cut off at the end of the file",
            Self::Malformed => "Record that breaks the rules of its format",
            Self::TooLarge => "Record larger than the limit",
            Self::UnknownType => "Record of a type this version does not know",
            Self::Preamble => "Text before the first record",
            Self::Draft => "Draft, never sent",
            Self::NotMessages => "Archive member without messages (media, documents)",
            Self::UnknownMember => "Archive member of an unknown format",
            Self::Encrypted => "Archive member locked with a password",
            Self::UnknownPacking => "Archive member packed with an unknown method",
            Self::LimitReached => "Archive member beyond the limits on depth, number or size",
            Self::UnreadableMember => "Archive member that could not be unpacked",
            Self::Withheld => "Content withheld by the exporting system",
            Self::Repeated => "The same message stated twice by the format",
            Self::OtherItem => "Item that is no message (contact, appointment, task, note)",
        }
    }
}

/// A count of skipped records with one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// Why.
    pub reason: SkipReason,
    /// How many.
    pub count: u64,
    /// Where the first one is.
    pub first: Position,
    /// In which part of the source (index into the source's parts).
    pub part: u32,
}

/// Something to know about a source that is no skipped record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Notice {
    /// Stable id, e.g. `media_omitted`.
    pub id: Cow<'static, str>,
    /// The sentence for people.
    pub sentence: Cow<'static, str>,
    /// How often.
    pub count: u64,
}

/// How something not written in the file was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A person said so.
    Stated,
    /// The file shows it.
    Proven,
    /// A default; may be wrong.
    #[default]
    Assumed,
    /// The format has no such question.
    NotNeeded,
    /// Both readings are possible and nobody has decided.
    Ambiguous,
}

/// A value with the way it was decided.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Decided {
    /// The value: an IANA zone, `dmy`, a handle.
    pub value: String,
    /// How it was decided.
    pub basis: Basis,
    /// A few words on why, for people.
    #[serde(default)]
    pub why: String,
}

/// Why a file could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What, and what to do, in one or two sentences.
    pub what: String,
    /// Where in the file.
    #[serde(rename = "where")]
    pub place: String,
}

/// One source: a file, or one member of a container. Ledger and header at once.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Source {
    /// Last part of the path.
    pub name: String,
    /// Path as given; members as `outer.zip!inner/name`.
    pub path: String,
    /// Format id; empty when no format claimed it.
    pub format: String,
    /// Channel slug; empty when the file holds several or none.
    pub channel: String,
    /// Size in bytes (expanded, for members).
    pub bytes: u64,
    /// SHA-256 of the outer file, or of the folder read as one (see `import::digest`), in hex; empty until computed.
    pub sha256: String,
    /// Records seen by the reader, counted apart from what became of them.
    pub records: u64,
    /// Messages kept.
    pub messages: u64,
    /// Events kept.
    pub events: u64,
    /// Records already held from another source (set on merging).
    pub duplicates: u64,
    /// Skips by reason, sorted.
    pub skipped: Vec<Skip>,
    /// Distinct people who wrote.
    pub participants: u64,
    /// Conversations with at least one record.
    pub conversations: u64,
    /// First record, microseconds UTC (or as written, see `zone`).
    pub first: Option<i64>,
    /// Last record.
    pub last: Option<i64>,
    /// Zone of the times. `Assumed`: times are stored as written, the matter's zone is applied on merging.
    pub zone: Decided,
    /// Order of day, month and year.
    pub date_order: Decided,
    /// How dates are written, where exports of one phone are written alike: says nothing by itself, is the same in files of one shape.
    #[serde(default)]
    pub date_shape: String,
    /// Whose export it is.
    pub owner: Option<Decided>,
    /// Handle of the owner in this batch or dataset, if it is one.
    #[serde(default)]
    pub owner_handle: Option<u32>,
    /// Encoding when it is not UTF-8, and how it was found.
    #[serde(default)]
    pub encoding: String,
    /// When the export was made, microseconds, if the source tells.
    #[serde(default)]
    pub exported_at: Option<i64>,
    /// Names of the parts; part 0 is the file itself when there is only one.
    pub parts: Vec<String>,
    /// Notices, sorted by id.
    pub notices: Vec<Notice>,
    /// Set when the file could not be read (to the end).
    pub error: Option<Failure>,
    /// A question this source needs answered before it may be trusted.
    #[serde(default)]
    pub question: Option<Question>,
}

impl Source {
    /// Records skipped, all reasons.
    #[must_use]
    pub fn skipped_total(&self) -> u64 {
        self.skipped.iter().map(|s| s.count).sum()
    }

    /// `records - (messages + events + duplicates + skipped)`; anything but 0 is a fault of this program.
    #[must_use]
    pub fn remainder(&self) -> i64 {
        let held = self.messages + self.events + self.duplicates + self.skipped_total();
        i64::try_from(self.records).unwrap_or(i64::MAX) - i64::try_from(held).unwrap_or(i64::MAX)
    }
}

/// A question put to the person about one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Question {
    /// Day or month first.
    DateOrder {
        /// Up to three lines: (line number, date as written, read as day first, read as month first).
        lines: Vec<(u32, String, String, String)>,
        /// Backward steps of more than a day in each reading: day first, month first.
        backward: (u32, u32),
    },
    /// Which zone the times are in.
    Zone,
    /// Whose export this is: the candidates.
    Owner {
        /// Names seen in the file.
        candidates: Vec<String>,
    },
    /// Several formats are possible: ids and reasons.
    Format {
        /// Format id and reason.
        candidates: Vec<(String, String)>,
    },
}
