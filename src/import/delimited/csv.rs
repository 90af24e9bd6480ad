//! Reads a table of messages through a window, record by record, without copying fields.

use super::clock::Survey;
use super::heading::{Plan, Slot, key};
use super::maker::{Cells, Maker, fallback};
use super::platform;
use super::record::{Fields, Split, sniff_delimiter, split};
use crate::import::bytes::{Fill, Window};
use crate::import::sink::Sink;
use crate::import::{DateOrder, FileInput, ImportError, Options, Reader, Refusal, Step};
use crate::model::ledger::{Basis, Decided, Question, SkipReason};
use crate::model::message::Position;

/// Bytes handled in one step.
const STEP: u64 = 1 << 20;
/// Records before the headings that are looked at.
const TITLE_ROWS: usize = 10;
/// Rows whose times decide, at most.
const SURVEY: u32 = 200_000;

/// Headings and first rows of a table, from its first bytes.
pub struct Head {
    /// Delimiter.
    pub delimiter: u8,
    /// Headings as written.
    pub headings: Vec<String>,
    /// Columns.
    pub plan: Plan,
    /// Records above the headings: (offset, line).
    pub above: Vec<(u64, u32)>,
    /// Offset and line behind the headings.
    pub body: (usize, u32),
}

/// Finds the headings in the first bytes of a file; `None` where no row has headings of messages.
pub fn head(bytes: &[u8], ended: bool) -> Option<Head> {
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let bytes = bytes.get(mark..)?;
    let delimiter = sniff_delimiter(bytes.get(..bytes.len().min(64 << 10))?)?;
    let mut fields = Fields::default();
    let (mut at, mut line, mut above) = (0usize, 1u32, Vec::new());
    while above.len() < TITLE_ROWS {
        let rest = bytes.get(at..)?;
        match split(rest, delimiter, ended, &mut fields) {
            Split::Blank { bytes } => {
                at += bytes;
                line += 1;
            }
            Split::Record { bytes: n, lines } => {
                let headings: Vec<String> = fields.iter(rest).map(|f| String::from_utf8_lossy(f).into_owned()).collect();
                let short = headings.iter().all(|h| h.len() <= 80 && !h.contains('\n'));
                let plan = Plan::of(&headings);
                let (time, sender, _) = plan.evidence();
                if short && headings.len() >= 2 && time && sender {
                    let mut head = Head { delimiter, headings, plan, above, body: (at + n + mark, line + lines) };
                    head.settle(rest.get(n..).unwrap_or_default(), ended);
                    return Some(head);
                }
                above.push(((at + mark) as u64, line));
                at += n;
                line += lines;
            }
            Split::Partial { .. } | Split::Empty => return None,
        }
    }
    None
}

impl Head {
    /// The first rows below the headings, as texts.
    fn sample(&self, body: &[u8], ended: bool) -> Vec<Vec<String>> {
        let mut fields = Fields::default();
        let (mut rest, mut out) = (body, Vec::new());
        while out.len() < 50 {
            match split(rest, self.delimiter, ended, &mut fields) {
                Split::Record { bytes, .. } => {
                    out.push(fields.iter(rest).map(|f| String::from_utf8_lossy(f.get(..f.len().min(200)).unwrap_or(f)).trim().to_owned()).collect());
                    rest = rest.get(bytes..).unwrap_or_default();
                }
                Split::Blank { bytes } => rest = rest.get(bytes..).unwrap_or_default(),
                _ => break,
            }
        }
        out
    }

