//! The importer: files in, one batch out, in bounded steps. It opens containers, detects formats, runs readers and turns
//! every failure into a source with a sentence. It never fails itself.

use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

use super::archive::{Archive, Entry, Locked};
use super::bytes::{RangeStream, Shared, Stream};
use super::sink::Sink;
use super::{FORMATS, FileInput, Format, Given, Input, Options, Reader, Step, decode, detect, zip};
use crate::model::Batch;
use crate::model::ledger::{Question, SkipReason};
use crate::model::message::Position;
use crate::time::Zone;

/// Deepest nesting of archives.
pub const MAX_DEPTH: u32 = 4;

/// What has been done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes handled.
    pub done: u64,
    /// Bytes to handle, as far as known.
    pub total: u64,
    /// Messages and events so far.
    pub rows: u64,
}

enum Job {
    File {
        path: String,
        folder: String,
        bytes: Shared,
        modified: Option<i64>,
        depth: u32,
    },
    Member {
        archive: Rc<dyn Archive>,
        ix: usize,
        depth: u32,
    },
    Whole {
        archive: Box<dyn Archive>,
        format: &'static dyn Format,
    },
    /// Members that are not to be read, for the row of the container.
    Leftovers {
        path: String,
        bytes: u64,
        skips: Vec<(SkipReason, String)>,
    },
}

struct Current {
    reader: Box<dyn Reader>,
}

/// Imports files in bounded steps.
pub struct Importer {
    sink: Sink,
    options: Options,
    jobs: VecDeque<Job>,
    current: Option<Current>,
    done: u64,
    total: u64,
}

impl Importer {
    /// For some files, read one after the other into one batch.
    #[must_use]
    pub fn new(files: Vec<Given>, options: Options) -> Self {
        let total = files.iter().map(|f| f.bytes.len()).sum();
        let jobs = files.into_iter().map(|f| {
            let folder = f.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            Job::File { path: f.path, folder, bytes: f.bytes, modified: f.modified, depth: 0 }
        });
        let jobs = jobs.collect();
        Self::with_jobs(jobs, total, options)
    }

    /// For a folder. If a format claims it as a whole (a Slack folder), it is one source; else each file is one.
    #[must_use]
    pub fn folder(folder: Box<dyn Archive>, options: Options) -> Self {
        let total = folder.entries().iter().map(|e| e.size).sum();
        let mut importer = Self::with_jobs(VecDeque::new(), total, options);
        importer.archive(folder, 0, total);
        importer
    }

    fn with_jobs(jobs: VecDeque<Job>, total: u64, options: Options) -> Self {
        let zone = options.zone.as_deref().and_then(Zone::named);
        Self { sink: Sink::new(zone), options, jobs, current: None, done: 0, total }
    }

    /// Handles a bounded amount. After [`Step::End`] call [`Importer::finish`].
    pub fn step(&mut self) -> Step {
        if let Some(current) = &mut self.current {
            match current.reader.step(&mut self.sink) {
                Ok(Step::More) => return Step::More,
                Ok(Step::End) => {}
                Err(error) => self.sink.fail(error.what, error.place),
            }
            self.done += current.reader.done();
            self.current = None;
            self.sink.close_source();
        } else if let Some(job) = self.jobs.pop_front() {
            self.begin(job);
        }
        if self.current.is_none() && self.jobs.is_empty() { Step::End } else { Step::More }
    }

