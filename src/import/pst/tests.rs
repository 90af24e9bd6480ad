//! Stores and items against damage: whatever their bytes are, reading ends and adds up.

use std::rc::Rc;

use super::Pst;
use crate::import::bytes::Shared;
use crate::import::{Format, Given, Head, Match, Options, read_all};
use crate::model::{Batch, Position};

#[test]
fn a_message_is_shown_with_its_folder_by_the_id_of_its_node() {
    let bytes: Shared = Rc::new(fixture());
    let show = |id: u64, limit| Pst.record(&bytes, Position::byte(id), limit).unwrap();
    let text = show(0x20_00c4, 4000).unwrap();
    assert!(text.starts_with("Folder: TeamsMessagesData\r\n") && text.ends_with("Closing on Friday?"), "{text}");
    let sent = show(0x20_0044, 500).unwrap();
    assert!(sent.contains("Bcc: \"Dora Lind\" <dora@firm.example>") && sent.contains("Subject: RE: Terms of the loan") && sent.len() == 500, "{sent}");
    assert!(show(0x8042, 4000).unwrap().contains("Oberste Ebene/Posteingang"));
    assert!(show(7, 4000).is_err() && show(1 << 40, 4000).is_err());
}

fn fixture() -> Vec<u8> {
    std::fs::read("tests/formats/pst/unicode/mailbox.pst").unwrap()
}

#[test]
fn a_store_is_known_by_its_marks() {
    let look = |bytes: &[u8]| Pst.sniff(&Head { name: "x", len: bytes.len() as u64, bytes, text: None, complete: true });
    assert!(matches!(look(&fixture()), Match::Sure(_)));
    assert_eq!(look(b"!BDN but no store"), Match::No);
}

fn read(bytes: Vec<u8>) -> Batch {
    read_all(vec![Given { path: "a.ost".to_owned(), bytes: Rc::new(bytes), modified: None }], Options::default())
}

fn wide() -> Vec<u8> {
    std::fs::read("tests/formats/pst/outlook-2013/mailbox.ost").unwrap()
}

#[test]
fn an_ost_of_outlook_2013_reads_as_the_same_mailbox_in_a_pst() {
    let (new, old) = (read(wide()), read(fixture()));
    let told = |b: &Batch| {
        let c = &b.columns;
        (0..c.len()).map(|n| (c.time[n], c.position[n], c.chars[n], c.hash[n], c.flags[n])).collect::<Vec<_>>()
    };
    let (new_rows, mut old_rows) = (told(&new), told(&old));
    // One mail more, to so many that the table of its recipients has several blocks.
    assert_eq!(new_rows.len(), old_rows.len() + 1);
    old_rows.push(*new_rows.last().unwrap());
    assert_eq!(new_rows, old_rows);
    let many = &new.audiences[*new.columns.audience.last().unwrap() as usize];
    let keys: Vec<&str> = many.iter().map(|h| new.tables.handles[*h as usize].key.as_str()).collect();
    let written: Vec<String> = (0..800).map(|n| format!("r{n}@many.example")).collect();
    assert_eq!(keys, written);
    assert_eq!(new.tables.statements.len(), old.tables.statements.len());
    assert_eq!(new.tables.sources[0].skipped, old.tables.sources[0].skipped);
}

#[test]
fn an_ost_that_is_laid_out_otherwise_is_refused_in_words() {
    let mut small_pages = fixture();
    small_pages[10] = 36;
    // Where blocks end: their id stands sixteen bytes before. All state another one than the tree does, whose two pages are the last ones.
    let mut other_blocks = wide();
    for end in (512..=other_blocks.len() - 2 * 4096).step_by(512) {
        other_blocks[end - 16] ^= 4;
    }
    for bytes in [small_pages, other_blocks] {
        assert!(read(bytes).tables.sources[0].error.as_ref().unwrap().what.contains("export to PST first"));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
    #[test]
    fn any_damage_to_outlooks_files_is_accounted_for(damage in proptest::collection::vec((0usize..90_000, proptest::prelude::any::<u8>()), 1..30)) {
        for path in ["pst/unicode/mailbox.pst", "pst/ansi/old.pst", "pst/outlook-2013/mailbox.ost", "msg/outlook-365/sent.msg", "msg/outlook-365/received.msg", "tnef/exchange-2019/winmail.dat"] {
            let mut bytes = std::fs::read(format!("tests/formats/{path}")).unwrap();
            for (at, b) in &damage {
                let n = bytes.len();
                bytes[at % n] = *b;
            }
            let batch = read_all(vec![Given { path: "a".to_owned(), bytes: Rc::new(bytes), modified: None }], Options::default());
            for source in &batch.tables.sources {
                assert_eq!(source.remainder(), 0);
            }
        }
    }
}
