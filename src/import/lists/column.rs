//! Which column holds what, and reading cells: dates over a whole column, several addresses, phones and handles in one cell.

use super::headings::Target;
use super::table::{Row, Table};
use crate::import::DateOrder;
use crate::import::delimited::order::Orders;
use crate::import::delimited::{platform, when};
use crate::model::roster::ListReading;
use crate::text;

/// Most remarks of one kind that name their lines.
const NAMED_LINES: usize = 5;

/// The columns of a table, best first for each target. [`super::assign`] finds them.
#[derive(Debug, Default)]
pub struct Columns {
    /// Target, place among the columns of the target, column.
    pub all: Vec<(Target, usize, usize)>,
    /// Channel or empty, column.
    pub handles: Vec<(String, usize)>,
    /// Orders of day and month somebody stated.
    pub stated_orders: Vec<(usize, DateOrder)>,
    /// Columns that ask whether somebody is on leave.
    pub on_leave: Vec<usize>,
    orders: Vec<(usize, DateOrder)>,
    epoch: i32,
}

impl Columns {
    /// The field a column is read as, in the words of a mapping.
    pub fn field(&self, ix: usize) -> Option<String> {
        let target = self.all.iter().find(|(t, _, c)| *c == ix && *t != Target::Aside).map(|(t, _, _)| t.word().to_owned());
        let order = match self.stated_orders.iter().find(|(c, _)| *c == ix) {
            Some((_, DateOrder::Mdy)) => " month first",
            Some(_) => " day first",
            None => "",
        };
        let handle = || self.handles.iter().find(|(_, c)| *c == ix).map(|(channel, _)| format!("handles {channel}").trim().to_owned());
        target.map(|t| t + order).or_else(handle)
    }

    /// Whether a column of states asks only whether somebody is on leave.
    pub fn is_about_leave(&self, ix: usize) -> bool {
        self.on_leave.contains(&ix)
    }

    /// Whether nothing is read from a column yet.
    pub fn is_free(&self, ix: usize) -> bool {
        !self.all.iter().any(|(_, _, x)| *x == ix) && !self.handles.iter().any(|(_, x)| *x == ix)
    }

    /// Whether there is a column for it.
    pub fn has(&self, target: Target) -> bool {
        self.all.iter().any(|(t, _, _)| *t == target)
    }

