//! An archive or folder whose members are such lists: each is walked in turn, with one state over all of them.

use super::Stop;
use super::list::{Records, STEP_BYTES, STEP_RECORDS, Walk, stopped};
use crate::import::archive::{Archive, Entry, Locked};
use crate::import::bytes::{RECORD_LIMIT, WINDOW, Window};
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
pub struct MembersReader<R> {
    archive: Box<dyn Archive>,
    plan: std::vec::IntoIter<(usize, Option<SkipReason>)>,
    records: R,
    walk: Option<Walk>,
    size: u64,
    packed: u64,
    done: u64,
}

impl<R: Export> MembersReader<R> {
    /// For an archive.
    pub fn new(archive: Box<dyn Archive>, mut records: R) -> Self {
        let plan = records.plan(archive.entries()).into_iter();
        Self { archive, plan, records, walk: None, size: 0, packed: 0, done: 0 }
    }

    /// Opens the next member; `false` when there is none.
    fn next_member(&mut self, sink: &mut Sink) -> bool {
        let Some((ix, reason)) = self.plan.next() else { return false };
        let Some(entry) = self.archive.entries().get(ix) else { return true };
        sink.part(&entry.name);
        (self.size, self.packed) = (entry.size, entry.packed);
        let locked = entry.locked.map(Locked::reason);
        let opened = match locked.or(reason) {
            Some(reason) => Err(reason),
            None => self.archive.open(ix).map_err(|_| SkipReason::UnreadableMember),
        };
        match opened {
            Ok(stream) => {
                // Most members are small: a window of their size, not a megabyte for each of thousands.
                let size = usize::try_from(entry.size).unwrap_or(WINDOW).saturating_add(1).clamp(4 << 10, WINDOW);
                self.records.enter(entry, sink);
                self.walk = Some(Walk::new(Window::with_limits(stream, size, RECORD_LIMIT)));
            }
            Err(reason) => {
                sink.record();
                sink.skip(reason, Position::byte(0));
                self.done += self.packed;
            }
        }
        true
    }

    /// The open member cannot be read to its end: says so; the others go on.
    fn broken(&mut self, stop: &Stop, sink: &mut Sink) {
        let done = self.walk.as_ref().map_or(0, Walk::done);
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

impl<R: Export> Reader for MembersReader<R> {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let end = self.done() + STEP_BYTES;
        for _ in 0..STEP_RECORDS {
            let Some(walk) = &mut self.walk else {
                if !self.next_member(sink) {
                    self.records.end(true, sink);
                    return Ok(Step::End);
                }
                continue;
            };
            let more = walk.advance(&mut self.records, sink);
            if let Err(stop) = &more {
                self.broken(stop, sink);
            }
            if !matches!(more, Ok(true)) {
                self.records.leave(sink);
                self.done += self.packed;
                self.walk = None;
            }
            if self.done() >= end {
                break;
            }
        }
        Ok(Step::More)
    }

    /// In packed bytes, as the outer file is measured: the share of the open member that is read counts.
    fn done(&self) -> u64 {
        let running =
            self.walk.as_ref().map_or(0, |w| if self.size == 0 { 0 } else { (w.done().min(self.size) as f64 / self.size as f64 * self.packed as f64) as u64 });
        self.done + running
    }
}
