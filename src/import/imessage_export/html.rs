//! HTML: a `<div class="message">` or `<div class="announcement">` each, with the service in the class of what it holds.

use crate::import::bytes::{Fill, Window};
use crate::import::sink::{Clock, Sink};
use crate::import::sms_backup::decode;
use crate::import::{ImportError, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

use super::book::{Book, Found, announce, says_gone};
use super::when::written;

/// Bytes of one step.
const BYTES: u64 = 1 << 20;
const STARTS: [&[u8]; 2] = [b"<div class=\"message\">", b"<div class=\"announcement\">"];
/// Longest of the two, and room to see that a tag is not one of them.
const ROOM: usize = 32;

/// Reads one conversation.
pub struct HtmlReader {
    window: Window,
    book: Book,
    found: Found,
    line: u32,
    ended: bool,
}

/// What text belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Nothing,
    Date,
    Sender,
    Body,
    Reaction,
    Announcement,
}

impl HtmlReader {
    /// For a stream.
    pub fn new(window: Window, book: Book) -> Self {
        Self { window, book, found: Found::default(), line: 1, ended: false }
    }

    fn eat(&mut self, n: usize) {
        let passed = self.window.data().get(..n).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed).count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.window.consume(n);
    }

    /// Moves to the next block; `false` at the end of the file.
    fn seek(&mut self) -> Result<bool, ImportError> {
        loop {
            let data = self.window.data();
            // One search for what both begin with: a search for each would go through the whole window for the one that is not there.
            let starts = |at: &usize| data.get(*at..).is_some_and(|rest| STARTS.iter().any(|s| rest.starts_with(s)));
            let next = memchr::memmem::find_iter(data, b"<div class=\"").find(starts);
            if let Some(n) = next {
                self.eat(n);
                return Ok(true);
            }
            self.ended |= memchr::memmem::find(data, b"</html>").is_some();
            self.eat(data.len().saturating_sub(ROOM));
            if self.window.fill()? == Fill::End {
                return Ok(false);
            }
        }
    }

    /// Length of the block that begins here; `Err` when it is cut or too large.
    fn block(&mut self) -> Result<Result<usize, SkipReason>, ImportError> {
        let (mut depth, mut from) = (0usize, 0usize);
        loop {
            let data = self.window.data();
            while let Some(at) = memchr::memchr(b'<', data.get(from..).unwrap_or_default()).map(|n| n + from) {
                let rest = data.get(at..).unwrap_or_default();
                if rest.len() < 7 && !self.window.ended() {
                    break;
                }
                if rest.starts_with(b"<div") {
                    depth += 1;
                } else if rest.starts_with(b"</div>") {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(Ok(at + 6));
                    }
                }
                from = at + 1;
            }
            match self.window.fill()? {
                Fill::More => {}
                Fill::End if self.window.data().len() > from && memchr::memchr(b'<', self.window.data().get(from..).unwrap_or_default()).is_some() => {}
                Fill::End => return Ok(Err(SkipReason::CutOff)),
                Fill::Full => return Ok(Err(SkipReason::TooLarge)),
            }
        }
    }
}

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = memchr::memmem::find(tag, name)?;
    let rest = tag.get(at + name.len()..)?;
    rest.get(..memchr::memchr(b'"', rest)?)
}