    /// What headings leave open, values decide: `channel` may be the means (`WhatsApp`) or a room, `source` a means or a file.
    fn settle(&mut self, body: &[u8], ended: bool) {
        let rows = self.sample(body, ended);
        let known = |column: usize| {
            let heading = self.headings.get(column).map_or("", |h| h.trim());
            let mut cells = rows.iter().filter_map(|r| r.get(column)).filter(|c| !c.is_empty() && *c != heading).peekable();
            cells.peek().is_some() && cells.all(|c| platform::known(c).is_some() || c.starts_with("other:"))
        };
        let weak = |h: &str| matches!(key(h).as_str(), "source" | "service" | "network" | "medium" | "app" | "application");
        if let Some(column) = self.plan.column(Slot::Platform)
            && self.headings.get(column).is_some_and(|h| weak(h))
            && !known(column)
            && let Some(slot) = self.plan.columns.get_mut(Slot::Platform as usize)
        {
            *slot = super::heading::NO_COLUMN;
        }
        let channel = self.headings.iter().position(|h| matches!(key(h).as_str(), "channel" | "channelname")).filter(|c| known(*c));
        if let Some(channel) = channel
            && self.plan.column(Slot::Platform).is_none()
        {
            let others: Vec<String> = self.headings.iter().enumerate().map(|(ix, h)| if ix == channel { String::new() } else { h.clone() }).collect();
            let counterpart = self.plan.counterpart;
            self.plan = Plan::of(&others);
            self.plan.counterpart = counterpart;
            if let Some(slot) = self.plan.columns.get_mut(Slot::Platform as usize) {
                *slot = channel as u16;
            }
        }
    }

    /// How many of the first rows have a time and the right number of cells: (good, all).
    pub fn first_rows(&self, bytes: &[u8], ended: bool) -> (u32, u32) {
        let mut survey = Survey::default();
        let mut ragged = 0;
        let body = bytes.get(self.body.0..).unwrap_or_default();
        self.each(body, ended, 50, |cells, width, line| {
            if width == self.headings.len() {
                let (date, clock) = cells.time();
                survey.see(date, clock, line);
            } else {
                ragged += 1;
            }
        });
        (survey.good, survey.good + survey.bad + ragged)
    }

    fn each(&self, body: &[u8], ended: bool, most: u32, mut see: impl FnMut(&Cells<'_>, usize, u32)) {
        let (mut fields, places) = (Fields::default(), places(&self.plan));
        let (mut rest, mut line, mut n) = (body, self.body.1, 0);
        while n < most {
            match split(rest, self.delimiter, ended, &mut fields) {
                Split::Record { bytes, lines } => {
                    see(&cells(&places, &fields, rest), fields.len(), line);
                    rest = rest.get(bytes..).unwrap_or_default();
                    line += lines;
                    n += 1;
                }
                Split::Blank { bytes } => {
                    rest = rest.get(bytes..).unwrap_or_default();
                    line += 1;
                }
                _ => break,
            }
        }
    }
}

/// The slots that have a column.
fn places(plan: &Plan) -> Vec<(usize, usize)> {
    let filled = plan.columns.iter().enumerate().filter(|(_, column)| **column != super::heading::NO_COLUMN);
    filled.map(|(slot, column)| (slot, usize::from(*column))).collect()
}

#[inline]
fn cells<'a>(places: &[(usize, usize)], fields: &'a Fields, bytes: &'a [u8]) -> Cells<'a> {
    let mut out = Cells::default();
    for (slot, column) in places {
        out.set(*slot, fields.get(bytes, *column));
    }
    out
}

enum State {
    Begin,
    Rows,
    /// Inside a record beyond the limit: everything up to the next line end is passed over.
    Discard,
}

/// Reads one table.
pub struct CsvReader {
    window: Window,
    fields: Fields,
    state: State,
    head: Option<Head>,
    maker: Option<Maker>,
    /// Slots with their columns.
    places: Vec<(usize, usize)>,
    /// Columns that a row cannot do without: one more than the last of them.
    needed: usize,
    line: u32,
    name: String,
    options: Options,
}

impl CsvReader {
    /// Opens a table.
    pub fn open(input: FileInput, options: &Options) -> Result<Self, Refusal> {
        Ok(Self {
            window: Window::new(input.stream),
            fields: Fields::default(),
            state: State::Begin,
            head: None,
            maker: None,
            places: Vec::new(),
            needed: 0,
            line: 1,
            name: input.name,
            options: options.clone(),
        })
    }

