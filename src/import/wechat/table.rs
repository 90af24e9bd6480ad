//! CSV of both tools: `MemoTrace` (`localId,TalkerId,Type,SubType,..`) and `PyWxDump`, `WeFlow` (`id,MsgSvrID,type_name,..`).
//!
//! `WeChatMsg`, `exporter_csv.py`; `PyWxDump`, `export/exportCSV.py`.

use std::borrow::Cow;

use crate::import::delimited::maker::unix_lines;
use crate::import::delimited::table::{Row, Rows};
use crate::import::delimited::when::written;
use crate::import::json;
use crate::import::sink::{Clock, Sink};
use crate::import::{DateOrder, FileInput, Options};
use crate::model::ledger::{Basis, Decided, Question};
use crate::model::message::Position;
use crate::model::statement::StatementKind;
use crate::time;

use super::book::{Book, Entry, From, Whole};
use super::kind::Kind;

/// Rows of one page of `PyWxDump` (`<wxid>_0_5000.csv`, `<wxid>_5000_10000.csv`).
const PAGE: u64 = 5000;

/// Headings of the two shapes, as far as they must be there in this order.
const MEMOTRACE: &[&str] = &["localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "Status", "StrContent", "StrTime"];
const PYWXDUMP: &[&str] = &["id", "MsgSvrID", "type_name", "is_sender", "talker"];

/// Whose table these headings are; `None`: none of ours.
pub fn maker(names: &[String]) -> Option<&'static str> {
    let begins = |with: &[&str]| names.len() >= with.len() && names.iter().zip(with).all(|(a, b)| a == b);
    if begins(MEMOTRACE) {
        return Some("WeChatMsg or MemoTrace");
    }
    (begins(PYWXDUMP) && names.iter().any(|n| n == "CreateTime")).then_some("PyWxDump or WeFlow")
}

/// Columns by what they hold.
#[derive(Default)]
struct Columns {
    local: Option<usize>,
    talker_number: Option<usize>,
    kind: Option<usize>,
    sub: Option<usize>,
    own: Option<usize>,
    time: Option<usize>,
    text: Option<usize>,
    clock: Option<usize>,
    alias: Option<usize>,
    name: Option<usize>,
    sender: Option<usize>,
    server: Option<usize>,
    kind_name: Option<usize>,
    room: Option<usize>,
    source: Option<usize>,
}

impl Columns {
    fn of(names: &[String]) -> Self {
        let at = |name: &str| names.iter().position(|n| n == name);
        Self {
            local: at("localId"),
            talker_number: at("TalkerId"),
            kind: at("Type"),
            sub: at("SubType"),
            own: at("IsSender").or_else(|| at("is_sender")),
            time: at("CreateTime"),
            text: at("StrContent").or_else(|| at("msg")).or_else(|| at("content")),
            clock: at("StrTime"),
            alias: at("Remark"),
            name: at("NickName"),
            sender: at("Sender").or_else(|| at("talker")),
            server: at("MsgSvrID"),
            kind_name: at("type_name"),
            room: at("room_name"),
            source: at("src"),
        }
    }
}

/// Times of one file: decided by its first row, kept for all.
#[derive(Default)]
struct Times {
    utc: Option<bool>,
    /// `StrTime` minus `CreateTime` of the last row that had both.
    offset: i64,
    order: Option<DateOrder>,
    mixed: u64,
    /// The order is shown by a day above 12 in the first rows.
    proven: bool,
    /// First dates that read both ways, for the question.
    open: Vec<(u32, String, String, String)>,
}

