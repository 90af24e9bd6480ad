//! The reader: steps through a mailbox or a single mail with one window; no message is ever needed whole.

use memchr::memchr;

use super::deliver::{Content, Delivery};
use super::envelope::Envelope;
use super::headers::{Field, Headers, word};
use super::mime::Walk;
use super::split::{Extent, Split};
use crate::import::bytes::{Fill, RECORD_LIMIT, WINDOW, Window};
use crate::import::sink::{Clock, Sink};
use crate::import::{FileInput, ImportError, Options, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;
use crate::time::{DAY, LATEST, plausible};

/// Bytes handled in one step.
const STEP: u64 = 1 << 20;
/// A header block beyond this is taken as it stands.
const HEADER_LIMIT: usize = 512 << 10;

/// Bytes behind the mail in an `.emlx` file that are looked at.
const APPLE_TAIL: usize = 32 << 10;
/// Bits of the flags there.
const APPLE_DELETED: u64 = 1 << 1;
const APPLE_DRAFT: u64 = 1 << 6;

/// What kind of file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Many mails, each after a `From ` line.
    Mbox,
    /// One mail.
    Eml,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first byte of a range inside of a file.
    Enter,
    Start,
    Separator,
    Header,
    Body,
    End,
}

/// A part of a mailbox, for several readers on one file: exactly the messages that begin in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// First offset.
    pub from: u64,
    /// Offset after the last.
    pub to: u64,
    /// Whether the file's separators are undated; the top of the file tells.
    pub undated: bool,
}

/// Reads mbox and EML.
pub struct Mail {
    window: Window,
    /// Offset in the file of the window's first byte.
    base: u64,
    range: Option<Range>,
    kind: Kind,
    state: State,
    split: Split,
    /// End of the mail in an `.emlx` file; what follows is a property list.
    end: Option<u64>,
    /// No bytes will come, or the window may not grow: go on with what is here.
    forced: bool,
    latest: i64,
    owner: Option<String>,
    headers: Headers,
    envelope: Envelope,
    walk: Walk,
    /// Length of the body as `Content-Length` says, once verified.
    trusted: Option<usize>,
    /// Offset of the message at hand.
    offset: u64,
    header_cut: bool,
    /// What Apple Mail says of the mail.
    apple: u64,
    skip: Option<SkipReason>,
    delivery: Delivery,
}

impl Mail {
    /// A reader for a file.
    #[must_use]
    pub fn new(input: FileInput, options: &Options, kind: Kind) -> Self {
        // Folders of single mails are many small files: no need for a full window each. One byte more than the file shows its end.
        let size = usize::try_from(input.len).unwrap_or(WINDOW).saturating_add(1).clamp(4096, WINDOW);
        Self::on(Window::with_limits(input.stream, size, RECORD_LIMIT), input.modified, options, kind)
    }

    /// A reader on a window.
    #[must_use]
    pub fn on(window: Window, modified: Option<i64>, options: &Options, kind: Kind) -> Self {
        Self {
            window,
            base: 0,
            range: None,
            kind,
            state: State::Start,
            split: Split::new(),
            end: None,
            forced: false,
            latest: modified.map_or(LATEST, |m| m.saturating_add(DAY)),
            owner: options.owner.clone(),
            headers: Headers::default(),
            envelope: Envelope::default(),
            walk: Walk::default(),
            trusted: None,
            offset: 0,
            header_cut: false,
            apple: 0,
            skip: None,
            delivery: Delivery::default(),
        }
    }

    /// A reader for a part of a mailbox. The window must begin three bytes before `range.from` (at the top when there are fewer) and
    /// reach beyond `range.to`: the last message is read to its end. What needs the whole file (absent parents, gaps in threads) is not
    /// told. Bodies that hold unquoted separators (mboxcl2) are safe only for readers that begin at the top.
    #[must_use]
    pub fn range(window: Window, modified: Option<i64>, options: &Options, range: Range) -> Self {
        let mut reader = Self::on(window, modified, options, Kind::Mbox);
        reader.base = range.from.saturating_sub(3);
        reader.range = Some(range);
        if range.from > 0 {
            (reader.state, reader.split.naive) = (State::Enter, range.undated);
        }
        reader
    }

