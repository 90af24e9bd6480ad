//! Text of `MemoTrace` (`exporter_txt.py`): blocks of a line `2024-01-05 14:00:00 Ana`, the text, and a blank line.
//!
//! The name ends the line and the text may hold anything, so that a block begins only at a line with a time that follows a blank line
//! or the beginning of the file.

use crate::import::bytes::{Fill, Window};
use crate::import::sink::{Clock, Sink};
use crate::import::{FileInput, ImportError, Options, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::time;

use super::book::{Book, Entry, From};
use super::kind::{Kind, Said, said};
use super::table::whole;

/// Bytes of one step.
const STEP_BYTES: u64 = 1 << 20;

/// Time and name of a first line; `None` for any other.
pub fn head(line: &str) -> Option<(i64, &str)> {
    let (stamp, name) = line.split_at_checked(19)?;
    let name = name.strip_prefix(' ')?.trim();
    let mut parts = stamp.split([' ', '-', ':']);
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<u32>().ok()).flatten();
    let (year, month, day) = (digits(parts.next()?)?, digits(parts.next()?)?, digits(parts.next()?)?);
    let (hour, minute, second) = (digits(parts.next()?)?, digits(parts.next()?)?, digits(parts.next()?)?);
    let shape = stamp.bytes().zip("dddd-dd-dd dd:dd:dd".bytes()).all(|(c, s)| if s == b'd' { c.is_ascii_digit() } else { c == s });
    (shape && !name.is_empty() && name.len() <= 200).then_some(())?;
    Some((time::civil_micros(i32::try_from(year).ok()?, month, day, hour, minute, second)?, name))
}

/// Reads one file.
pub struct Blocks {
    window: Window,
    book: Book,
    begun: bool,
    line: u32,
    blank: bool,
    open: Option<(i64, String, Vec<u8>, Position)>,
    preamble: Option<Position>,
}

impl Blocks {
    /// For a file.
    pub fn new(file: FileInput, options: &Options) -> Self {
        let book = Book::new(whole(&file.name, &file.folder), options);
        Self { window: Window::new(file.stream), book, begun: false, line: 1, blank: true, open: None, preamble: None }
    }

    /// One line; `false` at the end.
    fn next_line(&mut self, sink: &mut Sink) -> Result<bool, ImportError> {
        let end = loop {
            if let Some(n) = memchr::memchr(b'\n', self.window.data()) {
                break n + 1;
            }
            match self.window.fill()? {
                Fill::More => {}
                // The rest, or what fits of a line beyond any limit.
                Fill::End | Fill::Full => break self.window.data().len(),
            }
        };
        if end == 0 {
            return Ok(false);
        }
        let at = Position::line(self.window.offset(), self.line);
        let raw = self.window.data().get(..end).unwrap_or_default();
        let text = raw.strip_suffix(b"\n").unwrap_or(raw);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let words = String::from_utf8_lossy(text.get(..text.len().min(400)).unwrap_or(text)).into_owned();
        let found = if self.blank { head(&words).map(|(time, name)| (time, name.to_owned())) } else { None };
        match (found, &mut self.open) {
            (Some((time, name)), _) => {
                self.close(sink);
                self.open = Some((time, name, Vec::new(), at));
            }
            (None, Some((_, _, body, _))) => {
                if body.len() < 1 << 20 {
                    body.extend_from_slice(self.window.data().get(..text_len(end, self.window.data())).unwrap_or_default());
                    body.push(b'\n');
                }
            }
            (None, None) if words.trim().is_empty() => {}
            (None, None) => {
                self.preamble.get_or_insert(at);
            }
        }
        self.blank = words.trim().is_empty();
        self.window.consume(end);
        self.line = self.line.saturating_add(1);
        Ok(true)
    }

    fn close(&mut self, sink: &mut Sink) {
        if let Some(at) = self.preamble.take() {
            sink.record();
            sink.skip(SkipReason::Preamble, at);
        }
        let Some((time, name, body, at)) = self.open.take() else { return };
        sink.record();
        let text = body.trim_ascii();
        let words = String::from_utf8_lossy(text);
        let recall = matches!(said(&words), Said::Recall { .. }) && text.len() < 200;
        // `【图片】`, `[图片]`: the kind in brackets where there is no text.
        let bracketed = [('【', '】'), ('[', ']')].iter().find_map(|(open, close)| words.trim().strip_prefix(*open)?.strip_suffix(*close));
        let kind = match bracketed.map(|b| Kind::of_name(b.as_bytes())) {
            _ if recall => Kind::Recall,
            Some(kind) if kind != Kind::Unknown => kind,
            _ => Kind::Text,
        };
        let entry = Entry {
            time: Some(Clock::Written(time)),
            inferred: false,
            kind,
            from: if name == "我" { From::Owner } else { From::Unsaid },
            sender: if matches!(name.as_str(), "系统消息" | "系统") || recall { "" } else { &name },
            name: "",
            alias: "",
            room: "",
            text: if matches!(kind, Kind::Text | Kind::Recall) { text } else { b"" },
            local: None,
            server: None,
            server_text: b"",
            path: false,
            answers: b"",
        };
        let notice = matches!(name.as_str(), "系统消息" | "系统") && !recall;
        self.book.take(&Entry { kind: if notice { Kind::Notice } else { kind }, ..entry }, at, sink);
    }
}

/// Length of a line without its end.
fn text_len(end: usize, data: &[u8]) -> usize {
    let raw = data.get(..end).unwrap_or_default();
    let text = raw.strip_suffix(b"\n").unwrap_or(raw);
    text.strip_suffix(b"\r").unwrap_or(text).len()
}

impl Reader for Blocks {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if !self.begun {
            self.begun = true;
            self.book.open("wechat", sink);
            while self.window.data().len() < 3 && self.window.fill()? == Fill::More {}
            if self.window.data().starts_with(b"\xef\xbb\xbf") {
                self.window.consume(3);
            }
        }
        let end = self.window.offset() + STEP_BYTES;
        while self.window.offset() < end {
            if !self.next_line(sink)? {
                self.close(sink);
                sink.source().date_order.basis = crate::model::ledger::Basis::NotNeeded;
                self.book.end(true, sink);
                return Ok(Step::End);
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}
