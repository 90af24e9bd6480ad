//! Who takes part: an element gives a login, names, addresses and numbers; messages often only the login.

use super::record::Record;
use crate::import::sink::{ChannelIx, Map, Sink};
use crate::model::HandleIx;
use crate::text;

/// Most logins remembered.
const REMEMBERED: usize = 1 << 20;

/// People of one dump.
#[derive(Default)]
pub struct People {
    by_login: Map<(u32, Box<str>), HandleIx>,
}

impl People {
    /// The one a record names: corporate address first, then any address, then the login known from elsewhere, then numbers.
    pub fn of(&mut self, record: &Record, channel: ChannelIx, sink: &mut Sink) -> Option<HandleIx> {
        let login = record.get(&["loginname", "userid", "username"]);
        let email = record.get(&["corporateemailid", "corporateemailaddress", "emailaddress", "bloombergemailaddress", "email"]).to_lowercase();
        let email = if email.contains('@') {
            email
        } else if login.contains('@') {
            login.to_lowercase()
        } else {
            String::new()
        };
        let known = self.by_login.get(&(channel.0, Box::from(login))).copied().filter(|_| !login.is_empty());
        let number = record.get(&["uuid", "bloomberguuid", "accountnumber"]);
        let names = format!("{} {}", record.get(&["firstname"]), record.get(&["lastname"]));
        let name = text::clean_name(names.trim());
        let key = [email.as_str(), login, number, name.as_str()].into_iter().find(|k| !k.is_empty())?;
        let handle = known.unwrap_or_else(|| sink.handle(channel, key));
        if !login.is_empty() && self.by_login.len() < REMEMBERED {
            self.by_login.entry((channel.0, login.into())).or_insert(handle);
        }
        let bot = record.get(&["usertype"]).eq_ignore_ascii_case("bot");
        if let Some(facts) = sink.handle_facts(handle) {
            if facts.name.is_empty() && name != facts.key {
                facts.name = name;
            }
            if facts.email.is_empty() && !email.is_empty() {
                facts.email = text::clean_name(&email);
            }
            facts.bot |= bot;
        }
        Some(handle)
    }

    /// The one of this login, on any channel.
    pub fn named(&self, login: &str) -> Option<HandleIx> {
        let mut found: Vec<HandleIx> = self.by_login.iter().filter(|((_, l), _)| l.eq_ignore_ascii_case(login)).map(|(_, h)| *h).collect();
        found.sort_unstable();
        found.first().copied()
    }
}
