//! The pool: which worker reads what, which digests; what happens when one dies or cannot be loaded.

use super::inner::{Inner, Me, Reader, now};
use super::link::{Heard, Link, Say};
use super::many::Piece;
use super::sections::Errand;
use super::{Event, FileId, List};
use crate::model::ledger::Source;
use crate::worker::protocol::{Asked, Status};

/// Small files are read many to a job: up to this many,
pub(super) const JOB_FILES: usize = 250;
/// and up to this many bytes.
pub(super) const JOB_BYTES: u64 = 16 << 20;
/// A reader with more memory than this ends with its job.
const KEPT_MEMORY: f64 = 96.0 * 1024.0 * 1024.0;

impl Inner {
    /// Starts what a first file needs, so that it is here when the network is not: a reader, the digester, the data worker.
    pub(super) fn warm(me: &Me) {
        Self::data(me);
        if me.borrow().readers.is_empty() {
            Self::start_reader(me);
        }
        Self::start_digester(me);
    }

    /// Gives work to idle workers; says so when nothing is left.
    pub(super) fn pump(me: &Me) {
        loop {
            let (number, errand, job, piece, room) = {
                let mut inner = me.borrow_mut();
                while inner.queue.front().is_some_and(|id| inner.files.get(id).is_some_and(|g| g.many.is_some()) && !inner.has_piece(*id)) {
                    inner.queue.pop_front();
                }
                if inner.queue.is_empty() && inner.errands.is_empty() {
                    break;
                }
                let free = inner.readers.iter().find(|(_, r)| !r.at_work).map(|(n, _)| *n);
                let room = inner.readers.len() < inner.most;
                let errand = if free.is_some() { inner.errands.pop_front() } else { None };
                let job = if free.is_some() && errand.is_none() { inner.take_job() } else { Vec::new() };
                let first = inner.queue.front().copied().filter(|_| free.is_some() && errand.is_none() && job.is_empty());
                let piece = first.and_then(|id| inner.take_piece(id));
                (free, errand, job, piece, room)
            };
            match number {
                Some(number) => match piece {
                    Some(piece) => Self::give_piece(me, number, piece),
                    None => Self::give(me, number, errand, job),
                },
                None if room && Self::start_reader(me) => {}
                None => break,
            }
        }
        Self::pump_digests(me);
        if !me.borrow().busy() {
            Self::idle(me);
        }
    }

    /// Whether something is being read or waits to be.
    pub(super) fn busy(&self) -> bool {
        !self.queue.is_empty() || !self.errands.is_empty() || self.readers.values().any(|r| r.at_work)
    }

    /// The largest file that waits, so that no worker is left with it alone at the end; small files as they came, many together.
    fn take_job(&mut self) -> Vec<FileId> {
        let size = |id: &FileId| self.files.get(id).filter(|g| g.many.is_none()).map_or(0, |g| g.row.bytes);
        let largest = self.queue.iter().enumerate().map(|(at, id)| (size(id), std::cmp::Reverse(at))).max();
        if let Some((bytes, std::cmp::Reverse(at))) = largest
            && bytes > JOB_BYTES
        {
            return self.queue.remove(at).into_iter().collect();
        }
        let (mut job, mut bytes) = (Vec::new(), 0);
        // A row of many files gives its own jobs when it is at the front.
        while let Some(id) = self.queue.front().copied().filter(|id| self.files.get(id).is_none_or(|g| g.many.is_none())) {
            let size = self.files.get(&id).map_or(0, |g| g.row.bytes);
            if !job.is_empty() && (bytes + size > JOB_BYTES || job.len() >= JOB_FILES) {
                break;
            }
            self.queue.pop_front();
            bytes += size;
            job.push(id);
        }
        job
    }

