//! Private conversations appear nowhere: not by the counterpart's name, not by a handle, not by the file they came in; neither in
//! answers, tables, ledger and report nor in a saved matter.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::rc::Rc;

use retention_audit::import::{self, Given, Options};
use retention_audit::model::decision::{IdentityDecision, Verdict};
use retention_audit::model::{Answers, Matter};
use retention_audit::report;
use retention_audit::report::veil::{Names, Veil};
use retention_audit::sample::texts::{Kind, Language};
use retention_audit::sample::{self, truth::Truth};
use retention_audit::workbench::{Workbench, lists, saved};

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
    // A number is written with blanks in one place and without in another.
    let mut truth = truth;
    let bare: Vec<_> = truth.private.iter().filter(|(_, f)| f.starts_with('+')).map(|(e, f)| (e.clone(), f.replace(' ', ""))).collect();
    truth.private.retain(|(_, f)| !f.starts_with('+'));
    truth.private.extend(bare);
    (workbench, truth, private_files, known)
}

fn answered(workbench: &mut Workbench) -> Answers {
    let scope = workbench.matter().scope.clone();
    workbench.answer(&scope)
}

/// The same, answered.
fn audited(seed: u64) -> (Workbench, Answers, Truth, Vec<String>, String) {
    let (mut workbench, truth, files, known) = read(seed, true);
    let answers = answered(&mut workbench);
    (workbench, answers, truth, files, known)
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
        let (mut workbench, answers, truth, files, known) = audited(seed);
        assert!(!truth.private.is_empty() && answers.basis.private_conversations > 0, "the sample must hold private conversations");
        assert!(truth.private.iter().any(|(_, f)| !names(&known, f)));
        let mut texts = vec![("answers".to_owned(), serde_json::to_string(&answers).unwrap()), ("html".to_owned(), report::document::html(&answers))];
        texts.extend(report::csv::TABLES.iter().filter_map(|(table, _)| Some(((*table).to_owned(), report::csv::table(&answers, table)?))));
        let sources: Vec<String> = workbench.dataset().sources.iter().map(|s| s.path.clone()).collect();
        let saved = saved::save(&mut workbench, b"nobody can guess this");
        texts.push(("saved matter".to_owned(), String::from_utf8_lossy(&saved).into_owned()));
        // The file of a look-alike counts as work.
        let alike = |file: &str| truth.private.iter().any(|(_, f)| names(&known, f) && file.contains(f.as_str()));
        for (what, text) in &texts {
            // One friend is called like an employee or a client.
            for (_, friend) in truth.private.iter().filter(|(_, f)| !names(&known, f)) {
                assert!(!names(text, friend), "seed {seed}: {what} names {friend}");
            }
            for file in files.iter().filter(|file| !alike(file)) {
                assert!(!text.contains(file.as_str()), "seed {seed}: {what} names {file}");
            }
        }
        // The page is told which files lose their names: these, and none that holds anything else.
        let closed = workbench.closed();
        let paths: Vec<&String> = closed.iter().flat_map(|(_, paths)| paths).collect();
        assert!(files.iter().filter(|file| !alike(file)).all(|file| paths.iter().any(|p| p.starts_with(file.as_str()))), "seed {seed}: {paths:?}");
        assert!(paths.iter().all(|path| !answers.findings.iter().flat_map(|f| &f.evidence).any(|e| e.source == **path)));
        // They are listed by number, for a person to correct, and by nothing that leads to the other side.
        let private: Vec<_> = answers.conversations.iter().filter(|c| c.class == "private").collect();
        assert_eq!(private.len() as u64, answers.basis.private_conversations);
        assert!(private.iter().all(|c| c.messages.is_none() && c.id.starts_with('c') && c.id[1..].parse::<u32>().is_ok()));
        // The test can fail: the files were read under their names, and the friends stand in the dataset.
        assert!(files.iter().all(|f| sources.iter().any(|s| s.starts_with(f.as_str()))));
        let unseen: Vec<&str> = truth
            .private
            .iter()
            .map(|(_, f)| f.as_str())
            .filter(|f| !workbench.dataset().handles.iter().any(|h| names(&h.key, f) || names(&h.name, f)))
            .collect();
        assert!(unseen.is_empty(), "seed {seed}: {unseen:?} stand nowhere in the dataset");
        // Opened again it counts the same.
        let mut again = saved::open(&saved).ok().unwrap();
        let scope = again.matter().scope.clone();
        let counted = again.answer(&scope);
        assert_eq!(counted.basis.private_conversations, answers.basis.private_conversations);
        assert_eq!(counted.basis.messages, answers.basis.messages);
        assert_eq!(serde_json::to_string(&counted.coverage).unwrap(), serde_json::to_string(&answers.coverage).unwrap());
        assert_eq!(counted.leavers.len(), answers.leavers.len());
        let channels = |answers: &Answers| {
            let mut channels = answers.channels.clone();
            // Rows are numbered anew: what is private sorts elsewhere without its name.
            channels.by_channel.iter_mut().flat_map(|c| &mut c.evidence).for_each(|place| place.row = None);
            serde_json::to_string(&channels).unwrap()
        };
        assert_eq!(channels(&counted), channels(&answers));
    }
}

