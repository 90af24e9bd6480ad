//! Digests of files, in a worker of their own.

use std::io;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

use super::file::Handle;
use super::{Message, Reply};
use crate::import::bytes::RandomAccess;
use crate::import::digest;
use crate::text::hex;
use crate::worker::protocol::Asked;

/// The browser's own digest is several times faster than one in WebAssembly, but it wants the file in one piece: up to this size.
const WHOLE: f64 = (128 << 20) as f64;

/// Digests the files of a job, each as soon as it is done. What cannot be read to its end gets none.
pub async fn job(message: Message) {
    let asked: Vec<Asked> = message.json("files").unwrap_or_default();
    let handles = js_sys::Array::from(&message.get("handles"));
    let mut buf = vec![0; 1 << 20];
    let mut at = 0;
    for ask in asked {
        let mut sums = Vec::with_capacity(ask.names.len());
        for name in &ask.names {
            let sum = match handles.get(at).dyn_into::<web_sys::File>() {
                Ok(file) => of_file(file, &mut buf).await,
                Err(_) => Err(io::Error::from(io::ErrorKind::NotFound)),
            };
            at += 1;
            sums.push((name.clone(), sum));
        }
        let path = |name: String| if name.is_empty() { ask.path.clone() } else { name };
        let sums = sums.into_iter();
        let sum = if ask.folder { digest::folder(sums) } else { digest::with_log(sums.map(|(name, sum)| (path(name), sum))) };
        let sha256 = sum.ok();
        // A row of a saved matter has no files until they are chosen again.
        if let Some(sha256) = sha256.filter(|_| !ask.names.is_empty()) {
            Reply::new("digest").set("id", ask.id).set("sha256", sha256).post();
        }
    }
    Reply::new("job_done").post();
}

/// Size and SHA-256.
async fn of_file(file: web_sys::File, buf: &mut [u8]) -> io::Result<(u64, String)> {
    if let Some(sum) = of_browser(&file).await {
        return Ok((file.size() as u64, hex(&sum)));
    }
    let handle = Handle::new(file)?;
    let mut sum = digest::Sum::default();
    loop {
        handle.ready().await;
        match handle.read_at(sum.size(), buf)? {
            0 => return Ok(sum.done()),
            n => sum.add(buf.get(..n).unwrap_or_default()),
        }
    }
}

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
