//! `recipient` and `account` frames of the plaintext export: who is who, which groups there are, whose export it is.
//! The account's keys and its PIN stand in these lines: nothing but the names listed here is ever taken from them.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::nested::{members, number, uuid, words};
use crate::import::Options;
use crate::import::json::{Value, each, items};
use crate::import::sink::{ChannelIx, Sink};
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided};
use crate::model::message::ConversationKind;
use crate::text;

/// What a recipient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum What {
    /// A person.
    #[default]
    Contact,
    /// The owner.
    Myself,
    /// A group.
    Group,
    /// Signal's own news.
    News,
    /// A list of people or a link for calls.
    Aside,
}

#[derive(Debug, Default)]
struct Recipient {
    what: What,
    key: String,
    name: String,
    phone: String,
    members: Vec<String>,
    /// Timer of a group, seconds.
    timer: u64,
    handle: Option<HandleIx>,
}

/// Everyone.
#[derive(Default)]
pub struct People {
    channel: Option<ChannelIx>,
    list: BTreeMap<u64, Recipient>,
    by_uuid: BTreeMap<String, u64>,
    me: Option<u64>,
    own: Recipient,
    /// `universalExpireTimerSeconds`.
    pub default_timer: u64,
    stated: Option<String>,
    settled: bool,
}

/// A conversation as a `chat` frame names it.
pub struct Named {
    /// Key.
    pub key: String,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: ConversationKind,
    /// Members, as handles.
    pub members: Vec<u32>,
    /// Timer of a group, seconds.
    pub timer: u64,
}

impl People {
    /// Nobody yet.
    pub fn new(options: &Options) -> Self {
        Self { stated: options.owner.clone(), ..Self::default() }
    }

    /// The channel.
    pub fn channel(&mut self, sink: &mut Sink) -> ChannelIx {
        *self.channel.get_or_insert_with(|| sink.channel("signal"))
    }

    /// `account`: names and the default timer; nothing else is looked at.
    pub fn account(&mut self, object: &[u8]) {
        let (mut given, mut family) = (None, None);
        members(object, |key, value| match key {
            b"givenName" => given = words(value),
            b"familyName" => family = words(value),
            b"username" => self.own.key = words(value).unwrap_or_default(),
            b"accountSettings" => each(value, |key, value| {
                if key == b"universalExpireTimerSeconds" {
                    self.default_timer = number(value).unwrap_or(0);
                }
            }),
            _ => {}
        });
        self.own.name = joined(given, family);
    }

    /// `recipient`.
    pub fn recipient(&mut self, object: &[u8]) {
        let (mut id, mut made) = (None, None);
        members(object, |key, value| match key {
            b"id" => id = number(value),
            b"self" => made = Some(Recipient { what: What::Myself, ..Recipient::default() }),
            b"contact" => made = Some(contact(value)),
            b"group" => made = Some(group(value)),
            b"releaseNotes" => made = Some(Recipient { what: What::News, key: "signal".to_owned(), name: "Signal".to_owned(), ..Recipient::default() }),
            b"distributionList" | b"callLink" => made = Some(Recipient { what: What::Aside, name: name_within(value), ..Recipient::default() }),
            _ => {}
        });
        let (Some(id), Some(made)) = (id, made) else { return };
        match made.what {
            What::Myself => self.me = Some(id),
            What::Contact => drop(self.by_uuid.insert(made.key.clone(), id)),
            _ => {}
        }
        self.list.insert(id, made);
    }

    /// All recipients are known: the account that is in groups and no contact is the owner's.
    fn settle(&mut self) {
        if std::mem::replace(&mut self.settled, true) {
            return;
        }
        let strangers: BTreeSet<&String> = self.list.values().flat_map(|r| &r.members).filter(|m| !self.by_uuid.contains_key(*m)).collect();
        let mut strangers = strangers.into_iter();
        if let (Some(only), None, Some(me)) = (strangers.next(), strangers.next(), self.me) {
            self.own.key = only.clone();
            self.by_uuid.insert(only.clone(), me);
        }
        if self.own.key.is_empty() {
            self.own.key = if self.own.name.is_empty() { "Me".to_owned() } else { text::clean_name(&self.own.name) };
        }
    }

    /// The owner.
    pub fn owner(&mut self, sink: &mut Sink) -> HandleIx {
        self.settle();
        if let Some(handle) = self.own.handle {
            return handle;
        }
        let key = self.stated.clone().filter(|s| !s.is_empty()).unwrap_or_else(|| self.own.key.clone());
        let channel = self.channel(sink);
        let handle = sink.handle(channel, &key);
        let name = text::clean_name(&self.own.name);
        if let Some(facts) = sink.handle_facts(handle)
            && facts.name.is_empty()
            && name != facts.key
        {
            facts.name = name;
        }
        let (basis, why) = if self.stated.is_some() { (Basis::Stated, "stated") } else { (Basis::Proven, "the export marks its own account") };
        let source = sink.source();
        source.owner = Some(Decided { value: text::clean_name(&key), basis, why: why.to_owned() });
        source.owner_handle = Some(handle.0);
        self.own.handle = Some(handle);
        handle
    }

