//! Lists a person supplies, put into the matter.

use std::collections::BTreeMap;

use crate::analysis::holidays;
use crate::import::lists::{self, Kind};
use crate::model::decision::Mapping;
use crate::model::matter::{Matter, RegionDays};
use crate::model::roster::{ListReading, Person, Status};
use crate::{text, time};

/// Which list a file is, in the word that [`add`] takes; `None` for message exports and anything else. `head`: the first bytes, of a
/// workbook all of them (without, its name alone tells).
#[must_use]
pub fn kind(name: &str, head: &[u8]) -> Option<&'static str> {
    Some(match lists::list_kind(name, head)? {
        Kind::People => "people",
        Kind::Clients => "clients",
        Kind::Leave => "leave",
        Kind::Expected => "expected",
        Kind::Holidays => "holidays",
        Kind::Matter => "matter",
    })
}

/// Reads a list of this kind (`people`, `clients`, `leave`, `expected`, `holidays`, `matter`) into the matter. Columns are read as the
/// mappings of the matter say, else guessed. The error is a sentence. A matter file replaces the settings and keeps the lists that
/// are there already; holidays are added to those of the calendar.
pub fn add(matter: &mut Matter, kind: &str, name: &str, bytes: &[u8]) -> Result<(), String> {
    let mappings = std::mem::take(&mut matter.mappings);
    let done = add_by(matter, kind, name, bytes, &mappings);
    // A matter file may have brought mappings of its own: those of the session are the later ones.
    let brought = std::mem::replace(&mut matter.mappings, mappings);
    for mapping in brought.into_iter().rev() {
        if !matter.mappings.iter().any(|m| m.list == mapping.list && m.fingerprint == mapping.fingerprint) {
            matter.mappings.insert(0, mapping);
        }
    }
    done
}

/// Reads a list by a mapping that somebody stated, and remembers it for every list with the same headings: an older mapping of them
/// is replaced. Nothing changes when the list cannot be read so.
pub fn add_mapped(matter: &mut Matter, kind: &str, name: &str, bytes: &[u8], mapping: Mapping) -> Result<(), String> {
    let mut new = matter.clone();
    new.mappings.retain(|m| !(m.list == mapping.list && m.fingerprint == mapping.fingerprint));
    new.mappings.push(mapping);
    add(&mut new, kind, name, bytes)?;
    *matter = new;
    Ok(())
}

/// Headings, first rows and fields of a list, for stating what its columns are: also where too little is understood to read it.
pub fn look(matter: &Matter, kind: &str, name: &str, bytes: &[u8]) -> Result<ListReading, String> {
    let kind = match kind {
        "people" => Kind::People,
        "clients" => Kind::Clients,
        "leave" => Kind::Leave,
        "expected" => Kind::Expected,
        "holidays" => Kind::Holidays,
        _ => return Err(format!("{name} is no list with columns ({kind}).")),
    };
    lists::look(kind, name, bytes, &matter.mappings)
}

/// A region of the people list, and the place whose public holidays are probably kept there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// As first written on the list.
    pub region: String,
    /// People.
    pub people: usize,
    /// Code for the calendar, for a person to confirm; `None` = nothing tells.
    pub proposed: Option<&'static str>,
}

/// Regions of the people list, those with most people first.
#[must_use]
pub fn offices(matter: &Matter) -> Vec<Office> {
    let mut of: BTreeMap<String, Office> = BTreeMap::new();
    for p in matter.people.iter().flatten().filter(|p| !p.region.trim().is_empty()) {
        let office =
            of.entry(text::folded(&p.region)).or_insert_with(|| Office { region: p.region.clone(), people: 0, proposed: holidays::proposed(&p.region) });
        office.people += 1;
    }
    let mut all: Vec<Office> = of.into_values().collect();
    all.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.region.cmp(&b.region)));
    all
}

/// Places whose public holidays are known: code and name.
#[must_use]
pub fn places() -> Vec<(&'static str, &'static str)> {
    holidays::places().collect()
}

