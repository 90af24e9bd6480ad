//! Walks `result.json` through a window: root, chat lists, chats, messages. One message at a time is in view.

use std::rc::Rc;

use crate::import::archive::{Archive, Entry as Member};
use crate::import::bytes::{Stream, Window};
use crate::import::decode::Checked;
use crate::import::json::{self, Items, Members, Stop};
use crate::import::sink::{ChannelIx, Sink};
use crate::import::watch::{Watch, Watched};
use crate::import::{FileInput, ImportError, Options, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

use super::beside::Beside;
use super::chat::{Chat, Head, Time};
use super::people::People;
use super::record::Item;

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Root,
    Folder,
    List,
    Chat,
    Messages,
    End,
}

/// What a key at root, folder or chat level led to.
enum Entry {
    Done,
    Read,
    Other,
    Folder { left: bool },
    List,
    Messages,
    Personal,
    Contacts,
}

/// Reads one `result.json`.
pub struct TelegramReader {
    window: Window,
    place: Place,
    root: Members,
    folder: Members,
    list: Items,
    members: Members,
    items: Items,
    /// The chat stands in a list of a full export.
    listed: bool,
    left: bool,
    chat: Chat,
    time: Time,
    people: People,
    channel: ChannelIx,
    scratch: Vec<u8>,
    /// Where a missing comma was made good, so that it is tried once.
    mended: Option<u64>,
    /// The end of a broken record was not found: there is nothing to go on from.
    lost: bool,
    last: Option<crate::import::sink::Clock>,
    beside: Option<Beside>,
    /// Of a claimed archive: path of the source and name of the member, until reading begins.
    member: Option<(String, String)>,
    /// Of a claimed archive: what the stream of the member shows.
    watch: Rc<Watch>,
}

impl TelegramReader {
    /// For one file.
    pub fn new(file: FileInput, options: &Options) -> Self {
        let beside = Beside::of(file.beside.iter().map(|e| e.name.as_str()).filter(|n| *n != file.name));
        Self { beside, ..Self::over(Window::new(file.stream), options) }
    }

    /// The `result.json` of an archive that was claimed as a whole.
    pub fn of_archive(archive: &dyn Archive, entry: &Member, stream: Box<dyn Stream>, options: &Options) -> Self {
        let folder = entry.name.strip_suffix(entry.file_name()).unwrap_or_default();
        let names = archive.entries().iter().filter(|e| !e.is_noise() && e.name != entry.name).filter_map(|e| e.name.strip_prefix(folder));
        let watch = Rc::new(Watch::default());
        let stream = Checked::new(Box::new(Watched::new(stream, watch.clone())), watch.clone());
        let path = format!("{}{}{}", archive.path(), archive.separator(), entry.name);
        let member = Some((path, entry.name.clone()));
        Self { beside: Beside::of(names), member, watch, ..Self::over(Window::new(Box::new(stream)), options) }
    }

    /// Over a window of one's own.
    pub fn over(window: Window, options: &Options) -> Self {
        Self {
            window,
            place: Place::Start,
            root: Members::default(),
            folder: Members::default(),
            list: Items::default(),
            members: Members::default(),
            items: Items::default(),
            listed: false,
            left: false,
            chat: Chat::default(),
            time: Time::default(),
            people: People::new(options),
            channel: ChannelIx(0),
            scratch: Vec::new(),
            mended: None,
            lost: false,
            last: None,
            beside: None,
            member: None,
            watch: Rc::default(),
        }
    }

    fn advance(&mut self, sink: &mut Sink) -> Result<(), Stop> {
        match self.place {
            Place::Start => {
                if let Some((path, entry)) = self.member.take() {
                    let source = sink.source();
                    source.name = crate::text::clean_name(entry.rsplit('/').next().unwrap_or(&entry));
                    source.path = path;
                    sink.part(&entry);
                }
                self.channel = self.people.open(sink);
                json::skip_mark(&mut self.window)?;
                self.root = json::read(&mut self.window, |s| s.object())?;
                self.place = Place::Root;
            }
            Place::Root => self.root_entry(sink)?,
            Place::Folder => self.folder_entry()?,
            Place::List => {
                let list = self.list;
                let more = json::read(&mut self.window, |s| {
                    let mut list = list;
                    let more = list.more(s)?;
                    Ok((more, if more { s.object()? } else { Members::default() }))
                })?;
                self.list = Items::resumed();
                self.place = if more.0 { Place::Chat } else { Place::Folder };
                self.members = more.1;
                self.chat = Chat::of(Head { left: self.left, full_export: true, ..Head::default() });
            }
            Place::Chat => self.chat_entry(sink)?,
            Place::Messages => self.message(sink)?,
            Place::End => {}
        }
        Ok(())
    }

