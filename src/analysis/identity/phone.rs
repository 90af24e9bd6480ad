//! Phone numbers as E.164, so that one number is one however it is written: `+44 (0)7700 900142`, `0044 7700 900142`, `07700 900142`.
//! A number without a country code is read in the country the matter or the person's region names; where none is named it stays as written.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

use crate::model::matter::Matter;
use crate::text;

/// Countries as people lists write them, beside the codes of ISO 3166.
const COUNTRIES: &[(&str, Region)] = &[
    ("uk", Region::GB),
    ("united kingdom", Region::GB),
    ("great britain", Region::GB),
    ("england", Region::GB),
    ("scotland", Region::GB),
    ("usa", Region::US),
    ("united states", Region::US),
    ("united states of america", Region::US),
    ("germany", Region::DE),
    ("deutschland", Region::DE),
    ("france", Region::FR),
    ("spain", Region::ES),
    ("españa", Region::ES),
    ("italy", Region::IT),
    ("italia", Region::IT),
    ("netherlands", Region::NL),
    ("nederland", Region::NL),
    ("belgium", Region::BE),
    ("switzerland", Region::CH),
    ("schweiz", Region::CH),
    ("suisse", Region::CH),
    ("austria", Region::AT),
    ("österreich", Region::AT),
    ("ireland", Region::IE),
    ("luxembourg", Region::LU),
    ("poland", Region::PL),
    ("polska", Region::PL),
    ("portugal", Region::PT),
    ("brazil", Region::BR),
    ("brasil", Region::BR),
    ("mexico", Region::MX),
    ("méxico", Region::MX),
    ("canada", Region::CA),
    ("australia", Region::AU),
    ("new zealand", Region::NZ),
    ("singapore", Region::SG),
    ("hong kong", Region::HK),
    ("china", Region::CN),
    ("中国", Region::CN),
    ("japan", Region::JP),
    ("日本", Region::JP),
    ("south korea", Region::KR),
    ("india", Region::IN),
    ("uae", Region::AE),
    ("united arab emirates", Region::AE),
    ("saudi arabia", Region::SA),
    ("qatar", Region::QA),
    ("turkey", Region::TR),
    ("türkiye", Region::TR),
    ("south africa", Region::ZA),
    ("sweden", Region::SE),
    ("norway", Region::NO),
    ("denmark", Region::DK),
    ("finland", Region::FI),
];

/// The country of a word: `GB`, `DE-BY`, `Germany`.
#[must_use]
fn country(word: &str) -> Option<Region> {
    let folded = text::folded(word);
    if let Some((_, region)) = COUNTRIES.iter().find(|(name, _)| *name == folded) {
        return Some(*region);
    }
    let code = word.trim().split('-').next().unwrap_or_default();
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic())).then(|| code.to_ascii_uppercase().parse().ok()).flatten()
}

/// A number made comparable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Digits with the country code where it is known, else as written.
    pub digits: String,
    /// Whether the country code is written in the number.
    pub international: bool,
    /// Whether a country code was added by the country of the matter or of the person.
    pub assumed_country: bool,
}

/// How numbers without a country code are read.
#[derive(Debug, Clone, Default)]
pub struct Phones {
    default: Option<Region>,
    regions: Vec<(String, Region)>,
}

impl Phones {
    /// By the calendar of the matter.
    #[must_use]
    pub fn new(matter: &Matter) -> Self {
        let regions = matter.calendar.regions.iter().filter_map(|r| Some((text::folded(&r.region), country(&r.country)?))).collect();
        Self { default: country(&matter.calendar.country), regions }
    }

    /// A number; `region` as on the people list, empty where there is none. `None` when it is no phone number.
    #[must_use]
    pub fn read(&self, raw: &str, region: &str) -> Option<Number> {
        if !may_be_number(raw) {
            return None;
        }
        let plain = text::phone(raw);
        let international = plain.as_ref().map_or_else(|| raw.trim_start().starts_with('+'), |p| p.starts_with('+'));
        let digits = |p: &str| p.trim_start_matches('+').to_owned();
        let folded = text::folded(region);
        let stated = self.regions.iter().find(|(name, _)| *name == folded).map(|(_, r)| *r).or_else(|| country(region)).or(self.default);
        // What reads as international by its `00` must not be read with the exit code of another country.
        let given = plain.as_deref().filter(|_| international && !raw.trim_start().starts_with('+')).unwrap_or(raw);
        let parsed = if international { PHONE_NUMBER_UTIL.parse(given, None).ok() } else { stated.and_then(|r| PHONE_NUMBER_UTIL.parse(given, Some(r)).ok()) };
        if let Some(number) = parsed.filter(|n| PHONE_NUMBER_UTIL.is_possible_number(n)) {
            let found = digits(&PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164));
            // A number of a messenger without `+` has its country code already.
            if international || plain.as_deref() != Some(found.as_str()) {
                return Some(Number { digits: found, international, assumed_country: !international });
            }
        }
        plain.map(|p| Number { digits: digits(&p), international, assumed_country: false })
    }
}

