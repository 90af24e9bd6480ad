//! Level drops: a stream that goes on at a fraction of its level from one week to the next, while the person wrote elsewhere as before (6.1 of the
//! method notes). Levels fall for many reasons that are no loss, so that only large falls count, and only where what else could be seen of each reason
//! is not there: less work takes every channel of the person along; a relation that ends takes one counterpart and leaves the others; what moved stands
//! on another channel; a project that ends is one of the ups and downs of its stream. A loss thins all counterparts alike, at once, for long.

mod step;

use super::conversations::Talk;
use super::coverage::Line;
use super::gaps::Draft;
use super::kept::Kept;
use super::pairs::{Other, Pair, Pairs, rows_between};
use super::silence::Life;
use super::silences::Person;
use super::streams::{self, Cell, Stream};
use super::{Context, places};
use crate::math::{exp, ln};
use crate::model::answer::Benign;
use crate::time::{self, Days};
use step::{Step, Unit};

/// Weeks before and after a step that are looked at.
const REACH: (usize, usize) = (24, 24);
/// Fewest weeks on each side of a step.
const LEAST: usize = 8;
/// Fewest messages before a step.
const FEWEST: f64 = 30.0;
/// What is left of the level at most.
const LEFT: f64 = 0.5;
/// The same in a first look at calendar weeks alone.
const GLANCE: f64 = 0.6;
/// Standard errors of a step.
const STEP: f64 = 3.5;
/// Level from which a fall has ended, to the level before it.
const BACK: f64 = 0.6;
/// Messages before, of all counterparts but the one that lost most.
const SOME: f64 = 8.0;
/// How much the step must stand out among all others of its stream, once it is taken out.
const OWN: f64 = 1.5;
/// Standard errors by which it must exceed what the other channels of the person do.
const ELSEWHERE: f64 = 2.5;
/// What must be left of the other channels.
const OTHERS: f64 = 0.7;
/// Unevenness of the fall over counterparts, to what thinning at random makes.
const UNEVEN: f64 = 2.0;
/// What may be left, at most, of all counterparts but the one that lost most.
const REST: f64 = 0.6;
/// Share of what is missing that must have come up elsewhere to call it a move, and ln of the odds of it.
const MOVED: (f64, f64) = (0.3, 1.25);
/// Days before the last one in which a person hands over.
const LEAVING: i32 = 183;
/// Share of what is missing that must have come up between the same clients and colleagues to call it handed over.
const HANDED: f64 = 0.5;

/// A fall that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Fall {
    /// First and last day.
    days: (i32, i32),
    /// The step.
    step: Step,
    /// What is left of the level.
    left: f64,
    /// Messages expected and found on these days.
    expected: f64,
    found: f64,
    /// Standard error of the logarithm of the expected number.
    error: f64,
}

/// What else was looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Around {
    /// Counterparts before, and what is left of all but the one that lost most.
    counterparts: usize,
    rest: f64,
    /// What is left of the person's other channels.
    others: f64,
    /// Rise there to what is missing here.
    index: f64,
    /// Whether it most likely moved.
    moved: bool,
}

/// Drops of all streams. `known`: gaps found already, whose days say nothing of a level.
#[must_use]
pub fn drafts(context: &Context, lines: &[Line], pairs: &Pairs, known: &[Draft]) -> Vec<Draft> {
    let mut out = Vec::new();
    let (mut calendars, mut people) = (Kept::default(), Kept::default());
    for line in lines {
        // Of a stream that cannot be tested for silence nothing finer is said.
        let tested = |s: &&Stream| !line.untestable && s.messages() as f64 >= FEWEST;
        let Some(stream) = context.streams.get(line.custodian, line.channel).filter(tested) else { continue };
        let calendar = calendars.of(line.custodian, || Calendar::new(context, line.custodian));
        if !calendar.falls(&stream.cells) || !context.streams.has_other_channel(line.custodian, line.channel) {
            continue;
        }
        let person = people.of(line.custodian, || Person::new(context, line.custodian));
        let silent = known.iter().filter(|d| d.takes_days && d.channel == line.channel && d.custodian.is_none_or(|c| c == line.custodian));
        let silent = Days::of(silent.filter_map(|d| d.from.zip(d.to)));
        let part = |c: u32| context.talks.get(c).is_some_and(|t| t.employees.binary_search(&line.custodian).is_ok());
        let told = |found: &Draft| {
            let days = (found.from.unwrap_or(i32::MIN), found.to.unwrap_or(i32::MAX));
            known.iter().any(|d| d.explains((line.custodian, line.channel), days, part))
        };
        out.extend(of_stream(context, pairs, stream, person, &silent).filter(|d| !told(d)));
    }
    out
}

