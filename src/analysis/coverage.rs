//! Coverage: per custodian and channel, how many of the required business days the sources hold, and all gaps.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::WorkDays;
use super::conversations::Holder;
use super::findings::counted;
use super::gaps::{self, Draft};
use super::horizon::{self, Required};
use super::streams::{Cell, Stream};
use super::{
    Context, Needs, Question, cliffs, counterparts, divisions, evidence, explained, heads, levels, manifest, mentions, one_sided, pairs::Pairs, places,
    silences, supply,
};
use crate::model::answer::{Answers, CoverageRow, Gap, Horizon, Span};
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
    /// Business days after which a silence is none of the stream's habits, where the person is at work.
    pub rare: Option<u32>,
    /// Days an archive reaches that holds this channel for several people: before the first record and after the last
    /// one, the person may simply not have written.
    pub reach: Option<(i32, i32)>,
    /// Why nothing can be missing before the first record, or is told elsewhere: the sources begin at the beginning, or one
    /// that nobody owns says itself where it begins.
    pub begun: bool,
}

/// The line of a custodian on a channel, among all of them in order.
#[must_use]
pub fn line(lines: &[Line], custodian: u32, channel: u16) -> Option<&Line> {
    lines.binary_search_by_key(&(custodian, channel), |l| (l.custodian, l.channel)).ok().and_then(|ix| lines.get(ix))
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
            let end = last.max(first.and(exported.get(&(custodian, channel)).copied()));
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
                rare: None,
                reach,
            });
        }
    }
    lines
}

/// Last day on which a custodian's own export of a channel was made: nothing after the last record until then is proved silence.
fn exports(context: &Context) -> BTreeMap<(u32, u16), i32> {
    let mut last = BTreeMap::new();
    for (source, holder) in context.dataset.sources.iter().zip(&context.talks.holders) {
        let (Holder::Owner(custodian), Some(at), Some(channel)) = (holder, source.exported_at, context.talks.channel(&source.channel)) else { continue };
        let day = context.day(at).min(context.window.as_of);
        last.entry((*custodian, channel)).and_modify(|known: &mut i32| *known = day.max(*known)).or_insert(day);
    }
    last
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
    let rare = if line.untestable { u64::MAX } else { line.rare.map_or(u64::MAX, |n| 2 * u64::from(n)) };
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
            let messages = counted(n, "message", "messages");
            let reason = format!("Others' copies hold {messages} that the person sent here; no source supplied holds this channel for the person");
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

/// Business days of a day set with a message.
fn with_messages(calendar: &WorkDays, cells: &[Cell], days: &Days) -> u64 {
    cells.iter().filter(|c| calendar.is(c.day) && days.has(c.day)).count() as u64
}

/// Longer silences inside the days held.
fn pauses(context: &Context, line: &Line, cells: &[Cell], held: &Days) -> Days {
    // Shorter than what the test can tell is the habit of the stream.
    let shown = line.rare.map_or(SHOWN, |n| SHOWN.max(u64::from(n)));
    let spans = cells
        .windows(2)
        .filter_map(|w| Some((w.first()?.day + 1, w.last()?.day - 1)))
        .filter(|(a, b)| context.calendar_of(line.custodian).count(*a, *b) >= shown);
    Days::of(spans).intersection(held)
}

/// Gaps by person and channel; those of outages by channel alone.
type Mine<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a (Gap, bool)>>;

fn by_line(gaps: &[(Gap, bool)]) -> Mine<'_> {
    let mut by = Mine::new();
    for gap in gaps {
        let person = gap.0.person.as_deref().or((gap.0.kind == "outage").then_some(""));
        if let Some(person) = person {
            by.entry((person, gap.0.channel.as_str())).or_default().push(gap);
        }
    }
    by
}

/// The row, and its covered days.
fn row(context: &Context, line: &Line, gaps: &Mine<'_>) -> (CoverageRow, Days) {
    let stream = context.streams.get(line.custodian, line.channel);
    let cells = stream.map(|s| s.cells.as_slice()).unwrap_or_default();
    let person = context.parties.custodians.get(line.custodian as usize);
    let id = person.map(|p| p.id.as_str()).unwrap_or_default();
    let slug = context.talks.slug(line.channel);
    let expected = line.expected.map_or_else(Days::default, |(a, b)| line.required.between(a, b));
    let outages = gaps.get(&("", slug)).into_iter().flatten().filter(|(g, _)| silences::missing(line, cells, g));
    let mut mine: Vec<&(Gap, bool)> = gaps.get(&(id, slug)).into_iter().flatten().chain(outages).copied().collect();
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
        spans: spans.into_iter().map(|(a, b, state, gap)| span(a, b, state, gap, &mine)).collect(),
        messages: stream.map_or(0, Stream::messages),
        detectable_days: line.detectable,
        ..CoverageRow::default()
    };
    (row, covered)
}

fn span(from: i32, to: i32, state: &str, gap: Option<String>, gaps: &[&(Gap, bool)]) -> Span {
    let explained = gap.as_ref().is_some_and(|id| gaps.iter().any(|(g, _)| g.id == *id && g.explained.is_some()));
    Span { from: time::day_name(from), to: time::day_name(to), state: state.to_owned(), gap, explained }
}

fn run(context: &Context, answers: &mut Answers) {
    let mut lines = lines(context);
    let mut drafts = silences::drafts(context, &mut lines);
    for line in &lines {
        drafts.extend(horizon_drafts(context, line));
    }
    drafts.extend(evidence::drafts(context));
    drafts.extend(context.orphans().iter().cloned());
    drafts.extend(manifest::drafts(context));
    drafts.extend(cliffs::drafts(context, &lines));
    drafts.extend(one_sided::drafts(context));
    drafts.extend(supply::drafts(context));
    drafts.extend(context.copies().drafts.iter().cloned());
    // Last, since they are about what nothing else tells.
    let pairs = Pairs::new(context);
    let (dropped, single) = (levels::drafts(context, &lines, &pairs, &drafts), counterparts::drafts(context, &lines, &pairs, &drafts));
    drafts.extend(dropped.into_iter().chain(single));
    mentions::add(context, &mut drafts);
    let gaps = gaps::ordered(context, &lines, heads::joined(drafts));
    let (mut rows, covered): (Vec<CoverageRow>, Vec<Days>) = {
        let by = by_line(&gaps);
        lines.iter().map(|line| row(context, line, &by)).unzip()
    };
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
    answers.explained = explained::said(context);
}
