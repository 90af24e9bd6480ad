//! The lower layer of a store ([MS-PST] 2.2): data in blocks, and the two trees that find blocks and nodes. The header, which stands first, states
//! where the trees are, which stand last: so a store is made twice, once to find all places, and once to write.

use std::io::{self, Write};

use flate2::Crc;

/// Bytes of data in the largest block.
pub const ROOM: usize = 8176;
/// First place of a map of what is free.
const MAP: u64 = 0x4400;
/// Bytes from one map to the next.
const MAP_STEP: u64 = 253_952;
/// Pages that may be a map at such a place: one of each of the four kinds.
const MAP_PAGES: u64 = 4 * PAGE;
const PAGE: u64 = 512;
/// Bytes of a page that are entries of a tree.
const ENTRIES: usize = 488;
const HEADER: usize = 564;
/// Kinds of pages: of the tree of blocks, of the tree of nodes.
const BLOCKS: u8 = 0x80;
const NODES: u8 = 0x81;
/// Most blocks in one list.
const LISTED: usize = (ROOM - 8) / 8;

/// Where something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    id: u64,
    at: u64,
}

/// What the header states of all that follows it.
#[derive(Debug, PartialEq, Eq)]
struct Whole {
    size: u64,
    nodes: Place,
    blocks: Place,
    next_block: u64,
    next_page: u64,
    /// The next free id of each type.
    next: [u32; 32],
}

/// Subnodes of one node: id, block of its data, block of its own subnodes.
#[derive(Default)]
pub struct Subnodes(Vec<[u64; 3]>);

impl Subnodes {
    /// Adds one.
    pub fn add(&mut self, id: u32, data: u64, sub: u64) {
        self.0.push([u64::from(id), data, sub]);
    }

    /// Adds a value that is too large for a heap: gives its id.
    pub fn add_value(&mut self, data: u64) -> u32 {
        let id = ((self.0.len() as u32 + 0x401) << 5) | 0x1f;
        self.add(id, data, 0);
        id
    }
}

/// A store on its way out.
pub struct Store<'a> {
    /// `None`: only places are found.
    out: Option<&'a mut dyn Write>,
    at: u64,
    next_block: u64,
    next_page: u64,
    /// Entries of the tree of blocks.
    blocks: Vec<u8>,
    /// Entries of the tree of nodes, and their ids.
    nodes: Vec<(u32, [u8; 32])>,
    /// One block as it is written. Reused.
    written: Vec<u8>,
}

