//! Goes through the store: addresses and chats, messages by number, reactions, calls; then what is missing.

use crate::import::counter::Counter;
use crate::import::pointers::Pointers;
use crate::import::sink::{Body, Clock, Draft, Id, Map, Sink};
use crate::import::sqlite::{Along, Database, Found, Row, Scan, Table};
use crate::import::tally::Tally;
use crate::import::{FileInput, ImportError, Options, Reader, Refusal, Step};
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::text;

use super::APP;
use super::message::{self, Columns, Facts, Kind};
use super::people::People;

/// Rows of one step.
const ROWS: usize = 5_000;
/// Quotes of an old store that are kept.
const QUOTES: usize = 1 << 20;

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    People(usize),
    Messages,
    Reactions,
    Calls,
}

/// Tables that say more of a message, read alongside.
struct Beside {
    system: Option<Along>,
    timer: Option<Along>,
    media: Option<Along>,
    quoted: Option<Along>,
    forwarded: Option<Along>,
    edited: Option<Along>,
}

/// What the tables beside a message say.
#[derive(Default)]
struct More {
    action: Option<i64>,
    timer: Option<i64>,
    /// A file: whether it lies on the phone.
    media: Option<bool>,
    quoted: Option<Vec<u8>>,
    forwarded: bool,
    edited: bool,
}

#[derive(Default)]
struct Seen {
    ids: Counter,
    last: Option<i64>,
    revoked: Tally,
    absent: Tally,
    media: Tally,
    calls: u64,
    pointers: Pointers,
}

/// Reads one store.
pub struct DbReader {
    database: Database,
    messages: Table,
    columns: Columns,
    stage: Stage,
    scan: Option<(Scan, Table, Columns)>,
    row: Row,
    people: People,
    beside: Beside,
    quotes: Map<i64, Vec<u8>>,
    seen: Seen,
    modified: Option<i64>,
    pages: u64,
    damaged: u64,
    len: u64,
}

impl DbReader {
    /// Opens a store.
    pub fn new(file: FileInput, options: &Options) -> Result<Self, Refusal> {
        let (database, (messages, columns)) = APP.open(&file, |database| {
            ["message", "messages"].into_iter().find_map(|name| {
                let table = database.table(name)?;
                Some((table.clone(), Columns::of(table)?))
            })
        })?;
        let along = |name: &str| Along::of(&database, name, "message_row_id");
        let beside = Beside {
            system: along("message_system"),
            timer: along("message_ephemeral_setting"),
            media: along("message_media"),
            quoted: along("message_quoted"),
            forwarded: along("message_forwarded"),
            edited: along("message_edit_info"),
        };
        let owner = options.owner.as_deref().map(str::trim).filter(|s| !s.is_empty());
        let owner = owner.map(|s| text::phone(s).unwrap_or_else(|| text::clean_name(s)));
        Ok(Self {
            messages,
            columns,
            stage: Stage::People(0),
            scan: None,
            row: Row::default(),
            people: People::of(owner),
            beside,
            quotes: Map::default(),
            seen: Seen::default(),
            modified: file.modified,
            pages: 0,
            damaged: 0,
            len: file.len,
            database,
        })
    }

    fn more(&mut self) -> Result<More, ImportError> {
        let (id, database) = (self.row.id, &self.database);
        let mut more = More::default();
        let number = |along: &mut Option<Along>, name: &str| -> std::io::Result<Option<i64>> {
            let Some(along) = along else { return Ok(None) };
            let column = along.table().column(name);
            Ok(along.row(id, database)?.and_then(|row| row.integer(column?)))
        };
        let word = |along: &mut Option<Along>, name: &str| -> std::io::Result<Option<Vec<u8>>> {
            let Some(along) = along else { return Ok(None) };
            let column = along.table().column(name);
            Ok(along.row(id, database)?.map(|row| column.and_then(|c| row.text(c)).map(std::borrow::Cow::into_owned).unwrap_or_default()))
        };
        let beside = &mut self.beside;
        more.action = number(&mut beside.system, "action_type")?;
        more.timer = number(&mut beside.timer, "setting_duration")?;
        more.media = word(&mut beside.media, "file_path")?.map(|path| !path.is_empty());
        more.quoted = word(&mut beside.quoted, "key_id")?.filter(|k| !k.is_empty());
        more.forwarded = word(&mut beside.forwarded, "message_row_id")?.is_some();
        more.edited = word(&mut beside.edited, "message_row_id")?.is_some();
        if self.columns.legacy {
            more.quoted = self.columns.quoted(&self.row).and_then(|n| self.quotes.get(&n).cloned());
        }
        Ok(more)
    }

    /// Addresses of the chat and of the sender.
    fn addresses(&self, columns: &Columns, facts: &Facts) -> (String, String) {
        if columns.legacy {
            return columns.addresses(&self.row);
        }
        (self.people.address_of(facts.chat), self.people.address(facts.sender).unwrap_or_default())
    }

