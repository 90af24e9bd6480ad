//! Things of one kind counted in a conversation, told as one statement: how many, where the first stands, from when to when.

use super::sink::{Clock, Sink};
use crate::model::ConversationIx;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Part and position of a record.
pub type Place = (u32, Position);

/// A count with the place and time of the first and the time of the last. Times in microseconds UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// How many.
    pub count: u64,
    first: Option<(Place, i64)>,
    last: i64,
}

impl Tally {
    /// Adds `n` of them at a place and time.
    pub fn add(&mut self, n: u64, at: Place, time: i64) {
        if n > 0 {
            self.count += n;
            let (_, first) = self.first.get_or_insert((at, time));
            *first = time.min(*first);
            self.last = if self.count == n { time } else { self.last.max(time) };
        }
    }

    /// Says it, if there were any.
    pub fn tell(&self, kind: StatementKind, conversation: Option<ConversationIx>, detail: &str, sink: &mut Sink) {
        if let Some(((part, at), from)) = self.first {
            sink.statement(kind, conversation, Some(Clock::Utc(from)), Some(Clock::Utc(self.last)), self.count, at, detail);
            sink.statement_stands_in(part);
        }
    }
}
