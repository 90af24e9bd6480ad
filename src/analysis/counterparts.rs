//! One counterpart: business days on which nothing of one counterpart stands on a channel, while the person wrote, the counterpart wrote elsewhere, and
//! the rest of the channel went on. Only pairs that write enough to be told, with traffic on both sides of the silence. The test is that of whole
//! streams (`silence`), a day counting as far as both were at work; the score must be rare among the pauses of all counterparts of the person on the
//! channel, since relations that come and go do so in one stream; its level is stricter, and it is corrected over all pauses of all pairs, a family of
//! its own.

use std::collections::BTreeMap;

use super::coverage::{self, Line};
use super::gaps::Draft;
use super::kept::Kept;
use super::migration;
use super::pairs::{Other, Pair, Pairs, sent};
use super::parties::Voice;
use super::pauses::Pauses;
use super::silence::{self, Life, Run, Series};
use super::silences::Person;
use super::streams::{self, Cell};
use super::{Context, places, presence};
use crate::model::answer::Benign;

/// Messages a pair needs to be looked at.
const FEWEST: usize = 40;
/// A silence needs this many messages expected: the score is never more than that.
const EXPECTED: f64 = 11.0;
/// Level of the test: the policy's, times this.
const STRICTER: f64 = 0.1;
/// What the other counterparts of the channel must have written on these days, to their usual.
const REST: f64 = 0.5;
/// Days on each side from which that is taken.
const AROUND: i32 = 45;
/// Business days of the longest silence that is told: relations that rest for more than a quarter are no rarity.
const LONGEST: u32 = 65;
/// One day in so many, at least, the counterpart must be seen elsewhere: one who has less to say everywhere is no loss.
const SEEN: u32 = 4;
/// Weekdays without a word from which a pause counts among the tests.
const PAUSE: i32 = 4;

/// A silence that passed, before the correction.
struct Found<'a> {
    pair: &'a Pair,
    run: Run,
    /// Share of the usual traffic of the other counterparts.
    rest: f64,
}

/// Silences of single counterparts. `known`: gaps found already, which take precedence.
#[must_use]
pub fn drafts(context: &Context, lines: &[Line], pairs: &Pairs, known: &[Draft]) -> Vec<Draft> {
    let alpha = context.alpha() * STRICTER;
    let (mut found, mut tests) = (Vec::new(), 0usize);
    let mut people = People { context, pairs, last: Kept::default(), elsewhere: BTreeMap::new() };
    for group in pairs.streams().filter(|g| g.len() > 1) {
        // Of a stream that cannot be tested for silence nothing finer is said.
        let tested = |p: &&Pair| coverage::line(lines, p.custodian, p.channel).is_some_and(|l| !l.untestable);
        let Some(first) = group.first().filter(tested) else { continue };
        let days: Vec<(&Pair, Vec<(i32, u32)>)> = group.iter().filter(|p| rows(context, p) >= FEWEST).map(|p| (p, p.days(context))).collect();
        tests += days.iter().map(|(_, d)| pauses(d)).sum::<usize>();
        let Some(cells) = context.streams.get(first.custodian, first.channel).map(|s| s.cells.as_slice()) else { continue };
        let open = |span: (i32, i32), mine: &[(i32, u32)]| rest(cells, mine, span).filter(|r| *r >= REST);
        if days.iter().any(|(p, d)| told(p) && gaps(d).any(|span| open(span, d).is_some())) {
            found.extend(of_group(&mut people, &days, alpha, open));
        }
    }
    let p: Vec<f64> = found.iter().map(|f| f.run.p()).chain(std::iter::repeat(1.0)).take(tests.max(found.len())).collect();
    let q = silence::q_values(&p);
    let stands = |f: &Found, q: f64| q <= silence::Q && !spoken(known, f);
    found.iter().zip(q).filter(|(f, q)| stands(f, *q)).map(|(f, q)| draft(context, f, q)).collect()
}

fn rows(context: &Context, pair: &Pair) -> usize {
    pair.conversations.iter().map(|c| context.dataset.rows_of(*c).len()).sum()
}

