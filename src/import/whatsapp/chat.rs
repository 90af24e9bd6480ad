//! Lines become records: a line with a head begins one, any other line belongs to the record before it.

use super::evidence::Found;
use super::head::{self, Head, Shape};
use super::order::Evidence;
use super::phrases::{self, Mark, Phrases};
use super::repeat::Repeat;
use super::senders::Senders;
use crate::features::{Facts, Gather};
use crate::import::Options;
use crate::import::sink::{Body, ChannelIx, Clock, Draft, Id, Map, Sink};
use crate::model::ConversationIx;
use crate::model::ledger::SkipReason;
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::time::{self, DAY, SECOND};

/// Marks an iPhone puts before text it wrote itself: U+200E, in right-to-left languages U+200F.
const LRM: &[u8] = "\u{200e}".as_bytes();
const RLM: &[u8] = "\u{200f}".as_bytes();

/// The record that is being read.
struct Open {
    sender: Option<usize>,
    event: Option<EventKind>,
    flags: Flags,
    text: Gather,
    /// Whether the text has begun: lines the app wrote for a file are not text, a caption after them is.
    begun: bool,
    /// Empty lines that count only when another line follows.
    blank: u32,
    /// An edited marker at the end of the line before: text after all when the body goes on.
    held: Vec<u8>,
    time: i64,
    position: Position,
}

/// One chat while it is read.
pub struct Chat {
    /// Shape of the heads of this file.
    pub shape: Option<Shape>,
    /// A second shape, of a file put together from two exports.
    pub second_shape: Option<Shape>,
    /// Names of the media beside the chat; the flag says whether a record names them. `None`: nothing lies beside it.
    pub media: Option<Map<Box<str>, bool>>,
    pub(super) options: Options,
    pub(super) title: Option<String>,
    pub(super) modified: Option<i64>,
    pub(super) channel: ChannelIx,
    pub(super) conversation: Option<ConversationIx>,
    pub(super) senders: Senders,
    pub(super) order: Evidence,
    pub(super) found: Found,
    phrases: Phrases,
    key: String,
    open: Option<Open>,
    repeat: Repeat,
    /// The last body that was one of the app's own: exports without media repeat it.
    own: (Vec<u8>, Option<Mark>),
    number: u32,
    preamble: Option<Position>,
    last_date: Option<(u8, u8, u16)>,
    /// Earliest reading of the first dated record.
    floor: Option<i32>,
    /// Lines that look like heads of another shape, and heads whose date cannot be.
    other_shape: u64,
    pasted: u64,
}

impl Chat {
    /// For a chat with the title its file name tells.
    #[must_use]
    pub fn new(options: &Options, title: Option<String>, modified: Option<i64>) -> Self {
        let mut senders = Senders::default();
        if let Some(title) = &title {
            senders.know(title);
        }
        Self {
            shape: None,
            second_shape: None,
            media: None,
            options: options.clone(),
            title,
            modified,
            channel: ChannelIx(0),
            conversation: None,
            senders,
            order: Evidence::default(),
            found: Found::default(),
            phrases: Phrases::new(),
            key: String::new(),
            open: None,
            repeat: Repeat::default(),
            own: (Vec::new(), None),
            number: 0,
            preamble: None,
            last_date: None,
            floor: None,
            other_shape: 0,
            pasted: 0,
        }
    }

    /// Before the first line.
    pub fn begin(&mut self, sink: &mut Sink) {
        self.channel = sink.channel("whatsapp");
        // Known only at the end; until then a key no other source has.
        self.key = format!("?{}:{}", sink.rows(), sink.source().path);
    }

    /// A line (or the first piece of a very long one).
    #[inline]
    pub fn line(&mut self, line: &[u8], offset: u64, sink: &mut Sink) {
        self.number = self.number.saturating_add(1);
        if line.first().is_some_and(|b| head::may_begin(*b))
            && let Some(head) = self.repeat.parse(line)
            && self.accepts(&head)
        {
            self.record(&head, line, offset, sink);
        } else {
            self.more(line, offset);
        }
    }

