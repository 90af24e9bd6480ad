//! Telegram Desktop export, JSON: `result.json` of one chat or of a full account.
//!
//! Written by `export_output_json.cpp` of the app (`SerializeMessage`, `SerializeDialog`); id spaces and the shift of migrated groups
//! from `export_data_types.cpp` (`kMigratedMessagesIdShift`). Also read: the same shape as converters write it
//! (`private_chat`, `group_chat`, messages without ids). `html` reads `messages.html` of the same app.

mod beside;
mod chat;
mod holes;
mod html;
mod people;
mod reader;
mod record;
#[cfg(test)]
mod tests;

pub use html::TelegramHtml;
pub use record::wall_clock;

use super::archive::Entry;
use super::json::{Fault, Scan, Scanner, Value};
use super::sink::Sink;
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};
use crate::time;

/// Telegram Desktop export (JSON)
pub struct Telegram;

static ABOUT_TELEGRAM: About = About {
    id: "telegram_json",
    name: "Telegram Desktop export (JSON)",
    channel: "telegram",
    extensions: &["json"],
    proves: &[
        "Supergroups and channels number their messages one by one: each absent id is a message that existed.",
        "A reply or pin whose target is not in the file: that message existed in this chat.",
        "A photo or file that a record names and that does not lie in the folder or archive of the export: it was lost on the way.",
        "A file that ends in the middle was cut off.",
        "Clearing of the history and self-delete timers stand in the chat itself.",
    ],
    how_to_export: "Telegram Desktop: open the chat, menu with three dots, Export chat history, format JSON. For all chats: Settings, Advanced, Export Telegram data, with \"only my messages\" unticked.",
    limits: "Secret chats are never exported. In private chats and basic groups ids are shared by the whole account, so a gap between them proves nothing. Files before 2022 give times without a zone.",
};

impl Format for Telegram {
    fn about(&self) -> &'static About {
        &ABOUT_TELEGRAM
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.map(|t| t.trim_start()).filter(|t| t.starts_with('{')) else { return Match::No };
        let mut seen = Seen::default();
        let end = seen.root(&mut Scanner::new(text.as_bytes()));
        // A broken root is still one of ours if its type is and messages follow.
        let messages = seen.messages || (matches!(end, Err(Fault::Bad(_))) && text.contains("\"messages\""));
        if seen.known_type && messages {
            return Match::Sure("a chat of a known type with messages, as Telegram Desktop writes it".to_owned());
        }
        if seen.about_telegram || seen.record {
            return Match::Sure("sections and messages as Telegram Desktop writes them".to_owned());
        }
        Match::No
    }

    fn claim(&self, members: &[Entry]) -> Match {
        match beside::export(members) {
            Some(_) => Match::Sure("result.json with its files, as Telegram Desktop exports them".to_owned()),
            None => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(file) => Ok(Box::new(reader::TelegramReader::new(file, options))),
            Input::Archive(archive) => {
                let Some((ix, entry)) = beside::export(archive.entries()) else {
                    return Err(Refusal { what: "No result.json was found in this archive. Export the chat again.".to_owned(), place: String::new() });
                };
                let stream = archive.open(ix).map_err(|e| Refusal {
                    what: format!("result.json could not be unpacked ({e}). Download or copy the archive again."),
                    place: entry.name.clone(),
                })?;
                Ok(Box::new(reader::TelegramReader::of_archive(archive.as_ref(), entry, stream, options)))
            }
        }
    }
}

/// What the head of a file shows.
#[derive(Default)]
struct Seen {
    known_type: bool,
    messages: bool,
    about_telegram: bool,
    record: bool,
}

impl Seen {
    fn root(&mut self, s: &mut Scanner<'_>) -> Scan<()> {
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            match (key.raw, s.peek()?) {
                (b"about", b'"') => self.about_telegram = s.string()?.raw.starts_with(b"Here is the data you requested"),
                (b"type", b'"') => {
                    let kind = s.string()?.raw;
                    self.known_type = chat::TYPES.iter().any(|t| t.as_bytes() == kind);
                }
                (b"messages", b'[') => {
                    self.messages = true;
                    self.first_message(s)?;
                }
                (b"chats" | b"left_chats", b'{') => self.list(s)?,
                _ => s.skip()?,
            }
        }
        Ok(())
    }

    fn list(&mut self, s: &mut Scanner<'_>) -> Scan<()> {
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            if key.raw != b"list" || s.peek()? != b'[' {
                s.skip()?;
                continue;
            }
            let mut items = s.array()?;
            while items.more(s)? {
                let mut chat = s.object()?;
                while let Some(key) = chat.key(s)? {
                    if key.raw == b"messages" && s.peek()? == b'[' { self.first_message(s)? } else { s.skip()? }
                }
            }
        }
        Ok(())
    }

    /// A record has one of three types and a time written in one of two ways.
    fn first_message(&mut self, s: &mut Scanner<'_>) -> Scan<()> {
        let mut items = s.array()?;
        while items.more(s)? {
            let (mut members, mut kind, mut time) = (s.object()?, false, false);
            while let Some(key) = members.key(s)? {
                let value = s.value()?;
                match (key.raw, value) {
                    (b"type", Value::Text(t)) => kind = matches!(t.raw, b"message" | b"service" | b"unsupported"),
                    (b"date_unixtime", Value::Text(_)) => time = true,
                    (b"date", Value::Text(t)) => time |= record::wall_clock(t.raw).is_some(),
                    _ => {}
                }
                self.record |= kind && time;
            }
        }
        Ok(())
    }
}

/// The export day stands in the folder's name: `ChatExport_2024-05-01 (1)`.
fn tell_day(sink: &mut Sink) {
    let path = &sink.source().path;
    let day = ["ChatExport_", "DataExport_"].iter().find_map(|p| {
        let (_, rest) = path.rsplit_once(p)?;
        time::parse_day(rest.get(..10)?)
    });
    if let Some(day) = day {
        sink.source().exported_at = Some(i64::from(day) * time::DAY);
    }
}
