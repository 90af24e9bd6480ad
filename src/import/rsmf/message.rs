//! An event becomes a message, or a skip with its reason.

use super::event::Event;
use super::reader::RsmfReader;
use crate::import::sink::{Body, Clock, Draft, Id, Sink};
use crate::model::HandleIx;
use crate::model::ledger::SkipReason;
use crate::model::message::{EventKind, Flags, Position};

impl RsmfReader {
    /// One event becomes a message, an event or a skip.
    pub(super) fn take(&mut self, event: &Event, at: Position, sink: &mut Sink) {
        let Some((micros, zoned)) = event.time else { return sink.skip(SkipReason::NoTime, at) };
        let utc = *self.utc.get_or_insert(zoned);
        self.mixed += u64::from(utc != zoned);
        // Files whose first event has an offset are in UTC throughout.
        let time = Clock::of(micros, utc);
        let (room, known) = self.lists.room(&event.conversation, sink);
        if !known {
            let what = "Events name a conversation that the manifest does not list; it was made from its id";
            sink.notice("rsmf_unknown_conversation", what, 1);
        }
        self.evidence.ids(room, &event.id, &event.parent, at, micros);
        if event.kind == "history" {
            let what = "Context repeated before the slice (history) was not counted: those events belong to an earlier slice";
            sink.notice("rsmf_history", what, 1);
            return sink.skip(SkipReason::Repeated, at);
        }
        let sender = self.sender(event, room, sink);
        let kind = kind(event, sink);
        if kind.is_none() && sender.is_none() && event.facts.chars == 0 && event.attachments.is_empty() && !event.deleted {
            return sink.skip(SkipReason::EmptyRecord, at);
        }
        if let (Some(EventKind::Joined), Some(handle)) = (kind, sender) {
            self.lists.joined(room, handle, sink);
        }
        let Some(place) = self.lists.rooms.get(room) else { return sink.skip(SkipReason::Malformed, at) };
        let (conversation, custodian) = (place.conversation, place.custodian);
        let named = event.attachments.len() + usize::from(event.elsewhere);
        let mut flags = Flags::NONE.with_attachments(named);
        flags = match (event.outgoing, custodian) {
            (Some(true), _) => flags.with(Flags::BY_OWNER),
            (Some(false), _) => flags.with(Flags::TO_OWNER),
            (None, Some(owner)) if sender == Some(owner) => flags.with(Flags::BY_OWNER),
            (None, Some(owner)) if place.has(owner) => flags.with(Flags::TO_OWNER),
            _ => flags,
        };
        if kind == Some(EventKind::Left) && custodian.is_some() && sender == custodian {
            let what = "The custodian left a conversation: what was written there afterwards is not in this export";
            sink.notice("rsmf_custodian_left", what, 1);
        }
        self.custodians.extend(custodian.map(|h| h.0));
        let lost = self.lost(event);
        let bot = self.lists.is_bot(&event.participant) || event.automatic || event.kind == "disclaimer";
        flags = flags.with_those([(event.deleted, Flags::DELETED), (event.edited, Flags::EDITED), (bot, Flags::AUTOMATIC), (lost > 0, Flags::MEDIA_ABSENT)]);
        let kept = sink.message(Draft {
            conversation,
            sender,
            time,
            event: kind,
            flags,
            body: Body::Facts(event.facts),
            id: if event.id.is_empty() { Id::None } else { Id::Text(&event.id) },
            reply_to: if event.parent.is_empty() { Id::None } else { Id::Text(&event.parent) },
            audience: None,
            position: at,
        });
        if !kept {
            return;
        }
        self.evidence.kept(micros, kind.is_none());
        self.evidence.attachments(room, event.attachments.len() as u64, lost, at, time);
        if event.deleted && event.facts.chars == 0 && kind.is_none() {
            self.evidence.tombstone(room, at, time);
        }
    }

    fn sender(&mut self, event: &Event, room: usize, sink: &mut Sink) -> Option<HandleIx> {
        if event.participant.is_empty() {
            return None;
        }
        let channel = self.lists.rooms.get(room)?.channel;
        let (handle, known) = self.lists.handle(channel, &event.participant, sink);
        if !known {
            let what = "Events name a participant that the manifest does not list; kept under the id";
            sink.notice("rsmf_unknown_participant", what, 1);
        }
        Some(handle)
    }

    /// Attachments of an event that do not lie beside the manifest.
    fn lost(&mut self, event: &Event) -> u64 {
        let mut lost = 0;
        for id in &event.attachments {
            let held = self.files.as_ref().is_some_and(|files| files.contains(id));
            lost += u64::from(!held);
            if held {
                self.evidence.files.insert(id.clone());
            }
        }
        lost
    }
}

/// What an event is; `None` for a message.
fn kind(event: &Event, sink: &mut Sink) -> Option<EventKind> {
    match event.kind.as_str() {
        "message" | "" => None,
        "join" => Some(EventKind::Joined),
        "leave" => Some(EventKind::Left),
        "disclaimer" => Some(EventKind::Other),
        _ if event.event.is_some() => event.event,
        _ => {
            sink.notice("rsmf_unknown_type", "Events of an unknown type were kept as events, not as messages", 1);
            Some(EventKind::Other)
        }
    }
}
