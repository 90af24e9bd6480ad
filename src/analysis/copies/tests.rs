//! Copies of conversations in small firms.

use super::super::testkit::{Firm, day, firm};
use crate::model::answer::{Answers, Gap};
use crate::model::message::{EventKind, Flags};
use crate::model::statement::StatementKind;
use crate::time::{DAY, MINUTE, SECOND};

const NO: Flags = Flags::NONE;

/// A message as it was sent.
#[derive(Clone)]
struct Sent {
    from: &'static str,
    at: i64,
    text: String,
}

/// Chance without a clock.
struct Chance(u64);

impl Chance {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as f64) / f64::from(1u32 << 31)
    }
}

fn at(date: &str, minute: i64) -> i64 {
    i64::from(day(date)) * DAY + minute * MINUTE
}

/// Two people write by turns, so many messages; every fifth is a short one that is said again and again.
fn chat(people: &[&'static str], from: &str, n: usize, minutes: i64) -> Vec<Sent> {
    let text = |i: usize| if i % 5 == 4 { "ok".to_owned() } else { format!("what was said at {i} and nowhere else") };
    (0..n).map(|i| Sent { from: people[i * 7 / 3 % people.len()], at: at(from, 9 * 60 + i as i64 * minutes), text: text(i) }).collect()
}

/// An export by a person, of the messages a rule keeps, with the clock of that phone.
fn export(f: &mut Firm, owner: &str, title: &str, all: &[Sent], keep: impl Fn(usize) -> bool, clock: impl Fn(usize) -> i64) {
    let mut copy = f.chat("whatsapp", owner, title);
    for (i, m) in all.iter().enumerate().filter(|(i, _)| keep(*i)) {
        copy = copy.writes(m.from, m.at + clock(i), &m.text, NO);
    }
}

fn two() -> Firm {
    firm().employee("Ana Bell").employee("Ben Cole").employee("Cai Dunn")
}

const BOTH: [&str; 2] = ["Ana Bell", "Ben Cole"];

fn lost(a: &Answers) -> Vec<&Gap> {
    a.gaps.iter().filter(|g| g.kind == "other_copy").collect()
}

#[test]
fn what_only_the_colleagues_export_holds_is_missing_from_the_own_one() {
    let all = chat(&BOTH, "2026-03-02", 200, 25);
    let mut f = two();
    export(&mut f, "Ana Bell", "Ben Cole", &all, |i| !(80..85).contains(&i), |_| 0);
    export(&mut f, "Ben Cole", "Ana Bell", &all, |_| true, |_| 0);
    let a = f.answers();
    let gaps = lost(&a);
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    let gap = gaps[0];
    assert_eq!((gap.custodian.as_str(), gap.class.as_str(), gap.estimate.as_ref().unwrap().mid), ("Ana Bell", "A", 5.0));
    assert_eq!((gap.from.as_deref(), gap.to.as_deref()), (Some("2026-03-03"), Some("2026-03-03")));
    assert!(gap.reasons[0].contains("5 messages from 2026-03-03 18:20:00 to 2026-03-03 20:00:00"), "{:?}", gap.reasons);
    // The record before, four of the missing ones in the other export, the record after.
    let places: Vec<(&str, bool)> = gap.evidence.iter().map(|e| (e.source.as_str(), e.absent.is_some())).collect();
    let (own, other) = (("whatsapp-Ana Bell.txt", false), ("whatsapp-Ben Cole.txt", true));
    assert_eq!(places, [own, other, other, other, other, own]);
    let [pair] = a.copies.as_slice() else { panic!("{:?}", a.copies) };
    assert_eq!((pair.first.custodian.as_str(), pair.first.messages, pair.second.messages, pair.matched, pair.offset_minutes), ("Ana Bell", 193, 198, 193, 0));
    let share = pair.first.completeness.as_ref().unwrap();
    assert!((share.mid - 193.0 / 198.0).abs() < 1e-4 && share.low < share.mid && share.high < 1.0 && share.low > 0.94, "{share:?}");
    assert_eq!((pair.second.completeness.as_ref().unwrap().mid, pair.second.only, pair.total.mid), (1.0, 5, 198.0));
}

#[test]
fn whole_copies_lack_nothing_whatever_their_clocks() {
    let all = chat(&BOTH, "2026-03-02", 120, 31);
    for (minutes, shake) in [(0, 0), (60, 0), (-60, 40), (330, 40), (0, 40), (345, 20)] {
        let mut f = two();
        export(&mut f, "Ana Bell", "Ben Cole", &all, |_| true, |_| 0);
        export(&mut f, "Ben Cole", "Ana Bell", &all, |_| true, |i| minutes * MINUTE + (i as i64 * 37 % (2 * shake + 1) - shake) * SECOND);
        let a = f.answers();
        assert!(lost(&a).is_empty(), "{minutes} {shake}");
        assert_eq!((a.copies.len(), a.copies[0].offset_minutes), (1, -minutes), "{shake}");
        assert_eq!(a.copies[0].first.completeness.as_ref().unwrap().mid, 1.0);
    }
}

#[test]
fn an_hour_of_summer_time_on_one_side_is_no_loss() {
    let all = chat(&BOTH, "2026-03-02", 200, 400);
    let mut f = two();
    export(&mut f, "Ana Bell", "Ben Cole", &all, |i| i != 60, |_| 0);
    export(&mut f, "Ben Cole", "Ana Bell", &all, |i| i != 150, |i| if all[i].at < at("2026-03-29", 0) { 480 } else { 420 } * MINUTE);
    let a = f.answers();
    let said: Vec<(&str, &str)> = lost(&a).iter().map(|g| (g.custodian.as_str(), g.from.as_deref().unwrap())).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.contains(&("Ana Bell", "2026-03-19")) && said.contains(&("Ben Cole", "2026-04-13")), "{said:?}");
    assert_eq!((a.copies[0].offset_minutes, a.copies[0].offset_also_minutes), (-420, Some(-480)));
}

