//! Numbers, sizes and names as text.

pub use crate::report::phrase::{THIN, grouped, size};

/// Tenths as text: `914` is `91.4`. Without the machinery of floating point output, which is large.
#[must_use]
pub fn tenths(value: i64) -> String {
    let sign = if value < 0 { "\u{2212}" } else { "" };
    let value = value.unsigned_abs();
    if value.is_multiple_of(10) { format!("{sign}{}", value / 10) } else { format!("{sign}{}.{}", value / 10, value % 10) }
}

/// A share (0 to 1) in tenths of a per cent. What is less than all never becomes 100, what is more than nothing never 0.
#[must_use]
pub fn share_tenths(share: f64) -> i64 {
    let value = (share * 1000.0).round() as i64;
    if share < 1.0 && value >= 1000 {
        999
    } else if share > 0.0 && value <= 0 {
        1
    } else {
        value.clamp(0, 1000)
    }
}

/// `91.4 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{}{THIN}%", crate::report::phrase::tenths(share))
}

/// A share as whole per cent, `43 %`; a trace is `<1 %`, nearly all is `>99 %`.
#[must_use]
pub fn whole(share: f64) -> String {
    let value = (share * 100.0).round() as i64;
    if share > 0.0 && value == 0 {
        format!("<1{THIN}%")
    } else if share < 1.0 && value >= 100 {
        format!(">99{THIN}%")
    } else {
        format!("{}{THIN}%", value.clamp(0, 100))
    }
}

/// Difference of two shares in points: `+6 points`, `−15 points`, `no change`.
#[must_use]
pub fn points(from: f64, to: f64) -> String {
    let value = (to * 100.0).round() as i64 - (from * 100.0).round() as i64;
    match value {
        0 => "no change".to_owned(),
        1 => "+1 point".to_owned(),
        -1 => "\u{2212}1 point".to_owned(),
        v if v > 0 => format!("+{v} points"),
        v => format!("\u{2212}{} points", v.unsigned_abs()),
    }
}

/// Seconds as `about 2 min`, `about 20 s`.
#[must_use]
pub fn clock(seconds: u64) -> String {
    if seconds >= 90 { format!("about {} min", (seconds + 30) / 60) } else { format!("about {} s", seconds.max(1)) }
}

/// A name of at most `limit` characters; the middle gives way, because both ends tell names apart.
#[must_use]
pub fn middle(name: &str, limit: usize) -> String {
    let count = name.chars().count();
    if count <= limit {
        return name.to_owned();
    }
    let head = limit / 2;
    let mut out: String = name.chars().take(head).collect();
    out.push('…');
    out.extend(name.chars().skip(count - (limit - head - 1)));
    out
}

/// The last part of a path.
#[must_use]
pub fn last_part(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}
