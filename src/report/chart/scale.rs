//! Ticks: round values from zero, first days of months.

use crate::time;

/// Round steps from zero that reach `max`: the values of the ticks, at most `most` of them beside zero.
#[must_use]
pub fn value_ticks(max: f64, most: u32) -> Vec<f64> {
    let max = if max.is_finite() && max > 0.0 { max } else { 1.0 };
    let least = max / f64::from(most.max(1));
    // The largest power of ten that is not above `least`.
    let mut step = 1.0;
    while step > least && step > 1e-300 {
        step /= 10.0;
    }
    while step * 10.0 <= least {
        step *= 10.0;
    }
    for factor in [1.0, 2.0, 5.0, 10.0] {
        if step * factor >= least * (1.0 - 1e-9) {
            step *= factor;
            break;
        }
    }
    let count = (max / step - 1e-9).ceil().max(1.0) as u32;
    (0..=count).map(|i| f64::from(i) * step).collect()
}

/// First days of months within `from..=to`, thinned to at most `most`, each with its label: the year stands on the first tick and
/// wherever it changes.
#[must_use]
pub fn month_ticks(from: i32, to: i32, most: usize) -> Vec<(i32, String)> {
    let (mut year, mut month, day) = time::civil(from);
    if day > 1 {
        (year, month) = next(year, month);
    }
    let mut firsts = Vec::new();
    while let Some(first) = time::day_of(year, month, 1) {
        if first > to || firsts.len() > 1200 {
            break;
        }
        firsts.push((first, year, month));
        (year, month) = next(year, month);
    }
    let every = [1, 2, 3, 4, 6, 12, 24, 60, 120].into_iter().find(|every| firsts.len().div_ceil(*every) <= most.max(1)).unwrap_or(firsts.len().max(1));
    let mut said = None;
    firsts
        .into_iter()
        .step_by(every)
        .map(|(first, year, month)| {
            let label = if said == Some(year) { format!("{month:02}") } else { format!("{year:04}-{month:02}") };
            said = Some(year);
            (first, label)
        })
        .collect()
}

/// Ticks of a stretch of days, as fine as there is room for: first days of months, Mondays, days. At most `most`.
#[must_use]
pub fn day_ticks(from: i32, to: i32, most: usize) -> Vec<(i32, String)> {
    let (length, most) = (to.saturating_sub(from).max(0) as usize + 1, most.max(1));
    if length > 200 || length / 28 >= most {
        return month_ticks(from, to, most);
    }
    let weeks = length > 2 * most;
    let step = if weeks { 7 } else { 1 };
    let first = if weeks { from + (7 - i32::from(time::weekday(from))) % 7 } else { from };
    let all: Vec<i32> = (first..=to).step_by(step).collect();
    let every = all.len().div_ceil(most).max(1);
    let mut said = None;
    all.into_iter()
        .step_by(every)
        .map(|day| {
            let (year, month, date) = time::civil(day);
            let label = match said {
                Some(known) if known == (year, month) && !weeks => {
                    format!("{date:02} {}", time::WEEKDAYS.get(usize::from(time::weekday(day))).copied().unwrap_or_default())
                }
                Some((known, _)) if known == year => format!("{month:02}-{date:02}"),
                _ => time::day_name(day),
            };
            said = Some((year, month));
            (day, label)
        })
        .collect()
}

const fn next(year: i32, month: u32) -> (i32, u32) {
    if month == 12 { (year + 1, 1) } else { (year, month + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn months_name_the_year_where_it_changes() {
        let day = |text| time::parse_day(text).unwrap();
        let ticks = month_ticks(day("2025-10-01"), day("2026-09-30"), 4);
        let labels: Vec<_> = ticks.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(labels, ["2025-10", "2026-01", "04", "07"]);
    }

    proptest! {
        #[test]
        fn ticks_start_at_zero_and_reach_the_value(max in 0.001f64..1e9, most in 2u32..8) {
            let ticks = value_ticks(max, most);
            prop_assert!(ticks[0].abs() < f64::EPSILON);
            prop_assert!(*ticks.last().unwrap() >= max * 0.999_999);
            prop_assert!(ticks.len() <= most as usize + 1, "{ticks:?}");
        }

        #[test]
        fn month_ticks_are_bounded_and_ordered(from in 0i32..40_000, length in 0i32..9_000, most in 1usize..9) {
            let ticks = month_ticks(from, from + length, most);
            prop_assert!(ticks.len() <= most);
            prop_assert!(ticks.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}
