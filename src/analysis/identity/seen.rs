//! Where each handle was seen: in work, in undecided or only in private conversations, how much it wrote, and with whom.

use crate::analysis::classes::{Spoken, Why};
use crate::analysis::conversations::{Class, Talks};
use crate::model::Dataset;
use crate::model::batch::NONE;
use crate::model::message::{ConversationKind, Flags};

/// What was seen of one handle.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen {
    /// Messages it wrote.
    pub messages: u64,
    /// Takes part in a work conversation: its name may be shown.
    pub work: bool,
    /// Takes part in an undecided conversation.
    pub undecided: bool,
    /// Takes part in a private conversation.
    pub private: bool,
    /// What is said in the private conversations that wait for a decision about who takes part.
    pub waits: Spoken,
}

impl Seen {
    /// Seen in private conversations and nowhere else.
    #[must_use]
    pub const fn only_private(&self) -> bool {
        self.private && !self.work && !self.undecided
    }

    /// Seen anywhere.
    #[must_use]
    pub const fn anywhere(&self) -> bool {
        self.private || self.work || self.undecided
    }
}

/// Reads it off in one pass. `wanted` tells for which handles the employees are counted too: those they share conversations with that count.
#[must_use]
pub fn survey(dataset: &Dataset, talks: &Talks, wanted: &[bool]) -> (Vec<Seen>, Vec<u64>) {
    let c = &dataset.columns;
    let mut seen = vec![Seen::default(); dataset.handles.len()];
    let mut handles = vec![NONE; dataset.handles.len()];
    let mut audiences = vec![NONE; dataset.audiences.len()];
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut present: Vec<u32> = Vec::new();
    let first = |marks: &mut Vec<u32>, ix: u32, stamp: u32| marks.get_mut(ix as usize).is_some_and(|slot| std::mem::replace(slot, stamp) != stamp);
    for ((ix, conversation), talk) in (0u32..).zip(&dataset.conversations).zip(&talks.of) {
        present.clear();
        let (mut last_sender, mut last_audience) = (NONE, NONE);
        for row in dataset.rows_of(ix) {
            let get = |column: &[u32]| column.get(row).copied().unwrap_or(NONE);
            let (sender, audience) = (get(&c.sender), get(&c.audience));
            if sender != last_sender {
                last_sender = sender;
                if first(&mut handles, sender, ix) {
                    present.push(sender);
                }
            }
            if Flags(get(&c.flags)).is_message()
                && let Some(s) = seen.get_mut(sender as usize)
            {
                s.messages += 1;
            }
            if audience != last_audience {
                last_audience = audience;
                if first(&mut audiences, audience, ix) {
                    let set = dataset.audiences.get(audience as usize).map(Vec::as_slice).unwrap_or_default();
                    present.extend(set.iter().filter(|h| first(&mut handles, **h, ix)));
                }
            }
        }
        // Members of a room of work are seen there; what they make of it, the conversation does not say.
        if conversation.kind != ConversationKind::Room || talk.class == Class::Work {
            present.extend(conversation.members.iter().filter(|h| first(&mut handles, **h, ix)));
        }
        for handle in &present {
            let Some(s) = seen.get_mut(*handle as usize) else { continue };
            match talk.class {
                Class::Work => s.work = true,
                Class::Undecided => s.undecided = true,
                Class::Private => {
                    s.private = true;
                    if let Why::Waits(spoken) = talk.why {
                        s.waits.add(&spoken);
                    }
                }
            }
            if talk.class != Class::Private && wanted.get(*handle as usize).copied().unwrap_or(false) {
                pairs.push((*handle, ix));
            }
        }
    }
    (seen, employees(dataset, talks, pairs))
}

/// Employees per handle, each counted once.
fn employees(dataset: &Dataset, talks: &Talks, mut pairs: Vec<(u32, u32)>) -> Vec<u64> {
    let mut out = vec![0; dataset.handles.len()];
    pairs.sort_unstable();
    for group in pairs.chunk_by(|a, b| a.0 == b.0) {
        let mut who: Vec<u32> = group.iter().filter_map(|(_, c)| talks.get(*c)).flat_map(|t| t.employees.iter().copied()).collect();
        who.sort_unstable();
        who.dedup();
        if let Some(slot) = group.first().and_then(|(h, _)| out.get_mut(*h as usize)) {
            *slot = who.len() as u64;
        }
    }
    out
}
