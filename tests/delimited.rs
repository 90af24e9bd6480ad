//! What tables and JSON lists must read and must refuse, beyond the fixtures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use std::rc::Rc;

use retention_audit::import::{DateOrder, Given, Options, detect, read_all};
use retention_audit::model::Batch;
use retention_audit::model::ledger::{Basis, SkipReason};
use retention_audit::time::rfc3339;

fn read(name: &str, bytes: &[u8], options: Options) -> Batch {
    read_all(vec![Given { path: name.to_owned(), bytes: Rc::new(bytes.to_vec()), modified: None }], options)
}

fn format(name: &str, bytes: &[u8]) -> Option<(&'static str, bool)> {
    let d = detect::detect(name, bytes.len() as u64, &bytes[..bytes.len().min(detect::HEAD)], bytes.len() <= detect::HEAD);
    d.format.map(|f| (f.about().id, d.sure))
}

fn times(batch: &Batch) -> Vec<String> {
    batch.columns.time.iter().map(|t| rfc3339(*t, false)).collect()
}

#[test]
fn lists_source_code_pages_and_plain_text_are_no_messages() {
    for (name, text) in [
        ("people.csv", "name,email,last day,department\nAna,a@f.example,2026-01-01,Sales\n"),
        ("clients.csv", "client,contact,email,domain\nNorthwind,Rosa,r@n.example,n.example\n"),
        ("numbers.csv", "a,b,c\n1,2,3\n"),
        ("prices.csv", "date,open,close\n2024-01-01,1,2\n"),
        ("page.html", "<html><body>from, to, date, message</body></html>"),
        ("main.rs", "use std::time;\nfn main() { let (from, time, text) = (1, 2, 3); }\n"),
        ("chat.txt", "31/01/2024, 10:00 - Ana: from, time, text\n31/01/2024, 10:01 - Bo: ok\n"),
        ("notes.txt", "Hello world\nfrom time to time a message\n"),
        ("mail.eml", "From: a@f.example\nTo: b@f.example\nDate: Wed, 31 Jan 2024 10:00:00 +0000\nSubject: hi\n\nbody\n"),
        ("package.json", r#"{"name":"x","version":"1.0.0","author":"Ana","time":"now","dependencies":{"a":"1"}}"#),
        ("schema.json", r#"{"$schema":"x","type":"object","properties":{"timestamp":{"type":"string"},"sender":{"type":"string"}}}"#),
        ("list.json", r#"[1,2,3]"#),
        ("rows.json", r#"[{"id":1,"name":"x"}]"#),
        ("empty.json", "[]"),
        ("empty.csv", ""),
    ] {
        let found = format(name, text.as_bytes()).filter(|(id, _)| matches!(*id, "csv" | "jsonl"));
        assert_eq!(found, None, "{name}");
    }
}

#[test]
fn a_date_order_once_stated_holds() {
    let text = b"sent date,sender,body\n03/04/2024 10:00,ana,one\n04/05/2024 11:00,bo,two\n";
    let batch = read("x.csv", text, Options { date_order: Some(DateOrder::Mdy), ..Options::default() });
    assert_eq!(times(&batch), ["2024-03-04T10:00:00", "2024-04-05T11:00:00"]);
    assert_eq!(batch.tables.sources[0].date_order.basis, Basis::Stated);
    assert!(batch.tables.sources[0].question.is_none());
}

#[test]
fn a_late_day_beyond_the_first_megabyte_still_decides() {
    let mut text = "date,sender,body\n".to_owned();
    for _ in 0..60_000 {
        text.push_str("3/4/2024 10:00,ana,some text to fill the window\n");
    }
    text.push_str("3/14/2024 10:00,ana,end\n");
    let batch = read("x.csv", text.as_bytes(), Options::default());
    assert_eq!(times(&batch)[0], "2024-03-04T10:00:00");
    assert_eq!((batch.tables.sources[0].date_order.basis, batch.columns.len()), (Basis::Proven, 60_001));
}

#[test]
fn every_delimiter_is_found() {
    for d in [",", ";", "\t", "|", "\u{14}"] {
        let text = "timestamp#sender#text\n2024-01-31T10:00:00Z#ana#hi, there\n2024-01-31T10:01:00Z#bo#\"quoted # one\"\n".replace('#', d);
        let text = if d == "," { text.replace("hi, there", "hi") } else { text };
        assert_eq!(format("x.csv", text.as_bytes()), Some(("csv", true)), "{d:?}");
        assert_eq!(read("x.csv", text.as_bytes(), Options::default()).columns.len(), 2, "{d:?}");
    }
}

#[test]
fn a_giant_line_is_one_named_skip_and_reading_goes_on() {
    let mut text = b"timestamp,sender,text\n2024-01-31T10:00:00Z,ana,hi\n2024-01-31T10:01:00Z,bo,".to_vec();
    text.resize(text.len() + (40 << 20), b'x');
    text.extend_from_slice(b"\n2024-01-31T10:02:00Z,ana,still here\n");
    let batch = read("x.csv", &text, Options::default());
    let s = &batch.tables.sources[0];
    assert_eq!((s.records, s.messages, s.remainder()), (3, 2, 0));
    assert_eq!((s.skipped[0].reason, s.skipped[0].first.line), (SkipReason::TooLarge, 3));
    assert_eq!(retention_audit::model::Position::unpack(batch.columns.position[1]).line, 4);
}

#[test]
fn positions_lead_to_the_records() {
    let text = "\u{feff}timestamp,sender,text\r\n2024-01-31T10:00:00Z,ana,\"a\r\nb\"\r\n\r\n2024-01-31T10:01:00Z,bo,c";
    let batch = read("x.csv", text.as_bytes(), Options::default());
    let at: Vec<_> = batch.columns.position.iter().map(|p| retention_audit::model::Position::unpack(*p)).collect();
    assert!(text[at[1].offset as usize..].starts_with("2024-01-31T10:01"));
    assert_eq!((at[0].line, at[1].line), (2, 5));
}

#[test]
fn real_exports_of_other_families_are_never_claimed_for_certain() {
    let Some(root) = given::samples("") else { return };
    let files = given::files(&root);
    assert!(!files.is_empty());
    for path in files {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let list = name == "target.json";
        let found = format(&name, &bytes).filter(|(id, _)| matches!(*id, "csv" | "jsonl"));
        eprintln!("{} {found:?}", path.display());
        if list {
            assert_eq!(found, Some(("jsonl", true)), "{}", path.display());
            let batch = read(&name, &bytes, Options::default());
            assert_eq!(batch.tables.sources[0].skipped_total(), 0, "{}: {:?}", path.display(), batch.tables.sources[0]);
        } else {
            assert!(found.is_none_or(|(_, sure)| !sure), "{}: {found:?}", path.display());
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 150, ..Default::default() })]
    #[test]
    fn any_bytes_are_read_without_panic_and_add_up(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        rows in "([,;\"\n\r]|ana|bo|2024-01-31|10:00|1706695200|31/01/24){0,80}",
        json in "([\\[\\]{},:\"\n ]|\"timestamp\":|\"sender\":\"a\"|\"text\":\"b\"|1706695200|null|\\{\"timestamp\":1706695200,\"sender\":\"a\",\"text\":\"b\"\\}){0,60}",
    ) {
        let table = [b"timestamp,sender,text,to\n".as_slice(), rows.as_bytes()].concat();
        let lines = [b"{\"timestamp\":1706695200,\"sender\":\"a\",\"text\":\"b\"}\n".as_slice(), json.as_bytes()].concat();
        for (format, input) in [("csv", &bytes), ("jsonl", &bytes), ("csv", &table), ("jsonl", &lines), ("jsonl", &json.clone().into_bytes())] {
            let batch = read("x", input, Options { format: Some(format.to_owned()), ..Options::default() });
            for s in &batch.tables.sources {
                assert_eq!(s.remainder(), 0, "{format} {:?}", String::from_utf8_lossy(input));
            }
            let _ = detect::detect("x", input.len() as u64, input, true);
        }
    }
}
