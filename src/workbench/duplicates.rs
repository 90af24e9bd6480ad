//! The same message in several sources is one message with several holders; equal lines of one source are separate messages.

use crate::import::sink::Map;
use crate::model::batch::{Columns, Conversation, NONE};
use crate::model::message::{ConversationKind, Flags};
use crate::time::DAY;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Kept,
    /// It is a copy of this row.
    CopyOf(u32),
}

/// Finds copies. `order`: rows sorted by (conversation, time, part, position). Returns a fate per place in `order`.
///
/// Mail: equal Message-ID, equal sender, dates at most 24 h apart (email.md, section 8). Others: equal conversation, time, sender
/// and native id, or, without an id, equal text hash and length, the n-th such record of one source matching the n-th of another.
#[must_use]
pub fn find(rows: &Columns, order: &[u32], conversations: &[Conversation], source_of: &[u32]) -> Vec<Fate> {
    let mut finder = Finder { rows, source_of, fates: vec![Fate::Kept; order.len()], seen: Map::default(), nth: Map::default() };
    let mut from = 0;
    while let Some(first) = order.get(from) {
        let conversation = finder.value(&rows.conversation, *first);
        let n = order.get(from..).unwrap_or_default().iter().take_while(|r| finder.value(&rows.conversation, **r) == conversation).count();
        let thread = conversations.get(conversation as usize).is_some_and(|c| c.kind == ConversationKind::Thread);
        if thread {
            finder.by_id(order, from, from + n);
        }
        finder.by_time(order, from, from + n, thread);
        from += n;
    }
    finder.fates
}

/// Sender, id, text hash, length, event bits, number among equals of its source.
type Key = (u32, u32, u32, u32, u32, u32);

struct Finder<'a> {
    rows: &'a Columns,
    source_of: &'a [u32],
    fates: Vec<Fate>,
    seen: Map<Key, u32>,
    nth: Map<(Key, u32), u32>,
}

impl Finder<'_> {
    fn value(&self, column: &[u32], row: u32) -> u32 {
        column.get(row as usize).copied().unwrap_or(NONE)
    }

    fn time(&self, row: u32) -> i64 {
        self.rows.time.get(row as usize).copied().unwrap_or(0)
    }

    fn source(&self, row: u32) -> u32 {
        self.source_of.get(self.value(&self.rows.part, row) as usize).copied().unwrap_or(0)
    }

    fn by_id(&mut self, order: &[u32], from: usize, to: usize) {
        if to - from < 2 {
            return;
        }
        self.seen.clear();
        for place in from..to {
            let Some(row) = order.get(place).copied() else { continue };
            let id = self.value(&self.rows.id, row);
            if id == NONE {
                continue;
            }
            let key = (self.value(&self.rows.sender, row), id, 0, 0, 0, 0);
            match self.seen.get(&key).copied() {
                Some(first) if self.time(row).abs_diff(self.time(first)) <= DAY.unsigned_abs() => self.copy(place, first),
                _ => {
                    self.seen.insert(key, row);
                }
            }
        }
    }

    fn by_time(&mut self, order: &[u32], from: usize, to: usize, thread: bool) {
        let mut start = from;
        while start < to {
            let Some(first) = order.get(start).copied() else { break };
            let time = self.time(first);
            let mut end = start + 1;
            while end < to && order.get(end).is_some_and(|r| self.time(*r) == time) {
                end += 1;
            }
            let sources = order.get(start..end).unwrap_or_default().windows(2).any(|p| matches!(p, [a, b] if self.source(*a) != self.source(*b)));
            let ids = !thread && order.get(start..end).unwrap_or_default().iter().any(|r| self.has_id(*r));
            if end - start > 1 && (sources || ids) {
                self.run(order, start, end, thread);
            }
            start = end;
        }
    }

    fn has_id(&self, row: u32) -> bool {
        self.value(&self.rows.id, row) != NONE || Flags(self.value(&self.rows.flags, row)).has(Flags::ID_IS_TIME)
    }

    /// Rows of one time in one conversation.
    fn run(&mut self, order: &[u32], start: usize, end: usize, thread: bool) {
        self.seen.clear();
        self.nth.clear();
        for place in start..end {
            let Some(row) = order.get(place).copied() else { continue };
            if self.fates.get(place) != Some(&Fate::Kept) {
                continue;
            }
            let sender = self.value(&self.rows.sender, row);
            let event = self.value(&self.rows.flags, row) & 0x1f;
            let key: Key = if self.has_id(row) {
                if thread {
                    continue;
                }
                (sender, self.value(&self.rows.id, row), 0, 0, event, 0)
            } else {
                let plain = (sender, NONE, self.value(&self.rows.hash, row), self.value(&self.rows.chars, row), event, 0);
                let source = self.source(row);
                let nth = self.nth.entry((plain, source)).and_modify(|n| *n += 1).or_insert(0);
                (plain.0, plain.1, plain.2, plain.3, plain.4, *nth + 1)
            };
            match self.seen.get(&key).copied() {
                Some(first) => self.copy(place, first),
                None => {
                    self.seen.insert(key, row);
                }
            }
        }
    }

    fn copy(&mut self, place: usize, first: u32) {
        if let Some(fate) = self.fates.get_mut(place) {
            *fate = Fate::CopyOf(first);
        }
    }
}
