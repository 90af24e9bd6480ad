//! Goes through the store: the small tables, then the messages by row id, then what is missing.

use crate::import::counter::Counter;
use crate::import::pointers::Pointers;
use crate::import::sink::{Body, ChannelIx, Clock, Draft, Id, Sink};
use crate::import::sqlite::{Database, Found, Row, Scan};
use crate::import::tally::Tally;
use crate::import::{FileInput, ImportError, Options, Reader, Refusal, Step};
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{Flags, Position};
use crate::model::statement::StatementKind;
use crate::time::DAY;

use super::APP;
use super::message::{Columns, Facts};
use super::store::{self, Store};

/// Rows of one step.
const ROWS: usize = 5_000;
/// `Keep Messages`: 30 days or a year; how far from it the first message may lie.
const KEPT: [i64; 2] = [30, 365];
const NEAR: i64 = DAY;

#[derive(Default)]
struct Seen {
    ids: Counter,
    lowest: Option<i64>,
    first: Option<i64>,
    last: Option<i64>,
    unsent: Tally,
    recoverable: Tally,
    absent: Tally,
    expires: u64,
    homeless: u64,
    pointers: Pointers,
}

/// Reads one store.
pub struct DbReader {
    database: Database,
    columns: Columns,
    scan: Option<Scan>,
    row: Row,
    store: Store,
    stage: usize,
    stated: Option<String>,
    modified: Option<i64>,
    text: Vec<u8>,
    channels: [Option<ChannelIx>; 2],
    seen: Seen,
    page: u64,
    len: u64,
}

impl DbReader {
    /// Opens a store.
    pub fn new(file: FileInput, options: &Options) -> Result<Self, Refusal> {
        let (database, columns) = APP.open(&file, |database| database.table("message").map(Columns::of).filter(Columns::usable))?;
        Ok(Self {
            database,
            columns,
            scan: None,
            row: Row::default(),
            store: Store::default(),
            stage: 0,
            stated: options.owner.clone(),
            modified: file.modified,
            text: Vec::new(),
            channels: [None; 2],
            seen: Seen::default(),
            page: 0,
            len: file.len,
        })
    }

    /// Messages of one service lie on one channel; RCS is what SMS became.
    fn channel(&mut self, service: &str, sink: &mut Sink) -> ChannelIx {
        let (ix, slug) = if matches!(service.to_ascii_uppercase().as_str(), "SMS" | "MMS" | "RCS") { (1, "sms") } else { (0, "imessage") };
        match self.channels.get_mut(ix) {
            Some(slot) => *slot.get_or_insert_with(|| sink.channel(slug)),
            None => sink.channel(slug),
        }
    }

    fn settle_owner(&mut self, sink: &mut Sink) {
        let chats = self.store.settle_owner(self.stated.as_deref());
        let source = sink.source();
        source.owner = self.store.owner.as_ref().map(|(value, stated)| match chats {
            Some(n) if !*stated => Decided { value: value.clone(), basis: Basis::Proven, why: format!("the address that {n} chats are kept under") },
            _ => Decided { value: value.clone(), basis: Basis::Stated, why: "stated".to_owned() },
        });
        if self.store.owner.is_none() {
            sink.notice("owner_unknown", "The file does not say whose phone it comes from", 1);
        }
    }

    fn message(&mut self, sink: &mut Sink) {
        sink.record();
        let at = Position::byte(self.row.offset);
        let facts = self.columns.facts(&self.row);
        let (chat, recoverable) = self.store.chat_of(self.row.id);
        // What follows a value of megabytes is not held, the time included.
        let Some(time) = facts.time else { return sink.skip(if self.row.cut { SkipReason::TooLarge } else { SkipReason::NoTime }, at) };
        let service = if facts.service.is_empty() { self.store.service_of(chat).to_owned() } else { facts.service.clone() };
        let channel = self.channel(&service, sink);
        let conversation = self.store.conversation(chat, if facts.own { 0 } else { facts.handle }, channel, sink);
        let sender = if facts.own {
            self.store.owner.as_ref().map(|(own, _)| store::handle(channel, own, sink))
        } else {
            self.store.sender(facts.handle, chat, channel, sink)
        };
        let has_text = self.columns.text(&self.row, &mut self.text);
        let files = if self.store.counts_files { self.store.files_of(self.row.id) } else { u32::from(facts.attachments) };
        let bare = facts.event.is_none() && !has_text && files == 0 && !facts.attachments && !facts.app;
        let unsent = facts.retracted || (facts.edited && bare);
        let machine = !facts.own && sender.and_then(|s| sink.handle_facts(s)).is_some_and(|h| h.bot);
        let flags = Flags::NONE.with_attachments(files as usize).with_those([
            (facts.own, Flags::BY_OWNER),
            (!facts.own, Flags::TO_OWNER),
            (facts.edited, Flags::EDITED),
            (unsent, Flags::DELETED),
            (bare && !unsent, Flags::NO_CONTENT),
            (facts.inferred, Flags::TIME_INFERRED),
            (machine, Flags::AUTOMATIC),
        ]);
        let guid = self.columns.guid(&self.row);
        let target = self.columns.target(&self.row, facts.event.is_some());
        let draft = Draft {
            conversation,
            sender,
            time: Clock::Utc(time),
            event: facts.event,
            flags,
            body: Body::Text(if facts.event.is_some() { b"" } else { &self.text }),
            id: Id::Text(&guid),
            reply_to: target.as_deref().map_or(Id::None, Id::Text),
            audience: None,
            position: at,
        };
        if !sink.message(draft) {
            return;
        }
        self.seen.pointers.hold(&guid);
        if let Some(target) = &target {
            self.seen.pointers.point(target, time, at);
        }
        drop((guid, target));
        self.note(&facts, (time, at), (bare && !unsent, unsent, recoverable, chat.is_none()));
    }

