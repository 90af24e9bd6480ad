//! Gzip: one file packed, or a tar packed as a whole. Packed bytes can only be unpacked from their beginning, so a packed tar is unpacked once to
//! find its members, and the state of the unpacking is kept at places along the way (43 KB each); a member is opened from the nearest one.

mod unpack;

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use super::archive::{Archive, Entry};
use super::bytes::{Shared, Stream};
use super::tar::{BLOCK, Exact, Walk, Want, is_tar};
use unpack::Unpack;

/// Expanded bytes handled in one step.
const STEP: u64 = 4 << 20;
/// Least distance of two kept states, in expanded bytes.
const APART: u64 = 1 << 20;
/// Most states kept; when there are more, every other is given up.
const STATES: usize = 512;

/// Whether the first bytes are those of gzip with its only method.
#[must_use]
pub fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b, 8])
}

/// Lists what a gzip file holds, in steps.
pub struct Index {
    path: String,
    bytes: Shared,
    /// The unpacking, for a tar; `None` for one file.
    tar: Option<Listing>,
    name: Option<Vec<u8>>,
}

struct Listing {
    unpack: Unpack,
    walk: Walk,
    states: Vec<Unpack>,
    apart: u64,
}

impl Index {
    /// Looks at the first expanded bytes. The error is a sentence for people.
    pub fn new(path: &str, bytes: Shared) -> Result<Self, String> {
        let mut unpack = Unpack::new(bytes.clone());
        let mut head = [0; BLOCK];
        let n = unpack.fill(&mut head).map_err(|e| broken(&e))?;
        let name = unpack.name().map(<[u8]>::to_vec);
        let tar = (n == BLOCK && is_tar(&head)).then(|| {
            let start = Unpack::new(bytes.clone());
            Listing { unpack: start, walk: Walk::default(), states: Vec::new(), apart: APART }
        });
        Ok(Self { path: path.to_owned(), bytes, tar, name })
    }

    /// Packed bytes looked at so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.tar.as_ref().map_or(0, |l| l.unpack.taken())
    }

    /// Goes on for a bounded time; `true` at the end.
    pub fn step(&mut self) -> Result<bool, String> {
        self.tar.as_mut().map_or(Ok(true), |l| l.step().map_err(|e| broken(&e)))
    }

    /// The archive, as far as it has been listed.
    #[must_use]
    pub fn archive(self) -> Box<dyn Archive> {
        let Some(listing) = self.tar else { return Box::new(One::new(&self.path, self.bytes, self.name)) };
        let (entries, places) = listing.walk.finish();
        Box::new(PackedTar { path: self.path, entries, places, states: listing.states, start: Unpack::new(self.bytes), near: Rc::default() })
    }
}

fn broken(error: &io::Error) -> String {
    format!("This packed file is damaged ({error}). Download or copy it again.")
}

impl Listing {
    fn step(&mut self) -> io::Result<bool> {
        let stop = self.unpack.at().saturating_add(STEP);
        while self.unpack.at() < stop {
            match self.walk.want() {
                Want::End => return Ok(true),
                Want::Header(at) => {
                    if !self.skip_to(at, stop)? {
                        if self.unpack.at() < stop {
                            self.cut(at);
                        }
                        continue;
                    }
                    self.keep();
                    let mut block = [0; BLOCK];
                    match self.read(&mut block)? {
                        BLOCK => self.walk.header(&block),
                        // An archive may end without its two blocks of zeros.
                        0 if self.unpack.fault().is_none() => return Ok(true),
                        _ => self.cut(at),
                    }
                }
                Want::Extra(at, size) => {
                    let mut extra = vec![0; size];
                    let whole = self.skip_to(at, u64::MAX)? && self.read(&mut extra)? == size;
                    if whole { self.walk.extra(&extra) } else { self.cut(at) }
                }
            }
        }
        Ok(false)
    }

