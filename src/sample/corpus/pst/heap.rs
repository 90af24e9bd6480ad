//! The middle layer of a store ([MS-PST] 2.3): heaps in the data of a node, trees in a heap, and on these properties and tables.

use std::io;

use super::store::{ROOM, Store, Subnodes};

/// Longest item of a heap.
const ITEM: usize = 3580;
/// What a heap is for.
const PROPERTIES: u8 = 0xbc;
const TABLE: u8 = 0x7c;
/// Columns of every table: the id of the row, its version.
const ROW_ID: u16 = 0x67f2;
const ROW_VERSION: u16 = 0x67f3;

/// A value of a property or a cell.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    Number(i32),
    Yes(bool),
    /// Seconds UTC.
    Time(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl Value<'_> {
    const fn kind(&self) -> u16 {
        match self {
            Self::Number(_) => 0x0003,
            Self::Yes(_) => 0x000b,
            Self::Time(_) => 0x0040,
            Self::Text(_) => 0x001f,
            Self::Bytes(_) => 0x0102,
        }
    }

    fn raw(&self) -> Vec<u8> {
        match *self {
            Self::Number(n) => n.to_le_bytes().to_vec(),
            Self::Yes(yes) => u32::from(yes).to_le_bytes().to_vec(),
            // In 100 ns since 1601.
            Self::Time(at) => ((at + 11_644_473_600) * 10_000_000).to_le_bytes().to_vec(),
            Self::Text(text) => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Bytes(bytes) => bytes.to_vec(),
        }
    }
}

/// A heap: items in blocks, each block with a list of where its items end.
#[derive(Default)]
struct Heap {
    full: Vec<Vec<u8>>,
    block: Vec<u8>,
    /// Where the first item begins, and where each one ends.
    ends: Vec<u16>,
}

impl Heap {
    fn begin(&mut self) {
        let head = match self.full.len() {
            0 => 12,
            // Now and then a block states how full the next 128 are.
            n if n % 128 == 8 => 66,
            _ => 2,
        };
        // All are full: what writes to a store looks for room elsewhere.
        self.block = vec![0xff; head];
        self.ends = vec![head as u16];
    }

    /// Adds an item of at most [`ITEM`] bytes: gives its id.
    fn add(&mut self, item: &[u8]) -> u32 {
        if self.ends.is_empty() {
            self.begin();
        }
        if self.block.len() + item.len() + 1 + 4 + 2 * (self.ends.len() + 1) > ROOM {
            // The list of ends is at the end of the block.
            self.block.resize(ROOM - 4 - 2 * self.ends.len(), 0);
            self.close();
            self.begin();
        }
        self.block.extend_from_slice(item);
        self.ends.push(self.block.len() as u16);
        (self.full.len() as u32) << 16 | (self.ends.len() as u32 - 1) << 5
    }

    fn close(&mut self) {
        if self.block.len() % 2 == 1 {
            self.block.push(0);
        }
        let list = self.block.len() as u16;
        let items = self.ends.len().saturating_sub(1) as u16;
        self.block.extend_from_slice(&items.to_le_bytes());
        self.block.extend_from_slice(&[0; 2]);
        self.block.extend(self.ends.iter().flat_map(|end| end.to_le_bytes()));
        overwrite(&mut self.block, 0, &list.to_le_bytes());
        self.full.push(std::mem::take(&mut self.block));
    }

    /// A value in the heap or, when it is long, in a subnode.
    fn value(&mut self, raw: &[u8], store: &mut Store<'_>, subs: &mut Subnodes) -> io::Result<u32> {
        match raw.len() {
            0 => Ok(0),
            n if n <= ITEM => Ok(self.add(raw)),
            _ => Ok(subs.add_value(store.put(raw.chunks(ROOM))?)),
        }
    }

    /// A tree of records, which begin with their keys and are in order of them.
    fn tree(&mut self, key: u8, entry: u8, records: &[u8]) -> u32 {
        let (mut level, mut size, mut below, mut root) = (0, usize::from(key) + usize::from(entry), records.to_vec(), 0);
        while !below.is_empty() {
            let mut above = Vec::new();
            for piece in below.chunks(ITEM / size * size) {
                root = self.add(piece);
                above.extend_from_slice(piece.get(..usize::from(key)).unwrap_or_default());
                above.extend_from_slice(&root.to_le_bytes());
            }
            if above.len() <= usize::from(key) + 4 {
                break;
            }
            (below, size, level) = (above, usize::from(key) + 4, level + 1);
        }
        let mut head = vec![0xb5, key, entry, level];
        head.extend_from_slice(&root.to_le_bytes());
        self.add(&head)
    }

    /// The data of the node.
    fn finish(mut self, kind: u8, root: u32, store: &mut Store<'_>) -> io::Result<u64> {
        self.close();
        if let Some(first) = self.full.first_mut() {
            overwrite(first, 2, &[0xec, kind]);
            overwrite(first, 4, &root.to_le_bytes());
        }
        store.put(self.full.iter().map(Vec::as_slice))
    }
}

