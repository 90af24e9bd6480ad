//! The reader over all fixtures: whatever the window, the line ends and the cuts, the facts stay.

use super::apple::emlx;
use super::reader::{Kind, Mail};
use crate::import::bytes::RangeStream;
use crate::import::bytes::{WINDOW, Window};
use crate::import::section::Section;
use crate::import::sink::Sink;
use crate::import::{Options, Reader, Step};
use crate::model::Batch;
use crate::model::Flags;
use std::rc::Rc;

fn read(bytes: &[u8], kind: Kind, size: usize) -> Batch {
    let window = Window::with_limits(Box::new(RangeStream::whole(Rc::new(bytes.to_vec()))), size, WINDOW);
    let mut reader = Mail::on(window, None, &Options::default(), kind);
    let mut sink = Sink::new(None);
    sink.open_source("x", bytes.len() as u64, "mbox", "email");
    while reader.step(&mut sink).unwrap() == Step::More {}
    sink.close_source();
    sink.finish()
}

fn fixtures(folder: &str) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(entry.unwrap().path()).unwrap() {
            out.push(std::fs::read(file.unwrap().path()).unwrap());
        }
    }
    out
}

#[test]
fn the_size_of_the_window_changes_nothing() {
    for (folder, kind) in [("tests/formats/mbox", Kind::Mbox), ("tests/formats/eml", Kind::Eml)] {
        for bytes in fixtures(folder) {
            let whole = read(&bytes, kind, WINDOW);
            for size in [1, 64, 333] {
                assert_eq!(read(&bytes, kind, size), whole, "window of {size}: {}", String::from_utf8_lossy(&bytes));
            }
        }
    }
}

#[test]
fn sections_hold_every_message_once_wherever_they_are_cut() {
    for bytes in fixtures("tests/formats/mbox") {
        // Unquoted separators in bodies can be told only from the top.
        if memchr::memmem::find(&bytes, b"Content-Length").is_some() {
            continue;
        }
        let rows = |batch: &Batch| -> Vec<_> {
            batch.columns.position.iter().copied().zip(batch.columns.time.iter().copied()).zip(batch.columns.hash.iter().copied()).collect()
        };
        let whole = rows(&read(&bytes, Kind::Mbox, WINDOW));
        let len = bytes.len() as u64;
        // Every cut of a small file; in larger ones some, and those around separators.
        let step = bytes.len() / 500 + 1;
        let near: Vec<u64> = memchr::memmem::find_iter(&bytes, b"\nFrom ").take(10).flat_map(|p| [p as u64, p as u64 + 1, p as u64 + 2]).collect();
        for cut in (0..=len).step_by(step).chain(near) {
            let mut found = Vec::new();
            for (from, to) in [(0, cut), (cut, len)] {
                let stream = RangeStream::range(Rc::new(bytes.clone()), from.saturating_sub(3), u64::MAX);
                let window = Window::with_limits(Box::new(stream), 50, WINDOW);
                let mut reader = Mail::section(window, None, &Options::default(), Section { from, to }, &bytes);
                let mut sink = Sink::new(None);
                sink.open_source("x", len, "mbox", "email");
                while reader.step(&mut sink).unwrap() == Step::More {}
                sink.close_source();
                found.extend(rows(&sink.finish()));
            }
            assert_eq!(found, whole, "cut at {cut}: {}", String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn line_ends_change_nothing_but_offsets() {
    for (folder, kind) in [("tests/formats/mbox", Kind::Mbox), ("tests/formats/eml", Kind::Eml)] {
        for bytes in fixtures(folder) {
            // A byte count names bytes: it cannot survive.
            if emlx(&bytes).is_some() || memchr::memmem::find(&bytes, b"Content-Length").is_some() {
                continue;
            }
            let lf: Vec<u8> = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").into_bytes();
            let crlf = String::from_utf8_lossy(&lf).replace('\n', "\r\n").into_bytes();
            let (a, b) = (read(&lf, kind, WINDOW), read(&crlf, kind, WINDOW));
            let facts = |x: &Batch| (x.columns.time.clone(), x.columns.chars.clone(), x.columns.hash.clone(), x.columns.flags.clone(), x.ids.clone());
            assert_eq!(facts(&a), facts(&b), "{}", String::from_utf8_lossy(&lf));
        }
    }
}

#[test]
fn a_message_larger_than_the_window_is_read_in_pieces() {
    let mut mbox = b"From a@b Mon Mar  4 10:00:00 2019\nDate: Mon, 4 Mar 2019 10:00:00 +0000\nFrom: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHello\n--x\nContent-Type: application/zip\n\n".to_vec();
    for _ in 0..60_000 {
        mbox.extend_from_slice(b"UEsDBBQAAAAIAAUEsDBBQAAAAIAAUEsDBBQAAAAIAAUEsDBBQAAAAIAA\n");
    }
    mbox.extend_from_slice(b"--x\n\n");
    mbox.extend_from_slice(&"word ".repeat(400_000).into_bytes());
    mbox.extend_from_slice(b"\n--x--\n\nFrom a@b Mon Mar  4 10:00:00 2019\nDate: Mon, 4 Mar 2019 11:00:00 +0000\nFrom: a@b\n\nend\n");
    let batch = read(&mbox, Kind::Mbox, WINDOW);
    assert_eq!(batch.columns.chars, [2_000_005, 3]);
    assert_eq!(Flags(batch.columns.flags[0]).attachments(), 1);
    assert!(batch.tables.statements.is_empty());
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_accounted_for(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), size in 1usize..64) {
        for (top, kind) in [(&b"From a@b Mon Mar  4 10:00:00 2019\nDate: Mon, 4 Mar 2019 10:00:00 +0000\n"[..], Kind::Mbox), (b"", Kind::Mbox), (b"Subject: x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n", Kind::Eml)] {
            let batch = read(&[top, &bytes].concat(), kind, size);
            assert_eq!(batch.tables.sources[0].remainder(), 0);
        }
    }
}