/// What executives read while pseudonyms are on: the report for them, and what the views draw without asking who is looking.
fn for_executives(answers: &Answers) -> Vec<(&'static str, String)> {
    let mut out = vec![("report", report::document::body(answers, Names::Nobody))];
    out.extend(answers.findings.iter().map(|f| ("finding", f.sentence_without_names.clone())));
    out.extend(answers.gaps.iter().flat_map(|g| &g.benign).map(|b| ("other explanation", format!("{} {}", b.title, b.found))));
    out.extend(answers.basis.missing.iter().map(|m| ("not known", format!("{} {}", m.title, m.effect))));
    out.extend(answers.basis.policies.iter().map(|p| ("rule", serde_json::to_string(p).unwrap())));
    out.extend(answers.coverage.iter().map(|r| ("horizon", format!("{} {}", r.horizon.rule, r.horizon.limit))));
    out.push(("channels", serde_json::to_string(&answers.channels.groups).unwrap()));
    out
}

#[test]
fn executives_read_pseudonyms_and_no_name_of_anybody() {
    for seed in [1, 7] {
        let (workbench, answers, truth, _, _) = audited(seed);
        let matter = workbench.matter();
        let people = matter.people.iter().flatten().map(|p| p.name.clone());
        let clients = matter.clients.iter().flatten().flat_map(|c| c.contacts.iter().map(|c| c.name.clone()).chain([c.name.clone()]));
        let friends = truth.private.iter().map(|(_, friend)| friend.clone());
        let known: Vec<String> = people.chain(clients).chain(friends).filter(|name| !name.is_empty()).collect();
        assert!(known.len() > 200);
        for (what, text) in for_executives(&answers) {
            for name in &known {
                let at = text.find(name.as_str()).filter(|_| names(&text, name));
                let near = at.map(|at| text[..at].chars().rev().take(160).collect::<String>().chars().rev().collect::<String>());
                assert!(at.is_none(), "seed {seed}: {what} names {name}, after: {near:?}");
            }
        }
        // The same person is the same employee in every view, and nobody else is.
        let veil = Veil::new(Names::Nobody, &answers);
        let shown: BTreeSet<String> = answers.coverage.iter().map(|r| veil.name(&r.custodian, Some(&r.person))).collect();
        let people: BTreeSet<&str> = answers.coverage.iter().map(|r| r.person.as_str()).collect();
        assert!(shown.len() == people.len() && shown.iter().all(|p| p.starts_with("Employee ")));
        let report = report::document::body(&answers, Names::Nobody);
        for gap in answers.gaps.iter().take(50).filter(|g| g.person.is_some()) {
            assert!(shown.contains(&veil.name(&gap.custodian, gap.person.as_deref())));
        }
        assert!(shown.iter().filter(|p| names(&report, p)).count() > 10, "the report speaks of employees by their pseudonyms");
        // The test can fail: the report for compliance names them.
        let named = report::document::body(&answers, Names::All);
        assert!(known.iter().filter(|name| names(&named, name)).count() > 30);
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
            let answers = answered(&mut workbench);
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
