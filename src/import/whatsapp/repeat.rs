//! Heads one after the other: most repeat the date of the one before and the words around the time, byte by byte.

use super::head::{Head, Shape, parse};
use crate::import::cursor::{Cursor, Half};

/// The date of the last head, and what stood behind the times so far: most heads repeat both byte by byte, and only digits are to be read.
#[derive(Default)]
pub struct Repeat {
    bytes: Vec<u8>,
    head: Option<Head>,
    tails: Vec<Tail>,
}

/// What follows the digits of a time up to the body: `] `, `\u{202f}PM] `, ` - `.
struct Tail {
    bytes: Vec<u8>,
    half: Option<Half>,
    separator: u8,
    seconds: bool,
    date_bits: u16,
    shape: u16,
}

/// Tails remembered: morning and afternoon, and another shape of each.
const TAILS: usize = 4;

impl Repeat {
    /// The same as [`parse`], faster where the date is that of the last head.
    #[inline]
    pub fn parse(&mut self, line: &[u8]) -> Option<Head> {
        if let Some(last) = &self.head
            && let Some(rest) = line.strip_prefix(self.bytes.as_slice())
        {
            if let Some((second, shape, body)) = self.tails.iter().filter(|t| t.date_bits == last.date_bits).find_map(|t| t.read(rest)) {
                return Some(Head { shape: Shape(shape), second, body: self.bytes.len() + body, ..*last });
            }
            let mut c = Cursor { bytes: line, at: self.bytes.len(), shape: last.date_bits };
            if let Some(second) = c.time()
                && c.terminator().is_some()
            {
                let head = Head { shape: Shape(c.shape), second, body: c.at, ..*last };
                self.learn(line, &head);
                return Some(head);
            }
        }
        let head = parse(line)?;
        self.bytes.clear();
        self.bytes.extend_from_slice(line.get(..head.time).unwrap_or_default());
        self.head = (head.time > 0).then_some(head);
        self.learn(line, &head);
        Some(head)
    }

    fn learn(&mut self, line: &[u8], head: &Head) {
        let Some(rest) = line.get(head.time..head.body).filter(|_| head.time > 0) else { return };
        let seconds = head.shape.has(Shape::SECONDS);
        let Some((digits, separator)) = [1, 2].into_iter().find_map(|n| Some((n, *rest.get(n).filter(|b| matches!(b, b':' | b'.'))?))) else { return };
        // A tail that ends with its blank takes all that belongs to the head, whatever follows.
        let Some(tail) = rest.get(digits + if seconds { 6 } else { 3 }..).filter(|t| t.last() == Some(&b' ')) else { return };
        let mut c = Cursor { bytes: tail, at: 0, shape: 0 };
        c.blanks();
        let made = Tail { bytes: tail.to_vec(), half: c.half(), separator, seconds, date_bits: head.date_bits, shape: head.shape.0 };
        if made.read(rest).is_some_and(|(second, ..)| second == head.second) && self.tails.iter().all(|t| t.bytes != made.bytes) {
            self.tails.truncate(TAILS - 1);
            self.tails.insert(0, made);
        }
    }
}

impl Tail {
    /// Second of the day, shape, length.
    #[inline]
    fn read(&self, rest: &[u8]) -> Option<(u32, u16, usize)> {
        let digit = |b: &u8| b.is_ascii_digit().then(|| u32::from(b - b'0'));
        let two = |at: &[u8]| match at {
            [a, b, ..] => Some(digit(a)? * 10 + digit(b)?),
            _ => None,
        };
        let (hour, after) = match rest {
            [a, s, after @ ..] if *s == self.separator => (digit(a)?, after),
            [a, b, s, after @ ..] if *s == self.separator => (digit(a)? * 10 + digit(b)?, after),
            _ => return None,
        };
        let minute = two(after)?;
        let mut after = after.get(2..)?;
        let mut second = 0;
        if self.seconds {
            let [s, tail @ ..] = after else { return None };
            second = two(tail).filter(|_| *s == self.separator)?;
            after = tail.get(2..)?;
        }
        if hour > 23 || minute > 59 || second > 59 || !after.starts_with(&self.bytes) {
            return None;
        }
        let hour = self.half.map_or(hour, |half| half.hour(hour));
        Some((hour * 3600 + minute * 60 + second, self.shape, rest.len() - after.len() + self.bytes.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_date_is_read_like_any_other() {
        let mut repeat = Repeat::default();
        for line in [
            "1/5/21, 10:00 - A: x",
            "1/5/21, 9:01 PM - A: x",
            "1/5/21, 9:01 A: x",
            "1/5/21, 25:01 - A: x",
            "11/5/21, 9:01 - A: x",
            "1/5/211, 9:01 - A: x",
            "[14:56:01, 3/18/22] A: x",
            "[14:56:02, 3/18/22] A: x",
            "2024. 1. 5. 오후 3:07 - A: x",
            "2024. 1. 5. 오전 3:07 - A: x",
            "[1/5/21, 9:01:00\u{202f}PM] A: x",
            "[1/5/21, 9:01:10\u{202f}AM] A: x",
            "[1/5/21, 12:01:59\u{202f}PM] A: x",
            "[1/5/21, 12:01:59\u{202f}AM] A: x",
            "[1/5/21, 12:01:60\u{202f}AM] A: x",
            "[1/5/21, 9.01.59\u{202f}AM] A: x",
            "[1/5/21, 9:01:59\u{202f}AM]A: x",
            "[1/5/21, 9:01:59] A: x",
            "[1/5/21, 9:01:59]  A: x",
            "[1/5/21, 24:01:59] A: x",
            "[1/5/21, 9:01] A: x",
            "[1/5/21, 9:0",
        ] {
            assert_eq!(repeat.parse(line.as_bytes()), parse(line.as_bytes()), "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_heads_are_read_as_they_are_alone(picks in proptest::collection::vec((0usize..4, 0usize..10, 0usize..10, 0usize..9), 1..30)) {
            let mut repeat = Repeat::default();
            for (date, time, tail, body) in picks {
                let date = ["[1/5/21, ", "1/5/21, ", "2021-05-01 ", "[18\u{200f}/3\u{200f}/2022، "][date];
                let time = ["9:01", "09:01:59", "12:00", "24:10", "00:00:60", "9.01.07", "下午3:07", "١:٥٦", "9:1", "23:59:5"][time];
                let tail = ["] ", "]", " - ", " -", "\u{202f}PM] ", " am - ", " a. m. - ", " ÖS] ", ": ", " \u{2013} "][tail];
                let body = ["A: x", " A: x", "", "] y", "PM z", "- b", ":30 c", "\u{200e}d", "m"][body];
                let line = format!("{date}{time}{tail}{body}");
                proptest::prop_assert_eq!(repeat.parse(line.as_bytes()), parse(line.as_bytes()), "{}", line);
            }
        }
    }
}
