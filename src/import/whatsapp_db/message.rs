//! One row of `message`, or of `messages` in stores before 2022: which columns it has differs between versions of the app.

use std::borrow::Cow;

use crate::import::sqlite::{Row, Table};
use crate::model::message::EventKind;

/// Places of the columns that are read, under their new names.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The old table.
    pub legacy: bool,
    chat: Option<usize>,
    own: Option<usize>,
    key: Option<usize>,
    sender: Option<usize>,
    status: Option<usize>,
    time: Option<usize>,
    received: Option<usize>,
    kind: Option<usize>,
    text: Option<usize>,
    caption: Option<usize>,
    /// Old table: code of a system message.
    action: Option<usize>,
    forwarded: Option<usize>,
    /// Old table: row of the quote.
    quoted: Option<usize>,
    edit: Option<usize>,
    /// Old table: name of the file.
    file: Option<usize>,
}

/// What a row says beside its text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    /// Microseconds UTC.
    pub time: Option<i64>,
    /// The time is that of arrival.
    pub inferred: bool,
    /// Sent by the owner.
    pub own: bool,
    /// Row of the chat (new table).
    pub chat: i64,
    /// Row of the sender in `jid` (new table), 0 for none.
    pub sender: i64,
    /// Type of message.
    pub kind: i64,
    /// Code of a system message, where the row itself has it.
    pub action: Option<i64>,
    /// Forwarded.
    pub forwarded: bool,
    /// Edited.
    pub edited: bool,
    /// Names a file (old table).
    pub file: bool,
}

/// What a type of message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, contact, place, poll.
    Plain,
    /// With a file.
    Media,
    /// To be seen once: its content is not kept.
    Once,
    /// Deleted for everyone.
    Revoked,
    /// Waiting for the keys of its sender.
    Waiting,
    /// Of the app itself.
    System,
    /// A call.
    Call,
}

/// The kind behind a type.
pub const fn kind(code: i64) -> Kind {
    match code {
        1 | 2 | 3 | 9 | 13 | 20 | 81 => Kind::Media,
        42 | 43 | 82 => Kind::Once,
        15 | 64 => Kind::Revoked,
        11 => Kind::Waiting,
        7 => Kind::System,
        8 | 10 | 90 => Kind::Call,
        _ => Kind::Plain,
    }
}

/// What a system message says, by its code.
pub const fn action(code: Option<i64>) -> EventKind {
    match code {
        Some(1 | 6 | 27) => EventKind::Renamed,
        Some(4 | 12 | 20) => EventKind::Joined,
        Some(5 | 7 | 13 | 14) => EventKind::Left,
        Some(9 | 11) => EventKind::Created,
        Some(10 | 28) => EventKind::NumberChanged,
        Some(18) => EventKind::SecurityCode,
        Some(19 | 67) => EventKind::Encrypted,
        Some(58) => EventKind::Blocked,
        _ => EventKind::Other,
    }
}

impl Columns {
    /// Of a table with messages, reactions or calls; `None` when it has no time.
    pub fn of(table: &Table) -> Option<Self> {
        let column = |name: &str| table.column(name);
        let legacy = column("key_remote_jid").is_some();
        let first = |a: &str, b: &str| column(a).or_else(|| column(b));
        let columns = Self {
            legacy,
            chat: first("chat_row_id", "key_remote_jid"),
            own: first("from_me", "key_from_me"),
            key: column("key_id"),
            sender: column("sender_jid_row_id").or_else(|| column("remote_resource")).or_else(|| column("jid_row_id")),
            status: column("status"),
            time: column("timestamp"),
            received: column("received_timestamp"),
            kind: column("message_type").or_else(|| column("media_wa_type")).or_else(|| column("message_add_on_type")),
            text: first("text_data", "data"),
            caption: column("media_caption"),
            action: if legacy { column("media_size") } else { None },
            forwarded: column("forwarded"),
            quoted: column("quoted_row_id"),
            edit: column("edit_version"),
            file: first("media_name", "media_hash"),
        };
        (columns.time.is_some() && columns.own.is_some()).then_some(columns)
    }

    /// Facts of a row.
    pub fn facts(&self, row: &Row) -> Facts {
        let number = |c: Option<usize>| c.and_then(|c| row.integer(c)).unwrap_or(0);
        let micros = |c: Option<usize>| Some(number(c)).filter(|n| *n > 0).and_then(|n| n.checked_mul(1000));
        let sent = micros(self.time);
        let time = sent.or_else(|| micros(self.received));
        let code = number(self.kind);
        let system = self.legacy && number(self.status) == 6;
        let edit = number(self.edit);
        Facts {
            time,
            inferred: sent.is_none() && time.is_some(),
            own: number(self.own) != 0,
            chat: if self.legacy { 0 } else { number(self.chat) },
            sender: if self.legacy { 0 } else { number(self.sender) },
            kind: match () {
                () if system => 7,
                // The old table marks deletion for everyone as version 7 of the message.
                () if self.legacy && edit == 7 => 15,
                () => code,
            },
            action: system.then(|| number(self.action)),
            forwarded: number(self.forwarded) > 0,
            edited: self.legacy && (1..7).contains(&edit),
            file: self.file.is_some_and(|c| row.text(c).is_some_and(|t| !t.is_empty())),
        }
    }

    /// The text, or the caption of a file.
    pub fn text<'r>(&self, row: &'r Row) -> Option<Cow<'r, [u8]>> {
        // System messages of the old table keep other things there.
        let of = |c: Option<usize>| c.and_then(|c| row.text(c)).filter(|t| !t.is_empty());
        of(self.text).or_else(|| of(self.caption))
    }

    /// The id that is the same on all phones.
    pub fn key<'r>(&self, row: &'r Row) -> Cow<'r, [u8]> {
        self.key.and_then(|c| row.text(c)).unwrap_or_default()
    }

    /// Old table: address of the chat, and of the sender in a group.
    pub fn addresses(&self, row: &Row) -> (String, String) {
        let word = |c: Option<usize>| c.and_then(|c| row.text(c)).map(|t| String::from_utf8_lossy(&t).into_owned()).unwrap_or_default();
        (word(self.chat), word(self.sender))
    }

    /// Old table: row of the quote in `messages_quotes`.
    pub fn quoted(&self, row: &Row) -> Option<i64> {
        self.quoted.and_then(|c| row.integer(c)).filter(|n| *n > 0)
    }
}
