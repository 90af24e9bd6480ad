//! Two lists of messages laid side by side. Texts that stand once in each list show by how much the clocks differ and who is who;
//! then every message finds its twin by sender and text, and what is left by sender and time only.

use std::collections::BTreeMap;

use crate::model::batch::NONE;
use crate::model::message::Flags;
use crate::time::{MINUTE, SECOND};

/// How far the times of one message may lie apart once the clocks agree: phones write the minute or the second, of sending or arrival.
pub const JITTER: i64 = 90 * SECOND;
/// Zones differ by whole, half and quarter hours.
const STEP: i64 = 15 * MINUTE;
const HOUR: i64 = 60 * MINUTE;
/// Clocks of one moment differ by no more than this: UTC-12 and UTC+14.
const FARTHEST: i64 = 26 * HOUR;
/// A telephone that was off or without network dates what it received hours later than the sender.
const LATE: i64 = 2 * crate::time::DAY;
/// Characters from which a text is not said every day.
const LONG: u32 = 12;
/// Times that are the same but for rounding.
const EXACT: i64 = 2 * SECOND;
/// Texts that must stand once in each list and agree. A text of some length by the same sender within the same minutes is in another
/// conversation of the same people only when it was sent to both; ten of these, from both sides, are one conversation.
pub const PROOFS: usize = 10;
/// Least share of such texts that agree; the rest are sayings of which each copy has lost another one.
const AGREE: f64 = 0.8;

/// A record of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Row of the dataset.
    pub row: u32,
    /// Microseconds.
    pub time: i64,
    /// Who: the same number for the same person; [`NONE`] = not said.
    pub sender: u32,
    /// Hash of the text, 0 for none.
    pub hash: u32,
    /// Characters.
    pub chars: u32,
    /// Facts.
    pub flags: Flags,
}

impl Entry {
    /// Whether its absence can prove anything: a text that somebody wrote. Attachments, events, what was deleted or has no content are left
    /// out by some exports.
    #[must_use]
    pub const fn text(&self) -> bool {
        self.hash != 0
            && self.flags.is_message()
            && self.flags.attachments() == 0
            && self.flags.0 & (Flags::DELETED.0 | Flags::NO_CONTENT.0 | Flags::AUTOMATIC.0) == 0
    }
}

/// How two records hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bond {
    /// Sender, text and time agree.
    Same,
    /// Sender and time agree: one of them was edited, or is written differently by another program.
    Reworded,
    /// A text here, and there something of the same time without that text: deleted, an attachment, a notice. Proves nothing.
    Doubtful,
}

/// Two lists side by side.
#[derive(Debug, Clone, Default)]
pub struct Laid {
    /// Place in the first list, place in the second, how.
    pub pairs: Vec<(u32, u32, Bond)>,
    /// To be added to a time of the second list, per entry.
    pub shifts: Vec<i64>,
    /// By how much the second clock is behind the first.
    pub offset: i64,
    /// The same at another time of the year, where one side has summer time and the other has not.
    pub also: Option<i64>,
    /// Times of twins differ by this much at most, but for a few.
    pub jitter: i64,
    /// Texts that stand once in each list and agree.
    pub proofs: usize,
}

/// Texts that stand once in a list.
fn once(entries: &[Entry]) -> BTreeMap<u32, Option<u32>> {
    let mut seen: BTreeMap<u32, Option<u32>> = BTreeMap::new();
    for (ix, entry) in (0u32..).zip(entries).filter(|(_, e)| e.text() && e.chars >= LONG) {
        seen.entry(entry.hash).and_modify(|place| *place = None).or_insert(Some(ix));
    }
    seen
}

/// The step the clocks differ by, and a second one an hour off.
fn clocks(times: &[(i64, i64)]) -> Option<(i64, Option<i64>)> {
    let mut votes: BTreeMap<i64, usize> = BTreeMap::new();
    for (one, two) in times {
        let apart = one - two;
        let step = (apart + STEP / 2).div_euclid(STEP) * STEP;
        if apart.abs() <= FARTHEST && (apart - step).abs() <= JITTER {
            *votes.entry(step).or_default() += 1;
        }
    }
    let (offset, most) = votes.iter().map(|(s, n)| (*s, *n)).max_by_key(|(s, n)| (*n, std::cmp::Reverse((s.abs(), *s))))?;
    let also = [offset - HOUR, offset + HOUR].into_iter().filter_map(|s| Some((*votes.get(&s)?, s))).max();
    Some((offset, also.filter(|(n, _)| *n >= 3 && 10 * n >= most).map(|(_, s)| s)))
}

/// A record to be joined: key, time on the first clock, place.
type Item = ((u32, u32), i64, u32);

