//! Moved or lost: whether the people somebody wrote with on a silent channel were written with that much more on another channel. Both are
//! likelihoods of what each of the other channels carried: day by day its usual negative binomial counts alone, or with the expected messages of
//! the silent channel on top of them (6.2 of the method notes, with all days instead of two sums: a day without a word elsewhere speaks strongly
//! against a move, however noisy the channel is), and person by person its usual shares, or these mixed with the shares of the silent channel
//! (who is written with on this channel only is suddenly written with on that one). Each channel is judged apart, so that a busy one does not
//! hide what a quiet one shows; the odds are the mean over the channels, so that many channels make no move more likely.

use crate::math::{exp, ln, pow};
use std::collections::BTreeMap;

use super::Context;
use super::conversations::Talk;
use super::silence::{Run, Series, overdispersion};

/// Days before and after the silence from which the usual traffic is taken.
const AROUND: i32 = 45;
/// Shares of the traffic of the silent channel that may have moved.
const SHARES: [f64; 3] = [0.6, 0.85, 1.0];
/// Levels of the other channels in those weeks against the weeks around, as logarithms, and how likely each is.
const LEVELS: [(f64, f64); 5] = [(-0.39, 0.12), (-0.18, 0.23), (0.0, 0.3), (0.18, 0.23), (0.39, 0.12)];
/// ln of the odds from which the silence is taken for a move.
const ODDS: f64 = 2.5;
/// Days of a silence that speak for themselves: levels drift and sessions last, so that more days say little more.
const SPEAK: f64 = 15.0;
/// Most messages of a day that are told apart.
const DAY: usize = 80;
/// Messages after which the shares of people are known no better: whom one writes with changes from month to month.
const STEADY: f64 = 20.0;
/// Most messages with one person that are told apart.
const MOST: usize = 400;

/// What the other channels say of a silence.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Move {
    /// Rise elsewhere, in messages of the same people, against what the silent channel should have carried.
    pub index: f64,
    /// ln of the odds of a move against a loss.
    pub odds: f64,
}

impl Move {
    /// Whether the traffic moved.
    #[must_use]
    pub fn likely(&self) -> bool {
        self.odds > ODDS
    }
}

/// One day of the silence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Messages elsewhere.
    pub count: usize,
    /// Usual there, when the person is at work.
    pub usual: f64,
    /// Expected on the silent channel.
    pub lost: f64,
    /// Chance that the person was at work.
    pub present: f64,
}

/// Negative binomial chances of 0 to `most`; Poisson without `k`.
fn chances(mean: f64, k: Option<f64>, most: usize) -> Vec<f64> {
    let mut out = Vec::with_capacity(most + 1);
    let mut p = k.map_or(exp(-mean), |k| pow(1.0 + mean / k, -k));
    for n in 0..=most {
        out.push(p);
        let n = n as f64;
        p *= k.map_or(mean / (n + 1.0), |k| (n + k) / (n + 1.0) * mean / (mean + k));
    }
    out
}

/// ln of the odds of a move against a loss. `there`, `here`: dispersion of the other channel and of the silent one.
fn odds(days: &[Seen], there: Option<f64>, here: Option<f64>, people: &Shares) -> f64 {
    let of_day = |seen: &Seen, level: f64, share: f64| {
        let y = seen.count.min(DAY);
        let usual = chances((seen.usual * exp(level)).max(0.01), there, y);
        let p = if share > 0.0 {
            let moved = chances((seen.lost * share).max(1e-6), here, y);
            usual.iter().zip(moved.iter().rev()).map(|(a, b)| a * b).sum()
        } else {
            usual.last().copied().unwrap_or(0.0)
        };
        let away = if y == 0 { 1.0 } else { 0.02 };
        ln((seen.present * p + (1.0 - seen.present) * away).max(1e-12))
    };
    let (usual, lost) = days.iter().fold((0.0, 0.0), |(u, l), d| (u + d.usual * d.present, l + d.lost * d.present));
    let heard = (SPEAK / days.len().max(1) as f64).min(1.0);
    let of_all = |share: f64| {
        over(LEVELS.map(|(level, weight)| {
            let part = share * lost / (share * lost + usual * exp(level)).max(1e-9);
            let whom = if share > 0.0 { people.chance(part) } else { 0.0 };
            ln(weight) + heard * days.iter().map(|seen| of_day(seen, level, share)).sum::<f64>() + whom
        }))
    };
    over(SHARES.map(of_all)) - ln(SHARES.len() as f64) - of_all(0.0) - people.chance(0.0)
}

/// ln of a sum of exponentials.
fn over<const N: usize>(logs: [f64; N]) -> f64 {
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    top + ln(logs.iter().map(|l| exp(l - top)).sum::<f64>())
}

/// The others in a conversation of few: clients, then colleagues.
fn others(talk: &Talk, custodian: u32) -> impl Iterator<Item = (bool, u32)> + '_ {
    let colleagues = talk.employees.iter().filter(move |e| **e != custodian).map(|e| (false, *e));
    talk.clients.iter().map(|c| (true, *c)).chain(colleagues)
}

