//! One element of `MessageList[]`: the fields that matter, borrowed from the window; everything else is passed over.

use crate::import::json::{Scan, Scanner, Text, Value, each, items, word};
use crate::import::teams::markup::attribute;
use crate::model::message::EventKind;

/// What one record says.
#[derive(Default)]
pub struct Item<'a> {
    /// `id`: milliseconds of its arrival.
    pub id: Text<'a>,
    /// `originalarrivaltime`.
    pub arrived: Text<'a>,
    /// `from`: `8:live:name`.
    pub from: Text<'a>,
    /// `displayName` of the sender; mostly absent.
    pub name: Text<'a>,
    /// `messagetype`.
    pub kind: Text<'a>,
    /// `content`: text with tags.
    pub content: Text<'a>,
    /// `properties.deletetime` is there.
    pub deleted: bool,
    /// `properties.edittime` is there.
    pub edited: bool,
    /// Entries of `amsreferences`: names of files kept by the service.
    pub references: Value<'a>,
}

impl<'a> Item<'a> {
    /// Reads one record.
    pub fn read(s: &mut Scanner<'a>) -> Scan<Self> {
        let mut item = Self::default();
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            match key.raw {
                b"id" => item.id = word(s.value()?),
                b"originalarrivaltime" => item.arrived = word(s.value()?),
                b"from" => item.from = word(s.value()?),
                b"displayName" => item.name = word(s.value()?),
                b"messagetype" => item.kind = word(s.value()?),
                b"content" => item.content = word(s.value()?),
                b"properties" => each(s.value()?, |key, value| match key {
                    b"deletetime" => item.deleted = stated(value),
                    b"edittime" => item.edited = stated(value),
                    _ => {}
                }),
                b"amsreferences" => item.references = s.value()?,
                _ => s.skip()?,
            }
        }
        Ok(item)
    }

    /// Number of files named.
    pub fn files(&self) -> usize {
        let mut n = 0;
        items(self.references, |_| n += 1);
        let named = self.kind.raw == b"RichText/UriObject" || self.kind.raw.starts_with(b"RichText/Media_") && !self.is_card();
        n.max(usize::from(named))
    }

    fn is_card(&self) -> bool {
        matches!(self.kind.raw, b"RichText/Media_Card" | b"RichText/Media_FlikMsg" | b"RichText/Media_CallRecording")
    }

    /// The content is not exported: a private conversation.
    pub fn encrypted(&self) -> bool {
        self.kind.raw == b"EndToEndEncryption/EncryptedText"
    }

    /// The event, or `None` for what somebody wrote. The flag is `false` for a type nobody has described.
    pub fn event(&self) -> (Option<EventKind>, bool) {
        let event = match self.kind.raw {
            b"Event/Call" | b"RichText/Media_CallRecording" => EventKind::Call,
            b"ThreadActivity/AddMember" | b"ThreadActivity/MemberJoined" => EventKind::Joined,
            b"ThreadActivity/DeleteMember" | b"ThreadActivity/MemberLeft" => EventKind::Left,
            b"ThreadActivity/TopicUpdate" | b"ThreadActivity/PictureUpdate" | b"ThreadActivity/HistoryDisclosedUpdate" | b"ThreadActivity/RoleUpdate" => {
                EventKind::Renamed
            }
            b"Notice" | b"PopCard" | b"Translation" | b"InviteFreeRelationshipChanged/Initialized" => EventKind::Other,
            b"" | b"Text" | b"RichText" | b"Poll" | b"EndToEndEncryption/EncryptedText" => return (None, true),
            kind if kind.starts_with(b"RichText/") => return (None, true),
            kind if kind.starts_with(b"ThreadActivity/") => EventKind::Other,
            _ => return (Some(EventKind::Other), false),
        };
        (Some(event), true)
    }
}

/// `<quote author="…" timestamp="…" messageid="1583057471345">` in a decoded content: what is answered. `None` for a quote that names
/// nothing is no quote of a record.
pub fn quoted(content: &[u8]) -> Option<u64> {
    let at = memchr::memmem::find(content, b"<quote")?;
    let tag = content.get(at..)?;
    let tag = tag.get(..memchr::memchr(b'>', tag)?)?;
    let id = attribute(tag, b"messageid")?;
    crate::import::json::integer(id).and_then(|n| u64::try_from(n).ok())
}

/// The content without what is quoted in it: those are somebody else's words.
pub fn own<'a>(content: &'a [u8], room: &'a mut Vec<u8>) -> &'a [u8] {
    let (Some(begin), Some(end)) = (memchr::memmem::find(content, b"<quote"), memchr::memmem::rfind(content, b"</quote>")) else { return content };
    let (Some(before), Some(after)) = (content.get(..begin), content.get(end.max(begin) + 8..)) else { return content };
    room.clear();
    room.extend_from_slice(before);
    room.extend_from_slice(after);
    room
}

/// A time that is written and not 0.
fn stated(value: Value<'_>) -> bool {
    let text = word(value);
    !text.is_empty() && text.raw != b"0"
}