    fn root_entry(&mut self, sink: &mut Sink) -> Result<(), Stop> {
        let (root, head) = (self.root, &mut self.chat.head);
        let entry = json::read(&mut self.window, |s| {
            let mut members = root;
            let Some(key) = members.key(s)? else { return Ok(Entry::Done) };
            Ok(match (key.raw, s.peek()?) {
                (b"chats" | b"left_chats", b'{') => {
                    s.object()?;
                    Entry::Folder { left: key.raw == b"left_chats" }
                }
                (b"messages", b'[') => {
                    s.array()?;
                    Entry::Messages
                }
                (b"personal_information", _) => Entry::Personal,
                (b"contacts", _) => Entry::Contacts,
                _ if head.take(key, s)? => Entry::Read,
                _ => Entry::Other,
            })
        })?;
        self.root = Members::resumed();
        let people = &mut self.people;
        match entry {
            Entry::Done => self.place = Place::End,
            Entry::Folder { left } => {
                (self.left, self.listed, self.folder) = (left, true, Members::default());
                self.place = Place::Folder;
            }
            Entry::Messages => self.open_chat(sink),
            Entry::Personal => json::read(&mut self.window, |s| people.personal(s))?,
            Entry::Contacts => match json::read(&mut self.window, |s| people.contacts(s)) {
                Err(Stop::TooLarge) => json::pass_over(&mut self.window)?,
                other => other?,
            },
            Entry::Read | Entry::List => {}
            Entry::Other => json::pass_over(&mut self.window)?,
        }
        Ok(())
    }

    fn folder_entry(&mut self) -> Result<(), Stop> {
        let folder = self.folder;
        let entry = json::read(&mut self.window, |s| {
            let mut members = folder;
            let Some(key) = members.key(s)? else { return Ok(Entry::Done) };
            if key.raw == b"list" && s.peek()? == b'[' {
                s.array()?;
                return Ok(Entry::List);
            }
            Ok(Entry::Other)
        })?;
        self.folder = Members::resumed();
        match entry {
            Entry::Done => self.place = Place::Root,
            Entry::List => (self.place, self.list) = (Place::List, Items::default()),
            _ => json::pass_over(&mut self.window)?,
        }
        Ok(())
    }

    fn chat_entry(&mut self, sink: &mut Sink) -> Result<(), Stop> {
        let (members, head) = (self.members, &mut self.chat.head);
        let entry = json::read(&mut self.window, |s| {
            let mut members = members;
            let Some(key) = members.key(s)? else { return Ok(Entry::Done) };
            if key.raw == b"messages" && s.peek()? == b'[' {
                s.array()?;
                return Ok(Entry::Messages);
            }
            Ok(if head.take(key, s)? { Entry::Read } else { Entry::Other })
        })?;
        self.members = Members::resumed();
        match entry {
            Entry::Done => self.place = Place::List,
            Entry::Messages => self.open_chat(sink),
            Entry::Other => json::pass_over(&mut self.window)?,
            _ => {}
        }
        Ok(())
    }

    fn open_chat(&mut self, sink: &mut Sink) {
        self.chat.open(self.channel, &mut self.people, sink);
        (self.place, self.items) = (Place::Messages, Items::default());
    }

    fn close_chat(&mut self, sink: &mut Sink) {
        if self.chat.conversation.is_some() {
            self.chat.close(&self.people, sink);
        }
        self.last = self.chat.last.or(self.last);
        self.chat = Chat::default();
        self.place = if self.listed { Place::Chat } else { Place::Root };
    }

