//! One world: an office of forty people, the lists of its matter, and what happened in it.

use super::events::{self, Fact, keep};
use super::flow::{self, Note, Shape};
use super::office::Office;
use super::{BURSTS, CHANNELS, Family, Kind, OWN, PEOPLE, RATES};
use crate::math::pow;
use crate::model::matter::{ChannelRule, ChannelStatus, Matter, Rule, Scope};
use crate::model::roster::{Client, Contact, Leave, Person as Listed};
use crate::sample::random::Random;

/// A stream of the laboratory.
#[derive(Debug, Clone)]
pub struct Stream {
    /// Its shape.
    pub shape: Shape,
    /// What is left of it, unsorted.
    pub notes: Vec<Note>,
    /// Messages on business days before anything was taken out, to the business days: what the stream really carries a day.
    pub per_day: f64,
}

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Name, as on the list.
    pub name: String,
    /// One stream to a channel.
    pub streams: Vec<Stream>,
    /// Channel that the plan concerns.
    pub target: usize,
    /// Rate class of that stream.
    pub class: usize,
    /// Leave on the list.
    pub leave: Vec<(i32, i32)>,
}

/// A world.
#[derive(Debug, Clone)]
pub struct World {
    /// Its days.
    pub office: Office,
    /// Its people.
    pub people: Vec<Person>,
    /// What happened.
    pub facts: Vec<Fact>,
}

/// Most counterparts of a person.
pub const CONTACTS: u8 = 8;

fn person(office: &Office, ix: usize, kind: Kind, class: usize, random: &mut Random) -> Person {
    let target = random.below(CHANNELS.len());
    let streams = (0..CHANNELS.len())
        .map(|channel| {
            let rate = if channel == target { RATES.get(class).copied().unwrap_or(1.0) } else { 0.5 * pow(12.0, random.unit()) };
            let family = match random.below(10) {
                0..=5 => Family::Counts,
                6 => Family::Pauses,
                7 | 8 => Family::Echoes,
                _ => Family::Projects,
            };
            // Half of those whose client goes away or moves have no other on the channel.
            let only = matches!(kind, Kind::Ended | Kind::Moved) && channel == target && ix.is_multiple_of(2);
            let contacts = if only { 1 } else { random.between(2, i64::from(CONTACTS)) as u8 };
            let shape = Shape { rate, k: random.number(&BURSTS), family, contacts };
            let notes = flow::notes(office, &shape, random);
            let per_day = notes.len() as f64 / office.days.len().max(1) as f64;
            Stream { shape, notes, per_day }
        })
        .collect();
    Person { name: format!("Person {}", letters(ix)), streams, target, class, leave: Vec::new() }
}

/// A name of letters: numbers in names look like accounts.
fn letters(ix: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap_or(0));
    [letter(ix / 26), letter(ix), 'o', letter(ix * 7), letter(ix / 3)].iter().collect()
}

impl World {
    /// A world for a part of the plan.
    #[must_use]
    pub fn new(seed: u64, plan: &[(Kind, usize)]) -> Self {
        let mut random = Random::new(seed);
        let office = Office::new(&mut random);
        let (mut everybody, mut facts, mut people) = (Vec::new(), Vec::new(), Vec::new());
        for (kind, channel) in common(seed) {
            let business = if let Kind::Outage(n) | Kind::OwnOutage(n) = kind { n } else { random.between(2, 5) as u32 };
            let days = office.place(&mut random, business, 35, &everybody.iter().map(|(_, _, d)| *d).collect::<Vec<_>>());
            everybody.push((kind, channel, days));
        }
        let mut removed = vec![0; everybody.len()];
        for (ix, (kind, class)) in plan.iter().enumerate().take(PEOPLE) {
            let mut person = person(&office, ix, *kind, *class, &mut random);
            let mut taken: Vec<(i32, i32)> = everybody.iter().map(|(_, _, days)| *days).collect();
            let leave = events::leave(&office, &mut person, ix, &mut taken, &mut random);
            for ((kind, channel, days), removed) in everybody.iter().zip(&mut removed) {
                let share = if *kind == Kind::Closure { 0.03 } else { 0.0 };
                for (n, stream) in person.streams.iter_mut().enumerate().filter(|(n, _)| channel.is_none_or(|c| c == *n)) {
                    let _ = n;
                    *removed += keep(&mut stream.notes, |note| !(days.0..=days.1).contains(&note.day) || random.chance(share));
                }
            }
            facts.extend(leave);
            facts.extend(events::happen(&office, &mut person, ix, *kind, &taken, &mut random));
            people.push(person);
        }
        for ((kind, channel, days), removed) in everybody.into_iter().zip(removed) {
            facts.push(Fact { kind, person: None, channel, days, business: office.business(days.0, days.1), removed, class: 0 });
        }
        Self { office, people, facts }
    }

