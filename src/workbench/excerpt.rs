//! The records around one piece of evidence: times, senders and lengths from the dataset; text from the file, only after a reveal.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::Workbench;
use crate::analysis::Closed;
use crate::import::bytes::Shared;
use crate::import::reread::{self, reread};
use crate::model::Source;
use crate::model::batch::NONE;
use crate::model::dataset::{Dataset, Row};
use crate::model::excerpt::{Excerpt, ExcerptLine};
use crate::model::matter::Matter;
use crate::model::message::Position;
use crate::report::rows::Text;
use crate::report::rsmf::Body;
use crate::text;
use crate::time::{self, Zone};

/// Records shown before and after.
const AROUND: usize = 3;
/// Longest record that is shown, in bytes.
const SHOWN: usize = 4096;
/// Longest record that goes into a document.
const DOCUMENT: usize = 1 << 20;
/// Why a private conversation is not opened.
const PRIVATE: &str = "private conversation";

/// Opens a file of the front-end: (file id, member of a folder).
pub type Open<'a> = dyn Fn(u32, &str) -> Option<Shared> + 'a;

/// The records around a row. Text only with a reason and where the matter's privacy allows content.
#[must_use]
pub fn around(workbench: &mut Workbench, row: u32, reason: Option<&str>, open: &Open<'_>) -> Excerpt {
    let zone_name = workbench.matter().zone.clone();
    let content = workbench.matter().privacy.content;
    let conversation = workbench.dataset().columns.conversation.get(row as usize).copied();
    let private = conversation.is_none_or(|conversation| workbench.private(conversation));
    let Some(dataset) = workbench.merged() else { return Excerpt::default() };
    let Some(asked) = dataset.row(row as usize) else { return Excerpt { row, note: "This record is no longer loaded.".to_owned(), ..Excerpt::default() } };
    let mut zone = Zone::named(&zone_name).unwrap_or_else(Zone::utc);
    let conversation = dataset.conversations.get(asked.conversation as usize);
    let source = dataset.sources.get(dataset.source_of(asked.part) as usize);
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
    let places = Places::of(dataset, Some(asked.part));
    excerpt.as_written = as_it_is(workbench, dataset, &asked, &places, SHOWN, open).map(|raw| date_as_written(&raw, asked.time)).unwrap_or_default();
    let counted = lines(workbench, dataset, &asked, from..to, open);
    for ix in from..to {
        let Some(r) = dataset.row(ix) else { continue };
        let text = if reveal { record(workbench, dataset, &r, &places, SHOWN, open) } else { None };
        if reveal && text.is_none() {
            "The file is no longer at hand: choose it again to read the text.".clone_into(&mut excerpt.note);
        }
        excerpt.lines.push(ExcerptLine {
            row: u32::try_from(ix).unwrap_or(NONE),
            time: time::rfc3339(zone.local_of(r.time), false).replace('T', " "),
            from: dataset.handles.get(r.sender as usize).map(|h| if h.name.is_empty() { h.key.clone() } else { h.name.clone() }).unwrap_or_default(),
            chars: r.chars,
            kind: r.flags.event().map_or("message", |e| e.word()).to_owned(),
            line: (r.position.line > 0).then_some(r.position.line).or_else(|| counted.get(&ix).copied()),
            byte: r.position.offset,
            text,
            asked: ix == row as usize,
        });
    }
    excerpt
}

/// The lines of records in the part of the one asked for, by row, where the reader counted none.
fn lines(workbench: &Workbench, dataset: &Dataset, asked: &Row, rows: Range<usize>, open: &Open<'_>) -> BTreeMap<usize, u32> {
    let mut places: Vec<(u64, usize)> = rows
        .filter_map(|ix| Some((dataset.row(ix)?, ix)))
        .filter(|(r, _)| r.part == asked.part && r.position.line == 0)
        .map(|(r, ix)| (r.position.offset, ix))
        .collect();
    places.sort_unstable();
    let counted = || {
        let source = dataset.sources.get(dataset.source_of(asked.part) as usize)?;
        let entry = &dataset.parts.get(asked.part as usize)?.entry;
        let bytes = opened(workbench.file_of(dataset.source_of(asked.part))?, source, entry, open)?;
        let offsets: Vec<u64> = places.iter().map(|(at, _)| *at).collect();
        (!reread::random(&source.format)).then(|| reread::lines(bytes, &source.path, entry, &source.encoding, &offsets))
    };
    let found = if places.is_empty() { None } else { counted() };
    places.iter().zip(found.unwrap_or_default()).filter_map(|((_, ix), line)| Some((*ix, line?))).collect()
}

