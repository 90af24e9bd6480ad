//! Reading a record again, by its place: evidence is shown from the file itself, never from a copy.

mod within;

use std::io;
use std::rc::Rc;

use super::archive::{self, Archive, Packing};
use super::bytes::{RangeStream, Shared, Stream, WithLog};
use super::{Format, decode, folders, sqlite};
use crate::model::{Position, batch};

pub use within::text_within;

/// Up to `len` bytes at `offset` of a part. `path`: the path of the source (`outer.zip!inner`); `entry`: the part's member name, if
/// any; `encoding`: the source's, empty for UTF-8. Offsets of a source in another encoding are those of its text as UTF-8, and so
/// are the bytes that come back.
pub fn reread(bytes: Shared, path: &str, entry: &str, encoding: &str, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut magic = [0; 8];
    bytes.read_at(0, &mut magic)?;
    if magic == *batch::MAGIC {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "a batch holds no text; its exports do"));
    }
    // Members of a folder come as files; those of an archive are looked for by the names in the path.
    let within = path.contains('!') || !entry.is_empty();
    let member = if within && let Some(archive) = opened(&bytes) { Some(found(archive.as_ref(), path, entry, &in_order)?) } else { None };
    let Some(encoding) = decode::named(encoding) else {
        return match member {
            Some(mut stream) => read(stream.as_mut(), offset, len),
            None => read(&mut RangeStream::range(bytes, offset, len as u64), 0, len),
        };
    };
    let stream = member.unwrap_or_else(|| Box::new(RangeStream::whole(bytes)));
    read(&mut decode::Decoded::new(stream, encoding, Rc::default()), offset, len)
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
