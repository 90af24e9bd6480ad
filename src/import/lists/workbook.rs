//! Workbooks (XLSX, XLSM, ODS): all sheets are looked at, the one with the headings of a list is taken. Cells become
//! text as a person sees them: days as `2026-02-28`, numbers with all their digits, formulas as the value they last had.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Dimensions, Ods, Reader, Sheet, SheetType, SheetVisible, Xlsx};

use super::headings::Synonyms;
use super::table::{CELL, Row, TITLE_LINES, Table, known};
use crate::import::archive::Archive;
use crate::text::{bounded, clean_name};

/// Most rows and columns of a sheet that are read: a list of people is far smaller.
const ROWS: u32 = 200_000;
const COLUMNS: u32 = 400;
/// Most cells of a workbook that are kept.
const CELLS: usize = 8_000_000;
/// Most bytes a workbook may hold when it is unpacked.
const UNPACKED: u64 = 1 << 30;
/// Days between the two calendars of Excel.
const EPOCH_1904: i32 = 1462;

/// A sheet as rows of text.
struct Read {
    name: String,
    hidden: bool,
    rows: Vec<Row>,
    merged: usize,
    cut: bool,
}

/// Whether the bytes are a workbook: a zip archive or a compound file of Microsoft. Lists come in no other archive.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || is_compound(bytes)
}

fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}

/// Office writes a workbook with a password as a compound file around an encrypted package; the name of that stream is UTF-16.
fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    is_compound(bytes) && memchr::memmem::find(bytes, &name).is_some()
}

/// Reads the sheet that holds the list.
pub fn read(name: String, bytes: &[u8], synonyms: &Synonyms) -> Result<Table, String> {
    let (sheets, epoch) = sheets(&name, bytes)?;
    let best = |s: &Read| s.rows.iter().take(TITLE_LINES).map(|r| known(r, synonyms)).max().unwrap_or(0);
    let filled = sheets.iter().enumerate().filter(|(_, s)| !s.rows.is_empty());
    let order = |s: &Read| (best(s) >= 2 && !s.hidden, best(s), !s.hidden, s.rows.len() > 1);
    let Some((at, _)) = filled.max_by_key(|(ix, s)| (order(s), std::cmp::Reverse(*ix))) else {
        return Err(format!("{name}: every sheet of this workbook is empty. Export the list again."));
    };
    let others: Vec<String> = sheets.iter().enumerate().filter(|(ix, s)| *ix != at && !s.rows.is_empty()).map(|(_, s)| clean_name(&s.name)).collect();
    let mut table = Table { name, epoch, ..Table::default() };
    let Some(sheet) = sheets.into_iter().nth(at) else { return Ok(table) };
    if !others.is_empty() {
        let hidden = if sheet.hidden { ", which is hidden" } else { "" };
        table.remarks.push(format!("Read from the sheet \"{}\"{hidden}; not read: {}.", clean_name(&sheet.name), listed(&others)));
    } else if sheet.hidden {
        table.remarks.push(format!("Read from the sheet \"{}\", which is hidden.", clean_name(&sheet.name)));
    }
    if sheet.merged > 0 {
        table.remarks.push(format!("Merged cells: the value of {} was taken for every row it spans.", counted(sheet.merged, "block", "blocks")));
    }
    if sheet.cut {
        table.remarks.push(format!("The sheet is larger than {ROWS} rows or {COLUMNS} columns; what lies beyond was not read."));
    }
    table.divide(sheet.rows, synonyms);
    Ok(table)
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(5).map(|n| format!("\"{n}\"")).collect();
    let more = names.len().saturating_sub(shown.len());
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// The heading row of the first sheet that has one, for telling which list a workbook is.
pub fn heading_row(bytes: &[u8]) -> Option<Vec<String>> {
    let (sheets, _) = sheets("", bytes).ok()?;
    sheets.iter().find_map(|s| super::table::heading_among(&s.rows))
}

/// All sheets as rows of text, and the days to add to a plain number that stands for a day.
fn sheets(name: &str, bytes: &[u8]) -> Result<(Vec<Read>, i32), String> {
    if is_encrypted(bytes) {
        return Err(format!("{name} is protected by a password. Open it in Excel, save a copy without a password, and add that file."));
    }
    let broken = |error: &dyn std::fmt::Display| {
        let what = clean_name(&error.to_string());
        if what.to_lowercase().contains("password") {
            return format!("{name} is protected by a password. Save a copy without a password, and add that file.");
        }
        format!("{name} could not be read as a workbook ({what}). Open it in a spreadsheet program, save it as XLSX or CSV, and add that file.")
    };
    // The readers of the two binary forms trust what they read; a damaged file would end the program.
    let binary = || format!("{name} is a workbook in a binary form (XLS or XLSB). Open it in a spreadsheet program, save it as XLSX, and add that file.");
    if is_compound(bytes) {
        return Err(binary());
    }
    let cursor = Cursor::new(bytes);
    let entries = unpacked(bytes)
        .ok_or_else(|| format!("{name} is no workbook this program can read, or it is damaged. Save the list as XLSX or CSV and add that file."))?;
    let has = |file: &str| entries.iter().any(|e| e.eq_ignore_ascii_case(file));
    let mut left = CELLS;
    if has("xl/workbook.bin") {
        return Err(binary());
    }
    if has("xl/workbook.xml") {
        let mut book = Xlsx::new(cursor).map_err(|e| broken(&e))?;
        let widths = zero_padded(bytes);
        let epoch = if book.has_1904_epoch() { EPOCH_1904 } else { 0 };
        let mut out = Vec::new();
        for sheet in worksheets(&book) {
            let merged = book.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default();
            let mut cells = book.worksheet_cells_reader(&sheet.name).map_err(|e| broken(&e))?;
            let mut grid = Grid::default();
            while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|e| broken(&e))? {
                let value = Data::from(cell.get_value().clone());
                let width = widths.get(style).copied().unwrap_or(0);
                match value {
                    // Shown as `00123` by its format: that is the number of the person.
                    Data::Float(n) if width > 0 && n.fract() == 0.0 && (0.0..1e17).contains(&n) => {
                        grid.put(cell.get_position(), &Data::String(format!("{n:0>width$.0}")), &mut left);
                    }
                    value => grid.put(cell.get_position(), &value, &mut left),
                }
            }
            out.push(grid.read(sheet, &merged));
        }
        return Ok((out, epoch));
    }
    if has("content.xml") {
        if !part(bytes, "content.xml", UNPACKED).is_some_and(|text| closed(&text)) {
            return Err(broken(&"its table is not complete"));
        }
        let mut book = Ods::new(cursor).map_err(|e| broken(&e))?;
        let mut out = Vec::new();
        for sheet in worksheets(&book) {
            let range = book.worksheet_range(&sheet.name).map_err(|e| broken(&e))?;
            out.push(of_range(sheet, &range, &[], &mut left));
        }
        return Ok((out, 0));
    }
    Err(format!("{name} is an archive, not a workbook. Unpack it and add the lists in it."))
}

