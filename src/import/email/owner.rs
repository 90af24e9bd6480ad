//! Whose mailbox it is, and whether it holds both directions.

use std::collections::BTreeMap;

use crate::import::sink::{ChannelIx, Map, Sink};
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided};
use crate::model::message::{Flags, Position};
use crate::model::statement::StatementKind;

/// Different delivery addresses counted at most.
const DELIVERED_LIMIT: usize = 10_000;
/// The same in a section of a mailbox: which of them count is known only with those of the sections before.
const SECTION_LIMIT: usize = 16 * DELIVERED_LIMIT;
/// Fewer messages than this prove nothing about the mailbox as a whole.
const ENOUGH: u64 = 20;

/// Counts over one mailbox.
#[derive(Default)]
pub struct Tally {
    messages: u64,
    by_people: u64,
    delivered: BTreeMap<String, Delivered>,
    /// This is a section of a mailbox.
    section: bool,
    /// More delivery addresses than a section keeps.
    over: bool,
    /// Per handle: messages sent, received, and part in messages that people wrote.
    handles: Map<u32, (u64, u64, u64)>,
}

/// Delivery addresses in the order in which they were met, with the messages delivered to each.
pub type Addresses = Vec<(String, u64)>;

/// Messages delivered to one address, and how many addresses were met before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Delivered {
    messages: u64,
    rank: usize,
}

impl Tally {
    /// This is a section of a mailbox: all is kept that may count in the whole.
    pub const fn of_section(&mut self) {
        self.section = true;
    }

    fn delivered(&mut self, to: &str, messages: u64) {
        let rank = self.delivered.len();
        if let Some(known) = self.delivered.get_mut(to) {
            known.messages += messages;
        } else if rank < if self.section { SECTION_LIMIT } else { DELIVERED_LIMIT } {
            self.delivered.insert(to.to_owned(), Delivered { messages, rank });
        } else {
            self.over = true;
        }
    }

    /// All of it for a section: the delivery addresses in the order in which they were met, the rest as numbers. `None`: too many addresses.
    pub fn keep(&self, out: &mut Vec<u64>) -> Option<Addresses> {
        let mut handles: Vec<_> = self.handles.iter().collect();
        handles.sort_unstable();
        out.extend([self.messages, self.by_people, handles.len() as u64]);
        for (handle, (sent, received, part)) in handles {
            out.extend([u64::from(*handle), *sent, *received, *part]);
        }
        let mut addresses: Vec<_> = self.delivered.iter().collect();
        addresses.sort_unstable_by_key(|(_, d)| d.rank);
        (!self.over).then(|| addresses.into_iter().map(|(address, d)| (address.clone(), d.messages)).collect())
    }

    /// Takes what the next section has kept. `places`: of its handles. `None` when there are too few numbers.
    pub fn absorb(&mut self, addresses: &[(String, u64)], numbers: &mut impl Iterator<Item = u64>, places: &[u32]) -> Option<()> {
        for (address, messages) in addresses {
            self.delivered(address, *messages);
        }
        self.messages += numbers.next()?;
        self.by_people += numbers.next()?;
        for _ in 0..numbers.next()? {
            let place = places.get(usize::try_from(numbers.next()?).ok()?)?;
            let count = self.handles.entry(*place).or_default();
            count.0 += numbers.next()?;
            count.1 += numbers.next()?;
            count.2 += numbers.next()?;
        }
        Some(())
    }

    /// One message.
    pub fn message(&mut self, sender: Option<HandleIx>, audience: &[HandleIx], delivered_to: &str, flags: Flags) {
        self.messages += 1;
        let people = !flags.has(Flags::AUTOMATIC);
        self.by_people += u64::from(people);
        if !delivered_to.is_empty() {
            self.delivered(delivered_to, 1);
        }
        if let Some(s) = sender {
            let count = self.handles.entry(s.0).or_default();
            count.0 += 1;
            count.2 += u64::from(people);
        }
        for h in audience {
            let count = self.handles.entry(h.0).or_default();
            count.1 += 1;
            count.2 += u64::from(people && Some(*h) != sender);
        }
    }

    /// Decides the owner and tells the sink; says when only one direction is held. `single`: one mail is no mailbox.
    pub fn finish(&self, stated: Option<&str>, single: bool, channel: ChannelIx, sink: &mut Sink) {
        let owner = self.decide(stated, single, channel, sink);
        if let Some((handle, decided)) = &owner {
            sink.mark_owner(*handle);
            let source = sink.source();
            source.owner = Some(decided.clone());
            source.owner_handle = Some(handle.0);
        }
        if self.messages < ENOUGH || single {
            return;
        }
        let detail = match owner {
            Some((handle, _)) => match self.handles.get(&handle.0) {
                Some((0, received, _)) if *received > 0 => "only received mail, nothing sent by the owner",
                Some((sent, _, _)) if *sent == self.messages => "only sent mail, nothing received",
                _ => return,
            },
            None if self.handles.values().any(|h| h.0 == self.messages) => "only sent mail of one sender",
            None => return,
        };
        sink.statement(StatementKind::OneSided, None, None, None, self.messages, Position::byte(0), detail);
    }

    fn decide(&self, stated: Option<&str>, single: bool, channel: ChannelIx, sink: &mut Sink) -> Option<(HandleIx, Decided)> {
        // A name stated for chats of the same import is no mailbox.
        if let Some(address) = stated.map(str::trim).filter(|a| a.contains('@')) {
            let address = address.to_lowercase();
            let why = "stated".to_owned();
            return Some((sink.handle(channel, &address), Decided { value: address, basis: Basis::Stated, why }));
        }
        let total: u64 = self.delivered.values().map(|d| d.messages).sum();
        // The smallest of equals, so that the answer does not depend on the order of messages.
        if let Some((address, Delivered { messages: n, .. })) = self.delivered.iter().rev().max_by_key(|(_, d)| d.messages)
            && *n * 2 > total
        {
            let handle = sink.handle(channel, address);
            if let Some(facts) = sink.handle_facts(handle)
                && facts.email.is_empty()
            {
                facts.email.clone_from(address);
            }
            let why = format!("Delivered-To of {n} of {total} messages that name a mailbox");
            return Some((handle, Decided { value: address.clone(), basis: Basis::Proven, why }));
        }
        if single || self.by_people < 5 {
            return None;
        }
        let best = self.handles.values().map(|h| h.2).max()?;
        let mut top = self.handles.iter().filter(|(_, h)| h.2 == best).map(|(ix, _)| *ix);
        let (handle, None) = (HandleIx(top.next()?), top.next()) else { return None };
        if best * 5 < self.by_people * 4 {
            return None;
        }
        let value = sink.handle_facts(handle)?.key.clone();
        let why = format!("sender or recipient of {best} of {} messages", self.by_people);
        Some((handle, Decided { value, basis: Basis::Assumed, why }))
    }
}
