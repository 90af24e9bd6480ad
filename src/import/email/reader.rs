//! The reader: steps through a mailbox or a single mail with one window; no message is ever needed whole.

use memchr::memchr;

use super::apple;
use super::deliver::{Content, Delivery};
use super::envelope::Envelope;
use super::headers::{Field, Headers, word};
use super::mime::Walk;
use super::split::{self, Extent, LINE_LIMIT, Split};
use crate::import::bytes::{Fill, RECORD_LIMIT, WINDOW, Window};
use crate::import::section::{NO_MORE, Section};
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

/// The top of a mailbox, by which its kind of separators is known.
const TOP: usize = 16 << 10;

/// Bytes before a section by which its first separator is known.
const BEFORE: u64 = 3;
/// Where the section at hand begins and ends in truth: at separators, which another reader must find too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seams {
    /// Its first separator.
    pub begin: u64,
    /// The first one behind it.
    pub end: u64,
}

/// Reads mbox and EML.
pub struct Mail {
    window: Window,
    /// Offset in the file of the window's first byte.
    base: u64,
    section: Option<Section>,
    seams: Seams,
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
            section: None,
            seams: Seams { begin: NO_MORE, end: NO_MORE },
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

    /// Offset at which the window of a section must begin.
    #[must_use]
    pub const fn window_of(section: Section) -> u64 {
        section.from.saturating_sub(BEFORE)
    }

    /// A reader for a section of a mailbox: exactly the messages that begin in it. The window must begin at [`Mail::window_of`] and reach
    /// beyond the section: the last message is read to its end. `top`: the first bytes of the file. What needs the whole file (the owner,
    /// absent parents, gaps in threads) is not told but kept. A body that holds a separator as it is (mboxcl2) deceives a reader that begins
    /// in it: its [`Seams`] then differ from those of the reader before.
    #[must_use]
    pub fn section(window: Window, modified: Option<i64>, options: &Options, section: Section, top: &[u8]) -> Self {
        let mut reader = Self::on(window, modified, options, Kind::Mbox);
        reader.base = Self::window_of(section);
        (reader.section, reader.delivery) = (Some(section), Delivery::of_section());
        reader.split.naive = undated(top).unwrap_or(false);
        if section.from > 0 {
            reader.state = State::Enter;
        }
        reader
    }

    /// Where the section began and ended, once it is read.
    #[must_use]
    pub const fn seams(&self) -> Seams {
        self.seams
    }

    /// Whether any `From ` line before a header is taken as a border.
    #[must_use]
    pub const fn naive(&self) -> bool {
        self.split.naive
    }

    /// What only the whole mailbox tells.
    pub const fn delivery(&self) -> &Delivery {
        &self.delivery
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
        let before = usize::try_from(self.section.map_or(0, |s| s.from) - self.base).unwrap_or(0);
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
        if !ended && n < TOP {
            return false;
        }
        let bom = usize::from(data.starts_with(b"\xef\xbb\xbf")) * 3;
        let blank = data.iter().skip(bom).position(|b| !b.is_ascii_whitespace()).unwrap_or(data.len() - bom);
        let top = bom + blank;
        let rest = data.get(top..).unwrap_or_default();
        if self.kind == Kind::Eml {
            let (count, empty) = (apple::emlx(rest), rest.is_empty());
            self.pass(top + count.map_or(0, |(line, _)| line));
            self.end = count.map(|(_, n)| self.window.offset() + n);
            if ended && empty {
                self.state = State::End;
                return true;
            }
            self.begin(sink);
            return true;
        }
        if let Some(undated) = undated(data) {
            self.split.naive = undated;
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
        let (n, ended) = self.view();
        let data = self.window.data().get(..n).unwrap_or_default();
        let blank = data.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(data.len());
        let place = self.offset() + blank as u64;
        if blank < n {
            self.seams.begin = self.seams.begin.min(place);
            if self.section.is_some_and(|s| place >= s.to) {
                (self.seams.end, self.state) = (place, State::End);
                return true;
            }
        }
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
        // Never more than the limit, however much is at hand: what a header is must not depend on where the data end.
        let near = data.get(..n.min(HEADER_LIMIT)).unwrap_or_default();
        let all = ended || n > HEADER_LIMIT;
        let Some(body) = self.headers.scan(near, all) else { return false };
        let blank = self.headers.names == 0 && near.iter().all(u8::is_ascii_whitespace);
        // Nothing but blanks up to the end of the file is an empty record: the end must have come to tell.
        if blank && !all {
            return false;
        }
        let block = data.get(..body).unwrap_or_default();
        // `Content-Length` is believed only when a separator or the end of the file stands behind the body, near enough to be seen.
        let stated = self.content_length(block).map(|len| body.saturating_add(len)).filter(|end| *end <= WINDOW - LINE_LIMIT && self.kind == Kind::Mbox);
        if !ended && stated.is_some_and(|end| end + LINE_LIMIT > n) {
            return false;
        }
        self.header_cut |= ended && body == n && !self.headers.closed && self.headers.names > 0 && block.last() != Some(&b'\n');
        self.trusted = stated.filter(|end| self.verified(data, *end, ended)).map(|end| end - body);
        if self.headers.names == 0 {
            self.skip = Some(match (self.header_cut, blank && ended && n <= HEADER_LIMIT) {
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
        let near = data.get(..data.len().min(end + LINE_LIMIT)).unwrap_or_default();
        let Some(rest) = near.get(end..) else { return false };
        match rest.iter().position(|b| !matches!(b, b'\r' | b'\n')) {
            Some(at) => self.split.separates(near, end + at),
            None => ended && near.len() == data.len(),
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
            if !(self.window.ended() || self.forced) && self.window.data().len() - n < apple::TAIL {
                return false;
            }
            self.apple = apple::flags(self.window.data().get(n..).unwrap_or_default());
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
        if self.apple & apple::DELETED != 0 {
            sink.notice("apple_deleted", "Messages that Apple Mail marks as deleted; it removes them when the mailbox is tidied.", 1);
        }
        self.envelope.labels.draft |= self.apple & apple::DRAFT != 0;
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

    fn finish(&self, sink: &mut Sink) {
        if self.section.is_none() {
            close(self.kind, self.split.naive, &self.delivery, self.owner.as_deref(), sink);
        }
    }
}

/// Says what only the whole file tells. `naive`: see [`Mail::naive`].
pub fn close(kind: Kind, naive: bool, delivery: &Delivery, owner: Option<&str>, sink: &mut Sink) {
    if naive {
        sink.notice("from_lines", "The lines between messages carry no date: every line that begins with \"From \" before a header is taken as a border.", 1);
    }
    if kind == Kind::Mbox {
        delivery.gaps(sink);
    }
    delivery.owner(owner, kind == Kind::Eml, sink);
}

/// Whether the first line of a mailbox, which begins with `From `, has no date; `None` where the file begins otherwise.
#[must_use]
pub fn undated(top: &[u8]) -> Option<bool> {
    let top = top.get(..top.len().min(TOP)).unwrap_or_default();
    let rest = super::top(top);
    if !rest.starts_with(b"From ") {
        return None;
    }
    let line = rest.get(..memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
    Some(!split::is_from_line(line.trim_ascii_end()))
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
            // Twice as much, so that what is looked at again and again while bytes come by drops stays in proportion.
            let enough = (self.window.data().len() * 2).min(WINDOW);
            let mut fill = self.window.fill()?;
            while fill == Fill::More && self.window.data().len() < enough {
                fill = self.window.fill()?;
            }
            self.forced = fill != Fill::More;
        }
        self.finish(sink);
        Ok(Step::End)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}
