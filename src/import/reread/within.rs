//! The text of a message within its record as written. Readers keep length and fingerprint of each text; whatever piece of the record has both
//! is the text, so nothing needs to be known of the format.

use std::rc::Rc;

use crate::features::facts;
use crate::import::bytes::{RangeStream, Shared, Window};
use crate::import::email::date;
use crate::import::json::{MAX_DEPTH, Scan, Scanner, Value};
use crate::import::lines::unix_lines;
use crate::import::markup::{Markup, Token};

/// Pieces of a record that are tried, at most.
const TRIED: usize = 400;

/// The piece of `record` whose text has this many characters and this fingerprint; `None` if none has.
#[must_use]
pub fn text_within(record: &[u8], chars: u32, hash: u32) -> Option<String> {
    if chars == 0 {
        return Some(String::new());
    }
    let mut left = TRIED;
    let mut is = |piece: &[u8]| -> Option<String> {
        left = left.checked_sub(1)?;
        let unix = unix_lines(piece);
        let piece = &*unix;
        // Line ends behind it may belong to the record.
        for trimmed in [piece, piece.trim_ascii_end(), piece.trim_ascii()] {
            let found = facts(trimmed, false);
            if (found.chars, found.hash) == (chars, hash) {
                return Some(String::from_utf8_lossy(trimmed).into_owned());
            }
        }
        None
    };
    let start = record.trim_ascii_start();
    match start.first() {
        Some(b'{') => in_json(start, &mut is),
        Some(b'<') => in_markup(start, &mut is),
        _ => None,
    }
    .or_else(|| in_line(record, &mut is))
    .or_else(|| in_cells(record, &mut is))
    .or_else(|| blank_line(record).and_then(&mut is))
    .or_else(|| is(record))
}

type Is<'a> = dyn FnMut(&[u8]) -> Option<String> + 'a;

/// Any string of a JSON object; lists of strings and of objects with `text` joined, as Telegram has them.
fn in_json(record: &[u8], is: &mut Is<'_>) -> Option<String> {
    let Ok(value) = Scanner::new(record).value() else { return None };
    walk(value, MAX_DEPTH, is)
}

fn walk(value: Value<'_>, depth: usize, is: &mut Is<'_>) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let mut found = None;
    match value {
        Value::Text(text) => {
            let mut out = Vec::new();
            text.append(&mut out);
            return is(&out);
        }
        Value::Object(raw) => {
            let mut members = || -> Scan<()> {
                let mut s = Scanner::new(raw);
                let mut walker = s.object()?;
                while found.is_none() && walker.key(&mut s)?.is_some() {
                    found = walk(s.value()?, depth, is);
                }
                Ok(())
            };
            let _ = members();
        }
        Value::Array(raw) => {
            let mut joined = Vec::new();
            let mut items = || -> Scan<()> {
                let mut s = Scanner::new(raw);
                let mut walker = s.array()?;
                while found.is_none() && walker.more(&mut s)? {
                    let item = s.value()?;
                    piece(item, &mut joined);
                    found = walk(item, depth, is);
                }
                Ok(())
            };
            let _ = items();
            return found.or_else(|| is(&joined));
        }
        _ => {}
    }
    found
}

/// A part of a text that stands in pieces.
fn piece(item: Value<'_>, out: &mut Vec<u8>) {
    match item {
        Value::Text(text) => text.append(out),
        Value::Object(raw) => {
            let mut s = Scanner::new(raw);
            let Ok(mut walker) = s.object() else { return };
            while let Ok(Some(key)) = walker.key(&mut s) {
                match s.value() {
                    Ok(Value::Text(text)) if key.raw == b"text" => text.append(out),
                    Ok(_) => {}
                    Err(_) => return,
                }
            }
        }
        _ => {}
    }
}

/// The text of any element.
fn in_markup(record: &[u8], is: &mut Is<'_>) -> Option<String> {
    let bytes: Shared = Rc::new(record.to_vec());
    let mut markup = Markup::new(Window::new(Box::new(RangeStream::whole(bytes))));
    let mut text = Vec::new();
    loop {
        match markup.next() {
            Ok(Token::Text) => text.extend_from_slice(&markup.text),
            Ok(Token::Eof) | Err(_) => return is(&text),
            Ok(Token::Start(_) | Token::End) => {
                let found = (!text.is_empty()).then(|| is(&text)).flatten();
                if found.is_some() {
                    return found;
                }
                text.clear();
            }
        }
    }
}

