//! Reports: answers as documents. Owns wording for documents, number and date formats, chart drawing. No browser types.

#[cfg(feature = "core")]
pub mod ledger;
#[cfg(feature = "core")]
pub mod rows;

/// A document by name: file name, type, text.
#[must_use]
pub fn document_named(answers: &crate::model::Answers, _what: &str) -> (String, String, String) {
    ("audit.json".to_owned(), "application/json".to_owned(), serde_json::to_string_pretty(answers).unwrap_or_default())
}
