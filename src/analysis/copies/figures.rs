//! What two copies say about each other and about the whole: shares with their intervals, and how many messages there were.

/// Two-sided 95 %.
const Z: f64 = 1.959_964;

/// Share `x` of `n` with Wilson's interval: low, middle, high. `None` when there is nothing to count.
#[must_use]
pub fn wilson(x: u64, n: u64) -> Option<(f64, f64, f64)> {
    if n == 0 {
        return None;
    }
    let (n, p) = (n as f64, x.min(n) as f64 / n as f64);
    let (z2, scale) = (Z * Z / n, 1.0 + Z * Z / n);
    let (centre, half) = ((p + z2 / 2.0) / scale, Z * (p * (1.0 - p) / n + z2 / (4.0 * n)).sqrt() / scale);
    Some(((centre - half).max(0.0), p, (centre + half).min(1.0)))
}

/// How many messages there were, from two copies of `n1` and `n2` that share `m` (Chapman 1951), with a 95 % interval. Holds for losses
/// that do not depend on each other: what both sides deleted shows nowhere.
#[must_use]
pub fn chapman(n1: u64, n2: u64, m: u64) -> (f64, f64, f64) {
    let seen = (n1 + n2).saturating_sub(m) as f64;
    let (a, b, m) = (n1 as f64, n2 as f64, m.min(n1).min(n2) as f64);
    let total = (a + 1.0) * (b + 1.0) / (m + 1.0) - 1.0;
    let variance = (a + 1.0) * (b + 1.0) * (a - m) * (b - m) / ((m + 1.0) * (m + 1.0) * (m + 2.0));
    let half = Z * variance.max(0.0).sqrt();
    ((total - half).max(seen), total.max(seen), (total + half).max(seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_the_interval_of_the_books() {
        // Newcombe 1998, table I: 81 of 263 and 0 of 20.
        let (low, p, high) = wilson(81, 263).unwrap();
        assert!((low - 0.2553).abs() < 5e-5 && (p - 0.308).abs() < 1e-3 && (high - 0.3662).abs() < 5e-5, "{low} {high}");
        let (low, _, high) = wilson(0, 20).unwrap();
        assert!(low.abs() < 1e-9 && (high - 0.1611).abs() < 5e-5);
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn two_whole_copies_hold_all_there_was() {
        assert_eq!(chapman(40, 40, 40), (40.0, 40.0, 40.0));
        let (low, total, high) = chapman(200, 180, 150);
        assert!((total - 239.9).abs() < 0.1 && low >= 230.0 && high > total);
    }
}
