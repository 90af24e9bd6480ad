//! Files and folders from disk: walked in a fixed order, read by several threads, digested beside the reading.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::sections::{self, Cut, given};
use super::{InputArgs, Stop};
use crate::import::archive::Folder;
use crate::import::bytes::{RandomAccess, Shared};
use crate::import::importer::Importer;
use crate::import::{DateOrder, Given, Options, Step, detect, digest, folders};
use crate::model::{Batch, batch};
use crate::time::Zone;
use crate::workbench::excerpt::is_member;
use crate::workbench::join::Joined;
use crate::workbench::{Workbench, lists};

/// A piece of work: one file, or a folder that a format reads as a whole.
#[derive(Debug, Clone)]
pub enum Job {
    /// One file: path as shown, path on disk; for a database the same of the log that lies beside it.
    File(String, PathBuf, Vec<(String, PathBuf)>),
    /// A folder: path as shown, files (name within, path on disk).
    Folder(String, Vec<(String, PathBuf)>),
    /// Small files, each read by itself, together one batch: path as shown, path on disk.
    Many(Vec<(String, PathBuf)>),
}

/// Files from which on small ones are read many to a job,
const MANY: usize = 500;
/// up to this many together;
const JOB_FILES: usize = 250;
/// a small file has at most this many bytes.
const SMALL: u64 = 256 << 10;

/// What the walk found.
#[derive(Default)]
pub struct Walk {
    /// Files and folders to read.
    pub jobs: Vec<Job>,
    /// Paths that do not exist or cannot be listed, with the reason.
    pub unreadable: Vec<(String, String)>,
    /// Lists found among the files that cannot be used, with the sentence that says why.
    pub unusable: Vec<(PathBuf, String)>,
}

impl Walk {
    /// The lists among the files (people, clients, leave, expected, matter) with their kinds, and the walk without them.
    #[must_use]
    pub fn without_lists(mut self) -> (Vec<(&'static str, PathBuf)>, Self) {
        let mut found = Vec::new();
        self.jobs.retain(|job| {
            let Job::File(shown, path, _) = job else { return true };
            if answer_key(path) {
                eprintln!("{shown}: says what is to be found in the sample beside it; no message export, not read");
                return false;
            }
            let kind = list_of(shown, path);
            found.extend(kind.map(|k| (k, path.clone())));
            kind.is_none()
        });
        // Settings first: a matter file keeps the lists that are there already.
        found.sort_by_key(|(kind, _)| *kind != "matter");
        self.pack();
        (found, self)
    }

    /// Puts small files together, where there are many: tens of thousands of mails would each make tables of their own.
    fn pack(&mut self) {
        if self.jobs.len() < MANY {
            return;
        }
        for job in std::mem::take(&mut self.jobs) {
            let file = match job {
                Job::File(shown, path, beside) if beside.is_empty() && std::fs::metadata(&path).is_ok_and(|m| m.len() <= SMALL) => (shown, path),
                other => {
                    self.jobs.push(other);
                    continue;
                }
            };
            match self.jobs.last_mut() {
                Some(Job::Many(files)) if files.len() < JOB_FILES => files.push(file),
                _ => self.jobs.push(Job::Many(vec![file])),
            }
        }
    }
}

fn answer_key(path: &Path) -> bool {
    if path.extension().is_none_or(|e| !e.eq_ignore_ascii_case("json")) {
        return false;
    }
    let Ok(file) = File::open(path) else { return false };
    let mut head = [0; 1024];
    let n = crate::import::bytes::RandomAccess::read_at(&file, 0, &mut head).unwrap_or(0);
    detect::is_answer_key(head.get(..n).unwrap_or_default())
}

fn list_of(shown: &str, path: &Path) -> Option<&'static str> {
    let is = |all: &[&str]| all.iter().any(|e| path.extension().is_some_and(|x| x.eq_ignore_ascii_case(e)));
    // What a workbook holds stands at its end: small ones are read whole.
    if is(&["xlsx", "xlsm", "xlsb", "xls", "ods"]) && std::fs::metadata(path).is_ok_and(|m| m.len() <= 64 << 20) {
        return lists::kind(shown, &std::fs::read(path).ok()?);
    }
    if !is(&["csv", "toml", "tsv", "txt", "ldif", "ldf", "vcf", "ics", "json", "scim"]) {
        return None;
    }
    let mut head = vec![0; 16 << 10];
    let n = crate::import::bytes::RandomAccess::read_at(&File::open(path).ok()?, 0, &mut head).ok()?;
    lists::kind(shown, head.get(..n)?)
}