#[test]
fn nothing_is_missed_before_the_first_or_after_the_last_record_of_a_copy() {
    let all = chat(&BOTH, "2026-03-02", 200, 25);
    let mut f = two();
    export(&mut f, "Ana Bell", "Ben Cole", &all, |i| (40..150).contains(&i), |_| 0);
    export(&mut f, "Ben Cole", "Ana Bell", &all, |_| true, |_| 0);
    let a = f.answers();
    assert!(lost(&a).is_empty());
    assert_eq!(a.copies[0].second.messages, 108);
}

#[test]
fn what_vanished_by_a_timer_or_left_a_trace_is_not_claimed() {
    let all = chat(&BOTH, "2026-03-02", 200, 25);
    // A timer ran on the third and fourth day.
    let mut f = two();
    export(&mut f, "Ana Bell", "Ben Cole", &all, |i| !(70..130).contains(&i), |_| 0);
    export(&mut f, "Ben Cole", "Ana Bell", &all, |_| true, |_| 0);
    assert_eq!(lost(&f.answers()).len(), 1);
    f.state(StatementKind::Timer, "whatsapp-Ana Bell.txt", Some("Ben Cole"), Some("2026-03-03"), Some("2026-03-05"), 86_400);
    assert!(lost(&f.answers()).is_empty());
    // A message deleted for everybody on one phone, and one whose attachment stays without its words.
    let mut f = two();
    export(&mut f, "Ben Cole", "Ana Bell", &all, |_| true, |_| 0);
    let mut copy = f.chat("whatsapp", "Ana Bell", "Ben Cole");
    for (i, m) in all.iter().enumerate() {
        copy = match i {
            81 => copy.writes(m.from, m.at, "", Flags::DELETED),
            91 => copy.writes(m.from, m.at + 30 * SECOND, "", NO.with_attachments(1)),
            101 => copy.writes(m.from, m.at, "said in other words", Flags::EDITED),
            111 => copy.writes(m.from, m.at, "@ somebody else", NO),
            _ => copy.writes(m.from, m.at, &m.text, NO),
        };
    }
    let a = f.answers();
    assert!(lost(&a).is_empty(), "{:?}", lost(&a));
    assert_eq!((a.copies[0].unsure, a.copies[0].reworded), (2, 2));
}

#[test]
fn what_came_hours_later_is_no_loss() {
    let all = chat(&BOTH, "2026-03-02", 120, 25);
    let mut f = two();
    export(&mut f, "Ana Bell", "Ben Cole", &all, |i| i != 95, |_| 0);
    // The telephone was off for a night: what was sent to it is dated the next morning.
    let off = |i: usize| if (30..34).contains(&i) && all[i].from == "Ana Bell" { 9 * 60 * MINUTE } else { 0 };
    export(&mut f, "Ben Cole", "Ana Bell", &all, |_| true, off);
    let a = f.answers();
    let [gap] = lost(&a)[..] else { panic!("{:?}", lost(&a)) };
    assert_eq!((gap.custodian.as_str(), gap.from.as_deref()), ("Ana Bell", Some("2026-03-04")));
}

