//! One LINE chat: people by their names, days, messages, and what is said of the chat at the end.

use std::collections::BTreeMap;

use super::phrases::{self, Mark};
use crate::features::{Facts, Gather};
use crate::import::chat_key::chat_key;
use crate::import::sink::{Body, Clock, Draft, Id, Map, Sink};
use crate::import::tally::Tally;
use crate::import::{DateOrder, Options};
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};
use crate::text;
use crate::time::{DAY, SECOND};

/// Text that is held together until its record ends; what is longer is counted piece by piece.
const HELD: usize = 256 << 10;

/// People among whom the one is looked for that a line of the app begins with.
const FEW: usize = 1_000;

/// A record that is being read.
pub struct Open {
    /// Second of the day.
    pub second: u32,
    /// Name; `None` for a line of the app.
    pub name: Option<Vec<u8>>,
    /// Its text so far.
    pub text: Vec<u8>,
    /// Lines so far.
    pub lines: u32,
    /// Where it begins.
    pub at: Position,
    /// Pieces of a very long text.
    gather: Option<Gather>,
    /// Its text began with a quotation mark; how many stand in it.
    quotes: Option<u64>,
}

impl Open {
    /// A record with its first line.
    pub fn new(second: u32, name: Option<&[u8]>, text: &[u8], at: Position) -> Self {
        let quotes = text.starts_with(b"\"").then(|| marks(text));
        Self { second, name: name.map(<[u8]>::to_vec), text: text.to_vec(), lines: 1, at, gather: None, quotes }
    }

    /// Further text: a line (`ended`), or a piece of the same one.
    pub fn add(&mut self, text: &[u8], ended: bool) {
        if ended {
            self.text.push(b'\n');
            self.lines = self.lines.saturating_add(1);
        }
        self.text.extend_from_slice(text);
        self.quotes = self.quotes.map(|n| n + marks(text));
        if self.text.len() > HELD {
            self.gather.get_or_insert_with(|| Gather::of(false)).add(&self.text);
            self.text.clear();
        }
    }

    /// Whether its text stands in quotation marks that are not closed yet: the phone encloses texts of several lines.
    pub const fn quoted(&self) -> bool {
        matches!(self.quotes, Some(n) if n % 2 == 1)
    }
}

/// Quotation marks in a text.
fn marks(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'"', text).count() as u64
}

struct Person {
    name: String,
    handle: HandleIx,
    messages: u64,
}

/// A chat.
pub struct Chat {
    /// Title and kind, from the first line.
    pub title: Option<(String, ConversationKind)>,
    /// Written by the computer's LINE.
    pub computer: bool,
    options: Options,
    people: Vec<Person>,
    by_name: Map<Box<[u8]>, usize>,
    conversation: Option<ConversationIx>,
    day: Option<i32>,
    last: Option<Clock>,
    order: Option<(DateOrder, bool)>,
    backward: u64,
    /// Of each day that has ended: how often each record stands in it. For a second copy.
    days: BTreeMap<i32, Map<u64, u32>>,
    current: Map<u64, u32>,
    group: bool,
    records: u64,
    unsent: Tally,
    media: Tally,
}

impl Chat {
    /// Nothing yet.
    pub fn new(options: &Options) -> Self {
        Self {
            title: None,
            computer: false,
            options: options.clone(),
            people: Vec::new(),
            by_name: Map::default(),
            conversation: None,
            day: None,
            last: None,
            order: None,
            backward: 0,
            days: BTreeMap::new(),
            current: Map::default(),
            group: false,
            records: 0,
            unsent: Tally::default(),
            media: Tally::default(),
        }
    }

    /// Whether this name has written.
    pub fn knows(&self, name: &[u8]) -> bool {
        self.by_name.contains_key(name)
    }

    /// The heading of a day.
    pub fn begin_day(&mut self, day: &super::head::Day) {
        let certain = self.order.is_some_and(|(_, proven)| proven);
        if !certain {
            self.order = Some((day.order, day.proven));
        }
        if self.day == Some(day.day) {
            return;
        }
        self.end_day();
        self.backward += u64::from(self.day.is_some_and(|d| d > day.day));
        self.day = Some(day.day);
    }

    fn end_day(&mut self) {
        let Some(day) = self.day else { return };
        let known = self.days.entry(day).or_default();
        for (record, count) in std::mem::take(&mut self.current) {
            let held = known.entry(record).or_insert(0);
            *held = count.max(*held);
        }
    }

