//! A download while it is read: its pages thread by thread, and who takes part in all of them.

use std::rc::Rc;

use crate::features::Gather;
use crate::import::archive::Entry;
use crate::import::json::export::Export;
use crate::import::json::list::Records;
use crate::import::json::{Scan, Scanner, Value, each, items, word};
use crate::import::sink::{Body, ChannelIx, Clock, Draft, Id, Map, Sink};
use crate::import::{FileInput, Options};
use crate::model::ledger::{Basis, Decided, SkipReason};
use crate::model::message::{EventKind, Flags, Position};
use crate::model::{ConversationIx, HandleIx};
use crate::text;

use super::item::{Item, line};
use super::layout::{self, Media};
use super::mend::Mender;
use super::thread::Thread;

/// Names that stand for accounts that no longer exist.
const GONE: &[&str] = &["Facebook user", "Facebook User", "Instagram User", "Instagram user"];

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Messenger,
    Instagram,
    /// Nothing tells.
    Unknown,
}

impl Which {
    const fn slug(self) -> &'static str {
        match self {
            Self::Instagram => "instagram",
            Self::Messenger | Self::Unknown => "messenger",
        }
    }

    /// From a path.
    fn in_path(path: &str) -> Self {
        let path = path.to_lowercase();
        match (path.contains("instagram"), path.contains("facebook") || path.contains("messenger")) {
            (true, false) => Self::Instagram,
            (false, true) => Self::Messenger,
            _ => Self::Unknown,
        }
    }

    /// From keys and names that only one of the two writes.
    fn in_bytes(bytes: &[u8]) -> Self {
        let has = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
        let messenger = [
            "\"is_unsent_image_by_messenger_kid_parent\"",
            "\"your_facebook_activity/",
            "\"your_activity_across_facebook/",
            "\"Facebook user\"",
            "\"senderName\"",
        ];
        match () {
            () if has("\"your_instagram_activity/") || has("\"Instagram User\"") => Self::Instagram,
            () if messenger.iter().any(|w| has(w)) => Self::Messenger,
            () if has("\"is_geoblocked_for_viewer\"") => Self::Instagram,
            () => Self::Unknown,
        }
    }
}

/// Handle and name.
type Person = (Option<HandleIx>, Rc<str>);

/// One download, or one page of it.
pub struct Download {
    which: Which,
    channel: Option<ChannelIx>,
    stated: Option<String>,
    owner: Option<HandleIx>,
    people: Map<Box<[u8]>, Person>,
    media: Option<Media>,
    /// Folder and page number of each member that is read.
    pages: Map<Box<str>, (String, u32)>,
    thread: Thread,
    page: u32,
    records: u64,
    /// Who takes part in every thread that the owner has not left, and how many of these there are.
    common: Option<Vec<HandleIx>>,
    threads: u64,
    single: bool,
    last: Option<Clock>,
    mender: Mender,
    /// Names an owner may have by the titles of chats between two.
    candidates: Map<HandleIx, ()>,
}

impl Download {
    fn empty(options: &Options) -> Self {
        Self {
            which: Which::Unknown,
            channel: None,
            stated: options.owner.clone(),
            owner: None,
            people: Map::default(),
            media: None,
            pages: Map::default(),
            thread: Thread::default(),
            page: 0,
            records: 0,
            common: None,
            threads: 0,
            single: false,
            last: None,
            mender: Mender::default(),
            candidates: Map::default(),
        }
    }

    /// For one page by itself.
    pub fn file(file: &FileInput, options: &Options) -> Self {
        let folder = layout::thread(&file.folder).unwrap_or_default().to_owned();
        let page = layout::number(&file.name).unwrap_or(0);
        let which = Which::in_path(&format!("{}/{}", file.folder, file.name));
        // The last page of several speaks for all that lie beside it; of a file by itself nothing is known of the others.
        let mut others: Vec<u32> = file.beside.iter().filter_map(|e| layout::number(&e.name)).filter(|n| *n != page).collect();
        others.sort_unstable();
        let speaks = !file.beside.is_empty() && others.last().is_none_or(|last| *last < page);
        let pages = if speaks { others.into_iter().map(|n| (n, 0)).collect() } else { Vec::new() };
        let thread = Thread { folder, pages, ..Thread::default() };
        Self { which, thread, page: if speaks { page } else { 0 }, single: true, ..Self::empty(options) }
    }

