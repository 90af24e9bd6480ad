//! One JSON object as the cells of a record: keys found like headings, people and texts taken out of nested objects.

use super::heading::{SLOTS, Slot, key, slots};
use super::maker::Cells;
use super::platform;
use crate::import::json::{Fault, Scan, Scanner, Text, Value};
use crate::import::sink::Map;

/// Most distinct keys remembered.
const KEYS: usize = 4096;

/// Where a cell lies.
#[derive(Debug, Clone, Copy, Default)]
enum Place<'a> {
    #[default]
    None,
    /// In the file.
    Raw(&'a [u8]),
    /// In the buffer.
    Built(usize, usize),
}

/// Slots with the rank of the word that named them.
type Ranked = Box<[(Slot, u16)]>;

/// Reads objects; buffers are reused from object to object.
#[derive(Default)]
pub struct Objects {
    keys: Map<Box<[u8]>, Ranked>,
    built: Vec<u8>,
    /// Whether the key `channel` names the means (`WhatsApp`), not a room: set once the first objects were seen.
    pub channel_is_platform: Option<bool>,
    /// Values of `channel` seen that are known means, and others.
    pub channels: (u32, u32),
}

/// What was learnt from one object beside its cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shape {
    /// Time, sender and text all stand at the top as plain values.
    pub flat: bool,
    /// Keys of a family of exports that other readers know better.
    pub family: bool,
    /// Something with a time.
    pub time: bool,
    /// Someone who wrote.
    pub sender: bool,
    /// A text.
    pub body: bool,
}

/// Keys that belong to the exports of one producer: Telegram, Slack, Teams, Meta, Google Chat, Signal, Discord.
const FAMILIES: &[&[u8]] = &[
    b"date_unixtime",
    b"from_id",
    b"text_entities",
    b"thread_ts",
    b"client_msg_id",
    b"user_profile",
    b"sender_name",
    b"timestamp_ms",
    b"originalarrivaltime",
    b"messagetype",
    b"etag",
    b"@odata.type",
    b"topic_id",
    b"created_date",
    b"creator",
    b"sent_at",
    b"sourceServiceId",
    b"chatItem",
    b"chatId",
    b"timestampEdited",
    b"$schema",
    b"MsgSvrID",
    b"senderUsername",
    b"_type",
    b"platformMessageId",
    b"accountName",
    b"msgtype",
];

impl Objects {
    /// Reads one object from the scanner and hands its cells to `see`. Nothing is handed over when it does not end.
    pub fn read<'a, R>(&mut self, s: &mut Scanner<'a>, see: impl FnOnce(&Cells<'_>, Shape) -> R) -> Scan<R> {
        let mut places = [Place::None; SLOTS];
        let mut ranks = [u16::MAX; SLOTS];
        let mut shape = Shape::default();
        let mut nested = false;
        self.built.clear();
        let mut members = s.object()?;
        while let Some(name) = members.key(s)? {
            shape.family |= FAMILIES.contains(&name.raw);
            if !self.knows(name) {
                s.skip()?;
                continue;
            }
            let value = s.value()?;
            let Some(targets) = self.keys.get(name.raw) else { continue };
            for (slot, rank) in targets {
                let mut slot = *slot;
                if slot == Slot::Conversation && name.raw.eq_ignore_ascii_case(b"channel") {
                    match self.channel_is_platform {
                        Some(true) => slot = Slot::Platform,
                        Some(false) => {}
                        None if is_means(value) => self.channels.0 += 1,
                        None => self.channels.1 += 1,
                    }
                }
                // `source` and the like name files and systems too: only a known means counts.
                if slot == Slot::Platform && *rank > 0 && !is_means(value) {
                    continue;
                }
                let (Some(held), Some(place)) = (ranks.get_mut(slot as usize), places.get_mut(slot as usize)) else { continue };
                if *rank < *held {
                    let found = cell(value, slot, &mut self.built);
                    if !matches!(found, Place::None) {
                        *held = *rank;
                        *place = found;
                        nested |= matches!(value, Value::Object(_)) && matches!(slot, Slot::Sender | Slot::Time | Slot::Body);
                    }
                }
            }
        }
        let built = &self.built;
        let mut cells = Cells::default();
        for (slot, place) in places.into_iter().enumerate() {
            match place {
                Place::None => {}
                Place::Raw(raw) => cells.set(slot, raw),
                Place::Built(from, to) => cells.set(slot, built.get(from..to).unwrap_or_default()),
            }
        }
        let any = |of: &[Slot]| of.iter().any(|s| !cells.get(*s).is_empty());
        shape.time = any(&[Slot::Time, Slot::Date, Slot::Clock]);
        shape.sender = any(&[Slot::Sender, Slot::SenderEmail, Slot::SenderName, Slot::SenderId]);
        shape.body = ranks.get(Slot::Body as usize).is_some_and(|r| *r != u16::MAX);
        shape.flat = shape.time && shape.sender && shape.body && !nested;
        Ok(see(&cells, shape))
    }

