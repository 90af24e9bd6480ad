//! People and conversations of a form that gives ids (Desktop records, signal-cli, table of an Android backup), and records on their way.

use std::collections::BTreeMap;

use super::room::{Room, micros, reply_id};
use crate::features::Facts;
use crate::import::sink::{Body, ChannelIx, Clock, Draft, Id, Sink};
use crate::model::HandleIx;
use crate::model::ledger::SkipReason;
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::text;

/// A record.
#[derive(Default)]
pub struct Row {
    /// Place of its conversation in the book.
    pub room: usize,
    /// Sender.
    pub sender: Option<HandleIx>,
    /// Milliseconds UTC; with the sender it names the message.
    pub time: i64,
    /// An event, if it is one.
    pub event: Option<EventKind>,
    /// Flags.
    pub flags: Flags,
    /// Text.
    pub facts: Facts,
    /// What it answers, or names: sent at, author.
    pub target: Option<(i64, Option<HandleIx>)>,
    /// The time is that of receipt.
    pub inferred: bool,
    /// Place.
    pub at: Position,
}

/// Everyone and every conversation of one source.
#[derive(Default)]
pub struct Book {
    channel: Option<ChannelIx>,
    /// Conversations.
    pub rooms: Vec<Room>,
    keys: BTreeMap<String, usize>,
    writers: Vec<BTreeMap<u32, ()>>,
}

impl Book {
    /// The channel.
    pub fn channel(&mut self, sink: &mut Sink) -> ChannelIx {
        *self.channel.get_or_insert_with(|| sink.channel("signal"))
    }

    /// A handle; `None` when there is no key.
    pub fn handle(&mut self, key: &str, name: &str, phone: &str, sink: &mut Sink) -> Option<HandleIx> {
        if text::clean_name(key).is_empty() {
            return None;
        }
        let channel = self.channel(sink);
        let handle = sink.handle(channel, key);
        if let Some(facts) = sink.handle_facts(handle) {
            if facts.name.is_empty() && !name.is_empty() && name != key {
                facts.name = text::clean_name(name);
            }
            if facts.phone.is_empty()
                && let Some(phone) = text::phone(phone)
            {
                facts.phone = phone;
            }
        }
        Some(handle)
    }

    /// A conversation, made when new.
    pub fn room(&mut self, key: &str, title: &str, kind: ConversationKind, members: &[HandleIx], sink: &mut Sink) -> usize {
        if let Some(known) = self.keys.get(key) {
            return *known;
        }
        let channel = self.channel(sink);
        let conversation = sink.conversation(channel, key, title, kind);
        if let Some(facts) = sink.conversation_facts(conversation) {
            facts.members.extend(members.iter().map(|h| h.0));
        }
        let ix = self.rooms.len();
        self.rooms.push(Room::of(conversation));
        self.writers.push(BTreeMap::new());
        self.keys.insert(key.to_owned(), ix);
        ix
    }

    /// Whether the words of the next message are looked at.
    pub fn sampled(&self, room: usize, sink: &Sink) -> bool {
        sink.looks(self.rooms.get(room).and_then(|r| r.conversation))
    }

    /// A record, already counted. `false` when it was skipped.
    pub fn take(&mut self, row: &Row, sink: &mut Sink) -> bool {
        let (Some(room), Some(stored)) = (self.rooms.get_mut(row.room), micros(row.time)) else {
            sink.skip(SkipReason::TimeOutOfRange, row.at);
            return false;
        };
        let Some(conversation) = room.conversation else {
            sink.skip(SkipReason::Malformed, row.at);
            return false;
        };
        let reply = row.target.map(|(sent, _)| reply_id(sent));
        let inferred = if row.inferred { row.flags.with(Flags::TIME_INFERRED) } else { row.flags };
        let draft = Draft {
            conversation,
            sender: row.sender,
            time: Clock::Utc(stored),
            event: row.event,
            flags: inferred,
            body: Body::Facts(row.facts),
            id: if row.inferred { Id::None } else { Id::Time },
            reply_to: reply.as_ref().map_or(Id::None, |id| Id::Text(id.as_bytes())),
            audience: None,
            position: row.at,
        };
        if !sink.message(draft) {
            return false;
        }
        let clock = Clock::Utc(stored);
        room.last = Some(clock);
        if row.event.is_none() {
            room.messages += 1;
            room.hold(row.time, row.sender.map(|h| h.0));
            if let (Some(sender), Some(writers)) = (row.sender, self.writers.get_mut(row.room)) {
                writers.insert(sender.0, ());
            }
            room.deleted.add(u64::from(row.flags.has(Flags::DELETED)), row.at, clock);
        }
        if let Some((sent, author)) = row.target {
            room.quote(sent, author.map(|h| h.0), stored, row.at);
        }
        true
    }

    /// Those who wrote in a conversation.
    pub fn writers(&self, room: usize) -> Vec<u32> {
        self.writers.get(room).map(|w| w.keys().copied().collect()).unwrap_or_default()
    }

    /// Conversations of an unknown kind are told by how many wrote in them; then all say what they prove.
    pub fn close(&mut self, sink: &mut Sink) {
        for ix in 0..self.rooms.len() {
            let writers = self.writers(ix);
            let Some(room) = self.rooms.get_mut(ix) else { continue };
            if let Some(facts) = room.conversation.and_then(|c| sink.conversation_facts(c)) {
                if facts.kind == ConversationKind::Unknown && !writers.is_empty() {
                    facts.kind = if writers.len() > 2 { ConversationKind::Group } else { ConversationKind::Direct };
                }
                facts.members.extend(writers);
            }
            room.close(sink);
        }
    }
}