    /// For an archive. `path`: of the archive.
    pub fn archive(path: &str, options: &Options) -> Self {
        Self { which: Which::in_path(path), ..Self::empty(options) }
    }

    fn channel(&mut self, sink: &mut Sink) -> ChannelIx {
        if let Some(channel) = self.channel {
            return channel;
        }
        let slug = self.which.slug();
        slug.clone_into(&mut sink.source().channel);
        if self.which == Which::Unknown {
            let what = "Nothing in the file says whether it is of Messenger or of Instagram: counted as Messenger. Add the whole download, whose folders tell";
            sink.notice("meta_which", what, 1);
        }
        *self.channel.insert(sink.channel(slug))
    }

    /// The handle of a name. Downloads hold no account ids.
    fn person(&mut self, name: crate::import::json::Text<'_>, sink: &mut Sink) -> Person {
        if let Some(known) = self.people.get(name.raw) {
            return known.clone();
        }
        let shown = self.mender.owned(name);
        let shown = shown.trim();
        let channel = self.channel(sink);
        let handle = (!shown.is_empty()).then(|| sink.handle(channel, shown));
        if GONE.contains(&shown)
            && let Some(facts) = handle.and_then(|h| sink.handle_facts(h))
        {
            facts.deactivated = true;
            sink.notice("meta_gone", "Accounts that no longer exist have one name for all of them: they cannot be told apart", 1);
        }
        if handle.is_some() && self.stated.as_deref() == Some(shown) && self.owner.is_none() {
            self.owner = handle;
            self.say_owner(shown, Basis::Stated, "", sink);
        }
        let made = (handle, Rc::from(shown));
        self.people.insert(name.raw.into(), (handle, Rc::clone(&made.1)));
        made
    }

    fn say_owner(&self, name: &str, basis: Basis, why: &str, sink: &mut Sink) {
        let source = sink.source();
        source.owner = Some(Decided { value: text::clean_name(name), basis, why: why.to_owned() });
        source.owner_handle = self.owner.map(|o| o.0);
    }

    fn participants(&mut self, value: Value<'_>, sink: &mut Sink) {
        let mut all = Vec::new();
        items(value, |one| match one {
            Value::Text(name) => all.push((name, true)),
            _ => each(one, |key, value| {
                if key == b"name" {
                    all.push((word(value), false))
                }
            }),
        });
        // The download of encrypted chats lists plain names, and is written properly.
        self.mender.broken = !all.iter().any(|(_, plain)| *plain);
        for (name, _) in all {
            let (Some(handle), shown) = self.person(name, sink) else { continue };
            if !self.thread.participants.contains(&handle) {
                self.thread.participants.push(handle);
                self.thread.names.push(shown.to_string());
            }
        }
    }

    fn conversation(&mut self, sink: &mut Sink) -> ConversationIx {
        if let Some(conversation) = self.thread.conversation {
            return conversation;
        }
        let channel = self.channel(sink);
        // A page by itself tells its key only behind its messages: a stand-in until then.
        let key = if self.thread.folder.is_empty() { format!("{}#", sink.source().path) } else { self.thread.key() };
        let conversation = sink.conversation(channel, &key, "", self.thread.kind());
        self.thread.conversation = Some(conversation);
        conversation
    }

    /// Files of a record that are not in the download: (none is there at all, some are there).
    fn missing(&mut self, item: &Item<'_>) -> (u64, u64) {
        let (Some(media), mender) = (&self.media, &mut self.mender) else { return (0, 0) };
        let mut missing = 0;
        item.paths(|path| {
            let path = mender.owned(path);
            missing += u64::from(!path.starts_with("http") && !path.is_empty() && !media.has(&path));
        });
        if media.is_empty() { (missing, 0) } else { (0, missing) }
    }

