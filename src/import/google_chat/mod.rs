//! Google Chat as Takeout and the data export of Workspace write it: one folder for each direct message and space, with
//! `group_info.json` and `messages.json`, and `user_info.json` of the account. Other products lie beside it in the same archive.
//!
//! Fields from real exports (wjcarpenter/gvoice-sms-takeout-xml, soujanya-dev/google-takeout-chat-viewer, abrignoni/RLEAPP);
//! `message_state` and `deletion_metadata` are taken where they are present.

mod date;
mod group;
mod layout;
mod people;
mod reader;
mod record;

use super::archive::{Claimed, Entry};
use super::json::{Scan, Scanner, Value};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// Google Chat (Takeout)
pub struct GoogleChat;

static ABOUT_GOOGLE_CHAT: About = About {
    id: "google_chat",
    name: "Google Chat (Takeout)",
    channel: "google_chat",
    extensions: &["zip", "json"],
    proves: &[
        "Deleted messages remain as stubs that say who deleted them: the author or an administrator.",
        "Replies in a topic whose first message is not held, and quoted messages that are not held: they existed.",
        "Groups the account names without a folder in the export, and groups without a single message.",
        "Files that messages name and that do not lie in the export.",
        "Where the app says so: history was off, and messages of that time vanished after a day.",
    ],
    how_to_export: "takeout.google.com: deselect all, choose Google Chat (and Mail), Next step, .zip. For a whole firm: admin.google.com, Data, Data import and export, Data export.",
    limits: "Messages with history off vanish after 24 hours and leave no trace in Takeout or Vault. Members who left a group are not listed. Removed accounts are all called Deleted User. Reactions carry no time and are not counted.",
};

impl Format for GoogleChat {
    fn about(&self) -> &'static About {
        &ABOUT_GOOGLE_CHAT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.map(str::trim_start).filter(|t| t.starts_with('{')) else { return Match::No };
        match messages(&mut Scanner::new(text.as_bytes())) {
            Ok(true) => Match::Sure("messages with creator, date and topic, as Google Chat exports them".to_owned()),
            _ => Match::No,
        }
    }

    fn parts(&self, members: &[Entry]) -> Vec<Claimed> {
        layout::parts(members)
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(Box::new(match input {
            Input::File(file) => reader::ChatReader::file(file, options),
            Input::Archive(archive) => reader::ChatReader::archive(archive, options),
        }))
    }
}

/// Whether `messages[0]` has two of the marks of a Chat message. Broken or cut records count by what they show.
fn messages(s: &mut Scanner<'_>) -> Scan<bool> {
    let mut members = s.object()?;
    while let Some(key) = members.key(s)? {
        if key.raw != b"messages" || s.peek()? != b'[' {
            s.skip()?;
            continue;
        }
        let mut items = s.array()?;
        if !items.more(s)? {
            return Ok(false);
        }
        let (mut record, mut marks) = (s.object()?, 0);
        while let Some(key) = record.key(s)? {
            marks += match (key.raw, s.value()?) {
                (b"creator", Value::Object(_)) | (b"created_date" | b"topic_id", Value::Text(_)) => 1,
                (b"message_id", Value::Text(id)) if id.raw.contains(&b'/') => 1,
                _ => 0,
            };
            if marks == 2 {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    Ok(false)
}