/// Names of the members of the package; `None` if it is damaged or grows beyond reason when it is unpacked.
fn unpacked(bytes: &[u8]) -> Option<Vec<String>> {
    let archive = crate::import::zip::Zip::open("", std::rc::Rc::new(bytes.to_vec())).ok()?;
    let size: u64 = archive.entries().iter().map(|e| e.size).fold(0, u64::saturating_add);
    (size <= UNPACKED).then(|| archive.entries().iter().map(|e| e.name.clone()).collect())
}

/// A part of the workbook of at most so many bytes.
fn part(bytes: &[u8], name: &str, most: u64) -> Option<Vec<u8>> {
    let archive = crate::import::zip::Zip::open("", std::rc::Rc::new(bytes.to_vec())).ok()?;
    let ix = archive.entries().iter().position(|e| e.name.eq_ignore_ascii_case(name) && e.size <= most)?;
    let member = crate::import::archive::expand(&archive, ix).ok()?;
    let mut text = vec![0; usize::try_from(member.len().min(most)).ok()?];
    member.read_at(0, &mut text).ok()?;
    Some(text)
}

/// Whether every element of this XML ends: the library waits for the end of a table for ever.
fn closed(xml: &[u8]) -> bool {
    let mut open: Vec<&[u8]> = Vec::new();
    let mut rest = xml;
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = rest.get(at + 1..).unwrap_or_default();
        let until = |end: &[u8]| memchr::memmem::find(rest, end).map(|at| at + end.len());
        let next = if rest.starts_with(b"!--") {
            until(b"-->")
        } else if rest.starts_with(b"![CDATA[") {
            until(b"]]>")
        } else if rest.starts_with(b"?") {
            until(b"?>")
        } else if rest.starts_with(b"!") {
            until(b">")
        } else {
            let mut quote = None;
            let end = rest.iter().position(|b| match (quote, b) {
                (None, b'>') => true,
                (None, b'"' | b'\'') => {
                    quote = Some(*b);
                    false
                }
                (Some(q), b) if q == *b => {
                    quote = None;
                    false
                }
                _ => false,
            });
            let tag = rest.get(..end.unwrap_or(0)).unwrap_or_default();
            let name = |tag: &'_ [u8]| tag.iter().position(|b| b.is_ascii_whitespace() || *b == b'/').unwrap_or(tag.len());
            if let Some(ended) = tag.strip_prefix(b"/") {
                if open.pop() != ended.get(..name(ended)) {
                    return false;
                }
            } else if !tag.ends_with(b"/") {
                open.extend(tag.get(..name(tag)));
            }
            end.map(|end| end + 1)
        };
        let Some(next) = next else { return false };
        rest = rest.get(next..).unwrap_or_default();
    }
    open.is_empty()
}

