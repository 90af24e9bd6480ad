//! One range of a conversation as RSMF 2.0: a mail with `rsmf.zip` attached. The same rows and texts give the same bytes.
//!
//! Layout: the published schema 2.0.0 (relativitydev/rsmf-validator-samples). What the schema has no word for stands in `custom` pairs, which
//! reviewers see: the kind of an event, attachments that are not in this program's keeping, what could not be read again, where it all came from.

mod mail;

use serde_json::{Map, Value, json};

use super::rows::Text;
use crate::model::Dataset;
use crate::model::batch::NONE;
use crate::model::dataset::Row;
use crate::model::message::{ConversationKind, EventKind, Flags};
use crate::text;
use crate::time::{SECOND, rfc3339};

/// Most events of one file, as the vendor recommends.
pub const EVENTS: usize = 10_000;
/// Most sources and statements named.
const NAMED: usize = 50;

/// Names of `custom` pairs; [`crate::import`] knows them when it reads such a file again.
pub const KEY: &str = "Handle";
/// Kind of an event that RSMF has no type for.
pub const EVENT: &str = "Event";
/// Number of attachments, which are not in the file.
pub const ATTACHMENTS: &str = "Attachments";
/// Id of a parent outside the file.
pub const PARENT: &str = "Parent not in this file";
/// Made by a machine.
pub const AUTOMATIC: &str = "Automatic";
/// What is to be known of the text.
pub const TEXT: &str = "Text";

/// The text of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The text, proved by its length and fingerprint.
    Exact(String),
    /// The record as it stands in its file: the text is in it.
    AsWritten(String),
    /// Not read, and why.
    LeftOut(&'static str),
}

impl From<Text> for Body {
    fn from(text: Text) -> Self {
        match text {
            Text::Read(record) => Self::AsWritten(record),
            Text::LeftOut(why) => Self::LeftOut(why),
        }
    }
}

/// One file written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Name for the file.
    pub name: String,
    /// The mail.
    pub bytes: Vec<u8>,
    /// Events in it.
    pub events: usize,
    /// Of these: with the record as written in place of the text.
    pub as_written: usize,
    /// Of these: without text, because it could not be read again.
    pub unread: usize,
}

/// Writes rows of one conversation, in slices of [`EVENTS`]. `rows`: in order of time.
#[must_use]
pub fn write(dataset: &Dataset, rows: &[usize], body: &dyn Fn(usize) -> Body) -> Vec<Written> {
    let slices: Vec<&[usize]> = rows.chunks(EVENTS).collect();
    let several = slices.len() > 1;
    let numbered = |(n, rows): (usize, &&[usize])| slice(dataset, rows, body, several.then_some(n + 1));
    slices.iter().enumerate().filter_map(numbered).collect()
}

fn slice(dataset: &Dataset, rows: &[usize], body: &dyn Fn(usize) -> Body, number: Option<usize>) -> Option<Written> {
    let first = dataset.row(*rows.first()?)?;
    let last = dataset.row(*rows.last()?)?;
    let conversation = dataset.conversations.get(first.conversation as usize)?;
    let people = People::of(dataset, rows, &conversation.members);
    let mut counts = (0, 0);
    let ids: std::collections::BTreeSet<String> = rows.iter().filter_map(|r| id(dataset, *r)).collect();
    let mut transcript = String::new();
    let events: Vec<Value> = rows
        .iter()
        .filter_map(|row| {
            let body = body(*row);
            let r = dataset.row(*row)?;
            counts.0 += usize::from(r.chars > 0 && matches!(body, Body::AsWritten(_)));
            counts.1 += usize::from(r.chars > 0 && matches!(body, Body::LeftOut(_)));
            line(dataset, &r, &body, &mut transcript);
            Some(event(dataset, *row, &r, &people, &conversation.key, &ids, body))
        })
        .collect();
    let custodian = owner(dataset, rows).filter(|h| people.0.contains(h));
    let mut listed = json!({
        "id": conversation.key, "platform": conversation.channel,
        "type": if matches!(conversation.kind, ConversationKind::Room) { "channel" } else { "direct" },
        "participants": people.members(&conversation.members).collect::<Vec<_>>(),
        "custom": provenance(dataset, rows, first.conversation),
    });
    if let Some(map) = listed.as_object_mut() {
        if !conversation.title.is_empty() {
            map.insert("display".to_owned(), json!(conversation.title));
        }
        if let Some(custodian) = custodian.and_then(|h| people.id(h)) {
            map.insert("custodian".to_owned(), json!(custodian));
        }
    }
    let manifest = json!({
        "version": "2.0.0", "eventcollectionid": conversation.key,
        "participants": people.listed(dataset), "conversations": [listed], "events": events,
    });
    let day = |t: i64| rfc3339(t, true).get(..10).unwrap_or_default().to_owned();
    let number = number.map(|n| format!("-{n:04}")).unwrap_or_default();
    let title = if conversation.title.is_empty() { &conversation.key } else { &conversation.title };
    let envelope = mail::Envelope {
        subject: format!("{title} {} to {}", day(first.time), day(last.time)),
        participants: people.0.iter().filter_map(|h| dataset.handles.get(*h as usize)).map(mail::named).collect(),
        custodian: custodian.and_then(|h| dataset.handles.get(h as usize)).map(mail::named).unwrap_or_default(),
        begin: first.time,
        end: last.time,
        events: events_of(&manifest),
        application: conversation.channel.clone(),
        collection: conversation.key.clone(),
    };
    let manifest = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    Some(Written {
        name: format!("{}-{}-{}-{}{number}.rsmf", file_word(&conversation.channel), file_word(title), day(first.time), day(last.time)),
        bytes: mail::mail(&envelope, &transcript, &manifest),
        events: rows.len(),
        as_written: counts.0,
        unread: counts.1,
    })
}

