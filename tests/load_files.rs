//! Load files beside the mails they list: nothing is counted twice, and tables with the fields of review platforms are read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::rc::Rc;

use retention_audit::analysis::Ground;
use retention_audit::import::archive::Folder;
use retention_audit::import::bytes::Shared;
use retention_audit::import::importer::Importer;
use retention_audit::import::{Options, Step};
use retention_audit::model::Batch;
use retention_audit::model::matter::{Matter, Scope};
use retention_audit::model::roster::Person;
use retention_audit::workbench::merge::merge;

fn folder(files: &[(&str, &str)]) -> Batch {
    let files = files.iter().map(|(n, t)| ((*n).to_owned(), Rc::new(t.as_bytes().to_vec()) as Shared, None)).collect();
    let mut importer = Importer::folder(Box::new(Folder::new("x", files)), Options::default());
    while importer.step() == Step::More {}
    importer.finish()
}

const MAIL: &str = "From: a@x.example\nTo: b@x.example\nDate: Fri, 2 Jan 2026 10:00:00 +0000\nMessage-ID: <m@x.example>\nSubject: s\n\ntext\n";

fn counted_once(name: &str, text: &str, id: bool) {
    let batch = folder(&[(name, text), ("D1.eml", MAIL)]);
    assert_eq!(batch.tables.sources.len(), 2, "{name}");
    assert!(batch.tables.sources.iter().all(|s| s.error.is_none() && s.remainder() == 0), "{name}: {:?}", batch.tables.sources);
    let rows: u64 = batch.tables.sources.iter().map(|s| s.messages).sum();
    // With a Message-ID merging folds the two; without one the row is left out in favour of the mail.
    assert_eq!(rows, if id { 2 } else { 1 }, "{name}");
    assert_eq!(merge(&[&batch], "UTC").len(), 1, "{name} {id}");
}

#[test]
fn a_mail_that_lies_beside_its_row_is_counted_once() {
    for id in ["", "<m@x.example>"] {
        let rows =
            [["DOCID", "FROM", "TO", "SENTDATETIME", "MESSAGEID", "NATIVELINK"], ["D1", "a@x.example", "b@x.example", "2026-01-02T10:00:00Z", id, "D1.eml"]];
        let dat: String = rows.iter().map(|r| r.iter().map(|c| format!("þ{c}þ")).collect::<Vec<_>>().join("\u{14}") + "\r\n").collect();
        counted_once("load.dat", &dat, !id.is_empty());
        let edrm = format!(
            "<Root DataInterchangeType=\"Update\"><Batch><Documents><Document DocID=\"1\" DocType=\"Message\"><Tags><Tag TagName=\"#From\" TagValue=\"a@x.example\"/>\
             <Tag TagName=\"#To\" TagValue=\"b@x.example\"/><Tag TagName=\"#DateSent\" TagValue=\"2026-01-02T10:00:00Z\"/><Tag TagName=\"#MessageID\" TagValue=\"{}\"/></Tags>\
             <Files><File FileType=\"Native\"><ExternalFile FileName=\"D1.eml\"/></File></Files></Document></Documents></Batch></Root>",
            id.replace('<', "&lt;").replace('>', "&gt;")
        );
        counted_once("load.xml", &edrm, !id.is_empty());
    }
    // A table knows no natives: with a Message-ID the two are one.
    counted_once(
        "load.csv",
        "Control Number^From^To^Sent Date/Time^Email Subject^Message ID\nD1^a@x.example^b@x.example^2026-01-02T10:00:00Z^s^<m@x.example>\n",
        true,
    );
}

/// Messages that are held for each of these people.
fn held(batch: &Batch, people: [&str; 3]) -> [u64; 3] {
    let person = |name: &str| {
        let given = name.split(' ').next().unwrap_or_default().to_lowercase();
        Person { name: name.to_owned(), emails: vec![format!("{given}@firm.example")], ..Person::default() }
    };
    let matter = Matter { people: Some(people.map(person).to_vec()), own_domains: vec!["firm.example".to_owned()], ..Matter::default() };
    let ground = Ground::new(&merge(&[batch], "UTC"), &matter, &Scope::default());
    [0, 1, 2].map(|custodian| ground.streams.list.iter().filter(|s| s.custodian == custodian).map(|s| s.messages()).sum())
}

const FIRM: [&str; 3] = ["John Doe", "Ann Roe", "Bo Lind"];

fn dat(rows: &[[&str; 7]]) -> String {
    let head = ["DOCID", "CUSTODIAN", "ALLCUSTODIANS", "FROM", "TO", "SENTDATETIME", "MESSAGEID"];
    [&[head][..], rows].concat().iter().map(|r| r.iter().map(|c| format!("þ{c}þ")).collect::<Vec<_>>().join("\u{14}") + "\r\n").collect()
}

/// What is sent to a list names no one else: only the custodians tell in whose boxes it lies.
#[test]
fn a_mail_to_a_list_is_held_for_all_custodians_whom_its_row_names() {
    let row = |all| ["D1", "Doe, John", all, "john@firm.example", "list@firm.example", "2026-01-02T10:00:00Z", "<m1@firm.example>"];
    let of = |rows: &[[&str; 7]]| folder(&[("load.dat", &dat(rows))]);
    assert_eq!(held(&of(&[row("")]), FIRM), [1, 0, 0]);
    assert_eq!(held(&of(&[row("Doe, John; Roe, Ann")]), FIRM), [1, 1, 0]);
    // A row for the copy of each, as tools write that have not left out copies: one message, several holders.
    let copy = |id, own| [id, own, "", "john@firm.example", "list@firm.example", "2026-01-02T10:00:00Z", "<m1@firm.example>"];
    let copies = of(&[copy("D1", "Doe, John"), copy("D2", "Roe, Ann"), copy("D3", "Lind, Bo")]);
    assert_eq!(merge(&[&copies], "UTC").len(), 1);
    assert_eq!(held(&copies, FIRM), [1, 1, 1]);
}

#[test]
fn who_holds_a_mail_in_several_ways_holds_it_once() {
    let row = ["D1", "Doe, John", "Roe, Ann; Roe, Ann", "john@firm.example", "ann@firm.example", "2026-01-02T10:00:00Z", "<m@x.example>"];
    let mail = MAIL.replace("a@x.example", "john@firm.example").replace("b@x.example", "ann@firm.example");
    let batch = folder(&[("load.dat", &dat(&[row])), ("mail.eml", &mail)]);
    assert_eq!((batch.tables.sources.len(), merge(&[&batch], "UTC").len()), (2, 1));
    assert_eq!(held(&batch, FIRM), [1, 1, 0]);
}

#[test]
fn a_document_of_edrm_is_held_for_the_custodians_of_all_its_places() {
    let edrm = "<Root DataInterchangeType=\"Update\"><Batch><Documents><Document DocID=\"1\" DocType=\"Message\"><Tags><Tag TagName=\"#From\" TagValue=\"john@firm.example\"/>\
         <Tag TagName=\"#To\" TagValue=\"list@firm.example\"/><Tag TagName=\"#DateSent\" TagValue=\"2026-01-02T10:00:00Z\"/></Tags>\
         <Locations><Location><Custodian>Ann Roe</Custodian></Location><Location><Custodian>Lind, Bo</Custodian></Location></Locations></Document></Documents></Batch></Root>";
    assert_eq!(held(&folder(&[("load.xml", edrm)]), FIRM), [1, 1, 1]);
}
