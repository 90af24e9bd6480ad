//! Detection: all formats are asked about a bounded head. `Sure` beats `Maybe`; two `Sure` are a fault that a test finds.

use std::io;

use super::archive::{self, Claimed, Entry, Packing};
use super::bytes::Stream;
use super::{FORMATS, Format, Head, Match, decode};

/// How much of a file sniffers may see.
pub const HEAD: usize = 64 << 10;

/// Outcome of detection.
#[derive(Default)]
pub struct Detected {
    /// The winner.
    pub format: Option<&'static dyn Format>,
    /// Whether it is certain.
    pub sure: bool,
    /// Why.
    pub why: String,
    /// Other candidates: id and reason.
    pub others: Vec<(&'static str, String)>,
}

impl Detected {
    /// The winner, if it is certain.
    #[must_use]
    pub fn certain(&self) -> Option<&'static dyn Format> {
        self.format.filter(|_| self.sure)
    }
}

/// Reads the head of a stream, at most [`HEAD`] bytes; `true` when that is all of it.
pub fn read_head(stream: &mut dyn Stream) -> io::Result<(Vec<u8>, bool)> {
    let mut head = vec![0; HEAD];
    let mut filled = 0;
    while let Some(room) = head.get_mut(filled..)
        && !room.is_empty()
    {
        let n = stream.read(room)?;
        if n == 0 {
            head.truncate(filled);
            return Ok((head, true));
        }
        filled += n.min(room.len());
    }
    let mut more = [0; 1];
    let complete = stream.read(&mut more)? == 0;
    Ok((head, complete))
}

/// Asks the formats about a file, strictest first, until one is certain.
#[must_use]
pub fn detect(name: &str, len: u64, bytes: &[u8], complete: bool) -> Detected {
    detect_like(None, name, len, bytes, complete)
}

/// As [`detect`], one format first: what a file beside turned out to be. That at most one format is certain of any file makes it the same
/// answer, and thousands of small files of one export take half the time.
#[must_use]
pub fn detect_like(beside: Option<&'static dyn Format>, name: &str, len: u64, bytes: &[u8], complete: bool) -> Detected {
    let (text, _) = decode::head_text(bytes, complete);
    let head = Head { name, len, bytes, text: text.as_deref(), complete };
    if let Some(format) = beside
        && let Match::Sure(why) = format.sniff(&head)
    {
        return Detected { format: Some(format), sure: true, why, others: Vec::new() };
    }
    let mut answers = Vec::new();
    for format in FORMATS {
        let answer = format.sniff(&head);
        let certain = matches!(answer, Match::Sure(_));
        answers.push((*format, answer));
        if certain {
            break;
        }
    }
    decide(answers.into_iter())
}

/// Asks all formats whether they claim an archive as a whole.
#[must_use]
pub fn claim(members: &[Entry]) -> Detected {
    decide(FORMATS.iter().map(|f| (*f, f.claim(members))))
}

/// Asks all formats for members of an archive that belong together. No member lies in two parts: the first format keeps it.
#[must_use]
pub fn parts(members: &[Entry]) -> Vec<(&'static dyn Format, Claimed)> {
    let mut taken = vec![false; members.len()];
    let mut all = Vec::new();
    for (format, mut part) in FORMATS.iter().flat_map(|f| f.parts(members).into_iter().map(|p| (*f, p))) {
        part.members.retain(|ix| taken.get_mut(*ix).is_some_and(|t| !std::mem::replace(t, true)));
        if part.last || !part.members.is_empty() {
            all.push((format, part));
        }
    }
    all
}

