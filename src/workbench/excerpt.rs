//! The records around one piece of evidence: times, senders and lengths from the dataset; text from the file, only after a reveal.

use super::Workbench;
use crate::import::bytes::Shared;
use crate::import::reread::reread;
use crate::model::batch::NONE;
use crate::model::dataset::{Dataset, Row};
use crate::model::excerpt::{Excerpt, ExcerptLine};
use crate::text;
use crate::time::{self, Zone};

/// Records shown before and after.
const AROUND: usize = 3;
/// Longest record that is shown, in bytes.
const SHOWN: usize = 4096;

/// Opens a file of the front-end: (file id, member of a folder).
pub type Open<'a> = dyn Fn(u32, &str) -> Option<Shared> + 'a;

/// The records around a row. Text only with a reason and where the matter's privacy allows content.
#[must_use]
pub fn around(workbench: &mut Workbench, row: u32, reason: Option<&str>, open: &Open<'_>) -> Excerpt {
    let zone_name = workbench.matter().zone.clone();
    let content = workbench.matter().privacy.content;
    workbench.dataset();
    let Some(dataset) = workbench.merged() else { return Excerpt::default() };
    let Some(asked) = dataset.row(row as usize) else { return Excerpt { row, note: "This record is no longer loaded.".to_owned(), ..Excerpt::default() } };
    let mut zone = Zone::named(&zone_name).unwrap_or_else(Zone::utc);
    let conversation = dataset.conversations.get(asked.conversation as usize);
    let source = dataset.sources.get(dataset.source_of(asked.part) as usize);
    let private = crate::analysis::private_conversation(dataset, workbench.matter(), asked.conversation);
    let mut excerpt = Excerpt {
        row,
        source: source.map(|s| s.path.clone()).unwrap_or_default(),
        sha256: source.map(|s| s.sha256.clone()).unwrap_or_default(),
        entry: dataset.parts.get(asked.part as usize).map(|p| p.entry.clone()).unwrap_or_default(),
        channel: conversation.map(|c| c.channel.clone()).unwrap_or_default(),
        zone: zone.name().to_owned(),
        ..Excerpt::default()
    };
    if private {
        "This conversation is private: it is counted, never opened.".clone_into(&mut excerpt.note);
        return excerpt;
    }
    excerpt.conversation = conversation.map(|c| c.title.clone()).unwrap_or_default();
    let rows = dataset.rows_of(asked.conversation);
    let from = (row as usize).saturating_sub(AROUND).max(rows.start);
    let to = (row as usize + AROUND + 1).min(rows.end);
    let reveal = reason.is_some() && content;
    if reason.is_some() && !content {
        "This matter is in flow mode: text is not opened. Content mode is a setting of the matter file.".clone_into(&mut excerpt.note);
    }
    excerpt.as_written = record(workbench, dataset, &asked, 160, open).map(|r| date_as_written(&r)).unwrap_or_default();
    for ix in from..to {
        let Some(r) = dataset.row(ix) else { continue };
        let text = if reveal { record(workbench, dataset, &r, SHOWN, open) } else { None };
        if reveal && text.is_none() {
            "The file is no longer at hand: choose it again to read the text.".clone_into(&mut excerpt.note);
        }
        excerpt.lines.push(ExcerptLine {
            row: u32::try_from(ix).unwrap_or(NONE),
            time: time::rfc3339(zone.local_of(r.time), false).replace('T', " "),
            from: dataset.handles.get(r.sender as usize).map(|h| if h.name.is_empty() { h.key.clone() } else { h.name.clone() }).unwrap_or_default(),
            chars: r.chars,
            kind: r.flags.event().map_or("message", |e| e.word()).to_owned(),
            line: (r.position.line > 0).then_some(r.position.line),
            byte: r.position.offset,
            text,
            asked: ix == row as usize,
        });
    }
    excerpt
}

/// The record as it stands in the file, bounded, control characters visible. It ends where the next record of its part begins.
fn record(workbench: &Workbench, dataset: &Dataset, row: &Row, limit: usize, open: &Open<'_>) -> Option<String> {
    let source = dataset.sources.get(dataset.source_of(row.part) as usize)?;
    let entry = &dataset.parts.get(row.part as usize)?.entry;
    let bytes = open(workbench.file_of(source)?, entry)?;
    let c = &dataset.columns;
    let same_part = c.part.iter().zip(&c.position).filter(|(p, _)| **p == row.part).map(|(_, p)| crate::model::Position::unpack(*p).offset);
    let next = same_part.filter(|o| *o > row.position.offset).min();
    let len = next.map_or(limit, |n| usize::try_from(n - row.position.offset).unwrap_or(limit).min(limit));
    let raw = reread(bytes, &source.path, entry, &source.encoding, row.position.offset, len).ok()?;
    let shown = String::from_utf8_lossy(&raw);
    let visible = |c: char| {
        if c == '\n' || c == '\t' {
            c
        } else if c.is_control() {
            '·'
        } else if text::is_format(c) {
            '◌'
        } else {
            c
        }
    };
    Some(shown.trim_end().chars().map(visible).collect())
}

/// The date in front of a chat line: `[12/03/26, 09:14:03]` or `12/03/26, 09:14 - `. Other formats: nothing, it could be text.
fn date_as_written(record: &str) -> String {
    let line = record.lines().next().unwrap_or_default().trim_start_matches('◌');
    let head = if let Some(rest) = line.strip_prefix('[') { rest.split_once(']').map(|(head, _)| head) } else { line.split_once(" - ").map(|(head, _)| head) };
    head.filter(|h| h.len() <= 40 && h.starts_with(|c: char| c.is_numeric())).unwrap_or_default().to_owned()
}
