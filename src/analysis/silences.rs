//! Silences of all streams as gaps: what each stream can be tested for, which runs of silent days are too long to be chance, and what could
//! explain them without a loss. The test itself is in `silence`; what concerns everybody on a channel in `outage`.

use super::chance::rate_words;
use super::confidence::{self, Signs};
use super::coverage::Line;
use super::findings::counted;
use super::gaps::Draft;
use super::kept::Kept;
use super::migration::{self, Move};
use super::outage::{self, Outage};
use super::pauses::Pauses;
use super::silence::{self, Life, Run, Series};
use super::streams::{self, Cell, Stream};
use super::{Context, places, presence};
use crate::math::ln;
use crate::model::answer::{Benign, Gap};
use crate::time;

/// Levels for which the shortest silence that can be told is worked out: the correction for many runs decides between them.
const LEVELS: [f64; 4] = [1.0, 0.25, 0.0625, 0.015_625];

/// Business days of a person without leave, and on each the evidence of life on channels other than one.
pub(super) struct Person {
    /// Business days without leave.
    pub(super) days: Vec<i32>,
    /// Per channel what messages there say of the presence of the person.
    said: Vec<(u16, Vec<f64>)>,
    /// What those of all channels say together.
    all: Vec<f64>,
    /// Per channel the days with messages.
    wrote: Vec<(u16, Vec<bool>)>,
    /// Number of channels with messages, of each day.
    channels: Vec<u16>,
}

impl Person {
    pub(super) fn new(context: &Context, custodian: u32) -> Self {
        let leave = context.parties.custodians.get(custodian as usize).map(|c| &c.leave);
        let calendar = context.calendar_of(custodian);
        let (first, last) = context.streams.ends(custodian).unwrap_or((0, -1));
        let days: Vec<i32> = (first..=last).filter(|d| calendar.is(*d) && leave.is_none_or(|l| !l.has(*d))).collect();
        let written = context.streams.written_on(custodian, &days);
        let said: Vec<(u16, Vec<f64>)> = written.iter().map(|(channel, counts)| (*channel, presence::evidence(counts))).collect();
        let mut all = vec![1.0; days.len()];
        for (_, said) in &said {
            all.iter_mut().zip(said).for_each(|(all, one)| *all *= one);
        }
        let wrote: Vec<(u16, Vec<bool>)> = written.iter().map(|(channel, counts)| (*channel, counts.iter().map(|c| *c > 0.0).collect())).collect();
        let mut channels = vec![0; days.len()];
        for (_, days) in &wrote {
            channels.iter_mut().zip(days).for_each(|(n, wrote)| *n += u16::from(*wrote));
        }
        Self { days, said, all, wrote, channels }
    }

    /// Evidence of life on every day, from channels other than this one.
    pub(super) fn life(&self, channel: u16) -> Vec<Life> {
        let own = self.said.iter().find(|(c, _)| *c == channel).map(|(_, said)| said.as_slice()).unwrap_or_default();
        let said = (0..self.days.len()).map(|ix| self.all.get(ix).unwrap_or(&1.0) / own.get(ix).unwrap_or(&1.0));
        let own = self.wrote.iter().find(|(c, _)| *c == channel).map(|(_, days)| days.as_slice()).unwrap_or_default();
        let own = own.iter().copied().chain(std::iter::repeat(false));
        let wrote = self.channels.iter().zip(own).map(|(n, own)| *n > u16::from(own));
        presence::present(said).into_iter().zip(wrote).map(|(present, wrote)| Life { present, wrote }).collect()
    }
}

/// Whether an outage of a channel takes days from a line: it holds no record in it, and an archive, or records on both sides, show that it might.
#[must_use]
pub fn missing(line: &Line, cells: &[Cell], gap: &Gap) -> bool {
    let span = gap.from.as_deref().and_then(time::parse_day).zip(gap.to.as_deref().and_then(time::parse_day));
    span.is_some_and(|span| silent_within(line, cells, span))
}

