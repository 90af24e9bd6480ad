//! Who takes part: addresses, conversations, and whose phone it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::sink::{ChannelIx, Map, Sink};
use crate::import::tally::Tally;
use crate::model::ledger::{Basis, Decided};
use crate::model::message::ConversationKind;
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};
use crate::text;

/// Parties of one conversation that are kept.
const PARTIES: usize = 1000;
/// Numbers that may be the owner's that are counted.
const CANDIDATES: usize = 10_000;
/// Last digits that two ways to write one number share.
const SAME: usize = 8;

/// One conversation: the other parties.
pub struct Talk {
    /// Its place in the batch.
    pub conversation: ConversationIx,
    keys: Vec<String>,
    handles: Vec<HandleIx>,
    /// Attachments named without their data.
    pub media: Tally,
    /// Messages whose content is not held.
    pub absent: Tally,
}

impl Talk {
    /// The only other party.
    pub fn other(&self) -> Option<HandleIx> {
        if let [one] = self.handles.as_slice() { Some(*one) } else { None }
    }

    /// Whether this address is one of the parties.
    pub fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|k| k == key)
    }

    /// Number of other parties.
    pub const fn parties(&self) -> usize {
        self.keys.len()
    }
}

/// All parties and conversations of a file.
#[derive(Default)]
pub struct People {
    channel: Option<ChannelIx>,
    by_address: Map<Box<[u8]>, usize>,
    talks: Vec<Talk>,
    /// Numbers that may be the owner's: how often they must be, how often they may be.
    owner: BTreeMap<String, (u64, u64)>,
}

/// Whether only a machine can send from it: a name of letters (`AMZN`), a short code of up to six digits.
fn is_service(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    let letters = key.chars().any(char::is_alphabetic);
    !key.contains('@') && !key.starts_with('+') && (letters || (3..=6).contains(&digits) && digits == key.len())
}

impl People {
    /// The channel of the sink.
    pub fn channel(&mut self, sink: &mut Sink) -> ChannelIx {
        *self.channel.get_or_insert_with(|| sink.channel("sms"))
    }

    /// The handle of an address.
    pub fn handle(&mut self, key: &str, sink: &mut Sink) -> HandleIx {
        let channel = self.channel(sink);
        let handle = sink.handle(channel, key);
        if let Some(facts) = sink.handle_facts(handle) {
            if key.contains('@') {
                key.clone_into(&mut facts.email);
            } else if let Some(phone) = text::phone(key) {
                facts.phone = phone;
            }
            facts.bot = is_service(key);
        }
        handle
    }

    /// The conversation with these addresses, `~` between them (`address` of a record), and the name the phone has for them.
    pub fn talk(&mut self, address: &[u8], contact: Option<&[u8]>, sink: &mut Sink) -> usize {
        match self.by_address.get(address) {
            Some(ix) => *ix,
            None => self.begin(address, contact, sink),
        }
    }

    /// A conversation by its place.
    pub fn get_mut(&mut self, talk: usize) -> Option<&mut Talk> {
        self.talks.get_mut(talk)
    }

    fn begin(&mut self, address: &[u8], contact: Option<&[u8]>, sink: &mut Sink) -> usize {
        let written = String::from_utf8_lossy(address);
        let mut keys: Vec<String> = written.split('~').take(PARTIES).map(text::address_key).filter(|k| !k.is_empty() && !is_own_token(k)).collect();
        keys.sort_unstable();
        keys.dedup();
        let contact = contact.map(|c| text::clean_name(&String::from_utf8_lossy(c))).filter(|c| !c.is_empty() && c != "(Unknown)");
        let handles: Vec<HandleIx> = keys.iter().map(|k| self.handle(k, sink)).collect();
        if let ([handle], Some(name)) = (handles.as_slice(), &contact)
            && let Some(facts) = sink.handle_facts(*handle)
            && *name != facts.key
        {
            facts.name.clone_from(name);
        }
        let kind = if keys.len() > 1 { ConversationKind::Group } else { ConversationKind::Direct };
        let channel = self.channel(sink);
        let joined = if keys.is_empty() { "withheld number".to_owned() } else { keys.join(",") };
        let conversation = sink.conversation(channel, &joined, &contact.unwrap_or_default(), kind);
        let ix = self.talks.iter().position(|t| t.conversation == conversation).unwrap_or_else(|| {
            self.talks.push(Talk { conversation, keys, handles, media: Tally::default(), absent: Tally::default() });
            self.talks.len() - 1
        });
        if self.by_address.len() < 1 << 18 {
            self.by_address.insert(address.into(), ix);
        }
        ix
    }

    /// A number that is the owner's (`sure`), or may be.
    pub fn own(&mut self, key: String, sure: bool) {
        if self.owner.len() < CANDIDATES || self.owner.contains_key(&key) {
            let (must, may) = self.owner.entry(key).or_default();
            if sure { *must += 1 } else { *may += 1 }
        }
    }

