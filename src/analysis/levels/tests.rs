//! A person with three clients in a chat and mail with the same: what thins the chat, and what only looks like it.

use super::super::testkit::{Firm, day, firm};
use crate::model::answer::Gap;
use crate::sample::random::Random;
use crate::time;

/// First and last day, and the day from which something changes.
const DAYS: (&str, &str, &str) = ("2025-01-06", "2026-06-26", "2025-10-06");
const CLIENTS: [&str; 3] = ["Bo Quist", "Cy Quist", "Di Quist"];

/// A day of one client: messages expected in the chat and in the mail.
type Level = dyn Fn(usize, i32) -> (f64, f64);

fn office(seed: u64, level: &Level) -> Firm {
    let mut f = firm().employee("Ana Bell").client("Northgate", &CLIENTS[..1]).client("Southgate", &CLIENTS[1..2]).client("Eastgate", &CLIENTS[2..]);
    let contact = |f: &mut Firm, n: usize| f.matter.clients.as_mut().unwrap()[n].contacts[0].emails.push(format!("{n}@client.example"));
    (0..CLIENTS.len()).for_each(|n| contact(&mut f, n));
    let mut random = Random::new(seed);
    for (n, name) in CLIENTS.into_iter().enumerate() {
        let worked = || (day(DAYS.0)..=day(DAYS.1)).filter(|d| time::weekday(*d) < 5);
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
                let (from, to) = if hour % 2 == 0 { ("Ana Bell", address.as_str()) } else { (address.as_str(), "Ana Bell") };
                mail = mail.says(from, to, &time::day_name(d), 7 + hour.min(15) as i64);
            }
        }
    }
    f
}

fn drops(f: &Firm) -> Vec<Gap> {
    f.answers().gaps.into_iter().filter(|g| g.kind.starts_with("level_drop")).collect()
}

fn later(d: i32) -> bool {
    d >= day(DAYS.2)
}

#[test]
fn a_channel_thinned_for_all_alike_is_a_drop_from_that_week_on() {
    let mut found = 0;
    // The test does not promise every fall: chance may make counterparts look uneven, or the other channels fall too.
    for seed in 20..25 {
        let f = office(seed, &|_, d| (if later(d) { 0.5 } else { 3.0 }, 1.0));
        let a = f.answers();
        let drops: Vec<&Gap> = a.gaps.iter().filter(|g| g.kind.starts_with("level_drop")).collect();
        let Some(gap) = drops.first() else { continue };
        found += 1;
        assert_eq!(drops.len(), 1, "{drops:#?}");
        assert_eq!((gap.class.as_str(), gap.channel.as_str(), gap.severity.as_str()), ("B", "whatsapp", "low"));
        assert!((day(gap.from.as_deref().unwrap()) - day(DAYS.2)).abs() <= 14 && day(gap.to.as_deref().unwrap()) >= day("2026-06-20"), "{gap:?}");
        let missing = 2.5 * 3.0 * 190.0;
        let estimate = gap.estimate.as_ref().unwrap();
        assert!(estimate.low < missing && missing < estimate.high, "{estimate:?}");
        assert!(gap.evidence.len() == 3 && gap.benign.iter().any(|b| b.verdict == "not_excluded"), "{gap:?}");
        assert!(a.coverage.iter().all(|r| r.gap_days == 0), "records are held on these days");
    }
    assert!(found >= 4, "{found} of 5 large falls");
}

#[test]
fn a_fall_that_ends_is_told_up_to_its_end() {
    let found = drops(&office(2, &|_, d| (if later(d) && d < day("2026-02-23") { 0.5 } else { 2.0 }, 1.0)));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!((day(found[0].to.as_deref().unwrap()) - day("2026-02-22")).abs() <= 14, "{:?}", found[0]);
}

#[test]
fn a_client_who_ended_is_no_drop() {
    let f = office(3, &|n, d| {
        (
            if n > 0 {
                0.8
            } else if later(d) {
                0.0
            } else {
                4.4
            },
            if n == 0 && later(d) { 0.0 } else { 1.0 },
        )
    });
    assert!(drops(&f).is_empty(), "{:#?}", drops(&f));
}

#[test]
fn less_work_is_no_drop() {
    let f = office(4, &|_, d| if later(d) { (0.5, 0.3) } else { (2.0, 1.2) });
    assert!(drops(&f).is_empty(), "{:#?}", drops(&f));
}

#[test]
fn what_moved_is_said_as_such() {
    let f = office(5, &|_, d| if later(d) { (0.4, 2.6) } else { (2.0, 1.0) });
    let found = drops(&f);
    assert!(found.iter().all(|g| g.class == "U" && g.kind == "level_drop_moved" && g.channel == "whatsapp"), "{found:#?}");
    assert_eq!(found.len(), 1);
}

#[test]
fn a_person_on_leave_for_weeks_has_no_drop() {
    let f = office(6, &|_, d| if (day("2025-10-06")..day("2025-11-10")).contains(&d) { (0.0, 0.05) } else { (2.0, 1.0) });
    assert!(drops(&f).is_empty(), "{:#?}", drops(&f));
}

#[test]
fn without_another_channel_nothing_can_be_told() {
    let f = office(7, &|_, d| (if later(d) { 0.5 } else { 2.0 }, 0.0));
    assert!(drops(&f).is_empty(), "{:#?}", drops(&f));
}

#[test]
fn level_streams_have_no_drop() {
    for seed in 10..18 {
        let f = office(seed, &|_, _| (1.0, 1.0));
        assert!(drops(&f).is_empty(), "seed {seed}: {:#?}", drops(&f));
    }
}

/// Falls that are told as drops where nothing else is known, by seed.
fn fallen() -> impl Iterator<Item = Firm> {
    (20..25).map(|seed| office(seed, &|_, d| (if later(d) { 0.5 } else { 3.0 }, 1.0)))
}

#[test]
fn what_somebody_hands_over_before_leaving_is_no_drop() {
    let leaving = |last: Option<&str>, notice: Option<&str>| {
        let mut f: Vec<Firm> = fallen().collect();
        for person in f.iter_mut().map(|f| &mut f.matter.people.as_mut().unwrap()[0]) {
            (person.last_day, person.notice) = (last.map(day), notice.map(day));
        }
        f.iter().map(|f| drops(f).len()).sum::<usize>()
    };
    assert!(leaving(None, None) >= 4);
    assert_eq!(leaving(Some("2026-07-31"), None), 0, "the last half year");
    assert_eq!(leaving(Some("2027-06-30"), Some("2026-03-02")), 0, "a long notice");
    assert!(leaving(Some("2027-12-31"), None) >= 4, "far away");
}

#[test]
fn clients_who_write_with_a_colleague_instead_were_handed_over() {
    let with = |from: &str| {
        let handed = fallen().map(|f| {
            let mut f = f.employee("Eve Moss");
            for name in CLIENTS {
                f.chat("whatsapp", "Eve Moss", &format!("{name} and Eve")).daily("Eve Moss", name, from, DAYS.1, 1);
            }
            f
        });
        handed.map(|f| drops(&f).iter().filter(|g| g.person.as_deref() == Some("p1")).count()).sum::<usize>()
    };
    assert_eq!(with(DAYS.2), 0, "from the week of the fall on");
    assert!(with(DAYS.0) >= 4, "as ever");
}