fn silent_within(line: &Line, cells: &[Cell], (from, to): (i32, i32)) -> bool {
    let next = cells.get(cells.partition_point(|c| c.day < from));
    (line.reach.is_some() || line.held.is_some_and(|(a, b)| a < from && b > to)) && next.is_none_or(|c| c.day > to)
}

fn series(context: &Context, line: &Line, cells: &[Cell], person: &Person, outages: &[Outage], lonely: bool) -> Series {
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return Series::default() };
    // What is lost at the point of capture is no silence of this person.
    let mine: Vec<(i32, i32)> =
        outages.iter().filter(|o| o.channel == line.channel).map(|o| (o.run.from, o.run.to)).filter(|span| silent_within(line, cells, *span)).collect();
    let team = |d: i32| (0..).zip(&context.parties.custodians).any(|(c, _)| c != line.custodian && context.streams.alive_elsewhere(c, u16::MAX, d));
    let lives = if lonely { person.days.iter().map(|d| Life::from(team(*d))).collect() } else { person.life(line.channel) };
    let (from, to) = (person.days.partition_point(|d| *d < first.day), person.days.partition_point(|d| *d <= last.day));
    let (mut days, mut life) = (person.days.get(from..to).unwrap_or_default().to_vec(), lives.get(from..to).unwrap_or_default().to_vec());
    if !mine.is_empty() {
        let inside = |d: &i32| !mine.iter().any(|(a, b)| (*a..=*b).contains(d));
        (days, life) = days.into_iter().zip(life).filter(|(d, _)| inside(d)).unzip();
    }
    let counts = streams::laid(&days, cells.iter().map(|c| (c.day, f64::from(c.count))));
    Series::new(days, counts, life).with_records(cells.iter().map(|c| c.day))
}

/// Silences of all streams, corrected together; marks the lines that cannot be tested.
#[must_use]
pub fn drafts(context: &Context, lines: &mut [Line]) -> Vec<Draft> {
    let alpha = context.alpha();
    let outages = outage::outages(context, lines, alpha);
    let mut people = Kept::default();
    let (mut runs, mut tested) = (Vec::new(), Vec::new());
    for (ix, line) in lines.iter_mut().enumerate() {
        let Some(stream) = context.streams.get(line.custodian, line.channel).filter(|s| !s.cells.is_empty()) else {
            tested.push(None);
            continue;
        };
        let lonely = !context.streams.has_other_channel(line.custodian, line.channel);
        let series = series(context, line, &stream.cells, people.of(line.custodian, || Person::new(context, line.custodian)), &outages, lonely);
        let (found, pauses) = series.runs();
        let usual = pauses.without(|score| found.iter().any(|r| r.life.to_bits() == score.to_bits() && r.alarms(alpha)));
        let tail = usual.tail(None);
        line.rare = series.patience(alpha);
        let told = if stream.messages() < silence::FEWEST { Vec::new() } else { series.detectable(&tail, &LEVELS.map(|l| l * alpha)) };
        // The level is only known when all runs are: until then, what a stream can tell at each.
        line.detectable = told.first().copied().flatten();
        line.untestable = line.detectable.is_none();
        if !line.untestable {
            runs.extend(found.into_iter().map(|run| (ix, run)));
        }
        tested.push(Some((lonely, told)));
    }
    let q = silence::q_values(&runs.iter().map(|(_, run)| run.p()).collect::<Vec<_>>());
    let strict = level(&runs, &q, alpha);
    for (line, told) in lines.iter_mut().zip(&tested) {
        let Some((_, told)) = told else { continue };
        line.detectable = at_level(told, strict / alpha);
        line.untestable = line.detectable.is_none();
    }
    let mut drafts = Vec::new();
    for (line, tested) in lines.iter().zip(&tested) {
        if let (true, Some(_), Some(stream)) = (line.untestable, tested, context.streams.get(line.custodian, line.channel)) {
            drafts.push(untestable(context, line, stream));
        }
    }
    // Runs lie in order of the lines and of their days.
    let q_of = |ix: usize, run: &Run| {
        let known = runs.binary_search_by_key(&(ix, run.from), |(ix, run)| (*ix, run.from));
        known.ok().and_then(|at| q.get(at)).copied().unwrap_or(1.0)
    };
    let stands = |ix: usize, run: &Run| run.alarms(alpha) && q_of(ix, run) <= silence::Q && lines.get(ix).is_some_and(|l| !l.untestable);
    let mut found: Vec<(usize, Run)> = runs.iter().copied().filter(|(ix, run)| stands(*ix, run)).collect();
    let alone = |ix: usize| tested.get(ix).and_then(Option::as_ref).is_some_and(|(lonely, _)| *lonely);
    let (mut weak, mut strong): (Vec<_>, Vec<_>) = found.drain(..).partition(|(ix, _)| alone(*ix));
    let partial = outage::together(lines, &mut strong);
    drafts.extend(outages.iter().chain(&partial).map(|o| outage::draft(context, o)));
    strong.append(&mut weak);
    drafts.extend(told(context, lines, &outages, (&strong, alpha), alone, q_of));
    drafts
}

