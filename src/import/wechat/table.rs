//! CSV of both tools: `MemoTrace` (`localId,TalkerId,Type,SubType,..`) and `PyWxDump`, `WeFlow` (`id,MsgSvrID,type_name,..`).
//!
//! `WeChatMsg`, `exporter_csv.py`; `PyWxDump`, `export/exportCSV.py`.

use std::borrow::Cow;

use crate::import::delimited::stamp::Stamps;
use crate::import::delimited::table::{Row, Rows};
use crate::import::json;
use crate::import::lines::unix_lines;
use crate::import::sink::Sink;
use crate::import::{FileInput, Options};
use crate::model::message::Position;
use crate::model::statement::StatementKind;

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

/// One table.
pub struct Table {
    book: Book,
    columns: Columns,
    times: Stamps,
    needed: usize,
    rows: u64,
    /// First row of this page, where the name tells it, and whether a page before it lies beside.
    page: Option<(u64, bool, bool)>,
    several: bool,
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
            times: Stamps::new(options.date_order),
            needed: 0,
            rows: 0,
            page,
            several: !file.beside.is_empty(),
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
        self.times.tell(sink);
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
}