    /// Fills the buffer as far as bytes come: damage ends them.
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.unpack.fill(buf).or_else(|e| if e.kind() == io::ErrorKind::InvalidData { Ok(0) } else { Err(e) })
    }

    /// Whether the place was reached, before `stop` and before the bytes end.
    fn skip_to(&mut self, at: u64, stop: u64) -> io::Result<bool> {
        let mut waste = [0; 16 << 10];
        while self.unpack.at() < at {
            if self.unpack.at() >= stop {
                return Ok(false);
            }
            let room = usize::try_from(at - self.unpack.at()).unwrap_or(usize::MAX).min(waste.len());
            if self.read(waste.get_mut(..room).unwrap_or_default())? == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The bytes end before this header.
    fn cut(&mut self, at: u64) {
        // Members may end exactly where the bytes do.
        if self.unpack.fault().is_some() || self.unpack.at() != at {
            self.walk.lost(if self.unpack.fault().is_some() { "damaged" } else { "cut off" });
        } else {
            self.walk.end();
        }
    }

    fn keep(&mut self) {
        let last = self.states.last().map_or(0, Unpack::at);
        if self.unpack.at() < last.saturating_add(self.apart) {
            return;
        }
        self.states.push(self.unpack.clone());
        if self.states.len() > STATES {
            self.apart *= 2;
            let mut odd = false;
            self.states.retain(|_| {
                odd = !odd;
                !odd
            });
        }
    }
}

/// One packed file.
struct One {
    path: String,
    bytes: Shared,
    entries: [Entry; 1],
}

impl One {
    fn new(path: &str, bytes: Shared, name: Option<Vec<u8>>) -> Self {
        let outer = path.rsplit(['/', '!']).next().unwrap_or(path);
        let lower = outer.to_ascii_lowercase();
        let stem = [".gz", ".gzip", ".z"].iter().find_map(|end| lower.ends_with(end).then(|| outer.get(..outer.len() - end.len())).flatten());
        let inner = name.as_deref().map(|n| super::archive::names::decoded(&[super::archive::names::Name { bytes: n, utf8: false, unicode: None }]));
        let inner = inner.and_then(|mut names| names.pop()).filter(|n| !n.is_empty() && !n.ends_with('/'));
        let name = inner.unwrap_or_else(|| stem.filter(|s| !s.is_empty()).unwrap_or("packed").to_owned());
        // The last four bytes say the size, of the last piece and without its high bits: good enough for a progress bar.
        let mut tail = [0; 4];
        let at = bytes.len().saturating_sub(4);
        let stated = bytes.read_at(at, &mut tail).map_or(0, |n| if n == 4 { u32::from_le_bytes(tail) } else { 0 });
        let size = u64::from(stated).max(bytes.len());
        let entry = Entry { name, size, packed: bytes.len(), modified: None, locked: None };
        Self { path: path.to_owned(), bytes, entries: [entry] }
    }
}

impl Archive for One {
    fn sole(&self) -> bool {
        true
    }
    fn path(&self) -> &str {
        &self.path
    }
    fn entries(&self) -> &[Entry] {
        &self.entries
    }
    fn open(&self, ix: usize) -> io::Result<Box<dyn Stream>> {
        if ix > 0 {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        }
        Ok(Box::new(Unpack::new(self.bytes.clone())))
    }
    fn direct(&self, _: usize) -> Option<Shared> {
        None
    }
}

/// States close to where was read last: where the member opened last begins, and where reading it ended.
type Near = Rc<RefCell<[Option<Unpack>; 2]>>;

/// A tar packed as a whole.
struct PackedTar {
    path: String,
    entries: Vec<Entry>,
    places: Vec<u64>,
    states: Vec<Unpack>,
    start: Unpack,
    near: Near,
}

impl Archive for PackedTar {
    fn path(&self) -> &str {
        &self.path
    }
    fn entries(&self) -> &[Entry] {
        &self.entries
    }
    fn open(&self, ix: usize) -> io::Result<Box<dyn Stream>> {
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        let (entry, at) = self.entries.get(ix).zip(self.places.get(ix)).filter(|(e, _)| e.locked.is_none()).ok_or_else(gone)?;
        let kept = self.states.partition_point(|s| s.at() <= *at).checked_sub(1).and_then(|ix| self.states.get(ix)).unwrap_or(&self.start);
        let near =
            self.near.try_borrow().ok().and_then(|near| near.iter().flatten().filter(|s| s.at() <= *at && s.at() > kept.at()).max_by_key(|s| s.at()).cloned());
        let mut unpack = near.unwrap_or_else(|| kept.clone());
        unpack.skip(at - unpack.at())?;
        if let Ok(mut near) = self.near.try_borrow_mut()
            && let [first, _] = &mut *near
        {
            *first = Some(unpack.clone());
        }
        Ok(Box::new(Exact::new(Box::new(Followed { unpack: Some(unpack), near: self.near.clone() }), entry.size)))
    }
    fn direct(&self, _: usize) -> Option<Shared> {
        None
    }
}

/// A member that leaves the state of its unpacking behind: the next member begins close to there.
struct Followed {
    unpack: Option<Unpack>,
    near: Near,
}

impl Stream for Followed {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.unpack.as_mut().map_or(Ok(0), |u| u.read(buf))
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        if let Ok(mut near) = self.near.try_borrow_mut()
            && let [_, last] = &mut *near
        {
            *last = self.unpack.take();
        }
    }
}

#[cfg(test)]
mod tests;
