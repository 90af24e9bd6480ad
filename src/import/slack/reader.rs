//! Walks the members of an export one after the other, each through a window: lists first, then the day files by conversation.

use crate::import::archive::{Archive, Locked};
use crate::import::bytes::{RECORD_LIMIT, Stream, WINDOW, Window};
use crate::import::json::{self, Items, Stop};
use crate::import::sink::{Clock, Sink};
use crate::import::{FileInput, ImportError, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

use super::directory::Directory;
use super::layout::{Member, What, plan};
use super::record::Item;
use super::room::Room;
use super::walls::{self, Held};

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;

/// The member that is open: an array whose elements are read one by one.
struct Current {
    what: What,
    window: Window,
    begun: bool,
    items: Items,
}

/// Reads an export, or one day file.
pub struct SlackReader {
    archive: Option<Box<dyn Archive>>,
    plan: std::vec::IntoIter<Member>,
    current: Option<Current>,
    size: u64,
    packed: u64,
    done: u64,
    directory: Directory,
    room: Option<Room>,
    held: Held,
    scratch: Vec<u8>,
}

impl SlackReader {
    /// For an archive.
    pub fn archive(archive: Box<dyn Archive>) -> Self {
        let (members, held) = plan(archive.entries());
        Self { archive: Some(archive), plan: members.into_iter(), held, ..Self::empty() }
    }

    /// For one day file.
    pub fn file(file: FileInput) -> Self {
        let what = What::Day { folder: String::new() };
        let current = Current { what, window: Window::new(file.stream), begun: false, items: Items::default() };
        Self { current: Some(current), size: file.len, packed: file.len, ..Self::empty() }
    }

    fn empty() -> Self {
        Self {
            archive: None,
            plan: Vec::new().into_iter(),
            current: None,
            size: 0,
            packed: 0,
            done: 0,
            directory: Directory::default(),
            room: None,
            held: Held::default(),
            scratch: Vec::new(),
        }
    }

    /// Opens the next member; `false` when there is none.
    fn next_member(&mut self, sink: &mut Sink) -> bool {
        let Some(member) = self.plan.next() else { return false };
        let Some(archive) = &self.archive else { return false };
        let Some(entry) = archive.entries().get(member.ix) else { return true };
        sink.part(&entry.name);
        (self.size, self.packed) = (entry.size, entry.packed);
        let locked = entry.locked.map(Locked::reason);
        let what = match (locked, member.what) {
            (Some(reason), _) | (None, What::Leave(reason)) => {
                self.leave(reason, sink);
                return true;
            }
            (None, what) => what,
        };
        match archive.open(member.ix) {
            Ok(stream) => self.begin(what, entry.size, stream, sink),
            Err(_) => self.leave(SkipReason::UnreadableMember, sink),
        }
        true
    }

    fn begin(&mut self, what: What, size: u64, stream: Box<dyn Stream>, sink: &mut Sink) {
        // Most day files are small: a window of their size, not a megabyte for each of thousands.
        let size = usize::try_from(size).unwrap_or(WINDOW).saturating_add(1).clamp(4 << 10, WINDOW);
        let window = Window::with_limits(stream, size, RECORD_LIMIT);
        if !matches!(what, What::Users) {
            self.directory.users_end(sink);
        }
        self.current = Some(Current { what, window, begun: false, items: Items::default() });
    }

    fn leave(&mut self, reason: SkipReason, sink: &mut Sink) {
        sink.record();
        sink.skip(reason, Position::byte(0));
        self.done += self.packed;
    }

    /// The open member is a day file of this room or of the next: the former one ends then.
    fn enter_room(&mut self, sink: &mut Sink) {
        let Some(current) = &mut self.current else { return };
        if let What::Day { folder } = &mut current.what {
            if self.archive.is_none() {
                *folder = folder_of(&sink.source().path);
            }
            if self.room.as_ref().is_none_or(|r| r.folder != *folder) {
                self.held.close(self.room.take(), sink);
                self.room = Some(Room::new(folder, self.directory.room(folder, sink)));
            }
        }
    }

    /// One element of the open member; `false` at its end.
    fn element(&mut self, sink: &mut Sink) -> Result<bool, Stop> {
        if self.current.as_ref().is_some_and(|c| !c.begun) {
            self.enter_room(sink);
        }
        let Some(current) = &mut self.current else { return Ok(false) };
        if !current.begun {
            json::skip_mark(&mut current.window)?;
            current.items = json::read(&mut current.window, |s| s.array())?;
            current.begun = true;
        }
        let items = current.items;
        let more = json::read(&mut current.window, |s| {
            let mut items = items;
            items.more(s)
        })?;
        if !more {
            return Ok(false);
        }
        current.items = Items::resumed();
        json::read(&mut current.window, |s| s.peek().map(drop))?;
        let at = Position::byte(current.window.offset());
        let (directory, room, scratch) = (&mut self.directory, &mut self.room, &mut self.scratch);
        let read = json::read(&mut current.window, |s| match &current.what {
            What::Users => directory.user(s, sink),
            What::List(kind) => directory.conversation(*kind, s, at, sink),
            What::Logs => Directory::integration(s, at, sink),
            What::Day { .. } | What::Leave(_) => {
                let item = Item::read(s, scratch, room.as_ref().is_some_and(|r| sink.looks(Some(r.conversation()))))?;
                if let Some(room) = room {
                    room.take(&item, at, directory, sink);
                }
                Ok(())
            }
        });
        let reason = match read {
            Ok(()) => return Ok(true),
            Err(Stop::TooLarge) => SkipReason::TooLarge,
            Err(Stop::Bad(_)) => SkipReason::Malformed,
            Err(Stop::CutOff) => SkipReason::CutOff,
            Err(Stop::Io(error)) => return Err(Stop::Io(error)),
        };
        if matches!(current.what, What::Day { .. }) {
            sink.record();
            sink.skip(reason, at);
        }
        if reason == SkipReason::CutOff {
            return Err(Stop::CutOff);
        }
        json::pass_over(&mut current.window).map(|()| true)
    }

    /// The open member cannot be read to its end: says so and goes on with the next.
    fn broken(&mut self, stop: &Stop, sink: &mut Sink) {
        let Some(current) = &self.current else { return };
        let at = match stop {
            Stop::Bad(at) => Position::byte(*at),
            _ => Position::byte(current.window.offset()),
        };
        if !matches!(current.what, What::Day { .. }) {
            let what = "A list of the export (users, conversations, integrations) is damaged; names or evidence from it may be missing. Export again.";
            return sink.notice("slack_list_damaged", what, 1);
        }
        if matches!(stop, Stop::CutOff) {
            let (conversation, last) = self.room.as_ref().map_or((None, None), |r| (Some(r.conversation()), r.span.map(|s| s.1)));
            return sink.statement(StatementKind::CutOff, conversation, last.map(Clock::Utc), None, 0, at, "the day file ends in the middle");
        }
        sink.record();
        sink.skip(SkipReason::UnreadableMember, at);
    }

    fn finish(&mut self, sink: &mut Sink) {
        self.held.close(self.room.take(), sink);
        if let Some(archive) = &self.archive {
            walls::tell(&self.held, archive.entries(), &self.directory.listed, sink);
        }
    }
}

/// Folder of a single day file (`general/2024-05-01.json`), or its name when it lies in none.
fn folder_of(path: &str) -> String {
    let mut parts = path.rsplit(['/', '!']);
    let file = parts.next().unwrap_or_default();
    let stem = file.strip_suffix(".json").unwrap_or(file);
    match parts.next().filter(|f| !f.is_empty() && !f.ends_with(".zip")) {
        Some(folder) if crate::time::parse_day(stem).is_some() => folder.to_owned(),
        _ => stem.to_owned(),
    }
}

impl Reader for SlackReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let (mut records, end) = (0, self.done() + STEP_BYTES);
        while records < STEP_RECORDS && self.done() < end {
            if self.current.is_none() {
                if !self.next_member(sink) {
                    self.finish(sink);
                    return Ok(Step::End);
                }
                records += 1;
                continue;
            }
            match self.element(sink) {
                Ok(true) => records += 1,
                Ok(false) => {
                    self.done += self.packed;
                    self.current = None;
                }
                Err(stop) => {
                    self.broken(&stop, sink);
                    self.done += self.packed;
                    self.current = None;
                    if self.archive.is_none() && !matches!(stop, Stop::CutOff) {
                        self.finish(sink);
                        return Err(ImportError {
                            what: "This is no valid JSON from here on; what stands before it was read. Export again, or mend the file at this place."
                                .to_owned(),
                            place: match stop {
                                Stop::Bad(at) => format!("byte {at}"),
                                _ => String::new(),
                            },
                        });
                    }
                }
            }
        }
        Ok(Step::More)
    }

    /// In packed bytes, as the outer file is measured: the share of the open member that is read counts.
    fn done(&self) -> u64 {
        let running = self
            .current
            .as_ref()
            .map_or(0, |c| if self.size == 0 { 0 } else { (c.window.offset().min(self.size) as f64 / self.size as f64 * self.packed as f64) as u64 });
        self.done + running
    }
}
