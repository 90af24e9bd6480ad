//! What signal-cli writes as it receives, one envelope a line (AsamK/signal-cli `json/JsonMessageEnvelope.java`): the log of a gateway.
//!
//! `{"envelope":{"sourceNumber":"+44..","sourceUuid":"..","sourceName":"Ben","timestamp":1772440260000,"dataMessage":{..}},"account":"+44.."}`

use super::book::{Book, Row};
use super::nested::{filled, members, number, words};
use crate::features::{Facts, facts};
use crate::import::Options;
use crate::import::json::{Text, Value, each, items};
use crate::import::sink::{Clock, Sink};
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::text;

/// Most receipts and sent messages that are compared.
const LIMIT: usize = 1 << 22;

/// Who, as an envelope or a destination names them.
#[derive(Default, Clone)]
struct Who {
    uuid: Option<String>,
    number: Option<String>,
    name: Option<String>,
}

impl Who {
    fn key(&self) -> String {
        self.uuid.clone().or_else(|| self.number.clone()).or_else(|| self.name.clone()).unwrap_or_default()
    }

    fn handle(&self, book: &mut Book, sink: &mut Sink) -> Option<HandleIx> {
        book.handle(&self.key(), self.name.as_deref().unwrap_or_default(), self.number.as_deref().unwrap_or_default(), sink)
    }

    /// `source` and `destination` hold a number, in newer versions the UUID.
    fn plain(&mut self, value: Value<'_>) {
        let Some(text) = words(value) else { return };
        if text.starts_with('+') {
            self.number.get_or_insert(text);
        } else {
            self.uuid.get_or_insert_with(|| text.to_lowercase());
        }
    }
}

/// A message in an envelope.
#[derive(Default)]
struct Message<'a> {
    body: Text<'a>,
    time: Option<i64>,
    expires: u64,
    update: bool,
    once: bool,
    attachments: usize,
    reaction: bool,
    target: Option<(i64, Who)>,
    deletes: Option<i64>,
    edits: Option<i64>,
    group: Option<String>,
    group_name: String,
    group_update: bool,
    to: Who,
}

impl<'a> Message<'a> {
    fn read(&mut self, value: Value<'a>) {
        each(value, |key, value| match key {
            b"timestamp" => self.time = value.integer().filter(|t| *t > 0),
            b"message" => self.body = value.text().unwrap_or_default(),
            b"expiresInSeconds" => self.expires = number(value).unwrap_or(0),
            b"isExpirationUpdate" => self.update = value.is_true(),
            b"viewOnce" => self.once = value.is_true(),
            b"attachments" => items(value, |_| self.attachments += 1),
            b"sticker" if filled(value) => self.attachments += 1,
            b"reaction" if filled(value) => {
                self.reaction = true;
                self.points(value);
            }
            b"quote" if filled(value) => self.points(value),
            b"remoteDelete" => each(value, |key, value| {
                if key == b"timestamp" {
                    self.deletes = value.integer();
                }
            }),
            b"groupInfo" => each(value, |key, value| match key {
                b"groupId" => self.group = words(value),
                b"groupName" => self.group_name = words(value).unwrap_or_default(),
                b"type" => self.group_update = value.text().is_some_and(|t| t.raw == b"UPDATE"),
                _ => {}
            }),
            b"destination" => self.to.plain(value),
            b"destinationNumber" => self.to.number = words(value).or(self.to.number.take()),
            b"destinationUuid" => self.to.uuid = words(value).map(|s| s.to_lowercase()).or(self.to.uuid.take()),
            b"editMessage" if filled(value) => self.edit(value),
            _ => {}
        });
    }

    fn edit(&mut self, value: Value<'a>) {
        each(value, |key, value| match key {
            b"targetSentTimestamp" => self.edits = value.integer(),
            b"dataMessage" => self.read(value),
            _ => {}
        });
    }

    fn points(&mut self, value: Value<'_>) {
        let (mut sent, mut who) = (None, Who::default());
        each(value, |key, value| match key {
            b"id" | b"targetSentTimestamp" => sent = value.integer().filter(|t| *t > 0),
            b"authorUuid" | b"targetAuthorUuid" => who.uuid = words(value).map(|s| s.to_lowercase()),
            b"authorNumber" | b"targetAuthorNumber" => who.number = words(value),
            _ => {}
        });
        self.target = sent.map(|sent| (sent, who));
    }

    fn event(&self) -> Option<EventKind> {
        Some(match () {
            () if self.reaction => EventKind::Reaction,
            () if self.deletes.is_some() => EventKind::Deleted,
            () if self.edits.is_some() => EventKind::Edited,
            () if self.update && self.expires > 0 => EventKind::TimerOn,
            () if self.update => EventKind::TimerOff,
            () if self.group_update && self.body.is_empty() && self.attachments == 0 => EventKind::Renamed,
            () => return None,
        })
    }
}

