//! Who is who: what is joined and how certainly, what is likely and waits for a decision, what nobody knows.
//!
//! ```text
//! lists ─> certain joins ─> decisions ─> display names (assumed) ─> proposals (never joined)
//! ```
//!
//! Certain joins are made by [`lists`], decisions applied by [`decisions`]; `parties` is what the other analyses see of both. Here the rest is
//! answered. Handles that are not seen in work are shown masked and named by an opaque [`reference`]; those seen in private conversations only
//! are proposed at most, and listed nowhere else.

pub mod address;
pub mod catalogue;
pub mod decisions;
pub mod letters;
pub mod lists;
pub mod names;
pub mod nicknames;
pub mod phone;
pub mod propose;
pub mod reference;
pub mod seen;

use std::collections::{BTreeMap, BTreeSet};

use super::conversations::Talks;
use super::parties::{Joined, Parties, Party, Why};
use super::{Context, Needs, Question};
use crate::model::Dataset;
use crate::model::answer::{Answers, Identity, IdentityCounts, Proposal, UnknownHandle};
use crate::model::batch::Handle;
use crate::model::decision::IdentityDecision;
use crate::model::matter::Matter;
use catalogue::Catalogue;
use decisions::{Decisions, References};
use lists::{Lists, name_of, named_only};
use seen::Seen;

pub use reference::key_of;

/// Who is who.
pub const QUESTION: Question = Question { id: "identity", title: "Who is who?", needs: Needs { dates: false, lists: true, policy: true }, run };

/// Most handles listed as unknown, and most proposals; the counts are complete.
pub const LISTED: usize = 500;
/// Off the score of accounts that show one name: one of them at most is the person.
const NAMESAKES: f64 = 0.2;

/// Off the score of somebody whose conversations are about anything but work.
const NO_WORK: f64 = 0.3;
/// Fewest messages that show that.
const LOOKED: u32 = 20;
/// Of how many messages at most one is about work there.
const ONE_IN: u32 = 20;

/// What is found once per dataset and matter.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// As answered.
    pub identity: Identity,
    /// Proposals, those beyond the listed ones too.
    pub open: u64,
}

/// Whether the name of a handle may be shown: it takes part in work, and is not taken for a reference.
fn named(h: &Handle, seen: &Seen) -> bool {
    seen.work && !reference::is(&h.key)
}

/// What stands for the handle in answers and decisions.
fn key(h: &Handle, seen: &Seen) -> String {
    if named(h, seen) { h.key.clone() } else { reference::of(h) }
}

fn shown(h: &Handle, seen: &Seen) -> String {
    if seen.work { name_of(h).to_owned() } else { reference::masked(name_of(h)) }
}

impl Found {
    /// Reads the rows once, then looks the open handles up.
    #[must_use]
    pub fn new(dataset: &Dataset, matter: &Matter, parties: &Parties, talks: &Talks) -> Self {
        let open: Vec<bool> = parties.of.iter().map(|j| j.party == Party::Unknown && j.why != Why::Other).collect();
        let (seen, employees) = seen::survey(dataset, talks, &open);
        let (mut proposals, proposed) = proposals(dataset, talks, &seen);
        let count = proposals.len() as u64;
        proposals.truncate(LISTED);
        let identity = Identity {
            counts: counts(parties, &seen),
            proposals,
            unknown: unknown(dataset, &open, &proposed, &seen, &employees),
            decisions: decided(dataset, matter, &seen),
        };
        Self { identity, open: count }
    }
}

fn counts(parties: &Parties, seen: &[Seen]) -> IdentityCounts {
    let mut out = IdentityCounts::default();
    for (joined, seen) in parties.of.iter().zip(seen) {
        match joined.party {
            Party::Employee(_) | Party::Colleague => out.employees += 1,
            Party::Client(..) => out.clients += 1,
            Party::Service => out.services += 1,
            Party::Unknown if joined.why == Why::Other => out.others += 1,
            Party::Unknown => {
                out.unknown += 1;
                out.private += u64::from(seen.only_private());
            }
        }
        out.certain += u64::from(joined.why.certain());
        out.decided += u64::from(matches!(joined.why, Why::Decision | Why::Other));
    }
    out
}

