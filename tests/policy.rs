//! Policy over the whole sample firm: rules with clocks of their own, a maximum, a hold, exceptions; what is said of it names no friend of
//! anybody; and the sheets of the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::Path;
use std::process::Command;
use std::rc::Rc;

use retention_audit::import::lists::{matter, matter_toml};
use retention_audit::import::{self, Given, Options};
use retention_audit::model::matter::{Exception, Hold, Rule};
use retention_audit::model::{Answers, Matter};
use retention_audit::report;
use retention_audit::sample::{self, truth::Truth};
use retention_audit::time::parse_day;
use retention_audit::workbench::{Workbench, lists};

/// The sample firm in a workbench, its truth, and the lists as text.
fn firm(change: impl Fn(&mut Matter)) -> (Workbench, Truth, String) {
    let firm = sample::firm(3, 20_000);
    let (mut workbench, mut matter, mut known) = (Workbench::default(), Matter::default(), String::new());
    for (id, file) in (0u32..).zip(firm.files().into_iter().filter(|f| f.path != "truth.json")) {
        if let Some(kind) = lists::kind(&file.path, &file.bytes[..file.bytes.len().min(16 << 10)]) {
            known.push_str(&String::from_utf8_lossy(&file.bytes));
            lists::add(&mut matter, kind, &file.path, &file.bytes).unwrap();
            continue;
        }
        workbench.put(id, import::read_all(vec![Given { path: file.path, bytes: Rc::new(file.bytes), modified: None }], Options::default()));
    }
    change(&mut matter);
    workbench.set_matter(matter);
    (workbench, firm.truth(), known)
}

fn answers(workbench: &mut Workbench) -> Answers {
    let scope = workbench.matter().scope.clone();
    workbench.answer(&scope)
}

fn rich(m: &mut Matter) {
    m.policy.presets = ["uk-fca-sysc10a", "us-adviser-204-2", "us-finra-2210", "eu-gdpr-5"].map(str::to_owned).to_vec();
    m.policy.rules.push(Rule { id: "own".to_owned(), title: "Own schedule".to_owned(), maximum: Some(6), ..Rule::default() });
    m.policy.holds.push(Hold { name: "Harbour".to_owned(), channels: vec!["sms".to_owned()], ..Hold::default() });
    let whatsapp = m.policy.channels.iter_mut().find(|c| c.id == "whatsapp").unwrap();
    whatsapp.exceptions.push(Exception { department: "Sales".to_owned(), status: retention_audit::model::matter::ChannelStatus::Approved });
}

#[test]
fn a_rich_policy_is_answered_rule_by_rule_and_names_no_friend() {
    // Records still required under the other rules are never too old: without them everything before April is.
    let (mut workbench, truth, known) = firm(|m| {
        rich(m);
        m.policy.presets = vec!["eu-gdpr-5".to_owned()];
    });
    let old = answers(&mut workbench);
    let told: Vec<_> = old.findings.iter().filter(|f| f.question == "retention").collect();
    assert!(told.iter().any(|f| f.severity == "medium" && f.quantity > 100), "{told:#?}");
    assert!(told.iter().filter(|f| f.channel.as_deref() == Some("sms")).all(|f| f.severity == "info"), "text messages are on hold");
    assert!(told.iter().all(|f| f.from.as_deref().is_none_or(|d| d < "2026-03-30")), "{told:#?}");
    assert!(!truth.private.is_empty() && old.basis.private_conversations > 0);

    let (mut workbench, ..) = firm(rich);
    let all = answers(&mut workbench);
    assert!(all.findings.iter().all(|f| f.question != "retention" || f.severity == "info"), "all of it is still required");
    assert_eq!(all.basis.policies.iter().filter(|p| p.required_days.is_some()).count(), 3);
    assert_eq!(all.findings.iter().filter(|f| f.question == "coverage").count(), 3);
    assert!(all.basis.policies.iter().any(|p| p.limits && p.required_days.is_none()));

    for answers in [&old, &all] {
        let mut bare = answers.clone();
        bare.ledger = report::ledger::json(&[]);
        let mut texts = vec![serde_json::to_string(&bare).unwrap(), report::document::html(&bare), matter_toml(workbench.matter())];
        for what in ["notice:employees", "notice:council", "notice:employees:text", "notice:council:text"] {
            texts.push(report::notice::document(workbench.matter(), &bare, what).unwrap().2);
        }
        texts.extend(report::csv::TABLES.iter().filter_map(|(table, _)| report::csv::table(&bare, table)));
        let stands = |text: &str, name: &str| {
            text.match_indices(name).any(|(at, _)| {
                let edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
                edge(text[..at].chars().next_back()) && edge(text[at + name.len()..].chars().next())
            })
        };
        let friends: Vec<&String> = truth.private.iter().map(|(_, f)| f).filter(|f| !stands(&known, f)).collect();
        assert!(!friends.is_empty());
        for text in &texts {
            assert!(friends.iter().all(|friend| !stands(text, friend)));
            assert!(!text.to_lowercase().contains("compliant"));
        }
    }
}

#[test]
fn the_settings_of_the_sample_are_written_and_read_again() {
    let (workbench, ..) = firm(rich);
    let m = workbench.matter();
    let again = matter("matter.toml", &matter_toml(m)).unwrap();
    assert_eq!((&again.policy, &again.calendar, &again.privacy, &again.work, &again.scope), (&m.policy, &m.calendar, &m.privacy, &m.work, &m.scope));
}

fn audit(args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_audit")).args(args).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_command_line_prints_both_sheets() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("notice.toml");
    let mut m = Matter { name: "Desk audit".to_owned(), ..Matter::default() };
    (m.privacy.content, m.privacy.min_group) = (true, 8);
    m.policy.presets = vec!["de-gobd".to_owned()];
    m.scope.from = parse_day("2025-01-01");
    std::fs::write(&path, matter_toml(&m)).unwrap();
    let path = path.to_str().unwrap();
    let (code, page, _) = audit(&["notice", "--matter", path, "--employees"]);
    assert_eq!(code, Some(0));
    assert!(page.starts_with("<!doctype html>") && page.contains("Desk audit") && page.contains("fewer than 8 people") && page.contains("Content mode is on"));
    assert!(page.contains("72 months from the end of the calendar year in which it was made"));
    let (_, sheet, _) = audit(&["notice", "--council", "--text", "--matter", path]);
    assert!(sheet.contains("Smallest group shown: 8 people") && sheet.contains("gesetze-im-internet.de/hgb/__257.html"), "{sheet}");
    assert!(audit(&["notice", "--employees"]).1.contains("No retention rule has been chosen"));
    assert_eq!(audit(&["notice"]).0, Some(3));
    let (code, _, said) = audit(&["notice", "--council", "--matter", "no-such.toml"]);
    assert!(code == Some(2) && said.contains("could not be read"), "{said}");
}
