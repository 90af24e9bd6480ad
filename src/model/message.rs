//! What is known of one message: kind, flags, place. Its text is never here.

use serde::{Deserialize, Serialize};

/// Where a record stands in the bytes it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Position {
    /// Byte offset in the part (the file, or the expanded archive member).
    pub offset: u64,
    /// Line number from 1; 0 where the format has no useful lines.
    pub line: u32,
}

impl Position {
    const LINE_BITS: u32 = 26;
    const LINE_MAX: u64 = (1 << Self::LINE_BITS) - 1;

    /// A place without a line number.
    #[must_use]
    pub const fn byte(offset: u64) -> Self {
        Self { offset, line: 0 }
    }

    /// A place with a line number.
    #[must_use]
    pub const fn line(offset: u64, line: u32) -> Self {
        Self { offset, line }
    }

    /// Offset (38 bits, 256 GiB) and line (26 bits, 67 million) in one word. A line beyond that becomes 0:
    /// the byte offset still leads there.
    #[must_use]
    pub const fn pack(self) -> u64 {
        let line = if self.line as u64 > Self::LINE_MAX { 0 } else { self.line as u64 };
        (self.offset << Self::LINE_BITS) | line
    }

    /// The reverse of [`Position::pack`].
    #[must_use]
    pub const fn unpack(word: u64) -> Self {
        Self { offset: word >> Self::LINE_BITS, line: (word & Self::LINE_MAX) as u32 }
    }
}

/// What an event (a record that is no message) says. Stored in 5 bits beside the flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum EventKind {
    /// Anything the reader knows to be an event but has no closer word for.
    Other = 1,
    /// The conversation was created: the record begins at its beginning.
    Created = 2,
    /// Someone joined or was added.
    Joined = 3,
    /// Someone left or was removed.
    Left = 4,
    /// Name, topic, picture, settings changed.
    Renamed = 5,
    /// A call, answered or missed.
    Call = 6,
    /// A message was pinned.
    Pinned = 7,
    /// Notice of end-to-end encryption, first record of a complete WhatsApp chat.
    Encrypted = 8,
    /// A security code or device changed.
    SecurityCode = 9,
    /// A phone number changed.
    NumberChanged = 10,
    /// Messages are now deleted after some time.
    TimerOn = 11,
    /// Messages are no longer deleted by a timer.
    TimerOff = 12,
    /// The history was cleared.
    HistoryCleared = 13,
    /// A group became a larger one or came from one.
    Migrated = 14,
    /// Someone took a picture of the screen.
    Screenshot = 15,
    /// A contact was blocked or unblocked.
    Blocked = 16,
    /// A message was deleted; the record names it.
    Deleted = 17,
    /// A message was edited; the record names it.
    Edited = 18,
    /// A reaction.
    Reaction = 19,
    /// A bot or integration was added or removed.
    Integration = 20,
}

impl EventKind {
    /// All kinds, in order of their codes.
    pub const ALL: [Self; 20] = [
        Self::Other,
        Self::Created,
        Self::Joined,
        Self::Left,
        Self::Renamed,
        Self::Call,
        Self::Pinned,
        Self::Encrypted,
        Self::SecurityCode,
        Self::NumberChanged,
        Self::TimerOn,
        Self::TimerOff,
        Self::HistoryCleared,
        Self::Migrated,
        Self::Screenshot,
        Self::Blocked,
        Self::Deleted,
        Self::Edited,
        Self::Reaction,
        Self::Integration,
    ];

    /// From its stored code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code).checked_sub(1)?).copied()
    }

    /// The word used in `audit messages`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Created => "created",
            Self::Joined => "joined",
            Self::Left => "left",
            Self::Renamed => "renamed",
            Self::Call => "call",
            Self::Pinned => "pinned",
            Self::Encrypted => "encrypted",
            Self::SecurityCode => "security_code",
            Self::NumberChanged => "number_changed",
            Self::TimerOn => "timer_on",
            Self::TimerOff => "timer_off",
            Self::HistoryCleared => "history_cleared",
            Self::Migrated => "migrated",
            Self::Screenshot => "screenshot",
            Self::Blocked => "blocked",
            Self::Deleted => "deleted",
            Self::Edited => "edited",
            Self::Reaction => "reaction",
            Self::Integration => "integration",
        }
    }
}

