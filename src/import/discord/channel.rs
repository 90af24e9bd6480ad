//! One channel or thread in JSON.

use std::rc::Rc;

use crate::features::Gather;
use crate::import::archive::Entry;
use crate::import::delimited::when::written;
use crate::import::json::list::Records;
use crate::import::json::{Scan, Scanner, Text, Value, count, each, items, word};
use crate::import::sink::{Body, Clock, Draft, Id, Map, Sink};
use crate::import::tally::Tally;
use crate::import::{DateOrder, FileInput, Options};
use crate::model::ConversationIx;
use crate::model::ledger::{Basis, SkipReason};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::{text, time};

use super::author::Authors;
use super::{in_name, is_address, snowflake, tell_parts};

/// Most ids and targets kept.
const LIMIT: usize = 1 << 21;

/// One element of `messages[]`. Names as in the file.
#[derive(Default)]
struct Item<'a> {
    id: Text<'a>,
    kind: Text<'a>,
    stamp: Text<'a>,
    edited: bool,
    content: Text<'a>,
    author: Option<Value<'a>>,
    files: usize,
    /// Files named by an address.
    absent: usize,
    /// Names and paths of files.
    list: Option<Value<'a>>,
    embeds: Option<Value<'a>>,
    stickers: usize,
    forwarded: bool,
    forwarded_text: Text<'a>,
    target: Text<'a>,
    elsewhere: Text<'a>,
    forward: bool,
}

impl<'a> Item<'a> {
    fn read(s: &mut Scanner<'a>) -> Scan<Self> {
        let mut item = Self::default();
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            match key.raw {
                b"id" => item.id = word(s.value()?),
                b"type" => item.kind = word(s.value()?),
                b"timestamp" => item.stamp = word(s.value()?),
                b"timestampEdited" => item.edited = s.value()?.text().is_some(),
                b"content" => item.content = word(s.value()?),
                b"author" => item.author = Some(s.value()?),
                b"attachments" => item.attachments(s.value()?),
                b"embeds" => item.embeds = Some(s.value()?),
                b"stickers" => item.stickers = count(s.value()?),
                b"forwardedMessage" => {
                    let value = s.value()?;
                    item.forwarded = matches!(value, Value::Object(_));
                    each(value, |key, value| match key {
                        b"content" => item.forwarded_text = word(value),
                        b"attachments" => item.files += count(value),
                        _ => {}
                    });
                }
                b"reference" => each(s.value()?, |key, value| match key {
                    b"messageId" => item.target = word(value),
                    b"channelId" => item.elsewhere = word(value),
                    b"type" => item.forward = matches!(word(value).raw, b"Forward" | b"1"),
                    _ => {}
                }),
                _ => s.skip()?,
            }
        }
        Ok(item)
    }

    fn attachments(&mut self, value: Value<'a>) {
        self.list = Some(value);
        items(value, |file| {
            self.files += 1;
            each(file, |key, value| self.absent += usize::from(key == b"url" && is_address(word(value).raw)));
        });
    }

    /// What the type says: `None` for what people and bots write. `known`: whether it is one of the types of the exporter.
    fn event(&self) -> (Option<EventKind>, bool) {
        let event = match self.kind.raw {
            b"Default" | b"Reply" | b"0" | b"19" | b"" => return (None, true),
            b"ChatInputCommand" | b"ContextMenuCommand" | b"ApplicationCommand" | b"20" | b"23" => return (None, true),
            b"RecipientAdd" | b"1" | b"GuildMemberJoin" | b"7" => EventKind::Joined,
            b"RecipientRemove" | b"2" => EventKind::Left,
            b"Call" | b"3" | b"27" | b"28" | b"29" | b"31" => EventKind::Call,
            b"ChannelNameChange" | b"4" | b"ChannelIconChange" | b"5" => EventKind::Renamed,
            b"ChannelPinnedMessage" | b"6" => EventKind::Pinned,
            b"ChannelFollowAdd" | b"12" | b"25" => EventKind::Integration,
            b"ThreadCreated" | b"18" | b"ThreadStarterMessage" | b"21" | b"8" | b"9" | b"10" | b"11" | b"14" | b"15" | b"22" | b"24" | b"26" | b"46" => {
                EventKind::Other
            }
            _ => return (Some(EventKind::Other), false),
        };
        (Some(event), true)
    }
}

