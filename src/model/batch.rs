//! A batch: what one worker read. Columns, its own tables, its ledger, its statements; never message text.
//! A batch is versioned bytes; merging batches in any order gives the same dataset.

mod facts;

use serde::{Deserialize, Serialize};

use super::ledger::Source;
use super::message::ConversationKind;
use super::statement::Statement;
pub use super::topic::{Mention, Topic};

/// Version of the byte layout; a reader refuses any other.
pub const VERSION: u32 = 4;
/// First bytes of a batch.
pub const MAGIC: &[u8; 8] = b"RABATCH\x1a";

/// Facts about a handle that a source states.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Handle {
    /// Channel slug: handles of different channels are different handles.
    pub channel: String,
    /// Native key: address, account id, phone, or the display name where there is nothing else. Unique per channel.
    pub key: String,
    /// Display name, if another than the key.
    pub name: String,
    /// E-mail address stated by the source (lower case).
    pub email: String,
    /// Phone number stated by the source (digits, leading `+` if international).
    pub phone: String,
    /// A machine.
    pub bot: bool,
    /// Stated to be outside the exporting organisation.
    pub external: bool,
    /// Account deactivated.
    pub deactivated: bool,
    /// Not a person: a channel or group that writes as itself.
    pub impersonal: bool,
}

/// A conversation in a batch or dataset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Conversation {
    /// Channel slug.
    pub channel: String,
    /// Native key, unique per channel; the same conversation in two exports has the same key.
    pub key: String,
    /// Title as shown by the source; may be empty.
    pub title: String,
    /// Direct, group, room, thread.
    pub kind: ConversationKind,
    /// Handles stated to be members (indices), beside those who wrote. Sorted.
    pub members: Vec<u32>,
    /// When it was created, microseconds UTC, if stated.
    pub created: Option<i64>,
}

/// The message columns. All of the same length; row = message or event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// Microseconds UTC; as written where the source's zone is assumed.
    pub time: Vec<i64>,
    /// Conversation index.
    pub conversation: Vec<u32>,
    /// Sender handle index, [`NONE`] if there is none.
    pub sender: Vec<u32>,
    /// Global part index (see [`Batch::parts`]).
    pub part: Vec<u32>,
    /// Packed [`super::Position`].
    pub position: Vec<u64>,
    /// Native id: `NONE` = none; below `1 << 31` the number itself; else `1 << 31 | index` into [`Batch::ids`].
    pub id: Vec<u32>,
    /// Unicode scalar values of the text.
    pub chars: Vec<u32>,
    /// Hash of the normalised text (`features::normalised_hash`).
    pub hash: Vec<u32>,
    /// [`super::Flags`].
    pub flags: Vec<u32>,
    /// Recipient set index into [`Batch::audiences`], [`NONE`] where the conversation tells.
    pub audience: Vec<u32>,
}

/// No index.
pub const NONE: u32 = u32::MAX;
/// Marks an id that lies in the id table.
pub const ID_TEXT: u32 = 1 << 31;

impl Columns {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// Bytes held by the columns.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.len() * 48
    }
}

/// A table of short texts in one allocation: a byte of length for each, and where every sixteenth begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextTable {
    text: Vec<u8>,
    lengths: Vec<u8>,
    starts: Vec<u32>,
}

/// Entries to one start.
const STRIDE: usize = 16;

impl TextTable {
    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether it has no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// Adds an entry; `None` when it is longer than 255 bytes or the table is full (4 GiB of text or 2^31 entries).
    pub fn push(&mut self, entry: &[u8]) -> Option<u32> {
        let length = u8::try_from(entry.len()).ok()?;
        let start = u32::try_from(self.text.len()).ok()?;
        start.checked_add(u32::from(length))?;
        let ix = u32::try_from(self.lengths.len()).ok().filter(|ix| *ix < ID_TEXT - 1)?;
        if self.lengths.len().is_multiple_of(STRIDE) {
            self.starts.push(start);
        }
        self.text.extend_from_slice(entry);
        self.lengths.push(length);
        Some(ix)
    }

