//! Messages as rows (CSV and its kin) or as JSON objects, of no particular producer: the fall-back formats. Columns are found
//! by their headings in many languages; times are decided over the whole file. Layout: `formats/normalised-schema.md`.

pub mod boxes;
pub mod clock;
pub mod csv;
pub mod heading;
mod jsonl;
pub mod maker;
mod objects;
pub mod order;
pub mod people;
pub mod platform;
pub mod record;
pub mod stamp;
pub mod table;
pub mod when;

pub use csv::say_order;

use super::{About, Format, Head, Input, Match, Options, Reader, Refusal, dat, lists};

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
        if text.trim_start().starts_with(['<', '{', '['])
            || lists::list_kind(head.name, text.as_bytes()).is_some()
            || super::signal::is_table(text)
            || dat::is_marked(text.as_bytes())
        {
            return Match::No;
        }
        // Tables of a known tool have a reader of their own.
        if table::headings(text.as_bytes(), head.complete).is_some_and(|(_, names)| table::OWNED.iter().any(|owns| owns(&names))) {
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

static ABOUT_JSONLINES: About = About {
    id: "jsonl",
    name: "JSON messages",
    channel: "",
    extensions: &["jsonl", "ndjson", "json"],
    proves: &["A record marked as deleted shows that a message was there."],
    how_to_export: "One JSON object per message, one per line or in one array, with keys such as timestamp, sender, recipients, conversation, platform, text.",
    limits: "A list says nothing of records that were left out of it. Exports of products with a reader of their own are better read by that one.",
};

impl Format for JsonLines {
    fn about(&self) -> &'static About {
        &ABOUT_JSONLINES
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.filter(|t| t.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])) else { return Match::No };
        if super::signal::is_own(text) {
            return Match::No;
        }
        let (mut all, mut good, mut flat, mut family) = (0u32, 0u32, 0u32, false);
        let mut times = clock::Survey::default();
        let layout = jsonl::survey(text.as_bytes(), 50, &mut objects::Objects::default(), |cells, shape| {
            let (date, clock) = cells.time();
            let before = times.good;
            times.see(date, clock, 0);
            all += 1;
            good += u32::from(shape.sender && times.good > before);
            flat += u32::from(shape.flat && times.good > before);
            family |= shape.family;
        });
        let Some(layout) = layout else { return Match::No };
        let place = match layout {
            jsonl::Layout::Lines => "one object per line".to_owned(),
            jsonl::Layout::Array => "an array of objects".to_owned(),
            jsonl::Layout::Under(key) => format!("objects under \"{}\"", crate::text::clean_name(&String::from_utf8_lossy(&key))),
        };
        match () {
            () if good == 0 || good * 2 < all => Match::No,
            () if !family && flat * 10 >= all * 8 => Match::Sure(format!("{place}, each with time, sender and text")),
            () => Match::Maybe(format!("{place}, {good} of the first {all} with a time and a sender")),
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(file) => Ok(Box::new(jsonl::JsonReader::open(file, options))),
            Input::Archive(_) => Err(Refusal { what: "JSON messages are a single file, not an archive.".to_owned(), place: String::new() }),
        }
    }
}
