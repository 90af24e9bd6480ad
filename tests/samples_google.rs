//! A real Takeout by another, where it is present: what was counted in it by hand must come out.
//! It lies in `../shared/samples` or under `RETENTION_SAMPLES`; without it this test says that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod given;

use given::{read, read_folder, samples};
use retention_audit::model::{Batch, Flags};
use retention_audit::time;

/// Of a conversation: messages, messages with files, first and last time.
fn counted(batch: &Batch, key: &str) -> (usize, usize, String, String) {
    let ix = batch.tables.conversations.iter().position(|c| c.key == key).unwrap() as u32;
    let c = &batch.columns;
    let rows: Vec<usize> = (0..c.len()).filter(|r| c.conversation[*r] == ix && Flags(c.flags[*r]).is_message()).collect();
    let files = rows.iter().filter(|r| Flags(c.flags[**r]).attachments() > 0).count();
    let day = |t: i64| time::day_name(time::day(t));
    let (first, last) = (rows.iter().map(|r| c.time[*r]).min().unwrap(), rows.iter().map(|r| c.time[*r]).max().unwrap());
    (rows.len(), files, day(first), day(last))
}

#[test]
fn the_takeout_has_its_messages_files_and_days() {
    let Some(root) = samples("enterprise/google-chat") else { return };
    let batch = read_folder(&root);
    assert_eq!(batch.tables.sources.len(), 1);
    let s = &batch.tables.sources[0];
    assert_eq!((s.error.as_ref(), s.format.as_str(), s.remainder()), (None, "google_chat", 0));
    assert_eq!((s.records, s.messages, s.events, s.skipped_total()), (58, 58, 0, 0));
    let of = |n: usize, files: usize, first: &str, last: &str| (n, files, first.to_owned(), last.to_owned());
    assert_eq!(counted(&batch, "1pRI-QAAAAE"), of(51, 9, "2015-04-15", "2020-11-14"));
    assert_eq!(counted(&batch, "2k64eoAAAAE"), of(2, 0, "2014-08-25", "2014-08-27"));
    assert_eq!(counted(&batch, "AAAAdvGdRgs"), of(5, 1, "2019-01-07", "2019-01-10"));
    // The one member of all three groups.
    assert_eq!(s.owner.as_ref().map(|o| o.value.as_str()), Some("mssc@science.example.org"));
    assert!(!s.notices.iter().any(|n| n.id == "unparsed_date"));
}

#[test]
fn one_list_of_messages_is_the_same_conversation() {
    let Some(root) = samples("enterprise/google-chat") else { return };
    let batch = read(&root.join("Takeout/Google Chat/Groups/DM 1pRI-QAAAAE/messages.json"));
    assert_eq!((batch.tables.sources[0].format.as_str(), batch.tables.sources[0].messages), ("google_chat", 51));
    assert_eq!(batch.tables.conversations[0].key, "1pRI-QAAAAE");
}
