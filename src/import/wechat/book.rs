//! The book of one file: conversations, people and the evidence their records carry, whatever tool wrote the file.

use crate::features::Gather;
use crate::import::Options;
use crate::import::sink::{Body, ChannelIx, Clock, Draft, Id, Map, Sink};
use crate::import::tally::Tally;
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::text;

use super::kind::{Kind, Said, said};
use super::room::{Room, Target};
use super::xml;

/// Who wrote a record, as the file says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum From {
    /// The owner of the phone or computer.
    Owner,
    /// Somebody else.
    Other,
    /// Not told (notices of 4.x have `null`).
    #[default]
    Unsaid,
}

/// One record on its way into the book.
pub struct Entry<'a> {
    /// Time; `None` when none is readable.
    pub time: Option<Clock>,
    /// It was put together from a second column.
    pub inferred: bool,
    /// What it is.
    pub kind: Kind,
    /// Direction.
    pub from: From,
    /// Account of the sender (`wxid_..`); may be empty.
    pub sender: &'a str,
    /// Display name of the sender; may be empty.
    pub name: &'a str,
    /// The owner's own name for the sender; may be empty.
    pub alias: &'a str,
    /// What tells conversations of the file apart.
    pub room: &'a str,
    /// Text or XML.
    pub text: &'a [u8],
    /// `localId`: number of the row in the database.
    pub local: Option<u64>,
    /// Number the server gave, 0 or none for local notices.
    pub server: Option<u64>,
    /// The same when it is no number.
    pub server_text: &'a [u8],
    /// A path or address of the content is given.
    pub path: bool,
    /// Id of the message it answers, where the tool gives one.
    pub answers: &'a [u8],
}

/// What the file as a whole, or its name, says of its conversations.
#[derive(Debug, Clone, Default)]
pub struct Whole {
    /// Key of the only conversation: `wxid_..`, `..@chatroom`; empty when it is not told.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Whether it is a group, where the file says so.
    pub group: Option<bool>,
    /// Name of the file without extension.
    pub stem: String,
}

/// All of one file.
pub struct Book {
    channel: ChannelIx,
    /// What the whole file says.
    pub whole: Whole,
    /// The tool reads the tables of 4.x: `localId` counts one conversation.
    pub own_counters: bool,
    path: String,
    stated: Option<String>,
    owner: Option<HandleIx>,
    index: Map<Box<str>, usize>,
    rooms: Vec<Room>,
    /// Place in `rooms` and time of the last record.
    last: Option<(usize, Clock)>,
    mangled: u64,
    unknown: u64,
}

impl Book {
    /// An empty book.
    pub fn new(whole: Whole, options: &Options) -> Self {
        Self {
            channel: ChannelIx(0),
            whole,
            own_counters: false,
            path: String::new(),
            stated: options.owner.clone(),
            owner: None,
            index: Map::default(),
            rooms: Vec::new(),
            last: None,
            mangled: 0,
            unknown: 0,
        }
    }

    /// Reading begins. `slug`: channel, `wechat` but for converted files of other apps.
    pub fn open(&mut self, slug: &str, sink: &mut Sink) {
        self.channel = sink.channel(slug);
        self.path = sink.source().path.clone();
        slug.clone_into(&mut sink.source().channel);
    }

    /// Conversation and time of the last record.
    pub fn last(&self) -> Option<(crate::model::ConversationIx, Clock)> {
        let (room, time) = self.last?;
        Some((self.rooms.get(room)?.conversation, time))
    }

    /// A number of the server that a table program has rounded.
    pub const fn mangled(&mut self) {
        self.mangled += 1;
    }

    /// Somebody the file lists as a member.
    pub fn member(&mut self, key: &str, name: &str, sink: &mut Sink) {
        if key.is_empty() {
            return;
        }
        let handle = self.person(key, name, "", sink);
        let room = self.room("", sink);
        if let Some(facts) = self.rooms.get(room).and_then(|r| sink.conversation_facts(r.conversation)) {
            facts.members.push(handle.0);
        }
    }

    /// The file says whose it is.
    pub fn owner_is(&mut self, key: &str, why: &str, sink: &mut Sink) {
        let handle = self.person(key, "", "", sink);
        self.owner = Some(handle);
        let source = sink.source();
        source.owner = Some(Decided { value: text::clean_name(key), basis: Basis::Proven, why: why.to_owned() });
        source.owner_handle = Some(handle.0);
    }

