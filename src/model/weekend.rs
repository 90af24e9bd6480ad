//! The weekend of countries where it is not, or was not always, Saturday and Sunday.
//!
//! Source: the Python package `holidays` 0.109 (MIT, Vacanza Team), `weekend` and `_get_weekend` of the files of these countries, compared on
//! 2026-11-23; it cites for the United Arab Emirates time.com/6126260 (Saturday and Sunday from 1 January 2022), for Kuwait
//! arabnews.com/node/298933 (Friday and Saturday from 1 September 2007), for Qatar 1 August 2003, for Saudi Arabia 28 June 2013. Only countries
//! that the table of holidays has (`analysis/holidays.txt`) stand here; of the others of that table the package names Saturday and Sunday.
//! States of Malaysia with a weekend of their own (Kedah, Kelantan, Terengganu) are not in the table: state theirs for the office.

/// Saturday and Sunday, 0 = Monday.
pub const USUAL: [u8; 2] = [5, 6];

const THU_FRI: [u8; 2] = [3, 4];
const FRI_SAT: [u8; 2] = [4, 5];

/// One country: first days of each weekend (days since 1970-01-01), the first of all time before any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekend {
    /// Code, `SA`.
    pub code: &'static str,
    /// Name for people, `Saudi Arabia`.
    pub name: &'static str,
    /// From when, which days.
    spells: &'static [(i32, [u8; 2])],
}

const TABLE: &[Weekend] = &[
    // 18993: 2022-01-01.
    Weekend { code: "AE", name: "United Arab Emirates", spells: &[(i32::MIN, FRI_SAT), (18_993, USUAL)] },
    Weekend { code: "BH", name: "Bahrain", spells: &[(i32::MIN, FRI_SAT)] },
    Weekend { code: "IL", name: "Israel", spells: &[(i32::MIN, FRI_SAT)] },
    // 13757: 2007-09-01.
    Weekend { code: "KW", name: "Kuwait", spells: &[(i32::MIN, THU_FRI), (13_757, FRI_SAT)] },
    // 12265: 2003-08-01.
    Weekend { code: "QA", name: "Qatar", spells: &[(i32::MIN, THU_FRI), (12_265, FRI_SAT)] },
    // 15884: 2013-06-28.
    Weekend { code: "SA", name: "Saudi Arabia", spells: &[(i32::MIN, THU_FRI), (15_884, FRI_SAT)] },
];

/// All of them.
#[must_use]
pub fn all() -> &'static [Weekend] {
    TABLE
}

/// The weekend of a country, by its code or name; `None` where it is Saturday and Sunday, or nobody knows the country.
#[must_use]
pub fn of(country: &str) -> Option<&'static Weekend> {
    let written = country.trim();
    let code = if written.eq_ignore_ascii_case("UAE") { "AE" } else { written };
    TABLE.iter().find(|w| w.code.eq_ignore_ascii_case(code) || w.name.eq_ignore_ascii_case(code))
}

impl Weekend {
    /// The days on which nobody works in the week of a day (days since 1970-01-01), 0 = Monday.
    #[must_use]
    pub fn on(&self, day: i32) -> [u8; 2] {
        self.spells.iter().rev().find(|(from, _)| day >= *from).map_or(USUAL, |(_, days)| *days)
    }

    /// The days now, and since when; `None` = always.
    #[must_use]
    pub fn now(&self) -> ([u8; 2], Option<i32>) {
        self.spells.last().map_or((USUAL, None), |(from, days)| (*days, Some(*from).filter(|d| *d > i32::MIN)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_day;

    #[test]
    fn weekends_changed_on_known_days() {
        let on = |country: &str, day: &str| of(country).unwrap().on(parse_day(day).unwrap());
        assert_eq!([on("AE", "2021-12-31"), on("uae", "2022-01-01")], [FRI_SAT, USUAL]);
        assert_eq!([on("SA", "2013-06-27"), on("Saudi Arabia", "2013-06-28")], [THU_FRI, FRI_SAT]);
        assert_eq!([on("KW", "2007-08-31"), on("KW", "2007-09-01")], [THU_FRI, FRI_SAT]);
        assert_eq!([on("QA", "2003-07-31"), on("QA", "2003-08-01")], [THU_FRI, FRI_SAT]);
        assert_eq!([on("IL", "1995-01-01"), on("BH", "2026-01-01")], [FRI_SAT; 2]);
        assert_eq!((of("GB"), of(""), of("Atlantis")), (None, None, None));
        assert_eq!(of("AE").unwrap().now(), (USUAL, parse_day("2022-01-01")));
    }
}
