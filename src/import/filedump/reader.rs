//! Reads dumps token by token: elements become records, records messages and events.

use std::collections::{BTreeMap, BTreeSet};

use super::files::{self, Kind};
use super::person::People;
use super::record::Record;
use super::room::{self, Room};
use crate::import::archive::Archive;
use crate::import::bytes::Window;
use crate::import::dat::production::Members;
use crate::import::delimited::platform;
use crate::import::markup::{Markup, Token};
use crate::import::sink::{Body, Clock, Draft, Id, Map, Sink};
use crate::import::{FileInput, ImportError, Options, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::{EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};

/// Bytes of one step.
const STEP: u64 = 1 << 20;
/// Ids of messages remembered, at most.
const REMEMBERED: usize = 1 << 22;
/// Longest value of an element.
const VALUE: usize = 8 << 10;

/// Elements that are records.
const RECORDS: [&str; 10] = [
    "message",
    "participantentered",
    "participantleft",
    "filetransferstarted",
    "filetransferended",
    "attachment",
    "history",
    "systemmessage",
    "invite",
    "disclaimer",
];
/// Elements whose text is that of the message.
const TEXTS: [&str; 3] = ["content", "msgbody", "body"];

/// Evidence of one kind.
#[derive(Default)]
pub(super) struct Tally {
    count: u64,
    first: Option<(Position, Clock)>,
}

impl Tally {
    fn add(&mut self, n: u64, at: Position, time: Clock) {
        if n > 0 {
            self.count += n;
            self.first.get_or_insert((at, time));
        }
    }

    pub(super) fn tell(&self, kind: StatementKind, detail: &str, sink: &mut Sink) {
        if let Some((at, from)) = self.first {
            sink.statement(kind, None, Some(from), None, self.count, at, detail);
        }
    }
}

/// Reads one dump, or a folder of them.
pub struct DumpReader {
    pub(super) archive: Option<(Box<dyn Archive>, Kind, Members)>,
    plan: std::vec::IntoIter<usize>,
    markup: Option<Markup>,
    name: String,
    room: Option<Room>,
    record: Option<(Record, u32)>,
    /// Role of the person being read, and the depth of the element.
    person: Option<u32>,
    /// Depth of the element whose text is that of the message.
    text: Option<u32>,
    leaf: String,
    value: Vec<u8>,
    pub(super) people: People,
    ids: Map<Box<str>, ()>,
    pub(super) utc: Option<bool>,
    pub(super) mixed: u64,
    pub(super) held: BTreeMap<String, u64>,
    pub(super) messages: u64,
    pub(super) tombstones: Tally,
    pub(super) deleted_files: Tally,
    pub(super) lost: Tally,
    pub(super) perspectives: BTreeSet<String>,
    pub(super) owner: Option<String>,
    done: u64,
}

impl DumpReader {
    fn new(options: &Options) -> Self {
        Self {
            archive: None,
            plan: Vec::new().into_iter(),
            markup: None,
            name: String::new(),
            room: None,
            record: None,
            person: None,
            text: None,
            leaf: String::new(),
            value: Vec::new(),
            people: People::default(),
            ids: Map::default(),
            utc: None,
            mixed: 0,
            held: BTreeMap::new(),
            messages: 0,
            tombstones: Tally::default(),
            deleted_files: Tally::default(),
            lost: Tally::default(),
            perspectives: BTreeSet::new(),
            owner: options.owner.clone(),
            done: 0,
        }
    }

    /// One file.
    pub fn file(input: FileInput, options: &Options) -> Self {
        Self { markup: Some(Markup::new(Window::new(input.stream))), name: input.name, ..Self::new(options) }
    }

    /// A folder or zip.
    pub fn archive(archive: Box<dyn Archive>, options: &Options) -> Self {
        let kind = files::kind(archive.entries()).unwrap_or(Kind::Actiance);
        let ours = |name: &str| match kind {
            Kind::Actiance => name == "actiance_export.xml",
            Kind::Bloomberg => files::daily(name).is_some(),
        };
        let mut plan: Vec<usize> = archive.entries().iter().enumerate().filter(|(_, e)| !e.is_noise() && ours(e.file_name())).map(|(ix, _)| ix).collect();
        let name = |ix: usize| archive.entries().get(ix).map(|e| e.name.clone());
        // By day, then by name: in the order in which it happened.
        plan.sort_by_key(|ix| (name(*ix).as_deref().and_then(files::daily).map(|d| d.1), name(*ix)));
        let members = Members::of(archive.entries());
        Self { plan: plan.into_iter(), archive: Some((archive, kind, members)), ..Self::new(options) }
    }

    /// Opens the next member; `false` when there is none.
    fn open(&mut self, sink: &mut Sink) -> bool {
        let Some((archive, ..)) = &self.archive else { return false };
        let Some(ix) = self.plan.next() else { return false };
        let Some(entry) = archive.entries().get(ix) else { return true };
        sink.part(&entry.name);
        entry.file_name().clone_into(&mut self.name);
        match archive.open(ix) {
            Ok(stream) if entry.locked.is_none() => self.markup = Some(Markup::new(Window::new(stream))),
            _ => {
                sink.record();
                sink.skip(if entry.locked.is_some() { SkipReason::Encrypted } else { SkipReason::UnreadableMember }, Position::byte(0));
            }
        }
        true
    }

    /// One token; `false` at the end of the file.
    fn token(&mut self, sink: &mut Sink) -> Result<bool, ImportError> {
        let Some(markup) = &mut self.markup else { return Ok(false) };
        match markup.next()? {
            Token::Start(closed) => self.start(closed, sink),
            Token::Text => {
                let markup = self.markup.as_ref().map(|m| m.text.as_slice()).unwrap_or_default();
                match &mut self.record {
                    Some((record, _)) if self.text.is_some() => record.piece(markup),
                    _ if self.value.len() < VALUE => self.value.extend_from_slice(markup),
                    _ => {}
                }
            }
            Token::End => self.end(sink),
            Token::Eof => {
                self.eof(sink);
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn start(&mut self, closed: bool, sink: &mut Sink) {
        let Some(markup) = &self.markup else { return };
        if self.text.is_some() {
            // Marks within the text (bold, links) are none of the dump's own.
            return;
        }
        let (name, at, depth) = (markup.name.clone(), markup.at, markup.depth);
        self.value.clear();
        self.leaf.clear();
        match &mut self.record {
            Some((record, _)) => {
                if ["sender", "recipient", "originalsender", "forwardedto"].contains(&name.as_str()) && !closed {
                    record.people.push((name, Record::default()));
                    self.person = Some(depth);
                } else if name == "attachment" {
                    record.attachments.push(String::new());
                } else {
                    self.text = (TEXTS.contains(&name.as_str()) && self.person.is_none() && !closed).then_some(depth);
                    self.leaf = name;
                }
            }
            None if name == "conversation" => {
                self.close_room(sink);
                let perspective = self.markup.as_ref().map(|m| m.attribute("perspective").to_owned()).unwrap_or_default();
                self.room = (!closed).then(|| Room::seen_by(perspective));
            }
            None if RECORDS.contains(&name.as_str()) => {
                self.record = Some((Record::new(&name, at, sink.looks(None)), depth));
                if closed {
                    self.take(sink);
                }
            }
            None => self.leaf = name,
        }
    }

    fn end(&mut self, sink: &mut Sink) {
        let Some(markup) = &self.markup else { return };
        let (name, depth) = (markup.name.clone(), markup.depth);
        match self.text {
            Some(begun) if depth >= begun => return,
            _ => self.text = None,
        }
        let value = std::mem::take(&mut self.value);
        let leaf = std::mem::take(&mut self.leaf);
        if self.person.is_some_and(|d| depth < d) {
            self.person = None;
        }
        if let Some((record, begun)) = &mut self.record {
            if depth < *begun {
                return self.take(sink);
            }
            if !leaf.is_empty() && leaf == name {
                let target = match (self.person, record.people.last_mut()) {
                    (Some(_), Some((_, person))) => person,
                    _ => record,
                };
                target.set(&leaf, &value);
            }
            return;
        }
        match (&mut self.room, name.as_str()) {
            (Some(_), "conversation") => self.close_room(sink),
            (Some(room), _) if leaf == name => room.values.set(&leaf, &value),
            _ => {}
        }
    }

    fn close_room(&mut self, sink: &mut Sink) {
        let Some(mut room) = self.room.take() else { return };
        if !room.perspective.is_empty() && self.perspectives.len() < 1000 {
            self.perspectives.insert(room.perspective.clone());
        }
        let slug = self.slug(&room);
        let (_, conversation) = room.place(&slug, sink);
        room.close(sink, |handle, time, at, sink| {
            sink.record();
            sink.message(Draft::event(conversation, handle, time, EventKind::Left, at));
        });
    }

    /// The channel: Bloomberg's chat by its room ids and file names; Mattermost by the way it writes rooms; else what the file name says.
    fn slug(&self, room: &Room) -> String {
        let id = room.id();
        let mattermost = ["public - ", "private - ", "direct - ", "group - "].iter().any(|k| id.starts_with(k));
        if id.starts_with("CHAT-") || id.starts_with("PCHAT-") || files::daily(&self.name).is_some_and(|(kind, _)| kind == "ib") {
            "bloomberg_ib".to_owned()
        } else if mattermost || self.name == "actiance_export.xml" {
            "mattermost".to_owned()
        } else {
            platform::in_file_name(&self.name).unwrap_or("other").to_owned()
        }
    }

    /// A record is complete.
    fn take(&mut self, sink: &mut Sink) {
        let Some((record, _)) = self.record.take() else { return };
        (self.person, self.text) = (None, None);
        let at = Position::byte(record.at);
        match record.name.as_str() {
            "history" => return skip(SkipReason::Repeated, at, sink),
            "disclaimer" => return skip(SkipReason::NotMessages, at, sink),
            _ => {}
        }
        let Some(time) = record.time().map(|t| self.clock(t)) else { return skip(SkipReason::NoTime, at, sink) };
        if self.room.is_none() {
            return self.mail(&record, time, at, sink);
        }
        let slug = self.room.as_ref().map(|r| self.slug(r)).unwrap_or_default();
        let Some(room) = &mut self.room else { return };
        let (channel, conversation) = room.place(&slug, sink);
        let handle = self.people.of(&record, channel, sink);
        if let Some(handle) = handle {
            room.member(handle);
        }
        match record.name.as_str() {
            "participantentered" if room.was_there(time) => skip(SkipReason::Repeated, at, sink),
            "participantentered" => {
                sink.record();
                sink.message(Draft::event(conversation, handle, time, EventKind::Joined, at));
            }
            "participantleft" => {
                if !room.leaves(handle, time, at) {
                    sink.record();
                    sink.message(Draft::event(conversation, handle, time, EventKind::Left, at));
                }
            }
            "message" => self.message(&record, handle, conversation, time, at, sink),
            "attachment" | "filetransferstarted" => self.transfer(&record, handle, conversation, time, at, sink),
            "filetransferended" => {
                let status = record.get(&["status"]);
                let failed = !status.is_empty() && !status.eq_ignore_ascii_case("completed") && !status.eq_ignore_ascii_case("success");
                self.lost.add(u64::from(failed), at, time);
                skip(SkipReason::Repeated, at, sink);
            }
            _ => {
                sink.record();
                sink.message(Draft::event(conversation, handle, time, EventKind::Other, at));
            }
        }
    }

    fn message(&mut self, record: &Record, sender: Option<HandleIx>, conversation: ConversationIx, time: Clock, at: Position, sink: &mut Sink) {
        let updated = record.get(&["updatedtype"]).to_ascii_lowercase();
        let id = record.get(&["messageid", "msgid"]);
        if updated == "updatednomsgchange" {
            return skip(SkipReason::Repeated, at, sink);
        }
        sink.record();
        let seen = !id.is_empty() && self.ids.contains_key(id);
        let kind = match updated.as_str() {
            "editedoriginalmsg" => Some(EventKind::Edited),
            "deleted" | "filedeleted" if seen => Some(EventKind::Deleted),
            "filedeleted" => Some(EventKind::Deleted),
            _ => None,
        };
        let facts = record.facts(updated == "deleted");
        let deleted = updated == "deleted" && kind.is_none();
        self.tombstones.add(u64::from(deleted && facts.chars == 0), at, time);
        self.deleted_files.add(u64::from(updated == "filedeleted"), at, time);
        if self.ids.len() < REMEMBERED && !id.is_empty() {
            self.ids.insert(id.into(), ());
        }
        let bot = record.get(&["usertype"]).eq_ignore_ascii_case("bot");
        let flags = Flags::NONE.with_attachments(record.attachments.len()).with_those([
            (deleted, Flags::DELETED),
            (updated == "editednewmsg", Flags::EDITED),
            (bot, Flags::AUTOMATIC),
        ]);
        let kept = sink.message(Draft {
            conversation,
            sender,
            time,
            event: kind,
            flags,
            body: Body::Facts(facts),
            // An event about a message is no second message of its id.
            id: if id.is_empty() || kind.is_some() { Id::None } else { Id::Text(id.as_bytes()) },
            reply_to: Id::None,
            audience: None,
            position: at,
        });
        if kept {
            self.messages += 1;
            if let Some(room) = &self.room {
                *self.held.entry(room.id().to_owned()).or_default() += 1;
            }
        }
    }

    /// A file: in Bloomberg's chat an entry of its own, in other dumps beside the message it came with.
    fn transfer(&mut self, record: &Record, sender: Option<HandleIx>, conversation: ConversationIx, time: Clock, at: Position, sink: &mut Sink) {
        sink.record();
        let file = record.get(&["filename", "userfilename", "fileid"]);
        let absent = match &self.archive {
            Some((_, Kind::Actiance, members)) => members.find(file.as_bytes()).is_none(),
            _ => false,
        };
        self.lost.add(u64::from(absent), at, time);
        let alone = record.name == "attachment";
        let mut flags = Flags::NONE.with_attachments(1);
        if absent {
            flags = flags.with(Flags::MEDIA_ABSENT);
        }
        let kept = sink.message(Draft {
            conversation,
            sender,
            time,
            event: (!alone).then_some(EventKind::Other),
            flags,
            body: Body::Text(b""),
            id: Id::None,
            reply_to: Id::None,
            audience: None,
            position: at,
        });
        self.messages += u64::from(kept && alone);
    }

    /// A Bloomberg mail.
    fn mail(&mut self, record: &Record, time: Clock, at: Position, sink: &mut Sink) {
        if record.name != "message" {
            return skip(SkipReason::UnknownType, at, sink);
        }
        sink.record();
        let channel = sink.channel("bloomberg_msg");
        let (sender, mut audience) = room::parties(record, channel, &mut self.people, sink);
        let mut all: Vec<HandleIx> = audience.clone();
        all.extend(sender);
        let conversation = room::of_parties(&all, channel, sink);
        let id = record.get(&["msgid", "messageid"]);
        let mut flags = Flags::NONE.with_attachments(record.attachments.len());
        if record.people.iter().any(|(role, _)| role == "originalsender") {
            flags = flags.with(Flags::FORWARDED);
        }
        let facts = record.facts(false);
        let subject = record.get(&["subject"]);
        let audience = (!audience.is_empty()).then(|| sink.audience(&mut audience));
        let kept = sink.message(Draft {
            conversation,
            sender,
            time,
            event: None,
            flags,
            body: if facts.chars == 0 { Body::Text(subject.as_bytes()) } else { Body::Facts(facts) },
            id: if id.is_empty() { Id::None } else { Id::Text(id.as_bytes()) },
            reply_to: Id::None,
            audience,
            position: at,
        });
        self.messages += u64::from(kept);
    }

    /// One kind of times for the whole source.
    fn clock(&mut self, time: Clock) -> Clock {
        let (time, other) = time.settled(&mut self.utc);
        self.mixed += u64::from(other);
        time
    }

    /// The end of one file.
    fn eof(&mut self, sink: &mut Sink) {
        let Some(markup) = self.markup.take() else { return };
        self.done += markup.offset();
        (self.person, self.text) = (None, None);
        if let Some((record, _)) = self.record.take() {
            skip(SkipReason::CutOff, Position::byte(record.at), sink);
        }
        self.close_room(sink);
        if markup.depth > 0 {
            sink.statement(StatementKind::CutOff, None, None, None, 0, Position::byte(markup.offset()), "the XML ends before its elements do");
        }
    }
}

fn skip(reason: SkipReason, at: Position, sink: &mut Sink) {
    sink.record();
    sink.skip(reason, at);
}

impl Reader for DumpReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if self.markup.is_none() && !self.open(sink) {
            self.close(sink);
            return Ok(Step::End);
        }
        let Some(end) = self.markup.as_ref().map(|m| m.offset() + STEP) else { return Ok(Step::More) };
        while self.markup.as_ref().is_some_and(|m| m.offset() < end) {
            if !self.token(sink)? {
                break;
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.done + self.markup.as_ref().map_or(0, Markup::offset)
    }
}
