//! Silences of all streams as gaps: what each stream can be tested for, which runs of silent days are too long to be chance, and what could
//! explain them without a loss. The test itself is in `silence`; what concerns everybody on a channel in `outage`.

use super::coverage::Line;
use super::gaps::Draft;
use super::outage::{self, Outage};
use super::silence::{self, Series};
use super::streams::{Cell, Stream};
use super::{Context, places};
use crate::model::answer::Benign;

fn series(context: &Context, line: &Line, cells: &[Cell], outages: &[Outage]) -> Series {
    let leave = context.parties.custodians.get(line.custodian as usize).map(|c| &c.leave);
    let calendar = context.calendar_of(line.custodian);
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return Series::default() };
    // What is lost at the point of capture is no silence of this person.
    let lost = |d: i32| line.reach.is_some() && outages.iter().any(|o| o.channel == line.channel && (o.run.from..=o.run.to).contains(&d));
    let days: Vec<i32> = (first.day..=last.day).filter(|d| calendar.is(*d) && leave.is_none_or(|l| !l.has(*d)) && !lost(*d)).collect();
    let mut counts = vec![0.0; days.len()];
    for cell in cells {
        if let Ok(ix) = days.binary_search(&cell.day)
            && let Some(slot) = counts.get_mut(ix)
        {
            *slot = f64::from(cell.count);
        }
    }
    Series::new(days, counts)
}

/// Silences of all streams, corrected together; marks the lines that cannot be tested.
#[must_use]
pub fn drafts(context: &Context, lines: &mut [Line]) -> Vec<Draft> {
    let alpha = if context.matter.policy.alpha > 0.0 && context.matter.policy.alpha < 1.0 { context.matter.policy.alpha } else { 1e-4 };
    let mut runs = Vec::new();
    let outages = outage::outages(context, lines, alpha);
    let mut drafts: Vec<Draft> = outages.iter().map(|o| outage::draft(context, o)).collect();
    for (ix, line) in lines.iter_mut().enumerate() {
        let Some(stream) = context.streams.get(line.custodian, line.channel).filter(|s| !s.cells.is_empty()) else { continue };
        let series = series(context, line, &stream.cells, &outages);
        let (mean, k) = series.rate(0, 0);
        let lonely = !context.streams.has_other_channel(line.custodian, line.channel);
        let team = |d: i32| (0..).zip(&context.parties.custodians).any(|(c, _)| c != line.custodian && context.streams.alive_elsewhere(c, u16::MAX, d));
        let alive = |d: i32| if lonely { team(d) } else { context.streams.alive_elsewhere(line.custodian, line.channel, d) };
        // By the counts and by the pauses: the test needs both.
        line.detectable = silence::detectable(mean, k, alpha).zip(series.patience(alpha, alive)).map(|(n, pauses)| n.max(pauses));
        line.untestable = stream.messages() < silence::FEWEST || line.detectable.is_none_or(|n| n as usize > series.len());
        if line.untestable {
            drafts.push(untestable(context, line, stream));
            continue;
        }
        let found = series.runs(alive);
        runs.extend(found.into_iter().map(|run| (ix, lonely, run)));
    }
    let q = silence::q_values(&runs.iter().map(|(_, _, run)| run.p()).collect::<Vec<_>>());
    for ((ix, lonely, run), q) in runs.into_iter().zip(q) {
        if run.alarms(alpha)
            && q <= silence::Q
            && let Some(line) = lines.get(ix)
        {
            drafts.push(silent(context, line, &run, q, lonely));
        }
    }
    drafts
}

fn untestable(context: &Context, line: &Line, stream: &Stream) -> Draft {
    let needs = line.detectable.map_or_else(|| "more traffic".to_owned(), |n| format!("{n} business days of silence"));
    let reason = if stream.messages() < silence::FEWEST {
        format!("{} messages are too few to test (needs at least {})", stream.messages(), silence::FEWEST)
    } else {
        format!("cannot be tested (needs at least {needs} to detect)")
    };
    Draft {
        custodian: Some(line.custodian),
        channel: line.channel,
        class: 'U',
        kind: "untestable",
        from: line.held.map(|h| h.0),
        to: line.held.map(|h| h.1),
        client: stream.client_facing(),
        reasons: vec![reason],
        evidence: places::rows(context.dataset, stream.cells.first().map(|c| c.first.1)),
        ..Draft::default()
    }
}

