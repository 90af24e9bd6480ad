//! How long a silence must be before the test can speak: silences are tried all over a stream.

use crate::math::{exp, exp_m1, ln};
use std::ops::Range;

use super::super::pauses::Tail;
use super::{LIFE, SIDES, Series, day_score};

/// Places of a stream at which a silence is tried to see how long it must be.
const TRIALS: usize = 20;
/// Share of the places at which a silence of n* business days would be told.
const TOLD: f64 = 0.75;
/// Longest silence tried, business days.
const LONGEST: usize = 260;

impl Series {
    /// Business days of silence needed before the test can speak, at each of the levels: silences are tried all over the stream, with its own
    /// rate and evidence of life there, and so many days are enough at three places of four. `None` where it is silent too often to tell any.
    #[must_use]
    pub fn detectable(&self, tail: &Tail, levels: &[f64]) -> Vec<Option<u32>> {
        // Levels and dispersion are the same at all places.
        let marks: Vec<Mark> = levels.iter().map(|alpha| Mark::new(tail, *alpha)).collect();
        let (_, k) = self.rate(0, 0);
        let (mut tried, mut found) = (0, vec![Vec::new(); levels.len()]);
        for at in self.trials() {
            tried += 1;
            self.told_after(at, k, &marks, &mut found);
        }
        let nth = |mut found: Vec<u32>| {
            found.sort_unstable();
            // At the end of a stream there is no room for a silence: that alone makes it no stream that cannot be tested.
            let enough = !found.is_empty() && 3 * found.len() >= 2 * tried;
            found.get((found.len() as f64 * TOLD) as usize).copied().filter(|_| enough)
        };
        found.into_iter().map(nth).collect()
    }

    /// Places at which a silence is tried.
    fn trials(&self) -> impl Iterator<Item = usize> + '_ {
        let step = (self.len() / TRIALS).max(1);
        (10..self.len().saturating_sub(5)).step_by(step)
    }

    /// Business days of a silence that begins here until each level is reached: one more entry in the list of each that is.
    fn told_after(&self, at: usize, k: Option<f64>, marks: &[Mark], found: &mut [Vec<u32>]) {
        let lambda = self.around(at, at);
        // The chance of silence so far is a product, its -ln the score.
        let some = self.week.map(|weight| -exp_m1(-day_score(lambda * weight, k)));
        let mut sides = Sides::new(self, at, k, lambda);
        let alive = self.life.iter().enumerate().skip(at).filter(|(_, l)| l.wrote).nth(LIFE.saturating_sub(1) as usize);
        let Some((alive, _)) = alive else { return };
        let mut silent = 1.0f64;
        let mut open = marks.iter().zip(found);
        let Some(mut next) = open.next() else { return };
        let mut ix = at;
        while let Some(day) = self.silent_until(&mut silent, ix..self.len().min(at + LONGEST), &some, next.0.enough) {
            while silent < next.0.enough && day >= alive && sides.above(day, next.0) {
                next.1.push(u32::try_from(day + 1 - at).unwrap_or(u32::MAX));
                let Some(following) = open.next() else { return };
                next = following;
            }
            ix = day + 1;
        }
    }

    /// Multiplies the chance of silence by that of one day after another, until one makes it low enough: that day.
    fn silent_until(&self, silent: &mut f64, days: Range<usize>, some: &[f64; 7], enough: f64) -> Option<usize> {
        let (weekdays, at_work) = (self.weekdays.get(days.clone())?, self.at_work.get(days.clone())?);
        let mut product = *silent;
        for ((ix, weekday), at_work) in days.zip(weekdays).zip(at_work) {
            product *= 1.0 - at_work * some.get(usize::from(*weekday))?;
            if product < enough {
                *silent = product;
                return Some(ix);
            }
        }
        None
    }
}

/// A level, and what a silence needs to reach it.
#[derive(Debug, Clone, Copy)]
struct Mark {
    /// Chance of the silence that is low enough.
    enough: f64,
    /// Score that the traffic on either side alone must exceed.
    aside: f64,
    /// The chance of that score.
    chance: f64,
}

