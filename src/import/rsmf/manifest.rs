//! The lists of a manifest: participants and conversations, and the handles and conversations of the batch that they become.

use std::collections::BTreeSet;

use super::{each, items, name, word};
use crate::import::delimited::platform;
use crate::import::json::Value;
use crate::import::sink::{ChannelIx, Map, Sink};
use crate::model::message::ConversationKind;
use crate::model::{ConversationIx, HandleIx};
use crate::text;

/// Ids at least as long as this are those of the platform; shorter ones (`1`, `C2`) only count within their manifest.
const NATIVE_ID: usize = 6;

/// `participants[]`.
#[derive(Debug, Default, Clone)]
struct Participant {
    id: Vec<u8>,
    display: String,
    email: String,
    account: String,
    phone: String,
    bot: bool,
    own_key: String,
}

impl Participant {
    fn read(value: Value<'_>) -> Self {
        let mut out = Self::default();
        each(value, |key, value| match key {
            b"id" => out.id = word(value).unwrap_or_default(),
            b"display" => out.display = text::clean_name(&name(value)),
            b"email" => out.email = text::clean_name(&name(value)).to_lowercase(),
            b"account_id" => out.account = text::clean_name(&name(value)),
            b"custom" => items(value, |pair| out.custom(pair)),
            _ => {}
        });
        out.bot |= out.id == b"USLACKBOT";
        if out.phone.is_empty() {
            out.phone = text::phone(&out.account).unwrap_or_default();
        }
        out
    }

    /// `{"name": "Bot User", "value": "true"}`, `{"name": "Phone", "value": "+44 …"}`
    fn custom(&mut self, pair: Value<'_>) {
        let (mut label, mut value) = (String::new(), String::new());
        each(pair, |key, v| match key {
            b"name" => label = name(v).to_ascii_lowercase(),
            b"value" => value = name(v),
            _ => {}
        });
        // As this program writes it (report::rsmf): the key it knows the participant by.
        if label == "handle" {
            self.own_key = text::clean_name(&value);
        }
        let no = matches!(value.to_ascii_lowercase().as_str(), "" | "false" | "no" | "0");
        if (label == "bot" || label == "bot user" || label == "is bot") && !no {
            self.bot = true;
        } else if label.contains("phone") || label.contains("mobile") {
            self.phone = text::phone(&value).unwrap_or_default();
        }
    }

    /// What tells this person in every file: ids differ from file to file.
    fn key(&self) -> String {
        let id = || String::from_utf8_lossy(&self.id).into_owned();
        let account = || text::phone(&self.account).unwrap_or_else(|| self.account.clone());
        let email = || if self.email.contains('@') { self.email.clone() } else { String::new() };
        let found = [self.own_key.clone(), email(), account(), self.display.clone()].into_iter().find(|k| !k.is_empty());
        found.unwrap_or_else(id)
    }

    /// Whether a custodian's name or address means this participant.
    fn is(&self, named: &str) -> bool {
        let named = text::folded(named);
        let id = String::from_utf8_lossy(&self.id);
        !named.is_empty() && [&self.email, &self.account, &self.display, id.as_ref()].iter().any(|k| text::folded(k) == named)
    }
}

/// `conversations[]`.
pub struct Room {
    id: Vec<u8>,
    /// Its channel.
    pub channel: ChannelIx,
    /// Its place in the batch.
    pub conversation: ConversationIx,
    /// The one whose device or account was the source.
    pub custodian: Option<HandleIx>,
    members: Vec<HandleIx>,
}

impl Room {
    /// Whether someone takes part, as stated.
    pub fn has(&self, handle: HandleIx) -> bool {
        self.members.contains(&handle)
    }
}

/// Conversations as listed, before all lists are known.
#[derive(Default, Clone)]
struct Listed {
    id: Vec<u8>,
    display: String,
    platform: String,
    kind: String,
    members: Vec<Vec<u8>>,
    custodian: Vec<u8>,
    files: Vec<String>,
}