/// Whether the life of the counterpart can be seen, and the pair is not told from the other side.
const fn told(pair: &Pair) -> bool {
    match pair.other {
        Other::Client(_) => true,
        Other::Colleague(c) => c > pair.custodian,
        Other::Unlisted(_) => false,
    }
}

/// Pauses of two business days or more, about.
fn pauses(days: &[(i32, u32)]) -> usize {
    days.windows(2).filter(|w| matches!(w, [a, b] if b.0 - a.0 >= PAUSE)).count()
}

/// Messages per calendar day.
fn rate(days: &[(i32, u32)]) -> f64 {
    let all: u64 = days.iter().map(|d| u64::from(d.1)).sum();
    let (first, last) = (days.first().map_or(0, |d| d.0), days.last().map_or(0, |d| d.0));
    all as f64 / f64::from(last - first + 1)
}

/// First and last day of the silences of a pair that are longer than a plain look allows.
fn gaps(days: &[(i32, u32)]) -> impl Iterator<Item = (i32, i32)> + '_ {
    // The traffic may have been denser around the silence than on average.
    let needed = EXPECTED / 3.0 / rate(days).max(1e-9);
    days.windows(2).filter_map(move |w| match w {
        [a, b] if f64::from(b.0 - a.0 - 1) >= needed => Some((a.0 + 1, b.0 - 1)),
        _ => None,
    })
}

/// What the other counterparts of the stream wrote on the days of a silence, to what they wrote around it. The first and last day of the silence may
/// lie on a weekend: both are counted by the calendar.
fn rest(cells: &[Cell], mine: &[(i32, u32)], (from, to): (i32, i32)) -> Option<f64> {
    let all = |from: i32, to: i32| {
        let (a, b) = (cells.partition_point(|c| c.day < from), cells.partition_point(|c| c.day <= to));
        cells.get(a..b).unwrap_or_default().iter().map(|c| f64::from(c.count)).sum::<f64>()
    };
    let of_pair = |from: i32, to: i32| {
        let (a, b) = (mine.partition_point(|d| d.0 < from), mine.partition_point(|d| d.0 <= to));
        mine.get(a..b).unwrap_or_default().iter().map(|d| f64::from(d.1)).sum::<f64>()
    };
    let others = |from: i32, to: i32| (all(from, to) - of_pair(from, to)).max(0.0);
    let usual = (others(from - AROUND, from - 1) + others(to + 1, to + AROUND)) / f64::from(2 * AROUND) * f64::from(to - from + 1);
    (usual >= 3.0).then(|| others(from, to) / usual)
}

/// What is known of people, kept while their streams are gone through.
struct People<'a> {
    context: &'a Context<'a>,
    pairs: &'a Pairs,
    /// The custodian at hand: business days, and life on them by all channels.
    last: Kept<u32, (Person, Vec<Life>)>,
    /// Conversations of clients that were asked for.
    elsewhere: BTreeMap<u32, Vec<u32>>,
}