    /// One element of `messages[]`, or its end.
    fn message(&mut self, sink: &mut Sink) -> Result<(), Stop> {
        let items = self.items;
        let more = json::read(&mut self.window, |s| {
            let mut items = items;
            items.more(s)
        })?;
        if !more {
            self.close_chat(sink);
            return Ok(());
        }
        self.items = Items::resumed();
        json::read(&mut self.window, |s| s.peek().map(drop))?;
        let at = Position::byte(self.window.offset());
        let Self { window, chat, time, people, scratch, beside, .. } = self;
        let sample = chat.sampled(sink);
        let read = json::read(window, |s| {
            let mut item = Item::read(s, scratch, sample)?;
            item.lost = beside.as_ref().map_or(0, |b| item.paths.iter().flatten().filter(|path| b.lacks(**path)).count() as u64);
            chat.take(&item, at, time, people, sink);
            Ok(())
        });
        let reason = match read {
            Err(Stop::TooLarge) => SkipReason::TooLarge,
            Err(Stop::Bad(_)) => SkipReason::Malformed,
            Err(Stop::CutOff) => {
                sink.record();
                sink.skip(SkipReason::CutOff, at);
                return Err(Stop::CutOff);
            }
            other => return other,
        };
        sink.record();
        sink.skip(reason, at);
        self.lost = true;
        json::pass_over(&mut self.window)?;
        self.lost = false;
        Ok(())
    }

    /// A comma that is missing between two members or records is made good; `true` then.
    fn mend(&mut self, sink: &mut Sink) -> bool {
        let Ok(next) = json::read(&mut self.window, |s| s.peek()) else { return false };
        let here = self.window.offset();
        if self.lost || self.mended == Some(here) {
            return false;
        }
        match (self.place, next) {
            (Place::Root, b'"') => self.root = Members::default(),
            (Place::Folder, b'"') => self.folder = Members::default(),
            (Place::Chat, b'"') => self.members = Members::default(),
            (Place::List, b'{') => self.list = Items::default(),
            (Place::Messages, b'{') => self.items = Items::default(),
            _ => return false,
        }
        self.mended = Some(here);
        sink.notice(
            "json_comma_missing",
            "A comma is missing in the file, so it is not as Telegram wrote it; reading went on behind it. Export again if the file was not edited on purpose.",
            1,
        );
        true
    }

    /// Ends reading in the middle: what was read stays, with what it proves.
    fn stopped(&mut self, stop: Stop, sink: &mut Sink) -> Result<Step, ImportError> {
        let at = self.window.offset();
        if let (Stop::CutOff, place) = (&stop, self.place) {
            let conversation = self.chat.conversation.filter(|_| place == Place::Messages);
            let from = self.chat.last.or(self.last);
            sink.statement(StatementKind::CutOff, conversation, from, None, 0, Position::byte(at), "the file ends in the middle");
        }
        self.close_chat(sink);
        self.place = Place::End;
        self.ended(sink);
        match stop {
            Stop::CutOff => Ok(Step::End),
            Stop::Io(error) => Err(error.into()),
            Stop::Bad(at) => Err(json::invalid("Export the chat again", at)),
            Stop::TooLarge => Err(ImportError {
                what: "A value here is larger than 16 MiB, which Telegram does not write; what stands before it was read. Export the chat again.".to_owned(),
                place: format!("byte {at}"),
            }),
        }
    }

    /// All is read.
    fn ended(&mut self, sink: &mut Sink) {
        crate::import::telegram::tell_day(sink);
        self.watch.tell(sink);
    }
}

impl Reader for TelegramReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let end = self.window.offset() + STEP_BYTES;
        let mut records = 0;
        while self.place != Place::End {
            match self.advance(sink) {
                Ok(()) => {}
                Err(Stop::Bad(_)) if self.mend(sink) => {}
                Err(stop) => return self.stopped(stop, sink),
            }
            records += 1;
            if records >= STEP_RECORDS || self.window.offset() >= end {
                return Ok(Step::More);
            }
        }
        self.ended(sink);
        Ok(Step::End)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}
