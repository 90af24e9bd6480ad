//! How well handles were joined: certain joins and proposals against who everyone of the sample is. Looks at references only, never at how a join
//! was made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Firm;
use super::traffic::{Channel, Party};
use crate::model::answer::Proposal;
use crate::text;

/// A handle as it was joined.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Channel slug.
    pub channel: &'a str,
    /// Native key.
    pub handle: &'a str,
    /// What stands for the key where it must not be shown.
    pub opaque: &'a str,
    /// Reference of the one it is joined to; empty for nobody.
    pub whom: &'a str,
    /// By address, number, handle or owner.
    pub certain: bool,
    /// By display name.
    pub assumed: bool,
}

/// Right ones of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// Right.
    pub right: u32,
    /// All.
    pub of: u32,
}

impl Part {
    fn count(&mut self, right: bool) {
        self.right += u32::from(right);
        self.of += 1;
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.of += other.of;
    }

    /// Share; `None` of nothing.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| f64::from(self.right) / f64::from(self.of))
    }
}

/// The measurement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IdentityQuality {
    /// Certain joins that are right, of all certain joins.
    pub certain: Part,
    /// Joins by display name that are right, of all such.
    pub assumed: Part,
    /// Aliases seen in the exports that are proposed for the right one or joined, by form.
    pub aliases: BTreeMap<String, Part>,
    /// Proposals that are right, of all proposals.
    pub proposals: Part,
    /// Look-alikes seen in the exports that are joined to nobody, of all.
    pub strangers: Part,
    /// Look-alikes for whom something is proposed.
    pub strangers_proposed: u32,
    /// What was missed or wrong, in words.
    pub notes: Vec<String>,
}

fn key(channel: &str, handle: &str) -> (String, String) {
    (channel.to_owned(), text::phone(handle).unwrap_or_else(|| text::folded(handle)))
}

/// Reference of somebody, as the lists of the sample are written.
fn reference(firm: &Firm, party: Party) -> String {
    match party {
        Party::Staff(s) => format!("person:MQ{:04}", s + 1),
        Party::Contact(c) => {
            let contact = firm.people.contacts.get(c);
            let company = contact.and_then(|c| firm.people.companies.get(c.company)).map_or("", |c| c.name.as_str());
            format!("contact:{company}/{}", contact.map_or("", |c| c.name.as_str()))
        }
        Party::Friend(_) => String::new(),
    }
}

/// Everyone's handles and whose they are.
fn everyone(firm: &Firm) -> BTreeMap<(String, String), Party> {
    let mut out = BTreeMap::new();
    for (i, e) in firm.people.staff.iter().enumerate() {
        let telegram = format!("user{}", e.telegram);
        let mut handles = vec![("email", e.email.as_str()), ("teams", &e.teams), ("teams", &e.email), ("sms", &e.sms), ("sms", &e.phone)];
        handles.extend([("whatsapp", e.whatsapp.as_str()), ("telegram", &telegram), ("wechat", &e.wechat), ("slack", &e.slack)]);
        for (channel, handle) in handles {
            out.insert(key(channel, handle), Party::Staff(i));
        }
    }
    for (i, c) in firm.people.contacts.iter().enumerate() {
        let telegram = format!("user{}", c.telegram);
        let handles = [
            ("email", c.email.as_str()),
            ("teams", &c.email),
            ("sms", &c.sms),
            ("sms", &c.phone),
            ("whatsapp", &c.whatsapp),
            ("telegram", &telegram),
            ("wechat", &c.wechat),
        ];
        for (channel, handle) in handles {
            out.insert(key(channel, handle), Party::Contact(i));
        }
    }
    out
}

/// Whether a reference names this party, or the client this party belongs to.
fn right(firm: &Firm, party: Option<&Party>, whom: &str) -> bool {
    let Some(party) = party else { return false };
    let one = reference(firm, *party);
    one == whom || one.strip_prefix("contact:").and_then(|c| c.split_once('/')).is_some_and(|(client, _)| whom == format!("client:{client}"))
}

