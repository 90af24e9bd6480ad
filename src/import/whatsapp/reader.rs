//! Cuts the stream into lines and hands them to the chat. A line may be longer than any window: it is handed on in pieces.

use std::borrow::Cow;
use std::rc::Rc;

use super::chat::Chat;
use super::{head, phrases};
use crate::import::archive::Entry;
use crate::import::bytes::{Fill, Stream, Window};
use crate::import::decode::Checked;
use crate::import::lines::whole_characters;
use crate::import::sink::{Map, Sink};
use crate::import::watch::{Watch, Watched};
use crate::import::{FileInput, ImportError, Options, Reader, Step};

/// A line longer than this is handed on in pieces; a head is always shorter.
const PIECE: usize = 64 << 10;
/// Bytes from which the shape of the heads is found.
const SAMPLE: usize = 256 << 10;

/// Reads one chat.
pub struct WhatsAppReader {
    window: Window,
    chat: Chat,
    /// Path of the source and entry to be said at the start, for archives.
    place: Option<(String, String)>,
    begun: bool,
    /// Inside a line that was handed on in pieces.
    within: bool,
    /// What the stream of an archive shows; that of a file is watched by the importer.
    watch: Rc<Watch>,
}

impl WhatsAppReader {
    /// One text file.
    #[must_use]
    pub fn of_file(file: FileInput, options: &Options) -> Self {
        let title = phrases::title(&file.name);
        let mut chat = Chat::new(options, title.map_or_else(|| folder_title(&file.folder), Some), file.modified);
        chat.media = media_among(&file.beside, &file.name);
        Self { window: Window::new(file.stream), chat, place: None, begun: false, within: false, watch: Rc::default() }
    }

    /// The chat of an archive that was claimed as a whole.
    #[must_use]
    pub fn of_archive(path: &str, entry: &Entry, entries: &[Entry], stream: Box<dyn Stream>, options: &Options) -> Self {
        let mut chat = Chat::new(options, phrases::title(entry.file_name()).map_or_else(|| folder_title(path), Some), entry.modified);
        chat.media = media(entries, &entry.name);
        let watch = Rc::new(Watch::default());
        let stream = Checked::new(Box::new(Watched::new(stream, watch.clone())), watch.clone());
        let place = Some((format!("{path}!{}", entry.name), entry.name.clone()));
        Self { window: Window::new(Box::new(stream)), chat, place, begun: false, within: false, watch }
    }

    fn begin(&mut self, sink: &mut Sink) -> Result<(), ImportError> {
        self.begun = true;
        if let Some((path, entry)) = self.place.take() {
            let name = entry.rsplit('/').next().unwrap_or(&entry).to_owned();
            let source = sink.source();
            source.path = path;
            source.name = crate::text::clean_name(&name);
            sink.part(&entry);
        }
        self.chat.begin(sink);
        while self.window.data().len() < SAMPLE && self.window.fill()? == Fill::More {}
        (self.chat.shape, self.chat.second_shape) = shapes(self.window.data());
        Ok(())
    }
}

impl Reader for WhatsAppReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if !self.begun {
            self.begin(sink)?;
        }
        let Self { window, chat, within, watch, .. } = self;
        let base = window.offset();
        let data = window.data();
        let mut rest = data;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, tail) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            let offset = base + (data.len() - rest.len()) as u64;
            rest = tail.get(1..).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if std::mem::take(within) { chat.piece(line) } else { chat.line(line, offset, sink) }
        }
        if rest.len() > PIECE {
            let piece = whole_characters(rest);
            let offset = base + (data.len() - rest.len()) as u64;
            if std::mem::replace(within, true) {
                chat.piece(piece)
            } else {
                chat.line(piece, offset, sink)
            }
            rest = rest.get(piece.len()..).unwrap_or_default();
        }
        let used = data.len() - rest.len();
        window.consume(used);
        if window.fill()? != Fill::End {
            return Ok(Step::More);
        }
        let (last, offset) = (window.data(), window.offset());
        if !last.is_empty() {
            let cut = std::str::from_utf8(last).is_err_and(|e| e.error_len().is_none());
            let line = last.strip_suffix(b"\r").unwrap_or(last);
            if std::mem::take(within) {
                chat.piece(line);
            } else {
                chat.last_line(line, offset, cut, sink);
            }
        }
        let len = last.len();
        window.consume(len);
        chat.finish(sink);
        watch.tell(sink);
        Ok(Step::End)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}

/// Heads a second shape must have to be taken for a second export.
const SECOND: usize = 5;

/// A shape, how many heads have it, and the first and last of them.
struct Counted {
    shape: head::Shape,
    heads: usize,
    first: usize,
    last: usize,
}

/// The shape most heads have (the earlier one when two are equal), and a second one whose heads all stand before or after: two exports joined.
/// Heads of another shape between them are pasted text.
fn shapes(data: &[u8]) -> (Option<head::Shape>, Option<head::Shape>) {
    let mut seen: Vec<Counted> = Vec::new();
    let sample = data.get(..data.len().min(SAMPLE)).unwrap_or_default();
    let lines = sample.split(|b| *b == b'\n').filter(|l| l.first().is_some_and(|b| head::may_begin(*b)));
    for (at, head) in lines.filter_map(head::parse).enumerate() {
        let full = seen.len() >= 32;
        match seen.iter_mut().find(|s| s.shape == head.shape) {
            Some(known) => (known.heads, known.last) = (known.heads + 1, at),
            None if full => {}
            None => seen.push(Counted { shape: head.shape, heads: 1, first: at, last: at }),
        }
    }
    let Some(main) = seen.iter().rev().max_by_key(|s| s.heads) else { return (None, None) };
    let apart = |s: &&Counted| {
        s.heads >= SECOND
            && (s.first > main.last || s.last < main.first)
            && s.shape.year_first() == main.shape.year_first()
            && s.shape.bracket() == main.shape.bracket()
    };
    (Some(main.shape), seen.iter().find(apart).map(|s| s.shape))
}

/// `WhatsApp Chat - NAME.zip` names the chat of the `_chat.txt` in it.
fn folder_title(path: &str) -> Option<String> {
    path.split('!').rev().find_map(|p| phrases::title(p.rsplit('/').next().unwrap_or(p)))
}

/// Media of a chat that lies among other files. Nothing is concluded when another chat shares its folder: whose they are is open.
fn media_among(beside: &[Entry], chat: &str) -> Option<Map<Box<str>, bool>> {
    let here = || beside.iter().filter(|e| !e.name.contains('/') && e.name != chat);
    let shared = here().any(|e| e.name.to_ascii_lowercase().ends_with(".txt") && (phrases::title(&e.name).is_some() || e.name == "_chat.txt"));
    let own: Vec<Entry> = here().filter(|e| !super::readable(e)).cloned().collect();
    if shared { None } else { media(&own, chat) }
}

/// Names of the media beside the chat; the flag says whether a record names them.
fn media(entries: &[Entry], chat: &str) -> Option<Map<Box<str>, bool>> {
    let mut map: Map<Box<str>, bool> = Map::default();
    for entry in entries.iter().filter(|e| !e.is_noise() && e.name != chat) {
        map.insert(Cow::from(entry.file_name()).into(), false);
    }
    (!map.is_empty()).then_some(map)
}
