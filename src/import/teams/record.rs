//! One `chatMessage`: the fields that matter, borrowed from the window; everything else is passed over. Keys are compared without case:
//! the tenant's own export writes `CreatedDateTime` where Graph writes `createdDateTime`.

use crate::import::json::{Scan, Scanner, Text, Value, each, items, word};
use crate::model::message::EventKind;

/// Longest key that matters.
const KEY: usize = 24;

/// What one record says.
#[derive(Default)]
pub struct Item<'a> {
    /// `id`: milliseconds of its creation; unique within its conversation.
    pub id: Text<'a>,
    /// `replyToId`: the root, in channels.
    pub reply: Text<'a>,
    /// `messageType`.
    pub kind: Text<'a>,
    /// `createdDateTime`.
    pub created: Text<'a>,
    /// `lastEditedDateTime` is there.
    pub edited: bool,
    /// `deletedDateTime` is there.
    pub deleted: bool,
    /// `chatId`.
    pub chat: Text<'a>,
    /// `channelIdentity.channelId`.
    pub channel: Text<'a>,
    /// `channelIdentity.teamId`.
    pub team: Text<'a>,
    /// `from`.
    pub from: Value<'a>,
    /// `subject`.
    pub subject: Text<'a>,
    /// `body.content`.
    pub content: Text<'a>,
    /// `body.contentType` is `html`.
    pub html: bool,
    /// Files and links to files.
    pub files: usize,
    /// The message a chat message quotes (an attachment of type `messageReference`).
    pub quoted: Text<'a>,
    /// A forwarded message is attached.
    pub forwarded: bool,
    /// `policyViolation` is there: a rule against data loss has struck.
    pub violation: bool,
    /// `eventDetail`.
    pub detail: Value<'a>,
}

impl<'a> Item<'a> {
    /// Reads one record.
    pub fn read(s: &mut Scanner<'a>) -> Scan<Self> {
        let mut item = Self::default();
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            let mut room = [0; KEY];
            match lower(key.raw, &mut room) {
                b"id" => item.id = word(s.value()?),
                b"replytoid" => item.reply = word(s.value()?),
                b"messagetype" => item.kind = word(s.value()?),
                b"createddatetime" => item.created = word(s.value()?),
                b"lastediteddatetime" => item.edited = !word(s.value()?).is_empty(),
                b"deleteddatetime" => item.deleted = !word(s.value()?).is_empty(),
                b"chatid" => item.chat = word(s.value()?),
                b"channelidentity" => each(s.value()?, |key, value| {
                    if key.eq_ignore_ascii_case(b"channelId") {
                        item.channel = word(value);
                    } else if key.eq_ignore_ascii_case(b"teamId") {
                        item.team = word(value);
                    }
                }),
                b"from" => item.from = s.value()?,
                b"subject" => item.subject = word(s.value()?),
                b"body" => each(s.value()?, |key, value| {
                    if key.eq_ignore_ascii_case(b"content") {
                        item.content = word(value);
                    } else if key.eq_ignore_ascii_case(b"contentType") {
                        item.html = word(value).raw.eq_ignore_ascii_case(b"html");
                    }
                }),
                b"attachments" => item.attachments(s.value()?),
                b"policyviolation" => item.violation = matches!(s.value()?, Value::Object(_)),
                b"eventdetail" => item.detail = s.value()?,
                _ => s.skip()?,
            }
        }
        Ok(item)
    }

    fn attachments(&mut self, value: Value<'a>) {
        items(value, |attachment| {
            let (mut id, mut kind) = (Text::default(), Text::default());
            each(attachment, |key, value| {
                if key.eq_ignore_ascii_case(b"id") {
                    id = word(value);
                } else if key.eq_ignore_ascii_case(b"contentType") {
                    kind = word(value);
                }
            });
            match kind.raw {
                b"messageReference" => self.quoted = id,
                b"forwardedMessageReference" => self.forwarded = true,
                // Cards are text in a frame, not files.
                card if card.starts_with(b"application/vnd.microsoft.card") || card.starts_with(b"application/vnd.microsoft.teams") => {}
                b"" => {}
                _ => self.files += 1,
            }
        });
    }

    /// Whether it tells of something that happened, not of something somebody wrote.
    pub fn is_event(&self) -> bool {
        !self.kind.raw.eq_ignore_ascii_case(b"message") && !self.kind.is_empty()
    }

    /// What an event tells: by `@odata.type` in Graph, by the one part that is filled in the tenant's export.
    pub fn event(&self) -> EventKind {
        let mut kind = EventKind::Other;
        each(self.detail, |key, value| {
            let name = if key == b"@odata.type" { word(value).raw } else { key };
            if (key == b"@odata.type" || matches!(value, Value::Object(_))) && kind == EventKind::Other {
                kind = event_named(&name.to_ascii_lowercase());
            }
        });
        kind
    }
}

/// `#microsoft.graph.membersAddedEventMessageDetail`, or `MembersAdded`.
fn event_named(name: &[u8]) -> EventKind {
    let has = |word: &str| memchr::memmem::find(name, word.as_bytes()).is_some();
    for (words, kind) in [
        (&["membersadded", "membersjoined"][..], EventKind::Joined),
        (&["membersdeleted", "membersleft"], EventKind::Left),
        (&["callstarted", "callended", "callrecording", "calltranscript"], EventKind::Call),
        (&["messagepinned", "messageunpinned"], EventKind::Pinned),
        (&["renamed", "descriptionupdated"], EventKind::Renamed),
        (&["channeladded", "teamcreated", "chatcreated"], EventKind::Created),
        (&["appinstalled", "appremoved", "appupgraded", "tabupdated"], EventKind::Integration),
    ] {
        if words.iter().any(|w| has(w)) {
            return kind;
        }
    }
    EventKind::Other
}

/// A key in lower case; empty when it is longer than any that matters.
pub fn lower<'b>(key: &[u8], room: &'b mut [u8; KEY]) -> &'b [u8] {
    let Some(slot) = room.get_mut(..key.len()) else { return b"" };
    slot.copy_from_slice(key);
    slot.make_ascii_lowercase();
    slot
}
