//! Reading a record again, by its place: evidence is shown from the file itself, never from a copy.

mod within;

use std::io;
use std::rc::Rc;

use super::archive::{self, Archive, Packing};
use super::bytes::{RangeStream, Shared, Stream, WithLog};
use super::{Format, decode, folders, sqlite};
use crate::model::{Position, batch};

pub use within::{date_within, text_within};

/// Up to `len` bytes at `offset` of a part. `path`: the path of the source (`outer.zip!inner`); `entry`: the part's member name, if
/// any; `encoding`: the source's, empty for UTF-8. Offsets of a source in another encoding are those of its text as UTF-8, and so
/// are the bytes that come back.
pub fn reread(bytes: Shared, path: &str, entry: &str, encoding: &str, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    let (mut stream, skip) = part(bytes, path, entry, encoding, offset, len as u64)?;
    read(stream.as_mut(), skip, len)
}

/// The bytes of a part from `offset` on, and how many of them come before it: a member that is packed or in another encoding is read
/// from its beginning.
fn part(bytes: Shared, path: &str, entry: &str, encoding: &str, offset: u64, len: u64) -> io::Result<(Box<dyn Stream>, u64)> {
    let mut magic = [0; 8];
    bytes.read_at(0, &mut magic)?;
    if magic == *batch::MAGIC {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "a batch holds no text; its exports do"));
    }
    // Members of a folder come as files; those of an archive are looked for by the names in the path.
    let within = path.contains('!') || !entry.is_empty();
    let member = if within && let Some(archive) = opened(&bytes) { Some(found(archive.as_ref(), path, entry, &in_order)?) } else { None };
    let Some(encoding) = decode::named(encoding) else {
        return Ok(match member {
            Some(stream) => (stream, offset),
            None => (Box::new(RangeStream::range(bytes, offset, len)), 0),
        });
    };
    let stream = member.unwrap_or_else(|| Box::new(RangeStream::whole(bytes)));
    Ok((Box::new(decode::Decoded::new(stream, encoding, Rc::default())), offset))
}

/// Farthest place whose line is counted.
const COUNTED: u64 = 128 << 20;

/// The lines, from 1, in which some places of a part stand (`offsets`, ascending), for formats that do not count lines while they are
/// read. Nothing for a place beyond 128 MiB, for a part that is no text, and for what cannot be read.
#[must_use]
pub fn lines(bytes: Shared, path: &str, entry: &str, encoding: &str, offsets: &[u64]) -> Vec<Option<u32>> {
    let mut found = vec![None; offsets.len()];
    let farthest = offsets.iter().copied().filter(|at| *at <= COUNTED).max();
    let Some(Ok((mut stream, _))) = farthest.map(|at| part(bytes, path, entry, encoding, 0, at)) else { return found };
    let mut waiting = found.iter_mut().zip(offsets).peekable();
    let (mut buf, mut done, mut line) = (vec![0; 64 << 10], 0_u64, 1_u32);
    loop {
        let n = stream.read(&mut buf).unwrap_or(0);
        let read = buf.get(..n).unwrap_or_default();
        if memchr::memchr(0, read).is_some() {
            break;
        }
        let mut counted = 0;
        while let Some((found, at)) = waiting.next_if(|(_, at)| **at <= done + n as u64) {
            let here = usize::try_from(at.saturating_sub(done)).unwrap_or(0);
            line = line.saturating_add(breaks(read.get(counted..here).unwrap_or_default()));
            (*found, counted) = (Some(line), here.max(counted));
        }
        if n == 0 || waiting.peek().is_none() {
            break;
        }
        line = line.saturating_add(breaks(read.get(counted..).unwrap_or_default()));
        done += n as u64;
    }
    found
}

fn breaks(text: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', text).count()).unwrap_or(u32::MAX)
}

/// Whether a part of a source is the log of its database.
fn in_log(format: &dyn Format, path: &str, entry: &str) -> bool {
    format.logged() && folders::database_of(entry).is_some_and(|database| path.ends_with(database))
}

/// A database with its log, if that is one.
fn with_log(database: Shared, log: Option<Shared>) -> Shared {
    match log.filter(sqlite::is_log) {
        Some(log) => Rc::new(WithLog { database, log }),
        None => database,
    }
}

/// The file that a record is read from, given by `open`, which knows files by their paths and by the names of their parts. A database comes
/// with the log that was read with it.
pub fn at_hand(format: &str, path: &str, entry: &str, open: &dyn Fn(&str) -> Option<Shared>) -> Option<Shared> {
    let format = super::FORMATS.iter().find(|f| f.about().id == format).filter(|f| f.logged());
    let outer = || path.split('!').next().and_then(open);
    let Some(format) = format else { return open(entry).or_else(|| open(path)).or_else(outer) };
    let entry = if in_log(*format, path, entry) { "" } else { entry };
    let database = open(entry).or_else(|| open(path)).or_else(outer)?;
    Some(with_log(database, open(&folders::log_of(path))))
}

/// Whether records of the format have no lines: their bytes say nothing by themselves.
#[must_use]
pub fn random(format: &str) -> bool {
    super::FORMATS.iter().any(|f| f.about().id == format && f.random())
}

