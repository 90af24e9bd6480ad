//! Whether a person was at work on a day, by what they wrote on other channels: a chain of two states, at work or away, that changes seldom.
//! A day without a word between two days of writing is most likely a day at work; a single word in two silent weeks is most likely one from a
//! person on leave.

use super::silence::{day_score, overdispersion};
use crate::math::{exp, exp_m1};

/// Chance to go away on a day, and to come back.
const LEAVES: f64 = 0.012;
const RETURNS: f64 = 0.12;
/// Share of the time people are at work, before anything is known.
const AT_WORK: f64 = 0.92;
/// Chance that somebody who is away writes on a channel all the same.
const CHATTER: f64 = 0.07;
/// Days to each side from which the usual number of messages is taken.
const AROUND: usize = 40;
/// Most that one day may say on either side: e^30.
const MOST: f64 = 1.068_647_458_152_446_3e13;
/// Most that one channel may say: e^50. What a dozen of them say together is still a number.
const MOST_OF_ONE: f64 = 5.184_705_528_587_072e21;

/// What the messages a person wrote on one channel, day by day, say: the chance of each at work by that away. One (nothing) before the first
/// and after the last of them. What several channels say is multiplied.
#[must_use]
pub fn evidence(written: &[f64]) -> Vec<f64> {
    let mut out = vec![1.0; written.len()];
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
    // The usual number, and what a day without a message says at it.
    let mut known: (f64, f64, f64) = (f64::NAN, 0.0, 0.0);
    for ((ix, y), slot) in inside.iter().enumerate().zip(out.iter_mut().skip(first)) {
        let (from, to) = (ix.saturating_sub(AROUND), (ix + AROUND + 1).min(inside.len()));
        let usual = ((until(to) - until(from)) / (to - from) as f64).max(0.02);
        // Seldom another than on the day before.
        if known.0.to_bits() != usual.to_bits() {
            let score = day_score(usual, k);
            known = (usual, (exp(-score) / (1.0 - CHATTER)).max(1.0 / MOST_OF_ONE), score);
        }
        *slot = if *y <= 0.0 {
            known.1
        } else {
            // Beyond the first, messages are taken to follow each other with a fixed chance: the one that gives the usual number, or one half.
            let more = (y - 1.0).min(8.0) as i32;
            let follows = usual / (1.0 + usual);
            let at_work = -exp_m1(-known.2) * if more > 0 { follows.powi(more).max(0.02) } else { (1.0 - follows).max(0.03) };
            at_work / (CHATTER * 0.5f64.powi(more))
        };
    }
    out
}

/// Chance of being at work on each day, given the evidence of all days.
#[must_use]
pub fn present(evidence: impl DoubleEndedIterator<Item = f64> + ExactSizeIterator + Clone) -> Vec<f64> {
    let bounded = evidence.map(|e| e.clamp(1.0 / MOST, MOST));
    // Both passes in one loop: each step waits for the one before it, but neither pass for the other. Chances are kept as odds, at work to away.
    let mut forward = Vec::with_capacity(bounded.len());
    let mut backward = Vec::with_capacity(bounded.len());
    let mut now = AT_WORK / (1.0 - AT_WORK);
    let mut later = 1.0;
    for (ix, (chance, last)) in bounded.clone().zip(bounded.rev()).enumerate() {
        if ix > 0 {
            now = (now * (1.0 - LEAVES) + RETURNS) / (now * LEAVES + (1.0 - RETURNS));
        }
        now *= chance;
        forward.push(now);
        backward.push(later);
        let odds = later * last;
        later = ((1.0 - LEAVES) * odds + LEAVES) / (RETURNS * odds + (1.0 - RETURNS));
    }
    for (now, later) in forward.iter_mut().zip(backward.iter().rev()) {
        let odds = *now * later;
        *now = odds / (odds + 1.0);
    }
    forward
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_between_days_of_writing_is_a_day_at_work_and_two_silent_weeks_are_none() {
        let mut written = vec![3.0; 100];
        written[40] = 0.0;
        written[60..70].fill(0.0);
        let p = present(evidence(&written).into_iter());
        assert!(p[40] > 0.5 && p[30] > 0.99, "{} {}", p[40], p[30]);
        assert!(p[65] < 0.05, "{}", p[65]);
    }

    #[test]
    fn one_word_on_leave_is_no_day_at_work() {
        let mut written = vec![6.0; 100];
        written[50..60].fill(0.0);
        written[55] = 1.0;
        let p = present(evidence(&written).into_iter());
        assert!(p[55] < 0.5, "{}", p[55]);
    }

    #[test]
    fn nothing_written_says_nothing() {
        assert!(evidence(&[0.0; 20]).iter().all(|e| *e == 1.0));
        assert!(present([1.0; 20].into_iter()).iter().all(|p| *p > 0.85));
        assert!(present([].into_iter()).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn chances_are_chances(written in proptest::collection::vec(0u8..40, 0..200)) {
            let written: Vec<f64> = written.into_iter().map(f64::from).collect();
            assert!(present(evidence(&written).into_iter()).iter().all(|p| (0.0..=1.0).contains(p)));
        }
    }
}