fn overwrite(block: &mut [u8], at: usize, bytes: &[u8]) {
    for (old, new) in block.iter_mut().skip(at).zip(bytes) {
        *old = *new;
    }
}

/// The properties of an object: gives the block of its data.
pub fn properties(list: &[(u16, Value<'_>)], store: &mut Store<'_>, subs: &mut Subnodes) -> io::Result<u64> {
    let (mut heap, mut records) = (Heap::default(), Vec::with_capacity(8 * list.len()));
    let mut list: Vec<&(u16, Value<'_>)> = list.iter().collect();
    list.sort_by_key(|(id, _)| *id);
    for (id, value) in list {
        records.extend_from_slice(&id.to_le_bytes());
        records.extend_from_slice(&value.kind().to_le_bytes());
        match value {
            Value::Number(_) | Value::Yes(_) => records.extend_from_slice(&value.raw()),
            _ => records.extend_from_slice(&heap.value(&value.raw(), store, subs)?.to_le_bytes()),
        }
    }
    let root = heap.tree(2, 6, &records);
    heap.finish(PROPERTIES, root, store)
}

/// A table on its way.
pub struct Table {
    heap: Heap,
    /// Id and kind of each column.
    columns: Vec<(u16, u16)>,
    /// Bytes of a row, without the bits that say which cells hold a value.
    width: usize,
    rows: Vec<u8>,
    /// Ids of rows and their places.
    index: Vec<u8>,
    subs: Subnodes,
}

impl Table {
    /// A table of these columns; the values only say their kinds. No column of [`Value::Yes`].
    pub fn new(columns: &[(u16, Value<'_>)]) -> Self {
        let columns: Vec<(u16, u16)> = [(ROW_ID, 3), (ROW_VERSION, 3)].into_iter().chain(columns.iter().map(|(id, v)| (*id, v.kind()))).collect();
        let width = columns.iter().map(|(_, kind)| width(*kind)).sum();
        Self { heap: Heap::default(), columns, width, rows: Vec::new(), index: Vec::new(), subs: Subnodes::default() }
    }

    fn size(&self) -> usize {
        self.width + self.columns.len().div_ceil(8)
    }

    /// Adds a row, with a value for each column; ids of rows rise.
    pub fn row(&mut self, id: u32, cells: &[Value<'_>], store: &mut Store<'_>) -> io::Result<()> {
        let size = self.size();
        // No row goes over the end of a block.
        if self.rows.len() % ROOM + size > ROOM {
            self.rows.resize(self.rows.len().next_multiple_of(ROOM), 0);
        }
        self.index.extend_from_slice(&id.to_le_bytes());
        self.index.extend_from_slice(&(self.index.len() as u32 / 8).to_le_bytes());
        let end = self.rows.len() + size;
        self.rows.extend_from_slice(&id.to_le_bytes());
        self.rows.extend_from_slice(&[0; 4]);
        for cell in cells {
            match cell {
                Value::Text(_) | Value::Bytes(_) => self.rows.extend_from_slice(&self.heap.value(&cell.raw(), store, &mut self.subs)?.to_le_bytes()),
                _ => self.rows.extend_from_slice(&cell.raw()),
            }
        }
        self.rows.resize(end, 0xff);
        Ok(())
    }

    /// Gives the block of its data, and its subnodes.
    pub fn finish(mut self, store: &mut Store<'_>) -> io::Result<(u64, Subnodes)> {
        let index = self.heap.tree(4, 4, &self.index);
        let rows = self.heap.value(&self.rows, store, &mut self.subs)?;
        let mut info = vec![TABLE, self.columns.len() as u8];
        // Ends of the cells of four and eight bytes, of two, of one, and of the row.
        for end in [self.width, self.width, self.width, self.size()] {
            info.extend_from_slice(&(end as u16).to_le_bytes());
        }
        for id in [index, rows, 0] {
            info.extend_from_slice(&id.to_le_bytes());
        }
        let mut at = 0;
        let mut columns = Vec::with_capacity(self.columns.len());
        for (bit, (id, kind)) in self.columns.iter().enumerate() {
            columns.push((*id, *kind, at as u16, width(*kind) as u8, bit as u8));
            at += width(*kind);
        }
        columns.sort_unstable();
        for (id, kind, at, width, bit) in columns {
            for word in [kind, id, at] {
                info.extend_from_slice(&word.to_le_bytes());
            }
            info.extend_from_slice(&[width, bit]);
        }
        let root = self.heap.add(&info);
        Ok((self.heap.finish(TABLE, root, store)?, self.subs))
    }
}

/// Bytes of a cell; long values are elsewhere.
const fn width(kind: u16) -> usize {
    if kind == 0x0040 { 8 } else { 4 }
}
