//! Holes in counters, weighed against the counter's own habit. A run of absent ids is a loss at a place; single ids missing here and
//! there, everywhere as often, are what deletions leave (gap-detection, section 3.4): they are one gap without days, except where
//! a month has more of them than the counter's habit allows.

use std::collections::BTreeMap;

use super::chance::binomial_tail;
use super::evidence::Found;
use super::findings::counted;
use super::gaps::Draft;
use super::{Context, places};
use crate::model::StatementKind;
use crate::model::answer::Benign;

/// Most absent ids of a small hole.
const SMALL: u64 = 2;
/// Fewest small holes that make a habit.
const HABIT: usize = 8;
/// Days looked at together.
const MONTH: i32 = 28;
/// Days between neighbours of a crowd.
const NEAR: i32 = 7;
/// Chance below which a month has too many.
const P: f64 = 1e-3;
/// Fewest small holes of such a month.
const FEWEST: u64 = 3;

/// Whose counter it is: custodian, or owner; channel, source, conversation.
type Counter = ((Option<u32>, Option<u32>), u16, u32, Option<u32>);

fn counter(found: &Found) -> Option<Counter> {
    let s = found.statement;
    (s.kind == StatementKind::IdHole && s.quantity <= SMALL && found.from.or(found.to).is_some()).then_some((
        (found.custodian, found.owner),
        found.channel,
        s.source,
        s.conversation,
    ))
}

fn day(found: &Found) -> i32 {
    found.to.or(found.from).unwrap_or(0)
}

/// Takes out the small holes that are a counter's habit; they come back as one gap for each counter.
#[must_use]
pub fn sift<'a>(context: &Context, all: Vec<Found<'a>>) -> (Vec<Found<'a>>, Vec<Draft>) {
    let mut by: BTreeMap<Counter, Vec<Found>> = BTreeMap::new();
    let mut kept = Vec::with_capacity(all.len());
    for found in all {
        match counter(&found) {
            Some(key) => by.entry(key).or_default().push(found),
            None => kept.push(found),
        }
    }
    let mut drafts = Vec::new();
    for (key, mut small) in by {
        if small.len() < HABIT {
            kept.extend(small);
            continue;
        }
        small.sort_by_key(|f| (day(f), f.statement.position.pack()));
        let days = days(context, key);
        let many = crowded(&small, &days);
        let (crowded, usual): (Vec<_>, Vec<_>) = small.into_iter().zip(many).partition(|(_, many)| *many);
        kept.extend(crowded.into_iter().map(|(f, _)| f));
        let usual: Vec<Found> = usual.into_iter().map(|(f, _)| f).collect();
        if !usual.is_empty() {
            drafts.push(habit(context, key, &usual, days.len()));
        }
    }
    (kept, drafts)
}

/// Days of all records the counter numbers, sorted.
fn days(context: &Context, (_, _, source, conversation): Counter) -> Vec<i32> {
    let c = &context.dataset.columns;
    let rows = conversation.map_or(0..c.part.len(), |v| context.dataset.rows_of(v));
    let mine = c.part.get(rows.clone()).unwrap_or_default().iter().zip(context.days.get(rows).unwrap_or_default());
    let mut days: Vec<i32> = mine.filter(|(part, _)| context.dataset.source_of(**part) == source).map(|(_, day)| *day).collect();
    days.sort_unstable();
    days
}

/// Which small holes lie in a month that has more of them than all other months let expect.
fn crowded(small: &[Found], days: &[i32]) -> Vec<bool> {
    let mut many = vec![false; small.len()];
    let held = |from: i32, to: i32| (days.partition_point(|d| *d < to) - days.partition_point(|d| *d < from)) as u64;
    let at = |from: i32, to: i32| (small.partition_point(|f| day(f) < from), small.partition_point(|f| day(f) < to));
    for first in small {
        let (from, to) = (day(first), day(first) + MONTH);
        let (a, b) = at(from, to);
        let (inside, x) = (held(from, to), (b - a) as u64);
        let (others, rest) = (days.len() as u64 - inside, small.len() as u64 - x);
        let usual = (rest as f64 + 0.5) / (others as f64 + 1.0);
        if x >= FEWEST && binomial_tail(x, inside + x, usual.min(1.0)) < P {
            many.iter_mut().take(b).skip(a).for_each(|m| *m = true);
        }
    }
    // A window that holds the crowd holds what lies alone at its edges too.
    let mut at = 0;
    while at < small.len() {
        let near = |pair: &[Found]| if let [a, b] = pair { day(b) - day(a) <= NEAR } else { false };
        let n = 1 + small.get(at..).unwrap_or_default().windows(2).take_while(|pair| near(pair)).count();
        if (n as u64) < FEWEST {
            many.iter_mut().skip(at).take(n).for_each(|m| *m = false);
        }
        at += n;
    }
    many
}

