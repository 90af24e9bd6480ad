//! A small firm for tests, in the words of the domain. Builds a dataset by the rules of merging: rows sorted by
//! conversation and time, copies of one row folded.

use std::collections::BTreeMap;

use super::{Context, Ground};
use crate::model::Dataset;
use crate::model::answer::Answers;
use crate::model::batch::{Conversation, Handle, ID_TEXT, Mention, NONE, Part, Topic};
use crate::model::ledger::{Basis, Decided, Source};
use crate::model::matter::{ChannelRule, ChannelStatus, Matter, Scope};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::roster::{Client, Contact, Leave, Person, Status};
use crate::model::statement::{Statement, StatementKind};
use crate::time::{self, DAY, MINUTE};

/// Day of a date.
pub fn day(text: &str) -> i32 {
    time::parse_day(text).unwrap()
}

/// A firm under test.
#[derive(Default)]
pub struct Firm {
    pub matter: Matter,
    sources: Vec<Source>,
    handles: Vec<Handle>,
    conversations: Vec<Conversation>,
    rows: Vec<Entry>,
    pub statements: Vec<Statement>,
    ids: Vec<String>,
    topics: Vec<Topic>,
    mentions: Vec<Mention>,
    sensitive: Vec<(u32, u32)>,
    elsewhere: Vec<(u32, i32, u32)>,
}

#[derive(Clone)]
struct Entry {
    conversation: u32,
    time: i64,
    sender: u32,
    sources: Vec<u32>,
    flags: Flags,
    id: u32,
    reply: u32,
    audience: Vec<u32>,
    /// Hash and length of a text; none: a text of its own, of one character.
    text: Option<(u32, u32)>,
}

/// A conversation being written.
pub struct Chat<'a> {
    firm: &'a mut Firm,
    conversation: u32,
    sources: Vec<u32>,
    mail: bool,
}

pub fn firm() -> Firm {
    let mut firm = Firm::default();
    firm.matter.people = Some(Vec::new());
    firm.matter.clients = Some(Vec::new());
    firm.matter.own_domains = vec!["marlowe.example".into()];
    firm
}

fn mail_of(name: &str) -> String {
    format!("{}@marlowe.example", name.to_lowercase().replace(' ', "."))
}

impl Firm {
    /// All references so far call text messages by their name.
    pub fn sms_by_name(mut self) -> Self {
        self.elsewhere.iter_mut().for_each(|(_, _, bits)| *bits |= crate::model::elsewhere::Elsewhere::SMS_BY_NAME);
        self
    }

    pub fn employee(mut self, name: &str) -> Self {
        let person = Person { name: name.into(), emails: vec![mail_of(name)], ..Person::default() };
        self.matter.people.get_or_insert_default().push(person);
        self
    }

    /// Changes the employee named last.
    fn last(&mut self) -> &mut Person {
        self.matter.people.as_mut().unwrap().last_mut().unwrap()
    }

    pub fn leaving(mut self, last_day: &str) -> Self {
        let p = self.last();
        p.last_day = Some(day(last_day));
        p.status = Status::Notice;
        self
    }

    pub fn started(mut self, first: &str) -> Self {
        self.last().start = Some(day(first));
        self
    }

    pub fn client(mut self, name: &str, contacts: &[&str]) -> Self {
        let contacts = contacts.iter().map(|n| Contact { name: (*n).into(), ..Contact::default() }).collect();
        let domain = format!("{}.example", name.to_lowercase().replace(' ', ""));
        self.matter.clients.get_or_insert_default().push(Client { name: name.into(), domains: vec![domain], contacts, ..Client::default() });
        self
    }

    pub fn channel(mut self, id: &str, status: ChannelStatus, captured: bool) -> Self {
        self.matter.policy.channels.push(ChannelRule { id: id.into(), status, captured: Some(captured), ..ChannelRule::default() });
        self
    }

    pub fn preset(mut self, id: &str) -> Self {
        self.matter.policy.presets.push(id.into());
        self
    }

    pub fn leave(mut self, person: &str, from: &str, to: &str) -> Self {
        self.matter.leave.get_or_insert_default().push(Leave { person: person.into(), from: day(from), to: day(to), kind: "annual".into() });
        self
    }

    pub fn holidays(mut self, from: &str, to: &str) -> Self {
        self.matter.calendar.holidays.extend(day(from)..=day(to));
        self
    }

