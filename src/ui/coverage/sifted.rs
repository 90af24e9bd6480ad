//! Which gaps the filters of the view let through, and what that leaves of rows and custodians. One place for matrix, timeline and list.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Answers;
use crate::model::answer::CoverageRow;
use crate::report::custodians::{Custodian, class_rank};
use crate::report::phrase::count;
use crate::ui::marks::rules::{Rules, takes};
use crate::ui::node::prelude::*;
use crate::ui::state::{App, Sieve};

/// The gaps shown.
pub(super) struct Sifted<'a> {
    sieve: Sieve,
    rules: Rules<'a>,
    ids: BTreeSet<&'a str>,
    /// Worst class by person and channel, and the most severe gap.
    worst: BTreeMap<(&'a str, &'a str), (&'a str, &'a str)>,
}

impl<'a> Sifted<'a> {
    /// By the filters of now. Tracks them.
    pub(super) fn new(app: App, answers: &'a Answers) -> Self {
        let sieve = app.sieve.get();
        let rules = Rules::new(&sieve, answers);
        let (mut ids, mut worst) = (BTreeSet::new(), BTreeMap::new());
        for gap in answers.gaps.iter().filter(|gap| takes(&sieve, &rules, gap)) {
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
        Self { sieve, rules, ids, worst }
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

    /// Whether the rules of the filter require anything of a row.
    pub(super) fn required(&self, row: &CoverageRow) -> bool {
        self.rules.row(row)
    }

    /// Whether a row is shown: required by the rules chosen, and with a gap of the classes and severities chosen.
    pub(super) fn row(&self, row: &CoverageRow) -> bool {
        self.required(row) && (!self.sieve.sorts_out() || !self.worst(row).is_empty())
    }

    /// Whether a custodian is shown.
    pub(super) fn custodian(&self, custodian: &Custodian) -> bool {
        !self.narrows() || custodian.rows.iter().any(|row| self.row(row))
    }

    /// What the filters leave out, as the end of a sentence about custodians.
    fn lacking(&self) -> String {
        match (self.sieve.sorts_out(), self.sieve.rules.is_empty()) {
            (true, true) => "a gap of the classes and severities chosen".to_owned(),
            (true, false) => format!("a gap of the classes and severities chosen on days required by {}", self.rules.titles()),
            (false, _) => format!("days required by {}", self.rules.titles()),
        }
    }

    /// Why nobody is shown, when the filters leave nobody.
    pub(super) fn nobody(&self) -> String {
        format!("No custodian has {}. ", self.lacking())
    }

    /// Why no row is shown.
    pub(super) fn none_of(&self, custodians: usize) -> String {
        format!("Of {} none has {}.", count(custodians as u64, "custodian", "custodians"), self.lacking())
    }

    /// Who is shown, when the filters leave others out. `found`: how many of them.
    pub(super) fn only(&self, found: usize) -> String {
        let who = count(found as u64, "custodian", "custodians");
        if self.sieve.sorts_out() {
            return format!(
                "Only the {who} with {}; marks of other gaps are left out. ",
                if self.sieve.rules.is_empty() { "such gaps".to_owned() } else { self.lacking() }
            );
        }
        format!("{who} with {}; marks of gaps on other days are left out. Per cents are of the days that all rules together require. ", self.lacking())
    }

    /// How many are shown, for a heading.
    pub(super) const fn such(&self) -> &'static str {
        if self.sieve.sorts_out() { "with such gaps" } else { "by the rules chosen" }
    }

    /// What each rule of the filter asks for and what is covered of it.
    pub(super) fn figures(&self) -> Vec<String> {
        self.rules.figures()
    }
}
