//! Moved or lost: whether the people somebody wrote with on a silent channel were written with that much more on other channels. Both are
//! likelihoods of what the other channels carried day by day: their usual negative binomial counts alone, or with the expected messages of the
//! silent channel on top of them (6.2 of the method notes, with all days instead of two sums: a day without a word elsewhere speaks strongly
//! against a move, however noisy the channel is).

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::conversations::Talk;
use super::silence::{Run, Series, overdispersion};

/// Days before and after the silence from which the usual traffic is taken.
const AROUND: i32 = 45;
/// Shares of the traffic of the silent channel that may have moved.
const SHARES: [f64; 3] = [0.6, 0.85, 1.0];
/// Levels of the other channels in those weeks against the weeks around, as logarithms, and how likely each is.
const LEVELS: [(f64, f64); 5] = [(-0.39, 0.12), (-0.18, 0.23), (0.0, 0.3), (0.18, 0.23), (0.39, 0.12)];
/// ln of the odds from which the silence is taken for a move.
const ODDS: f64 = 1.25;
/// Days of a silence that speak for themselves: levels drift and sessions last, so that more days say little more.
const SPEAK: f64 = 15.0;
/// Least rise against what the silent channel should have carried.
const RISE: f64 = 0.3;
/// Most messages of a day that are told apart.
const DAY: usize = 80;

/// What the other channels say of a silence.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Move {
    /// Rise elsewhere, in messages of the same people, against what the silent channel should have carried.
    pub index: f64,
    /// ln of the odds of a move against a loss.
    pub odds: f64,
}

impl Move {
    /// Whether the traffic moved.
    #[must_use]
    pub fn likely(&self) -> bool {
        self.index > RISE && self.odds > ODDS
    }
}

/// One day of the silence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Messages elsewhere.
    pub count: usize,
    /// Usual there, when the person is at work.
    pub usual: f64,
    /// Expected on the silent channel.
    pub lost: f64,
    /// Chance that the person was at work.
    pub present: f64,
}

/// Negative binomial chances of 0 to `most`; Poisson without `k`.
fn chances(mean: f64, k: Option<f64>, most: usize) -> Vec<f64> {
    let mut out = Vec::with_capacity(most + 1);
    let mut p = k.map_or((-mean).exp(), |k| (1.0 + mean / k).powf(-k));
    for n in 0..=most {
        out.push(p);
        let n = n as f64;
        p *= k.map_or(mean / (n + 1.0), |k| (n + k) / (n + 1.0) * mean / (mean + k));
    }
    out
}

/// ln of the odds of a move against a loss. `there`, `here`: dispersion of the other channels and of the silent one.
#[must_use]
pub fn odds(days: &[Seen], there: Option<f64>, here: Option<f64>) -> f64 {
    let of_day = |seen: &Seen, level: f64, share: f64| {
        let y = seen.count.min(DAY);
        let usual = chances((seen.usual * level.exp()).max(0.01), there, y);
        let p = if share > 0.0 {
            let moved = chances((seen.lost * share).max(1e-6), here, y);
            usual.iter().zip(moved.iter().rev()).map(|(a, b)| a * b).sum()
        } else {
            usual.last().copied().unwrap_or(0.0)
        };
        let away = if y == 0 { 1.0 } else { 0.02 };
        (seen.present * p + (1.0 - seen.present) * away).max(1e-12).ln()
    };
    let of_all = |share: f64| over(LEVELS.map(|(level, weight)| f64::ln(weight) + days.iter().map(|seen| of_day(seen, level, share)).sum::<f64>()));
    over(SHARES.map(of_all)) - f64::ln(SHARES.len() as f64) - of_all(0.0)
}

/// ln of a sum of exponentials.
fn over<const N: usize>(logs: [f64; N]) -> f64 {
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    top + logs.iter().map(|l| (l - top).exp()).sum::<f64>().ln()
}

/// The others in a conversation of few: clients, then colleagues.
fn others(talk: &Talk, custodian: u32) -> impl Iterator<Item = (bool, u32)> + '_ {
    let colleagues = talk.employees.iter().filter(move |e| **e != custodian).map(|e| (false, *e));
    talk.clients.iter().map(|c| (true, *c)).chain(colleagues)
}

