//! One very large file read in sections, by several readers at a time: each reads the records that begin in its section, and what they
//! read is joined into the batch that one reader would have made of the whole file, byte for byte. Nothing behind [`join`] knows of
//! sections.
//!
//! A reader that begins in the middle of a file may be deceived: a record may hold what looks like the beginning of a record. So each says
//! where its first record begins and where it has met the first one behind its section. Where these places agree from section to section,
//! every reader stood where a reader from the top would have stood; where they do not, nothing is joined, and the file is read as a whole.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::archive::Packing;
use super::bytes::{RangeStream, Stream};
use super::importer::Progress;
use super::sink::Sink;
use super::watch::{Watch, Watched};
use super::{FORMATS, Format, Given, Options, Reader, Step, detect};
use crate::model::Batch;
use crate::text;
use crate::time::Zone;

/// Smaller files are read by one reader.
pub const LARGE: u64 = 64 << 20;
/// Smallest section.
const LEAST: u64 = 32 << 20;
/// No further record begins in the file.
pub const NO_MORE: u64 = u64::MAX;

/// A section of a file, as offsets: from the first byte to before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Section {
    /// First offset.
    pub from: u64,
    /// Offset after the last.
    pub to: u64,
}

/// What a format has whose files can be read in sections. Only for formats that look at the words of every text: a sample of a
/// conversation depends on the messages before ([`Sink::looks`]).
pub trait Cut: Sync {
    /// Whether a file may be cut, by its first bytes.
    fn cuts(&self, head: &[u8]) -> bool;
    /// Where the stream of a section has to begin, at or before the section itself.
    fn begins(&self, section: Section) -> u64;
    /// Opens a section.
    fn open(&self, slice: Slice, options: &Options) -> Box<dyn SectionReader>;
    /// Says what only the whole file tells, from what the readers of its sections have kept, in order, each with the places of its handles
    /// in the joined batch. `None`: they do not tell all that the whole would have told.
    fn close(&self, kept: &[(Vec<u8>, Vec<u32>)], options: &Options, sink: &mut Sink) -> Option<()>;
}

/// A section for its reader.
pub struct Slice {
    /// Where it begins and ends.
    pub section: Section,
    /// The bytes from [`Cut::begins`] to the end of the file: the last record may go beyond the section.
    pub stream: Box<dyn Stream>,
    /// First bytes of the file.
    pub top: Vec<u8>,
    /// Time of last change of the file, microseconds UTC.
    pub modified: Option<i64>,
}

/// Reads one section.
pub trait SectionReader: Reader {
    /// What it knows at the end.
    fn kept(&mut self) -> Kept;
}

/// What the reader of a section knows at its end.
pub struct Kept {
    /// Where its first record begins; [`NO_MORE`] when there is none.
    pub begin: u64,
    /// Where the first record behind the section begins; [`NO_MORE`] when there is none.
    pub end: u64,
    /// What is told only when all sections are together.
    pub bytes: Vec<u8>,
}

/// A section that has been read.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    section: Section,
    begin: u64,
    end: u64,
    kept: Vec<u8>,
    batch: Batch,
}

/// The sections in which a file is to be read, at most so many; none when it is to be read as a whole.
#[must_use]
pub fn plan(given: &Given, options: &Options, most: usize) -> Vec<Section> {
    let len = given.bytes.len();
    let count = (len / LEAST).min(most as u64);
    if len < LARGE || count < 2 || found(given, options).is_none() {
        return Vec::new();
    }
    let at = |n: u64| u64::try_from(u128::from(len) * u128::from(n) / u128::from(count)).unwrap_or(len);
    (0..count).map(|n| Section { from: at(n), to: at(n + 1) }).collect()
}

