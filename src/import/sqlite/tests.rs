use std::rc::Rc;

use super::*;
use crate::import::bytes::WithLog;

fn database(path: &str) -> Database {
    Database::open(Rc::new(std::fs::read(path).unwrap())).unwrap()
}

#[test]
fn columns_are_read_off_the_statement() {
    let sql = "CREATE TABLE \"a b\" (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, -- a comment, with a comma\n [second col] TEXT DEFAULT 'x,(y)' CHECK(length(x) > 2), \
               third NUMERIC(10, 2), c4 INT GENERATED ALWAYS AS (third * 2) VIRTUAL, unique_key TEXT, UNIQUE (third, c4), CONSTRAINT k FOREIGN KEY (third) REFERENCES t(x))";
    let table = Table::parse("a b", 2, sql);
    assert_eq!(table.columns, ["rowid", "second col", "third", "unique_key"]);
    assert_eq!((table.alias, table.without_rowid), (Some(0), false));
    assert!(Table::parse("t", 2, "CREATE TABLE t(a INT PRIMARY KEY, b) WITHOUT ROWID").without_rowid);
    assert_eq!(Table::parse("t", 2, "CREATE TABLE t(a INT PRIMARY KEY, b)").alias, None);
}

const CASES: [&str; 3] = ["tests/data/sqlite/wide-le-512.db", "tests/data/sqlite/wide-be-1024.db", "tests/data/sqlite/plain-16384.db"];

/// What `tools/fixtures/sqlite.py` put into each: 70 rows, ids 1 to 70 without every 7th, texts of growing length.
#[test]
fn all_rows_come_in_every_size_of_page_and_encoding() {
    for case in CASES {
        let db = database(case);
        let table = db.table("ITEM").unwrap();
        assert_eq!(table.columns, ["id", "body", "number", "extra", "late"], "{case}");
        let mut ids = Vec::new();
        let bad = db
            .each(table, |row| {
                let text = String::from_utf8(row.text(1).unwrap().into_owned()).unwrap();
                assert_eq!(text.chars().count(), usize::try_from(row.id * 7 + 1).unwrap(), "{case} row {}", row.id);
                assert!(text.starts_with('é') && text.chars().skip(1).all(|c| c == 'x'));
                assert_eq!(row.get(0), Value::Integer(row.id));
                assert_eq!(row.get(2), Value::Integer([0, 1, -1, 127, 300, -70_000, 5_000_000_000, i64::MIN][usize::try_from(row.id % 8).unwrap()]));
                match row.id % 3 {
                    0 => assert_eq!(row.get(3), Value::Real(0.5)),
                    1 => assert_eq!(row.get(3), Value::Blob(&[0, 255])),
                    _ => assert_eq!(row.get(3), Value::Null),
                }
                assert_eq!(row.get(4), Value::Null);
                ids.push(row.id);
                let mut again = Row::default();
                assert!(db.row_at(table, row.offset, &mut again).unwrap());
                assert_eq!((again.id, again.text(1)), (row.id, row.text(1)));
                assert!(!db.row_at(table, row.offset + 1, &mut again).unwrap());
                assert!(db.get(table, row.id, &mut again).unwrap() && again.offset == row.offset);
                assert!(!db.get(table, row.id / 7 * 7, &mut again).unwrap());
            })
            .unwrap();
        let expected: Vec<i64> = (1..=70).filter(|n| n % 7 != 0).collect();
        assert_eq!((bad, ids), (0, expected), "{case}");
        assert_eq!(db.sequence("item").unwrap(), Some(70));
        assert!(db.free_pages > 0 && db.short == 0 && db.damaged == 0, "{case}: {} {} {}", db.free_pages, db.short, db.damaged);
        assert_eq!(db.tables().len(), 3);
    }
}

#[test]
fn damage_ends_in_words_and_never_in_a_loop() {
    let mut state = 7u64;
    for case in CASES {
        let whole = std::fs::read(case).unwrap();
        for _ in 0..300 {
            let mut bytes = whole.clone();
            for _ in 0..12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = usize::try_from(state >> 20).unwrap() % bytes.len();
                bytes[at] = state as u8;
            }
            let cut = usize::try_from(state >> 30).unwrap() % (bytes.len() * 2);
            bytes.truncate(cut.max(100));
            let Ok(db) = Database::open(Rc::new(bytes)) else { continue };
            for table in db.tables() {
                let mut rows = 0u64;
                db.each(table, |row| {
                    let _ = (row.text(1), row.integer(2), row.get(3));
                    rows += 1;
                })
                .unwrap();
                assert!(rows < 100_000);
            }
        }
    }
}

/// Databases with a log of ten changes and what SQLite makes of both: `steps` in `tools/fixtures/sqlite.py`.
const LOGGED: [&str; 3] = ["log-512", "log-1024", "log-4096"];

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(format!("tests/data/sqlite/{name}")).unwrap()
}

