//! Walks `messages.json` through a window: root, conversations, messages. One message at a time is in view.

use crate::import::archive::Archive;
use crate::import::bytes::Window;
use crate::import::json::{self, Items, Members, Stop};
use crate::import::opened::Files;
use crate::import::sink::{Clock, Sink};
use crate::import::{FileInput, ImportError, Options, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

use super::chat::{Account, Chat};
use super::record::Item;

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;

/// What a member is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Messages,
    Leave,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Place {
    #[default]
    Start,
    Root,
    Conversations,
    Chat,
    Messages,
    End,
}

/// What a key led to.
enum Entry {
    Done,
    List,
    Read,
    Other,
}

/// Reads one personal export.
pub struct SkypeReader {
    files: Files<What>,
    place: Place,
    root: Members,
    list: Items,
    members: Members,
    items: Items,
    chat: Chat,
    account: Account,
}

impl SkypeReader {
    /// For the members of an archive.
    pub fn archive(archive: Box<dyn Archive>, options: &Options) -> Self {
        let entries = archive.entries();
        let mut plan: Vec<(usize, What)> = entries.iter().enumerate().filter(|(_, e)| !e.name.ends_with('/')).map(|(ix, e)| (ix, what(&e.name))).collect();
        plan.sort_by_key(|(ix, what)| (*what == What::Leave, *ix));
        // `media/<reference>.1.jpg`, beside `media/<reference>.json` that describes it.
        let media = entries.iter().filter(|e| !e.is_noise()).filter_map(|e| {
            let (folder, file) = e.name.rsplit_once('/')?;
            (folder == "media" || folder.ends_with("/media")).then(|| file.split('.').next().unwrap_or(file).to_owned())
        });
        let media: crate::import::sink::Map<String, ()> = media.map(|m| (m, ())).collect();
        let mut reader = Self::over(Files::archive(archive, plan), options);
        reader.account.media = (!media.is_empty()).then_some(media);
        reader
    }

    /// For one file.
    pub fn file(file: FileInput, options: &Options) -> Self {
        Self::over(Files::file(file, What::Messages), options)
    }

    fn over(files: Files<What>, options: &Options) -> Self {
        Self {
            files,
            place: Place::Start,
            root: Members::default(),
            list: Items::default(),
            members: Members::default(),
            items: Items::default(),
            chat: Chat::default(),
            account: Account::new(options),
        }
    }

    /// One step down the file; `false` at its end.
    fn advance(&mut self, sink: &mut Sink) -> Result<bool, Stop> {
        let Self { files, place, root, list, members, items, chat, account } = self;
        let Some(open) = files.current().filter(|o| o.what == What::Messages) else { return Ok(false) };
        let window = &mut open.window;
        match *place {
            Place::Start => {
                json::skip_mark(window)?;
                *root = json::read(window, |s| s.object())?;
                *place = Place::Root;
            }
            Place::Root => match member(window, root, b"conversations", |key, s, _| s.value().map(|v| account.root(key, v)))? {
                Entry::Done => *place = Place::End,
                Entry::List => (*place, *list) = (Place::Conversations, Items::default()),
                Entry::Other => json::pass_over(window)?,
                Entry::Read => {}
            },
            Place::Conversations => {
                let before = *list;
                let more = json::read(window, |s| {
                    let mut list = before;
                    let more = list.more(s)?;
                    Ok((more, if more { s.object()? } else { Members::default() }))
                })?;
                *list = Items::resumed();
                (*place, *members) = (if more.0 { Place::Chat } else { Place::Root }, more.1);
            }
            Place::Chat => match member(window, members, b"MessageList", |key, s, at| chat.head(key, s, at))? {
                Entry::Done => {
                    std::mem::take(chat).close(account, sink);
                    *place = Place::Conversations;
                }
                Entry::List => (*place, *items) = (Place::Messages, Items::default()),
                Entry::Other => json::pass_over(window)?,
                Entry::Read => {}
            },
            Place::Messages => {
                if !message(window, items, chat, account, sink)? {
                    *place = Place::Chat;
                }
            }
            Place::End => return Ok(false),
        }
        Ok(true)
    }

    /// The file ends in the middle, or is no JSON from here on.
    fn stopped(&mut self, stop: Stop, sink: &mut Sink) -> Option<ImportError> {
        let at = self.files.current().map_or(0, |o| o.window.offset());
        let last = self.account.last.map(Clock::Utc);
        std::mem::take(&mut self.chat).close(&mut self.account, sink);
        self.place = Place::End;
        match stop {
            Stop::CutOff => {
                sink.statement(StatementKind::CutOff, None, last, None, 0, Position::byte(at), "the file ends in the middle");
                None
            }
            Stop::Io(error) => Some(error.into()),
            Stop::Bad(at) => Some(json::invalid("Export again", at)),
            Stop::TooLarge => Some(ImportError {
                what: "A value here is larger than 16 MiB, which Skype does not write; what stands before it was read. Export again.".to_owned(),
                place: format!("byte {at}"),
            }),
        }
    }
}

/// One member of an object: the wanted list is entered, plain values and small objects are given to `read`.
fn member(
    window: &mut Window,
    members: &mut Members,
    list: &[u8],
    mut read: impl FnMut(&[u8], &mut json::Scanner<'_>, Position) -> json::Scan<()>,
) -> Result<Entry, Stop> {
    let (before, at) = (*members, Position::byte(window.offset()));
    let entry = json::read(window, |s| {
        let mut members = before;
        let Some(key) = members.key(s)? else { return Ok(Entry::Done) };
        match s.peek()? {
            b'[' if key.raw == list => s.array().map(|_| Entry::List),
            b'[' => Ok(Entry::Other),
            _ => read(key.raw, s, at).map(|()| Entry::Read),
        }
    })?;
    *members = Members::resumed();
    Ok(entry)
}

/// One element of `MessageList[]`; `false` at its end.
fn message(window: &mut Window, items: &mut Items, chat: &mut Chat, account: &mut Account, sink: &mut Sink) -> Result<bool, Stop> {
    let before = *items;
    let more = json::read(window, |s| {
        let mut items = before;
        let more = items.more(s)?;
        if more {
            s.peek()?;
        }
        Ok(more)
    })?;
    *items = Items::resumed();
    if !more {
        return Ok(false);
    }
    let at = Position::byte(window.offset());
    let read = json::read(window, |s| {
        let item = Item::read(s)?;
        chat.take(&item, at, account, sink);
        Ok(())
    });
    match read {
        Ok(()) => Ok(true),
        Err(stop) => json::give_up(stop, true, at, window, sink).map(|()| true),
    }
}

fn what(name: &str) -> What {
    if name.rsplit('/').next() == Some("messages.json") { What::Messages } else { What::Leave }
}

impl Reader for SkypeReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let (mut records, end) = (0, self.done() + STEP_BYTES);
        while records < STEP_RECORDS && self.done() < end {
            records += 1;
            if self.files.current().is_none() {
                let leave = |what: &What| (*what == What::Leave).then_some(SkipReason::NotMessages);
                if !self.files.next(leave, sink) {
                    sink.source().exported_at = self.account.exported;
                    return Ok(Step::End);
                }
                continue;
            }
            match self.advance(sink) {
                Ok(true) => {}
                Ok(false) => self.files.close(),
                Err(stop) => {
                    let error = self.stopped(stop, sink);
                    self.files.close();
                    if let Some(error) = error {
                        if self.files.single() {
                            sink.source().exported_at = self.account.exported;
                            return Err(error);
                        }
                        sink.record();
                        sink.skip(SkipReason::UnreadableMember, Position::byte(0));
                    }
                }
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.files.done()
    }
}
