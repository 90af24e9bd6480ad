//! Rows that stand for many small files of one folder: which files, read in pieces by all readers, counted as the pieces come.

use std::collections::BTreeMap;

use super::inner::{Given, Inner, Me, Row, now, single};
use super::link::{Heard, Say};
use super::pool::{JOB_BYTES, JOB_FILES};
use super::sections::Sections;
use super::{Event, FileId, Stated, later, pause};
use crate::model::ledger::Source;
use crate::model::sums::Sums;
use crate::worker::protocol::{Asked, FileRow, PIECES, Status, gathered};

/// From so many small files of one kind in one folder on, they share a row.
pub(super) const MANY: usize = 200;
/// A small file has at most this many bytes.
const SMALL: f64 = (256 << 10) as f64;

/// The state of such a row.
#[derive(Default)]
pub(super) struct Many {
    /// The first file that no piece has taken.
    next: usize,
    /// Pieces whose reader could not be loaded.
    back: Vec<(usize, usize)>,
    /// Pieces that are being read.
    running: u32,
    /// Ids of the pieces that the data worker holds, or is about to.
    pieces: Vec<FileId>,
}

/// Files of a row that a reader has.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) row: FileId,
    id: FileId,
    from: usize,
    to: usize,
    /// It has come; the reader is about to say that it is free.
    pub(super) come: bool,
}

/// Milliseconds before the browser may do something else. The size of a file that was just chosen is asked of another process, which
/// waits: half a millisecond for each where the machine is busy.
const SLICE: f64 = 16.0;
/// Files looked at before the clock is.
const GLANCE: usize = 16;

/// Rows for files by themselves: one for each, or one for all small ones of a kind in a folder, in the place of the first.
async fn rows(files: Vec<(String, web_sys::File)>) -> Vec<Row> {
    let mut begun = now();
    let mut names: Vec<Option<String>> = Vec::with_capacity(files.len());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (n, (path, file)) in files.iter().enumerate() {
        let name = (file.size() <= SMALL).then(|| gathered(path));
        if let Some(name) = &name {
            match counts.get_mut(name) {
                Some(count) => *count += 1,
                None => drop(counts.insert(name.clone(), 1)),
            }
        }
        names.push(name);
        if n.is_multiple_of(GLANCE) && now() - begun > SLICE {
            pause().await;
            begun = now();
        }
    }
    counts.retain(|_, count| *count >= MANY);
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows: Vec<Row> = Vec::new();
    for (n, (file, name)) in files.into_iter().zip(names).enumerate() {
        if n.is_multiple_of(GLANCE) && now() - begun > SLICE {
            pause().await;
            begun = now();
        }
        let Some(name) = name.filter(|name| counts.contains_key(name)) else {
            rows.push(single(file));
            continue;
        };
        let at = *places.entry(name.clone()).or_insert(rows.len());
        if at == rows.len() {
            rows.push(Row { path: name, many: true, ..Row::default() });
        }
        if let Some(row) = rows.get_mut(at) {
            row.files.push(file);
        }
    }
    rows
}

impl Inner {
    /// Adds rows, and files by themselves behind them.
    pub(super) fn gather(me: &Me, rows_before: Vec<Row>, files: Vec<(String, web_sys::File)>) {
        if files.len() < MANY {
            return Self::add(me, rows_before.into_iter().chain(files.into_iter().map(single)).collect());
        }
        let me = me.clone();
        later(Box::pin(async move {
            let mut all = rows_before;
            all.append(&mut rows(files).await);
            Self::add(&me, all);
        }));
    }

    /// The next files of a row; `None` when all are taken.
    pub(super) fn take_piece(&mut self, row: FileId) -> Option<Piece> {
        let id = PIECES + self.next_piece;
        let given = self.files.get_mut(&row)?;
        let many = given.many.as_mut()?;
        let (from, to) = match many.back.pop() {
            Some(back) => back,
            None => {
                let rest = given.files.get(many.next..).unwrap_or_default();
                let mut bytes = 0;
                let fits = |(n, (_, file)): &(usize, &(String, web_sys::File))| {
                    bytes += file.size() as u64;
                    *n == 0 || (*n < JOB_FILES && bytes <= JOB_BYTES)
                };
                let taken = rest.iter().enumerate().take_while(fits).count();
                let from = many.next;
                many.next += taken;
                (from, many.next)
            }
        };
        if from == to {
            return None;
        }
        many.running += 1;
        self.next_piece += 1;
        Some(Piece { row, id, from, to, come: false })
    }

