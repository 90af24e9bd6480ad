//! JSON as a pull scanner over a slice that may end in the middle of a value. A reader parses one record from what its window
//! shows; [`Fault::NeedMore`] means: bring more bytes and parse that record again. Keys that nobody asks for are skipped, not decoded.
//!
//! Looser than the standard where producers are: any byte may stand in a string, unknown escapes stand for themselves, and
//! `\x0B` is U+000B (Telegram Desktop writes control characters so, `export_output_json.cpp`, `SerializeString`).
//! Between values it is strict, so that a missing comma is found where it is missing.

mod damaged;
pub mod export;
pub mod list;
mod sequence;
#[cfg(test)]
mod tests;
mod value;
mod walk;

use super::search::{not_blank, quote_or_escape};

pub use damaged::{give_up, invalid};
pub use sequence::Sequence;
pub use value::{count, each, items, word};
pub use walk::{Skipper, Stop, pass_over, read, skip_mark};

/// Deepest nesting that is followed.
pub const MAX_DEPTH: usize = 256;

/// Why a value could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The bytes end before the value does.
    NeedMore,
    /// No JSON; offset of the offending byte in the slice.
    Bad(usize),
}

/// Result of a scan.
pub type Scan<T> = Result<T, Fault>;

/// A string as it stands in the file, without its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Text<'a> {
    /// The bytes between the quotes.
    pub raw: &'a [u8],
    /// Whether they hold escapes.
    pub escaped: bool,
}

impl<'a> Text<'a> {
    /// The text: borrowed from the file when it has no escapes, else decoded into `scratch` (cleared first).
    pub fn decode<'b>(self, scratch: &'b mut Vec<u8>) -> &'b [u8]
    where
        'a: 'b,
    {
        if !self.escaped {
            return self.raw;
        }
        scratch.clear();
        self.append(scratch);
        scratch
    }

    /// Appends the decoded text.
    pub fn append(self, out: &mut Vec<u8>) {
        let mut rest = self.raw;
        while let Some(at) = if self.escaped { memchr::memchr(b'\\', rest) } else { None } {
            let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, b""));
            out.extend_from_slice(plain);
            rest = escape(tail.get(1..).unwrap_or_default(), out);
        }
        out.extend_from_slice(rest);
    }

    /// Whether nothing stands between the quotes.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    /// As a `String`, for names and other short texts.
    #[must_use]
    pub fn owned(self) -> String {
        let mut out = Vec::with_capacity(self.raw.len());
        self.append(&mut out);
        String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
    }
}

/// One escape, from behind its backslash; returns what follows it.
fn escape<'a>(bytes: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let Some((kind, rest)) = bytes.split_first() else { return bytes };
    let plain = match kind {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        b'u' | b'x' => {
            let digits = if *kind == b'u' { 4 } else { 2 };
            let Some((unit, mut rest)) = hex(rest, digits) else {
                out.push(*kind);
                return rest;
            };
            let mut code = unit;
            if (0xd800..0xdc00).contains(&unit)
                && let Some((low, tail)) = rest.strip_prefix(b"\\u").and_then(|r| hex(r, 4))
                && (0xdc00..0xe000).contains(&low)
            {
                code = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                rest = tail;
            }
            let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return rest;
        }
        other => *other,
    };
    out.push(plain);
    rest
}

fn hex(bytes: &[u8], digits: usize) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_at_checked(digits)?;
    let value = number.iter().try_fold(0, |n, b| char::from(*b).to_digit(16).map(|d| n * 16 + d))?;
    Some((value, rest))
}

/// A value. Objects and arrays come as their own bytes, to be scanned if they matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Value<'a> {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as written.
    Number(&'a [u8]),
    /// A string.
    Text(Text<'a>),
    /// An object, braces included.
    Object(&'a [u8]),
    /// An array, brackets included.
    Array(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The string, if it is one.
    #[must_use]
    pub const fn text(self) -> Option<Text<'a>> {
        match self {
            Self::Text(t) => Some(t),
            _ => None,
        }
    }

    /// A whole number, written as number or as string (`"1670610339"`).
    #[must_use]
    pub fn integer(self) -> Option<i64> {
        match self {
            Self::Number(n) => integer(n),
            Self::Text(t) => integer(t.raw),
            _ => None,
        }
    }

    /// Whether it is `true`.
    #[must_use]
    pub const fn is_true(self) -> bool {
        matches!(self, Self::Bool(true))
    }
}

/// A whole number in decimal digits; `None` for anything else, fractions and overflow included.
#[must_use]
pub fn integer(bytes: &[u8]) -> Option<i64> {
    let (digits, negative) = bytes.strip_prefix(b"-").map_or((bytes, false), |d| (d, true));
    if digits.is_empty() {
        return None;
    }
    // Eighteen digits cannot overflow; a checked product costs a call of 128 bits in WebAssembly.
    let (safe, long) = digits.split_at_checked(18).unwrap_or((digits, b""));
    let mut n = 0i64;
    for b in safe {
        let d = b.wrapping_sub(b'0');
        if d > 9 {
            return None;
        }
        n = n * 10 + i64::from(d);
    }
    for b in long {
        let d = b.wrapping_sub(b'0');
        if d > 9 {
            return None;
        }
        n = n.checked_mul(10)?.checked_add(i64::from(d))?;
    }
    Some(if negative { -n } else { n })
}

/// Reads values from a slice, front to back.
#[derive(Debug, Clone)]
pub struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Walks the members of an object: `let mut m = s.object()?; while let Some(key) = m.key(&mut s)? { .. }`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Members {
    begun: bool,
}

impl Members {
    /// Walks on behind a member that was read before (in an earlier window).
    #[must_use]
    pub const fn resumed() -> Self {
        Self { begun: true }
    }

    /// The next key, or `None` behind the closing brace. Its value must be read or skipped before the next call.
    #[inline]
    pub fn key<'a>(&mut self, s: &mut Scanner<'a>) -> Scan<Option<Text<'a>>> {
        let mut next = s.peek()?;
        if next == b'}' {
            s.at += 1;
            return Ok(None);
        }
        if self.begun {
            if next != b',' {
                return Err(Fault::Bad(s.at));
            }
            s.at += 1;
            next = s.peek()?;
        }
        self.begun = true;
        if next != b'"' {
            return Err(Fault::Bad(s.at));
        }
        let key = s.string()?;
        if s.peek()? != b':' {
            return Err(Fault::Bad(s.at));
        }
        s.at += 1;
        Ok(Some(key))
    }
}

