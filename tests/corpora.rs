//! The corpora are the same each time, and our readers find in them what was written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]

use std::io::{self, Cursor};
use std::rc::Rc;

use retention_audit::import::{FORMATS, Given, Options, read_all};
use retention_audit::model::Batch;
use retention_audit::model::batch::ID_TEXT;
use retention_audit::model::message::Flags;
use retention_audit::sample::corpus::{COMPARED, CORPORA, Corpus, SCRIPTED};

const MESSAGES: usize = 600;

fn bytes(corpus: &Corpus, seed: u64) -> Vec<u8> {
    let mut out = Vec::new();
    corpus.write(MESSAGES, seed, &mut out).unwrap();
    out
}

#[test]
fn corpora_are_repeatable_and_read_as_what_they_are() {
    let mut wrong = Vec::new();
    for corpus in CORPORA {
        let data = bytes(corpus, 5);
        assert_eq!(data, bytes(corpus, 5), "{}", corpus.id);
        assert_ne!(data, bytes(corpus, 6), "{}", corpus.id);
        let size = data.len();
        let batch = read_all(vec![Given { path: corpus.file.to_owned(), bytes: Rc::new(data), modified: None }], Options::default());
        let sources = &batch.tables.sources;
        let count = |of: fn(&retention_audit::model::ledger::Source) -> u64| sources.iter().map(of).sum::<u64>();
        let said = (count(|s| s.records), count(|s| s.skipped.iter().map(|k| k.count).sum()), count(|s| s.duplicates));
        let named = sources.iter().any(|s| s.format == corpus.format);
        eprintln!("{:<16} {:>6} bytes a message, records, skipped, duplicates {said:?}", corpus.id, size / MESSAGES);
        if said != ((MESSAGES + corpus.beside) as u64, 0, 0) || !named {
            let formats: std::collections::BTreeSet<&str> = sources.iter().map(|s| s.format.as_str()).collect();
            wrong.push(format!("{}: {said:?} of {}, read as {formats:?}, not {}", corpus.id, MESSAGES + corpus.beside, corpus.format));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each message of a batch, whatever the order of its tables: its time, id, sender, recipients, text, what it answers.
fn told(batch: &Batch) -> Vec<String> {
    let c = &batch.columns;
    let handle = |ix: u32| batch.tables.handles.get(ix as usize).map_or("", |h| h.key.as_str());
    let id = |word: u32| if word >= ID_TEXT { String::from_utf8_lossy(batch.ids.get(word ^ ID_TEXT)).into_owned() } else { word.to_string() };
    let mut out: Vec<String> = (0..c.len())
        .map(|row| {
            let reply = batch.replies.binary_search_by_key(&(row as u32), |r| r.0).map_or(String::new(), |n| id(batch.replies[n].1));
            let mut to: Vec<&str> = batch.audiences.get(c.audience[row] as usize).into_iter().flatten().map(|h| handle(*h)).collect();
            to.sort_unstable();
            let (id, from) = (id(c.id[row]), handle(c.sender[row]));
            // In a mailbox a line that begins as a separator does is quoted, and stays so.
            let number = u32::from_str_radix(id.get(2..10).unwrap(), 16).unwrap();
            let text = if number % 50 == 7 { String::new() } else { format!("{} letters {:x}", c.chars[row], c.hash[row]) };
            format!("{} {id} from {from} to {to:?}: {text}, attached {}, answers {reply}", c.time[row], Flags(c.flags[row]).attachments())
        })
        .collect();
    out.sort();
    out
}

#[test]
fn an_outlook_data_file_holds_the_mails_of_the_mailbox_of_the_same_seed() {
    // Two folders of mails from elsewhere, one of those sent; trees of three levels and four.
    let read = |id: &str, messages: usize| {
        let corpus = CORPORA.iter().find(|c| c.id == id).unwrap();
        let mut data = Vec::new();
        corpus.write(messages, 3, &mut data).unwrap();
        read_all(vec![Given { path: corpus.file.to_owned(), bytes: Rc::new(data), modified: None }], Options::default())
    };
    let (store, mailbox) = (read("pst", 3_000), read("mbox", 3_000));
    let (stored, written) = (told(&store), told(&mailbox));
    assert_eq!((stored.len(), written.len()), (3_000, 3_000));
    for (one, other) in stored.iter().zip(&written) {
        assert_eq!(one, other);
    }
    // Every folder holds what it states, and lists what it holds.
    assert_eq!(store.tables.statements, []);
    assert_eq!(store.tables.sources[0].notices, []);
}

#[test]
fn every_corpus_is_of_a_format_that_exists() {
    let known = |id: &str| FORMATS.iter().any(|f| f.about().id == id);
    assert!(CORPORA.iter().map(|c| c.format).chain(SCRIPTED.iter().map(|s| s.1)).all(known));
    assert!(
        CORPORA.iter().map(|c| c.id).chain(SCRIPTED.iter().map(|s| s.0)).collect::<std::collections::BTreeSet<_>>().len() == CORPORA.len() + SCRIPTED.len()
    );
}

/// Counted by other programs than our readers.
#[test]
fn compared_corpora_have_the_asked_number_of_messages() {
    for corpus in CORPORA.iter().take(COMPARED) {
        let data = bytes(corpus, 5);
        let text = || String::from_utf8(data.clone()).unwrap();
        let found = match corpus.id {
            "whatsapp" => text().split("\r\n").filter(|l| l.trim_start_matches('\u{200e}').starts_with('[')).count() - 60,
            "telegram" => {
                let v: serde_json::Value = serde_json::from_slice(&data).unwrap();
                v["messages"].as_array().unwrap().iter().filter(|m| m["type"] == "message").count()
            }
            "slack" => slack_messages(&data),
            "mbox" => text().lines().filter(|l| l.starts_with("From ")).count(),
            _ => text().matches("corpus-").count(),
        };
        assert_eq!(found, MESSAGES, "{}", corpus.id);
    }
}

fn slack_messages(bytes: &[u8]) -> usize {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut n = 0;
    for i in 0..zip.len() {
        let mut file = zip.by_index(i).unwrap();
        let folder = file.name().unwrap().contains('/');
        let mut text = String::new();
        io::Read::read_to_string(&mut file, &mut text).unwrap();
        let v: serde_json::Value = serde_json::from_str(&text).unwrap();
        n += if folder { v.as_array().unwrap().len() } else { 0 };
    }
    n
}