/// A channel while it is read.
pub struct Export {
    name: String,
    beside: Rc<[Entry]>,
    authors: Authors,
    conversation: Option<ConversationIx>,
    guild: String,
    id: String,
    title: String,
    kind: String,
    after: Option<i64>,
    before: Option<i64>,
    stated: Option<u64>,
    records: u64,
    utc: Option<bool>,
    ids: Map<u64, ()>,
    targets: Vec<(u64, Clock, Position)>,
    absent: Tally,
    span: Option<(Clock, Clock)>,
    names: Option<Map<Box<str>, ()>>,
    lost: Tally,
    scratch: Vec<u8>,
}

fn number(text: Text<'_>) -> Option<u64> {
    crate::import::json::integer(text.raw).and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0)
}

impl Export {
    /// For a file.
    pub fn new(file: &FileInput, options: &Options) -> Self {
        let (id, title, _) = in_name(&file.name);
        // Media that were downloaded lie in folders beside the file.
        let names: Map<Box<str>, ()> = file.beside.iter().filter(|e| e.name.contains('/')).map(|e| (e.name.as_str().into(), ())).collect();
        Self {
            name: file.name.clone(),
            beside: Rc::clone(&file.beside),
            authors: Authors::new(options.owner.clone()),
            conversation: None,
            guild: String::new(),
            id: id.unwrap_or_default().to_owned(),
            title: title.to_owned(),
            kind: String::new(),
            after: None,
            before: None,
            stated: None,
            records: 0,
            utc: None,
            ids: Map::default(),
            targets: Vec::new(),
            absent: Tally::default(),
            span: None,
            names: (!names.is_empty()).then_some(names),
            lost: Tally::default(),
            scratch: Vec::new(),
        }
    }

    fn conversation(&mut self, sink: &mut Sink) -> ConversationIx {
        if let Some(conversation) = self.conversation {
            return conversation;
        }
        let channel = self.authors.channel(sink);
        let direct = self.guild.is_empty() || self.guild == "Direct Messages";
        let kind = match self.kind.as_str() {
            "DirectTextChat" | "1" => ConversationKind::Direct,
            "DirectGroupTextChat" | "3" => ConversationKind::Group,
            kind if kind.starts_with("Guild") => ConversationKind::Room,
            "" => ConversationKind::Unknown,
            _ => ConversationKind::Room,
        };
        let key = if self.id.is_empty() { text::clean_name(&self.title) } else { text::clean_name(&self.id) };
        let title = if direct { self.title.clone() } else { format!("{} / {}", self.guild, self.title) };
        *self.conversation.insert(sink.conversation(channel, &key, &title, kind))
    }

    fn time(&mut self, item: &Item<'_>) -> Option<(Clock, bool)> {
        let id = number(item.id).and_then(snowflake);
        let clock = match written(item.stamp.raw).and_then(|w| Some((w.micros(DateOrder::Ymd)?, w.offset.is_some()))) {
            Some((utc, true)) => Clock::Utc(utc),
            Some((wall, false)) => Clock::Written(wall),
            None => return id.map(|t| (if self.utc == Some(false) { Clock::Written(t) } else { Clock::Utc(t) }, true)),
        };
        let utc = *self.utc.get_or_insert(matches!(clock, Clock::Utc(_)));
        // In a file of times with their offset the id tells the time of one that has none.
        match (utc, clock) {
            (true, Clock::Written(wall)) => Some((Clock::Utc(id.unwrap_or(wall)), true)),
            (false, Clock::Utc(t)) => Some((Clock::Written(t), true)),
            _ => Some((clock, false)),
        }
    }