/// Business days of a person, by week.
struct Calendar {
    first: i32,
    /// Business days without leave in each week from the first.
    days: Vec<f64>,
}

impl Calendar {
    fn new(context: &Context, custodian: u32) -> Self {
        let leave = context.parties.custodians.get(custodian as usize).map(|c| &c.leave);
        let calendar = context.calendar_of(custodian);
        let (first, last) = context.streams.ends(custodian).map_or((0, -1), |(first, last)| (time::week_start(first), last));
        let away = |a: i32, b: i32| leave.map_or(0, |l| calendar.count_in(&l.intersection(&Days::span(a, b))));
        let week = |from: i32| calendar.count(from, from + 6).saturating_sub(away(from, from + 6)) as f64;
        let days = (first..=last).step_by(7).map(week).collect();
        Self { first, days }
    }

    /// Whether the plain counts of weeks fall anywhere: most streams need no second look.
    fn falls(&self, cells: &[Cell]) -> bool {
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return false };
        let week = |day: i32| usize::try_from((day - self.first).div_euclid(7)).unwrap_or(0);
        let (from, to) = (week(first.day), week(last.day) + 1);
        let mut sums = vec![(0.0, 0.0)];
        let mut counts = vec![0.0; to.saturating_sub(from)];
        for cell in cells {
            if let Some(slot) = counts.get_mut(week(cell.day).saturating_sub(from)) {
                *slot += f64::from(cell.count);
            }
        }
        let mut sum = (0.0, 0.0);
        for (count, days) in counts.iter().zip(self.days.get(from..).unwrap_or_default()) {
            sum = (sum.0 + count, sum.1 + days);
            sums.push(sum);
        }
        let within = |a: usize, b: usize| {
            let (x, y) = (sums.get(a).copied().unwrap_or_default(), sums.get(b.min(sums.len() - 1)).copied().unwrap_or_default());
            (y.0 - x.0, y.1 - x.1)
        };
        (LEAST..counts.len().saturating_sub(LEAST)).any(|at| {
            let (before, after) = (within(at.saturating_sub(REACH.0), at), within(at, at + REACH.1));
            before.0 >= FEWEST && after.0 * before.1 <= GLANCE * before.0 * after.1
        })
    }
}

/// The days of a stream on which the person could have written.
struct Traffic {
    days: Vec<Day>,
}

#[derive(Clone, Copy)]
struct Day {
    day: i32,
    here: f64,
    elsewhere: f64,
    present: f64,
}

impl Traffic {
    fn new(context: &Context, stream: &Stream, person: &Person, silent: &Days) -> Self {
        let (Some(first), Some(last)) = (stream.cells.first(), stream.cells.last()) else { return Self { days: Vec::new() } };
        let life = person.life(stream.channel);
        let inside = |day: i32| (first.day..=last.day).contains(&day) && !silent.has(day);
        let (days, life): (Vec<i32>, Vec<Life>) = person.days.iter().copied().zip(life).filter(|(d, _)| inside(*d)).unzip();
        let counts = |cell: &Cell| (cell.day, f64::from(cell.count));
        let here = streams::laid(&days, stream.cells.iter().map(counts));
        let others = context.streams.of(stream.custodian).iter().filter(|s| s.channel != stream.channel);
        let elsewhere = streams::laid(&days, others.flat_map(|s| &s.cells).map(counts));
        // Whoever has a message was there.
        let present = |here: f64, life: Life| if here > 0.0 { 1.0 } else { life.present };
        let each = days.into_iter().zip(life).zip(here).zip(elsewhere);
        Self { days: each.map(|(((day, life), here), elsewhere)| Day { day, here, elsewhere, present: present(here, life) }).collect() }
    }

