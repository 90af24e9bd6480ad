//! Messenger and Instagram: "Download your information" in JSON (one folder per thread, pages of up to 10,000 messages, newest first), a
//! page of it by itself, and the separate download of end-to-end encrypted chats.
//!
//! Paths by year: timelinize, `datasources/facebook/archive.go`; fields: SamuelePilleri/facebook-schemas, `messages/message.json`. The
//! download of encrypted chats is described from general knowledge only. Not here: HTML downloads.

mod item;
mod layout;
mod mend;
mod reader;
mod thread;

use super::archive::Entry;
use super::bytes::Window;
use super::json::export::ArchiveReader;
use super::json::list::{ListReader, survey};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// Messenger or Instagram download (JSON)
pub struct Meta;

static ABOUT: About = About {
    id: "meta_json",
    name: "Messenger or Instagram download (JSON)",
    channel: "",
    extensions: &["json", "zip"],
    proves: &[
        "Pages are numbered: a page that is not there held up to 10,000 messages.",
        "A message that was taken back leaves its place and time.",
        "Records without text, file or link were removed, or are of a kind that is not downloaded.",
        "Pictures and files that a record names and that are not in the download.",
        "Where a thread became end-to-end encrypted: what was written after it is only in the separate download.",
    ],
    how_to_export: "Accounts centre, Your information and permissions, Download your information: Messages, all time, format JSON (not HTML). For end-to-end encrypted chats also: Messenger in a browser, Privacy and safety, End-to-end encrypted chats, Download secure storage data.",
    limits: "People have names only, no account ids. The period chosen for the download is not stated in it. Vanish mode leaves nothing. The separate download of encrypted chats names threads by their people only, so that a thread is not joined with its earlier part. Lines of the service are told from messages in English downloads only.",
};

impl Format for Meta {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.map(str::trim_start).filter(|t| t.starts_with('{')) else { return Match::No };
        let mut seen = 0u32;
        survey(text.as_bytes(), |depth, key, value| {
            seen |= match (depth, key) {
                (0, b"participants") if value.starts_with(b"[") => 1,
                (0, b"messages") if value.starts_with(b"[") => 2,
                (1, b"sender_name") => 4,
                (1, b"timestamp_ms") => 8,
                (1, b"senderName") => 16,
                (1, b"isUnsent" | b"timestamp") => 32,
                (0, b"thread_path" | b"is_still_participant" | b"magic_words" | b"joinable_mode") => 64,
                _ => 0,
            }
        });
        let has = |bits: u32| seen & bits == bits;
        match () {
            () if has(2 | 4 | 8) => Match::Sure("messages with sender_name and timestamp_ms, as Messenger and Instagram write them".to_owned()),
            () if has(1 | 2 | 16 | 32) => Match::Sure("messages with senderName, as the download of encrypted chats writes them".to_owned()),
            () if has(1 | 2 | 64) => Match::Sure("a thread of a Messenger or Instagram download".to_owned()),
            () => Match::No,
        }
    }

    fn claim(&self, members: &[Entry]) -> Match {
        if layout::is_download(members) {
            return Match::Sure("folders of threads with numbered pages, as Messenger and Instagram write them".to_owned());
        }
        Match::No
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(match input {
            Input::File(file) => {
                let page = reader::Download::file(&file, options);
                Box::new(ListReader::new(Window::new(file.stream), page, "the data"))
            }
            Input::Archive(archive) => {
                let download = reader::Download::archive(archive.path(), options);
                Box::new(ArchiveReader::new(archive, download))
            }
        })
    }
}