    /// The entry, empty if there is none.
    #[must_use]
    pub fn get(&self, ix: u32) -> &[u8] {
        let ix = ix as usize;
        let before = self.lengths.get(ix - ix % STRIDE..ix).unwrap_or_default();
        let start = self.starts.get(ix / STRIDE).copied().unwrap_or(0) as usize + before.iter().map(|l| usize::from(*l)).sum::<usize>();
        let end = start + self.lengths.get(ix).map_or(0, |l| usize::from(*l));
        self.text.get(start..end).unwrap_or_default()
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.len() + self.lengths.len() + 4 * self.starts.len()
    }

    /// Where each entry ends, as it is written.
    fn ends(&self) -> impl Iterator<Item = u32> + '_ {
        self.lengths.iter().scan(0, |end, length| {
            *end += u32::from(*length);
            Some(*end)
        })
    }

    /// From a text and the ends of its entries; `None` when they do not fit together.
    fn of(text: &[u8], ends: &[u32]) -> Option<Self> {
        let mut table = Self { text: Vec::with_capacity(text.len()), lengths: Vec::with_capacity(ends.len()), starts: Vec::new() };
        let mut start = 0;
        for end in ends {
            table.push(text.get(start..*end as usize)?)?;
            start = *end as usize;
        }
        (start == text.len()).then_some(table)
    }
}

/// A member file of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Part {
    /// Source index.
    pub source: u32,
    /// Member name inside the source; empty for the file itself.
    pub entry: String,
}

/// The small tables of a batch, written as JSON inside the bytes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Tables {
    /// Sources with their ledgers.
    pub sources: Vec<Source>,
    /// Parts of all sources.
    pub parts: Vec<Part>,
    /// Handles.
    pub handles: Vec<Handle>,
    /// Conversations.
    pub conversations: Vec<Conversation>,
    /// Statements, sorted.
    pub statements: Vec<Statement>,
}

/// What one worker read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// Sources, parts, handles, conversations, statements.
    pub tables: Tables,
    /// Message rows in reading order.
    pub columns: Columns,
    /// Native ids that are no small numbers.
    pub ids: TextTable,
    /// Replies: (row, id word as in [`Columns::id`]), sorted by row.
    pub replies: Vec<(u32, u32)>,
    /// Recipient sets: handle indices.
    pub audiences: Vec<Vec<u32>>,
    /// What conversations are about, sorted, one per conversation and source.
    pub topics: Vec<Topic>,
    /// Domains mentioned, sorted, one per conversation, source and domain.
    pub mentions: Vec<Mention>,
    /// Rows with sensitive data: (row, kinds as in `features::sensitive::Kinds`), sorted by row.
    pub sensitive: Vec<(u32, u32)>,
    /// Rows that refer to other channels: (row, channels as in [`super::elsewhere::Elsewhere`]), sorted by row.
    pub elsewhere: Vec<(u32, u32)>,
    /// In whose boxes rows lie, where the export names the custodians of each: (row, set of handles as in `audiences`), sorted by row.
    pub boxes: Vec<(u32, u32)>,
}

/// Why bytes are no batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchError {
    /// Not a batch at all.
    NotABatch,
    /// Made by another version.
    Version(u32),
    /// Damaged: the name of the section.
    Damaged(&'static str),
}

impl std::fmt::Display for BatchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotABatch => write!(f, "This is not a batch file"),
            Self::Version(v) => write!(f, "This batch was written by another version (layout {v}, expected {VERSION}); make it again from the exports"),
            Self::Damaged(section) => write!(f, "This batch file is damaged in its {section}; make it again from the exports"),
        }
    }
}

impl std::error::Error for BatchError {}

