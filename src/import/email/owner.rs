//! Whose mailbox it is, and whether it holds both directions.

use std::collections::BTreeMap;

use crate::import::sink::{ChannelIx, Map, Sink};
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided};
use crate::model::message::{Flags, Position};
use crate::model::statement::StatementKind;

/// Different delivery addresses counted at most.
const DELIVERED_LIMIT: usize = 10_000;
/// Fewer messages than this prove nothing about the mailbox as a whole.
const ENOUGH: u64 = 20;

/// Counts over one mailbox.
#[derive(Default)]
pub struct Tally {
    messages: u64,
    by_people: u64,
    delivered: BTreeMap<String, u64>,
    /// Per handle: messages sent, received, and part in messages that people wrote.
    handles: Map<u32, (u64, u64, u64)>,
}

impl Tally {
    /// One message.
    pub fn message(&mut self, sender: Option<HandleIx>, audience: &[HandleIx], delivered_to: &str, flags: Flags) {
        self.messages += 1;
        let people = !flags.has(Flags::AUTOMATIC);
        self.by_people += u64::from(people);
        if let Some(n) = self.delivered.get_mut(delivered_to) {
            *n += 1;
        } else if !delivered_to.is_empty() && self.delivered.len() < DELIVERED_LIMIT {
            self.delivered.insert(delivered_to.to_owned(), 1);
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
        let total: u64 = self.delivered.values().sum();
        // The smallest of equals, so that the answer does not depend on the order of messages.
        if let Some((address, n)) = self.delivered.iter().rev().max_by_key(|(_, n)| **n)
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
