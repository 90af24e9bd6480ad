//! Who is who: every handle is joined to an employee, a client, the firm, a service, or stays unknown.
//! Certain joins come from addresses, numbers, handles and decisions; a display name joins only when it is the complete name of exactly one
//! person of both lists and all that the channel gives, and such a join is marked as assumed. How, stands in `identity`.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::address::address;
use super::identity::decisions::Decisions;
use super::identity::lists::{Index, Lists, name_of};
use crate::model::batch::Handle;
use crate::model::decision::Cause;
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

/// One who writes, as far as it can be told that it is the same one elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voice {
    /// A custodian.
    Custodian(u32),
    /// A contact of a client.
    Contact(u32, u32),
    /// A handle of a client of which nobody says whose it is: heard elsewhere only under the same handle.
    Handle(u32),
    /// Anybody of a client.
    Client(u32),
}

/// Why a handle is joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Why {
    /// Its e-mail address is on a list.
    Address,
    /// Its mailbox is on a list, under another writing of the address.
    Mailbox,
    /// Its phone number is on a list.
    Phone,
    /// Its phone number is on a list, once the country of the matter is put before it.
    National,
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
    /// A person decided it.
    Decision,
    /// A person decided that it is on no list: neither employee nor client.
    Other,
    /// What is known of it names different people.
    Conflict,
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
            Self::Mailbox => "e-mail address on the list, but for the part after a plus or the dots of Gmail",
            Self::Phone => "phone number on the list",
            Self::National => "phone number on the list, read with the country of the matter",
            Self::Handle => "handle on the list",
            Self::Domain => "mail domain",
            Self::Owner => "owner of an export",
            Self::Name => "display name is the complete name of exactly one person (assumed)",
            Self::Machine => "a machine",
            Self::Decision => "decided by a person",
            Self::Other => "decided by a person: on no list",
            Self::Conflict => "address, number and handle name different people",
            Self::Nothing => "not joined",
        }
    }

    /// Whether it is certain who it is: by address, number, handle or a statement, not by name, and not by domain only.
    #[must_use]
    pub const fn certain(self) -> bool {
        matches!(self, Self::Address | Self::Mailbox | Self::Phone | Self::National | Self::Handle | Self::Owner)
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

/// Handles of the custodians whom exports name beside their records.
fn named(dataset: &Dataset) -> BTreeSet<u32> {
    dataset.box_sets().into_iter().filter_map(|set| dataset.audiences.get(set as usize)).flatten().copied().collect()
}

impl Parties {
    /// Joins every handle of the dataset.
    #[must_use]
    pub fn new(dataset: &Dataset, matter: &Matter) -> Self {
        let lists = Lists::new(matter);
        let decisions = Decisions::new(dataset, matter);
        let mut of: Vec<Joined> = dataset.handles.iter().map(|h| lists.certain(h).unwrap_or_default()).collect();
        decisions.apply(&mut of);
        let custodians = matter.people.iter().flatten().enumerate().map(|(ix, p)| custodian(ix, p)).collect();
        let mut parties = Self { of, custodians, assumed: 0, leave_unmatched: 0 };
        parties.assume_names(dataset, &lists, &decisions);
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

    /// The one who writes under a handle; nobody where it is joined to no person of either list.
    #[must_use]
    pub fn voice(&self, handle: u32) -> Option<Voice> {
        match self.party(handle) {
            Party::Employee(custodian) => Some(Voice::Custodian(custodian)),
            Party::Client(client, Some(contact)) => Some(Voice::Contact(client, contact)),
            Party::Client(_, None) => Some(Voice::Handle(handle)),
            _ => None,
        }
    }

    /// Joins display names that can be of one person only. One who is known on the channel by another handle is not joined: that one is proposed.
    fn assume_names(&mut self, dataset: &Dataset, lists: &Lists, decisions: &Decisions) {
        let known: BTreeSet<(&str, Party)> = dataset
            .handles
            .iter()
            .zip(&self.of)
            .filter(|(_, j)| j.why.certain() || j.why == Why::Decision)
            .map(|(h, j)| (h.channel.as_str(), j.party))
            .collect();
        for ((ix, h), joined) in (0u32..).zip(&dataset.handles).zip(&mut self.of) {
            if joined.why == Why::Nothing
                && let Some(found) = lists.assumed(h)
                && !decisions.refuses(ix, found.party)
                && !known.contains(&(h.channel.as_str(), found.party))
            {
                *joined = found;
            }
        }
    }

    /// An owner stated by a person, and a custodian whom an export names beside its records, is joined by what was stated, when the handle itself
    /// says too little.
    fn join_owners(&mut self, dataset: &Dataset, lists: &Lists) {
        let owners = dataset.sources.iter().filter_map(|source| {
            let owner = source.owner.as_ref().filter(|o| o.basis == Basis::Stated)?;
            Some((source.owner_handle?, source.channel.as_str(), owner.value.as_str()))
        });
        let named = named(dataset).into_iter().filter_map(|ix| dataset.handles.get(ix as usize).map(|h| (ix, h.channel.as_str(), name_of(h))));
        for (handle, channel, said) in owners.chain(named) {
            let Some(joined) = self.of.get_mut(handle as usize) else { continue };
            if !matches!(joined.party, Party::Unknown) || joined.why == Why::Other {
                continue;
            }
            let whole = Handle { channel: channel.to_owned(), key: said.to_owned(), ..Handle::default() };
            let found = lists.certain(&whole).map(|j| j.party).filter(|p| !matches!(p, Party::Unknown | Party::Colleague | Party::Service));
            if let Some(party) = found.or_else(|| lists.by_name(said)) {
                *joined = Joined { party, why: Why::Owner };
            }
        }
    }

    /// Without a list, whoever handed over an export, or is named as custodian of its records, is a custodian.
    fn owners_as_custodians(&mut self, dataset: &Dataset) {
        let mut by_name: BTreeMap<String, (String, Vec<u32>)> = BTreeMap::new();
        let mut all = named(dataset);
        all.extend(dataset.sources.iter().filter_map(|s| s.owner_handle));
        for (ix, handle) in all.into_iter().filter_map(|ix| dataset.handles.get(ix as usize).map(|h| (ix, h))) {
            let name = name_of(handle);
            by_name.entry(text::folded(name)).or_insert_with(|| (name.to_owned(), Vec::new())).1.push(ix);
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

    /// Custodians as other lists name them.
    #[must_use]
    pub fn named(&self, matter: &Matter) -> Named {
        let mut who = Index::default();
        for (ix, p) in matter.people.iter().flatten().enumerate() {
            let party = Party::Employee(index(ix));
            who.add(text::folded(&p.id), party);
            who.add(text::folded(&p.name), party);
            for email in &p.emails {
                who.add(address(email), party);
            }
            for phone in p.phones.iter().filter_map(|n| text::phone(n)) {
                who.add(phone, party);
            }
        }
        for (ix, custodian) in self.custodians.iter().enumerate().filter(|_| matter.people.is_none()) {
            who.add(text::folded(&custodian.name), Party::Employee(index(ix)));
        }
        Named(who)
    }

    fn take_leave(&mut self, matter: &Matter) {
        let named = self.named(matter);
        // What a reviewer marked as leave is leave. Whom it does not fit is told with the explanations.
        for explanation in matter.explained.iter().filter(|e| e.kind == Cause::Leave) {
            if let (Some(from), Some(to), Some(ix)) = (explanation.from, explanation.to, named.custodian(&explanation.custodian))
                && let Some(custodian) = self.custodians.get_mut(ix as usize)
            {
                custodian.leave = custodian.leave.union(&Days::span(from, to));
            }
        }
        for leave in matter.leave.iter().flatten() {
            match named.custodian(&leave.person).and_then(|ix| self.custodians.get_mut(ix as usize)) {
                Some(custodian) => custodian.leave = custodian.leave.union(&Days::span(leave.from, leave.to)),
                None => self.leave_unmatched += 1,
            }
        }
    }
}

/// People as other lists name them: by id, name, address or number of the people list, without one by name. What fits two is nobody.
pub struct Named(Index);

impl Named {
    /// The custodian somebody means.
    #[must_use]
    pub fn custodian(&self, written: &str) -> Option<u32> {
        let party = self.0.get(&text::folded(written)).or_else(|| self.0.get(&text::phone(written)?))?;
        if let Party::Employee(ix) = party { Some(ix) } else { None }
    }
}