/// What another channel carried of the people of the silent one.
#[derive(Debug, Clone, Default)]
struct Other {
    /// Messages of each day.
    days: BTreeMap<i32, f64>,
    /// Messages with each of these people in the weeks around the silence, and in it.
    people: Vec<(f64, f64)>,
}

impl Other {
    fn add(&mut self, person: usize, day: i32, run: &Run) {
        *self.days.entry(day).or_default() += 1.0;
        if let Some((around, within)) = self.people.get_mut(person) {
            *(if (run.from..=run.to).contains(&day) { within } else { around }) += 1.0;
        }
    }
}

/// What the other channels say of a silence of this person.
#[must_use]
pub fn judged(context: &Context, (custodian, channel): (u32, u16), series: &Series, run: &Run) -> Move {
    let (from, to) = (run.from - AROUND, run.to + AROUND);
    let counted = |conversation: u32, mut count: Box<dyn FnMut(i32) + '_>| {
        let rows = context.dataset.rows_of(conversation);
        let days = context.days.get(rows.clone()).unwrap_or_default();
        let first = days.partition_point(|d| *d < from);
        for (row, day) in rows.zip(days).skip(first).take_while(|(_, d)| **d <= to) {
            if context.is_message(row) {
                count(*day);
            }
        }
    };
    let mine = || (0u32..).zip(&context.talks.of).filter(|(_, t)| t.counts() && t.few && t.employees.binary_search(&custodian).is_ok());
    let mut people: BTreeMap<(bool, u32), f64> = BTreeMap::new();
    for (conversation, talk) in mine().filter(|(_, t)| t.channel == channel) {
        let mut messages = 0.0;
        counted(conversation, Box::new(|_| messages += 1.0));
        if messages > 0.0 {
            others(talk, custodian).for_each(|o| *people.entry(o).or_default() += messages);
        }
    }
    let known: Vec<((bool, u32), f64)> = people.into_iter().collect();
    let mut there: BTreeMap<u16, Other> = BTreeMap::new();
    for (conversation, talk) in mine().filter(|(_, t)| t.channel != channel) {
        // Of several people in a conversation the one with most messages on the silent channel stands for it.
        let of = others(talk, custodian).filter_map(|o| known.binary_search_by_key(&o, |(k, _)| *k).ok());
        let busiest = of.max_by(|a, b| messages_of(&known, *a).total_cmp(&messages_of(&known, *b)).then(b.cmp(a)));
        if let Some(person) = busiest {
            let other = there.entry(talk.channel).or_insert_with(|| Other { people: vec![(0.0, 0.0); known.len()], ..Other::default() });
            counted(conversation, Box::new(|day| other.add(person, day, run)));
        }
    }
    let shares: Vec<f64> = known.iter().map(|(_, n)| *n).collect();
    if there.is_empty() {
        // Nowhere else a word of these people: nothing moved.
        return weighed(series, run, &shares, &Other::default());
    }
    together(&there.values().map(|other| weighed(series, run, &shares, other)).collect::<Vec<_>>())
}

fn messages_of(known: &[((bool, u32), f64)], ix: usize) -> f64 {
    known.get(ix).map_or(0.0, |(_, n)| *n)
}

/// The channels together: the mean of their odds, and the rise of the one that speaks most for a move.
fn together(channels: &[Move]) -> Move {
    let Some(best) = channels.iter().copied().max_by(|a, b| a.odds.total_cmp(&b.odds)) else { return Move::default() };
    let sum: f64 = channels.iter().map(|m| exp(m.odds - best.odds)).sum();
    Move { index: best.index, odds: best.odds + ln(sum / channels.len() as f64) }
}

/// Whom the messages of the silence are with, on one other channel.
struct Shares<'a> {
    /// Messages with each person on the silent channel.
    here: &'a [f64],
    /// On the other: around the silence, and in it.
    there: &'a [(f64, f64)],
    here_all: f64,
    there_all: f64,
}

impl<'a> Shares<'a> {
    fn new(here: &'a [f64], there: &'a [(f64, f64)]) -> Self {
        Self { here, there, here_all: here.iter().sum(), there_all: there.iter().map(|(around, _)| around).sum() }
    }

    /// ln of the chance of the people of the messages in the silence when this part of them moved from the silent channel: Dirichlet and
    /// multinomial, with one message of prior spread over all.
    fn chance(&self, moved: f64) -> f64 {
        let each = 1.0 / self.here.len().max(1) as f64;
        let seen = moved * self.here_all + (1.0 - moved) * self.there_all + 1.0;
        let firm = 1.0 / (1.0 / seen + 1.0 / STEADY);
        let (mut log, mut all) = (0.0, 0usize);
        for (here, (around, within)) in self.here.iter().zip(self.there) {
            let share = moved * (here + each) / (self.here_all + 1.0) + (1.0 - moved) * (around + each) / (self.there_all + 1.0);
            let n = (*within as usize).min(MOST);
            log += rising(firm * share, n);
            all += n;
        }
        log - rising(firm, all)
    }
}

