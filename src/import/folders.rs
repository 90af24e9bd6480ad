//! Which files belong together: a folder that one format reads as a whole (a Slack export, a chat with its media) is one source, an export in
//! the midst of other files is one beside them, every other file is a source of its own. Only names are looked at: whether a folder is what it
//! seems to be, its reader decides.

use std::collections::BTreeMap;

use super::archive::Entry;
use super::detect;

/// Files that are one source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// The folder they are read as, without `/` at its end; `None` for a file by itself, or a database with its log.
    pub folder: Option<String>,
    /// Places of the files in what was given; a database stands before its log.
    pub members: Vec<usize>,
}

/// Endings of the files that SQLite keeps beside a database: its log, and the index of the log.
const LOG: &str = "-wal";
const INDEX: &str = "-shm";

/// Path of the log of a database.
#[must_use]
pub fn log_of(path: &str) -> String {
    format!("{path}{LOG}")
}

/// Whether a name is that of the index of a log: never needed, it is made from the log.
#[must_use]
pub fn is_index(name: &str) -> bool {
    name.ends_with(INDEX)
}

/// The database that a log or its index belongs to, by name.
#[must_use]
pub fn database_of(path: &str) -> Option<&str> {
    path.strip_suffix(LOG).or_else(|| path.strip_suffix(INDEX)).filter(|p| !p.is_empty() && !p.ends_with('/'))
}

/// Files with what SQLite keeps beside them: each file by itself, a log and its index behind the database of their name. Order as given.
#[must_use]
pub fn with_logs(paths: &[&str]) -> Vec<Vec<usize>> {
    if paths.iter().all(|path| database_of(path).is_none()) {
        return (0..paths.len()).map(|ix| vec![ix]).collect();
    }
    // Files of one path come from two places: only the first of them belong together.
    let mut firsts: BTreeMap<&str, usize> = BTreeMap::new();
    for (ix, path) in paths.iter().enumerate() {
        firsts.entry(path).or_insert(ix);
    }
    let mut besides: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut groups = Vec::new();
    for (ix, path) in paths.iter().enumerate() {
        let database = database_of(path).filter(|d| database_of(d).is_none() && firsts.get(path) == Some(&ix)).and_then(|d| firsts.get(d));
        match database {
            Some(database) => besides.entry(*database).or_default().push(ix),
            None => groups.push(vec![ix]),
        }
    }
    for group in &mut groups {
        let beside = group.first().and_then(|ix| besides.remove(ix));
        group.extend(beside.into_iter().flatten());
    }
    groups
}

/// Groups files by their paths (`/` between folders), in order of the paths. Files without a folder are never one export, but a database
/// with its log is.
#[must_use]
pub fn group(paths: &[&str]) -> Vec<Group> {
    let mut sorted: Vec<usize> = (0..paths.len()).collect();
    sorted.sort_by_key(|ix| paths.get(*ix).copied().unwrap_or_default());
    let mut out = Vec::new();
    Grouping { paths, out: &mut out }.children("", &sorted);
    // A claimed folder keeps what it holds.
    let single: Vec<usize> = out.iter().filter(|g| g.folder.is_none()).flat_map(|g| g.members.iter().copied()).collect();
    let names: Vec<&str> = single.iter().filter_map(|ix| paths.get(*ix).copied()).collect();
    let mut joined: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for group in with_logs(&names) {
        let members: Vec<usize> = group.iter().filter_map(|n| single.get(*n).copied()).collect();
        joined.extend(members.first().copied().map(|first| (first, members)));
    }
    out.into_iter()
        .filter_map(|group| match (&group.folder, group.members.as_slice()) {
            (None, [ix]) => joined.remove(ix).map(|members| Group { folder: None, members }),
            _ => Some(group),
        })
        .collect()
}

/// The same for what lies in one folder, by names from there; the folder itself is named by the empty text.
#[must_use]
pub fn group_within(names: &[&str]) -> Vec<Group> {
    let paths: Vec<String> = names.iter().map(|name| format!("./{name}")).collect();
    let mut groups = group(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    for folder in groups.iter_mut().filter_map(|g| g.folder.as_mut()) {
        *folder = folder.trim_start_matches('.').trim_start_matches('/').to_owned();
    }
    groups
}

struct Grouping<'a> {
    paths: &'a [&'a str],
    out: &'a mut Vec<Group>,
}

