//! Who writes: handles by the id of the account, what the lists say of them, who is outside the firm and who has left.

use crate::import::Options;
use crate::import::json::{Scan, Scanner, Text, Value, each, items, word};
use crate::import::sink::{ChannelIx, Map, Sink};
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided};
use crate::model::message::Flags;
use crate::text;

/// An account as a record names it.
#[derive(Default)]
struct Account<'a> {
    id: Text<'a>,
    name: Text<'a>,
    kind: Text<'a>,
    tenant: Text<'a>,
}

impl<'a> Account<'a> {
    fn of(value: Value<'a>) -> Self {
        let mut account = Self::default();
        each(value, |key, value| {
            for (name, slot) in [
                (&b"id"[..], &mut account.id),
                (b"displayName", &mut account.name),
                (b"userIdentityType", &mut account.kind),
                (b"tenantId", &mut account.tenant),
            ] {
                if key.eq_ignore_ascii_case(name) {
                    *slot = word(value);
                }
            }
        });
        account
    }
}

/// Handles of one export.
pub struct People {
    channel: Option<ChannelIx>,
    known: Map<Box<[u8]>, (HandleIx, bool)>,
    /// Accounts of the list, if there is one.
    listed: Map<u32, ()>,
    /// People of an own or another tenant who wrote.
    tenants: Vec<(HandleIx, String)>,
    wrote: Map<u32, ()>,
    stated: Option<String>,
    /// The account whose messages were asked for, when the answer names it.
    asked: Option<String>,
}

impl People {
    /// Nobody yet.
    pub fn new(options: &Options) -> Self {
        Self {
            channel: None,
            known: Map::default(),
            listed: Map::default(),
            tenants: Vec::new(),
            wrote: Map::default(),
            stated: options.owner.clone(),
            asked: None,
        }
    }

    /// The channel of the sink.
    pub fn channel(&mut self, sink: &mut Sink) -> ChannelIx {
        *self.channel.get_or_insert_with(|| sink.channel("teams"))
    }

    /// Ids of the accounts in the list, in order.
    pub fn listed(&self, sink: &mut Sink) -> Vec<String> {
        let mut all: Vec<String> = self.listed.keys().filter_map(|h| sink.handle_facts(HandleIx(*h)).map(|f| f.key.clone())).collect();
        all.sort();
        all
    }

    /// One element of `usersList.json`.
    pub fn user(&mut self, s: &mut Scanner<'_>, sink: &mut Sink) -> Scan<()> {
        let user = s.value()?;
        let (mut id, mut name, mut mail, mut login) = (Text::default(), Text::default(), Text::default(), Text::default());
        let (mut mobile, mut desk) = (Text::default(), Text::default());
        each(user, |key, value| {
            for (wanted, slot) in
                [(&b"id"[..], &mut id), (b"displayName", &mut name), (b"mail", &mut mail), (b"userPrincipalName", &mut login), (b"mobilePhone", &mut mobile)]
            {
                if key.eq_ignore_ascii_case(wanted) {
                    *slot = word(value);
                }
            }
            if key.eq_ignore_ascii_case(b"businessPhones") {
                items(value, |phone| {
                    if desk.is_empty() {
                        desk = word(phone);
                    }
                });
            }
        });
        if id.is_empty() {
            return Ok(());
        }
        let handle = self.handle(id, sink);
        self.listed.insert(handle.0, ());
        if let Some(facts) = sink.handle_facts(handle) {
            facts.name = text::clean_name(&name.owned());
            let login = login.owned().to_lowercase();
            let mail = if mail.is_empty() { login.clone() } else { mail.owned().to_lowercase() };
            if mail.contains('@') {
                facts.email = text::clean_name(&mail);
            }
            facts.phone = text::phone(&mobile.owned()).or_else(|| text::phone(&desk.owned())).unwrap_or_default();
            // A guest's login is made of the address at home: `bo_harbour.example#EXT#@kestrel.example`.
            facts.external |= login.contains("#ext#");
        }
        Ok(())
    }

    /// The handle of an id: `8:orgid:<guid>` and the guid alone are the same account.
    pub fn handle(&mut self, id: Text<'_>, sink: &mut Sink) -> HandleIx {
        if let Some((known, _)) = self.known.get(id.raw) {
            return *known;
        }
        let key = id.owned().to_lowercase();
        let channel = self.channel(sink);
        let handle = sink.handle(channel, key.strip_prefix("8:orgid:").unwrap_or(&key));
        self.known.insert(id.raw.into(), (handle, false));
        handle
    }