/// Where records of some parts begin, sorted: a record ends where the next one of its part begins.
#[derive(Default)]
pub struct Places(BTreeMap<u32, Vec<u64>>);

impl Places {
    /// Of all parts, or of one.
    #[must_use]
    pub fn of(dataset: &Dataset, part: Option<u32>) -> Self {
        let mut places: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
        let c = &dataset.columns;
        for (p, position) in c.part.iter().zip(&c.position).filter(|(p, _)| part.is_none_or(|part| part == **p)) {
            places.entry(*p).or_default().push(Position::unpack(*position).offset);
        }
        places.values_mut().for_each(|v| v.sort_unstable());
        Self(places)
    }

    /// Bytes of the record at this place, at most `limit`.
    fn length(&self, part: u32, offset: u64, limit: usize) -> usize {
        let Some(offsets) = self.0.get(&part) else { return limit };
        let next = offsets.get(offsets.partition_point(|o| *o <= offset));
        next.map_or(limit, |n| usize::try_from(n - offset).unwrap_or(limit).min(limit))
    }
}

/// The file a part lies in. Of a folder: the member the part names, or, where the member is a source by itself, the one its path
/// names. Of a database: with its log.
fn opened(file: u32, source: &Source, entry: &str, open: &Open<'_>) -> Option<Shared> {
    reread::at_hand(&source.format, &source.path, entry, &|name| open(file, name))
}

/// Whether a file of a folder is the one asked for: by its name in the folder, or by a path that ends with it.
#[must_use]
pub fn is_member(name: &str, asked: &str) -> bool {
    name == asked || !name.is_empty() && asked.strip_suffix(name).is_some_and(|folder| folder.ends_with('/'))
}

/// The record as it stands in the file, bounded, control characters visible.
fn record(workbench: &Workbench, dataset: &Dataset, row: &Row, places: &Places, limit: usize, open: &Open<'_>) -> Option<String> {
    as_it_is(workbench, dataset, row, places, limit, open).map(|raw| visible(&raw))
}

/// The bytes of the record, bounded.
fn as_it_is(workbench: &Workbench, dataset: &Dataset, row: &Row, places: &Places, limit: usize, open: &Open<'_>) -> Option<Vec<u8>> {
    let source = dataset.sources.get(dataset.source_of(row.part) as usize)?;
    let entry = &dataset.parts.get(row.part as usize)?.entry;
    let bytes = opened(workbench.file_of(dataset.source_of(row.part))?, source, entry, open)?;
    if let Some(text) = reread::shown(&bytes, &source.format, &source.path, entry, row.position, limit) {
        return text.ok().map(String::into_bytes);
    }
    let len = places.length(row.part, row.position.offset, limit);
    reread(bytes, &source.path, entry, &source.encoding, row.position.offset, len).ok()
}

/// Text of a file made harmless: control and direction characters visible.
fn visible(raw: &[u8]) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() => '·',
        c if text::is_format(c) => '◌',
        c => c,
    };
    String::from_utf8_lossy(raw).trim_end().chars().map(shown).collect()
}

/// Reads the records of many rows again (`audit messages --with-text`): parts are kept while they fit. Private conversations stay
/// closed, and without the lists of people and clients everything that is not known to be work, unless that is asked for.
pub struct Texts<'a> {
    workbench: &'a Workbench,
    dataset: &'a Dataset,
    places: Places,
    open: &'a Open<'a>,
    kept: RefCell<BTreeMap<u32, Vec<u8>>>,
    closed: Vec<Option<Closed>>,
}

/// Most bytes of parts kept at once, and the largest part kept.
const KEPT: usize = 512 << 20;
const KEPT_PART: usize = 64 << 20;

impl<'a> Texts<'a> {
    /// For a merged workbench; `None` before merging. `matter`: the lists by which work is recognised; `undecided`: opens what they do
    /// not decide.
    #[must_use]
    pub fn new(workbench: &'a Workbench, open: &'a Open<'a>, matter: &Matter, undecided: bool) -> Option<Self> {
        let dataset = workbench.merged()?;
        let mut closed = crate::analysis::closed(dataset, matter);
        if undecided {
            closed.iter_mut().filter(|c| **c == Some(Closed::Undecided)).for_each(|c| *c = None);
        }
        Some(Self { workbench, dataset, places: Places::of(dataset, None), open, kept: RefCell::default(), closed })
    }