    /// Counts what a kept row shows.
    fn note(&mut self, facts: &Facts, (time, at): (i64, Position), (absent, unsent, recoverable, homeless): (bool, bool, bool, bool)) {
        let seen = &mut self.seen;
        seen.first = Some(seen.first.map_or(time, |t| t.min(time)));
        seen.last = Some(seen.last.map_or(time, |t| t.max(time)));
        seen.lowest = Some(seen.lowest.map_or(self.row.id, |id| id.min(self.row.id)));
        for (set, tally) in [(absent, &mut seen.absent), (unsent, &mut seen.unsent), (recoverable, &mut seen.recoverable)] {
            if set {
                tally.add(1, at, time);
            }
        }
        seen.expires += u64::from(facts.expires);
        seen.homeless += u64::from(homeless);
    }

    fn hold(&mut self, time: Option<i64>) {
        if let Ok(id) = u64::try_from(self.row.id) {
            self.seen.ids.hold(id, time.map(Clock::Utc), Position::byte(self.row.offset));
        }
    }

    fn end(&mut self, sink: &mut Sink) -> Result<(), ImportError> {
        let seen = std::mem::take(&mut self.seen);
        seen.unsent.tell(StatementKind::Tombstone, None, "unsent messages", sink);
        seen.recoverable.tell(StatementKind::Tombstone, None, "under Recently Deleted, still held", sink);
        seen.absent.tell(StatementKind::ContentAbsent, None, "messages without text or file", sink);
        self.deleted(sink)?;
        let sequence = self.database.sequence("message")?;
        seen.ids.tell_rows(sequence.is_some(), sequence, "ROWID", sink);
        seen.pointers.tell("replied or reacted to", sink);
        if let (Some(first), Some(last)) = (seen.first, seen.last)
            && seen.lowest.is_some_and(|id| id > 1)
        {
            let ends = [Some(last), self.modified];
            let wall = KEPT.into_iter().find(|days| ends.iter().flatten().any(|end| (first - (end - days * DAY)).abs() <= NEAR));
            if let Some(days) = wall {
                let detail = format!("the first message is {days} days old: setting Keep Messages");
                sink.statement(StatementKind::PlanWall, None, None, Some(Clock::Utc(first)), days.unsigned_abs(), Position::byte(0), &detail);
            }
        }
        for (count, id, what) in [
            (seen.expires, "expiring_messages", "Messages were set to vanish after they were heard or seen; those that did are not in the database"),
            (seen.homeless, "messages_without_chat", "Messages lie in no conversation; they are kept by their sender"),
        ] {
            if count > 0 {
                sink.notice(id, what, count);
            }
        }
        self.database.tell(self.scan.as_ref().map_or(0, Scan::damaged) + self.store.bad, seen.last, sink);
        self.settle_handles(sink);
        Ok(())
    }

    /// Rows of `deleted_messages` name messages that were deleted, without a time.
    fn deleted(&self, sink: &mut Sink) -> Result<(), ImportError> {
        for (name, what) in [("deleted_messages", "listed as deleted"), ("sync_deleted_messages", "listed as deleted, to be told to other devices")] {
            let Some(table) = self.database.table(name) else { continue };
            let (mut count, mut first) = (0, 0);
            self.database.each(table, |row| {
                count += 1;
                if count == 1 {
                    first = row.offset;
                }
            })?;
            if count > 0 {
                sink.statement(StatementKind::Tombstone, None, None, None, count, Position::byte(first), what);
            }
        }
        Ok(())
    }

    /// The owner's handle of the source, and its channel where there is only one.
    fn settle_handles(&self, sink: &mut Sink) {
        let used: Vec<ChannelIx> = self.channels.iter().flatten().copied().collect();
        let owner = self.store.owner.as_ref().zip(used.first()).map(|((own, _), channel)| store::handle(*channel, own, sink).0);
        let source = sink.source();
        source.owner_handle = owner;
        source.channel = match self.channels {
            [Some(_), None] => "imessage".to_owned(),
            [None, Some(_)] => "sms".to_owned(),
            _ => String::new(),
        };
        source.exported_at = self.modified;
    }
}

impl Reader for DbReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if self.scan.is_none() {
            self.database.begin(sink);
            if self.store.read(self.stage, &self.database)? {
                self.stage += 1;
                return Ok(Step::More);
            }
            self.settle_owner(sink);
        }
        let Some(table) = self.database.table("message").cloned() else { return Ok(Step::End) };
        let mut scan = self.scan.take().unwrap_or_else(|| self.database.scan(&table));
        for _ in 0..ROWS {
            match scan.next(&self.database, &table, &mut self.row)? {
                Found::Row => {
                    let time = self.columns.facts(&self.row).time;
                    self.hold(time);
                    self.message(sink);
                }
                Found::Bad(offset) => {
                    sink.record();
                    sink.skip(SkipReason::Malformed, Position::byte(offset));
                }
                Found::End => {
                    self.scan = Some(scan);
                    self.end(sink)?;
                    self.page = self.len;
                    return Ok(Step::End);
                }
            }
        }
        // Pages are small parts of the file: the place of the last row would jump about.
        self.page = (scan.pages() * self.database.page_size()).min(self.len);
        self.scan = Some(scan);
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.page
    }
}