#[test]
fn attachments_and_notices_prove_no_loss() {
    let all = chat(&BOTH, "2026-03-02", 120, 25);
    let mut f = two();
    export(&mut f, "Ana Bell", "Ben Cole", &all, |_| true, |_| 0);
    let mut copy = f.chat("whatsapp", "Ben Cole", "Ana Bell");
    for (i, m) in all.iter().enumerate() {
        copy = copy.writes(m.from, m.at, &m.text, NO);
        if i % 9 == 0 {
            copy = copy.writes(m.from, m.at + 5 * MINUTE, "", NO.with_attachments(1));
            copy = copy.writes(m.from, m.at + 6 * MINUTE, "see the picture", NO.with_attachments(1));
            copy = copy.writes(m.from, m.at + 7 * MINUTE, "code changed", NO.with_event(EventKind::SecurityCode));
        }
    }
    assert!(lost(&f.answers()).is_empty());
}

#[test]
fn two_conversations_of_the_same_people_are_not_copies_of_one() {
    let all = chat(&BOTH, "2026-03-02", 120, 25);
    let mut f = two();
    export(&mut f, "Ana Bell", "Ben Cole", &all, |_| true, |_| 0);
    let mut other: Vec<Sent> = all.iter().map(|m| Sent { text: format!("{} elsewhere", m.text), at: m.at + 3 * MINUTE, ..m.clone() }).collect();
    // A few words went to both.
    for i in [3, 31, 61, 91, 93, 95] {
        other[i] = all[i].clone();
    }
    export(&mut f, "Ben Cole", "Ana Bell", &other, |_| true, |_| 0);
    let a = f.answers();
    assert!(lost(&a).is_empty() && a.copies.is_empty());
    // Nor are two chats in which one person sends everybody the same.
    let mut f = two();
    let news = |with: &'static str| -> Vec<Sent> {
        (0..40)
            .flat_map(|i| {
                [("Ana Bell", 0, format!("circular number {i} to everybody")), (with, 3, format!("{with} answers {i} at some length"))]
                    .map(|(from, late, text)| Sent { from, at: at("2026-03-02", i * 60 + late), text })
            })
            .collect()
    };
    export(&mut f, "Ana Bell", "the group", &news("Ben Cole"), |_| true, |_| 0);
    let mut copy = f.device("whatsapp", "Ben Cole", "The Group", "ben.txt");
    for m in news("Cai Dunn") {
        copy = copy.writes(m.from, m.at, &m.text, NO);
    }
    assert!(lost(&f.answers()).is_empty());
}

#[test]
fn a_few_messages_are_no_pair() {
    let all = chat(&BOTH, "2026-03-02", 11, 25);
    let mut f = two();
    export(&mut f, "Ana Bell", "Ben Cole", &all, |i| i != 6, |_| 0);
    export(&mut f, "Ben Cole", "Ana Bell", &all, |_| true, |_| 0);
    let a = f.answers();
    assert!(lost(&a).is_empty() && a.copies.is_empty());
}

#[test]
fn one_key_in_two_exports_is_told_by_who_holds_each_row() {
    let all = chat(&BOTH, "2026-03-02", 100, 25);
    let mut f = two();
    let mut both = f.chat("telegram", "Ana Bell", "them").also_in("Ben Cole");
    for (_, m) in all.iter().enumerate().filter(|(i, _)| !matches!(i, 41 | 42 | 61)) {
        both = both.writes(m.from, m.at, &m.text, NO);
    }
    let mut own = f.chat("telegram", "Ana Bell", "them");
    for i in [41, 42] {
        own = own.writes(all[i].from, all[i].at, &all[i].text, NO);
    }
    // Whose clock is an hour off has rows of his own.
    f.chat("telegram", "Ben Cole", "them").writes(all[61].from, all[61].at, &all[61].text, NO);
    let a = f.answers();
    let said: Vec<(&str, f64)> = lost(&a).iter().map(|g| (g.custodian.as_str(), g.estimate.as_ref().unwrap().mid)).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.contains(&("Ana Bell", 1.0)) && said.contains(&("Ben Cole", 2.0)));
}

