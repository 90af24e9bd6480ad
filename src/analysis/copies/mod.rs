//! Two copies of one conversation: an employee's export and that of the client, of a colleague, or of another device. What one copy holds
//! and the other does not is missing from the other for certain, with its exact time; how much of each copy is left follows from what both
//! share. Nothing is claimed before a copy's first or after its last message, while messages vanished by a timer, while the person was no
//! member, or of anything that exports leave out by nature.
//!
//! ```text
//! held ─> matching ─> figures
//!                └──> losses ─> gaps          mail: the same by Message-ID
//! ```

mod figures;
mod held;
mod losses;
mod mail;
mod matching;
#[cfg(test)]
mod tests;

use super::gaps::{self, Draft};
use super::{Context, Needs, Question};
use crate::model::answer::{Answers, CopyPair, CopySide, Estimate};
use crate::time;
use held::{Copy, Keeper, Persons};
use matching::{Bond, Laid};

/// How complete each copy is.
pub const QUESTION: Question = Question {
    id: "copies",
    title: "What do two copies of one conversation say about each other?",
    needs: Needs { dates: true, lists: true, policy: false },
    run,
};

/// Least share of the smaller copy that the larger one must hold too, in the time both cover. Below it, another conversation of the same people
/// explains what they have in common as well as losses on both sides do.
const CONTAINED: f64 = 0.5;

/// One side of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// Who keeps it.
    pub keeper: Keeper,
    /// Source; `None` = several, a mailbox.
    pub source: Option<u32>,
    /// Messages compared, in the time both cover.
    pub messages: u64,
}

/// Two copies and their figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Channel.
    pub channel: u16,
    /// Conversation of the first copy; `None` = mail between two people.
    pub conversation: Option<u32>,
    /// Both copies.
    pub sides: [Side; 2],
    /// The time both cover, on the clock of the first, microseconds.
    pub span: (i64, i64),
    /// Messages both hold.
    pub matched: u64,
    /// Of these by sender and time only.
    pub reworded: u64,
    /// Messages left out on either side: there is something else of their time in the other copy.
    pub unsure: u64,
    /// Texts that stand once in each copy and agree; for mail the Message-IDs both have.
    pub proofs: u64,
    /// Microseconds by which the clock of the second is behind that of the first, and at another time of the year.
    pub clocks: (i64, Option<i64>),
}

/// Pairs and gaps.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Pairs, by channel, conversation and sources.
    pub pairs: Vec<Pair>,
    /// Gaps of class A.
    pub drafts: Vec<Draft>,
}

/// Two copies that are shown to be of one conversation.
struct Proved {
    /// Places of the copies in their set.
    of: [usize; 2],
    laid: Laid,
    /// Per entry of each copy: its partner and how they hang together.
    partners: [Vec<Option<(u32, Bond)>>; 2],
    pair: Pair,
}

impl Proved {
    /// Time of an entry on the clock of the first copy.
    fn time(&self, side: usize, ix: usize, time: i64) -> i64 {
        if side == 0 { time } else { time + self.laid.shifts.get(ix).copied().unwrap_or(self.laid.offset) }
    }

    /// What to add to a time of the first copy's clock near this entry, for the clock of a side.
    fn clock(&self, side: usize, from: usize, ix: usize) -> i64 {
        if side == 0 {
            return 0;
        }
        let near =
            if from == 1 { Some(ix) } else { self.laid.pairs.get(self.laid.pairs.partition_point(|(a, ..)| (*a as usize) < ix)).map(|(_, b, _)| *b as usize) };
        -near.and_then(|b| self.laid.shifts.get(b).copied()).unwrap_or(self.laid.offset)
    }
}

