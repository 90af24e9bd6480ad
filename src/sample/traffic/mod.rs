//! Who writes when: sessions drawn day by day for everyone who is at work. Days are bursty (a person's level is gamma, so counts are negative
//! binomial), weeks have their rhythm, and nobody writes for work on leave, on holidays or after the last day. Here are the nouns;
//! `days` says who is there and how much they write, `sessions` draws.

mod colleagues;
mod days;
pub mod outside;
mod sessions;

use super::calendar::{Region, closure, last_day};
use super::relations::Relations;
use super::texts::{Kind, Language};

pub use days::busy;
pub use sessions::draw;

/// Means of communication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// E-mail.
    Email,
    /// Teams.
    Teams,
    /// Slack.
    Slack,
    /// Text messages on company phones.
    Sms,
    /// WhatsApp on personal accounts.
    WhatsApp,
    /// Telegram on personal accounts.
    Telegram,
    /// WeChat on personal accounts.
    WeChat,
}

impl Channel {
    /// Slug, as in the matter.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Teams => "teams",
            Self::Slack => "slack",
            Self::Sms => "sms",
            Self::WhatsApp => "whatsapp",
            Self::Telegram => "telegram",
            Self::WeChat => "wechat",
        }
    }

    /// Whether accounts belong to the person, not to the firm.
    #[must_use]
    pub const fn personal(self) -> bool {
        matches!(self, Self::WhatsApp | Self::Telegram | Self::WeChat)
    }
}

/// Someone in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Employee.
    Staff(usize),
    /// Contact of a client.
    Contact(usize),
    /// Someone on no list, by index in [`outside::OUTSIDE`].
    Friend(usize),
}

/// Shape of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Two people.
    Direct,
    /// A group in a messenger.
    Group,
    /// A room at work.
    Room,
}

/// A conversation.
#[derive(Debug, Clone)]
pub struct Talk {
    /// Channel.
    pub channel: Channel,
    /// Shape.
    pub shape: Shape,
    /// Name of a room or group; empty for two people.
    pub name: String,
    /// Members; for messengers the owner of the phone comes first.
    pub members: Vec<Party>,
    /// Language.
    pub language: Language,
    /// Client, if it is about one.
    pub company: Option<usize>,
}

/// A message before it is written.
#[derive(Debug, Clone)]
pub struct Note {
    /// UTC seconds.
    pub at: i64,
    /// Conversation.
    pub talk: u32,
    /// Sender.
    pub from: Party,
    /// What for.
    pub kind: Kind,
    /// Seed of its text.
    pub seed: u64,
    /// Message answered, index.
    pub parent: Option<u32>,
    /// First message of the thread, index (itself for a root).
    pub root: u32,
    /// Number within its conversation, from 1.
    pub number: u32,
    /// Removed by a plant.
    pub gone: bool,
}

/// A spell of leave.
#[derive(Debug, Clone)]
pub struct Spell {
    /// Who.
    pub staff: usize,
    /// First day.
    pub from: i32,
    /// Last day.
    pub to: i32,
    /// Kind.
    pub kind: &'static str,
    /// Whether it stands in `leave.csv`.
    pub listed: bool,
}

/// A move of a relationship to a personal account, as it happened.
#[derive(Debug, Clone)]
pub struct Moved {
    /// Employee, client.
    pub pair: (usize, usize),
    /// Where to.
    pub to: Channel,
    /// Day.
    pub day: i32,
    /// Whether the client asked.
    pub by_client: bool,
}

/// A request to change the channel that was answered by pointing to the work address.
#[derive(Debug, Clone)]
pub struct Redirected {
    /// Employee, client.
    pub pair: (usize, usize),
    /// Day.
    pub day: i32,
}

/// All traffic of the firm.
pub struct Traffic {
    /// Conversations.
    pub talks: Vec<Talk>,
    /// Messages in time order.
    pub notes: Vec<Note>,
    /// Leave.
    pub leave: Vec<Spell>,
    /// Relationships.
    pub relations: Relations,
    /// Moves.
    pub moves: Vec<Moved>,
    /// Redirects.
    pub redirects: Vec<Redirected>,
}

/// Fewest messages at which the group that reaches the export limit is written: it alone has ten thousand.
pub const CAP_FROM: usize = 40_000;
/// Name of that group.
pub const CAP_GROUP: &str = "MQ Ops floor";
/// Name of the Telegram group with its own numbering.
pub const SUPERGROUP: &str = "Gulf freight circle";

impl Traffic {
    /// Time order; references follow; numbers within conversations are given.
    fn settle(&mut self) {
        let end = i64::from(last_day() + 1) * 86_400;
        let mut order: Vec<u32> = (0..u32::try_from(self.notes.len()).unwrap_or(0)).collect();
        order.sort_by_key(|i| self.notes.get(*i as usize).map_or((0, *i), |n| (n.at, *i)));
        let mut place = vec![0u32; order.len()];
        for (new, old) in (0u32..).zip(&order) {
            if let Some(p) = place.get_mut(*old as usize) {
                *p = new;
            }
        }
        let moved = |i: u32| place.get(i as usize).copied().unwrap_or(i);
        let mut notes: Vec<Note> = order.iter().filter_map(|i| self.notes.get(*i as usize).cloned()).collect();
        let mut numbers = vec![0u32; self.talks.len()];
        for note in &mut notes {
            note.parent = note.parent.map(moved);
            note.root = moved(note.root);
            if let Some(n) = numbers.get_mut(note.talk as usize) {
                *n += 1;
                note.number = *n;
            }
        }
        // What runs past midnight of the last day is not part of any export. Answers are later than what they answer, so no reference breaks.
        while notes.last().is_some_and(|n| n.at >= end) {
            notes.pop();
        }
        self.notes = notes;
    }

    /// Day in UTC of a note.
    #[must_use]
    pub fn day(note: &Note) -> i32 {
        i32::try_from(note.at.div_euclid(86_400)).unwrap_or(0)
    }

    /// The conversation of a note.
    #[must_use]
    pub fn talk(&self, note: &Note) -> Option<&Talk> {
        self.talks.get(note.talk as usize)
    }

    /// The closure that no list names.
    #[must_use]
    pub fn closed() -> (Region, i32, i32) {
        closure()
    }
}
