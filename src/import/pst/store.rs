//! The lower layer of a store ([MS-PST] 2.2): header, the trees of nodes and blocks, data blocks, trees of subnodes.

use std::io;

use super::cipher::Cipher;
use crate::import::bytes::Shared;
use crate::import::pages::{Pages, u16_at, u32_at, u64_at};

/// First bytes of a store.
pub const MAGIC: &[u8; 4] = b"!BDN";
/// Kind of a page of the tree of nodes.
const NODES: u8 = 0x81;
/// Kind of a page of the tree of blocks.
const BLOCKS: u8 = 0x80;
/// Size of a page.
const PAGE: usize = 512;
/// Deepest trees.
const DEPTH: u8 = 12;
/// Most blocks of the data of a node.
const BLOCK_LIMIT: usize = 20_000;
/// Most subnodes of a node.
const SUBNODES: usize = 200_000;

/// Something of the data: a message, a folder, a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Node {
    /// Its id; the lower five bits are its type.
    pub id: u32,
    /// Block with its data.
    pub data: u64,
    /// Block with its subnodes; 0 = none.
    pub sub: u64,
    /// Folder it lies in.
    pub parent: u32,
}

/// Data of a node, block by block.
#[derive(Debug, Default)]
pub struct Data {
    /// Its blocks.
    pub blocks: Vec<Vec<u8>>,
    /// Some of it could not be read.
    pub cut: bool,
}

/// An open store.
pub struct Store {
    pages: Pages,
    /// Numbers of four bytes instead of eight (Outlook 97 to 2002).
    ansi: bool,
    cipher: Cipher,
    nodes: u64,
    blocks: u64,
    /// Size of the file as its header states it.
    pub stated: u64,
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

fn ends() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends before this place")
}

/// A page of a tree, seen as its entries.
struct Leaf {
    bytes: Vec<u8>,
    count: usize,
    size: usize,
    level: u8,
}

impl Leaf {
    fn entries(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.count).filter_map(|n| self.bytes.get(n * self.size..(n + 1) * self.size))
    }
}

impl Store {
    /// Opens a store. `Err`: a sentence.
    pub fn open(bytes: Shared) -> Result<Self, String> {
        let mut pages = Pages::new(bytes);
        let header = pages.exact(0, 564).map_err(|e| format!("The file could not be read ({e}). Check that it is complete and try again."))?;
        let Some(header) = header.filter(|h| h.starts_with(MAGIC)) else {
            return Err("The file ends within its header: the copy failed. Copy or export it again.".to_owned());
        };
        let ansi = match u16_at(&header, 10) {
            14 | 15 => true,
            // 37 is 23 as Windows Information Protection marks it.
            23 | 37 => false,
            36 => {
                return Err("This is an OST of Outlook 2013 or later: export to PST first (Outlook: File, Open and Export, Import/Export, Export to a file)."
                    .to_owned());
            }
            other => return Err(format!("This Outlook data file has the unknown version {other}: export it to a new PST with Outlook.")),
        };
        let method = header.get(if ansi { 461 } else { 513 }).copied().unwrap_or(0);
        let cipher = match method {
            0 => Cipher::None,
            1 => Cipher::Permute,
            2 => Cipher::Cyclic,
            16 => {
                return Err(
                    "This Outlook data file is locked by Windows Information Protection: open it in Outlook where it was made and export it to a new PST."
                        .to_owned(),
                );
            }
            other => return Err(format!("This Outlook data file is encoded in the unknown way {other}: export it to a new PST with Outlook.")),
        };
        let (stated, nodes, blocks) = if ansi {
            (u64::from(u32_at(&header, 168)), u64::from(u32_at(&header, 188)), u64::from(u32_at(&header, 196)))
        } else {
            (u64_at(&header, 184), u64_at(&header, 224), u64_at(&header, 240))
        };
        Ok(Self { pages, ansi, cipher, nodes, blocks, stated })
    }