/// The format of a file that may be cut, and its first bytes.
fn found(given: &Given, options: &Options) -> Option<(&'static dyn Format, &'static dyn Cut, Vec<u8>)> {
    let (head, complete) = detect::read_head(&mut RangeStream::whole(given.bytes.clone())).ok()?;
    if Packing::of(&head).is_some() {
        return None;
    }
    let format = match &options.format {
        Some(id) => FORMATS.iter().copied().find(|f| f.about().id == id)?,
        // Where a person is to be asked for the format, the importer asks.
        None => detect::detect(name_of(&given.path), given.bytes.len(), &head, complete).certain()?,
    };
    let cut = format.cut().filter(|cut| format.raw() && cut.cuts(&head))?;
    Some((format, cut, head))
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn sink(options: &Options) -> Sink {
    Sink::new(options.zone.as_deref().and_then(Zone::named))
}

/// A section that is being read, in bounded steps.
pub struct Reading {
    sink: Sink,
    reader: Box<dyn SectionReader>,
    watch: Rc<Watch>,
    section: Section,
    failed: bool,
}

impl Reading {
    /// Begins to read a section of a file. `None`: this file cannot be cut.
    #[must_use]
    pub fn open(given: &Given, section: Section, options: &Options) -> Option<Self> {
        let (format, cut, top) = found(given, options)?;
        let watch = Rc::new(Watch::default());
        let stream = RangeStream::range(given.bytes.clone(), cut.begins(section), u64::MAX);
        let stream = Box::new(Watched::new(Box::new(stream), watch.clone()));
        let mut sink = sink(options);
        sink.keep_all_topics();
        sink.open_source(&given.path, given.bytes.len(), format.about().id, format.about().channel);
        sink.source().name = text::clean_name(name_of(&given.path));
        let reader = cut.open(Slice { section, stream, top, modified: given.modified }, options);
        Some(Self { sink, reader, watch, section, failed: false })
    }

    /// Handles a bounded amount. After [`Step::End`] call [`Reading::finish`].
    pub fn step(&mut self) -> Step {
        match self.reader.step(&mut self.sink) {
            Ok(step) => step,
            Err(_) => {
                self.failed = true;
                Step::End
            }
        }
    }

    /// Progress within the section.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let total = self.section.to.saturating_sub(self.section.from);
        Progress { done: self.watch.come().min(total), total, rows: self.sink.rows() as u64 }
    }

    /// What was read. `None`: the file could not be read to the end of the section; read as a whole, it says why.
    #[must_use]
    pub fn finish(mut self) -> Option<Read> {
        if self.failed || self.watch.take_fault().is_some() {
            return None;
        }
        let Kept { begin, end, bytes } = self.reader.kept();
        self.sink.close_source();
        Some(Read { section: self.section, begin, end, kept: bytes, batch: self.sink.finish() })
    }
}

/// Reads a section to its end: the loop that front-ends run with pauses. `None`: see [`Reading::open`] and [`Reading::finish`].
#[must_use]
pub fn read(given: &Given, section: Section, options: &Options) -> Option<Read> {
    let mut reading = Reading::open(given, section, options)?;
    while reading.step() == Step::More {}
    reading.finish()
}

/// Joins all sections of one file, in any order, into the batch of the whole file. `None`: they do not fit together; the file is to be
/// read as a whole.
#[must_use]
pub fn join(mut reads: Vec<Read>, options: &Options) -> Option<Batch> {
    reads.sort_by_key(|r| (r.section.from, r.section.to));
    let (first, last) = (reads.first()?, reads.last()?);
    let source = first.batch.tables.sources.first()?.clone();
    let meet = |pair: &[Read]| matches!(pair, [a, b] if a.section.to == b.section.from && a.end == b.begin);
    if first.section.from > 0 || last.section.to < source.bytes || last.end != NO_MORE || !reads.windows(2).all(meet) {
        return None;
    }
    let cut = FORMATS.iter().find(|f| f.about().id == source.format)?.cut()?;
    let mut sink = sink(options);
    sink.open_source(&source.path, source.bytes, &source.format, &source.channel);
    sink.source().name = source.name;
    let mut kept = Vec::with_capacity(reads.len());
    for read in reads {
        kept.push((read.kept, sink.absorb(&read.batch)?));
    }
    cut.close(&kept, options, &mut sink)?;
    sink.close_source();
    Some(sink.finish())
}

impl Read {
    /// As bytes, for a worker to send: places, what is kept, the batch; numbers little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let batch = self.batch.to_bytes();
        let mut out = Vec::with_capacity(40 + self.kept.len() + batch.len());
        for number in [self.section.from, self.section.to, self.begin, self.end, self.kept.len() as u64] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&self.kept);
        out.extend_from_slice(&batch);
        out
    }

    /// From bytes; `None` when they are damaged.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let mut number = || {
            let (number, tail) = rest.split_first_chunk::<8>()?;
            rest = tail;
            Some(u64::from_le_bytes(*number))
        };
        let (section, begin, end) = (Section { from: number()?, to: number()? }, number()?, number()?);
        let len = usize::try_from(number()?).ok()?;
        let (kept, batch) = rest.split_at_checked(len)?;
        Some(Self { section, begin, end, kept: kept.to_vec(), batch: Batch::from_bytes(batch).ok()? })
    }

    /// Messages and events read.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.batch.columns.len()
    }
}