#[test]
fn in_a_group_everybody_is_expected_to_hold_what_anybody_holds_while_a_member() {
    let people = ["Ana Bell", "Ben Cole", "Cai Dunn"];
    let all = chat(&people, "2026-03-02", 200, 25);
    let mut f = two();
    export(&mut f, "Ana Bell", "the group", &all, |i| i != 50, |_| 0);
    export(&mut f, "Ben Cole", "the group", &all, |i| i != 50 && i != 81, |_| 0);
    // Cai left and came back: in between there is nothing to hold.
    export(&mut f, "Cai Dunn", "the group", &all, |i| !(100..140).contains(&i), |_| 0);
    let event = |kind| NO.with_event(kind);
    f.chat("whatsapp", "Cai Dunn", "the group").writes("Cai Dunn", all[100].at - MINUTE, "left", event(EventKind::Left)).writes(
        "Cai Dunn",
        all[139].at + MINUTE,
        "joined",
        event(EventKind::Joined),
    );
    let a = f.answers();
    let mut said: Vec<(&str, f64)> = lost(&a).iter().map(|g| (g.custodian.as_str(), g.estimate.as_ref().unwrap().mid)).collect();
    said.sort_by(|a, b| a.partial_cmp(b).unwrap());
    // One message each: that two others hold it is one message, not two.
    assert_eq!(said, [("Ana Bell", 1.0), ("Ben Cole", 2.0)]);
    assert_eq!(a.copies.len(), 3);
}

#[test]
fn what_another_device_of_the_same_person_holds_is_held() {
    let all = chat(&BOTH, "2026-03-02", 100, 25);
    let mut f = two();
    export(&mut f, "Ana Bell", "Ben Cole", &all, |i| i != 40, |_| 0);
    let mut desktop = f.device("whatsapp", "Ana Bell", "Ben", "desktop.txt");
    for m in &all {
        desktop = desktop.writes(if m.from == "Ana Bell" { m.from } else { "Ben Cole" }, m.at, &m.text, NO);
    }
    let a = f.answers();
    assert!(lost(&a).is_empty());
    assert_eq!((a.copies.len(), a.copies[0].first.person.clone()), (1, a.copies[0].second.person.clone()));
    assert_eq!(a.copies[0].first.only + a.copies[0].second.only, 1);
}

#[test]
fn the_copy_of_a_client_proves_what_the_employee_lacks_and_is_not_judged_itself() {
    let all = chat(&["Ana Bell", "Tom Hale"], "2026-03-02", 100, 25);
    let mut f = two().client("Northgate", &["Tom Hale"]);
    export(&mut f, "Ana Bell", "Tom Hale", &all, |i| !(40..44).contains(&i), |_| 0);
    export(&mut f, "Tom Hale", "Ana", &all, |i| i != 70, |_| 0);
    let a = f.answers();
    let [gap] = lost(&a)[..] else { panic!("{:?}", lost(&a)) };
    assert_eq!((gap.custodian.as_str(), gap.client_facing, gap.severity.as_str(), gap.conversation.as_deref()), ("Ana Bell", true, "medium", Some("Tom Hale")));
    assert_eq!([a.copies[0].first.keeper.as_str(), a.copies[0].second.keeper.as_str()], ["custodian", "outside"]);
}

#[test]
fn private_conversations_have_no_copies() {
    let all = chat(&["Ana Bell", "Mum"], "2026-03-02", 100, 25);
    let mut f = two();
    let keep = |i: usize| i != 40;
    export(&mut f, "Ana Bell", "Mum", &all, keep, |_| 0);
    let mut other = f.device("whatsapp", "Ana Bell", "Mum", "tablet.txt");
    for m in &all {
        other = other.writes(m.from, m.at, &m.text, Flags::MARKED_PRIVATE);
    }
    let a = f.answers();
    assert!(a.copies.is_empty() && lost(&a).is_empty());
}

fn mailboxes(f: &mut Firm, lacking: &[u32]) {
    for n in 0..60u32 {
        let date = format!("2026-0{}-{:02}", 3 + n / 28, 1 + n % 28);
        let owners: &[&str] = if lacking.contains(&n) { &["Ana Bell"] } else { &["Ana Bell", "Ben Cole"] };
        let (from, to) = if n % 2 == 0 { ("Ana Bell", "Ben Cole") } else { ("Ben Cole", "Ana Bell") };
        f.mailbox(&format!("thread {n}"), owners).sends(from, &[to], &date, 9, 100 + n);
    }
}

