use std::rc::Rc;

use super::*;

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
