//! The archive while it is read: people, rooms, numbers of the stream, recalls and refusals.

use crate::import::Options;
use crate::import::counter::Counter;
use crate::import::json::list::{Records, WHOLE};
use crate::import::json::{Scan, Scanner, Text, Value};
use crate::import::sink::{Body, ChannelIx, Clock, Draft, Id, Map, Sink};
use crate::import::tally::Tally;
use crate::model::ledger::{Basis, SkipReason};
use crate::model::message::{ConversationKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};

use super::LISTS;
use super::record::Item;

/// Ids of contacts outside the company and of robots have 32 characters; an employee's id may begin with the same letters.
const LONG: usize = 20;
/// Most ids kept for recalls.
const LIMIT: usize = 1 << 21;

/// A conversation so far.
#[derive(Default)]
struct Room {
    members: Map<HandleIx, ()>,
    absent: Tally,
    lost: Tally,
    /// Since when a contact refuses archiving, where, and who.
    refused: Vec<(HandleIx, Clock, Position)>,
}

/// One archive file.
pub struct Archive {
    channel: Option<ChannelIx>,
    stated: Option<String>,
    owner: Option<HandleIx>,
    people: Map<Box<[u8]>, HandleIx>,
    rooms: Map<ConversationIx, Room>,
    order: Vec<ConversationIx>,
    seq: Counter,
    ids: Map<u64, ()>,
    hash: foldhash::fast::FixedState,
    recalls: Vec<(u64, ConversationIx, Clock, Position)>,
    /// Who took part in every record so far; `None` before the first.
    common: Option<Vec<HandleIx>>,
    /// Who wrote, while there is one only.
    writer: Option<HandleIx>,
    writers: bool,
    encrypted: u64,
    last: Option<(ConversationIx, Clock)>,
    scratch: Vec<u8>,
}

impl Archive {
    /// Nothing read yet.
    pub fn new(options: &Options) -> Self {
        Self {
            channel: None,
            stated: options.owner.clone(),
            owner: None,
            people: Map::default(),
            rooms: Map::default(),
            order: Vec::new(),
            seq: Counter::default(),
            ids: Map::default(),
            hash: foldhash::fast::FixedState::with_seed(11),
            recalls: Vec::new(),
            common: None,
            writer: None,
            writers: false,
            encrypted: 0,
            last: None,
            scratch: Vec::new(),
        }
    }

    fn person(&mut self, id: Text<'_>, sink: &mut Sink) -> Option<HandleIx> {
        if id.is_empty() {
            return None;
        }
        if let Some(known) = self.people.get(id.raw) {
            return Some(*known);
        }
        let channel = *self.channel.get_or_insert_with(|| sink.channel("wecom"));
        let key = id.owned();
        let handle = sink.handle(channel, &key);
        if let Some(facts) = sink.handle_facts(handle) {
            let long = key.len() >= LONG;
            facts.external = long && (key.starts_with("wm") || key.starts_with("wo"));
            facts.bot = long && key.starts_with("wb");
        }
        if self.stated.as_deref() == Some(key.as_str()) {
            self.owner = Some(handle);
            let source = sink.source();
            source.owner = Some(crate::model::ledger::Decided { value: crate::text::clean_name(&key), basis: Basis::Stated, why: String::new() });
            source.owner_handle = Some(handle.0);
        }
        self.people.insert(id.raw.into(), handle);
        Some(handle)
    }

    /// Where a record belongs: the group, the two parties, or the log of switched accounts.
    fn conversation(&mut self, item: &Item<'_>, parties: &[HandleIx], sink: &mut Sink) -> ConversationIx {
        let channel = *self.channel.get_or_insert_with(|| sink.channel("wecom"));
        let conversation = if !item.room.is_empty() {
            sink.conversation(channel, &crate::text::clean_name(&item.room.owned()), "", ConversationKind::Group)
        } else if item.action.raw == b"switch" {
            sink.conversation(channel, "switch", "Account switches", ConversationKind::Unknown)
        } else {
            let mut keys: Vec<String> = parties.iter().filter_map(|h| sink.handle_facts(*h).map(|f| f.key.clone())).collect();
            keys.sort();
            keys.dedup();
            let kind = if keys.len() > 2 { ConversationKind::Group } else { ConversationKind::Direct };
            sink.conversation(channel, &keys.join(", "), "", kind)
        };
        let order = &mut self.order;
        self.rooms.entry(conversation).or_insert_with(|| {
            order.push(conversation);
            Room::default()
        });
        conversation
    }

