//! The conversations of an export and what their records prove: replies without root, deleted and blocked messages, files.

use crate::features::Gather;
use crate::import::json::{Text, Value, each, items, word};
use crate::import::sink::{Body, Clock, Draft, Id, Map, Sink};
use crate::import::tally::{Place, Tally};
use crate::model::ConversationIx;
use crate::model::ledger::SkipReason;
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::time;

use super::markup;
use super::people::People;
use super::record::Item;
use super::when::instant;

/// One conversation.
struct Room {
    conversation: ConversationIx,
    /// The two accounts of a chat between two.
    pair: Option<[String; 2]>,
    /// Numbers of the records, and the file each was met in last.
    held: Map<u64, u32>,
    targets: Vec<(u64, Place, i64)>,
    deleted: Tally,
    blocked: Tally,
    files: Tally,
    /// Different messages in each of the files that hold it: (file, messages, place of the first, its time).
    copies: Vec<(u32, u64, Place, i64)>,
    last: i64,
}

/// All conversations, in the order in which they come.
#[derive(Default)]
pub struct Rooms {
    rooms: Vec<Room>,
    index: Map<Box<[u8]>, usize>,
    titles: Map<Box<[u8]>, String>,
    texts: [Vec<u8>; 2],
    /// Time of the last record.
    pub last: Option<i64>,
}

impl Rooms {
    /// One element of `channels_<guid>.json`: the name of a channel.
    pub fn channel(&mut self, listed: Value<'_>) {
        let (mut id, mut name) = (Text::default(), Text::default());
        each(listed, |key, value| {
            if key.eq_ignore_ascii_case(b"id") {
                id = word(value);
            } else if key.eq_ignore_ascii_case(b"displayName") {
                name = word(value);
            }
        });
        if !id.is_empty() && !name.is_empty() {
            self.titles.insert(id.raw.into(), name.owned());
        }
    }

    fn enter(&mut self, item: &Item<'_>, file: &str, people: &mut People, sink: &mut Sink) -> Option<&mut Room> {
        let key = [item.chat, item.channel, item.team].into_iter().find(|k| !k.is_empty()).unwrap_or(Text { raw: file.as_bytes(), escaped: false });
        if let Some(ix) = self.index.get(key.raw) {
            return self.rooms.get_mut(*ix);
        }
        let id = key.owned();
        let kind = kind(&id, item);
        let title = self.titles.get(key.raw).cloned().unwrap_or_default();
        let channel = people.channel(sink);
        let conversation = sink.conversation(channel, if id.is_empty() { "teams" } else { &id }, &title, kind);
        let pair = pair(&id);
        for member in pair.iter().flatten() {
            let handle = people.handle(Text { raw: member.as_bytes(), escaped: false }, sink);
            if let Some(facts) = sink.conversation_facts(conversation) {
                facts.members.push(handle.0);
            }
        }
        self.index.insert(key.raw.into(), self.rooms.len());
        self.rooms.push(Room {
            conversation,
            pair,
            held: Map::default(),
            targets: Vec::new(),
            deleted: Tally::default(),
            blocked: Tally::default(),
            files: Tally::default(),
            copies: Vec::new(),
            last: 0,
        });
        self.rooms.last_mut()
    }

    /// One record. `file`: the id in the name of its file, for records that name no conversation. `part`: which file.
    pub fn take(&mut self, item: &Item<'_>, at: Position, file: &str, people: &mut People, sink: &mut Sink) {
        sink.record();
        let number = number(item.id);
        let written = instant(item.created.raw);
        let from_id = number.and_then(|n| i64::try_from(n).ok()).and_then(|ms| ms.checked_mul(1000)).filter(|t| time::plausible(*t));
        if item.kind.raw.eq_ignore_ascii_case(b"typing") {
            return sink.skip(SkipReason::EmptyRecord, at);
        }
        let Some(time) = written.or(from_id) else { return sink.skip(SkipReason::NoTime, at) };
        let mut texts = std::mem::take(&mut self.texts);
        let place = (sink.current_part(), at);
        let Some(room) = self.enter(item, file, people, sink) else { return sink.skip(SkipReason::Malformed, at) };
        // Two participants' mailboxes give the same message twice.
        if !room.first(number, place, time) {
            self.texts = texts;
            return sink.skip(SkipReason::Repeated, at);
        }
        let body = Written::of(item, &mut texts, sink.looks(Some(room.conversation)));
        let event = item.is_event().then(|| item.event());
        let sender = people.sender(if item.is_event() && matches!(item.from, Value::Null) { initiator(item.detail) } else { item.from }, sink);
        members(item.detail, room.conversation, people, sink);
        let reply = [item.quoted, item.reply].into_iter().find(|r| !r.is_empty() && r.raw != item.id.raw);
        let empty = body.facts.chars == 0 && item.files == 0;
        let absent = item.files + body.images;
        let flags = flags(item, sender.is_some_and(|s| s.1), absent, empty, written.is_none()).with(people.direction(sender.map(|s| s.0)));
        let draft = Draft {
            conversation: room.conversation,
            sender: sender.map(|s| s.0),
            time: Clock::Utc(time),
            event,
            flags,
            body: Body::Facts(body.facts),
            id: id(item.id, number),
            reply_to: reply.map_or(Id::None, |r| id(r, self::number(r))),
            audience: None,
            position: at,
        };
        self.texts = texts;
        if !sink.message(draft) {
            return;
        }
        notices(item, event, empty, body.system, sink);
        let Some(room) = self.index_of(item, file) else { return };
        if event.is_none() {
            room.wrote(item, empty, absent as u64, place, time);
        }
        if let Some(target) = reply.and_then(self::number) {
            room.targets.push((target, place, time));
        }
        room.last = room.last.max(time);
        self.last = self.last.max(Some(time));
    }

