//! An archive or folder that no format claims as a whole: its members are read one by one, what is left out goes into one row.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::import::Format;
use crate::import::archive::{Archive, Entry};
use crate::import::sink::Sink;
use crate::model::ledger::SkipReason;
use crate::model::message::Position;

/// Members left out that are named one by one; the rest is counted.
const NAMED: usize = 1_000;

/// An unclaimed archive whose members are being read.
pub struct Container {
    /// The archive.
    pub archive: Rc<dyn Archive>,
    /// How many archives it lies in.
    pub depth: u32,
    bytes: u64,
    skips: RefCell<Vec<(SkipReason, String)>>,
    beside: BTreeMap<String, Rc<[Entry]>>,
    /// Bytes of the outer file that no member has taken yet, and how they are measured out.
    left: Cell<u64>,
    share: u64,
    packed: u64,
    /// What the last member of a certain format was.
    pub format: Cell<Option<&'static dyn Format>>,
}

impl Container {
    /// `bytes`: its own size; `share`: the bytes of the outermost file it stands for in the progress.
    pub fn new(archive: Rc<dyn Archive>, depth: u32, bytes: u64, share: u64) -> Self {
        let members: u64 = archive.entries().iter().map(|e| e.packed).fold(0, u64::saturating_add);
        let beside = beside(archive.entries());
        Self {
            archive,
            depth,
            bytes,
            skips: RefCell::default(),
            beside,
            left: Cell::new(share),
            share,
            packed: members.max(bytes).max(1),
            format: Cell::default(),
        }
    }

    /// The share of a member in the progress; those of all members together are never more than that of the container.
    pub fn take_share(&self, entry: &Entry) -> u64 {
        let part = u128::from(self.share) * u128::from(entry.packed) / u128::from(self.packed);
        let part = u64::try_from(part).unwrap_or(u64::MAX).min(self.left.get());
        self.left.set(self.left.get() - part);
        part
    }

    /// What no member has taken: headers, the directory, members left out.
    pub fn take_rest(&self) -> u64 {
        self.left.replace(0)
    }

    /// Path of a member.
    pub fn path_of(&self, entry: &Entry) -> String {
        format!("{}{}{}", self.archive.path(), self.archive.separator(), entry.name)
    }

    /// Folder of a member: path of the container and the folder inside.
    pub fn folder_of(&self, entry: &Entry) -> String {
        let inner = folder(&entry.name);
        if inner.is_empty() { self.archive.path().to_owned() } else { format!("{}{}{inner}", self.archive.path(), self.archive.separator()) }
    }

    /// All that lies in the folder of a member, and below it.
    pub fn beside(&self, entry: &Entry) -> Rc<[Entry]> {
        self.beside.get(folder(&entry.name)).cloned().unwrap_or_default()
    }

    /// A member is not read.
    pub fn leave(&self, reason: SkipReason, name: &str) {
        self.skips.borrow_mut().push((reason, name.to_owned()));
    }

    /// The row of the container, if anything was left out.
    pub fn close(&self, sink: &mut Sink) {
        let skips = self.skips.take();
        if skips.is_empty() {
            return;
        }
        sink.open_source(self.archive.path(), self.bytes, "archive", "");
        let mut rest: BTreeMap<SkipReason, u64> = BTreeMap::new();
        // Losses are named before anything else.
        let (losses, others): (Vec<_>, Vec<_>) = skips.iter().partition(|(reason, _)| reason.severity() == crate::model::ledger::Severity::Loss);
        for (n, (reason, entry)) in losses.into_iter().chain(others).enumerate() {
            sink.record();
            if n < NAMED {
                sink.part(entry);
                sink.skip(*reason, Position::byte(0));
            } else {
                *rest.entry(*reason).or_default() += 1;
            }
        }
        for (reason, count) in rest {
            sink.skip_many(reason, count, Position::byte(0));
        }
        let count = |reason: SkipReason| skips.iter().filter(|(r, _)| *r == reason).count() as u64;
        for (reason, id, sentence) in ADVICE {
            if count(*reason) > 0 {
                sink.notice(id, *sentence, count(*reason));
            }
        }
        sink.close_source();
    }
}