/// Walks the items of an array: `let mut i = s.array()?; while i.more(&mut s)? { .. }`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Items {
    begun: bool,
}

impl Items {
    /// Whether an item was read before.
    #[must_use]
    pub const fn begun(self) -> bool {
        self.begun
    }

    /// Walks on behind an item that was read before.
    #[must_use]
    pub const fn resumed() -> Self {
        Self { begun: true }
    }

    /// Whether an item follows; `false` behind the closing bracket. The item must be read or skipped before the next call.
    #[inline]
    pub fn more(&mut self, s: &mut Scanner<'_>) -> Scan<bool> {
        let next = s.peek()?;
        if next == b']' {
            s.at += 1;
            return Ok(false);
        }
        if self.begun {
            if next != b',' {
                return Err(Fault::Bad(s.at));
            }
            s.at += 1;
            if s.peek()? == b']' {
                return Err(Fault::Bad(s.at));
            }
        }
        self.begun = true;
        Ok(true)
    }
}

impl<'a> Scanner<'a> {
    /// At the start of a slice.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes read so far.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The next byte that is no white space; it is not consumed.
    #[inline]
    pub fn peek(&mut self) -> Scan<u8> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(n) = not_blank(rest) else {
            self.at = self.bytes.len();
            return Err(Fault::NeedMore);
        };
        self.at += n;
        rest.get(n).copied().ok_or(Fault::NeedMore)
    }

    /// Enters an object.
    #[inline]
    pub fn object(&mut self) -> Scan<Members> {
        self.open(b'{').map(|()| Members::default())
    }

    /// Enters an array.
    #[inline]
    pub fn array(&mut self) -> Scan<Items> {
        self.open(b'[').map(|()| Items::default())
    }

    fn open(&mut self, bracket: u8) -> Scan<()> {
        if self.peek()? != bracket {
            return Err(Fault::Bad(self.at));
        }
        self.at += 1;
        Ok(())
    }

    /// A string.
    #[inline]
    pub fn string(&mut self) -> Scan<Text<'a>> {
        self.open(b'"')?;
        let start = self.at;
        let mut rest = self.bytes.get(start..).unwrap_or_default();
        let mut escaped = false;
        loop {
            let n = quote_or_escape(rest).ok_or(Fault::NeedMore)?;
            let (hit, tail) = rest.get(n..).and_then(<[u8]>::split_first).ok_or(Fault::NeedMore)?;
            if *hit == b'"' {
                let end = self.bytes.len() - tail.len() - 1;
                self.at = end + 1;
                return Ok(Text { raw: self.bytes.get(start..end).unwrap_or_default(), escaped });
            }
            escaped = true;
            rest = tail.get(1..).ok_or(Fault::NeedMore)?;
        }
    }

    /// A number as written. One that touches the end of the slice needs more: it might go on.
    pub fn number(&mut self) -> Scan<&'a [u8]> {
        let first = self.peek()?;
        let start = self.at;
        if first != b'-' && !first.is_ascii_digit() {
            return Err(Fault::Bad(start));
        }
        let rest = self.bytes.get(start..).unwrap_or_default();
        let n = rest.iter().position(|b| !matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).ok_or(Fault::NeedMore)?;
        self.at += n;
        Ok(rest.get(..n).unwrap_or_default())
    }

    /// Any value. Objects and arrays are passed over fast and come as bytes.
    #[inline]
    pub fn value(&mut self) -> Scan<Value<'a>> {
        match self.peek()? {
            b'"' => self.string().map(Value::Text),
            b'{' => self.span().map(Value::Object),
            b'[' => self.span().map(Value::Array),
            b't' => self.word(b"true").map(|()| Value::Bool(true)),
            b'f' => self.word(b"false").map(|()| Value::Bool(false)),
            b'n' => self.word(b"null").map(|()| Value::Null),
            _ => self.number().map(Value::Number),
        }
    }

    fn span(&mut self) -> Scan<&'a [u8]> {
        let start = self.at;
        self.skip()?;
        Ok(self.bytes.get(start..self.at).unwrap_or_default())
    }

    fn word(&mut self, word: &[u8]) -> Scan<()> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        if word.starts_with(rest) { Err(Fault::NeedMore) } else { Err(Fault::Bad(self.at)) }
    }

    /// Passes over a value without looking at it closely: strings, brackets and depth are followed, nothing else.
    #[inline]
    pub fn skip(&mut self) -> Scan<()> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b'{' | b'[' => {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                match Skipper::default().feed(rest) {
                    Ok(Some(n)) => {
                        self.at += n;
                        Ok(())
                    }
                    Ok(None) => Err(Fault::NeedMore),
                    Err(n) => Err(Fault::Bad(self.at + n)),
                }
            }
            _ => self.value().map(drop),
        }
    }
}
