//! The store of Apple's Messages: `chat.db` of a Mac, `sms.db` of an iPhone or of its backup.
//!
//! Tables, columns and codes: ReagentX/imessage-exporter, `docs/tables/messages.md`, `imessage-database/src/tables`; times:
//! `imessage-database/src/util/dates.rs`. `body` reads the text out of a styled one, `store` the tables beside the messages, `message` a
//! row, `reader` puts them together.

mod body;
mod message;
mod reader;
mod store;

use std::io;

use super::bytes::Shared;
use super::sqlite::{self, Database, Row};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};
use crate::model::Position;
use crate::{text, time};

/// Apple Messages database (chat.db, sms.db)
pub struct MessagesDb;

static ABOUT: About = About {
    id: "imessage_db",
    name: "Apple Messages database (chat.db, sms.db)",
    channel: "",
    extensions: &["db", "zip"],
    proves: &[
        "Row ids are given out one by one and never twice: every absent id is a message that existed on this device.",
        "The database keeps the last id it gave out: ids behind the last message were deleted.",
        "Messages that were unsent, or lie under Recently Deleted, are marked.",
        "Replies and reactions to messages that are not there: they existed.",
        "A beginning exactly 30 or 365 days before the end is the setting Keep Messages.",
    ],
    how_to_export: "Mac: quit Messages, then copy chat.db together with chat.db-wal from ~/Library/Messages. iPhone: make an unencrypted backup on a computer and take the file 3d0d7e5fb2ce288813306e4d4636395e047a3d28 (sms.db) from its folder 3d.",
    limits: "The write-ahead log (chat.db-wal) is not read: open the database once with the sqlite3 command, which joins it. Which messages were deleted is not told, only how many between which times.",
};

/// Names of tables that only this store has.
const MARKS: &[&[u8]] = &[b"chat_message_join", b"chat_handle_join", b"message_attachment_join"];

impl Format for MessagesDb {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        if !head.bytes.starts_with(sqlite::MAGIC) {
            return Match::No;
        }
        if MARKS.iter().any(|mark| memchr::memmem::find(head.bytes, mark).is_some()) {
            return Match::Sure("a database with the tables of Apple's Messages".to_owned());
        }
        // The list of tables of an old store may lie further on.
        if matches!(head.name, "chat.db" | "sms.db" | "3d0d7e5fb2ce288813306e4d4636395e047a3d28") {
            return Match::Maybe("a database named as Apple's Messages names its store".to_owned());
        }
        Match::No
    }

    fn raw(&self) -> bool {
        true
    }

    fn random(&self) -> bool {
        true
    }

    fn record(&self, bytes: &Shared, position: Position, limit: usize) -> Option<io::Result<String>> {
        Some(shown(bytes, position, limit))
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        let Input::File(file) = input else {
            return Err(Refusal { what: "Unpack this archive and add the database by itself.".to_owned(), place: String::new() });
        };
        Ok(Box::new(reader::DbReader::new(file, options)?))
    }
}

/// A message as a person reads it.
fn shown(bytes: &Shared, position: Position, limit: usize) -> io::Result<String> {
    let database = Database::open(bytes.clone())?;
    let mut row = Row::default();
    let gone = || io::Error::new(io::ErrorKind::NotFound, "no message begins at this place of the database");
    let table = database.table("message").ok_or_else(gone)?;
    if !database.row_at(table, position.offset, &mut row)? {
        return Err(gone());
    }
    let columns = message::Columns::of(table);
    let facts = columns.facts(&row);
    let when = facts.time.map_or_else(|| "no date".to_owned(), |t| time::rfc3339(t, true));
    let who = if facts.own { "by the owner".to_owned() } else { format!("by handle {}", facts.handle) };
    let mut text = Vec::new();
    columns.text(&row, &mut text);
    let head = format!("message ROWID {}, {when}, {who}, {}", row.id, text::clean_name(&facts.service));
    let body = String::from_utf8_lossy(&text);
    Ok(text::bounded(&format!("{head}\n{body}"), limit).to_owned())
}