    /// Units of so many weeks; `of`: which messages, and how much the day counts.
    fn units(&self, weeks: i32, of: fn(&Day) -> (f64, f64)) -> Vec<Unit> {
        let start = self.days.first().map_or(0, |d| time::week_start(d.day));
        let mut out: Vec<Unit> = Vec::new();
        for day in &self.days {
            let ix = usize::try_from((day.day - start) / (7 * weeks)).unwrap_or(0);
            while out.len() <= ix {
                out.push(Unit { from: start + 7 * weeks * i32::try_from(out.len()).unwrap_or(0), ..Unit::default() });
            }
            if let Some(unit) = out.last_mut() {
                let (count, lived) = of(day);
                unit.count += count;
                unit.lived += lived;
                unit.days += 1.0;
            }
        }
        out
    }

    /// What the variance of a day's count has beyond its mean, to the square of the mean: around the level of its week, on days the person was at work.
    fn spread(&self, of: fn(&Day) -> f64) -> f64 {
        let (mut squares, mut means) = (0.0, 0.0);
        for week in self.days.chunk_by(|a, b| time::week_start(a.day) == time::week_start(b.day)) {
            let lived: Vec<f64> = week.iter().filter(|d| d.present > 0.5).map(of).collect();
            let n = lived.len() as f64;
            if n >= 3.0 {
                let mean = lived.iter().sum::<f64>() / n;
                squares += lived.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() - (n - 1.0) * mean;
                // The square of the mean of n days is too large by the nth part of their variance.
                means += (n - 1.0) * (mean * mean - mean / n).max(0.0);
            }
        }
        if means > 0.0 { (squares / means).clamp(0.0, 20.0) } else { 0.0 }
    }

    fn within(&self, from: i32, to: i32) -> (f64, f64, f64) {
        let days = self.days.iter().filter(|d| (from..=to).contains(&d.day));
        days.fold((0.0, 0.0, 0.0), |(h, e, p), d| (h + d.here, e + d.elsewhere, p + d.present))
    }
}

/// Weeks of a unit: as few as hold eight messages on average, at most four.
fn length(traffic: &Traffic) -> i32 {
    let (here, _, lived) = traffic.within(i32::MIN, i32::MAX);
    let a_week = 5.0 * here / lived.max(1.0);
    [1, 2].into_iter().find(|weeks| a_week * f64::from(*weeks) >= 8.0).unwrap_or(4)
}

