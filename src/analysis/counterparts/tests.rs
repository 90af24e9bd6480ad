//! A person with three clients, or more: who is silent in the chat, and what only looks like it.

use super::super::gaps::Draft;
use super::super::pairs::Pairs;
use super::super::testkit::{Firm, day, firm};
use super::super::{Context, Ground, coverage, silences};
use crate::model::Flags;
use crate::model::answer::Gap;
use crate::model::matter::Scope;
use crate::sample::random::Random;
use crate::time;

const DAYS: (&str, &str) = ("2025-06-02", "2026-06-26");
const CLIENTS: [&str; 3] = ["Bo Quist", "Cy Quist", "Di Quist"];

/// What a client and the person write on a day: in the chat, in the mail.
fn office(level: impl Fn(usize, i32) -> (f64, f64)) -> Firm {
    let mut f = firm().employee("Ana Bell").client("Northgate", &CLIENTS[..1]).client("Southgate", &CLIENTS[1..2]).client("Eastgate", &CLIENTS[2..]);
    for (n, client) in f.matter.clients.as_mut().unwrap().iter_mut().enumerate() {
        client.contacts[0].emails.push(format!("{n}@client.example"));
    }
    let mut random = Random::new(5);
    let worked = || (day(DAYS.0)..=day(DAYS.1)).filter(|d| time::weekday(*d) < 5);
    for (n, name) in CLIENTS.into_iter().enumerate() {
        let mut chat = f.chat("whatsapp", "Ana Bell", name);
        for d in worked() {
            for hour in 0..random.poisson(level(n, d).0) {
                let (from, to) = if hour % 2 == 0 { ("Ana Bell", name) } else { (name, "Ana Bell") };
                chat = chat.says(from, to, &time::day_name(d), 7 + hour.min(15) as i64);
            }
        }
        let address = format!("{n}@client.example");
        let mut mail = f.mail(&format!("plans {n}"));
        for d in worked() {
            for hour in 0..random.poisson(level(n, d).1) {
                let (from, to) = if hour % 2 == 0 { (address.as_str(), "Ana Bell") } else { ("Ana Bell", address.as_str()) };
                mail = mail.says(from, to, &time::day_name(d), 7 + hour.min(15) as i64);
            }
        }
    }
    f
}

fn quiet(d: i32) -> bool {
    (day("2025-11-03")..=day("2025-12-12")).contains(&d)
}

fn gaps(f: &Firm, kind: &str) -> Vec<Gap> {
    f.answers().gaps.into_iter().filter(|g| g.kind == kind).collect()
}

#[test]
fn one_counterpart_silent_while_both_write_elsewhere_is_a_gap_of_these_days() {
    let f = office(|n, d| (if n == 0 && quiet(d) { 0.0 } else { 2.0 }, 1.5));
    let found = gaps(&f, "counterpart_silence");
    assert_eq!(found.len(), 1, "{:#?}", f.answers().gaps);
    let gap = &found[0];
    assert_eq!((gap.class.as_str(), gap.channel.as_str(), gap.from.as_deref(), gap.to.as_deref()), ("B", "whatsapp", Some("2025-11-03"), Some("2025-12-12")));
    let estimate = gap.estimate.as_ref().unwrap();
    assert!(estimate.low < 60.0 && estimate.high > 60.0, "{estimate:?}");
    assert!(gap.evidence.len() == 2 && gap.client_facing && gap.severity == "low", "{gap:?}");
    assert!(gap.reasons.iter().all(|r| !r.contains("Quist") && !r.contains("Northgate")), "reasons name nobody: {:?}", gap.reasons);
    assert!(f.answers().coverage.iter().all(|r| r.gap_days == 0), "the channel is held on these days");
}

#[test]
fn a_counterpart_who_is_seen_nowhere_tells_nothing() {
    let f = office(|n, d| (if n == 0 && quiet(d) { 0.0 } else { 2.0 }, if n == 0 { 0.0 } else { 1.5 }));
    assert!(gaps(&f, "counterpart_silence").is_empty());
    let away = office(|n, d| if n == 0 && quiet(d) { (0.0, 0.0) } else { (2.0, 1.5) });
    assert!(gaps(&away, "counterpart_silence").is_empty(), "the client was on leave");
}

#[test]
fn a_counterpart_who_moved_or_ended_is_no_silence() {
    let moved = office(|n, d| if n == 0 && quiet(d) { (0.0, 3.5) } else { (2.0, 1.5) });
    assert!(gaps(&moved, "counterpart_silence").is_empty(), "{:#?}", gaps(&moved, "counterpart_silence"));
    let ended = office(|n, d| (if n == 0 && d >= day("2025-11-03") { 0.0 } else { 2.0 }, 1.5));
    assert!(gaps(&ended, "counterpart_silence").is_empty());
}