/// Facts about a record in one word: event kind (bits 0-4, 0 = message), attachments (bits 8-15), the rest single bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Flags(pub u32);

impl Flags {
    /// Content deleted, the record remains (tombstone).
    pub const DELETED: Self = Self(1 << 16);
    /// Edited after sending.
    pub const EDITED: Self = Self(1 << 17);
    /// Forwarded from elsewhere.
    pub const FORWARDED: Self = Self(1 << 18);
    /// Made by a machine: bot, list, auto-reply, receipt.
    pub const AUTOMATIC: Self = Self(1 << 19);
    /// An attachment is named but not in the export.
    pub const MEDIA_ABSENT: Self = Self(1 << 20);
    /// The record stands, its content is not held (view-once, undecryptable, withheld).
    pub const NO_CONTENT: Self = Self(1 << 21);
    /// Sent by the owner of the source.
    pub const BY_OWNER: Self = Self(1 << 22);
    /// Received by the owner of the source.
    pub const TO_OWNER: Self = Self(1 << 23);
    /// Its time was taken from a second place (`Received`, file name) because the first was missing or impossible.
    pub const TIME_INFERRED: Self = Self(1 << 24);
    /// Private by its own marker (label, folder, subject).
    pub const MARKED_PRIVATE: Self = Self(1 << 25);
    /// The native id is the time itself (Slack).
    pub const ID_IS_TIME: Self = Self(1 << 26);

    /// No flags.
    pub const NONE: Self = Self(0);

    /// Whether all bits of `other` are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// With those of these that are so.
    #[must_use]
    pub fn with_those(self, flags: impl IntoIterator<Item = (bool, Self)>) -> Self {
        flags.into_iter().filter(|(so, _)| *so).fold(self, |all, (_, flag)| all.with(flag))
    }

    /// With a number of attachments (at most 255 are kept).
    #[must_use]
    pub const fn with_attachments(self, n: usize) -> Self {
        let n = if n > 255 { 255 } else { n as u32 };
        Self((self.0 & !0xff00) | (n << 8))
    }

    /// Number of attachments.
    #[must_use]
    pub const fn attachments(self) -> u8 {
        ((self.0 >> 8) & 0xff) as u8
    }

    /// As an event of this kind.
    #[must_use]
    pub const fn with_event(self, kind: EventKind) -> Self {
        Self((self.0 & !0x1f) | kind as u32)
    }

    /// The event kind; `None` for a message.
    #[must_use]
    pub fn event(self) -> Option<EventKind> {
        EventKind::from_code((self.0 & 0x1f) as u8)
    }

    /// Whether this is a message (no event).
    #[must_use]
    pub const fn is_message(self) -> bool {
        self.0 & 0x1f == 0
    }
}

/// What sort of conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum ConversationKind {
    /// Two parties.
    Direct = 0,
    /// A named group of people.
    Group = 1,
    /// A room people come to (Slack channel, Telegram channel).
    Room = 2,
    /// A mail thread; threads are joined by replies when batches are merged.
    Thread = 3,
    /// Not told by the source.
    #[default]
    Unknown = 4,
}

impl ConversationKind {
    /// From its stored code.
    #[must_use]
    pub const fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Direct,
            1 => Self::Group,
            2 => Self::Room,
            3 => Self::Thread,
            _ => Self::Unknown,
        }
    }

    /// The word used in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Group => "group",
            Self::Room => "room",
            Self::Thread => "thread",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_survive_packing() {
        for p in [Position::byte(0), Position::line(5, 1), Position::line((1 << 38) - 1, 67_108_863)] {
            assert_eq!(Position::unpack(p.pack()), p);
        }
        assert_eq!(Position::unpack(Position::line(9, u32::MAX).pack()), Position::byte(9));
    }

    #[test]
    fn every_event_code_is_its_place_in_the_list() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::from_code(kind as u8), Some(kind));
            assert_eq!(Flags::NONE.with_attachments(3).with_event(kind).event(), Some(kind));
        }
        assert!(Flags::EDITED.is_message());
    }
}
