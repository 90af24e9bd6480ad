//! One row or object, its cells in slots, becomes a message, an event or a named skip. Shared by CSV and JSON.

mod owner;
mod words;

use super::clock::Times;
use super::heading::{Plan, SLOTS, Slot};
use super::people::{self, People};
use super::platform;
use crate::import::lines::unix_lines;
use crate::import::sink::{Body, ChannelIx, Draft, Map, Sink};
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{ConversationKind, Flags, Position};
use crate::model::{AudienceIx, ConversationIx, HandleIx};
use crate::text;
use owner::Owner;
use words::{Way, attachments, event, id, state, way};

/// The cells of one record by slot, without surrounding blanks; empty where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cells<'a>([&'a [u8]; SLOTS]);

impl<'a> Cells<'a> {
    /// Sets a cell as it stands in the file.
    #[inline]
    pub fn set(&mut self, slot: usize, cell: &'a [u8]) {
        if let Some(place) = self.0.get_mut(slot) {
            *place = cell.trim_ascii();
        }
    }

    /// A cell.
    #[inline]
    pub fn get(&self, slot: Slot) -> &'a [u8] {
        self.0.get(slot as usize).copied().unwrap_or_default()
    }

    /// The date and the time of day, wherever they stand.
    #[inline]
    pub fn time(&self) -> (&'a [u8], &'a [u8]) {
        let (time, date, clock) = (self.get(Slot::Time), self.get(Slot::Date), self.get(Slot::Clock));
        if !time.is_empty() {
            // Load files: DATESENT beside TIMESENT.
            let day_only = !clock.is_empty() && !time.contains(&b':') && time.iter().any(|b| matches!(b, b'/' | b'-' | b'.'));
            (time, if day_only { clock } else { b"" })
        } else if !date.is_empty() {
            (date, clock)
        } else {
            (clock, b"")
        }
    }
}

/// The parties of a record.
struct Parties<'a> {
    sender: Option<HandleIx>,
    /// The cell that names the sender; empty where it is not told by one.
    cell: &'a [u8],
    /// The other party, where the sender's column names it.
    other: Option<HandleIx>,
    audience: Option<AudienceIx>,
    /// Where [`People`] keeps the recipients.
    set: Option<usize>,
}

/// Makes drafts from cells.
pub struct Maker {
    plan: Plan,
    /// Times of the file.
    pub times: Times,
    people: People,
    fallback: Fallback,
    channel: Option<ChannelIx>,
    conversations: Map<(u32, Box<[u8]>), ConversationIx>,
    /// By channel: cell text to conversation.
    rooms: Vec<Map<Box<[u8]>, ConversationIx>>,
    pairs: Map<(u32, u32, u32), ConversationIx>,
    owner: Owner,
    scratch: Vec<u8>,
}

/// What a file's name and a person's word give where columns do not.
#[derive(Debug, Clone, Default)]
pub struct Fallback {
    /// Channel slug, if the file name speaks of one.
    pub channel: Option<&'static str>,
    /// File name without extension: key of the conversation when nothing tells conversations apart.
    pub stem: String,
    /// Handle of the owner as stated by a person.
    pub owner: Option<String>,
    /// A load file: rows without a writer are attachments and files.
    pub load_file: bool,
}

impl Maker {
    /// For one file.
    pub fn new(plan: Plan, times: Times, fallback: Fallback) -> Self {
        Self {
            plan,
            times,
            people: People::default(),
            fallback,
            channel: None,
            conversations: Map::default(),
            rooms: Vec::new(),
            pairs: Map::default(),
            owner: Owner::default(),
            scratch: Vec::new(),
        }
    }

