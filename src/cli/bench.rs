//! `audit corpus` and `audit bench`: what the readers do natively, measured on one thread. For people who work on the readers.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::Stop;
use crate::import::bytes::{RandomAccess, Shared, WINDOW};
use crate::import::{FORMATS, Given, Options, read_all};
use crate::model::Batch;
use crate::model::matter::Scope;
use crate::sample::corpus::{COMPARED, CORPORA, Corpus, SCRIPTED};
use crate::workbench::Workbench;

/// Runs of each measurement.
const RUNS: usize = 5;
/// List of what the corpora hold, beside them.
const LIST: &str = "corpora.json";

/// A corpus that was written.
#[derive(Serialize, Deserialize, Clone)]
struct Entry {
    id: String,
    format: String,
    file: String,
    /// Records it holds.
    records: u64,
    /// Bytes, to know it again.
    bytes: u64,
}

/// What is in the folder, and the formats of which nothing is.
#[derive(Serialize, Deserialize, Default)]
struct List {
    corpora: Vec<Entry>,
    without: Vec<String>,
}

fn failed(path: &Path) -> impl Fn(io::Error) -> Stop + '_ {
    move |e| Stop::input(format!("{} could not be written ({e}).", path.display()))
}

/// Writes one corpus, or with the word `all` every one that is not in the folder yet, and the list of them.
pub fn corpus(word: &str, file: &Path, messages: Option<usize>, seed: u64) -> Result<u8, Stop> {
    if word == "all" {
        return all(file, messages, seed);
    }
    let words = || CORPORA.iter().map(|c| c.id).collect::<Vec<_>>().join(", ");
    let kind = CORPORA.iter().find(|c| c.id == word).ok_or_else(|| Stop::usage(format!("{word} is not a corpus. Use all, {}.", words())))?;
    written(kind, file, messages.unwrap_or(kind.messages), seed)?;
    Ok(0)
}

fn written(kind: &Corpus, file: &Path, messages: usize, seed: u64) -> Result<(), Stop> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    let mut out = io::BufWriter::new(File::create(file).map_err(failed(file))?);
    kind.write(messages, seed, &mut out).and_then(|()| out.flush()).map_err(failed(file))
}

/// `messages`: of the compared corpora; the others have their own number.
fn all(dir: &Path, messages: Option<usize>, seed: u64) -> Result<u8, Stop> {
    let known = list(dir).unwrap_or_default();
    let size = |file: &str| fs::metadata(dir.join(file)).map_or(0, |m| m.len());
    let mut new = List::default();
    for (n, kind) in CORPORA.iter().enumerate() {
        let count = messages.filter(|_| n < COMPARED).unwrap_or(kind.messages);
        let records = (count + kind.beside) as u64;
        if !known.corpora.iter().any(|e| e.file == kind.file && e.records == records && e.bytes == size(kind.file) && e.bytes > 0) {
            let _ = writeln!(io::stderr(), "bench: writing {}", kind.file);
            written(kind, &dir.join(kind.file), count, seed)?;
        }
        new.corpora.push(Entry { id: kind.id.into(), format: kind.format.into(), file: kind.file.into(), records, bytes: size(kind.file) });
    }
    for &(id, format, file, records) in SCRIPTED {
        if size(file) > 0 {
            new.corpora.push(Entry { id: id.into(), format: format.into(), file: file.into(), records: records as u64, bytes: size(file) });
        }
    }
    let covered = |id: &str| new.corpora.iter().any(|e| e.format == id);
    new.without = FORMATS.iter().map(|f| f.about().id).filter(|id| !covered(id)).map(str::to_owned).collect();
    let path = dir.join(LIST);
    fs::write(&path, serde_json::to_vec_pretty(&new).unwrap_or_default()).map_err(failed(&path))?;
    Ok(0)
}

fn list(dir: &Path) -> Result<List, Stop> {
    let path = dir.join(LIST);
    let missing = |e: String| Stop::input(format!("{} could not be read ({e}). Write it with audit corpus all {}.", path.display(), dir.display()));
    serde_json::from_slice(&fs::read(&path).map_err(|e| missing(e.to_string()))?).map_err(|e| missing(e.to_string()))
}

/// Best and median of some milliseconds.
fn best_and_median(mut ms: Vec<f64>) -> (f64, f64) {
    ms.sort_by(f64::total_cmp);
    (ms.first().copied().unwrap_or_default(), ms.get(ms.len() / 2).copied().unwrap_or_default())
}

fn runs(mut run: impl FnMut()) -> (f64, f64) {
    best_and_median(
        (0..RUNS)
            .map(|_| {
                let begun = Instant::now();
                run();
                begun.elapsed().as_secs_f64() * 1000.0
            })
            .collect(),
    )
}

/// Counts line ends through one reused window: what is possible when nothing is done with the bytes.
fn scan(bytes: &dyn RandomAccess) -> u64 {
    let (mut buf, mut at, mut lines) = (vec![0; WINDOW], 0, 0);
    while let Ok(n) = bytes.read_at(at, &mut buf)
        && n > 0
    {
        lines += memchr::memchr_iter(b'\n', buf.get(..n).unwrap_or_default()).count() as u64;
        at += n as u64;
    }
    lines
}

/// Most memory this process has had, in MB, where the system says so.
fn peak() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kib: f64 = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}

fn opened(dir: &Path, entry: &Entry) -> Result<Vec<Given>, Stop> {
    let path = dir.join(&entry.file);
    let bytes: Shared =
        Rc::new(File::open(&path).map_err(|e| Stop::input(format!("{} could not be opened ({e}). Write it with audit corpus.", path.display())))?);
    // The name alone: a folder it lies in here is not of the export.
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(vec![Given { path: name, bytes, modified: None }])
}

