//! Gathers the item of a message node, and what is stated of a folder.

use std::io;

use super::heap::Heap;
use super::store::{Node, Store};
use crate::import::mapi::props::{CONTENT_COUNT, NAME};
use crate::import::mapi::{Item, Props};

/// Subnode with the table of recipients.
const RECIPIENTS: u32 = 0x692;
/// Type of subnodes that hold attachments.
const ATTACHMENT: u32 = 0x05;
/// Most attachments looked at; 255 are counted.
const ATTACHMENT_LIMIT: usize = 400;
/// Type of the table of what a folder holds.
const CONTENTS: u32 = 0x0e;

/// The item of a message.
pub fn item(store: &mut Store, node: Node) -> io::Result<Item> {
    gather(store, node, true)
}

/// `outer`: not itself attached to another.
fn gather(store: &mut Store, node: Node, outer: bool) -> io::Result<Item> {
    let mut item = Item::default();
    let heap = Heap::open(store, node)?;
    item.props = heap.props(store, &mut item.cut)?;
    let encoding = item.props.encoding();
    let journal = outer && item.is_journal();
    let subnodes = heap.subnodes().to_vec();
    // Items without recipients or attachments have no such tables.
    for sub in subnodes.iter().filter(|n| n.id == RECIPIENTS) {
        let rows = open(store, *sub, &mut item.cut)?.map(|table| table.rows(store, &mut item.cut));
        item.recipients = lost(rows.transpose(), &mut item.cut)?.flatten().unwrap_or_default();
    }
    for sub in subnodes.iter().filter(|n| n.id & 0x1f == ATTACHMENT).take(ATTACHMENT_LIMIT) {
        let heap = open(store, *sub, &mut item.cut)?;
        let props = heap.as_ref().map(|heap| heap.props(store, &mut item.cut));
        let props = lost(props.transpose(), &mut item.cut)?.flatten();
        item.attach(&props.unwrap_or_default());
        if journal
            && item.inner.is_none()
            && let Some(inner) = heap.and_then(|h| h.attached())
        {
            item.inner = lost(gather(store, inner, false), &mut item.cut)?.map(Box::new);
        }
    }
    for recipient in &mut item.recipients {
        recipient.assume(encoding);
    }
    Ok(item)
}

fn open(store: &mut Store, node: Node, cut: &mut bool) -> io::Result<Option<Heap>> {
    lost(Heap::open(store, node), cut)
}

/// A damaged part costs that part, not the item; a file that cannot be read is another matter.
fn lost<T>(found: io::Result<T>, cut: &mut bool) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => {
            *cut = true;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The properties of a node.
pub fn props(store: &mut Store, node: Node) -> io::Result<Props> {
    let mut cut = false;
    Heap::open(store, node)?.props(store, &mut cut)
}

/// What a folder states: its properties, and the rows of the table of its contents.
pub struct Folder {
    /// Name, in the language of the mailbox.
    pub name: String,
    /// Folder it lies in.
    pub parent: u32,
    /// Items it says it holds.
    pub stated: Option<u64>,
    /// Rows of its table of contents.
    pub rows: Option<u64>,
}

/// Reads what a folder states.
pub fn folder(store: &mut Store, node: Node) -> io::Result<Folder> {
    let props = props(store, node)?;
    let stated = props.number(CONTENT_COUNT).and_then(|n| u64::try_from(n).ok());
    let mut cut = false;
    let table = store.node(node.id & !0x1f | CONTENTS).or_else(|e| if e.kind() == io::ErrorKind::InvalidData { Ok(None) } else { Err(e) })?;
    let rows = match table {
        Some(table) => open(store, table, &mut cut)?.and_then(|t| t.row_count().ok()),
        None => None,
    };
    Ok(Folder { name: props.text(NAME).into_owned(), parent: node.parent, stated, rows })
}
