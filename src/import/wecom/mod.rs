//! WeCom (企业微信): the company's archive of messages ("会话内容存档"), as the collector of a firm keeps it: one JSON object per record, in
//! an array, in lines, or under `chatdata` of an answer of the interface.
//!
//! Fields: developer.work.weixin.qq.com/document/path/91774. Records that are still encrypted have `encrypt_chat_msg` instead of a
//! content; their numbers count all the same.

mod reader;
mod record;

use super::bytes::Window;
use super::json::list::{ListReader, survey};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// WeCom archive
pub struct WeCom;

static ABOUT: About = About {
    id: "wecom_archive",
    name: "WeCom archive (企业微信会话存档)",
    channel: "wecom",
    extensions: &["json", "jsonl"],
    proves: &[
        "The stream of the company numbers its records (seq): each absent number is a record that was not kept, and after 5 days it cannot be had again.",
        "A recall names its message: where that is absent, its content is lost.",
        "A contact who refused archiving: conversations with that contact are not in the archive from then on.",
        "Pictures, voice and files of which only a pointer was kept, which is valid for 5 days.",
        "A file that ends in the middle was cut off.",
    ],
    how_to_export: "From the system that collects the company's messages (会话内容存档): export the decrypted records as JSON with their seq, for all employees, not for one.",
    limits: "Names are not in the archive, only ids. WeCom does not promise that its numbers have no holes. An export for one employee has holes by its nature; such a file is recognised and its holes are not counted.",
};

/// Keys of the array in an answer of the interface, and in files of products around it.
const LISTS: &[&[u8]] = &[b"chatdata", b"chat_data", b"data", b"list", b"msg_list", b"messages", b"records"];

impl Format for WeCom {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.map(str::trim_start).filter(|t| t.starts_with(['{', '['])) else { return Match::No };
        let mut seen = 0u32;
        survey(text.as_bytes(), |_, key, value| {
            let word = |words: &[&str]| words.iter().any(|w| value.get(1..).is_some_and(|v| v.starts_with(w.as_bytes()) && v.get(w.len()) == Some(&b'"')));
            seen |= match key {
                b"msgid" => 1,
                b"action" if word(&["send", "recall"]) => 2,
                b"action" if word(&["switch"]) => 2 | 32,
                b"msgtype" => 4,
                b"encrypt_chat_msg" => 8,
                b"seq" => 16,
                _ => 0,
            }
        });
        match seen {
            s if s & 7 == 7 || s & 49 == 49 => Match::Sure("records with msgid, action and msgtype, as WeCom's archive gives them".to_owned()),
            s if s & 25 == 25 => Match::Sure("records of WeCom's archive that are still encrypted".to_owned()),
            _ => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        let Input::File(file) = input else {
            return Err(Refusal { what: "A WeCom archive is read file by file. Add the files themselves.".to_owned(), place: String::new() });
        };
        Ok(Box::new(ListReader::new(Window::new(file.stream), reader::Archive::new(options), "the archive")))
    }
}
