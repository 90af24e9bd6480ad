//! Dates of mail headers: RFC 5322, its obsolete forms, and what mailers write instead (two-digit years, `asctime`, ISO 8601).

use crate::time::{MINUTE, civil_micros};

const MONTHS: [&[u8; 3]; 12] = [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

/// Month 1-12 from an English name or its beginning.
#[must_use]
pub fn month(word: &[u8]) -> Option<u32> {
    let head = word.get(..3)?;
    let ix = MONTHS.iter().position(|m| m.eq_ignore_ascii_case(head))?;
    u32::try_from(ix + 1).ok()
}

/// Microseconds UTC of a written date. `None` when day, month, year or time of day cannot be read. `-0000` and unknown zone
/// names count as UTC (RFC 5322, 4.3).
#[must_use]
pub fn parse(value: &[u8]) -> Option<i64> {
    let mut parts = Parts::default();
    let mut depth = 0u32;
    let mut start = None;
    let value = value.get(..value.len().min(500)).unwrap_or_default();
    for (i, b) in value.iter().enumerate() {
        let border = match b {
            b'(' => {
                depth += 1;
                true
            }
            b')' => {
                depth = depth.saturating_sub(1);
                true
            }
            _ => depth > 0 || b.is_ascii_whitespace() || *b == b',',
        };
        match (border, start) {
            (false, None) => start = Some(i),
            (true, Some(s)) => {
                parts.token(value.get(s..i).unwrap_or_default());
                start = None;
            }
            _ => {}
        }
    }
    if let Some(s) = start {
        parts.token(value.get(s..).unwrap_or_default());
    }
    parts.micros()
}

#[derive(Default)]
struct Parts {
    day: Option<u32>,
    month: Option<u32>,
    year: Option<i32>,
    time: Option<(u32, u32, u32)>,
    zone: Option<i64>,
    pm: Option<bool>,
}

impl Parts {
    fn token(&mut self, token: &[u8]) {
        match token.first() {
            Some(b'+' | b'-') if self.time.is_some() => self.zone = self.zone.or_else(|| offset(token)),
            Some(b'0'..=b'9') => self.number(token),
            Some(b) if b.is_ascii_alphabetic() => self.name(token),
            _ => {}
        }
    }

    fn name(&mut self, token: &[u8]) {
        if self.time.is_none() || self.month.is_none() {
            if let Some(m) = month(token) {
                self.month.get_or_insert(m);
            }
            return;
        }
        if token.eq_ignore_ascii_case(b"am") || token.eq_ignore_ascii_case(b"pm") {
            self.pm = Some(token.eq_ignore_ascii_case(b"pm"));
            return;
        }
        // `GMT+0100` is written by some mailers.
        let sign = token.iter().position(|b| matches!(b, b'+' | b'-'));
        let (name, rest) = token.split_at_checked(sign.unwrap_or(token.len())).unwrap_or((token, b""));
        if self.zone.is_none() {
            self.zone = offset(rest).or_else(|| zone(name));
        }
    }

    fn number(&mut self, token: &[u8]) {
        if token.contains(&b':') {
            return self.clock(token);
        }
        if let [y @ .., b'-', m1, m2, b'-', d1, d2] = token.get(..10).unwrap_or(token)
            && y.len() == 4
        {
            self.year = digits(y).and_then(|y| i32::try_from(y).ok());
            (self.month, self.day) = (digits(&[*m1, *m2]), digits(&[*d1, *d2]));
            return;
        }
        if token.contains(&b'-') {
            // `01-Jun-2009`
            for piece in token.split(|b| *b == b'-') {
                self.token(piece);
            }
            return;
        }
        let Some(n) = digits(token) else { return };
        if self.day.is_none() && token.len() <= 2 {
            self.day = Some(n);
        } else if self.year.is_none() {
            let year = i32::try_from(n).unwrap_or(i32::MAX);
            self.year = Some(match token.len() {
                2 if year < 50 => year + 2000,
                2 | 3 => year + 1900,
                _ => year,
            });
        }
    }

    fn clock(&mut self, token: &[u8]) {
        let (date, clock) = match token.iter().position(|b| *b == b'T') {
            Some(t) => (token.get(..t).unwrap_or_default(), token.get(t + 1..).unwrap_or_default()),
            None => (&b""[..], token),
        };
        if !date.is_empty() {
            self.number(date);
        }
        let end = clock.iter().position(|b| !matches!(b, b'0'..=b'9' | b':')).unwrap_or(clock.len());
        let (clock, tail) = clock.split_at_checked(end).unwrap_or((clock, b""));
        let mut units = clock.split(|b| *b == b':').map(digits);
        let (Some(Some(h)), Some(Some(m))) = (units.next(), units.next()) else { return };
        let s = units.next().flatten().unwrap_or(0);
        if self.time.is_none() {
            self.time = Some((h, m, s));
            let tail = tail.iter().position(|b| matches!(b, b'+' | b'-' | b'Z')).and_then(|i| tail.get(i..)).unwrap_or_default();
            self.zone = self.zone.or_else(|| if tail == b"Z" { Some(0) } else { offset(tail) });
        }
    }

    fn micros(&self) -> Option<i64> {
        let (mut h, m, s) = self.time?;
        match self.pm {
            Some(true) if h < 12 => h += 12,
            Some(false) if h == 12 => h = 0,
            _ => {}
        }
        let wall = civil_micros(self.year?, self.month?, self.day?, h, m, s)?;
        Some(wall - self.zone.unwrap_or(0) * MINUTE)
    }
}

/// Minutes east of UTC of `+0130` or `+01:30`.
fn offset(token: &[u8]) -> Option<i64> {
    let (sign, rest) = token.split_first()?;
    let sign = match sign {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (h, m) = match rest {
        [a, b, b':', c, d, ..] | [a, b, c, d, ..] => (digits(&[*a, *b])?, digits(&[*c, *d])?),
        [a, b] => (digits(&[*a, *b])?, 0),
        _ => return None,
    };
    (h <= 14 && m < 60).then(|| sign * i64::from(h * 60 + m))
}

/// Minutes east of UTC of the names RFC 5322 lists; other names count as UTC.
fn zone(name: &[u8]) -> Option<i64> {
    const ZONES: &[(&[u8], i64)] =
        &[(b"est", -300), (b"edt", -240), (b"cst", -360), (b"cdt", -300), (b"mst", -420), (b"mdt", -360), (b"pst", -480), (b"pdt", -420)];
    if name.is_empty() {
        return None;
    }
    Some(ZONES.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or(0, |(_, m)| *m))
}

fn digits(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 6 {
        return None;
    }
    text.iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::rfc3339;

    fn read(text: &str) -> String {
        parse(text.as_bytes()).map_or("-".to_owned(), |t| rfc3339(t, true))
    }

    #[test]
    fn dates_of_the_specification_and_of_real_mailers() {
        for (text, want) in [
            ("Tue, 30 Aug 2016 16:27:31 -0400", "2016-08-30T20:27:31Z"),
            ("1 Jun 2009 04:28:28 -0000", "2009-06-01T04:28:28Z"),
            ("Mon,  9 Jun 2008 12:24:02 -0700 (PDT)", "2008-06-09T19:24:02Z"),
            ("Fri, 21 Nov 97 09:55:06 EST", "1997-11-21T14:55:06Z"),
            ("Mon Jun  1 04:28:28 2009", "2009-06-01T04:28:28Z"),
            ("Mon, 30 Jun 3609 15:33:50 +0600", "3609-06-30T09:33:50Z"),
            ("2024-02-29T23:30:00+01:00", "2024-02-29T22:30:00Z"),
            ("2024-02-29 23:30:00 +0530", "2024-02-29T18:00:00Z"),
            ("Thu, 01-Jan-2015 10:00 PM GMT", "2015-01-01T22:00:00Z"),
            ("Thu, 1 Jan 2015 10:00:00 GMT+0100", "2015-01-01T09:00:00Z"),
            ("Thu, 1 Jan 2015 10:00:00 CEST", "2015-01-01T10:00:00Z"),
            ("Pn, 29 paX 2007 21:13:00 +0100", "-"),
            ("<HR>", "-"),
            ("date", "-"),
            ("Tue, 31 Feb 2016 16:27:31 -0400", "-"),
            ("", "-"),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_harmless(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn written_dates_are_read_back(t in crate::time::EARLIEST / 1_000_000..crate::time::LATEST / 1_000_000, quarter in -48i64..57) {
            let wall = t + quarter * 900;
            let day = i32::try_from(wall.div_euclid(86_400)).unwrap();
            let (y, m, d) = crate::time::civil(day);
            let s = wall.rem_euclid(86_400);
            let month = std::str::from_utf8(MONTHS[m as usize - 1]).unwrap();
            let sign = if quarter < 0 { '-' } else { '+' };
            let o = quarter.abs() * 15;
            let text = format!("Mon, {d} {month} {y} {:02}:{:02}:{:02} {sign}{:02}{:02}", s / 3600, s / 60 % 60, s % 60, o / 60, o % 60);
            assert_eq!(parse(text.as_bytes()), Some(t * 1_000_000), "{}", text);
        }
    }
}
