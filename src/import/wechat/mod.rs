//! WeChat (微信), as tools write it from the database of a computer: tables, JSON and text of both generations (3.x and 4.x). The app
//! itself exports nothing.
//!
//! Here: what a record is, who wrote it, which conversation it belongs to, and what row numbers, stated counts, answers and recalls
//! prove. Not here: the archive of the business product ([`super::wecom`]), databases, HTML.

mod blocks;
mod book;
mod kind;
mod objects;
mod room;
mod table;
mod xml;

pub use table::maker;

use super::bytes::Window;
use super::delimited::table::{TableReader, headings};
use super::json::list::{ListReader, survey};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// WeChat tables (CSV)
pub struct WeChatCsv;

/// WeChat exports (JSON)
pub struct WeChatJson;

/// WeChat exports (text)
pub struct WeChatText;

static ABOUT_CSV: About = About {
    id: "wechat_csv",
    name: "WeChat table (MemoTrace, PyWxDump, WeFlow)",
    channel: "wechat",
    extensions: &["csv"],
    proves: &[
        "A recalled message leaves a notice: who took it back and when is known, the text is gone.",
        "Row numbers of the database that are missing from an almost full run: rows that were deleted, never stored or filtered out.",
        "Answers that quote a message the file does not hold: that message existed.",
        "A page of 5,000 rows that does not lie beside the others was lost.",
        "Pictures, voice and files that are named but not in the export.",
    ],
    how_to_export: "WeChat itself exports nothing. On the computer where WeChat is signed in, a tool reads its database: export the chat with all types of messages as CSV, and do not open and save the table in a spreadsheet program.",
    limits: "The computer's database holds what was synchronised to it, not what the phone held before. Tools filter by date, contact and type without saying so. Times of PyWxDump are written without a zone. Tables with and without the server's numbers (MsgSvrID) of the same chat are not recognised as the same messages.",
};

static ABOUT_JSON: About = About {
    id: "wechat_json",
    name: "WeChat export (WeFlow, EchoTrace, ChatLab, PyWxDump; JSON)",
    channel: "wechat",
    extensions: &["json", "jsonl"],
    proves: &[
        "The file states how many messages the chat has: fewer in it means that some were filtered out or lost.",
        "4.x numbers the rows of each chat: a number missing from an almost full run is a row that was deleted or never stored.",
        "A recalled message leaves a notice: who took it back and when is known, the text is gone.",
        "Answers that name a message the file does not hold: that message existed.",
        "A file that ends in the middle was cut off.",
    ],
    how_to_export: "WeChat itself exports nothing. On the computer where WeChat is signed in, a tool reads its database: export the chat with all types of messages as JSON.",
    limits: "The computer's database holds what was synchronised to it, not what the phone held before. Tools filter by date, contact and type without saying so.",
};

static ABOUT_TEXT: About = About {
    id: "wechat_txt",
    name: "WeChat text (MemoTrace)",
    channel: "wechat",
    extensions: &["txt"],
    proves: &["A recalled message leaves a notice: that it existed and when is known, the text is gone."],
    how_to_export: "Export the chat as CSV rather than as text: the text has names only, no accounts and no kinds of messages.",
    limits: "Names are not unique in WeChat, and the text holds no accounts. Times are written without a zone. Rows that were filtered out leave no trace.",
};

impl Format for WeChatCsv {
    fn about(&self) -> &'static About {
        &ABOUT_CSV
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let found = head.text.and_then(|t| headings(t.as_bytes(), head.complete)).and_then(|(_, names)| maker(&names));
        found.map_or(Match::No, |maker| Match::Sure(format!("the headings of {maker}")))
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        let file = single(input)?;
        let rows = table::Table::new(&file, options);
        Ok(Box::new(TableReader::new(Window::new(file.stream), rows)))
    }
}

impl Format for WeChatJson {
    fn about(&self) -> &'static About {
        &ABOUT_JSON
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.map(str::trim_start).filter(|t| t.starts_with(['{', '['])) else { return Match::No };
        let mut seen = 0u32;
        survey(text.as_bytes(), |depth, key, value| {
            seen |= match (depth, key) {
                (0, b"weflow" | b"chatlab") => 1,
                (0, b"session") => 2,
                (1, b"wxid") => 4,
                (1, b"senderUsername" | b"lastTimestamp" | b"messageCount") => 8,
                (0, b"MsgSvrID") => 16,
                (0, b"type_name" | b"is_sender") => 32,
                (0, b"_type") if value.starts_with(b"\"header\"") => 64,
                _ => 0,
            }
        });
        let has = |bits: u32| seen & bits == bits;
        match () {
            () if has(1) || has(64) => Match::Sure("the mark of WeFlow or ChatLab".to_owned()),
            () if has(2 | 4 | 8) => Match::Sure("a session with a WeChat account and its messages".to_owned()),
            () if has(16 | 32) => Match::Sure("records with the server's number as PyWxDump writes them".to_owned()),
            () => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        let file = single(input)?;
        let objects = objects::Objects::new(&file, options);
        Ok(Box::new(ListReader::new(Window::new(file.stream), objects, "the chat")))
    }
}

impl Format for WeChatText {
    fn about(&self) -> &'static About {
        &ABOUT_TEXT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text else { return Match::No };
        let (mut blank, mut heads, mut lines, mut first) = (true, 0u32, 0u32, false);
        for line in text.lines().take(200) {
            let found = blank && blocks::head(line).is_some();
            first |= lines == 0 && found;
            heads += u32::from(found);
            lines += 1;
            blank = line.trim().is_empty();
        }
        match heads {
            2.. if first => Match::Maybe(format!("blocks with a time and a name, {heads} in the first {lines} lines, as MemoTrace writes them")),
            _ => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(Box::new(blocks::Blocks::new(single(input)?, options)))
    }
}

fn single(input: Input) -> Result<super::FileInput, Refusal> {
    match input {
        Input::File(file) => Ok(file),
        Input::Archive(_) => Err(Refusal { what: "A WeChat export is a single file, not an archive. Add the file itself.".to_owned(), place: String::new() }),
    }
}
