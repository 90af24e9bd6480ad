//! What the rules that were chosen as a filter require: gaps and rows by the day from which a rule asks for records. A rule speaks of all
//! custodians and channels alike, so its day decides.

use crate::model::Answers;
use crate::model::answer::{CoverageRow, Gap, PolicySaid};
use crate::report::phrase::{grouped, listed, percent, ratio};
use crate::report::words::PRESETS;
use crate::ui::state::Sieve;

/// The word of a rule in the URL: its id when it is a known preset; what somebody has written stands there as a number.
fn word(rule: &PolicySaid) -> String {
    if PRESETS.iter().any(|(id, _)| *id == rule.id) { rule.id.clone() } else { super::tag(&rule.id) }
}

/// Rules that ask for records from some day: word and title.
#[must_use]
pub fn choices(answers: &Answers) -> Vec<(String, String)> {
    asking(answers).map(|rule| (word(rule), rule.title.clone())).collect()
}

fn asking(answers: &Answers) -> impl Iterator<Item = &PolicySaid> {
    answers.basis.policies.iter().filter(|rule| rule.required_from.is_some())
}

/// The rules of the filter.
pub struct Rules<'a> {
    /// None is chosen: everything is shown.
    all: bool,
    chosen: Vec<&'a PolicySaid>,
}

impl<'a> Rules<'a> {
    /// Those of the filter that the matter has.
    #[must_use]
    pub fn new(sieve: &Sieve, answers: &'a Answers) -> Self {
        Self { all: sieve.rules.is_empty(), chosen: asking(answers).filter(|rule| sieve.rules.contains(&word(rule))).collect() }
    }

    fn any(&self, asks: impl Fn(&str) -> bool) -> bool {
        self.all || self.chosen.iter().any(|rule| rule.required_from.as_deref().is_some_and(&asks))
    }

    /// Whether some day of a gap is required. A gap without days may lie on any.
    #[must_use]
    pub fn gap(&self, gap: &Gap) -> bool {
        self.any(|from| gap.to.as_deref().is_none_or(|to| from <= to))
    }

    /// Whether some day of a row is required.
    #[must_use]
    pub fn row(&self, row: &CoverageRow) -> bool {
        self.any(|from| row.horizon.required_to.as_deref().is_none_or(|to| from <= to))
    }

    /// Their titles, as the subject of a sentence.
    #[must_use]
    pub fn titles(&self) -> String {
        let titles: Vec<String> = self.chosen.iter().map(|rule| rule.title.clone()).collect();
        if titles.is_empty() { "a rule that this matter does not have".to_owned() } else { listed(&titles) }
    }

    /// What each asks for and what of it is covered, a sentence each.
    #[must_use]
    pub fn figures(&self) -> Vec<String> {
        let said = |rule: &&PolicySaid| {
            let (from, required) = (rule.required_from.as_deref()?, rule.required_days?);
            let covered = rule.covered_days.unwrap_or(0);
            let share = ratio(covered, required).map(|share| format!(" ({})", percent(share))).unwrap_or_default();
            Some(format!(
                "{} asks for records from {from}: of {} business days {} are covered by records found{share}.",
                rule.title,
                grouped(required),
                grouped(covered)
            ))
        };
        self.chosen.iter().filter_map(said).collect()
    }
}

/// Whether the filters show a gap.
#[must_use]
pub fn takes(sieve: &Sieve, rules: &Rules, gap: &Gap) -> bool {
    sieve.takes(gap) && rules.gap(gap)
}
