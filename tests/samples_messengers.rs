//! Real messenger exports by others, where they are present: what was counted in them by hand must come out.
//! They lie in `../shared/samples` or under `RETENTION_SAMPLES`; without them this test says that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod given;

use given::{read_as, samples};
use retention_audit::model::Flags;
use retention_audit::model::statement::StatementKind;
use retention_audit::time;

fn at(t: Option<i64>) -> String {
    t.map_or(String::new(), |t| time::rfc3339(t, false))
}

/// 53 lines, User1 25 and User2 28; 4 calls are events. Days are not in order, equal lines of one minute are separate messages.
#[test]
fn the_line_history_has_its_53_lines() {
    let Some(root) = samples("messengers") else { return };
    // Under any name: the content tells what it is.
    for name in ["sample.txt", "unknown"] {
        let batch = read_as(&root.join("line/line-message-analyzer/sample.txt"), name);
        let s = &batch.tables.sources[0];
        assert_eq!((s.error.as_ref(), s.format.as_str(), s.remainder()), (None, "line_txt", 0));
        assert_eq!((s.records, s.messages, s.events, s.skipped_total(), s.participants), (53, 49, 4, 0, 2));
        assert_eq!((at(s.first).as_str(), at(s.last).as_str()), ("2016-05-08T22:00:00", "2017-12-04T16:46:00"));
        assert_eq!(at(s.exported_at), "2020-02-12T02:42:00");
        let lines_of = |key: &str| {
            let ix = batch.tables.handles.iter().position(|h| h.key == key).unwrap();
            batch.columns.sender.iter().filter(|s| **s as usize == ix).count()
        };
        assert_eq!((lines_of("User1"), lines_of("User2")), (25, 28));
        let absent = batch.columns.flags.iter().filter(|f| Flags(**f).has(Flags::MEDIA_ABSENT)).count();
        let stated: u64 = batch.tables.statements.iter().filter(|s| s.kind == StatementKind::MediaAbsent).map(|s| s.quantity).sum();
        assert_eq!((absent, stated), (10, 10));
        assert!(s.notices.iter().any(|n| n.id == "line_days_out_of_order"));
        assert_eq!(s.owner.as_ref().map(|o| o.value.as_str()), Some("User2"));
    }
}

/// The older line form of signal-export: two messages, the second of two lines.
#[test]
fn the_signal_chat_has_its_two_messages() {
    let Some(root) = samples("messengers") else { return };
    for name in ["test_export.txt", "unknown"] {
        let batch = read_as(&root.join("signal/chat-miner/test_export.txt"), name);
        let s = &batch.tables.sources[0];
        assert_eq!((s.error.as_ref(), s.format.as_str(), s.remainder()), (None, "signal_chat", 0));
        assert_eq!((s.records, s.messages, s.events, s.participants), (2, 2, 0, 2));
        assert_eq!((at(s.first).as_str(), at(s.last).as_str()), ("2019-12-24T12:23:00", "2020-01-17T21:49:00"));
        assert_eq!(batch.columns.chars, ["Hello John!".len() as u32, "Hello\nJane!".len() as u32]);
    }
}

/// What is no messenger's file is not taken for one of Signal's or LINE's.
#[test]
fn results_of_other_programs_are_not_taken() {
    let Some(root) = samples("messengers") else { return };
    for name in ["signal/chat-miner/target.json", "telegram/chat-miner/target.json", "whatsapp/chatistics/_chat.txt", "whatsapp/locket/whatsapp_ios.txt"] {
        let batch = read_as(&root.join(name), name);
        let format = batch.tables.sources[0].format.as_str();
        assert!(!format.starts_with("signal") && !format.starts_with("line") && !format.starts_with("viber"), "{name} as {format}");
    }
}
