//! The walk over a body: finds text parts, counts attachments, passes over their bytes from boundary to boundary without decoding them.

use memchr::memmem::Finder;
use memchr::memrchr;

use super::body::{Text, Transfer, cut_long};
use super::headers::{Field, Headers, parameter, word};
use crate::features::Facts;

/// Deepest nesting of multiparts; deeper ones count as one attachment.
const MAX_DEPTH: usize = 32;
/// A part's header block beyond this is taken as it stands.
const HEADER_LIMIT: usize = 64 << 10;
/// A text goes on in pieces of at most this, cut at line ends, a line beyond it in pieces too. What is found in a text is found within a
/// piece, so the pieces depend on the text alone, never on how much of it is at hand.
const PIECE: usize = 64 << 10;
/// Bytes behind a piece by which a boundary that begins in it is known: the marks, the boundary, the rest of its line.
const BOUNDARY_ROOM: usize = 2 << 10;
/// Longest rest of the line behind a boundary.
const BOUNDARY_TAIL: usize = 1000;
/// Most bytes kept of a journal report and of the headers of the mail it wraps.
const JOURNAL_LIMIT: usize = 4 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Mixed,
    Digest,
    Related,
    Report,
    Encrypted,
}

struct Level {
    boundary: Vec<u8>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Bytes of no interest up to the next boundary.
    #[default]
    Skip,
    /// Headers of a part.
    Header,
    /// Headers of the mail inside a journal report.
    Inner,
    /// A text part.
    Text,
    /// The text part of a journal report.
    Report,
}

/// A journal report: the envelope's own list of recipients, and the headers of the mail inside.
#[derive(Debug, Default)]
pub struct Journal {
    /// The report's lines.
    pub report: Vec<u8>,
    /// Header block of the report itself.
    pub outer: Vec<u8>,
    /// Header block of the mail inside; empty when there was none.
    pub inner: Vec<u8>,
    /// No header says so: only what the first part says makes the mail a report.
    guessed: bool,
}

impl Journal {
    /// Whether the lines are those of a report: a sender, and someone who received it.
    fn is_report(&self) -> bool {
        let has = |name: &[u8]| self.report.split(|b| *b == b'\n').any(|l| l.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)));
        has(b"sender:") && has(b"message-id:") && (has(b"to:") || has(b"recipient:") || has(b"cc:") || has(b"bcc:"))
    }
}

/// Walks over the body of one message in pieces. Reused from message to message.
#[derive(Default)]
pub struct Walk {
    stack: Vec<Level>,
    state: State,
    mid_line: bool,
    text: Text,
    headers: Headers,
    finder: Option<Finder<'static>>,
    /// Attachments so far, mails attached whole included.
    pub attachments: usize,
    /// Attachments of which only the name is left.
    pub removed: u64,
    /// A report, receipt or calendar item.
    pub automatic: bool,
    /// The content is encrypted.
    pub encrypted: bool,
    /// Parts whose content Apple Mail keeps in other files.
    pub elsewhere: u64,
    /// Set for journal reports.
    journal: Option<Journal>,
}

impl Walk {
    /// A message begins: `headers` are its headers in `block`.
    pub fn begin(&mut self, headers: &Headers, block: &[u8]) {
        self.stack.clear();
        self.text.reset();
        (self.attachments, self.removed, self.elsewhere, self.automatic, self.encrypted, self.mid_line) = (0, 0, 0, false, false, false);
        self.journal = headers.has(Field::JournalReport).then(|| Journal { outer: block.to_vec(), ..Journal::default() });
        self.entity(headers, block);
        if self.journal.is_none() && self.stack.last().is_some_and(|l| l.kind == Kind::Mixed) {
            // Servers that pass reports on drop their header.
            self.journal = Some(Journal { guessed: true, ..Journal::default() });
        }
    }

    /// Handles as much of `data` as it can and says how much. `last`: the message ends with `data`. Otherwise up to a line, or a
    /// part's header block, is left for the next call.
    pub fn feed(&mut self, data: &[u8], last: bool) -> usize {
        let mut at = 0;
        while let Some(rest) = data.get(at..)
            && !rest.is_empty()
        {
            let n = match self.state {
                State::Header | State::Inner => self.header(rest, last),
                _ if self.stack.is_empty() => self.leaf(rest, last),
                _ => self.between(rest, last),
            };
            if n == 0 {
                break;
            }
            at += n;
        }
        if last {
            self.leave();
        }
        at
    }

    /// The journal report, if the message is one.
    pub fn take_journal(&mut self) -> Option<Journal> {
        self.journal.take().filter(|j| !j.guessed || !j.inner.is_empty())
    }

    /// Whether a multipart has not been closed: the message may have been cut.
    #[must_use]
    pub fn open(&self) -> bool {
        !self.stack.is_empty()
    }

    /// Facts of the text: the plain text, or the HTML where that says much more.
    #[must_use]
    pub fn facts(&self) -> Facts {
        self.text.facts()
    }

