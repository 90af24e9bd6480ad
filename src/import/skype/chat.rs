//! One conversation while its messages are read, and the people in it.

use crate::features::Gather;
use crate::import::Options;
use crate::import::json::{Scan, Scanner, Text, Value, each, items, word};
use crate::import::sink::{Body, ChannelIx, Clock, Draft, Id, Map, Sink};
use crate::import::tally::Tally;
use crate::import::teams::markup;
use crate::import::teams::when::instant;
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{ConversationKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};
use crate::{text, time};

use super::record::{Item, own, quoted};

/// The account and the people it spoke with.
pub struct Account {
    channel: Option<ChannelIx>,
    known: Map<Box<[u8]>, HandleIx>,
    stated: Option<String>,
    user: String,
    owner: Option<HandleIx>,
    /// When the export was made, microseconds UTC.
    pub exported: Option<i64>,
    texts: [Vec<u8>; 3],
    /// Files of the export, without their endings; `None` where no file lies beside.
    pub media: Option<Map<String, ()>>,
    /// Newest record of all.
    pub last: Option<i64>,
}

impl Account {
    /// Nothing known yet.
    pub fn new(options: &Options) -> Self {
        Self {
            channel: None,
            known: Map::default(),
            stated: options.owner.clone(),
            user: String::new(),
            owner: None,
            exported: None,
            texts: Default::default(),
            media: None,
            last: None,
        }
    }

    /// `userId` and `exportDate` at the root.
    pub fn root(&mut self, key: &[u8], value: Value<'_>) {
        match key {
            b"userId" => self.user = word(value).owned(),
            b"exportDate" => self.exported = instant(word(value).raw).filter(|t| time::plausible(*t)),
            _ => {}
        }
    }

    /// The channel: accounts of organisations write in Teams.
    fn channel(&mut self, sink: &mut Sink) -> ChannelIx {
        let slug = if self.user.contains("orgid:") { "teams" } else { "skype" };
        *self.channel.get_or_insert_with(|| {
            slug.clone_into(&mut sink.source().channel);
            sink.channel(slug)
        })
    }

    /// The handle of an id; `8:`, the mark of a person, is left out.
    pub fn handle(&mut self, id: Text<'_>, name: Text<'_>, sink: &mut Sink) -> Option<HandleIx> {
        let raw = id.raw.rsplit(|b| *b == b'/').next().unwrap_or(id.raw);
        if raw.is_empty() {
            return None;
        }
        let known = self.known.get(raw).copied();
        let handle = match known {
            Some(known) => known,
            None => {
                let channel = self.channel(sink);
                let full = Text { raw, escaped: id.escaped }.owned();
                let key = person(&full);
                let handle = sink.handle(channel, &key);
                self.known.insert(raw.into(), handle);
                if let Some(facts) = sink.handle_facts(handle) {
                    facts.bot |= full.starts_with("28:");
                    facts.impersonal |= full.starts_with("19:");
                    if let Some(number) = full.strip_prefix("4:") {
                        facts.phone = text::phone(number).unwrap_or_default();
                    }
                }
                self.own(handle, &key, sink);
                handle
            }
        };
        if !name.is_empty()
            && let Some(facts) = sink.handle_facts(handle)
            && facts.name.is_empty()
        {
            let name = text::clean_name(&name.owned());
            if name != facts.key {
                facts.name = name;
            }
        }
        Some(handle)
    }

    fn own(&mut self, handle: HandleIx, key: &str, sink: &mut Sink) {
        let stated = self.stated.as_ref().map(|s| (person(s), Basis::Stated, "stated"));
        let (owner, basis, why) = stated.unwrap_or_else(|| (person(&self.user), Basis::Proven, "userId of the export"));
        if self.owner.is_none() && owner == key {
            self.owner = Some(handle);
            let source = sink.source();
            source.owner = Some(Decided { value: text::clean_name(key), basis, why: why.to_owned() });
            source.owner_handle = Some(handle.0);
        }
    }
}

/// `8:live:name` and `live:name` are the same account; `8:orgid:<guid>` is keyed by the id, as elsewhere in Teams.
fn person(id: &str) -> String {
    let id = id.strip_prefix("8:").or_else(|| id.strip_prefix("4:")).unwrap_or(id);
    id.strip_prefix("orgid:").unwrap_or(id).to_lowercase()
}

