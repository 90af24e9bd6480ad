//! Archives: a zip or a folder seen as a list of members that can be opened one at a time. Limits on what is expanded.

use std::io;
use std::rc::Rc;

use super::bytes::{RangeStream, Shared, Stream};

/// A member of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// Name with folders, `/` between; as written, decoded.
    pub name: String,
    /// Expanded size as stated by the archive.
    pub size: u64,
    /// Bytes it takes in the outer file.
    pub packed: u64,
    /// Time of last change as written (no zone), microseconds.
    pub modified: Option<i64>,
    /// Why it cannot be opened, if so.
    pub locked: Option<Locked>,
}

impl Entry {
    /// Name without folders.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// Whether it is a folder or an operating system's own file (`__MACOSX/`, `._x`, `.DS_Store`).
    #[must_use]
    pub fn is_noise(&self) -> bool {
        self.name.ends_with('/') || self.name.starts_with("__MACOSX/") || self.file_name().starts_with("._") || self.file_name() == ".DS_Store"
    }
}

/// Why a member cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locked {
    /// Encrypted.
    Password,
    /// Packed with a method that is not read here.
    Method,
    /// Beyond a limit.
    Limit,
}

/// Members that can be opened one at a time.
pub trait Archive {
    /// Path of the archive as given.
    fn path(&self) -> &str;
    /// Members in the order of the archive (folders: sorted by name).
    fn entries(&self) -> &[Entry];
    /// Opens a member as a stream of expanded bytes. Streams do not borrow the archive.
    fn open(&self, ix: usize) -> io::Result<Box<dyn Stream>>;
    /// Random access to a member that is stored as it is, for archives within archives.
    fn direct(&self, ix: usize) -> Option<Shared>;
    /// What stands between the path of the archive and the name of a member.
    fn separator(&self) -> char {
        '!'
    }
}

/// A folder as an archive.
pub struct Folder {
    path: String,
    entries: Vec<Entry>,
    files: Vec<Shared>,
}

impl Folder {
    /// From (name relative to the folder, bytes, time of change). Sorted by name.
    #[must_use]
    pub fn new(path: &str, mut files: Vec<(String, Shared, Option<i64>)>) -> Self {
        files.sort_by(|a, b| a.0.cmp(&b.0));
        let entries = files
            .iter()
            .map(|(name, bytes, modified)| Entry { name: name.clone(), size: bytes.len(), packed: bytes.len(), modified: *modified, locked: None })
            .collect();
        Self { path: path.to_owned(), entries, files: files.into_iter().map(|f| f.1).collect() }
    }
}

impl Archive for Folder {
    fn path(&self) -> &str {
        &self.path
    }
    fn entries(&self) -> &[Entry] {
        &self.entries
    }
    fn open(&self, ix: usize) -> io::Result<Box<dyn Stream>> {
        let bytes = self.files.get(ix).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(RangeStream::whole(bytes.clone())))
    }
    fn direct(&self, ix: usize) -> Option<Shared> {
        self.files.get(ix).cloned()
    }
    fn separator(&self) -> char {
        '/'
    }
}

/// Members of an archive that are one source, among others that are not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claimed {
    /// Folder above all of them, with its `/`; empty at the root.
    pub folder: String,
    /// Their places in the archive; none where files only belong together (packages beside the package of their lists).
    pub members: Vec<usize>,
    /// Read behind everything else, so that what it declares can be compared with what was found.
    pub last: bool,
}

/// Some members of an archive, as an archive of their own. Names stay as they are.
pub struct Subset {
    archive: Rc<dyn Archive>,
    members: Vec<usize>,
    entries: Vec<Entry>,
}

impl Subset {
    /// Those members of an archive.
    #[must_use]
    pub fn of(archive: Rc<dyn Archive>, members: Vec<usize>) -> Self {
        let entries = members.iter().filter_map(|ix| archive.entries().get(*ix).cloned()).collect();
        Self { archive, members, entries }
    }
}

impl Archive for Subset {
    fn path(&self) -> &str {
        self.archive.path()
    }
    fn entries(&self) -> &[Entry] {
        &self.entries
    }
    fn open(&self, ix: usize) -> io::Result<Box<dyn Stream>> {
        self.members.get(ix).map_or_else(|| Err(io::Error::from(io::ErrorKind::NotFound)), |ix| self.archive.open(*ix))
    }
    fn direct(&self, ix: usize) -> Option<Shared> {
        self.archive.direct(*self.members.get(ix)?)
    }
    fn separator(&self) -> char {
        self.archive.separator()
    }
}
