use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::testkit::{Firm, answer, day, firm};
use crate::model::answer::{Answers, Groups};
use crate::model::matter::{ChannelStatus, Division, Scope};
use crate::model::roster::Person;

const NAMES: [&str; 16] = [
    "Mei Tan",
    "Li Chen",
    "Ana Silva",
    "Tom Berg",
    "Ida Lund",
    "Omar Haddad",
    "Jan Novak",
    "Eva Kraus",
    "Noa Levi",
    "Sara Conti",
    "Paul Roy",
    "Nina Falk",
    "Raj Mehta",
    "Lucy Hall",
    "Igor Petrov",
    "Amy Stone",
];
const CHANNELS: [&str; 2] = ["wechat", "whatsapp"];
const GROUPS: [&str; 5] = ["Quartz", "Basalt", "Granite", "Slate", ""];

/// What one employee is given: group, and hours on which a turn is written on each of three days, per channel.
type Given = (usize, [[u8; 3]; 2]);

fn built(given: &[Given]) -> Firm {
    let mut f = firm().client("Northgate", &["Huang Wei"]).channel("wechat", ChannelStatus::Prohibited, false).channel("email", ChannelStatus::Approved, true);
    f = f.channel("whatsapp", ChannelStatus::Tolerated, false);
    for (name, (group, _)) in NAMES.iter().zip(given) {
        f = f.employee(name);
        let person = f.matter.people.as_mut().unwrap().last_mut().unwrap();
        person.department = GROUPS[*group].into();
        (person.region, person.grade) = (GROUPS[4 - *group].into(), "Director".into());
    }
    for (name, (_, turns)) in NAMES.iter().zip(given) {
        for (channel, days) in CHANNELS.iter().zip(turns) {
            for (n, hours) in (0..).zip(days) {
                for hour in 0..i64::from(*hours) {
                    let date = ["2026-06-01", "2026-06-02", "2026-06-03"][n];
                    // The client asks, so that both sides make turns.
                    let chat = f.chat(channel, name, &format!("{name} and Huang Wei")).says("Huang Wei", name, date, 2 * hour + 1);
                    let _ = chat.says(name, "Huang Wei", date, 2 * hour + 2);
                }
            }
        }
    }
    f.mail("plans").says(NAMES[0], NAMES[1], "2026-06-01", 9).says(NAMES[1], NAMES[0], "2026-06-03", 9);
    f
}

/// Every range of days with all channels, with each one alone.
fn scopes() -> Vec<(Scope, [bool; 3], [bool; 2])> {
    let days = ["2026-06-01", "2026-06-02", "2026-06-03"].map(day);
    let mut out = Vec::new();
    for (first, last) in [(0, 2), (0, 1), (1, 2), (0, 0), (1, 1), (2, 2)] {
        for channels in [[true, true], [true, false], [false, true]] {
            let named = CHANNELS.iter().zip(channels).filter(|(_, on)| *on && channels != [true, true]).map(|(c, _)| (*c).to_owned()).collect();
            let scope = Scope { from: Some(days[first]), to: Some(days[last]), channels: named, ..Scope::default() };
            out.push((scope, [0, 1, 2].map(|n| (first..=last).contains(&n)), channels));
        }
    }
    out
}

fn turns(given: &Given, days: [bool; 3], channels: [bool; 2]) -> u64 {
    let of = |hours: &[u8; 3]| hours.iter().zip(days).filter(|(_, on)| *on).map(|(n, _)| u64::from(*n)).sum::<u64>();
    given.1.iter().zip(channels).filter(|(_, on)| *on).map(|(hours, _)| of(hours)).sum()
}

fn groups(answers: &Answers) -> &Groups {
    answers.channels.groups.as_ref().unwrap()
}

