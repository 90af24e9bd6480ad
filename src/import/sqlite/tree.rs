//! The tree of a table: inner pages point to pages, leaves hold rows (fileformat2, section 1.6). Damaged pages and loops are passed over
//! and counted.

use std::io;

use super::pages::{Page, Pages};
use super::row::{Row, varint};
use super::schema::Table;
use super::{Database, big_endian};

/// Deepest tree that is followed: SQLite itself stops at 20.
const DEPTH: usize = 20;
/// Bytes of one row that are held; what comes after is cut.
const ROW: usize = 8 << 20;

const INNER: u8 = 0x05;
const LEAF: u8 = 0x0d;

/// What a step brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The next row.
    Row,
    /// A row that breaks the rules, at this place.
    Bad(u64),
    /// No more rows.
    End,
}

struct Level {
    page: Page,
    number: u32,
    cells: usize,
    next: usize,
    leaf: bool,
}

/// Goes through a table.
pub struct Scan {
    stack: Vec<Level>,
    pending: Option<u32>,
    seen: Vec<u64>,
    damaged: u64,
    pages: u64,
}

/// Where the page's own head begins: behind that of the file on the first page.
const fn head(number: u32) -> usize {
    if number == 1 { 100 } else { 0 }
}

fn short(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).and_then(|b| b.first_chunk::<2>()).map_or(0, |b| usize::from(u16::from_be_bytes(*b)))
}

impl Level {
    fn of(page: Page, number: u32, size: u32) -> Option<Self> {
        let at = head(number);
        let bytes = page.bytes();
        let kind = bytes.get(at).copied()?;
        let cells = short(bytes, at + 3);
        let first = at + if kind == INNER { 12 } else { 8 };
        let sound = matches!(kind, INNER | LEAF) && first + 2 * cells <= size as usize;
        sound.then_some(Self { page, number, cells, next: 0, leaf: kind == LEAF })
    }

    /// Place of a cell in the page.
    fn cell(&self, n: usize) -> usize {
        short(self.page.bytes(), head(self.number) + if self.leaf { 8 } else { 12 } + 2 * n)
    }
}

/// Whether a table can begin on this page.
pub(super) fn is_root(pages: &Pages, number: u32) -> bool {
    let page = pages.page(number).ok().flatten();
    page.and_then(|page| page.bytes().get(head(number)).copied()).is_some_and(|kind| matches!(kind, INNER | LEAF))
}

impl Scan {
    pub(super) fn new(table: &Table, pages: &Pages) -> Self {
        let words = usize::try_from(pages.slots() / 64 + 1).unwrap_or(0);
        Self { stack: Vec::new(), pending: Some(table.root), seen: vec![0; words], damaged: u64::from(table.without_rowid), pages: 0 }
    }

    /// Pages that could not be read as part of this table.
    #[must_use]
    pub const fn damaged(&self) -> u64 {
        self.damaged
    }

    /// Pages read so far.
    #[must_use]
    pub const fn pages(&self) -> u64 {
        self.pages
    }

    /// Marks a page as seen; `false` when it was, or is held nowhere.
    fn mark(&mut self, number: u32, pages: &Pages) -> bool {
        let Some(slot) = pages.slot(number) else { return false };
        let Some(word) = usize::try_from(slot / 64).ok().and_then(|n| self.seen.get_mut(n)) else { return false };
        let bit = 1u64 << (slot % 64);
        let fresh = *word & bit == 0;
        *word |= bit;
        fresh
    }

    fn enter(&mut self, database: &Database, number: u32) -> io::Result<()> {
        let pages = &database.pages;
        let level =
            if self.stack.len() < DEPTH && self.mark(number, pages) { pages.page(number)?.and_then(|page| Level::of(page, number, pages.size)) } else { None };
        match level {
            Some(level) => {
                self.pages += 1;
                self.stack.push(level);
            }
            None => self.damaged += 1,
        }
        Ok(())
    }

