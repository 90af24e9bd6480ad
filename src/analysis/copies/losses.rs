//! What a copy lacks although another one holds it: messages of all copies united, each expected in every copy of which the owner was a
//! member then; in runs of messages that lie near each other.

use std::collections::{BTreeMap, BTreeSet};

use super::super::gaps::Draft;
use super::super::{Context, places};
use super::Proved;
use super::figures::wilson;
use super::held::{Copy, Keeper, Roots};
use super::matching::{Bond, Entry};
use crate::model::StatementKind;
use crate::model::answer::{Benign, Evidence};
use crate::model::batch::NONE;
use crate::model::message::EventKind;
use crate::time::{self, SECOND};

/// Days between two missing messages of one run.
const NEAR: i32 = 7;
/// Times said one by one.
const TIMES: usize = 12;
/// Messages from which a run without anything else on its days is days that are not held.
const BLOCK: usize = 3;

/// Days from which nobody can expect anything of a copy: the history was cleared.
pub(super) fn cleared(context: &Context, copy: &Copy) -> Option<i64> {
    let of = |s: &&crate::model::Statement| {
        s.source == copy.source
            && s.conversation.is_none_or(|c| c == copy.conversation)
            && matches!(s.kind, StatementKind::HistoryCleared | StatementKind::PlanWall)
    };
    context.dataset.statements.iter().filter(of).filter_map(|s| s.to.or(s.from)).max()
}

/// A message a copy lacks.
struct Missing {
    /// Time on the clock of the copy that lacks it.
    time: i64,
    /// Row in the copy that holds it.
    row: u32,
    /// Which proof.
    by: usize,
}

/// When messages of a conversation vanished by a timer, on any clock; ends included.
fn timers(context: &Context, set: &[Copy]) -> Vec<(i64, i64)> {
    let here = |c: Option<u32>| c.is_some_and(|c| set.iter().any(|copy| copy.conversation == c));
    let stated = context.dataset.statements.iter().filter(|s| s.kind == StatementKind::Timer && here(s.conversation));
    let mut spans: Vec<(i64, i64)> = stated.map(|s| (s.from.unwrap_or(i64::MIN), s.to.unwrap_or(i64::MAX))).collect();
    for copy in set {
        let mut on = None;
        for entry in &copy.entries {
            match entry.flags.event() {
                Some(EventKind::TimerOn) => on = on.or(Some(entry.time)),
                Some(EventKind::TimerOff) => spans.extend(on.take().map(|from| (from, entry.time))),
                _ => {}
            }
        }
        spans.extend(on.map(|from| (from, i64::MAX)));
    }
    spans
}

/// Whether the owner of a copy may have been no member then: by notices about this person in any copy, or notices about nobody in particular
/// on either side of the place.
fn away(copy: &Copy, set: &[Copy], time: i64) -> bool {
    let gone = |kind: Option<EventKind>| matches!(kind, Some(EventKind::Left));
    let come = |kind: Option<EventKind>| matches!(kind, Some(EventKind::Joined | EventKind::Created));
    let at = copy.entries.partition_point(|e| e.time <= time);
    let nobody = |e: &&Entry| e.sender == NONE;
    let before = at.checked_sub(1).and_then(|ix| copy.entries.get(ix)).filter(nobody);
    let after = copy.entries.get(at).filter(nobody);
    if before.is_some_and(|e| gone(e.flags.event())) || after.is_some_and(|e| come(e.flags.event())) {
        return true;
    }
    let Keeper::Person(owner) = copy.keeper else { return false };
    let told = || set.iter().flat_map(|c| &c.entries).filter(|e| e.sender == owner && matches!(e.flags.event(), Some(EventKind::Joined | EventKind::Left)));
    let last = told().filter(|e| e.time <= time).max_by_key(|e| e.time);
    let next = told().filter(|e| e.time > time).min_by_key(|e| e.time);
    last.is_some_and(|e| gone(e.flags.event())) || last.is_none() && next.is_some_and(|e| come(e.flags.event()))
}

/// Messages of a set: rows that are one.
struct Messages {
    index: BTreeMap<u32, u32>,
    roots: Roots,
}

impl Messages {
    fn new(set: &[Copy], proved: &[Proved]) -> Self {
        let rows: BTreeSet<u32> = set.iter().flat_map(|c| c.entries.iter().map(|e| e.row)).collect();
        let index: BTreeMap<u32, u32> = rows.into_iter().zip(0..).collect();
        let mut this = Self { roots: Roots::new(index.len()), index };
        for p in proved {
            let (Some(one), Some(two)) = (set.get(p.of[0]), set.get(p.of[1])) else { continue };
            for (a, b, _) in p.laid.pairs.iter().filter(|(.., bond)| *bond != Bond::Doubtful) {
                if let (Some(a), Some(b)) = (one.entries.get(*a as usize), two.entries.get(*b as usize))
                    && let (Some(a), Some(b)) = (this.index.get(&a.row).copied(), this.index.get(&b.row).copied())
                {
                    this.roots.join(a, b);
                }
            }
        }
        this
    }

