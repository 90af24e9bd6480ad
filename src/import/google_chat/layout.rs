//! Which members of a Takeout are its chats, whatever the folders are called: `Google Chat/Groups/DM 1pRI-QAAAAE/group_info.json` beside
//! `messages.json`, and `Google Chat/Users/User 1234/user_info.json`. The names of the folders follow the language of the account.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::archive::{Claimed, Entry};
use crate::model::ledger::SkipReason;

/// The lists and the messages.
const GROUP: &str = "group_info.json";
const USER: &str = "user_info.json";
const MESSAGES: &str = "messages.json";

/// What a member is read as, in the order of reading.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// `user_info.json`: the account and its groups.
    User,
    /// `group_info.json`: name and members of a group.
    Group {
        /// Folder of the group.
        folder: String,
    },
    /// `messages.json`.
    Messages {
        /// Folder of the group.
        folder: String,
    },
    /// Not read, for this reason.
    Leave(SkipReason),
}

/// A member in the order of reading.
pub struct Member {
    /// Place in the archive.
    pub ix: usize,
    /// What it is read as.
    pub what: What,
}

/// The folder a name lies in, without `/` at its end.
pub fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The id of a group: the last word of its folder, `1pRI-QAAAAE` of `DM 1pRI-QAAAAE`.
pub fn id(folder: &str) -> &str {
    folder.rsplit(['/', ' ']).next().unwrap_or(folder)
}

/// The chats in an archive, one part for each account.
pub fn parts(entries: &[Entry]) -> Vec<Claimed> {
    let names: BTreeSet<&str> = entries.iter().filter(|e| !e.is_noise()).map(|e| e.name.as_str()).collect();
    let beside = |name: &str, other: &str| {
        let at = folder(name);
        names.contains(if at.is_empty() { other.to_owned() } else { format!("{at}/{other}") }.as_str())
    };
    // Folders of groups: below this one.
    let mut groups: BTreeSet<&str> = BTreeSet::new();
    for name in names.iter().filter(|n| n.rsplit('/').next() == Some(GROUP) && beside(n, MESSAGES)) {
        groups.insert(folder(folder(name)));
    }
    let mut all: BTreeMap<&str, Claimed> = BTreeMap::new();
    for (ix, entry) in entries.iter().enumerate().filter(|(_, e)| !e.name.ends_with('/')) {
        let Some(root) = groups.iter().find_map(|g| belongs(entry, g, &names)) else { continue };
        let folder = if root.is_empty() { String::new() } else { format!("{root}/") };
        all.entry(root).or_insert_with(|| Claimed { folder, ..Claimed::default() }).members.push(ix);
    }
    all.into_values().collect()
}

/// The folder of the account, if a member belongs to its groups or its users.
fn belongs<'a>(entry: &Entry, groups: &'a str, names: &BTreeSet<&str>) -> Option<&'a str> {
    let root = folder(groups);
    let within = |above: &str| if above.is_empty() { Some(entry.name.as_str()) } else { entry.name.strip_prefix(above)?.strip_prefix('/') };
    let lists = |child: &str, file: &str| names.contains(format!("{child}/{file}").as_str());
    let child = |above: &str, below: &str| {
        let (first, _) = below.split_once('/')?;
        Some(if above.is_empty() { first.to_owned() } else { format!("{above}/{first}") })
    };
    if let Some(below) = within(groups) {
        // With a folder of their own everything in it belongs to the groups; at the top only what lies in one.
        let group = |c: String| lists(&c, GROUP) || lists(&c, MESSAGES);
        if !groups.is_empty() || child(groups, below).is_some_and(group) {
            return Some(root);
        }
    }
    let below = within(root)?;
    let users = child(root, below)?;
    let user = child(&users, entry.name.strip_prefix(users.as_str())?.strip_prefix('/')?)?;
    (users != groups && lists(&user, USER)).then_some(root)
}

/// The members in the order of reading: users, groups, messages by group, the rest.
pub fn plan(entries: &[Entry]) -> Vec<Member> {
    let what = |e: &Entry| {
        if e.is_noise() {
            return What::Leave(SkipReason::NotMessages);
        }
        let folder = folder(&e.name).to_owned();
        match e.file_name() {
            USER => What::User,
            GROUP => What::Group { folder },
            MESSAGES => What::Messages { folder },
            _ => What::Leave(SkipReason::NotMessages),
        }
    };
    let mut members: Vec<Member> = entries.iter().enumerate().filter(|(_, e)| !e.name.ends_with('/')).map(|(ix, e)| Member { ix, what: what(e) }).collect();
    members.sort_by(|a, b| {
        let name = |m: &Member| entries.get(m.ix).map(|e| e.name.as_str());
        a.what.cmp(&b.what).then_with(|| name(a).cmp(&name(b)))
    });
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimed(names: &[&str]) -> Vec<(String, Vec<usize>)> {
        let entries: Vec<Entry> = names.iter().map(|n| Entry { name: (*n).to_owned(), ..Entry::default() }).collect();
        parts(&entries).into_iter().map(|p| (p.folder, p.members)).collect()
    }

    #[test]
    fn chats_are_told_from_mail_wherever_they_lie() {
        let names = [
            "Takeout/Google Chat/Groups/DM a/group_info.json",
            "Takeout/Google Chat/Groups/DM a/messages.json",
            "Takeout/Google Chat/Groups/Space b/group_info.json",
            "Takeout/Google Chat/Groups/DM a/File-x.png",
            "Takeout/Google Chat/Users/User 1/user_info.json",
            "Takeout/Mail/All mail.mbox",
            "Takeout/archive_browser.html",
        ];
        assert_eq!(claimed(&names), [("Takeout/Google Chat/".to_owned(), vec![0, 1, 2, 3, 4])]);
        let inside: Vec<&str> = names.iter().map(|n| n.trim_start_matches("Takeout/Google Chat/")).collect();
        assert_eq!(claimed(&inside), [(String::new(), vec![0, 1, 2, 3, 4])]);
        let groups: Vec<&str> = inside.iter().map(|n| n.trim_start_matches("Groups/")).collect();
        assert_eq!(claimed(&groups), [(String::new(), vec![0, 1, 2, 3, 4])]);
        assert_eq!(claimed(&["messages.json", "group_info.json"]), []);
        assert_eq!(claimed(&["a/messages.json", "b/group_info.json"]), []);
    }
}
