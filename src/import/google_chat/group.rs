//! One group while its messages are read: topics, quotes, deleted messages, files.

use std::hash::BuildHasher as _;

use crate::import::json::{each, items, word};
use crate::import::sink::{Body, Clock, Draft, Id, Map, Sink};
use crate::import::tally::{Place, Tally};
use crate::model::ConversationIx;
use crate::model::ledger::SkipReason;
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;

use super::date;
use super::layout;
use super::people::People;
use super::record::Item;

/// With history off messages vanish after a day (support.google.com/chat/answer/7664687).
const VANISH: u64 = 86_400;
/// Beginning of a name that survives whatever shortened it on its way into the archive.
const NAME: usize = 40;

/// Files that lie beside the messages of an export.
#[derive(Default)]
pub struct Media {
    names: Map<String, ()>,
    /// Absent files are known to be lost: others are there, and the export is whole.
    pub proves: bool,
}

impl Media {
    /// From the names of the members that are no lists. `partial`: the archive is one of several.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>, partial: bool) -> Self {
        let names: Map<String, ()> = names.map(|n| (bounded(n).to_owned(), ())).collect();
        Self { proves: !names.is_empty() && !partial, names }
    }

    fn has(&self, folder: &str, name: &str) -> bool {
        let full = format!("{folder}/{name}");
        self.names.contains_key(bounded(&full))
    }
}

/// Folder and first bytes of the file name.
fn bounded(name: &str) -> &str {
    let file = layout::folder(name).len() + 1;
    crate::text::bounded(name, file + NAME)
}

/// A group being read.
pub struct Group {
    /// Its folder; empty for one file.
    pub folder: String,
    conversation: Option<ConversationIx>,
    held: Map<u64, ()>,
    targets: Vec<(u64, Place, i64)>,
    deleted: [Tally; 3],
    absent: Tally,
    lost: Tally,
    off: Option<(i64, Place)>,
    last: Option<i64>,
    scratch: Vec<u8>,
    hash: foldhash::fast::FixedState,
}

/// Who deleted, as `deletion_type` says it.
const BY: [(&str, &str); 3] = [("CREATOR", "deleted by their author"), ("ADMIN", "deleted by an administrator"), ("", "deleted")];

impl Group {
    /// For a folder.
    pub fn new(folder: &str, conversation: Option<ConversationIx>) -> Self {
        Self {
            folder: folder.to_owned(),
            conversation,
            held: Map::default(),
            targets: Vec::new(),
            deleted: Default::default(),
            absent: Tally::default(),
            lost: Tally::default(),
            off: None,
            last: None,
            scratch: Vec::new(),
            hash: foldhash::fast::FixedState::with_seed(11),
        }
    }

    /// Whether the words of its next message are looked at.
    pub fn sampled(&self, sink: &Sink) -> bool {
        sink.looks(self.conversation)
    }

    /// Its place in the batch, when it is known.
    pub const fn conversation(&self) -> Option<ConversationIx> {
        self.conversation
    }

    /// The last time read, microseconds UTC.
    pub const fn last(&self) -> Option<i64> {
        self.last
    }

    fn enter(&mut self, id: &str, people: &mut People, sink: &mut Sink) -> ConversationIx {
        if let Some(known) = self.conversation {
            return known;
        }
        let from_id = id.split('/').next().filter(|g| !g.is_empty() && *g != id);
        let own = layout::id(&self.folder);
        let key = from_id.unwrap_or(if own.is_empty() { "messages" } else { own }).to_owned();
        let channel = people.channel(sink);
        let conversation = sink.conversation(channel, &key, "", ConversationKind::Unknown);
        self.conversation = Some(conversation);
        conversation
    }