    fn header(&mut self, rest: &[u8], last: bool) -> usize {
        let mut headers = std::mem::take(&mut self.headers);
        let near = rest.get(..rest.len().min(HEADER_LIMIT)).unwrap_or_default();
        let mut end = headers.scan(near, last || near.len() == HEADER_LIMIT);
        // A boundary inside of the block ends it: the empty line is missing, or the part has no content.
        if let Some((at, _)) = self.boundary(near.get(..end.unwrap_or(near.len())).unwrap_or_default(), end.is_some()) {
            headers.scan(near.get(..at).unwrap_or_default(), true);
            end = Some(at);
        }
        if let Some(end) = end {
            let block = rest.get(..end).unwrap_or_default();
            let inner = self.state == State::Inner;
            if inner && let Some(journal) = &mut self.journal {
                journal.inner = block.get(..block.len().min(JOURNAL_LIMIT)).unwrap_or_default().to_vec();
            }
            self.entity(&headers, block);
        }
        self.headers = headers;
        // An empty block is passed too: the state has changed, and the loop goes on with the same bytes.
        match end {
            Some(0) => self.between_or_leaf(rest, last),
            Some(n) => n,
            None => 0,
        }
    }

    fn between_or_leaf(&mut self, rest: &[u8], last: bool) -> usize {
        if matches!(self.state, State::Header | State::Inner) {
            self.state = State::Skip;
        }
        if self.stack.is_empty() { self.leaf(rest, last) } else { self.between(rest, last) }
    }

    /// All of the rest belongs to the part at hand.
    fn leaf(&mut self, rest: &[u8], last: bool) -> usize {
        let (rest, last) = match rest.get(..PIECE) {
            Some(piece) if self.in_text() && rest.len() > PIECE => (piece, false),
            _ if self.in_text() && !last => return 0,
            _ => (rest, last),
        };
        let cut = match memrchr(b'\n', rest) {
            _ if last => rest.len(),
            Some(nl) => nl + 1,
            None if rest.len() >= PIECE => cut_long(rest),
            None => return 0,
        };
        self.content(rest.get(..cut).unwrap_or_default());
        cut
    }

    /// Up to the next boundary.
    fn between(&mut self, rest: &[u8], last: bool) -> usize {
        let (near, all) = match rest.get(..PIECE + BOUNDARY_ROOM) {
            Some(near) if self.in_text() => (near, last && near.len() == rest.len()),
            _ => (rest, last),
        };
        let found = self.boundary(near, all).filter(|(at, _)| *at <= PIECE || !self.in_text());
        if let Some((at, level)) = found {
            let line_end = memchr::memchr(b'\n', rest.get(at..).unwrap_or_default()).map_or(rest.len(), |nl| at + nl + 1);
            let closes = self.stack.get(level).is_some_and(|l| {
                let tail = at + 2 + l.boundary.len();
                rest.get(tail..tail + 2) == Some(b"--")
            });
            self.content(rest.get(..at).unwrap_or_default());
            self.leave();
            self.mid_line = false;
            self.stack.truncate(if closes { level } else { level + 1 });
            self.state = if closes { State::Skip } else { State::Header };
            return line_end;
        }
        let n = self.leaf(rest, last);
        if let Some(end) = n.checked_sub(1) {
            self.mid_line = rest.get(end) != Some(&b'\n');
        }
        n
    }

    /// Next line in `data` that is a boundary of an open multipart, and its level. Lines not yet complete are left for later.
    fn boundary(&mut self, data: &[u8], last: bool) -> Option<(usize, usize)> {
        let finder = self.finder.get_or_insert_with(|| Finder::new(b"\n--"));
        let first = (!self.mid_line && data.starts_with(b"--")).then_some(0);
        for at in first.into_iter().chain(finder.find_iter(data).map(|p| p + 1)) {
            let line = data.get(at + 2..).unwrap_or_default();
            let Some((level, open)) = self.stack.iter().enumerate().rev().find(|(_, l)| line.starts_with(&l.boundary)) else { continue };
            let tail = line.get(open.boundary.len()..).unwrap_or_default();
            let Some(nl) = memchr::memchr(b'\n', tail.get(..tail.len().min(BOUNDARY_TAIL)).unwrap_or_default()) else {
                if tail.len() >= BOUNDARY_TAIL {
                    continue;
                }
                return (last && tail.trim_ascii_end().len() <= 2).then_some((at, level));
            };
            let end = tail.get(..nl).unwrap_or_default().trim_ascii_end();
            if matches!(end, b"" | b"--") {
                return Some((at, level));
            }
        }
        None
    }

    const fn in_text(&self) -> bool {
        matches!(self.state, State::Text | State::Report)
    }

