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
use super::sqlite::{App, Database, Row};
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
    how_to_export: "Mac: quit Messages, then copy chat.db together with chat.db-wal from ~/Library/Messages and add both. iPhone: make an unencrypted backup on a computer and take the file 3d0d7e5fb2ce288813306e4d4636395e047a3d28 (sms.db) from its folder 3d.",
    limits: "Of a log (chat.db-wal) that comes from another copy of the same store, not all is noticed. Which messages were deleted is not told, only how many between which times.",
};

static APP: App = App {
    name: "Apple's Messages",
    marks: &[b"chat_message_join", b"chat_handle_join", b"message_attachment_join"],
    named: |name| matches!(name, "chat.db" | "sms.db" | "3d0d7e5fb2ce288813306e4d4636395e047a3d28"),
    again: "Copy chat.db or sms.db again.",
};

impl Format for MessagesDb {
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

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::import::archive::{Entry, Folder};
    use crate::import::importer::Importer;
    use crate::import::{FileInput, Given, Step, read_all};
    use crate::model::Batch;

    fn fixture(name: &str) -> Shared {
        Rc::new(std::fs::read(format!("tests/formats/imessage_db/{name}")).unwrap())
    }

    fn folder(files: Vec<(String, Shared, Option<i64>)>) -> Batch {
        let mut importer = Importer::folder(Box::new(Folder::new("Messages", files)), Options::default());
        while importer.step() == Step::More {}
        importer.finish()
    }

    #[test]
    fn a_log_that_is_none_is_told_and_the_database_read_without_it() {
        let log: Shared = Rc::new([&b"\x37\x7f\x06\x82"[..], &[0; 40]].concat());
        let batch = folder(vec![("chat.db".to_owned(), fixture("macos-14/ordinary.db"), None), ("chat.db-wal".to_owned(), log, None)]);
        let [database] = batch.tables.sources.as_slice() else { panic!("{:?}", batch.tables.sources) };
        assert!(database.notices.iter().any(|n| n.id == "log_refused" && n.sentence.contains("it does not begin as a write-ahead log")));
        let alone = folder(vec![("chat.db".to_owned(), fixture("macos-14/ordinary.db"), None)]);
        assert!(!alone.tables.sources[0].notices.iter().any(|n| n.id.starts_with("log_")));
        assert_eq!(batch.columns, alone.columns);
    }

    #[test]
    fn a_log_that_cannot_be_unpacked_is_told() {
        let entry = |name: &str| Entry { name: name.to_owned(), size: 10, ..Entry::default() };
        let bytes = fixture("macos-14/ordinary.db");
        let input = FileInput {
            name: "chat.db".to_owned(),
            folder: String::new(),
            stream: Box::new(crate::import::bytes::RangeStream::whole(bytes.clone())),
            len: bytes.len(),
            bytes: Some(bytes),
            modified: None,
            beside: [entry("chat.db"), entry("chat.db-wal")].into(),
        };
        let mut reader = MessagesDb.open(Input::File(input), &Options::default()).ok().unwrap();
        let mut sink = crate::import::sink::Sink::new(None);
        while reader.step(&mut sink) == Ok(Step::More) {}
        sink.close_source();
        assert!(sink.finish().tables.sources[0].notices.iter().any(|n| n.id == "log_not_read"));
    }

    #[test]
    fn a_database_of_another_kind_is_refused_with_its_tables() {
        let bytes: Shared = Rc::new(std::fs::read("tests/data/sqlite/plain-16384.db").unwrap());
        let batch = read_all(vec![Given { path: "chat.db".to_owned(), bytes, modified: None }], Options::default());
        let error = batch.tables.sources[0].error.as_ref().unwrap();
        assert!(error.what.contains("its tables: item, sqlite_sequence, pair"), "{}", error.what);
    }

    #[test]
    fn a_stated_owner_takes_the_place_of_what_the_chats_say() {
        let options = Options { owner: Some("Sam@Firm.example".to_owned()), ..Options::default() };
        let batch = read_all(vec![Given { path: "chat.db".to_owned(), bytes: fixture("macos-14/ordinary.db"), modified: None }], options);
        let owner = batch.tables.sources[0].owner.clone().unwrap();
        assert_eq!(owner.value, "sam@firm.example");
        assert!(batch.tables.conversations.iter().any(|c| c.key == "+15550100201,sam@firm.example" && c.channel == "sms"));
        assert!(!batch.tables.handles.iter().any(|h| h.key == "+15550100299"));
    }

    #[test]
    fn records_are_shown_as_text() {
        let shown = |at| shown(&fixture("macos-14/ordinary.db"), Position::byte(at), 60);
        assert_eq!(shown(22320).unwrap(), "message ROWID 2, 2026-02-25T06:14:20Z, by the owner, iMessag");
        assert!(shown(22321).is_err());
        assert!(shown(u64::MAX).is_err());
    }
}
