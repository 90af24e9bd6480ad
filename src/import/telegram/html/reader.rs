//! Reads pages one after the other: what stands between the beginnings of two message divs is one record.

use std::rc::Rc;

use super::chat::Chat;
use super::layout::{self, number, plan};
use super::record::{Record, stamp};
use crate::import::archive::Archive;
use crate::import::bytes::{Fill, Stream, WINDOW, Window};
use crate::import::decode::Checked;
use crate::import::sink::Sink;
use crate::import::telegram::beside::Beside;
use crate::import::watch::{Watch, Watched};
use crate::import::{FileInput, ImportError, Options, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;
/// What every message begins with. In texts `<` is written `&lt;`.
const BEGIN: &[u8] = b"<div class=\"message ";
/// What stands before the time of a message.
const DATE: &[u8] = b"date details\" title=\"";

/// A page that is being read.
struct Page {
    window: Window,
    packed: u64,
    /// Its number, where its name tells.
    number: Option<u64>,
    /// Its head was read.
    begun: bool,
    lines: Counted,
}

/// Line numbers are counted on the way.
#[derive(Default)]
struct Counted {
    line: u32,
}

impl Counted {
    fn pass(&mut self, bytes: &[u8]) {
        let ends = u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX);
        self.line = self.line.saturating_add(ends);
    }
}

/// Pages to come.
struct Next {
    number: u64,
    ix: usize,
    folder: Rc<str>,
    /// The first page of a chat that is held.
    first: bool,
}

/// Reads the pages of one or more chats.
pub struct PagesReader {
    archive: Option<Box<dyn Archive>>,
    next: std::vec::IntoIter<Next>,
    page: Option<Page>,
    chat: Chat,
    beside: Option<Beside>,
    options: Options,
    done: u64,
    /// Number of the page read last.
    before: Option<u64>,
    /// Pages that lie beside a page by itself; `None` when nothing is known of them.
    known: Option<Vec<u64>>,
    /// Offset of the first time of the source, if it has one; unset until a time was seen.
    zone: Option<Option<i64>>,
    /// `result.json` lies beside: the same messages.
    twice: bool,
    watch: Rc<Watch>,
}

impl PagesReader {
    /// For one page.
    pub fn of_file(file: FileInput, options: &Options) -> Self {
        let here = || file.beside.iter().filter(|e| !e.name.contains('/'));
        let known = (!file.beside.is_empty()).then(|| here().filter_map(|e| number(&e.name)).collect());
        let twice = here().any(|e| e.name == "result.json");
        let beside = Beside::of(file.beside.iter().map(|e| e.name.as_str()).filter(|n| *n != file.name && number(n).is_none()));
        let page = Page { window: Window::new(file.stream), packed: file.len, number: number(&file.name), begun: false, lines: Counted { line: 1 } };
        Self { page: Some(page), known, twice, beside, ..Self::empty(options) }
    }

    /// For a whole export.
    pub fn of_archive(archive: Box<dyn Archive>, options: &Options) -> Self {
        let mut next = Vec::new();
        for layout::Planned { folder, pages } in plan(archive.entries()) {
            let folder: Rc<str> = folder.into();
            next.extend(pages.into_iter().enumerate().map(|(n, (number, ix))| Next { number, ix, folder: folder.clone(), first: n == 0 }));
        }
        Self { archive: Some(archive), next: next.into_iter(), ..Self::empty(options) }
    }

    fn empty(options: &Options) -> Self {
        Self {
            archive: None,
            next: Vec::new().into_iter(),
            page: None,
            chat: Chat::new(options),
            beside: None,
            options: options.clone(),
            done: 0,
            before: None,
            known: None,
            zone: None,
            twice: false,
            watch: Rc::default(),
        }
    }

