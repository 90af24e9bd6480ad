//! Reads a load file row by row, alone or in its production.

use std::borrow::Cow;
use std::io;
use std::rc::Rc;

use super::columns::{Columns, Field};
use super::production::{Images, Members, place};
use super::row::{Beside, Cells, Rows};
use super::split::{Fields, Layout};
use crate::features::{Facts, Gather};
use crate::import::archive::Archive;
use crate::import::bytes::{Fill, Stream, WINDOW, Window};
use crate::import::decode::Decoded;
use crate::import::delimited::clock::Survey;
use crate::import::delimited::csv::say_order;
use crate::import::delimited::record::Split;
use crate::import::detect;
use crate::import::sink::Sink;
use crate::import::{FileInput, ImportError, Options, Reader, Refusal, Step};
use crate::model::ledger::{Question, SkipReason};
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Bytes and rows of one step; rows with text files are fewer.
const STEP: u64 = 1 << 20;
const STEP_ROWS: u32 = 2_000;
/// Most of a text file that is looked at.
const TEXT: usize = 1 << 20;

/// The first bytes and what follows them.
struct Chained {
    head: Vec<u8>,
    at: usize,
    rest: Box<dyn Stream>,
}

impl Stream for Chained {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.head.get(self.at..).unwrap_or_default();
        if left.is_empty() {
            return self.rest.read(buf);
        }
        let n = left.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), left.get(..n)) {
            to.copy_from_slice(from);
        }
        self.at += n;
        Ok(n)
    }
}

/// UTF-8 as it is; UTF-16 by its mark; everything else is Windows-1252, where 0xFE is the field mark.
fn encoding(head: &[u8], complete: bool) -> Option<&'static encoding_rs::Encoding> {
    match head {
        [0xff, 0xfe, ..] => Some(encoding_rs::UTF_16LE),
        [0xfe, 0xff, 0, ..] => Some(encoding_rs::UTF_16BE),
        _ => match std::str::from_utf8(head) {
            Ok(_) => None,
            Err(e) if e.error_len().is_none() && !complete => None,
            Err(_) => Some(encoding_rs::WINDOWS_1252),
        },
    }
}

/// The first bytes as text.
pub fn decoded(head: &[u8], complete: bool) -> Cow<'_, [u8]> {
    match encoding(head, complete) {
        None => Cow::Borrowed(head),
        Some(encoding) => Cow::Owned(encoding.decode_with_bom_removal(head).0.into_owned().into_bytes()),
    }
}

/// The first bytes, and whether they are all.
fn head(stream: &mut dyn Stream) -> io::Result<(Vec<u8>, bool)> {
    let mut head = vec![0; detect::HEAD];
    let mut n = 0;
    while let Some(room) = head.get_mut(n..).filter(|r| !r.is_empty()) {
        match stream.read(room)? {
            0 => {
                head.truncate(n);
                return Ok((head, true));
            }
            more => n += more,
        }
    }
    Ok((head, false))
}

struct Folder {
    archive: Box<dyn Archive>,
    members: Members,
    lists: Vec<usize>,
}

/// Reads one load file.
pub struct DatReader {
    window: Window,
    layout: Layout,
    encoding: &'static str,
    fields: Fields,
    columns: Option<Columns>,
    rows: Option<Rows>,
    folder: Option<Folder>,
    /// What lies beside a file that is read alone.
    beside: Option<Members>,
    names: Vec<String>,
    entry: String,
    line: u32,
    /// Inside a row beyond the limit.
    discard: bool,
    options: Options,
}

impl DatReader {
    fn on(mut stream: Box<dyn Stream>, options: &Options) -> Result<Self, Refusal> {
        let refuse = |what: &str| Refusal { what: what.to_owned(), place: "byte 0".to_owned() };
        let (head, complete) = head(stream.as_mut()).map_err(|e| refuse(&format!("The load file could not be read ({e}).")))?;
        let text = decoded(&head, complete);
        let Some(layout) = Layout::of(&text) else {
            let what = if super::production::is_image_list(&text) {
                "This is the image list (OPT) of a production: it names page images, no messages. Add the load file (.dat), or the whole folder."
            } else {
                "The first line has no headings between field marks, as a Concordance load file has them."
            };
            return Err(refuse(what));
        };
        let found = encoding(&head, complete);
        let stream: Box<dyn Stream> = Box::new(Chained { head, at: 0, rest: stream });
        let stream: Box<dyn Stream> = match found {
            Some(encoding) => Box::new(Decoded::new(stream, encoding, Rc::default())),
            None => stream,
        };
        Ok(Self {
            window: Window::new(stream),
            layout,
            encoding: found.map_or("", encoding_rs::Encoding::name),
            fields: Fields::default(),
            columns: None,
            rows: None,
            folder: None,
            beside: None,
            names: Vec::new(),
            entry: String::new(),
            line: 1,
            discard: false,
            options: options.clone(),
        })
    }

