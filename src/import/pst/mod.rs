//! Outlook data files: PST and OST ([MS-PST]), with numbers of four bytes (Outlook 97 to 2002) or eight; OST of Outlook 2013 and later in pages
//! of 4 KiB.
//!
//! Own reader, since it has to read through slices with bounded memory, survive damage, and work in the browser: `store` reads pages,
//! blocks and trees, `cipher` undoes the byte ciphers, `heap` reads properties and tables, `item` gathers messages and folders, `reader`
//! walks over all nodes. Messages are met as nodes, not through the folders shown, so that hidden folders (Teams' compliance copies, items
//! on hold) and messages that no folder lists any more are met too. The id of a node is the position of its message.

mod cipher;
mod heap;
mod item;
mod reader;
mod store;
#[cfg(test)]
mod tests;

use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};
use crate::import::bytes::Shared;
use crate::model::Position;

use store::Store;

/// Outlook data file (PST, OST)
pub struct Pst;

static ABOUT_PST: About = About {
    id: "pst",
    name: "Outlook data file (PST, OST)",
    channel: "",
    extensions: &["pst", "ost"],
    proves: &[
        "A folder states how many items it holds: fewer in the file means items are missing.",
        "Replies whose parent the mailbox does not hold, and messages named between held messages of one thread, but absent.",
        "Messages that no folder lists any more: deleted, and not yet overwritten.",
        "A mailbox that holds only sent or only received mail.",
        "A file that is shorter than its header says.",
    ],
    how_to_export: "Outlook: File, Open and Export, Import/Export, Export to a file, Outlook data file (.pst). Purview eDiscovery and Google Vault: choose PST as the format of the export. A password of the file is no obstacle.",
    limits: "OST of Outlook 2013 and later hold what Outlook kept offline, which may be the last months only. Drafts, contacts, appointments and tasks are left out and counted. A conversation of Skype for Business is one item and counts as one record.",
};

impl Format for Pst {
    fn about(&self) -> &'static About {
        &ABOUT_PST
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let store = head.bytes.starts_with(store::MAGIC) && head.bytes.get(8..10).is_some_and(|client| matches!(client, b"SM" | b"SO"));
        if store { Match::Sure("the marks of an Outlook data file".to_owned()) } else { Match::No }
    }

    fn raw(&self) -> bool {
        true
    }

    fn random(&self) -> bool {
        true
    }

    fn record(&self, bytes: &Shared, position: Position, limit: usize) -> Option<std::io::Result<String>> {
        let shown = Store::open(bytes.clone()).map_err(std::io::Error::other).and_then(|mut store| reader::shown(&mut store, position.offset, limit));
        Some(shown)
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        let Input::File(file) = input else {
            return Err(Refusal { what: "An Outlook data file is one file, not a folder. Add the files.".to_owned(), place: String::new() });
        };
        let Some(bytes) = file.bytes else {
            return Err(Refusal {
                what: "This Outlook data file cannot be read at any place. Unpack it and add it by itself.".to_owned(),
                place: String::new(),
            });
        };
        let store = Store::open(bytes).map_err(|what| Refusal { what, place: "byte 0".to_owned() })?;
        Ok(Box::new(reader::PstReader::new(store, file.modified, options.owner.clone())))
    }
}
