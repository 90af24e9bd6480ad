//! Rows, queue, pool: which worker reads what, and what becomes of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::link::{Link, Say};
use super::many::{MANY, Many, Piece};
use super::sections::{Errand, Sections};
use super::{Event, FileId, List, Stated};
use crate::shape::Written;
use crate::worker::protocol::{FileRow, Group, Status};

pub(super) type Me = Rc<RefCell<Inner>>;

/// Paths said to the data worker at once.
const PATHS: usize = 2_000;

/// A file as given: its row, its handles, what was stated of it.
pub(super) struct Given {
    pub(super) row: FileRow,
    pub(super) folder: bool,
    pub(super) files: Vec<(String, web_sys::File)>,
    pub(super) stated: Stated,
    pub(super) sha256: String,
    /// Of a row that stands for many small files, whose names are their paths.
    pub(super) many: Option<Many>,
    pub(super) sections: Sections,
}

/// A row to be.
#[derive(Default)]
pub(super) struct Row {
    pub(super) path: String,
    /// Whether its files are members of a folder that is read as one.
    pub(super) folder: bool,
    /// Whether each of its files is read by itself.
    pub(super) many: bool,
    /// With their names in it.
    pub(super) files: Vec<(String, web_sys::File)>,
}

pub(super) fn single((path, file): (String, web_sys::File)) -> Row {
    Row { path, files: vec![(String::new(), file)], ..Row::default() }
}

/// A file by itself, or a database with its log: what lies beside the first file keeps its path.
fn together(mut files: impl Iterator<Item = (String, web_sys::File)>) -> Option<Row> {
    let mut row = single(files.next()?);
    row.files.extend(files);
    Some(row)
}

/// An import worker and the files it was given and has not finished.
pub(super) struct Reader {
    pub(super) link: Link,
    pub(super) job: Vec<FileId>,
    /// Of a row of many files: those it has.
    pub(super) piece: Option<Piece>,
    /// What its job is when it is not to read files as a whole.
    pub(super) errand: Option<Errand>,
    /// Until it says that its job is done, whatever it has brought of it.
    pub(super) at_work: bool,
}

impl Reader {
    /// Whether a row is among what it was given.
    pub(super) fn reads(&self, id: FileId) -> bool {
        self.job.contains(&id) || self.piece.as_ref().is_some_and(|p| p.row == id)
    }
}

/// State of the client.
pub struct Inner {
    on_event: Rc<dyn Fn(Event)>,
    pub(super) next: FileId,
    pub(super) files: BTreeMap<FileId, Given>,
    pub(super) queue: VecDeque<FileId>,
    /// Work on sections of files; goes before the queue.
    pub(super) errands: VecDeque<Errand>,
    pub(super) readers: BTreeMap<u32, Reader>,
    /// Rows of the pieces that were read.
    pub(super) rows_of: BTreeMap<FileId, FileId>,
    pub(super) next_piece: u32,
    pub(super) next_reader: u32,
    pub(super) digests: VecDeque<FileId>,
    /// Readers there may be at most.
    pub(super) most: usize,
    pub(super) digester: Option<Link>,
    pub(super) digesting: bool,
    pub(super) data: Option<Link>,
    made: Vec<(String, web_sys::File)>,
    /// Drops that wait to be grouped.
    drops: BTreeMap<u32, Vec<(String, web_sys::File)>>,
    next_drop: u32,
    /// The list of each kind that was read last, to be read again with other columns.
    lists: Vec<(List, web_sys::File)>,
    pub(super) timings: Timings,
    pub(super) stale: bool,
    /// Answers asked for that have not come yet.
    pub(super) asked: u32,
}

#[derive(Default)]
pub(super) struct Timings {
    pub(super) begun: f64,
    pub(super) import_ms: f64,
    pub(super) bytes: u64,
    /// Per file: id, milliseconds in its reader, bytes of memory of its worker.
    pub(super) reads: Vec<(FileId, f64, f64)>,
}

pub(super) fn now() -> f64 {
    web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}

fn cores() -> usize {
    web_sys::window().map_or(2.0, |w| w.navigator().hardware_concurrency()) as usize
}

