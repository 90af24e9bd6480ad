//! Coverage rows grouped by custodian, worst first: the order of the matrix, the timeline and the printed report.

use std::collections::{BTreeMap, BTreeSet};

use super::chart::{Bar, Group, Track, state_word, tag};
use super::veil::Veil;
use super::{phrase, words};
use crate::model::Answers;
use crate::model::answer::{CoverageRow, Gap};
use crate::time::parse_day;

/// One custodian with all rows.
#[derive(Debug, Clone)]
pub struct Custodian<'a> {
    /// Name, as far as it may be shown.
    pub name: String,
    /// Id.
    pub person: &'a str,
    /// Last day, if this person leaves.
    pub last_day: Option<&'a str>,
    /// Whether the last day has passed.
    pub gone: bool,
    /// Rows by channel.
    pub rows: Vec<&'a CoverageRow>,
    /// Where each row stands in the answers.
    pub places: Vec<usize>,
    /// Business days required, all channels.
    pub expected: u64,
    /// Covered.
    pub covered: u64,
    /// In gaps.
    pub gap: u64,
    /// Unknown.
    pub unknown: u64,
}

impl Custodian<'_> {
    /// Whether every channel is covered.
    #[must_use]
    pub fn whole(&self) -> bool {
        self.gap == 0 && self.unknown == 0 && self.rows.iter().all(|row| row.worst.is_empty())
    }

    /// Whether every channel is covered but for gaps that concern a channel as a whole.
    fn whole_but(&self, outages: &[&Gap]) -> bool {
        let outage = |id: &str| outages.iter().any(|gap| gap.id == id);
        let explained =
            |row: &&CoverageRow| row.spans.iter().all(|span| !matches!(span.state.as_str(), "A" | "B" | "C") || span.gap.as_deref().is_some_and(outage));
        self.unknown == 0 && self.rows.iter().all(|row| row.worst != "U" && explained(row))
    }

    /// 0 = worst.
    fn rank(&self) -> u8 {
        self.rows.iter().map(|row| class_rank(&row.worst)).min().unwrap_or(4)
    }
}

/// Custodians of one department or region.
#[derive(Debug, Clone, Default)]
pub struct Part<'a, 'b> {
    /// Its name.
    pub name: String,
    /// Who belongs to it, in the order given.
    pub members: Vec<&'b Custodian<'a>>,
}

impl Part<'_, '_> {
    /// Days required and covered, of some channel or of all (empty).
    #[must_use]
    pub fn days(&self, channel: &str) -> (u64, u64) {
        let rows = self.members.iter().flat_map(|custodian| &custodian.rows).filter(|row| channel.is_empty() || row.channel == channel);
        rows.fold((0, 0), |sum, row| (sum.0 + row.expected_days, sum.1 + row.covered_days))
    }

    /// What it holds, in words.
    #[must_use]
    pub fn sums(&self) -> String {
        let (expected, covered) = self.days("");
        let gaps: u64 = self.members.iter().map(|custodian| custodian.gap).sum();
        let share = phrase::ratio(covered, expected).map_or_else(|| "not expected".to_owned(), |share| format!("{} covered", phrase::percent(share)));
        format!("{}, {share}, {} in gaps", phrase::count(self.members.len() as u64, "custodian", "custodians"), phrase::count(gaps, "day", "days"))
    }
}

/// Custodians by the division of the settings, as [`CoverageRow::group`] has it, in the order of their first ones. For those who must not see
/// small groups (`least` people), what filters have made smaller joins the rest. `None` = not divided.
#[must_use]
pub fn parts<'a, 'b>(list: &[&'b Custodian<'a>], by: &str, least: Option<usize>) -> Option<Vec<Part<'a, 'b>>> {
    if by.is_empty() {
        return None;
    }
    let name = |custodian: &Custodian| custodian.rows.first()?.group.clone();
    let mut out: Vec<Part> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for custodian in list {
        let name = name(custodian)?;
        let place = *places.entry(name.clone()).or_insert(out.len());
        if place == out.len() {
            out.push(Part { name, members: Vec::new() });
        }
        out.get_mut(place)?.members.push(custodian);
    }
    if let Some(least) = least {
        let (mut large, mut small): (Vec<Part>, Vec<Part>) = out.into_iter().partition(|part| part.members.len() >= least && part.name != OTHER);
        let people = |parts: &[Part]| parts.iter().map(|part| part.members.len()).sum::<usize>();
        while !small.is_empty() && people(&small) < least {
            let smallest = (0..large.len()).min_by_key(|at| large.get(*at).map_or(0, |part| part.members.len()))?;
            small.push(large.remove(smallest));
        }
        if !small.is_empty() {
            large.push(Part { name: OTHER.to_owned(), members: small.into_iter().flat_map(|part| part.members).collect() });
        }
        out = large;
    }
    for part in out.iter_mut().filter(|part| part.name.is_empty()) {
        part.name = "Not stated".to_owned();
    }
    Some(out)
}

