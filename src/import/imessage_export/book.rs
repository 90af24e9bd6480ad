//! Turns what the shapes find into records: people, the conversation of the file, deleted messages, absent files.

use crate::import::Options;
use crate::import::counter::Counter;
use crate::import::sink::{Body, ChannelIx, Clock, Draft, Id, Map, Sink};
use crate::import::tally::Tally;
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};
use crate::text;

/// What the owner is called in the files.
const ME: &str = "Me";
/// Reactions of one message that are kept.
const REACTIONS: usize = 1000;

/// One record as a shape has read it. Used again for the next.
#[derive(Debug, Default)]
pub struct Found {
    /// Where it begins.
    pub at: Position,
    /// Its time.
    pub time: Option<Clock>,
    /// Who, as written; empty for nobody.
    pub sender: Vec<u8>,
    /// Another name of the sender.
    pub name: Vec<u8>,
    /// By the owner.
    pub own: bool,
    /// Text.
    pub text: Vec<u8>,
    /// Not a message but this.
    pub event: Option<EventKind>,
    /// Files named, and those of them that are not there.
    pub files: usize,
    /// See `files`.
    pub lost: usize,
    /// Edited.
    pub edited: bool,
    /// Unsent or deleted.
    pub deleted: bool,
    /// On the channel of text messages.
    pub sms: bool,
    /// The id of the message, where the shape gives it.
    pub guid: Vec<u8>,
    /// What it answers.
    pub target: Vec<u8>,
    /// Its conversation, where the file holds several.
    pub chat: Vec<u8>,
    /// Row id of the database.
    pub row: Option<u64>,
    /// Reactions to it, as written: `Loved by Me`.
    pub reactions: Vec<Vec<u8>>,
}

impl Found {
    /// Empties it for the next record at this place.
    pub fn begin(&mut self, at: Position) {
        let (mut text, mut sender) = (std::mem::take(&mut self.text), std::mem::take(&mut self.sender));
        text.clear();
        sender.clear();
        *self = Self { at, text, sender, ..Self::default() };
    }

    /// A line more of text.
    pub fn line(&mut self, line: &[u8]) {
        if self.text.len() + line.len() < crate::import::bytes::RECORD_LIMIT {
            if !self.text.is_empty() {
                self.text.push(b'\n');
            }
            self.text.extend_from_slice(line);
        }
    }

    /// A reaction to it.
    pub fn reaction(&mut self, line: &[u8]) {
        if self.reactions.len() < REACTIONS {
            self.reactions.push(line.to_vec());
        }
    }
}

/// The conversation of one file.
pub struct Book {
    stem: String,
    stated: Option<String>,
    channels: [Option<ChannelIx>; 2],
    handles: Map<(ChannelIx, Box<[u8]>), HandleIx>,
    conversations: Map<(ChannelIx, Box<[u8]>), Talk>,
    order: Vec<ConversationIx>,
    owner: Option<HandleIx>,
    deleted: Tally,
    lost: Tally,
    ids: Counter,
    last: Option<Clock>,
}

#[derive(Clone, Copy)]
struct Talk {
    conversation: ConversationIx,
    /// Who else wrote: the first, and whether there was another.
    other: Option<HandleIx>,
    several: bool,
}

/// Name of a file without its extension and the number a second download gets.
fn stem(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let cut = [".txt", ".html", ".htm", ".ndjson", ".jsonl", ".json"].iter().find_map(|e| lower.strip_suffix(e)).map_or(name.len(), str::len);
    let stem = name.get(..cut).unwrap_or(name);
    let stem = stem.strip_suffix(')').and_then(|s| s.rsplit_once(" (")).filter(|(_, n)| n.bytes().all(|b| b.is_ascii_digit())).map_or(stem, |(s, _)| s);
    text::clean_name(stem)
}

impl Book {
    /// For a file.
    pub fn new(name: &str, options: &Options) -> Self {
        Self {
            stem: stem(name),
            stated: options.owner.as_deref().map(|o| key(o.as_bytes())).filter(|o| !o.is_empty()),
            channels: [None; 2],
            handles: Map::default(),
            conversations: Map::default(),
            order: Vec::new(),
            owner: None,
            deleted: Tally::default(),
            lost: Tally::default(),
            ids: Counter::default(),
            last: None,
        }
    }

    fn channel(&mut self, sms: bool, sink: &mut Sink) -> ChannelIx {
        let slug = if sms { "sms" } else { "imessage" };
        match self.channels.get_mut(usize::from(sms)) {
            Some(slot) => *slot.get_or_insert_with(|| sink.channel(slug)),
            None => sink.channel(slug),
        }
    }

