//! Whole answers about small firms.

use super::testkit::{answer, day, firm};
use crate::model::answer::{Answers, CoverageRow, Estimate, Gap};
use crate::model::matter::ChannelStatus::{Approved, Prohibited};
use crate::model::message::{EventKind, Flags};
use crate::model::statement::StatementKind;

fn gaps<'a>(answers: &'a Answers, class: &str, channel: &str) -> Vec<&'a Gap> {
    answers.gaps.iter().filter(|g| g.class == class && g.channel == channel).collect()
}

fn row<'a>(answers: &'a Answers, custodian: &str, channel: &str) -> &'a CoverageRow {
    answers.coverage.iter().find(|r| r.custodian == custodian && r.channel == channel).unwrap()
}

fn adds_up(answers: &Answers) {
    for r in &answers.coverage {
        assert_eq!(r.expected_days, r.covered_days + r.gap_days + r.unknown_days, "{r:?}");
        let mut last = String::new();
        for span in &r.spans {
            assert!(span.from > last && span.to >= span.from, "{:?}", r.spans);
            last.clone_from(&span.to);
        }
    }
    for gap in &answers.gaps {
        assert!(gap.evidence.len() <= 6 && (0.0..=1.0).contains(&gap.confidence), "{gap:?}");
    }
}

