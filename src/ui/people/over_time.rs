//! Client turns of one leaver per week and channel; lines break at gaps.

use std::collections::BTreeMap;

use crate::ui::node::prelude::*;

use crate::model::Answers;
use crate::model::answer::Leaver;
use crate::report::chart::{Line, Rule, Shade};
use crate::report::phrase::grouped;
use crate::report::words;
use crate::time::{day_name, parse_day, parse_week};
use crate::ui::lines::{Chart, chart};
use crate::ui::marks;
use crate::ui::state::App;

const LINES: usize = 4;

/// The section; nothing under three weeks.
pub(super) fn section(app: App, answers: &Answers, leaver: &Leaver) -> AnyView {
    let mut by: BTreeMap<&str, BTreeMap<i32, u64>> = BTreeMap::new();
    for row in &leaver.over_time {
        if let Some(day) = parse_week(&row.week) {
            *by.entry(row.channel.as_str()).or_default().entry(day).or_default() += row.client_turns;
        }
    }
    let mut weeks: Vec<i32> = by.values().flat_map(|w| w.keys().copied()).collect();
    crate::order::sort_by(&mut weeks, Ord::cmp);
    weeks.dedup();
    // Weeks without any turn are weeks too.
    if let (Some(first), Some(last)) = (weeks.first().copied(), weeks.last().copied()) {
        weeks = (first..=last).step_by(7).collect();
    }
    let mut order: Vec<(&str, u64)> = by.iter().map(|(slug, w)| (*slug, w.values().sum())).filter(|(_, n)| *n > 0).collect();
    crate::order::sort_by(&mut order, |a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    if weeks.len() < 3 || order.is_empty() {
        return ().into_any();
    }
    let gaps: Vec<(i32, i32, char, &str)> = answers
        .gaps
        .iter()
        .filter(|gap| gap.person.as_deref() == Some(&leaver.id) && gap.class != "U")
        .filter_map(|gap| Some((parse_day(gap.from.as_deref()?)?, parse_day(gap.to.as_deref()?)?, gap.class.chars().next()?, gap.channel.as_str())))
        .collect();
    let lines: Vec<Line> = order
        .iter()
        .take(LINES)
        .map(|(slug, _)| {
            let held = |week: i32| !gaps.iter().any(|(from, to, _, channel)| channel == slug && *from <= week + 4 && week <= *to);
            let count = |week: &i32| by.get(slug).and_then(|w| w.get(week)).copied().unwrap_or(0);
            let values = weeks.iter().map(|week| held(*week).then(|| count(week) as f64)).collect();
            Line { name: words::channel(slug), end: String::new(), slot: marks::slot(answers, slug), values }
        })
        .collect();
    let drawn = |slug: &str| order.iter().take(LINES).any(|(s, _)| *s == slug);
    let shades = gaps.iter().filter(|(_, _, _, channel)| drawn(channel)).map(|(from, to, letter, _)| Shade { from: *from, to: *to, letter: *letter }).collect();
    let rules = leaver.notice.as_deref().and_then(parse_day).into_iter().map(|day| Rule { day, label: format!("notice {}", day_name(day)), solid: true });
    let rules = rules.filter(|rule| weeks.last().is_some_and(|last| rule.day <= *last)).collect();
    let says = weeks
        .iter()
        .enumerate()
        .map(|(i, week)| {
            let parts: Vec<String> = lines
                .iter()
                .map(|line| format!("{} {}", line.name, line.values.get(i).copied().flatten().map_or_else(|| "gap".to_owned(), |v| grouped(v as u64))))
                .collect();
            format!("Week of {}: {} turns", day_name(*week), parts.join(", "))
        })
        .collect();
    let heads: Vec<String> = std::iter::once("Week of".to_owned()).chain(order.iter().map(|(slug, _)| format!("#{}", words::channel(slug)))).collect();
    let rows = weeks
        .iter()
        .map(|week| {
            std::iter::once(day_name(*week))
                .chain(order.iter().map(|(slug, _)| grouped(by.get(slug).and_then(|w| w.get(week)).copied().unwrap_or(0))))
                .collect()
        })
        .collect();
    let title = title(&order, &by, &weeks);
    let about = format!(
        "Client turns per week, {} to {}. Shaded: gaps, no line is drawn there. A question to check, not a finding.",
        day_name(weeks.first().copied().unwrap_or(0)),
        day_name(weeks.last().copied().unwrap_or(0) + 6)
    );
    let drawing = chart(Chart { id: "person-lines", weeks, lines, shades, rules, height: (200, 200), labels: (104, 90), says });
    view! {
        <section class="b"><figure><figcaption id="person-lines"><h2>{title}</h2><p>{about}</p></figcaption>{drawing}{marks::as_table(app, "Client turns per week", heads, rows, "")}</figure></section>
    }
    .into_any()
}

/// Which channel led in the first and in the last third of the weeks.
fn title(order: &[(&str, u64)], by: &BTreeMap<&str, BTreeMap<i32, u64>>, weeks: &[i32]) -> String {
    let third = (weeks.len() / 3).max(1);
    let leader = |part: &[i32]| {
        order
            .iter()
            .map(|(slug, _)| (*slug, part.iter().filter_map(|week| by.get(slug)?.get(week)).sum::<u64>()))
            .max_by_key(|(slug, n)| (*n, std::cmp::Reverse(*slug)))
            .map(|(slug, _)| slug)
    };
    let (first, last) = (leader(weeks.get(..third).unwrap_or_default()), leader(weeks.get(weeks.len() - third..).unwrap_or_default()));
    match (first, last) {
        (Some(first), Some(last)) if first != last => format!("{} took over from {} with these clients", words::channel(last), words::channel(first)),
        (_, Some(last)) => format!("{} carries most of the turns with these clients", words::channel(last)),
        _ => "Turns with clients over time".to_owned(),
    }
}
