//! One element of a day file: the fields that matter; everything else is passed over.

use crate::features::{Facts, Gather, facts};
use crate::import::json::{Scan, Scanner, Text, Value, count, each, items, word};
use crate::model::message::EventKind;

/// Deepest nesting of blocks that is searched for text.
const BLOCK_DEPTH: u32 = 12;

/// What one element says. Names as in the file.
#[derive(Default)]
pub struct Item<'a> {
    /// `type`: `message`; absent in some archives.
    pub kind: Text<'a>,
    /// `subtype`; empty for what people write.
    pub subtype: Text<'a>,
    /// `ts` as written: id and time.
    pub ts: Text<'a>,
    /// `user`.
    pub user: Text<'a>,
    /// `bot_id`.
    pub bot: Text<'a>,
    /// `username` of a bot.
    pub bot_name: Text<'a>,
    /// `bot_profile` or `user_profile`, looked into only for senders met for the first time.
    pub profile: Option<Value<'a>>,
    /// `user_team`, `source_team` or `team`.
    pub team: Text<'a>,
    /// `thread_ts`.
    pub thread: Text<'a>,
    /// `reply_count`, or the length of `replies`.
    pub replies: u64,
    /// `edited` is there.
    pub edited: bool,
    /// Entries of `files`, or the one `file` of old exports.
    pub files: usize,
    /// Of those: deleted (`mode: tombstone`).
    pub deleted: u64,
    /// Of those: hidden by the plan (`mode: hidden_by_limit`).
    pub hidden: u64,
    /// Facts of the text, or of the blocks or attachments when it is empty.
    pub facts: Facts,
}

impl<'a> Item<'a> {
    /// Reads one element.
    /// `sample`: whether the words of its text are looked at.
    pub fn read(s: &mut Scanner<'a>, scratch: &mut Vec<u8>, sample: bool) -> Scan<Self> {
        let mut item = Self::default();
        let (mut blocks, mut attachments) = (Value::Null, Value::Null);
        // Edit logs wrap the message: `message` and `previous_message` (or `original`); the former is what was lost.
        let (mut inner, mut former, mut comment) = (Value::Null, Value::Null, Value::Null);
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            match key.raw {
                b"text" => {
                    if let Value::Text(text) = s.value()? {
                        item.facts = facts(text.decode(scratch), sample);
                    }
                }
                b"ts" => item.ts = word(s.value()?),
                b"user" => item.user = word(s.value()?),
                b"type" => item.kind = word(s.value()?),
                b"subtype" => item.subtype = word(s.value()?),
                b"thread_ts" => item.thread = word(s.value()?),
                b"blocks" => blocks = s.value()?,
                b"attachments" => attachments = s.value()?,
                b"bot_id" => item.bot = word(s.value()?),
                b"username" => item.bot_name = word(s.value()?),
                b"bot_profile" | b"user_profile" => item.profile = Some(s.value()?),
                b"user_team" | b"source_team" | b"team" => item.team = word(s.value()?),
                b"reply_count" => item.replies = s.value()?.integer().and_then(|n| u64::try_from(n).ok()).unwrap_or(0).max(item.replies),
                b"replies" => item.replies = item.replies.max(count(s.value()?) as u64),
                b"edited" => item.edited = matches!(s.value()?, Value::Object(_)),
                b"files" => item.files(s.value()?)?,
                b"file" => item.file(s.value()?),
                b"message" => inner = s.value()?,
                b"previous_message" | b"original" => former = s.value()?,
                b"comment" => comment = s.value()?,
                _ => s.skip()?,
            }
        }
        for wrapped in [former, inner, comment] {
            item.unwrap(wrapped, scratch, sample);
        }
        if item.facts.chars == 0 {
            item.facts = shown(blocks, attachments, scratch, sample);
        }
        Ok(item)
    }

    /// Name of the sender as the record itself gives it: `real_name` before `name`.
    pub fn name(&self) -> Text<'a> {
        let mut found = self.bot_name;
        each(self.profile.unwrap_or(Value::Null), |key, value| {
            if key == b"real_name" || (key == b"name" && found.is_empty()) {
                found = word(value);
            }
        });
        found
    }

    fn files(&mut self, value: Value<'a>) -> Scan<()> {
        let Value::Array(raw) = value else { return Ok(()) };
        let mut s = Scanner::new(raw);
        let mut list = s.array()?;
        while list.more(&mut s)? {
            let file = s.value()?;
            self.file(file);
        }
        Ok(())
    }

    fn file(&mut self, file: Value<'a>) {
        if !matches!(file, Value::Object(_)) {
            return;
        }
        self.files += 1;
        each(file, |key, value| {
            if key == b"mode" {
                match word(value).raw {
                    b"tombstone" => self.deleted += 1,
                    b"hidden_by_limit" => self.hidden += 1,
                    _ => {}
                }
            }
        });
    }

    /// Author and text of a message inside this one, where this one has none.
    fn unwrap(&mut self, wrapped: Value<'a>, scratch: &mut Vec<u8>, sample: bool) {
        let no_text = self.facts.chars == 0;
        each(wrapped, |key, value| match (key, value) {
            (b"user", v) if self.user.is_empty() => self.user = word(v),
            (b"text" | b"comment", Value::Text(text)) if no_text => self.facts = facts(text.decode(scratch), sample),
            _ => {}
        });
    }

    /// The event, or `None` for what is written by someone. The flag is `false` for a subtype nobody has described.
    pub fn event(&self) -> (Option<EventKind>, bool) {
        let event = match self.subtype.raw {
            b"" | b"me_message" | b"thread_broadcast" | b"reply_broadcast" | b"file_share" | b"file_comment" | b"file_mention" | b"bot_message"
            | b"slackbot_response" => return (None, true),
            b"channel_join" | b"group_join" => EventKind::Joined,
            b"channel_leave" | b"group_leave" => EventKind::Left,
            b"bot_add" | b"bot_remove" | b"bot_enable" | b"bot_disable" => EventKind::Integration,
            b"pinned_item" => EventKind::Pinned,
            b"huddle_thread" | b"sh_room_created" => EventKind::Call,
            b"tombstone" | b"message_deleted" => EventKind::Deleted,
            b"message_changed" => EventKind::Edited,
            b"unpinned_item" | b"reminder_add" | b"assistant_app_thread" | b"channel_canvas_updated" | b"message_replied" => EventKind::Other,
            other if [&b"channel_"[..], b"group_"].iter().any(|p| other.starts_with(p)) => EventKind::Renamed,
            _ => return (Some(EventKind::Other), false),
        };
        (Some(event), true)
    }
}

