//! Outages: business days on which an archive holds nothing of anybody on a channel while people wrote elsewhere. One loss at the
//! point of capture is one gap, not one for each person it concerns, and it shows even where each person writes too little to be
//! tested alone.

use std::collections::{BTreeMap, BTreeSet};

use super::coverage::Line;
use super::gaps::Draft;
use super::silence::{Run, Series};
use super::streams::Cell;
use super::{Context, places};

/// Fewest custodians whose records an outage interrupts.
const TOGETHER: usize = 3;
/// Share of the custodians of a channel who must have written elsewhere on a day: a holiday of those who use it is no outage.
const AT_WORK: f64 = 0.3;
/// An outage concerns everybody: it takes this much less chance than the silence of one person.
const STRICTER: f64 = 1e-2;

/// An outage of a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Outage {
    /// Channel.
    pub channel: u16,
    /// What the test says.
    pub run: Run,
    /// Custodians with records before and after.
    pub people: usize,
}

/// Outages of all channels that archives hold.
#[must_use]
pub fn outages(context: &Context, lines: &[Line], alpha: f64) -> Vec<Outage> {
    let mut out = Vec::new();
    for channel in 0..u16::try_from(context.talks.channels.len()).unwrap_or(0) {
        let archived = || lines.iter().filter(|l| l.channel == channel && l.reach.is_some());
        let streams: Vec<&[Cell]> = archived().filter_map(|l| Some(context.streams.get(l.custodian, channel)?.cells.as_slice())).collect();
        if streams.len() < TOGETHER {
            continue;
        }
        let mut at_work: BTreeMap<i32, BTreeSet<u32>> = BTreeMap::new();
        for line in archived() {
            let days = context.streams.wrote.get(line.custodian as usize).into_iter().flatten();
            for (day, _) in days.filter(|(_, c)| *c != channel) {
                at_work.entry(*day).or_default().insert(line.custodian);
            }
        }
        let alive = |d: i32| at_work.get(&d).is_some_and(|w| w.len() >= TOGETHER && w.len() as f64 >= AT_WORK * streams.len() as f64);
        for run in pooled(context, &streams).runs(alive).into_iter().filter(|r| r.alarms(alpha * STRICTER)) {
            let spans = |c: &&&[Cell]| c.first().is_some_and(|f| f.day < run.from) && c.last().is_some_and(|l| l.day > run.to);
            let people = streams.iter().filter(spans).count();
            if people >= TOGETHER {
                out.push(Outage { channel, run, people });
            }
        }
    }
    out
}

/// Everybody's records on a channel, business day by business day.
fn pooled(context: &Context, streams: &[&[Cell]]) -> Series {
    let mut counts: BTreeMap<i32, f64> = BTreeMap::new();
    for cell in streams.iter().copied().flatten() {
        *counts.entry(cell.day).or_default() += f64::from(cell.count);
    }
    let (Some(first), Some(last)) = (counts.keys().next(), counts.keys().next_back()) else { return Series::default() };
    let days: Vec<i32> = (*first..=*last).filter(|d| context.calendar.is(*d)).collect();
    let values = days.iter().map(|d| counts.get(d).copied().unwrap_or(0.0)).collect();
    Series::new(days, values)
}

/// The gap of an outage: it names nobody.
#[must_use]
pub fn draft(context: &Context, outage: &Outage) -> Draft {
    let Outage { channel, run, people } = outage;
    let streams = || context.streams.list.iter().filter(|s| s.channel == *channel);
    let before = streams().filter_map(|s| s.before(run.from)).max_by_key(|c| c.last).map(|c| c.last.1);
    let after = streams().filter_map(|s| s.after(run.to)).min_by_key(|c| c.first).map(|c| c.first.1);
    let spread = 1.96 * run.spread;
    Draft {
        channel: *channel,
        class: 'B',
        kind: "outage",
        from: Some(run.from),
        to: Some(run.to),
        estimate: Some(((run.volume - spread).max(0.0), run.volume, run.volume + spread)),
        confidence: 1.0 - run.p(),
        client: streams().any(|s| s.client_near(run.from, run.to)),
        takes_days: true,
        reasons: vec![format!(
            "No record of any of {people} custodians on {} business days, while they wrote on other channels on {} of them",
            run.days, run.alive
        )],
        evidence: places::rows(context.dataset, before.into_iter().chain(after)),
        ..Draft::default()
    }
}
