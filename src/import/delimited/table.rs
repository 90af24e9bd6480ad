//! A table whose headings are known: walks its rows through a window and gives them to the format that knows the columns.

use super::record::{Fields, Split, split};
use crate::import::bytes::{Fill, Window};
use crate::import::sink::Sink;
use crate::import::{ImportError, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;

/// Rows and bytes of one step.
const STEP_ROWS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;

/// Headings that belong to a format with a reader of its own: the generic reader leaves these tables alone.
pub static OWNED: &[fn(&[String]) -> bool] = &[|names| crate::import::wechat::maker(names).is_some(), |names| crate::import::discord::table(names).is_some()];

/// The cells of one row.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    fields: &'a Fields,
    bytes: &'a [u8],
}

impl<'a> Row<'a> {
    /// A cell, without surrounding blanks; empty if there is none.
    #[inline]
    #[must_use]
    pub fn get(&self, column: Option<usize>) -> &'a [u8] {
        column.map_or(&[][..], |c| self.fields.get(self.bytes, c)).trim_ascii()
    }
}

/// What a format makes of a table.
pub trait Rows {
    /// The headings.
    fn headings(&mut self, names: &[String], sink: &mut Sink);
    /// One of the first rows, before any of them is read: what decides for the whole file (the order of day and month) is seen here.
    fn look(&mut self, row: Row<'_>) {
        let _ = row;
    }
    /// Cells that a row cannot do without.
    fn needed(&self) -> usize;
    /// One row; [`Sink::record`] was called.
    fn row(&mut self, row: Row<'_>, at: Position, sink: &mut Sink);
    /// All is read.
    fn end(&mut self, sink: &mut Sink);
}

/// The headings in the first line of a text, and what separates them; `None` where there are fewer than three.
#[must_use]
pub fn headings(text: &[u8], complete: bool) -> Option<(u8, Vec<String>)> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let line = text.get(..memchr::memchr2(b'\n', b'\r', text).unwrap_or(text.len()).min(4096))?;
    let often = |d: &u8| (memchr::memchr_iter(*d, line).count(), *d == b',');
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(often)?;
    let mut fields = Fields::default();
    match split(text, delimiter, complete, &mut fields) {
        Split::Record { .. } if fields.len() >= 3 => {
            let names = fields.iter(text).map(|f| String::from_utf8_lossy(f.get(..f.len().min(80)).unwrap_or(f)).trim().to_owned());
            Some((delimiter, names.collect()))
        }
        _ => None,
    }
}

/// Reads one table.
pub struct TableReader<R> {
    window: Window,
    fields: Fields,
    rows: R,
    delimiter: Option<u8>,
    line: u32,
    /// Inside a row beyond the limit: everything up to the next line end is passed over.
    discard: bool,
}

impl<R: Rows> TableReader<R> {
    /// Over a window.
    pub fn new(window: Window, rows: R) -> Self {
        Self { window, fields: Fields::default(), rows, delimiter: None, line: 1, discard: false }
    }

    fn begin(&mut self, sink: &mut Sink) -> Result<u8, ImportError> {
        while self.window.data().len() < 64 << 10 && self.window.fill()? == Fill::More {}
        if self.window.data().starts_with(b"\xef\xbb\xbf") {
            self.window.consume(3);
        }
        let Some((delimiter, names)) = headings(self.window.data(), self.window.ended()) else {
            return Err(ImportError { what: "No line with headings was found. Export the table again.".to_owned(), place: "line 1".to_owned() });
        };
        if let Split::Record { bytes, lines } = split(self.window.data(), delimiter, self.window.ended(), &mut self.fields) {
            self.window.consume(bytes);
            self.line += lines;
        }
        self.rows.headings(&names, sink);
        let mut rest = self.window.data();
        while let Split::Record { bytes, .. } = split(rest, delimiter, self.window.ended(), &mut self.fields) {
            self.rows.look(Row { fields: &self.fields, bytes: rest });
            rest = rest.get(bytes..).unwrap_or_default();
        }
        self.delimiter = Some(delimiter);
        Ok(delimiter)
    }

    /// One row; `false` at the end.
    fn row(&mut self, delimiter: u8, sink: &mut Sink) -> Result<bool, ImportError> {
        let data = self.window.data();
        match split(data, delimiter, self.window.ended(), &mut self.fields) {
            Split::Record { bytes, lines } => {
                let at = Position::line(self.window.offset(), self.line);
                sink.record();
                if self.fields.len() < self.rows.needed() {
                    // A stray quote swallows the lines behind it: only the first line is given up. The last row of a file that
                    // was cut off is short too.
                    let last = self.window.ended() && bytes == data.len() && !data.ends_with(b"\n") && !data.ends_with(b"\r");
                    let (end, lines) = if lines > 1 { (memchr::memchr(b'\n', data).map_or(bytes, |n| n + 1), 1) } else { (bytes, lines) };
                    sink.skip(if last { SkipReason::CutOff } else { SkipReason::Malformed }, at);
                    self.pass(end, lines);
                    return Ok(true);
                }
                self.rows.row(Row { fields: &self.fields, bytes: data }, at, sink);
                self.pass(bytes, lines);
            }
            Split::Blank { bytes } => self.pass(bytes, 1),
            Split::Empty if self.window.ended() => return Ok(false),
            Split::Partial { .. } if self.window.ended() => self.unclosed(sink),
            Split::Empty | Split::Partial { .. } => {
                let enough = self.window.data().len() * 2;
                let mut fill = self.window.fill()?;
                while fill == Fill::More && self.window.data().len() < enough {
                    fill = self.window.fill()?;
                }
                if fill == Fill::Full {
                    self.too_large(sink);
                }
            }
        }
        Ok(true)
    }

    fn pass(&mut self, bytes: usize, lines: u32) {
        self.window.consume(bytes);
        self.line = self.line.saturating_add(lines);
    }

    /// Quotes that never close: a file cut off, or a stray quote with rows behind it.
    fn unclosed(&mut self, sink: &mut Sink) {
        let at = Position::line(self.window.offset(), self.line);
        let data = self.window.data();
        let first = memchr::memchr(b'\n', data).map_or(data.len(), |n| n + 1);
        let mut fields = Fields::default();
        let behind = split(data.get(first..).unwrap_or_default(), self.delimiter.unwrap_or(b','), true, &mut fields);
        let rows = matches!(behind, Split::Record { .. }) && fields.len() >= self.rows.needed();
        let (reason, end) = if rows { (SkipReason::Malformed, first) } else { (SkipReason::CutOff, data.len()) };
        sink.record();
        sink.skip(reason, at);
        self.pass(end, 1);
    }

    fn too_large(&mut self, sink: &mut Sink) {
        let at = Position::line(self.window.offset(), self.line);
        sink.record();
        sink.skip(SkipReason::TooLarge, at);
        self.discard = true;
    }

    /// Passes over the rest of a line; `false` at the end of the file.
    fn pass_line(&mut self) -> Result<bool, ImportError> {
        if self.window.pass_line() {
            self.line = self.line.saturating_add(1);
            self.discard = false;
            return Ok(true);
        }
        Ok(self.window.fill()? != Fill::End)
    }
}

impl<R: Rows> Reader for TableReader<R> {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let end = self.window.offset() + STEP_BYTES;
        let delimiter = match self.delimiter {
            Some(delimiter) => delimiter,
            None => self.begin(sink)?,
        };
        for _ in 0..STEP_ROWS {
            let more = if self.discard { self.pass_line()? } else { self.row(delimiter, sink)? };
            if !more {
                self.rows.end(sink);
                return Ok(Step::End);
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
