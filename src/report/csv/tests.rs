//! Tests of the tables.

use super::*;
use crate::model::answer::{ChannelRow, Estimate, Finding, Gap, GroupRow, Groups};
use serde_json::json;

fn answers() -> Answers {
    Answers {
        gaps: vec![Gap {
            id: "g1".to_owned(),
            custodian: "=HYPERLINK(\"http://x\")".to_owned(),
            class: "A".to_owned(),
            estimate: Some(Estimate { low: 41.0, mid: 64.0, high: 96.25 }),
            reasons: vec!["one, two".to_owned(), "three".to_owned()],
            ..Gap::default()
        }],
        copies: vec![crate::model::answer::CopyPair::default()],
        findings: vec![Finding { id: "f1".to_owned(), sentence: "@SUM(A1)".to_owned(), ..Finding::default() }],
        leavers: vec![
            Leaver { person: "Mei Tan".to_owned(), days_left: -61, ..Leaver::default() },
            Leaver {
                person: "Grace Lim".to_owned(),
                clients: vec![ClientHeld { client: "Baihe; Optics".to_owned(), share: 0.962, ..ClientHeld::default() }],
                ..Leaver::default()
            },
        ],
        channels: crate::model::answer::Channels {
            by_channel: vec![ChannelRow { channel: "wechat".to_owned(), ..ChannelRow::default() }],
            groups: Some(Groups {
                by: "department".to_owned(),
                merged: 3,
                rows: vec![GroupRow { name: "Other".to_owned(), people: 6, off_client_turns: 9, share: Some(0.25) }],
                ..Groups::default()
            }),
            ..Default::default()
        },
        ledger: json!({"sources": [{"path": "a.zip!b.txt", "records": 10, "messages": 7, "skipped": [{"count": 2}, {"count": 1}], "zone": {"value": "UTC", "basis": "assumed"}, "error": null}]}),
        ..Answers::default()
    }
}

/// Cells of a record, by the rules of RFC 4180.
fn cells(line: &str) -> usize {
    let mut quoted = false;
    line.chars()
        .filter(|c| {
            quoted ^= *c == '"';
            *c == ',' && !quoted
        })
        .count()
        + 1
}

#[test]
fn every_table_has_rows_as_wide_as_its_header() {
    for (which, _) in TABLES {
        let text = table(&answers(), which).unwrap();
        let mut lines = text.split_terminator("\r\n");
        let width = cells(lines.next().unwrap());
        for line in lines {
            let got = cells(line);
            assert!(got == width, "{which}: {got} of {width}: {line}");
        }
    }
    assert_eq!(table(&answers(), "everything"), None);
}

#[test]
fn a_formula_in_a_name_is_guarded() {
    assert!(table(&answers(), "gaps").unwrap().contains("\"'=HYPERLINK(\"\"http://x\"\")\""));
    assert!(table(&answers(), "findings").unwrap().contains(",'@SUM(A1),"));
}

#[test]
fn gaps_of_two_owners_nobody_knows_are_told_apart_in_the_last_column() {
    let gap = |custodian: &str, owner: Option<&str>| Gap { custodian: custodian.into(), owner: owner.map(str::to_owned), ..Gap::default() };
    let gaps = vec![gap("", Some("anab")), gap("", Some("=karl")), gap("Mei Tan", None), gap("", None)];
    let text = table(&Answers { gaps, ..Answers::default() }, "gaps").unwrap();
    let last: Vec<&str> = text.split_terminator("\r\n").map(|line| line.rsplit(',').next().unwrap()).collect();
    assert_eq!(last, ["owner", "anab", "'=karl", "", ""]);
    assert!(text.starts_with("id,class,kind,") && text.contains(",explained_days,owner\r\n"), "the columns before it stay where they were");
}

#[test]
fn unknown_is_empty_and_not_zero() {
    let text = table(&answers(), "channels").unwrap();
    assert!(text.ends_with("wechat,,,0,0,0,0,,,,,\r\n"), "{text}");
}

#[test]
fn numbers_stay_numbers() {
    let text = table(&answers(), "leavers").unwrap();
    assert!(text.contains("Mei Tan,,,,-61,"), "{text}");
    assert!(text.contains("0.962") && text.contains("\"Baihe; Optics\""));
    assert!(table(&answers(), "groups").unwrap().ends_with("department,Other,6,9,0.25,3\r\n"));
    assert!(table(&answers(), "ledger").unwrap().contains(",10,7,,,3,"));
    assert_eq!([number(0.0), number(-0.000_01), number(12.5), number(0.123_46)], ["0", "0", "12.5", "0.1235"]);
}
