//! The package of one's own data: `messages/c<channel>/messages.json` with `channel.json` beside it, `messages/index.json` with the titles
//! of all channels, `account/user.json`. It holds what the owner wrote, and nothing else.

use crate::features::facts;
use crate::import::archive::Entry;
use crate::import::delimited::when::written;
use crate::import::json::export::Export;
use crate::import::json::list::{Records, WHOLE};
use crate::import::json::{Scan, Scanner, Value, each, integer, items, word};
use crate::import::sink::{Body, Clock, Draft, Id, Map, Sink};
use crate::import::tally::Tally;
use crate::import::{DateOrder, FileInput, Options};
use crate::model::ConversationIx;
use crate::model::ledger::{Basis, SkipReason};
use crate::model::message::{ConversationKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::text;

use super::author::Authors;
use super::snowflake;
use super::table::addresses;

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    User,
    Index,
    Channel,
    Messages,
}

/// Folder of the package, with its `/`, and whether it is one.
pub fn is_package(entries: &[Entry]) -> bool {
    let Some(root) = root(entries) else { return false };
    let files = || entries.iter().filter(|e| !e.is_noise());
    let foreign = |e: &Entry| {
        let extension = e.file_name().rsplit_once('.').map(|(_, x)| x.to_ascii_lowercase()).unwrap_or_default();
        let Some(inner) = e.name.strip_prefix(root) else { return true };
        ["zip", "mbox", "pst", "eml", "msg", "db", "xml"].contains(&extension.as_str()) || (!inner.contains('/') && !inner.starts_with("README"))
    };
    let listed = files().any(|e| matches!(part(&e.name), Some(Part::User | Part::Index)));
    root.matches('/').count() <= 1 && listed && !files().any(foreign)
}

/// What stands above `messages/c123/messages.json`.
fn root(entries: &[Entry]) -> Option<&str> {
    entries.iter().find(|e| part(&e.name) == Some(Part::Messages)).and_then(|e| {
        let folder = e.name.rsplit_once('/')?.0.rsplit_once('/')?.0;
        folder.get(..folder.len().checked_sub("messages".len())?)
    })
}

/// What a member is, by its place.
fn part(name: &str) -> Option<Part> {
    let mut parts = name.rsplit('/');
    let (file, folder, above) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
    match file {
        "user.json" if folder.eq_ignore_ascii_case("account") => Some(Part::User),
        "index.json" if folder.eq_ignore_ascii_case("messages") => Some(Part::Index),
        "channel.json" | "messages.json" if above.eq_ignore_ascii_case("messages") && channel_of(folder).is_some() => {
            Some(if file == "channel.json" { Part::Channel } else { Part::Messages })
        }
        _ => None,
    }
}

/// Id of the channel in the name of its folder: `c123`, in older packages `123`.
fn channel_of(folder: &str) -> Option<&str> {
    let id = folder.strip_prefix('c').unwrap_or(folder);
    (!id.is_empty() && id.len() <= 20 && id.bytes().all(|b| b.is_ascii_digit())).then_some(id)
}

/// A channel of the package.
#[derive(Default)]
struct Place {
    id: String,
    title: String,
    kind: ConversationKind,
    others: Vec<String>,
    conversation: Option<ConversationIx>,
    absent: Tally,
}

/// The package, or one channel of it.
pub struct Own {
    authors: Authors,
    titles: Map<Box<str>, String>,
    place: Place,
    part: Part,
    user: [String; 4],
    written: u64,
    last: Option<Clock>,
    first_at: Option<(Position, u32)>,
    room: [Vec<u8>; 3],
}

impl Own {
    fn empty(options: &Options) -> Self {
        Self {
            authors: Authors::new(options.owner.clone()),
            titles: Map::default(),
            place: Place::default(),
            part: Part::Messages,
            user: Default::default(),
            written: 0,
            last: None,
            first_at: None,
            room: Default::default(),
        }
    }

    /// For an archive.
    pub fn archive(options: &Options) -> Self {
        Self::empty(options)
    }

