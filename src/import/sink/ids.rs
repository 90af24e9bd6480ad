//! Native ids of messages: a small number stands for itself, everything else is kept once as text.

use std::hash::BuildHasher as _;

use super::Map;
use super::draft::{Id, decimal};
use crate::model::batch::{ID_TEXT, NONE, TextTable};
use crate::text;

/// Ids of one batch.
pub struct Ids {
    table: TextTable,
    index: Map<u64, u32>,
    hash: foldhash::fast::FixedState,
}

impl Default for Ids {
    fn default() -> Self {
        Self { table: TextTable::default(), index: Map::default(), hash: foldhash::fast::FixedState::with_seed(7) }
    }
}

impl Ids {
    /// The word of an id (see `Columns::id`).
    pub fn word(&mut self, id: Id<'_>) -> u32 {
        let mut digits = [0u8; 20];
        let text = match id {
            Id::None | Id::Time => return NONE,
            Id::Number(n) => match u32::try_from(n) {
                Ok(n) if n < ID_TEXT => return n,
                _ => decimal(n, &mut digits),
            },
            Id::Text(text) => text.get(..text.len().min(text::NAME_LIMIT)).unwrap_or_default(),
        };
        if text.is_empty() {
            return NONE;
        }
        let mut hash = self.hash.hash_one(text);
        loop {
            match self.index.get(&hash) {
                Some(ix) if self.table.get(*ix) == text => return ID_TEXT | ix,
                Some(_) => hash = hash.wrapping_add(0x9e37_79b9_7f4a_7c15),
                None => {
                    let Some(ix) = self.table.push(text) else { return NONE };
                    self.index.insert(hash, ix);
                    return ID_TEXT | ix;
                }
            }
        }
    }

    /// The texts, in the order in which they came.
    pub fn finish(self) -> TextTable {
        self.table
    }
}
