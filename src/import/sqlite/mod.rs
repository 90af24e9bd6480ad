//! SQLite databases, read only, as far as message stores of phones need it: find tables and their columns, go through a table in the
//! order of its row ids, get a row by its place. File format: sqlite.org/fileformat2.html. A write-ahead log that is given with a database is
//! read with it (`log`): a row then stands in the file or in the log, and its place says which ([`IN_LOG`]). Not read: indices, tables
//! WITHOUT ROWID, free pages (counted).
//!
//! Why not SQLite itself: `rusqlite` 0.41 with `sqlite-wasm-rs` 0.6.2 was tried for wasm32-unknown-unknown in November 2026 (0.42 asks for a
//! version that is not published). It needs clang for the C code, where all else here builds with rustc alone; it adds 346 KB (brotli) to the
//! worker, 900 KB before packing; and to read slices of a browser's file instead of a copy in memory it wants a file system of one's own,
//! registered by an `unsafe fn`, which this crate forbids. What is needed of the format is a few hundred lines.

mod along;
mod app;
mod evidence;
mod log;
mod pages;
mod row;
mod schema;
#[cfg(test)]
mod tests;
mod tree;

use std::io;

use super::bytes::{RandomAccess, Shared};
pub use along::Along;
pub use app::App;
pub use log::is_log;
pub use pages::IN_LOG;
pub use row::{Row, Value};
pub use schema::Table;
pub use tree::{Found, Scan};

use log::{Joined, Log, Unused};
use pages::Pages;
use row::Encoding;

/// First bytes of every database that is not encrypted.
pub const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Most tables looked at.
const TABLES: usize = 10_000;

/// A database open for reading.
pub struct Database {
    pages: Pages,
    encoding: Encoding,
    tables: Vec<Table>,
    /// Pages of the free list: rows were deleted.
    pub free_pages: u64,
    /// It works with a write-ahead log: the last rows may stand in `NAME-wal`.
    pub logged: bool,
    /// What became of that log.
    pub beside: Beside,
    /// Name of the log.
    log_name: String,
    /// Bytes that are missing at the end of the file, by its own count of pages.
    pub short: u64,
    /// Pages of the list of tables that could not be read.
    pub damaged: u64,
}

/// What became of the log beside a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// None was given.
    Nothing,
    /// It is there by its name, but its bytes could not be had.
    Unread,
    /// There is nothing in it.
    Empty,
    /// It is read with the database: pages, and what could not be used.
    Read(u64, Unused),
    /// It is not read: why.
    Refused(String),
}

impl Database {
    /// Opens a database, with the log that is given with it, and reads its list of tables. A log that does not belong to it is left out.
    ///
    /// # Errors
    /// `InvalidData` with a sentence when this is no database or its head is damaged.
    pub fn open(bytes: Shared) -> io::Result<Self> {
        let log = bytes.log();
        let mut alone = Self::of(head(bytes.as_ref())?, |size, usable| Pages::new(bytes.clone(), size, usable))?;
        let Some(log) = log else { return Ok(alone) };
        let read = match alone.pages.len() {
            ..IN_LOG => Log::read(log, alone.pages.size),
            _ => Err("the database is too large".to_owned()),
        };
        alone.beside = match read {
            Ok(None) => Beside::Empty,
            Ok(Some(log)) if log.frames == 0 => Beside::Read(0, log.unused),
            Ok(Some(log)) => match alone.with(bytes, log) {
                Ok(joined) => return Ok(joined),
                Err(what) => Beside::Refused(what),
            },
            Err(what) => Beside::Refused(what),
        };
        Ok(alone)
    }

    /// The same database with its log; a sentence when it cannot be its own.
    fn with(&self, bytes: Shared, log: Log) -> Result<Self, String> {
        let (beside, absent) = (Beside::Read(log.frames, log.unused), log.absent(self.pages.len()));
        let joined = Joined::new(bytes, log);
        let other = |why: &str| Err(format!("it belongs to another database: {why}"));
        if absent > 0 && self.short == 0 {
            return other("it presumes pages that this one does not have");
        }
        let Ok(head) = head(&joined) else { return other("it does not begin as one") };
        let with = Self::of(head, |size, usable| Pages::joined(joined, size, usable));
        let Ok(mut with) = with.map_err(|e| e.to_string()) else { return other("its head does not fit") };
        if (with.pages.size, with.pages.usable, with.encoding) != (self.pages.size, self.pages.usable, self.encoding) {
            return other("its head does not fit");
        }
        let mut names = self.tables.iter().filter(|t| !t.name.starts_with("sqlite_")).peekable();
        if names.peek().is_some() && !names.any(|t| with.table(&t.name).is_some()) {
            return other("none of its tables are in this one");
        }
        if with.damaged > self.damaged || with.rootless() > self.rootless() {
            return other("its pages do not fit between those of this one");
        }
        (with.beside, with.short) = (beside, absent * u64::from(self.pages.size));
        Ok(with)
    }

    /// Tables whose first page is none.
    fn rootless(&self) -> usize {
        let sound = |t: &&Table| t.without_rowid || tree::is_root(&self.pages, t.root);
        self.tables.iter().filter(|t| !sound(t)).count()
    }

