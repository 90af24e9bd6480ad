//! `matter.toml`: scope, policy, channel register, rules, holds, calendar, work, privacy, decisions. Every error names its field, its line and
//! what would be right.

mod calendar;
mod decisions;
mod explained;
mod policy;
mod value;

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::Matter;
use crate::model::roster::ListReading;
use crate::text::clean_name;
use crate::time::Zone;

pub use decisions::VERDICTS;

/// The weekdays, Monday first, as written in the file.
pub const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const SECTIONS: [&str; 13] =
    ["matter", "policy", "rule", "hold", "channel", "calendar", "region", "work", "privacy", "identity", "class", "explained", "mapping"];
/// Sections that may stand several times.
const LISTS: [&str; 8] = ["rule", "hold", "channel", "region", "identity", "class", "explained", "mapping"];
/// Lists longer than this are a mistake.
const LIST: usize = 100_000;

type Value<'a> = Spanned<DeValue<'a>>;

/// Reads a `matter.toml`. Lists (people, clients …) are other files and stay empty, and openings of text are never read from here.
/// Errors: one sentence each, in order of lines.
pub fn matter(name: &str, text: &str) -> Result<Matter, Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut file = File { name: clean_name(name), errors: Vec::new(), remarks: Vec::new() };
    let (root, faults) = DeTable::parse_recoverable(text);
    for fault in faults {
        let at = fault.span().map_or(0, |s| s.start);
        let what = fault.message().replace('\n', ", ");
        file.errors.push((at, format!("this is not valid TOML ({what})")));
    }
    let mut matter = Matter::default();
    if file.errors.is_empty() {
        file.root(root.get_ref(), &mut matter);
    }
    if !file.errors.is_empty() {
        file.errors.sort();
        file.errors.dedup();
        let line = |at: usize| text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1;
        return Err(file.errors.iter().map(|(at, what)| format!("{}, line {}: {what}.", file.name, line(*at))).collect());
    }
    if !file.remarks.is_empty() {
        matter.readings.push(ListReading { name: file.name, remarks: file.remarks, list: "matter".to_owned(), ..ListReading::default() });
    }
    Ok(matter)
}

/// What is being read, and what was wrong or odd so far.
struct File {
    name: String,
    errors: Vec<(usize, String)>,
    remarks: Vec<String>,
}

impl File {
    fn root(&mut self, root: &DeTable<'_>, matter: &mut Matter) {
        for (key, value) in root {
            let section = key.get_ref().as_ref();
            if LISTS.contains(&section) {
                self.each(section, key, value, matter);
                continue;
            }
            match (section, value.get_ref().as_table()) {
                ("matter", Some(t)) => self.matter(t, matter),
                ("policy", Some(t)) => self.policy(t, matter),
                ("calendar", Some(t)) => self.calendar(t, matter),
                ("work", Some(t)) => self.work(t, matter),
                ("privacy", Some(t)) => self.privacy(t, matter),
                (known, None) if SECTIONS.contains(&known) => self.wrong(&key.span(), format!("{known} is a section; write [{known}] on a line of its own")),
                _ => self.unknown(key, "section", &SECTIONS),
            }
        }
    }

    /// The sections of one name that may stand several times.
    fn each(&mut self, section: &str, key: &Spanned<std::borrow::Cow<'_, str>>, value: &Value<'_>, matter: &mut Matter) {
        let Some(list) = value.get_ref().as_array().filter(|a| a.len() <= LIST) else {
            return self.wrong(&key.span(), format!("a {section} is one of a list; write [[{section}]] with two brackets"));
        };
        for one in list {
            let Some(table) = one.get_ref().as_table() else {
                self.wrong(&one.span(), format!("a {section} is a section of its own; write [[{section}]] and its keys below"));
                continue;
            };
            match section {
                "rule" => self.rule(table, &one.span(), matter),
                "hold" => self.hold(table, &one.span(), matter),
                "channel" => self.channel(table, &one.span(), matter),
                "region" => self.region(table, &one.span(), matter),
                "identity" => self.identity(table, &one.span(), matter),
                "class" => self.class(table, &one.span(), matter),
                "explained" => self.explained(table, &one.span(), matter),
                _ => self.mapping(table, &one.span(), matter),
            }
        }
    }

    /// Keys a section cannot do without.
    fn needs(&mut self, section: &str, table: &DeTable<'_>, span: &Range<usize>, keys: &[(&str, &str)]) {
        for (key, example) in keys {
            if !table.contains_key(*key) {
                self.wrong(span, format!("this [[{section}]] has no {key}; write {key} = {example}"));
            }
        }
    }

    fn matter(&mut self, table: &DeTable<'_>, matter: &mut Matter) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => matter.name = self.name("matter.name", value),
                "zone" => {
                    let Some(zone) = self.string("matter.zone", value) else { continue };
                    match Zone::named(&zone) {
                        Some(_) => matter.zone = zone,
                        None => {
                            self.wrong(&value.span(), format!("matter.zone \"{}\" is no time zone; write one such as \"Europe/London\"", clean_name(&zone)))
                        }
                    }
                }
                "from" => matter.scope.from = self.day("matter.from", value),
                "to" => matter.scope.to = self.day("matter.to", value),
                "as_of" => matter.scope.as_of = self.day("matter.as_of", value),
                "channels" => matter.scope.channels = self.slugs("matter.channels", value),
                "week_start" => matter.calendar.week_start = self.weekday("matter.week_start", value).unwrap_or(0),
                "own_domains" => {
                    for (text, span) in self.strings("matter.own_domains", value) {
                        let domain = text.trim().trim_start_matches('@').to_lowercase();
                        if domain.contains('.') && !domain.contains(['@', '/', ' ']) {
                            matter.own_domains.push(clean_name(&domain));
                        } else {
                            self.wrong(&span, format!("matter.own_domains: \"{}\" is no mail domain; write one such as \"firm.example\"", clean_name(&text)));
                        }
                    }
                }
                _ => self.unknown(key, "key in [matter]", &["name", "zone", "from", "to", "as_of", "channels", "week_start", "own_domains"]),
            }
        }
        let s = &matter.scope;
        if s.from.zip(s.to).is_some_and(|(from, to)| to < from)
            && let Some(from) = table.get("from")
        {
            self.wrong(&from.span(), "matter.to lies before matter.from; exchange the two dates".to_owned());
        }
    }
}
