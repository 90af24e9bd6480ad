//! The tables beside the messages: who takes part, which message lies in which conversation, what was deleted lately.

use std::collections::BTreeMap;
use std::io;

use crate::import::sink::{ChannelIx, Map, Sink};
use crate::import::sqlite::{Database, Row, Table};
use crate::model::message::ConversationKind;
use crate::model::{ConversationIx, HandleIx};
use crate::text;

/// Most links of messages to conversations, and to files.
const LINKS: usize = 1 << 24;

/// A row of `chat`.
#[derive(Default)]
struct Chat {
    identifier: String,
    name: String,
    service: String,
    /// Rows of `handle`.
    members: Vec<i64>,
    group: bool,
}

/// Everything that is looked up for a message.
#[derive(Default)]
pub struct Store {
    handles: Map<i64, String>,
    chats: BTreeMap<i64, Chat>,
    /// Message and chat, sorted.
    links: Vec<(i64, i64)>,
    /// Deleted within the last 30 days: message and chat, sorted.
    recoverable: Vec<(i64, i64)>,
    /// Files of a message.
    files: Map<i64, u32>,
    /// The table of files was there.
    pub counts_files: bool,
    /// Own addresses, with how many chats name them.
    own: BTreeMap<String, u64>,
    /// Whose it is: key of the handle, and whether a person said so.
    pub owner: Option<(String, bool)>,
    /// Rows of these tables that are damaged.
    pub bad: u64,
    conversations: Map<(ChannelIx, i64), ConversationIx>,
    senders: Map<(ChannelIx, i64), HandleIx>,
}

/// The handle with what its key tells about it.
pub fn handle(channel: ChannelIx, key: &str, sink: &mut Sink) -> HandleIx {
    let handle = sink.handle(channel, key);
    if let Some(facts) = sink.handle_facts(handle) {
        if key.contains('@') {
            key.clone_into(&mut facts.email);
        } else if let Some(phone) = text::phone(key) {
            facts.phone = phone;
        } else {
            // Senders of letters and short codes are machines.
            facts.bot = !key.is_empty();
        }
    }
    handle
}

impl Store {
    /// Reads table number `step`; `false` when there are no more.
    pub fn read(&mut self, step: usize, database: &Database) -> io::Result<bool> {
        let word = |row: &Row, table: &Table, name: &str| {
            table.column(name).and_then(|c| row.text(c)).map(|t| String::from_utf8_lossy(&t).into_owned()).unwrap_or_default()
        };
        let number = |row: &Row, table: &Table, name: &str| table.column(name).and_then(|c| row.integer(c));
        let names = ["handle", "chat", "chat_handle_join", "chat_message_join", "chat_recoverable_message_join", "message_attachment_join"];
        let Some(name) = names.get(step) else { return Ok(false) };
        let Some(table) = database.table(name) else { return Ok(true) };
        let bad = match step {
            0 => database.each(table, |row| {
                self.handles.insert(row.id, text::address_key(&word(row, table, "id")));
            })?,
            1 => database.each(table, |row| {
                let chat = Chat {
                    identifier: word(row, table, "chat_identifier"),
                    name: word(row, table, "display_name"),
                    service: word(row, table, "service_name"),
                    members: Vec::new(),
                    // 43 is a group, 45 a chat of two; older stores say it by the name of the room.
                    group: number(row, table, "style").map_or_else(|| !word(row, table, "room_name").is_empty(), |s| s == 43),
                };
                for name in ["last_addressed_handle", "account_login"] {
                    let own = word(row, table, name);
                    let own = text::address_key(own.strip_prefix("E:").or_else(|| own.strip_prefix("P:")).unwrap_or(&own));
                    if own.len() > 3 {
                        *self.own.entry(own).or_default() += 1;
                        break;
                    }
                }
                self.chats.insert(row.id, chat);
            })?,
            2 => database.each(table, |row| {
                if let (Some(chat), Some(handle)) = (number(row, table, "chat_id"), number(row, table, "handle_id"))
                    && let Some(chat) = self.chats.get_mut(&chat).filter(|c| c.members.len() < 5000)
                {
                    chat.members.push(handle);
                }
            })?,
            3 | 4 => {
                let links = if step == 3 { &mut self.links } else { &mut self.recoverable };
                let bad = database.each(table, |row| {
                    if let (Some(chat), Some(message)) = (number(row, table, "chat_id"), number(row, table, "message_id"))
                        && links.len() < LINKS
                    {
                        links.push((message, chat));
                    }
                })?;
                links.sort_unstable();
                bad
            }
            _ => {
                self.counts_files = true;
                database.each(table, |row| {
                    if let Some(message) = number(row, table, "message_id")
                        && self.files.len() < LINKS
                    {
                        *self.files.entry(message).or_default() += 1;
                    }
                })?
            }
        };
        self.bad += bad;
        Ok(true)
    }

