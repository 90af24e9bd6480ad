//! Import: bytes to batches. One file or folder per format, each with a line in [`FORMATS`]; detection, containers and the
//! ledger are here. Readers know one producer's habits and cite them; they never look at policy, at other formats or at the clock.
//!
//! To add a format: a file here, a line in [`FORMATS`], fixtures in `tests/formats/<id>/<producer-version>/`.

pub mod archive;
pub mod bytes;
pub mod detect;
pub mod digest;
mod edrm;
pub mod email;
mod entity;
mod filedump;
pub mod folders;
pub mod importer;
pub mod lists;
pub mod reread;
pub mod sink;

mod chat_key;
mod counter;
mod cursor;
mod dat;
mod declared;
mod decode;
mod delimited;
mod discord;
mod google_chat;
mod gzip;
mod imessage_db;
mod imessage_export;
mod json;
mod line;
mod lines;
mod mapi;
mod markup;
mod meta;
mod msg;
mod ole;
mod opened;
mod pages;
mod pointers;
mod pst;
mod rsmf;
pub mod search;
pub mod section;
mod signal;
mod skype;
mod slack;
mod sms_backup;
mod span;
mod sqlite;
mod tally;
mod tar;
mod teams;
mod telegram;
mod telemessage;
mod tnef;
mod viber;
mod watch;
mod wechat;
mod wecom;
mod whatsapp;
mod whatsapp_db;
mod zip;

use serde::{Deserialize, Serialize};

use archive::{Archive, Claimed, Entry};
use bytes::Shared;
use section::Cut;
use sink::Sink;

/// All formats, strictest first. The only place that lists them.
#[rustfmt::skip] // One line each.
pub static FORMATS: &[&dyn Format] = &[
    &imessage_db::MessagesDb,
    &whatsapp_db::WhatsAppDb,
    &imessage_export::MessagesExport,
    &sms_backup::SmsBackup,
    &rsmf::Rsmf,
    &dat::Dat,
    &edrm::Edrm,
    &filedump::FileDump,
    &telemessage::TeleMessage,
    &slack::Slack,
    &google_chat::GoogleChat,
    &signal::Signal,
    &signal::SignalChats,
    &signal::SignalRecords,
    &signal::SignalTable,
    &teams::Teams,
    &skype::Skype,
    &declared::GoogleVault,
    &declared::Purview,
    &telegram::Telegram,
    &discord::Channel,
    &discord::Table,
    &discord::Package,
    &meta::Meta,
    &wecom::WeCom,
    &wechat::WeChatCsv,
    &wechat::WeChatJson,
    &telegram::TelegramHtml,
    &whatsapp::WhatsApp,
    &wechat::WeChatText,
    &pst::Pst,
    &msg::Msg,
    &tnef::Tnef,
    &line::Line,
    &viber::Viber,
    &email::Mbox,
    &email::Eml,
    &delimited::JsonLines,
    &delimited::Csv,
];

/// What a format says of itself. Menus, help and the method page are made from it.
#[derive(Debug, Clone, Serialize)]
pub struct About {
    /// Stable id, e.g. `whatsapp_txt`.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Channel slug; empty when the file says it itself.
    pub channel: &'static str,
    /// Usual extensions, without dot. A hint for people, never used to decide.
    pub extensions: &'static [&'static str],
    /// What it can prove about missing records, one sentence each.
    pub proves: &'static [&'static str],
    /// How a person makes such an export.
    pub how_to_export: &'static str,
    /// What this reader cannot tell.
    pub limits: &'static str,
}

/// Answer of a sniffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// Not this format.
    No,
    /// Possible: why.
    Maybe(String),
    /// Certain: why.
    Sure(String),
}

/// What detection may look at: bounded, decoded once.
pub struct Head<'a> {
    /// File name without folders.
    pub name: &'a str,
    /// Size of the whole file.
    pub len: u64,
    /// First 64 KiB as they are.
    pub bytes: &'a [u8],
    /// The same as text (BOM removed, UTF-16 and legacy encodings decoded, a cut last character dropped); `None` for binary data.
    pub text: Option<&'a str>,
    /// Whether this is all of the file.
    pub complete: bool,
}

/// Order of day, month and year in written dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

impl DateOrder {
    /// The word used on the command line and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
            Self::Ymd => "ymd",
        }
    }

    /// From the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Dmy, Self::Mdy, Self::Ymd].into_iter().find(|o| o.word() == word)
    }
}

