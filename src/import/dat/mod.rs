//! Concordance load files (DAT): one row per document of a production, fields between rare characters, `þBEGDOC\x14þ…`. Read alone, or as the
//! production it belongs to: a folder or zip with the image list (OPT), text files and natives.
//!
//! **Nothing is counted twice.** In a production the natives (EML, MSG) are not read: each row is the document. A DAT that lies beside
//! mails without being a production is read like any file; its rows carry Message-IDs and merge with the mails. Rows without a Message-ID
//! whose native lies beside are left out in favour of the native.
//!
//! Characters are derived from the header row: þ (0xFE) and 0x14 by the standard, but files with other ones exist.

mod bates;
mod columns;
pub mod production;
mod reader;
mod row;
mod split;
#[cfg(test)]
mod tests;

use super::archive::Entry;
use super::delimited::record::Split;
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};
use columns::Columns;
use split::{Fields, Layout};

/// Concordance DAT
pub struct Dat;

static ABOUT_DAT: About = About {
    id: "dat",
    name: "Concordance load file (DAT)",
    channel: "email",
    extensions: &["dat", "txt", "opt"],
    proves: &[
        "Document numbers of a production run without gaps: a missing number is a document that was withheld or lost.",
        "Rows marked as withheld, and slip sheets: the document existed, its content is not here.",
        "Text files and natives that a row names and that do not lie in the folder.",
        "A mail that states more attachments than its family has rows.",
        "Documents in the image list (OPT) that have no row.",
    ],
    how_to_export: "Ask for the load file of the production (.dat) with its fields for sender, recipients, sent date and time, Message-ID and custodians, and give the folder as it was delivered.",
    limits: "Times are in the zone of the processing, which the file does not say. Attachments and loose files are rows but no messages. Text is read from text files only where the folder is given as a whole.",
};

/// Whether a text begins with headings between field marks: no table of the usual kind.
pub fn is_marked(text: &[u8]) -> bool {
    Layout::of(text).is_some()
}

impl Format for Dat {
    fn about(&self) -> &'static About {
        &ABOUT_DAT
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let text = reader::decoded(head.bytes, head.complete);
        if let Some(layout) = Layout::of(&text) {
            let mut fields = Fields::default();
            let (Split::Record { .. } | Split::Partial { .. }) = layout.split(&text, true, &mut fields) else { return Match::No };
            let columns = Columns::of(fields.iter(&text));
            let signs = format!("field marks {} and {}", layout.quote.escape_unicode(), layout.delimiter.escape_unicode());
            return match (columns.known(), layout.standard()) {
                (2.., _) | (_, true) => Match::Sure(format!("{signs} around the headings of a load file")),
                _ => Match::No,
            };
        }
        if production::is_image_list(&text) { Match::Sure("an image list (OPT) of a production".to_owned()) } else { Match::No }
    }

    fn claim(&self, members: &[Entry]) -> Match {
        match production::place(members) {
            Some(_) => Match::Sure("a production: a load file with its image list, text or native folders".to_owned()),
            None => Match::No,
        }
    }

    /// Which encoding it is follows from the marks in the header row.
    fn raw(&self) -> bool {
        true
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(Box::new(match input {
            Input::File(file) => reader::DatReader::file(file, options)?,
            Input::Archive(archive) => reader::DatReader::production(archive, options)?,
        }))
    }
}