/// What stands before the messages of a conversation, and what they prove.
#[derive(Default)]
pub struct Chat {
    id: String,
    title: String,
    members: Vec<String>,
    /// Time of the newest message, as the conversation states it, and where.
    stated: Option<(i64, Position)>,
    conversation: Option<ConversationIx>,
    held: Map<u64, ()>,
    targets: Vec<(u64, (u32, Position), i64)>,
    deleted: Tally,
    encrypted: Tally,
    absent: Tally,
    last: Option<i64>,
}

impl Chat {
    /// One member of a conversation that is no list of messages.
    pub fn head(&mut self, key: &[u8], s: &mut Scanner<'_>, at: Position) -> Scan<()> {
        let value = s.value()?;
        match key {
            b"id" => self.id = word(value).owned(),
            b"displayName" => self.title = word(value).owned(),
            b"properties" => each(value, |key, value| {
                if key == b"lastimreceivedtime" {
                    self.stated = instant(word(value).raw).map(|t| (t, at));
                }
            }),
            b"threadProperties" => each(value, |key, value| match key {
                b"topic" if self.title.is_empty() => self.title = word(value).owned(),
                // A list written as a text within the text.
                b"members" => {
                    let list = word(value).owned();
                    if let Ok(list) = Scanner::new(list.as_bytes()).value() {
                        items(list, |member| self.members.push(word(member).owned()));
                    }
                }
                _ => {}
            }),
            _ => {}
        }
        Ok(())
    }

    fn enter(&mut self, account: &mut Account, sink: &mut Sink) -> ConversationIx {
        if let Some(known) = self.conversation {
            return known;
        }
        let direct = ["8:", "4:", "28:", "2:", "1:"].iter().any(|p| self.id.starts_with(p));
        let kind = match self.id.as_str() {
            _ if direct => ConversationKind::Direct,
            id if id.starts_with("19:") => ConversationKind::Group,
            _ => ConversationKind::Unknown,
        };
        let channel = account.channel(sink);
        let user = account.user.clone();
        let _ = account.handle(Text { raw: user.as_bytes(), escaped: false }, Text::default(), sink);
        // Both sides of a chat between two have it under the other's id.
        let pair = [person(&self.id), person(&account.user)];
        let key = if direct && pair.iter().all(|p| !p.is_empty()) {
            let [a, b] = &pair;
            let (a, b) = (a.min(b), a.max(b));
            // As Graph names the same chat.
            let work = [&self.id, &account.user].iter().all(|id| id.contains("orgid:"));
            if work { format!("19:{a}_{b}@unq.gbl.spaces") } else { format!("{a}|{b}") }
        } else {
            self.id.clone()
        };
        let conversation = sink.conversation(channel, if key.is_empty() { "messages" } else { &key }, if direct { "" } else { &self.title }, kind);
        let mut members = std::mem::take(&mut self.members);
        if direct {
            members.extend([self.id.clone(), account.user.clone()]);
        }
        for member in members {
            let name = if direct && member == self.id { self.title.as_str() } else { "" };
            let text = |t| Text { raw: str::as_bytes(t), escaped: false };
            if let Some(handle) = account.handle(text(&member), text(name), sink)
                && let Some(facts) = sink.conversation_facts(conversation)
            {
                facts.members.push(handle.0);
            }
        }
        self.conversation = Some(conversation);
        conversation
    }