impl<'a> Grouping<'a> {
    fn path(&self, ix: usize) -> &'a str {
        self.paths.get(ix).copied().unwrap_or_default()
    }

    /// What lies in a folder (named with its `/`): files by themselves, folders by what they hold.
    fn children(&mut self, prefix: &str, members: &[usize]) {
        let mut folders: BTreeMap<&'a str, Vec<usize>> = BTreeMap::new();
        for ix in members {
            let path = self.path(*ix);
            match path.get(prefix.len()..).and_then(|rest| rest.find('/')) {
                Some(at) => folders.entry(path.get(..=prefix.len() + at).unwrap_or(path)).or_default().push(*ix),
                None => self.out.push(Group { folder: None, members: vec![*ix] }),
            }
        }
        for (folder, members) in folders {
            self.folder(folder, &members);
        }
    }

    fn folder(&mut self, prefix: &str, members: &[usize]) {
        // `/a/b` begins with an empty folder name.
        if prefix.trim_matches('/').is_empty() {
            return self.children(prefix, members);
        }
        let names: Vec<&str> = members.iter().filter_map(|ix| self.path(*ix).get(prefix.len()..)).collect();
        let name = prefix.trim_end_matches('/').to_owned();
        if claimed(&names) {
            return self.out.push(Group { folder: Some(name), members: members.to_vec() });
        }
        let apart = parts(&names);
        let (together, rest): (Vec<usize>, Vec<usize>) = if apart.is_empty() {
            (Vec::new(), members.to_vec())
        } else {
            members.iter().zip(&names).map(|(ix, name)| (*ix, apart.contains(name))).fold((Vec::new(), Vec::new()), sort)
        };
        if !together.is_empty() {
            self.out.push(Group { folder: Some(name), members: together });
        }
        self.children(prefix, &rest);
    }
}

fn sort((mut together, mut rest): (Vec<usize>, Vec<usize>), (ix, apart): (usize, bool)) -> (Vec<usize>, Vec<usize>) {
    if apart { &mut together } else { &mut rest }.push(ix);
    (together, rest)
}

fn entries<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Entry> {
    names.map(|name| Entry { name: name.to_owned(), ..Entry::default() }).collect()
}

/// Whether a format reads the folder as one. An export in a folder of its own does not claim what lies beside that folder.
fn claimed(names: &[&str]) -> bool {
    let all = entries(names.iter().copied());
    // A single file is read as that file.
    if all.iter().filter(|e| !e.is_noise()).nth(1).is_none() {
        return false;
    }
    let claim = |entries: &[Entry]| {
        let detected = detect::claim(entries);
        detected.format.filter(|_| detected.sure).map(|f| f.about().id)
    };
    let Some(format) = claim(&all) else { return false };
    let mut below: Vec<&str> = names.iter().filter_map(|name| name.split_inclusive('/').next().filter(|f| f.ends_with('/'))).collect();
    below.sort_unstable();
    below.dedup();
    below.retain(|folder| claim(&entries(names.iter().filter_map(|name| name.strip_prefix(folder)))).is_some());
    below.is_empty() || claim(&entries(names.iter().copied().filter(|name| !below.iter().any(|b| name.starts_with(b))))) == Some(format)
}

