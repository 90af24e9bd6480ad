//! The smallest pieces of a head: blanks of all widths, digits of all scripts, markers of the half of the day.

/// Half of the day.
#[derive(Clone, Copy)]
pub enum Half {
    /// Before noon.
    Am,
    /// After noon.
    Pm,
    /// Around noon.
    Noon,
}

impl Half {
    /// The hour of the day of an hour written in this half.
    #[must_use]
    pub const fn hour(self, written: u32) -> u32 {
        match self {
            Self::Am if written == 12 => 0,
            Self::Pm if written < 12 => written + 12,
            Self::Noon if written < 6 => written + 12,
            _ => written,
        }
    }
}

/// Words for the half of the day that are no form of `am` and `pm`. Longer ones first where one begins another.
const HALVES: &[(&str, Half)] = &[
    ("오전", Half::Am),
    ("오후", Half::Pm),
    ("午前", Half::Am),
    ("午後", Half::Pm),
    ("上午", Half::Am),
    ("下午", Half::Pm),
    ("凌晨", Half::Am),
    ("清晨", Half::Am),
    ("早上", Half::Am),
    ("中午", Half::Noon),
    ("晚上", Half::Pm),
    ("ÖÖ", Half::Am),
    ("ÖS", Half::Pm),
    ("ص", Half::Am),
    ("م", Half::Pm),
    ("π.μ.", Half::Am),
    ("μ.μ.", Half::Pm),
    ("SA", Half::Am),
    ("CH", Half::Pm),
    ("de.", Half::Am),
    ("du.", Half::Pm),
    ("पूर्वाह्न", Half::Am),
    ("अपराह्न", Half::Pm),
    ("in the morning", Half::Am),
    ("in the afternoon", Half::Pm),
    ("in the evening", Half::Pm),
    ("at night", Half::Pm),
];

/// A place in a line.
pub struct Cursor<'a> {
    /// The line.
    pub bytes: &'a [u8],
    /// Where.
    pub at: usize,
    /// Bits of the shape found so far.
    pub shape: u16,
}

impl Cursor<'_> {
    /// The next byte; 0 at the end.
    #[inline]
    pub fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    /// What follows.
    pub fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Skips one byte if it is this one.
    #[inline]
    pub fn take(&mut self, byte: u8) -> bool {
        let hit = self.peek() == byte;
        self.at += usize::from(hit);
        hit
    }

    /// Skips direction marks: U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069, U+061C, U+FEFF.
    #[inline]
    pub fn marks(&mut self) {
        while self.peek() >= 0x80 {
            match self.rest() {
                [0xe2, 0x80, 0x8e | 0x8f | 0xaa..=0xae, ..] | [0xe2, 0x81, 0xa6..=0xa9, ..] | [0xef, 0xbb, 0xbf, ..] => self.at += 3,
                [0xd8, 0x9c, ..] => self.at += 2,
                _ => return,
            }
        }
    }

    /// Skips blanks of all widths and marks; whether there was a blank.
    #[inline]
    pub fn blanks(&mut self) -> bool {
        let mut any = false;
        if let [b' ', b'!'..=b'~', ..] = self.rest() {
            self.at += 1;
            return true;
        }
        loop {
            self.marks();
            match self.rest() {
                [b' ', ..] => self.at += 1,
                [0xc2, 0xa0, ..] => self.at += 2,
                [0xe2, 0x80, 0xaf | 0x89, ..] => self.at += 3,
                _ => return any,
            }
            any = true;
        }
    }

    /// A digit in ASCII, Arabic, Persian, Devanagari or Bengali script.
    #[inline]
    pub fn digit(&mut self) -> Option<u16> {
        let (value, len) = match self.rest() {
            [d @ b'0'..=b'9', ..] => (d - b'0', 1),
            [0xd9, d @ 0xa0..=0xa9, ..] => (d - 0xa0, 2),
            [0xdb, d @ 0xb0..=0xb9, ..] => (d - 0xb0, 2),
            [0xe0, 0xa5 | 0xa7, d @ 0xa6..=0xaf, ..] => (d - 0xa6, 3),
            _ => return None,
        };
        self.at += len;
        Some(u16::from(value))
    }

    /// One to four digits: value and number of digits.
    #[inline]
    pub fn number(&mut self) -> Option<(u16, u8)> {
        self.marks();
        let mut value = self.digit()?;
        let mut len = 1;
        while len < 4
            && let Some(d) = self.digit()
        {
            value = value * 10 + d;
            len += 1;
        }
        Some((value, len))
    }

    /// Whether a marker of the half of the day stands here.
    pub fn at_half(&self) -> bool {
        Cursor { bytes: self.bytes, at: self.at, shape: 0 }.half().is_some()
    }

    /// A marker of the half of the day.
    pub fn half(&mut self) -> Option<Half> {
        let first = self.peek();
        if matches!(first, b']' | b'-' | b'0'..=b'9' | 0 | b':') {
            return None;
        }
        let before = self.at;
        if let Some(half) = self.am_pm(first) {
            return Some(half);
        }
        self.at = before;
        let rest = self.rest();
        let (word, half) = HALVES.iter().find(|(w, _)| rest.get(..w.len()).is_some_and(|r| r.eq_ignore_ascii_case(w.as_bytes())))?;
        self.at += word.len();
        Some(*half)
    }

    /// `AM`, `a.m.`, `a. m.` with blanks of any width.
    pub fn am_pm(&mut self, first: u8) -> Option<Half> {
        let half = match first {
            b'a' | b'A' => Half::Am,
            b'p' | b'P' => Half::Pm,
            _ => return None,
        };
        self.at += 1;
        self.take(b'.');
        self.blanks();
        if !self.take(b'm') && !self.take(b'M') {
            return None;
        }
        self.take(b'.');
        Some(half)
    }

    /// Two digits.
    #[inline]
    pub fn two(&mut self) -> Option<u16> {
        Some(self.digit()? * 10 + self.digit()?)
    }
}