    fn flags(&self, item: &Item<'_>, sender: Option<HandleIx>, unsent: bool, empty: bool, missing: bool) -> Flags {
        Flags::NONE.with_attachments(item.files).with_those([
            (unsent, Flags::DELETED),
            (empty, Flags::NO_CONTENT),
            (missing, Flags::MEDIA_ABSENT),
            (sender.is_some() && sender == self.owner, Flags::BY_OWNER),
            (self.owner.is_some() && sender.is_some() && sender != self.owner, Flags::TO_OWNER),
        ])
    }

    fn take(&mut self, item: &Item<'_>, at: Position, sink: &mut Sink) {
        sink.record();
        self.records += 1;
        let (sender, name) = self.person(item.sender, sink);
        let Some(time) = item.millis.and_then(|m| m.checked_mul(1000)) else { return sink.skip(SkipReason::NoTime, at) };
        let conversation = self.conversation(sink);
        let (absent, lost) = self.missing(item);
        let mut mender = std::mem::take(&mut self.mender);
        let content = mender.text(item.content);
        let words = std::str::from_utf8(content).unwrap_or_default();
        let line = if item.call { Some(EventKind::Call) } else { line(item.kind.raw, words, &name) };
        let told =
            words.len() < 300 && words.strip_prefix(&*name).or(words.strip_prefix("You")).is_some_and(|w| w.trim().trim_end_matches('.') == "unsent a message");
        let unsent = item.unsent || told;
        let event = line.filter(|_| !unsent);
        let empty = item.is_empty() && event.is_none() && !unsent;
        let mut gather = Gather::of(sink.looks(Some(conversation)));
        if event.is_none() && !told {
            gather.add(content);
            if !item.share.is_empty() {
                gather.add(b"\n");
                gather.add(mender.text(item.share));
            }
        }
        self.mender = mender;
        let flags = self.flags(item, sender, unsent, empty || item.taken_down, absent + lost > 0);
        let clock = Clock::Utc(time);
        let made = sink.message(Draft {
            conversation,
            sender: sender.filter(|_| event != Some(EventKind::Encrypted)),
            time: clock,
            event,
            flags,
            body: Body::Facts(gather.facts()),
            id: Id::None,
            reply_to: Id::None,
            audience: None,
            position: at,
        });
        if !made {
            return;
        }
        self.last = Some(clock);
        let thread = &mut self.thread;
        thread.span = Some(thread.span.map_or((time, time), |(a, b)| (a.min(time), b.max(time))));
        thread.unsent.add(u64::from(unsent), (sink.current_part(), at), clock);
        thread.empty.add(u64::from(empty || item.taken_down), (sink.current_part(), at), clock);
        thread.absent.add(absent, (sink.current_part(), at), clock);
        thread.lost.add(lost, (sink.current_part(), at), clock);
        if event == Some(EventKind::Encrypted) && thread.encrypted.is_none_or(|(before, ..)| before < time) {
            thread.encrypted = Some((time, at, sink.current_part()));
        }
    }

    fn close_page(&mut self) {
        if self.page > 0 {
            self.thread.pages.push((self.page, self.records));
        }
        (self.page, self.records) = (0, 0);
    }

    fn close_thread(&mut self, sink: &mut Sink) {
        let thread = std::mem::take(&mut self.thread);
        thread.close(sink);
        if thread.left || thread.participants.is_empty() {
            return;
        }
        self.threads += 1;
        if let Some(owner) = thread.owner() {
            self.candidates.insert(owner, ());
        }
        match &mut self.common {
            Some(common) => common.retain(|h| thread.participants.contains(h)),
            None => self.common = Some(thread.participants),
        }
    }

