//! Real backups of phones by others, where they are present: what was counted in them by hand must come out.
//! They lie in `../shared/samples` or under `RETENTION_SAMPLES`; without them this test says that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod given;

use std::rc::Rc;

use given::{read, samples};
use retention_audit::model::ledger::{SkipReason, Source};
use retention_audit::model::{Batch, Flags, StatementKind};
use retention_audit::time;

/// Records, messages, events, skips.
fn counts(s: &Source) -> (u64, u64, u64, u64) {
    assert_eq!(s.remainder(), 0, "{}", s.path);
    (s.records, s.messages, s.events, s.skipped_total())
}

fn span(s: &Source) -> (String, String) {
    let at = |t: Option<i64>| t.map_or("-".to_owned(), |t| time::rfc3339(t / 1_000_000 * 1_000_000, true));
    (at(s.first), at(s.last))
}

/// Messages by the owner.
fn own(batch: &Batch) -> usize {
    batch.columns.flags.iter().filter(|f| Flags(**f).is_message() && Flags(**f).has(Flags::BY_OWNER)).count()
}

#[test]
fn backups_of_text_messages_have_their_counts() {
    let Some(root) = samples("messengers") else { return };
    // File; records, messages, events, skipped; senders with and without the owner; first and last.
    let expected = [
        ("sms-backup-processor/test-smses.xml", (4, 4, 0, 0), [1, 2], "2016-09-07T08:08:01Z", "2021-07-03T08:38:30Z"),
        ("sms-backup-reader-2/corrupt_attachments.xml", (2, 2, 0, 0), [1, 1], "2024-07-16T20:29:28Z", "2024-07-16T20:29:29Z"),
        ("sms-backup-reader-2/empty.xml", (0, 0, 0, 0), [0, 0], "-", "-"),
        ("sms-backup-reader-2/sample_mms.xml", (4, 4, 0, 0), [1, 1], "2024-07-16T20:29:24Z", "2024-07-16T20:29:27Z"),
        ("sms-backup-reader-2/sample_small.xml", (7, 7, 0, 0), [2, 3], "2017-12-02T14:49:27Z", "2024-07-14T23:04:03Z"),
        ("sms-backup-restore-parser/edge_cases.xml", (4, 4, 0, 0), [3, 4], "2021-01-01T00:00:00Z", "2021-01-01T03:00:00Z"),
        ("sms-backup-restore-parser/malformed.xml", (1, 0, 0, 1), [0, 0], "-", "-"),
        ("sms-backup-restore-parser/minimal_calls.xml", (1, 0, 1, 0), [0, 0], "2021-01-03T00:00:00Z", "2021-01-03T00:00:00Z"),
        ("sms-backup-restore-parser/minimal_mms.xml", (1, 1, 0, 0), [1, 1], "2021-01-02T00:00:00Z", "2021-01-02T00:00:00Z"),
        ("sms-backup-restore-parser/minimal_sms.xml", (1, 1, 0, 0), [1, 1], "2021-01-01T00:00:00Z", "2021-01-01T00:00:00Z"),
        ("sms-backup-restore-parser/mixed.xml", (4, 3, 0, 1), [1, 2], "2021-01-01T00:00:00Z", "2021-01-01T02:00:00Z"),
    ];
    for (name, records, senders, first, last) in expected {
        let batch = read(&root.join("sms").join(name));
        let s = &batch.tables.sources[0];
        assert_eq!((s.error.as_ref(), s.format.as_str()), (None, "sms_backup"), "{name}");
        assert_eq!(counts(s), records, "{name}");
        assert!(senders.contains(&s.participants), "{name}: {} senders", s.participants);
        assert_eq!(span(s), (first.to_owned(), last.to_owned()), "{name}");
    }
}

#[test]
fn what_is_missing_from_backups_is_said() {
    let Some(root) = samples("messengers") else { return };
    let cut = read(&root.join("sms/sms-backup-processor/test-smses.xml"));
    let short: Vec<_> = cut.tables.statements.iter().filter(|s| s.kind == StatementKind::CountShort).map(|s| s.quantity).collect();
    assert_eq!(short, [12024]);
    assert_eq!(own(&cut), 2);
    let small = read(&root.join("sms/sms-backup-reader-2/sample_small.xml"));
    assert_eq!((own(&small), small.tables.conversations.len()), (3, 2));
    let media = read(&root.join("sms/sms-backup-reader-2/sample_mms.xml"));
    assert!(media.columns.flags.iter().all(|f| Flags(*f).attachments() == 1 && !Flags(*f).has(Flags::MEDIA_ABSENT)));
    let mixed = read(&root.join("sms/sms-backup-restore-parser/mixed.xml"));
    assert_eq!(mixed.tables.sources[0].skipped[0].reason, SkipReason::Draft);
    let broken = read(&root.join("sms/sms-backup-restore-parser/malformed.xml"));
    assert!(broken.tables.statements.iter().any(|s| s.kind == StatementKind::CutOff));
}

#[test]
fn a_store_of_messages_has_its_twelve_rows() {
    let Some(root) = samples("messengers") else { return };
    let batch = read(&root.join("imessage/locket/sms.db"));
    let s = &batch.tables.sources[0];
    assert_eq!((s.error.as_ref(), s.format.as_str()), (None, "imessage_db"));
    assert_eq!(counts(s), (12, 11, 1, 0));
    assert_eq!(span(s), ("2013-09-04T12:00:00Z".to_owned(), "2025-06-01T11:02:00Z".to_owned()));
    assert!([3, 4].contains(&s.participants), "{} senders", s.participants);
    assert_eq!(own(&batch), 6);
    // Row 4 is an SMS in a chat of iMessage: it lies on its own channel.
    let titles: std::collections::BTreeSet<_> = batch.tables.conversations.iter().map(|c| c.key.as_str()).collect();
    assert_eq!(titles.len(), 2);
    let lengths: Vec<u32> = batch.columns.chars.clone();
    assert_eq!(lengths, [10, 10, 0, 36, 0, 25, 22, 12, 12, 34, 19, 0]);
    let bare: Vec<usize> = (0..12).filter(|r| Flags(batch.columns.flags[*r]).has(Flags::NO_CONTENT)).collect();
    assert_eq!(bare, [4]);
    let bytes: retention_audit::import::bytes::Shared = Rc::new(std::fs::read(root.join("imessage/locket/sms.db")).unwrap());
    let at = retention_audit::model::Position::unpack(batch.columns.position[1]);
    let shown = retention_audit::import::reread::shown(&bytes, "imessage_db", "sms.db", "", at, 4096).unwrap().unwrap();
    assert_eq!(shown, "message ROWID 2, 2025-06-01T10:01:00Z, by handle 1, iMessage\nNoter test");
}
