//! The middle layer ([MS-PST] 2.3): a heap in the data of a node, trees in the heap, and on these the properties of an object and
//! tables.

use std::io;

use super::store::{Data, Node, Store};
use crate::import::mapi::{Props, Value, limit};
use crate::import::pages::{u16_at, u32_at};

/// Most bytes of a heap: tables of large folders have some megabytes.
const HEAP_LIMIT: usize = 64 << 20;
/// Most rows of a table that are read.
const ROW_LIMIT: usize = 20_000;
/// Data of an attachment.
const ATTACHED: u16 = 0x3701;
/// Deepest tree in a heap.
const DEPTH: u8 = 8;
/// Most entries of a tree.
const ENTRY_LIMIT: usize = 4 << 20;

/// A heap, with the subnodes in which its large values lie.
pub struct Heap {
    data: Data,
    subnodes: Vec<Node>,
    /// Bits of an id that count the items of a block.
    bits: u32,
    /// What it is for: 0xbc properties, 0x7c table.
    kind: u8,
    root: u32,
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

impl Heap {
    /// The heap of a node.
    pub fn open(store: &mut Store, node: Node) -> io::Result<Self> {
        let subnodes = store.subnodes(node.sub)?;
        let data = store.data(node.data, HEAP_LIMIT)?;
        let first = data.blocks.first().map_or(&[][..], Vec::as_slice);
        if first.get(2) != Some(&0xec) {
            return Err(broken("the data of a node is no heap"));
        }
        let (kind, root) = (first.get(3).copied().unwrap_or(0), u32_at(first, 4));
        Ok(Self { data, subnodes, bits: store.item_bits(), kind, root })
    }

    /// Subnodes of its node.
    #[must_use]
    pub fn subnodes(&self) -> &[Node] {
        &self.subnodes
    }

    fn subnode(&self, id: u32) -> Option<Node> {
        self.subnodes.binary_search_by_key(&id, |n| n.id).ok().and_then(|ix| self.subnodes.get(ix)).copied()
    }

    /// Whether some of it could not be read.
    #[must_use]
    pub const fn cut(&self) -> bool {
        self.data.cut
    }

    /// An item of the heap; empty for none.
    fn item(&self, id: u32) -> &[u8] {
        let index = (id >> 5 & ((1 << self.bits) - 1)) as usize;
        let Some(block) = self.data.blocks.get((id >> 5 >> self.bits) as usize) else { return &[] };
        if id & 0x1f != 0 || index == 0 {
            return &[];
        }
        let map = block.get(usize::from(u16_at(block, 0))..).unwrap_or_default();
        if index > usize::from(u16_at(map, 0)) {
            return &[];
        }
        let place = |n: usize| usize::from(u16_at(map, 4 + 2 * n));
        block.get(place(index - 1)..place(index)).unwrap_or_default()
    }

