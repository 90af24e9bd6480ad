//! Time, and only here: UTC microseconds, civil days, weeks, quarters, zones, day sets. No clock: "now" is passed in.

use chrono::{DateTime, Datelike, NaiveDate, Weekday};

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in a day.
pub const DAY: i64 = 86_400 * SECOND;

/// Days of the week as the dates of mails and charts name them, from 0 as [`weekday`] counts.
pub const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Months as the dates of mails name them, from January.
pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Microseconds from 1601, where the clocks of Windows begin, to 1970.
pub const SINCE_1601: i64 = 11_644_473_600 * SECOND;

/// Earliest time a record may claim: 1990-01-01.
pub const EARLIEST: i64 = 7_305 * DAY;
/// First time a record may not claim: 2100-01-01.
pub const LATEST: i64 = 47_482 * DAY;

/// Whether a time is one a message may have (1990 up to 2100).
#[must_use]
pub const fn plausible(micros: i64) -> bool {
    EARLIEST <= micros && micros < LATEST
}

/// Microseconds of a time in whole seconds since 1970; `None` where they would not fit. Compared instead of multiplied with a
/// check: that costs a call of 128 bits in WebAssembly.
#[must_use]
pub const fn of_unix(seconds: i64) -> Option<i64> {
    const MOST: i64 = i64::MAX / SECOND - 1;
    if -MOST <= seconds && seconds <= MOST { Some(seconds * SECOND) } else { None }
}

/// Days since 1970-01-01 of a civil date; `None` if there is no such day. Howard Hinnant's `days_from_civil`.
#[must_use]
pub fn day_of(year: i32, month: u32, day: u32) -> Option<i32> {
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) || !(-9999..=9999).contains(&year) {
        return None;
    }
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let m = i32::try_from(month).ok()?;
    let doy = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + i32::try_from(day).ok()? - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    Some(era * 146_097 + doe - 719_468)
}

/// Days in a month.
#[must_use]
pub const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Year, month, day of a day number.
#[must_use]
pub fn civil(day: i32) -> (i32, u32, u32) {
    let z = i64::from(day) + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let d = doy - (153 * mp + 2) / 5 + 1;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    let y = yoe + era * 400 + i64::from(m <= 2);
    (i32::try_from(y).unwrap_or(0), u32::try_from(m).unwrap_or(1), u32::try_from(d).unwrap_or(1))
}

/// A time with day and month exchanged where both can be either; a day above 12 stays.
#[must_use]
pub fn day_month_swapped(micros: i64) -> i64 {
    let today = day(micros);
    let (year, month, of_month) = civil(today);
    if of_month > 12 {
        return micros;
    }
    day_of(year, of_month, month).map_or(micros, |other| micros + i64::from(other - today) * DAY)
}

/// Microseconds of a civil time as written, without any zone. `second` may be 60 (leap second, folded to 59).
#[must_use]
pub fn civil_micros(year: i32, month: u32, day: u32, hour: u32, minute: u32, second: u32) -> Option<i64> {
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let day = day_of(year, month, day)?;
    Some(i64::from(day) * DAY + i64::from(hour * 3600 + minute * 60 + second.min(59)) * SECOND)
}

/// Day of a time (floor).
#[must_use]
pub const fn day(micros: i64) -> i32 {
    micros.div_euclid(DAY) as i32
}

/// Weekday of a day, 0 = Monday.
#[must_use]
#[inline]
pub const fn weekday(day: i32) -> u8 {
    (day + 3).rem_euclid(7) as u8
}

/// Monday of the day's ISO week.
#[must_use]
pub const fn week_start(day: i32) -> i32 {
    day - weekday(day) as i32
}

/// `2026-W05`.
#[must_use]
pub fn week_name(day: i32) -> String {
    let date = date(day).iso_week();
    format!("{:04}-W{:02}", date.year(), date.week())
}

/// `2026-Q1`.
#[must_use]
pub fn quarter_name(day: i32) -> String {
    let (y, m, _) = civil(day);
    format!("{y:04}-Q{}", (m - 1) / 3 + 1)
}

/// `2026-02-28`.
#[must_use]
pub fn day_name(day: i32) -> String {
    let (y, m, d) = civil(day);
    format!("{y:04}-{m:02}-{d:02}")
}

