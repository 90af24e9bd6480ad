//! Pages of a database through a small cache: a read of a browser's file is dear, so neighbours come along.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use crate::import::bytes::Shared;

/// Bytes read at once; at least one page.
const BLOCK: u64 = 128 << 10;
/// Blocks held.
const HELD: usize = 48;

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

/// The pages of one file.
pub struct Pages {
    bytes: Shared,
    /// Bytes of a page.
    pub size: u32,
    /// Bytes of a page that hold content.
    pub usable: u32,
    cache: RefCell<(Vec<Held>, u64)>,
}

impl Pages {
    /// Of a file.
    pub fn new(bytes: Shared, size: u32, usable: u32) -> Self {
        Self { bytes, size, usable, cache: RefCell::default() }
    }

    /// Bytes of the file.
    pub fn len(&self) -> u64 {
        self.bytes.len()
    }

    /// Pages in the file, a cut one included.
    pub fn count(&self) -> u64 {
        self.bytes.len().div_ceil(u64::from(self.size))
    }

    /// The page of this number, from 1; `None` beyond the end of the file.
    pub fn page(&self, number: u32) -> io::Result<Option<Page>> {
        let Some(start) = u64::from(number).checked_sub(1).map(|n| n * u64::from(self.size)).filter(|s| *s < self.bytes.len()) else { return Ok(None) };
        let block = self.block(start / BLOCK)?;
        let from = usize::try_from(start % BLOCK).unwrap_or(0);
        Ok(Some(Page { block, from, to: from + self.size as usize }))
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
