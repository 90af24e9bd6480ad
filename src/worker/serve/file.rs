//! A browser `File` as random access: slices read synchronously, which only workers may do.

use std::io;

use crate::import::bytes::RandomAccess;

/// A file handle given by the page.
pub struct Handle {
    file: web_sys::File,
    reader: web_sys::FileReaderSync,
    size: u64,
}

impl Handle {
    /// Wraps a handle.
    pub fn new(file: web_sys::File) -> io::Result<Self> {
        let reader = web_sys::FileReaderSync::new().map_err(|_| io::Error::other("this browser cannot read files in a worker"))?;
        let size = file.size() as u64;
        Ok(Self { file, reader, size })
    }
}

impl RandomAccess for Handle {
    fn len(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let end = self.size.min(offset.saturating_add(buf.len() as u64));
        if offset >= end {
            return Ok(0);
        }
        let gone = |_| io::Error::other("the file has changed or is gone since it was chosen");
        let slice = self.file.slice_with_f64_and_f64(offset as f64, end as f64).map_err(gone)?;
        let buffer = self.reader.read_as_array_buffer(&slice).map_err(gone)?;
        let bytes = js_sys::Uint8Array::new(&buffer);
        let n = (bytes.length() as usize).min(buf.len());
        if let Some(to) = buf.get_mut(..n) {
            bytes.subarray(0, n as u32).copy_to(to);
        }
        Ok(n)
    }
}
