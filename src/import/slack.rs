//! Slack workspace export.

use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// Slack export
pub struct Slack;

static ABOUT_SLACK: About = About { id: "slack", name: "Slack export", channel: "slack", extensions: &[], proves: &[], how_to_export: "", limits: "" };

impl Format for Slack {
    fn about(&self) -> &'static About {
        &ABOUT_SLACK
    }
    fn sniff(&self, _head: &Head<'_>) -> Match {
        Match::No
    }
    fn open(&self, _input: Input, _options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Err(Refusal { what: String::new(), place: String::new() })
    }
}
