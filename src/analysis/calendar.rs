//! Business days and the wall clock of the matter. What is a working day is decided here and nowhere else.

use std::collections::BTreeSet;

use super::holidays::{self, Place};
use super::parties::Custodian;
use crate::model::matter::{Calendar, Matter};
use crate::model::weekend::{self, Weekend};
use crate::text;
use crate::time::{self, DAY, Days, Zone};

/// First and last day a count is kept for: 1990 to 2100, the days a record may have.
const FIRST: i32 = (time::EARLIEST / DAY) as i32;
const LAST: i32 = (time::LATEST / DAY) as i32;

/// Business days of the matter, counted ahead so that any interval costs two look-ups.
#[derive(Debug, Clone)]
pub struct WorkDays {
    /// Business days before `FIRST + index`.
    before: Vec<u32>,
}

/// Which days of a week are free.
#[derive(Debug, Clone, Copy)]
enum Rest<'a> {
    /// These, 0 = Monday.
    Days(&'a [u8]),
    /// Those of a country, which may have changed.
    Country(&'static Weekend),
}

impl Rest<'_> {
    fn is(&self, day: i32) -> bool {
        match self {
            Self::Days(days) => days.contains(&time::weekday(day)),
            Self::Country(weekend) => weekend.on(day).contains(&time::weekday(day)),
        }
    }

    /// Of a country that the table of holidays has; of a part of it, that of the country.
    fn of(country: &str) -> Option<Rest<'static>> {
        let code = holidays::code(country)?;
        let country = code.split_once('-').map_or(code, |(country, _)| country);
        Some(weekend::of(country).map_or(Rest::Days(&weekend::USUAL), Rest::Country))
    }

    /// Of the matter: as stated, else of its country.
    fn of_matter(calendar: &Calendar) -> Rest<'_> {
        calendar.weekend_of().and_then(Rest::of).unwrap_or(Rest::Days(&calendar.weekend))
    }
}

impl WorkDays {
    /// From the calendar of the matter: its weekend, its holidays, and those of its country.
    #[must_use]
    pub fn new(calendar: &Calendar) -> Self {
        Self::of(Rest::of_matter(calendar), &calendar.holidays, holidays::place(&calendar.country).as_ref())
    }

    fn of(rest: Rest<'_>, further: &[i32], place: Option<&Place>) -> Self {
        let none = Place::default();
        let place = place.unwrap_or(&none);
        let mut off = [further, &place.off].concat();
        off.sort_unstable();
        let mut before = Vec::with_capacity((LAST - FIRST + 2) as usize);
        let mut n = 0;
        before.push(0);
        for day in FIRST..=LAST {
            let free = rest.is(day) && place.worked.binary_search(&day).is_err();
            n += u32::from(!free && off.binary_search(&day).is_err());
            before.push(n);
        }
        Self { before }
    }

    /// Takes days out: nothing is worked on them.
    pub fn close(&mut self, from: i32, to: i32) {
        let (mut taken, mut last) = (0, 0);
        for (day, before) in (FIRST..).zip(&mut self.before) {
            // Whether the day before this one was worked, and is now closed.
            let worked = *before - last;
            last = *before;
            taken += if (from..=to).contains(&(day - 1)) { worked } else { 0 };
            *before -= taken;
        }
    }

    fn until(&self, day: i32) -> u32 {
        let ix = usize::try_from(day.clamp(FIRST, LAST + 1) - FIRST).unwrap_or(0);
        self.before.get(ix).copied().unwrap_or(0)
    }

    /// Business days in `from..=to`; 0 when `to < from`.
    #[must_use]
    pub fn count(&self, from: i32, to: i32) -> u64 {
        if to < from { 0 } else { u64::from(self.until(to.saturating_add(1)) - self.until(from)) }
    }

    /// Whether the day is worked.
    #[must_use]
    pub fn is(&self, day: i32) -> bool {
        self.count(day, day) == 1
    }

    /// Business days in a day set.
    #[must_use]
    pub fn count_in(&self, days: &Days) -> u64 {
        days.spans().iter().map(|(a, b)| self.count(*a, *b)).sum()
    }