    /// A load file by itself.
    pub fn file(input: FileInput, options: &Options) -> Result<Self, Refusal> {
        let mut reader = Self::on(input.stream, options)?;
        if input.beside.len() > 1 {
            reader.names = input.beside.iter().map(|e| e.name.clone()).collect();
            reader.beside = Some(Members::of(&input.beside));
        }
        Ok(reader)
    }

    /// A production.
    pub fn production(archive: Box<dyn Archive>, options: &Options) -> Result<Self, Refusal> {
        let entries = archive.entries();
        let refuse = |what: String| Refusal { what, place: String::new() };
        let (ix, entry) = place(entries).and_then(|ix| Some((ix, entries.get(ix)?.name.clone()))).ok_or_else(|| refuse("There is no load file.".to_owned()))?;
        let stream = archive.open(ix).map_err(|e| refuse(format!("The load file {entry} could not be opened ({e}).")))?;
        let lists = entries.iter().enumerate().filter(|(_, e)| e.name.to_ascii_lowercase().ends_with(".opt") && !e.is_noise()).map(|(ix, _)| ix).collect();
        let mut reader = Self::on(stream, options)?;
        reader.entry = entry;
        reader.folder = Some(Folder { members: Members::of(entries), lists, archive });
        Ok(reader)
    }

    /// Headings, then as many first rows as it takes to tell the order of day and month.
    fn begin(&mut self, sink: &mut Sink) -> Result<(), ImportError> {
        if !self.entry.is_empty() {
            sink.part(&self.entry);
        }
        if !self.encoding.is_empty() {
            self.encoding.clone_into(&mut sink.source().encoding);
        }
        while self.window.data().len() < WINDOW / 2 && self.window.fill()? == Fill::More {}
        let (data, ended) = (self.window.data(), self.window.ended());
        let Split::Record { bytes, lines } = self.layout.split(data, ended, &mut self.fields) else {
            return Err(ImportError { what: "The line of headings has no end. Copy the file again.".to_owned(), place: "line 1".to_owned() });
        };
        let columns = Columns::of(self.fields.iter(data));
        let (mut survey, mut at, mut line) = (Survey::default(), bytes, 1 + lines);
        loop {
            let rest = data.get(at..).unwrap_or_default();
            match self.layout.split(rest, ended, &mut self.fields) {
                Split::Record { bytes, lines } => {
                    let (date, clock, _) = Cells { columns: &columns, fields: &self.fields, bytes: rest }.time();
                    if !date.is_empty() {
                        survey.see(date, clock, line);
                    }
                    (at, line) = (at + bytes, line + lines);
                }
                Split::Blank { bytes } => (at, line) = (at + bytes, line + 1),
                Split::Partial { .. } | Split::Empty => break,
            }
        }
        say_order(sink, &survey, self.options.date_order);
        let times = survey.times(self.options.date_order);
        if !times.utc && !sink.zone_stated() && sink.source().question.is_none() {
            sink.source().question = Some(Question::Zone);
        }
        self.rows = Some(Rows::new(times));
        self.columns = Some(columns);
        self.window.consume(bytes);
        self.line += lines;
        Ok(())
    }

