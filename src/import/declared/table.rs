//! Rows of a CSV with quotes, one at a time through a window: such lists may have a row for every message of a firm.

use crate::import::bytes::{Fill, Window};

/// Longest row that is read.
const ROW: usize = 1 << 20;
/// Most columns.
const COLUMNS: usize = 512;

/// The headings and the delimiter of a table.
#[derive(Debug, Default)]
pub struct Table {
    delimiter: u8,
    headings: Vec<String>,
    begun: bool,
}

impl Table {
    /// The next row below the headings, with the offset it begins at; `None` at the end, or where a row is longer than any list has.
    pub fn next(&mut self, window: &mut Window) -> std::io::Result<Option<(u64, Vec<String>)>> {
        loop {
            let at = window.offset();
            let Some(line) = row(window)? else { return Ok(None) };
            if self.begun {
                let cells = split(&line, self.delimiter);
                if cells.iter().any(|c| !c.is_empty()) {
                    return Ok(Some((at, cells)));
                }
                continue;
            }
            let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
            if text.trim_ascii().is_empty() {
                continue;
            }
            let count = |d: u8| memchr::memchr_iter(d, text).count();
            self.delimiter = [b',', b';', b'\t'].into_iter().rev().max_by_key(|d| count(*d)).unwrap_or(b',');
            self.headings = split(text, self.delimiter).iter().map(|h| plain(h)).collect();
            self.begun = true;
        }
    }

    /// The first column with one of these headings (as [`plain`] writes them), in order of the names.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.headings.iter().position(|h| h == name))
    }
}

/// A heading in lower-case letters and digits only: `Target path`, `Target_Path` and `TargetPath` are the same.
pub fn plain(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Headings in the first line of a text.
pub fn headings(text: &str) -> Vec<String> {
    let line = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(|d| line.bytes().filter(|b| b == d).count()).unwrap_or(b',');
    split(line.as_bytes(), delimiter).iter().map(|h| plain(h)).collect()
}

/// One row with its line end taken off; quotes may hold line ends.
fn row(window: &mut Window) -> std::io::Result<Option<Vec<u8>>> {
    let (mut seen, mut quoted) = (0, false);
    loop {
        let data = window.data();
        let fresh = data.get(seen..).unwrap_or_default();
        let end = fresh.iter().position(|b| {
            quoted ^= *b == b'"';
            *b == b'\n' && !quoted
        });
        if let Some(n) = end {
            let line = data.get(..seen + n).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
            window.consume(seen + n + 1);
            return Ok(Some(line));
        }
        seen = data.len();
        if seen > ROW {
            return Ok(None);
        }
        if window.fill()? != Fill::More {
            let line = window.data().to_vec();
            window.consume(line.len());
            return Ok((!line.is_empty()).then_some(line));
        }
    }
}

/// The cells of a row.
pub fn split(line: &[u8], delimiter: u8) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), Vec::new(), false);
    let mut bytes = line.iter().copied().peekable();
    while let Some(b) = bytes.next() {
        match b {
            b'"' if quoted && bytes.peek() == Some(&b'"') => {
                bytes.next();
                cell.push(b'"');
            }
            b'"' => quoted = !quoted,
            b if b == delimiter && !quoted && cells.len() < COLUMNS => cells.push(text(&std::mem::take(&mut cell))),
            b => cell.push(b),
        }
    }
    cells.push(text(&cell));
    cells
}

fn text(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::import::bytes::RangeStream;

    #[test]
    fn rows_come_whole_however_the_bytes_come() {
        let text = "\u{feff}Account; \"Message Count\"\r\n\r\na@x.example;\"1\n2\"\r\n\"b \"\"q\"\"\";3";
        for size in [1, 5, 4096] {
            let mut window = Window::with_limits(Box::new(RangeStream::whole(Rc::new(text.as_bytes().to_vec()))), size, 1 << 16);
            let mut table = Table::default();
            let mut rows = Vec::new();
            while let Some((at, row)) = table.next(&mut window).unwrap() {
                rows.push((at, row));
            }
            assert_eq!(rows.iter().map(|r| r.1.join("|")).collect::<Vec<_>>(), ["a@x.example|1\n2", "b \"q\"|3"]);
            assert_eq!(table.column(&["nothing", "messagecount"]), Some(1));
        }
        assert_eq!(headings("Target path,Item class\nx,y"), ["targetpath", "itemclass"]);
    }
}
