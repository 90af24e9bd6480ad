//! Messages as rows (CSV and its kin) or as JSON objects, of no particular producer: the fall-back formats. Columns are found
//! by their headings in many languages; times are decided over the whole file. Layout: `formats/normalised-schema.md`.

mod clock;
mod csv;
mod heading;
mod maker;
mod people;
pub mod platform;
pub mod record;
pub mod when;

use super::{About, Format, Head, Input, Match, Options, Reader, Refusal, lists};

/// CSV messages
pub struct Csv;

static ABOUT_CSV: About = About {
    id: "csv",
    name: "CSV messages",
    channel: "",
    extensions: &["csv", "tsv", "txt"],
    proves: &["A row marked as deleted shows that a message was there."],
    how_to_export: "Save the table with one message per row and headings such as timestamp, sender, recipients, conversation, platform, text. UTF-8, times with their zone.",
    limits: "A table says nothing of rows that were left out of it: absence of messages is no proof of a gap.",
};

impl Format for Csv {
    fn about(&self) -> &'static About {
        &ABOUT_CSV
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text else { return Match::No };
        if text.trim_start().starts_with(['<', '{', '[']) || lists::list_kind(head.name, text).is_some() {
            return Match::No;
        }
        let Some(found) = csv::head(text.as_bytes(), head.complete) else { return Match::No };
        let (good, all) = found.first_rows(text.as_bytes(), head.complete);
        let (.., body) = found.plan.evidence();
        let exact = found.plan.has(&[heading::Slot::Time, heading::Slot::Date]);
        match (good, all) {
            (0, 0) if body => Match::Maybe("headings of messages, but no row below them".to_owned()),
            (0, _) => Match::No,
            (good, all) if body && exact && good * 10 >= all * 8 => {
                Match::Sure(format!("headings for time, sender and text; {good} of the first {all} rows have a time"))
            }
            (good, all) => Match::Maybe(format!("headings for time and sender; {good} of the first {all} rows have a time")),
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(file) => Ok(Box::new(csv::CsvReader::open(file, options)?)),
            Input::Archive(_) => Err(Refusal { what: "A table of messages is a single file, not an archive.".to_owned(), place: String::new() }),
        }
    }
}

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
