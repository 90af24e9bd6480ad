//! Chats as tools write them: signal-export folders (`chat.md`, `data.json`), signalbackup-tools text. One file is one chat.

use std::rc::Rc;

use super::chat::Chat;
use super::data;
use super::text::{Form, TextChat, head, sender};
use crate::import::archive::{Archive, Entry, Locked};
use crate::import::bytes::Stream;
use crate::import::decode::Checked;
use crate::import::lines::{Line, Lines};
use crate::import::sink::{Map, Sink};
use crate::import::watch::{Watch, Watched};
use crate::import::{About, FileInput, Format, Head, ImportError, Input, Match, Options, Reader, Refusal, Step};
use crate::model::ledger::{Basis, SkipReason};
use crate::model::message::Position;

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;
/// Longest message of `data.json`.
const LONGEST: usize = 4 << 20;

/// Chats of signal-export and signalbackup-tools.
pub struct SignalChats;

static ABOUT: About = About {
    id: "signal_chat",
    name: "Signal chat (signal-export, signalbackup-tools)",
    channel: "signal",
    extensions: &["md", "json", "txt", "zip"],
    proves: &[
        "A message deleted for everyone leaves its place.",
        "Attachments that were not exported, or that do not lie in the folder of the chat.",
        "Lines of signalbackup-tools about disappearing messages show from when on messages vanish.",
    ],
    how_to_export: "signal-export: sigexport FOLDER, then add the folder. signalbackup-tools: --exporttxt FOLDER on a decrypted or encrypted Android backup with its passphrase.",
    limits: "Names instead of accounts, times without a zone, no timers (signal-export), no ids. Messages that had expired before the export leave no trace.",
};

impl Format for SignalChats {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text else { return Match::No };
        if is_data(text) {
            return Match::Sure("messages as signal-export writes them in data.json".to_owned());
        }
        if is_page(text) {
            return Match::Sure("the page that signal-export writes for people".to_owned());
        }
        let mut seen = Seen::default();
        text.lines().take(400).for_each(|line| seen.line(line));
        seen.answer(head.name)
    }

    fn claim(&self, members: &[Entry]) -> Match {
        let plan = plan(members, "");
        if plan.is_empty() { Match::No } else { Match::Sure(format!("{} chats in folders, as signal-export writes them", plan.len())) }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(mut file) => {
                let (start, text) = super::start_of(file.stream);
                if is_page(&text) {
                    let what = "This is the page that signal-export writes for people. The same messages stand in data.json and chat.md beside it: add those, or the whole folder.";
                    return Err(Refusal { what: what.to_owned(), place: "byte 0".to_owned() });
                }
                file.stream = Box::new(start.again());
                Ok(Box::new(ChatsReader::of_file(file, options)))
            }
            Input::Archive(archive) => Ok(Box::new(ChatsReader::of_archive(archive, options))),
        }
    }
}

/// Whether a text begins with a message of `data.json`.
pub fn is_data(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').lines().find(|l| !l.trim().is_empty()).is_some_and(|l| l.starts_with('{') && data::is_message(l))
}

/// Whether this is `index.html` of signal-export: spans of four classes in every message, with or without quotation marks.
fn is_page(text: &str) -> bool {
    let has =
        |class: &str| text.contains(&format!("class={class}")) || text.contains(&format!("class=\"{class}\"")) || text.contains(&format!("class='{class}'"));
    text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
        && text.to_lowercase().contains("signal")
        && ["date", "time", "sender", "body"].into_iter().all(has)
}

/// What the first lines show.
#[derive(Default)]
struct Seen {
    heads: usize,
    said: usize,
    old: usize,
    backup: usize,
    /// Marks of the tool's own: `Me:`, links to `media/`, two blanks at the end of every line.
    own: usize,
    ends: usize,
}

impl Seen {
    fn line(&mut self, line: &str) {
        self.own += usize::from(line.contains("](./media/") || line.starts_with("(- ") && line.trim_end().ends_with(" -)"));
        let Some(head) = head(line.as_bytes()) else { return };
        let body = line.get(head.body..).unwrap_or_default();
        self.heads += 1;
        self.old += usize::from(head.old);
        match head.form {
            Form::Backup => self.backup += usize::from(body.starts_with("*** ") || body.starts_with('<') && body.contains('>')),
            Form::Markdown => {
                let name = sender(body.trim_end().as_bytes()).map(|(name, _)| name);
                self.said += usize::from(name.is_some_and(|n| !n.is_empty()));
                self.own += usize::from(matches!(name, Some(b"Me" | b"No-Sender")) || body.contains("(This message was deleted)"));
                self.ends += usize::from(line.ends_with("  "));
            }
        }
    }

    fn answer(&self, name: &str) -> Match {
        let most = |n: usize| n > 0 && n * 10 >= self.heads * 6;
        if most(self.backup) {
            return Match::Sure(format!("{} lines as signalbackup-tools writes them", self.backup));
        }
        if most(self.said) && (most(self.old) || self.own > 0 || most(self.ends)) {
            return Match::Sure(format!("{} lines as signal-export writes them", self.said));
        }
        if most(self.said) && matches!(name, "chat.md" | "index.md") {
            return Match::Maybe(format!("{} lines with date, time and sender", self.said));
        }
        Match::No
    }
}

/// A chat of a folder: index of the member that is read, title, folder.
struct Planned {
    ix: usize,
    title: String,
    folder: String,
}

/// Folder and file of a name.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('/').unwrap_or(("", name))
}

