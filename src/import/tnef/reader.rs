//! Gathers the item from the attributes of a `winmail.dat`.

use std::io;

use crate::import::bytes::Shared;
use crate::import::mapi::{Intake, Item, Props, Value, limit, props};
use crate::import::pages::{Pages, u16_at, u32_at};
use crate::import::sink::Sink;
use crate::import::{ImportError, Reader, Step};
use crate::model::message::Position;
use crate::time;

/// First four bytes, as a number.
pub const SIGNATURE: u32 = 0x223e_9f78;
/// Attributes, by the lower half of their ids.
const FROM: u16 = 0x8000;
const SUBJECT: u16 = 0x8004;
const SENT: u16 = 0x8005;
const MESSAGE_ID: u16 = 0x8009;
const CLASS: u16 = 0x8008;
const BODY: u16 = 0x800c;
const ATTACHMENT_BEGINS: u16 = 0x9002;
const PROPERTIES: u16 = 0x9003;
const RECIPIENTS: u16 = 0x9004;
const ATTACHMENT: u16 = 0x9005;
const CODE_PAGE: u16 = 0x9007;
/// Most bytes of one attribute that are looked at.
const ATTRIBUTE_LIMIT: usize = 32 << 20;
/// Most recipients that are kept.
const RECIPIENT_LIMIT: usize = 20_000;
/// Most attributes.
const COUNT_LIMIT: usize = 100_000;

/// Reads one file: one step.
pub struct TnefReader {
    bytes: Shared,
    intake: Intake,
    owner: Option<String>,
}

impl TnefReader {
    /// On a file.
    #[must_use]
    pub fn new(bytes: Shared, modified: Option<i64>, owner: Option<String>) -> Self {
        Self { bytes, intake: Intake::new(modified), owner }
    }
}

impl Reader for TnefReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let item = item(self.bytes.clone())?;
        sink.record();
        self.intake.item(&item, Position::byte(0), sink);
        self.intake.finish(self.owner.as_deref(), true, sink);
        Ok(Step::End)
    }

    fn done(&self) -> u64 {
        self.bytes.len()
    }
}

/// The item in a file.
pub fn item(bytes: Shared) -> io::Result<Item> {
    let mut pages = Pages::new(bytes);
    let mut item = Item::default();
    let (mut page, mut attachment) = (None, None::<Props>);
    // Old attributes count only where the properties do not say it.
    let mut old: Vec<(u16, Value)> = Vec::new();
    let mut at = 6;
    for _ in 0..COUNT_LIMIT {
        let Some(head) = pages.exact(at, 9)? else { break };
        let (id, len) = (u16_at(&head, 1), u64::from(u32_at(&head, 5)));
        let looked = matches!(id, FROM | SUBJECT | SENT | MESSAGE_ID | CLASS | BODY | PROPERTIES | RECIPIENTS | ATTACHMENT | CODE_PAGE);
        let mut data = Vec::new();
        if looked {
            pages.read(at + 9, usize::try_from(len).unwrap_or(usize::MAX).min(ATTRIBUTE_LIMIT), &mut data)?;
        }
        match id {
            ATTACHMENT_BEGINS => {
                tell(&mut item, attachment.replace(Props::default()));
            }
            ATTACHMENT => {
                if let Some(props) = &mut attachment {
                    properties(&mut data.as_slice(), props);
                }
            }
            PROPERTIES => {
                properties(&mut data.as_slice(), &mut item.props);
            }
            RECIPIENTS => recipients(&data, &mut item),
            CODE_PAGE => page = Some(i64::from(u32_at(&data, 0))),
            FROM => old.extend(sender(&data)),
            SUBJECT => old.push((props::SUBJECT, Value::Narrow(data))),
            BODY => old.push((props::BODY, Value::Narrow(data))),
            // `IPM.Microsoft Mail.Note`, as attributes write it.
            CLASS => old.push((props::CLASS, Value::Narrow(class(&data)))),
            MESSAGE_ID => {}
            SENT => old.extend(date(&data).map(|t| (props::SUBMITTED, Value::Time(t)))),
            _ => {}
        }
        at = at.saturating_add(11).saturating_add(len);
        if at > pages.len() {
            item.cut = true;
            break;
        }
    }
    item.cut |= at < pages.len();
    tell(&mut item, attachment);
    for (id, value) in old {
        item.props.push(id, value);
    }
    if let Some(page) = page {
        item.props.push(props::CODE_PAGE, Value::Number(page));
    }
    let encoding = item.props.encoding();
    item.recipients.iter_mut().for_each(|r| r.assume(encoding));
    Ok(item)
}

