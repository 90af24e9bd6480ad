//! The write-ahead log of a database (`NAME-wal`): pages that were written behind the database and have not been put into it yet.
//!
//! File format: sqlite.org/fileformat2.html, section 4. A head of 32 bytes, then frames: a head of 24 bytes and a page each. A frame counts if
//! it carries the salts of the head and its checksum follows from all before it; what counts is read up to the last frame that ends a
//! transaction. Frames with other salts are leftovers of a round that was put into the database before: the log is written again from its
//! beginning, never shortened. Only the place of the last version of each page is held, never a page.

use std::io;

use super::big_endian;
use crate::import::bytes::{RandomAccess, Shared};

/// Bytes of the head of the log, and of a frame.
const HEAD: usize = 32;
const FRAME: usize = 24;
/// First four bytes; the last bit says that checksums take words with the high byte first.
const MAGIC: u32 = 0x377f_0682;
/// The only version there is.
const VERSION: u32 = 3_007_000;
/// Most frames looked at: 16 GiB of pages of 4096 bytes, 32 MiB for their places.
const FRAMES: usize = 1 << 22;
/// How far the count of rounds of leftovers may lie behind.
const ROUNDS: u32 = 1 << 16;
/// Bytes read at once.
const BLOCK: usize = 256 << 10;

/// What of a log could not be used, in frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unused {
    /// Sound, but of a transaction whose end is not there: the app was writing when the copy was made, or damage follows.
    pub open: u64,
    /// Their checksum is wrong, or they stand behind one whose is.
    pub damaged: u64,
    /// Of a round before, put into the database long ago.
    pub old: u64,
    /// Behind the most frames that are looked at.
    pub beyond: u64,
    /// Bytes of a last frame that is cut off.
    pub cut: u64,
}

/// A log that fits its database.
pub struct Log {
    bytes: Shared,
    /// Bytes of a page.
    size: u32,
    /// Page and frame of its last version, sorted.
    index: Vec<(u32, u32)>,
    /// Pages of the database after the last transaction.
    pub pages: u32,
    /// Frames that count.
    pub frames: u64,
    /// The others.
    pub unused: Unused,
}

/// Whether bytes begin as a log does.
#[must_use]
pub fn is_log(bytes: &Shared) -> bool {
    let mut head = [0; 4];
    filled(bytes, 0, &mut head).is_ok_and(|n| n == head.len()) && big_endian(&head, 0) & !1 == MAGIC
}

/// Reads until `buf` is full or the bytes end.
fn filled(bytes: &Shared, at: u64, buf: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(room) = buf.get_mut(filled..).filter(|r| !r.is_empty()) {
        match bytes.read_at(at + filled as u64, room)? {
            0 => break,
            n => filled += n,
        }
    }
    Ok(filled)
}

/// The running checksum of a log.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Sum {
    one: u32,
    two: u32,
    high_first: bool,
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        let (pairs, _) = bytes.as_chunks::<8>();
        let (mut one, mut two) = (self.one, self.two);
        for [a, b, c, d, e, f, g, h] in pairs.iter().copied() {
            let (first, second) = match self.high_first {
                true => (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])),
                false => (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])),
            };
            one = one.wrapping_add(first).wrapping_add(two);
            two = two.wrapping_add(second).wrapping_add(one);
        }
        (self.one, self.two) = (one, two);
    }

    /// Whether it is the one written here.
    fn is(&self, bytes: &[u8], at: usize) -> bool {
        self.one == big_endian(bytes, at) && self.two == big_endian(bytes, at + 4)
    }
}

impl Log {
    /// Reads a log through. `size`: bytes of a page of the database. `None`: there is nothing in it, as SQLite leaves it behind a
    /// database that was closed.
    ///
    /// # Errors
    /// A sentence when it does not belong to such a database, is no log, or cannot be read.
    pub fn read(bytes: Shared, size: u32) -> Result<Option<Self>, String> {
        let gone = |e: io::Error| format!("it could not be read: {e}");
        let mut head = [0; HEAD];
        if bytes.is_empty() {
            return Ok(None);
        }
        if filled(&bytes, 0, &mut head).map_err(gone)? < HEAD {
            return Err("it is cut off within its head".to_owned());
        }
        let magic = big_endian(&head, 0);
        if head.iter().all(|b| *b == 0) {
            return Err("its head is empty".to_owned());
        }
        if magic & !1 != MAGIC || big_endian(&head, 4) != VERSION {
            return Err("it does not begin as a write-ahead log".to_owned());
        }
        let mut sum = Sum { one: 0, two: 0, high_first: magic & 1 == 1 };
        sum.add(head.get(..24).unwrap_or_default());
        if !sum.is(&head, 24) {
            return Err("its head is damaged (checksum)".to_owned());
        }
        let stated = big_endian(&head, 8);
        if stated != size {
            return Err(format!("it belongs to another database: its pages have {stated} bytes, those of this one {size}"));
        }
        let salts = (big_endian(&head, 16), big_endian(&head, 20));
        let mut log = Self { bytes, size, index: Vec::new(), pages: 0, frames: 0, unused: Unused::default() };
        log.frames(sum, salts).map_err(gone)?;
        Ok(Some(log))
    }

