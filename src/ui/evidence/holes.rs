//! What is missing at a place, and the records it lies between: the places of a statement stand in the order before, hole, after; a record
//! that names what is missing stands behind it.

use crate::model::answer::Evidence;
use crate::report::phrase;
use crate::worker::protocol::Excerpt;

/// What is missing at one place.
#[derive(Clone, Copy)]
pub(super) struct Hole<'a> {
    /// The place that says it.
    pub(super) place: &'a Evidence,
    before: Option<&'a Evidence>,
    after: Option<&'a Evidence>,
}

/// A place that is a record and says nothing of its own.
fn record(place: Option<&Evidence>) -> Option<&Evidence> {
    place.filter(|place| place.row.is_some() && place.absent.is_none())
}

/// The hole at a place, if there is one.
pub(super) fn at(places: &[Evidence], index: usize) -> Option<Hole<'_>> {
    let place = places.get(index).filter(|place| place.absent.is_some())?;
    let in_order = |a: &Evidence, b: &Evidence| a.time.as_deref().zip(b.time.as_deref()).is_none_or(|(a, b)| a <= b);
    let before = record(index.checked_sub(1).and_then(|at| places.get(at))).filter(|before| in_order(before, place));
    let after = if place.row.is_some() { Some(place) } else { record(places.get(index + 1)).filter(|after| in_order(place, after)) };
    Some(Hole { place, before, after })
}

/// All holes, in the order of the places.
pub(super) fn all(places: &[Evidence]) -> Vec<Hole<'_>> {
    (0..places.len()).filter_map(|index| at(places, index)).collect()
}

/// What a record is to the hole beside it, in the words of the list.
pub(super) fn word(places: &[Evidence], index: usize) -> Option<&'static str> {
    record(places.get(index))?;
    let own = places.get(index).and_then(|place| place.row);
    if at(places, index + 1).is_some_and(|hole| hole.before.and_then(|before| before.row) == own) {
        Some("the record before the hole")
    } else if index.checked_sub(1).and_then(|hole| at(places, hole)).is_some_and(|hole| hole.after.and_then(|after| after.row) == own) {
        Some("the record after the hole")
    } else {
        None
    }
}

/// The records on both sides of the hole that a place belongs to, each with its word.
pub(super) fn beside(places: &[Evidence], index: usize) -> Vec<(&'static str, &Evidence)> {
    let near = [Some(index), Some(index + 1), index.checked_sub(1)];
    let own = places.get(index);
    let mine = |hole: &Hole| own.is_some_and(|own| [Some(hole.place), hole.before, hole.after].into_iter().flatten().any(|place| std::ptr::eq(place, own)));
    let Some(hole) = near.into_iter().flatten().filter_map(|index| at(places, index)).find(mine) else { return Vec::new() };
    [("Record before", hole.before), ("Record after", hole.after)].into_iter().filter_map(|(word, place)| Some((word, place?))).collect()
}

impl Hole<'_> {
    /// The record to be shown for the hole.
    pub(super) fn neighbour(&self) -> Option<u32> {
        self.before.or(self.after).and_then(|place| place.row)
    }

    /// The line of the excerpt in front of which the hole stands; `None` = it lies outside these records.
    pub(super) fn before_line(&self, excerpt: &Excerpt, places: &[Evidence]) -> Option<usize> {
        let line = |place: Option<&Evidence>| excerpt.lines.iter().position(|line| Some(line.row) == place.and_then(|place| place.row));
        if let Some(after) = line(self.after) {
            return Some(after);
        }
        if let Some(before) = line(self.before) {
            return Some(before + 1);
        }
        let asked = excerpt.lines.iter().position(|line| line.asked);
        // What has no time of its own stands after the record that was asked for.
        let Some(time) = local(self.place, places, excerpt) else { return asked.map(|at| at + 1) };
        // Before the first or after the last of these records: not among them.
        excerpt.lines.first().filter(|line| phrase::minute(&line.time) <= time)?;
        excerpt.lines.iter().position(|line| phrase::minute(&line.time) > time)
    }

    /// Between what the hole lies, in the zone of the excerpt.
    pub(super) fn times(&self, excerpt: &Excerpt, places: &[Evidence]) -> Vec<String> {
        let time = |place: &Evidence| {
            let held = excerpt.lines.iter().find(|line| Some(line.row) == place.row).map(|line| phrase::minute(&line.time));
            held.or_else(|| local(place, places, excerpt))
        };
        // A series of numbers goes on at the place that says it, whatever else was written in between.
        let ends = self.place.time > self.before.and_then(|before| before.time.clone());
        let bounds = [("after", self.before), ("before", self.after.or(Some(self.place).filter(|_| self.before.is_some() && ends)))];
        let said: Vec<String> = bounds.into_iter().filter_map(|(word, place)| Some(format!("{word} {}", time(place?)?))).collect();
        if said.is_empty() { local(self.place, places, excerpt).into_iter().collect() } else { said }
    }
}

/// A time in the excerpt's zone: shifted by what separates the two times of the record asked for.
fn local(place: &Evidence, places: &[Evidence], excerpt: &Excerpt) -> Option<String> {
    let time = place.time.as_deref()?;
    let minutes = |text: &str| {
        let minute = phrase::minute(text);
        let (day, clock) = minute.split_once(' ')?;
        let (hour, minute) = clock.split_once(':')?;
        Some(i64::from(crate::time::parse_day(day)?) * 1440 + hour.parse::<i64>().ok()? * 60 + minute.parse::<i64>().ok()?)
    };
    let here = excerpt.lines.iter().find(|line| line.asked).and_then(|line| minutes(&line.time));
    let there = places.iter().find(|p| p.row == Some(excerpt.row)).and_then(|p| minutes(p.time.as_deref()?));
    let (Some(here), Some(there), Some(absent)) = (here, there, minutes(time)) else { return Some(phrase::minute(time)) };
    let shift = here - there;
    // More than a day is no zone.
    let shown = if shift.abs() <= 1440 { absent + shift } else { absent };
    let day = i32::try_from(shown.div_euclid(1440)).unwrap_or(0);
    let rest = shown.rem_euclid(1440);
    Some(format!("{} {:02}:{:02}", crate::time::day_name(day), rest / 60, rest % 60))
}