    fn message(&mut self, sink: &mut Sink) -> Result<(), ImportError> {
        sink.record();
        let at = Position::byte(self.row.offset);
        let facts = self.columns.facts(&self.row);
        let more = self.more()?;
        if let Ok(id) = u64::try_from(self.row.id) {
            self.seen.ids.hold(id, facts.time.map(Clock::Utc), Position::byte(self.row.offset));
        }
        let (chat, from) = self.addresses(&self.columns, &facts);
        // The first row of a new store belongs to no chat.
        if facts.chat == -1 || chat == "-1" {
            sink.skip(SkipReason::EmptyRecord, at);
            return Ok(());
        }
        let Some(time) = facts.time else {
            // What follows a value of megabytes is not held, the time included.
            sink.skip(if self.row.cut { SkipReason::TooLarge } else { SkipReason::NoTime }, at);
            return Ok(());
        };
        let kind = message::kind(facts.kind);
        let event = match kind {
            Kind::System => Some(match more.timer {
                Some(0) => EventKind::TimerOff,
                Some(_) => EventKind::TimerOn,
                None => message::action(more.action.or(facts.action)),
            }),
            Kind::Call => Some(EventKind::Call),
            _ => None,
        };
        self.seen.calls += u64::from(kind == Kind::Call);
        let conversation = self.people.conversation(&chat, sink);
        // What the app writes itself has a sender only where it names one.
        let nobody = facts.own || (kind == Kind::System && from.is_empty());
        let sender = if nobody { None } else { self.people.sender(&chat, &from, sink) };
        let text = self.columns.text(&self.row).filter(|_| event.is_none());
        let file = more.media.is_some() || kind == Kind::Media || (self.columns.legacy && facts.file);
        let absent = matches!(kind, Kind::Once | Kind::Waiting) || (facts.kind == 0 && text.is_none() && !file);
        let unloaded = more.media == Some(false) && kind == Kind::Media;
        let flags = Flags::NONE.with_attachments(usize::from(file && event.is_none() && kind != Kind::Revoked)).with_those([
            (facts.own, Flags::BY_OWNER),
            (!facts.own && event.is_none(), Flags::TO_OWNER),
            (facts.inferred, Flags::TIME_INFERRED),
            (facts.forwarded || more.forwarded, Flags::FORWARDED),
            (facts.edited || more.edited, Flags::EDITED),
            (kind == Kind::Revoked, Flags::DELETED),
            (absent, Flags::NO_CONTENT),
            (unloaded, Flags::MEDIA_ABSENT),
        ]);
        let key = self.columns.key(&self.row);
        let draft = Draft {
            conversation,
            sender,
            time: Clock::Utc(time),
            event,
            flags,
            body: Body::Text(text.as_deref().unwrap_or_default()),
            id: Id::Text(&key),
            reply_to: more.quoted.as_deref().map_or(Id::None, Id::Text),
            audience: None,
            position: at,
        };
        if sink.message(draft) {
            let seen = &mut self.seen;
            seen.last = Some(seen.last.map_or(time, |t| t.max(time)));
            seen.pointers.hold(&key);
            if let Some(quoted) = &more.quoted {
                seen.pointers.point(quoted, time, at);
            }
            seen.revoked.add(u64::from(kind == Kind::Revoked), at, time);
            seen.absent.add(u64::from(absent), at, time);
            seen.media.add(u64::from(unloaded), at, time);
        }
        Ok(())
    }

    /// A reaction, or a call of the list of calls.
    fn event(&mut self, columns: &Columns, kind: EventKind, sink: &mut Sink) -> Result<(), ImportError> {
        sink.record();
        let at = Position::byte(self.row.offset);
        let facts = columns.facts(&self.row);
        let Some(time) = facts.time else {
            sink.skip(SkipReason::NoTime, at);
            return Ok(());
        };
        let from = self.people.address(facts.sender).unwrap_or_default();
        // A call names the other party only.
        let chat = if kind == EventKind::Call { from.clone() } else { self.people.address_of(facts.chat) };
        let mut target = None;
        if kind == EventKind::Reaction
            && let Some((_, table, _)) = &self.scan
            && let Some(parent) = table.column("parent_message_row_id").and_then(|c| self.row.integer(c))
        {
            let mut row = Row::default();
            if self.database.get(&self.messages, parent, &mut row)? {
                target = Some(self.columns.key(&row).into_owned());
            }
        }
        let kind = if kind == EventKind::Reaction && facts.kind != 56 { EventKind::Other } else { kind };
        let conversation = self.people.conversation(&chat, sink);
        let sender = if facts.own { None } else { self.people.sender(&chat, &from, sink) };
        let draft = Draft {
            conversation,
            sender,
            time: Clock::Utc(time),
            event: Some(kind),
            flags: if facts.own { Flags::BY_OWNER } else { Flags::NONE },
            body: Body::Text(b""),
            id: Id::None,
            reply_to: target.as_deref().map_or(Id::None, Id::Text),
            audience: None,
            position: at,
        };
        sink.message(draft);
        Ok(())
    }

