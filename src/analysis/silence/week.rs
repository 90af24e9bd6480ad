//! The weeks of a stream: which weekdays carry how much around a silence, and records on days that are no business days.

use super::Series;
use crate::time::weekday;

/// Days to each side from which the weekdays around a silence are taken.
const MONTHS: i32 = 90;
/// Weeks of prior at what the whole stream says.
const PRIOR: f64 = 4.0;

impl Series {
    /// With the days of other records, sorted: a silence ends at one on a weekend, too.
    #[must_use]
    pub fn with_records(mut self, records: impl Iterator<Item = i32>) -> Self {
        let aside = records.filter_map(|day| self.days.binary_search(&day).err());
        self.breaks = aside.collect();
        self.breaks.dedup();
        self
    }

    /// Index ranges without records. The first and last silence have no record on one side: the horizon speaks of them.
    pub(super) fn silences(&self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.len() {
            let open = self.counts.get(at..).unwrap_or_default().iter().take_while(|c| **c <= 0.0).count();
            let silent = self.breaks.get(self.breaks.partition_point(|b| *b <= at)).map_or(open, |b| open.min(b - at));
            if silent > 0 && at > 0 && at + silent < self.len() {
                found.push((at, at + silent));
            }
            at += silent.max(1);
        }
        found
    }

    /// Weight of each weekday in the months around the run `a..b`: people change their week, and where the life of a stream has Fridays, these
    /// months may have none. The level of all days together stays that of [`Series::around`].
    pub(super) fn week_around(&self, a: usize, b: usize) -> [f64; 7] {
        let (Some(first), Some(last)) = (self.days.get(a), self.days.get(b.saturating_sub(1))) else { return self.week };
        let (from, to) = (self.days.partition_point(|d| *d < first - MONTHS), self.days.partition_point(|d| *d <= last + MONTHS));
        let mut by = [(0.0, 0.0); 7];
        for ix in (from..a).chain(b..to) {
            let (Some(day), Some(count), Some(weight), Some(life)) = (self.days.get(ix), self.counts.get(ix), self.weights.get(ix), self.life.get(ix)) else {
                continue;
            };
            if let Some((sum, expected)) = by.get_mut(usize::from(weekday(*day))) {
                *sum += count;
                *expected += weight * if *count > 0.0 { 1.0 } else { life.present };
            }
        }
        let (counts, weights) = by.iter().fold((0.0, 0.0), |(c, w), (sum, expected)| (c + sum, w + expected));
        if counts <= 0.0 || weights <= 0.0 {
            return self.week;
        }
        let level = counts / weights;
        let mut week = self.week;
        for (weight, (sum, expected)) in week.iter_mut().zip(by) {
            *weight *= (sum + PRIOR * level * *weight) / (level * (expected + PRIOR * *weight)).max(1e-9);
        }
        week
    }
}

#[cfg(test)]
mod tests {
    use super::super::Life;
    use super::*;

    /// Two years of two messages a business day; from day 365 on those of Fridays come on Sundays.
    fn moved_weekend() -> (Vec<i32>, Vec<f64>, Vec<i32>) {
        let days: Vec<i32> = (0..730).filter(|d| weekday(*d) < 5).collect();
        let friday = |d: i32| d >= 365 && weekday(d) == 4;
        let counts = days.iter().map(|d| if friday(*d) { 0.0 } else { 2.0 }).collect();
        (days, counts, (0..728).filter(|d| friday(*d)).map(|d| d + 2).collect())
    }

    #[test]
    fn the_week_around_a_silence_is_the_one_kept_there() {
        let (days, counts, _) = moved_weekend();
        let series = Series::new(days.clone(), counts, vec![Life::from(true); days.len()]);
        let (monday, friday) = (0, 4);
        assert!(series.week[friday] > 0.4, "{:?}", series.week);
        let (early, late) = (series.week_around(120, 125), series.week_around(400, 405));
        assert!(early[friday] > 0.7 && late[friday] < 0.15, "{early:?} {late:?}");
        assert!((late[monday] / early[monday] - 1.25).abs() < 0.2, "the level of all days together stays: {early:?} {late:?}");
    }

    #[test]
    fn a_record_on_a_weekend_ends_a_silence() {
        let days: Vec<i32> = (0..300).filter(|d| weekday(*d) < 5).collect();
        let counts: Vec<f64> = (0..days.len()).map(|ix| if (100..120).contains(&ix) { 0.0 } else { 3.0 }).collect();
        let records: Vec<i32> = days.iter().zip(&counts).filter(|(_, c)| **c > 0.0).map(|(d, _)| *d).collect();
        let series = Series::new(days.clone(), counts, vec![Life::from(true); days.len()]).with_records(records.iter().copied());
        assert_eq!(series.runs().0.iter().map(|r| r.days).collect::<Vec<_>>(), [20]);
        let weekend = (0..7).map(|back| days[110] - back).find(|d| weekday(*d) >= 5).unwrap();
        let mut all = [records, vec![weekend]].concat();
        all.sort_unstable();
        let with = series.with_records(all.into_iter());
        let runs = with.runs().0;
        assert_eq!(runs.iter().map(|r| r.days).sum::<u32>(), 20);
        assert_eq!(runs.len(), 2, "{runs:?}");
    }
}
