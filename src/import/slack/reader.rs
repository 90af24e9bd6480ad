//! Walks the members of an export one after the other, each through a window: lists first, then the day files by conversation.

use crate::import::archive::Archive;
use crate::import::json::{self, Items, Stop};
use crate::import::opened::Files;
use crate::import::sink::{Clock, Sink};
use crate::import::{FileInput, ImportError, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

use super::directory::Directory;
use super::layout::{What, plan};
use super::record::Item;
use super::room::Room;
use super::walls::{self, Held};

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;

/// Reads an export, or one day file. Each member is an array whose elements are read one by one.
pub struct SlackReader {
    files: Files<What>,
    /// Where reading stands in the array of the open member, once it has begun.
    items: Option<Items>,
    directory: Directory,
    room: Option<Room>,
    held: Held,
    scratch: Vec<u8>,
}

impl SlackReader {
    /// For an archive.
    pub fn archive(archive: Box<dyn Archive>) -> Self {
        let (members, held) = plan(archive.entries());
        Self { held, ..Self::over(Files::archive(archive, members)) }
    }

    /// For one day file.
    pub fn file(file: FileInput) -> Self {
        Self::over(Files::file(file, What::Day { folder: String::new() }))
    }

    fn over(files: Files<What>) -> Self {
        Self { files, items: None, directory: Directory::default(), room: None, held: Held::default(), scratch: Vec::new() }
    }

    /// Opens the next member; `false` when there is none.
    fn next_member(&mut self, sink: &mut Sink) -> bool {
        let leave = |what: &What| if let What::Leave(reason) = what { Some(*reason) } else { None };
        let more = self.files.next(leave, sink);
        self.items = None;
        if self.files.current().is_some_and(|open| open.what != What::Users) {
            self.directory.users_end(sink);
        }
        more
    }

    /// The open member is a day file of this room or of the next: the former one ends then.
    fn enter_room(&mut self, sink: &mut Sink) {
        let single = self.files.single();
        let Some(open) = self.files.current() else { return };
        if let What::Day { folder } = &mut open.what {
            if single {
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
        if self.items.is_none() {
            self.enter_room(sink);
        }
        let Some(open) = self.files.current() else { return Ok(false) };
        let items = match self.items {
            Some(items) => items,
            None => {
                json::skip_mark(&mut open.window)?;
                *self.items.insert(json::read(&mut open.window, |s| s.array())?)
            }
        };
        let more = json::read(&mut open.window, |s| {
            let mut items = items;
            items.more(s)
        })?;
        if !more {
            return Ok(false);
        }
        self.items = Some(Items::resumed());
        json::read(&mut open.window, |s| s.peek().map(drop))?;
        let at = Position::byte(open.window.offset());
        let (directory, room, scratch) = (&mut self.directory, &mut self.room, &mut self.scratch);
        let read = json::read(&mut open.window, |s| match &open.what {
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
        match read {
            Ok(()) => Ok(true),
            Err(stop) => json::give_up(stop, matches!(open.what, What::Day { .. }), at, &mut open.window, sink).map(|()| true),
        }
    }

    /// The open member cannot be read to its end: says so and goes on with the next.
    fn broken(&mut self, stop: &Stop, sink: &mut Sink) {
        let Some(open) = self.files.current() else { return };
        let at = match stop {
            Stop::Bad(at) => Position::byte(*at),
            _ => Position::byte(open.window.offset()),
        };
        if !matches!(open.what, What::Day { .. }) {
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
        if !self.files.single() {
            walls::tell(&self.held, self.files.entries(), &self.directory.listed, sink);
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
            if self.files.current().is_none() {
                if !self.next_member(sink) {
                    self.finish(sink);
                    return Ok(Step::End);
                }
                records += 1;
                continue;
            }
            match self.element(sink) {
                Ok(true) => records += 1,
                Ok(false) => self.files.close(),
                Err(stop) => {
                    self.broken(&stop, sink);
                    self.files.close();
                    if self.files.single() && !matches!(stop, Stop::CutOff) {
                        self.finish(sink);
                        let error = json::invalid("Export again", if let Stop::Bad(at) = stop { at } else { 0 });
                        return Err(if let Stop::Bad(_) = stop { error } else { ImportError { place: String::new(), ..error } });
                    }
                }
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.files.done()
    }
}
