//! What the ids of a chat prove. Supergroups and channels count their own messages from 1, one by one, so an absent id is a message
//! that existed. In all other chats only a reply or pin whose target is absent proves anything.

use crate::import::sink::{Clock, Sink};
use crate::model::ConversationIx;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Most ids kept of one chat, and most holes and targets.
const LIMIT: usize = 1 << 23;
const MOST: usize = 1 << 16;

/// A run of absent ids between two records.
struct Hole {
    first: i64,
    last: i64,
    from: Option<Clock>,
    to: Option<Clock>,
    at: Position,
}

/// The ids of one chat.
#[derive(Default)]
pub struct ChatIds {
    dense: bool,
    ids: Vec<i64>,
    sorted: bool,
    full: bool,
    migrated: bool,
    holes: Vec<Hole>,
    begin: Option<Hole>,
    highest: i64,
    before: Option<Clock>,
    targets: Vec<(i64, Clock, Position)>,
}

impl ChatIds {
    /// For a chat; `dense`: it has a counter of its own.
    pub fn new(dense: bool) -> Self {
        Self { dense, sorted: true, ..Self::default() }
    }

    /// The file holds this id.
    pub fn hold(&mut self, id: Option<i64>, time: Option<Clock>, at: Position) {
        let Some(id) = id else { return };
        if self.ids.len() >= LIMIT {
            self.full = true;
            return;
        }
        self.sorted &= self.ids.last().is_none_or(|last| *last <= id);
        self.ids.push(id);
        self.migrated |= id < 0;
        if !self.dense || id <= 0 {
            return;
        }
        if self.highest == 0 {
            if id > 1 && !self.migrated {
                self.begin = Some(Hole { first: 1, last: id - 1, from: None, to: time, at });
            }
        } else if id - 1 > self.highest && self.holes.len() < MOST {
            self.holes.push(Hole { first: self.highest + 1, last: id - 1, from: self.before, to: time, at });
        }
        if id > self.highest {
            self.highest = id;
            self.before = time.or(self.before);
        }
    }

    /// A record points to this id.
    pub fn point(&mut self, target: i64, time: Clock, at: Position) {
        if self.targets.len() < MOST {
            self.targets.push((target, time, at));
        }
    }

    /// Nothing in the file says whether this chat has a counter of its own: it is taken to have one when its ids begin near 1 and nearly all are held.
    pub fn judge(&mut self) {
        let positive = self.ids.iter().filter(|id| **id > 0).count() as i64;
        let lowest = self.ids.iter().copied().filter(|id| *id > 0).min().unwrap_or(0);
        if positive < 10 || lowest > 100 || positive.saturating_mul(10) < (self.highest - lowest).saturating_add(1).saturating_mul(8) {
            (self.dense, self.begin) = (false, None);
            self.holes.clear();
        }
    }

    /// Says what is proved. `own_only`: the chat holds the owner's messages only, so that holes are its nature.
    pub fn tell(&mut self, conversation: Option<ConversationIx>, own_only: bool, sink: &mut Sink) {
        if self.full {
            let what = "A chat has more than 8 million messages; its ids were not examined for holes. Export it in periods to have them examined.";
            return sink.notice("telegram_ids_not_examined", what, 1);
        }
        if !self.sorted {
            let what = "Message ids do not rise in a chat: the file was merged or edited. Holes are stated only where no id fills them.";
            sink.notice("telegram_ids_out_of_order", what, 1);
            self.ids.sort_unstable();
        }
        if !own_only {
            self.tell_holes(conversation, sink);
            self.tell_targets(conversation, sink);
        }
    }

    fn tell_holes(&self, conversation: Option<ConversationIx>, sink: &mut Sink) {
        let runs = self.begin.iter().map(|h| (StatementKind::NoBeginning, h)).chain(self.holes.iter().map(|h| (StatementKind::IdHole, h)));
        for (kind, hole) in runs {
            // In a file whose ids do not rise, later ids may fill a hole in part.
            let start = self.ids.partition_point(|id| *id < hole.first);
            let inside = self.ids.get(start..).unwrap_or_default().iter().copied().take_while(|id| *id <= hole.last);
            let mut first = hole.first;
            for id in inside.chain([hole.last + 1]) {
                if id > first {
                    let quantity = u64::try_from(id - first).unwrap_or(0);
                    sink.statement(kind, conversation, hole.from, hole.to, quantity, hole.at, &span(first, id - 1));
                }
                first = first.max(id.saturating_add(1));
            }
        }
    }

    fn tell_targets(&mut self, conversation: Option<ConversationIx>, sink: &mut Sink) {
        let Some(lowest) = self.ids.first().copied() else { return };
        let ids = &self.ids;
        self.targets.retain(|(id, _, _)| ids.binary_search(id).is_err());
        self.targets.sort_by_key(|(id, _, at)| (*id, at.offset));
        self.targets.dedup_by_key(|(id, _, _)| *id);
        // A target older than the first record may lie outside the period of the export.
        let split = self.targets.partition_point(|(id, _, _)| *id < lowest);
        let (older, inside) = self.targets.split_at_checked(split).unwrap_or_default();
        for (list, remark) in [(older, ", before the first record"), (inside, "")] {
            let Some((_, to, at)) = list.iter().min_by_key(|(_, _, at)| at.offset) else { continue };
            let mut detail = String::from("ids ");
            for (n, (id, _, _)) in list.iter().enumerate() {
                if n == 8 {
                    detail.push_str(", …");
                    break;
                }
                detail.push_str(if n > 0 { ", " } else { "" });
                detail.push_str(&id.to_string());
            }
            detail.push_str(remark);
            sink.statement(StatementKind::AbsentTarget, conversation, None, Some(*to), list.len() as u64, *at, &detail);
        }
    }
}

fn span(first: i64, last: i64) -> String {
    if first == last { format!("id {first}") } else { format!("ids {first}-{last}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by the fuzz target of `messages.html`: ids as large as a number can be.
    #[test]
    fn ids_at_the_end_of_all_numbers_are_counted_without_an_overflow() {
        for judged in [false, true] {
            let mut ids = ChatIds::new(true);
            for id in (1..20).chain([i64::MAX - 1, i64::MAX, i64::MIN]) {
                ids.hold(Some(id), None, Position::byte(7));
            }
            if judged {
                ids.judge();
            }
            let mut sink = Sink::default();
            sink.open_source("x", 0, "", "");
            ids.tell(None, false, &mut sink);
            let said = sink.finish().tables.statements;
            let missing: Vec<u64> = said.iter().filter(|s| s.kind == StatementKind::IdHole).map(|s| s.quantity).collect();
            // What is judged by its numbers has none of its own here.
            let all = u64::try_from(i64::MAX).unwrap() - 21;
            assert_eq!(missing, if judged { Vec::new() } else { vec![all] });
        }
    }
}
