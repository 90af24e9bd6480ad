//! Reading files in a worker of their own: a batch for each, sent by transfer; digests in another.

use std::rc::Rc;

use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

use super::file::{Followed, Handle, Latest};
use super::{Message, Reply, memory, now};
use crate::import::archive::Folder;
use crate::import::bytes::{RandomAccess, Shared};
use crate::import::importer::Importer;
use crate::import::{DateOrder, Given, Options, Step};
use crate::model::batch;
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
        read_one(&ask, files).await;
    }
    Reply::new("job_done").set("memory", memory()).post();
}

async fn read_one(ask: &Asked, files: Vec<web_sys::File>) {
    let options = Options {
        zone: ask.stated.zone.clone(),
        date_order: ask.stated.date_order.as_deref().and_then(DateOrder::from_word),
        owner: ask.stated.owner.clone(),
        format: ask.stated.format.clone(),
    };
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
    let mut importer = if ask.folder {
        Importer::folder(Box::new(Folder::new(&ask.path, opened)), options)
    } else {
        let files = opened.drain(..).map(|(_, bytes, modified)| Given { path: ask.path.clone(), bytes, modified });
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
    Reply::new("batch")
        .set("id", ask.id)
        .set("read_ms", now() - begun)
        .set("memory", memory())
        .json("sources", &batch.tables.sources)
        .buffer("bytes", &bytes)
        .post();
}

fn is_batch(bytes: &dyn RandomAccess) -> bool {
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
        Ok(batch) => Reply::new("batch").set("id", ask.id).json("sources", &batch.tables.sources).buffer("bytes", &bytes).post(),
        Err(error) => Reply::new("unread").set("id", ask.id).set("what", error.to_string()).post(),
    }
}

/// Digests the files of a job, each as soon as it is done.
pub async fn digest(message: Message) {
    let asked: Vec<Asked> = message.json("files").unwrap_or_default();
    let handles = js_sys::Array::from(&message.get("handles"));
    let mut at = 0;
    let mut buf = vec![0; 1 << 20];
    for ask in asked {
        let first = handles.get(at).dyn_into::<web_sys::File>().ok();
        at += ask.names.len() as u32;
        if ask.folder {
            continue;
        }
        let Some(file) = first else { continue };
        let sum = match of_browser(&file).await {
            Some(sum) => sum,
            None => match by_blocks(file, &mut buf).await {
                Some(sum) => sum,
                None => continue,
            },
        };
        Reply::new("digest").set("id", ask.id).set("sha256", crate::text::hex(&sum)).post();
    }
    Reply::new("job_done").post();
}

/// The browser's own digest is several times faster than one in WebAssembly, but it wants the file in one piece: up to this size.
const WHOLE: f64 = (128 << 20) as f64;

/// By the browser; nothing where it has no digest (an address without https), or the file is large or gone.
async fn of_browser(file: &web_sys::File) -> Option<Vec<u8>> {
    let subtle = js_sys::global().unchecked_into::<DedicatedWorkerGlobalScope>().crypto().ok()?.subtle();
    if file.size() > WHOLE || subtle.is_undefined() {
        return None;
    }
    let bytes = JsFuture::from(file.array_buffer()).await.ok()?;
    let sum = JsFuture::from(subtle.digest_with_str_and_buffer_source("SHA-256", bytes.unchecked_ref()).ok()?).await.ok()?;
    Some(js_sys::Uint8Array::new(&sum).to_vec())
}

async fn by_blocks(file: web_sys::File, buf: &mut [u8]) -> Option<Vec<u8>> {
    let handle = Handle::new(file).ok()?;
    let (mut hash, mut offset) = (Sha256::new(), 0);
    loop {
        handle.ready().await;
        // What cannot be read to its end has no digest.
        let n = handle.read_at(offset, buf).ok()?;
        if n == 0 {
            return Some(hash.finalize().to_vec());
        }
        hash.update(buf.get(..n).unwrap_or_default());
        offset += n as u64;
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