    /// A record has ended.
    pub fn take(&mut self, open: Open, sink: &mut Sink) {
        sink.record();
        self.records += 1;
        let Some(day) = self.day else { return sink.skip(SkipReason::NoTime, open.at) };
        let conversation = self.conversation(sink);
        let text = unquoted(&open.text, open.lines);
        let facts = match open.gather {
            Some(mut gather) => {
                gather.add(&text);
                gather.facts()
            }
            None => crate::features::facts(&text, sink.looks(Some(conversation))),
        };
        let named = open.name.as_deref().filter(|n| !n.trim_ascii().is_empty());
        if self.again(day, open.second, named, &facts) {
            return sink.skip(SkipReason::Repeated, open.at);
        }
        let (mut flags, mut event, mut facts) = (Flags::NONE, None, facts);
        let mut sender = named.map(|n| self.person(n, sink));
        let mut mark = named.and_then(|_| phrases::mark(&text, self.computer));
        if named.is_none() {
            mark = phrases::unsent(&text, true).then_some(Mark::Unsent);
            if mark.is_some() {
                sender = self.named_first(&text);
            } else {
                event = Some(phrases::system(&text));
                self.group |= matches!(event, Some(EventKind::Joined | EventKind::Left));
            }
        }
        match mark {
            Some(Mark::Media) => {
                flags = flags.with(Flags::MEDIA_ABSENT).with_attachments(1);
                facts = Facts::default();
            }
            Some(Mark::Unsent) => {
                flags = flags.with(Flags::DELETED);
                facts = Facts::default();
            }
            Some(Mark::Call) => event = Some(EventKind::Call),
            None => {}
        }
        let clock = Clock::Written(i64::from(day) * DAY + i64::from(open.second) * SECOND);
        let draft = Draft {
            conversation,
            sender: sender.and_then(|ix| self.people.get(ix)).map(|p| p.handle),
            time: clock,
            event,
            flags,
            body: Body::Facts(facts),
            id: Id::None,
            reply_to: Id::None,
            audience: None,
            position: open.at,
        };
        if !sink.message(draft) {
            return;
        }
        self.last = Some(clock);
        if event.is_none()
            && let Some(person) = sender.and_then(|ix| self.people.get_mut(ix))
        {
            person.messages += 1;
        }
        match mark {
            Some(Mark::Media) => self.media.add(1, open.at, clock),
            Some(Mark::Unsent) => self.unsent.add(1, open.at, clock),
            _ => {}
        }
    }

    /// Whether the day stood in the file before and held this record as often: a second copy of it.
    fn again(&mut self, day: i32, second: u32, name: Option<&[u8]>, facts: &Facts) -> bool {
        use std::hash::BuildHasher as _;
        let hash = foldhash::fast::FixedState::with_seed(11).hash_one((second, name, facts.hash, facts.chars));
        let count = self.current.entry(hash).and_modify(|n| *n += 1).or_insert(1);
        self.days.get(&day).and_then(|d| d.get(&hash)).is_some_and(|held| *held >= *count)
    }

    fn conversation(&mut self, sink: &mut Sink) -> ConversationIx {
        if let Some(known) = self.conversation {
            return known;
        }
        let channel = sink.channel("line");
        // Its key is known only at the end; until then one that no other has.
        let key = format!("?{}:{}", sink.rows(), sink.source().path);
        let made = sink.conversation(channel, &key, "", ConversationKind::Unknown);
        self.conversation = Some(made);
        made
    }

    fn person(&mut self, raw: &[u8], sink: &mut Sink) -> usize {
        if let Some(known) = self.by_name.get(raw) {
            return *known;
        }
        let name = text::clean_name(&String::from_utf8_lossy(raw));
        let channel = sink.channel("line");
        let handle = sink.handle(channel, &name);
        let ix = self.people.iter().position(|p| p.handle == handle).unwrap_or_else(|| {
            self.people.push(Person { name, handle, messages: 0 });
            self.people.len() - 1
        });
        self.by_name.insert(raw.into(), ix);
        ix
    }

    /// Whom a line of the app begins with, if they have written.
    fn named_first(&self, text: &[u8]) -> Option<usize> {
        let line = String::from_utf8_lossy(text);
        (0..self.people.len().min(FEW))
            .filter(|ix| self.people.get(*ix).is_some_and(|p| line.starts_with(&p.name)))
            .max_by_key(|ix| self.people.get(*ix).map(|p| p.name.len()))
    }

