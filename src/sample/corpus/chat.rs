//! WhatsApp, Telegram and CSV corpora.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{FLUSH, Stream, address, name, quoted, spill};
use crate::sample::write::whatsapp::{Locale, head};
use crate::time::rfc3339;

const LRM: char = '\u{200e}';
/// Notices of the chat beside its messages.
pub(super) const NOTICES: usize = 60;

/// An iPhone chat: 12-hour clock with U+202F, several lines, media with numbers, sixty system lines.
pub(super) fn whatsapp(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let mut b = String::with_capacity(FLUSH + 4096);
    let total = stream.left.max(1);
    let system = |b: &mut String, at: i64, n: usize| {
        let text = if n == 0 {
            "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them."
        } else {
            "changed this group's icon"
        };
        let actor = if n == 0 { String::new() } else { format!("{} ", name(n % 20)) };
        let by = if n == 0 { "Freight".to_owned() } else { name(n % 20) };
        b.push_str(&head(Locale::American, true, at));
        let _ = write!(b, "{by}: {LRM}{actor}{text}\r\n");
    };
    let mut notices = 0;
    while let Some(item) = stream.item() {
        while notices < NOTICES && item.number * NOTICES / total >= notices {
            system(&mut b, item.at, notices);
            notices += 1;
        }
        let media = item.number % 23 == 7;
        if media {
            b.push(LRM);
        }
        b.push_str(&head(Locale::American, true, item.at));
        b.push_str(&name(item.from));
        b.push_str(": ");
        if media {
            let _ = write!(b, "{LRM}<attached: {:08}-PHOTO-{}.jpg>", item.number + notices + 1, rfc3339(item.at * 1_000_000, false).replace([':', 'T'], "-"));
        } else if item.number % 41 == 3 {
            b.push_str("This message was deleted.");
            b.insert(b.len() - 25, LRM);
        } else {
            b.push_str(stream.text());
            for _ in 0..usize::from(item.number % 3 == 2) + 2 * usize::from(item.number.is_multiple_of(3)) {
                b.push('\n');
                b.push_str(stream.text());
            }
        }
        b.push_str("\r\n");
        spill(&mut b, out)?;
    }
    while notices < NOTICES {
        system(&mut b, super::START + super::SPAN, notices);
        notices += 1;
    }
    out.write_all(b.as_bytes())
}

/// One supergroup with dense ids, replies, edits, formatted text.
pub(super) fn telegram(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let mut b = String::with_capacity(FLUSH + 4096);
    b.push_str("{\n \"name\": \"Freight circle\",\n \"type\": \"private_supergroup\",\n \"id\": 1990000001,\n \"messages\": [\n");
    let _ = write!(
        b,
        "  {{\n   \"id\": 1,\n   \"type\": \"service\",\n   \"date\": \"2025-04-01T00:00:00\",\n   \"date_unixtime\": \"{}\",\n   \"actor\": \"Amelia Hartley\",\n   \"actor_id\": \"user610000000\",\n   \"action\": \"create_group\",\n   \"title\": \"Freight circle\",\n   \"members\": [],\n   \"text\": \"\",\n   \"text_entities\": []\n  }}",
        super::START
    );
    while let Some(item) = stream.item() {
        let id = item.number + 2;
        let _ = write!(
            b,
            ",\n  {{\n   \"id\": {id},\n   \"type\": \"message\",\n   \"date\": \"{}\",\n   \"date_unixtime\": \"{}\",\n",
            rfc3339(item.at * 1_000_000, false),
            item.at
        );
        if item.number % 31 == 0 {
            let _ = write!(b, "   \"edited\": \"{}\",\n   \"edited_unixtime\": \"{}\",\n", rfc3339((item.at + 60) * 1_000_000, false), item.at + 60);
        }
        let _ = write!(b, "   \"from\": \"{}\",\n   \"from_id\": \"user{}\",\n", name(item.from), 610_000_000 + item.from);
        if item.number % 4 == 1 && id > 12 {
            let _ = writeln!(b, "   \"reply_to_message_id\": {},", id - 1 - item.number % 9);
        }
        if item.number % 17 == 5 {
            b.push_str("   \"photo\": \"(File not included. Change data exporting settings to download.)\",\n   \"width\": 1280,\n   \"height\": 960,\n");
        }
        let mut first = stream.text().to_owned();
        if item.number % 3 == 1 {
            first.push(' ');
            first.push_str(stream.text());
        }
        let second = stream.text();
        if item.number.is_multiple_of(9) {
            let _ = write!(
                b,
                "   \"text\": [\n    {},\n    {{\n     \"type\": \"bold\",\n     \"text\": {}\n    }}\n   ],\n   \"text_entities\": [\n    {{\n     \"type\": \"plain\",\n     \"text\": {}\n    }},\n    {{\n     \"type\": \"bold\",\n     \"text\": {}\n    }}\n   ]",
                quoted(&first),
                quoted(second),
                quoted(&first),
                quoted(second)
            );
        } else {
            let text = quoted(&first);
            let _ = write!(b, "   \"text\": {text},\n   \"text_entities\": [\n    {{\n     \"type\": \"plain\",\n     \"text\": {text}\n    }}\n   ]");
        }
        if item.number % 7 == 4 {
            let _ = write!(
                b,
                ",\n   \"reactions\": [\n    {{\n     \"type\": \"emoji\",\n     \"count\": 1,\n     \"emoji\": \"👍\",\n     \"recent\": [\n      {{\n       \"from\": \"{}\",\n       \"from_id\": \"user{}\",\n       \"date\": \"{}\"\n      }}\n     ]\n    }}\n   ]",
                name(3),
                610_000_003,
                rfc3339((item.at + 30) * 1_000_000, false)
            );
        }
        b.push_str("\n  }");
        spill(&mut b, out)?;
    }
    b.push_str("\n ]\n}\n");
    out.write_all(b.as_bytes())
}

/// The normalised columns; some texts with commas, quotes and line breaks.
pub(super) fn csv(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let mut b = String::with_capacity(FLUSH + 4096);
    b.push_str(crate::sample::write::csv::HEADING);
    while let Some(item) = stream.item() {
        let to = (item.from + 1 + item.number % 7) % super::PEOPLE;
        let _ = write!(
            b,
            "{},teams,direct-{:03}-{:03},{},{},corpus-{:07},,",
            rfc3339(item.at * 1_000_000, true),
            item.from.min(to),
            item.from.max(to),
            address(item.from),
            address(to),
            item.number
        );
        let mut text = stream.text().to_owned();
        if item.number % 13 == 1 {
            text.push_str("\n\"");
            text.push_str(stream.text());
            text.push('"');
        }
        crate::sample::write::csv::cell(&mut b, &text);
        let _ = write!(b, ",{}\r\n", address(item.from));
        spill(&mut b, out)?;
    }
    out.write_all(b.as_bytes())
}
