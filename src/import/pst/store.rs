//! The lower layer of a store ([MS-PST] 2.2): header, the trees of nodes and blocks, data blocks, trees of subnodes.
//!
//! OST of Outlook 2013 and later have pages of 4 KiB, larger blocks, and blocks that are packed. No specification tells their layout; it is the one
//! that libpff reads (its `pff_index_node.h`, `pff_block.h`, `libpff_data_block.c`), and every block is checked against what states it twice.

use std::io::{self, Read};

use flate2::bufread::ZlibDecoder;

use super::cipher::Cipher;
use crate::import::bytes::Shared;
use crate::import::pages::{Pages, u16_at, u32_at, u64_at};

/// First bytes of a store.
pub const MAGIC: &[u8; 4] = b"!BDN";
/// Kind of a page of the tree of nodes.
const NODES: u8 = 0x81;
/// Kind of a page of the tree of blocks.
const BLOCKS: u8 = 0x80;
/// Bytes behind a block of the wide form.
const WIDE_FOOT: usize = 24;
/// Deepest trees.
const DEPTH: u8 = 12;
/// Most blocks of the data of a node.
const BLOCK_LIMIT: usize = 20_000;
/// Most subnodes of a node.
const SUBNODES: usize = 200_000;

/// Node of the store itself.
pub const STORE: u32 = 0x21;
/// Refusal of an OST that is not laid out as libpff knows it.
const UNLIKE: &str = "This OST of Outlook 2013 or later is damaged, or laid out in a way that is not known here: export to PST first (Outlook: File, Open and Export, Import/Export, Export to a file).";

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

/// The three forms of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Numbers of four bytes (Outlook 97 to 2002).
    Ansi,
    /// Numbers of eight bytes.
    Unicode,
    /// The same, in pages of 4 KiB (OST of Outlook 2013 and later).
    Wide,
}

impl Form {
    /// Size of a page, bytes of it that are entries, place of its kind.
    const fn page(self) -> (usize, usize, usize) {
        match self {
            Self::Ansi => (512, 496, 500),
            Self::Unicode => (512, 488, 496),
            Self::Wide => (4096, 4056, 4072),
        }
    }
}

/// An open store.
pub struct Store {
    pages: Pages,
    form: Form,
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
        let form = match u16_at(&header, 10) {
            14 | 15 => Form::Ansi,
            // 37 is 23 as Windows Information Protection marks it.
            23 | 37 => Form::Unicode,
            36 => Form::Wide,
            other => return Err(format!("This Outlook data file has the unknown version {other}: export it to a new PST with Outlook.")),
        };
        let ansi = form == Form::Ansi;
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
        let mut store = Self { pages, form, cipher, nodes, blocks, stated };
        // A whole file does not end before what it holds, either.
        let unlike = |e: io::Error| matches!(e.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof);
        if form == Form::Wide && stated <= store.len() && store.own_data().is_err_and(unlike) {
            return Err(UNLIKE.to_owned());
        }
        Ok(store)
    }

    /// The data of the store itself: both trees, a node and a block are as they should be.
    fn own_data(&mut self) -> io::Result<Vec<u8>> {
        let node = self.node(STORE)?.ok_or_else(|| broken("a store without a node of its own"))?;
        self.block(node.data)
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
        matches!(self.form, Form::Ansi)
    }

    /// Bits of the id of a heap's item that count the items of a block; those above count blocks.
    #[must_use]
    pub const fn item_bits(&self) -> u32 {
        if matches!(self.form, Form::Wide) { 14 } else { 11 }
    }

    /// Size of an id or a place.
    const fn word(&self) -> usize {
        if self.ansi() { 4 } else { 8 }
    }

    fn number(&self, bytes: &[u8], at: usize) -> u64 {
        if self.ansi() { u64::from(u32_at(bytes, at * 4)) } else { u64_at(bytes, at * 8) }
    }

    fn page(&mut self, at: u64, kind: u8) -> io::Result<Leaf> {
        let (size, room, foot) = self.form.page();
        let bytes = self.pages.exact(at, size)?.ok_or_else(ends)?;
        if bytes.get(foot) != Some(&kind) || bytes.get(foot + 1) != Some(&kind) {
            return Err(broken("an index page has another kind"));
        }
        let field = |n: usize| bytes.get(room + n).copied().unwrap_or(0);
        let (count, size, level) = match self.form {
            // Both counts have two bytes.
            Form::Wide => (usize::from(u16_at(&bytes, room)), usize::from(field(4)), field(5)),
            _ => (usize::from(field(0)), usize::from(field(2)), field(3)),
        };
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
        let mut bytes = if self.form == Form::Wide { self.packed(at, size, key)? } else { self.pages.exact(at, size)?.ok_or_else(ends)? };
        if key & 2 == 0 {
            self.cipher.decode(&mut bytes, (key & 0xffff_ffff) as u32);
        }
        Ok(bytes)
    }

    /// A block of the wide form, unpacked. Behind it, at the end of its last 512 bytes: its size, signature, sum, id, two bytes unknown, its size
    /// unpacked, four bytes unknown.
    fn packed(&mut self, at: u64, size: usize, key: u64) -> io::Result<Vec<u8>> {
        let whole = (size + WIDE_FOOT).next_multiple_of(512);
        let mut bytes = self.pages.exact(at, whole)?.ok_or_else(ends)?;
        let foot = bytes.split_off(whole - WIDE_FOOT);
        if usize::from(u16_at(&foot, 0)) != size || u64_at(&foot, 8) & !1 != key {
            return Err(broken("a block states another size or id than its tree"));
        }
        bytes.truncate(size);
        let unpacked = usize::from(u16_at(&foot, 18));
        if unpacked == 0 || unpacked == size {
            return Ok(bytes);
        }
        let mut out = Vec::with_capacity(unpacked);
        let read = ZlibDecoder::new(bytes.as_slice()).take(unpacked as u64 + 1).read_to_end(&mut out);
        if read.is_err() || out.len() != unpacked {
            return Err(broken("a block cannot be unpacked"));
        }
        Ok(out)
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
        let list = bytes.get(if self.ansi() { 4 } else { 8 }..).unwrap_or_default();
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