/// The largest fall of a stream, if it stands out.
fn largest(traffic: &Traffic) -> Option<Fall> {
    let weeks = length(traffic);
    let units = traffic.units(weeks, |d| (d.here, d.present));
    let spread = traffic.spread(|d| d.here);
    let w = f64::from(weeks);
    let per = |n: usize| n.div_ceil(weeks as usize);
    let (reach, least) = ((per(REACH.0), per(REACH.1)), per(LEAST).max(2));
    let found = step::steps(&units, w, spread, reach, least).filter(|(at, step)| {
        let before = units.get(at.saturating_sub(reach.0)..*at).unwrap_or_default();
        step.change < ln(LEFT) && before.iter().map(|u| u.count).sum::<f64>() >= FEWEST
    });
    let (at, step) = found.min_by(|a, b| a.1.z().total_cmp(&b.1.z()))?;
    if step.z() > -STEP {
        return None;
    }
    // Whether it ends: a step up after it, back to where it was.
    let left = exp(step.change);
    let back = step::steps(units.get(at..)?, w, spread, (reach.0, reach.1), least)
        .find(|(_, up)| up.z() > STEP && up.change + step.change > ln(BACK))
        .map(|(n, _)| at + n);
    // What the level does otherwise: the same test once the fall is taken out.
    let flat: Vec<Unit> = (0..)
        .zip(&units)
        .map(|(ix, u)| if ix >= at && back.is_none_or(|b| ix < b) { Unit { lived: u.lived * left, days: u.days * left, ..*u } } else { *u })
        .collect();
    let own = step::steps(&flat, w, spread, reach, least).map(|(_, s)| s.z().abs()).fold(0.0, f64::max);
    if -step.z() < OWN * own {
        return None;
    }
    let from = units.get(at)?.from;
    let to = back.and_then(|b| units.get(b)).map_or_else(|| traffic.days.last().map_or(from, |d| d.day), |u| u.from - 1);
    let before = units.get(at.saturating_sub(reach.0)..at)?;
    let (found, _, lived) = traffic.within(from, to);
    let from = traffic.days.iter().find(|d| d.day >= from)?.day;
    let expected = step::rate(before) * lived;
    let (had, days) = before.iter().fold((0.0, 0.0), |(c, l), u| (c + u.count, l + u.lived));
    // What the level drifts by itself remains, however many messages there are.
    let error = (1.0 / had.max(1.0) + spread / days.max(1.0) + 0.04).sqrt();
    Some(Fall { days: (from, to), step, left: found / expected.max(1e-9), expected, found, error })
}

/// Whether the fall lasts: every third of its days is at a fraction of the level, and none is empty.
fn lasts(traffic: &Traffic, fall: &Fall) -> bool {
    let days: Vec<&Day> = traffic.days.iter().filter(|d| (fall.days.0..=fall.days.1).contains(&d.day)).collect();
    let all: f64 = days.iter().map(|d| d.present).sum();
    let size = days.len().div_ceil(3).max(1);
    days.chunks(size).all(|part| {
        let (found, lived) = part.iter().fold((0.0, 0.0), |(f, l), d| (f + d.here, l + d.present));
        found > 0.0 && found <= REST * fall.expected * lived / all.max(1e-9)
    })
}

/// What counterparts and other channels say; `None` where they speak against a loss, or cannot tell.
fn judged(context: &Context, pairs: &Pairs, stream: &Stream, traffic: &Traffic, fall: &Fall) -> Option<Around> {
    let (from, to) = fall.days;
    if leaves(context, stream.custodian, to) {
        return None;
    }
    let start = from - 7 * i32::try_from(REACH.0).unwrap_or(0);
    let (before, after) = (traffic.within(start, from - 1), traffic.within(from, to));
    // Counterparts: how much each had and has.
    let mine = pairs.of(stream.custodian, stream.channel);
    let each: Vec<(f64, f64)> =
        mine.iter().map(|p| (p.between(context, start, from - 1) as f64, p.between(context, from, to) as f64)).filter(|(a, b)| a + b > 0.0).collect();
    let (had, has) = each.iter().fold((0.0, 0.0), |(x, y), (a, b)| (x + a, y + b));
    let scale = after.2 / before.2.max(1e-9);
    if 2.0 * had < before.0 {
        return None;
    }
    let most = each.iter().copied().max_by(|x, y| (x.0 * scale - x.1).total_cmp(&(y.0 * scale - y.1)))?;
    let (other_had, other_has) = (had - most.0, has - most.1);
    let rest = other_has / (other_had * scale).max(1e-9);
    let bursts = 1.0 + traffic.spread(|d| d.here) * after.0 / after.2.max(1.0);
    if other_had < SOME || rest > REST || uneven(&each, bursts) > UNEVEN {
        return None;
    }
    // The other channels at the same week.
    let elsewhere = elsewhere(traffic, (start, from, to), |d| (d.elsewhere, d.present))?;
    // Somebody with less to do looks away on many days: by plain business days the other channels must not have fallen either.
    let plain = self::elsewhere(traffic, (start, from, to), |d| (d.elsewhere, 1.0))?;
    let apart = |other: &Step| (other.change - fall.step.change) / other.error.hypot(fall.step.error);
    let others = (after.1 / before.1.max(1e-9)) / scale.max(1e-9);
    let days = |from: i32, to: i32| traffic.days.iter().filter(|d| (from..=to).contains(&d.day)).count() as f64;
    let by_days = (after.1 / before.1.max(1e-9)) * days(start, from - 1) / days(from, to).max(1.0);
    if [elsewhere, plain].iter().any(|s| apart(s) < ELSEWHERE || s.change < ln(OTHERS)) || others.min(by_days) < OTHERS {
        return None;
    }
    let missing = fall.expected - fall.found;
    if handed(context, mine, traffic, (start, from, to), missing) {
        return None;
    }
    let index = (after.1 - before.1 * scale) / missing.max(1e-9);
    // As usual, or with what is missing on top.
    let moved = ln(1.0 + 0.85 * missing / (before.1 * scale).max(1e-9));
    let variance = elsewhere.error.powi(2) + 0.04;
    let odds = (elsewhere.change.powi(2) - (elsewhere.change - moved).powi(2)) / (2.0 * variance);
    Some(Around { counterparts: each.iter().filter(|e| e.0 > 0.0).count(), rest, others: by_days, index, moved: index > MOVED.0 && odds > MOVED.1 })
}