/// Files of a folder that are one export among others, where it begins in this folder itself; all of them, where lists of the export
/// declare what the others hold.
fn parts<'a>(names: &[&'a str]) -> std::collections::BTreeSet<&'a str> {
    let parts: Vec<_> = detect::parts(&entries(names.iter().copied())).into_iter().map(|(_, part)| part).filter(|part| part.folder.is_empty()).collect();
    if parts.iter().any(|part| part.last) {
        return names.iter().copied().collect();
    }
    parts.into_iter().next().into_iter().flat_map(|part| part.members).filter_map(|ix| names.get(ix).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sources of a drop: path, and the names in it for a folder.
    fn rows(paths: &[&str]) -> Vec<(String, Vec<String>)> {
        let name = |folder: &str, ix: usize| paths[ix].strip_prefix(&format!("{folder}/")).unwrap().to_owned();
        group(paths)
            .into_iter()
            .map(|g| match g.folder {
                Some(folder) => (folder.clone(), g.members.into_iter().map(|ix| name(&folder, ix)).collect()),
                None => (paths[g.members[0]].to_owned(), Vec::new()),
            })
            .collect()
    }

    fn row(path: &str, names: &[&str]) -> (String, Vec<String>) {
        let mut names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        names.sort();
        (path.to_owned(), names)
    }

    fn sorted(mut rows: Vec<(String, Vec<String>)>) -> Vec<(String, Vec<String>)> {
        rows.sort();
        rows
    }

    #[test]
    fn one_export_with_its_files_is_one_row() {
        let paths = [
            "drop/slack/channels.json",
            "drop/slack/users.json",
            "drop/slack/general/2026-05-12.json",
            "drop/ChatExport_2026-05-01/result.json",
            "drop/ChatExport_2026-05-01/photos/photo_1.jpg",
            "drop/ChatExport_2026-05-01/files/list.csv",
            "drop/WhatsApp Chat - Bo/_chat.txt",
            "drop/WhatsApp Chat - Bo/00000012-PHOTO-2026-01-05-14-03-22.jpg",
            "drop/Ana/WhatsApp Chat with Ana.txt",
            "drop/Ana/IMG-20260105-WA0001.jpg",
            "drop/note.txt",
        ];
        let wanted = [
            row("drop/Ana", &["WhatsApp Chat with Ana.txt", "IMG-20260105-WA0001.jpg"]),
            row("drop/ChatExport_2026-05-01", &["result.json", "photos/photo_1.jpg", "files/list.csv"]),
            row("drop/WhatsApp Chat - Bo", &["_chat.txt", "00000012-PHOTO-2026-01-05-14-03-22.jpg"]),
            row("drop/slack", &["channels.json", "users.json", "general/2026-05-12.json"]),
            row("drop/note.txt", &[]),
        ];
        assert_eq!(sorted(rows(&paths)), sorted(wanted.to_vec()));
    }

    #[test]
    fn files_that_belong_to_nobody_stay_rows_of_their_own() {
        for paths in [
            // A file alone; two chats in one folder; another export beside; a chat below.
            vec!["a/result.json"],
            vec!["a/_chat.txt", "a/.DS_Store"],
            vec!["a/_chat.txt", "a/other.txt", "a/x.jpg"],
            vec!["a/result.json", "a/people.csv", "a/photos/x.jpg"],
            vec!["a/result.json", "a/b/result.json", "a/photos/x.jpg"],
            vec!["channels.json", "users.json"],
        ] {
            assert_eq!(sorted(rows(&paths)), sorted(paths.iter().map(|p| row(p, &[])).collect()));
        }
    }

    #[test]
    fn lists_bring_what_they_speak_of() {
        let paths = [
            "d/Takeout/Google Chat/Groups/DM a/group_info.json",
            "d/Takeout/Google Chat/Groups/DM a/messages.json",
            "d/Takeout/Google Chat/Users/User 1/user_info.json",
            "d/Takeout/Mail/all.mbox",
            "d/case/Items.1/a.eml",
            "d/case/Reports-1/Items_0.csv",
            "d/t/users/usersList.json",
            "d/t/teams/x/messages_x.json",
            "d/vault/x-results-count.csv",
            "d/vault/x-1.zip",
        ];
        let wanted = [
            row("d/Takeout/Google Chat", &["Groups/DM a/group_info.json", "Groups/DM a/messages.json", "Users/User 1/user_info.json"]),
            row("d/case", &["Items.1/a.eml", "Reports-1/Items_0.csv"]),
            row("d/t", &["users/usersList.json", "teams/x/messages_x.json"]),
            row("d/vault", &["x-results-count.csv", "x-1.zip"]),
            row("d/Takeout/Mail/all.mbox", &[]),
        ];
        assert_eq!(sorted(rows(&paths)), sorted(wanted.to_vec()));
    }

    #[test]
    fn media_beside_the_folder_of_a_chat_belong_to_it() {
        let paths = ["d/signal-backup-1/main.jsonl", "d/signal-backup-1/metadata.json", "d/files/aa/x.jpg", "d/note.txt"];
        let wanted = [row("d", &["signal-backup-1/main.jsonl", "signal-backup-1/metadata.json", "files/aa/x.jpg"]), row("d/note.txt", &[])];
        assert_eq!(sorted(rows(&paths)), sorted(wanted.to_vec()));
    }

    #[test]
    fn a_log_lies_behind_its_database() {
        let groups = |paths: &[&str]| group(paths).into_iter().map(|g| (g.folder, g.members)).collect::<Vec<_>>();
        // Given by themselves, in any order; a log without its database stays alone, and so does the second of one path.
        assert_eq!(groups(&["chat.db-wal", "chat.db-shm", "x.db-wal", "chat.db"]), [(None, vec![3, 1, 0]), (None, vec![2])]);
        assert_eq!(groups(&["a.db", "a.db-wal", "a.db-wal"]), [(None, vec![0, 1]), (None, vec![2])]);
        assert_eq!(groups(&["d/a.db", "e/a.db-wal", "d/a.db-shm"]), [(None, vec![0, 2]), (None, vec![1])]);
        assert_eq!(groups(&["-wal", "d/-wal", "a-wal", "a-wal-shm"]), [(None, vec![0]), (None, vec![2]), (None, vec![3]), (None, vec![1])]);
        assert_eq!(groups(&["a", "a-wal", "a-wal-shm"]), [(None, vec![0, 1]), (None, vec![2])]);
        assert_eq!(with_logs(&["b", "a-wal", "a", "b-wal"]), [vec![0, 3], vec![2, 1]]);
    }
}
