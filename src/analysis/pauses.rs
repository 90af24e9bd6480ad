//! The pauses a stream makes by itself, as scores of the silence test, and how fast they get rarer: a generalised Pareto tail over the longest
//! quarter of them. What a model of counts calls impossible may be the habit of a stream whose traffic comes in bouts; only what its own pauses
//! make rare is an alarm. Few pauses say little: prior counts hold the tail at what the model of counts expects, and a little heavier.

use crate::math::{exp, ln, pow};

/// Share of the pauses that make the tail, and how many at least and at most.
const TOP: f64 = 0.25;
const LEAST: usize = 12;
const MOST: usize = 60;
/// Pauses worth of belief that scores fall off by a factor of e with every 1, as they do when the model of counts holds.
const PRIOR: f64 = 5.0;
/// Pauses worth of belief that the tail is exponential.
const EXPONENTIAL: f64 = 20.0;
/// How much heavier than estimated the tail is taken to be: people are burstier than two years of them show.
const HEAVIER: f64 = 0.05;
const HEAVIEST: f64 = 0.6;

/// Scores of the pauses of a stream.
#[derive(Debug, Clone, Default)]
pub struct Pauses {
    /// Highest first.
    scores: Vec<f64>,
    /// Steps from one day with records to the next, those without a pause too.
    steps: usize,
}

/// How rare high scores are in one stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    over: f64,
    share: f64,
    scale: f64,
    shape: f64,
}

impl Pauses {
    /// From the scores of all silences, in any order, and the number of days with records.
    #[must_use]
    pub fn new(mut scores: Vec<f64>, active: usize) -> Self {
        scores.retain(|s| *s > 0.01);
        scores.sort_unstable_by(|a, b| b.total_cmp(a));
        Self { scores, steps: active.saturating_sub(1) }
    }

    /// Without what is too rare to be a habit: a loss must not make the next one look usual.
    #[must_use]
    pub fn without(&self, alarms: impl Fn(f64) -> bool) -> Self {
        Self { scores: self.scores.iter().copied().filter(|s| !alarms(*s)).collect(), steps: self.steps }
    }

    /// The tail, one of them (the tested one) left out.
    #[must_use]
    pub fn tail(&self, tested: Option<f64>) -> Tail {
        let skip = tested.and_then(|t| self.scores.iter().position(|s| (*s - t).abs() < 1e-12));
        let others = || self.scores.iter().enumerate().filter(|(ix, _)| Some(*ix) != skip).map(|(_, s)| *s);
        let steps = self.steps.saturating_sub(usize::from(tested.is_some())).max(1);
        let n = self.scores.len() - usize::from(skip.is_some());
        let m = if n <= LEAST { n } else { ((n as f64 * TOP) as usize).clamp(LEAST, MOST) };
        let over = if m < n { others().nth(m).unwrap_or(0.0) } else { 0.0 };
        let count = m as f64;
        // Probability-weighted moments (Hosking and Wallis 1987); the highest comes first.
        let (mut sum, mut weighted) = (0.0, 0.0);
        for (ix, score) in others().take(m).enumerate() {
            sum += score - over;
            weighted += (score - over) * (ix as f64 + 0.35) / count;
        }
        let (mean, moment) = if m > 0 { (sum / count, weighted / count) } else { (0.0, 0.0) };
        let fitted = if m >= 5 && moment > 0.0 && mean > 2.0 * moment { 2.0 - mean / (mean - 2.0 * moment) } else { 0.0 };
        let shape = (count * fitted / (count + EXPONENTIAL) + HEAVIER).clamp(0.0, HEAVIEST);
        let scale = (sum + PRIOR) / (count + PRIOR) * (1.0 - shape);
        Tail { over, share: (count.max(1.0) / steps as f64).min(1.0), scale, shape }
    }
}

impl Tail {
    /// Chance that the next pause scores this much.
    #[must_use]
    pub fn p(&self, score: f64) -> f64 {
        if score <= self.over {
            return 1.0;
        }
        let x = (score - self.over) / self.scale;
        self.share * if self.shape > 1e-6 { pow(1.0 + self.shape * x, -1.0 / self.shape) } else { exp(-x) }
    }

    /// Score of which the chance is this.
    #[must_use]
    pub fn needed(&self, p: f64) -> f64 {
        let rarer = (self.share / p).max(1.0);
        self.over + self.scale * if self.shape > 1e-6 { (pow(rarer, self.shape) - 1.0) / self.shape } else { ln(rarer) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_of_the_needed_score_is_the_one_asked_for() {
        let scores: Vec<f64> = (1..80).map(|n| -ln(f64::from(n) / 80.0) * 1.5).collect();
        let tail = Pauses::new(scores, 300).tail(None);
        for p in [1e-2, 1e-3, 1e-4, 1e-6] {
            assert!((tail.p(tail.needed(p)) / p - 1.0).abs() < 1e-6, "{tail:?}");
        }
        assert!(tail.needed(1e-4) > 9.0, "never lighter than the model of counts: {tail:?}");
    }

    #[test]
    fn a_heavy_tail_needs_a_longer_silence_and_a_loss_does_not_hide_itself() {
        let light: Vec<f64> = (1..100).map(|n| -ln(f64::from(n) / 100.0)).collect();
        let heavy: Vec<f64> = (1..100).map(|n| pow(f64::from(n) / 100.0, -0.6)).collect();
        let needed = |scores: &[f64]| Pauses::new(scores.to_vec(), 300).tail(None).needed(1e-4);
        assert!(needed(&heavy) > 1.5 * needed(&light));
        let lost = [light.clone(), vec![30.0]].concat();
        let with = Pauses::new(lost, 301).tail(Some(30.0));
        assert!((with.needed(1e-4) - needed(&light)).abs() < 1e-9);
    }

    #[test]
    fn without_pauses_the_prior_speaks() {
        let tail = Pauses::new(Vec::new(), 400).tail(None);
        assert!(tail.needed(1e-4) > 1.0 && tail.p(40.0) < 1e-8, "{tail:?}");
    }
}