impl People<'_> {
    fn of(&mut self, custodian: u32) -> &(Person, Vec<Life>) {
        let context = self.context;
        self.last.of(custodian, || {
            let person = Person::new(context, custodian);
            // Whoever writes to others on the same channel is at work too.
            let life = person.life(u16::MAX);
            (person, life)
        })
    }

    /// How many messages the counterpart itself wrote on each of these days on other channels, or to others: of a client only those who write for it in
    /// this pair's conversations, since their colleagues are at work while they are on leave; and no machine's answers, which come during leave.
    fn seen(&mut self, pair: &Pair, days: &[i32]) -> Vec<f64> {
        let context = self.context;
        match pair.other {
            Other::Client(client) => {
                let writers = writers(context, pair, client);
                if writers.is_empty() {
                    return vec![0.0; days.len()];
                }
                if self.elsewhere.is_empty() {
                    for (conversation, talk) in (0u32..).zip(&context.talks.of).filter(|(_, t)| t.counts()) {
                        talk.clients.iter().for_each(|c| self.elsewhere.entry(*c).or_default().push(conversation));
                    }
                }
                let own = self.pairs.all_of(pair.custodian).iter().filter(|p| p.other == pair.other && p.channel != pair.channel);
                let mine = |c: &&u32| context.talks.get(**c).is_some_and(|t| t.employees.binary_search(&pair.custodian).is_ok());
                let others = self.elsewhere.get(&client).into_iter().flatten().filter(|c| !mine(c));
                let sent = own.flat_map(|p| &p.conversations).chain(others).flat_map(|c| sent(context, *c));
                let theirs = sent.filter(|(_, sender)| writer(context, *sender, client).is_some_and(|w| writers.contains(&w)));
                streams::laid(days, theirs.map(|(day, _)| (day, 1.0)))
            }
            Other::Colleague(colleague) => {
                let mut seen = vec![0.0; days.len()];
                for (_, counts) in context.streams.written_on(colleague, days).iter().filter(|(channel, _)| *channel != pair.channel) {
                    seen.iter_mut().zip(counts).for_each(|(s, c)| *s += c);
                }
                seen
            }
            Other::Unlisted(_) => vec![0.0; days.len()],
        }
    }
}

/// Who wrote it, if it is one who writes for this client.
fn writer(context: &Context, handle: u32, client: u32) -> Option<Voice> {
    context.parties.voice(handle).filter(|_| context.parties.client(handle) == Some(client))
}

/// Who writes for the client in a pair's conversations: half of what the client wrote there, at least. Who now and then stands in shows nothing.
fn writers(context: &Context, pair: &Pair, client: u32) -> Vec<Voice> {
    let mut by: BTreeMap<Voice, usize> = BTreeMap::new();
    for (_, sender) in pair.conversations.iter().flat_map(|c| sent(context, *c)) {
        if let Some(writer) = writer(context, sender, client) {
            *by.entry(writer).or_default() += 1;
        }
    }
    let all: usize = by.values().sum();
    by.into_iter().filter(|(_, n)| 2 * n >= all).map(|(writer, _)| writer).collect()
}

/// Silences of the pairs of one stream that are out of the ordinary there.
fn of_group<'a>(
    people: &mut People,
    days: &[(&'a Pair, Vec<(i32, u32)>)],
    alpha: f64,
    open: impl Fn((i32, i32), &[(i32, u32)]) -> Option<f64>,
) -> Vec<Found<'a>> {
    let (mut runs, mut scores, mut active) = (Vec::new(), Vec::new(), 0);
    for (ix, (pair, mine)) in days.iter().enumerate() {
        let (person, life) = people.of(pair.custodian);
        let (first, last) = (mine.first().map_or(0, |d| d.0), mine.last().map_or(-1, |d| d.0));
        let (a, b) = (person.days.partition_point(|d| *d < first), person.days.partition_point(|d| *d <= last));
        let on: Vec<i32> = person.days.get(a..b).unwrap_or_default().to_vec();
        let at_work: Vec<Life> = life.get(a..b).unwrap_or_default().to_vec();
        let counts = streams::laid(&on, mine.iter().map(|(day, count)| (*day, f64::from(*count))));
        // Without a long pause there is nothing to tell, and no need to look for the counterpart.
        let seen = if told(pair) && gaps(mine).next().is_some() { people.seen(pair, &on) } else { Vec::new() };
        let there = presence::present(presence::evidence(&seen).into_iter());
        let heard = |ix: usize| seen.get(ix).is_some_and(|s| *s > 0.0);
        // Without a word of the counterpart elsewhere nothing shows that there was anything to write.
        let both = |(ix, life): (usize, &Life)| Life { present: life.present * there.get(ix).copied().unwrap_or(1.0), wrote: life.wrote && heard(ix) };
        let series = Series::new(on, counts, at_work.iter().enumerate().map(both).collect()).with_records(mine.iter().map(|d| d.0));
        let (found, _) = series.runs();
        active += mine.len();
        scores.extend(found.iter().map(|r| r.life));
        let visible = told(pair) && seen.iter().any(|s| *s > 0.0);
        runs.extend(found.into_iter().filter(|run| visible && run.alarms(alpha)).map(|run| (ix, run, series.clone())));
    }
    let pooled = Pauses::new(scores, active);
    let mut out = Vec::new();
    for (ix, run, series) in runs {
        let Some((pair, mine)) = days.get(ix) else { continue };
        let run = Run { pause: run.pause.max(pooled.tail(Some(run.life)).p(run.life)), ..run };
        let short = run.days <= LONGEST && SEEN * run.alive >= run.days;
        let Some(rest) = open((run.from, run.to), mine).filter(|_| short && run.alarms(alpha)) else { continue };
        if !moved(people, pair, &series, &run) {
            out.push(Found { pair, run, rest });
        }
    }
    out
}