    fn take(&mut self, item: &Item<'_>, at: Position, sink: &mut Sink) {
        sink.record();
        let time = item.time();
        if let Some(seq) = item.seq {
            // A record without a readable time has its place all the same.
            self.seq.hold(seq, time.map(Clock::Utc).or(self.last.map(|l| l.1)), at);
        }
        if item.encrypted && item.action.is_empty() {
            self.encrypted += 1;
            return sink.skip(SkipReason::Withheld, at);
        }
        let word = self.hash_of(item.id.raw);
        if !item.id.is_empty() && self.ids.len() < LIMIT && self.ids.insert(word, ()).is_some() {
            return sink.skip(SkipReason::Repeated, at);
        }
        let Some(time) = time else { return sink.skip(SkipReason::NoTime, at) };
        if item.from.is_empty() && item.kind.is_empty() {
            return sink.skip(SkipReason::EmptyRecord, at);
        }
        let sender = self.person(item.from, sink);
        let mut to = Vec::new();
        item.recipients(|id| to.extend(self.person(id, sink)));
        let parties: Vec<HandleIx> = sender.iter().chain(&to).copied().collect();
        let conversation = self.conversation(item, &parties, sink);
        if item.action.raw != b"switch" {
            self.meet(sender, &parties, conversation, sink);
        }
        self.write(item, conversation, sender, &mut to, Clock::Utc(time), at, sink);
    }

    /// Who takes part, in the conversation and in all records.
    fn meet(&mut self, sender: Option<HandleIx>, parties: &[HandleIx], conversation: ConversationIx, sink: &mut Sink) {
        match &mut self.common {
            Some(common) => common.retain(|h| parties.contains(h)),
            None => self.common = Some(parties.to_vec()),
        }
        if let Some(sender) = sender {
            self.writers |= *self.writer.get_or_insert(sender) != sender;
        }
        let Some((room, facts)) = self.rooms.get_mut(&conversation).zip(sink.conversation_facts(conversation)) else { return };
        facts.members.extend(parties.iter().filter(|p| room.members.insert(**p, ()).is_none()).map(|p| p.0));
    }

    #[allow(clippy::too_many_arguments)] // The parts of one record.
    fn write(
        &mut self,
        item: &Item<'_>,
        conversation: ConversationIx,
        sender: Option<HandleIx>,
        to: &mut Vec<HandleIx>,
        time: Clock,
        at: Position,
        sink: &mut Sink,
    ) {
        let content = item.look(&mut self.scratch, sink.looks(Some(conversation)));
        let event = item.event();
        let absent = content.files.saturating_sub(content.kept);
        let bot = sender.and_then(|h| sink.handle_facts(h)).is_some_and(|f| f.bot);
        let own = self.owner.is_some();
        let flags = Flags::NONE.with_attachments(content.files).with_those([
            (absent > 0, Flags::MEDIA_ABSENT),
            (bot, Flags::AUTOMATIC),
            (item.kind.raw == b"chatrecord", Flags::FORWARDED),
            (own && sender == self.owner, Flags::BY_OWNER),
            (own && self.owner.is_some_and(|o| to.contains(&o)), Flags::TO_OWNER),
        ]);
        let mut room = Vec::new();
        let draft = Draft {
            conversation,
            sender,
            time,
            event,
            flags,
            body: Body::Facts(content.facts),
            id: if item.id.is_empty() { Id::None } else { Id::Text(item.id.raw) },
            reply_to: if content.recalled.is_empty() { Id::None } else { Id::Text(content.recalled.decode(&mut room)) },
            audience: (!to.is_empty()).then(|| sink.audience(to)),
            position: at,
        };
        if !sink.message(draft) {
            return;
        }
        self.last = Some((conversation, time));
        if !content.recalled.is_empty() && self.recalls.len() < LIMIT {
            self.recalls.push((self.hash_of(content.recalled.raw), conversation, time, at));
        }
        let refusing = matches!(item.kind.raw, b"agree" | b"disagree").then(|| self.person(content.user, sink).or(sender)).flatten();
        let Some(room) = self.rooms.get_mut(&conversation) else { return };
        room.absent.add(absent as u64, (sink.current_part(), at), time);
        match (item.kind.raw, refusing) {
            (b"disagree", Some(who)) if room.refused.iter().all(|r| r.0 != who) => room.refused.push((who, time, at)),
            (b"agree", Some(who)) => {
                if let Some(n) = room.refused.iter().position(|r| r.0 == who) {
                    let (who, from, at) = room.refused.swap_remove(n);
                    refused(conversation, who, from, Some(time), at, sink);
                }
            }
            _ => {}
        }
    }

