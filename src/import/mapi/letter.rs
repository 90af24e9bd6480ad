//! An item as a mail: a header block as mailers write it, so that all that is known of mail holds for items too.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::class::subject;
use super::props::{
    ADDRESS, BODY, DELIVERED, DISPLAY, FOR_ADDRESS, FOR_NAME, FOR_SMTP, FOR_TYPE, HEADERS, HTML, IN_REPLY_TO, MESSAGE_ID, NAME, Props, RECEIVED_SMTP,
    RECIPIENT_KIND, REFERENCES, RTF, SENDER_ADDRESS, SENDER_NAME, SENDER_SMTP, SENDER_TYPE, SMTP, SUBJECT, SUBMITTED, TYPE, Value,
};
use super::{Item, rtf};
use crate::features::Facts;
use crate::import::email::body::{Text, Transfer};
use crate::import::email::{Field, Headers};
use crate::text;
use crate::time;

/// Most recipients of a kind that are written.
const RECIPIENT_LIMIT: usize = 20_000;

/// The header block of an item: the one it came with, where it came from elsewhere, and what its properties say beside that.
pub fn headers(item: &Item, directory: &BTreeMap<String, String>, scan: &mut Headers) -> Vec<u8> {
    let props = &item.props;
    let came = props.text(HEADERS);
    // Exchange puts a line of its own before them.
    let came = came.strip_prefix("Microsoft Mail Internet Headers").and_then(|rest| rest.split_once('\n')).map_or(came.as_ref(), |(_, rest)| rest);
    let end = scan.scan(came.as_bytes(), true).unwrap_or(0);
    let mut out = if scan.mail_fields() >= 2 { came.get(..end).unwrap_or(came).trim_end().to_owned() } else { String::new() };
    if out.is_empty() {
        scan.scan(b"", true);
    } else {
        out.push_str("\r\n");
    }
    let add = |out: &mut String, field: Field, name: &str, value: String| {
        if !scan.has(field) && !value.is_empty() {
            let _ = write!(out, "{name}: {value}\r\n");
        }
    };
    if let Some(time) = props.time(SUBMITTED).or_else(|| props.time(DELIVERED)) {
        let stamp = time::rfc3339(time, true);
        add(&mut out, Field::Date, "Date", stamp.replacen('T', " ", 1).replace('Z', " +0000"));
    }
    let author = author(props, directory);
    add(&mut out, Field::From, "From", author.0);
    add(&mut out, Field::Sender, "Sender", author.1);
    recipients(item, directory, scan, &mut out);
    add(&mut out, Field::Subject, "Subject", line(subject(&props.text(SUBJECT))));
    add(&mut out, Field::MessageId, "Message-ID", bracketed(&props.text(MESSAGE_ID)));
    add(&mut out, Field::InReplyTo, "In-Reply-To", bracketed(&props.text(IN_REPLY_TO)));
    add(&mut out, Field::References, "References", line(&props.text(REFERENCES)));
    add(&mut out, Field::DeliveredTo, "Delivered-To", line(&props.text(RECEIVED_SMTP)));
    out.push_str("\r\n");
    out.into_bytes()
}

/// Author and, where another one, sender.
fn author(props: &Props, directory: &BTreeMap<String, String>) -> (String, String) {
    let smtp = |id: u16, kind: u16, address: u16| {
        let known = props.text(id);
        if known.contains('@') { known.into_owned() } else { best(&props.text(kind), &props.text(address), directory) }
    };
    let named = mailbox(&props.text(FOR_NAME), &smtp(FOR_SMTP, FOR_TYPE, FOR_ADDRESS));
    let sender = mailbox(&props.text(SENDER_NAME), &smtp(SENDER_SMTP, SENDER_TYPE, SENDER_ADDRESS));
    if named.is_empty() || named == sender { (sender, String::new()) } else { (named, sender) }
}

/// An address of Exchange's directory is kept as the key it is, where no other is known.
fn best(kind: &str, address: &str, directory: &BTreeMap<String, String>) -> String {
    // Mail gateways: `SMTP:a@b`.
    let address = address.strip_prefix("SMTP:").or_else(|| address.strip_prefix("smtp:")).unwrap_or(address);
    if !kind.eq_ignore_ascii_case("EX") {
        return address.to_owned();
    }
    let entry = entry(address);
    directory.get(&entry).cloned().unwrap_or(entry)
}

/// An entry of the directory as the key of a handle: `/o=firm/ou=group/cn=recipients/cn=ana`.
#[must_use]
pub fn entry(address: &str) -> String {
    address.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect()
}