    /// Business days that passed between two days: none on the same day, one from Friday to Monday.
    #[must_use]
    pub fn between(&self, from: i32, to: i32) -> u64 {
        self.count(from.saturating_add(1), to)
    }
}

/// Business days of offices: a person works by the calendar of the region of the people list, else by that of the matter.
#[derive(Debug, Clone, Default)]
pub struct Offices {
    days: Vec<WorkDays>,
    /// Per custodian the office, by index.
    of: Vec<Option<usize>>,
    /// Countries of the calendar for which there is no table of holidays, as written, sorted.
    pub unknown: Vec<String>,
    /// Years of these countries with holidays that depend on the moon and are estimated, sorted.
    pub estimated: Vec<i32>,
    /// Custodians whose region has no days of its own although other regions have.
    pub elsewhere: u64,
}

impl Offices {
    /// Reads the regions of the calendar and whom they hold for.
    #[must_use]
    pub fn new(matter: &Matter, custodians: &[Custodian]) -> Self {
        let calendar = &matter.calendar;
        let names: Vec<String> = calendar.regions.iter().map(|r| text::folded(&r.region)).collect();
        let days = calendar.regions.iter().map(|office| {
            let rest = if office.weekend.is_empty() { Rest::of(&office.country).unwrap_or(Rest::of_matter(calendar)) } else { Rest::Days(&office.weekend) };
            WorkDays::of(rest, &office.holidays, holidays::place(&office.country).as_ref())
        });
        let region = |c: &Custodian| Some(text::folded(&matter.people.as_ref()?.get(c.person?)?.region)).filter(|r| !r.is_empty());
        let regions: Vec<Option<String>> = custodians.iter().map(region).collect();
        let of: Vec<Option<usize>> = regions.iter().map(|r| r.as_ref().and_then(|r| names.iter().position(|n| n == r))).collect();
        let elsewhere = if names.is_empty() { 0 } else { regions.iter().zip(&of).filter(|(r, o)| r.is_some() && o.is_none()).count() as u64 };
        let countries = std::iter::once(&calendar.country).chain(calendar.regions.iter().map(|r| &r.country)).map(|c| c.trim());
        let countries: BTreeSet<&str> = countries.filter(|c| !c.is_empty()).collect();
        let unknown = countries.iter().filter(|c| holidays::code(c).is_none()).map(|c| text::clean_name(c)).collect();
        let estimated: BTreeSet<i32> = countries.iter().filter_map(|c| holidays::place(c)).flat_map(|p| p.estimated).collect();
        Self { days: days.collect(), of, unknown, estimated: estimated.into_iter().collect(), elsewhere }
    }

    /// The calendar of a custodian's office; `None` where that of the matter holds.
    #[must_use]
    pub fn of(&self, custodian: u32) -> Option<&WorkDays> {
        self.days.get((*self.of.get(custodian as usize)?)?)
    }

    /// The same, to be changed: for everybody of the office.
    pub fn of_mut(&mut self, custodian: u32) -> Option<&mut WorkDays> {
        self.days.get_mut((*self.of.get(custodian as usize)?)?)
    }

    /// Whether both work by the same calendar.
    #[must_use]
    pub fn together(&self, a: u32, b: u32) -> bool {
        let office = |custodian: u32| self.of.get(custodian as usize).copied().flatten();
        office(a) == office(b)
    }

    /// Takes days out of every office.
    pub fn close_all(&mut self, from: i32, to: i32) {
        self.days.iter_mut().for_each(|days| days.close(from, to));
    }
}

/// The wall clock of the matter's zone. Rows come in no order of time, so the offset is kept per day.
#[derive(Debug)]
pub struct Wall {
    zone: Zone,
    offsets: Vec<i64>,
}

const UNASKED: i64 = i64::MIN;
const CHANGES: i64 = i64::MAX;

impl Wall {
    /// A wall clock; an unknown zone name is UTC, and the second value is false.
    #[must_use]
    pub fn new(zone: &str) -> (Self, bool) {
        let named = Zone::named(zone);
        let known = named.is_some();
        (Self { zone: named.unwrap_or_else(Zone::utc), offsets: vec![UNASKED; (LAST - FIRST + 1) as usize] }, known)
    }

