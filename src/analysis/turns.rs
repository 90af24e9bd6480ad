//! Turns: consecutive messages by one sender in one conversation within five minutes; one e-mail is one turn.
//! Machines make no turns. Counting turns keeps chat from drowning mail.

use super::conversations::Talks;
use crate::model::Dataset;
use crate::model::batch::NONE;
use crate::model::message::Flags;
use crate::time::MINUTE;

/// Longest pause inside a turn.
const PAUSE: i64 = 5 * MINUTE;

/// One turn, by its first message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// First row.
    pub row: u32,
    /// Conversation.
    pub conversation: u32,
    /// Sender handle.
    pub sender: u32,
    /// Day on the wall.
    pub day: i32,
}

/// All turns of conversations that count, in the order of the dataset: by conversation, then time.
#[must_use]
pub fn turns(dataset: &Dataset, talks: &Talks, days: &[i32]) -> Vec<Turn> {
    let c = &dataset.columns;
    let mut turns = Vec::with_capacity(dataset.len() / 2);
    for (conversation, talk) in (0u32..).zip(&talks.of) {
        if !talk.counts() {
            continue;
        }
        let mail = talks.slug(talk.channel) == "email";
        let (mut sender, mut time) = (NONE, i64::MIN);
        for row in dataset.rows_of(conversation) {
            let (Some(t), Some(from), Some(flags), Some(day)) = (c.time.get(row), c.sender.get(row), c.flags.get(row), days.get(row)) else { continue };
            let flags = Flags(*flags);
            if !flags.is_message() || flags.has(Flags::AUTOMATIC) || *from == NONE {
                continue;
            }
            if mail || *from != sender || t.saturating_sub(time) > PAUSE {
                turns.push(Turn { row: u32::try_from(row).unwrap_or(NONE), conversation, sender: *from, day: *day });
            }
            (sender, time) = (*from, *t);
        }
    }
    turns
}
