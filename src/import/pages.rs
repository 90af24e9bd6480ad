//! Bytes at any place through a small memory of pages: formats with tables jump about, and a read of a browser's file is dear.

use std::io;

use super::bytes::Shared;
use super::sink::Map;

/// Size of a page.
const PAGE: u64 = 64 << 10;
/// Pages kept.
const KEPT: usize = 64;

/// A file as pages, the last used of which are kept (4 MiB).
pub struct Pages {
    bytes: Shared,
    len: u64,
    pages: Map<u64, (u64, Vec<u8>)>,
    clock: u64,
    come: u64,
}

impl Pages {
    /// On a file.
    #[must_use]
    pub fn new(bytes: Shared) -> Self {
        Self { len: bytes.len(), bytes, pages: Map::default(), clock: 0, come: 0 }
    }

    /// Size of the file.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Bytes read from the file so far, for progress; never more than its size.
    #[must_use]
    pub fn come(&self) -> u64 {
        self.come.min(self.len)
    }

    /// Up to `len` bytes at `offset` are put behind those in `out`; fewer only where the file ends.
    pub fn read(&mut self, offset: u64, len: usize, out: &mut Vec<u8>) -> io::Result<()> {
        let end = offset.saturating_add(len as u64).min(self.len);
        let mut at = offset;
        while at < end {
            let page = self.page(at / PAGE)?;
            let from = usize::try_from(at % PAGE).unwrap_or(0);
            let take = usize::try_from(end - at).unwrap_or(usize::MAX);
            let piece = page.get(from..).unwrap_or_default();
            let piece = piece.get(..piece.len().min(take)).unwrap_or_default();
            if piece.is_empty() {
                break;
            }
            out.extend_from_slice(piece);
            at += piece.len() as u64;
        }
        Ok(())
    }

    /// Exactly `len` bytes; `None` where the file ends before.
    pub fn exact(&mut self, offset: u64, len: usize) -> io::Result<Option<Vec<u8>>> {
        if offset.saturating_add(len as u64) > self.len {
            return Ok(None);
        }
        let mut out = Vec::with_capacity(len);
        self.read(offset, len, &mut out)?;
        Ok((out.len() == len).then_some(out))
    }

    fn page(&mut self, number: u64) -> io::Result<&[u8]> {
        self.clock += 1;
        if !self.pages.contains_key(&number) {
            let size = usize::try_from(PAGE.min(self.len.saturating_sub(number * PAGE))).unwrap_or(0);
            let mut page = vec![0; size];
            let mut filled = 0;
            while let Some(room) = page.get_mut(filled..)
                && !room.is_empty()
            {
                let n = self.bytes.read_at(number * PAGE + filled as u64, room)?;
                if n == 0 {
                    page.truncate(filled);
                    break;
                }
                filled += n.min(room.len());
            }
            self.come += filled as u64;
            if self.pages.len() >= KEPT
                && let Some(oldest) = self.pages.iter().min_by_key(|(_, (used, _))| *used).map(|(n, _)| *n)
            {
                self.pages.remove(&oldest);
            }
            self.pages.insert(number, (self.clock, page));
        }
        let clock = self.clock;
        Ok(self.pages.get_mut(&number).map_or(&[], |(used, page)| {
            *used = clock;
            page.as_slice()
        }))
    }
}

/// Little-endian numbers at a place; 0 where there are no bytes.
pub fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u16::from_le_bytes(*b))
}

/// The same of four bytes.
pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u32::from_le_bytes(*b))
}

/// The same of eight bytes.
pub fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u64::from_le_bytes(*b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn pages_give_the_bytes_of_the_file_wherever_they_are_asked_for() {
        let bytes: Vec<u8> = (0..9_000_000u32).map(|n| (n / 7) as u8).collect();
        let mut pages = Pages::new(Rc::new(bytes.clone()));
        for (at, len) in [(0, 10), (65_530, 20), (8_999_990, 10), (100_000, 300_000), (4_000_000, 5_000_000), (1, 1)] {
            assert_eq!(pages.exact(at, len).unwrap().unwrap(), bytes[at as usize..at as usize + len]);
        }
        assert_eq!(pages.exact(8_999_999, 2).unwrap(), None);
        assert!(pages.pages.len() <= KEPT);
    }
}
