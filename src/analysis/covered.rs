//! How much of what is required was found, in sentences: under each rule by itself, and never more than that.

use std::collections::BTreeSet;

use super::findings::{evidence, people};
use crate::model::answer::{Answers, Finding, PolicySaid};

/// One sentence per rule that sets a horizon, else one over all days expected.
pub fn findings(answers: &Answers, out: &mut Vec<Finding>) {
    let (covered, expected) = answers.coverage.iter().fold((0, 0), |(c, e), r| (c + r.covered_days, e + r.expected_days));
    if expected == 0 {
        return;
    }
    let sentences = under_rules(answers);
    let whole = vec![(format!("Records found cover {covered} of {expected} required business days"), covered)];
    for (sentence, quantity) in if sentences.is_empty() { whole } else { sentences } {
        out.push(Finding {
            question: "coverage".into(),
            severity: "info".into(),
            sentence_without_names: sentence.clone(),
            sentence,
            whom: people(answers.coverage.iter().map(|r| &r.person).collect::<BTreeSet<_>>().len()),
            from: answers.coverage.iter().filter_map(|r| r.spans.first()).map(|s| s.from.clone()).min(),
            to: answers.coverage.iter().filter_map(|r| r.spans.last()).map(|s| s.to.clone()).max(),
            quantity,
            unit: "days".into(),
            evidence: evidence(answers.channels.by_channel.iter().map(|c| &c.evidence)),
            ..Finding::default()
        });
    }
}

/// What was found under each rule that sets a horizon, the readily accessible period apart. Never more than that.
fn under_rules(answers: &Answers) -> Vec<(String, u64)> {
    let said = |p: &PolicySaid| {
        let (required, covered) = (p.required_days.filter(|n| *n > 0)?, p.covered_days?);
        let near = match (p.accessible_days, p.accessible_covered, p.accessible) {
            (Some(days), Some(found), Some(months)) if days > 0 && days < required => {
                format!("; in the last {months} months, which must be readily accessible, {found} of {days}")
            }
            _ => String::new(),
        };
        Some((format!("Records found cover {covered} of {required} required business days under {}{near}", p.title), covered))
    };
    answers.basis.policies.iter().filter_map(said).collect()
}
