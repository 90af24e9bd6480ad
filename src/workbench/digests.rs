//! Digests that come after the records they belong to: where they are put.

use std::collections::BTreeMap;

use crate::model::Batch;
use crate::model::answer::{Answers, Evidence};
use crate::model::ledger::Source;

/// Gives the digest of a file to its sources that have none; whether there were any.
pub fn set(batch: &mut Batch, sha256: &str) -> bool {
    let mut any = false;
    for source in batch.tables.sources.iter_mut().filter(|s| s.sha256.is_empty()) {
        sha256.clone_into(&mut source.sha256);
        any = true;
    }
    any
}

/// The digest of each path; `None` when two sources share a path, so that a place does not tell which of them it is in.
pub fn by_path(sources: &[Source]) -> Option<BTreeMap<String, String>> {
    let map: BTreeMap<String, String> = sources.iter().map(|s| (s.path.clone(), s.sha256.clone())).collect();
    (map.len() == sources.len()).then_some(map)
}

/// Puts the digests into every place the answers name.
pub fn show(answers: &mut Answers, known: &BTreeMap<String, String>) {
    for place in places(answers) {
        if let Some(sha256) = known.get(&place.source) {
            place.sha256.clone_from(sha256);
        }
    }
}

/// All places of the answers.
fn places(answers: &mut Answers) -> impl Iterator<Item = &mut Evidence> {
    let channels = answers.channels.by_channel.iter_mut().flat_map(|c| &mut c.evidence);
    let gaps = answers.gaps.iter_mut().flat_map(|g| &mut g.evidence);
    let leavers = answers.leavers.iter_mut().flat_map(|leaver| {
        let clients = leaver.clients.iter_mut().flat_map(|c| c.evidence.iter_mut().chain(c.open_question.as_mut().map(|q| &mut q.evidence)));
        clients.chain(leaver.after_last_day.unanswered.iter_mut().flat_map(|u| &mut u.evidence))
    });
    let findings = answers.findings.iter_mut().flat_map(|f| &mut f.evidence);
    channels.chain(gaps).chain(leavers).chain(findings)
}
