//! Instants as Microsoft's services write them: `2021-05-25T20:12:14.864Z`, `2025-08-14T17:26:09.203+00:00`, with 0 to 7 digits of a second.

use crate::time::{self, MINUTE};

/// Microseconds UTC. Without a zone the time is UTC, as these services mean it.
#[must_use]
pub fn instant(raw: &[u8]) -> Option<i64> {
    let (head, rest) = raw.split_first_chunk::<16>()?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T' | b't' | b' ', h0, h1, b':', n0, n1] = *head else { return None };
    let number = |digits: &[u8]| digits.iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')));
    let (second, rest) = match rest {
        [b':', s0, s1, rest @ ..] => (number(&[*s0, *s1])?, rest),
        _ => (0, rest),
    };
    let (micros, rest) = fraction(rest);
    let year = i32::try_from(number(&[y0, y1, y2, y3])?).ok()?;
    let written = time::civil_micros(year, number(&[m0, m1])?, number(&[d0, d1])?, number(&[h0, h1])?, number(&[n0, n1])?, second)?;
    let offset = match *rest {
        [] | [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h0, h1, ref minutes @ ..] => {
            let minutes = match *minutes {
                [b':', m0, m1] | [m0, m1] => number(&[m0, m1])?,
                [] => 0,
                _ => return None,
            };
            let all = i64::from(number(&[h0, h1])? * 60 + minutes) * MINUTE;
            if sign == b'-' { -all } else { all }
        }
        _ => return None,
    };
    Some(written + micros - offset)
}

/// `.864` as microseconds, and what follows.
fn fraction(raw: &[u8]) -> (i64, &[u8]) {
    let Some(digits) = raw.strip_prefix(b".") else { return (0, raw) };
    let n = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    let (digits, rest) = digits.split_at_checked(n).unwrap_or((digits, b""));
    let micros = (0..6).fold(0, |m, ix| m * 10 + digits.get(ix).map_or(0, |b| i64::from(b - b'0')));
    (micros, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_exact_and_in_utc() {
        let at = time::civil_micros(2021, 5, 25, 20, 12, 14).unwrap();
        for (text, more) in [
            ("2021-05-25T20:12:14Z", 0),
            ("2021-05-25T20:12:14.864Z", 864_000),
            ("2021-05-25T20:12:14.8641239+00:00", 864_123),
            ("2021-05-25T22:12:14.5+02:00", 500_000),
            ("2021-05-25T14:42:14-0530", 0),
            ("2021-05-25T20:12:14.", 0),
        ] {
            assert_eq!(instant(text.as_bytes()), Some(at + more), "{text}");
        }
        assert_eq!(instant(b"2021-05-25T20:12"), Some(at - 14 * time::SECOND));
        for bad in ["", "2021-05-25", "2021-02-30T00:00:00Z", "2021-05-25T20:12:14 PST", "2021-05-25T25:12:14Z", "x021-05-25T20:12:14Z"] {
            assert_eq!(instant(bad.as_bytes()), None, "{bad}");
        }
    }
}