/// Measures joins and proposals against the firm.
#[must_use]
pub fn measure(firm: &Firm, joins: &[Said], proposals: &[Proposal]) -> IdentityQuality {
    let mut out = IdentityQuality::default();
    let who = everyone(firm);
    let seen: BTreeMap<(String, String), &Said> = joins.iter().map(|j| (key(j.channel, j.handle), j)).collect();
    for j in joins.iter().filter(|j| j.certain || j.assumed) {
        let ok = right(firm, who.get(&key(j.channel, j.handle)), j.whom);
        if j.certain { &mut out.certain } else { &mut out.assumed }.count(ok);
        if !ok {
            out.notes.push(format!("wrong join {} {} to {}", j.channel, j.handle, j.whom));
        }
    }
    let opaque: BTreeMap<(&str, &str), &str> = joins.iter().map(|j| ((j.channel, j.opaque), j.handle)).collect();
    let native = |p: &Proposal| opaque.get(&(p.channel.as_str(), p.handle.as_str())).map_or_else(|| p.handle.clone(), |h| (*h).to_owned());
    let mut proposed: BTreeMap<(String, String), &Proposal> = BTreeMap::new();
    for p in proposals {
        let at = key(&p.channel, &native(p));
        let ok = right(firm, who.get(&at), &p.whom);
        out.proposals.count(ok);
        if !ok {
            out.notes.push(format!("wrong proposal {} {} for {} {:.2}: {}", p.channel, native(p), p.whom, p.score, p.reasons.join(" ")));
        }
        proposed.insert(at, p);
    }
    for a in &firm.people.aliases {
        let at = key(a.channel.slug(), &a.handle);
        // An alias that nobody used in the files is none.
        let Some(join) = seen.get(&at) else { continue };
        let found = proposed.get(&at).map(|p| p.whom.as_str()).or(Some(join.whom)).filter(|w| !w.is_empty());
        let ok = found.is_some_and(|whom| right(firm, Some(&a.party), whom));
        out.aliases.entry(a.form.to_owned()).or_default().count(ok);
        if !ok {
            out.notes.push(format!("missed alias {} {} of {} ({})", a.channel.slug(), a.handle, firm.name(a.party), a.form));
        }
    }
    for at in strangers(firm).into_iter().filter(|at| !who.contains_key(at)) {
        let Some(join) = seen.get(&at) else { continue };
        out.strangers.count(join.whom.is_empty());
        out.strangers_proposed += u32::from(proposed.contains_key(&at));
    }
    out
}

fn strangers(firm: &Firm) -> BTreeSet<(String, String)> {
    let written = firm
        .people
        .strangers
        .iter()
        .map(|s| if s.telegram > 0 { key(Channel::Telegram.slug(), &format!("user{}", s.telegram)) } else { key(Channel::Email.slug(), &s.email) });
    written.chain(firm.people.friends.iter().map(|f| key(Channel::WhatsApp.slug(), f))).collect()
}

impl IdentityQuality {
    /// Takes the measurement of another firm in.
    pub fn add(&mut self, other: Self) {
        self.certain.add(other.certain);
        self.assumed.add(other.assumed);
        self.proposals.add(other.proposals);
        self.strangers.add(other.strangers);
        self.strangers_proposed += other.strangers_proposed;
        for (form, part) in other.aliases {
            self.aliases.entry(form).or_default().add(part);
        }
        self.notes.extend(other.notes);
    }

    /// All aliases.
    #[must_use]
    pub fn recall(&self) -> Part {
        let mut all = Part::default();
        self.aliases.values().for_each(|p| all.add(*p));
        all
    }

    /// What was missed and what was wrong, a line each.
    #[must_use]
    pub fn details(&self) -> String {
        self.notes.iter().map(|n| format!("  {n}\n")).collect()
    }
}

impl fmt::Display for IdentityQuality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |f: &mut fmt::Formatter<'_>, what: &str, part: &Part| {
            let share = part.share().map_or_else(|| "-".to_owned(), |s| format!("{s:.3}"));
            writeln!(f, "{what:<52}{share:>8}{:>7} of {}", part.right, part.of)
        };
        writeln!(f, "who is who")?;
        line(f, "certain joins, precision", &self.certain)?;
        line(f, "joins by display name (assumed), precision", &self.assumed)?;
        line(f, "planted aliases proposed, recall", &self.recall())?;
        line(f, "proposals, precision", &self.proposals)?;
        for (form, part) in &self.aliases {
            line(f, &format!("  {form}"), part)?;
        }
        writeln!(
            f,
            "look-alikes joined automatically: {} of {} (proposed: {})",
            self.strangers.of - self.strangers.right,
            self.strangers.of,
            self.strangers_proposed
        )
    }
}
