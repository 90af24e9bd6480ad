//! Text of bodies on its way to the features: transfer encoding, character set, HTML. Works in pieces and keeps nothing.

use encoding_rs::{CoderResult, Decoder, Encoding};
use memchr::{memchr, memrchr};

use super::html::Strip;
use crate::features::{Facts, Gather};

/// `Content-Transfer-Encoding`, as far as it changes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transfer {
    /// 7bit, 8bit, binary, unknown.
    #[default]
    Plain,
    /// quoted-printable.
    Quoted,
    /// base64.
    Base64,
}

impl Transfer {
    /// From the header's value.
    #[must_use]
    pub fn of(value: &[u8]) -> Self {
        let word = super::headers::word(value);
        if word.eq_ignore_ascii_case(b"base64") {
            Self::Base64
        } else if word.eq_ignore_ascii_case(b"quoted-printable") {
            Self::Quoted
        } else {
            Self::Plain
        }
    }
}

/// Facts of one kind of text (plain or HTML) over all its parts.
#[derive(Debug, Clone, Copy)]
pub struct Count {
    gather: Gather,
    line_ends: u64,
}

impl Default for Count {
    /// The words of every mail are looked at: most threads are short, and a thread is known only when mails of several boxes meet.
    fn default() -> Self {
        Self { gather: Gather::of(true), line_ends: 0 }
    }
}

impl Count {
    /// The next piece.
    #[inline]
    pub fn add(&mut self, text: &[u8]) {
        self.gather.add(text);
        self.line_ends += text.iter().filter(|b| matches!(b, b'\n' | b'\r')).count() as u64;
    }

    /// Facts; line ends do not count as characters, for transport sets them (format=flowed, quoted-printable, LF and CRLF).
    #[must_use]
    pub fn facts(&self) -> Facts {
        let facts = self.gather.facts();
        Facts { chars: facts.chars.saturating_sub(u32::try_from(self.line_ends).unwrap_or(u32::MAX)), ..facts }
    }
}

const PIECE: usize = 16 << 10;

/// Decodes the text parts of one message.
#[derive(Default)]
pub struct Text {
    /// `text/plain`.
    pub plain: Count,
    /// `text/html`, without tags.
    pub html: Count,
    transfer: Transfer,
    is_html: bool,
    decoder: Option<Decoder>,
    /// ASCII passes the decoder unchanged at any place.
    single_byte: bool,
    strip: Strip,
    sextets: (u32, u8),
    raw: Vec<u8>,
    decoded: Vec<u8>,
}

impl Text {
    /// Forgets all, for the next message.
    pub fn reset(&mut self) {
        (self.plain, self.html, self.decoder) = (Count::default(), Count::default(), None);
    }

    /// Facts of the text: the plain text, or the HTML where that says much more.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let (plain, html) = (self.plain.facts(), self.html.facts());
        if plain.hash == 0 || u64::from(html.chars) > 4 * u64::from(plain.chars) { if html.hash == 0 { plain } else { html } } else { plain }
    }

    /// A text part begins.
    pub fn begin(&mut self, transfer: Transfer, charset: Option<&[u8]>, is_html: bool) {
        (self.transfer, self.is_html) = (transfer, is_html);
        let label = charset.unwrap_or_default();
        let plain = [&b"utf-8"[..], b"us-ascii", b"utf8", b""].iter().any(|l| l.eq_ignore_ascii_case(label));
        let encoding = if plain { None } else { Encoding::for_label(label) };
        self.single_byte = encoding.is_some_and(Encoding::is_single_byte);
        self.decoder = encoding.filter(|e| *e != encoding_rs::UTF_8).map(Encoding::new_decoder_without_bom_handling);
        self.strip = Strip::default();
        self.sextets = (0, 0);
        self.raw.clear();
    }

    /// The next piece of the part, as it stands in the mail; whole lines, or cut by [`cut_long`].
    pub fn add(&mut self, piece: &[u8]) {
        match self.transfer {
            Transfer::Plain => self.bytes(piece, false),
            Transfer::Quoted => self.quoted(piece),
            Transfer::Base64 => self.base64(piece),
        }
    }

    /// The part ends.
    pub fn end(&mut self) {
        self.flush(true);
        self.bytes(b"", true);
        self.decoder = None;
        if self.is_html {
            self.strip.end(&mut self.html);
        }
    }

    fn quoted(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while let Some(at) = memchr(b'=', rest) {
            let (text, tail) = rest.split_at_checked(at).unwrap_or((rest, b""));
            self.raw.extend_from_slice(text);
            rest = match tail {
                [_, b'\n', after @ ..] | [_, b'\r', b'\n', after @ ..] => after,
                [_, a, b, after @ ..] if hex(*a).is_some() && hex(*b).is_some() => {
                    self.raw.push(hex(*a).unwrap_or(0) << 4 | hex(*b).unwrap_or(0));
                    after
                }
                [_, b' ' | b'\t', ..] => soft_break(tail),
                [_, after @ ..] => {
                    if !after.is_empty() {
                        self.raw.push(b'=');
                    }
                    after
                }
                [] => tail,
            };
            if self.raw.len() >= PIECE {
                self.flush(false);
            }
        }
        self.raw.extend_from_slice(rest);
        self.flush(false);
    }

    fn base64(&mut self, piece: &[u8]) {
        let (mut word, mut held) = self.sextets;
        for b in piece {
            let v = match b {
                b'A'..=b'Z' => b - b'A',
                b'a'..=b'z' => b - b'a' + 26,
                b'0'..=b'9' => b - b'0' + 52,
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                b'=' => {
                    // Padding ends a run of groups; what is left over is at most 6 bits of nothing.
                    (word, held) = (0, 0);
                    continue;
                }
                _ => continue,
            };
            word = word << 6 | u32::from(v);
            held += 6;
            if held >= 8 {
                held -= 8;
                self.raw.push((word >> held) as u8);
                word &= (1 << held) - 1;
                if self.raw.len() >= PIECE {
                    self.flush(false);
                }
            }
        }
        self.sextets = (word, held);
        self.flush(false);
    }

    /// Passes on what is decoded, up to a character border.
    fn flush(&mut self, end: bool) {
        let raw = std::mem::take(&mut self.raw);
        let cut = if end || self.decoder.is_some() { raw.len() } else { utf8_border(&raw) };
        self.bytes(raw.get(..cut).unwrap_or_default(), false);
        self.raw = raw;
        self.raw.drain(..cut);
    }

    fn bytes(&mut self, piece: &[u8], last: bool) {
        if self.decoder.is_none() || (self.single_byte && piece.is_ascii()) {
            return self.utf8(piece);
        }
        let Some(mut decoder) = self.decoder.take() else { return };
        let mut out = std::mem::take(&mut self.decoded);
        out.resize(PIECE, 0);
        let mut rest = piece;
        loop {
            let (result, read, written, _) = decoder.decode_to_utf8(rest, &mut out, last);
            self.utf8(out.get(..written).unwrap_or_default());
            rest = rest.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        self.decoded = out;
        if !last {
            self.decoder = Some(decoder);
        }
    }

    fn utf8(&mut self, text: &[u8]) {
        if self.is_html { self.strip.add(text, &mut self.html) } else { self.plain.add(text) }
    }
}

