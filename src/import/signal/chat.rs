//! One chat of a form that knows people by their names only (signal-export, signalbackup-tools text): who wrote, whose it is, what it proves.

use crate::features::{Facts, Gather};
use crate::import::Options;
use crate::import::chat_key::chat_key;
use crate::import::sink::{Body, Clock, Draft, Id, Map, Sink};
use crate::model::ledger::{Basis, Decided};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::{ConversationIx, HandleIx};
use crate::text;

use super::room::Room;

/// What signal-export writes for the owner's own messages.
const ME: &str = "Me";
/// What it writes where the sender is not known.
const NOBODY: &[u8] = b"No-Sender";

/// A record on its way.
pub struct Record {
    /// Name as written; empty for none.
    pub sender: Vec<u8>,
    /// Wall clock.
    pub time: i64,
    /// An event, if it is one.
    pub event: Option<EventKind>,
    /// Text.
    pub text: Gather,
    /// Deleted for everyone.
    pub deleted: bool,
    /// Attachments.
    pub attachments: usize,
    /// Of those, not exported.
    pub absent: u64,
    /// Of those, whose file does not lie there.
    pub lost: u64,
    /// A timer was set: seconds, 0 = off.
    pub timer: Option<u64>,
    /// Place.
    pub at: Position,
}

impl Record {
    /// At a place and time.
    pub fn new(sender: &[u8], time: i64, at: Position, sample: bool) -> Self {
        Self { sender: sender.to_vec(), time, event: None, text: Gather::of(sample), deleted: false, attachments: 0, absent: 0, lost: 0, timer: None, at }
    }
}

/// Writer of a chat.
struct Writer {
    name: String,
    handle: HandleIx,
    me: bool,
}

/// A chat being read.
pub struct Chat {
    title: String,
    stated: Option<String>,
    /// The form names the owner `Me`.
    names_me: bool,
    writers: Vec<Writer>,
    by_bytes: Map<Box<[u8]>, usize>,
    conversation: Option<ConversationIx>,
    room: Room,
    group: bool,
    records: u64,
}

impl Chat {
    /// A chat with the title its folder or file tells; may be empty.
    pub fn new(title: &str, names_me: bool, options: &Options) -> Self {
        Self {
            title: text::clean_name(title),
            stated: options.owner.clone(),
            names_me,
            writers: Vec::new(),
            by_bytes: Map::default(),
            conversation: None,
            room: Room::default(),
            group: false,
            records: 0,
        }
    }

    /// Whether the words of the next message are looked at.
    pub fn sampled(&self, sink: &Sink) -> bool {
        sink.looks(self.conversation)
    }

    /// Whether this form names the owner `Me`.
    pub const fn names_me(&mut self, does: bool) {
        self.names_me = does;
    }

    /// Time of the last record.
    pub const fn last(&self) -> Option<Clock> {
        self.room.last
    }

    /// Its conversation, once it has a record.
    pub const fn conversation(&self) -> Option<ConversationIx> {
        self.conversation
    }

    /// Records so far.
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// A record was seen.
    pub fn take(&mut self, record: Record, sink: &mut Sink) {
        sink.record();
        self.records += 1;
        let conversation = match self.conversation {
            Some(known) => known,
            None => {
                let channel = sink.channel("signal");
                // Its key is known only at the end; until then one that no other has.
                let key = format!("?{}:{}", sink.rows(), sink.source().path);
                let made = sink.conversation(channel, &key, &self.title, ConversationKind::Unknown);
                self.conversation = Some(made);
                self.room = Room::of(made);
                made
            }
        };
        let writer = self.writer(&record.sender, sink);
        let facts: Facts = record.text.facts();
        let by_me = writer.is_some_and(|w| w.1);
        let owned = self.names_me || self.stated.is_some();
        let flags = Flags::NONE.with_attachments(record.attachments).with_those([
            (record.deleted, Flags::DELETED),
            (record.absent + record.lost > 0, Flags::MEDIA_ABSENT),
            (by_me, Flags::BY_OWNER),
            (owned && writer.is_some() && !by_me && record.event.is_none(), Flags::TO_OWNER),
        ]);
        let draft = Draft {
            conversation,
            sender: writer.map(|w| w.0),
            time: Clock::Written(record.time),
            event: record.event,
            flags,
            body: Body::Facts(facts),
            id: Id::None,
            reply_to: Id::None,
            audience: None,
            position: record.at,
        };
        if !sink.message(draft) {
            return;
        }
        let clock = Clock::Written(record.time);
        self.group |= matches!(record.event, Some(EventKind::Created | EventKind::Joined | EventKind::Left));
        self.room.last = Some(clock);
        self.room.deleted.add(u64::from(record.deleted), record.at, clock);
        self.room.media.add(record.absent, record.at, clock);
        self.room.lost.add(record.lost, record.at, clock);
        if let Some(seconds) = record.timer {
            self.room.set_timer(seconds, Some(clock), record.at, sink);
        }
    }

