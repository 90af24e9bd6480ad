//! Answers as documents: CSV tables, one printable HTML file, charts as SVG text. Owns the wording of documents. No browser
//! types, no counting: whatever is shown stands in [`crate::model::Answers`].

pub mod chart;
pub mod csv;
pub mod custodians;
pub mod document;
pub mod method;
pub mod phrase;
pub mod veil;
pub mod words;
