//! Several batches as one: rows laid behind each other, names and ids held once. Merging the one equals merging the many. Tens of thousands
//! of small files are joined as they come: a batch of its own for each would be mostly empty tables.

use crate::import::sink::Map;
use crate::model::batch::{Batch, Conversation, Handle, ID_TEXT, Mention, NONE, Part, Topic};
use crate::model::ledger::Source;

/// One batch that holds what all of these hold.
#[must_use]
pub fn join<'a>(batches: impl Iterator<Item = &'a Batch>) -> Batch {
    let mut joined = Joined::default();
    for batch in batches {
        joined.add(batch);
    }
    joined.finish()
}

/// Channel slug and native key.
type Key = (Box<str>, Box<str>);

/// A batch that grows by others.
#[derive(Default)]
pub struct Joined {
    all: Batch,
    handles: Map<Key, u32>,
    conversations: Map<Key, u32>,
    /// One id has one index: merging trusts that of every batch.
    ids: Map<Box<[u8]>, u32>,
    audiences: Map<Vec<u32>, u32>,
}

/// Where the names of a batch are in the joined one.
struct Places {
    sources: u32,
    parts: u32,
    rows: u32,
    handles: Vec<u32>,
    conversations: Vec<u32>,
    ids: Vec<u32>,
    audiences: Vec<u32>,
}

impl Places {
    fn id(&self, word: u32) -> u32 {
        if word == NONE || word < ID_TEXT { word } else { self.ids.get((word ^ ID_TEXT) as usize).map_or(NONE, |ix| ID_TEXT | ix) }
    }
}

fn place(list: &[u32], ix: u32) -> u32 {
    list.get(ix as usize).copied().unwrap_or(NONE)
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(NONE)
}

/// The value of a key, without a copy of a key that is known.
fn known(map: &Map<Key, u32>, channel: &str, key: &str) -> (Key, Option<u32>) {
    let key: Key = (channel.into(), key.into());
    let found = map.get(&key).copied();
    (key, found)
}

