//! The importer: files and folders in, a batch out. It detects, opens containers, runs readers in bounded steps and keeps the
//! ledger. One bad file never stops the others.

mod beside;
mod container;

use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

use super::archive::{self, Archive, Entry, Packing, Subset};
use super::bytes::{RangeStream, Shared, Stream};
use super::sink::Sink;
use super::watch::{Watch, Watched};
use super::{FORMATS, FileInput, Format, Given, Input, Options, Reader, Step, decode, detect, gzip, lists, zip};
use crate::model::Batch;
use crate::model::ledger::{Question, SkipReason};
use crate::text;
use crate::time::Zone;
use beside::Beside;
use container::Container;
pub use container::leave_out;

/// Deepest nesting of archives.
pub const MAX_DEPTH: u32 = 4;
/// Most members of all archives of one import together.
const MEMBER_LIMIT: u64 = 200_000;

/// What has been done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes handled, of the files as given. Never goes back.
    pub done: u64,
    /// Bytes to handle.
    pub total: u64,
    /// Messages and events so far.
    pub rows: u64,
}

enum Job {
    /// A file, and what lies beside it.
    File(Given, Vec<Given>),
    Member {
        container: Rc<Container>,
        ix: usize,
        /// What lies beside it: members and their shares.
        others: Vec<(usize, u64)>,
        share: u64,
    },
    Whole {
        archive: Box<dyn Archive>,
        format: &'static dyn Format,
        bytes: u64,
        share: u64,
    },
    /// A packed archive whose members are being listed.
    Listing {
        index: Box<gzip::Index>,
        path: String,
        bytes: u64,
        depth: u32,
        share: u64,
    },
    /// The end of a container.
    Close(Rc<Container>),
}

struct Current {
    reader: Box<dyn Reader>,
    /// Bytes of the outermost file that the source stands for.
    share: u64,
    /// Of a file: what its stream shows, and its size.
    watch: Option<(Rc<Watch>, u64)>,
}

impl Current {
    fn done(&self) -> u64 {
        let done = match &self.watch {
            Some((watch, size)) => u64::try_from(u128::from(self.share) * u128::from(watch.come()) / u128::from((*size).max(1))).unwrap_or(u64::MAX),
            None => self.reader.done(),
        };
        done.min(self.share)
    }
}

/// Imports files in bounded steps.
pub struct Importer {
    sink: Sink,
    options: Options,
    jobs: VecDeque<Job>,
    current: Option<Current>,
    done: u64,
    shown: u64,
    total: u64,
    /// Members of unclaimed archives, and their expanded bytes.
    members: u64,
    expanded: u64,
}

/// One file on its way to a reader.
struct Source<'a> {
    path: &'a str,
    name: &'a str,
    folder: String,
    size: u64,
    share: u64,
    modified: Option<i64>,
    beside: Rc<[Entry]>,
    others: &'a Beside<'a>,
    head: Head,
    stream: &'a dyn Fn() -> io::Result<Box<dyn Stream>>,
    /// The same bytes at any place.
    bytes: &'a dyn Fn() -> Result<Shared, archive::Unexpanded>,
}

/// The first bytes of a file.
struct Head {
    bytes: Vec<u8>,
    complete: bool,
    fault: Option<io::Error>,
}

impl Head {
    /// What comes before a fault counts: the beginning of a damaged file tells what it is.
    fn of(stream: io::Result<Box<dyn Stream>>) -> Self {
        let watch = Rc::new(Watch::default());
        let read = stream.and_then(|s| detect::read_head(&mut Watched::new(s, watch.clone())));
        match read {
            Ok((bytes, complete)) => {
                let fault = watch.take_fault();
                Self { bytes, complete: complete && fault.is_none(), fault }
            }
            Err(fault) => Self { bytes: Vec::new(), complete: false, fault: Some(fault) },
        }
    }
}

impl Importer {
    /// For some files, read one after the other into one batch; a database with the log that lies beside it.
    #[must_use]
    pub fn new(files: Vec<Given>, options: Options) -> Self {
        let total = files.iter().map(|f| f.bytes.len()).sum();
        Self::with_jobs(beside::paired(files).collect(), total, options)
    }

