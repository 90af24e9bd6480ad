//! Addresses (`447700900142@s.whatsapp.net`, `120363…@g.us`, `…@lid`) and the conversations they make.

use std::io;

use crate::import::sink::{ChannelIx, Clock, Map, Sink};
use crate::import::sqlite::{Database, Row, Table};
use crate::model::message::{ConversationKind, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};
use crate::text;

/// Most rows of the tables of addresses and chats.
const ROWS: usize = 1 << 21;

/// A row of `chat`.
struct Chat {
    address: String,
    subject: String,
    created: Option<i64>,
    /// Seconds until messages vanish, and since when.
    timer: Option<(u64, Option<i64>)>,
    offset: u64,
    made: Option<ConversationIx>,
}

/// Addresses and chats of a store.
#[derive(Default)]
pub struct People {
    addresses: Map<i64, String>,
    chats: Map<i64, Chat>,
    /// Chats of old stores, by address.
    by_address: Map<String, i64>,
    members: Map<String, Vec<String>>,
    order: Vec<i64>,
    conversations: Map<String, ConversationIx>,
    handles: Map<String, HandleIx>,
    channel: Option<ChannelIx>,
    /// Whose phone it is, as a person stated it.
    pub owner: Option<String>,
    /// Rows that are damaged.
    pub bad: u64,
}

/// Name of the chat that statuses lie in.
const STATUS: &str = "status@broadcast";

/// The key of an address: a number for a phone, the address itself for anything else.
fn key(address: &str) -> String {
    match address.split_once('@') {
        Some((user, "s.whatsapp.net")) => {
            // `447700900142.0:3` names a device of the number.
            let number = user.split(['.', ':']).next().unwrap_or(user);
            text::phone(&format!("+{number}")).unwrap_or_else(|| text::clean_name(number))
        }
        _ => text::clean_name(address),
    }
}

impl People {
    /// Of a store; `owner`: as a person stated them.
    pub fn of(owner: Option<String>) -> Self {
        Self { owner, ..Self::default() }
    }

    /// The channel of the sink.
    pub fn channel(&mut self, sink: &mut Sink) -> ChannelIx {
        *self.channel.get_or_insert_with(|| sink.channel("whatsapp"))
    }

    /// Reads table number `step`; `false` when there are no more.
    pub fn read(&mut self, step: usize, database: &Database) -> io::Result<bool> {
        let names = ["jid", "jid_map", "chat", "chat_list", "group_participant_user", "group_participants"];
        let Some(name) = names.get(step) else { return Ok(false) };
        let Some(table) = database.table(name) else { return Ok(true) };
        let number = |row: &Row, name: &str| table.column(name).and_then(|c| row.integer(c));
        let mut pairs: Vec<(i64, i64)> = Vec::new();
        let bad = match step {
            0 => database.each(table, |row| {
                let address = word(row, table, "raw_string");
                let (user, server) = (word(row, table, "user"), word(row, table, "server"));
                let address = if user.is_empty() || server.is_empty() { address } else { format!("{user}@{server}") };
                if self.addresses.len() < ROWS {
                    self.addresses.insert(row.id, address);
                }
            })?,
            1 => database.each(table, |row| {
                if let (Some(hidden), Some(phone)) = (number(row, "lid_row_id"), number(row, "jid_row_id")) {
                    pairs.push((hidden, phone));
                }
            })?,
            2 | 3 => database.each(table, |row| self.chat(row, table))?,
            4 => database.each(table, |row| {
                if let (Some(group), Some(user)) = (number(row, "group_jid_row_id"), number(row, "user_jid_row_id")) {
                    pairs.push((group, user));
                }
            })?,
            _ => database.each(table, |row| {
                let (group, user) = (word(row, table, "gjid"), word(row, table, "jid"));
                // The owner stands there without an address.
                if !group.is_empty() && !user.is_empty() && self.members.len() < ROWS {
                    self.members.entry(group).or_default().push(user);
                }
            })?,
        };
        self.bad += bad;
        if step == 1 {
            // A hidden address stands for a number: without this chats fall apart.
            for (hidden, phone) in pairs {
                if let Some(address) = self.addresses.get(&phone).cloned() {
                    self.addresses.insert(hidden, address);
                }
            }
        } else {
            for (group, user) in pairs {
                if let (Some(group), Some(user)) = (self.addresses.get(&group).cloned(), self.addresses.get(&user).cloned()) {
                    self.members.entry(group).or_default().push(user);
                }
            }
        }
        Ok(true)
    }

