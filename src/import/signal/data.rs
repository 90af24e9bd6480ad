//! `data.json` of signal-export: one message a line (carderne/signal-export `models.py`, `Message.to_dict`).
//!
//! `{"date":"2024-05-01T10:11:12","sender":"Me","body":"..","quote":"","sticker":"","reactions":[["Ben","👍"]],"attachments":[{"name":"plan.pdf","path":"media/plan.pdf"}]}`

use super::chat::{Chat, Record};
use super::nested::{filled, members};
use crate::import::json::{Fault, Scanner, Text, Value, each, items};
use crate::import::lines::Line;
use crate::import::sink::{Map, Sink};
use crate::import::telegram::wall_clock;
use crate::model::ledger::SkipReason;
use crate::model::message::EventKind;
use crate::model::statement::StatementKind;

/// Whether a first line is such a message.
pub fn is_message(line: &str) -> bool {
    let (mut date, mut sender, mut body, mut own) = (false, false, false, 0);
    members(line.as_bytes(), |key, value| match key {
        b"date" => date = value.text().is_some_and(|t| t.raw.get(10) == Some(&b'T') && wall_clock(t.raw).is_some()),
        b"sender" => sender = value.text().is_some(),
        b"body" => body = true,
        b"quote" | b"sticker" | b"reactions" | b"attachments" => own += 1,
        _ => {}
    });
    date && sender && body && own >= 2
}

/// A line of a chat.
pub fn line(line: &Line<'_>, chat: &mut Chat, media: Option<&Map<Box<str>, ()>>, scratch: &mut Vec<u8>, sink: &mut Sink) {
    if line.piece || line.bytes.trim_ascii().is_empty() {
        return;
    }
    let reason = if line.partial {
        SkipReason::TooLarge
    } else {
        let mut s = Scanner::new(line.bytes);
        match s.peek().and_then(|first| if first == b'{' { s.skip() } else { Err(Fault::Bad(0)) }) {
            Ok(()) => return message(line, chat, media, scratch, sink),
            Err(Fault::NeedMore) if line.last => SkipReason::CutOff,
            Err(_) => SkipReason::Malformed,
        }
    };
    sink.record();
    sink.skip(reason, line.place);
    if reason == SkipReason::CutOff {
        sink.statement(StatementKind::CutOff, chat.conversation(), chat.last(), None, 0, line.place, "the file ends in the middle");
    }
}

fn message(line: &Line<'_>, chat: &mut Chat, media: Option<&Map<Box<str>, ()>>, scratch: &mut Vec<u8>, sink: &mut Sink) {
    let (mut time, mut sender, mut body) = (None, Text::default(), Text::default());
    let mut record = Record::new(b"", 0, line.place, chat.sampled(sink));
    members(line.bytes, |key, value| match key {
        b"date" => time = value.text().and_then(|t| wall_clock(t.raw)),
        b"sender" => sender = value.text().unwrap_or_default(),
        b"body" => body = value.text().unwrap_or_default(),
        b"deleted" => record.deleted = value.is_true(),
        b"call" | b"missed" if value.is_true() => record.event = Some(EventKind::Call),
        b"sticker" if filled(value) => record.attachments += 1,
        b"attachments" => items(value, |a| attachment(a, &mut record, media)),
        _ => {}
    });
    let Some(time) = time else {
        sink.record();
        return sink.skip(SkipReason::NoTime, line.place);
    };
    record.time = time;
    record.sender = sender.decode(scratch).to_vec();
    record.text.add(body.decode(scratch).trim_ascii_end());
    chat.take(record, sink);
}

fn attachment(value: Value<'_>, record: &mut Record, media: Option<&Map<Box<str>, ()>>) {
    let (mut missing, mut file) = (false, None);
    each(value, |key, value| match key {
        b"missing_kind" => missing = filled(value),
        b"name" => {
            if let Some(name) = value.text() {
                record.text.file(name.owned().as_bytes());
            }
        }
        b"path" => file = value.text().filter(|t| !t.is_empty()).map(Text::owned),
        _ => {}
    });
    record.attachments += 1;
    if missing {
        record.absent += 1;
    } else if let (Some(media), Some(file)) = (media, file) {
        let name = file.rsplit('/').next().unwrap_or(&file);
        record.lost += u64::from(!name.contains('%') && !media.contains_key(name));
    }
}