    /// The handle of a recipient.
    pub fn handle(&mut self, id: u64, sink: &mut Sink) -> Option<HandleIx> {
        if self.me == Some(id) {
            return Some(self.owner(sink));
        }
        let channel = self.channel(sink);
        let known = self.list.get_mut(&id)?;
        if !matches!(known.what, What::Contact | What::News) {
            return None;
        }
        if known.handle.is_none() && !known.key.is_empty() {
            let handle = sink.handle(channel, &known.key);
            if let Some(facts) = sink.handle_facts(handle) {
                if facts.name.is_empty() && known.name != known.key {
                    facts.name = text::clean_name(&known.name);
                }
                if !known.phone.is_empty() {
                    facts.phone = known.phone.clone();
                }
                facts.impersonal |= known.what == What::News;
            }
            known.handle = Some(handle);
        }
        known.handle
    }

    /// The conversation with a recipient.
    /// `chat`: the number of the chat, for one whose recipient is not known.
    pub fn conversation(&mut self, id: Option<u64>, chat: u64, sink: &mut Sink) -> Named {
        self.settle();
        let owner = self.owner(sink);
        let Some((id, known)) = id.and_then(|id| Some((id, self.list.get(&id)?))) else {
            let (key, title) = (format!("unknown:{chat}"), String::new());
            return Named { key, title, kind: ConversationKind::Unknown, members: Vec::new(), timer: 0 };
        };
        let (title, timer) = (known.name.clone(), known.timer);
        match known.what {
            What::Group => {
                let key = known.key.clone();
                let ids: Vec<u64> = known.members.iter().filter_map(|m| self.by_uuid.get(m).copied()).collect();
                let members = ids.into_iter().filter_map(|id| self.handle(id, sink)).map(|h| h.0).collect();
                Named { key, title, kind: ConversationKind::Group, members, timer }
            }
            What::Myself => {
                Named { key: format!("self:{}", self.own.key), title: "Note to Self".to_owned(), kind: ConversationKind::Direct, members: vec![owner.0], timer }
            }
            What::Contact => {
                let mut pair = [self.own.key.as_str(), known.key.as_str()];
                pair.sort_unstable();
                let key = format!("d:{}", pair.join("|"));
                let other = self.handle(id, sink);
                let members = [Some(owner), other].into_iter().flatten().map(|h| h.0).collect();
                Named { key, title, kind: ConversationKind::Direct, members, timer }
            }
            What::News => Named { key: "news".to_owned(), title, kind: ConversationKind::Room, members: Vec::new(), timer },
            What::Aside => {
                Named { key: format!("other:{}:{id}", text::clean_name(&title)), title, kind: ConversationKind::Unknown, members: Vec::new(), timer }
            }
        }
    }
}

fn joined(given: Option<String>, family: Option<String>) -> String {
    [given, family].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn name_within(value: Value<'_>) -> String {
    let mut name = String::new();
    each(value, |key, value| {
        if key == b"name" {
            name = words(value).unwrap_or_default();
        }
    });
    name
}

/// `contact`: the account's UUID names it, else its number or name. The owner's own names for people come before those they gave themselves.
fn contact(value: Value<'_>) -> Recipient {
    let (mut aci, mut pni, mut phone, mut username) = (None, None, None, None);
    let (mut profile, mut system, mut nick) = ((None, None), (None, None), (None, None));
    each(value, |key, value| match key {
        b"aci" => aci = value.text().and_then(|t| uuid(t.raw)),
        b"pni" => pni = value.text().and_then(|t| uuid(t.raw)),
        b"e164" => phone = number(value).filter(|n| *n > 0).map(|n| format!("+{n}")),
        b"username" => username = words(value),
        b"profileGivenName" => profile.0 = words(value),
        b"profileFamilyName" => profile.1 = words(value),
        b"systemGivenName" => system.0 = words(value),
        b"systemFamilyName" => system.1 = words(value),
        b"nickname" => each(value, |key, value| match key {
            b"given" => nick.0 = words(value),
            b"family" => nick.1 = words(value),
            _ => {}
        }),
        _ => {}
    });
    let names = [nick, system, profile].map(|(given, family)| joined(given, family));
    let name = names.into_iter().find(|n| !n.is_empty()).or(username).or_else(|| phone.clone()).unwrap_or_default();
    let phone = phone.and_then(|p| text::phone(&p)).unwrap_or_default();
    let key = aci.or_else(|| Some(phone.clone()).filter(|p| !p.is_empty())).or(pni).unwrap_or_else(|| text::clean_name(&name));
    Recipient { what: What::Contact, key, name, phone, ..Recipient::default() }
}

/// `group`: its master key opens it on the server, so only a digest of it stands for the group.
fn group(value: Value<'_>) -> Recipient {
    let mut made = Recipient { what: What::Group, ..Recipient::default() };
    each(value, |key, value| match key {
        b"masterKey" => {
            if let Some(t) = value.text().filter(|t| !t.is_empty()) {
                let digest = text::hex(&Sha256::digest(t.raw));
                made.key = format!("g:{}", digest.get(..32).unwrap_or(&digest));
            }
        }
        b"snapshot" => each(value, |key, value| match key {
            b"title" => each(value, |key, value| {
                if key == b"title" {
                    made.name = words(value).unwrap_or_default();
                }
            }),
            b"members" => items(value, |member| {
                each(member, |key, value| {
                    if let (b"userId", Some(t)) = (key, value.text()) {
                        made.members.extend(uuid(t.raw));
                    }
                });
            }),
            b"disappearingMessagesTimer" => each(value, |key, value| {
                if key == b"disappearingMessagesDuration" {
                    made.timer = number(value).unwrap_or(0);
                }
            }),
            _ => {}
        }),
        _ => {}
    });
    if made.key.is_empty() {
        made.key = format!("g:?{}", text::clean_name(&made.name));
    }
    made
}
