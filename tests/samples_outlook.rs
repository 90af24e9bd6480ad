//! The public sample items and stores of Outlook, checked against the facts counted for them by other programs (`SOURCES.md` beside the
//! samples). The samples are third-party files and not part of this repository.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod given;

use std::path::Path;
use std::rc::Rc;

use given::{read_as, samples};
use retention_audit::import::bytes::Shared;
use retention_audit::import::reread::shown;
use retention_audit::model::batch::Batch;
use retention_audit::model::ledger::SkipReason;
use retention_audit::model::{Flags, Position};
use retention_audit::time::rfc3339;
use retention_audit::workbench::merge::merge;

fn read(root: &Path, path: &str) -> Batch {
    let batch = read_as(&root.join(path), "unknown");
    for s in &batch.tables.sources {
        assert_eq!((s.remainder(), s.error.as_ref()), (0, None), "{path}");
    }
    assert_eq!(batch.tables.sources[0].format, if path.starts_with("pst") { "pst" } else { "msg" }, "{path}");
    batch
}

type Fate = Result<(&'static str, u8), SkipReason>;

/// File; what becomes of its only item: time and attachments of a mail, or the reason why it is left out.
const ITEMS: &[(&str, Fate)] = &[
    ("msg/msgreader-sent2.msg", Ok(("2021-08-31T01:56:16Z", 0))),
    ("msg/msgreader-attachmentFiles.msg", Ok(("2023-11-01T00:48:31Z", 3))),
    ("msg/tika-att-msg.msg", Ok(("2010-06-17T23:54:19Z", 2))),
    ("msg/tika-testMSG.msg", Ok(("2009-01-29T19:16:40Z", 0))),
    ("msg/msgreader-Simple.msg", Err(SkipReason::Draft)),
    ("msg/msgreader-msgInMsg.msg", Err(SkipReason::Draft)),
    ("msg/msgreader-nonUnicodeCP932.msg", Err(SkipReason::Draft)),
    ("msg/msgreader-A_schedule.msg", Err(SkipReason::OtherItem)),
    ("msg/tika-appointment.msg", Err(SkipReason::OtherItem)),
];

#[test]
fn sample_items_hold_what_was_counted_in_them() {
    let Some(root) = samples("enterprise") else { return };
    for (path, truth) in ITEMS {
        let batch = read(&root, path);
        let source = &batch.tables.sources[0];
        assert_eq!(source.records, 1, "{path}");
        match truth {
            Ok((time, attachments)) => {
                assert_eq!(rfc3339(batch.columns.time[0] / 1_000_000 * 1_000_000, true), *time, "{path}");
                assert_eq!(Flags(batch.columns.flags[0]).attachments(), *attachments, "{path}");
            }
            Err(reason) => assert_eq!(source.skipped.iter().map(|s| (s.reason, s.count)).collect::<Vec<_>>(), [(*reason, 1)], "{path}"),
        }
    }
}

fn text(root: &Path, path: &str, format: &str, offset: u64) -> String {
    let bytes: Shared = Rc::new(std::fs::read(root.join(path)).unwrap());
    shown(&bytes, format, "unknown", "", Position::byte(offset), 4000).unwrap().unwrap()
}

#[test]
fn items_are_shown_as_text_in_their_code_page() {
    let Some(root) = samples("enterprise") else { return };
    for (path, _) in ITEMS {
        println!("--- {path}\n{}", text(&root, path, "msg", 0));
    }
    // Code page not stated; the locale is Japanese.
    assert!(text(&root, "msg/msgreader-nonUnicodeCP932.msg", "msg", 0).contains("\r\n\r\n日本語 Non Unicode 本文"));
    let mail = text(&root, "pst/tika-various-body-types.pst", "pst", 2_097_188);
    println!("--- pst\n{mail}");
    assert!(mail.starts_with("Folder: ") && mail.contains("/tmp") && mail.contains("Message-ID: <MWHPR09MB1391E30131B0D193163AA6E0C79C0@"));
}

#[test]
fn sample_stores_hold_what_was_counted_in_them() {
    let Some(root) = samples("enterprise") else { return };
    let batch = read(&root, "pst/tika-various-body-types.pst");
    let source = &batch.tables.sources[0];
    println!("{source:#?}\n{:#?}", batch.tables.statements);
    assert_eq!((source.messages, source.conversations, batch.replies.len()), (4, 1, 3));
    let (first, last) = (source.first.unwrap(), source.last.unwrap());
    assert_eq!((rfc3339(first, true).as_str(), rfc3339(last, true).as_str()), ("2017-08-30T19:26:03Z", "2017-08-30T19:27:50Z"));
    assert!(batch.tables.statements.is_empty());
    // One sender, and every reply finds its parent: one thread.
    assert_eq!(merge(&[&batch], "UTC").conversations.len(), 1);
    for (path, items) in [("pst/libpst-dist-list.pst", 4), ("pst/libpst-passworded.pst", 3), ("pst/ms-empty.pst", 0)] {
        let batch = read(&root, path);
        let source = &batch.tables.sources[0];
        println!("{path} {:?} {:?}", source.skipped, source.notices);
        assert_eq!((source.records, source.messages), (items, 0), "{path}");
        assert!(source.skipped.iter().all(|s| s.reason == SkipReason::OtherItem), "{path}");
        assert!(batch.tables.statements.is_empty(), "{path}");
        assert_eq!(source.notices.iter().any(|n| n.id == "pst_password"), path.contains("passworded"), "{path}");
    }
}
