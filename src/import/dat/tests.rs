use std::rc::Rc;

use super::split::{Fields, Layout};
use crate::import::delimited::record::Split;
use crate::import::{Given, Options, read_all};
use crate::model::Batch;
use crate::model::statement::StatementKind;

fn read(name: &str, text: &str) -> Batch {
    read_all(vec![Given { path: name.to_owned(), bytes: Rc::new(text.as_bytes().to_vec()), modified: None }], Options::default())
}

fn dat(rows: &[&[&str]]) -> String {
    rows.iter().map(|r| r.iter().map(|c| format!("þ{c}þ")).collect::<Vec<_>>().join("\u{14}") + "\r\n").collect()
}

#[test]
fn the_marks_are_those_of_the_header_row() {
    let of = |text: &str| Layout::of(text.as_bytes()).map(|l| (l.quote, l.delimiter));
    assert_eq!(of("þBEGDOCþ\u{14}þENDDOCþ\u{14}þFROMþ\r\n"), Some(('þ', '\u{14}')));
    assert_eq!(of("®BEGDOC®þ®ENDDOC®þ®FROM®\r\n"), Some(('®', 'þ')));
    assert_eq!(of("^A^|^B^|^C^\n"), Some(('^', '|')));
    assert_eq!(of("§A§¶§B§¶§C§\n"), Some(('§', '¶')));
    for other in ["\"a\",\"b\",\"c\"\n", "a,b,c\n", "þAþ\u{14}þBþ\n", "|a|b|c|\n", "", "þþþþ", "{\"a\": 1}"] {
        assert_eq!(of(other), None, "{other}");
    }
}

#[test]
fn quotes_and_line_ends_may_stand_within_a_field() {
    let layout = Layout { quote: 'þ', delimiter: '\u{14}' };
    let text = "þa þ bþ\u{14}þtwo\r\nlinesþ\u{14}bare\u{14}þþ\r\nnext".as_bytes();
    let mut fields = Fields::default();
    assert_eq!(layout.split(text, true, &mut fields), Split::Record { bytes: text.len() - 4, lines: 2 });
    let got: Vec<_> = fields.iter(text).map(|f| String::from_utf8_lossy(f).into_owned()).collect();
    assert_eq!(got, ["a þ b", "two\r\nlines", "bare", ""]);
    for cut in 0..text.len() - 5 {
        let part = layout.split(&text[..cut], false, &mut fields);
        assert!(matches!(part, Split::Partial { .. } | Split::Empty), "{cut} {part:?}");
    }
}

#[test]
fn numbers_with_gaps_throughout_prove_nothing() {
    let row = |n: &'static str| [n, "a@x.example", "b@x.example", "2026-01-02 10:00", "s"];
    let rows = [["Control Number", "From", "To", "Sent Date/Time", "Subject"], row("REL0001"), row("REL0900"), row("REL5000"), row("REL5001")];
    let batch = read("x.dat", &dat(&rows.iter().map(|r| &r[..]).collect::<Vec<_>>()));
    assert!(!batch.tables.statements.iter().any(|s| s.kind == StatementKind::IdHole));
    assert!(batch.tables.sources[0].notices.iter().any(|n| n.id == "dat_sparse_numbers"));
}

#[test]
fn an_image_list_alone_is_refused_in_a_sentence() {
    let list = "ABC-1,VOL001,IMAGES\\001\\ABC-1.tif,Y,,,2\nABC-2,VOL001,IMAGES\\001\\ABC-2.tif,,,,\n";
    let batch = read("x.opt", list);
    assert!(batch.tables.sources[0].error.as_ref().unwrap().what.contains("image list"), "{:?}", batch.tables.sources[0].error);
}

#[test]
fn a_mail_lies_in_the_boxes_of_all_custodians_whom_its_row_names() {
    let head = ["DOCID", "CUSTODIAN", "ALLCUSTODIANS", "FROM", "TO", "SENTDATETIME"];
    let mail =
        |id: &'static str, own: &'static str, all: &'static str| [id, own, all, "Doe, John <john@firm.example>", "list@firm.example", "2026-01-02 10:00"];
    let rows = [
        head,
        mail("D1", "Doe, John", "Doe, John; Roe, Ann"),
        mail("D2", "", ""),
        ["D3", "Doe, John", "Roe, Ann", "", "", "no mail"],
        mail("D4", "John Doe", "Doe, John;Lind, Bo;"),
    ];
    let batch = read("x.dat", &dat(&rows.iter().map(|r| &r[..]).collect::<Vec<_>>()));
    let named = |set: u32| -> Vec<&str> {
        let handle = |h: &u32| &batch.tables.handles[*h as usize];
        batch.audiences[set as usize].iter().map(|h| if handle(h).name.is_empty() { handle(h).key.as_str() } else { handle(h).name.as_str() }).collect()
    };
    let told: Vec<(u32, Vec<&str>)> = batch.boxes.iter().map(|(row, set)| (*row, named(*set))).collect();
    // Who is met in the file is that participant, however the name is written; the row without custodians has none, and what is no mail is no row.
    assert_eq!(told, [(0, vec!["Doe, John", "Ann Roe"]), (2, vec!["Doe, John", "Bo Lind"])]);
    assert_eq!(batch.tables.handles[batch.audiences[batch.boxes[0].1 as usize][0] as usize].email, "john@firm.example");
}

#[test]
fn the_box_of_the_one_custodian_is_the_whole_file() {
    let head = ["DOCID", "CUSTODIAN", "FROM", "TO", "SENTDATETIME"];
    let rows = [head, ["D1", "Doe, John", "Doe, John <john@firm.example>", "ann@x.example", "2026-01-02 10:00"]];
    let batch = read("x.dat", &dat(&rows.iter().map(|r| &r[..]).collect::<Vec<_>>()));
    assert!(batch.tables.sources[0].owner_handle.is_some());
    assert_eq!(batch.boxes, []);
}