    /// Whether files of a row wait.
    pub(super) fn has_piece(&self, row: FileId) -> bool {
        self.files.get(&row).is_some_and(|g| g.many.as_ref().is_some_and(|many| !many.back.is_empty() || many.next < g.files.len()))
    }

    /// The message that has a piece read.
    pub(super) fn ask_piece(&self, piece: &Piece) -> Option<Say> {
        let given = self.files.get(&piece.row)?;
        let files = given.files.get(piece.from..piece.to)?;
        let handles: js_sys::Array = files.iter().map(|(_, file)| file).collect();
        let names = files.iter().map(|(path, _)| path.clone()).collect();
        let (path, stated) = (given.row.path.clone(), given.stated.clone());
        let asked = Asked { id: piece.id, path, folder: false, names, stated, many: true, named: piece.from == 0, ..Asked::default() };
        Some(Say::new("read").json("files", &[asked].to_vec()).set("handles", handles))
    }

    /// A piece was read: its records go to the data worker, its sums to the row. Files that need a row of their own get one.
    pub(super) fn take_many(me: &Me, number: u32, said: &Heard) {
        let Some(piece) = me.borrow_mut().readers.get_mut(&number).and_then(|reader| reader.piece.as_mut()).map(|piece| {
            piece.come = true;
            *piece
        }) else {
            return;
        };
        let aside: Vec<u32> = said.json("aside").unwrap_or_default();
        let sums = Sums { sources: said.json("sources").unwrap_or_default(), files: said.json("summed").unwrap_or_default() };
        let put = {
            let inner = me.borrow();
            let Some(files) = inner.files.get(&piece.row).and_then(|g| g.files.get(piece.from..piece.to)) else { return };
            let handles: js_sys::Array = files.iter().map(|(_, file)| file).collect();
            let names: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
            Say::new("put").set("id", piece.id).json("names", &names).set("handles", handles).moved("bytes", &said.get("bytes"))
        };
        Self::to_data(me, put);
        {
            let mut inner = me.borrow_mut();
            inner.stale = true;
            inner.rows_of.insert(piece.id, piece.row);
            inner.timings.reads.push((piece.row, said.number("read_ms"), said.number("memory")));
        }
        let apart = Self::end_piece(me, &piece, &aside);
        if let Some(given) = me.borrow_mut().files.get_mut(&piece.row) {
            let (row, many) = (&mut given.row, given.many.get_or_insert_default());
            many.pieces.push(piece.id);
            let mut all = Sums { sources: std::mem::take(&mut row.sources), files: std::mem::take(&mut row.summed) };
            all.join(&sums);
            row.messages = all.sources.iter().map(|s| s.messages + s.events).sum();
            (row.sources, row.summed) = (all.sources, all.files);
        }
        Self::show_many(me, piece.row);
        if !apart.is_empty() {
            Self::add(me, apart);
        }
    }

    /// Counts a piece as done and takes these of its files (by their places in it) out of the row.
    fn end_piece(me: &Me, piece: &Piece, aside: &[u32]) -> Vec<Row> {
        let mut inner = me.borrow_mut();
        let Some(given) = inner.files.get_mut(&piece.row) else { return Vec::new() };
        if let Some(many) = &mut given.many {
            many.running = many.running.saturating_sub(1);
        }
        let files = given.files.get(piece.from..piece.to).unwrap_or_default();
        given.row.done += files.iter().map(|(_, file)| file.size() as u64).sum::<u64>();
        let apart: Vec<Row> = aside.iter().filter_map(|ix| files.get(*ix as usize).cloned()).map(single).collect();
        let bytes: u64 = apart.iter().flat_map(|row| &row.files).map(|(_, file)| file.size() as u64).sum();
        given.row.files = given.row.files.saturating_sub(apart.len() as u64);
        given.row.bytes = given.row.bytes.saturating_sub(bytes);
        given.row.done = given.row.done.saturating_sub(bytes);
        apart
    }

    /// Shows a row after one of its pieces; it is done with the last one. A row of which nothing is left goes away.
    fn show_many(me: &Me, id: FileId) {
        let waits = me.borrow().has_piece(id);
        let empty = {
            let mut inner = me.borrow_mut();
            let Some(given) = inner.files.get_mut(&id) else { return };
            let row = &mut given.row;
            if !waits && given.many.as_ref().is_some_and(|many| many.running == 0) && row.status == Status::Reading {
                let failed = row.sources.iter().all(|s| s.error.is_some() && s.messages + s.events == 0);
                row.status = if failed { Status::Failed } else { Status::Done };
            }
            row.files == 0
        };
        if empty {
            me.borrow_mut().files.remove(&id);
            Self::emit(me, Event::Removed(id));
        } else {
            Self::emit_row(me, id);
        }
    }

