use super::super::testkit::{Firm, answer, day, firm};
use crate::model::answer::{Answers, CoverageRow, Gap};
use crate::model::decision::{Cause, Explanation, mark};
use crate::model::matter::{RegionDays, Scope};
use crate::model::statement::StatementKind;

/// Mei writes mail all year; her WhatsApp is silent for four weeks. Messages of March are proved to be missing.
fn silent_firm() -> Firm {
    let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    f.mail("plans").daily("Mei Tan", "Li Chen", "2026-01-05", "2026-09-30", 2);
    let silent = [("2026-05-04", "2026-05-29")];
    f.chat("whatsapp", "Mei Tan", "Huang Wei").daily_except("Huang Wei", "Mei Tan", "2026-01-05", "2026-09-30", 2, &silent);
    f.state(StatementKind::IdHole, "whatsapp-Mei Tan.txt", Some("Huang Wei"), Some("2026-03-03"), Some("2026-03-18"), 31);
    f
}

fn explained(custodian: &str, channel: &str, days: (&str, &str), kind: Cause) -> Explanation {
    let (from, to) = (Some(day(days.0)), Some(day(days.1)));
    Explanation {
        custodian: custodian.into(),
        channel: channel.into(),
        from,
        to,
        kind,
        note: "Asked her".into(),
        by: "C. Officer".into(),
        ..Explanation::default()
    }
}

fn with(mut f: Firm, explanations: &[Explanation]) -> Answers {
    f.matter.leave.get_or_insert_default();
    f.matter.explained.extend_from_slice(explanations);
    f.answers()
}

fn one<'a>(answers: &'a Answers, class: &str) -> &'a Gap {
    let found: Vec<&Gap> = answers.gaps.iter().filter(|g| g.class == class && g.channel == "whatsapp").collect();
    assert_eq!(found.len(), 1, "{class}: {:#?}", answers.gaps);
    found[0]
}

fn row<'a>(answers: &'a Answers, custodian: &str, channel: &str) -> &'a CoverageRow {
    answers.coverage.iter().find(|r| r.custodian == custodian && r.channel == channel).unwrap()
}

/// Without what only tells of the explanations themselves.
fn bare(mut answers: Answers) -> Answers {
    answers.explained.clear();
    answers.gaps.iter_mut().for_each(|g| g.explanations.clear());
    answers
}

const SILENT: (&str, &str) = ("2026-05-04", "2026-05-29");
const LOST: (&str, &str) = ("2026-03-03", "2026-03-18");

#[test]
fn leave_that_a_reviewer_marks_is_leave_of_the_calendar() {
    for who in ["Mei Tan", "mei.tan@marlowe.example"] {
        let marked = with(silent_firm(), &[explained(who, "", SILENT, Cause::Leave)]);
        assert!(marked.gaps.iter().all(|g| g.class != "B"), "the silence is gone");
        assert_eq!((marked.explained.len(), marked.explained[0].known, marked.explained[0].person.as_deref()), (1, true, Some("p1")));
        let listed = with(silent_firm().leave("Mei Tan", SILENT.0, SILENT.1), &[]);
        assert_eq!(bare(marked), listed, "every figure is that of a line of leave.csv");
    }
    let before = with(silent_firm(), &[]);
    assert!(
        row(&before, "Mei Tan", "whatsapp").gap_days
            > row(&with(silent_firm(), &[explained("Mei Tan", "", SILENT, Cause::Leave)]), "Mei Tan", "whatsapp").gap_days
    );
}

#[test]
fn a_closure_is_a_holiday_of_the_calendar() {
    for who in ["", "Mei Tan"] {
        let marked = with(silent_firm(), &[explained(who, "", SILENT, Cause::Closure)]);
        assert!(marked.gaps.iter().all(|g| g.class != "B"));
        assert_eq!(bare(marked), with(silent_firm().holidays(SILENT.0, SILENT.1), &[]));
    }
}

#[test]
fn a_closure_of_one_office_is_none_of_the_other() {
    let mut f = silent_firm();
    f.matter.calendar.regions = vec![RegionDays { region: "Munich".into(), ..RegionDays::default() }];
    f.matter.people.as_mut().unwrap()[0].region = "Munich".into();
    let before = with(f, &[]);
    let mut f = silent_firm();
    f.matter.calendar.regions = vec![RegionDays { region: "Munich".into(), ..RegionDays::default() }];
    f.matter.people.as_mut().unwrap()[0].region = "Munich".into();
    let after = with(f, &[explained("Mei Tan", "", SILENT, Cause::Closure)]);
    let days = |a: &Answers, who: &str| row(a, who, "email").expected_days;
    assert_eq!(days(&before, "Mei Tan") - days(&after, "Mei Tan"), 20, "her office was closed");
    assert_eq!(days(&before, "Li Chen"), days(&after, "Li Chen"));
}