/// What a person has stated about the files of one import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// IANA zone of times as written.
    pub zone: Option<String>,
    /// Order of day and month.
    pub date_order: Option<DateOrder>,
    /// Handle of the owner.
    pub owner: Option<String>,
    /// Format id, when detection could not decide.
    pub format: Option<String>,
}

/// What a reader is given.
pub enum Input {
    /// One file.
    File(FileInput),
    /// An archive (zip or folder) that the format has claimed as a whole.
    Archive(Box<dyn Archive>),
}

/// One file for a reader.
pub struct FileInput {
    /// Name without folders.
    pub name: String,
    /// Folder or archive path it lies in, for formats that read it (`ChatExport_2024-05-01`); may be empty.
    pub folder: String,
    /// The bytes as a stream of UTF-8 (legacy encodings already decoded) or raw for binary formats.
    pub stream: Box<dyn bytes::Stream>,
    /// The same bytes at any place, for a format that asks for them ([`Format::random`]); else `None`.
    pub bytes: Option<Shared>,
    /// Size, when known.
    pub len: u64,
    /// Time of last change, microseconds UTC, if known: no record can be later.
    pub modified: Option<i64>,
    /// What lies in the same folder of an archive and below it (the file itself too), named from that folder; empty for a file by itself.
    pub beside: std::rc::Rc<[Entry]>,
}

/// The whole file cannot be read by this format after all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong and what to do.
    pub what: String,
    /// Where.
    pub place: String,
}

/// Reading cannot go on. What was read stays; everything smaller is a skip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// What is wrong and what to do.
    pub what: String,
    /// Where.
    pub place: String,
}

impl From<std::io::Error> for ImportError {
    fn from(error: std::io::Error) -> Self {
        Self { what: format!("The file could not be read further ({error}). Check that it is complete and try again."), place: String::new() }
    }
}

/// Result of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Call again.
    More,
    /// All read.
    End,
}

/// A format: how to recognise it and how to open it.
pub trait Format: Sync {
    /// What it says of itself.
    fn about(&self) -> &'static About;
    /// Whether a file is of this format. Bounded work on the head only.
    fn sniff(&self, head: &Head<'_>) -> Match;
    /// Whether an archive (zip or folder) is to be read as one source of this format. `members`: names as they are.
    fn claim(&self, members: &[Entry]) -> Match {
        let _ = members;
        Match::No
    }
    /// Of an archive that no format claims as a whole: members that together are one source of this format (the chat folder of a Takeout
    /// that holds mail too). The other members are read each by itself.
    fn parts(&self, members: &[Entry]) -> Vec<Claimed> {
        let _ = members;
        Vec::new()
    }
    /// Whether the reader wants bytes undecoded (mail says its encodings itself).
    fn raw(&self) -> bool {
        false
    }
    /// Whether the reader needs its bytes at any place, not in order (databases, mailbox files with tables). A packed member of an
    /// archive is then expanded in memory, within a limit. Implies nothing about [`Format::raw`], which such formats state too.
    fn random(&self) -> bool {
        false
    }
    /// Whether it is a database whose write-ahead log (`NAME-wal` beside it) is read with it: its bytes then know their log.
    fn logged(&self) -> bool {
        false
    }
    /// For formats whose bytes at a place say nothing to a person (databases, compressed items): the record at `position` as text, as it
    /// is shown as evidence, at most `limit` bytes. `None`: the bytes of the file are the record.
    fn record(&self, bytes: &Shared, position: crate::model::Position, limit: usize) -> Option<std::io::Result<String>> {
        let _ = (bytes, position, limit);
        None
    }
    /// For formats of which one very large file can be cut at record borders and read by several readers: how. `None`: a file of this
    /// format is read in one, from front to back.
    fn cut(&self) -> Option<&'static dyn Cut> {
        None
    }
    /// Opens it for reading.
    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal>;
}

/// Reads one source in bounded steps.
pub trait Reader {
    /// Handles about 1 MiB or 5,000 records, then returns.
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError>;
    /// Bytes handled so far, for progress.
    fn done(&self) -> u64;
}

/// A file to be imported: a name, and bytes.
pub struct Given {
    /// Path as given, with `/`.
    pub path: String,
    /// The bytes.
    pub bytes: Shared,
    /// Time of last change, microseconds UTC.
    pub modified: Option<i64>,
}

/// Reads files to the end, natively or in tests: the loop that front-ends run with pauses.
#[must_use]
pub fn read_all(files: Vec<Given>, options: Options) -> crate::model::Batch {
    let mut importer = importer::Importer::new(files, options);
    while importer.step() == Step::More {}
    importer.finish()
}
