//! What every fuzz target checks: nothing panics, the ledger adds up, batches survive their bytes, merging holds.

use std::rc::Rc;
use std::sync::LazyLock;

use retention_audit::import::archive::{Folder, Packing, open};
use retention_audit::import::bytes::Shared;
use retention_audit::import::importer::Importer;
use retention_audit::import::{Given, Options, Step, read_all};
use retention_audit::model::matter::{Matter, Scope};
use retention_audit::model::{Answers, Batch};
use retention_audit::report::{csv, document};
use retention_audit::workbench::Workbench;
use retention_audit::workbench::excerpt::{Texts, around};
use retention_audit::workbench::merge::merge;

/// Reads bytes as a format (or as whatever they are taken for) and checks what must always hold.
pub fn read(data: &[u8], format: Option<&str>) {
    let options = Options { format: format.map(str::to_owned), ..Options::default() };
    let batch = read_all(vec![Given { path: "fuzz/unknown".to_owned(), bytes: Rc::new(data.to_vec()), modified: None }], options);
    check(&batch);
}

/// Reads bytes as the format that the variable FORMAT names.
pub fn format(data: &[u8]) {
    static FORMAT: LazyLock<String> = LazyLock::new(|| std::env::var("FORMAT").expect("FORMAT names the format: see audit formats"));
    read(data, Some(&FORMAT));
}

/// Reads a tar of files as the folder they stand for.
pub fn folder(data: &[u8]) {
    let mut files: Vec<(String, Shared, Option<i64>)> = Vec::new();
    let Ok(archive) = open("fuzz", Rc::new(data.to_vec()), Packing::Tar) else { return };
    for (ix, entry) in archive.entries().iter().enumerate() {
        if entry.locked.is_some() || entry.name.ends_with('/') {
            continue;
        }
        let bytes: Option<Shared> = archive.direct(ix);
        files.extend(bytes.map(|bytes| (entry.name.clone(), bytes, None)));
    }
    let mut importer = Importer::folder(Box::new(Folder::new("fuzz", files)), Options::default());
    while importer.step() == Step::More {}
    check(&importer.finish());
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

/// Records whose place is opened.
const OPENED: u32 = 12;

/// Whatever the bytes are taken for, to the end: all questions answered, the report and tables written, records opened at their places. A
/// batch says the same after its bytes.
pub fn answers(data: &[u8]) {
    let bytes: Shared = Rc::new(data.to_vec());
    let batch = read_all(vec![Given { path: "fuzz/unknown".to_owned(), bytes: bytes.clone(), modified: None }], Options::default());
    let again = Batch::from_bytes(&batch.to_bytes()).expect("a batch that was made is read");
    let (mut workbench, answers) = asked(batch);
    assert!(answers == asked(again).1);
    let page = document::html(&answers);
    assert!(!page.contains("<script"), "the report runs nothing");
    for (table, _) in csv::TABLES {
        assert!(csv::table(&answers, table).is_some());
    }
    let open = |_: u32, name: &str| ["", "fuzz/unknown"].contains(&name).then(|| bytes.clone());
    for row in 0..OPENED {
        let _ = around(&mut workbench, row, Some("fuzz"), &open);
    }
    let texts = Texts::new(&workbench, &open, &Matter::default(), true).expect("merged");
    for row in 0..OPENED as usize {
        let _ = (texts.of(row), texts.body(row));
    }
}

fn asked(batch: Batch) -> (Workbench, Answers) {
    let mut workbench = Workbench::default();
    workbench.change_matter(|matter| matter.privacy.content = true);
    workbench.put(0, batch);
    let answers = workbench.answer(&Scope::default());
    (workbench, answers)
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
