//! XML as it passes through a window: one tag or piece of text at a time, whatever the size of the file or of one text. Lenient where
//! producers are: names without regard to case and prefix, unknown entities as written, a stray `<` as text; a file that is cut simply ends.
//!
//! The usual pull reader (quick-xml) keeps each text whole in memory and its places are those of its buffer.

use std::io;

use super::bytes::{Fill, Window};
use super::entity;

/// Longest tag that is read as one.
const TAG: usize = 256 << 10;
/// Longest attribute or name kept.
const KEPT: usize = 64 << 10;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// A start tag; its name and attributes are at hand. `true`: it is closed at once.
    Start(bool),
    /// An end tag; its name is at hand.
    End,
    /// A piece of text, decoded; longer texts come in several.
    Text,
    /// The end of the file.
    Eof,
}

/// Reads tokens.
pub struct Markup {
    window: Window,
    /// Local name of the tag, in lower case.
    pub name: String,
    /// Attributes: local name in lower case, and value.
    pub attributes: Vec<(String, String)>,
    /// The piece of text.
    pub text: Vec<u8>,
    /// Where the token begins.
    pub at: u64,
    /// Elements that are open.
    pub depth: u32,
    cdata: bool,
}

impl Markup {
    /// On a stream of UTF-8.
    pub fn new(window: Window) -> Self {
        Self { window, name: String::new(), attributes: Vec::new(), text: Vec::new(), at: 0, depth: 0, cdata: false }
    }

    /// Bytes passed.
    pub const fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// An attribute of the tag at hand; empty if there is none.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// The next token.
    pub fn next(&mut self) -> io::Result<Token> {
        loop {
            if self.window.data().len() < 12 && self.window.fill()? == Fill::More {
                continue;
            }
            self.at = self.window.offset();
            let data = self.window.data();
            if data.is_empty() {
                return Ok(Token::Eof);
            }
            if self.cdata {
                if self.piece_of_cdata()? {
                    return Ok(Token::Text);
                }
                continue;
            }
            let skipped = match data {
                [b'<', b'!', b'-', b'-', ..] => self.pass(b"-->")?,
                [b'<', b'!', b'[', b'C', b'D', b'A', b'T', b'A', b'[', ..] => {
                    self.window.consume(9);
                    self.cdata = true;
                    true
                }
                [b'<', b'?', ..] => self.pass(b"?>")?,
                [b'<', b'!', ..] => self.pass(b">")?,
                [0xef, 0xbb, 0xbf, ..] if self.at == 0 => {
                    self.window.consume(3);
                    true
                }
                _ => false,
            };
            if skipped {
                continue;
            }
            if self.window.data().first() == Some(&b'<') {
                match self.tag()? {
                    Some(token) => return Ok(token),
                    None => return Ok(Token::Eof),
                }
            }
            self.piece(0)?;
            return Ok(Token::Text);
        }
    }

    /// Passes over everything up to an end, whatever its size.
    fn pass(&mut self, end: &[u8]) -> io::Result<bool> {
        loop {
            let data = self.window.data();
            if let Some(n) = memchr::memmem::find(data, end) {
                self.window.consume(n + end.len());
                return Ok(true);
            }
            self.window.consume(data.len().saturating_sub(end.len() - 1));
            if self.window.fill()? != Fill::More {
                self.window.consume(self.window.data().len());
                return Ok(true);
            }
        }
    }

    /// Text that stands as it is, up to `]]>`. `false`: there is none left.
    fn piece_of_cdata(&mut self) -> io::Result<bool> {
        self.text.clear();
        let data = self.window.data();
        let end = memchr::memmem::find(data, b"]]>");
        let n = end.unwrap_or_else(|| whole(data, if self.window.ended() { data.len() } else { data.len().saturating_sub(2) }));
        self.text.extend(data.get(..n).unwrap_or_default().iter().filter(|b| **b != b'\r'));
        self.window.consume(n);
        if end.is_some() {
            self.window.consume(3);
            self.cdata = false;
        } else if n == 0 && self.window.fill()? != Fill::More {
            self.window.consume(self.window.data().len());
        }
        Ok(!self.text.is_empty())
    }

