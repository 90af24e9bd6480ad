//! Tables of one producer: Concordance load files, Signal, Discord, WeChat.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Stream, address, name, other, records};
use crate::sample::write::csv::cell;
use crate::time::rfc3339;

/// A Concordance load file in UTF-8, fields in thorns.
pub(super) fn dat(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    const FIELDS: [&str; 14] = [
        "BEGDOC",
        "ENDDOC",
        "BEGATTACH",
        "ENDATTACH",
        "CUSTODIAN",
        "FROM",
        "TO",
        "CC",
        "SUBJECT",
        "DATESENT",
        "TIMESENT",
        "MESSAGEID",
        "DOCTYPE",
        "EXTRACTEDTEXT",
    ];
    let row = |cells: &[&str]| format!("þ{}þ\r\n", cells.join("þ\u{14}þ"));
    records(stream, out, [&format!("\u{feff}{}", row(&FIELDS)), "", ""], |b, item, text| {
        let at = rfc3339(item.at * 1_000_000, false);
        let (day, time) = at.split_once('T').unwrap_or_default();
        let (id, custodian) = (format!("ABC-{:07}", item.number + 1), name(other(item)));
        let from = format!("{} <{}>", name(item.from), address(item.from));
        let to = format!("{custodian} <{}>", address(other(item)));
        let mid = format!("<u{}@marlowequay.example>", item.number);
        let subject = format!("Order {}", item.number % 997);
        let body = format!("{text} {text}\u{ae}{text}");
        b.push_str(&row(&[&id, &id, &id, &id, &custodian, &from, &to, "", &subject, day, time.get(..5).unwrap_or_default(), &mid, "E-Mail", &body]));
    })
}

/// The table of messages out of Signal's database.
pub(super) fn signal_csv(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let head = "_id,thread_id,from_recipient_id,to_recipient_id,date_sent,date_received,date_server,type,body,expires_in,expire_started,view_once,remote_deleted,quote_id,latest_revision_id\n";
    records(stream, out, [head, "", ""], |b, item, text| {
        let (at, them) = (item.at * 1000 + item.number as i64 % 1000, item.from + 2);
        let (from, to, kind) = if item.number % 2 == 0 { (1, them, 12_582_935) } else { (them, 1, 12_582_932) };
        let _ = write!(b, "{},{},{from},{to},{at},{},{},{kind},", item.number + 1, item.from + 1, at + 200, at + 100);
        cell(b, text);
        b.push_str(",0,0,0,0,0,\n");
    })
}

/// DiscordChatExporter 2.43.
pub(super) fn discord_csv(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    records(stream, out, ["AuthorID,Author,Date,Content,Attachments,Reactions\n", "", ""], |b, item, text| {
        let _ = writeln!(
            b,
            "\"2000000000000000{:02}\",\"person{:02}\",\"{}.0000000+00:00\",\"{}\",\"\",\"\"",
            item.from,
            item.from,
            rfc3339(item.at * 1_000_000, false),
            text.replace('"', "\"\"")
        );
    })
}

/// `MemoTrace`, all chats.
pub(super) fn wechat_csv(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let head = "\u{feff}localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\r\n";
    records(stream, out, [head, "", ""], |b, item, text| {
        let own = item.number % 3 == 0;
        let _ = write!(b, "{},{},1,0,{},{},,", item.number + 70_000, item.from + 1, u8::from(own), item.at);
        cell(b, text);
        let written = rfc3339((item.at + 8 * 3600) * 1_000_000, false).replace('T', " ");
        let _ =
            if own { write!(b, ",{written},,王伟,wxid_owner01\r\n") } else { write!(b, ",{written},,{},wxid_person{:02}\r\n", name(item.from), item.from) };
    })
}
