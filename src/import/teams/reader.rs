//! Walks the members of a tenant's export, or one file of chat messages.

use crate::import::archive::Archive;
use crate::import::json::{self, Stop, Value};
use crate::import::opened::Files;
use crate::import::sink::{Clock, Map, Sink};
use crate::import::tally::Place;
use crate::import::{FileInput, ImportError, Options, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::{ConversationKind, Position};
use crate::model::statement::StatementKind;

use super::layout::{What, plan};
use super::people::People;
use super::record::Item;
use super::rooms::Rooms;

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;
/// No page holds more.
const MOST: u64 = 1 << 32;
/// Keys of a page under which records stand.
const LISTS: &[&[u8]] = &[b"value", b"messages"];

/// What the pages of an answer say of themselves.
#[derive(Default)]
struct Pages {
    /// Records they declare, and records that came.
    declared: u64,
    came: u64,
    /// The last page names a further one.
    further: bool,
}

/// Reads a tenant's export, or one file.
pub struct TeamsReader {
    files: Files<What>,
    people: People,
    rooms: Rooms,
    pages: Pages,
    /// Files of messages: the account, and the part.
    accounts: Map<String, u32>,
    /// Teams of the list (id, name, place), and ids of those with a file of messages.
    teams: Vec<(String, String, Place)>,
    teams_held: Map<String, ()>,
}

impl TeamsReader {
    /// For the members of an archive.
    pub fn archive(archive: Box<dyn Archive>, options: &Options) -> Self {
        let plan = plan(archive.entries());
        Self::over(Files::archive(archive, plan), options)
    }

    /// For one file.
    pub fn file(file: FileInput, options: &Options) -> Self {
        Self::over(Files::file(file, What::Messages { of: String::new(), user: false }), options)
    }

    fn over(files: Files<What>, options: &Options) -> Self {
        Self {
            files,
            people: People::new(options),
            rooms: Rooms::default(),
            pages: Pages::default(),
            accounts: Map::default(),
            teams: Vec::new(),
            teams_held: Map::default(),
        }
    }

    /// One record of the open file; `false` at its end.
    fn element(&mut self, sink: &mut Sink) -> Result<bool, Stop> {
        let Some(open) = self.files.current() else { return Ok(false) };
        let (people, rooms, pages) = (&mut self.people, &mut self.rooms, &mut self.pages);
        let more = open.records.next(&mut open.window, LISTS, |key, value| match (key, value) {
            (b"@odata.count", value) => pages.declared += value.integer().and_then(|n| u64::try_from(n).ok()).filter(|n| *n <= MOST).unwrap_or(0),
            (b"@odata.nextLink", Value::Text(link)) => {
                pages.further = true;
                people.link(&link.owned());
            }
            (b"@odata.context", Value::Text(link)) => people.link(&link.owned()),
            _ => {}
        })?;
        if !more {
            return Ok(false);
        }
        let at = Position::byte(open.window.offset());
        let (teams, part) = (&mut self.teams, sink.current_part());
        let messages = matches!(open.what, What::Messages { .. });
        let read = json::read(&mut open.window, |s| match &open.what {
            What::Users => people.user(s, sink),
            What::Channels => s.value().map(|listed| rooms.channel(listed)),
            What::Messages { of, user } => {
                let item = Item::read(s)?;
                rooms.take(&item, at, if *user { "" } else { of }, people, sink);
                Ok(())
            }
            What::Teams => s.value().map(|listed| teams.extend(team(listed, (part, at)))),
            What::Leave(_) => s.skip(),
        });
        self.pages.came += u64::from(messages);
        match read {
            Ok(()) => Ok(true),
            Err(stop) => json::give_up(stop, messages, at, &mut open.window, sink).map(|()| true),
        }
    }

    /// The open file cannot be read to its end: says so; the next one follows.
    fn broken(&mut self, stop: &Stop, sink: &mut Sink) {
        let Some(open) = self.files.current() else { return };
        let at = match stop {
            Stop::Bad(at) => Position::byte(*at),
            _ => Position::byte(open.window.offset()),
        };
        if !matches!(open.what, What::Messages { .. }) {
            let what = "A list of the export (users, teams, channels) is damaged; names or evidence from it may be missing. Export again.";
            return sink.notice("teams_list_damaged", what, 1);
        }
        if matches!(stop, Stop::CutOff) {
            return sink.statement(StatementKind::CutOff, None, self.rooms.last.map(Clock::Utc), None, 0, at, "the file ends in the middle");
        }
        sink.record();
        sink.skip(SkipReason::UnreadableMember, at);
    }

    /// A file of messages begins: whose.
    fn note(&mut self, sink: &Sink) {
        let Some(open) = self.files.current() else { return };
        match &open.what {
            What::Messages { of, user: true } => {
                self.accounts.insert(of.clone(), sink.current_part());
            }
            What::Messages { of, user: false } => {
                self.teams_held.insert(of.clone(), ());
            }
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        let cut = sink.source().error.is_some();
        self.rooms.close(&self.accounts, sink);
        self.people.end(sink);
        if self.pages.declared > self.pages.came && !cut {
            let detail = format!("the pages declare {} messages, {} are there", self.pages.declared, self.pages.came);
            sink.statement(StatementKind::CountShort, None, None, None, self.pages.declared - self.pages.came, Position::byte(0), &detail);
        }
        if self.pages.further {
            let detail = "the last page names a further page (@odata.nextLink), which is not in this file";
            sink.statement(StatementKind::ExportCap, None, None, None, self.pages.came, Position::byte(0), detail);
        }
        let written = self.files.entries().iter().filter_map(|e| e.modified).max();
        if let (Some(written), Some(last)) = (written, self.rooms.last) {
            sink.source().exported_at = Some(written.max(last));
        }
        let channel = self.people.channel(sink);
        for (id, name, (part, at)) in self.teams.iter().filter(|t| !self.teams_held.contains_key(&t.0)) {
            let conversation = sink.conversation(channel, id, name, ConversationKind::Room);
            sink.statement(StatementKind::ListedEmpty, Some(conversation), None, None, 1, *at, "a team of the list without a file of messages");
            sink.statement_stands_in(*part);
        }
        let listed = self.people.listed(sink);
        let without = listed.iter().filter(|id| !self.accounts.contains_key(*id)).count();
        if without > 0 {
            let detail = format!("chats of {without} of {} listed accounts (no file of messages)", listed.len());
            sink.statement(StatementKind::NotInExport, None, None, None, without as u64, Position::byte(0), &detail);
        }
    }
}

/// One element of `teamsList.json`.
fn team(listed: Value<'_>, place: Place) -> Option<(String, String, Place)> {
    let (mut id, mut name) = (String::new(), String::new());
    json::each(listed, |key, value| {
        if [&b"groupsId"[..], b"groupId", b"id"].iter().any(|k| k.eq_ignore_ascii_case(key)) && id.is_empty() {
            id = json::word(value).owned().to_lowercase();
        } else if key.eq_ignore_ascii_case(b"displayName") {
            name = json::word(value).owned();
        }
    });
    (!id.is_empty()).then_some((id, name, place))
}

impl Reader for TeamsReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let (mut records, end) = (0, self.done() + STEP_BYTES);
        while records < STEP_RECORDS && self.done() < end {
            records += 1;
            if self.files.current().is_none() {
                let leave = |what: &What| match what {
                    What::Leave(reason) => Some(*reason),
                    _ => None,
                };
                if !self.files.next(leave, sink) {
                    self.finish(sink);
                    return Ok(Step::End);
                }
                self.note(sink);
                continue;
            }
            match self.element(sink) {
                Ok(true) => {}
                Ok(false) => self.files.close(),
                Err(stop) => {
                    self.broken(&stop, sink);
                    self.files.close();
                    if let Stop::Bad(at) = stop
                        && self.files.single()
                    {
                        self.finish(sink);
                        return Err(json::invalid("Export again", at));
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
