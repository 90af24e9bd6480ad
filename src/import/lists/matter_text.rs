//! Writes `matter.toml`.

use std::fmt::Write as _;

use super::matter::DAYS;
use crate::model::Matter;
use crate::model::matter::ChannelStatus;
use crate::time::day_name;

/// The matter as `matter.toml`: read again it gives the same settings. Lists (people, clients …) are files of their own.
#[must_use]
pub fn matter_toml(matter: &Matter) -> String {
    let mut out = String::new();
    out.push_str("# Settings of one matter. Dates are year-month-day; what is left out keeps its default.\n\n[matter]\n");
    let _ = writeln!(out, "name = {}", quoted(&matter.name));
    if !matter.zone.is_empty() {
        let _ = writeln!(out, "# Days are counted in this zone.\nzone = {}", quoted(&matter.zone));
    }
    let scope = &matter.scope;
    for (key, day, why) in [
        ("from", scope.from, "First day of the scope."),
        ("to", scope.to, "Last day of the scope, inclusive."),
        ("as_of", scope.as_of, "The day on which the questions are asked."),
    ] {
        if let Some(day) = day {
            let _ = writeln!(out, "# {why}\n{key} = {}", day_name(day));
        }
    }
    let week = DAYS.get(usize::from(matter.calendar.week_start)).unwrap_or(&"monday");
    let _ = writeln!(out, "week_start = {}", quoted(week));
    let _ = writeln!(out, "# Mail domains of the firm itself.\nown_domains = {}", list(&matter.own_domains));
    let p = &matter.policy;
    let _ = writeln!(out, "\n[policy]\n# The first preset sets how far back records must reach.\npresets = {}", list(&p.presets));
    let _ = writeln!(out, "# Business days a record may begin late.\ntolerance_days = {}", p.tolerance_days);
    let _ = writeln!(out, "# How often, per run, silence may be called a gap by chance.\nalpha = {}", float(p.alpha));
    for c in &p.channels {
        let _ = writeln!(out, "\n[[channel]]\nid = {}", quoted(&c.id));
        let status = match c.status {
            ChannelStatus::Approved => Some("approved"),
            ChannelStatus::Tolerated => Some("tolerated"),
            ChannelStatus::Prohibited => Some("prohibited"),
            ChannelStatus::Unknown => None,
        };
        if let Some(status) = status {
            let _ = writeln!(out, "status = {}", quoted(status));
        }
        if let Some(captured) = c.captured {
            let _ = writeln!(out, "captured = {captured}");
        }
        if !c.accounts.is_empty() {
            let _ = writeln!(out, "# Only these accounts are captured.\naccounts = {}", list(&c.accounts));
        }
        if let Some(day) = c.adopted {
            let _ = writeln!(out, "adopted = {}", day_name(day));
        }
    }
    let weekend: Vec<&str> = matter.calendar.weekend.iter().filter_map(|d| DAYS.get(usize::from(*d)).copied()).collect();
    let _ = writeln!(out, "\n[calendar]\nweekend = {}", list(&weekend));
    if !matter.calendar.holidays.is_empty() {
        let days: Vec<String> = matter.calendar.holidays.iter().map(|d| day_name(*d)).collect();
        let _ = writeln!(out, "holidays = [{}]", days.join(", "));
    }
    let privacy = &matter.privacy;
    let mode = if privacy.content { "content" } else { "flow" };
    let _ = writeln!(out, "\n[privacy]\n# flow: who wrote when; content: text may be opened for a stated reason.\nmode = {}", quoted(mode));
    let _ = writeln!(out, "min_group = {}\npseudonyms = {}", privacy.min_group, privacy.pseudonyms);
    out
}

fn list<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<String> = items.iter().map(|s| quoted(s.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// TOML wants a point or an exponent in a float.
fn float(value: f64) -> String {
    let text = format!("{value}");
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}