    /// One record; [`Sink::record`] was called.
    pub fn take(&mut self, entry: &Entry<'_>, at: Position, sink: &mut Sink) {
        let ix = self.room(entry.room, sink);
        let Some(room) = self.rooms.get_mut(ix) else { return sink.skip(SkipReason::Malformed, at) };
        // The row is there, whatever becomes of it: its number is no hole.
        room.number(entry, at);
        let Some(time) = entry.time else { return sink.skip(SkipReason::NoTime, at) };
        if entry.kind == Kind::Status {
            return sink.skip(SkipReason::EmptyRecord, at);
        }
        if room.repeats(entry.server, entry.server_text) {
            return sink.skip(SkipReason::Repeated, at);
        }
        self.unknown += u64::from(entry.kind == Kind::Unknown);
        let words = std::str::from_utf8(entry.text).unwrap_or_default();
        let (event, recall) = says(entry.kind, words);
        let notice = recall.is_some() || matches!(entry.kind, Kind::Notice | Kind::Event(_));
        let (prefix, body) = if notice { ("", entry.text) } else { xml::group_prefix(entry.text) };
        let sender = match recall {
            Some(Said::Recall { own, name }) => self.recaller(own, name, entry, ix, sink),
            _ if notice => None,
            _ => self.sender(entry, prefix, ix, sink),
        };
        let absent = entry.kind.has_file() && !entry.path;
        let by_owner = sender.is_some() && sender == self.owner;
        let quoted = if entry.kind == Kind::Quote { xml::quoted(body) } else { Target::default() };
        let draft = Draft {
            conversation: self.rooms.get(ix).map_or(crate::model::ConversationIx(u32::MAX), |r| r.conversation),
            sender,
            time,
            event,
            flags: self.flags(entry, recall.is_some(), absent, sender, by_owner, sink),
            body: if notice { Body::Text(b"") } else { body_of(entry.kind, body, self.rooms.get(ix).is_some_and(|r| sink.looks(Some(r.conversation)))) },
            id: match (entry.server, entry.server_text) {
                (Some(id), _) if id > 0 => Id::Number(id),
                (_, text) if !text.is_empty() => Id::Text(text),
                _ => Id::None,
            },
            reply_to: match quoted.server {
                Some(id) => Id::Number(id),
                None if !entry.answers.is_empty() => Id::Text(entry.answers),
                None => Id::None,
            },
            audience: None,
            position: at,
        };
        if !sink.message(draft) {
            return;
        }
        self.last = Some((ix, time));
        let Some(room) = self.rooms.get_mut(ix) else { return };
        room.note(entry, sender, by_owner, time);
        room.target(quoted, entry.answers, time, at);
        room.tombstones.add(u64::from(recall.is_some()), (sink.current_part(), at), time);
        room.absent.add(u64::from(absent), (sink.current_part(), at), time);
    }

    fn flags(&self, entry: &Entry<'_>, recalled: bool, absent: bool, sender: Option<HandleIx>, by_owner: bool, sink: &mut Sink) -> Flags {
        let machine = sender.and_then(|h| sink.handle_facts(h)).is_some_and(|f| f.bot);
        Flags::NONE.with_attachments(usize::from(entry.kind.has_file())).with_those([
            (recalled, Flags::DELETED),
            (absent, Flags::MEDIA_ABSENT),
            (entry.inferred, Flags::TIME_INFERRED),
            (entry.kind == Kind::Forwarded, Flags::FORWARDED),
            (machine, Flags::AUTOMATIC),
            (by_owner, Flags::BY_OWNER),
            (sender.is_some() && !by_owner && (entry.from == From::Other || recalled), Flags::TO_OWNER),
        ])
    }

    /// The room with this key, made when new. An empty key is the only conversation of the file.
    fn room(&mut self, key: &str, sink: &mut Sink) -> usize {
        if let Some(ix) = self.index.get(key) {
            return *ix;
        }
        let only = !self.whole.key.is_empty();
        let (name, told) = match (only, xml::is_account(key)) {
            (_, true) => (key.to_owned(), true),
            (true, false) => (self.whole.key.clone(), true),
            // What the account is may come out at the end.
            _ => (format!("{}#{key}", self.path), false),
        };
        let title = if told && name != self.whole.key { "" } else { &self.whole.title };
        let kind = match (self.whole.group, &name) {
            (Some(true), _) => ConversationKind::Group,
            (_, name) if name.ends_with("@chatroom") => ConversationKind::Group,
            (Some(false), _) => ConversationKind::Direct,
            _ if told => ConversationKind::Direct,
            _ => ConversationKind::Unknown,
        };
        let conversation = sink.conversation(self.channel, &name, title, kind);
        self.rooms.push(Room::new(conversation, name, told, self.own_counters));
        self.index.insert(key.into(), self.rooms.len() - 1);
        self.rooms.len() - 1
    }

    /// Who wrote a record.
    fn sender(&mut self, entry: &Entry<'_>, prefix: &str, ix: usize, sink: &mut Sink) -> Option<HandleIx> {
        let told = if entry.sender.is_empty() || entry.sender == "我" { prefix } else { entry.sender };
        let by_name = entry.from == From::Unsaid && !told.is_empty() && self.stated.as_deref() == Some(told);
        if entry.from == From::Owner || by_name {
            let stated = self.stated.clone();
            let key = if xml::is_account(told) { told } else { stated.as_deref().unwrap_or("me") };
            let handle = self.person(key, if key == told { entry.name } else { "" }, "", sink);
            if self.owner != Some(handle) {
                self.owner = Some(handle);
                if key != "me" {
                    let basis = if key == told { Basis::Proven } else { Basis::Stated };
                    let why = if key == told { "the rows that this account sent are marked" } else { "" };
                    let source = sink.source();
                    source.owner = Some(Decided { value: text::clean_name(key), basis, why: why.to_owned() });
                    source.owner_handle = Some(handle.0);
                }
            }
            return Some(handle);
        }
        if !told.is_empty() {
            return Some(self.person(told, entry.name, entry.alias, sink));
        }
        let room = self.rooms.get(ix)?;
        let peer = room.told && !room.key.ends_with("@chatroom") && entry.from == From::Other;
        let key = if peer { room.key.clone() } else { [entry.name, entry.alias].into_iter().find(|n| !n.is_empty())?.to_owned() };
        let title = if peer { self.whole.title.clone() } else { String::new() };
        Some(self.person(&key, if peer && entry.name.is_empty() { &title } else { entry.name }, entry.alias, sink))
    }