/// Writes the store that `fill` fills; it is called twice and must do the same both times.
pub fn write(out: &mut dyn Write, mut fill: impl FnMut(&mut Store<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut measured = Store::new(None);
    fill(&mut measured)?;
    let whole = measured.finish()?;
    out.write_all(&header(&whole))?;
    let mut store = Store::new(Some(out));
    fill(&mut store)?;
    if store.finish()? == whole { Ok(()) } else { Err(io::Error::other("the mails of the second round are not those of the first")) }
}

impl<'a> Store<'a> {
    fn new(out: Option<&'a mut dyn Write>) -> Self {
        Self { out, at: HEADER as u64, next_block: 4, next_page: 4, blocks: Vec::new(), nodes: Vec::new(), written: Vec::new() }
    }

    /// Room for so many bytes at once, beside the places of maps.
    fn space(&mut self, size: u64, align: u64) -> io::Result<u64> {
        let mut place = self.at.max(MAP).next_multiple_of(align);
        place += MAP_PAGES.saturating_sub((place - MAP) % MAP_STEP);
        let next_map = MAP + ((place - MAP) / MAP_STEP + 1) * MAP_STEP;
        if place + size > next_map {
            place = next_map + MAP_PAGES;
        }
        if let Some(out) = &mut self.out {
            io::copy(&mut io::Read::take(io::repeat(0), place - self.at), out)?;
        }
        self.at = place + size;
        Ok(place)
    }

    fn block(&mut self, data: &[u8], internal: bool) -> io::Result<u64> {
        self.next_block += 4;
        let id = self.next_block | if internal { 2 } else { 0 };
        let size = (data.len() + 16).next_multiple_of(64);
        let place = self.space(size as u64, 64)?;
        let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
        // Two references: the tree's own, and that of the one node.
        for word in [id, place, u64::from(length) | 2 << 16] {
            self.blocks.extend_from_slice(&word.to_le_bytes());
        }
        if let Some(out) = &mut self.out {
            let written = &mut self.written;
            written.clear();
            if internal {
                written.extend_from_slice(data);
            } else {
                written.extend(data.iter().map(|b| PERMUTED.get(usize::from(*b)).copied().unwrap_or(0)));
            }
            let sum = sum(written);
            written.resize(size - 16, 0);
            written.extend_from_slice(&length.to_le_bytes());
            written.extend_from_slice(&signature(place, id).to_le_bytes());
            written.extend_from_slice(&sum.to_le_bytes());
            written.extend_from_slice(&id.to_le_bytes());
            out.write_all(written)?;
        }
        Ok(id)
    }

    /// Data in blocks as they are given, none over [`ROOM`]: gives the id of the block, or of the list of them.
    pub fn put<'b>(&mut self, blocks: impl IntoIterator<Item = &'b [u8]>) -> io::Result<u64> {
        let (mut ids, mut length) = (Vec::new(), 0);
        for block in blocks {
            ids.push(self.block(block, false)?);
            length += block.len();
        }
        if let [one] = ids.as_slice() {
            return Ok(*one);
        }
        if ids.len() > LISTED {
            return Err(io::Error::other("the data of a node is longer than one list of blocks"));
        }
        let mut list = vec![1, 1];
        list.extend_from_slice(&(ids.len() as u16).to_le_bytes());
        list.extend_from_slice(&(length as u32).to_le_bytes());
        list.extend(ids.iter().flat_map(|id| id.to_le_bytes()));
        self.block(&list, true)
    }

    /// The block that lists subnodes; 0 for none.
    pub fn subnodes(&mut self, mut subs: Subnodes) -> io::Result<u64> {
        if subs.0.is_empty() {
            return Ok(0);
        }
        subs.0.sort_unstable();
        let mut list = vec![2, 0];
        list.extend_from_slice(&(subs.0.len() as u16).to_le_bytes());
        list.extend_from_slice(&[0; 4]);
        list.extend(subs.0.iter().flatten().flat_map(|word| word.to_le_bytes()));
        self.block(&list, true)
    }

    /// A node, with its data and subnodes, in a folder.
    pub fn node(&mut self, id: u32, data: u64, subs: Subnodes, parent: u32) -> io::Result<()> {
        let sub = self.subnodes(subs)?;
        let mut entry = [0; 32];
        for (place, word) in entry.chunks_exact_mut(8).zip([u64::from(id), data, sub, u64::from(parent)]) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        self.nodes.push((id, entry));
        Ok(())
    }

    /// The trees.
    fn finish(mut self) -> io::Result<Whole> {
        let mut next = [0x8000; 32];
        self.nodes.sort_unstable();
        for (id, _) in &self.nodes {
            if let Some(highest) = next.get_mut((id & 0x1f) as usize) {
                *highest = (*highest).max((id & !0x1f) + 0x20);
            }
        }
        for (kind, next) in next.iter_mut().enumerate() {
            *next |= kind as u32;
        }
        let entries = std::mem::take(&mut self.nodes).iter().flat_map(|(_, entry)| *entry).collect();
        let nodes = self.tree(NODES, entries, 32)?;
        // Blocks have their ids in order.
        let entries = std::mem::take(&mut self.blocks);
        let blocks = self.tree(BLOCKS, entries, 24)?;
        Ok(Whole { size: self.at, nodes, blocks, next_block: self.next_block + 4, next_page: self.next_page + 4, next })
    }

    /// Pages of a tree, leaves first: gives its root.
    fn tree(&mut self, kind: u8, mut entries: Vec<u8>, mut size: usize) -> io::Result<Place> {
        let mut level = 0;
        loop {
            let mut above = Vec::new();
            let mut last = Place { id: 0, at: 0 };
            for piece in entries.chunks(ENTRIES / size * size) {
                last = self.page(kind, level, size, piece)?;
                above.extend_from_slice(piece.get(..8).unwrap_or_default());
                above.extend_from_slice(&last.id.to_le_bytes());
                above.extend_from_slice(&last.at.to_le_bytes());
            }
            if above.len() <= 24 {
                return Ok(last);
            }
            (entries, size, level) = (above, 24, level + 1);
        }
    }

    fn page(&mut self, kind: u8, level: u8, size: usize, entries: &[u8]) -> io::Result<Place> {
        self.next_page += 4;
        let id = self.next_page;
        let at = self.space(PAGE, PAGE)?;
        if let Some(out) = &mut self.out {
            let mut page = entries.to_vec();
            page.resize(ENTRIES, 0);
            page.extend_from_slice(&[(entries.len() / size) as u8, (ENTRIES / size) as u8, size as u8, level, 0, 0, 0, 0]);
            let sum = sum(&page);
            page.extend_from_slice(&[kind, kind]);
            page.extend_from_slice(&signature(at, id).to_le_bytes());
            page.extend_from_slice(&sum.to_le_bytes());
            page.extend_from_slice(&id.to_le_bytes());
            out.write_all(&page)?;
        }
        Ok(Place { id, at })
    }
}