/// Per cell style the width of a format of zeros (`00000`), else 0. The library tells no more of a format than whether it is a date.
fn zero_padded(bytes: &[u8]) -> Vec<usize> {
    let Some(styles) = part(bytes, "xl/styles.xml", 16 << 20).and_then(|text| String::from_utf8(text).ok()) else { return Vec::new() };
    let attribute = |element: &str, name: &str| -> Option<String> {
        let value = element.split('>').next()?.split_once(&format!("{name}=\""))?.1;
        Some(value.split('"').next()?.to_owned())
    };
    let width = |code: &str| if (2..=18).contains(&code.len()) && code.bytes().all(|b| b == b'0') { code.len() } else { 0 };
    let formats: BTreeMap<String, usize> =
        styles.split("<numFmt ").skip(1).filter_map(|f| Some((attribute(f, "numFmtId")?, width(&attribute(f, "formatCode")?)))).collect();
    let cells = styles.split_once("<cellXfs").and_then(|(_, rest)| rest.split_once("</cellXfs>")).map_or("", |(cells, _)| cells);
    cells.split("<xf ").skip(1).map(|xf| attribute(xf, "numFmtId").and_then(|id| formats.get(&id).copied()).unwrap_or(0)).collect()
}

fn worksheets<'a, B: Reader<Cursor<&'a [u8]>>>(book: &B) -> Vec<Sheet> {
    book.sheets_metadata().iter().filter(|s| s.typ == SheetType::WorkSheet).cloned().collect()
}

fn of_range(sheet: Sheet, range: &calamine::Range<Data>, merged: &[Dimensions], left: &mut usize) -> Read {
    let (row0, column0) = range.start().unwrap_or_default();
    let mut grid = Grid::default();
    for (row, column, value) in range.used_cells() {
        let at = |from: u32, n: usize| from.saturating_add(u32::try_from(n).unwrap_or(u32::MAX));
        grid.put((at(row0, row), at(column0, column)), value, left);
    }
    grid.read(sheet, merged)
}

/// Filled cells by row and column: a sheet may hold one cell at the far end of both.
#[derive(Default)]
struct Grid {
    rows: BTreeMap<u32, BTreeMap<u32, String>>,
    cut: bool,
}

impl Grid {
    fn put(&mut self, (row, column): (u32, u32), value: &Data, left: &mut usize) {
        let text = written(value);
        if text.is_empty() {
            return;
        }
        if row >= ROWS || column >= COLUMNS || *left == 0 {
            self.cut = true;
            return;
        }
        *left -= 1;
        self.rows.entry(row).or_default().insert(column, text);
    }

    fn read(mut self, sheet: Sheet, merged: &[Dimensions]) -> Read {
        let mut blocks = 0;
        for block in merged {
            let (top, column) = block.start;
            let Some(value) = self.rows.get(&top).and_then(|r| r.get(&column)).cloned() else { continue };
            // A block within one row is a heading of a group, or a title.
            let (below, bottom) = (top.saturating_add(1), block.end.0.min(ROWS - 1));
            if below > bottom {
                continue;
            }
            // Rows that hold nothing else are blank rows of a block, no people.
            let rows: Vec<u32> = self.rows.range(below..=bottom).map(|(row, _)| *row).collect();
            blocks += usize::from(!rows.is_empty());
            for row in rows {
                self.rows.entry(row).or_default().entry(column).or_insert_with(|| value.clone());
            }
        }
        let cells = |row: BTreeMap<u32, String>| {
            let width = row.last_key_value().map_or(0, |(column, _)| *column + 1);
            let mut row = row;
            (0..width).map(|column| row.remove(&column).unwrap_or_default()).collect()
        };
        let rows = self.rows.into_iter().map(|(row, r)| Row { line: row + 1, cells: cells(r) }).collect();
        Read { name: sheet.name, hidden: sheet.visible != SheetVisible::Visible, rows, merged: blocks, cut: self.cut }
    }
}

/// A cell as text.
fn written(value: &Data) -> String {
    match value {
        Data::Empty | Data::Error(_) | Data::DurationIso(_) => String::new(),
        Data::String(text) => bounded(text.trim_matches(|c: char| c.is_whitespace() || crate::text::is_format(c)), CELL).to_owned(),
        Data::Bool(yes) => yes.to_string(),
        Data::Int(n) => n.to_string(),
        // Phone numbers and ids are numbers to a spreadsheet: all digits, no exponent.
        Data::Float(n) if n.fract() == 0.0 && n.abs() < 1e17 => format!("{n:.0}"),
        Data::Float(n) => n.to_string(),
        Data::DateTime(when) if when.is_datetime() => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTime(_) => String::new(),
        Data::DateTimeIso(text) => bounded(text.split('T').next().unwrap_or(text), CELL).to_owned(),
    }
}
