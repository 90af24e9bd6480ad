//! Real exports by others, where they are present: what was counted in them by hand must come out.
//! They lie in `../shared/samples` or under `RETENTION_SAMPLES`; without them this test says that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod given;

use given::{read_as, read_folder, samples};
use retention_audit::model::Flags;
use retention_audit::time;

#[test]
fn the_answer_of_graph_has_its_two_messages() {
    let Some(root) = samples("enterprise/teams") else { return };
    let batch = read_as(&root.join("graph-getAllMessages-response.json"), "answer.json");
    let s = &batch.tables.sources[0];
    assert_eq!((s.format.as_str(), s.records, s.messages, s.events, s.conversations, s.participants), ("teams", 2, 2, 0, 2, 1));
    let at = |t: Option<i64>| time::rfc3339(t.unwrap() / 1_000_000 * 1_000_000, true);
    assert_eq!((at(s.first), at(s.last)), ("2021-05-25T20:12:14Z".to_owned(), "2021-06-03T23:22:47Z".to_owned()));
    assert_eq!(s.owner.as_ref().map(|o| o.value.as_str()), Some("0b4f1cf6-54c8-4820-bbb7-2a1f4257ade5"));
}

#[test]
fn the_folder_of_a_tenant_has_its_messages_events_and_the_one_who_left() {
    let Some(root) = samples("enterprise/teams") else { return };
    let batch = read_folder(&root.join("TeamsData_ZulipChat"));
    assert_eq!(batch.tables.sources.len(), 1);
    let s = &batch.tables.sources[0];
    assert_eq!((s.error.as_ref(), s.format.as_str(), s.remainder()), (None, "teams", 0));
    assert_eq!((s.records, s.messages, s.events, s.skipped_total(), s.participants), (16, 10, 6, 0, 3));
    let at = |t: Option<i64>| time::rfc3339(t.unwrap() / 1_000_000 * 1_000_000, true);
    assert_eq!((at(s.first), at(s.last)), ("2025-08-12T05:29:14Z".to_owned(), "2025-10-09T13:12:04Z".to_owned()));
    let edited = batch.columns.flags.iter().filter(|f| Flags(**f).has(Flags::EDITED)).count();
    assert_eq!(edited, 1);
    let gone: Vec<&str> = batch.tables.handles.iter().filter(|h| h.deactivated).map(|h| h.name.as_str()).collect();
    assert_eq!(gone, ["Will Begon"]);
    assert_eq!(batch.tables.handles.iter().filter(|h| h.email.ends_with("@zulipchat.onmicrosoft.com")).count(), 6);
    assert_eq!(batch.replies.len(), 3);
}
