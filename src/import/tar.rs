//! Tar archives (ustar, GNU, pax, and the old form without a mark): headers of 512 bytes, each before its member. The headers are read by the crate
//! `tar`; where members stand, and what a cut archive lacks, is worked out here.

use std::io;
use std::rc::Rc;

use super::archive::{Archive, Entry, Locked, Part, names};
use super::bytes::{RangeStream, Shared, Stream};
use super::zip::{EXPANDED_LIMIT, Fault};
use crate::time;

/// Size of a header, and what members are filled up to.
pub const BLOCK: usize = 512;
/// Longest record about a name or other attributes that is kept; they are some hundred bytes.
const EXTRA_LIMIT: u64 = 64 << 10;
/// Most members of one archive.
const MEMBER_LIMIT: usize = 200_000;

/// Whether the first bytes are a header whose checksum is right. Text can hold the mark of a tar; the checksum it cannot.
#[must_use]
pub fn is_tar(head: &[u8]) -> bool {
    head.first_chunk::<BLOCK>().is_some_and(|block| block.first().is_some_and(|b| *b != 0) && sum_is_right(block))
}

/// The sum of all bytes of the header, its own field taken as blanks; some old writers summed them as signed.
fn sum_is_right(block: &[u8; BLOCK]) -> bool {
    let Ok(stated) = ::tar::Header::from_byte_slice(block).cksum() else { return false };
    let field = 148..156;
    let each = || block.iter().enumerate().map(|(i, b)| if field.contains(&i) { b' ' } else { *b });
    let unsigned: u32 = each().map(u32::from).sum();
    let signed: i64 = each().map(|b| i64::from(b.cast_signed())).sum();
    stated == unsigned || i64::from(stated) == signed
}

/// A member whose place is known.
struct Member {
    name: Vec<u8>,
    size: u64,
    modified: Option<i64>,
    locked: Option<Locked>,
    at: u64,
}

/// What the walk wants next.
pub enum Want {
    /// The 512 bytes at this offset.
    Header(u64),
    /// This many bytes from here: a record about the next member.
    Extra(u64, usize),
    /// Nothing more.
    End,
}

/// Attributes given for the next member.
#[derive(Default)]
struct Extra {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
}

/// Walks from header to header; whoever walks brings the bytes, from a file or from an unpacking.
#[derive(Default)]
pub struct Walk {
    members: Vec<Member>,
    beyond: u64,
    at: u64,
    extra: Extra,
    /// The kind of the record whose bytes are awaited, and where the header after it stands.
    awaited: Option<(::tar::EntryType, u64)>,
    awaited_size: usize,
    ended: bool,
    expanded: u64,
}

impl Walk {
    /// What to bring.
    pub const fn want(&self) -> Want {
        if self.ended {
            Want::End
        } else if self.awaited.is_some() {
            Want::Extra(self.at, self.awaited_size)
        } else {
            Want::Header(self.at)
        }
    }

    /// A header. Two blocks of zeros end an archive; one does so too, since nothing else can follow.
    pub fn header(&mut self, block: &[u8; BLOCK]) {
        if block.iter().all(|b| *b == 0) {
            self.ended = true;
            return;
        }
        if !sum_is_right(block) {
            return self.lost("damaged");
        }
        let header = ::tar::Header::from_byte_slice(block);
        let kind = header.entry_type();
        let Ok(stated) = header.size() else { return self.lost("damaged") };
        let from = self.at.saturating_add(BLOCK as u64);
        if kind.is_gnu_longname() || kind.is_gnu_longlink() || kind.is_pax_local_extensions() || kind.is_pax_global_extensions() {
            let after = next(from, stated);
            if stated > EXTRA_LIMIT || kind.is_gnu_longlink() || kind.is_pax_global_extensions() {
                self.at = after;
                return;
            }
            (self.at, self.awaited, self.awaited_size) = (from, Some((kind, after)), usize::try_from(stated).unwrap_or(0));
            return;
        }
        let extra = std::mem::take(&mut self.extra);
        let size = extra.size.unwrap_or(stated);
        let mut name = extra.name.unwrap_or_else(|| header.path_bytes().into_owned());
        let locked = if kind.is_dir() {
            if name.last() != Some(&b'/') {
                name.push(b'/');
            }
            None
        } else if extra.sparse || kind.is_gnu_sparse() {
            Some(Locked::Method)
        } else if !(kind.is_file() || kind.is_contiguous()) {
            Some(Locked::Link)
        } else if self.expanded.saturating_add(size) > EXPANDED_LIMIT {
            Some(Locked::Limit)
        } else {
            self.expanded = self.expanded.saturating_add(size);
            None
        };
        let modified = header.mtime().ok().and_then(|s| i64::try_from(s).ok()).filter(|s| *s > 0).and_then(|s| s.checked_mul(time::SECOND));
        if self.members.len() < MEMBER_LIMIT {
            let size = if locked == Some(Locked::Link) { 0 } else { size };
            self.members.push(Member { name, size, modified, locked, at: from });
        } else {
            self.beyond += 1;
        }
        self.at = next(from, if matches!(locked, Some(Locked::Link)) && stated == 0 { 0 } else { size });
    }

