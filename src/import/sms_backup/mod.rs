//! Backups of "SMS Backup & Restore" (SyncTech, Android): `sms-20260301120000.xml` with text and multimedia messages, `calls-….xml` with
//! the log of calls. Other tools write the same shape (signalbackup-tools, converters of Google Voice).
//!
//! Attributes and units: synctech.com.au/sms-backup-restore/fields-in-xml-backup-files; seconds in `date_sent` of multimedia messages and
//! the defects of their addresses: timelinize, `datasources/smsbackuprestore`. `tags` reads the marks, `record` what a record says,
//! `people` who takes part, `reader` puts them together.

mod people;
mod reader;
mod record;
mod tags;

pub use tags::decode;

use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// SMS Backup & Restore (XML)
pub struct SmsBackup;

static ABOUT: About = About {
    id: "sms_backup",
    name: "SMS Backup & Restore (XML)",
    channel: "sms",
    extensions: &["xml", "zip"],
    proves: &[
        "The file states how many messages it holds: fewer in it means it was cut or edited.",
        "A file without its end tag was cut off.",
        "An incremental backup holds only what came after the backup before it.",
        "Multimedia messages that were never downloaded, or whose files were left out of the backup, are marked.",
        "Some phones number their multimedia messages one by one: absent numbers are deleted messages.",
    ],
    how_to_export: "On the Android phone: install SMS Backup & Restore, Back up, choose Messages and Phone calls, switch on media and emoji, Back up now; send the file sms-….xml from the backup folder.",
    limits: "Text messages have no ids: one that was deleted before the backup leaves no trace. The owner's number is not stated. RCS chats are missing or stand as multimedia messages.",
};

/// Where the root must begin.
const ROOT_WITHIN: usize = 4096;

impl Format for SmsBackup {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(root) = head.text.and_then(root) else { return Match::No };
        let named = |name: &str| root.strip_prefix(name).is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/'));
        if named("<smses") {
            return Match::Sure("a backup of text messages (smses)".to_owned());
        }
        if named("<calls") && (root.contains("<call ") || root.starts_with("<calls count=")) {
            return Match::Sure("a backup of the log of calls (calls)".to_owned());
        }
        Match::No
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(file) => Ok(Box::new(reader::SmsReader::new(file, options))),
            Input::Archive(archive) => Err(Refusal { what: "Unpack this archive and add the file sms-….xml.".to_owned(), place: archive.path().to_owned() }),
        }
    }
}

/// The text from the first element on, behind declaration, comments and style sheet.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let end = match rest.as_bytes() {
            [b'<', b'?', ..] => "?>",
            [b'<', b'!', b'-', b'-', ..] => "-->",
            [b'<', b'!', ..] => ">",
            [b'<', ..] if text.len() - rest.len() <= ROOT_WITHIN => return Some(rest),
            _ => return None,
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
}