    /// `section`: only this one of the file.
    pub(super) fn ask(&self, kind: &str, job: &[FileId], section: Option<(u32, (f64, f64))>) -> Say {
        let handles = js_sys::Array::new();
        let mut asked = Vec::with_capacity(job.len());
        for given in job.iter().filter_map(|id| self.files.get(id)) {
            for (_, file) in &given.files {
                handles.push(file);
            }
            asked.push(Asked {
                id: given.row.id,
                path: given.row.path.clone(),
                folder: given.folder,
                names: given.files.iter().map(|f| f.0.clone()).collect(),
                stated: given.stated.clone(),
                most: given.sections.most(self.most),
                section,
                ..Asked::default()
            });
        }
        Say::new(kind).json("files", &asked).set("handles", handles)
    }

    fn give(me: &Me, number: u32, errand: Option<Errand>, job: Vec<FileId>) {
        let say = match errand {
            Some(errand) => me.borrow().errand(errand),
            None => Some(me.borrow().ask("read", &job, None)),
        };
        // An errand about a file that is gone.
        let Some(say) = say else { return };
        if let Some(reader) = me.borrow_mut().readers.get_mut(&number) {
            reader.link.say(say);
            reader.job = errand.map_or(job, |errand| vec![errand.file()]);
            (reader.errand, reader.at_work) = (errand, true);
        }
    }

    fn give_piece(me: &Me, number: u32, piece: Piece) {
        let (say, row) = (me.borrow().ask_piece(&piece), piece.row);
        if let (Some(say), Some(reader)) = (say, me.borrow_mut().readers.get_mut(&number)) {
            reader.link.say(say);
            (reader.piece, reader.at_work) = (Some(piece), true);
        }
        if me.borrow().files.get(&row).is_some_and(|g| g.row.status != Status::Reading) {
            Self::change(me, row, |g| g.row.status = Status::Reading);
        }
    }

    /// Starts a reader without work; `false` when the browser does not.
    fn start_reader(me: &Me) -> bool {
        let number = {
            let mut inner = me.borrow_mut();
            inner.next_reader += 1;
            inner.next_reader
        };
        let (heard, died) = (me.clone(), me.clone());
        let link = Link::start(move |said| Self::hear_reader(&heard, number, &said), move |why| Self::reader_died(&died, number, &why));
        let Some(link) = link else { return false };
        me.borrow_mut().readers.insert(number, Reader { link, job: Vec::new(), piece: None, errand: None, at_work: false });
        true
    }

    fn hear_reader(me: &Me, number: u32, said: &Heard) {
        let id = said.number("id") as FileId;
        match said.text("kind").as_str() {
            "started" => Self::change(me, id, |g| g.row.status = Status::Reading),
            "progress" => Self::change(me, id, |g| {
                let (done, rows) = (said.number("done") as u64, said.number("rows") as u64);
                (g.row.done, g.row.messages) = g.sections.progress(said.number("section") as usize, done, rows);
            }),
            "cut" => {
                Self::out_of_job(me, number, id);
                Self::cut(me, id, said);
            }
            "section" => {
                Self::out_of_job(me, number, id);
                Self::take_section(me, id, said);
            }
            "unjoined" => Self::read_whole(me, number, id),
            "batch" => Self::take_batch(me, number, id, said),
            "many" => Self::take_many(me, number, said),
            "list" => {
                Self::out_of_job(me, number, id);
                Self::take_list(me, id, &said.text("list"));
            }
            "unread" => {
                Self::fail(me, id, &said.text("what"));
                Self::out_of_job(me, number, id);
            }
            "job_done" => {
                // A reader that has grown large ends: its memory is given back. A small one takes the next job.
                let large = said.number("memory") > KEPT_MEMORY;
                let ended = {
                    let mut inner = me.borrow_mut();
                    if let Some(reader) = inner.readers.get_mut(&number) {
                        reader.job.clear();
                        (reader.piece, reader.errand, reader.at_work) = (None, None, false);
                    }
                    if large { inner.readers.remove(&number) } else { None }
                };
                drop(ended);
                Self::pump(me);
            }
            _ => {}
        }
    }

    /// A file given among exports is a list: it goes where lists go, and its row with it.
    fn take_list(me: &Me, id: FileId, kind: &str) {
        let file = me.borrow_mut().files.remove(&id).and_then(|given| given.files.into_iter().next());
        me.borrow_mut().digests.retain(|waiting| *waiting != id);
        Self::emit(me, Event::Removed(id));
        let list = List::ALL.into_iter().find(|list| list.word() == kind);
        if let (Some(list), Some((_, file))) = (list, file) {
            Self::add_list(me, list, file);
        }
    }

