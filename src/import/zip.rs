//! Zip archives through their central directory; members are inflated in steps from shared bytes. Limits on what is expanded
//! are set here from what the directory states, and [`member::Member`] holds every member to it.

mod directory;
mod member;

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use super::archive::{Archive, Entry, Locked, Part, names};
use super::bytes::{RandomAccess, RangeStream, Shared, Stream};
use crate::time;
use directory::Record;
pub use member::Fault;

/// Expanded bytes to packed bytes beyond which a member is a bomb, not a message file: the densest chats stay below 100 to 1, the
/// method itself cannot pass 1032 to 1.
pub const RATIO: u64 = 1000;
/// Size up to which the ratio does not matter.
pub const RATIO_FROM: u64 = 64 << 20;
/// Most expanded bytes of one archive.
pub const EXPANDED_LIMIT: u64 = 64 << 30;

/// Whether the first bytes are those of a zip.
#[must_use]
pub fn is_zip(magic: &[u8]) -> bool {
    magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06")
}

/// An opened zip.
pub struct Zip {
    path: String,
    bytes: Shared,
    entries: Vec<Entry>,
    places: Vec<Place>,
}

/// Where and how a member stands in the file.
struct Place {
    at: u64,
    deflated: bool,
    crc: u32,
}

impl Zip {
    /// Reads the central directory. The error is a sentence for people.
    pub fn open(path: &str, bytes: Shared) -> Result<Self, String> {
        let bytes: Shared = Rc::new(Near { bytes, block: Cell::default() });
        let directory =
            directory::read(&bytes).map_err(|what| format!("This zip archive is damaged: {what}. Download or copy it again, or repack its files."))?;
        let names: Vec<_> =
            directory.records.iter().map(|r| names::Name { bytes: &r.name, utf8: r.flags & (1 << 11) != 0, unicode: r.unicode.as_ref() }).collect();
        let names = names::decoded(&names);
        let mut entries = Vec::with_capacity(names.len());
        let mut places = Vec::with_capacity(names.len());
        let mut expanded = 0u64;
        for (record, name) in directory.records.iter().zip(names) {
            let locked = locked(record, expanded);
            if locked.is_none() {
                expanded = expanded.saturating_add(record.size);
            }
            entries.push(Entry { name, size: record.size, packed: record.packed, modified: modified(record), locked });
            places.push(Place { at: record.at, deflated: record.method == 8, crc: record.crc });
        }
        if directory.beyond > 0 {
            // One entry stands for all of them, so that no reader can pass over them in silence.
            let name = format!("{} more members", directory.beyond);
            entries.push(Entry { name, locked: Some(Locked::Limit), ..Entry::default() });
        }
        Ok(Self { path: path.to_owned(), bytes, entries, places })
    }

    /// Where the packed bytes of a member begin: behind its local header, whose lengths may differ from the directory's.
    fn data(&self, ix: usize) -> io::Result<(&Entry, &Place, u64)> {
        let (Some(entry), Some(place)) = (self.entries.get(ix), self.places.get(ix)) else { return Err(io::Error::from(io::ErrorKind::NotFound)) };
        if entry.locked.is_some() {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "this member is locked, packed with an unknown method or beyond a limit"));
        }
        let lost = || io::Error::new(io::ErrorKind::InvalidData, format!("there is no member at byte {}, where the directory of the archive says", place.at));
        let header = directory::piece(&self.bytes, place.at, 30).map_err(|_| lost())?;
        let lengths = directory::half(&header, 26).zip(directory::half(&header, 28)).filter(|_| header.starts_with(b"PK\x03\x04"));
        let (name, extra) = lengths.ok_or_else(lost)?;
        Ok((entry, place, place.at + 30 + u64::from(name) + u64::from(extra)))
    }
}

/// Why a member cannot be opened. `before`: expanded bytes of the members before it.
fn locked(record: &Record, before: u64) -> Option<Locked> {
    // Bit 0: encrypted; bit 13: even the directory is masked; method 99: AES as WinZip writes it.
    if record.flags & 1 != 0 || record.flags & (1 << 13) != 0 || record.method == 99 {
        return Some(Locked::Password);
    }
    if record.method != 0 && record.method != 8 {
        return Some(Locked::Method);
    }
    let bomb = record.size > RATIO_FROM && record.size / record.packed.max(1) >= RATIO;
    (bomb || before.saturating_add(record.size) > EXPANDED_LIMIT).then_some(Locked::Limit)
}

/// Time of change as written, without a zone. The year 1980 is what writers without a clock put there.
fn modified(record: &Record) -> Option<i64> {
    let (date, clock) = record.stamp;
    let (year, month, day) = (1980 + i32::from(date >> 9), u32::from(date >> 5 & 15), u32::from(date & 31));
    let (hour, minute, second) = (u32::from(clock >> 11), u32::from(clock >> 5 & 63), u32::from(clock & 31) * 2);
    let written = time::civil_micros(year, month, day, hour, minute, second).filter(|_| year > 1980);
    written.or_else(|| record.unix.filter(|s| *s > 0).map(|s| i64::from(s) * time::SECOND))
}

impl Archive for Zip {
    fn path(&self) -> &str {
        &self.path
    }
    fn entries(&self) -> &[Entry] {
        &self.entries
    }
    fn open(&self, ix: usize) -> io::Result<Box<dyn Stream>> {
        let (entry, place, start) = self.data(ix)?;
        let range = RangeStream::range(self.bytes.clone(), start, entry.packed);
        Ok(Box::new(member::Member::new(range, place.deflated, entry.size, place.crc)))
    }
    fn direct(&self, ix: usize) -> Option<Shared> {
        let (entry, place, start) = self.data(ix).ok()?;
        let whole = !place.deflated && entry.packed == entry.size && start.checked_add(entry.size)? <= self.bytes.len();
        whole.then(|| -> Shared { Rc::new(Part::new(self.bytes.clone(), start, entry.size)) })
    }
}

/// Bytes read ahead: headers and small members stand one after the other, and every single read of a browser's file is dear.
struct Near {
    bytes: Shared,
    /// Where the block begins, and the block.
    block: Cell<(u64, Vec<u8>)>,
}

/// Bytes read at once.
const BLOCK: usize = 256 << 10;

impl RandomAccess for Near {
    fn len(&self) -> u64 {
        self.bytes.len()
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        if buf.len() >= BLOCK / 4 {
            return self.bytes.read_at(offset, buf);
        }
        let (mut start, mut block) = self.block.take();
        let within = |start: u64, block: &[u8]| offset.checked_sub(start).and_then(|o| usize::try_from(o).ok()).filter(|o| *o < block.len());
        if within(start, &block).is_none() {
            start = offset;
            let left = usize::try_from(self.bytes.len().saturating_sub(offset)).unwrap_or(BLOCK);
            block.resize(left.min(BLOCK), 0);
            let n = self.bytes.read_at(offset, &mut block)?;
            block.truncate(n);
        }
        let n = within(start, &block).map_or(Ok(0), |at| RandomAccess::read_at(&block, at as u64, buf));
        self.block.set((start, block));
        n
    }
}
