//! What people decided about handles, applied in the order in which it was decided: the last word about a handle counts.

use std::collections::{BTreeMap, BTreeSet};

use super::lists::agree;
use super::reference;
use crate::analysis::parties::{Joined, Party, Why};
use crate::model::Dataset;
use crate::model::decision::Verdict;
use crate::model::matter::Matter;
use crate::text;

/// Decisions in terms of the dataset.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// What was decided of a handle, if it still stands.
    said: BTreeMap<u32, Said>,
    /// Who a handle is not.
    refused: BTreeSet<(u32, Party)>,
    /// Handles of one person.
    same: BTreeSet<(u32, u32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Is(Party),
    Service,
    Other,
}

/// Whom a decision names.
enum Whom {
    Party(Party),
    Handle(u32),
}

/// References of the people of a matter, for decisions.
pub struct References<'a> {
    matter: &'a Matter,
    ids: BTreeMap<String, u32>,
    names: BTreeMap<String, u32>,
}

impl<'a> References<'a> {
    /// Counts which ids and names are shared.
    #[must_use]
    pub fn new(matter: &'a Matter) -> Self {
        let (mut ids, mut names) = (BTreeMap::new(), BTreeMap::new());
        for p in matter.people.iter().flatten() {
            *ids.entry(text::folded(&p.id)).or_default() += 1;
            *names.entry(text::folded(&p.name)).or_default() += 1;
        }
        Self { matter, ids, names }
    }

    /// `person:ID` (or address or name where there is no id of one's own), `contact:CLIENT/NAME`, `client:NAME`; empty for others.
    #[must_use]
    pub fn of(&self, party: Party) -> String {
        match party {
            Party::Employee(ix) => {
                let Some(p) = self.matter.people.as_ref().and_then(|p| p.get(ix as usize)) else { return String::new() };
                if !p.id.is_empty() && self.ids.get(&text::folded(&p.id)) == Some(&1) {
                    format!("person:{}", p.id)
                } else if let Some(mail) = p.emails.first().filter(|_| self.names.get(&text::folded(&p.name)) != Some(&1)) {
                    format!("person:{mail}")
                } else {
                    format!("person:{}", p.name)
                }
            }
            Party::Client(ix, contact) => {
                let Some(client) = self.matter.clients.as_ref().and_then(|c| c.get(ix as usize)) else { return String::new() };
                match contact.and_then(|c| client.contacts.get(c as usize)) {
                    Some(contact) => format!("contact:{}/{}", client.name, contact.name),
                    None => format!("client:{}", client.name),
                }
            }
            Party::Colleague | Party::Service | Party::Unknown => String::new(),
        }
    }
}

fn employee(matter: &Matter, said: &str) -> Option<Party> {
    let people = matter.people.as_deref().unwrap_or_default();
    let folded = text::folded(said);
    let one = |test: &dyn Fn(&crate::model::roster::Person) -> bool| {
        let mut found = people.iter().enumerate().filter(|(_, p)| test(p)).map(|(ix, _)| ix);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    };
    let ix = one(&|p| !p.id.is_empty() && text::folded(&p.id) == folded)
        .or_else(|| one(&|p| p.emails.iter().any(|e| text::folded(e) == folded)))
        .or_else(|| one(&|p| text::folded(&p.name) == folded))?;
    Some(Party::Employee(u32::try_from(ix).ok()?))
}

fn client(matter: &Matter, said: &str) -> Option<u32> {
    let folded = text::folded(said);
    let ix = matter.clients.as_deref().unwrap_or_default().iter().position(|c| text::folded(&c.name) == folded)?;
    u32::try_from(ix).ok()
}

fn contact(matter: &Matter, said: &str) -> Option<Party> {
    // Either name may hold a stroke.
    said.match_indices('/').find_map(|(at, _)| {
        let (company, name) = (said.get(..at)?, text::folded(said.get(at + 1..)?));
        let ix = client(matter, company)?;
        let contacts = &matter.clients.as_ref()?.get(ix as usize)?.contacts;
        let n = contacts.iter().position(|c| text::folded(&c.name) == name)?;
        Some(Party::Client(ix, Some(u32::try_from(n).ok()?)))
    })
}

/// Handles by their channel and key or opaque reference.
struct Handles<'a> {
    keys: BTreeMap<(&'a str, &'a str), u32>,
    marks: BTreeMap<(&'a str, String), u32>,
}

