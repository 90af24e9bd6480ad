//! Chance without a clock: xoshiro256++ seeded by splitmix64 (Blackman and Vigna, public domain), and the few distributions traffic needs.

use crate::math::{exp, ln};

/// A stream of pseudo-random numbers; the same seed gives the same stream on every machine.
#[derive(Debug, Clone)]
pub struct Random {
    state: [u64; 4],
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Random {
    /// A stream from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut s = seed;
        Self { state: [splitmix(&mut s), splitmix(&mut s), splitmix(&mut s), splitmix(&mut s)] }
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let out = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let t = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= t;
        *d = d.rotate_left(45);
        out
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform below `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.up_to(n as u64) as usize
    }

    /// [`Random::below`] in 64 bits: WebAssembly counts `usize` in 32, and an hour has more microseconds.
    fn up_to(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// Uniform in `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low.saturating_add_unsigned(self.up_to(high.saturating_sub(low).saturating_add(1).unsigned_abs()))
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of the words; empty when there are none.
    pub fn word(&mut self, from: &[&'static str]) -> &'static str {
        from.get(self.below(from.len())).copied().unwrap_or_default()
    }

    /// One of the numbers; 0 when there are none.
    pub fn number(&mut self, from: &[f64]) -> f64 {
        from.get(self.below(from.len())).copied().unwrap_or_default()
    }

    /// Standard normal (Marsaglia's polar method).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (self.unit() * 2.0 - 1.0, self.unit() * 2.0 - 1.0);
            let s = x * x + y * y;
            if s > 0.0 && s < 1.0 {
                return x * (-2.0 * ln(s) / s).sqrt();
            }
        }
    }

    /// Exponential with a mean.
    pub fn wait(&mut self, mean: f64) -> f64 {
        -mean * ln(1.0 - self.unit())
    }

    /// Gamma with shape `k` >= 1 and mean 1 (Marsaglia and Tsang): the day's level. Poisson counts at such a level are
    /// negative binomial with dispersion `k`.
    pub fn level(&mut self, k: f64) -> f64 {
        let d = k - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && ln(1.0 - self.unit()) < 0.5 * x * x + d - d * v + d * ln(v) {
                return d * v / k;
            }
        }
    }

    /// Poisson with a mean (Knuth; by normal approximation above 30).
    pub fn poisson(&mut self, mean: f64) -> usize {
        if mean > 30.0 {
            return (mean + mean.sqrt() * self.normal() + 0.5).max(0.0) as usize;
        }
        let limit = exp(-mean);
        let (mut n, mut p) = (0, self.unit());
        while p > limit && n < 200 {
            n += 1;
            p *= self.unit();
        }
        n
    }

    /// Puts a list in random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_depends_on_the_seed_only() {
        let (mut a, mut b, mut c) = (Random::new(7), Random::new(7), Random::new(8));
        let take = |r: &mut Random| (0..5).map(|_| r.bits()).collect::<Vec<_>>();
        assert_eq!(take(&mut a), take(&mut b));
        assert_ne!(take(&mut a), take(&mut c));
    }

    #[test]
    fn levels_have_mean_one_and_the_asked_spread() {
        let mut r = Random::new(1);
        let draws: Vec<f64> = (0..40_000).map(|_| r.level(1.6)).collect();
        let mean = draws.iter().sum::<f64>() / 40_000.0;
        let var = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 40_000.0;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!((var - 1.0 / 1.6).abs() < 0.05, "{var}");
        let counts = (0..20_000).map(|_| r.poisson(2.5)).sum::<usize>() as f64 / 20_000.0;
        assert!((counts - 2.5).abs() < 0.06, "{counts}");
    }
}