    /// Text up to the next tag, of which the first `from` bytes are text in any case.
    fn piece(&mut self, from: usize) -> io::Result<()> {
        self.text.clear();
        let data = self.window.data();
        let end = memchr::memchr(b'<', data.get(from..).unwrap_or_default()).map(|n| n + from);
        let mut n = end.unwrap_or(data.len());
        if end.is_none() && !self.window.ended() {
            // Neither an entity nor a character is cut.
            let tail = data.len().saturating_sub(12);
            n = whole(data, n);
            if let Some(open) =
                memchr::memrchr(b'&', data.get(tail..).unwrap_or_default()).filter(|at| !data.get(tail + at..).unwrap_or_default().contains(&b';'))
            {
                n = n.min(tail + open);
            }
            if n == 0 {
                if self.window.fill()? == Fill::More {
                    return Ok(());
                }
                n = self.window.data().len();
            }
        }
        let text = self.window.data().get(..n).unwrap_or_default();
        decode(text, &mut self.text);
        // A line ends with one character, whichever system wrote the file (XML 1.0, section 2.11).
        if memchr::memchr(b'\r', &self.text).is_some() {
            self.text.retain(|b| *b != b'\r');
        }
        self.window.consume(n);
        Ok(())
    }

    /// A tag, once it is here in full; `None` at the end of the file.
    fn tag(&mut self) -> io::Result<Option<Token>> {
        loop {
            let data = self.window.data();
            let starts = data.get(1).is_none_or(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'_' | b':') || *b >= 0x80);
            match end_of_tag(data) {
                Some(n) if starts => {
                    let token = self.read(n);
                    self.window.consume(n);
                    return Ok(Some(token));
                }
                None if starts && data.len() < TAG && self.window.fill()? == Fill::More => {}
                None if starts && self.window.ended() => {
                    self.window.consume(self.window.data().len());
                    return Ok(None);
                }
                _ => {
                    // A bracket that opens no tag.
                    self.piece(1)?;
                    return Ok(Some(Token::Text));
                }
            }
        }
    }

    fn read(&mut self, n: usize) -> Token {
        let tag = self.window.data().get(1..n.saturating_sub(1)).unwrap_or_default();
        self.attributes.clear();
        if let Some(name) = tag.strip_prefix(b"/") {
            self.name = local(name.trim_ascii());
            self.depth = self.depth.saturating_sub(1);
            return Token::End;
        }
        let (tag, closed) = tag.strip_suffix(b"/").map_or((tag, false), |t| (t, true));
        let end = tag.iter().position(u8::is_ascii_whitespace).unwrap_or(tag.len());
        let (name, mut rest) = tag.split_at_checked(end).unwrap_or((tag, b""));
        self.name = local(name);
        while let Some((key, value, tail)) = attribute(rest) {
            if self.attributes.len() < 64 {
                let mut out = Vec::new();
                decode(value.get(..value.len().min(KEPT)).unwrap_or(value), &mut out);
                self.attributes.push((local(key), String::from_utf8_lossy(&out).into_owned()));
            }
            rest = tail;
        }
        self.depth += u32::from(!closed);
        Token::Start(closed)
    }
}

/// Behind the `>` of a tag; marks within quotes do not count.
fn end_of_tag(data: &[u8]) -> Option<usize> {
    let mut quote = 0u8;
    for (n, b) in data.iter().enumerate().take(TAG) {
        match b {
            b'"' | b'\'' if quote == 0 => quote = *b,
            _ if *b == quote => quote = 0,
            b'>' if quote == 0 => return Some(n + 1),
            _ => {}
        }
    }
    None
}

/// ` key = "value"` and what follows.
fn attribute(rest: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let rest = rest.trim_ascii_start();
    let equals = memchr::memchr(b'=', rest)?;
    let (key, value) = rest.split_at_checked(equals)?;
    let value = value.get(1..)?.trim_ascii_start();
    let quote = *value.first().filter(|q| matches!(q, b'"' | b'\''))?;
    let inner = value.get(1..)?;
    let end = memchr::memchr(quote, inner)?;
    Some((key.trim_ascii(), inner.get(..end)?, inner.get(end + 1..)?))
}

/// A name without its prefix, in lower case.
fn local(name: &[u8]) -> String {
    let name = name.get(..name.len().min(200)).unwrap_or(name);
    let name = name.iter().rposition(|b| *b == b':').and_then(|at| name.get(at + 1..)).unwrap_or(name);
    String::from_utf8_lossy(name).to_ascii_lowercase()
}