/// Whether the person is about to leave on these days: what falls then is handed over.
fn leaves(context: &Context, custodian: u32, to: i32) -> bool {
    let Some(person) = context.parties.custodians.get(custodian as usize) else { return false };
    let from = person.last_day.map(|d| d - LEAVING).into_iter().chain(person.notice).min();
    from.map_or(person.leaving, |from| to >= from)
}

/// Whether the clients of a stream write that much more with the person's colleagues: the work was handed over.
fn handed(context: &Context, mine: &[Pair], traffic: &Traffic, (start, from, to): (i32, i32, i32), missing: f64) -> bool {
    let Some(custodian) = mine.first().map(|p| p.custodian) else { return false };
    let client = |p: &Pair| if let Other::Client(c) = p.other { Some(c) } else { None };
    let clients: Vec<u32> = mine.iter().filter_map(client).collect();
    let colleagues = |t: &Talk| t.counts() && !t.employees.is_empty() && t.employees.binary_search(&custodian).is_err();
    let talks = (0u32..).zip(&context.talks.of).filter(|(_, t)| colleagues(t) && t.clients.iter().any(|c| clients.contains(c)));
    let (mut before, mut after) = (0, 0);
    for (conversation, _) in talks {
        before += rows_between(context, conversation, start, from - 1);
        after += rows_between(context, conversation, from, to);
    }
    let days = |from: i32, to: i32| traffic.days.iter().filter(|d| (from..=to).contains(&d.day)).count().max(1) as f64;
    after as f64 - before as f64 * days(from, to) / days(start, from - 1) >= HANDED * missing
}

/// The step of the person's other channels at the week of a fall.
fn elsewhere(traffic: &Traffic, (start, from, to): (i32, i32, i32), of: fn(&Day) -> (f64, f64)) -> Option<Step> {
    let units: Vec<Unit> = traffic.units(1, of).into_iter().filter(|u| u.from >= start && u.from <= to).collect();
    let at = units.iter().position(|u| u.from >= time::week_start(from))?;
    step::step(&units, at, 1.0, traffic.spread(|d| d.elsewhere))
}

