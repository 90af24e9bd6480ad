//! Private conversations without names: what a saved matter holds of them. They stay counted:
//! number of records, times and lengths stay, so that opening a saved matter gives the same figures.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::analysis::Ground;
use crate::analysis::conversations::Class;
use crate::analysis::identity::reference;
use crate::analysis::parties::Party;
use crate::model::batch::{Batch, Handle, NONE};
use crate::model::ledger::Source;
use crate::model::{Dataset, Flags};
use crate::text;

/// A channel and a native key on it.
type Key = (String, String);

/// What is private in a dataset, by keys, so that it can be found again in the batches.
#[derive(Debug, Default)]
pub struct Private {
    conversations: BTreeSet<Key>,
    handles: BTreeSet<Key>,
    /// References of these handles, with their keys.
    references: BTreeMap<String, Key>,
    salt: Vec<u8>,
}

impl Private {
    /// Of a dataset and what was read off it. `salt`: something nobody can guess, so that a number cannot be found by trying all numbers.
    #[must_use]
    pub fn of(dataset: &Dataset, ground: &Ground, salt: &[u8]) -> Self {
        let mut private = Self { salt: salt.to_vec(), ..Self::default() };
        let (mut inside, mut outside) = (vec![false; dataset.handles.len()], vec![false; dataset.handles.len()]);
        for ((ix, conversation), talk) in (0u32..).zip(&dataset.conversations).zip(&ground.talks.of) {
            let seen = if talk.class == Class::Private {
                private.conversations.insert((conversation.channel.clone(), conversation.key.clone()));
                &mut inside
            } else {
                &mut outside
            };
            let mut mark = |handle: u32| {
                if let Some(slot) = seen.get_mut(handle as usize) {
                    *slot = true;
                }
            };
            conversation.members.iter().for_each(|h| mark(*h));
            let rows = dataset.rows_of(ix);
            dataset.columns.sender.get(rows.clone()).unwrap_or_default().iter().for_each(|h| mark(*h));
            let sets: BTreeSet<u32> = dataset.columns.audience.get(rows).unwrap_or_default().iter().copied().filter(|a| *a != NONE).collect();
            sets.into_iter().filter_map(|set| dataset.audiences.get(set as usize)).flatten().for_each(|h| mark(*h));
        }
        for (ix, handle) in dataset.handles.iter().enumerate() {
            let known = u32::try_from(ix).is_ok_and(|ix| ground.parties.party(ix) != Party::Unknown);
            if inside.get(ix) == Some(&true) && outside.get(ix) == Some(&false) && !known {
                private.references.insert(reference::of(handle), (handle.channel.clone(), handle.key.clone()));
                private.handles.insert((handle.channel.clone(), handle.key.clone()));
            }
        }
        private
    }

    /// What stands for a name: the same for the same name, and nothing leads back.
    fn stand_in(&self, kind: &str, (channel, key): (&str, &str)) -> String {
        let mut digest = Sha256::new();
        for part in [self.salt.as_slice(), kind.as_bytes(), channel.as_bytes(), key.as_bytes()] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        format!("private-{}", text::bounded(&text::hex(&digest.finalize()), 16))
    }

    /// The key of a handle in a saved matter; `key`: its own, or the reference by which decisions name it.
    #[must_use]
    pub fn handle_key(&self, channel: &str, key: &str) -> Option<String> {
        let key = self.references.get(key).map_or(key, |(_, key)| key);
        self.handles.contains(&(channel.to_owned(), key.to_owned())).then(|| self.stand_in("handle", (channel, key)))
    }

    /// The key of a conversation in a saved matter.
    #[must_use]
    pub fn conversation_key(&self, channel: &str, key: &str) -> Option<String> {
        self.conversations.contains(&(channel.to_owned(), key.to_owned())).then(|| self.stand_in("conversation", (channel, key)))
    }

