//! A list as a table: decoded, split, its heading row found, title blocks, label rows and footers set aside.

use std::borrow::Cow;

use super::headings::{self, Synonyms};
use super::{Wanted, cards, events, ldif, objects, workbook};
use crate::import::delimited::record::{Fields, Split, sniff_delimiter, split};
use crate::import::delimited::when;
use crate::text::{bounded, clean_name};

/// Largest list read, in bytes: a list of people is small; anything larger is another file.
const LIMIT: usize = 64 << 20;
/// Longest cell kept, in bytes.
pub const CELL: usize = 1000;
/// Lines in which the headings must stand.
pub const TITLE_LINES: usize = 30;

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

    /// Whether it holds no numbers and no addresses, as headings do.
    fn is_plain(&self) -> bool {
        self.cells.iter().all(|c| !c.contains('@') && !c.bytes().any(|b| b.is_ascii_digit()))
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
    /// Days to add to a plain number that stands for a day: 1462 where days are counted from 1904, else 0.
    pub epoch: i32,
}

/// For comparing headings: lower case, no accents, letters and digits only, a trailing `(…)` dropped.
pub fn key(heading: &str) -> String {
    let trimmed = heading.trim();
    let cut = trimmed.strip_suffix(')').and_then(|t| t.rsplit_once('(')).map(|(t, _)| t).filter(|t| !t.trim().is_empty());
    when::plain(cut.unwrap_or(trimmed)).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Reads a list in any form: text with separators, a workbook, LDIF, JSON, vCards, a calendar.
pub fn read(name: &str, bytes: &[u8], wanted: &Wanted<'_>) -> Result<Table, String> {
    let name = clean_name(name.rsplit(['/', '\\']).next().unwrap_or(name));
    if bytes.len() > LIMIT {
        return Err(format!("{name} is larger than 64 MB and was not read as a list. Save only the columns that are needed and add it again."));
    }
    let table = if workbook::is_workbook(bytes) {
        workbook::read(name, bytes, wanted.synonyms)?
    } else {
        let Some(text) = decode(bytes) else {
            return Err(format!("{name} holds binary data, not a list. Save it as CSV or XLSX and add that file."));
        };
        match Form::of(&text) {
            Form::Ldif => ldif::read(name, &text)?,
            Form::Json => objects::read(name, &text)?,
            Form::Cards => cards::read(name, &text)?,
            Form::Events => events::read(name, &text, wanted.list)?,
            Form::Page => {
                return Err(format!(
                    "{name} is a web page, whatever its name says. Open it in a spreadsheet program, save it as XLSX or CSV, and add that file."
                ));
            }
            Form::Rows => {
                let all = rows(text.as_bytes(), usize::MAX);
                if all.is_empty() {
                    return Err(format!("{name} is empty: it has no line of text. Export the list again."));
                }
                let mut table = Table { name, ..Table::default() };
                table.divide(all, wanted.synonyms);
                table
            }
        }
    };
    if table.rows.is_empty() {
        return Err(format!("{} has headings but no rows below them. Export the list again.", table.name));
    }
    Ok(table)
}

/// How the text of a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Rows with separators.
    Rows,
    /// LDIF (RFC 2849).
    Ldif,
    /// JSON.
    Json,
    /// vCards (RFC 6350).
    Cards,
    /// iCalendar (RFC 5545).
    Events,
    /// HTML: many systems write a page and call it `.xls`.
    Page,
}

impl Form {
    /// By the first characters.
    pub fn of(text: &str) -> Self {
        let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
        let starts = |word: &str| text.get(..word.len()).is_some_and(|t| t.eq_ignore_ascii_case(word));
        if starts("BEGIN:VCARD") {
            return Self::Cards;
        }
        if starts("BEGIN:VCALENDAR") {
            return Self::Events;
        }
        if text.starts_with(['{', '[']) {
            return Self::Json;
        }
        if text.starts_with('<') {
            return Self::Page;
        }
        // Comments and `version: 1` may stand before the first record, which begins with its name.
        let first = text.lines().find(|l| !l.is_empty() && !l.starts_with('#') && !l.starts_with("version:"));
        if first.is_some_and(|l| l.starts_with("dn:")) { Self::Ldif } else { Self::Rows }
    }
}

/// How many cells of a row are headings of a list.
pub fn known(row: &Row, synonyms: &Synonyms) -> usize {
    row.cells.iter().filter(|c| c.len() <= 80 && headings::exact(synonyms, c).is_some()).count()
}

/// The heading row of a file that may be a list, from the first bytes of its text.
pub fn heading_row(head: &str) -> Option<Vec<String>> {
    let head = head.trim_start_matches('\u{feff}');
    let mut head = bounded(head, 32 << 10);
    if let Some(end) = head.rfind('\n') {
        head = head.get(..end)?;
    }
    heading_among(&rows(head.as_bytes(), TITLE_LINES))
}

