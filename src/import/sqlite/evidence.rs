//! What a database says of itself as a file: damage, deleted rows, a log beside it.

use super::Database;
use crate::import::sink::{Clock, Sink};
use crate::model::message::Position;
use crate::model::statement::StatementKind;

impl Database {
    /// Says it. `damaged`: pages and rows that could not be read; `last`: time of the last record.
    pub fn tell(&self, damaged: u64, last: Option<i64>, sink: &mut Sink) {
        if self.short > 0 {
            let detail = format!("{} bytes of the database are missing at its end", self.short);
            sink.statement(StatementKind::CutOff, None, last.map(Clock::Utc), None, 0, Position::byte(self.pages.len()), &detail);
        }
        if damaged + self.damaged > 0 {
            let what = "Pages of the database are damaged and were passed over; repair it with the sqlite3 command .recover and add it again";
            sink.notice("damaged_pages", what, damaged + self.damaged);
        }
        if self.free_pages > 0 {
            let what = "Pages of the database are free: rows were deleted from it, parts of which may still stand there for a forensic tool";
            sink.notice("free_pages", what, self.free_pages);
        }
        if self.log_beside {
            let what = "A write-ahead log lies beside the database and is not read: the latest messages may be missing. Open the database once with the \
                        sqlite3 command, which joins it, and add it again";
            sink.notice("log_not_read", what, 1);
        } else if self.logged {
            let what = "The database works with a write-ahead log (a file ending in -wal). If one lay beside it when it was copied, the latest messages \
                        may be missing";
            sink.notice("log_possible", what, 1);
        }
    }
}
