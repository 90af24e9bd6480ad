//! Day first or month first, where a file does not show it: other exports of the same phone may.
//!
//! A phone writes all its exports in one way. Files of one owner with heads of one shape vote (whatsapp.md, section 3, rule 9): when at
//! least one of them proves its order and no other one is read otherwise, the files that show nothing are read like them. Nothing is read
//! again: such a file was read day first, and day and month of all its times change places. What a person states about a file is not
//! overruled, and decides that file only.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::Batch;
use crate::model::ledger::{Basis, Question, Source};
use crate::model::statement::StatementKind;
use crate::text;
use crate::time::{self, Zone};

/// Format, owner, shape of heads.
type Phone = (String, String, String);

/// Exports of one phone.
#[derive(Default)]
struct Exports {
    /// Number of files that prove their order, by order.
    proven: BTreeMap<String, u64>,
    /// Orders in which files are read, proven or not.
    read: BTreeMap<String, u64>,
}

impl Exports {
    /// The order all agree on, and how many prove it.
    fn decided(&self) -> Option<(&str, u64)> {
        let (order, proofs) = self.proven.first_key_value()?;
        (self.read.len() == 1 && self.proven.len() == 1).then_some((order, *proofs))
    }
}

fn phone(source: &Source) -> Option<Phone> {
    let owner = source.owner.as_ref().map(|o| text::folded(&o.value)).filter(|o| !o.is_empty())?;
    (!source.date_shape.is_empty()).then(|| (source.format.clone(), owner, source.date_shape.clone()))
}

fn open(source: &Source) -> bool {
    source.date_order.basis == Basis::Ambiguous && source.date_order.value == "dmy" && matches!(source.question, None | Some(Question::DateOrder { .. }))
}

/// The batches with the orders that others decide; untouched batches are not copied.
pub fn settled<'a>(batches: impl Iterator<Item = &'a Batch>) -> Vec<Cow<'a, Batch>> {
    let mut batches: Vec<Cow<Batch>> = batches.map(Cow::Borrowed).collect();
    let asks = |b: &Cow<Batch>| b.tables.sources.iter().any(|s| open(s) && phone(s).is_some());
    if !batches.iter().any(asks) {
        return batches;
    }
    let mut phones: BTreeMap<Phone, Exports> = BTreeMap::new();
    for source in batches.iter().flat_map(|b| &b.tables.sources) {
        let Some(phone) = phone(source) else { continue };
        let exports = phones.entry(phone).or_default();
        let order = &source.date_order;
        // A phone whose region changed writes both ways.
        let mixed = source.notices.iter().any(|n| n.id == "mixed_date_order");
        match order.basis {
            _ if mixed => *exports.read.entry("mixed".to_owned()).or_default() += 1,
            Basis::Proven => {
                *exports.proven.entry(order.value.clone()).or_default() += 1;
                *exports.read.entry(order.value.clone()).or_default() += 1;
            }
            Basis::Assumed | Basis::Stated => *exports.read.entry(order.value.clone()).or_default() += 1,
            Basis::Ambiguous | Basis::NotNeeded => {}
        }
    }
    for batch in batches.iter_mut().filter(|b| asks(b)) {
        for ix in 0..batch.tables.sources.len() {
            let decided = batch.tables.sources.get(ix).filter(|s| open(s)).and_then(phone).and_then(|p| phones.get(&p)?.decided());
            if let Some((order, proofs)) = decided {
                settle(batch.to_mut(), ix, order, proofs);
            }
        }
    }
    batches
}

/// Gives a source of a batch its order.
fn settle(batch: &mut Batch, ix: usize, order: &str, proofs: u64) {
    if order == "mdy" {
        turn(batch, ix);
    }
    if let Some(source) = batch.tables.sources.get_mut(ix) {
        let others = if proofs == 1 { "export" } else { "exports" };
        order.clone_into(&mut source.date_order.value);
        source.date_order.basis = Basis::Assumed;
        source.date_order.why = format!("as in {proofs} other {others} of the same phone");
        source.question = None;
    }
}

/// Day and month change places in all times of a source.
fn turn(batch: &mut Batch, ix: usize) {
    let tables = &mut batch.tables;
    let Some(source) = tables.sources.get_mut(ix) else { return };
    // A stated zone was applied when reading; day and month are those on the wall.
    let mut zone = if source.zone.basis == Basis::Stated { Zone::named(&source.zone.value) } else { None };
    let mut turned = |t: i64| match &mut zone {
        Some(zone) => {
            let local = zone.local_of(t);
            zone.utc_of(time::day_month_swapped(local))
        }
        None => time::day_month_swapped(t),
    };
    let own: Vec<bool> = tables.parts.iter().map(|p| p.source as usize == ix).collect();
    let mut span = None::<(i64, i64)>;
    for (t, _) in batch.columns.time.iter_mut().zip(&batch.columns.part).filter(|(_, part)| own.get(**part as usize) == Some(&true)) {
        *t = turned(*t);
        span = Some(span.map_or((*t, *t), |(first, last)| (first.min(*t), last.max(*t))));
    }
    (source.first, source.last) = (span.map(|s| s.0), span.map(|s| s.1));
    for statement in tables.statements.iter_mut().filter(|s| s.source as usize == ix) {
        statement.from = statement.from.map(&mut turned);
        statement.to = match statement.kind {
            // These end at the first record, which may be another one now.
            StatementKind::NoBeginning | StatementKind::ExportCap => statement.to.and(source.first),
            _ => statement.to.map(&mut turned),
        };
    }
}