/// The chats of folders that signal-export wrote and that hold nothing else; `path` names a chat that lies at the top. Where several
/// forms of one chat lie side by side, `data.json` says most.
fn plan(members: &[Entry], path: &str) -> Vec<Planned> {
    let real = || members.iter().enumerate().filter(|(_, e)| !e.is_noise() && e.locked != Some(Locked::Password));
    let mut folders: Vec<&str> = real().filter(|(_, e)| e.file_name() == "chat.md").map(|(_, e)| split(&e.name).0).collect();
    folders.sort_unstable();
    folders.dedup();
    let belongs = |e: &Entry| {
        let (folder, file) = split(&e.name);
        let chat = folders.binary_search(&folder).is_ok() && matches!(file, "chat.md" | "data.json" | "index.html" | "style.css");
        chat || file.ends_with(".css")
            || folders.iter().any(|f| e.name.strip_prefix(f).map(|r| r.trim_start_matches('/')).is_some_and(|r| r.starts_with("media/")))
    };
    let several = real().any(|(_, e)| matches!(e.file_name(), "data.json" | "index.html"));
    if folders.is_empty() || !several || !real().all(|(_, e)| belongs(e)) {
        return Vec::new();
    }
    let best = |folder: &str| ["data.json", "chat.md"].into_iter().find_map(|file| real().find(|(_, e)| split(&e.name) == (folder, file)).map(|(ix, _)| ix));
    let title = |folder: &str| if folder.is_empty() { path } else { folder }.rsplit(['/', '!']).next().unwrap_or_default().to_owned();
    folders.iter().filter_map(|f| Some(Planned { ix: best(f)?, title: title(f), folder: (*f).to_owned() })).collect()
}

/// A chat that is being read; its first line shows its form.
struct Current {
    lines: Lines,
    body: Body,
    title: String,
    media: Option<Map<Box<str>, ()>>,
    packed: u64,
}

enum Body {
    Open,
    Text(Box<TextChat>),
    Data(Box<Chat>),
}

/// Reads chats.
pub struct ChatsReader {
    archive: Option<Box<dyn Archive>>,
    plan: std::vec::IntoIter<Planned>,
    current: Option<Current>,
    options: Options,
    done: u64,
    records: u64,
    watch: Rc<Watch>,
    scratch: Vec<u8>,
}

impl ChatsReader {
    fn of_file(file: FileInput, options: &Options) -> Self {
        let folder = file.folder.rsplit(['/', '!']).next().unwrap_or_default();
        let title = title(&file.name).unwrap_or(folder).to_owned();
        let media = media(file.beside.iter().map(|e| e.name.as_str()));
        let current = Current { lines: Lines::new(file.stream, LONGEST), body: Body::Open, title, media, packed: file.len };
        Self { current: Some(current), ..Self::empty(options) }
    }

    fn of_archive(archive: Box<dyn Archive>, options: &Options) -> Self {
        let plan = plan(archive.entries(), archive.path()).into_iter();
        Self { archive: Some(archive), plan, ..Self::empty(options) }
    }

    fn empty(options: &Options) -> Self {
        Self {
            archive: None,
            plan: Vec::new().into_iter(),
            current: None,
            options: options.clone(),
            done: 0,
            records: 0,
            watch: Rc::default(),
            scratch: Vec::new(),
        }
    }

    /// Opens the next chat of an archive; `false` when there is none.
    fn next(&mut self, sink: &mut Sink) -> bool {
        let (Some(chat), Some(archive)) = (self.plan.next(), &self.archive) else { return false };
        let Some(entry) = archive.entries().get(chat.ix) else { return true };
        sink.part(&entry.name);
        match archive.open(chat.ix) {
            Ok(stream) => {
                let stream: Box<dyn Stream> = Box::new(Checked::new(Box::new(Watched::new(stream, self.watch.clone())), self.watch.clone()));
                let names = archive.entries().iter().filter_map(|e| e.name.strip_prefix(chat.folder.as_str()).map(|n| n.trim_start_matches('/')));
                let media = media(names);
                self.current = Some(Current { lines: Lines::new(stream, LONGEST), body: Body::Open, title: chat.title, media, packed: entry.packed });
            }
            Err(_) => {
                sink.record();
                sink.skip(SkipReason::UnreadableMember, Position::byte(0));
                self.done += entry.packed;
            }
        }
        true
    }

