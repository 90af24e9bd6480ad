//! A file that is a list of records with facts around it: an object with arrays in it (`{"session": .., "messages": [..]}`), a bare
//! array, or one object per line. One record at a time is in view; what nobody asks for is passed over, whatever its size.

use super::{Items, Members, Scan, Scanner, Stop, Value, give_up, invalid, pass_over, read, skip_mark};
use crate::import::bytes::{Fill, Window};
use crate::import::sink::{Clock, Sink};
use crate::import::{ImportError, Reader, Step};
use crate::model::ConversationIx;
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Records and bytes of one step.
pub const STEP_RECORDS: u32 = 5_000;
/// See [`STEP_RECORDS`].
pub const STEP_BYTES: u64 = 1 << 20;
/// Name of the list when the whole file is one array, or one object per line.
pub const WHOLE: &[u8] = b"";

/// What a format makes of the parts of such a file.
pub trait Records {
    /// Whether an array under this key of the root is read item by item, and whether its items are records that the ledger counts.
    fn list(&self, key: &[u8]) -> Option<bool>;
    /// Whether the file is one object per line, by the bytes of its beginning.
    fn lines(&self, beginning: &[u8]) -> bool {
        let _ = beginning;
        false
    }
    /// The first bytes of the file, before anything is read: for marks that decide how all of it is read.
    fn beginning(&mut self, bytes: &[u8]) {
        let _ = bytes;
    }
    /// Whether the value of this key of the root is wanted. It may be large no more than a record.
    fn wants(&self, key: &[u8]) -> bool;
    /// A value of the root that was wanted.
    fn fact(&mut self, key: &[u8], value: Value<'_>, sink: &mut Sink);
    /// One item. May be called again for the same item when more bytes have come: nothing is to be changed before the last scan.
    /// An item of a counted list is given to [`Sink::record`] here.
    fn item(&mut self, list: &[u8], s: &mut Scanner<'_>, at: Position, sink: &mut Sink) -> Scan<()>;
    /// Conversation and time of the last record, for a file that ends in the middle.
    fn last(&self) -> (Option<ConversationIx>, Option<Clock>);
    /// The file has ended. `whole`: not in the middle.
    fn end(&mut self, whole: bool, sink: &mut Sink);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Root,
    List,
    Lines,
    End,
}

/// What a key of the root led to.
enum Entry {
    End,
    Read,
    Large,
    List,
}

/// Walks one file.
pub struct Walk {
    place: Place,
    root: Members,
    items: Items,
    list: Vec<u8>,
    counted: bool,
    bare: bool,
    line: u32,
}

impl Walk {
    /// At the start of a file.
    #[must_use]
    pub const fn new() -> Self {
        Self { place: Place::Start, root: Members::resumed(), items: Items::resumed(), list: Vec::new(), counted: true, bare: false, line: 0 }
    }

    /// One step further: a key of the root, or a record. `false` at the end.
    pub fn advance(&mut self, window: &mut Window, records: &mut impl Records, sink: &mut Sink) -> Result<bool, Stop> {
        match self.place {
            Place::Start => self.start(window, records)?,
            Place::Root => self.entry(window, records, sink)?,
            Place::List => self.item(window, records, sink)?,
            Place::Lines => self.in_line(window, records, sink)?,
            Place::End => {}
        }
        Ok(self.place != Place::End)
    }

    fn start(&mut self, window: &mut Window, records: &mut impl Records) -> Result<(), Stop> {
        skip_mark(window)?;
        while window.data().len() < 4096 && window.fill()? == Fill::More {}
        records.beginning(window.data());
        if records.lines(window.data()) {
            (self.place, self.line) = (Place::Lines, 1);
        } else if read(window, |s| s.peek())? == b'[' {
            self.items = read(window, |s| s.array())?;
            (self.place, self.bare, self.counted) = (Place::List, true, records.list(WHOLE).unwrap_or(true));
        } else {
            self.root = read(window, |s| s.object())?;
            self.place = Place::Root;
        }
        Ok(())
    }

    fn entry(&mut self, window: &mut Window, records: &mut impl Records, sink: &mut Sink) -> Result<(), Stop> {
        let (root, list, counted) = (self.root, &mut self.list, &mut self.counted);
        let found = read(window, |s| {
            let mut members = root;
            let Some(key) = members.key(s)? else { return Ok(Entry::End) };
            if s.peek()? == b'['
                && let Some(records) = records.list(key.raw)
            {
                s.array()?;
                (*list, *counted) = (key.raw.to_vec(), records);
                return Ok(Entry::List);
            }
            if !records.wants(key.raw) {
                return Ok(Entry::Large);
            }
            let value = s.value()?;
            records.fact(key.raw, value, sink);
            Ok(Entry::Read)
        });
        self.root = Members::resumed();
        match found {
            Ok(Entry::End) => self.place = Place::End,
            Ok(Entry::Read) => {}
            Ok(Entry::Large) => pass_over(window)?,
            Ok(Entry::List) => (self.place, self.items) = (Place::List, Items::default()),
            Err(stop) => return Err(stop),
        }
        Ok(())
    }

    fn item(&mut self, window: &mut Window, records: &mut impl Records, sink: &mut Sink) -> Result<(), Stop> {
        let items = self.items;
        let more = read(window, |s| {
            let mut items = items;
            items.more(s)
        })?;
        if !more {
            self.place = if self.bare { Place::End } else { Place::Root };
            return Ok(());
        }
        self.items = Items::resumed();
        read(window, |s| s.peek().map(drop))?;
        let at = Position::byte(window.offset());
        let list = &self.list;
        match read(window, |s| records.item(list, s, at, sink)) {
            Ok(()) => Ok(()),
            Err(stop) => give_up(stop, self.counted, at, window, sink),
        }
    }

    /// One object of a file with one per line; a broken one ends with its line.
    fn in_line(&mut self, window: &mut Window, records: &mut impl Records, sink: &mut Sink) -> Result<(), Stop> {
        loop {
            let data = window.data();
            let blank = data.iter().take_while(|b| b.is_ascii_whitespace()).count();
            let ends = data.iter().take(blank).filter(|b| **b == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
            window.consume(blank);
            if !window.data().is_empty() {
                break;
            }
            if window.fill()? != Fill::More {
                self.place = Place::End;
                return Ok(());
            }
        }
        let at = Position::line(window.offset(), self.line);
        let reason = match read(window, |s| records.item(WHOLE, s, at, sink)) {
            Ok(()) => return Ok(()),
            Err(Stop::TooLarge) => SkipReason::TooLarge,
            Err(Stop::Bad(_)) => SkipReason::Malformed,
            // Quotes or brackets that never close, with more lines behind them.
            Err(Stop::CutOff) if window.data().trim_ascii().contains(&b'\n') => SkipReason::Malformed,
            Err(Stop::CutOff) => SkipReason::CutOff,
            Err(Stop::Io(error)) => return Err(Stop::Io(error)),
        };
        sink.record();
        sink.skip(reason, at);
        if reason == SkipReason::CutOff {
            return Err(Stop::CutOff);
        }
        self.pass_line(window)
    }

    fn pass_line(&mut self, window: &mut Window) -> Result<(), Stop> {
        loop {
            let data = window.data();
            if let Some(end) = memchr::memchr(b'\n', data) {
                // The line end itself is counted with the blanks before the next record.
                window.consume(end);
                return Ok(());
            }
            let all = data.len();
            window.consume(all);
            if window.fill()? == Fill::End {
                self.place = Place::End;
                return Ok(());
            }
        }
    }
}

/// Says that a file ends in the middle, or gives the sentence for one that is broken. `whole`: what is to be exported again.
pub fn stopped(stop: &Stop, records: &impl Records, done: u64, whole: &str, sink: &mut Sink) -> Option<ImportError> {
    match stop {
        Stop::CutOff => {
            let (conversation, from) = records.last();
            sink.statement(StatementKind::CutOff, conversation, from, None, 0, Position::byte(done), "the file ends in the middle");
            None
        }
        Stop::Bad(at) => Some(invalid(&format!("Export {whole} again"), *at)),
        Stop::TooLarge => Some(ImportError {
            what: format!("A value here is larger than 16 MiB; what stands before it was read. Export {whole} again."),
            place: format!("byte {done}"),
        }),
        Stop::Io(error) => Some(ImportError {
            what: format!("The file could not be read further ({error}). Check that it is complete and try again."),
            place: format!("byte {done}"),
        }),
    }
}

/// Reads one file by itself.
pub struct ListReader<R> {
    window: Window,
    walk: Walk,
    records: R,
    whole: &'static str,
}

impl<R: Records> ListReader<R> {
    /// Over a window. `whole`: what is to be exported again when the file is broken (`the chat`).
    pub const fn new(window: Window, records: R, whole: &'static str) -> Self {
        Self { window, walk: Walk::new(), records, whole }
    }
}

impl<R: Records> Reader for ListReader<R> {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let end = self.window.offset() + STEP_BYTES;
        for _ in 0..STEP_RECORDS {
            match self.walk.advance(&mut self.window, &mut self.records, sink) {
                Ok(true) => {}
                Ok(false) => {
                    self.records.end(true, sink);
                    return Ok(Step::End);
                }
                Err(stop) => {
                    let error = stopped(&stop, &self.records, self.window.offset(), self.whole, sink);
                    self.records.end(false, sink);
                    return error.map_or(Ok(Step::End), Err);
                }
            }
            if self.window.offset() >= end {
                break;
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}

/// Keys and values of the objects in the beginning of a file, root and first items, for sniffers: `f` gets depth (0 = root), key and
/// the first byte of the value. Stops where the beginning ends or is no JSON.
pub fn survey(beginning: &[u8], mut f: impl FnMut(usize, &[u8], &[u8])) {
    let mut s = Scanner::new(beginning);
    let _ = survey_value(&mut s, beginning, 0, &mut f);
}

/// Objects are followed three deep, arrays to their first four items; strings and numbers are given as they stand.
fn survey_value(s: &mut Scanner<'_>, all: &[u8], depth: usize, f: &mut impl FnMut(usize, &[u8], &[u8])) -> Scan<()> {
    match s.peek()? {
        b'{' if depth <= 3 => {
            let mut members = s.object()?;
            while let Some(key) = members.key(s)? {
                let first = s.peek()?;
                let rest = all.get(s.at()..).unwrap_or_default();
                f(depth, key.raw, rest);
                if matches!(first, b'{' | b'[') { survey_value(s, all, depth + 1, f)? } else { s.skip()? }
            }
            Ok(())
        }
        b'[' if depth <= 3 => {
            let (mut items, mut n) = (s.array()?, 0);
            while items.more(s)? {
                n += 1;
                if n <= 4 { survey_value(s, all, depth, f)? } else { s.skip()? }
            }
            Ok(())
        }
        _ => s.skip(),
    }
}
