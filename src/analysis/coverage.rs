//! Coverage: per custodian and channel, how many of the required business days the sources hold, and all gaps.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::WorkDays;
use super::conversations::Holder;
use super::gaps::{self, Draft};
use super::horizon::{self, Required};
use super::outage::{self, Outage};
use super::silence::{self, Series};
use super::streams::{Cell, Stream};
use super::{Context, Needs, Question, cliffs, divisions, evidence, manifest, one_sided, places, supply};
use crate::model::answer::{Answers, Benign, CoverageRow, Gap, Horizon, Span};
use crate::time::{self, Days};

/// Coverage and gaps.
pub const QUESTION: Question =
    Question { id: "coverage", title: "Is what the policy requires in the archive?", needs: Needs { dates: true, lists: true, policy: true }, run };

/// Fewest business days without a message before a timeline shows a silence.
const SHOWN: u64 = 5;

/// One custodian on one channel.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Custodian.
    pub custodian: u32,
    /// Channel.
    pub channel: u16,
    /// What is required.
    pub required: Required,
    /// Days expected, after the policy and the dates asked for.
    pub expected: Option<(i32, i32)>,
    /// First and last day held.
    pub held: Option<(i32, i32)>,
    /// Business days the first record may be late.
    pub tolerance: u64,
    /// Too little traffic to test.
    pub untestable: bool,
    /// Business days of silence needed before the test can speak.
    pub detectable: Option<u32>,
    /// Days an archive reaches that holds this channel for several people: before the first record and after the last
    /// one, the person may simply not have written.
    pub reach: Option<(i32, i32)>,
    /// Why nothing can be missing before the first record, or is told elsewhere: the sources begin at the beginning, or one
    /// that nobody owns says itself where it begins.
    pub begun: bool,
}

/// All lines, sorted by custodian and channel.
#[must_use]
pub fn lines(context: &Context) -> Vec<Line> {
    let exported = exports(context);
    let (archives, owned) = (context.archives(), owned(context));
    let beginnings = context.beginnings();
    let mut lines = Vec::new();
    for custodian in 0..u32::try_from(context.parties.custodians.len()).unwrap_or(0) {
        for channel in 0..u16::try_from(context.talks.channels.len()).unwrap_or(0) {
            let stream = context.streams.get(custodian, channel);
            if !context.asks(channel) || (stream.is_none() && supply::expected(context, custodian, channel).is_none()) {
                continue;
            }
            let cells = stream.map(|s| s.cells.as_slice()).unwrap_or_default();
            let required = horizon::required(context, custodian, channel);
            let first = cells.first().map(|c| c.day);
            let seen = stream.and_then(|s| s.seen.first()).map(|c| c.day);
            let last = cells.last().map(|c| c.day);
            let end = last.max(first.and(exported.iter().filter(|(c, ch, _)| (*c, *ch) == (custodian, channel)).map(|e| e.2).max()));
            let reach = if owned.contains(&(custodian, channel)) { None } else { archives.iter().find(|a| a.0 == channel).map(|a| a.1) };
            lines.push(Line {
                begun: beginnings.complete(custodian, channel)
                    || reach.zip(first).is_some_and(|(r, f)| beginnings.told(channel, r.0) || beginnings.told(channel, f)),
                custodian,
                channel,
                expected: required.expected(context.window.from, first.or(seen)),
                required,
                held: first.zip(end),
                tolerance: horizon::tolerance(context, custodian, cells),
                untestable: false,
                detectable: None,
                reach,
            });
        }
    }
    lines
}

/// Days on which custodians' own exports were made: nothing after the last record until then is proved silence.
fn exports(context: &Context) -> Vec<(u32, u16, i32)> {
    let sources = context.dataset.sources.iter().zip(&context.talks.holders);
    sources
        .filter_map(|(s, h)| match h {
            Holder::Owner(c) => Some((*c, context.talks.channel(&s.channel)?, context.day(s.exported_at?).min(context.window.as_of))),
            _ => None,
        })
        .collect()
}

