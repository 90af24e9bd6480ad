//! Start and end tags of a file that calls itself XML, one after the other. Backups of phones break XML's rules: emoji as two references
//! of half a character each, references to control characters, bare `&`, missing ends. A conforming parser stops there; this one goes on.
//! Values nobody asks for (attachments, tens of megabytes in one attribute) are passed over without being held.

use std::io;

use crate::import::bytes::{Fill, Window};
use crate::import::entity;

/// Bytes passed over before the caller gets a turn.
const TURN: usize = 1 << 20;
/// Longest name of an element or attribute.
const NAME: usize = 128;
/// The attribute that holds a file as base64.
const DATA: &[u8] = b"data";

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// A start tag; `closed`: it is its own end.
    Open {
        /// `<a/>`.
        closed: bool,
    },
    /// An end tag.
    Close,
    /// A start tag that breaks off: another begins inside it, or it is no tag.
    Broken,
    /// A start tag with a value larger than the limit.
    TooLarge,
    /// Nothing yet: call again.
    Pending,
    /// The end of the file; `within`: in the middle of a start tag.
    End {
        /// In a tag.
        within: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Between,
    /// In something that ends with this.
    Until(&'static [u8]),
    Inside,
    Value {
        quote: u8,
        wanted: usize,
    },
    Skip {
        quote: u8,
        counted: bool,
    },
}

/// Reads tags from a window.
pub struct Tags {
    window: Window,
    wanted: &'static [&'static str],
    state: State,
    name: Vec<u8>,
    text: Vec<u8>,
    values: Vec<Option<(usize, usize)>>,
    at: u64,
    passed: u64,
    large: bool,
    turn: usize,
}