    /// Progress, cheap.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let running = self.current.as_ref().map_or(0, |c| c.reader.done());
        Progress { done: (self.done + running).min(self.total), total: self.total, rows: self.sink.rows() as u64 }
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
            Job::File { path, folder, bytes, modified, depth } => self.file(path, folder, bytes, modified, depth),
            Job::Member { archive, ix, depth } => self.member(&archive, ix, depth),
            Job::Whole { archive, format } => {
                let path = archive.path().to_owned();
                let size = archive.entries().iter().map(|e| e.size).sum();
                self.open(&path, size, format, Input::Archive(archive));
            }
            Job::Leftovers { path, bytes, skips } => {
                self.sink.open_source(&path, bytes, "archive", "");
                for (reason, entry) in skips {
                    self.sink.part(&entry);
                    self.sink.record();
                    self.sink.skip(reason, Position::byte(0));
                }
                self.sink.close_source();
            }
        }
    }

    fn file(&mut self, path: String, folder: String, bytes: Shared, modified: Option<i64>, depth: u32) {
        let size = bytes.len();
        let mut magic = [0; 4];
        let read = bytes.read_at(0, &mut magic);
        if let Err(error) = read {
            return self.refused(&path, size, format!("The file could not be opened ({error})."), String::new());
        }
        if zip::is_zip(&magic) {
            return match zip::Zip::open(&path, bytes) {
                Ok(archive) if depth < MAX_DEPTH => self.archive(Box::new(archive), depth, size),
                Ok(_) => self.refused(
                    &path,
                    size,
                    format!("Archives within archives are read to a depth of {MAX_DEPTH}; unpack this one and add its files."),
                    String::new(),
                ),
                Err(what) => self.refused(&path, size, what, String::new()),
            };
        }
        let shared = bytes.clone();
        let source = FileSource { path: &path, folder: &folder, size, modified, beside: Vec::new() };
        self.detect_and_open(&source, &|| Ok(Box::new(RangeStream::whole(shared.clone()))));
    }

    fn member(&mut self, archive: &Rc<dyn Archive>, ix: usize, depth: u32) {
        let Some(entry) = archive.entries().get(ix).cloned() else { return };
        let path = format!("{}!{}", archive.path(), entry.name);
        let mut head = [0; 4];
        let opened = archive.open(ix).and_then(|mut s| s.read(&mut head));
        if let Err(error) = opened {
            return self.refused(&path, entry.size, format!("This member could not be unpacked ({error}). Download or copy the archive again."), entry.name);
        }
        if zip::is_zip(&head) {
            let inner = archive.direct(ix).map_or_else(|| zip::expand(archive.as_ref(), ix), Ok);
            return match inner {
                Ok(bytes) => self.file(path, archive.path().to_owned(), bytes, entry.modified, depth + 1),
                Err(what) => self.refused(&path, entry.size, what, entry.name),
            };
        }
        let source = FileSource { path: &path, folder: archive.path(), size: entry.size, modified: entry.modified, beside: Vec::new() };
        let archive = archive.clone();
        self.detect_and_open(&source, &|| archive.open(ix));
    }

    fn archive(&mut self, archive: Box<dyn Archive>, depth: u32, bytes: u64) {
        let claimed = detect::claim(archive.entries());
        if let Some(format) = claimed.format {
            self.jobs.push_front(Job::Whole { archive, format });
            return;
        }
        let path = archive.path().to_owned();
        let archive: Rc<dyn Archive> = archive.into();
        let mut skips = Vec::new();
        let mut members = Vec::new();
        for (ix, entry) in archive.entries().iter().enumerate() {
            if entry.name.ends_with('/') {
                continue;
            }
            match leave_out(entry) {
                Some(reason) => skips.push((reason, entry.name.clone())),
                None => members.push(Job::Member { archive: archive.clone(), ix, depth }),
            }
        }
        if members.is_empty() && skips.is_empty() {
            return self.refused(&path, bytes, "This archive is empty. Export it again.".to_owned(), String::new());
        }
        if !skips.is_empty() {
            members.push(Job::Leftovers { path, bytes, skips });
        }
        for job in members.into_iter().rev() {
            self.jobs.push_front(job);
        }
    }

    fn detect_and_open(&mut self, source: &FileSource<'_>, stream: &dyn Fn() -> io::Result<Box<dyn Stream>>) {
        let head = stream().and_then(|mut s| detect::read_head(s.as_mut()));
        let (head, complete) = match head {
            Ok(head) => head,
            Err(error) => return self.refused(source.path, source.size, format!("The file could not be read ({error})."), String::new()),
        };
        let name = source.path.rsplit(['/', '!']).next().unwrap_or(source.path);
        let detected = match &self.options.format {
            Some(id) => {
                detect::Detected { format: FORMATS.iter().copied().find(|f| f.about().id == id), sure: true, why: "stated".to_owned(), others: Vec::new() }
            }
            None => detect::detect(name, source.size, &head, complete),
        };
        let Some(format) = detected.format else {
            return self.refused(source.path, source.size, detect::unrecognised(name, source.size, &head), String::new());
        };
        let encoding = if format.raw() { None } else { decode::head_text(&head, complete).1 };
        let opened = stream().map(|s| -> Box<dyn Stream> {
            match encoding {
                Some(encoding) => Box::new(decode::Decoded::new(s, encoding)),
                None => s,
            }
        });
        match opened {
            Ok(stream) => {
                let input = FileInput {
                    name: name.to_owned(),
                    folder: source.folder.to_owned(),
                    stream,
                    len: source.size,
                    modified: source.modified,
                    beside: source.beside.clone(),
                };
                self.open(source.path, source.size, format, Input::File(input));
                if let Some(encoding) = encoding {
                    self.sink.source().encoding = encoding.name().to_owned();
                }
                if !detected.sure && !detected.others.is_empty() && self.options.format.is_none() {
                    let candidates =
                        std::iter::once((format.about().id.to_owned(), detected.why)).chain(detected.others.into_iter().map(|(id, why)| (id.to_owned(), why)));
                    self.sink.source().question = Some(Question::Format { candidates: candidates.collect() });
                }
            }
            Err(error) => self.refused(source.path, source.size, format!("The file could not be read ({error})."), String::new()),
        }
    }

    fn open(&mut self, path: &str, size: u64, format: &'static dyn Format, input: Input) {
        let about = format.about();
        self.sink.open_source(path, size, about.id, about.channel);
        match format.open(input, &self.options) {
            Ok(reader) => self.current = Some(Current { reader }),
            Err(refusal) => {
                self.sink.fail(refusal.what, refusal.place);
                self.sink.close_source();
                self.done += size;
            }
        }
    }

    fn refused(&mut self, path: &str, size: u64, what: String, place: String) {
        self.sink.open_source(path, size, "", "");
        self.sink.fail(what, place);
        self.sink.close_source();
        self.done += size;
    }
}

struct FileSource<'a> {
    path: &'a str,
    folder: &'a str,
    size: u64,
    modified: Option<i64>,
    beside: Vec<Entry>,
}

/// Why a member of an unclaimed archive is not read, decided by what the archive says of it.
fn leave_out(entry: &Entry) -> Option<SkipReason> {
    match entry.locked {
        Some(Locked::Password) => return Some(SkipReason::Encrypted),
        Some(Locked::Method) => return Some(SkipReason::UnknownPacking),
        Some(Locked::Limit) => return Some(SkipReason::LimitReached),
        None => {}
    }
    if entry.is_noise() {
        return Some(SkipReason::NotMessages);
    }
    const MEDIA: &[&str] = &[
        "jpg", "jpeg", "png", "gif", "webp", "heic", "bmp", "svg", "ico", "mp4", "mov", "avi", "3gp", "mkv", "webm", "opus", "ogg", "oga", "m4a", "mp3", "aac",
        "amr", "wav", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "vcf", "css", "js", "tgs", "woff", "woff2", "ttf",
    ];
    let extension = entry.file_name().rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    extension.filter(|e| MEDIA.contains(&e.as_str())).map(|_| SkipReason::NotMessages)
}
