//! The walk over all nodes of a store, in order of their ids.

use std::collections::BTreeMap;
use std::io;

use super::item::{self, Folder};
use super::store::{Node, STORE, Store};
use crate::import::mapi::{Intake, Item, props, shown as item_shown};
use crate::import::pages::u32_at;
use crate::import::sink::Sink;
use crate::import::{ImportError, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;
use crate::text;

/// Types of nodes: the lower five bits of an id.
const FOLDER: u32 = 0x02;
const MESSAGE: u32 = 0x04;
/// Root of all folders: its own folder.
const ROOT: u32 = 0x122;
/// Folders into which Exchange moves what was deleted or changed; their names are the same in every language.
const RECOVERABLE: [&str; 6] = ["Recoverable Items", "Deletions", "Purges", "Versions", "DiscoveryHolds", "SubstrateHolds"];
/// Items of one step.
const STEP_ITEMS: usize = 200;
/// Bytes read in one step.
const STEP_BYTES: u64 = 1 << 20;
/// Most folders whose counts are kept.
const FOLDER_LIMIT: usize = 200_000;
/// Entry ids of folders in the store's properties end with the id of the node.
const ENTRY_NODE: usize = 20;

/// Reads a store.
pub struct PstReader {
    store: Store,
    intake: Intake,
    owner: Option<String>,
    /// Nodes of the page at hand that are not yet handled, last first.
    nodes: Vec<Node>,
    /// First id of the next page; `None` at the end.
    next: Option<u64>,
    begun: bool,
    /// Pages of the index that could not be read.
    lost_pages: u64,
    /// What folders state, and how many messages they hold.
    folders: BTreeMap<u32, (Option<Folder>, u64)>,
    bin: u32,
    sent: u32,
}

impl PstReader {
    /// On an open store.
    #[must_use]
    pub fn new(store: Store, modified: Option<i64>, owner: Option<String>) -> Self {
        let intake = Intake::new(modified);
        Self { store, intake, owner, nodes: Vec::new(), next: Some(0), begun: false, lost_pages: 0, folders: BTreeMap::new(), bin: 0, sent: 0 }
    }

    fn begin(&mut self, sink: &mut Sink) -> io::Result<()> {
        let (stated, len) = (self.store.stated, self.store.len());
        if stated > len {
            let detail = format!("the header states {stated} bytes, the file has {len}");
            sink.statement(StatementKind::CutOff, None, None, None, 1, Position::byte(0), &detail);
        }
        if self.store.ansi() {
            sink.notice(
                "pst_ansi",
                "An Outlook data file of the old kind (Outlook 97 to 2002), which cannot grow beyond 2 GB: Outlook stops keeping mail there.",
                1,
            );
        }
        let found = self.store.node(STORE).and_then(|node| node.map(|n| item::props(&mut self.store, n)).transpose());
        if let Some(store) = tolerated(found)?.flatten() {
            let folder = |id: u16| store.bytes(id).map_or(0, |e| u32_at(e, ENTRY_NODE));
            (self.bin, self.sent) = (folder(props::BIN), folder(props::SENT));
            if store.number(props::PASSWORD).unwrap_or(0) != 0 {
                sink.notice("pst_password", "This Outlook data file has a password; it only keeps Outlook from opening it.", 1);
            }
        }
        Ok(())
    }

    /// The next page of nodes; `false` at the end.
    fn turn(&mut self) -> io::Result<bool> {
        let Some(from) = self.next else { return Ok(false) };
        let (nodes, next) = self.store.nodes_from(from);
        // A page behind this one begins later, whatever a damaged file says.
        self.next = next.filter(|n| *n > from);
        match tolerated(nodes)? {
            Some(mut nodes) => {
                nodes.retain(|n| u64::from(n.id) >= from && self.next.is_none_or(|next| u64::from(n.id) < next));
                nodes.sort_unstable_by_key(|n| std::cmp::Reverse(n.id));
                self.nodes = nodes;
            }
            None => self.lost_pages += 1,
        }
        Ok(true)
    }

    fn node(&mut self, node: Node, sink: &mut Sink) -> io::Result<()> {
        match node.id & 0x1f {
            FOLDER => {
                let folder = tolerated(item::folder(&mut self.store, node))?;
                if folder.is_none() {
                    sink.notice(
                        "folders_unread",
                        "Folders that could not be read: their names and counts are unknown, their messages are read all the same.",
                        1,
                    );
                }
                if self.folders.len() < FOLDER_LIMIT {
                    self.folders.entry(node.id).or_default().0 = folder;
                }
            }
            MESSAGE => self.message(node, sink)?,
            _ => {}
        }
        Ok(())
    }

    fn message(&mut self, node: Node, sink: &mut Sink) -> io::Result<()> {
        let position = Position::byte(u64::from(node.id));
        sink.record();
        if self.folders.len() < FOLDER_LIMIT || self.folders.contains_key(&node.parent) {
            self.folders.entry(node.parent).or_default().1 += 1;
        }
        let mut found = match item::item(&mut self.store, node) {
            Ok(found) => found,
            Err(error) => {
                sink.skip(reason(&error)?, position);
                return Ok(());
            }
        };
        found.sent = self.sent != 0 && node.parent == self.sent;
        if self.bin != 0 && node.parent == self.bin {
            sink.notice("deleted_items", "Items that lie in the bin (Deleted Items).", 1);
        }
        self.intake.item(&found, position, sink);
        Ok(())
    }

    /// Whether a folder, or one that it lies in, has one of these names.
    fn lies_in(&self, mut id: u32, names: &[&str]) -> bool {
        for _ in 0..40 {
            let Some((Some(folder), _)) = self.folders.get(&id) else { return false };
            if names.contains(&folder.name.as_str()) {
                return true;
            }
            id = folder.parent;
        }
        false
    }

    fn finish(&mut self, sink: &mut Sink) {
        let (mut unlisted, mut recoverable) = (0, 0);
        for (id, (folder, held)) in &self.folders {
            if *held > 0 && self.lies_in(*id, &RECOVERABLE) {
                recoverable += held;
            }
            let Some(folder) = folder else { continue };
            let listed = folder.stated.max(folder.rows);
            if let Some(short) = listed.and_then(|n| n.checked_sub(*held)).filter(|n| *n > 0) {
                let detail = format!("folder {}: {} stated, {held} held", text::clean(&folder.name, 60), listed.unwrap_or(0));
                sink.statement(StatementKind::CountShort, None, None, None, short, Position::byte(u64::from(*id)), &detail);
            }
            unlisted += folder.rows.map_or(0, |rows| held.saturating_sub(rows));
        }
        if recoverable > 0 {
            sink.notice(
                "recoverable_items",
                "Items that lie in Recoverable Items: deleted or changed by the owner of the mailbox, and kept by a hold or until their time is over.",
                recoverable,
            );
        }
        if unlisted > 0 {
            sink.notice("unlisted_items", "Items that lie in the file while no folder lists them any more: deleted, and not yet overwritten.", unlisted);
        }
        self.intake.finish(self.owner.as_deref(), false, sink);
        if self.lost_pages > 0 {
            let what = format!(
                "{} pages of the index of this Outlook data file could not be read: messages listed there are missing. Copy the file again, or mend a copy of it with Outlook's repair tool (scanpst) and add that.",
                self.lost_pages
            );
            sink.fail(what, "the index of nodes");
        }
    }
}

/// Damage is told and passed over; a file that cannot be read any more ends the reading.
fn tolerated<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) => reason(&error).map(|_| None),
    }
}

