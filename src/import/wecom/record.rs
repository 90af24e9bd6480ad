//! One record of the archive: the fields that matter, borrowed from the window.

use crate::features::{Facts, Gather};
use crate::import::json::{Scan, Scanner, Text, Value, each, items, word};
use crate::model::message::EventKind;
use crate::time;

/// Deepest nesting of a content that is searched for text (a forwarded chat within a mixed message).
const DEPTH: u32 = 6;

/// What one record says. Names as in the archive.
#[derive(Default)]
pub struct Item<'a> {
    /// `seq`: number in the company's stream; a string in some products.
    pub seq: Option<u64>,
    /// `msgid`.
    pub id: Text<'a>,
    /// `action`: `send`, `recall`, `switch`.
    pub action: Text<'a>,
    /// `from`, or `user` of a switch.
    pub from: Text<'a>,
    /// `tolist`: an array, or ids separated by commas.
    pub to: Option<Value<'a>>,
    /// `roomid`; empty between two.
    pub room: Text<'a>,
    /// `msgtime`, or `time` of a switch: milliseconds.
    pub millis: Option<i64>,
    /// `msgtype`.
    pub kind: Text<'a>,
    /// The object that belongs to the type.
    pub content: Option<Value<'a>>,
    /// `encrypt_chat_msg` is there and nothing of a decrypted record.
    pub encrypted: bool,
}

/// Facts of a content.
#[derive(Default)]
pub struct Content<'a> {
    /// Of its texts.
    pub facts: Facts,
    /// Files named.
    pub files: usize,
    /// A path or address under which the product keeps them.
    pub kept: usize,
    /// `pre_msgid` of a recall.
    pub recalled: Text<'a>,
    /// `userid` of an agreement.
    pub user: Text<'a>,
}

