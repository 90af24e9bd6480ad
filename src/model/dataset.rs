//! The dataset: all batches merged, rows sorted by (conversation, time, source, position), duplicates folded.

use std::collections::BTreeSet;

use super::batch::{Columns, Conversation, Handle, ID_TEXT, Mention, NONE, Part, TextTable, Topic};
use super::ledger::Source;
use super::message::{Flags, Position};
use super::statement::Statement;

/// Everything that was read, merged. Immutable once built; answers are functions of it.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// Sources, sorted by path, size, records, first record and digest.
    pub sources: Vec<Source>,
    /// Parts of sources.
    pub parts: Vec<Part>,
    /// Handles, sorted by (channel, key).
    pub handles: Vec<Handle>,
    /// Conversations, sorted by (channel, key).
    pub conversations: Vec<Conversation>,
    /// First row of each conversation; one entry more than conversations.
    pub starts: Vec<u32>,
    /// Rows.
    pub columns: Columns,
    /// Native ids that are no small numbers.
    pub ids: TextTable,
    /// Replies: (row, id word), sorted by row.
    pub replies: Vec<(u32, u32)>,
    /// Recipient sets, sorted handle indices.
    pub audiences: Vec<Vec<u32>>,
    /// Further copies of a row: (row, part), sorted. The row's own part is not repeated.
    pub holders: Vec<(u32, u32)>,
    /// Statements of all sources, in dataset indices.
    pub statements: Vec<Statement>,
    /// What conversations are about, sorted by conversation, then source. Sources whose messages there are all copies are left out.
    pub topics: Vec<Topic>,
    /// Domains mentioned, sorted alike.
    pub mentions: Vec<Mention>,
    /// Rows with sensitive data: (row, kinds), sorted by row.
    pub sensitive: Vec<(u32, u32)>,
    /// Rows that refer to other channels: (row, channels as in [`super::elsewhere::Elsewhere`]), sorted by row.
    pub elsewhere: Vec<(u32, u32)>,
    /// In whose boxes rows lie, where exports name the custodians of each record: (row, set of handles as in `audiences`), sorted. A row that
    /// several exports hold may have several sets.
    pub boxes: Vec<(u32, u32)>,
}

/// One row, read out of the columns.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Microseconds UTC.
    pub time: i64,
    /// Conversation index.
    pub conversation: u32,
    /// Sender handle or [`NONE`].
    pub sender: u32,
    /// Part.
    pub part: u32,
    /// Flags.
    pub flags: Flags,
    /// Characters of the text.
    pub chars: u32,
    /// Place in the part.
    pub position: Position,
    /// Recipient set or [`NONE`].
    pub audience: u32,
}

impl Dataset {
    /// Number of rows (messages and events).
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether nothing was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Rows of a conversation.
    #[must_use]
    pub fn rows_of(&self, conversation: u32) -> std::ops::Range<usize> {
        let c = conversation as usize;
        let start = self.starts.get(c).copied().unwrap_or(0) as usize;
        let end = self.starts.get(c + 1).copied().unwrap_or(0) as usize;
        start..end.max(start)
    }

    /// The row, if there is one.
    #[must_use]
    pub fn row(&self, ix: usize) -> Option<Row> {
        let c = &self.columns;
        Some(Row {
            time: *c.time.get(ix)?,
            conversation: *c.conversation.get(ix)?,
            sender: *c.sender.get(ix)?,
            part: *c.part.get(ix)?,
            flags: Flags(*c.flags.get(ix)?),
            chars: *c.chars.get(ix)?,
            position: Position::unpack(*c.position.get(ix)?),
            audience: *c.audience.get(ix)?,
        })
    }

    /// What a conversation is about, source by source.
    #[must_use]
    pub fn topics_of(&self, conversation: u32) -> &[Topic] {
        let from = self.topics.partition_point(|t| t.conversation < conversation);
        let to = self.topics.partition_point(|t| t.conversation <= conversation);
        self.topics.get(from..to).unwrap_or_default()
    }

    /// Domains mentioned in a conversation.
    #[must_use]
    pub fn mentions_of(&self, conversation: u32) -> &[Mention] {
        let from = self.mentions.partition_point(|m| m.conversation < conversation);
        let to = self.mentions.partition_point(|m| m.conversation <= conversation);
        self.mentions.get(from..to).unwrap_or_default()
    }

    /// Source index of a part.
    #[must_use]
    pub fn source_of(&self, part: u32) -> u32 {
        self.parts.get(part as usize).map_or(0, |p| p.source)
    }

    /// Every part that holds the row: its own first, then the further copies.
    pub fn held_by(&self, row: usize) -> impl Iterator<Item = u32> + '_ {
        let word = u32::try_from(row).unwrap_or(NONE);
        let from = self.holders.partition_point(|(r, _)| *r < word);
        let more = self.holders.get(from..).unwrap_or_default().iter().take_while(move |(r, _)| *r == word).map(|(_, p)| *p);
        self.columns.part.get(row).copied().into_iter().chain(more)
    }

    /// The sets in which exports name people in whose boxes rows lie, each once.
    #[must_use]
    pub fn box_sets(&self) -> BTreeSet<u32> {
        self.boxes.iter().map(|(_, set)| *set).collect()
    }

    /// The sets of people in whose boxes these rows lie.
    #[must_use]
    pub fn boxes_in(&self, rows: &std::ops::Range<usize>) -> &[(u32, u32)] {
        let from = self.boxes.partition_point(|(r, _)| (*r as usize) < rows.start);
        let to = self.boxes.partition_point(|(r, _)| (*r as usize) < rows.end);
        self.boxes.get(from..to).unwrap_or_default()
    }

    /// The id word as text: the number, the text, or the time of an id that is its time.
    #[must_use]
    pub fn id_text(&self, word: u32) -> Option<String> {
        match word {
            NONE => None,
            w if w < ID_TEXT => Some(w.to_string()),
            w => Some(String::from_utf8_lossy(self.ids.get(w ^ ID_TEXT)).into_owned()),
        }
    }

    /// Bytes held per row, all tables included.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.columns.bytes()
            + self.ids.bytes()
            + self.replies.len() * 8
            + self.holders.len() * 8
            + self.audiences.iter().map(|a| 24 + 4 * a.len()).sum::<usize>()
            + self.topics.len() * size_of::<Topic>()
            + self.mentions.len() * size_of::<Mention>()
            + self.sensitive.len() * 8
            + self.elsewhere.len() * 8
            + self.boxes.len() * 8
    }
}
