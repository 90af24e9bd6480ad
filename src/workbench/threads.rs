//! Mail threads across sources: two threads are one when they hold the same message or one answers the other.

use crate::model::batch::{Batch, Conversation, ID_TEXT, NONE};
use crate::model::message::ConversationKind;

/// Unites thread conversations in place: `maps` then lead to the united conversation, the one with the smallest key.
pub fn unite(batches: &[&Batch], conversations: &mut [Conversation], maps: &mut [Vec<u32>], id_maps: &[Vec<u32>], ids: usize) {
    if conversations.iter().all(|c| c.kind != ConversationKind::Thread) {
        return;
    }
    let mut parent: Vec<u32> = (0..u32::try_from(conversations.len()).unwrap_or(NONE)).collect();
    let mut of_id = vec![NONE; ids];
    for (b, batch) in batches.iter().enumerate() {
        let conversation = |row: usize| {
            let c = maps.get(b)?.get(*batch.columns.conversation.get(row)? as usize).copied()?;
            (conversations.get(c as usize)?.kind == ConversationKind::Thread).then_some(c)
        };
        let id = |word: u32| if word == NONE || word < ID_TEXT { None } else { id_maps.get(b)?.get((word ^ ID_TEXT) as usize).copied() };
        let own = batch.columns.id.iter().enumerate().map(|(row, word)| (row, *word));
        for (row, word) in own.chain(batch.replies.iter().map(|(row, word)| (*row as usize, *word))) {
            let (Some(c), Some(id)) = (conversation(row), id(word)) else { continue };
            let Some(slot) = of_id.get_mut(id as usize) else { continue };
            if *slot == NONE {
                *slot = c;
            } else {
                join(&mut parent, *slot, c);
            }
        }
    }
    for map in maps.iter_mut().flat_map(|m| m.iter_mut()) {
        *map = root(&mut parent, *map);
    }
    for c in 0..conversations.len() {
        let to = root(&mut parent, u32::try_from(c).unwrap_or(NONE)) as usize;
        if to != c {
            let members = conversations.get_mut(c).map(|c| std::mem::take(&mut c.members)).unwrap_or_default();
            if let Some(to) = conversations.get_mut(to) {
                to.members.extend(members);
                to.members.sort_unstable();
                to.members.dedup();
            }
        }
    }
}

fn root(parent: &mut [u32], mut c: u32) -> u32 {
    while let Some(p) = parent.get(c as usize).copied()
        && p != c
    {
        let up = parent.get(p as usize).copied().unwrap_or(p);
        if let Some(slot) = parent.get_mut(c as usize) {
            *slot = up;
        }
        c = up;
    }
    c
}

/// The smaller index (the smaller key) becomes the root, so the result does not depend on the order of joins.
fn join(parent: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(parent, a), root(parent, b));
    if let Some(slot) = parent.get_mut(a.max(b) as usize) {
        *slot = a.min(b);
    }
}
