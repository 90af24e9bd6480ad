//! Text: blocks with an empty line between them. The date, the sender, then the message.

use crate::import::bytes::{Fill, Window};
use crate::import::sink::{Clock, Sink};
use crate::import::{ImportError, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;

use super::book::{Book, Found, announce, says_gone};
use super::when::written;

/// Longest name of a sender.
const NAME: usize = 200;

/// What the exporter writes into a message itself.
const REPLY: &[u8] = b"This message responded to an earlier message.";
const LOST: &[u8] = b"Attachment missing!";

/// Behind the date of a message stands nothing, or who has read it.
fn is_head(rest: &[u8]) -> bool {
    rest.is_empty() || (rest.starts_with(b" (Read by ") && rest.ends_with(b")"))
}

/// Whether this is such a file: a date with nothing behind it and a sender below, in the first lines.
pub fn is(text: &str) -> bool {
    let mut lines = text.lines().take(40).map(|l| l.trim_end_matches('\r').as_bytes());
    let Some(first) = lines.next() else { return false };
    let Some((_, rest)) = written(first) else { return false };
    if is_head(rest) {
        return lines.next().is_some_and(|name| !name.is_empty() && name.len() < NAME && written(name).is_none());
    }
    // A file that begins with what happened: a message must follow.
    let mut blank = false;
    for line in lines {
        if blank && written(line).is_some_and(|(_, rest)| is_head(rest)) {
            return true;
        }
        blank = line.is_empty();
    }
    false
}

/// Where in a block the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first block.
    Before,
    /// A date was read; the sender comes.
    Sender,
    /// In a message.
    Message,
    /// Behind the line that announces reactions.
    Reactions,
    /// In a reply that is shown under its parent.
    Nested,
}

/// Reads one conversation.
pub struct TextReader {
    window: Window,
    blocks: Blocks,
    /// A line longer than any: its rest is passed over.
    long: bool,
}

/// The blocks, line by line.
struct Blocks {
    book: Book,
    found: Found,
    /// A message is being read.
    open: bool,
    place: Place,
    head: (Position, Option<i64>),
    blanks: usize,
    line: u32,
    preamble: bool,
}

impl TextReader {
    /// For a stream.
    pub fn new(window: Window, book: Book) -> Self {
        let blocks =
            Blocks { book, found: Found::default(), open: false, place: Place::Before, head: (Position::default(), None), blanks: 1, line: 0, preamble: false };
        Self { window, blocks, long: false }
    }

    /// Passes over the rest of a line beyond the limit.
    fn pass(&mut self) -> Result<Step, ImportError> {
        let data = self.window.data();
        let end = memchr::memchr(b'\n', data);
        let n = end.map_or(data.len(), |n| n + 1);
        self.window.consume(n);
        self.long = end.is_none() && self.window.fill()? != Fill::End;
        Ok(Step::More)
    }
}

impl Blocks {
    fn flush(&mut self, sink: &mut Sink) {
        if std::mem::take(&mut self.open) {
            self.book.put(&self.found, sink);
        }
    }

