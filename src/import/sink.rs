//! The sink: what readers say goes through here into a batch. It interns names, counts every record, takes the
//! features of the text and drops it. Readers never build datasets; the sink never knows a format.

mod absorb;
mod closing;
mod draft;
mod ids;
mod topics;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::features::{self, sensitive::Kinds};
use crate::model::batch::{Batch, Columns, Conversation, Handle, NONE, Part};
use crate::model::elsewhere::Elsewhere;
use crate::model::ledger::{Failure, Skip, SkipReason, Source};
use crate::model::message::{ConversationKind, Flags, Position};
use crate::model::statement::{Statement, StatementKind};
use crate::model::{AudienceIx, ConversationIx, HandleIx};
use crate::text;
use crate::time::{self, Zone};

pub use draft::{Body, Clock, Draft, Id};
use ids::Ids;
use topics::Topics;

/// Map with a seeded fast hash. Never iterated where order could leak.
pub type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// A channel within one sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChannelIx(pub u32);

#[derive(Default)]
struct ChannelTables {
    slug: String,
    handles: Map<Box<str>, u32>,
    conversations: Map<Box<str>, u32>,
}

/// Collects one batch.
pub struct Sink {
    tables: crate::model::batch::Tables,
    columns: Columns,
    ids: Ids,
    replies: Vec<(u32, u32)>,
    audiences: Vec<Vec<u32>>,
    audience_index: Map<Vec<u32>, u32>,
    channels: Vec<ChannelTables>,
    source: u32,
    part: u32,
    /// Places from this one on stand in that part, counted from there: see [`Sink::continues`].
    beyond: Option<(u64, u32)>,
    first_row: usize,
    stated_zone: Option<Zone>,
    skips: BTreeMap<SkipReason, Skip>,
    notices: BTreeMap<Cow<'static, str>, (Cow<'static, str>, u64)>,
    written_times: bool,
    topics: Topics,
    sensitive: Vec<(u32, u32)>,
    elsewhere: Vec<(u32, u32)>,
    boxes: Vec<(u32, u32)>,
}

impl Default for Sink {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Sink {
    /// An empty sink. `zone`: the zone a person has stated for times as written.
    #[must_use]
    pub fn new(zone: Option<Zone>) -> Self {
        Self {
            tables: crate::model::batch::Tables::default(),
            columns: Columns::default(),
            ids: Ids::default(),
            replies: Vec::new(),
            audiences: Vec::new(),
            audience_index: Map::default(),
            channels: Vec::new(),
            source: 0,
            part: 0,
            beyond: None,
            first_row: 0,
            stated_zone: zone,
            skips: BTreeMap::new(),
            notices: BTreeMap::new(),
            written_times: false,
            topics: Topics::default(),
            sensitive: Vec::new(),
            elsewhere: Vec::new(),
            boxes: Vec::new(),
        }
    }

    /// Messages and events so far, over all sources.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.len()
    }

    // --- sources -------------------------------------------------------------------------------------------------

    /// Begins a source; the previous one must be closed. Its first part is the file itself.
    pub fn open_source(&mut self, path: &str, bytes: u64, format: &str, channel: &str) {
        let name = path.rsplit(['/', '!']).next().unwrap_or(path);
        self.tables.sources.push(Source {
            name: text::clean_name(name),
            path: text::bounded(path, 1000).to_owned(),
            format: format.to_owned(),
            channel: channel.to_owned(),
            bytes,
            ..Source::default()
        });
        self.source = index(self.tables.sources.len() - 1);
        self.first_row = self.columns.len();
        self.written_times = false;
        self.beyond = None;
        self.part("");
    }

    /// Begins a member of the current source; records that follow lie in it.
    pub fn part(&mut self, entry: &str) {
        let entry = text::bounded(entry, 1000).to_owned();
        let fresh = self.tables.parts.last().is_some_and(|p| p.source == self.source && p.entry.is_empty() && self.columns.part.last() != Some(&self.part));
        if fresh
            && !entry.is_empty()
            && let Some(last) = self.tables.parts.last_mut()
        {
            // The part opened with the source holds nothing yet: the first member takes its place.
            last.entry = entry;
            return;
        }
        self.tables.parts.push(Part { source: self.source, entry });
        self.part = index(self.tables.parts.len() - 1);
    }

