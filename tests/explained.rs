//! Gaps of the sample firm explained by a reviewer: the same in the page's workbench, a saved matter, matter.toml, tables and report;
//! and texts that try to break out of each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::rc::Rc;
use std::sync::OnceLock;

use retention_audit::import::{self, Given, Options};
use retention_audit::model::Answers;
use retention_audit::model::answer::Gap;
use retention_audit::model::decision::{Cause, NOTE};
use retention_audit::model::matter::{Matter, Scope};
use retention_audit::report::explained::counts;
use retention_audit::workbench::{Workbench, lists, saved};
use retention_audit::{report, sample};

const EVIL: &str = "=HYPERLINK(\"http://x\")<img src=x onerror=alert(1)>\u{0}\u{202e}\r\n[[explained]]\n\"\"\"";

/// The firm as a saved matter: read once, opened for each test.
fn loaded() -> Workbench {
    static READ: OnceLock<Vec<u8>> = OnceLock::new();
    saved::open(READ.get_or_init(|| saved::save(&mut read(), b"salt"))).unwrap()
}

fn read() -> Workbench {
    let firm = sample::firm(sample::DEFAULT_SEED, sample::DEFAULT_MESSAGES);
    let (mut workbench, mut matter) = (Workbench::default(), Matter::default());
    for (id, file) in (0u32..).zip(firm.files().into_iter().filter(|f| f.path != "truth.json")) {
        match lists::kind(&file.path, &file.bytes[..file.bytes.len().min(16 << 10)]) {
            Some(kind) => lists::add(&mut matter, kind, &file.path, &file.bytes).unwrap(),
            None => workbench.put(id, import::read_all(vec![Given { path: file.path, bytes: Rc::new(file.bytes), modified: None }], Options::default())),
        }
    }
    workbench.set_matter(matter);
    workbench
}

fn answers(workbench: &mut Workbench) -> Answers {
    let scope: Scope = workbench.matter().scope.clone();
    workbench.answer(&scope)
}

/// What is counted of gaps, wherever it is shown.
fn figures(a: &Answers) -> (u64, String, usize, String) {
    let counts = counts(a);
    (counts.open(), counts.words(), a.findings.len(), report::verdict::verdict(a).1)
}

fn why(note: &str) -> [String; 3] {
    [note.to_owned(), "C. Officer".to_owned(), "2026-04-01T09:30:00Z".to_owned()]
}

fn first<'a>(a: &'a Answers, class: &str) -> &'a Gap {
    a.gaps.iter().find(|g| g.class == class && g.explained.is_none() && g.person.is_some() && g.from.is_some() && g.to.is_some()).unwrap()
}

#[test]
fn an_explained_gap_is_explained_in_a_saved_matter_and_by_matter_toml() {
    let mut workbench = loaded();
    let before = answers(&mut workbench);
    for (class, kind) in [("A", Cause::Deletion), ("B", Cause::Reassignment), ("C", Cause::DeviceReplaced)] {
        let now = answers(&mut workbench);
        let gap = first(&now, class).clone();
        assert!(workbench.explain(&gap, kind, why("Looked into it")));
        let after = answers(&mut workbench);
        assert!(counts(&after).open() < counts(&now).open() && counts(&after).explained > counts(&now).explained, "{class}");
        let same = after.gaps.iter().find(|g| (&g.class, &g.kind, &g.person, &g.from, &g.to) == (&gap.class, &gap.kind, &gap.person, &gap.from, &gap.to));
        assert_eq!(same.unwrap().explained.as_ref().unwrap().note, "Looked into it");
    }
    let after = answers(&mut workbench);
    assert_eq!(after.gaps.len(), before.gaps.len(), "no gap is lost");
    assert_eq!(after.coverage.iter().map(|r| r.gap_days).sum::<u64>(), before.coverage.iter().map(|r| r.gap_days).sum::<u64>());
    // Saved and opened again.
    let bytes = saved::save(&mut workbench, b"salt");
    let mut again = saved::open(&bytes).unwrap();
    assert_eq!(figures(&answers(&mut again)), figures(&after));
    assert_eq!(answers(&mut again).explained, after.explained);
    // The command line: the files and matter.toml.
    let toml = lists::toml(workbench.matter());
    let mut command = loaded();
    command.change_matter(|matter| lists::add(matter, "matter", "matter.toml", toml.as_bytes()).unwrap());
    let printed = answers(&mut command);
    assert_eq!((&printed.gaps, &printed.explained, figures(&printed)), (&after.gaps, &after.explained, figures(&after)));
    // Taken back.
    for _ in 0..3 {
        workbench.take_back(0);
    }
    assert_eq!(answers(&mut workbench).gaps, before.gaps);
}