fn tell(item: &mut Item, attachment: Option<Props>) {
    if let Some(props) = attachment {
        item.attach(&props);
    }
}

fn take<'a>(rest: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(n)?;
    *rest = tail;
    Some(head)
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    take(rest, 4).map(|b| u32_at(b, 0) as usize)
}

/// A value of `n` bytes, filled up to a multiple of four.
fn padded<'a>(rest: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let value = take(rest, n)?;
    take(rest, n.wrapping_neg() & 3);
    Some(value)
}

/// A list of properties. `None` where it breaks off; what was read stays.
fn properties(rest: &mut &[u8], props: &mut Props) -> Option<()> {
    let count = number(rest)?;
    for _ in 0..count.min(COUNT_LIMIT) {
        let tag = take(rest, 4)?;
        let (kind, id) = (u16_at(tag, 0), u16_at(tag, 2));
        if id >= 0x8000 {
            take(rest, 16)?;
            let named = number(rest)? == 1;
            let n = number(rest)?;
            if named {
                padded(rest, n)?;
            }
        }
        property(rest, id, kind, props)?;
    }
    Some(())
}

fn property(rest: &mut &[u8], id: u16, kind: u16, props: &mut Props) -> Option<()> {
    let wanted = limit(id, kind & 0x0fff);
    let single = kind & 0x1000 == 0;
    let size = match kind & 0x0fff {
        0x0001 => 0,
        0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => 4,
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => 8,
        0x0048 => 16,
        0x000d | 0x001e | 0x001f | 0x0102 => {
            for n in 0..number(rest)?.min(COUNT_LIMIT) {
                let len = number(rest)?;
                let value = padded(rest, len)?;
                if n == 0
                    && wanted > 0
                    && single
                    && let Some(value) = Value::variable(kind, value.get(..value.len().min(wanted)).unwrap_or_default().to_vec())
                {
                    props.push(id, value);
                }
            }
            return Some(());
        }
        // Nothing tells how long a value of another kind is.
        _ => return None,
    };
    let count = if single { 1 } else { number(rest)?.min(COUNT_LIMIT) };
    for _ in 0..count {
        let value = take(rest, size)?;
        if wanted > 0
            && single
            && let Some(value) = Value::fixed(kind, value)
        {
            props.push(id, value);
        }
    }
    Some(())
}

fn recipients(data: &[u8], item: &mut Item) {
    let rest = &mut &*data;
    let Some(rows) = number(rest) else { return };
    for _ in 0..rows.min(RECIPIENT_LIMIT) {
        let mut props = Props::default();
        let whole = properties(rest, &mut props);
        item.recipients.push(props);
        if whole.is_none() {
            break;
        }
    }
}

/// The old attribute of the sender: two lengths, then name and address, each with its end mark.
fn sender(data: &[u8]) -> Vec<(u16, Value)> {
    let (name, address) = (usize::from(u16_at(data, 4)), usize::from(u16_at(data, 6)));
    let text = |from: usize, n: usize| data.get(from..from + n).map(<[u8]>::to_vec);
    let mut out = Vec::new();
    out.extend(text(8, name).map(|n| (props::SENDER_NAME, Value::Narrow(n))));
    if let Some(address) = text(8 + name, address) {
        // `SMTP:ana@firm.example`
        let kind = address.split(|b| *b == b':').next().unwrap_or_default().to_vec();
        let rest = address.get(kind.len() + 1..).unwrap_or_default().to_vec();
        out.push((props::SENDER_TYPE, Value::Narrow(kind)));
        out.push((props::SENDER_ADDRESS, Value::Narrow(rest)));
    }
    out
}

fn class(data: &[u8]) -> Vec<u8> {
    let name = data.split(|b| *b == 0).next().unwrap_or_default();
    match name {
        b"IPM.Microsoft Mail.Note" => b"IPM.Note".to_vec(),
        b"IPM.Microsoft Mail.Read Receipt" => b"REPORT.IPM.Note.IPNRN".to_vec(),
        b"IPM.Microsoft Mail.Non-Delivery" => b"REPORT.IPM.Note.NDR".to_vec(),
        other if other.starts_with(b"IPM.Microsoft Schedule.") => b"IPM.Schedule.Meeting".to_vec(),
        other => other.to_vec(),
    }
}

/// Year, month, day, hour, minute, second, day of the week, of two bytes each. Nothing says the zone; like Apache POI, this reads UTC.
fn date(data: &[u8]) -> Option<i64> {
    let field = |n: usize| u32::from(u16_at(data, 2 * n));
    time::civil_micros(i32::try_from(field(0)).ok()?, field(1), field(2), field(3), field(4), field(5))
}
