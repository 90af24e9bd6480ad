//! Times of a whole file: which order of day and month, which unit of plain numbers, with zone or without. Decided once,
//! from as many first rows as the window holds, then kept for every row.

use super::order::Orders;
use super::when::{Written, written};
use crate::import::DateOrder;
use crate::import::sink::Clock;
use crate::time::{DAY, SECOND, SINCE_1601, civil_micros};

/// Seconds between 1970 and 2001, where Apple's clocks begin.
const APPLE: i64 = 978_307_200;

/// What one cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    /// A written date.
    Written(Written),
    /// Microseconds UTC from a counter.
    Utc(i64),
    /// Microseconds of a wall clock (Excel serials, `20240131101112`).
    Wall(i64),
}

/// Reads the times of one file.
#[derive(Debug, Clone)]
pub struct Times {
    /// Order of day and month.
    pub order: DateOrder,
    /// Whether the file's times are in UTC (or carry their offset).
    pub utc: bool,
    /// Whether nine digits are seconds since 2001 (no ten-digit number was seen).
    apple: bool,
    /// Rows that were of the other kind than the first ones.
    pub mixed: u64,
}

/// Gathers evidence before [`Times`] is made.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// Orders of open dates.
    pub orders: Orders,
    zoned: u32,
    local: u32,
    ten: u32,
    /// Cells that are times.
    pub good: u32,
    /// Cells that are not.
    pub bad: u32,
    /// First open dates with the places they stand at, for a question: (line, as written).
    pub open: Vec<(u32, Written, String)>,
}

impl Survey {
    /// Takes note of the time of one row.
    pub fn see(&mut self, date: &[u8], clock: &[u8], line: u32) {
        self.ten += u32::from(digits(date) == 10);
        match read(date, clock, true) {
            Some(Read::Written(w)) => {
                self.good += 1;
                if w.offset.is_some() {
                    self.zoned += 1
                } else {
                    self.local += 1
                }
                let before = self.orders.open;
                self.orders.see(&w);
                if self.orders.open > before && self.open.len() < 3 {
                    self.open.push((line, w, crate::text::clean_name(&String::from_utf8_lossy(date))));
                }
            }
            Some(Read::Utc(_)) => {
                self.good += 1;
                self.zoned += 1;
            }
            Some(Read::Wall(_)) => {
                self.good += 1;
                self.local += 1;
            }
            None => self.bad += 1,
        }
    }

    /// The decision; an order that a person has stated goes before what the dates show.
    pub fn times(&self, stated: Option<DateOrder>) -> Times {
        let order = stated.or_else(|| self.orders.decide().map(|(o, _)| o)).unwrap_or(DateOrder::Dmy);
        Times { order, utc: self.zoned > self.local || self.local == 0, apple: self.ten == 0, mixed: 0 }
    }
}

impl Times {
    /// The time of a row.
    #[inline]
    pub fn read(&mut self, date: &[u8], clock: &[u8]) -> Option<Clock> {
        let (micros, utc) = match read(date, clock, self.apple)? {
            Read::Written(w) => {
                let micros = w.micros(self.order)?;
                match (w.offset, self.utc) {
                    (Some(_), true) => (micros, true),
                    (None, false) => (micros, false),
                    (Some(offset), false) => {
                        self.mixed += 1;
                        (micros + offset, false)
                    }
                    (None, true) => {
                        self.mixed += 1;
                        (micros, true)
                    }
                }
            }
            Read::Utc(micros) => {
                self.mixed += u64::from(!self.utc);
                (micros, self.utc)
            }
            Read::Wall(micros) => {
                self.mixed += u64::from(self.utc);
                (micros, self.utc)
            }
        };
        Some(Clock::of(micros, utc))
    }
}

fn digits(cell: &[u8]) -> usize {
    if cell.iter().all(u8::is_ascii_digit) { cell.len() } else { 0 }
}

#[inline]
fn read(date: &[u8], clock: &[u8], apple: bool) -> Option<Read> {
    let date = date.trim_ascii();
    if clock.is_empty() {
        return match number(date, apple) {
            Some(read) => Some(read),
            None => written(date).map(Read::Written),
        };
    }
    // Date and time of day in columns of their own.
    let mut both = Vec::with_capacity(date.len() + clock.len() + 1);
    both.extend_from_slice(date);
    both.push(b' ');
    both.extend_from_slice(clock.trim_ascii());
    written(&both).map(Read::Written)
}

