//! One chat over its pages: people by name, times, ids, timers.

use super::record::{Record, separator};
use crate::features::facts;
use crate::import::Options;
use crate::import::json::Text;
use crate::import::sink::{Body, Clock, Draft, Id, Map, Sink};
use crate::import::span;
use crate::import::tally::Tally;
use crate::import::telegram::beside::Beside;
use crate::import::telegram::holes::ChatIds;
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};
use crate::text;
use crate::time::{self, DAY};

/// People among whom the one is looked for that a line of the app begins with.
const FEW: usize = 1_000;

/// What the app writes for people whose account is gone.
const DELETED: &str = "Deleted Account";

struct Person {
    name: String,
    handle: HandleIx,
    messages: u64,
}

/// A chat being read.
pub struct Chat {
    /// Its title, from the head of a page.
    pub title: String,
    stated: Option<String>,
    conversation: Option<ConversationIx>,
    people: Vec<Person>,
    by_name: Map<Box<str>, usize>,
    /// Sender of the message before.
    before: Option<Option<usize>>,
    last: Option<Clock>,
    /// Day of the last separator, as written.
    day: Option<i32>,
    offset: Option<i64>,
    counter: ChatIds,
    timer: Option<(Clock, u64, Position)>,
    group: bool,
    /// Pages so far end with this message; a missing page lies behind it.
    media: Tally,
    lost: Tally,
    nameless: u64,
    summer: u64,
    records: u64,
}

impl Chat {
    /// Nothing yet.
    pub fn new(options: &Options) -> Self {
        Self {
            title: String::new(),
            stated: options.owner.clone(),
            conversation: None,
            people: Vec::new(),
            by_name: Map::default(),
            before: None,
            last: None,
            day: None,
            offset: None,
            counter: ChatIds::new(true),
            timer: None,
            group: false,
            media: Tally::default(),
            lost: Tally::default(),
            nameless: 0,
            summer: 0,
            records: 0,
        }
    }

    /// How the times of this source are told: the offset of the first one, or none for times as written. One decision for all of it.
    pub const fn tell_time(&mut self, offset: Option<i64>) {
        self.offset = offset;
    }

    /// Time of the last record.
    pub const fn last(&self) -> Option<Clock> {
        self.last
    }

    /// Its conversation, made when first asked for.
    pub fn conversation(&mut self, sink: &mut Sink) -> ConversationIx {
        if let Some(known) = self.conversation {
            return known;
        }
        let channel = sink.channel("telegram");
        let made = sink.conversation(channel, &format!("name:{}", text::folded(&self.title)), &self.title, ConversationKind::Unknown);
        self.conversation = Some(made);
        made
    }

    /// A message div.
    pub fn take(&mut self, record: &Record, beside: Option<&Beside>, at: Position, sink: &mut Sink) {
        if record.service
            && record.id.is_none_or(|id| (-1_000_000..0).contains(&id))
            && let Some(day) = separator(&String::from_utf8_lossy(&record.text))
        {
            self.day = Some(day);
            return;
        }
        sink.record();
        self.records += 1;
        let Some((clock, inferred)) = self.time(record) else {
            self.counter.hold(record.id, self.last, at);
            return sink.skip(SkipReason::NoTime, at);
        };
        let conversation = self.conversation(sink);
        let event = if record.service { Some(self.told(record)) } else { record.call.then_some(EventKind::Call) };
        let sender = if record.service { self.first_named(&record.text) } else { self.sender(record, sink) };
        let lost = beside.map_or(0, |b| record.paths.iter().filter(|p| !p.contains('%') && b.lacks(Text { raw: p.as_bytes(), escaped: false })).count() as u64);
        let flags = Flags::NONE.with_attachments(record.files).with_those([
            (record.forwarded, Flags::FORWARDED),
            (record.absent + lost > 0, Flags::MEDIA_ABSENT),
            (inferred, Flags::TIME_INFERRED),
        ]);
        let negative = |id: i64| id.to_string();
        let (own, target) = (record.id.filter(|id| *id < 0).map(negative), record.target.filter(|id| *id < 0).map(negative));
        let id_of = |id: Option<i64>, text: &Option<String>| -> Option<u64> { id.filter(|_| text.is_none()).and_then(|id| u64::try_from(id).ok()) };
        let draft = Draft {
            conversation,
            sender: sender.and_then(|ix| self.people.get(ix)).map(|p| p.handle),
            time: clock,
            event,
            flags,
            body: Body::Facts(facts(&record.text, sink.looks(Some(conversation)))),
            id: own.as_ref().map_or_else(|| id_of(record.id, &own).map_or(Id::None, Id::Number), |t| Id::Text(t.as_bytes())),
            reply_to: target.as_ref().map_or_else(|| id_of(record.target, &target).map_or(Id::None, Id::Number), |t| Id::Text(t.as_bytes())),
            audience: None,
            position: at,
        };
        if !sink.message(draft) {
            return self.counter.hold(record.id, self.last, at);
        }
        self.counter.hold(record.id, Some(clock), at);
        if let Some(target) = record.target {
            self.counter.point(target, clock, at);
        }
        self.last = Some(clock);
        if event.is_none()
            && let Some(person) = sender.and_then(|ix| self.people.get_mut(ix))
        {
            person.messages += 1;
        }
        self.media.add(record.absent, at, clock);
        self.lost.add(lost, at, clock);
        self.timers(event, record, clock, conversation, at, sink);
    }