    pub fn handle(&mut self, channel: &str, name: &str) -> u32 {
        let key = if channel == "email" && !name.contains('@') { mail_of(name) } else { name.to_owned() };
        if let Some(ix) = self.handles.iter().position(|h| h.channel == channel && h.key == key) {
            return ix as u32;
        }
        self.handles.push(Handle { channel: channel.into(), key, ..Handle::default() });
        self.handles.len() as u32 - 1
    }

    /// A source: the export of a person, or an archive when nobody owns it.
    pub fn source(&mut self, name: &str, channel: &str, owner: Option<&str>) -> u32 {
        if let Some(ix) = self.sources.iter().position(|s| s.path == name) {
            return ix as u32;
        }
        let owner_handle = owner.map(|o| self.handle(channel, o));
        let zone = Decided { value: "UTC".into(), basis: Basis::Proven, why: String::new() };
        let owner = owner.map(|o| Decided { value: o.into(), basis: Basis::Proven, why: String::new() });
        self.sources.push(Source {
            name: name.into(),
            path: name.into(),
            channel: channel.into(),
            owner,
            owner_handle,
            zone,
            parts: vec![String::new()],
            ..Source::default()
        });
        self.sources.len() as u32 - 1
    }

    /// The export of one person, one conversation.
    pub fn chat(&mut self, channel: &str, owner: &str, title: &str) -> Chat<'_> {
        let source = self.source(&format!("{channel}-{owner}.txt"), channel, Some(owner));
        let kind = if title.contains("group") { ConversationKind::Group } else { ConversationKind::Direct };
        let conversation = self.conversation(channel, title, kind);
        Chat { firm: self, conversation, sources: vec![source], mail: false }
    }

    /// A conversation in an archive that holds a channel for everybody.
    pub fn archived(&mut self, channel: &str, title: &str) -> Chat<'_> {
        let source = self.source(&format!("{channel}.csv"), channel, None);
        let conversation = self.conversation(channel, title, ConversationKind::Direct);
        Chat { firm: self, conversation, sources: vec![source], mail: false }
    }

    /// A mail thread of the firm's archive.
    pub fn mail(&mut self, title: &str) -> Chat<'_> {
        let source = self.source("archive.mbox", "email", None);
        let conversation = self.conversation("email", title, ConversationKind::Thread);
        Chat { firm: self, conversation, sources: vec![source], mail: true }
    }

    /// A mail thread as the mailboxes of these people hold it.
    pub fn mailbox(&mut self, title: &str, owners: &[&str]) -> Chat<'_> {
        let sources = owners.iter().map(|o| self.source(&format!("{o}.mbox"), "email", Some(o))).collect();
        let conversation = self.conversation("email", title, ConversationKind::Thread);
        Chat { firm: self, conversation, sources, mail: true }
    }

    /// A further export of the same person: another device, or another day.
    pub fn device(&mut self, channel: &str, owner: &str, title: &str, path: &str) -> Chat<'_> {
        let source = self.source(path, channel, Some(owner));
        let kind = if title.contains("group") { ConversationKind::Group } else { ConversationKind::Direct };
        let conversation = self.conversation(channel, title, kind);
        Chat { firm: self, conversation, sources: vec![source], mail: false }
    }

    fn conversation(&mut self, channel: &str, title: &str, kind: ConversationKind) -> u32 {
        if let Some(ix) = self.conversations.iter().position(|c| c.channel == channel && c.key == title) {
            return ix as u32;
        }
        self.conversations.push(Conversation { channel: channel.into(), key: title.into(), title: title.into(), kind, ..Conversation::default() });
        self.conversations.len() as u32 - 1
    }

    pub fn state(&mut self, kind: StatementKind, source: &str, conversation: Option<&str>, from: Option<&str>, to: Option<&str>, quantity: u64) {
        let source = self.sources.iter().position(|s| s.path == source).unwrap() as u32;
        let conversation = conversation.map(|t| self.conversations.iter().position(|c| c.title == t).unwrap() as u32);
        let at = |d: Option<&str>| d.map(|d| i64::from(day(d)) * DAY + 12 * 60 * MINUTE);
        let (from, to) = (at(from), at(to));
        self.statements.push(Statement { kind, source, conversation, from, to, quantity, part: source, position: Position::line(7, 7), detail: String::new() });
    }

    /// Moves a conversation into a source of its own with this path.
    pub fn rename_source_of(&mut self, title: &str, path: &str) {
        let conversation = self.conversations.iter().position(|c| c.title == title).unwrap() as u32;
        let old = self.rows.iter().find(|r| r.conversation == conversation).unwrap().sources[0];
        let moved = Source { name: path.into(), path: path.into(), ..self.sources[old as usize].clone() };
        self.sources.push(moved);
        let new = self.sources.len() as u32 - 1;
        for row in self.rows.iter_mut().filter(|r| r.conversation == conversation) {
            row.sources = vec![new];
        }
    }

    fn titled(&self, title: &str) -> u32 {
        self.conversations.iter().position(|c| c.title == title).unwrap() as u32
    }

    /// What the sample of a conversation is about; said again, it takes the place of what was said before.
    pub fn about(&mut self, title: &str, looked: u32, business: u32, documents: u32) {
        let conversation = self.titled(title);
        self.topics.retain(|t| t.conversation != conversation);
        self.topics.push(Topic { conversation, source: 0, looked, business, documents });
        self.topics.sort_unstable();
    }

    /// So many messages of a conversation mention a domain.
    pub fn mentions(&mut self, title: &str, domain: &str, count: u32) {
        self.mentions.push(Mention { conversation: self.titled(title), source: 0, domain: crate::text::domain_hash(domain), count });
        self.mentions.sort_unstable();
    }

    /// The next message of a conversation holds sensitive data of these kinds.
    pub fn sensitive(&mut self, title: &str, kinds: u32) {
        self.sensitive.push((self.titled(title), kinds));
    }

    /// The first message of a conversation on a day refers to a channel: something was written there, or one should write there.
    pub fn refers(&mut self, title: &str, date: &str, channel: &str, written: bool) {
        let bit = 1 << crate::model::elsewhere::CHANNELS.iter().position(|c| *c == channel).unwrap();
        self.elsewhere.push((self.titled(title), day(date), if written { bit } else { bit << 16 }));
    }

    pub fn dataset(&self) -> Dataset {
        let mut rows = self.rows.clone();
        rows.sort_by_key(|r| (r.conversation, r.time));
        let mut d = Dataset {
            sources: self.sources.clone(),
            handles: self.handles.clone(),
            conversations: self.conversations.clone(),
            statements: self.statements.clone(),
            ..Dataset::default()
        };
        d.parts = (0..self.sources.len() as u32).map(|source| Part { source, entry: String::new() }).collect();
        for id in &self.ids {
            d.ids.push(id.as_bytes()).unwrap();
        }
        let mut audiences: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
        for (ix, row) in rows.iter().enumerate() {
            while d.starts.len() <= row.conversation as usize {
                d.starts.push(ix as u32);
            }
            let audience = if row.audience.is_empty() {
                NONE
            } else {
                let next = audiences.len() as u32;
                *audiences.entry(row.audience.clone()).or_insert_with(|| {
                    d.audiences.push(row.audience.clone());
                    next
                })
            };
            let c = &mut d.columns;
            c.time.push(row.time);
            c.conversation.push(row.conversation);
            c.sender.push(row.sender);
            c.part.push(row.sources[0]);
            c.position.push(Position::line(ix as u64 * 10, ix as u32 + 1).pack());
            c.id.push(row.id);
            let (hash, chars) = row.text.unwrap_or((ix as u32, 1));
            c.chars.push(chars);
            c.hash.push(hash);
            c.flags.push(row.flags.0);
            c.audience.push(audience);
            d.holders.extend(row.sources[1..].iter().map(|s| (ix as u32, *s)));
            if row.reply != NONE {
                d.replies.push((ix as u32, row.reply));
            }
            for s in &row.sources {
                let source = &mut d.sources[*s as usize];
                source.messages += 1;
                source.records += 1;
                source.first = Some(source.first.map_or(row.time, |t| t.min(row.time)));
                source.last = Some(source.last.map_or(row.time, |t| t.max(row.time)));
            }
        }
        while d.starts.len() <= self.conversations.len() {
            d.starts.push(rows.len() as u32);
        }
        (d.topics, d.mentions) = (self.topics.clone(), self.mentions.clone());
        for (n, (conversation, kinds)) in self.sensitive.iter().enumerate() {
            let before = self.sensitive[..n].iter().filter(|s| s.0 == *conversation).count();
            d.sensitive.push((d.rows_of(*conversation).start as u32 + before as u32, *kinds));
        }
        d.sensitive.sort_unstable();
        let first = |c: u32, day: i32| d.rows_of(c).find(|row| d.columns.time[*row].div_euclid(DAY) == i64::from(day)).unwrap() as u32;
        d.elsewhere = self.elsewhere.iter().map(|(c, day, bits)| (first(*c, *day), *bits)).collect();
        d.elsewhere.sort_unstable();
        d
    }

    pub fn answers(&self) -> Answers {
        answer(&self.dataset(), &self.matter, &Scope::default())
    }
}

