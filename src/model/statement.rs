//! What a source itself says about records that are not there: the formats' own evidence.
//! Analyses turn statements into gaps; a statement is a fact of the file, never a judgement.

use serde::{Deserialize, Serialize};

use super::message::Position;

/// The kinds of evidence formats carry. `A`: the data names something absent. `C`: the source cannot contain it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// A: ids missing from a dense per-conversation counter; quantity = ids missing in one run.
    IdHole,
    /// A: items missing before the first or between two numbered attachments (iOS); quantity = items.
    CounterHole,
    /// A: a stated count is larger than what is held; quantity = difference.
    CountShort,
    /// A: a thread states more replies than are held; quantity = difference.
    ThreadShort,
    /// A: replies point to a root or message that the source does not hold; quantity = distinct targets.
    AbsentTarget,
    /// A: tombstones: content deleted, place known; quantity = messages.
    Tombstone,
    /// A: the file ends in the middle; from = last record.
    CutOff,
    /// C: messages vanish after a time (quantity = seconds) from `from` until `to` (open = end of source).
    Timer,
    /// C: the number of records is just under an export limit; quantity = records.
    ExportCap,
    /// C: the export does not begin at the beginning of the conversation.
    NoBeginning,
    /// C: the history was cleared here; everything earlier is gone.
    HistoryCleared,
    /// C: a plan or setting hides everything before `to`; quantity = days.
    PlanWall,
    /// C: conversations of this kind are not part of this export (private channels, direct messages).
    NotInExport,
    /// C: only the owner's own messages were exported.
    OwnMessagesOnly,
    /// C: attachments named but not included; quantity = attachments.
    MediaAbsent,
    /// C: attachments deleted at the origin or hidden by the plan; quantity = attachments.
    FileGone,
    /// C: a listed conversation without any record; quantity = 1.
    ListedEmpty,
    /// C: only one direction (sent or received) is present in the whole source.
    OneSided,
    /// C: records whose content is not held (view-once, undecryptable); quantity = records.
    ContentAbsent,
    /// C: an archiving integration was removed at `from`.
    CaptureRemoved,
    /// A: files that records name and that do not lie in the folder or archive of the export; quantity = files.
    FileLost,
}

impl StatementKind {
    /// Evidence class: `A` proved missing, `C` not covered by the source.
    #[must_use]
    pub const fn class(self) -> char {
        match self {
            Self::IdHole | Self::CounterHole | Self::CountShort | Self::ThreadShort | Self::AbsentTarget | Self::Tombstone | Self::CutOff | Self::FileLost => {
                'A'
            }
            _ => 'C',
        }
    }
}

/// One statement, in the indices of its batch or dataset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Statement {
    /// What.
    pub kind: StatementKind,
    /// Source (set by the sink).
    pub source: u32,
    /// Conversation it is about; `None` = the whole source.
    pub conversation: Option<u32>,
    /// Start, microseconds in the source's time; `None` = unknown or open.
    pub from: Option<i64>,
    /// End; `None` = open.
    pub to: Option<i64>,
    /// How many, in the unit of the kind.
    pub quantity: u64,
    /// Part of the source (global part index, set by the sink).
    pub part: u32,
    /// Where it is written (the record after the hole, the line of the notice).
    pub position: Position,
    /// A few words from the file's own facts (never message text), e.g. `ids 120-131`. Bounded to 120 bytes.
    pub detail: String,
}
