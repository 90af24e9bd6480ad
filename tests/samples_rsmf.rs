//! RSMF by others, where it is present: what was counted in it by hand must come out.
//! The files lie in `../shared/samples` or under `RETENTION_SAMPLES`; without them these tests say that they were skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod given;

use given::{read, samples};
use retention_audit::model::{EventKind, Flags};
use retention_audit::time;

fn at(t: Option<i64>) -> String {
    time::rfc3339(t.unwrap() / 1_000_000 * 1_000_000, true)
}

#[test]
fn the_demo_conversations_of_version_1_have_all_their_events() {
    let Some(root) = samples("enterprise/rsmf") else { return };
    let batch = read(&root.join("relativity-slack-rsmf1_manifest.json"));
    let s = &batch.tables.sources[0];
    assert_eq!((s.error.as_ref(), s.format.as_str()), (None, "rsmf"));
    assert_eq!((s.records, s.messages, s.events, s.skipped_total(), s.remainder()), (148, 125, 23, 0, 0));
    let flags: Vec<Flags> = batch.columns.flags.iter().map(|f| Flags(*f)).collect();
    assert_eq!(flags.iter().filter(|f| f.event() == Some(EventKind::Joined)).count(), 20);
    assert_eq!(flags.iter().filter(|f| f.event() == Some(EventKind::Other)).count(), 3);
    assert_eq!(flags.iter().filter(|f| f.is_message() && f.has(Flags::DELETED)).count(), 14);
    assert_eq!(flags.iter().filter(|f| f.has(Flags::EDITED)).count(), 19);
    assert_eq!(batch.replies.len(), 42);
    assert_eq!((batch.tables.conversations.len(), s.participants), (6, 5));
    assert_eq!((at(s.first), at(s.last)), ("2019-04-01T16:08:29Z".to_owned(), "2019-04-02T19:36:39Z".to_owned()));
    assert!(batch.tables.conversations.iter().all(|c| c.channel == "slack"));
}

#[test]
fn what_a_validator_rejects_is_read_with_a_note() {
    let Some(root) = samples("enterprise/rsmf") else { return };
    for (name, notice) in [
        ("validator-invalid-missing-avatar_rsmf.zip", "rsmf_pictures_absent"),
        ("validator-invalid-missing-participant-id_manifest.json", "rsmf_participant_without_id"),
        // Its participant has the number 1 as id, its event the string "1" (the same, as texts); its conversation has a member "2".
        ("validator-invalid-unknown-participant_manifest.json", "rsmf_unknown_member"),
        // The list of what is true of the samples says that this one has no rsmf.zip; it has one, behind a picture that does not belong there.
        ("validator-invalid-no-rsmfzip.rsmf", "rsmf_other_attachments"),
    ] {
        let batch = read(&root.join(name));
        let s = &batch.tables.sources[0];
        assert_eq!((s.error.as_ref(), s.format.as_str(), s.records, s.messages), (None, "rsmf", 1, 1), "{name}");
        assert_eq!(at(s.first), "2013-01-10T15:53:00Z", "{name}");
        assert!(s.notices.iter().any(|n| n.id == notice), "{name}: {:?}", s.notices);
        assert_eq!(s.question, Some(retention_audit::model::ledger::Question::Zone), "{name}");
    }
}

#[test]
fn the_schema_is_refused_in_a_sentence() {
    let Some(root) = samples("enterprise/rsmf") else { return };
    let batch = read(&root.join("rsmf_schema_2_0_0.json"));
    let s = &batch.tables.sources[0];
    assert!(s.error.as_ref().unwrap().what.contains("schema of RSMF"));
    assert_eq!((s.records, s.messages), (0, 0));
}