impl Batch {
    /// As bytes: magic, version, then sections of (length u64, content), numbers little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let c = &self.columns;
        let mut out = Vec::with_capacity(c.bytes() + self.ids.bytes() + 4096);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        section(&mut out, &serde_json::to_vec(&self.tables).unwrap_or_default());
        section64(&mut out, c.time.iter().map(|t| t.cast_unsigned()));
        section64(&mut out, c.position.iter().copied());
        for column in [&c.conversation, &c.sender, &c.part, &c.id, &c.chars, &c.hash, &c.flags, &c.audience] {
            section32(&mut out, column.iter().copied(), column.len());
        }
        section(&mut out, &self.ids.text);
        section32(&mut out, self.ids.ends(), self.ids.len());
        section32(&mut out, self.replies.iter().flat_map(|(row, id)| [*row, *id]), self.replies.len() * 2);
        let flat = self.audiences.iter().map(|a| a.len() + 1).sum();
        section32(&mut out, self.audiences.iter().flat_map(|a| std::iter::once(u32::try_from(a.len()).unwrap_or(0)).chain(a.iter().copied())), flat);
        let topics = self.topics.iter().flat_map(|t| [t.conversation, t.source, t.looked, t.business, t.documents]);
        section32(&mut out, topics, self.topics.len() * 5);
        section32(&mut out, self.mentions.iter().flat_map(|m| [m.conversation, m.source, m.domain, m.count]), self.mentions.len() * 4);
        section32(&mut out, self.sensitive.iter().flat_map(|(row, kinds)| [*row, *kinds]), self.sensitive.len() * 2);
        section32(&mut out, self.elsewhere.iter().flat_map(|(row, channels)| [*row, *channels]), self.elsewhere.len() * 2);
        section32(&mut out, self.boxes.iter().flat_map(|(row, set)| [*row, *set]), self.boxes.len() * 2);
        out
    }

    /// From bytes. Every index is checked: a damaged batch is refused, never half read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BatchError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(BatchError::NotABatch)?;
        let (version, mut rest) = rest.split_first_chunk::<4>().ok_or(BatchError::Damaged("header"))?;
        let version = u32::from_le_bytes(*version);
        if version != VERSION {
            return Err(BatchError::Version(version));
        }
        let tables: Tables = serde_json::from_slice(take(&mut rest, "tables")?).map_err(|_| BatchError::Damaged("tables"))?;
        let columns = Columns {
            time: words64(take(&mut rest, "times")?, "times")?.map(u64::cast_signed).collect(),
            position: words64(take(&mut rest, "positions")?, "positions")?.collect(),
            conversation: words32(take(&mut rest, "conversations")?, "conversations")?,
            sender: words32(take(&mut rest, "senders")?, "senders")?,
            part: words32(take(&mut rest, "parts")?, "parts")?,
            id: words32(take(&mut rest, "ids")?, "ids")?,
            chars: words32(take(&mut rest, "lengths")?, "lengths")?,
            hash: words32(take(&mut rest, "hashes")?, "hashes")?,
            flags: words32(take(&mut rest, "flags")?, "flags")?,
            audience: words32(take(&mut rest, "recipients")?, "recipients")?,
        };
        let id_texts = take(&mut rest, "id texts")?;
        let ids = TextTable::of(id_texts, &words32(take(&mut rest, "id ends")?, "id ends")?).ok_or(BatchError::Damaged("id ends"))?;
        let replies = words32(take(&mut rest, "replies")?, "replies")?.chunks_exact(2).filter_map(|p| Some((*p.first()?, *p.get(1)?))).collect();
        let audiences = audiences(&words32(take(&mut rest, "recipient sets")?, "recipient sets")?)?;
        let topics =
            records(&mut rest, "topics", |[conversation, source, looked, business, documents]| Topic { conversation, source, looked, business, documents })?;
        let mentions = records(&mut rest, "mentions", |[conversation, source, domain, count]| Mention { conversation, source, domain, count })?;
        let sensitive = records(&mut rest, "sensitive data", |[row, kinds]| (row, kinds))?;
        let elsewhere = records(&mut rest, "references to channels", |[row, channels]| (row, channels))?;
        let boxes = records(&mut rest, "custodians", |[row, set]| (row, set))?;
        let batch = Self { tables, columns, ids, replies, audiences, topics, mentions, sensitive, elsewhere, boxes };
        batch.check()?;
        Ok(batch)
    }

    /// Checks every index and length.
    fn check(&self) -> Result<(), BatchError> {
        let c = &self.columns;
        let n = c.len();
        let lengths =
            [c.position.len(), c.conversation.len(), c.sender.len(), c.part.len(), c.id.len(), c.chars.len(), c.hash.len(), c.flags.len(), c.audience.len()];
        if lengths.iter().any(|l| *l != n) {
            return Err(BatchError::Damaged("column lengths"));
        }
        let below = |column: &[u32], limit: usize, none: bool| column.iter().all(|v| (*v as usize) < limit || (none && *v == NONE));
        let t = &self.tables;
        let spoken = |conversation: u32, source: u32| (conversation as usize) < t.conversations.len() && (source as usize) < t.sources.len();
        let known_id = |id: u32| id == NONE || id < ID_TEXT || ((id ^ ID_TEXT) as usize) < self.ids.len();
        let ok = below(&c.conversation, t.conversations.len(), false)
            && below(&c.sender, t.handles.len(), true)
            && below(&c.part, t.parts.len(), false)
            && below(&c.audience, self.audiences.len(), true)
            && c.id.iter().all(|id| known_id(*id))
            && self.replies.iter().all(|(row, id)| (*row as usize) < n && known_id(*id))
            && self.audiences.iter().all(|a| below(a, t.handles.len(), false))
            && self.topics.iter().all(|p| spoken(p.conversation, p.source) && p.business.checked_add(p.documents).is_some_and(|n| n <= p.looked))
            && self.mentions.iter().all(|m| spoken(m.conversation, m.source))
            && self.sensitive.iter().all(|(row, kinds)| (*row as usize) < n && *kinds != 0 && *kinds < 256)
            && self.sensitive.is_sorted_by(|a, b| a.0 < b.0)
            && self.elsewhere.iter().all(|(row, channels)| (*row as usize) < n && *channels != 0)
            && self.elsewhere.is_sorted_by(|a, b| a.0 < b.0)
            && self.boxes.iter().all(|(row, set)| (*row as usize) < n && (*set as usize) < self.audiences.len())
            && self.boxes.is_sorted_by(|a, b| a.0 < b.0)
            && t.parts.iter().all(|p| (p.source as usize) < t.sources.len())
            && t.conversations.iter().all(|v| below(&v.members, t.handles.len(), false))
            && t.sources.iter().all(|s| s.owner_handle.is_none_or(|h| (h as usize) < t.handles.len()))
            && t.statements.iter().all(|s| {
                (s.source as usize) < t.sources.len()
                    && (s.part as usize) < t.parts.len()
                    && s.conversation.is_none_or(|v| (v as usize) < t.conversations.len())
            });
        if ok { Ok(()) } else { Err(BatchError::Damaged("indices")) }
    }
}

