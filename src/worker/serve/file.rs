//! A browser `File` as random access: slices read synchronously, which only workers may do.

use std::cell::RefCell;
use std::io;

use crate::import::bytes::RandomAccess;

/// Bytes fetched at a time. Each fetch is a round trip to the browser's own process, whatever its size: a zip of six thousand
/// small members read piece by piece spends all its time on them. The block stays outside of this program's memory.
const BLOCK: u64 = 4 << 20;

/// A file handle given by the page.
pub struct Handle {
    file: web_sys::File,
    reader: web_sys::FileReaderSync,
    size: u64,
    /// The block fetched last and where it begins.
    block: RefCell<Option<(u64, js_sys::Uint8Array)>>,
}

impl Handle {
    /// Wraps a handle.
    pub fn new(file: web_sys::File) -> io::Result<Self> {
        let reader = web_sys::FileReaderSync::new().map_err(|_| io::Error::other("this browser cannot read files in a worker"))?;
        let size = file.size() as u64;
        Ok(Self { file, reader, size, block: RefCell::new(None) })
    }

    fn fetch(&self, offset: u64) -> io::Result<js_sys::Uint8Array> {
        let gone = |_| io::Error::other("the file has changed or is gone since it was chosen");
        let end = self.size.min(offset.saturating_add(BLOCK));
        let slice = self.file.slice_with_f64_and_f64(offset as f64, end as f64).map_err(gone)?;
        let buffer = self.reader.read_as_array_buffer(&slice).map_err(gone)?;
        Ok(js_sys::Uint8Array::new(&buffer))
    }
}

impl RandomAccess for Handle {
    fn len(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        if offset >= self.size || buf.is_empty() {
            return Ok(0);
        }
        let mut held = self.block.borrow_mut();
        let at_hand = held.as_ref().is_some_and(|(begin, bytes)| (*begin..begin + u64::from(bytes.length())).contains(&offset));
        if !at_hand {
            *held = Some((offset, self.fetch(offset)?));
        }
        let Some((begin, bytes)) = held.as_ref() else { return Ok(0) };
        let from = u32::try_from(offset - begin).unwrap_or(u32::MAX).min(bytes.length());
        let n = (bytes.length() - from).min(u32::try_from(buf.len()).unwrap_or(u32::MAX));
        if let Some(to) = buf.get_mut(..n as usize) {
            bytes.subarray(from, from + n).copy_to(to);
        }
        Ok(n as usize)
    }
}
