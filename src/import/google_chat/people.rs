//! Who and which groups the lists of a Takeout name: the account itself, its groups, their members.

use crate::import::Options;
use crate::import::json::{Scan, Scanner, Value, each, items, word};
use crate::import::sink::{ChannelIx, Map, Sink};
use crate::model::ledger::{Basis, Decided};
use crate::model::message::{ConversationKind, Position};
use crate::model::{ConversationIx, HandleIx};
use crate::text;

use super::layout;
use super::record::Person;

/// What removed accounts are called.
const REMOVED: &str = "Deleted User";

/// A group with its list.
pub struct Listed {
    /// Its place in the batch.
    pub conversation: ConversationIx,
    /// It has a `messages.json`.
    pub held: bool,
    /// A record of it was read.
    pub wrote: bool,
    /// Where it is listed.
    pub at: (u32, Position),
}

/// A group the account says it belongs to or belonged to.
pub struct Membership {
    /// The id of the group.
    pub id: String,
    /// Its name; empty for direct messages.
    pub name: String,
    /// `membership_state`, e.g. `MEMBER_JOINED`.
    pub state: String,
    /// Where it is listed.
    pub at: (u32, Position),
}

/// Handles and groups of one export.
pub struct People {
    channel: Option<ChannelIx>,
    known: Map<Box<[u8]>, HandleIx>,
    stated: Option<String>,
    /// The owner, once known.
    pub owner: Option<HandleIx>,
    /// Accounts that `user_info.json` files name.
    accounts: Vec<HandleIx>,
    /// Groups in order of their lists.
    pub listed: Vec<Listed>,
    /// Groups that `user_info.json` names.
    pub memberships: Vec<Membership>,
    folders: Map<String, usize>,
    ids: Map<String, ()>,
    members: Vec<Vec<HandleIx>>,
    decided: bool,
}

impl People {
    /// Nobody yet.
    pub fn new(options: &Options) -> Self {
        Self {
            channel: None,
            known: Map::default(),
            stated: options.owner.clone(),
            owner: None,
            accounts: Vec::new(),
            listed: Vec::new(),
            memberships: Vec::new(),
            folders: Map::default(),
            ids: Map::default(),
            members: Vec::new(),
            decided: false,
        }
    }

    /// The channel of the sink.
    pub fn channel(&mut self, sink: &mut Sink) -> ChannelIx {
        *self.channel.get_or_insert_with(|| sink.channel("google_chat"))
    }

    /// `user_info.json`: `user` and `membership_info`.
    pub fn user(&mut self, s: &mut Scanner<'_>, at: Position, sink: &mut Sink) -> Scan<()> {
        let root = s.value()?;
        let part = sink.current_part();
        each(root, |key, value| match key {
            b"user" => {
                let account = self.of(Person::of(value), sink);
                self.accounts.extend(account);
            }
            b"membership_info" => items(value, |group| {
                let mut membership = Membership { id: String::new(), name: String::new(), state: String::new(), at: (part, at) };
                each(group, |key, value| match key {
                    b"group_id" => membership.id = layout::id(&word(value).owned()).to_owned(),
                    b"group_name" => membership.name = text::clean_name(&word(value).owned()),
                    b"membership_state" => membership.state = text::clean_name(&word(value).owned()),
                    _ => {}
                });
                if !membership.id.is_empty() {
                    self.memberships.push(membership);
                }
            }),
            _ => {}
        });
        Ok(())
    }