    fn chat(&mut self, row: &Row, table: &Table) {
        let number = |name: &str| table.column(name).and_then(|c| row.integer(c));
        let address = match number("jid_row_id") {
            Some(jid) => self.addresses.get(&jid).cloned().unwrap_or_default(),
            None => word(row, table, "key_remote_jid"),
        };
        if address.is_empty() || self.chats.len() >= ROWS || self.by_address.contains_key(&address) {
            return;
        }
        let millis = |name: &str| number(name).filter(|n| *n > 0).and_then(|n| n.checked_mul(1000));
        let seconds = number("ephemeral_expiration").and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0);
        let chat = Chat {
            subject: word(row, table, "subject"),
            created: millis("created_timestamp").or_else(|| millis("creation")).filter(|t| crate::time::plausible(*t)),
            timer: seconds.map(|s| (s, millis("ephemeral_setting_timestamp"))),
            offset: row.offset,
            made: None,
            address: address.clone(),
        };
        self.by_address.insert(address, row.id);
        self.chats.insert(row.id, chat);
        self.order.push(row.id);
    }

    /// The handle of an address.
    fn handle(&mut self, address: &str, sink: &mut Sink) -> HandleIx {
        if let Some(known) = self.handles.get(address) {
            return *known;
        }
        let channel = self.channel(sink);
        let key = key(address);
        let handle = sink.handle(channel, &key);
        if let Some(facts) = sink.handle_facts(handle) {
            facts.phone = text::phone(&key).filter(|_| key.starts_with('+')).unwrap_or_default();
            facts.impersonal = address.ends_with("@newsletter");
        }
        self.handles.insert(address.to_owned(), handle);
        handle
    }

    /// The owner, if stated.
    pub fn own_handle(&mut self, sink: &mut Sink) -> Option<HandleIx> {
        let own = self.owner.clone()?;
        let channel = self.channel(sink);
        let handle = sink.handle(channel, &own);
        if let Some(facts) = sink.handle_facts(handle) {
            facts.phone = text::phone(&own).unwrap_or_default();
        }
        Some(handle)
    }

    /// Address of a chat of the new table.
    pub fn address_of(&self, chat: i64) -> String {
        self.chats.get(&chat).map(|c| c.address.clone()).unwrap_or_default()
    }

    /// Address of a row of `jid`.
    pub fn address(&self, jid: i64) -> Option<String> {
        self.addresses.get(&jid).cloned()
    }

    /// The sender of a message of others.
    pub fn sender(&mut self, chat: &str, sender: &str, sink: &mut Sink) -> Option<HandleIx> {
        let address = match () {
            () if !sender.is_empty() => sender,
            // In a chat of two, and in a channel, it is the chat's own address.
            () if !chat.is_empty() && !chat.ends_with("@g.us") && !chat.ends_with("broadcast") => chat,
            () => return None,
        };
        Some(self.handle(address, sink))
    }

    /// The conversation of an address.
    pub fn conversation(&mut self, address: &str, sink: &mut Sink) -> ConversationIx {
        if let Some(known) = self.conversations.get(address) {
            return *known;
        }
        let kind = match address.rsplit_once('@') {
            Some((_, "g.us")) => ConversationKind::Group,
            Some((_, "newsletter")) => ConversationKind::Room,
            _ if address == STATUS => ConversationKind::Room,
            Some((_, "broadcast")) => ConversationKind::Group,
            None => ConversationKind::Unknown,
            _ => ConversationKind::Direct,
        };
        let other = if address.is_empty() { "no conversation".to_owned() } else { key(address) };
        let conversation_key = match (&self.owner, kind) {
            (Some(own), ConversationKind::Direct) => {
                let mut both = [other.as_str(), own.as_str()];
                both.sort_unstable();
                both.join(",")
            }
            _ => other,
        };
        let channel = self.channel(sink);
        let chat = self.by_address.get(address).copied();
        let facts = chat.and_then(|c| self.chats.get(&c)).map(|c| (c.subject.clone(), c.created));
        let (subject, created) = facts.unwrap_or_default();
        let title = if address == STATUS { "Status" } else { &subject };
        let conversation = sink.conversation(channel, &conversation_key, title, kind);
        let mut members = self.members.get(address).cloned().unwrap_or_default();
        members.truncate(5000);
        if kind == ConversationKind::Direct {
            members.push(address.to_owned());
        }
        let mut members: Vec<u32> = members.iter().map(|m| self.handle(m, sink).0).collect();
        members.extend(self.own_handle(sink).map(|h| h.0));
        if let Some(facts) = sink.conversation_facts(conversation) {
            facts.members.extend(members);
            facts.created = created;
        }
        if let Some(chat) = chat.and_then(|c| self.chats.get_mut(&c)) {
            chat.made = Some(conversation);
        }
        self.conversations.insert(address.to_owned(), conversation);
        conversation
    }

    /// States chats whose messages vanish, and chats that hold no message although they exist.
    pub fn tell(&self, sink: &mut Sink) {
        for chat in self.order.iter().filter_map(|c| self.chats.get(c)) {
            let at = Position::byte(chat.offset);
            if let (Some((seconds, since)), Some(_)) = (chat.timer, chat.made) {
                let since = since.filter(|t| crate::time::plausible(*t)).map(Clock::Utc);
                sink.statement(StatementKind::Timer, chat.made, since, None, seconds, at, "setting of the chat");
            }
        }
        let empty: Vec<&Chat> = self.order.iter().filter_map(|c| self.chats.get(c)).filter(|c| c.made.is_none() && !c.address.ends_with("broadcast")).collect();
        if let Some(first) = empty.first() {
            let detail = format!("{} chats are listed without a message", empty.len());
            sink.statement(StatementKind::ListedEmpty, None, None, None, empty.len() as u64, Position::byte(first.offset), &detail);
        }
    }
}

fn word(row: &Row, table: &Table, name: &str) -> String {
    table.column(name).and_then(|c| row.text(c)).map(|t| String::from_utf8_lossy(&t).into_owned()).unwrap_or_default()
}
