//! What phones' messengers export: Messages as text and pages, Signal as chats, backups and events.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Clock, PEOPLE, Stream, escaped, name, phone, quoted, records};
use crate::text::base64;
use crate::time::rfc3339;

/// `Apr 01, 2025  9:02:00 AM`
fn stamp(at: i64) -> String {
    let c = Clock::of(at);
    let (hour, half) = c.half();
    format!("{} {:02}, {} {hour:>2}:{:02}:{:02} {half}", c.month_name().get(..3).unwrap_or_default(), c.date, c.year, c.minute, c.second)
}

/// imessage-exporter 2, text.
pub(super) fn imessage_txt(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    records(stream, out, ["", "", ""], |b, item, text| {
        let who = if item.from == 0 { "Me".to_owned() } else { name(item.from) };
        let _ = write!(b, "{}\n{who}\n{text}\n\n", stamp(item.at));
    })
}

/// imessage-exporter 2, page.
pub(super) fn imessage_html(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let head = "<html>\n<head><meta charset=\"UTF-8\"><style>.message { margin: 1% }</style></head>\n<body>\n";
    records(stream, out, [head, "", "</body>\n</html>\n"], |b, item, text| {
        let (class, who) = if item.from == 0 { ("sent iMessage", "Me".to_owned()) } else { ("received", name(item.from)) };
        let _ = write!(
            b,
            "<div class=\"message\">\n<div class=\"{class}\">\n<p><span class=\"timestamp\"><a title=\"Reveal in Messages app\" href=\"sms://open?message-guid=AAAA-{}\">{}</a></span>\n<span class=\"sender\">{who}</span></p>\n<hr><div class=\"message_part\">\n<span class=\"bubble\">{}</span>\n</div>\n</div>\n</div>\n",
            item.number,
            stamp(item.at),
            escaped(text)
        );
    })
}

/// signal-export 2: lines of one chat.
pub(super) fn signal_chat(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    records(stream, out, ["", "", ""], |b, item, text| {
        let who = if item.from % 2 == 0 { "Me".to_owned() } else { name(1) };
        let _ = writeln!(b, "[{}] {who}: {text}  ", rfc3339(item.at * 1_000_000, false).replace('T', " "));
    })
}

fn uuid(from: usize) -> String {
    format!("{0:08}-0202-4202-8202-0202020202{from:02}", from + 1)
}

/// Signal's own export, version 1: recipients, chats, then the messages.
pub(super) fn signal_export(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let mut head = String::from(
        "{\"version\":\"1\",\"backupTimeMs\":\"1790000000000\",\"mediaRootBackupKey\":\"a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\",\"currentAppVersion\":\"Desktop 7.60.0\"}\n{\"account\":{\"profileKey\":\"cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA=\",\"username\":\"mira.07\",\"givenName\":\"Mira\",\"familyName\":\"Solberg\",\"accountSettings\":{\"readReceipts\":true}}}\n{\"recipient\":{\"id\":\"1\",\"self\":{}}}\n",
    );
    for p in 0..PEOPLE {
        let (who, number) = (name(p), phone(p));
        let (given, family) = who.split_once(' ').unwrap_or_default();
        let _ = write!(
            head,
            "{{\"recipient\":{{\"id\":\"{}\",\"contact\":{{\"aci\":\"{}\",\"e164\":\"{}\",\"profileGivenName\":\"{given}\",\"profileFamilyName\":\"{family}\",\"registered\":{{}}}}}}}}\n{{\"chat\":{{\"id\":\"{}\",\"recipientId\":\"{}\"}}}}\n",
            p + 2,
            base64::encode(&[p as u8 + 2; 16]),
            number.trim_start_matches('+'),
            p + 1,
            p + 2
        );
    }
    records(stream, out, [&head, "", ""], |b, item, text| {
        let (at, chat) = (item.at * 1000 + item.number as i64 % 1000, item.from + 1);
        let _ = if item.number % 2 == 0 {
            write!(
                b,
                "{{\"chatItem\":{{\"chatId\":\"{chat}\",\"authorId\":\"1\",\"dateSent\":\"{at}\",\"outgoing\":{{\"sendStatus\":[{{\"recipientId\":\"{}\",\"timestamp\":\"{}\",\"delivered\":{{\"sealedSender\":true}}}}],\"dateReceived\":\"{at}\"}}",
                chat + 1,
                at + 900
            )
        } else {
            write!(
                b,
                "{{\"chatItem\":{{\"chatId\":\"{chat}\",\"authorId\":\"{}\",\"dateSent\":\"{at}\",\"incoming\":{{\"dateReceived\":\"{}\",\"dateServerSent\":\"{}\",\"read\":true}}",
                chat + 1,
                at + 400,
                at + 300
            )
        };
        let _ = writeln!(b, ",\"standardMessage\":{{\"text\":{{\"body\":{}}}}}}}}}", quoted(text));
    })
}

/// What signal-cli receives, a line each.
pub(super) fn signal_json(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    records(stream, out, ["", "\n", "\n"], |b, item, text| {
        let (at, id, own) = (item.at * 1000 + item.number as i64 % 1000, uuid(item.from), item.from == 0);
        let _ = write!(
            b,
            "{{\"envelope\":{{\"source\":\"{id}\",\"sourceNumber\":\"{}\",\"sourceUuid\":\"{id}\",\"sourceName\":\"{}\",\"sourceDevice\":1,\"timestamp\":{at},\"serverReceivedTimestamp\":{},",
            phone(item.from),
            name(item.from),
            at + 50
        );
        let said = format!("\"timestamp\":{at},\"message\":{},\"expiresInSeconds\":0,\"viewOnce\":false", quoted(text));
        let _ = if own {
            let (to, number) = (uuid(1 + item.number % 9), phone(1 + item.number % 9));
            write!(b, "\"syncMessage\":{{\"sentMessage\":{{\"destination\":\"{to}\",\"destinationNumber\":\"{number}\",\"destinationUuid\":\"{to}\",{said}}}}}")
        } else {
            write!(b, "\"dataMessage\":{{{said}}}")
        };
        let _ = write!(b, "}},\"account\":\"{}\"}}", phone(0));
    })
}
