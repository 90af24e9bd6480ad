//! Rows: a head with the type of every column, then their values (fileformat2, section 2.1).

use std::borrow::Cow;

/// How texts are written in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// Columns of a row that are looked at.
const COLUMNS: usize = 2_000;

/// One value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// NULL, or a column the row does not have.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f64),
    /// Text in the encoding of the database.
    Text(&'a [u8]),
    /// Bytes.
    Blob(&'a [u8]),
}

/// One row. It is used again for the next.
#[derive(Debug, Default)]
pub struct Row {
    /// Its row id.
    pub id: i64,
    /// Place where it begins: byte of the file, or of its log with [`super::IN_LOG`] added.
    pub offset: u64,
    /// Its values are longer than the limit and the last ones are cut.
    pub cut: bool,
    /// Column that stands for the row id.
    pub alias: Option<usize>,
    pub(super) encoding: Encoding,
    pub(super) payload: Vec<u8>,
    /// Type and place of every column.
    columns: Vec<(u64, usize)>,
}

/// A number of one to nine bytes, seven bits each; and how many bytes.
pub fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut n = 0u64;
    for (ix, b) in bytes.iter().take(9).enumerate() {
        if ix == 8 {
            return Some((n << 8 | u64::from(*b), 9));
        }
        n = n << 7 | u64::from(b & 0x7f);
        if b & 0x80 == 0 {
            return Some((n, ix + 1));
        }
    }
    None
}

/// Bytes of a value of this type.
const fn length(kind: u64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => Some(kind as usize),
        5 => Some(6),
        6 | 7 => Some(8),
        10 | 11 => None,
        _ if kind > u32::MAX as u64 => None,
        _ => Some(((kind - 12) / 2) as usize),
    }
}

impl Row {
    /// Reads the head of the payload; `false` when it breaks the rules.
    pub(super) fn parse(&mut self) -> bool {
        self.columns.clear();
        let Some((head, mut at)) = varint(&self.payload) else { return false };
        let Some(head) = usize::try_from(head).ok().filter(|h| *h >= at && *h <= self.payload.len()) else { return false };
        let mut place = head;
        while at < head {
            let Some((kind, used)) = self.payload.get(at..head).and_then(varint) else { return false };
            let Some(length) = length(kind) else { return false };
            if self.columns.len() >= COLUMNS {
                return false;
            }
            self.columns.push((kind, place));
            at += used;
            place = place.saturating_add(length);
        }
        self.cut || place <= self.payload.len()
    }

    /// The value of a column.
    #[must_use]
    pub fn get(&self, column: usize) -> Value<'_> {
        let Some((kind, at)) = self.columns.get(column).copied() else { return Value::Null };
        let bytes = |n: usize| self.payload.get(at..at.saturating_add(n));
        match kind {
            0 if self.alias == Some(column) => Value::Integer(self.id),
            8 => Value::Integer(0),
            9 => Value::Integer(1),
            1..=6 => {
                let Some(bytes) = length(kind).and_then(bytes) else { return Value::Null };
                let sign = bytes.first().is_some_and(|b| b & 0x80 != 0);
                Value::Integer(bytes.iter().fold(if sign { -1 } else { 0 }, |n, b| n << 8 | i64::from(*b)))
            }
            7 => bytes(8).and_then(|b| b.first_chunk::<8>()).map_or(Value::Null, |b| Value::Real(f64::from_be_bytes(*b))),
            12.. => {
                // Of a value that is cut, what is there.
                let end = length(kind).map_or(at, |n| at.saturating_add(n)).min(self.payload.len());
                let bytes = self.payload.get(at..end).unwrap_or_default();
                if kind % 2 == 0 { Value::Blob(bytes) } else { Value::Text(bytes) }
            }
            _ => Value::Null,
        }
    }

    /// The value of a column if the table has it.
    #[must_use]
    pub fn of(&self, column: Option<usize>) -> Value<'_> {
        column.map_or(Value::Null, |c| self.get(c))
    }

    /// A whole number; numbers written as text or with a point count too.
    #[must_use]
    pub fn integer(&self, column: usize) -> Option<i64> {
        match self.get(column) {
            Value::Integer(n) => Some(n),
            // Cast: saturates, and no count is meant beyond.
            Value::Real(n) if n.is_finite() => Some(n as i64),
            Value::Text(text) => std::str::from_utf8(text).ok().and_then(|t| t.trim().parse().ok()),
            _ => None,
        }
    }

    /// Text as UTF-8; bytes stored where text is meant count too.
    #[must_use]
    pub fn text(&self, column: usize) -> Option<Cow<'_, [u8]>> {
        match self.get(column) {
            Value::Blob(bytes) => Some(Cow::Borrowed(bytes)),
            Value::Text(bytes) => Some(match self.encoding {
                Encoding::Utf8 => Cow::Borrowed(bytes),
                Encoding::Utf16Le => wide(bytes, u16::from_le_bytes),
                Encoding::Utf16Be => wide(bytes, u16::from_be_bytes),
            }),
            _ => None,
        }
    }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'_, [u8]> {
    let (pairs, _) = bytes.as_chunks::<2>();
    Cow::Owned(String::from_utf16_lossy(&pairs.iter().map(|p| unit(*p)).collect::<Vec<_>>()).into_bytes())
}