    /// One record.
    pub fn take(&mut self, item: &Item<'_>, at: Position, account: &mut Account, sink: &mut Sink) {
        sink.record();
        let number = crate::import::json::integer(item.id.raw).and_then(|n| u64::try_from(n).ok());
        let from_id = number.and_then(|n| i64::try_from(n).ok()?.checked_mul(1000)).filter(|t| time::plausible(*t));
        let written = instant(item.arrived.raw);
        let Some(time) = written.or(from_id) else { return sink.skip(SkipReason::NoTime, at) };
        let conversation = self.enter(account, sink);
        if number.is_some_and(|n| self.held.insert(n, ()).is_some()) {
            return sink.skip(SkipReason::Repeated, at);
        }
        let (event, described) = item.event();
        if !described {
            sink.notice("skype_unknown_type", "Records of a type this version does not know were kept as events.", 1);
        }
        let sender = account.handle(item.from, item.name, sink);
        let [raw, rest, plain] = &mut account.texts;
        let content = item.content.decode(raw);
        let target = quoted(content);
        let edited = item.edited || memchr::memmem::find(content, b"<e_m ").is_some();
        let mut gather = Gather::of(sink.looks(Some(conversation)));
        // What a file or an encrypted message carries as content is an address or a cipher, no text.
        if event.is_none() && item.files() == 0 && !item.encrypted() {
            markup::strip(own(content, rest), plain);
            gather.add(plain);
        }
        let facts = gather.facts();
        let (files, lost) = (item.files(), self.absent_files(item, account));
        let owner = account.owner.is_some() && sender == account.owner;
        let flags = Flags::NONE.with_attachments(files).with_those([
            (edited, Flags::EDITED),
            (item.deleted, Flags::DELETED),
            (item.encrypted(), Flags::NO_CONTENT),
            (lost > 0, Flags::MEDIA_ABSENT),
            (written.is_none(), Flags::TIME_INFERRED),
            (sender.and_then(|h| sink.handle_facts(h)).is_some_and(|h| h.bot), Flags::AUTOMATIC),
            (owner, Flags::BY_OWNER),
            (account.owner.is_some() && !owner && sender.is_some(), Flags::TO_OWNER),
        ]);
        let id = number.map_or(if item.id.is_empty() { Id::None } else { Id::Text(item.id.raw) }, Id::Number);
        let reply_to = target.map_or(Id::None, Id::Number);
        let draft = Draft { conversation, sender, time: Clock::Utc(time), event, flags, body: Body::Facts(facts), id, reply_to, audience: None, position: at };
        if !sink.message(draft) {
            return;
        }
        let place = (sink.current_part(), at);
        self.targets.extend(target.map(|t| (t, place, time)));
        self.deleted.add(u64::from(item.deleted && facts.chars == 0), place, time);
        self.encrypted.add(u64::from(item.encrypted()), place, time);
        self.absent.add(lost, place, time);
        self.last = self.last.max(Some(time));
        account.last = account.last.max(Some(time));
    }

    /// Files that do not lie in `media/`. With nothing beside, all of them.
    fn absent_files(&self, item: &Item<'_>, account: &Account) -> u64 {
        let Some(media) = &account.media else { return item.files() as u64 };
        let mut absent = 0;
        items(item.references, |reference| absent += u64::from(!media.contains_key(&word(reference).owned())));
        absent
    }

    /// Its messages are read: says what they prove.
    pub fn close(mut self, account: &mut Account, sink: &mut Sink) {
        if self.id.is_empty() && self.conversation.is_none() {
            return;
        }
        let conversation = Some(self.enter(account, sink));
        self.deleted.tell(StatementKind::Tombstone, conversation, "deleted by their author", sink);
        self.encrypted.tell(StatementKind::ContentAbsent, conversation, "private conversation: the content is not exported", sink);
        let detail = if account.media.is_some() {
            "named, but not in the folder media: the service keeps files for a time"
        } else {
            "pictures and files are not beside the list"
        };
        self.absent.tell(StatementKind::MediaAbsent, conversation, detail, sink);
        let mut absent = Tally::default();
        for (target, place, time) in std::mem::take(&mut self.targets) {
            if self.held.insert(target, ()).is_none() {
                absent.add(1, place, time);
            }
        }
        absent.tell(StatementKind::AbsentTarget, conversation, "quoted messages", sink);
        // The newest record and the stated time differ by parts of a second where nothing is missing.
        if let Some((stated, at)) = self.stated
            && self.last.is_some_and(|last| stated > last + time::MINUTE)
        {
            let (from, to) = (self.last.map(Clock::Utc), Some(Clock::Utc(stated)));
            sink.statement(StatementKind::CountShort, conversation, from, to, 1, at, "the conversation states a later message than the newest one held");
        } else if self.last.is_none() && self.stated.is_some() {
            let at = self.stated.map_or(Position::default(), |s| s.1);
            let to = self.stated.map(|s| Clock::Utc(s.0));
            sink.statement(StatementKind::ListedEmpty, conversation, None, to, 1, at, "listed with a time of its last message, without messages");
        }
    }
}
