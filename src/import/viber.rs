//! Viber message history as the phone mails it: one table without headings per chat, `31/12/2023,14:05:33,Me,+15550100,Hello`.
//!
//! No file of the app was at hand to verify this; the layout is that of descriptions. Whatever has these five columns is read, and the source says so.

use super::bytes::{Fill, Window};
use super::delimited::clock::{Survey, Times};
use super::delimited::record::{Fields, Split, split};
use super::delimited::say_order;
use super::sink::{Body, Clock, Draft, Id, Map, Sink};
use super::{About, FileInput, Format, Head, ImportError, Input, Match, Options, Reader, Refusal, Step};
use crate::features::Gather;
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{ConversationKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};
use crate::text;

/// Rows and bytes of one step.
const STEP_ROWS: u32 = 5_000;
const STEP_BYTES: usize = 1 << 20;
/// What the app writes for the owner, in some of its languages.
const ME: &[&str] = &["Me", "Ich", "Moi", "Yo", "Eu", "Io", "Ik", "Я", "Εγώ", "אני", "أنا", "私"];

/// Viber message history.
pub struct Viber;

static ABOUT: About = About {
    id: "viber_csv",
    name: "Viber message history",
    channel: "viber",
    extensions: &["csv", "txt", "zip"],
    proves: &["A table that ends in the middle of a row was cut off."],
    how_to_export: "Viber on Android: More, Settings, Account, Viber backup, Email message history. It mails an archive with one table per chat.",
    limits: "Times without a zone, no ids. Media are not included; deleted and disappearing messages leave no trace. The layout was not verified against files of the app: check the columns. Newer backups are encrypted and cannot be read.",
};

impl Format for Viber {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.map(|t| t.trim_start_matches('\u{feff}')) else { return Match::No };
        let (rows, good, numbers) = look(text.as_bytes(), head.complete);
        if rows == 0 || good * 10 < rows * 9 || numbers == 0 {
            return Match::No;
        }
        let why = format!("{good} of the first {rows} rows have a date, a time, a name, a number and a text, without headings");
        let name = head.name.to_lowercase();
        if name.contains("viber") || name.contains("exchanged with") { Match::Sure(why) } else { Match::Maybe(why) }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(file) => Ok(Box::new(ViberReader::new(file, options))),
            Input::Archive(archive) => {
                Err(Refusal { what: "A message history is a single table, not an archive.".to_owned(), place: archive.path().to_owned() })
            }
        }
    }
}

/// Rows of the beginning, how many of them fit, and in how many a phone number stands.
fn look(bytes: &[u8], ended: bool) -> (u32, u32, u32) {
    let (mut fields, mut rest, mut out) = (Fields::default(), bytes, (0, 0, 0));
    while out.0 < 50 {
        match split(rest, b',', ended, &mut fields) {
            Split::Record { bytes, .. } => {
                let (fits, number) = fits(&fields, rest);
                // A line of fewer cells is the second of a text.
                out = (out.0 + u32::from(fields.len() > 2), out.1 + u32::from(fits), out.2 + u32::from(number));
                rest = rest.get(bytes..).unwrap_or_default();
            }
            Split::Blank { bytes } => rest = rest.get(bytes..).unwrap_or_default(),
            _ => break,
        }
    }
    out
}

/// Whether a row has a date, a time, a name, a number or none, and a text; and whether a number stands in it.
fn fits(fields: &Fields, bytes: &[u8]) -> (bool, bool) {
    let mut survey = Survey::default();
    survey.see(fields.get(bytes, 0), fields.get(bytes, 1), 0);
    let clock = fields.get(bytes, 1).contains(&b':') && fields.get(bytes, 0).len() <= 12;
    let phone = std::str::from_utf8(fields.get(bytes, 3)).unwrap_or("?").trim().to_owned();
    let number = text::phone(&phone).is_some();
    (fields.len() >= 5 && survey.good == 1 && clock && !fields.get(bytes, 2).is_empty() && (number || phone.is_empty()), number)
}

struct Open {
    time: Clock,
    name: Vec<u8>,
    phone: Vec<u8>,
    text: Gather,
    at: Position,
}

/// Reads one history.
pub struct ViberReader {
    window: Window,
    fields: Fields,
    line: u32,
    options: Options,
    title: String,
    times: Option<Times>,
    open: Option<Open>,
    people: Vec<(HandleIx, String, bool)>,
    by_cells: Map<(Vec<u8>, Vec<u8>), usize>,
    conversation: Option<ConversationIx>,
    last: Option<Clock>,
    discard: bool,
    records: u64,
}