    /// Opens the next page of an archive; `false` when there is none.
    fn open_next(&mut self, sink: &mut Sink) -> bool {
        let (Some(next), Some(archive)) = (self.next.next(), &self.archive) else { return false };
        let Some(entry) = archive.entries().get(next.ix) else { return true };
        if next.first {
            if self.chat.records() > 0 {
                self.chat.close(sink);
            }
            self.chat = Chat::new(&self.options);
            self.before = None;
            let names = archive.entries().iter().filter(|e| !e.is_noise()).filter_map(|e| e.name.strip_prefix(&*next.folder));
            self.beside = Beside::of(names.filter(|n| number(n).is_none()));
        }
        sink.part(&entry.name);
        match archive.open(next.ix) {
            Ok(stream) => {
                let stream: Box<dyn Stream> = Box::new(Checked::new(Box::new(Watched::new(stream, self.watch.clone())), self.watch.clone()));
                let window = Window::new(stream);
                self.page = Some(Page { window, packed: entry.packed, number: Some(next.number), begun: false, lines: Counted { line: 1 } });
            }
            Err(_) => {
                self.done += entry.packed;
                self.chat.broken(SkipReason::UnreadableMember, Position::byte(0), sink);
            }
        }
        true
    }

    /// Whether times have an offset must be known before the first line of the app, which has no time of its own.
    fn first_time(&mut self, sink: &Sink) -> Result<(), ImportError> {
        let Some(page) = self.page.as_mut().filter(|p| !p.begun && self.zone.is_none()) else { return Ok(()) };
        let found = loop {
            let data = page.window.data();
            let time = memchr::memmem::find(data, DATE).and_then(|at| data.get(at + DATE.len()..)?.split(|b| *b == b'"').next()).and_then(stamp);
            if time.is_some() || data.len() >= WINDOW || page.window.fill()? != Fill::More {
                break time;
            }
        };
        self.zone = found.map(|(_, offset)| offset.filter(|_| !sink.zone_stated()));
        Ok(())
    }

    /// One more record; `false` at the end of the page.
    fn advance(&mut self, sink: &mut Sink) -> Result<bool, ImportError> {
        self.first_time(sink)?;
        self.chat.tell_time(self.zone.flatten());
        let Some(page) = &mut self.page else { return Ok(false) };
        // Where the record ends: at the next beginning, behind that of its own.
        let skip = usize::from(page.begun);
        let mut seen = skip;
        let end = loop {
            let data = page.window.data();
            if let Some(at) = data.get(seen..).and_then(|d| memchr::memmem::find(d, BEGIN)) {
                break Some(seen + at);
            }
            seen = data.len().saturating_sub(BEGIN.len()).max(skip);
            match page.window.fill()? {
                Fill::More => {}
                Fill::End => break None,
                Fill::Full => {
                    let at = Position::line(page.window.offset(), page.lines.line);
                    let data = page.window.data();
                    page.lines.pass(data);
                    let len = data.len();
                    page.window.consume(len);
                    page.begun = false;
                    self.chat.broken(SkipReason::TooLarge, at, sink);
                    return Ok(true);
                }
            }
        };
        let data = page.window.data();
        let len = end.unwrap_or(data.len());
        let bytes = data.get(..len).unwrap_or_default();
        let at = Position::line(page.window.offset(), page.lines.line);
        if page.begun {
            let cut = end.is_none() && !ends(bytes);
            let links = if end.is_none() { pagination(bytes) } else { Vec::new() };
            if cut {
                self.chat.broken(SkipReason::CutOff, at, sink);
            } else {
                self.chat.take(&Record::read(bytes), self.beside.as_ref(), at, sink);
            }
            page.lines.pass(bytes);
            page.window.consume(len);
            if end.is_none() {
                self.others(&links, at, sink);
            }
        } else {
            let (title, links) = (title(bytes), pagination(bytes));
            let number = page.number;
            if self.chat.title.is_empty() {
                self.chat.title = title;
            }
            page.begun = end.is_some();
            page.lines.pass(bytes);
            page.window.consume(len);
            self.missing_before(number, at, sink);
            self.others(&links, at, sink);
        }
        Ok(end.is_some())
    }

