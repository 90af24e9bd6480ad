//! Puts a backup together: records as they come, what the root states, and at the end what is missing.

use crate::import::bytes::Window;
use crate::import::counter::Counter;
use crate::import::sink::{Body, Clock, Draft, Id, Sink};
use crate::import::{FileInput, ImportError, Options, Reader, Step};
use crate::model::HandleIx;
use crate::model::ledger::SkipReason;
use crate::model::message::{EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::text;

use super::people::{People, is_own_token};
use super::record::{Field, Lies, Mms, WANTED, field, lies, number, when};
use super::tags::{Tags, Token};

/// Records and bytes of one step.
const RECORDS: u64 = 5_000;
const BYTES: u64 = 1 << 20;

/// What the root element states.
#[derive(Default)]
struct Root {
    count: Option<u64>,
    set: String,
    incremental: Option<String>,
    closed: bool,
}

/// Reads one backup.
pub struct SmsReader {
    tags: Tags,
    stated: Option<String>,
    people: People,
    root: Option<Root>,
    mms: Mms,
    in_mms: bool,
    /// An element of a kind that is not known, until its end.
    unknown: Option<Vec<u8>>,
    ids: Counter,
    records: u64,
    /// Records that broke off.
    cut: u64,
    first: Option<i64>,
    last: Option<i64>,
}

impl SmsReader {
    /// For a file.
    pub fn new(file: FileInput, options: &Options) -> Self {
        Self {
            tags: Tags::new(Window::new(file.stream), WANTED),
            stated: options.owner.clone(),
            people: People::default(),
            root: None,
            mms: Mms::default(),
            in_mms: false,
            unknown: None,
            ids: Counter::default(),
            records: 0,
            cut: 0,
            first: None,
            last: None,
        }
    }

    fn record(&mut self, sink: &mut Sink) {
        self.records += 1;
        sink.record();
    }

    fn open(&mut self, closed: bool, sink: &mut Sink) {
        let at = Position::byte(self.tags.at());
        let name = self.tags.name();
        match name {
            b"smses" | b"calls" if self.root.is_none() => {
                self.begin(sink);
                if let Some(root) = &mut self.root {
                    root.closed = closed;
                }
            }
            b"sms" | b"call" | b"mms" => {
                self.unknown = None;
                self.break_off(SkipReason::Malformed, sink);
                let name = self.tags.name().to_owned();
                self.record(sink);
                match name.as_slice() {
                    b"sms" => self.sms(at, sink),
                    b"call" => self.call(at, sink),
                    _ => {
                        self.mms.begin(&self.tags);
                        self.in_mms = true;
                        if closed {
                            self.end_mms(sink);
                        }
                    }
                }
            }
            _ if self.unknown.is_some() => {}
            b"part" if self.in_mms => self.mms.part(&self.tags),
            b"addr" if self.in_mms => self.mms.address(&self.tags),
            _ if self.in_mms || self.root.is_none() => {}
            _ => {
                let unknown = (!closed).then(|| name.to_owned());
                self.record(sink);
                sink.skip(SkipReason::UnknownType, at);
                self.unknown = unknown;
            }
        }
    }

    fn begin(&mut self, sink: &mut Sink) {
        let words = |of: Field| field(&self.tags, of).map(|v| String::from_utf8_lossy(v).trim().to_owned()).unwrap_or_default();
        let kind = words(Field::Type);
        let root = Root {
            count: number(&self.tags, Field::Count).and_then(|n| u64::try_from(n).ok()),
            set: text::bounded(&text::clean_name(&words(Field::Set)), 64).to_owned(),
            incremental: (!kind.is_empty() && kind != "full").then(|| text::clean_name(&kind)),
            closed: false,
        };
        let made = number(&self.tags, Field::BackupDate).and_then(|n| n.checked_mul(1000));
        sink.source().exported_at = made.filter(|t| crate::time::plausible(*t));
        self.root = Some(root);
    }

    /// A multimedia message that is still open ends here without its end tag.
    fn break_off(&mut self, reason: SkipReason, sink: &mut Sink) {
        if std::mem::take(&mut self.in_mms) {
            self.cut += 1;
            sink.skip(reason, Position::byte(self.mms.at));
        }
    }

    fn keep(&mut self, draft: Draft<'_>, time: i64, sink: &mut Sink) -> bool {
        let kept = sink.message(draft);
        if kept {
            self.seen(time);
        }
        kept
    }

    fn seen(&mut self, time: i64) {
        self.first = Some(self.first.map_or(time, |t| t.min(time)));
        self.last = Some(self.last.map_or(time, |t| t.max(time)));
    }

    /// Flags of direction, and the sender where it is not the owner.
    fn direction(&self, lies: Lies, sender: Option<HandleIx>, sink: &mut Sink) -> (Flags, Option<HandleIx>) {
        match lies {
            Lies::In => {
                let machine = sender.and_then(|s| sink.handle_facts(s)).is_some_and(|h| h.bot);
                (if machine { Flags::TO_OWNER.with(Flags::AUTOMATIC) } else { Flags::TO_OWNER }, sender)
            }
            _ => (Flags::BY_OWNER, None),
        }
    }

    fn sms(&mut self, at: Position, sink: &mut Sink) {
        let lies = lies(number(&self.tags, Field::Type));
        match lies {
            Lies::Draft => return sink.skip(SkipReason::Draft, at),
            Lies::Unknown => return sink.skip(SkipReason::UnknownType, at),
            Lies::Unsent => unsent(sink),
            _ => {}
        }
        let Some(when) = when(&self.tags) else { return sink.skip(SkipReason::NoTime, at) };
        let ix = self.people.talk(field(&self.tags, Field::Address).unwrap_or_default(), field(&self.tags, Field::Contact), sink);
        let Some((conversation, other)) = self.people.get_mut(ix).map(|t| (t.conversation, t.other())) else { return sink.skip(SkipReason::Malformed, at) };
        let (mut flags, sender) = self.direction(lies, other, sink);
        if when.inferred {
            flags = flags.with(Flags::TIME_INFERRED);
        }
        let body = field(&self.tags, Field::Body).unwrap_or_default();
        let joined;
        let body = match field(&self.tags, Field::Subject).filter(|s| !s.is_empty()) {
            Some(subject) => {
                joined = [subject, body].join(&b'\n');
                joined.as_slice()
            }
            None => body,
        };
        let draft = Draft {
            conversation,
            sender,
            time: Clock::Utc(when.time),
            event: None,
            flags,
            body: Body::Text(body),
            id: Id::None,
            reply_to: Id::None,
            audience: None,
            position: at,
        };
        if sink.message(draft) {
            self.seen(when.time);
        }
    }

    fn call(&mut self, at: Position, sink: &mut Sink) {
        let Some(when) = when(&self.tags) else { return sink.skip(SkipReason::NoTime, at) };
        // Withheld numbers are written as `-1`, `-2` or nothing.
        let number_of = field(&self.tags, Field::Number).or_else(|| field(&self.tags, Field::Address)).filter(|n| !n.starts_with(b"-"));
        let ix = self.people.talk(number_of.unwrap_or_default(), field(&self.tags, Field::Contact), sink);
        let Some((conversation, other)) = self.people.get_mut(ix).map(|t| (t.conversation, t.other())) else { return sink.skip(SkipReason::Malformed, at) };
        let lies = if number(&self.tags, Field::Type) == Some(2) { Lies::Out } else { Lies::In };
        let (flags, sender) = self.direction(lies, other, sink);
        let draft = Draft { flags, ..Draft::event(conversation, sender, Clock::Utc(when.time), EventKind::Call, at) };
        self.keep(draft, when.time, sink);
    }

    fn end_mms(&mut self, sink: &mut Sink) {
        self.in_mms = false;
        let at = Position::byte(self.mms.at);
        let lies = match (self.mms.lies, self.mms.kind) {
            (None, Some(128)) => Lies::Out,
            (None, Some(130 | 132)) => Lies::In,
            (code, _) => lies(code),
        };
        match lies {
            Lies::Draft => return sink.skip(SkipReason::Draft, at),
            Lies::Unknown => return sink.skip(SkipReason::UnknownType, at),
            Lies::Unsent => unsent(sink),
            _ => {}
        }
        let Some(when) = self.mms.when else { return sink.skip(SkipReason::NoTime, at) };
        let contact = Some(self.mms.contact.as_slice()).filter(|c| !c.is_empty());
        let ix = self.people.talk(&self.mms.address, contact, sink);
        let Some((conversation, other, parties)) = self.people.get_mut(ix).map(|t| (t.conversation, t.other(), t.parties())) else {
            return sink.skip(SkipReason::Malformed, at);
        };
        let from = self.mms.addresses.iter().find(|(role, key)| *role == 137 && !is_own_token(key)).map(|(_, key)| key.clone());
        let sender = match (&from, parties) {
            // The other party of a conversation of two is the sender whatever the addresses say: they are often wrong.
            (_, 1) | (None, _) => other,
            (Some(key), _) => Some(self.people.handle(key, sink)),
        };
        self.vote(ix, lies, from.as_deref());
        let (mut flags, sender) = self.direction(lies, sender, sink);
        flags = flags.with_attachments(self.mms.files);
        // A notification was never fetched; a message without parts has lost them.
        let absent = self.mms.kind == Some(130) || (self.mms.parts == 0 && self.mms.text.is_empty());
        flags = flags.with_those([(when.inferred, Flags::TIME_INFERRED), (self.mms.empty > 0, Flags::MEDIA_ABSENT), (absent, Flags::NO_CONTENT)]);
        let body = std::mem::take(&mut self.mms.text);
        let draft = Draft {
            conversation,
            sender,
            time: Clock::Utc(when.time),
            event: None,
            flags,
            body: Body::Text(&body),
            id: Id::None,
            reply_to: Id::None,
            audience: None,
            position: at,
        };
        let kept = self.keep(draft, when.time, sink);
        self.mms.text = body;
        if !kept {
            return;
        }
        if let Some(id) = self.mms.id.and_then(|n| u64::try_from(n).ok()) {
            self.ids.hold(id, Some(Clock::Utc(when.time)), Position::byte(self.mms.at));
        }
        if let Some(talk) = self.people.get_mut(ix) {
            talk.media.add(self.mms.empty as u64, at, when.time);
            talk.absent.add(u64::from(absent), at, when.time);
        }
    }

    /// What the addresses of a multimedia message say about the owner's number: 137 is the sender, 151, 130 and 129 are receivers.
    fn vote(&mut self, talk: usize, lies: Lies, from: Option<&str>) {
        let Some(talk) = self.people.get_mut(talk) else { return };
        let mut own: Vec<String> = Vec::new();
        let sent = lies != Lies::In;
        if sent {
            own.extend(from.filter(|key| talk.parties() > 1 || !talk.has(key)).map(str::to_owned));
        } else if from.is_some_and(|key| talk.has(key)) {
            own.extend(self.mms.addresses.iter().filter(|(role, key)| *role != 137 && !is_own_token(key) && !talk.has(key)).map(|(_, key)| key.clone()));
        }
        own.sort_unstable();
        own.dedup();
        let sure = own.len() == 1;
        for key in own {
            self.people.own(key, sure);
        }
    }

    fn end(&mut self, within: bool, sink: &mut Sink) {
        let name = self.tags.name();
        if within && matches!(name, b"sms" | b"call" | b"mms") && !self.in_mms {
            self.cut += 1;
            self.record(sink);
            sink.skip(SkipReason::CutOff, Position::byte(self.tags.at()));
        }
        self.break_off(SkipReason::CutOff, sink);
        let root = self.root.take().unwrap_or_default();
        let (first, last) = (self.first.map(Clock::Utc), self.last.map(Clock::Utc));
        if !root.closed {
            let detail = "the end tag is missing";
            sink.statement(StatementKind::CutOff, None, last, None, 0, Position::byte(self.tags.offset()), detail);
        }
        let held = self.records.saturating_sub(self.cut);
        match root.count {
            Some(count) if count > held => {
                let detail = format!("count={count}, {held} in the file");
                sink.statement(StatementKind::CountShort, None, first, last, count - held, Position::byte(0), &detail);
            }
            Some(count) if count < held => {
                let what = "The file holds more messages than it states: it was edited or joined from several";
                sink.notice("more_than_stated", what, held - count);
            }
            _ => {}
        }
        if let Some(kind) = &root.incremental {
            let detail = format!("{kind} backup: earlier messages are in the backups before it");
            sink.statement(StatementKind::NoBeginning, None, None, first, 0, Position::byte(0), &detail);
        }
        std::mem::take(&mut self.ids).tell_rows(false, None, "_id", sink);
        std::mem::take(&mut self.people).finish(self.stated.as_deref(), &root.set, sink);
    }
}

impl Reader for SmsReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let (bytes, records) = (self.tags.offset() + BYTES, self.records + RECORDS);
        while self.tags.offset() < bytes && self.records < records {
            match self.tags.next()? {
                Token::Open { closed } => self.open(closed, sink),
                Token::Close => match self.tags.name() {
                    b"mms" if self.in_mms => self.end_mms(sink),
                    b"smses" | b"calls" => {
                        if let Some(root) = &mut self.root {
                            root.closed = true;
                        }
                    }
                    name if self.unknown.as_deref() == Some(name) => self.unknown = None,
                    _ => {}
                },
                token @ (Token::Broken | Token::TooLarge) => {
                    let reason = if token == Token::Broken { SkipReason::Malformed } else { SkipReason::TooLarge };
                    match self.tags.name() {
                        b"sms" | b"call" | b"mms" => {
                            let at = Position::byte(self.tags.at());
                            self.break_off(SkipReason::Malformed, sink);
                            self.cut += 1;
                            self.record(sink);
                            sink.skip(reason, at);
                        }
                        // What is left of the message counts.
                        b"part" if self.in_mms => self.mms.part(&self.tags),
                        b"smses" | b"calls" if self.root.is_none() => self.begin(sink),
                        _ => {}
                    }
                }
                Token::Pending => return Ok(Step::More),
                Token::End { within } => {
                    self.end(within, sink);
                    return Ok(Step::End);
                }
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.tags.offset()
    }
}

fn unsent(sink: &mut Sink) {
    sink.notice("sms_not_sent", "Messages are marked failed or queued: they may never have left the phone", 1);
}