/// `1355517523.000005` as microseconds, exactly: never through a floating point number.
pub fn micros(ts: &[u8]) -> Option<i64> {
    let (seconds, fraction) = ts.iter().position(|b| *b == b'.').and_then(|n| ts.split_at_checked(n)).unwrap_or((ts, b""));
    let fraction = fraction.get(1..).unwrap_or_default();
    let mut micros = 0i64;
    for n in 0..6 {
        let digit = match fraction.get(n) {
            Some(b @ b'0'..=b'9') => i64::from(b - b'0'),
            Some(_) => return None,
            None => 0,
        };
        micros = micros * 10 + digit;
    }
    if seconds.is_empty() || !seconds.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(crate::time::of_unix(crate::import::json::integer(seconds)?)? + micros)
}

/// What is shown when `text` is empty: the text of the blocks, or of the attachments (`text`, else `fallback`).
fn shown(blocks: Value<'_>, attachments: Value<'_>, scratch: &mut Vec<u8>, sample: bool) -> Facts {
    let mut gather = Gather::of(sample);
    block_text(blocks, BLOCK_DEPTH, &mut gather, scratch);
    if gather.facts().chars == 0 {
        items(attachments, |attachment| {
            let (mut text, mut fallback) = (Text::default(), Text::default());
            each(attachment, |key, value| match key {
                b"text" => text = word(value),
                b"fallback" => fallback = word(value),
                _ => {}
            });
            gather.add(if text.is_empty() { fallback } else { text }.decode(scratch));
        });
    }
    gather.facts()
}

/// Rich text is a tree whose leaves carry `text`; a `text` that is an object carries one in turn.
fn block_text(value: Value<'_>, depth: u32, gather: &mut Gather, scratch: &mut Vec<u8>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(_) => items(value, |item| block_text(item, depth, gather, scratch)),
        Value::Object(_) => each(value, |key, value| match (key, value) {
            (b"text", Value::Text(text)) => gather.add(text.decode(scratch)),
            (b"text" | b"elements" | b"fields", _) => block_text(value, depth, gather, scratch),
            _ => {}
        }),
        _ => {}
    }
}
