//! OLE compound files ([MS-CFB]): a file system in a file, with sectors of 512 or 4,096 bytes. Own reader, since it has to read at any
//! place, hold nothing of the file but its directory, and survive damage of every kind.

use std::collections::BTreeSet;
use std::io;

use super::bytes::Shared;
use super::pages::{Pages, u16_at, u32_at, u64_at};

/// First bytes of such a file.
pub const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// End of a chain; larger numbers mark other sectors that hold no data.
const LAST_SECTOR: u32 = 0xffff_fffa;
/// No entry.
const NO_ENTRY: u32 = u32::MAX;
/// Most entries of a directory that are read.
const ENTRY_LIMIT: usize = 1 << 18;
/// Streams below this lie in the mini stream.
const CUTOFF: u64 = 4096;
/// Size of a sector of the mini stream.
const MINI: u64 = 64;

/// A stream or storage.
struct Entry {
    name: String,
    kind: u8,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: u64,
}

/// An open compound file.
pub struct Ole {
    pages: Pages,
    shift: u32,
    /// Sectors that hold the table of chains.
    fat: Vec<u32>,
    /// Sectors of the table of chains within the mini stream.
    mini_fat: Vec<u32>,
    /// Sectors of the mini stream.
    mini: Vec<u32>,
    entries: Vec<Entry>,
    /// The table of chains or the directory reaches beyond the end of the file.
    pub cut: bool,
}

impl Ole {
    /// Opens a file. `Err`: a sentence.
    pub fn open(bytes: Shared) -> Result<Self, String> {
        let mut pages = Pages::new(bytes);
        let unread = |e: io::Error| format!("The file could not be read ({e}). Check that it is complete and try again.");
        let header = pages.exact(0, 512).map_err(unread)?.filter(|h| h.starts_with(&MAGIC));
        let Some(header) = header else {
            return Err("The file ends within its first 512 bytes: the copy failed. Copy or export it again.".to_owned());
        };
        let shift = u32::from(u16_at(&header, 30));
        if !matches!(shift, 9 | 12) || u16_at(&header, 32) != 6 {
            return Err("The header of this OLE file is damaged (sizes of its sectors). Export it again.".to_owned());
        }
        let mut ole = Self { pages, shift, fat: Vec::new(), mini_fat: Vec::new(), mini: Vec::new(), entries: Vec::new(), cut: false };
        ole.tables(&header).map_err(unread)?;
        if ole.entries.first().is_none_or(|root| root.kind != 5) {
            return Err("The directory of this OLE file cannot be read: the file is damaged or cut off. Copy or export it again.".to_owned());
        }
        Ok(ole)
    }

    fn tables(&mut self, header: &[u8]) -> io::Result<()> {
        let most = self.most_sectors();
        let (heads, _) = header.get(76..512).unwrap_or_default().as_chunks::<4>();
        self.fat.extend(heads.iter().map(|s| u32::from_le_bytes(*s)).take_while(|s| *s < LAST_SECTOR));
        // Further sectors of the table are listed in a chain of sectors, each ending with the next.
        let mut next = u32_at(header, 68);
        let mut seen = 0;
        while next < LAST_SECTOR && seen <= most && self.fat.len() <= most {
            let Some(sector) = self.sector(next)? else {
                self.cut = true;
                break;
            };
            let (numbers, _) = sector.as_chunks::<4>();
            let (last, listed) = numbers.split_last().map_or((NO_ENTRY, &[][..]), |(l, rest)| (u32::from_le_bytes(*l), rest));
            self.fat.extend(listed.iter().map(|s| u32::from_le_bytes(*s)).filter(|s| *s < LAST_SECTOR));
            next = last;
            seen += 1;
        }
        self.directory(u32_at(header, 48))?;
        self.mini_fat = self.chain(u32_at(header, 60))?;
        let root = self.entries.first().map_or(NO_ENTRY, |r| r.start);
        self.mini = self.chain(root)?;
        Ok(())
    }

    fn directory(&mut self, first: u32) -> io::Result<()> {
        for number in self.chain(first)? {
            let Some(sector) = self.sector(number)? else {
                self.cut = true;
                break;
            };
            for raw in sector.as_chunks::<128>().0 {
                let letters = usize::from(u16_at(raw, 64)).min(64) / 2;
                let (units, _) = raw.as_chunks::<2>();
                let name = char::decode_utf16(units.iter().take(letters.saturating_sub(1)).map(|u| u16::from_le_bytes(*u)));
                let size = u64_at(raw, 120);
                self.entries.push(Entry {
                    name: name.map(|c| c.unwrap_or('\u{fffd}')).collect(),
                    kind: raw.get(66).copied().unwrap_or(0),
                    left: u32_at(raw, 68),
                    right: u32_at(raw, 72),
                    child: u32_at(raw, 76),
                    start: u32_at(raw, 116),
                    // With sectors of 512 bytes the upper half of the size may hold anything.
                    size: if self.shift == 9 { size & 0xffff_ffff } else { size },
                });
            }
            if self.entries.len() >= ENTRY_LIMIT {
                break;
            }
        }
        Ok(())
    }

