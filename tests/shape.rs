//! The page reads answers without serde: what serde writes must come back the same, for the whole answers to the sample firm and for
//! every source of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::rc::Rc;

use retention_audit::import::{self, Given, Options};
use retention_audit::model::daily::Daily;
use retention_audit::model::ledger::{Failure, Question, Skip, SkipReason};
use retention_audit::model::{Answers, Matter, Position, Scope, Source};
use retention_audit::sample;
use retention_audit::shape::{Shape, Written, from_json};
use retention_audit::workbench::{Workbench, lists};

fn comes_back<T: Shape + serde::Serialize + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    let back = from_json::<T>(&text).unwrap();
    assert!(back == *value, "{}", text.chars().take(2_000).collect::<String>());
}

/// What the page does not read: the ledger as JSON and the parts of later versions.
fn without_values(answers: &Answers) -> Answers {
    let mut answers = answers.clone();
    answers.ledger = serde_json::Value::Null;
    answers.channels.moves.clear();
    answers.channels.redirects = None;
    answers.channels.phrases.clear();
    for leaver in &mut answers.leavers {
        leaver.signals.clear();
        for client in &mut leaver.clients {
            client.successors.clear();
        }
    }
    answers
}

#[test]
fn answers_and_sources_of_the_sample_firm_come_back() {
    let firm = sample::firm(1, 20_000);
    let (mut workbench, mut matter) = (Workbench::default(), Matter::default());
    for (id, file) in (0u32..).zip(firm.files().into_iter().filter(|f| f.path != "truth.json")) {
        if let Some(kind) = lists::kind(&file.path, &file.bytes[..file.bytes.len().min(16 << 10)]) {
            lists::add(&mut matter, kind, &file.path, &file.bytes).unwrap();
            continue;
        }
        workbench.put(id, import::read_all(vec![Given { path: file.path, bytes: Rc::new(file.bytes), modified: None }], Options::default()));
    }
    workbench.set_matter(matter);
    let scope = workbench.matter().scope.clone();
    let answers = without_values(&workbench.answer(&scope));
    assert!(!answers.coverage.is_empty() && !answers.gaps.is_empty() && !answers.leavers.is_empty() && !answers.findings.is_empty());
    assert!(answers.leavers.iter().any(|l| !l.clients.is_empty()) && answers.channels.firm_owned_client_share.is_some());
    comes_back(&answers);
    let sources: Vec<Source> = workbench.files().flat_map(|(id, _)| workbench.sources_of(id).to_vec()).collect();
    assert!(sources.iter().any(|s| !s.notices.is_empty()));
    comes_back(&sources);
    let row = answers.coverage.iter().find(|r| r.messages > 0 && r.gap_days > 0).unwrap();
    let daily: Daily = workbench.daily(&scope, &row.person, &row.channel).unwrap();
    assert_eq!(daily.counts.iter().flatten().sum::<u64>(), row.messages);
    comes_back(&daily);
}

#[test]
fn questions_skips_and_failures_come_back() {
    let question = [
        Question::DateOrder { lines: vec![(3, "01/02/26".to_owned(), "1 Feb".to_owned(), "2 Jan".to_owned())], backward: (0, 7) },
        Question::Zone,
        Question::Owner { candidates: vec!["Ada \"B\"\n".to_owned()] },
        Question::Format { candidates: vec![("csv".to_owned(), "commas".to_owned())] },
    ];
    let reasons = [SkipReason::NoTime, SkipReason::UnknownType, SkipReason::LimitReached, SkipReason::Repeated];
    for (question, reason) in question.into_iter().zip(reasons) {
        let mut source = Source { bytes: 1 << 40, first: Some(-5), last: Some(1_767_225_600_000_000), ..Source::default() };
        source.question = Some(question);
        source.skipped.push(Skip { reason, count: 9, first: Position::line(1 << 37, 4), part: 2 });
        source.error = Some(Failure { what: "é".to_owned(), place: "line 3".to_owned() });
        comes_back(&source);
    }
}

#[test]
fn what_the_page_writes_serde_reads() {
    let scope = Scope { from: Some(-3), to: None, as_of: Some(20_454), channels: vec!["we\"chat\\".to_owned(), "\u{1}\u{1f}\n😀".to_owned()] };
    assert_eq!(serde_json::from_str::<Scope>(&scope.to_json()).unwrap(), scope);
}