    /// Pages are numbered from 1, one by one.
    fn missing_before(&mut self, number: Option<u64>, at: Position, sink: &mut Sink) {
        let Some(number) = number else { return };
        let expected = self.before.map_or(1, |b| b + 1);
        if self.archive.is_some() && number > expected {
            let from = self.chat.last();
            let conversation = self.chat.conversation(sink);
            let detail = format!("{} of the chat, before page {number}", if number - expected == 1 { "a page" } else { "pages" });
            sink.statement(StatementKind::FileLost, Some(conversation), from, None, number - expected, at, &detail);
        }
        self.before = Some(number);
    }

    /// A page points to others that are not here.
    fn others(&mut self, links: &[u64], at: Position, sink: &mut Sink) {
        for link in links {
            let held = match (&self.archive, &self.known) {
                (Some(_), _) => *link <= self.before.unwrap_or(0) || self.next.as_slice().first().is_some_and(|n| !n.first && n.number >= *link),
                (None, Some(known)) => known.contains(link),
                (None, None) => {
                    sink.notice("telegram_other_pages", "This page points to other pages of its chat; add the whole folder of the export", 1);
                    continue;
                }
            };
            if !held {
                let from = self.chat.last();
                let conversation = self.chat.conversation(sink);
                sink.statement(
                    StatementKind::FileLost,
                    Some(conversation),
                    from,
                    None,
                    1,
                    at,
                    &format!("page {link} of the chat, to which another page points"),
                );
            }
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        self.chat.close(sink);
        if self.chat.records() == 0 && self.archive.is_none() {
            sink.notice("telegram_page_empty", "No message stands on this page", 1);
        }
        crate::import::telegram::tell_day(sink);
        self.watch.tell(sink);
    }
}

impl Reader for PagesReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if self.twice {
            let what = "The same messages stand in result.json in this folder, which says more; this page was not read a second time";
            sink.notice("telegram_html_beside_json", what, 1);
            return Ok(Step::End);
        }
        let (mut records, end) = (0, self.done() + STEP_BYTES);
        while records < STEP_RECORDS && self.done() < end {
            records += 1;
            if self.page.is_none() {
                if !self.open_next(sink) {
                    self.finish(sink);
                    return Ok(Step::End);
                }
                continue;
            }
            if !self.advance(sink)? {
                self.done += self.page.take().map_or(0, |p| p.packed);
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.done + self.page.as_ref().map_or(0, |p| p.window.offset().min(p.packed))
    }
}

/// Whether the last record of a page is whole: as many divs are closed as opened.
fn ends(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"</div>").count() >= memchr::memmem::find_iter(bytes, b"<div").count()
}

/// The title in the head of a page: the first `text bold` there.
fn title(head: &[u8]) -> String {
    let found = memchr::memmem::find(head, b"<div class=\"text bold\"").and_then(|at| {
        let rest = head.get(at..)?;
        let start = memchr::memchr(b'>', rest)? + 1;
        let text = rest.get(start..)?;
        text.get(..memchr::memchr(b'<', text)?)
    });
    let mut out = Vec::new();
    super::tags::decode(found.unwrap_or_default(), &mut out);
    crate::text::clean_name(String::from_utf8_lossy(&out).trim())
}

/// Numbers of the pages that links of this piece lead to: `<a class="pagination block_link" href="messages2.html">`.
fn pagination(bytes: &[u8]) -> Vec<u64> {
    let mut out = Vec::new();
    for at in memchr::memmem::find_iter(bytes, b"class=\"pagination") {
        let rest = bytes.get(at..).unwrap_or_default();
        let tag = rest.get(..memchr::memchr(b'>', rest).unwrap_or(0)).unwrap_or_default();
        // The attributes begin with this class.
        let padded = [b" ", tag].concat();
        let href = super::tags::attribute(&padded, "href");
        out.extend(std::str::from_utf8(href).ok().and_then(number));
    }
    out
}