    fn take(&mut self, item: &Item<'_>, at: Position, sink: &mut Sink) {
        sink.record();
        self.records += 1;
        let id = number(item.id);
        if let Some(id) = id.filter(|_| self.ids.len() < LIMIT)
            && self.ids.insert(id, ()).is_some()
        {
            return sink.skip(SkipReason::Repeated, at);
        }
        let Some((time, inferred)) = self.time(item) else { return sink.skip(SkipReason::NoTime, at) };
        let conversation = self.conversation(sink);
        let author = item.author.and_then(|a| self.authors.author(a, sink));
        let (event, known) = item.event();
        if !known {
            sink.notice("discord_unknown_type", "Records of a type this version does not know were kept as events", 1);
        }
        let (absent, lost) = (item.absent as u64, self.lost(item));
        let owner = self.authors.owner;
        let flags = Flags::NONE.with_attachments(item.files + item.stickers).with_those([
            (item.edited, Flags::EDITED),
            (item.forwarded || item.forward, Flags::FORWARDED),
            (author.is_some_and(|a| a.1), Flags::AUTOMATIC),
            (absent + lost > 0, Flags::MEDIA_ABSENT),
            (inferred, Flags::TIME_INFERRED),
            (owner.is_some() && author.map(|a| a.0) == owner, Flags::BY_OWNER),
            (owner.is_some() && author.is_some_and(|a| Some(a.0) != owner), Flags::TO_OWNER),
        ]);
        let target = number(item.target).filter(|_| !item.forward && (item.elsewhere.is_empty() || item.elsewhere.raw == self.id.as_bytes()));
        let made = sink.message(Draft {
            conversation,
            sender: author.map(|a| a.0),
            time,
            event,
            flags,
            body: self.body(item, event.is_some(), sink.looks(Some(conversation))),
            id: id.map_or(Id::None, Id::Number),
            reply_to: target.map_or(Id::None, Id::Number),
            audience: None,
            position: at,
        });
        if !made {
            return;
        }
        self.absent.add(absent, (sink.current_part(), at), time);
        self.lost.add(lost, (sink.current_part(), at), time);
        let (first, last) = self.span.unwrap_or((time, time));
        self.span = Some((if time.micros() < first.micros() { time } else { first }, if time.micros() > last.micros() { time } else { last }));
        if let Some(target) = target.filter(|_| self.targets.len() < LIMIT) {
            self.targets.push((target, time, at));
        }
    }

    /// Files that were downloaded with the channel and are not there.
    fn lost(&mut self, item: &Item<'_>) -> u64 {
        let (Some(names), Some(list)) = (&self.names, item.list) else { return 0 };
        let (mut lost, scratch) = (0, &mut self.scratch);
        items(list, |file| {
            each(file, |key, value| {
                let path = word(value);
                if key == b"url" && !path.is_empty() && !is_address(path.raw) {
                    let path = String::from_utf8_lossy(path.decode(scratch)).replace('\\', "/");
                    lost += u64::from(path.is_ascii() && !path.contains('%') && !names.contains_key(path.as_str()));
                }
            });
        });
        lost
    }