#[test]
fn every_other_kind_keeps_the_gap_as_explained_and_its_days_as_gap_days() {
    let before = with(silent_firm(), &[]);
    for kind in Cause::ALL.into_iter().filter(|k| !k.is_calendar()) {
        for (days, class) in [(SILENT, "B"), (LOST, "A")] {
            let after = with(silent_firm(), &[explained("Mei Tan", "whatsapp", days, kind)]);
            let gap = one(&after, class);
            let why = gap.explained.as_ref().unwrap();
            assert_eq!((why.kind.as_str(), why.note.as_str(), why.by.as_str()), (kind.word(), "Asked her", "C. Officer"));
            assert!(!gap.is_open() && gap.explained_days == 0 && gap.severity == one(&before, class).severity);
            assert_eq!(after.gaps.last().map(|g| g.id.as_str()), Some(gap.id.as_str()), "after the open ones");
            let (was, is) = (row(&before, "Mei Tan", "whatsapp"), row(&after, "Mei Tan", "whatsapp"));
            assert_eq!((is.gap_days, is.covered_days, &is.worst), (was.gap_days, was.covered_days, &was.worst), "an explanation is not a record");
            assert!(is.spans.iter().any(|s| s.explained && s.state == class) && is.spans.iter().all(|s| !s.explained || s.gap.as_deref() == Some(&gap.id)));
            let told = |a: &Answers| a.findings.iter().any(|f| f.channel.as_deref() == Some("whatsapp") && f.from == gap.from && f.question == "gaps");
            assert!(told(&before) && !told(&after), "no finding asks for a decision that was made");
        }
    }
}

#[test]
fn proved_loss_is_not_explained_by_leave_or_a_closed_office() {
    for kind in [Cause::Leave, Cause::Closure] {
        let a = with(silent_firm(), &[explained("Mei Tan", "", LOST, kind)]);
        let gap = one(&a, "A");
        assert!(gap.is_open() && gap.explained_days == 0, "{gap:?}");
        assert_eq!(gap.explanations, [0], "but it is told that leave was marked on its days");
    }
}

#[test]
fn a_gap_is_explained_when_every_business_day_of_it_is() {
    let said = |days| explained("Mei Tan", "whatsapp", days, Cause::Moved);
    // From Monday to Friday; a weekend at an end does not matter.
    let part = with(silent_firm(), &[said(("2026-05-04", "2026-05-15"))]);
    assert_eq!((one(&part, "B").is_open(), one(&part, "B").explained_days), (true, 10));
    let two = with(silent_firm(), &[said(("2026-05-02", "2026-05-15")), said(("2026-05-18", "2026-06-10"))]);
    assert!(!one(&two, "B").is_open(), "two explanations together");
    assert_eq!(one(&two, "B").explanations, [0, 1]);
    let elsewhere = with(silent_firm(), &[explained("Mei Tan", "email", SILENT, Cause::Moved), explained("Li Chen", "whatsapp", SILENT, Cause::Moved)]);
    assert!(one(&elsewhere, "B").is_open() && one(&elsewhere, "B").explanations.is_empty());
    let every = with(silent_firm(), &[explained("Mei Tan", "", SILENT, Cause::Moved)]);
    assert!(!one(&every, "B").is_open(), "no channel named means all");
}

#[test]
fn an_explanation_of_a_conversation_is_none_of_another() {
    let of = |key: &str| Explanation { conversation: key.into(), ..explained("Mei Tan", "whatsapp", LOST, Cause::Deletion) };
    for (key, open) in [("Huang Wei".to_owned(), false), (mark("whatsapp", "Huang Wei"), false), ("Zhao Lin".to_owned(), true)] {
        let a = with(silent_firm(), &[of(&key)]);
        assert_eq!((one(&a, "A").is_open(), a.explained[0].known), (open, !open), "{key}");
    }
    assert_eq!(one(&with(silent_firm(), &[]), "A").conversation_id.as_deref(), Some("c1"));
}

#[test]
fn what_names_nobody_on_the_lists_has_no_effect_and_says_so() {
    let before = with(silent_firm(), &[]);
    let after = with(silent_firm(), &[explained("Nobody Known", "whatsapp", SILENT, Cause::Moved), explained("Nobody Known", "", SILENT, Cause::Leave)]);
    assert_eq!(after.gaps, before.gaps);
    assert!(after.explained.iter().all(|e| !e.known && e.person.is_none() && e.custodian == "Nobody Known"));
    assert_eq!(after.basis.missing.iter().find(|m| m.id == "explained_unmatched").map(|m| m.count), Some(2));
}