fn decide(answers: impl Iterator<Item = (&'static dyn Format, Match)>) -> Detected {
    let mut sure = Vec::new();
    let mut maybe = Vec::new();
    for (format, answer) in answers {
        match answer {
            Match::No => {}
            Match::Maybe(why) => maybe.push((format, why)),
            Match::Sure(why) => sure.push((format, why)),
        }
    }
    let certain = !sure.is_empty();
    sure.append(&mut maybe);
    let mut all = sure.into_iter();
    let first = all.next();
    let others = all.map(|(f, why)| (f.about().id, why)).collect();
    match first {
        Some((format, why)) => Detected { format: Some(format), sure: certain, why, others },
        None => Detected { format: None, sure: false, why: String::new(), others },
    }
}

/// What a file seems to be when no format claims it: a sentence for people.
#[must_use]
pub fn unrecognised(name: &str, len: u64, bytes: &[u8]) -> String {
    let kind = match bytes {
        [] => {
            return if let Some(database) = super::folders::database_of(name).filter(|_| len == 0) {
                let [name, database] = [name, database].map(crate::text::clean_name);
                format!("{name} is empty, as SQLite leaves it behind a database that was closed ({database}): it holds no messages. Leave it out.")
            } else if len == 0 {
                format!("{} is empty: nothing was exported, or the copy failed. Export it again.", crate::text::clean_name(name))
            } else {
                format!("{} could not be read. Check that it is still there, and add it again.", crate::text::clean_name(name))
            };
        }
        [0xff, 0xd8, 0xff, ..] | [0x89, b'P', b'N', b'G', ..] | [b'G', b'I', b'F', b'8', ..] => "a picture",
        [b'%', b'P', b'D', b'F', ..] => "a PDF document",
        [b'!', b'B', b'D', b'N', ..] => "the beginning of an Outlook data file (PST or OST) that is damaged",
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "an OLE file (Word, Excel, PowerPoint or another program), not an Outlook item",
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => &database(bytes),
        [0x37, 0x7f, 0x06, 0x82 | 0x83, ..] => return log(name),
        // Written in the order of bytes of the machine: that of every phone and computer of today.
        [0x18, 0xe2, 0x2d, 0x00, ..] if super::folders::is_index(name) => {
            let [name, database] = [name, super::folders::database_of(name).unwrap_or_default()].map(crate::text::clean_name);
            return format!("{name} is the index of the write-ahead log of a database ({database}): it holds no messages and is never needed. Leave it out.");
        }
        _ if let Some(what) = super::whatsapp_db::encrypted(name, bytes) => what,
        _ if enciphered(name, len, bytes) => {
            "an encrypted database (as SQLCipher makes them: WeChat, Signal, Session and others), unreadable without its key; use the export of the app, \
             or have it decrypted and add the decrypted file"
        }
        [0x1f, 0x8b, ..] => "a packed file (gzip) that is damaged or cut off",
        [b'B', b'Z', b'h', ..] | [0xfd, b'7', b'z', b'X', b'Z', ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            "packed in a way this program does not read (bzip2, xz or zstd); unpack it and add the files"
        }
        [b'7', b'z', 0xbc, 0xaf, ..] | [b'R', b'a', b'r', b'!', ..] => "an archive this program does not read; unpack it and add the files",
        [b'P', b'K', ..] => "a zip archive that is damaged or cut off",
        _ if bytes.get(..bytes.len().min(4096)).unwrap_or_default().contains(&0) => "binary data of an unknown kind",
        _ if is_answer_key(bytes) => "the answer key of a made-up firm, written beside its files: it says what is to be found in them",
        _ => "text without a structure this program knows",
    };
    let name = crate::text::clean_name(name);
    format!("{name} is {kind}. No message format recognises it: leave it out, or, if it holds messages, export them again in one of the formats listed.")
}

/// What to do with the log of a database that is given without it.
fn log(name: &str) -> String {
    let database = super::folders::database_of(name).map(crate::text::clean_name);
    let database = database.map_or_else(|| "the database that lay beside it".to_owned(), |d| format!("the database {d}, which lay beside it"));
    format!(
        "{} is the write-ahead log of a database (SQLite): it holds the newest records of {database}, and cannot be read without it. If that is a store of \
         messages this program knows, add both files together, under the names and from the folder they had.",
        crate::text::clean_name(name)
    )
}

/// What a database without a format is: the tables that its head names.
fn database(bytes: &[u8]) -> String {
    let mut names: Vec<String> = Vec::new();
    for at in memchr::memmem::find_iter(bytes, b"CREATE TABLE ") {
        let rest = bytes.get(at + 13..).unwrap_or_default();
        let rest = rest.strip_prefix(b"IF NOT EXISTS ").unwrap_or(rest).trim_ascii_start();
        let end = rest.iter().take(60).position(|b| matches!(b, b'(' | b' ' | b'\n')).unwrap_or(0);
        let name = crate::text::clean(&String::from_utf8_lossy(rest.get(..end).unwrap_or_default()), 40);
        let name = name.trim_matches(['"', '\'', '`', '[', ']']).to_owned();
        if !name.is_empty() && !names.contains(&name) && names.len() < 8 {
            names.push(name);
        }
    }
    if names.is_empty() {
        return "a database (SQLite) whose tables are not named at its beginning and belong to no store of messages this program knows".to_owned();
    }
    format!("a database (SQLite) that is no store of messages this program knows; among its tables: {}", names.join(", "))
}

/// Whether this looks like an encrypted database: pages of even bytes, no head, named as a database.
fn enciphered(name: &str, len: u64, bytes: &[u8]) -> bool {
    let named = name.rsplit_once('.').is_some_and(|(_, x)| matches!(x.to_ascii_lowercase().as_str(), "db" | "sqlite" | "sqlite3" | "sqlitedb"));
    let head = bytes.get(..1024).unwrap_or_default();
    let mut seen = [false; 256];
    for b in head {
        if let Some(slot) = seen.get_mut(usize::from(*b)) {
            *slot = true;
        }
    }
    // Of 1024 even bytes 98 in 100 values occur; of text or code far fewer.
    named && len.is_multiple_of(1024) && seen.iter().filter(|s| **s).count() >= 230
}

/// Whether this is the `truth.json` that is written beside a made-up firm. It begins with its version, seed and number of messages.
#[must_use]
pub fn is_answer_key(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.get(..head.len().min(HEAD)).unwrap_or_default());
    let mut rest = text.trim_start_matches('{');
    text.starts_with('{')
        && ["\"schema\"", "\"seed\"", "\"messages\"", "\"from\"", "\"to\"", "\"staff\"", "\"plants\""].iter().all(|key| match rest.split_once(key) {
            // A number or a day stands between two keys, no more.
            Some((before, after)) if before.len() < 60 => {
                rest = after;
                true
            }
            _ => false,
        })
}