    fn quotes(&mut self) -> Result<(), ImportError> {
        let Some(table) = self.database.table("messages_quotes").filter(|_| self.columns.legacy) else { return Ok(()) };
        let column = table.column("key_id");
        let quotes = &mut self.quotes;
        self.damaged += self.database.each(table, |row| {
            if let Some(key) = column.and_then(|c| row.text(c)).filter(|_| quotes.len() < QUOTES) {
                quotes.insert(row.id, key.into_owned());
            }
        })?;
        Ok(())
    }

    /// Begins to go through a table; `false` when there is none to be read.
    fn begin(&mut self) -> bool {
        let table = match self.stage {
            Stage::People(_) => None,
            Stage::Messages => Some(self.messages.clone()),
            Stage::Reactions => self.database.table("message_add_on").cloned(),
            Stage::Calls => self.database.table("call_log").filter(|_| self.seen.calls == 0).cloned(),
        };
        self.scan = table.and_then(|table| {
            let columns = Columns::of(&table)?;
            Some((self.database.scan(&table), table, columns))
        });
        self.scan.is_some()
    }

    fn rows(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        for _ in 0..ROWS {
            let Some((scan, table, columns)) = &mut self.scan else { return Ok(Step::End) };
            match scan.next(&self.database, table, &mut self.row)? {
                Found::Row => {
                    let columns = columns.clone();
                    match self.stage {
                        Stage::Reactions => self.event(&columns, EventKind::Reaction, sink)?,
                        Stage::Calls => self.event(&columns, EventKind::Call, sink)?,
                        _ => self.message(sink)?,
                    }
                }
                Found::Bad(offset) => {
                    sink.record();
                    sink.skip(SkipReason::Malformed, Position::byte(offset));
                }
                Found::End => {
                    self.damaged += scan.damaged();
                    self.pages += scan.pages();
                    self.scan = None;
                    return Ok(Step::End);
                }
            }
        }
        Ok(Step::More)
    }

    fn end(&mut self, sink: &mut Sink) -> Result<(), ImportError> {
        let seen = std::mem::take(&mut self.seen);
        seen.revoked.tell(StatementKind::Tombstone, None, "deleted for everyone", sink);
        seen.absent.tell(StatementKind::ContentAbsent, None, "view once, waiting for keys, or empty", sink);
        seen.media.tell(StatementKind::MediaAbsent, None, "media never loaded", sink);
        let sequence = self.database.sequence(&self.messages.name)?;
        seen.ids.tell_rows(sequence.is_some(), sequence, "_id", sink);
        seen.pointers.tell("quoted", sink);
        self.people.tell(sink);
        let owner = self.people.own_handle(sink);
        match (owner, self.people.owner.clone()) {
            (Some(handle), Some(value)) => {
                sink.owner_wrote(handle);
                let source = sink.source();
                source.owner = Some(Decided { value, basis: Basis::Stated, why: "stated".to_owned() });
                source.owner_handle = Some(handle.0);
            }
            _ => sink.notice("owner_unknown", "The file does not say whose phone it comes from", 1),
        }
        sink.source().exported_at = self.modified;
        let beside = &self.beside;
        let all = [&beside.system, &beside.timer, &beside.media, &beside.quoted, &beside.forwarded, &beside.edited];
        let damaged: u64 = all.into_iter().flatten().map(Along::damaged).sum();
        self.database.tell(self.damaged + self.people.bad + damaged, seen.last, sink);
        Ok(())
    }
}

impl Reader for DbReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if let Stage::People(n) = self.stage {
            self.database.begin(sink);
            self.stage = if self.people.read(n, &self.database)? { Stage::People(n + 1) } else { Stage::Messages };
            if self.stage == Stage::Messages {
                self.quotes()?;
            }
            return Ok(Step::More);
        }
        if (self.scan.is_some() || self.begin()) && self.rows(sink)? == Step::More {
            return Ok(Step::More);
        }
        self.stage = match self.stage {
            Stage::People(_) | Stage::Messages => Stage::Reactions,
            Stage::Reactions => Stage::Calls,
            Stage::Calls => {
                self.end(sink)?;
                self.pages = u64::MAX;
                return Ok(Step::End);
            }
        };
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        let pages = self.pages.saturating_add(self.scan.as_ref().map_or(0, |(scan, _, _)| scan.pages()));
        pages.saturating_mul(self.database.page_size()).min(self.len)
    }
}
