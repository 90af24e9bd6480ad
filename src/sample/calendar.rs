//! The sample firm's days: its eighteen months, its offices' zones, holidays, and the hours at which people write.

use super::random::Random;
use crate::time::{Zone, day_of, weekday};

/// An office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Region {
    /// London.
    London,
    /// Singapore.
    Singapore,
    /// Dubai.
    Dubai,
    /// New York.
    NewYork,
}

impl Region {
    /// All offices.
    pub const ALL: [Self; 4] = [Self::London, Self::Singapore, Self::Dubai, Self::NewYork];

    /// Name, as in the lists.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::London => "London",
            Self::Singapore => "Singapore",
            Self::Dubai => "Dubai",
            Self::NewYork => "New York",
        }
    }

    const fn zone(self) -> &'static str {
        match self {
            Self::London => "Europe/London",
            Self::Singapore => "Asia/Singapore",
            Self::Dubai => "Asia/Dubai",
            Self::NewYork => "America/New_York",
        }
    }

    const fn holidays(self) -> &'static [(i32, u32, u32)] {
        match self {
            Self::London => UK_HOLIDAYS,
            Self::Singapore => &[
                (2025, 4, 18),
                (2025, 5, 1),
                (2025, 5, 12),
                (2025, 10, 20),
                (2025, 12, 25),
                (2026, 1, 1),
                (2026, 2, 17),
                (2026, 2, 18),
                (2026, 4, 3),
                (2026, 5, 1),
                (2026, 5, 27),
                (2026, 6, 1),
                (2026, 8, 10),
            ],
            Self::Dubai => &[
                (2025, 6, 5),
                (2025, 6, 6),
                (2025, 6, 27),
                (2025, 12, 2),
                (2025, 12, 3),
                (2026, 1, 1),
                (2026, 3, 20),
                (2026, 5, 26),
                (2026, 5, 27),
                (2026, 5, 28),
            ],
            Self::NewYork => &[
                (2025, 5, 26),
                (2025, 6, 19),
                (2025, 7, 4),
                (2025, 9, 1),
                (2025, 11, 27),
                (2025, 12, 25),
                (2026, 1, 1),
                (2026, 1, 19),
                (2026, 2, 16),
                (2026, 5, 25),
                (2026, 6, 19),
                (2026, 7, 3),
                (2026, 9, 7),
            ],
        }
    }
}

/// Bank holidays of England and Wales in the firm's eighteen months (gov.uk/bank-holidays).
pub const UK_HOLIDAYS: &[(i32, u32, u32)] = &[
    (2025, 4, 18),
    (2025, 4, 21),
    (2025, 5, 5),
    (2025, 5, 26),
    (2025, 8, 25),
    (2025, 12, 25),
    (2025, 12, 26),
    (2026, 1, 1),
    (2026, 4, 3),
    (2026, 4, 6),
    (2026, 5, 4),
    (2026, 5, 25),
    (2026, 8, 31),
];

/// Days since 1970-01-01 of a date that is known to exist.
#[must_use]
pub fn on(year: i32, month: u32, day: u32) -> i32 {
    day_of(year, month, day).unwrap_or_default()
}

/// First day of the firm's records: 2025-04-01.
#[must_use]
pub fn first_day() -> i32 {
    on(2025, 4, 1)
}

/// Last day: 2026-09-30.
#[must_use]
pub fn last_day() -> i32 {
    on(2026, 9, 30)
}

/// A closure of one office that no list names: the week of the Lunar New Year in Singapore.
#[must_use]
pub fn closure() -> (Region, i32, i32) {
    (Region::Singapore, on(2026, 2, 16), on(2026, 2, 20))
}

/// Clocks of the offices, with their rules for summer time.
pub struct Clocks([Zone; 4]);

impl Default for Clocks {
    fn default() -> Self {
        Self(Region::ALL.map(|r| Zone::named(r.zone()).unwrap_or_else(Zone::utc)))
    }
}

impl Clocks {
    /// UTC seconds of a wall time (seconds) of an office.
    pub fn utc(&mut self, region: Region, local: i64) -> i64 {
        self.zone(region).map_or(local, |z| z.utc_of(local * 1_000_000).div_euclid(1_000_000))
    }

    /// Wall time of an office, in seconds.
    pub fn local(&mut self, region: Region, utc: i64) -> i64 {
        self.zone(region).map_or(utc, |z| z.local_of(utc * 1_000_000).div_euclid(1_000_000))
    }

    fn zone(&mut self, region: Region) -> Option<&mut Zone> {
        self.0.get_mut(region as usize)
    }
}

/// Whether an office works on a day.
#[must_use]
pub fn works(region: Region, day: i32) -> bool {
    let (closed, from, to) = closure();
    weekday(day) < 5 && !region.holidays().iter().any(|(y, m, d)| on(*y, *m, *d) == day) && !(region == closed && (from..=to).contains(&day))
}

/// Business days (Monday to Friday without UK holidays) in `from..=to`: the firm's own calendar, as in `matter.toml`.
#[must_use]
pub fn business_days(from: i32, to: i32) -> u32 {
    (from..=to).map(|d| u32::from(works(Region::London, d))).sum()
}

/// The last of `count` business days that start at `from`.
#[must_use]
pub fn business_span(from: i32, count: u32) -> i32 {
    let (mut day, mut left) = (from, count);
    loop {
        left -= u32::from(left > 0 && works(Region::London, day));
        if left == 0 {
            return day;
        }
        day += 1;
    }
}

/// How much a weekday weighs: Monday and Friday are quieter.
#[must_use]
pub fn weight(day: i32) -> f64 {
    match weekday(day) {
        0 => 0.95,
        1 | 2 => 1.1,
        3 => 1.05,
        4 => 0.8,
        _ => 0.05,
    }
}

/// A second of the working day (wall time): two humps, a dip at lunch, a few early and late ones.
pub fn working_second(random: &mut Random) -> i64 {
    let hour = match random.below(20) {
        0..=8 => 10.4 + random.normal() * 0.9,
        9..=17 => 15.3 + random.normal() * 1.2,
        18 => 12.5 + random.normal() * 0.5,
        _ => 19.0 + random.normal() * 1.0,
    };
    (hour.clamp(7.0, 22.5) * 3600.0) as i64
}