impl Inner {
    pub fn start(on_event: Rc<dyn Fn(Event)>) -> Me {
        Rc::new(RefCell::new(Self {
            on_event,
            next: 0,
            files: BTreeMap::new(),
            queue: VecDeque::new(),
            errands: VecDeque::new(),
            readers: BTreeMap::new(),
            rows_of: BTreeMap::new(),
            next_piece: 0,
            next_reader: 0,
            digests: VecDeque::new(),
            most: cores().saturating_sub(1).clamp(1, 4),
            digester: None,
            digesting: false,
            data: None,
            made: Vec::new(),
            drops: BTreeMap::new(),
            next_drop: 0,
            lists: Vec::new(),
            timings: Timings::default(),
            stale: false,
            asked: 0,
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

    pub(super) fn change(me: &Me, id: FileId, change: impl FnOnce(&mut Given)) {
        if let Some(given) = me.borrow_mut().files.get_mut(&id) {
            change(given);
        }
        Self::emit_row(me, id);
    }

    // --- files in ------------------------------------------------------------------------------------------------

    pub fn add_files(me: &Me, files: Vec<(String, web_sys::File)>) {
        // Only names tell that a file is the log of a database.
        if files.iter().all(|(path, _)| !path.contains('/') && !path.ends_with("-wal") && !path.ends_with("-shm")) {
            return Self::gather(me, Vec::new(), files);
        }
        let mut paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
        let drop = {
            let mut inner = me.borrow_mut();
            inner.next_drop += 1;
            let drop = inner.next_drop;
            inner.drops.insert(drop, files);
            drop
        };
        let say = move |last: bool, paths: &Vec<String>| Say::new("group").set("drop", drop).set("last", last).json("paths", paths);
        if paths.len() <= PATHS {
            return Self::to_data(me, say(true, &paths));
        }
        let me = me.clone();
        super::later(Box::pin(async move {
            while !paths.is_empty() && me.borrow().drops.contains_key(&drop) {
                let rest = paths.split_off(paths.len().min(PATHS));
                Self::to_data(&me, say(rest.is_empty(), &paths));
                paths = rest;
                super::pause().await;
            }
        }));
    }

    /// Which files of a drop belong together.
    pub(super) fn grouped(me: &Me, drop: u32, groups: Vec<Group>) {
        let Some(files) = me.borrow_mut().drops.remove(&drop) else { return };
        let mut files: Vec<Option<(String, web_sys::File)>> = files.into_iter().map(Some).collect();
        let mut take = |ix: u32| files.get_mut(ix as usize).and_then(Option::take);
        let many = groups.iter().filter(|g| g.folder.is_empty()).map(|g| g.members.len()).sum::<usize>() >= MANY;
        let (mut rows, mut apart) = (Vec::new(), Vec::new());
        for group in groups {
            let members = group.members.into_iter().filter_map(&mut take);
            if group.folder.is_empty() && group.together {
                rows.extend(together(members));
            } else if group.folder.is_empty() && many {
                apart.extend(members);
            } else if group.folder.is_empty() {
                rows.extend(members.map(single));
            } else {
                let within = group.folder.len() + 1;
                let members = members.map(|(path, file)| (path.get(within..).unwrap_or_default().to_owned(), file)).collect();
                rows.push(Row { path: group.folder, folder: true, files: members, ..Row::default() });
            }
        }
        apart.extend(files.into_iter().flatten());
        Self::gather(me, rows, apart);
    }

    /// Nobody can say any more which files belong together: each is read by itself.
    pub(super) fn ungrouped(me: &Me) {
        let drops = std::mem::take(&mut me.borrow_mut().drops);
        Self::gather(me, Vec::new(), drops.into_values().flatten().collect());
    }

    pub(super) fn add(me: &Me, rows: Vec<Row>) {
        let mut ids = Vec::with_capacity(rows.len());
        {
            let mut inner = me.borrow_mut();
            if !inner.busy() {
                inner.timings = Timings { begun: now(), ..Timings::default() };
            }
            for row in rows {
                let id = inner.next;
                inner.next += 1;
                let count = Given::count(&row);
                let Row { path, folder, many, files } = row;
                let bytes = files.iter().map(|(_, f)| f.size() as u64).sum();
                inner.timings.bytes += bytes;
                let row = FileRow { id, path, bytes, files: count, ..FileRow::default() };
                let many = many.then(Many::default);
                inner.queue.push_back(id);
                // Small files are digested by those who read them.
                if many.is_none() {
                    inner.digests.push_back(id);
                }
                let (stated, sections) = (Stated::default(), Sections::default());
                inner.files.insert(id, Given { row, folder, files, stated, sha256: String::new(), many, sections });
                ids.push(id);
            }
        }
        for id in &ids {
            Self::emit_row(me, *id);
        }
        Self::data(me);
        Self::pump(me);
    }

    // --- what the person does ------------------------------------------------------------------------------------

    pub fn cancel(me: &Me, id: FileId) {
        Self::stop(me, id);
        Self::forget_pieces(me, id);
        Self::change(me, id, |g| g.row.status = Status::Cancelled);
        Self::leave_digest(me, id);
        Self::pump(me);
    }

    /// A digest that is not wanted any more is not waited for; what else was to be digested is asked for again.
    fn leave_digest(me: &Me, id: FileId) {
        let link = {
            let mut inner = me.borrow_mut();
            inner.digests.retain(|d| *d != id);
            let wanted = inner.files.get(&id).is_some_and(|g| g.sha256.is_empty() && g.many.is_none());
            let link = if wanted && inner.digesting { inner.digester.take() } else { None };
            if link.is_some() {
                inner.digesting = false;
                let open = |g: &Given| g.sha256.is_empty() && g.many.is_none() && !g.files.is_empty() && g.row.status != Status::Cancelled;
                inner.digests = inner.files.iter().filter(|(_, g)| open(g)).map(|(id, _)| *id).collect();
            }
            link
        };
        drop(link);
    }

    pub fn remove(me: &Me, id: FileId) {
        let running = me.borrow().files.get(&id).is_some_and(|g| matches!(g.row.status, Status::Waiting | Status::Reading));
        if running {
            Self::cancel(me, id);
        }
        Self::forget_pieces(me, id);
        me.borrow_mut().files.remove(&id);
        Self::to_data(me, Say::new("remove").set("id", id));
        me.borrow_mut().stale = true;
        Self::emit(me, Event::Removed(id));
        Self::pump(me);
    }

    pub fn reread(me: &Me, id: FileId, stated: Stated) {
        Self::forget_pieces(me, id);
        Self::change(me, id, |g| {
            g.stated = stated;
            g.row = FileRow { id, path: g.row.path.clone(), bytes: g.row.bytes, files: g.row.files, same_as: g.row.same_as.clone(), ..FileRow::default() };
        });
        {
            let mut inner = me.borrow_mut();
            inner.queue.push_back(id);
            // A cancelled file was not digested.
            if inner.files.get(&id).is_some_and(|g| g.sha256.is_empty() && g.many.is_none()) && !inner.digests.contains(&id) {
                inner.digests.push_back(id);
            }
        }
        Self::pump(me);
    }

    pub fn add_list(me: &Me, list: List, file: web_sys::File) {
        {
            let mut inner = me.borrow_mut();
            inner.lists.retain(|(kind, _)| *kind != list);
            inner.lists.push((list, file.clone()));
        }
        Self::read_list(me, list, &file, None);
    }

    /// Reads the list of a kind again, its columns as a person says.
    pub fn map_list(me: &Me, list: List, columns: &[(String, String)]) {
        let file = me.borrow().lists.iter().find(|(kind, _)| *kind == list).map(|(_, file)| file.clone());
        match file {
            Some(file) => Self::read_list(me, list, &file, Some(columns.to_vec().to_json())),
            None => Self::emit(me, Event::Trouble("This list came with a saved matter. Add the file again to change how its columns are read.".to_owned())),
        }
    }

    /// `columns`: (heading, field) as JSON, where a person has chosen.
    fn read_list(me: &Me, list: List, file: &web_sys::File, columns: Option<String>) {
        Self::data(me);
        let name = file.name();
        let (me, promise) = (me.clone(), file.array_buffer());
        crate::worker::page::later(Box::pin(async move {
            match wasm_bindgen_futures::JsFuture::from(promise).await {
                Ok(buffer) => {
                    let say = Say::new("list").json("list", &list).set("name", name).moved("bytes", &buffer);
                    Self::to_data(&me, columns.into_iter().fold(say, |say, columns| say.set("columns", columns)));
                    let busy = {
                        let mut inner = me.borrow_mut();
                        inner.stale = true;
                        inner.busy()
                    };
                    if !busy {
                        Self::pump(&me);
                    }
                }
                Err(_) => Self::emit(&me, Event::Trouble(format!("{name} could not be read. Choose it again."))),
            }
        }));
    }

    pub fn open(me: &Me, file: web_sys::File) {
        let name = file.name();
        let (me, promise) = (me.clone(), file.array_buffer());
        crate::worker::page::later(Box::pin(async move {
            match wasm_bindgen_futures::JsFuture::from(promise).await {
                Ok(buffer) => Self::to_data(&me, Say::new("open").moved("bytes", &buffer)),
                Err(_) => Self::emit(&me, Event::Trouble(format!("{name} could not be read. Choose it again."))),
            }
        }));
    }

    /// The digester makes the firm: it is loaded, and has nothing to do yet.
    pub fn sample(me: &Me) {
        Self::start_digester(me);
        match &me.borrow().digester {
            Some(digester) => digester.say(Say::new("sample")),
            None => Self::emit(me, Event::Trouble("The sample data could not be made. Reload the page.".to_owned())),
        }
    }

    /// A file of the firm has been made.
    pub(super) fn sample_file(me: &Me, said: &super::link::Heard) {
        let path = said.text("path");
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        if let Ok(file) = web_sys::File::new_with_u8_array_sequence(&js_sys::Array::of1(&js_sys::Uint8Array::new(&said.get("bytes"))), &name) {
            me.borrow_mut().made.push((path, file));
        }
    }

    /// All files of the firm have been made: they are read like any others.
    pub(super) fn take_sample(me: &Me) {
        let files = std::mem::take(&mut me.borrow_mut().made);
        let mut exports = Vec::new();
        for (path, file) in files {
            match List::of(&file.name()) {
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
            inner.errands.clear();
            inner.digests.clear();
            inner.lists.clear();
            inner.files.clear();
            inner.rows_of.clear();
            inner.drops.clear();
            inner.stale = false;
            inner.digesting = false;
            inner.asked = 0;
            (std::mem::take(&mut inner.readers), inner.digester.take(), inner.data.take())
        };
        drop(gone);
        Self::warm(me);
    }
}
