//! What the records of a source point to by their native ids: replies and reactions to messages that are not there.

use std::hash::BuildHasher as _;

use super::sink::{Clock, Sink};
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Most pointers and ids compared.
const KNOWN: usize = 1 << 23;

/// Native ids of a source and what its records point to: replies and reactions to messages that are not there.
#[derive(Default)]
pub struct Pointers {
    known: Vec<u64>,
    pointers: Vec<(u64, i64, Position)>,
}

impl Pointers {
    fn hash(id: &[u8]) -> u64 {
        foldhash::fast::FixedState::with_seed(7).hash_one(id)
    }

    /// A message with this id is held.
    pub fn hold(&mut self, id: &[u8]) {
        if self.known.len() < KNOWN {
            self.known.push(Self::hash(id));
        }
    }

    /// A record points to this id.
    pub fn point(&mut self, id: &[u8], time: i64, at: Position) {
        if self.pointers.len() < KNOWN {
            self.pointers.push((Self::hash(id), time, at));
        }
    }

    /// States the targets that are not held; nothing when not all ids could be kept.
    pub fn tell(mut self, detail: &str, sink: &mut Sink) {
        if self.known.len() >= KNOWN {
            return;
        }
        let Self { known, pointers } = &mut self;
        known.sort_unstable();
        pointers.retain(|(target, _, _)| known.binary_search(target).is_err());
        pointers.sort_unstable();
        pointers.dedup_by_key(|p| p.0);
        let Some((_, to, at)) = pointers.iter().min_by_key(|(_, _, at)| at.offset).copied() else { return };
        sink.statement(StatementKind::AbsentTarget, None, None, Some(Clock::Utc(to)), pointers.len() as u64, at, detail);
    }
}