    fn content(&mut self, bytes: &[u8]) {
        match self.state {
            State::Text => self.text.add(bytes),
            State::Report => {
                self.text.add(bytes);
                let other = |j: &Journal| j.guessed && j.report.is_empty() && !bytes.get(..7).is_some_and(|b| b.eq_ignore_ascii_case(b"sender:"));
                if self.journal.as_ref().is_some_and(other) {
                    (self.journal, self.state) = (None, State::Text);
                }
                if let Some(journal) = &mut self.journal {
                    let room = JOURNAL_LIMIT.saturating_sub(journal.report.len()).min(bytes.len());
                    journal.report.extend_from_slice(bytes.get(..room).unwrap_or_default());
                }
            }
            _ => {}
        }
    }

    fn leave(&mut self) {
        if self.in_text() {
            self.text.end();
        }
        self.state = State::Skip;
    }

    /// An entity (the message or a part) begins: what it is decides what becomes of its bytes.
    fn entity(&mut self, headers: &Headers, block: &[u8]) {
        let content_type = headers.get(block, Field::ContentType).unwrap_or_default();
        let kind = word(content_type).to_ascii_lowercase();
        let disposition = headers.get(block, Field::ContentDisposition).unwrap_or_default();
        let transfer = Transfer::of(headers.get(block, Field::ContentTransferEncoding).unwrap_or_default());
        let parent = self.stack.last().map(|l| l.kind);
        self.state = State::Skip;
        if let Some(sub) = kind.strip_prefix(b"multipart/") {
            return self.multipart(sub, content_type);
        }
        let stated = word(disposition).eq_ignore_ascii_case(b"attachment");
        let named = parameter(disposition, b"filename").is_some() || parameter(content_type, b"name").is_some();
        let attached = stated || (named && parent.is_some());
        self.elsewhere += u64::from(headers.has(Field::AppleLength));
        match kind.as_slice() {
            b"message/rfc822" | b"message/global" => self.attached_mail(parent, transfer),
            b"" if parent == Some(Kind::Digest) => self.attachments += 1,
            b"message/delivery-status" | b"message/disposition-notification" | b"text/rfc822-headers" => self.automatic = true,
            b"application/pgp-signature" | b"application/pkcs7-signature" | b"application/x-pkcs7-signature" | b"application/pgp-encrypted" => {}
            b"application/pkcs7-mime" | b"application/x-pkcs7-mime" => self.encrypted = true,
            // `Content-Type: text/x-moz-deleted; name="Deleted: a.pdf"`
            b"text/x-moz-deleted" => {
                self.attachments += 1;
                self.removed += 1;
            }
            b"text/calendar" => {
                self.automatic = true;
                self.attachments += usize::from(stated);
            }
            // Pictures shown inside the text, and the wrapped pieces of an encrypted mail, are nothing a person attached.
            _ if parent == Some(Kind::Encrypted) => {}
            other if parent == Some(Kind::Related) && !stated && !other.starts_with(b"text/") && !other.is_empty() => {}
            _ if attached => self.attachments += 1,
            b"text/html" => self.text_part(transfer, content_type, true),
            b"" | b"text" | b"text/plain" | b"text/enriched" => self.text_part(transfer, content_type, false),
            // Old mailers write their own words (`Content-Type: X-sun-attachment`): at the top it is the text all the same.
            other if parent.is_none() && !other.contains(&b'/') => self.text_part(transfer, content_type, false),
            _ => self.attachments += 1,
        }
    }

    fn multipart(&mut self, sub: &[u8], content_type: &[u8]) {
        let kind = match sub {
            b"related" => Kind::Related,
            b"digest" => Kind::Digest,
            b"report" => Kind::Report,
            b"encrypted" => Kind::Encrypted,
            _ => Kind::Mixed,
        };
        self.automatic |= kind == Kind::Report;
        self.encrypted |= kind == Kind::Encrypted;
        match parameter(content_type, b"boundary").map(<[u8]>::trim_ascii_end) {
            Some(boundary) if !boundary.is_empty() && self.stack.len() < MAX_DEPTH => {
                self.stack.push(Level { boundary: boundary.get(..boundary.len().min(200)).unwrap_or_default().to_vec(), kind });
            }
            _ => self.attachments += usize::from(!self.stack.is_empty()),
        }
    }

    fn attached_mail(&mut self, parent: Option<Kind>, transfer: Transfer) {
        match &self.journal {
            Some(journal) if journal.inner.is_empty() && transfer == Transfer::Plain && (!journal.guessed || journal.is_report()) => {
                self.text.reset();
                self.attachments = 0;
                self.state = State::Inner;
            }
            _ => self.attachments += usize::from(parent != Some(Kind::Report)),
        }
    }

    fn text_part(&mut self, transfer: Transfer, content_type: &[u8], html: bool) {
        if html && self.text.plain.facts().hash != 0 {
            return;
        }
        self.text.begin(transfer, parameter(content_type, b"charset"), html);
        let report = self.journal.as_ref().is_some_and(|j| j.inner.is_empty() && j.report.is_empty() && (!j.guessed || transfer == Transfer::Plain));
        self.state = if report && !html { State::Report } else { State::Text };
    }
}
