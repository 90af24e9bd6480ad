//! Real exports by others, where they are present: what was counted in them by hand must come out.
//! They lie in `../shared/samples` or under `RETENTION_SAMPLES`; without them this test says that it was skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::rc::Rc;

use retention_audit::import::archive::Folder;
use retention_audit::import::bytes::Shared;
use retention_audit::import::importer::Importer;
use retention_audit::import::{Given, Options, Step, read_all};
use retention_audit::model::{Batch, Flags};
use retention_audit::time;

fn samples() -> Option<PathBuf> {
    let root = std::env::var_os("RETENTION_SAMPLES").map_or_else(|| PathBuf::from("../../shared/samples"), PathBuf::from);
    let found = [root, PathBuf::from("../shared/samples")].into_iter().map(|r| r.join("enterprise/teams")).find(|p| p.is_dir());
    if found.is_none() {
        println!("skipped: samples absent");
    }
    found
}

fn files(root: &Path, dir: &Path, out: &mut Vec<(String, Shared, Option<i64>)>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(root, &path, out);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            out.push((name, Rc::new(std::fs::read(&path).unwrap()), None));
        }
    }
}

fn folder(root: &Path) -> Batch {
    let mut all = Vec::new();
    files(root, root, &mut all);
    let mut importer = Importer::folder(Box::new(Folder::new("teams", all)), Options::default());
    while importer.step() == Step::More {}
    importer.finish()
}

#[test]
fn the_answer_of_graph_has_its_two_messages() {
    let Some(root) = samples() else { return };
    let bytes = std::fs::read(root.join("graph-getAllMessages-response.json")).unwrap();
    let batch = read_all(vec![Given { path: "answer.json".to_owned(), bytes: Rc::new(bytes), modified: None }], Options::default());
    let s = &batch.tables.sources[0];
    assert_eq!((s.format.as_str(), s.records, s.messages, s.events, s.conversations, s.participants), ("teams", 2, 2, 0, 2, 1));
    let at = |t: Option<i64>| time::rfc3339(t.unwrap() / 1_000_000 * 1_000_000, true);
    assert_eq!((at(s.first), at(s.last)), ("2021-05-25T20:12:14Z".to_owned(), "2021-06-03T23:22:47Z".to_owned()));
    assert_eq!(s.owner.as_ref().map(|o| o.value.as_str()), Some("0b4f1cf6-54c8-4820-bbb7-2a1f4257ade5"));
}

#[test]
fn the_folder_of_a_tenant_has_its_messages_events_and_the_one_who_left() {
    let Some(root) = samples() else { return };
    let batch = folder(&root.join("TeamsData_ZulipChat"));
    assert_eq!(batch.tables.sources.len(), 1);
    let s = &batch.tables.sources[0];
    assert_eq!((s.error.as_ref(), s.format.as_str(), s.remainder()), (None, "teams", 0));
    assert_eq!((s.records, s.messages, s.events, s.skipped_total(), s.participants), (16, 10, 6, 0, 3));
    let at = |t: Option<i64>| time::rfc3339(t.unwrap() / 1_000_000 * 1_000_000, true);
    assert_eq!((at(s.first), at(s.last)), ("2025-08-12T05:29:14Z".to_owned(), "2025-10-09T13:12:04Z".to_owned()));
    let edited = batch.columns.flags.iter().filter(|f| Flags(**f).has(Flags::EDITED)).count();
    assert_eq!(edited, 1);
    let gone: Vec<&str> = batch.tables.handles.iter().filter(|h| h.deactivated).map(|h| h.name.as_str()).collect();
    assert_eq!(gone, ["Will Begon"]);
    assert_eq!(batch.tables.handles.iter().filter(|h| h.email.ends_with("@zulipchat.onmicrosoft.com")).count(), 6);
    assert_eq!(batch.replies.len(), 3);
}