    /// For one channel by itself.
    pub fn file(file: &FileInput, options: &Options) -> Self {
        let folder = file.folder.rsplit(['/', '!']).next().unwrap_or_default();
        let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
        let id = channel_of(folder).unwrap_or(stem).to_owned();
        Self { place: Place { id, kind: ConversationKind::Unknown, ..Place::default() }, ..Self::empty(options) }
    }

    fn conversation(&mut self, sink: &mut Sink) -> ConversationIx {
        if let Some(conversation) = self.place.conversation {
            return conversation;
        }
        let channel = self.authors.channel(sink);
        let title = self.titles.get(self.place.id.as_str()).filter(|_| self.place.title.is_empty()).unwrap_or(&self.place.title);
        let conversation = sink.conversation(channel, &text::clean_name(&self.place.id), title, self.place.kind);
        for other in std::mem::take(&mut self.place.others) {
            let handle = self.authors.person(&other, "", false, sink);
            if let Some(facts) = sink.conversation_facts(conversation) {
                facts.members.push(handle.0);
            }
        }
        *self.place.conversation.insert(conversation)
    }

    /// One message. The time stands in the id; where there is none that can be read, in the second column.
    pub fn take(&mut self, id: &[u8], stamp: &[u8], contents: &[u8], attachments: &[u8], at: Position, sink: &mut Sink) {
        let id = integer(id).and_then(|n| u64::try_from(n).ok());
        let stamp = || written(stamp).and_then(|w| w.micros(DateOrder::Ymd));
        let (time, inferred) = match (id.and_then(snowflake), stamp()) {
            (Some(time), _) => (time, false),
            (None, Some(time)) => (time, true),
            (None, None) => return sink.skip(SkipReason::NoTime, at),
        };
        let owner = self.authors.own(sink);
        let conversation = self.conversation(sink);
        let (files, absent) = addresses(attachments);
        let flags = Flags::BY_OWNER.with_attachments(files).with_those([(absent > 0, Flags::MEDIA_ABSENT), (inferred, Flags::TIME_INFERRED)]);
        let made = sink.message(Draft {
            conversation,
            sender: Some(owner),
            time: Clock::Utc(time),
            event: None,
            flags,
            body: Body::Facts(facts(contents, sink.looks(Some(conversation)))),
            id: id.map_or(Id::None, Id::Number),
            reply_to: Id::None,
            audience: None,
            position: at,
        });
        if made {
            self.written += 1;
            self.last = Some(Clock::Utc(time));
            self.first_at.get_or_insert((at, sink.current_part()));
            self.place.absent.add(absent as u64, (sink.current_part(), at), Clock::Utc(time));
        }
    }

    fn close_place(&mut self, sink: &mut Sink) {
        let place = std::mem::take(&mut self.place);
        place.absent.tell(StatementKind::MediaAbsent, place.conversation, "named by an address, which expires", sink);
    }

    /// All is read.
    pub fn finish(&mut self, sink: &mut Sink) {
        sink.source().date_order.basis = Basis::NotNeeded;
        "discord".clone_into(&mut sink.source().channel);
        let only = self.place.conversation;
        self.close_place(sink);
        if let Some((at, part)) = self.first_at {
            let detail = "Discord's data package holds what its owner wrote";
            sink.statement(StatementKind::OwnMessagesOnly, only, None, None, self.written, at, detail);
            sink.statement_stands_in(part);
        }
    }

    /// `account/user.json` has been read.
    fn user_end(&mut self, sink: &mut Sink) {
        let [id, name, email, phone] = std::mem::take(&mut self.user);
        if id.is_empty() {
            return;
        }
        let handle = self.authors.person(&id, &name, false, sink);
        if let Some(facts) = sink.handle_facts(handle) {
            facts.email = text::clean_name(&email).to_lowercase();
            facts.phone = text::phone(&phone).unwrap_or_default();
        }
        self.authors.is_owner(handle, Basis::Proven, "account/user.json states the account", sink);
    }
}

impl Records for Own {
    fn list(&self, key: &[u8]) -> Option<bool> {
        (key == WHOLE).then_some(self.part == Part::Messages)
    }

