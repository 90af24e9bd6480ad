//! Lines of JSON: a message each, with the row id of the database.

use crate::import::bytes::{Fill, Window};
use crate::import::json::{Scan, Scanner, Text, Value, each};
use crate::import::sink::Sink;
use crate::import::{ImportError, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;

use super::book::{Book, Found};
use super::when;

/// Bytes of one step.
const BYTES: u64 = 1 << 20;

/// Whether this is such a file: the keys of its first object.
pub fn is(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let mut s = Scanner::new(line.as_bytes());
    let mut seen = 0u8;
    let mut keys = || -> Scan<()> {
        let mut members = s.object()?;
        while let Some(key) = members.key(&mut s)? {
            seen |= match key.raw {
                b"rowid" => 1,
                b"guid" => 2,
                b"date_iso" => 4,
                b"is_from_me" => 8,
                _ => 0,
            };
            s.skip()?;
        }
        Ok(())
    };
    // A first line that is longer than the head, or cut: what of it is there.
    let _ = keys();
    seen == 15
}

/// Reads one file.
pub struct LinesReader {
    window: Window,
    rows: Rows,
    /// A line longer than any is being passed over.
    long: bool,
}

/// The objects, line by line.
struct Rows {
    book: Book,
    found: Found,
    line: u32,
}

impl LinesReader {
    /// For a stream.
    pub fn new(window: Window, book: Book) -> Self {
        Self { window, rows: Rows { book, found: Found::default(), line: 0 }, long: false }
    }
}

impl Rows {
    fn too_large(&mut self, offset: u64, sink: &mut Sink) {
        self.line = self.line.saturating_add(1);
        sink.record();
        sink.skip(SkipReason::TooLarge, Position::line(offset, self.line));
    }

    fn take(&mut self, line: &[u8], offset: u64, whole: bool, sink: &mut Sink) {
        self.line = self.line.saturating_add(1);
        let at = Position::line(offset, self.line);
        let line = if offset == 0 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        let line = line.trim_ascii();
        if line.is_empty() {
            return;
        }
        self.found.begin(at);
        if message(line, &mut self.found).is_ok() {
            return self.book.put(&self.found, sink);
        }
        sink.record();
        sink.skip(if whole { SkipReason::Malformed } else { SkipReason::CutOff }, at);
    }
}

fn copy(to: &mut Vec<u8>, value: Value<'_>) {
    to.clear();
    match value {
        Value::Text(text) => text.append(to),
        Value::Number(raw) => to.extend_from_slice(raw),
        _ => {}
    }
}

/// One object.
fn message(line: &[u8], found: &mut Found) -> Scan<()> {
    let set = |value: Value<'_>| value.is_true() || value.integer().is_some_and(|n| n != 0) || matches!(value, Value::Text(t) if !t.is_empty());
    let mut s = Scanner::new(line);
    let mut members = s.object()?;
    let mut handle = Text::default();
    let mut name = Text::default();
    while let Some(key) = members.key(&mut s)? {
        let value = s.value()?;
        match key.raw {
            b"rowid" => found.row = value.integer().and_then(|n| u64::try_from(n).ok()),
            b"guid" => copy(&mut found.guid, value),
            b"date_iso" => found.time = value.text().and_then(|t| when::iso(t.raw)),
            b"is_from_me" => found.own = set(value),
            b"text" => copy(&mut found.text, value),
            b"chat_id" => copy(&mut found.chat, value),
            b"service" => found.sms = value.text().is_some_and(|t| matches!(t.raw, b"SMS" | b"RCS" | b"MMS")),
            b"thread_originator_guid" | b"reply_to_guid" => copy(&mut found.target, value),
            b"date_edited" | b"is_edited" => found.edited |= set(value),
            b"date_retracted" | b"is_deleted" | b"is_unsent" => found.deleted |= set(value),
            b"sender" => each(value, |key, value| match (key, value) {
                (b"handle", Value::Text(t)) => handle = t,
                (b"display_name", Value::Text(t)) => name = t,
                _ => {}
            }),
            b"attachments" => files(value, found),
            _ => {}
        }
    }
    // The sign that stands for an attachment is no text.
    if found.text.windows(3).any(|w| w == "\u{fffc}".as_bytes()) {
        found.text = String::from_utf8_lossy(&found.text).replace('\u{fffc}', "").into_bytes();
    }
    let (first, second) = if handle.is_empty() { (name, Text::default()) } else { (handle, name) };
    found.sender.clear();
    first.append(&mut found.sender);
    second.append(&mut found.name);
    Ok(())
}

fn files(list: Value<'_>, found: &mut Found) {
    let Value::Array(raw) = list else { return };
    let mut s = Scanner::new(raw);
    let Ok(mut items) = s.array() else { return };
    while let Ok(true) = items.more(&mut s) {
        let Ok(file) = s.value() else { return };
        found.files += 1;
        let mut path = false;
        each(file, |key, value| path |= key == b"path" && matches!(value, Value::Text(t) if !t.is_empty()));
        found.lost += usize::from(!path);
    }
}

impl Reader for LinesReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let Self { window, rows, long } = self;
        let until = window.offset() + BYTES;
        while window.offset() < until {
            let (data, offset) = (window.data(), window.offset());
            if let Some(end) = memchr::memchr(b'\n', data) {
                if !std::mem::take(long) {
                    rows.take(data.get(..end).unwrap_or_default(), offset, true, sink);
                }
                window.consume(end + 1);
                continue;
            }
            match window.fill()? {
                Fill::More => {}
                Fill::Full => {
                    if !std::mem::replace(long, true) {
                        rows.too_large(offset, sink);
                    }
                    let all = window.data().len();
                    window.consume(all);
                }
                Fill::End => {
                    let last = window.data();
                    if !*long {
                        rows.take(last, window.offset(), false, sink);
                    }
                    let all = last.len();
                    window.consume(all);
                    rows.book.finish(sink);
                    return Ok(Step::End);
                }
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}
