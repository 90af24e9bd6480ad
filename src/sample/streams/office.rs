//! The days of the laboratory: two years, ten public holidays in each.

use crate::sample::calendar::on;
use crate::sample::random::Random;
use crate::time::weekday;

/// First and last day of the records, holidays, business days.
#[derive(Debug, Clone)]
pub struct Office {
    /// First day.
    pub first: i32,
    /// Last day.
    pub last: i32,
    /// Public holidays, sorted.
    pub holidays: Vec<i32>,
    /// Business days, sorted.
    pub days: Vec<i32>,
}

impl Office {
    /// Two years from October 2024 with holidays drawn anew.
    #[must_use]
    pub fn new(random: &mut Random) -> Self {
        let (first, last) = (on(2024, 10, 1), on(2026, 9, 30));
        let mut holidays = Vec::new();
        for year in 0..2 {
            let mut left = 10;
            while left > 0 {
                let day = first + year * 365 + random.between(3, 361) as i32;
                if weekday(day) < 5 && !holidays.contains(&day) {
                    holidays.push(day);
                    left -= 1;
                }
            }
        }
        holidays.sort_unstable();
        let days = (first..=last).filter(|d| weekday(*d) < 5 && holidays.binary_search(d).is_err()).collect();
        Self { first, last, holidays, days }
    }

    /// Business days in `from..=to`.
    #[must_use]
    pub fn business(&self, from: i32, to: i32) -> u32 {
        let (a, b) = (self.days.partition_point(|d| *d < from), self.days.partition_point(|d| *d <= to));
        u32::try_from(b.saturating_sub(a)).unwrap_or(0)
    }

    /// First and last day of so many business days from the business day with this number.
    #[must_use]
    pub fn span(&self, start: usize, business: u32) -> (i32, i32) {
        let first = self.days.get(start).copied().unwrap_or(self.last);
        let last = self.days.get(start + (business as usize).saturating_sub(1)).copied().unwrap_or(self.last);
        (first, last)
    }

    /// A random span of so many business days that begins and ends at least `margin` business days from the ends and meets none of the spans
    /// taken. After many tries the last one drawn is taken.
    #[must_use]
    pub fn place(&self, random: &mut Random, business: u32, margin: usize, taken: &[(i32, i32)]) -> (i32, i32) {
        let room = self.days.len().saturating_sub(2 * margin + business as usize).max(1);
        let mut span = (self.first, self.first);
        for _ in 0..60 {
            span = self.span(margin + random.below(room), business);
            if taken.iter().all(|t| span.1 + 5 < t.0 || t.1 + 5 < span.0) {
                break;
            }
        }
        span
    }
}
