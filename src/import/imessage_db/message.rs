//! One row of the table `message`: which columns it has differs between versions of the system.

use std::borrow::Cow;

use crate::import::sqlite::{Row, Table, Value};
use crate::model::message::EventKind;
use crate::time;

use super::body;

/// 2001-01-01 in seconds since 1970.
const APPLE: i64 = 978_307_200;
/// Times below are in seconds (before macOS 10.13), others in nanoseconds.
const SECONDS: i64 = 100_000_000_000;

/// Microseconds UTC of a time of the store; `None` for 0, which means none.
pub fn micros(value: i64) -> Option<i64> {
    match value {
        0 => None,
        n if n.abs() < SECONDS => time::of_unix(n + APPLE),
        n => Some(n / 1000 + APPLE * time::SECOND),
    }
}

macro_rules! columns {
    ($($name:ident),* $(,)?) => {
        /// Places of the columns that are read.
        #[derive(Debug, Clone, Default)]
        pub struct Columns { $($name: Option<usize>),* }
        impl Columns {
            /// Of the table `message`.
            pub fn of(table: &Table) -> Self {
                Self { $($name: table.column(&stringify!($name).to_lowercase())),* }
            }
        }
    };
}

columns!(
    guid,
    text,
    attributedbody,
    handle_id,
    service,
    date,
    date_read,
    date_delivered,
    date_edited,
    date_retracted,
    is_from_me,
    item_type,
    group_action_type,
    associated_message_guid,
    associated_message_type,
    cache_has_attachments,
    thread_originator_guid,
    balloon_bundle_id,
    is_expirable,
);

/// What a row says beside its text.
#[derive(Debug, Default)]
pub struct Facts {
    /// Microseconds UTC.
    pub time: Option<i64>,
    /// The time is that of delivery or reading.
    pub inferred: bool,
    /// Sent by the owner.
    pub own: bool,
    /// Row of the sender in `handle`, 0 for none.
    pub handle: i64,
    /// `iMessage`, `SMS`, `RCS`; empty when not stated.
    pub service: String,
    /// Not a message but this.
    pub event: Option<EventKind>,
    /// Edited.
    pub edited: bool,
    /// Unsent.
    pub retracted: bool,
    /// It states that files come with it.
    pub attachments: bool,
    /// Made by an app (payment, game, poll): its content is not text.
    pub app: bool,
    /// It vanishes some time after it was seen.
    pub expires: bool,
}

impl Columns {
    /// Whether this table can be read at all.
    pub const fn usable(&self) -> bool {
        self.date.is_some() && self.is_from_me.is_some()
    }

    /// Facts of a row.
    pub fn facts(&self, row: &Row) -> Facts {
        let number = |c: Option<usize>| c.and_then(|c| row.integer(c)).unwrap_or(0);
        let written = micros(number(self.date));
        let time = written.or_else(|| micros(number(self.date_delivered))).or_else(|| micros(number(self.date_read)));
        Facts {
            time,
            inferred: written.is_none() && time.is_some(),
            own: number(self.is_from_me) != 0,
            handle: number(self.handle_id),
            service: self.word(row, self.service).map(|s| String::from_utf8_lossy(&s).into_owned()).unwrap_or_default(),
            event: event(number(self.associated_message_type), number(self.item_type), number(self.group_action_type)),
            edited: number(self.date_edited) != 0,
            retracted: number(self.date_retracted) != 0,
            attachments: number(self.cache_has_attachments) != 0,
            app: self.word(row, self.balloon_bundle_id).is_some_and(|b| !b.is_empty()),
            expires: number(self.is_expirable) != 0,
        }
    }

    #[allow(clippy::unused_self)] // Reads like the others.
    fn word<'r>(&self, row: &'r Row, column: Option<usize>) -> Option<Cow<'r, [u8]>> {
        column.and_then(|c| row.text(c))
    }

    /// The id that other messages name it by.
    pub fn guid<'r>(&self, row: &'r Row) -> Cow<'r, [u8]> {
        self.word(row, self.guid).unwrap_or_default()
    }

    /// The message it answers or reacts to: `p:0/GUID` and `bp:GUID` name a part of one.
    pub fn target<'r>(&self, row: &'r Row, reaction: bool) -> Option<Cow<'r, [u8]>> {
        let column = if reaction { self.associated_message_guid } else { self.thread_originator_guid };
        let target = self.word(row, column).filter(|t| !t.is_empty())?;
        let from = if target.starts_with(b"bp:") { 3 } else { target.iter().position(|b| *b == b'/').map_or(0, |n| n + 1) };
        Some(match target {
            Cow::Borrowed(t) => Cow::Borrowed(t.get(from..).unwrap_or_default()),
            Cow::Owned(t) => Cow::Owned(t.get(from..).unwrap_or_default().to_vec()),
        })
    }

    /// Puts the text of a row into `out`, without the signs that stand for attachments; `false` when the row has none at all.
    pub fn text(&self, row: &Row, out: &mut Vec<u8>) -> bool {
        out.clear();
        let plain = self.word(row, self.text).filter(|t| !t.is_empty());
        let styled = || match row.of(self.attributedbody) {
            Value::Blob(stream) | Value::Text(stream) => body::plain(stream).map(Cow::Borrowed),
            _ => None,
        };
        let Some(text) = plain.or_else(styled) else { return false };
        let mut rest: &[u8] = &text;
        while let Some(n) = memchr::memmem::find(rest, "\u{fffc}".as_bytes()) {
            out.extend_from_slice(rest.get(..n).unwrap_or_default());
            rest = rest.get(n + 3..).unwrap_or_default();
        }
        out.extend_from_slice(rest);
        true
    }
}

/// Reactions are rows of their own; so is what happens to a group.
const fn event(association: i64, item: i64, action: i64) -> Option<EventKind> {
    match (association, item, action) {
        // 2000 to 2007 set, 3000 to 3007 removed; 1000: a sticker put onto a message.
        (1000 | 2000..=2999 | 3000..=3999, _, _) => Some(EventKind::Reaction),
        // A vote in a poll.
        (4000..=4999, _, _) => Some(EventKind::Other),
        (_, 0, _) => None,
        (_, 1, 0) => Some(EventKind::Joined),
        (_, 1, _) | (_, 3, 0) => Some(EventKind::Left),
        (_, 2, _) | (_, 3, _) => Some(EventKind::Renamed),
        _ => Some(EventKind::Other),
    }
}
