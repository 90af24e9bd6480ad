//! The head of a record: `15/01/25, 22:41 - `, `[3/18/22, 2:56:01 PM] `, `[14:56:01, 3/18/22] `. Every phone writes it in its own
//! language and region; the grammar here takes all of them and says in which [`Shape`] it was written.
//! Sources: Pustur/whatsapp-chat-parser (head grammar), hodigua/ChatLab (CJK markers).

use super::super::DateOrder;
use crate::import::cursor::Cursor;
use crate::time;

/// How a head is written, packed: brackets, separator, width and place of the year, comma, seconds, marker, terminator.
/// Padded and unpadded numbers are one shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Shape(pub(super) u16);

impl Shape {
    const BRACKET: u16 = 1;
    const TIME_FIRST: u16 = 1 << 1;
    const SLASH: u16 = 1 << 2;
    const DOT: u16 = 1 << 3;
    const YEAR_FIRST: u16 = 1 << 4;
    const LONG_YEAR: u16 = 1 << 5;
    const COMMA: u16 = 1 << 6;
    pub(super) const SECONDS: u16 = 1 << 7;
    const MARKER: u16 = 1 << 8;
    const WORD: u16 = 1 << 9;
    const EN_DASH: u16 = 1 << 10;
    const COLON: u16 = 1 << 11;

    pub(super) const fn has(self, bits: u16) -> bool {
        self.0 & bits == bits
    }

    /// The shape as a number, to compare files by.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// `[...]` around date and time: written by an iPhone.
    #[must_use]
    pub const fn bracket(self) -> bool {
        self.has(Self::BRACKET)
    }

    /// Year first, as in `2024-01-05`.
    #[must_use]
    pub const fn year_first(self) -> bool {
        self.has(Self::YEAR_FIRST)
    }

    /// Dots between the parts of the date.
    #[must_use]
    pub const fn dots(self) -> bool {
        self.has(Self::DOT)
    }

    /// `DATE TIME: Sender: text`, the weakest form.
    #[must_use]
    pub const fn colon(self) -> bool {
        self.has(Self::COLON)
    }

    /// Whether a Signal export may look the same: `[2024-01-31 10:00:00] ` (sigexport) or `[2019-12-24, 12:23] ` (its older form).
    #[must_use]
    pub const fn like_signal(self) -> bool {
        let dashes = !self.has(Self::SLASH) && !self.has(Self::DOT);
        self.bracket() && self.year_first() && dashes && !self.has(Self::MARKER) && self.has(Self::COMMA) != self.has(Self::SECONDS)
    }
}

/// A head, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How it is written.
    pub shape: Shape,
    /// First of day and month as written (the day, when the year comes first).
    pub a: u8,
    /// Second of day and month as written (the month, when the year comes first).
    pub b: u8,
    /// Year, four digits, Gregorian.
    pub year: u16,
    /// Second of the day.
    pub second: u32,
    /// Where the body begins, bytes from the start of the line.
    pub body: usize,
    /// Where the date as written stands.
    pub date: (usize, usize),
    /// Where the time begins after a date; 0 when it stands first.
    pub(super) time: usize,
    /// Bits of the shape that the date has set.
    pub(super) date_bits: u16,
}

impl Head {
    /// Day number when read in this order.
    #[must_use]
    pub fn day(&self, order: DateOrder) -> Option<i32> {
        let (day, month) = if order == DateOrder::Mdy && !self.shape.year_first() { (self.b, self.a) } else { (self.a, self.b) };
        time::day_of(i32::from(self.year), u32::from(month), u32::from(day))
    }
}

/// Whether a line may begin with a head: one look at its first byte.
#[must_use]
#[inline]
pub const fn may_begin(first: u8) -> bool {
    matches!(first, b'[' | b'0'..=b'9' | 0xe2 | 0xef | 0xd9 | 0xdb | 0xe0 | 0xd8)
}