/// What the other channels say of a silence of this person.
#[must_use]
pub fn judged(context: &Context, (custodian, channel): (u32, u16), series: &Series, run: &Run) -> Move {
    let (from, to) = (run.from - AROUND, run.to + AROUND);
    let counted = |conversation: u32, mut count: Box<dyn FnMut(i32) + '_>| {
        let rows = context.dataset.rows_of(conversation);
        let days = context.days.get(rows.clone()).unwrap_or_default();
        let first = days.partition_point(|d| *d < from);
        for (row, day) in rows.zip(days).skip(first).take_while(|(_, d)| **d <= to) {
            if context.is_message(row) {
                count(*day);
            }
        }
    };
    let mine = || (0u32..).zip(&context.talks.of).filter(|(_, t)| t.counts() && t.few && t.employees.binary_search(&custodian).is_ok());
    let mut people: BTreeSet<(bool, u32)> = BTreeSet::new();
    for (conversation, talk) in mine().filter(|(_, t)| t.channel == channel) {
        let mut any = false;
        counted(conversation, Box::new(|_| any = true));
        if any {
            people.extend(others(talk, custodian));
        }
    }
    let mut there: BTreeMap<i32, f64> = BTreeMap::new();
    for (conversation, talk) in mine().filter(|(_, t)| t.channel != channel) {
        if others(talk, custodian).any(|o| people.contains(&o)) {
            counted(conversation, Box::new(|day| *there.entry(day).or_default() += 1.0));
        }
    }
    weighed(series, run, &there)
}

/// The same from the messages of each day elsewhere.
pub(super) fn weighed(series: &Series, run: &Run, there: &BTreeMap<i32, f64>) -> Move {
    let at = |day: i32| there.get(&day).copied().unwrap_or(0.0);
    let around: Vec<(f64, f64)> =
        series.between(run.from - AROUND, run.from - 1).chain(series.between(run.to + 1, run.to + AROUND)).map(|(day, _, p)| (at(day), p)).collect();
    let (n, lived) = (around.len() as f64, around.iter().map(|(_, p)| p).sum::<f64>());
    let silent: Vec<(i32, f64, f64)> = series.between(run.from, run.to).collect();
    let present: f64 = silent.iter().map(|(_, _, p)| p).sum();
    if lived < 5.0 || present <= 0.0 || run.volume <= 0.0 {
        return Move::default();
    }
    let (sum, squares) = around.iter().fold((0.0, 0.0), |(s, q), (y, _)| (s + y, q + y * y));
    let mean = sum / n;
    let dispersion = overdispersion(mean, (squares - n * mean * mean) / (n - 1.0).max(1.0));
    let usual = sum / lived;
    let per_day = run.volume / present;
    let days: Vec<Seen> =
        silent.iter().map(|(day, weight, present)| Seen { count: at(*day) as usize, usual, lost: per_day * weight, present: *present }).collect();
    let rise = silent.iter().map(|(day, _, _)| at(*day)).sum::<f64>() - usual * present;
    let heard = (SPEAK / days.len().max(1) as f64).min(1.0);
    Move { index: rise / run.volume, odds: heard * odds(&days, dispersion, series.rate(0, 0).1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(counts: &[usize]) -> Vec<Seen> {
        counts.iter().map(|count| Seen { count: *count, usual: 2.0, lost: 3.0, present: 1.0 }).collect()
    }

    #[test]
    fn a_rise_by_what_is_missing_is_a_move_and_business_as_usual_is_none() {
        assert!(odds(&days(&[5, 4, 6, 5, 7, 4, 5, 3, 6, 5]), Some(2.0), Some(2.0)) > ODDS);
        assert!(odds(&days(&[2, 1, 3, 0, 2, 4, 1, 2, 0, 3]), Some(2.0), Some(2.0)) < -2.0);
    }

    #[test]
    fn days_away_say_nothing() {
        let away: Vec<Seen> = days(&[0; 10]).into_iter().map(|d| Seen { present: 0.0, ..d }).collect();
        assert!(odds(&away, Some(2.0), None).abs() < 1e-9);
        assert!(odds(&[], None, None).abs() < 1e-9);
    }

    #[test]
    fn chances_make_one() {
        for k in [None, Some(0.5), Some(3.0)] {
            assert!((chances(2.0, k, 400).iter().sum::<f64>() - 1.0).abs() < 1e-6);
        }
    }
}