    fn offset(&self) -> u64 {
        self.base + self.window.offset()
    }

    /// Length of the data at hand that belongs to mail, and whether none will follow.
    fn view(&self) -> (usize, bool) {
        let n = self.window.data().len();
        let ended = self.window.ended() || self.forced;
        match self.end {
            Some(end) => {
                let left = usize::try_from(end.saturating_sub(self.window.offset())).unwrap_or(usize::MAX);
                (n.min(left), ended || left <= n)
            }
            None => (n, ended),
        }
    }

    fn pass(&mut self, n: usize) {
        self.split.passed(self.window.data().get(..n).unwrap_or_default());
        self.window.consume(n);
    }

    /// The next thing in the bytes at hand; `false` = more bytes are needed.
    fn advance(&mut self, sink: &mut Sink) -> bool {
        match self.state {
            State::Enter => self.enter(),
            State::Start => self.start(sink),
            State::Separator => self.separator(sink),
            State::Header => self.header(sink),
            State::Body => self.body(sink),
            State::End => true,
        }
    }

    /// Takes note of the bytes before the range, then goes to its first separator.
    fn enter(&mut self) -> bool {
        let (n, ended) = self.view();
        let before = usize::try_from(self.range.map_or(0, |r| r.from) - self.base).unwrap_or(0);
        if self.window.offset() == 0 {
            if n < before {
                self.state = if ended { State::End } else { State::Enter };
                return ended;
            }
            self.pass(before);
            return true;
        }
        let data = self.window.data().get(..n).unwrap_or_default();
        let extent = self.split.extent(data, ended);
        self.pass(extent.sure);
        if extent.ends {
            self.state = State::Separator;
        }
        extent.ends || extent.sure > 0
    }

