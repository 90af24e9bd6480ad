//! Public holidays by country and part of a country, 2010 to 2035: `holidays.txt`, which `scripts/holiday-table.py` writes from the
//! Python package `holidays` (MIT). No crate of that kind is kept up for all these countries with their parts.
//!
//! `GB` is England and Wales, `GB-SCT` and `GB-NIR` have their own. Of Bavaria the table holds the days of its Catholic towns.
//! Days of single towns are not in it; of India nine states; of China and Taiwan also the weekend days that are worked instead.
//! `XNYS` and `XECB` are the days of the New York Stock Exchange and of TARGET. Weekends are no matter of this table.

use crate::time;

const TABLE: &str = include_str!("holidays.txt");

/// First and last year of the table.
pub const YEARS: (i32, i32) = (2010, 2035);

/// Days of one place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// `GB-SCT`
    pub code: &'static str,
    /// `Germany`, `Germany, BY`
    pub name: &'static str,
    /// Days that are not worked, sorted; some may fall on weekends.
    pub off: Vec<i32>,
    /// Weekend days that are worked, sorted.
    pub worked: Vec<i32>,
    /// Years with days that depend on the moon and are estimated.
    pub estimated: Vec<i32>,
}

/// All places of the table: code and name, countries before their parts.
pub fn places() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter(|l| !l.starts_with('#')).filter_map(|l| {
        let mut parts = l.split('|');
        Some((parts.next()?, parts.next()?))
    })
}

/// The code of a place as people write it: `uk`, `de_by`, `Germany`, `GB-ENG`; `None` if the table does not have it.
#[must_use]
pub fn code(written: &str) -> Option<&'static str> {
    let upper = written.trim().to_uppercase().replace([' ', '_'], "-");
    let upper = match upper.as_str() {
        "UK" | "GB-ENG" | "GB-WLS" | "GB-EAW" | "UK-ENG" | "UK-WLS" | "ENGLAND" | "WALES" => "GB".to_owned(),
        "SCOTLAND" => "GB-SCT".to_owned(),
        "NORTHERN-IRELAND" => "GB-NIR".to_owned(),
        "USA" => "US".to_owned(),
        "UAE" => "AE".to_owned(),
        other => other.strip_prefix("UK-").map_or_else(|| other.to_owned(), |part| format!("GB-{part}")),
    };
    let named = |name: &str| name.to_uppercase().replace(' ', "-") == upper;
    places().find(|(code, name)| *code == upper || named(name)).map(|(code, _)| code)
}

/// Cities whose offices usually bear their names on lists of people, with the place whose days are kept there.
const CITIES: &[(&str, &str)] = &[
    ("london", "GB"),
    ("manchester", "GB"),
    ("birmingham", "GB"),
    ("edinburgh", "GB-SCT"),
    ("glasgow", "GB-SCT"),
    ("belfast", "GB-NIR"),
    ("dublin", "IE"),
    ("new york", "US-NY"),
    ("boston", "US-MA"),
    ("chicago", "US-IL"),
    ("san francisco", "US-CA"),
    ("los angeles", "US-CA"),
    ("miami", "US-FL"),
    ("houston", "US-TX"),
    ("dallas", "US-TX"),
    ("toronto", "CA-ON"),
    ("montreal", "CA-QC"),
    ("montréal", "CA-QC"),
    ("vancouver", "CA-BC"),
    ("frankfurt", "DE-HE"),
    ("munich", "DE-BY"),
    ("münchen", "DE-BY"),
    ("berlin", "DE-BE"),
    ("hamburg", "DE-HH"),
    ("düsseldorf", "DE-NW"),
    ("dusseldorf", "DE-NW"),
    ("cologne", "DE-NW"),
    ("köln", "DE-NW"),
    ("stuttgart", "DE-BW"),
    ("paris", "FR"),
    ("lyon", "FR"),
    ("strasbourg", "FR-6AE"),
    ("luxembourg", "LU"),
    ("brussels", "BE"),
    ("bruxelles", "BE"),
    ("amsterdam", "NL"),
    ("rotterdam", "NL"),
    ("zurich", "CH-ZH"),
    ("zürich", "CH-ZH"),
    ("geneva", "CH-GE"),
    ("genève", "CH-GE"),
    ("basel", "CH-BS"),
    ("lugano", "CH-TI"),
    ("madrid", "ES-MD"),
    ("barcelona", "ES-CT"),
    ("milan", "IT"),
    ("milano", "IT"),
    ("rome", "IT"),
    ("roma", "IT"),
    ("lisbon", "PT"),
    ("lisboa", "PT"),
    ("vienna", "AT"),
    ("wien", "AT"),
    ("stockholm", "SE"),
    ("copenhagen", "DK"),
    ("oslo", "NO"),
    ("helsinki", "FI"),
    ("warsaw", "PL"),
    ("dubai", "AE"),
    ("abu dhabi", "AE"),
    ("doha", "QA"),
    ("riyadh", "SA"),
    ("singapore", "SG"),
    ("hong kong", "HK"),
    ("香港", "HK"),
    ("shanghai", "CN"),
    ("上海", "CN"),
    ("beijing", "CN"),
    ("北京", "CN"),
    ("shenzhen", "CN"),
    ("深圳", "CN"),
    ("taipei", "TW"),
    ("tokyo", "JP"),
    ("東京", "JP"),
    ("osaka", "JP"),
    ("seoul", "KR"),
    ("mumbai", "IN-MH"),
    ("bangalore", "IN-KA"),
    ("bengaluru", "IN-KA"),
    ("delhi", "IN-DL"),
    ("chennai", "IN-TN"),
    ("hyderabad", "IN-TS"),
    ("sydney", "AU-NSW"),
    ("melbourne", "AU-VIC"),
    ("brisbane", "AU-QLD"),
    ("perth", "AU-WA"),
    ("auckland", "NZ-AUK"),
    ("johannesburg", "ZA"),
    ("são paulo", "BR"),
    ("sao paulo", "BR"),
    ("mexico city", "MX"),
    ("tel aviv", "IL"),
    ("istanbul", "TR"),
];