    /// More sectors than this no chain can have.
    fn most_sectors(&self) -> usize {
        usize::try_from(self.pages.len() >> self.shift).unwrap_or(usize::MAX)
    }

    const fn place(&self, sector: u32) -> u64 {
        (sector as u64 + 1) << self.shift
    }

    fn sector(&mut self, number: u32) -> io::Result<Option<Vec<u8>>> {
        self.pages.exact(self.place(number), 1 << self.shift)
    }

    /// The sector after this one.
    fn next(&mut self, sector: u32) -> io::Result<u32> {
        let per = 1u32 << (self.shift - 2);
        let Some(table) = self.fat.get((sector / per) as usize).copied() else { return Ok(NO_ENTRY) };
        let at = self.place(table) + u64::from(sector % per) * 4;
        Ok(self.pages.exact(at, 4)?.map_or(NO_ENTRY, |b| u32_at(&b, 0)))
    }

    /// A whole chain. A chain that is longer than the file goes in a circle and ends there.
    fn chain(&mut self, first: u32) -> io::Result<Vec<u32>> {
        let most = self.most_sectors();
        let mut out = Vec::new();
        let mut sector = first;
        while sector < LAST_SECTOR && out.len() <= most {
            out.push(sector);
            sector = self.next(sector)?;
        }
        Ok(out)
    }

    /// The root storage.
    pub const ROOT: u32 = 0;

    /// What lies in a storage, in order of names.
    #[must_use]
    pub fn children(&self, storage: u32) -> Vec<u32> {
        let mut out = Vec::new();
        let mut stack = vec![self.entry(storage).map_or(NO_ENTRY, |e| e.child)];
        let mut seen = BTreeSet::new();
        while let Some(ix) = stack.pop() {
            let Some(entry) = self.entry(ix).filter(|e| matches!(e.kind, 1 | 2)) else { continue };
            if !seen.insert(ix) {
                continue;
            }
            out.push(ix);
            stack.extend([entry.left, entry.right]);
        }
        out.sort_by(|a, b| self.name(*a).cmp(self.name(*b)));
        out
    }

    fn entry(&self, ix: u32) -> Option<&Entry> {
        self.entries.get(ix as usize)
    }

    /// Name of an entry.
    #[must_use]
    pub fn name(&self, ix: u32) -> &str {
        self.entry(ix).map_or("", |e| e.name.as_str())
    }

    /// Size of a stream as its directory states it.
    #[must_use]
    pub fn size(&self, ix: u32) -> u64 {
        self.entry(ix).map_or(0, |e| e.size)
    }

    /// The first `limit` bytes of a stream; fewer than it states where the file is cut or its chain broken.
    pub fn read(&mut self, ix: u32, limit: usize) -> io::Result<Vec<u8>> {
        let Some((start, size)) = self.entry(ix).filter(|e| e.kind == 2).map(|e| (e.start, e.size)) else { return Ok(Vec::new()) };
        let want = usize::try_from(size).unwrap_or(usize::MAX).min(limit);
        let mut out = Vec::with_capacity(want.min(1 << 20));
        if size < CUTOFF {
            self.mini_stream(start, want, &mut out)?;
            return Ok(out);
        }
        let mut sector = start;
        while sector < LAST_SECTOR && out.len() < want {
            let take = (want - out.len()).min(1 << self.shift);
            let before = out.len();
            self.pages.read(self.place(sector), take, &mut out)?;
            if out.len() - before < take {
                break;
            }
            sector = self.next(sector)?;
        }
        Ok(out)
    }

    fn mini_stream(&mut self, start: u32, want: usize, out: &mut Vec<u8>) -> io::Result<()> {
        let per = 1u32 << (self.shift - 2);
        let mut number = start;
        while number < LAST_SECTOR && out.len() < want {
            let at = u64::from(number) * MINI;
            let Some(sector) = usize::try_from(at >> self.shift).ok().and_then(|s| self.mini.get(s)).copied() else { break };
            let within = at & ((1 << self.shift) - 1);
            let take = (want - out.len()).min(MINI as usize);
            let before = out.len();
            self.pages.read(self.place(sector) + within, take, out)?;
            if out.len() - before < take {
                break;
            }
            let Some(table) = self.mini_fat.get((number / per) as usize).copied() else { break };
            let next = self.pages.exact(self.place(table) + u64::from(number % per) * 4, 4)?;
            number = next.map_or(NO_ENTRY, |b| u32_at(&b, 0));
        }
        Ok(())
    }

    /// Bytes read so far.
    #[must_use]
    pub fn come(&self) -> u64 {
        self.pages.come()
    }
}