fn section(out: &mut Vec<u8>, content: &[u8]) {
    out.extend_from_slice(&(content.len() as u64).to_le_bytes());
    out.extend_from_slice(content);
}

fn section64(out: &mut Vec<u8>, words: impl ExactSizeIterator<Item = u64>) {
    out.extend_from_slice(&(words.len() as u64 * 8).to_le_bytes());
    for w in words {
        out.extend_from_slice(&w.to_le_bytes());
    }
}

fn section32(out: &mut Vec<u8>, words: impl Iterator<Item = u32>, len: usize) {
    out.extend_from_slice(&(len as u64 * 4).to_le_bytes());
    for w in words {
        out.extend_from_slice(&w.to_le_bytes());
    }
}

fn take<'a>(rest: &mut &'a [u8], name: &'static str) -> Result<&'a [u8], BatchError> {
    let (len, tail) = rest.split_first_chunk::<8>().ok_or(BatchError::Damaged(name))?;
    let len = usize::try_from(u64::from_le_bytes(*len)).map_err(|_| BatchError::Damaged(name))?;
    let (content, tail) = tail.split_at_checked(len).ok_or(BatchError::Damaged(name))?;
    *rest = tail;
    Ok(content)
}

fn words64<'a>(bytes: &'a [u8], name: &'static str) -> Result<impl Iterator<Item = u64> + 'a, BatchError> {
    let (words, rest) = bytes.as_chunks::<8>();
    if rest.is_empty() { Ok(words.iter().map(|w| u64::from_le_bytes(*w))) } else { Err(BatchError::Damaged(name)) }
}

fn words32(bytes: &[u8], name: &'static str) -> Result<Vec<u32>, BatchError> {
    let (words, rest) = bytes.as_chunks::<4>();
    if rest.is_empty() { Ok(words.iter().map(|w| u32::from_le_bytes(*w)).collect()) } else { Err(BatchError::Damaged(name)) }
}

