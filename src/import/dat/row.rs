//! One row becomes a message, or a skip with its reason: mails are messages, attachments and loose files are not.

use std::collections::BTreeSet;

use super::bates::Numbers;
use super::columns::{Columns, Field};
use super::split::Fields;
use crate::features::Facts;
use crate::import::delimited::boxes::Boxes;
use crate::import::delimited::clock::Times;
use crate::import::delimited::people::People;
use crate::import::delimited::platform;
use crate::import::sink::{Body, ChannelIx, Clock, Draft, Id, Map, Sink};
use crate::import::tally::Tally;
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;
use crate::text;

/// Families and names remembered, at most.
const REMEMBERED: usize = 1 << 20;

/// The cells of a row.
pub struct Cells<'a> {
    /// Columns of the file.
    pub columns: &'a Columns,
    /// Fields of the row.
    pub fields: &'a Fields,
    /// Bytes they lie in.
    pub bytes: &'a [u8],
}

impl<'a> Cells<'a> {
    /// A cell without surrounding blanks; empty where there is none.
    pub fn get(&self, field: Field) -> &'a [u8] {
        self.columns.column(field).map(|c| self.fields.get(self.bytes, c).trim_ascii()).unwrap_or_default()
    }

    fn text(&self, field: Field) -> std::borrow::Cow<'a, str> {
        String::from_utf8_lossy(self.get(field))
    }

    /// Date and time of day, and whether it is another time than that of sending.
    pub fn time(&self) -> (&'a [u8], &'a [u8], bool) {
        let sent = [(Field::Sent, None, false), (Field::DateSent, Some(Field::TimeSent), false), (Field::SliceBegin, None, false)];
        let other = [(Field::DateReceived, Some(Field::TimeReceived), true), (Field::SortDate, None, true)];
        for (date, clock, other) in sent.into_iter().chain(other) {
            let cell = self.get(date);
            if !cell.is_empty() {
                let clock = clock.map(|c| self.get(c)).unwrap_or_default();
                // Some tools repeat the day in the time column.
                return if clock.len() > 14 { (clock, b"", other) } else { (cell, clock, other) };
            }
        }
        (b"", b"", false)
    }
}

#[derive(Default)]
struct Family {
    stated: u64,
    held: u64,
    at: Position,
}

/// What the folder holds for a row.
#[derive(Default)]
pub struct Beside {
    /// Facts of its text file.
    pub text: Option<Facts>,
    /// Links that lead nowhere.
    pub lost: u64,
    /// The native is a mail that is read by itself.
    pub native_mail: bool,
}

/// Makes messages of the rows of one file.
pub struct Rows {
    /// Times of the file.
    pub times: Times,
    /// Document numbers.
    pub numbers: Numbers,
    /// Numbers of the rows, for the image list.
    pub documents: Map<Box<[u8]>, ()>,
    people: People,
    families: Map<Box<[u8]>, Family>,
    withheld: Tally,
    lost: Tally,
    slices: Tally,
    redacted: u64,
    textless: u64,
    inferred: u64,
    own: BTreeSet<String>,
    all: BTreeSet<String>,
    every: bool,
    boxes: Boxes,
}

impl Rows {
    /// For a file with these times.
    pub fn new(times: Times) -> Self {
        Self {
            times,
            numbers: Numbers::default(),
            documents: Map::default(),
            people: People::default(),
            families: Map::default(),
            withheld: Tally::default(),
            lost: Tally::default(),
            slices: Tally::default(),
            redacted: 0,
            textless: 0,
            inferred: 0,
            own: BTreeSet::new(),
            all: BTreeSet::new(),
            every: true,
            boxes: Boxes::default(),
        }
    }