impl Tags {
    /// `wanted`: attributes whose values are kept, found again by their place in the list.
    pub fn new(window: Window, wanted: &'static [&'static str]) -> Self {
        let values = vec![None; wanted.len()];
        Self { window, wanted, state: State::Between, name: Vec::new(), text: Vec::new(), values, at: 0, passed: 0, large: false, turn: 0 }
    }

    /// Name of the element of the last token.
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Where the last tag begins.
    pub const fn at(&self) -> u64 {
        self.at
    }

    /// Bytes of the attribute `data` of the last start tag, which were passed over.
    pub const fn passed(&self) -> u64 {
        self.passed
    }

    /// Offset of the next unread byte.
    pub const fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// The value of a wanted attribute; `None` when it is absent or the literal `null`.
    pub fn get(&self, wanted: usize) -> Option<&[u8]> {
        let (from, to) = (*self.values.get(wanted)?)?;
        self.text.get(from..to).filter(|v| *v != b"null")
    }

    /// Reads on to the next token.
    pub fn next(&mut self) -> io::Result<Token> {
        self.turn = 0;
        loop {
            let token = match self.state {
                State::Between => self.between()?,
                State::Until(end) => self.until(end)?,
                State::Inside => self.inside()?,
                State::Value { quote, wanted } => self.value(quote, wanted)?,
                State::Skip { quote, counted } => self.skip(quote, counted)?,
            };
            if let Some(token) = token {
                return Ok(token);
            }
            if self.turn > TURN {
                return Ok(Token::Pending);
            }
        }
    }

    fn eat(&mut self, n: usize) {
        self.turn += n;
        self.window.consume(n);
    }

    /// Brings bytes until there are `n`; `false` when the file has fewer.
    fn need(&mut self, n: usize) -> io::Result<bool> {
        while self.window.data().len() < n {
            if self.window.fill()? != Fill::More {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn between(&mut self) -> io::Result<Option<Token>> {
        let data = self.window.data();
        let Some(n) = memchr::memchr(b'<', data) else {
            self.eat(data.len());
            return Ok((self.window.fill()? == Fill::End).then_some(Token::End { within: false }));
        };
        self.eat(n);
        self.at = self.window.offset();
        self.need(4)?;
        match self.window.data() {
            [b'<', b'!', b'-', b'-', ..] => self.state = State::Until(b"-->"),
            [b'<', b'!', ..] => self.state = State::Until(b">"),
            [b'<', b'?', ..] => self.state = State::Until(b"?>"),
            [b'<', b'/', ..] => return self.closing(),
            [b'<', first, ..] if first.is_ascii_alphabetic() => return self.opening(),
            _ => self.eat(1),
        }
        Ok(None)
    }

    fn until(&mut self, end: &'static [u8]) -> io::Result<Option<Token>> {
        let data = self.window.data();
        if let Some(n) = memchr::memmem::find(data, end) {
            self.eat(n + end.len());
            self.state = State::Between;
            return Ok(None);
        }
        self.eat(data.len().saturating_sub(end.len() - 1));
        if self.window.fill()? == Fill::End {
            self.eat(self.window.data().len());
            self.state = State::Between;
        }
        Ok(None)
    }

    fn closing(&mut self) -> io::Result<Option<Token>> {
        self.need(NAME)?;
        let near = self.window.data();
        let near = near.get(..near.len().min(NAME)).unwrap_or_default();
        let Some(n) = memchr::memchr(b'>', near) else {
            self.eat(2);
            return Ok(None);
        };
        self.name.clear();
        self.name.extend_from_slice(near.get(2..n).unwrap_or_default().trim_ascii());
        self.eat(n + 1);
        Ok(Some(Token::Close))
    }

    fn opening(&mut self) -> io::Result<Option<Token>> {
        self.need(NAME)?;
        let near = self.window.data();
        let name = near.get(1..near.len().min(NAME)).unwrap_or_default();
        let n = name.iter().position(|b| !is_name(*b)).unwrap_or(name.len());
        self.name.clear();
        self.name.extend_from_slice(name.get(..n).unwrap_or_default());
        self.eat(1 + n);
        self.text.clear();
        self.values.fill(None);
        (self.passed, self.large) = (0, false);
        self.state = State::Inside;
        Ok(None)
    }

    fn broken(&mut self) -> Token {
        self.state = State::Between;
        Token::Broken
    }

    /// Between two attributes.
    fn inside(&mut self) -> io::Result<Option<Token>> {
        let blanks = self.window.data().iter().take_while(|b| b.is_ascii_whitespace()).count();
        self.eat(blanks);
        // A name, blanks around `=`, a quote: more than that is no attribute.
        let whole = self.need(2 * NAME)?;
        let data = self.window.data();
        let open = |large: bool, closed: bool| if large { Token::TooLarge } else { Token::Open { closed } };
        let (used, token) = match data {
            [] => return Ok(Some(Token::End { within: true })),
            [first, ..] if first.is_ascii_whitespace() => return Ok(None),
            [b'>', ..] => (1, open(self.large, false)),
            [b'/', b'>', ..] => (2, open(self.large, true)),
            [b'/'] => return Ok(Some(Token::End { within: true })),
            _ => match attribute(data) {
                Some((name, quote, used)) => {
                    let name = data.get(..name).unwrap_or_default();
                    self.state = match self.wanted.iter().position(|w| w.as_bytes() == name) {
                        Some(wanted) => State::Value { quote, wanted },
                        None => State::Skip { quote, counted: name == DATA },
                    };
                    self.eat(used);
                    return Ok(None);
                }
                // The file ends in the middle of a name.
                None if !whole && !data.contains(&b'<') && !data.contains(&b'>') => {
                    self.eat(data.len());
                    return Ok(Some(Token::End { within: true }));
                }
                None => return Ok(Some(self.broken())),
            },
        };
        self.eat(used);
        self.state = State::Between;
        Ok(Some(token))
    }

    fn value(&mut self, quote: u8, field: usize) -> io::Result<Option<Token>> {
        let mut from = 0;
        loop {
            let data = self.window.data();
            let rest = data.get(from..).unwrap_or_default();
            let Some(n) = memchr::memchr(quote, rest).map(|n| n + from) else {
                from = data.len();
                match self.window.fill()? {
                    Fill::More => continue,
                    Fill::End => return Ok(Some(Token::End { within: true })),
                    Fill::Full => {
                        (self.large, self.state) = (true, State::Skip { quote, counted: false });
                        return Ok(None);
                    }
                }
            };
            self.need(n + 2 * NAME)?;
            if self.window.data().len() < n + 2 {
                // Nothing comes after the quote: the tag is cut.
                self.eat(self.window.data().len());
                return Ok(Some(Token::End { within: true }));
            }
            let data = self.window.data();
            if !ends_value(data.get(n + 1..).unwrap_or_default()) {
                from = n + 1;
                continue;
            }
            let raw = data.get(..n).unwrap_or_default();
            // A lost quote lets a value run into the next element.
            if let Some(next) = [&b"<sms "[..], b"<mms ", b"<call "].iter().filter_map(|tag| memchr::memmem::find(raw, tag)).min() {
                self.eat(next);
                return Ok(Some(self.broken()));
            }
            let start = self.text.len();
            decode(raw, &mut self.text);
            if let Some(slot) = self.values.get_mut(field) {
                *slot = Some((start, self.text.len()));
            }
            self.eat(n + 1);
            self.state = State::Inside;
            return Ok(None);
        }
    }

    fn skip(&mut self, quote: u8, counted: bool) -> io::Result<Option<Token>> {
        let data = self.window.data();
        let len = data.len();
        match memchr::memchr2(quote, b'\n', data) {
            Some(n) if data.get(n) == Some(&quote) => {
                self.passed += if counted { n as u64 } else { 0 };
                self.eat(n + 1);
                self.state = State::Inside;
                Ok(None)
            }
            // A line that begins another element: the quote was lost.
            Some(n) => {
                self.need(n + NAME)?;
                let tail = self.window.data().get(n..).unwrap_or_default().trim_ascii_start();
                if [&b"<sms "[..], b"<mms ", b"<call ", b"</part", b"</mms"].iter().any(|t| tail.starts_with(t)) {
                    self.eat(n);
                    return Ok(Some(self.broken()));
                }
                self.passed += if counted { n as u64 } else { 0 };
                self.eat(n + 1);
                Ok(None)
            }
            None => {
                self.passed += if counted { len as u64 } else { 0 };
                self.eat(len);
                Ok((self.window.fill()? == Fill::End).then_some(Token::End { within: true }))
            }
        }
    }
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':')
}

/// An attribute up to its opening quote: length of its name, quote, bytes used.
fn attribute(data: &[u8]) -> Option<(usize, u8, usize)> {
    let name = data.iter().take(NAME).take_while(|b| is_name(**b)).count();
    let rest = data.get(name..)?;
    let after = rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let quote = *after.first().filter(|q| matches!(q, b'"' | b'\''))?;
    (name > 0).then_some((name, quote, data.len() - after.len() + 1))
}

/// Whether a quote with this behind it ends a value: the end of the tag or another attribute follows. Anything else is a quote that the
/// writer forgot to escape.
fn ends_value(after: &[u8]) -> bool {
    let rest = after.trim_ascii_start();
    matches!(rest.first(), None | Some(b'/' | b'>' | b'?' | b'<')) || attribute(rest).is_some()
}

/// Text of an attribute: references resolved, halves of characters joined, line ends and tabs as blanks (XML 1.0, 3.3.3).
pub fn decode(raw: &[u8], out: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some(n) = rest.iter().position(|b| matches!(b, b'&' | b'\n' | b'\r' | b'\t')) {
        let (plain, special) = rest.split_at_checked(n).unwrap_or((rest, &[]));
        out.extend_from_slice(plain);
        rest = match special {
            [b'\r', b'\n', after @ ..] | [b'\n' | b'\r' | b'\t', after @ ..] => {
                out.push(b' ');
                after
            }
            _ => reference(special, out),
        };
    }
    out.extend_from_slice(rest);
}

/// What stands at an `&`; gives what comes after. An `&` that begins no reference stands for itself.
fn reference<'a>(at: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let Some((code, after)) = number(at) else {
        return entity::one(at, out, |name, out| entity::put(entity::named(name), out));
    };
    let (code, after) = match (code, number(after)) {
        // One half of a UTF-16 pair each: written so by the app before 10.05.602 and by converters.
        (0xd800..=0xdbff, Some((low @ 0xdc00..=0xdfff, after))) => (0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00), after),
        _ => (code, after),
    };
    entity::put(char::from_u32(code).filter(|c| *c != '\0').or(Some(char::REPLACEMENT_CHARACTER)), out);
    after
}

