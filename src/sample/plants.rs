//! What is taken out of the traffic before it is written, and a record of it. Every plant removes at least one message: with nothing removed there is
//! nothing to find.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::{Region, business_days, business_span, first_day, last_day, on, works};
use super::people::People;
use super::random::Random;
use super::texts::Kind;
use super::traffic::{CAP_GROUP, Channel, Note, Party, SUPERGROUP, Shape, Talk, Traffic};
use super::truth::Plant;
use super::write::whatsapp::{Phone, phone};
use crate::time::day_name;

/// A disappearing-message timer: UTC seconds of its notices, and the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    /// Turned on.
    pub on: i64,
    /// Turned off, if ever.
    pub off: Option<i64>,
    /// Days after which messages vanish.
    pub days: u32,
}

/// What writers must show of the plants.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// Timers by conversation.
    pub timers: BTreeMap<u32, Timer>,
    /// Conversations whose export begins late, or at the limit: no opening line.
    pub late: BTreeSet<u32>,
    /// Slack threads whose root was deleted: a tombstone stands there.
    pub tombstones: BTreeSet<u32>,
    /// The record.
    pub plants: Vec<Plant>,
}

/// Heads WhatsApp writes at most when media are included: ten thousand, the newest.
pub const CAP: usize = 9_994;

/// Days a phone keeps its chats.
const CLIFF: i32 = 90;

/// Employee, conversation, channel that a plant concerns.
type Stream = (Option<usize>, Option<u32>, Channel);

struct Planter<'a> {
    people: &'a People,
    traffic: &'a mut Traffic,
    random: &'a mut Random,
    marks: Marks,
    /// Conversations that already carry a plant.
    used: BTreeSet<u32>,
    /// Notes by conversation, in time order.
    by_talk: Vec<Vec<u32>>,
}

/// Plants everything. `rounds` sets of silences are planted.
pub fn plant(people: &People, traffic: &mut Traffic, random: &mut Random, rounds: usize) -> Marks {
    let mut by_talk = vec![Vec::new(); traffic.talks.len()];
    for (i, note) in (0u32..).zip(&traffic.notes) {
        if let Some(list) = by_talk.get_mut(note.talk as usize) {
            list.push(i);
        }
    }
    let mut planter = Planter { people, traffic, random, marks: Marks::default(), used: BTreeSet::new(), by_talk };
    planter.export_limit();
    planter.timers();
    planter.late_beginnings();
    planter.counter_holes();
    planter.id_holes();
    planter.parents();
    planter.threads();
    planter.copies();
    planter.cliff();
    planter.outage();
    for _ in 0..rounds {
        planter.silences();
    }
    planter.media();
    planter.marks
}

