//! What every fuzz target checks: nothing panics, the ledger adds up, batches survive their bytes, merging holds.

use std::rc::Rc;

use retention_audit::import::{Given, Options, read_all};
use retention_audit::model::Batch;
use retention_audit::workbench::merge::merge;

/// Reads bytes as a format (or as whatever they are taken for) and checks what must always hold.
pub fn read(data: &[u8], format: Option<&str>) {
    let options = Options { format: format.map(str::to_owned), ..Options::default() };
    let batch = read_all(vec![Given { path: "fuzz/unknown".to_owned(), bytes: Rc::new(data.to_vec()), modified: None }], options);
    check(&batch);
}

fn check(batch: &Batch) {
    for source in &batch.tables.sources {
        assert_eq!(source.remainder(), 0, "{source:?}");
    }
    let again = Batch::from_bytes(&batch.to_bytes()).expect("a batch that was made is read");
    assert!(again == *batch);
    let merged = merge(&[batch, &again], "Europe/London");
    for source in &merged.sources {
        assert_eq!(source.remainder(), 0, "{source:?}");
    }
}

/// The bytes as an archive, with a start that makes them one.
pub fn archive(data: &[u8]) {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend_from_slice(data);
    read(&bytes, None);
    read(data, None);
}

/// The bytes as a batch, with and without the right start.
pub fn batch(data: &[u8]) {
    for start in [&b""[..], b"RABATCH\x1a\x01\0\0\0"] {
        let mut bytes = start.to_vec();
        bytes.extend_from_slice(data);
        if let Ok(batch) = Batch::from_bytes(&bytes) {
            assert_eq!(Batch::from_bytes(&batch.to_bytes()).as_ref(), Ok(&batch));
            let _ = merge(&[&batch], "");
        }
    }
}

/// The bytes as each list.
pub fn lists(data: &[u8]) {
    for kind in ["people", "clients", "leave", "expected", "matter"] {
        let mut matter = retention_audit::model::Matter::default();
        let _ = retention_audit::workbench::lists::add(&mut matter, kind, "list.csv", data);
    }
}