fn add_by(matter: &mut Matter, kind: &str, name: &str, bytes: &[u8], mappings: &[Mapping]) -> Result<(), String> {
    match kind {
        "people" => {
            let (people, mut reading) = lists::people(name, bytes, mappings)?;
            if let Some(as_of) = matter.scope.as_of {
                overdue(&people, as_of, &mut reading.remarks);
            }
            take((people, reading), &mut matter.people, &mut matter.readings);
        }
        "clients" => take(lists::clients(name, bytes, mappings)?, &mut matter.clients, &mut matter.readings),
        "leave" => take(lists::leave(name, bytes, mappings)?, &mut matter.leave, &mut matter.readings),
        "expected" => take(lists::expected(name, bytes, mappings)?, &mut matter.expected, &mut matter.readings),
        "holidays" => {
            let (days, reading) = lists::holidays(name, bytes, mappings)?;
            take_holidays(matter, days);
            said(reading, &mut matter.readings);
        }
        "matter" => {
            let text = std::str::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8 text; save it as UTF-8."))?;
            let read = lists::matter(name, text).map_err(|errors| errors.join("\n"))?;
            let old = std::mem::replace(matter, read);
            (matter.people, matter.clients, matter.leave, matter.expected) = (old.people, old.clients, old.leave, old.expected);
            matter.readings.splice(0..0, old.readings);
            // What was opened stays opened, whatever the settings say now.
            matter.reveals = old.reveals;
        }
        _ => return Err(format!("{name} is no list this program knows ({kind}).")),
    }
    Ok(())
}

/// The settings and decisions of a matter as `matter.toml`.
#[must_use]
pub fn toml(matter: &Matter) -> String {
    lists::matter_toml(matter)
}

/// People who are not said to have left although their last day has passed on the day of the question.
fn overdue(people: &[Person], as_of: i32, remarks: &mut Vec<String>) {
    let late: Vec<&Person> = people.iter().filter(|p| p.status != Status::Terminated && p.last_day.is_some_and(|d| d < as_of)).collect();
    if late.is_empty() {
        return;
    }
    let lines: Vec<String> = late.iter().take(5).map(|p| p.line.to_string()).collect();
    let more = if late.len() > lines.len() { " …" } else { "" };
    let rows = if late.len() == 1 { "1 person is".to_owned() } else { format!("{} people are", late.len()) };
    remarks.push(format!(
        "{rows} not marked as having left although the last day lies before {} (line {}{more}): the last day counts.",
        time::day_name(as_of),
        lines.join(", ")
    ));
}

/// Days for everybody, and days of one region.
fn take_holidays(matter: &mut Matter, days: Vec<(i32, String)>) {
    let calendar = &mut matter.calendar;
    for (day, region) in days {
        let slot = if region.is_empty() {
            &mut calendar.holidays
        } else {
            let at = calendar.regions.iter().position(|r| text::folded(&r.region) == text::folded(&region));
            let at = at.unwrap_or_else(|| {
                // An office that had no days of its own keeps those of the matter.
                calendar.regions.push(RegionDays { region, country: calendar.country.clone(), ..RegionDays::default() });
                calendar.regions.len() - 1
            });
            let Some(office) = calendar.regions.get_mut(at) else { continue };
            &mut office.holidays
        };
        slot.push(day);
    }
    for days in std::iter::once(&mut calendar.holidays).chain(calendar.regions.iter_mut().map(|r| &mut r.holidays)) {
        days.sort_unstable();
        days.dedup();
    }
}

fn take<T>(read: (Vec<T>, ListReading), to: &mut Option<Vec<T>>, readings: &mut Vec<ListReading>) {
    *to = Some(read.0);
    said(read.1, readings);
}

fn said(reading: ListReading, readings: &mut Vec<ListReading>) {
    readings.retain(|r| r.name != reading.name);
    readings.push(reading);
}