#[test]
fn marked_leave_makes_a_silence_vanish_and_taking_it_back_brings_it_again() {
    let mut workbench = loaded();
    let before = answers(&mut workbench);
    let gap = first(&before, "B").clone();
    assert!(workbench.explain(&gap, Cause::Leave, why("Parental leave")));
    let after = answers(&mut workbench);
    let there = |a: &Answers| a.gaps.iter().any(|g| (&g.class, &g.person, &g.channel, &g.from) == (&gap.class, &gap.person, &gap.channel, &gap.from));
    assert!(there(&before) && !there(&after));
    let covered = |a: &Answers| a.coverage.iter().find(|r| Some(&r.person) == gap.person.as_ref() && r.channel == gap.channel).unwrap().covered_days;
    assert!(covered(&after) > covered(&before), "the days are covered, without messages");
    assert!(after.explained[0].channel.is_empty() && after.explained[0].known);
    workbench.take_back(0);
    assert_eq!(answers(&mut workbench).gaps, before.gaps);
}

#[test]
fn the_same_days_explained_again_replace_what_was_said_before() {
    let mut workbench = loaded();
    let gap = first(&answers(&mut workbench), "A").clone();
    for note in ["First", "Second"] {
        assert!(workbench.explain(&gap, Cause::Other, why(note)));
    }
    assert_eq!(workbench.matter().explained.iter().map(|e| e.note.as_str()).collect::<Vec<_>>(), ["Second"]);
    let nobody = Gap { person: None, custodian: String::new(), ..gap.clone() };
    assert!(!workbench.explain(&nobody, Cause::Leave, why("x")), "leave is of somebody");
    assert!(!workbench.explain(&Gap { from: None, ..gap }, Cause::Closure, why("x")), "a closure has days");
}

#[test]
fn hostile_notes_are_bounded_and_never_markup_formula_or_a_section() {
    let mut workbench = loaded();
    let gap = first(&answers(&mut workbench), "A").clone();
    for note in [EVIL.to_owned(), "x".repeat(10_000), "王".repeat(10_000), "\u{0}".repeat(10_000)] {
        assert!(workbench.explain(&gap, Cause::Other, [note.clone(), note.clone(), note.clone()]));
        let kept = workbench.matter().explained[0].clone();
        assert!(kept.note.len() <= NOTE + 3 && kept.by.len() <= 203 && kept.at.len() <= 203 && !kept.note.chars().any(char::is_control));
        let a = answers(&mut workbench);
        let html = report::document::html(&a);
        assert!(!html.contains("<img") && html.contains("Explained by the reviewer"));
        for table in ["gaps", "explained"] {
            let text = report::csv::table(&a, table).unwrap();
            assert!(!text.contains(",=") && !text.contains(",\"="), "{table}");
            assert!(text.contains(if note == EVIL { "'=HYPERLINK" } else { "…" }), "{table}");
        }
        let toml = lists::toml(workbench.matter());
        assert_eq!(toml.lines().filter(|l| *l == "[[explained]]").count(), 1, "{toml}");
        let mut again = Matter::default();
        lists::add(&mut again, "matter", "matter.toml", toml.as_bytes()).unwrap();
        // A note that was cut says so with a mark, and is cut no further.
        let said = |m: &Matter| m.explained.iter().map(|e| (e.note.clone(), e.by.clone(), e.at.clone())).collect::<Vec<_>>();
        assert_eq!(said(&again), said(workbench.matter()));
        workbench.take_back(0);
    }
}

#[test]
fn the_report_names_reviewer_and_note_only_where_all_may_be_named() {
    let mut workbench = loaded();
    let gap = first(&answers(&mut workbench), "B").clone();
    assert!(workbench.explain(&gap, Cause::Moved, why("Moved to the Harbour group")));
    let a = answers(&mut workbench);
    use report::veil::Names;
    let of = |names| report::document::body(&a, names);
    for part in ["Explained by the reviewer", "Moved to the Harbour group", "C. Officer, 2026-04-01 09:30", "Moved to another channel"] {
        assert!(of(Names::All).contains(part), "{part}");
    }
    for names in [Names::Leavers, Names::Nobody] {
        assert!(of(names).contains("Explained by the reviewer") && !of(names).contains("Harbour group") && !of(names).contains("C. Officer"));
    }
}