impl Times {
    /// The time of a row, and whether it had to be put together from a second column.
    fn of(&mut self, stamp: &[u8], clock: &[u8], at: Position) -> Option<(Clock, bool)> {
        let utc = counted(stamp);
        let written_here = |this: &mut Self, text: &[u8]| this.written(text, at);
        match utc {
            Some(utc) => {
                if let Some((wall, false)) = written_here(self, clock) {
                    self.offset = wall - utc;
                }
                self.settle(Clock::Utc(utc))
            }
            None if !clock.is_empty() => {
                let (wall, _) = self.written(clock, at)?;
                let clock = if self.utc == Some(true) { Clock::Utc(wall - self.offset) } else { Clock::Written(wall) };
                self.utc.get_or_insert(false);
                Some((clock, true))
            }
            None => {
                let (wall, zoned) = self.written(stamp, at)?;
                self.settle(if zoned { Clock::Utc(wall) } else { Clock::Written(wall) })
            }
        }
    }

    /// One file has one kind of time: the other kind is read as the first.
    fn settle(&mut self, clock: Clock) -> Option<(Clock, bool)> {
        let utc = *self.utc.get_or_insert(matches!(clock, Clock::Utc(_)));
        let (Clock::Utc(t) | Clock::Written(t)) = clock;
        if utc != matches!(clock, Clock::Utc(_)) {
            self.mixed += 1;
            return Some((if utc { Clock::Utc(t) } else { Clock::Written(t) }, true));
        }
        Some((clock, false))
    }

    /// One of the first dates: one that reads in one way only decides.
    fn look(&mut self, text: &[u8]) {
        let Some(w) = written(text).filter(|_| self.order.is_none()) else { return };
        let order = match (w.micros(DateOrder::Dmy), w.micros(DateOrder::Mdy)) {
            (Some(_), None) => DateOrder::Dmy,
            (None, Some(_)) => DateOrder::Mdy,
            _ => return,
        };
        (self.order, self.proven) = (Some(order), true);
    }

    /// Says at the end how the order of day and month was decided.
    fn tell(&mut self, stated: bool, sink: &mut Sink) {
        let decide = |value: DateOrder, basis, why: &str| Decided { value: value.word().to_owned(), basis, why: why.to_owned() };
        let source = sink.source();
        source.date_order = match self.order {
            Some(order) if stated && self.utc == Some(false) => decide(order, Basis::Stated, ""),
            Some(order) if self.proven => decide(order, Basis::Proven, "some days are later than the 12th"),
            None if !self.open.is_empty() => decide(DateOrder::Dmy, Basis::Ambiguous, "a table program has rewritten the dates; they read both ways"),
            _ => Decided { basis: Basis::NotNeeded, ..Decided::default() },
        };
        if source.date_order.basis == Basis::Ambiguous {
            source.question = Some(Question::DateOrder { lines: std::mem::take(&mut self.open), backward: (0, 0) });
        }
    }

    /// A written date, and whether it carries its zone. A table program may have turned it to `4/10/2024 11:42`.
    fn written(&mut self, text: &[u8], at: Position) -> Option<(i64, bool)> {
        let w = written(text)?;
        let (day, month) = (w.micros(DateOrder::Dmy), w.micros(DateOrder::Mdy));
        if day != month && day.is_some() && month.is_some() && self.order.is_none() && self.open.len() < 3 {
            let name = |t: Option<i64>| t.map(|t| time::day_name(time::day(t))).unwrap_or_default();
            self.open.push((at.line, crate::text::clean_name(&String::from_utf8_lossy(text)), name(day), name(month)));
        }
        w.micros(self.order.unwrap_or(DateOrder::Dmy)).map(|t| (t, w.offset.is_some()))
    }
}

/// Seconds, or milliseconds with thirteen digits, since 1970.
pub fn counted(stamp: &[u8]) -> Option<i64> {
    let n = json::integer(stamp)?;
    if stamp.len() >= 13 { n.checked_mul(1000) } else { time::of_unix(n) }
}

/// One table.
pub struct Table {
    book: Book,
    columns: Columns,
    times: Times,
    needed: usize,
    rows: u64,
    /// First row of this page, where the name tells it, and whether a page before it lies beside.
    page: Option<(u64, bool, bool)>,
    several: bool,
    /// A person has stated the order of day and month.
    stated: bool,
}