/// Whom a proposal of a client or person is about, for the reader.
fn words_for(catalogue: &Catalogue, party: Party) -> String {
    let name = catalogue.shown(party);
    match party {
        Party::Client(ix, Some(_)) => format!("{name} ({})", catalogue.entity(ix)),
        _ => name,
    }
}

/// A handle that is probably somebody on the lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Likely {
    /// The handle.
    pub handle: u32,
    /// Who, how likely, and why.
    pub candidate: propose::Candidate,
    /// Reference for decisions.
    pub whom: String,
    /// The one proposed, in words.
    pub whom_shown: String,
}

/// Who each open handle probably is, by handle: what is proposed once it is seen in a conversation.
#[must_use]
pub fn candidates(dataset: &Dataset, matter: &Matter, parties: &Parties) -> Vec<Likely> {
    let open = |joined: &Joined| joined.party == Party::Colleague || joined.party == Party::Unknown && joined.why != Why::Other;
    // Where everybody is known the lists need not be read again.
    if !parties.of.iter().any(open) {
        return Vec::new();
    }
    let lists = Lists::new(matter);
    if lists.people.is_empty() && matter.clients.as_ref().is_none_or(Vec::is_empty) {
        return Vec::new();
    }
    let catalogue = Catalogue::new(&lists, matter);
    let decisions = Decisions::new(dataset, matter);
    let certain = dataset.handles.iter().zip(&parties.of).filter(|(_, j)| j.why.certain() || j.why == Why::Decision);
    let known: propose::Known = certain.map(|(h, j)| (h.channel.as_str(), j.party)).collect();
    let mut found: Vec<(u32, propose::Candidate)> = Vec::new();
    for ((ix, h), joined) in (0u32..).zip(&dataset.handles).zip(&parties.of) {
        if open(joined) && !decisions.settles(ix) {
            found.extend(propose::propose(&catalogue, &known, h, &|p| decisions.refuses(ix, p)).map(|c| (ix, c)));
        }
    }
    namesakes(dataset, &mut found);
    let references = References::new(matter);
    let told = |(handle, candidate): (u32, propose::Candidate)| Likely {
        handle,
        whom: references.of(candidate.party),
        whom_shown: words_for(&catalogue, candidate.party),
        candidate,
    };
    found.into_iter().map(told).collect()
}

/// All proposals, best first, then by traffic; and which handles they are about.
fn proposals(dataset: &Dataset, talks: &Talks, seen: &[Seen]) -> (Vec<Proposal>, BTreeSet<u32>) {
    let found = talks.candidates.iter().filter(|l| seen.get(l.handle as usize).is_some_and(Seen::anywhere));
    let mut out: Vec<(Proposal, u32)> = found
        .filter_map(|l| {
            let (h, seen, c) = (dataset.handles.get(l.handle as usize)?, seen.get(l.handle as usize)?, &l.candidate);
            let kind = if matches!(c.party, Party::Employee(_)) { "employee" } else { "client" };
            let (score, reasons) = heard_otherwise(c, seen)?;
            let proposal = Proposal {
                channel: h.channel.clone(),
                handle: key(h, seen),
                shown: shown(h, seen),
                whom: l.whom.clone(),
                whom_shown: l.whom_shown.clone(),
                kind: kind.into(),
                score,
                reasons,
                messages: seen.messages,
            };
            Some((proposal, l.handle))
        })
        .collect();
    out.sort_by(|(a, x), (b, y)| b.score.total_cmp(&a.score).then(b.messages.cmp(&a.messages)).then(x.cmp(y)));
    let proposed = out.iter().map(|(_, ix)| *ix).collect();
    (out.into_iter().map(|(p, _)| p).collect(), proposed)
}