/// Channels for which custodians supplied exports of their own.
fn owned(context: &Context) -> BTreeSet<(u32, u16)> {
    let sources = context.dataset.sources.iter().zip(&context.talks.holders);
    sources.filter_map(|(s, h)| if let Holder::Owner(c) = h { Some((*c, context.talks.channel(&s.channel)?)) } else { None }).collect()
}

/// From when to when archives hold each channel, by their records: one file may hold several channels.
#[must_use]
pub fn archives(context: &Context) -> Vec<(u16, (i32, i32))> {
    let mut reach: BTreeMap<u16, (i32, i32)> = BTreeMap::new();
    let parts: Vec<bool> = context.dataset.parts.iter().map(|p| context.talks.holders.get(p.source as usize) == Some(&Holder::Everyone)).collect();
    let archived = |part: &u32| parts.get(*part as usize).copied().unwrap_or(false);
    for (conversation, talk) in (0u32..).zip(&context.talks.of) {
        let rows = context.dataset.rows_of(conversation);
        let part = context.dataset.columns.part.get(rows.clone()).unwrap_or_default();
        let days = context.days.get(rows).unwrap_or_default();
        let mut held = part.iter().zip(days).filter(|(p, _)| archived(p)).map(|(_, d)| (*d).min(context.window.as_of));
        // Rows of a conversation lie in order of time.
        if let Some(first) = held.next() {
            let last = held.next_back().unwrap_or(first);
            let known = reach.entry(talk.channel).or_insert((first, last));
            *known = (known.0.min(first), known.1.max(last));
        }
    }
    reach.into_iter().collect()
}

fn name<'a>(context: &'a Context, custodian: u32) -> &'a str {
    context.parties.custodians.get(custodian as usize).map_or("", |c| c.name.as_str())
}

/// Days an archive must reach beyond a person's records to speak for the time without any.
const PATIENT: i32 = 30;

/// Business days without a record at the head or tail that are no gap. Where an archive demonstrably runs, or an export does not
/// say on which day it was made, the stream itself must be too busy for such a pause, twice over.
fn patience(line: &Line, by_traffic: bool) -> u64 {
    let rare = if line.untestable { u64::MAX } else { line.detectable.map_or(u64::MAX, |n| 2 * u64::from(n)) };
    if by_traffic { line.tolerance.max(rare) } else { line.tolerance }
}

