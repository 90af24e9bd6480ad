//! One writer per export format: the firm's traffic in, the bytes a real exporter would write out. A writer may cite the producer's habits; it
//! decides nothing about who writes when.

pub mod csv;
pub mod lists;
pub mod mbox;
pub mod slack;
pub mod strangers;
pub mod telegram;
pub mod whatsapp;
pub mod zip;

use super::SampleFile;

/// A file from text.
fn text_file(path: impl Into<String>, text: String) -> SampleFile {
    SampleFile { path: path.into(), bytes: text.into_bytes() }
}
