//! What readers count of a conversation while they pass through it, to be said at its end: things of one kind (how many, where the first
//! stands, from when to when), and numbers of a counter.

use super::sink::{Clock, Sink};
use crate::model::ConversationIx;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Most numbers kept of one counter (24 bytes each).
const LIMIT: usize = 1 << 21;
/// Holes stated one by one; the rest of them become one statement.
const ONE_BY_ONE: usize = 200;
/// Stands for the time of a record that has none.
const TIMELESS: i64 = i64::MIN;

/// Part and position of a record.
pub type Place = (u32, Position);

/// Where the first one stands: in the part that is open when it is told, or in an earlier one.
#[derive(Debug, Clone, Copy)]
pub struct At {
    part: Option<u32>,
    position: Position,
}

impl From<Position> for At {
    fn from(position: Position) -> Self {
        Self { part: None, position }
    }
}

impl From<Place> for At {
    fn from((part, position): Place) -> Self {
        Self { part: Some(part), position }
    }
}

impl From<i64> for Clock {
    /// Microseconds UTC.
    fn from(micros: i64) -> Self {
        Self::Utc(micros)
    }
}

const fn micros(clock: Clock) -> i64 {
    match clock {
        Clock::Utc(t) | Clock::Written(t) => t,
    }
}

/// A count with the place of the first one met, and the earliest and latest time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// How many.
    pub count: u64,
    first: Option<At>,
    times: Option<(Clock, Clock)>,
}

impl Tally {
    /// Adds `n` of them at a place and time.
    pub fn add(&mut self, n: u64, at: impl Into<At>, time: impl Into<Clock>) {
        if n == 0 {
            return;
        }
        let time = time.into();
        self.count += n;
        self.first.get_or_insert(at.into());
        let (from, to) = self.times.get_or_insert((time, time));
        if micros(time) < micros(*from) {
            *from = time;
        }
        if micros(time) > micros(*to) {
            *to = time;
        }
    }

    /// Says it, if there were any.
    pub fn tell(&self, kind: StatementKind, conversation: Option<ConversationIx>, detail: &str, sink: &mut Sink) {
        if let (Some(at), Some((from, to))) = (self.first, self.times) {
            sink.statement(kind, conversation, Some(from), Some(to), self.count, at.position, detail);
            if let Some(part) = at.part {
                sink.statement_stands_in(part);
            }
        }
    }
}

/// Numbers that a file counts by.
#[derive(Debug, Clone, Default)]
pub struct Counter {
    held: Vec<(u64, i64, u64)>,
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
        self.held.push((number, time.map(micros).filter(|t| crate::time::plausible(*t)).unwrap_or(TIMELESS), at.pack()));
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

    /// Says every run of absent numbers between those held, after [`Counter::density`]. `word`: what they number (`seq`). Returns how
    /// many numbers are absent.
    pub fn tell(&self, conversation: Option<ConversationIx>, word: &str, sink: &mut Sink) -> u64 {
        let clock = |t: i64| (t != TIMELESS).then_some(if self.written { Clock::Written(t) } else { Clock::Utc(t) });
        let gaps = self.held.iter().zip(self.held.iter().skip(1)).filter(|(a, b)| b.0 - a.0 > 1);
        let (mut absent, mut rest) = (0, Tally::default());
        for (n, (before, after)) in gaps.enumerate() {
            let (first, last) = (before.0 + 1, after.0 - 1);
            let quantity = last - first + 1;
            absent += quantity;
            let at = Position::unpack(after.2);
            let (from, to) = match (before.1, after.1) {
                (a, b) if a != TIMELESS && b != TIMELESS => (clock(a.min(b)), clock(a.max(b))),
                (a, b) => (clock(a), clock(b)),
            };
            if n >= ONE_BY_ONE {
                rest.add(quantity, at, from.or(to).unwrap_or(Clock::Utc(0)));
                continue;
            }
            let detail = if first == last { format!("{word} {first}") } else { format!("{word} {first}-{last}") };
            sink.statement(StatementKind::IdHole, conversation, from, to, quantity, at, &detail);
        }
        rest.tell(StatementKind::IdHole, conversation, &format!("{word}: further runs of absent numbers"), sink);
        absent
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
        assert_eq!(counter.tell(None, "seq", &mut sink), 6);
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
