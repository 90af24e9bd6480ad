//! Silence: business days without a message that are too many for this stream, while the person wrote elsewhere.
//! Counts follow a negative binomial; the tested run is left out of its own expectation; many runs are corrected
//! together (Benjamini-Hochberg). The formulas are 5.1 to 5.7 of the method notes.

/// False discovery rate over all runs.
pub const Q: f64 = 0.05;
/// Days with evidence of life a run needs.
pub const LIFE: u32 = 2;
/// Streams with fewer messages are not tested.
pub const FEWEST: u64 = 20;

/// Weekday weights and counts of one stream on the business days of one person.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// Business days without leave, from the first to the last record.
    days: Vec<i32>,
    counts: Vec<f64>,
    weights: Vec<f64>,
    /// Sums before index: counts, squares, weights.
    sums: Vec<(f64, f64, f64)>,
}

/// Pauses of a stream, in silent business days on which there is evidence of life: what its own habits make of a silence.
#[derive(Debug, Clone, Default)]
struct Pauses {
    /// Pauses of one day or more, sorted.
    lengths: Vec<u32>,
    /// Steps from one day with records to the next, those without a pause too.
    steps: usize,
}

impl Pauses {
    /// Days by which pauses fall off, one of them (the tested one) left out: the mean, or what the 95th percentile makes of an
    /// exponential fall, whichever is larger. Traffic that comes in bouts has a long tail that no count per day shows.
    /// `None` with fewer than [`Pauses::FEWEST`] others.
    fn scale(&self, tested: Option<u32>) -> Option<f64> {
        let steps = self.steps.saturating_sub(usize::from(tested.is_some()));
        if steps < Self::FEWEST {
            return None;
        }
        let sum = self.lengths.iter().sum::<u32>().saturating_sub(tested.unwrap_or(0));
        let skip = tested.and_then(|t| self.lengths.binary_search(&t).ok());
        let others = self.lengths.len().saturating_sub(usize::from(skip.is_some()));
        // Rank of the percentile among all steps; those without a pause come first.
        let rank = (steps * 95 / 100).checked_sub(steps.saturating_sub(others));
        let long = rank.and_then(|r| self.lengths.get(r + usize::from(skip.is_some_and(|s| s <= r)))).copied().unwrap_or(0);
        Some((f64::from(sum) / steps as f64).max(f64::from(long) / 20f64.ln()).max(0.1))
    }

    /// Fewest other steps to speak from.
    const FEWEST: usize = 10;
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
    /// The score over days with evidence of life at the lower of the rates before and after alone.
    pub sides: f64,
    /// The score by the pauses this stream makes.
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
        if self.alive < LIFE { 1.0 } else { (-self.life.min(self.pause)).exp() }
    }

    /// Whether it is too long to be chance at this level: by the rate, by the stream's own pauses, and, at the square root of the
    /// level, by the traffic on either side alone. Where a relation began or ended, one side explains the silence.
    #[must_use]
    pub fn alarms(&self, alpha: f64) -> bool {
        let threshold = -alpha.ln();
        self.alive >= LIFE && self.life.min(self.pause) > threshold && self.sides > threshold / 2.0
    }
}

