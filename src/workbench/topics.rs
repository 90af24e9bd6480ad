//! What conversations are about, from all batches: counts of one conversation and source are added up, and a source that holds
//! nothing but copies of a conversation is left out of it, so that no message counts twice.

use std::collections::{BTreeMap, BTreeSet};

use super::duplicates::Fate;
use crate::model::batch::{Batch, Columns, Mention, NONE, Topic};

/// Conversation and source.
type Pair = (u32, u32);

/// Leads from a batch to the dataset: conversations and sources, per batch.
pub struct Maps<'a> {
    /// Conversations.
    pub conversations: &'a [Vec<u32>],
    /// Sources.
    pub sources: &'a [Vec<u32>],
}

impl Maps<'_> {
    fn pair(&self, batch: usize, conversation: u32, source: u32) -> Option<Pair> {
        let conversation = *self.conversations.get(batch)?.get(conversation as usize)?;
        let source = *self.sources.get(batch)?.get(source as usize)?;
        (conversation != NONE).then_some((conversation, source))
    }
}

/// Where a source holds records of a conversation that are no copies. `None`: there are no copies at all.
pub fn kept(rows: &Columns, order: &[u32], fates: &[Fate], source_of: &[u32]) -> Option<BTreeSet<Pair>> {
    if fates.iter().all(|f| *f == Fate::Kept) {
        return None;
    }
    let mut pairs = BTreeSet::new();
    let mut last = (NONE, NONE);
    for (row, _) in order.iter().zip(fates).filter(|(_, f)| **f == Fate::Kept) {
        let value = |column: &[u32]| column.get(*row as usize).copied().unwrap_or(NONE);
        let pair = (value(&rows.conversation), source_of.get(value(&rows.part) as usize).copied().unwrap_or(NONE));
        if pair != last {
            pairs.insert(pair);
            last = pair;
        }
    }
    Some(pairs)
}

/// The tables of the dataset.
pub fn tables(batches: &[&Batch], maps: &Maps<'_>, kept: Option<&BTreeSet<Pair>>) -> (Vec<Topic>, Vec<Mention>) {
    let counts = |pair: &Pair| kept.is_none_or(|k| k.contains(pair));
    let mut topics: BTreeMap<Pair, Topic> = BTreeMap::new();
    let mut mentions: BTreeMap<(u32, u32, u32), u32> = BTreeMap::new();
    for (b, batch) in batches.iter().enumerate() {
        for t in &batch.topics {
            let Some(pair) = maps.pair(b, t.conversation, t.source).filter(counts) else { continue };
            let sum = topics.entry(pair).or_insert(Topic { conversation: pair.0, source: pair.1, ..Topic::default() });
            sum.looked = sum.looked.saturating_add(t.looked);
            sum.business = sum.business.saturating_add(t.business);
            sum.documents = sum.documents.saturating_add(t.documents);
        }
        for m in &batch.mentions {
            let Some(pair) = maps.pair(b, m.conversation, m.source).filter(counts) else { continue };
            let count = mentions.entry((pair.0, pair.1, m.domain)).or_insert(0);
            *count = count.saturating_add(m.count);
        }
    }
    let mentions = mentions.into_iter().map(|((conversation, source, domain), count)| Mention { conversation, source, domain, count });
    (topics.into_values().collect(), mentions.collect())
}

/// Rows with sensitive data or that refer to other channels, in the rows of the dataset. A copy tells of the row that stays.
pub fn marked(found: impl Iterator<Item = (u32, u32)>, place: impl Fn(u32) -> u32) -> Vec<(u32, u32)> {
    let mut rows: BTreeMap<u32, u32> = BTreeMap::new();
    for (row, bits) in found {
        let row = place(row);
        if row != NONE {
            *rows.entry(row).or_insert(0) |= bits;
        }
    }
    rows.into_iter().collect()
}
