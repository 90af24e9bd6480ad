//! Where the pages of a download lie: `.../messages/inbox/<thread>/message_1.json`, and which archive is one download.

use crate::import::archive::Entry;
use crate::import::sink::Map;

/// Folders of threads.
const BOXES: &[&str] = &["inbox", "archived_threads", "filtered_threads", "message_requests", "e2ee_cutover", "filtered", "archived", "broadcast"];
/// Folders of media within a thread.
const MEDIA: &[&str] = &["photos", "videos", "audio", "gifs", "files", "stickers", "stickers_used"];
/// Files that are messages of something else: an archive that holds them too is no single download.
const FOREIGN: &[&str] = &["zip", "mbox", "pst", "ost", "eml", "msg", "db", "sqlite", "xml", "csv", "tar", "gz"];

/// A page of a thread.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Page {
    /// Folder of the thread (`anasilva_123`); empty when the pages lie at the top.
    pub thread: String,
    /// Box and whatever stands above, so that pages of one thread in two boxes are told apart.
    pub above: String,
    /// Number in the name.
    pub number: u32,
    /// Place in the archive.
    pub ix: usize,
}

/// Number of a page by its name: `message_12.json`.
pub fn number(file: &str) -> Option<u32> {
    file.strip_prefix("message_")?.strip_suffix(".json")?.parse().ok().filter(|n| *n > 0)
}

/// Thread folder of a path of folders, if it lies in a box.
pub fn thread(folder: &str) -> Option<&str> {
    let mut parts = folder.rsplit(['/', '!']);
    let (thread, above) = (parts.next()?, parts.next()?);
    (BOXES.contains(&above) && !thread.is_empty()).then_some(thread)
}

/// All pages, sorted by thread, box and number.
pub fn pages(entries: &[Entry]) -> Vec<Page> {
    let mut pages: Vec<Page> = entries.iter().enumerate().filter(|(_, e)| !e.is_noise()).filter_map(|(ix, e)| page(ix, &e.name)).collect();
    pages.sort();
    pages
}

fn page(ix: usize, name: &str) -> Option<Page> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let number = number(file)?;
    if folder.is_empty() {
        return Some(Page { thread: String::new(), above: String::new(), number, ix });
    }
    let thread = thread(folder)?;
    Some(Page { thread: thread.to_owned(), above: folder.strip_suffix(thread)?.to_owned(), number, ix })
}

/// Whether an archive is one download and nothing else.
pub fn is_download(entries: &[Entry]) -> bool {
    let pages = pages(entries);
    if pages.is_empty() {
        return false;
    }
    let files = || entries.iter().filter(|e| !e.is_noise());
    if pages.iter().all(|p| p.thread.is_empty()) {
        // The folder of one thread by itself.
        return files().all(|e| number(&e.name).is_some() || e.name.split_once('/').is_some_and(|(first, _)| MEDIA.contains(&first)));
    }
    let mut roots: Vec<&str> = pages.iter().map(|p| root(&p.above)).collect();
    roots.sort_unstable();
    roots.dedup();
    let [root] = roots.as_slice() else { return false };
    let foreign = |e: &Entry| {
        let extension = e.file_name().rsplit_once('.').map(|(_, x)| x.to_ascii_lowercase()).unwrap_or_default();
        let Some(inner) = e.name.strip_prefix(root) else { return true };
        // Text at the top is somebody else's; the download has folders there.
        FOREIGN.contains(&extension.as_str()) || (!inner.contains('/') && matches!(extension.as_str(), "txt" | "json" | "jsonl"))
    };
    root.matches('/').count() <= 1 && !files().any(foreign)
}

/// What stands above the folders that the download makes: `messages/`, since 2024 with a folder of activities above it.
fn root(above: &str) -> &str {
    let above = above.trim_end_matches('/');
    let above = above.rsplit_once('/').map_or("", |(up, _)| up);
    let Some(up) = above.strip_suffix("messages") else { return above };
    let activity = up.trim_end_matches('/').rsplit('/').next().filter(|f| f.starts_with("your_"));
    activity.and_then(|f| up.strip_suffix('/')?.strip_suffix(f)).unwrap_or(up)
}

/// The media that lie in a download, by the last three parts of their names (`anasilva_123/photos/1.jpg`).
pub struct Media {
    names: Map<Box<str>, ()>,
}

impl Media {
    /// Of an archive.
    pub fn of(entries: &[Entry]) -> Self {
        let mut names = Map::default();
        for entry in entries.iter().filter(|e| !e.is_noise() && number(e.file_name()).is_none()) {
            names.insert(tail(&entry.name).into(), ());
        }
        Self { names }
    }

    /// Whether there are none at all: the download was made without them, or they lie in another part of it.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether a file of this path is there.
    pub fn has(&self, path: &str) -> bool {
        self.names.contains_key(tail(path))
    }
}

fn tail(path: &str) -> &str {
    let cut = path.rmatch_indices('/').nth(2).map_or(0, |(at, _)| at + 1);
    path.get(cut..).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(names: &[&str]) -> bool {
        is_download(&names.iter().map(|n| Entry { name: (*n).to_owned(), ..Entry::default() }).collect::<Vec<_>>())
    }

    #[test]
    fn a_download_is_claimed_only_when_it_is_one() {
        assert!(is(&["messages/inbox/ana_1/message_1.json", "messages/inbox/ana_1/photos/1.jpg"]));
        assert!(is(&["fb/your_activity_across_facebook/messages/inbox/a_1/message_1.json", "fb/posts/your_posts_1.json"]));
        assert!(is(&["message_1.json", "message_2.json", "photos/x.jpg"]));
        assert!(!is(&["fb/messages/inbox/a_1/message_1.json", "ig/messages/inbox/b_1/message_1.json"]));
        assert!(!is(&["messages/inbox/a_1/message_1.json", "whatsapp.txt"]));
        assert!(!is(&["message_1.json", "result.json"]) && !is(&["a.json"]));
        assert_eq!(thread("x.zip!messages/inbox/ana_1"), Some("ana_1"));
        assert_eq!(thread("exports/ana_1"), None);
    }
}
