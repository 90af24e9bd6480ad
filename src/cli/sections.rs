//! A large file read by several threads: its sections and its digest are pieces of work of their own; whichever ends last joins them.

use std::fs::File;
use std::path::Path;
use std::rc::Rc;
use std::sync::Mutex;

use crate::import::section::{self, Read, Reading, Section};
use crate::import::{Given, Options, Step, digest};
use crate::model::Batch;

/// Sections for each thread: small enough that no thread is left alone with a long one.
const EACH: usize = 4;

/// A file that is cut.
pub struct Cut {
    sections: Vec<Section>,
    so_far: Mutex<SoFar>,
}

/// What its pieces have brought.
#[derive(Default)]
struct SoFar {
    done: usize,
    reads: Vec<Read>,
    digest: Option<String>,
}

/// What became of a file all of whose pieces are done.
pub enum Joined {
    /// The batch that one reader would have made.
    Batch(Box<Batch>),
    /// Its sections do not fit together: it is to be read as a whole.
    Not,
}

impl Cut {
    /// Cuts a file for so many threads; `None` when it is to be read by one.
    #[must_use]
    pub fn of(given: &Given, options: &Options, threads: usize) -> Option<Self> {
        let sections = if threads > 1 { section::plan(given, options, threads * EACH) } else { Vec::new() };
        (!sections.is_empty()).then(|| Self { sections, so_far: Mutex::default() })
    }

    /// How many pieces of work it is: its digest, then its sections.
    #[must_use]
    pub const fn pieces(&self) -> usize {
        self.sections.len() + 1
    }

    /// Does one piece; the last one that is done brings the file. `given` opens the file.
    pub fn piece(&self, n: usize, path: &Path, given: impl Fn() -> Option<Given>, options: &Options, advance: impl Fn(u64)) -> Option<Joined> {
        let (mut read, mut sum) = (None, None);
        match n.checked_sub(1).and_then(|n| self.sections.get(n)) {
            Some(section) => read = given().and_then(|given| read_section(&given, *section, options, advance)),
            None => sum = File::open(path).and_then(|file| digest::file(&file)).ok().map(|(_, sha256)| sha256),
        }
        let all = {
            let mut so_far = self.so_far.lock().ok()?;
            so_far.done += 1;
            so_far.reads.extend(read);
            so_far.digest = so_far.digest.take().or(sum);
            if so_far.done < self.pieces() {
                return None;
            }
            std::mem::take(&mut *so_far)
        };
        let joined = if all.reads.len() == self.sections.len() { section::join(all.reads, options) } else { None };
        let Some(mut batch) = joined else { return Some(Joined::Not) };
        for source in &mut batch.tables.sources {
            source.sha256 = all.digest.clone().unwrap_or_default();
        }
        Some(Joined::Batch(Box::new(batch)))
    }
}

fn read_section(given: &Given, section: Section, options: &Options, advance: impl Fn(u64)) -> Option<Read> {
    let mut reading = Reading::open(given, section, options)?;
    let mut last = 0;
    while reading.step() == Step::More {
        let now = reading.progress().done;
        advance(now.saturating_sub(last));
        last = now;
    }
    reading.finish()
}

/// The file on disk as it is given to readers.
#[must_use]
pub fn given(shown: &str, file: File) -> Given {
    let modified = file.metadata().ok().and_then(|m| m.modified().ok()).and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
    let modified = modified.map(|t| i64::try_from(t.as_micros()).unwrap_or(i64::MAX));
    Given { path: shown.to_owned(), bytes: Rc::new(file), modified }
}
