//! Silence: business days without a message that are too many for this stream, while the person wrote elsewhere.
//! Counts follow a negative binomial; the tested run is left out of its own expectation; days count as far as the person was at work
//! (`presence`); the score must be rare among the pauses the stream makes by itself (`pauses`); many runs are corrected together
//! (Benjamini-Hochberg). The formulas are 5.1 to 5.7 of the method notes.

mod told;
mod week;

use super::chance::Product;
use super::pauses::Pauses;
use crate::math::{exp, exp_m1, ln, ln_1p};

/// False discovery rate over all runs.
pub const Q: f64 = 0.05;
/// Days with evidence of life a run needs.
pub const LIFE: u32 = 2;
/// How much of the score the traffic on either side alone must give.
pub(super) const SIDES: f64 = 0.7;
/// Streams with fewer messages are not tested.
pub const FEWEST: u64 = 20;

/// Most that a day on which the person wrote nothing elsewhere may count as a day at work.
const UNHEARD: f64 = 0.6;
/// Score from which the weekdays around a run are looked at.
const CLOSER: f64 = 4.0;

/// Evidence of life on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Life {
    /// Chance that the person was at work.
    pub present: f64,
    /// Whether the person wrote elsewhere.
    pub wrote: bool,
}

impl From<bool> for Life {
    fn from(wrote: bool) -> Self {
        Self { present: f64::from(u8::from(wrote)), wrote }
    }
}

impl Life {
    /// -ln of the chance of a day without a message that has this score when the person is at work.
    fn lived(self, score: f64) -> f64 {
        let present = self.at_work();
        if present >= 1.0 { score } else { -ln(1.0 - present * (1.0 - exp(-score))) }
    }

    /// Chance that the person was at work, as far as it counts.
    const fn at_work(self) -> f64 {
        if self.wrote { self.present } else { self.present.min(UNHEARD) }
    }
}

/// Weekday weights and counts of one stream on the business days of one person.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// Business days without leave, from the first to the last record.
    days: Vec<i32>,
    counts: Vec<f64>,
    weights: Vec<f64>,
    /// Weekday of each day.
    weekdays: Vec<u8>,
    /// Weight of each weekday.
    week: [f64; 7],
    life: Vec<Life>,
    /// Chance that the person was at work on each day, as far as it counts.
    at_work: Vec<f64>,
    /// Sums before index: counts, squares, weights as far as the person was at work.
    sums: Vec<(f64, f64, f64)>,
    /// Indices of days before which a record lies on a day that is none of them; sorted.
    breaks: Vec<usize>,
}

/// What one weekday of a stream usually brings.
#[derive(Debug, Clone, Copy)]
struct Usual {
    /// Messages.
    mu: f64,
    /// -ln of the chance of none from somebody at work.
    score: f64,
    variance: f64,
    /// Chance of any from somebody at work.
    some: f64,
    /// The same at the lower of the rates on either side.
    aside: f64,
}

/// A run of business days without a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// First silent business day.
    pub from: i32,
    /// Last silent business day.
    pub to: i32,
    /// Business days.
    pub days: u32,
    /// Of these with evidence of life.
    pub alive: u32,
    /// -ln of the chance of this silence.
    pub score: f64,
    /// The same over days with evidence of life only.
    pub life: f64,
    /// The score over days with evidence of life at the lower of the rates before and after alone. This, volume and spread are worked out only
    /// where the silence might be told, and 0 elsewhere.
    pub sides: f64,
    /// Chance of the score among the pauses this stream makes.
    pub pause: f64,
    /// Messages expected.
    pub volume: f64,
    /// Standard deviation of that.
    pub spread: f64,
}

impl Run {
    /// Chance of this silence by the days with evidence of life and by the pauses of the stream; 1 with too few such days.
    #[must_use]
    pub fn p(&self) -> f64 {
        if self.alive < LIFE { 1.0 } else { exp(-self.life).max(self.pause) }
    }

    /// Whether it is too long to be chance at this level: by the rate and by the stream's own pauses, and, at the level to the power of
    /// [`SIDES`], by the traffic on either side alone. Where a relation began or ended, one side explains the silence.
    #[must_use]
    pub fn alarms(&self, alpha: f64) -> bool {
        self.p() < alpha && self.sides > -ln(alpha) * SIDES
    }
}