impl Joined {
    /// Sources so far.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.all.tables.sources
    }

    /// Takes in what another one holds.
    pub fn add(&mut self, batch: &Batch) {
        let places = Places {
            sources: index(self.all.tables.sources.len()),
            parts: index(self.all.tables.parts.len()),
            rows: index(self.all.columns.len()),
            handles: batch.tables.handles.iter().map(|h| self.handle(h)).collect(),
            conversations: Vec::new(),
            ids: (0..index(batch.ids.len())).map(|ix| self.id(batch.ids.get(ix))).collect(),
            audiences: Vec::new(),
        };
        let conversations = batch.tables.conversations.iter().map(|c| self.conversation(c, &places.handles)).collect();
        let audiences = batch.audiences.iter().map(|set| self.audience(set, &places.handles)).collect();
        let places = Places { conversations, audiences, ..places };
        self.tables(batch, &places);
        self.rows(batch, &places);
    }

    fn handle(&mut self, handle: &Handle) -> u32 {
        let list = &mut self.all.tables.handles;
        let (key, found) = known(&self.handles, &handle.channel, &handle.key);
        if let Some(ix) = found {
            if let Some(known) = list.get_mut(ix as usize) {
                known.take_facts(handle);
            }
            return ix;
        }
        list.push(handle.clone());
        self.handles.insert(key, index(list.len() - 1));
        index(list.len() - 1)
    }

    fn conversation(&mut self, conversation: &Conversation, handles: &[u32]) -> u32 {
        let list = &mut self.all.tables.conversations;
        let members = conversation.members.iter().map(|m| place(handles, *m)).filter(|m| *m != NONE);
        let (key, found) = known(&self.conversations, &conversation.channel, &conversation.key);
        if let Some(ix) = found {
            if let Some(known) = list.get_mut(ix as usize) {
                known.take_facts(conversation);
                known.members.extend(members);
                known.members.sort_unstable();
                known.members.dedup();
            }
            return ix;
        }
        let mut members: Vec<u32> = members.collect();
        members.sort_unstable();
        members.dedup();
        list.push(Conversation { members, ..conversation.without_members() });
        self.conversations.insert(key, index(list.len() - 1));
        index(list.len() - 1)
    }

    fn id(&mut self, text: &[u8]) -> u32 {
        if let Some(ix) = self.ids.get(text) {
            return *ix;
        }
        let ix = self.all.ids.push(text).unwrap_or(0);
        self.ids.insert(text.into(), ix);
        ix
    }

    fn audience(&mut self, set: &[u32], handles: &[u32]) -> u32 {
        let mut set: Vec<u32> = set.iter().map(|h| place(handles, *h)).filter(|h| *h != NONE).collect();
        set.sort_unstable();
        set.dedup();
        if let Some(ix) = self.audiences.get(&set) {
            return *ix;
        }
        let ix = index(self.all.audiences.len());
        self.all.audiences.push(set.clone());
        self.audiences.insert(set, ix);
        ix
    }

    fn tables(&mut self, batch: &Batch, places: &Places) {
        let (all, t) = (&mut self.all.tables, &batch.tables);
        all.sources.extend(t.sources.iter().map(|s| Source { owner_handle: s.owner_handle.map(|h| place(&places.handles, h)), ..s.clone() }));
        all.parts.extend(t.parts.iter().map(|p| Part { source: p.source + places.sources, entry: p.entry.clone() }));
        all.statements.extend(t.statements.iter().map(|s| {
            let mut s = s.clone();
            s.source += places.sources;
            s.part += places.parts;
            s.conversation = s.conversation.map(|c| place(&places.conversations, c));
            s
        }));
        let conversation = |c: u32| place(&places.conversations, c);
        let topic = |t: &Topic| Topic { conversation: conversation(t.conversation), source: t.source + places.sources, ..*t };
        self.all.topics.extend(batch.topics.iter().map(topic));
        let mention = |m: &Mention| Mention { conversation: conversation(m.conversation), source: m.source + places.sources, ..*m };
        self.all.mentions.extend(batch.mentions.iter().map(mention));
    }

    fn rows(&mut self, batch: &Batch, places: &Places) {
        let moved = |list: &[u32], v: u32| if v == NONE { NONE } else { place(list, v) };
        let (to, from) = (&mut self.all.columns, &batch.columns);
        to.time.extend_from_slice(&from.time);
        to.position.extend_from_slice(&from.position);
        to.chars.extend_from_slice(&from.chars);
        to.hash.extend_from_slice(&from.hash);
        to.flags.extend_from_slice(&from.flags);
        to.conversation.extend(from.conversation.iter().map(|v| moved(&places.conversations, *v)));
        to.sender.extend(from.sender.iter().map(|v| moved(&places.handles, *v)));
        to.part.extend(from.part.iter().map(|v| if *v == NONE { NONE } else { v + places.parts }));
        to.audience.extend(from.audience.iter().map(|v| moved(&places.audiences, *v)));
        to.id.extend(from.id.iter().map(|w| places.id(*w)));
        self.all.boxes.extend(batch.boxes.iter().map(|(row, set)| (row + places.rows, moved(&places.audiences, *set))));
        self.all.sensitive.extend(batch.sensitive.iter().map(|(row, kinds)| (row + places.rows, *kinds)));
        self.all.elsewhere.extend(batch.elsewhere.iter().map(|(row, channels)| (row + places.rows, *channels)));
        self.all.replies.extend(batch.replies.iter().map(|(row, w)| (row + places.rows, places.id(*w))));
    }

    /// The batch.
    #[must_use]
    pub fn finish(mut self) -> Batch {
        self.all.topics.sort_unstable();
        self.all.mentions.sort_unstable();
        self.all.tables.statements.sort();
        self.all
    }
}
