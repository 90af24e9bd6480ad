//! Counts over the records of a source. Ids that a device counts up one by one over all its conversations (row ids of a database, ids of a phone's message store): what their
//! holes prove, and whether they are dense enough to prove anything.

use std::hash::BuildHasher as _;

use super::sink::{Clock, Sink};
use crate::model::ConversationIx;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Most ids kept, and most holes stated one by one; the rest is one statement.
const LIMIT: usize = 1 << 23;
const STATED: usize = 500;
/// Fewer ids than this show no habit.
const ENOUGH: usize = 12;

/// Records of one kind: how many, the first, the last.
#[derive(Default)]
pub struct Tally {
    count: u64,
    first: Option<(i64, Position)>,
    last: i64,
}

impl Tally {
    /// Some more, in one record. `time`: microseconds UTC.
    pub fn add(&mut self, n: u64, time: i64, at: Position) {
        if n > 0 {
            self.count += n;
            self.first.get_or_insert((time, at));
            self.last = self.last.max(time);
        }
    }

    /// States them, if there are any.
    pub fn tell(&self, kind: StatementKind, conversation: Option<ConversationIx>, detail: &str, sink: &mut Sink) {
        if let Some((from, at)) = self.first {
            sink.statement(kind, conversation, Some(Clock::Utc(from)), Some(Clock::Utc(self.last)), self.count, at, detail);
        }
    }
}

/// Most pointers and ids compared.
const KNOWN: usize = 1 << 23;

/// Native ids of a source and what its records point to: replies and reactions to messages that are not there.
#[derive(Default)]
pub struct Pointers {
    known: Vec<u64>,
    pointers: Vec<(u64, i64, Position)>,
}

impl Pointers {
    fn hash(id: &[u8]) -> u64 {
        foldhash::fast::FixedState::with_seed(7).hash_one(id)
    }

    /// A message with this id is held.
    pub fn hold(&mut self, id: &[u8]) {
        if self.known.len() < KNOWN {
            self.known.push(Self::hash(id));
        }
    }

    /// A record points to this id.
    pub fn point(&mut self, id: &[u8], time: i64, at: Position) {
        if self.pointers.len() < KNOWN {
            self.pointers.push((Self::hash(id), time, at));
        }
    }

    /// States the targets that are not held; nothing when not all ids could be kept.
    pub fn tell(mut self, detail: &str, sink: &mut Sink) {
        if self.known.len() >= KNOWN {
            return;
        }
        let Self { known, pointers } = &mut self;
        known.sort_unstable();
        pointers.retain(|(target, _, _)| known.binary_search(target).is_err());
        pointers.sort_unstable();
        pointers.dedup_by_key(|p| p.0);
        let Some((_, to, at)) = pointers.iter().min_by_key(|(_, _, at)| at.offset).copied() else { return };
        sink.statement(StatementKind::AbsentTarget, None, None, Some(Clock::Utc(to)), pointers.len() as u64, at, detail);
    }
}

/// Ids of one counter with the times and places of their records.
#[derive(Default)]
pub struct Counter {
    ids: Vec<(u64, i64, u64)>,
    full: bool,
}

impl Counter {
    /// A record with this id is held. `time`: microseconds UTC, 0 when the record has none.
    pub fn hold(&mut self, id: u64, time: i64, offset: u64) {
        if self.ids.len() >= LIMIT {
            self.full = true;
        } else {
            self.ids.push((id, time, offset));
        }
    }

    /// States the holes of a dense counter: half of all ids are held and most neighbours follow each other; a sparse one proves nothing.
    /// `from_one`: it is known to begin at 1. `highest`: the last id given out, where the file states it. `what`: name of the id in statements, e.g. `ROWID`.
    pub fn tell(mut self, from_one: bool, highest: Option<u64>, what: &str, sink: &mut Sink) {
        if self.full {
            let sentence = "There are more than 8 million records; their ids were not examined for holes.";
            return sink.notice("ids_not_examined", sentence, 1);
        }
        self.ids.sort_unstable();
        self.ids.dedup_by_key(|(id, _, _)| *id);
        let (Some(first), Some(last)) = (self.ids.first().copied(), self.ids.last().copied()) else { return };
        let span = last.0 - first.0 + 1;
        let pairs = || self.ids.windows(2).filter_map(|p| if let [a, b] = p { Some((*a, *b)) } else { None });
        let close = pairs().filter(|(a, b)| b.0 == a.0 + 1).count();
        if self.ids.len() < ENOUGH || (self.ids.len() as u64).saturating_mul(2) < span || close * 2 < self.ids.len() - 1 {
            return;
        }
        if from_one && first.0 > 1 {
            let detail = format!("{what} 1-{}", first.0 - 1);
            sink.statement(StatementKind::NoBeginning, None, None, time_of(first.1), first.0 - 1, Position::byte(first.2), &detail);
        }
        let holes: Vec<_> = pairs().filter(|(a, b)| b.0 > a.0 + 1).collect();
        let (one_by_one, rest) = holes.split_at_checked(STATED).unwrap_or((&holes, &[]));
        for (a, b) in one_by_one {
            let missing = b.0 - a.0 - 1;
            let detail = if missing == 1 { format!("{what} {}", a.0 + 1) } else { format!("{what} {}-{}", a.0 + 1, b.0 - 1) };
            sink.statement(StatementKind::IdHole, None, time_of(a.1), time_of(b.1), missing, Position::byte(b.2), &detail);
        }
        if let (Some((a, b)), Some((_, end))) = (rest.first(), rest.last()) {
            let missing = rest.iter().map(|(a, b)| b.0 - a.0 - 1).sum();
            let detail = format!("{what} {}-{}, {} runs", a.0 + 1, end.0 - 1, rest.len());
            sink.statement(StatementKind::IdHole, None, time_of(a.1), time_of(end.1), missing, Position::byte(b.2), &detail);
        }
        if let Some(highest) = highest.filter(|h| *h > last.0) {
            let detail = format!("{what} {}-{highest} were given out after the last record", last.0 + 1);
            sink.statement(StatementKind::IdHole, None, time_of(last.1), None, highest - last.0, Position::byte(last.2), &detail);
        }
    }
}

fn time_of(time: i64) -> Option<Clock> {
    (time != 0).then_some(Clock::Utc(time))
}