    /// For a folder. If a format claims it as a whole (a Slack folder), it is one source; else each file is one.
    #[must_use]
    pub fn folder(folder: Box<dyn Archive>, options: Options) -> Self {
        let total = folder.entries().iter().map(|e| e.size).sum();
        let mut importer = Self::with_jobs(VecDeque::new(), total, options);
        importer.archive(folder, 0, total, total);
        importer
    }

    fn with_jobs(jobs: VecDeque<Job>, total: u64, options: Options) -> Self {
        let zone = options.zone.as_deref().and_then(Zone::named);
        Self { sink: Sink::new(zone), options, jobs, current: None, done: 0, shown: 0, total, members: 0, expanded: 0 }
    }

    /// Handles a bounded amount. After [`Step::End`] call [`Importer::finish`].
    pub fn step(&mut self) -> Step {
        if let Some(current) = &mut self.current {
            match current.reader.step(&mut self.sink) {
                Ok(Step::More) => {
                    self.shown = self.shown.max(self.done + current.done());
                    return Step::More;
                }
                Ok(Step::End) => {}
                Err(error) => self.sink.fail(error.what, error.place),
            }
            if let Some(Current { share, watch, .. }) = self.current.take() {
                self.done += share;
                if let Some((watch, _)) = watch {
                    watch.tell(&mut self.sink);
                }
            }
            self.sink.close_source();
        } else if let Some(job) = self.jobs.pop_front() {
            self.begin(job);
        }
        self.shown = self.shown.max(self.done);
        if self.current.is_none() && self.jobs.is_empty() { Step::End } else { Step::More }
    }

