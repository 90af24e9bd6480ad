use std::io;
use std::rc::Rc;

use proptest::prelude::*;

use super::record::micros;
use crate::import::archive::{Archive, Folder};
use crate::import::bytes::{RandomAccess, Shared};
use crate::import::importer::Importer;
use crate::import::{Options, Step, zip};
use crate::model::Batch;

/// Bytes that come in pieces of a few at a time: records are cut at every place.
struct Drops(Vec<u8>, usize);

impl RandomAccess for Drops {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let n = buf.len().min(self.1);
        self.0.read_at(offset, &mut buf[..n])
    }
}

fn members(name: &str) -> Vec<(String, Vec<u8>)> {
    let bytes: Shared = Rc::new(std::fs::read(format!("tests/formats/slack/{name}.zip")).unwrap());
    let archive = zip::Zip::open("x.zip", bytes).unwrap();
    let read = |ix: usize| {
        let (mut stream, mut out, mut buf) = (archive.open(ix).unwrap(), Vec::new(), [0; 4096]);
        loop {
            match stream.read(&mut buf).unwrap() {
                0 => return out,
                n => out.extend_from_slice(&buf[..n]),
            }
        }
    };
    archive.entries().iter().enumerate().map(|(ix, e)| (e.name.clone(), read(ix))).collect()
}

fn import(members: &[(String, Vec<u8>)], drop: usize) -> Batch {
    let files = members.iter().map(|(name, bytes)| (name.clone(), Rc::new(Drops(bytes.clone(), drop)) as Shared, None)).collect();
    let mut importer = Importer::folder(Box::new(Folder::new("export", files)), Options::default());
    while importer.step() == Step::More {}
    let progress = importer.progress();
    assert_eq!(progress.done, progress.total);
    importer.finish()
}

const CASES: [&str; 3] = ["public-2026/wall", "public-2026/broken_members", "all-conversations-2026/top_folder"];

#[test]
fn the_way_bytes_come_changes_nothing() {
    for case in CASES {
        let members = members(case);
        let whole = import(&members, usize::MAX);
        assert!(!whole.columns.is_empty());
        for drop in [1, 3, 100] {
            assert_eq!(import(&members, drop), whole, "{case} by {drop}");
        }
    }
}

#[test]
fn time_stamps_are_exact() {
    assert_eq!(micros(b"1355517523.000005"), Some(1_355_517_523_000_005));
    assert_eq!(micros(b"1722470400.123456"), Some(1_722_470_400_123_456));
    assert_eq!(micros(b"1722470400"), Some(1_722_470_400_000_000));
    assert_eq!(micros(b"1722470400.5"), Some(1_722_470_400_500_000));
    for bad in ["", ".5", "soon", "1722470400.x", "-5.000000", "99999999999999999999.0"] {
        assert_eq!(micros(bad.as_bytes()), None, "{bad}");
    }
}

proptest! {
    #[test]
    fn damaged_members_never_lose_a_record_unseen(case in 0..CASES.len(), hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::sample::select(b"{}[]\",:\\x0 n".to_vec())), 1..6)) {
        let mut members = members(CASES[case]);
        for (member, at, byte) in hits {
            let bytes = &mut member.get_mut(&mut members).1;
            if !bytes.is_empty() {
                *at.get_mut(bytes) = byte;
            }
        }
        for source in import(&members, usize::MAX).tables.sources {
            prop_assert_eq!(source.remainder(), 0, "{}", source.path);
        }
    }
}
