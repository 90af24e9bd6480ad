//! Reads `main.jsonl` of Signal's plaintext export: one frame a line, people and chats before the items that name them.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::item::{Item, Way, What};
use super::nested::{filled, members, number};
use super::people::People;
use super::room::{Room, micros, reply_id};
use crate::features::facts;
use crate::import::archive::{Archive, Entry};
use crate::import::bytes::{RECORD_LIMIT, Stream};
use crate::import::decode::Checked;
use crate::import::json::{Fault, Scanner, Value};
use crate::import::lines::{Line, Lines};
use crate::import::sink::{Body, Clock, Draft, Id, Map, Sink};
use crate::import::watch::{Watch, Watched};
use crate::import::{FileInput, ImportError, Options, Reader, Step};
use crate::model::HandleIx;
use crate::model::ledger::{Basis, SkipReason};
use crate::model::message::{EventKind, Flags, Position};
use crate::model::statement::StatementKind;

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;

/// Files of the export, by the digest that names them.
enum Media {
    /// The file lies by itself: nothing is known of what lay beside it.
    Unknown,
    /// The export was made without media.
    None,
    /// Digests of the files that are there.
    Held(Map<Box<str>, ()>),
}

struct Chat {
    room: Room,
    /// Where its frame stands.
    at: Position,
    /// Seconds, as the frame or its group states it.
    timer: u64,
    records: u64,
}

/// Reads one export.
pub struct ExportReader {
    lines: Lines,
    people: People,
    chats: Vec<Chat>,
    by_id: BTreeMap<u64, usize>,
    media: Media,
    /// Of a claimed archive: path of the source and name of the member, until reading begins.
    member: Option<(String, String)>,
    watch: Rc<Watch>,
    scratch: Vec<u8>,
}

impl ExportReader {
    /// `main.jsonl` by itself, or as a member of a folder.
    pub fn of_file(file: FileInput, options: &Options) -> Self {
        // The files may lie one folder up, which a member by itself does not see.
        let media = match media(file.beside.iter().map(|e| e.name.as_str())) {
            Media::None => Media::Unknown,
            held => held,
        };
        Self::over(Lines::new(file.stream, RECORD_LIMIT / 2), media, options)
    }

    /// The whole export.
    pub fn of_archive(archive: &dyn Archive, entry: &Entry, stream: Box<dyn Stream>, options: &Options) -> Self {
        let watch = Rc::new(Watch::default());
        let stream = Checked::new(Box::new(Watched::new(stream, watch.clone())), watch.clone());
        let media = media(archive.entries().iter().map(|e| e.name.as_str()));
        let path = format!("{}{}{}", archive.path(), archive.separator(), entry.name);
        Self { member: Some((path, entry.name.clone())), watch, ..Self::over(Lines::new(Box::new(stream), RECORD_LIMIT / 2), media, options) }
    }

    fn over(lines: Lines, media: Media, options: &Options) -> Self {
        Self { lines, people: People::new(options), chats: Vec::new(), by_id: BTreeMap::new(), media, member: None, watch: Rc::default(), scratch: Vec::new() }
    }

    fn finish(&mut self, sink: &mut Sink) {
        let source = sink.source();
        source.date_order.basis = Basis::NotNeeded;
        let exported = source.exported_at;
        for chat in &mut self.chats {
            if chat.timer > 0 && !chat.room.timed() {
                chat.room.set_timer(chat.timer, None, chat.at, sink);
            }
            if chat.room.messages == 0 {
                let detail = if chat.records == 0 { "listed, no record in the export" } else { "only notices, no message in the export" };
                sink.statement(StatementKind::ListedEmpty, chat.room.conversation, None, exported.map(Clock::Utc), 1, chat.at, detail);
            }
            chat.room.close(sink);
        }
        if self.people.default_timer > 0 {
            let what = format!("New chats of this account get a timer of {} seconds: what was written in them is never exported", self.people.default_timer);
            sink.notice("signal_default_timer", what, 1);
        }
        if self.chats.iter().any(|c| c.room.was_timed) || self.people.default_timer > 0 {
            let what = "Signal leaves every disappearing message out of this export, also those still on the phone";
            sink.notice("signal_disappearing_left_out", what, 1);
        }
        self.watch.tell(sink);
    }
}