impl Mark {
    fn new(tail: &Tail, alpha: f64) -> Self {
        let aside = -ln(alpha) * SIDES;
        Self { enough: exp(-tail.needed(alpha).max(-ln(alpha))), aside, chance: exp(-aside) }
    }
}

/// How near the level a quick sum of scores leaves the decision to the one day by day: they differ by rounding, which is far less.
const ROUNDING: f64 = 1e-7;

/// Chance of a silent day of somebody who was at work with this chance, from that of one who was.
fn silent_day(at_work: f64, none: f64) -> f64 {
    if at_work >= 1.0 { none } else { 1.0 - at_work * (1.0 - none) }
}

/// Whether the lower of the rates on either side alone makes a silence that begins somewhere too long. The side behind moves with every day of
/// it, and the score would have to be added up anew; it grows with the rate, and never faster (each day is concave in it), so that the scores at
/// the side before, kept day by day, decide most days.
struct Sides<'a> {
    series: &'a Series,
    at: usize,
    k: Option<f64>,
    lambda: f64,
    before: Option<f64>,
    /// Chance of a silent day from somebody at work at the rate before, per weekday.
    none: Option<[f64; 7]>,
    /// Days looked at.
    seen: usize,
    /// Chance of the silence so far at the rate before.
    silent: f64,
    /// Weights of its days, as far as the person was at work: what its score grows by per message at first.
    weight: f64,
    /// The side for which it was added up last, the score then, and the weights.
    last: Option<(f64, f64, f64)>,
}

impl<'a> Sides<'a> {
    fn new(series: &'a Series, at: usize, k: Option<f64>, lambda: f64) -> Self {
        Self { series, at, k, lambda, before: series.side_before(at), none: None, seen: 0, silent: 1.0, weight: 0.0, last: None }
    }

    /// Chance of a silent day at a rate, per weekday.
    fn none(&self, rate: f64) -> [f64; 7] {
        self.series.week.map(|weight| exp(-day_score(rate * weight, self.k)))
    }

