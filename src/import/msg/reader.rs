//! Gathers the item of a compound file.

use std::io;

use crate::import::mapi::{Intake, Item, Props, Value, limit};
use crate::import::ole::Ole;
use crate::import::pages::u16_at;
use crate::import::sink::Sink;
use crate::import::{ImportError, Reader, Step};
use crate::model::message::Position;

/// Stream with the values of fixed size, and the sizes of all others.
pub const PROPERTIES: &str = "__properties_version1.0";
/// Beginning of the name of a stream with one value: id and kind follow, eight hexadecimal digits.
const VALUE: &str = "__substg1.0_";
/// Beginning of the name of a recipient.
const RECIPIENT: &str = "__recip_version1.0_";
/// Beginning of the name of an attachment.
const ATTACHMENT: &str = "__attach_version1.0_";
/// Storage of an item that is attached whole.
const EMBEDDED: &str = "__substg1.0_3701000D";
/// Most recipients that are kept.
const RECIPIENT_LIMIT: usize = 20_000;
/// Most bytes of fixed values read.
const PROPERTIES_LIMIT: usize = 1 << 20;

/// Whether the file is an Outlook item.
#[must_use]
pub fn is_item(ole: &Ole) -> bool {
    ole.children(Ole::ROOT).iter().any(|c| ole.name(*c) == PROPERTIES)
}

/// Reads one file: one step.
pub struct MsgReader {
    ole: Ole,
    intake: Intake,
    owner: Option<String>,
}

impl MsgReader {
    /// On an open file.
    #[must_use]
    pub fn new(ole: Ole, modified: Option<i64>, owner: Option<String>) -> Self {
        Self { ole, intake: Intake::new(modified), owner }
    }
}

impl Reader for MsgReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let item = item(&mut self.ole)?;
        sink.record();
        self.intake.item(&item, Position::byte(0), sink);
        self.intake.finish(self.owner.as_deref(), true, sink);
        Ok(Step::End)
    }

    fn done(&self) -> u64 {
        self.ole.come()
    }
}

/// The item in a file.
pub fn item(ole: &mut Ole) -> io::Result<Item> {
    of_storage(ole, Ole::ROOT, 32, true)
}

/// The item of a storage; `head`: length of the header before its fixed values. `outer`: not itself attached to another.
fn of_storage(ole: &mut Ole, storage: u32, head: usize, outer: bool) -> io::Result<Item> {
    let mut item = Item { cut: ole.cut, ..Item::default() };
    item.props = props(ole, storage, head, &mut item.cut)?;
    let encoding = item.props.encoding();
    let journal = outer && item.is_journal();
    for child in ole.children(storage) {
        let (recipient, attachment) = (ole.name(child).starts_with(RECIPIENT), ole.name(child).starts_with(ATTACHMENT));
        if !recipient && !attachment {
            continue;
        }
        let mut of = props(ole, child, 8, &mut item.cut)?;
        of.assume(encoding);
        if recipient {
            if item.recipients.len() < RECIPIENT_LIMIT {
                item.recipients.push(of);
            }
            continue;
        }
        item.attach(&of);
        if journal
            && item.inner.is_none()
            && let Some(inner) = ole.children(child).into_iter().find(|c| ole.name(*c) == EMBEDDED)
        {
            item.inner = Some(Box::new(of_storage(ole, inner, 24, false)?));
        }
    }
    Ok(item)
}

/// The properties of a storage; `skip`: length of the header before its fixed values.
fn props(ole: &mut Ole, storage: u32, skip: usize, cut: &mut bool) -> io::Result<Props> {
    let mut out = Props::default();
    for child in ole.children(storage) {
        let name = ole.name(child);
        if name == PROPERTIES {
            let raw = ole.read(child, PROPERTIES_LIMIT)?;
            *cut |= (raw.len() as u64) < ole.size(child).min(PROPERTIES_LIMIT as u64);
            for entry in raw.get(skip..).unwrap_or_default().as_chunks::<16>().0 {
                let (kind, id) = (u16_at(entry, 0), u16_at(entry, 2));
                if limit(id, kind) > 0
                    && let Some(value) = Value::fixed(kind, entry.get(8..).unwrap_or_default())
                {
                    out.push(id, value);
                }
            }
            continue;
        }
        let Some(tag) = name.strip_prefix(VALUE).filter(|t| t.len() == 8).and_then(|t| u32::from_str_radix(t, 16).ok()) else { continue };
        let (id, kind) = ((tag >> 16) as u16, (tag & 0xffff) as u16);
        let most = limit(id, kind);
        if most == 0 || !matches!(kind, 0x001e | 0x001f | 0x0102) {
            continue;
        }
        let raw = ole.read(child, most)?;
        *cut |= (raw.len() as u64) < ole.size(child).min(most as u64);
        if let Some(value) = Value::variable(kind, raw) {
            out.push(id, value);
        }
    }
    Ok(out)
}
