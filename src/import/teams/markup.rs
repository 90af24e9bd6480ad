//! The text of a message written as HTML: tags are taken out, entities are resolved. For counting and comparing only.

use memchr::{memchr, memchr2};

use crate::import::entity;

/// Tags between which words do not run together.
const BREAKS: [&[u8]; 9] = [b"br", b"br/", b"/p", b"/div", b"/li", b"/tr", b"/td", b"/h1", b"/blockquote"];
/// Elements whose inside is no text.
const HIDDEN: [&[u8]; 2] = [b"style", b"script"];

/// Writes the text of `html` to `out` (cleared first), without white space at its ends.
pub fn strip(html: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let mut rest = html;
    while let Some(n) = memchr2(b'<', b'&', rest) {
        let (text, marked) = rest.split_at_checked(n).unwrap_or((rest, b""));
        out.extend_from_slice(text);
        rest = if marked.first() == Some(&b'&') { entity::one(marked, out, |name, out| entity::put(entity::html(name, ' '), out)) } else { tag(marked, out) };
    }
    out.extend_from_slice(rest);
    let end = out.trim_ascii_end().len();
    out.truncate(end);
    let start = out.len() - out.trim_ascii_start().len();
    out.drain(..start);
}

/// From behind a tag, a comment or a hidden element; a `<` that opens nothing is text.
fn tag<'a>(marked: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    if marked.starts_with(b"<!--") {
        return memchr::memmem::find(marked, b"-->").and_then(|n| marked.get(n + 3..)).unwrap_or_default();
    }
    let Some(end) = memchr(b'>', marked) else {
        out.push(b'<');
        return marked.get(1..).unwrap_or_default();
    };
    let (inside, after) = (marked.get(1..end).unwrap_or_default(), marked.get(end + 1..).unwrap_or_default());
    let n = inside.iter().position(u8::is_ascii_whitespace).unwrap_or(inside.len());
    let name = inside.get(..n).unwrap_or_default();
    if BREAKS.iter().any(|b| b.eq_ignore_ascii_case(name)) {
        out.push(b'\n');
    } else if name.eq_ignore_ascii_case(b"emoji") {
        // `<emoji id="ghost" alt="…" title="Ghost">`
        out.extend_from_slice(attribute(inside, b"alt").unwrap_or_default());
    } else if let Some(hidden) = HIDDEN.iter().find(|h| h.eq_ignore_ascii_case(name)) {
        let close = [b"</", *hidden].concat();
        let at = after.windows(close.len()).position(|w| w.eq_ignore_ascii_case(&close));
        return at.and_then(|at| after.get(at..)).unwrap_or_default();
    }
    after
}

/// The value of an attribute of a tag, as written.
pub fn attribute<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut rest = tag;
    while let Some(at) = memchr::memmem::find(rest, name) {
        let before = at.checked_sub(1).and_then(|n| rest.get(n)).is_none_or(u8::is_ascii_whitespace);
        rest = rest.get(at + name.len()..)?;
        let Some(value) = rest.strip_prefix(b"=").filter(|_| before) else { continue };
        let (quote, value) = value.split_first()?;
        if matches!(quote, b'"' | b'\'') {
            return value.get(..memchr(*quote, value)?);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_text_stays() {
        let text = |html: &str| {
            let mut out = Vec::new();
            strip(html.as_bytes(), &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(text("<p>I&#39;m in!</p>"), "I'm in!");
        assert_eq!(text("<p>a</p>\n<p>&nbsp;</p><div>b<br>c</div>"), "a\n\n \nb\nc");
        assert_eq!(text("x<emoji id=\"ghost\" alt=\"👻\" title=\"Ghost\"></emoji>"), "x👻");
        assert_eq!(text("<attachment id=\"1\"></attachment><style>p{}</style><!-- no --> 1 < 2 &unknown; &#x41;"), "1 < 2 &unknown; A");
        assert_eq!(text("<systemEventMessage/>"), "");
        assert_eq!(text("<at id=\"0\">Mei</at> hello <"), "Mei hello <");
        assert_eq!(attribute(b"quote data-a=\"1\" messageid='22' ", b"messageid"), Some(&b"22"[..]));
    }
}
