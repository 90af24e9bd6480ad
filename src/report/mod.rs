//! Answers as documents. Owns the wording of documents. No browser types, no counting.

pub mod words;
