//! Rows, queue, pool: which worker reads what, and what becomes of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::given::{group, list_of};
use super::link::{Heard, Link, Say};
use super::{Event, FileId, List, Stated};
use crate::model::ledger::Source;
use crate::worker::protocol::{Asked, FileRow, Status};

pub(super) type Me = Rc<RefCell<Inner>>;

/// Small files are read many to a job: up to this many,
const JOB_FILES: usize = 250;
/// and up to this many bytes.
const JOB_BYTES: u64 = 16 << 20;

/// A file as given: its row, its handles, what was stated of it.
pub(super) struct Given {
    pub(super) row: FileRow,
    pub(super) folder: bool,
    pub(super) files: Vec<(String, web_sys::File)>,
    pub(super) stated: Stated,
    pub(super) sha256: String,
}

struct Reader {
    _link: Link,
    job: Vec<FileId>,
}

/// State of the client.
pub struct Inner {
    on_event: Rc<dyn Fn(Event)>,
    pub(super) next: FileId,
    pub(super) files: BTreeMap<FileId, Given>,
    queue: VecDeque<FileId>,
    readers: BTreeMap<u32, Reader>,
    next_reader: u32,
    digests: VecDeque<FileId>,
    digester: Option<Link>,
    pub(super) data: Option<Link>,
    sampler: Option<Link>,
    pub(super) timings: Timings,
    stale: bool,
}

#[derive(Default)]
pub(super) struct Timings {
    begun: f64,
    pub(super) import_ms: f64,
    pub(super) bytes: u64,
    /// Per file: id, milliseconds in its reader, bytes of memory of its worker.
    pub(super) reads: Vec<(FileId, f64, f64)>,
}

fn now() -> f64 {
    web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}

impl Inner {
    pub fn start(on_event: Rc<dyn Fn(Event)>) -> Me {
        Rc::new(RefCell::new(Self {
            on_event,
            next: 0,
            files: BTreeMap::new(),
            queue: VecDeque::new(),
            readers: BTreeMap::new(),
            next_reader: 0,
            digests: VecDeque::new(),
            digester: None,
            data: None,
            sampler: None,
            timings: Timings::default(),
            stale: false,
        }))
    }

    pub(super) fn emit(me: &Me, event: Event) {
        let on_event = me.borrow().on_event.clone();
        on_event(event);
    }

    pub(super) fn emit_row(me: &Me, id: FileId) {
        let row = me.borrow().files.get(&id).map(|g| g.row.clone());
        if let Some(row) = row {
            Self::emit(me, Event::Row(Box::new(row)));
        }
    }

    fn change(me: &Me, id: FileId, change: impl FnOnce(&mut Given)) {
        if let Some(given) = me.borrow_mut().files.get_mut(&id) {
            change(given);
        }
        Self::emit_row(me, id);
    }

    // --- files in ------------------------------------------------------------------------------------------------

    pub fn add_files(me: &Me, files: Vec<(String, web_sys::File)>) -> Vec<FileId> {
        let groups = group(files);
        let mut ids = Vec::with_capacity(groups.len());
        {
            let mut inner = me.borrow_mut();
            if inner.readers.is_empty() && inner.queue.is_empty() {
                inner.timings = Timings { begun: now(), ..Timings::default() };
            }
            for (path, folder, files) in groups {
                let id = inner.next;
                inner.next += 1;
                let bytes = files.iter().map(|(_, f)| f.size() as u64).sum();
                inner.timings.bytes += bytes;
                let row = FileRow { id, path, bytes, ..FileRow::default() };
                inner.files.insert(id, Given { row, folder, files, stated: Stated::default(), sha256: String::new() });
                inner.queue.push_back(id);
                inner.digests.push_back(id);
                ids.push(id);
            }
        }
        for id in &ids {
            Self::emit_row(me, *id);
        }
        Self::data(me);
        Self::pump(me);
        ids
    }

    /// Gives work to idle workers; says so when nothing is left.
    fn pump(me: &Me) {
        let most = web_sys::window().map_or(2.0, |w| w.navigator().hardware_concurrency()) as usize;
        let most = most.saturating_sub(1).clamp(1, 4);
        loop {
            let job = {
                let mut inner = me.borrow_mut();
                if inner.readers.len() >= most || inner.queue.is_empty() { Vec::new() } else { inner.take_job() }
            };
            if job.is_empty() {
                break;
            }
            Self::start_reader(me, job);
        }
        Self::pump_digests(me);
        let idle = {
            let inner = me.borrow();
            inner.readers.is_empty() && inner.queue.is_empty()
        };
        if idle {
            Self::idle(me);
        }
    }