/// Name of the groups that stand together, as in the answers.
const OTHER: &str = "Other";

/// Order of classes, worst first.
#[must_use]
pub fn class_rank(class: &str) -> u8 {
    match class {
        "A" => 0,
        "B" => 1,
        "C" => 2,
        "U" => 3,
        _ => 4,
    }
}

/// Custodians, worst first: class, days in gaps, name.
#[must_use]
pub fn custodians<'a>(answers: &'a Answers, veil: &Veil) -> Vec<Custodian<'a>> {
    let mut leavers: BTreeMap<&str, (&str, bool)> = BTreeMap::new();
    for leaver in &answers.leavers {
        leavers.insert(&leaver.id, (&leaver.last_day, leaver.days_left < 0));
    }
    let mut by: BTreeMap<(&str, &str), Vec<(&CoverageRow, usize)>> = BTreeMap::new();
    for (place, row) in answers.coverage.iter().enumerate() {
        by.entry((row.person.as_str(), row.custodian.as_str())).or_default().push((row, place));
    }
    let mut out: Vec<Custodian> = by
        .into_iter()
        .map(|((person, name), rows)| {
            let (rows, places): (Vec<&CoverageRow>, Vec<usize>) = rows.into_iter().unzip();
            let sum = |of: fn(&CoverageRow) -> u64| rows.iter().map(|row| of(row)).sum();
            let leaver = leavers.get(person);
            Custodian {
                name: veil.name(name, Some(person)),
                person,
                last_day: leaver.map(|l| l.0),
                gone: leaver.is_some_and(|l| l.1),
                expected: sum(|row| row.expected_days),
                covered: sum(|row| row.covered_days),
                gap: sum(|row| row.gap_days),
                unknown: sum(|row| row.unknown_days),
                rows,
                places,
            }
        })
        .collect();
    crate::order::sort_by(&mut out, |a, b| a.rank().cmp(&b.rank()).then(b.gap.cmp(&a.gap)).then(b.unknown.cmp(&a.unknown)).then_with(|| a.name.cmp(&b.name)));
    out
}

/// Channels that have a row, in the order of use; those without messages last, by name.
#[must_use]
pub fn channels(answers: &Answers) -> Vec<&str> {
    let mut with_rows: BTreeSet<&str> = BTreeSet::new();
    for row in &answers.coverage {
        with_rows.insert(&row.channel);
    }
    let mut out: Vec<&str> = answers.channels.by_channel.iter().map(|row| row.channel.as_str()).filter(|slug| with_rows.contains(slug)).collect();
    let more: Vec<&str> = with_rows.into_iter().filter(|slug| !out.contains(slug)).collect();
    out.extend(more);
    out
}

/// The headline of coverage, with its numbers.
#[must_use]
pub fn headline(answers: &Answers, list: &[Custodian]) -> String {
    let outages: Vec<&Gap> = answers.gaps.iter().filter(|gap| gap.kind == "outage").collect();
    let whole = list.iter().filter(|custodian| custodian.whole()).count();
    let but = list.iter().filter(|custodian| custodian.whole_but(&outages)).count();
    let said = covered(list);
    if outages.is_empty() || but <= whole {
        return said;
    }
    // An outage of a channel is nobody's own gap: without this, one bad week hides how all others stand.
    let mut channels: Vec<String> = outages.iter().map(|gap| words::channel(&gap.channel)).collect();
    channels.dedup();
    format!(
        "{said}; but for {} on {}, {} {}",
        phrase::count(outages.len() as u64, "outage", "outages"),
        phrase::listed(&channels),
        phrase::grouped(but as u64),
        are(but as u64)
    )
}