fn silent(context: &Context, line: &Line, run: &silence::Run, q: f64, lonely: bool) -> Draft {
    let stream = context.streams.get(line.custodian, line.channel);
    let mut reasons = vec![if lonely {
        format!("No record found on {} business days, while colleagues wrote on {} of them; absence of the person cannot be excluded", run.days, run.alive)
    } else {
        format!("No record found on {} business days, while the person wrote on other channels on {} of them", run.days, run.alive)
    }];
    reasons.push(format!("A silence this long is expected by chance with a false discovery rate of q = {}", small(q)));
    let (before, after) = (stream.and_then(|s| s.before(run.from)), stream.and_then(|s| s.after(run.to)));
    let rows = before.map(|c| c.last.1).into_iter().chain(after.map(|c| c.first.1));
    let spread = 1.96 * run.spread;
    Draft {
        custodian: Some(line.custodian),
        channel: line.channel,
        class: if lonely { 'U' } else { 'B' },
        kind: if lonely { "silence_weak" } else { "silence" },
        from: Some(run.from),
        to: Some(run.to),
        estimate: Some(((run.volume - spread).max(0.0), run.volume, run.volume + spread)),
        confidence: if lonely { 0.3 } else { 1.0 - q },
        client: stream.is_some_and(|s| s.client_near(run.from, run.to)),
        takes_days: !lonely,
        reasons,
        benign: benign(context, line, run),
        evidence: places::rows(context.dataset, rows),
        ..Draft::default()
    }
}

fn small(q: f64) -> String {
    if q < 1e-4 { "under 0.0001".to_owned() } else { format!("{q:.4}") }
}

/// What could explain a silence without any loss, and what was looked at.
fn benign(context: &Context, line: &Line, run: &silence::Run) -> Vec<Benign> {
    let said = |id: &str, title: &str, found: String, verdict: &str| Benign { id: id.into(), title: title.into(), found, verdict: verdict.into() };
    let mut out = Vec::new();
    let most = 2 * run.alive >= run.days;
    let leave = if context.matter.leave.is_some() { "no leave listed on these days; " } else { "no leave calendar supplied; " };
    out.push(said(
        "leave",
        "Leave",
        format!("{leave}wrote elsewhere on {} of {} business days", run.alive, run.days),
        if most { "excluded" } else { "not_excluded" },
    ));
    let peers = context.streams.list.iter().filter(|s| s.channel == line.channel && s.custodian != line.custodian);
    let (mut silent, mut active) = (0u32, 0u32);
    for peer in peers {
        let (Some(first), Some(last)) = (peer.cells.first(), peer.cells.last()) else { continue };
        if first.day < run.from && last.day > run.to {
            if peer.before(run.to + 1).is_some_and(|c| c.day >= run.from) { active += 1 } else { silent += 1 }
        }
    }
    let closure = if active > 0 {
        "excluded"
    } else if silent > 0 {
        "not_excluded"
    } else {
        "unknown"
    };
    out.push(said("closure", "Office closure or outage", format!("{active} other custodians have records here on these days, {silent} have none"), closure));
    let (elsewhere, usual) = moved(context, line, run);
    let index = if run.volume > 0.0 { ((elsewhere - usual) / run.volume).clamp(0.0, 9.99) } else { 0.0 };
    let verdict = if index < 0.2 { "excluded" } else { "not_excluded" };
    out.push(said("channel_moved", "Moved to another channel", format!("rise on other channels against the weeks before: M = {index:.2}"), verdict));
    out.push(said("auto_delete", "Auto-delete", "no notice in the sources".to_owned(), "unknown"));
    out
}

/// Messages of the person on other channels in the run, and in as many days just before it.
fn moved(context: &Context, line: &Line, run: &silence::Run) -> (f64, f64) {
    let length = run.to - run.from + 1;
    // Whole weeks before, so that weekdays match.
    let back = (length + 6) / 7 * 7;
    let (mut during, mut before) = (0.0, 0.0);
    for stream in context.streams.list.iter().filter(|s| s.custodian == line.custodian && s.channel != line.channel) {
        for cell in &stream.cells {
            if (run.from..=run.to).contains(&cell.day) {
                during += f64::from(cell.count);
            } else if (run.from - back..=run.to - back).contains(&cell.day) {
                before += f64::from(cell.count);
            }
        }
    }
    (during, before)
}
