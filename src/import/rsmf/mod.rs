//! RSMF 1.0 and 2.0, the Relativity Short Message Format: a mail with `rsmf.zip` attached, the bare zip, its folder, or its manifest.
//!
//! Layout: relativitydev/rsmf-validator-samples (schema 2.0.0) and help.relativity.com, "Relativity short message format"; habits of 1.0
//! producers: shogun70/rsmf-viewer. Files are read leniently: no file is refused for breaking the schema.
//!
//! **The zip in the mail** is never held: [`wrapper::Encoded`] finds any place of it in the base64 text and decodes what is asked for.
//! The manifest is passed over twice, for its lists and for its events, since nothing says which of them comes first.

mod closing;
mod event;
mod evidence;
mod manifest;
mod message;
mod reader;
#[cfg(test)]
mod tests;
mod wrapper;

use std::rc::Rc;

use super::archive::{Archive, Entry};
use super::bytes::{RangeStream, Shared};
use super::json::{Fault, Scan, Scanner, Value};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal, zip};
use crate::model::message::Position;

/// RSMF
pub struct Rsmf;

/// Name of the manifest in the zip or folder.
const MANIFEST: &str = "rsmf_manifest.json";

static ABOUT_RSMF: About = About {
    id: "rsmf",
    name: "RSMF (Relativity short messages)",
    channel: "",
    extensions: &["rsmf", "zip", "json"],
    proves: &[
        "The mail declares how many events and attachments there are: fewer in the manifest means some are gone.",
        "Events marked as deleted existed at the source; those without text are lost in content.",
        "Replies whose parent is not in the file: the parent existed.",
        "Attachments that events name and that do not lie in the zip.",
        "Declared begin and end wider than the events.",
    ],
    how_to_export: "Collection and review tools (Cellebrite, Purview and Slack converters, Relativity) write it: choose RSMF as output and add the .rsmf files, or the rsmf.zip or its folder, as they are.",
    limits: "A file is one slice of a conversation, usually a day: which days were never written shows only among all slices. Reactions and read receipts carry no time of their own and are not counted; context repeated before a slice is left out.",
};

impl Format for Rsmf {
    fn about(&self) -> &'static About {
        &ABOUT_RSMF
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        if wrapper::is_wrapper(head.bytes) {
            return Match::Sure("mail headers with X-RSMF-Version".to_owned());
        }
        match look(head.bytes) {
            Some(Look::Manifest(keys)) => Match::Sure(format!("a manifest with {keys}")),
            Some(Look::Schema) => Match::Sure("the JSON schema of RSMF".to_owned()),
            None => Match::No,
        }
    }

    fn claim(&self, members: &[Entry]) -> Match {
        match reader::place(members) {
            Some(_) => Match::Sure(format!("{MANIFEST}, as RSMF has it")),
            None => Match::No,
        }
    }

    fn raw(&self) -> bool {
        true
    }

    fn random(&self) -> bool {
        true
    }

    fn record(&self, bytes: &Shared, position: Position, limit: usize) -> Option<std::io::Result<String>> {
        let mut head = vec![0; 8 << 10];
        let n = bytes.read_at(0, &mut head).ok()?;
        // A manifest by itself is text: its bytes are the record.
        wrapper::is_wrapper(head.get(..n)?).then(|| wrapper::shown(bytes, position.offset, limit))
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        let refuse = |what: &str| Refusal { what: what.to_owned(), place: String::new() };
        let file = match input {
            Input::Archive(archive) => {
                let Some(ix) = reader::place(archive.entries()) else { return Err(refuse("This archive has no rsmf_manifest.json.")) };
                return Ok(Box::new(reader::RsmfReader::archive(Rc::from(archive), ix, options)));
            }
            Input::File(file) => file,
        };
        let Some(bytes) = file.bytes else { return Err(refuse("This RSMF file could not be opened at any place. Add it by itself.")) };
        let mut head = vec![0; super::detect::HEAD];
        let n = bytes.read_at(0, &mut head).unwrap_or(0);
        head.truncate(n);
        if wrapper::is_wrapper(&head) {
            return Ok(Box::new(reader::RsmfReader::mail(bytes, options)));
        }
        if matches!(look(&head), Some(Look::Schema)) {
            return Err(refuse("This is the JSON schema of RSMF, the description of the format, not an export: it holds no messages. Leave it out."));
        }
        Ok(Box::new(reader::RsmfReader::manifest(bytes, file.beside, options)))
    }
}

/// What a JSON file is.
enum Look {
    /// A manifest: its keys.
    Manifest(String),
    /// The schema.
    Schema,
}

