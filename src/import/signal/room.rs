//! One conversation while it is read, in any of Signal's forms: what its timers, quotes and notices prove.
//!
//! Signal names a message by its author and the millisecond it was sent at; quotes point to that pair. There is no counter.

use crate::import::sink::{Clock, Sink};
use crate::import::tally::Tally;
use crate::model::ConversationIx;
use crate::model::batch::NONE;
use crate::model::message::Position;
use crate::model::statement::StatementKind;
use crate::time;

/// Most messages and quotes of one conversation that are compared.
const LIMIT: usize = 1 << 22;

/// A timer that runs.
#[derive(Debug, Clone, Copy)]
struct Timer {
    from: Option<Clock>,
    seconds: u64,
    at: Position,
}

/// A message that a quote names: sent at (milliseconds), author (or none), time and place of the quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Target {
    sent: i64,
    author: u32,
    time: i64,
    at: Position,
}

/// A conversation.
#[derive(Default)]
pub struct Room {
    /// Its place in the batch.
    pub conversation: Option<ConversationIx>,
    /// Messages so far.
    pub messages: u64,
    /// Deleted for everyone.
    pub deleted: Tally,
    /// View-once media.
    pub once: Tally,
    /// Not decrypted, or of a kind the app did not know.
    pub unread: Tally,
    /// Attachments that are not in the export.
    pub media: Tally,
    /// Attachments whose file is lost.
    pub lost: Tally,
    /// Time of the last record.
    pub last: Option<Clock>,
    timer: Option<Timer>,
    /// A timer has run at some time.
    pub was_timed: bool,
    held: Vec<(i64, u32)>,
    targets: Vec<Target>,
    full: bool,
}

impl Room {
    /// For a conversation.
    pub fn of(conversation: ConversationIx) -> Self {
        Self { conversation: Some(conversation), ..Self::default() }
    }

    /// A message is held.
    pub fn hold(&mut self, sent: i64, author: Option<u32>) {
        if self.held.len() < LIMIT { self.held.push((sent, author.unwrap_or(NONE))) } else { self.full = true }
    }

    /// Whether a message sent at this millisecond is held. Asked at the end.
    pub fn holds(&mut self, sent: i64) -> bool {
        if !self.held.is_sorted() {
            self.held.sort_unstable();
        }
        let place = self.held.partition_point(|(t, _)| *t < sent);
        self.held.get(place).is_some_and(|(t, _)| *t == sent)
    }

    /// A message quotes another.
    pub fn quote(&mut self, sent: i64, author: Option<u32>, time: i64, at: Position) {
        if self.targets.len() < LIMIT {
            self.targets.push(Target { sent, author: author.unwrap_or(NONE), time, at });
        }
    }

    /// The timer was set: seconds, 0 = off. `time`: when, if it is told.
    pub fn set_timer(&mut self, seconds: u64, time: Option<Clock>, at: Position, sink: &mut Sink) {
        if self.timer.is_some_and(|t| t.seconds == seconds) {
            return;
        }
        self.end_timer(time, sink);
        self.timer = (seconds > 0).then_some(Timer { from: time, seconds, at });
        self.was_timed |= seconds > 0;
    }

    /// Whether a timer runs.
    pub const fn timed(&self) -> bool {
        self.timer.is_some()
    }

    fn end_timer(&mut self, to: Option<Clock>, sink: &mut Sink) {
        if let Some(Timer { from, seconds, at }) = self.timer.take() {
            sink.statement(StatementKind::Timer, self.conversation, from, to, seconds, at, &format!("deleted after {seconds} s"));
        }
    }

    /// Its records have ended: says what they prove.
    pub fn close(&mut self, sink: &mut Sink) {
        self.end_timer(None, sink);
        let conversation = self.conversation;
        self.deleted.tell(StatementKind::Tombstone, conversation, "deleted for everyone", sink);
        self.once.tell(StatementKind::ContentAbsent, conversation, "view-once media", sink);
        self.unread.tell(StatementKind::ContentAbsent, conversation, "messages that could not be decrypted or shown", sink);
        self.media.tell(StatementKind::MediaAbsent, conversation, "not included in the export", sink);
        self.lost.tell(StatementKind::FileLost, conversation, "named, but not in the folder of the export", sink);
        self.tell_targets(sink);
    }

    fn tell_targets(&mut self, sink: &mut Sink) {
        if self.full {
            let what = "A conversation has more than four million messages; what its quotes point to was not examined";
            return sink.notice("signal_quotes_not_examined", what, 1);
        }
        self.held.sort_unstable();
        let Some(first) = self.held.first().map(|(sent, _)| *sent) else { return };
        let held = &self.held;
        let known = |t: &Target| match held.binary_search(&(t.sent, t.author)) {
            Ok(_) => true,
            // One of the two does not name the author.
            Err(near) => [near.checked_sub(1), Some(near)]
                .into_iter()
                .flatten()
                .any(|n| held.get(n).is_some_and(|(sent, author)| *sent == t.sent && (*author == NONE || t.author == NONE))),
        };
        self.targets.retain(|t| !known(t));
        self.targets.sort_unstable_by_key(|t| (t.sent, t.author, t.at.offset));
        self.targets.dedup_by_key(|t| (t.sent, t.author));
        let split = self.targets.partition_point(|t| t.sent < first);
        let (older, inside) = self.targets.split_at_checked(split).unwrap_or_default();
        for (list, remark) in [(older, ", before the first record"), (inside, "")] {
            let (Some(named), Some(earliest)) = (list.first(), list.iter().min_by_key(|t| t.at.offset)) else { continue };
            let sent = time::rfc3339(named.sent.saturating_mul(1000), true);
            let detail = format!("quoted messages, the first sent {sent}{remark}");
            let to = Clock::Utc(earliest.time);
            sink.statement(StatementKind::AbsentTarget, self.conversation, None, Some(to), list.len() as u64, earliest.at, &detail);
        }
    }
}

/// The id by which a reply names a message: seconds and six decimals of the time it was sent at.
pub fn reply_id(sent: i64) -> String {
    format!("{}.{:03}000", sent.div_euclid(1000), sent.rem_euclid(1000))
}

/// Milliseconds since 1970 as microseconds.
pub const fn micros(ms: i64) -> Option<i64> {
    ms.checked_mul(1000)
}
