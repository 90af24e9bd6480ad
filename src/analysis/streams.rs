//! Streams: messages per custodian, channel and day, as far as sources hold them for that custodian: in the person's own
//! export everything, in an archive what the person sent, or received in a conversation of few.
//! Whoever an export names as custodian of a record holds it too. What others' copies show of a person is kept apart: it proves life, not coverage.

use std::collections::BTreeMap;

use super::conversations::{FEW, Holder, Talk, Talks};
use super::parties::Parties;
use crate::model::Dataset;
use crate::model::batch::NONE;
use crate::model::message::Flags;

/// One day of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Day.
    pub day: i32,
    /// Messages.
    pub count: u32,
    /// Of these in conversations with a client.
    pub client: u32,
    /// First message of the day: time, row.
    pub first: (i64, u32),
    /// Last message of the day: time, row.
    pub last: (i64, u32),
}

impl Cell {
    fn one(day: i32, at: (i64, u32), client: bool) -> Self {
        Self { day, count: 1, client: u32::from(client), first: at, last: at }
    }

    fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.client = self.client.saturating_add(other.client);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// Counts laid on days (sorted); what falls on no day of the list is left out.
#[must_use]
pub fn laid(days: &[i32], counts: impl IntoIterator<Item = (i32, f64)>) -> Vec<f64> {
    let mut out = vec![0.0; days.len()];
    for (day, count) in counts {
        if let Some(slot) = days.binary_search(&day).ok().and_then(|ix| out.get_mut(ix)) {
            *slot += count;
        }
    }
    out
}

/// Messages of one custodian on one channel.
#[derive(Debug, Clone, Default)]
pub struct Stream {
    /// Custodian.
    pub custodian: u32,
    /// Channel.
    pub channel: u16,
    /// Days with messages, in order.
    pub cells: Vec<Cell>,
    /// Days on which others' copies hold messages this person sent here, but none of the person's own sources does.
    pub seen: Vec<Cell>,
}

impl Stream {
    /// Messages held.
    #[must_use]
    pub fn messages(&self) -> u64 {
        self.cells.iter().map(|c| u64::from(c.count)).sum()
    }

    /// Whether clients take part.
    #[must_use]
    pub fn client_facing(&self) -> bool {
        self.cells.iter().chain(&self.seen).any(|c| c.client > 0)
    }

    /// Whether clients take part in the days around an interval.
    #[must_use]
    pub fn client_near(&self, from: i32, to: i32) -> bool {
        self.cells.iter().any(|c| c.client > 0 && c.day >= from - 45 && c.day <= to + 45)
    }

    /// Last day with messages before a day.
    #[must_use]
    pub fn before(&self, day: i32) -> Option<&Cell> {
        self.cells.get(self.cells.partition_point(|c| c.day < day).checked_sub(1)?)
    }

    /// First day with messages after a day.
    #[must_use]
    pub fn after(&self, day: i32) -> Option<&Cell> {
        self.cells.get(self.cells.partition_point(|c| c.day <= day))
    }
}

/// Days on which a person wrote, for looking up a day at once: nowhere, on one channel, on several.
#[derive(Debug, Clone, Default)]
struct Life {
    first: i32,
    days: Vec<u16>,
}

const NOWHERE: u16 = u16::MAX;
const SEVERAL: u16 = u16::MAX - 1;

impl Life {
    /// `wrote`: sorted, each day and channel once.
    fn new(wrote: &[(i32, u16)]) -> Self {
        let (Some((first, _)), Some((last, _))) = (wrote.first(), wrote.last()) else { return Self::default() };
        let mut days = vec![NOWHERE; usize::try_from(last - first).unwrap_or(0) + 1];
        for (day, channel) in wrote {
            if let Some(slot) = usize::try_from(day - first).ok().and_then(|ix| days.get_mut(ix)) {
                *slot = if *slot == NOWHERE { *channel } else { SEVERAL };
            }
        }
        Self { first: *first, days }
    }