    /// One row whose [`Sink::record`] was called.
    pub fn take(&mut self, cells: &Cells<'_>, beside: &Beside, at: Position, sink: &mut Sink) {
        let begin = cells.get(Field::Begin);
        self.numbers.hold(&String::from_utf8_lossy(begin), &cells.text(Field::End), at);
        if self.documents.len() < REMEMBERED {
            self.documents.insert(begin.into(), ());
        }
        self.custodians(cells);
        let (date, clock, other) = cells.time();
        let time = self.times.read(date, clock);
        self.lost.add(beside.lost, at, time);
        self.redacted += u64::from(yes(cells.get(Field::Redacted)));
        let withheld = yes(cells.get(Field::Withheld));
        if self.attached(cells, at) {
            return sink.skip(SkipReason::NotMessages, at);
        }
        if withheld {
            self.withheld.add(1, at, time);
        }
        if !cells.get(Field::Collection).is_empty() || !cells.get(Field::SliceMessages).is_empty() {
            return self.slice(cells, time, at, sink);
        }
        match (mail(cells), withheld) {
            (None, _) => return sink.skip(SkipReason::UnknownType, at),
            (Some(false), true) => return sink.skip(SkipReason::Withheld, at),
            (Some(false), false) => return sink.skip(SkipReason::NotMessages, at),
            (Some(true), _) => {}
        }
        let Some(time) = time else { return sink.skip(if withheld { SkipReason::Withheld } else { SkipReason::NoTime }, at) };
        let id = bare(cells.get(Field::MessageId));
        if beside.native_mail && id.is_empty() {
            let what = "Rows without a Message-ID whose native mail lies beside the load file: the mail is counted, not the row";
            sink.notice("dat_native_counted", what, 1);
            return sink.skip(SkipReason::Repeated, at);
        }
        self.inferred += u64::from(other);
        let flags = if other { Flags::TIME_INFERRED } else { Flags::NONE };
        self.mail(cells, beside, (time, flags, withheld), at, sink);
    }

    fn mail(&mut self, cells: &Cells<'_>, beside: &Beside, (time, mut flags, withheld): (Clock, Flags, bool), at: Position, sink: &mut Sink) {
        let channel = sink.channel("email");
        let sender = list(cells.get(Field::From)).next().and_then(|one| self.person(one, channel, sink));
        let mut audience = Vec::new();
        for field in [Field::To, Field::Cc, Field::Bcc] {
            audience.extend(list(cells.get(field)).filter_map(|one| self.person(one, channel, sink)));
        }
        let audience = (!audience.is_empty()).then(|| sink.audience(&mut audience));
        let written: Vec<u8>;
        let body = match (beside.text, cells.get(Field::Text)) {
            (Some(facts), _) => Body::Facts(facts),
            (None, []) => Body::Text(cells.get(Field::Subject)),
            (None, cell) => {
                written = String::from_utf8_lossy(cell).replace("\r\n", "\n").replace('\u{ae}', "\n").into_bytes();
                Body::Text(&written)
            }
        };
        self.textless += u64::from(beside.text.is_none() && cells.get(Field::Text).is_empty());
        let (id, parent) = (bare(cells.get(Field::MessageId)), bare(cells.get(Field::Reply)));
        flags = flags.with_attachments(count(cells.get(Field::Attachments)));
        flags = flags.with_those([(withheld, Flags::NO_CONTENT), (beside.lost > 0, Flags::MEDIA_ABSENT)]);
        let conversation = sink.conversation(channel, &conversation(cells, id, parent), "", ConversationKind::Thread);
        let row = sink.rows();
        let kept = sink.message(Draft {
            conversation,
            sender,
            time,
            event: None,
            flags,
            body,
            id: if id.is_empty() { Id::None } else { Id::Text(id) },
            reply_to: if parent.is_empty() { Id::None } else { Id::Text(parent) },
            audience,
            position: at,
        });
        if kept {
            self.boxes.hold(row, [cells.get(Field::Custodian), cells.get(Field::Custodians)]);
        }
    }