    fn close(&mut self, sink: &mut Sink) {
        let Some(current) = self.current.take() else { return };
        self.done += current.packed;
        match current.body {
            Body::Open => {}
            Body::Text(mut text) => {
                text.close(sink);
                self.records += text.chat.records();
            }
            Body::Data(mut chat) => {
                chat.close(sink);
                self.records += chat.records();
            }
        }
    }

    fn end(&self, sink: &mut Sink) {
        sink.source().date_order.basis = Basis::NotNeeded;
        if self.records == 0 && self.archive.is_none() {
            sink.fail("No message was found in this Signal chat. Export it again, without changing the file.", "line 1");
        }
        self.watch.tell(sink);
    }
}

impl Current {
    fn step(&mut self, options: &Options, scratch: &mut Vec<u8>, sink: &mut Sink) -> Result<bool, ImportError> {
        let Self { lines, body, title, media, .. } = self;
        let Some(line) = lines.next()? else { return Ok(false) };
        if matches!(body, Body::Open) && !line.bytes.trim_ascii().is_empty() {
            *body = open(&line, title, media, options);
        }
        match body {
            Body::Open => {}
            Body::Text(text) => text.line(&line, sink),
            Body::Data(chat) => data::line(&line, chat, media.as_ref(), scratch, sink),
        }
        Ok(true)
    }
}

/// The form of a chat, by its first line.
fn open(line: &Line<'_>, title: &str, media: &mut Option<Map<Box<str>, ()>>, options: &Options) -> Body {
    if line.bytes.starts_with(b"{") {
        return Body::Data(Box::new(Chat::new(title, true, options)));
    }
    let form = head(line.bytes).map(|h| h.form);
    Body::Text(Box::new(TextChat::new(title, form, media.take(), options)))
}

impl Reader for ChatsReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let (mut records, end) = (0, self.done() + STEP_BYTES);
        while records < STEP_RECORDS && self.done() < end {
            let Some(current) = &mut self.current else {
                if !self.next(sink) {
                    self.end(sink);
                    return Ok(Step::End);
                }
                records += 1;
                continue;
            };
            if !current.step(&self.options, &mut self.scratch, sink)? {
                self.close(sink);
            }
            records += 1;
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.done + self.current.as_ref().map_or(0, |c| c.lines.offset().min(c.packed))
    }
}

/// `Ben Okoro (_id12).txt` is named after its chat; files that lie in the folder of their chat are not.
fn title(name: &str) -> Option<&str> {
    if matches!(name, "chat.md" | "index.md" | "data.json") {
        return None;
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (title, number) = stem.rsplit_once(" (_id").unwrap_or(("", ""));
    let numbered = number.strip_suffix(')').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    Some(if numbered { title } else { "" })
}

/// Files in `media/`.
fn media<'a>(names: impl Iterator<Item = &'a str>) -> Option<Map<Box<str>, ()>> {
    let mut held: Map<Box<str>, ()> = Map::default();
    for name in names.filter_map(|n| n.strip_prefix("media/")) {
        held.insert(name.into(), ());
    }
    (!held.is_empty()).then_some(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(names: &[&str]) -> Vec<Entry> {
        names.iter().map(|n| Entry { name: (*n).to_owned(), ..Entry::default() }).collect()
    }

    #[test]
    fn of_the_forms_of_one_chat_one_is_read() {
        let all = entries(&["out/Ben/chat.md", "out/Ben/data.json", "out/Ben/index.html", "out/Ben/media/a.jpg", "out/Desk/chat.md", "out/style.css"]);
        let read: Vec<(usize, String)> = plan(&all, "x").into_iter().map(|p| (p.ix, p.title)).collect();
        assert_eq!(read, [(1, "Ben".to_owned()), (4, "Desk".to_owned())]);
        assert!(plan(&entries(&["out/Ben/chat.md", "out/Ben/data.json", "out/other.txt"]), "x").is_empty());
        assert!(plan(&entries(&["docs/chat.md"]), "x").is_empty());
        assert_eq!(plan(&entries(&["chat.md", "data.json"]), "home/Ana.folder")[0].title, "Ana.folder");
    }

    #[test]
    fn titles_come_from_the_number_in_the_name() {
        assert_eq!((title("Ben Okoro (_id12).txt"), title("export.txt"), title("chat.md")), (Some("Ben Okoro"), Some(""), None));
    }
}
