//! One element of `events`: the fields that matter; everything else is passed over.

use super::{each, items, name, word};
use crate::features::{Facts, facts};
use crate::import::DateOrder;
use crate::import::delimited::when;
use crate::import::json::{Scan, Scanner, Value};
use crate::model::message::EventKind;

/// Names as in the file.
#[derive(Default)]
pub struct Event {
    /// `type`, in lower case.
    pub kind: String,
    /// `id`.
    pub id: Vec<u8>,
    /// `parent`.
    pub parent: Vec<u8>,
    /// `conversation`.
    pub conversation: Vec<u8>,
    /// `participant`.
    pub participant: Vec<u8>,
    /// `timestamp`: microseconds, and whether it has an offset.
    pub time: Option<(i64, bool)>,
    /// `deleted`.
    pub deleted: bool,
    /// `edits` are there, or the earlier texts as 1.0 producers keep them (`custom` named `Edit1`).
    pub edited: bool,
    /// `direction`: outgoing or incoming.
    pub outgoing: Option<bool>,
    /// File names of `attachments` (or, misspelt, of `attachment`).
    pub attachments: Vec<String>,
    /// Facts of `body`.
    pub facts: Facts,
    /// Attachments that were named at the source and are not part of this file.
    pub elsewhere: u8,
    /// The kind of an event of no type that RSMF has.
    pub event: Option<EventKind>,
    /// Made by a machine.
    pub automatic: bool,
}

impl Event {
    /// Reads one element. `sample`: whether the words of the body are looked at.
    pub fn read(s: &mut Scanner<'_>, scratch: &mut Vec<u8>, sample: bool) -> Scan<Self> {
        let mut event = Self::default();
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            match key.raw {
                b"type" => event.kind = name(s.value()?).to_ascii_lowercase(),
                b"id" => event.id = word(s.value()?).unwrap_or_default(),
                b"parent" => event.parent = word(s.value()?).unwrap_or_default(),
                b"conversation" => event.conversation = word(s.value()?).unwrap_or_default(),
                b"participant" => event.participant = word(s.value()?).unwrap_or_default(),
                b"timestamp" => event.time = word(s.value()?).as_deref().and_then(moment),
                b"body" => {
                    if let Value::Text(text) = s.value()? {
                        event.facts = facts(text.decode(scratch), sample);
                    }
                }
                b"deleted" => event.deleted = s.value()?.is_true(),
                b"direction" => {
                    event.outgoing = match name(s.value()?).to_ascii_lowercase().as_str() {
                        "outgoing" => Some(true),
                        "incoming" => Some(false),
                        _ => None,
                    }
                }
                b"edits" => {
                    let value = s.value()?;
                    items(value, |_| event.edited = true);
                }
                b"custom" => {
                    let value = s.value()?;
                    items(value, |pair| event.custom(pair));
                }
                b"attachments" | b"attachment" => {
                    let value = s.value()?;
                    event.files(value);
                }
                _ => s.skip()?,
            }
        }
        Ok(event)
    }

    /// `{"name": "Edit1", "value": …}`, and what this program writes where RSMF has no word (report::rsmf).
    fn custom(&mut self, pair: Value<'_>) {
        let (mut label, mut value) = (String::new(), None);
        each(pair, |key, v| match key {
            b"name" => label = name(v).to_ascii_lowercase(),
            b"value" => value = word(v),
            _ => {}
        });
        let value = value.unwrap_or_default();
        match label.as_str() {
            "event" => self.event = EventKind::ALL.into_iter().find(|k| k.word().as_bytes() == value),
            "attachments" => self.elsewhere = std::str::from_utf8(&value).ok().and_then(|n| n.parse::<u8>().ok()).unwrap_or(0),
            "parent not in this file" => self.parent = value,
            "automatic" => self.automatic = value == b"true",
            other => self.edited |= other.strip_prefix("edit").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())),
        }
    }

    /// A list of objects with an `id`; in bad files a list of names, or one name.
    fn files(&mut self, value: Value<'_>) {
        let mut file = |value: Value<'_>| {
            let mut id = name(value);
            each(value, |key, v| {
                if key == b"id" || (key == b"display" && id.is_empty()) {
                    id = name(v);
                }
            });
            // One without a name is an attachment all the same.
            if matches!(value, Value::Object(_)) || !id.is_empty() {
                self.attachments.push(id);
            }
        };
        match value {
            Value::Array(_) => items(value, file),
            other => file(other),
        }
    }
}

/// ISO 8601, with or without an offset; microseconds of UTC with one, of the wall clock without.
pub fn moment(raw: &[u8]) -> Option<(i64, bool)> {
    let written = when::written(raw)?;
    Some((written.micros(DateOrder::Ymd)?, written.offset.is_some()))
}
