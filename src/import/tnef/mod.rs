//! `winmail.dat` ([MS-OXTNEF]): what Outlook sends to those who cannot read its own form. Alone as a file it is one mail; attached to a
//! mail it counts as an attachment there.

mod reader;

use super::pages::u32_at;
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};
use crate::import::bytes::Shared;
use crate::model::Position;

/// Outlook's transport form (winmail.dat)
pub struct Tnef;

static ABOUT_TNEF: About = About {
    id: "tnef",
    name: "Outlook attachment (winmail.dat)",
    channel: "",
    extensions: &["dat", "tnef"],
    proves: &["A reply whose parent is in none of the files.", "A file that ends in the middle."],
    how_to_export: "Save the attachment winmail.dat of a mail as a file. Better: export the mail itself (EML or MSG), which says more of who received it.",
    limits: "Sender and recipients may be missing, since the mail around it carried them; then the file is named and left out.",
};

impl Format for Tnef {
    fn about(&self) -> &'static About {
        &ABOUT_TNEF
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let level = head.bytes.get(6).is_some_and(|l| matches!(l, 1 | 2));
        if u32_at(head.bytes, 0) == reader::SIGNATURE && level { Match::Sure("the signature of a winmail.dat".to_owned()) } else { Match::No }
    }

    fn raw(&self) -> bool {
        true
    }

    fn random(&self) -> bool {
        true
    }

    fn record(&self, bytes: &Shared, _position: Position, limit: usize) -> Option<std::io::Result<String>> {
        Some(reader::item(bytes.clone()).map(|item| super::mapi::shown(&item, limit)))
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        let bytes = match input {
            Input::File(file) => file.bytes.map(|b| (b, file.modified)),
            Input::Archive(_) => None,
        };
        let Some((bytes, modified)) = bytes else {
            return Err(Refusal { what: "This winmail.dat cannot be read at any place. Unpack it and add it by itself.".to_owned(), place: String::new() });
        };
        Ok(Box::new(reader::TnefReader::new(bytes, modified, options.owner.clone())))
    }
}
