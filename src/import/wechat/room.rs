//! One conversation while its records are read, and what they prove at its end.

use crate::import::counter::Counter;
use crate::import::sink::{Clock, Map, Sink};
use crate::import::tally::Tally;
use crate::model::message::{ConversationKind, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};
use crate::text;
use crate::time::SECOND;

use super::book::{Entry, From, Whole, tell};
use super::kind::Kind;
use super::xml;

/// Most ids and targets kept of one conversation.
const LIMIT: usize = 1 << 20;
/// Rows from which on text alone is remarkable.
const BUSY: u64 = 50;
/// Fewest numbers of which a density means anything.
const FEWEST: u64 = 20;

/// What an answer says of the message it quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Target {
    /// Number of the server.
    pub server: Option<u64>,
    /// When it was sent, seconds since 1970.
    pub seconds: Option<u64>,
}

/// A conversation being read.
pub struct Room {
    /// Its place in the batch.
    pub conversation: ConversationIx,
    /// Its key so far.
    pub key: String,
    /// The key is the account of the other party or group, not a stand-in.
    pub told: bool,
    /// Names in it, for notices that name people by them.
    pub names: Map<Box<str>, HandleIx>,
    /// Messages taken back.
    pub tombstones: Tally,
    /// Content that is not in the file.
    pub absent: Tally,
    own_counter: bool,
    counter: Counter,
    /// `localId` of the row before, and how often it fell.
    before: Option<u64>,
    latest: Option<Clock>,
    falls: u64,
    servers: Map<u64, ()>,
    texts: Map<Box<[u8]>, ()>,
    seconds: Vec<i64>,
    targets: Vec<(Target, Box<[u8]>, Clock, Position)>,
    rows: u64,
    only_text: bool,
    first: Option<Clock>,
    /// The other party, while there is one only.
    peer: Option<HandleIx>,
    several: bool,
}

impl Room {
    /// A conversation.
    pub fn new(conversation: ConversationIx, key: String, told: bool, own_counter: bool) -> Self {
        Self {
            conversation,
            key,
            told,
            names: Map::default(),
            tombstones: Tally::default(),
            absent: Tally::default(),
            own_counter,
            counter: Counter::default(),
            before: None,
            latest: None,
            falls: 0,
            servers: Map::default(),
            texts: Map::default(),
            seconds: Vec::new(),
            targets: Vec::new(),
            rows: 0,
            only_text: true,
            first: None,
            peer: None,
            several: false,
        }
    }

    /// Whether a record with this id of the server was there before: shards of the database overlap. Local notices have 0.
    pub fn repeats(&mut self, server: Option<u64>, other: &[u8]) -> bool {
        if self.servers.len() + self.texts.len() >= LIMIT {
            return false;
        }
        match server {
            Some(id) if id > 0 => self.servers.insert(id, ()).is_some(),
            None if !other.is_empty() => self.texts.insert(other.into(), ()).is_some(),
            _ => false,
        }
    }

    /// A row with a number is in the file.
    pub fn number(&mut self, entry: &Entry<'_>, at: Position) {
        if let Some((local, time)) = entry.local.zip(entry.time.or(self.latest)) {
            self.falls += u64::from(self.before.is_some_and(|b| local < b));
            (self.before, self.latest) = (Some(local), Some(time));
            self.counter.hold(local, Some(time), at);
        }
    }

    /// A record was taken.
    pub fn note(&mut self, entry: &Entry<'_>, sender: Option<HandleIx>, by_owner: bool, time: Clock) {
        self.rows += 1;
        self.only_text &= entry.kind == Kind::Text;
        if self.seconds.len() < LIMIT {
            self.seconds.push(time.micros() / SECOND);
        }
        if self.first.is_none_or(|first| time.micros() < first.micros()) {
            self.first = Some(time);
        }
        let Some(sender) = sender else { return };
        for name in [entry.alias, entry.name, entry.sender].into_iter().filter(|n| !n.is_empty()) {
            if !self.names.contains_key(name) && self.names.len() < 4096 {
                self.names.insert(name.into(), sender);
            }
        }
        if !by_owner && entry.from != From::Owner {
            self.several |= self.peer.is_some_and(|p| p != sender);
            self.peer.get_or_insert(sender);
        }
    }

    /// A record answers another.
    pub fn target(&mut self, quoted: Target, answers: &[u8], time: Clock, at: Position) {
        if (quoted != Target::default() || !answers.is_empty()) && self.targets.len() < LIMIT {
            self.targets.push((quoted, answers.into(), time, at));
        }
    }

    /// Its records have ended.
    pub fn close(mut self, only: bool, whole: &Whole, owner: Option<HandleIx>, sink: &mut Sink) {
        self.name(only, whole, owner, sink);
        tell(&self.tombstones, &self.absent, self.conversation, sink);
        self.tell_targets(sink);
        if self.only_text && self.rows >= BUSY {
            let what = "Conversations of 50 messages or more hold text only: pictures, voice and files were left out when the export was made. Export again with all types";
            sink.notice("wechat_text_only", what, 1);
        }
        if self.own_counter {
            self.tell_holes(sink);
        }
    }

