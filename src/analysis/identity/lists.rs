//! The lists turned round: from an address, a number, a handle or a name to the one it belongs to. What fits two is refused.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use super::address::{address, domain_of, machine, mailbox, public, text_service};
use super::names;
use super::phone::{Number, Phones};
use crate::analysis::parties::{Joined, Party, Why};
use crate::model::batch::Handle;
use crate::model::matter::Matter;
use crate::text;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fits {
    One(Party),
    Several,
}

/// Look-up that refuses what fits two people. Only asked, never walked: the order of a hash map must not show.
#[derive(Default)]
pub struct Index(HashMap<String, Fits, foldhash::fast::RandomState>);

impl Index {
    /// Adds one; an empty key is none.
    pub fn add(&mut self, key: String, party: Party) {
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

    /// The one that fits.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Party> {
        match self.0.get(key) {
            Some(Fits::One(party)) => Some(*party),
            _ => None,
        }
    }
}

/// A person of the lists.
pub struct Listed<'a> {
    /// Who.
    pub party: Party,
    /// Name as on the list.
    pub name: &'a str,
    /// Addresses.
    pub emails: &'a [String],
    /// Numbers.
    pub numbers: Vec<Number>,
}

/// All look-ups.
#[derive(Default)]
pub struct Lists<'a> {
    /// Persons of both lists, employees first.
    pub people: Vec<Listed<'a>>,
    /// How numbers are read.
    pub phones: Phones,
    /// Domains of the firm.
    pub own: Vec<String>,
    addresses: Index,
    mailboxes: Index,
    numbers: Index,
    handles: Index,
    /// Channels for which the lists give a handle of somebody: another name there is no certain one.
    handled: BTreeSet<(String, Party)>,
    names: Index,
    /// First and last words of names, once they are asked for.
    skeletons: OnceCell<Index>,
    domains: Index,
}

fn index(ix: usize) -> u32 {
    u32::try_from(ix).unwrap_or(u32::MAX)
}

fn handle_key(raw: &str) -> String {
    text::folded(raw.trim().trim_start_matches('@'))
}

/// The address of a handle: what its source states, or its key where that is one.
#[must_use]
pub fn mail_of(h: &Handle) -> String {
    if h.email.is_empty() && h.key.contains('@') { address(&h.key) } else { address(&h.email) }
}

/// Whether all a source says of a handle is a display name.
#[must_use]
pub fn named_only(h: &Handle) -> bool {
    h.phone.is_empty() && h.email.is_empty() && !h.key.contains('@') && (h.name.is_empty() || text::folded(&h.name) == text::folded(&h.key))
}

/// The display name.
#[must_use]
pub fn name_of(h: &Handle) -> &str {
    if h.name.is_empty() { &h.key } else { &h.name }
}

/// Whether two joins can be of one person: the same, or a client and a contact of that client.
#[must_use]
pub fn agree(a: Party, b: Party) -> bool {
    match (a, b) {
        (Party::Client(a, x), Party::Client(b, y)) => a == b && (x.is_none() || y.is_none() || x == y),
        (Party::Colleague, Party::Employee(_)) | (Party::Employee(_), Party::Colleague) => true,
        (a, b) => a == b,
    }
}

impl<'a> Lists<'a> {
    /// From the matter.
    #[must_use]
    pub fn new(matter: &'a Matter) -> Self {
        let own = matter.own_domains.iter().map(|d| address(d).trim_start_matches('@').to_owned()).filter(|d| !d.is_empty()).collect();
        let mut lists = Self { phones: Phones::new(matter), own, ..Self::default() };
        for (ix, p) in matter.people.iter().flatten().enumerate() {
            lists.add(Party::Employee(index(ix)), &p.name, &p.emails, (&p.phones, &p.region), &p.handles);
            // Kept apart from work addresses, but it is this person all the same.
            for email in &p.personal_emails {
                lists.address(email, Party::Employee(index(ix)));
            }
        }
        for (ix, client) in matter.clients.iter().flatten().enumerate() {
            let ix = index(ix);
            for domain in &client.domains {
                let domain = address(domain).trim_start_matches('@').to_owned();
                if !public(&domain) && !lists.own.contains(&domain) {
                    lists.domains.add(domain, Party::Client(ix, None));
                }
            }
            for (n, c) in client.contacts.iter().enumerate() {
                lists.add(Party::Client(ix, Some(index(n))), &c.name, &c.emails, (&c.phones, &client.region), &c.handles);
            }
            // The entity itself may be what a chat shows as a name.
            if !client.contacts.iter().any(|c| text::folded(&c.name) == text::folded(&client.name)) {
                lists.names.add(text::folded(&client.name), Party::Client(ix, None));
            }
        }
        lists
    }

    fn address(&mut self, email: &str, party: Party) {
        let email = address(email);
        self.mailboxes.add(mailbox(&email), party);
        self.addresses.add(email, party);
    }

