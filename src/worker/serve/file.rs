//! A browser `File` as random access: slices read synchronously, which only workers may do. Where a file is read from front to
//! back, the browser fetches the next blocks while this one is read: the fetches would else take as long as the reading.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamByobReader;

use crate::import::bytes::RandomAccess;

/// Bytes fetched at a time. Each fetch is a round trip to the browser's own process, whatever its size: a zip of six thousand
/// small members read piece by piece spends all its time on them. Blocks stay outside of this program's memory.
const BLOCK: u64 = 4 << 20;
/// Blocks fetched by themselves that are kept: an archive of this many blocks may be read in any order.
const KEPT: usize = 16;
/// Bytes of a block fetched ahead.
const AHEAD: u32 = 2 << 20;
/// Bytes that are to be here before a step of the importer begins: it handles about half of them.
const NEED: u64 = 2 << 20;
/// Before the first step: the beginning is looked through for its encoding (`decode::look_ahead`).
const FIRST: u64 = 5 << 20;

/// A file handle given by the page.
pub struct Handle {
    file: web_sys::File,
    reader: web_sys::FileReaderSync,
    size: u64,
    /// Blocks fetched by themselves and where each begins, the one used last behind.
    blocks: RefCell<Vec<(u64, Uint8Array)>>,
    /// End of the last read.
    at: Cell<u64>,
    ahead: RefCell<Ahead>,
}

/// What the browser has fetched ahead, or is fetching.
#[derive(Default)]
struct Ahead {
    source: Option<ReadableStreamByobReader>,
    /// Blocks in order, without holes, and where the first begins.
    blocks: VecDeque<Uint8Array>,
    begin: u64,
    /// Where the last one ends.
    end: u64,
    pending: Option<js_sys::Promise>,
    /// Buffers to be filled again.
    spare: Vec<js_sys::ArrayBuffer>,
    /// An archive, read in any order: all of it is kept.
    whole: bool,
    /// The browser cannot, or the file has ended or gone: the plain way says what it is.
    over: bool,
}

impl Handle {
    /// Wraps a handle.
    pub fn new(file: web_sys::File) -> io::Result<Self> {
        let reader = web_sys::FileReaderSync::new().map_err(|_| io::Error::other("this browser cannot read files in a worker"))?;
        let size = file.size() as u64;
        let (blocks, at, ahead) = Default::default();
        Ok(Self { file, reader, size, blocks, at, ahead })
    }

    fn slice(&self, from: u64, to: u64) -> io::Result<web_sys::Blob> {
        self.file.slice_with_f64_and_f64(from as f64, to as f64).map_err(gone)
    }

    fn fetch(&self, offset: u64) -> io::Result<Uint8Array> {
        let end = self.size.min(offset.saturating_add(BLOCK));
        let buffer = self.reader.read_as_array_buffer(&self.slice(offset, end)?).map_err(gone)?;
        Ok(Uint8Array::new(&buffer))
    }

    /// Waits until the bytes of the next step are here, and has the browser fetch those behind them. Small files are one
    /// fetch anyway.
    pub async fn ready(&self) {
        if self.size <= BLOCK {
            return;
        }
        loop {
            let at = self.at.get();
            let promise = {
                let mut ahead = self.ahead.borrow_mut();
                if ahead.over {
                    return;
                }
                if ahead.source.is_none() {
                    ahead.open(self, at);
                }
                ahead.drop_before(at);
                ahead.ask();
                let need = if ahead.whole { self.size } else { at + if at == 0 { FIRST } else { NEED } };
                // Enough is here, or the reading is elsewhere.
                let elsewhere = !ahead.whole && (at < ahead.begin || at >= ahead.end + BLOCK);
                if elsewhere || ahead.end >= need.min(self.size) {
                    return;
                }
                ahead.pending.take()
            };
            let Some(promise) = promise else { return };
            let came = JsFuture::from(promise).await;
            let mut ahead = self.ahead.borrow_mut();
            ahead.take(came.ok().as_ref());
            ahead.whole |= self.size <= KEPT as u64 * BLOCK && ahead.is_archive();
        }
    }
}

impl Ahead {
    fn open(&mut self, handle: &Handle, from: u64) {
        let source = handle.slice(from, handle.size).ok().and_then(|rest| ReadableStreamByobReader::new(&rest.stream()).ok());
        *self = Self { over: source.is_none(), source, begin: from, end: from, ..Self::default() };
    }

