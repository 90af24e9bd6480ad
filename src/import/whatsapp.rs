//! WhatsApp chat export.

use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// WhatsApp chat export
pub struct WhatsApp;

static ABOUT_WHATSAPP: About =
    About { id: "whatsapp_txt", name: "WhatsApp chat export", channel: "whatsapp", extensions: &[], proves: &[], how_to_export: "", limits: "" };

impl Format for WhatsApp {
    fn about(&self) -> &'static About {
        &ABOUT_WHATSAPP
    }
    fn sniff(&self, _head: &Head<'_>) -> Match {
        Match::No
    }
    fn open(&self, _input: Input, _options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Err(Refusal { what: String::new(), place: String::new() })
    }
}