    /// The time of a record, and whether it was taken from elsewhere: lines of the app have none of their own.
    fn time(&mut self, record: &Record) -> Option<(Clock, bool)> {
        if let Some(written) = record.time {
            self.day = Some(time::day(written));
            let offset = self.offset.map(|usual| record.offset.unwrap_or(usual));
            self.summer += u64::from(offset.is_some_and(|o| may_be_summer_time(o, time::day(written))));
            return Some((offset.map_or(Clock::Written(written), |o| Clock::Utc(written - o)), false));
        }
        let midnight = self.day.map(|d| i64::from(d) * DAY);
        let begin = midnight.map(|m| self.offset.map_or(Clock::Written(m), |o| Clock::Utc(m - o)));
        let later = |a: Clock, b: Clock| if a.micros() >= b.micros() { a } else { b };
        Some((self.last.map_or(begin?, |last| begin.map_or(last, |b| later(last, b))), true))
    }

    fn sender(&mut self, record: &Record, sink: &mut Sink) -> Option<usize> {
        if record.name.is_empty() {
            // The first message of a page whose former page is not here.
            let known = self.before.flatten();
            self.nameless += u64::from(self.before.is_none());
            return known;
        }
        let person = self.person(&record.name, sink);
        self.before = Some(person);
        person
    }

    fn person(&mut self, name: &str, sink: &mut Sink) -> Option<usize> {
        if let Some(known) = self.by_name.get(name) {
            return Some(*known);
        }
        let shown = text::clean_name(name);
        if shown.is_empty() || shown == DELETED {
            return None;
        }
        let channel = sink.channel("telegram");
        let handle = sink.handle(channel, &shown);
        let ix = self.people.iter().position(|p| p.handle == handle).unwrap_or_else(|| {
            self.people.push(Person { name: shown, handle, messages: 0 });
            self.people.len() - 1
        });
        self.by_name.insert(name.into(), ix);
        Some(ix)
    }

    /// Whom a line of the app begins with, if they have written.
    fn first_named(&self, text: &[u8]) -> Option<usize> {
        let line = String::from_utf8_lossy(text);
        let named = |p: &Person| line.strip_prefix(p.name.as_str()).is_some_and(|rest| rest.starts_with(' '));
        (0..self.people.len().min(FEW)).filter(|ix| self.people.get(*ix).is_some_and(named)).max_by_key(|ix| self.people.get(*ix).map(|p| p.name.len()))
    }

    /// What a line of the app says; the app exports them in English.
    fn told(&mut self, record: &Record) -> EventKind {
        const WORDS: &[(&str, EventKind)] = &[
            (" pinned ", EventKind::Pinned),
            ("istory cleared", EventKind::HistoryCleared),
            (" cleared history", EventKind::HistoryCleared),
            (" not to auto-delete", EventKind::TimerOff),
            ("disabled the auto-delete", EventKind::TimerOff),
            ("auto-delete", EventKind::TimerOn),
            ("basic group to this supergroup", EventKind::Migrated),
            ("converted", EventKind::Migrated),
            (" screenshot", EventKind::Screenshot),
            (" created group", EventKind::Created),
            (" created channel", EventKind::Created),
            ("hannel «", EventKind::Created),
            (" joined Telegram", EventKind::Other),
            (" joined ", EventKind::Joined),
            ("voice chat", EventKind::Call),
            ("video chat", EventKind::Call),
            (" invited ", EventKind::Joined),
            (" added ", EventKind::Joined),
            (" removed ", EventKind::Left),
            (" left ", EventKind::Left),
            (" changed ", EventKind::Renamed),
            (" deleted group photo", EventKind::Renamed),
        ];
        let text = String::from_utf8_lossy(record.text.get(..record.text.len().min(1000)).unwrap_or_default()).into_owned();
        let words = format!(" {text} ");
        let kind = WORDS.iter().find(|(part, _)| words.contains(part)).map_or(EventKind::Other, |(_, kind)| *kind);
        self.group |= matches!(kind, EventKind::Created | EventKind::Joined | EventKind::Left | EventKind::Migrated);
        kind
    }

