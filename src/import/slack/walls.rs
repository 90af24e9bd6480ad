//! What an export as a whole does not hold: history behind the plan's wall, conversations without files, kinds never exported.

use crate::import::archive::Entry;
use crate::import::sink::{Clock, Sink};
use crate::model::message::Position;
use crate::model::statement::StatementKind;
use crate::time::{self, DAY};

use super::directory::Listed;
use super::layout::LISTS;
use super::room::Room;

/// The free plan shows 90 days and, since August 2024, deletes after a year (slack.com/help 29414264463635, 115002422943).
const WALLS: [i64; 2] = [90, 365];
/// How far from the wall the first record may lie.
const SLACK_DAYS: i64 = 2;
/// A conversation this much older than the newest record should have records.
const SETTLED: i64 = 30 * DAY;

/// What was held so far.
#[derive(Default)]
pub struct Held {
    /// One bit for each of [`LISTS`] that is there.
    pub lists: u32,
    span: Option<(i64, i64)>,
}

impl Held {
    /// A conversation has ended.
    pub fn close(&mut self, room: Option<Room>, sink: &mut Sink) {
        let Some(room) = room else { return };
        if let Some((a, b)) = room.span {
            self.span = Some(self.span.map_or((a, b), |(c, d)| (a.min(c), b.max(d))));
        }
        room.close(sink);
    }
}

/// Says it, at the end of an export.
pub fn tell(held: &Held, entries: &[Entry], listed: &[Listed], sink: &mut Sink) {
    for (n, (file, _, what)) in LISTS.iter().enumerate() {
        if held.lists & (1 << n) == 0 {
            let detail = format!("{what} ({file} is not in the export)");
            sink.statement(StatementKind::NotInExport, None, None, None, 0, Position::byte(0), &detail);
        }
    }
    let Some((first, last)) = held.span else { return };
    let written = entries.iter().filter_map(|e| e.modified).max();
    // No export is older than its newest record; the archive's times have no zone.
    let exported = written.map(|w| w.max(last));
    sink.source().exported_at = exported;
    let older = listed.iter().filter(|l| l.created.is_some_and(|c| c < first - SLACK_DAYS * DAY)).count();
    // Times of a folder that was copied tell nothing: the newest record is then the better guess.
    let at_wall = |days: &i64| exported.into_iter().chain([last]).any(|end| (first - (end - days * DAY)).abs() <= SLACK_DAYS * DAY);
    let wall = WALLS.into_iter().find(at_wall);
    if let Some(days) = wall.filter(|_| older >= 2) {
        let detail = format!("{older} conversations are older than the first record of {}", time::day_name(time::day(first)));
        sink.statement(StatementKind::PlanWall, None, None, Some(Clock::Utc(first)), days.unsigned_abs(), Position::byte(0), &detail);
    }
    for conversation in listed.iter().filter(|l| !l.held && !l.archived) {
        let Some(created) = conversation.created.filter(|c| *c < last - SETTLED) else { continue };
        let (part, at) = conversation.at;
        let detail = "listed, without a day file";
        sink.statement(StatementKind::ListedEmpty, Some(conversation.conversation), Some(Clock::Utc(created)), None, 1, at, detail);
        sink.statement_stands_in(part);
    }
}