    fn frames(&mut self, mut sum: Sum, salts: (u32, u32)) -> io::Result<()> {
        let frame = FRAME + self.size as usize;
        let stood = self.bytes.len().saturating_sub(HEAD as u64);
        let whole = stood / frame as u64;
        self.unused.cut = stood % frame as u64;
        let most = whole.min(FRAMES as u64);
        self.unused.beyond = whole - most;
        let mut block = vec![0; (BLOCK / frame).max(1) * frame];
        let (mut number, mut held, mut follows) = (0u64, 0, true);
        while number < most {
            let n = filled(&self.bytes, HEAD as u64 + number * frame as u64, &mut block)?;
            let read = block.get(..n).unwrap_or_default().chunks_exact(frame);
            if read.len() == 0 {
                break;
            }
            for frame in read.take(usize::try_from(most - number).unwrap_or(usize::MAX)) {
                let (first, second) = (big_endian(frame, 8), big_endian(frame, 12));
                let ours = (first, second) == salts;
                if follows && ours {
                    sum.add(frame.get(..8).unwrap_or_default());
                    sum.add(frame.get(FRAME..).unwrap_or_default());
                }
                let page = big_endian(frame, 0);
                follows &= ours && page > 0 && sum.is(frame, 16);
                // The first salt counts the rounds.
                let old = !ours && (1..=ROUNDS).contains(&salts.0.wrapping_sub(first));
                match (follows, old) {
                    (true, _) => self.index.push((page, u32::try_from(number).unwrap_or(u32::MAX))),
                    (_, true) => self.unused.old += 1,
                    (_, false) => self.unused.damaged += 1,
                }
                let pages = big_endian(frame, 4);
                if follows && pages > 0 {
                    (self.pages, held) = (pages, self.index.len());
                }
                number += 1;
            }
        }
        // Bytes that went away while they were read.
        self.unused.damaged += most - number;
        if self.unused.old > 0 && self.unused.damaged == 0 {
            self.unused.old += u64::from(std::mem::take(&mut self.unused.cut) > 0);
        }
        self.unused.open = (self.index.len() - held) as u64;
        self.index.truncate(held);
        self.frames = held as u64;
        self.index.sort_unstable();
        // Of each page the last version stands first when looked at from behind.
        self.index.reverse();
        self.index.dedup_by_key(|(page, _)| *page);
        self.index.reverse();
        self.index.shrink_to_fit();
        Ok(())
    }

    /// Place in the index of a page, or of the next one that the log holds.
    fn seek(&self, page: u32) -> usize {
        self.index.partition_point(|(p, _)| *p < page)
    }

    /// Pages it holds.
    pub const fn held(&self) -> u64 {
        self.index.len() as u64
    }

    /// Which of those a page is.
    pub fn slot(&self, page: u32) -> Option<u64> {
        let at = self.seek(page);
        self.index.get(at).filter(|(p, _)| *p == page).map(|_| at as u64)
    }

    /// Byte of the log where its version of a page begins.
    pub fn place(&self, page: u32) -> Option<u64> {
        let (_, frame) = self.index.get(self.seek(page)).filter(|(p, _)| *p == page)?;
        Some(HEAD as u64 + u64::from(*frame) * (FRAME as u64 + u64::from(self.size)) + FRAME as u64)
    }

    /// The page that stands at a byte of the log, with how far into it that is; `None` where no last version of a page stands.
    pub fn page_at(&self, offset: u64) -> io::Result<Option<(u32, u64)>> {
        let frame = FRAME as u64 + u64::from(self.size);
        let Some((number, within)) = offset.checked_sub(HEAD as u64).map(|o| (o / frame, o % frame)) else { return Ok(None) };
        let Some(within) = within.checked_sub(FRAME as u64) else { return Ok(None) };
        let mut page = [0; 4];
        if filled(&self.bytes, HEAD as u64 + number * frame, &mut page)? < page.len() {
            return Ok(None);
        }
        let page = big_endian(&page, 0);
        Ok((self.place(page) == Some(offset - within)).then_some((page, within)))
    }

    /// Pages of the database as the log states them that stand neither in a file of this many bytes nor in the log.
    pub fn absent(&self, len: u64) -> u64 {
        let there = len / u64::from(self.size);
        let wanted = u64::from(self.pages);
        let behind = self.index.iter().filter(|(page, _)| u64::from(*page) > there && *page <= self.pages).count() as u64;
        wanted.saturating_sub(there).saturating_sub(behind)
    }
}

/// The bytes of a database with the pages of its log in their places: the same bytes that SQLite leaves when it joins both. Pages that
/// neither of them holds are zeros.
pub struct Joined {
    database: Shared,
    /// The log.
    pub log: Log,
}

impl Joined {
    /// Of a database and its log.
    pub const fn new(database: Shared, log: Log) -> Self {
        Self { database, log }
    }

    /// Bytes of the database alone.
    pub fn alone(&self) -> u64 {
        self.database.len()
    }
}

impl RandomAccess for Joined {
    fn len(&self) -> u64 {
        u64::from(self.log.pages) * u64::from(self.log.size)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let (size, len) = (u64::from(self.log.size), self.len());
        let Some(left) = len.checked_sub(offset).filter(|l| *l > 0) else { return Ok(0) };
        let Ok(number) = u32::try_from(offset / size + 1) else { return Ok(0) };
        let within = offset % size;
        let logged = self.log.place(number);
        // As far as the bytes come from one place.
        let run = if logged.is_some() {
            size - within
        } else {
            self.log.index.get(self.log.seek(number)).map_or(left, |(page, _)| (u64::from(*page - 1) * size).saturating_sub(offset))
        };
        let n = usize::try_from(run.min(left)).unwrap_or(usize::MAX).min(buf.len());
        let Some(buf) = buf.get_mut(..n) else { return Ok(0) };
        let come = match logged {
            Some(place) => self.log.bytes.read_at(place + within, buf)?,
            None => self.database.read_at(offset, buf)?,
        };
        if come == 0 {
            buf.fill(0);
            return Ok(n);
        }
        Ok(come)
    }
}