    /// The batch without names of private conversations: of their handles, titles, members, files and archive members.
    #[must_use]
    pub fn without(&self, batch: &Batch) -> Batch {
        let mut out = batch.clone();
        let hidden: Vec<bool> = batch.tables.handles.iter().map(|h| self.handles.contains(&(h.channel.clone(), h.key.clone()))).collect();
        let hides = |handle: u32| hidden.get(handle as usize).copied().unwrap_or(false);
        let mut closed: Vec<bool> = batch
            .tables
            .conversations
            .iter()
            .map(|c| self.conversations.contains(&(c.channel.clone(), c.key.clone())) || c.members.iter().any(|m| hides(*m)))
            .collect();
        let c = &batch.columns;
        // Mail threads get another key on merging: who takes part tells.
        for ((conversation, sender), audience) in c.conversation.iter().zip(&c.sender).zip(&c.audience) {
            let told = hides(*sender) || batch.audiences.get(*audience as usize).is_some_and(|set| set.iter().any(|h| hides(*h)));
            if told && let Some(slot) = closed.get_mut(*conversation as usize) {
                *slot = true;
            }
        }
        for (handle, hidden) in out.tables.handles.iter_mut().zip(&hidden) {
            if *hidden {
                let key = self.stand_in("handle", (&handle.channel, &handle.key));
                *handle = Handle {
                    channel: handle.channel.clone(),
                    key,
                    bot: handle.bot,
                    external: handle.external,
                    impersonal: handle.impersonal,
                    ..Handle::default()
                };
            }
        }
        for (conversation, closed) in out.tables.conversations.iter_mut().zip(&closed) {
            if *closed {
                conversation.key = self.stand_in("conversation", (&conversation.channel, &conversation.key));
                conversation.title.clear();
            }
        }
        for statement in &mut out.tables.statements {
            if statement.conversation.is_some_and(|ix| closed.get(ix as usize) == Some(&true)) {
                statement.detail.clear();
            }
        }
        self.places(&mut out, &closed, &hidden);
        for (flags, conversation) in out.columns.flags.iter_mut().zip(&c.conversation) {
            // What made it private may have been a name that is gone now.
            if closed.get(*conversation as usize) == Some(&true) {
                *flags |= Flags::MARKED_PRIVATE.0;
            }
        }
        out
    }

    /// Files and archive members that hold private conversations only.
    fn places(&self, batch: &mut Batch, closed: &[bool], hidden: &[bool]) {
        let mut open = vec![false; batch.tables.parts.len()];
        let mut used = vec![false; batch.tables.parts.len()];
        for (part, conversation) in batch.columns.part.iter().zip(&batch.columns.conversation) {
            let part = *part as usize;
            let private = closed.get(*conversation as usize) == Some(&true);
            let slots = if private { &mut used } else { &mut open };
            if let Some(slot) = slots.get_mut(part) {
                *slot = true;
            }
        }
        let private: Vec<bool> = open.iter().zip(&used).map(|(open, used)| *used && !*open).collect();
        for (ix, source) in (0u32..).zip(&mut batch.tables.sources) {
            let mine: Vec<usize> = (0..).zip(&batch.tables.parts).filter(|(_, p)| p.source == ix).map(|(at, _)| at).collect();
            let any = |list: &[bool]| mine.iter().any(|at| list.get(*at) == Some(&true));
            if any(&used) && !any(&open) {
                let owned = source.owner_handle.and_then(|h| hidden.get(h as usize)) == Some(&false);
                self.rename(source, owned);
            }
        }
        for (part, private) in batch.tables.parts.iter_mut().zip(private) {
            if private && !part.entry.is_empty() {
                part.entry = self.stand_in("entry", ("", &part.entry));
            }
        }
        for (ix, source) in (0u32..).zip(&mut batch.tables.sources) {
            source.parts = batch.tables.parts.iter().filter(|p| p.source == ix).map(|p| p.entry.clone()).collect();
        }
    }

    /// `owned`: its owner is somebody who may be named.
    fn rename(&self, source: &mut Source, owned: bool) {
        source.path = self.stand_in("source", ("", &source.path));
        source.name.clone_from(&source.path);
        // Candidates for the owner are names.
        source.question = None;
        if !owned {
            source.owner = None;
        }
    }
}