    /// The source continues in a second file (the log of a database): places from `at` on stand in the part `entry`, counted from there.
    pub fn continues(&mut self, at: u64, entry: &str) {
        if self.beyond.is_none() {
            self.tables.parts.push(Part { source: self.source, entry: text::bounded(entry, 1000).to_owned() });
            self.beyond = Some((at, index(self.tables.parts.len() - 1)));
        }
    }

    /// The part in which a place stands, and the place there.
    fn stands(&self, position: Position) -> (u32, Position) {
        match self.beyond {
            Some((at, part)) if position.offset >= at => (part, Position { offset: position.offset - at, ..position }),
            _ => (self.part, position),
        }
    }

    /// The current source, for facts such as owner, date order, encoding.
    pub fn source(&mut self) -> &mut Source {
        if self.tables.sources.is_empty() {
            self.open_source("", 0, "", "");
        }
        let ix = self.source as usize;
        // An index made by `open_source`: the table is never shortened.
        #[allow(clippy::indexing_slicing)]
        &mut self.tables.sources[ix]
    }

    /// All sources so far, the current one last: for lists that declare what other files of an export hold.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.tables.sources
    }

    /// Whether a person has stated the zone of times as written.
    #[must_use]
    pub const fn zone_stated(&self) -> bool {
        self.stated_zone.is_some()
    }

    /// Says that the current source cannot be read (further). What was read stays.
    pub fn fail(&mut self, what: impl Into<String>, place: impl Into<String>) {
        let failure = Failure { what: what.into(), place: place.into() };
        self.source().error = Some(failure);
    }

    // --- names ---------------------------------------------------------------------------------------------------

    /// The channel with this slug.
    pub fn channel(&mut self, slug: &str) -> ChannelIx {
        if let Some(ix) = self.channels.iter().position(|c| c.slug == slug) {
            return ChannelIx(index(ix));
        }
        self.channels.push(ChannelTables { slug: slug.to_owned(), ..ChannelTables::default() });
        ChannelIx(index(self.channels.len() - 1))
    }

    /// The handle with this key on a channel, made when new. Keys are bounded and cleaned.
    pub fn handle(&mut self, channel: ChannelIx, key: &str) -> HandleIx {
        let Some(tables) = self.channels.get_mut(channel.0 as usize) else { return HandleIx(NONE) };
        if let Some(ix) = tables.handles.get(key) {
            return HandleIx(*ix);
        }
        let ix = index(self.tables.handles.len());
        let clean = text::clean_name(key);
        if *clean != *key
            && let Some(known) = tables.handles.get(clean.as_str()).copied()
        {
            tables.handles.insert(text::bounded(key, 4 * text::NAME_LIMIT).into(), known);
            return HandleIx(known);
        }
        self.tables.handles.push(Handle { channel: tables.slug.clone(), key: clean.clone(), ..Handle::default() });
        tables.handles.insert(clean.as_str().into(), ix);
        if *clean != *key && key.len() <= 4 * text::NAME_LIMIT {
            tables.handles.insert(key.into(), ix);
        }
        HandleIx(ix)
    }

    /// What the source says of a handle; call once per handle or when new facts come.
    pub fn handle_facts(&mut self, handle: HandleIx) -> Option<&mut Handle> {
        self.tables.handles.get_mut(handle.ix())
    }

    /// The handle with this key on a channel, if there is one.
    #[must_use]
    pub fn known(&self, channel: ChannelIx, key: &str) -> Option<HandleIx> {
        self.channels.get(channel.0 as usize)?.handles.get(key).copied().map(HandleIx)
    }

    /// States the address of a handle, if there is such a handle.
    pub fn tell_email(&mut self, channel: ChannelIx, key: &str, email: &str) {
        let known = self.known(channel, key);
        if let Some(handle) = known.and_then(|h| self.tables.handles.get_mut(h.ix()))
            && handle.email.is_empty()
        {
            email.clone_into(&mut handle.email);
        }
    }

    /// The conversation with this key on a channel, made when new.
    pub fn conversation(&mut self, channel: ChannelIx, key: &str, title: &str, kind: ConversationKind) -> ConversationIx {
        let Some(tables) = self.channels.get_mut(channel.0 as usize) else { return ConversationIx(NONE) };
        let key = text::bounded(key, 1000);
        if let Some(ix) = tables.conversations.get(key) {
            return ConversationIx(*ix);
        }
        let ix = index(self.tables.conversations.len());
        self.tables.conversations.push(Conversation {
            channel: tables.slug.clone(),
            key: key.to_owned(),
            title: text::clean_name(title),
            kind,
            ..Conversation::default()
        });
        tables.conversations.insert(key.into(), ix);
        ConversationIx(ix)
    }

    /// What the source says of a conversation: title, kind, members, key (when it is known only at the end).
    pub fn conversation_facts(&mut self, conversation: ConversationIx) -> Option<&mut Conversation> {
        self.tables.conversations.get_mut(conversation.ix())
    }

    /// A recipient set. `handles` is sorted and made unique here.
    pub fn audience(&mut self, handles: &mut Vec<HandleIx>) -> AudienceIx {
        handles.sort_unstable();
        handles.dedup();
        let set: Vec<u32> = handles.iter().map(|h| h.0).collect();
        if let Some(ix) = self.audience_index.get(&set) {
            return AudienceIx(*ix);
        }
        let ix = index(self.audiences.len());
        self.audiences.push(set.clone());
        self.audience_index.insert(set, ix);
        AudienceIx(ix)
    }

    // --- records -------------------------------------------------------------------------------------------------

    /// A record was seen. Readers call this once per record head, whatever becomes of it.
    #[inline]
    pub fn record(&mut self) {
        self.source().records += 1;
    }

    /// A record becomes a message or event. A time outside 1990 to 2100 makes it a skip; `false` then.
    pub fn message(&mut self, draft: Draft<'_>) -> bool {
        let micros = self.stored(draft.time);
        if !time::plausible(micros) {
            self.skip(SkipReason::TimeOutOfRange, draft.position);
            return false;
        }
        let facts = match draft.body {
            Body::Text(text) => features::facts(text, self.looks(Some(draft.conversation))),
            Body::Facts(facts) => facts,
        };
        let mut flags = draft.flags;
        if let Some(event) = draft.event {
            flags = flags.with_event(event);
        }
        let id = match draft.id {
            Id::Time => {
                flags = flags.with(Flags::ID_IS_TIME);
                NONE
            }
            id => self.ids.word(id),
        };
        let row = index(self.columns.len());
        if (facts.chars > 0 || facts.signs.looked) && draft.event.is_none() {
            self.topics.take(draft.conversation.0, self.source, &facts.signs);
            if facts.signs.sensitive != Kinds::NONE {
                self.sensitive.push((row, u32::from(facts.signs.sensitive.0)));
            }
            if facts.signs.elsewhere != Elsewhere::NONE {
                self.elsewhere.push((row, facts.signs.elsewhere.0));
            }
        }
        match draft.reply_to {
            Id::None => {}
            reply => {
                let word = self.ids.word(reply);
                if word != NONE {
                    self.replies.push((row, word));
                }
            }
        }
        let (part, position) = self.stands(draft.position);
        let c = &mut self.columns;
        c.time.push(micros);
        c.conversation.push(draft.conversation.0);
        c.sender.push(draft.sender.map_or(NONE, |h| h.0));
        c.part.push(part);
        c.position.push(position.pack());
        c.id.push(id);
        c.chars.push(facts.chars);
        c.hash.push(facts.hash);
        c.flags.push(flags.0);
        c.audience.push(draft.audience.map_or(NONE, |a| a.0));
        true
    }

    /// Whether the words of the next message of a conversation belong to its sample. `None`: the conversation is not known yet.
    #[inline]
    #[must_use]
    pub fn looks(&self, conversation: Option<ConversationIx>) -> bool {
        conversation.is_none_or(|c| features::words::in_sample(self.topics.texts(c.0, self.source)))
    }

    /// The time as it is stored: UTC, or as written while no zone is stated.
    pub fn stored(&mut self, time: Clock) -> i64 {
        match time {
            Clock::Utc(t) => t,
            Clock::Written(t) => {
                self.written_times = true;
                self.stated_zone.as_mut().map_or(t, |z| z.utc_of(t))
            }
        }
    }

    /// The stored times of the rows of the current source, in order of the rows: for formats that can decide the order of
    /// day and month only at the end. `zone`: the stated zone in which times as written were stored, if there is one.
    pub fn times_mut(&mut self) -> (&mut [i64], Option<&mut Zone>) {
        let times = self.columns.time.get_mut(self.first_row..).unwrap_or_default();
        (times, self.stated_zone.as_mut())
    }

    /// Number of rows of the current source so far.
    #[must_use]
    pub fn source_rows(&self) -> usize {
        self.columns.len() - self.first_row
    }

    /// Says whose export the current source is, once that is known: messages by this handle and to it are marked so.
    pub fn mark_owner(&mut self, owner: HandleIx) {
        let columns = &mut self.columns;
        let rows = columns.flags.iter_mut().zip(&columns.sender).zip(&columns.audience).skip(self.first_row);
        for ((flags, sender), audience) in rows {
            if *sender == owner.0 {
                *flags |= Flags::BY_OWNER.0;
            } else if self.audiences.get(*audience as usize).is_some_and(|set| set.binary_search(&owner.0).is_ok()) {
                *flags |= Flags::TO_OWNER.0;
            }
        }
    }

    /// Says in whose boxes records lie, where the export itself names the custodians of each: the index that [`Sink::rows`] gave before the
    /// record was given, and their set. Once for each record, in order.
    pub fn boxes(&mut self, rows: impl Iterator<Item = (u32, AudienceIx)>) {
        self.boxes.extend(rows.map(|(row, set)| (row, set.0)));
    }

    /// Says who the owner is on one channel where rows of the current source were marked as theirs before that was known: those without a
    /// sender get this handle.
    pub fn owner_wrote(&mut self, owner: HandleIx) {
        let Some(handle) = self.tables.handles.get(owner.ix()) else { return };
        let columns = &mut self.columns;
        let rows = columns.flags.iter().zip(&columns.conversation).zip(&mut columns.sender).skip(self.first_row);
        for ((flags, conversation), sender) in rows {
            let here = || self.tables.conversations.get(*conversation as usize).is_some_and(|c| c.channel == handle.channel);
            if *sender == NONE && Flags(*flags).has(Flags::BY_OWNER) && here() {
                *sender = owner.0;
            }
        }
    }

    /// A record is left out, for a named reason, at a place.
    pub fn skip(&mut self, reason: SkipReason, position: Position) {
        self.skip_many(reason, 1, position);
    }

    /// Several records are left out for one reason; `first` is the place of the first.
    pub fn skip_many(&mut self, reason: SkipReason, count: u64, first: Position) {
        if count == 0 {
            return;
        }
        let (part, first) = self.stands(first);
        self.skips.entry(reason).and_modify(|s| s.count += count).or_insert(Skip { reason, count, first, part });
    }

    /// Evidence of missing records. `source` and `part` are set here; `detail` is bounded.
    #[allow(clippy::too_many_arguments)] // The fields of a statement; a builder would only repeat them.
    pub fn statement(
        &mut self,
        kind: StatementKind,
        conversation: Option<ConversationIx>,
        from: Option<Clock>,
        to: Option<Clock>,
        quantity: u64,
        position: Position,
        detail: &str,
    ) {
        let (from, to) = (from.map(|t| self.stored(t)), to.map(|t| self.stored(t)));
        let (part, position) = self.stands(position);
        self.tables.statements.push(Statement {
            kind,
            source: self.source,
            conversation: conversation.map(|c| c.0),
            from,
            to,
            quantity,
            part,
            position,
            detail: text::bounded(&text::clean_name(detail), 120).to_owned(),
        });
    }

    /// Index of the current part, to be given to [`Sink::statement_stands_in`] later.
    #[must_use]
    pub const fn current_part(&self) -> u32 {
        self.part
    }

    /// The statement made last stands in another part than the current one (a thread root in an earlier member).
    pub fn statement_stands_in(&mut self, part: u32) {
        if (part as usize) < self.tables.parts.len()
            && let Some(last) = self.tables.statements.last_mut()
        {
            last.part = part;
        }
    }

    /// Something to know about the source. Counts of one id add up.
    pub fn notice(&mut self, id: &'static str, sentence: impl Into<Cow<'static, str>>, count: u64) {
        self.notices.entry(Cow::Borrowed(id)).and_modify(|n| n.1 += count).or_insert_with(|| (sentence.into(), count));
    }

    /// The batch. All sources are closed by then.
    #[must_use]
    pub fn finish(mut self) -> Batch {
        for conversation in &mut self.tables.conversations {
            conversation.members.sort_unstable();
            conversation.members.dedup();
        }
        self.tables.statements.sort();
        let (topics, mentions) = self.topics.finish();
        Batch {
            tables: self.tables,
            columns: self.columns,
            ids: self.ids.finish(),
            replies: self.replies,
            audiences: self.audiences,
            topics,
            mentions,
            sensitive: self.sensitive,
            elsewhere: self.elsewhere,
            boxes: self.boxes,
        }
    }
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(NONE)
}
