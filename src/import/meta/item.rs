//! One element of `messages[]`, in the names of both downloads: the usual one, and that of end-to-end encrypted chats.

use crate::import::json::{Scan, Scanner, Text, Value, count, each, items, word};
use crate::model::message::EventKind;

/// What one element says.
#[derive(Default)]
pub struct Item<'a> {
    /// `sender_name`, `senderName`.
    pub sender: Text<'a>,
    /// `timestamp_ms`, `timestamp`: milliseconds UTC.
    pub millis: Option<i64>,
    /// `content`, `text`.
    pub content: Text<'a>,
    /// `share.share_text`, or the link itself.
    pub share: Text<'a>,
    /// `type`: `Generic`, `Share`, `Call`, `Subscribe`, `Unsubscribe` (older downloads).
    pub kind: Text<'a>,
    /// `call_duration` is there.
    pub call: bool,
    /// `is_unsent`.
    pub unsent: bool,
    /// `is_taken_down`: removed by the operator.
    pub taken_down: bool,
    /// A sticker, a share, a plan or another part that is no file of its own.
    pub other: bool,
    /// Files named.
    pub files: usize,
    /// Paths of the files, arrays of `{"uri": ..}`.
    lists: [Option<Value<'a>>; 6],
}

impl<'a> Item<'a> {
    /// Reads one element.
    pub fn read(s: &mut Scanner<'a>) -> Scan<Self> {
        let mut item = Self::default();
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            match key.raw {
                b"sender_name" | b"senderName" => item.sender = word(s.value()?),
                b"timestamp_ms" | b"timestamp" => item.millis = s.value()?.integer(),
                b"content" | b"text" => item.content = s.value()?.text().unwrap_or_default(),
                b"type" => item.kind = word(s.value()?),
                b"call_duration" => item.call = s.value()?.integer().is_some(),
                b"is_unsent" | b"isUnsent" => item.unsent = s.value()?.is_true(),
                b"is_taken_down" => item.taken_down = s.value()?.is_true(),
                b"photos" | b"videos" | b"audio_files" | b"gifs" | b"files" | b"media" => item.list(s.value()?),
                b"share" => {
                    let value = s.value()?;
                    item.other |= matches!(value, Value::Object(_));
                    each(value, |key, value| match key {
                        b"share_text" => item.share = word(value),
                        b"link" if item.share.is_empty() => item.share = word(value),
                        _ => {}
                    });
                }
                b"sticker" | b"plan" | b"poll" => item.other |= matches!(s.value()?, Value::Object(_)),
                _ => s.skip()?,
            }
        }
        Ok(item)
    }

    fn list(&mut self, value: Value<'a>) {
        self.files += count(value);
        if let Some(room) = self.lists.iter_mut().find(|l| l.is_none()) {
            *room = Some(value);
        }
    }

    /// The path of each file.
    pub fn paths(&self, mut f: impl FnMut(Text<'a>)) {
        for list in self.lists.iter().flatten() {
            items(*list, |file| {
                each(file, |key, value| {
                    if key == b"uri" {
                        f(word(value))
                    }
                })
            });
        }
    }

    /// Whether nothing of it is there: removed, or of a kind the download does not write.
    pub fn is_empty(&self) -> bool {
        self.content.is_empty() && self.share.is_empty() && self.files == 0 && !self.other && !self.call
    }
}

/// Lines that the service writes in the name of a person: how they begin behind the name, or what they hold, and what they say.
/// Only the English download is told apart; other languages keep these lines as messages.
const LINES: &[(&str, EventKind)] = &[
    ("left the group", EventKind::Left),
    ("from the group", EventKind::Left),
    ("to the group", EventKind::Joined),
    ("joined the group", EventKind::Joined),
    ("joined the call", EventKind::Call),
    ("started a call", EventKind::Call),
    ("started a video chat", EventKind::Call),
    ("missed your call", EventKind::Call),
    ("missed a call", EventKind::Call),
    ("created the group", EventKind::Created),
    ("named the group", EventKind::Renamed),
    ("changed the group", EventKind::Renamed),
    ("changed the theme", EventKind::Renamed),
    ("changed the chat theme", EventKind::Renamed),
    ("set the nickname", EventKind::Renamed),
    ("set your nickname", EventKind::Renamed),
    ("set the emoji", EventKind::Renamed),
    ("set the quick reaction", EventKind::Renamed),
    ("pinned a message", EventKind::Pinned),
    ("turned on vanish mode", EventKind::TimerOn),
    ("turned off vanish mode", EventKind::TimerOff),
    ("turned on disappearing messages", EventKind::TimerOn),
    ("turned off disappearing messages", EventKind::TimerOff),
    ("took a screenshot", EventKind::Screenshot),
];

/// What a line says that the service wrote; `None` for what people write. `name`: the sender.
pub fn line(kind: &[u8], text: &str, name: &str) -> Option<EventKind> {
    match kind {
        b"Call" => return Some(EventKind::Call),
        b"Subscribe" => return Some(EventKind::Joined),
        b"Unsubscribe" => return Some(EventKind::Left),
        b"Plan" => return Some(EventKind::Other),
        _ => {}
    }
    let text = text.trim();
    if text.len() > 400 {
        return None;
    }
    if text == "Liked a message" || (text.starts_with("Reacted ") && (text.ends_with("to your message") || text.ends_with("to a message"))) {
        return Some(EventKind::Reaction);
    }
    if text.contains("secured with end-to-end encryption") {
        return Some(EventKind::Encrypted);
    }
    if text.starts_with("You are now connected on Messenger") || text.starts_with("You can now message and call each other") {
        return Some(EventKind::Created);
    }
    let rest = [name, "You"].into_iter().filter(|n| !n.is_empty()).find_map(|n| text.strip_prefix(n)?.strip_prefix(' '))?;
    LINES.iter().find(|(words, _)| rest.contains(words)).map(|(_, event)| *event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_service_are_told_from_what_people_write() {
        assert_eq!(line(b"Generic", "Ana added Bo to the group.", "Ana"), Some(EventKind::Joined));
        assert_eq!(line(b"", "You named the group Deals.", "Ana"), Some(EventKind::Renamed));
        assert_eq!(line(b"", "I left the group of investors", "Ana"), None);
        assert_eq!(line(b"", "Reacted \u{2764} to your message ", "Ana"), Some(EventKind::Reaction));
        assert_eq!(line(b"Call", "", ""), Some(EventKind::Call));
    }
}