    fn take_job(&mut self) -> Vec<FileId> {
        let (mut job, mut bytes) = (Vec::new(), 0);
        while let Some(id) = self.queue.front().copied() {
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

    fn ask(&self, kind: &str, job: &[FileId]) -> Say {
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
            });
        }
        Say::new(kind).json("files", &asked).set("handles", handles)
    }

    fn start_reader(me: &Me, job: Vec<FileId>) {
        let number = {
            let mut inner = me.borrow_mut();
            inner.next_reader += 1;
            inner.next_reader
        };
        let (heard, died) = (me.clone(), me.clone());
        let link = Link::start(move |said| Self::hear_reader(&heard, number, &said), move |why| Self::reader_died(&died, number, &why));
        match link {
            Some(link) => {
                link.say(me.borrow().ask("read", &job));
                me.borrow_mut().readers.insert(number, Reader { _link: link, job });
            }
            None => {
                for id in job {
                    Self::fail(me, id, "This browser did not start a worker to read files in. Reload the page, or use a current browser.");
                }
            }
        }
    }

    fn hear_reader(me: &Me, number: u32, said: &Heard) {
        let id = said.number("id") as FileId;
        match said.text("kind").as_str() {
            "started" => Self::change(me, id, |g| g.row.status = Status::Reading),
            "progress" => Self::change(me, id, |g| {
                g.row.done = said.number("done") as u64;
                g.row.messages = said.number("rows") as u64;
            }),
            "batch" => Self::take_batch(me, number, id, said),
            "unread" => {
                Self::fail(me, id, &said.text("what"));
                Self::out_of_job(me, number, id);
            }
            "job_done" => {
                // The worker ends with its job: its memory is given back.
                let reader = me.borrow_mut().readers.remove(&number);
                drop(reader);
                Self::pump(me);
            }
            _ => {}
        }
    }

    fn out_of_job(me: &Me, number: u32, id: FileId) {
        if let Some(reader) = me.borrow_mut().readers.get_mut(&number) {
            reader.job.retain(|j| *j != id);
        }
    }

    fn take_batch(me: &Me, number: u32, id: FileId, said: &Heard) {
        Self::out_of_job(me, number, id);
        let sources: Vec<Source> = said.json("sources").unwrap_or_default();
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
            inner.timings.reads.push((id, said.number("read_ms"), said.number("memory")));
        }
        Self::change(me, id, |g| {
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
        });
    }

    fn reader_died(me: &Me, number: u32, why: &str) {
        let Some(reader) = me.borrow_mut().readers.remove(&number) else { return };
        let mut job = reader.job.iter().copied();
        let reading = |id: &FileId| me.borrow().files.get(id).is_some_and(|g| g.row.status == Status::Reading);
        let lost = reader.job.iter().copied().find(reading).or_else(|| job.next());
        if let Some(id) = lost {
            let what = if why.contains("memory") {
                "The browser ran out of memory on this file. Close other tabs, or read it with the command line and add the batch."
            } else {
                "The reader stopped on this file; nothing of it is counted. Please keep the file and report the fault."
            };
            Self::fail(me, id, what);
        }
        for id in reader.job.iter().rev().filter(|id| Some(**id) != lost) {
            me.borrow_mut().queue.push_front(*id);
        }
        Self::pump(me);
    }

    fn fail(me: &Me, id: FileId, what: &str) {
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
            Self::to_data(me, Say::new("answer"));
        }
        Self::emit(me, Event::Idle);
    }

    // --- digests -------------------------------------------------------------------------------------------------

    fn pump_digests(me: &Me) {
        let job: Vec<FileId> = {
            let mut inner = me.borrow_mut();
            if inner.digester.is_some() { Vec::new() } else { inner.digests.drain(..).collect() }
        };
        if job.is_empty() {
            return;
        }
        let (heard, died) = (me.clone(), me.clone());
        let link = Link::start(move |said| Self::hear_digester(&heard, &said), move |_| died.borrow_mut().digester = None);
        if let Some(link) = link {
            link.say(me.borrow().ask("digest", &job));
            me.borrow_mut().digester = Some(link);
        }
    }

    fn hear_digester(me: &Me, said: &Heard) {
        if said.text("kind") == "job_done" {
            let link = me.borrow_mut().digester.take();
            drop(link);
            let (more, idle) = {
                let inner = me.borrow();
                (!inner.digests.is_empty(), inner.readers.is_empty() && inner.queue.is_empty())
            };
            if more {
                Self::pump_digests(me);
            } else if idle {
                // Digests belong to the evidence: the answers are given once more with them.
                Self::to_data(me, Say::new("answer"));
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

    // --- what the person does ------------------------------------------------------------------------------------

    pub fn cancel(me: &Me, id: FileId) {
        let number = {
            let mut inner = me.borrow_mut();
            inner.queue.retain(|q| *q != id);
            inner.readers.iter().find(|(_, r)| r.job.contains(&id)).map(|(n, _)| *n)
        };
        // A reader runs without pause: it is ended, and what else it had to read goes back into the queue.
        if let Some(reader) = number.and_then(|n| me.borrow_mut().readers.remove(&n)) {
            for other in reader.job.iter().rev().filter(|j| **j != id) {
                me.borrow_mut().queue.push_front(*other);
            }
        }
        Self::change(me, id, |g| g.row.status = Status::Cancelled);
        Self::pump(me);
    }

    pub fn remove(me: &Me, id: FileId) {
        let running = me.borrow().files.get(&id).is_some_and(|g| matches!(g.row.status, Status::Waiting | Status::Reading));
        if running {
            Self::cancel(me, id);
        }
        me.borrow_mut().files.remove(&id);
        Self::to_data(me, Say::new("remove").set("id", id));
        me.borrow_mut().stale = true;
        Self::emit(me, Event::Removed(id));
        Self::pump(me);
    }

    pub fn reread(me: &Me, id: FileId, stated: Stated) {
        Self::change(me, id, |g| {
            g.stated = stated;
            g.row = FileRow { id, path: g.row.path.clone(), bytes: g.row.bytes, same_as: g.row.same_as.clone(), ..FileRow::default() };
        });
        me.borrow_mut().queue.push_back(id);
        Self::pump(me);
    }

    pub fn add_list(me: &Me, list: List, file: web_sys::File) {
        Self::data(me);
        let name = file.name();
        let (me, promise) = (me.clone(), file.array_buffer());
        wasm_bindgen_futures::spawn_local(async move {
            match wasm_bindgen_futures::JsFuture::from(promise).await {
                Ok(buffer) => {
                    Self::to_data(&me, Say::new("list").json("list", &list).set("name", name).moved("bytes", &buffer));
                    let busy = {
                        let mut inner = me.borrow_mut();
                        inner.stale = true;
                        !(inner.readers.is_empty() && inner.queue.is_empty())
                    };
                    if !busy {
                        Self::pump(&me);
                    }
                }
                Err(_) => Self::emit(&me, Event::Trouble(format!("{name} could not be read. Choose it again."))),
            }
        });
    }

    pub fn open(me: &Me, file: web_sys::File) {
        let name = file.name();
        let (me, promise) = (me.clone(), file.array_buffer());
        wasm_bindgen_futures::spawn_local(async move {
            match wasm_bindgen_futures::JsFuture::from(promise).await {
                Ok(buffer) => Self::to_data(&me, Say::new("open").moved("bytes", &buffer)),
                Err(_) => Self::emit(&me, Event::Trouble(format!("{name} could not be read. Choose it again."))),
            }
        });
    }

    pub fn sample(me: &Me) {
        let made: Rc<RefCell<Vec<(String, web_sys::File)>>> = Rc::default();
        let (heard, died) = (me.clone(), me.clone());
        let link = Link::start(
            move |said| match said.text("kind").as_str() {
                "sample_file" => {
                    let path = said.text("path");
                    let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
                    if let Ok(file) = web_sys::File::new_with_u8_array_sequence(&js_sys::Array::of1(&js_sys::Uint8Array::new(&said.get("bytes"))), &name) {
                        made.borrow_mut().push((path, file));
                    }
                }
                "job_done" => {
                    let link = heard.borrow_mut().sampler.take();
                    drop(link);
                    Self::take_sample(&heard, std::mem::take(&mut made.borrow_mut()));
                }
                _ => {}
            },
            move |_| Self::emit(&died, Event::Trouble("The sample data could not be made. Reload the page.".to_owned())),
        );
        if let Some(link) = link {
            link.say(Say::new("sample"));
            me.borrow_mut().sampler = Some(link);
        }
    }

    fn take_sample(me: &Me, files: Vec<(String, web_sys::File)>) {
        let mut exports = Vec::new();
        for (path, file) in files {
            match list_of(&file.name()) {
                Some(list) => Self::add_list(me, list, file),
                None if path.ends_with("truth.json") => {}
                None => exports.push((path, file)),
            }
        }
        Self::add_files(me, exports);
    }

    pub fn start_over(me: &Me) {
        let gone = {
            let mut inner = me.borrow_mut();
            inner.queue.clear();
            inner.digests.clear();
            inner.files.clear();
            inner.stale = false;
            (std::mem::take(&mut inner.readers), inner.digester.take(), inner.data.take(), inner.sampler.take())
        };
        drop(gone);
    }
}