#[test]
fn a_leaver_with_the_only_copy_of_a_client_conversation_is_flagged() {
    let mut f = firm().employee("Mei Tan").leaving("2026-10-09").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    f = f.channel("wechat", Prohibited, false).channel("email", Approved, true);
    f.chat("wechat", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-09-30", 2);
    f.mail("plans").daily("Mei Tan", "Li Chen", "2026-06-01", "2026-09-30", 3);
    let a = f.answers();
    adds_up(&a);
    let leaver = &a.leavers[0];
    assert_eq!((leaver.person.as_str(), leaver.held_alone, leaver.main_channel_off_archive, leaver.days_left), ("Mei Tan", 1, Some(1), 9));
    let held = &leaver.clients[0];
    assert_eq!((held.client.as_str(), held.sole_contact, held.others, held.main_channel_owner.as_str()), ("Northgate", true, 0, "personal"));
    assert_eq!((held.share, held.off_archive_share, held.client_initiated.is_some()), (1.0, Some(1.0), true));
    assert!(!held.evidence.is_empty());
    assert_eq!(a.channels.firm_owned_client_share.as_ref().map(|s| s.value), Some(0.0));
    let finding = a.findings.iter().find(|f| f.question == "leavers").unwrap();
    assert_eq!(finding.severity, "high");
    assert!(finding.sentence.contains("Mei Tan") && !finding.sentence_without_names.contains("Mei"), "{finding:?}");
}

#[test]
fn a_colleague_in_contact_makes_nobody_the_sole_contact() {
    let mut f = firm().employee("Mei Tan").leaving("2026-10-09").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    f.chat("wechat", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-09-30", 1);
    f.chat("whatsapp", "Li Chen", "Huang").daily("Huang Wei", "Li Chen", "2026-06-01", "2026-09-30", 1);
    let leaver = f.answers().leavers.remove(0);
    assert_eq!((leaver.held_alone, leaver.clients[0].others), (0, 1));
    assert!((leaver.clients[0].share - 0.5).abs() < 0.01 && (leaver.clients[0].effective_contacts - 2.0).abs() < 0.01);
    assert_eq!(leaver.main_channel_off_archive, None, "without a register nobody knows");
}

#[test]
fn a_client_who_writes_after_the_last_day_without_an_answer_is_listed() {
    let mut f = firm().employee("Mei Tan").leaving("2026-08-31").employee("Li Chen").client("Northgate", &["Huang Wei"]).client("Baihe", &["Zhao Lin"]);
    f.chat("wechat", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-08-31", 1).says("Huang Wei", "Mei Tan", "2026-09-07", 9);
    f.chat("wechat", "Mei Tan", "Zhao Lin").daily("Zhao Lin", "Mei Tan", "2026-06-01", "2026-08-31", 1).says("Zhao Lin", "Mei Tan", "2026-09-07", 9);
    f.chat("whatsapp", "Li Chen", "Zhao").says("Zhao Lin", "Li Chen", "2026-05-04", 9).says("Li Chen", "Zhao Lin", "2026-09-08", 9).says(
        "Li Chen",
        "Zhao Lin",
        "2026-09-30",
        9,
    );
    let a = f.answers();
    let open = &a.leavers[0].after_last_day.unanswered;
    assert_eq!(open.iter().map(|u| (u.client.as_str(), u.contact.as_str(), u.turns)).collect::<Vec<_>>(), [("Northgate", "Huang Wei", 1)]);
    assert!(a.leavers[0].clients[0].open_question.is_some());
    assert!(a.findings.iter().any(|f| f.sentence.contains("no answer of the firm was found")));
}

#[test]
fn a_group_the_leaver_did_not_leave_lingers() {
    let mut f = firm().employee("Mei Tan").leaving("2026-08-31").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    let chat = f.chat("whatsapp", "Li Chen", "Northgate group").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-08-31", 1);
    chat.says("Li Chen", "", "2026-09-30", 9);
    f.chat("whatsapp", "Li Chen", "Old group").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-08-31", 1).event("Mei Tan", EventKind::Left, "2026-08-31");
    assert_eq!(f.answers().leavers[0].after_last_day.lingering_groups, ["Northgate group"]);
}

/// Mei writes mail all year; her WhatsApp is silent for four weeks.
fn silent_firm() -> super::testkit::Firm {
    let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    f.mail("plans").daily("Mei Tan", "Li Chen", "2026-01-05", "2026-09-30", 2);
    let silent = [("2026-05-04", "2026-05-29")];
    f.chat("whatsapp", "Mei Tan", "Huang Wei").daily_except("Huang Wei", "Mei Tan", "2026-01-05", "2026-09-30", 2, &silent);
    f
}

#[test]
fn four_silent_weeks_with_mail_on_every_day_are_an_unexplained_silence() {
    let a = silent_firm().answers();
    adds_up(&a);
    let found = gaps(&a, "B", "whatsapp");
    assert_eq!(found.len(), 1, "{:#?}", a.gaps);
    let gap = found[0];
    assert_eq!((gap.from.as_deref(), gap.to.as_deref(), gap.business_days), (Some("2026-05-04"), Some("2026-05-29"), 20));
    let e = gap.estimate.as_ref().unwrap();
    assert!(e.low < 93.0 && e.mid > 80.0 && e.mid < 110.0 && e.high > 93.0, "{e:?}");
    assert!(gap.client_facing && gap.confidence > 0.99 && gap.evidence.len() == 2);
    assert!(gap.benign.iter().any(|b| b.id == "channel_moved" && b.verdict == "excluded"), "{:?}", gap.benign);
    let r = row(&a, "Mei Tan", "whatsapp");
    assert_eq!((r.gap_days, r.worst.as_str()), (20, "B"));
    assert!(gaps(&a, "B", "email").is_empty());
}

#[test]
fn a_holiday_closure_is_no_silence() {
    let a = silent_firm().holidays("2026-05-04", "2026-05-29").answers();
    assert!(gaps(&a, "B", "whatsapp").is_empty());
}

#[test]
fn leave_removes_evidence_of_absence() {
    let a = silent_firm().leave("Mei Tan", "2026-05-04", "2026-05-29").answers();
    assert!(gaps(&a, "B", "whatsapp").is_empty());
    assert!(a.basis.missing.iter().all(|m| m.id != "no_leave"));
}

#[test]
fn silence_on_all_channels_is_absence_and_no_gap() {
    let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    let silent = [("2026-05-04", "2026-05-29")];
    f.mail("plans").daily_except("Mei Tan", "Li Chen", "2026-01-05", "2026-09-30", 2, &silent);
    f.chat("whatsapp", "Mei Tan", "Huang Wei").daily_except("Huang Wei", "Mei Tan", "2026-01-05", "2026-09-30", 2, &silent);
    assert!(f.answers().gaps.iter().all(|g| g.class != "B"));
}

#[test]
fn a_stream_with_little_traffic_cannot_be_tested() {
    let mut f = silent_firm();
    f.chat("sms", "Mei Tan", "Huang").says("Huang Wei", "Mei Tan", "2026-02-02", 9).says("Mei Tan", "Huang Wei", "2026-09-01", 9);
    let a = f.answers();
    adds_up(&a);
    assert_eq!(gaps(&a, "U", "sms").len(), 1);
    let r = row(&a, "Mei Tan", "sms");
    assert_eq!((r.worst.as_str(), r.covered_days), ("U", 2));
    assert!(r.unknown_days > 100);
}

#[test]
fn a_first_record_later_than_required_is_not_covered() {
    let f = silent_firm().preset("uk-fca-sysc10a");
    let a = f.answers();
    adds_up(&a);
    let r = row(&a, "Mei Tan", "whatsapp");
    assert_eq!(r.horizon.required_from.as_deref(), Some("2021-09-30"));
    let gap = gaps(&a, "C", "whatsapp")[0];
    assert_eq!((gap.kind.as_str(), gap.from.as_deref(), gap.to.as_deref()), ("horizon", Some("2021-09-30"), Some("2026-01-04")));
    assert_eq!(a.basis.policy.as_ref().and_then(|p| p.months), Some(60));
}

#[test]
fn nothing_is_required_from_before_the_first_day_at_the_firm() {
    let mut f = firm().employee("Mei Tan").started("2026-01-05").employee("Li Chen").client("Northgate", &["Huang Wei"]).preset("uk-fca-sysc10a");
    f.chat("whatsapp", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2026-01-05", "2026-09-30", 2);
    let a = f.answers();
    assert!(gaps(&a, "C", "whatsapp").is_empty());
    assert_eq!(row(&a, "Mei Tan", "whatsapp").horizon.required_from.as_deref(), Some("2026-01-05"));
}

#[test]
fn without_a_policy_the_horizon_is_unknown_and_said_so() {
    let a = silent_firm().answers();
    assert_eq!(row(&a, "Mei Tan", "whatsapp").horizon.required_from, None);
    assert!(a.basis.missing.iter().any(|m| m.id == "no_policy"));
    assert_eq!((a.basis.policy, a.channels.firm_owned_client_share), (None, None));
}

#[test]
fn a_channel_seen_only_in_the_copy_of_another_was_never_supplied() {
    let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    f.chat("whatsapp", "Mei Tan", "Northgate group").daily("Li Chen", "Mei Tan", "2026-06-01", "2026-09-30", 1);
    let a = f.answers();
    adds_up(&a);
    let gap = gaps(&a, "C", "whatsapp")[0];
    assert_eq!((gap.custodian.as_str(), gap.kind.as_str()), ("Li Chen", "never_supplied"));
    assert_eq!(row(&a, "Li Chen", "whatsapp").covered_days, 0);
}

#[test]
fn missing_ids_are_proved_and_take_their_days() {
    let mut f = silent_firm();
    f.state(StatementKind::IdHole, "whatsapp-Mei Tan.txt", Some("Huang Wei"), Some("2026-03-03"), Some("2026-03-18"), 31);
    let a = f.answers();
    adds_up(&a);
    let gap = gaps(&a, "A", "whatsapp")[0];
    assert_eq!((gap.kind.as_str(), gap.estimate.as_ref().unwrap().low, gap.severity.as_str()), ("id_hole", 31.0, "high"));
    assert_eq!(gap.conversation.as_deref(), Some("Huang Wei"));
    assert!(gap.evidence.iter().any(|e| e.absent.is_some()) && gap.evidence.iter().any(|e| e.row.is_some() && e.absent.is_none()));
    assert_eq!(a.gaps[0].id, "g1");
}

#[test]
fn replies_to_messages_nobody_holds_are_proved_missing() {
    let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    let mut chat = f.chat("telegram", "Mei Tan", "Huang Wei");
    // Every day one answer to the message before; in one week four answers to messages that are not there.
    for (n, d) in (day("2026-01-05")..day("2026-09-30")).enumerate() {
        let date = crate::time::day_name(d);
        let id = 10 + 2 * n as u32;
        let lost = (day("2026-04-13")..day("2026-04-17")).contains(&d);
        chat = chat.replies("Huang Wei", "Mei Tan", &date, 9, id, crate::model::batch::NONE);
        chat = chat.replies("Mei Tan", "Huang Wei", &date, 11, id + 1, if lost { 900_000 + id } else { id });
    }
    let a = f.answers();
    let found = gaps(&a, "A", "telegram");
    assert_eq!(found.len(), 1, "{:?}", a.gaps);
    assert_eq!((found[0].kind.as_str(), found[0].to.as_deref(), found[0].estimate.as_ref().unwrap().low), ("orphan_replies", Some("2026-04-16"), 4.0));
    assert!(found[0].evidence.iter().any(|e| e.absent.as_deref() == Some("reply to a message no source holds")));
}

#[test]
fn an_answer_whose_id_is_a_time_finds_its_message() {
    let mut f = firm().employee("Mei Tan").employee("Li Chen");
    let mut chat = f.chat("slack", "Mei Tan", "desk group");
    for d in day("2026-04-13")..day("2026-04-18") {
        let date = crate::time::day_name(d);
        let parent = i64::from(d) * 86_400 + 9 * 3600;
        chat = chat.text_reply("Li Chen", &date, 9, "").text_reply("Mei Tan", &date, 10, &format!("{parent}.000000"));
    }
    assert!(gaps(&f.answers(), "A", "slack").is_empty());
}

#[test]
fn private_conversations_are_counted_and_never_named() {
    let mut f = silent_firm();
    f.chat("whatsapp", "Mei Tan", "Mum").daily("Mum", "Mei Tan", "2026-01-05", "2026-09-30", 3);
    let marked = f.chat("whatsapp", "Mei Tan", "doctor group").flagged("Li Chen", "2026-02-02", Flags::MARKED_PRIVATE);
    marked.daily("Li Chen", "Mei Tan", "2026-02-02", "2026-03-31", 1);
    let (with, without) = (f.answers(), silent_firm().answers());
    assert_eq!(with.basis.private_conversations, 2);
    assert_eq!(with.basis.messages, without.basis.messages);
    assert_eq!(with.channels.by_channel[0].messages, without.channels.by_channel[0].messages);
    let text = serde_json::to_string(&with).unwrap();
    assert!(!text.contains("Mum") && !text.contains("doctor"));
}

#[test]
fn a_name_that_fits_two_people_joins_nobody() {
    let mut f = firm().employee("Mei Tan").employee("Li Chen").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    f.chat("whatsapp", "Mei Tan", "desk group").daily("Li Chen", "Mei Tan", "2026-06-01", "2026-06-30", 1);
    let a = f.answers();
    assert!(a.coverage.iter().all(|r| r.custodian != "Li Chen"));
    let mut f = firm().employee("Mei Tan").client("Northgate", &["Huang Wei"]);
    f.chat("whatsapp", "Mei Tan", "Huang").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-06-30", 1);
    let assumed = f.answers().basis.missing.into_iter().find(|m| m.id == "names_assumed").unwrap();
    assert_eq!(assumed.count, 2, "Mei on her export and Huang Wei are known by name only");
}

#[test]
fn many_custodians_silent_on_the_same_days_are_one_outage() {
    let names = ["Ana Ruiz", "Ben Okoro", "Cem Acar", "Dora Novak"];
    let mut f = firm();
    for name in names {
        f = f.employee(name);
    }
    f = f.client("Northgate", &["Huang Wei"]);
    for (n, name) in names.into_iter().enumerate() {
        f.mail("plans").daily(name, names[(n + 1) % 4], "2026-01-05", "2026-09-30", 1);
        f.chat("sms", name, &format!("Huang {name}")).daily_except("Huang Wei", name, "2026-01-05", "2026-09-30", 3, &[("2026-06-15", "2026-06-24")]);
    }
    let a = f.answers();
    let outages: Vec<_> = a.findings.iter().filter(|f| f.sentence.contains("capture outage")).collect();
    assert_eq!(outages.len(), 1, "{:#?}", a.findings);
    assert_eq!((outages[0].from.as_deref(), outages[0].to.as_deref(), outages[0].quantity), (Some("2026-06-15"), Some("2026-06-24"), 8));
    // The outage is told; no silence of a single person is told beside it.
    assert!(a.findings.iter().all(|f| f.gap.as_ref().is_none_or(|g| a.gaps.iter().any(|x| &x.id == g && (x.class != "B" || x.kind == "outage")))));
    assert_eq!(a.gaps.iter().filter(|g| g.class == "B").count(), 1, "{:#?}", a.gaps);
}

#[test]
fn turns_and_weeks_add_up_over_channels() {
    let a = silent_firm().channel("whatsapp", Prohibited, false).channel("email", Approved, true).answers();
    for c in &a.channels.by_channel {
        let weeks = a.channels.over_time.iter().filter(|w| w.channel == c.channel);
        assert_eq!(weeks.clone().map(|w| w.work_messages).sum::<u64>(), c.work_messages);
        assert_eq!(weeks.clone().map(|w| w.client_turns).sum::<u64>(), c.client_turns);
        assert_eq!(weeks.count(), c.strip.len());
    }
    let whatsapp = a.channels.by_channel.iter().find(|c| c.channel == "whatsapp").unwrap();
    assert_eq!(whatsapp.share, Some(1.0));
    assert_eq!(a.channels.by_quarter.iter().map(|q| q.other).sum::<u64>(), whatsapp.client_turns);
    assert_eq!(a.channels.hours.iter().flatten().sum::<u64>(), whatsapp.client_turns);
    assert!(whatsapp.strip.contains("BBBB"), "{}", whatsapp.strip);
    assert!(a.findings.iter().any(|f| f.question == "channels" && f.severity == "high"));
}

#[test]
fn without_any_list_the_owners_of_exports_are_custodians() {
    let mut f = firm();
    (f.matter.people, f.matter.clients) = (None, None);
    f.chat("whatsapp", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-09-30", 1);
    let a = f.answers();
    assert_eq!(row(&a, "Mei Tan", "whatsapp").person, "p1");
    let missing: Vec<&str> = a.basis.missing.iter().map(|m| m.id.as_str()).collect();
    assert!(missing.contains(&"no_people") && missing.contains(&"no_clients") && missing.contains(&"no_register"));
    assert_eq!((a.basis.people, a.channels.by_channel[0].share), (None, Some(1.0)));
    assert_eq!(a.basis.private_conversations, 0);
}

#[test]
fn an_empty_matter_has_no_answers_and_no_dates() {
    let a = answer(&crate::model::Dataset::default(), &crate::model::Matter::default(), &crate::model::Scope::default());
    assert_eq!((a.scope.as_of, a.coverage.len(), a.gaps.len(), a.findings.len()), (None, 0, 0, 0));
}

#[test]
fn a_row_in_two_exports_covers_both_owners() {
    let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    f.chat("whatsapp", "Mei Tan", "Northgate group").also_in("Li Chen").daily("Li Chen", "Mei Tan", "2026-06-01", "2026-09-30", 1);
    let a = f.answers();
    assert!(gaps(&a, "C", "whatsapp").is_empty());
    assert_eq!(row(&a, "Li Chen", "whatsapp").messages, row(&a, "Mei Tan", "whatsapp").messages);
    assert_eq!(a.channels.by_channel[0].messages, row(&a, "Li Chen", "whatsapp").messages);
}

#[test]
fn a_conversation_timer_covers_only_the_last_days_of_the_export() {
    let mut f = silent_firm();
    f.state(StatementKind::Timer, "whatsapp-Mei Tan.txt", Some("Huang Wei"), Some("2026-07-01"), None, 7 * 86_400);
    let a = f.answers();
    adds_up(&a);
    let gap = gaps(&a, "C", "whatsapp")[0];
    assert_eq!((gap.kind.as_str(), gap.from.as_deref(), gap.to.as_deref()), ("timer", Some("2026-07-01"), Some("2026-09-23")));
    assert!(gap.reasons[0].contains("7 days"));
}

#[test]
fn a_firm_answers_quickly() {
    // 40,000 rows here in a debug build; the bound is loose and only catches work that grows with the square.
    let names: Vec<String> = (0..20).map(|n| format!("Person{n} Name{n}")).collect();
    let mut f = firm();
    for n in &names {
        f = f.employee(n);
    }
    f = f.client("Northgate", &["Huang Wei"]);
    for (n, name) in names.iter().enumerate() {
        f.mail(&format!("thread {n}")).daily(name, &names[(n + 1) % 20], "2026-01-05", "2026-09-30", 2);
        f.chat("whatsapp", name, &format!("Huang {n}")).daily("Huang Wei", name, "2026-01-05", "2026-09-30", 2);
    }
    let d = f.dataset();
    let start = std::time::Instant::now();
    let a = answer(&d, &f.matter, &crate::model::Scope::default());
    let took = start.elapsed();
    eprintln!("{} rows in {took:?}", d.len());
    assert_eq!(a.basis.messages as usize, d.len());
    assert!(took.as_secs_f64() < 5.0, "{took:?}");
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let text = || serde_json::to_string(&silent_firm().preset("us-finra-4511").answers()).unwrap();
    assert_eq!(text(), text());
}

#[test]
fn an_archive_without_a_record_of_anybody_is_one_outage() {
    let names = ["Ana Ruiz", "Ben Okoro", "Cem Acar", "Dora Novak"];
    let mut f = names.into_iter().fold(firm(), |f, name| f.employee(name)).client("Northgate", &["Huang Wei"]);
    // Each writes every fourth week only: nobody can be tested alone.
    for (n, name) in names.into_iter().enumerate() {
        f.mail("plans").daily(name, names[(n + 1) % 4], "2026-01-05", "2026-09-30", 1);
        let away: Vec<(String, String)> = (0..39)
            .filter(|week| week % 4 != n as i32)
            .map(|week| day("2026-01-05") + 7 * week)
            .map(|d| (crate::time::day_name(d), crate::time::day_name(d + 6)))
            .collect();
        let mut except: Vec<(&str, &str)> = away.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        except.push(("2026-06-08", "2026-06-24"));
        f.archived("sms", &format!("Huang {name}")).daily_except("Huang Wei", name, "2026-01-05", "2026-09-30", 3, &except);
    }
    let a = f.answers();
    adds_up(&a);
    let outages: Vec<_> = a.gaps.iter().filter(|g| g.kind == "outage").collect();
    assert_eq!(outages.len(), 1, "{:#?}", a.gaps);
    assert_eq!((outages[0].from.as_deref(), outages[0].to.as_deref(), outages[0].severity.as_str()), (Some("2026-06-08"), Some("2026-06-24"), "high"));
    assert!(outages[0].custodian.is_empty() && outages[0].person.is_none());
    assert_eq!(a.findings.iter().filter(|f| f.sentence.contains("capture outage")).count(), 1);
    assert!(a.coverage.iter().filter(|r| r.channel == "sms").all(|r| r.gap_days >= 13), "its days are covered for nobody");
}

#[test]
fn a_relation_that_begins_is_no_silence_before_it_grows() {
    let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    f.mail("plans").daily("Mei Tan", "Li Chen", "2026-01-05", "2026-09-30", 2);
    let chat = f.chat("whatsapp", "Mei Tan", "Huang Wei");
    let chat = ["2026-01-12", "2026-02-02", "2026-02-27", "2026-03-20", "2026-04-10"].into_iter().fold(chat, |c, d| c.says("Huang Wei", "Mei Tan", d, 9));
    chat.daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-09-30", 3);
    assert!(gaps(&f.answers(), "B", "whatsapp").is_empty(), "{:#?}", f.answers().gaps);
}

#[test]
fn traffic_in_bouts_pauses_by_habit() {
    let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]);
    f.mail("plans").daily("Mei Tan", "Li Chen", "2026-01-05", "2026-09-30", 2);
    // One busy week, three weeks without a word, again and again; once five weeks.
    let away: Vec<(String, String)> = (0..39)
        .filter(|week| week % 4 != 0 || *week == 20)
        .map(|week| day("2026-01-05") + 7 * week)
        .map(|d| (crate::time::day_name(d), crate::time::day_name(d + 6)))
        .collect();
    let except: Vec<(&str, &str)> = away.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    f.chat("whatsapp", "Mei Tan", "Huang Wei").daily_except("Huang Wei", "Mei Tan", "2026-01-05", "2026-09-30", 4, &except);
    assert!(gaps(&f.answers(), "B", "whatsapp").is_empty(), "{:#?}", f.answers().gaps);
}

#[test]
fn an_export_that_opens_with_the_birth_of_the_chat_lacks_nothing_before_it() {
    let mut f = silent_firm().preset("uk-fca-sysc10a");
    f.chat("whatsapp", "Mei Tan", "Huang Wei").event("Huang Wei", EventKind::Encrypted, "2026-01-05");
    let a = f.answers();
    adds_up(&a);
    assert!(gaps(&a, "C", "whatsapp").is_empty(), "{:#?}", a.gaps);
    // The same export, saying that it does not begin at the beginning.
    f.state(StatementKind::NoBeginning, "whatsapp-Mei Tan.txt", Some("Huang Wei"), None, Some("2026-01-05"), 0);
    let a = f.answers();
    assert!(gaps(&a, "C", "whatsapp").iter().any(|g| g.kind == "horizon"), "{:#?}", a.gaps);
}

#[test]
fn a_deleted_root_and_the_replies_that_name_it_are_one_gap() {
    let mut f = firm().employee("Mei Tan").employee("Li Chen");
    f.chat("slack", "Mei Tan", "desk group").daily("Li Chen", "Mei Tan", "2026-04-06", "2026-04-30", 2);
    f.state(StatementKind::Tombstone, "slack-Mei Tan.txt", Some("desk group"), Some("2026-04-13"), Some("2026-04-15"), 2);
    f.state(StatementKind::AbsentTarget, "slack-Mei Tan.txt", Some("desk group"), Some("2026-04-13"), Some("2026-04-15"), 2);
    let a = f.answers();
    let found = gaps(&a, "A", "slack");
    assert_eq!((found.len(), found[0].kind.as_str(), found[0].reasons.len()), (1, "tombstone", 2), "{:#?}", a.gaps);
}

#[test]
fn attachments_are_told_once_for_a_person_and_channel() {
    let mut f = silent_firm();
    f.chat("whatsapp", "Mei Tan", "Northgate group").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-06-30", 1);
    f.state(StatementKind::MediaAbsent, "whatsapp-Mei Tan.txt", Some("Huang Wei"), Some("2026-02-02"), None, 4);
    f.state(StatementKind::MediaAbsent, "whatsapp-Mei Tan.txt", Some("Northgate group"), Some("2026-06-02"), None, 3);
    let a = f.answers();
    let found: Vec<_> = a.gaps.iter().filter(|g| g.kind == "media_absent").collect();
    assert_eq!((found.len(), found[0].severity.as_str()), (1, "low"));
    assert!(found[0].reasons[0].starts_with("7 attachments"), "{:?}", found[0].reasons);
}

#[test]
fn a_private_source_that_waits_for_a_decision_is_not_named() {
    let mut f = silent_firm();
    f.chat("whatsapp", "Mei Tan", "Mum").daily("Mum", "Mei Tan", "2026-01-05", "2026-03-30", 1);
    f.rename_source_of("Mum", "Chat with Mum.txt");
    let mut d = f.dataset();
    for source in &mut d.sources {
        source.question = Some(crate::model::ledger::Question::Zone);
    }
    let a = answer(&d, &f.matter, &crate::model::Scope::default());
    assert!(!serde_json::to_string(&a).unwrap().contains("Mum"));
    assert!(a.findings.iter().any(|f| f.sentence.starts_with("One source:")) && a.findings.iter().any(|f| f.sentence.starts_with("whatsapp-Mei Tan.txt:")));
}

#[test]
fn findings_of_different_kinds_take_turns_and_say_one_thing_once() {
    let mut f = firm();
    for name in ["Mei Tan", "Li Chen", "Ana Ruiz"] {
        f = f.employee(name).leaving("2026-10-09");
    }
    f = f.client("Northgate", &["Huang Wei"]).channel("whatsapp", Prohibited, false).channel("email", Approved, true);
    for name in ["Mei Tan", "Li Chen", "Ana Ruiz"] {
        f.chat("whatsapp", name, &format!("Huang {name}")).daily("Huang Wei", name, "2026-06-01", "2026-09-30", 1);
        f.state(StatementKind::IdHole, &format!("whatsapp-{name}.txt"), Some(&format!("Huang {name}")), Some("2026-07-01"), Some("2026-07-03"), 12);
        f.state(StatementKind::IdHole, &format!("whatsapp-{name}.txt"), Some(&format!("Huang {name}")), Some("2026-08-20"), Some("2026-08-24"), 12);
    }
    let a = f.answers();
    let first: Vec<_> = a.findings.iter().take(3).map(|f| f.question.as_str()).collect();
    assert_eq!(first, ["channels", "leavers", "gaps"], "{:#?}", a.findings);
    let mut said: Vec<_> = a.findings.iter().filter(|f| f.question == "gaps" && f.unit == "messages").map(|f| (&f.person, &f.channel)).collect();
    let n = said.len();
    said.dedup();
    assert_eq!((n, said.len()), (3, 3), "one for each person");
}

#[test]
fn days_are_never_called_messages() {
    let gap = |low: Option<f64>| Gap { class: "A".into(), business_days: 40, estimate: low.map(|low| Estimate { low, mid: low, high: low }), ..Gap::default() };
    assert_eq!(super::findings::extent(&[&gap(None)]), (40, "days"));
    assert_eq!(super::findings::extent(&[&gap(Some(3.0))]), (3, "messages"));
    assert_eq!(super::findings::extent(&[&gap(None), &gap(None)]), (80, "days"));
    assert_eq!(super::findings::extent(&[&gap(None), &gap(Some(3.0))]), (3, "messages"));
}
