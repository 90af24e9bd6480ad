//! Answers as documents: CSV tables, one printable HTML file, charts as SVG text, the ledger as JSON. Owns the wording of documents.
//! No browser types, no counting: whatever is shown stands in [`crate::model::Answers`].

pub mod chart;
pub mod copies;
pub mod csv;
pub mod custodians;
pub mod document;
pub mod explained;
pub mod groups;
#[cfg(feature = "core")]
pub mod ledger;
pub mod method;
pub mod notice;
pub mod phrase;
#[cfg(feature = "core")]
pub mod rows;
#[cfg(feature = "core")]
pub mod rsmf;
pub mod veil;
pub mod verdict;
pub mod words;

/// A document by name (`json`, `html`, `csv:gaps`): file name, type, text. An unknown name gives the JSON. `html:leavers` and
/// `html:nobody` name fewer people, and carry the matter in the file name as `html:all` does; `preview:all` and so on is the body of
/// the same document, for the screen.
#[must_use]
pub fn document_named(answers: &crate::model::Answers, what: &str) -> (String, String, String) {
    if what == "html" {
        return ("retention-audit.html".to_owned(), "text/html".to_owned(), document::html(answers));
    }
    if let Some(names) = what.strip_prefix("html:") {
        return (document::file_name(answers), "text/html".to_owned(), document::page(answers, veil::Names::of(names)));
    }
    if let Some(names) = what.strip_prefix("preview:") {
        return (what.to_owned(), "text/html".to_owned(), document::body(answers, veil::Names::of(names)));
    }
    if let Some(which) = what.strip_prefix("csv:")
        && let Some(text) = csv::table(answers, which)
    {
        return (format!("{which}.csv"), "text/csv".to_owned(), text);
    }
    ("audit.json".to_owned(), "application/json".to_owned(), serde_json::to_string_pretty(answers).unwrap_or_default())
}
