//! Answers as documents: CSV tables, one printable HTML file, charts as SVG text, the ledger as JSON. Owns the wording of documents.
//! No browser types, no counting: whatever is shown stands in [`crate::model::Answers`].

pub mod chart;
pub mod csv;
pub mod custodians;
pub mod document;
#[cfg(feature = "core")]
pub mod ledger;
pub mod method;
pub mod phrase;
#[cfg(feature = "core")]
pub mod rows;
pub mod veil;
pub mod words;

/// A document by name (`json`, `html`, `csv:gaps`): file name, type, text. An unknown name gives the JSON.
#[must_use]
pub fn document_named(answers: &crate::model::Answers, what: &str) -> (String, String, String) {
    if what == "html" {
        return ("retention-audit.html".to_owned(), "text/html".to_owned(), document::html(answers));
    }
    if let Some(which) = what.strip_prefix("csv:")
        && let Some(text) = csv::table(answers, which)
    {
        return (format!("{which}.csv"), "text/csv".to_owned(), text);
    }
    ("audit.json".to_owned(), "application/json".to_owned(), serde_json::to_string_pretty(answers).unwrap_or_default())
}
