//! Things of one kind that readers count while they pass through a conversation or file, to be said at its end: how many, where the first
//! stands, from when to when.

use super::sink::{Clock, Sink};
use crate::model::ConversationIx;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Part and position of a record.
pub type Place = (u32, Position);

/// Where the first one stands: in the part that is open when it is told, or in an earlier one.
#[derive(Debug, Clone, Copy)]
pub struct At {
    part: Option<u32>,
    position: Position,
}

impl From<Position> for At {
    fn from(position: Position) -> Self {
        Self { part: None, position }
    }
}

impl From<Place> for At {
    fn from((part, position): Place) -> Self {
        Self { part: Some(part), position }
    }
}

/// Time of a record, if it has one.
#[derive(Debug, Clone, Copy)]
pub struct When(Option<Clock>);

impl<T: Into<Clock>> From<T> for When {
    fn from(time: T) -> Self {
        Self(Some(time.into()))
    }
}

impl From<Option<Clock>> for When {
    fn from(time: Option<Clock>) -> Self {
        Self(time)
    }
}

/// A count with the place of the first one met, and the earliest and latest time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// How many.
    pub count: u64,
    first: Option<At>,
    times: Option<(Clock, Clock)>,
}

impl Tally {
    /// Adds `n` of them at a place and time.
    pub fn add(&mut self, n: u64, at: impl Into<At>, time: impl Into<When>) {
        if n == 0 {
            return;
        }
        self.count += n;
        self.first.get_or_insert(at.into());
        let When(Some(time)) = time.into() else { return };
        let (from, to) = self.times.get_or_insert((time, time));
        if time.micros() < from.micros() {
            *from = time;
        }
        if time.micros() > to.micros() {
            *to = time;
        }
    }

    /// Says it, if there were any.
    pub fn tell(&self, kind: StatementKind, conversation: Option<ConversationIx>, detail: &str, sink: &mut Sink) {
        if let Some(at) = self.first {
            let (from, to) = self.times.unzip();
            sink.statement(kind, conversation, from, to, self.count, at.position, detail);
            if let Some(part) = at.part {
                sink.statement_stands_in(part);
            }
        }
    }
}