    fn elsewhere(&self, channel: u16, day: i32) -> bool {
        let known = usize::try_from(day.wrapping_sub(self.first)).ok().and_then(|ix| self.days.get(ix)).copied();
        known.is_some_and(|c| c != NOWHERE && c != channel)
    }
}

/// All streams.
#[derive(Debug, Clone, Default)]
pub struct Streams {
    /// Sorted by custodian, channel; only those with any message.
    pub list: Vec<Stream>,
    /// Per custodian: days on which the person wrote something, and where; sorted.
    pub wrote: Vec<Vec<(i32, u16)>>,
    lives: Vec<Life>,
    /// How many messages each of these is.
    pub written: Vec<Vec<u32>>,
}

struct Filling<'a> {
    dataset: &'a Dataset,
    parties: &'a Parties,
    talks: &'a Talks,
    width: usize,
    held: Vec<Vec<Cell>>,
    seen: Vec<Vec<Cell>>,
    wrote: Vec<Vec<((i32, u16), u32)>>,
    audiences: Vec<Vec<u32>>,
    /// Custodians of the sets in which exports name who holds a record.
    named: BTreeMap<u32, Vec<u32>>,
    /// Who holds the row at hand: several copies of one person count once.
    told: Vec<u32>,
    /// The open day of the current conversation: what counts for everybody, and for single custodians.
    all: Option<Cell>,
    open: Vec<(u32, Cell)>,
    others: Vec<(u32, Cell)>,
    copies: std::iter::Peekable<std::slice::Iter<'a, (u32, u32)>>,
    boxes: std::iter::Peekable<std::slice::Iter<'a, (u32, u32)>>,
}

fn tally(list: &mut Vec<(u32, Cell)>, custodian: u32, cell: &Cell) {
    match list.iter_mut().find(|(c, _)| *c == custodian) {
        Some((_, known)) => known.add(cell),
        None => list.push((custodian, *cell)),
    }
}

/// A row is held for a custodian: once, however many copies there are.
fn hold(told: &mut Vec<u32>, open: &mut Vec<(u32, Cell)>, custodian: u32, cell: &Cell) {
    if !told.contains(&custodian) {
        told.push(custodian);
        tally(open, custodian, cell);
    }
}

impl Filling<'_> {
    fn slot(&self, custodian: u32, channel: u16) -> usize {
        custodian as usize * self.width + usize::from(channel)
    }

    fn close_day(&mut self, talk: &Talk) {
        if let Some(cell) = self.all.take() {
            for custodian in &talk.employees {
                tally(&mut self.open, *custodian, &cell);
            }
        }
        for (custodian, cell) in std::mem::take(&mut self.open) {
            let slot = self.slot(custodian, talk.channel);
            if let Some(cells) = self.held.get_mut(slot) {
                cells.push(cell);
            }
        }
        for (custodian, cell) in std::mem::take(&mut self.others) {
            let slot = self.slot(custodian, talk.channel);
            if let Some(cells) = self.seen.get_mut(slot) {
                cells.push(cell);
            }
        }
    }

    /// Custodians whom exports name as holders of a row; whether its sender is one of them.
    fn named(&mut self, word: u32, sender: Option<u32>, cell: &Cell) -> bool {
        let mut held = false;
        while let Some((_, set)) = self.boxes.next_if(|(r, _)| *r <= word) {
            for custodian in self.named.get(set).into_iter().flatten() {
                held |= sender == Some(*custodian);
                hold(&mut self.told, &mut self.open, *custodian, cell);
            }
        }
        held
    }

    fn row(&mut self, row: usize, talk: &Talk, day: i32) {
        let c = &self.dataset.columns;
        let get = |column: &[u32]| column.get(row).copied().unwrap_or(NONE);
        let sender = self.parties.employee(get(&c.sender));
        let word = u32::try_from(row).unwrap_or(NONE);
        let cell = Cell::one(day, (c.time.get(row).copied().unwrap_or(0), word), !talk.clients.is_empty());
        while self.boxes.next_if(|(r, _)| *r < word).is_some() {}
        self.told.clear();
        let mut sender_held = self.named(word, sender, &cell);
        let mut everyone = false;
        let mut part = Some(get(&c.part));
        while self.copies.next_if(|(r, _)| *r < word).is_some() {}
        while let Some(p) = part {
            match self.talks.holders.get(self.dataset.source_of(p) as usize) {
                Some(Holder::Owner(owner)) => {
                    // A second copy of the same row in another file of the same owner counts once: rows are merged.
                    sender_held |= sender == Some(*owner);
                    if !everyone {
                        hold(&mut self.told, &mut self.open, *owner, &cell);
                    }
                }
                Some(Holder::Everyone) if !everyone => {
                    everyone = true;
                    sender_held = true;
                    let audience = get(&c.audience);
                    match self.audiences.get(audience as usize) {
                        Some(set) => {
                            for custodian in set.iter().copied().filter(|e| Some(*e) != sender).chain(sender) {
                                hold(&mut self.told, &mut self.open, custodian, &cell);
                            }
                        }
                        None if talk.few && !self.told.is_empty() => {
                            for custodian in &talk.employees {
                                hold(&mut self.told, &mut self.open, *custodian, &cell);
                            }
                        }
                        None if talk.few => match &mut self.all {
                            Some(known) => known.add(&cell),
                            None => self.all = Some(cell),
                        },
                        // What others write in a room of an archive says nothing of this person's capture.
                        None => {
                            if let Some(sender) = sender {
                                hold(&mut self.told, &mut self.open, sender, &cell);
                            }
                        }
                    }
                }
                _ => {}
            }
            part = self.copies.next_if(|(r, _)| *r == word).map(|(_, p)| *p);
        }
        if let Some(sender) = sender {
            if !sender_held {
                tally(&mut self.others, sender, &cell);
            }
            if let Some(days) = self.wrote.get_mut(sender as usize) {
                match days.last_mut() {
                    Some((at, count)) if *at == (day, talk.channel) => *count += 1,
                    _ => days.push(((day, talk.channel), 1)),
                }
            }
        }
    }
}