/// What is wrong with an import of a corpus.
fn wrong(entry: &Entry, batch: &Batch) -> Option<String> {
    let sources = &batch.tables.sources;
    let (records, skipped, doubles) =
        sources.iter().fold((0, 0, 0), |(r, s, d), x| (r + x.records, s + x.skipped.iter().map(|k| k.count).sum::<u64>(), d + x.duplicates));
    if (records, skipped, doubles) != (entry.records, 0, 0) {
        return Some(format!("{} records were written; {records} were read, {skipped} of them skipped, {doubles} of them doubles", entry.records));
    }
    let read = sources.iter().any(|s| s.format == entry.format);
    (!read).then(|| format!("it was read as {}, not as {}", sources.first().map_or("nothing", |s| s.format.as_str()), entry.format))
}

/// Measures one corpus, in a process that did nothing else. False when the import is not what was written.
fn row(dir: &Path, entry: &Entry) -> Result<bool, Stop> {
    let said = |e: io::Error| Stop::input(format!("The table could not be written ({e})."));
    let given = opened(dir, entry)?;
    let read = || read_all(given.iter().map(|g| Given { path: g.path.clone(), bytes: g.bytes.clone(), modified: None }).collect(), Options::default());
    let (batch_bytes, wrong) = {
        let batch = read();
        (batch.to_bytes().len(), wrong(entry, &batch))
    };
    let memory = peak().map_or_else(|| "-".to_owned(), |mb| format!("{mb:.1}"));
    let (best, median) = runs(|| {
        let _ = std::hint::black_box(read().to_bytes());
    });
    let bytes = given.first().map(|g| g.bytes.clone());
    let (limit, _) = runs(|| {
        std::hint::black_box(bytes.as_deref().map(scan));
    });
    let (mb, records) = (entry.bytes as f64 / 1e6, entry.records);
    let (speed, scan_speed) = (mb / best * 1e3, mb / limit * 1e3);
    writeln!(
        io::stdout().lock(),
        "{:<16} {mb:>7.1} {records:>8} {best:>9.1} {median:>9.1} {speed:>7.0} {:>9.0} {scan_speed:>10.0} {:>6.1}% {memory:>8} {:>9.1}{}",
        entry.id,
        records as f64 / best * 1e3,
        speed / scan_speed * 100.0,
        batch_bytes as f64 / 1e6,
        wrong.as_ref().map_or_else(String::new, |w| format!("  WRONG: {w}"))
    )
    .map_err(said)?;
    Ok(wrong.is_none())
}

/// Prints the native table over the corpora of a folder, each in a process of its own. With `only`, one corpus. 1 when an import is not what was written.
pub fn bench(dir: &Path, only: Option<&str>) -> Result<u8, Stop> {
    let list = list(dir)?;
    if let Some(word) = only {
        let entry = list.corpora.iter().find(|e| e.id == word).ok_or_else(|| Stop::usage(format!("{word} is not in {}.", dir.join(LIST).display())))?;
        return Ok(u8::from(!row(dir, entry)?));
    }
    let failed = |e: io::Error| Stop::input(format!("The table could not be written ({e})."));
    let program: PathBuf = std::env::current_exe().map_err(|e| Stop::input(format!("This program could not be found ({e}).")))?;
    writeln!(
        io::stdout().lock(),
        "Native, one thread, a process for each corpus: import of a file to its batch, best and median of {RUNS}; MB of the file as it is on disk\n{:<16} {:>7} {:>8} {:>9} {:>9} {:>7} {:>9} {:>10} {:>7} {:>8} {:>9}",
        "corpus", "MB", "records", "best ms", "median", "MB/s", "records/s", "scan MB/s", "of scan", "peak MB", "batch MB"
    )
    .map_err(failed)?;
    let mut bad = Vec::new();
    for entry in &list.corpora {
        let ran = Command::new(&program).arg("bench").arg(dir).args(["--only", &entry.id]).stdin(Stdio::null()).status();
        if !ran.is_ok_and(|s| s.success()) {
            bad.push(entry.id.as_str());
        }
    }
    let mut out = io::stdout().lock();
    for id in &list.without {
        writeln!(out, "{id:<16} no corpus yet").map_err(failed)?;
    }
    together(dir, &list, &mut out)?;
    if bad.is_empty() {
        return Ok(0);
    }
    writeln!(out, "\nWRONG: {}: what was read is not what was written, see the rows", bad.join(", ")).map_err(failed)?;
    Ok(1)
}

/// The compared corpora as one dataset.
fn together(dir: &Path, list: &List, out: &mut dyn Write) -> Result<(), Stop> {
    let mut all = Workbench::default();
    for (n, kind) in CORPORA.iter().take(COMPARED).enumerate() {
        if let Some(entry) = list.corpora.iter().find(|e| e.id == kind.id) {
            all.put(u32::try_from(n).unwrap_or_default(), read_all(opened(dir, entry)?, Options::default()));
        }
    }
    let begun = Instant::now();
    let (rows, bytes) = (all.dataset().len(), all.dataset().bytes());
    let merged = begun.elapsed().as_secs_f64() * 1000.0;
    let (best, median) = runs(|| {
        std::hint::black_box(all.answer(&Scope::default()));
    });
    writeln!(
        out,
        "\nDataset of the first {COMPARED}: {rows} rows, {:.1} bytes a row, merged in {merged:.0} ms; all answers in {best:.0} ms (median {median:.0})",
        bytes as f64 / rows.max(1) as f64
    )
    .map_err(|e| Stop::input(format!("The table could not be written ({e}).")))
}