/// Day from `2026-02-28`; anything else is `None`.
#[must_use]
pub fn parse_day(text: &str) -> Option<i32> {
    let mut parts = text.trim().splitn(3, '-');
    let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
    if y.len() != 4 {
        return None;
    }
    day_of(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
}

/// Monday of an ISO week name, `2026-W05`.
#[must_use]
pub fn parse_week(text: &str) -> Option<i32> {
    let (y, w) = text.split_once("-W")?;
    let date = NaiveDate::from_isoywd_opt(y.parse().ok()?, w.parse().ok()?, Weekday::Mon)?;
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

/// Subtracts months, keeping the day of the month or the last of the month.
#[must_use]
pub fn months_before(day: i32, months: u32) -> i32 {
    let (y, m, d) = civil(day);
    let total = y * 12 + i32::try_from(m).unwrap_or(1) - 1 - i32::try_from(months).unwrap_or(0);
    let (y, m) = (total.div_euclid(12), u32::try_from(total.rem_euclid(12)).unwrap_or(0) + 1);
    day_of(y, m, d.min(days_in_month(y, m))).unwrap_or(day)
}

fn date(day: i32) -> NaiveDate {
    DateTime::from_timestamp(i64::from(day) * 86_400, 0).map_or_else(NaiveDate::default, |t| t.date_naive())
}

/// RFC 3339 of a UTC time; fractions only where there are any. Without `Z` when `zoned` is false.
#[must_use]
pub fn rfc3339(micros: i64, zoned: bool) -> String {
    let secs = micros.div_euclid(SECOND);
    let frac = micros.rem_euclid(SECOND);
    let day = i32::try_from(secs.div_euclid(86_400)).unwrap_or(0);
    let s = secs.rem_euclid(86_400);
    let (y, m, d) = civil(day);
    let z = if zoned { "Z" } else { "" };
    let (h, mi, s) = (s / 3600, s / 60 % 60, s % 60);
    if frac == 0 { format!("{y:04}-{m:02}-{d:02}T{h:02}:{mi:02}:{s:02}{z}") } else { format!("{y:04}-{m:02}-{d:02}T{h:02}:{mi:02}:{s:02}.{frac:06}{z}") }
}

#[cfg(feature = "core")]
mod zone {
    use super::{DateTime, SECOND};
    use chrono::offset::{LocalResult, Offset, TimeZone};
    use chrono_tz::Tz;

    /// A time zone with the last answer kept: messages come in time order, so the rules are asked a few times a year.
    #[derive(Debug, Clone)]
    pub struct Zone {
        tz: Tz,
        /// Hour for which the answer is kept (start, in the asked sense), and the offset in microseconds.
        to_utc: (i64, i64),
        from_utc: (i64, i64),
    }

    const HOUR: i64 = 3600 * SECOND;

    impl Zone {
        /// UTC.
        #[must_use]
        pub fn utc() -> Self {
            Self::of(Tz::UTC)
        }

        /// By IANA name; empty = UTC.
        #[must_use]
        pub fn named(name: &str) -> Option<Self> {
            if name.is_empty() { Some(Self::utc()) } else { name.parse().ok().map(Self::of) }
        }

        fn of(tz: Tz) -> Self {
            Self { tz, to_utc: (i64::MIN, 0), from_utc: (i64::MIN, 0) }
        }

        /// IANA name.
        #[must_use]
        pub fn name(&self) -> &'static str {
            self.tz.name()
        }

        /// UTC of a time as written. A time that occurs twice takes the first; one that never occurs takes the offset before it.
        pub fn utc_of(&mut self, local: i64) -> i64 {
            if self.tz == Tz::UTC {
                return local;
            }
            let quarter = local.div_euclid(HOUR / 4);
            if self.to_utc.0 != quarter {
                self.to_utc = (quarter, self.local_offset(local));
            }
            local - self.to_utc.1
        }

        fn local_offset(&self, local: i64) -> i64 {
            let Some(naive) = DateTime::from_timestamp_micros(local).map(|t| t.naive_utc()) else { return 0 };
            let seconds = match self.tz.offset_from_local_datetime(&naive) {
                LocalResult::Single(o) | LocalResult::Ambiguous(o, _) => o.fix().local_minus_utc(),
                LocalResult::None => {
                    let before = naive - chrono::TimeDelta::hours(3);
                    self.tz.offset_from_local_datetime(&before).earliest().map_or(0, |o| o.fix().local_minus_utc())
                }
            };
            i64::from(seconds) * SECOND
        }

        /// The time on the wall of this zone.
        pub fn local_of(&mut self, utc: i64) -> i64 {
            if self.tz == Tz::UTC {
                return utc;
            }
            let quarter = utc.div_euclid(HOUR / 4);
            if self.from_utc.0 != quarter {
                let seconds = DateTime::from_timestamp_micros(utc).map_or(0, |t| self.tz.offset_from_utc_datetime(&t.naive_utc()).fix().local_minus_utc());
                self.from_utc = (quarter, i64::from(seconds) * SECOND);
            }
            utc + self.from_utc.1
        }
    }
}
#[cfg(feature = "core")]
pub use zone::Zone;

/// A set of days as sorted, disjoint, non-adjacent intervals with inclusive ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Days(Vec<(i32, i32)>);

impl Days {
    /// The interval `from..=to`; empty when `to < from`.
    #[must_use]
    pub fn span(from: i32, to: i32) -> Self {
        if to < from { Self::default() } else { Self(vec![(from, to)]) }
    }

    /// From any intervals.
    #[must_use]
    pub fn of(spans: impl IntoIterator<Item = (i32, i32)>) -> Self {
        let mut spans: Vec<_> = spans.into_iter().filter(|(a, b)| a <= b).collect();
        spans.sort_unstable();
        let mut out: Vec<(i32, i32)> = Vec::with_capacity(spans.len());
        for (a, b) in spans {
            match out.last_mut() {
                Some(last) if a <= last.1.saturating_add(1) => last.1 = last.1.max(b),
                _ => out.push((a, b)),
            }
        }
        Self(out)
    }

    /// The intervals.
    #[must_use]
    pub fn spans(&self) -> &[(i32, i32)] {
        &self.0
    }

    /// Whether it holds no day.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of days.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(a, b)| u64::try_from(i64::from(*b) - i64::from(*a) + 1).unwrap_or(0)).sum()
    }

    /// Whether the day is in it.
    #[must_use]
    pub fn has(&self, day: i32) -> bool {
        let ix = self.0.partition_point(|(_, b)| *b < day);
        self.0.get(ix).is_some_and(|(a, _)| *a <= day)
    }

    /// Days in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.0.iter().chain(&other.0).copied())
    }

    /// Days in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut i, mut j, mut out) = (0, 0, Vec::new());
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            let (from, to) = (a.0.max(b.0), a.1.min(b.1));
            if from <= to {
                out.push((from, to));
            }
            if a.1 < b.1 { i += 1 } else { j += 1 }
        }
        Self(out)
    }

    /// Days of `self` that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut out = Vec::new();
        for (from, to) in &self.0 {
            let mut at = *from;
            let first = other.0.partition_point(|(_, b)| *b < *from);
            for (a, b) in other.0.get(first..).unwrap_or_default().iter().take_while(|(a, _)| a <= to) {
                if *a > at {
                    out.push((at, a - 1));
                }
                at = at.max(b.saturating_add(1));
            }
            if at <= *to {
                out.push((at, *to));
            }
        }
        Self(out)
    }

    /// Every day.
    pub fn iter(&self) -> impl Iterator<Item = i32> + '_ {
        self.0.iter().flat_map(|(a, b)| *a..=*b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_with_chrono() {
        for day in (-40_000..60_000).step_by(13) {
            let (y, m, d) = civil(day);
            assert_eq!(day_of(y, m, d), Some(day));
            let date = NaiveDate::default() + chrono::TimeDelta::days(i64::from(day));
            assert_eq!((date.year(), date.month(), date.day()), (y, m, d));
            assert_eq!(u32::from(weekday(day)), date.weekday().num_days_from_monday());
            assert_eq!(parse_week(&week_name(day)), Some(week_start(day)));
        }
        assert_eq!(day_of(2023, 2, 29), None);
        assert_eq!(months_before(day_of(2024, 3, 31).unwrap(), 1), day_of(2024, 2, 29).unwrap());
        assert_eq!(EARLIEST, civil_micros(1990, 1, 1, 0, 0, 0).unwrap());
        assert_eq!(LATEST, civil_micros(2100, 1, 1, 0, 0, 0).unwrap());
    }

    #[cfg(feature = "core")]
    #[test]
    fn a_repeated_hour_takes_its_first_and_a_skipped_hour_moves_on() {
        let mut london = Zone::named("Europe/London").unwrap();
        let at = |h, mi| civil_micros(2026, 10, 25, h, mi, 0).unwrap();
        assert_eq!(london.utc_of(at(1, 30)), at(0, 30));
        assert_eq!(london.local_of(at(1, 30)), at(1, 30));
        let spring = civil_micros(2026, 3, 29, 1, 30, 0).unwrap();
        assert_eq!(london.utc_of(spring), spring);
        assert_eq!(london.name(), "Europe/London");
    }

    proptest::proptest! {
        #[test]
        fn day_sets_are_sets(a in proptest::collection::vec((-50i32..50, 0i32..9), 0..8), b in proptest::collection::vec((-50i32..50, 0i32..9), 0..8)) {
            let set = |v: &[(i32, i32)]| Days::of(v.iter().map(|(s, l)| (*s, s + l)));
            let (a, b) = (set(&a), set(&b));
            for d in -60..70 {
                assert_eq!(a.union(&b).has(d), a.has(d) || b.has(d));
                assert_eq!(a.intersection(&b).has(d), a.has(d) && b.has(d));
                assert_eq!(a.difference(&b).has(d), a.has(d) && !b.has(d));
            }
            assert_eq!(a.union(&b).count(), u64::try_from(a.union(&b).iter().count()).unwrap());
        }
    }
}
