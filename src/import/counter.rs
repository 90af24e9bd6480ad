//! Ids that a device counts up one by one over all its conversations (row ids of a database, ids of a phone's message store): what their
//! holes prove, and whether they are dense enough to prove anything.

use super::sink::{Clock, Sink};
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Most ids kept, and most holes stated one by one; the rest is one statement.
const LIMIT: usize = 1 << 23;
const STATED: usize = 500;
/// Fewer ids than this show no habit.
const ENOUGH: usize = 12;

/// Ids of one counter with the times and places of their records.
#[derive(Default)]
pub struct Counter {
    ids: Vec<(u64, i64, u64)>,
    full: bool,
}

impl Counter {
    /// A record with this id is held. `time`: microseconds UTC, 0 when the record has none.
    pub fn hold(&mut self, id: u64, time: i64, offset: u64) {
        if self.ids.len() >= LIMIT {
            self.full = true;
        } else {
            self.ids.push((id, time, offset));
        }
    }

    /// States the holes of a dense counter: half of all ids are held and most neighbours follow each other; a sparse one proves nothing.
    /// `highest`: the last id given out, where the file states it. `what`: name of the id in statements, e.g. `ROWID`.
    pub fn tell(mut self, highest: Option<u64>, what: &str, sink: &mut Sink) {
        if self.full {
            let sentence = "There are more than 8 million records; their ids were not examined for holes.";
            return sink.notice("ids_not_examined", sentence, 1);
        }
        self.ids.sort_unstable();
        self.ids.dedup_by_key(|(id, _, _)| *id);
        let (Some(first), Some(last)) = (self.ids.first().copied(), self.ids.last().copied()) else { return };
        let span = last.0 - first.0 + 1;
        let pairs = || self.ids.windows(2).filter_map(|p| if let [a, b] = p { Some((*a, *b)) } else { None });
        let close = pairs().filter(|(a, b)| b.0 == a.0 + 1).count();
        if self.ids.len() < ENOUGH || (self.ids.len() as u64).saturating_mul(2) < span || close * 2 < self.ids.len() - 1 {
            return;
        }
        let holes: Vec<_> = pairs().filter(|(a, b)| b.0 > a.0 + 1).collect();
        let (one_by_one, rest) = holes.split_at_checked(STATED).unwrap_or((&holes, &[]));
        let time = |t: i64| (t != 0).then_some(Clock::Utc(t));
        for (a, b) in one_by_one {
            let missing = b.0 - a.0 - 1;
            let detail = if missing == 1 { format!("{what} {}", a.0 + 1) } else { format!("{what} {}-{}", a.0 + 1, b.0 - 1) };
            sink.statement(StatementKind::IdHole, None, time(a.1), time(b.1), missing, Position::byte(b.2), &detail);
        }
        if let (Some((a, b)), Some((_, end))) = (rest.first(), rest.last()) {
            let missing = rest.iter().map(|(a, b)| b.0 - a.0 - 1).sum();
            let detail = format!("{what} {}-{}, {} runs", a.0 + 1, end.0 - 1, rest.len());
            sink.statement(StatementKind::IdHole, None, time(a.1), time(end.1), missing, Position::byte(b.2), &detail);
        }
        if let Some(highest) = highest.filter(|h| *h > last.0) {
            let detail = format!("{what} {}-{highest} were given out after the last record", last.0 + 1);
            sink.statement(StatementKind::IdHole, None, time(last.1), None, highest - last.0, Position::byte(last.2), &detail);
        }
    }
}
