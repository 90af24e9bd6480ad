//! Who writes: handles by `from_id`, the owner, phone numbers from the contact list.

use crate::import::Options;
use crate::import::json::{Items, Members, Scan, Scanner, Text, Value};
use crate::import::sink::{ChannelIx, Map, Sink};
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided};
use crate::text;

use super::chat::Head;

/// Handles seen so far and what the account's own sections say of them.
pub struct People {
    channel: ChannelIx,
    by_id: Map<Box<[u8]>, HandleIx>,
    by_name: Map<Box<[u8]>, HandleIx>,
    phones: Map<String, String>,
    stated: Option<String>,
    owner_key: Option<(String, &'static str)>,
    owner: Option<HandleIx>,
}

impl People {
    /// Nobody yet.
    pub fn new(options: &Options) -> Self {
        Self {
            channel: ChannelIx(0),
            by_id: Map::default(),
            by_name: Map::default(),
            phones: Map::default(),
            stated: options.owner.clone(),
            owner_key: None,
            owner: None,
        }
    }

    /// Takes the channel of the sink.
    pub fn open(&mut self, sink: &mut Sink) -> ChannelIx {
        self.channel = sink.channel("telegram");
        self.channel
    }

    /// The owner, once they have been seen.
    pub const fn owner(&self) -> Option<HandleIx> {
        self.owner
    }

    /// `personal_information` of a full export: the owner's id and phone number.
    pub fn personal(&mut self, s: &mut Scanner<'_>) -> Scan<()> {
        if s.peek()? != b'{' {
            return s.skip();
        }
        let (id, phone) = id_and_phone(s)?;
        if let Some(id) = id {
            self.owner_is(id, "personal_information states the user id");
            self.phone(id, phone);
        }
        Ok(())
    }

    /// `contacts.list[]`: user ids with phone numbers.
    pub fn contacts(&mut self, s: &mut Scanner<'_>) -> Scan<()> {
        if s.peek()? != b'{' {
            return s.skip();
        }
        let mut members: Members = s.object()?;
        while let Some(key) = members.key(s)? {
            if key.raw != b"list" || s.peek()? != b'[' {
                s.skip()?;
                continue;
            }
            let mut list: Items = s.array()?;
            while list.more(s)? {
                let Value::Object(raw) = s.value()? else { continue };
                let _ = self.contact(&mut Scanner::new(raw));
            }
        }
        Ok(())
    }

    fn contact(&mut self, s: &mut Scanner<'_>) -> Scan<()> {
        let (id, phone) = id_and_phone(s)?;
        if let Some(id) = id.filter(|id| *id > 0) {
            self.phone(id, phone);
        }
        Ok(())
    }

    fn phone(&mut self, id: i64, phone: Option<Text<'_>>) {
        if let Some(phone) = phone.and_then(|p| text::phone(&p.owned())) {
            self.phones.insert(format!("user{id}"), phone);
        }
    }

    /// The file says whose it is.
    pub fn owner_is(&mut self, id: i64, why: &'static str) {
        if self.owner_key.is_none() {
            self.owner_key = Some((format!("user{id}"), why));
        }
    }

    /// The handle of a record's author.
    pub fn of(&mut self, who: Option<Value<'_>>, name: Option<Text<'_>>, head: &Head, sink: &mut Sink) -> Option<HandleIx> {
        let id = match who {
            Some(Value::Text(t)) if !t.is_empty() => Some(t.raw),
            Some(Value::Number(n)) => Some(n),
            _ => None,
        };
        let known = match (id, name) {
            (Some(id), _) => self.by_id.get(id),
            (None, Some(name)) => self.by_name.get(name.raw),
            (None, None) => return None,
        };
        if let Some(handle) = known {
            return Some(*handle);
        }
        let name = name.map(Text::owned).unwrap_or_default();
        let key = match who {
            Some(Value::Text(t)) if id.is_some() => t.owned(),
            Some(Value::Number(n)) => old_key(n, &name, head),
            _ => name.clone(),
        };
        if key.trim().is_empty() {
            return None;
        }
        let handle = self.meet(&key, &name, head, sink);
        match (id, name) {
            (Some(id), _) => self.by_id.insert(id.into(), handle),
            (None, name) => self.by_name.insert(name.into_bytes().into(), handle),
        };
        Some(handle)
    }

    fn meet(&mut self, key: &str, name: &str, head: &Head, sink: &mut Sink) -> HandleIx {
        let handle = sink.handle(self.channel, key);
        let phone = self.phones.get(key).cloned();
        if let Some(facts) = sink.handle_facts(handle) {
            if name != key && facts.name.is_empty() {
                facts.name = text::clean_name(name);
            }
            if let Some(phone) = phone {
                facts.phone = phone;
            }
            facts.impersonal |= is_peer(key, "channel") || is_peer(key, "chat") || (head.is_broadcast() && name == head.title);
            facts.bot |= head.is_bot_chat() && head.is_other_party(key, name);
        }
        self.find_owner(handle, key, name, head, sink);
        handle
    }

    fn find_owner(&mut self, handle: HandleIx, key: &str, name: &str, head: &Head, sink: &mut Sink) {
        if self.owner.is_some() {
            return;
        }
        let decided = match (&self.stated, &self.owner_key) {
            (Some(stated), _) if stated == key || stated == name => (Basis::Stated, "stated"),
            (Some(_), _) => return,
            (None, Some((owner, why))) if owner == key => (Basis::Proven, *why),
            (None, Some(_)) => return,
            (None, None) if head.names_other_party() && is_peer(key, "user") && !head.is_other_party(key, name) => {
                (Basis::Proven, "the chat's id is that of the other party")
            }
            (None, None) => return,
        };
        self.owner = Some(handle);
        let source = sink.source();
        source.owner = Some(Decided { value: text::clean_name(key), basis: decided.0, why: decided.1.to_owned() });
        source.owner_handle = Some(handle.0);
    }
}

/// Whether a key is this kind of peer with a number: `channel1447061072`.
fn is_peer(key: &str, kind: &str) -> bool {
    key.strip_prefix(kind).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Before 2021 `from_id` was a bare number. In a channel the channel writes under its own id or title.
fn old_key(number: &[u8], name: &str, head: &Head) -> String {
    let number = String::from_utf8_lossy(number);
    let itself = head.has_own_counter() && head.id.is_some_and(|id| id.to_string() == number);
    if itself || (head.is_broadcast() && name == head.title) { format!("channel{number}") } else { format!("user{number}") }
}

/// `user_id` and `phone_number` of an object, whatever else it holds.
fn id_and_phone<'a>(s: &mut Scanner<'a>) -> Scan<(Option<i64>, Option<Text<'a>>)> {
    let (mut members, mut id, mut phone) = (s.object()?, None, None);
    while let Some(key) = members.key(s)? {
        match key.raw {
            b"user_id" => id = s.value()?.integer(),
            b"phone_number" => phone = s.value()?.text(),
            _ => s.skip()?,
        }
    }
    Ok((id, phone))
}