    /// The text: what was written, what was sent on, or what stands in the cards of a bot.
    fn body(&mut self, item: &Item<'_>, event: bool, sample: bool) -> Body<'static> {
        let (mut gather, scratch) = (Gather::of(sample), &mut self.scratch);
        if event {
            return Body::Facts(gather.facts());
        }
        gather.add(item.content.decode(scratch));
        if item.content.is_empty() {
            gather.add(item.forwarded_text.decode(scratch));
            if let Some(embeds) = item.embeds.filter(|_| !item.forwarded) {
                items(embeds, |embed| {
                    each(embed, |key, value| {
                        if let (b"title" | b"description", Value::Text(text)) = (key, value) {
                            gather.add(text.decode(scratch));
                        }
                    });
                });
            }
        }
        if let Some(list) = item.list {
            items(list, |file| {
                each(file, |key, value| {
                    if key == b"fileName" {
                        gather.file(word(value).decode(scratch))
                    }
                })
            });
        }
        Body::Facts(gather.facts())
    }

    /// Replies and pins whose message is not here. Its id tells when it was written.
    fn tell_targets(&mut self, sink: &mut Sink) {
        let ids = &self.ids;
        self.targets.retain(|(id, ..)| !ids.contains_key(id));
        self.targets.sort_by_key(|(id, _, at)| (*id, at.offset));
        self.targets.dedup_by_key(|(id, ..)| *id);
        let first = self.span.map_or(0, |(first, _)| first.micros());
        let older = |id: u64| snowflake(id).is_some_and(|t| t < first);
        for (before, remark) in [(true, "messages answered or pinned, older than the first record"), (false, "messages answered or pinned")] {
            // What lies before the period that was asked for is absent by request.
            let list = || {
                self.targets.iter().filter(|(id, ..)| older(*id) == before).filter(|(id, ..)| self.after.is_none_or(|a| snowflake(*id).is_none_or(|t| t >= a)))
            };
            let Some((id, to, at)) = list().min_by_key(|(.., at)| at.offset) else { continue };
            let from = snowflake(*id).map(Clock::Utc).filter(|_| self.utc == Some(true));
            sink.statement(StatementKind::AbsentTarget, self.conversation, from, Some(*to), list().count() as u64, *at, remark);
        }
    }

    fn tell_count(&self, whole: bool, sink: &mut Sink) {
        let Some(stated) = self.stated else {
            if whole {
                let what =
                    "The count of messages that closes every export is not there: the export was interrupted, or the file was edited. Export the channel again";
                sink.notice("discord_count_absent", what, 1);
            }
            return;
        };
        if let Some(short) = stated.checked_sub(self.records).filter(|n| *n > 0) {
            let detail = format!("messageCount {stated}, held {}", self.records);
            sink.statement(StatementKind::CountShort, self.conversation, None, None, short, Position::byte(0), &detail);
        } else if stated < self.records {
            let what = format!("The file states {stated} messages and holds {}: it was edited", self.records);
            sink.notice("discord_count_exceeded", what, 1);
        }
    }
}

/// A time with its offset.
fn instant(value: Value<'_>) -> Option<i64> {
    written(word(value).raw).filter(|w| w.offset.is_some())?.micros(DateOrder::Ymd).filter(|t| time::plausible(*t))
}

impl Records for Export {
    fn list(&self, key: &[u8]) -> Option<bool> {
        (key == b"messages").then_some(true)
    }

    fn wants(&self, key: &[u8]) -> bool {
        matches!(key, b"guild" | b"channel" | b"dateRange" | b"exportedAt" | b"messageCount")
    }

    fn fact(&mut self, key: &[u8], value: Value<'_>, sink: &mut Sink) {
        match key {
            b"guild" => each(value, |key, value| {
                if key == b"name" {
                    self.guild = text::clean_name(&word(value).owned())
                }
            }),
            b"channel" => each(value, |key, value| match key {
                b"id" => self.id = word(value).owned(),
                b"name" => self.title = word(value).owned(),
                b"type" => self.kind = word(value).owned(),
                _ => {}
            }),
            b"dateRange" => each(value, |key, value| match key {
                b"after" => self.after = instant(value),
                b"before" => self.before = instant(value),
                _ => {}
            }),
            b"exportedAt" => sink.source().exported_at = instant(value),
            _ => self.stated = value.integer().and_then(|n| u64::try_from(n).ok()),
        }
    }

    fn item(&mut self, _list: &[u8], s: &mut Scanner<'_>, at: Position, sink: &mut Sink) -> Scan<()> {
        let item = Item::read(s)?;
        self.take(&item, at, sink);
        Ok(())
    }

    fn last(&self) -> (Option<ConversationIx>, Option<Clock>) {
        (self.conversation, self.span.map(|s| s.1))
    }

    fn end(&mut self, whole: bool, sink: &mut Sink) {
        sink.source().date_order.basis = Basis::NotNeeded;
        let conversation = self.conversation(sink);
        self.tell_count(whole, sink);
        self.tell_targets(sink);
        self.absent.tell(StatementKind::MediaAbsent, Some(conversation), "named by an address, which expires", sink);
        self.lost.tell(StatementKind::FileLost, Some(conversation), "downloaded with the channel, but not beside the file", sink);
        if let Some(after) = self.after {
            sink.statement(
                StatementKind::NoBeginning,
                Some(conversation),
                None,
                Some(Clock::Utc(after)),
                0,
                Position::byte(0),
                "the period that was asked for begins here",
            );
        }
        if let Some(before) = self.before {
            let what = format!("The period that was asked for ends on {}: what was written later is not in the file", time::day_name(time::day(before)));
            sink.notice("discord_period_ends", what, 1);
        }
        tell_parts(&self.name, &self.beside, Some(conversation), sink);
    }
}