/// The place a region of the people list probably is: its code, its country or its city. For proposing, never for deciding.
#[must_use]
pub fn proposed(region: &str) -> Option<&'static str> {
    let folded = crate::text::folded(region);
    let city = || {
        CITIES.iter().find(|(city, _)| {
            folded.match_indices(city).any(|(at, _)| {
                // A word of its own: `Perth office`, no `Perthshire`.
                let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() || !c.is_ascii());
                ends(folded.get(..at).and_then(|b| b.chars().next_back())) && ends(folded.get(at + city.len()..).and_then(|r| r.chars().next()))
            })
        })
    };
    code(region).or_else(|| city().map(|(_, code)| *code))
}

/// The days of a place; `None` if the table does not have it.
#[must_use]
pub fn place(written: &str) -> Option<Place> {
    let code = code(written)?;
    let mut place = Place { code, ..Place::default() };
    // A part begins with the days of its country.
    for within in code.split_once('-').map(|(country, _)| country).into_iter().chain([code]) {
        let mut here = false;
        for line in TABLE.lines() {
            if let Some((found, rest)) = line.split_once('|') {
                if here {
                    break;
                }
                here = found == within;
                if here {
                    let (name, estimated) = rest.split_once('|').unwrap_or((rest, ""));
                    place.name = name;
                    place.estimated.extend(estimated.split(' ').filter_map(|y| y.parse::<i32>().ok()));
                }
            } else if here {
                place.read(line);
            }
        }
    }
    for days in [&mut place.off, &mut place.worked, &mut place.estimated] {
        days.sort_unstable();
        days.dedup();
    }
    Some(place)
}

