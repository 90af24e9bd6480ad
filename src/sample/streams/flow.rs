//! Who writes when: the messages of one person on one channel before anything is taken out.

use super::Family;
use super::office::Office;
use crate::math::{exp, pow};
use crate::sample::random::Random;
use crate::time::weekday;

/// A message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Note {
    /// Day.
    pub day: i32,
    /// Minute of the day.
    pub minute: u16,
    /// Counterpart, by number.
    pub with: u8,
    /// Written by the person; else received.
    pub out: bool,
}

/// The shape of one stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Messages a business day, about.
    pub rate: f64,
    /// Dispersion of a day's level.
    pub k: f64,
    /// Family.
    pub family: Family,
    /// Counterparts.
    pub contacts: u8,
}

/// Level with mean 1 and shape `k`, also below 1.
fn level(random: &mut Random, k: f64) -> f64 {
    if k >= 1.0 { random.level(k) } else { random.level(k + 1.0) * (k + 1.0) / k * pow(random.unit().max(1e-300), 1.0 / k) }
}

/// Weight of every day from the first to the last: weekday, a level that drifts from week to week, next to nothing on days off.
fn weights(office: &Office, random: &mut Random) -> Vec<f64> {
    let profile: Vec<f64> = [1.05, 1.1, 1.1, 1.0, 0.75].iter().map(|w| w * random.unit().mul_add(0.3, 0.85)).collect();
    let (mut drift, mut out) = (random.normal() * 0.33, Vec::new());
    for day in office.first..=office.last {
        let weekday = weekday(day);
        if weekday == 0 {
            drift = 0.8 * drift + 0.2 * random.normal();
        }
        let base = if office.holidays.binary_search(&day).is_ok() { 0.08 } else { profile.get(usize::from(weekday)).copied().unwrap_or(0.03) };
        out.push(base * exp(drift - 0.055));
    }
    out
}

/// A pause with mean 1: a power law whose longest values are cut off.
fn pause(random: &mut Random) -> f64 {
    loop {
        // Lomax with exponent 2: density falls as the third power.
        let x = 0.8 * (pow(1.0 - random.unit(), -0.5) - 1.0);
        if random.chance(exp(-x / 8.0)) {
            return x * 1.6;
        }
    }
}

/// Times, in units of weight, of a stream with so many messages to a unit.
fn times(shape: &Shape, total: f64, random: &mut Random) -> Vec<f64> {
    let mut out = Vec::new();
    match shape.family {
        Family::Pauses => {
            // Sessions of three messages on average.
            let gap = 3.0 / shape.rate;
            let mut at = gap * random.unit();
            while at < total {
                out.push(at);
                while random.chance(2.0 / 3.0) {
                    out.push(at + 0.01 * random.unit());
                }
                at += gap * pause(random);
            }
        }
        _ => {
            // Each message begets 0.7 others, a day later on average.
            let first = random.poisson(0.3 * shape.rate * total);
            let mut open: Vec<f64> = (0..first).map(|_| random.unit() * total).collect();
            while let Some(at) = open.pop() {
                out.push(at);
                for _ in 0..random.poisson(0.7) {
                    let next = at + random.wait(1.0);
                    if next < total {
                        open.push(next);
                    }
                }
            }
        }
    }
    out
}

/// When relations of a project run: business-free share of the days each.
fn relations(shape: &Shape, days: usize, random: &mut Random) -> Vec<Vec<(usize, usize)>> {
    let one = |random: &mut Random| {
        let spells = random.between(1, 3);
        (0..spells)
            .map(|_| {
                let from = random.below(days);
                (from, from + random.between(40, 200) as usize)
            })
            .collect()
    };
    (0..shape.contacts).map(|_| one(random)).collect()
}

/// The messages of a stream, unsorted.
#[must_use]
pub fn notes(office: &Office, shape: &Shape, random: &mut Random) -> Vec<Note> {
    let weights = weights(office, random);
    let mut out = Vec::new();
    let mut say = |random: &mut Random, day: usize, with: u8| {
        let day = office.first + i32::try_from(day).unwrap_or(0);
        out.push(Note { day, minute: random.between(8 * 60, 18 * 60) as u16, with, out: random.chance(0.5) });
    };
    let contact = |random: &mut Random| {
        // The first of n is the main one.
        let u = random.unit();
        (u * u * f64::from(shape.contacts)) as u8
    };
    match shape.family {
        Family::Counts => {
            for (day, weight) in weights.iter().enumerate() {
                let mean = shape.rate * weight * level(random, shape.k);
                for _ in 0..random.poisson(mean) {
                    let with = contact(random);
                    say(random, day, with);
                }
            }
        }
        Family::Projects => {
            let spells = relations(shape, weights.len(), random);
            let active = spells.iter().flatten().map(|(a, b)| b.min(&weights.len()) - a).sum::<usize>().max(1) as f64 / weights.len() as f64;
            for (with, spells) in (0u8..).zip(&spells) {
                for (day, weight) in weights.iter().enumerate() {
                    let on = spells.iter().any(|(a, b)| (a..b).contains(&&day));
                    // A tenth of the traffic goes on whatever project runs.
                    let rate = shape.rate * weight * (if on { 0.9 / active } else { 0.0 } + 0.1 / f64::from(shape.contacts));
                    let mean = rate * level(random, shape.k);
                    for _ in 0..random.poisson(mean) {
                        say(random, day, with);
                    }
                }
            }
        }
        Family::Pauses | Family::Echoes => {
            let mut ends = Vec::with_capacity(weights.len());
            let mut total = 0.0;
            for weight in &weights {
                total += weight;
                ends.push(total);
            }
            for at in times(shape, total, random) {
                let with = contact(random);
                say(random, ends.partition_point(|e| *e < at).min(weights.len().saturating_sub(1)), with);
            }
        }
    }
    out
}
