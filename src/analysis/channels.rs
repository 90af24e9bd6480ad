//! Channel use: which channels carry the work and the client conversation, over time, and who owns them.

use std::collections::BTreeMap;

use super::conversations::{Class, rule};
use super::turns::Turn;
use super::{Context, Needs, Question, places, register};
use crate::model::Flags;
use crate::model::answer::{Answers, ChannelRow, FirmShare, QuarterRow, WeekRow};
use crate::model::matter::ChannelStatus;
use crate::time;

/// Channel use.
pub const QUESTION: Question = Question {
    id: "channels",
    title: "Which channels carry the work, and where is conversation moving?",
    needs: Needs { dates: true, lists: true, policy: true },
    run,
};

/// Channels with a colour of their own.
const SLOTS: usize = 6;

#[derive(Debug, Clone, Default)]
struct Tally {
    messages: u64,
    work: u64,
    turns: u64,
    client_turns: u64,
    off: u64,
    /// Week -> work messages, client turns.
    weeks: Weeks,
    /// Quarter number -> client turns, work messages.
    quarters: BTreeMap<i32, (u64, u64)>,
    rows: Vec<u32>,
}

/// Quarters since year 0.
fn quarter(day: i32) -> i32 {
    let (y, m, _) = time::civil(day);
    y * 4 + i32::try_from((m - 1) / 3).unwrap_or(0)
}

fn quarter_name(quarter: i32) -> String {
    format!("{:04}-Q{}", quarter.div_euclid(4), quarter.rem_euclid(4) + 1)
}

/// Whether a conversation is counted as work: certainly, or not certainly private.
fn work(class: Class) -> bool {
    class != Class::Private
}

fn count_messages(context: &Context, tallies: &mut [Tally]) {
    for (conversation, talk) in (0u32..).zip(&context.talks.of) {
        if !talk.counts() || !context.asks(talk.channel) {
            continue;
        }
        let Some(tally) = tallies.get_mut(usize::from(talk.channel)) else { continue };
        let rows = context.dataset.rows_of(conversation);
        let flags = context.dataset.columns.flags.get(rows.clone()).unwrap_or_default();
        let (mut open, mut n) = (None, 0u64);
        for (day, flags) in context.days.get(rows).unwrap_or_default().iter().zip(flags) {
            if !Flags(*flags).is_message() || !context.window.has(*day) {
                continue;
            }
            if open != Some(*day) {
                add_work(tally, talk.class, open, n);
                (open, n) = (Some(*day), 0);
            }
            n += 1;
        }
        add_work(tally, talk.class, open, n);
    }
}

fn add_work(tally: &mut Tally, class: Class, day: Option<i32>, n: u64) {
    tally.messages += n;
    if let Some(day) = day.filter(|_| work(class)) {
        tally.work += n;
        tally.weeks.entry(time::week_start(day)).or_default().0 += n;
        tally.quarters.entry(quarter(day)).or_default().1 += n;
    }
}

/// The share of the firm, per quarter: client turns on accounts the firm owns, and all others.
type Owned = BTreeMap<i32, (u64, u64)>;

fn count_turns(context: &Context, tallies: &mut [Tally], owned: &mut Owned, hours: &mut [[u64; 24]; 7]) {
    let columns = &context.dataset.columns;
    let mut judged: Option<(u32, bool)> = None;
    // One talk on one day at a time: its turns stand together.
    for turns in context.turns.chunk_by(|a, b| (a.conversation, a.day) == (b.conversation, b.day)) {
        let Some(Turn { conversation, day, .. }) = turns.first() else { continue };
        let Some(talk) = context.talks.get(*conversation).filter(|t| context.asks(t.channel) && context.window.has(*day)) else { continue };
        let Some(tally) = tallies.get_mut(usize::from(talk.channel)) else { continue };
        let n = turns.len() as u64;
        tally.turns += n;
        if talk.clients.is_empty() {
            continue;
        }
        tally.client_turns += n;
        // Turns lie by conversation.
        let off = match judged {
            Some((known, off)) if known == *conversation => off,
            _ => register::off(context, talk),
        };
        judged = Some((*conversation, off));
        if off {
            tally.off += n;
        }
        tally.weeks.entry(time::week_start(*day)).or_default().1 += n;
        tally.quarters.entry(quarter(*day)).or_default().0 += n;
        tally.rows.extend(turns.iter().map(|t| t.row).take(places::MOST.saturating_sub(tally.rows.len())));
        let slot = owned.entry(quarter(*day)).or_default();
        if talk.owned == Some(true) {
            slot.0 += n;
            continue;
        }
        slot.1 += n;
        let Some(weekday) = hours.get_mut(usize::from(time::weekday(*day))) else { continue };
        for t in turns.iter().filter_map(|t| columns.time.get(t.row as usize)) {
            let hour = context.local(*t).rem_euclid(time::DAY) / (60 * time::MINUTE);
            if let Some(cell) = weekday.get_mut(usize::try_from(hour).unwrap_or(0)) {
                *cell += 1;
            }
        }
    }
}