    fn inferred(&self) -> Option<Decided> {
        let certain = self.owner.values().filter(|v| v.0 > 0).count();
        let best = self.owner.values().max()?;
        let mut top = self.owner.iter().filter(|(_, v)| *v == best);
        let (Some((number, (must, may))), None) = (top.next(), top.next()) else { return None };
        let (basis, why) = if certain == 1 && *must > 0 {
            (Basis::Proven, format!("sender of sent or receiver of received multimedia messages, {must} times"))
        } else {
            (Basis::Assumed, format!("the address most common to all multimedia messages, {} times", must + may))
        };
        Some(Decided { value: number.clone(), basis, why })
    }

    /// Numbers written without a country code that are the end of exactly one number of the file that has one.
    fn international(&self) -> BTreeMap<String, String> {
        let all: BTreeSet<&str> = self.talks.iter().flat_map(|t| t.keys.iter().map(String::as_str)).collect();
        let full = |national: &str| {
            let digits = national.trim_start_matches('0');
            let mut same = all.iter().filter(|k| digits.len() >= SAME && k.starts_with('+') && k.ends_with(digits));
            same.next().filter(|_| same.next().is_none())
        };
        let national = all.iter().filter(|k| k.bytes().all(|b| b.is_ascii_digit())).take(CANDIDATES);
        national.filter_map(|k| Some(((*k).to_owned(), (*full(k)?).to_owned()))).collect()
    }

    /// The file is read: who owns it, names of conversations, and what their records lack. `set`: the phone's backup set.
    pub fn finish(mut self, stated: Option<&str>, set: &str, sink: &mut Sink) {
        let decided = match stated.map(str::trim).filter(|s| !s.is_empty()) {
            Some(stated) => Some(Decided { value: text::address_key(stated), basis: Basis::Stated, why: "stated".to_owned() }),
            None => self.inferred(),
        };
        let number = decided.as_ref().map(|d| d.value.clone());
        let is_stated = decided.as_ref().is_some_and(|d| d.basis == Basis::Stated);
        // All backups of one phone have one set: its sent messages are by one handle, whether or not a backup shows the number.
        let own_key = match (&number, set.is_empty()) {
            (Some(number), _) if is_stated => Some(number.clone()),
            (_, false) => Some(format!("phone of backup set {set}")),
            (number, true) => number.clone(),
        };
        let owner = own_key.as_ref().map(|k| self.handle(k, sink));
        if let (Some(handle), Some(number)) = (owner, number.as_deref())
            && let Some(facts) = sink.handle_facts(handle)
        {
            facts.phone = text::phone(number).unwrap_or_default();
        }
        if let Some(handle) = owner {
            if let Some(facts) = sink.handle_facts(handle) {
                facts.bot = false;
            }
            sink.owner_wrote(handle);
        }
        if decided.is_none() && !self.talks.is_empty() {
            sink.notice("owner_unknown", "The file does not say whose phone it comes from", 1);
        }
        let source = sink.source();
        source.owner = decided;
        source.owner_handle = owner.map(|h| h.0);
        let international = self.international();
        for talk in &mut self.talks {
            if let Some(own) = talk.keys.iter().position(|k| Some(k) == number.as_ref()).filter(|_| talk.keys.len() > 1) {
                talk.keys.remove(own);
                talk.handles.remove(own);
            }
            if let Some(facts) = sink.conversation_facts(talk.conversation) {
                facts.kind = if talk.keys.len() > 1 { ConversationKind::Group } else { ConversationKind::Direct };
                facts.members = talk.handles.iter().chain(owner.iter()).map(|h| h.0).collect();
                facts.key = conversation_key(&talk.keys, &international, own_key.as_deref(), is_stated);
            }
            talk.media.tell(StatementKind::MediaAbsent, Some(talk.conversation), "attachments without their data", sink);
            talk.absent.tell(StatementKind::ContentAbsent, Some(talk.conversation), "multimedia messages without content", sink);
        }
    }
}

/// The other parties; with the owner where that is known for certain, so that both phones give one conversation, else with the phone.
fn conversation_key(keys: &[String], full: &BTreeMap<String, String>, own: Option<&str>, stated: bool) -> String {
    let mut all: Vec<&str> = keys.iter().map(|k| full.get(k).unwrap_or(k).as_str()).collect();
    all.sort_unstable();
    if all.is_empty() {
        all.push("withheld number");
    }
    match own {
        Some(own) if stated => {
            all.push(own);
            all.sort_unstable();
            text::bounded(&all.join(","), 1000).to_owned()
        }
        Some(own) => text::bounded(&format!("{} on {own}", all.join(",")), 1000).to_owned(),
        None => text::bounded(&all.join(","), 1000).to_owned(),
    }
}

/// What stands for the phone itself in lists of addresses.
pub fn is_own_token(key: &str) -> bool {
    key == "insert-address-token"
}