impl Table {
    /// For a file.
    pub fn new(file: &FileInput, options: &Options) -> Self {
        let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
        let beside = file.beside.iter().map(|e| e.name.as_str());
        let page = pages(stem).map(|(name, from, to)| {
            let has = |a: u64, b: u64| beside.clone().any(|n| n == format!("{name}_{a}_{b}.csv"));
            (from, from > 0 && !file.beside.is_empty() && !has(from.saturating_sub(PAGE), from), !has(to, to.saturating_add(PAGE)))
        });
        Self {
            book: Book::new(whole(&file.name, &file.folder), options),
            columns: Columns::default(),
            times: Times { order: options.date_order, ..Times::default() },
            needed: 0,
            rows: 0,
            page,
            several: !file.beside.is_empty(),
            stated: options.date_order.is_some(),
        }
    }
}

/// `NAME_0_5000` as name, first and end.
fn pages(stem: &str) -> Option<(&str, u64, u64)> {
    let (rest, to) = stem.rsplit_once('_')?;
    let (name, from) = rest.rsplit_once('_')?;
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    (to > from && !name.is_empty()).then_some((name, from, to))
}

/// What the name of a file, or of its folder, says: `Ana(wxid_1a2b)`, `wxid_1a2b_0_5000`.
pub fn whole(name: &str, folder: &str) -> Whole {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let bare = stem.strip_suffix("_utf8").unwrap_or(stem);
    let bare = pages(bare).map_or(bare, |(name, ..)| name);
    let folder = folder.rsplit(['/', '!']).next().unwrap_or_default();
    let found = [bare, folder].into_iter().find_map(account_in);
    let (key, title) = found.unwrap_or_default();
    let group = key.ends_with("@chatroom").then_some(true);
    Whole { key, title, group, stem: crate::text::clean_name(bare) }
}

/// The account in a name: all of it, or in brackets at its end.
fn account_in(name: &str) -> Option<(String, String)> {
    let certain =
        |key: &str| key.starts_with("wxid_") || key.starts_with("gh_") || key.ends_with("@chatroom") || key.ends_with("@openim") || key == "filehelper";
    if certain(name) && !name.contains(['(', ' ']) {
        return Some((name.to_owned(), String::new()));
    }
    let inner = name.strip_suffix([')', '）'])?;
    let (title, key) = inner.rsplit_once(['(', '（'])?;
    certain(key).then(|| (key.to_owned(), title.trim().to_owned()))
}

impl Rows for Table {
    fn headings(&mut self, names: &[String], sink: &mut Sink) {
        self.columns = Columns::of(names);
        // Rows of older versions end before the three columns of the sender.
        self.needed = [self.columns.time, self.columns.text].into_iter().flatten().max().map_or(1, |c| c + 1);
        self.book.open("wechat", sink);
        if let Some(maker) = maker(names) {
            sink.notice(
                "wechat_tool",
                format!("Written by {maker} from the database of WeChat on a computer: it holds what was synchronised to that computer"),
                1,
            );
        }
    }

    fn look(&mut self, row: Row<'_>) {
        self.times.look(row.get(self.columns.time));
    }

    fn needed(&self) -> usize {
        self.needed
    }