/// What to do about members that were not read.
const ADVICE: &[(SkipReason, &str, &str)] = &[
    (
        SkipReason::LimitReached,
        "limit_reached",
        "Members beyond the limits were not read (archives 4 deep, 256 MiB for a packed inner archive, 200,000 members, 64 GiB in all, 1000 to 1); \
         unpack them and add the files",
    ),
    (SkipReason::UnreadableMember, "archive_cut", "The archive is cut off or damaged: members behind that place are not in it. Download or copy it again"),
    (
        SkipReason::Encrypted,
        "members_encrypted",
        "Members are locked with a password and were not read; unpack the archive with its password and add the files",
    ),
    (
        SkipReason::UnknownPacking,
        "members_packed_otherwise",
        "Members are packed with a method this version does not read; unpack the archive and add the files",
    ),
];

fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// For each folder that holds files: everything in it and below, named from there.
fn beside(entries: &[Entry]) -> BTreeMap<String, Rc<[Entry]>> {
    let mut folders: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    let files = || entries.iter().filter(|e| !e.is_noise());
    for entry in files().filter(|e| leave_out(e).is_none()) {
        folders.entry(folder(&entry.name)).or_default();
    }
    for entry in files() {
        let mut above = Some(folder(&entry.name));
        while let Some(at) = above {
            if let Some(list) = folders.get_mut(at) {
                let name = entry.name.strip_prefix(at).unwrap_or(&entry.name).trim_start_matches('/').to_owned();
                list.push(Entry { name, ..entry.clone() });
            }
            above = (!at.is_empty()).then(|| folder(at));
        }
    }
    folders.into_iter().map(|(folder, list)| (folder.to_owned(), list.into())).collect()
}

/// Why a member of an unclaimed archive is not read, decided by what the archive says of it.
pub fn leave_out(entry: &Entry) -> Option<SkipReason> {
    if let Some(locked) = entry.locked {
        return Some(locked.reason());
    }
    // The table of contents of a Takeout.
    if entry.is_noise() || entry.file_name() == "archive_browser.html" {
        return Some(SkipReason::NotMessages);
    }
    const MEDIA: &[&str] = &[
        "jpg", "jpeg", "png", "gif", "webp", "heic", "bmp", "svg", "ico", "mp4", "mov", "avi", "3gp", "mkv", "webm", "opus", "ogg", "oga", "m4a", "mp3", "aac",
        "amr", "wav", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "vcf", "css", "js", "tgs", "woff", "woff2", "ttf",
    ];
    let extension = entry.file_name().rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    extension.filter(|e| MEDIA.contains(&e.as_str())).map(|_| SkipReason::NotMessages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::archive::Folder;

    fn container(names: &[&str], share: u64) -> Container {
        let file = |name: &&str| ((*name).to_owned(), Rc::new(vec![0u8; 100]) as crate::import::bytes::Shared, None);
        Container::new(Rc::new(Folder::new("exports", names.iter().map(file).collect())), 0, 100 * names.len() as u64, share)
    }

    #[test]
    fn a_member_knows_what_lies_beside_and_below_it() {
        let c = container(
            &["ChatExport_1/photos/photo_1.jpg", "ChatExport_1/result.json", "ChatExport_2/photos/photo_9.jpg", "ChatExport_2/result.json", "people.csv"],
            500,
        );
        let entry = |name: &str| c.archive.entries().iter().find(|e| e.name == name).unwrap().clone();
        let names = |name: &str| c.beside(&entry(name)).iter().map(|e| e.name.clone()).collect::<Vec<_>>();
        assert_eq!(names("ChatExport_1/result.json"), ["photos/photo_1.jpg", "result.json"]);
        assert_eq!(c.folder_of(&entry("ChatExport_1/result.json")), "exports/ChatExport_1");
        assert_eq!(c.path_of(&entry("people.csv")), "exports/people.csv");
        assert_eq!(names("people.csv").len(), 5);
        assert!(c.beside(&entry("people.csv")).iter().all(|e| e.size == 100));
    }

    #[test]
    fn the_shares_of_members_are_those_of_the_container() {
        for share in [0, 1, 7, 300, 1_000_000] {
            let c = container(&["a", "b", "c"], share);
            let taken: u64 = c.archive.entries().iter().map(|e| c.take_share(e)).sum();
            assert_eq!(taken + c.take_rest(), share);
        }
    }
}
