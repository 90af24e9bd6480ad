//! The two tables: of the exporter, and of a channel in an older data package.

use std::rc::Rc;

use crate::import::archive::Entry;
use crate::import::delimited::stamp::Stamps;
use crate::import::delimited::table::{Row, Rows};
use crate::import::lines::unix_lines;
use crate::import::sink::{Body, Draft, Id, Sink};
use crate::import::tally::Tally;
use crate::import::{FileInput, Options};
use crate::model::ConversationIx;
use crate::model::ledger::SkipReason;
use crate::model::message::{ConversationKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::text;

use super::author::Authors;
use super::package::Own;
use super::{in_name, is_address, tell_parts};

/// A table of the exporter.
pub struct Exporter {
    name: String,
    beside: Rc<[Entry]>,
    authors: Authors,
    stamps: Stamps,
    columns: [Option<usize>; 5],
    conversation: ConversationIx,
    absent: Tally,
}

/// Addresses in a cell, separated by commas or blanks: how many, and how many lead out of the export.
pub fn addresses(cell: &[u8]) -> (usize, usize) {
    let parts = || cell.split(|b| matches!(b, b',' | b' ' | b'\n')).filter(|p| !p.trim_ascii().is_empty());
    (parts().count(), parts().filter(|p| is_address(p)).count())
}

impl Exporter {
    /// For a file.
    pub fn new(file: &FileInput, options: &Options) -> Self {
        Self {
            name: file.name.clone(),
            beside: Rc::clone(&file.beside),
            authors: Authors::new(options.owner.clone()),
            stamps: Stamps::new(options.date_order),
            columns: [None; 5],
            conversation: ConversationIx(u32::MAX),
            absent: Tally::default(),
        }
    }
}

impl Rows for Exporter {
    fn headings(&mut self, names: &[String], sink: &mut Sink) {
        let at = |name: &str| names.iter().position(|n| n == name);
        self.columns = [at("AuthorID"), at("Author"), at("Date"), at("Content"), at("Attachments")];
        let channel = self.authors.channel(sink);
        let (id, title, _) = in_name(&self.name);
        let key = text::clean_name(id.unwrap_or(title));
        let kind = if self.name.starts_with("Direct Messages") { ConversationKind::Direct } else { ConversationKind::Unknown };
        self.conversation = sink.conversation(channel, &key, title, kind);
    }

    fn look(&mut self, row: Row<'_>) {
        self.stamps.look(row.get(self.columns[2]));
    }

    fn needed(&self) -> usize {
        self.columns[3].map_or(1, |c| c + 1)
    }

    fn row(&mut self, row: Row<'_>, at: Position, sink: &mut Sink) {
        let [id, author, date, content, attachments] = self.columns.map(|c| row.get(c));
        let Some((time, inferred)) = self.stamps.of(date, b"", at) else { return sink.skip(SkipReason::NoTime, at) };
        let utf8 = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
        let sender = (!id.is_empty() || !author.is_empty()).then(|| self.authors.person(utf8(id), utf8(author), false, sink));
        let (files, absent) = addresses(attachments);
        let flags = Flags::NONE.with_attachments(files).with_those([
            (absent > 0, Flags::MEDIA_ABSENT),
            (inferred, Flags::TIME_INFERRED),
            (sender.is_some() && sender == self.authors.owner, Flags::BY_OWNER),
            (sender.is_some() && self.authors.owner.is_some_and(|o| Some(o) != sender), Flags::TO_OWNER),
        ]);
        let draft = Draft {
            conversation: self.conversation,
            sender,
            time,
            event: None,
            flags,
            body: Body::Text(&unix_lines(content)),
            id: Id::None,
            reply_to: Id::None,
            audience: None,
            position: at,
        };
        if sink.message(draft) {
            self.absent.add(absent as u64, (sink.current_part(), at), time);
        }
    }

    fn end(&mut self, sink: &mut Sink) {
        self.stamps.tell(sink);
        self.absent.tell(StatementKind::MediaAbsent, Some(self.conversation), "named by an address, which expires", sink);
        tell_parts(&self.name, &self.beside, Some(self.conversation), sink);
    }
}

/// `ID,Timestamp,Contents,Attachments`
pub struct OwnRows(Own);

impl OwnRows {
    /// For a channel of the package.
    pub const fn new(own: Own) -> Self {
        Self(own)
    }
}

impl Rows for OwnRows {
    fn headings(&mut self, _names: &[String], _sink: &mut Sink) {}

    fn needed(&self) -> usize {
        3
    }

    fn row(&mut self, row: Row<'_>, at: Position, sink: &mut Sink) {
        let text = unix_lines(row.get(Some(2)));
        self.0.take(row.get(Some(0)), row.get(Some(1)), &text, row.get(Some(3)), at, sink);
    }

    fn end(&mut self, sink: &mut Sink) {
        self.0.finish(sink);
    }
}
