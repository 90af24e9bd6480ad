//! Exports that others have published with their programs, counted by hand (`SOURCES.md` beside them). They are not part of this
//! repository: without them the test says so and checks nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use given::{read_as, samples};
use retention_audit::model::Flags;
use retention_audit::model::ledger::Basis;
use retention_audit::time;

/// File, messages, events, senders, first, last, order, basis.
type Row = (&'static str, u64, u64, u64, &'static str, &'static str, &'static str, Basis);

#[rustfmt::skip]
const COUNTED: &[Row] = &[
    ("chat-miner/test_[mmddyy]_24hrs.txt", 7, 2, 5, "2019-01-01T11:25:00", "2021-12-30T22:01:00", "mdy", Basis::Proven),
    ("chat-miner/test_ddmmyy_24hrs.txt", 7, 2, 5, "2019-01-01T11:25:00", "2021-12-30T22:01:00", "dmy", Basis::Proven),
    ("chat-miner/test_mmddyy_24hrs.txt", 7, 2, 5, "2019-01-01T11:25:00", "2021-12-30T22:01:00", "mdy", Basis::Proven),
    ("chat-miner/test_mmddyyyy_12hrs.txt", 7, 2, 5, "2019-01-01T11:25:00", "2021-12-30T22:01:00", "mdy", Basis::Proven),
    ("chat-miner/test_yyyymmdd_24hrs.txt", 7, 2, 5, "2019-01-01T11:25:00", "2021-12-30T22:01:00", "ymd", Basis::Proven),
    ("chatistics/_chat 2.txt", 4, 0, 2, "2019-09-17T16:37:47", "2019-09-17T16:39:52", "dmy", Basis::Proven),
    ("chatistics/_chat 3.txt", 9, 2, 5, "2019-11-02T14:18:00", "2019-11-10T14:25:00", "dmy", Basis::Ambiguous),
    ("chatistics/_chat 4.txt", 3, 0, 1, "2019-09-17T08:30:52", "2019-09-18T16:50:32", "mdy", Basis::Proven),
    ("chatistics/_chat.txt", 20, 1, 2, "2018-01-04T11:53:57", "2019-04-19T16:18:33", "dmy", Basis::Proven),
    ("locket/whatsapp_android.txt", 6, 2, 2, "2025-01-15T10:32:00", "2025-01-15T11:02:00", "mdy", Basis::Proven),
    ("locket/whatsapp_ios.txt", 3, 0, 2, "2025-01-15T22:41:03", "2025-01-15T22:42:10", "dmy", Basis::Proven),
    // Three shapes are mixed by hand in this one; one shape is read.
    ("whatsapp-chat-parser-rb/sample.txt", 2, 1, 2, "2025-12-15T10:30:00", "2025-12-15T10:35:00", "mdy", Basis::Proven),
    ("whatsapp-chat-parser-website/_chat.txt", 48, 4, 3, "2019-06-20T15:58:47", "2019-06-20T16:45:28", "dmy", Basis::Proven),
];

#[test]
fn published_exports_read_as_counted_by_hand() {
    let Some(folder) = samples("messengers/whatsapp") else { return };
    let mut wrong = Vec::new();
    for (file, messages, events, senders, first, last, order, basis) in COUNTED {
        let batch = read_as(&folder.join(file), file);
        let s = &batch.tables.sources[0];
        let at = |t: Option<i64>| t.map(|t| time::rfc3339(t, false)).unwrap_or_default();
        let got =
            (s.format.as_str(), s.messages, s.events, s.participants, at(s.first), at(s.last), s.date_order.value.as_str(), s.date_order.basis, s.remainder());
        let want = ("whatsapp_txt", *messages, *events, *senders, (*first).to_owned(), (*last).to_owned(), *order, *basis, 0);
        if got != want {
            wrong.push(format!("{file}\n  got  {got:?}\n  want {want:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn published_marks_are_found() {
    let Some(folder) = samples("messengers/whatsapp") else { return };
    let flags = |file: &str, flag: Flags| {
        let batch = read_as(&folder.join(file), file);
        batch.columns.flags.iter().filter(|f| Flags(**f).has(flag)).count()
    };
    let android = "locket/whatsapp_android.txt";
    assert_eq!((flags(android, Flags::DELETED), flags(android, Flags::MEDIA_ABSENT), flags(android, Flags::EDITED)), (1, 1, 1));
}