    fn take(&mut self, line: &[u8], offset: u64, sink: &mut Sink) {
        self.line = self.line.saturating_add(1);
        let at = Position::line(offset, self.line);
        let line = if offset == 0 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        let blank = line.trim_ascii().is_empty();
        if self.place == Place::Sender {
            if !blank && line.len() < NAME {
                self.flush(sink);
                self.found.begin(self.head.0);
                self.found.time = self.head.1.map(Clock::Written);
                self.found.own = line.trim_ascii() == b"Me";
                if !self.found.own {
                    self.found.sender.extend_from_slice(line.trim_ascii());
                }
                (self.open, self.place, self.blanks) = (true, Place::Message, 0);
                return;
            }
            // A date by itself is part of a message.
            self.place = if self.open { Place::Message } else { Place::Before };
        }
        if blank {
            self.blanks += 1;
            return;
        }
        let after_blank = std::mem::take(&mut self.blanks);
        if after_blank > 0
            && let Some((time, rest)) = written(line)
        {
            if is_head(rest) {
                (self.head, self.place) = ((at, time), Place::Sender);
                return;
            }
            if let Some(said) = rest.strip_prefix(b" ") {
                self.flush(sink);
                self.found.begin(at);
                self.found.time = time.map(Clock::Written);
                announce(said, &mut self.found);
                (self.open, self.place) = (true, Place::Message);
                return;
            }
        }
        if !self.open {
            if !std::mem::replace(&mut self.preamble, true) {
                sink.record();
                sink.skip(SkipReason::Preamble, at);
            }
            return;
        }
        let indented = line.starts_with(b"    ");
        let inner = line.trim_ascii();
        match self.place {
            Place::Nested if indented => return,
            // A reply is shown under its parent with a date of its own.
            _ if indented && written(inner).is_some_and(|(_, rest)| is_head(rest)) => {
                self.place = Place::Nested;
                return;
            }
            Place::Reactions if memchr::memmem::find(inner, b" by ").is_some() => return self.found.reaction(inner),
            _ => self.place = Place::Message,
        }
        self.body(line, after_blank);
    }

    /// The file ends.
    fn finish(&mut self, sink: &mut Sink) {
        self.flush(sink);
        if self.place == Place::Sender {
            sink.record();
            sink.skip(SkipReason::CutOff, self.head.0);
        }
        self.book.finish(sink);
    }

    /// A line of a message.
    fn body(&mut self, line: &[u8], blanks: usize) {
        let found = &mut self.found;
        match line.trim_ascii() {
            REPLY => {}
            LOST => {
                found.files += 1;
                found.lost += 1;
            }
            b"Tapbacks:" | b"Reactions:" => self.place = Place::Reactions,
            said if says_gone(said) && said.len() < NAME => found.deleted = true,
            path if is_path(path) => found.files += 1,
            text => {
                // `Edited 5 seconds later: new text`: what was said before no longer stands.
                if text.starts_with(b"Edited ")
                    && let Some(n) = memchr::memmem::find(text, b" later: ")
                {
                    found.edited = true;
                    found.text.clear();
                    return found.line(text.get(n + 8..).unwrap_or_default());
                }
                for _ in 0..blanks.min(100) {
                    found.line(b"");
                }
                found.line(line);
            }
        }
    }
}

/// The path of an attachment, copied or where the system keeps it.
fn is_path(line: &[u8]) -> bool {
    let under = |folder: &[u8]| memchr::memmem::find(line, folder).is_some();
    line.starts_with(b"attachments/")
        || (line.starts_with(b"~/Library/") || line.starts_with(b"/"))
            && (under(b"/Library/Messages/Attachments/") || under(b"/SMS/Attachments/") || under(b"/attachments/"))
}

impl Reader for TextReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if std::mem::take(&mut self.long) {
            return self.pass();
        }
        let Self { window, blocks, long } = self;
        let (base, data) = (window.offset(), window.data());
        let mut used = 0;
        while let Some(end) = memchr::memchr(b'\n', data.get(used..).unwrap_or_default()) {
            let line = data.get(used..used + end).unwrap_or_default();
            blocks.take(line.strip_suffix(b"\r").unwrap_or(line), base + used as u64, sink);
            used += end + 1;
        }
        window.consume(used);
        let full = match window.fill()? {
            Fill::More => return Ok(Step::More),
            Fill::Full => true,
            Fill::End => false,
        };
        let (last, offset) = (window.data(), window.offset());
        if !last.is_empty() {
            blocks.take(last.strip_suffix(b"\r").unwrap_or(last), offset, sink);
        }
        let n = last.len();
        window.consume(n);
        if full {
            *long = true;
            return Ok(Step::More);
        }
        blocks.finish(sink);
        Ok(Step::End)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}