/// Reads a block.
fn read(block: &[u8], found: &mut Found) {
    let mut spans: Vec<Part> = Vec::new();
    let (mut depth, mut hidden) = (0usize, None::<usize>);
    let (mut date, mut said, mut reaction) = (Vec::new(), Vec::new(), Vec::new());
    let mut announcement = false;
    let mut rest = block;
    while let Some(open) = memchr::memchr(b'<', rest) {
        let (text, tail) = rest.split_at_checked(open).unwrap_or((rest, b""));
        let close = memchr::memchr(b'>', tail).map_or(tail.len(), |n| n + 1);
        let tag = tail.get(..close).unwrap_or_default();
        rest = tail.get(close..).unwrap_or_default();
        let part = spans.last().copied().unwrap_or(if announcement { Part::Announcement } else { Part::Nothing });
        if hidden.is_none() {
            match part {
                Part::Date => decode(text, &mut date),
                Part::Sender => decode(text, &mut found.sender),
                Part::Body => decode(text, &mut found.text),
                Part::Reaction => decode(text, &mut reaction),
                Part::Announcement => decode(text, &mut said),
                Part::Nothing => found.deleted |= says_gone(text),
            }
        }
        let class = attribute(tag, b"class=\"").unwrap_or_default();
        let has = |word: &[u8]| class.split(|b| *b == b' ').any(|c| c == word);
        if tag.starts_with(b"<div") {
            depth += 1;
            if hidden.is_none() {
                match class {
                    // Replies are shown under their parent again.
                    b"replies" | b"reply" => hidden = Some(depth),
                    b"announcement" => announcement = true,
                    b"attachment" => found.files += 1,
                    b"edited" => found.edited = true,
                    _ => {}
                }
                found.own |= has(b"sent");
                found.sms |= has(b"SMS") || has(b"RCS");
            }
        } else if tag.starts_with(b"</div") {
            if hidden == Some(depth) {
                hidden = None;
            }
            depth = depth.saturating_sub(1);
        } else if hidden.is_some() {
            continue;
        } else if tag.starts_with(b"<span") {
            let inner = match class {
                b"timestamp" => Part::Date,
                b"sender" => Part::Sender,
                b"tapback" | b"reaction" => Part::Reaction,
                b"bubble" => {
                    if found.edited {
                        // Of an edited message the last version stands.
                        found.text.clear();
                    } else if !found.text.is_empty() {
                        found.text.push(b'\n');
                    }
                    Part::Body
                }
                b"attachment_error" => {
                    found.lost += 1;
                    Part::Nothing
                }
                b"deleted" | b"unsent" => {
                    found.deleted = true;
                    Part::Nothing
                }
                b"reply" | b"reply_anchor" | b"reply_context" | b"expressive" | b"subject" => Part::Nothing,
                _ => part,
            };
            spans.push(inner);
        } else if tag.starts_with(b"</span") {
            if spans.pop() == Some(Part::Reaction) && !reaction.is_empty() && spans.last() != Some(&Part::Reaction) {
                found.reaction(reaction.trim_ascii());
                reaction.clear();
            }
        } else if tag.starts_with(b"<br") && part == Part::Body {
            found.text.push(b'\n');
        } else if part == Part::Date && tag.starts_with(b"<a ") {
            let guid = attribute(tag, b"message-guid=").unwrap_or_default();
            found.guid.extend_from_slice(guid);
        }
    }
    found.files = found.files.max(found.lost);
    found.time = written(date.trim_ascii()).and_then(|(t, _)| t).map(Clock::Written);
    if announcement {
        announce(said.trim_ascii(), found);
    } else {
        found.own |= found.sender.trim_ascii() == b"Me";
        let name = found.sender.trim_ascii().to_vec();
        found.sender = if found.own { Vec::new() } else { name };
        let text = found.text.trim_ascii().to_vec();
        found.text = text;
    }
}

impl Reader for HtmlReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let until = self.window.offset() + BYTES;
        while self.window.offset() < until {
            if !self.seek()? {
                if !self.ended {
                    sink.statement(
                        StatementKind::CutOff,
                        None,
                        self.book.last(),
                        None,
                        0,
                        Position::line(self.window.offset(), self.line),
                        "the end tag is missing",
                    );
                }
                self.book.finish(sink);
                return Ok(Step::End);
            }
            let at = Position::line(self.window.offset(), self.line);
            match self.block()? {
                Ok(len) => {
                    let block = self.window.data().get(..len).unwrap_or_default();
                    self.found.begin(at);
                    read(block, &mut self.found);
                    self.book.put(&self.found, sink);
                    self.eat(len);
                }
                Err(reason) => {
                    sink.record();
                    sink.skip(reason, at);
                    let all = self.window.data().len();
                    self.eat(all);
                }
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}
