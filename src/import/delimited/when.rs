//! Written dates and times of any usual form. The order of day and month is left open where the form does not tell it:
//! the caller decides it over the whole column.

use crate::import::DateOrder;
use crate::time::{DAY, MINUTE, SECOND, day_of};

/// The date part as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Date {
    /// A day that can be read in one way only.
    Day(i32),
    /// Three numbers whose order the form does not tell: `03/04/24`.
    Open(u32, u32, u32),
}

/// A date as written, with its time of day if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Date.
    pub date: Date,
    /// Microseconds since midnight.
    pub of_day: i64,
    /// Whether a time of day is written.
    pub timed: bool,
    /// Offset east of UTC in microseconds, if written.
    pub offset: Option<i64>,
}

impl Written {
    /// The day under an order; `None` if there is no such day.
    pub fn day(&self, order: DateOrder) -> Option<i32> {
        match self.date {
            Date::Day(day) => Some(day),
            Date::Open(a, b, c) => {
                let (d, m, y) = match order {
                    DateOrder::Dmy => (a, b, c),
                    DateOrder::Mdy => (b, a, c),
                    DateOrder::Ymd => (c, b, a),
                };
                day_of(full_year(y), m, d)
            }
        }
    }

    /// Microseconds of the wall clock, or of UTC where an offset is written.
    pub fn micros(&self, order: DateOrder) -> Option<i64> {
        Some(i64::from(self.day(order)?) * DAY + self.of_day - self.offset.unwrap_or(0))
    }
}

fn full_year(y: u32) -> i32 {
    let y = i32::try_from(y).unwrap_or(i32::MAX);
    match y {
        0..=69 => 2000 + y,
        70..=99 => 1900 + y,
        y => y,
    }
}

/// Reads a written date, `None` if it is none. Plain numbers (epochs, serials) are not read here, except `20240131`.
pub fn written(text: &[u8]) -> Option<Written> {
    if let Some(quick) = iso(text) {
        return Some(quick);
    }
    if text.len() > 64 || !text.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let mut at = Cursor(std::str::from_utf8(text).ok()?);
    at.blanks();
    let date = date(&mut at)?;
    let mut out = Written { date, of_day: 0, timed: false, offset: None };
    at.between();
    if !at.0.is_empty() {
        let (of_day, offset) = clock(&mut at)?;
        (out.of_day, out.offset, out.timed) = (of_day, offset, true);
    }
    at.blanks();
    (at.0.is_empty() || at.0.starts_with('(')).then_some(out)
}

/// `2024-01-31T10:00:00.123Z`, `2024-01-31 10:00:00+01:00`, `2024-01-31 10:00`: the form most exports use, without detours.
fn iso(text: &[u8]) -> Option<Written> {
    let two = |at: usize| match (text.get(at), text.get(at + 1)) {
        (Some(a @ b'0'..=b'9'), Some(b @ b'0'..=b'9')) => Some(u32::from(a - b'0') * 10 + u32::from(b - b'0')),
        _ => None,
    };
    let is = |at: usize, c: u8| text.get(at) == Some(&c);
    if !(is(4, b'-') && is(7, b'-') && matches!(text.get(10), Some(b'T' | b' ')) && is(13, b':')) {
        return None;
    }
    let year = i32::try_from(two(0)? * 100 + two(2)?).ok()?;
    let day = day_of(year, two(5)?, two(8)?)?;
    let (h, m) = (two(11)?, two(14)?);
    let mut at = 16;
    let mut s = 0;
    if is(at, b':') {
        s = two(17)?;
        at = 19;
    }
    let mut fraction = 0i64;
    if matches!(text.get(at), Some(b'.' | b',')) {
        at += 1;
        let mut unit = SECOND;
        while let Some(d @ b'0'..=b'9') = text.get(at) {
            unit /= 10;
            fraction += i64::from(d - b'0') * unit;
            at += 1;
        }
    }
    let offset = match text.get(at..)? {
        [] => None,
        [b'Z' | b'z'] | b" UTC" | b" Z" => Some(0),
        [sign @ (b'+' | b'-'), _, _, rest @ ..] => {
            let minutes = match rest {
                [] => 0,
                [_, _] => two(at + 3)?,
                [b':', _, _] => two(at + 4)?,
                _ => return None,
            };
            let east = i64::from(two(at + 1)? * 60 + minutes) * MINUTE;
            Some(if *sign == b'-' { -east } else { east })
        }
        _ => return None,
    };
    let of_day = of_day(h, m, s, fraction)?;
    Some(Written { date: Date::Day(day), of_day, timed: true, offset })
}

