use std::rc::Rc;

use super::reader::TelegramReader;
use crate::import::bytes::{RangeStream, Window};
use crate::import::sink::Sink;
use crate::import::{Options, Reader, Step};
use crate::model::Batch;
use crate::model::ledger::SkipReason;

fn read(bytes: &[u8], size: usize, limit: usize) -> Batch {
    let stream = Box::new(RangeStream::whole(Rc::new(bytes.to_vec())));
    let mut reader = TelegramReader::over(Window::with_limits(stream, size, limit), &Options::default());
    let mut sink = Sink::default();
    sink.open_source("ChatExport_2024-05-01/result.json", bytes.len() as u64, "telegram_json", "telegram");
    loop {
        match reader.step(&mut sink) {
            Ok(Step::More) => {}
            Ok(Step::End) => break,
            Err(error) => {
                sink.fail(error.what, error.place);
                break;
            }
        }
    }
    sink.close_source();
    sink.finish()
}

fn fixtures() -> Vec<Vec<u8>> {
    ["desktop-5.1/supergroup", "desktop-5.1/full_account", "desktop-5.1/cut_off", "desktop-1.6/missing_comma", "converted/no_ids"]
        .iter()
        .map(|name| std::fs::read(format!("tests/formats/telegram_json/{name}.json")).unwrap())
        .collect()
}

#[test]
fn the_size_of_the_window_changes_nothing() {
    for bytes in fixtures() {
        let whole = read(&bytes, 1 << 20, 1 << 24);
        for size in [1, 2, 3, 7, 64, 501] {
            assert_eq!(read(&bytes, size, 1 << 16), whole, "window of {size}");
        }
    }
}

#[test]
fn a_cut_at_any_byte_loses_no_whole_message_and_adds_up() {
    let bytes = fixtures().swap_remove(0);
    let whole = read(&bytes, 4096, 1 << 16);
    for cut in 0..bytes.len() {
        let batch = read(&bytes[..cut], 4096, 1 << 16);
        assert_eq!(batch.tables.sources[0].remainder(), 0, "cut at {cut}");
        let rows = batch.columns.len();
        assert_eq!(batch.columns.position, whole.columns.position[..rows], "cut at {cut}");
        assert_eq!(batch.tables.sources[0].error, None, "cut at {cut}");
        let ended = whole.columns.position.iter().skip(1).filter(|p| usize::try_from(*p >> 26).unwrap() <= cut).count();
        assert!(rows >= ended, "cut at {cut}: {rows} rows");
    }
}

#[test]
fn a_record_larger_than_the_limit_is_left_out_and_reading_goes_on() {
    let long = "x".repeat(9000);
    let text = format!(
        r#"{{"name":"N","type":"private_supergroup","id":5,"messages":[
        {{"id":1,"type":"message","date":"2024-01-01T00:00:00","from":"A","from_id":"user1","text":"a"}},
        {{"id":2,"type":"message","date":"2024-01-01T00:00:01","from":"A","from_id":"user1","text":"{long}"}},
        {{"id":3,"type":"message","date":"2024-01-01T00:00:02","from":"A","from_id":"user1","text":"b"}}]}}"#
    );
    let batch = read(text.as_bytes(), 256, 4096);
    let source = &batch.tables.sources[0];
    assert_eq!((source.records, source.messages), (3, 2));
    assert_eq!(source.skipped[0].reason, SkipReason::TooLarge);
    assert_eq!(source.exported_at, Some(19_844 * crate::time::DAY));
}

#[test]
fn broken_brackets_end_the_reading_with_the_place() {
    let text = br#"{"name":"N","type":"personal_chat","id":5,"messages":[
        {"id":1,"type":"message","date":"2024-01-01T00:00:00","from":"A","from_id":"user1","text":"a"},
        {"id":2,"type":"message","date":"2024-01-01T00:00:01","text":["a"}}]}"#;
    let batch = read(text, 256, 4096);
    let source = &batch.tables.sources[0];
    assert_eq!((source.records, source.messages, source.remainder()), (2, 1, 0));
    assert!(source.error.as_ref().unwrap().place.starts_with("byte 2"), "{:?}", source.error);
}

proptest::proptest! {
    #[test]
    fn damage_never_loses_a_record_unseen(
        case in 0..5usize,
        hits in proptest::collection::vec((proptest::arbitrary::any::<proptest::sample::Index>(), proptest::sample::select(b"{}[]\",:\\x0 n".to_vec())), 1..6),
        size in 1..600usize,
    ) {
        let mut bytes = fixtures().swap_remove(case);
        for (at, byte) in hits {
            *at.get_mut(&mut bytes) = byte;
        }
        let batch = read(&bytes, size, 1 << 12);
        proptest::prop_assert_eq!(batch.tables.sources[0].remainder(), 0);
    }
}