/// Chi-square of what is left of each counterpart, to its degrees of freedom and the spread of counts.
fn uneven(each: &[(f64, f64)], spread: f64) -> f64 {
    let (had, has) = each.iter().fold((0.0, 0.0), |(x, y), (a, b)| (x + a, y + b));
    let share = has / (had + has).max(1e-9);
    let (mut sum, mut n) = (0.0, -1.0);
    let mut few = (0.0, 0.0);
    let mut add = |(a, b): (f64, f64)| {
        let expected = (a + b) * share;
        sum += (b - expected).powi(2) / (expected * (1.0 - share)).max(1e-9);
        n += 1.0;
    };
    for (a, b) in each {
        // Counterparts with next to nothing are taken together.
        if (a + b) * share >= 2.0 { add((*a, *b)) } else { few = (few.0 + a, few.1 + b) }
    }
    if few.0 + few.1 > 0.0 {
        add(few);
    }
    if n >= 1.0 { sum / (n * spread) } else { 0.0 }
}

fn of_stream(context: &Context, pairs: &Pairs, stream: &Stream, person: &Person, silent: &Days) -> Option<Draft> {
    let traffic = Traffic::new(context, stream, person, silent);
    let fall = largest(&traffic)?;
    if !lasts(&traffic, &fall) || fall.left > LEFT {
        return None;
    }
    let around = judged(context, pairs, stream, &traffic, &fall)?;
    Some(draft(context, stream, &fall, &around))
}

fn percent(share: f64) -> f64 {
    (share * 100.0).round().clamp(0.0, 999.0)
}

fn draft(context: &Context, stream: &Stream, fall: &Fall, around: &Around) -> Draft {
    let (from, to) = fall.days;
    let business = context.calendar_of(stream.custodian).count(from, to);
    let mut reasons = vec![
        format!(
            "From one week to the next only {} % of the records there were before, for {business} business days: {:.0} instead of about {:.0}",
            percent(fall.left),
            fall.found,
            fall.expected
        ),
        format!(
            "The step is {:.1} times what the ups and downs of this traffic explain (standard errors); its {} counterparts are thinned alike ({} % is left without the one that lost most), and the person's other channels stand at {} % of theirs",
            -fall.step.z(),
            around.counterparts,
            percent(around.rest),
            percent(around.others)
        ),
    ];
    if around.moved {
        reasons.push(format!(
            "On other channels the person's records rose by {} % of what is absent here: the traffic most likely moved there",
            percent(around.index)
        ));
    }
    let benign = vec![
        Benign::new("less_work", "Less work", format!("other channels of the person at {} % of the weeks before", percent(around.others)), "not_excluded"),
        Benign::new(
            "client_ended",
            "A relation that ended",
            format!("{} % is left of all counterparts but the one that lost most", percent(around.rest)),
            "excluded",
        ),
        Benign::new(
            "channel_moved",
            "Moved to another channel",
            format!("the person's records on other channels changed by {:.0} % of what is absent here", around.index.clamp(-9.99, 9.99) * 100.0),
            if around.moved || around.index > MOVED.0 { "not_excluded" } else { "excluded" },
        ),
        Benign::new("habit", "Other habits", "people also use a channel less without any reason on record", "not_excluded"),
    ];
    let missing = |factor: f64| (fall.expected * factor - fall.found).max(0.0);
    let off = exp(1.96 * fall.error);
    let rows = [stream.before(from).map(|c| c.last.1), stream.after(from - 1).map(|c| c.first.1), stream.before(to + 1).map(|c| c.last.1)];
    Draft {
        custodian: Some(stream.custodian),
        channel: stream.channel,
        class: if around.moved { 'U' } else { 'B' },
        kind: if around.moved { "level_drop_moved" } else { "level_drop" },
        from: Some(from),
        to: Some(to),
        estimate: Some((missing(1.0 / off), missing(1.0), missing(off))),
        // As often as such a drop was right in the laboratory (docs/quality.md).
        confidence: if around.moved { 0.3 } else { 0.7 },
        client: stream.client_near(from, to),
        reasons,
        benign,
        evidence: places::rows(context.dataset, rows.into_iter().flatten()),
        ..Draft::default()
    }
}

#[cfg(test)]
mod tests;
