//! When work is done, when a conversation is work, and what may be seen.

use std::ops::Range;

use toml::de::DeTable;

use super::File;
use super::value::number;
use crate::model::Matter;
use crate::model::matter::{Division, RegionDays};

impl File {
    pub(super) fn calendar(&mut self, table: &DeTable<'_>, matter: &mut Matter) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "country" => matter.calendar.country = self.country("calendar.country", value),
                "holidays" => matter.calendar.holidays = self.days("calendar.holidays", value),
                "weekend" => (matter.calendar.weekend, matter.calendar.weekend_stated) = (self.weekend("calendar.weekend", value), true),
                _ => self.unknown(key, "key in [calendar]", &["country", "holidays", "weekend"]),
            }
        }
    }

    pub(super) fn region(&mut self, table: &DeTable<'_>, span: &Range<usize>, matter: &mut Matter) {
        let mut region = RegionDays::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "region" => {
                    region.region = self.name("region.region", value);
                    if region.region.is_empty() {
                        self.wrong(&value.span(), "region.region is empty; write it as on the people list".to_owned());
                    } else if matter.calendar.regions.iter().any(|r| r.region == region.region) {
                        self.wrong(&value.span(), format!("the region \"{}\" is stated twice; keep one of the two sections", region.region));
                    }
                }
                "country" => region.country = self.country("region.country", value),
                "weekend" => region.weekend = self.weekend("region.weekend", value),
                "holidays" => region.holidays = self.days("region.holidays", value),
                _ => self.unknown(key, "key in [[region]]", &["region", "country", "weekend", "holidays"]),
            }
        }
        self.needs("region", table, span, &[("region", "\"London\", as on the people list")]);
        matter.calendar.regions.push(region);
    }

    pub(super) fn work(&mut self, table: &DeTable<'_>, matter: &mut Matter) {
        for (key, value) in table {
            let (field, slot) = match key.get_ref().as_ref() {
                "client" => ("work.client", &mut matter.work.client),
                "service" => ("work.service", &mut matter.work.service),
                "employees" => ("work.employees", &mut matter.work.employees),
                "text" => ("work.text", &mut matter.work.text),
                "threshold" => {
                    match number(value.get_ref()) {
                        Some(share) if (0.0..=1.0).contains(&share) => matter.work.threshold = share,
                        _ => self.wrong(&value.span(), "work.threshold must be a share from 0 to 1, such as 0.2".to_owned()),
                    }
                    continue;
                }
                _ => {
                    self.unknown(key, "key in [work]", &["client", "service", "employees", "text", "threshold"]);
                    continue;
                }
            };
            if let Some(yes) = self.truth(field, value) {
                *slot = yes;
            }
        }
    }

    pub(super) fn privacy(&mut self, table: &DeTable<'_>, matter: &mut Matter) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "mode" => {
                    if let Some(mode) = self.word("privacy.mode", value, &["flow", "content"]) {
                        matter.privacy.content = mode == "content";
                    }
                }
                "min_group" => {
                    if let Some(n) = self.whole("privacy.min_group", value, 1..=1_000_000) {
                        matter.privacy.min_group = n;
                    }
                }
                "pseudonyms" => {
                    if let Some(yes) = self.truth("privacy.pseudonyms", value) {
                        matter.privacy.pseudonyms = yes;
                    }
                }
                "division" => {
                    let known = Division::ALL.map(Division::word);
                    if let Some(division) = self.word("privacy.division", value, &known).and_then(Division::of) {
                        matter.privacy.division = division;
                    }
                }
                _ => self.unknown(key, "key in [privacy]", &["mode", "min_group", "pseudonyms", "division"]),
            }
        }
    }
}
