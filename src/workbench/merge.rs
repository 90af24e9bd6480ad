//! Merging batches into the dataset. The result does not depend on the order of the batches nor on how sources were
//! split over them: names are interned in sorted order, rows sorted by (conversation, time, source, position).

use std::collections::BTreeMap;

use super::duplicates::{self, Fate};
use super::threads;
use super::topics::{self, Maps};
use crate::import::sink::Map;
use crate::model::batch::{Batch, Columns, Conversation, Handle, ID_TEXT, NONE, Part, TextTable};
use crate::model::dataset::Dataset;
use crate::model::ledger::{Basis, Source};
use crate::model::message::{ConversationKind, Flags};
use crate::model::statement::Statement;
use crate::time::Zone;

/// Merges batches. `zone`: the matter's zone, applied to sources whose times are as written.
#[must_use]
pub fn merge(batches: &[&Batch], zone: &str) -> Dataset {
    merge_ordered(batches, zone, &order(batches))
}

/// The order that batches and their sources get in a dataset. While it stays the same, so does everything that merging makes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Places of the batches as given.
    batches: Vec<usize>,
    /// Per source of the dataset: place of its batch as given, and its place in there.
    sources: Vec<(usize, usize)>,
}

impl Order {
    /// The sources in the order of the dataset.
    pub fn sources<'a>(&'a self, batches: &'a [&'a Batch]) -> impl Iterator<Item = &'a Source> {
        self.sources.iter().filter_map(|(b, s)| batches.get(*b)?.tables.sources.get(*s))
    }

    /// Place of the batch, as given, that a source of the dataset lies in.
    #[must_use]
    pub fn batch_of(&self, source: u32) -> Option<usize> {
        self.sources.get(source as usize).map(|(batch, _)| *batch)
    }
}

/// See [`Order`]. Costs a sort of the sources; rows are not looked at.
#[must_use]
pub fn order(batches: &[&Batch]) -> Order {
    let keys: Vec<Vec<_>> = batches.iter().map(|b| b.tables.sources.iter().map(source_key).collect()).collect();
    let mut sorted: Vec<usize> = (0..batches.len()).collect();
    sorted.sort_by(|a, b| keys.get(*a).cmp(&keys.get(*b)));
    let all = sorted.iter().flat_map(|b| keys.get(*b).into_iter().flatten().enumerate().map(|(s, key)| (key, (*b, s))));
    let mut sources: Vec<_> = all.collect();
    sources.sort_by(|a, b| a.0.cmp(b.0));
    let sources = sources.into_iter().map(|(_, place)| place).collect();
    Order { batches: sorted, sources }
}

