//! E-mail: mailboxes (mbox, all dialects) and single mails (EML, Apple's `.emlx`). RFC 5322, 2045-2047, 4155.
//!
//! `split` finds where messages begin, `headers` finds fields, `envelope` says who, when and in which thread, `mime` walks the body
//! and passes over attachments, `body` and `html` take the facts of the text, `carrier` knows mails that carry another channel, `deliver`
//! tells the sink, `chain` and `owner` gather evidence, `reader` steps, `sections` keeps what the sections of a cut mailbox tell together.

mod address;
mod apple;
pub(super) mod body;
mod carrier;
mod chain;
pub mod date;
mod deliver;
mod envelope;
mod headers;
mod html;
mod marks;
mod mime;
mod owner;
pub mod reader;
mod sections;
mod split;
#[cfg(test)]
mod tests;

pub(super) use carrier::Carried;
pub(super) use deliver::{Content, Delivery};
pub(super) use envelope::Envelope;
pub(super) use headers::{Field, Headers};
use reader::{Kind, Mail};

use super::section::Cut;
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// Mailbox (mbox): Gmail Takeout and Vault, Thunderbird, Apple Mail, Mailman archives.
pub struct Mbox;

static ABOUT_MBOX: About = About {
    id: "mbox",
    name: "Mailbox (mbox)",
    channel: "email",
    extensions: &["mbox", "mbx", "txt"],
    proves: &[
        "Replies whose parent the mailbox does not hold.",
        "Messages named between held messages of one thread, but absent.",
        "A mailbox that holds only sent or only received mail.",
        "A file that ends in the middle of a message.",
        "Every recipient of a journaled mail, blind copies and members of lists too.",
    ],
    how_to_export: "Gmail: takeout.google.com, choose Mail. Google Vault: export as MBOX. Thunderbird: the file without extension in the profile folder. Apple Mail: Mailbox, Export Mailbox.",
    limits: "Deletions leave no trace unless a later message names what was deleted. Bcc is seen only in the sender's own copy and in journal reports.",
};

impl Format for Mbox {
    fn about(&self) -> &'static About {
        &ABOUT_MBOX
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(rest) = top(head.bytes).strip_prefix(b"From ").and(Some(top(head.bytes))) else { return Match::No };
        let nl = memchr::memchr(b'\n', rest);
        let line = rest.get(..nl.unwrap_or(rest.len())).unwrap_or_default();
        let block = nl.and_then(|nl| rest.get(nl + 1..)).unwrap_or_default();
        if split::is_from_line(line.trim_ascii_end()) {
            return Match::Sure("begins with a From line with sender and date".to_owned());
        }
        let mut headers = Headers::default();
        headers.scan(block, true);
        if headers.mail_fields() >= 2 {
            return Match::Sure("begins with a From line before mail headers".to_owned());
        }
        if headers.names >= 2 { Match::Maybe("begins with a From line before headers".to_owned()) } else { Match::No }
    }

    fn raw(&self) -> bool {
        true
    }

    fn cut(&self) -> Option<&'static dyn Cut> {
        Some(&sections::Sections)
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        open(input, options, Kind::Mbox)
    }
}

/// One mail in a file: EML of any mailer, `.emlx` of Apple Mail.
pub struct Eml;

static ABOUT_EML: About = About {
    id: "eml",
    name: "E-mail (EML)",
    channel: "email",
    extensions: &["eml", "emlx"],
    proves: &[
        "A reply whose parent is in none of the files.",
        "A file that ends in the middle of a message.",
        "Parts of a mail that Apple Mail keeps in other files (partial.emlx).",
        "Every recipient of a journaled mail, blind copies and members of lists too.",
    ],
    how_to_export: "Save the message as a file: Gmail: Download message. Thunderbird: Save as. Apple Mail: the .emlx files of the mailbox folder. Outlook on the web: Download.",
    limits: "One file is one message: whether others are missing shows only when many files of one mailbox are read together. Records of chats and phones that an archive keeps as mail count under their own channel; a whole conversation in one mail counts as one record.",
};

impl Format for Eml {
    fn about(&self) -> &'static About {
        &ABOUT_EML
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let rest = top(head.bytes);
        let count = apple::emlx(rest).map_or(0, |(line, _)| line);
        let block = rest.get(count..).unwrap_or_default();
        let mut headers = Headers::default();
        let block = block.get(..sixty_fields(block)).unwrap_or_default();
        headers.scan(block, true);
        // An RSMF container is written as a mail; counting it as one would hide the chats inside.
        if headers.has(Field::Rsmf) || headers.mail_fields() < 2 {
            return Match::No;
        }
        Match::Sure(if count > 0 { "a byte count, then mail headers (Apple Mail)" } else { "begins with mail headers" }.to_owned())
    }

    fn raw(&self) -> bool {
        true
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        open(input, options, Kind::Eml)
    }
}

fn open(input: Input, options: &Options, kind: Kind) -> Result<Box<dyn Reader>, Refusal> {
    match input {
        Input::File(file) => Ok(Box::new(Mail::new(file, options, kind))),
        Input::Archive(archive) => Err(Refusal { what: "A mailbox is one file, not a folder. Add the files.".to_owned(), place: archive.path().to_owned() }),
    }
}

/// Without byte order mark and empty lines.
fn top(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start()
}

/// Length of the first 60 fields: a mail says what it is by then, and other files of `Name: value` lines seldom do. Trace fields
/// (`Received`, `X-...`) of long ways can fill more lines, so fields are counted, not lines.
fn sixty_fields(block: &[u8]) -> usize {
    let mut fields = 0;
    let mut at = 0;
    while let Some(rest) = block.get(at..)
        && !rest.is_empty()
    {
        let nl = memchr::memchr(b'\n', rest).unwrap_or(rest.len() - 1);
        fields += usize::from(!matches!(rest.first(), Some(b' ' | b'\t')));
        if fields > 60 {
            return at;
        }
        at += nl + 1;
    }
    at
}