    fn timers(&mut self, event: Option<EventKind>, record: &Record, clock: Clock, conversation: ConversationIx, at: Position, sink: &mut Sink) {
        match event {
            Some(EventKind::TimerOn | EventKind::TimerOff) => {
                self.end_timer(Some(clock), sink);
                let seconds = span::seconds(&String::from_utf8_lossy(&record.text));
                if event == Some(EventKind::TimerOn) {
                    self.timer = Some((clock, seconds, at));
                }
            }
            Some(EventKind::HistoryCleared) => {
                sink.statement(StatementKind::HistoryCleared, Some(conversation), None, Some(clock), 0, at, "the history was cleared here");
            }
            _ => {}
        }
    }

    fn end_timer(&mut self, to: Option<Clock>, sink: &mut Sink) {
        if let Some((from, seconds, at)) = self.timer.take() {
            sink.statement(StatementKind::Timer, self.conversation, Some(from), to, seconds, at, &format!("deleted after {seconds} s"));
        }
    }

    /// A record that cannot be read.
    pub fn broken(&mut self, reason: SkipReason, at: Position, sink: &mut Sink) {
        sink.record();
        sink.skip(reason, at);
        if reason == SkipReason::CutOff {
            sink.statement(StatementKind::CutOff, self.conversation, self.last, None, 0, at, "the page ends in the middle");
        }
    }

    /// Its pages have ended.
    pub fn close(&mut self, sink: &mut Sink) {
        self.end_timer(None, sink);
        self.media.tell(StatementKind::MediaAbsent, self.conversation, "not included in the export", sink);
        self.lost.tell(StatementKind::FileLost, self.conversation, "named, but not in the folder of the export", sink);
        self.counter.judge();
        self.counter.tell(self.conversation, false, sink);
        if self.nameless > 0 {
            let what = "Messages at the beginning of a page that do not repeat their sender; the page before it tells who wrote them. Add the whole folder";
            sink.notice("telegram_sender_on_other_page", what, self.nameless);
        }
        if self.summer > 0 {
            let what =
                "Times were read by the standard offset of the computer; in months of summer time they may be an hour late. State the zone, or export as JSON";
            sink.notice("telegram_summer_time", what, self.summer);
        }
        let source = sink.source();
        source.date_order = Decided { value: "dmy".to_owned(), basis: Basis::Proven, why: "the app writes the day first".to_owned() };
        if let Some(offset) = self.offset.filter(|_| source.zone.value.is_empty()) {
            let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / time::MINUTE);
            let value = format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60);
            source.zone = Decided { value, basis: Basis::Proven, why: "times state the standard offset of the computer".to_owned() };
        }
        self.settle(sink);
    }

    fn settle(&self, sink: &mut Sink) {
        let folded = text::folded(&self.title);
        let titled = self.people.iter().any(|p| text::folded(&p.name) == folded);
        let kind = match self.people.len() {
            3.. => ConversationKind::Group,
            _ if self.group => ConversationKind::Group,
            2 if !titled => ConversationKind::Group,
            2 => ConversationKind::Direct,
            // A channel writes under its title, too.
            _ => ConversationKind::Unknown,
        };
        if let Some(facts) = self.conversation.and_then(|c| sink.conversation_facts(c)) {
            facts.kind = kind;
            facts.members.extend(self.people.iter().map(|p| p.handle.0));
        }
        let other = self.people.iter().find(|p| text::folded(&p.name) != folded && p.messages > 0);
        let by_name = self.stated.as_deref().map(|s| self.people.iter().find(|p| text::folded(&p.name) == text::folded(s)));
        let (owner, basis, why) = match (by_name, other) {
            (Some(stated), _) => (stated, Basis::Stated, "stated"),
            (None, Some(other)) if kind == ConversationKind::Direct => (Some(other), Basis::Assumed, "the party that the chat is not named after"),
            _ => return,
        };
        let Some(owner) = owner else { return };
        if sink.source().owner.is_none() {
            sink.mark_owner(owner.handle);
            let source = sink.source();
            source.owner = Some(Decided { value: owner.name.clone(), basis, why: why.to_owned() });
            source.owner_handle = Some(owner.handle.0);
        }
    }

    /// Records so far.
    pub const fn records(&self) -> u64 {
        self.records
    }
}

/// Whether some zone with this standard offset has summer time on this day: the Americas, Europe and its neighbours, and Australia.
fn may_be_summer_time(offset: i64, day: i32) -> bool {
    let (minutes, (_, month, _)) = (offset / time::MINUTE, time::civil(day));
    let north = (-600..=-180).contains(&minutes) || (-60..=120).contains(&minutes);
    (north && (3..=11).contains(&month)) || ((570..=765).contains(&minutes) && !(5..=8).contains(&month))
}