    /// The next row of the table, in the order of row ids.
    ///
    /// # Errors
    /// When the bytes cannot be had.
    pub fn next(&mut self, database: &Database, table: &Table, row: &mut Row) -> io::Result<Found> {
        if table.without_rowid {
            return Ok(Found::End);
        }
        loop {
            if let Some(number) = self.pending.take() {
                self.enter(database, number)?;
            }
            let Some(level) = self.stack.last_mut() else { return Ok(Found::End) };
            let ix = level.next;
            level.next += 1;
            if level.leaf {
                if ix >= level.cells {
                    self.stack.pop();
                    continue;
                }
                let (page, number, at) = (level.page.clone(), level.number, level.cell(ix));
                let offset = database.pages.place(number, at);
                let sound = at > head(number) && load(database, table, &page, at, offset, row)?;
                return Ok(if sound { Found::Row } else { Found::Bad(offset) });
            }
            let bytes = level.page.bytes();
            let child = if ix < level.cells {
                let at = level.cell(ix);
                // A pointer into the page's own head leads nowhere.
                if at > head(level.number) { big_endian(bytes, at) } else { 0 }
            } else if ix == level.cells {
                big_endian(bytes, head(level.number) + 8)
            } else {
                self.stack.pop();
                continue;
            };
            self.pending = Some(child);
        }
    }
}

/// Reads the row whose cell begins here; `false` when it breaks the rules.
fn load(database: &Database, table: &Table, page: &Page, at: usize, offset: u64, row: &mut Row) -> io::Result<bool> {
    let cell = page.bytes().get(at..).unwrap_or_default();
    let Some((length, first)) = varint(cell) else { return Ok(false) };
    let Some((id, second)) = cell.get(first..).and_then(varint) else { return Ok(false) };
    let body = cell.get(first + second..).unwrap_or_default();
    (row.id, row.offset, row.alias, row.encoding) = (id.cast_signed(), offset, table.alias, database.encoding);
    row.payload.clear();
    let usable = database.pages.usable as usize;
    let Ok(length) = usize::try_from(length) else { return Ok(false) };
    let (most, least) = (usable - 35, (usable - 12) * 32 / 255 - 23);
    if length <= most {
        let Some(payload) = body.get(..length) else { return Ok(false) };
        row.payload.extend_from_slice(payload);
        row.cut = false;
        return Ok(row.parse());
    }
    let fits = least + (length - least) % (usable - 4);
    let local = if fits <= most { fits } else { least };
    let Some(payload) = body.get(..local) else { return Ok(false) };
    row.payload.extend_from_slice(payload);
    let wanted = length.min(ROW);
    row.cut = wanted < length;
    let mut next = big_endian(body, local);
    while row.payload.len() < wanted {
        let Some(page) = database.pages.page(next)? else { return Ok(false) };
        let rest = wanted - row.payload.len();
        let Some(piece) = page.bytes().get(4..4 + rest.min(usable - 4)) else { return Ok(false) };
        row.payload.extend_from_slice(piece);
        next = big_endian(page.bytes(), 0);
    }
    Ok(row.parse())
}

/// See [`Database::row_at`].
pub(super) fn row_at(database: &Database, table: &Table, offset: u64, row: &mut Row) -> io::Result<bool> {
    let Some((number, at)) = database.pages.page_at(offset)? else { return Ok(false) };
    let Some(page) = database.pages.page(number)? else { return Ok(false) };
    let cell = page.bytes().get(at..).unwrap_or_default();
    // Any byte may look like a row: the table itself must hold it there.
    let id = varint(cell).and_then(|(_, n)| varint(cell.get(n..)?));
    match id {
        Some((id, _)) => Ok(get(database, table, id.cast_signed(), row)? && row.offset == offset),
        None => Ok(false),
    }
}

/// See [`Database::get`].
pub(super) fn get(database: &Database, table: &Table, id: i64, row: &mut Row) -> io::Result<bool> {
    let mut number = table.root;
    for _ in 0..DEPTH {
        let Some(level) = database.pages.page(number)?.and_then(|page| Level::of(page, number, database.pages.size)) else { return Ok(false) };
        let bytes = level.page.bytes();
        // Behind the pointer to a page, or the length of a row, stands the row id.
        let id_of = |n: usize| {
            let cell = bytes.get(level.cell(n)..)?;
            let skip = if level.leaf { varint(cell)?.1 } else { 4 };
            cell.get(skip..).and_then(varint).map(|(id, _)| id.cast_signed())
        };
        // First cell whose id is not below.
        let (mut low, mut high) = (0, level.cells);
        while low < high {
            let middle = low + (high - low) / 2;
            let Some(found) = id_of(middle) else { return Ok(false) };
            if found < id { low = middle + 1 } else { high = middle }
        }
        if level.leaf {
            if low >= level.cells || id_of(low) != Some(id) {
                return Ok(false);
            }
            let at = level.cell(low);
            let offset = database.pages.place(number, at);
            return load(database, table, &level.page, at, offset, row);
        }
        number = if low < level.cells { big_endian(bytes, level.cell(low)) } else { big_endian(bytes, head(number) + 8) };
    }
    Ok(false)
}