    /// A row that stands for a slice of a chat, whose messages are in its own RSMF file.
    fn slice(&mut self, cells: &Cells<'_>, time: Option<Clock>, at: Position, sink: &mut Sink) {
        let Some(time) = time else { return sink.skip(SkipReason::NoTime, at) };
        let channel = sink.channel(&platform::slug(&cells.text(Field::Application)));
        let mut members: Vec<HandleIx> = list(cells.get(Field::SlicePeople)).filter_map(|one| self.person(one, channel, sink)).collect();
        let collection = cells.get(Field::Collection);
        let key = String::from_utf8_lossy(if collection.is_empty() { cells.get(Field::Begin) } else { collection }).into_owned();
        let conversation = sink.conversation(channel, &key, &cells.text(Field::Subject), ConversationKind::Unknown);
        if let Some(facts) = sink.conversation_facts(conversation) {
            facts.members.extend(members.drain(..).map(|h| h.0));
        }
        self.slices.add(count(cells.get(Field::SliceMessages)).max(1) as u64, at, Some(time));
        sink.message(Draft {
            conversation,
            sender: None,
            time,
            event: Some(EventKind::Other),
            flags: Flags::NO_CONTENT.with(Flags::AUTOMATIC),
            body: Body::Text(b""),
            id: if collection.is_empty() { Id::None } else { Id::Text(cells.get(Field::Begin)) },
            reply_to: Id::None,
            audience: None,
            position: at,
        });
    }

    fn person(&mut self, cell: &[u8], channel: ChannelIx, sink: &mut Sink) -> Option<HandleIx> {
        self.people.handle(sink, channel, cell, b"")
    }

    /// Whether the row is an attachment; the family knows it then.
    fn attached(&mut self, cells: &Cells<'_>, at: Position) -> bool {
        let (begin, first, parent) = (cells.get(Field::Begin), cells.get(Field::BeginFamily), cells.get(Field::Parent));
        let kind = cells.get(Field::Kind).to_ascii_lowercase();
        let above = [first, parent].into_iter().find(|id| !id.is_empty() && *id != begin);
        let attached = above.is_some() || memchr::memmem::find(&kind, b"attach").is_some();
        let stated = count(cells.get(Field::Attachments)) as u64;
        let family = above.unwrap_or(begin);
        if family.is_empty() || (!attached && stated == 0) || (self.families.len() >= REMEMBERED && !self.families.contains_key(family)) {
            return attached;
        }
        let family = self.families.entry(family.into()).or_default();
        if attached {
            family.held += 1;
        } else {
            (family.stated, family.at) = (stated, at);
        }
        attached
    }

    fn custodians(&mut self, cells: &Cells<'_>) {
        let own = cells.get(Field::Custodian);
        self.every &= !own.is_empty();
        if !own.is_empty() && self.own.len() < REMEMBERED {
            self.own.insert(text::clean_name(&String::from_utf8_lossy(own)));
        }
        for one in cells.get(Field::Custodians).split(|b| *b == b';').map(<[u8]>::trim_ascii).filter(|c| !c.is_empty()) {
            if self.all.len() < REMEMBERED {
                self.all.insert(text::clean_name(&String::from_utf8_lossy(one)));
            }
        }
    }

    /// Says at the end what the rows prove.
    pub fn tell(&mut self, folder: bool, stated: Option<&str>, sink: &mut Sink) {
        self.numbers.tell(sink);
        self.withheld.tell(StatementKind::ContentAbsent, None, "documents withheld, produced as slip sheets", sink);
        self.slices.tell(StatementKind::ContentAbsent, None, "messages of chat slices, which are in RSMF files of their own", sink);
        self.lost.tell(StatementKind::FileLost, None, "text files or natives that rows name", sink);
        let short = self.families.values().filter(|f| f.stated > f.held);
        let (missing, at) = short.fold((0, None::<Position>), |(n, at), f| (n + f.stated - f.held, Some(at.map_or(f.at, |a| a.min(f.at)))));
        if let Some(at) = at {
            sink.statement(StatementKind::CountShort, None, None, None, missing, at, "attachments stated by mails, without a row in their family");
        }
        if self.redacted > 0 {
            sink.notice("dat_redacted", "Documents are redacted: parts of their text are not here", self.redacted);
        }
        if self.textless > 0 {
            let what = if folder {
                "Mails have no text file: only their subject was looked at"
            } else {
                "The load file holds no text: only subjects were looked at. Give the folder of the production as a whole"
            };
            sink.notice("dat_without_text", what, self.textless);
        }
        if self.inferred > 0 {
            sink.notice("time_inferred", "Mails without a sent date: the date received or the sort date of the family is used", self.inferred);
        }
        let copies: Vec<&str> = self.all.difference(&self.own).map(String::as_str).collect();
        if !copies.is_empty() {
            let named = copies.iter().take(5).copied().collect::<Vec<_>>().join("; ");
            let what = format!("Custodians are named only as holders of copies, without a document of their own: {named}");
            sink.notice("dat_custodians_without_rows", what, copies.len() as u64);
        }
        self.owner(stated, sink);
        let channel = sink.channel("email");
        self.boxes.tell(&mut self.people, channel, sink);
    }

