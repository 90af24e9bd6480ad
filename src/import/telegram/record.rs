//! One element of `messages[]`: the fields that matter, borrowed from the window; everything else is passed over.

use crate::features::{Facts, Gather, facts};
use crate::import::json::{Scan, Scanner, Text, Value};
use crate::model::message::EventKind;
use crate::time;

/// What one record says. Names as in the file (`export_output_json.cpp`, `SerializeMessage`).
#[derive(Default)]
pub struct Item<'a> {
    /// `id`; absent in converted files.
    pub id: Option<i64>,
    /// `type`: `message`, `service`, `unsupported`.
    pub kind: Text<'a>,
    /// `date`: wall clock of the exporting computer.
    pub date: Option<Text<'a>>,
    /// `date_unixtime`: seconds UTC.
    pub unix: Option<i64>,
    /// Edited, and not in 1970 (which older versions wrote for "never").
    pub edited: bool,
    /// `from` or `actor`.
    pub name: Option<Text<'a>>,
    /// `from_id` or `actor_id`: `"user123"`, or a bare number before 2021.
    pub who: Option<Value<'a>>,
    /// `action` of a service record.
    pub action: Text<'a>,
    /// `period` of `set_messages_ttl`, seconds; 0 = off.
    pub period: i64,
    /// Facts of `text`.
    pub facts: Facts,
    /// `reply_to_message_id`.
    pub reply: Option<i64>,
    /// `reply_to_peer_id` is there: the reply goes to another chat.
    pub reply_elsewhere: bool,
    /// `message_id` and its like: what a pin, game or invoice record points to.
    pub target: Option<i64>,
    /// `forwarded_from` is there.
    pub forwarded: bool,
    /// Files named.
    pub files: usize,
    /// Of those, how many are stated not to be in the export.
    pub absent: u64,
    /// The paths of the others.
    pub paths: [Option<Text<'a>>; 3],
    /// Of those, how many do not lie beside the file.
    pub lost: u64,
    /// `media_type` is there.
    pub media: bool,
    /// `self_destruct_period_seconds` is there.
    pub self_destruct: bool,
}

impl<'a> Item<'a> {
    /// Reads one record.
    /// `sample`: whether the words of its text are looked at.
    pub fn read(s: &mut Scanner<'a>, scratch: &mut Vec<u8>, sample: bool) -> Scan<Self> {
        let mut item = Self::default();
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            match key.raw {
                b"text" => item.facts = body(s, scratch, sample)?,
                b"id" => item.id = s.value()?.integer(),
                b"type" => item.kind = s.value()?.text().unwrap_or_default(),
                b"date" => item.date = s.value()?.text(),
                b"date_unixtime" => item.unix = s.value()?.integer(),
                b"from" | b"actor" => item.name = s.value()?.text().or(item.name),
                b"from_id" | b"actor_id" => item.who = Some(s.value()?),
                b"edited" => item.edited |= s.value()?.text().is_some_and(|t| !t.raw.starts_with(b"1970")),
                b"edited_unixtime" => item.edited |= s.value()?.integer().is_some_and(|t| t > 0),
                b"action" => item.action = s.value()?.text().unwrap_or_default(),
                b"period" => item.period = s.value()?.integer().unwrap_or(0),
                b"reply_to_message_id" => item.reply = s.value()?.integer(),
                b"reply_to_peer_id" => item.reply_elsewhere = s.value()? != Value::Null,
                b"message_id" | b"game_message_id" | b"invoice_message_id" => item.target = s.value()?.integer(),
                b"forwarded_from" => {
                    // `null` when the author is hidden or deleted: forwarded all the same.
                    s.skip()?;
                    item.forwarded = true;
                }
                b"photo" | b"file" | b"contact_vcard" => item.file(s.value()?),
                b"media_type" => item.media = s.value()?.text().is_some(),
                b"self_destruct_period_seconds" => item.self_destruct = s.value()?.integer().is_some(),
                _ => s.skip()?,
            }
        }
        Ok(item)
    }

    /// A path, or a notice such as `(File not included. Change data exporting settings to download.)`.
    fn file(&mut self, value: Value<'a>) {
        let Some(path) = value.text().filter(|p| !p.is_empty()) else { return };
        self.files += 1;
        if path.raw.starts_with(b"(") && path.raw.ends_with(b")") {
            self.absent += 1;
        } else if let Some(room) = self.paths.iter_mut().find(|p| p.is_none()) {
            *room = Some(path);
        }
    }

    /// What a service record says.
    pub fn event(&self) -> EventKind {
        match self.action.raw {
            b"create_group" | b"create_channel" => EventKind::Created,
            b"invite_members" | b"join_group_by_link" | b"join_group_by_request" => EventKind::Joined,
            b"remove_members" => EventKind::Left,
            b"edit_group_title"
            | b"edit_group_photo"
            | b"delete_group_photo"
            | b"edit_chat_theme"
            | b"set_chat_wallpaper"
            | b"set_same_chat_wallpaper"
            | b"topic_created"
            | b"topic_edit" => EventKind::Renamed,
            b"phone_call" | b"group_call" | b"group_call_scheduled" | b"invite_to_group_call" | b"conference_call" => EventKind::Call,
            b"pin_message" => EventKind::Pinned,
            b"clear_history" => EventKind::HistoryCleared,
            b"migrate_to_supergroup" | b"migrate_from_group" => EventKind::Migrated,
            b"take_screenshot" => EventKind::Screenshot,
            b"set_messages_ttl" if self.period > 0 => EventKind::TimerOn,
            b"set_messages_ttl" => EventKind::TimerOff,
            b"allow_sending_messages" | b"send_webview_data" | b"attach_menu_bot_allowed" | b"web_app_bot_allowed" => EventKind::Integration,
            _ => EventKind::Other,
        }
    }

    /// `date` as microseconds as written.
    pub fn written(&self) -> Option<i64> {
        self.date.and_then(|d| wall_clock(d.raw))
    }

    /// `date_unixtime` as microseconds UTC.
    pub fn utc(&self) -> Option<i64> {
        self.unix.and_then(time::of_unix)
    }
}

/// `2022-12-09T21:25:39`.
pub fn wall_clock(raw: &[u8]) -> Option<i64> {
    let (raw, _) = raw.split_first_chunk::<19>()?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T' | b' ', h0, h1, b':', n0, n1, b':', s0, s1] = *raw else { return None };
    let number = |digits: &[u8]| digits.iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')));
    let year = i32::try_from(number(&[y0, y1, y2, y3])?).ok()?;
    time::civil_micros(year, number(&[m0, m1])?, number(&[d0, d1])?, number(&[h0, h1])?, number(&[n0, n1])?, number(&[s0, s1])?)
}

/// Facts of `text`: a string, or an array of strings and `{"type": .., "text": ..}` whose texts follow one another.
fn body(s: &mut Scanner<'_>, scratch: &mut Vec<u8>, sample: bool) -> Scan<Facts> {
    if s.peek()? != b'[' {
        return Ok(s.value()?.text().map_or_else(Facts::default, |t| facts(t.decode(scratch), sample)));
    }
    let mut gather = Gather::of(sample);
    let mut pieces = s.array()?;
    while pieces.more(s)? {
        match s.peek()? {
            b'"' => gather.add(s.string()?.decode(scratch)),
            b'{' => {
                let mut members = s.object()?;
                while let Some(key) = members.key(s)? {
                    if let (b"text", Value::Text(text)) = (key.raw, s.value()?) {
                        gather.add(text.decode(scratch));
                    }
                }
            }
            _ => s.skip()?,
        }
    }
    Ok(gather.facts())
}