/// Compares two copies; `None` when they are not shown to be of one conversation.
fn compared(context: &Context, set: &[Copy], of: [usize; 2], persons: &Persons) -> Option<Proved> {
    let (one, two) = (set.get(of[0])?, set.get(of[1])?);
    let laid = matching::lay(&one.entries, &two.entries, &|p| persons.known(p))?;
    let mut partners = [vec![None; one.entries.len()], vec![None; two.entries.len()]];
    for (a, b, bond) in &laid.pairs {
        let [first, second] = &mut partners;
        if let (Some(x), Some(y)) = (first.get_mut(*a as usize), second.get_mut(*b as usize)) {
            (*x, *y) = (Some((*b, *bond)), Some((*a, *bond)));
        }
    }
    let shift = |ix: usize| laid.shifts.get(ix).copied().unwrap_or(laid.offset);
    // Notices stand before the first message of a copy with the date of another day: the creation of a group, the encryption.
    let ends = |copy: &Copy, shift: &dyn Fn(usize) -> i64| {
        let messages = copy.entries.iter().enumerate().filter(|(_, e)| e.flags.is_message());
        let times = messages.map(|(ix, e)| e.time + shift(ix));
        let cleared = losses::cleared(context, copy).map(|t| t + shift(0));
        Some((times.clone().min()?.max(cleared.unwrap_or(i64::MIN)), times.max()?))
    };
    let (a, b) = (ends(one, &|_| 0)?, ends(two, &shift)?);
    // At the edges a rounded minute, or an hour of summer time, decides what lies inside: nothing is said there.
    let edge = laid.jitter + laid.also.map_or(0, |s| (s - laid.offset).abs());
    let span = (a.0.max(b.0) + edge, a.1.min(b.1) - edge);
    let inside = |t: i64| span.0 < t && t < span.1;
    let (mut counts, mut matched, mut reworded, mut unsure) = ([0u64; 2], 0, 0, 0);
    for (side, copy) in [one, two].into_iter().enumerate() {
        for (ix, entry) in copy.entries.iter().enumerate().filter(|(_, e)| e.text()) {
            if !inside(entry.time + if side == 0 { 0 } else { shift(ix) }) {
                continue;
            }
            let partner = partners.get(side).and_then(|p| p.get(ix)).copied().flatten();
            let bond = partner.map(|(_, bond)| bond);
            // Partners lie on both sides of the edge only by the jitter: counted where the first one lies.
            let beyond = partner.is_some_and(|(p, _)| {
                let other = [two, one].get(side).and_then(|c| c.entries.get(p as usize)).map_or(0, |e| e.time);
                !inside(other + if side == 0 { shift(p as usize) } else { 0 })
            });
            if beyond || bond == Some(Bond::Doubtful) {
                unsure += u64::from(!beyond);
                continue;
            }
            if let Some(n) = counts.get_mut(side) {
                *n += 1;
            }
            if side == 0 && bond.is_some() {
                matched += 1;
                reworded += u64::from(bond == Some(Bond::Reworded));
            }
        }
    }
    let least = counts[0].min(counts[1]);
    if matched < matching::PROOFS as u64 || (matched as f64) < CONTAINED * least as f64 {
        return None;
    }
    let side = |copy: &Copy, messages: u64| Side { keeper: copy.keeper, source: Some(copy.source), messages };
    let pair = Pair {
        channel: context.talks.get(one.conversation)?.channel,
        conversation: Some(one.conversation),
        sides: [side(one, counts[0]), side(two, counts[1])],
        span,
        matched,
        reworded,
        unsure,
        proofs: laid.proofs as u64,
        clocks: (laid.offset, laid.also),
    };
    Some(Proved { of, laid, partners, pair })
}

impl Found {
    /// Compares all copies.
    #[must_use]
    pub fn new(context: &Context) -> Self {
        let persons = Persons::new(context);
        let mut found = mail::found(context, &persons);
        for set in held::found(context, &persons) {
            let mut proved = Vec::new();
            for (a, one) in set.iter().enumerate() {
                for (b, two) in set.iter().enumerate().skip(a + 1) {
                    let archives = one.keeper == Keeper::Archive && two.keeper == Keeper::Archive;
                    if one.source != two.source && !archives {
                        proved.extend(compared(context, &set, [a, b], &persons));
                    }
                }
            }
            found.drafts.extend(losses::drafts(context, &set, &proved));
            found.pairs.extend(proved.into_iter().map(|p| p.pair));
        }
        found.pairs.sort_by_key(|p| (p.channel, p.conversation, p.sides[0].source, p.sides[1].source, p.sides[0].keeper, p.sides[1].keeper));
        found
    }
}

fn side(context: &Context, pair: &Pair, which: usize) -> CopySide {
    let (Some(side), Some(other)) = (pair.sides.get(which), pair.sides.get(1 - which)) else { return CopySide::default() };
    let custodian = if let Keeper::Person(e) = side.keeper { context.parties.custodians.get(e as usize) } else { None };
    CopySide {
        custodian: custodian.map(|c| c.name.clone()).unwrap_or_default(),
        person: custodian.map(|c| c.id.clone()),
        keeper: match side.keeper {
            Keeper::Person(_) => "custodian",
            Keeper::Outside => "outside",
            Keeper::Nobody => "unknown",
            Keeper::Archive => "archive",
        }
        .into(),
        source: side.source.and_then(|s| context.dataset.sources.get(s as usize)).map(|s| s.path.clone()),
        messages: side.messages,
        only: side.messages.saturating_sub(pair.matched),
        completeness: figures::wilson(pair.matched, other.messages).map(|share| estimate(share, 1e4)),
    }
}

fn estimate((low, mid, high): (f64, f64, f64), parts: f64) -> Estimate {
    let rounded = |v: f64| (v * parts).round() / parts;
    Estimate { low: rounded(low), mid: rounded(mid), high: rounded(high) }
}

fn said(context: &Context, pair: &Pair) -> CopyPair {
    let minutes = |micros: i64| micros.div_euclid(time::MINUTE);
    let at = |micros: i64| time::rfc3339(micros, true);
    CopyPair {
        channel: context.talks.slug(pair.channel).to_owned(),
        conversation: pair.conversation.and_then(|c| gaps::title(context, c)),
        first: side(context, pair, 0),
        second: side(context, pair, 1),
        from: at(pair.span.0),
        to: at(pair.span.1),
        matched: pair.matched,
        reworded: pair.reworded,
        unsure: pair.unsure,
        proofs: pair.proofs,
        total: estimate(figures::chapman(pair.sides[0].messages, pair.sides[1].messages, pair.matched), 10.0),
        offset_minutes: minutes(pair.clocks.0),
        offset_also_minutes: pair.clocks.1.map(minutes),
    }
}

fn run(context: &Context, answers: &mut Answers) {
    let asked =
        |p: &&Pair| context.asks(p.channel) && context.day(p.span.0) <= context.window.to && context.window.from.is_none_or(|f| context.day(p.span.1) >= f);
    answers.copies = context.copies().pairs.iter().filter(asked).map(|pair| said(context, pair)).collect();
}