    fn owner(&self, stated: Option<&str>, sink: &mut Sink) {
        let one = self.every && self.own.len() == 1 && self.all.iter().all(|c| self.own.contains(c));
        let (name, basis, why) = match (stated, self.own.first()) {
            (Some(stated), _) => (stated, Basis::Stated, "stated"),
            (None, Some(only)) if one => (only.as_str(), Basis::Proven, "custodian of every row"),
            _ => return,
        };
        let handle = self.people.known(sink, name);
        if let Some(handle) = handle {
            sink.mark_owner(handle);
        }
        let source = sink.source();
        source.owner = Some(Decided { value: text::clean_name(name), basis, why: why.to_owned() });
        source.owner_handle = handle.map(|h| h.0);
    }
}

/// Whether a row is a mail; `None`: an item of another kind (appointment, contact).
fn mail(cells: &Cells<'_>) -> Option<bool> {
    let kind = cells.get(Field::Kind).to_ascii_lowercase();
    let has = |word: &[u8]| memchr::memmem::find(&kind, word).is_some();
    if kind.starts_with(b"ipm.") && !kind.starts_with(b"ipm.note") {
        return None;
    }
    let extension = cells.get(Field::Extension).to_ascii_lowercase();
    let extension = extension.strip_prefix(b".").unwrap_or(&extension);
    let dated = [Field::Sent, Field::DateSent, Field::DateReceived, Field::MessageId].into_iter().any(|f| !cells.get(f).is_empty());
    Some(has(b"mail") || has(b"ipm.note") || matches!(extension, b"msg" | b"eml" | b"emlx") || (!cells.get(Field::From).is_empty() && dated))
}

/// `Doe, John <j@x.example>; Roe, Ann`: apart by `;`; by `,` only where addresses stand without names.
fn list(cell: &[u8]) -> impl Iterator<Item = &[u8]> {
    let signs = memchr::memchr_iter(b'@', cell).count();
    let commas = !cell.contains(&b';') && signs > 1;
    cell.split(move |b| *b == b';' || (commas && *b == b',')).map(<[u8]>::trim_ascii).filter(|p| !p.is_empty()).take(5000)
}

/// A Message-ID without its brackets, as mails have it.
fn bare(cell: &[u8]) -> &[u8] {
    let cell = cell.strip_prefix(b"<").unwrap_or(cell);
    cell.strip_suffix(b">").unwrap_or(cell).trim_ascii()
}

/// Thread by its own id or index (the first 22 bytes of a conversation index are those of the thread), else as mails have it.
fn conversation(cells: &Cells<'_>, id: &[u8], parent: &[u8]) -> String {
    let thread = cells.get(Field::Thread);
    let (kind, key) = match (parent, id, thread) {
        (_, _, t) if t.len() > 44 && t.iter().all(u8::is_ascii_hexdigit) => ("t:", t.get(..44).unwrap_or(t)),
        (_, _, t) if !t.is_empty() => ("t:", t),
        ([], [], _) => ("d:", cells.get(Field::Begin)),
        ([], id, _) => ("m:", id),
        (parent, ..) => ("m:", parent),
    };
    format!("{kind}{}", String::from_utf8_lossy(key))
}

fn yes(cell: &[u8]) -> bool {
    !cell.is_empty() && ![&b"n"[..], b"no", b"false", b"0", b"none"].iter().any(|w| cell.eq_ignore_ascii_case(w))
}

/// A number, or names apart by `;`. Numbers that no mail has are none.
fn count(cell: &[u8]) -> usize {
    match std::str::from_utf8(cell).ok().and_then(|c| c.parse::<u32>().ok()) {
        Some(n) if n > 100_000 => 0,
        Some(n) => n as usize,
        None => cell.split(|b| *b == b';').filter(|p| !p.trim_ascii().is_empty()).count(),
    }
}