/// Monday -> work messages, client turns.
pub type Weeks = BTreeMap<i32, (u64, u64)>;

/// Week rows of several channels: every week between the first and the last of all, zeros included.
#[must_use]
pub fn week_rows(weeks: &[(String, Weeks)]) -> Vec<WeekRow> {
    let first = weeks.iter().filter_map(|(_, w)| w.keys().next()).min();
    let last = weeks.iter().filter_map(|(_, w)| w.keys().next_back()).max();
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let mut rows = Vec::new();
    for monday in (*first..=*last).step_by(7) {
        let name = time::week_name(monday);
        for (channel, weeks) in weeks {
            let (work_messages, client_turns) = weeks.get(&monday).copied().unwrap_or_default();
            rows.push(WeekRow { week: name.clone(), channel: channel.clone(), work_messages, client_turns });
        }
    }
    rows
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn status(context: &Context, channel: u16) -> &'static str {
    match rule(context.matter, context.talks.slug(channel)).map(|r| r.status).unwrap_or_default() {
        ChannelStatus::Approved => "approved",
        ChannelStatus::Tolerated => "tolerated",
        ChannelStatus::Prohibited => "prohibited",
        ChannelStatus::Unknown => "unknown",
    }
}

/// Colour slot per channel: rank by all messages, whatever the scope, so that a colour stays with its channel.
fn slots(context: &Context) -> Vec<u8> {
    let mut counts = vec![0u64; context.talks.channels.len()];
    for (conversation, talk) in (0u32..).zip(&context.talks.of) {
        if talk.counts()
            && let Some(count) = counts.get_mut(usize::from(talk.channel))
        {
            *count += context.dataset.rows_of(conversation).len() as u64;
        }
    }
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|ix| (std::cmp::Reverse(counts.get(*ix).copied().unwrap_or(0)), *ix));
    let mut slots = vec![6; counts.len()];
    for (rank, ix) in order.into_iter().enumerate() {
        if let Some(slot) = slots.get_mut(ix) {
            *slot = u8::try_from(rank.min(SLOTS)).unwrap_or(6);
        }
    }
    slots
}

/// One letter per week: the state of most custodians, and a gap as soon as it concerns a third of them.
fn strip(answers: &Answers, slug: &str, first: i32, last: i32) -> String {
    const STATES: [(&str, char); 6] = [("A", 'A'), ("B", 'B'), ("C", 'C'), ("covered", 'c'), ("silence", 's'), ("unknown", 'u')];
    let weeks = usize::try_from((last - first) / 7 + 1).unwrap_or(0);
    let mut counts = vec![[0u32; 6]; weeks];
    for row in answers.coverage.iter().filter(|r| r.channel == slug) {
        let mut seen = vec![usize::MAX; weeks];
        for span in &row.spans {
            let (Some(from), Some(to)) = (time::parse_day(&span.from), time::parse_day(&span.to)) else { continue };
            let Some(state) = STATES.iter().position(|s| s.0 == span.state) else { continue };
            // A week shows a gap as soon as it has one, then what it holds at best.
            for (ix, slot) in seen.iter_mut().enumerate() {
                let monday = first + 7 * i32::try_from(ix).unwrap_or(0);
                if from <= monday + 4 && to >= monday && state < *slot {
                    *slot = state;
                }
            }
        }
        for (count, state) in counts.iter_mut().zip(seen) {
            if let Some(slot) = count.get_mut(state) {
                *slot += 1;
            }
        }
    }
    counts.iter().map(|c| letter(c, STATES.map(|s| s.1))).collect()
}