    pub(super) fn out_of_job(me: &Me, number: u32, id: FileId) {
        if let Some(reader) = me.borrow_mut().readers.get_mut(&number) {
            reader.job.retain(|j| *j != id);
        }
    }

    fn take_batch(me: &Me, number: u32, id: FileId, said: &Heard) {
        Self::out_of_job(me, number, id);
        let sources: Vec<Source> = said.json("sources").unwrap_or_default();
        let summed: Vec<u64> = said.json("summed").unwrap_or_default();
        let say = {
            let inner = me.borrow();
            let Some(given) = inner.files.get(&id) else { return };
            let handles = js_sys::Array::new();
            for (_, file) in &given.files {
                handles.push(file);
            }
            let names: Vec<&str> = given.files.iter().map(|f| f.0.as_str()).collect();
            Say::new("put").set("id", id).json("names", &names).set("handles", handles).moved("bytes", &said.get("bytes"))
        };
        Self::to_data(me, say);
        let digest = me.borrow().files.get(&id).map(|g| g.sha256.clone()).unwrap_or_default();
        if !digest.is_empty() {
            Self::to_data(me, Say::new("set_digest").set("id", id).set("sha256", digest));
        }
        {
            let mut inner = me.borrow_mut();
            inner.stale = true;
            let (ms, memory) = (said.number("read_ms"), said.number("memory"));
            let (ms, memory) = inner.files.get(&id).map_or((ms, memory), |g| g.sections.took(ms, memory));
            inner.timings.reads.push((id, ms, memory));
        }
        Self::change(me, id, |g| {
            g.sections.forget();
            g.row.done = g.row.bytes;
            g.row.messages = sources.iter().map(|s| s.messages + s.events).sum();
            let failed = !sources.is_empty() && sources.iter().all(|s| s.error.is_some() && s.messages + s.events == 0);
            let asks = sources.iter().any(|s| s.question.is_some());
            g.row.status = if failed {
                Status::Failed
            } else if asks {
                Status::Question
            } else {
                Status::Done
            };
            g.row.sources = sources;
            g.row.summed = summed;
            // The digest of a small file is there before its records.
            for source in &mut g.row.sources {
                source.sha256.clone_from(&g.sha256);
            }
        });
    }

    fn reader_died(me: &Me, number: u32, why: &str) {
        let Some(reader) = me.borrow_mut().readers.remove(&number) else { return };
        if !reader.link.is_ready() {
            return Self::reader_absent(me, &reader);
        }
        if let Some(piece) = reader.piece.filter(|piece| !piece.come) {
            return Self::lose_piece(me, &piece);
        }
        let reading = |id: &FileId| me.borrow().files.get(id).is_some_and(|g| g.row.status == Status::Reading);
        let lost = reader.job.iter().copied().find(reading).or_else(|| reader.job.first().copied());
        if let Some(id) = lost {
            let what = if why.contains("memory") {
                "The browser ran out of memory on this file. Close other tabs, or read it with the command line and add the batch."
            } else {
                "The reader stopped on this file; nothing of it is counted. Please keep the file and report the fault."
            };
            Self::fail(me, id, what);
            Self::stop(me, id);
        }
        for id in reader.job.iter().rev().filter(|id| Some(**id) != lost) {
            me.borrow_mut().queue.push_front(*id);
        }
        Self::pump(me);
    }

