//! The export of a tenant: `users/usersList.json`, `users/<guid>/messages_<guid>.json`, `teams/teamsList.json`, `teams/<guid>/messages_<guid>.json`
//! and lists beside them. Which members are what, and in which order they are read.

use std::collections::BTreeMap;

use crate::import::archive::{Claimed, Entry};
use crate::model::ledger::SkipReason;

/// What a member is read as, in the order of reading.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// `usersList.json`: accounts that are active now.
    Users,
    /// `teamsList.json`.
    Teams,
    /// `channels_<guid>.json`.
    Channels,
    /// `messages_<guid>.json`.
    Messages {
        /// The id in its name, of a user or team; empty for one file by itself.
        of: String,
        /// It lies below `users`.
        user: bool,
    },
    /// Not read, for this reason.
    Leave(SkipReason),
}

fn lower(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// The folder above `users` and `teams` (with its `/`) and what follows it.
fn split(name: &str) -> Option<(&str, &str)> {
    let lower = lower(name);
    if lower.rsplit('/').next() == Some("teamssettings.json") {
        return name.split_at_checked(name.rfind('/').map_or(0, |at| at + 1));
    }
    let at = ["users/", "teams/"]
        .iter()
        .filter_map(|f| lower.match_indices(f).map(|m| m.0).find(|at| *at == 0 || lower.as_bytes().get(at - 1) == Some(&b'/')))
        .min()?;
    name.split_at_checked(at)
}

/// The id in `users/<guid>/messages_<guid>.json`.
fn messages(inner: &str) -> Option<&str> {
    let mut parts = inner.split('/');
    let (_, folder, file) = (parts.next()?, parts.next()?, parts.next()?);
    let file = file.get(..9).filter(|p| p.eq_ignore_ascii_case("messages_")).and_then(|_| file.get(9..))?;
    let id = file.get(..file.len().checked_sub(5)?).filter(|_| lower(file).ends_with(".json"))?;
    (id.eq_ignore_ascii_case(folder) && parts.next().is_none()).then_some(id)
}

/// The exports of tenants in an archive.
pub fn parts(entries: &[Entry]) -> Vec<Claimed> {
    let mut all: BTreeMap<&str, (Claimed, bool)> = BTreeMap::new();
    for (ix, entry) in entries.iter().enumerate().filter(|(_, e)| !e.name.ends_with('/')) {
        let Some((top, inner)) = split(&entry.name) else { continue };
        let (claimed, proven) = all.entry(top).or_insert_with(|| (Claimed { folder: top.to_owned(), ..Claimed::default() }, false));
        claimed.members.push(ix);
        *proven |= messages(inner).is_some();
    }
    all.into_values().filter(|(_, proven)| *proven).map(|(claimed, _)| claimed).collect()
}

/// The members in the order of reading.
pub fn plan(entries: &[Entry]) -> Vec<(usize, What)> {
    let what = |e: &Entry| {
        let Some((_, inner)) = split(&e.name).filter(|_| !e.is_noise()) else { return What::Leave(SkipReason::NotMessages) };
        if let Some(id) = messages(inner) {
            return What::Messages { of: lower(id), user: lower(inner).starts_with("users/") };
        }
        match lower(e.file_name()).as_str() {
            "userslist.json" => What::Users,
            "teamslist.json" => What::Teams,
            name if name.starts_with("channels_") => What::Channels,
            name if ["teammembers_", "teaminstalledapps_", "meetings_", "teamssettings", "tabs_", "teamowners_"].iter().any(|p| name.starts_with(p)) => {
                What::Leave(SkipReason::NotMessages)
            }
            name if name.ends_with(".json") => What::Leave(SkipReason::UnknownMember),
            _ => What::Leave(SkipReason::NotMessages),
        }
    };
    let mut plan: Vec<(usize, What)> = entries.iter().enumerate().filter(|(_, e)| !e.name.ends_with('/')).map(|(ix, e)| (ix, what(e))).collect();
    plan.sort_by(|a, b| {
        let name = |m: &(usize, What)| entries.get(m.0).map(|e| e.name.as_str());
        a.1.cmp(&b.1).then_with(|| name(a).cmp(&name(b)))
    });
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_is_known_by_its_folders() {
        let names =
            ["x/users/usersList.json", "x/users/ab-1/messages_ab-1.json", "x/teams/cd-2/messages_cd-2.json", "x/teams/cd-2/channels_cd-2.json", "mail.mbox"];
        let entries: Vec<Entry> = names.iter().map(|n| Entry { name: (*n).to_owned(), ..Entry::default() }).collect();
        let all = parts(&entries);
        assert_eq!(all, [Claimed { folder: "x/".to_owned(), members: vec![0, 1, 2, 3], last: false }]);
        assert_eq!(parts(&entries[..1]), []);
        let order: Vec<usize> = plan(&entries[..4]).into_iter().map(|p| p.0).collect();
        assert_eq!(order, [0, 3, 1, 2]);
    }
}