fn merged(mut cells: Vec<Cell>) -> Vec<Cell> {
    cells.sort_unstable_by_key(|c| (c.day, c.first));
    let mut out: Vec<Cell> = Vec::with_capacity(cells.len());
    for cell in cells {
        match out.last_mut() {
            Some(last) if last.day == cell.day => last.add(&cell),
            _ => out.push(cell),
        }
    }
    out
}

/// Days in order, each once, and how many messages each is.
fn summed(mut days: Vec<((i32, u16), u32)>) -> (Vec<(i32, u16)>, Vec<u32>) {
    days.sort_unstable();
    let (mut at, mut counts): (Vec<(i32, u16)>, Vec<u32>) = (Vec::new(), Vec::new());
    for (day, count) in days {
        match counts.last_mut() {
            Some(sum) if at.last() == Some(&day) => *sum = sum.saturating_add(count),
            _ => {
                at.push(day);
                counts.push(count);
            }
        }
    }
    (at, counts)
}

impl Streams {
    /// One pass over the rows of conversations that count, up to the day of the question.
    #[must_use]
    pub fn new(dataset: &Dataset, parties: &Parties, talks: &Talks, days: &[i32], as_of: i32) -> Self {
        let (people, width) = (parties.custodians.len(), talks.channels.len());
        let employees = |set: &Vec<u32>| {
            let mut list: Vec<u32> = set.iter().filter_map(|h| parties.employee(*h)).collect();
            list.sort_unstable();
            list.dedup();
            list
        };
        let mut filling = Filling {
            dataset,
            parties,
            talks,
            width,
            held: vec![Vec::new(); people * width],
            seen: vec![Vec::new(); people * width],
            wrote: vec![Vec::new(); people],
            // A circular to many says little of any one of them.
            audiences: dataset.audiences.iter().map(|set| if set.len() <= FEW { employees(set) } else { Vec::new() }).collect(),
            named: dataset.box_sets().into_iter().filter_map(|set| Some((set, employees(dataset.audiences.get(set as usize)?)))).collect(),
            told: Vec::new(),
            all: None,
            open: Vec::new(),
            others: Vec::new(),
            copies: dataset.holders.iter().peekable(),
            boxes: dataset.boxes.iter().peekable(),
        };
        for (conversation, talk) in (0u32..).zip(&talks.of) {
            if !talk.counts() || talk.employees.is_empty() {
                continue;
            }
            let mut open = None;
            for row in dataset.rows_of(conversation) {
                let (Some(day), Some(flags)) = (days.get(row).copied(), dataset.columns.flags.get(row)) else { continue };
                if !Flags(*flags).is_message() || Flags(*flags).has(Flags::AUTOMATIC) || day > as_of {
                    continue;
                }
                if open != Some(day) {
                    filling.close_day(talk);
                    open = Some(day);
                }
                filling.row(row, talk, day);
            }
            filling.close_day(talk);
        }
        let Filling { held, seen, wrote, .. } = filling;
        let (wrote, written): (Vec<_>, Vec<_>) = wrote.into_iter().map(summed).unzip();
        let mut list = Vec::new();
        for (slot, (held, seen)) in held.into_iter().zip(seen).enumerate() {
            if !held.is_empty() || !seen.is_empty() {
                let custodian = u32::try_from(slot / width.max(1)).unwrap_or(0);
                let channel = u16::try_from(slot % width.max(1)).unwrap_or(0);
                list.push(Stream { custodian, channel, cells: merged(held), seen: merged(seen) });
            }
        }
        let lives = wrote.iter().map(|days: &Vec<(i32, u16)>| Life::new(days)).collect();
        Self { list, wrote, lives, written }
    }

