//! A list as a table: decoded, split, its heading row found, title blocks, label rows and footers set aside.

use std::borrow::Cow;

use super::headings::{self, Synonyms};
use crate::import::delimited::record::{Fields, Split, sniff_delimiter, split};
use crate::import::delimited::when;
use crate::text::{bounded, clean_name};

/// Largest list read, in bytes: a list of people is small; anything larger is another file.
const LIMIT: usize = 64 << 20;
/// Longest cell kept, in bytes.
const CELL: usize = 1000;
/// Lines in which the headings must stand.
const TITLE_LINES: usize = 30;

/// A row of the list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Line in the file, from 1.
    pub line: u32,
    /// Cells, trimmed.
    pub cells: Vec<String>,
}

impl Row {
    /// A cell; empty if there is none.
    pub fn cell(&self, ix: usize) -> &str {
        self.cells.get(ix).map_or("", String::as_str)
    }

    fn filled(&self) -> usize {
        self.cells.iter().filter(|c| !c.is_empty()).count()
    }
}

/// A list as a table.
#[derive(Debug, Default)]
pub struct Table {
    /// File name.
    pub name: String,
    /// Headings as written; `column 1` … where there are none.
    pub headings: Vec<String>,
    /// Rows below the headings.
    pub rows: Vec<Row>,
    /// What was set aside.
    pub remarks: Vec<String>,
}

/// For comparing headings: lower case, no accents, letters and digits only, a trailing `(…)` dropped.
pub fn key(heading: &str) -> String {
    let trimmed = heading.trim();
    let cut = trimmed.strip_suffix(')').and_then(|t| t.rsplit_once('(')).map(|(t, _)| t).filter(|t| !t.trim().is_empty());
    when::plain(cut.unwrap_or(trimmed)).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Reads a list. `synonyms`: the headings it may have.
pub fn read(name: &str, bytes: &[u8], synonyms: &Synonyms) -> Result<Table, String> {
    let name = clean_name(name.rsplit(['/', '\\']).next().unwrap_or(name));
    if bytes.len() > LIMIT {
        return Err(format!("{name} is larger than 64 MB and was not read as a list. Save only the columns that are needed and add it again."));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(format!("{name} is a workbook (Excel). Save the sheet as CSV (\"CSV UTF-8\") and add that file."));
    }
    let Some(text) = decode(bytes) else {
        return Err(format!("{name} holds binary data, not a list. Save it as CSV and add that file."));
    };
    let all = rows(text.as_bytes(), usize::MAX);
    if all.is_empty() {
        return Err(format!("{name} is empty: it has no line of text. Export the list again."));
    }
    let mut table = Table { name, ..Table::default() };
    table.divide(all, synonyms);
    if table.rows.is_empty() {
        return Err(format!("{} has headings but no rows below them. Export the list again.", table.name));
    }
    Ok(table)
}

/// The heading row of a file that may be a list, from the first bytes of its text.
pub fn heading_row(head: &str) -> Option<Vec<String>> {
    let head = head.trim_start_matches('\u{feff}');
    let mut head = bounded(head, 32 << 10);
    if let Some(end) = head.rfind('\n') {
        head = head.get(..end)?;
    }
    let rows = rows(head.as_bytes(), TITLE_LINES);
    let known = |row: &Row| {
        // Every file that is dropped passes here: no synonym is this long.
        let keys: Vec<String> = row.cells.iter().filter(|c| c.len() <= 80).map(|c| key(c)).collect();
        let lists = [headings::PEOPLE, headings::CLIENTS, headings::LEAVE, headings::EXPECTED];
        lists.into_iter().map(|s| keys.iter().filter(|k| headings::exact_key(s, k).is_some()).count()).max().unwrap_or(0)
    };
    let (known, _, row) = rows.iter().map(|r| (known(r), std::cmp::Reverse(r.line), r)).max_by_key(|(known, line, _)| (*known, *line))?;
    // Headings hold no dates, times or sentences.
    let plain = row.cells.iter().all(|c| c.len() <= 80 && c.bytes().filter(u8::is_ascii_digit).count() < 4);
    (plain && known >= 2 && row.cells.len() >= 2).then(|| row.cells.clone())
}

/// UTF-8, UTF-16 (with or without mark), GB18030 where its pairs fit, else Windows-1252. `None` for binary data.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, bom)) = encoding_rs::Encoding::for_bom(bytes) {
        return Some(encoding.decode_without_bom_handling(bytes.get(bom..)?).0);
    }
    let zeros = |odd: usize| bytes.iter().take(400).skip(odd).step_by(2).filter(|b| **b == 0).count();
    let seen = bytes.len().min(400) / 2;
    if seen > 4 && zeros(1) > seen / 2 && zeros(0) == 0 {
        return Some(encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0);
    }
    if seen > 4 && zeros(0) > seen / 2 && zeros(1) == 0 {
        return Some(encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0);
    }
    if bytes.contains(&0) {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    let encoding = crate::import::decode::legacy(bytes).unwrap_or(encoding_rs::UTF_8);
    Some(encoding.decode_without_bom_handling(bytes).0)
}

