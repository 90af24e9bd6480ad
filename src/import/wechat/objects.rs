//! JSON of the tools: `WeFlow` and `EchoTrace` (4.x), its short form with `senders[]`, `PyWxDump` (a bare array), and the common form
//! of `ChatLab` (object or one object per line).

use crate::import::delimited::stamp::counted;
use crate::import::delimited::{platform, when};
use crate::import::json::list::{Records, WHOLE};
use crate::import::json::{Scan, Scanner, Text, Value, each, word};
use crate::import::sink::{Clock, Map, Sink};
use crate::import::{DateOrder, FileInput, Options};
use crate::model::ConversationIx;
use crate::model::message::Position;
use crate::model::statement::StatementKind;
use crate::{text, time};

use super::book::{Book, Entry, From};
use super::kind::Kind;
use super::table::whole;

/// One element of `messages[]`. Names as in the files.
#[derive(Default)]
struct Item<'a> {
    local: Option<i64>,
    stamp: Text<'a>,
    written: Text<'a>,
    kind: Option<Value<'a>>,
    local_kind: Option<i64>,
    content: Text<'a>,
    own: Option<Value<'a>>,
    sender: Text<'a>,
    sender_number: Text<'a>,
    name: Text<'a>,
    nickname: Text<'a>,
    server: Text<'a>,
    room: Text<'a>,
    path: bool,
    answers: Text<'a>,
    /// `_type` of a line, and the rest of a header.
    line: Text<'a>,
    meta: Option<Value<'a>>,
    key: Text<'a>,
    display: Text<'a>,
}

impl<'a> Item<'a> {
    fn read(s: &mut Scanner<'a>) -> Scan<Self> {
        let mut item = Self::default();
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            match key.raw {
                b"localId" => item.local = s.value()?.integer(),
                b"createTime" | b"timestamp" | b"CreateTime" => item.stamp = word(s.value()?),
                b"formattedTime" => item.written = word(s.value()?),
                b"type" | b"type_name" => item.kind = Some(s.value()?),
                b"localType" => item.local_kind = s.value()?.integer(),
                b"content" | b"msg" => {
                    let value = s.value()?;
                    item.content = value.text().unwrap_or(item.content);
                }
                b"isSend" | b"is_sender" => item.own = Some(s.value()?),
                b"senderUsername" | b"sender" | b"talker" | b"platformId" | b"wxid" => item.sender = word(s.value()?),
                b"senderID" => item.sender_number = word(s.value()?),
                b"senderDisplayName" | b"accountName" => item.name = word(s.value()?),
                b"groupNickname" => item.nickname = word(s.value()?),
                b"displayName" => item.display = word(s.value()?),
                b"platformMessageId" | b"MsgSvrID" | b"serverId" => item.server = word(s.value()?),
                b"room_name" => item.room = word(s.value()?),
                b"src" | b"mediaPath" | b"localPath" => item.path |= s.value()?.text().is_some_and(|t| !t.is_empty()),
                b"replyToMessageId" => item.answers = word(s.value()?),
                b"_type" => item.line = word(s.value()?),
                b"meta" => item.meta = Some(s.value()?),
                b"key" => item.key = word(s.value()?),
                _ => s.skip()?,
            }
        }
        Ok(item)
    }
}

/// Which family of tools wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    Weflow,
    Chatlab,
    Pywxdump,
}

/// What one file says.
pub struct Objects {
    book: Book,
    maker: Maker,
    slug: Option<String>,
    opened: bool,
    owner: String,
    stated: Option<u64>,
    rows: u64,
    utc: Option<bool>,
    mixed: u64,
    senders: Map<Box<[u8]>, (String, String)>,
    rooms: [Vec<u8>; 6],
}

impl Objects {
    /// For a file.
    pub fn new(file: &FileInput, options: &Options) -> Self {
        Self {
            book: Book::new(whole(&file.name, &file.folder), options),
            maker: Maker::Pywxdump,
            slug: None,
            opened: false,
            owner: String::new(),
            stated: None,
            rows: 0,
            utc: None,
            mixed: 0,
            senders: Map::default(),
            rooms: Default::default(),
        }
    }

