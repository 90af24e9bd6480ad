//! Exports of one phone decide together whether their dates are written day first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::rc::Rc;

use proptest::prelude::*;
use retention_audit::import::{self, DateOrder, Given, Options};
use retention_audit::model::ledger::{Basis, Decided, Source};
use retention_audit::model::matter::Matter;
use retention_audit::model::{Batch, StatementKind};
use retention_audit::time;
use retention_audit::workbench::Workbench;

/// A chat with Ana in exports of Bo's phone: lines of `date|text`.
fn chat(with: &str, lines: &[&str]) -> (String, String) {
    let line = |(n, l): (usize, &&str)| {
        let (date, text) = l.split_once('|').unwrap();
        format!("[{date}, 10:00:{n:02}] {}: {text}\r\n", if n % 2 == 0 { with } else { "Bo" })
    };
    (format!("WhatsApp Chat with {with}.txt"), lines.iter().enumerate().map(line).collect())
}

fn read((path, text): &(String, String), options: &Options) -> Batch {
    import::read_all(vec![Given { path: path.clone(), bytes: Rc::new(text.clone().into_bytes()), modified: None }], options.clone())
}

fn bench(files: &[(String, String)]) -> Workbench {
    let mut workbench = Workbench::default();
    for (id, file) in (0u32..).zip(files) {
        workbench.put(id, read(file, &Options::default()));
    }
    workbench
}

fn order(workbench: &mut Workbench, with: &str) -> (Decided, bool, Option<String>) {
    let source = workbench.dataset().sources.iter().find(|s| s.name.contains(with)).unwrap();
    (source.date_order.clone(), source.question.is_some(), source.first.map(|t| time::day_name(time::day(t))))
}

fn open() -> (String, String) {
    chat("Ana", &["02/11/26|a", "10/11/26|\u{200e}This message was deleted.", "02/11/26|c"])
}

fn american(with: &str) -> (String, String) {
    chat(with, &["03/04/26|x", "03/14/26|y", "03/15/26|z"])
}

fn european(with: &str) -> (String, String) {
    chat(with, &["04/03/26|x", "14/03/26|y", "15/03/26|z"])
}

#[test]
fn an_open_file_is_read_like_the_others_of_its_phone() {
    let mut alone = bench(&[open()]);
    let (said, asks, first) = order(&mut alone, "Ana");
    assert_eq!((said.basis, asks, first.as_deref()), (Basis::Ambiguous, true, Some("2026-11-02")));
    assert!(alone.asking()[0].1[0].question.is_some());

    let mut three = bench(&[american("Cy"), open(), american("Di"), american("Ed")]);
    let (said, asks, first) = order(&mut three, "Ana");
    assert_eq!((said.value.as_str(), said.basis, said.why.as_str()), ("mdy", Basis::Assumed, "as in 3 other exports of the same phone"));
    assert_eq!((asks, first.as_deref()), (false, Some("2026-02-11")));
    let asking = three.asking();
    let [(1, rows)] = asking.as_slice() else { panic!("one file asks") };
    assert_eq!((rows[0].question.is_none(), rows[0].date_order.clone()), (true, said));

    let (said, asks, first) = order(&mut bench(&[open(), european("Cy")]), "Ana");
    assert_eq!((said.value.as_str(), said.why.as_str(), asks, first.as_deref()), ("dmy", "as in 1 other export of the same phone", false, Some("2026-11-02")));

    // When the file that decided is taken away, the question is back.
    let mut gone = bench(&[american("Cy"), open()]);
    assert!(!order(&mut gone, "Ana").1);
    gone.remove(0);
    assert!(order(&mut gone, "Ana").1);
    assert!(gone.asking()[0].1[0].question.is_some());
}

