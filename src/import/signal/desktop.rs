//! Records of Signal Desktop's own database as sigtop and its like print them.
//!
//! `{"id":"..","conversationId":"..","type":"incoming","sent_at":1772440260000,"received_at":81,"received_at_ms":..,"sourceServiceId":"..","body":".."}`
//! `expireTimer` is in seconds; `received_at` has been a counter of the device since 2021.

use super::book::{Book, Row};
use super::nested::{filled, members, number, words};
use crate::features::facts;
use crate::import::Options;
use crate::import::json::{Text, Value, each, items};
use crate::import::sink::{Clock, Sink};
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::text;

/// What a record says.
#[derive(Default)]
struct Record<'a> {
    conversation: Option<String>,
    kind: Text<'a>,
    sent: Option<i64>,
    received: Option<i64>,
    counter: Option<i64>,
    service: Option<String>,
    phone: Option<String>,
    body: Text<'a>,
    attachments: usize,
    timer: u64,
    change: Option<u64>,
    deleted: bool,
    erased: bool,
    once: bool,
    edited: bool,
    quote: Option<i64>,
    quoted: Option<String>,
}

impl<'a> Record<'a> {
    fn read(object: &'a [u8]) -> Self {
        let mut r = Self::default();
        let mut stamp = None;
        members(object, |key, value| match key {
            b"conversationId" => r.conversation = words(value),
            b"type" => r.kind = value.text().unwrap_or_default(),
            b"sent_at" => r.sent = value.integer().filter(|t| *t > 0),
            b"timestamp" => stamp = value.integer().filter(|t| *t > 0),
            b"received_at_ms" | b"serverTimestamp" => r.received = r.received.or(value.integer().filter(|t| *t > 0)),
            b"received_at" => r.counter = value.integer().filter(|t| *t > 0 && *t < 100_000_000_000),
            b"sourceServiceId" | b"sourceUuid" => r.service = r.service.take().or_else(|| words(value).map(|s| s.to_lowercase())),
            b"source" => r.phone = words(value),
            b"body" => r.body = value.text().unwrap_or_default(),
            b"attachments" => items(value, |_| r.attachments += 1),
            b"sticker" if filled(value) => r.attachments += 1,
            b"expireTimer" => r.timer = number(value).unwrap_or(0),
            b"expirationTimerUpdate" => {
                let mut seconds = 0;
                each(value, |key, value| {
                    if key == b"expireTimer" {
                        seconds = number(value).unwrap_or(0);
                    }
                });
                r.change = filled(value).then_some(seconds);
            }
            b"deletedForEveryone" => r.deleted = yes(value),
            b"isErased" => r.erased = yes(value),
            b"isViewOnce" => r.once = yes(value),
            b"editHistory" => r.edited = filled(value),
            b"quote" => each(value, |key, value| match key {
                b"id" => r.quote = value.integer().filter(|t| *t > 0),
                b"authorAci" | b"authorUuid" => r.quoted = words(value).map(|s| s.to_lowercase()),
                _ => {}
            }),
            _ => {}
        });
        r.sent = r.sent.or(stamp);
        r
    }

    /// `None` for a message.
    fn event(&self) -> Option<EventKind> {
        Some(match self.kind.raw {
            b"incoming" | b"outgoing" if self.change.is_none() => return None,
            b"call-history" => EventKind::Call,
            b"incoming" | b"outgoing" | b"timer-notification" => {
                if self.change.unwrap_or(self.timer) > 0 {
                    EventKind::TimerOn
                } else {
                    EventKind::TimerOff
                }
            }
            b"keychange" | b"verified-change" => EventKind::SecurityCode,
            b"profile-change" | b"title-transition-notification" => EventKind::Renamed,
            b"change-number-notification" | b"conversation-merge" | b"phone-number-discovery" => EventKind::NumberChanged,
            b"group-v1-migration" => EventKind::Migrated,
            b"pinned-message-notification" => EventKind::Pinned,
            _ => EventKind::Other,
        })
    }
}

/// True, or 1 as the database has it.
fn yes(value: Value<'_>) -> bool {
    value.is_true() || value.integer() == Some(1)
}

/// Whether an object is such a record.
pub fn is_record(object: &[u8]) -> bool {
    let (mut conversation, mut sent, mut own) = (false, false, false);
    let mut kind = false;
    members(object, |key, value| match key {
        b"conversationId" => conversation = value.text().is_some(),
        b"sent_at" => sent = value.integer().is_some(),
        b"type" => kind = value.text().is_some(),
        b"received_at" | b"sourceServiceId" | b"sourceUuid" | b"readStatus" | b"seenStatus" | b"hasAttachments" | b"expireTimer" => own = true,
        _ => {}
    });
    conversation && sent && kind && own
}

/// Reads such records.
pub struct Desktop {
    /// People and conversations.
    pub book: Book,
    stated: Option<String>,
    owner: Option<HandleIx>,
    /// Values of `received_at`.
    counters: Vec<i64>,
    unread: u64,
}

