//! Reads messages from JSON: one object per line, one array of objects, or an object that holds such an array.

use super::clock::Survey;
use super::csv::say_order;
use super::heading::{Plan, Slot};
use super::maker::{Cells, Maker, fallback};
use super::objects::{Objects, Shape};
use crate::import::bytes::{Fill, Window};
use crate::import::json::{Fault, Items, Members, Scan, Scanner, Stop, pass_over, read};
use crate::import::sink::Sink;
use crate::import::{FileInput, ImportError, Options, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;

const STEP: u64 = 1 << 20;
/// Objects that decide on times, at most.
const SURVEY: u32 = 50_000;

/// How the objects lie in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// One after the other, usually a line each.
    Lines,
    /// In one array.
    Array,
    /// In an array under this key of the outer object.
    Under(Vec<u8>),
}

/// Finds the layout from the first bytes and looks at the first objects (up to `most`); `None` where there are none.
/// `see` gets each object's cells and shape; `objects` keeps what it learns of keys.
pub fn survey(bytes: &[u8], most: u32, objects: &mut Objects, mut see: impl FnMut(&Cells<'_>, Shape)) -> Option<Layout> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut s = Scanner::new(bytes);
    match s.peek().ok()? {
        b'[' => {
            let mut items = s.array().ok()?;
            several(&mut s, objects, most, &mut see, |s| items.more(s)).then_some(Layout::Array)
        }
        b'{' => {
            // An object with a time and a sender of its own is a record; else an array under one of its keys may hold them.
            let mut first = Scanner::new(bytes);
            let shape = objects.read(&mut first, |_, shape| shape);
            if shape.is_ok_and(|s| s.time && s.sender) {
                return several(&mut s, objects, most, &mut see, |s| Ok(s.peek()? == b'{')).then_some(Layout::Lines);
            }
            let key = holder(bytes, objects)?;
            let at = key.1;
            let mut inner = Scanner::new(bytes.get(at..)?);
            let mut items = inner.array().ok()?;
            several(&mut inner, objects, most, &mut see, |s| items.more(s)).then_some(Layout::Under(key.0))
        }
        _ => None,
    }
}

fn several(
    s: &mut Scanner<'_>,
    objects: &mut Objects,
    most: u32,
    see: &mut impl FnMut(&Cells<'_>, Shape),
    mut more: impl FnMut(&mut Scanner<'_>) -> Scan<bool>,
) -> bool {
    let mut n = 0;
    while n < most && more(s) == Ok(true) {
        let at_object = s.peek() == Ok(b'{');
        let read = if at_object { objects.read(s, |cells, shape| see(cells, shape)) } else { s.skip() };
        if read.is_err() {
            break;
        }
        n += 1;
    }
    n > 0
}

/// The key of the array whose first object has a time and a sender, and where that array begins. Of several, the longest in
/// the bytes at hand.
fn holder(bytes: &[u8], objects: &mut Objects) -> Option<(Vec<u8>, usize)> {
    let mut s = Scanner::new(bytes);
    let mut members = s.object().ok()?;
    let mut best: Option<(usize, Vec<u8>, usize)> = None;
    while let Ok(Some(name)) = members.key(&mut s) {
        let Ok(first) = s.peek() else { break };
        let at = s.at();
        if first == b'[' {
            let mut inner = Scanner::new(bytes.get(at..)?);
            let good = inner.array().is_ok_and(|mut items| items.more(&mut inner) == Ok(true) && inner.peek() == Ok(b'{'))
                && objects.read(&mut inner, |_, shape| shape.time && shape.sender) == Ok(true);
            let end = s.skip();
            let len = if end.is_ok() { s.at() } else { bytes.len() } - at;
            if good && best.as_ref().is_none_or(|(held, ..)| len > *held) {
                best = Some((len, name.raw.to_vec(), at));
            }
            if end.is_err() {
                break;
            }
        } else if s.skip().is_err() {
            break;
        }
    }
    best.map(|(_, key, at)| (key, at))
}

enum State {
    Begin,
    Lines,
    Array(Items),
    Seek(Vec<u8>, Members),
    /// Everything read.
    Done,
}

/// Reads one file of JSON messages.
pub struct JsonReader {
    window: Window,
    objects: Objects,
    state: State,
    maker: Option<Maker>,
    line: u32,
    /// Whether lines are told: not in arrays inside an object.
    lined: bool,
    name: String,
    options: Options,
}

impl JsonReader {
    /// Opens a file.
    pub fn open(input: FileInput, options: &Options) -> Self {
        Self {
            window: Window::new(input.stream),
            objects: Objects::default(),
            state: State::Begin,
            maker: None,
            line: 1,
            lined: true,
            name: input.name,
            options: options.clone(),
        }
    }

    fn begin(&mut self, sink: &mut Sink) -> Result<(), ImportError> {
        while self.window.data().len() < 1 << 20 && self.window.fill()? == Fill::More {}
        if self.window.data().starts_with(b"\xef\xbb\xbf") {
            self.window.consume(3);
        }
        let mut addressed = false;
        let (survey, layout) = loop {
            let mut times = Survey::default();
            let mut n = 0;
            self.objects.channels = (0, 0);
            let layout = survey(self.window.data(), SURVEY, &mut self.objects, |cells, _| {
                let (date, clock) = cells.time();
                n += 1;
                addressed |= !cells.get(Slot::Recipients).is_empty();
                times.see(date, clock, 0);
            });
            let open = layout.is_none() || times.orders.open > 0 && !times.orders.decide().is_some_and(|(_, proven)| proven);
            if !open || n >= SURVEY {
                break (times, layout);
            }
            let before = self.window.data().len();
            while self.window.fill()? == Fill::More && self.window.data().len() < before * 2 {}
            if self.window.data().len() == before {
                break (times, layout);
            }
        };
        let Some(layout) = layout else {
            return Err(ImportError {
                what: "No list of objects with a time and a sender was found in this JSON. Export one object per message with keys such as timestamp, sender, text."
                    .to_owned(),
                place: String::new(),
            });
        };
        say_order(sink, &survey, self.options.date_order);
        let times = survey.times(self.options.date_order);
        // Recipients are told by name: so must be the writers.
        let plan = Plan::of(if addressed { &["recipients"][..] } else { &[] });
        self.objects.channel_is_platform = Some(self.objects.channels.0 > 0 && self.objects.channels.1 == 0);
        self.lined = !matches!(layout, Layout::Under(_));
        self.maker = Some(Maker::new(plan, times, fallback(&self.name, self.options.owner.as_deref())));
        self.state = match layout {
            Layout::Lines => State::Lines,
            Layout::Array => State::Array(read(&mut self.window, |s| s.array()).map_err(|stop| broken(&stop))?),
            Layout::Under(key) => State::Seek(key, read(&mut self.window, |s| s.object()).map_err(|stop| broken(&stop))?),
        };
        Ok(())
    }

    /// Line number of the next byte: line ends are counted as the window passes them.
    fn consume(&mut self, n: usize) {
        let passed = self.window.data().get(..n).unwrap_or_default();
        self.line = self.line.saturating_add(u32::try_from(memchr::memchr_iter(b'\n', passed).count()).unwrap_or(u32::MAX));
        self.window.consume(n);
    }

    fn position(&self) -> Position {
        Position::line(self.window.offset(), if self.lined { self.line } else { 0 })
    }

    /// Moves to the array under the key.
    fn seek(&mut self) -> Result<(), ImportError> {
        let State::Seek(key, members) = &mut self.state else { return Ok(()) };
        let mut walk = *members;
        let found = read(&mut self.window, |s| {
            walk = *members;
            Ok(walk.key(s)?.map(|name| name.raw == key.as_slice()))
        });
        *members = walk;
        match found.map_err(|stop| broken(&stop))? {
            Some(true) => {
                if read(&mut self.window, |s| s.peek()).map_err(|stop| broken(&stop))? == b'[' {
                    let items = read(&mut self.window, |s| s.array()).map_err(|stop| broken(&stop))?;
                    self.state = State::Array(items);
                } else {
                    pass_over(&mut self.window).map_err(|stop| broken(&stop))?;
                }
            }
            Some(false) => pass_over(&mut self.window).map_err(|stop| broken(&stop))?,
            None => self.state = State::Done,
        }
        Ok(())
    }

    /// Whether another record follows; moves to its first byte.
    fn more(&mut self) -> Result<bool, Stop> {
        loop {
            let mut s = Scanner::new(self.window.data());
            let (next, items) = match &self.state {
                State::Array(items) => {
                    let mut items = *items;
                    (items.more(&mut s).and_then(|more| if more { s.peek().map(|_| true) } else { Ok(false) }), Some(items))
                }
                _ => (s.peek().map(|_| true), None),
            };
            let at = s.at();
            match next {
                Ok(more) => {
                    self.consume(at);
                    if let Some(items) = items {
                        self.state = State::Array(items);
                    }
                    return Ok(more);
                }
                Err(Fault::Bad(n)) => return Err(Stop::Bad(self.window.offset() + n as u64)),
                Err(Fault::NeedMore) => {
                    if items.is_none() {
                        self.consume(at);
                    }
                    match self.window.fill().map_err(Stop::Io)? {
                        Fill::More => {}
                        Fill::Full => return Err(Stop::TooLarge),
                        Fill::End if items.is_none() => return Ok(false),
                        Fill::End => return Err(Stop::CutOff),
                    }
                }
            }
        }
    }

    /// One record; `false` at the end.
    fn record(&mut self, sink: &mut Sink) -> Result<bool, ImportError> {
        let lines = matches!(self.state, State::Lines);
        match self.more() {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(stop) => {
                let position = self.position();
                sink.record();
                sink.skip(if matches!(stop, Stop::CutOff) { SkipReason::CutOff } else { SkipReason::Malformed }, position);
                return Err(broken(&stop));
            }
        }
        let position = self.position();
        loop {
            let Some(maker) = &mut self.maker else { return Ok(false) };
            let data = self.window.data();
            let mut s = Scanner::new(data);
            let is_object = data.first() == Some(&b'{');
            let result = if is_object {
                self.objects.read(&mut s, |cells, _| {
                    sink.record();
                    maker.make(sink, cells, position);
                })
            } else {
                s.skip().map(|()| {
                    sink.record();
                    sink.skip(SkipReason::UnknownType, position);
                })
            };
            let at = s.at();
            match result {
                Ok(()) => {
                    self.consume(at);
                    return Ok(true);
                }
                Err(Fault::Bad(n)) => return self.bad(sink, lines, n, position),
                Err(Fault::NeedMore) => {
                    let enough = self.window.data().len() * 2;
                    let mut fill = self.window.fill()?;
                    while fill == Fill::More && self.window.data().len() < enough {
                        fill = self.window.fill()?;
                    }
                    match fill {
                        Fill::More => {}
                        Fill::End if lines && has_line_behind(self.window.data()) => return self.bad(sink, true, 0, position),
                        Fill::End => {
                            sink.record();
                            sink.skip(SkipReason::CutOff, position);
                            let n = self.window.data().len();
                            self.consume(n);
                            return Ok(false);
                        }
                        Fill::Full => return self.too_large(sink, position),
                    }
                }
            }
        }
    }

    /// A record that is no JSON: in lines, reading goes on at the next line; in an array it ends here.
    fn bad(&mut self, sink: &mut Sink, lines: bool, n: usize, position: Position) -> Result<bool, ImportError> {
        sink.record();
        sink.skip(SkipReason::Malformed, position);
        if !lines {
            return Err(broken(&Stop::Bad(self.window.offset() + n as u64)));
        }
        loop {
            let data = self.window.data();
            if let Some(end) = memchr::memchr(b'\n', data) {
                self.consume(end + 1);
                return Ok(true);
            }
            let all = data.len();
            self.consume(all);
            if self.window.fill()? == Fill::End {
                return Ok(false);
            }
        }
    }

    fn too_large(&mut self, sink: &mut Sink, position: Position) -> Result<bool, ImportError> {
        sink.record();
        sink.skip(SkipReason::TooLarge, position);
        match pass_over(&mut self.window) {
            Ok(()) => Ok(true),
            Err(Stop::CutOff) => Ok(false),
            Err(stop) => Err(broken(&stop)),
        }
    }
}

/// Whether more than blanks follows the first line.
fn has_line_behind(data: &[u8]) -> bool {
    memchr::memchr(b'\n', data).and_then(|n| data.get(n..)).is_some_and(|rest| !rest.trim_ascii().is_empty())
}

fn broken(stop: &Stop) -> ImportError {
    match stop {
        Stop::CutOff => {
            ImportError { what: "The JSON ends in the middle: the file was cut off. Export or copy it again.".to_owned(), place: "end of file".to_owned() }
        }
        Stop::TooLarge => ImportError { what: "A part of this JSON is larger than 16 MB and cannot be read.".to_owned(), place: String::new() },
        Stop::Bad(at) => ImportError { what: "The JSON is broken here; what stands before was read. Export it again.".to_owned(), place: format!("byte {at}") },
        Stop::Io(error) => {
            ImportError { what: format!("The file could not be read further ({error}). Check that it is complete and try again."), place: String::new() }
        }
    }
}

impl Reader for JsonReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let until = self.window.offset() + STEP;
        if matches!(self.state, State::Begin) {
            self.begin(sink)?;
        }
        while self.window.offset() < until {
            let more = match self.state {
                State::Seek(..) => {
                    self.seek()?;
                    true
                }
                State::Done => false,
                _ => match self.record(sink) {
                    Err(error) => {
                        if let Some(maker) = &mut self.maker {
                            maker.finish(sink);
                        }
                        return Err(error);
                    }
                    more => more?,
                },
            };
            if !more {
                if let Some(maker) = &mut self.maker {
                    maker.finish(sink);
                }
                return Ok(Step::End);
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}