    /// Name of the zone.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.zone.name()
    }

    /// Microseconds on the wall.
    pub fn local(&mut self, utc: i64) -> i64 {
        let day = utc.div_euclid(DAY);
        let Some(slot) = usize::try_from(day - i64::from(FIRST)).ok().and_then(|ix| self.offsets.get_mut(ix)) else { return self.zone.local_of(utc) };
        if *slot == UNASKED {
            let (start, end) = (day * DAY, (day + 1) * DAY - 1);
            let offset = self.zone.local_of(start) - start;
            *slot = if offset == self.zone.local_of(end) - end { offset } else { CHANGES };
        }
        if *slot == CHANGES { self.zone.local_of(utc) } else { utc + *slot }
    }

    /// Day on the wall.
    pub fn day(&mut self, utc: i64) -> i32 {
        time::day(self.local(utc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::matter::RegionDays;
    use crate::model::roster::Person;

    fn day(text: &str) -> i32 {
        time::parse_day(text).unwrap()
    }

    #[test]
    fn weekends_and_holidays_are_no_business_days() {
        let days = WorkDays::new(&Calendar { holidays: vec![day("2026-04-03")], ..Calendar::default() });
        assert_eq!(days.count(day("2026-03-30"), day("2026-04-05")), 4);
        assert!(!days.is(day("2026-04-03")));
        assert_eq!(days.between(day("2026-03-27"), day("2026-03-30")), 1);
        assert_eq!(days.count(5, 4), 0);
    }

    #[test]
    fn the_days_of_a_country_are_not_worked_and_china_works_on_some_sundays() {
        let days = |country: &str| WorkDays::new(&Calendar { country: country.to_owned(), ..Calendar::default() });
        assert!(!days("GB").is(day("2026-04-06")) && days("GB-SCT").is(day("2026-04-06")), "Easter Monday is none in Scotland");
        assert!(!days("DE-BY").is(day("2026-06-04")) && days("DE-BE").is(day("2026-06-04")), "Corpus Christi");
        assert!(days("CN").is(day("2026-10-10")) && !days("CN").is(day("2026-10-11")));
        assert!(days("Atlantis").is(day("2026-12-25")), "an unknown country has no days: the basis says so");
    }

    #[test]
    fn a_person_works_by_the_region_of_the_people_list() {
        let office = |region: &str, country: &str, weekend: &[u8]| RegionDays {
            region: region.into(),
            country: country.into(),
            weekend: weekend.to_vec(),
            ..RegionDays::default()
        };
        let calendar = Calendar {
            country: "GB".into(),
            regions: vec![office("Dubai", "AE", &[4, 5]), office("Munich", "DE-BY", &[]), office("Moon", "ZZ", &[])],
            ..Calendar::default()
        };
        let people = ["dubai ", "MUNICH", "London", "Moon", ""].map(|region| Person { region: region.into(), ..Person::default() });
        let matter = Matter { calendar, people: Some(people.to_vec()), ..Matter::default() };
        let custodians: Vec<Custodian> = (0..5).map(|ix| Custodian { person: Some(ix), ..Custodian::default() }).collect();
        let offices = Offices::new(&matter, &custodians);
        let (dubai, munich) = (offices.of(0).unwrap(), offices.of(1).unwrap());
        assert!(dubai.is(day("2026-09-27")) && !dubai.is(day("2026-09-25")), "Friday and Saturday are the weekend");
        assert!(!munich.is(day("2026-01-06")) && munich.is(day("2026-08-31")), "Epiphany is one, the summer bank holiday is none");
        assert!(offices.of(2).is_none() && offices.of(4).is_none());
        assert_eq!((offices.unknown.as_slice(), offices.elsewhere), (&["ZZ".to_owned()][..], 1));
    }

    #[test]
    fn the_weekend_is_that_of_the_country_unless_another_is_stated() {
        let days = |country: &str, stated: Option<&[u8]>| {
            let mut calendar = Calendar { country: country.into(), weekend_stated: stated.is_some(), ..Calendar::default() };
            calendar.weekend = stated.map_or(calendar.weekend, <[u8]>::to_vec);
            WorkDays::new(&calendar)
        };
        // A Thursday to a Sunday without a holiday in any of them.
        let works = |d: &WorkDays| ["2026-10-15", "2026-10-16", "2026-10-17", "2026-10-18"].map(|text| d.is(day(text)));
        assert_eq!(works(&days("SA", None)), [true, false, false, true]);
        assert_eq!(works(&days("AE", None)), [true, true, false, false], "Saturday and Sunday since 2022");
        assert!(days("AE", None).is(day("2021-08-29")) && !days("AE", None).is(day("2021-08-27")), "Friday and Saturday before");
        assert_eq!(works(&days("SA", Some(&[5, 6]))), [true, true, false, false], "a stated weekend holds");
        assert_eq!([works(&days("GB", None)), works(&days("", None)), works(&days("Atlantis", None))], [[true, true, false, false]; 3]);
        // Offices: their own days, else those of their country, else those of the matter.
        let office = |region: &str, country: &str, weekend: &[u8]| RegionDays {
            region: region.into(),
            country: country.into(),
            weekend: weekend.to_vec(),
            ..RegionDays::default()
        };
        let regions = vec![office("Riyadh", "Saudi Arabia", &[]), office("Edinburgh", "GB-SCT", &[]), office("Haifa", "IL", &[6]), office("Moon", "", &[])];
        let calendar = Calendar { country: "QA".into(), regions, ..Calendar::default() };
        let people: Vec<Person> = ["Riyadh", "Edinburgh", "Haifa", "Moon"].map(|region| Person { region: region.into(), ..Person::default() }).to_vec();
        let matter = Matter { calendar, people: Some(people), ..Matter::default() };
        let custodians: Vec<Custodian> = (0..4).map(|ix| Custodian { person: Some(ix), ..Custodian::default() }).collect();
        let offices = Offices::new(&matter, &custodians);
        let found = [0, 1, 2, 3].map(|n| works(offices.of(n).unwrap()));
        assert_eq!(found, [[true, false, false, true], [true, true, false, false], [true, true, true, false], [true, false, false, true]]);
    }

    #[test]
    fn coverage_counts_the_days_of_each_office() {
        use super::super::testkit::firm;
        let mut f = firm().employee("Mei Tan").employee("Li Chen").employee("Ana Silva");
        for (person, region) in f.matter.people.iter_mut().flatten().zip(["Edinburgh", "Munich", "Elsewhere"]) {
            person.region = region.into();
        }
        let office = |region: &str, country: &str| RegionDays { region: region.into(), country: country.into(), ..RegionDays::default() };
        f.matter.calendar.regions = vec![office("Edinburgh", "GB-SCT"), office("Munich", "DE-BY")];
        f.mail("plans").daily("Mei Tan", "Li Chen", "2026-04-27", "2026-06-12", 2).daily("Li Chen", "Mei Tan", "2026-04-27", "2026-06-12", 2);
        f.mail("more").daily("Ana Silva", "Li Chen", "2026-04-27", "2026-06-12", 2);
        let answers = f.answers();
        let days = |name: &str| answers.coverage.iter().find(|r| r.custodian == name).map(|r| r.expected_days);
        // 35 weekdays; 4 and 25 May in Scotland; 1, 14, 25 May and 4 June in Bavaria.
        assert_eq!((days("Mei Tan"), days("Li Chen"), days("Ana Silva")), (Some(33), Some(31), Some(35)));
        assert_eq!(answers.basis.missing.iter().find(|m| m.id == "region_without_days").map(|m| m.count), Some(1));
    }

    #[test]
    fn a_friday_weekend_is_a_weekend() {
        let days = WorkDays::new(&Calendar { weekend: vec![4, 5], ..Calendar::default() });
        assert!(days.is(day("2026-09-27")) && !days.is(day("2026-09-25")));
    }

    #[test]
    fn the_wall_shows_what_the_zone_says_on_the_day_the_clocks_change() {
        let (mut wall, known) = Wall::new("Europe/London");
        assert!(known);
        let mut zone = Zone::named("Europe/London").unwrap();
        let start = time::civil_micros(2026, 3, 28, 0, 0, 0).unwrap();
        for quarter in 0..4 * 72 {
            let t = start + quarter * 15 * time::MINUTE;
            assert_eq!(wall.local(t), zone.local_of(t));
        }
    }
}
