//! What imessage-exporter writes on a Mac: one file per conversation, as text, as HTML, or (newest versions) as a line of JSON per message.
//!
//! ReagentX/imessage-exporter: `imessage-exporter/src/exporters/txt.rs` and `html.rs`, `docs/ndjson.md`. `text`, `html` and `lines` read the
//! three shapes, `when` their dates, `book` turns what they find into records. A reply stands in its place and, indented or in a list of
//! replies, under its parent again: only its own place counts.

mod book;
mod html;
mod lines;
mod text;
mod when;

use super::bytes::Window;
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};
use book::Book;

/// imessage-exporter (text, HTML, JSON lines)
pub struct MessagesExport;

static ABOUT: About = About {
    id: "imessage_export",
    name: "imessage-exporter (text, HTML, JSON lines)",
    channel: "",
    extensions: &["txt", "html", "ndjson", "jsonl"],
    proves: &[
        "Messages that were unsent or deleted leave a line with their time.",
        "Attachments that could not be found are marked.",
        "Lines of JSON carry the row id of the database: where one file holds all of them, absent ids are messages that existed.",
    ],
    how_to_export: "On a Mac: install imessage-exporter, give the terminal Full Disk Access, run imessage-exporter -f txt (or html, or ndjson) -c full, and add the folder imessage_export.",
    limits: "Text and HTML give times without a zone, call the owner Me and do not say from whom a nameless file is. Copying chat.db itself proves more.",
};

/// Which of the three shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    Html,
    Lines,
}

impl Format for MessagesExport {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        match head.text.and_then(shape) {
            Some(Shape::Text) => Match::Sure("messages as imessage-exporter writes them as text".to_owned()),
            Some(Shape::Html) => Match::Sure("messages as imessage-exporter writes them as HTML".to_owned()),
            Some(Shape::Lines) => Match::Sure("messages as imessage-exporter writes them as lines of JSON".to_owned()),
            None => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        let Input::File(file) = input else {
            return Err(Refusal { what: "Unpack this archive and add its files.".to_owned(), place: String::new() });
        };
        let book = Book::new(&file.name, options);
        let mut window = Window::new(file.stream);
        while window.data().len() < super::detect::HEAD && matches!(window.fill(), Ok(super::bytes::Fill::More)) {}
        let head = String::from_utf8_lossy(window.data()).into_owned();
        match shape(&head) {
            Some(Shape::Html) => Ok(Box::new(html::HtmlReader::new(window, book))),
            Some(Shape::Lines) => Ok(Box::new(lines::LinesReader::new(window, book))),
            // Also where a person has named the format: what is no message is counted as such.
            _ => Ok(Box::new(text::TextReader::new(window, book))),
        }
    }
}

fn shape(text: &str) -> Option<Shape> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('{') {
        return lines::is(text).then_some(Shape::Lines);
    }
    if text.starts_with('<') {
        let marks = ["<div class=\"message\">", "<div class=\"announcement\">"];
        return (marks.iter().any(|m| text.contains(m)) && text.contains("class=\"timestamp\"")).then_some(Shape::Html);
    }
    text::is(text).then_some(Shape::Text)
}