/// `&#128512;` or `&#x1F600;`: the number, and what comes after.
fn number(at: &[u8]) -> Option<(u32, &[u8])> {
    let digits = at.strip_prefix(b"&#")?;
    let from = usize::from(matches!(digits, [b'x' | b'X', ..]));
    let end = from + digits.get(from..)?.iter().take(10).position(|b| *b == b';').filter(|n| *n > 0)?;
    let number = digits.get(..end).filter(|t| t.iter().all(u8::is_ascii_alphanumeric)).and_then(entity::number)?;
    Some((number, digits.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::bytes::RangeStream;
    use std::rc::Rc;

    fn decoded(raw: &str) -> String {
        let mut out = Vec::new();
        decode(raw.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn references_are_resolved_whatever_their_writer_did() {
        assert_eq!(decoded("&#55357;&#56832;!&#xD83D;&#xDE00;&#128512;"), "😀!😀😀");
        assert_eq!(decoded("a&#55357;b&#56832;&#0;&#7;"), "a\u{fffd}b\u{fffd}\u{fffd}\u{7}");
        assert_eq!(decoded("R&D &amp;&#38; &unknown; &#; &#xZZ; &#99999999; &"), "R&D && &unknown; &#; &#xZZ; \u{fffd} &");
        assert_eq!(decoded("a\r\nb\nc&#10;d\te"), "a b c\nd e");
    }

    fn all(text: &str, size: usize) -> Vec<String> {
        let window = Window::with_limits(Box::new(RangeStream::whole(Rc::new(text.as_bytes().to_vec()))), size, 64);
        let mut tags = Tags::new(window, &["a", "b"]);
        let mut out = Vec::new();
        loop {
            let token = tags.next().unwrap();
            let value = |n| tags.get(n).map(|v| String::from_utf8_lossy(v).into_owned()).unwrap_or_default();
            if token != Token::Pending {
                out.push(format!("{token:?} {} {}|{}|{}", String::from_utf8_lossy(tags.name()), value(0), value(1), tags.passed()));
            }
            if matches!(token, Token::End { .. }) {
                return out;
            }
        }
    }

    #[test]
    fn tags_are_the_same_however_the_bytes_come() {
        let long = format!("<x><p other='x' data='{}' b=\"q\" a = 'it\"s'/><sms a=\"lost /> <sms a=\"1\"/></x", "QUJD".repeat(50));
        let texts =
            ["<?xml version='1.0'?><!-- <a> --><r a=\"null\"  b='2'><s a=\"x > y\" /></r>", "<s a=\"he said \"hi\" to\"/><t", "<s a=\"1\"b=\"2\"/>< &", &long];
        for text in texts {
            let expected = all(text, 4096);
            for size in [1, 3, 17] {
                let got = all(text, size);
                assert_eq!(got.len(), expected.len(), "{text} by {size}: {got:?} {expected:?}");
            }
        }
        assert_eq!(
            all(texts[0], 4096),
            ["Open { closed: false } r |2|0", "Open { closed: true } s x > y||0", "Close r x > y||0", "End { within: false } r x > y||0"]
        );
        assert_eq!(all(texts[1], 4096)[0], "Open { closed: true } s he said \"hi\" to||0");
        assert_eq!(all(texts[2], 4096)[0], "Open { closed: true } s 1|2|0");
        let long = all(&long, 4096);
        assert_eq!(long[1], "Open { closed: true } p it\"s|q|200");
        assert!(long[2].starts_with("Broken sms") && long[3].starts_with("Open { closed: true } sms 1"), "{long:?}");
    }
}