/// Score of one silent day: `k ln(1 + mu/k)`, the limit `mu` without overdispersion.
#[must_use]
pub fn day_score(mu: f64, k: Option<f64>) -> f64 {
    k.map_or(mu, |k| k * ln_1p(mu / k))
}

/// Overdispersion from mean and variance: `None` = Poisson.
#[must_use]
pub fn overdispersion(mean: f64, variance: f64) -> Option<f64> {
    if variance <= mean || mean <= 0.0 { None } else { Some((mean * mean / (variance - mean)).max(0.05)) }
}

/// Business days of silence needed before the test can speak.
#[must_use]
pub fn detectable(mean: f64, k: Option<f64>, alpha: f64) -> Option<u32> {
    let per_day = day_score(mean, k);
    let days = (ln(1.0 / alpha) / per_day).ceil();
    (per_day > 0.0 && days.is_finite()).then(|| days.clamp(1.0, 1e6) as u32)
}

/// q-values of Benjamini and Hochberg, in the order given.
#[must_use]
pub fn q_values(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    let at = |ix: &usize| p.get(*ix).copied().unwrap_or(1.0);
    order.sort_by(|a, b| at(a).total_cmp(&at(b)).then(a.cmp(b)));
    let mut q = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (rank, ix) in order.iter().enumerate().rev() {
        least = least.min(at(ix) * p.len() as f64 / (rank + 1) as f64);
        if let Some(slot) = q.get_mut(*ix) {
            *slot = least;
        }
    }
    q
}

impl Series {
    /// From business days, the counts and the evidence of life on them, all in order.
    #[must_use]
    pub fn new(days: Vec<i32>, counts: Vec<f64>, life: Vec<Life>) -> Self {
        let n = counts.len() as f64;
        let mean = if n > 0.0 { counts.iter().sum::<f64>() / n } else { 0.0 };
        let mut by_weekday = [(0.0, 0.0); 7];
        let weekdays: Vec<u8> = days.iter().map(|day| crate::time::weekday(*day)).collect();
        for (weekday, count) in weekdays.iter().zip(&counts) {
            if let Some((sum, number)) = by_weekday.get_mut(usize::from(*weekday)) {
                *sum += count;
                *number += 1.0;
            }
        }
        // Four weeks of prior at the mean: a short stream keeps flat weights.
        let week = by_weekday.map(|(sum, number)| if mean > 0.0 { (sum + 4.0 * mean) / (number + 4.0) / mean } else { 1.0 });
        let weights: Vec<f64> = weekdays.iter().map(|day| week.get(usize::from(*day)).copied().unwrap_or(1.0)).collect();
        let mut sums = Vec::with_capacity(days.len() + 1);
        let mut sum = (0.0, 0.0, 0.0);
        sums.push(sum);
        for ((count, weight), life) in counts.iter().zip(&weights).zip(&life) {
            // Whoever has a message was there.
            let present = if *count > 0.0 { 1.0 } else { life.present };
            sum = (sum.0 + count, sum.1 + count * count, sum.2 + weight * present);
            sums.push(sum);
        }
        let at_work = life.iter().map(|life| life.at_work()).collect();
        Self { days, counts, weights, weekdays, week, life, at_work, sums, breaks: Vec::new() }
    }

    /// Number of business days.
    #[must_use]
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether it has no day.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    fn until(&self, ix: usize) -> (f64, f64, f64) {
        self.sums.get(ix.min(self.days.len())).copied().unwrap_or_default()
    }

    /// Mean per business day and overdispersion, without the days `a..b`, on which nothing was counted.
    #[must_use]
    pub fn rate(&self, a: usize, b: usize) -> (f64, Option<f64>) {
        let n = self.len().saturating_sub(b - a) as f64;
        let (sum, squares, _) = self.until(self.len());
        if n < 2.0 {
            return (0.0, None);
        }
        let mean = sum / n;
        let variance = (squares - n * mean * mean) / (n - 1.0);
        (mean, overdispersion(mean, variance))
    }

    /// Messages per unit of weight in the days `from..to`. A side of fewer than ten business days says nothing.
    fn side(&self, from: usize, to: usize) -> Option<f64> {
        let (x, y) = (self.until(from), self.until(to));
        (to >= from + 10 && y.2 > x.2).then(|| (y.0 - x.0) / (y.2 - x.2))
    }

    fn side_before(&self, a: usize) -> Option<f64> {
        self.side(a.saturating_sub(45), a)
    }