/// At most `n` bytes, without cutting a character.
fn whole(data: &[u8], n: usize) -> usize {
    let mut n = n.min(data.len());
    let from = n.saturating_sub(4);
    // The last lead byte must have all that follows it.
    if let Some(at) = data.get(from..n).and_then(|t| t.iter().rposition(|b| *b >= 0xc0)) {
        let lead = data.get(from + at).copied().unwrap_or(0);
        let length = if lead >= 0xf0 {
            4
        } else if lead >= 0xe0 {
            3
        } else {
            2
        };
        if from + at + length > n {
            n = from + at;
        }
    }
    n
}

/// Appends text with its references resolved. A number that stands for no character becomes the sign for unknown ones; an unknown name stays as
/// it is written, up to its `;`.
fn decode(text: &[u8], out: &mut Vec<u8>) {
    entity::resolve(text, out, |name, out| {
        let known = entity::xml(name).or_else(|| name.starts_with(b"#").then_some(char::REPLACEMENT_CHARACTER));
        if !entity::put(known, out) {
            out.extend([b"&", name, b";"].into_iter().flatten());
        }
        true
    });
}

/// The name and attributes of the first element of a text, for sniffers.
pub fn root(text: &str) -> Option<(String, Vec<(String, String)>)> {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return None;
    }
    let head = text.get(..text.floor_char_boundary(16 << 10)).unwrap_or(text);
    let bytes: super::bytes::Shared = std::rc::Rc::new(head.as_bytes().to_vec());
    let mut markup = Markup::new(Window::new(Box::new(super::bytes::RangeStream::whole(bytes))));
    loop {
        match markup.next().ok()? {
            Token::Start(_) => return Some((markup.name, markup.attributes)),
            Token::Text if markup.text.trim_ascii().is_empty() || markup.at == 0 => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::bytes::{RangeStream, Shared};
    use std::rc::Rc;

    fn tokens(text: &str, size: usize) -> Vec<String> {
        let bytes: Shared = Rc::new(text.as_bytes().to_vec());
        let mut markup = Markup::new(Window::with_limits(Box::new(RangeStream::whole(bytes)), size, 1 << 20));
        let (mut out, mut held): (Vec<String>, Vec<u8>) = (Vec::new(), Vec::new());
        loop {
            let token = markup.next().unwrap();
            if token == Token::Text {
                held.extend_from_slice(&markup.text);
                continue;
            }
            if !held.is_empty() {
                out.push(String::from_utf8(std::mem::take(&mut held)).unwrap());
            }
            match token {
                Token::Start(closed) => out.push(format!("<{}{:?}{closed}", markup.name, markup.attributes)),
                Token::End => out.push(format!("/{}", markup.name)),
                _ => return out,
            }
        }
    }

    #[test]
    fn tags_and_texts_are_read_through_any_window() {
        let text = "\u{feff}<?xml version=\"1.0\"?><!DOCTYPE x><!-- <no> --><a:Root Key='1 > 0' b=\"&lt;&#228;\"><Item/>caf\u{e9} &amp; &#x1F600; &unknown; 1 < 2 <![CDATA[<raw> ]] &amp;]]></ROOT> tail";
        let want =
            ["<root[(\"key\", \"1 > 0\"), (\"b\", \"<\u{e4}\")]false", "<item[]true", "caf\u{e9} & \u{1f600} &unknown; 1 < 2 <raw> ]] &amp;", "/root", " tail"];
        for size in [1, 2, 3, 7, 64, 4096] {
            assert_eq!(tokens(text, size), want, "{size}");
        }
    }

    #[test]
    fn a_cut_file_ends() {
        let text = "<a><b c=\"d\">text \u{e9} &amp;</b><![CDATA[x]]></a>";
        for cut in (0..text.len()).filter(|n| text.is_char_boundary(*n)) {
            for size in [1, 5, 4096] {
                let _ = tokens(&text[..cut], size);
            }
        }
        assert_eq!(root("  <?xml?><Root a='1'>").unwrap().0, "root");
        assert_eq!(root("no markup"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_harmless(text in "[<>/a&;!\\[\\]\\-CDATA\"'= \u{e9}]{0,60}") {
            for size in [1, 9, 4096] {
                let _ = tokens(&text, size);
            }
        }
    }
}