    fn handle(&mut self, channel: ChannelIx, written: &[u8], name: &[u8], sink: &mut Sink) -> Option<HandleIx> {
        if let Some(known) = self.handles.get(&(channel, written.into())) {
            return Some(*known);
        }
        let key = key(written);
        if key.is_empty() {
            return None;
        }
        let handle = sink.handle(channel, &key);
        if let Some(facts) = sink.handle_facts(handle) {
            let name = text::clean_name(&String::from_utf8_lossy(name));
            if name != key {
                facts.name = name;
            }
            if key.contains('@') {
                facts.email = key;
            } else if let Some(phone) = text::phone(&key) {
                facts.phone = phone;
            }
        }
        if self.handles.len() < 1 << 16 {
            self.handles.insert((channel, written.into()), handle);
        }
        Some(handle)
    }

    fn me(&mut self, channel: ChannelIx, written: &[u8], sink: &mut Sink) -> Option<HandleIx> {
        let stated = self.stated.clone();
        let written = if written.is_empty() { ME.as_bytes() } else { written };
        let handle = self.handle(channel, stated.as_deref().map_or(written, str::as_bytes), b"", sink);
        self.owner = self.owner.or(handle);
        handle
    }

    fn talk(&mut self, channel: ChannelIx, chat: &[u8], sink: &mut Sink) -> Talk {
        if let Some(known) = self.conversations.get(&(channel, chat.into())) {
            return *known;
        }
        let named = if chat.is_empty() { self.stem.clone() } else { text::clean_name(&String::from_utf8_lossy(chat)) };
        let title = if chat.is_empty() { named.as_str() } else { "" };
        // `Name, Name - 12`: participants, and the number of the chat where the names alone are not enough.
        let group = title.contains(", ") || title.rsplit_once(" - ").is_some_and(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        let kind = match () {
            () if title == "orphaned" => ConversationKind::Unknown,
            () if group => ConversationKind::Group,
            () => ConversationKind::Direct,
        };
        let conversation = sink.conversation(channel, &named, title, kind);
        self.order.push(conversation);
        let talk = Talk { conversation, other: None, several: false };
        self.conversations.insert((channel, chat.into()), talk);
        talk
    }

    /// A record, and the reactions to it.
    pub fn put(&mut self, found: &Found, sink: &mut Sink) {
        sink.record();
        if let Some(row) = found.row {
            let time = found.time.map(|t| Clock::Utc(sink.stored(t)));
            self.ids.hold(row, time, Position::byte(found.at.offset));
        }
        let Some(time) = found.time else { return sink.skip(SkipReason::NoTime, found.at) };
        let channel = self.channel(found.sms, sink);
        let mut talk = self.talk(channel, &found.chat, sink);
        let sender = if found.own { self.me(channel, &found.sender, sink) } else { self.handle(channel, &found.sender, &found.name, sink) };
        if !found.own
            && let Some(sender) = sender
        {
            talk.several |= talk.other.is_some_and(|o| o != sender);
            talk.other = talk.other.or(Some(sender));
            self.conversations.insert((channel, found.chat.as_slice().into()), talk);
        }
        let stored = sink.stored(time);
        let bare = found.event.is_none() && !found.deleted && found.text.is_empty() && found.files == 0;
        let flags = Flags::NONE.with_attachments(found.files).with_those([
            (found.own, Flags::BY_OWNER),
            (!found.own && sender.is_some(), Flags::TO_OWNER),
            (found.edited, Flags::EDITED),
            (found.deleted, Flags::DELETED),
            (found.lost > 0, Flags::MEDIA_ABSENT),
            (bare, Flags::NO_CONTENT),
        ]);
        let id = |bytes: &'_ [u8]| !bytes.is_empty();
        let draft = Draft {
            conversation: talk.conversation,
            sender,
            time,
            event: found.event,
            flags,
            body: Body::Text(if found.event.is_some() { b"" } else { &found.text }),
            id: if id(&found.guid) { Id::Text(&found.guid) } else { Id::None },
            reply_to: if id(&found.target) { Id::Text(&found.target) } else { Id::None },
            audience: None,
            position: found.at,
        };
        let kept = sink.message(draft);
        if kept {
            self.deleted.add(u64::from(found.deleted), found.at, stored);
            self.lost.add(found.lost as u64, found.at, stored);
            self.last = Some(time);
        }
        for reaction in &found.reactions {
            sink.record();
            let by = memchr::memmem::rfind(reaction, b" by ").and_then(|n| reaction.get(n + 4..)).unwrap_or_default().trim_ascii();
            let own = by == ME.as_bytes();
            let sender = if own { self.me(channel, by, sink) } else { self.handle(channel, by, b"", sink) };
            let flags = if own { Flags::BY_OWNER } else { Flags::NONE };
            // When somebody reacted is not written: not before the message.
            let draft = Draft {
                sender,
                event: Some(EventKind::Reaction),
                flags: flags.with(Flags::TIME_INFERRED),
                body: Body::Text(b""),
                id: Id::None,
                reply_to: draft.id,
                ..draft
            };
            sink.message(draft);
        }
    }

    /// Time of the last record.
    pub const fn last(&self) -> Option<Clock> {
        self.last
    }

    /// The key of a conversation: the other party of two, else the chat by its number or file name; with the owner where they are named,
    /// since numbers of chats and names of files are the same on many devices.
    fn key_of(&self, talk: Talk, own: Option<&str>, sink: &mut Sink) -> Option<String> {
        let facts = sink.conversation_facts(talk.conversation)?;
        let (key, numbered) = (facts.key.clone(), facts.title.is_empty());
        let other = talk.other.filter(|_| !talk.several && numbered).and_then(|h| sink.handle_facts(h)).map(|h| h.key.clone());
        let named = other.unwrap_or(if numbered { format!("chat {key}") } else { key });
        Some(match own {
            Some(own) if self.stated.is_some() && !numbered => {
                let mut both = [named.as_str(), own];
                both.sort_unstable();
                both.join(",")
            }
            Some(own) if own != ME => format!("{named} on {own}"),
            _ => named,
        })
    }

    /// The file is read.
    pub fn finish(&mut self, sink: &mut Sink) {
        let own = self.owner.and_then(|h| sink.handle_facts(h)).map(|h| h.key.clone());
        let kinds: Vec<Talk> = self.order.iter().filter_map(|c| self.conversations.values().find(|t| t.conversation == *c)).copied().collect();
        for talk in kinds {
            let members = talk.other.filter(|_| !talk.several).into_iter().chain(self.owner);
            let members: Vec<u32> = members.map(|h| h.0).collect();
            let key = self.key_of(talk, own.as_deref(), sink);
            if let Some(facts) = sink.conversation_facts(talk.conversation) {
                if talk.several && facts.kind == ConversationKind::Direct {
                    facts.kind = ConversationKind::Group;
                }
                facts.members.extend(members);
                facts.key = text::bounded(&key.unwrap_or_default(), 1000).to_owned();
            }
        }
        self.deleted.tell(StatementKind::Tombstone, None, "unsent or deleted", sink);
        self.lost.tell(StatementKind::MediaAbsent, None, "attachments not found by the exporter", sink);
        std::mem::take(&mut self.ids).tell_rows(false, None, "ROWID", sink);
        let source = sink.source();
        if let Some(value) = own {
            let (basis, why) = match () {
                () if self.stated.is_some() => (Basis::Stated, "stated"),
                () if value == ME => (Basis::Assumed, "what the exporter calls the owner"),
                () => (Basis::Proven, "the address of messages that were sent"),
            };
            source.owner = Some(Decided { value, basis, why: why.to_owned() });
            source.owner_handle = self.owner.map(|h| h.0);
        }
        source.channel = match self.channels {
            [Some(_), Some(_)] => String::new(),
            [None, Some(_)] => "sms".to_owned(),
            _ => "imessage".to_owned(),
        };
        if self.owner.is_none() || source.owner.as_ref().is_some_and(|o| o.value == ME) {
            sink.notice("owner_unknown", "The file does not say whose phone it comes from", 1);
        }
    }
}

/// A number, an address or a name as a key.
fn key(written: &[u8]) -> String {
    let written = String::from_utf8_lossy(written.get(..written.len().min(800)).unwrap_or_default());
    let written = written.trim();
    match text::phone(written) {
        Some(phone) => phone,
        None if written.contains('@') && !written.contains(' ') => text::clean_name(&written.to_lowercase()),
        None => text::clean_name(written),
    }
}

/// Whether a line says that a message is gone: `You unsent a message`, `Ana deleted this message`.
pub fn says_gone(line: &[u8]) -> bool {
    [&b" unsent a message"[..], b" unsent this message", b" deleted a message", b" deleted this message", b"This message was deleted from the conversation!"]
        .iter()
        .any(|w| memchr::memmem::find(line, w).is_some())
}

/// A line of what happened (`You named the conversation "Team"`): whose doing, and what. A message that is gone is a message.
pub fn announce(line: &[u8], found: &mut Found) {
    const WHAT: [(&[u8], EventKind); 11] = [
        (b" renamed the conversation", EventKind::Renamed),
        (b" named the conversation", EventKind::Renamed),
        (b" removed the group photo", EventKind::Renamed),
        (b" changed the group", EventKind::Renamed),
        (b" changed the chat background", EventKind::Renamed),
        (b" left the conversation", EventKind::Left),
        (b" added ", EventKind::Joined),
        (b" removed ", EventKind::Left),
        (b" kept ", EventKind::Other),
        (b" started ", EventKind::Other),
        (b" stopped ", EventKind::Other),
    ];
    found.deleted = says_gone(line);
    let verb = if found.deleted {
        [&b" unsent "[..], b" deleted "].iter().find_map(|w| memchr::memmem::find(line, w)).map(|n| (n, None))
    } else {
        WHAT.iter().find_map(|(w, kind)| memchr::memmem::find(line, w).map(|n| (n, Some(*kind))))
    };
    let (end, kind) = verb.unwrap_or((0, Some(EventKind::Other)));
    found.event = kind;
    let who = line.get(..end).unwrap_or_default().trim_ascii();
    found.own = who == b"You";
    found.sender.clear();
    if !found.own {
        found.sender.extend_from_slice(who);
    }
}
