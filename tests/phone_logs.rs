//! Stores of phones with their write-ahead logs: however both come, they are read as SQLite joins them, and what of a log cannot be used is
//! told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;

use retention_audit::import::archive::Folder;
use retention_audit::import::bytes::Shared;
use retention_audit::import::importer::Importer;
use retention_audit::import::{Given, Options, Step, digest, read_all, reread};
use retention_audit::model::Position;
use retention_audit::model::batch::Batch;

/// Store, its name there, its format, and the same store as SQLite joined it (`tools/fixtures/sqlite.py`).
const STORES: [(&str, &str, &str, &str); 2] = [
    ("tests/formats/imessage_db/macos-14/log.folder", "chat.db", "imessage_db", "tests/data/sqlite/chat.joined.db"),
    ("tests/formats/whatsapp_db/android-2.23/log.folder", "msgstore.db", "whatsapp_db", "tests/data/sqlite/msgstore.joined.db"),
];

fn pair(folder: &str, name: &str) -> (Vec<u8>, Vec<u8>) {
    (std::fs::read(format!("{folder}/{name}")).unwrap(), std::fs::read(format!("{folder}/{name}-wal")).unwrap())
}

fn given(files: &[(&str, &[u8])]) -> Batch {
    let file = |(path, bytes): &(&str, &[u8])| Given { path: (*path).to_owned(), bytes: Rc::new(bytes.to_vec()), modified: None };
    let batch = read_all(files.iter().map(file).collect(), Options::default());
    batch.tables.sources.iter().for_each(|s| assert_eq!(s.remainder(), 0, "{}", s.path));
    batch
}

fn notices(batch: &Batch) -> Vec<(&str, u64)> {
    batch.tables.sources.iter().flat_map(|s| s.notices.iter().map(|n| (n.id.as_ref(), n.count))).collect()
}

/// Rows without the places they stand at.
fn rows(batch: &Batch) -> Vec<impl PartialEq + std::fmt::Debug + use<>> {
    let c = &batch.columns;
    let sender = |r: usize| batch.tables.handles.get(c.sender[r] as usize).map(|h| h.key.clone());
    let conversation = |r: usize| batch.tables.conversations[c.conversation[r] as usize].key.clone();
    (0..c.len()).map(|r| (c.time[r], conversation(r), sender(r), c.chars[r], c.hash[r], c.flags[r], batch.ids.get(c.id[r] & 0x7fff_ffff).to_vec())).collect()
}

