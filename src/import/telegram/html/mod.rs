//! Telegram Desktop export, HTML: `messages.html`, `messages2.html`, ... of one chat, or of each chat of an account.
//!
//! Written by `export_output_html.cpp` of the app: names instead of ids of people, the same ids of messages as in JSON.

mod chat;
mod layout;
mod reader;
mod record;
mod tags;

use crate::import::archive::Entry;
use crate::import::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// Telegram Desktop export (HTML)
pub struct TelegramHtml;

static ABOUT: About = About {
    id: "telegram_html",
    name: "Telegram Desktop export (HTML)",
    channel: "telegram",
    extensions: &["html"],
    proves: &[
        "Where the numbers of messages begin near 1 and nearly all are held, each absent one is a message that existed.",
        "A reply or pin whose target is not in the chat: that message existed.",
        "A page that is missing between others, or to which a page points.",
        "Media that were not included, and files that do not lie in the folder of the export.",
        "Clearing of the history and self-delete timers stand in the chat itself.",
    ],
    how_to_export: "Telegram Desktop: open the chat, menu with three dots, Export chat history. Choose JSON where you can: it says more. Add the whole folder.",
    limits: "People are names only, and the kind of chat is not told. Times state the standard offset of the computer, also in summer. Lines of the app have no time of their own.",
};

impl Format for TelegramHtml {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.filter(|t| t.trim_start_matches('\u{feff}').trim_start().starts_with('<')) else { return Match::No };
        let page = text.contains("chat_page") && text.contains("<div class=\"history\">");
        if page || (text.contains("<div class=\"history\">") && text.contains("<div class=\"message default clearfix")) {
            return Match::Sure("a page of messages as Telegram Desktop writes it".to_owned());
        }
        Match::No
    }

    fn claim(&self, members: &[Entry]) -> Match {
        match layout::plan(members).len() {
            0 => Match::No,
            n => Match::Sure(format!("pages of {n} {} as Telegram Desktop writes them", if n == 1 { "chat" } else { "chats" })),
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(Box::new(match input {
            Input::File(file) => reader::PagesReader::of_file(file, options),
            Input::Archive(archive) => reader::PagesReader::of_archive(archive, options),
        }))
    }
}
