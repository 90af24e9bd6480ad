//! Who wrote: handles by account id.

use crate::import::json::Value;
use crate::import::json::{each, word};
use crate::import::sink::{ChannelIx, Map, Sink};
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided};
use crate::text;

/// People met so far.
pub struct Authors {
    /// The channel of the sink.
    channel: Option<ChannelIx>,
    known: Map<Box<[u8]>, (HandleIx, bool)>,
    stated: Option<String>,
    /// The owner, once known.
    pub owner: Option<HandleIx>,
}

impl Authors {
    /// Nobody yet. `stated`: the owner as a person has stated them.
    pub fn new(stated: Option<String>) -> Self {
        Self { channel: None, known: Map::default(), stated, owner: None }
    }

    /// The channel of the sink.
    pub fn channel(&mut self, sink: &mut Sink) -> ChannelIx {
        *self.channel.get_or_insert_with(|| sink.channel("discord"))
    }

    /// The handle of an account.
    pub fn person(&mut self, id: &str, name: &str, bot: bool, sink: &mut Sink) -> HandleIx {
        let channel = self.channel(sink);
        let key = if id.is_empty() { name } else { id };
        let handle = sink.handle(channel, key);
        if let Some(facts) = sink.handle_facts(handle) {
            if facts.name.is_empty() && name != key {
                facts.name = text::clean_name(name);
            }
            facts.bot |= bot;
            facts.deactivated |= name.starts_with("Deleted User");
        }
        if self.owner.is_none() && self.stated.as_deref().is_some_and(|s| s == key || s == name) {
            self.is_owner(handle, Basis::Stated, "", sink);
        }
        handle
    }

    /// Whose account it is.
    pub fn is_owner(&mut self, handle: HandleIx, basis: Basis, why: &str, sink: &mut Sink) {
        self.owner = Some(handle);
        let value = sink.handle_facts(handle).map(|f| f.key.clone()).unwrap_or_default();
        let source = sink.source();
        source.owner = Some(Decided { value, basis, why: why.to_owned() });
        source.owner_handle = Some(handle.0);
    }

    /// The owner of a data package: stated by a person, else a stand-in.
    pub fn own(&mut self, sink: &mut Sink) -> HandleIx {
        if let Some(owner) = self.owner {
            return owner;
        }
        let key = self.stated.clone().unwrap_or_else(|| "me".to_owned());
        let handle = self.person(&key, "", false, sink);
        self.owner.get_or_insert(handle);
        handle
    }

    /// `author` of a message: the handle, and whether it is a machine.
    pub fn author(&mut self, author: Value<'_>, sink: &mut Sink) -> Option<(HandleIx, bool)> {
        let (mut id, mut name, mut nickname, mut bot) = Default::default();
        each(author, |key, value| match key {
            b"id" => id = word(value),
            b"name" => name = word(value),
            b"nickname" => nickname = word(value),
            b"isBot" => bot = value.is_true(),
            _ => {}
        });
        if id.is_empty() && name.is_empty() {
            return None;
        }
        if let Some(known) = self.known.get(id.raw).filter(|_| !id.is_empty()) {
            return Some(*known);
        }
        let (key, account, shown) = (id.owned(), name.owned(), nickname.owned());
        let handle = self.person(&key, if shown.is_empty() { &account } else { &shown }, bot, sink);
        if !id.is_empty() {
            self.known.insert(id.raw.into(), (handle, bot));
        }
        Some((handle, bot))
    }
}
