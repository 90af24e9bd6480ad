//! Microsoft Teams: `chatMessage` objects as Graph gives them (a list, pages of an answer, one per line), and the export of a tenant in
//! folders for users and teams, which holds the same objects with keys that begin with a capital.
//!
//! Fields: learn.microsoft.com/graph/api/resources/chatmessage, chats-getallmessages; layout of folders: zulip
//! `data_import/microsoft_teams.py`; event details: chatmessage-eventmessagedetail.

mod layout;
pub mod markup;
mod people;
mod reader;
mod record;
mod rooms;
pub mod when;

use super::archive::{Claimed, Entry};
use super::json::{Scan, Scanner, Value};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// Microsoft Teams (Graph, tenant export)
pub struct Teams;

static ABOUT_TEAMS: About = About {
    id: "teams",
    name: "Microsoft Teams (Graph, tenant export)",
    channel: "teams",
    extensions: &["json", "jsonl", "zip"],
    proves: &[
        "Deleted messages remain as stubs with the time of their deletion.",
        "Replies whose root is not held, and quoted messages that are not held: they existed.",
        "A chat between two that one participant's file holds more of than the other's.",
        "Messages blocked by a rule against data loss.",
        "People who wrote and are not in the list of active accounts: they have left.",
        "Accounts of the list without a file of messages, pages that name a further page, counts larger than what is there.",
    ],
    how_to_export: "An administrator asks Graph for it: GET /users/{id}/chats/getAllMessages and /teams/{id}/channels/getAllMessages, all pages, saved as JSON. For eDiscovery see Purview packages.",
    limits: "Messages deleted by people can be had from Graph for about 21 to 30 days only. Files and pictures are links and never part of it. Reactions carry no record of their own. Retention policies remove the copies this is made from.",
};

impl Format for Teams {
    fn about(&self) -> &'static About {
        &ABOUT_TEAMS
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.map(str::trim_start).filter(|t| t.starts_with(['{', '['])) else { return Match::No };
        let mut s = Scanner::new(text.as_bytes());
        let found = if text.starts_with('[') { first(&mut s) } else { object(&mut s) };
        match found {
            Ok(true) => Match::Sure("messages with type, time of creation and body, as Microsoft Graph writes them".to_owned()),
            _ => Match::No,
        }
    }

    fn parts(&self, members: &[Entry]) -> Vec<Claimed> {
        layout::parts(members)
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(Box::new(match input {
            Input::File(file) => reader::TeamsReader::file(file, options),
            Input::Archive(archive) => reader::TeamsReader::archive(archive, options),
        }))
    }
}

/// The first item of an array is a record.
fn first(s: &mut Scanner<'_>) -> Scan<bool> {
    let mut items = s.array()?;
    Ok(items.more(s)? && s.peek()? == b'{' && object(s)?)
}

/// A record, or a page of records.
fn object(s: &mut Scanner<'_>) -> Scan<bool> {
    let (mut members, mut kind, mut created, mut marks) = (s.object()?, false, false, 0);
    while let Some(key) = members.key(s)? {
        let is = |name: &str| key.raw.eq_ignore_ascii_case(name.as_bytes());
        if (is("value") || is("messages")) && s.peek()? == b'[' {
            return first(s);
        }
        match s.value()? {
            Value::Text(t) if is("messageType") => {
                kind = [&b"message"[..], b"chatEvent", b"typing", b"systemEventMessage", b"unknownFutureValue"].iter().any(|k| k.eq_ignore_ascii_case(t.raw));
            }
            Value::Text(t) if is("createdDateTime") => created = when::instant(t.raw).is_some(),
            Value::Text(_) if is("chatId") => marks += 1,
            Value::Object(_) if is("body") || is("channelIdentity") || is("from") => marks += 1,
            _ => {}
        }
        if kind && created && marks > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}