fn recipients(item: &Item, directory: &BTreeMap<String, String>, scan: &Headers, out: &mut String) {
    let addressed = scan.has(Field::To) || scan.has(Field::Cc);
    for (kind, field, name) in [(1, Field::To, "To"), (2, Field::Cc, "Cc"), (3, Field::Bcc, "Bcc")] {
        if scan.has(field) || (addressed && kind != 3) {
            continue;
        }
        let mut list = String::new();
        // The upper bits say how a recipient was resolved; 0 is the organiser of a meeting.
        let of = |p: &&Props| p.number(RECIPIENT_KIND).unwrap_or(1) & 0xf == kind;
        for recipient in item.recipients.iter().filter(of).take(RECIPIENT_LIMIT) {
            let smtp = recipient.text(SMTP);
            let address = if smtp.contains('@') { smtp.into_owned() } else { best(&recipient.text(TYPE), &recipient.text(ADDRESS), directory) };
            let one = mailbox(&recipient.text(NAME), &address);
            if !one.is_empty() {
                list.push_str(if list.is_empty() { "" } else { ",\r\n " });
                list.push_str(&one);
            }
        }
        if item.recipients.is_empty() {
            let shown = item.props.text(DISPLAY.get(3 - usize::try_from(kind).unwrap_or(1)).copied().unwrap_or(0));
            let names: Vec<String> = shown.split(';').map(|n| mailbox(n, "")).filter(|n| !n.is_empty()).take(RECIPIENT_LIMIT).collect();
            list = names.join(",\r\n ");
        }
        if !list.is_empty() {
            let _ = write!(out, "{name}: {list}\r\n");
        }
    }
}

/// `"Name" <address>`.
fn mailbox(name: &str, address: &str) -> String {
    let address: String = text::bounded(address, 1000).chars().filter(|c| !c.is_control() && !matches!(c, '<' | '>' | ';' | ' ')).collect();
    let name = line(name.trim().trim_matches(['\'', '"']));
    let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
    match (name.is_empty(), address.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!("<{address}>"),
        // A name that is an address.
        (false, true) if name.contains('@') && !name.contains(' ') => format!("<{}>", name.replace(['<', '>', ';'], "")),
        (false, true) => format!("\"{quoted}\" <>"),
        (false, false) if name.eq_ignore_ascii_case(&address) => format!("<{address}>"),
        (false, false) => format!("\"{quoted}\" <{address}>"),
    }
}

/// A value in one line.
fn line(value: &str) -> String {
    text::bounded(value, 20_000).chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

fn bracketed(id: &str) -> String {
    let id = line(id);
    if id.is_empty() || id.starts_with('<') { id } else { format!("<{id}>") }
}

/// The HTML of an item: bytes, and the name of their encoding.
fn html(props: &Props) -> Option<(Vec<u8>, &'static str)> {
    match props.get(HTML)? {
        Value::Bytes(raw) | Value::Narrow(raw) => Some((raw.clone(), props.html_encoding().map_or("utf-8", encoding_rs::Encoding::name))),
        _ => Some((props.text(HTML).into_owned().into_bytes(), "utf-8")),
    }
}

/// Facts of the text of an item.
pub fn facts(item: &Item, text: &mut Text) -> Facts {
    text.reset();
    let props = &item.props;
    let plain = props.text(BODY);
    part(text, plain.as_bytes(), "utf-8", false);
    if text.plain.facts().hash == 0
        && let Some((raw, charset)) = html(props)
    {
        part(text, &raw, charset, true);
    }
    if text.facts().hash == 0
        && let Some(told) = props.bytes(RTF).and_then(rtf::unpack).map(|r| rtf::read(&r))
    {
        part(text, told.text.as_bytes(), "utf-8", told.html);
    }
    text.facts()
}

fn part(text: &mut Text, bytes: &[u8], charset: &str, html: bool) {
    text.begin(Transfer::Plain, Some(charset.as_bytes()), html);
    text.add(bytes);
    text.end();
}

/// An item as text for a person, as evidence: its headers and its body as it is, at most `limit` bytes.
#[must_use]
pub fn shown(item: &Item, limit: usize) -> String {
    let mut scan = Headers::default();
    let mut out = String::from_utf8_lossy(&headers(item, &BTreeMap::new(), &mut scan)).into_owned();
    let body = item.props.text(BODY);
    if !body.trim().is_empty() {
        out.push_str(&body);
    } else if let Some((raw, charset)) = html(&item.props) {
        let encoding = encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        out.push_str(&encoding.decode_without_bom_handling(&raw).0);
    } else if let Some(told) = item.props.bytes(RTF).and_then(rtf::unpack).map(|r| rtf::read(&r)) {
        out.push_str(&told.text);
    }
    if let Some(inner) = &item.inner {
        out.push_str("\r\n\r\n");
        out.push_str(&shown(inner, limit));
    }
    text::bounded(&out, limit).to_owned()
}