    /// A reader has died over a piece: its files are read each by itself, so that only the one that did it is lost.
    pub(super) fn lose_piece(me: &Me, piece: &Piece) {
        let all: Vec<u32> = (0..(piece.to - piece.from) as u32).collect();
        let apart = Self::end_piece(me, piece, &all);
        Self::show_many(me, piece.row);
        Self::add(me, apart);
    }

    /// A reader could not be loaded: another one reads its piece.
    pub(super) fn give_back(&mut self, piece: &Piece) {
        if let Some(many) = self.files.get_mut(&piece.row).and_then(|g| g.many.as_mut()) {
            many.running = many.running.saturating_sub(1);
            many.back.push((piece.from, piece.to));
        }
        if !self.queue.contains(&piece.row) {
            self.queue.push_front(piece.row);
        }
    }

    /// Forgets what was read of a row; true when it is one of these.
    pub(super) fn forget_pieces(me: &Me, id: FileId) -> bool {
        let pieces = {
            let mut inner = me.borrow_mut();
            let Some(given) = inner.files.get_mut(&id).filter(|g| g.many.is_some()) else { return false };
            let old = given.many.replace(Many::default()).map(|many| many.pieces).unwrap_or_default();
            let row = &given.row;
            given.row = FileRow { id, path: row.path.clone(), bytes: row.bytes, status: row.status, files: row.files, ..FileRow::default() };
            for piece in &old {
                inner.rows_of.remove(piece);
            }
            inner.stale |= !old.is_empty();
            old
        };
        for piece in pieces {
            Self::to_data(me, Say::new("remove").set("id", piece));
        }
        true
    }

    /// Closed paths by row instead of by piece.
    pub(super) fn closed_by_row(&self, rows: Vec<(FileId, Vec<String>)>) -> BTreeMap<FileId, Vec<String>> {
        let mut of: BTreeMap<FileId, Vec<String>> = BTreeMap::new();
        for (id, paths) in rows {
            of.entry(self.rows_of.get(&id).copied().unwrap_or(id)).or_default().extend(paths);
        }
        let closed = |(id, paths): (FileId, Vec<String>)| Some((id, self.files.get(&id)?.row.closed_of(paths)));
        of.into_iter().filter_map(closed).collect()
    }

    /// Rows of a saved matter; the pieces of a folder are one row again.
    pub(super) fn reopened(me: &Me, rows: Vec<(FileId, String, Vec<Source>, Vec<u64>)>) {
        let mut folders: BTreeMap<String, FileId> = BTreeMap::new();
        let mut ids = Vec::with_capacity(rows.len());
        let first = rows.iter().map(|row| row.0).filter(|id| *id < PIECES).max().map_or(0, |id| id + 1);
        let mut inner = me.borrow_mut();
        inner.next = inner.next.max(first);
        for (id, path, sources, summed) in rows {
            let is_piece = id >= PIECES;
            let row = if is_piece {
                inner.next_piece = inner.next_piece.max(id - PIECES + 1);
                let next = inner.next;
                let row = *folders.entry(path.clone()).or_insert(next);
                inner.next = next.max(row + 1);
                inner.rows_of.insert(id, row);
                row
            } else {
                id
            };
            if ids.last() != Some(&row) && !ids.contains(&row) {
                ids.push(row);
            }
            let given = inner.files.entry(row).or_insert_with(|| Given::read(row, path));
            if is_piece {
                given.many.get_or_insert_default().pieces.push(id);
                given.row.files += summed.iter().sum::<u64>();
            }
            given.row.bytes += sources.iter().map(|s| s.bytes).sum::<u64>();
            if is_piece {
                let mut all = Sums { sources: std::mem::take(&mut given.row.sources), files: std::mem::take(&mut given.row.summed) };
                all.join(&Sums { sources, files: summed });
                (given.row.sources, given.row.summed) = (all.sources, all.files);
            } else {
                (given.row.sources, given.row.summed) = (sources, summed);
            }
            given.row.messages = given.row.sources.iter().map(|s| s.messages + s.events).sum();
        }
        drop(inner);
        for id in ids {
            Self::emit_row(me, id);
        }
    }
}

impl Given {
    /// The number of its files when it stands for many.
    pub(super) fn count(row: &Row) -> u64 {
        if row.many { row.files.len() as u64 } else { 0 }
    }

    /// A file that was read elsewhere.
    fn read(id: FileId, path: String) -> Self {
        let row = FileRow { id, path, status: Status::Done, ..FileRow::default() };
        Self { row, folder: false, files: Vec::new(), stated: Stated::default(), sha256: String::new(), many: None, sections: Sections::default() }
    }
}