/// Letters and digits for the name of a file.
fn file_word(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    plain.trim_matches('-').to_owned()
}

fn events_of(manifest: &Value) -> usize {
    manifest.get("events").and_then(Value::as_array).map_or(0, Vec::len)
}

/// Handles of a slice, sorted; their ids are their places.
struct People(Vec<u32>);

impl People {
    fn of(dataset: &Dataset, rows: &[usize], members: &[u32]) -> Self {
        let mut all: Vec<u32> = members.to_vec();
        for row in rows.iter().filter_map(|r| dataset.row(*r)) {
            all.push(row.sender);
            all.extend(dataset.audiences.get(row.audience as usize).into_iter().flatten());
        }
        all.sort_unstable();
        all.dedup();
        all.retain(|h| (*h as usize) < dataset.handles.len());
        Self(all)
    }

    fn id(&self, handle: u32) -> Option<String> {
        self.0.binary_search(&handle).ok().map(|ix| format!("p{}", ix + 1))
    }

    /// Those stated to be members; all of a slice where nobody is.
    fn members<'a>(&'a self, stated: &'a [u32]) -> impl Iterator<Item = String> + 'a {
        let all = if stated.is_empty() { &self.0 } else { stated };
        all.iter().filter_map(|h| self.id(*h))
    }

    fn listed(&self, dataset: &Dataset) -> Vec<Value> {
        let one = |(ix, handle): (usize, &u32)| {
            let handle = dataset.handles.get(*handle as usize)?;
            let mut out = Map::new();
            out.insert("id".to_owned(), json!(format!("p{}", ix + 1)));
            out.insert("display".to_owned(), json!(if handle.name.is_empty() { &handle.key } else { &handle.name }));
            if handle.email.contains('@') {
                out.insert("email".to_owned(), json!(handle.email));
            }
            out.insert("account_id".to_owned(), json!(if handle.phone.is_empty() { &handle.key } else { &handle.phone }));
            let mut custom = vec![pair(KEY, &handle.key)];
            if handle.bot {
                custom.push(pair("Bot User", "true"));
            }
            out.insert("custom".to_owned(), json!(custom));
            Some(Value::Object(out))
        };
        self.0.iter().enumerate().filter_map(one).collect()
    }
}