    /// Column numbers for a target, best first.
    pub fn of(&self, target: Target) -> impl Iterator<Item = usize> + '_ {
        self.all.iter().filter(move |(t, _, _)| *t == target).map(|(_, _, ix)| *ix)
    }

    /// The first filled cell for a target, cleaned.
    pub fn text(&self, row: &Row, target: Target) -> String {
        self.of(target).map(|ix| row.cell(ix)).find(|c| !is_nothing(c)).map(text::clean_name).unwrap_or_default()
    }

    /// All e-mail addresses of a row, lower case, the primary one first; cells that hold none are told to `odd`.
    pub fn emails(&self, row: &Row, odd: impl FnMut(&str)) -> Vec<String> {
        self.addresses(row, Target::Email, odd)
    }

    /// The same for the addresses of one target.
    pub fn addresses(&self, row: &Row, target: Target, mut odd: impl FnMut(&str)) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for ix in self.of(target) {
            let cell = row.cell(ix);
            let mut any = false;
            let mut parts: Vec<&str> = cell.split([';', ',', '|', ' ', '\n', '\t']).filter(|p| !p.is_empty()).collect();
            // proxyAddresses: the primary address carries `SMTP:` in capitals.
            parts.sort_by_key(|p| !p.starts_with("SMTP:"));
            for part in parts {
                if let Some(mail) = email(part) {
                    any = true;
                    if !out.contains(&mail) {
                        out.push(mail);
                    }
                }
            }
            if !any && !is_nothing(cell) && cell.contains('@') {
                odd(cell);
            }
        }
        out
    }

    /// All phone numbers of a row.
    pub fn phones(&self, row: &Row) -> Vec<String> {
        let mut out = Vec::new();
        for cell in self.of(Target::Phone).map(|ix| row.cell(ix)) {
            for part in cell.split([';', ',', '|', '\n']) {
                let part = part.split(['x', 'X']).next().unwrap_or(part).trim().trim_start_matches("tel:").trim_start_matches('\'');
                if let Some(phone) = text::phone(part).filter(|p| !out.contains(p)) {
                    out.push(phone);
                }
            }
        }
        out
    }

    /// All handles of a row: (channel or empty, handle).
    pub fn handles(&self, row: &Row) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for (channel, ix) in &self.handles {
            for part in row.cell(*ix).split([';', '|', '\n']) {
                let part = part.trim();
                if is_nothing(part) {
                    continue;
                }
                let named = part.split_once(':').and_then(|(name, rest)| Some((platform::known(name)?, rest.trim())));
                let (channel, handle) = named.map_or((channel.as_str(), part), |(c, h)| (c, h));
                let entry = (channel.to_owned(), handle_key(channel, handle));
                if !entry.1.is_empty() && !out.contains(&entry) {
                    out.push(entry);
                }
            }
        }
        out
    }

    /// Decides the order of day and month of every date column, and says what could not be told.
    pub fn date_orders(&mut self, table: &Table, targets: &[Target], reading: &mut ListReading) {
        self.epoch = table.epoch;
        let columns: Vec<usize> = targets.iter().flat_map(|t| self.of(*t)).collect();
        let seen = |ix: usize| {
            let mut orders = Orders::default();
            let mut dots = false;
            for row in &table.rows {
                if let Some(w) = when::written(row.cell(ix).as_bytes()).filter(|w| !nothing_date(w)) {
                    orders.see(&w);
                    dots |= row.cell(ix).contains('.');
                }
            }
            (orders, dots)
        };
        let all: Vec<(usize, Orders, bool)> = columns.iter().map(|ix| (*ix, seen(*ix).0, seen(*ix).1)).collect();
        let proven = |o: &Orders| o.decide().filter(|(_, proven)| *proven).map(|(order, _)| order);
        let elsewhere = all.iter().find_map(|(_, o, _)| proven(o));
        for (ix, orders, dots) in &all {
            let heading = table.headings.get(*ix).map(|h| text::clean_name(h)).unwrap_or_default();
            if let Some((_, order)) = self.stated_orders.iter().find(|(c, _)| c == ix) {
                self.orders.push((*ix, *order));
                continue;
            }
            let order = match (proven(orders), elsewhere) {
                (Some(order), _) => order,
                (None, Some(order)) => order,
                (None, None) if *dots || orders.open == 0 => DateOrder::Dmy,
                (None, None) => {
                    reading.doubts.push((heading.clone(), "no date tells whether day or month comes first; read as day before month".to_owned()));
                    reading.remarks.push(format!(
                        "Column \"{heading}\": no date tells whether day or month comes first; read as day/month/year. Write dates as 2026-01-31 to be certain."
                    ));
                    DateOrder::Dmy
                }
            };
            self.orders.push((*ix, order));
        }
    }

    /// The first readable date for a target. `odd` hears of cells that hold something else.
    pub fn day(&self, row: &Row, target: Target, mut odd: impl FnMut(&str)) -> Option<i32> {
        for ix in self.of(target) {
            let cell = row.cell(ix);
            if is_nothing(cell) || cell == "0" {
                continue;
            }
            let order = self.orders.iter().find(|(c, _)| *c == ix).map_or(DateOrder::Dmy, |(_, o)| *o);
            let serial = cell.split(['.', ',']).next().and_then(|n| n.parse().ok()).filter(|_| cell.len() < 12).and_then(when::serial_day);
            if let Some(w) = when::written(cell.as_bytes()) {
                if nothing_date(&w) {
                    continue;
                }
                match w.day(order) {
                    Some(day) => return Some(day),
                    None => odd(cell),
                }
            } else if let Some(day) = serial {
                return Some(day + self.epoch);
            } else if !cell.starts_with("00") {
                odd(cell);
            }
        }
        None
    }
}