/// Records of so many words.
fn records<const N: usize, T>(rest: &mut &[u8], name: &'static str, of: impl Fn([u32; N]) -> T) -> Result<Vec<T>, BatchError> {
    let words = words32(take(rest, name)?, name)?;
    let (records, left) = words.as_chunks::<N>();
    if left.is_empty() { Ok(records.iter().map(|r| of(*r)).collect()) } else { Err(BatchError::Damaged(name)) }
}

fn audiences(mut flat: &[u32]) -> Result<Vec<Vec<u32>>, BatchError> {
    let mut sets = Vec::new();
    while let Some((len, tail)) = flat.split_first() {
        let (set, tail) = tail.split_at_checked(*len as usize).ok_or(BatchError::Damaged("recipient sets"))?;
        sets.push(set.to_vec());
        flat = tail;
    }
    Ok(sets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Batch {
        let mut ids = TextTable::default();
        ids.push(b"a@x").unwrap();
        Batch {
            tables: Tables {
                sources: vec![Source::default()],
                parts: vec![Part { source: 0, entry: String::new() }],
                handles: vec![Handle { channel: "email".into(), key: "a@x".into(), ..Handle::default() }],
                conversations: vec![Conversation { channel: "email".into(), key: "t".into(), members: vec![0], ..Conversation::default() }],
                statements: vec![],
            },
            columns: Columns {
                time: vec![-5],
                conversation: vec![0],
                sender: vec![NONE],
                part: vec![0],
                position: vec![7],
                id: vec![ID_TEXT],
                chars: vec![1],
                hash: vec![2],
                flags: vec![3],
                audience: vec![0],
            },
            ids,
            replies: vec![(0, 12)],
            audiences: vec![vec![0, 0], vec![]],
            topics: vec![Topic { conversation: 0, source: 0, looked: 3, business: 2, documents: 1 }],
            mentions: vec![Mention { conversation: 0, source: 0, domain: 77, count: 2 }],
            sensitive: vec![(0, 5)],
            elsewhere: vec![(0, 1 << 16 | 3)],
            boxes: vec![(0, 1)],
        }
    }

    #[test]
    fn a_batch_survives_the_journey() {
        let batch = small();
        assert_eq!(Batch::from_bytes(&batch.to_bytes()).unwrap(), batch);
    }

    #[test]
    fn texts_of_a_table_are_found_by_their_index() {
        let mut table = TextTable::default();
        let texts: Vec<String> = (0..100).map(|n| "x".repeat(n * 7 % 40)).collect();
        for (n, text) in texts.iter().enumerate() {
            assert_eq!(table.push(text.as_bytes()), Some(n as u32));
        }
        for (n, text) in texts.iter().enumerate() {
            assert_eq!(table.get(n as u32), text.as_bytes());
        }
        assert_eq!(table.get(100), b"");
        assert_eq!(table.push(&[b'x'; 256]), None);
        let ends: Vec<u32> = table.ends().collect();
        assert_eq!(TextTable::of(&table.text, &ends), Some(table.clone()));
        assert_eq!(TextTable::of(&table.text[1..], &ends), None);
    }

    #[test]
    fn a_cut_or_bent_batch_is_refused() {
        let bytes = small().to_bytes();
        for cut in 0..bytes.len() {
            assert!(Batch::from_bytes(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        let mut bent = small();
        bent.columns.sender = vec![9];
        assert_eq!(Batch::from_bytes(&bent.to_bytes()), Err(BatchError::Damaged("indices")));
        for bend in [
            |b: &mut Batch| b.topics[0].source = 1,
            |b: &mut Batch| b.topics[0].looked = 2,
            |b: &mut Batch| b.mentions[0].conversation = 1,
            |b: &mut Batch| b.sensitive[0].0 = 1,
            |b: &mut Batch| b.sensitive[0].1 = 0,
            |b: &mut Batch| b.boxes[0].0 = 1,
            |b: &mut Batch| b.boxes[0].1 = 2,
        ] {
            let mut bent = small();
            bend(&mut bent);
            assert_eq!(Batch::from_bytes(&bent.to_bytes()), Err(BatchError::Damaged("indices")));
        }
    }
}