    /// Lists, calendar, rule and register.
    #[must_use]
    pub fn matter(&self) -> Matter {
        let mut matter = Matter { zone: "UTC".into(), own_domains: vec!["lab.example".into()], ..Matter::default() };
        matter.scope = Scope { as_of: Some(self.office.last), ..Scope::default() };
        matter.calendar.holidays.clone_from(&self.office.holidays);
        matter.policy.rules = vec![Rule { id: "lab".into(), title: "Two years".into(), months: Some(24), clock: "created".into(), ..Rule::default() }];
        matter.policy.channels = CHANNELS
            .iter()
            .map(|slug| ChannelRule { id: (*slug).into(), status: ChannelStatus::Approved, captured: Some(true), ..ChannelRule::default() })
            .collect();
        let handles = |person: usize, with: Option<u8>| CHANNELS.iter().skip(1).map(|slug| ((*slug).to_owned(), key(slug, person, with))).collect::<Vec<_>>();
        let listed = |(ix, p): (usize, &Person)| Listed {
            id: format!("L{ix}"),
            name: p.name.clone(),
            emails: vec![key("email", ix, None)],
            handles: handles(ix, None),
            ..Listed::default()
        };
        matter.people = Some(self.people.iter().enumerate().map(listed).collect());
        let client = |ix: usize, with: u8| Client {
            name: format!("Client {ix} {with}"),
            domains: vec![format!("c{ix}-{with}.example")],
            contacts: vec![Contact {
                name: format!("Contact {ix} {with}"),
                emails: vec![key("email", ix, Some(with))],
                handles: handles(ix, Some(with)),
                ..Contact::default()
            }],
            ..Client::default()
        };
        matter.clients = Some((0..self.people.len()).flat_map(|ix| (0..CONTACTS).map(move |with| (ix, with))).map(|(ix, with)| client(ix, with)).collect());
        let spell = |person: &Person, days: &(i32, i32)| Leave { person: person.name.clone(), from: days.0, to: days.1, kind: "annual".into() };
        matter.leave = Some(self.people.iter().flat_map(|p| p.leave.iter().map(|d| spell(p, d)).collect::<Vec<_>>()).collect());
        matter
    }

    /// The world made smaller: nothing needs the messages any more once they are counted.
    #[must_use]
    pub fn counts(&self, person: usize, channel: usize) -> Vec<f64> {
        let mut counts = vec![0.0; self.office.days.len()];
        let stream = self.people.get(person).and_then(|p| p.streams.get(channel));
        for note in stream.into_iter().flat_map(|s| &s.notes) {
            if let Ok(ix) = self.office.days.binary_search(&note.day)
                && let Some(slot) = counts.get_mut(ix)
            {
                *slot += 1.0;
            }
        }
        counts
    }
}

/// What happens to everybody: a closure a year, an outage on each channel.
fn common(seed: u64) -> Vec<(Kind, Option<usize>)> {
    let length = |n: u64| *[2, 5, 10, 20].get(((seed + n) % 4) as usize).unwrap_or(&5);
    vec![
        (Kind::Closure, None),
        (Kind::Closure, None),
        (Kind::Outage(length(0)), Some(0)),
        (Kind::Outage(length(1)), Some(1)),
        (Kind::OwnOutage(length(2)), Some(OWN)),
    ]
}

/// Native key of a person or one of their counterparts.
#[must_use]
pub fn key(slug: &str, person: usize, with: Option<u8>) -> String {
    match (slug, with) {
        ("email", None) => format!("p{person}@lab.example"),
        ("email", Some(with)) => format!("a@c{person}-{with}.example"),
        (_, None) => format!("{slug}-p{person}"),
        (_, Some(with)) => format!("{slug}-p{person}-c{with}"),
    }
}
