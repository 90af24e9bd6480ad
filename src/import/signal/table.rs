//! The table `message` of an Android backup as signalbackup-tools writes it (`--exportcsv message=FILE`): one row of the phone's database a record.
//!
//! Types are those of signalapp/Signal-Android `MessageTypes.java`: the low five bits say what it is, higher ones mark changes of groups and timers.

use super::book::{Book, Row};
use super::start_of;
use crate::features::facts;
use crate::import::bytes::{Fill, Window};
use crate::import::delimited::record::{Fields, Split, split};
use crate::import::sink::{Clock, Sink};
use crate::import::{About, FileInput, Format, Head, ImportError, Input, Match, Options, Reader, Refusal, Step};
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::text;

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: usize = 1 << 20;
/// Most row numbers and holes that are kept.
const LIMIT: usize = 1 << 22;
const HOLES: usize = 10_000;

/// `EXPIRATION_TIMER_UPDATE_BIT`, `GROUP_UPDATE_BIT`, `GROUP_LEAVE_BIT`.
const TIMER_BIT: u64 = 0x4_0000;
const GROUP_UPDATE_BIT: u64 = 0x1_0000;
const GROUP_LEAVE_BIT: u64 = 0x2_0000;

/// Signal's table of messages.
pub struct SignalTable;

static ABOUT: About = About {
    id: "signal_csv",
    name: "Signal message table (signalbackup-tools CSV)",
    channel: "signal",
    extensions: &["csv"],
    proves: &[
        "Rows are numbered over the whole phone: an absent number is a row that was deleted, by hand or by a timer, if all rows were exported.",
        "Each message carries the timer it was sent under: the spans in which messages vanish.",
        "A message deleted for everyone leaves its row.",
        "A quoted message whose row is absent: it existed.",
    ],
    how_to_export: "signalbackup-tools BACKUP PASSPHRASE --exportcsv message=FILE. Without --limittothreads and --limittodates, which leave no trace in the file.",
    limits: "People and chats are numbers of this phone's database: names stand in another table. Rows left out by limits look like deleted ones.",
};

impl Format for SignalTable {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        match head.text {
            Some(text) if is_table(text) => Match::Sure("the columns of Signal's table of messages".to_owned()),
            _ => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(file) => TableReader::new(file, options).map(|r| Box::new(r) as Box<dyn Reader>),
            Input::Archive(archive) => {
                Err(Refusal { what: "A table of messages is a single file, not an archive.".to_owned(), place: archive.path().to_owned() })
            }
        }
    }
}

/// Columns that are read.
const NAMES: [&str; 14] = [
    "_id",
    "thread_id",
    "from_recipient_id",
    "to_recipient_id",
    "date_sent",
    "date_received",
    "type",
    "body",
    "expires_in",
    "view_once",
    "remote_deleted",
    "deleted_by",
    "quote_id",
    "latest_revision_id",
];

#[derive(Debug, Clone, Copy)]
enum Column {
    Id,
    Thread,
    From,
    To,
    Sent,
    Received,
    Type,
    Body,
    Expires,
    Once,
    Deleted,
    DeletedBy,
    Quote,
    Latest,
}

/// Places of the columns, by their names in the first line.
fn columns(first: &str) -> Option<[Option<usize>; NAMES.len()]> {
    let cells: Vec<&str> = first.trim_start_matches('\u{feff}').trim_end().split(',').map(|c| c.trim_matches('"')).collect();
    let places = NAMES.map(|name| cells.iter().position(|c| *c == name));
    let has = |c: Column| places.get(c as usize).is_some_and(Option::is_some);
    [Column::Id, Column::Thread, Column::Sent, Column::Type, Column::Body, Column::Expires, Column::From].into_iter().all(has).then_some(places)
}

/// Whether a text begins with the heading of this table.
pub fn is_table(text: &str) -> bool {
    text.lines().next().and_then(columns).is_some()
}

/// A row number with the time of its message and its place.
type Held = (u64, i64, Position);

/// Reads the table.
pub struct TableReader {
    window: Window,
    places: [Option<usize>; NAMES.len()],
    fields: Fields,
    line: u32,
    book: Book,
    stated: Option<String>,
    owner: Option<HandleIx>,
    /// What tells this phone's numbers from those of another: the time of its first message.
    phone: Option<String>,
    held: Vec<Held>,
    begun: bool,
    discard: bool,
}