    /// A further piece of a very long line.
    pub fn piece(&mut self, piece: &[u8]) {
        if let Some(open) = &mut self.open {
            open.text.add(piece);
        }
    }

    /// The last line of a file that does not end with a line end. `cut`: it ends within a character.
    pub fn last_line(&mut self, line: &[u8], offset: u64, cut: bool, sink: &mut Sink) {
        if head::is_cut(line) && self.open.is_some() {
            self.number = self.number.saturating_add(1);
            let place = Position::line(offset, self.number);
            self.flush(sink);
            sink.record();
            sink.skip(SkipReason::CutOff, place);
            self.found.cut = Some(place);
            return;
        }
        self.line(line, offset, sink);
        if cut {
            self.found.cut = Some(Position::line(offset, self.number));
        }
    }

    /// After the last line.
    pub fn finish(&mut self, sink: &mut Sink) {
        self.flush(sink);
        if let Some(place) = self.preamble.take() {
            sink.record();
            sink.skip(SkipReason::Preamble, place);
        }
        if self.other_shape > 0 {
            sink.notice(
                "other_shape",
                "Lines that begin like a message, but written in another way than the rest, were read as text of the message before",
                self.other_shape,
            );
        }
        if self.second_shape.is_some() {
            sink.notice("two_shapes", "Two exports written in different ways seem to be joined in this file; both were read", 1);
        }
        if self.pasted > 0 {
            sink.notice(
                "pasted_lines",
                "Lines that begin like a message, but dated before the chat or after its export, were read as text of the message before",
                self.pasted,
            );
        }
        if self.found.records == 0 {
            sink.fail("No message was found in this chat export. Export the chat again, as text, without changing the file.", "line 1");
        }
        self.conclude(sink);
    }

    /// Whether a head is one of this file: its shape, and a date within the chat.
    fn accepts(&mut self, head: &Head) -> bool {
        if *self.shape.get_or_insert(head.shape) != head.shape && self.second_shape != Some(head.shape) {
            self.other_shape += 1;
            return false;
        }
        let date = (head.a, head.b, head.year);
        if self.last_date == Some(date) {
            return true;
        }
        let days = [head.day(crate::import::DateOrder::Dmy), head.day(crate::import::DateOrder::Mdy)];
        let (early, late) = (days.iter().flatten().min().copied(), days.iter().flatten().max().copied());
        if let Some(floor) = self.floor {
            let export = self.modified.map(time::day).filter(|m| floor <= *m);
            if late.is_some_and(|l| l < floor - 1) || export.is_some_and(|m| early.is_some_and(|e| e > m + 1)) {
                self.pasted += 1;
                return false;
            }
        }
        self.last_date = Some(date);
        true
    }

    fn record(&mut self, head: &Head, line: &[u8], offset: u64, sink: &mut Sink) {
        self.flush(sink);
        if let Some(place) = self.preamble.take() {
            sink.record();
            sink.skip(SkipReason::Preamble, place);
        }
        sink.record();
        self.found.records += 1;
        self.found.row = sink.source_rows();
        let day = self.order.see(head, line, self.number, self.found.row, self.modified);
        let open = Open {
            sender: None,
            event: None,
            flags: Flags::NONE,
            text: Gather::of(sink.looks(self.conversation)),
            begun: false,
            blank: 0,
            held: Vec::new(),
            time: i64::from(day) * DAY + i64::from(head.second) * SECOND,
            position: Position::line(offset, self.number),
        };
        self.found.place = open.position;
        let body = line.get(head.body..).unwrap_or_default();
        let open = match self.senders.split(body) {
            Some((name, at)) => self.said(name, body.get(at..).unwrap_or_default(), open, sink),
            None => self.told(body, open),
        };
        if self.floor.is_none() && open.event != Some(EventKind::Encrypted) {
            // Android may print the notice of encryption first with a later time.
            self.floor = [head.day(crate::import::DateOrder::Dmy), head.day(crate::import::DateOrder::Mdy)].into_iter().flatten().min();
        }
        self.open = Some(open);
    }

