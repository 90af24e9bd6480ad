//! Private conversations appear nowhere: not by the counterpart's name, not by a handle, not by the file they came in. The ledger alone
//! names every file that was read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::rc::Rc;

use retention_audit::import::{self, Given, Options};
use retention_audit::model::decision::{IdentityDecision, Verdict};
use retention_audit::model::{Answers, Matter};
use retention_audit::report;
use retention_audit::sample::{self, truth::Truth};
use retention_audit::workbench::{Workbench, lists};

/// What the sample firm is read into, its truth, the files that hold private conversations, and the lists as text.
fn read(seed: u64, with_lists: bool) -> (Workbench, Truth, Vec<String>, String) {
    let firm = sample::firm(seed, 20_000);
    let truth = firm.truth();
    let (mut workbench, mut matter) = (Workbench::default(), Matter::default());
    let mut private_files = Vec::new();
    let mut known = String::new();
    for (id, file) in (0u32..).zip(firm.files().into_iter().filter(|f| f.path != "truth.json")) {
        if let Some(kind) = lists::kind(&file.path, &file.bytes[..file.bytes.len().min(16 << 10)]) {
            known.push_str(&String::from_utf8_lossy(&file.bytes));
            if with_lists || kind == "matter" {
                lists::add(&mut matter, kind, &file.path, &file.bytes).unwrap();
            }
            continue;
        }
        if truth.private.iter().any(|(_, friend)| file.path.contains(friend.as_str())) {
            private_files.push(file.path.clone());
        }
        workbench.put(id, import::read_all(vec![Given { path: file.path, bytes: Rc::new(file.bytes), modified: None }], Options::default()));
    }
    workbench.set_matter(matter);
    (workbench, truth, private_files, known)
}

fn answered(workbench: &mut Workbench) -> Answers {
    let scope = workbench.matter().scope.clone();
    workbench.answer(&scope)
}

/// The answers to the sample firm, its truth, the files that hold private conversations, and the lists as text.
fn audited(seed: u64) -> (Answers, Truth, Vec<String>, String) {
    let (mut workbench, truth, files, known) = read(seed, true);
    (answered(&mut workbench), truth, files, known)
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
        // The test can fail: the ledger does name the files.
        assert!(files.iter().all(|f| answers.ledger.to_string().contains(f.as_str())));
    }
}

/// Decisions about everyone seen on WhatsApp in private, under the key that is given for each.
fn decisions(truth: &Truth, workbench: &mut Workbench, key: impl Fn(&retention_audit::workbench::joins::Join) -> String) -> Vec<IdentityDecision> {
    let friends: Vec<&str> = truth.private.iter().map(|(_, f)| f.as_str()).collect();
    let joins = workbench.joins();
    let private = joins.iter().filter(|j| friends.contains(&j.handle.as_str()) && j.whom.is_empty());
    private
        .map(|j| IdentityDecision {
            channel: j.channel.clone(),
            handle: key(j),
            verdict: Verdict::Other,
            reason: "known".into(),
            ..IdentityDecision::default()
        })
        .collect()
}

#[test]
fn decisions_about_friends_name_nobody_and_can_be_kept() {
    for seed in [1, 7] {
        let (mut workbench, truth, _, known) = read(seed, true);
        let before = answered(&mut workbench).identity.counts;
        for by_name in [true, false] {
            let made = decisions(&truth, &mut workbench, |j| if by_name { j.handle.clone() } else { j.opaque.clone() });
            assert!(made.len() > 3, "{}", made.len());
            let kept = serde_json::to_string(&made).unwrap();
            let count = made.len() as u64;
            workbench.set_matter(Matter { identities: made, ..workbench.matter().clone() });
            let answers = without_ledger(&answered(&mut workbench));
            assert_eq!(answers.identity.counts.others, before.others + count, "a decision is understood by name and by reference");
            let mut texts = vec![serde_json::to_string(&answers).unwrap(), report::document::html(&answers)];
            if !by_name {
                // What is saved with the matter is what a decision keeps.
                texts.push(kept);
            }
            for (_, friend) in truth.private.iter().filter(|(_, f)| !names(&known, f)) {
                assert!(texts.iter().all(|t| !names(t, friend)), "seed {seed}: {friend}");
            }
        }
    }
}

#[test]
fn without_lists_nobody_is_known_to_be_work_and_nobody_is_named_as_unknown() {
    let (mut workbench, truth, _, _) = read(7, false);
    let identity = answered(&mut workbench).identity;
    assert!(identity.counts.unknown > 100 && !identity.unknown.is_empty());
    let text = serde_json::to_string(&identity).unwrap();
    for (_, friend) in &truth.private {
        assert!(!names(&text, friend), "{friend}");
    }
}
