//! What the ledger says of a source once it is read: counts, first and last, zone.

use super::{Sink, index};
use crate::model::batch::NONE;
use crate::model::ledger::{Basis, Notice, Skip};
use crate::model::message::Flags;

impl Sink {
    /// Ends the current source: counts, first and last, ledger.
    pub fn close_source(&mut self) {
        let rows = self.first_row..self.columns.len();
        let (mut messages, mut events) = (0, 0);
        let (mut first, mut last) = (None::<i64>, None::<i64>);
        let mut writers: Vec<u32> = Vec::new();
        let mut conversations: Vec<u32> = Vec::new();
        for row in rows {
            let get = |column: &[u32]| column.get(row).copied().unwrap_or(NONE);
            let message = Flags(get(&self.columns.flags)).is_message();
            if message {
                messages += 1
            } else {
                events += 1
            }
            if let Some(t) = self.columns.time.get(row).copied() {
                first = Some(first.map_or(t, |f| f.min(t)));
                last = Some(last.map_or(t, |l| l.max(t)));
            }
            let (sender, conversation) = (get(&self.columns.sender), get(&self.columns.conversation));
            if message && sender != NONE && writers.last() != Some(&sender) {
                writers.push(sender);
            }
            if conversations.last() != Some(&conversation) {
                conversations.push(conversation);
            }
        }
        for list in [&mut writers, &mut conversations] {
            list.sort_unstable();
            list.dedup();
        }
        writers.retain(|h| self.tables.handles.get(*h as usize).is_some_and(|h| !h.impersonal));
        // Parts stand in the order of their sources: an archive of thousands of members is not searched for each.
        let begin = self.tables.parts.partition_point(|p| p.source < self.source);
        let first_part = index(begin);
        let relative = |s: Skip| Skip { part: s.part.saturating_sub(first_part), ..s };
        let skipped = std::mem::take(&mut self.skips).into_values().map(relative).collect();
        let notices = std::mem::take(&mut self.notices).into_iter().map(|(id, (sentence, count))| Notice { id, sentence, count }).collect();
        let parts = self.tables.parts.iter().skip(begin).filter(|p| p.source == self.source).map(|p| p.entry.clone()).collect();
        let stated = self.stated_zone.as_ref().map(|z| z.name().to_owned());
        let written = self.written_times;
        let source = self.source();
        source.messages = messages;
        source.events = events;
        source.first = first;
        source.last = last;
        source.participants = writers.len() as u64;
        source.conversations = conversations.len() as u64;
        source.skipped = skipped;
        source.notices = notices;
        source.parts = parts;
        if written {
            let (value, basis) = stated.map_or((String::new(), Basis::Assumed), |z| (z, Basis::Stated));
            source.zone.value = value;
            source.zone.basis = basis;
        } else if source.zone.value.is_empty() {
            source.zone.value = "UTC".to_owned();
            source.zone.basis = Basis::Proven;
        }
    }
}
