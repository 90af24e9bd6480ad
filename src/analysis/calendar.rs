//! Business days and the wall clock of the matter. What is a working day is decided here and nowhere else.

use crate::model::matter::Calendar;
use crate::time::{self, DAY, Days, Zone};

/// First and last day a count is kept for: 1990 to 2100, the days a record may have.
const FIRST: i32 = (time::EARLIEST / DAY) as i32;
const LAST: i32 = (time::LATEST / DAY) as i32;

/// Business days of the matter, counted ahead so that any interval costs two look-ups.
#[derive(Debug, Clone)]
pub struct WorkDays {
    /// Business days before `FIRST + index`.
    before: Vec<u32>,
}

impl WorkDays {
    /// From the calendar of the matter.
    #[must_use]
    pub fn new(calendar: &Calendar) -> Self {
        let mut holidays = calendar.holidays.clone();
        holidays.sort_unstable();
        let mut before = Vec::with_capacity((LAST - FIRST + 2) as usize);
        let mut n = 0;
        before.push(0);
        for day in FIRST..=LAST {
            n += u32::from(!calendar.weekend.contains(&time::weekday(day)) && holidays.binary_search(&day).is_err());
            before.push(n);
        }
        Self { before }
    }

    fn until(&self, day: i32) -> u32 {
        let ix = usize::try_from(day.clamp(FIRST, LAST + 1) - FIRST).unwrap_or(0);
        self.before.get(ix).copied().unwrap_or(0)
    }

    /// Business days in `from..=to`; 0 when `to < from`.
    #[must_use]
    pub fn count(&self, from: i32, to: i32) -> u64 {
        if to < from { 0 } else { u64::from(self.until(to.saturating_add(1)) - self.until(from)) }
    }

    /// Whether the day is worked.
    #[must_use]
    pub fn is(&self, day: i32) -> bool {
        self.count(day, day) == 1
    }

    /// Business days in a day set.
    #[must_use]
    pub fn count_in(&self, days: &Days) -> u64 {
        days.spans().iter().map(|(a, b)| self.count(*a, *b)).sum()
    }

    /// Business days that passed between two days: none on the same day, one from Friday to Monday.
    #[must_use]
    pub fn between(&self, from: i32, to: i32) -> u64 {
        self.count(from.saturating_add(1), to)
    }
}

/// The wall clock of the matter's zone. Rows come in no order of time, so the offset is kept per day.
#[derive(Debug)]
pub struct Wall {
    zone: Zone,
    offsets: Vec<i64>,
}

const UNASKED: i64 = i64::MIN;
const CHANGES: i64 = i64::MAX;

impl Wall {
    /// A wall clock; an unknown zone name is UTC, and the second value is false.
    #[must_use]
    pub fn new(zone: &str) -> (Self, bool) {
        let named = Zone::named(zone);
        let known = named.is_some();
        (Self { zone: named.unwrap_or_else(Zone::utc), offsets: vec![UNASKED; (LAST - FIRST + 1) as usize] }, known)
    }

    /// Name of the zone.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.zone.name()
    }

    /// Microseconds on the wall.
    pub fn local(&mut self, utc: i64) -> i64 {
        let day = utc.div_euclid(DAY);
        let Some(slot) = usize::try_from(day - i64::from(FIRST)).ok().and_then(|ix| self.offsets.get_mut(ix)) else { return self.zone.local_of(utc) };
        if *slot == UNASKED {
            let (start, end) = (day * DAY, (day + 1) * DAY - 1);
            let offset = self.zone.local_of(start) - start;
            *slot = if offset == self.zone.local_of(end) - end { offset } else { CHANGES };
        }
        if *slot == CHANGES { self.zone.local_of(utc) } else { utc + *slot }
    }

    /// Day on the wall.
    pub fn day(&mut self, utc: i64) -> i32 {
        time::day(self.local(utc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i32 {
        time::parse_day(text).unwrap()
    }

    #[test]
    fn weekends_and_holidays_are_no_business_days() {
        let days = WorkDays::new(&Calendar { holidays: vec![day("2026-04-03")], ..Calendar::default() });
        assert_eq!(days.count(day("2026-03-30"), day("2026-04-05")), 4);
        assert!(!days.is(day("2026-04-03")));
        assert_eq!(days.between(day("2026-03-27"), day("2026-03-30")), 1);
        assert_eq!(days.count(5, 4), 0);
    }

    #[test]
    fn a_friday_weekend_is_a_weekend() {
        let days = WorkDays::new(&Calendar { weekend: vec![4, 5], ..Calendar::default() });
        assert!(days.is(day("2026-09-27")) && !days.is(day("2026-09-25")));
    }

    #[test]
    fn the_wall_shows_what_the_zone_says_on_the_day_the_clocks_change() {
        let (mut wall, known) = Wall::new("Europe/London");
        assert!(known);
        let mut zone = Zone::named("Europe/London").unwrap();
        let start = time::civil_micros(2026, 3, 28, 0, 0, 0).unwrap();
        for quarter in 0..4 * 72 {
            let t = start + quarter * 15 * time::MINUTE;
            assert_eq!(wall.local(t), zone.local_of(t));
        }
    }
}
