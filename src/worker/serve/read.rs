//! Reading files in a worker of their own: a batch for each, sent by transfer.

use std::borrow::Cow;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::file::{Followed, Handle, Latest};
use super::{Message, Reply, memory, now};
use crate::import::archive::Folder;
use crate::import::bytes::{RandomAccess, Shared};
use crate::import::importer::Importer;
use crate::import::{DateOrder, Given, Options, Step};
use crate::model::sums::{self, Sums};
use crate::model::{Source, batch};
use crate::worker::protocol::Asked;

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
pub fn options(ask: &Asked) -> Options {
    Options {
        zone: ask.stated.zone.clone(),
        date_order: ask.stated.date_order.as_deref().and_then(DateOrder::from_word),
        owner: ask.stated.owner.clone(),
        format: ask.stated.format.clone(),
    }
}

async fn read_one(ask: &Asked, files: Vec<web_sys::File>) {
    let options = options(ask);
    let latest = Rc::<Latest>::default();
    let opened = files.into_iter().zip(&ask.names).filter_map(|(file, name)| {
        let modified = Some((file.last_modified() * 1000.0) as i64).filter(|m| *m > 0);
        let handle: Shared = Rc::new(Followed::new(Handle::new(file).ok()?, &latest));
        Some((name.clone(), handle, modified))
    });
    let mut opened: Vec<_> = opened.collect();
    Reply::new("started").set("id", ask.id).post();
    let begun = now();
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
    let mut importer = if ask.folder {
        Importer::folder(Box::new(Folder::new(&ask.path, opened)), options)
    } else {
        // What lies beside the first file has its path for a name.
        let path = |name: String| if name.is_empty() { ask.path.clone() } else { name };
        let files = opened.drain(..).map(|(name, bytes, modified)| Given { path: path(name), bytes, modified });
        Importer::new(files.collect(), options)
    };
    let mut last = begun;
    while importer.step() == Step::More {
        latest.ready().await;
        let t = now();
        if t - last > PULSE {
            last = t;
            let p = importer.progress();
            Reply::new("progress").set("id", ask.id).set("done", p.done as f64).set("rows", p.rows as f64).post();
        }
    }
    let batch = importer.finish();
    let bytes = batch.to_bytes();
    let reply = Reply::new("batch").set("id", ask.id).set("read_ms", now() - begun).set("memory", memory());
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