/// The silences that stand, as gaps.
fn told(
    context: &Context,
    lines: &[Line],
    outages: &[Outage],
    (runs, alpha): (&[(usize, Run)], f64),
    alone: impl Fn(usize) -> bool,
    q_of: impl Fn(usize, &Run) -> f64,
) -> Vec<Draft> {
    // Line by line, so that a person is read off once; then in the order given.
    let mut order: Vec<(usize, usize)> = runs.iter().enumerate().map(|(place, (ix, _))| (*ix, place)).collect();
    order.sort_unstable();
    let (mut people, mut streams) = (Kept::default(), Kept::<usize, (Series, (Vec<Run>, Pauses))>::default());
    let mut found: Vec<(usize, Draft)> = Vec::with_capacity(runs.len());
    for (ix, place) in order {
        let (Some((_, run)), Some(line)) = (runs.get(place), lines.get(ix)) else { continue };
        let Some(stream) = context.streams.get(line.custodian, line.channel) else { continue };
        let lonely = alone(ix);
        let (series, known) = streams.of(ix, || {
            let series = series(context, line, &stream.cells, people.of(line.custodian, || Person::new(context, line.custodian)), outages, lonely);
            let known = series.runs();
            (series, known)
        });
        let moved = if lonely { Move::default() } else { migration::judged(context, (line.custodian, line.channel), series, run) };
        let signs = confidence::signs(series, known, run, moved, alpha);
        found.push((place, silent(context, line, run, q_of(ix, run), lonely, moved, signs)));
    }
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, draft)| draft).collect()
}

/// Chance from which a run stands after the correction for all of them.
fn level(runs: &[(usize, Run)], q: &[f64], alpha: f64) -> f64 {
    let passed = || runs.iter().zip(q).filter(|(_, q)| **q <= silence::Q);
    let highest = passed().map(|((_, run), _)| run.p()).fold(0.0, f64::max);
    let next = silence::Q * (passed().count() + 1) as f64 / runs.len().max(1) as f64;
    alpha.min(highest.max(next))
}

/// Shortest silence at a level between those worked out, as a share of the first.
fn at_level(told: &[Option<u32>], share: f64) -> Option<u32> {
    let (mut before, mut found): (Option<(f64, u32)>, Option<u32>) = (None, None);
    for (level, days) in LEVELS.iter().zip(told) {
        let days = (*days)?;
        found = Some(match before {
            None => days,
            // Days grow with the logarithm of the level.
            Some((above, fewer)) => {
                let part = (ln(above / share) / ln(above / level)).clamp(0.0, 1.0);
                (f64::from(fewer) + part * f64::from(days - fewer.min(days))).ceil() as u32
            }
        });
        if *level <= share {
            break;
        }
        before = Some((*level, days));
    }
    found
}