impl Reader for ExportReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if let Some((path, entry)) = self.member.take() {
            let source = sink.source();
            source.name = crate::text::clean_name(entry.rsplit('/').next().unwrap_or(&entry));
            source.path = path;
            sink.part(&entry);
        }
        let Self { lines, people, chats, by_id, media, scratch, .. } = self;
        let mut frames = Frames { people, chats, by_id, media, scratch };
        let (mut records, end) = (0, lines.offset() + STEP_BYTES);
        while records < STEP_RECORDS && lines.offset() < end {
            match lines.next()? {
                Some(line) => frames.line(&line, sink),
                None => {
                    self.finish(sink);
                    return Ok(Step::End);
                }
            }
            records += 1;
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.lines.offset()
    }
}

/// What a line changes.
struct Frames<'r> {
    people: &'r mut People,
    chats: &'r mut Vec<Chat>,
    by_id: &'r mut BTreeMap<u64, usize>,
    media: &'r Media,
    scratch: &'r mut Vec<u8>,
}

impl Frames<'_> {
    fn line(&mut self, line: &Line<'_>, sink: &mut Sink) {
        if line.piece || line.bytes.trim_ascii().is_empty() {
            return;
        }
        if line.partial {
            sink.record();
            return sink.skip(SkipReason::TooLarge, line.place);
        }
        match whole(line.bytes) {
            Ok(()) => self.frame(line, sink),
            Err(Fault::NeedMore) if line.last => {
                sink.record();
                sink.skip(SkipReason::CutOff, line.place);
                let last = self.chats.iter().filter_map(|c| c.room.last).max_by_key(|t| sink.stored(*t));
                sink.statement(StatementKind::CutOff, None, last, None, 0, line.place, "the file ends in the middle");
            }
            Err(_) => {
                sink.record();
                sink.skip(SkipReason::Malformed, line.place);
            }
        }
    }

    fn frame(&mut self, line: &Line<'_>, sink: &mut Sink) {
        let mut known = false;
        let mut exported = None;
        members(line.bytes, |key, value| match (key, value) {
            (b"backupTimeMs", value) => (known, exported) = (true, value.integer().and_then(micros)),
            (b"version" | b"mediaRootBackupKey" | b"currentAppVersion" | b"firstAppVersion" | b"debugInfo", _) => known = true,
            (b"account", Value::Object(raw)) => {
                known = true;
                self.people.account(raw);
            }
            (b"recipient", Value::Object(raw)) => {
                known = true;
                self.people.recipient(raw);
            }
            (b"chat", Value::Object(raw)) => {
                known = true;
                self.chat(raw, line.place, sink);
            }
            (b"chatItem", Value::Object(raw)) => {
                known = true;
                self.item(&Item::read(raw), line.place, sink);
            }
            (b"adHocCall", Value::Object(raw)) => {
                known = true;
                self.call(raw, line.place, sink);
            }
            (b"stickerPack" | b"notificationProfile" | b"chatFolder", _) => known = true,
            _ => {}
        });
        if exported.is_some() {
            sink.source().exported_at = exported;
        }
        if !known {
            sink.record();
            sink.skip(SkipReason::UnknownType, line.place);
        }
    }

    fn chat(&mut self, object: &[u8], at: Position, sink: &mut Sink) {
        let (mut id, mut recipient, mut timer) = (None, None, 0);
        members(object, |key, value| match key {
            b"id" => id = number(value),
            b"recipientId" => recipient = number(value),
            b"expirationTimerMs" => timer = number(value).unwrap_or(0).div_ceil(1000),
            _ => {}
        });
        let (Some(id), Some(recipient)) = (id, recipient) else { return };
        self.open(id, Some(recipient), timer, at, sink);
    }

    fn open(&mut self, id: u64, recipient: Option<u64>, timer: u64, at: Position, sink: &mut Sink) -> usize {
        let named = self.people.conversation(recipient, id, sink);
        let channel = self.people.channel(sink);
        let conversation = sink.conversation(channel, &named.key, &named.title, named.kind);
        if let Some(facts) = sink.conversation_facts(conversation) {
            facts.members.extend(&named.members);
        }
        let ix = self.chats.len();
        self.chats.push(Chat { room: Room::of(conversation), at, timer: timer.max(named.timer), records: 0 });
        self.by_id.insert(id, ix);
        ix
    }

    /// `adHocCall`: a call by a link, in no chat.
    fn call(&mut self, object: &[u8], at: Position, sink: &mut Sink) {
        sink.record();
        let (mut recipient, mut time) = (None, None);
        members(object, |key, value| match key {
            b"recipientId" => recipient = number(value),
            b"callTimestamp" => time = value.integer().and_then(micros),
            _ => {}
        });
        let (Some(recipient), Some(time)) = (recipient, time) else { return sink.skip(SkipReason::NoTime, at) };
        let named = self.people.conversation(Some(recipient), recipient, sink);
        let channel = self.people.channel(sink);
        let conversation = sink.conversation(channel, &named.key, &named.title, named.kind);
        sink.message(Draft::event(conversation, None, Clock::Utc(time), EventKind::Call, at));
    }

    fn item(&mut self, item: &Item<'_>, at: Position, sink: &mut Sink) {
        sink.record();
        let Some(id) = item.chat else { return sink.skip(SkipReason::Malformed, at) };
        let ix = match self.by_id.get(&id) {
            Some(ix) => *ix,
            // No such frame was seen: the items are kept under a conversation of their own.
            None => self.open(id, None, 0, at, sink),
        };
        let Some((time, inferred)) = item.sent.map(|t| (t, false)).or(item.received.map(|t| (t, true))) else { return sink.skip(SkipReason::NoTime, at) };
        let Some(stored) = micros(time) else { return sink.skip(SkipReason::TimeOutOfRange, at) };
        let mut sender = item.author.and_then(|a| self.people.handle(a, sink));
        if sender.is_none() && item.way == Way::Out {
            sender = Some(self.people.owner(sink));
        }
        let quoted = item.quote.map(|(sent, author)| (sent, author.and_then(|a| self.people.handle(a, sink))));
        let (absent, lost) = self.absent(item);
        let Some(chat) = self.chats.get_mut(ix) else { return sink.skip(SkipReason::Malformed, at) };
        let Some(conversation) = chat.room.conversation else { return sink.skip(SkipReason::Malformed, at) };
        let reply = quoted.map(|(sent, _)| reply_id(sent));
        let body = item.body.map(|t| facts(t.decode(self.scratch), sink.looks(Some(conversation)))).unwrap_or_default();
        let event = match item.what {
            What::Event(kind) => Some(kind),
            What::Unread | What::Unknown => Some(EventKind::Other),
            _ => None,
        };
        let draft = Draft {
            conversation,
            sender,
            time: Clock::Utc(stored),
            event,
            flags: flags(item, inferred, absent + lost > 0),
            body: Body::Facts(body),
            id: if inferred { Id::None } else { Id::Time },
            reply_to: reply.as_ref().map_or(Id::None, |id| Id::Text(id.as_bytes())),
            audience: None,
            position: at,
        };
        chat.records += 1;
        if sink.message(draft) {
            chat.took(item, (time, stored), sender, quoted, (absent, lost), at, sink);
        }
    }

    /// Attachments that are not in the export, and those whose file is lost.
    fn absent(&self, item: &Item<'_>) -> (u64, u64) {
        let never = item.attachments.iter().filter(|hash| hash.is_empty()).count() as u64;
        let all = item.attachments.len() as u64;
        match self.media {
            Media::Unknown => (never, 0),
            Media::None => (all, 0),
            Media::Held(files) => (never, item.attachments.iter().filter(|hash| !hash.is_empty() && !files.contains_key(hash.as_str())).count() as u64),
        }
    }
}

