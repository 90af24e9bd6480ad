//! EDRM XML 1.0 to 1.2, the interchange form of discovery tools, also written beside mail by Google Vault (`metadata.xml`).
//!
//! One `Document` each with its tags (`#From`, `#DateSent`, …), files and places; `Relationships` behind them say which documents are
//! attachments, so the file is passed over twice: for the relationships, then for the documents. Names: EDRM XML 1.2 documentation.
//!
//! **Nothing is counted twice.** Documents with a Message-ID merge with the same mail read elsewhere; those without one whose native mail lies
//! beside the file are left out in favour of the native.

mod document;
mod reader;

use super::{About, Format, Head, Input, Match, Options, Reader, Refusal, markup};

/// EDRM XML
pub struct Edrm;

static ABOUT_EDRM: About = About {
    id: "edrm",
    name: "EDRM XML",
    channel: "email",
    extensions: &["xml"],
    proves: &[
        "A mail that states more attachments than are related to it.",
        "Files that documents name and that do not lie beside the XML.",
        "Relationships to documents that are not in the file.",
        "A file that ends in the middle.",
    ],
    how_to_export: "Discovery tools: export as EDRM XML with message tags. Google Vault: export, then keep metadata.xml beside the mail files.",
    limits: "The text of messages is in files beside the XML and is not read. Times without an offset are in the zone of the processing.",
};

impl Format for Edrm {
    fn about(&self) -> &'static About {
        &ABOUT_EDRM
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some((name, attributes)) = head.text.and_then(markup::root) else { return Match::No };
        let stated = attributes.iter().any(|(n, _)| n == "datainterchangetype");
        match (name.as_str(), stated) {
            ("root", true) => Match::Sure("XML with the DataInterchangeType of EDRM".to_owned()),
            ("root", false) if head.text.is_some_and(|t| t.contains("<Batch") && t.contains("<Document")) => {
                Match::Sure("an EDRM batch of documents".to_owned())
            }
            _ => Match::No,
        }
    }

    /// The file is passed over twice.
    fn random(&self) -> bool {
        true
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(file) => Ok(Box::new(reader::EdrmReader::open(file, options)?)),
            Input::Archive(archive) => Err(Refusal { what: "An EDRM load file is one XML file.".to_owned(), place: archive.path().to_owned() }),
        }
    }
}
