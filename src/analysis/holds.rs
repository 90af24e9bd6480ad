//! Legal holds: whom and what they cover. What is on hold must not be deleted, whatever a maximum says.

use super::parties::Parties;
use crate::model::matter::{Hold, Matter};
use crate::text;

/// A hold with its people found.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// Index into the holds of the matter.
    pub hold: usize,
    /// Custodians covered, sorted; `None` = everybody, people on no list too.
    pub people: Option<Vec<u32>>,
    /// Channel slugs; empty = all.
    pub channels: Vec<String>,
    /// First day covered; `None` = from the beginning.
    pub from: Option<i32>,
    /// Last day covered; `None` = open.
    pub to: Option<i32>,
    /// People named who fit nobody.
    pub unmatched: u64,
}

impl Held {
    fn new(index: usize, hold: &Hold, parties: &Parties, matter: &Matter) -> Self {
        let mut held = Self { hold: index, channels: hold.channels.clone(), from: hold.from, to: hold.to, ..Self::default() };
        if hold.people.is_empty() {
            return held;
        }
        let mut people = Vec::new();
        for named in &hold.people {
            let named = text::folded(named);
            let fits = (0u32..).zip(&parties.custodians).filter(|(_, c)| {
                let listed = c.person.and_then(|ix| matter.people.as_ref()?.get(ix));
                text::folded(&c.name) == named || listed.is_some_and(|p| text::folded(&p.id) == named || p.emails.iter().any(|e| text::folded(e) == named))
            });
            // A name that fits two people holds the records of both: nothing is deleted by mistake.
            let found: Vec<u32> = fits.map(|(ix, _)| ix).collect();
            held.unmatched += u64::from(found.is_empty());
            people.extend(found);
        }
        people.sort_unstable();
        people.dedup();
        held.people = Some(people);
        held
    }

    /// Whether it covers a custodian on a channel, on some day.
    #[must_use]
    pub fn covers(&self, custodian: Option<u32>, slug: &str) -> bool {
        let person = self.people.as_ref().is_none_or(|people| custodian.is_some_and(|c| people.binary_search(&c).is_ok()));
        person && (self.channels.is_empty() || self.channels.iter().any(|c| c == slug))
    }

    /// Whether a day is covered.
    #[must_use]
    pub fn has(&self, day: i32) -> bool {
        self.from.is_none_or(|f| day >= f) && self.to.is_none_or(|t| day <= t)
    }
}

/// All holds of a matter.
#[must_use]
pub fn held(matter: &Matter, parties: &Parties) -> Vec<Held> {
    matter.policy.holds.iter().enumerate().map(|(ix, hold)| Held::new(ix, hold, parties, matter)).collect()
}

/// A hold as a name in a sentence.
#[must_use]
pub fn name(matter: &Matter, hold: usize) -> String {
    match matter.policy.holds.get(hold).map(|h| h.name.as_str()).filter(|n| !n.is_empty()) {
        Some(name) => format!("legal hold \"{name}\""),
        None => "legal hold".to_owned(),
    }
}