    fn add(&mut self, party: Party, name: &'a str, emails: &'a [String], phones: (&[String], &str), handles: &[(String, String)]) {
        self.names.add(text::folded(name), party);
        for email in emails {
            self.address(email, party);
        }
        let numbers: Vec<Number> = phones.0.iter().filter_map(|p| self.phones.read(p, phones.1)).collect();
        for number in &numbers {
            self.numbers.add(number.digits.clone(), party);
        }
        for (channel, handle) in handles {
            self.handles.add(format!("{channel}\n{}", handle_key(handle)), party);
            self.handled.insert((channel.clone(), party));
        }
        self.people.push(Listed { party, name, emails, numbers });
    }

    /// The client of a domain or of the domain above it.
    #[must_use]
    pub fn domain(&self, domain: &str) -> Option<Party> {
        let mut rest = domain;
        while rest.contains('.') {
            if let Some(party) = self.domains.get(rest) {
                return Some(party);
            }
            rest = rest.split_once('.').map_or("", |(_, r)| r);
        }
        None
    }

    /// Whether a domain is the firm's.
    #[must_use]
    pub fn is_own(&self, domain: &str) -> bool {
        !domain.is_empty() && self.own.iter().any(|d| domain == d || domain.strip_suffix(d.as_str()).is_some_and(|s| s.ends_with('.')))
    }

    /// The number of a handle, stated or its key.
    #[must_use]
    pub fn number_of(&self, h: &Handle) -> Option<Number> {
        // `447700900142@s.whatsapp.net`: the account is the number.
        [&h.phone, &h.key].into_iter().find_map(|raw| self.phones.read(raw.split('@').next().unwrap_or(raw), ""))
    }

    fn by_handle(&self, h: &Handle) -> Option<Joined> {
        // A display name is compared with the handles of the lists only where there is nothing better to compare.
        let keys = [Some(&h.key), (h.email.is_empty() && h.phone.is_empty()).then_some(&h.name)];
        keys.into_iter().flatten().map(|k| handle_key(k)).filter(|k| !k.is_empty()).find_map(|key| {
            let party = [h.channel.as_str(), ""].iter().find_map(|channel| self.handles.get(&format!("{channel}\n{key}")))?;
            Some(Joined { party, why: Why::Handle })
        })
    }

    fn by_address(&self, mail: &str) -> Option<Joined> {
        let exact = self.addresses.get(mail).map(|party| Joined { party, why: Why::Address });
        exact.or_else(|| self.mailboxes.get(&mailbox(mail)).map(|party| Joined { party, why: Why::Mailbox }))
    }

    fn by_number(&self, h: &Handle) -> Option<Joined> {
        let number = self.number_of(h)?;
        let party = self.numbers.get(&number.digits)?;
        Some(Joined { party, why: if number.assumed_country { Why::National } else { Why::Phone } })
    }

    /// Who it is for certain: by handle, address, number or domain of the lists. Where two of these name different people, nobody.
    #[must_use]
    pub fn certain(&self, h: &Handle) -> Option<Joined> {
        let mail = mail_of(h);
        let found: Vec<Joined> = [self.by_handle(h), self.by_address(&mail), self.by_number(h)].into_iter().flatten().collect();
        if let Some(first) = found.first() {
            let contact = found.iter().find(|j| matches!(j.party, Party::Client(_, Some(_)))).unwrap_or(first);
            let one = found.iter().all(|j| agree(first.party, j.party));
            return Some(if one { *contact } else { Joined { party: Party::Unknown, why: Why::Conflict } });
        }
        if h.bot || h.impersonal || machine(&mail) || text_service(&h.channel, &h.key) {
            return Some(Joined { party: Party::Service, why: Why::Machine });
        }
        let domain = domain_of(&mail);
        let party = self.domain(domain).or_else(|| self.is_own(domain).then_some(Party::Colleague))?;
        Some(Joined { party, why: Why::Domain })
    }

    /// Whom a stated name names, when it fits one only.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<Party> {
        self.names.get(&text::folded(name))
    }

    fn by_skeleton(&self, name: &str) -> Option<Party> {
        let index = self.skeletons.get_or_init(|| {
            let mut index = Index::default();
            for listed in &self.people {
                index.add(names::skeleton(listed.name), listed.party);
            }
            index
        });
        index.get(&names::skeleton(name))
    }

    /// Who it is by display name alone, assumed: the complete name of exactly one person, unlike that of any other, on a channel that gives nothing
    /// better, and for which the lists do not give another handle of that person. The name of a client entity needs no second word.
    #[must_use]
    pub fn assumed(&self, h: &Handle) -> Option<Joined> {
        if !named_only(h) {
            return None;
        }
        let name = name_of(h);
        let party = self.by_name(name)?;
        let entity = matches!(party, Party::Client(_, None));
        let alone = entity || names::complete(name) && self.by_skeleton(name) == Some(party);
        // Stated by its source to be outside the firm: no employee, whatever the name.
        let outside = h.external && matches!(party, Party::Employee(_));
        (alone && !outside && !self.handled.contains(&(h.channel.clone(), party))).then_some(Joined { party, why: Why::Name })
    }
}