#[test]
fn relations_that_rest_now_and_then_are_the_habit_of_the_stream() {
    let rests = |n: usize, d: i32| (d - day(DAYS.0)) / 35 % 4 == n as i32;
    let f = office(|n, d| (if rests(n, d) { 0.0 } else { 2.0 }, 1.5));
    assert!(gaps(&f, "counterpart_silence").is_empty(), "{:#?}", gaps(&f, "counterpart_silence"));
}

#[test]
fn a_silence_of_the_whole_channel_or_of_the_person_is_told_there_or_not_at_all() {
    let f = office(|_, d| (if quiet(d) { 0.0 } else { 2.0 }, 1.5));
    assert_eq!((gaps(&f, "silence").len(), gaps(&f, "counterpart_silence").len()), (1, 0));
    let leave = office(|_, d| if quiet(d) { (0.0, 0.0) } else { (2.0, 1.5) });
    assert!(gaps(&leave, "counterpart_silence").is_empty());
}

/// What somebody of the first client writes to a colleague of the person, all the time.
fn beside(from: &str) -> Firm {
    let mut f = office(|n, d| if n == 0 && quiet(d) { (0.0, 0.0) } else { (2.0, 1.5) }).employee("Eve Moss");
    let second = crate::model::roster::Contact { name: "Ed Quist".into(), emails: vec!["ed@client.example".into()], ..Default::default() };
    f.matter.clients.as_mut().unwrap()[0].contacts.push(second);
    f.mail("other plans").daily(from, "Eve Moss", DAYS.0, DAYS.1, 1);
    f
}

#[test]
fn a_colleague_of_the_client_is_not_the_counterpart() {
    let same = gaps(&beside("0@client.example"), "counterpart_silence");
    assert!(same.iter().any(|g| g.channel == "whatsapp"), "the contact writes to others: {same:#?}");
    let another = gaps(&beside("ed@client.example"), "counterpart_silence");
    assert!(another.is_empty(), "another contact is at work, this one need not be: {another:#?}");
}

#[test]
fn messages_without_an_answer_and_answers_of_machines_show_nobody() {
    let mut f = office(|n, d| if n == 0 && quiet(d) { (0.0, 0.0) } else { (2.0, 1.5) });
    let mut mail = f.mail("plans 0");
    for d in (day(DAYS.0)..=day(DAYS.1)).filter(|d| quiet(*d) && time::weekday(*d) < 5) {
        mail = mail.says("Ana Bell", "0@client.example", &time::day_name(d), 8);
        mail = mail.flagged("0@client.example", &time::day_name(d), Flags::AUTOMATIC);
    }
    assert!(gaps(&f, "counterpart_silence").is_empty(), "{:#?}", gaps(&f, "counterpart_silence"));
}

#[test]
fn messages_on_weekends_end_a_silence() {
    let mut f = office(|n, d| (if n == 0 && quiet(d) { 0.0 } else { 2.0 }, 1.5));
    let mut chat = f.chat("whatsapp", "Ana Bell", CLIENTS[0]);
    for d in (day(DAYS.0)..=day(DAYS.1)).filter(|d| quiet(*d) && time::weekday(*d) == 5) {
        chat = chat.says(CLIENTS[0], "Ana Bell", &time::day_name(d), 9);
    }
    assert!(gaps(&f, "counterpart_silence").is_empty(), "{:#?}", gaps(&f, "counterpart_silence"));
}

#[test]
fn a_loss_proved_in_the_same_conversation_is_not_told_twice() {
    let f = office(|n, d| (if n == 0 && quiet(d) { 0.0 } else { 2.0 }, 1.5));
    let dataset = f.dataset();
    let ground = Ground::new(&dataset, &f.matter, &Scope::default());
    let context = Context::new(&dataset, &f.matter, &Scope::default(), &ground);
    let mut lines = coverage::lines(&context);
    let silences = silences::drafts(&context, &mut lines);
    let pairs = Pairs::new(&context);
    let told = |known: &[Draft]| super::drafts(&context, &lines, &pairs, known).len();
    assert_eq!(told(&silences), 1);
    let channel = context.talks.channel("whatsapp").unwrap();
    let of = |name: &str| f.dataset().conversations.iter().position(|c| c.channel == "whatsapp" && c.key == name).map(|c| c as u32);
    let days = (Some(day("2025-11-20")), Some(day("2025-11-21")));
    let proof = |class, conversation| Draft { channel, class, conversation, from: days.0, to: days.1, kind: "orphan_replies", ..Draft::default() };
    assert_eq!(told(&[proof('A', of(CLIENTS[0]))]), 0, "proof in this conversation");
    assert_eq!(told(&[proof('C', None)]), 0, "a reason on the whole channel");
    assert_eq!(told(&[proof('A', of(CLIENTS[1]))]), 1, "proof in another conversation");
    assert_eq!(told(&[proof('U', of(CLIENTS[0]))]), 1, "a doubt is no proof");
}
