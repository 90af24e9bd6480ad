//! Outages: business days on which an archive, or the exports of everybody, hold nothing of anybody on a channel while people wrote
//! elsewhere. One loss at the point of capture is one gap, not one for each person it concerns, and it shows even where each person writes
//! too little to be tested alone. Silences of several people that begin and end together are one outage too.

use super::coverage::Line;
use super::findings::counted;
use super::gaps::Draft;
use super::silence::{Life, Run, Series};
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

/// Outages of all channels: of what archives hold, and of what people exported themselves.
#[must_use]
pub fn outages(context: &Context, lines: &[Line], alpha: f64) -> Vec<Outage> {
    let channels = 0..u16::try_from(context.talks.channels.len()).unwrap_or(0);
    let mut out = Vec::new();
    for (channel, own) in channels.flat_map(|c| [(c, false), (c, true)]) {
        let archived = || lines.iter().filter(|l| l.channel == channel && l.reach.is_none() == own);
        let streams: Vec<&[Cell]> = archived().filter_map(|l| Some(context.streams.get(l.custodian, channel)?.cells.as_slice())).collect();
        if streams.len() < TOGETHER {
            continue;
        }
        let (first, last) = span(&streams);
        let mut at_work = vec![0u32; place(first, last) + 1];
        for line in archived() {
            context.streams.count_elsewhere(line.custodian, channel, first, &mut at_work);
        }
        let alive = |d: i32| {
            let n = at_work.get(place(first, d)).copied().unwrap_or(0) as usize;
            n >= TOGETHER && n as f64 >= AT_WORK * streams.len() as f64
        };
        for run in pooled(context, &streams, alive).runs().0.into_iter().filter(|r| r.alarms(alpha * STRICTER)) {
            let spans = |c: &&&[Cell]| c.first().is_some_and(|f| f.day < run.from) && c.last().is_some_and(|l| l.day > run.to);
            let people = streams.iter().filter(spans).count();
            if people >= TOGETHER {
                out.push(Outage { channel, run, people });
            }
        }
    }
    out
}

/// Days by which silences of several people may differ and still be one outage.
const NEAR: i32 = 3;

/// Silences that begin and end together, of three people and three in ten of those whose records on the channel span them: one outage each.
/// They are taken out of the list.
#[must_use]
pub fn together(lines: &[Line], found: &mut Vec<(usize, Run)>) -> Vec<Outage> {
    let channel_of = |ix: usize| lines.get(ix).map_or(u16::MAX, |l| l.channel);
    found.sort_by_key(|(ix, run)| (channel_of(*ix), run.from, run.to, *ix));
    let (mut out, mut rest): (Vec<Outage>, Vec<(usize, Run)>) = (Vec::new(), Vec::new());
    let mut open: Vec<Option<(usize, Run)>> = found.drain(..).map(Some).collect();
    for at in 0..open.len() {
        let Some((first, run)) = open.get(at).copied().flatten() else { continue };
        let channel = channel_of(first);
        // In order of channel and first day: whatever begins much later needs no look.
        let near = open
            .get_mut(at..)
            .unwrap_or_default()
            .iter_mut()
            .take_while(|one| one.is_none_or(|(ix, r)| channel_of(ix) == channel && r.from - run.from <= NEAR));
        let group: Vec<(usize, Run)> = near.filter_map(|one| one.take_if(|(_, r)| (r.to - run.to).abs() <= NEAR)).collect();
        let spans = |l: &&Line| l.channel == channel && l.held.is_some_and(|(a, b)| a < run.from && b > run.to);
        if group.len() >= TOGETHER && group.len() as f64 >= AT_WORK * lines.iter().filter(spans).count() as f64 {
            let sum = |what: fn(&Run) -> f64| group.iter().map(|(_, r)| what(r)).sum::<f64>();
            let mut ends: Vec<(i32, i32)> = group.iter().map(|(_, r)| (r.from, r.to)).collect();
            // Days on which all of them are silent.
            let from = ends.iter().map(|e| e.0).max().unwrap_or(run.from);
            ends.sort_by_key(|e| e.1);
            let to = ends.first().map_or(run.to, |e| e.1);
            let spread = group.iter().map(|(_, r)| r.spread * r.spread).sum::<f64>().sqrt();
            let alive = group.iter().map(|(_, r)| r.alive).max().unwrap_or(0);
            let run = Run { from, to, alive, volume: sum(|r| r.volume), life: sum(|r| r.life), spread, ..run };
            out.push(Outage { channel, run, people: group.len() });
        } else {
            rest.extend(group);
        }
    }
    *found = rest;
    out
}

/// First and last day with records; the first after the last when there is none.
fn span(streams: &[&[Cell]]) -> (i32, i32) {
    let first = streams.iter().filter_map(|cells| cells.first()).map(|c| c.day).min();
    let last = streams.iter().filter_map(|cells| cells.last()).map(|c| c.day).max();
    first.zip(last).unwrap_or((0, -1))
}

/// Days from the first to another, which is not before it.
fn place(first: i32, day: i32) -> usize {
    usize::try_from(i64::from(day) - i64::from(first)).unwrap_or(0)
}

/// Everybody's records on a channel, business day by business day.
fn pooled(context: &Context, streams: &[&[Cell]], alive: impl Fn(i32) -> bool) -> Series {
    let (first, last) = span(streams);
    let mut counts = vec![0.0; place(first, last) + 1];
    for cell in streams.iter().copied().flatten() {
        if let Some(sum) = counts.get_mut(place(first, cell.day)) {
            *sum += f64::from(cell.count);
        }
    }
    let days: Vec<i32> = (first..=last).filter(|d| context.calendar.is(*d)).collect();
    let values = days.iter().map(|d| counts.get(place(first, *d)).copied().unwrap_or(0.0)).collect();
    let life = days.iter().map(|d| Life::from(alive(*d))).collect();
    Series::new(days, values, life)
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
            "No record of any of {people} custodians on {}, while they wrote on other channels on {} of them",
            counted(run.days.into(), "business day", "business days"),
            run.alive
        )],
        evidence: places::rows(context.dataset, before.into_iter().chain(after)),
        ..Draft::default()
    }
}