    fn side_after(&self, b: usize) -> Option<f64> {
        self.side(b, (b + 45).min(self.len()))
    }

    /// Messages per unit of weight in the run `a..b` by what lies before it and by what lies after: the lower of both.
    fn lower_side(&self, a: usize, b: usize) -> Option<f64> {
        self.side_before(a).into_iter().chain(self.side_after(b)).min_by(f64::total_cmp)
    }

    /// Messages per unit of weight around the run `a..b`, the run left out: 45 days to each side, wider until the weights
    /// make 25 business days or a year is reached.
    fn around(&self, a: usize, b: usize) -> f64 {
        let (Some(first), Some(last)) = (self.days.get(a), self.days.get(b.saturating_sub(1))) else { return 0.0 };
        let mut reach = 45;
        loop {
            let within = usize::try_from(reach).unwrap_or(0);
            // Each day is one of the calendar: no more of them lie within reach than that.
            let (near, far) = (a.saturating_sub(within), (b + within).min(self.len()));
            let from = near + self.days.get(near..a).unwrap_or_default().partition_point(|d| *d < first - reach);
            let to = b + self.days.get(b..far).unwrap_or_default().partition_point(|d| *d <= last + reach);
            let (all, before, after, upto) = (self.until(to), self.until(from), self.until(b), self.until(a));
            let counts = all.0 - before.0 - (after.0 - upto.0);
            let weights = all.2 - before.2 - (after.2 - upto.2);
            if weights >= 25.0 || reach >= 365 {
                return if weights > 0.0 { counts / weights } else { 0.0 };
            }
            reach = (reach + 30).min(365);
        }
    }

    /// All runs of two or more silent business days between records, scored, and the pauses they are held against.
    #[must_use]
    pub fn runs(&self) -> (Vec<Run>, Pauses) {
        let score = |(a, b)| {
            let run = self.glance(a, b);
            // Only what might be told is worth a closer look.
            if run.life > CLOSER { self.score(a, b, &self.week_around(a, b)) } else { run }
        };
        let mut runs: Vec<Run> = self.silences().into_iter().map(score).collect();
        let active = self.counts.iter().filter(|c| **c > 0.0).count();
        let pauses = Pauses::new(runs.iter().map(|r| r.life).collect(), active);
        runs.retain(|r| r.days >= 2);
        // What the model of counts finds usual needs no look at the pauses.
        for run in runs.iter_mut().filter(|r| r.life > CLOSER) {
            run.pause = pauses.tail(Some(run.life)).p(run.life);
        }
        (runs, pauses)
    }

    /// Score of one day at a rate.
    fn lived(&self, ix: usize, rate: f64, k: Option<f64>) -> f64 {
        let (Some(weight), Some(life)) = (self.weights.get(ix), self.life.get(ix)) else { return 0.0 };
        life.lived(day_score(rate * weight, k))
    }

    /// A run that is not scored yet.
    fn open(&self, a: usize, b: usize) -> Run {
        let days = self.days.get(a..b).unwrap_or_default();
        Run {
            from: days.first().copied().unwrap_or(0),
            to: days.last().copied().unwrap_or(0),
            days: u32::try_from(days.len()).unwrap_or(u32::MAX),
            alive: 0,
            score: 0.0,
            life: 0.0,
            sides: 0.0,
            pause: 1.0,
            volume: 0.0,
            spread: 0.0,
        }
    }

    /// The scores of a run in the usual week of the stream, without what only matters where it might be told: most runs are far from it.
    fn glance(&self, a: usize, b: usize) -> Run {
        let (lambda, (_, k)) = (self.around(a, b), self.rate(a, b));
        let mut run = self.open(a, b);
        let mut known = [None::<(f64, f64)>; 7];
        let mut silent = Product::default();
        let days = self.weekdays.get(a..b).unwrap_or_default().iter().zip(self.life.get(a..b).unwrap_or_default());
        for ((weekday, life), at_work) in days.zip(self.at_work.get(a..b).unwrap_or_default()) {
            let (Some(slot), Some(weight)) = (known.get_mut(usize::from(*weekday)), self.week.get(usize::from(*weekday))) else { continue };
            let (score, some) = *slot.get_or_insert_with(|| {
                let score = day_score(lambda * weight, k);
                (score, -exp_m1(-score))
            });
            run.score += score;
            run.alive += u32::from(life.wrote);
            silent.times(1.0 - at_work * some);
        }
        run.life = silent.score();
        run
    }

