//! Real Telegram exports by others, where they are present: what was counted in them by hand must come out.
//! They lie in `../shared/samples` or under `RETENTION_SAMPLES`; without them this test says that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod given;

use given::{read, read_as, samples};
use retention_audit::model::statement::StatementKind;
use retention_audit::time;

#[test]
fn counts_by_hand_come_out() {
    let Some(root) = samples("messengers/telegram") else { return };
    // File, messages, events, skipped, people who wrote at most, first, last, whether times are UTC.
    let truth = [
        ("chat-miner/test_batch_export.json", 2, 0, 0, 2, "2018-12-05T10:39:10", "2018-12-05T10:49:24", true),
        ("chat-miner/test_single_export.json", 2, 0, 0, 2, "2018-12-05T10:39:10", "2018-12-05T10:49:24", true),
        ("chatstyle/result.json", 11, 1, 0, 2, "2023-05-01T12:01:00", "2023-05-01T12:12:00", true),
        ("telegram-chat-parser/bot.json", 2, 0, 0, 2, "2020-10-13T23:31:04", "2020-10-13T23:31:05", false),
        ("telegram-chat-parser/error.json", 2, 0, 0, 2, "2020-10-13T23:31:04", "2020-10-13T23:31:05", false),
        ("telegram-chat-parser/error-unexpected.json", 14, 1, 1, 9, "2020-08-01T22:01:49", "2021-03-21T18:20:17", false),
        ("telegram-chat-parser/personal.json", 0, 0, 0, 0, "", "", false),
        ("telegram-chat-parser/private_channel.json", 5, 2, 0, 0, "2021-03-22T17:06:53", "2021-03-22T17:18:09", false),
        ("telegram-chat-parser/public_channel.json", 5, 2, 0, 0, "2021-03-22T17:06:53", "2021-03-22T17:18:09", false),
        ("telegram-chat-parser/private_group.json", 1, 1, 0, 1, "2021-03-18T15:20:24", "2021-03-18T15:20:37", false),
        ("telegram-chat-parser/public_supergroup.json", 1, 3, 0, 1, "2021-03-18T15:20:24", "2021-03-22T15:56:27", false),
        ("telegram-chat-parser/saved.json", 20, 1, 0, 2, "2020-08-01T22:01:49", "2021-03-22T17:18:09", false),
        ("telegram-chat-parser/users_test.json", 8, 1, 0, 3, "2020-10-15T10:28:10", "2021-03-22T17:18:09", false),
        ("telegram-export-parser/test_data.json", 7, 0, 0, 4, "2024-01-14T08:00:00", "2024-01-16T14:16:00", false),
    ];
    for (name, messages, events, skipped, people, first, last, utc) in truth {
        let batch = read_as(&root.join(name), name);
        let s = &batch.tables.sources[0];
        assert_eq!(s.error, None, "{name}");
        assert_eq!(s.format, "telegram_json", "{name}");
        assert_eq!((s.messages, s.events, s.skipped_total(), s.remainder()), (messages, events, skipped, 0), "{name}");
        assert_eq!(s.records, messages + events + skipped, "{name}");
        let at = |t: Option<i64>| t.map_or(String::new(), |t| time::rfc3339(t, false));
        assert_eq!((at(s.first).as_str(), at(s.last).as_str()), (first, last), "{name}");
        assert!(s.participants <= people && (people == 0 || s.participants > 0), "{name}: {} people", s.participants);
        assert_eq!(s.zone.value == "UTC", utc || messages == 0, "{name}: zone {:?}", s.zone);
        let holes = batch.tables.statements.iter().filter(|s| matches!(s.kind, StatementKind::IdHole | StatementKind::NoBeginning)).count();
        assert_eq!(holes, 0, "{name}: no id gap may be counted: {:?}", batch.tables.statements);
        let media: u64 = batch.tables.statements.iter().filter(|s| s.kind == StatementKind::MediaAbsent).map(|s| s.quantity).sum();
        let media_true = match name {
            "chatstyle/result.json" => 2,
            "telegram-chat-parser/error-unexpected.json" | "telegram-chat-parser/saved.json" | "telegram-chat-parser/users_test.json" => 1,
            _ => 0,
        };
        assert_eq!(media, media_true, "{name}: media not included");
    }
}

#[test]
fn a_pin_of_an_absent_message_is_told() {
    let Some(root) = samples("messengers/telegram") else { return };
    let batch = read(&root.join("telegram-chat-parser/saved.json"));
    let absent: Vec<_> = batch.tables.statements.iter().filter(|s| s.kind == StatementKind::AbsentTarget).map(|s| (s.quantity, s.detail.as_str())).collect();
    assert_eq!(absent, [(1, "ids 3, before the first record")]);
}

#[test]
fn a_list_made_by_a_test_is_no_export() {
    let Some(root) = samples("messengers/telegram") else { return };
    let batch = read(&root.join("chat-miner/target.json"));
    assert_ne!(batch.tables.sources[0].format, "telegram_json");
}
