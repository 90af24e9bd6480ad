//! The store of WhatsApp on Android, decrypted: `msgstore.db`. Since 2022 messages lie in the table `message`, before in `messages`.
//!
//! Tables, columns and codes as KnugiHK/WhatsApp-Chat-Exporter (`android_handler.py`), B16f00t/whapa (`whapa.py`, codes of system messages)
//! and abrignoni/ALEAPP (`jid_map`) read them; codes without a source are kept as events of no closer kind. `message` reads a row of
//! either table, `people` addresses and conversations, `reader` puts them together.

mod message;
mod people;
mod reader;

use std::io;

use super::bytes::Shared;
use super::sqlite::{self, App, Database, Row};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};
use crate::model::Position;
use crate::{text, time};

/// WhatsApp database (msgstore.db)
pub struct WhatsAppDb;

static ABOUT: About = About {
    id: "whatsapp_db",
    name: "WhatsApp database (msgstore.db, Android)",
    channel: "whatsapp",
    extensions: &["db", "zip"],
    proves: &[
        "Messages are numbered one by one over all chats: every absent number is a message that was on this phone.",
        "The database keeps the last number it gave out: numbers behind the last message were deleted.",
        "Messages deleted for everyone leave a record with time and sender.",
        "Chats with disappearing messages are marked with their timer.",
        "Quotes of messages that are not there: they existed.",
        "Media that was never loaded and view-once messages are marked.",
    ],
    how_to_export: "Android: WhatsApp, Settings, Chats, Chat backup, End-to-end encrypted backup with a 64-digit key; copy msgstore.db.crypt15 from Android/media/com.whatsapp/WhatsApp/Databases and decrypt it with the key (wa-crypt-tools: wadecrypt KEY msgstore.db.crypt15 msgstore.db). From an image of the phone: msgstore.db together with msgstore.db-wal; add both.",
    limits: "Names are kept in another database (wa.db) and are not read: people appear by number. The owner's number is not in the file. A timer that is not stated is not known to be off.",
};

static APP: App = App {
    name: "WhatsApp",
    marks: &[b"chat_row_id", b"key_remote_jid", b"jid_row_id"],
    named: |name| name.starts_with("msgstore"),
    again: "Decrypt msgstore.db again, or export the chats from the app.",
};

impl Format for WhatsAppDb {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        APP.sniff(head)
    }

    fn raw(&self) -> bool {
        true
    }

    fn random(&self) -> bool {
        true
    }

    fn logged(&self) -> bool {
        true
    }

    fn record(&self, bytes: &Shared, position: Position, limit: usize) -> Option<io::Result<String>> {
        Some(shown(bytes, position, limit))
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(Box::new(reader::DbReader::new(APP.file(input)?, options)?))
    }
}

/// A message as a person reads it; a reaction or a call without its text.
fn shown(bytes: &Shared, position: Position, limit: usize) -> io::Result<String> {
    let database = Database::open(bytes.clone())?;
    let mut row = Row::default();
    for name in ["message", "messages", "message_add_on", "call_log"] {
        let Some(table) = database.table(name) else { continue };
        if !database.row_at(table, position.offset, &mut row)? {
            continue;
        }
        let Some(columns) = message::Columns::of(table) else { break };
        let facts = columns.facts(&row);
        let when = facts.time.map_or_else(|| "no date".to_owned(), |t| time::rfc3339(t, true));
        let who = if facts.own { "by the owner" } else { "received" };
        let body = String::from_utf8_lossy(columns.text(&row).as_deref().unwrap_or_default()).into_owned();
        return Ok(text::bounded(&format!("{name} _id {}, {when}, {who}, type {}\n{body}", row.id, facts.kind), limit).to_owned());
    }
    Err(io::Error::new(io::ErrorKind::NotFound, "no record begins at this place of the database"))
}