fn of_day(h: u32, m: u32, s: u32, fraction: i64) -> Option<i64> {
    (h <= 23 && m <= 59 && s <= 60).then(|| i64::from(h * 3600 + m * 60 + s.min(59)) * SECOND + fraction)
}

struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn skip(&mut self, which: impl FnMut(char) -> bool) {
        self.0 = self.0.trim_start_matches(which);
    }

    fn blanks(&mut self) {
        self.skip(|c| c.is_whitespace() || crate::text::is_format(c));
    }

    /// What may stand between date and time: `, `, `T`, ` at `, ` um `.
    fn between(&mut self) {
        self.blanks();
        self.skip(|c| matches!(c, ',' | ';'));
        if self.0.starts_with('T') {
            self.skip(|c| c == 'T');
        }
        self.blanks();
        for word in ["at ", "um ", "à ", "a las "] {
            if let Some(rest) = self.0.strip_prefix(word) {
                self.0 = rest;
            }
        }
        self.blanks();
    }

    fn take(&mut self, c: impl Fn(char) -> bool) -> bool {
        let mut chars = self.0.chars();
        let hit = chars.next().is_some_and(c);
        if hit {
            self.0 = chars.as_str();
        }
        hit
    }

    fn number(&mut self) -> Option<(u32, usize)> {
        let digits = self.0.len() - self.0.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = self.0.split_at_checked(digits)?;
        let value = number.parse().ok()?;
        self.0 = rest;
        Some((value, digits))
    }

    fn word(&mut self) -> &'a str {
        let end = self.0.len() - self.0.trim_start_matches(char::is_alphabetic).len();
        let (word, rest) = self.0.split_at_checked(end).unwrap_or(("", self.0));
        self.0 = rest;
        word
    }

    fn separator(&mut self) -> bool {
        let before = self.0.len();
        self.blanks();
        self.skip(|c| matches!(c, '-' | '/' | '.' | ',' | '\'' | '年' | '月' | '년' | '월'));
        self.blanks();
        self.0.len() != before
    }
}

fn date(at: &mut Cursor<'_>) -> Option<Date> {
    if at.0.starts_with(char::is_alphabetic) {
        let word = at.word();
        at.skip(|c| matches!(c, ',' | '.') || c.is_whitespace());
        if let Some(month) = month(word) {
            return month_first(at, month);
        }
        // A weekday: `Thu, 01 Feb 2024`, `Thu Feb 01 2024`.
        if at.0.starts_with(char::is_alphabetic) {
            let month = month(at.word())?;
            at.separator();
            return month_first(at, month);
        }
    }
    let (first, digits) = at.number()?;
    if digits == 8 {
        let day = day_of(i32::try_from(first / 10_000).ok()?, first / 100 % 100, first % 100)?;
        return (1900..2200).contains(&(first / 10_000)).then_some(Date::Day(day));
    }
    if !matches!(digits, 1 | 2 | 4) || !at.separator() {
        return None;
    }
    if digits == 4 {
        let month = if at.0.starts_with(char::is_alphabetic) { month(at.word())? } else { at.number()?.0 };
        at.separator();
        let (day, _) = at.number()?;
        at.take(|c| matches!(c, '日' | '일'));
        return day_of(i32::try_from(first).ok()?, month, day).map(Date::Day);
    }
    if at.0.starts_with(|c: char| c.is_alphabetic()) {
        let word = at.word();
        let month = if word == "de" {
            at.blanks();
            month(at.word())?
        } else {
            month(word)?
        };
        at.separator();
        if let Some(rest) = at.0.strip_prefix("de ") {
            at.0 = rest;
        }
        let (year, digits) = at.number()?;
        return (digits == 2 || digits == 4).then(|| day_of(full_year(year), month, first)).flatten().map(Date::Day);
    }
    let (second, _) = at.number()?;
    if !at.separator() {
        return None;
    }
    let (third, digits) = at.number()?;
    (digits == 2 || digits == 4).then_some(Date::Open(first, second, third))
}