/// Walks files and folders, sorted by name.
#[must_use]
pub fn walk(paths: &[PathBuf]) -> Walk {
    let mut walk = Walk::default();
    for path in paths {
        visit(path, &mut walk);
    }
    walk.jobs = together(walk.jobs);
    walk
}

/// Puts a log behind the database it belongs to, whichever way both were given.
fn together(jobs: Vec<Job>) -> Vec<Job> {
    let name = |job: &Job| match job {
        Job::File(shown, ..) => shown.clone(),
        // A folder is nobody's log.
        Job::Folder(..) | Job::Many(..) => String::new(),
    };
    let names: Vec<String> = jobs.iter().map(name).collect();
    let groups = folders::with_logs(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut jobs: Vec<Option<Job>> = jobs.into_iter().map(Some).collect();
    let mut take = |ix: usize| jobs.get_mut(ix).and_then(Option::take);
    let mut out = Vec::with_capacity(groups.len());
    for group in groups {
        let mut members = group.into_iter().filter_map(&mut take);
        let Some(mut first) = members.next() else { continue };
        for member in members {
            if let (Job::File(_, _, beside), Job::File(shown, path, _)) = (&mut first, member) {
                beside.push((shown, path));
            }
        }
        out.push(first);
    }
    out
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn visit(path: &Path, walk: &mut Walk) {
    match std::fs::metadata(path) {
        Err(error) => walk.unreadable.push((shown(path), error.to_string())),
        Ok(meta) if meta.is_dir() => {
            let mut files = Vec::new();
            list(path, path, &mut files, &mut walk.unreadable);
            files.sort();
            let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
            for group in folders::group_within(&names) {
                let members = group.members.iter().filter_map(|ix| files.get(*ix));
                let Some(folder) = group.folder else {
                    walk.jobs.extend(members.map(|(_, path)| Job::File(shown(path), path.clone(), Vec::new())));
                    continue;
                };
                let within = if folder.is_empty() { 0 } else { folder.len() + 1 };
                let members = members.map(|(name, path)| (name.get(within..).unwrap_or(name).to_owned(), path.clone())).collect();
                walk.jobs.push(Job::Folder(shown(&path.join(&folder)).trim_end_matches('/').to_owned(), members));
            }
        }
        Ok(_) => walk.jobs.push(Job::File(shown(path), path.to_owned(), Vec::new())),
    }
}

fn list(root: &Path, dir: &Path, out: &mut Vec<(String, PathBuf)>, unreadable: &mut Vec<(String, String)>) {
    match std::fs::read_dir(dir) {
        Err(error) => unreadable.push((shown(dir), error.to_string())),
        Ok(children) => {
            for child in children.flatten().map(|e| e.path()) {
                if child.is_dir() {
                    list(root, &child, out, unreadable);
                } else if let Ok(name) = child.strip_prefix(root) {
                    out.push((shown(name), child.clone()));
                }
            }
        }
    }
}

/// Options from arguments.
pub fn options(args: &InputArgs) -> Result<Options, Stop> {
    if let Some(zone) = &args.zone
        && Zone::named(zone).is_none()
    {
        return Err(Stop::usage(format!("{zone} is not a time zone. Use an IANA name such as Europe/London.")));
    }
    Ok(Options { zone: args.zone.clone(), date_order: args.date_order.as_deref().and_then(DateOrder::from_word), owner: args.owner.clone(), format: None })
}

/// Reads everything into a workbench, on all cores. Sources that could not be opened become sources with an error.
#[must_use]
pub fn read(walk: &Walk, options: &Options) -> Workbench {
    let bar = progress(walk);
    let next = AtomicUsize::new(0);
    let done = AtomicU64::new(0);
    let results: Mutex<Vec<(usize, Batch)>> = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let cuts: Vec<Option<Cut>> = walk.jobs.iter().map(|job| cut(job, options, threads)).collect();
    let pieces: Vec<(usize, usize)> = cuts.iter().enumerate().flat_map(|(ix, cut)| (0..cut.as_ref().map_or(1, Cut::pieces)).map(move |n| (ix, n))).collect();
    let advance = |bytes| {
        done.fetch_add(bytes, Ordering::Relaxed);
        if let Some(bar) = &bar {
            bar.set_position(done.load(Ordering::Relaxed));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.min(pieces.len().max(1)) {
            scope.spawn(|| {
                while let Some((ix, n)) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Some(job) = walk.jobs.get(*ix) else { break };
                    let joined = match (job, cuts.get(*ix)) {
                        (Job::File(shown, path, _), Some(Some(cut))) => {
                            let open = || Some(given(shown, File::open(path).ok()?));
                            let Some(joined) = cut.piece(*n, path, open, options, advance) else { continue };
                            joined
                        }
                        _ => sections::Joined::Not,
                    };
                    let read = match joined {
                        sections::Joined::Batch(batch) => *batch,
                        sections::Joined::Not => read_job(job, options, advance),
                    };
                    if let Ok(mut results) = results.lock() {
                        results.push((*ix, read));
                    }
                }
            });
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let mut workbench = Workbench::default();
    for (ix, read) in results.into_inner().unwrap_or_default() {
        workbench.put(u32::try_from(ix).unwrap_or(u32::MAX), read);
    }
    for (n, (path, error)) in walk.unreadable.iter().enumerate() {
        let mut sink = crate::import::sink::Sink::new(None);
        sink.open_source(path, 0, "", "");
        sink.fail(format!("This path could not be opened ({error})."), path.clone());
        sink.close_source();
        workbench.put(u32::MAX - u32::try_from(n).unwrap_or(0), sink.finish());
    }
    for (n, (path, error)) in walk.unusable.iter().enumerate() {
        workbench.put(u32::MAX - u32::try_from(walk.unreadable.len() + n).unwrap_or(0), unusable(path, error));
    }
    workbench
}

/// Opens the files of a walk again, by the ids [`read`] gave them.
pub fn opener(walk: &Walk) -> impl Fn(u32, &str) -> Option<Shared> + '_ {
    |id, entry| {
        let path = match walk.jobs.get(id as usize)? {
            Job::File(_, path, beside) => beside.iter().find(|(shown, _)| shown == entry).map_or(path, |(_, path)| path),
            Job::Many(files) => &files.iter().find(|(shown, _)| shown == entry)?.1,
            // The longest of several: `a/x.mbox` before `x.mbox`.
            Job::Folder(_, files) => &files.iter().filter(|(name, _)| is_member(name, entry)).max_by_key(|(name, _)| name.len())?.1,
        };
        Some(Rc::new(File::open(path).ok()?))
    }
}

fn progress(walk: &Walk) -> Option<indicatif::ProgressBar> {
    let size = |p: &PathBuf| std::fs::metadata(p).map_or(0, |m| m.len());
    let total = walk.jobs.iter().map(|j| match j {
        Job::File(_, p, beside) => size(p) + beside.iter().map(|(_, p)| size(p)).sum::<u64>(),
        Job::Folder(_, files) | Job::Many(files) => files.iter().map(|(_, p)| size(p)).sum(),
    });
    std::io::stderr().is_terminal().then(|| {
        let style = indicatif::ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {eta} left")
            .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
        indicatif::ProgressBar::new(total.sum()).with_style(style)
    })
}

fn read_job(job: &Job, options: &Options, advance: impl Fn(u64)) -> Batch {
    match job {
        Job::File(shown, path, beside) => read_file(shown, path, beside, options, &advance),
        Job::Many(files) => {
            let mut joined = Joined::default();
            for (shown, path) in files {
                joined.add(&read_file(shown, path, &[], options, &advance));
            }
            joined.finish()
        }
        Job::Folder(shown, files) => {
            let opened = files.iter().filter_map(|(name, path)| {
                let file: Shared = Rc::new(File::open(path).ok()?);
                Some((name.clone(), file, None))
            });
            let digest = digest::folder(files.iter().map(|(name, path)| (name.clone(), File::open(path).and_then(|file| digest::file(&file)))));
            read_all(Importer::folder(Box::new(Folder::new(shown, opened.collect())), options.clone()), digest, &advance)
        }
    }
}

/// One file, or a database with the log that lies beside it.
fn read_file(shown: &str, path: &Path, beside: &[(String, PathBuf)], options: &Options, advance: &dyn Fn(u64)) -> Batch {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return failed(shown, &format!("The file could not be opened ({error}).")),
    };
    if is_batch(&file) {
        return open_batch(shown, path);
    }
    let all = std::iter::once((shown, path)).chain(beside.iter().map(|(shown, path)| (shown.as_str(), path.as_path())));
    let digest = digest::with_log(all.map(|(shown, path)| (shown.to_owned(), File::open(path).and_then(|file| digest::file(&file)))));
    let mut files = vec![given(shown, file)];
    for (shown, path) in beside {
        match File::open(path) {
            Ok(file) => files.push(given(shown, file)),
            Err(error) => files.push(Given { path: shown.clone(), bytes: Rc::new(Closed(error.kind())), modified: None }),
        }
    }
    read_all(Importer::new(files, options.clone()), digest, advance)
}

fn read_all(mut importer: Importer, digest: std::io::Result<String>, advance: &dyn Fn(u64)) -> Batch {
    let mut last = 0;
    while importer.step() == Step::More {
        let now = importer.progress().done;
        advance(now.saturating_sub(last));
        last = now;
    }
    let mut batch = importer.finish();
    let digest = digest.unwrap_or_default();
    for source in &mut batch.tables.sources {
        source.sha256.clone_from(&digest);
    }
    batch
}

/// A log that cannot be opened: the reader of its database says so.
struct Closed(io::ErrorKind);

impl RandomAccess for Closed {
    fn len(&self) -> u64 {
        1
    }
    fn read_at(&self, _: u64, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.into())
    }
}

/// How a large file is cut for so many threads.
fn cut(job: &Job, options: &Options, threads: usize) -> Option<Cut> {
    let Job::File(shown, path, beside) = job else { return None };
    if beside.is_empty() { Cut::of(&given(shown, File::open(path).ok()?), options, threads) } else { None }
}

fn is_batch(file: &File) -> bool {
    let mut magic = [0; 8];
    crate::import::bytes::RandomAccess::read_at(file, 0, &mut magic).is_ok_and(|n| n == 8 && magic == *batch::MAGIC)
}

fn open_batch(shown: &str, path: &Path) -> Batch {
    match std::fs::read(path).map_err(|e| e.to_string()).and_then(|b| Batch::from_bytes(&b).map_err(|e| e.to_string())) {
        Ok(batch) => batch,
        Err(what) => failed(shown, &what),
    }
}

fn failed(path: &str, what: &str) -> Batch {
    let mut sink = crate::import::sink::Sink::new(None);
    sink.open_source(path, 0, "", "");
    sink.fail(what, "");
    sink.close_source();
    sink.finish()
}

/// A list that cannot be used, as a source with an error: nothing that was given is left unsaid.
fn unusable(path: &Path, what: &str) -> Batch {
    let file = File::open(path).ok();
    let bytes = file.as_ref().map_or(0, RandomAccess::len);
    let mut sink = crate::import::sink::Sink::new(None);
    sink.open_source(&shown(path), bytes, "", "");
    sink.fail(what, "");
    sink.close_source();
    let mut batch = sink.finish();
    let digest = file.and_then(|file| digest::with_log(std::iter::once((shown(path), digest::file(&file)))).ok()).unwrap_or_default();
    for source in &mut batch.tables.sources {
        source.sha256.clone_from(&digest);
    }
    batch
}

/// What detection says of a file on disk, for `audit detect`.
pub fn detected(path: &Path) -> Result<detect::Detected, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let len = crate::import::bytes::RandomAccess::len(&file);
    let bytes: Shared = Rc::new(file);
    let name = path.file_name().map_or(String::new(), |n| n.to_string_lossy().into_owned());
    let mut stream = crate::import::bytes::RangeStream::whole(bytes.clone());
    let (head, complete) = detect::read_head(&mut stream).map_err(|e| e.to_string())?;
    Ok(detect::detect_file(&name, len, &head, complete, bytes))
}
