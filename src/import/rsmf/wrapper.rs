//! The mail around `rsmf.zip`: what its headers declare, where the base64 text of the zip stands, and that text as bytes at any place.

use std::cell::RefCell;
use std::io;

use crate::import::bytes::{RandomAccess, Shared};
use crate::import::json::{Scanner, Value};
use crate::text;

/// Headers that may stand before the marks of RSMF.
const HEAD: usize = 8 << 10;
/// Most header text looked at.
const HEADERS: usize = 256 << 10;
/// Bytes of the mail looked at in one step.
const BLOCK: usize = 256 << 10;
/// Decoded bytes between two marks of the index.
const SPACING: u64 = 96 << 10;

/// Whether mail headers with the version of RSMF begin here.
pub fn is_wrapper(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    for line in head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end) {
        if line.is_empty() || !line.first().is_some_and(|b| matches!(b, b' ' | b'\t')) && memchr::memchr(b':', line).is_none() {
            return false;
        }
        if line.get(..15).is_some_and(|l| l.eq_ignore_ascii_case(b"x-rsmf-version:")) {
            return true;
        }
    }
    false
}

/// What the headers declare.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Declared {
    /// `X-RSMF-EventCount`, or `X-RSMF-MessageCount` of some producers.
    pub events: Option<u64>,
    /// `X-RSMF-AttachmentCount`.
    pub attachments: Option<u64>,
    /// `X-RSMF-BeginDate`.
    pub begin: String,
    /// `X-RSMF-EndDate`.
    pub end: String,
    /// `X-RSMF-Custodian`.
    pub custodian: String,
    /// `X-RSMF-EventCollectionID`.
    pub collection: String,
}

impl Declared {
    fn take(&mut self, name: &str, value: &str) {
        let value = text::clean_name(value.trim());
        match name {
            "eventcount" => self.events = value.parse().ok(),
            "messagecount" => self.events = self.events.or_else(|| value.parse().ok()),
            "attachmentcount" => self.attachments = value.parse().ok(),
            "begindate" => self.begin = value,
            "enddate" => self.end = value,
            "custodian" => self.custodian = value,
            "eventcollectionid" => self.collection = value,
            _ => {}
        }
    }

    /// From unfolded headers.
    fn of(headers: &[u8]) -> Self {
        let written = String::from_utf8_lossy(headers).replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
        let mut out = Self::default();
        for (name, value) in written.lines().filter_map(|l| l.split_once(':')) {
            if let Some(name) = name.to_ascii_lowercase().strip_prefix("x-rsmf-") {
                out.take(name, value);
            }
        }
        out
    }
}

/// Where the text of the zip stands, and how far it is decoded at some places.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Found {
    /// Whether it is base64; else the zip stands as it is.
    encoded: bool,
    begin: u64,
    end: u64,
    /// Letters of base64 in it, without `=`.
    letters: u64,
    /// (letters before, offset in the mail), letters a multiple of four.
    marks: Vec<(u64, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In the headers of the mail.
    Headers,
    /// In text that is not the zip.
    Text,
    /// In the headers of a part.
    Part,
    /// In the zip.
    Zip,
}

/// Goes through a mail once, in bounded steps, and finds the zip.
pub struct Search {
    at: u64,
    state: State,
    headers: Vec<u8>,
    line_begins: bool,
    /// What the headers declare.
    pub declared: Declared,
    /// The zip, once found.
    pub found: Option<Found>,
    /// Attachments beside it.
    pub others: u64,
}

impl Default for Search {
    fn default() -> Self {
        Self { at: 0, state: State::Headers, headers: Vec::new(), line_begins: true, declared: Declared::default(), found: None, others: 0 }
    }
}

impl Search {
    /// How far it has come.
    pub const fn done(&self) -> u64 {
        self.at
    }

    /// Looks at the next bytes; `true` at the end.
    pub fn step(&mut self, mail: &Shared) -> io::Result<bool> {
        let mut block = vec![0; BLOCK];
        let mut n = 0;
        while let Some(room) = block.get_mut(n..).filter(|r| !r.is_empty()) {
            match mail.read_at(self.at + n as u64, room)? {
                0 => break,
                more => n += more,
            }
        }
        let last = self.at + n as u64 >= mail.len() || n == 0;
        let bytes = block.get(..n).unwrap_or_default();
        let mut from = 0;
        for nl in memchr::memchr_iter(b'\n', bytes) {
            self.line(bytes.get(from..nl).unwrap_or_default(), self.at + from as u64, true);
            from = nl + 1;
        }
        // A line longer than the block comes in pieces; a shorter one comes again, whole.
        if last || from == 0 {
            let rest = bytes.get(from..).unwrap_or_default();
            if !rest.is_empty() {
                self.line(rest, self.at + from as u64, last);
            }
            from = n;
        }
        self.at += from as u64;
        if last && let Some(found) = self.found.as_mut().filter(|_| self.state == State::Zip) {
            found.end = self.at;
        }
        Ok(last)
    }