/// Dates that stand for "none": 1900-01-01 and before, 2099 and after (9999-12-31).
fn nothing_date(w: &when::Written) -> bool {
    let year = match w.date {
        when::Date::Day(day) => crate::time::civil(day).0,
        when::Date::Open(_, _, y) if y >= 100 => i32::try_from(y).unwrap_or(9999),
        when::Date::Open(..) => 2000,
    };
    !(1901..2099).contains(&year)
}

/// Cells that say there is nothing.
pub fn is_nothing(cell: &str) -> bool {
    matches!(
        cell.to_ascii_lowercase().as_str(),
        "" | "-" | "--" | "–" | "n/a" | "na" | "none" | "null" | "nil" | "#n/a" | "no_manager" | "no_mgr" | "(none)" | "k.a." | "?"
    )
}

/// An e-mail address in lower case: `Ana <ana@firm.example>`, `mailto:`, `SMTP:`; `None` if it is none.
pub fn email(part: &str) -> Option<String> {
    let part = part.trim().rsplit_once('<').map_or(part, |(_, rest)| rest);
    let part = part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '(' | ')' | ',' | ';'));
    let part = part.get(..5).filter(|p| p.eq_ignore_ascii_case("smtp:")).and_then(|_| part.get(5..)).unwrap_or(part);
    let part = part.strip_prefix("mailto:").unwrap_or(part);
    let (local, domain) = part.split_once('@')?;
    let fine = !local.is_empty()
        && local.len() <= 100
        && domain.len() <= 150
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        && !local.contains(|c: char| c.is_whitespace() || c.is_control());
    fine.then(|| part.to_lowercase())
}

/// A handle as readers write it: addresses in lower case, phones as digits, the rest cleaned.
fn handle_key(channel: &str, handle: &str) -> String {
    if let Some(mail) = email(handle) {
        return mail;
    }
    let numbered = matches!(channel, "whatsapp" | "signal" | "sms" | "imessage" | "telegram" | "viber" | "");
    match text::phone(handle.trim_start_matches('\'')) {
        Some(phone) if numbered && (channel != "telegram" || phone.starts_with('+')) => phone,
        _ => text::clean_name(handle),
    }
}

/// Remarks of one kind, with the first few lines named.
#[derive(Debug, Default)]
pub struct Odd {
    lines: Vec<u32>,
    count: usize,
    example: String,
}

impl Odd {
    /// One more.
    pub fn note(&mut self, line: u32, example: &str) {
        self.count += 1;
        if self.lines.len() < NAMED_LINES {
            self.lines.push(line);
        }
        if self.example.is_empty() {
            self.example = text::clean_name(example);
        }
    }

    /// As a sentence: `what` is said after the number of rows.
    pub fn say(&self, what: &str, remarks: &mut Vec<String>) {
        if self.count == 0 {
            return;
        }
        let lines: Vec<String> = self.lines.iter().map(u32::to_string).collect();
        let more = if self.count > self.lines.len() { " …" } else { "" };
        let example = if self.example.is_empty() { String::new() } else { format!(", e.g. \"{}\"", self.example) };
        let rows = if self.count == 1 { "1 row".to_owned() } else { format!("{} rows", self.count) };
        let what = if self.count == 1 { singular(what) } else { what.to_owned() };
        remarks.push(format!("{rows} {what} (line {}{more}{example}).", lines.join(", ")));
    }
}

/// The verb at the beginning for one row: `have no name` as `has no name`.
fn singular(what: &str) -> String {
    let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
    let verb = match verb {
        "have" => "has",
        "are" => "is",
        "name" => "names",
        "hold" => "holds",
        "that" | "without" => return what.replacen("that end before they begin", "that ends before it begins", 1),
        verb => verb,
    };
    format!("{verb} {rest}")
}