    /// Size of the file.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.pages.len()
    }

    /// Bytes read so far.
    #[must_use]
    pub fn come(&self) -> u64 {
        self.pages.come()
    }

    /// Whether its numbers have four bytes.
    #[must_use]
    pub const fn ansi(&self) -> bool {
        self.ansi
    }

    /// Size of an id or a place.
    const fn word(&self) -> usize {
        if self.ansi { 4 } else { 8 }
    }

    fn number(&self, bytes: &[u8], at: usize) -> u64 {
        if self.ansi { u64::from(u32_at(bytes, at * 4)) } else { u64_at(bytes, at * 8) }
    }

    fn page(&mut self, at: u64, kind: u8) -> io::Result<Leaf> {
        let bytes = self.pages.exact(at, PAGE)?.ok_or_else(ends)?;
        let (room, foot) = if self.ansi { (496, 500) } else { (488, 496) };
        if bytes.get(foot) != Some(&kind) || bytes.get(foot + 1) != Some(&kind) {
            return Err(broken("an index page has another kind"));
        }
        let field = |n: usize| bytes.get(room + n).copied().unwrap_or(0);
        let (count, size, level) = (usize::from(field(0)), usize::from(field(2)), field(3));
        let least = match (level, kind) {
            (0, NODES) => self.word() * 3 + 4,
            (0, _) => self.word() * 2 + 2,
            _ => self.word() * 3,
        };
        if count * size > room || size < least || level > DEPTH {
            return Err(broken("an index page states more than it holds"));
        }
        Ok(Leaf { bytes, count, size, level })
    }

    /// The page that holds the first key from `key` on, and the first key of the page after it. A page that cannot be read is `Err`
    /// within, so that the walk can go on behind it.
    fn leaf(&mut self, root: u64, kind: u8, key: u64) -> (io::Result<Leaf>, Option<u64>) {
        let (mut at, mut above, mut next) = (root, DEPTH + 1, None);
        loop {
            let page = match self.page(at, kind) {
                Ok(page) if page.level < above => page,
                Ok(_) => return (Err(broken("an index page leads in a circle")), next),
                Err(error) => return (Err(error), next),
            };
            if page.level == 0 {
                return (Ok(page), next);
            }
            above = page.level;
            let mut child = None;
            for entry in page.entries() {
                let first = self.number(entry, 0);
                if first > key && child.is_some() {
                    next = Some(first);
                    break;
                }
                child = Some(self.number(entry, 2));
            }
            match child {
                Some(place) => at = place,
                None => return (Err(broken("an index page is empty")), next),
            }
        }
    }

    /// The nodes of one page, from the first with an id of at least `from`; and where the next page begins.
    pub fn nodes_from(&mut self, from: u64) -> (io::Result<Vec<Node>>, Option<u64>) {
        let (leaf, next) = self.leaf(self.nodes, NODES, from);
        let nodes = leaf.map(|leaf| leaf.entries().filter(|e| self.number(e, 0) & 0xffff_ffff >= from).map(|e| self.node_of(e)).collect());
        (nodes, next)
    }

    fn node_of(&self, entry: &[u8]) -> Node {
        let parent = u32_at(entry, self.word() * 3);
        Node { id: u32_at(entry, 0), data: self.number(entry, 1), sub: self.number(entry, 2), parent }
    }

    /// One node.
    pub fn node(&mut self, id: u32) -> io::Result<Option<Node>> {
        let leaf = self.leaf(self.nodes, NODES, u64::from(id)).0?;
        let found = leaf.entries().find(|e| u32_at(e, 0) == id).map(|e| self.node_of(e));
        Ok(found)
    }

    /// A block as it is stored, decoded if it holds data.
    fn block(&mut self, id: u64) -> io::Result<Vec<u8>> {
        // The lowest bit is of no meaning.
        let key = id & !1;
        let leaf = self.leaf(self.blocks, BLOCKS, key).0?;
        let word = self.word();
        let place = leaf.entries().find(|e| self.number(e, 0) & !1 == key).map(|e| (self.number(e, 1), usize::from(u16_at(e, word * 2))));
        let Some((at, size)) = place else { return Err(broken("a block is not listed")) };
        let mut bytes = self.pages.exact(at, size)?.ok_or_else(ends)?;
        if key & 2 == 0 {
            self.cipher.decode(&mut bytes, (key & 0xffff_ffff) as u32);
        }
        Ok(bytes)
    }

    /// The data of a node, at most about `limit` bytes.
    pub fn data(&mut self, id: u64, limit: usize) -> io::Result<Data> {
        let mut out = Data::default();
        if id == 0 {
            return Ok(out);
        }
        let mut left = limit;
        self.gather(id, 2, &mut left, &mut out)?;
        Ok(out)
    }

    fn gather(&mut self, id: u64, levels: u8, left: &mut usize, out: &mut Data) -> io::Result<()> {
        let bytes = self.block(id)?;
        if id & 2 == 0 {
            *left = left.saturating_sub(bytes.len());
            out.blocks.push(bytes);
            return Ok(());
        }
        let level = bytes.get(1).copied().unwrap_or(0);
        if bytes.first() != Some(&1) || !(1..=levels).contains(&level) {
            return Err(broken("a list of blocks is none"));
        }
        let count = usize::from(u16_at(&bytes, 2));
        let list = bytes.get(8..).unwrap_or_default();
        for n in 0..count.min(list.len() / self.word()) {
            if *left == 0 || out.blocks.len() >= BLOCK_LIMIT {
                break;
            }
            // A lost block costs its text, not the item.
            if let Err(error) = self.gather(self.number(list, n), level - 1, left, out) {
                if out.blocks.is_empty() {
                    return Err(error);
                }
                out.cut = true;
                break;
            }
        }
        Ok(())
    }

    /// The subnodes of a node, in order of their ids.
    pub fn subnodes(&mut self, id: u64) -> io::Result<Vec<Node>> {
        let mut out = Vec::new();
        if id != 0 {
            self.gather_subnodes(id, 1, &mut out)?;
        }
        out.sort_by_key(|n| n.id);
        Ok(out)
    }

    fn gather_subnodes(&mut self, id: u64, levels: u8, out: &mut Vec<Node>) -> io::Result<()> {
        let bytes = self.block(id)?;
        let level = bytes.get(1).copied().unwrap_or(0);
        if bytes.first() != Some(&2) || level > levels {
            return Err(broken("a list of subnodes is none"));
        }
        let size = self.word() * if level == 0 { 3 } else { 2 };
        let list = bytes.get(if self.ansi { 4 } else { 8 }..).unwrap_or_default();
        for entry in list.chunks_exact(size).take(usize::from(u16_at(&bytes, 2))) {
            if out.len() >= SUBNODES {
                break;
            }
            if level == 0 {
                out.push(Node { id: u32_at(entry, 0), data: self.number(entry, 1), sub: self.number(entry, 2), parent: 0 });
            } else {
                self.gather_subnodes(self.number(entry, 1), 0, out)?;
            }
        }
        Ok(())
    }
}
