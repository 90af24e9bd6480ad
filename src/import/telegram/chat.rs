//! One chat while it is read: its conversation, and the evidence its ids, timers and notices carry.

use crate::import::json::{Scan, Scanner, Text};
use crate::import::sink::{Body, ChannelIx, Clock, Draft, Id, Sink};
use crate::import::tally::Tally;
use crate::model::ledger::SkipReason;
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};

use super::holes::ChatIds;
use super::people::People;
use super::record::Item;

/// What stands before `messages` in a chat.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// `name`; empty for saved messages and deleted accounts.
    pub title: String,
    /// `type`.
    pub kind: String,
    /// `id`.
    pub id: Option<i64>,
    /// Listed under `left_chats`.
    pub left: bool,
    /// Part of a full account export.
    pub full_export: bool,
}

/// Chat types of the app, and two (`private_chat`, `group_chat`) that converters write.
pub const TYPES: &[&str] = &[
    "personal_chat",
    "bot_chat",
    "saved_messages",
    "replies",
    "verification_codes",
    "private_group",
    "private_supergroup",
    "public_supergroup",
    "private_channel",
    "public_channel",
    "private_chat",
    "group_chat",
];

impl Head {
    /// Reads the value of `key` if it belongs to the head; `false` when it does not and nothing was read.
    pub fn take(&mut self, key: Text<'_>, s: &mut Scanner<'_>) -> Scan<bool> {
        match key.raw {
            b"name" => self.title = s.value()?.text().map(Text::owned).unwrap_or_default(),
            b"type" => self.kind = s.value()?.text().map(Text::owned).unwrap_or_default(),
            b"id" => self.id = s.value()?.integer(),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Supergroups and channels number their own messages from 1; all other chats share one counter per account.
    pub fn has_own_counter(&self) -> bool {
        self.kind.ends_with("_supergroup") || self.is_broadcast()
    }

    /// A channel in Telegram's sense: one writes, many read.
    pub fn is_broadcast(&self) -> bool {
        self.kind.ends_with("_channel")
    }

    /// A chat with a bot.
    pub fn is_bot_chat(&self) -> bool {
        self.kind == "bot_chat"
    }

    /// Whether the chat's id is the other party's user id.
    pub fn names_other_party(&self) -> bool {
        matches!(self.kind.as_str(), "personal_chat" | "bot_chat") && self.id.is_some()
    }

    /// Whether this is the other party of a chat between two.
    pub fn is_other_party(&self, key: &str, name: &str) -> bool {
        self.id.is_some_and(|id| key.strip_prefix("user") == Some(id.to_string().as_str())) || (!name.is_empty() && name == self.title)
    }

    fn is_group(&self) -> bool {
        self.kind.ends_with("group") || self.kind == "group_chat"
    }

    fn conversation_kind(&self) -> ConversationKind {
        match self.kind.as_str() {
            "personal_chat" | "private_chat" | "bot_chat" | "saved_messages" | "verification_codes" => ConversationKind::Direct,
            "private_group" | "group_chat" | "private_supergroup" => ConversationKind::Group,
            "public_supergroup" | "private_channel" | "public_channel" => ConversationKind::Room,
            _ => ConversationKind::Unknown,
        }
    }

    /// Key of the conversation. Ids of users, basic groups and channels are three spaces, so the space stands before the id.
    fn key(&self) -> String {
        let space = match self.kind.as_str() {
            "saved_messages" => "saved",
            "private_group" | "group_chat" => "chat",
            _ if self.has_own_counter() => "channel",
            "" => "unknown",
            _ => "user",
        };
        self.id.map_or_else(|| format!("{space}:{}", self.title), |id| format!("{space}:{id}"))
    }

    fn shown(&self) -> &str {
        match self.kind.as_str() {
            "saved_messages" if self.title.is_empty() => "Saved messages",
            _ => &self.title,
        }
    }
}

/// How the file tells the time: one decision for all of it.
#[derive(Default)]
pub struct Time {
    /// Set by the first dated record: whether UTC is given.
    utc: Option<bool>,
    /// `date` minus `date_unixtime` of the last record that had both, and the pair it comes from.
    last: Option<([u8; 19], i64)>,
}

impl Time {
    /// The time of a record, and whether it was taken from the zone of the record before it.
    fn of(&mut self, item: &Item<'_>) -> Option<(Clock, bool)> {
        let utc = item.utc();
        if !*self.utc.get_or_insert(utc.is_some()) {
            return item.written().or(utc).map(|t| (Clock::Written(t), false));
        }
        if let Some(utc) = utc {
            if let Some((date, _)) = item.date.and_then(|d| d.raw.split_first_chunk::<19>()) {
                self.last = Some((*date, utc));
            }
            return Some((Clock::Utc(utc), false));
        }
        let written = item.written()?;
        let offset = self.last.and_then(|(date, utc)| super::record::wall_clock(&date).map(|w| w - utc)).unwrap_or(0);
        Some((Clock::Utc(written - offset), true))
    }
}

/// A chat being read.
#[derive(Default)]
pub struct Chat {
    /// What stands before its messages.
    pub head: Head,
    /// Set with the first look at its messages.
    pub conversation: Option<ConversationIx>,
    counter: ChatIds,
    timer: Option<(Clock, i64, Position)>,
    media_absent: Tally,
    files_lost: Tally,
    content_absent: Tally,
    first_author: Option<HandleIx>,
    one_author: bool,
    messages: u64,
    /// Time of the last record.
    pub last: Option<Clock>,
    last_position: Position,
}

impl Chat {
    /// A chat of which only its place is known yet.
    pub fn of(head: Head) -> Self {
        Self { head, ..Self::default() }
    }

    /// Its messages begin.
    pub fn open(&mut self, channel: ChannelIx, people: &mut People, sink: &mut Sink) {
        if self.head.kind == "saved_messages"
            && let Some(id) = self.head.id
        {
            people.owner_is(id, "the id of the saved messages is the owner's");
        }
        let (key, kind) = (self.head.key(), self.head.conversation_kind());
        self.conversation = Some(sink.conversation(channel, &key, self.head.shown(), kind));
        self.one_author = true;
        self.counter = ChatIds::new(self.head.has_own_counter());
    }

    /// Whether the words of its next message are looked at.
    pub fn sampled(&self, sink: &Sink) -> bool {
        sink.looks(self.conversation)
    }

    /// One record.
    pub fn take(&mut self, item: &Item<'_>, at: Position, time: &mut Time, people: &mut People, sink: &mut Sink) {
        sink.record();
        let Some(conversation) = self.conversation else { return sink.skip(SkipReason::Malformed, at) };
        let service = match item.kind.raw {
            b"message" => false,
            b"service" => true,
            // `unsupported` has an id and nothing else: known to have existed, so no hole.
            _ => {
                self.counter.hold(item.id, self.last, at);
                return sink.skip(SkipReason::UnknownType, at);
            }
        };
        let Some((clock, inferred)) = time.of(item) else {
            self.counter.hold(item.id, self.last, at);
            return sink.skip(SkipReason::NoTime, at);
        };
        let sender = people.of(item.who, item.name, &self.head, sink);
        let event = service.then(|| item.event());
        let mut digits = Digits::default();
        let mut reply_digits = Digits::default();
        let reply = item.reply.filter(|_| !item.reply_elsewhere);
        let draft = Draft {
            conversation,
            sender,
            time: clock,
            event,
            flags: self.flags(item, sender, inferred, people, sink),
            body: Body::Facts(item.facts),
            id: item.id.map_or(Id::None, |id| digits.id(id)),
            reply_to: reply.map_or(Id::None, |id| reply_digits.id(id)),
            audience: None,
            position: at,
        };
        if !sink.message(draft) {
            return self.counter.hold(item.id, self.last, at);
        }
        self.counter.hold(item.id, Some(clock), at);
        for target in [reply, item.target.filter(|_| service)].into_iter().flatten() {
            self.counter.point(target, clock, at);
        }
        (self.last, self.last_position) = (Some(clock), at);
        match event {
            Some(event) => self.told(event, item, clock, at, sink),
            None => self.wrote(item, sender, clock, at),
        }
    }

    fn flags(&self, item: &Item<'_>, sender: Option<HandleIx>, inferred: bool, people: &People, sink: &mut Sink) -> Flags {
        let bot = sender.and_then(|h| sink.handle_facts(h)).is_some_and(|h| h.bot);
        let flags = Flags::NONE.with_attachments(item.files).with_those([
            (item.edited, Flags::EDITED),
            (item.forwarded, Flags::FORWARDED),
            (item.absent + item.lost > 0, Flags::MEDIA_ABSENT),
            (inferred, Flags::TIME_INFERRED),
            (bot || self.head.kind == "verification_codes", Flags::AUTOMATIC),
            (item.self_destruct && item.files == 0, Flags::NO_CONTENT),
        ]);
        match people.owner() {
            Some(owner) if sender == Some(owner) => flags.with(Flags::BY_OWNER),
            Some(_) if sender.is_some() => flags.with(Flags::TO_OWNER),
            // In a chat between two whoever is not the owner is the other; the owner may not have written yet.
            None if sender.is_some() && self.head.names_other_party() => flags.with(Flags::TO_OWNER),
            _ => flags,
        }
    }

    fn wrote(&mut self, item: &Item<'_>, sender: Option<HandleIx>, clock: Clock, at: Position) {
        if self.messages == 0 {
            self.first_author = sender;
        }
        self.one_author &= self.first_author == sender;
        self.messages += 1;
        self.media_absent.add(item.absent, at, clock);
        self.files_lost.add(item.lost, at, clock);
        self.content_absent.add(u64::from(item.self_destruct && item.files == 0), at, clock);
    }

    fn told(&mut self, event: EventKind, item: &Item<'_>, clock: Clock, at: Position, sink: &mut Sink) {
        match event {
            EventKind::TimerOn | EventKind::TimerOff => {
                self.end_timer(Some(clock), sink);
                self.timer = (item.period > 0).then_some((clock, item.period, at));
            }
            EventKind::HistoryCleared => sink.statement(StatementKind::HistoryCleared, self.conversation, None, Some(clock), 0, at, "clear_history"),
            _ => {}
        }
        self.media_absent.add(item.absent, at, clock);
        self.files_lost.add(item.lost, at, clock);
    }

    fn end_timer(&mut self, to: Option<Clock>, sink: &mut Sink) {
        if let Some((from, period, at)) = self.timer.take() {
            let seconds = u64::try_from(period).unwrap_or(0);
            sink.statement(StatementKind::Timer, self.conversation, Some(from), to, seconds, at, &format!("deleted after {period} s"));
        }
    }

    /// Its messages have ended: says what they prove.
    pub fn close(&mut self, people: &People, sink: &mut Sink) {
        self.end_timer(None, sink);
        let conversation = self.conversation;
        self.media_absent.tell(StatementKind::MediaAbsent, conversation, "not included in the export", sink);
        self.files_lost.tell(StatementKind::FileLost, conversation, "named, but not in the folder of the export", sink);
        self.content_absent.tell(StatementKind::ContentAbsent, conversation, "self-destructing media", sink);
        let own_only = self.own_messages_only(people);
        if own_only {
            let detail = if self.head.left { "left chats are exported with the owner's messages only" } else { "all messages are the owner's" };
            sink.statement(StatementKind::OwnMessagesOnly, conversation, None, None, self.messages, self.last_position, detail);
        }
        self.counter.tell(conversation, own_only, sink);
    }

    /// Section 6 of the exporter's habits: groups and channels of a full export hold the owner's messages only unless that was
    /// unticked, and left chats always do.
    fn own_messages_only(&self, people: &People) -> bool {
        if !self.head.full_export || !(self.head.is_group() || self.head.has_own_counter()) || self.messages == 0 {
            return false;
        }
        self.head.left || (self.one_author && self.first_author.is_some() && people.owner() == self.first_author)
    }
}

/// Room for a negative id as text: messages of a basic group that became a supergroup are shifted by -1,000,000,000.
#[derive(Default)]
struct Digits(String);

impl Digits {
    fn id(&mut self, id: i64) -> Id<'_> {
        match u64::try_from(id) {
            Ok(id) => Id::Number(id),
            Err(_) => {
                self.0 = id.to_string();
                Id::Text(self.0.as_bytes())
            }
        }
    }
}