/// A cell whose line ends are those of Unix, as the phone has them.
fn unix(cell: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(at) = memchr::memmem::find(rest, b"\r\n") {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

/// A cell as a whole number.
fn whole(cell: &[u8]) -> i64 {
    std::str::from_utf8(cell).ok().and_then(|t| t.trim().parse().ok()).unwrap_or(0)
}

impl TableReader {
    fn new(file: FileInput, options: &Options) -> Result<Self, Refusal> {
        let (window, text) = start_of(file.stream);
        let Some(places) = text.lines().next().and_then(columns) else {
            return Err(Refusal {
                what: "This is not Signal's table of messages: columns such as thread_id and date_sent are missing.".to_owned(),
                place: "line 1".to_owned(),
            });
        };
        Ok(Self {
            window,
            places,
            fields: Fields::default(),
            line: 1,
            book: Book::default(),
            stated: options.owner.clone().filter(|o| !o.is_empty()),
            owner: None,
            phone: None,
            held: Vec::new(),
            begun: false,
            discard: false,
        })
    }

    /// The records that the window shows.
    fn records(&mut self, ended: bool, sink: &mut Sink) -> usize {
        let mut used = 0;
        let mut records = 0;
        while records < STEP_RECORDS && used < STEP_BYTES {
            let rest = self.window.data().get(used..).unwrap_or_default();
            let at = Position::line(self.window.offset() + used as u64, self.line);
            match split(rest, b',', ended, &mut self.fields) {
                Split::Blank { bytes } => {
                    used += bytes;
                    self.line = self.line.saturating_add(1);
                }
                Split::Record { bytes, lines } => {
                    let row: Vec<Vec<u8>> = self.places.iter().map(|p| p.map(|p| unix(self.fields.get(rest, p))).unwrap_or_default()).collect();
                    let width = self.fields.len();
                    used += bytes;
                    self.line = self.line.saturating_add(lines);
                    if std::mem::replace(&mut self.begun, true) {
                        let cut = ended && bytes == rest.len() && !rest.ends_with(b"\n") && self.places.iter().flatten().any(|p| *p >= width);
                        self.row(&row, cut, at, sink);
                    }
                    records += 1;
                }
                Split::Partial { .. } if ended => {
                    sink.record();
                    sink.skip(SkipReason::CutOff, at);
                    sink.statement(StatementKind::CutOff, None, None, None, 0, at, "the file ends in the middle");
                    used += rest.len();
                }
                Split::Partial { .. } | Split::Empty => break,
            }
        }
        used
    }

    fn row(&mut self, row: &[Vec<u8>], cut: bool, at: Position, sink: &mut Sink) {
        sink.record();
        if cut {
            sink.statement(StatementKind::CutOff, None, None, None, 0, at, "the file ends in the middle");
            return sink.skip(SkipReason::CutOff, at);
        }
        let cell = |c: Column| row.get(c as usize).map(Vec::as_slice).unwrap_or_default();
        let number = |c: Column| whole(cell(c));
        let (sent, received, kind) = (number(Column::Sent), number(Column::Received), u64::try_from(number(Column::Type)).unwrap_or(0));
        let (time, inferred) = if sent > 0 { (sent, false) } else { (received, true) };
        let id = number(Column::Id);
        if let Some(id) = u64::try_from(id).ok().filter(|id| *id > 0 && self.held.len() < LIMIT) {
            self.held.push((id, time, at));
        }
        if time <= 0 {
            return sink.skip(SkipReason::NoTime, at);
        }
        if kind & 0x1f == 27 {
            return sink.skip(SkipReason::Draft, at);
        }
        // An earlier version of an edited message.
        if number(Column::Latest) > 0 && number(Column::Latest) != id {
            return sink.skip(SkipReason::Repeated, at);
        }
        let phone = self.phone.get_or_insert_with(|| time.to_string()).clone();
        let outgoing = (21..=26).contains(&(kind & 0x1f));
        let sender = if outgoing { Some(self.own(sink)) } else { self.recipient(number(Column::From), &phone, sink) };
        let thread = number(Column::Thread);
        let room = self.book.room(&format!("thread:{thread}@{phone}"), &format!("Chat {thread}"), ConversationKind::Unknown, &[], sink);
        if outgoing {
            let _ = self.recipient(number(Column::To), &phone, sink);
        }
        let seconds = u64::try_from(number(Column::Expires)).unwrap_or(0).div_ceil(1000);
        let event = event(kind, seconds);
        let deleted = number(Column::Deleted) > 0 || number(Column::DeletedBy) > 0;
        let once = number(Column::Once) > 0;
        let flags = Flags::NONE.with_those([
            (deleted, Flags::DELETED),
            (once || kind & 0x1f == 13, Flags::NO_CONTENT),
            (outgoing, Flags::BY_OWNER),
            (!outgoing && event.is_none(), Flags::TO_OWNER),
        ]);
        let facts = if event.is_some() { crate::features::Facts::default() } else { facts(cell(Column::Body), self.book.sampled(room, sink)) };
        let target = Some(number(Column::Quote)).filter(|q| *q > 0 && event.is_none()).map(|q| (q, None));
        if !self.book.take(&Row { room, sender, time, event, flags, facts, target, inferred, at }, sink) {
            return;
        }
        let clock = Clock::Utc(time.saturating_mul(1000));
        let Some(room) = self.book.rooms.get_mut(room) else { return };
        room.once.add(u64::from(once), at, clock);
        room.unread.add(u64::from(kind & 0x1f == 13), at, clock);
        if event.is_none() || matches!(event, Some(EventKind::TimerOn | EventKind::TimerOff)) {
            room.set_timer(seconds, Some(clock), at, sink);
        }
    }

    fn recipient(&mut self, id: i64, phone: &str, sink: &mut Sink) -> Option<HandleIx> {
        if id <= 0 {
            return None;
        }
        self.book.handle(&format!("{id}@{phone}"), &format!("Recipient {id}"), "", sink)
    }

    fn own(&mut self, sink: &mut Sink) -> HandleIx {
        if let Some(known) = self.owner {
            return known;
        }
        let key = self.stated.clone().unwrap_or_else(|| "Me".to_owned());
        let channel = self.book.channel(sink);
        let handle = self.book.handle(&key, "", &key, sink).unwrap_or_else(|| sink.handle(channel, "Me"));
        let (basis, why) = if self.stated.is_some() { (Basis::Stated, "stated") } else { (Basis::Proven, "sent messages are the owner's") };
        let source = sink.source();
        source.owner = Some(Decided { value: text::clean_name(&key), basis, why: why.to_owned() });
        source.owner_handle = Some(handle.0);
        self.owner = Some(handle);
        handle
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.source().date_order.basis = Basis::NotNeeded;
        self.book.close(sink);
        self.held.sort_unstable_by_key(|h| h.0);
        let pairs = || self.held.iter().zip(self.held.iter().skip(1)).filter(|((a, ..), (b, ..))| *b > *a + 1);
        let missing: u64 = pairs().map(|((a, ..), (b, ..))| b - a - 1).sum();
        // One conversation out of many: most numbers belong to the others.
        if missing > 4 * self.held.len() as u64 {
            let what = "Most row numbers between the first and the last are absent: this is not the whole table, so nothing is concluded from them";
            return sink.notice("signal_rows_of_others", what, missing);
        }
        for (n, ((a, from, _), (b, to, at))) in pairs().enumerate() {
            if n == HOLES {
                return sink.notice("signal_more_holes", "More runs of absent row numbers than are named one by one", pairs().count() as u64 - HOLES as u64);
            }
            let [from, to] = [from, to].map(|t| (*t > 0).then(|| Clock::Utc(t.saturating_mul(1000))));
            let detail = if b - a == 2 { format!("row number {} of the phone", a + 1) } else { format!("row numbers {}-{} of the phone", a + 1, b - 1) };
            sink.statement(StatementKind::IdHole, None, from, to, b - a - 1, *at, &detail);
        }
    }
}

/// `None` for a message.
fn event(kind: u64, seconds: u64) -> Option<EventKind> {
    Some(match kind & 0x1f {
        _ if kind & TIMER_BIT != 0 && seconds > 0 => EventKind::TimerOn,
        _ if kind & TIMER_BIT != 0 => EventKind::TimerOff,
        _ if kind & GROUP_LEAVE_BIT != 0 => EventKind::Left,
        _ if kind & GROUP_UPDATE_BIT != 0 => EventKind::Renamed,
        20..=26 => return None,
        1..=3 | 8 | 10..=12 => EventKind::Call,
        7 => EventKind::Renamed,
        9 => EventKind::Migrated,
        14 | 16 | 18 => EventKind::NumberChanged,
        _ => EventKind::Other,
    })
}

impl Reader for TableReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if self.discard {
            self.discard = !self.window.pass_line();
            self.line = self.line.saturating_add(u32::from(!self.discard));
        }
        let used = if self.discard { 0 } else { self.records(self.window.ended(), sink) };
        self.window.consume(used);
        if used > 0 {
            return Ok(Step::More);
        }
        if self.window.ended() {
            self.finish(sink);
            return Ok(Step::End);
        }
        if self.window.fill()? == Fill::Full {
            sink.record();
            sink.skip(SkipReason::TooLarge, Position::line(self.window.offset(), self.line));
            self.discard = true;
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}