    /// One record whose [`Sink::record`] was called by the reader.
    pub fn make(&mut self, sink: &mut Sink, cells: &Cells<'_>, position: Position) {
        let (date, clock) = cells.time();
        let kind = cells.get(Slot::Kind);
        if self.fallback.load_file && no_mail(cells) {
            return sink.skip(SkipReason::NotMessages, position);
        }
        let Some(time) = self.times.read(date, clock) else {
            return sink.skip(SkipReason::NoTime, position);
        };
        if kind.eq_ignore_ascii_case(b"draft") {
            return sink.skip(SkipReason::Draft, position);
        }
        let channel = self.channel(sink, cells.get(Slot::Platform));
        let way = way(cells);
        self.owner.see(cells.get(Slot::Custodian));
        let Parties { sender, cell, other: others, audience, set } = self.parties(sink, channel, cells, way);
        let by_owner = way == Way::Out || sender.is_some_and(|h| self.owner.is_named(sink, h, cell));
        let to_owner = !by_owner && (way == Way::In || set.is_some_and(|set| self.people.set(set).iter().any(|h| self.owner.is(sink, *h))));
        let body = Some(cells.get(Slot::Body)).filter(|b| !b.is_empty()).unwrap_or_else(|| cells.get(Slot::Subject));
        let attachments = attachments(cells.get(Slot::Attachments));
        let event = event(kind);
        if sender.is_none() && body.is_empty() && attachments == 0 && event.is_none() {
            return sink.skip(SkipReason::EmptyRecord, position);
        }
        let conversation = self.conversation(sink, channel, cells, sender, others, audience);
        let mut flags = Flags::NONE.with_attachments(attachments);
        if by_owner {
            flags = flags.with(Flags::BY_OWNER);
        } else if to_owner {
            flags = flags.with(Flags::TO_OWNER);
        }
        flags = flags.with(state(cells));
        sink.message(Draft {
            conversation,
            sender,
            time,
            event,
            flags,
            body: Body::Text(&unix_lines(body)),
            id: id(cells.get(Slot::Id)),
            reply_to: id(cells.get(Slot::Reply)),
            audience,
            position,
        });
    }

    fn channel(&mut self, sink: &mut Sink, cell: &[u8]) -> ChannelIx {
        if !cell.is_empty() {
            return self.people.channel(sink, cell);
        }
        let slug = self.fallback.channel.unwrap_or("other");
        *self.channel.get_or_insert_with(|| sink.channel(slug))
    }

