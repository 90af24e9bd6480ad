//! Small files, many to a job: each is read by itself, what was read comes back as one batch with the sums of the ledgers. One message and
//! one set of tables for each of fifty thousand mails would take longer than reading them.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::read::{is_batch, list, options};
use super::{Reply, memory, now};
use crate::import::bytes::Shared;
use crate::import::importer::Importer;
use crate::import::{Given, Step, digest};
use crate::model::Batch;
use crate::model::sums::{NAMED, Sums};
use crate::workbench::join::Joined;
use crate::worker::protocol::Asked;

/// Files asked of the browser at once: each is a round trip to its own process.
const TOGETHER: usize = 32;

/// Reads the files of a job.
pub async fn read(ask: &Asked, files: &[web_sys::File]) {
    let begun = now();
    let (mut joined, mut sums, mut aside) = (Joined::default(), Sums::default(), Vec::new());
    let mut at = 0u32;
    let mut names = ask.names.iter();
    for part in files.chunks(TOGETHER) {
        for ((file, bytes), path) in part.iter().zip(fetch(part).await).zip(&mut names) {
            match bytes.and_then(|bytes| read_one(ask, path, file, bytes)) {
                Some(batch) => {
                    for source in &batch.tables.sources {
                        sums.add(source, ask.named && sums.sources.len() < NAMED);
                    }
                    joined.add(&batch);
                }
                None => aside.push(at),
            }
            at += 1;
        }
    }
    Reply::new("many")
        .set("id", ask.id)
        .set("read_ms", now() - begun)
        .set("memory", memory())
        .json("sources", &sums.sources)
        .json("summed", &sums.files)
        .json("aside", &aside)
        .buffer("bytes", &joined.finish().to_bytes())
        .post();
}

/// The bytes of some files; nothing for one that cannot be read.
async fn fetch(files: &[web_sys::File]) -> Vec<Option<Vec<u8>>> {
    let promises: js_sys::Array = files.iter().map(|file| file.array_buffer()).collect();
    let settled = JsFuture::from(js_sys::Promise::all_settled(&promises)).await.ok().map(|all| js_sys::Array::from(&all)).unwrap_or_default();
    let bytes = |one: JsValue| {
        let value = js_sys::Reflect::get(&one, &JsValue::from_str("value")).ok()?;
        value.is_instance_of::<js_sys::ArrayBuffer>().then(|| js_sys::Uint8Array::new(&value).to_vec())
    };
    (0..files.len() as u32).map(|ix| bytes(settled.get(ix))).collect()
}

/// One file. Nothing where it needs a row of its own: a list, a batch, one that asks something.
fn read_one(ask: &Asked, path: &str, file: &web_sys::File, bytes: Vec<u8>) -> Option<Batch> {
    if is_batch(&bytes) || (ask.stated.format.is_none() && list(path, &bytes).is_some()) {
        return None;
    }
    let sha256 = digest::file(&bytes).map(|(_, sha256)| sha256).unwrap_or_default();
    let modified = Some((file.last_modified() * 1000.0) as i64).filter(|m| *m > 0);
    let bytes: Shared = Rc::new(bytes);
    let mut importer = Importer::new(vec![Given { path: path.to_owned(), bytes, modified }], options(&ask.stated));
    while importer.step() == Step::More {}
    let mut batch = importer.finish();
    let sources = &mut batch.tables.sources;
    if sources.is_empty() || sources.iter().any(|s| s.question.is_some()) {
        return None;
    }
    for source in sources {
        source.sha256.clone_from(&sha256);
    }
    Some(batch)
}
