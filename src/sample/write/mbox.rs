//! Journal mailboxes, one per office: every mail once, mboxrd quoting (`>From`), threads by Message-ID, In-Reply-To and References.

use super::text_file;
use crate::sample::calendar::Region;
use crate::sample::texts::{self, Kind};
use crate::sample::traffic::{Channel, Note, Party, Talk};
use crate::sample::{Firm, SampleFile};
use crate::text::base64;
use crate::time::{MONTHS, WEEKDAYS, civil, weekday};

/// The mailboxes.
pub(crate) fn write(firm: &Firm) -> Vec<SampleFile> {
    Region::ALL
        .into_iter()
        .map(|region| {
            let mut out = String::new();
            for (i, note) in firm.traffic.notes.iter().enumerate().filter(|(_, n)| !n.gone) {
                let Some(talk) = firm.traffic.talk(note).filter(|t| t.channel == Channel::Email && office(firm, t) == region) else { continue };
                mail(firm, i, note, talk, &mut out);
            }
            text_file(format!("mail/journal-{}.mbox", region.name().to_lowercase().replace(' ', "-")), out)
        })
        .collect()
}

fn office(firm: &Firm, talk: &Talk) -> Region {
    let staff = talk.members.iter().find_map(|p| if let Party::Staff(s) = p { firm.people.staff.get(*s) } else { None });
    staff.map_or(Region::London, |e| e.region)
}

/// `Tue, 1 Apr 2025 08:30:00 +0000`.
#[must_use]
pub fn date(at: i64) -> String {
    let day = i32::try_from(at.div_euclid(86_400)).unwrap_or(0);
    let (y, m, d) = civil(day);
    let s = at.rem_euclid(86_400);
    format!(
        "{}, {d} {} {y} {:02}:{:02}:{:02} +0000",
        named(&WEEKDAYS, usize::from(weekday(day))),
        named(&MONTHS, m as usize - 1),
        s / 3600,
        s / 60 % 60,
        s % 60
    )
}

/// `Tue Apr  1 08:30:00 2025`, as in a separator line.
#[must_use]
pub fn ctime(at: i64) -> String {
    let day = i32::try_from(at.div_euclid(86_400)).unwrap_or(0);
    let (y, m, d) = civil(day);
    let s = at.rem_euclid(86_400);
    format!("{} {} {d:>2} {:02}:{:02}:{:02} {y}", named(&WEEKDAYS, usize::from(weekday(day))), named(&MONTHS, m as usize - 1), s / 3600, s / 60 % 60, s % 60)
}

fn named(names: &[&'static str], at: usize) -> &'static str {
    names.get(at).copied().unwrap_or_default()
}

/// Text of a header: plain where it is ASCII, otherwise an encoded word (RFC 2047).
fn header_text(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { format!("=?UTF-8?B?{}?=", base64::encode(text.as_bytes())) }
}

fn address(firm: &Firm, party: Party) -> String {
    format!("{} <{}>", header_text(firm.name(party)), firm.email(party))
}

fn message_id(firm: &Firm, index: usize) -> String {
    let host = firm.traffic.notes.get(index).map_or("", |n| firm.email(n.from)).rsplit('@').next().unwrap_or_default();
    format!("<{index:06x}.mq@{host}>")
}

fn mail(firm: &Firm, index: usize, note: &Note, talk: &Talk, out: &mut String) {
    let root = firm.traffic.notes.get(note.root as usize).unwrap_or(note);
    let re = if note.parent.is_some() { "Re: " } else { "" };
    let to: Vec<String> = talk.members.iter().filter(|p| **p != note.from).map(|p| address(firm, *p)).collect();
    let (first, copied) = to.split_first().map_or((String::new(), Vec::new()), |(f, r)| (f.clone(), r.to_vec()));
    out.push_str(&format!("From {} {}\n", firm.email(note.from), ctime(note.at)));
    out.push_str(&format!("From: {}\nTo: {first}\n", address(firm, note.from)));
    if !copied.is_empty() {
        out.push_str(&format!("Cc: {}\n", copied.join(", ")));
    }
    out.push_str(&format!(
        "Subject: {re}{}\nDate: {}\nMessage-ID: {}\n",
        header_text(&texts::subject(talk.language, root.seed)),
        date(note.at),
        message_id(firm, index)
    ));
    if let Some(parent) = note.parent {
        let parent_id = message_id(firm, parent as usize);
        out.push_str(&format!("In-Reply-To: {parent_id}\nReferences: "));
        if note.root != parent {
            out.push_str(&format!("{} ", message_id(firm, note.root as usize)));
        }
        out.push_str(&format!("{parent_id}\n"));
    }
    let attachment = note.seed.is_multiple_of(29) && note.kind == Kind::Work;
    let mut body = String::new();
    texts::write(note.kind, talk.language, note.seed, 1 + (note.seed >> 40) as usize % 2, &mut body);
    if body.starts_with("From ") {
        body.insert(0, '>');
    }
    let name = firm.name(note.from).split(' ').next().unwrap_or_default();
    const TEXT: &str = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n";
    out.push_str("MIME-Version: 1.0\n");
    if attachment {
        let edge = format!("mq{index:06x}");
        let paper = base64::encode(format!("%PDF-1.4 sample document {index}").as_bytes());
        out.push_str(&format!("Content-Type: multipart/mixed; boundary=\"{edge}\"\n\n--{edge}\n{TEXT}\n{body}\n\n{name}\n--{edge}\n"));
        out.push_str(&format!(
            "Content-Type: application/pdf; name=\"order-{index}.pdf\"\nContent-Disposition: attachment; filename=\"order-{index}.pdf\"\nContent-Transfer-Encoding: base64\n\n{paper}\n--{edge}--\n\n"
        ));
    } else {
        out.push_str(&format!("{TEXT}\n{body}\n\n{name}\n\n"));
    }
}
