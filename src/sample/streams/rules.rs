//! Rules that people apply by hand to the days of a stream, measured beside the test on the same data. They know weekends and holidays, and
//! nothing of leave, evidence of life or what happens on other channels.

use crate::math::ln;

/// The rules, by name.
pub const RULES: [&str; 4] = [">= 5 silent business days", ">= 10 silent business days", "gap > 10 x median gap", "Poisson zero-run, 1e-4"];

/// Silences that a rule flags, as ranges of indices of business days. Head and tail have a record on one side only and are left out.
#[must_use]
pub fn flagged(rule: usize, counts: &[f64]) -> Vec<(usize, usize)> {
    let runs = runs(counts);
    match rule {
        0 => runs.into_iter().filter(|(a, b)| b - a >= 5).collect(),
        1 => runs.into_iter().filter(|(a, b)| b - a >= 10).collect(),
        2 => {
            // Gaps between days with messages, in business days; next to each other is 1.
            let days: Vec<usize> = counts.iter().enumerate().filter(|(_, c)| **c > 0.0).map(|(ix, _)| ix).collect();
            let mut gaps: Vec<usize> = days.windows(2).filter_map(|w| Some(w.last()? - w.first()?)).collect();
            gaps.sort_unstable();
            let median = gaps.get(gaps.len() / 2).copied().unwrap_or(1);
            runs.into_iter().filter(|(a, b)| b - a + 1 > 10 * median).collect()
        }
        _ => {
            let total: f64 = counts.iter().sum();
            let test = |(a, b): &(usize, usize)| {
                // The run is left out of its own expectation.
                let rate = total / (counts.len() - (b - a)).max(1) as f64;
                rate * (b - a) as f64 > ln(1e4)
            };
            runs.into_iter().filter(test).collect()
        }
    }
}

fn runs(counts: &[f64]) -> Vec<(usize, usize)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < counts.len() {
        let silent = counts.get(at..).unwrap_or_default().iter().take_while(|c| **c <= 0.0).count();
        if silent > 0 && at > 0 && at + silent < counts.len() {
            found.push((at, at + silent));
        }
        at += silent.max(1);
    }
    found
}
