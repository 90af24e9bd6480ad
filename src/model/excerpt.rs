//! An excerpt: the records around one piece of evidence. Text only after a reveal.

use serde::{Deserialize, Serialize};

use super::decision::Reveal;

/// A line of an excerpt: a record near the evidence. Text only when revealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExcerptLine {
    /// Dataset row.
    pub row: u32,
    /// Time in the matter's zone.
    pub time: String,
    /// Sender.
    pub from: String,
    /// Characters of the text (shown as a mask).
    pub chars: u32,
    /// `message` or the event word.
    pub kind: String,
    /// Line, where lines exist.
    pub line: Option<u32>,
    /// Byte offset.
    pub byte: u64,
    /// The record itself, re-read from the file; only after a reveal.
    pub text: Option<String>,
    /// Whether this is the record asked for.
    pub asked: bool,
}

impl Excerpt {
    /// What the reveal log notes of it; `None` when no text was shown.
    #[must_use]
    pub fn revealed(&self, reason: &str, by: &str, at: &str) -> Option<Reveal> {
        let shown: Vec<&ExcerptLine> = self.lines.iter().filter(|line| line.text.is_some()).collect();
        let (first, last) = (shown.first()?, shown.last()?);
        let text = |t: &str| t.to_owned();
        let conversation = if self.conversation.is_empty() { format!("around record {}", self.row) } else { self.conversation.clone() };
        Some(Reveal {
            at: text(at),
            by: text(by),
            reason: text(reason),
            channel: self.channel.clone(),
            conversation,
            from: first.time.clone(),
            to: last.time.clone(),
            messages: shown.iter().filter(|line| line.kind == "message").count() as u64,
        })
    }
}

/// An excerpt around one record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Excerpt {
    /// Row asked for.
    pub row: u32,
    /// Path of the source.
    pub source: String,
    /// Digest of the file.
    pub sha256: String,
    /// Member of an archive.
    pub entry: String,
    /// Channel slug.
    pub channel: String,
    /// Title of the conversation; empty when it is private or untitled.
    pub conversation: String,
    /// Zone of the times.
    pub zone: String,
    /// Date as written in the file, if it could be read again.
    pub as_written: String,
    /// The records around, in order.
    pub lines: Vec<ExcerptLine>,
    /// Why text cannot be shown, if so.
    pub note: String,
}