#[test]
fn a_mail_of_a_colleagues_mailbox_is_expected_in_the_own_one() {
    let mut f = two();
    mailboxes(&mut f, &[20, 22, 31]);
    let a = f.answers();
    let mut said: Vec<(&str, f64, bool)> =
        lost(&a).iter().map(|g| (g.custodian.as_str(), g.estimate.as_ref().unwrap().mid, g.reasons[0].contains("received"))).collect();
    said.sort_by(|a, b| a.partial_cmp(b).unwrap());
    assert_eq!(said, [("Ben Cole", 1.0, false), ("Ben Cole", 2.0, true)]);
    assert_eq!((a.copies.len(), a.copies[0].conversation.clone(), a.copies[0].first.source.clone()), (1, None, None));
    // A journal holds for everybody.
    for n in [20, 22, 31] {
        f.mail(&format!("journal {n}")).sends("Ana Bell", &["Ben Cole"], "2026-03-09", 9, 900 + n);
    }
    assert_eq!(lost(&f.answers()).len(), 2, "a journal of other mails changes nothing");
}

#[test]
fn a_mailbox_that_holds_little_of_what_others_hold_was_supplied_in_part() {
    let mut f = two();
    mailboxes(&mut f, &(0..60).filter(|n| n % 3 != 0).collect::<Vec<_>>());
    assert!(lost(&f.answers()).is_empty());
}

/// Seeded firms: two copies of one list, each with its own independent losses.
#[test]
fn figures_cover_the_truth_and_every_loss_is_named_once() {
    let (mut covered, mut totals, mut runs) = (0, 0, 0);
    for seed in 0..120u64 {
        let mut chance = Chance(seed * 7 + 1);
        let n = 150 + (chance.unit() * 250.0) as usize;
        let (p1, p2) = (chance.unit() * 0.3, chance.unit() * 0.3);
        let (minutes, shake) = [(0, 0), (60, 0), (330, 40), (0, 40), (-210, 10)][seed as usize % 5];
        let all = chat(&BOTH, "2026-01-05", n, 30);
        let kept: Vec<(bool, bool)> = (0..n).map(|_| (chance.unit() >= p1, chance.unit() >= p2)).collect();
        let mut f = two();
        let shaken: Vec<i64> = (0..n).map(|_| minutes * MINUTE + ((chance.unit() * 2.0 - 1.0) * shake as f64) as i64 * SECOND).collect();
        export(&mut f, "Ana Bell", "Ben Cole", &all, |i| kept[i].0, |_| 0);
        export(&mut f, "Ben Cole", "Ana Bell", &all, |i| kept[i].1, |i| shaken[i]);
        let a = f.answers();
        let [pair] = a.copies.as_slice() else { panic!("seed {seed}: {:?}", a.copies) };
        assert_eq!(pair.offset_minutes, -minutes, "seed {seed}");
        for (p, side) in [(p1, &pair.first), (p2, &pair.second)] {
            let share = side.completeness.as_ref().unwrap();
            runs += 1;
            covered += u32::from(share.low <= 1.0 - p && 1.0 - p <= share.high);
        }
        // All there was inside the time both cover.
        let first = (0..n).find(|i| kept[*i].0).unwrap().max((0..n).find(|i| kept[*i].1).unwrap());
        let last = (0..n).rfind(|i| kept[*i].0).unwrap().min((0..n).rfind(|i| kept[*i].1).unwrap());
        let truth = (last - first - 1) as f64;
        totals += u32::from(pair.total.low <= truth + 0.5 && truth - 0.5 <= pair.total.high);
        for (mine, who) in [(0, "Ana Bell"), (1, "Ben Cole")] {
            let expected = (first + 1..last).filter(|i| if mine == 0 { !kept[*i].0 && kept[*i].1 } else { kept[*i].0 && !kept[*i].1 });
            let expected: Vec<usize> = expected.collect();
            let named: f64 = lost(&a).iter().filter(|g| g.custodian == who).map(|g| g.estimate.as_ref().unwrap().mid).sum();
            assert_eq!(named as usize, expected.len(), "seed {seed} {who}");
            // Each by its own place: the times said, as far as all are said.
            let times: String = lost(&a).iter().filter(|g| g.custodian == who).map(|g| g.reasons.join(" ")).collect();
            for i in expected.iter().take(if named <= 12.0 { expected.len() } else { 0 }) {
                let t = crate::time::rfc3339(all[*i].at + if mine == 1 { shaken[*i] } else { 0 }, true);
                let t = if shake > 0 { &t[..10] } else { &t[..16] };
                assert!(times.contains(&t.replace('T', " ")), "seed {seed} {who}: {t} in {times}");
            }
        }
    }
    let (share, total) = (f64::from(covered) / f64::from(runs), f64::from(totals) / f64::from(runs / 2));
    eprintln!("completeness covered in {share:.3} of {runs}, totals in {total:.3}");
    assert!((0.925..=0.985).contains(&share), "{share}");
    assert!(total >= 0.90, "{total}");
}
