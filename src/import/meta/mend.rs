//! The broken text of these downloads: the bytes of UTF-8 were each written as a character of their own (`\u00c3\u00a9`, or `Ã©` as it
//! stands, for `é`). Mended after the JSON is read, on every string that shows it; never in files that are written properly.

use crate::import::json::Text;

/// Two rooms for a string on its way.
#[derive(Default)]
pub struct Mender {
    /// Whether this file needs it.
    pub broken: bool,
    decoded: Vec<u8>,
    mended: Vec<u8>,
}

impl Mender {
    /// The text as it was meant.
    pub fn text<'b>(&'b mut self, text: Text<'b>) -> &'b [u8] {
        let decoded = text.decode(&mut self.decoded);
        if !self.broken || decoded.is_ascii() {
            return decoded;
        }
        if mend(decoded, &mut self.mended) { &self.mended } else { decoded }
    }

    /// The same as a `String`, for names and other short texts.
    pub fn owned(&mut self, text: Text<'_>) -> String {
        String::from_utf8_lossy(self.text(text)).into_owned()
    }
}

/// Whether all characters are bytes that together are UTF-8; `out` holds the text then.
fn mend(text: &[u8], out: &mut Vec<u8>) -> bool {
    out.clear();
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        match *byte {
            ascii @ 0..0x80 => out.push(ascii),
            // U+0080 to U+00FF are two bytes of UTF-8, the first of them C2 or C3.
            lead @ (0xc2 | 0xc3) => match rest.next() {
                Some(tail @ 0x80..=0xbf) => out.push(((lead & 3) << 6) | (tail & 0x3f)),
                _ => return false,
            },
            _ => return false,
        }
    }
    std::str::from_utf8(out).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(raw: &str) -> String {
        let mut mender = Mender { broken: true, ..Mender::default() };
        mender.owned(Text { raw: raw.as_bytes(), escaped: raw.contains('\\') })
    }

    #[test]
    fn bytes_that_were_written_as_characters_become_text_again() {
        assert_eq!(mended("caf\\u00c3\\u00a9"), "café");
        assert_eq!(mended("Kov\u{c3}\u{a1}cs"), "Kovács");
        assert_eq!(mended("\\u00f0\\u009f\\u0098\\u0080 \\u00e6\\u009d\\u008e"), "😀 李");
        assert_eq!(mended("caf\u{e9}"), "café");
        assert_eq!(mended("李 \u{c3}\u{a1}"), "李 \u{c3}\u{a1}");
        assert_eq!(mended("plain \\n text"), "plain \n text");
        let mut whole = Mender::default();
        assert_eq!(whole.owned(Text { raw: "\u{c3}\u{a1}".as_bytes(), escaped: false }), "\u{c3}\u{a1}");
    }
}
