//! A very large file that several workers read, each a section of it: what they have brought, and how it comes together. A worker that
//! finds that a file can be cut says where; each section is an errand, joining them is the last one. A worker that dies on one of them
//! fails the file; sections that do not fit together are forgotten, and one worker reads the file as a whole.

use wasm_bindgen::prelude::*;

use super::FileId;
use super::inner::{Inner, Me, now};
use super::link::{Heard, Say};

/// Work on a section of a file, or on all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    /// Read the section with this number.
    Section(FileId, usize),
    /// Join what was read.
    Join(FileId),
}

impl Errand {
    /// The file it is about.
    pub(super) const fn file(self) -> FileId {
        match self {
            Self::Section(id, _) | Self::Join(id) => id,
        }
    }
}

/// The sections of a file; none while it is read as a whole.
#[derive(Default)]
pub(super) struct Sections {
    list: Vec<Section>,
    /// Its sections did not fit together.
    whole: bool,
    begun: f64,
    memory: f64,
}

struct Section {
    from: u64,
    to: u64,
    done: u64,
    rows: u64,
    read: Option<JsValue>,
}

impl Sections {
    fn set(&mut self, places: &[(u64, u64)]) {
        self.list = places.iter().map(|(from, to)| Section { from: *from, to: *to, done: 0, rows: 0, read: None }).collect();
        (self.begun, self.memory) = (now(), 0.0);
    }

    /// Forgets what was read, all but that it did not fit together.
    pub(super) fn forget(&mut self) {
        self.list.clear();
    }

    /// In how many sections the file may be read, where so many workers may.
    pub(super) const fn most(&self, workers: usize) -> u32 {
        if self.whole { 0 } else { workers as u32 }
    }

    /// Takes the progress of one section; gives that of the file: bytes and rows.
    pub(super) fn progress(&mut self, number: usize, done: u64, rows: u64) -> (u64, u64) {
        let Some(section) = self.list.get_mut(number) else { return (done, rows) };
        (section.done, section.rows) = (done, rows);
        (self.list.iter().map(|s| s.done).sum(), self.list.iter().map(|s| s.rows).sum())
    }

    /// Milliseconds and memory of the readers of the file, when the last of them took so much.
    pub(super) fn took(&self, ms: f64, memory: f64) -> (f64, f64) {
        if self.list.is_empty() { (ms, memory) } else { (now() - self.begun, memory.max(self.memory)) }
    }
}

impl Inner {
    /// A worker says that a file can be read in sections.
    pub(super) fn cut(me: &Me, id: FileId, said: &Heard) {
        let places: Vec<(u64, u64)> = said.json("sections").unwrap_or_default();
        let mut inner = me.borrow_mut();
        let Some(given) = inner.files.get_mut(&id) else { return };
        given.sections.set(&places);
        inner.errands.extend((0..places.len()).map(|number| Errand::Section(id, number)));
    }

    /// A section has been read.
    pub(super) fn take_section(me: &Me, id: FileId, said: &Heard) {
        let number = said.number("section") as usize;
        let (mut all, rows) = (false, said.number("rows") as u64);
        Self::change(me, id, |g| {
            let Some(section) = g.sections.list.get_mut(number) else { return };
            section.read = Some(said.get("bytes"));
            let done = section.to.saturating_sub(section.from);
            (g.row.done, g.row.messages) = g.sections.progress(number, done, rows);
            g.sections.memory = g.sections.memory.max(said.number("memory"));
            all = g.sections.list.iter().all(|s| s.read.is_some());
        });
        if all {
            me.borrow_mut().errands.push_front(Errand::Join(id));
        }
    }

    /// What a worker is told for an errand.
    pub(super) fn errand(&self, errand: Errand) -> Option<Say> {
        let given = self.files.get(&errand.file())?;
        match errand {
            Errand::Section(id, number) => {
                let section = given.sections.list.get(number)?;
                Some(self.ask("read", &[id], Some((number as u32, (section.from as f64, section.to as f64)))))
            }
            Errand::Join(id) => {
                let reads: Vec<JsValue> = given.sections.list.iter().filter_map(|s| s.read.clone()).collect();
                Some(Say::new("join").set("id", id).json("stated", &given.stated).all_moved("sections", &reads))
            }
        }
    }

    /// The sections of a file do not fit together: one worker reads it as a whole.
    pub(super) fn read_whole(me: &Me, number: u32, id: FileId) {
        Self::out_of_job(me, number, id);
        Self::stop(me, id);
        Self::change(me, id, |g| {
            g.sections.whole = true;
            (g.row.done, g.row.messages) = (0, 0);
        });
        let mut inner = me.borrow_mut();
        if inner.files.contains_key(&id) {
            inner.queue.push_front(id);
        }
    }

    /// Ends the readers of a file, which run without pause; what else they had to read goes back into the queue.
    pub(super) fn stop(me: &Me, id: FileId) {
        let ended: Vec<_> = {
            let mut inner = me.borrow_mut();
            inner.queue.retain(|q| *q != id);
            inner.errands.retain(|e| e.file() != id);
            if let Some(given) = inner.files.get_mut(&id) {
                given.sections.forget();
            }
            let numbers: Vec<u32> = inner.readers.iter().filter(|(_, r)| r.reads(id)).map(|(n, _)| *n).collect();
            let ended: Vec<_> = numbers.into_iter().filter_map(|n| inner.readers.remove(&n)).collect();
            for other in ended.iter().flat_map(|r| r.job.iter().rev()).filter(|j| **j != id) {
                inner.queue.push_front(*other);
            }
            ended
        };
        drop(ended);
    }
}
