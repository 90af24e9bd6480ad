//! The files of an export that is one source, opened one after the other: the members of an archive in an order the format wishes, or
//! one file by itself. What is not read is accounted for.

use super::FileInput;
use super::archive::{Archive, Entry, Locked};
use super::bytes::{RECORD_LIMIT, Stream, WINDOW, Window};
use super::json::Sequence;
use super::sink::Sink;
use crate::model::ledger::SkipReason;
use crate::model::message::Position;

/// The file that is open.
pub struct Open<W> {
    /// What it is read as.
    pub what: W,
    /// Its place in the archive.
    place: usize,
    /// Its bytes.
    pub window: Window,
    /// Where reading stands among its records.
    pub records: Sequence,
    /// Size as stated by the archive.
    pub size: u64,
}

/// Files in the order of reading.
pub struct Files<W> {
    archive: Option<Box<dyn Archive>>,
    plan: std::vec::IntoIter<(usize, W)>,
    current: Option<Open<W>>,
    packed: u64,
    done: u64,
}

impl<W> Files<W> {
    /// Members of an archive: their places in it and what they are read as.
    pub fn archive(archive: Box<dyn Archive>, plan: Vec<(usize, W)>) -> Self {
        Self { archive: Some(archive), plan: plan.into_iter(), current: None, packed: 0, done: 0 }
    }

    /// One file.
    pub fn file(file: FileInput, what: W) -> Self {
        let current = open(file.stream, file.len, (0, what));
        Self { archive: None, plan: Vec::new().into_iter(), current: Some(current), packed: file.len, done: 0 }
    }

    /// Whether this is one file by itself.
    pub fn single(&self) -> bool {
        self.archive.is_none()
    }

    /// The members of the archive; none for one file.
    pub fn entries(&self) -> &[Entry] {
        self.archive.as_ref().map_or(&[], |a| a.entries())
    }

    /// The file that is open.
    pub fn current(&mut self) -> Option<&mut Open<W>> {
        self.current.as_mut()
    }

    /// The member that is open.
    pub fn entry(&self) -> Option<&Entry> {
        self.entries().get(self.current.as_ref()?.place)
    }

    /// Opens the next file; `false` when there is none. `leave`: why a member is not read. A member that is left or cannot be opened is
    /// a skip, and no file is open then.
    pub fn next(&mut self, leave: impl Fn(&W) -> Option<SkipReason>, sink: &mut Sink) -> bool {
        let Some((ix, what)) = self.plan.next() else { return false };
        let Some(archive) = &self.archive else { return false };
        let Some(entry) = archive.entries().get(ix) else { return true };
        sink.part(&entry.name);
        self.packed = entry.packed;
        let locked = entry.locked.map(Locked::reason);
        let size = entry.size;
        let opened = match locked.or_else(|| leave(&what)) {
            Some(reason) => Err(reason),
            None => archive.open(ix).map_err(|_| SkipReason::UnreadableMember),
        };
        match opened {
            Ok(stream) => self.current = Some(open(stream, size, (ix, what))),
            Err(reason) => {
                sink.record();
                sink.skip(reason, Position::byte(0));
                self.close();
            }
        }
        true
    }

    /// The open file has been read.
    pub fn close(&mut self) {
        self.current = None;
        self.done += self.packed;
    }

    /// Bytes handled, as they are packed: the share of the open file that is read counts.
    pub fn done(&self) -> u64 {
        let share = |c: &Open<W>| u128::from(c.window.offset().min(c.size)) * u128::from(self.packed) / u128::from(c.size.max(1));
        self.done + self.current.as_ref().map_or(0, |c| u64::try_from(share(c)).unwrap_or(0))
    }
}

fn open<W>(stream: Box<dyn Stream>, size: u64, (place, what): (usize, W)) -> Open<W> {
    // Most members are small: a window of their size, not a megabyte for each of thousands.
    let room = usize::try_from(size).unwrap_or(WINDOW).saturating_add(1).clamp(4 << 10, WINDOW);
    Open { what, place, window: Window::with_limits(stream, room, RECORD_LIMIT), records: Sequence::default(), size }
}