impl Place {
    /// `2026 0403 0406`, `* 1225`, `+2026 1130`, `-2026 0831`, `w2026 0104`.
    fn read(&mut self, line: &str) {
        let (sign, rest) = match line.split_at_checked(1) {
            Some((sign @ ("+" | "-" | "w"), rest)) => (sign, rest),
            _ => ("+", line),
        };
        let mut words = rest.split(' ');
        let years = match words.next() {
            Some("*") => YEARS.0..=YEARS.1,
            Some(year) => match year.parse() {
                Ok(y) => y..=y,
                Err(_) => return,
            },
            None => return,
        };
        let of_year: Vec<(u32, u32)> = words.filter_map(|w| w.split_at_checked(2)).filter_map(|(m, d)| Some((m.parse().ok()?, d.parse().ok()?))).collect();
        let days = years.flat_map(|y| of_year.iter().filter_map(move |(m, d)| time::day_of(y, *m, *d)));
        match sign {
            "-" => {
                let gone: Vec<i32> = days.collect();
                self.off.retain(|d| !gone.contains(d));
            }
            "w" => self.worked.extend(days),
            _ => self.off.extend(days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str, year: i32) -> Vec<String> {
        let place = place(code).unwrap();
        place.off.iter().filter(|d| time::civil(**d).0 == year).map(|d| time::day_name(*d).split_off(5)).collect()
    }

    /// Years as the governments published them.
    #[test]
    fn known_years_are_as_published() {
        for (code, year, days) in [
            // gov.uk/bank-holidays, england-and-wales 2024; Coronation and substitute days: 2022, 2023.
            ("GB", 2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
            ("GB", 2022, "01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27"),
            ("GB-SCT", 2025, "01-01 01-02 04-18 05-05 05-26 08-04 11-30 12-01 12-25 12-26"),
            ("GB-NIR", 2024, "01-01 03-17 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26"),
            // opm.gov, federal holidays 2026 (4 July is a Saturday: observed on the 3rd).
            ("US", 2026, "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25"),
            ("DE", 2025, "01-01 04-18 04-21 05-01 05-29 06-09 10-03 12-25 12-26"),
            ("DE-BY", 2025, "01-01 01-06 04-18 04-21 05-01 05-29 06-09 06-19 08-15 10-03 11-01 12-25 12-26"),
            ("DE-BE", 2025, "01-01 03-08 04-18 04-21 05-01 05-08 05-29 06-09 10-03 12-25 12-26"),
            ("FR", 2024, "01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25"),
            ("FR-57", 2024, "01-01 03-29 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25 12-26"),
            // rijksoverheid.nl, officiële feestdagen: Good Friday is one of them.
            ("NL", 2024, "01-01 03-29 03-31 04-01 04-27 05-09 05-19 05-20 12-25 12-26"),
            // mom.gov.sg 2024
            ("SG", 2024, "01-01 02-10 02-11 02-12 03-29 04-10 05-01 05-22 06-17 08-09 10-31 12-25"),
            // gov.hk general holidays 2024
            ("HK", 2024, "01-01 02-10 02-12 02-13 03-29 03-30 04-01 04-04 05-01 05-15 06-10 07-01 09-18 10-01 10-11 12-25 12-26"),
            // Cabinet Office of Japan 2024
            ("JP", 2024, "01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 10-14 11-03 11-04 11-23"),
            ("XNYS", 2025, "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25"),
        ] {
            assert_eq!(of(code, year), days.split(' ').collect::<Vec<_>>(), "{code} {year}");
        }
    }

    #[test]
    fn china_works_on_weekends_before_and_after_long_holidays() {
        let china = place("CN").unwrap();
        let day = |text| time::parse_day(text).unwrap();
        for worked in ["2024-02-04", "2024-02-18", "2025-01-26", "2026-10-10"] {
            assert!(china.worked.contains(&day(worked)), "{worked}");
        }
        assert!(china.off.contains(&day("2024-10-07")) && !china.off.contains(&day("2024-10-08")));
    }

    #[test]
    fn places_are_found_as_people_write_them() {
        for (written, want) in [
            ("uk", "GB"),
            ("GB-ENG", "GB"),
            ("de_by", "DE-BY"),
            ("Germany", "DE"),
            ("hong kong", "HK"),
            ("Scotland", "GB-SCT"),
            ("USA", "US"),
            ("us-ca", "US-CA"),
        ] {
            assert_eq!(code(written), Some(want), "{written}");
        }
        assert!(CITIES.iter().all(|(_, found)| code(found) == Some(found)));
        assert_eq!(
            (proposed("Perth Office"), proposed("Perthshire"), proposed("EMEA - Zürich"), proposed("DE-BY")),
            (Some("AU-WA"), None, Some("CH-ZH"), Some("DE-BY"))
        );
        assert_eq!((code("ZZ"), code(""), place("Atlantis"), code("GB-XX")), (None, None, None, None));
    }

    #[test]
    fn every_place_of_the_table_has_days_in_every_year() {
        for (code, name) in places() {
            let place = place(code).unwrap();
            assert!(place.name == name && place.off.is_sorted());
            for year in YEARS.0..=YEARS.1 {
                let n = place.off.iter().filter(|d| time::civil(**d).0 == year).count();
                assert!((4..=60).contains(&n), "{code} {year}: {n}");
            }
        }
        for code in ["GB", "US", "DE", "FR", "ES", "IT", "NL", "CH", "AE", "SG", "HK", "CN", "JP", "IN", "AU", "CA"] {
            assert!(place(code).is_some(), "{code}");
        }
    }
}
