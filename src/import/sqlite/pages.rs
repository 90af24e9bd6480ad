//! Pages of a database through a small cache: a read of a browser's file is dear, so neighbours come along.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use super::log::{Joined, Log};
use crate::import::bytes::Shared;

/// Bytes read at once; at least one page.
const BLOCK: u64 = 128 << 10;
/// Blocks held.
const HELD: usize = 48;
/// Marks a place that is counted in the log of a database, not in the database: half of the places a position can name.
pub const IN_LOG: u64 = 1 << 37;

/// One page; keeps its block alive.
#[derive(Clone)]
pub struct Page {
    block: Rc<Vec<u8>>,
    from: usize,
    to: usize,
}

impl Page {
    /// Its bytes. Shorter than a page where the file is cut.
    pub fn bytes(&self) -> &[u8] {
        self.block.get(self.from..self.to.min(self.block.len())).unwrap_or_default()
    }
}

/// A block: its number, its bytes, when it was last asked for.
type Held = (u64, Rc<Vec<u8>>, u64);

/// The pages of one file, or of a file and its log.
pub struct Pages {
    bytes: Shared,
    joined: Option<Rc<Joined>>,
    /// Bytes of a page.
    pub size: u32,
    /// Bytes of a page that hold content.
    pub usable: u32,
    cache: RefCell<(Vec<Held>, u64)>,
}

impl Pages {
    /// Of a file.
    pub fn new(bytes: Shared, size: u32, usable: u32) -> Self {
        Self { bytes, joined: None, size, usable, cache: RefCell::default() }
    }

    /// Of a file and its log.
    pub fn joined(joined: Joined, size: u32, usable: u32) -> Self {
        let joined = Rc::new(joined);
        Self { joined: Some(joined.clone()), ..Self::new(joined, size, usable) }
    }

    /// The log.
    pub fn log(&self) -> Option<&Log> {
        self.joined.as_deref().map(|j| &j.log)
    }

    /// Bytes of the file, without its log.
    pub fn len(&self) -> u64 {
        self.joined.as_ref().map_or_else(|| self.bytes.len(), |j| j.alone())
    }

    /// Pages in the file, a cut one included.
    fn count(&self) -> u64 {
        self.len().div_ceil(u64::from(self.size))
    }

    /// Pages that are held somewhere.
    pub fn slots(&self) -> u64 {
        self.count() + self.log().map_or(0, Log::held)
    }

    /// Which of those a page is, from 0; `None` for one that is held nowhere.
    pub fn slot(&self, number: u32) -> Option<u64> {
        let (page, count) = (u64::from(number).checked_sub(1)?, self.count());
        let stated = self.bytes.len().div_ceil(u64::from(self.size));
        if page < count { (page < stated).then_some(page) } else { Some(count + self.log().filter(|_| page < stated)?.slot(number)?) }
    }

    /// The page of this number, from 1; `None` where it is held nowhere.
    pub fn page(&self, number: u32) -> io::Result<Option<Page>> {
        let start = u64::from(number).saturating_sub(1) * u64::from(self.size);
        if self.slot(number).is_none() {
            return Ok(None);
        }
        let block = self.block(start / BLOCK)?;
        let from = usize::try_from(start % BLOCK).unwrap_or(0);
        let logged = self.log().is_some_and(|log| log.place(number).is_some());
        let size = if logged { u64::from(self.size) } else { u64::from(self.size).min(self.len() - start.min(self.len())) };
        Ok(Some(Page { block, from, to: from + usize::try_from(size).unwrap_or(0) }))
    }

    /// Byte of a page as a place: in the file, or marked as one in the log.
    pub fn place(&self, number: u32, at: usize) -> u64 {
        let logged = self.log().and_then(|log| log.place(number)).map(|p| p | IN_LOG);
        logged.unwrap_or_else(|| u64::from(number.saturating_sub(1)) * u64::from(self.size)) + at as u64
    }

    /// The page that stands at a place, with how far into it that is.
    pub fn page_at(&self, place: u64) -> io::Result<Option<(u32, usize)>> {
        let size = u64::from(self.size);
        let found = match (self.log(), place & IN_LOG) {
            (Some(log), IN_LOG) => log.page_at(place - IN_LOG)?,
            // A place in the file whose page stands in the log by now is no record any more.
            (log, _) => u32::try_from(place / size + 1).ok().filter(|n| log.is_none_or(|l| l.place(*n).is_none())).map(|n| (n, place % size)),
        };
        Ok(found.and_then(|(number, at)| Some((number, usize::try_from(at).ok()?))))
    }

    fn block(&self, number: u64) -> io::Result<Rc<Vec<u8>>> {
        let mut cache = self.cache.borrow_mut();
        let (held, clock) = &mut *cache;
        *clock += 1;
        if let Some((_, block, used)) = held.iter_mut().find(|(n, _, _)| *n == number) {
            *used = *clock;
            return Ok(block.clone());
        }
        let len = BLOCK.min(self.bytes.len().saturating_sub(number * BLOCK));
        let mut block = vec![0; usize::try_from(len).unwrap_or(0)];
        let mut filled = 0;
        while let Some(room) = block.get_mut(filled..).filter(|r| !r.is_empty()) {
            match self.bytes.read_at(number * BLOCK + filled as u64, room)? {
                0 => break,
                n => filled += n,
            }
        }
        block.truncate(filled);
        let block = Rc::new(block);
        if held.len() >= HELD
            && let Some(oldest) = held.iter().enumerate().min_by_key(|(_, (_, _, used))| *used).map(|(n, _)| n)
        {
            held.swap_remove(oldest);
        }
        held.push((number, block.clone(), *clock));
        Ok(block)
    }
}