    fn row(&mut self, row: Row<'_>, at: Position, sink: &mut Sink) {
        self.rows += 1;
        let c = &self.columns;
        let text = |column: Option<usize>| std::str::from_utf8(row.get(column)).unwrap_or_default();
        let number = |column: Option<usize>| json::integer(row.get(column)).and_then(|n| u64::try_from(n).ok());
        let kind = match (number(c.kind), row.get(c.kind_name)) {
            (Some(kind), _) if kind > u64::from(u32::MAX) => Kind::of_code(kind),
            (Some(kind), _) => Kind::of_codes(kind, number(c.sub).unwrap_or(0)),
            (None, name) => Kind::of_name(name),
        };
        let server = row.get(c.server);
        let server = server.strip_prefix(b"'").unwrap_or(server);
        let rounded = !server.is_empty() && json::integer(server).is_none();
        let from = match row.get(c.own) {
            b"1" | b"true" | b"True" => From::Owner,
            b"" => From::Unsaid,
            _ => From::Other,
        };
        let cell = row.get(c.text);
        let body: Cow<'_, [u8]> = unix_lines(cell);
        let time = self.times.of(row.get(c.time), row.get(c.clock), at);
        let entry = Entry {
            time: time.map(|t| t.0),
            inferred: time.is_some_and(|t| t.1),
            kind,
            from,
            sender: text(c.sender),
            name: text(c.name),
            alias: text(c.alias),
            room: if c.room.is_some() { text(c.room) } else { text(c.talker_number) },
            text: &body,
            local: number(c.local),
            server: json::integer(server).and_then(|n| u64::try_from(n).ok()),
            server_text: b"",
            path: !row.get(c.source).is_empty(),
            answers: b"",
        };
        if rounded {
            self.book.mangled();
        }
        self.book.take(&entry, at, sink);
    }

    fn end(&mut self, sink: &mut Sink) {
        if self.times.mixed > 0 {
            sink.notice("mixed_zones", "Times of two kinds in one file: all are read as the first row's", self.times.mixed);
        }
        self.times.tell(self.stated, sink);
        self.tell_pages(sink);
        self.book.end(true, sink);
    }
}

impl Table {
    /// The tool writes 5,000 rows to a file: a page that is not there is a hole.
    fn tell_pages(&self, sink: &mut Sink) {
        let Some((from, lost, last)) = self.page else { return };
        if lost {
            let detail = format!("rows {}-{from}: the page before this one", from.saturating_sub(PAGE));
            sink.statement(StatementKind::FileLost, None, None, None, 1, Position::byte(0), &detail);
        } else if from > 0 && !self.several {
            sink.notice(
                "wechat_page",
                format!("This is the page from row {from} of a chat that was written in pages of 5,000: add the pages before it too"),
                1,
            );
        }
        if self.several && last && self.rows == PAGE {
            let detail = "a full page of 5,000 rows without the next one";
            sink.statement(StatementKind::ExportCap, None, None, None, PAGE, Position::byte(0), detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_tell_the_account() {
        let key = |name: &str, folder: &str| {
            let w = whole(name, folder);
            (w.key, w.title)
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(key("Li Na (QA)(wxid_lina1).csv", ""), pair("wxid_lina1", "Li Na (QA)"));
        assert_eq!(key("wxid_lina1_5000_10000.csv", ""), pair("wxid_lina1", ""));
        assert_eq!(key("chat_utf8.csv", "exports/Deals(2233@chatroom)"), pair("2233@chatroom", "Deals"));
        assert_eq!(key("messages.csv", ""), pair("", ""));
        assert_eq!(pages("wxid_lina1_5000_10000"), Some(("wxid_lina1", 5000, 10000)));
    }

    #[test]
    fn times_of_one_file_are_of_one_kind() {
        let mut times = Times::default();
        let at = Position::byte(0);
        let utc = time::civil_micros(2024, 1, 5, 6, 0, 0).unwrap();
        assert_eq!(times.of(b"1704434400", b"2024-01-05 14:00:00", at), Some((Clock::Utc(utc), false)));
        assert_eq!(times.of(b"1704434400000", b"", at), Some((Clock::Utc(utc), false)));
        // Rounded by a table program: the wall clock of the row, less the offset of the rows before.
        assert_eq!(times.of(b"1.7E+09", b"2024-01-05 14:00:00", at), Some((Clock::Utc(utc), true)));
        let mut times = Times::default();
        let wall = time::civil_micros(2024, 10, 4, 11, 42, 0).unwrap();
        assert_eq!(times.of(b"2024/10/4 11:42", b"", at), Some((Clock::Written(wall), false)));
        assert_eq!(times.of(b"2023-11-15T06:15:23.000Z", b"", at).map(|t| t.1), Some(true));
    }
}