fn covered(list: &[Custodian]) -> String {
    let all = list.len() as u64;
    let whole = list.iter().filter(|custodian| custodian.whole()).count() as u64;
    if all == 0 {
        "Coverage is not known: no custodian could be told from the sources".to_owned()
    } else if whole == all {
        format!("No gaps found: {} covered on every channel", phrase::count(all, "custodian is", "custodians are"))
    } else if whole == 0 {
        format!("None of {} is covered on every channel", phrase::count(all, "custodian", "custodians"))
    } else {
        let rest = all - whole;
        format!(
            "{} of {} custodians {} covered on every channel they use; {} not",
            phrase::grouped(whole),
            phrase::grouped(all),
            are(whole),
            format_args!("{} {}", phrase::grouped(rest), are(rest))
        )
    }
}

const fn are(number: u64) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// First and last day of the time axis, and the last day of any record.
#[must_use]
pub fn axis(answers: &Answers, list: &[&Custodian]) -> Option<(i32, i32, Option<i32>)> {
    let day = |text: &Option<String>| text.as_deref().and_then(parse_day);
    // Spans stand in the order of time.
    let rows: Vec<&CoverageRow> = list.iter().flat_map(|custodian| custodian.rows.iter().copied()).collect();
    let first_bar = rows.iter().filter_map(|row| parse_day(&row.spans.first()?.from)).min();
    let last_bar = rows.iter().filter_map(|row| parse_day(&row.spans.last()?.to)).max();
    let ends = answers.coverage.iter().filter_map(|row| day(&row.horizon.last)).max();
    let from = day(&answers.scope.from).or(first_bar)?;
    let mut to = day(&answers.scope.to).or(last_bar)?.max(last_bar.unwrap_or(from));
    // A last day soon after the sources end is part of the picture.
    if let Some(last) = list.iter().filter_map(|custodian| custodian.last_day.and_then(parse_day)).filter(|day| *day > to && *day <= to + 45).max() {
        to = last + 3;
    }
    (from < to).then_some((from, to, ends.filter(|day| *day >= from)))
}

/// Timeline rows of some custodians.
#[must_use]
pub fn groups(list: &[&Custodian]) -> Vec<Group> {
    list.iter()
        .map(|custodian| Group {
            title: custodian.name.clone(),
            last_day: custodian.last_day.and_then(parse_day),
            tracks: custodian.rows.iter().map(|row| track(&custodian.name, custodian.person, row)).collect(),
        })
        .collect()
}

/// One row as it is drawn.
#[must_use]
pub fn track(who: &str, person: &str, row: &CoverageRow) -> Track {
    let name = words::channel(&row.channel);
    let bars = row
        .spans
        .iter()
        .filter_map(|span| {
            let (from, to) = (parse_day(&span.from)?, parse_day(&span.to)?);
            let explained = if span.explained { ", explained" } else { "" };
            let period = phrase::period(Some(&span.from), Some(&span.to));
            let label = format!("{name}, {who}, {}{explained}, {period}", state_word(&span.state));
            Some(Bar { from, to, state: span.state.clone(), gap: span.gap.clone(), label })
        })
        .collect();
    let days = Some(format!("{person}~{}", row.channel));
    let key = format!("{}:{}", tag(&row.custodian), row.channel);
    Track { label: format!("Days of {name}, {who}"), name, key, days, required_from: row.horizon.required_from.as_deref().and_then(parse_day), bars }
}

#[cfg(test)]
mod tests {
    use super::super::veil::Names;
    use super::*;
    use crate::model::answer::{Leaver, Span};

    fn row(person: &str, channel: &str, worst: &str, gap: u64) -> CoverageRow {
        CoverageRow {
            custodian: format!("Name of {person}"),
            person: person.to_owned(),
            channel: channel.to_owned(),
            expected_days: 100,
            covered_days: 100 - gap,
            gap_days: gap,
            worst: worst.to_owned(),
            spans: vec![Span { from: "2026-01-01".to_owned(), to: "2026-03-31".to_owned(), state: "covered".to_owned(), ..Span::default() }],
            ..CoverageRow::default()
        }
    }

