//! Zip archives through their central directory; members are inflated in steps from shared bytes.

use std::io::{self, Read};
use std::rc::Rc;

use super::archive::{Archive, Entry, Locked};
use super::bytes::{RangeStream, SeekRead, Shared, Stream};

/// Largest nested archive that is expanded in memory.
const NESTED_LIMIT: u64 = 256 << 20;

/// Whether the first bytes are those of a zip.
#[must_use]
pub fn is_zip(magic: &[u8]) -> bool {
    magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06")
}

/// An opened zip.
pub struct Zip {
    path: String,
    bytes: Shared,
    entries: Vec<Entry>,
    places: Vec<(u64, bool)>,
}

impl Zip {
    /// Reads the central directory. The error is a sentence for people.
    pub fn open(path: &str, bytes: Shared) -> Result<Self, String> {
        let broken = |e: ::zip::result::ZipError| format!("This zip archive is damaged or cut off ({e}). Download or copy it again.");
        let mut archive = ::zip::ZipArchive::new(io::BufReader::with_capacity(64 << 10, SeekRead::new(bytes.clone()))).map_err(broken)?;
        let mut entries = Vec::with_capacity(archive.len());
        let mut places = Vec::with_capacity(archive.len());
        for ix in 0..archive.len() {
            let file = archive.by_index_raw(ix).map_err(broken)?;
            let deflated = file.compression() == ::zip::CompressionMethod::Deflated;
            let locked = if file.encrypted() {
                Some(Locked::Password)
            } else if !deflated && file.compression() != ::zip::CompressionMethod::Stored {
                Some(Locked::Method)
            } else {
                None
            };
            entries.push(Entry {
                name: file.name().map(|n| n.replace('\\', "/")).unwrap_or_default(),
                size: file.size(),
                packed: file.compressed_size(),
                modified: None,
                locked,
            });
            places.push((file.data_start().unwrap_or(0), deflated));
        }
        Ok(Self { path: path.to_owned(), bytes, entries, places })
    }
}

impl Archive for Zip {
    fn path(&self) -> &str {
        &self.path
    }
    fn entries(&self) -> &[Entry] {
        &self.entries
    }
    fn open(&self, ix: usize) -> io::Result<Box<dyn Stream>> {
        let (Some(entry), Some((start, deflated))) = (self.entries.get(ix), self.places.get(ix)) else { return Err(io::Error::from(io::ErrorKind::NotFound)) };
        let range = RangeStream::range(self.bytes.clone(), *start, entry.packed);
        Ok(if *deflated { Box::new(Inflate(flate2::read::DeflateDecoder::new(range))) } else { Box::new(range) })
    }
    fn direct(&self, _ix: usize) -> Option<Shared> {
        None
    }
}

struct Inflate(flate2::read::DeflateDecoder<RangeStream>);

impl Stream for Inflate {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

/// Expands a nested archive into memory, within a limit.
pub fn expand(archive: &dyn Archive, ix: usize) -> Result<Shared, String> {
    let mut stream = archive.open(ix).map_err(|e| format!("This inner archive could not be unpacked ({e})."))?;
    let mut out = Vec::new();
    let mut buf = vec![0; 64 << 10];
    loop {
        let n = stream.read(&mut buf).map_err(|e| format!("This inner archive could not be unpacked ({e})."))?;
        if n == 0 {
            return Ok(Rc::new(out));
        }
        out.extend_from_slice(buf.get(..n).unwrap_or_default());
        if out.len() as u64 > NESTED_LIMIT {
            return Err("This inner archive is larger than 256 MiB; unpack it and add it by itself.".to_owned());
        }
    }
}
