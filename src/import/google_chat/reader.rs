//! Walks the members of an export: lists first, then the messages group by group.

use crate::import::archive::Archive;
use crate::import::json::{self, Stop};
use crate::import::opened::Files;
use crate::import::sink::{Clock, Sink};
use crate::import::{FileInput, ImportError, Options, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::{ConversationKind, Position};
use crate::model::statement::StatementKind;

use super::group::{Group, Media};
use super::layout::{What, plan};
use super::people::People;
use super::record::Item;

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;
/// Groups without messages that are stated one by one.
const STATED: usize = 200;

/// Reads the chats of a Takeout, or one `messages.json`.
pub struct ChatReader {
    files: Files<What>,
    people: People,
    group: Option<Group>,
    media: Media,
    scratch: Vec<u8>,
    /// The newest record.
    last: Option<i64>,
}

impl ChatReader {
    /// For the members of an archive.
    pub fn archive(archive: Box<dyn Archive>, options: &Options) -> Self {
        let members = plan(archive.entries());
        let media = members.iter().filter(|m| m.what == What::Leave(SkipReason::NotMessages)).filter_map(|m| archive.entries().get(m.ix));
        let media = Media::of(media.filter(|e| !e.is_noise()).map(|e| e.name.as_str()), is_one_of_several(archive.path()));
        let plan = members.into_iter().map(|m| (m.ix, m.what)).collect();
        Self { media, ..Self::over(Files::archive(archive, plan), options) }
    }

    /// For one file.
    pub fn file(file: FileInput, options: &Options) -> Self {
        let media = Media::of(std::iter::empty(), true);
        Self { media, ..Self::over(Files::file(file, What::Messages { folder: String::new() }), options) }
    }

    fn over(files: Files<What>, options: &Options) -> Self {
        Self { files, people: People::new(options), group: None, media: Media::default(), scratch: Vec::new(), last: None }
    }

    /// One list, or one record of the open file; `false` at its end.
    fn element(&mut self, sink: &mut Sink) -> Result<bool, Stop> {
        let Some(open) = self.files.current() else { return Ok(false) };
        let people = &mut self.people;
        let folder = match &open.what {
            What::User | What::Group { .. } => {
                json::skip_mark(&mut open.window)?;
                let at = Position::byte(open.window.offset());
                json::read(&mut open.window, |s| match &open.what {
                    What::Group { folder } => people.group(folder, s, at, sink),
                    _ => people.user(s, at, sink),
                })?;
                return Ok(false);
            }
            What::Messages { folder } => folder,
            What::Leave(_) => return Ok(false),
        };
        if self.group.as_ref().is_none_or(|g| g.folder != *folder) {
            people.lists_end(sink);
            self.group = Some(Group::new(folder, people.held(folder)));
        }
        let Some(group) = &mut self.group else { return Ok(false) };
        if !open.records.next(&mut open.window, &[b"messages"], |_, _| {})? {
            return Ok(false);
        }
        let at = Position::byte(open.window.offset());
        let (media, scratch) = (&self.media, &mut self.scratch);
        let sample = group.sampled(sink);
        let read = json::read(&mut open.window, |s| {
            let item = Item::read(s, scratch, sample)?;
            group.take(&item, at, media, people, sink);
            Ok(())
        });
        match read {
            Ok(()) => Ok(true),
            Err(stop) => json::give_up(stop, true, at, &mut open.window, sink).map(|()| true),
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
            let what = "A list of the export (groups, account) is damaged; names or evidence from it may be missing. Export again.";
            return sink.notice("google_list_damaged", what, 1);
        }
        if matches!(stop, Stop::CutOff) {
            let (conversation, last) = self.group.as_ref().map_or((None, None), |g| (g.conversation(), g.last()));
            return sink.statement(StatementKind::CutOff, conversation, last.map(Clock::Utc), None, 0, at, "the file ends in the middle");
        }
        sink.record();
        sink.skip(SkipReason::UnreadableMember, at);
    }

    fn close_group(&mut self, sink: &mut Sink) {
        if let Some(group) = self.group.take() {
            if let Some(last) = group.last() {
                self.last = self.last.max(Some(last));
                self.people.wrote(group.conversation());
            }
            group.close(sink);
        }
    }

    /// Everything is read: groups without messages, the day of the export.
    fn finish(&mut self, sink: &mut Sink) {
        self.close_group(sink);
        self.people.lists_end(sink);
        let written = self.files.entries().iter().filter_map(|e| e.modified).max();
        if let (Some(written), Some(last)) = (written, self.last) {
            sink.source().exported_at = Some(written.max(last));
        }
        let left = self.tell_empty(sink) + self.tell_absent(sink);
        if left > 0 {
            sink.statement(StatementKind::ListedEmpty, None, None, None, left, Position::byte(0), "further groups without messages");
        }
    }

    /// Groups with a list and without messages; gives how many were not stated one by one.
    fn tell_empty(&self, sink: &mut Sink) -> u64 {
        let mut empty = self.people.listed.iter().filter(|l| !l.wrote);
        for listed in empty.by_ref().take(STATED) {
            let (part, at) = listed.at;
            let detail = if listed.held { "the list of messages is empty" } else { "listed, without messages.json" };
            sink.statement(StatementKind::ListedEmpty, Some(listed.conversation), None, None, 1, at, detail);
            sink.statement_stands_in(part);
        }
        empty.count() as u64
    }

    /// Groups the account names, without a folder.
    fn tell_absent(&mut self, sink: &mut Sink) -> u64 {
        let channel = self.people.channel(sink);
        let mut gone = self.people.memberships.iter().filter(|m| !self.people.has_folder(&m.id));
        for membership in gone.by_ref().take(STATED) {
            let kind = if membership.name.is_empty() { ConversationKind::Unknown } else { ConversationKind::Room };
            let conversation = sink.conversation(channel, &membership.id, &membership.name, kind);
            let (part, at) = membership.at;
            let detail = format!("the account names the group ({}), the export has no folder of it", membership.state);
            sink.statement(StatementKind::ListedEmpty, Some(conversation), None, None, 1, at, &detail);
            sink.statement_stands_in(part);
        }
        gone.count() as u64
    }
}

/// `takeout-20260131T101500Z-002.zip`: a Takeout in several archives, each of which holds some of the files.
fn is_one_of_several(path: &str) -> bool {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let number = stem.rsplit('-').next().unwrap_or_default();
    name.contains('.') && number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit())
}

impl Reader for ChatReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let (mut records, end) = (0, self.done() + STEP_BYTES);
        while records < STEP_RECORDS && self.done() < end {
            records += 1;
            if self.files.current().is_none() {
                let leave = |what: &What| if let What::Leave(reason) = what { Some(*reason) } else { None };
                self.close_group(sink);
                if !self.files.next(leave, sink) {
                    self.finish(sink);
                    return Ok(Step::End);
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_of_a_set_are_told_by_their_number() {
        assert!(is_one_of_several("x/takeout-20260131T101500Z-002.zip"));
        assert!(is_one_of_several("takeout-20260131T101500Z-1-001.tgz"));
        assert!(!is_one_of_several("takeout.zip") && !is_one_of_several("Takeout-001") && !is_one_of_several("export-2026.zip"));
    }
}
