//! What was dropped: which files are lists, which belong together.

use super::List;

/// The list a file is by its name, as the sample and the import view use it.
pub fn list_of(name: &str) -> Option<List> {
    let name = name.to_ascii_lowercase();
    let starts = |word: &str| name.starts_with(word) && name.ends_with(".csv");
    match () {
        () if starts("people") => Some(List::People),
        () if starts("clients") => Some(List::Clients),
        () if starts("leave") => Some(List::Leave),
        () if starts("expected") => Some(List::Expected),
        () if name == "matter.toml" => Some(List::Matter),
        () => None,
    }
}

/// One group per row: (path, whether a folder, files with their names).
pub type Group = (String, bool, Vec<(String, web_sys::File)>);

/// Folders that hold a workspace export become one group; every other file is a group of its own.
pub fn group(mut files: Vec<(String, web_sys::File)>) -> Vec<Group> {
    let mut out = Vec::new();
    let has = |folder: &str, name: &str| files.iter().any(|(path, _)| path.strip_prefix(folder) == Some(name));
    let mut folders: Vec<String> =
        files.iter().filter_map(|(path, _)| path.strip_suffix("channels.json").filter(|f| f.ends_with('/')).map(str::to_owned)).collect();
    folders.retain(|f| has(f, "users.json") || has(f, "org_users.json"));
    for folder in folders {
        let (inside, rest): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| path.starts_with(&folder));
        files = rest;
        let members = inside.into_iter().map(|(path, file)| (path.strip_prefix(&folder).unwrap_or(&path).to_owned(), file));
        out.push((folder.trim_end_matches('/').to_owned(), true, members.collect()));
    }
    out.extend(files.into_iter().map(|(path, file)| (path, false, vec![(String::new(), file)])));
    out
}
