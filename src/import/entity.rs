//! References in HTML and XML (`&amp;`, `&#233;`, `&#xE9;`): what each stands for. What becomes of one that stands for no character differs
//! from format to format and is theirs to say.

/// Longest reference, in bytes between `&` and `;`.
const LONGEST: usize = 11;

/// What stands between an `&` and the next `;`, and what comes after; `None` where none is near.
fn split(at: &[u8]) -> Option<(&[u8], &[u8])> {
    let behind = at.strip_prefix(b"&")?;
    let end = memchr::memchr(b';', behind.get(..behind.len().min(LONGEST + 1))?)?;
    Some((behind.get(..end)?, behind.get(end + 1..)?))
}

/// What stands at an `&`; gives what comes after. `write` is given what stands before the `;` and says whether it has written something for
/// it; if not, the `&` stands for itself, and text goes on behind it.
pub fn one<'a>(at: &'a [u8], out: &mut Vec<u8>, mut write: impl FnMut(&[u8], &mut Vec<u8>) -> bool) -> &'a [u8] {
    match split(at) {
        Some((name, after)) if write(name, out) => after,
        _ => {
            out.push(b'&');
            at.get(1..).unwrap_or_default()
        }
    }
}

/// Appends text with its references resolved, each as [`one`].
pub fn resolve(text: &[u8], out: &mut Vec<u8>, mut write: impl FnMut(&[u8], &mut Vec<u8>) -> bool) {
    let mut rest = text;
    while let Some((plain, marked)) = memchr::memchr(b'&', rest).and_then(|n| rest.split_at_checked(n)) {
        out.extend_from_slice(plain);
        rest = one(marked, out, &mut write);
    }
    out.extend_from_slice(rest);
}

/// Appends a character; whether there was one.
pub fn put(c: Option<char>, out: &mut Vec<u8>) -> bool {
    if let Some(c) = c {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    c.is_some()
}

/// The five names of XML.
pub const fn named(name: &[u8]) -> Option<char> {
    Some(match name {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        _ => return None,
    })
}

/// A number as it stands behind `&#`, decimal or `x` and hexadecimal: it may be no character, or half of one.
pub fn number(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}

/// The character of a reference in XML.
pub fn xml(name: &[u8]) -> Option<char> {
    named(name).or_else(|| char::from_u32(number(name.strip_prefix(b"#")?)?))
}

/// The character of a reference in HTML; of its many names only `&nbsp;`, for which `blank` is taken.
pub fn html(name: &[u8], blank: char) -> Option<char> {
    if name == b"nbsp" { Some(blank) } else { xml(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> String {
        let mut out = Vec::new();
        resolve(text.as_bytes(), &mut out, |name, out| put(html(name, '_'), out));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn names_and_numbers_are_resolved_and_all_else_stays() {
        assert_eq!(resolved("&lt;&gt;&amp;&quot;&apos;&nbsp;&#233;&#xE9;&#X1f600;"), "<>&\"'_éé😀");
        assert_eq!(resolved("a &unknown; &#; &#x; &#xD83D; &#9999999999; &; &"), "a &unknown; &#; &#x; &#xD83D; &#9999999999; &; &");
        assert_eq!(resolved("R&D &amp; Q&amp;A &amp;lt;"), "R&D & Q&A &lt;");
        assert_eq!(resolved("&#0000000065;&#00000000065;"), "A&#00000000065;");
    }
}