    fn hash_of(&self, id: &[u8]) -> u64 {
        std::hash::BuildHasher::hash_one(&self.hash, id)
    }

    /// A number that is absent is a record that was not kept, unless the file is an extract for one person or one conversation.
    fn tell_seq(&mut self, sink: &mut Sink) {
        if self.seq.is_full() {
            let what = "More than 8 million numbers of the stream (seq): they were not examined for holes. Export the archive in periods to have them examined";
            return sink.notice("wecom_seq_not_examined", what, 1);
        }
        let Some((held, room)) = self.seq.density().filter(|(held, room)| held < room) else { return };
        let one = self.common.as_ref().is_some_and(|c| !c.is_empty());
        // Encrypted records tell nothing of people: their numbers are all there is.
        let read = self.common.is_some();
        if read && (self.order.len() < 2 || one || !self.writers) {
            let what = "Numbers of the stream (seq) are absent, but every record has to do with one person or one conversation: the export was made for them, so that \
                        holes are its nature. Export the records of all employees to have them counted";
            return sink.notice("wecom_extract", what, room - held);
        }
        if room / 1000 > held + 10_000 {
            let what = "Numbers of the stream (seq) lie too far apart to be of one stream: they were changed, or files of several companies joined. Holes are not counted";
            return sink.notice("wecom_seq_apart", what, 1);
        }
        self.seq.tell(None, "seq", sink);
    }

    /// Recalled messages that are not in the archive.
    fn tell_recalls(&mut self, sink: &mut Sink) {
        let mut kept = 0;
        for (target, conversation, time, at) in std::mem::take(&mut self.recalls) {
            if self.ids.contains_key(&target) {
                kept += 1;
            } else if let Some(room) = self.rooms.get_mut(&conversation) {
                room.lost.add(1, (sink.current_part(), at), time);
            }
        }
        if kept > 0 {
            sink.notice("wecom_recalled_kept", "Messages that were recalled are held by the archive all the same", kept);
        }
    }
}

fn refused(conversation: ConversationIx, who: HandleIx, from: Clock, to: Option<Clock>, at: Position, sink: &mut Sink) {
    let key = sink.handle_facts(who).map(|f| f.key.clone()).unwrap_or_default();
    let detail = format!("archiving refused by the contact {key}");
    sink.statement(StatementKind::CaptureRemoved, Some(conversation), Some(from), to, 1, at, &detail);
}

impl Records for Archive {
    fn list(&self, key: &[u8]) -> Option<bool> {
        (key == WHOLE || LISTS.contains(&key)).then_some(true)
    }

    fn lines(&self, beginning: &[u8]) -> bool {
        let mut s = Scanner::new(beginning);
        let Ok(mut members) = s.object() else { return false };
        let mut record = false;
        while let Ok(Some(key)) = members.key(&mut s) {
            record |= key.raw == b"msgid";
            if s.skip().is_err() {
                break;
            }
        }
        record
    }

    fn wants(&self, _key: &[u8]) -> bool {
        false
    }

    fn fact(&mut self, _key: &[u8], _value: Value<'_>, _sink: &mut Sink) {}

    fn item(&mut self, _list: &[u8], s: &mut Scanner<'_>, at: Position, sink: &mut Sink) -> Scan<()> {
        let item = Item::read(s)?;
        self.take(&item, at, sink);
        Ok(())
    }

    fn last(&self) -> (Option<ConversationIx>, Option<Clock>) {
        // All conversations of the company stand in one stream.
        (None, self.last.map(|l| l.1))
    }

    fn end(&mut self, _whole: bool, sink: &mut Sink) {
        sink.source().date_order.basis = Basis::NotNeeded;
        if self.encrypted > 0 {
            let what = "Records are still encrypted: only their numbers could be read. Decrypt them with the company's private key and export again";
            sink.notice("wecom_encrypted", what, self.encrypted);
        }
        self.tell_seq(sink);
        self.tell_recalls(sink);
        for conversation in std::mem::take(&mut self.order) {
            let Some(room) = self.rooms.get_mut(&conversation).map(std::mem::take) else { continue };
            room.lost.tell(StatementKind::Tombstone, Some(conversation), "recalled, the message itself is not in the archive", sink);
            room.absent.tell(StatementKind::MediaAbsent, Some(conversation), "only the pointer (sdkfileid) is in the archive", sink);
            for (who, from, at) in room.refused {
                refused(conversation, who, from, None, at, sink);
            }
        }
    }
}