impl<'a> Item<'a> {
    /// Reads one record. Products put the decrypted record beside the numbers of the stream, or in an object of its own.
    pub fn read(s: &mut Scanner<'a>) -> Scan<Self> {
        let mut item = Self::default();
        let mut members = s.object()?;
        let mut parts: [(&[u8], Value<'a>); 4] = [(&[], Value::Null); 4];
        while let Some(key) = members.key(s)? {
            if s.peek()? == b'{' {
                let value = s.value()?;
                if matches!(key.raw, b"decrypt_chat_msg" | b"decrypted" | b"chat_msg" | b"message") {
                    each(value, |key, value| item.take(key, value));
                } else if let Some(room) = parts.iter_mut().find(|p| p.0.is_empty()) {
                    *room = (key.raw, value);
                }
                continue;
            }
            let value = s.value()?;
            item.take(key.raw, value);
        }
        for (key, value) in parts {
            item.take(key, value);
        }
        Ok(item)
    }

    fn take(&mut self, key: &'a [u8], value: Value<'a>) {
        match (key, value) {
            (b"seq", _) => self.seq = value.integer().and_then(|n| u64::try_from(n).ok()),
            (b"msgid", _) => self.id = word(value),
            (b"action", _) => self.action = word(value),
            (b"from" | b"user", Value::Text(_) | Value::Number(_)) => self.from = word(value),
            (b"tolist", _) => self.to = Some(value),
            (b"roomid", _) => self.room = word(value),
            (b"msgtime" | b"time", _) => self.millis = value.integer(),
            (b"msgtype", _) => self.kind = word(value),
            (b"encrypt_chat_msg", _) => self.encrypted = true,
            (_, Value::Object(_)) if !key.is_empty() => self.content(key, value),
            _ => {}
        }
    }

    /// The object of the type: under its own name, or `info` (markdown, news) or `doc` (docmsg). Before the type is known, the first.
    fn content(&mut self, key: &[u8], value: Value<'a>) {
        let own = key == self.kind.raw || matches!(key, b"info" | b"doc");
        if own || self.content.is_none() {
            self.content = Some(value);
        }
    }

    /// `msgtime` in microseconds. Some products keep seconds.
    pub fn time(&self) -> Option<i64> {
        match self.millis? {
            n @ 0..100_000_000_000 => time::of_unix(n),
            n => n.checked_mul(1000),
        }
    }

    /// What the type says: `None` for messages.
    pub fn event(&self) -> Option<EventKind> {
        match (self.action.raw, self.kind.raw) {
            (b"recall", _) | (_, b"revoke") => Some(EventKind::Deleted),
            (b"switch", _) => Some(EventKind::Integration),
            (_, b"agree" | b"disagree") => Some(EventKind::Other),
            (_, b"meeting_voice_call" | b"voiptext" | b"voip_doc_share") => Some(EventKind::Call),
            _ => None,
        }
    }

    /// What the content says. `sample`: whether words are looked at.
    pub fn look(&self, scratch: &mut Vec<u8>, sample: bool) -> Content<'a> {
        let mut found = Content::default();
        let mut gather = Gather::of(sample);
        if let Some(content) = self.content {
            walk(content, DEPTH, &mut found, &mut gather, scratch);
        }
        found.facts = gather.facts();
        if matches!(self.kind.raw, b"image" | b"voice" | b"video" | b"emotion" | b"file" | b"qydiskfile") {
            found.files = found.files.max(1);
        }
        found
    }

    /// Each recipient.
    pub fn recipients(&self, mut f: impl FnMut(Text<'a>)) {
        match self.to {
            Some(list @ Value::Array(_)) => items(list, |id| f(word(id))),
            Some(Value::Text(flat)) => flat.raw.split(|b| *b == b',').map(<[u8]>::trim_ascii).for_each(|raw| f(Text { raw, escaped: flat.escaped })),
            _ => {}
        }
    }
}

/// Gathers texts and files of a content. Within a forwarded chat or a mixed message, `content` is JSON in a string or plain text.
fn walk<'a>(value: Value<'a>, depth: u32, found: &mut Content<'a>, gather: &mut Gather, scratch: &mut Vec<u8>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let mut first = true;
    each(value, |key, value| match (key, value) {
        (b"content" | b"title" | b"description" | b"desc" | b"wish" | b"topic" | b"remarks" | b"address" | b"feed_desc" | b"formname", Value::Text(text)) => {
            if !std::mem::take(&mut first) {
                gather.add(b"\n");
            }
            let text = text.decode(scratch);
            if !within(text, found, gather) {
                gather.add(text);
            }
        }
        (b"filename" | b"file_name", Value::Text(text)) => gather.file(text.decode(scratch)),
        (b"sdkfileid", Value::Text(_)) => found.files += 1,
        (b"filepath" | b"file_path" | b"file_url" | b"oss_url" | b"local_path", Value::Text(t)) if !t.is_empty() => found.kept += 1,
        (b"pre_msgid", _) => found.recalled = word(value),
        (b"userid", Value::Text(t)) => found.user = t,
        (b"item" | b"items", Value::Array(_)) => items(value, |item| walk(item, depth, found, gather, scratch)),
        (_, Value::Object(_)) => walk(value, depth, found, gather, scratch),
        _ => {}
    });
}

/// Items of mixed messages and forwarded chats hold their content as JSON in a string: `{"content":"..."}`.
fn within(text: &[u8], found: &mut Content<'_>, gather: &mut Gather) -> bool {
    let Ok(value @ Value::Object(_)) = Scanner::new(text).value() else { return false };
    let (mut known, mut scratch) = (false, Vec::new());
    each(value, |key, value| match (key, value) {
        (b"content" | b"title" | b"description" | b"address", Value::Text(text)) => {
            known = true;
            gather.add(text.decode(&mut scratch));
        }
        (b"filename", Value::Text(text)) => gather.file(text.decode(&mut scratch)),
        (b"sdkfileid", _) => (known, found.files) = (true, found.files + 1),
        _ => {}
    });
    known
}