fn with_log(database: Vec<u8>, log: Vec<u8>) -> Database {
    Database::open(Rc::new(WithLog { database: Rc::new(database), log: Rc::new(log) })).unwrap()
}

/// All rows of all tables, as text, and their places.
fn all(db: &Database) -> (Vec<String>, Vec<(Table, i64, u64)>) {
    let (mut rows, mut places) = (Vec::new(), Vec::new());
    for table in db.tables() {
        let bad = db
            .each(table, |row| {
                let text = |c: usize| row.text(c).map(|t| String::from_utf8(t.into_owned()).unwrap());
                let values: Vec<_> = (0..table.columns.len()).map(|c| format!("{:?} {:?}", row.integer(c), text(c))).collect();
                rows.push(format!("{} {} {values:?}", table.name, row.id));
                places.push((table.clone(), row.id, row.offset));
            })
            .unwrap();
        assert_eq!(bad, 0, "{}", table.name);
    }
    (rows, places)
}

/// What the table `state` says, after it was compared with the rows there are. A read between two changes would not agree.
fn step(db: &Database) -> i64 {
    let (mut rows, mut total, mut state) = (0, 0, (0, 0, 0));
    let bad = db.each(db.table("item").unwrap(), |row| {
        rows += 1;
        total += i64::try_from(String::from_utf8(row.text(1).unwrap().into_owned()).unwrap().chars().count()).unwrap();
    });
    assert_eq!(bad.unwrap(), 0);
    let said = db.each(db.table("state").unwrap(), |row| state = (row.integer(0).unwrap(), row.integer(1).unwrap(), row.integer(2).unwrap()));
    assert_eq!((said.unwrap(), state.1, state.2), (0, rows, total), "at step {}", state.0);
    state.0
}

/// Step that each change led to, and the byte of the log where it ends. The seventh change (VACUUM) leads to the same rows.
fn ends(log: &[u8]) -> Vec<(i64, usize)> {
    let frame = 24 + big_endian(log, 8) as usize;
    let ends = (32..log.len()).step_by(frame).filter(|at| big_endian(log, at + 4) > 0).map(|at| at + frame);
    ends.zip([1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10]).map(|(end, step)| (step, end)).collect()
}

#[test]
fn a_database_with_its_log_reads_as_sqlite_joins_both() {
    for case in LOGGED {
        let (database, log) = (bytes(&format!("{case}.db")), bytes(&format!("{case}.db-wal")));
        let joined = Database::open(Rc::new(bytes(&format!("{case}.joined.db")))).unwrap();
        let db = with_log(database.clone(), log.clone());
        let frames = (log.len() - 32) / (24 + usize::try_from(db.page_size()).unwrap());
        assert_eq!(db.beside, Beside::Read(frames as u64, Unused::default()), "{case}");
        let (rows, places) = all(&db);
        assert_eq!(rows, all(&joined).0, "{case}");
        assert_eq!((db.free_pages, db.short, db.damaged, step(&db)), (joined.free_pages, 0, 0, 10), "{case}");
        // Every row is found again by its place, which says in which file it stands.
        let mut row = Row::default();
        for (table, id, place) in &places {
            assert!(db.row_at(table, *place, &mut row).unwrap() && row.id == *id, "{case} {id} at {place:x}");
            assert!(!db.row_at(table, place ^ 1, &mut row).unwrap());
            let (file, at) = if place & IN_LOG == 0 { (&database, *place) } else { (&log, place - IN_LOG) };
            let (length, first) = row::varint(&file[usize::try_from(at).unwrap()..]).unwrap();
            assert!(length > 0 && row::varint(&file[usize::try_from(at).unwrap() + first..]).unwrap().0.cast_signed() == *id);
        }
        assert!(places.iter().any(|(_, _, place)| place & IN_LOG > 0));
        // Alone, the database is where it was.
        assert_eq!(step(&Database::open(Rc::new(database)).unwrap()), 0);
    }
}

