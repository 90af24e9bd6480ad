//! What happens to the traffic of a person: leave, losses, and what only looks like a loss. Each says what it was and how much it took out.

use super::flow::Note;
use super::office::Office;
use super::world::Person;
use super::{CHANNELS, Kind};
use crate::sample::random::Random;
use crate::time::weekday;

/// What happened, as far as a measure may know it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What.
    pub kind: Kind,
    /// Person by number; `None` = everybody.
    pub person: Option<usize>,
    /// Channel by number; `None` = all.
    pub channel: Option<usize>,
    /// First and last day.
    pub days: (i32, i32),
    /// Business days of these.
    pub business: u32,
    /// Messages taken out.
    pub removed: u64,
    /// Rate class of the stream.
    pub class: usize,
}

/// Keeps what the test says; how many are gone.
pub fn keep(notes: &mut Vec<Note>, test: impl FnMut(&Note) -> bool) -> u64 {
    let before = notes.len();
    notes.retain(test);
    (before - notes.len()) as u64
}

/// Leave of a person: two or three spells a year, of which some stand on the list. On some of them mail goes on coming, and now and then
/// somebody on leave writes after all.
pub fn leave(office: &Office, person: &mut Person, ix: usize, taken: &mut Vec<(i32, i32)>, random: &mut Random) -> Vec<Fact> {
    let mut facts = Vec::new();
    for _ in 0..random.between(4, 6) {
        let business = *[3, 5, 5, 10, 10, 15].get(random.below(6)).unwrap_or(&5);
        let days = office.place(random, business, 12, taken);
        let told = random.chance(0.6);
        let (incoming, writes) = (random.number(&[0.0, 0.0, 0.1, 0.3]), random.number(&[0.0, 0.0, 0.0, 0.1, 0.25]));
        // Chatter of somebody on leave is a message or two, not what the day would have brought.
        let mut written: Option<i32> = None;
        for stream in &mut person.streams {
            keep(&mut stream.notes, |n| {
                let away = (days.0..=days.1).contains(&n.day);
                let chatter = away && n.out && written != Some(n.day) && random.chance(writes * 0.5);
                if chatter {
                    written = Some(n.day);
                }
                !away || chatter || !n.out && random.chance(incoming)
            });
        }
        if told {
            person.leave.push(days);
        }
        taken.push(days);
        let kind = if told { Kind::LeaveTold } else { Kind::LeaveUntold };
        let business = office.business(days.0, days.1);
        facts.push(Fact { kind, person: Some(ix), channel: None, days, business, removed: 0, class: person.class });
    }
    facts
}

/// The main counterpart.
const MAIN: u8 = 0;
/// Days after a change for good in which a gap is laid to it. The weeks around a later silence lie wholly in the new order: such a gap is a false
/// alarm like any other, and counted as one.
const CHANGE: i32 = 120;

/// Does to a person what the plan asks for; `None` when nothing came of it.
pub fn happen(office: &Office, person: &mut Person, ix: usize, kind: Kind, taken: &[(i32, i32)], random: &mut Random) -> Option<Fact> {
    let target = person.target;
    let other = (target + 1 + random.below(CHANNELS.len() - 1)) % CHANNELS.len();
    let half = office.days.len() / 2;
    let later = office.days.get(half / 2 + random.below(half)).copied().unwrap_or(office.last);
    let change = (later, (later + CHANGE).min(office.last));
    let mut channel = Some(target);
    let (days, removed) = match kind {
        Kind::Range(business) => {
            let days = office.place(random, business, 30, taken);
            let notes = &mut person.streams.get_mut(target)?.notes;
            (days, keep(notes, |n| !(days.0..=days.1).contains(&n.day)))
        }
        Kind::Counterpart => {
            let business = random.between(20, 40) as u32;
            let days = office.place(random, business, 30, taken);
            let notes = &mut person.streams.get_mut(target)?.notes;
            (days, keep(notes, |n| n.with != MAIN || !(days.0..=days.1).contains(&n.day)))
        }
        Kind::Whole => {
            let notes = &mut person.streams.get_mut(target)?.notes;
            ((office.first, office.last), keep(notes, |n| n.with != MAIN))
        }
        Kind::Random(percent) => {
            let notes = &mut person.streams.get_mut(target)?.notes;
            ((office.first, office.last), keep(notes, |_| !random.chance(f64::from(percent) / 100.0)))
        }
        Kind::Head | Kind::Tail => {
            let cut = random.between(20, 120) as usize;
            let at = if kind == Kind::Head { cut } else { office.days.len() - cut };
            let day = office.days.get(at).copied()?;
            let notes = &mut person.streams.get_mut(target)?.notes;
            if kind == Kind::Head { ((office.first, day - 1), keep(notes, |n| n.day >= day)) } else { ((day, office.last), keep(notes, |n| n.day < day)) }
        }
        Kind::Drop(left) => {
            let notes = &mut person.streams.get_mut(target)?.notes;
            ((later, office.last), keep(notes, |n| n.day < later || random.chance(f64::from(left) / 100.0)))
        }
        Kind::Ended => {
            channel = None;
            for stream in &mut person.streams {
                keep(&mut stream.notes, |n| n.with != MAIN || n.day < later);
            }
            (change, 0)
        }
        Kind::Faded => {
            channel = None;
            let left = |day: i32| (1.0 - f64::from(day - later) / 56.0).clamp(0.1, 1.0);
            for stream in &mut person.streams {
                keep(&mut stream.notes, |n| n.day < later || random.chance(left(n.day)));
            }
            (change, 0)
        }
        Kind::Moved | Kind::MovedAway => {
            let business = random.between(10, 25) as u32;
            let days = if kind == Kind::Moved { (later, office.last) } else { office.place(random, business, 30, taken) };
            let notes = &mut person.streams.get_mut(target)?.notes;
            let moves = |n: &Note| (days.0..=days.1).contains(&n.day) && (kind == Kind::MovedAway || n.with == MAIN);
            let moved: Vec<Note> = notes.iter().filter(|n| moves(n)).copied().collect();
            keep(notes, |n| !moves(n));
            // Not every message has its like on the other channel.
            let there = &mut person.streams.get_mut(other)?.notes;
            there.extend(moved.into_iter().filter(|_| random.chance(0.85)));
            (if kind == Kind::Moved { change } else { days }, 0)
        }
        Kind::Week => {
            channel = None;
            for note in person.streams.iter_mut().flat_map(|s| &mut s.notes).filter(|n| n.day >= later && weekday(n.day) == 4) {
                note.day += 2;
            }
            (change, 0)
        }
        Kind::Outage(_) | Kind::OwnOutage(_) | Kind::LeaveTold | Kind::LeaveUntold | Kind::Closure => return None,
    };
    // A plant that removed nothing is none.
    if kind.loss() && removed == 0 {
        return None;
    }
    Some(Fact { kind, person: Some(ix), channel, days, business: office.business(days.0, days.1), removed, class: person.class })
}