fn letter(counts: &[u32; 6], letters: [char; 6]) -> char {
    let all: u32 = counts.iter().sum();
    let gaps: u32 = counts.iter().take(3).sum();
    if all == 0 {
        return '-';
    }
    let range = if 3 * gaps >= all { 0..3 } else { 3..6 };
    let best = range.max_by_key(|ix| (counts.get(*ix).copied().unwrap_or(0), std::cmp::Reverse(*ix)));
    best.and_then(|ix| letters.get(ix).copied()).unwrap_or('-')
}

fn covered(answers: &Answers, slug: &str) -> Option<f64> {
    let rows = answers.coverage.iter().filter(|r| r.channel == slug);
    let (covered, expected) = rows.fold((0, 0), |(c, e), r| (c + r.covered_days, e + r.expected_days));
    share(covered, expected)
}

fn run(context: &Context, answers: &mut Answers) {
    let mut tallies = vec![Tally::default(); context.talks.channels.len()];
    let (mut owned, mut hours) = (Owned::new(), [[0u64; 24]; 7]);
    count_messages(context, &mut tallies);
    count_turns(context, &mut tallies, &mut owned, &mut hours);
    let client_total: u64 = tallies.iter().map(|t| t.client_turns).sum();
    let work_total: u64 = tallies.iter().map(|t| t.work).sum();
    let by_clients = context.matter.clients.is_some();
    let of = |pair: (u64, u64)| if by_clients { pair.0 } else { pair.1 };
    let mut totals: BTreeMap<i32, u64> = BTreeMap::new();
    for tally in &tallies {
        for (quarter, pair) in &tally.quarters {
            *totals.entry(*quarter).or_default() += of(*pair);
        }
    }
    let (first_quarter, last_quarter) = (totals.keys().next().copied(), totals.keys().next_back().copied());
    let slots = slots(context);
    let spans: Vec<i32> = tallies.iter().flat_map(|t| t.weeks.keys().next().into_iter().chain(t.weeks.keys().next_back())).copied().collect();
    let range = spans.iter().min().copied().zip(spans.iter().max().copied());
    let mut rows = Vec::new();
    let mut weeks = Vec::new();
    for (channel, tally) in (0u16..).zip(&tallies) {
        let slug = context.talks.slug(channel);
        if tally.messages == 0 && !answers.coverage.iter().any(|r| r.channel == slug) {
            continue;
        }
        let at = |q: Option<i32>| q.and_then(|q| share(of(tally.quarters.get(&q).copied().unwrap_or_default()), totals.get(&q).copied().unwrap_or(0)));
        rows.push(ChannelRow {
            channel: slug.to_owned(),
            status: status(context, channel).to_owned(),
            captured: rule(context.matter, slug).and_then(|r| r.captured),
            messages: tally.messages,
            turns: tally.turns,
            work_messages: tally.work,
            client_turns: tally.client_turns,
            off_client_turns: rule(context.matter, slug).map(|_| tally.off),
            share: if by_clients { share(tally.client_turns, client_total) } else { share(tally.work, work_total) },
            slot: slots.get(usize::from(channel)).copied().unwrap_or(6),
            covered: covered(answers, slug),
            first_quarter_share: at(first_quarter),
            last_quarter_share: at(last_quarter),
            strip: range.map(|(a, b)| strip(answers, slug, a, b)).unwrap_or_default(),
            evidence: places::rows(context.dataset, tally.rows.iter().copied()),
        });
        if tally.messages > 0 {
            weeks.push((slug.to_owned(), tally.weeks.clone()));
        }
    }
    rows.sort_by(|a, b| (b.client_turns, b.work_messages).cmp(&(a.client_turns, a.work_messages)).then_with(|| a.channel.cmp(&b.channel)));
    answers.channels.by_channel = rows;
    answers.channels.over_time = week_rows(&weeks);
    let known = by_clients && !context.matter.policy.channels.is_empty() && client_total > 0;
    if known {
        let firm: u64 = owned.values().map(|v| v.0).sum();
        answers.channels.firm_owned_client_share = Some(FirmShare { value: firm as f64 / client_total as f64, of_turns: client_total });
        if let (Some(first), Some(last)) = (owned.keys().next(), owned.keys().next_back()) {
            let row = |q: i32| (q, owned.get(&q).copied().unwrap_or_default());
            answers.channels.by_quarter =
                (*first..=*last).map(row).map(|(q, (firm_owned, other))| QuarterRow { quarter: quarter_name(q), firm_owned, other }).collect();
        }
        answers.channels.hours = hours.iter().map(|h| h.to_vec()).collect();
    }
}
