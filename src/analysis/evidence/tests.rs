//! Tests of what the formats say is absent.

use super::super::testkit::{Firm, firm};
use super::*;
use crate::model::Position;

#[test]
fn a_mail_of_its_own_that_is_cut_says_nothing_of_other_days() {
    let mut f = firm().employee("Mei Tan").client("Northgate", &["Huang Wei"]);
    f.mail("Quotes").daily("huang@northgate.example", "Mei Tan", "2026-06-01", "2026-09-30", 1);
    f.chat("email", "Mei Tan", "One").says("Mei Tan", "huang@northgate.example", "2026-03-02", 9);
    f.state(StatementKind::CutOff, "email-Mei Tan.txt", None, None, None, 1);
    let a = f.answers();
    let gap = a.gaps.iter().find(|g| g.class == "A").unwrap();
    assert_eq!((gap.from.as_deref(), gap.to.as_deref()), (Some("2026-03-02"), Some("2026-03-02")));
    assert!(a.coverage.iter().all(|r| r.gap_days == 0));
}

#[test]
fn what_a_copy_lacks_is_told_of_whose_copy_it_is() {
    let mut f = firm().employee("Mei Tan").employee("Ana Bell").client("Northgate", &["Huang Wei"]);
    f.chat("whatsapp", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-09-30", 1);
    // Mei is in this group, but the copy is not hers.
    let group = f.chat("whatsapp", "anab", "floor group").daily("Mei Tan", "anab", "2026-06-01", "2026-09-30", 1);
    group.says("Huang Wei", "anab", "2026-06-03", 9);
    f.chat("whatsapp", "karl", "Otto").daily("Huang Wei", "karl", "2026-06-01", "2026-09-30", 1);
    for (owner, title, n) in [("Mei Tan", "Huang Wei", 2), ("anab", "floor group", 3), ("karl", "Otto", 4)] {
        f.state(StatementKind::MediaAbsent, &format!("whatsapp-{owner}.txt"), Some(title), Some("2026-06-02"), None, n);
    }
    let a = f.answers();
    let mut said: Vec<_> =
        a.gaps.iter().filter(|g| g.kind == "media_absent").map(|g| (g.reasons[0].as_str(), g.custodian.as_str(), g.owner.as_deref())).collect();
    said.sort_unstable();
    let words = |n: u32| format!("{n} attachments are named but not included");
    let expected = [(words(2), "Mei Tan", None), (words(3), "", Some("anab")), (words(4), "", Some("karl"))];
    assert_eq!(said, expected.iter().map(|(w, c, o)| (w.as_str(), *c, *o)).collect::<Vec<_>>());
}

#[test]
fn a_timer_after_which_nothing_is_held_ran_until_the_other_exports_of_the_phone_end() {
    let mut f = firm().employee("Mei Tan").client("Northgate", &["Huang Wei", "Otto Quist"]);
    f.device("whatsapp", "Mei Tan", "Huang Wei", "Huang Wei.txt").daily("Huang Wei", "Mei Tan", "2026-01-05", "2026-03-09", 1);
    f.state(StatementKind::Timer, "Huang Wei.txt", Some("Huang Wei"), Some("2026-03-09"), None, 7 * 86_400);
    let timer = |f: &Firm| f.answers().gaps.into_iter().find(|g| g.kind == "timer").map(|g| (g.from, g.to, g.reasons));
    let (from, to, reasons) = timer(&f).unwrap();
    assert_eq!((from.as_deref(), to), (Some("2026-03-09"), None), "nothing tells when the export was made");
    assert!(reasons[0].contains("after 7 days"), "{reasons:?}");
    f.device("whatsapp", "Mei Tan", "Otto Quist", "Otto Quist.txt").daily("Otto Quist", "Mei Tan", "2026-01-05", "2026-09-30", 1);
    let (from, to, _) = timer(&f).unwrap();
    assert_eq!((from.as_deref(), to.as_deref()), (Some("2026-03-09"), Some("2026-09-23")));
}

#[test]
fn until_when_an_export_reaches_is_told_by_exports_of_its_owner_on_its_channel_only() {
    let source = |owner: Option<u32>, channel: &str, exported_at: Option<i64>, last: Option<i64>| Source {
        owner_handle: owner,
        channel: channel.into(),
        exported_at,
        last,
        ..Source::default()
    };
    let all = [
        source(Some(1), "whatsapp", None, Some(10)),
        source(Some(1), "whatsapp", Some(30), Some(20)),
        source(Some(1), "sms", None, Some(90)),
        source(Some(2), "whatsapp", None, Some(80)),
        source(None, "whatsapp", None, Some(5)),
        source(None, "whatsapp", Some(70), Some(60)),
        source(Some(3), "sms", None, None),
    ];
    let reach = Reach::new(&all);
    assert_eq!(all.iter().map(|s| reach.of(s)).collect::<Vec<_>>(), [Some(30), Some(30), Some(90), Some(80), Some(5), Some(60), None]);
    assert_eq!(reach.0.len(), 3, "one entry per owner and channel, however many statements ask");
}

#[test]
fn missing_numbers_of_a_chat_are_messages_but_for_its_share_of_notices() {
    let mut f = firm().employee("Mei Tan").client("Northgate", &["Huang Wei"]);
    f.device("whatsapp", "Mei Tan", "Huang Wei", "chat.txt").daily("Huang Wei", "Mei Tan", "2026-03-02", "2026-09-30", 1);
    f.state(StatementKind::CounterHole, "chat.txt", Some("Huang Wei"), Some("2026-06-02"), Some("2026-06-09"), 8);
    let gap = f.answers().gaps.into_iter().find(|g| g.kind == "counter_hole").unwrap();
    let estimate = gap.estimate.as_ref().unwrap_or_else(|| panic!("{gap:?}"));
    assert_eq!((estimate.low, estimate.mid, estimate.high), (8.0, 8.0, 8.0), "a chat without notices: {:?}", gap.reasons);
    assert_eq!((of_lines(100, 0.5), of_lines(1, 0.2)), (Some((40.0, 50.0, 60.0)), None));
    assert_eq!(of_lines(7, 0.9).map(|(low, mid, high)| (low, mid.round(), high)), Some((4.0, 6.0, 7.0)));
}

#[test]
fn a_head_is_lacking_only_where_no_other_export_of_the_owner_holds_it() {
    let mut f = firm().employee("Mei Tan").client("Northgate", &["Huang Wei"]);
    f.device("whatsapp", "Mei Tan", "Huang Wei", "phone.txt").daily("Huang Wei", "Mei Tan", "2026-03-02", "2026-09-30", 1);
    f.state(StatementKind::NoBeginning, "phone.txt", Some("Huang Wei"), None, Some("2026-03-02"), 0);
    let heads = |f: &Firm| f.answers().gaps.iter().filter(|g| g.kind == "no_beginning").count();
    assert_eq!(heads(&f), 1);
    f.device("whatsapp", "Mei Tan", "Huang Wei", "older phone.txt").daily("Huang Wei", "Mei Tan", "2025-03-03", "2025-09-30", 1);
    assert_eq!(heads(&f), 0);
}

/// What a person sees in order: rows, and the place of what is absent between them.
fn order(f: &Firm, kind: &str) -> Vec<Option<u32>> {
    let gap = f.answers().gaps.into_iter().find(|g| g.kind == kind).unwrap();
    gap.evidence.iter().map(|e| e.row.filter(|_| e.absent.is_none())).collect()
}

#[test]
fn a_hole_lies_before_the_record_it_was_read_from_even_within_one_minute() {
    let mut f = firm().employee("Mei Tan").client("Northgate", &["Huang Wei"]);
    let chat = f.device("whatsapp", "Mei Tan", "Huang Wei", "phone.txt");
    chat.says("Huang Wei", "Mei Tan", "2026-03-02", 12).says("Mei Tan", "Huang Wei", "2026-03-02", 12).says("Huang Wei", "Mei Tan", "2026-03-02", 12);
    f.state(StatementKind::NoBeginning, "phone.txt", Some("Huang Wei"), None, Some("2026-03-02"), 0);
    assert_eq!(order(&f, "no_beginning"), [None, Some(0)], "nothing before the first record");
    f.state(StatementKind::CounterHole, "phone.txt", Some("Huang Wei"), None, Some("2026-03-02"), 4);
    f.state(StatementKind::IdHole, "phone.txt", Some("Huang Wei"), Some("2026-03-02"), Some("2026-03-02"), 4);
    assert_eq!(order(&f, "counter_hole"), [None, Some(0)], "open to the past, its record not kept");
    f.statements.iter_mut().for_each(|s| s.position = Position::line(10, 2));
    for kind in ["counter_hole", "id_hole"] {
        assert_eq!(order(&f, kind), [Some(0), None, Some(1)], "{kind}");
    }
}