/// Whether a text can be a number at all: digits, what stands between them, and an extension. Ids and names are not.
fn may_be_number(raw: &str) -> bool {
    let raw = raw.trim();
    let digits = raw.chars().filter(char::is_ascii_digit).count();
    if raw.len() > 40 || !(7..=20).contains(&digits) {
        return false;
    }
    let lower = raw.to_lowercase();
    let head = lower.strip_prefix("tel:").unwrap_or(&lower);
    let head = ["ext", "x"].iter().find_map(|mark| head.split_once(mark)).map_or(head, |(head, _)| head);
    !head.chars().any(char::is_alphabetic) && !head.contains(['@', '_', '#', ':'])
}

/// Whether two numbers can be one where one lacks its country code: the shorter, with or without its leading zero, ends the longer.
#[must_use]
pub fn same_but_for_country(a: &Number, b: &Number) -> bool {
    if a.digits == b.digits || a.international == b.international {
        return false;
    }
    let (long, short) = if a.international { (a, b) } else { (b, a) };
    // Not every country puts a zero before its numbers; where one does, it is left out after the country code.
    [short.digits.as_str(), short.digits.strip_prefix('0').unwrap_or_default()]
        .iter()
        .any(|n| n.len() >= 8 && (1..=4).contains(&long.digits.len().saturating_sub(n.len())) && long.digits.ends_with(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matter(country: &str) -> Matter {
        let mut matter = Matter::default();
        matter.calendar.country = country.into();
        matter
    }

    fn digits(phones: &Phones, raw: &str, region: &str) -> Option<String> {
        phones.read(raw, region).map(|n| n.digits)
    }

    #[test]
    fn one_number_is_one_however_written() {
        let phones = Phones::new(&matter("GB"));
        for raw in [
            "+44 7700 900142",
            "+44 (0)7700 900142",
            "0044 7700 900142",
            "07700 900142",
            "07700-900142",
            "+44 7700 900142 ext. 5",
            "\u{202a}+44\u{a0}7700 900142\u{202c}",
        ] {
            assert_eq!(digits(&phones, raw, "").as_deref(), Some("447700900142"), "{raw}");
        }
        assert_eq!(digits(&phones, "447700900142", "").as_deref(), Some("447700900142"), "as messengers write it");
        assert!(phones.read("07700 900142", "").unwrap().assumed_country);
        assert!(!phones.read("+44 7700 900142", "").unwrap().assumed_country);
    }

    #[test]
    fn the_region_of_the_person_goes_before_the_country_of_the_matter() {
        let mut matter = matter("GB");
        matter.calendar.regions.push(crate::model::matter::RegionDays { region: "Berlin".into(), country: "DE".into(), ..Default::default() });
        let phones = Phones::new(&matter);
        assert_eq!(digits(&phones, "030 90 18 20", "Berlin").as_deref(), Some("4930901820"));
        assert_eq!(digits(&phones, "030 90 18 20", "Germany").as_deref(), Some("4930901820"));
    }

    #[test]
    fn without_a_country_a_number_stays_as_written() {
        let phones = Phones::default();
        let (short, long) = (phones.read("07700 900142", "London").unwrap(), phones.read("+44 7700 900142", "").unwrap());
        assert_eq!(short.digits, "07700900142");
        assert!(same_but_for_country(&short, &long) && same_but_for_country(&long, &short));
        let other = phones.read("+44 7700 900143", "").unwrap();
        assert!(!same_but_for_country(&short, &other) && !same_but_for_country(&other, &long));
    }

    #[test]
    fn names_and_ids_are_no_numbers() {
        let phones = Phones::new(&matter("GB"));
        for raw in ["user720000500", "Ana 5551234", "U0MQ00012", "wx_1234567", "12345", "", "1990000000@g.us"] {
            assert_eq!(phones.read(raw, ""), None, "{raw}");
        }
        // What the library was built for: a hostile text is refused, not a panic.
        for raw in ["+".repeat(40), "0".repeat(20), "+999 999 999 999".into(), "(((((((1234567".into()] {
            let _ = phones.read(&raw, "");
        }
    }
}
