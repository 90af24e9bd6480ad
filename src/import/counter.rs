//! Numbers that a program counts up one by one (a sequence of a stream, row ids of a database, ids of a phone's store), and what their holes prove.

use super::sink::{Clock, Sink};
use crate::model::ConversationIx;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Most numbers kept of one counter (24 bytes each).
const LIMIT: usize = 1 << 23;
/// Holes stated one by one; the rest of them become one statement.
const ONE_BY_ONE: usize = 500;
/// Fewer row ids than this show no habit.
const ENOUGH: u64 = 12;
/// Stands for the time of a record that has none.
const TIMELESS: i64 = i64::MIN;

/// Number, time and packed position of a record.
type Held = (u64, i64, u64);

/// Numbers that a file counts by.
#[derive(Debug, Clone, Default)]
pub struct Counter {
    held: Vec<Held>,
    written: bool,
    full: bool,
}

impl Counter {
    /// The file holds this number, in a record of this time, if it has one, at this place.
    pub fn hold(&mut self, number: u64, time: Option<Clock>, at: Position) {
        if self.held.len() >= LIMIT {
            self.full = true;
            return;
        }
        self.written |= matches!(time, Some(Clock::Written(_)));
        self.held.push((number, time.map(Clock::micros).filter(|t| crate::time::plausible(*t)).unwrap_or(TIMELESS), at.pack()));
    }

    /// Takes the numbers of another counter too.
    pub fn join(&mut self, other: &Self) {
        self.full |= other.full || self.held.len() + other.held.len() > LIMIT;
        self.written |= other.written;
        if !self.full {
            self.held.extend_from_slice(&other.held);
        }
    }

    /// Numbers held, once each, and how many there could be between the lowest and the highest. `None`: too many to be kept, or none.
    pub fn density(&mut self) -> Option<(u64, u64)> {
        self.held.sort_unstable();
        self.held.dedup_by_key(|h| h.0);
        let (first, last) = self.held.first().zip(self.held.last())?;
        let room = last.0.checked_sub(first.0)?.checked_add(1)?;
        (!self.full).then_some((self.held.len() as u64, room))
    }

    /// Whether there were too many to be kept.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.full
    }

    /// The lowest number, after [`Counter::density`].
    #[must_use]
    pub fn lowest(&self) -> Option<u64> {
        self.held.first().map(|h| h.0)
    }

    /// Says every run of absent numbers between those held, after [`Counter::density`]. `word`: what they number (`seq`).
    pub fn tell(&self, conversation: Option<ConversationIx>, word: &str, sink: &mut Sink) {
        let gaps: Vec<_> = self.pairs().filter(|(a, b)| b.0 - a.0 > 1).collect();
        let (one_by_one, rest) = gaps.split_at_checked(ONE_BY_ONE).unwrap_or((&gaps, &[]));
        for (before, after) in one_by_one {
            let (first, last) = (before.0 + 1, after.0 - 1);
            let (from, to) = match (before.1, after.1) {
                (a, b) if a != TIMELESS && b != TIMELESS => (self.clock(a.min(b)), self.clock(a.max(b))),
                (a, b) => (self.clock(a), self.clock(b)),
            };
            let detail = if first == last { format!("{word} {first}") } else { format!("{word} {first}-{last}") };
            sink.statement(StatementKind::IdHole, conversation, from, to, last - first + 1, Position::unpack(after.2), &detail);
        }
        if let (Some((before, after)), Some((_, end))) = (rest.first(), rest.last()) {
            let absent = rest.iter().map(|(a, b)| b.0 - a.0 - 1).sum();
            let detail = format!("{word} {}-{}, {} runs", before.0 + 1, end.0 - 1, rest.len());
            sink.statement(StatementKind::IdHole, conversation, self.clock(before.1), self.clock(end.1), absent, Position::unpack(after.2), &detail);
        }
    }

    /// Says what is absent from row ids of a database: nothing unless they are dense, which is that half of all ids are held and most
    /// neighbours follow each other. `from_one`: they are known to begin at 1. `highest`: the last id given out, where the file states it.
    pub fn tell_rows(mut self, from_one: bool, highest: Option<u64>, word: &str, sink: &mut Sink) {
        if self.full {
            let sentence = "There are more than 8 million records; their ids were not examined for holes.";
            return sink.notice("ids_not_examined", sentence, 1);
        }
        let Some((held, room)) = self.density() else { return };
        let close = self.pairs().filter(|(a, b)| b.0 == a.0 + 1).count() as u64;
        let (Some(first), Some(last)) = (self.held.first(), self.held.last()) else { return };
        if held < ENOUGH || held.saturating_mul(2) < room || close * 2 < held - 1 {
            return;
        }
        if from_one && first.0 > 1 {
            let detail = format!("{word} 1-{}", first.0 - 1);
            sink.statement(StatementKind::NoBeginning, None, None, self.clock(first.1), first.0 - 1, Position::unpack(first.2), &detail);
        }
        self.tell(None, word, sink);
        if let Some(highest) = highest.filter(|h| *h > last.0) {
            let detail = format!("{word} {}-{highest} were given out after the last record", last.0 + 1);
            sink.statement(StatementKind::IdHole, None, self.clock(last.1), None, highest - last.0, Position::unpack(last.2), &detail);
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (&Held, &Held)> {
        self.held.iter().zip(self.held.iter().skip(1))
    }

    fn clock(&self, time: i64) -> Option<Clock> {
        (time != TIMELESS).then_some(Clock::of(time, !self.written))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_numbers_are_found_in_any_order_of_the_file() {
        let mut counter = Counter::default();
        for number in [7, 3, 4, 12, 3] {
            counter.hold(number, Some(Clock::Utc(crate::time::EARLIEST + i64::try_from(number).unwrap())), Position::byte(number * 10));
        }
        assert_eq!(counter.density(), Some((4, 10)));
        let mut sink = Sink::default();
        sink.open_source("x", 0, "", "");
        counter.tell(None, "seq", &mut sink);
        let said: Vec<_> = sink
            .finish()
            .tables
            .statements
            .iter()
            .map(|s| (s.detail.clone(), s.quantity, s.from.map(|t| t - crate::time::EARLIEST), s.to.map(|t| t - crate::time::EARLIEST)))
            .collect();
        assert_eq!(said, [("seq 5-6".to_owned(), 2, Some(4), Some(7)), ("seq 8-11".to_owned(), 4, Some(7), Some(12))]);
    }
}
