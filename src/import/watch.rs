//! What happens to the bytes of a source on their way to the reader: how many have come, whether they broke off, how many were no text.
//! A reader never sees a failing file: it sees one that ends, and says what it says of files that end too early.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;

use super::bytes::Stream;
use super::sink::Sink;
use super::zip::Fault;

/// Seen of one stream.
#[derive(Debug, Default)]
pub struct Watch {
    come: Cell<u64>,
    fault: RefCell<Option<io::Error>>,
    bad: Cell<Option<(u64, u64)>>,
}

impl Watch {
    /// Bytes that have come, as they stand in the file.
    #[must_use]
    pub const fn come(&self) -> u64 {
        self.come.get()
    }

    /// Why the stream broke off, if it did. Given once.
    #[must_use]
    pub fn take_fault(&self) -> Option<io::Error> {
        self.fault.take()
    }

    /// Counts bad sequences; `at` is the place of the first of them.
    pub fn invalid(&self, count: u64, at: u64) {
        let (before, first) = self.bad.get().unwrap_or((0, at));
        self.bad.set(Some((before + count, first)));
    }

    /// Says at the end of a source what its stream has shown.
    pub fn tell(&self, sink: &mut Sink) {
        let checksum = |e: &io::Error| e.get_ref().and_then(|e| e.downcast_ref::<Fault>()).is_some_and(|f| *f == Fault::Checksum);
        match self.take_fault() {
            Some(error) if checksum(&error) => {
                let what = "The bytes of this member do not match the checksum in the archive: some were changed or damaged. Download or copy it again";
                sink.notice("checksum_differs", what, 1);
            }
            Some(error) => {
                let what = format!("Reading broke off ({error}). What stands before this place was read; copy or download the file again for the rest.");
                sink.fail(what, format!("byte {}", self.come()));
            }
            None => {}
        }
        if let Some((count, at)) = self.bad() {
            let encoding = &sink.source().encoding;
            let encoding = if encoding.is_empty() { "UTF-8" } else { encoding };
            let what =
                format!("Bytes that are no {encoding} text, the first near byte {at}; the records around them are kept. If letters look wrong, export again");
            sink.notice("invalid_bytes", what, count);
        }
    }

    /// Sequences that are no text of the encoding: how many, and near which byte the first one stands.
    #[must_use]
    pub const fn bad(&self) -> Option<(u64, u64)> {
        self.bad.get()
    }
}

/// A stream that is watched.
pub struct Watched {
    inner: Box<dyn Stream>,
    watch: Rc<Watch>,
    broken: bool,
}

impl Watched {
    /// Watches a stream.
    #[must_use]
    pub const fn new(inner: Box<dyn Stream>, watch: Rc<Watch>) -> Self {
        Self { inner, watch, broken: false }
    }
}

impl Stream for Watched {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.broken {
            return Ok(0);
        }
        match self.inner.read(buf) {
            Ok(n) => {
                self.watch.come.set(self.watch.come.get() + n as u64);
                Ok(n)
            }
            Err(error) => {
                self.broken = true;
                self.watch.fault.replace(Some(error));
                Ok(0)
            }
        }
    }
}
