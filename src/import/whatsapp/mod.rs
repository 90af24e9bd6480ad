//! WhatsApp chat export: `WhatsApp Chat with NAME.txt` (Android), `_chat.txt` in a zip (iPhone). One file is one chat, written in
//! the language and region of the phone; there is no single format.
//!
//! `head` reads the beginning of a record, `order` decides day or month first, `phrases` knows what the app writes itself,
//! `reader` cuts lines, `chat` makes records of them, `evidence` says at the end what is missing.

mod chat;
mod evidence;
mod head;
mod order;
mod phrases;
mod reader;
mod repeat;
mod senders;

use super::archive::Entry;
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};
use reader::WhatsAppReader;

/// WhatsApp chat export.
pub struct WhatsApp;

static ABOUT: About = About {
    id: "whatsapp_txt",
    name: "WhatsApp chat export",
    channel: "whatsapp",
    extensions: &["txt", "zip"],
    proves: &[
        "Deleted messages leave a line with their time and sender.",
        "The counter in the names of attachments (iPhone, with media) shows how many items are missing before and between them.",
        "Lines about disappearing messages show from when on messages vanish.",
        "An export that does not begin with the notice of encryption or the creation of the group is not complete.",
    ],
    how_to_export: "In the chat: menu, More, Export chat (Android) or contact name, Export chat (iPhone). With media from an iPhone proves most.",
    limits: "No time zone, no message ids, no replies, no reactions, no list of members; messages deleted only for oneself leave no trace.",
};

/// Lines of the head that are looked at.
const SNIFFED: usize = 200;

impl Format for WhatsApp {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, file: &Head<'_>) -> Match {
        let Some(text) = file.text else { return Match::No };
        let named = file.name == "_chat.txt" || phrases::title(file.name).is_some() || file.name.to_lowercase().contains("whatsapp");
        let mut seen = Seen::default();
        for line in text.split('\n').take(SNIFFED) {
            seen.line(line);
        }
        let Some(shape) = seen.shape else { return Match::No };
        if seen.heads < 2 && !seen.phrase && !named || seen.said == 0 && !seen.phrase {
            return Match::No;
        }
        if seen.phrase || seen.mark {
            return Match::Sure(format!("{} message heads and the app's own words or marks", seen.heads));
        }
        // Signal exporters and chat logs write such lines too: without a word of WhatsApp the name has to say it.
        if shape.like_signal() || shape.colon() {
            return if named { Match::Maybe("message heads, and the name of the file".to_owned()) } else { Match::No };
        }
        if named || !shape.year_first() {
            return Match::Sure(format!("{} message heads with date, time and sender", seen.heads));
        }
        Match::Maybe(format!("{} message heads with date, time and sender", seen.heads))
    }

    fn claim(&self, members: &[Entry]) -> Match {
        match chat_entry(members) {
            Some((_, entry)) => Match::Sure(format!("one chat, {}, with its media", entry.file_name())),
            None => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(file) => Ok(Box::new(WhatsAppReader::of_file(file, options))),
            Input::Archive(archive) => {
                let Some((ix, entry)) = chat_entry(archive.entries()) else {
                    return Err(Refusal { what: "No chat was found in this archive. Export the chat again.".to_owned(), place: archive.path().to_owned() });
                };
                let stream = archive.open(ix).map_err(|e| Refusal {
                    what: format!("The chat could not be unpacked ({e}). Download or copy the archive again."),
                    place: entry.name.clone(),
                })?;
                Ok(Box::new(WhatsAppReader::of_archive(archive.path(), entry, archive.entries(), stream, options)))
            }
        }
    }
}

/// What the first lines show.
#[derive(Default)]
struct Seen {
    shape: Option<head::Shape>,
    heads: usize,
    /// Heads with a sender.
    said: usize,
    /// A direction mark of an iPhone, before a head or a body.
    mark: bool,
    phrase: bool,
}

impl Seen {
    fn line(&mut self, line: &str) {
        let Some(head) = head::parse(line.as_bytes()) else { return };
        if self.shape.is_some_and(|s| s != head.shape) {
            return;
        }
        self.shape = Some(head.shape);
        self.heads += 1;
        let body = line.get(head.body..).unwrap_or_default().trim_end_matches('\r');
        let (name, text) = body.split_once(": ").unwrap_or(("", body));
        self.said += usize::from((!name.is_empty() && !name.starts_with('<')) || body.ends_with(':'));
        self.mark |= line.starts_with('\u{200e}') || text.starts_with('\u{200e}');
        self.phrase |= phrases::is_own(text.as_bytes());
    }
}

/// The only chat of an archive: one text with WhatsApp's name, nothing but media beside it.
fn chat_entry(members: &[Entry]) -> Option<(usize, &Entry)> {
    let named = |e: &Entry| {
        let name = e.file_name();
        name == "_chat.txt" || (name.to_ascii_lowercase().ends_with(".txt") && phrases::title(name).is_some())
    };
    let real = |e: &&Entry| !e.is_noise();
    let mut chats = members.iter().enumerate().filter(|(_, e)| real(e) && named(e));
    let (ix, chat) = chats.next()?;
    if chats.next().is_some() || chat.locked.is_some() {
        return None;
    }
    let folder = chat.name.len() - chat.file_name().len();
    let folder = chat.name.get(..folder)?;
    // A text that was sent in the chat bears a counter or has another's name; anything else may be an export of its own.
    let alone = members.iter().filter(real).all(|e| {
        e.name == chat.name
            || (e.name.strip_prefix(folder).is_some_and(|rest| !rest.contains('/')) && (!readable(e) || phrases::counter(e.file_name()).is_some()))
    });
    alone.then_some((ix, chat))
}

/// Whether a file may be an export of its own, by its extension; anything else beside a chat is taken for its media.
fn readable(entry: &Entry) -> bool {
    let extension = entry.file_name().rsplit_once('.').map(|(_, x)| x.to_ascii_lowercase()).unwrap_or_default();
    ["txt", "json", "jsonl", "csv", "tsv", "html", "htm", "xml", "mbox", "eml", "zip", "db"].contains(&extension.as_str())
}
