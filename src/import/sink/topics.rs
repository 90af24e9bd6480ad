//! What conversations are about: counts per conversation and source, from the messages of the sample.

use super::Map;
use crate::features::words::Signs;
use crate::model::batch::{Mention, NONE, Topic};

/// Domains counted per conversation and source; later ones are not counted.
const DOMAINS: usize = 8;
/// Fewest messages looked at that are worth keeping where none of them is about work.
const WORTH: u32 = 8;

/// Counts of one batch.
#[derive(Default)]
pub struct Topics {
    /// Per conversation, the place in `list` of the source at hand, or of one before.
    of: Vec<u32>,
    list: Vec<Counted>,
    mentions: Map<(u32, u32), u32>,
    /// For a section of a file: all that is mentioned, in the order of first mention, since which of it is counted depends on what the
    /// sections before mention. `None` for a whole source.
    all: Option<Vec<(u32, u32)>>,
}

struct Counted {
    topic: Topic,
    /// Messages with text so far.
    texts: u32,
    domains: u8,
}

impl Topics {
    fn at(&self, conversation: u32, source: u32) -> Option<&Counted> {
        self.list.get(*self.of.get(conversation as usize)? as usize).filter(|c| c.topic.source == source)
    }

    /// Messages with text so far of a conversation in a source.
    #[inline]
    pub fn texts(&self, conversation: u32, source: u32) -> u32 {
        self.at(conversation, source).map_or(0, |c| c.texts)
    }

    /// A message with text.
    #[inline]
    pub fn take(&mut self, conversation: u32, source: u32, signs: &Signs) {
        let place = self.place(conversation, source);
        let Some(counted) = self.list.get_mut(place as usize) else { return };
        counted.texts = counted.texts.saturating_add(1);
        if !signs.looked {
            return;
        }
        counted.topic.looked += 1;
        counted.topic.business += u32::from(signs.business);
        counted.topic.documents += u32::from(signs.document);
        if signs.settled() {
            return;
        }
        for domain in signs.domains.iter().filter(|d| **d != 0) {
            self.mention(place, *domain, 1);
        }
    }

    fn mention(&mut self, place: u32, domain: u32, count: u32) {
        if let Some(known) = self.mentions.get_mut(&(place, domain)) {
            *known += count;
            return;
        }
        let Some(counted) = self.list.get_mut(place as usize) else { return };
        if let Some(all) = &mut self.all {
            all.push((place, domain));
        } else if usize::from(counted.domains) >= DOMAINS {
            return;
        } else {
            counted.domains += 1;
        }
        self.mentions.insert((place, domain), count);
    }

    /// See `all`.
    pub fn keep_all(&mut self) {
        self.all = Some(Vec::new());
    }

    /// Takes what was learnt in the next section of a source, where all was kept. `conversations`: the places of its conversations.
    pub fn absorb(&mut self, source: u32, conversations: &[u32], topics: &[Topic], mentions: &[Mention]) {
        let place_of = |ix: u32| conversations.get(ix as usize).copied().unwrap_or(NONE);
        for topic in topics {
            let place = self.place(place_of(topic.conversation), source);
            let Some(counted) = self.list.get_mut(place as usize) else { continue };
            counted.texts = counted.texts.saturating_add(topic.looked);
            counted.topic.looked += topic.looked;
            counted.topic.business += topic.business;
            counted.topic.documents += topic.documents;
        }
        for mention in mentions {
            let place = self.place(place_of(mention.conversation), source);
            self.mention(place, mention.domain, mention.count);
        }
    }

    #[inline]
    fn place(&mut self, conversation: u32, source: u32) -> u32 {
        match self.at(conversation, source) {
            Some(_) => self.of.get(conversation as usize).copied().unwrap_or(NONE),
            None => self.begin(conversation, source),
        }
    }

    fn begin(&mut self, conversation: u32, source: u32) -> u32 {
        if conversation == NONE {
            return NONE;
        }
        if self.of.len() <= conversation as usize {
            self.of.resize(conversation as usize + 1, NONE);
        }
        let place = u32::try_from(self.list.len()).unwrap_or(NONE);
        self.list.push(Counted { topic: Topic { conversation, source, ..Topic::default() }, texts: 0, domains: 0 });
        if let Some(slot) = self.of.get_mut(conversation as usize) {
            *slot = place;
        }
        place
    }

    /// The tables, sorted; conversations of which there is nothing to say are left out. Of a section: all, in the order of first mention.
    pub fn finish(self) -> (Vec<Topic>, Vec<Mention>) {
        if let Some(all) = &self.all {
            let mention = |(place, domain): &(u32, u32)| {
                let topic = self.list.get(*place as usize)?.topic;
                let count = self.mentions.get(&(*place, *domain)).copied()?;
                Some(Mention { conversation: topic.conversation, source: topic.source, domain: *domain, count })
            };
            return (self.list.iter().map(|c| c.topic).collect(), all.iter().filter_map(mention).collect());
        }
        let mut mentions: Vec<Mention> = Vec::with_capacity(self.mentions.len());
        for ((place, domain), count) in self.mentions {
            let Some(Counted { topic, .. }) = self.list.get(place as usize) else { continue };
            mentions.push(Mention { conversation: topic.conversation, source: topic.source, domain, count });
        }
        mentions.sort_unstable();
        let worth = |t: &Topic| {
            let mentioned = || mentions.binary_search_by(|m| (m.conversation, m.source).cmp(&(t.conversation, t.source))).is_ok();
            t.business + t.documents > 0 || t.looked >= WORTH || mentioned()
        };
        let mut topics: Vec<Topic> = self.list.iter().map(|c| c.topic).filter(worth).collect();
        topics.sort_unstable();
        (topics, mentions)
    }
}