fn month_first(at: &mut Cursor<'_>, month: u32) -> Option<Date> {
    at.blanks();
    let (day, _) = at.number()?;
    for ordinal in ["st", "nd", "rd", "th"] {
        if let Some(rest) = at.0.strip_prefix(ordinal) {
            at.0 = rest;
        }
    }
    at.separator();
    let (year, digits) = at.number()?;
    (digits == 2 || digits == 4).then(|| day_of(full_year(year), month, day)).flatten().map(Date::Day)
}

fn month(word: &str) -> Option<u32> {
    let plain = plain(word);
    let key = crate::text::bounded(&plain, 3);
    // Abbreviations of English, German, French, Spanish, Italian, Dutch, Portuguese; French June and July share three letters.
    Some(match key {
        "jan" | "ene" | "gen" => 1,
        "feb" | "fev" => 2,
        "mar" | "mrz" | "mrt" | "mae" | "maa" => 3,
        "apr" | "avr" | "abr" => 4,
        "may" | "mai" | "mag" | "mei" => 5,
        "jui" if plain.starts_with("juil") => 7,
        "jun" | "jui" | "giu" => 6,
        "jul" | "lug" => 7,
        "aug" | "ago" | "aou" => 8,
        "sep" | "set" => 9,
        "oct" | "okt" | "ott" | "out" => 10,
        "nov" => 11,
        "dec" | "dez" | "dic" => 12,
        _ => return None,
    })
}

/// Lower case without accents.
pub fn plain(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
            'è' | 'é' | 'ê' | 'ë' => 'e',
            'ì' | 'í' | 'î' | 'ï' => 'i',
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
            'ù' | 'ú' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            'ñ' => 'n',
            'ß' => 's',
            c => c,
        })
        .collect()
}

/// Time of day and offset: `10:00:05.123 PM +0100`, `下午3:05`, `10.30 Uhr`, `18h05`.
fn clock(at: &mut Cursor<'_>) -> Option<(i64, Option<i64>)> {
    let mut half = half_day(at);
    at.blanks();
    let (mut hour, digits) = at.number()?;
    let (mut minute, mut second, mut fraction) = (0, 0, 0i64);
    if digits == 6 {
        (hour, minute, second) = (hour / 10_000, hour / 100 % 100, hour % 100);
    } else if at.take(|c| matches!(c, ':' | '.' | 'h' | '时' | '点')) {
        minute = at.number()?.0;
        if at.take(|c| matches!(c, ':' | '.' | '分')) && at.0.starts_with(|c: char| c.is_ascii_digit()) {
            second = at.number()?.0;
            at.take(|c| c == '秒');
            if matches!(at.0.chars().next(), Some('.' | ',')) && at.0.get(1..2).is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit())) {
                at.take(|_| true);
                let digits: &str = at.0;
                let end = digits.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                let (digits, rest) = digits.split_at_checked(end)?;
                at.0 = rest;
                let mut unit = SECOND;
                for d in digits.bytes().take(6) {
                    unit /= 10;
                    fraction += i64::from(d - b'0') * unit;
                }
            }
        }
    }
    at.blanks();
    half = half.or_else(|| half_day(at));
    at.blanks();
    if half.is_none() && digits > 2 && digits != 6 {
        return None;
    }
    match half {
        Some(_) if hour > 12 || hour == 0 && half == Some(true) => {}
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    let offset = zone(at)?;
    Some((of_day(hour, minute, second, fraction)?, offset))
}

/// AM (`false`) or PM (`true`).
fn half_day(at: &mut Cursor<'_>) -> Option<bool> {
    for (word, pm) in [
        ("上午", false),
        ("凌晨", false),
        ("早上", false),
        ("下午", true),
        ("晚上", true),
        ("中午", true),
        ("午前", false),
        ("午後", true),
        ("오전", false),
        ("오후", true),
        ("vorm.", false),
        ("nachm.", true),
    ] {
        if let Some(rest) = at.0.strip_prefix(word) {
            at.0 = rest;
            return Some(pm);
        }
    }
    let mut letters = at.0.chars().filter(|c| !matches!(c, '.' | ' ' | '\u{a0}' | '\u{202f}')).map(|c| c.to_ascii_lowercase());
    let pm = match letters.next()? {
        'a' => false,
        'p' => true,
        _ => return None,
    };
    (letters.next()? == 'm').then_some(())?;
    let m = at.0.find(['m', 'M'])?;
    at.0 = at.0.get(m + 1..)?.trim_start_matches('.');
    Some(pm)
}