/// Score and reasons, once what is said is weighed too: a friend may be called like a client. `None`: no longer likely.
fn heard_otherwise(c: &propose::Candidate, seen: &Seen) -> Option<(f64, Vec<String>)> {
    let mut reasons = c.reasons.clone();
    let (about, looked) = (seen.waits.about(), seen.waits.looked);
    if !seen.only_private() || looked < LOOKED || about.saturating_mul(ONE_IN) > looked {
        return Some((c.score, reasons));
    }
    let score = ((c.score - NO_WORK) * 100.0).round() / 100.0;
    reasons.push(format!("But {about} of {looked} messages looked at are about work."));
    (score >= propose::LEAST).then_some((score, reasons))
}

/// Several accounts of one channel that are proposed for one person: one of them at most is. Names in address books are no accounts.
fn namesakes(dataset: &Dataset, found: &mut Vec<(u32, propose::Candidate)>) {
    let account = |ix: u32| dataset.handles.get(ix as usize).filter(|h| !named_only(h) && !h.key.contains('@')).map(|h| h.channel.as_str());
    let mut times: BTreeMap<(&str, Party), u32> = BTreeMap::new();
    for (ix, c) in found.iter() {
        if let Some(channel) = account(*ix) {
            *times.entry((channel, c.party)).or_default() += 1;
        }
    }
    for (ix, c) in found.iter_mut() {
        if account(*ix).is_some_and(|channel| times.get(&(channel, c.party)).is_some_and(|n| *n > 1)) {
            c.score = ((c.score - NAMESAKES) * 100.0).round() / 100.0;
            c.reasons.push("Another account of this channel shows a name as close.".into());
        }
    }
    found.retain(|(_, c)| c.score >= propose::LEAST);
}

/// Handles nobody knows and nothing is proposed for, most traffic first.
fn unknown(dataset: &Dataset, open: &[bool], proposed: &BTreeSet<u32>, seen: &[Seen], employees: &[u64]) -> Vec<UnknownHandle> {
    let mut out: Vec<(u32, &Seen)> =
        (0u32..).zip(seen).zip(open).filter(|((ix, s), open)| **open && (s.work || s.undecided) && !proposed.contains(ix)).map(|(pair, _)| pair).collect();
    out.sort_by(|(x, a), (y, b)| b.messages.cmp(&a.messages).then(x.cmp(y)));
    out.truncate(LISTED);
    out.into_iter()
        .filter_map(|(ix, seen)| {
            let h = dataset.handles.get(ix as usize)?;
            let employees = employees.get(ix as usize).copied().unwrap_or(0);
            Some(UnknownHandle { channel: h.channel.clone(), handle: key(h, seen), shown: shown(h, seen), messages: seen.messages, employees })
        })
        .collect()
}

/// The decisions, without the names of handles that must not be shown.
fn decided(dataset: &Dataset, matter: &Matter, seen: &[Seen]) -> Vec<IdentityDecision> {
    if matter.identities.is_empty() {
        return Vec::new();
    }
    let hidden: BTreeMap<(&str, &str), String> =
        dataset.handles.iter().zip(seen).filter(|(_, s)| !s.work).map(|(h, _)| ((h.channel.as_str(), h.key.as_str()), reference::of(h))).collect();
    let veiled = |channel: &str, key: &str| hidden.get(&(channel, key)).cloned().unwrap_or_else(|| key.to_owned());
    matter
        .identities
        .iter()
        .map(|d| {
            let whom = match d.whom.strip_prefix("handle:").and_then(|w| w.split_once('/')) {
                Some((channel, key)) => format!("handle:{channel}/{}", veiled(channel, key)),
                None => d.whom.clone(),
            };
            IdentityDecision { handle: veiled(&d.channel, &d.handle), whom, ..d.clone() }
        })
        .collect()
}

fn run(context: &Context, answers: &mut Answers) {
    answers.identity = context.identities().identity.clone();
}

#[cfg(test)]
mod tests;