    fn index_of(&mut self, item: &Item<'_>, file: &str) -> Option<&mut Room> {
        let key = [item.chat, item.channel, item.team].into_iter().find(|k| !k.is_empty()).map_or(file.as_bytes(), |k| k.raw);
        self.rooms.get_mut(*self.index.get(key)?)
    }

    /// Everything is read: says what each conversation proves. `files`: the accounts whose messages have a file, and which.
    pub fn close(&mut self, files: &Map<String, u32>, sink: &mut Sink) {
        for room in std::mem::take(&mut self.rooms) {
            room.compare(files, sink);
            room.close(sink);
        }
    }
}

impl Room {
    /// Whether a record is met for the first time. Counts the different ones of each file.
    fn first(&mut self, number: Option<u64>, place: Place, time: i64) -> bool {
        let before = number.and_then(|n| self.held.insert(n, place.0));
        if before != Some(place.0) {
            match self.copies.iter_mut().find(|c| c.0 == place.0) {
                Some(copy) => copy.1 += 1,
                None => self.copies.push((place.0, 1, place, time)),
            }
        }
        before.is_none()
    }

    fn wrote(&mut self, item: &Item<'_>, empty: bool, absent: u64, place: Place, time: i64) {
        self.deleted.add(u64::from(item.deleted && empty), place, time);
        self.blocked.add(u64::from(item.violation && empty && !item.deleted), place, time);
        self.files.add(absent, place, time);
    }

    /// A chat between two of whom both have a file of messages: both files should hold the same.
    fn compare(&self, files: &Map<String, u32>, sink: &mut Sink) {
        let Some([one, other]) = &self.pair else { return };
        let (Some(one), Some(other)) = (files.get(one), files.get(other)) else { return };
        if one == other {
            return;
        }
        let held = |part: &u32| self.copies.iter().find(|c| c.0 == *part).map_or(0, |c| c.1);
        let (a, b) = (held(one), held(other));
        let Some((part, _, (_, at), from)) = self.copies.iter().max_by_key(|c| c.1) else { return };
        if a != b {
            let detail = format!("{} of {} records are in one participant's file and not in the other's", a.abs_diff(b), a.max(b));
            let (from, to) = (Some(Clock::Utc(*from)), Some(Clock::Utc(self.last)));
            sink.statement(StatementKind::CountShort, Some(self.conversation), from, to, a.abs_diff(b), *at, &detail);
            sink.statement_stands_in(*part);
        }
    }

    fn close(mut self, sink: &mut Sink) {
        let conversation = Some(self.conversation);
        self.deleted.tell(StatementKind::Tombstone, conversation, "deleted by their author", sink);
        self.blocked.tell(StatementKind::ContentAbsent, conversation, "blocked by a rule against data loss", sink);
        self.files.tell(StatementKind::MediaAbsent, conversation, "files and pictures are links, not part of the export", sink);
        let mut absent = Tally::default();
        for (target, place, time) in std::mem::take(&mut self.targets) {
            if self.held.insert(target, 0).is_none() {
                absent.add(1, place, time);
            }
        }
        absent.tell(StatementKind::AbsentTarget, conversation, "roots of threads, or quoted messages", sink);
    }
}

