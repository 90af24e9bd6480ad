//! What a manifest proves about records that are not in it, gathered while its events pass and said at the end.

use std::collections::BTreeSet;

use super::event::moment;
use super::wrapper::Declared;
use crate::import::sink::{Clock, Map, Sink};
use crate::import::tally::Tally;
use crate::model::ConversationIx;
use crate::model::message::Position;
use crate::model::statement::StatementKind;
use crate::time::SECOND;

/// Absent parents remembered by name for one conversation.
const REMEMBERED: usize = 1 << 20;

/// One conversation.
#[derive(Default)]
struct Room {
    tombstones: Tally,
    lost: Tally,
    ids: Map<Box<[u8]>, ()>,
    parents: Map<Box<[u8]>, (Position, i64)>,
}

/// Of one manifest.
#[derive(Default)]
pub struct Evidence {
    rooms: Vec<Room>,
    /// Events seen, of all types.
    pub events: u64,
    messages: u64,
    named: u64,
    /// Files that events name.
    pub files: BTreeSet<String>,
    span: Option<(i64, i64)>,
}

impl Evidence {
    fn room(&mut self, ix: usize) -> Option<&mut Room> {
        if self.rooms.len() <= ix {
            self.rooms.resize_with(ix + 1, Room::default);
        }
        self.rooms.get_mut(ix)
    }

    /// An event of a conversation with its id and the id it answers.
    pub fn ids(&mut self, room: usize, id: &[u8], parent: &[u8], at: Position, time: i64) {
        let Some(room) = self.room(room) else { return };
        if !id.is_empty() && room.ids.len() < REMEMBERED {
            room.ids.insert(id.into(), ());
        }
        if !parent.is_empty() && room.parents.len() < REMEMBERED {
            room.parents.entry(parent.into()).or_insert((at, time));
        }
    }

    /// An event that was kept.
    pub fn kept(&mut self, time: i64, message: bool) {
        self.messages += u64::from(message);
        self.span = Some(self.span.map_or((time, time), |(a, b)| (a.min(time), b.max(time))));
    }

    /// A message deleted at the source whose text is not held.
    pub fn tombstone(&mut self, room: usize, at: Position, time: Clock) {
        if let Some(room) = self.room(room) {
            room.tombstones.add(1, at, time);
        }
    }

    /// Attachments of one event: how many it names and how many of them are not held.
    pub fn attachments(&mut self, room: usize, named: u64, lost: u64, at: Position, time: Clock) {
        self.named += named;
        if let Some(room) = self.room(room) {
            room.lost.add(lost, at, time);
        }
    }

    /// Says it at the end. `conversations`: of the rooms in order; `beside`: the files of events can lie beside the manifest.
    pub fn tell(&self, conversations: &[ConversationIx], beside: bool, utc: bool, declared: &Declared, sink: &mut Sink) {
        for (room, conversation) in self.rooms.iter().zip(conversations) {
            room.tombstones.tell(StatementKind::Tombstone, Some(*conversation), "events marked as deleted, without text", sink);
            let (kind, detail) = match beside {
                true => (StatementKind::FileLost, "named by events, not in the zip"),
                false => (StatementKind::MediaAbsent, "the manifest came without its files"),
            };
            room.lost.tell(kind, Some(*conversation), detail, sink);
            absent(room, *conversation, utc, sink);
        }
        self.declared(declared, utc, sink);
    }

    /// What the mail's headers declare against what is held.
    fn declared(&self, declared: &Declared, utc: bool, sink: &mut Sink) {
        let (from, to) = self.span.map(|(a, b)| (Clock::of(a, utc), Clock::of(b, utc))).unzip();
        // Some producers declare messages where events are asked for.
        let held = if declared.events == Some(self.messages) { self.messages } else { self.events };
        for (stated, held, what) in [(declared.events, held, "events"), (declared.attachments, self.named, "attachments")] {
            let Some(stated) = stated else { continue };
            if stated > held {
                let detail = format!("{stated} {what} declared, {held} in the manifest");
                sink.statement(StatementKind::CountShort, None, from, to, stated - held, Position::byte(0), &detail);
            } else if stated < held {
                sink.notice("rsmf_more_than_declared", format!("The mail declares {stated} {what}, the manifest has {held}"), 1);
            }
        }
        let Some((first, last)) = self.span else { return };
        let bound = |raw: &str| moment(raw.as_bytes()).filter(|(_, zoned)| *zoned == utc).map(|m| m.0);
        let early = bound(&declared.begin).is_some_and(|t| t + SECOND <= first);
        let late = bound(&declared.end).is_some_and(|t| t - SECOND >= last);
        if early || late {
            let what = match (early, late) {
                (true, true) => "begin and end",
                (true, false) => "begin",
                _ => "end",
            };
            let sentence = format!("The declared {what} ({} to {}) lies outside the events: records at the edge may be missing", declared.begin, declared.end);
            sink.notice("rsmf_wider_than_events", sentence, 1);
        }
    }
}

fn absent(room: &Room, conversation: ConversationIx, utc: bool, sink: &mut Sink) {
    let mut absent: Vec<_> = room.parents.iter().filter(|(id, _)| !room.ids.contains_key(*id)).map(|(id, place)| (place.0, place.1, id)).collect();
    absent.sort_unstable();
    let Some((at, first, id)) = absent.first() else { return };
    let last = absent.iter().map(|a| a.1).max().unwrap_or(*first);
    let detail = format!("parents of replies, the first {}", String::from_utf8_lossy(id));
    sink.statement(StatementKind::AbsentTarget, Some(conversation), None, Some(Clock::of(last, utc)), absent.len() as u64, *at, &detail);
}
