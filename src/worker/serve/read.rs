//! Reading files in a worker of their own: a batch for each, sent by transfer. Of a very large file a worker reads a section, if its
//! format can be cut, and another joins them.

use std::borrow::Cow;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::file::{Followed, Handle, Latest};
use super::{Message, Reply, memory, now};
use crate::import::archive::Folder;
use crate::import::bytes::{RandomAccess, Shared};
use crate::import::importer::{Importer, Progress};
use crate::import::section::{self, Read, Reading, Section};
use crate::import::{DateOrder, Given, Options, Step};
use crate::model::sums::{self, Sums};
use crate::model::{Batch, Source, batch};
use crate::worker::protocol::{Asked, Stated};

/// Milliseconds between two progress messages.
const PULSE: f64 = 250.0;

/// Reads the files of a job one after the other.
pub async fn read(message: Message) {
    let asked: Vec<Asked> = message.json("files").unwrap_or_default();
    let handles = js_sys::Array::from(&message.get("handles"));
    let mut at = 0;
    for ask in asked {
        let files: Vec<web_sys::File> = (at..at + ask.names.len() as u32).filter_map(|i| handles.get(i).dyn_into().ok()).collect();
        at += ask.names.len() as u32;
        if ask.many {
            super::many::read(&ask, &files).await;
        } else {
            read_one(&ask, files).await;
        }
    }
    Reply::new("job_done").set("memory", memory()).post();
}

/// What a person has stated.
pub fn options(stated: &Stated) -> Options {
    Options {
        zone: stated.zone.clone(),
        date_order: stated.date_order.as_deref().and_then(DateOrder::from_word),
        owner: stated.owner.clone(),
        format: stated.format.clone(),
    }
}

async fn read_one(ask: &Asked, files: Vec<web_sys::File>) {
    let options = options(&ask.stated);
    let latest = Rc::<Latest>::default();
    let opened = files.into_iter().zip(&ask.names).filter_map(|(file, name)| {
        let modified = Some((file.last_modified() * 1000.0) as i64).filter(|m| *m > 0);
        let handle: Shared = Rc::new(Followed::new(Handle::new(file).ok()?, &latest));
        Some((name.clone(), handle, modified))
    });
    let mut opened: Vec<_> = opened.collect();
    Reply::new("started").set("id", ask.id).post();
    let begun = now();
    if let Some((number, (from, to))) = ask.section {
        let Some((_, bytes, modified)) = opened.pop() else { return unjoined(ask.id) };
        let section = Section { from: from as u64, to: to as u64 };
        return read_section(ask.id, number, &Given { path: ask.path.clone(), bytes, modified }, section, &options, &latest).await;
    }
    latest.ready().await;
    if !ask.folder
        && let Some((_, bytes, _)) = opened.first()
        && is_batch(bytes.as_ref())
    {
        return pass_batch(ask, bytes.as_ref());
    }
    if !ask.folder
        && ask.stated.format.is_none()
        && let Some((_, bytes, _)) = opened.first()
        && let Some(kind) = list(&ask.path, bytes.as_ref())
    {
        Reply::new("list").set("id", ask.id).set("list", kind).post();
        return;
    }
    if ask.most > 1
        && !ask.folder
        && let Some((_, bytes, modified)) = opened.first()
    {
        let given = Given { path: ask.path.clone(), bytes: bytes.clone(), modified: *modified };
        let sections: Vec<(u64, u64)> = section::plan(&given, &options, ask.most as usize).iter().map(|s| (s.from, s.to)).collect();
        if !sections.is_empty() {
            return Reply::new("cut").set("id", ask.id).json("sections", &sections).post();
        }
    }
    let mut importer = if ask.folder {
        Importer::folder(Box::new(Folder::new(&ask.path, opened)), options)
    } else {
        // What lies beside the first file has its path for a name.
        let path = |name: String| if name.is_empty() { ask.path.clone() } else { name };
        let files = opened.drain(..).map(|(name, bytes, modified)| Given { path: path(name), bytes, modified });
        Importer::new(files.collect(), options)
    };
    let mut pulse = Pulse(begun);
    while importer.step() == Step::More {
        latest.ready().await;
        pulse.say(ask.id, 0, || importer.progress());
    }
    send(ask.id, begun, &importer.finish());
}

/// When progress was told last.
struct Pulse(f64);

impl Pulse {
    fn say(&mut self, id: u32, section: u32, progress: impl Fn() -> Progress) {
        let t = now();
        if t - self.0 > PULSE {
            self.0 = t;
            let p = progress();
            Reply::new("progress").set("id", id).set("section", section).set("done", p.done as f64).set("rows", p.rows as f64).post();
        }
    }
}

fn send(id: u32, begun: f64, batch: &Batch) {
    let bytes = batch.to_bytes();
    let reply = Reply::new("batch").set("id", id).set("read_ms", now() - begun).set("memory", memory());
    with_sources(reply, &batch.tables.sources).buffer("bytes", &bytes).post();
}

