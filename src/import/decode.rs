//! Encodings: found once per file from its first bytes, then decoded as a stream. UTF-8 passes through untouched. One file has
//! one encoding: a few bad bytes never change it midway, they are counted.

use std::borrow::Cow;
use std::io;
use std::rc::Rc;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_16BE, UTF_16LE};

use super::bytes::Stream;
use super::watch::Watch;

/// How far an ASCII file is looked through for the first byte that tells its encoding.
const LOOK_AHEAD: u64 = 4 << 20;

/// The encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// UTF-8, perhaps with a few bad bytes.
    Utf8,
    /// Another one, stated by a byte order mark.
    Marked(&'static Encoding),
    /// Another one, guessed from the bytes.
    Guessed(&'static Encoding),
    /// No text.
    Binary,
}

impl Found {
    /// The encoding to decode from; `None` for UTF-8 and binary data.
    #[must_use]
    pub const fn legacy(self) -> Option<&'static Encoding> {
        match self {
            Self::Marked(encoding) | Self::Guessed(encoding) => Some(encoding),
            Self::Utf8 | Self::Binary => None,
        }
    }
}

/// The encoding of a head. `complete`: it is all of the file, so that no character may be cut at its end.
#[must_use]
pub fn find(bytes: &[u8], complete: bool) -> Found {
    if let Some((encoding, _)) = Encoding::for_bom(bytes)
        && (encoding == UTF_16LE || encoding == UTF_16BE)
    {
        return Found::Marked(encoding);
    }
    if let Some(encoding) = wide(bytes) {
        return Found::Guessed(encoding);
    }
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(body) {
        Ok(_) => return Found::Utf8,
        Err(e) if !complete && e.error_len().is_none() => return Found::Utf8,
        Err(_) => {}
    }
    // Packed and binary data holds about one zero in 256 bytes, often far more; text holds none or a stray one.
    if memchr::memchr_iter(0, body).count() * 1000 > body.len() {
        return Found::Binary;
    }
    legacy(body).map_or(Found::Utf8, Found::Guessed)
}

/// UTF-16 without a mark: every second byte is zero wherever the text is ASCII, and never the others.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let (pairs, _) = head.as_chunks::<2>();
    let (first, second) = pairs.iter().fold((0, 0), |(a, b), [x, y]| (a + usize::from(*x == 0), b + usize::from(*y == 0)));
    let enough = |zeros: usize| zeros > 4 && zeros * 4 > pairs.len();
    let encoding = match (first, second) {
        (0, zeros) if enough(zeros) => UTF_16LE,
        (zeros, 0) if enough(zeros) => UTF_16BE,
        _ => return None,
    };
    let text = encoding.decode_without_bom_handling(pairs.as_flattened());
    let odd = text.0.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER || (c.is_control() && !c.is_whitespace())).count();
    (odd * 50 <= pairs.len()).then_some(encoding)
}

/// The likely encoding of text that is not UTF-8, from all that browsers know. `None` where most of the bytes above ASCII are good
/// UTF-8: a damaged character does not make another encoding.
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
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    // The larger of the two is decoded by the same rules.
    Some(if guess == GBK { GB18030 } else { guess })
}

/// The head as text, with the encoding. `None` for binary data. A byte order mark and a cut last character are removed.
#[must_use]
pub fn head_text(bytes: &[u8], complete: bool) -> (Option<Cow<'_, str>>, Found) {
    let found = find(bytes, complete);
    let text = match found {
        Found::Binary => return (None, found),
        Found::Utf8 => String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
        Found::Marked(encoding) => encoding.decode_with_bom_removal(bytes).0,
        Found::Guessed(encoding) => encoding.decode_without_bom_handling(bytes).0,
    };
    if complete || !text.ends_with(char::REPLACEMENT_CHARACTER) {
        return (Some(text), found);
    }
    let whole = text.trim_end_matches(char::REPLACEMENT_CHARACTER).len();
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..whole).unwrap_or(text)),
        Cow::Owned(mut text) => {
            text.truncate(whole);
            Cow::Owned(text)
        }
    };
    (Some(text), found)
}

