//! The central directory of a zip (PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16). It alone says what an archive holds: local
//! headers without a directory entry are deleted members or the remains of a cut download, and are never guessed at.
//!
//! Read here and not by a library because two members of one name must both be seen, and because a directory of 100,000
//! members must not cost 100,000 reads of local headers before the first message.

use std::io;

use super::super::bytes::Shared;

/// Most members that are listed.
pub const MEMBER_LIMIT: u64 = 200_000;
/// Largest directory that is read: 200,000 members with long names and extra fields stay below it.
const DIRECTORY_LIMIT: u64 = 256 << 20;
/// End record, its longest comment, and the zip64 locator before it.
const TAIL: u64 = 22 + 65_535 + 20;

/// One member as the directory states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Name as written.
    pub name: Vec<u8>,
    /// Name in the Unicode Path extra field (0x7075), with the checksum of the name it stands for.
    pub unicode: Option<(u32, Vec<u8>)>,
    /// General purpose flags.
    pub flags: u16,
    /// Method of packing.
    pub method: u16,
    /// Date and time of MS-DOS.
    pub stamp: (u16, u16),
    /// Seconds since 1970 from the extended timestamp (0x5455).
    pub unix: Option<i32>,
    /// Checksum of the expanded bytes.
    pub crc: u32,
    /// Packed size.
    pub packed: u64,
    /// Expanded size.
    pub size: u64,
    /// Place of the local header in the file.
    pub at: u64,
}

/// What the directory says.
#[derive(Debug, Default)]
pub struct Directory {
    /// The first [`MEMBER_LIMIT`] members.
    pub records: Vec<Record>,
    /// How many members there are beyond them.
    pub beyond: u64,
}

/// Reads it. The error says what is wrong and where.
pub fn read(bytes: &Shared) -> Result<Directory, String> {
    let len = bytes.len();
    let from = len.saturating_sub(TAIL);
    let tail = piece(bytes, from, len - from).map_err(|e| format!("it could not be read: {e}"))?;
    let end = end_record(&tail).ok_or_else(|| format!("its directory is missing at the end, byte {len}: the copy is cut off or something was appended"))?;
    let mut place = Place::of(tail.get(end..).unwrap_or_default()).ok_or("its end record is cut")?;
    let mut directory_end = from + end as u64;
    if place.wants_zip64() {
        let locator = end.checked_sub(20).and_then(|at| tail.get(at..end)).filter(|l| l.starts_with(b"PK\x06\x07"));
        if let Some(stated) = locator.and_then(|l| long(l, 8)) {
            (place, directory_end) = zip64(bytes, stated, directory_end - 20)?;
        }
    }
    // Bytes before the archive (a program that unpacks itself, a mail header) shift all places by the same amount.
    let start = directory_end.checked_sub(place.size).ok_or_else(|| outside(&place, len))?;
    let shift = start.checked_sub(place.start).ok_or_else(|| outside(&place, len))?;
    if place.size > DIRECTORY_LIMIT {
        return Err(format!("its directory at byte {start} is larger than any this program reads"));
    }
    let raw = piece(bytes, start, place.size).map_err(|e| format!("its directory at byte {start} could not be read: {e}"))?;
    records(&raw, start, shift, place.members)
}

fn outside(place: &Place, len: u64) -> String {
    format!("its directory should begin at byte {} and take {} bytes, but the file has {len} bytes", place.start, place.size)
}

/// Where the directory stands, as the end record says.
struct Place {
    start: u64,
    size: u64,
    members: u64,
}

impl Place {
    fn of(end: &[u8]) -> Option<Self> {
        Some(Self { start: u64::from(word(end, 16)?), size: u64::from(word(end, 12)?), members: u64::from(half(end, 10)?) })
    }

    /// All ones: the true value stands in the zip64 record.
    const fn wants_zip64(&self) -> bool {
        self.start == 0xffff_ffff || self.size == 0xffff_ffff || self.members == 0xffff
    }
}

/// The last end record whose comment fits into the rest of the file.
fn end_record(tail: &[u8]) -> Option<usize> {
    memchr::memmem::rfind_iter(tail, b"PK\x05\x06").find(|at| {
        let record = tail.get(*at..).unwrap_or_default();
        half(record, 20).is_some_and(|comment| 22 + usize::from(comment) <= record.len())
    })
}