impl Chat<'_> {
    /// The same rows lie in another person's export too.
    pub fn also_in(mut self, owner: &str) -> Self {
        let channel = self.firm.conversations[self.conversation as usize].channel.clone();
        let source = self.firm.source(&format!("{channel}-{owner}.txt"), &channel, Some(owner));
        self.sources.push(source);
        self
    }

    fn push(&mut self, from: &str, to: &[&str], time: i64) -> &mut Entry {
        let channel = self.firm.conversations[self.conversation as usize].channel.clone();
        let sender = self.firm.handle(&channel, from);
        let mut audience: Vec<u32> = to.iter().map(|t| self.firm.handle(&channel, t)).collect();
        audience.sort_unstable();
        self.firm.rows.push(Entry {
            conversation: self.conversation,
            time,
            sender,
            sources: self.sources.clone(),
            flags: Flags::NONE,
            id: NONE,
            reply: NONE,
            audience: if self.mail { audience } else { Vec::new() },
            text: None,
        });
        self.firm.rows.last_mut().unwrap()
    }

    /// One message at an hour of a day.
    pub fn says(mut self, from: &str, to: &str, date: &str, hour: i64) -> Self {
        self.push(from, &[to], i64::from(day(date)) * DAY + hour * 60 * MINUTE);
        self
    }

    pub fn event(mut self, from: &str, kind: EventKind, date: &str) -> Self {
        self.push(from, &[], i64::from(day(date)) * DAY + 60 * MINUTE).flags = Flags::NONE.with_event(kind);
        self
    }

    pub fn flagged(mut self, from: &str, date: &str, flags: Flags) -> Self {
        self.push(from, &[], i64::from(day(date)) * DAY + 60 * MINUTE).flags = flags;
        self
    }

    /// A text at a time, microseconds; the same text is the same in every copy, an empty one is none.
    pub fn writes(mut self, from: &str, time: i64, text: &str, flags: Flags) -> Self {
        let hash = text.bytes().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
        let entry = self.push(from, &[], time);
        (entry.flags, entry.text) = (flags, Some(if text.is_empty() { (0, 0) } else { (hash.max(1), text.chars().count() as u32) }));
        self
    }

    /// A mail with a Message-ID at an hour of a day.
    pub fn sends(mut self, from: &str, to: &[&str], date: &str, hour: i64, id: u32) -> Self {
        self.push(from, to, i64::from(day(date)) * DAY + hour * 60 * MINUTE).id = id;
        self
    }

    /// One answer to a message by its id.
    pub fn replies(mut self, from: &str, to: &str, date: &str, hour: i64, id: u32, reply: u32) -> Self {
        let entry = self.push(from, &[to], i64::from(day(date)) * DAY + hour * 60 * MINUTE);
        (entry.id, entry.reply) = (id, reply);
        self
    }

    /// A message whose id is its time, answering another by its time; an empty answer is none.
    pub fn text_reply(mut self, from: &str, date: &str, hour: i64, reply: &str) -> Self {
        let ix = self.firm.ids.len() as u32;
        if !reply.is_empty() {
            self.firm.ids.push(reply.into());
        }
        let entry = self.push(from, &[], i64::from(day(date)) * DAY + hour * 60 * MINUTE);
        (entry.flags, entry.reply) = (Flags::ID_IS_TIME, if reply.is_empty() { NONE } else { ID_TEXT | ix });
        self
    }

    /// Every business day (Monday to Friday) both sides write `n` times, an hour apart.
    pub fn daily(self, one: &str, other: &str, from: &str, to: &str, n: i64) -> Self {
        self.daily_except(one, other, from, to, n, &[])
    }

    /// The same without some intervals.
    pub fn daily_except(mut self, one: &str, other: &str, from: &str, to: &str, n: i64, except: &[(&str, &str)]) -> Self {
        for d in day(from)..=day(to) {
            let out = except.iter().any(|(a, b)| (day(a)..=day(b)).contains(&d));
            if time::weekday(d) >= 5 || out {
                continue;
            }
            // A little unevenness: real traffic has more variance than a clock.
            let n = n + i64::from(d % 3 == 0);
            for i in 0..n {
                let at = i64::from(d) * DAY + (8 * 60 + i * 47) * MINUTE;
                self.push(one, &[other], at);
                self.push(other, &[one], at + 20 * MINUTE);
            }
        }
        self
    }
}

/// All answers, on a ground of their own.
pub fn answer(dataset: &Dataset, matter: &Matter, scope: &Scope) -> Answers {
    super::answer(&Context::new(dataset, matter, scope, &Ground::new(dataset, matter, scope)))
}