#[test]
fn only_files_of_the_same_phone_that_agree_decide() {
    let ambiguous = |files: &[(String, String)]| order(&mut bench(files), "Ana").0.basis == Basis::Ambiguous;
    let otherwise = |(path, text): (String, String), from: &str, to: &str| (path, text.replace(from, to));
    assert!(ambiguous(&[open(), american("Cy"), european("Di")]), "they do not agree");
    assert!(ambiguous(&[open(), otherwise(american("Cy"), "Bo:", "Flo:")]), "another owner");
    assert!(ambiguous(&[open(), otherwise(american("Cy"), "/26,", "/2026,")]), "another shape");
    assert!(
        ambiguous(&[open(), chat("Cy", &["01/05/26|a", "02/05/26|b", "02/06/26|c", "03/06/26|b", "01/07/26|d", "02/08/26|d", "11/08/26|d"])]),
        "nothing proves it"
    );
    let mixed = chat("Cy", &["03/14/26|x", "03/15/26|y", "04/16/26|y", "17/04/26|z", "18/04/26|z"]);
    assert!(ambiguous(&[open(), american("Di"), mixed]), "a phone that changed its region");
}

#[test]
fn what_a_person_states_is_not_overruled_and_decides_nothing_else() {
    let stated = Options { date_order: Some(DateOrder::Dmy), ..Options::default() };
    let mut workbench = bench(&[american("Cy"), open()]);
    workbench.put(1, read(&open(), &stated));
    let (said, asks, first) = order(&mut workbench, "Ana");
    assert_eq!((said.value.as_str(), said.basis, asks, first.as_deref()), ("dmy", Basis::Stated, false, Some("2026-11-02")));

    let mut workbench = bench(&[open()]);
    let other = chat("Cy", &["02/11/26|a", "10/11/26|b", "02/11/26|c"]);
    workbench.put(1, read(&other, &Options { date_order: Some(DateOrder::Mdy), ..Options::default() }));
    assert!(order(&mut workbench, "Ana").1);
}

#[test]
fn the_zone_of_the_matter_and_a_saved_batch_see_the_same_order() {
    let files = [american("Cy"), open()];
    let mut first = bench(&files);
    first.set_matter(Matter { zone: "Asia/Singapore".to_owned(), ..Matter::default() });
    let mut again = Workbench::default();
    again.put(0, Batch::from_bytes(&first.joined().to_bytes()).unwrap());
    again.set_matter(first.matter().clone());
    assert_eq!(first.dataset().columns.time, again.dataset().columns.time);
    assert_eq!(first.dataset().sources, again.dataset().sources);
    assert_eq!(order(&mut again, "Ana").2.as_deref(), Some("2026-02-11"));
}

/// What is not said about the decision itself.
fn facts(sources: &[Source]) -> Vec<Source> {
    sources.iter().map(|s| Source { date_order: Decided::default(), question: None, ..s.clone() }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Turned times are those of a reading with the order stated, and files may come in any order.
    #[test]
    fn a_vote_equals_a_statement(days in proptest::collection::vec((1u32..13, 1u32..13), 2..9), zone in prop_oneof![Just(None), Just(Some("America/New_York".to_owned()))], deleted in 0usize..9) {
        let lines: Vec<String> = days.iter().enumerate().map(|(n, (a, b))| {
            format!("{a:02}/{b:02}/26|{}", if n == deleted { "\u{200e}This message was deleted." } else { "x" })
        }).collect();
        let file = chat("Ana", &lines.iter().map(String::as_str).collect::<Vec<_>>());
        let options = Options { zone, ..Options::default() };
        let read_open = read(&file, &options);
        prop_assume!(read_open.tables.sources[0].date_order.basis == Basis::Ambiguous && read_open.tables.sources[0].owner.is_some());
        let mut voted = Workbench::default();
        voted.put(0, read_open);
        voted.put(1, read(&american("Cy"), &options));
        let mut stated = Workbench::default();
        stated.put(1, read(&file, &Options { date_order: Some(DateOrder::Mdy), ..options.clone() }));
        stated.put(0, read(&american("Cy"), &options));
        prop_assert_eq!(facts(&voted.dataset().sources), facts(&stated.dataset().sources));
        prop_assert_eq!(&voted.dataset().columns, &stated.dataset().columns);
        prop_assert_eq!(&voted.dataset().statements, &stated.dataset().statements);
        prop_assert!(voted.dataset().statements.iter().any(|s| s.kind == StatementKind::NoBeginning));
    }
}
