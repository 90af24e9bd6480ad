//! Every setting of a matter in words, for those who must agree to it.

use super::super::phrase::{count, fixed, grouped};
use super::super::words;
use super::Part;
use crate::model::matter::{ChannelRule, Policy};
use crate::model::{Answers, Matter};

/// Months by name, January first.
const MONTHS: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
/// Openings listed; the report holds the whole log.
const OPENINGS: usize = 20;

/// Settings, register, decisions, openings.
pub(super) fn parts(matter: &Matter, answers: &Answers) -> Vec<Part> {
    let mut out = vec![Part::Head("Settings"), Part::Terms(settings(matter))];
    out.push(Part::Head("Channel register"));
    if matter.policy.channels.is_empty() {
        out.push(Part::Para("None supplied.".to_owned()));
    } else {
        out.push(Part::Terms(matter.policy.channels.iter().map(|c| (words::channel(&c.id), channel(c))).collect()));
    }
    out.push(Part::Head("Decisions made by people"));
    out.push(Part::Terms(decisions(matter, answers)));
    if !answers.reveals.is_empty() {
        out.push(Part::Head("Text opened"));
        out.push(Part::List(openings(answers)));
    }
    out
}

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn on(yes: bool) -> &'static str {
    if yes { "on" } else { "off" }
}

fn settings(matter: &Matter) -> Vec<(String, String)> {
    let (p, w) = (&matter.policy, &matter.work);
    vec![
        pair("Mode", if matter.privacy.content { "content, by reason and with a log" } else { "flow: no text can be opened" }),
        pair("Smallest group shown", format!("{} people", grouped(u64::from(matter.privacy.min_group)))),
        pair("Groups are shown by", matter.privacy.division.word().to_owned()),
        pair("Pseudonyms for executives", on(matter.privacy.pseudonyms)),
        pair(
            "A conversation is work by",
            format!(
                "client {}, service {}, two employees {}, signs in the text {} (from {})",
                on(w.client),
                on(w.service),
                on(w.employees),
                on(w.text),
                super::super::phrase::percent(w.threshold)
            ),
        ),
        pair("Records may begin late by", count(u64::from(p.tolerance_days), "business day", "business days")),
        pair("False alarms of the silence test", format!("one in {}", one_in(p.alpha))),
        pair("Fiscal year begins in", MONTHS.get(usize::try_from(p.fiscal_year_month.clamp(1, 12) - 1).unwrap_or(0)).copied().unwrap_or("January")),
        pair("Days not worked", calendar(matter)),
        pair("Legal holds", holds(p)),
    ]
}

/// `10 000` of 0.0001.
fn one_in(alpha: f64) -> String {
    if alpha > 0.0 && alpha <= 1.0 { grouped((1.0 / alpha).round() as u64) } else { "an unknown number".to_owned() }
}

fn calendar(matter: &Matter) -> String {
    let c = &matter.calendar;
    let weekend: Vec<&str> = c.weekend.iter().filter_map(|d| words::DAYS.get(usize::from(*d)).copied()).collect();
    let of_country = c.weekend_of().and_then(words::weekend);
    let mut out = if let Some(said) = of_country {
        said
    } else if weekend.is_empty() {
        "no weekend".to_owned()
    } else {
        weekend.join(", ")
    };
    if !c.country.is_empty() {
        out.push_str("; public holidays of ");
        out.push_str(&c.country);
    }
    if !c.holidays.is_empty() {
        out.push_str("; ");
        out.push_str(&count(c.holidays.len() as u64, "day listed", "days listed"));
    }
    if !c.regions.is_empty() {
        let regions: Vec<&str> = c.regions.iter().map(|r| r.region.as_str()).collect();
        out.push_str("; days of their own in ");
        out.push_str(&regions.join(", "));
    }
    out
}

/// Holds by name and extent. Whom they name is not for this sheet.
fn holds(policy: &Policy) -> String {
    if policy.holds.is_empty() {
        return "none".to_owned();
    }
    let one = |h: &crate::model::matter::Hold| {
        let people = if h.people.is_empty() { "everybody".to_owned() } else { count(h.people.len() as u64, "person", "people") };
        let name = if h.name.is_empty() { "without a name" } else { &h.name };
        let days = match (h.from.map(crate::time::day_name), h.to.map(crate::time::day_name)) {
            (None, None) => String::new(),
            (from, to) => format!(", {}", super::super::phrase::period(from.as_deref(), to.as_deref())),
        };
        format!("{name} ({people}{days})")
    };
    policy.holds.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn channel(rule: &ChannelRule) -> String {
    let captured = match rule.captured {
        Some(true) if rule.accounts.is_empty() => "captured".to_owned(),
        Some(true) => format!("captured for {}", count(rule.accounts.len() as u64, "account", "accounts")),
        Some(false) => "not captured".to_owned(),
        None => "capture not stated".to_owned(),
    };
    let adopted = rule.adopted.map(|d| format!(", since {}", crate::time::day_name(d))).unwrap_or_default();
    let exceptions: Vec<String> = rule.exceptions.iter().map(|e| format!("{}: {}", e.department, words::status(e.status.word()).to_lowercase())).collect();
    let exceptions = if exceptions.is_empty() { String::new() } else { format!("; {}", exceptions.join(", ")) };
    format!("{}, {captured}{adopted}{exceptions}", words::status(rule.status.word()))
}

fn decisions(matter: &Matter, answers: &Answers) -> Vec<(String, String)> {
    let private = matter.classes.iter().filter(|c| !c.work).count() as u64;
    let work = matter.classes.len() as u64 - private;
    let listed = |n: Option<u64>| n.map_or_else(|| "not supplied".to_owned(), grouped);
    vec![
        pair("Handles decided", grouped(matter.identities.len() as u64)),
        pair("Conversations decided", format!("{} work, {} private", grouped(work), grouped(private))),
        pair("Gaps explained by a reviewer", grouped(matter.explained.len() as u64)),
        pair("Lists read by a stated mapping", grouped(matter.mappings.len() as u64)),
        pair("People on the people list", listed(answers.basis.people)),
        pair("Clients on the client list", listed(answers.basis.clients)),
    ]
}

/// Who opened what range when and why; the conversation itself is named in the report only.
fn openings(answers: &Answers) -> Vec<String> {
    let one = |r: &crate::model::decision::Reveal| {
        let by = if r.by.is_empty() { "not named" } else { &r.by };
        format!("{}: {by}, {}, {} ({})", r.at, words::channel(&r.channel), count(r.messages, "message", "messages"), r.reason)
    };
    let mut out: Vec<String> = answers.reveals.iter().take(OPENINGS).map(one).collect();
    let more = answers.reveals.len().saturating_sub(OPENINGS);
    if more > 0 {
        out.push(format!("{} more in the report.", fixed(more as f64, 0)));
    }
    out
}