impl Planter<'_> {
    fn note(&self, i: u32) -> Option<&Note> {
        self.traffic.notes.get(i as usize)
    }

    fn notes(&self, talk: u32) -> Vec<u32> {
        self.by_talk.get(talk as usize).cloned().unwrap_or_default()
    }

    fn at(&self, i: u32) -> i64 {
        self.note(i).map_or(0, |n| n.at)
    }

    /// Takes out what is still there; says how many.
    fn remove(&mut self, which: impl IntoIterator<Item = u32>) -> u64 {
        let mut removed = 0;
        for i in which {
            if let Some(note) = self.traffic.notes.get_mut(i as usize)
                && !note.gone
            {
                note.gone = true;
                removed += 1;
            }
        }
        removed
    }

    fn record(&mut self, class: &str, kind: &str, (staff, talk, channel): Stream, days: (i32, i32), removed: u64) {
        if removed == 0 {
            return;
        }
        let person = staff.and_then(|s| self.people.staff.get(s));
        self.marks.plants.push(Plant {
            id: u32::try_from(self.marks.plants.len() + 1).unwrap_or(0),
            class: class.into(),
            kind: kind.into(),
            custodian: person.map(|p| p.name.clone()),
            email: person.map(|p| p.email.clone()),
            channel: channel.slug().into(),
            conversation: talk.and_then(|t| self.traffic.talks.get(t as usize)).map(|t| conversation_name(self.people, t)),
            from: day_name(days.0),
            to: day_name(days.1),
            business_days: business_days(days.0, days.1),
            removed,
            per_day: 0.0,
        });
    }

    /// Conversations of a channel between an employee's phone and a client, the busiest first, without a plant yet.
    fn client_talks(&self, channel: Channel, fits: impl Fn(usize) -> bool) -> Vec<(u32, usize)> {
        let mut found: Vec<(usize, u32, usize)> = Vec::new();
        for (i, talk) in (0u32..).zip(&self.traffic.talks) {
            let staff = talk.members.iter().find_map(|p| if let Party::Staff(s) = p { Some(*s) } else { None });
            if let Some(staff) = staff
                && talk.channel == channel
                && talk.shape == Shape::Direct
                && talk.company.is_some()
                && !self.used.contains(&i)
                && self.people.staff.get(staff).is_some_and(|e| e.role.is_none())
                && fits(staff)
            {
                found.push((self.by_talk.get(i as usize).map_or(0, Vec::len), i, staff));
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, talk, staff)| (talk, staff)).collect()
    }

    fn export_limit(&mut self) {
        let Some(talk) = self.traffic.talks.iter().position(|t| t.name == CAP_GROUP) else { return };
        let talk = u32::try_from(talk).unwrap_or(0);
        let notes = self.notes(talk);
        let Some(extra) = notes.len().checked_sub(CAP) else { return };
        let first_kept = notes.get(extra).map_or(0, |i| self.at(*i));
        let from = notes.first().map_or(0, |i| self.at(*i));
        let removed = self.remove(notes.into_iter().take(extra));
        self.used.insert(talk);
        self.marks.late.insert(talk);
        let staff = self.owner(talk);
        self.record("C", "export_cap", (staff, Some(talk), Channel::WhatsApp), (day(from), day(first_kept)), removed);
    }

    fn owner(&self, talk: u32) -> Option<usize> {
        self.traffic.talks.get(talk as usize)?.members.iter().find_map(|p| if let Party::Staff(s) = p { Some(*s) } else { None })
    }

    fn timers(&mut self) {
        let talks = self.client_talks(Channel::WhatsApp, |s| !matches!(phone(s), Phone::IosMedia));
        let export = i64::from(last_day() + 1) * 86_400;
        let plan = [(on(2026, 3, 9), None, 7), (on(2026, 5, 11), None, 90), (on(2025, 11, 3), Some(on(2026, 2, 6)), 1)];
        for ((from, off, days), (talk, staff)) in plan.into_iter().zip(talks.into_iter().skip(1)) {
            let (on_at, off_at) = (i64::from(from) * 86_400 + 36_000, off.map(|d| i64::from(d) * 86_400 + 36_000));
            let until = off_at.unwrap_or(export).min(export - i64::from(days) * 86_400);
            let gone: Vec<u32> = self.notes(talk).into_iter().filter(|i| (on_at..until).contains(&self.at(*i))).collect();
            let removed = self.remove(gone);
            if removed > 0 {
                self.used.insert(talk);
                self.marks.timers.insert(talk, Timer { on: on_at, off: off_at, days });
                self.record("C", "timer", (Some(staff), Some(talk), Channel::WhatsApp), (from, day(until - 1)), removed);
            }
        }
    }

    fn late_beginnings(&mut self) {
        let talks = self.client_talks(Channel::WhatsApp, |s| !matches!(phone(s), Phone::IosMedia));
        for ((talk, staff), begin) in talks.into_iter().skip(2).zip([on(2025, 9, 15), on(2026, 1, 12)]) {
            let notes = self.notes(talk);
            let Some(first) = notes.first().map(|i| day(self.at(*i))) else { continue };
            // A chat that moved here late begins late anyway: cut after its own beginning.
            let begin = begin.max(first + 60);
            let removed = self.remove(notes.into_iter().filter(|i| day(self.at(*i)) < begin).collect::<Vec<_>>());
            if removed > 0 {
                self.used.insert(talk);
                self.marks.late.insert(talk);
                self.record("C", "late_beginning", (Some(staff), Some(talk), Channel::WhatsApp), (first, begin - 1), removed);
            }
        }
    }

    /// Runs of items between two attachments of an iPhone export.
    fn counter_holes(&mut self) {
        let talks = self.client_talks(Channel::WhatsApp, |s| matches!(phone(s), Phone::IosMedia));
        for (talk, staff) in talks.into_iter().take(4) {
            let notes = self.notes(talk);
            let media: Vec<usize> = notes.iter().enumerate().filter(|(_, i)| self.note(**i).is_some_and(|n| n.kind == Kind::Media)).map(|(at, _)| at).collect();
            let wide: Vec<(usize, usize)> = media.windows(2).filter_map(|w| Some((*w.first()?, *w.get(1)?))).filter(|(a, b)| b - a > 5).collect();
            let Some(&(a, b)) = wide.get(self.random.below(wide.len())) else { continue };
            let size = 3 + self.random.below((b - a - 4).min(8));
            let gone: Vec<u32> = notes.iter().copied().skip(a + 1).take(size).collect();
            let ends = (notes.get(a).copied().unwrap_or(0), notes.get(b).copied().unwrap_or(0));
            let removed = self.remove(gone);
            self.used.insert(talk);
            self.record("A", "counter_hole", (Some(staff), Some(talk), Channel::WhatsApp), (day(self.at(ends.0)), day(self.at(ends.1))), removed);
        }
    }

    fn id_holes(&mut self) {
        let Some(talk) = self.traffic.talks.iter().position(|t| t.name == SUPERGROUP) else { return };
        let talk = u32::try_from(talk).unwrap_or(0);
        let notes = self.notes(talk);
        let staff = self.owner(talk);
        for part in 1..4 {
            let start = notes.len() * part / 5 + self.random.below(notes.len() / 10);
            let gone: Vec<u32> = notes.iter().copied().skip(start).take(4 + self.random.below(11)).collect();
            let (Some(first), Some(last)) = (gone.first().map(|i| day(self.at(*i))), gone.last().map(|i| day(self.at(*i)))) else { continue };
            let removed = self.remove(gone);
            self.record("A", "id_hole", (staff, Some(talk), Channel::Telegram), (first, last), removed);
        }
        self.used.insert(talk);
    }

    /// First mails of threads, whose answers stay.
    fn parents(&mut self) {
        let talks = self.client_talks(Channel::Email, |_| true);
        for (n, (talk, staff)) in talks.into_iter().step_by(2).take(5).enumerate() {
            let notes = self.notes(talk);
            let answered: BTreeSet<u32> = notes.iter().filter_map(|i| self.note(*i)?.parent).collect();
            let roots: Vec<u32> = notes.into_iter().filter(|i| answered.contains(i)).collect();
            let start = roots.len() * (n + 1) / 7;
            let gone: Vec<u32> = roots.into_iter().skip(start).take(10 + n).collect();
            // Only mails whose answer stays, so that every one of them is named by something.
            let chosen: BTreeSet<u32> = gone.iter().copied().collect();
            let gone: Vec<u32> = gone.into_iter().filter(|i| !self.note(*i).and_then(|n| n.parent).is_some_and(|p| chosen.contains(&p))).collect();
            let (Some(first), Some(last)) = (gone.first().map(|i| day(self.at(*i))), gone.last().map(|i| day(self.at(*i)))) else { continue };
            let removed = self.remove(gone);
            self.used.insert(talk);
            self.record("A", "parents", (Some(staff), Some(talk), Channel::Email), (first, last), removed);
        }
    }

    /// Slack: replies that the root still counts, and roots that became tombstones.
    fn threads(&mut self) {
        let rooms: Vec<u32> =
            (0u32..).zip(&self.traffic.talks).filter(|(_, t)| t.channel == Channel::Slack && t.shape == Shape::Room).map(|(i, _)| i).collect();
        for (n, talk) in rooms.into_iter().take(4).enumerate() {
            let mut replies: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for i in self.notes(talk) {
                if let Some(note) = self.note(i)
                    && note.root != i
                    && !note.gone
                {
                    replies.entry(note.root).or_default().push(i);
                }
            }
            let threads: Vec<(u32, Vec<u32>)> = replies.into_iter().filter(|(_, r)| r.len() >= 2).collect();
            let start = threads.len() * (n + 1) / 6;
            let chosen: Vec<(u32, Vec<u32>)> = threads.into_iter().skip(start).take(3).collect();
            let (Some(first), Some(last)) = (chosen.first().map(|(r, _)| day(self.at(*r))), chosen.last().map(|(r, _)| day(self.at(*r)))) else { continue };
            if n % 2 == 0 {
                let removed = self.remove(chosen.into_iter().flat_map(|(_, r)| r.into_iter().skip(1)).collect::<Vec<_>>());
                self.record("A", "thread_short", (None, Some(talk), Channel::Slack), (first, last), removed);
            } else {
                let roots: Vec<u32> = chosen.into_iter().map(|(r, _)| r).collect();
                let removed = self.remove(roots.clone());
                self.marks.tombstones.extend(roots);
                self.record("A", "tombstone", (None, Some(talk), Channel::Slack), (first, last), removed);
            }
        }
    }

    /// Chats of two colleagues, of which both phones were handed in: from one copy a run is gone, from another some messages here and there; the
    /// third pair is whole on both sides. Draws from a stream of its own.
    fn copies(&mut self) {
        let inside = |p: &Party| matches!(p, Party::Staff(_));
        let pairs: Vec<u32> = (0u32..)
            .zip(&self.traffic.talks)
            .filter(|(_, t)| t.channel == Channel::WhatsApp && t.shape == Shape::Direct && t.members.iter().all(inside))
            .map(|(i, _)| i)
            .collect();
        self.used.extend(&pairs);
        let mut random = Random::new(self.random.clone().bits() ^ 0x0c0b);
        // Each pair is two conversations, one for each phone.
        for (n, talk) in pairs.into_iter().step_by(2).enumerate().take(2) {
            let (staff, notes) = (self.owner(talk), self.notes(talk));
            let places: &[(usize, usize)] = if n == 0 { &[(2, 5 + random.below(6))] } else { &[(1, 1), (3, 2), (4, 3)] };
            for (fifth, size) in places {
                let start = notes.len() * fifth / 5 - random.below(notes.len() / 20 + 1);
                // Attachments are named by many exports and held by few: their absence proves nothing.
                let text = |i: &&u32| self.note(**i).is_some_and(|n| n.kind != Kind::Media);
                let near = |run: &Vec<u32>| run.windows(2).all(|w| matches!(w, [a, b] if self.at(*b) - self.at(*a) < 5 * 86_400));
                let runs = (start..notes.len()).map(|s| notes.iter().skip(s).filter(text).take(*size).copied().collect::<Vec<u32>>());
                let Some(gone) = runs.into_iter().find(near).filter(|run| run.len() == *size) else { continue };
                let (Some(first), Some(last)) = (gone.first().map(|i| day(self.at(*i))), gone.last().map(|i| day(self.at(*i)))) else { continue };
                let removed = self.remove(gone);
                self.record("A", "other_copy", (staff, None, Channel::WhatsApp), (first, last), removed);
            }
        }
    }

    /// A phone that keeps its chats for ninety days: none of them opens with its own beginning. The chats of the firm are quiet, so the
    /// oldest message each of them keeps is moved to the first two days: on a busy phone it lies there anyway.
    fn cliff(&mut self) {
        let wall = last_day() + 1 - CLIFF;
        let kept = |planter: &Self, talk: u32| planter.notes(talk).into_iter().filter(|i| day(planter.at(*i)) >= wall).collect::<Vec<u32>>();
        let mut by: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (talk, of) in (0u32..).zip(&self.traffic.talks).filter(|(_, t)| t.channel == Channel::WhatsApp) {
            if let Some(staff) = self.owner(talk) {
                by.entry(staff).or_default().extend((of.shape == Shape::Direct).then_some(talk));
            }
        }
        let whole = |staff: usize| self.people.staff.get(staff).is_some_and(|e| e.role.is_none()) && !matches!(phone(staff), Phone::IosMedia);
        let free = by.into_iter().filter(|(staff, talks)| whole(*staff) && talks.iter().all(|t| !self.used.contains(t)));
        let busy = |talks: &Vec<u32>| talks.iter().filter(|t| kept(self, **t).len() >= 6).count();
        let Some((staff, talks)) = free.max_by_key(|(staff, talks)| (busy(talks), std::cmp::Reverse(*staff))).filter(|(_, t)| busy(t) >= 4) else { return };
        let (mut gone, mut first) = (Vec::new(), wall);
        for (n, talk) in (0i64..).zip(talks) {
            let older: Vec<u32> = self.notes(talk).into_iter().filter(|i| day(self.at(*i)) < wall).collect();
            first = older.first().map_or(first, |i| first.min(day(self.at(*i))));
            gone.extend(older);
            let oldest = kept(self, talk).first().and_then(|i| self.traffic.notes.get_mut(*i as usize));
            if let Some(note) = oldest {
                note.at = note.at.min(i64::from(wall) * 86_400 + 30_000 + n * 9000);
            }
            self.used.insert(talk);
            self.marks.late.insert(talk);
        }
        let removed = self.remove(gone);
        self.record("C", "common_cliff", (Some(staff), None, Channel::WhatsApp), (first, wall - 1), removed);
    }

    /// Eight business days on which nobody's text messages were captured.
    fn outage(&mut self) {
        let from = on(2025, 11, 10);
        let to = business_span(from, 8);
        let gone: Vec<u32> = (0u32..).zip(&self.traffic.notes).filter(|(_, n)| in_days(n, from, to) && self.is_on(n, Channel::Sms)).map(|(i, _)| i).collect();
        let removed = self.remove(gone);
        self.record("B", "outage", (None, None, Channel::Sms), (from, to), removed);
    }

    fn is_on(&self, note: &Note, channel: Channel) -> bool {
        self.traffic.talk(note).is_some_and(|t| t.channel == channel)
    }

    /// Whether a note belongs to the stream of an employee on a channel: sent, or received in a conversation of few.
    fn in_stream(&self, note: &Note, staff: usize, channel: Channel) -> bool {
        self.traffic.talk(note).is_some_and(|t| {
            t.channel == channel
                && if t.shape == Shape::Direct || t.members.len() < 4 { t.members.contains(&Party::Staff(staff)) } else { note.from == Party::Staff(staff) }
        })
    }

    fn rates(&self) -> Vec<(f64, usize, Channel)> {
        let mut counts: BTreeMap<(usize, Channel), u32> = BTreeMap::new();
        for note in self.traffic.notes.iter().filter(|n| !n.gone) {
            let Some(talk) = self.traffic.talk(note) else { continue };
            if self.used.contains(&note.talk) || matches!(talk.channel, Channel::Sms | Channel::Telegram) {
                continue;
            }
            for party in &talk.members {
                if let Party::Staff(s) = party
                    && self.in_stream(note, *s, talk.channel)
                {
                    *counts.entry((*s, talk.channel)).or_default() += 1;
                }
            }
        }
        let days = f64::from(business_days(first_day(), last_day()));
        let mut rates: Vec<_> = counts.into_iter().map(|((s, c), n)| (f64::from(n) / days, s, c)).collect();
        rates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        rates
    }

    /// Silences on one channel while the person writes on others: the busier the stream, the shorter the silence.
    fn silences(&mut self) {
        let mut taken: BTreeSet<usize> = self.marks.plants.iter().filter(|p| p.kind == "silence").filter_map(|p| self.staff_of(p)).collect();
        let rates = self.rates();
        for (n, length) in [5, 6, 8, 10, 12, 15, 20, 25].into_iter().enumerate() {
            let skip = n * rates.len() / 80;
            let fit = rates.iter().skip(skip).find_map(|(rate, staff, channel)| {
                let person = self.people.staff.get(*staff)?;
                if taken.contains(staff) || person.role.is_some() || person.start > first_day() {
                    return None;
                }
                let from = self.free_span(*staff, length)?;
                Some((*rate, *staff, *channel, from))
            });
            let Some((rate, staff, channel, from)) = fit else { continue };
            let to = business_span(from, length);
            // What another plant has marked stays, and with it the stream is not silent.
            if self.traffic.notes.iter().any(|n| in_days(n, from, to) && !n.gone && self.used.contains(&n.talk) && self.in_stream(n, staff, channel)) {
                continue;
            }
            let gone: Vec<u32> = (0u32..)
                .zip(&self.traffic.notes)
                .filter(|(_, n)| in_days(n, from, to) && !self.used.contains(&n.talk) && self.in_stream(n, staff, channel))
                .map(|(i, _)| i)
                .collect();
            let removed = self.remove(gone);
            if removed == 0 {
                continue;
            }
            taken.insert(staff);
            self.record("B", "silence", (Some(staff), None, channel), (from, to), removed);
            if let Some(p) = self.marks.plants.last_mut() {
                p.per_day = (rate * 100.0).round() / 100.0;
            }
        }
    }

    fn staff_of(&self, plant: &Plant) -> Option<usize> {
        self.people.staff.iter().position(|e| Some(&e.email) == plant.email.as_ref())
    }

    /// A Monday or later from which a person is at work for some business days, every day.
    fn free_span(&mut self, staff: usize, length: u32) -> Option<i32> {
        let region = self.people.staff.get(staff).map_or(Region::London, |e| e.region);
        for _ in 0..60 {
            let from = on(2025, 6, 10) + i32::try_from(self.random.below(420)).unwrap_or(0);
            let to = business_span(from, length);
            let leave = self.traffic.leave.iter().any(|s| s.staff == staff && s.from <= to && s.to >= from);
            // The weeks around the turn of the year are quiet for everyone.
            let quiet = from <= on(2026, 1, 6) && to >= on(2025, 12, 18);
            if works(Region::London, from) && !quiet && !leave && (from..=to).all(|d| works(region, d) || !works(Region::London, d)) {
                return Some(from);
            }
        }
        None
    }

    /// Attachments that were not exported: phones that export text only, and every Telegram account.
    fn media(&mut self) {
        let talks: Vec<u32> =
            (0u32..).zip(&self.traffic.talks).filter(|(_, t)| matches!(t.channel, Channel::WhatsApp | Channel::Telegram)).map(|(i, _)| i).collect();
        for talk in talks {
            let Some(staff) = self.owner(talk) else { continue };
            let channel = self.traffic.talks.get(talk as usize).map_or(Channel::WhatsApp, |t| t.channel);
            if channel == Channel::WhatsApp && matches!(phone(staff), Phone::IosMedia) {
                continue;
            }
            let media: Vec<i64> =
                self.notes(talk).into_iter().filter_map(|i| self.note(i)).filter(|n| n.kind == Kind::Media && !n.gone).map(|n| n.at).collect();
            if let (Some(first), Some(last)) = (media.first(), media.last()) {
                self.record("C", "media_absent", (Some(staff), Some(talk), channel), (day(*first), day(*last)), media.len() as u64);
            }
        }
    }
}

fn day(at: i64) -> i32 {
    i32::try_from(at.div_euclid(86_400)).unwrap_or(0)
}

fn in_days(note: &Note, from: i32, to: i32) -> bool {
    (from..=to).contains(&day(note.at))
}

/// What a conversation is called: its name, or the other side's.
#[must_use]
pub fn conversation_name(people: &People, talk: &Talk) -> String {
    if !talk.name.is_empty() {
        return talk.name.clone();
    }
    talk.members
        .iter()
        .skip(1)
        .find_map(|p| if let Party::Contact(c) = p { people.contacts.get(*c).map(|c| c.whatsapp.clone()) } else { None })
        .unwrap_or_default()
}