    /// A key that was not told: the account of the only other party, or the name of the file.
    fn name(&mut self, only: bool, whole: &Whole, owner: Option<HandleIx>, sink: &mut Sink) {
        let peer = self.peer.filter(|p| Some(*p) != owner && !self.several).and_then(|p| sink.handle_facts(p)).map(|f| (f.key.clone(), f.name.clone()));
        let Some(facts) = sink.conversation_facts(self.conversation) else { return };
        if facts.title.is_empty() {
            facts.title = text::clean_name(if only { &whole.title } else { "" });
        }
        if self.told {
            if facts.title.is_empty()
                && let Some((key, name)) = peer
                && key == self.key
            {
                facts.title = name;
            }
            return;
        }
        if self.several {
            facts.kind = ConversationKind::Group;
        }
        let (_, local) = self.key.rsplit_once('#').unwrap_or(("", &self.key));
        match peer {
            Some((key, name)) if xml::is_account(&key) => {
                facts.kind = ConversationKind::Direct;
                if facts.title.is_empty() {
                    facts.title = name;
                }
                facts.key = key;
            }
            _ if local.is_empty() => facts.key.clone_from(&whole.stem),
            _ => facts.key = format!("{}#{local}", whole.stem),
        }
    }

    /// Answers whose target the file does not hold.
    fn tell_targets(&mut self, sink: &mut Sink) {
        self.seconds.sort_unstable();
        let zoned = matches!(self.first, Some(Clock::Utc(_)));
        let (servers, texts, seconds) = (&self.servers, &self.texts, &self.seconds);
        // By number of the server where rows have one, else by the second in which it was sent.
        self.targets.retain(|(target, answers, ..)| match (target.server, target.seconds) {
            _ if !answers.is_empty() => !texts.is_empty() && !texts.contains_key(answers),
            (Some(id), _) if !servers.is_empty() => !servers.contains_key(&id),
            (_, Some(at)) if zoned => i64::try_from(at).is_ok_and(|at| seconds.binary_search(&at).is_err()),
            _ => false,
        });
        self.targets.sort_by_key(|(target, answers, _, at)| (target.server, target.seconds, answers.clone(), at.offset));
        self.targets.dedup_by(|a, b| (a.0, &a.1) == (b.0, &b.1));
        let first = self.seconds.first().copied().unwrap_or(0);
        let older = |t: &Target| t.seconds.and_then(|s| i64::try_from(s).ok()).is_some_and(|s| s < first);
        for (before, remark) in [(true, "messages quoted, older than the first record"), (false, "messages quoted by answers")] {
            let list = || self.targets.iter().filter(|(t, ..)| older(t) == before);
            let Some((target, _, to, at)) = list().min_by_key(|(.., at)| at.offset) else { continue };
            let from = target.seconds.and_then(|s| i64::try_from(s).ok()).and_then(crate::time::of_unix).map(Clock::Utc).filter(|_| zoned);
            sink.statement(StatementKind::AbsentTarget, Some(self.conversation), from, Some(*to), list().count() as u64, *at, remark);
        }
    }

    /// 4.x numbers the rows of each conversation one by one: a number that is absent from an almost full run is a row that was there.
    fn tell_holes(&mut self, sink: &mut Sink) {
        if self.counter.is_full() {
            return not_examined(sink);
        }
        let Some((held, room)) = self.counter.density().filter(|(held, room)| held < room) else { return };
        if self.falls * 10 > self.rows {
            return unordered(sink);
        }
        if held < FEWEST || held * 10 < room * 8 {
            return sparse(sink);
        }
        self.counter.tell(Some(self.conversation), "database row", sink);
    }
}

fn not_examined(sink: &mut Sink) {
    let what = "More than 8 million row numbers; they were not examined for holes. Export the chats one by one to have them examined";
    sink.notice("wechat_rows_not_examined", what, 1);
}

fn unordered(sink: &mut Sink) {
    let what = "Row numbers (localId) fall and rise again: several parts of the database were joined, so that absent numbers prove nothing";
    sink.notice("wechat_rows_unordered", what, 1);
}

fn sparse(sink: &mut Sink) {
    let what = "Row numbers (localId) are sparse or few: the counter is shared with other chats or rows were filtered, so that absent numbers prove nothing";
    sink.notice("wechat_rows_sparse", what, 1);
}

/// 3.x numbers the rows of all chats of one part of the database together: only over all of them a run can be full. A small file whose
/// only chat has an almost full run from the beginning is of 4.x.
pub fn shared_counter(rooms: &[Room], whole: bool, sink: &mut Sink) {
    let falls: u64 = rooms.iter().map(|r| r.falls).sum();
    let rows: u64 = rooms.iter().map(|r| r.rows).sum();
    let mut all = Counter::default();
    for room in rooms {
        if room.counter.is_full() {
            return not_examined(sink);
        }
        all.join(&room.counter);
    }
    let Some((held, span)) = all.density().filter(|(held, span)| held < span) else { return };
    let own = rooms.iter().all(|r| {
        let mut counter = r.counter.clone();
        counter.density().is_some_and(|(held, room)| held >= FEWEST && held * 10 >= room * 9 && counter.lowest().is_some_and(|l| l <= 10))
    });
    if falls * 10 > rows {
        return unordered(sink);
    }
    if own && rooms.len() > 1 {
        for room in rooms {
            let mut counter = room.counter.clone();
            let _ = counter.density();
            counter.tell(Some(room.conversation), "database row", sink);
        }
        return;
    }
    if held < FEWEST || held * 10 < span * 9 || !whole {
        return sparse(sink);
    }
    let conversation = if let [only] = rooms { Some(only.conversation) } else { None };
    all.tell(conversation, "database row", sink);
}
