//! Outlook items as files ([MS-OXMSG]): one `.msg` is one item, in an OLE compound file whose streams are its properties.

mod reader;

use super::ole::{MAGIC, Ole};
use super::pages::u32_at;
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};
use crate::import::bytes::Shared;
use crate::model::Position;

/// Outlook item (MSG)
pub struct Msg;

static ABOUT_MSG: About = About {
    id: "msg",
    name: "Outlook item (MSG)",
    channel: "",
    extensions: &["msg"],
    proves: &["A reply whose parent is in none of the files.", "An item whose parts lie beyond the end of its file."],
    how_to_export: "Outlook: select the messages and drag them into a folder, or File, Save as, Outlook message format. Purview eDiscovery: export messages as individual MSG files.",
    limits: "One file is one message: whether others are missing shows only when many files of one mailbox are read together. Items attached to it count as attachments.",
};

/// Name of the stream that makes a compound file an Outlook item, as its directory writes it.
fn mark() -> Vec<u8> {
    reader::PROPERTIES.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

impl Format for Msg {
    fn about(&self) -> &'static About {
        &ABOUT_MSG
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        if !head.bytes.starts_with(&MAGIC) {
            return Match::No;
        }
        if memchr::memmem::find(head.bytes, &mark()).is_some() {
            return Match::Sure("an OLE file with the properties of an Outlook item".to_owned());
        }
        // The directory may stand anywhere in the file.
        let shift = if head.bytes.get(30) == Some(&12) { 12 } else { 9 };
        let directory = (u64::from(u32_at(head.bytes, 48)) + 1) << shift;
        if directory >= head.bytes.len() as u64 && !head.complete {
            return Match::Maybe("an OLE file; its directory, further on, tells whether it is an Outlook item".to_owned());
        }
        Match::No
    }

    fn raw(&self) -> bool {
        true
    }

    fn random(&self) -> bool {
        true
    }

    fn record(&self, bytes: &Shared, _position: Position, limit: usize) -> Option<std::io::Result<String>> {
        let mut ole = match Ole::open(bytes.clone()) {
            Ok(ole) => ole,
            Err(what) => return Some(Err(std::io::Error::other(what))),
        };
        Some(reader::item(&mut ole).map(|item| super::mapi::shown(&item, limit)))
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        let Input::File(file) = input else {
            return Err(Refusal { what: "An Outlook item is one file, not a folder. Add the files.".to_owned(), place: String::new() });
        };
        let Some(bytes) = file.bytes else {
            return Err(Refusal { what: "This Outlook item cannot be read at any place. Unpack it and add it by itself.".to_owned(), place: String::new() });
        };
        let ole = Ole::open(bytes).map_err(|what| Refusal { what, place: "byte 0".to_owned() })?;
        if !reader::is_item(&ole) {
            let what = "This is an OLE file of another program (Word, Excel, PowerPoint, an installer), not an Outlook item. Leave it out, or save its messages as CSV.";
            return Err(Refusal { what: what.to_owned(), place: "its directory".to_owned() });
        }
        Ok(Box::new(reader::MsgReader::new(ole, file.modified, options.owner.clone())))
    }
}