/// Sources from which on the page gets sums: it shows some by name and counts the others.
const SUMMED: usize = 2 * sums::NAMED;

/// The sources as the page shows them, and how many each stands for where some are sums.
pub fn shown(sources: &[Source]) -> (Cow<'_, [Source]>, Vec<u64>) {
    if sources.len() < SUMMED || sources.iter().any(|s| s.question.is_some()) {
        return (Cow::Borrowed(sources), Vec::new());
    }
    let mut sums = Sums::default();
    for (n, source) in sources.iter().enumerate() {
        sums.add(source, n < sums::NAMED);
    }
    (Cow::Owned(sums.sources), sums.files)
}

fn with_sources(reply: Reply, sources: &[Source]) -> Reply {
    let (sources, summed) = shown(sources);
    reply.json("sources", &sources).json("summed", &summed)
}

async fn read_section(id: u32, number: u32, given: &Given, section: Section, options: &Options, latest: &Latest) {
    let begun = now();
    let Some(mut reading) = Reading::open(given, section, options) else { return unjoined(id) };
    // The beginning of the file has been looked at; what the browser is to fetch ahead begins at the section.
    let _ = given.bytes.read_at(section.from, &mut [0]);
    latest.ready().await;
    let mut pulse = Pulse(begun);
    while reading.step() == Step::More {
        latest.ready().await;
        pulse.say(id, number, || reading.progress());
    }
    let rows = reading.progress().rows;
    let Some(read) = reading.finish() else { return unjoined(id) };
    Reply::new("section").set("id", id).set("section", number).set("rows", rows as f64).set("memory", memory()).buffer("bytes", &read.to_bytes()).post();
}

/// Joins the sections of a file.
pub fn join(message: &Message) {
    let (id, begun) = (message.number("id"), now());
    let stated: Stated = message.json("stated").unwrap_or_default();
    let sections = js_sys::Array::from(&message.get("sections"));
    let reads: Option<Vec<Read>> = sections.iter().map(|bytes| Read::from_bytes(&js_sys::Uint8Array::new(&bytes).to_vec())).collect();
    match reads.and_then(|reads| section::join(reads, &options(&stated))) {
        Some(batch) => send(id, begun, &batch),
        None => unjoined(id),
    }
    Reply::new("job_done").set("memory", memory()).post();
}

/// The file has to be read as a whole.
fn unjoined(id: u32) {
    Reply::new("unjoined").set("id", id).post();
}

/// Bytes by which a list is known.
const HEAD: usize = 64 << 10;

/// Largest workbook looked into.
const WORKBOOK: u64 = 64 << 20;

/// Which list a file is that was given among exports. A workbook is an archive: it is known only as a whole.
pub fn list(path: &str, bytes: &dyn RandomAccess) -> Option<&'static str> {
    let name = path.to_ascii_lowercase();
    let workbook = [".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"].iter().any(|end| name.ends_with(end)) && bytes.len() <= WORKBOOK;
    let mut head = vec![0; if workbook { bytes.len() as usize } else { HEAD }];
    let mut at = 0;
    while let Some(room) = head.get_mut(at..).filter(|room| !room.is_empty()) {
        match bytes.read_at(at as u64, room) {
            Ok(0) | Err(_) => break,
            Ok(n) => at += n,
        }
    }
    crate::workbench::lists::kind(path, head.get(..at)?)
}

pub fn is_batch(bytes: &dyn RandomAccess) -> bool {
    let mut magic = [0; 8];
    bytes.read_at(0, &mut magic).is_ok_and(|n| n == 8 && magic == *batch::MAGIC)
}

fn pass_batch(ask: &Asked, file: &dyn RandomAccess) {
    let mut bytes = vec![0; file.len() as usize];
    let mut at = 0;
    while let Some(room) = bytes.get_mut(at..)
        && !room.is_empty()
    {
        match file.read_at(at as u64, room) {
            Ok(0) | Err(_) => break,
            Ok(n) => at += n,
        }
    }
    match batch::Batch::from_bytes(&bytes) {
        Ok(batch) => with_sources(Reply::new("batch").set("id", ask.id), &batch.tables.sources).buffer("bytes", &bytes).post(),
        Err(error) => Reply::new("unread").set("id", ask.id).set("what", error.to_string()).post(),
    }
}

/// Makes the synthetic firm; the page turns its files into handles and reads them like any others.
pub fn sample() {
    let firm = crate::sample::firm(crate::sample::DEFAULT_SEED, crate::sample::DEFAULT_MESSAGES);
    for file in firm.files() {
        Reply::new("sample_file").set("path", file.path).buffer("bytes", &file.bytes).post();
    }
    Reply::new("sample_done").post();
}