fn untestable(context: &Context, line: &Line, stream: &Stream) -> Draft {
    let reason = if stream.messages() < silence::FEWEST {
        let few = counted(stream.messages(), "message is", "messages are");
        format!("Cannot be tested: {few} too few to tell a silence from a usual pause (at least {} are needed)", silence::FEWEST)
    } else {
        "Cannot be tested: this traffic is silent so often by itself that no silence stands out".to_owned()
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

fn silent(context: &Context, line: &Line, run: &Run, q: f64, lonely: bool, moved: Move, signs: Signs) -> Draft {
    let stream = context.streams.get(line.custodian, line.channel);
    let days = counted(run.days.into(), "business day", "business days");
    let mut reasons = vec![if lonely {
        format!("No record found on {days}, while colleagues wrote on {} of them; absence of the person cannot be excluded", run.alive)
    } else {
        format!("No record found on {days}, while the person wrote on other channels on {} of them", run.alive)
    }];
    reasons.push(format!("Of silences that stand out as much as this one, {}", rate_words(q)));
    let (before, after) = (stream.and_then(|s| s.before(run.from)), stream.and_then(|s| s.after(run.to)));
    let rows = before.map(|c| c.last.1).into_iter().chain(after.map(|c| c.first.1));
    let spread = 1.96 * run.spread;
    if moved.likely() {
        let share = (moved.index * 100.0).round();
        reasons.push(if share >= 30.0 {
            format!(
                "The person wrote more with the same people on another channel, by {share} % of what is absent here: the conversation most likely moved there"
            )
        } else {
            "The person wrote on another channel with those who are otherwise written with here: the conversation most likely moved there".to_owned()
        });
    }
    let weak = lonely || moved.likely();
    Draft {
        custodian: Some(line.custodian),
        channel: line.channel,
        class: if weak { 'U' } else { 'B' },
        kind: if moved.likely() {
            "silence_moved"
        } else if lonely {
            "silence_weak"
        } else {
            "silence"
        },
        from: Some(run.from),
        to: Some(run.to),
        estimate: Some(((run.volume - spread).max(0.0), run.volume, run.volume + spread)),
        confidence: if weak { 0.3 } else { confidence::sure(&signs, q) },
        signs: (!weak).then_some(signs),
        client: stream.is_some_and(|s| s.client_near(run.from, run.to)),
        takes_days: !weak,
        reasons,
        benign: benign(context, line, run, moved),
        evidence: places::rows(context.dataset, rows),
        ..Draft::default()
    }
}

/// What could explain a silence without any loss, and what was looked at.
fn benign(context: &Context, line: &Line, run: &Run, moved: Move) -> Vec<Benign> {
    let mut out = Vec::new();
    let most = 2 * run.alive >= run.days;
    let leave = if context.matter.leave.is_some() { "no leave listed on these days; " } else { "no leave calendar supplied; " };
    out.push(Benign::new(
        "leave",
        "Leave",
        format!("{leave}wrote elsewhere on {} of {}", run.alive, counted(run.days.into(), "business day", "business days")),
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
    let others = counted(active.into(), "other custodian has", "other custodians have");
    let found = format!("{others} records here on these days, {} none", counted(silent.into(), "has", "have"));
    out.push(Benign::new("closure", "Office closure or outage", found, closure));
    let verdict = if moved.index < 0.2 && moved.odds < 0.0 { "excluded" } else { "not_excluded" };
    let more = (moved.index.clamp(0.0, 9.99) * 100.0).round();
    let found = format!(
        "the same people wrote more on other channels than in the weeks around, by {more} % of what is absent here (log odds of a move {:.1})",
        moved.odds
    );
    out.push(Benign::new("channel_moved", "Moved to another channel", found, verdict));
    out.push(Benign::new("auto_delete", "Auto-delete", "no notice in the sources", "unknown"));
    out
}