    fn score(&self, a: usize, b: usize, week: &[f64; 7]) -> Run {
        let lambda = self.around(a, b);
        let (_, k) = self.rate(a, b);
        let mut run = self.open(a, b);
        let side = self.lower_side(a, b).unwrap_or(lambda);
        let of = |weight: f64| {
            let (mu, aside) = (lambda * weight, day_score(side * weight, k));
            let score = day_score(mu, k);
            let variance = mu + k.map_or(0.0, |k| mu * mu / k);
            Usual { mu, score, variance, some: -exp_m1(-score), aside: -exp_m1(-aside) }
        };
        // Most runs are short: a weekday is worked out when one lies in the run.
        let mut known = [None::<Usual>; 7];
        let (mut variance, mut silent, mut aside) = (0.0, Product::default(), Product::default());
        for (weekday, life) in self.weekdays.get(a..b).unwrap_or_default().iter().zip(self.life.get(a..b).unwrap_or_default()) {
            let (Some(slot), Some(weight)) = (known.get_mut(usize::from(*weekday)), week.get(usize::from(*weekday))) else { continue };
            let usual = slot.get_or_insert_with(|| of(*weight));
            run.score += usual.score;
            run.volume += usual.mu * life.present;
            variance += usual.variance;
            run.alive += u32::from(life.wrote);
            silent.times(1.0 - life.at_work() * usual.some);
            aside.times(1.0 - life.at_work() * usual.aside);
        }
        (run.life, run.sides) = (silent.score(), aside.score());
        run.spread = variance.sqrt();
        run
    }

    /// Business days after which a silence is none of the habits of the stream where the person is at work: by its counts, and by its pauses on
    /// days on which the person wrote elsewhere (their mean, or what the 95th percentile makes of an exponential fall). Weaker than the test.
    #[must_use]
    pub fn patience(&self, alpha: f64) -> Option<u32> {
        let wrote = |(a, b): &(usize, usize)| self.life.get(*a..*b).unwrap_or_default().iter().filter(|l| l.wrote).count();
        let mut lengths: Vec<usize> = self.silences().iter().map(wrote).filter(|n| *n > 0).collect();
        lengths.sort_unstable();
        let steps = self.counts.iter().filter(|c| **c > 0.0).count().saturating_sub(1);
        if steps < 10 {
            return None;
        }
        // Rank of the percentile among all steps; those without a pause come first.
        let rank = (steps * 95 / 100).checked_sub(steps.saturating_sub(lengths.len()));
        let long = rank.and_then(|r| lengths.get(r)).copied().unwrap_or(0);
        let scale = (lengths.iter().sum::<usize>() as f64 / steps as f64).max(long as f64 / ln(20.0)).max(0.1);
        let days = (-ln(alpha) * scale).ceil().clamp(1.0, 1e6) as u32;
        let (mean, k) = self.rate(0, 0);
        detectable(mean, k, alpha).map(|n| n.max(days))
    }

