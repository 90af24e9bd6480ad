//! Encodings: found once per file from its first bytes, then decoded as a stream. UTF-8 passes through untouched.

use std::borrow::Cow;
use std::io;

use super::bytes::Stream;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// The head as text, and the encoding if it is not UTF-8. `None` for binary data. A byte order mark is removed.
#[must_use]
pub fn head_text(bytes: &[u8], complete: bool) -> (Option<Cow<'_, str>>, Option<&'static Encoding>) {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes)
        && (encoding == UTF_16LE || encoding == UTF_16BE)
    {
        let rest = bytes.get(bom..).unwrap_or_default();
        let even = rest.get(..rest.len() & !1).unwrap_or_default();
        return (Some(encoding.decode_without_bom_handling(even).0), Some(encoding));
    }
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(body) {
        Ok(text) => (Some(Cow::Borrowed(text)), None),
        Err(e) if !complete && e.error_len().is_none() => (body.get(..e.valid_up_to()).and_then(|b| std::str::from_utf8(b).ok()).map(Cow::Borrowed), None),
        Err(_) if body.contains(&0) => (None, None),
        Err(_) => match legacy(body) {
            Some(encoding) => (Some(encoding.decode_without_bom_handling(body).0), Some(encoding)),
            None => (Some(String::from_utf8_lossy(body)), None),
        },
    }
}

/// The likely encoding of text that is not UTF-8: GB18030 where bytes above ASCII come in pairs that decode, else Windows-1252.
/// `None` where most of those bytes are good UTF-8: a damaged character does not make another encoding.
#[must_use]
pub fn legacy(bytes: &[u8]) -> Option<&'static Encoding> {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if good > bad {
        return None;
    }
    let runs = bytes.chunk_by(|a, b| (*a >= 0x80) == (*b >= 0x80)).filter(|run| run.first().is_some_and(|b| *b >= 0x80));
    // Letters with accents stand alone between ASCII letters; Chinese characters come in pairs.
    let (even, odd) = runs.fold((0usize, 0usize), |(even, odd), run| if run.len().is_multiple_of(2) { (even + 1, odd) } else { (even, odd + 1) });
    let pairs = even > odd * 4 && !encoding_rs::GB18030.decode_without_bom_handling(bytes).1;
    Some(if pairs { encoding_rs::GB18030 } else { encoding_rs::WINDOWS_1252 })
}

/// A stream decoded to UTF-8.
pub struct Decoded {
    inner: Box<dyn Stream>,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
}

impl Decoded {
    /// Decodes a stream of this encoding.
    #[must_use]
    pub fn new(inner: Box<dyn Stream>, encoding: &'static Encoding) -> Self {
        Self { inner, decoder: encoding.new_decoder(), raw: vec![0; 64 << 10], start: 0, end: 0, ended: false }
    }
}

impl Stream for Decoded {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.len() < 4 {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        loop {
            if self.start == self.end && !self.ended {
                self.start = 0;
                self.end = self.inner.read(&mut self.raw)?;
                self.ended = self.end == 0;
            }
            let raw = self.raw.get(self.start..self.end).unwrap_or_default();
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, buf, self.ended);
            self.start += read;
            if written > 0 {
                return Ok(written);
            }
            if self.ended && matches!(result, encoding_rs::CoderResult::InputEmpty) {
                return Ok(0);
            }
        }
    }
}