    /// Days of the silence up to this one: weekday and chance of being at work.
    fn days(&self, from: usize, to: usize) -> impl Iterator<Item = (usize, f64)> + 'a {
        let (weekdays, at_work) = (self.series.weekdays.get(from..=to), self.series.at_work.get(from..=to));
        weekdays.unwrap_or_default().iter().map(|day| usize::from(*day)).zip(at_work.unwrap_or_default().iter().copied())
    }

    /// Chance of the silence at a rate.
    fn chance(&self, to: usize, rate: f64) -> f64 {
        let none = self.none(rate);
        self.days(self.at, to).map(|(day, at_work)| silent_day(at_work, none.get(day).copied().unwrap_or(1.0))).product()
    }

    /// Takes in the days up to this one, at the rate before.
    fn grow(&mut self, to: usize, rate: f64) {
        let none = self.none.unwrap_or_else(|| self.none(rate));
        self.none = Some(none);
        let (mut silent, mut weight) = (self.silent, self.weight);
        for (day, at_work) in self.days(self.at + self.seen, to) {
            silent *= silent_day(at_work, none.get(day).copied().unwrap_or(1.0));
            weight += at_work * self.series.week.get(day).copied().unwrap_or(1.0);
        }
        (self.silent, self.weight, self.seen) = (silent, weight, to + 1 - self.at);
    }

    /// Whether the score of the silence up to this day is above that of the level.
    fn above(&mut self, to: usize, mark: &Mark) -> bool {
        let after = self.series.side_after(to + 1);
        let side = self.before.into_iter().chain(after).min_by(f64::total_cmp).unwrap_or(self.lambda);
        let Some(before) = self.before else { return Self::decided(self.chance(to, side), mark).unwrap_or_else(|| self.exactly(to, side, mark)) };
        self.grow(to, before);
        if side >= before {
            return Self::decided(self.silent, mark).unwrap_or_else(|| self.exactly(to, side, mark));
        }
        // Between the chord from nothing to the rate before and both that and the tangent at nothing.
        let (low, high) = (mark.aside - ROUNDING, mark.aside + ROUNDING);
        if side * self.weight < low || Self::decided(self.silent, mark) == Some(false) {
            return false;
        }
        if -ln(self.silent) * (side / before) > high {
            return true;
        }
        // The same from the side for which it was added up last: the days since then add no more than their tangent, and no less than nothing.
        if let Some((known, score, weight)) = self.last {
            let ratio = side / known;
            if (score + known * (self.weight - weight)) * ratio.max(1.0) < low {
                return false;
            }
            if score * ratio.min(1.0) > high {
                return true;
            }
        }
        let chance = self.chance(to, side);
        self.last = Some((side, -ln(chance), self.weight)).filter(|_| side > 0.0 && chance > 0.0);
        Self::decided(chance, mark).unwrap_or_else(|| self.exactly(to, side, mark))
    }

    /// Whether a chance is on either side of that of the level for certain.
    fn decided(chance: f64, mark: &Mark) -> Option<bool> {
        if chance < mark.chance * (1.0 - ROUNDING) {
            Some(true)
        } else if chance > mark.chance * (1.0 + ROUNDING) {
            Some(false)
        } else {
            None
        }
    }

    /// The same day by day.
    fn exactly(&self, to: usize, side: f64, mark: &Mark) -> bool {
        (self.at..=to).map(|ix| self.series.lived(ix, side, self.k)).sum::<f64>() > mark.aside
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::pauses::Pauses;
    use super::super::Life;
    use super::*;

    /// The same by its definition: every day of every silence scored anew.
    fn plainly(series: &Series, at: usize, marks: &[Mark]) -> Vec<Option<u32>> {
        let (lambda, (_, k)) = (series.around(at, at), series.rate(0, 0));
        let mut out = vec![None; marks.len()];
        let (mut silent, mut alive) = (1.0f64, 0);
        for ix in at..series.len().min(at + LONGEST) {
            silent *= 1.0 + series.life[ix].at_work() * exp_m1(-day_score(lambda * series.weights[ix], k));
            alive += u32::from(series.life[ix].wrote);
            let side = series.lower_side(at, ix + 1).unwrap_or(lambda);
            let score: f64 = (at..=ix).map(|i| series.lived(i, side, k)).sum();
            while let Some(level) = out.iter().position(Option::is_none) {
                if silent >= marks[level].enough || alive < LIFE || score <= marks[level].aside {
                    break;
                }
                out[level] = Some(u32::try_from(ix + 1 - at).unwrap());
            }
        }
        out
    }

    proptest::proptest! {
        #[test]
        fn quick_sums_decide_as_those_day_by_day(
            counts in proptest::collection::vec(0u8..5, 30..400),
            quiet in proptest::collection::vec((0usize..400, 1usize..60), 0..5),
            here in proptest::collection::vec(0.0f64..1.0, 400),
            sure in proptest::bool::ANY,
        ) {
            let days: Vec<i32> = (0..600).filter(|d| crate::time::weekday(*d) < 5).take(counts.len()).collect();
            let silent = |ix: usize| quiet.iter().any(|(from, n)| (*from..from + n).contains(&ix));
            let counts = counts.iter().enumerate().map(|(ix, c)| if *c < 3 || silent(ix) { 0.0 } else { f64::from(*c) }).collect();
            let life = (0..days.len()).map(|ix| if sure { Life::from(here[ix] > 0.2) } else { Life { present: here[ix], wrote: here[ix] > 0.4 } }).collect();
            let series = Series::new(days, counts, life);
            let tail = Pauses::default().tail(None);
            let marks: Vec<Mark> = [0.05, 1e-3, 1e-4, 1e-6].iter().map(|alpha| Mark::new(&tail, *alpha)).collect();
            for at in series.trials() {
                let mut found = vec![Vec::new(); marks.len()];
                series.told_after(at, series.rate(0, 0).1, &marks, &mut found);
                let found: Vec<Option<u32>> = found.iter().map(|f| f.first().copied()).collect();
                assert_eq!(found, plainly(&series, at, &marks), "from day {at} of {}", series.len());
            }
        }
    }
}
