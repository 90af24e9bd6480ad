//! What lies beside `result.json`: which archive or folder is one export, and whether a file that a record names is there.
//!
//! Records name their files by the path from the folder of `result.json` (`photos/photo_1@01-08-2020_22-01-49.jpg`, in full exports
//! `chats/chat_01/photos/...`). A path that is not in the folder is a lost file; a file alone says nothing of what lay beside it.

use crate::import::archive::Entry;
use crate::import::json::Text;
use crate::import::sink::Map;

/// Folders that the app makes in an export (`export_settings.h`, `export_output_html.cpp`). What lies in them was sent, or is dressing.
const FOLDERS: &[&str] = &[
    "chats",
    "contacts",
    "css",
    "files",
    "images",
    "js",
    "lists",
    "photos",
    "profile_pictures",
    "round_video_messages",
    "stickers",
    "stories",
    "video_files",
    "voice_messages",
];

/// Whether a member, named from the folder of `result.json`, belongs to the export and is no export of its own.
pub fn belongs(name: &str) -> bool {
    let (first, below) = name.split_once('/').map_or(("", false), |(first, _)| (first, true));
    let extension = name.rsplit_once('.').map(|(_, x)| x.to_ascii_lowercase()).unwrap_or_default();
    if below {
        return FOLDERS.contains(&first);
    }
    // `messages2.html` and its like: the same export, written once more for people.
    ["html", "css", "js", "jpg", "png"].contains(&extension.as_str())
}

/// The `result.json` of an archive that is one export and nothing else, if any of its files lie beside it.
pub fn export(members: &[Entry]) -> Option<(usize, &Entry)> {
    let mut found = members.iter().enumerate().filter(|(_, e)| !e.is_noise() && e.file_name() == "result.json" && e.locked.is_none());
    let (ix, own) = found.next()?;
    let folder = own.name.strip_suffix("result.json")?;
    let mut others = members.iter().filter(|e| !e.is_noise() && e.name != own.name).peekable();
    others.peek()?;
    others.all(|e| e.name.strip_prefix(folder).is_some_and(belongs)).then_some((ix, own))
}

/// Names of the files beside, as records write them.
pub struct Beside {
    names: Map<Box<[u8]>, ()>,
    /// Some name is not ASCII: archives write such names in several ways, so that one that is not found proves nothing.
    wide: bool,
}

impl Beside {
    /// From names relative to the folder of `result.json`; `None` when nothing of the export lies there.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut all = Self { names: Map::default(), wide: false };
        for name in names.filter(|n| belongs(n)) {
            all.wide |= !name.is_ascii();
            all.names.insert(name.as_bytes().into(), ());
        }
        (!all.names.is_empty()).then_some(all)
    }

    /// Whether a file that a record names is not there.
    pub fn lacks(&self, path: Text<'_>) -> bool {
        let mut room = Vec::new();
        let path = path.decode(&mut room);
        !self.names.contains_key(path) && (path.is_ascii() || !self.wide)
    }
}
