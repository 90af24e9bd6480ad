//! Mail corpus: a journal with transport headers, plain and HTML parts, quoted answers, and attachments in every tenth mail.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Item, PEOPLE, Stream, address, name};
use crate::sample::write::mbox::{ctime, date};
use crate::text::base64;

/// How many earlier mails may still be answered.
const OPEN: usize = 512;

/// A mail that may be answered.
#[derive(Clone, Default)]
pub(super) struct Open {
    /// Its id, in angle brackets.
    pub id: String,
    /// The ids before it, a line each.
    pub references: String,
    /// Its subject, without what marks an answer.
    pub subject: String,
    /// Number of the first mail of its thread.
    pub root: usize,
}

/// A mail in its parts: what a mailbox and an Outlook data file both make of it.
pub(super) struct Letter {
    pub open: Open,
    /// Id of the mail it answers; empty for none.
    pub reply: String,
    /// Separator and headers up to those of its content.
    pub headers: String,
    pub paragraphs: Vec<String>,
    /// Lines of the answered mail.
    pub quoted: Vec<String>,
    /// Bytes of what is attached, in base64; 0 for nothing.
    pub attached: usize,
}

impl Letter {
    /// Its body: `quote` stands before a line that begins as a separator does.
    pub fn plain(&self, item: &Item, quote: &str, b: &mut String) {
        for p in &self.paragraphs {
            let _ = write!(b, "{p}\n\n");
        }
        if item.number % 50 == 7 {
            let _ = write!(b, "{quote}From the terminal: two trucks are late.\n\n");
        }
        let _ = write!(b, "Kind regards,\n{}\n", name(item.from));
        if !self.quoted.is_empty() {
            b.push_str("\nOn an earlier day a colleague wrote:\n");
        }
        for line in &self.quoted {
            let _ = writeln!(b, "> {line}");
        }
    }

    /// The same as HTML.
    pub fn html(&self, item: &Item, b: &mut String) {
        b.push_str("<html><head><style>p { font-family: sans-serif; margin: 0 0 1em }</style></head><body>\n");
        for p in &self.paragraphs {
            let _ = writeln!(b, "<p class=\"MsoNormal\"><span lang=\"EN-GB\">{p}</span></p>");
        }
        let _ = writeln!(b, "<p>Kind regards,<br>{}</p></body></html>", name(item.from));
    }
}

/// To whom a mail goes: the one it is for, and those who get a copy.
pub(super) fn addressed(item: &Item) -> (usize, Option<[usize; 2]>) {
    let to = (item.from + 1 + item.number % 11) % PEOPLE;
    (to, item.number.is_multiple_of(3).then(|| [(to + 5) % PEOPLE, (to + 9) % PEOPLE]))
}

pub(super) fn write(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    each(stream, |_, mail| out.write_all(mail.as_bytes()))
}

/// Gives each mail, with its separator line.
pub(super) fn each(stream: &mut Stream, mut give: impl FnMut(&Item, &str) -> io::Result<()>) -> io::Result<()> {
    let mut b = String::with_capacity(64 << 10);
    letters(stream, |item, letter, blob| {
        b.clear();
        b.push_str(&letter.headers);
        body(&mut b, item, letter, blob);
        give(item, &b)
    })
}

/// Gives each mail in its parts, and the base64 from which attachments are cut.
pub(super) fn letters(stream: &mut Stream, mut give: impl FnMut(&Item, &Letter, &str) -> io::Result<()>) -> io::Result<()> {
    let mut open: Vec<Open> = Vec::with_capacity(OPEN);
    let blob: Vec<u8> = (0..22_500).map(|_| (stream.random.bits() >> 56) as u8).collect();
    let blob = lines(&base64::encode(&blob));
    while let Some(item) = stream.item() {
        let answered = if stream.random.chance(0.55) { open.get(stream.random.below(open.len())).cloned() } else { None };
        let letter = letter(stream, &item, answered.as_ref(), blob.len());
        give(&item, &letter, &blob)?;
        let place = item.number % OPEN;
        match open.get_mut(place) {
            Some(old) => *old = letter.open,
            None => open.push(letter.open),
        }
    }
    Ok(())
}

fn letter(stream: &mut Stream, item: &Item, answered: Option<&Open>, most: usize) -> Letter {
    let mut headers_text = String::with_capacity(2048);
    let open = headers(&mut headers_text, stream, item, answered);
    let mut paragraphs = Vec::new();
    for _ in 0..2 + stream.random.below(6) {
        paragraphs.push(format!("{} {}", stream.text().to_owned(), stream.text()));
    }
    let quoted = (0..if answered.is_some() { 3 } else { 0 }).map(|_| stream.text().to_owned()).collect();
    let attached = if item.number % 10 == 4 { 1400 + stream.random.below(most.saturating_sub(1400)) } else { 0 };
    Letter { open, reply: answered.map_or_else(String::new, |a| a.id.clone()), headers: headers_text, paragraphs, quoted, attached: attached - attached % 77 }
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
    let (from, (to, copied)) = (item.from, addressed(item));
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
    if let Some([one, other]) = copied {
        let _ = write!(b, "\nCc: {},\n {}", address(one), address(other));
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
    Open { id, references, subject, root: answered.map_or(item.number, |a| a.root) }
}

fn body(b: &mut String, item: &Item, letter: &Letter, blob: &str) {
    let n = item.number;
    if letter.attached > 0 {
        let _ = write!(b, "Content-Type: multipart/mixed; boundary=\"=_mix{n:08}\"\n\n--=_mix{n:08}\n");
    }
    let _ = write!(
        b,
        "Content-Type: multipart/alternative; boundary=\"=_alt{n:08}\"\n\n--=_alt{n:08}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    );
    letter.plain(item, ">", b);
    let _ = write!(b, "\n--=_alt{n:08}\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n");
    letter.html(item, b);
    let _ = write!(b, "\n--=_alt{n:08}--\n");
    if letter.attached > 0 {
        let part = blob.get(..letter.attached).unwrap_or(blob);
        let _ = write!(
            b,
            "\n--=_mix{n:08}\nContent-Type: application/pdf; name=\"order-{n}.pdf\"\nContent-Disposition: attachment; filename=\"order-{n}.pdf\"\nContent-Transfer-Encoding: base64\n\n{part}\n--=_mix{n:08}--\n"
        );
    }
    b.push('\n');
}