    /// Who wrote, to whom.
    fn parties<'a>(&mut self, sink: &mut Sink, channel: ChannelIx, cells: &Cells<'a>, way: Way) -> Parties<'a> {
        let (cell, name) = self.writer(cells);
        let writer = self.people.handle(sink, channel, cell, name);
        let to = [Slot::Recipients, Slot::Cc, Slot::Bcc].map(|s| cells.get(s));
        let found = match to {
            [[], [], []] => None,
            [only, [], []] => self.people.recipients(sink, channel, only),
            many => {
                self.scratch.clear();
                for cell in many.into_iter().filter(|c| !c.is_empty()) {
                    self.scratch.extend_from_slice(cell);
                    self.scratch.push(b';');
                }
                self.people.recipients(sink, channel, &self.scratch)
            }
        };
        let (set, audience) = found.unzip();
        if self.plan.counterpart && way == Way::Out {
            // A phone's record names the other party; the phone's owner wrote.
            let custodian = cells.get(Slot::Custodian);
            let own = if custodian.is_empty() { self.fallback.owner.as_deref().unwrap_or("me").as_bytes() } else { custodian };
            let sender = self.people.handle(sink, channel, own, b"");
            return Parties { sender, cell: b"", other: writer, audience, set };
        }
        Parties { sender: writer, cell, other: None, audience, set }
    }

    /// The cell that names the writer best (an address, an account, a name), and the display name beside it.
    fn writer<'a>(&self, cells: &Cells<'a>) -> (&'a [u8], &'a [u8]) {
        let [email, sender, name, id] = [Slot::SenderEmail, Slot::Sender, Slot::SenderName, Slot::SenderId].map(|s| cells.get(s));
        let display = if name.is_empty() { sender } else { name };
        if email.contains(&b'@') {
            return (email, if display == email { b"" } else { display });
        }
        // An account id names people more firmly than a name, but recipients are told by name.
        if !id.is_empty() && self.plan.column(Slot::Recipients).is_none() {
            return (id, if display == id { b"" } else { display });
        }
        let cell = [sender, name, id].into_iter().find(|c| !c.is_empty()).unwrap_or_default();
        (cell, if name == cell { b"" } else { name })
    }

    fn conversation(
        &mut self,
        sink: &mut Sink,
        channel: ChannelIx,
        cells: &Cells<'_>,
        sender: Option<HandleIx>,
        other: Option<HandleIx>,
        audience: Option<AudienceIx>,
    ) -> ConversationIx {
        let cell = cells.get(Slot::Conversation);
        if !cell.is_empty() {
            return self.room(sink, channel, cell, cells.get(Slot::Title));
        }
        let counterpart = self.plan.counterpart;
        if audience.is_none() && (!counterpart || sender.is_none()) {
            let key = (channel.0, Box::from(self.fallback.stem.as_bytes()));
            let (stem, kind) = (&self.fallback.stem, ConversationKind::Unknown);
            return *self.conversations.entry(key).or_insert_with(|| sink.conversation(channel, stem, stem, kind));
        }
        let pair = (channel.0, other.or(sender).map_or(u32::MAX, |h| h.0), audience.map_or(u32::MAX, |a| a.0));
        if let Some(ix) = self.pairs.get(&pair) {
            return *ix;
        }
        let ix = self.by_parties(sink, channel, cells, sender.filter(|_| !counterpart).or(other).or(sender));
        self.pairs.insert(pair, ix);
        ix
    }

    /// The conversation a cell names. Only a new one pays for its title.
    fn room(&mut self, sink: &mut Sink, channel: ChannelIx, cell: &[u8], title: &[u8]) -> ConversationIx {
        let at = channel.0 as usize;
        if let Some(known) = self.rooms.get(at).and_then(|rooms| rooms.get(cell)) {
            return *known;
        }
        let title = if title.is_empty() { cell } else { title };
        let title = title.get(..title.len().min(400)).unwrap_or(title);
        let made = sink.conversation(channel, &String::from_utf8_lossy(cell), &String::from_utf8_lossy(title), self.kind());
        if self.rooms.len() <= at {
            self.rooms.resize_with(at + 1, Map::default);
        }
        if let Some(rooms) = self.rooms.get_mut(at).filter(|rooms| rooms.len() < people::REMEMBERED) {
            rooms.insert(cell.into(), made);
        }
        made
    }

    /// A conversation told by who takes part in it: sorted keys.
    fn by_parties(&mut self, sink: &mut Sink, channel: ChannelIx, cells: &Cells<'_>, party: Option<HandleIx>) -> ConversationIx {
        let mut parties: Vec<HandleIx> = party.into_iter().collect();
        for slot in [Slot::Recipients, Slot::Cc, Slot::Bcc] {
            if let Some((set, _)) = self.people.recipients(sink, channel, cells.get(slot)) {
                parties.extend_from_slice(self.people.set(set));
            }
        }
        let mut keys: Vec<String> = parties.iter().filter_map(|h| sink.handle_facts(*h).map(|f| f.key.clone())).collect();
        keys.sort();
        keys.dedup();
        let kind = match keys.len() {
            // Mails: their ids hold for the whole channel, so that the same mail in a mailbox is the same message.
            _ if self.fallback.load_file => ConversationKind::Thread,
            0..=2 => ConversationKind::Direct,
            _ => ConversationKind::Group,
        };
        let key = keys.join(", ");
        sink.conversation(channel, &key, "", kind)
    }

    fn kind(&self) -> ConversationKind {
        match self.plan.conversation_word.as_str() {
            "channel" | "channelname" | "channelid" | "room" | "roomid" | "roomname" => ConversationKind::Room,
            "group" | "groupid" | "groupname" | "群" | "群聊" => ConversationKind::Group,
            "thread" | "threadid" => ConversationKind::Thread,
            _ => ConversationKind::Unknown,
        }
    }

    /// Says at the end what holds for the whole file.
    pub fn finish(&mut self, sink: &mut Sink) {
        let utc = self.times.utc;
        if self.times.mixed > 0 {
            let sentence = if utc {
                "Times without a zone in a file whose first times carry one: read as UTC"
            } else {
                "Times with a zone in a file whose first times carry none: read as the clock they show"
            };
            sink.notice("mixed_zones", sentence, self.times.mixed);
        }
        if self.channel.is_some() && self.fallback.channel.is_none() {
            sink.notice("no_channel", "Neither a column nor the file name says which channel these messages come from: counted as \"other\"", 1);
        }
        let stated = self.fallback.owner.clone();
        if let Some(owner) = stated {
            sink.source().owner = Some(Decided { value: owner, basis: Basis::Stated, why: String::new() });
        } else if self.owner.several {
            sink.notice("several_custodians", "The records belong to several custodians", 1);
        } else if !self.owner.cell.is_empty() && !self.owner.cell.contains(&b';') {
            let value = text::clean_name(&String::from_utf8_lossy(&self.owner.cell));
            let handle = self.owner.handle.map(|h| h.0);
            let source = sink.source();
            source.owner = Some(Decided { value, basis: Basis::Proven, why: "named in every record".to_owned() });
            source.owner_handle = handle;
        }
    }
}

/// Whether a row of a load file is an attachment or a loose file, which stand there with the dates of their families.
fn no_mail(cells: &Cells<'_>) -> bool {
    let writers = [Slot::Sender, Slot::SenderEmail, Slot::SenderName, Slot::SenderId];
    writers.iter().all(|s| cells.get(*s).is_empty()) || cells.get(Slot::Kind).to_ascii_lowercase().windows(6).any(|w| w == b"attach")
}

/// What the name of a file and the options give.
pub fn fallback(name: &str, owner: Option<&str>) -> Fallback {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Fallback { channel: platform::in_file_name(name), stem: text::clean_name(stem), owner: owner.map(str::to_owned), load_file: false }
}