    /// One record.
    pub fn take(&mut self, item: &Item<'_>, at: Position, media: &Media, people: &mut People, sink: &mut Sink) {
        sink.record();
        let id = item.id.owned();
        let conversation = self.enter(&id, people, sink);
        let written = date::parse(item.created.decode(&mut self.scratch));
        let Some(time) = written.or(self.last) else { return sink.skip(SkipReason::NoTime, at) };
        if written.is_none() {
            let what = "Dates that this version cannot read: those messages were given the time of the message before them. Set the account to English and export again for exact times.";
            sink.notice("unparsed_date", what, 1);
        }
        let place = (sink.current_part(), at);
        let lost = self.files(item, media);
        let parent = self.parent(item, &id);
        let sender = people.of(item.creator, sink);
        if People::removed(item.creator) {
            sink.notice("google_deleted_user", "Messages of accounts that were removed: the export shows them as Deleted User, or without a sender.", 1);
        }
        let event = self.event(item, time, place, conversation, sink);
        let draft = Draft {
            conversation,
            sender,
            time: Clock::Utc(time),
            event,
            flags: flags(item, written.is_none(), lost, sender, people),
            body: Body::Facts(item.facts),
            id: if id.is_empty() { Id::None } else { Id::Text(id.as_bytes()) },
            reply_to: parent.as_ref().map_or(Id::None, |p| Id::Text(p.as_bytes())),
            audience: None,
            position: at,
        };
        if !sink.message(draft) {
            return;
        }
        self.last = Some(time);
        self.held.insert(self.hash.hash_one(id.as_bytes()), ());
        for target in [parent, root(&id).filter(|r| *r != id)].into_iter().flatten() {
            self.targets.push((self.hash.hash_one(target.as_bytes()), place, time));
        }
        if item.deleted {
            let by = item.deletion.owned();
            let kind = BY.iter().position(|(word, _)| by.contains(word)).unwrap_or(2);
            if let Some(tally) = self.deleted.get_mut(kind) {
                tally.add(1, place, time);
            }
        }
        (if media.proves { &mut self.lost } else { &mut self.absent }).add(lost, place, time);
    }

    /// Files that are named and do not lie in the folder.
    fn files(&self, item: &Item<'_>, media: &Media) -> u64 {
        let mut lost = 0;
        items(item.files, |file| {
            each(file, |key, value| {
                if key == b"export_name" && !media.has(&self.folder, &word(value).owned()) {
                    lost += 1;
                }
            });
        });
        lost
    }

    /// What a message answers: what it quotes, else the first message of its topic.
    fn parent(&self, item: &Item<'_>, id: &str) -> Option<String> {
        if !item.quoted.is_empty() {
            return Some(item.quoted.owned());
        }
        root(id).filter(|r| r != id)
    }

    fn event(&mut self, item: &Item<'_>, time: i64, place: Place, conversation: ConversationIx, sink: &mut Sink) -> Option<EventKind> {
        match item.history {
            Some(false) => {
                self.off.get_or_insert((time, place));
                return Some(EventKind::TimerOn);
            }
            Some(true) => {
                self.end_timer(Some(time), conversation, sink);
                return Some(EventKind::TimerOff);
            }
            None => {}
        }
        item.is_stub().then(|| item.told.unwrap_or(EventKind::Other))
    }

    fn end_timer(&mut self, to: Option<i64>, conversation: ConversationIx, sink: &mut Sink) {
        if let Some((from, (part, at))) = self.off.take() {
            let detail = "history is off: messages vanish after a day";
            sink.statement(StatementKind::Timer, Some(conversation), Some(Clock::Utc(from)), to.map(Clock::Utc), VANISH, at, detail);
            sink.statement_stands_in(part);
        }
    }

    /// All its messages are read: says what they prove.
    pub fn close(mut self, sink: &mut Sink) {
        let Some(conversation) = self.conversation else { return };
        self.end_timer(None, conversation, sink);
        for (tally, (_, detail)) in self.deleted.iter().zip(BY) {
            tally.tell(StatementKind::Tombstone, Some(conversation), detail, sink);
        }
        self.absent.tell(StatementKind::MediaAbsent, Some(conversation), "files not in this export", sink);
        self.lost.tell(StatementKind::FileLost, Some(conversation), "named, but not in the folder of the group", sink);
        let mut absent = Tally::default();
        for (target, place, time) in std::mem::take(&mut self.targets) {
            if self.held.insert(target, ()).is_none() {
                absent.add(1, place, time);
            }
        }
        absent.tell(StatementKind::AbsentTarget, Some(conversation), "first messages of topics, or quoted messages", sink);
    }
}

/// The first message of a topic: `<group>/<topic>/<topic>`.
fn root(id: &str) -> Option<String> {
    let mut parts = id.splitn(3, '/');
    let (group, topic, _) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{group}/{topic}/{topic}"))
}

fn flags(item: &Item<'_>, inferred: bool, lost: u64, sender: Option<crate::model::HandleIx>, people: &People) -> Flags {
    let own = people.owner.is_some() && sender == people.owner;
    Flags::NONE.with_attachments(item.attachments).with_those([
        (item.edited(), Flags::EDITED),
        (item.deleted, Flags::DELETED),
        (item.creator.bot, Flags::AUTOMATIC),
        (lost > 0, Flags::MEDIA_ABSENT),
        (inferred, Flags::TIME_INFERRED),
        (own, Flags::BY_OWNER),
        (people.owner.is_some() && !own && sender.is_some(), Flags::TO_OWNER),
    ])
}
