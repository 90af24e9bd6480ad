//! What a person states about a WhatsApp export, hostile files, and archives that hold more than one chat.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::rc::Rc;

use retention_audit::import::{DateOrder, Given, Options, detect, read_all};
use retention_audit::model::ledger::Basis;
use retention_audit::model::{Batch, Flags};
use retention_audit::time;

fn read(name: &str, bytes: &[u8], options: Options) -> Batch {
    let batch = read_all(vec![Given { path: name.to_owned(), bytes: Rc::new(bytes.to_vec()), modified: None }], options);
    for s in &batch.tables.sources {
        assert_eq!(s.remainder(), 0, "{name}");
    }
    batch
}

fn times(batch: &Batch) -> Vec<String> {
    batch.columns.time.iter().map(|t| time::rfc3339(*t, false)).collect()
}

const TWO: &[u8] = b"2/3/24, 10:00 - Ana: one\n4/7/24, 10:00 - Ben: two\n";

#[test]
fn a_stated_order_settles_the_dates_and_asks_nothing() {
    let asked = read("x.txt", TWO, Options::default());
    assert_eq!(asked.tables.sources[0].date_order.basis, Basis::Ambiguous);
    assert!(asked.tables.sources[0].question.is_some());
    let stated = read("x.txt", TWO, Options { date_order: Some(DateOrder::Mdy), ..Options::default() });
    let source = &stated.tables.sources[0];
    assert_eq!((source.date_order.value.as_str(), source.date_order.basis), ("mdy", Basis::Stated));
    assert!(source.question.is_none());
    assert_eq!(times(&stated), ["2024-02-03T10:00:00", "2024-04-07T10:00:00"]);
}

#[test]
fn a_stated_zone_holds_after_the_order_is_settled() {
    let options = Options { date_order: Some(DateOrder::Mdy), zone: Some("Europe/London".to_owned()), ..Options::default() };
    // 3 February is winter time, 7 April summer time; read day first both would be the other way round for April.
    assert_eq!(times(&read("x.txt", TWO, options)), ["2024-02-03T10:00:00", "2024-04-07T09:00:00"]);
}

#[test]
fn a_stated_owner_counts() {
    let batch = read("x.txt", TWO, Options { owner: Some("ben".to_owned()), ..Options::default() });
    let source = &batch.tables.sources[0];
    assert_eq!(source.owner.as_ref().unwrap().basis, Basis::Stated);
    assert_eq!(batch.tables.handles[source.owner_handle.unwrap() as usize].key, "Ben");
}

#[test]
fn a_line_without_end_is_read_in_bounded_pieces() {
    let mut bytes = TWO.to_vec();
    bytes.extend_from_slice(b"5/7/24, 10:00 - Ben: ");
    let n = 9_000_000;
    bytes.extend("é".as_bytes().iter().cycle().take(2 * n));
    let batch = read("x.txt", &bytes, Options { format: Some("whatsapp_txt".to_owned()), ..Options::default() });
    assert_eq!(batch.tables.sources[0].messages, 3);
    assert_eq!(batch.columns.chars[2] as usize, n);
}

#[test]
fn nul_bytes_and_noise_do_no_harm() {
    let mut bytes = TWO.to_vec();
    bytes.extend_from_slice(b"\0\0[[[\n[99/99/99, 10:00] x: y\n\xff\xfe\n5/7/24, 10:00 - : x\n5/7/24, 10:00 - \n");
    let batch = read("x.txt", &bytes, Options { format: Some("whatsapp_txt".to_owned()), ..Options::default() });
    assert_eq!(batch.tables.sources[0].records, 4);
}

#[test]
fn line_ends_do_not_matter() {
    let text = "2/3/24, 10:00 - Ana: one\nmore\n\n13/7/24, 10:00 - Ben: two <This message was edited>\n";
    let (lf, crlf) = (read("x.txt", text.as_bytes(), Options::default()), read("x.txt", text.replace('\n', "\r\n").as_bytes(), Options::default()));
    assert_eq!((lf.columns.hash, lf.columns.chars, lf.columns.flags.clone()), (crlf.columns.hash, crlf.columns.chars, crlf.columns.flags));
    assert!(Flags(lf.columns.flags[1]).has(Flags::EDITED));
}

#[test]
fn lines_of_other_programs_are_not_taken() {
    for text in [
        "[2024-01-31 10:00:00] Ana: hello\n[2024-01-31 10:00:05] Ben: hi\n",
        "[2019-12-24, 12:23] Ana: hello\n[2020-01-17, 21:49] Ben: hi\n",
        "[2019/04/16 02:09] <nick> hi there\n[2019/04/16 02:10] <other> hi\n",
        "2017/12/04(Mon)\n22:00\tAna\thello\n22:01\tBen\thi\n",
        "date,from,text\n2024-01-05 10:00:00,Ana,hello\n2024-01-05 10:00:05,Ben,hi\n",
        "Hello world\n",
        "",
    ] {
        let found = detect::detect("unknown", text.len() as u64, text.as_bytes(), true);
        assert_ne!(found.format.map(|f| f.about().id), Some("whatsapp_txt"), "{text}");
    }
}

#[test]
fn archives_are_claimed_only_when_they_hold_one_chat() {
    use retention_audit::import::archive::Entry;
    let claims = |names: &[&str]| {
        let entries: Vec<Entry> = names.iter().map(|n| Entry { name: (*n).to_owned(), ..Entry::default() }).collect();
        detect::claim(&entries).format.map(|f| f.about().id)
    };
    let ours = Some("whatsapp_txt");
    assert_eq!(claims(&["_chat.txt", "00000003-PHOTO-2025-01-15-22-41-30.jpg", "__MACOSX/._chat.txt"]), ours);
    assert_eq!(claims(&["WhatsApp Chat with Ana.txt", "IMG-20240105-WA0001.jpg"]), ours);
    assert_eq!(claims(&["_chat.txt", "00000021-Notes.txt"]), ours);
    assert_ne!(claims(&["WhatsApp Chat with Ana.txt", "WhatsApp Chat with Ben.txt"]), ours);
    assert_ne!(claims(&["a/_chat.txt", "b/_chat.txt"]), ours);
    assert_ne!(claims(&["_chat.txt", "result.json"]), ours);
    assert_ne!(claims(&["_chat.txt", "mail/x.eml"]), ours);
}