    fn of(&mut self, row: u32) -> u32 {
        let at = self.index.get(&row).copied().unwrap_or(NONE);
        self.roots.of(at)
    }
}

/// What a copy lacks, by time. Whatever the same person or an archive holds elsewhere is held.
fn missing(set: &[Copy], proved: &[Proved], messages: &mut Messages, timers: &[(i64, i64)], at: usize) -> Vec<Missing> {
    let Some(copy) = set.get(at) else { return Vec::new() };
    let own = |c: &Copy| c.keeper == Keeper::Archive || matches!(copy.keeper, Keeper::Person(_)) && c.keeper == copy.keeper;
    let mut held: BTreeSet<u32> = BTreeSet::new();
    for (ix, other) in set.iter().enumerate() {
        if ix == at || own(other) {
            held.extend(other.entries.iter().map(|e| messages.of(e.row)));
        }
    }
    let mut lacked: BTreeMap<u32, Missing> = BTreeMap::new();
    // What one copy shows to be deleted or something else is not claimed because of a third one.
    let mut doubtful: BTreeSet<u32> = BTreeSet::new();
    for (by, p) in proved.iter().enumerate() {
        let Some(mine) = p.of.iter().position(|ix| *ix == at) else { continue };
        let side = 1 - mine;
        let Some(other) = p.of.get(side).and_then(|ix| set.get(*ix)).filter(|c| !own(c)) else { continue };
        let partners = p.partners.get(side).map(Vec::as_slice).unwrap_or_default();
        for ((ix, entry), partner) in other.entries.iter().enumerate().zip(partners).filter(|((_, e), _)| e.text()) {
            let message = messages.of(entry.row);
            if partner.is_some() {
                doubtful.insert(message);
                continue;
            }
            let (first, span) = (p.time(side, ix, entry.time), p.pair.span);
            let time = first + p.clock(mine, side, ix);
            let apart = (time - entry.time).abs() + p.laid.jitter;
            let timed = timers.iter().any(|(from, to)| from.saturating_sub(apart) <= entry.time && entry.time <= to.saturating_add(apart));
            if span.0 < first && first < span.1 && !timed && !held.contains(&message) && !away(copy, set, time) {
                lacked.entry(message).or_insert(Missing { time, row: entry.row, by });
            }
        }
    }
    let mut list: Vec<Missing> = lacked.into_iter().filter(|(message, _)| !doubtful.contains(message)).map(|(_, m)| m).collect();
    list.sort_unstable_by_key(|m| (m.time, m.row));
    list
}

/// Gaps of all copies of a set.
pub(super) fn drafts(context: &Context, set: &[Copy], proved: &[Proved]) -> Vec<Draft> {
    if proved.is_empty() {
        return Vec::new();
    }
    let (mut messages, timers) = (Messages::new(set, proved), timers(context, set));
    let mut drafts = Vec::new();
    for (at, copy) in set.iter().enumerate() {
        if copy.partial || !matches!(copy.keeper, Keeper::Person(_) | Keeper::Nobody) {
            continue;
        }
        let lacked = missing(set, proved, &mut messages, &timers, at);
        let mut rest = lacked.as_slice();
        while let Some(head) = rest.first() {
            let mut day = context.day(head.time);
            let near = |m: &&Missing| {
                let next = context.day(m.time);
                let joined = next <= day + NEAR;
                day = if joined { next } else { day };
                joined
            };
            let n = rest.iter().take_while(near).count().max(1);
            let (run, tail) = rest.split_at_checked(n).unwrap_or((rest, &[]));
            drafts.extend(draft(context, copy, at, proved, run));
            rest = tail;
        }
    }
    drafts
}

/// `2026-03-02 10:04:11` on the wall.
pub(super) fn moment(context: &Context, micros: i64) -> String {
    let local = context.local(micros);
    let second = local.div_euclid(SECOND).rem_euclid(86_400);
    format!("{} {:02}:{:02}:{:02}", time::day_name(time::day(local)), second / 3600, second / 60 % 60, second % 60)
}

/// `5 h 30 min`.
fn span_words(minutes: i64) -> String {
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, m) => format!("{m} min"),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m} min"),
    }
}

