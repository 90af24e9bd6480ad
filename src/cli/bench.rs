//! `audit corpus` and `audit bench`: what the readers do natively, measured on one thread. For people who work on the readers.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use super::Stop;
use crate::import::bytes::{RandomAccess, Shared, WINDOW};
use crate::import::{Given, Options, read_all};
use crate::model::matter::Scope;
use crate::sample::corpus::{self, Kind};
use crate::workbench::Workbench;

/// Runs of each measurement.
const RUNS: usize = 5;

/// The kind with this word: `whatsapp`, `telegram`, `slack`, `mbox`, `csv`.
fn kind_of(word: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|k| format!("{k:?}").eq_ignore_ascii_case(word))
}

/// Writes one corpus.
pub fn corpus(word: &str, file: &Path, messages: usize, seed: u64) -> Result<u8, Stop> {
    let kind = kind_of(word).ok_or_else(|| Stop::usage(format!("{word} is not a corpus. Use whatsapp, telegram, slack, mbox or csv.")))?;
    let failed = |e: io::Error| Stop::input(format!("{} could not be written ({e}).", file.display()));
    let mut out = io::BufWriter::new(File::create(file).map_err(failed)?);
    corpus::write(kind, messages, seed, &mut out).and_then(|()| out.flush()).map_err(failed)?;
    Ok(0)
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

/// Prints the native table over the corpora of a folder. With `only`, one corpus.
pub fn bench(dir: &Path, only: Option<&str>) -> Result<u8, Stop> {
    let mut out = io::stdout().lock();
    let failed = |e: io::Error| Stop::input(format!("The table could not be written ({e})."));
    writeln!(
        out,
        "Native, one thread: import of a file to its batch, best and median of {RUNS}\n{:<10} {:>8} {:>9} {:>9} {:>9} {:>8} {:>9} {:>11} {:>7}",
        "corpus", "MB", "records", "best ms", "median", "MB/s", "Mrec/s", "scan MB/s", "of scan"
    )
    .map_err(failed)?;
    let mut all = Workbench::default();
    for (n, kind) in Kind::ALL.into_iter().enumerate() {
        if only.is_some_and(|word| kind_of(word) != Some(kind)) {
            continue;
        }
        let path = dir.join(kind.file_name());
        let open = || -> Result<Shared, Stop> {
            Ok(Rc::new(File::open(&path).map_err(|e| Stop::input(format!("{} could not be opened ({e}). Write it with audit corpus.", path.display())))?))
        };
        let bytes = open()?;
        let given = || vec![Given { path: kind.file_name().to_owned(), bytes: bytes.clone(), modified: None }];
        let mut records = 0;
        let (best, median) = runs(|| {
            let batch = read_all(given(), Options::default());
            records = batch.tables.sources.iter().map(|s| s.records).sum();
            let _ = std::hint::black_box(batch.to_bytes());
        });
        let (limit, _) = runs(|| {
            std::hint::black_box(scan(bytes.as_ref()));
        });
        let mb = bytes.len() as f64 / 1e6;
        let (speed, scan_speed) = (mb / best * 1e3, mb / limit * 1e3);
        writeln!(
            out,
            "{:<10} {mb:>8.1} {records:>9} {best:>9.1} {median:>9.1} {speed:>8.0} {:>9.2} {scan_speed:>11.0} {:>6.1}%",
            format!("{kind:?}").to_lowercase(),
            records as f64 / best / 1e3,
            speed / scan_speed * 100.0
        )
        .map_err(failed)?;
        all.put(u32::try_from(n).unwrap_or_default(), read_all(given(), Options::default()));
    }
    let begun = Instant::now();
    let (rows, bytes) = (all.dataset().len(), all.dataset().bytes());
    let merged = begun.elapsed().as_secs_f64() * 1000.0;
    let (best, median) = runs(|| {
        std::hint::black_box(all.answer(&Scope::default()));
    });
    writeln!(
        out,
        "\nDataset: {rows} rows, {:.1} bytes a row, merged in {merged:.0} ms; all answers in {best:.0} ms (median {median:.0})",
        bytes as f64 / rows.max(1) as f64
    )
    .map_err(failed)?;
    Ok(0)
}