    fn of(head: [u8; 100], pages: impl FnOnce(u32, u32) -> Pages) -> io::Result<Self> {
        let at = |n: usize| head.get(n).copied().unwrap_or(0);
        let size = match u32::from(at(16)) << 8 | u32::from(at(17)) {
            1 => 65_536,
            n => n,
        };
        let usable = size.saturating_sub(u32::from(at(20)));
        if !(512..=65_536).contains(&size) || !size.is_power_of_two() || usable < 480 {
            return Err(invalid("The head of this database is damaged (size of pages). Copy the file again, or repair it with the sqlite3 command .recover."));
        }
        // The count of pages holds only where two change counters agree; older libraries leave it stale.
        let counted = if head.get(24..28) == head.get(92..96) { u64::from(big_endian(&head, 28)) } else { 0 };
        let encoding = match big_endian(&head, 56) {
            2 => Encoding::Utf16Le,
            3 => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        };
        let pages = pages(size, usable);
        let mut database = Self {
            short: (counted * u64::from(size)).saturating_sub(pages.len()),
            pages,
            encoding,
            tables: Vec::new(),
            free_pages: u64::from(big_endian(&head, 36)),
            logged: at(18) == 2 || at(19) == 2,
            beside: Beside::Nothing,
            log_name: String::new(),
            damaged: 0,
        };
        database.read_schema()?;
        Ok(database)
    }

    fn read_schema(&mut self) -> io::Result<()> {
        let list = Table::of_schema();
        let mut scan = Scan::new(&list, &self.pages);
        let mut row = Row::default();
        loop {
            match scan.next(self, &list, &mut row)? {
                Found::Row => {}
                Found::Bad(_) => continue,
                Found::End => break,
            }
            if row.text(0).as_deref() != Some(b"table") || self.tables.len() >= TABLES {
                continue;
            }
            let (Some(name), Some(root), Some(sql)) = (row.text(1), row.integer(3), row.text(4)) else { continue };
            let Some(root) = u32::try_from(root).ok().filter(|r| *r > 0) else { continue };
            self.tables.push(Table::parse(&String::from_utf8_lossy(&name), root, &String::from_utf8_lossy(&sql)));
        }
        self.damaged = scan.damaged();
        Ok(())
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name.eq_ignore_ascii_case(name))
    }

    /// All tables.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Bytes of a page.
    #[must_use]
    pub const fn page_size(&self) -> u64 {
        self.pages.size as u64
    }

    /// Begins to go through a table.
    #[must_use]
    pub fn scan(&self, table: &Table) -> Scan {
        Scan::new(table, &self.pages)
    }

    /// Goes through a table to its end; gives the number of rows that are damaged. For small tables.
    ///
    /// # Errors
    /// When the bytes cannot be had.
    pub fn each(&self, table: &Table, mut f: impl FnMut(&Row)) -> io::Result<u64> {
        let (mut scan, mut row, mut bad) = (self.scan(table), Row::default(), 0);
        loop {
            match scan.next(self, table, &mut row)? {
                Found::Row => f(&row),
                Found::Bad(_) => bad += 1,
                Found::End => return Ok(bad + scan.damaged()),
            }
        }
    }

    /// The row that begins at this place; `false` when no row of a table begins there.
    ///
    /// # Errors
    /// When the bytes cannot be had.
    pub fn row_at(&self, table: &Table, offset: u64, row: &mut Row) -> io::Result<bool> {
        tree::row_at(self, table, offset, row)
    }

    /// The row of this id; `false` when the table has none.
    ///
    /// # Errors
    /// When the bytes cannot be had.
    pub fn get(&self, table: &Table, id: i64, row: &mut Row) -> io::Result<bool> {
        tree::get(self, table, id, row)
    }

    /// The last row id that was ever given out in a table (`AUTOINCREMENT`), if the database keeps it.
    ///
    /// # Errors
    /// When the bytes cannot be had.
    pub fn sequence(&self, name: &str) -> io::Result<Option<u64>> {
        let Some(table) = self.table("sqlite_sequence") else { return Ok(None) };
        let mut highest = None;
        self.each(table, |row| {
            if row.text(0).as_deref() == Some(name.as_bytes()) {
                highest = row.integer(1).and_then(|n| u64::try_from(n).ok());
            }
        })?;
        Ok(highest)
    }
}

/// The first 100 bytes.
fn head(bytes: &dyn RandomAccess) -> io::Result<[u8; 100]> {
    let mut head = [0; 100];
    let mut filled = 0;
    while let Some(room) = head.get_mut(filled..).filter(|r| !r.is_empty()) {
        match bytes.read_at(filled as u64, room)? {
            0 => break,
            n => filled += n,
        }
    }
    if filled < head.len() || !head.starts_with(MAGIC) {
        return Err(invalid("This is no complete SQLite database: its first 100 bytes are not there. Copy the file again."));
    }
    Ok(head)
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

fn big_endian(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|b| b.first_chunk::<4>()).map_or(0, |b| u32::from_be_bytes(*b))
}
