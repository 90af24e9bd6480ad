//! The `FileDump` family of XML: Actiance (Smarsh) Vantage instant messages, as Mattermost and Symphony write them too, Instant Bloomberg, and
//! Bloomberg mail (MSG). A single file, the zip of Mattermost with its `metadata.json`, or a folder of Bloomberg's daily files with `audit.txt`.
//!
//! Names: mattermost/server `message_export` (Actiance), vendor notes on Bloomberg's files (Broadcom KB 100059153, OpenText Axcelerate).
//! Bloomberg's own specification is not public, so that elements are told by their local names, in whichever order they come.

mod closing;
mod declared;
mod files;
mod person;
mod reader;
mod record;
mod room;

use super::archive::Entry;
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal, markup};

/// FileDump XML
pub struct FileDump;

static ABOUT_FILEDUMP: About = About {
    id: "filedump",
    name: "Compliance XML (Actiance, Bloomberg)",
    channel: "",
    extensions: &["xml", "zip"],
    proves: &[
        "Messages marked as deleted existed and are in the dump.",
        "File transfers whose file is not in the dump, or that did not complete; files deleted at the origin.",
        "Counts of messages that the dump declares (metadata.json, audit.txt) against those in it.",
        "Days without a file between the first and the last: never collected.",
        "A dump that ends in the middle.",
    ],
    how_to_export: "Bloomberg: the daily files of the compliance site (.ib19, .msg, .dscl XML and audit.txt), decrypted, in one folder. Actiance or Smarsh Vantage: the XML. Mattermost: the Actiance export zip as it is.",
    limits: "Text shown to those who joined later (History) repeats earlier messages and is not counted. A dump holds what was captured on its days, nothing before.",
};

impl Format for FileDump {
    fn about(&self) -> &'static About {
        &ABOUT_FILEDUMP
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        match head.text.and_then(markup::root) {
            Some((name, _)) if name == "filedump" => Match::Sure("XML that begins with FileDump".to_owned()),
            _ => Match::No,
        }
    }

    fn claim(&self, members: &[Entry]) -> Match {
        match files::kind(members) {
            Some(files::Kind::Actiance) => Match::Sure("actiance_export.xml, as Mattermost exports it".to_owned()),
            Some(files::Kind::Bloomberg) => Match::Sure("daily files of Bloomberg's compliance site".to_owned()),
            None => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(Box::new(match input {
            Input::File(file) => reader::DumpReader::file(file, options),
            Input::Archive(archive) => reader::DumpReader::archive(archive, options),
        }))
    }
}