#[test]
fn a_side_nobody_knows_is_explained_only_by_one_that_is_not_known() {
    let mut f = silent_firm();
    f.state(StatementKind::CountShort, "whatsapp-Mei Tan.txt", Some("Huang Wei"), None, Some("2026-01-20"), 5);
    let open_start = |a: &Answers| a.gaps.iter().find(|g| g.kind == "count_short").cloned().unwrap();
    let before = f.answers();
    assert_eq!(open_start(&before).from, None, "{:?}", open_start(&before));
    f.matter.explained = vec![explained("Mei Tan", "whatsapp", ("2020-01-01", "2026-12-31"), Cause::Deletion)];
    assert!(open_start(&f.answers()).is_open());
    f.matter.explained = vec![Explanation { from: None, ..explained("Mei Tan", "whatsapp", ("2026-01-01", "2026-01-20"), Cause::Deletion) }];
    let after = f.answers();
    assert!(!open_start(&after).is_open());
    assert!(one(&after, "B").is_open(), "and it explains nothing that has both");
}

#[test]
fn an_outage_that_names_nobody_can_be_explained() {
    let names = ["Ana Ruiz", "Ben Okoro", "Cem Acar", "Dora Novak"];
    let mut f = names.into_iter().fold(firm(), |f, name| f.employee(name)).client("Northgate", &["Huang Wei"]);
    for (n, name) in names.into_iter().enumerate() {
        f.mail("plans").daily(name, names[(n + 1) % 4], "2026-01-05", "2026-09-30", 1);
        f.archived("sms", &format!("Huang {name}")).daily_except("Huang Wei", name, "2026-01-05", "2026-09-30", 3, &[("2026-06-08", "2026-06-24")]);
    }
    let scope = Scope::default();
    let before = answer(&f.dataset(), &f.matter, &scope);
    let outages = |a: &Answers| a.gaps.iter().filter(|g| g.kind == "outage").cloned().collect::<Vec<_>>();
    assert_eq!(outages(&before).len(), 1, "{:#?}", before.gaps);
    let days = ("2026-06-08", "2026-06-24");
    f.matter.explained = vec![explained("", "sms", days, Cause::Other)];
    let after = answer(&f.dataset(), &f.matter, &scope);
    assert!(!outages(&after)[0].is_open() && after.findings.iter().all(|f| !f.sentence.contains("capture outage")));
    assert!(after.coverage.iter().filter(|r| r.channel == "sms").all(|r| r.spans.iter().any(|s| s.explained)));
    f.matter.explained = vec![explained("", "", days, Cause::Closure)];
    let closed = answer(&f.dataset(), &f.matter, &scope);
    assert!(outages(&closed).is_empty(), "a closure of the firm: the test ran again");
    f.matter.explained = vec![explained("Ana Ruiz", "sms", days, Cause::Other)];
    assert!(outages(&answer(&f.dataset(), &f.matter, &scope))[0].is_open(), "what is said of one is not said of all");
}

/// Two phones whose owners no list knows, each with messages proved to be missing on the same days.
fn strangers(owners: &[&str]) -> Firm {
    let mut f = silent_firm();
    for owner in owners {
        let title = format!("Huang of {owner}");
        f.chat("sms", owner, &title).daily("Huang Wei", owner, "2026-01-05", "2026-09-30", 2);
        f.state(StatementKind::IdHole, &format!("sms-{owner}.txt"), Some(&title), Some(LOST.0), Some(LOST.1), 31);
    }
    f
}

fn open_owners(a: &Answers) -> Vec<&str> {
    let mut open: Vec<&str> = a.gaps.iter().filter(|g| g.channel == "sms" && g.class == "A" && g.is_open()).filter_map(|g| g.owner.as_deref()).collect();
    open.sort_unstable();
    open
}

#[test]
fn what_is_said_of_one_owner_nobody_knows_is_not_said_of_another() {
    let of = |owner: &str| Explanation { owner: owner.into(), ..explained("", "sms", LOST, Cause::Deletion) };
    let two = ["anab", "karl"];
    assert_eq!(open_owners(&with(strangers(&two), &[])), two);
    for owner in ["anab".to_owned(), mark("sms", "anab")] {
        let a = with(strangers(&two), &[of(&owner)]);
        assert_eq!((open_owners(&a), a.explained[0].known), (vec!["karl"], true), "{owner}");
    }
    let a = with(strangers(&two), &[of(&mark("whatsapp", "anab")), of("nobody here")]);
    assert_eq!((open_owners(&a), a.explained.iter().any(|e| e.known)), (two.to_vec(), false));
    // From before explanations said whose exports they are of.
    assert_eq!(open_owners(&with(strangers(&two), &[of("")])), two, "whose it was cannot be told");
    assert!(open_owners(&with(strangers(&two[..1]), &[of("")])).is_empty(), "there is only one it can be of");
}
