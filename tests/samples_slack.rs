//! Real Slack exports by others, where they are present: what was counted in them by hand must come out.
//! They lie in `../shared/samples` or under `RETENTION_SAMPLES`; without them this test says that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod given;

use given::{read, samples};
use retention_audit::model::Flags;
use retention_audit::time;

#[test]
fn the_archive_of_2016_has_its_messages_bots_and_events() {
    let Some(root) = samples("enterprise/slack") else { return };
    let batch = read(&root.join("slack-export-viewer-testarchive.zip"));
    assert_eq!(batch.tables.sources.len(), 1);
    let s = &batch.tables.sources[0];
    assert_eq!((s.error.as_ref(), s.format.as_str()), (None, "slack"));
    assert_eq!((s.records, s.messages, s.events, s.skipped_total(), s.remainder()), (158, 147, 11, 0, 0));
    let machines = batch.columns.flags.iter().filter(|f| Flags(**f).is_message() && Flags(**f).has(Flags::AUTOMATIC)).count();
    assert_eq!(machines, 94);
    assert_eq!(s.conversations, 2);
    let at = |t: Option<i64>| time::rfc3339(t.unwrap() / 1_000_000 * 1_000_000, true);
    assert_eq!((at(s.first), at(s.last)), ("2016-01-15T05:55:18Z".to_owned(), "2016-03-29T12:33:06Z".to_owned()));
    assert!(batch.tables.handles.iter().filter(|h| !h.email.is_empty()).count() <= 4);
    assert!(!batch.tables.handles.iter().any(|h| h.deactivated));
}

#[test]
fn bare_lists_of_messages_are_read_without_the_root_that_is_repeated_inside() {
    let Some(root) = samples("enterprise/slack") else { return };
    for (name, messages) in [("normal_thread.json", 4), ("thread_with_broadcast_reply.json", 3)] {
        let batch = read(&root.join("zulip-threads").join(name));
        let s = &batch.tables.sources[0];
        assert_eq!((s.format.as_str(), s.messages, s.records, s.remainder()), ("slack", messages, messages, 0), "{name}");
    }
}