/// One to one and in order, within each key.
fn joined(one: &[Item], two: &[Item], fits: impl Fn(u32, u32, i64) -> bool) -> Vec<(u32, u32)> {
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while let (Some(a), Some(b)) = (one.get(i), two.get(j)) {
        if a.0 == b.0 && fits(a.2, b.2, (a.1 - b.1).abs()) {
            out.push((a.2, b.2));
            (i, j) = (i + 1, j + 1);
        } else if (a.0, a.1) < (b.0, b.1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}

struct Laying<'a> {
    one: &'a [Entry],
    two: &'a [Entry],
    /// Sender of the second list, in the words of the first.
    whom: BTreeMap<u32, u32>,
    bonds: [Vec<Option<Bond>>; 2],
    laid: Laid,
}

impl Laying<'_> {
    fn sender(&self, second: bool, sender: u32) -> u32 {
        if second { self.whom.get(&sender).copied().unwrap_or(sender) } else { sender }
    }

    /// What is not joined yet and asked for, sorted by key and time.
    fn open(&self, second: bool, shift: impl Fn(usize) -> i64, key: impl Fn(&Entry, u32) -> Option<(u32, u32)>) -> Vec<Item> {
        let (entries, bonds) = if second { (self.two, &self.bonds[1]) } else { (self.one, &self.bonds[0]) };
        let places = (0u32..).zip(entries).zip(bonds).filter(|(_, bond)| bond.is_none());
        let items = places.filter_map(|((ix, e), _)| Some((key(e, self.sender(second, e.sender))?, e.time + shift(ix as usize), ix)));
        let mut items: Vec<Item> = items.collect();
        items.sort_unstable();
        items
    }

    fn bind(&mut self, pairs: Vec<(u32, u32)>, bond: Bond) {
        for (a, b) in pairs {
            let [first, second] = &mut self.bonds;
            if let (Some(one), Some(two)) = (first.get_mut(a as usize), second.get_mut(b as usize)) {
                (*one, *two) = (Some(bond), Some(bond));
                self.laid.pairs.push((a, b, bond));
            }
        }
    }

    /// By text and sender. A record both lists hold is its own twin.
    fn texts(&mut self) {
        let rows: BTreeMap<u32, u32> = (0u32..).zip(self.one).map(|(ix, e)| (e.row, ix)).collect();
        let shared = (0u32..).zip(self.two).filter_map(|(ix, e)| Some((*rows.get(&e.row)?, ix))).collect();
        self.bind(shared, Bond::Same);
        let key = |e: &Entry, sender: u32| e.text().then_some((e.hash, sender));
        for near in [EXACT, JITTER] {
            for offset in [Some(self.laid.offset), self.laid.also].into_iter().flatten() {
                let pairs = joined(&self.open(false, |_| 0, key), &self.open(true, |_| offset, key), |_, _, apart| apart <= near);
                self.bind(pairs, Bond::Same);
            }
        }
    }

    /// By how much each time of the second list is shifted, and how far twins lie apart then.
    fn settle(&mut self) {
        let mut found: Vec<(u32, i64)> =
            self.laid.pairs.iter().filter_map(|(a, b, _)| Some((*b, self.one.get(*a as usize)?.time - self.two.get(*b as usize)?.time))).collect();
        found.sort_unstable();
        let nearest = |apart: i64| self.laid.also.filter(|s| (apart - s).abs() < (apart - self.laid.offset).abs()).unwrap_or(self.laid.offset);
        let mut off: Vec<i64> = found.iter().map(|(_, apart)| (apart - nearest(*apart)).abs()).collect();
        off.sort_unstable();
        self.laid.jitter = off.get(off.len() * 19 / 20).copied().unwrap_or(0).min(JITTER - EXACT) + EXACT;
        let mut now = found.first().map_or(self.laid.offset, |(_, apart)| nearest(*apart));
        let mut found = found.iter().peekable();
        self.laid.shifts = (0u32..)
            .zip(self.two)
            .map(|(ix, _)| {
                if let Some((_, apart)) = found.next_if(|(b, _)| *b == ix) {
                    now = nearest(*apart);
                }
                now
            })
            .collect();
    }

    /// What no text joins at once: first a long text that came late, then like with like, then texts that changed, then a text with anything of its sender and time, or of nobody.
    fn rest(&mut self) {
        let shifts = std::mem::take(&mut self.laid.shifts);
        let shift = |ix: usize| shifts.get(ix).copied().unwrap_or(0);
        let jitter = self.laid.jitter;
        let late = |e: &Entry, sender: u32| (e.text() && e.chars >= LONG).then_some((e.hash, sender));
        let pairs = joined(&self.open(false, |_| 0, late), &self.open(true, shift, late), |_, _, apart| apart <= LATE);
        self.bind(pairs, Bond::Same);
        let other = |e: &Entry, sender: u32| (!e.text()).then_some((sender, e.flags.0 & 0x1f));
        let pairs = joined(&self.open(false, |_| 0, other), &self.open(true, shift, other), |_, _, apart| apart <= jitter);
        self.bind(pairs, Bond::Doubtful);
        let text = |e: &Entry, sender: u32| e.text().then_some((sender, 0));
        let edited = |entries: &[Entry], ix: u32| entries.get(ix as usize).is_some_and(|e| e.flags.has(Flags::EDITED));
        let (one, two) = (self.one, self.two);
        let fits = |a: u32, b: u32, apart: i64| apart <= if edited(one, a) || edited(two, b) { JITTER } else { jitter };
        let pairs = joined(&self.open(false, |_| 0, text), &self.open(true, shift, text), fits);
        self.bind(pairs, Bond::Reworded);
        let other = |e: &Entry, sender: u32| (!e.text() && sender != NONE).then_some((sender, 0));
        let (anyone, nobody) = (|e: &Entry, _: u32| e.text().then_some((0, 0)), |e: &Entry, sender: u32| (!e.text() && sender == NONE).then_some((0, 0)));
        let near = |_: u32, _: u32, apart: i64| apart <= JITTER;
        let pairs = joined(&self.open(false, |_| 0, text), &self.open(true, shift, other), near);
        self.bind(pairs, Bond::Doubtful);
        let pairs = joined(&self.open(false, |_| 0, other), &self.open(true, shift, text), near);
        self.bind(pairs, Bond::Doubtful);
        let pairs = joined(&self.open(false, |_| 0, anyone), &self.open(true, shift, nobody), near);
        self.bind(pairs, Bond::Doubtful);
        let pairs = joined(&self.open(false, |_| 0, nobody), &self.open(true, shift, anyone), near);
        self.bind(pairs, Bond::Doubtful);
        self.laid.shifts = shifts;
    }
}