impl<'a> Handles<'a> {
    fn new(dataset: &'a Dataset, matter: &Matter) -> Self {
        let keys = (0u32..).zip(&dataset.handles).map(|(ix, h)| ((h.channel.as_str(), h.key.as_str()), ix)).collect();
        // Digests are made only where a decision names one.
        let marked = matter.identities.iter().any(|d| reference::is(&d.handle) || d.whom.rsplit('/').next().is_some_and(reference::is));
        let named = |(ix, h): (u32, &'a crate::model::batch::Handle)| ((h.channel.as_str(), reference::of(h)), ix);
        let marks = if marked { (0u32..).zip(&dataset.handles).map(named).collect() } else { BTreeMap::new() };
        Self { keys, marks }
    }

    fn get(&self, channel: &str, key: &str) -> Option<u32> {
        self.keys.get(&(channel, key)).or_else(|| self.marks.get(&(channel, key.to_owned()))).copied()
    }
}

impl Decisions {
    /// Reads the decisions of the matter; one that names nobody known is passed over.
    #[must_use]
    pub fn new(dataset: &Dataset, matter: &Matter) -> Self {
        let mut out = Self::default();
        if matter.identities.is_empty() {
            return out;
        }
        let handles = Handles::new(dataset, matter);
        for d in &matter.identities {
            let Some(handle) = handles.get(&d.channel, &d.handle) else { continue };
            let whom = match d.whom.split_once(':') {
                Some(("person", said)) => employee(matter, said).map(Whom::Party),
                Some(("contact", said)) => contact(matter, said).map(Whom::Party),
                Some(("client", said)) => client(matter, said).map(|ix| Whom::Party(Party::Client(ix, None))),
                Some(("handle", said)) => said.split_once('/').and_then(|(channel, key)| handles.get(channel, key)).map(Whom::Handle),
                _ => None,
            };
            out.take(handle, d.verdict, whom);
        }
        out
    }

    fn take(&mut self, handle: u32, verdict: Verdict, whom: Option<Whom>) {
        match (verdict, whom) {
            (Verdict::Service, _) => _ = self.said.insert(handle, Said::Service),
            (Verdict::Other, _) => _ = self.said.insert(handle, Said::Other),
            (Verdict::Same, Some(Whom::Party(party))) => {
                self.refused.remove(&(handle, party));
                self.said.insert(handle, Said::Is(party));
            }
            (Verdict::Different, Some(Whom::Party(party))) => {
                if self.said.get(&handle) == Some(&Said::Is(party)) {
                    self.said.remove(&handle);
                }
                self.refused.insert((handle, party));
            }
            (Verdict::Same, Some(Whom::Handle(other))) => _ = self.same.insert((handle.min(other), handle.max(other))),
            (Verdict::Different, Some(Whom::Handle(other))) => _ = self.same.remove(&(handle.min(other), handle.max(other))),
            (Verdict::Same | Verdict::Different, None) => {}
        }
    }

    /// Whether it was decided that the handle is not this one.
    #[must_use]
    pub fn refuses(&self, handle: u32, party: Party) -> bool {
        self.refused.contains(&(handle, party)) || matches!(party, Party::Client(ix, Some(_)) if self.refused.contains(&(handle, Party::Client(ix, None))))
    }

    /// Whether anything was decided about who the handle is.
    #[must_use]
    pub fn settles(&self, handle: u32) -> bool {
        self.said.contains_key(&handle)
    }

    /// Applies what was decided to the certain joins: what is refused is unjoined, what was said is set, and what is known of one handle holds for
    /// the others of the same person.
    pub fn apply(&self, of: &mut [Joined]) {
        for (handle, party) in &self.refused {
            if let Some(joined) = of.get_mut(*handle as usize)
                && (joined.party == *party || matches!((joined.party, party), (Party::Client(a, _), Party::Client(b, None)) if a == *b))
            {
                *joined = Joined { party: Party::Unknown, why: Why::Nothing };
            }
        }
        let mut known: BTreeSet<u32> = BTreeSet::new();
        for (handle, said) in &self.said {
            let Some(joined) = of.get_mut(*handle as usize) else { continue };
            *joined = match said {
                Said::Is(party) => Joined { party: *party, why: Why::Decision },
                Said::Service => Joined { party: Party::Service, why: Why::Decision },
                Said::Other => Joined { party: Party::Unknown, why: Why::Other },
            };
            known.insert(*handle);
        }
        self.unite(of, &known);
    }

    /// Handles said to be of one person share what is known for certain, unless that names two people.
    fn unite(&self, of: &mut [Joined], decided: &BTreeSet<u32>) {
        let mut groups: Vec<BTreeSet<u32>> = Vec::new();
        for (a, b) in &self.same {
            let (mut touched, rest): (Vec<_>, Vec<_>) = groups.drain(..).partition(|g| g.contains(a) || g.contains(b));
            groups = rest;
            let mut one: BTreeSet<u32> = [*a, *b].into();
            touched.drain(..).for_each(|g| one.extend(g));
            groups.push(one);
        }
        for group in groups {
            let parties: Vec<Joined> =
                group.iter().filter_map(|h| of.get(*h as usize)).filter(|j| !matches!(j.party, Party::Unknown | Party::Colleague)).copied().collect();
            let Some(first) = parties.iter().find(|j| matches!(j.party, Party::Client(_, Some(_)))).or(parties.first()) else { continue };
            if !parties.iter().all(|j| agree(first.party, j.party)) {
                continue;
            }
            for handle in &group {
                if let Some(joined) = of.get_mut(*handle as usize)
                    && matches!(joined.party, Party::Unknown | Party::Colleague | Party::Client(_, None))
                    && joined.party != first.party
                    && !decided.contains(handle)
                    && !self.refuses(*handle, first.party)
                {
                    *joined = Joined { party: first.party, why: Why::Decision };
                }
            }
        }
    }
}