    /// A line with a name before the text.
    fn said(&mut self, name: &[u8], text: &[u8], mut open: Open, sink: &mut Sink) -> Open {
        let ios = self.shape.is_some_and(Shape::bracket);
        let own = text.starts_with(LRM) || text.starts_with(RLM);
        let mut mark = None;
        let mut file = None;
        if self.own.0 != text && (own || matches!(text.last(), Some(b'>' | b')' | b' '))) {
            file = phrases::attachment(text);
        }
        if file.is_none() {
            mark = self.own_words(own, text);
        }
        if file.is_none() && mark.is_none() {
            // Mail programs drop the mark; the notice of encryption is told by its words then.
            if (own && ios || self.found.records <= 3)
                && let Some((kind, seconds)) = phrases::system(text).filter(|(kind, _)| own || *kind == EventKind::Encrypted)
            {
                return self.event(kind, seconds, Some(name), text, open);
            }
            if own && ios {
                match generated(text) {
                    Generated::Text => {}
                    Generated::Short => mark = Some(Mark::Omitted),
                    Generated::Long => return self.event(EventKind::Other, 0, Some(name), text, open),
                }
            } else {
                mark = left_out(text, ios, &self.phrases);
            }
        }
        if mark == Some(Mark::Call) && own {
            return self.event(EventKind::Call, 0, None, text, open);
        }
        let sender = self.senders.intern(name, self.channel, sink);
        open.sender = Some(sender);
        if let Some(file) = file {
            self.attach(file, &mut open);
        } else {
            self.apply(mark, sender, text, &mut open);
        }
        open
    }

    fn own_words(&mut self, own: bool, text: &[u8]) -> Option<Mark> {
        if self.own.0 == text {
            return self.own.1;
        }
        let mark = if own { self.phrases.marked(text) } else { self.phrases.whole(text) };
        if mark.is_some() {
            self.own = (text.to_vec(), mark);
        }
        mark
    }

    fn attach(&mut self, file: &str, open: &mut Open) {
        open.flags = open.flags.with_attachments(1);
        open.text.file(file.as_bytes());
        self.found.attached += 1;
        if let Some(day) = phrases::media_day(file) {
            self.order.media_day(day);
        }
        if let Some(counter) = phrases::counter(file) {
            self.found.counter(counter);
        }
        if let Some(media) = &mut self.media {
            match media.get_mut(file) {
                Some(named) => *named = true,
                None => {
                    open.flags = open.flags.with(Flags::MEDIA_ABSENT);
                    self.found.omitted.add(self.found.row, self.found.place);
                }
            }
        }
    }

    fn apply(&mut self, mark: Option<Mark>, sender: usize, text: &[u8], open: &mut Open) {
        let (row, place) = (self.found.row, self.found.place);
        match mark {
            Some(Mark::Omitted) => {
                open.flags = open.flags.with(Flags::MEDIA_ABSENT).with_attachments(1);
                self.found.omitted.add(row, place);
            }
            Some(Mark::Deleted) => {
                open.flags = open.flags.with(Flags::DELETED);
                self.found.deleted.add(row, place);
            }
            Some(Mark::DeletedByOwner) => {
                open.flags = open.flags.with(Flags::DELETED);
                self.found.deleted.add(row, place);
                self.found.owner = Some(sender);
            }
            Some(Mark::NoContent) => open.flags = open.flags.with(Flags::NO_CONTENT),
            Some(Mark::Call) | None => open.add(text),
        }
    }

    /// A line without a name.
    fn told(&mut self, text: &[u8], open: Open) -> Open {
        let (kind, seconds) = phrases::system(text).unwrap_or_else(|| match self.phrases.marked(text) {
            Some(Mark::Call) => (EventKind::Call, 0),
            Some(Mark::Deleted | Mark::DeletedByOwner) => (EventKind::Deleted, 0),
            _ => (EventKind::Other, 0),
        });
        self.event(kind, seconds, None, text, open)
    }

    fn event(&mut self, kind: EventKind, seconds: u64, name: Option<&[u8]>, text: &[u8], mut open: Open) -> Open {
        open.event = Some(kind);
        open.add(text);
        for member in self.found.event(kind, seconds, name, text) {
            self.senders.know(&member);
        }
        open
    }