fn pair(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

/// The owner of all sources of the rows, if it is one.
fn owner(dataset: &Dataset, rows: &[usize]) -> Option<u32> {
    let mut owners = rows.iter().map(|r| {
        let part = dataset.columns.part.get(*r).copied().unwrap_or(NONE);
        dataset.sources.get(dataset.source_of(part) as usize).and_then(|s| s.owner_handle)
    });
    let first = owners.next()??;
    owners.all(|o| o == Some(first)).then_some(first)
}

/// Where the events come from, and what the sources prove to be missing.
fn provenance(dataset: &Dataset, rows: &[usize], conversation: u32) -> Vec<Value> {
    let mut sources: Vec<u32> = rows.iter().flat_map(|r| dataset.held_by(*r)).map(|p| dataset.source_of(p)).collect();
    sources.sort_unstable();
    sources.dedup();
    let named = sources.iter().filter_map(|s| dataset.sources.get(*s as usize)).take(NAMED);
    let mut out: Vec<Value> = named
        .map(|s| {
            let digest = if s.sha256.is_empty() { String::new() } else { format!(" sha256:{}", s.sha256) };
            pair("Source", &format!("{}{digest}", s.path))
        })
        .collect();
    let about = dataset.statements.iter().filter(|s| s.conversation == Some(conversation));
    out.extend(about.take(NAMED).map(|s| {
        let kind = serde_json::to_value(s.kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        let at = |t: Option<i64>| t.map(|t| rfc3339(t, true)).unwrap_or_default();
        pair("Evidence", format!("{kind}: {} ({} to {}) {}", s.quantity, at(s.from), at(s.to), s.detail).trim_end())
    }));
    out
}

/// The native id of a row; where there is none, its place.
fn id(dataset: &Dataset, row: usize) -> Option<String> {
    let r = dataset.row(row)?;
    if r.flags.has(Flags::ID_IS_TIME) {
        return Some(format!("{}.{:06}", r.time.div_euclid(SECOND), r.time.rem_euclid(SECOND)));
    }
    dataset.columns.id.get(row).and_then(|w| dataset.id_text(*w))
}

fn reply(dataset: &Dataset, row: usize) -> Option<String> {
    let word = u32::try_from(row).unwrap_or(NONE);
    let at = dataset.replies.binary_search_by_key(&word, |(row, _)| *row).ok()?;
    let (_, id) = dataset.replies.get(at)?;
    dataset.id_text(*id)
}

fn event(dataset: &Dataset, row: usize, r: &Row, people: &People, conversation: &str, ids: &std::collections::BTreeSet<String>, body: Body) -> Value {
    let (kind, event) = match r.flags.event() {
        None => ("message", None),
        Some(EventKind::Joined) => ("join", None),
        Some(EventKind::Left) => ("leave", None),
        Some(other) => ("unknown", Some(other.word())),
    };
    let mut out = Map::new();
    let mut custom = Vec::new();
    let mut set = |name: &str, value: Value| out.insert(name.to_owned(), value);
    set("type", json!(kind));
    set("conversation", json!(conversation));
    set("timestamp", json!(rfc3339(r.time, true)));
    if let Some(id) = id(dataset, row) {
        set("id", json!(id));
    }
    let sender = people.id(r.sender);
    if let Some(sender) = &sender {
        set("participant", json!(sender));
    }
    match reply(dataset, row) {
        Some(parent) if ids.contains(&parent) => drop(set("parent", json!(parent))),
        Some(parent) => custom.push(pair(PARENT, &parent)),
        None => {}
    }
    match body {
        Body::Exact(text) => drop(set("body", json!(text))),
        Body::AsWritten(record) if r.chars > 0 => {
            set("body", json!(record));
            custom.push(pair(TEXT, "the record as it stands in its source"));
        }
        Body::AsWritten(_) => {}
        Body::LeftOut(why) => custom.push(pair(TEXT, &format!("not read again: {why}"))),
    }
    if r.flags.has(Flags::DELETED) {
        set("deleted", json!(true));
    }
    if r.flags.has(Flags::EDITED)
        && let Some(sender) = &sender
    {
        set("edits", json!([{ "participant": sender }]));
    }
    if r.flags.has(Flags::BY_OWNER) || r.flags.has(Flags::TO_OWNER) {
        set("direction", json!(if r.flags.has(Flags::BY_OWNER) { "outgoing" } else { "incoming" }));
    }
    let automatic = r.flags.has(Flags::AUTOMATIC) && dataset.handles.get(r.sender as usize).is_none_or(|h| !h.bot);
    let attachments = r.flags.attachments();
    custom.extend(event.map(|word| pair(EVENT, word)));
    custom.extend(automatic.then(|| pair(AUTOMATIC, "true")));
    custom.extend((attachments > 0).then(|| pair(ATTACHMENTS, &attachments.to_string())));
    if !custom.is_empty() {
        set("custom", json!(custom));
    }
    Value::Object(out)
}

/// A line of the plain rendering by which the mail is searched.
fn line(dataset: &Dataset, r: &Row, body: &Body, out: &mut String) {
    let name = dataset.handles.get(r.sender as usize).map_or("", |h| if h.name.is_empty() { &h.key } else { &h.name });
    let said = match body {
        Body::Exact(text) | Body::AsWritten(text) => text.as_str(),
        Body::LeftOut(_) => "",
    };
    let event = r.flags.event().map(|e| format!("({}) ", e.word())).unwrap_or_default();
    out.push_str(&format!("{} {}: {event}{}\n", rfc3339(r.time, true), text::clean_name(name), said.replace('\r', "")));
}