    /// A record was cut off.
    pub fn cut(&mut self, at: Position, sink: &mut Sink) {
        sink.record();
        sink.skip(SkipReason::CutOff, at);
        sink.statement(StatementKind::CutOff, self.conversation, self.last, None, 0, at, "the file ends in the middle");
    }

    /// The history has ended.
    pub fn close(&mut self, sink: &mut Sink) {
        self.media.tell(StatementKind::MediaAbsent, self.conversation, "LINE exports no media", sink);
        self.unsent.tell(StatementKind::Tombstone, self.conversation, "messages taken back", sink);
        if self.backward > 0 {
            sink.notice("line_days_out_of_order", "Days go back in time in this file: it was put together from several histories, or edited", self.backward);
        }
        if self.computer && self.records > 0 {
            let what = "This form does not separate names from texts; names were found by what many lines begin with. Check the people of this chat";
            sink.notice("line_names_learnt", what, 1);
        }
        if self.records == 0 {
            sink.fail("No message was found in this LINE history. Export the chat again, without changing the file.", "line 1");
        }
        let (order, proven) = self.order.unwrap_or((DateOrder::Ymd, true));
        let stated = self.options.date_order == Some(order) && !proven;
        let basis = match (stated, proven) {
            (true, _) => Basis::Stated,
            (false, true) => Basis::Proven,
            (false, false) => Basis::Assumed,
        };
        let why = if proven { "the year stands first, or weekdays fit one order only" } else { "weekdays fit neither order" };
        sink.source().date_order = Decided { value: order.word().to_owned(), basis, why: why.to_owned() };
        self.settle(sink);
    }

    fn settle(&mut self, sink: &mut Sink) {
        let (title, kind) = self.title.clone().unwrap_or_default();
        let title = text::clean_name(&title);
        let names: Vec<String> = self.people.iter().map(|p| text::folded(&p.name)).collect();
        let group = match kind {
            ConversationKind::Direct => self.people.len() > 2,
            ConversationKind::Group => true,
            _ => self.group || self.people.len() > 2 || (!title.is_empty() && !names.is_empty() && !names.contains(&text::folded(&title))),
        };
        let mut parties = names;
        let mut members: Vec<u32> = self.people.iter().map(|p| p.handle.0).collect();
        if !group && !title.is_empty() && parties.len() < 2 {
            parties.push(text::folded(&title));
            let channel = sink.channel("line");
            members.push(sink.handle(channel, &title).0);
        }
        parties.sort_unstable();
        parties.dedup();
        let key = chat_key(group, &title, &parties);
        let shown = if title.is_empty() { self.people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ") } else { title.clone() };
        if let Some(facts) = self.conversation.and_then(|c| sink.conversation_facts(c)) {
            facts.key = text::bounded(&key, 1000).to_owned();
            facts.title = text::clean_name(&shown);
            facts.kind = if group { ConversationKind::Group } else { ConversationKind::Direct };
            facts.members = members;
        }
        self.owner(&title, group, sink);
    }

    /// In a chat of two the owner is the one that it is not named after.
    fn owner(&self, title: &str, group: bool, sink: &mut Sink) {
        let folded = text::folded(title);
        let stated = self.options.owner.as_deref();
        let mut others = self.people.iter().filter(|p| text::folded(&p.name) != folded && p.messages > 0);
        let (owner, value, basis, why) = match (stated, others.next(), others.next()) {
            (Some(stated), ..) => (self.people.iter().find(|p| text::folded(&p.name) == text::folded(stated)), stated.to_owned(), Basis::Stated, "stated"),
            (None, Some(one), None) if !group && !title.is_empty() => {
                (Some(one), one.name.clone(), Basis::Assumed, "the party that the chat is not named after")
            }
            _ if self.records > 0 => return sink.notice("owner_unknown", "The file does not say whose phone it comes from", 1),
            _ => return,
        };
        let handle = owner.map(|p| p.handle);
        let source = sink.source();
        source.owner = Some(Decided { value, basis, why: why.to_owned() });
        source.owner_handle = handle.map(|h| h.0);
        if let Some(handle) = handle {
            sink.mark_owner(handle);
        }
    }
}

/// A text of several lines stands in quotation marks, those in it are doubled.
fn unquoted(text: &[u8], lines: u32) -> std::borrow::Cow<'_, [u8]> {
    let inner = text.strip_prefix(b"\"").and_then(|t| t.strip_suffix(b"\"")).filter(|_| lines > 1);
    let Some(inner) = inner else { return text.into() };
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memmem::find(rest, b"\"\"") {
        out.extend_from_slice(rest.get(..=at).unwrap_or_default());
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out.into()
}
