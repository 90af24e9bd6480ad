//! One thread while its pages are read, and what they prove at its end.

use crate::import::sink::{Clock, Sink};
use crate::import::tally::Tally;
use crate::model::message::{ConversationKind, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};
use crate::text;

/// Messages of one full page.
const FULL: u64 = 10_000;

/// A thread being read.
#[derive(Default)]
pub struct Thread {
    /// Folder it is read from, which is its key; empty when it is not known.
    pub folder: String,
    /// Its place in the batch, from its first record on.
    pub conversation: Option<ConversationIx>,
    /// `title`.
    pub title: String,
    /// `thread_path`, without its box.
    pub path: String,
    /// `participants`, in the order of the file.
    pub participants: Vec<HandleIx>,
    /// Their names.
    pub names: Vec<String>,
    /// `thread_type` says it is a group.
    pub group: bool,
    /// `is_still_participant` is false.
    pub left: bool,
    /// Messages taken back.
    pub unsent: Tally,
    /// Records without anything in them.
    pub empty: Tally,
    /// Files named, none of which is in the download.
    pub absent: Tally,
    /// Files named that are missing among those that are there.
    pub lost: Tally,
    /// Pages: number and records.
    pub pages: Vec<(u32, u64)>,
    /// When the thread became end-to-end encrypted, and where that is written.
    pub encrypted: Option<(i64, Position, u32)>,
    /// First and last record.
    pub span: Option<(i64, i64)>,
}

impl Thread {
    /// Its kind, as far as it is known.
    pub fn kind(&self) -> ConversationKind {
        match self.participants.len() {
            _ if self.group => ConversationKind::Group,
            0 => ConversationKind::Unknown,
            1 | 2 => ConversationKind::Direct,
            _ => ConversationKind::Group,
        }
    }

    /// Key of the conversation: the folder, the path in the file, or who takes part.
    pub fn key(&self) -> String {
        let mut names = self.names.clone();
        names.sort();
        let parts = [self.folder.clone(), self.path.clone(), names.join(", "), self.title.clone()];
        parts.into_iter().map(|p| text::clean(&p, 400)).find(|p| !p.is_empty()).unwrap_or_else(|| "thread".to_owned())
    }

    /// The other one of two, whose name a chat between two has as its title: who is left is the owner.
    pub fn owner(&self) -> Option<HandleIx> {
        let ([a, b], [first, second]) = (self.names.as_slice(), self.participants.as_slice()) else { return None };
        match (*a == self.title, *b == self.title) {
            (true, false) => Some(*second),
            (false, true) => Some(*first),
            _ => None,
        }
    }

    /// Its pages have ended.
    pub fn close(&self, sink: &mut Sink) {
        let Some(conversation) = self.conversation else { return };
        let (key, kind) = (self.key(), self.kind());
        if let Some(facts) = sink.conversation_facts(conversation) {
            if self.folder.is_empty() {
                facts.key = key;
            }
            facts.title = text::clean_name(&self.title);
            facts.kind = kind;
            facts.members.extend(self.participants.iter().map(|p| p.0));
        }
        let about = Some(conversation);
        self.unsent.tell(StatementKind::Tombstone, about, "messages taken back (unsent)", sink);
        self.empty.tell(StatementKind::ContentAbsent, about, "records without text, file or link: removed, or of a kind that is not downloaded", sink);
        self.absent.tell(StatementKind::MediaAbsent, about, "named, but the download holds no media", sink);
        self.lost.tell(StatementKind::FileLost, about, "named, but not among the media of the download", sink);
        self.tell_pages(sink);
        if let Some((at, position, part)) = self.encrypted.filter(|(at, ..)| self.span.is_some_and(|(_, last)| last <= *at)) {
            let detail = "written after this: end-to-end encrypted, only in the separate download";
            sink.statement(StatementKind::NotInExport, about, Some(Clock::Utc(at)), None, 0, position, detail);
            sink.statement_stands_in(part);
        }
        if self.left {
            sink.notice("meta_left", "Threads that the owner has left: they end when that happened", 1);
        }
    }

    /// Pages are numbered from 1; one that is absent between others held up to 10,000 messages.
    fn tell_pages(&self, sink: &mut Sink) {
        let mut numbers: Vec<u32> = self.pages.iter().map(|p| p.0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let (Some(last), held) = (numbers.last().copied(), numbers.len()) else { return };
        let missing: Vec<u32> = (1..last).filter(|n| numbers.binary_search(n).is_err()).take(1000).collect();
        let conversation = self.conversation;
        if let Some(first) = missing.first().filter(|_| held > 1 || last > 1) {
            let detail = format!("message_{first}.json and others of {last} pages");
            let detail = if missing.len() == 1 { format!("message_{first}.json of {last} pages") } else { detail };
            sink.statement(StatementKind::FileLost, conversation, None, None, missing.len() as u64, Position::byte(0), &detail);
        }
        let full = self.pages.iter().find(|(number, records)| *number == last && *records == FULL);
        if full.is_some() && missing.is_empty() {
            let to = self.span.map(|(first, _)| Clock::Utc(first));
            sink.statement(StatementKind::ExportCap, conversation, None, to, FULL, Position::byte(0), "the last page is full, and no page follows");
        }
    }
}
