//! Reading a record again, by its place: evidence is shown from the file itself, never from a copy.

use std::io;

use super::archive::Archive;
use super::bytes::{RangeStream, Shared, Stream};
use super::zip;

/// Up to `len` bytes at `offset` of a part. `path`: the path of the source (`outer.zip!inner`), `entry`: the part's member name, if any.
pub fn reread(bytes: Shared, path: &str, entry: &str, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut members: Vec<&str> = path.split('!').skip(1).collect();
    if !entry.is_empty() && members.last() != Some(&entry) {
        members.push(entry);
    }
    let mut magic = [0; 4];
    bytes.read_at(0, &mut magic)?;
    if !zip::is_zip(&magic) {
        let mut stream = RangeStream::range(bytes, offset, len as u64);
        return read(&mut stream, 0, len);
    }
    let gone = || io::Error::new(io::ErrorKind::NotFound, "the archive no longer holds this member");
    let mut archive = zip::Zip::open(path, bytes).map_err(io::Error::other)?;
    let mut names = members.into_iter().peekable();
    loop {
        let name = names.next().ok_or_else(gone)?;
        let ix = archive.entries().iter().position(|e| e.name == name).ok_or_else(gone)?;
        if names.peek().is_none() {
            return read(archive.open(ix)?.as_mut(), offset, len);
        }
        let inner = zip::expand(&archive, ix).map_err(io::Error::other)?;
        archive = zip::Zip::open(name, inner).map_err(io::Error::other)?;
    }
}

/// Passes over `skip` bytes, then reads at most `len`.
fn read(stream: &mut dyn Stream, mut skip: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut buf = vec![0; 64 << 10];
    let mut out = Vec::with_capacity(len);
    while out.len() < len {
        let n = stream.read(&mut buf)?;
        if n == 0 {
            break;
        }
        let drop = usize::try_from(skip).unwrap_or(usize::MAX).min(n);
        skip -= drop as u64;
        let fresh = buf.get(drop..n).unwrap_or_default();
        out.extend_from_slice(fresh.get(..fresh.len().min(len - out.len())).unwrap_or_default());
    }
    Ok(out)
}