/// Who and what the manifest names.
#[derive(Default)]
pub struct Lists {
    participants: Vec<Participant>,
    by_id: Map<Box<[u8]>, usize>,
    listed: Vec<Listed>,
    /// One conversation is listed.
    alone: bool,
    settled: bool,
    platform: String,
    /// `eventcollectionid`, of the manifest or of the mail.
    pub collection: String,
    /// `X-RSMF-Custodian`, or what a person stated.
    pub custodian: String,
    /// The lists as rooms, in their order; unknown ones are added.
    pub rooms: Vec<Room>,
    rooms_by_id: Map<Box<[u8]>, usize>,
    handles: Map<(u32, Box<[u8]>), HandleIx>,
    /// Members of the zip that participants and conversations name (avatars, icons).
    pub pictures: BTreeSet<String>,
}

impl Lists {
    /// One element of `participants`.
    pub fn participant(&mut self, value: Value<'_>, sink: &mut Sink) {
        let participant = Participant::read(value);
        each(value, |key, v| {
            if key == b"avatar" {
                self.pictures.insert(name(v));
            }
        });
        if participant.id.is_empty() {
            return sink.notice("rsmf_participant_without_id", "Participants are listed without an id: events cannot refer to them", 1);
        }
        if self.by_id.insert(participant.id.as_slice().into(), self.participants.len()).is_some() {
            sink.notice("rsmf_participant_twice", "Participants share one id; the last one counts", 1);
        }
        self.participants.push(participant);
    }

    /// One element of `conversations`.
    pub fn conversation(&mut self, value: Value<'_>) {
        let mut out = Listed::default();
        each(value, |key, v| match key {
            b"id" => out.id = word(v).unwrap_or_default(),
            b"display" => out.display = name(v),
            b"platform" => out.platform = name(v),
            b"type" => out.kind = name(v),
            b"custodian" => out.custodian = word(v).unwrap_or_default(),
            b"icon" => out.files.push(name(v)),
            b"participants" => items(v, |id| out.members.extend(word(id))),
            _ => {}
        });
        self.pictures.extend(out.files.drain(..));
        self.listed.push(out);
    }

    /// All lists are known: makes the conversations.
    pub fn settle(&mut self, sink: &mut Sink) {
        self.alone = self.listed.len() == 1;
        self.settled = true;
        // A conversation that only events name is most likely of the platform of the others.
        self.platform = self.listed.first().map(|l| l.platform.clone()).unwrap_or_default();
        for listed in std::mem::take(&mut self.listed) {
            let at = self.rooms.len();
            let room = self.room_of(&listed, sink);
            self.rooms_by_id.entry(room.id.as_slice().into()).or_insert(at);
            self.rooms.push(room);
        }
    }

    /// Whether the lists were read to their end.
    pub const fn settled(&self) -> bool {
        self.settled
    }

    fn room_of(&mut self, listed: &Listed, sink: &mut Sink) -> Room {
        let channel = sink.channel(&slug(&listed.platform));
        let found: Vec<(HandleIx, bool)> = listed.members.iter().map(|id| self.handle(channel, id, sink)).collect();
        let unknown = found.iter().filter(|f| !f.1).count() as u64;
        if unknown > 0 {
            sink.notice("rsmf_unknown_member", "Conversations name members that the manifest does not list; kept under the id", unknown);
        }
        let mut members: Vec<HandleIx> = found.into_iter().map(|f| f.0).collect();
        let stated = self.custodian.clone();
        let named = self.participants.iter().find(|p| p.is(&stated)).map(|p| p.id.clone());
        let custodian = Some(&listed.custodian).filter(|c| !c.is_empty()).or(named.as_ref()).map(|id| self.handle(channel, id, sink).0);
        members.sort_unstable();
        members.dedup();
        let key = self.key(listed, &members, sink);
        let conversation = sink.conversation(channel, &key, &listed.display, kind(&listed.kind, members.len()));
        if let Some(facts) = sink.conversation_facts(conversation) {
            facts.members.extend(members.iter().map(|h| h.0));
        }
        Room { id: listed.id.clone(), channel, conversation, custodian, members }
    }