fn hex(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// `=` followed by blanks and a line end is a soft break with transport padding.
fn soft_break(tail: &[u8]) -> &[u8] {
    let after = tail.get(1..).unwrap_or_default();
    match after.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\r')) {
        Some(i) if after.get(i) == Some(&b'\n') => after.get(i + 1..).unwrap_or_default(),
        _ => after,
    }
}

/// Largest length at which no UTF-8 character is cut.
fn utf8_border(text: &[u8]) -> usize {
    let tail = text.iter().rev().take(3).position(|b| *b >= 0xc0);
    match tail {
        Some(back) => {
            let at = text.len() - back - 1;
            let need = match text.get(at) {
                Some(0xf0..) => 4,
                Some(0xe0..) => 3,
                _ => 2,
            };
            if back + 1 < need { at } else { text.len() }
        }
        None => text.len(),
    }
}

/// Where a line without end may be cut so that the pieces decode as the whole: before an unfinished character or `=XX`.
#[must_use]
pub fn cut_long(line: &[u8]) -> usize {
    let cut = utf8_border(line);
    let tail = line.get(cut.saturating_sub(3)..cut).unwrap_or_default();
    let cut = memrchr(b'=', tail).map_or(cut, |i| cut.saturating_sub(3) + i);
    if cut == 0 { line.len() } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::facts;

    fn read(transfer: Transfer, charset: &str, html: bool, pieces: &[&[u8]]) -> Facts {
        let mut text = Text::default();
        text.begin(transfer, Some(charset.as_bytes()), html);
        pieces.iter().for_each(|p| text.add(p));
        text.end();
        if html { text.html.facts() } else { text.plain.facts() }
    }

    #[test]
    fn all_ways_to_write_a_text_give_the_same_facts() {
        let want = facts("Grüße aus 東京".as_bytes(), true);
        let got = read(Transfer::Plain, "utf-8", false, &["Grüße aus 東京\r\n".as_bytes()]);
        assert_eq!((got.chars, got.hash), (12, want.hash));
        assert_eq!(read(Transfer::Quoted, "UTF-8", false, &[b"Gr=C3=BC=C3=\n", b"=9Fe aus =E6=9D=B1=E4=\r\n", b"=BA=AC"]).hash, want.hash);
        assert_eq!(read(Transfer::Base64, "utf-8", false, &[b"R3LDvMOfZSBhdXMg\n", b"5p2x5Lqs"]).hash, want.hash);
        assert_eq!(read(Transfer::Plain, "iso-8859-1", false, &[b"Gr\xfc\xdfe"]).hash, facts("Grüße".as_bytes(), true).hash);
        assert_eq!(read(Transfer::Plain, "iso-2022-jp", false, &[b"\x1b$B$9$_$^$;\x1b(B"]).hash, facts("すみませ".as_bytes(), true).hash);
        assert_eq!(read(Transfer::Base64, "gb18030", false, &[b"xOO6\n", b"ww=="]).hash, facts("你好".as_bytes(), true).hash);
        assert_eq!(
            read(Transfer::Plain, "utf-8", true, &[b"<p style='x'>Hello&nbsp;<b>W", b"orld</b> &amp; co</p><style>x{}</style>"]).hash,
            facts(b"HelloWorld&co", true).hash
        );
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_harmless(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), cut in 0usize..200, html in proptest::prelude::any::<bool>()) {
            let (a, b) = bytes.split_at(cut.min(bytes.len()));
            for transfer in [Transfer::Plain, Transfer::Quoted, Transfer::Base64] {
                for charset in ["utf-8", "iso-2022-jp", "gb18030", "x-unknown"] {
                    let _ = read(transfer, charset, html, &[a, b]);
                }
            }
        }
    }
}