    /// A line without a head.
    fn more(&mut self, line: &[u8], offset: u64) {
        match &mut self.open {
            Some(open) if line.is_empty() => open.blank += 1,
            Some(open) => {
                open.go_on();
                open.add(line);
            }
            None if self.preamble.is_none() && !line.trim_ascii().is_empty() => self.preamble = Some(Position::line(offset, self.number)),
            None => {}
        }
    }

    fn flush(&mut self, sink: &mut Sink) {
        let Some(open) = self.open.take() else { return };
        let conversation = match self.conversation {
            Some(known) => known,
            None => {
                let made = sink.conversation(self.channel, &self.key, "", ConversationKind::Unknown);
                self.conversation = Some(made);
                made
            }
        };
        let mut flags = open.flags;
        if !open.held.is_empty() {
            flags = flags.with(Flags::EDITED);
        }
        let facts: Facts = open.text.facts();
        let empty = facts.chars == 0 && open.event.is_none() && flags.attachments() == 0 && !flags.has(Flags::DELETED);
        if empty {
            flags = flags.with(Flags::NO_CONTENT);
        }
        if flags.has(Flags::NO_CONTENT) {
            self.found.no_content.add(self.found.row, open.position);
        }
        let sender = open.sender.and_then(|ix| self.senders.get_mut(ix)).map(|s| {
            s.messages += 1;
            s.handle
        });
        sink.message(Draft {
            conversation,
            sender,
            time: Clock::Written(open.time),
            event: open.event,
            flags,
            body: Body::Facts(facts),
            id: Id::None,
            reply_to: Id::None,
            audience: None,
            position: open.position,
        });
    }
}

impl Open {
    /// The line end before a further line, and the empty lines before it.
    fn go_on(&mut self) {
        if !self.held.is_empty() {
            let held = std::mem::take(&mut self.held);
            self.text.add(&held);
        }
        let ends = if self.begun { self.blank + 1 } else { 0 };
        self.blank = 0;
        for _ in 0..ends {
            self.text.add(b"\n");
        }
    }

    /// Text of a line; an edited marker at its end is no text.
    #[inline]
    fn add(&mut self, line: &[u8]) {
        self.begun = true;
        if line.last() == Some(&b'>')
            && let Some(end) = phrases::edited(line)
            && let Some((text, marker)) = line.split_at_checked(end)
        {
            self.text.add(text);
            self.held = marker.to_vec();
            return;
        }
        self.text.add(line);
    }
}

enum Generated {
    /// A poll, a place, a contact: content of a person.
    Text,
    /// A few words: media, a call, or a deleted message in a language that is not known.
    Short,
    /// A sentence: a system line in a language that is not known.
    Long,
}

/// What a line is that an iPhone wrote itself, in any language.
fn generated(text: &[u8]) -> Generated {
    let folded = phrases::folded(text.get(..text.len().min(500)).unwrap_or_default());
    let mut words = folded.split_whitespace();
    let first = words.next().unwrap_or("");
    if first.is_empty() || first.ends_with(':') || first.ends_with('：') || folded.contains("http") {
        return Generated::Text;
    }
    if words.count() < 5 { Generated::Short } else { Generated::Long }
}

/// Media that were left out, in a form that is not in the tables: `<...>` alone (Android), `name.ext <LRM>... omitted` (iPhone).
fn left_out(text: &[u8], ios: bool, phrases: &Phrases) -> Option<Mark> {
    if ios {
        if text.len() > 400 {
            return None;
        }
        memchr::memchr(0xe2, text)?;
        let at = memchr::memmem::rfind(text, LRM)?;
        return phrases.marked(text.get(at..)?).filter(|m| *m == Mark::Omitted);
    }
    let inner = text.strip_prefix(b"<")?.strip_suffix(b">")?;
    let words = inner.len() <= 80 && !inner.is_empty() && (inner.contains(&b' ') || !inner.is_ascii());
    (words && !inner.iter().any(|b| matches!(b, b'<' | b'>' | b':' | b'/' | b'=' | b'@'))).then_some(Mark::Omitted)
}