    /// A reader could not be loaded (the network is closed and the browser kept no copy): the readers that run do its work.
    fn reader_absent(me: &Me, reader: &Reader) {
        let left = {
            let mut inner = me.borrow_mut();
            match reader.errand {
                Some(errand) => inner.errands.push_front(errand),
                None => reader.job.iter().rev().for_each(|id| inner.queue.push_front(*id)),
            }
            if let Some(piece) = &reader.piece {
                inner.give_back(piece);
            }
            inner.most = inner.readers.len();
            inner.most
        };
        if left == 0 {
            me.borrow_mut().most = 1;
            let waiting: std::collections::BTreeSet<FileId> = {
                let mut inner = me.borrow_mut();
                let errands: Vec<FileId> = inner.errands.drain(..).map(Errand::file).collect();
                inner.queue.drain(..).chain(errands).collect()
            };
            for id in waiting {
                Self::fail(
                    me,
                    id,
                    "The part of this page that reads files could not be loaded. Connect to where the page comes from, reload it, and add the file again.",
                );
            }
        }
        Self::pump(me);
    }

    pub(super) fn fail(me: &Me, id: FileId, what: &str) {
        Self::change(me, id, |g| {
            g.row.status = Status::Failed;
            g.row.failure = Some(what.to_owned());
        });
    }

    fn idle(me: &Me) {
        let stale = {
            let mut inner = me.borrow_mut();
            if inner.stale {
                inner.timings.import_ms = now() - inner.timings.begun;
            }
            std::mem::take(&mut inner.stale)
        };
        if stale {
            Self::ask_answers(me);
        }
        // Digests belong to the answers: until they are there, something is running.
        let digesting = {
            let inner = me.borrow();
            inner.digesting || (inner.digester.is_some() && !inner.digests.is_empty())
        };
        if !digesting {
            Self::emit(me, Event::Idle);
        }
    }

    /// Says that counting has begun before the worker does: there is no moment at which nothing seems to run.
    fn ask_answers(me: &Me) {
        Self::to_data(me, Say::new("answer"));
        if me.borrow().data.is_some() {
            me.borrow_mut().asked += 1;
            Self::emit(me, Event::Counting);
        }
    }

    // --- digests -------------------------------------------------------------------------------------------------

    pub(super) fn start_digester(me: &Me) {
        if me.borrow().digester.is_some() {
            return;
        }
        let (heard, died) = (me.clone(), me.clone());
        let link = Link::start(
            move |said| Self::hear_digester(&heard, &said),
            move |_| {
                let ended = {
                    let mut inner = died.borrow_mut();
                    inner.digesting = false;
                    inner.digests.clear();
                    inner.digester.take()
                };
                drop(ended);
                // Answers do not wait for digests that will not come.
                Self::pump(&died);
            },
        );
        me.borrow_mut().digester = link;
    }

    fn pump_digests(me: &Me) {
        let job: Vec<FileId> = {
            let mut inner = me.borrow_mut();
            if inner.digesting { Vec::new() } else { inner.digests.drain(..).collect() }
        };
        if job.is_empty() {
            return;
        }
        Self::start_digester(me);
        let say = me.borrow().ask("digest", &job, None);
        let mut inner = me.borrow_mut();
        if let Some(digester) = &inner.digester {
            digester.say(say);
            inner.digesting = true;
        }
    }

    fn hear_digester(me: &Me, said: &Heard) {
        match said.text("kind").as_str() {
            "sample_file" => return Self::sample_file(me, said),
            "sample_done" => return Self::take_sample(me),
            _ => {}
        }
        if said.text("kind") == "job_done" {
            me.borrow_mut().digesting = false;
            let (more, idle) = {
                let inner = me.borrow();
                (!inner.digests.is_empty(), !inner.busy())
            };
            if more {
                Self::pump_digests(me);
            } else if idle {
                // Digests belong to the evidence: the answers are given once more with them.
                Self::ask_answers(me);
                Self::emit(me, Event::Idle);
            }
            return;
        }
        let id = said.number("id") as FileId;
        let sha256 = said.text("sha256");
        let twin = {
            let inner = me.borrow();
            inner.files.iter().find(|(other, g)| **other < id && g.sha256 == sha256).map(|(_, g)| g.row.path.clone())
        };
        Self::to_data(me, Say::new("set_digest").set("id", id).set("sha256", sha256.as_str()));
        Self::change(me, id, |g| {
            for source in &mut g.row.sources {
                source.sha256.clone_from(&sha256);
            }
            g.sha256 = sha256;
            g.row.same_as = twin;
        });
    }
}
