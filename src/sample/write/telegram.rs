//! Telegram Desktop account exports (`result.json`), one per employee who uses it: private chats share one counter per account, a supergroup has its own.
//! Layout and key order after tdesktop's `export_output_json.cpp`; times of the exporting computer (London) beside UTC.

use std::collections::BTreeMap;

use super::text_file;
use crate::sample::aliases::Stranger;
use crate::sample::calendar::{Clocks, Region, last_day};
use crate::sample::texts::{self, Kind};
use crate::sample::traffic::{Channel, Note, Party, Shape, Talk};
use crate::sample::{Firm, SampleFile};
use crate::time::rfc3339;

/// The exports.
pub(crate) fn write(firm: &Firm) -> Vec<SampleFile> {
    let mut by_owner: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for (i, talk) in (0u32..).zip(&firm.traffic.talks) {
        if let (Channel::Telegram, Some(Party::Staff(s))) = (talk.channel, talk.members.first()) {
            by_owner.entry(*s).or_default().push(i);
        }
    }
    let mut clocks = Clocks::default();
    by_owner
        .into_iter()
        .filter_map(|(owner, talks)| {
            let e = firm.people.staff.get(owner)?;
            Some(text_file(format!("telegram/{}/DataExport_2026-09-30/result.json", e.slug), account(firm, owner, &talks, &mut clocks)))
        })
        .collect()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn user(firm: &Firm, party: Party) -> u64 {
    match party {
        Party::Staff(s) => firm.people.staff.get(s).map_or(0, |e| e.telegram),
        Party::Contact(c) => firm.people.contacts.get(c).map_or(0, |c| c.telegram),
        Party::Friend(f) => 830_000_000 + f as u64,
    }
}

/// The name shown: an alias where there is one.
fn shown(firm: &Firm, party: Party) -> &str {
    if let Party::Contact(c) = party { firm.people.contacts.get(c).map_or("", |c| &c.telegram_name) } else { firm.name(party) }
}

fn account(firm: &Firm, owner: usize, talks: &[u32], clocks: &mut Clocks) -> String {
    let Some(e) = firm.people.staff.get(owner) else { return String::new() };
    let (given, family) = e.name.split_once(' ').unwrap_or((&e.name, ""));
    let mut out = format!(
        "{{\n \"about\": \"Here is the data you requested. Remember: Telegram is ad free, it doesn't use your data for ad targeting.\",\n \"personal_information\": {{\n  \"user_id\": {},\n  \"first_name\": {},\n  \"last_name\": {},\n  \"phone_number\": {}\n }},\n \"chats\": {{\n  \"about\": \"This page lists all chats from this export.\",\n  \"list\": [",
        e.telegram,
        quoted(given),
        quoted(family),
        quoted(&e.phone)
    );
    // One counter for all private chats of the account, in time order, with the numbers of what is gone.
    let mut ids: BTreeMap<usize, u64> = BTreeMap::new();
    let mut next = 1041;
    for (i, note) in firm.traffic.notes.iter().enumerate().filter(|(_, n)| talks.contains(&n.talk)) {
        if firm.traffic.talk(note).is_some_and(|t| t.shape == Shape::Direct) {
            ids.insert(i, next);
            next += 1 + note.seed % 3;
        }
    }
    for (n, t) in talks.iter().enumerate() {
        let Some(talk) = firm.traffic.talks.get(*t as usize) else { continue };
        out.push_str(if n == 0 { "\n" } else { ",\n" });
        chat(firm, *t, talk, &ids, clocks, &mut out);
    }
    for (n, s) in firm.people.strangers.iter().filter(|s| s.to == owner && s.telegram > 0).enumerate() {
        out.push_str(if talks.is_empty() && n == 0 { "\n" } else { ",\n" });
        stranger(s, next + 5 * n as u64, clocks, &mut out);
    }
    out.push_str("\n  ]\n }\n}\n");
    out
}

/// A chat with a namesake: two messages on the last evening.
fn stranger(s: &Stranger, id: u64, clocks: &mut Clocks, out: &mut String) {
    let name = quoted(&s.name);
    let at = i64::from(last_day()) * 86_400 + 68_000;
    let message = |id: u64, at: i64, text: &str, clocks: &mut Clocks| {
        format!(
            "\n     {{\n      \"id\": {id},\n      \"type\": \"message\",\n      {},\n      \"from\": {name},\n      \"from_id\": \"user{}\",\n      \"text\": \"{text}\",\n      \"text_entities\": []\n     }}",
            dates(at, clocks),
            s.telegram
        )
    };
    let (first, second) = (message(id, at, "Hello, is this still your account?", clocks), message(id + 1, at + 120, "Sorry, wrong person", clocks));
    out.push_str(&format!(
        "   {{\n    \"name\": {name},\n    \"type\": \"personal_chat\",\n    \"id\": {},\n    \"messages\": [{first},{second}\n    ]\n   }}",
        s.telegram
    ));
}

fn chat(firm: &Firm, index: u32, talk: &Talk, ids: &BTreeMap<usize, u64>, clocks: &mut Clocks, out: &mut String) {
    let other = talk.members.get(1).copied().unwrap_or(Party::Friend(0));
    let (kind, id, name) = if talk.shape == Shape::Direct {
        ("personal_chat", user(firm, other), shown(firm, other))
    } else {
        ("private_supergroup", 1_990_000_000 + u64::from(index), talk.name.as_str())
    };
    out.push_str(&format!("   {{\n    \"name\": {},\n    \"type\": \"{kind}\",\n    \"id\": {id},\n    \"messages\": [", quoted(name)));
    let mut comma = "";
    if talk.shape != Shape::Direct
        && let Some(first) = firm.traffic.notes.iter().find(|n| n.talk == index)
    {
        let members: Vec<String> = talk.members.iter().map(|p| quoted(shown(firm, *p))).collect();
        let by = talk.members.first().copied().unwrap_or(other);
        out.push_str(&format!(
            "\n     {{\n      \"id\": 1,\n      \"type\": \"service\",\n      {},\n      \"actor\": {},\n      \"actor_id\": \"user{}\",\n      \"action\": \"create_group\",\n      \"title\": {},\n      \"members\": [{}],\n      \"text\": \"\",\n      \"text_entities\": []\n     }}",
            dates(first.at - 60, clocks), quoted(firm.name(by)), user(firm, by), quoted(&talk.name), members.join(", ")
        ));
        comma = ",";
    }
    for (i, note) in firm.traffic.notes.iter().enumerate().filter(|(_, n)| n.talk == index && !n.gone) {
        let id = ids.get(&i).copied().unwrap_or(u64::from(note.number) + 1);
        out.push_str(comma);
        comma = ",";
        message(firm, note, talk, id, clocks, out);
    }
    out.push_str("\n    ]\n   }");
}

fn dates(at: i64, clocks: &mut Clocks) -> String {
    let local = clocks.local(Region::London, at);
    format!("\"date\": \"{}\",\n      \"date_unixtime\": \"{at}\"", rfc3339(local * 1_000_000, false))
}

fn message(firm: &Firm, note: &Note, talk: &Talk, id: u64, clocks: &mut Clocks, out: &mut String) {
    out.push_str(&format!(
        "\n     {{\n      \"id\": {id},\n      \"type\": \"message\",\n      {},\n      \"from\": {},\n      \"from_id\": \"user{}\",\n",
        dates(note.at, clocks),
        quoted(shown(firm, note.from)),
        user(firm, note.from)
    ));
    if note.kind == Kind::Media {
        out.push_str("      \"photo\": \"(File not included. Change data exporting settings to download.)\",\n      \"text\": \"\",\n      \"text_entities\": []\n     }");
        return;
    }
    let mut text = String::new();
    texts::write(note.kind, talk.language, note.seed, 1, &mut text);
    let text = quoted(&text);
    out.push_str(&format!(
        "      \"text\": {text},\n      \"text_entities\": [\n       {{\n        \"type\": \"plain\",\n        \"text\": {text}\n       }}\n      ]\n     }}"
    ));
}
