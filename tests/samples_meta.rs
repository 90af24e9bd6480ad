//! Real Instagram downloads by others, where they are present: what was counted in them by hand must come out.
//! They lie in `../shared/samples` or under `RETENTION_SAMPLES`; without them this test says that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod given;

use given::{read, read_folder, samples};
use retention_audit::model::Batch;
use retention_audit::time;

/// Messages, events, people who wrote, first and last second.
fn counts(batch: &Batch) -> (u64, u64, u64, String, String) {
    assert_eq!(batch.tables.sources.len(), 1);
    let s = &batch.tables.sources[0];
    assert_eq!((s.error.as_ref(), s.format.as_str(), s.remainder(), s.skipped_total()), (None, "meta_json", 0, 0));
    let at = |t: Option<i64>| time::rfc3339(t.unwrap(), true);
    (s.messages, s.events, s.participants, at(s.first), at(s.last))
}

fn expected(messages: u64, people: u64, first: &str, last: &str) -> (u64, u64, u64, String, String) {
    (messages, 0, people, first.to_owned(), last.to_owned())
}

#[test]
fn two_pages_of_one_thread_are_read_and_their_names_mended() {
    let Some(root) = samples("messengers/instagram") else { return };
    let folder = root.join("locket");
    assert_eq!(counts(&read(&folder.join("message_1.json"))), expected(2, 2, "2025-01-16T01:13:20Z", "2025-01-16T04:00:00Z"));
    assert_eq!(counts(&read(&folder.join("message_2.json"))), expected(2, 2, "2025-01-15T23:50:00Z", "2025-01-16T02:36:40Z"));
    let batch = read_folder(&folder);
    assert_eq!(counts(&batch), expected(4, 2, "2025-01-15T23:50:00Z", "2025-01-16T04:00:00Z"));
    assert_eq!(batch.tables.conversations.len(), 1);
    assert_eq!(batch.tables.handles.iter().map(|h| h.key.as_str()).collect::<Vec<_>>(), ["Sarah Kov\u{e1}cs", "Noah Jung"]);
    // Nothing in these files says which of the two it is.
    assert!(batch.tables.sources[0].notices.iter().any(|n| n.id == "meta_which"));
}

#[test]
fn a_list_without_participants_is_read_all_the_same() {
    let Some(root) = samples("messengers/instagram") else { return };
    let batch = read(&root.join("chat-miner/test_export.json"));
    assert_eq!(counts(&batch), expected(2, 2, "2019-12-24T11:23:00Z", "2020-01-17T20:49:00Z"));
}