fn zipped(files: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Every row of a batch is shown again from its files: by the part it stands in, with its own number.
fn assert_shown(batch: &Batch, open: &dyn Fn(&str) -> Option<Shared>, what: &str) {
    let (c, t) = (&batch.columns, &batch.tables);
    let mut in_log = 0;
    for r in 0..c.len() {
        let part = &t.parts[c.part[r] as usize];
        let source = &t.sources[part.source as usize];
        in_log += usize::from(part.entry.ends_with("-wal"));
        let bytes = reread::at_hand(&source.format, &source.path, &part.entry, open).unwrap();
        let at = Position::unpack(c.position[r]);
        let shown = reread::shown(&bytes, &source.format, &source.path, &part.entry, at, 4096).unwrap().unwrap_or_else(|e| panic!("{what} row {r}: {e}"));
        let text = shown.split_once('\n').unwrap().1;
        assert_eq!(text.chars().count(), c.chars[r] as usize, "{what}: {shown}");
        let elsewhere = Position::byte(at.offset + 1);
        assert!(reread::shown(&bytes, &source.format, &source.path, &part.entry, elsewhere, 4096).unwrap().is_err());
    }
    assert!(in_log > 0 && (in_log < c.len() || t.sources[0].format == "imessage_db"), "{what}: {in_log} of {} in the log", c.len());
}

#[test]
fn however_both_come_they_read_as_sqlite_joins_them() {
    for (folder, name, format, joined) in STORES {
        let (database, log) = pair(folder, name);
        let wal = format!("{name}-wal");
        let expected = given(&[(name, &std::fs::read(joined).unwrap())]);
        let alone = given(&[(name, &database)]);
        assert_ne!(rows(&alone), rows(&expected));
        assert!(notices(&alone).contains(&("log_possible", 1)));

        let deep = [format!("a/{wal}"), format!("a/{name}")];
        let (packed, stored) = (zip::CompressionMethod::Deflated, zip::CompressionMethod::Stored);
        let in_zip = zipped(&[(&deep[0], &log), (&deep[1], &database), ("a/note.css", b"x")], packed);
        let in_plain_zip = zipped(&[(&deep[1], &database), (&deep[0], &log)], stored);
        let files: Vec<(String, Shared, Option<i64>)> =
            [(name, &database), (wal.as_str(), &log)].map(|(n, b)| (n.to_owned(), Rc::new(b.clone()) as Shared, None)).into();
        let mut importer = Importer::folder(Box::new(Folder::new("Messages", files)), Options::default());
        while importer.step() == Step::More {}
        assert_eq!(importer.progress().done, importer.progress().total);

        let ways = [
            ("files", given(&[(name, &database), (&wal, &log)])),
            ("the log first", given(&[(&deep[0], &log), (&deep[1], &database)])),
            ("folder", importer.finish()),
            ("zip", given(&[("x.zip", &in_zip)])),
            ("zip, not packed", given(&[("x.zip", &in_plain_zip)])),
        ];
        for (way, batch) in &ways {
            let source = batch.tables.sources.iter().find(|s| s.format == format).unwrap();
            assert!(source.error.is_none() && source.path.ends_with(name), "{way}: {}", source.path);
            assert!(batch.tables.sources.iter().all(|s| s.format == format || s.format == "archive"), "{way}");
            assert_eq!((source.bytes, source.parts.as_slice()), ((database.len() + log.len()) as u64, ["".to_owned(), wal.clone()].as_slice()), "{way}");
            assert_eq!(rows(batch), rows(&expected), "{way}");
            assert_eq!(batch.tables.statements.len(), expected.tables.statements.len(), "{way}");
            let open = |asked: &str| -> Option<Shared> {
                match asked {
                    _ if way.starts_with("zip") => {
                        asked.ends_with(".zip").then(|| Rc::new(if *way == "zip" { in_zip.clone() } else { in_plain_zip.clone() }) as Shared)
                    }
                    _ if asked.ends_with(&wal) => Some(Rc::new(log.clone())),
                    _ if asked.ends_with(name) => Some(Rc::new(database.clone())),
                    _ => None,
                }
            };
            assert_shown(batch, &open, way);
        }
    }
}

#[test]
fn a_log_that_is_cut_anywhere_loses_nothing_unsaid() {
    for (folder, name, _, _) in STORES {
        let (database, log) = pair(folder, name);
        let wal = format!("{name}-wal");
        let alone = given(&[(name, &database)]).columns.len();
        let whole = given(&[(name, &database), (&wal, &log)]).columns.len();
        assert!(whole > alone);
        // Where a change ends the log may end too: nobody can tell.
        let frame = 24 + u32::from_be_bytes(log[8..12].try_into().unwrap()) as usize;
        for cut in (0..log.len()).step_by(97).chain((32..log.len()).step_by(frame)) {
            let batch = given(&[(name, &database), (&wal, &log[..cut])]);
            let ends = cut == 0 || (cut >= 32 && (cut - 32).is_multiple_of(frame) && (cut == 32 || log[cut - frame + 4..cut - frame + 8] != [0; 4]));
            let told = notices(&batch).iter().any(|(id, _)| matches!(*id, "log_refused" | "log_cut" | "log_open" | "log_old"));
            assert!(batch.columns.len() >= alone && (told || ends), "{name} cut at {cut}: {:?}", notices(&batch));
            assert!(batch.columns.len() == whole || told || ends, "{name} cut at {cut}");
        }
    }
}

#[test]
fn damage_in_either_file_never_loses_a_record_unseen() {
    let mut state = 3u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % n
    };
    for (folder, name, _, _) in STORES {
        let (database, log) = pair(folder, name);
        for _ in 0..150 {
            let (mut database, mut log) = (database.clone(), log.clone());
            for _ in 0..=next(6) {
                let hurt = if next(2) == 0 { &mut database } else { &mut log };
                let at = next(hurt.len());
                hurt[at] = next(256) as u8;
            }
            if next(4) == 0 {
                database.truncate(next(database.len()));
            }
            given(&[(name, &database), (&format!("{name}-wal"), &log)]);
        }
    }
}

