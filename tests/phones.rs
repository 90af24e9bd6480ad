//! Backups and stores of phones under damage: nothing is lost unseen, and it does not matter in which pieces bytes come.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use std::path::PathBuf;
use std::rc::Rc;

use given::{Drops, read_bytes};
use retention_audit::import::bytes::Shared;
use retention_audit::model::Batch;

fn fixtures() -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for format in ["sms_backup", "imessage_db", "whatsapp_db", "imessage_export"] {
        for version in std::fs::read_dir(format!("tests/formats/{format}")).unwrap() {
            for file in std::fs::read_dir(version.unwrap().path()).unwrap() {
                let path = file.unwrap().path();
                // A database with its log: `tests/phone_logs.rs`.
                if path.is_dir() {
                    continue;
                }
                all.push((path.clone(), std::fs::read(path).unwrap()));
            }
        }
    }
    all.sort();
    assert!(all.len() > 12);
    all
}

fn read(path: &std::path::Path, bytes: Shared) -> Batch {
    read_bytes(path.file_name().unwrap().to_str().unwrap(), bytes)
}

#[test]
fn the_way_bytes_come_changes_nothing() {
    for (path, bytes) in fixtures() {
        let whole = read(&path, Rc::new(bytes.clone()));
        assert!(!whole.columns.is_empty());
        for size in [3, 500] {
            assert_eq!(read(&path, Rc::new(Drops(bytes.clone(), size))), whole, "{} by {size}", path.display());
        }
    }
}

#[test]
fn damage_never_loses_a_record_unseen() {
    let mut state = 11u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % n
    };
    for (path, bytes) in fixtures() {
        for _ in 0..40 {
            let mut bytes = bytes.clone();
            for _ in 0..=next(8) {
                let at = next(bytes.len());
                bytes[at] = if next(2) == 0 { b"<>\"'&=/ \n\0"[next(10)] } else { next(256) as u8 };
            }
            if next(4) == 0 {
                let end = next(bytes.len());
                bytes.truncate(end);
            }
            for source in read(&path, Rc::new(bytes)).tables.sources {
                assert_eq!(source.remainder(), 0, "{}", source.path);
            }
        }
    }
}
