//! XML: the backup of a phone, a discovery package, a compliance dump.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{PEOPLE, SPAN, START, Stream, address, escaped, name, other, phone, records};
use crate::time::rfc3339;

/// SMS Backup & Restore 10.21; a picture message in every fortieth.
pub(super) fn sms_backup(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let head = format!(
        "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<!--File Created By SMS Backup & Restore v10.21.001 on 01/10/2026 18:00:05-->\n<?xml-stylesheet type=\"text/xsl\" href=\"sms.xsl\"?>\n<smses count=\"{}\" backup_set=\"7b0c2a51-90c3-4a3e-8f6d-2f1f6a0e9d11\" backup_date=\"{}\" type=\"full\">\n",
        stream.left,
        (START + SPAN) * 1000
    );
    let picture = "A".repeat(8000);
    records(stream, out, [&head, "", "</smses>\n"], |b, item, text| {
        let (at, number, who, text) = (item.at * 1000 + item.number as i64 % 1000, phone(item.from), name(item.from), escaped(text));
        let _ = if item.number % 40 == 17 {
            writeln!(
                b,
                "  <mms date=\"{at}\" rr=\"129\" sub=\"null\" ct_t=\"application/vnd.wap.multipart.related\" msg_box=\"1\" address=\"{number}\" m_id=\"m{}\" read=\"1\" m_type=\"132\" text_only=\"0\" date_sent=\"{}\" contact_name=\"{who}\">\n    <parts>\n      <part seq=\"0\" ct=\"text/plain\" name=\"null\" chset=\"106\" text=\"{text}\" />\n      <part seq=\"1\" ct=\"image/jpeg\" name=\"site.jpg\" chset=\"null\" text=\"null\" data=\"{picture}\" />\n    </parts>\n    <addrs>\n      <addr address=\"{number}\" type=\"137\" charset=\"106\" />\n      <addr address=\"+447700900199\" type=\"151\" charset=\"106\" />\n    </addrs>\n  </mms>",
                item.number,
                at / 1000
            )
        } else {
            writeln!(
                b,
                "  <sms protocol=\"0\" address=\"{number}\" date=\"{at}\" type=\"{}\" subject=\"null\" body=\"{text}\" toa=\"null\" sc_toa=\"null\" service_center=\"+447700900999\" read=\"1\" status=\"-1\" locked=\"0\" date_sent=\"{}\" sub_id=\"1\" readable_date=\"{}\" contact_name=\"{who}\" />",
                1 + item.number % 2,
                at - 1000,
                rfc3339(item.at * 1_000_000, false)
            )
        };
    })
}

/// EDRM XML 1.2: a document for each mail, its text inside.
pub(super) fn edrm(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let head =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Root MajorVersion=\"1\" MinorVersion=\"2\" DataInterchangeType=\"Update\">\n  <Batch>\n    <Documents>\n";
    records(stream, out, [head, "", "    </Documents>\n  </Batch>\n</Root>\n"], |b, item, text| {
        let (n, text) = (item.number + 1, escaped(text));
        let tag = |name: &str, kind: &str, value: &str| format!("          <Tag TagName=\"#{name}\" TagDataType=\"{kind}\" TagValue=\"{value}\"/>\n");
        let tags = [
            tag("From", "Text", &format!("{} &lt;{}&gt;", name(item.from), address(item.from))),
            tag("To", "Text", &format!("{} &lt;{}&gt;", name(other(item)), address(other(item)))),
            tag("CC", "Text", ""),
            tag("Subject", "Text", &format!("Order {}", n % 997)),
            tag("DateSent", "DateTime", &rfc3339(item.at * 1_000_000, true)),
            tag("MessageID", "Text", &format!("&lt;e{n}@marlowequay.example&gt;")),
        ];
        let _ = write!(
            b,
            "      <Document DocID=\"DOC-{n}\" DocType=\"Message\" MimeType=\"message/rfc822\">\n        <Tags>\n{}        </Tags>\n        <Files>\n          <File FileType=\"Native\"><ExternalFile FilePath=\"natives\" FileName=\"DOC-{n}.eml\" FileSize=\"812\" Hash=\"00\"/></File>\n          <File FileType=\"Text\"><InlineContent>{text} {text} {text}</InlineContent></File>\n        </Files>\n        <Locations><Location><Custodian>{}</Custodian><LocationURI>pst://box.pst/Inbox</LocationURI></Location></Locations>\n      </Document>\n",
            tags.concat(),
            name(other(item))
        );
    })
}

/// Mattermost's export in the Actiance shape: one room that all enter and leave.
pub(super) fn filedump(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    // One after the other: who is there from the first to the last moment of a dump did not move.
    let moved = |tag: &str, at: i64| -> String {
        (0..PEOPLE)
            .map(|p| {
                format!(
                    "<{tag}><LoginName>{0}</LoginName><UserType>user</UserType><DateTimeUTC>{1}</DateTimeUTC><CorporateEmailID>{0}</CorporateEmailID></{tag}>\n",
                    address(p),
                    (at + p as i64) * 1000
                )
            })
            .collect()
    };
    let (begin, end) = (START, START + 2 * SPAN);
    let head = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<FileDump xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n<Conversation Perspective=\"Desk\">\n<RoomID>private - desk - y6xq3k7mbjd5bn1c4x8h9w2r3o</RoomID>\n<StartTimeUTC>{}</StartTimeUTC>\n{}",
        begin * 1000,
        moved("ParticipantEntered", begin + 1)
    );
    let tail = format!("{}<EndTimeUTC>{}</EndTimeUTC>\n</Conversation>\n</FileDump>\n", moved("ParticipantLeft", end - 100), end * 1000);
    records(stream, out, [&head, "", &tail], |b, item, text| {
        let _ = writeln!(
            b,
            "<Message><MessageId>m{}</MessageId><LoginName>{}</LoginName><UserType>user</UserType><DateTimeUTC>{}</DateTimeUTC><Content>{}</Content></Message>",
            item.number,
            address(item.from),
            item.at * 1000,
            escaped(text)
        );
    })
}