    /// The record of a row as written, or why it is not given.
    #[must_use]
    pub fn of(&self, row: usize) -> Text {
        match self.closed_for(row) {
            None => self.read(row).map_or(Text::LeftOut("the file is not at hand"), Text::Read),
            Some(why) => Text::LeftOut(why),
        }
    }

    fn closed_for(&self, row: usize) -> Option<&'static str> {
        self.dataset.row(row).map_or(Some(PRIVATE), |r| self.closed(r.conversation))
    }

    /// Why the texts of a conversation stay closed.
    #[must_use]
    pub fn closed(&self, conversation: u32) -> Option<&'static str> {
        match self.closed.get(conversation as usize).copied().unwrap_or(Some(Closed::Private)) {
            None => None,
            Some(Closed::Undecided) => Some("not known to be work"),
            Some(Closed::Private) => Some(PRIVATE),
        }
    }

    /// Conversations that stay closed, and their records: the private ones, and those not known to be work.
    #[must_use]
    pub fn left_out(&self) -> [(u64, u64); 2] {
        let count = |why: Closed| {
            let of = (0u32..).zip(&self.closed).filter(|(_, c)| **c == Some(why)).map(|(ix, _)| self.dataset.rows_of(ix).len() as u64);
            of.fold((0, 0), |(n, rows), more| (n + 1, rows + more))
        };
        [count(Closed::Private), count(Closed::Undecided)]
    }

    /// The text of a row for a document: the text alone where its length and fingerprint prove that it is the one, else its record as
    /// written; or why it is not given. Reads further than [`Texts::of`].
    #[must_use]
    pub fn body(&self, row: usize) -> Body {
        match self.closed_for(row) {
            Some(why) => Body::LeftOut(why),
            None => self.whole(row).unwrap_or(Body::LeftOut("the file is not at hand")),
        }
    }

    fn whole(&self, row: usize) -> Option<Body> {
        let raw = self.raw(row, DOCUMENT)?;
        let (chars, hash) = (self.dataset.columns.chars.get(row).copied()?, self.dataset.columns.hash.get(row).copied()?);
        Some(reread::text_within(&raw, chars, hash).map_or_else(|| Body::AsWritten(visible(&raw)), Body::Exact))
    }

    fn read(&self, row: usize) -> Option<String> {
        self.raw(row, SHOWN).map(|raw| visible(&raw))
    }

    fn raw(&self, row: usize, limit: usize) -> Option<Vec<u8>> {
        let r = self.dataset.row(row)?;
        let len = self.places.length(r.part, r.position.offset, limit);
        let mut kept = self.kept.borrow_mut();
        if !kept.contains_key(&r.part) && kept.values().map(Vec::len).sum::<usize>() < KEPT {
            let source = self.dataset.sources.get(self.dataset.source_of(r.part) as usize)?;
            let entry = &self.dataset.parts.get(r.part as usize)?.entry;
            let bytes = opened(self.workbench.file_of(self.dataset.source_of(r.part))?, source, entry, self.open)?;
            if let Some(text) = reread::shown(&bytes, &source.format, &source.path, entry, r.position, limit) {
                return text.ok().map(String::into_bytes);
            }
            kept.insert(r.part, reread(bytes, &source.path, entry, &source.encoding, 0, KEPT_PART).ok()?);
        }
        let at = usize::try_from(r.position.offset).ok()?;
        match kept.get(&r.part).and_then(|b| b.get(at..at.checked_add(len)?.min(b.len()))).filter(|b| !b.is_empty()) {
            Some(raw) => Some(raw.to_vec()),
            None => as_it_is(self.workbench, self.dataset, &r, &self.places, limit, self.open),
        }
    }
}

/// The date in front of a chat line (`[12/03/26, 09:14:03]` or `12/03/26, 09:14 - `) or in the header of a mail. Other formats: nothing, it
/// could be text.
fn date_as_written(record: &[u8], time: i64) -> String {
    if let Some(date) = reread::date_within(record, time) {
        return visible(date.as_bytes());
    }
    let record = visible(record);
    let line = record.lines().next().unwrap_or_default().trim_start_matches('◌');
    let head = if let Some(rest) = line.strip_prefix('[') { rest.split_once(']').map(|(head, _)| head) } else { line.split_once(" - ").map(|(head, _)| head) };
    head.filter(|h| h.len() <= 40 && h.starts_with(|c: char| c.is_numeric())).unwrap_or_default().to_owned()
}