/// Not covered at the head, at the tail, or at all.
fn horizon_drafts(context: &Context, line: &Line) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let stream = context.streams.get(line.custodian, line.channel);
    let draft = |kind, from, to, reason: String, places| Draft {
        custodian: Some(line.custodian),
        channel: line.channel,
        class: 'C',
        kind,
        from: Some(from),
        to: Some(to),
        confidence: 0.9,
        client: stream.is_some_and(Stream::client_facing),
        takes_days: true,
        reasons: std::iter::once(reason).chain(horizon::reason(context, &line.required)).collect(),
        evidence: places,
        ..Draft::default()
    };
    let Some((from, to)) = line.expected else { return drafts };
    // Each run of days that is required: one, unless a legal hold ended before the first day of the rules.
    let each = |from: i32, to: i32| line.required.between(from, to).spans().to_vec();
    let Some((first, last)) = line.held else {
        let seen = stream.map(|s| s.seen.as_slice()).unwrap_or_default();
        let n: u64 = seen.iter().map(|c| u64::from(c.count)).sum();
        if n > 0 {
            let reason = format!("Others' copies hold {n} messages sent here; no source supplied holds this channel for the person");
            let mut made = draft("never_supplied", from, to, reason, places::rows(context.dataset, seen.iter().map(|c| c.first.1)));
            made.estimate = Some((n as f64, n as f64, n as f64));
            drafts.push(made);
        } else {
            let reason = supply::expected(context, line.custodian, line.channel).unwrap_or("No source supplied holds this channel for the person");
            drafts.extend(each(from, to).into_iter().map(|(from, to)| draft("never_supplied", from, to, reason.to_owned(), Vec::new())));
        }
        return drafts;
    };
    let late = context.calendar_of(line.custodian).count_in(&line.required.between(from, first - 1));
    if !line.begun && late > patience(line, line.reach.is_some_and(|r| r.0 <= from.max(first - PATIENT))) {
        let row = stream.and_then(|s| s.cells.first()).map(|c| c.first.1);
        let reason = format!("First record {late} business days after the required date (tolerance {})", line.tolerance);
        let made = |(from, to)| draft("horizon", from, to, reason.clone(), places::rows(context.dataset, row));
        drafts.extend(each(from, (first - 1).min(to)).into_iter().map(made));
    }
    let early = context.calendar_of(line.custodian).count_in(&line.required.between(last + 1, to));
    if early > patience(line, line.reach.is_none_or(|r| r.1 >= to.min(last + PATIENT))) && last < to {
        let row = stream.and_then(|s| s.cells.last()).map(|c| c.last.1);
        let reason = format!("Last record {early} business days before the last day required (tolerance {})", line.tolerance);
        let made = |(from, to)| draft("tail", from, to, reason.clone(), places::rows(context.dataset, row));
        drafts.extend(each((last + 1).max(from), to).into_iter().map(made));
    }
    drafts
}

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
fn silence_drafts(context: &Context, lines: &mut [Line]) -> Vec<Draft> {
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

/// Business days of a day set with a message.
fn with_messages(calendar: &WorkDays, cells: &[Cell], days: &Days) -> u64 {
    cells.iter().filter(|c| calendar.is(c.day) && days.has(c.day)).count() as u64
}

/// Longer silences inside the days held.
fn pauses(context: &Context, line: &Line, cells: &[Cell], held: &Days) -> Days {
    // Shorter than what the test can tell is the habit of the stream.
    let shown = line.detectable.map_or(SHOWN, |n| SHOWN.max(u64::from(n)));
    let spans = cells
        .windows(2)
        .filter_map(|w| Some((w.first()?.day + 1, w.last()?.day - 1)))
        .filter(|(a, b)| context.calendar_of(line.custodian).count(*a, *b) >= shown);
    Days::of(spans).intersection(held)
}

/// The row, and its covered days.
fn row(context: &Context, line: &Line, gaps: &[(Gap, bool)]) -> (CoverageRow, Days) {
    let stream = context.streams.get(line.custodian, line.channel);
    let cells = stream.map(|s| s.cells.as_slice()).unwrap_or_default();
    let person = context.parties.custodians.get(line.custodian as usize);
    let id = person.map(|p| p.id.as_str()).unwrap_or_default();
    let slug = context.talks.slug(line.channel);
    let expected = line.expected.map_or_else(Days::default, |(a, b)| line.required.between(a, b));
    let mut mine: Vec<&(Gap, bool)> =
        gaps.iter().filter(|(g, _)| g.channel == slug && (g.person.as_deref() == Some(id) || g.kind == "outage" && line.reach.is_some())).collect();
    mine.sort_by(|(a, _), (b, _)| (&a.class, &a.from, &a.id).cmp(&(&b.class, &b.from, &b.id)));
    let (mut taken, mut spans) = (Days::default(), Vec::new());
    for gap in mine.iter().filter(|(g, takes)| g.class != "U" && *takes).map(|(g, _)| g) {
        let days = gaps::days_of(gap).intersection(&expected);
        spans.extend(days.difference(&taken).spans().iter().map(|(a, b)| (*a, *b, gap.class.as_str(), Some(gap.id.clone()))));
        taken = taken.union(&days);
    }
    let reach = line.held.map(|(a, b)| line.reach.map_or((a, b), |r| (a.min(r.0), b.max(r.1))));
    let held = reach.map_or_else(Days::default, |(a, b)| Days::span(a, b)).intersection(&expected).difference(&taken);
    let outside = expected.difference(&held).difference(&taken);
    let silent = if line.untestable { Days::default() } else { pauses(context, line, cells, &held) };
    for (days, state) in [(&silent, "silence"), (&held.difference(&silent), if line.untestable { "unknown" } else { "covered" }), (&outside, "unknown")] {
        spans.extend(days.spans().iter().map(|(a, b)| (*a, *b, state, None)));
    }
    spans.sort();
    let calendar = context.calendar_of(line.custodian);
    let (expected_days, gap_days) = (calendar.count_in(&expected), calendar.count_in(&taken));
    let written = with_messages(calendar, cells, &held);
    let held_days = calendar.count_in(&held);
    let covered_days = if line.untestable { written } else { held_days };
    let covered = if line.untestable { Days::of(cells.iter().map(|c| (c.day, c.day))).intersection(&held) } else { held };
    let row = CoverageRow {
        custodian: name(context, line.custodian).to_owned(),
        person: id.to_owned(),
        channel: slug.to_owned(),
        expected_days,
        covered_days,
        gap_days,
        unknown_days: expected_days.saturating_sub(covered_days + gap_days),
        silent_days: covered_days - written.min(covered_days),
        horizon: Horizon {
            required_from: line.required.from.map(time::day_name),
            first: cells.first().map(|c| time::day_name(c.day)),
            required_to: line.expected.map(|e| time::day_name(e.1)),
            last: cells.last().map(|c| time::day_name(c.day)),
            rule: horizon::name(context, line.required.by),
            limit: line.required.limit.to_owned(),
        },
        worst: mine.iter().find(|(g, takes)| *takes || g.kind == "untestable").map(|(g, _)| g.class.clone()).unwrap_or_default(),
        spans: spans.into_iter().map(|(a, b, state, gap)| Span { from: time::day_name(a), to: time::day_name(b), state: state.to_owned(), gap }).collect(),
        messages: stream.map_or(0, Stream::messages),
        detectable_days: line.detectable,
        ..CoverageRow::default()
    };
    (row, covered)
}

fn run(context: &Context, answers: &mut Answers) {
    let mut lines = lines(context);
    let mut drafts = silence_drafts(context, &mut lines);
    for line in &lines {
        drafts.extend(horizon_drafts(context, line));
    }
    drafts.extend(evidence::drafts(context));
    drafts.extend(context.orphans().iter().cloned());
    drafts.extend(manifest::drafts(context));
    drafts.extend(cliffs::drafts(context, &lines));
    drafts.extend(one_sided::drafts(context));
    drafts.extend(supply::drafts(context));
    let gaps = gaps::ordered(context, &lines, drafts);
    let (mut rows, covered): (Vec<CoverageRow>, Vec<Days>) = lines.iter().map(|line| row(context, line, &gaps)).unzip();
    let belongs = divisions::belongs(context);
    for (row, at) in rows.iter_mut().zip(&lines).filter_map(|(row, line)| Some((row, belongs.get(line.custodian as usize)?))) {
        row.group.clone_from(at);
    }
    let by_line: Vec<(&Line, &Days)> = lines.iter().zip(&covered).collect();
    horizon::count_rules(context, &by_line, &mut answers.basis.policies);
    if let Some(first) = &mut answers.basis.policy {
        first.clone_from(answers.basis.policies.iter().find(|p| p.id == first.id).unwrap_or(&first.clone()));
    }
    rows.sort_by(|a, b| (&a.custodian, &a.person, &a.channel).cmp(&(&b.custodian, &b.person, &b.channel)));
    answers.coverage = rows;
    answers.gaps = gaps.into_iter().map(|(gap, _)| gap).collect();
}