    /// Whether a key names a slot; remembered.
    fn knows(&mut self, name: Text<'_>) -> bool {
        if let Some(found) = self.keys.get(name.raw) {
            return !found.is_empty();
        }
        let found: Ranked = if name.raw.len() > 80 { Box::default() } else { slots(&name.owned()).collect() };
        let any = !found.is_empty();
        if self.keys.len() < KEYS {
            self.keys.insert(name.raw.into(), found);
        }
        any
    }
}

/// Whether a value is the name of a known channel.
fn is_means(value: Value<'_>) -> bool {
    value.text().is_some_and(|t| t.raw.len() <= 40 && std::str::from_utf8(t.raw).is_ok_and(|t| platform::known(t).is_some() || t.starts_with("other")))
}

fn cell<'a>(value: Value<'a>, slot: Slot, built: &mut Vec<u8>) -> Place<'a> {
    match value {
        Value::Null => Place::None,
        Value::Bool(yes) => Place::Raw(if yes { b"true" } else { b"false" }),
        Value::Number(n) => Place::Raw(n),
        Value::Text(t) if t.is_empty() => Place::None,
        Value::Text(t) if !t.escaped => Place::Raw(t.raw),
        Value::Text(t) => {
            let from = built.len();
            t.append(built);
            Place::Built(from, built.len())
        }
        Value::Object(bytes) | Value::Array(bytes) => {
            let from = built.len();
            let wanted = match slot {
                Slot::Attachments => {
                    let n = count(bytes);
                    if n > 0 {
                        built.extend_from_slice(n.min(255).to_string().as_bytes());
                    }
                    return if n > 0 { Place::Built(from, built.len()) } else { Place::None };
                }
                Slot::Body => BODY,
                Slot::Sender | Slot::SenderName | Slot::SenderEmail | Slot::SenderId | Slot::Recipients | Slot::Cc | Slot::Bcc | Slot::Custodian => PERSON,
                Slot::Conversation | Slot::Title | Slot::Platform | Slot::Reply => THING,
                _ => return Place::None,
            };
            let separator: &[u8] = if slot == Slot::Body { b"" } else { b";" };
            let _ = gather(&mut Scanner::new(bytes), wanted, separator, built, 4);
            if built.len() > from { Place::Built(from, built.len()) } else { Place::None }
        }
    }
}

/// Keys that name a person, best first.
const PERSON: &[&str] = &["email", "emailaddress", "address", "mail", "phone", "phonenumber", "user", "displayname", "name", "username", "nickname", "id"];
/// Keys that hold a text.
const BODY: &[&str] = &["content", "text", "body", "plaintext", "message"];
/// Keys that name a conversation or platform.
const THING: &[&str] = &["id", "name", "displayname", "title"];

/// Appends the first wanted text of an object, or of each item of an array.
fn gather(s: &mut Scanner<'_>, wanted: &[&str], separator: &[u8], out: &mut Vec<u8>, depth: u32) -> Scan<()> {
    if depth == 0 {
        return s.skip();
    }
    match s.peek()? {
        b'[' => {
            let mut items = s.array()?;
            let start = out.len();
            while items.more(s)? {
                let before = out.len();
                if before > start {
                    out.extend_from_slice(separator);
                }
                let behind = out.len();
                gather(s, wanted, separator, out, depth - 1)?;
                if out.len() == behind {
                    out.truncate(before);
                }
            }
            Ok(())
        }
        b'{' => {
            let mut members = s.object()?;
            let mut best: Option<(usize, Value<'_>)> = None;
            while let Some(name) = members.key(s)? {
                let value = s.value()?;
                let rank = wanted.iter().position(|w| *w == key(&name.owned()));
                if let Some(rank) = rank.filter(|r| !matches!(value, Value::Null) && best.as_ref().is_none_or(|(held, _)| r < held)) {
                    best = Some((rank, value));
                }
            }
            match best {
                Some((_, Value::Text(t))) => t.append(out),
                Some((_, Value::Number(n))) => out.extend_from_slice(n),
                Some((_, Value::Object(bytes) | Value::Array(bytes))) => gather(&mut Scanner::new(bytes), wanted, separator, out, depth - 1)?,
                _ => {}
            }
            Ok(())
        }
        b'"' => {
            s.string()?.append(out);
            Ok(())
        }
        _ => match s.value()? {
            Value::Number(n) => {
                out.extend_from_slice(n);
                Ok(())
            }
            _ => Ok(()),
        },
    }
}

/// Items of an array; 1 for an object with members.
fn count(bytes: &[u8]) -> usize {
    let mut s = Scanner::new(bytes);
    let mut n = 0;
    let walked: Scan<()> = (|| {
        if s.peek()? == b'[' {
            let mut items = s.array()?;
            while items.more(&mut s)? {
                s.skip()?;
                n += 1;
            }
        } else if s.object()?.key(&mut s)?.is_some() {
            n = 1;
        }
        Ok(())
    })();
    match walked {
        Ok(()) | Err(Fault::NeedMore | Fault::Bad(_)) => n,
    }
}