/// The record at a place as its format shows it to a person (at most `limit` bytes), for formats whose bytes say nothing by themselves;
/// `None` for all others, whose bytes are the record.
pub fn shown(bytes: &Shared, format: &str, path: &str, entry: &str, position: Position, limit: usize) -> Option<io::Result<String>> {
    let format = super::FORMATS.iter().find(|f| f.about().id == format).filter(|f| f.random())?;
    let mut magic = [0; 8];
    if bytes.read_at(0, &mut magic).is_ok() && magic == *batch::MAGIC {
        return None;
    }
    let (entry, position) = match in_log(*format, path, entry) {
        true => ("", Position { offset: position.offset | sqlite::IN_LOG, ..position }),
        false => (entry, position),
    };
    if bytes.log().is_some() || (!path.contains('!') && entry.is_empty()) {
        return format.record(bytes, position, limit);
    }
    match opened(bytes) {
        Some(archive) => match found(archive.as_ref(), path, entry, &whole) {
            Ok(bytes) if format.logged() => {
                let log = found(archive.as_ref(), &folders::log_of(path), entry, &whole);
                format.record(&with_log(bytes, log.ok()), position, limit)
            }
            Ok(bytes) => format.record(&bytes, position, limit),
            Err(error) => Some(Err(error)),
        },
        None => format.record(bytes, position, limit),
    }
}

/// The file as an archive, if it is one.
fn opened(bytes: &Shared) -> Option<Box<dyn Archive>> {
    let mut head = [0; 512];
    let n = bytes.read_at(0, &mut head).ok()?;
    // Bytes may stand before a zip.
    let packing = Packing::of(head.get(..n)?).unwrap_or(Packing::Zip);
    archive::open("", bytes.clone(), packing).ok()
}

/// A member at any place.
fn whole(archive: &dyn Archive, ix: usize) -> Option<Shared> {
    archive.direct(ix).or_else(|| super::archive::expand(archive, ix).ok())
}

/// A member in order.
fn in_order(archive: &dyn Archive, ix: usize) -> Option<Box<dyn Stream>> {
    archive.open(ix).ok()
}

/// The member that a path and an entry name. Names may hold `!` themselves: every one in the path may be the border.
fn found<T>(archive: &dyn Archive, path: &str, entry: &str, open: &dyn Fn(&dyn Archive, usize) -> Option<T>) -> io::Result<T> {
    let gone = || io::Error::new(io::ErrorKind::NotFound, "the archive no longer holds this member");
    let borders = path.match_indices('!').filter_map(|(at, _)| path.get(at + 1..));
    let at = borders.chain([""]).find_map(|rest| {
        // The entry of a claimed archive may be named in the path of its source too.
        let full = if entry.is_empty() || rest == entry || rest.ends_with(&format!("!{entry}")) {
            rest.to_owned()
        } else if rest.is_empty() {
            entry.to_owned()
        } else {
            format!("{rest}!{entry}")
        };
        trail(archive, &full, open)
    });
    at.ok_or_else(gone)
}

/// Follows `inner.zip!name` from archive to archive.
fn trail<T>(archive: &dyn Archive, rest: &str, open: &dyn Fn(&dyn Archive, usize) -> Option<T>) -> Option<T> {
    let named = archive.entries().iter().position(|e| e.name == rest);
    if let Some(ix) = named.or_else(|| (archive.sole() && !rest.contains('!')).then_some(0)) {
        return open(archive, ix);
    }
    let inner = |(ix, e): (usize, &super::archive::Entry)| {
        let rest = if archive.sole() { rest.split_once('!')?.1 } else { rest.strip_prefix(&e.name)?.strip_prefix('!')? };
        trail(opened(&whole(archive, ix)?)?.as_ref(), rest, open)
    };
    archive.entries().iter().enumerate().filter(|(_, e)| !e.name.is_empty()).find_map(inner)
}

/// Passes over `skip` bytes, then reads at most `len`. Damage further on does not matter.
fn read(stream: &mut dyn Stream, mut skip: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut buf = vec![0; 64 << 10];
    let mut out = Vec::with_capacity(len.min(1 << 20));
    while out.len() < len {
        let n = match stream.read(&mut buf) {
            Ok(0) => break,
            Ok(n) => n,
            Err(_) if !out.is_empty() => break,
            Err(error) => return Err(error),
        };
        let drop = usize::try_from(skip).unwrap_or(usize::MAX).min(n);
        skip -= drop as u64;
        let fresh = buf.get(drop..n).unwrap_or_default();
        out.extend_from_slice(fresh.get(..fresh.len().min(len - out.len())).unwrap_or_default());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_places_are_those_a_person_counts() {
        let mut text: Vec<u8> = (1..=40_000).flat_map(|n| format!("line {n}\n").into_bytes()).collect();
        let at = |text: &[u8], what: &str| memchr::memmem::find(text, what.as_bytes()).map(|at| at as u64).unwrap_or_default();
        let offsets = [
            0,
            at(&text, "line 2\n"),
            at(&text, "line 2\n"),
            at(&text, "line 7000\n") + 3,
            at(&text, "line 39999\n"),
            text.len() as u64,
            text.len() as u64 + 1,
        ];
        let found = |text: &[u8]| lines(Rc::new(text.to_vec()), "mail.mbox", "", "", &offsets);
        assert_eq!(found(&text), [Some(1), Some(2), Some(2), Some(7000), Some(39_999), Some(40_001), None]);
        text[300_000] = 0;
        assert_eq!(found(&text), [Some(1), Some(2), Some(2), Some(7000), None, None, None], "what holds NUL is no text");
    }
}
