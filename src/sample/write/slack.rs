//! A Slack export of all conversations: `channels.json`, `dms.json`, `users.json` and one file per conversation and UTC day, zipped. A root keeps
//! counting the replies it once had (`reply_count`), and a deleted root with replies leaves a tombstone, as Slack does.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::zip::ZipWriter;
use crate::sample::calendar::first_day;
use crate::sample::traffic::{Channel, Note, Party, Shape, Talk, Traffic};
use crate::sample::{Firm, SampleFile, texts};
use crate::time::day_name;

/// The archive.
pub(crate) fn write(firm: &Firm) -> Vec<SampleFile> {
    let bytes = archive(firm).unwrap_or_default();
    vec![SampleFile { path: "slack/Marlowe Quay Slack export Apr 1 2025 - Sep 30 2026.zip".into(), bytes }]
}

fn user(firm: &Firm, party: Party) -> String {
    if let Party::Staff(s) = party { firm.people.staff.get(s).map(|e| e.slack.clone()).unwrap_or_default() } else { String::new() }
}

fn id(talk: &Talk, index: usize) -> String {
    format!("{}0MQ{index:05}", if talk.shape == Shape::Room { 'C' } else { 'D' })
}

/// Id and time in one: seconds, and a number that is unique in the conversation.
fn ts(note: &Note) -> String {
    format!("{}.{:06}", note.at, note.number)
}

fn archive(firm: &Firm) -> std::io::Result<Vec<u8>> {
    let mut zip = ZipWriter::stored(Vec::new());
    let created = i64::from(first_day()) * 86_400 - 3600;
    // Slack lists no direct conversation before its first message.
    let used: BTreeSet<usize> = firm.traffic.notes.iter().map(|n| n.talk as usize).collect();
    let talks: Vec<(usize, &Talk)> =
        firm.traffic.talks.iter().enumerate().filter(|(i, t)| t.channel == Channel::Slack && (t.shape == Shape::Room || used.contains(i))).collect();
    let members = |t: &Talk| t.members.iter().map(|p| user(firm, *p)).collect::<Vec<_>>();
    let (rooms, direct): (Vec<_>, Vec<_>) = talks.iter().partition(|(_, t)| t.shape == Shape::Room);
    let rooms: Vec<Value> = rooms
        .iter()
        .map(|(i, t)| {
            json!({"id": id(t, *i), "name": t.name, "created": created, "creator": "U0MQ00000", "is_archived": false, "is_general": t.name == "general",
                "members": members(t), "topic": {"value": ""}, "purpose": {"value": ""}})
        })
        .collect();
    let direct: Vec<Value> = direct.iter().map(|(i, t)| json!({"id": id(t, *i), "created": created, "members": members(t)})).collect();
    zip.add("channels.json", &pretty(&Value::Array(rooms)))?;
    zip.add("dms.json", &pretty(&Value::Array(direct)))?;
    for empty in ["groups.json", "mpims.json", "integration_logs.json"] {
        zip.add(empty, b"[]")?;
    }
    zip.add("users.json", &pretty(&users(firm)))?;
    let mut days: BTreeMap<(usize, i32), Vec<Value>> = BTreeMap::new();
    let replies = replies(firm);
    for (i, note) in (0u32..).zip(&firm.traffic.notes) {
        let tombstone = firm.marks.tombstones.contains(&i);
        if note.gone && !tombstone {
            continue;
        }
        let Some(talk) = firm.traffic.talk(note).filter(|t| t.channel == Channel::Slack) else { continue };
        days.entry((note.talk as usize, Traffic::day(note))).or_default().push(message(firm, note, talk, replies.get(&i), tombstone));
    }
    for ((talk, day), messages) in days {
        let Some(t) = firm.traffic.talks.get(talk) else { continue };
        let folder = if t.shape == Shape::Room { t.name.clone() } else { id(t, talk) };
        zip.add(&format!("{folder}/{}.json", day_name(day)), &pretty(&Value::Array(messages)))?;
    }
    zip.finish()
}

fn pretty(value: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(value).unwrap_or_default()
}

fn users(firm: &Firm) -> Value {
    let left = |last: Option<i32>| last.is_some_and(|d| d <= crate::sample::calendar::last_day());
    firm.people
        .staff
        .iter()
        .enumerate()
        .map(|(i, e)| {
            // A guest's profile shows no address.
            let (email, phone) = if firm.people.unlisted(Party::Staff(i), Channel::Slack) { ("", "") } else { (e.email.as_str(), e.phone.as_str()) };
            json!({"id": e.slack, "team_id": "T0MQ00000", "name": e.slug, "real_name": e.name, "deleted": left(e.last_day), "is_bot": false, "updated": 1_743_465_600,
                "tz": "Europe/London", "tz_offset": 0, "profile": {"real_name": e.name, "display_name": e.name, "email": email, "title": e.grade, "phone": phone}})
        })
        .collect()
}

/// Replies a root once had: those that are gone are counted too.
fn replies(firm: &Firm) -> BTreeMap<u32, Vec<&Note>> {
    let mut out: BTreeMap<u32, Vec<&Note>> = BTreeMap::new();
    for (i, note) in (0u32..).zip(&firm.traffic.notes) {
        if note.root != i && firm.traffic.talk(note).is_some_and(|t| t.channel == Channel::Slack) {
            out.entry(note.root).or_default().push(note);
        }
    }
    out
}

fn message(firm: &Firm, note: &Note, talk: &Talk, replies: Option<&Vec<&Note>>, tombstone: bool) -> Value {
    let mut value = if tombstone {
        json!({"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.", "hidden": true, "ts": ts(note)})
    } else {
        let mut text = String::new();
        texts::write(note.kind, talk.language, note.seed, 1, &mut text);
        json!({"type": "message", "user": user(firm, note.from), "text": text, "ts": ts(note), "team": "T0MQ00000",
            "client_msg_id": format!("{:08x}-0000-4000-8000-{:012x}", note.number, note.talk)})
    };
    let Some(fields) = value.as_object_mut() else { return value };
    if let Some(replies) = replies {
        let who: BTreeSet<String> = replies.iter().map(|r| user(firm, r.from)).collect();
        fields.insert("thread_ts".into(), ts(note).into());
        fields.insert("reply_count".into(), replies.len().into());
        fields.insert("reply_users_count".into(), who.len().into());
        fields.insert("latest_reply".into(), replies.last().map(|r| ts(r)).unwrap_or_default().into());
        fields.insert("reply_users".into(), who.into_iter().collect());
    } else if let Some(root) = note.parent.and_then(|_| firm.traffic.notes.get(note.root as usize)) {
        fields.insert("thread_ts".into(), ts(root).into());
        fields.insert("parent_user_id".into(), user(firm, root.from).into());
    }
    value
}