    /// Days, their weights, and the chance of being at work, from one day to another.
    pub fn between(&self, from: i32, to: i32) -> impl Iterator<Item = (i32, f64, f64)> + '_ {
        let (a, b) = (self.days.partition_point(|d| *d < from), self.days.partition_point(|d| *d <= to));
        let part = |ix: usize| Some((*self.days.get(ix)?, *self.weights.get(ix)?, self.life.get(ix)?.present));
        (a..b.max(a)).filter_map(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_detectable_silence_is_that_of_the_method_notes() {
        let table: [(f64, [u32; 4], [u32; 4]); 6] = [
            (0.2, [42, 38, 37, 35], [55, 51, 49, 47]),
            (0.5, [20, 18, 16, 14], [27, 23, 21, 19]),
            (1.0, [13, 10, 9, 7], [17, 14, 12, 10]),
            (3.0, [8, 5, 4, 3], [10, 7, 6, 4]),
            (10.0, [5, 3, 2, 1], [7, 4, 3, 1]),
            (30.0, [4, 3, 2, 1], [5, 3, 2, 1]),
        ];
        for (mu, sensitive, normal) in table {
            for (ix, k) in [Some(0.5), Some(1.0), Some(2.0), None].into_iter().enumerate() {
                assert_eq!(detectable(mu, k, 1e-3), Some(sensitive[ix]), "mu {mu} k {k:?}");
                assert_eq!(detectable(mu, k, 1e-4), Some(normal[ix]), "mu {mu} k {k:?}");
            }
        }
        assert_eq!(detectable(0.0, None, 1e-4), None);
    }

    #[test]
    fn q_values_are_those_of_benjamini_and_hochberg() {
        let q = q_values(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.02, 0.04, 0.04, 0.02];
        for (a, b) in q.iter().zip(expected) {
            assert!((a - b).abs() < 1e-12, "{q:?}");
        }
    }

    fn steady(per_day: f64, silent: std::ops::Range<usize>, alive: bool) -> Series {
        let days: Vec<i32> = (0..400).filter(|d| crate::time::weekday(*d) < 5).collect();
        let counts = (0..days.len()).map(|ix| if silent.contains(&ix) { 0.0 } else { per_day + f64::from(u32::from(ix % 2 == 0)) }).collect();
        let life = vec![Life::from(alive); days.len()];
        Series::new(days, counts, life)
    }

    #[test]
    fn the_tested_run_does_not_lower_its_own_expectation() {
        let runs = steady(4.0, 100..130, true).runs().0;
        assert_eq!(runs.len(), 1);
        assert!((runs[0].volume / 30.0 - 4.5).abs() < 0.3, "{:?}", runs[0]);
        assert_eq!((runs[0].days, runs[0].alive), (30, 30));
    }

    #[test]
    fn without_evidence_of_life_a_silence_proves_nothing() {
        let runs = steady(4.0, 100..130, false).runs().0;
        assert!(runs[0].score > 50.0);
        assert!((runs[0].p() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_first_and_last_silence_are_never_scored() {
        assert!(steady(4.0, 0..20, true).runs().0.is_empty());
        assert!(steady(4.0, 260..400, true).runs().0.is_empty());
    }

    #[test]
    fn the_promise_is_kept_where_a_silence_as_long_is_put() {
        let series = steady(3.0, 0..0, true);
        let (_, pauses) = series.runs();
        let told = series.detectable(&pauses.tail(None), &[1e-4, 1e-5]);
        let (near, far) = (told[0].unwrap() as usize, told[1].unwrap());
        assert!(near >= 2 && far >= told[0].unwrap());
        let runs = steady(3.0, 100..100 + near, true).runs().0;
        assert!(runs[0].alarms(1e-4), "{near} {:?}", runs[0]);
        assert_eq!(steady(3.0, 0..0, false).detectable(&pauses.tail(None), &[1e-4]), vec![None], "nobody there, nothing told");
    }

    proptest::proptest! {
        #[test]
        fn longer_and_livelier_silences_score_higher(mu in 0.01f64..50.0, k in 0.05f64..20.0, n in 1u32..60) {
            let one = day_score(mu, Some(k));
            assert!(one > 0.0 && one <= mu + 1e-12);
            assert!(day_score(mu * 1.1, Some(k)) > one);
            let needed = detectable(mu, Some(k), 1e-4).unwrap();
            let score = f64::from(n) * one;
            assert_eq!(n >= needed, score >= ln(1e4) - 1e-9);
        }

        #[test]
        fn q_values_keep_the_order_and_never_fall_below_p(p in proptest::collection::vec(0.0f64..1.0, 1..40)) {
            let q = q_values(&p);
            for (ix, a) in p.iter().enumerate() {
                assert!(q[ix] >= *a - 1e-12 && q[ix] <= 1.0);
                for (jx, b) in p.iter().enumerate() {
                    assert!(a > b || q[ix] <= q[jx] + 1e-12);
                }
            }
        }

        #[test]
        fn life_never_scores_more_than_the_whole_run(counts in proptest::collection::vec(0u8..4, 10..200), alive in proptest::collection::vec(proptest::bool::ANY, 400)) {
            let days: Vec<i32> = (0..400).filter(|d| crate::time::weekday(*d) < 5).take(counts.len()).collect();
            let life = days.iter().map(|d| Life::from(alive[*d as usize])).collect();
            let series = Series::new(days, counts.iter().map(|c| f64::from(*c)).collect(), life);
            for run in series.runs().0 {
                assert!(run.life <= run.score + 1e-9 && run.alive <= run.days && run.p() <= 1.0 && run.score.is_finite());
            }
        }
    }
}