/// Whether the pair wrote that much more on other channels.
fn moved(people: &People, pair: &Pair, series: &Series, run: &Run) -> bool {
    let mut there: BTreeMap<u16, BTreeMap<i32, f64>> = BTreeMap::new();
    for other in people.pairs.all_of(pair.custodian).iter().filter(|p| p.other == pair.other && p.channel != pair.channel) {
        for (day, count) in other.days(people.context) {
            *there.entry(other.channel).or_default().entry(day).or_default() += f64::from(count);
        }
    }
    there.into_values().any(|days| migration::of_pair(series, run, days).likely())
}

/// Whether a gap of the whole stream was found on these days already, or proof of a loss, or its reason, that may well be this one.
fn spoken(known: &[Draft], found: &Found) -> bool {
    let (pair, run) = (found.pair, &found.run);
    let whole = |d: &Draft| d.channel == pair.channel && d.custodian.is_none_or(|c| c == pair.custodian) && d.class != 'U' && d.takes_days;
    known.iter().any(|d| {
        let mostly = d.from.zip(d.to).is_some_and(|(a, b)| 2 * (b.min(run.to) - a.max(run.from) + 1) > run.to - run.from);
        whole(d) && mostly || d.explains((pair.custodian, pair.channel), (run.from, run.to), |c| pair.conversations.contains(&c))
    })
}

fn draft(context: &Context, found: &Found, q: f64) -> Draft {
    let Found { pair, run, rest } = found;
    let usual = (rest * 100.0).round().clamp(0.0, 999.0);
    let reasons = vec![
        format!(
            "No record with one counterpart on {} business days, while that counterpart is seen elsewhere on {} of them and the others on this channel at {usual} % of their usual",
            run.days, run.alive
        ),
        format!("Of silences between two that stand out as much as this one, {}", super::chance::rate_words(q)),
    ];
    let benign = vec![
        Benign::new(
            "leave",
            "Leave",
            format!("the counterpart is seen elsewhere on {} of {} business days", run.alive, run.days),
            if 2 * run.alive >= run.days { "excluded" } else { "not_excluded" },
        ),
        Benign::new(
            "client_ended",
            "A relation that rests",
            "it is resumed after the silence; whether there was anything to write meanwhile cannot be seen",
            "not_excluded",
        ),
        Benign::new("channel_moved", "Moved to another channel", "the two did not write more on other channels meanwhile", "excluded"),
    ];
    let spread = 1.96 * run.spread;
    let one = if let [one] = pair.conversations.as_slice() { Some(*one) } else { None };
    Draft {
        custodian: Some(pair.custodian),
        channel: pair.channel,
        conversation: one,
        class: 'B',
        kind: "counterpart_silence",
        from: Some(run.from),
        to: Some(run.to),
        estimate: Some(((run.volume - spread).max(0.0), run.volume, run.volume + spread)),
        // As often as such a silence was right in the laboratory (docs/quality.md).
        confidence: 0.9,
        client: matches!(pair.other, Other::Client(_)),
        reasons,
        benign,
        evidence: places::rows(context.dataset, pair.around(context, run.from, run.to).into_iter().flatten()),
        ..Draft::default()
    }
}

#[cfg(test)]
mod tests;
