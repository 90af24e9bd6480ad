//! A logistic function through cases of which the truth is known: the weights of the confidence of silences are made here, and written into the
//! source of the audit as they are printed.

use crate::math::exp;

/// Most sweeps over the weights, and the step below which they have arrived: far below the digits printed.
const SWEEPS: usize = 4000;
const ARRIVED: f64 = 1e-7;
/// Pull of each weight towards 0, in cases: signs that say nothing get no weight.
const RIDGE: f64 = 1.0;

/// Weights of the signs, the constant last, by one Newton step for each weight after another.
#[must_use]
pub fn logistic<const N: usize>(cases: &[([f64; N], bool)]) -> Vec<f64> {
    let rows: Vec<Vec<f64>> = cases.iter().map(|(signs, _)| signs.iter().copied().chain([1.0]).collect()).collect();
    let mut weights = vec![0.0; N + 1];
    let mut sums = vec![0.0; rows.len()];
    for _ in 0..SWEEPS {
        let mut longest: f64 = 0.0;
        for (ix, weight) in weights.iter_mut().enumerate() {
            let ridge = if ix < N { RIDGE } else { 0.0 };
            let (mut slope, mut bend) = (-ridge * *weight, ridge);
            for ((row, sum), (_, truth)) in rows.iter().zip(&sums).zip(cases) {
                let x = row.get(ix).copied().unwrap_or(0.0);
                let p = chance(*sum);
                slope += (f64::from(u8::from(*truth)) - p) * x;
                bend += p * (1.0 - p) * x * x;
            }
            if bend > 0.0 {
                let step = slope / bend;
                *weight += step;
                longest = longest.max(step.abs());
                for (row, sum) in rows.iter().zip(&mut sums) {
                    *sum += step * row.get(ix).copied().unwrap_or(0.0);
                }
            }
        }
        if longest < ARRIVED {
            break;
        }
    }
    weights
}

/// The logistic function.
#[must_use]
pub fn chance(sum: f64) -> f64 {
    1.0 / (1.0 + exp(-sum))
}

/// Mean squared error of the chances these weights give.
#[must_use]
pub fn brier<const N: usize>(cases: &[([f64; N], bool)], weights: &[f64]) -> f64 {
    let of = |signs: &[f64; N]| chance(weights.iter().zip(signs.iter().chain([&1.0])).map(|(w, s)| w * s).sum());
    cases.iter().map(|(signs, truth)| (of(signs) - f64::from(u8::from(*truth))).powi(2)).sum::<f64>() / cases.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::random::Random;

    #[test]
    fn weights_that_made_the_cases_are_found_again() {
        let (mut cases, mut random) = (Vec::new(), Random::new(7));
        for a in -10..=10 {
            for b in -10..=10 {
                let signs = [f64::from(a) / 5.0, f64::from(b) / 5.0];
                let p = chance(2.0 * signs[0] - signs[1] + 0.5);
                cases.extend((0..50).map(|_| (signs, random.chance(p))));
            }
        }
        let weights = logistic(&cases[..]);
        for (got, wanted) in weights.iter().zip([2.0, -1.0, 0.5]) {
            assert!((got - wanted).abs() < 0.1, "{weights:?}");
        }
        assert!(brier(&cases, &weights) < brier(&cases, &[0.0, 0.0, 0.0]));
    }
}
