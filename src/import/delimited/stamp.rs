//! Times of tables whose columns are known: a counter since 1970, or a written date, or both. One decision for the whole file.

use super::when::written;
use crate::import::sink::{Clock, Sink};
use crate::import::{DateOrder, json};
use crate::model::ledger::{Basis, Decided, Question};
use crate::model::message::Position;
use crate::time;

/// Times of one file: decided by its first row, kept for all.
#[derive(Default)]
pub struct Stamps {
    utc: Option<bool>,
    /// The written clock minus the counter of the last row that had both.
    offset: i64,
    order: Option<DateOrder>,
    mixed: u64,
    /// A person has stated it.
    stated: bool,
    /// The order is shown by a day above 12 in the first rows.
    proven: bool,
    /// First dates that read both ways, for the question.
    open: Vec<(u32, String, String, String)>,
}

impl Stamps {
    /// `order`: of day and month, as a person has stated it.
    pub fn new(order: Option<DateOrder>) -> Self {
        Self { order, stated: order.is_some(), ..Self::default() }
    }

    /// The time of a row, and whether it had to be put together from a second column.
    pub fn of(&mut self, stamp: &[u8], clock: &[u8], at: Position) -> Option<(Clock, bool)> {
        let utc = counted(stamp);
        let written_here = |this: &mut Self, text: &[u8]| this.written(text, at);
        match utc {
            Some(utc) => {
                if let Some((wall, false)) = written_here(self, clock) {
                    self.offset = wall.saturating_sub(utc);
                }
                self.settle(Clock::Utc(utc))
            }
            None if !clock.is_empty() => {
                let (wall, _) = self.written(clock, at)?;
                let clock = if self.utc == Some(true) { Clock::Utc(wall.saturating_sub(self.offset)) } else { Clock::Written(wall) };
                self.utc.get_or_insert(false);
                Some((clock, true))
            }
            None => {
                let (wall, zoned) = self.written(stamp, at)?;
                self.settle(Clock::of(wall, zoned))
            }
        }
    }

    /// One file has one kind of time: the other kind is read as the first.
    fn settle(&mut self, clock: Clock) -> Option<(Clock, bool)> {
        let (clock, other) = clock.settled(&mut self.utc);
        self.mixed += u64::from(other);
        Some((clock, other))
    }

    /// One of the first dates: one that reads in one way only decides.
    pub fn look(&mut self, text: &[u8]) {
        let Some(w) = written(text).filter(|_| self.order.is_none()) else { return };
        let order = match (w.micros(DateOrder::Dmy), w.micros(DateOrder::Mdy)) {
            (Some(_), None) => DateOrder::Dmy,
            (None, Some(_)) => DateOrder::Mdy,
            _ => return,
        };
        (self.order, self.proven) = (Some(order), true);
    }

    /// Says at the end how the order of day and month was decided.
    pub fn tell(&mut self, sink: &mut Sink) {
        if self.mixed > 0 {
            sink.notice("mixed_zones", "Times of two kinds in one file: all are read as the first row's", self.mixed);
        }
        let decide = |value: DateOrder, basis, why: &str| Decided { value: value.word().to_owned(), basis, why: why.to_owned() };
        let source = sink.source();
        source.date_order = match self.order {
            Some(order) if self.stated && self.utc == Some(false) => decide(order, Basis::Stated, ""),
            Some(order) if self.proven => decide(order, Basis::Proven, "some days are later than the 12th"),
            None if !self.open.is_empty() => decide(DateOrder::Dmy, Basis::Ambiguous, "a table program has rewritten the dates; they read both ways"),
            _ => Decided { basis: Basis::NotNeeded, ..Decided::default() },
        };
        if source.date_order.basis == Basis::Ambiguous {
            source.question = Some(Question::DateOrder { lines: std::mem::take(&mut self.open), backward: (0, 0) });
        }
    }

    /// A written date, and whether it carries its zone. A table program may have turned it to `4/10/2024 11:42`.
    fn written(&mut self, text: &[u8], at: Position) -> Option<(i64, bool)> {
        let w = written(text)?;
        let (day, month) = (w.micros(DateOrder::Dmy), w.micros(DateOrder::Mdy));
        if day != month && day.is_some() && month.is_some() && self.order.is_none() && self.open.len() < 3 {
            let name = |t: Option<i64>| t.map(|t| time::day_name(time::day(t))).unwrap_or_default();
            self.open.push((at.line, crate::text::clean_name(&String::from_utf8_lossy(text)), name(day), name(month)));
        }
        w.micros(self.order.unwrap_or(DateOrder::Dmy)).map(|t| (t, w.offset.is_some()))
    }
}

/// Seconds, or milliseconds with thirteen digits, since 1970.
pub fn counted(stamp: &[u8]) -> Option<i64> {
    let n = json::integer(stamp)?;
    if stamp.len() >= 13 { n.checked_mul(1000) } else { time::of_unix(n) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_one_file_are_of_one_kind() {
        let mut times = Stamps::default();
        let at = Position::byte(0);
        let utc = time::civil_micros(2024, 1, 5, 6, 0, 0).unwrap();
        assert_eq!(times.of(b"1704434400", b"2024-01-05 14:00:00", at), Some((Clock::Utc(utc), false)));
        assert_eq!(times.of(b"1704434400000", b"", at), Some((Clock::Utc(utc), false)));
        // Rounded by a table program: the wall clock of the row, less the offset of the rows before.
        assert_eq!(times.of(b"1.7E+09", b"2024-01-05 14:00:00", at), Some((Clock::Utc(utc), true)));
        let mut times = Stamps::default();
        let wall = time::civil_micros(2024, 10, 4, 11, 42, 0).unwrap();
        assert_eq!(times.of(b"2024/10/4 11:42", b"", at), Some((Clock::Written(wall), false)));
        assert_eq!(times.of(b"2023-11-15T06:15:23.000Z", b"", at).map(|t| t.1), Some(true));
    }
}