/// What an archive is that holds one document, not files: a sentence.
#[must_use]
pub fn document(members: &[Entry]) -> Option<&'static str> {
    let has = |name: &str| members.iter().any(|e| e.name == name);
    if has("[Content_Types].xml") {
        return Some("This is an Office document (Word, Excel or PowerPoint), no message export. Save a table of messages as CSV and add that.");
    }
    if has("META-INF/manifest.xml") && has("mimetype") {
        return Some("This is an OpenDocument file, no message export. Save a table of messages as CSV and add that.");
    }
    None
}

/// What an archive or folder is by the names of its members: one export, one among others, or files to be read each by itself.
#[must_use]
pub fn whole(entries: &[Entry]) -> Detected {
    let claimed = claim(entries);
    if claimed.format.is_some() {
        return claimed;
    }
    let (members, parts) = (entries.iter().filter(|e| !e.is_noise()).count(), parts(entries));
    if let Some((format, part)) = parts.first() {
        let why = match part.members.len() {
            n if n == members => format!("all {members} members are one export"),
            n if part.last => format!("{n} of {members} members are lists of what the others hold; they are read behind them"),
            n => format!("{n} of {members} members are one export; the others are read each by itself"),
        };
        return Detected { format: Some(*format), sure: true, why, others: Vec::new() };
    }
    Detected { format: None, sure: false, why: format!("An archive with {members} members; each is read by itself"), others: Vec::new() }
}

/// Detection of a file as a whole: an archive by its members, anything else by its head.
#[must_use]
pub fn detect_file(name: &str, len: u64, head: &[u8], complete: bool, bytes: super::bytes::Shared) -> Detected {
    let packing = Packing::of(head);
    let Some(archive) = packing.and_then(|p| archive::open(name, bytes, p).ok()) else { return told(name, len, head, complete) };
    let entries = archive.entries();
    if let ([one], Some(Packing::Gzip)) = (entries, packing)
        && let Ok((head, complete)) = archive.open(0).and_then(|mut stream| read_head(stream.as_mut()))
        && Packing::of(&head).is_none()
    {
        return told(&one.name, one.size, &head, complete);
    }
    whole(entries)
}

/// As [`detect`]; what no format takes is said in a sentence.
fn told(name: &str, len: u64, head: &[u8], complete: bool) -> Detected {
    let mut detected = detect(name, len, head, complete);
    if detected.format.is_none() {
        detected.why = match super::lists::list_kind(name, head) {
            Some(kind) => format!("a list of the matter ({}), no messages", format!("{kind:?}").to_lowercase()),
            None => unrecognised(name, len, head),
        };
    }
    detected
}