/// For a file whose head is ASCII: the encoding of the first bytes further on that are not, within [`LOOK_AHEAD`].
pub fn look_ahead(stream: &mut dyn Stream) -> Found {
    let mut buf = vec![0; 64 << 10];
    let mut seen = 0;
    let mut kept: Vec<u8> = Vec::new();
    while seen < LOOK_AHEAD
        && kept.len() < buf.len()
        && let Ok(n) = stream.read(&mut buf)
        && n > 0
    {
        let piece = buf.get(..n).unwrap_or_default();
        if !kept.is_empty() || !piece.is_ascii() {
            kept.extend_from_slice(piece);
        }
        seen += n as u64;
    }
    if kept.is_empty() || kept.contains(&0) { Found::Utf8 } else { find(&kept, false) }
}

/// The encoding of this name, as a source states it; `None` for UTF-8 and unknown names.
#[must_use]
pub fn named(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.as_bytes()).filter(|e| *e != encoding_rs::UTF_8)
}

/// A stream decoded to UTF-8.
pub struct Decoded {
    inner: Box<dyn Stream>,
    decoder: encoding_rs::Decoder,
    watch: Rc<Watch>,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// The decoder has been told the end and has given its last; it must not be asked again.
    finished: bool,
    done: u64,
    /// Decoded, not handed out yet.
    spare: Vec<u8>,
}

impl Decoded {
    /// Decodes a stream of this encoding; bytes that are none of it are counted.
    #[must_use]
    pub fn new(inner: Box<dyn Stream>, encoding: &'static Encoding, watch: Rc<Watch>) -> Self {
        // Only its own mark is removed: one that says otherwise would have been seen when the encoding was found.
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { inner, decoder, watch, raw: vec![0; 64 << 10], start: 0, end: 0, ended: false, finished: false, done: 0, spare: Vec::new() }
    }
}

impl Stream for Decoded {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        // A window that is nearly full asks for less than the longest character: the rest is kept for its next reading.
        if self.spare.is_empty() {
            if buf.len() >= 4 {
                return self.decode(buf);
            }
            let mut room = [0; 64];
            let n = self.decode(&mut room)?;
            self.spare.extend(room.get(..n).unwrap_or_default());
        }
        let mut n = 0;
        for (to, from) in buf.iter_mut().zip(self.spare.iter()) {
            *to = *from;
            n += 1;
        }
        self.spare.drain(..n);
        Ok(n)
    }
}

