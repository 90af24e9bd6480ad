//! Small phrases of documents and views: numbers, shares, periods, places, the words for classes. Sentence case, no accusation.

use crate::model::answer::{ClientHeld, Evidence, Gap};

/// Narrow space that does not break: groups digits, stands before units.
pub const THIN: char = '\u{202f}';

/// A whole number in groups of three from five digits on.
#[must_use]
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * THIN.len_utf8());
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(THIN);
        }
        out.push(digit);
    }
    out
}

/// A number with up to four decimals, `12.5`. The library's own output of such numbers brings large tables into the page.
#[must_use]
pub fn fixed(value: f64, decimals: usize) -> String {
    let unit = [1_u64, 10, 100, 1_000, 10_000].get(decimals).copied().unwrap_or(1);
    let parts = (value.abs() * unit as f64).round_ties_even() as u64;
    let sign = if value < 0.0 && parts > 0 { "-" } else { "" };
    let whole = parts / unit;
    if unit == 1 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{:0decimals$}", parts % unit) }
}

/// A share as whole per cent without the sign. Never rounds up to 100 or down to 0 what is neither.
#[must_use]
pub fn per_cent(share: f64) -> String {
    let value = share * 100.0;
    if value > 0.0 && value < 0.5 {
        "<1".to_owned()
    } else if value < 100.0 && value > 99.0 {
        "99".to_owned()
    } else {
        fixed(value.clamp(0.0, 100.0), 0)
    }
}

/// A share in tenths of a per cent without the sign, `91.4`. What is less than all never becomes 100, what is more than nothing never 0.
#[must_use]
pub fn tenths(share: f64) -> String {
    let value = (share * 1000.0).round();
    let value = if share < 1.0 && value >= 1000.0 {
        999
    } else if share > 0.0 && value <= 0.0 {
        1
    } else {
        value.clamp(0.0, 1000.0) as u64
    };
    if value.is_multiple_of(10) { format!("{}", value / 10) } else { format!("{}.{}", value / 10, value % 10) }
}

/// A share with its sign, `42 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{}{THIN}%", per_cent(share))
}

/// A ratio of counts; `None` when nothing was to be counted.
#[must_use]
pub fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// `1 gap`, `63 gaps`.
#[must_use]
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// `2026-03-03 to 2026-03-18`, one day as one day, an open end in words.
#[must_use]
pub fn period(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => from.to_owned(),
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("up to {to}"),
        (None, None) => "no date".to_owned(),
    }
}

/// Where evidence lies: `chat.txt, line 48207`.
#[must_use]
pub fn place(evidence: &Evidence) -> String {
    let mut out = evidence.source.clone();
    if let Some(entry) = evidence.entry.as_deref().filter(|entry| !entry.is_empty() && !evidence.source.ends_with(entry)) {
        out.push_str(", ");
        out.push_str(entry);
    }
    if let Some(position) = position(evidence) {
        out.push_str(", ");
        out.push_str(&position);
    }
    out
}

/// Line, or byte where there are no lines. Not grouped: it is looked up in an editor.
#[must_use]
pub fn position(evidence: &Evidence) -> Option<String> {
    evidence.line.map(|line| format!("line {line}")).or_else(|| evidence.byte.map(|byte| format!("byte {byte}")))
}

/// The word for a gap class.
#[must_use]
pub fn class_word(class: &str) -> &'static str {
    match class {
        "A" => "Missing",
        "B" => "Unexplained silence",
        "C" => "Not covered",
        _ => "Cannot be tested",
    }
}

/// What shows a gap, by its kind: for a gap without a reason, and for those who may not read reasons.
#[must_use]
pub fn gap_kind(kind: &str) -> String {
    crate::model::kind::words(kind).map_or_else(|| kind_word(kind), str::to_owned)
}

/// A slug in sentence case: `line_break` as `Line break`.
#[must_use]
pub fn kind_word(kind: &str) -> String {
    let mut out = kind.replace('_', " ");
    if let Some(first) = out.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    out
}

/// Severity in sentence case.
#[must_use]
pub fn severity_word(severity: &str) -> &'static str {
    match severity {
        "high" => "High",
        "medium" => "Medium",
        "low" => "Low",
        _ => "For information",
    }
}

