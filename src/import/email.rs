//! E-mail: mbox and EML.

use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// Mailbox (mbox)
pub struct Mbox;

static ABOUT_MBOX: About = About { id: "mbox", name: "Mailbox (mbox)", channel: "email", extensions: &[], proves: &[], how_to_export: "", limits: "" };

impl Format for Mbox {
    fn about(&self) -> &'static About {
        &ABOUT_MBOX
    }
    fn sniff(&self, _head: &Head<'_>) -> Match {
        Match::No
    }
    fn open(&self, _input: Input, _options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Err(Refusal { what: String::new(), place: String::new() })
    }
}
/// E-mail (EML)
pub struct Eml;

static ABOUT_EML: About = About { id: "eml", name: "E-mail (EML)", channel: "email", extensions: &[], proves: &[], how_to_export: "", limits: "" };

impl Format for Eml {
    fn about(&self) -> &'static About {
        &ABOUT_EML
    }
    fn sniff(&self, _head: &Head<'_>) -> Match {
        Match::No
    }
    fn open(&self, _input: Input, _options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Err(Refusal { what: String::new(), place: String::new() })
    }
}
