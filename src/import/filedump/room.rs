//! One conversation of a dump while its events pass.

use super::person::People;
use super::record::{Record, clock};
use crate::import::sink::{ChannelIx, Clock, Sink};
use crate::model::ledger::SkipReason;
use crate::model::message::{ConversationKind, Position};
use crate::model::{ConversationIx, HandleIx};

/// Departures held until the end of a conversation is known, at most.
const HELD: usize = 100_000;

/// A `Conversation` element.
#[derive(Default)]
pub struct Room {
    /// What stands in it beside its events: `RoomID`, `StartTimeUTC`, …
    pub values: Record,
    /// `Perspective`.
    pub perspective: String,
    made: Option<(ChannelIx, ConversationIx)>,
    /// Departures: who, when, where.
    left: Vec<(Option<HandleIx>, Clock, Position)>,
    members: Vec<HandleIx>,
}

impl Room {
    /// One of this `Perspective`.
    pub fn seen_by(perspective: String) -> Self {
        Self { perspective, ..Self::default() }
    }

    /// Id of the room; of the conversation where rooms have none.
    pub fn id(&self) -> &str {
        self.values.get(&["roomid", "conversationid"])
    }

    /// The conversation in the batch, made with the first event. `slug`: its channel.
    pub fn place(&mut self, slug: &str, sink: &mut Sink) -> (ChannelIx, ConversationIx) {
        if let Some(made) = self.made {
            return made;
        }
        let channel = sink.channel(slug);
        let id = self.id().to_owned();
        // `private - desk - y6x…`: kind, name and id, as Mattermost writes them.
        let mut parts = id.splitn(2, " - ");
        let (kind, rest) = (parts.next().unwrap_or_default().to_ascii_lowercase(), parts.next());
        let named = rest.map(|r| r.rsplit_once(" - ").map_or(r, |(name, _)| name));
        let kind = match (kind.as_str(), named) {
            ("public" | "private", Some(_)) => ConversationKind::Room,
            ("direct", Some(_)) => ConversationKind::Direct,
            ("group", Some(_)) => ConversationKind::Group,
            _ if id.starts_with("PCHAT-") => ConversationKind::Room,
            _ if id.starts_with("CHAT-") => ConversationKind::Group,
            _ => ConversationKind::Unknown,
        };
        let title = named.filter(|_| kind != ConversationKind::Direct).unwrap_or_default();
        let key = if id.is_empty() { "(no room)" } else { &id };
        let made = (channel, sink.conversation(channel, key, title, kind));
        self.made = Some(made);
        made
    }

    /// Someone takes part.
    pub fn member(&mut self, handle: HandleIx) {
        if !self.members.contains(&handle) {
            self.members.push(handle);
        }
    }

    /// Whether someone came when the window of the dump began: every member is repeated then.
    pub fn was_there(&self, time: Clock) -> bool {
        let start = clock(self.values.get(&["starttimeutc"]), self.values.get(&["starttime"]));
        start.is_some_and(|s| time.micros() <= s.micros())
    }

    /// Someone left; whether that is only the end of the window shows at its end. `false`: too many are held already.
    pub fn leaves(&mut self, handle: Option<HandleIx>, time: Clock, at: Position) -> bool {
        let room = self.left.len() < HELD;
        if room {
            self.left.push((handle, time, at));
        }
        room
    }

    /// The conversation ends: departures at its end repeat its members, the others are told to `kept`.
    pub fn close(&mut self, sink: &mut Sink, mut kept: impl FnMut(Option<HandleIx>, Clock, Position, &mut Sink)) {
        let end = clock(self.values.get(&["endtimeutc"]), self.values.get(&["endtime"]));
        for (handle, time, at) in std::mem::take(&mut self.left) {
            if end.is_some_and(|e| time.micros() >= e.micros()) {
                sink.record();
                sink.skip(SkipReason::Repeated, at);
            } else {
                kept(handle, time, at, sink);
            }
        }
        if let Some((_, conversation)) = self.made
            && let Some(facts) = sink.conversation_facts(conversation)
        {
            facts.members.extend(self.members.iter().map(|h| h.0));
        }
    }
}

/// The conversation of a Bloomberg mail: those who take part in it.
pub fn of_parties(people: &[HandleIx], channel: ChannelIx, sink: &mut Sink) -> ConversationIx {
    let mut keys: Vec<String> = people.iter().filter_map(|h| sink.handle_facts(*h).map(|f| f.key.clone())).collect();
    keys.sort();
    keys.dedup();
    let kind = if keys.len() > 2 { ConversationKind::Group } else { ConversationKind::Direct };
    sink.conversation(channel, &keys.join(", "), "", kind)
}

/// Sender and recipients of a Bloomberg mail.
pub fn parties(record: &Record, channel: ChannelIx, people: &mut People, sink: &mut Sink) -> (Option<HandleIx>, Vec<HandleIx>) {
    let (mut sender, mut audience) = (None, Vec::new());
    for (role, person) in &record.people {
        let handle = people.of(person, channel, sink);
        match role.as_str() {
            "sender" => sender = sender.or(handle),
            "recipient" => audience.extend(handle),
            _ => {}
        }
    }
    (sender, audience)
}