/// Reads the head at the start of a line; `None` when there is none.
#[must_use]
pub fn parse(line: &[u8]) -> Option<Head> {
    let mut c = Cursor { bytes: line, at: 0, shape: 0 };
    c.marks();
    if c.take(b'[') {
        c.shape |= Shape::BRACKET;
        c.marks();
    }
    let start = c.at;
    let (date, seconds) = match c.date_then_time() {
        Some(read) => read,
        None => {
            (c.at, c.shape) = (start, c.shape & Shape::BRACKET);
            c.time_then_date()?
        }
    };
    c.terminator()?;
    let [p, q, r] = date.parts;
    let (a, b, year) = if c.shape & Shape::YEAR_FIRST != 0 { (r, q, p) } else { (p, q, r) };
    let year = match year {
        0..=99 => year + 2000,
        // Buddhist era, written on Thai phones.
        2400..=2700 => year - 543,
        _ => year,
    };
    let head = Head {
        shape: Shape(c.shape),
        a: u8::try_from(a).ok()?,
        b: u8::try_from(b).ok()?,
        year,
        second: seconds,
        body: c.at,
        date: date.place,
        time: date.time,
        date_bits: date.bits,
    };
    head.day(DateOrder::Dmy).or_else(|| head.day(DateOrder::Mdy))?;
    Some(head)
}

/// Whether a last line without line end is the beginning of a head that was cut off: `[15/01/25, 22:4`.
#[must_use]
pub fn is_cut(line: &[u8]) -> bool {
    let separators = line.iter().filter(|b| matches!(b, b'/' | b'.' | b'-')).count();
    let inner = line.strip_prefix("\u{200e}".as_bytes()).unwrap_or(line);
    let bracket = inner.first() == Some(&b'[') && inner.get(1).is_some_and(u8::is_ascii_digit);
    (bracket || (separators == 2 && line.first().is_some_and(u8::is_ascii_digit) && line.len() >= 8))
        && inner.iter().all(|b| matches!(b, b'[' | b'0'..=b'9' | b'/' | b'.' | b'-' | b',' | b':' | b' '))
}

struct Date {
    parts: [u16; 3],
    place: (usize, usize),
    time: usize,
    bits: u16,
}