impl ViberReader {
    fn new(file: FileInput, options: &Options) -> Self {
        let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
        let title = stem.split_once(" exchanged with ").map_or("", |(_, name)| name).trim();
        Self {
            window: Window::new(file.stream),
            fields: Fields::default(),
            line: 1,
            options: options.clone(),
            title: text::clean_name(title),
            times: None,
            open: None,
            people: Vec::new(),
            by_cells: Map::default(),
            conversation: None,
            last: None,
            discard: false,
            records: 0,
        }
    }

    /// Which of day and month comes first, from as many rows as it takes.
    fn begin(&mut self, sink: &mut Sink) -> Result<(), ImportError> {
        let survey = loop {
            let mut survey = Survey::default();
            let (mut rest, mut line) = (self.window.data(), 1u32);
            rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest);
            loop {
                match split(rest, b',', self.window.ended(), &mut self.fields) {
                    Split::Record { bytes, lines } => {
                        if fits(&self.fields, rest).0 {
                            survey.see(self.fields.get(rest, 0), self.fields.get(rest, 1), line);
                        }
                        rest = rest.get(bytes..).unwrap_or_default();
                        line = line.saturating_add(lines);
                    }
                    Split::Blank { bytes } => {
                        rest = rest.get(bytes..).unwrap_or_default();
                        line = line.saturating_add(1);
                    }
                    _ => break,
                }
            }
            let proven = survey.good > 0 && (survey.orders.open == 0 || survey.orders.decide().is_some_and(|(_, proven)| proven));
            if proven || self.window.fill()? != Fill::More {
                break survey;
            }
        };
        if self.window.data().starts_with(b"\xef\xbb\xbf") {
            self.window.consume(3);
        }
        say_order(sink, &survey, self.options.date_order);
        self.times = Some(survey.times(self.options.date_order));
        Ok(())
    }

    /// The rows that the window shows: bytes used.
    fn rows(&mut self, sink: &mut Sink) -> usize {
        let (mut used, mut rows, ended) = (0, 0, self.window.ended());
        while rows < STEP_ROWS && used < STEP_BYTES {
            let mut fields = std::mem::take(&mut self.fields);
            let rest = self.window.data().get(used..).unwrap_or_default();
            let at = Position::line(self.window.offset() + used as u64, self.line);
            let found = split(rest, b',', ended, &mut fields);
            let (bytes, lines) = match found {
                Split::Blank { bytes } => (bytes, 1),
                Split::Record { bytes, lines } => {
                    let row: Vec<Vec<u8>> = fields.iter(rest).map(<[u8]>::to_vec).collect();
                    let fit = fits(&fields, rest).0;
                    let cut = ended
                        && bytes == rest.len()
                        && !rest.ends_with(b"\n")
                        && !fit
                        && row.first().is_some_and(|c| c.first().is_some_and(u8::is_ascii_digit));
                    // A line by itself belongs to the text before it.
                    let line = rest.get(..bytes).unwrap_or_default().trim_ascii_end().to_vec();
                    self.row(&row, fit, cut, &line, at, sink);
                    (bytes, lines)
                }
                // A quotation mark that never closes: the row is cut off.
                Split::Partial { .. } if ended => {
                    let len = rest.len();
                    self.cut(at, sink);
                    (len, 0)
                }
                Split::Partial { .. } | Split::Empty => {
                    self.fields = fields;
                    break;
                }
            };
            self.fields = fields;
            used += bytes;
            self.line = self.line.saturating_add(lines);
            rows += 1;
        }
        used
    }

    fn row(&mut self, row: &[Vec<u8>], fit: bool, cut: bool, line: &[u8], at: Position, sink: &mut Sink) {
        let cell = |n: usize| row.get(n).map(Vec::as_slice).unwrap_or_default();
        let time = if fit { self.times.as_mut().and_then(|t| t.read(cell(0), cell(1))) } else { None };
        let Some(time) = time else {
            return match &mut self.open {
                _ if cut => self.cut(at, sink),
                Some(open) if !fit => {
                    open.text.add(b"\n");
                    open.text.add(line);
                }
                _ => {
                    self.flush(sink);
                    sink.record();
                    sink.skip(if fit { SkipReason::NoTime } else { SkipReason::Preamble }, at);
                }
            };
        };
        self.flush(sink);
        let mut text = Gather::of(sink.looks(self.conversation));
        for (n, piece) in row.iter().skip(4).enumerate() {
            // Commas of a text that stands without quotation marks.
            if n > 0 {
                text.add(b",");
            }
            for (n, line) in piece.split(|b| *b == b'\n').enumerate() {
                if n > 0 {
                    text.add(b"\n");
                }
                text.add(line.strip_suffix(b"\r").unwrap_or(line));
            }
        }
        self.open = Some(Open { time, name: cell(2).to_vec(), phone: cell(3).to_vec(), text, at });
    }

    fn cut(&mut self, at: Position, sink: &mut Sink) {
        self.flush(sink);
        sink.record();
        sink.skip(SkipReason::CutOff, at);
        sink.statement(StatementKind::CutOff, self.conversation, self.last, None, 0, at, "the table ends in the middle of a row");
    }

    fn flush(&mut self, sink: &mut Sink) {
        let Some(open) = self.open.take() else { return };
        sink.record();
        self.records += 1;
        let conversation = match self.conversation {
            Some(known) => known,
            None => {
                let channel = sink.channel("viber");
                let key = format!("?{}:{}", sink.rows(), sink.source().path);
                *self.conversation.insert(sink.conversation(channel, &key, &self.title, ConversationKind::Unknown))
            }
        };
        let person = self.person(open.name, open.phone, sink);
        let (sender, me) = self.people.get(person).map_or((None, false), |(handle, _, me)| (Some(*handle), *me));
        let flags = if me { Flags::BY_OWNER } else { Flags::TO_OWNER };
        let facts = open.text.facts();
        let draft = Draft {
            conversation,
            sender,
            time: open.time,
            event: None,
            flags,
            body: Body::Facts(facts),
            id: Id::None,
            reply_to: Id::None,
            audience: None,
            position: open.at,
        };
        if sink.message(draft) {
            self.last = Some(open.time);
        }
    }

    /// A number names people more firmly than a name.
    fn person(&mut self, name: Vec<u8>, phone: Vec<u8>, sink: &mut Sink) -> usize {
        let cells = (name, phone);
        if let Some(known) = self.by_cells.get(&cells) {
            return *known;
        }
        let name = text::clean_name(String::from_utf8_lossy(&cells.0).trim());
        let number = text::phone(&String::from_utf8_lossy(&cells.1));
        let stated = self.options.owner.clone().filter(|o| !o.is_empty());
        let me = ME.contains(&name.as_str()) || stated.as_deref().is_some_and(|s| s == name || text::phone(s).is_some_and(|s| Some(s) == number));
        let key = number.clone().or_else(|| stated.filter(|_| me)).unwrap_or_else(|| name.clone());
        let channel = sink.channel("viber");
        let handle = sink.handle(channel, &key);
        if let Some(facts) = sink.handle_facts(handle) {
            if facts.name.is_empty() && name != key && !me {
                facts.name = name;
            }
            if let Some(number) = number {
                facts.phone = number;
            }
        }
        let ix = self.people.iter().position(|p| p.0 == handle).unwrap_or_else(|| {
            self.people.push((handle, key, me));
            self.people.len() - 1
        });
        self.by_cells.insert(cells, ix);
        ix
    }

    fn finish(&mut self, sink: &mut Sink) {
        self.flush(sink);
        if self.records == 0 {
            return sink.fail("No message was found in this Viber history. Export it again, without changing the file.", "line 1");
        }
        let what = "This form was not verified against files of the app: check that dates, times, names, numbers and texts are where they belong";
        sink.notice("viber_unverified", what, 1);
        let group = self.people.len() > 2;
        let mut keys: Vec<String> = self.people.iter().map(|p| text::folded(&p.1)).collect();
        keys.sort_unstable();
        let key = if group && !self.title.is_empty() {
            format!("g:{}", text::folded(&self.title))
        } else {
            format!("{}:{}", if group { "g" } else { "d" }, keys.join("|"))
        };
        let members = self.people.iter().map(|p| p.0.0).collect();
        if let Some(facts) = self.conversation.and_then(|c| sink.conversation_facts(c)) {
            facts.key = text::bounded(&key, 1000).to_owned();
            facts.kind = if group { ConversationKind::Group } else { ConversationKind::Direct };
            facts.members = members;
        }
        match self.people.iter().find(|p| p.2) {
            Some((handle, key, _)) => {
                let (basis, why) = if self.options.owner.is_some() { (Basis::Stated, "stated") } else { (Basis::Proven, "the app names the owner Me") };
                let source = sink.source();
                source.owner = Some(Decided { value: key.clone(), basis, why: why.to_owned() });
                source.owner_handle = Some(handle.0);
            }
            None => sink.notice("owner_unknown", "The file does not say whose phone it comes from", 1),
        }
    }
}

impl Reader for ViberReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if self.times.is_none() {
            self.begin(sink)?;
        }
        if self.discard {
            self.discard = !self.window.pass_line();
            self.line = self.line.saturating_add(u32::from(!self.discard));
        }
        let used = if self.discard { 0 } else { self.rows(sink) };
        self.window.consume(used);
        if used > 0 {
            return Ok(Step::More);
        }
        if self.window.ended() {
            self.finish(sink);
            return Ok(Step::End);
        }
        if self.window.fill()? == Fill::Full {
            self.flush(sink);
            sink.record();
            sink.skip(SkipReason::TooLarge, Position::line(self.window.offset(), self.line));
            self.discard = true;
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}