fn header(whole: &Whole) -> Vec<u8> {
    let mut body = Vec::with_capacity(HEADER);
    // Client "SM", version 23 for numbers of eight bytes, client version 19, platform.
    body.extend_from_slice(&[b'S', b'M', 23, 0, 19, 0, 1, 1]);
    body.extend_from_slice(&[0; 16]);
    body.extend_from_slice(&whole.next_page.to_le_bytes());
    body.extend_from_slice(&1u32.to_le_bytes());
    body.extend(whole.next.iter().flat_map(|id| id.to_le_bytes()));
    body.extend_from_slice(&[0; 12]);
    let last_map = MAP + whole.size.saturating_sub(MAP + 1) / MAP_STEP * MAP_STEP;
    // Size, last map, free bytes (unknown), roots of the trees.
    for word in [whole.size, last_map, 0, 0, whole.nodes.id, whole.nodes.at, whole.blocks.id, whole.blocks.at] {
        body.extend_from_slice(&word.to_le_bytes());
    }
    // The maps of what is free are not valid: their places are kept, and a program that writes makes them anew.
    body.extend_from_slice(&[0; 8]);
    body.extend_from_slice(&[0xff; 256]);
    // End of the maps; each byte exchanged for another.
    body.extend_from_slice(&[0x80, 1, 0, 0]);
    body.extend_from_slice(&whole.next_block.to_le_bytes());
    let (part, all) = (sum(body.get(..471).unwrap_or_default()), sum(&body));
    let mut out = b"!BDN".to_vec();
    out.extend_from_slice(&part.to_le_bytes());
    out.extend_from_slice(&body);
    out.extend_from_slice(&all.to_le_bytes());
    out.resize(HEADER, 0);
    out
}

/// The sum of [MS-PST] 5.3: CRC-32 that begins and ends without turning the bits, which four bytes of ones before the data do.
fn sum(data: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(&[0xff; 4]);
    crc.update(data);
    !crc.sum()
}

/// The signature of [MS-PST] 5.5.
const fn signature(at: u64, id: u64) -> u16 {
    let mixed = at ^ id;
    ((mixed >> 16) ^ mixed) as u16
}

/// What each byte is exchanged for, as most stores of Outlook have it ([MS-PST] 5.1).
#[rustfmt::skip] // As the specification prints it.
const PERMUTED: [u8; 256] = [
    65, 54, 19, 98, 168, 33, 110, 187, 244, 22, 204, 4, 127, 100, 232, 93, 30, 242, 203, 42, 116, 197, 94, 53, 210, 149, 71, 158, 150, 45, 154, 136, 76, 125,
    132, 63, 219, 172, 49, 182, 72, 95, 246, 196, 216, 57, 139, 231, 35, 59, 56, 142, 200, 193, 223, 37, 177, 32, 165, 70, 96, 78, 156, 251, 170, 211, 86, 81,
    69, 124, 85, 0, 7, 201, 43, 157, 133, 155, 9, 160, 143, 173, 179, 15, 99, 171, 137, 75, 215, 167, 21, 90, 113, 102, 66, 191, 38, 74, 107, 152, 250, 234,
    119, 83, 178, 112, 5, 44, 253, 89, 58, 134, 126, 206, 6, 235, 130, 120, 87, 199, 141, 67, 175, 180, 28, 212, 91, 205, 226, 233, 39, 79, 195, 8, 114, 128,
    207, 176, 239, 245, 40, 109, 190, 48, 77, 52, 146, 213, 14, 60, 34, 50, 229, 228, 249, 159, 194, 209, 10, 129, 18, 225, 238, 145, 131, 118, 227, 151, 230,
    97, 138, 23, 121, 164, 183, 220, 144, 122, 92, 140, 2, 166, 202, 105, 222, 80, 26, 17, 147, 185, 82, 135, 88, 252, 237, 29, 55, 73, 27, 106, 224, 41, 51,
    153, 189, 108, 217, 148, 243, 64, 84, 111, 240, 198, 115, 184, 214, 62, 101, 24, 68, 31, 221, 103, 16, 241, 12, 25, 236, 174, 3, 161, 20, 123, 169, 11,
    255, 248, 163, 192, 162, 1, 247, 46, 188, 36, 104, 117, 13, 254, 186, 47, 181, 208, 218, 61,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum as the specification writes it: bit by bit, from zero, and not turned at the end.
    #[test]
    fn sums_are_those_of_the_specification() {
        let data: Vec<u8> = (0..600u32).map(|n| (n * n % 251) as u8).collect();
        let slow = data.iter().fold(0u32, |sum, b| (0..8).fold(sum ^ u32::from(*b), |s, _| if s & 1 == 1 { s >> 1 ^ 0xedb8_8320 } else { s >> 1 }));
        assert_eq!(sum(&data), slow);
    }

    #[test]
    fn nothing_lies_where_a_map_may_be() {
        let mut store = Store::new(None);
        for n in 0..2_000 {
            store.block(&vec![0; n * 7919 % ROOM], false).unwrap();
        }
        let (entries, _) = store.blocks.as_chunks::<24>();
        for entry in entries {
            let at = u64::from_le_bytes(entry[8..16].try_into().unwrap());
            let end = at + (u64::from(u16::from_le_bytes([entry[16], entry[17]])) + 16).next_multiple_of(64);
            assert_eq!(at % 64, 0);
            assert_eq!((at - MAP) / MAP_STEP, (end - 1 - MAP) / MAP_STEP);
            assert!((at - MAP) % MAP_STEP >= MAP_PAGES);
        }
    }
}