/// The written offset; outer `None` for words that are no zone.
fn zone(at: &mut Cursor<'_>) -> Option<Option<i64>> {
    at.blanks();
    let mut named = None;
    if at.0.starts_with(char::is_alphabetic) {
        let hours = match at.word().to_ascii_uppercase().as_str() {
            "Z" | "UTC" | "GMT" | "UT" => 0,
            "EST" | "CDT" => -5,
            "EDT" => -4,
            "CST" | "MDT" => -6,
            "MST" | "PDT" => -7,
            "PST" => -8,
            "CET" | "MEZ" => 1,
            "CEST" | "MESZ" => 2,
            "UHR" => return Some(None),
            _ => return None,
        };
        named = Some(hours * 60 * MINUTE);
    }
    let sign = match at.0.chars().next() {
        Some('+') => 1,
        Some('-' | '−') => -1,
        _ => return Some(named),
    };
    at.take(|_| true);
    let (value, digits) = at.number()?;
    let minutes = match digits {
        1 | 2 if at.take(|c| c == ':') => value * 60 + at.number()?.0,
        1 | 2 => value * 60,
        4 => value / 100 * 60 + value % 100,
        _ => return None,
    };
    (minutes <= 14 * 60).then(|| Some(sign * i64::from(minutes) * MINUTE))
}

/// Day of an Excel serial (1900 system): day 60 is the leap day that never was, later days count from 1899-12-30.
pub fn serial_day(serial: i64) -> Option<i32> {
    (20_000..80_000).contains(&serial).then(|| i32::try_from(serial - 25_569).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::rfc3339;

    fn utc(text: &str, order: DateOrder) -> Option<String> {
        let w = written(text.as_bytes())?;
        Some(rfc3339(w.micros(order)?, w.offset.is_some()))
    }

    #[test]
    fn usual_forms_are_read() {
        for (text, want) in [
            ("2024-01-31T10:00:00.123Z", "2024-01-31T10:00:00.123000Z"),
            ("2024-01-31 10:00", "2024-01-31T10:00:00"),
            ("2024-01-31 10:00:05+01:00", "2024-01-31T09:00:05Z"),
            ("2024-01-31", "2024-01-31T00:00:00"),
            ("2024/1/31 下午3:05", "2024-01-31T15:05:00"),
            ("2024年1月31日 15:05", "2024-01-31T15:05:00"),
            ("31.01.2024 15:05:01", "2024-01-31T15:05:01"),
            ("31/01/24, 3:05\u{202f}PM", "2024-01-31T15:05:00"),
            ("Wed, 31 Jan 2024 10:00:00 -0500 (EST)", "2024-01-31T15:00:00Z"),
            ("Jan 31, 2024 12:00 AM", "2024-01-31T00:00:00"),
            ("31-Jan-2024", "2024-01-31T00:00:00"),
            ("31 janvier 2024 18h05", "2024-01-31T18:05:00"),
            ("20240131", "2024-01-31T00:00:00"),
            ("20240131T101112Z", "2024-01-31T10:11:12Z"),
            ("Wed Jan 31 2024 10:00:00 GMT+0100", "2024-01-31T09:00:00Z"),
            ("1/31/2024 10:00:00 a.m.", "-"),
        ] {
            let got = utc(text, DateOrder::Dmy);
            assert_eq!(got.as_deref().unwrap_or("-"), want, "{text}");
        }
        assert_eq!(utc("1/31/2024 10:00:00 a.m.", DateOrder::Mdy).as_deref(), Some("2024-01-31T10:00:00"));
        for not in ["", "10", "hello", "v1.2.3", "10:00", "555-1234-99", "2024-13-01", "1.5", "Order 12 of 2024", "2024-01-31 nonsense", "1706695200"] {
            assert_eq!(utc(not, DateOrder::Dmy), None, "{not}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}", digits in "[0-9/:. TZAPM+-]{0,30}") {
            for t in [text, digits] {
                if let Some(w) = written(t.as_bytes()) {
                    let _ = (w.micros(DateOrder::Dmy), w.micros(DateOrder::Ymd));
                }
            }
        }
    }
}