    fn ask(&mut self) {
        if self.over || self.pending.is_some() {
            return;
        }
        let buffer = self.spare.pop().unwrap_or_else(|| js_sys::ArrayBuffer::new(AHEAD));
        self.pending = self.source.as_ref().map(|source| source.read_with_array_buffer_view(&Uint8Array::new(&buffer)));
    }

    /// A block has come, or the end, or a fault.
    fn take(&mut self, came: Option<&JsValue>) {
        let get = |key: &str| came.and_then(|c| Reflect::get(c, &JsValue::from_str(key)).ok());
        match get("value").and_then(|v| v.dyn_into::<Uint8Array>().ok()) {
            Some(block) if block.length() > 0 => {
                self.end += u64::from(block.length());
                self.blocks.push_back(block);
            }
            _ => self.over = true,
        }
    }

    /// Blocks that have been read are buffers for new ones. The beginning is read again once its encoding is known.
    fn drop_before(&mut self, at: u64) {
        while !self.whole
            && at >= FIRST
            && at <= self.end
            && let Some(block) = self.blocks.front()
            && self.begin + u64::from(block.length()) <= at
        {
            self.begin += u64::from(block.length());
            self.spare.push(block.buffer());
            self.blocks.pop_front();
        }
    }

    fn is_archive(&self) -> bool {
        self.begin == 0 && self.blocks.front().is_some_and(|block| block.length() > 1 && block.get_index(0) == b'P' && block.get_index(1) == b'K')
    }

    /// The block with this byte and where it begins.
    fn block_at(&self, offset: u64) -> Option<(u64, &Uint8Array)> {
        let mut begin = self.begin;
        if offset < begin || offset >= self.end {
            return None;
        }
        self.blocks.iter().find_map(|block| {
            let here = begin;
            begin += u64::from(block.length());
            (offset < begin).then_some((here, block))
        })
    }
}

fn gone(_: JsValue) -> io::Error {
    io::Error::other("the file has changed or is gone since it was chosen")
}

/// Copies what a block has from `offset` on.
fn copy(block: (u64, &Uint8Array), offset: u64, buf: &mut [u8]) -> usize {
    let (begin, bytes) = block;
    let from = u32::try_from(offset - begin).unwrap_or(u32::MAX).min(bytes.length());
    let n = (bytes.length() - from).min(u32::try_from(buf.len()).unwrap_or(u32::MAX));
    if let Some(to) = buf.get_mut(..n as usize) {
        bytes.subarray(from, from + n).copy_to(to);
    }
    n as usize
}

impl RandomAccess for Handle {
    fn len(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        if offset >= self.size || buf.is_empty() {
            return Ok(0);
        }
        let ahead = self.ahead.borrow();
        if let Some(block) = ahead.block_at(offset) {
            let n = copy(block, offset, buf);
            self.at.set(offset + n as u64);
            return Ok(n);
        }
        drop(ahead);
        let mut blocks = self.blocks.borrow_mut();
        let begin = offset - offset % BLOCK;
        let block = match blocks.iter().position(|(at, _)| *at == begin) {
            Some(known) => blocks.remove(known),
            None => (begin, self.fetch(begin)?),
        };
        let n = copy((begin, &block.1), offset, buf);
        if blocks.len() >= KEPT {
            blocks.remove(0);
        }
        blocks.push(block);
        self.at.set(offset + n as u64);
        Ok(n)
    }
}

/// Remembers which of the files of a job was read last: the one whose next bytes are worth fetching.
#[derive(Default)]
pub struct Latest(RefCell<Option<Rc<Handle>>>);

impl Latest {
    /// [`Handle::ready`] of that file.
    pub async fn ready(&self) {
        let latest = self.0.borrow().clone();
        if let Some(handle) = latest {
            handle.ready().await;
        }
    }
}

/// A file of a job.
pub struct Followed {
    handle: Rc<Handle>,
    latest: Rc<Latest>,
}

impl Followed {
    /// Of this job. The first file of a job is the one that is read first.
    pub fn new(handle: Handle, latest: &Rc<Latest>) -> Self {
        let handle = Rc::new(handle);
        latest.0.borrow_mut().get_or_insert_with(|| handle.clone());
        Self { handle, latest: latest.clone() }
    }
}

impl RandomAccess for Followed {
    fn len(&self) -> u64 {
        self.handle.size
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let mut latest = self.latest.0.borrow_mut();
        if !latest.as_ref().is_some_and(|held| Rc::ptr_eq(held, &self.handle)) {
            *latest = Some(self.handle.clone());
        }
        drop(latest);
        self.handle.read_at(offset, buf)
    }
}