/// Why an item was not read; `Err` when the fault is not in the data.
fn reason(error: &io::Error) -> io::Result<SkipReason> {
    match error.kind() {
        io::ErrorKind::InvalidData => Ok(SkipReason::Malformed),
        io::ErrorKind::UnexpectedEof => Ok(SkipReason::CutOff),
        kind => Err(io::Error::new(kind, error.to_string())),
    }
}

impl Reader for PstReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if !self.begun {
            self.begun = true;
            self.begin(sink)?;
        }
        let before = self.store.come();
        for _ in 0..STEP_ITEMS {
            while self.nodes.is_empty() {
                if !self.turn()? {
                    self.finish(sink);
                    return Ok(Step::End);
                }
            }
            if let Some(node) = self.nodes.pop() {
                self.node(node, sink)?;
            }
            if self.store.come() - before >= STEP_BYTES {
                break;
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.store.come()
    }
}

/// A message as text, with the folder it lies in.
pub fn shown(store: &mut Store, id: u64, limit: usize) -> io::Result<String> {
    let gone = || io::Error::new(io::ErrorKind::NotFound, "the file no longer holds this item");
    let id = u32::try_from(id).map_err(|_| gone())?;
    let node = store.node(id)?.ok_or_else(gone)?;
    if id & 0x1f == FOLDER {
        return Ok(text::bounded(&format!("Folder: {}\n", path(store, id)), limit).to_owned());
    }
    let found: Item = item::item(store, node)?;
    let out = format!("Folder: {}\r\n{}", path(store, node.parent), item_shown(&found, limit));
    Ok(text::bounded(&out, limit).to_owned())
}

/// Path of a folder from the root.
fn path(store: &mut Store, mut id: u32) -> String {
    let mut names = Vec::new();
    while id != ROOT
        && names.len() < 40
        && let Ok(Some(node)) = store.node(id)
        && let Ok(folder) = item::folder(store, node)
    {
        names.push(text::clean(&folder.name, 100));
        if folder.parent == id {
            break;
        }
        id = folder.parent;
    }
    names.reverse();
    names.join("/")
}