    fn line(&mut self, line: &[u8], at: u64, ends: bool) {
        let begins = std::mem::replace(&mut self.line_begins, ends);
        let border = begins && line.starts_with(b"--");
        match self.state {
            State::Headers | State::Part if begins && line.trim_ascii().is_empty() => self.body(at + line.len() as u64 + 1),
            State::Headers | State::Part if self.headers.len() < HEADERS => {
                self.headers.extend_from_slice(line.get(..line.len().min(4096)).unwrap_or(line));
                self.headers.push(b'\n');
            }
            State::Zip if border => {
                if let Some(found) = &mut self.found {
                    found.end = at;
                }
                self.part();
            }
            State::Zip => self.letters(line, at),
            State::Text if border => self.part(),
            _ => {}
        }
    }

    fn part(&mut self) {
        self.state = State::Part;
        self.headers.clear();
    }

    /// The blank line below headers: what they say decides what follows.
    fn body(&mut self, begin: u64) {
        let headers = std::mem::take(&mut self.headers);
        if self.state == State::Headers {
            self.declared = Declared::of(&headers);
        }
        let lower = headers.to_ascii_lowercase();
        let has = |word: &[u8]| memchr::memmem::find(&lower, word).is_some();
        self.state = State::Text;
        let attached = has(b"content-disposition") && has(b"attachment") || has(b"name=");
        if has(b"rsmf.zip") && self.found.is_none() {
            self.state = State::Zip;
            self.found = Some(Found { encoded: has(b"base64"), begin, end: begin, letters: 0, marks: Vec::new() });
        } else if attached && has(b"content-type") && !has(b"multipart/") {
            self.others += 1;
        }
    }

    fn letters(&mut self, line: &[u8], at: u64) {
        let Some(found) = self.found.as_mut().filter(|f| f.encoded) else { return };
        let line = line.trim_ascii_end();
        let bare = line.iter().rev().take(4).filter(|b| **b == b'=').count();
        let n = (line.len() - bare) as u64;
        let skip = found.letters.wrapping_neg() & 3;
        let due = found.marks.last().is_none_or(|(letters, _)| found.letters + skip >= letters + SPACING / 3 * 4);
        if due && skip <= n {
            found.marks.push((found.letters + skip, at + skip));
        }
        found.letters += n;
    }
}

/// The zip in the mail as bytes at any place; only a piece between two marks is decoded and kept.
pub struct Encoded {
    mail: Shared,
    found: Found,
    /// Number of the piece, and its bytes.
    kept: RefCell<(usize, Vec<u8>)>,
}

impl Encoded {
    /// Of a mail in which it was found.
    pub fn new(mail: Shared, found: &Found) -> Self {
        Self { mail, found: found.clone(), kept: RefCell::new((usize::MAX, Vec::new())) }
    }

    fn piece(&self, ix: usize) -> io::Result<Vec<u8>> {
        let begin = self.found.marks.get(ix).map_or(self.found.end, |m| m.1);
        let end = self.found.marks.get(ix + 1).map_or(self.found.end, |m| m.1);
        let mut raw = vec![0; usize::try_from(end.saturating_sub(begin)).unwrap_or(0).min(64 << 20)];
        let mut n = 0;
        while let Some(room) = raw.get_mut(n..).filter(|r| !r.is_empty()) {
            match self.mail.read_at(begin + n as u64, room)? {
                0 => break,
                more => n += more,
            }
        }
        Ok(decode(raw.get(..n).unwrap_or_default()))
    }
}

/// Base64 without regard to line ends and padding.
fn decode(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() / 4 * 3 + 3);
    let (mut bits, mut held) = (0u32, 0);
    for b in raw {
        let letter = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(letter);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    out
}

