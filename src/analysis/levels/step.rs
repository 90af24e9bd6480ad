//! A step in the level of weekly counts. Levels of streams drift by themselves, from week to week and not by days, so the weeks are a chain: the
//! logarithm of a week's count is a mean, a drift that is forgotten by a fifth each week, and the noise of counting. A step is what the level
//! changes by at one week beyond all that (least squares over the innovations of a Kalman filter). A drift may carry a level far in months; it
//! does not fall within a week.

use crate::math::{ln, pow};

/// Standard deviation of the drifting level, as a logarithm; what is left of it after a week. Those of the streams the tests were made for.
const DRIFT: f64 = 0.35;
const MEMORY: f64 = 0.8;
/// Share of the business days of a unit below which it says nothing.
const LIVED: f64 = 0.25;

/// One or more weeks of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Unit {
    /// First day.
    pub from: i32,
    /// Messages on its business days.
    pub count: f64,
    /// Business days as far as the person was at work.
    pub lived: f64,
    /// Business days.
    pub days: f64,
}

/// What changes at a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Change of the logarithm of the level.
    pub change: f64,
    /// Its standard error, by what the weeks do around their levels: never less than the model says.
    pub error: f64,
}

impl Step {
    /// Standard errors of the change.
    #[must_use]
    pub fn z(self) -> f64 {
        self.change / self.error
    }
}

/// Sums of the innovations: for the regression on a mean and a step.
#[derive(Default)]
struct Sums {
    one: f64,
    step: f64,
    both: f64,
    y: (f64, f64),
    squares: f64,
    n: f64,
}

/// Messages a day lived, over units.
#[must_use]
pub fn rate(units: &[Unit]) -> f64 {
    let (count, lived) = units.iter().fold((0.0, 0.0), |(c, l), u| (c + u.count, l + u.lived));
    if lived > 0.0 { count / lived } else { 0.0 }
}

/// The step at unit `at`. `weeks`: length of a unit; `spread`: what the variance of a day's count has beyond its mean, to the square of the mean. Thinning
/// leaves it as it is: bouts get smaller with their stream.
#[must_use]
pub fn step(units: &[Unit], at: usize, weeks: f64, spread: f64) -> Option<Step> {
    let (before, after) = units.split_at_checked(at)?;
    let levels = (rate(before), rate(after));
    if levels.0 <= 0.0 {
        return None;
    }
    let memory = pow(MEMORY, weeks);
    let fresh = DRIFT * DRIFT * (1.0 - memory * memory);
    // Three series run through one filter: the logarithms, the mean, the step; the gains are the same.
    let (mut state, mut variance) = ([0.0f64; 3], DRIFT * DRIFT);
    let mut sums = Sums::default();
    for (ix, unit) in units.iter().enumerate() {
        state = state.map(|s| s * memory);
        variance = if ix == 0 { variance } else { memory * memory * variance + fresh };
        if unit.lived < LIVED * unit.days || unit.lived <= 0.0 {
            continue;
        }
        let expected = (unit.lived * if ix < at { levels.0 } else { levels.1 }).max(0.25);
        let noise = 1.0 / (expected + 0.5) + spread / unit.lived;
        let seen = [ln((unit.count + 0.5) / (unit.lived * levels.0)), 1.0, f64::from(u8::from(ix >= at))];
        let total = variance + noise;
        let off: [f64; 3] = std::array::from_fn(|n| seen.get(n).copied().unwrap_or(0.0) - state.get(n).copied().unwrap_or(0.0));
        let gain = variance / total;
        state = std::array::from_fn(|n| state.get(n).copied().unwrap_or(0.0) + gain * off.get(n).copied().unwrap_or(0.0));
        variance *= 1.0 - gain;
        let [y, one, step] = off;
        sums.one += one * one / total;
        sums.step += step * step / total;
        sums.both += one * step / total;
        sums.y.0 += one * y / total;
        sums.y.1 += step * y / total;
        sums.squares += y * y / total;
        sums.n += 1.0;
    }
    let determinant = sums.one * sums.step - sums.both * sums.both;
    if determinant <= 1e-9 || sums.n < 5.0 {
        return None;
    }
    let mean = (sums.y.0 * sums.step - sums.y.1 * sums.both) / determinant;
    let change = (sums.y.1 * sums.one - sums.y.0 * sums.both) / determinant;
    let left = (sums.squares - mean * sums.y.0 - change * sums.y.1).max(0.0) / (sums.n - 2.0);
    Some(Step { change, error: (sums.one / determinant * left.max(1.0)).sqrt() })
}

/// The steps at all units that have enough on both sides, each within a window.
pub fn steps(units: &[Unit], weeks: f64, spread: f64, reach: (usize, usize), least: usize) -> impl Iterator<Item = (usize, Step)> {
    let inner = least..units.len().saturating_sub(least) + 1;
    inner.filter_map(move |at| {
        let from = at.saturating_sub(reach.0);
        let window = units.get(from..(at + reach.1).min(units.len()))?;
        Some((at, step(window, at - from, weeks, spread)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::exp;
    use crate::sample::random::Random;

    fn weeks(random: &mut Random, per_day: f64, n: usize, at: usize, left: f64) -> Vec<Unit> {
        let mut drift = random.normal() * DRIFT;
        let unit = |ix: usize| {
            drift = MEMORY * drift + DRIFT * 0.6 * random.normal();
            let mean = 5.0 * per_day * exp(drift) * if ix < at { 1.0 } else { left };
            Unit { from: 7 * i32::try_from(ix).unwrap(), count: random.poisson(mean) as f64, lived: 5.0, days: 5.0 }
        };
        (0..n).map(unit).collect()
    }

    #[test]
    fn a_step_is_measured_and_a_drift_is_none() {
        let mut random = Random::new(7);
        let (mut off, mut most) = (0.0f64, 0.0f64);
        for _ in 0..200 {
            let found = step(&weeks(&mut random, 6.0, 48, 24, 0.3), 24, 1.0, 0.0).unwrap();
            off += (found.change - ln(0.3f64)) / 200.0;
            let none = step(&weeks(&mut random, 6.0, 48, 24, 1.0), 24, 1.0, 0.0).unwrap();
            most = most.max(-none.z());
        }
        assert!(off.abs() < 0.1, "{off}");
        assert!(most < 4.0, "{most}");
    }

    #[test]
    fn weeks_away_and_empty_streams_say_nothing() {
        let mut random = Random::new(3);
        let mut units = weeks(&mut random, 6.0, 48, 24, 1.0);
        for unit in units.iter_mut().skip(24) {
            (unit.count, unit.lived) = (0.0, 0.0);
        }
        assert_eq!(step(&units, 24, 1.0, 0.0), None);
        assert_eq!(step(&[], 0, 1.0, 0.0), None);
        assert_eq!(step(&weeks(&mut random, 0.0, 48, 24, 1.0), 24, 1.0, 0.0), None);
    }
}
