//! Who is who: every handle is joined to an employee, a client, the firm, a service, or stays unknown.
//! Certain joins come from addresses, numbers and handles; a display name joins only when it fits exactly one person
//! of both lists, and such a join is marked as assumed.

use std::collections::BTreeMap;

use crate::model::batch::Handle;
use crate::model::ledger::Basis;
use crate::model::matter::Matter;
use crate::model::roster::Status;
use crate::model::{Dataset, roster};
use crate::text;
use crate::time::Days;

/// Whom a handle belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Party {
    /// A custodian: index into [`Parties::custodians`].
    Employee(u32),
    /// An address of the firm that is not on the list.
    Colleague,
    /// A client entity, and the contact if that is known.
    Client(u32, Option<u32>),
    /// A machine.
    Service,
    /// Nobody knows.
    #[default]
    Unknown,
}

/// Why a handle is joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Why {
    /// Its e-mail address is on a list.
    Address,
    /// Its phone number is on a list.
    Phone,
    /// The handle itself is on a list.
    Handle,
    /// The domain of its address.
    Domain,
    /// It owns a source, and the owner was stated.
    Owner,
    /// The display name fits exactly one person. Assumed.
    Name,
    /// A machine by its own word.
    Machine,
    /// Not joined.
    #[default]
    Nothing,
}

impl Why {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Address => "e-mail address on the list",
            Self::Phone => "phone number on the list",
            Self::Handle => "handle on the list",
            Self::Domain => "mail domain",
            Self::Owner => "owner of an export",
            Self::Name => "display name fits exactly one person (assumed)",
            Self::Machine => "a machine",
            Self::Nothing => "not joined",
        }
    }
}

/// A join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Joined {
    /// To whom.
    pub party: Party,
    /// Why.
    pub why: Why,
}

/// A person whose communications must be kept.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Custodian {
    /// Name.
    pub name: String,
    /// Id in the answers.
    pub id: String,
    /// Index into the people list.
    pub person: Option<usize>,
    /// First day.
    pub start: Option<i32>,
    /// Last day.
    pub last_day: Option<i32>,
    /// Notice.
    pub notice: Option<i32>,
    /// Grade, department, region.
    pub role: String,
    /// Days of leave.
    pub leave: Days,
    /// Has left or will leave, by the list.
    pub leaving: bool,
}

/// All joins.
#[derive(Debug, Clone, Default)]
pub struct Parties {
    /// Per handle.
    pub of: Vec<Joined>,
    /// Custodians, in the order of the list.
    pub custodians: Vec<Custodian>,
    /// Handles joined by name only.
    pub assumed: u64,
    /// Leave entries that fit nobody.
    pub leave_unmatched: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fits {
    One(Party),
    Several,
}

/// Look-up that refuses what fits two people.
#[derive(Default)]
struct Index(BTreeMap<String, Fits>);

impl Index {
    fn add(&mut self, key: String, party: Party) {
        if key.is_empty() {
            return;
        }
        self.0
            .entry(key)
            .and_modify(|f| {
                if *f != Fits::One(party) {
                    *f = Fits::Several
                }
            })
            .or_insert(Fits::One(party));
    }

    fn get(&self, key: &str) -> Option<Party> {
        match self.0.get(key) {
            Some(Fits::One(party)) => Some(*party),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Lists {
    addresses: Index,
    phones: Index,
    handles: Index,
    names: Index,
    domains: Index,
}

fn digits(raw: &str) -> String {
    text::phone(raw).map(|p| p.trim_start_matches('+').to_owned()).unwrap_or_default()
}

fn address(raw: &str) -> String {
    raw.trim().to_lowercase()
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, d)| d)
}

impl Lists {
    fn add(&mut self, party: Party, name: &str, emails: &[String], phones: &[String], handles: &[(String, String)]) {
        self.names.add(text::folded(name), party);
        for email in emails {
            self.addresses.add(address(email), party);
        }
        for phone in phones {
            self.phones.add(digits(phone), party);
        }
        for (channel, handle) in handles {
            self.handles.add(format!("{channel}\n{}", handle_key(handle)), party);
        }
    }

