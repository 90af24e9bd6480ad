//! Chances: the few formulas that several tests share.

use crate::math::{exp, ln};

/// What a false discovery rate means: how many of the findings that stand out as much are chance.
#[must_use]
pub fn rate_words(q: f64) -> String {
    if q < 1e-4 {
        return "fewer than 1 in 10000 is expected to be chance (false discovery rate q below 0.0001)".to_owned();
    }
    format!("about 1 in {:.0} is expected to be chance (false discovery rate q = {q:.4})", (1.0 / q.min(1.0)).round())
}

/// Chance of `x` or more of `n` at the share `p`.
#[must_use]
pub fn binomial_tail(x: u64, n: u64, p: f64) -> f64 {
    if x == 0 {
        return 1.0;
    }
    let p = p.clamp(1e-12, 1.0 - 1e-12);
    let (odds, mut log) = (ln(p / (1.0 - p)), n as f64 * ln(1.0 - p));
    let mut sum = 0.0;
    for i in 0..=n {
        if i >= x {
            sum += exp(log);
        }
        log += ln((n - i) as f64) - ln((i + 1) as f64) + odds;
    }
    sum.clamp(0.0, 1.0)
}

/// A product of chances, with what of it would be too small to hold as a sum of logarithms.
#[derive(Debug)]
pub struct Product {
    held: f64,
    score: f64,
}

impl Default for Product {
    fn default() -> Self {
        Self { held: 1.0, score: 0.0 }
    }
}

impl Product {
    /// Multiplies by a chance.
    pub fn times(&mut self, chance: f64) {
        self.held *= chance;
        if self.held < 1e-200 {
            self.score -= ln(self.held.max(f64::MIN_POSITIVE));
            self.held = 1.0;
        }
    }

    /// -ln of it.
    #[must_use]
    pub fn score(&self) -> f64 {
        self.score - ln(self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_said_as_one_in_so_many() {
        assert!(rate_words(1e-7).starts_with("fewer than 1 in 10000 "));
        assert!(rate_words(0.0125).starts_with("about 1 in 80 ") && rate_words(0.0125).ends_with("q = 0.0125)"));
    }

    #[test]
    fn the_tail_of_the_binomial_is_right() {
        assert!((binomial_tail(1, 1, 0.25) - 0.25).abs() < 1e-12);
        assert!((binomial_tail(2, 3, 0.5) - 0.5).abs() < 1e-12);
        assert!((binomial_tail(0, 9, 0.1) - 1.0).abs() < 1e-12);
        assert!(binomial_tail(10, 10, 0.01) < 1e-19);
    }

    #[test]
    fn a_product_of_ten_thousand_chances_is_the_sum_of_their_logarithms() {
        let mut product = Product::default();
        for _ in 0..10_000 {
            product.times(0.3);
        }
        assert!((product.score() / 10_000.0 + ln(0.3f64)).abs() < 1e-9);
    }
}
