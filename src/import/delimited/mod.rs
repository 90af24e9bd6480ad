//! CSV and JSON lines.

pub mod platform;
pub mod record;
pub mod when;

use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// JSON messages
pub struct JsonLines;

static ABOUT_JSONLINES: About = About { id: "jsonl", name: "JSON messages", channel: "", extensions: &[], proves: &[], how_to_export: "", limits: "" };

impl Format for JsonLines {
    fn about(&self) -> &'static About {
        &ABOUT_JSONLINES
    }
    fn sniff(&self, _head: &Head<'_>) -> Match {
        Match::No
    }
    fn open(&self, _input: Input, _options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Err(Refusal { what: String::new(), place: String::new() })
    }
}
/// CSV messages
pub struct Csv;

static ABOUT_CSV: About = About { id: "csv", name: "CSV messages", channel: "", extensions: &[], proves: &[], how_to_export: "", limits: "" };

impl Format for Csv {
    fn about(&self) -> &'static About {
        &ABOUT_CSV
    }
    fn sniff(&self, _head: &Head<'_>) -> Match {
        Match::No
    }
    fn open(&self, _input: Input, _options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Err(Refusal { what: String::new(), place: String::new() })
    }
}