/// The first rows, at most so many.
fn rows(mut text: &[u8], most: usize) -> Vec<Row> {
    let delimiter = sniff_delimiter(bounded_bytes(text, 64 << 10)).unwrap_or(b',');
    let mut fields = Fields::default();
    let mut out = Vec::new();
    let mut line = 1u32;
    while out.len() < most {
        let (bytes, lines, whole) = match split(text, delimiter, true, &mut fields) {
            Split::Record { bytes, lines } => (bytes, lines, true),
            Split::Blank { bytes } => (bytes, 1, false),
            Split::Partial { .. } => {
                // A quote that never closes: that line alone is read without its quotes.
                let end = memchr::memchr(b'\n', text).map_or(text.len(), |n| n + 1);
                let cells = text.get(..end).unwrap_or_default().split(|b| *b == delimiter).map(|c| cell(c).replace('"', "").trim().to_owned()).collect();
                out.push(Row { line, cells });
                (end, 1, false)
            }
            Split::Empty => break,
        };
        if whole {
            let row = Row { line, cells: fields.iter(text).map(cell).collect() };
            if row.filled() > 0 {
                out.push(row);
            }
        }
        text = text.get(bytes..).unwrap_or_default();
        line = line.saturating_add(lines);
    }
    out
}

fn bounded_bytes(bytes: &[u8], limit: usize) -> &[u8] {
    bytes.get(..bytes.len().min(limit)).unwrap_or(bytes)
}

fn cell(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    bounded(text.trim_matches(|c: char| c.is_whitespace() || crate::text::is_format(c)), CELL).to_owned()
}

impl Table {
    fn divide(&mut self, mut all: Vec<Row>, synonyms: &Synonyms) {
        // Excel writes `sep=;` as a first line.
        if all.first().is_some_and(|r| r.filled() <= 2 && r.cell(0).to_ascii_lowercase().starts_with("sep=")) {
            all.remove(0);
        }
        let known = |row: &Row| row.cells.iter().filter(|c| headings::exact(synonyms, c).is_some()).count();
        let candidates = || all.iter().take(TITLE_LINES).enumerate();
        // The first row with three known headings; in narrower lists the one with the most.
        let best = candidates().find(|(_, r)| known(r) >= 3).or_else(|| {
            let best = candidates().max_by_key(|(ix, r)| (known(r), std::cmp::Reverse(*ix)))?;
            (known(best.1) >= 1 && (known(best.1) >= 2 || best.0 == 0)).then_some(best)
        });
        let Some(at) = best.map(|(ix, _)| ix) else {
            let width = all.iter().map(|r| r.cells.len()).max().unwrap_or(0);
            let headless = all.first().is_some_and(|r| r.cells.iter().any(|c| c.contains('@') || c.bytes().filter(u8::is_ascii_digit).count() >= 6));
            if headless {
                self.headings = (1..=width).map(|n| format!("column {n}")).collect();
                self.remarks.push(format!("{} has no headings this program knows; columns were told by their values.", self.name));
            } else {
                self.headings = all.remove(0).cells;
            }
            self.rows = all;
            return;
        };
        if at > 0 {
            self.remarks.push(format!("{at} line{} above the headings left out.", if at == 1 { "" } else { "s" }));
        }
        let mut rest = all.split_off(at);
        self.headings = rest.remove(0).cells;
        if rest.first().is_some_and(|r| is_label_row(r, self.headings.len(), synonyms)) {
            let line = rest.remove(0).line;
            self.remarks.push(format!("Line {line} repeats the headings in other words and was left out."));
        }
        cut_footer(&mut rest, &mut self.remarks);
        self.rows = rest;
    }
}

/// SuccessFactors writes labels under the system keys: no digits, no addresses, mostly known headings again.
fn is_label_row(row: &Row, width: usize, synonyms: &Synonyms) -> bool {
    let plain = row.cells.iter().all(|c| !c.contains('@') && !c.bytes().any(|b| b.is_ascii_digit()));
    let known = row.cells.iter().filter(|c| headings::exact(synonyms, c).is_some()).count();
    plain && row.cells.len().abs_diff(width) <= 1 && known >= 3 && known * 2 >= row.filled()
}

/// Salesforce reports end with the report's name, a copyright line and who made it.
fn cut_footer(rows: &mut Vec<Row>, remarks: &mut Vec<String>) {
    let from = rows.len().saturating_sub(12);
    let footer = |r: &Row| r.filled() == 1 && r.cell(0).to_lowercase().starts_with("copyright (c)");
    let Some(at) = rows.iter().skip(from).position(footer).map(|n| n + from) else { return };
    let name_before = at > 0 && rows.get(at - 1).is_some_and(|r| r.filled() == 1);
    let at = if name_before { at - 1 } else { at };
    let line = rows.get(at).map_or(0, |r| r.line);
    remarks.push(format!("The footer of the report from line {line} on was left out."));
    rows.truncate(at);
}
