//! Who is at work on which day, and how much each writes.

use super::{Channel, Spell};
use crate::sample::calendar::{self, Region, first_day, last_day, on};
use crate::sample::people::{Employee, People};
use crate::sample::random::Random;
use crate::sample::relations::Relation;
use crate::time::weekday;

pub(super) fn spells(people: &People, random: &mut Random) -> Vec<Spell> {
    let mut out = Vec::new();
    let span = i64::from(last_day() - first_day());
    for (staff, _) in people.staff.iter().enumerate() {
        for _ in 0..3 {
            let from = first_day() + random.between(20, span - 30) as i32;
            let from = from - i32::from(weekday(from));
            let to = from + if random.chance(0.5) { 4 } else { 11 };
            out.push(Spell { staff, from, to, kind: "annual leave", listed: true });
        }
        // Illness that nobody put into the list: the person is silent everywhere.
        if staff % 9 == 4 {
            let from = first_day() + random.between(60, span - 60) as i32;
            out.push(Spell { staff, from, to: from + random.between(5, 9) as i32, kind: "sick leave", listed: false });
        }
        if staff == 20 {
            out.push(Spell { staff, from: on(2025, 10, 6), to: on(2026, 1, 16), kind: "parental leave", listed: true });
        }
    }
    out.sort_by_key(|s| (s.staff, s.from, s.to));
    out
}

pub(super) fn attendance(people: &People, leave: &[Spell]) -> Vec<Vec<bool>> {
    let works: Vec<Vec<bool>> = Region::ALL.iter().map(|r| (first_day()..=last_day()).map(|d| calendar::works(*r, d)).collect()).collect();
    let attends = |(i, e): (usize, &Employee)| {
        let mine: Vec<&Spell> = leave.iter().filter(|s| s.staff == i).collect();
        let office = works.get(e.region as usize).map(Vec::as_slice).unwrap_or_default();
        (first_day()..=last_day())
            .zip(office)
            .map(|(d, open)| *open && d >= e.start && e.last_day.is_none_or(|l| d <= l) && !mine.iter().any(|s| (s.from..=s.to).contains(&d)))
            .collect()
    };
    people.staff.iter().enumerate().map(attends).collect()
}

/// Sessions a day among colleagues: Slack, Teams, e-mail, SMS.
pub(super) fn inside_rates(staff: usize, desk: bool) -> [(Channel, f64); 4] {
    let busy = busy(staff);
    let rates = if desk {
        [(Channel::Slack, 0.34), (Channel::Teams, 0.26), (Channel::Email, 0.09), (Channel::Sms, 0.10)]
    } else {
        [(Channel::Slack, 0.75), (Channel::Teams, 0.5), (Channel::Email, 0.2), (Channel::Sms, 0.12)]
    };
    rates.map(|(channel, rate)| (channel, rate * busy))
}

/// A few people write most of what is written.
#[must_use]
pub const fn busy(staff: usize) -> f64 {
    if staff % 6 == 1 { 8.0 } else { 0.35 }
}

/// Sessions a day of a relationship.
pub(super) fn rate(r: &Relation, day: i32) -> f64 {
    if day < r.from || day > r.to {
        return 0.0;
    }
    r.weight * r.fade.map_or(1.0, |(from, factor)| if day >= from { factor } else { 1.0 })
}