    /// The bytes of a record about the next member.
    pub fn extra(&mut self, bytes: &[u8]) {
        let Some((kind, after)) = self.awaited.take() else { return };
        self.at = after;
        if kind.is_gnu_longname() {
            self.extra.name = Some(bytes.split(|b| *b == 0).next().unwrap_or_default().to_vec());
            return;
        }
        for pair in ::tar::PaxExtensions::new(bytes).flatten() {
            match pair.key_bytes() {
                b"path" => self.extra.name = Some(pair.value_bytes().to_vec()),
                b"size" => self.extra.size = pair.value().ok().and_then(|v| v.parse().ok()),
                key => self.extra.sparse |= key.starts_with(b"GNU.sparse."),
            }
        }
    }

    /// The bytes end where a header may stand.
    pub const fn end(&mut self) {
        self.ended = true;
    }

    /// The bytes end, or say nothing, where a header should stand: what follows is lost, and that is named.
    pub fn lost(&mut self, how: &str) {
        self.ended = true;
        let name = format!("the rest of the archive ({how} at byte {})", self.at);
        self.members.push(Member { name: name.into_bytes(), size: 0, modified: None, locked: Some(Locked::Lost), at: self.at });
    }

    /// The members as entries, and where each begins.
    pub fn finish(mut self) -> (Vec<Entry>, Vec<u64>) {
        if self.beyond > 0 {
            let name = format!("{} more members", self.beyond).into_bytes();
            self.members.push(Member { name, size: 0, modified: None, locked: Some(Locked::Limit), at: 0 });
        }
        let names: Vec<_> = self.members.iter().map(|m| names::Name { bytes: plain(&m.name), utf8: false, unicode: None }).collect();
        let names = names::decoded(&names);
        let entry = |(m, name): (&Member, String)| Entry { name, size: m.size, packed: m.size, modified: m.modified, locked: m.locked };
        (self.members.iter().zip(names).map(entry).collect(), self.members.iter().map(|m| m.at).collect())
    }
}

/// A name without the `./` and `/` before it.
fn plain(mut name: &[u8]) -> &[u8] {
    while let Some(rest) = name.strip_prefix(b"./").or_else(|| name.strip_prefix(b"/")).filter(|rest| !rest.is_empty()) {
        name = rest;
    }
    name
}

/// Where the next header stands.
const fn next(from: u64, size: u64) -> u64 {
    from.saturating_add(size.saturating_add(BLOCK as u64 - 1) / BLOCK as u64 * BLOCK as u64)
}

/// A tar whose bytes can be read at any place.
pub struct Tar {
    path: String,
    bytes: Shared,
    entries: Vec<Entry>,
    places: Vec<u64>,
}

impl Tar {
    /// Walks over the headers. The error is a sentence for people.
    pub fn open(path: &str, bytes: Shared) -> Result<Self, String> {
        let unread = |e: io::Error| format!("This archive could not be read ({e}). Check that it is still there, and add it again.");
        let mut walk = Walk::default();
        loop {
            match walk.want() {
                Want::End => break,
                // An archive may end without its two blocks of zeros.
                Want::Header(at) if at == bytes.len() => break,
                Want::Header(at) => {
                    let mut block = [0; BLOCK];
                    if fill(&bytes, at, &mut block).map_err(unread)? { walk.header(&block) } else { walk.lost("cut off") }
                }
                Want::Extra(at, size) => {
                    let mut extra = vec![0; size];
                    if fill(&bytes, at, &mut extra).map_err(unread)? { walk.extra(&extra) } else { walk.lost("cut off") }
                }
            }
        }
        let (entries, places) = walk.finish();
        Ok(Self { path: path.to_owned(), bytes, entries, places })
    }

    fn place(&self, ix: usize) -> io::Result<(u64, u64)> {
        let found = self.entries.get(ix).zip(self.places.get(ix)).filter(|(e, _)| e.locked.is_none());
        found.map(|(e, at)| (*at, e.size)).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

/// Whether all of the buffer could be filled.
fn fill(bytes: &Shared, at: u64, buf: &mut [u8]) -> io::Result<bool> {
    let mut done = 0;
    while let Some(room) = buf.get_mut(done..).filter(|room| !room.is_empty()) {
        match bytes.read_at(at.saturating_add(done as u64), room)? {
            0 => return Ok(false),
            n => done += n,
        }
    }
    Ok(true)
}

impl Archive for Tar {
    fn path(&self) -> &str {
        &self.path
    }
    fn entries(&self) -> &[Entry] {
        &self.entries
    }
    fn open(&self, ix: usize) -> io::Result<Box<dyn Stream>> {
        let (at, size) = self.place(ix)?;
        Ok(Box::new(Exact::new(Box::new(RangeStream::range(self.bytes.clone(), at, size)), size)))
    }
    fn direct(&self, ix: usize) -> Option<Shared> {
        let (at, size) = self.place(ix).ok()?;
        (at.checked_add(size)? <= self.bytes.len()).then(|| -> Shared { Rc::new(Part::new(self.bytes.clone(), at, size)) })
    }
}

/// A member held to its stated size: an archive that is cut within it is no member that ends.
pub struct Exact {
    inner: Box<dyn Stream>,
    left: u64,
    done: u64,
}

impl Exact {
    /// Of this size.
    pub const fn new(inner: Box<dyn Stream>, size: u64) -> Self {
        Self { inner, left: size, done: 0 }
    }
}

impl Stream for Exact {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.len());
        let Some(buf) = buf.get_mut(..room).filter(|b| !b.is_empty()) else { return Ok(0) };
        let n = self.inner.read(buf)?;
        if n == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, Fault::Short(self.done)));
        }
        self.left -= n as u64;
        self.done += n as u64;
        Ok(n)
    }
}
