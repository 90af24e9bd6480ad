//! One record on its way into the batch: what readers fill in.

use crate::features::Facts;
use crate::model::message::{EventKind, Flags, Position};
use crate::model::{AudienceIx, ConversationIx, HandleIx};

/// A time as the source gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Microseconds UTC.
    Utc(i64),
    /// Microseconds of the wall clock as written; the zone is the source's.
    Written(i64),
}

impl Clock {
    /// A number of microseconds: UTC, or as written.
    #[must_use]
    pub const fn of(micros: i64, utc: bool) -> Self {
        if utc { Self::Utc(micros) } else { Self::Written(micros) }
    }

    /// One source has one kind of times, that of its first, which `utc` keeps: this time as one of that kind, and whether it is of the other.
    #[must_use]
    pub fn settled(self, utc: &mut Option<bool>) -> (Self, bool) {
        let is_utc = matches!(self, Self::Utc(_));
        let utc = *utc.get_or_insert(is_utc);
        (Self::of(self.micros(), utc), utc != is_utc)
    }

    /// Its number, by whichever clock.
    #[must_use]
    pub const fn micros(self) -> i64 {
        match self {
            Self::Utc(t) | Self::Written(t) => t,
        }
    }
}

impl From<i64> for Clock {
    /// Microseconds UTC.
    fn from(micros: i64) -> Self {
        Self::Utc(micros)
    }
}

/// A native id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Id<'a> {
    /// The source gives none.
    #[default]
    None,
    /// A number, unique in its conversation.
    Number(u64),
    /// A text (kept to 200 bytes), unique on its channel in mail threads, else in its conversation.
    Text(&'a [u8]),
    /// The id is the time in microseconds (Slack).
    Time,
}

/// The text of a record, or facts already taken from it.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// UTF-8 text (invalid bytes are tolerated).
    Text(&'a [u8]),
    /// Facts gathered while decoding.
    Facts(Facts),
}

/// One record on its way into the batch.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// Conversation.
    pub conversation: ConversationIx,
    /// Sender; `None` for records without one.
    pub sender: Option<HandleIx>,
    /// Time.
    pub time: Clock,
    /// `Some` makes it an event.
    pub event: Option<EventKind>,
    /// Flags, attachments included.
    pub flags: Flags,
    /// Text.
    pub body: Body<'a>,
    /// Native id.
    pub id: Id<'a>,
    /// What it answers.
    pub reply_to: Id<'a>,
    /// Recipients, where the conversation does not tell.
    pub audience: Option<AudienceIx>,
    /// Place in the current part.
    pub position: Position,
}

impl Draft<'_> {
    /// An event without text.
    #[must_use]
    pub const fn event(conversation: ConversationIx, sender: Option<HandleIx>, time: Clock, kind: EventKind, position: Position) -> Self {
        Self {
            conversation,
            sender,
            time,
            event: Some(kind),
            flags: Flags::NONE,
            body: Body::Text(b""),
            id: Id::None,
            reply_to: Id::None,
            audience: None,
            position,
        }
    }
}

/// A number as its digits.
pub(super) fn decimal(mut n: u64, digits: &mut [u8; 20]) -> &[u8] {
    let mut at = digits.len();
    for slot in digits.iter_mut().rev() {
        *slot = b'0' + (n % 10) as u8;
        n /= 10;
        at -= 1;
        if n == 0 {
            break;
        }
    }
    digits.get(at..).unwrap_or_default()
}