    /// The stream of a custodian on a channel.
    #[must_use]
    pub fn get(&self, custodian: u32, channel: u16) -> Option<&Stream> {
        self.list.binary_search_by_key(&(custodian, channel), |s| (s.custodian, s.channel)).ok().and_then(|ix| self.list.get(ix))
    }

    /// All streams of a custodian, by channel.
    #[must_use]
    pub fn of(&self, custodian: u32) -> &[Stream] {
        let (from, to) = (self.list.partition_point(|s| s.custodian < custodian), self.list.partition_point(|s| s.custodian <= custodian));
        self.list.get(from..to).unwrap_or_default()
    }

    /// First and last day with messages of a custodian, on any channel.
    #[must_use]
    pub fn ends(&self, custodian: u32) -> Option<(i32, i32)> {
        let ends = || self.of(custodian).iter().flat_map(|s| [s.cells.first(), s.cells.last()]).flatten().map(|c| c.day);
        ends().min().zip(ends().max())
    }

    /// What the person wrote on each channel on these days (sorted): a list of counts to a channel on which there is any.
    #[must_use]
    pub fn written_on(&self, custodian: u32, days: &[i32]) -> Vec<(u16, Vec<f64>)> {
        let mut out: Vec<(u16, Vec<f64>)> = Vec::new();
        let ix = custodian as usize;
        let (Some(wrote), Some(written)) = (self.wrote.get(ix), self.written.get(ix)) else { return out };
        let mut places = days.iter().enumerate().peekable();
        for ((day, channel), count) in wrote.iter().zip(written) {
            while places.next_if(|(_, d)| *d < day).is_some() {}
            let Some((place, _)) = places.peek().filter(|(_, d)| *d == day) else { continue };
            let slot = match out.iter().position(|(c, _)| c == channel) {
                Some(slot) => slot,
                None => {
                    out.push((*channel, vec![0.0; days.len()]));
                    out.len() - 1
                }
            };
            if let Some(value) = out.get_mut(slot).and_then(|(_, counts)| counts.get_mut(*place)) {
                *value += f64::from(*count);
            }
        }
        out
    }

    /// Whether the person wrote on any other channel that day.
    #[must_use]
    pub fn alive_elsewhere(&self, custodian: u32, channel: u16, day: i32) -> bool {
        self.lives.get(custodian as usize).is_some_and(|life| life.elsewhere(channel, day))
    }

    /// Adds one to every day, counted from the first, on which the person wrote on any other channel.
    pub fn count_elsewhere(&self, custodian: u32, channel: u16, first: i32, days: &mut [u32]) {
        let Some(life) = self.lives.get(custodian as usize) else { return };
        // Both lists are days in a row.
        let ahead = |from: i32, to: i32| usize::try_from(i64::from(to) - i64::from(from)).unwrap_or(0);
        let (skip, into) = (ahead(life.first, first), ahead(first, life.first));
        // Slices, not skipping iterators: of these the compiler makes a loop of many days at a time.
        let (Some(days), Some(known)) = (days.get_mut(into..), life.days.get(skip..)) else { return };
        days.iter_mut().zip(known).for_each(|(n, c)| *n += u32::from((*c != NOWHERE) & (*c != channel)));
    }

    /// Whether the person ever wrote on another channel.
    #[must_use]
    pub fn has_other_channel(&self, custodian: u32, channel: u16) -> bool {
        self.wrote.get(custodian as usize).is_some_and(|days| days.iter().any(|(_, c)| *c != channel))
    }
}