#[test]
fn what_lies_beside_no_database_is_refused_in_words() {
    let (database, log) = pair(STORES[0].0, STORES[0].1);
    let index = std::fs::read(format!("{}/chat.db-shm", STORES[0].0)).unwrap();
    let said = |files: &[(&str, &[u8])]| -> Vec<String> { given(files).tables.sources.iter().filter_map(|s| Some(s.error.as_ref()?.what.clone())).collect() };
    let alone = said(&[("d/chat.db-wal", &log)]);
    assert!(
        matches!(alone.as_slice(), [what] if what.contains("records of the database chat.db, which lay beside it") && what.contains("add both files together")),
        "{alone:?}"
    );
    let index_alone = said(&[("chat.db-shm", &index)]);
    assert!(
        matches!(index_alone.as_slice(), [what] if what.contains("index of the write-ahead log of a database (chat.db)") && what.ends_with("Leave it out.")),
        "{index_alone:?}"
    );
    assert!(said(&[("chat.db-wal", b"")])[0].contains("is empty, as SQLite leaves it"));
    // The three of a folder are one source; the index is left out in words.
    let batch = given(&[("chat.db", &database), ("chat.db-shm", &index), ("chat.db-wal", &log)]);
    assert_eq!(batch.tables.sources.len(), 1);
    assert!(notices(&batch).contains(&("log_index", 1)));
    // Beside a database of another kind both are told of, as they would be alone.
    let other = std::fs::read("tests/data/sqlite/log-4096.db").unwrap();
    let both = said(&[("x.db", &other), ("x.db-wal", &log), ("x.db-shm", &index)]);
    assert!(both.len() == 3 && both[0].contains("among its tables: state, sqlite_sequence, item") && both[1].contains("database x.db"), "{both:?}");
}

#[test]
fn the_command_line_reads_both_and_shows_records_of_the_log() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("phone_logs");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(dir.join("Messages")).unwrap();
    for name in ["chat.db", "chat.db-wal", "chat.db-shm"] {
        std::fs::copy(format!("{}/{name}", STORES[0].0), dir.join("Messages").join(name)).unwrap();
    }
    let (database, log) = pair(STORES[0].0, "chat.db");
    let sum = |name: &str, bytes: &Vec<u8>| (name.to_owned(), digest::file(bytes));
    let expected = digest::folder([sum("chat.db", &database), sum("chat.db-wal", &log)].into_iter()).unwrap();
    for args in [&["Messages"][..], &["Messages/chat.db-wal", "Messages/chat.db"]] {
        let audit = |more: &[&str]| Command::new(env!("CARGO_BIN_EXE_audit")).args(more).args(args).current_dir(&dir).output().unwrap();
        let ledger: serde_json::Value = serde_json::from_slice(&audit(&["import", "--json"]).stdout).unwrap();
        let sources = ledger["sources"].as_array().unwrap();
        assert_eq!(sources.len(), 1, "{ledger}");
        assert_eq!((sources[0]["path"].as_str(), sources[0]["sha256"].as_str()), (Some("Messages/chat.db"), Some(expected.as_str())));
        let lines = String::from_utf8(audit(&["messages", "--jsonl", "--with-text", "--open-undecided"]).stdout).unwrap();
        for text in ["before, 1\"", "only in the log, 20\"", "said better\"", "a chat that the database does not know\""] {
            assert_eq!(lines.lines().filter(|l| l.contains(text)).count(), 1, "{text}\n{lines}");
        }
    }
}