    fn wants(&self, key: &[u8]) -> bool {
        match self.part {
            Part::User => matches!(key, b"id" | b"username" | b"global_name" | b"email" | b"phone"),
            Part::Index => true,
            Part::Channel => matches!(key, b"id" | b"type" | b"name" | b"guild" | b"recipients"),
            Part::Messages => false,
        }
    }

    fn fact(&mut self, key: &[u8], value: Value<'_>, _sink: &mut Sink) {
        let said = || word(value).owned();
        match (self.part, key) {
            (Part::User, b"id") => self.user[0] = said(),
            (Part::User, b"username") if self.user[1].is_empty() => self.user[1] = said(),
            (Part::User, b"global_name") if !word(value).is_empty() => self.user[1] = said(),
            (Part::User, b"email") => self.user[2] = said(),
            (Part::User, b"phone") => self.user[3] = said(),
            (Part::Index, id) => {
                if let Some(title) = value.text().filter(|_| self.titles.len() < 1 << 20) {
                    self.titles.insert(String::from_utf8_lossy(id).into(), text::clean_name(&title.owned()));
                }
            }
            (Part::Channel, b"type") => {
                self.place.kind = match word(value).raw {
                    b"DM" | b"1" => ConversationKind::Direct,
                    b"GROUP_DM" | b"3" => ConversationKind::Group,
                    _ => ConversationKind::Room,
                }
            }
            (Part::Channel, b"name") => self.place.title = said(),
            (Part::Channel, b"guild") => each(value, |key, value| {
                if key == b"name" {
                    self.place.title = format!("{} / {}", word(value).owned(), self.place.title);
                }
            }),
            (Part::Channel, b"recipients") => items(value, |one| self.place.others.push(word(one).owned())),
            _ => {}
        }
    }

    fn item(&mut self, _list: &[u8], s: &mut Scanner<'_>, at: Position, sink: &mut Sink) -> Scan<()> {
        let (mut id, mut stamp, mut contents, mut attachments) = Default::default();
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            match key.raw {
                b"ID" => id = word(s.value()?),
                b"Timestamp" => stamp = word(s.value()?),
                b"Contents" => contents = word(s.value()?),
                b"Attachments" => attachments = word(s.value()?),
                _ => s.skip()?,
            }
        }
        if self.part == Part::Messages {
            sink.record();
            let [a, b, c] = &mut std::mem::take(&mut self.room);
            let (contents, attachments) = (contents.decode(a), attachments.decode(b));
            self.take(id.raw, stamp.decode(c), contents, attachments, at, sink);
        }
        Ok(())
    }

    fn last(&self) -> (Option<ConversationIx>, Option<Clock>) {
        (self.place.conversation, self.last)
    }

    fn end(&mut self, _whole: bool, sink: &mut Sink) {
        self.finish(sink);
    }
}

impl Export for Own {
    fn plan(&mut self, entries: &[Entry]) -> Vec<(usize, Option<SkipReason>)> {
        let mut known: Vec<(Part, &str, usize)> = Vec::new();
        let mut plan = Vec::with_capacity(entries.len());
        for (ix, entry) in entries.iter().enumerate().filter(|(_, e)| !e.name.ends_with('/')) {
            match part(&entry.name).filter(|_| !entry.is_noise()) {
                // Account and index before all; a channel's own file before its messages.
                Some(part @ (Part::User | Part::Index)) => known.push((part, "", ix)),
                Some(_) => known.push((Part::Channel, &entry.name, ix)),
                None => plan.push((ix, Some(SkipReason::NotMessages))),
            }
        }
        known.sort();
        known.into_iter().map(|(.., ix)| (ix, None)).chain(plan).collect()
    }

    fn enter(&mut self, entry: &Entry, sink: &mut Sink) {
        self.part = part(&entry.name).unwrap_or(Part::Messages);
        let folder = entry.name.rsplit('/').nth(1).and_then(channel_of).unwrap_or_default();
        if matches!(self.part, Part::Channel | Part::Messages) && self.place.id != folder {
            self.close_place(sink);
            self.place.id = folder.to_owned();
        }
    }

    fn leave(&mut self, sink: &mut Sink) {
        match self.part {
            Part::User => self.user_end(sink),
            Part::Messages => self.close_place(sink),
            Part::Index | Part::Channel => {}
        }
    }
}