impl Cursor<'_> {
    fn date_then_time(&mut self) -> Option<(Date, u32)> {
        let mut date = self.date()?;
        self.gap()?;
        (date.time, date.bits) = (self.at, self.shape);
        Some((date, self.time()?))
    }

    /// `[14:56:01, 18/3/22] ` (Vietnamese).
    fn time_then_date(&mut self) -> Option<(Date, u32)> {
        self.shape |= Shape::TIME_FIRST;
        let seconds = self.time()?;
        let comma = self.take(b',');
        if comma {
            self.shape |= Shape::COMMA;
        }
        if !self.blanks() && !comma {
            return None;
        }
        Some((self.date()?, seconds))
    }

    fn date(&mut self) -> Option<Date> {
        self.marks();
        let start = self.at;
        let (p, long) = self.number()?;
        self.marks();
        let sep = self.peek();
        self.shape |= match sep {
            b'/' => Shape::SLASH,
            b'.' => Shape::DOT,
            b'-' => 0,
            _ => return None,
        };
        self.at += 1;
        self.blanks();
        let (q, mid) = self.number()?;
        self.marks();
        if !self.take(sep) {
            return None;
        }
        self.blanks();
        let (r, last) = self.number()?;
        let year_first = long == 4;
        if mid > 2 || long == 3 || last == 3 || (year_first && last > 2) || (!year_first && last < 2) || self.digit().is_some() {
            return None;
        }
        let end = self.at;
        if year_first {
            self.shape |= Shape::YEAR_FIRST;
        }
        if year_first || last == 4 {
            self.shape |= Shape::LONG_YEAR;
        }
        // Korean phones end the date with a dot, Thai ones may name the era.
        if sep == b'.' {
            self.take(b'.');
        }
        if self.rest().starts_with(b" BE") {
            self.at += 3;
        }
        Some(Date { parts: [p, q, r], place: (start, end), time: 0, bits: 0 })
    }

    /// What stands between date and time: a comma, blanks, or a short word (`a las`, `um`, `klo`).
    fn gap(&mut self) -> Option<()> {
        self.marks();
        let comma = match self.rest() {
            [b',', ..] => 1,
            [0xd8, 0x8c, ..] => 2,
            [0xef, 0xbc, 0x8c, ..] => 3,
            _ => 0,
        };
        self.at += comma;
        if comma > 0 {
            self.shape |= Shape::COMMA;
        }
        if !self.blanks() && comma == 0 {
            return None;
        }
        if self.peek().is_ascii_digit() || self.at_half() {
            return Some(());
        }
        let mut letters = 0;
        while letters < 8 && (self.peek().is_ascii_alphabetic() || self.peek() >= 0xc3 && self.peek() < 0xc5 || matches!(self.peek(), b' ' | b'.')) {
            self.at += if self.peek() >= 0x80 { 2 } else { 1 };
            letters += 1;
        }
        if letters > 0 {
            self.shape |= Shape::WORD;
        }
        self.blanks();
        Some(())
    }

    pub(super) fn time(&mut self) -> Option<u32> {
        let mut half = self.half();
        self.blanks();
        let hour = self.digit()?;
        let hour = match self.digit() {
            Some(d) => hour * 10 + d,
            None => hour,
        };
        let sep = self.peek();
        if !matches!(sep, b':' | b'.') || (sep == b'.' && self.shape & Shape::TIME_FIRST != 0) {
            return None;
        }
        self.at += 1;
        let minute = self.two()?;
        let mut second = 0;
        if self.peek() == sep && self.bytes.get(self.at + 1).is_some_and(|b| *b != b' ') {
            self.at += 1;
            second = self.two()?;
            self.shape |= Shape::SECONDS;
        }
        if half.is_none() {
            let before = self.at;
            self.blanks();
            half = self.half();
            if half.is_none() {
                self.at = before;
            }
        }
        if half.is_some() {
            self.shape |= Shape::MARKER;
        }
        let hour = match half.map_or(u32::from(hour), |half| half.hour(u32::from(hour))) {
            24 => 0,
            hour => hour,
        };
        (hour < 24 && minute < 60 && second <= 60).then(|| hour * 3600 + u32::from(minute) * 60 + u32::from(second.min(59)))
    }

    /// `] `, ` - `, ` – ` or `: `.
    pub(super) fn terminator(&mut self) -> Option<()> {
        if self.shape & Shape::BRACKET != 0 {
            self.marks();
            if !self.take(b']') {
                return None;
            }
            self.take(b' ');
            return Some(());
        }
        if self.take(b':') {
            self.shape |= Shape::COLON;
            return self.take(b' ').then_some(());
        }
        if !self.blanks() {
            return None;
        }
        if self.rest().starts_with("–".as_bytes()) {
            self.shape |= Shape::EN_DASH;
            self.at += 3;
        } else if !self.take(b'-') {
            return None;
        }
        (self.take(b' ') || self.at == self.bytes.len()).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(String, &str)> {
        let h = parse(line.as_bytes())?;
        Some((format!("{} {} {} {:02}:{:02}:{:02}", h.a, h.b, h.year, h.second / 3600, h.second / 60 % 60, h.second % 60), &line[h.body..]))
    }

    #[test]
    fn every_known_head_is_read() {
        for (line, want) in [
            ("23/03/2022, 13:31 - A: x", "23 3 2022 13:31:00"),
            ("8/26/19, 17:47 - A: x", "8 26 2019 17:47:00"),
            ("1/15/25, 10:32\u{202f}AM - A: x", "1 15 2025 10:32:00"),
            ("15.04.2016, 15:04 - A: x", "15 4 2016 15:04:00"),
            ("23.03.22 13:31 - A: x", "23 3 2022 13:31:00"),
            ("23-03-2022 13:31 - A: x", "23 3 2022 13:31:00"),
            ("1/3/24, 10:30\u{a0}a.\u{202f}m. - A: x", "1 3 2024 10:30:00"),
            ("20/06/2020, 00:08 a. m. - A: x", "20 6 2020 00:08:00"),
            ("1/3/24, 12:05 p. m. - A: x", "1 3 2024 12:05:00"),
            ("2019/01/20, 11:23 - A: x", "20 1 2019 11:23:00"),
            ("2024/1/5 下午3:07 - A: x", "5 1 2024 15:07:00"),
            ("2024. 1. 5. 오후 3:07 - A: x", "5 1 2024 15:07:00"),
            ("24. 12. 2023 9:05 - A: x", "24 12 2023 09:05:00"),
            ("2019-04-16 02:09 - A: x", "16 4 2019 02:09:00"),
            ("[2020-01-01, 12:00:01] A: x", "1 1 2020 12:00:01"),
            ("[2023-12-25, 10:30:45 PM] A: x", "25 12 2023 22:30:45"),
            ("[3/18/22, 14:56:01] A: x", "3 18 2022 14:56:01"),
            ("[7/29/24, 1:46:27\u{202f}PM] A: x", "7 29 2024 13:46:27"),
            ("\u{200e}[15/01/25, 22:41:03] A: x", "15 1 2025 22:41:03"),
            ("[17.9.2019, 16:37:47] A: x", "17 9 2019 16:37:47"),
            ("[3/18/22 14:56:00] A: x", "3 18 2022 14:56:00"),
            ("[3/18/22 14.56.01] A: x", "3 18 2022 14:56:01"),
            ("[14:56:01, 3/18/22] A: x", "3 18 2022 14:56:01"),
            ("[18\u{200f}/3\u{200f}/2022، 14:56:01] A: x", "18 3 2022 14:56:01"),
            ("[١٨\u{200f}/٣\u{200f}/٢٠٢٢، ٢:٥٦:٠٠ م] A: x", "18 3 2022 14:56:00"),
            ("18/3/2565 BE, 10:00 - A: x", "18 3 2022 10:00:00"),
            ("12/3/2022 a las 13:31 - A: x", "12 3 2022 13:31:00"),
            ("12.3.2022 klo 13.31 - A: x", "12 3 2022 13:31:00"),
            ("12.3.2022 um 13:31 - A: x", "12 3 2022 13:31:00"),
            ("12/3/2022 à 13:31 - A: x", "12 3 2022 13:31:00"),
            ("1/3/24, 3:05 ÖS - A: x", "1 3 2024 15:05:00"),
            ("1/3/24, 3:05 μ.μ. - A: x", "1 3 2024 15:05:00"),
            ("3:05 CH, 1/3/24 - A: x", "1 3 2024 15:05:00"),
            ("2024. 01. 03. du. 3:05 - A: x", "3 1 2024 15:05:00"),
            ("3/1/24, 3:05 अपराह्न - A: x", "3 1 2024 15:05:00"),
            ("3/1/24, 12:05 in the morning - A: x", "3 1 2024 00:05:00"),
            ("2024/1/5 凌晨12:07 - A: x", "5 1 2024 00:07:00"),
            ("09/17/19, 8:30:52 AM – A: x", "9 17 2019 08:30:52"),
            ("12/3/2018 13:31: A: x", "12 3 2018 13:31:00"),
        ] {
            assert_eq!(read(line), Some((want.to_owned(), "A: x")), "{line}");
        }
    }

    #[test]
    fn what_is_no_head_is_none() {
        for line in [
            "",
            "hello",
            "2/11/19: Arrival",
            "2/11/19, 14:48 Alice: from another chat",
            "[x] A: b",
            "31/31/19, 10:00 - A: x",
            "30/02/2019, 10:00 - A: x",
            "1/2/2019, 25:00 - A: x",
            "10:30 - lunch",
            "192.168.0.1 10:30 - host",
            "2024-01-05T10:00:00 - x",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn padding_is_no_shape_but_the_width_of_the_year_is() {
        let shape = |l: &str| parse(l.as_bytes()).unwrap().shape;
        assert_eq!(shape("[17.9.2019, 16:37:47] A: x"), shape("[17.09.2019, 6:37:47] A: x"));
        assert_ne!(shape("[17.9.2019, 16:37:47] A: x"), shape("[17.9.19, 16:37:47] A: x"));
        assert!(shape("[2019-12-24, 12:23] A: x").like_signal() && shape("[2019-12-24 12:23:01] A: x").like_signal());
        assert!(!shape("[2019-12-24, 12:23:01] A: x").like_signal());
    }
}
