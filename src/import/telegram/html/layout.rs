//! Which pages of a folder are one chat, in which order.

use crate::import::archive::Entry;
use crate::import::telegram::beside::belongs;

/// A chat: its folder (with `/` at the end, or empty), and its pages by number.
pub struct Planned {
    /// Folder.
    pub folder: String,
    /// Number of the page and index of the member.
    pub pages: Vec<(u64, usize)>,
}

/// Number of a page: `messages.html` is 1, `messages2.html` 2.
pub fn number(name: &str) -> Option<u64> {
    let rest = name.strip_prefix("messages")?.strip_suffix(".html")?;
    if rest.is_empty() { Some(1) } else { rest.parse().ok().filter(|n| *n > 1 && !rest.starts_with('0')) }
}

fn split(name: &str) -> (&str, &str) {
    name.rfind('/').and_then(|at| name.split_at_checked(at + 1)).unwrap_or(("", name))
}

/// The chats of an archive that is one export and nothing else. Where `result.json` lies, that is read.
pub fn plan(members: &[Entry]) -> Vec<Planned> {
    let real = || members.iter().enumerate().filter(|(_, e)| !e.is_noise());
    let mut pages: Vec<(String, u64, usize)> =
        real().filter(|(_, e)| e.locked.is_none()).filter_map(|(ix, e)| Some((split(&e.name).0.to_owned(), number(split(&e.name).1)?, ix))).collect();
    pages.sort();
    let Some((first, ..)) = pages.first() else { return Vec::new() };
    // A full export begins with a page of its own above the chats.
    let root = real().find(|(_, e)| e.file_name() == "export_results.html").map_or(first.as_str(), |(_, e)| split(&e.name).0);
    let dressed = real().any(|(_, e)| e.name.strip_prefix(root) == Some("css/style.css"));
    if !dressed || !real().all(|(_, e)| e.name.strip_prefix(root).is_some_and(belongs)) {
        return Vec::new();
    }
    let mut chats: Vec<Planned> = Vec::new();
    for (folder, number, ix) in pages {
        match chats.last_mut().filter(|c| c.folder == folder) {
            Some(chat) => chat.pages.push((number, ix)),
            None => chats.push(Planned { folder, pages: vec![(number, ix)] }),
        }
    }
    chats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_one_folder_are_one_chat_in_order_of_their_numbers() {
        let entries = |names: &[&str]| names.iter().map(|n| Entry { name: (*n).to_owned(), ..Entry::default() }).collect::<Vec<_>>();
        let read = |names: &[&str]| plan(&entries(names)).into_iter().map(|c| (c.folder, c.pages)).collect::<Vec<_>>();
        let one = ["x/css/style.css", "x/messages.html", "x/messages10.html", "x/messages2.html", "x/photos/p.jpg"];
        assert_eq!(read(&one), [("x/".to_owned(), vec![(1, 1), (2, 3), (10, 2)])]);
        let full = ["css/style.css", "export_results.html", "chats/chat_01/messages.html", "chats/chat_02/messages.html", "lists/chats.html"];
        assert_eq!(read(&full).len(), 2);
        assert_eq!(read(&["css/style.css", "messages.html", "result.json"]), []);
        assert_eq!(read(&["css/style.css", "messages.html", "notes/plan.docx"]), []);
        assert_eq!(read(&["messages.html"]), []);
    }
}