/// What an envelope holds.
#[derive(Default)]
enum What<'a> {
    #[default]
    Nothing,
    /// Receipts, typing, what another device was told.
    Aside,
    Message(Box<Message<'a>>),
    Sent(Box<Message<'a>>),
    Call,
    Story,
}

/// The envelope of a line, unwrapped from a call of its server; and the account.
fn envelope(line: &[u8], outer: bool) -> (Option<&[u8]>, Option<String>, bool) {
    let (mut found, mut account, mut exception) = (None, None, false);
    members(line, |key, value| match (key, value) {
        (b"envelope", Value::Object(raw)) => found = Some(raw),
        (b"account", value) => account = words(value),
        (b"exception", value) => exception |= filled(value),
        (b"params" | b"result", Value::Object(raw)) if outer => {
            let inner = envelope(raw, false);
            found = found.or(inner.0);
            account = account.take().or(inner.1);
            exception |= inner.2;
        }
        _ => {}
    });
    (found, account, exception)
}

/// Whether a line is such an envelope.
pub fn is_envelope(line: &[u8]) -> bool {
    let Some(envelope) = envelope(line, true).0 else { return false };
    let (mut source, mut time) = (false, false);
    members(envelope, |key, value| match key {
        b"source" | b"sourceNumber" | b"sourceUuid" | b"sourceDevice" => source = true,
        b"timestamp" => time = value.integer().is_some(),
        _ => {}
    });
    source && time
}

/// Reads envelopes.
pub struct Gateway {
    /// People and conversations.
    pub book: Book,
    stated: Option<String>,
    account: String,
    owner: Option<HandleIx>,
    sent: Vec<i64>,
    receipts: Vec<(i64, i64, Position)>,
    deleted: Vec<(usize, i64, i64, Position)>,
    timed: u64,
}

impl Gateway {
    /// Nothing yet.
    pub fn new(options: &Options) -> Self {
        Self {
            book: Book::default(),
            stated: options.owner.clone(),
            account: String::new(),
            owner: None,
            sent: Vec::new(),
            receipts: Vec::new(),
            deleted: Vec::new(),
            timed: 0,
        }
    }

    /// A line.
    pub fn take(&mut self, line: &[u8], at: Position, scratch: &mut Vec<u8>, sink: &mut Sink) {
        sink.record();
        let (found, account, exception) = envelope(line, true);
        if self.account.is_empty() {
            self.account = account.unwrap_or_default();
        }
        let Some(raw) = found else { return sink.skip(SkipReason::UnknownType, at) };
        let (mut from, mut time, mut what) = (Who::default(), None, What::Nothing);
        members(raw, |key, value| match key {
            b"source" => from.plain(value),
            b"sourceNumber" => from.number = words(value).or(from.number.take()),
            b"sourceUuid" => from.uuid = words(value).map(|s| s.to_lowercase()).or(from.uuid.take()),
            b"sourceName" => from.name = words(value),
            b"timestamp" => time = value.integer().filter(|t| *t > 0),
            b"dataMessage" | b"editMessage" if filled(value) => {
                let mut message = Box::new(Message::default());
                if key == b"dataMessage" {
                    message.read(value)
                } else {
                    message.edit(value)
                }
                what = What::Message(message);
            }
            b"syncMessage" if filled(value) => {
                what = What::Aside;
                each(value, |key, value| {
                    if key == b"sentMessage" && filled(value) {
                        let mut message = Box::new(Message::default());
                        message.read(value);
                        what = What::Sent(message);
                    }
                });
            }
            b"receiptMessage" if filled(value) => {
                what = What::Aside;
                self.receipt(value, time.unwrap_or(0), at);
            }
            b"typingMessage" if filled(value) => what = What::Aside,
            b"callMessage" if filled(value) => what = What::Call,
            b"storyMessage" if filled(value) => what = What::Story,
            _ => {}
        });
        let Some(time) = time else { return sink.skip(SkipReason::NoTime, at) };
        match what {
            What::Aside => sink.skip(SkipReason::EmptyRecord, at),
            What::Nothing if !exception => sink.skip(SkipReason::EmptyRecord, at),
            What::Message(message) => self.message(&message, &from, false, time, at, scratch, sink),
            What::Sent(message) => self.message(&message, &from, true, time, at, scratch, sink),
            What::Call | What::Story | What::Nothing => {
                let sender = from.handle(&mut self.book, sink);
                let room = self.direct(&from, sink);
                let event = Some(if matches!(what, What::Call) { EventKind::Call } else { EventKind::Other });
                let flags = if exception { Flags::NO_CONTENT } else { Flags::NONE };
                let taken = self.book.take(&Row { room, sender, time, event, flags, facts: Facts::default(), target: None, inferred: false, at }, sink);
                if let (true, true, Some(room)) = (taken, exception, self.book.rooms.get_mut(room)) {
                    room.unread.add(1, at, Clock::Utc(time.saturating_mul(1000)));
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments)] // What one envelope says, each used once.
    fn message(&mut self, m: &Message<'_>, from: &Who, sent: bool, time: i64, at: Position, scratch: &mut Vec<u8>, sink: &mut Sink) {
        let time = m.time.unwrap_or(time);
        let sender = if sent { Some(self.own(sink)) } else { from.handle(&mut self.book, sink) };
        let room = match &m.group {
            Some(id) => self.book.room(&format!("g:{}", text::clean_name(id)), &m.group_name, ConversationKind::Group, &[], sink),
            None => self.direct(if sent { &m.to } else { from }, sink),
        };
        let event = m.event();
        let target = match (&m.target, m.edits) {
            (Some((sent, who)), _) => Some((*sent, who.handle(&mut self.book, sink))),
            (None, Some(edited)) => Some((edited, sender)),
            (None, None) => None,
        };
        let flags = Flags::NONE.with_attachments(m.attachments).with_those([(m.once, Flags::NO_CONTENT), (sent, Flags::BY_OWNER), (!sent, Flags::TO_OWNER)]);
        let facts = facts(m.body.decode(scratch), self.book.sampled(room, sink));
        if !self.book.take(&Row { room, sender, time, event, flags, facts, target, inferred: false, at }, sink) {
            return;
        }
        if let Some(deleted) = m.deletes.filter(|_| self.deleted.len() < LIMIT) {
            self.deleted.push((room, deleted, time, at));
        }
        if event.is_none() {
            self.timed += u64::from(m.expires > 0);
            if sent && self.sent.len() < LIMIT {
                self.sent.push(time);
            }
            if let (true, Some(room)) = (m.once, self.book.rooms.get_mut(room)) {
                room.once.add(1, at, Clock::Utc(time.saturating_mul(1000)));
            }
        }
    }

    fn receipt(&mut self, value: Value<'_>, time: i64, at: Position) {
        each(value, |key, value| {
            if key == b"timestamps" {
                items(value, |v| {
                    if let Some(sent) = v.integer().filter(|_| self.receipts.len() < LIMIT) {
                        self.receipts.push((sent, time, at));
                    }
                });
            }
        });
    }

    /// The owner: the account that the log was written for.
    fn own(&mut self, sink: &mut Sink) -> HandleIx {
        if let Some(known) = self.owner {
            return known;
        }
        let stated = self.stated.clone().filter(|s| !s.is_empty());
        let key = stated.clone().unwrap_or_else(|| if self.account.is_empty() { "Me".to_owned() } else { self.account.clone() });
        let channel = self.book.channel(sink);
        let handle = self.book.handle(&key, "", &self.account.clone(), sink).unwrap_or_else(|| sink.handle(channel, "Me"));
        let (basis, why) = if stated.is_some() { (Basis::Stated, "stated") } else { (Basis::Proven, "each line names the account it was received for") };
        let source = sink.source();
        source.owner = Some(Decided { value: text::clean_name(&key), basis, why: why.to_owned() });
        source.owner_handle = Some(handle.0);
        self.owner = Some(handle);
        handle
    }

    fn direct(&mut self, other: &Who, sink: &mut Sink) -> usize {
        let owner = self.own(sink);
        let with = other.handle(&mut self.book, sink);
        let mut pair = [self.account.clone(), text::clean_name(&other.key())];
        pair.sort_unstable();
        let members: Vec<HandleIx> = [Some(owner), with].into_iter().flatten().collect();
        let title = other.name.clone().or_else(|| other.number.clone()).unwrap_or_default();
        self.book.room(&format!("d:{}", pair.join("|")), &title, ConversationKind::Direct, &members, sink)
    }

    /// All lines are read.
    pub fn close(&mut self, sink: &mut Sink) {
        self.deletions(sink);
        self.book.close(sink);
        self.sent.sort_unstable();
        let sent = &self.sent;
        self.receipts.retain(|(at, ..)| sent.binary_search(at).is_err());
        self.receipts.sort_unstable_by_key(|(sent, time, at)| (*sent, *time, at.offset));
        self.receipts.dedup_by_key(|(sent, ..)| *sent);
        if let (Some((first, _, at)), Some((last, ..))) = (self.receipts.first(), self.receipts.last()) {
            let [from, to] = [first, last].map(|t| Some(Clock::Utc(t.saturating_mul(1000))));
            let detail = "receipts for sent messages that were not captured";
            sink.statement(StatementKind::AbsentTarget, None, from, to, self.receipts.len() as u64, *at, detail);
        }
        if self.timed > 0 {
            sink.notice("signal_timer_captured", "Messages with a timer that were captured all the same: on the phones they are gone", self.timed);
        }
    }

    /// A deleted message whose original was captured is not lost.
    fn deletions(&mut self, sink: &mut Sink) {
        let mut captured = 0;
        for (room, sent, time, at) in std::mem::take(&mut self.deleted) {
            let Some(room) = self.book.rooms.get_mut(room) else { continue };
            if room.holds(sent) { captured += 1 } else { room.deleted.add(1, at, Clock::Utc(time.saturating_mul(1000))) }
        }
        if captured > 0 {
            sink.notice("signal_deleted_captured", "Messages that were deleted for everyone later; this log still holds them", captured);
        }
    }
}