/// The heading row among the first rows of what may be a list.
pub fn heading_among(rows: &[Row]) -> Option<Vec<String>> {
    let known = |row: &Row| {
        // Every file that is dropped passes here: no synonym is this long.
        let keys: Vec<String> = row.cells.iter().filter(|c| c.len() <= 80).map(|c| key(c)).collect();
        let lists = [headings::PEOPLE, headings::CLIENTS, headings::LEAVE, headings::EXPECTED, headings::HOLIDAYS];
        lists.into_iter().map(|s| keys.iter().filter(|k| headings::exact_key(s, k).is_some()).count()).max().unwrap_or(0)
    };
    let (known, _, row) = rows.iter().take(TITLE_LINES).map(|r| (known(r), std::cmp::Reverse(r.line), r)).max_by_key(|(known, line, _)| (*known, *line))?;
    // Headings hold no dates, times or sentences.
    let plain = row.cells.iter().all(|c| c.len() <= 80 && c.bytes().filter(u8::is_ascii_digit).count() < 4);
    (plain && known >= 2 && row.cells.len() >= 2).then(|| row.cells.clone())
}

/// UTF-8, UTF-16 (with or without mark), GB18030 where its pairs fit, else Windows-1252. `None` for binary data.
pub fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
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
    match std::str::from_utf8(bytes) {
        Ok(text) => return Some(Cow::Borrowed(text)),
        // The first bytes of a file may end within a character.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
            return bytes.get(..error.valid_up_to()).and_then(|b| std::str::from_utf8(b).ok()).map(Cow::Borrowed);
        }
        Err(_) => {}
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
    /// Finds the headings among the rows.
    pub fn divide(&mut self, mut all: Vec<Row>, synonyms: &Synonyms) {
        // Excel writes `sep=;` as a first line.
        if all.first().is_some_and(|r| r.filled() <= 2 && r.cell(0).to_ascii_lowercase().starts_with("sep=")) {
            all.remove(0);
        }
        let known = |row: &Row| known(row, synonyms);
        let candidates = || all.iter().take(TITLE_LINES).enumerate();
        // The first row with three known headings; in narrower lists the one with the most.
        let best = candidates().find(|(_, r)| known(r) >= 3).or_else(|| {
            let best = candidates().max_by_key(|(ix, r)| (known(r), std::cmp::Reverse(*ix)))?;
            (known(best.1) >= 1 && (known(best.1) >= 2 || best.0 == 0)).then_some(best)
        });
        // Names of groups may be headings themselves (`Employee`, `Manager`): then the row below knows more of them.
        let best = best.map(|(ix, row)| match all.get(ix + 1) {
            Some(next) if row.filled() < next.filled() && known(next) > known(row) && next.is_plain() => ix + 1,
            _ => ix,
        });
        let Some(at) = best else {
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
        let mut rest = all.split_off(at);
        self.headings = rest.remove(0).cells;
        let grouped = all.last().is_some_and(|above| self.take_groups(above));
        let titles = if grouped { at - 1 } else { at };
        if titles > 0 {
            self.remarks.push(format!("{titles} line{} above the headings left out.", if titles == 1 { "" } else { "s" }));
        }
        if rest.first().is_some_and(|r| is_label_row(r, self.headings.len(), synonyms)) {
            let line = rest.remove(0).line;
            self.remarks.push(format!("Line {line} repeats the headings in other words and was left out."));
        }
        cut_footer(&mut rest, &mut self.remarks);
        // Reports printed in pages write their headings again on each.
        let before = rest.len();
        rest.retain(|r| !(r.filled() >= 2 && r.cells.iter().zip(&self.headings).all(|(c, h)| c == h)));
        if rest.len() < before {
            self.remarks.push(format!("The headings stand in {} further lines, which were left out.", before - rest.len()));
        }
        self.rows = rest;
    }

    /// Two heading rows: the upper one names groups of columns (`Employee`, `Manager`), the lower one repeats itself under
    /// each (`Name`, `E-mail`, `Name`, `E-mail`). The group tells the repeated ones apart.
    fn take_groups(&mut self, above: &Row) -> bool {
        let keys: Vec<String> = self.headings.iter().map(|h| key(h)).collect();
        let mut seen: Vec<&str> = Vec::new();
        let repeated: Vec<bool> = keys
            .iter()
            .map(|k| {
                let again = !k.is_empty() && seen.contains(&k.as_str());
                seen.push(k);
                again
            })
            .collect();
        let groups = above.filled() >= 2 && above.filled() < self.headings.len();
        if !groups || !repeated.contains(&true) {
            return false;
        }
        let mut group = "";
        for (ix, (heading, again)) in self.headings.iter_mut().zip(repeated).enumerate() {
            group = Some(above.cell(ix)).filter(|c| !c.is_empty()).unwrap_or(group);
            // A heading that spans both rows stands in the upper one.
            if heading.is_empty() {
                above.cell(ix).clone_into(heading);
            } else if again && !group.is_empty() {
                *heading = format!("{group} {heading}");
            }
        }
        self.remarks.push(format!("Line {} names groups of columns: headings that are repeated bear the name of their group.", above.line));
        true
    }
}

/// SuccessFactors writes labels under the system keys: no digits, no addresses, mostly known headings again.
fn is_label_row(row: &Row, width: usize, synonyms: &Synonyms) -> bool {
    let known = row.cells.iter().filter(|c| headings::exact(synonyms, c).is_some()).count();
    row.is_plain() && row.cells.len().abs_diff(width) <= 1 && known >= 3 && known * 2 >= row.filled()
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