impl Chat {
    #[allow(clippy::too_many_arguments)] // What one item has shown, each used once.
    fn took(
        &mut self,
        item: &Item<'_>,
        (sent, stored): (i64, i64),
        sender: Option<HandleIx>,
        quoted: Option<(i64, Option<HandleIx>)>,
        (absent, lost): (u64, u64),
        at: Position,
        sink: &mut Sink,
    ) {
        let (room, clock) = (&mut self.room, Clock::Utc(stored));
        room.last = Some(clock);
        if let Some(seconds) = item.timer {
            room.set_timer(seconds, Some(clock), at, sink);
        }
        match item.what {
            What::Deleted => room.deleted.add(1, at, clock),
            What::ViewOnce => room.once.add(1, at, clock),
            What::Unread => room.unread.add(1, at, clock),
            What::Unknown => sink.notice("signal_unknown_item", "Records of a kind this version does not know were kept as events", 1),
            What::Message | What::Event(_) => {}
        }
        if matches!(item.what, What::Message | What::Deleted | What::ViewOnce) {
            room.messages += 1;
            room.hold(sent, sender.map(|h| h.0));
        }
        if let Some((target, author)) = quoted {
            room.quote(target, author.map(|h| h.0), stored, at);
        }
        room.media.add(absent, at, clock);
        room.lost.add(lost, at, clock);
        for (set, id, what) in [
            (item.sms, "signal_sms", "Messages that Signal kept from the time when it also sent SMS; they are counted as Signal"),
            (item.failed, "signal_not_sent", "Messages that could not be sent to everyone they were meant for"),
            (item.goes_on, "signal_long_text", "Long texts of which only the beginning stands in the export; the rest is a file of its own"),
        ] {
            if set {
                sink.notice(id, what, 1);
            }
        }
    }
}