/// Merges batches in an order found before.
#[must_use]
pub fn merge_ordered(given: &[&Batch], zone: &str, order: &Order) -> Dataset {
    let batches: Vec<&Batch> = order.batches.iter().filter_map(|b| given.get(*b).copied()).collect();
    let sources = Sources::of(&batches, order);
    let (handles, handle_maps) = intern_handles(&batches);
    let (mut conversations, mut conversation_maps) = intern_conversations(&batches, &handle_maps);
    let (ids, id_maps) = intern_ids(&batches);
    threads::unite(&batches, &mut conversations, &mut conversation_maps, &id_maps, ids.len());
    let (audiences, audience_maps) = intern_audiences(&batches, &handle_maps);

    let mut rows = Columns::default();
    let (mut replies, mut sensitive, mut elsewhere, mut boxes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut shift = Shift::new(zone, &sources);
    for (b, batch) in batches.iter().enumerate() {
        let base = len(rows.len());
        let map = |maps: &[Vec<u32>], v: u32| if v == NONE { NONE } else { maps.get(b).and_then(|m| m.get(v as usize)).copied().unwrap_or(NONE) };
        let id_map = |w: u32| if w == NONE || w < ID_TEXT { w } else { ID_TEXT | map(&id_maps, w ^ ID_TEXT) };
        let c = &batch.columns;
        rows.conversation.extend(c.conversation.iter().map(|v| map(&conversation_maps, *v)));
        rows.sender.extend(c.sender.iter().map(|v| map(&handle_maps, *v)));
        rows.part.extend(c.part.iter().map(|v| map(&sources.part_maps, *v)));
        rows.id.extend(c.id.iter().map(|w| id_map(*w)));
        rows.audience.extend(c.audience.iter().map(|v| map(&audience_maps, *v)));
        rows.position.extend_from_slice(&c.position);
        rows.chars.extend_from_slice(&c.chars);
        rows.hash.extend_from_slice(&c.hash);
        rows.flags.extend_from_slice(&c.flags);
        let parts = rows.part.get(base as usize..).unwrap_or_default();
        rows.time.extend(c.time.iter().zip(parts).map(|(t, part)| shift.time(*t, *part)));
        replies.extend(batch.replies.iter().map(|(row, word)| (base + row, id_map(*word))));
        sensitive.extend(batch.sensitive.iter().map(|(row, kinds)| (base + row, *kinds)));
        elsewhere.extend(batch.elsewhere.iter().map(|(row, channels)| (base + row, *channels)));
        boxes.extend(batch.boxes.iter().map(|(row, set)| (base + row, map(&audience_maps, *set))));
    }
    let order = sorted_rows(&rows, conversations.len());
    let source_of: Vec<u32> = sources.parts.iter().map(|p| p.source).collect();
    let fates = duplicates::find(&rows, &order, &conversations, &source_of);
    let kept = topics::kept(&rows, &order, &fates, &source_of);
    let (topics, mentions) = topics::tables(&batches, &Maps { conversations: &conversation_maps, sources: &sources.source_maps }, kept.as_ref());
    let statements = statements(&batches, &sources, &conversation_maps, &mut shift);
    let mut list = sources.list;
    for (source, map) in list.iter_mut().zip(&sources.owner_maps) {
        if let Some(owner) = source.owner_handle {
            source.owner_handle = handle_maps.get(*map).and_then(|m| m.get(owner as usize)).copied();
        }
        shift.source(source);
    }
    let parts = sources.parts;
    let mut dataset = Dataset { sources: list, parts, handles, conversations, ids, audiences, statements, topics, mentions, ..Dataset::default() };
    let place = fill(&mut dataset, &rows, &order, &fates, replies);
    // A copy that is folded leaves its holders to the row it is a copy of.
    dataset.boxes = boxes.into_iter().map(|(row, set)| (at(&place, row as usize), set)).filter(|(row, set)| *row != NONE && *set != NONE).collect();
    dataset.boxes.sort_unstable();
    dataset.boxes.dedup();
    dataset.sensitive = topics::marked(sensitive.into_iter(), |row| at(&place, row as usize));
    dataset.elsewhere = topics::marked(elsewhere.into_iter(), |row| at(&place, row as usize));
    dataset
}

/// Puts the kept rows in their order; counts duplicates in the ledgers. Gives the place of each row, or of the row it is a copy of.
fn fill(dataset: &mut Dataset, rows: &Columns, order: &[u32], fates: &[Fate], replies: Vec<(u32, u32)>) -> Vec<u32> {
    let mut place = vec![NONE; rows.len()];
    let mut kept = Vec::with_capacity(order.len());
    for (row, fate) in order.iter().zip(fates) {
        if matches!(fate, Fate::Kept) {
            if let Some(p) = place.get_mut(*row as usize) {
                *p = len(kept.len());
            }
            kept.push(*row as usize);
        }
    }
    let mut wider: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (row, fate) in order.iter().zip(fates) {
        let Fate::CopyOf(first) = fate else { continue };
        let (own, other) = (at(&rows.audience, *first as usize), at(&rows.audience, *row as usize));
        if own != other && other != NONE {
            // Blind copies are named in one of the copies only, and each journal report names a part of the recipients.
            let set = |ix: u32| dataset.audiences.get(ix as usize).into_iter().flatten();
            let all = wider.entry(at(&place, *first as usize)).or_insert_with(|| set(own).copied().collect());
            all.extend(set(other));
        }
        let part = at(&rows.part, *row as usize);
        let source = dataset.source_of(part);
        let new = at(&place, *first as usize);
        if dataset.source_of(at(&rows.part, *first as usize)) != source {
            dataset.holders.push((new, part));
        }
        if let Some(p) = place.get_mut(*row as usize) {
            *p = new;
        }
        if let Some(source) = dataset.sources.get_mut(source as usize) {
            source.duplicates += 1;
            let count = if Flags(at(&rows.flags, *row as usize)).is_message() { &mut source.messages } else { &mut source.events };
            *count = count.saturating_sub(1);
        }
    }
    let c = &mut dataset.columns;
    let pick = |column: &[u32]| kept.iter().map(|r| at(column, *r)).collect::<Vec<u32>>();
    c.time = kept.iter().map(|r| rows.time.get(*r).copied().unwrap_or(0)).collect();
    c.position = kept.iter().map(|r| rows.position.get(*r).copied().unwrap_or(0)).collect();
    c.conversation = pick(&rows.conversation);
    c.sender = pick(&rows.sender);
    c.part = pick(&rows.part);
    c.id = pick(&rows.id);
    c.chars = pick(&rows.chars);
    c.hash = pick(&rows.hash);
    c.flags = pick(&rows.flags);
    c.audience = pick(&rows.audience);
    widen(&mut c.audience, &mut dataset.audiences, wider);
    dataset.starts = vec![0; dataset.conversations.len() + 1];
    for conversation in &c.conversation {
        if let Some(n) = dataset.starts.get_mut(*conversation as usize + 1) {
            *n += 1;
        }
    }
    let mut sum = 0;
    for start in &mut dataset.starts {
        sum += *start;
        *start = sum;
    }
    dataset.replies = replies.into_iter().map(|(row, word)| (at(&place, row as usize), word)).filter(|(row, _)| *row != NONE).collect();
    dataset.replies.sort_unstable();
    dataset.replies.dedup();
    dataset.holders.sort_unstable();
    dataset.holders.dedup();
    place
}

/// Gives rows the recipients of all their copies.
fn widen(audience: &mut [u32], audiences: &mut Vec<Vec<u32>>, wider: BTreeMap<u32, Vec<u32>>) {
    if wider.is_empty() {
        return;
    }
    let mut index: Map<Vec<u32>, u32> = audiences.iter().enumerate().map(|(ix, set)| (set.clone(), len(ix))).collect();
    for (row, mut set) in wider {
        set.sort_unstable();
        set.dedup();
        let ix = *index.entry(set).or_insert_with_key(|set| {
            audiences.push(set.clone());
            len(audiences.len() - 1)
        });
        if let Some(slot) = audience.get_mut(row as usize) {
            *slot = ix;
        }
    }
}

fn at(column: &[u32], ix: usize) -> u32 {
    column.get(ix).copied().unwrap_or(NONE)
}

fn len(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(NONE)
}

/// What orders sources and batches: never the order in which they came. The digest comes last, because it is known last.
fn source_key(s: &Source) -> (&str, u64, u64, Option<i64>, &str) {
    (&s.path, s.bytes, s.records, s.first, &s.sha256)
}

struct Sources {
    list: Vec<Source>,
    /// Batch each source came from, for its owner handle.
    owner_maps: Vec<usize>,
    parts: Vec<Part>,
    part_maps: Vec<Vec<u32>>,
    source_maps: Vec<Vec<u32>>,
}

impl Sources {
    /// `batches` in their order.
    fn of(batches: &[&Batch], order: &Order) -> Self {
        let mut place = vec![0; batches.len()];
        for (new, old) in order.batches.iter().enumerate() {
            if let Some(slot) = place.get_mut(*old) {
                *slot = new;
            }
        }
        let source = |(old, s): &(usize, usize)| {
            let b = place.get(*old).copied()?;
            Some((b, *s, batches.get(b)?.tables.sources.get(*s)?))
        };
        let all: Vec<(usize, usize, &Source)> = order.sources.iter().filter_map(source).collect();
        let mut source_maps: Vec<Vec<u32>> = batches.iter().map(|b| vec![0; b.tables.sources.len()]).collect();
        for (new, (b, s, _)) in all.iter().enumerate() {
            if let Some(slot) = source_maps.get_mut(*b).and_then(|m| m.get_mut(*s)) {
                *slot = len(new);
            }
        }
        let mut parts: Vec<(u32, usize, usize, &Part)> = Vec::new();
        for (b, batch) in batches.iter().enumerate() {
            for (p, part) in batch.tables.parts.iter().enumerate() {
                let source = source_maps.get(b).and_then(|m| m.get(part.source as usize)).copied().unwrap_or(0);
                parts.push((source, b, p, part));
            }
        }
        parts.sort_by_key(|p| (p.0, p.1, p.2));
        let mut part_maps: Vec<Vec<u32>> = batches.iter().map(|b| vec![0; b.tables.parts.len()]).collect();
        for (new, (_, b, p, _)) in parts.iter().enumerate() {
            if let Some(slot) = part_maps.get_mut(*b).and_then(|m| m.get_mut(*p)) {
                *slot = len(new);
            }
        }
        Self {
            owner_maps: all.iter().map(|(b, _, _)| *b).collect(),
            list: all.into_iter().map(|(_, _, s)| s.clone()).collect(),
            parts: parts.into_iter().map(|(source, _, _, part)| Part { source, entry: part.entry.clone() }).collect(),
            part_maps,
            source_maps,
        }
    }
}

fn intern_handles(batches: &[&Batch]) -> (Vec<Handle>, Vec<Vec<u32>>) {
    let mut all: BTreeMap<(&str, &str), Handle> = BTreeMap::new();
    for handle in batches.iter().flat_map(|b| &b.tables.handles) {
        let known = all.entry((&handle.channel, &handle.key)).or_insert_with(|| Handle {
            channel: handle.channel.clone(),
            key: handle.key.clone(),
            ..Handle::default()
        });
        known.take_facts(handle);
    }
    let index: BTreeMap<(&str, &str), u32> = all.keys().enumerate().map(|(ix, key)| (*key, len(ix))).collect();
    let maps =
        batches.iter().map(|b| b.tables.handles.iter().map(|h| index.get(&(h.channel.as_str(), h.key.as_str())).copied().unwrap_or(NONE)).collect()).collect();
    drop(index);
    (all.into_values().collect(), maps)
}

fn intern_conversations(batches: &[&Batch], handle_maps: &[Vec<u32>]) -> (Vec<Conversation>, Vec<Vec<u32>>) {
    let mut all: BTreeMap<(&str, &str), Conversation> = BTreeMap::new();
    for (b, batch) in batches.iter().enumerate() {
        for c in &batch.tables.conversations {
            let known = all.entry((&c.channel, &c.key)).or_insert_with(|| Conversation {
                channel: c.channel.clone(),
                key: c.key.clone(),
                kind: ConversationKind::Unknown,
                ..Conversation::default()
            });
            known.take_facts(c);
            known.members.extend(c.members.iter().filter_map(|m| handle_maps.get(b)?.get(*m as usize)));
        }
    }
    let index: BTreeMap<(&str, &str), u32> = all.keys().enumerate().map(|(ix, key)| (*key, len(ix))).collect();
    let maps = batches
        .iter()
        .map(|b| b.tables.conversations.iter().map(|c| index.get(&(c.channel.as_str(), c.key.as_str())).copied().unwrap_or(NONE)).collect())
        .collect();
    drop(index);
    let list = all.into_values().map(|mut c| {
        c.members.sort_unstable();
        c.members.dedup();
        c
    });
    (list.collect(), maps)
}

fn intern_ids(batches: &[&Batch]) -> (TextTable, Vec<Vec<u32>>) {
    let mut table = TextTable::default();
    let mut maps = Vec::with_capacity(batches.len());
    let many = batches.iter().filter(|b| !b.ids.is_empty()).count() > 1;
    let mut index: Map<&[u8], u32> = Map::default();
    for batch in batches {
        let map = (0..len(batch.ids.len())).map(|ix| {
            let text = batch.ids.get(ix);
            if !many {
                return table.push(text).unwrap_or(0);
            }
            *index.entry(text).or_insert_with(|| table.push(text).unwrap_or(0))
        });
        maps.push(map.collect());
    }
    (table, maps)
}

fn intern_audiences(batches: &[&Batch], handle_maps: &[Vec<u32>]) -> (Vec<Vec<u32>>, Vec<Vec<u32>>) {
    let mut list: Vec<Vec<u32>> = Vec::new();
    let mut index: Map<Vec<u32>, u32> = Map::default();
    let mut maps = Vec::with_capacity(batches.len());
    for (b, batch) in batches.iter().enumerate() {
        let map = batch.audiences.iter().map(|set| {
            let mut set: Vec<u32> = set.iter().filter_map(|h| handle_maps.get(b)?.get(*h as usize).copied()).collect();
            set.sort_unstable();
            set.dedup();
            *index.entry(set).or_insert_with_key(|set| {
                list.push(set.clone());
                len(list.len() - 1)
            })
        });
        maps.push(map.collect());
    }
    (list, maps)
}

fn statements(batches: &[&Batch], sources: &Sources, conversation_maps: &[Vec<u32>], shift: &mut Shift) -> Vec<Statement> {
    let mut all = Vec::new();
    for (b, batch) in batches.iter().enumerate() {
        let map = |maps: &[Vec<u32>], v: u32| maps.get(b).and_then(|m| m.get(v as usize)).copied().unwrap_or(0);
        for s in &batch.tables.statements {
            let part = map(&sources.part_maps, s.part);
            all.push(Statement {
                source: map(&sources.source_maps, s.source),
                part,
                conversation: s.conversation.map(|c| map(conversation_maps, c)),
                from: s.from.map(|t| shift.time(t, part)),
                to: s.to.map(|t| shift.time(t, part)),
                ..s.clone()
            });
        }
    }
    all.sort();
    all
}

/// Rows by (conversation, time, part, position): bucketed by conversation, then sorted only where not in order already.
fn sorted_rows(rows: &Columns, conversations: usize) -> Vec<u32> {
    let mut starts = vec![0u32; conversations + 1];
    for c in &rows.conversation {
        if let Some(n) = starts.get_mut(*c as usize + 1) {
            *n += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut next = starts.clone();
    let mut order = vec![0u32; rows.len()];
    for (row, c) in rows.conversation.iter().enumerate() {
        if let Some(n) = next.get_mut(*c as usize) {
            if let Some(slot) = order.get_mut(*n as usize) {
                *slot = len(row);
            }
            *n += 1;
        }
    }
    let key = |row: &u32| {
        let r = *row as usize;
        (rows.time.get(r).copied().unwrap_or(0), at(&rows.part, r), rows.position.get(r).copied().unwrap_or(0))
    };
    for pair in starts.windows(2) {
        let (Some(from), Some(to)) = (pair.first(), pair.get(1)) else { continue };
        if let Some(bucket) = order.get_mut(*from as usize..*to as usize)
            && !bucket.is_sorted_by_key(key)
        {
            bucket.sort_by_key(key);
        }
    }
    order
}

/// Times as written become times of the matter's zone.
struct Shift {
    zone: Option<Zone>,
    assumed: Vec<bool>,
}

impl Shift {
    fn new(zone: &str, sources: &Sources) -> Self {
        let assumed = |s: &Source| s.zone.basis == Basis::Assumed && s.zone.value.is_empty();
        let by_source: Vec<bool> = sources.list.iter().map(assumed).collect();
        Self {
            zone: Zone::named(zone).filter(|z| z.name() != "UTC"),
            assumed: sources.parts.iter().map(|p| by_source.get(p.source as usize).copied().unwrap_or(false)).collect(),
        }
    }

    fn time(&mut self, time: i64, part: u32) -> i64 {
        match &mut self.zone {
            Some(zone) if self.assumed.get(part as usize).copied().unwrap_or(false) => zone.utc_of(time),
            _ => time,
        }
    }

    fn source(&mut self, source: &mut Source) {
        if source.zone.basis != Basis::Assumed || !source.zone.value.is_empty() {
            return;
        }
        source.zone.value = self.zone.as_ref().map_or("UTC", Zone::name).to_owned();
        if let Some(zone) = &mut self.zone {
            source.first = source.first.map(|t| zone.utc_of(t));
            source.last = source.last.map(|t| zone.utc_of(t));
        }
    }
}
