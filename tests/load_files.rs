//! Load files beside the mails they list: nothing is counted twice, and tables with the fields of review platforms are read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::rc::Rc;

use retention_audit::import::archive::Folder;
use retention_audit::import::bytes::Shared;
use retention_audit::import::importer::Importer;
use retention_audit::import::{Options, Step};
use retention_audit::model::Batch;
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
