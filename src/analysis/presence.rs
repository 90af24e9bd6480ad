//! Whether a person was at work on a day, by what they wrote on other channels: a chain of two states, at work or away, that changes seldom.
//! A day without a word between two days of writing is most likely a day at work; a single word in two silent weeks is most likely one from a
//! person on leave.

use super::silence::{day_score, overdispersion};
use crate::math::{exp, exp_m1, ln};

/// Chance to go away on a day, and to come back.
const LEAVES: f64 = 0.012;
const RETURNS: f64 = 0.12;
/// Share of the time people are at work, before anything is known.
const AT_WORK: f64 = 0.92;
/// Chance that somebody who is away writes on a channel all the same.
const CHATTER: f64 = 0.07;
/// Days to each side from which the usual number of messages is taken.
const AROUND: usize = 40;
/// Most that one day may say on either side, as a logarithm.
const MOST: f64 = 30.0;

/// What the messages a person wrote on one channel, day by day, say: ln of the chance of each at work to that away. Nothing before the first
/// and after the last of them.
#[must_use]
pub fn evidence(written: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; written.len()];
    let (Some(first), Some(last)) = (written.iter().position(|y| *y > 0.0), written.iter().rposition(|y| *y > 0.0)) else { return out };
    let inside = written.get(first..=last).unwrap_or_default();
    let mut sums = Vec::with_capacity(inside.len() + 1);
    sums.push(0.0);
    let mut sum = 0.0;
    for y in inside {
        sum += y;
        sums.push(sum);
    }
    let n = inside.len() as f64;
    let mean = sum / n;
    let variance = inside.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    let k = overdispersion(mean, variance);
    let until = |ix: usize| sums.get(ix).copied().unwrap_or(sum);
    let mut known: (f64, f64) = (f64::NAN, 0.0);
    for ((ix, y), slot) in inside.iter().enumerate().zip(out.iter_mut().skip(first)) {
        let (from, to) = (ix.saturating_sub(AROUND), (ix + AROUND + 1).min(inside.len()));
        let usual = ((until(to) - until(from)) / (to - from) as f64).max(0.02);
        // Seldom another than on the day before.
        if known.0.to_bits() != usual.to_bits() {
            known = (usual, day_score(usual, k));
        }
        // -ln of the chance of no message from somebody at work.
        let none = known.1;
        *slot = if *y <= 0.0 {
            -none - ln(1.0 - CHATTER)
        } else {
            // Beyond the first, messages are taken to follow each other with a fixed chance: the one that gives the usual number, or one half.
            let more = (y - 1.0).min(8.0) as i32;
            let follows = usual / (1.0 + usual);
            let at_work = -exp_m1(-none) * if more > 0 { follows.powi(more).max(0.02) } else { (1.0 - follows).max(0.03) };
            ln(at_work / (CHATTER * 0.5f64.powi(more)))
        };
    }
    out
}

/// Chance of being at work on each day, given the evidence of all days.
#[must_use]
pub fn present(evidence: &[f64]) -> Vec<f64> {
    let chances: Vec<f64> = evidence.iter().map(|e| exp(e.clamp(-MOST, MOST))).collect();
    // Both passes in one loop: each step waits for the one before it, but neither pass for the other.
    let mut forward = Vec::with_capacity(evidence.len());
    let mut backward = Vec::with_capacity(evidence.len());
    let mut now = (AT_WORK, 1.0 - AT_WORK);
    let mut later = (1.0, 1.0);
    for (ix, (chance, last)) in chances.iter().zip(chances.iter().rev()).enumerate() {
        if ix > 0 {
            now = (now.0 * (1.0 - LEAVES) + now.1 * RETURNS, now.0 * LEAVES + now.1 * (1.0 - RETURNS));
        }
        let (x, y) = (now.0 * chance, now.1);
        now = (x / (x + y), y / (x + y));
        forward.push(now);
        backward.push(later);
        let (p, q) = (later.0 * last, later.1);
        let (x, y) = ((1.0 - LEAVES) * p + LEAVES * q, RETURNS * p + (1.0 - RETURNS) * q);
        later = (x / (x + y), y / (x + y));
    }
    forward.iter().zip(backward.iter().rev()).map(|((here, away), later)| here * later.0 / (here * later.0 + away * later.1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_between_days_of_writing_is_a_day_at_work_and_two_silent_weeks_are_none() {
        let mut written = vec![3.0; 100];
        written[40] = 0.0;
        written[60..70].fill(0.0);
        let p = present(&evidence(&written));
        assert!(p[40] > 0.5 && p[30] > 0.99, "{} {}", p[40], p[30]);
        assert!(p[65] < 0.05, "{}", p[65]);
    }

    #[test]
    fn one_word_on_leave_is_no_day_at_work() {
        let mut written = vec![6.0; 100];
        written[50..60].fill(0.0);
        written[55] = 1.0;
        let p = present(&evidence(&written));
        assert!(p[55] < 0.5, "{}", p[55]);
    }

    #[test]
    fn nothing_written_says_nothing() {
        assert!(evidence(&[0.0; 20]).iter().all(|e| *e == 0.0));
        assert!(present(&[0.0; 20]).iter().all(|p| *p > 0.85));
        assert!(present(&[]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn chances_are_chances(written in proptest::collection::vec(0u8..40, 0..200)) {
            let written: Vec<f64> = written.into_iter().map(f64::from).collect();
            assert!(present(&evidence(&written)).iter().all(|p| (0.0..=1.0).contains(p)));
        }
    }
}