    /// `group_info.json` of a folder.
    pub fn group(&mut self, folder: &str, s: &mut Scanner<'_>, at: Position, sink: &mut Sink) -> Scan<()> {
        let root = s.value()?;
        let (mut name, mut people) = (String::new(), Value::Null);
        each(root, |key, value| match key {
            b"name" => name = word(value).owned(),
            b"members" => people = value,
            _ => {}
        });
        let mut members = Vec::new();
        items(people, |member| members.extend(self.of(Person::of(member), sink)));
        members.sort_unstable();
        members.dedup();
        let kind = match (name.is_empty(), members.len()) {
            (true, ..=2) => ConversationKind::Direct,
            (true, _) => ConversationKind::Group,
            (false, _) => ConversationKind::Room,
        };
        let channel = self.channel(sink);
        let conversation = sink.conversation(channel, layout::id(folder), &name, kind);
        if let Some(facts) = sink.conversation_facts(conversation) {
            facts.members.extend(members.iter().map(|h| h.0));
        }
        self.members.push(members);
        self.ids.insert(layout::id(folder).to_owned(), ());
        self.folders.insert(folder.to_owned(), self.listed.len());
        self.listed.push(Listed { conversation, held: false, wrote: false, at: (sink.current_part(), at) });
        Ok(())
    }

    /// All lists are read: decides whose export it is.
    pub fn lists_end(&mut self, sink: &mut Sink) {
        if std::mem::replace(&mut self.decided, true) {
            return;
        }
        let common = || {
            let (first, others) = self.members.split_first().filter(|(_, o)| !o.is_empty())?;
            let mut all = first.iter().filter(|h| others.iter().all(|o| o.binary_search(h).is_ok()));
            all.next().filter(|_| all.next().is_none()).copied()
        };
        let stated = self.stated.as_ref().and_then(|s| self.known.get(s.trim().to_lowercase().as_bytes())).copied();
        let found = match (stated, &*self.accounts) {
            (Some(handle), _) => Some((handle, Basis::Stated, "stated")),
            (None, [account]) => Some((*account, Basis::Proven, "user_info.json names the account")),
            (None, []) => common().map(|h| (h, Basis::Assumed, "the only member that all groups have in common")),
            _ => None,
        };
        let Some((handle, basis, why)) = found else { return };
        self.owner = Some(handle);
        let value = sink.handle_facts(handle).map(|h| h.key.clone()).unwrap_or_default();
        let source = sink.source();
        source.owner = Some(Decided { value, basis, why: why.to_owned() });
        source.owner_handle = Some(handle.0);
    }

    /// The group of a folder, if it is listed; it is held then.
    pub fn held(&mut self, folder: &str) -> Option<ConversationIx> {
        let listed = self.folders.get(folder).and_then(|ix| self.listed.get_mut(*ix))?;
        listed.held = true;
        Some(listed.conversation)
    }

    /// Records of a group were read.
    pub fn wrote(&mut self, conversation: Option<ConversationIx>) {
        if let Some(listed) = self.listed.iter_mut().find(|l| Some(l.conversation) == conversation) {
            listed.wrote = true;
        }
    }

    /// Whether a group of this id has a folder.
    pub fn has_folder(&self, id: &str) -> bool {
        self.ids.contains_key(id)
    }

    /// The handle of a person; `None` when nothing is said of them.
    pub fn of(&mut self, person: Person<'_>, sink: &mut Sink) -> Option<HandleIx> {
        let key = if person.email.is_empty() { person.name } else { person.email };
        if key.is_empty() {
            return None;
        }
        let lower = key.raw.to_ascii_lowercase();
        if let Some(handle) = self.known.get(lower.as_slice()) {
            return Some(*handle);
        }
        let channel = self.channel(sink);
        let (name, email) = (person.name.owned(), person.email.owned().to_lowercase());
        let handle = sink.handle(channel, if email.is_empty() { &name } else { &email });
        self.known.insert(lower.into(), handle);
        if let Some(facts) = sink.handle_facts(handle) {
            if name != facts.key {
                facts.name = text::clean_name(&name);
            }
            if email.contains('@') {
                facts.email = text::clean_name(&email);
            }
            facts.bot |= person.bot;
            // Several people may have been called so: it is nobody's handle.
            facts.deactivated |= email.is_empty() && name == REMOVED;
            facts.impersonal |= email.is_empty() && name == REMOVED;
        }
        Some(handle)
    }

    /// Whether a person is shown as removed only.
    pub fn removed(person: Person<'_>) -> bool {
        person.email.is_empty() && (person.name.is_empty() || person.name.raw == REMOVED.as_bytes())
    }
}