/// Score of one silent day: `k ln(1 + mu/k)`, the limit `mu` without overdispersion.
#[must_use]
pub fn day_score(mu: f64, k: Option<f64>) -> f64 {
    k.map_or(mu, |k| k * (mu / k).ln_1p())
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
    let days = ((1.0 / alpha).ln() / per_day).ceil();
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
    /// From business days and the counts on them, both in order.
    #[must_use]
    pub fn new(days: Vec<i32>, counts: Vec<f64>) -> Self {
        let n = counts.len() as f64;
        let mean = if n > 0.0 { counts.iter().sum::<f64>() / n } else { 0.0 };
        let mut by_weekday = [(0.0, 0.0); 7];
        for (day, count) in days.iter().zip(&counts) {
            if let Some((sum, number)) = by_weekday.get_mut(usize::from(crate::time::weekday(*day))) {
                *sum += count;
                *number += 1.0;
            }
        }
        // Four weeks of prior at the mean: a short stream keeps flat weights.
        let weight = |day: &i32| {
            let (sum, number) = by_weekday.get(usize::from(crate::time::weekday(*day))).copied().unwrap_or((0.0, 0.0));
            if mean > 0.0 { (sum + 4.0 * mean) / (number + 4.0) / mean } else { 1.0 }
        };
        let weights: Vec<f64> = days.iter().map(weight).collect();
        let mut sums = Vec::with_capacity(days.len() + 1);
        let mut sum = (0.0, 0.0, 0.0);
        sums.push(sum);
        for (count, weight) in counts.iter().zip(&weights) {
            sum = (sum.0 + count, sum.1 + count * count, sum.2 + weight);
            sums.push(sum);
        }
        Self { days, counts, weights, sums }
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

    /// Messages per unit of weight in the run `a..b` by what lies before it and by what lies after: the lower of both. A side
    /// of fewer than ten business days says nothing.
    fn lower_side(&self, a: usize, b: usize) -> Option<f64> {
        let rate = |from: usize, to: usize| {
            let (x, y) = (self.until(from), self.until(to));
            (to >= from + 10 && y.2 > x.2).then(|| (y.0 - x.0) / (y.2 - x.2))
        };
        let (before, after) = (rate(a.saturating_sub(45), a), rate(b, (b + 45).min(self.len())));
        before.into_iter().chain(after).min_by(f64::total_cmp)
    }

    /// Messages per unit of weight around the run `a..b`, the run left out: 45 days to each side, wider until the weights
    /// make 25 business days or a year is reached.
    fn around(&self, a: usize, b: usize) -> f64 {
        let (Some(first), Some(last)) = (self.days.get(a), self.days.get(b.saturating_sub(1))) else { return 0.0 };
        let mut reach = 45;
        loop {
            let from = self.days.partition_point(|d| *d < first - reach);
            let to = self.days.partition_point(|d| *d <= last + reach);
            let (all, before, after, upto) = (self.until(to), self.until(from), self.until(b), self.until(a));
            let counts = all.0 - before.0 - (after.0 - upto.0);
            let weights = all.2 - before.2 - (after.2 - upto.2);
            if weights >= 25.0 || reach >= 365 {
                return if weights > 0.0 { counts / weights } else { 0.0 };
            }
            reach = (reach + 30).min(365);
        }
    }

    /// All runs of two or more silent business days between records, scored.
    #[must_use]
    pub fn runs(&self, alive: impl Fn(i32) -> bool) -> Vec<Run> {
        let pauses = self.pauses(&alive);
        let runs = self.silences().into_iter().filter(|(a, b)| b - a >= 2);
        runs.map(|(a, b)| self.score(a, b, &pauses, &alive)).collect()
    }

    /// Index ranges without records. The first and last silence have no record on one side: the horizon speaks of them.
    fn silences(&self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.len() {
            let silent = self.counts.get(at..).unwrap_or_default().iter().take_while(|c| **c <= 0.0).count();
            if silent > 0 && at > 0 && at + silent < self.len() {
                found.push((at, at + silent));
            }
            at += silent.max(1);
        }
        found
    }

    fn pauses(&self, alive: &impl Fn(i32) -> bool) -> Pauses {
        let lived = |(a, b): &(usize, usize)| self.days.get(*a..*b).unwrap_or_default().iter().filter(|d| alive(**d)).count();
        let mut lengths: Vec<u32> = self.silences().iter().map(lived).filter(|n| *n > 0).filter_map(|n| u32::try_from(n).ok()).collect();
        lengths.sort_unstable();
        Pauses { lengths, steps: self.counts.iter().filter(|c| **c > 0.0).count().saturating_sub(1) }
    }

    /// Business days of silence with evidence of life needed before the stream's own pauses let the test speak.
    #[must_use]
    pub fn patience(&self, alpha: f64, alive: impl Fn(i32) -> bool) -> Option<u32> {
        let days = (-alpha.ln() * self.pauses(&alive).scale(None)?).ceil();
        days.is_finite().then(|| days.clamp(1.0, 1e6) as u32)
    }

    fn score(&self, a: usize, b: usize, pauses: &Pauses, alive: &impl Fn(i32) -> bool) -> Run {
        let lambda = self.around(a, b);
        let (_, k) = self.rate(a, b);
        let days = self.days.get(a..b).unwrap_or_default();
        let mut run = Run {
            from: days.first().copied().unwrap_or(0),
            to: days.last().copied().unwrap_or(0),
            days: u32::try_from(days.len()).unwrap_or(u32::MAX),
            alive: 0,
            score: 0.0,
            life: 0.0,
            sides: 0.0,
            pause: 0.0,
            volume: 0.0,
            spread: 0.0,
        };
        let side = self.lower_side(a, b).unwrap_or(lambda);
        let mut variance = 0.0;
        for (day, weight) in days.iter().zip(self.weights.get(a..b).unwrap_or_default()) {
            let mu = lambda * weight;
            let score = day_score(mu, k);
            run.score += score;
            run.volume += mu;
            variance += mu + k.map_or(0.0, |k| mu * mu / k);
            if alive(*day) {
                run.alive += 1;
                run.life += score;
                run.sides += day_score(side * weight, k);
            }
        }
        run.pause = pauses.scale(Some(run.alive)).map_or(0.0, |scale| f64::from(run.alive) / scale);
        run.spread = variance.sqrt();
        run
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

    fn steady(per_day: f64, silent: std::ops::Range<usize>) -> Series {
        let days: Vec<i32> = (0..400).filter(|d| crate::time::weekday(*d) < 5).collect();
        let counts = (0..days.len()).map(|ix| if silent.contains(&ix) { 0.0 } else { per_day + f64::from(u32::from(ix % 2 == 0)) }).collect();
        Series::new(days, counts)
    }

    #[test]
    fn the_tested_run_does_not_lower_its_own_expectation() {
        let runs = steady(4.0, 100..130).runs(|_| true);
        assert_eq!(runs.len(), 1);
        assert!((runs[0].volume / 30.0 - 4.5).abs() < 0.3, "{:?}", runs[0]);
        assert_eq!((runs[0].days, runs[0].alive), (30, 30));
    }

    #[test]
    fn without_evidence_of_life_a_silence_proves_nothing() {
        let runs = steady(4.0, 100..130).runs(|_| false);
        assert!(runs[0].score > 50.0);
        assert!((runs[0].p() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_first_and_last_silence_are_never_scored() {
        assert!(steady(4.0, 0..20).runs(|_| true).is_empty());
        assert!(steady(4.0, 260..400).runs(|_| true).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn longer_and_livelier_silences_score_higher(mu in 0.01f64..50.0, k in 0.05f64..20.0, n in 1u32..60) {
            let one = day_score(mu, Some(k));
            assert!(one > 0.0 && one <= mu + 1e-12);
            assert!(day_score(mu * 1.1, Some(k)) > one);
            let needed = detectable(mu, Some(k), 1e-4).unwrap();
            let score = f64::from(n) * one;
            assert_eq!(n >= needed, score >= (1e4f64).ln() - 1e-9);
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
            let series = Series::new(days, counts.iter().map(|c| f64::from(*c)).collect());
            for run in series.runs(|d| alive[d as usize]) {
                assert!(run.life <= run.score + 1e-9 && run.alive <= run.days && run.p() <= 1.0 && run.score.is_finite());
            }
        }
    }
}
