//! Values of a settings file by kind. What is of another kind is an error that names the field and says what would be right.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeValue};

use super::{DAYS, File, LIST, Value};
use crate::import::delimited::platform;
use crate::text::{clean, clean_name, in_url};
use crate::time;

/// Longest text kept, in bytes: a reason may be a paragraph.
const TEXT: usize = 4_000;

impl File {
    pub(super) fn wrong(&mut self, span: &Range<usize>, what: String) {
        if self.errors.len() < 100 {
            self.errors.push((span.start, what));
        }
    }

    /// A key or section nobody knows, with what may have been meant.
    pub(super) fn unknown(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, kind: &str, known: &[&str]) {
        let written = clean_name(key.get_ref());
        let near = known.iter().map(|k| (distance(&written.to_lowercase(), k), *k)).min().filter(|(d, k)| *d <= 2.max(k.len() / 3));
        let advice = near.map_or_else(|| format!("known are: {}", known.join(", ")), |(_, k)| format!("did you mean \"{k}\"?"));
        self.wrong(&key.span(), format!("unknown {kind} \"{written}\"; {}", advice.trim_end_matches('.')));
    }

    /// Text as written.
    pub(super) fn string(&mut self, field: &str, value: &Value<'_>) -> Option<String> {
        let found = value.get_ref().as_str();
        if found.is_none() {
            self.wrong(&value.span(), format!("{field} must be text in quotes, not {}", kind(value.get_ref())));
        }
        found.map(str::to_owned)
    }

    pub(super) fn truth(&mut self, field: &str, value: &Value<'_>) -> Option<bool> {
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong(&value.span(), format!("{field} must be true or false, not {}", kind(value.get_ref())));
        }
        found
    }

    pub(super) fn whole(&mut self, field: &str, value: &Value<'_>, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let found = value.get_ref().as_integer().and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok()).filter(|n| range.contains(n));
        if found.is_none() {
            self.wrong(&value.span(), format!("{field} must be a whole number from {} to {}", range.start(), range.end()));
        }
        found
    }

    pub(super) fn array<'v>(&mut self, field: &str, value: &'v Value<'_>) -> Option<&'v DeArray<'v>> {
        let found = value.get_ref().as_array().filter(|a| a.len() <= LIST);
        if found.is_none() {
            self.wrong(&value.span(), format!("{field} must be a list in brackets, not {}", kind(value.get_ref())));
        }
        found
    }

    pub(super) fn strings(&mut self, field: &str, value: &Value<'_>) -> Vec<(String, Range<usize>)> {
        let Some(list) = self.array(field, value) else { return Vec::new() };
        list.iter().filter_map(|v| Some((self.string(field, v)?, v.span()))).collect()
    }

    pub(super) fn day(&mut self, field: &str, value: &Value<'_>) -> Option<i32> {
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

    pub(super) fn weekday(&mut self, field: &str, value: &Value<'_>) -> Option<u8> {
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

    /// A name for people: cleaned and bounded; empty when it is not text.
    pub(super) fn name(&mut self, field: &str, value: &Value<'_>) -> String {
        self.string(field, value).map(|s| clean_name(&s)).unwrap_or_default()
    }

    /// A sentence or paragraph for people: cleaned, and bounded further out.
    pub(super) fn text(&mut self, field: &str, value: &Value<'_>) -> String {
        self.string(field, value).map(|s| clean(&s, TEXT)).unwrap_or_default()
    }

    /// A key of another system, kept letter by letter.
    pub(super) fn key(&mut self, field: &str, value: &Value<'_>) -> String {
        let found = self.string(field, value).unwrap_or_default();
        if found.len() > TEXT {
            self.wrong(&value.span(), format!("{field} is longer than {TEXT} bytes"));
        }
        found
    }

    /// Names in a list.
    pub(super) fn names(&mut self, field: &str, value: &Value<'_>) -> Vec<String> {
        self.strings(field, value).into_iter().map(|(s, _)| clean_name(&s)).filter(|s| !s.is_empty()).collect()
    }

    /// The slug of one channel; an empty one is an error.
    pub(super) fn slug(&mut self, field: &str, value: &Value<'_>) -> String {
        let written = self.string(field, value).unwrap_or_default();
        if written.trim().is_empty() {
            self.wrong(&value.span(), format!("{field} is empty; write one such as \"whatsapp\""));
        }
        platform::slug(&written)
    }

    /// Slugs of channels in a list.
    pub(super) fn slugs(&mut self, field: &str, value: &Value<'_>) -> Vec<String> {
        let written = self.strings(field, value);
        written.into_iter().filter(|(s, _)| !s.trim().is_empty()).map(|(s, _)| platform::slug(&s)).collect()
    }

    /// One of a few words.
    pub(super) fn word(&mut self, field: &str, value: &Value<'_>, known: &[&'static str]) -> Option<&'static str> {
        let written = self.string(field, value)?;
        let found = known.iter().find(|k| k.eq_ignore_ascii_case(written.trim())).copied();
        if found.is_none() {
            let known = known
                .split_last()
                .map_or_else(String::new, |(last, head)| if head.is_empty() { (*last).to_owned() } else { format!("{} or {last}", head.join(", ")) });
            self.wrong(&value.span(), format!("{field} \"{}\" must be {known}", clean_name(&written)));
        }
        found
    }

    /// Days in a list, in order, each once.
    pub(super) fn days(&mut self, field: &str, value: &Value<'_>) -> Vec<i32> {
        let Some(list) = self.array(field, value) else { return Vec::new() };
        let mut days: Vec<i32> = list.iter().filter_map(|v| self.day(field, v)).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Weekdays in a list that leave one to work.
    pub(super) fn weekend(&mut self, field: &str, value: &Value<'_>) -> Vec<u8> {
        let Some(list) = self.array(field, value) else { return Vec::new() };
        let mut days: Vec<u8> = list.iter().filter_map(|v| self.weekday(field, v)).collect();
        days.sort_unstable();
        days.dedup();
        if days.len() == 7 {
            self.wrong(&value.span(), format!("{field} leaves no day to work"));
        }
        days
    }

    /// A country, or a part of one with holidays of its own: `GB`, `GB-SCT`, `DE-BY`.
    pub(super) fn country(&mut self, field: &str, value: &Value<'_>) -> String {
        let written = self.name(field, value);
        let code = written.to_ascii_uppercase();
        let (country, part) = code.split_once('-').map_or((code.as_str(), None), |(c, p)| (c, Some(p)));
        let fine = country.len() == 2
            && country.bytes().all(|b| b.is_ascii_uppercase())
            && part.is_none_or(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
        if !fine && !written.is_empty() {
            self.wrong(&value.span(), format!("{field} \"{written}\" is no country code; write one such as \"GB\" or \"DE-BY\""));
        }
        if fine { code } else { String::new() }
    }

    /// An address of the web; nothing else is ever opened from a page.
    pub(super) fn url(&mut self, field: &str, value: &Value<'_>) -> String {
        let written = self.string(field, value).unwrap_or_default();
        let url = written.trim();
        let fine = url.is_empty() || url.len() <= 2_000 && (url.starts_with("https://") || url.starts_with("http://")) && url.chars().all(in_url);
        if !fine {
            self.wrong(&value.span(), format!("{field} must be an address that starts with https://"));
        }
        if fine { url.to_owned() } else { String::new() }
    }
}

/// A number of either kind.
pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
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