    /// Who took a message back: the owner, or the one of this name in the conversation.
    fn recaller(&mut self, own: bool, name: &str, entry: &Entry<'_>, ix: usize, sink: &mut Sink) -> Option<HandleIx> {
        if own {
            let key = self.stated.clone().unwrap_or_else(|| "me".to_owned());
            let handle = self.owner.unwrap_or_else(|| self.person(&key, "", "", sink));
            self.owner.get_or_insert(handle);
            return Some(handle);
        }
        if xml::is_account(entry.sender) && entry.from != From::Owner {
            return Some(self.person(entry.sender, entry.name, entry.alias, sink));
        }
        let room = self.rooms.get(ix)?;
        let known = room.names.get(name).copied();
        let peer = (room.told && xml::is_account(&room.key) && !room.key.ends_with("@chatroom")).then(|| room.key.clone());
        known.or_else(|| peer.map(|key| self.person(&key, name, "", sink)))
    }

    fn person(&self, key: &str, name: &str, alias: &str, sink: &mut Sink) -> HandleIx {
        let handle = sink.handle(self.channel, key);
        let shown = if alias.is_empty() { name } else { alias };
        if let Some(facts) = sink.handle_facts(handle) {
            if facts.name.is_empty() && !shown.is_empty() && shown != key {
                facts.name = text::clean_name(shown);
            }
            if key.starts_with("gh_") || matches!(key, "weixin" | "newsapp" | "fmessage" | "medianote" | "notifymessage") {
                (facts.bot, facts.impersonal) = (true, true);
            }
        }
        handle
    }

    /// All is read: says what it proves.
    pub fn end(&mut self, whole: bool, sink: &mut Sink) {
        let rooms = std::mem::take(&mut self.rooms);
        let only = rooms.len() == 1;
        for (what, id, n) in [
            (
                "Numbers of the server were rounded by a table program (7.43727E+18): messages cannot be told apart by them. Export again and do not save the table in between",
                "wechat_ids_rounded",
                self.mangled,
            ),
            ("Records of a type this version does not know were kept as messages", "wechat_unknown_type", self.unknown),
        ] {
            if n > 0 {
                sink.notice(id, what, n);
            }
        }
        if !self.own_counters {
            super::room::shared_counter(&rooms, whole, sink);
        }
        for room in rooms {
            room.close(only, &self.whole, self.owner, sink);
        }
    }
}

/// The event a record tells, or the recall it stands for; neither for messages.
fn says(kind: Kind, words: &str) -> (Option<EventKind>, Option<Said<'_>>) {
    match kind {
        Kind::Recall => match said(words) {
            recall @ Said::Recall { .. } => (None, Some(recall)),
            Said::Event(_) => (None, Some(Said::Recall { own: false, name: "" })),
        },
        Kind::Notice => match said(words) {
            Said::Event(event) => (Some(event), None),
            recall => (None, Some(recall)),
        },
        Kind::Event(event) => (Some(event), None),
        Kind::Call => (Some(EventKind::Call), None),
        _ => (None, None),
    }
}

/// What there is to read of a record: its text, the title of a card, the name of a file.
fn body_of(kind: Kind, text: &[u8], sample: bool) -> Body<'_> {
    let is_xml = text.trim_ascii_start().starts_with(b"<");
    match kind {
        Kind::Text | Kind::Unknown if !is_xml => Body::Text(text),
        Kind::Quote | Kind::Card | Kind::Forwarded if !is_xml => Body::Text(text),
        Kind::Quote | Kind::Card | Kind::Forwarded => {
            let mut gather = Gather::of(sample);
            gather.add(xml::title(text).as_bytes());
            Body::Facts(gather.facts())
        }
        Kind::File => {
            let mut gather = Gather::of(sample);
            let title = xml::title(text);
            gather.file(if is_xml { title.as_bytes() } else { text });
            Body::Facts(gather.facts())
        }
        Kind::Text | Kind::Unknown => Body::Text(text),
        _ => Body::Text(b""),
    }
}

/// Statements of content that is not there.
pub fn tell(tombstones: &Tally, absent: &Tally, conversation: crate::model::ConversationIx, sink: &mut Sink) {
    tombstones.tell(StatementKind::Tombstone, Some(conversation), "messages taken back (recalled)", sink);
    absent.tell(StatementKind::MediaAbsent, Some(conversation), "pictures, voice, files: not in the export", sink);
}
