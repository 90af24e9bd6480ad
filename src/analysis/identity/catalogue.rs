//! All forms of all names of both lists, turned round: from what a chat may show to whom it may mean. Looking a handle up costs a few look-ups,
//! whatever the length of the lists.

use std::collections::{BTreeMap, HashMap};

use super::lists::{Listed, Lists};
use super::names::{self, Form, Name};
use super::nicknames::Nicknames;
use super::phone::Number;
use crate::analysis::parties::Party;
use crate::model::matter::Matter;

/// Most people who share a form or a word that are looked at; a form shared by more says nothing.
const SHARED: usize = 300;
/// Digits by which numbers without a country code are found.
const TAIL: usize = 8;

type Table<T> = HashMap<String, Vec<T>, foldhash::fast::RandomState>;

/// The forms of the lists.
pub struct Catalogue<'a> {
    /// The lists.
    pub lists: &'a Lists<'a>,
    /// Names of the lists, taken apart, beside `lists.people`.
    names: Vec<Vec<String>>,
    /// Whether a name of the lists stands in another alphabet.
    foreign: bool,
    forms: Table<(u32, Form)>,
    words: Table<u32>,
    tails: Table<u32>,
    companies: BTreeMap<String, Vec<u32>>,
    entities: Vec<String>,
    by_party: BTreeMap<Party, u32>,
}

impl<'a> Catalogue<'a> {
    /// From the lists.
    #[must_use]
    pub fn new(lists: &'a Lists<'a>, matter: &Matter) -> Self {
        let mut out = Self {
            lists,
            names: Vec::with_capacity(lists.people.len()),
            foreign: false,
            forms: Table::default(),
            words: Table::default(),
            tails: Table::default(),
            companies: BTreeMap::new(),
            by_party: (0u32..).zip(&lists.people).map(|(ix, p)| (p.party, ix)).collect(),
            entities: matter.clients.iter().flatten().map(|c| c.name.clone()).collect(),
        };
        let nicknames = Nicknames::default();
        for (ix, person) in (0u32..).zip(&lists.people) {
            let name = Name::parse(person.name);
            out.foreign |= name.foreign;
            for (text, form) in names::forms(&name, &nicknames) {
                out.forms.entry(text).or_default().push((ix, form));
            }
            let mut all = name.given;
            all.extend(name.family);
            for word in all.iter().filter(|w| w.len() > 1) {
                out.words.entry(word.clone()).or_default().push(ix);
            }
            out.names.push(all);
            for tail in person.numbers.iter().filter_map(tail) {
                out.tails.entry(tail).or_default().push(ix);
            }
        }
        for (ix, client) in (0u32..).zip(matter.clients.iter().flatten()) {
            out.company(ix, &client.name, &client.domains);
        }
        out
    }

    fn company(&mut self, ix: u32, name: &str, domains: &[String]) {
        let words = names::company(name);
        let mut keys = vec![words.join(" "), words.concat()];
        // The first word is what people call a company by, where it is no word of everyone's.
        keys.extend(words.first().filter(|w| w.chars().count() > 3 && !self.words.contains_key(*w)).cloned());
        keys.extend(domains.iter().filter_map(|d| d.split('.').next()).map(|d| names::words(d).join(" ")));
        keys.sort();
        keys.dedup();
        for key in keys.into_iter().filter(|k| k.chars().count() > 1) {
            self.companies.entry(key).or_default().push(ix);
        }
    }

    /// A person.
    #[must_use]
    pub fn person(&self, ix: u32) -> Option<&Listed<'a>> {
        self.lists.people.get(ix as usize)
    }

    /// The person of a party.
    #[must_use]
    pub fn of(&self, party: Party) -> Option<&Listed<'a>> {
        self.by_party.get(&party).and_then(|ix| self.person(*ix))
    }

    /// Words of a person's name.
    #[must_use]
    pub fn words_of(&self, ix: u32) -> &[String] {
        self.names.get(ix as usize).map_or(&[], Vec::as_slice)
    }

    /// Name of a party: of a person, or of a client.
    #[must_use]
    pub fn shown(&self, party: Party) -> String {
        match party {
            Party::Client(ix, None) => self.entities.get(ix as usize).cloned().unwrap_or_default(),
            _ => self.of(party).map(|p| p.name.to_owned()).unwrap_or_default(),
        }
    }

    /// Name of a client.
    #[must_use]
    pub fn entity(&self, ix: u32) -> &str {
        self.entities.get(ix as usize).map_or("", String::as_str)
    }

    /// Whom a text may mean.
    #[must_use]
    pub fn meant(&self, text: &str) -> &[(u32, Form)] {
        self.forms.get(text).map(Vec::as_slice).filter(|m| m.len() <= SHARED).unwrap_or_default()
    }

    /// People with this word in their name.
    #[must_use]
    pub fn with_word(&self, word: &str) -> &[u32] {
        self.words.get(word).map(Vec::as_slice).filter(|m| m.len() <= SHARED).unwrap_or_default()
    }

    /// Whether a word is part of a name on the lists.
    #[must_use]
    pub fn is_name(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// Clients that go by this name.
    #[must_use]
    pub fn companies(&self, words: &[String]) -> &[u32] {
        self.companies.get(&names::without_legal_form(words).join(" ")).map_or(&[], Vec::as_slice)
    }

    /// Whether names must be compared by sound: one of them stands in another alphabet.
    #[must_use]
    pub const fn has_foreign(&self) -> bool {
        self.foreign
    }

    /// People whose number may be this one but for the country code.
    #[must_use]
    pub fn numbered(&self, number: &Number) -> &[u32] {
        tail(number).and_then(|t| self.tails.get(&t)).map_or(&[], Vec::as_slice)
    }
}

fn tail(number: &Number) -> Option<String> {
    number.digits.len().checked_sub(TAIL).and_then(|at| number.digits.get(at..)).map(str::to_owned)
}
