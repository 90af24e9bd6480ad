//! Messages as JSON objects: of Signal Desktop's database (sigtop and its like), or envelopes of signal-cli.

use super::desktop::{self, Desktop};
use super::gateway::{self, Gateway};
use super::start_of;
use crate::import::bytes::Window;
use crate::import::json::{Fault, Items, Members, Scanner, Stop, Value, give_up, invalid, pass_over, read, skip_mark};
use crate::import::lines::{Line, Lines};
use crate::import::sink::Sink;
use crate::import::{About, FileInput, Format, Head, ImportError, Input, Match, Options, Reader, Refusal, Step};
use crate::model::ledger::{Basis, SkipReason};
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;
/// Longest line.
const LONGEST: usize = 8 << 20;

/// Signal messages as JSON.
pub struct SignalRecords;

static ABOUT: About = About {
    id: "signal_json",
    name: "Signal messages, JSON (Signal Desktop records, signal-cli)",
    channel: "signal",
    extensions: &["json", "jsonl"],
    proves: &[
        "Each message carries the timer it was sent under: the spans in which messages vanish.",
        "A message deleted for everyone leaves its record.",
        "A quote, reaction or receipt whose message is not held: it existed.",
        "View-once media and messages that could not be decrypted leave a record without content.",
    ],
    how_to_export: "On a computer with Signal: sigtop export-messages -f json FOLDER. On a gateway: keep what signal-cli -o json receive writes.",
    limits: "Records of Signal Desktop give neither names nor the owner's account. A log of signal-cli holds what was received while it ran.",
};

impl Format for SignalRecords {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        match head.text.and_then(kind) {
            Some(Kind::Gateway) => Match::Sure("envelopes as signal-cli writes them".to_owned()),
            Some(Kind::Desktop) => Match::Sure("message records of Signal Desktop".to_owned()),
            None => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(file) => Ok(Box::new(RecordsReader::new(file, options)?)),
            Input::Archive(archive) => Err(Refusal { what: "JSON messages are a single file, not an archive.".to_owned(), place: archive.path().to_owned() }),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Desktop,
    Gateway,
}

/// Which records a text begins with.
fn kind(text: &str) -> Option<Kind> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('{')
        && let Some(line) = text.lines().next()
    {
        if gateway::is_envelope(line.as_bytes()) {
            return Some(Kind::Gateway);
        }
        if desktop::is_record(line.as_bytes()) {
            return Some(Kind::Desktop);
        }
    }
    let mut s = Scanner::new(text.as_bytes());
    let mut items = match s.peek().ok()? {
        b'[' => s.array().ok()?,
        b'{' => {
            let mut members = s.object().ok()?;
            loop {
                let key = members.key(&mut s).ok()??;
                if key.raw == b"messages" && s.peek() == Ok(b'[') {
                    break s.array().ok()?;
                }
                s.skip().ok()?;
            }
        }
        _ => return None,
    };
    if !items.more(&mut s).ok()? {
        return None;
    }
    match s.value() {
        Ok(Value::Object(raw)) if desktop::is_record(raw) => Some(Kind::Desktop),
        _ => None,
    }
}

/// Whether a text holds such records.
pub fn is_own(text: &str) -> bool {
    kind(text).is_some()
}

enum Book {
    Desktop(Box<Desktop>),
    Gateway(Box<Gateway>),
}

impl Book {
    fn take(&mut self, object: &[u8], at: Position, scratch: &mut Vec<u8>, sink: &mut Sink) {
        match self {
            Self::Desktop(book) => book.take(object, at, scratch, sink),
            Self::Gateway(book) => book.take(object, at, scratch, sink),
        }
    }
}

enum State {
    /// Before the array.
    Root,
    /// Within the object that holds it.
    Within(Members),
    Array(Items),
    Done,
}

enum Source {
    Lines(Lines),
    Array(Window, State),
}

/// Reads such a file.
pub struct RecordsReader {
    source: Source,
    book: Book,
    scratch: Vec<u8>,
}

impl RecordsReader {
    fn new(file: FileInput, options: &Options) -> Result<Self, Refusal> {
        let (start, text) = start_of(file.stream);
        let Some(kind) = kind(&text) else {
            return Err(Refusal { what: "This is no list of Signal messages. Export them again.".to_owned(), place: "byte 0".to_owned() });
        };
        let first = text.trim_start_matches('\u{feff}').trim_start().lines().next().unwrap_or_default().as_bytes();
        let lined = first.starts_with(b"{") && (gateway::is_envelope(first) || desktop::is_record(first));
        let source = if lined { Source::Lines(Lines::new(Box::new(start.again()), LONGEST)) } else { Source::Array(start, State::Root) };
        let book = match kind {
            Kind::Desktop => Book::Desktop(Box::new(Desktop::new(options))),
            Kind::Gateway => Book::Gateway(Box::new(Gateway::new(options))),
        };
        Ok(Self { source, book, scratch: Vec::new() })
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.source().date_order.basis = Basis::NotNeeded;
        match &mut self.book {
            Book::Desktop(book) => book.close(sink),
            Book::Gateway(book) => book.close(sink),
        }
    }