fn flags(item: &Item<'_>, inferred: bool, absent: bool) -> Flags {
    Flags::NONE.with_attachments(item.things).with_those([
        (item.edited, Flags::EDITED),
        (item.what == What::Deleted, Flags::DELETED),
        (matches!(item.what, What::ViewOnce | What::Unread), Flags::NO_CONTENT),
        (absent, Flags::MEDIA_ABSENT),
        (item.way == Way::Out, Flags::BY_OWNER),
        (item.way == Way::In, Flags::TO_OWNER),
        (inferred, Flags::TIME_INFERRED),
    ])
}

/// Whether a line is one object, to its end.
fn whole(line: &[u8]) -> Result<(), Fault> {
    let mut s = Scanner::new(line);
    if s.peek()? != b'{' {
        return Err(Fault::Bad(0));
    }
    let mut found = s.object()?;
    while found.key(&mut s)?.is_some() {
        s.skip()?;
    }
    match s.peek() {
        Err(Fault::NeedMore) => Ok(()),
        _ => Err(Fault::Bad(s.at())),
    }
}

/// `files/<first two hex digits>/<digest>.<ext>` of the members.
fn media<'a>(names: impl Iterator<Item = &'a str>) -> Media {
    let mut held: Map<Box<str>, ()> = Map::default();
    for name in names {
        let mut parts = name.rsplit('/');
        let (Some(file), Some(hex), Some("files")) = (parts.next(), parts.next(), parts.next()) else { continue };
        let digest = file.split('.').next().unwrap_or(file);
        if hex.len() == 2 {
            held.insert(digest.into(), ());
        }
    }
    if held.is_empty() { Media::None } else { Media::Held(held) }
}

/// Whether a first line is that of an export: `{"version":"1","backupTimeMs":"1715636551000",..}`.
pub fn begins(text: &str) -> bool {
    let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let (mut version, mut time) = (false, false);
    if whole(first.as_bytes()).is_ok() {
        members(first.as_bytes(), |key, value| match key {
            b"version" => version = filled(value),
            b"backupTimeMs" => time = value.integer().is_some(),
            _ => {}
        });
    }
    version && time
}