    /// Headings, then as many first rows as it takes to tell the order of day and month.
    fn begin(&mut self, sink: &mut Sink) -> Result<(), ImportError> {
        while self.window.data().len() < 64 << 10 && self.window.fill()? == Fill::More {}
        let Some(mut head) = head(self.window.data(), self.window.ended()) else {
            return Err(ImportError {
                what: "No line with headings for time and sender was found. Give the columns headings such as timestamp, sender, text.".to_owned(),
                place: "line 1".to_owned(),
            });
        };
        let load_file = super::heading::is_load_file(&head.headings);
        if load_file {
            head.plan.threads_only(&head.headings);
        }
        let survey = loop {
            let mut survey = Survey::default();
            let body = self.window.data().get(head.body.0..).unwrap_or_default();
            head.each(body, self.window.ended(), SURVEY, |cells, width, line| {
                if width == head.headings.len() {
                    let (date, clock) = cells.time();
                    survey.see(date, clock, line);
                }
            });
            let open = survey.orders.open > 0 && !survey.orders.decide().is_some_and(|(_, proven)| proven);
            let before = self.window.data().len();
            if !open || survey.good + survey.bad >= SURVEY {
                break survey;
            }
            self.grow()?;
            if self.window.data().len() == before {
                break survey;
            }
        };
        for (offset, line) in &head.above {
            sink.record();
            sink.skip(SkipReason::Preamble, Position::line(*offset, *line));
        }
        say_order(sink, &survey, self.options.date_order);
        let times = survey.times(self.options.date_order);
        let must = [Slot::Time, Slot::Date, Slot::Sender, Slot::Body];
        self.needed = must.iter().filter_map(|s| head.plan.column(*s)).max().map_or(0, |c| c + 1);
        self.places = places(&head.plan);
        let mut without = fallback(&self.name, self.options.owner.as_deref());
        without.load_file = load_file;
        if without.load_file && head.plan.column(Slot::Platform).is_none() {
            without.channel = without.channel.or(Some("email"));
        }
        self.maker = Some(Maker::new(head.plan.clone(), times, without));
        self.line = head.body.1;
        self.window.consume(head.body.0);
        self.head = Some(head);
        self.state = State::Rows;
        Ok(())
    }

    /// At least doubles what the window shows.
    fn grow(&mut self) -> Result<Fill, ImportError> {
        let enough = self.window.data().len() * 2;
        loop {
            match self.window.fill()? {
                Fill::More if self.window.data().len() < enough => {}
                other => return Ok(other),
            }
        }
    }

    /// One record; `false` at the end.
    #[inline]
    fn row(&mut self, sink: &mut Sink) -> Result<bool, ImportError> {
        let (Some(head), Some(maker)) = (&self.head, &mut self.maker) else { return Ok(false) };
        let data = self.window.data();
        match split(data, head.delimiter, self.window.ended(), &mut self.fields) {
            Split::Record { bytes, lines } => {
                let position = Position::line(self.window.offset(), self.line);
                let width = self.fields.len();
                let ragged = width < self.needed || width > head.headings.len() && self.fields.iter(data).skip(head.headings.len()).any(|f| !f.is_empty());
                if ragged {
                    // A stray quote swallows the lines behind it: only the first line is given up.
                    let end = if lines > 1 { memchr::memchr(b'\n', data).map_or(bytes, |n| n + 1) } else { bytes };
                    sink.record();
                    sink.skip(SkipReason::Malformed, position);
                    self.window.consume(end);
                    self.line = self.line.saturating_add(if lines > 1 { 1 } else { lines });
                    return Ok(true);
                }
                let repeated = self.fields.get(data, 0) == head.headings.first().map_or(&[][..], |h| h.as_bytes()) && is_heading(head, &self.fields, data);
                if repeated {
                    sink.notice("headings_again", "The headings stand again inside the file (several tables joined)", 1);
                } else {
                    sink.record();
                    maker.make(sink, &cells(&self.places, &self.fields, data), position);
                }
                self.window.consume(bytes);
                self.line = self.line.saturating_add(lines);
                Ok(true)
            }
            Split::Blank { bytes } => {
                self.window.consume(bytes);
                self.line = self.line.saturating_add(1);
                Ok(true)
            }
            Split::Empty if self.window.ended() => Ok(false),
            Split::Partial { .. } if self.window.ended() => {
                self.unclosed(sink);
                Ok(true)
            }
            Split::Empty | Split::Partial { .. } => {
                if self.grow()? == Fill::Full {
                    self.too_large(sink);
                }
                Ok(true)
            }
        }
    }

