//! Exports that are folders, damaged: whichever member is cut off, wherever, and whichever is missing, the ledger adds up.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use retention_audit::import::archive::Folder;
use retention_audit::import::bytes::Shared;
use retention_audit::import::importer::Importer;
use retention_audit::import::{Options, Step};

type Members = Vec<(String, Vec<u8>)>;

fn folders(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "folder") {
            out.push(path);
        } else if path.is_dir() {
            folders(&path, out);
        }
    }
}

fn assert_adds_up(members: &Members, what: &str) {
    let files = members.iter().map(|(name, bytes)| (name.clone(), Rc::new(bytes.clone()) as Shared, None)).collect();
    let mut importer = Importer::folder(Box::new(Folder::new("export", files)), Options::default());
    while importer.step() == Step::More {}
    let progress = importer.progress();
    assert_eq!(progress.done, progress.total, "{what}");
    for source in importer.finish().tables.sources {
        assert_eq!(source.remainder(), 0, "{what}: {}", source.path);
    }
}

#[test]
fn the_ledger_adds_up_whatever_is_missing() {
    let mut all = Vec::new();
    folders(Path::new("tests/formats"), &mut all);
    assert!(!all.is_empty());
    for folder in all {
        let whole = given::members(&folder);
        assert_adds_up(&whole, &folder.display().to_string());
        for n in 0..whole.len() {
            let mut cut = whole.clone();
            for at in (0..whole[n].1.len()).step_by(97) {
                cut[n].1.truncate(0);
                cut[n].1.extend_from_slice(&whole[n].1[..at]);
                assert_adds_up(&cut, &format!("{} cut at {at} in {}", folder.display(), whole[n].0));
            }
            cut.remove(n);
            assert_adds_up(&cut, &format!("{} without {}", folder.display(), whole[n].0));
        }
    }
}
