//! What a database says of itself as a file: damage, deleted rows, a log beside it.

use super::log::Unused;
use super::{Beside, Database, IN_LOG};
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
            let what = match self.beside {
                Beside::Read(1.., _) => {
                    "Pages of the database are damaged, or its log belongs to another copy of it; they were passed over. Copy both again at one time, or repair \
                     it with the sqlite3 command .recover, and add it again"
                }
                _ => "Pages of the database are damaged and were passed over; repair it with the sqlite3 command .recover and add it again",
            };
            sink.notice("damaged_pages", what, damaged + self.damaged);
        }
        if self.free_pages > 0 {
            let what = "Pages of the database are free: rows were deleted from it, parts of which may still stand there for a forensic tool";
            sink.notice("free_pages", what, self.free_pages);
        }
        self.tell_log(sink);
    }

    /// Says before the first record that some stand in the log.
    pub fn begin(&self, sink: &mut Sink) {
        if self.pages.log().is_some() {
            sink.continues(IN_LOG, &self.log_name);
        }
    }

    fn tell_log(&self, sink: &mut Sink) {
        match &self.beside {
            Beside::Nothing if self.logged => {
                let what = "The database works with a write-ahead log (a file ending in -wal). If one lay beside it when it was copied, the latest messages \
                            may be missing: add both files together";
                sink.notice("log_possible", what, 1);
            }
            Beside::Nothing | Beside::Empty => {}
            Beside::Unread => {
                let what = "A write-ahead log lies beside the database and could not be read: the latest messages may be missing. Unpack both files and add \
                            them together";
                sink.notice("log_not_read", what, 1);
            }
            Beside::Refused(why) => {
                let what = format!(
                    "The write-ahead log beside the database is not used ({why}): the database is read without it and the latest messages may be missing. \
                     Copy both files again, at one time and from one folder"
                );
                sink.notice("log_refused", what, 1);
            }
            Beside::Read(frames, unused) => tell_read(*frames, unused, sink),
        }
    }
}

fn tell_read(frames: u64, unused: &Unused, sink: &mut Sink) {
    for (count, id, what) in [
        (
            frames,
            "log_read",
            "Pages of the write-ahead log beside the database were read with it, as SQLite reads both; places in the log are told by its name",
        ),
        (
            unused.open,
            "log_open",
            "Pages of the log belong to a change whose end is not in it (the app was writing when it was copied, or the log is cut off or damaged there); \
             they are not used, as SQLite would not use them. Messages just written may be missing",
        ),
        (
            unused.damaged,
            "log_damaged",
            "Pages of the log are damaged (checksum), or stand behind damage, and are not used: the latest messages may be missing. Copy the log again",
        ),
        (unused.beyond, "log_too_long", "Pages of the log stand behind the most that are read (4 million): the latest messages may be missing"),
        (
            u64::from(unused.cut > 0),
            "log_cut",
            "The log is cut off within a page: the latest messages may be missing. Copy the database and its log again, at one time",
        ),
        (unused.old, "log_old", "Pages of the log were left there after they had been put into the database; nothing is missing by that"),
    ] {
        if count > 0 {
            sink.notice(id, what, count);
        }
    }
}
