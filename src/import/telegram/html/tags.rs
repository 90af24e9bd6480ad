//! Tags and text of a piece of HTML that a program wrote: what stands between `<` and `>`, no more. Nothing is ever shown from here.

use crate::import::entity;

/// A piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// `<name attributes>`
    Open(&'a [u8], &'a [u8]),
    /// `</name>`
    Close(&'a [u8]),
    /// What stands between tags, entities as written.
    Text(&'a [u8]),
}

/// Walks the pieces.
pub struct Tags<'a>(&'a [u8]);

impl<'a> Tags<'a> {
    /// Of these bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.0;
        let first = rest.first()?;
        if *first != b'<' {
            let (text, tail) = rest.split_at_checked(memchr::memchr(b'<', rest).unwrap_or(rest.len()))?;
            self.0 = tail;
            return Some(Token::Text(text));
        }
        // A value in quotation marks may hold `>`.
        let (mut quote, mut end) = (0, rest.len());
        for (at, b) in rest.iter().enumerate().skip(1) {
            match (quote, *b) {
                (0, b'>') => {
                    end = at;
                    break;
                }
                (0, b'"' | b'\'') => quote = *b,
                (q, b) if q == b => quote = 0,
                _ => {}
            }
        }
        let tag = rest.get(1..end).unwrap_or_default();
        self.0 = rest.get(end + 1..).unwrap_or_default();
        if let Some(name) = tag.strip_prefix(b"/") {
            return Some(Token::Close(name.trim_ascii()));
        }
        let n = tag.iter().position(|b| b.is_ascii_whitespace() || *b == b'/').unwrap_or(tag.len());
        let (name, attributes) = tag.split_at_checked(n)?;
        Some(Token::Open(name, attributes))
    }
}

/// Value of an attribute, as written; empty when it is not there.
pub fn attribute<'a>(attributes: &'a [u8], name: &str) -> &'a [u8] {
    let mut rest = attributes;
    while let Some(at) = memchr::memmem::find(rest, name.as_bytes()) {
        let behind = rest.get(at + name.len()..).unwrap_or_default();
        let begins = at.checked_sub(1).and_then(|n| rest.get(n)).is_none_or(u8::is_ascii_whitespace);
        if let (true, Some(value)) = (begins, behind.strip_prefix(b"=\"")) {
            return value.get(..memchr::memchr(b'"', value).unwrap_or(value.len())).unwrap_or_default();
        }
        rest = behind;
    }
    b""
}

/// Whether a class attribute holds this class.
pub fn has_class(class: &[u8], name: &str) -> bool {
    class.split(|b| *b == b' ').any(|c| c == name.as_bytes())
}

/// Appends text with its entities resolved: the five of XML, `&nbsp;` and numbers.
pub fn decode(text: &[u8], out: &mut Vec<u8>) {
    entity::resolve(text, out, |name, out| entity::put(entity::html(name, '\u{a0}'), out));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_attributes_and_entities_are_read() {
        let bytes = br#"a<div class="x y" title="1 > 0">b &amp; &#1078;&lt;&bad;</div><br>c<"#;
        let all: Vec<Token<'_>> = Tags::new(bytes).collect();
        assert_eq!(all[0], Token::Text(b"a"));
        let Token::Open(name, attributes) = all[1] else { panic!() };
        assert_eq!((name, attribute(attributes, "title"), attribute(attributes, "href")), (&b"div"[..], &b"1 > 0"[..], &b""[..]));
        assert!(has_class(attribute(attributes, "class"), "y") && !has_class(b"xy", "y"));
        let Token::Text(text) = all[2] else { panic!() };
        let mut out = Vec::new();
        decode(text, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "b & ж<&bad;");
        assert_eq!((all[3], all[4], all[5]), (Token::Close(b"div"), Token::Open(b"br", b""), Token::Text(b"c")));
    }
}
