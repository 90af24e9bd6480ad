//! Dates: `May 17, 2022  5:29:42 PM` in text and HTML, ISO 8601 in lines of JSON.

use crate::import::sink::Clock;
use crate::time;

/// A number of at most `most` digits; what comes after.
fn digits(bytes: &[u8], most: usize) -> Option<(u32, &[u8])> {
    let n = bytes.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
    let value = bytes.iter().take(n).fold(0, |v, b| v * 10 + u32::from(b - b'0'));
    (n > 0).then(|| Some((value, bytes.get(n..)?)))?
}

/// A written date at the beginning of a line: microseconds of the wall clock (`None` where there is no such day or hour), and what comes
/// after.
pub fn written(line: &[u8]) -> Option<(Option<i64>, &[u8])> {
    let month = time::MONTHS.iter().position(|m| line.starts_with(m.as_bytes()))?;
    let (day, rest) = digits(line.get(3..)?.strip_prefix(b" ")?, 2)?;
    let (year, rest) = digits(rest.strip_prefix(b", ")?, 4)?;
    let (hour, rest) = digits(rest.strip_prefix(b" ")?.trim_ascii_start(), 2)?;
    let (minute, rest) = digits(rest.strip_prefix(b":")?, 2)?;
    let (second, rest) = digits(rest.strip_prefix(b":")?, 2)?;
    let (noon, rest) = match rest {
        [b' ', b'A', b'M', rest @ ..] => (0, rest),
        [b' ', b'P', b'M', rest @ ..] => (12, rest),
        _ => return None,
    };
    let (month, year) = (u32::try_from(month).ok()? + 1, i32::try_from(year).ok()?);
    let hour = (1..=12).contains(&hour).then_some(hour % 12 + noon);
    Some((hour.and_then(|hour| time::civil_micros(year, month, day, hour, minute, second)), rest))
}

/// `2022-05-17T17:29:42.123-07:00`: UTC where an offset stands behind it.
pub fn iso(text: &[u8]) -> Option<Clock> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
    let (day, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
    let (hour, rest) = digits(rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" "))?, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(b":")?, 2)?;
    let (second, mut rest) = digits(rest.strip_prefix(b":")?, 2)?;
    let mut micros = time::civil_micros(i32::try_from(year).ok()?, month, day, hour, minute, second)?;
    if let Some(fraction) = rest.strip_prefix(b".") {
        let n = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        let mut unit = 100_000;
        for b in fraction.iter().take(n.min(6)) {
            micros += i64::from(b - b'0') * unit;
            unit /= 10;
        }
        rest = fraction.get(n..)?;
    }
    let sign = match rest {
        [] => return Some(Clock::Written(micros)),
        [b'Z' | b'z'] => return Some(Clock::Utc(micros)),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    let (hours, rest) = digits(rest.get(1..)?, 2)?;
    let (minutes, _) = digits(rest.strip_prefix(b":").unwrap_or(rest), 2)?;
    Some(Clock::Utc(micros - sign * (i64::from(hours) * 60 + i64::from(minutes)) * time::MINUTE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_both_ways() {
        let at = |h, m, s| time::civil_micros(2022, 5, 17, h, m, s).unwrap();
        assert_eq!(written(b"May 17, 2022  5:29:42 PM (Read by you)"), Some((Some(at(17, 29, 42)), &b" (Read by you)"[..])));
        assert_eq!(written(b"May 17, 2022 12:00:00 AM"), Some((Some(at(0, 0, 0)), &b""[..])));
        for impossible in ["May 32, 2022  5:29:42 PM", "May 17, 2022 13:29:42 PM"] {
            assert_eq!(written(impossible.as_bytes()), Some((None, &b""[..])), "{impossible}");
        }
        for bad in ["Mai 17, 2022  5:29:42 PM", "May 17, 2022  5:29 PM", "May"] {
            assert_eq!(written(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(iso(b"2022-05-17T17:29:42-07:00"), Some(Clock::Utc(at(24 - 1, 29, 42) + 3600 * time::SECOND)));
        assert_eq!(iso(b"2022-05-17T17:29:42.5Z"), Some(Clock::Utc(at(17, 29, 42) + 500_000)));
        assert_eq!(iso(b"2022-05-17T17:29:42"), Some(Clock::Written(at(17, 29, 42))));
        assert_eq!(iso(b"yesterday"), None);
    }
}
