//! Lines of a stream, one at a time, with their places. A line longer than the limit comes in pieces that end at characters.

use std::borrow::Cow;
use std::io;

use super::bytes::{Fill, Stream, WINDOW, Window};
use crate::model::message::Position;

/// A line longer than this is handed on in pieces, where a reader takes text as it comes.
pub const PIECE: usize = 64 << 10;

/// A line, or a piece of one.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Its bytes, without the line end.
    pub bytes: &'a [u8],
    /// Where it begins, and its number.
    pub place: Position,
    /// It goes on in the next piece.
    pub partial: bool,
    /// It continues the piece before.
    pub piece: bool,
    /// No line end follows: the stream ends here.
    pub last: bool,
}

/// Reads lines.
pub struct Lines {
    window: Window,
    limit: usize,
    number: u32,
    /// Bytes of the line that was given last.
    given: usize,
    within: bool,
}

impl Lines {
    /// Lines of a stream; those longer than `limit` come in pieces.
    #[must_use]
    pub fn new(stream: Box<dyn Stream>, limit: usize) -> Self {
        Self { window: Window::with_limits(stream, WINDOW.min(limit.saturating_mul(2)), limit.saturating_mul(2)), limit, number: 0, given: 0, within: false }
    }

    /// Bytes handed out so far.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// The next line; `None` at the end. A byte order mark at the start is passed over.
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.window.consume(std::mem::take(&mut self.given));
        if self.number == 0 {
            while self.window.data().len() < 3 && self.window.fill()? == Fill::More {}
            if self.window.data().starts_with(b"\xef\xbb\xbf") {
                self.window.consume(3);
            }
        }
        let mut seen = 0;
        let end = loop {
            let data = self.window.data();
            if let Some(at) = memchr::memchr(b'\n', data.get(seen..).unwrap_or_default()) {
                break Some(seen + at).filter(|end| *end <= self.limit);
            }
            seen = data.len();
            if seen > self.limit || self.window.fill()? != Fill::More {
                break None;
            }
        };
        let piece = self.within;
        if !piece {
            self.number = self.number.saturating_add(1);
        }
        let place = Position::line(self.window.offset(), self.number);
        let partial = end.is_none() && self.window.data().len() > self.limit;
        let data = self.window.data();
        let bytes = match end {
            Some(end) => data.get(..end).unwrap_or_default(),
            None if partial => whole_characters(data.get(..self.limit).unwrap_or(data)),
            None => data,
        };
        self.within = partial;
        self.given = bytes.len() + usize::from(end.is_some());
        if self.given == 0 {
            return Ok(None);
        }
        let bytes = if partial { bytes } else { bytes.strip_suffix(b"\r").unwrap_or(bytes) };
        Ok(Some(Line { bytes, place, partial, piece, last: end.is_none() && !partial }))
    }
}

/// All but a character that is cut at the end.
pub fn whole_characters(bytes: &[u8]) -> &[u8] {
    let back = bytes.iter().rev().take(4).position(|b| b & 0xc0 != 0x80).unwrap_or(0);
    let start = bytes.len().saturating_sub(back + 1);
    match bytes.get(start) {
        Some(b) if *b >= 0xc0 && start > 0 => bytes.get(..start).unwrap_or(bytes),
        _ => bytes,
    }
}

/// A text with `\n` for every line end within it: the same text has the same length whichever system wrote the file.
pub fn unix_lines(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\r', text).is_none() {
        return Cow::Borrowed(text);
    }
    let ends = text.iter().zip(text.iter().skip(1).chain([&0]));
    Cow::Owned(ends.filter(|(byte, next)| (**byte, **next) != (b'\r', b'\n')).map(|(byte, _)| *byte).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::bytes::RangeStream;
    use std::rc::Rc;

    fn all(text: &str, limit: usize) -> Vec<(String, u64, u32, bool)> {
        let mut lines = Lines::new(Box::new(RangeStream::whole(Rc::new(text.as_bytes().to_vec()))), limit);
        let mut out = Vec::new();
        while let Some(l) = lines.next().unwrap() {
            out.push((String::from_utf8(l.bytes.to_vec()).unwrap(), l.place.offset, l.place.line, l.partial));
        }
        out
    }

    #[test]
    fn lines_have_places_and_long_ones_come_in_pieces() {
        let line = |t: &str, at, n| (t.to_owned(), at, n, false);
        assert_eq!(all("\u{feff}a\r\n\nbc", 8), [line("a", 3, 1), line("", 6, 2), line("bc", 7, 3)]);
        assert_eq!(all("", 8), []);
        assert_eq!(all("äöüä\nx", 5), [("äö".to_owned(), 0, 1, true), ("üä".to_owned(), 4, 1, false), line("x", 9, 2)]);
        assert_eq!(all("12345678\n", 8), [line("12345678", 0, 1)]);
    }
}