    /// Progress, cheap.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress { done: self.shown.min(self.total), total: self.total, rows: self.sink.rows() as u64 }
    }

    /// The batch. A reader that is still running is closed as cut short.
    #[must_use]
    pub fn finish(mut self) -> Batch {
        if self.current.take().is_some() {
            self.sink.fail("Reading was cancelled; what had been read is not counted.", "");
            self.sink.close_source();
        }
        self.sink.finish()
    }

    fn begin(&mut self, job: Job) {
        match job {
            Job::File(given, others) => self.given(given, others),
            Job::Member { container, ix, others, share } => self.given_member(&container, ix, others, share),
            Job::Whole { archive, format, bytes, share } => {
                let path = archive.path().to_owned();
                self.open(&path, bytes, share, format, Input::Archive(archive), None);
            }
            Job::Listing { index, path, bytes, depth, share } => self.list(index, path, bytes, depth, share),
            Job::Close(container) => {
                self.done += container.take_rest();
                container.close(&mut self.sink);
            }
        }
    }

    /// `true`: what lies beside it was read with it.
    fn file(&mut self, given: Given, others: &Beside<'_>) -> bool {
        let Given { path, bytes, modified } = given;
        let size = bytes.len();
        let stream = || -> io::Result<Box<dyn Stream>> { Ok(Box::new(RangeStream::whole(bytes.clone()))) };
        let head = Head::of(stream());
        if head.bytes.is_empty()
            && let Some(error) = head.fault
        {
            self.refused(&path, size, size, format!("This file could not be opened ({error}). Check that it is still there, and add it again."), "");
            return false;
        }
        if let Some(packing) = Packing::of(&head.bytes) {
            self.packed(&path, bytes.clone(), packing, 0, size);
            return false;
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let binary = head.bytes.contains(&0);
        let detected = (binary || self.options.format.is_none()).then(|| detect::detect(name, size, &head.bytes, head.complete));
        // A program that unpacks itself: bytes before the archive.
        if binary
            && detected.as_ref().is_some_and(|d| d.format.is_none())
            && let Ok(archive) = zip::Zip::open(&path, bytes.clone())
        {
            self.archive(Box::new(archive), 0, size, size);
            return false;
        }
        let detected = self.stated().or(detected).unwrap_or_default();
        let folder = folder.to_owned();
        let whole = || Ok(bytes.clone());
        let beside = Rc::default();
        let source = Source { path: &path, name, folder, size, share: size, modified, beside, others, head, stream: &stream, bytes: &whole };
        self.open_detected(source, detected)
    }

    /// The format that a person has stated.
    fn stated(&self) -> Option<detect::Detected> {
        let id = self.options.format.as_ref()?;
        let format = FORMATS.iter().copied().find(|f| f.about().id == id);
        Some(detect::Detected { format, sure: true, why: "stated".to_owned(), others: Vec::new() })
    }

    fn packed(&mut self, path: &str, bytes: Shared, packing: Packing, depth: u32, share: u64) {
        let size = bytes.len();
        // A packed tar must be unpacked to be listed: that takes steps.
        if packing == Packing::Gzip {
            return match gzip::Index::new(path, bytes) {
                Ok(index) => self.jobs.push_front(Job::Listing { index: Box::new(index), path: path.to_owned(), bytes: size, depth, share }),
                Err(what) => self.refused(path, size, share, what, ""),
            };
        }
        match archive::open(path, bytes, packing) {
            Ok(archive) => self.archive(archive, depth, size, share),
            Err(what) => self.refused(path, size, share, what, ""),
        }
    }

    fn list(&mut self, mut index: Box<gzip::Index>, path: String, bytes: u64, depth: u32, share: u64) {
        match index.step() {
            Ok(true) => self.archive(index.archive(), depth, bytes, share),
            Ok(false) => {
                // Half of the way: the members are unpacked once more when they are read.
                let part = u128::from(share) * u128::from(index.done()) / u128::from(bytes.max(1)) / 2;
                self.shown = self.shown.max(self.done.saturating_add(u64::try_from(part).unwrap_or(0)));
                self.jobs.push_front(Job::Listing { index, path, bytes, depth, share });
            }
            Err(what) => self.refused(&path, bytes, share, what, ""),
        }
    }

    /// `true`: what lies beside it was read with it.
    fn member(&mut self, container: &Rc<Container>, ix: usize, share: u64, others: &Beside<'_>) -> bool {
        let outer = container.archive.clone();
        let Some(entry) = outer.entries().get(ix).cloned() else { return false };
        let path = container.path_of(&entry);
        let stream = || outer.open(ix);
        let head = Head::of(stream());
        if head.bytes.is_empty()
            && let Some(error) = head.fault
        {
            let what = format!("This member could not be unpacked: {error}. Download or copy the archive again.");
            self.refused(&path, entry.size, share, what, &entry.name);
            return false;
        }
        if let Some(packing) = Packing::of(&head.bytes) {
            self.nested(container, ix, &path, packing, share);
            return false;
        }
        let name = entry.file_name();
        if self.options.format.is_none() && (lists::list_kind(name, &head.bytes).is_some() || detect::is_answer_key(&head.bytes)) {
            container.leave(SkipReason::NotMessages, &entry.name);
            self.done += share;
            return false;
        }
        let (folder, beside) = (container.folder_of(&entry), container.beside(&entry));
        let whole = || outer.direct(ix).map_or_else(|| archive::expand(outer.as_ref(), ix), Ok);
        let detected = self.stated().unwrap_or_else(|| detect::detect_like(container.format.get(), name, entry.size, &head.bytes, head.complete));
        container.format.set(detected.certain().or(container.format.get()));
        let modified = entry.modified;
        let source = Source { path: &path, name, folder, size: entry.size, share, modified, beside, others, head, stream: &stream, bytes: &whole };
        self.open_detected(source, detected)
    }

    /// An archive within an archive: read in place when it is stored as it is, else expanded in memory.
    fn nested(&mut self, container: &Rc<Container>, ix: usize, path: &str, packing: Packing, share: u64) {
        let (outer, depth) = (&container.archive, container.depth + 1);
        let Some(entry) = outer.entries().get(ix) else { return };
        let inner = if depth < MAX_DEPTH { outer.direct(ix).map_or_else(|| archive::expand(outer.as_ref(), ix), Ok) } else { Err(archive::Unexpanded::Limit) };
        match inner {
            Ok(bytes) => self.packed(path, bytes, packing, depth, share),
            Err(archive::Unexpanded::Limit) => {
                container.leave(SkipReason::LimitReached, &entry.name);
                self.done += share;
            }
            Err(archive::Unexpanded::Broken(what)) => self.refused(path, entry.size, share, what, &entry.name),
        }
    }

    fn archive(&mut self, archive: Box<dyn Archive>, depth: u32, bytes: u64, share: u64) {
        let path = archive.path().to_owned();
        if let Some(format) = detect::claim(archive.entries()).format {
            self.jobs.push_front(Job::Whole { archive, format, bytes, share });
            return;
        }
        if let Some(what) = detect::document(archive.entries()) {
            return self.refused(&path, bytes, share, what.to_owned(), "");
        }
        if archive.entries().iter().all(|e| e.name.ends_with('/')) {
            return self.refused(&path, bytes, share, "This archive is empty: nothing was exported, or the copy failed. Export it again.".to_owned(), "");
        }
        let container = Rc::new(Container::new(archive.into(), depth, bytes, share));
        let mut taken = vec![false; container.archive.entries().len()];
        let mut members = self.parts(&container, &mut taken);
        let mut left = vec![false; taken.len()];
        for (ix, entry) in container.archive.entries().iter().enumerate() {
            if entry.name.ends_with('/') || taken.get(ix) == Some(&true) {
                continue;
            }
            if let Some(reason) = leave_out(entry).or_else(|| self.limited(entry)) {
                container.leave(reason, &entry.name);
                left.get_mut(ix).into_iter().for_each(|l| *l = true);
            }
        }
        let open = |ix: usize, e: &Entry| !e.name.ends_with('/') && taken.get(ix) == Some(&false) && left.get(ix) == Some(&false);
        let entries = container.archive.entries();
        for group in beside::of_members(entries, open) {
            let mut shares = group.into_iter().filter_map(|ix| Some((ix, container.take_share(entries.get(ix)?))));
            let Some((ix, share)) = shares.next() else { continue };
            let others = shares.collect();
            members.push(Job::Member { container: container.clone(), ix, others, share });
        }
        members.push(Job::Close(container));
        for job in members.into_iter().rev() {
            self.jobs.push_front(job);
        }
    }

    /// Members that are one source together, read before the others of their archive; or behind everything, where they wish it.
    fn parts(&mut self, container: &Rc<Container>, taken: &mut [bool]) -> Vec<Job> {
        let mut jobs = Vec::new();
        for (format, part) in detect::parts(container.archive.entries()).into_iter().filter(|(_, p)| !p.members.is_empty()) {
            part.members.iter().for_each(|ix| taken.get_mut(*ix).into_iter().for_each(|t| *t = true));
            let archive = Subset::of(container.archive.clone(), part.members);
            let share = archive.entries().iter().map(|e| container.take_share(e)).sum();
            let bytes = archive.entries().iter().map(|e| e.size).fold(0, u64::saturating_add);
            let job = Job::Whole { archive: Box::new(archive), format, bytes, share };
            if part.last { self.jobs.push_back(job) } else { jobs.push(job) }
        }
        jobs
    }

    /// Counts a member towards the limits of the import as a whole; `Some` when it is beyond them.
    fn limited(&mut self, entry: &Entry) -> Option<SkipReason> {
        let expanded = self.expanded.saturating_add(entry.size);
        if self.members >= MEMBER_LIMIT || expanded > zip::EXPANDED_LIMIT {
            return Some(SkipReason::LimitReached);
        }
        (self.members, self.expanded) = (self.members + 1, expanded);
        None
    }

    /// `true`: what lies beside it was read with it.
    fn open_detected(&mut self, source: Source<'_>, detected: detect::Detected) -> bool {
        let Source { path, name, size, share, head, others, .. } = &source;
        let Some(format) = detected.format else {
            self.refused(path, *size, *share, detect::unrecognised(name, *size, &head.bytes), "byte 0");
            return false;
        };
        let found = if format.raw() { decode::Found::Utf8 } else { encoding(&source) };
        let opened = match (source.stream)() {
            Ok(stream) => stream,
            Err(error) => {
                self.refused(path, *size, *share, format!("This file could not be read ({error}). Add it again."), "");
                return false;
            }
        };
        let bytes = match format.random().then(source.bytes).transpose() {
            Ok(bytes) => bytes,
            Err(why) => {
                let what = match why {
                    archive::Unexpanded::Broken(what) => what,
                    archive::Unexpanded::Limit => {
                        format!("This {} is packed in an archive and too large to be read there. Unpack it and add it by itself.", format.about().name)
                    }
                };
                self.refused(path, *size, *share, what, "");
                return false;
            }
        };
        // A log that cannot be had is read, and refused, by itself.
        let joined = bytes.as_ref().filter(|_| format.logged() && others.is_any()).and_then(|bytes| others.join(bytes));
        let with = joined.is_some();
        let bytes = joined.or(bytes);
        let watch = Rc::new(Watch::default());
        let stream: Box<dyn Stream> = Box::new(Watched::new(opened, watch.clone()));
        let stream: Box<dyn Stream> = match found.legacy() {
            Some(encoding) => Box::new(decode::Decoded::new(stream, encoding, watch.clone())),
            None if format.raw() => stream,
            None => Box::new(decode::Checked::new(stream, watch.clone())),
        };
        let (path, name, others) = (*path, *name, *others);
        let (more, more_share) = if with { (others.size, others.share) } else { (0, 0) };
        let (size, share) = (*size, *share + more_share);
        let input = FileInput { name: name.to_owned(), folder: source.folder, stream, bytes, len: size, modified: source.modified, beside: source.beside };
        // What is read at any place is not seen by the watch on the stream: the reader tells its own progress.
        self.open(path, size + more, share, format, Input::File(input), (!format.random()).then_some(watch));
        let open = self.sink.source();
        open.name = text::clean_name(name);
        if let Some(encoding) = found.legacy() {
            open.encoding = encoding.name().to_owned();
        }
        if !detected.sure && !detected.others.is_empty() && self.options.format.is_none() {
            let first = (format.about().id.to_owned(), detected.why);
            let others = detected.others.into_iter().map(|(id, why)| (id.to_owned(), why));
            open.question = Some(Question::Format { candidates: std::iter::once(first).chain(others).collect() });
        }
        if let decode::Found::Guessed(encoding) = found
            && self.current.is_some()
        {
            let what = format!("The file does not say its encoding; its bytes look like {}. If letters look wrong, export it again as UTF-8", encoding.name());
            self.sink.notice("encoding_guessed", what, 1);
        }
        if with && others.index && self.current.is_some() {
            let what = "The index of the write-ahead log (a file ending in -shm) lies beside the database; it holds no messages and is not needed";
            self.sink.notice("log_index", what, 1);
        }
        with
    }

    fn open(&mut self, path: &str, size: u64, share: u64, format: &'static dyn Format, input: Input, watch: Option<Rc<Watch>>) {
        let about = format.about();
        self.sink.open_source(path, size, about.id, about.channel);
        match format.open(input, &self.options) {
            Ok(reader) => self.current = Some(Current { reader, share, watch: watch.map(|w| (w, size)) }),
            Err(refusal) => {
                self.sink.fail(refusal.what, refusal.place);
                self.sink.close_source();
                self.done += share;
            }
        }
    }

    fn refused(&mut self, path: &str, size: u64, share: u64, what: String, place: &str) {
        self.sink.open_source(path, size, "", "");
        self.sink.fail(what, place);
        self.sink.close_source();
        self.done += share;
    }
}

/// The encoding of a source, from its head; from further on when the head is ASCII.
fn encoding(source: &Source<'_>) -> decode::Found {
    let head = &source.head;
    let found = decode::find(&head.bytes, head.complete);
    if found != decode::Found::Utf8 || head.complete || !head.bytes.is_ascii() {
        return found;
    }
    (source.stream)().map_or(found, |mut stream| decode::look_ahead(stream.as_mut()))
}
