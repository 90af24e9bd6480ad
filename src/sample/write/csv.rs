//! Teams, SMS and WeChat as plain tables, in the columns of the normalised schema; times in UTC with `Z`.

use super::text_file;
use crate::sample::traffic::{Channel, Note, Party, Shape, Talk};
use crate::sample::{Firm, SampleFile, texts};
use crate::time::rfc3339;

/// Heading of the tables.
pub const HEADING: &str = "timestamp,platform,conversation,sender,recipients,message_id,reply_to,body,custodian\r\n";

/// The three tables.
pub(crate) fn write(firm: &Firm) -> Vec<SampleFile> {
    [Channel::Teams, Channel::Sms, Channel::WeChat].into_iter().map(|c| text_file(format!("{}.csv", c.slug()), table(firm, c))).collect()
}

/// Appends a cell, quoted where RFC 4180 asks for it.
pub fn cell(out: &mut String, text: &str) {
    if text.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

fn handle(firm: &Firm, channel: Channel, party: Party) -> &str {
    match (channel, party) {
        (Channel::Sms, Party::Staff(s)) => firm.people.staff.get(s).map_or("", |e| &e.sms),
        (Channel::Sms, Party::Contact(c)) => firm.people.contacts.get(c).map_or("", |c| &c.sms),
        (Channel::Teams, Party::Staff(s)) => firm.people.staff.get(s).map_or("", |e| &e.teams),
        (Channel::Sms, Party::Friend(_)) => firm.name(party),
        (Channel::WeChat, Party::Staff(s)) => firm.people.staff.get(s).map_or("", |e| &e.wechat),
        (Channel::WeChat, Party::Contact(c)) => firm.people.contacts.get(c).map_or("", |c| &c.wechat),
        _ => firm.email(party),
    }
}

/// Whose account holds it: the sender's, or the employee's among the members.
fn custodian(firm: &Firm, talk: &Talk, note: &Note) -> String {
    let staff = std::iter::once(&note.from).chain(&talk.members).find(|p| matches!(p, Party::Staff(_)));
    staff.map(|p| firm.email(*p).to_owned()).unwrap_or_default()
}

fn table(firm: &Firm, channel: Channel) -> String {
    let mut out = String::from(HEADING);
    let mut body = String::new();
    for note in firm.traffic.notes.iter().filter(|n| !n.gone) {
        let Some(talk) = firm.traffic.talk(note).filter(|t| t.channel == channel) else { continue };
        out.push_str(&rfc3339(note.at * 1_000_000, true));
        out.push(',');
        out.push_str(channel.slug());
        out.push_str(&format!(",{}-{:04},", if talk.shape == Shape::Direct { "direct" } else { "room" }, note.talk));
        cell(&mut out, handle(firm, channel, note.from));
        out.push(',');
        let others: Vec<&str> = talk.members.iter().filter(|p| **p != note.from).map(|p| handle(firm, channel, *p)).collect();
        cell(&mut out, &others.join("; "));
        out.push_str(&format!(",{}-{:04}-{:05},,", channel.slug(), note.talk, note.number));
        body.clear();
        texts::write(note.kind, talk.language, note.seed, 1, &mut body);
        cell(&mut out, &body);
        out.push(',');
        cell(&mut out, &custodian(firm, talk, note));
        out.push_str("\r\n");
    }
    out
}
