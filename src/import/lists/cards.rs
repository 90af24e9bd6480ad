//! vCards (RFC 6350 and the older 2.1 and 3.0 of telephones), one person each: contacts of clients.

use super::table::{CELL, Row, Table};
use crate::text::bounded;

const HEADINGS: [&str; 8] = ["Full name", "Family name", "Given name", "Email", "Phone", "Organization", "URL", "Handles"];

/// Reads the cards of a file.
pub fn read(name: String, text: &str) -> Result<Table, String> {
    let mut table = Table { name, headings: HEADINGS.map(str::to_owned).to_vec(), ..Table::default() };
    let mut card: Option<(u32, [String; 8])> = None;
    for (line, property) in unfolded(text) {
        let Some((head, value)) = property.split_once(':') else { continue };
        let mut parts = head.split(';');
        let word = parts.next().unwrap_or_default().rsplit('.').next().unwrap_or_default().to_ascii_uppercase();
        let quoted = parts.any(|p| p.to_ascii_uppercase().ends_with("QUOTED-PRINTABLE"));
        let value = if quoted { printable(value) } else { value.to_owned() };
        match (word.as_str(), &mut card) {
            ("BEGIN", _) => card = Some((line, Default::default())),
            ("END", _) => {
                if let Some((line, cells)) = card.take() {
                    table.rows.push(Row { line, cells: cells.to_vec() });
                }
            }
            (word, Some((_, cells))) => put(cells, word, &value),
            _ => {}
        }
    }
    if table.rows.is_empty() {
        return Err(format!("{} holds no whole vCard. Export the contacts again.", table.name));
    }
    Ok(table)
}

fn put(cells: &mut [String; 8], word: &str, value: &str) {
    let mut add = |ix: usize, text: &str| {
        let text = plain(text);
        if let Some(cell) = cells.get_mut(ix)
            && !text.is_empty()
            && cell.len() + text.len() < CELL
        {
            let gap = if cell.is_empty() { "" } else { "; " };
            cell.push_str(gap);
            cell.push_str(&text);
        }
    };
    match word {
        "FN" => add(0, value),
        "N" => {
            let mut names = value.split(';');
            add(1, names.next().unwrap_or_default());
            add(2, names.next().unwrap_or_default());
        }
        "EMAIL" => add(3, value),
        "TEL" => add(4, value.trim_start_matches("tel:")),
        // `ORG:Northwind plc;Treasury`: the firm, then its parts.
        "ORG" => add(5, value.replace("\\;", ",").split(';').next().unwrap_or_default()),
        "URL" => add(6, value),
        // `IMPP;X-SERVICE-TYPE=WeChat:x-apple:wenxu88`
        "IMPP" | "X-WECHAT" | "X-TELEGRAM" | "X-SKYPE-USERNAME" => add(7, value.trim_start_matches("x-apple:")),
        _ => {}
    }
}

/// Without the escapes of a value.
fn plain(value: &str) -> String {
    bounded(&value.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\"), CELL).trim().to_owned()
}

/// Lines with their continuations (a blank or tab at the beginning), and where they begin.
pub fn unfolded(text: &str) -> Vec<(u32, String)> {
    let mut out: Vec<(u32, String)> = Vec::new();
    for (n, line) in (1u32..).zip(text.lines()) {
        let line = line.trim_end_matches('\r');
        match (line.strip_prefix([' ', '\t']), out.last_mut()) {
            (Some(rest), Some((_, before))) => {
                if before.len() < CELL * 10 {
                    before.push_str(rest);
                }
            }
            // A soft line break of quoted-printable.
            (None, Some((_, before))) if before.ends_with('=') && before.to_ascii_uppercase().contains("QUOTED-PRINTABLE") => {
                before.pop();
                before.push_str(line);
            }
            _ => out.push((n, line.to_owned())),
        }
    }
    out
}

/// Quoted-printable as UTF-8, or as it is where it is none.
fn printable(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| u8::from_str_radix(h, 16).ok());
        match (first, code) {
            (b'=', Some(code)) => {
                bytes.push(code);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| value.to_owned())
}
