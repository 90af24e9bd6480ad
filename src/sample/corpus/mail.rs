//! Mail corpus: a journal with transport headers, plain and HTML parts, quoted answers, and attachments in every tenth mail.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Item, PEOPLE, Stream, address, name};
use crate::sample::write::mbox::{ctime, date};
use crate::text::base64;

/// How many earlier mails may still be answered.
const OPEN: usize = 512;

/// A mail that may be answered: its id, the ids before it, its subject.
#[derive(Clone, Default)]
struct Open {
    id: String,
    references: String,
    subject: String,
}

pub(super) fn write(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    each(stream, |_, mail| out.write_all(mail.as_bytes()))
}

/// Gives each mail, with its separator line.
pub(super) fn each(stream: &mut Stream, mut give: impl FnMut(&Item, &str) -> io::Result<()>) -> io::Result<()> {
    let mut open: Vec<Open> = Vec::with_capacity(OPEN);
    let blob: Vec<u8> = (0..22_500).map(|_| (stream.random.bits() >> 56) as u8).collect();
    let blob = lines(&base64::encode(&blob));
    let mut b = String::with_capacity(64 << 10);
    while let Some(item) = stream.item() {
        b.clear();
        let answered = if stream.random.chance(0.55) { open.get(stream.random.below(open.len())).cloned() } else { None };
        let mail = headers(&mut b, stream, &item, answered.as_ref());
        body(&mut b, stream, &item, answered.is_some(), &blob);
        let place = item.number % OPEN;
        match open.get_mut(place) {
            Some(old) => *old = mail,
            None => open.push(mail),
        }
        give(&item, &b)?;
    }
    Ok(())
}

/// Base64 in lines of 76.
fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 76 + 1);
    let mut rest = text;
    while let Some((line, tail)) = rest.split_at_checked(76) {
        out.push_str(line);
        out.push('\n');
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn headers(b: &mut String, stream: &mut Stream, item: &Item, answered: Option<&Open>) -> Open {
    let (from, to) = (item.from, (item.from + 1 + item.number % 11) % PEOPLE);
    let id = format!("<CA{:08x}.{:016x}@{}>", item.number, stream.random.bits(), address(from).rsplit('@').next().unwrap_or_default());
    let subject = answered.map_or_else(
        || format!("Order MQ-{:05}, {}", item.number % 100_000, ["wheat", "copper", "freight", "contract"].get(item.number % 4).unwrap_or(&"")),
        |a| a.subject.clone(),
    );
    let stamp = date(item.at);
    let _ = writeln!(b, "From {} {}", address(from), ctime(item.at));
    for hop in 1..4 {
        let _ = write!(
            b,
            "Received: from mx{hop}.halden-metals.example (mx{hop}.halden-metals.example [192.0.2.{}])\n\tby in{hop}.marlowequay.example (Postfix) with ESMTPS id {:010X}\n\tfor <{}>; {stamp}\n",
            item.number % 250,
            item.number * 31 + hop,
            address(to)
        );
    }
    let _ = write!(
        b,
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=marlowequay.example;\n\ts=s2025; t={}; h=from:to:subject:date:message-id;\n\tbh={}; b={}\n",
        item.at,
        base64::encode(&item.number.to_le_bytes()),
        lines(&base64::encode(format!("{id}{id}{id}").as_bytes())).replace('\n', "\n\t")
    );
    let sender = name(from);
    let sender = if sender.is_ascii() { sender } else { format!("=?UTF-8?B?{}?=", base64::encode(sender.as_bytes())) };
    let _ = write!(b, "From: {sender} <{}>\nTo: {}", address(from), address(to));
    if item.number.is_multiple_of(3) {
        let _ = write!(b, "\nCc: {},\n {}", address((to + 5) % PEOPLE), address((to + 9) % PEOPLE));
    }
    let re = if answered.is_some() { "Re: " } else { "" };
    let _ = write!(b, "\nSubject: {re}{subject}\nDate: {stamp}\nMessage-ID: {id}\n");
    let references = answered.map_or_else(String::new, |a| {
        let mut chain = a.references.clone();
        // Long chains are cut from the old end, as mail programs do.
        if chain.len() > 500 {
            chain = chain.split_once('\n').map(|(_, t)| t.trim_start().to_owned()).unwrap_or_default();
        }
        if !chain.is_empty() {
            chain.push_str("\n ");
        }
        chain.push_str(&a.id);
        chain
    });
    if let Some(a) = answered {
        let _ = write!(b, "In-Reply-To: {}\nReferences: {references}\n", a.id);
    }
    b.push_str("X-Mailer: Sample Mail 1.0\nMIME-Version: 1.0\n");
    Open { id, references, subject }
}

fn body(b: &mut String, stream: &mut Stream, item: &Item, answer: bool, blob: &str) {
    let n = item.number;
    let attachment = n % 10 == 4;
    if attachment {
        let _ = write!(b, "Content-Type: multipart/mixed; boundary=\"=_mix{n:08}\"\n\n--=_mix{n:08}\n");
    }
    let _ = write!(
        b,
        "Content-Type: multipart/alternative; boundary=\"=_alt{n:08}\"\n\n--=_alt{n:08}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    );
    let mut paragraphs = Vec::new();
    for _ in 0..2 + stream.random.below(6) {
        paragraphs.push(format!("{} {}", stream.text().to_owned(), stream.text()));
    }
    for p in &paragraphs {
        let _ = write!(b, "{p}\n\n");
    }
    if n % 50 == 7 {
        b.push_str(">From the terminal: two trucks are late.\n\n");
    }
    let _ = write!(b, "Kind regards,\n{}\n", name(item.from));
    if answer {
        b.push_str("\nOn an earlier day a colleague wrote:\n");
        for _ in 0..3 {
            let _ = writeln!(b, "> {}", stream.text());
        }
    }
    let _ = write!(
        b,
        "\n--=_alt{n:08}\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<html><head><style>p {{ font-family: sans-serif; margin: 0 0 1em }}</style></head><body>\n"
    );
    for p in &paragraphs {
        let _ = writeln!(b, "<p class=\"MsoNormal\"><span lang=\"EN-GB\">{p}</span></p>");
    }
    let _ = write!(b, "<p>Kind regards,<br>{}</p></body></html>\n\n--=_alt{n:08}--\n", name(item.from));
    if attachment {
        let size = 1400 + stream.random.below(blob.len().saturating_sub(1400));
        let size = size - size % 77;
        let part = blob.get(..size).unwrap_or(blob);
        let _ = write!(
            b,
            "\n--=_mix{n:08}\nContent-Type: application/pdf; name=\"order-{n}.pdf\"\nContent-Disposition: attachment; filename=\"order-{n}.pdf\"\nContent-Transfer-Encoding: base64\n\n{part}\n--=_mix{n:08}--\n"
        );
    }
    b.push('\n');
}