fn clock_words(ahead: i64) -> Option<String> {
    let minutes = ahead / time::MINUTE;
    let which = if minutes > 0 { "ahead of" } else { "behind" };
    (minutes != 0).then(|| format!("The clock of the other copy is {} {which} this one; times are those of this copy", span_words(minutes)))
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn reasons(context: &Context, proof: &Proved, mine: usize, run: &[Missing]) -> Vec<String> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return Vec::new() };
    let what = if run.len() == 1 {
        format!("1 message of {} is in the other copy of this conversation and not in this one", moment(context, first.time))
    } else {
        let (from, to) = (moment(context, first.time), moment(context, last.time));
        format!("{} messages from {from} to {to} are in the other copy of this conversation and not in this one", run.len())
    };
    let mut out = vec![what];
    let theirs = proof.pair.sides.get(1 - mine).map_or(0, |s| s.messages);
    if let Some((low, share, high)) = wilson(proof.pair.matched, theirs) {
        out.push(format!(
            "In the time both copies cover, the other holds {theirs} messages, and this one {} of them: {} (95 % interval {} to {}); {} longer texts that stand once in each agree in sender and time",
            proof.pair.matched,
            percent(share),
            percent(low),
            percent(high),
            proof.pair.proofs
        ));
    }
    // The offset is what the second lacks to the first.
    out.extend(clock_words(if mine == 0 { -proof.pair.clocks.0 } else { proof.pair.clocks.0 }));
    if run.len() > 1 {
        let times: Vec<String> = run.iter().take(TIMES).map(|m| moment(context, m.time)).collect();
        let more = run.len().saturating_sub(TIMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        out.push(format!("Sent at {}{more}", times.join(", ")));
    }
    out
}

fn benign(group: bool) -> Vec<Benign> {
    let mut out =
        vec![Benign::new("deleted", "Deleted by the person", "\"Delete for me\" leaves the same; it removes the message from this copy only", "not_excluded")];
    if group {
        out.push(Benign::new("joined_late", "The person was no member then", "No notice of joining or leaving beside the place", "not_excluded"));
    }
    out.push(Benign::new("auto_delete", "Auto-delete", "No timer is stated in the copies for that time", "not_excluded"));
    out
}

/// A record of this copy beside the place. Where it is kept at its place in another source, which holds it too, only its time is known here.
fn beside(context: &Context, copy: &Copy, row: u32) -> Evidence {
    let place = places::row(context.dataset, row);
    let part = context.dataset.columns.part.get(row as usize).copied().unwrap_or(NONE);
    match context.dataset.sources.get(copy.source as usize) {
        Some(own) if context.dataset.source_of(part) != copy.source => {
            Evidence { source: own.path.clone(), sha256: own.sha256.clone(), line: None, byte: None, entry: None, ..place }
        }
        _ => place,
    }
}

fn draft(context: &Context, copy: &Copy, at: usize, proved: &[Proved], run: &[Missing]) -> Option<Draft> {
    let (first, last) = (run.first()?, run.last()?);
    let proof = proved.get(first.by)?;
    let mine = proof.of.iter().position(|ix| *ix == at)?;
    let talk = context.talks.get(copy.conversation)?;
    let message = |e: &&Entry| e.flags.is_message();
    let before = copy.entries.iter().rev().filter(message).find(|e| e.time < first.time);
    let after = copy.entries.iter().filter(message).find(|e| e.time > last.time);
    let between = copy.entries.iter().filter(message).any(|e| e.time > first.time && e.time < last.time);
    let (from, to) = (context.day(first.time), context.day(last.time));
    // A day on which this copy holds something else of the conversation is held, but for what is named here.
    let other_days = before.is_none_or(|e| context.day(e.time) < from) && after.is_none_or(|e| context.day(e.time) > to);
    let custodian = match copy.keeper {
        Keeper::Person(owner) => Some(owner),
        _ => {
            if let [one] = talk.employees.as_slice() {
                Some(*one)
            } else {
                None
            }
        }
    };
    let mut evidence: Vec<_> = before.map(|e| beside(context, copy, e.row)).into_iter().collect();
    evidence.extend(run.iter().take(places::MOST - 2).map(|m| places::absent(context.dataset, m.row, "held by the other copy only")));
    evidence.extend(after.map(|e| beside(context, copy, e.row)));
    let n = run.len() as f64;
    Some(Draft {
        custodian,
        channel: talk.channel,
        conversation: Some(copy.conversation),
        class: 'A',
        kind: "other_copy",
        from: Some(from),
        to: Some(to),
        estimate: Some((n, n, n)),
        confidence: 1.0,
        client: !talk.clients.is_empty(),
        takes_days: run.len() >= BLOCK && !between && other_days,
        reasons: reasons(context, proof, mine, run),
        benign: benign(!talk.few),
        evidence,
        ..Draft::default()
    })
}