/// Looks at the first bytes of a JSON object.
fn look(bytes: &[u8]) -> Option<Look> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes.trim_ascii_start();
    if start.first() != Some(&b'{') {
        return None;
    }
    let mut seen = Seen::default();
    let all = seen.read(&mut Scanner::new(start));
    if seen.schema {
        return Some(Look::Schema);
    }
    let lists = [(seen.participants, "participants"), (seen.conversations, "conversations"), (seen.events, "events")];
    let held: Vec<&str> = lists.iter().filter(|l| l.0).map(|l| l.1).collect();
    // A list that goes on beyond the head counts by its first element.
    let enough = if matches!(all, Err(Fault::NeedMore)) { held.len() >= 2 || seen.shaped } else { held.len() == 3 };
    enough.then(|| Look::Manifest(held.join(", ")))
}

/// Keys of the outer object.
#[derive(Default)]
struct Seen {
    participants: bool,
    conversations: bool,
    events: bool,
    /// The first element of a list that was cut has the keys of an event or a conversation.
    shaped: bool,
    schema: bool,
}

impl Seen {
    fn read(&mut self, s: &mut Scanner<'_>) -> Scan<()> {
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            let list = match key.raw {
                b"participants" => &mut self.participants,
                b"conversations" => &mut self.conversations,
                b"events" => &mut self.events,
                b"$id" | b"$schema" => {
                    let value = s.value()?;
                    self.schema |= value.text().is_some_and(|t| memchr::memmem::find(t.raw, b"/RSMF/").is_some());
                    continue;
                }
                _ => {
                    s.skip()?;
                    continue;
                }
            };
            if s.peek()? != b'[' {
                s.skip()?;
                continue;
            }
            *list = true;
            let mut inner = s.clone();
            self.shaped |= shaped(&mut inner).unwrap_or(false);
            s.skip()?;
        }
        Ok(())
    }
}

/// Whether the first element of a list is an RSMF event or conversation.
fn shaped(s: &mut Scanner<'_>) -> Scan<bool> {
    let mut items = s.array()?;
    if !items.more(s)? {
        return Ok(false);
    }
    let (mut members, mut conversation, mut participant, mut platform, mut time) = (s.object()?, false, false, false, false);
    while let Some(key) = members.key(s)? {
        match key.raw {
            b"conversation" => conversation = true,
            b"participant" | b"participants" => participant = true,
            b"platform" => platform = true,
            b"timestamp" => time = true,
            _ => {}
        }
        s.skip()?;
    }
    Ok((conversation && participant && time) || (platform && participant))
}

/// An id as written: a string, or the number that careless producers write.
fn word(value: Value<'_>) -> Option<Vec<u8>> {
    let out = match value {
        Value::Text(text) => {
            let mut out = Vec::new();
            text.append(&mut out);
            out
        }
        Value::Number(raw) => raw.to_vec(),
        _ => return None,
    };
    let out = out.trim_ascii();
    (!out.is_empty()).then(|| out.get(..out.len().min(1000)).unwrap_or(out).to_vec())
}

/// A short text.
fn name(value: Value<'_>) -> String {
    word(value).map(|w| String::from_utf8_lossy(&w).into_owned()).unwrap_or_default()
}

/// Each member of an object; what cannot be read ends it.
fn each<'a>(value: Value<'a>, mut see: impl FnMut(&'a [u8], Value<'a>)) {
    let Value::Object(raw) = value else { return };
    let mut walk = || -> Scan<()> {
        let mut s = Scanner::new(raw);
        let mut members = s.object()?;
        while let Some(key) = members.key(&mut s)? {
            see(key.raw, s.value()?);
        }
        Ok(())
    };
    let _ = walk();
}

/// Each item of an array.
fn items<'a>(value: Value<'a>, mut see: impl FnMut(Value<'a>)) {
    let Value::Array(raw) = value else { return };
    let mut walk = || -> Scan<()> {
        let mut s = Scanner::new(raw);
        let mut list = s.array()?;
        while list.more(&mut s)? {
            see(s.value()?);
        }
        Ok(())
    };
    let _ = walk();
}

/// The zip that lies in a mail, its manifest and where it stands among the members.
fn inner(mail: &Shared, place: &wrapper::Found) -> Result<(Rc<dyn Archive>, usize), String> {
    let encoded: Shared = Rc::new(wrapper::Encoded::new(mail.clone(), place));
    let archive = zip::Zip::open("rsmf.zip", encoded)?;
    match reader::place(archive.entries()) {
        Some(ix) => Ok((Rc::new(archive), ix)),
        None => Err("The rsmf.zip in this mail has no rsmf_manifest.json: the events are not in it. Have the file written again.".to_owned()),
    }
}

/// All of some bytes, in order.
fn whole(bytes: &Shared) -> Box<dyn super::bytes::Stream> {
    Box::new(RangeStream::whole(bytes.clone()))
}
