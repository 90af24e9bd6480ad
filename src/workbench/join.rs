//! Several batches as one: columns laid behind each other, indices moved. Merging the one equals merging the many.

use crate::import::sink::Map;
use crate::model::batch::{Batch, ID_TEXT, Mention, NONE, Part, Topic};
use crate::model::ledger::Source;

/// One batch that holds what all of these hold.
#[must_use]
pub fn join<'a>(batches: impl Iterator<Item = &'a Batch>) -> Batch {
    let mut all = Batch::default();
    let mut known = Map::default();
    for batch in batches {
        append(&mut all, batch, &mut known);
    }
    all
}

fn append<'a>(all: &mut Batch, batch: &'a Batch, known: &mut Map<&'a [u8], u32>) {
    let base = |n: usize| u32::try_from(n).unwrap_or(NONE);
    let rows = base(all.columns.len());
    let (sources, parts) = (base(all.tables.sources.len()), base(all.tables.parts.len()));
    let (handles, conversations) = (base(all.tables.handles.len()), base(all.tables.conversations.len()));
    let audiences = base(all.audiences.len());
    // One id has one index: merging trusts that of every batch.
    let ids: Vec<u32> =
        (0..base(batch.ids.len())).map(|ix| *known.entry(batch.ids.get(ix)).or_insert_with_key(|text| all.ids.push(text).unwrap_or(0))).collect();
    let moved = |v: u32, by: u32| if v == NONE { NONE } else { v + by };
    let id = |w: u32| if w == NONE || w < ID_TEXT { w } else { ids.get((w ^ ID_TEXT) as usize).map_or(NONE, |ix| ID_TEXT | ix) };

    let t = &batch.tables;
    all.tables.sources.extend(t.sources.iter().map(|s| Source { owner_handle: s.owner_handle.map(|h| h + handles), ..s.clone() }));
    all.tables.parts.extend(t.parts.iter().map(|p| Part { source: p.source + sources, entry: p.entry.clone() }));
    all.tables.handles.extend(t.handles.iter().cloned());
    all.tables.conversations.extend(t.conversations.iter().map(|c| {
        let mut c = c.clone();
        c.members.iter_mut().for_each(|m| *m += handles);
        c
    }));
    all.tables.statements.extend(t.statements.iter().map(|s| {
        let mut s = s.clone();
        s.source += sources;
        s.part += parts;
        s.conversation = s.conversation.map(|c| c + conversations);
        s
    }));
    let (to, from) = (&mut all.columns, &batch.columns);
    to.time.extend_from_slice(&from.time);
    to.position.extend_from_slice(&from.position);
    to.chars.extend_from_slice(&from.chars);
    to.hash.extend_from_slice(&from.hash);
    to.flags.extend_from_slice(&from.flags);
    to.conversation.extend(from.conversation.iter().map(|v| moved(*v, conversations)));
    to.sender.extend(from.sender.iter().map(|v| moved(*v, handles)));
    to.part.extend(from.part.iter().map(|v| moved(*v, parts)));
    to.audience.extend(from.audience.iter().map(|v| moved(*v, audiences)));
    to.id.extend(from.id.iter().map(|w| id(*w)));
    let topic = |t: &Topic| Topic { conversation: t.conversation + conversations, source: t.source + sources, ..*t };
    all.topics.extend(batch.topics.iter().map(topic));
    let mention = |m: &Mention| Mention { conversation: m.conversation + conversations, source: m.source + sources, ..*m };
    all.mentions.extend(batch.mentions.iter().map(mention));
    all.sensitive.extend(batch.sensitive.iter().map(|(row, kinds)| (row + rows, *kinds)));
    all.boxes.extend(batch.boxes.iter().map(|(row, set)| (row + rows, set + audiences)));
    all.replies.extend(batch.replies.iter().map(|(row, w)| (row + rows, id(*w))));
    all.audiences.extend(batch.audiences.iter().map(|a| a.iter().map(|h| h + handles).collect()));
}
