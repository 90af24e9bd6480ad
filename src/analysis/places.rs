//! Evidence: from rows and statements to places a person can open.

use crate::model::answer::Evidence;
use crate::model::ledger::Basis;
use crate::model::{Dataset, Position};
use crate::time;

/// Most places kept per gap and finding: enough to look into it; the quantity says how many there are.
pub const MOST: usize = 6;

fn at(dataset: &Dataset, part: u32, position: Position, micros: Option<i64>) -> Evidence {
    let part = dataset.parts.get(part as usize);
    let source = part.and_then(|p| dataset.sources.get(p.source as usize));
    let zoned = source.is_none_or(|s| s.zone.basis != Basis::Assumed);
    Evidence {
        source: source.map(|s| s.path.clone()).unwrap_or_default(),
        sha256: source.map(|s| s.sha256.clone()).unwrap_or_default(),
        line: Some(position.line).filter(|l| *l > 0),
        byte: Some(position.offset),
        entry: part.map(|p| p.entry.clone()).filter(|e| !e.is_empty()),
        time: micros.map(|t| time::rfc3339(t, zoned)),
        row: None,
        absent: None,
    }
}

/// The place of a row.
#[must_use]
pub fn row(dataset: &Dataset, row: u32) -> Evidence {
    match dataset.row(row as usize) {
        Some(r) => Evidence { row: Some(row), ..at(dataset, r.part, r.position, Some(r.time)) },
        None => Evidence::default(),
    }
}

/// The place of a row that marks an absence.
#[must_use]
pub fn absent(dataset: &Dataset, at_row: u32, what: &str) -> Evidence {
    Evidence { absent: Some(what.to_owned()), ..row(dataset, at_row) }
}

/// The place a statement was read from.
#[must_use]
pub fn stated(dataset: &Dataset, part: u32, position: Position, micros: Option<i64>, what: &str) -> Evidence {
    Evidence { absent: Some(what.to_owned()).filter(|w| !w.is_empty()), ..at(dataset, part, position, micros) }
}

/// The first places, as many as are kept.
#[must_use]
pub fn rows(dataset: &Dataset, rows: impl IntoIterator<Item = u32>) -> Vec<Evidence> {
    rows.into_iter().take(MOST).map(|r| row(dataset, r)).collect()
}

/// Adds places to those that are kept, each once, as far as there is room.
pub fn add(kept: &mut Vec<Evidence>, more: impl IntoIterator<Item = Evidence>) {
    for place in more {
        if kept.len() < MOST && !kept.contains(&place) {
            kept.push(place);
        }
    }
}
