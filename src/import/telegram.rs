//! Telegram Desktop export, JSON.

use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// Telegram Desktop export (JSON)
pub struct Telegram;

static ABOUT_TELEGRAM: About =
    About { id: "telegram_json", name: "Telegram Desktop export (JSON)", channel: "telegram", extensions: &[], proves: &[], how_to_export: "", limits: "" };

impl Format for Telegram {
    fn about(&self) -> &'static About {
        &ABOUT_TELEGRAM
    }
    fn sniff(&self, _head: &Head<'_>) -> Match {
        Match::No
    }
    fn open(&self, _input: Input, _options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Err(Refusal { what: String::new(), place: String::new() })
    }
}
