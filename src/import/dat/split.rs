//! Rows of a load file: every field between quote marks, fields apart by a mark of their own, line ends within quotes allowed.

use crate::import::delimited::record::Split;

/// The marks of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Stands before and behind every field.
    pub quote: char,
    /// Stands between fields.
    pub delimiter: char,
}

/// Fields of a record as ranges of its bytes.
#[derive(Debug, Default)]
pub struct Fields(Vec<(usize, usize)>);

impl Fields {
    /// A field; empty where there is none.
    pub fn get<'a>(&self, bytes: &'a [u8], ix: usize) -> &'a [u8] {
        self.0.get(ix).and_then(|(a, b)| bytes.get(*a..*b)).unwrap_or_default()
    }

    /// All of them.
    pub fn iter<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        (0..self.0.len()).map(move |ix| self.get(bytes, ix))
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl Layout {
    /// From the header row: `þBEGDOC\x14þENDDOC\x14þ…`, whatever the two marks are. At least three fields, none of the marks a letter, a
    /// digit or a mark of other tables.
    pub fn of(text: &[u8]) -> Option<Self> {
        let start = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let line = start.get(..memchr::memchr2(b'\r', b'\n', start).unwrap_or(start.len()).min(16 << 10))?;
        let line = String::from_utf8_lossy(line);
        let mut chars = line.chars();
        let quote = chars.next().filter(|c| mark(*c))?;
        let rest = chars.as_str();
        let (first, behind) = rest.split_once(quote)?;
        let delimiter = behind.chars().next().filter(|c| (mark(*c) || *c == '\t') && *c != quote)?;
        let between: String = [quote, delimiter, quote].iter().collect();
        let named = |name: &str| !name.is_empty() && name.len() <= 80 && name.chars().all(|c| c.is_alphanumeric() || " _-./#()&:".contains(c));
        let names: Vec<&str> = line.trim_matches(quote).split(between.as_str()).collect();
        (named(first) && names.len() >= 3 && names.iter().take(3).all(|n| named(n))).then_some(Self { quote, delimiter })
    }

    /// Whether the marks are those of Concordance.
    pub const fn standard(self) -> bool {
        self.quote == '\u{fe}' && self.delimiter == '\u{14}'
    }

    /// Splits the first record. `ended`: no more bytes will come.
    pub fn split(self, bytes: &[u8], ended: bool, fields: &mut Fields) -> Split {
        fields.0.clear();
        let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        match bytes.get(mark..) {
            None | Some([]) => return Split::Empty,
            Some([b'\r', b'\n', ..]) => return Split::Blank { bytes: mark + 2 },
            Some([b'\r']) if !ended => return Split::Partial { quoted: false },
            Some([b'\n' | b'\r', ..]) => return Split::Blank { bytes: mark + 1 },
            _ => {}
        }
        let (mut q, mut d) = ([0; 4], [0; 4]);
        let (quote, delimiter) = (self.quote.encode_utf8(&mut q).as_bytes(), self.delimiter.encode_utf8(&mut d).as_bytes());
        let mut at = mark;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let (from, end) = match rest.strip_prefix(quote) {
                Some(inner) => match closing(inner, quote, delimiter, ended) {
                    Some(n) => (at + quote.len(), at + quote.len() + n),
                    None => return Split::Partial { quoted: true },
                },
                None => {
                    let stop = memchr::memmem::find(rest, delimiter).into_iter().chain(memchr::memchr2(b'\r', b'\n', rest)).min();
                    match stop {
                        Some(n) => (at, at + n),
                        None if ended => (at, bytes.len()),
                        None => return Split::Partial { quoted: false },
                    }
                }
            };
            fields.0.push((from, end));
            at = if from > at { end + quote.len() } else { end };
            let rest = bytes.get(at..).unwrap_or_default();
            if rest.starts_with(delimiter) {
                at += delimiter.len();
                continue;
            }
            let line = match rest {
                [b'\r', b'\n', ..] => 2,
                [b'\r'] if !ended => return Split::Partial { quoted: false },
                [b'\r' | b'\n', ..] => 1,
                [] if ended => 0,
                _ => return Split::Partial { quoted: false },
            };
            let lines = memchr::memchr_iter(b'\n', bytes.get(..at + line).unwrap_or_default()).count();
            return Split::Record { bytes: at + line, lines: u32::try_from(lines).unwrap_or(u32::MAX) };
        }
    }
}

/// What may be a mark: no letter, digit, blank, or mark of CSV. þ is a letter to Unicode.
fn mark(c: char) -> bool {
    c == '\u{fe}' || c == '\u{14}' || !(c.is_alphanumeric() || c.is_whitespace() || "\"',;<{[(#-_".contains(c) || c == '\0' || c == '\u{feff}')
}

/// Where the quote stands that ends a field: before a delimiter, a line end or the end. Others belong to the text.
fn closing(inner: &[u8], quote: &[u8], delimiter: &[u8], ended: bool) -> Option<usize> {
    memchr::memmem::find_iter(inner, quote).find(|at| {
        let behind = inner.get(at + quote.len()..).unwrap_or_default();
        behind.starts_with(delimiter) || matches!(behind.first(), Some(b'\r' | b'\n')) || (behind.is_empty() && ended)
    })
}
