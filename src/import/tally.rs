//! What readers count of a conversation while they pass through it, to be said at its end: things of one kind, and numbers of a counter.

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

/// Microseconds of a clock, of whatever kind.
const fn micros(clock: Clock) -> i64 {
    match clock {
        Clock::Utc(t) | Clock::Written(t) => t,
    }
}

/// The earlier and the later of two times.
fn spread(span: Option<(Clock, Clock)>, time: Clock) -> (Clock, Clock) {
    let (first, last) = span.unwrap_or((time, time));
    (if micros(time) < micros(first) { time } else { first }, if micros(time) > micros(last) { time } else { last })
}

/// Things of one kind: how many, where the first of them stands, and from when to when. Files may run backwards in time.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How many.
    pub count: u64,
    place: Option<(u32, Position)>,
    span: Option<(Clock, Clock)>,
}

impl Tally {
    /// `n` more, in the current part at this place.
    pub fn add(&mut self, n: u64, at: Position, time: Clock, sink: &Sink) {
        if n > 0 {
            self.count += n;
            self.place.get_or_insert((sink.current_part(), at));
            self.span = Some(spread(self.span, time));
        }
    }

    /// Says it, if there is anything to say.
    pub fn tell(&self, kind: StatementKind, conversation: Option<ConversationIx>, detail: &str, sink: &mut Sink) {
        if let Some(((part, at), (from, to))) = self.place.zip(self.span) {
            sink.statement(kind, conversation, Some(from), Some(to), self.count, at, detail);
            sink.statement_stands_in(part);
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
                rest.add(quantity, at, from.or(to).unwrap_or(Clock::Utc(0)), sink);
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
