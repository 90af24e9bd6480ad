//! The personal export of Skype, and of Teams for private use: `messages.json` with all conversations of one account, alone or in
//! `<n>_<user>_export.tar` beside `endpoints.json` and `media/`.
//!
//! Fields: siwen-r/skype-export-parser (`SkypeExport.d.ts`, `docs/skype.md`), kcoderhtml/mini-me.

mod chat;
mod reader;
mod record;

use super::archive::{Claimed, Entry};
use super::json::{Scan, Scanner};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// Skype or Teams personal export
pub struct Skype;

static ABOUT_SKYPE: About = About {
    id: "skype",
    name: "Skype or Teams personal export",
    channel: "skype",
    extensions: &["json", "tar", "zip"],
    proves: &[
        "Deleted messages remain as stubs with the time of their deletion.",
        "Quotes of messages that the conversation does not hold: they existed.",
        "Messages of private conversations whose content is never exported.",
        "A conversation that states a later message than the newest one held.",
        "Pictures and files that messages name and that do not lie in the export.",
    ],
    how_to_export: "Sign in at go.skype.com/myaccount, Export files and chat history, choose Conversations, then download the .tar. For Teams for private use: the same page or the privacy dashboard.",
    limits: "The export begins where the service still kept messages. Files are kept by the service for 30 days to two years only. There is no counter of messages, so a deletion without a stub leaves no trace.",
};

impl Format for Skype {
    fn about(&self) -> &'static About {
        &ABOUT_SKYPE
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.map(str::trim_start).filter(|t| t.starts_with('{')) else { return Match::No };
        match account(&mut Scanner::new(text.as_bytes())) {
            Ok(true) => Match::Sure("an account with its conversations, as Skype exports them".to_owned()),
            _ => Match::No,
        }
    }

    fn parts(&self, members: &[Entry]) -> Vec<Claimed> {
        // `messages.json` beside `endpoints.json`; what lies in `media/` was sent.
        let found = members.iter().filter_map(|e| e.name.strip_suffix("endpoints.json"));
        let folders = found.filter(|f| (f.is_empty() || f.ends_with('/')) && members.iter().any(|e| e.name.strip_prefix(f) == Some("messages.json")));
        let own = |name: &str| name == "messages.json" || name == "endpoints.json" || name.starts_with("media/");
        let of = |f: &str| members.iter().enumerate().filter(|(_, e)| e.name.strip_prefix(f).is_some_and(own)).map(|(ix, _)| ix).collect();
        folders.map(|f| Claimed { folder: f.to_owned(), members: of(f), last: false }).collect()
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(Box::new(match input {
            Input::File(file) => reader::SkypeReader::file(file, options),
            Input::Archive(archive) => reader::SkypeReader::archive(archive, options),
        }))
    }
}

/// The root has an account and conversations of which the first has a `MessageList`.
fn account(s: &mut Scanner<'_>) -> Scan<bool> {
    let (mut members, mut user) = (s.object()?, false);
    while let Some(key) = members.key(s)? {
        if key.raw == b"conversations" && s.peek()? == b'[' {
            let mut items = s.array()?;
            if !items.more(s)? {
                return Ok(user);
            }
            let mut chat = s.object()?;
            while let Some(key) = chat.key(s)? {
                if key.raw == b"MessageList" {
                    return Ok(true);
                }
                s.skip()?;
            }
            return Ok(false);
        }
        user |= s.value()?.text().is_some() && key.raw == b"userId";
    }
    Ok(false)
}