fn flags(item: &Item<'_>, machine: bool, absent: usize, empty: bool, inferred: bool) -> Flags {
    Flags::NONE.with_attachments(absent).with_those([
        (item.edited, Flags::EDITED),
        (item.deleted, Flags::DELETED),
        (item.forwarded, Flags::FORWARDED),
        (machine, Flags::AUTOMATIC),
        (absent > 0, Flags::MEDIA_ABSENT),
        (item.violation && empty, Flags::NO_CONTENT),
        (inferred, Flags::TIME_INFERRED),
    ])
}

fn notices(item: &Item<'_>, event: Option<EventKind>, empty: bool, system: bool, sink: &mut Sink) {
    if event.is_none() && item.deleted && !empty {
        sink.notice("teams_deleted_kept", "Messages deleted by their author whose content the export still holds (kept by a hold or a policy).", 1);
    }
    if event.is_none() && item.violation {
        sink.notice("teams_policy_violation", "Messages in which a rule against data loss has struck: blocked, or shown with a warning.", 1);
    }
    if item.kind.raw.eq_ignore_ascii_case(b"unknownFutureValue") && event == Some(EventKind::Other) && !system {
        sink.notice("teams_unknown_type", "Records of a type this version does not know were kept as events.", 1);
    }
}

/// The text of a record.
struct Written {
    facts: crate::features::Facts,
    /// Pictures pasted into the text.
    images: usize,
    /// It says that it is a system message.
    system: bool,
}

impl Written {
    fn of(item: &Item<'_>, texts: &mut [Vec<u8>; 2], sample: bool) -> Self {
        let [raw, plain] = texts;
        let mut gather = Gather::of(sample);
        gather.add(item.subject.decode(raw));
        let content = item.content.decode(raw);
        let count = |needle: &[u8]| memchr::memmem::find_iter(content, needle).count();
        let (images, system) = if item.html { (count(b"/hostedContents/"), count(b"<systemEventMessage") > 0) } else { (0, false) };
        if item.html {
            markup::strip(content, plain);
            gather.add(plain);
        } else {
            gather.add(content);
        }
        Self { facts: gather.facts(), images, system }
    }
}

/// `Initiator` of an event.
fn initiator(detail: Value<'_>) -> Value<'_> {
    let mut found = Value::Null;
    each(detail, |key, value| {
        if key.eq_ignore_ascii_case(b"initiator") {
            found = value;
        }
    });
    found
}

/// Members whom an event names belong to the conversation, or did.
fn members(detail: Value<'_>, conversation: ConversationIx, people: &mut People, sink: &mut Sink) {
    let mut of = |list: Value<'_>, sink: &mut Sink| {
        items(list, |member| {
            each(member, |key, value| {
                if key.eq_ignore_ascii_case(b"id") && !word(value).is_empty() {
                    let handle = people.handle(word(value), sink);
                    if let Some(facts) = sink.conversation_facts(conversation) {
                        facts.members.push(handle.0);
                    }
                }
            });
        });
    };
    each(detail, |key, value| {
        if key.eq_ignore_ascii_case(b"members") {
            of(value, sink);
        } else if matches!(value, Value::Object(_)) && key.get(..7).is_some_and(|k| k.eq_ignore_ascii_case(b"members")) {
            each(value, |key, value| {
                if key.eq_ignore_ascii_case(b"members") {
                    of(value, sink);
                }
            });
        }
    });
}

/// The number of a record, or of what it answers.
fn number(id: Text<'_>) -> Option<u64> {
    crate::import::json::integer(id.raw).and_then(|n| u64::try_from(n).ok())
}

fn id(text: Text<'_>, number: Option<u64>) -> Id<'_> {
    match number {
        Some(number) => Id::Number(number),
        None if text.is_empty() => Id::None,
        None => Id::Text(text.raw),
    }
}

/// `19:<guid>_<guid>@unq.gbl.spaces`: the two accounts.
fn pair(id: &str) -> Option<[String; 2]> {
    let (one, other) = id.strip_prefix("19:")?.strip_suffix("@unq.gbl.spaces")?.split_once('_')?;
    Some([one.to_lowercase(), other.to_lowercase()])
}

fn kind(id: &str, item: &Item<'_>) -> ConversationKind {
    if pair(id).is_some() || id.starts_with("48:notes") {
        ConversationKind::Direct
    } else if item.chat.is_empty() && (!item.channel.is_empty() || !item.team.is_empty()) || id.contains("@thread.tacv2") || id.contains("@thread.skype") {
        ConversationKind::Room
    } else if id.starts_with("19:") {
        ConversationKind::Group
    } else {
        ConversationKind::Unknown
    }
}