fn habit(context: &Context, ((custodian, owner), channel, _, conversation): Counter, usual: &[Found], records: usize) -> Draft {
    let n: u64 = usual.iter().map(|f| f.statement.quantity).sum();
    let one_in = (records as f64 / usual.len() as f64).round().max(1.0);
    let talk = conversation.and_then(|v| context.talks.get(v));
    let place = |f: &Found| {
        let s = f.statement;
        places::stated(context.dataset, s.part, s.position, s.to.or(s.from), &s.detail)
    };
    Draft {
        custodian,
        owner,
        channel,
        conversation,
        class: 'A',
        kind: "scattered_ids",
        from: usual.first().map(|f| f.from.unwrap_or(day(f))),
        to: usual.last().map(day),
        estimate: Some((n as f64, n as f64, n as f64)),
        confidence: 1.0,
        client: talk.is_some_and(|t| !t.clients.is_empty()),
        reasons: vec![format!(
            "{} missing one or two at a time in {}, about one place in {one_in} {}, in no month more than in the others",
            counted(n, "id is", "ids are"),
            counted(usual.len() as u64, "place", "places"),
            if one_in <= 1.0 { "record" } else { "records" }
        )],
        benign: vec![Benign::new(
            "deleted",
            "Deleted by a participant",
            "Single deletions leave such holes; nothing tells who deleted, or what",
            "not_excluded",
        )],
        evidence: usual.iter().take(places::MOST).map(place).collect(),
        ..Draft::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Firm, day, firm};
    use crate::model::answer::Gap;
    use crate::model::statement::StatementKind;
    use crate::time;

    fn room() -> Firm {
        let mut f = firm().employee("Ana Bell").client("Northgate", &["Bo Quist"]);
        f.chat("telegram", "Ana Bell", "Bo Quist").daily("Bo Quist", "Ana Bell", "2026-01-05", "2026-09-30", 2);
        f
    }

    fn hole(f: &mut Firm, date: i32, quantity: u64) {
        let day = time::day_name(date);
        f.state(StatementKind::IdHole, "telegram-Ana Bell.txt", Some("Bo Quist"), Some(&day), Some(&day), quantity);
    }

    fn gaps(f: &Firm, kind: &str) -> Vec<Gap> {
        f.answers().gaps.into_iter().filter(|g| g.kind == kind).collect()
    }

    #[test]
    fn single_ids_missing_as_often_everywhere_are_one_gap_without_days() {
        let mut f = room();
        for n in 0..18 {
            hole(&mut f, day("2026-01-12") + 14 * n, 1);
        }
        hole(&mut f, day("2026-05-06"), 40);
        assert_eq!(gaps(&f, "id_hole").len(), 1, "the run of forty");
        let habit = gaps(&f, "scattered_ids");
        assert_eq!(habit.len(), 1);
        assert_eq!((habit[0].severity.as_str(), habit[0].estimate.as_ref().unwrap().mid), ("low", 18.0));
        let covered = f.answers().coverage[0].gap_days;
        assert!(covered <= 1, "single ids take no days: {covered}");
    }

    #[test]
    fn a_month_with_far_more_single_holes_is_a_gap_of_its_own() {
        let mut f = room();
        for n in 0..10 {
            hole(&mut f, day("2026-01-12") + 25 * n, 1);
        }
        for n in 0..15 {
            hole(&mut f, day("2026-06-01") + n, 1);
        }
        let crowded = gaps(&f, "id_hole");
        assert_eq!(crowded.len(), 1, "{crowded:?}");
        assert!(crowded[0].from.as_deref() >= Some("2026-05-15") && crowded[0].to.as_deref() <= Some("2026-07-05"), "{crowded:?}");
        assert!(crowded[0].estimate.as_ref().unwrap().mid >= 15.0);
        assert_eq!(gaps(&f, "scattered_ids").len(), 1);
    }

    #[test]
    fn a_few_single_holes_are_told_each() {
        let mut f = room();
        for n in 0..3 {
            hole(&mut f, day("2026-01-12") + 60 * n, 1);
        }
        assert_eq!(gaps(&f, "id_hole").len(), 3);
        assert!(gaps(&f, "scattered_ids").is_empty());
    }
}
