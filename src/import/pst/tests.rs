//! The store against damage: whatever its bytes are, reading ends and adds up.

use std::rc::Rc;

use super::Pst;
use crate::import::{Format, Given, Head, Match, Options, read_all};

fn fixture() -> Vec<u8> {
    std::fs::read("tests/formats/pst/unicode/mailbox.pst").unwrap()
}

#[test]
fn a_store_is_known_by_its_marks() {
    let look = |bytes: &[u8]| Pst.sniff(&Head { name: "x", len: bytes.len() as u64, bytes, text: None, complete: true });
    assert!(matches!(look(&fixture()), Match::Sure(_)));
    assert_eq!(look(b"!BDN but no store"), Match::No);
}

#[test]
fn an_ost_of_outlook_2013_is_refused_in_words() {
    let mut bytes = fixture();
    bytes[10] = 36;
    let batch = read_all(vec![Given { path: "a.ost".to_owned(), bytes: Rc::new(bytes), modified: None }], Options::default());
    assert!(batch.tables.sources[0].error.as_ref().unwrap().what.contains("export to PST first"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(60))]
    #[test]
    fn any_damage_is_accounted_for(damage in proptest::collection::vec((0usize..40_000, proptest::prelude::any::<u8>()), 1..30)) {
        let mut bytes = fixture();
        for (at, b) in damage {
            let n = bytes.len();
            bytes[at % n] = b;
        }
        let batch = read_all(vec![Given { path: "a.pst".to_owned(), bytes: Rc::new(bytes), modified: None }], Options::default());
        for source in &batch.tables.sources {
            assert_eq!(source.remainder(), 0);
        }
    }
}