    /// What stands before the records is known.
    fn open(&mut self, sink: &mut Sink) {
        if self.opened {
            return;
        }
        self.opened = true;
        let slug = self.slug.clone().unwrap_or_else(|| "wechat".to_owned());
        self.book.open(&slug, sink);
        if !self.owner.is_empty() {
            let owner = std::mem::take(&mut self.owner);
            self.book.owner_is(&owner, "the file states its owner", sink);
            self.owner = owner;
        }
    }

    /// `session` of `WeFlow` and `EchoTrace`.
    fn session(&mut self, value: Value<'_>) {
        let (mut remark, mut shown, mut nickname) = (String::new(), String::new(), String::new());
        let whole = &mut self.book.whole;
        each(value, |key, value| match key {
            b"wxid" => whole.key = text::clean_name(&word(value).owned()),
            b"remark" => remark = word(value).owned(),
            b"displayName" => shown = word(value).owned(),
            b"nickname" => nickname = word(value).owned(),
            b"type" => {
                whole.group = match word(value).owned().as_str() {
                    "群聊" | "group" => Some(true),
                    "私聊" | "private" => Some(false),
                    _ => None,
                }
            }
            b"messageCount" => self.stated = value.integer().and_then(|n| u64::try_from(n).ok()),
            _ => {}
        });
        if let Some(title) = [shown, remark, nickname].into_iter().find(|t| !t.is_empty()) {
            whole.title = title;
        }
        if whole.key.ends_with("@chatroom") {
            whole.group = Some(true);
        }
        self.maker = Maker::Weflow;
        self.book.own_counters = true;
    }

    /// `meta` of `ChatLab`.
    fn meta(&mut self, value: Value<'_>) {
        self.maker = Maker::Chatlab;
        let whole = &mut self.book.whole;
        each(value, |key, value| match key {
            b"name" => whole.title = word(value).owned(),
            b"platform" => self.slug = Some(platform::slug(&word(value).owned())),
            b"type" => whole.group = Some(word(value).raw == b"group"),
            b"groupId" if !word(value).is_empty() => whole.key = text::clean_name(&word(value).owned()),
            b"ownerId" => self.owner = word(value).owned(),
            _ => {}
        });
    }

    /// When the export was made.
    fn exported(value: Value<'_>, sink: &mut Sink) {
        each(value, |key, value| {
            if matches!(key, b"exportedAt" | b"exportTime") {
                let at = counted(word(value).raw).or_else(|| when::written(word(value).raw).filter(|w| w.offset.is_some())?.micros(DateOrder::Ymd));
                sink.source().exported_at = at.filter(|t| time::plausible(*t));
            }
        });
    }

    fn member(&mut self, item: &Item<'_>, sink: &mut Sink) {
        self.open(sink);
        let (key, name) = (item.sender.owned(), item.name.owned());
        if item.sender_number.is_empty() {
            self.book.member(&key, &name, sink);
        } else {
            let shown = if item.display.is_empty() { name } else { item.display.owned() };
            self.book.member(&key, &shown, sink);
            self.senders.insert(item.sender_number.raw.into(), (key, shown));
        }
    }

    fn time(&mut self, item: &Item<'_>) -> Option<(Clock, bool)> {
        let clock = match counted(item.stamp.raw) {
            Some(utc) => Clock::Utc(utc),
            None => {
                let raw = if item.stamp.is_empty() { item.written.raw } else { item.stamp.raw };
                let written = when::written(raw)?;
                let micros = written.micros(DateOrder::Ymd)?;
                Clock::of(micros, written.offset.is_some())
            }
        };
        let (clock, other) = clock.settled(&mut self.utc);
        self.mixed += u64::from(other);
        Some((clock, other))
    }

    fn kind(&self, item: &Item<'_>) -> Kind {
        match item.kind {
            Some(Value::Number(n)) if self.maker == Maker::Chatlab => crate::import::json::integer(n).map_or(Kind::Unknown, Kind::of_chatlab),
            Some(Value::Number(n)) => crate::import::json::integer(n).and_then(|n| u64::try_from(n).ok()).map_or(Kind::Unknown, Kind::of_code),
            Some(Value::Text(name)) => Kind::of_name(name.owned().as_bytes()),
            _ => item.local_kind.and_then(|n| u64::try_from(n).ok()).map_or(Kind::Text, Kind::of_code),
        }
    }

