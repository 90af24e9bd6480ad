//! Where bytes come from: random access (a file, a browser `File`, memory), streams over it, and the window through
//! which readers look. Nothing here knows a format.

use std::io;
use std::rc::Rc;

/// Bytes that can be read at any place. Shared by the streams made from it.
pub trait RandomAccess {
    /// Size in bytes.
    fn len(&self) -> u64;
    /// Fills `buf` from `offset`; returns how much was read, 0 only at the end.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;
    /// Whether there is nothing.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The write-ahead log that lies beside a database and is read with it.
    fn log(&self) -> Option<Shared> {
        None
    }
}

/// Bytes that come one after the other.
pub trait Stream {
    /// Fills `buf`; returns how much was read, 0 only at the end.
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize>;
}

/// Shared random access.
pub type Shared = Rc<dyn RandomAccess>;

/// A database with its write-ahead log: the bytes of the database, which know where its log is.
pub struct WithLog {
    /// The database.
    pub database: Shared,
    /// The log.
    pub log: Shared,
}

impl RandomAccess for WithLog {
    fn len(&self) -> u64 {
        self.database.len()
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.database.read_at(offset, buf)
    }
    fn log(&self) -> Option<Shared> {
        Some(self.log.clone())
    }
}

impl RandomAccess for Vec<u8> {
    fn len(&self) -> u64 {
        self.as_slice().len() as u64
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|o| self.get(o..)).unwrap_or_default();
        let n = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        Ok(n)
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl RandomAccess for std::fs::File {
    fn len(&self) -> u64 {
        self.metadata().map_or(0, |m| m.len())
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::read_at(self, buf, offset);
        #[cfg(windows)]
        return std::os::windows::fs::FileExt::seek_read(self, buf, offset);
    }
}

/// A range of shared bytes as a stream.
pub struct RangeStream {
    bytes: Shared,
    at: u64,
    end: u64,
}

impl RangeStream {
    /// All of it.
    #[must_use]
    pub fn whole(bytes: Shared) -> Self {
        let end = bytes.len();
        Self { bytes, at: 0, end }
    }

    /// From `start`, `len` bytes (or fewer, where the bytes end).
    #[must_use]
    pub fn range(bytes: Shared, start: u64, len: u64) -> Self {
        let end = bytes.len().min(start.saturating_add(len));
        Self { bytes, at: start.min(end), end }
    }
}

impl Stream for RangeStream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = usize::try_from(self.end - self.at).unwrap_or(usize::MAX).min(buf.len());
        let Some(buf) = buf.get_mut(..n) else { return Ok(0) };
        if buf.is_empty() {
            return Ok(0);
        }
        let n = self.bytes.read_at(self.at, buf)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl io::Read for RangeStream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        Stream::read(self, buf)
    }
}

/// What a fill brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// At least one more byte.
    More,
    /// The stream has ended; nothing more will come.
    End,
    /// The window holds its limit already: the record is too large to be read whole.
    Full,
}

/// A window on a stream: the unread bytes in one piece. It grows only when one record does not fit.
pub struct Window {
    stream: Box<dyn Stream>,
    buf: Vec<u8>,
    start: usize,
    end: usize,
    base: u64,
    ended: bool,
    /// Size it grows to by itself while the stream fills it: an archive of thousands of small members costs no window each.
    size: usize,
    limit: usize,
}

/// Size a window begins with.
const FIRST: usize = 16 << 10;
/// Normal size of a window.
pub const WINDOW: usize = 1 << 20;
/// Largest record that is read whole.
pub const RECORD_LIMIT: usize = 16 << 20;

impl Window {
    /// A window at the start of a stream.
    #[must_use]
    pub fn new(stream: Box<dyn Stream>) -> Self {
        Self::with_limits(stream, WINDOW, RECORD_LIMIT)
    }

    /// With sizes of one's own (tests use tiny windows to cut records at every byte).
    #[must_use]
    pub fn with_limits(stream: Box<dyn Stream>, size: usize, limit: usize) -> Self {
        let size = size.max(1);
        Self { stream, buf: vec![0; size.min(FIRST)], start: 0, end: 0, base: 0, ended: false, size, limit: limit.max(size) }
    }

    /// The unread bytes that are here.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        self.buf.get(self.start..self.end).unwrap_or_default()
    }

    /// Offset in the stream of the first unread byte.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// Marks bytes as read.
    pub fn consume(&mut self, n: usize) {
        self.start = self.end.min(self.start.saturating_add(n));
    }

    /// Passes over a line as far as it is here, its end included; whether its end was.
    pub fn pass_line(&mut self) -> bool {
        let end = memchr::memchr(b'\n', self.data());
        self.consume(end.map_or(usize::MAX, |n| n + 1));
        end.is_some()
    }

    /// Whether the stream has no more bytes than [`Window::data`] shows.
    #[must_use]
    pub const fn ended(&self) -> bool {
        self.ended
    }

    /// Brings more bytes behind those that are here.
    pub fn fill(&mut self) -> io::Result<Fill> {
        if self.ended {
            return Ok(Fill::End);
        }
        if self.start > 0 {
            self.buf.copy_within(self.start..self.end, 0);
            self.base += self.start as u64;
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buf.len() {
            if self.buf.len() >= self.limit {
                return Ok(Fill::Full);
            }
            self.buf.resize((self.buf.len() * 2).min(self.limit), 0);
        }
        let room = self.buf.get_mut(self.end..).unwrap_or_default();
        let n = self.stream.read(room)?.min(room.len());
        let filled = n == room.len();
        self.end += n;
        if filled && self.buf.len() < self.size {
            self.buf.resize((self.buf.len() * 4).min(self.size), 0);
        }
        self.ended = n == 0;
        Ok(if n == 0 { Fill::End } else { Fill::More })
    }
}

impl Window {
    /// The rest as a stream again, unread bytes first: for what was only looked at.
    #[must_use]
    pub const fn again(self) -> Again {
        Again(self)
    }
}

/// A stream whose first bytes were looked at.
pub struct Again(Window);

impl Stream for Again {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.0.data().is_empty() && self.0.fill()? == Fill::End {
            return Ok(0);
        }
        let data = self.0.data();
        let n = data.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), data.get(..n)) {
            to.copy_from_slice(from);
        }
        self.0.consume(n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_every_byte_once_whatever_its_size() {
        let bytes: Vec<u8> = (0..=255).cycle().take(3000).collect();
        for size in [1, 7, 64, 5000] {
            let mut w = Window::with_limits(Box::new(RangeStream::whole(Rc::new(bytes.clone()))), size, 1 << 12);
            let mut seen = Vec::new();
            loop {
                let n = w.data().len().min(5);
                assert_eq!(w.offset() as usize, seen.len());
                seen.extend_from_slice(&w.data()[..n]);
                w.consume(n);
                if w.data().is_empty() && w.fill().unwrap() == Fill::End {
                    break;
                }
            }
            assert_eq!(seen, bytes);
        }
    }

    #[test]
    fn a_window_grows_to_its_limit_and_says_so() {
        let mut w = Window::with_limits(Box::new(RangeStream::whole(Rc::new(vec![1u8; 100]))), 8, 32);
        while w.fill().unwrap() == Fill::More {}
        assert_eq!(w.fill().unwrap(), Fill::Full);
        assert_eq!(w.data().len(), 32);
        w.consume(32);
        assert_eq!(w.fill().unwrap(), Fill::More);
    }
}