    /// A value by its id: in the heap, or in a subnode.
    fn value(&self, store: &mut Store, id: u32, most: usize, cut: &mut bool) -> io::Result<Vec<u8>> {
        if id == 0 {
            return Ok(Vec::new());
        }
        if id & 0x1f == 0 {
            let item = self.item(id);
            return Ok(item.get(..item.len().min(most)).unwrap_or_default().to_vec());
        }
        let Some(node) = self.subnode(id) else {
            *cut = true;
            return Ok(Vec::new());
        };
        match store.data(node.data, most) {
            Ok(data) => {
                *cut |= data.cut;
                let mut all = data.blocks.concat();
                all.truncate(most);
                Ok(all)
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => {
                *cut = true;
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }

    /// Calls `found` with each entry (key and value in one piece) of the tree at `id`.
    fn tree(&self, id: u32, found: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let head = self.item(id);
        let (kind, key, entry, levels) = (head.first(), head.get(1), head.get(2), head.get(3).copied().unwrap_or(0));
        let (Some(0xb5), Some(key), Some(entry)) = (kind, key, entry) else { return Err(broken("a tree of a heap is none")) };
        let (key, size) = (usize::from(*key), usize::from(*key) + usize::from(*entry));
        if size == 0 || levels > DEPTH {
            return Err(broken("a tree of a heap has no size"));
        }
        let mut left = ENTRY_LIMIT;
        self.level(u32_at(head, 4), levels, key, size, &mut left, found);
        Ok(())
    }

    fn level(&self, id: u32, level: u8, key: usize, size: usize, left: &mut usize, found: &mut dyn FnMut(&[u8])) {
        let size_here = if level == 0 { size } else { key + 4 };
        for entry in self.item(id).chunks_exact(size_here) {
            if *left == 0 {
                return;
            }
            *left -= 1;
            if level == 0 { found(entry) } else { self.level(u32_at(entry, key), level - 1, key, size, left, found) }
        }
    }

    /// The properties of an object.
    pub fn props(&self, store: &mut Store, cut: &mut bool) -> io::Result<Props> {
        if self.kind != 0xbc {
            return Err(broken("a node has no properties"));
        }
        let mut list = Vec::new();
        self.tree(self.root, &mut |entry| {
            let (id, kind) = (u16_at(entry, 0), u16_at(entry, 2));
            if limit(id, kind) > 0 && list.len() < 1000 {
                list.push((id, kind, entry.get(4..8).unwrap_or_default().to_vec()));
            }
        })?;
        let mut out = Props::default();
        for (id, kind, raw) in list {
            let value = match kind {
                0x0002 | 0x0003 | 0x000b => Value::fixed(kind, &raw),
                0x0014 | 0x0040 => Value::fixed(kind, self.item(u32_at(&raw, 0))),
                0x001e | 0x001f | 0x0102 => Value::variable(kind, self.value(store, u32_at(&raw, 0), limit(id, kind), cut)?),
                _ => None,
            };
            if let Some(value) = value {
                out.push(id, value);
            }
        }
        *cut |= self.cut();
        Ok(out)
    }

    /// The item that an attachment holds whole.
    #[must_use]
    pub fn attached(&self) -> Option<Node> {
        let mut place = None;
        // Its value is the id and size of a subnode.
        let found = self.tree(self.root, &mut |entry| {
            if (u16_at(entry, 0), u16_at(entry, 2)) == (ATTACHED, 0x000d) {
                place = Some(u32_at(entry, 4));
            }
        });
        found.ok().and(place).and_then(|at| self.subnode(u32_at(self.item(at), 0)))
    }

    /// Number of rows of a table.
    pub fn row_count(&self) -> io::Result<u64> {
        let mut n = 0;
        self.tree(u32_at(self.table()?, 10), &mut |_| n += 1)?;
        Ok(n)
    }

    fn table(&self) -> io::Result<&[u8]> {
        let info = self.item(self.root);
        if self.kind == 0x7c && info.first() == Some(&0x7c) { Ok(info) } else { Err(broken("a table is none")) }
    }

    /// The rows of a table as properties.
    pub fn rows(&self, store: &mut Store, cut: &mut bool) -> io::Result<Vec<Props>> {
        let info = self.table()?;
        let columns: Vec<(u16, u16, usize, usize)> = info
            .get(22..)
            .unwrap_or_default()
            .as_chunks::<8>()
            .0
            .iter()
            .take(usize::from(info.get(1).copied().unwrap_or(0)))
            .map(|c| (u16_at(c, 2), u16_at(c, 0), usize::from(u16_at(c, 4)), usize::from(c.get(7).copied().unwrap_or(0))))
            .filter(|(id, kind, _, _)| limit(*id, *kind) > 0)
            .collect();
        let (bits, size) = (usize::from(u16_at(info, 6)), usize::from(u16_at(info, 8)));
        let count = usize::try_from(self.row_count()?).unwrap_or(ROW_LIMIT).min(ROW_LIMIT);
        if size == 0 || count == 0 {
            return Ok(Vec::new());
        }
        let place = u32_at(info, 14);
        let blocks = if place & 0x1f == 0 {
            vec![self.item(place).to_vec()]
        } else {
            // Rows of a large table: no row goes over the end of a block.
            let Some(node) = self.subnode(place) else { return Err(broken("the rows of a table are absent")) };
            store.data(node.data, HEAP_LIMIT)?.blocks
        };
        let mut out = Vec::new();
        for row in blocks.iter().flat_map(|b| b.chunks_exact(size)).take(count) {
            let mut props = Props::default();
            for (id, kind, at, bit) in &columns {
                // A bit for each cell that holds a value, the highest first.
                let held = row.get(bits + bit / 8).is_some_and(|b| b >> (7 - bit % 8) & 1 == 1);
                let raw = row.get(*at..).unwrap_or_default();
                let value = match kind {
                    _ if !held => None,
                    0x001e | 0x001f | 0x0102 => Value::variable(*kind, self.value(store, u32_at(raw, 0), limit(*id, *kind), cut)?),
                    _ => Value::fixed(*kind, raw),
                };
                if let Some(value) = value {
                    props.push(*id, value);
                }
            }
            out.push(props);
        }
        Ok(out)
    }
}