/// The zip64 end record: where the locator says, or directly before the locator when the archive was moved.
fn zip64(bytes: &Shared, stated: u64, locator: u64) -> Result<(Place, u64), String> {
    for at in [stated, locator.saturating_sub(56)] {
        let Ok(record) = piece(bytes, at, 56) else { continue };
        if !record.starts_with(b"PK\x06\x06") {
            continue;
        }
        if let (Some(members), Some(size), Some(start)) = (long(&record, 32), long(&record, 40), long(&record, 48)) {
            return Ok((Place { start, size, members }, at));
        }
    }
    Err(format!("its zip64 end record is missing at byte {stated}"))
}

fn records(mut raw: &[u8], start: u64, shift: u64, stated: u64) -> Result<Directory, String> {
    let whole = raw.len();
    let mut directory = Directory::default();
    while raw.starts_with(b"PK\x01\x02") {
        let (record, rest) = record(raw, shift).ok_or_else(|| format!("its directory is cut at byte {}", start + (whole - raw.len()) as u64))?;
        raw = rest;
        if directory.records.len() as u64 == MEMBER_LIMIT {
            directory.beyond += 1;
        } else {
            directory.records.push(record);
        }
    }
    let found = directory.records.len() as u64 + directory.beyond;
    // Archives with more members than the old field can say keep its low 16 bits.
    if found != stated && found & 0xffff != stated {
        return Err(format!("its directory names {stated} members but {found} stand in it, to byte {}", start + (whole - raw.len()) as u64));
    }
    Ok(directory)
}

/// One directory entry, and what follows.
fn record(raw: &[u8], shift: u64) -> Option<(Record, &[u8])> {
    let lengths = (usize::from(half(raw, 28)?), usize::from(half(raw, 30)?), usize::from(half(raw, 32)?));
    let (name, rest) = raw.get(46..)?.split_at_checked(lengths.0)?;
    let (extra, rest) = rest.split_at_checked(lengths.1)?;
    let (_, rest) = rest.split_at_checked(lengths.2)?;
    let mut record = Record {
        name: name.to_vec(),
        unicode: None,
        flags: half(raw, 8)?,
        method: half(raw, 10)?,
        stamp: (half(raw, 14)?, half(raw, 12)?),
        unix: None,
        crc: word(raw, 16)?,
        packed: u64::from(word(raw, 20)?),
        size: u64::from(word(raw, 24)?),
        at: u64::from(word(raw, 42)?),
    };
    extras(&mut record, extra);
    record.at = record.at.checked_add(shift)?;
    Some((record, rest))
}

/// The extra fields that matter: sizes and place of zip64, the name in Unicode, the time in UTC.
fn extras(record: &mut Record, mut extra: &[u8]) {
    while let (Some(id), Some(len)) = (half(extra, 0), half(extra, 2)) {
        let Some((field, rest)) = extra.get(4..).and_then(|e| e.split_at_checked(usize::from(len))) else { return };
        extra = rest;
        match id {
            1 => {
                let mut at = 0;
                // In this order, and only those that are all ones in the entry itself.
                for value in [&mut record.size, &mut record.packed, &mut record.at] {
                    if *value == 0xffff_ffff {
                        *value = long(field, at).unwrap_or(*value);
                        at += 8;
                    }
                }
            }
            0x7075 if field.first() == Some(&1) => record.unicode = word(field, 1).zip(field.get(5..).map(<[u8]>::to_vec)),
            0x5455 if field.first().is_some_and(|f| f & 1 == 1) => record.unix = word(field, 1).map(u32::cast_signed),
            _ => {}
        }
    }
}

/// Reads a piece in full.
pub fn piece(bytes: &Shared, from: u64, len: u64) -> io::Result<Vec<u8>> {
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    if from.checked_add(len).is_none_or(|end| end > bytes.len()) {
        return Err(cut());
    }
    let mut out = vec![0; usize::try_from(len).map_err(|_| cut())?];
    let mut at = 0;
    while let Some(room) = out.get_mut(at..)
        && !room.is_empty()
    {
        match bytes.read_at(from + at as u64, room)? {
            0 => return Err(cut()),
            n => at += n,
        }
    }
    Ok(out)
}

/// Two bytes.
pub fn half(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|b| u16::from_le_bytes(*b))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|b| u32::from_le_bytes(*b))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|b| u64::from_le_bytes(*b))
}