/// ln of `a (a + 1) ... (a + n - 1)`.
fn rising(a: f64, n: usize) -> f64 {
    (0..n).map(|i| ln(a + i as f64)).sum()
}

/// The same for one person written with, from the messages of each day on another channel.
#[must_use]
pub fn of_pair(series: &Series, run: &Run, days: BTreeMap<i32, f64>) -> Move {
    let mut people = vec![(0.0, 0.0)];
    for (day, count) in days.iter().filter(|(d, _)| (run.from - AROUND..=run.to + AROUND).contains(*d)) {
        if let Some((around, within)) = people.first_mut() {
            *(if (run.from..=run.to).contains(day) { within } else { around }) += count;
        }
    }
    weighed(series, run, &[1.0], &Other { days, people })
}

/// The same from the messages of another channel.
fn weighed(series: &Series, run: &Run, people: &[f64], other: &Other) -> Move {
    let at = |day: i32| other.days.get(&day).copied().unwrap_or(0.0);
    let around: Vec<(f64, f64)> =
        series.between(run.from - AROUND, run.from - 1).chain(series.between(run.to + 1, run.to + AROUND)).map(|(day, _, p)| (at(day), p)).collect();
    let (n, lived) = (around.len() as f64, around.iter().map(|(_, p)| p).sum::<f64>());
    let silent: Vec<(i32, f64, f64)> = series.between(run.from, run.to).collect();
    let present: f64 = silent.iter().map(|(_, _, p)| p).sum();
    if lived < 5.0 || present <= 0.0 || run.volume <= 0.0 {
        return Move::default();
    }
    let (sum, squares) = around.iter().fold((0.0, 0.0), |(s, q), (y, _)| (s + y, q + y * y));
    let mean = sum / n;
    let dispersion = overdispersion(mean, (squares - n * mean * mean) / (n - 1.0).max(1.0));
    let usual = sum / lived;
    let per_day = run.volume / present;
    let days: Vec<Seen> =
        silent.iter().map(|(day, weight, present)| Seen { count: at(*day) as usize, usual, lost: per_day * weight, present: *present }).collect();
    let rise = silent.iter().map(|(day, _, _)| at(*day)).sum::<f64>() - usual * present;
    Move { index: rise / run.volume, odds: odds(&days, dispersion, series.rate(0, 0).1, &Shares::new(people, &other.people)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(counts: &[usize]) -> Vec<Seen> {
        counts.iter().map(|count| Seen { count: *count, usual: 2.0, lost: 3.0, present: 1.0 }).collect()
    }

    fn alone(days: &[Seen], there: Option<f64>, here: Option<f64>) -> f64 {
        odds(days, there, here, &Shares::new(&[9.0], &[(9.0, 9.0)]))
    }

    #[test]
    fn a_rise_by_what_is_missing_is_a_move_and_business_as_usual_is_none() {
        assert!(alone(&days(&[5, 4, 6, 5, 7, 4, 5, 3, 6, 5]), Some(2.0), Some(2.0)) > ODDS);
        assert!(alone(&days(&[2, 1, 3, 0, 2, 4, 1, 2, 0, 3]), Some(2.0), Some(2.0)) < -2.0);
    }

    #[test]
    fn who_is_written_with_here_only_and_then_there_has_moved() {
        // A rise that the usual level of the other channel explains as well.
        let seen = days(&[3, 4, 3, 5, 4, 3, 4, 3, 4, 4]);
        let here = [20.0, 20.0, 5.0];
        let strangers = odds(&seen, Some(1.0), Some(1.0), &Shares::new(&here, &[(60.0, 17.0), (0.0, 16.0), (0.0, 4.0)]));
        let usual = odds(&seen, Some(1.0), Some(1.0), &Shares::new(&here, &[(60.0, 37.0), (0.0, 0.0), (0.0, 0.0)]));
        assert!(strangers > 5.0 && usual < -2.0, "{strangers} {usual}");
    }

    #[test]
    fn channels_are_judged_apart() {
        let of = |odds: f64| Move { index: 1.0, odds };
        assert!((together(&[of(3.0), of(3.0)]).odds - 3.0).abs() < 1e-9);
        let one = together(&[of(3.0), of(-8.0)]).odds;
        assert!((one - (3.0 - ln(2.0))).abs() < 1e-3, "{one}");
        assert_eq!(together(&[]), Move::default());
    }

    #[test]
    fn days_away_say_nothing() {
        let away: Vec<Seen> = days(&[0; 10]).into_iter().map(|d| Seen { present: 0.0, ..d }).collect();
        assert!(alone(&away, Some(2.0), None).abs() < 1e-9);
        assert!(alone(&[], None, None).abs() < 1e-9);
    }

    #[test]
    fn chances_make_one() {
        for k in [None, Some(0.5), Some(3.0)] {
            assert!((chances(2.0, k, 400).iter().sum::<f64>() - 1.0).abs() < 1e-6);
        }
    }
}
