//! Private conversations appear nowhere: not by the counterpart's name, not by a handle, not by the file they came in. The ledger alone
//! names every file that was read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::rc::Rc;

use retention_audit::import::{self, Given, Options};
use retention_audit::model::{Answers, Matter};
use retention_audit::report;
use retention_audit::sample::texts::{Kind, Language};
use retention_audit::sample::{self, truth::Truth};
use retention_audit::workbench::{Workbench, lists};

/// The answers to the sample firm, its truth, the files that hold private conversations, and the lists as text.
fn audited(seed: u64) -> (Answers, Truth, Vec<String>, String) {
    let firm = sample::firm(seed, 20_000);
    let truth = firm.truth();
    let (mut workbench, mut matter) = (Workbench::default(), Matter::default());
    let mut private_files = Vec::new();
    let mut known = String::new();
    for (id, file) in (0u32..).zip(firm.files().into_iter().filter(|f| f.path != "truth.json")) {
        if let Some(kind) = lists::kind(&file.path, &file.bytes[..file.bytes.len().min(16 << 10)]) {
            known.push_str(&String::from_utf8_lossy(&file.bytes));
            lists::add(&mut matter, kind, &file.path, &file.bytes).unwrap();
            continue;
        }
        if truth.private.iter().any(|(_, friend)| file.path.contains(friend.as_str())) {
            private_files.push(file.path.clone());
        }
        workbench.put(id, import::read_all(vec![Given { path: file.path, bytes: Rc::new(file.bytes), modified: None }], Options::default()));
    }
    workbench.set_matter(matter);
    let scope = workbench.matter().scope.clone();
    (workbench.answer(&scope), truth, private_files, known)
}

/// Words of the texts with sensitive data that could be a value or a part of one: eight signs or more, with a digit.
fn values(firm: &sample::Firm) -> Vec<String> {
    let mut out = Vec::new();
    for note in firm.traffic.notes.iter().filter(|n| !n.gone && n.kind == Kind::Secret) {
        let mut text = String::new();
        sample::texts::write(note.kind, Language::English, note.seed, 1, &mut text);
        let long = |w: &&str| w.len() >= 8 && w.bytes().any(|b| b.is_ascii_digit());
        out.extend(text.split(|c: char| c.is_whitespace() || c == ':').filter(long).map(|w| w.trim_end_matches('!').to_owned()));
    }
    out
}

#[test]
fn no_sensitive_value_is_kept_anywhere() {
    let firm = sample::firm(3, 20_000);
    let values = values(&firm);
    assert!(values.len() > 20, "the sample must hold sensitive data");
    let (mut workbench, mut matter) = (Workbench::default(), Matter::default());
    let mut given = String::new();
    for (id, file) in (0u32..).zip(firm.files().into_iter().filter(|f| f.path != "truth.json")) {
        if let Some(kind) = lists::kind(&file.path, &file.bytes[..file.bytes.len().min(16 << 10)]) {
            lists::add(&mut matter, kind, &file.path, &file.bytes).unwrap();
            continue;
        }
        given.push_str(&String::from_utf8_lossy(&file.bytes));
        workbench.put(id, import::read_all(vec![Given { path: file.path, bytes: Rc::new(file.bytes), modified: None }], Options::default()));
    }
    workbench.set_matter(matter);
    let scope = workbench.matter().scope.clone();
    let answers = workbench.answer(&scope);
    assert!(!answers.sensitive.is_empty());
    let batch = String::from_utf8_lossy(&workbench.joined().to_bytes()).into_owned();
    let mut texts = vec![serde_json::to_string(&answers).unwrap(), report::document::html(&answers), batch];
    texts.extend(report::csv::TABLES.iter().filter_map(|(table, _)| report::csv::table(&answers, table)));
    let mut there = 0;
    for value in &values {
        there += usize::from(given.contains(value.as_str()));
        assert!(texts.iter().all(|t| !t.contains(value.as_str())), "{value}");
    }
    // The test can fail: the files do hold them.
    assert!(there > values.len() / 2, "{there} of {}", values.len());
}

fn without_ledger(answers: &Answers) -> Answers {
    let mut answers = answers.clone();
    answers.ledger = report::ledger::json(&[]);
    answers
}

/// Whether the name stands in the text as words of its own (`Sis` is no part of `basis`).
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[test]
fn no_friend_is_named_in_answers_tables_or_report() {
    for seed in [1, 2, 7] {
        let (answers, truth, files, known) = audited(seed);
        assert!(!truth.private.is_empty() && answers.basis.private_conversations > 0, "the sample must hold private conversations");
        assert!(truth.private.iter().any(|(_, f)| !names(&known, f)));
        let bare = without_ledger(&answers);
        let mut texts = vec![("answers".to_owned(), serde_json::to_string(&bare).unwrap()), ("html".to_owned(), report::document::html(&bare))];
        texts.extend(report::csv::TABLES.iter().filter_map(|(table, _)| Some(((*table).to_owned(), report::csv::table(&bare, table)?))));
        for (what, text) in &texts {
            // One friend is called like an employee or a client.
            for (_, friend) in truth.private.iter().filter(|(_, f)| !names(&known, f)) {
                assert!(!names(text, friend), "seed {seed}: {what} names {friend}");
            }
            for file in &files {
                assert!(!text.contains(file.as_str()), "seed {seed}: {what} names {file}");
            }
        }
        // They are listed by number, for a person to correct, and by nothing that leads to the other side.
        let private: Vec<_> = answers.conversations.iter().filter(|c| c.class == "private").collect();
        assert_eq!(private.len() as u64, answers.basis.private_conversations);
        assert!(private.iter().all(|c| c.messages.is_none() && c.id.starts_with('c') && c.id[1..].parse::<u32>().is_ok()));
        // The test can fail: the ledger does name the files.
        assert!(files.iter().all(|f| answers.ledger.to_string().contains(f.as_str())));
    }
}
