//! Which gaps the filters of the view let through, and what that leaves of rows and custodians. One place for matrix, timeline and list.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Answers;
use crate::model::answer::CoverageRow;
use crate::report::custodians::{Custodian, class_rank};
use crate::ui::node::prelude::*;
use crate::ui::state::{App, Sieve};

/// The gaps shown.
pub(super) struct Sifted<'a> {
    sieve: Sieve,
    ids: BTreeSet<&'a str>,
    /// Worst class by person and channel, and the most severe gap.
    worst: BTreeMap<(&'a str, &'a str), (&'a str, &'a str)>,
}

impl<'a> Sifted<'a> {
    /// By the filters of now. Tracks them.
    pub(super) fn new(app: App, answers: &'a Answers) -> Self {
        let sieve = app.sieve.get();
        let (mut ids, mut worst) = (BTreeSet::new(), BTreeMap::new());
        for gap in answers.gaps.iter().filter(|gap| sieve.takes(gap)) {
            if sieve.narrows() {
                ids.insert(gap.id.as_str());
            }
            if let Some(person) = gap.person.as_deref() {
                let (known, _) = worst.entry((person, gap.channel.as_str())).or_insert((gap.class.as_str(), gap.id.as_str()));
                if class_rank(&gap.class) < class_rank(known) {
                    *known = gap.class.as_str();
                }
            }
        }
        Self { sieve, ids, worst }
    }

    /// Whether any filter is set.
    pub(super) const fn narrows(&self) -> bool {
        self.sieve.narrows()
    }

    /// Ids of the gaps shown; `None` = all.
    pub(super) fn ids(&self) -> Option<BTreeSet<String>> {
        self.narrows().then(|| self.ids.iter().map(|id| (*id).to_owned()).collect())
    }

    /// Whether the gap of an interval is shown.
    fn has(&self, id: &str) -> bool {
        !self.narrows() || self.ids.contains(id)
    }

    /// Worst class of the gaps that are shown on a row; empty = none.
    pub(super) fn worst<'b>(&self, row: &'b CoverageRow) -> &'b str
    where
        'a: 'b,
    {
        if !self.narrows() {
            return &row.worst;
        }
        let shown = row.spans.iter().filter(|span| span.gap.as_deref().is_some_and(|id| self.ids.contains(id))).map(|span| span.state.as_str());
        let own = self.worst.get(&(row.person.as_str(), row.channel.as_str())).map(|(class, _)| *class);
        shown.chain(own).map(|class| if class == "unknown" { "U" } else { class }).min_by_key(|class| class_rank(class)).unwrap_or_default()
    }

    /// The gap that the cell of a row leads to.
    pub(super) fn gap<'b>(&self, row: &'b CoverageRow) -> Option<&'b str>
    where
        'a: 'b,
    {
        let spans = row.spans.iter().filter(|span| span.gap.as_deref().is_some_and(|id| self.has(id)));
        let span = spans.min_by_key(|span| class_rank(&span.state)).and_then(|span| span.gap.as_deref());
        span.or_else(|| self.worst.get(&(row.person.as_str(), row.channel.as_str())).map(|(_, id)| *id))
    }

    /// Whether a row is shown.
    pub(super) fn row(&self, row: &CoverageRow) -> bool {
        !self.narrows() || !self.worst(row).is_empty()
    }

    /// Whether a custodian is shown.
    pub(super) fn custodian(&self, custodian: &Custodian) -> bool {
        !self.narrows() || custodian.rows.iter().any(|row| self.row(row))
    }
}