/// People concerned per group, and people listed.
fn truth(given: &[Given]) -> BTreeMap<&'static str, (Vec<usize>, usize)> {
    let mut out: BTreeMap<&str, (Vec<usize>, usize)> = BTreeMap::new();
    for (ix, person) in given.iter().enumerate() {
        let slot = out.entry(GROUPS[person.0]).or_default();
        slot.1 += 1;
        if turns(person, [true; 3], [true; 2]) > 0 {
            slot.0.push(ix);
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn no_filter_and_no_difference_of_filters_shows_a_small_group(
        given in proptest::collection::vec((0..5usize, proptest::array::uniform2(proptest::array::uniform3(0..3u8))), 1..16), least in 1..7u32
    ) {
        let mut f = built(&given);
        f.matter.privacy.min_group = least;
        let (dataset, truth) = (f.dataset(), truth(&given));
        let mut made: Option<BTreeSet<(String, u64)>> = None;
        for (scope, days, channels) in scopes() {
            let answers = answer(&dataset, &f.matter, &scope);
            let shown = groups(&answers);
            // The same groups of the same people under every filter: what is subtracted leaves whole groups.
            let rows: BTreeSet<(String, u64)> = shown.rows.iter().map(|r| (r.name.clone(), r.people)).collect();
            prop_assert_eq!(rows.len(), shown.rows.len());
            prop_assert_eq!(made.get_or_insert_with(|| rows.clone()), &rows);
            prop_assert!(!shown.withheld || shown.rows.is_empty());
            let alone: BTreeSet<&str> = shown.rows.iter().map(|r| r.name.as_str()).collect();
            let sum = |people: &[usize]| people.iter().map(|ix| turns(&given[*ix], days, channels)).sum::<u64>();
            for row in &shown.rows {
                // The people behind a row: one group, or all that stand nowhere else.
                let behind: Vec<usize> = match truth.get(row.name.as_str()) {
                    Some((people, listed)) => {
                        prop_assert!(people.len() as u32 >= least || people.is_empty() && *listed as u32 >= least, "{row:?} rests on {people:?} of {listed}");
                        people.clone()
                    }
                    None => truth.iter().filter(|(name, _)| !alone.contains(*name)).flat_map(|(_, (people, _))| people.clone()).collect(),
                };
                prop_assert_eq!(row.people, behind.len() as u64);
                prop_assert!(behind.is_empty() || behind.len() as u32 >= least);
                prop_assert_eq!(row.off_client_turns, sum(&behind), "{:?}", row);
            }
            // Totals shown elsewhere hold what clients wrote as well: a client wrote as many turns as each employee here.
            let elsewhere: u64 = answers.channels.by_channel.iter().filter_map(|c| c.off_client_turns).sum();
            let all = sum(&(0..given.len()).collect::<Vec<_>>());
            prop_assert_eq!(elsewhere, 2 * all);
            // What is not shown does not leave the core: neither its name nor another division.
            let text = serde_json::to_string(&answers).unwrap();
            for (name, _) in truth.iter().filter(|(name, _)| !name.is_empty() && !alone.contains(*name)) {
                prop_assert!(!text.contains(name), "{name} stands in {text}");
            }
            prop_assert!(!text.contains("Director"), "a second division stands in the answers");
        }
    }
}

#[test]
fn groups_are_those_of_the_division_chosen_and_each_employee_is_in_one() {
    let given: Vec<Given> = (0..14).map(|n| (if n < 8 { 0 } else { 1 }, [[2, 1, 0], [0, 0, 1]])).collect();
    let mut f = built(&given);
    let named = |f: &Firm| groups(&f.answers()).rows.iter().map(|r| (r.name.clone(), r.people, r.off_client_turns)).collect::<Vec<_>>();
    assert_eq!(named(&f), [("Quartz".to_owned(), 8, 32), ("Basalt".to_owned(), 6, 24)]);
    let share: f64 = groups(&f.answers()).rows.iter().filter_map(|r| r.share).sum();
    assert!((share - 1.0).abs() < 1e-9);
    f.matter.privacy.division = Division::Grade;
    assert_eq!(named(&f), [("Director".to_owned(), 14, 56)]);
    f.matter.privacy.division = Division::Region;
    // Two spellings are one group; who is in none is in one of its own.
    for person in f.matter.people.iter_mut().flatten().skip(8) {
        person.region = " slate ".into();
    }
    f.matter.people.as_mut().unwrap()[8].region = "SLATE".into();
    assert_eq!(named(&f), [("".to_owned(), 8, 32), ("SLATE".to_owned(), 6, 24)]);
}

#[test]
fn who_is_not_on_the_list_is_in_no_group_and_without_lists_nothing_is_claimed() {
    let given: Vec<Given> = (0..8).map(|_| (0, [[2, 1, 0], [0, 0, 1]])).collect();
    let mut f = built(&given);
    f.chat("wechat", "Zoe Unlisted", "Zoe and Huang Wei").daily("Huang Wei", "Zoe Unlisted", "2026-06-01", "2026-06-03", 2);
    assert_eq!(groups(&f.answers()).rows.iter().map(|r| (r.people, r.off_client_turns)).collect::<Vec<_>>(), [(8, 32)]);
    f.matter.policy.channels.clear();
    assert_eq!(f.answers().channels.groups, None);
    let mut f = built(&given);
    f.matter.people = None;
    assert_eq!(f.answers().channels.groups, None);
    let mut f = built(&given);
    f.matter.people.get_or_insert_default().push(Person { name: "Ken Idle".into(), department: "Legal".into(), ..Person::default() });
    f.matter.privacy.min_group = 9;
    let all = f.answers();
    assert!(groups(&all).withheld && groups(&all).rows.is_empty());
}
