//! LINE chat history: the text that the app saves on a phone (tabs) or on a computer (blanks). One file is one chat.
//!
//! Layouts: hellodigua/ChatLab `line-native-txt.ts`, meyfa/line-chat-parser, chonyy/line-message-analyzer `sample.txt`.

mod chat;
mod head;
mod names;
mod phrases;
mod reader;

use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// LINE chat history.
pub struct Line;

static ABOUT: About = About {
    id: "line_txt",
    name: "LINE chat history",
    channel: "line",
    extensions: &["txt"],
    proves: &[
        "A message that was taken back leaves a line.",
        "Photos, stickers, files and voice messages are named and never exported.",
        "The time of saving stands in the file: nothing later can be in it.",
    ],
    how_to_export: "LINE on the phone: open the chat, menu, Settings, Export chat history. On a computer: chat menu, Save chat. One file per chat.",
    limits: "Minutes without a zone, no ids, no replies, no members; nothing shows what was deleted on the phone only, or what an earlier phone held. The computer's form does not separate names from text.",
};

/// Lines of the head that are looked at.
const SNIFFED: usize = 300;

impl Format for Line {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, file: &Head<'_>) -> Match {
        let Some(text) = file.text.map(|t| t.trim_start_matches('\u{feff}')) else { return Match::No };
        if text.starts_with("[LINE] ") {
            return Match::Sure("the title line of a LINE history".to_owned());
        }
        let (mut day, mut heads, mut tabs, mut others) = (false, 0, 0, 0);
        for line in text.lines().take(SNIFFED).filter(|l| !l.trim().is_empty()) {
            if head::day(line.as_bytes(), None).is_some() {
                day = true;
            } else if let Some((_, who, _)) = head::message(line.as_bytes()).filter(|_| day) {
                heads += 1;
                tabs += usize::from(who != head::Who::Open);
            } else {
                others += 1;
            }
        }
        match (day, heads) {
            (true, 2..) if tabs * 2 >= heads => Match::Sure(format!("headings of days and {tabs} lines with time, name and text between tabs")),
            (true, 2..) if heads > others => Match::Sure(format!("headings of days and {heads} lines with a time")),
            _ => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(file) => Ok(Box::new(reader::LineReader::new(file, options))),
            Input::Archive(archive) => {
                Err(Refusal { what: "A LINE history is a single text file, not an archive.".to_owned(), place: archive.path().to_owned() })
            }
        }
    }
}