/// Most counters that are kept.
const LIMIT: usize = 1 << 22;

impl Desktop {
    /// Nothing yet.
    pub fn new(options: &Options) -> Self {
        Self { book: Book::default(), stated: options.owner.clone(), owner: None, counters: Vec::new(), unread: 0 }
    }

    /// A record.
    pub fn take(&mut self, object: &[u8], at: Position, scratch: &mut Vec<u8>, sink: &mut Sink) {
        sink.record();
        let r = Record::read(object);
        let (Some(conversation), false) = (&r.conversation, r.kind.is_empty()) else { return sink.skip(SkipReason::Malformed, at) };
        let Some((time, inferred)) = r.sent.map(|t| (t, false)).or(r.received.map(|t| (t, true))) else { return sink.skip(SkipReason::NoTime, at) };
        let outgoing = r.kind.raw == b"outgoing";
        let sender = if outgoing { Some(self.own(&r, sink)) } else { self.sender(&r, sink) };
        let quoted = r.quoted.as_ref().and_then(|key| self.book.handle(key, "", "", sink));
        let room = self.book.room(&format!("c:{conversation}"), "", ConversationKind::Unknown, &[], sink);
        let event = r.event();
        let empty = event.is_none() && r.body.is_empty() && r.attachments == 0 && !r.deleted && !r.once;
        let flags = Flags::NONE.with_attachments(r.attachments).with_those([
            (r.edited, Flags::EDITED),
            (r.deleted, Flags::DELETED),
            (empty || r.once || (r.erased && !r.deleted), Flags::NO_CONTENT),
            (outgoing, Flags::BY_OWNER),
            (r.kind.raw == b"incoming", Flags::TO_OWNER),
        ]);
        let facts = facts(r.body.decode(scratch), self.book.sampled(room, sink));
        let target = r.quote.map(|sent| (sent, quoted));
        if !self.book.take(&Row { room, sender, time, event, flags, facts, target, inferred, at }, sink) {
            return;
        }
        if let Some(counter) = r.counter.filter(|_| self.counters.len() < LIMIT) {
            self.counters.push(counter);
        }
        self.unread += u64::from(empty && !r.erased);
        let clock = Clock::Utc(time.saturating_mul(1000));
        let Some(room) = self.book.rooms.get_mut(room) else { return };
        if r.once {
            room.once.add(1, at, clock);
        } else if flags.has(Flags::NO_CONTENT) || r.kind.raw == b"delivery-issue" {
            room.unread.add(1, at, clock);
        }
        match event {
            // Each message carries the timer it was sent under.
            None => room.set_timer(r.timer, Some(clock), at, sink),
            Some(EventKind::TimerOn | EventKind::TimerOff) => room.set_timer(r.change.unwrap_or(r.timer), Some(clock), at, sink),
            Some(_) => {}
        }
    }

    fn sender(&mut self, r: &Record<'_>, sink: &mut Sink) -> Option<HandleIx> {
        let phone = r.phone.as_deref().unwrap_or_default();
        self.book.handle(r.service.as_deref().unwrap_or(phone), "", phone, sink)
    }

    /// The owner: as stated, else by the account that outgoing records name, if they do.
    fn own(&mut self, r: &Record<'_>, sink: &mut Sink) -> HandleIx {
        if let Some(known) = self.owner {
            return known;
        }
        let named = r.service.as_deref().or(r.phone.as_deref()).unwrap_or("Me");
        let key = self.stated.clone().filter(|s| !s.is_empty()).unwrap_or_else(|| named.to_owned());
        let channel = self.book.channel(sink);
        let handle = self.book.handle(&key, "", &key, sink).unwrap_or_else(|| sink.handle(channel, "Me"));
        let (basis, why) = if self.stated.is_some() { (Basis::Stated, "stated") } else { (Basis::Proven, "outgoing messages are the owner's") };
        let source = sink.source();
        source.owner = Some(Decided { value: text::clean_name(&key), basis, why: why.to_owned() });
        source.owner_handle = Some(handle.0);
        self.owner = Some(handle);
        handle
    }

    /// All records are read.
    pub fn close(&mut self, sink: &mut Sink) {
        self.book.close(sink);
        if self.unread > 0 {
            let what = "Messages without text or attachment: newer versions of Signal Desktop keep some texts where older tools do not look; they are not held to be deleted";
            sink.notice("signal_empty_messages", what, self.unread);
        }
        self.counters.sort_unstable();
        self.counters.dedup();
        let (Some(first), Some(last)) = (self.counters.first(), self.counters.last()) else { return };
        let missing = u64::try_from(last - first + 1).unwrap_or(0).saturating_sub(self.counters.len() as u64);
        if missing > 0 {
            let what =
                "Numbers of the computer's counter of messages are absent between the first and the last record: rows were removed, or this is not all of it";
            sink.notice("signal_counter_gaps", what, missing);
        }
    }
}
