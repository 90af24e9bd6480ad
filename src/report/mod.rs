//! Reports: answers as documents. Owns wording for documents, number and date formats, chart drawing. No browser types.

#[cfg(feature = "core")]
pub mod ledger;
#[cfg(feature = "core")]
pub mod rows;