    fn answers() -> Answers {
        Answers {
            coverage: vec![row("p1", "email", "", 0), row("p2", "wechat", "C", 90), row("p3", "email", "", 0), row("p3", "wechat", "A", 3)],
            leavers: vec![Leaver { id: "p3".to_owned(), last_day: "2026-04-10".to_owned(), days_left: 10, ..Leaver::default() }],
            ..Answers::default()
        }
    }

    #[test]
    fn proved_loss_comes_before_much_uncovered_time() {
        let answers = answers();
        let list = custodians(&answers, &Veil::new(Names::All, &answers));
        let order: Vec<_> = list.iter().map(|c| c.person).collect();
        assert_eq!(order, ["p3", "p2", "p1"]);
        assert_eq!(headline(&answers, &list), "1 of 3 custodians is covered on every channel they use; 2 are not");
        assert_eq!(headline(&answers, &list[2..]), "No gaps found: 1 custodian is covered on every channel");
        assert!(headline(&answers, &[]).starts_with("Coverage is not known"));
    }

    #[test]
    fn an_outage_of_a_channel_does_not_hide_how_people_stand() {
        let mut answers = answers();
        let span = || Span { from: "2026-02-01".to_owned(), to: "2026-02-09".to_owned(), state: "B".to_owned(), gap: Some("g9".to_owned()), ..Span::default() };
        answers.gaps.push(Gap { id: "g9".to_owned(), class: "B".to_owned(), kind: "outage".to_owned(), channel: "sms".to_owned(), ..Gap::default() });
        for person in ["p1", "p2", "p3"] {
            answers.coverage.push(CoverageRow { spans: vec![span()], ..row(person, "sms", "B", 5) });
        }
        // The gaps of p2 and p3 are their own.
        for row in &mut answers.coverage {
            if row.worst == "A" || row.worst == "C" {
                row.spans = vec![Span { state: row.worst.clone(), gap: Some("g1".to_owned()), ..row.spans[0].clone() }];
            }
        }
        let list = custodians(&answers, &Veil::new(Names::All, &answers));
        assert_eq!(headline(&answers, &list), "None of 3 custodians is covered on every channel; but for 1 outage on SMS, 1 is");
    }

    fn divided(count: [(usize, &str); 3]) -> Answers {
        let mut answers = Answers::default();
        for (people, name) in count {
            for _ in 0..people {
                let person = format!("p{}", answers.coverage.len());
                let row = CoverageRow { group: Some(name.to_owned()), ..row(&person, "email", "", 0) };
                answers.coverage.push(row);
            }
        }
        answers
    }

    #[test]
    fn departments_have_sums_and_small_ones_stand_together() {
        let answers = divided([(6, "Sales"), (2, "Legal"), (3, "")]);
        let list = custodians(&answers, &Veil::new(Names::All, &answers));
        let all: Vec<_> = list.iter().collect();
        let names = |least| parts(&all, "department", least).map(|parts| parts.iter().map(|p| (p.name.clone(), p.members.len())).collect::<Vec<_>>());
        let found = |pairs: &[(&str, usize)]| Some(pairs.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect::<Vec<_>>());
        let mut named = names(None).unwrap();
        named.sort();
        assert_eq!(Some(named), found(&[("Legal", 2), ("Not stated", 3), ("Sales", 6)]));
        assert_eq!(names(Some(5)), found(&[("Sales", 6), ("Other", 5)]));
        // Three and two are too few together as well: the next one joins them.
        assert_eq!(names(Some(6)), found(&[("Other", 11)]));
        assert_eq!(names(Some(12)), None);
        assert_eq!(parts(&all, "", None).map(|p| p.len()), None);
        let sales = parts(&all, "department", None).unwrap().into_iter().find(|p| p.name == "Sales").unwrap();
        assert_eq!((sales.days("email"), sales.sums().as_str()), ((600, 600), "6 custodians, 100\u{202f}% covered, 0 days in gaps"));
    }

    #[test]
    fn the_axis_reaches_a_last_day_near_the_end() {
        let answers = answers();
        let list = custodians(&answers, &Veil::new(Names::All, &answers));
        let (from, to, _) = axis(&answers, &list.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!([from, to].map(crate::time::day_name), ["2026-01-01", "2026-04-13"]);
    }
}