    /// Whose store it is: stated, or the address that most chats are kept under. Gives the number of chats that say so.
    pub fn settle_owner(&mut self, stated: Option<&str>) -> Option<u64> {
        if let Some(stated) = stated.map(str::trim).filter(|s| !s.is_empty()) {
            self.owner = Some((text::address_key(stated), true));
            return None;
        }
        // The smallest of equals.
        let (own, chats) = self.own.iter().rev().max_by_key(|(_, n)| **n)?;
        self.owner = Some((own.clone(), false));
        Some(*chats)
    }

    /// The chat of a message, and whether it lies under Recently Deleted.
    pub fn chat_of(&self, message: i64) -> (Option<i64>, bool) {
        let find = |links: &[(i64, i64)]| {
            let at = links.partition_point(|(m, _)| *m < message);
            links.get(at).filter(|(m, _)| *m == message).map(|(_, chat)| *chat)
        };
        match find(&self.links) {
            Some(chat) => (Some(chat), false),
            None => find(&self.recoverable).map_or((None, false), |chat| (Some(chat), true)),
        }
    }

    /// Files that come with a message.
    pub fn files_of(&self, message: i64) -> u32 {
        self.files.get(&message).copied().unwrap_or(0)
    }

    /// The service of a chat, where the message does not state it.
    pub fn service_of(&self, chat: Option<i64>) -> &str {
        chat.and_then(|c| self.chats.get(&c)).map_or("", |c| c.service.as_str())
    }

    /// The sender of a message of others; `None` where the store does not know.
    pub fn sender(&mut self, row: i64, chat: Option<i64>, channel: ChannelIx, sink: &mut Sink) -> Option<HandleIx> {
        // In a chat of two the other one is named by the chat itself.
        let row = match self.handles.get(&row) {
            Some(_) => row,
            None => {
                let chat = chat.and_then(|c| self.chats.get(&c)).filter(|c| !c.group)?;
                let [one] = chat.members.as_slice() else { return None };
                *one
            }
        };
        if let Some(known) = self.senders.get(&(channel, row)) {
            return Some(*known);
        }
        let handle = handle(channel, self.handles.get(&row)?, sink);
        self.senders.insert((channel, row), handle);
        Some(handle)
    }

    /// The conversation of a message: of its chat, or of its sender where it lies in none.
    pub fn conversation(&mut self, chat: Option<i64>, sender: i64, channel: ChannelIx, sink: &mut Sink) -> ConversationIx {
        // Rows of chats are positive: those of senders take the other side.
        let place = chat.filter(|c| self.chats.contains_key(c)).unwrap_or(-1 - sender.max(0));
        if let Some(known) = self.conversations.get(&(channel, place)) {
            return *known;
        }
        let made = match self.chats.get(&place) {
            Some(chat) => self.begin(chat, channel, sink),
            None => {
                let key = self.handles.get(&sender).map_or("no conversation", String::as_str);
                sink.conversation(channel, &self.direct_key(key), "", ConversationKind::Direct)
            }
        };
        self.conversations.insert((channel, place), made);
        made
    }

    fn begin(&self, chat: &Chat, channel: ChannelIx, sink: &mut Sink) -> ConversationIx {
        let group = chat.group || chat.members.len() > 1;
        let kind = if group { ConversationKind::Group } else { ConversationKind::Direct };
        let other = text::address_key(&chat.identifier);
        let key = if group { other } else { self.direct_key(&other) };
        let conversation = sink.conversation(channel, &key, &chat.name, kind);
        let members = chat.members.iter().filter_map(|m| self.handles.get(m)).map(|k| handle(channel, k, sink).0);
        let mut members: Vec<u32> = members.collect();
        members.extend(self.owner.as_ref().map(|(own, _)| handle(channel, own, sink).0));
        if let Some(facts) = sink.conversation_facts(conversation) {
            facts.members.extend(members);
        }
        conversation
    }

    /// A chat of two: with the owner, so that the stores of two people do not become one conversation with a third.
    fn direct_key(&self, other: &str) -> String {
        match &self.owner {
            Some((own, true)) => {
                let mut both = [other, own.as_str()];
                both.sort_unstable();
                both.join(",")
            }
            Some((own, false)) => format!("{other} on {own}"),
            None => other.to_owned(),
        }
    }
}