    /// Quotes that never close: a file cut off, or a stray quote with good rows behind it.
    fn unclosed(&mut self, sink: &mut Sink) {
        let Some(head) = &self.head else { return };
        let position = Position::line(self.window.offset(), self.line);
        let data = self.window.data();
        sink.record();
        let first = memchr::memchr(b'\n', data).map_or(data.len(), |n| n + 1);
        let mut good = 0;
        head.each(data.get(first..).unwrap_or_default(), true, 20, |cells, width, _| {
            let (date, clock) = cells.time();
            let mut survey = Survey::default();
            survey.see(date, clock, 0);
            good += u32::from(width == head.headings.len() && survey.good == 1);
        });
        let end = if good > 0 { first } else { data.len() };
        sink.skip(if good > 0 { SkipReason::Malformed } else { SkipReason::CutOff }, position);
        self.line = self.line.saturating_add(1);
        self.window.consume(end);
    }

    /// A record larger than the window may grow: given up with its first line, or up to the next line end.
    fn too_large(&mut self, sink: &mut Sink) {
        let position = Position::line(self.window.offset(), self.line);
        let data = self.window.data();
        sink.record();
        sink.skip(SkipReason::TooLarge, position);
        match memchr::memchr(b'\n', data) {
            Some(n) => {
                self.window.consume(n + 1);
                self.line = self.line.saturating_add(1);
            }
            None => {
                self.window.consume(data.len());
                self.state = State::Discard;
            }
        }
    }

    fn discard(&mut self) -> Result<bool, ImportError> {
        if self.window.pass_line() {
            self.line = self.line.saturating_add(1);
            self.state = State::Rows;
            return Ok(true);
        }
        Ok(self.window.fill()? != Fill::End)
    }
}

fn is_heading(head: &Head, fields: &Fields, data: &[u8]) -> bool {
    fields.len() == head.headings.len() && fields.iter(data).zip(&head.headings).all(|(f, h)| f == h.as_bytes())
}

/// Says how the order of day and month was found, and asks where nothing tells.
pub fn say_order(sink: &mut Sink, survey: &Survey, stated: Option<DateOrder>) {
    let decide = |value: DateOrder, basis, why: &str| Decided { value: value.word().to_owned(), basis, why: why.to_owned() };
    let source = sink.source();
    if survey.orders.open == 0 {
        source.date_order = Decided { value: String::new(), basis: Basis::NotNeeded, why: String::new() };
        return;
    }
    source.date_order = match (stated, survey.orders.decide()) {
        (Some(order), _) => decide(order, Basis::Stated, ""),
        (None, Some((order, true))) => decide(order, Basis::Proven, "some days are later than the 12th"),
        (None, Some((order, false))) => decide(order, Basis::Assumed, "only this order runs forward in time"),
        (None, None) => decide(DateOrder::Dmy, Basis::Ambiguous, "every date reads both ways"),
    };
    if stated.is_none() && survey.orders.decide().is_none() {
        let name = |w: &super::when::Written, order| w.day(order).map(crate::time::day_name).unwrap_or_default();
        let lines = survey.open.iter().map(|(line, w, text)| (*line, text.clone(), name(w, DateOrder::Dmy), name(w, DateOrder::Mdy))).collect();
        source.question = Some(Question::DateOrder { lines, backward: survey.orders.backward });
    }
}

impl Reader for CsvReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let until = self.window.offset() + STEP;
        if matches!(self.state, State::Begin) {
            self.begin(sink)?;
        }
        while self.window.offset() < until {
            let more = match self.state {
                State::Discard => self.discard()?,
                _ => self.row(sink)?,
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