impl RandomAccess for Encoded {
    fn len(&self) -> u64 {
        if self.found.encoded { self.found.letters / 4 * 3 + self.found.letters % 4 * 3 / 4 } else { self.found.end - self.found.begin }
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        if !self.found.encoded {
            let left = usize::try_from(self.len().saturating_sub(offset)).unwrap_or(usize::MAX).min(buf.len());
            let Some(buf) = buf.get_mut(..left).filter(|b| !b.is_empty()) else { return Ok(0) };
            return self.mail.read_at(self.found.begin + offset, buf);
        }
        let ix = self.found.marks.partition_point(|(letters, _)| letters / 4 * 3 <= offset).saturating_sub(1);
        let Some((letters, _)) = self.found.marks.get(ix) else { return Ok(0) };
        let mut kept = self.kept.borrow_mut();
        if kept.0 != ix {
            *kept = (ix, self.piece(ix)?);
        }
        let from = usize::try_from(offset - (letters / 4 * 3).min(offset)).unwrap_or(usize::MAX);
        kept.1.read_at(from as u64, buf)
    }
}

/// The record of the manifest at a place, as text.
pub fn shown(mail: &Shared, offset: u64, limit: usize) -> io::Result<String> {
    let other = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut search = Search::default();
    while !search.step(mail)? {}
    let found = search.found.ok_or_else(|| other("no rsmf.zip".to_owned()))?;
    let (archive, ix) = super::inner(mail, &found).map_err(other)?;
    let mut stream = archive.open(ix)?;
    let (mut buf, mut at, mut out) = (vec![0; 64 << 10], 0u64, Vec::new());
    while out.len() < limit {
        let n = stream.read(&mut buf)?;
        if n == 0 {
            break;
        }
        let from = usize::try_from(offset.saturating_sub(at)).unwrap_or(usize::MAX).min(n);
        out.extend_from_slice(buf.get(from..n).unwrap_or_default());
        at += n as u64;
    }
    out.truncate(limit);
    // Up to the end of the object, if it ends within the limit.
    let end = match Scanner::new(&out).value() {
        Ok(Value::Object(object)) => object.len(),
        _ => out.len(),
    };
    out.truncate(end);
    Ok(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    fn encode(bytes: &[u8], width: usize, end: &str) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for chunk in bytes.chunks(3) {
            let n = chunk.iter().chain([0, 0].iter()).take(3).fold(0u32, |n, b| n << 8 | u32::from(*b));
            for i in 0..4 {
                out.push(if i <= chunk.len() { LETTERS[(n >> (18 - 6 * i) & 63) as usize] as char } else { '=' });
            }
        }
        out.as_bytes().chunks(width).map(|l| std::str::from_utf8(l).unwrap()).collect::<Vec<_>>().join(end)
    }

    #[test]
    fn every_place_of_the_zip_is_found_in_its_base64() {
        for (len, width, end) in [(10, 76, "\n"), (300_001, 76, "\r\n"), (500_000, 61, "\n"), (400_000, 1_000_000, "\n"), (0, 76, "\n")] {
            let bytes: Vec<u8> = (0..len).map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            let mail = format!(
                "X-RSMF-Version: 2.0.0{end}X-RSMF-EventCount:{end} 7{end}Content-Type: multipart/mixed{end}{end}--b{end}Content-Type: text/plain{end}{end}-- {end}Sam{end}\
                 --b{end}Content-Disposition: attachment; filename=\"rsmf.zip\"{end}Content-Transfer-Encoding: base64{end}{end}{}{end}--b--{end}",
                encode(&bytes, width, end)
            );
            assert!(is_wrapper(mail.as_bytes()));
            let mail: Shared = Rc::new(mail.into_bytes());
            let mut search = Search::default();
            while !search.step(&mail).unwrap() {}
            assert_eq!((search.declared.events, search.others), (Some(7), 0));
            let encoded = Encoded::new(mail, &search.found.unwrap());
            assert_eq!(encoded.len(), bytes.len() as u64);
            for from in [0, 1, 95_000, 98_304, 98_305, 299_999, 499_999].into_iter().filter(|f| *f < bytes.len()) {
                let mut buf = [0; 40];
                let n = encoded.read_at(from as u64, &mut buf).unwrap();
                assert!(n > 0);
                assert_eq!(buf[..n], bytes[from..from + n], "{len} {width} {from}");
            }
        }
    }

    #[test]
    fn mails_are_not_taken_for_wrappers() {
        assert!(!is_wrapper(b"From: a\nTo: b\n\nX-RSMF-Version: 2.0.0\n"));
        assert!(!is_wrapper(b"X-RSMF-Version 2.0.0\n"));
        assert!(is_wrapper(b"From: a\r\nx-rsmf-version: 1.0.0\r\n"));
    }
}
