//! What was dropped: which files belong together.

use std::collections::{BTreeMap, BTreeSet};

/// One group per row: (path, whether a folder, files with their names).
pub type Group<F> = (String, bool, Vec<(String, F)>);

/// Folders that hold one export become one group; every other file is a group of its own. Only names are looked at: whether the folder
/// is what it seems to be, the reader decides.
pub fn group<F>(files: Vec<(String, F)>) -> Vec<Group<F>> {
    let paths: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let mut folders: BTreeMap<String, Vec<(String, F)>> = exports(&paths).into_iter().map(|folder| (folder, Vec::new())).collect();
    let mut single = Vec::new();
    for (path, file) in files {
        // The outermost folder takes what lies below it.
        let folder = path.match_indices('/').find_map(|(at, _)| path.get(..=at).filter(|f| folders.contains_key(*f))).map(str::to_owned);
        match folder.and_then(|f| Some((f.len(), folders.get_mut(&f)?))) {
            Some((n, members)) => members.push((path.get(n..).unwrap_or_default().to_owned(), file)),
            None => single.push((path, false, vec![(String::new(), file)])),
        }
    }
    let folders = folders.into_iter().filter(|(_, members)| !members.is_empty());
    folders.map(|(folder, members)| (folder.trim_end_matches('/').to_owned(), true, members)).chain(single).collect()
}

/// Folders that hold one export, with `/` at the end: a workspace (`channels.json` beside `users.json` or `org_users.json`), one chat with
/// its media, the chats of a Takeout, a tenant's Teams, mailboxes beside the lists that declare them.
fn exports(paths: &BTreeSet<&str>) -> Vec<String> {
    let export = |path: &&str| {
        let (folder, name) = path.split_at_checked(path.rfind('/')? + 1)?;
        let has = |name: &str| paths.contains(format!("{folder}{name}").as_str());
        let name_of = name.to_ascii_lowercase();
        let above = |folder: &str| folder.strip_suffix('/').and_then(|f| f.rfind('/')).and_then(|at| folder.get(..=at)).unwrap_or_default().to_owned();
        let wider = match name_of.as_str() {
            "group_info.json" if has("messages.json") => Some(above(&above(folder))),
            "userslist.json" | "teamslist.json" => Some(above(folder)),
            "endpoints.json" if has("messages.json") => Some(folder.to_owned()),
            n if n.ends_with("results-count.csv") || n.ends_with("account-exceptions.csv") => Some(folder.to_owned()),
            n if n.ends_with(".csv") && (n.starts_with("items_") || n.starts_with("export_load_file") || n.starts_with("export summary")) => {
                Some(folder.to_owned())
            }
            n if n.starts_with("reports-") && n.ends_with(".zip") => Some(folder.to_owned()),
            _ => None,
        };
        if let Some(wider) = wider {
            let lists = wider.trim_end_matches('/').rsplit('/').next().is_some_and(|last| last.to_lowercase().starts_with("report"));
            return Some(if lists { above(&wider) } else { wider }).filter(|f| !f.is_empty());
        }
        let whole = match name {
            "channels.json" => has("users.json") || has("org_users.json"),
            "result.json" | "_chat.txt" => one_chat(folder, name, paths),
            _ => name.ends_with(".txt") && name.to_lowercase().contains("whatsapp") && one_chat(folder, name, paths),
        };
        whole.then(|| folder.to_owned())
    };
    paths.iter().filter_map(export).collect()
}

/// Whether a chat has its folder for itself, and media in it. What was sent in a Telegram chat lies in folders below its own.
fn one_chat(folder: &str, chat: &str, paths: &BTreeSet<&str>) -> bool {
    let (mut media, mut others) = (false, false);
    let inside = paths.range(folder..).map_while(|p| p.strip_prefix(folder));
    for name in inside.filter(|name| *name != chat) {
        let (below, file) = name.rsplit_once('/').map_or(("", name), |(below, file)| (below, file));
        if file.starts_with("._") || file == ".DS_Store" {
            continue;
        }
        let extension = file.rsplit_once('.').map_or(String::new(), |(_, x)| x.to_ascii_lowercase());
        let sent = !below.is_empty() && chat == "result.json";
        others |= file == chat || !sent && ["txt", "json", "jsonl", "csv", "tsv", "xml", "mbox", "eml", "zip", "db", "toml"].contains(&extension.as_str());
        media = true;
    }
    media && !others
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a drop: path, and the names in it for a folder.
    fn rows(paths: &[&str]) -> Vec<(String, Vec<String>)> {
        let groups = group(paths.iter().map(|p| ((*p).to_owned(), ())).collect());
        groups.into_iter().map(|(path, folder, files)| (path, if folder { files.into_iter().map(|f| f.0).collect() } else { Vec::new() })).collect()
    }

    fn row(path: &str, names: &[&str]) -> (String, Vec<String>) {
        (path.to_owned(), names.iter().map(|n| (*n).to_owned()).collect())
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
        assert_eq!(rows(&paths), wanted);
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
        assert_eq!(rows(&paths), wanted);
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
            assert_eq!(rows(&paths), paths.iter().map(|p| row(p, &[])).collect::<Vec<_>>());
        }
    }
}