    /// What joins the slices of a conversation: the collection id; else the platform's own id; else, where ids count only within the
    /// file, the platform's id with those who take part.
    fn key(&self, listed: &Listed, members: &[HandleIx], sink: &mut Sink) -> String {
        let id = String::from_utf8_lossy(&listed.id).into_owned();
        if !self.collection.is_empty() {
            return if self.alone && self.rooms.is_empty() { self.collection.clone() } else { format!("{}/{id}", self.collection) };
        }
        if id.len() >= NATIVE_ID {
            return id;
        }
        let mut keys: Vec<String> = members.iter().filter_map(|h| sink.handle_facts(*h).map(|f| f.key.clone())).collect();
        keys.sort();
        if keys.is_empty() { format!("{id} {}", listed.display) } else { keys.join(", ") }
    }

    /// The handle of a participant on a channel, and whether the lists know the id.
    pub fn handle(&mut self, channel: ChannelIx, id: &[u8], sink: &mut Sink) -> (HandleIx, bool) {
        let place = self.by_id.get(id).copied();
        if let Some(known) = self.handles.get(&(channel.0, Box::from(id))) {
            return (*known, place.is_some());
        }
        let handle = match place.and_then(|ix| self.participants.get(ix)) {
            Some(p) => {
                let handle = sink.handle(channel, &p.key());
                if let Some(facts) = sink.handle_facts(handle) {
                    if facts.name.is_empty() && facts.key != p.display {
                        facts.name.clone_from(&p.display);
                    }
                    if facts.email.is_empty() && p.email.contains('@') {
                        facts.email.clone_from(&p.email);
                    }
                    if facts.phone.is_empty() {
                        facts.phone.clone_from(&p.phone);
                    }
                    facts.bot |= p.bot;
                }
                handle
            }
            None => sink.handle(channel, &String::from_utf8_lossy(id)),
        };
        self.handles.insert((channel.0, id.into()), handle);
        (handle, place.is_some())
    }

    /// Whether the participant is a machine.
    pub fn is_bot(&self, id: &[u8]) -> bool {
        self.by_id.get(id).and_then(|ix| self.participants.get(*ix)).is_some_and(|p| p.bot)
    }

    /// The place of a conversation among the rooms, and whether the lists know the id.
    pub fn room(&mut self, id: &[u8], sink: &mut Sink) -> (usize, bool) {
        if let Some(ix) = self.rooms_by_id.get(id) {
            return (*ix, true);
        }
        let platform = self.platform.clone();
        let listed = Listed { id: id.to_vec(), display: String::from_utf8_lossy(id).into_owned(), platform, ..Listed::default() };
        let room = self.room_of(&listed, sink);
        let ix = self.rooms.len();
        self.rooms.push(room);
        self.rooms_by_id.insert(id.into(), ix);
        (ix, false)
    }

    /// Someone came into a conversation.
    pub fn joined(&mut self, room: usize, handle: HandleIx, sink: &mut Sink) {
        let Some(room) = self.rooms.get_mut(room) else { return };
        if !room.members.contains(&handle) {
            room.members.push(handle);
            if let Some(facts) = sink.conversation_facts(room.conversation) {
                facts.members.push(handle.0);
            }
        }
    }
}

/// The channel of a platform. Short messages of Bloomberg are those of its chat.
fn slug(name: &str) -> String {
    if platform::letters(name) == "bloomberg" { "bloomberg_ib".to_owned() } else { platform::slug(name) }
}

fn kind(stated: &str, members: usize) -> ConversationKind {
    match (stated.to_ascii_lowercase().as_str(), members) {
        ("channel", _) => ConversationKind::Room,
        ("direct", 3..) => ConversationKind::Group,
        ("direct", _) | ("", 2) => ConversationKind::Direct,
        _ => ConversationKind::Unknown,
    }
}
