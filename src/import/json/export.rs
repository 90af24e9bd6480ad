//! An archive or folder whose members are lists of records: each is walked in turn, with one state over all of them.

use super::Stop;
use super::list::{Records, STEP_BYTES, STEP_RECORDS, Walk, stopped};
use crate::import::archive::{Archive, Entry};
use crate::import::opened::Files;
use crate::import::sink::Sink;
use crate::import::{ImportError, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;

/// What a format makes of an archive.
pub trait Export: Records {
    /// The members in the order in which they are read; those with a reason are not read.
    fn plan(&mut self, entries: &[Entry]) -> Vec<(usize, Option<SkipReason>)>;
    /// A member is opened.
    fn enter(&mut self, entry: &Entry, sink: &mut Sink);
    /// Its bytes have ended.
    fn leave(&mut self, sink: &mut Sink);
}

/// Reads an archive.
pub struct ArchiveReader<R> {
    files: Files<Option<SkipReason>>,
    walk: Walk,
    records: R,
}

impl<R: Export> ArchiveReader<R> {
    /// For an archive.
    pub fn new(archive: Box<dyn Archive>, mut records: R) -> Self {
        let plan = records.plan(archive.entries());
        Self { files: Files::archive(archive, plan), walk: Walk::new(), records }
    }

    /// The open member cannot be read to its end: says so; the others go on.
    fn broken(&mut self, stop: &Stop, sink: &mut Sink) {
        let done = self.files.current().map_or(0, |open| open.window.offset());
        if stopped(stop, &self.records, done, "the data", sink).is_some() {
            let (reason, at) = match stop {
                Stop::Bad(at) => (SkipReason::Malformed, *at),
                Stop::TooLarge => (SkipReason::TooLarge, done),
                _ => (SkipReason::UnreadableMember, done),
            };
            sink.record();
            sink.skip(reason, Position::byte(at));
        }
    }
}

impl<R: Export> Reader for ArchiveReader<R> {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let end = self.done() + STEP_BYTES;
        for _ in 0..STEP_RECORDS {
            let Some(open) = self.files.current() else {
                if !self.files.next(|reason| *reason, sink) {
                    self.records.end(true, sink);
                    return Ok(Step::End);
                }
                self.walk = Walk::new();
                if let Some(entry) = self.files.entry() {
                    self.records.enter(entry, sink);
                }
                continue;
            };
            let more = self.walk.advance(&mut open.window, &mut self.records, sink);
            if let Err(stop) = &more {
                self.broken(stop, sink);
            }
            if !matches!(more, Ok(true)) {
                self.records.leave(sink);
                self.files.close();
            }
            if self.done() >= end {
                break;
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.files.done()
    }
}
