use std::rc::Rc;

use super::reader::TelegramReader;
use crate::import::archive::Folder;
use crate::import::bytes::{RangeStream, Shared, Window};
use crate::import::importer::Importer;
use crate::import::sink::Sink;
use crate::import::{Options, Reader, Step};
use crate::model::Batch;
use crate::model::ledger::SkipReason;
use crate::model::{Flags, StatementKind};

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

/// One photo that lies beside in most of these folders, one file, one that the export left out.
const WITH_FILES: &str = r#"{"name": "Ada", "type": "personal_chat", "id": 7, "messages": [
 {"id": 1, "type": "message", "date": "2026-03-02T10:00:00", "date_unixtime": "1772445600", "from": "Ada", "from_id": "user7", "photo": "photos/photo_1@02-03-2026_10-00-00.jpg", "text": ""},
 {"id": 2, "type": "message", "date": "2026-03-03T10:00:00", "date_unixtime": "1772532000", "from": "Bo", "from_id": "user8", "file": "files/Übersicht \"A\".pdf", "thumbnail": "files/none_thumb.jpg", "text": "see"},
 {"id": 3, "type": "message", "date": "2026-03-04T10:00:00", "date_unixtime": "1772618400", "from": "Bo", "from_id": "user8", "file": "(File not included. Change data exporting settings to download.)", "text": ""},
 {"id": 4, "type": "message", "date": "2026-03-05T10:00:00", "date_unixtime": "1772704800", "from": "Bo", "from_id": "user8", "file": "files/plan.pdf", "text": ""}]}"#;

const OWN: &str = "result.json";
const PHOTO: &str = "photos/photo_1@02-03-2026_10-00-00.jpg";
const SHEET: &str = "files/Übersicht \"A\".pdf";

/// Reads a folder; gives the batch.
fn drop_folder(names: &[&str]) -> Batch {
    let file = |name: &&str| {
        let bytes = if name.ends_with(OWN) { WITH_FILES.as_bytes().to_vec() } else { vec![0xff, 0xd8] };
        ((*name).to_owned(), Rc::new(bytes) as Shared, None)
    };
    let mut importer = Importer::folder(Box::new(Folder::new("ChatExport_2026-03-06", names.iter().map(file).collect())), Options::default());
    while importer.step() == Step::More {}
    importer.finish()
}

/// Files stated to be lost and left out; per message whether a file of it is absent.
fn lost(batch: &Batch) -> (u64, u64, Vec<bool>) {
    let sum = |kind: StatementKind| batch.tables.statements.iter().filter(|s| s.kind == kind).map(|s| s.quantity).sum();
    let flags = batch.columns.flags.iter().map(|f| Flags(*f).has(Flags::MEDIA_ABSENT)).collect();
    (sum(StatementKind::FileLost), sum(StatementKind::MediaAbsent), flags)
}

#[test]
fn a_file_that_is_named_and_not_beside_is_lost() {
    let whole = drop_folder(&[OWN, PHOTO, SHEET, "messages.html", "css/style.css", "photos/._photo_1.jpg"]);
    assert_eq!(lost(&whole), (1, 1, vec![false, false, true, true]));
    let [source] = whole.tables.sources.as_slice() else { panic!("one export is one source: {:?}", whole.tables.sources) };
    assert_eq!((source.path.as_str(), source.records, source.remainder()), ("ChatExport_2026-03-06/result.json", 4, 0));
    assert!(source.exported_at.is_some());
    assert_eq!(whole.tables.parts[0].entry, OWN);
    let hole = whole.tables.statements.iter().find(|s| s.kind == StatementKind::FileLost).unwrap();
    assert_eq!((hole.kind.class(), hole.from, hole.to), ('A', Some(1_772_704_800_000_000), Some(1_772_704_800_000_000)));

    // Without its photos.
    assert_eq!(lost(&drop_folder(&[OWN, SHEET])), (2, 1, vec![true, false, true, true]));
    // A name that archives write in several ways proves nothing when another such name is there.
    assert_eq!(lost(&drop_folder(&[OWN, PHOTO, "files/Übersicht.pdf"])).0, 1);
    assert_eq!(lost(&drop_folder(&[OWN, PHOTO])).0, 2);
}

#[test]
fn a_file_alone_says_nothing_of_its_neighbours() {
    let open = (0, 1, vec![false, false, true, false]);
    assert_eq!(lost(&read(WITH_FILES.as_bytes(), 1 << 20, 1 << 24)), open);
    assert_eq!(lost(&drop_folder(&[OWN])), open);
    // Another export, or files that are none of this export's.
    assert_eq!(lost(&drop_folder(&["a/result.json", "b/photos/photo_1@02-03-2026_10-00-00.jpg", "notes.md"])), open);
}

#[test]
fn two_exports_in_one_folder_have_each_their_own_files() {
    let both = drop_folder(&["a/result.json", "a/photos/photo_1@02-03-2026_10-00-00.jpg", "b/result.json", "b/files/plan.pdf"]);
    let lost: Vec<u64> = both.tables.statements.iter().filter(|s| s.kind == StatementKind::FileLost).map(|s| s.quantity).collect();
    assert_eq!(lost, [2, 2]);
}