    fn from(&self, item: &Item<'_>) -> From {
        let by = |own| if own { From::Owner } else { From::Other };
        match item.own {
            Some(Value::Bool(own)) => by(own),
            Some(value @ (Value::Number(_) | Value::Text(_))) => match value.integer() {
                Some(1) => From::Owner,
                Some(_) => From::Other,
                None => From::Unsaid,
            },
            Some(_) => From::Unsaid,
            None if !self.owner.is_empty() && !item.sender.is_empty() => by(item.sender.raw == self.owner.as_bytes()),
            None => From::Unsaid,
        }
    }

    fn message(&mut self, item: &Item<'_>, at: Position, sink: &mut Sink) {
        self.open(sink);
        sink.record();
        self.rows += 1;
        let time = self.time(item);
        let (kind, from) = (self.kind(item), self.from(item));
        let mut rooms = std::mem::take(&mut self.rooms);
        let [sender, name, nickname, room, content, server] = &mut rooms;
        let utf8 = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
        let listed = self.senders.get(item.sender_number.raw);
        let sender = listed.map_or_else(|| utf8(item.sender.decode(sender)), |(key, _)| key.as_str());
        let name = listed.map_or_else(|| utf8(item.name.decode(name)), |(_, name)| name.as_str());
        let server = item.server.decode(server);
        let number = crate::import::json::integer(server).and_then(|n| u64::try_from(n).ok());
        let content = item.content.decode(content);
        let entry = Entry {
            time: time.map(|t| t.0),
            inferred: time.is_some_and(|t| t.1),
            kind,
            from,
            sender,
            name,
            alias: utf8(item.nickname.decode(nickname)),
            room: utf8(item.room.decode(room)),
            // Tools put the kind in brackets where there is no text.
            text: if matches!(kind, Kind::Media) { b"" } else { content },
            local: item.local.and_then(|n| u64::try_from(n).ok()),
            server: number,
            server_text: if number.is_none() { server } else { b"" },
            path: item.path,
            answers: item.answers.raw,
        };
        self.book.take(&entry, at, sink);
        self.rooms = rooms;
    }
}

impl Records for Objects {
    fn list(&self, key: &[u8]) -> Option<bool> {
        match key {
            WHOLE | b"messages" => Some(true),
            b"senders" | b"members" => Some(false),
            _ => None,
        }
    }

    fn lines(&self, beginning: &[u8]) -> bool {
        let mut line = false;
        crate::import::json::list::survey(beginning, |depth, key, _| line |= depth == 0 && key == b"_type");
        line
    }

    fn wants(&self, key: &[u8]) -> bool {
        matches!(key, b"weflow" | b"session" | b"chatlab" | b"meta" | b"exportInfo")
    }

    fn fact(&mut self, key: &[u8], value: Value<'_>, sink: &mut Sink) {
        match key {
            b"session" => self.session(value),
            b"meta" => self.meta(value),
            _ => Self::exported(value, sink),
        }
    }

    fn item(&mut self, list: &[u8], s: &mut Scanner<'_>, at: Position, sink: &mut Sink) -> Scan<()> {
        let item = Item::read(s)?;
        match (list, item.line.raw) {
            (b"senders" | b"members", _) | (WHOLE, b"member") => self.member(&item, sink),
            (WHOLE, b"header") => {
                if let Some(meta) = item.meta {
                    self.meta(meta);
                }
            }
            _ => self.message(&item, at, sink),
        }
        Ok(())
    }

    fn last(&self) -> (Option<ConversationIx>, Option<Clock>) {
        self.book.last().unzip()
    }

    fn end(&mut self, whole: bool, sink: &mut Sink) {
        self.open(sink);
        if self.mixed > 0 {
            sink.notice("mixed_zones", "Times of two kinds in one file: all are read as the first record's", self.mixed);
        }
        if let Some(stated) = self.stated.filter(|_| whole) {
            let conversation = self.book.last().map(|l| l.0);
            if let Some(short) = stated.checked_sub(self.rows).filter(|n| *n > 0) {
                let detail = format!("messageCount {stated}, held {}", self.rows);
                sink.statement(StatementKind::CountShort, conversation, None, None, short, Position::byte(0), &detail);
            } else if stated < self.rows {
                let what = format!("The file states {stated} messages and holds {}: it was edited or joined from several", self.rows);
                sink.notice("wechat_count_exceeded", text::clean(&what, 300), 1);
            }
        }
        sink.source().date_order.basis = crate::model::ledger::Basis::NotNeeded;
        self.book.end(whole, sink);
    }
}