    /// One more record; `false` at the end.
    fn advance(&mut self, sink: &mut Sink) -> Result<bool, ImportError> {
        let Self { source, book, scratch } = self;
        match source {
            Source::Lines(lines) => {
                let Some(line) = lines.next()? else { return Ok(false) };
                one_line(&line, book, scratch, sink);
                Ok(true)
            }
            Source::Array(window, state) => match element(window, state, book, scratch, sink) {
                Ok(()) => Ok(!matches!(state, State::Done)),
                Err(Stop::Io(error)) => Err(error.into()),
                Err(Stop::CutOff) => {
                    let at = Position::byte(window.offset());
                    sink.statement(StatementKind::CutOff, None, None, None, 0, at, "the file ends in the middle");
                    Ok(false)
                }
                Err(stop) => Err(invalid("Export again", if let Stop::Bad(at) = stop { at } else { window.offset() })),
            },
        }
    }
}

fn one_line(line: &Line<'_>, book: &mut Book, scratch: &mut Vec<u8>, sink: &mut Sink) {
    if line.piece || line.bytes.trim_ascii().is_empty() {
        return;
    }
    let mut s = Scanner::new(line.bytes);
    let reason = match s.peek().and_then(|first| if first == b'{' { s.skip() } else { Err(Fault::Bad(0)) }) {
        Ok(()) => return book.take(line.bytes, line.place, scratch, sink),
        Err(_) if line.partial => SkipReason::TooLarge,
        Err(Fault::NeedMore) if line.last => SkipReason::CutOff,
        Err(_) => SkipReason::Malformed,
    };
    sink.record();
    sink.skip(reason, line.place);
    if reason == SkipReason::CutOff {
        sink.statement(StatementKind::CutOff, None, None, None, 0, line.place, "the file ends in the middle");
    }
}

fn element(window: &mut Window, state: &mut State, book: &mut Book, scratch: &mut Vec<u8>, sink: &mut Sink) -> Result<(), Stop> {
    match state {
        State::Root => {
            skip_mark(window)?;
            *state =
                if read(window, |s| s.peek())? == b'[' { State::Array(read(window, |s| s.array())?) } else { State::Within(read(window, |s| s.object())?) };
        }
        State::Within(members) => {
            let before = *members;
            let array = read(window, |s| {
                let mut members = before;
                let Some(key) = members.key(s)? else { return Ok(None) };
                let ours = key.raw == b"messages" && s.peek()? == b'[';
                Ok(Some(if ours { Some(s.array()?) } else { None }))
            })?;
            match array {
                None => *state = State::Done,
                Some(Some(items)) => *state = State::Array(items),
                Some(None) => {
                    *members = Members::resumed();
                    pass_over(window)?;
                }
            }
        }
        State::Array(items) => {
            let before = *items;
            let more = read(window, |s| {
                let mut items = before;
                items.more(s)
            })?;
            if !more {
                *state = State::Done;
                return Ok(());
            }
            *items = Items::resumed();
            read(window, |s| s.peek().map(drop))?;
            let at = Position::byte(window.offset());
            let taken = read(window, |s| {
                match s.value()? {
                    Value::Object(raw) => book.take(raw, at, scratch, sink),
                    _ => {
                        sink.record();
                        sink.skip(SkipReason::Malformed, at);
                    }
                }
                Ok(())
            });
            taken.or_else(|stop| give_up(stop, true, at, window, sink))?;
        }
        State::Done => {}
    }
    Ok(())
}

impl Reader for RecordsReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let (mut records, end) = (0, self.done() + STEP_BYTES);
        while records < STEP_RECORDS && self.done() < end {
            match self.advance(sink) {
                Ok(true) => records += 1,
                Ok(false) => {
                    self.finish(sink);
                    return Ok(Step::End);
                }
                Err(error) => {
                    self.finish(sink);
                    return Err(error);
                }
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        match &self.source {
            Source::Lines(lines) => lines.offset(),
            Source::Array(window, _) => window.offset(),
        }
    }
}