    /// Whose download it is: the one who takes part in all threads, or whom no title of a chat between two names.
    fn find_owner(&mut self, sink: &mut Sink) {
        if self.owner.is_some() || self.stated.is_some() {
            return;
        }
        let common = self.common.take().unwrap_or_default();
        let decided = match (common.as_slice(), self.candidates.len()) {
            ([one], _) if self.threads > 1 => Some((*one, "takes part in every conversation of the download")),
            (many, 1) => {
                self.candidates.keys().next().copied().filter(|c| many.contains(c)).map(|c| (c, "the title of a chat between two names the other one"))
            }
            _ => None,
        };
        let Some((owner, why)) = decided else { return };
        self.owner = Some(owner);
        let name = sink.handle_facts(owner).map(|f| f.key.clone()).unwrap_or_default();
        self.say_owner(&name, Basis::Proven, why, sink);
        sink.mark_owner(owner);
    }
}

impl Records for Download {
    fn list(&self, key: &[u8]) -> Option<bool> {
        (key == b"messages").then_some(true)
    }

    fn beginning(&mut self, bytes: &[u8]) {
        if self.which == Which::Unknown && self.channel.is_none() {
            self.which = Which::in_bytes(bytes);
        }
        self.mender.broken = memchr::memmem::find(bytes, b"\"senderName\"").is_none();
    }

    fn wants(&self, key: &[u8]) -> bool {
        matches!(key, b"participants" | b"title" | b"threadName" | b"thread_path" | b"thread_type" | b"is_still_participant")
    }

    fn fact(&mut self, key: &[u8], value: Value<'_>, sink: &mut Sink) {
        match key {
            b"participants" => self.participants(value, sink),
            b"title" | b"threadName" => self.thread.title = text::clean_name(&self.mender.owned(word(value))),
            b"thread_path" => {
                let path = self.mender.owned(word(value));
                path.rsplit('/').next().unwrap_or_default().clone_into(&mut self.thread.path);
            }
            b"thread_type" => self.thread.group = word(value).raw == b"RegularGroup",
            b"is_still_participant" => self.thread.left = value == Value::Bool(false),
            _ => {}
        }
    }

    fn item(&mut self, _list: &[u8], s: &mut Scanner<'_>, at: Position, sink: &mut Sink) -> Scan<()> {
        let item = Item::read(s)?;
        self.take(&item, at, sink);
        Ok(())
    }

    fn last(&self) -> (Option<ConversationIx>, Option<Clock>) {
        (self.thread.conversation, self.last)
    }

    fn end(&mut self, _whole: bool, sink: &mut Sink) {
        if self.single {
            self.close_page();
        }
        self.channel(sink);
        self.close_thread(sink);
        self.find_owner(sink);
        sink.source().date_order.basis = Basis::NotNeeded;
    }
}

impl Export for Download {
    fn plan(&mut self, entries: &[Entry]) -> Vec<(usize, Option<SkipReason>)> {
        self.media = Some(Media::of(entries));
        let pages = layout::pages(entries);
        if self.which == Which::Unknown {
            self.which = pages.iter().find_map(|p| entries.get(p.ix)).map_or(Which::Unknown, |e| Which::in_path(&e.name));
        }
        let mut plan: Vec<(usize, Option<SkipReason>)> = Vec::with_capacity(entries.len());
        for page in pages {
            let Some(entry) = entries.get(page.ix) else { continue };
            self.pages.insert(entry.name.as_str().into(), (page.thread, page.number));
            plan.push((page.ix, None));
        }
        let others = entries.iter().enumerate().filter(|(_, e)| !e.name.ends_with('/') && !self.pages.contains_key(e.name.as_str()));
        plan.extend(others.map(|(ix, _)| (ix, Some(SkipReason::NotMessages))));
        plan
    }

    fn enter(&mut self, entry: &Entry, sink: &mut Sink) {
        let (folder, number) = self.pages.get(entry.name.as_str()).cloned().unwrap_or_default();
        if self.thread.folder != folder {
            self.close_thread(sink);
            self.thread.folder = folder;
        }
        (self.page, self.records) = (number, 0);
    }

    fn leave(&mut self, _sink: &mut Sink) {
        self.close_page();
    }
}