    fn start(&mut self, sink: &mut Sink) -> bool {
        let (n, ended) = self.view();
        let data = self.window.data().get(..n).unwrap_or_default();
        if !ended && n < 8192 {
            return false;
        }
        let bom = usize::from(data.starts_with(b"\xef\xbb\xbf")) * 3;
        let blank = data.iter().skip(bom).position(|b| !b.is_ascii_whitespace()).unwrap_or(data.len() - bom);
        let top = bom + blank;
        let rest = data.get(top..).unwrap_or_default();
        if self.kind == Kind::Eml {
            let (count, empty) = (emlx(rest), rest.is_empty());
            self.pass(top + count.map_or(0, |(line, _)| line));
            self.end = count.map(|(_, n)| self.window.offset() + n);
            if ended && empty {
                self.state = State::End;
                return true;
            }
            self.begin(sink);
            return true;
        }
        if rest.starts_with(b"From ") {
            let line = rest.get(..memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
            self.split.naive = !super::split::is_from_line(line.trim_ascii_end());
            self.pass(top);
            // The top of a file counts as after an empty line, whatever mark stood there.
            self.split.passed(b"\n\n");
        } else {
            let Some(at) = self.split.first(data, ended) else {
                let sure = self.split.extent(data, ended).sure;
                self.pass(sure);
                return sure > 0;
            };
            if top < at {
                sink.record();
                sink.skip(SkipReason::Preamble, Position::byte(0));
            }
            self.pass(at);
        }
        self.state = State::Separator;
        true
    }

    fn separator(&mut self, sink: &mut Sink) -> bool {
        if self.range.is_some_and(|r| self.offset() >= r.to) {
            self.state = State::End;
            return true;
        }
        let (n, ended) = self.view();
        let data = self.window.data().get(..n).unwrap_or_default();
        let blank = data.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(data.len());
        let Some(nl) = data.get(blank..).and_then(|d| memchr(b'\n', d)) else {
            if !ended {
                return false;
            }
            if blank == n {
                self.state = State::End;
                return true;
            }
            self.pass(blank);
            self.begin(sink);
            self.pass(n - blank);
            self.header_cut = true;
            return true;
        };
        self.pass(blank);
        self.begin(sink);
        self.pass(nl + 1);
        true
    }

    /// A record begins here.
    fn begin(&mut self, sink: &mut Sink) {
        sink.record();
        // One mail in a file is the file, whatever stands before it (a byte count, a mark).
        self.offset = if self.kind == Kind::Eml { 0 } else { self.offset() };
        self.state = State::Header;
        (self.header_cut, self.skip, self.trusted) = (false, None, None);
    }

    fn header(&mut self, sink: &mut Sink) -> bool {
        let (n, ended) = self.view();
        let data = self.window.data().get(..n).unwrap_or_default();
        let Some(body) = self.headers.scan(data, ended || n >= HEADER_LIMIT) else { return false };
        if self.kind == Kind::Mbox && !ended {
            // `Content-Length` is believed only when a separator or the end of the file stands behind the body.
            let need = self.content_length(data).map_or(body, |len| body.saturating_add(len));
            if need + 4096 <= WINDOW && need + 4096 > n && need > body {
                return false;
            }
        }
        let block = data.get(..body).unwrap_or_default();
        self.header_cut |= ended && body == n && !self.headers.closed && self.headers.names > 0 && block.last() != Some(&b'\n');
        self.trusted = self.content_length(data).filter(|len| self.verified(data, body + len, ended));
        if self.headers.names == 0 {
            let empty = data.iter().all(u8::is_ascii_whitespace) && ended;
            self.skip = Some(match (self.header_cut, empty) {
                (true, _) => SkipReason::CutOff,
                (_, true) => SkipReason::EmptyRecord,
                _ => SkipReason::Malformed,
            });
        } else if !self.headers.has(Field::JournalReport) {
            self.envelope.read(&self.headers, block, self.latest, sink);
        }
        self.walk.begin(&self.headers, block);
        self.pass(body);
        self.state = State::Body;
        true
    }

    fn content_length(&self, data: &[u8]) -> Option<usize> {
        let value = word(self.headers.get(data, Field::ContentLength)?);
        std::str::from_utf8(value).ok()?.parse().ok().filter(|n| (1..WINDOW).contains(n))
    }

    fn verified(&self, data: &[u8], end: usize, ended: bool) -> bool {
        let Some(rest) = data.get(end..) else { return false };
        if self.kind == Kind::Eml {
            return false;
        }
        match rest.iter().position(|b| !matches!(b, b'\r' | b'\n')) {
            Some(at) => self.split.separates(data, end + at),
            None => ended,
        }
    }

    fn body(&mut self, sink: &mut Sink) -> bool {
        let (n, ended) = self.view();
        let data = self.window.data().get(..n).unwrap_or_default();
        let extent = match self.trusted {
            Some(len) => Extent { sure: len.min(n), ends: true },
            None if self.kind == Kind::Eml => Extent { sure: n, ends: ended },
            None => self.split.extent(data, ended),
        };
        if let Some(end) = self.end
            && extent.ends
        {
            // What Apple Mail says of the mail stands behind it.
            if !(self.window.ended() || self.forced) && self.window.data().len() - n < APPLE_TAIL {
                return false;
            }
            self.apple = apple_flags(self.window.data().get(n..).unwrap_or_default());
            self.header_cut |= self.window.offset() + (n as u64) < end;
        }
        let used = self.walk.feed(data.get(..extent.sure).unwrap_or_default(), extent.ends);
        if !extent.ends {
            self.pass(used);
            return used > 0;
        }
        self.pass(extent.sure);
        let at_end = ended && extent.sure == n;
        self.message(at_end, sink);
        self.state = if self.kind == Kind::Eml { State::End } else { State::Separator };
        true
    }

    /// The message at hand is complete: into the sink with it.
    fn message(&mut self, at_end: bool, sink: &mut Sink) {
        let position = Position::byte(self.offset);
        let cut = at_end && (self.header_cut || self.walk.open());
        if self.skip.is_none() {
            self.journal(sink);
        }
        if cut {
            let from = self.envelope.time.filter(|_| self.skip.is_none()).map(Clock::Utc);
            sink.statement(StatementKind::CutOff, None, from, None, 1, position, "the last message is not complete");
        } else if self.walk.open() {
            sink.notice("mime_open", "Messages with parts that are not closed: cut when they were stored, or written by a careless mailer.", 1);
        }
        if let Some(reason) = self.skip {
            return sink.skip(reason, position);
        }
        let Some(time) = self.envelope.time else {
            return sink.skip(if cut { SkipReason::CutOff } else { SkipReason::NoTime }, position);
        };
        if !plausible(time) {
            return sink.skip(SkipReason::TimeOutOfRange, position);
        }
        self.tell_labels(sink);
        if self.apple & APPLE_DELETED != 0 {
            sink.notice("apple_deleted", "Messages that Apple Mail marks as deleted; it removes them when the mailbox is tidied.", 1);
        }
        self.envelope.labels.draft |= self.apple & APPLE_DRAFT != 0;
        if self.envelope.labels.draft && !self.envelope.labels.sent {
            return sink.skip(SkipReason::Draft, position);
        }
        let walk = &self.walk;
        let (attachments, removed, automatic, encrypted) = (walk.attachments, walk.removed, walk.automatic, walk.encrypted);
        let elsewhere = walk.elsewhere;
        let content = Content { attachments, removed, elsewhere, automatic, encrypted, facts: walk.facts() };
        self.delivery.message(&mut self.envelope, &content, time, position, sink);
    }

    /// A journal report stands for the mail inside: its headers count, its recipients are those of the report too.
    fn journal(&mut self, sink: &mut Sink) {
        let Some(journal) = self.walk.take_journal() else { return };
        self.headers.scan(&journal.inner, true);
        if self.headers.names == 0 {
            self.headers.scan(&journal.outer, true);
            self.envelope.read(&self.headers, &journal.outer, self.latest, sink);
            return sink.notice("journal_unread", "Journal reports without a readable mail inside: the report itself is counted.", 1);
        }
        self.envelope.read(&self.headers, &journal.inner, self.latest, sink);
        self.envelope.add_journal(&journal.report, sink);
    }

    fn tell_labels(&self, sink: &mut Sink) {
        let labels = self.envelope.labels;
        if labels.trash {
            sink.notice("gmail_trash", "Messages from the bin; Gmail deletes them 30 days after they were put there.", 1);
        }
        if labels.spam {
            sink.notice("gmail_spam", "Messages marked as spam; Gmail deletes them after 30 days.", 1);
        }
        if labels.chat {
            sink.notice("gmail_chat", "Chat messages kept as mail (label Chat): they count as Google Chat.", 1);
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        if self.split.naive {
            sink.notice(
                "from_lines",
                "The lines between messages carry no date: every line that begins with \"From \" before a header is taken as a border.",
                1,
            );
        }
        if self.kind == Kind::Mbox && self.range.is_none() {
            self.delivery.gaps(sink);
        }
        self.delivery.owner(self.owner.as_deref(), self.kind == Kind::Eml, sink);
    }
}

impl Reader for Mail {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let from = self.window.offset();
        while self.state != State::End {
            if self.window.offset() - from >= STEP {
                return Ok(Step::More);
            }
            if self.advance(sink) {
                self.forced = false;
                continue;
            }
            self.forced = self.window.fill()? != Fill::More;
        }
        self.finish(sink);
        Ok(Step::End)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}

/// First line of an `.emlx` file: the number of bytes of mail that follow. Length of the line, and that number.
#[must_use]
pub fn emlx(data: &[u8]) -> Option<(usize, u64)> {
    let nl = memchr(b'\n', data.get(..data.len().min(32))?)?;
    let count = data.get(..nl)?.trim_ascii();
    if count.is_empty() || !count.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some((nl + 1, std::str::from_utf8(count).ok()?.parse().ok()?))
}

/// Flags in the property list behind the mail: `<key>flags</key><integer>8590195713</integer>`.
fn apple_flags(tail: &[u8]) -> u64 {
    let tail = tail.get(..tail.len().min(APPLE_TAIL)).unwrap_or_default();
    let value = || {
        let at = memchr::memmem::find(tail, b"<key>flags</key>")?;
        let rest = tail.get(at..)?;
        let rest = rest.get(memchr::memmem::find(rest, b"<integer>")? + 9..)?;
        std::str::from_utf8(rest.get(..memchr(b'<', rest)?)?).ok()?.trim().parse().ok()
    };
    value().unwrap_or(0)
}
