use std::rc::Rc;

use super::look;
use crate::import::bytes::Shared;
use crate::import::{Given, Options, read_all, reread};
use crate::model::message::Position;
use crate::model::{Batch, Flags};

fn read(name: &str, bytes: Vec<u8>) -> Batch {
    read_all(vec![Given { path: name.to_owned(), bytes: Rc::new(bytes), modified: None }], Options::default())
}

#[test]
fn a_record_in_the_mail_is_shown_as_it_stands_in_the_manifest() {
    let bytes = std::fs::read("tests/formats/rsmf/relativity-2.0/day.rsmf").unwrap();
    let batch = read("day.rsmf", bytes.clone());
    let shared: Shared = Rc::new(bytes);
    for (row, body) in ["Can you confirm the 40 lots?", "Confirmed.", "Ticket attached", "Thanks, filed as agreed"].iter().enumerate() {
        let at = Position::unpack(batch.columns.position[row]);
        let shown = reread::shown(&shared, "rsmf", "day.rsmf", "", at, 4096).unwrap().unwrap();
        assert!(shown.starts_with('{') && shown.ends_with('}') && shown.contains(&format!("\"body\": \"{body}\"")), "{shown}");
    }
}

#[test]
fn a_cut_manifest_keeps_the_events_before_the_cut() {
    let bytes = std::fs::read("tests/formats/rsmf/relativity-2.0/day.folder/rsmf_manifest.json").unwrap();
    let batch = read("m.json", bytes[..1900].to_vec());
    let s = &batch.tables.sources[0];
    assert_eq!((s.records, s.messages, s.skipped_total(), s.remainder()), (4, 3, 1, 0));
    assert!(s.error.is_some());
    assert_eq!(batch.tables.handles[0].name, "Dana Whitfield");
}

#[test]
fn the_order_of_the_lists_does_not_matter() {
    let text = |events_first: bool| {
        let events = r#""events":[{"type":"message","id":"1","conversation":"c-123456","participant":"p","timestamp":"2026-01-01T00:00:00Z","body":"x"}]"#;
        let lists = r#""participants":[{"id":"p","display":"Pat"}],"conversations":[{"id":"c-123456","platform":"signal","participants":["p"]}]"#;
        if events_first { format!("{{{events},{lists}}}") } else { format!("{{{lists},{events}}}") }
    };
    for first in [false, true] {
        let batch = read("m.json", text(first).into_bytes());
        assert_eq!(batch.tables.conversations[0].channel, "signal");
        assert_eq!(batch.tables.handles[0].key, "Pat");
        assert!(Flags(batch.columns.flags[0]).is_message());
    }
}

#[test]
fn other_json_is_no_manifest() {
    assert!(look(br#"{"participants": [], "events": 3}"#).is_none());
    assert!(look(br#"{"messages": [{"conversation": 1}]}"#).is_none());
    assert!(look(br#"{"participants": [], "conversations": [], "events": []}"#).is_some());
    assert!(look(br#"{"events": [{"conversation": "1", "participant": "2", "timestamp": "x"}, {"#).is_some());
}
