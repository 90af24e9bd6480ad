//! `matter.toml`: scope, policy, channel register, calendar, privacy. Every error names its line and what would be right.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::column;
use crate::import::delimited::platform;
use crate::model::Matter;
use crate::model::matter::{ChannelRule, ChannelStatus};
use crate::model::roster::ListReading;
use crate::text::{clean_name, phone};
use crate::time::{self, Zone};

/// The weekdays, Monday first, as written in the file.
pub const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const SECTIONS: [&str; 5] = ["matter", "policy", "channel", "calendar", "privacy"];
/// Lists longer than this are a mistake.
const LIST: usize = 100_000;

type Value<'a> = Spanned<DeValue<'a>>;

/// Reads a `matter.toml`. Lists (people, clients …) are other files and stay empty. Errors: one sentence each, in order of lines.
pub fn matter(name: &str, text: &str) -> Result<Matter, Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut file = File { name: clean_name(name), text, errors: Vec::new(), remarks: Vec::new() };
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
        matter.readings.push(ListReading { name: file.name, remarks: file.remarks, ..ListReading::default() });
    }
    Ok(matter)
}

struct File<'t> {
    name: String,
    text: &'t str,
    errors: Vec<(usize, String)>,
    remarks: Vec<String>,
}

impl File<'_> {
    fn wrong(&mut self, span: &Range<usize>, what: String) {
        if self.errors.len() < 100 {
            self.errors.push((span.start, what));
        }
    }

    fn root(&mut self, root: &DeTable<'_>, matter: &mut Matter) {
        for (key, value) in root {
            let section = key.get_ref().as_ref();
            let table = value.get_ref().as_table();
            match (section, table) {
                ("matter", Some(t)) => self.matter(t, matter),
                ("policy", Some(t)) => self.policy(t, matter),
                ("calendar", Some(t)) => self.calendar(t, matter),
                ("privacy", Some(t)) => self.privacy(t, matter),
                ("channel", None) if value.get_ref().is_array() => {
                    for one in value.get_ref().as_array().into_iter().flatten() {
                        match one.get_ref().as_table() {
                            Some(t) => self.channel(t, &one.span(), matter),
                            None => self.wrong(&one.span(), "a channel is a section of its own; write [[channel]] and its keys below".to_owned()),
                        }
                    }
                }
                ("channel", _) => self.wrong(&key.span(), "channels are a list; write [[channel]] with two brackets".to_owned()),
                (known, None) if SECTIONS.contains(&known) => self.wrong(&key.span(), format!("{known} is a section; write [{known}] on a line of its own")),
                _ => self.unknown(key, "section", &SECTIONS),
            }
        }
        let s = &matter.scope;
        if s.from.zip(s.to).is_some_and(|(from, to)| to < from) {
            let at = self.text.find("from").unwrap_or(0);
            self.wrong(&(at..at), "matter.to lies before matter.from; exchange the two dates".to_owned());
        }
    }

    fn unknown(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, kind: &str, known: &[&str]) {
        let written = clean_name(key.get_ref());
        let near = known.iter().map(|k| (distance(&written.to_lowercase(), k), *k)).min().filter(|(d, k)| *d <= 2.max(k.len() / 3));
        let advice = near.map_or_else(|| format!("known are: {}", known.join(", ")), |(_, k)| format!("did you mean \"{k}\"?"));
        self.wrong(&key.span(), format!("unknown {kind} \"{written}\"; {}", advice.trim_end_matches('.')));
    }

    fn matter(&mut self, table: &DeTable<'_>, matter: &mut Matter) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => matter.name = self.string("matter.name", value).map(|s| clean_name(&s)).unwrap_or_default(),
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
                "week_start" => matter.calendar.week_start = self.weekday("matter.week_start", value).unwrap_or(0),
                "own_domains" => {
                    for (text, span) in self.strings("matter.own_domains", value) {
                        let domain = text.trim().trim_start_matches('@').to_lowercase();
                        if domain.contains('.') && !domain.contains(['@', '/', ' ']) {
                            matter.own_domains.push(domain);
                        } else {
                            self.wrong(&span, format!("matter.own_domains: \"{}\" is no mail domain; write one such as \"firm.example\"", clean_name(&text)));
                        }
                    }
                }
                _ => self.unknown(key, "key in [matter]", &["name", "zone", "from", "to", "as_of", "week_start", "own_domains"]),
            }
        }
    }

    fn policy(&mut self, table: &DeTable<'_>, matter: &mut Matter) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "presets" => {
                    let presets = self.strings("policy.presets", value);
                    matter.policy.presets = presets.into_iter().map(|(s, _)| clean_name(&s)).filter(|s| !s.is_empty()).collect();
                }
                "tolerance_days" => {
                    if let Some(n) = self.whole("policy.tolerance_days", value, 0..=366) {
                        matter.policy.tolerance_days = n;
                    }
                }
                "alpha" => match number(value.get_ref()) {
                    Some(alpha) if alpha > 0.0 && alpha <= 0.5 => matter.policy.alpha = alpha,
                    _ => self.wrong(&value.span(), "policy.alpha must be a number above 0 and up to 0.5, such as 0.0001".to_owned()),
                },
                _ => self.unknown(key, "key in [policy]", &["presets", "tolerance_days", "alpha"]),
            }
        }
    }

    fn channel(&mut self, table: &DeTable<'_>, span: &Range<usize>, matter: &mut Matter) {
        let mut rule = ChannelRule::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => {
                    let id = self.string("channel.id", value).unwrap_or_default();
                    let slug = platform::slug(&id);
                    if id.trim().is_empty() {
                        self.wrong(&value.span(), "channel.id is empty; write one such as \"whatsapp\"".to_owned());
                    } else if matter.policy.channels.iter().any(|c| c.id == slug) {
                        self.wrong(&value.span(), format!("the channel \"{slug}\" is stated twice; keep one of the two sections"));
                    }
                    rule.id = slug;
                }
                "status" => {
                    let word = self.string("channel.status", value).unwrap_or_default();
                    rule.status = match word.to_ascii_lowercase().as_str() {
                        "approved" => ChannelStatus::Approved,
                        "tolerated" => ChannelStatus::Tolerated,
                        "prohibited" => ChannelStatus::Prohibited,
                        "unknown" => ChannelStatus::Unknown,
                        _ => {
                            self.wrong(&value.span(), format!("channel.status \"{}\" must be approved, tolerated or prohibited", clean_name(&word)));
                            continue;
                        }
                    };
                }
                "captured" => rule.captured = self.truth("channel.captured", value),
                "accounts" => rule.accounts = self.strings("channel.accounts", value).into_iter().map(|(s, _)| account(&s)).filter(|s| !s.is_empty()).collect(),
                "adopted" => rule.adopted = self.day("channel.adopted", value),
                _ => self.unknown(key, "key in [[channel]]", &["id", "status", "captured", "accounts", "adopted"]),
            }
        }
        if !table.contains_key("id") {
            self.wrong(span, "this [[channel]] has no id; write id = \"whatsapp\" or another channel".to_owned());
        }
        matter.policy.channels.push(rule);
    }

    fn calendar(&mut self, table: &DeTable<'_>, matter: &mut Matter) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "country" => {
                    if let Some(country) = self.string("calendar.country", value) {
                        let country = clean_name(&country);
                        self.remarks.push(format!("calendar.country = \"{country}\": holidays by country come later; list the days under calendar.holidays."));
                    }
                }
                "holidays" => {
                    let Some(list) = self.array("calendar.holidays", value) else { continue };
                    let mut days: Vec<i32> = list.iter().filter_map(|v| self.day("calendar.holidays", v)).collect();
                    days.sort_unstable();
                    days.dedup();
                    matter.calendar.holidays = days;
                }
                "weekend" => {
                    let Some(list) = self.array("calendar.weekend", value) else { continue };
                    let mut days: Vec<u8> = list.iter().filter_map(|v| self.weekday("calendar.weekend", v)).collect();
                    days.sort_unstable();
                    days.dedup();
                    if days.len() == 7 {
                        self.wrong(&value.span(), "calendar.weekend leaves no day to work".to_owned());
                    }
                    matter.calendar.weekend = days;
                }
                _ => self.unknown(key, "key in [calendar]", &["country", "holidays", "weekend"]),
            }
        }
    }

    fn privacy(&mut self, table: &DeTable<'_>, matter: &mut Matter) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "mode" => match self.string("privacy.mode", value).as_deref() {
                    Some("flow") => matter.privacy.content = false,
                    Some("content") => matter.privacy.content = true,
                    Some(other) => {
                        let other = clean_name(other);
                        self.wrong(&value.span(), format!("privacy.mode \"{other}\" must be flow or content"));
                    }
                    None => {}
                },
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
                _ => self.unknown(key, "key in [privacy]", &["mode", "min_group", "pseudonyms"]),
            }
        }
    }

    fn string(&mut self, field: &str, value: &Value<'_>) -> Option<String> {
        let found = value.get_ref().as_str();
        if found.is_none() {
            self.wrong(&value.span(), format!("{field} must be text in quotes, not {}", kind(value.get_ref())));
        }
        found.map(str::to_owned)
    }

    fn truth(&mut self, field: &str, value: &Value<'_>) -> Option<bool> {
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong(&value.span(), format!("{field} must be true or false, not {}", kind(value.get_ref())));
        }
        found
    }

    fn whole(&mut self, field: &str, value: &Value<'_>, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let found = value.get_ref().as_integer().and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok()).filter(|n| range.contains(n));
        if found.is_none() {
            self.wrong(&value.span(), format!("{field} must be a whole number from {} to {}", range.start(), range.end()));
        }
        found
    }

    fn array<'v>(&mut self, field: &str, value: &'v Value<'_>) -> Option<&'v DeArray<'v>> {
        let found = value.get_ref().as_array().filter(|a| a.len() <= LIST);
        if found.is_none() {
            self.wrong(&value.span(), format!("{field} must be a list in brackets, not {}", kind(value.get_ref())));
        }
        found
    }

    fn strings(&mut self, field: &str, value: &Value<'_>) -> Vec<(String, Range<usize>)> {
        let Some(list) = self.array(field, value) else { return Vec::new() };
        list.iter().filter_map(|v| Some((self.string(field, v)?, v.span()))).collect()
    }

    fn day(&mut self, field: &str, value: &Value<'_>) -> Option<i32> {
        let text = match value.get_ref() {
            DeValue::String(s) => s.to_string(),
            DeValue::Datetime(d) => d.date.map(|d| d.to_string()).unwrap_or_default(),
            _ => String::new(),
        };
        let day = time::parse_day(&text);
        if day.is_none() {
            self.wrong(&value.span(), format!("{field} must be a date such as 2026-01-31"));
        }
        day
    }

    fn weekday(&mut self, field: &str, value: &Value<'_>) -> Option<u8> {
        let named = value.get_ref().as_str().and_then(|s| {
            let word = s.trim().to_lowercase();
            (word.len() >= 2).then(|| DAYS.iter().position(|d| d.starts_with(&word)))?
        });
        let found = named.and_then(|n| u8::try_from(n).ok());
        let found = found.or_else(|| value.get_ref().as_integer().and_then(|n| n.as_str().parse().ok()).filter(|n| *n <= 6));
        if found.is_none() {
            self.wrong(&value.span(), format!("{field} must be a day such as \"monday\", or a number from 0 (Monday) to 6 (Sunday)"));
        }
        found
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Float(f) => f.as_str().parse().ok(),
        DeValue::Integer(n) => n.as_str().parse().ok(),
        _ => None,
    }
}

const fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

fn account(written: &str) -> String {
    column::email(written).or_else(|| phone(written)).unwrap_or_else(|| clean_name(written))
}

/// Edits that make one word the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, above) in b.chars().zip(row.iter().skip(1)) {
            let best = if x == y { corner } else { 1 + corner.min(left).min(*above) };
            corner = *above;
            left = best;
            next.push(best);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