    /// One row; `false` at the end.
    fn row(&mut self, sink: &mut Sink) -> Result<bool, ImportError> {
        let (Some(columns), Some(rows)) = (&self.columns, &mut self.rows) else { return Ok(false) };
        let (data, ended) = (self.window.data(), self.window.ended());
        let at = Position::line(self.window.offset(), self.line);
        match self.layout.split(data, ended, &mut self.fields) {
            Split::Record { bytes, lines } => {
                sink.record();
                if self.fields.len() > columns.width || self.fields.len() * 2 < columns.width {
                    sink.skip(SkipReason::Malformed, at);
                } else {
                    let cells = Cells { columns, fields: &self.fields, bytes: data };
                    let sample = sink.looks(None);
                    let beside = match (&self.folder, &self.beside) {
                        (Some(folder), _) => folder.of(&cells, sample),
                        (None, Some(members)) => links(&cells, members, &self.names),
                        _ => Beside::default(),
                    };
                    rows.take(&cells, &beside, at, sink);
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
            Split::Empty if ended => Ok(false),
            Split::Partial { .. } if ended => {
                sink.record();
                sink.skip(SkipReason::CutOff, at);
                sink.statement(StatementKind::CutOff, None, None, None, 0, at, "the last row is not complete");
                self.window.consume(data.len());
                Ok(true)
            }
            Split::Empty | Split::Partial { .. } => {
                self.more(at, sink)?;
                Ok(true)
            }
        }
    }

    /// Brings more bytes; a row beyond the limit is given up with its first line.
    fn more(&mut self, at: Position, sink: &mut Sink) -> Result<(), ImportError> {
        let enough = self.window.data().len() * 2;
        loop {
            match self.window.fill()? {
                Fill::More if self.window.data().len() < enough => {}
                Fill::Full => break,
                _ => return Ok(()),
            }
        }
        sink.record();
        sink.skip(SkipReason::TooLarge, at);
        self.discard = true;
        Ok(())
    }

    /// Passes over the rest of the line.
    fn pass(&mut self) -> Result<bool, ImportError> {
        match memchr::memchr(b'\n', self.window.data()) {
            Some(n) => {
                self.window.consume(n + 1);
                self.line = self.line.saturating_add(1);
                self.discard = false;
                Ok(true)
            }
            None => {
                self.window.consume(self.window.data().len());
                Ok(self.window.fill()? != Fill::End)
            }
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        let Some(rows) = &mut self.rows else { return };
        rows.tell(self.folder.is_some(), self.options.owner.as_deref(), sink);
        let Some(folder) = &self.folder else { return };
        let mut images = Images::default();
        for list in &folder.lists {
            let read = folder.archive.open(*list).and_then(|stream| images.read(stream, &rows.documents, &folder.members));
            if read.is_err() {
                sink.notice("dat_image_list_damaged", "The image list (OPT) could not be read to its end", 1);
            }
        }
        images.tell(sink);
        let natives =
            folder.archive.entries().iter().filter(|e| e.name.to_ascii_lowercase().ends_with(".eml") || e.name.to_ascii_lowercase().ends_with(".msg"));
        let natives = natives.count() as u64;
        if natives > 0 {
            sink.notice(
                "dat_natives_not_read",
                "Native mails of the production were not read: their rows are counted, so that nothing is counted twice",
                natives,
            );
        }
    }
}

impl Folder {
    /// What the members say of a row: its text, and links that lead nowhere.
    fn of(&self, cells: &Cells<'_>, sample: bool) -> Beside {
        let mut out = Beside::default();
        for field in [Field::TextFile, Field::Native] {
            let link = cells.get(field);
            if link.is_empty() {
                continue;
            }
            match self.members.find(link) {
                None => out.lost += 1,
                Some(ix) if field == Field::TextFile => out.text = self.archive.open(ix).ok().and_then(|stream| facts(stream, sample)),
                Some(_) => {}
            }
        }
        out
    }
}

/// Links of a row against what lies beside a file that is read alone. Where no link of the kind leads anywhere the folder was not given.
fn links(cells: &Cells<'_>, members: &Members, names: &[String]) -> Beside {
    let native = cells.get(Field::Native);
    let found = if native.is_empty() { None } else { members.find(native) };
    let mail = found.and_then(|ix| names.get(ix)).is_some_and(|n| [".eml", ".msg"].iter().any(|e| n.to_ascii_lowercase().ends_with(e)));
    Beside { native_mail: mail, lost: u64::from(!native.is_empty() && found.is_none()), text: None }
}

/// Facts of a text file: UTF-8 with its mark removed, UTF-16, else Windows-1252.
fn facts(mut stream: Box<dyn Stream>, sample: bool) -> Option<Facts> {
    let (mut text, mut buf) = (Vec::new(), vec![0; 64 << 10]);
    while text.len() < TEXT {
        match stream.read(&mut buf).ok()? {
            0 => break,
            n => text.extend_from_slice(buf.get(..n).unwrap_or_default()),
        }
    }
    let text = decoded(&text, text.len() < TEXT);
    let mut gather = Gather::of(sample);
    gather.add(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text));
    Some(gather.facts())
}

impl Reader for DatReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if self.rows.is_none() {
            self.begin(sink)?;
        }
        let until = self.window.offset() + STEP;
        let most = if self.folder.is_some() { STEP_ROWS / 10 } else { STEP_ROWS };
        for _ in 0..most {
            let more = if self.discard { self.pass()? } else { self.row(sink)? };
            if !more {
                self.finish(sink);
                return Ok(Step::End);
            }
            if self.window.offset() >= until {
                break;
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}