/// Chat lines: `[12/03/26, 09:14:03] Ana: text`, and notices without a sender: `12/03/26, 09:14 - text`.
fn in_line(record: &[u8], is: &mut Is<'_>) -> Option<String> {
    let head = record.get(..record.len().min(300)).unwrap_or(record);
    let mut behind = |mark: &[u8], most: usize| memchr::memmem::find_iter(head, mark).take(most).find_map(|at| is(record.get(at + mark.len()..)?));
    behind(b": ", 12).or_else(|| behind(b" - ", 2)).or_else(|| behind(b"] ", 1)).or_else(|| behind(b":", 8))
}

/// A row of a table.
fn in_cells(record: &[u8], is: &mut Is<'_>) -> Option<String> {
    use crate::import::delimited::record::{Fields, Split, split};
    let mut fields = Fields::default();
    for delimiter in [b',', b';', b'\t', b'|'] {
        if let Split::Record { .. } = split(record, delimiter, true, &mut fields)
            && fields.len() > 2
            && let Some(found) = fields.iter(record).take(60).find_map(&mut *is)
        {
            return Some(found);
        }
    }
    None
}

/// The date of a mail as its header has it: the first `Date:` that says this time (microseconds UTC). A journal report carries a mail with
/// a date of its own, and a text may quote one: another time is another date.
#[must_use]
pub fn date_within(record: &[u8], time: i64) -> Option<&str> {
    record.split(|b| *b == b'\n').find_map(|line| {
        let (name, value) = line.split_at_checked(5)?;
        let says = name.eq_ignore_ascii_case(b"date:") && date::parse(value) == Some(time);
        std::str::from_utf8(value.trim_ascii()).ok().filter(|_| says)
    })
}

/// What stands below the headers of a mail.
fn blank_line(record: &[u8]) -> Option<&[u8]> {
    let at = [&b"\n\n"[..], b"\r\n\r\n"].iter().filter_map(|end| Some(memchr::memmem::find(record, end)? + end.len())).min()?;
    record.get(at..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_found_by_its_fingerprint_in_every_kind_of_record() {
        let text = "Ça marche, 12: ok";
        let f = facts(text.as_bytes(), false);
        for record in [
            format!("[12/03/26, 09:14:03] Ana: {text}\r\n"),
            format!("12/03/26, 09:14 - Ana: {text}\n"),
            format!("{{\"id\": 1, \"a\": {{\"text\": \"{}\"}}}}", "\\u00c7a marche, 12: ok"),
            "{\"text\": [\"Ça \", {\"type\": \"bold\", \"text\": \"marche\"}, \", 12: ok\"]}".to_owned(),
            format!("2026-01-01,ana,\"{text}\",whatsapp\n"),
            format!("From: a\r\nTo: b\r\n\r\n{text}\r\n"),
            format!("<m><a>x</a><c>{text}</c></m>"),
        ] {
            assert_eq!(text_within(record.as_bytes(), f.chars, f.hash).as_deref(), Some(text), "{record}");
        }
        assert_eq!(text_within(b"something else", f.chars, f.hash), None);
    }

    #[test]
    fn the_date_of_a_mail_is_the_one_that_says_its_time() {
        let report =
            b"From x\nDate: Mon, 1 Jun 2026 10:00:05 +0000\n\n--b\n\nDATE:  Mon, 1 Jun 2026 18:00:00 +0800\r\n\nDate: Mon, 1 Jun 2026 10:00:00 +0000\n";
        let at = 1_780_308_000_000_000;
        assert_eq!(date_within(report, at), Some("Mon, 1 Jun 2026 18:00:00 +0800"));
        assert_eq!(date_within(report, at + 5_000_000), Some("Mon, 1 Jun 2026 10:00:05 +0000"));
        assert_eq!(date_within(report, at + 1), None);
    }
}