/// Estimate as `64` and `41 to 96`; the range is empty when the number was counted, not estimated. `None` when nothing is known.
#[must_use]
pub fn estimate(gap: &Gap) -> Option<(String, String)> {
    gap.estimate.as_ref().map(|e| {
        let whole = |value: f64| grouped(value.round().max(0.0) as u64);
        let (low, high) = (whole(e.low), whole(e.high));
        (whole(e.mid), if low == high { String::new() } else { format!("{low} to {high}") })
    })
}

/// Who else at the firm is in contact with a client. Where the leaver has not written for long either, nobody is.
#[must_use]
pub fn others(client: &ClientHeld) -> String {
    match (client.others, client.sole_contact) {
        (0, true) => "no one else".to_owned(),
        (0, false) => "no one in 90 days".to_owned(),
        (n, _) => count(n, "other", "others"),
    }
}

/// A time for reading: `2026-03-02 18:41`.
#[must_use]
pub fn minute(time: &str) -> String {
    let (day, clock) = time.split_once(['T', ' ']).unwrap_or((time, ""));
    let clock = clock.get(..5).unwrap_or("");
    if clock.is_empty() { day.to_owned() } else { format!("{day} {clock}") }
}

/// `in 9 days`, `today`, `61 days ago`.
#[must_use]
pub fn days_from_now(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "in 1 day".to_owned(),
        -1 => "1 day ago".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", days.unsigned_abs()),
    }
}

/// A size in the largest unit that leaves at least one, in steps of 1000 as file managers show it: `61.2 kB`. The only way sizes are
/// written, in documents and in the page.
#[must_use]
pub fn size(bytes: u64) -> String {
    if bytes < 1000 {
        return format!("{bytes}{THIN}B");
    }
    let mut value = bytes as f64 / 1000.0;
    for unit in ["kB", "MB"] {
        // What would be rounded to 1000.0 is one of the next unit.
        if value < 999.95 {
            return format!("{}{THIN}{unit}", fixed(value, 1));
        }
        value /= 1000.0;
    }
    format!("{}{THIN}GB", fixed(value, 1))
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_from_five_digits() {
        assert_eq!([grouped(0), grouped(9_999), grouped(40_054), grouped(1_234_567)], ["0", "9999", "40\u{202f}054", "1\u{202f}234\u{202f}567"]);
    }

    #[test]
    fn a_share_that_is_not_whole_never_reads_as_whole() {
        assert_eq!([per_cent(1.0), per_cent(0.999), per_cent(0.0), per_cent(0.001), per_cent(0.42)], ["100", "99", "0", "<1", "42"]);
        assert_eq!(ratio(0, 0), None);
        assert_eq!([tenths(1.0), tenths(0.9999), tenths(0.0001), tenths(0.0), tenths(0.9345)], ["100", "99.9", "0.1", "0", "93.5"]);
    }

    #[test]
    fn places_tell_file_member_and_line() {
        let mut evidence = Evidence { source: "box.zip!chat.txt".to_owned(), line: Some(48_207), entry: Some("chat.txt".to_owned()), ..Evidence::default() };
        assert_eq!(place(&evidence), "box.zip!chat.txt, line 48207");
        evidence.line = None;
        evidence.byte = Some(7);
        evidence.entry = Some("other.txt".to_owned());
        assert_eq!(place(&evidence), "box.zip!chat.txt, other.txt, byte 7");
    }

    #[test]
    fn times_and_periods_read_short() {
        assert_eq!(minute("2026-03-02T18:41:07+01:00"), "2026-03-02 18:41");
        assert_eq!(minute("2026-03-02"), "2026-03-02");
        assert_eq!(period(Some("2026-03-02"), Some("2026-03-02")), "2026-03-02");
        assert_eq!([days_from_now(9), days_from_now(-1), days_from_now(0)], ["in 9 days", "1 day ago", "today"]);
        assert_eq!(listed(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
        let sizes = [0, 999, 1_000, 61_204, 999_949, 999_950, 999_999_999, 5_000_000_000].map(size);
        let shown = ["0 B", "999 B", "1.0 kB", "61.2 kB", "999.9 kB", "1.0 MB", "1.0 GB", "5.0 GB"].map(|s| s.replace(' ', "\u{202f}"));
        assert_eq!(sizes, shown);
    }
}
