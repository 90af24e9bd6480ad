//! Which member of an export is what, and in which order they are read.

use crate::import::archive::Entry;
use crate::model::ledger::SkipReason;
use crate::model::message::ConversationKind;
use crate::time;

use super::walls::Held;

/// Kinds of conversation by list.
pub const LISTS: &[(&str, ConversationKind, &str)] = &[
    ("channels.json", ConversationKind::Room, "public channels"),
    ("groups.json", ConversationKind::Room, "private channels"),
    ("mpims.json", ConversationKind::Group, "group messages"),
    ("dms.json", ConversationKind::Direct, "direct messages"),
];

/// What a member is read as.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// `users.json` or `org_users.json`.
    Users,
    /// `channels.json` and its like.
    List(ConversationKind),
    /// `integration_logs.json`.
    Logs,
    /// `<folder>/YYYY-MM-DD.json`.
    Day {
        /// Folder: name of the conversation, or its id.
        folder: String,
    },
    /// Not read, for this reason.
    Leave(SkipReason),
}

/// Folder above everything, with its `/`; empty when the lists lie at the root. `None`: this is no Slack export.
pub fn top(entries: &[Entry]) -> Option<&str> {
    let has = |top: &str, file: &str| entries.iter().any(|e| e.name.strip_prefix(top) == Some(file));
    entries.iter().filter_map(|e| e.name.strip_suffix("channels.json")).find(|top| {
        let one_folder = top.is_empty() || top.find('/') == Some(top.len().saturating_sub(1));
        one_folder && (has(top, "users.json") || has(top, "org_users.json"))
    })
}

/// The members by their places, in order: users, lists, integrations, day files by conversation and day, the rest.
pub fn plan(entries: &[Entry]) -> (Vec<(usize, What)>, Held) {
    let top = top(entries).unwrap_or_default();
    let mut held = Held::default();
    let mut members: Vec<(usize, What)> = Vec::with_capacity(entries.len());
    for (ix, entry) in entries.iter().enumerate() {
        if entry.name.ends_with('/') {
            continue;
        }
        let inner = entry.name.strip_prefix(top);
        if let Some(n) = LISTS.iter().position(|(file, _, _)| inner == Some(*file)) {
            held.lists |= 1 << n;
        }
        members.push((ix, inner.filter(|_| !entry.is_noise()).map_or(What::Leave(SkipReason::NotMessages), what)));
    }
    members.sort_by(|a, b| {
        let name = |m: &(usize, What)| entries.get(m.0).map(|e| e.name.as_str());
        a.1.cmp(&b.1).then_with(|| name(a).cmp(&name(b)))
    });
    (members, held)
}

fn what(inner: &str) -> What {
    if let Some((_, kind, _)) = LISTS.iter().find(|(file, _, _)| *file == inner) {
        return What::List(*kind);
    }
    match inner {
        "users.json" | "org_users.json" => return What::Users,
        "integration_logs.json" => return What::Logs,
        "canvases.json" | "lists.json" | "content_flags.json" | "file_conversations.json" => return What::Leave(SkipReason::NotMessages),
        _ => {}
    }
    let mut parts = inner.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let day = file.strip_suffix(".json").and_then(time::parse_day);
    match (day, parts.next().filter(|f| !f.is_empty())) {
        (Some(_), Some(folder)) => What::Day { folder: folder.to_owned() },
        _ if file.ends_with(".json") => What::Leave(SkipReason::UnknownMember),
        _ => What::Leave(SkipReason::NotMessages),
    }
}
