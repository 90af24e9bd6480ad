//! Archives: a zip, a tar, something packed with gzip or a folder, seen as a list of members that can be opened one at a time. Limits on
//! what is expanded.

pub mod names;

use std::io;
use std::rc::Rc;

use super::bytes::{RandomAccess, RangeStream, Shared, Stream};
use super::{gzip, tar, zip};
use crate::model::ledger::SkipReason;

/// Largest packed nested archive that is expanded in memory.
const NESTED_LIMIT: u64 = 256 << 20;

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
    /// A link or a device: it holds no bytes of its own.
    Link,
    /// The archive is cut off or damaged before it.
    Lost,
}

impl Locked {
    /// The reason in the ledger.
    #[must_use]
    pub const fn reason(self) -> SkipReason {
        match self {
            Self::Password => SkipReason::Encrypted,
            Self::Method => SkipReason::UnknownPacking,
            Self::Limit => SkipReason::LimitReached,
            Self::Link => SkipReason::NotMessages,
            Self::Lost => SkipReason::UnreadableMember,
        }
    }
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
    /// Whether it is one packed file, whose name may come from that of the archive.
    fn sole(&self) -> bool {
        false
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

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Zip.
    Zip,
    /// Tar, not packed further.
    Tar,
    /// Gzip, of a tar or of one file.
    Gzip,
}

impl Packing {
    /// By the first bytes of a file.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        if zip::is_zip(head) {
            Some(Self::Zip)
        } else if gzip::is_gzip(head) {
            Some(Self::Gzip)
        } else {
            tar::is_tar(head).then_some(Self::Tar)
        }
    }
}

/// Opens an archive. What must be unpacked to be listed (a packed tar) is unpacked here, at once; the importer does that in steps.
/// The error is a sentence for people.
pub fn open(path: &str, bytes: Shared, packing: Packing) -> Result<Box<dyn Archive>, String> {
    match packing {
        Packing::Zip => Ok(Box::new(zip::Zip::open(path, bytes)?)),
        Packing::Tar => Ok(Box::new(tar::Tar::open(path, bytes)?)),
        Packing::Gzip => {
            let mut index = gzip::Index::new(path, bytes)?;
            while !index.step()? {}
            Ok(index.archive())
        }
    }
}

/// A part of other bytes.
pub struct Part {
    bytes: Shared,
    start: u64,
    len: u64,
}

impl Part {
    /// `len` bytes from `start`.
    #[must_use]
    pub const fn new(bytes: Shared, start: u64, len: u64) -> Self {
        Self { bytes, start, len }
    }
}

impl RandomAccess for Part {
    fn len(&self) -> u64 {
        self.len
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.len.saturating_sub(offset);
        let n = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
        match buf.get_mut(..n) {
            Some(buf) if n > 0 => self.bytes.read_at(self.start + offset, buf),
            _ => Ok(0),
        }
    }
}

/// A nested archive cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unexpanded {
    /// It is larger than the limit.
    Limit,
    /// It cannot be read: a sentence.
    Broken(String),
}

/// Expands a nested archive into memory, within a limit.
pub fn expand(archive: &dyn Archive, ix: usize) -> Result<Shared, Unexpanded> {
    let stated = archive.entries().get(ix).map_or(0, |e| e.size);
    if stated > NESTED_LIMIT {
        return Err(Unexpanded::Limit);
    }
    let broken = |e: io::Error| Unexpanded::Broken(format!("This inner archive could not be unpacked: {e}. Download or copy the outer archive again."));
    let mut stream = archive.open(ix).map_err(broken)?;
    let mut out = Vec::with_capacity(usize::try_from(stated.min(1 << 20)).unwrap_or(0));
    let mut buf = vec![0; 64 << 10];
    loop {
        let n = stream.read(&mut buf).map_err(broken)?;
        if n == 0 {
            return Ok(Rc::new(out));
        }
        out.extend_from_slice(buf.get(..n).unwrap_or_default());
        if out.len() as u64 > NESTED_LIMIT {
            return Err(Unexpanded::Limit);
        }
    }
}