impl Decoded {
    /// Fills a buffer that has room for any character.
    fn decode(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while !self.finished {
            if self.start == self.end && !self.ended {
                self.start = 0;
                self.end = self.inner.read(&mut self.raw)?;
                self.ended = self.end == 0;
            }
            let raw = self.raw.get(self.start..self.end).unwrap_or_default();
            let (result, read, written, replaced) = self.decoder.decode_to_utf8(raw, buf, self.ended);
            if replaced {
                let made = memchr::memmem::find_iter(buf.get(..written).unwrap_or_default(), "\u{fffd}".as_bytes()).count();
                self.watch.invalid(made.max(1) as u64, self.done);
            }
            self.start += read;
            self.done += read as u64;
            self.finished = self.ended && matches!(result, encoding_rs::CoderResult::InputEmpty);
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

/// A stream of UTF-8 that passes through; bad bytes are counted.
pub struct Checked {
    inner: Box<dyn Stream>,
    watch: Rc<Watch>,
    /// The beginning of a character whose end has not come yet.
    open: Vec<u8>,
    opened: u64,
    done: u64,
}

impl Checked {
    /// Looks at this stream.
    #[must_use]
    pub fn new(inner: Box<dyn Stream>, watch: Rc<Watch>) -> Self {
        Self { inner, watch, open: Vec::with_capacity(4), opened: 0, done: 0 }
    }

    fn look(&mut self, mut bytes: &[u8]) {
        let all = bytes.len();
        // At most three bytes finish or break a character that was cut.
        while !self.open.is_empty()
            && let Some((first, rest)) = bytes.split_first()
        {
            self.open.push(*first);
            match std::str::from_utf8(&self.open) {
                Err(e) if e.error_len().is_none() => bytes = rest,
                Err(e) => {
                    self.watch.invalid(1, self.opened);
                    // The byte that broke it may begin another character.
                    let broken = e.error_len().unwrap_or(1);
                    if broken == self.open.len() {
                        bytes = rest;
                    }
                    self.open.clear();
                }
                Ok(_) => {
                    bytes = rest;
                    self.open.clear();
                }
            }
        }
        while let Err(e) = simdutf8::compat::from_utf8(bytes) {
            let (_, bad) = bytes.split_at_checked(e.valid_up_to()).unwrap_or_default();
            let Some(len) = e.error_len() else {
                self.open.extend_from_slice(bad);
                self.opened = self.done + (all - bad.len()) as u64;
                break;
            };
            self.watch.invalid(1, self.done + (all - bad.len()) as u64);
            bytes = bad.get(len..).unwrap_or_default();
        }
    }
}

impl Stream for Checked {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        let bytes = buf.get(..n).unwrap_or_default();
        if n == 0 && !self.open.is_empty() {
            self.open.clear();
            self.watch.invalid(1, self.opened);
        }
        self.look(bytes);
        self.done += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::bytes::RangeStream;

    struct Drops(RangeStream, usize);
    impl Stream for Drops {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let n = buf.len().min(self.1);
            self.0.read(&mut buf[..n])
        }
    }

    fn drops(bytes: &[u8], size: usize) -> Box<dyn Stream> {
        Box::new(Drops(RangeStream::whole(Rc::new(bytes.to_vec())), size))
    }

    fn through(stream: &mut dyn Stream) -> Vec<u8> {
        let (mut out, mut buf) = (Vec::new(), [0; 64]);
        loop {
            match stream.read(&mut buf).unwrap() {
                0 => return out,
                n => out.extend_from_slice(&buf[..n]),
            }
        }
    }

    #[test]
    fn bad_bytes_are_counted_however_they_come() {
        let bytes = "caf\u{e9} ☕ 🙂 end".as_bytes();
        for bad in [&b"\xff"[..], b"\xe2\x98", b"\xf0\x9f\x99", b"\xe2\x98\xe2\x98\x95", b"\xc3\xff", b"\xed\xa0\x80"] {
            let mut text = bytes.to_vec();
            text.extend_from_slice(bad);
            text.extend_from_slice(b" more");
            let expected = text.utf8_chunks().filter(|c| !c.invalid().is_empty()).count() as u64;
            for size in 1..8 {
                let watch = Rc::new(Watch::default());
                let out = through(&mut Checked::new(drops(&text, size), watch.clone()));
                assert_eq!(out, text);
                assert_eq!(watch.bad(), Some((expected, bytes.len() as u64)), "{bad:x?} by {size}");
            }
        }
    }

    fn guessed(text: &str, encoding: &'static Encoding) -> Found {
        let bytes = encoding.encode(text).0;
        let (head, found) = head_text(&bytes, true);
        assert_eq!(head.as_deref(), Some(text), "{} taken for {found:?}", encoding.name());
        found
    }

    #[test]
    fn undeclared_encodings_are_guessed() {
        guessed("12/03/26, 09:14 - José Peña: mañana hablamos de los números, ¿te parece?\n", encoding_rs::WINDOWS_1252);
        guessed("12/03/26, 09:14 - 李青: 好的,明天上午把合同发给您\n12/03/26, 09:15 - 李青: 客户已经同意了\n", GB18030);
        guessed("12/03/26, 09:14 - 田中: 了解しました。明日の会議で資料を確認してください。\n", encoding_rs::SHIFT_JIS);
        guessed("12/03/26, 09:14 - 김민수: 안녕하세요, 내일 회의 자료를 보내 드리겠습니다.\n", encoding_rs::EUC_KR);
        guessed("12/03/26, 09:14 - 陳小姐: 您好,明天上午可以開會嗎?我會把報價單寄給您。\n", encoding_rs::BIG5);
        guessed("12/03/26, 09:14 - Иван Петров: Добрый день, отправляю договор на подпись.\n", encoding_rs::WINDOWS_1251);
        guessed("12/03/26, 09:14 - أحمد: صباح الخير، سأرسل لكم العقد غدا إن شاء الله.\n", encoding_rs::WINDOWS_1256);
    }

    #[test]
    fn a_few_bad_bytes_do_not_make_another_encoding() {
        let mut text = "Grüße aus Köln, schöne Wörter überall\n".repeat(20).into_bytes();
        text.extend_from_slice(b"\xff\xfe\x81 and on\n");
        assert_eq!(find(&text, true), Found::Utf8);
        assert_eq!(find(&text[..text.len() - 12], false), Found::Utf8);
    }

    #[test]
    fn sixteen_bits_without_a_mark_are_seen() {
        let text = "Date,From,Text\r\n2026-03-12 09:14,Ana,hello — dear 李\r\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, encoding) in [(little, UTF_16LE), (big, UTF_16BE)] {
            assert_eq!(head_text(&bytes, true), (Some(text.into()), Found::Guessed(encoding)));
            for size in [1, 3, 64] {
                let decoded = through(&mut Decoded::new(drops(&bytes, size), encoding, Rc::default()));
                assert_eq!(String::from_utf8(decoded).unwrap(), text);
            }
        }
    }

    #[test]
    fn a_character_cut_at_the_end_is_replaced_once() {
        for (encoding, bytes) in
            [(UTF_16LE, &b"a\0b"[..]), (UTF_16BE, b"\0a\0"), (GB18030, b"ab\xc4"), (encoding_rs::SHIFT_JIS, b"ab\x82"), (UTF_16LE, b"a\0\x3d\xd8")]
        {
            for size in [1, 2, 64] {
                let watch = Rc::new(Watch::default());
                let decoded = through(&mut Decoded::new(drops(bytes, size), encoding, watch.clone()));
                assert_eq!(decoded, encoding.decode_without_bom_handling(bytes).0.as_bytes(), "{} by {size}", encoding.name());
                assert_eq!(watch.bad().map(|(n, _)| n), Some(1), "{} by {size}", encoding.name());
            }
        }
    }

    #[test]
    fn data_is_no_text() {
        let numbers: Vec<u8> = (0..2000u32).flat_map(|n| (n * 7919).to_le_bytes()).collect();
        assert_eq!(find(&numbers, false), Found::Binary);
        assert_eq!(find(b"plain\0with a stray zero", true), Found::Utf8);
    }

    #[test]
    fn any_room_is_enough_for_decoding() {
        let bytes: super::super::bytes::Shared = Rc::new(b"\xfea\xe9\x14".repeat(100));
        let want = "\u{fe}a\u{e9}\u{14}".repeat(100);
        for room in [1, 2, 3, 5, 1000] {
            let stream = super::super::bytes::RangeStream::whole(bytes.clone());
            let mut decoded = Decoded::new(Box::new(stream), encoding_rs::WINDOWS_1252, Rc::default());
            let (mut out, mut buf) = (Vec::new(), vec![0; room]);
            loop {
                match decoded.read(&mut buf).unwrap() {
                    0 => break,
                    n => out.extend_from_slice(&buf[..n]),
                }
            }
            assert_eq!(String::from_utf8(out).unwrap(), want, "{room}");
        }
    }
}
