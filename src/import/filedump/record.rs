//! One element with what stands in it: its texts by local name, the message text apart.

use crate::features::{Facts, Gather};
use crate::import::DateOrder;
use crate::import::delimited::when;
use crate::import::sink::Clock;

/// Longest value kept.
const KEPT: usize = 4 << 10;
/// Years before which a count of seconds is one of milliseconds: 1e11 seconds are the year 5138.
const MILLISECONDS: i64 = 100_000_000_000;

/// An element being read.
#[derive(Default)]
pub struct Record {
    /// Local name, in lower case.
    pub name: String,
    /// Offset.
    pub at: u64,
    values: Vec<(String, String)>,
    /// Elements of people, in their order (`Sender`, `Recipient`): role, and the values within.
    pub people: Vec<(String, Record)>,
    /// `Attachment` elements within.
    pub attachments: Vec<String>,
    text: Gather,
    /// The text without the word that Mattermost writes before that of deleted messages; whether it is one is said only behind it.
    behind: Option<Gather>,
    begun: bool,
}

impl Record {
    /// An element of this name.
    pub fn new(name: &str, at: u64, sample: bool) -> Self {
        Self { name: name.to_owned(), at, text: Gather::of(sample), ..Self::default() }
    }

    /// A value; the first of its name counts.
    pub fn set(&mut self, name: &str, value: &[u8]) {
        let value = String::from_utf8_lossy(value.get(..value.len().min(KEPT)).unwrap_or(value)).trim().to_owned();
        if !value.is_empty() && self.values.len() < 200 {
            self.values.push((name.to_owned(), value));
        }
    }

    /// The value of the first of these names that has one; empty if none has.
    pub fn get(&self, names: &[&str]) -> &str {
        let value = |name: &&str| self.values.iter().find(|(n, _)| n == *name).map(|(_, v)| v.as_str());
        names.iter().find_map(value).unwrap_or_default()
    }

    /// A piece of the message text.
    pub fn piece(&mut self, text: &[u8]) {
        let mut text = text;
        if !self.begun {
            text = text.trim_ascii_start();
            self.begun = !text.is_empty();
            if let Some(rest) = text.strip_prefix(b"delete ") {
                let mut behind = self.text;
                behind.add(rest);
                self.behind = Some(behind);
                return self.text.add(text);
            }
        }
        self.text.add(text);
        if let Some(behind) = &mut self.behind {
            behind.add(text);
        }
    }

    /// Facts of the text. `deleted`: of a message marked so.
    pub fn facts(&self, deleted: bool) -> Facts {
        self.behind.filter(|_| deleted).unwrap_or(self.text).facts()
    }

    /// The time: a count of seconds or milliseconds, else as written.
    pub fn time(&self) -> Option<Clock> {
        clock(self.get(&["datetimeutc", "msgtimeutc", "timeutc"]), self.get(&["datetime", "msgtime", "time"]))
    }
}

/// Seconds or milliseconds since 1970; else a written time, in UTC where the field says so.
pub fn clock(utc: &str, written: &str) -> Option<Clock> {
    if let Some(n) = crate::import::json::integer(utc.as_bytes()).filter(|n| *n > 0) {
        let micros = if n >= MILLISECONDS { n.checked_mul(1_000)? } else { n.checked_mul(1_000_000)? };
        return Some(Clock::Utc(micros));
    }
    let read = |text: &str| when::written(text.as_bytes()).and_then(|w| Some((w.micros(DateOrder::Mdy)?, w.offset.is_some())));
    if let Some((micros, _)) = read(utc) {
        return Some(Clock::Utc(micros));
    }
    read(written).map(|(micros, zoned)| Clock::of(micros, zoned))
}