#[test]
fn a_log_that_is_cut_counts_up_to_its_last_whole_change() {
    for case in LOGGED {
        let (database, log) = (bytes(&format!("{case}.db")), bytes(&format!("{case}.db-wal")));
        let ends = ends(&log);
        assert_eq!((ends.len(), ends[10].1), (11, log.len()));
        let cuts = (0..log.len()).step_by(97).chain(ends.iter().flat_map(|(_, end)| [end - 1, *end, end + 1]));
        for cut in cuts.filter(|c| *c <= log.len()) {
            let db = with_log(database.clone(), log[..cut].to_vec());
            let expected = ends.iter().filter(|(_, end)| *end <= cut).map(|(step, _)| *step).max().unwrap_or(0);
            assert_eq!(step(&db), expected, "{case} cut at {cut}");
            match &db.beside {
                Beside::Empty => assert_eq!(cut, 0),
                Beside::Refused(why) => assert!(cut < 32 && why.contains("cut off"), "{why}"),
                Beside::Read(_, unused) => {
                    assert_eq!(unused.open + unused.cut > 0, cut != 32 && !ends.iter().any(|(_, end)| *end == cut), "{case} cut at {cut}")
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn what_stands_behind_damage_in_a_log_is_not_used_and_counted() {
    let mut state = 5u64;
    for case in LOGGED {
        let (database, log) = (bytes(&format!("{case}.db")), bytes(&format!("{case}.db-wal")));
        let ends = ends(&log);
        for _ in 0..400 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(state >> 20).unwrap() % log.len();
            let mut hurt = log.clone();
            hurt[at] ^= ((state >> 8) as u8).max(1);
            let db = with_log(database.clone(), hurt);
            let expected = if at < 32 { 0 } else { ends.iter().filter(|(_, end)| *end <= at).map(|(step, _)| *step).max().unwrap_or(0) };
            assert_eq!(step(&db), expected, "{case} hurt at {at}");
            match &db.beside {
                Beside::Refused(_) => assert!(at < 32),
                // A salt that was changed may look like that of a round before.
                Beside::Read(_, unused) => assert!(unused.damaged + unused.old > 0),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_log_of_another_database_is_refused_in_words() {
    let said = |database: &str, log: &str| match with_log(bytes(database), bytes(log)).beside {
        Beside::Refused(why) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(said("log-512.db", "log-1024.db-wal"), "it belongs to another database: its pages have 1024 bytes, those of this one 512");
    assert_eq!(said("plain-16384.db", "log-4096.db"), "it does not begin as a write-ahead log");
    // The same size of pages: another encoding, other tables.
    assert_eq!(said("chat.joined.db", "log-1024.db-wal"), "it belongs to another database: its head does not fit");
    let phone = "../../formats/imessage_db/macos-14/log.folder/chat.db-wal";
    assert_eq!(said("msgstore.joined.db", phone), "it belongs to another database: its pages do not fit between those of this one");
    let joined = bytes("log-4096.joined.db");
    // Its own first page with tables of other names.
    let mut renamed = joined[..4096].to_vec();
    for name in [&b"item"[..], b"state", b"late"] {
        let places: Vec<usize> = memchr::memmem::find_iter(&joined[..4096], name).collect();
        assert!(!places.is_empty());
        places.into_iter().for_each(|at| renamed[at] = b'x');
    }
    let lists = with_log(joined, made_up(1, 10, &renamed)).beside;
    assert!(matches!(&lists, Beside::Refused(why) if why.ends_with("none of its tables are in this one")), "{lists:?}");
}

/// A head and one frame that state whatever is wished, with the checksums that belong to it.
fn made_up(page: u32, pages: u32, content: &[u8]) -> Vec<u8> {
    let mut log = Vec::new();
    for word in [0x377f_0683, 3_007_000, content.len() as u32, 0, 1, 2] {
        log.extend(word.to_be_bytes());
    }
    let sum = |bytes: &[u8], mut one: u32, mut two: u32| {
        for pair in bytes.chunks(8) {
            one = one.wrapping_add(big_endian(pair, 0)).wrapping_add(two);
            two = two.wrapping_add(big_endian(pair, 4)).wrapping_add(one);
        }
        (one, two)
    };
    let head = sum(&log, 0, 0);
    log.extend([head.0, head.1].map(u32::to_be_bytes).concat());
    let frame = [page, pages].map(u32::to_be_bytes).concat();
    let (one, two) = sum(&frame, head.0, head.1);
    let (one, two) = sum(content, one, two);
    log.extend(frame);
    log.extend([1, 2, one, two].map(u32::to_be_bytes).concat());
    log.extend(content);
    log
}

#[test]
fn a_log_that_states_monstrous_sizes_costs_nothing() {
    let mut database = bytes("log-1024.db");
    for (page, pages) in [(u32::MAX, u32::MAX), (1 << 31, 20), (20, 1), (5, u32::MAX)] {
        let db = with_log(database.clone(), made_up(page, pages, &[7; 1024]));
        assert!(matches!(&db.beside, Beside::Refused(why) if why.contains("another database")), "{page} {pages}: {:?}", db.beside);
        assert_eq!(step(&db), 0);
    }
    // A database that is cut by its own account presumes pages that are not there.
    database.truncate(9 * 1024);
    let db = with_log(database, made_up(u32::MAX, u32::MAX, &[7; 1024]));
    assert!(matches!(db.beside, Beside::Read(1, _)) && db.short > 1 << 40);
    let mut rows = 0;
    let bad: u64 = db.tables().iter().map(|table| db.each(table, |_| rows += 1).unwrap()).sum();
    assert!(bad > 0 && rows > 0);
}
