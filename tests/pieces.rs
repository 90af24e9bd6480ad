//! Exports of messengers come through a file, a browser or an archive in pieces of any size: records are cut at every place, and what is
//! read must not change.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use std::path::Path;
use std::rc::Rc;

use given::{Drops, files, read_bytes};
use retention_audit::model::Batch;

fn read(path: &Path, bytes: &[u8], drop: usize) -> Batch {
    read_bytes(path.file_name().unwrap().to_str().unwrap(), Rc::new(Drops(bytes.to_vec(), drop)))
}

const FORMATS: [&str; 8] = ["discord_csv", "discord_json", "discord_package", "meta_json", "wechat_csv", "wechat_json", "wechat_txt", "wecom_archive"];

#[test]
fn the_way_bytes_come_changes_nothing() {
    for path in FORMATS.iter().flat_map(|f| files(&Path::new("tests/formats").join(f))) {
        let bytes = std::fs::read(&path).unwrap();
        // Cut in the middle too: what a file that ends too early proves is the same however it comes.
        for end in [bytes.len(), bytes.len() * 2 / 3] {
            let whole = read(&path, &bytes[..end], usize::MAX);
            for drop in [1, 3, 100] {
                assert_eq!(read(&path, &bytes[..end], drop), whole, "{} up to {end} by {drop}", path.display());
            }
        }
    }
}

#[test]
fn damaged_bytes_never_lose_a_record_unseen() {
    for path in FORMATS.iter().flat_map(|f| files(&Path::new("tests/formats").join(f))) {
        let bytes = std::fs::read(&path).unwrap();
        let marks = b"{}[]\",:\\x0\n\xff";
        for n in 0..8usize {
            let mut bytes = bytes.clone();
            if bytes.is_empty() {
                continue;
            }
            // Three hits at places that differ from round to round and file to file.
            for k in 0..3 {
                let at = (n * 7919 + k * 104_729 + bytes.len() * 31) % bytes.len();
                bytes[at] = marks[(n + k * 5) % marks.len()];
            }
            for source in read(&path, &bytes, usize::MAX).tables.sources {
                assert_eq!(source.remainder(), 0, "{} round {n}", path.display());
            }
        }
    }
}
