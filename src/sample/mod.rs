//! A synthetic firm, Marlowe Quay: sixty employees, two hundred clients, eighteen months of messages on seven channels, and a record of everything that
//! was taken out. The command line writes it as files, the page loads it as "sample data", measurements are made on it. All of it is invented.
//!
//! ```text
//! people ─> relations ─> traffic ─> plants ─> write/<format> ─> files, truth.json
//! ```
//!
//! No clock, no file system, no randomness but the seed: the same seed gives the same bytes. To add a format: a writer in `write/`, a call in [`Firm::files`].

pub mod aliases;
pub mod calendar;
pub mod corpus;
pub mod mentions;
pub mod people;
pub mod plants;
pub mod quality;
pub mod quality_identity;
pub mod random;
pub mod relations;
pub mod streams;
pub mod texts;
pub mod traffic;
pub mod truth;
pub mod volume;
pub mod write;

mod record;

use people::People;
use plants::Marks;
use random::Random;
use traffic::{Party, Traffic};
use truth::{ReferredTruth, Truth};

/// Messages when nothing else is asked: loads in a browser in about a second.
pub const DEFAULT_MESSAGES: usize = 60_000;
/// Seed when nothing else is asked.
pub const DEFAULT_SEED: u64 = 7;

/// A file of the sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleFile {
    /// Path with `/`, relative.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Makes the random numbers of references others than those of the firm.
const MENTIONS: u64 = 0x00e1_5e00;

/// The firm.
pub struct Firm {
    /// Who.
    pub people: People,
    /// What was written and what of it is gone.
    pub traffic: Traffic,
    /// What was planted.
    pub marks: Marks,
    /// References to channels of which nothing is in the files.
    pub referred: Vec<ReferredTruth>,
    seed: u64,
}

/// Invents the firm, with about so many messages.
#[must_use]
pub fn firm(seed: u64, messages: usize) -> Firm {
    let mut random = Random::new(seed);
    let people = people::invent(&mut random);
    let mut traffic = traffic::draw(&people, &mut random, messages);
    let rounds = (messages / DEFAULT_MESSAGES).clamp(1, 3);
    let marks = plants::plant(&people, &mut traffic, &mut random, rounds);
    let referred = mentions::plant(&people, &mut traffic, &mut Random::new(seed ^ MENTIONS));
    Firm { people, traffic, marks, referred, seed }
}

/// The same firm before anything was taken out: what an audit finds missing here is what exports lack by nature.
#[must_use]
pub fn complete(seed: u64, messages: usize) -> Firm {
    let mut random = Random::new(seed);
    let people = people::invent(&mut random);
    let traffic = traffic::draw(&people, &mut random, messages);
    Firm { people, traffic, marks: Marks::default(), referred: Vec::new(), seed }
}

impl Firm {
    /// All files: exports, lists, `matter.toml`, `truth.json`.
    #[must_use]
    pub fn files(&self) -> Vec<SampleFile> {
        let mut files = write::lists::write(self);
        files.extend(write::mbox::write(self));
        files.extend(write::strangers::write(self));
        files.extend(write::slack::write(self));
        files.extend(write::csv::write(self));
        files.extend(write::telegram::write(self));
        files.extend(write::whatsapp::write(self));
        let truth = serde_json::to_string_pretty(&self.truth()).unwrap_or_default();
        files.push(SampleFile { path: "truth.json".into(), bytes: truth.into_bytes() });
        files
    }

    /// The record of what was planted.
    #[must_use]
    pub fn truth(&self) -> Truth {
        record::truth(self, self.seed)
    }

    /// Display name of a party.
    #[must_use]
    pub fn name(&self, party: Party) -> &str {
        match party {
            Party::Staff(s) => self.people.staff.get(s).map_or("", |e| &e.name),
            Party::Contact(c) => self.people.contacts.get(c).map_or("", |c| &c.name),
            Party::Friend(f) => self.people.friends.get(f).map_or_else(|| traffic::outside::OUTSIDE.get(f).map_or("", |o| o.name), String::as_str),
        }
    }

    /// Address of a party; empty for private ones.
    #[must_use]
    pub fn email(&self, party: Party) -> &str {
        match party {
            Party::Staff(s) => self.people.staff.get(s).map_or("", |e| &e.email),
            Party::Contact(c) => self.people.contacts.get(c).map_or("", |c| &c.email),
            Party::Friend(_) => "",
        }
    }
}

#[cfg(test)]
mod tests;
