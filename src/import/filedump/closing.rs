//! What is said at the end of a dump: evidence, declared counts, days without a file, whose view it is.

use super::declared;
use super::files::{self, Kind};
use super::reader::DumpReader;
use crate::import::sink::Sink;
use crate::model::ledger::{Basis, Decided, Question};
use crate::model::message::Position;
use crate::model::statement::StatementKind;

impl DumpReader {
    pub(super) fn close(&mut self, sink: &mut Sink) {
        self.tombstones.tell(StatementKind::Tombstone, "messages deleted, without text", sink);
        self.deleted_files.tell(StatementKind::FileGone, "files deleted at the origin", sink);
        self.lost.tell(StatementKind::FileLost, "files of transfers that are not in the dump or did not complete", sink);
        if self.mixed > 0 {
            sink.notice("mixed_zones", "Some times are in UTC and some are not said to be; all are read like the first", self.mixed);
        }
        if self.utc == Some(false) && !sink.zone_stated() {
            sink.source().question = Some(Question::Zone);
        }
        self.declared(sink);
        let named = self.owner.clone().or_else(|| self.perspectives.first().filter(|_| self.perspectives.len() == 1).cloned());
        if let Some(named) = named
            && let Some(handle) = self.people.named(&named)
        {
            sink.mark_owner(handle);
            let (basis, why) = if self.owner.is_some() { (Basis::Stated, "stated") } else { (Basis::Proven, "perspective of every conversation") };
            let source = sink.source();
            source.owner = Some(Decided { value: crate::text::clean_name(&named), basis, why: why.to_owned() });
            source.owner_handle = Some(handle.0);
        }
    }

    /// Declared counts, and days without a file.
    fn declared(&self, sink: &mut Sink) {
        let Some((archive, kind, _)) = &self.archive else { return };
        let mut audited = None;
        for (ix, entry) in archive.entries().iter().enumerate() {
            let bytes = || archive.open(ix).map(declared::read).unwrap_or_default();
            match (kind, entry.file_name()) {
                (Kind::Actiance, "metadata.json") => declared::metadata(&bytes(), &self.held, sink),
                (Kind::Actiance, "warning.txt") => declared::warnings(&bytes(), sink),
                (Kind::Bloomberg, _) if files::is_audit(entry) => {
                    if let Some(n) = declared::audit(&bytes()) {
                        audited = Some(audited.unwrap_or(0) + n);
                    }
                }
                _ => {}
            }
        }
        if let Some(stated) = audited.filter(|n| *n > self.messages) {
            let detail = format!("{stated} messages declared in audit.txt, {} in the dumps", self.messages);
            sink.statement(StatementKind::CountShort, None, None, None, stated - self.messages, Position::byte(0), &detail);
        }
        if *kind == Kind::Bloomberg {
            let days = |wanted: &str| archive.entries().iter().filter_map(|e| files::daily(e.file_name())).filter(|(k, _)| *k == wanted).map(|d| d.1).collect();
            for wanted in ["ib", "msg"] {
                files::tell_absent(wanted, days(wanted), sink);
            }
            let packed = archive.entries().iter().filter(|e| e.name.to_ascii_lowercase().ends_with(".gz")).count() as u64;
            if packed > 0 {
                sink.notice("filedump_attachments_packed", "Attachments lie in packed files beside the dumps; they were not looked into", packed);
            }
        }
    }
}