    /// Handle, and whether it is the owner.
    fn writer(&mut self, name: &[u8], sink: &mut Sink) -> Option<(HandleIx, bool)> {
        if name.is_empty() || name == NOBODY {
            return None;
        }
        if let Some(known) = self.by_bytes.get(name).and_then(|ix| self.writers.get(*ix)) {
            return Some((known.handle, known.me));
        }
        let shown = text::clean_name(&String::from_utf8_lossy(name));
        if shown.is_empty() {
            return None;
        }
        let stated = self.stated.as_deref().filter(|s| !s.is_empty());
        let me = if self.names_me { shown == ME } else { stated.is_some_and(|s| text::folded(s) == text::folded(&shown)) };
        let key = stated.filter(|_| me).map_or_else(|| shown.clone(), text::clean_name);
        let channel = sink.channel("signal");
        let handle = sink.handle(channel, &key);
        if let (Some(phone), Some(facts)) = (text::phone(&key), sink.handle_facts(handle)) {
            facts.phone = phone;
        }
        let ix = self.writers.iter().position(|w| w.handle == handle).unwrap_or_else(|| {
            self.writers.push(Writer { name: key, handle, me });
            self.writers.len() - 1
        });
        self.by_bytes.insert(name.into(), ix);
        Some((handle, me))
    }

    /// Its records have ended.
    pub fn close(&mut self, sink: &mut Sink) {
        if self.conversation.is_some() {
            self.settle(sink);
            self.room.close(sink);
        }
        self.owner(sink);
    }

    /// A chat between two is named after the other; a group bears a name that nobody in it has.
    fn settle(&mut self, sink: &mut Sink) {
        let bare = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        let title = bare(&self.title);
        let others = self.writers.iter().filter(|w| !w.me).count();
        let after_one = title.is_empty() || self.writers.iter().any(|w| bare(&w.name) == title);
        let most = if self.names_me { 1 } else { 2 };
        let group = self.group || others > most || (!after_one && others > 0 && self.names_me);
        let mut names: Vec<String> = self.writers.iter().map(|w| text::folded(&w.name)).collect();
        let mut members: Vec<u32> = self.writers.iter().map(|w| w.handle.0).collect();
        if !group && others == 0 && !self.title.is_empty() {
            names.push(text::folded(&self.title));
            let channel = sink.channel("signal");
            members.push(sink.handle(channel, &self.title).0);
        }
        names.sort_unstable();
        names.dedup();
        let key = chat_key(group, &self.title, &names);
        let shown = if self.title.is_empty() { self.writers.iter().map(|w| w.name.as_str()).collect::<Vec<_>>().join(", ") } else { self.title.clone() };
        let Some(facts) = self.conversation.and_then(|c| sink.conversation_facts(c)) else { return };
        facts.key = text::bounded(&key, 1000).to_owned();
        facts.title = text::clean_name(&shown);
        facts.kind = if group { ConversationKind::Group } else { ConversationKind::Direct };
        facts.members = members;
    }

    fn owner(&self, sink: &mut Sink) {
        let me = self.writers.iter().find(|w| w.me);
        let (basis, why) = match (&self.stated, self.names_me) {
            (Some(_), _) => (Basis::Stated, "stated"),
            (None, true) => (Basis::Proven, "signal-export writes the owner's own messages under the name Me"),
            (None, false) if self.records > 0 => return sink.notice("owner_unknown", "The file does not say whose phone it comes from", 1),
            (None, false) => return,
        };
        let value = self.stated.clone().unwrap_or_else(|| ME.to_owned());
        let source = sink.source();
        if let Some(me) = me {
            source.owner = Some(Decided { value, basis, why: why.to_owned() });
            source.owner_handle = Some(me.handle.0);
        }
    }
}