    /// Who wrote a record (`from`), and whether that is a machine.
    pub fn sender(&mut self, from: Value<'_>, sink: &mut Sink) -> Option<(HandleIx, bool)> {
        let mut found = None;
        each(from, |key, value| {
            if found.is_none() && matches!(value, Value::Object(_)) {
                let account = Account::of(value);
                // A tenant's export writes an object with empty fields where there is nobody.
                if !account.id.is_empty() || !account.name.is_empty() {
                    found = Some((key, account));
                }
            }
        });
        let (sort, account) = found?;
        let id = if account.id.is_empty() { account.name } else { account.id };
        let handle = self.handle(id, sink);
        let fresh = !self.wrote.contains_key(&handle.0);
        let machine = !sort.eq_ignore_ascii_case(b"user") && !sort.eq_ignore_ascii_case(b"guest") && !sort.eq_ignore_ascii_case(b"phone");
        if fresh {
            self.meet(handle, id, sort, &account, sink);
        }
        let bot = self.known.get(id.raw).is_some_and(|k| k.1);
        Some((handle, bot || machine))
    }

    fn meet(&mut self, handle: HandleIx, id: Text<'_>, sort: &[u8], account: &Account<'_>, sink: &mut Sink) {
        self.wrote.insert(handle.0, ());
        let outside = [&b"federatedUser"[..], b"anonymousGuest", b"skypeUser", b"emailUser", b"phoneUser", b"azureCommunicationServicesUser"];
        let external = outside.iter().any(|k| account.kind.raw.eq_ignore_ascii_case(k));
        let bot = sort.eq_ignore_ascii_case(b"application");
        self.known.insert(id.raw.into(), (handle, bot));
        if !account.tenant.is_empty() && !external && !bot {
            self.tenants.push((handle, account.tenant.owned()));
        }
        let Some(facts) = sink.handle_facts(handle) else { return };
        let name = text::clean_name(&account.name.owned());
        if facts.name.is_empty() && name != facts.key {
            facts.name = name;
        }
        if account.kind.raw.eq_ignore_ascii_case(b"phoneUser") && facts.phone.is_empty() {
            facts.phone = text::phone(facts.key.rsplit(':').next().unwrap_or_default()).unwrap_or_default();
        }
        facts.external |= external;
        facts.bot |= bot;
        facts.impersonal |= sort.eq_ignore_ascii_case(b"conversation") || sort.eq_ignore_ascii_case(b"device");
    }

    /// `@odata.context` or `@odata.nextLink`: `…/users('0b4f…')/chats/getallMessages?…` names the account that was asked about.
    pub fn link(&mut self, link: &str) {
        let after = link.split_once("/users('").or_else(|| link.split_once("/users/")).or_else(|| link.split_once("#users('")).map(|(_, rest)| rest);
        let id = after.and_then(|rest| rest.split(['\'', '/', '?']).next()).unwrap_or_default();
        if id.len() == 36 && self.asked.is_none() {
            self.asked = Some(id.to_lowercase());
        }
    }

    /// What a record by this sender is to the account that was asked about, where that is known.
    pub fn direction(&self, sender: Option<HandleIx>) -> Flags {
        let owner = self.asked.as_ref().filter(|_| self.stated.is_none()).and_then(|a| self.known.get(a.as_bytes()));
        match (owner, sender) {
            (Some((owner, _)), Some(sender)) if *owner == sender => Flags::BY_OWNER,
            (Some(_), Some(_)) => Flags::TO_OWNER,
            _ => Flags::NONE,
        }
    }

    /// Everything is read: who is of another tenant, who is not in the list of accounts any more, whose export it is.
    pub fn end(&mut self, sink: &mut Sink) {
        let mut names: Vec<&str> = self.tenants.iter().map(|(_, t)| t.as_str()).collect();
        names.sort_unstable();
        let most = names.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).filter(|same| same.len() * 2 > names.len());
        let own = most.and_then(|same| same.first()).map(|t| (*t).to_owned());
        let mut gone = 0;
        for (handle, tenant) in &self.tenants {
            let Some(facts) = sink.handle_facts(*handle) else { continue };
            if own.as_ref().is_some_and(|own| own != tenant) {
                facts.external = true;
            } else if !self.listed.is_empty() && !self.listed.contains_key(&handle.0) {
                facts.deactivated = true;
                gone += 1;
            }
        }
        if gone > 0 {
            let what = "People of the firm who wrote and are not in the list of active accounts: they have left, or their account was removed.";
            sink.notice("teams_not_listed", what, gone);
        }
        let stated = self.stated.as_ref().map(|s| (s.to_lowercase(), Basis::Stated, "stated"));
        let Some((key, basis, why)) = stated.or_else(|| self.asked.clone().map(|a| (a, Basis::Proven, "the answer names the account that was asked about")))
        else {
            return;
        };
        let Some((handle, _)) = self.known.get(key.as_bytes()).copied() else { return };
        sink.mark_owner(handle);
        let source = sink.source();
        source.owner = Some(Decided { value: text::clean_name(&key), basis, why: why.to_owned() });
        source.owner_handle = Some(handle.0);
    }
}