/// What an encrypted backup of this store is, for a person who gives one: by its name, and by the version of the app that its head states.
#[must_use]
pub fn encrypted(name: &str, head: &[u8]) -> Option<&'static str> {
    const WHAT: &str = "an encrypted backup of WhatsApp (crypt12, crypt14 or crypt15). It cannot be read without its key: switch on End-to-end \
                        encrypted backup with a 64-digit key in WhatsApp, make a new backup, decrypt it with wa-crypt-tools (wadecrypt KEY \
                        msgstore.db.crypt15 msgstore.db) and add msgstore.db, or export the chats from the app";
    let binary = head.iter().take(512).any(|b| *b == 0 || *b >= 0x80);
    let named = name.rsplit('.').next().is_some_and(|x| x.strip_prefix("crypt").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())));
    // A message of protocol buffers that begins with its length and states a version such as 2.24.3.81.
    let near = head.get(..head.len().min(200)).unwrap_or_default();
    let version = near.windows(5).any(|w| matches!(w, [b'2', b'.', a, b, b'.'] if a.is_ascii_digit() && b.is_ascii_digit()));
    let framed = matches!(head, [n, 0x01 | 0x08..=0x0a | 0x12 | 0x1a, ..] if *n > 20);
    (binary && (named || (version && framed && !head.starts_with(sqlite::MAGIC)))).then_some(WHAT)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::import::detect;

    #[test]
    fn what_cannot_be_read_is_called_by_its_name() {
        let mut state = 1u64;
        let mut noise = |n: usize| -> Vec<u8> {
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 40) as u8
            };
            (0..n).map(|_| next()).collect()
        };
        let mut crypt15 = b"\x7e\x01\x08\x01\x1a\x12\x0a\x10".to_vec();
        crypt15.extend(noise(16));
        crypt15.extend(b"\x22\x2b\x0a\x092.23.4.76\x12\x02");
        crypt15.extend(noise(4000));
        for name in ["msgstore.db.crypt15", "unknown"] {
            assert!(detect::unrecognised(name, 5000, &crypt15).contains("encrypted backup of WhatsApp"), "{name}");
        }
        let cipher = noise(8192);
        assert!(detect::unrecognised("EnMicroMsg.db", 8192, &cipher).contains("encrypted database"));
        assert!(detect::unrecognised("unknown", 8192, &cipher).contains("binary data"));
        let known = std::fs::read("tests/data/sqlite/plain-16384.db").unwrap();
        let said = detect::unrecognised("x.db", known.len() as u64, &known);
        assert!(said.contains("item, pair"), "{said}");
    }

    #[test]
    fn records_are_shown_as_text() {
        for (path, offset, expected) in [
            ("android-2.23/ordinary.db", 7091, "message _id 3, 2026-02-25T06:14:20Z, received, type 0\nMorning"),
            ("android-2.23/ordinary.db", 17385, "message_add_on _id 1, 2026-02-25T06:22:05Z, received, type 56\n"),
            ("android-2.12/hostile.db", 1829, "messages _id 4, 2014-05-13T16:55:20Z, received, type 1\ncaption"),
        ] {
            let bytes: Shared = Rc::new(std::fs::read(format!("tests/formats/whatsapp_db/{path}")).unwrap());
            assert_eq!(shown(&bytes, Position::byte(offset), 1000).unwrap(), expected);
            assert!(shown(&bytes, Position::byte(offset + 1), 1000).is_err());
        }
    }

    #[test]
    fn a_stated_owner_wrote_what_was_sent() {
        let bytes = std::fs::read("tests/formats/whatsapp_db/android-2.23/ordinary.db").unwrap();
        let given = crate::import::Given { path: "m.db".to_owned(), bytes: Rc::new(bytes), modified: None };
        let batch = crate::import::read_all(vec![given], Options { owner: Some("+44 7700 900100".to_owned()), ..Options::default() });
        let own = batch.tables.handles.iter().position(|h| h.key == "+447700900100").unwrap();
        assert_eq!(batch.tables.sources[0].owner_handle.map(|h| h as usize), Some(own));
        assert_eq!(batch.columns.sender.iter().filter(|s| **s as usize == own).count(), 5);
        assert!(batch.tables.conversations.iter().any(|c| c.key == "+447700900100,+447700900142"));
    }
}