    fn new(matter: &Matter) -> Self {
        let mut lists = Self::default();
        for (ix, p) in matter.people.iter().flatten().enumerate() {
            let emails = [p.emails.as_slice(), &p.personal_emails].concat();
            lists.add(Party::Employee(index(ix)), &p.name, &emails, &p.phones, &p.handles);
        }
        for (ix, client) in matter.clients.iter().flatten().enumerate() {
            let ix = index(ix);
            for domain in &client.domains {
                lists.domains.add(address(domain).trim_start_matches('@').to_owned(), Party::Client(ix, None));
            }
            for (n, c) in client.contacts.iter().enumerate() {
                lists.add(Party::Client(ix, Some(index(n))), &c.name, &c.emails, &c.phones, &c.handles);
            }
            // The entity itself may be what a chat shows as a name.
            if !client.contacts.iter().any(|c| text::folded(&c.name) == text::folded(&client.name)) {
                lists.names.add(text::folded(&client.name), Party::Client(ix, None));
            }
        }
        lists
    }

    fn domain(&self, domain: &str) -> Option<Party> {
        let mut rest = domain;
        while rest.contains('.') {
            if let Some(party) = self.domains.get(rest) {
                return Some(party);
            }
            rest = rest.split_once('.').map_or("", |(_, r)| r);
        }
        None
    }

    fn certain(&self, h: &Handle, own_domains: &[String]) -> Option<Joined> {
        let joined = |party, why| Some(Joined { party, why });
        let mail = if h.email.is_empty() && h.key.contains('@') { address(&h.key) } else { address(&h.email) };
        let phone = [&h.phone, &h.key].into_iter().map(|raw| digits(raw.split('@').next().unwrap_or(raw))).find(|d| !d.is_empty()).unwrap_or_default();
        for key in [&h.key, &h.name] {
            let key = handle_key(key);
            for channel in [h.channel.as_str(), ""] {
                if !key.is_empty()
                    && let Some(party) = self.handles.get(&format!("{channel}\n{key}"))
                {
                    return joined(party, Why::Handle);
                }
            }
        }
        if let Some(party) = self.addresses.get(&mail) {
            return joined(party, Why::Address);
        }
        if let Some(party) = self.phones.get(&phone) {
            return joined(party, Why::Phone);
        }
        if h.bot || h.impersonal || machine_address(&mail) {
            return joined(Party::Service, Why::Machine);
        }
        let domain = domain_of(&mail);
        if let Some(party) = self.domain(domain) {
            return joined(party, Why::Domain);
        }
        let own = |d: &String| domain == d || domain.strip_suffix(d.as_str()).is_some_and(|s| s.ends_with('.'));
        if !domain.is_empty() && own_domains.iter().any(own) {
            return joined(Party::Colleague, Why::Domain);
        }
        None
    }

    fn by_name(&self, h: &Handle) -> Option<Joined> {
        let name = if h.name.is_empty() { &h.key } else { &h.name };
        let party = self.names.get(&text::folded(name))?;
        // Stated by its source to be outside the firm: no employee, whatever the name.
        if h.external && matches!(party, Party::Employee(_)) { None } else { Some(Joined { party, why: Why::Name }) }
    }
}

fn handle_key(raw: &str) -> String {
    text::folded(raw.trim().trim_start_matches('@'))
}

fn machine_address(mail: &str) -> bool {
    let local = mail.split('@').next().unwrap_or_default();
    ["noreply", "no-reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster", "notifications", "newsletter"]
        .iter()
        .any(|m| local == *m || local.strip_prefix(m).is_some_and(|r| r.starts_with(['+', '-', '.'])))
}

fn index(ix: usize) -> u32 {
    u32::try_from(ix).unwrap_or(u32::MAX)
}

fn custodian(ix: usize, p: &roster::Person) -> Custodian {
    let role: Vec<&str> = [&p.grade, &p.department, &p.region].into_iter().map(String::as_str).filter(|s| !s.is_empty()).collect();
    Custodian {
        name: p.name.clone(),
        id: format!("p{}", ix + 1),
        person: Some(ix),
        start: p.start,
        last_day: p.last_day,
        notice: p.notice,
        role: role.join(", "),
        leave: Days::default(),
        leaving: p.last_day.is_some() || matches!(p.status, Status::Notice | Status::Terminated),
    }
}

impl Parties {
    /// Joins every handle of the dataset.
    #[must_use]
    pub fn new(dataset: &Dataset, matter: &Matter) -> Self {
        let lists = Lists::new(matter);
        let own: Vec<String> = matter.own_domains.iter().map(|d| address(d).trim_start_matches('@').to_owned()).filter(|d| !d.is_empty()).collect();
        let of: Vec<Joined> = dataset.handles.iter().map(|h| lists.certain(h, &own).or_else(|| lists.by_name(h)).unwrap_or_default()).collect();
        let custodians = matter.people.iter().flatten().enumerate().map(|(ix, p)| custodian(ix, p)).collect();
        let mut parties = Self { of, custodians, assumed: 0, leave_unmatched: 0 };
        if matter.people.is_some() {
            parties.join_owners(dataset, &lists)
        } else {
            parties.owners_as_custodians(dataset)
        }
        parties.assumed = parties.of.iter().filter(|j| j.why == Why::Name).count() as u64;
        parties.take_leave(matter);
        parties
    }