/// Who is who: for each sender of the second list the one of the first whose texts agree. Two people known to be different stay so.
fn senders(texts: &[(&Entry, &Entry)], known: &dyn Fn(u32) -> bool) -> BTreeMap<u32, u32> {
    let mut votes: BTreeMap<u32, BTreeMap<u32, usize>> = BTreeMap::new();
    for (one, two) in texts {
        *votes.entry(two.sender).or_default().entry(one.sender).or_default() += 1;
    }
    let best = |(two, by): (u32, BTreeMap<u32, usize>)| {
        let all: usize = by.values().sum();
        let (one, n) = by.into_iter().max_by_key(|(s, n)| (*n, std::cmp::Reverse(*s)))?;
        (n as f64 >= AGREE * all as f64 && !(one != two && known(one) && known(two))).then_some((two, one))
    };
    votes.into_iter().filter_map(best).collect()
}

/// Lays two lists side by side, each sorted by time. `known`: whether a sender is a person on a list. `None`: they are not shown to be
/// copies of one conversation.
#[must_use]
pub fn lay(one: &[Entry], two: &[Entry], known: &dyn Fn(u32) -> bool) -> Option<Laid> {
    let (first, second) = (once(one), once(two));
    let both = first.iter().filter_map(|(hash, a)| Some((one.get((*a)? as usize)?, two.get((*second.get(hash)?)? as usize)?)));
    let both: Vec<(&Entry, &Entry)> = both.collect();
    let (offset, also) = clocks(&both.iter().map(|(a, b)| (a.time, b.time)).collect::<Vec<_>>())?;
    let near = |a: &Entry, b: &Entry| [Some(offset), also].into_iter().flatten().any(|s| (a.time - b.time - s).abs() <= JITTER);
    let mut agree: Vec<(&Entry, &Entry)> = both.iter().copied().filter(|(a, b)| near(a, b)).collect();
    let whom = senders(&agree, known);
    agree.retain(|(a, b)| whom.get(&b.sender).copied().unwrap_or(b.sender) == a.sender);
    let several = |entries: &[Entry]| entries.iter().filter(|e| e.text()).any(|e| Some(e.sender) != entries.iter().find(|e| e.text()).map(|e| e.sender));
    let sides = agree.iter().any(|(a, _)| Some(a.sender) != agree.first().map(|(a, _)| a.sender));
    if agree.len() < PROOFS || (agree.len() as f64) < AGREE * both.len() as f64 || !sides && several(one) && several(two) {
        return None;
    }
    let laid = Laid { offset, also, proofs: agree.len(), ..Laid::default() };
    let mut laying = Laying { one, two, whom, bonds: [vec![None; one.len()], vec![None; two.len()]], laid };
    laying.texts();
    laying.settle();
    laying.rest();
    laying.laid.pairs.sort_unstable();
    Some(laying.laid)
}