/// A counter or serial: seconds, milliseconds, microseconds, nanoseconds, FILETIME, Apple, Excel.
fn number(cell: &[u8], apple: bool) -> Option<Read> {
    let (first, rest) = cell.split_first()?;
    if !first.is_ascii_digit() || rest.get(3).is_some_and(|b| matches!(b, b'-' | b'/')) {
        return None;
    }
    let whole = cell.iter().position(|b| !b.is_ascii_digit()).unwrap_or(cell.len());
    let (digits, fraction) = cell.split_at_checked(whole)?;
    let value = crate::import::json::integer(digits.get(..digits.len().min(19))?)?;
    let part = match fraction {
        [] => 0,
        [b'.' | b',', tail @ ..] if !tail.is_empty() && tail.iter().all(u8::is_ascii_digit) => {
            tail.iter().chain(std::iter::repeat(&b'0')).take(6).fold(0i64, |n, b| n * 10 + i64::from(b - b'0'))
        }
        _ => return None,
    };
    Some(match (digits.len(), part) {
        (9, _) if apple => Read::Utc((value + APPLE) * SECOND + part),
        (9 | 10, _) => Read::Utc(value * SECOND + part),
        (13, _) => Read::Utc(value * 1000),
        (16, _) => Read::Utc(value),
        (17 | 18, 0) if *first == b'1' => Read::Utc(value / 10 - SINCE_1601),
        (18, 0) => Read::Utc(value / 1000 + APPLE * SECOND),
        (19, 0) => Read::Utc(value / 1000),
        (14, 0) => {
            let at = |scale: i64, modulus: i64| u32::try_from(value / scale % modulus).ok();
            let year = i32::try_from(value / 10_000_000_000).ok()?;
            Read::Wall(civil_micros(year, at(100_000_000, 100)?, at(1_000_000, 100)?, at(10_000, 100)?, at(100, 100)?, at(1, 100)?)?)
        }
        // Excel: days since 1899-12-30 with the time of day as fraction; rounded to the second it was shown with.
        (5, _) if (30_000..60_000).contains(&value) && fraction.len() > 1 => {
            let seconds = (part * 86_400 + 500_000) / 1_000_000;
            Read::Wall((value - 25_569) * DAY + seconds * SECOND)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::rfc3339;

    #[test]
    fn counters_of_every_unit_are_read() {
        for (text, want) in [
            ("1706695200", "2024-01-31T10:00:00Z"),
            ("1706695200.25", "2024-01-31T10:00:00.250000Z"),
            ("1706695200123", "2024-01-31T10:00:00.123000Z"),
            ("1706695200123456", "2024-01-31T10:00:00.123456Z"),
            ("133511688000000000", "2024-01-31T10:00:00Z"),
            ("728388000", "2024-01-31T10:00:00Z"),
            ("728388000000000000", "2024-01-31T10:00:00Z"),
            ("20240131100000", "2024-01-31T10:00:00"),
            ("45322.416667", "2024-01-31T10:00:00"),
            ("2024-01-31T11:00:00+01:00", "2024-01-31T10:00:00Z"),
        ] {
            let mut survey = Survey::default();
            survey.see(text.as_bytes(), b"", 1);
            let got = match survey.times(None).read(text.as_bytes(), b"") {
                Some(Clock::Utc(t)) => rfc3339(t, true),
                Some(Clock::Written(t)) => rfc3339(t, false),
                None => "-".to_owned(),
            };
            assert_eq!(got, want, "{text}");
        }
        let mut survey = Survey::default();
        survey.see(b"999999999", b"", 1);
        survey.see(b"1000000001", b"", 2);
        assert_eq!(survey.times(None).read(b"999999999", b""), Some(Clock::Utc(999_999_999 * SECOND)));
        for not in ["", "12", "45322", "hello", "99999999999999999999999999"] {
            assert_eq!(survey.times(None).read(not.as_bytes(), b""), None, "{not}");
        }
    }

    #[test]
    fn one_order_holds_for_the_whole_file() {
        let mut survey = Survey::default();
        survey.see(b"03/04/2024", b"10:00", 2);
        survey.see(b"03/14/2024", b"10:00 PM", 3);
        assert_eq!(survey.times(None).read(b"03/04/2024", b"1:00 PM"), Some(Clock::Written(civil_micros(2024, 3, 4, 13, 0, 0).unwrap())));
        assert_eq!(survey.times(Some(DateOrder::Dmy)).order, DateOrder::Dmy);
    }
}