    /// Whom a handle belongs to.
    #[must_use]
    pub fn party(&self, handle: u32) -> Party {
        self.of.get(handle as usize).map_or(Party::Unknown, |j| j.party)
    }

    /// The custodian of a handle.
    #[must_use]
    pub fn employee(&self, handle: u32) -> Option<u32> {
        match self.party(handle) {
            Party::Employee(ix) => Some(ix),
            _ => None,
        }
    }

    /// Whether the handle is on the firm's side.
    #[must_use]
    pub fn firm(&self, handle: u32) -> bool {
        matches!(self.party(handle), Party::Employee(_) | Party::Colleague)
    }

    /// The client of a handle.
    #[must_use]
    pub fn client(&self, handle: u32) -> Option<u32> {
        match self.party(handle) {
            Party::Client(ix, _) => Some(ix),
            _ => None,
        }
    }

    /// An owner stated by a person is joined by what was stated, when the handle itself says too little.
    fn join_owners(&mut self, dataset: &Dataset, lists: &Lists) {
        for source in &dataset.sources {
            let (Some(handle), Some(owner)) = (source.owner_handle, &source.owner) else { continue };
            let Some(joined) = self.of.get_mut(handle as usize) else { continue };
            if owner.basis != Basis::Stated || !matches!(joined.party, Party::Unknown) {
                continue;
            }
            let said = Handle { channel: source.channel.clone(), key: owner.value.clone(), ..Handle::default() };
            if let Some(found) = lists.certain(&said, &[]).or_else(|| lists.by_name(&said)) {
                *joined = Joined { party: found.party, why: Why::Owner };
            }
        }
    }

    /// Without a list, whoever handed over an export is a custodian.
    fn owners_as_custodians(&mut self, dataset: &Dataset) {
        let mut by_name: BTreeMap<String, (String, Vec<u32>)> = BTreeMap::new();
        for source in &dataset.sources {
            let Some((ix, handle)) = source.owner_handle.and_then(|ix| dataset.handles.get(ix as usize).map(|h| (ix, h))) else { continue };
            let name = if handle.name.is_empty() { &handle.key } else { &handle.name };
            by_name.entry(text::folded(name)).or_insert_with(|| (name.clone(), Vec::new())).1.push(ix);
        }
        for (ix, (name, handles)) in by_name.into_values().enumerate() {
            self.custodians.push(Custodian { name, id: format!("p{}", ix + 1), ..Custodian::default() });
            for handle in handles {
                if let Some(joined) = self.of.get_mut(handle as usize) {
                    *joined = Joined { party: Party::Employee(index(ix)), why: Why::Owner };
                }
            }
        }
    }

    fn take_leave(&mut self, matter: &Matter) {
        let mut who = Index::default();
        for (ix, p) in matter.people.iter().flatten().enumerate() {
            let party = Party::Employee(index(ix));
            who.add(text::folded(&p.id), party);
            who.add(text::folded(&p.name), party);
            for email in &p.emails {
                who.add(address(email), party);
            }
        }
        for leave in matter.leave.iter().flatten() {
            let found = who.get(&text::folded(&leave.person));
            match found.and_then(|p| if let Party::Employee(ix) = p { self.custodians.get_mut(ix as usize) } else { None }) {
                Some(custodian) => custodian.leave = custodian.leave.union(&Days::span(leave.from, leave.to)),
                None => self.leave_unmatched += 1,
            }
        }
    }
}
