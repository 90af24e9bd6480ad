//! Things of one kind counted in a conversation, to be stated at its end.

use super::sink::{Clock, Sink};
use crate::model::ConversationIx;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// A count, with the first place and both times.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How many.
    pub count: u64,
    first: Option<(Position, Clock)>,
    last: Option<Clock>,
}

impl Tally {
    /// `n` more, at a place and time.
    pub fn add(&mut self, n: u64, at: Position, time: Clock) {
        if n > 0 {
            self.count += n;
            self.first.get_or_insert((at, time));
            self.last = Some(time);
        }
    }

    /// Makes a statement of it, if there is anything to state.
    pub fn tell(&self, kind: StatementKind, conversation: Option<ConversationIx>, detail: &str, sink: &mut Sink) {
        if let Some((at, from)) = self.first {
            sink.statement(kind, conversation, Some(from), self.last, self.count, at, detail);
        }
    }
}
