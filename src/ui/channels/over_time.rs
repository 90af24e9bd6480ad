//! Share of each channel over the weeks: at most four lines with labels at their ends, the rest in the table.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::{by_turns, period};
use crate::model::Answers;
use crate::model::answer::ChannelRow;
use crate::report::chart::{Line, shares};
use crate::report::phrase::{grouped, listed, percent};
use crate::report::words;
use crate::ui::lines::{Chart, chart};
use crate::ui::marks;
use crate::ui::state::App;

/// Lines in one drawing.
const LINES: usize = 4;

/// The section; nothing under three weeks.
pub(super) fn section(app: App, answers: &Arc<Answers>) -> AnyView {
    let turns = by_turns(answers);
    let channels = &answers.channels;
    let mut weeks: BTreeMap<i32, BTreeMap<&str, u64>> = BTreeMap::new();
    for row in &channels.over_time {
        if let Some(day) = crate::time::parse_week(&row.week) {
            *weeks.entry(day).or_default().entry(row.channel.as_str()).or_default() += if turns { row.client_turns } else { row.work_messages };
        }
    }
    let days: Vec<i32> = weeks.keys().copied().collect();
    if days.len() < 3 {
        return ().into_any();
    }
    let totals: Vec<u64> = weeks.values().map(|week| week.values().sum()).collect();
    let of = |slug: &str| -> Vec<u64> { weeks.values().map(|week| week.get(slug).copied().unwrap_or(0)).collect() };
    let mut order: Vec<&ChannelRow> = channels.by_channel.iter().filter(|row| of(&row.channel).iter().any(|n| *n > 0)).collect();
    // What moved most belongs in the picture, then what is large.
    let moved = |row: &ChannelRow| (row.last_quarter_share.unwrap_or(0.0) - row.first_quarter_share.unwrap_or(0.0)).abs();
    let first = order.first().map(|row| row.channel.clone());
    crate::order::sort_by(&mut order, |a, b| {
        (Some(&b.channel) == first.as_ref()).cmp(&(Some(&a.channel) == first.as_ref())).then(moved(b).total_cmp(&moved(a)))
    });
    let drawn: Vec<&ChannelRow> = order.iter().take(LINES).copied().collect();
    let rest: Vec<String> = order.iter().skip(LINES).map(|row| words::channel(&row.channel)).collect();
    let lines: Vec<Line> = drawn
        .iter()
        .map(|row| {
            let values = shares(&of(&row.channel), &totals);
            let end = values.iter().rev().flatten().next().map(|value| percent(value / 100.0)).unwrap_or_default();
            Line { name: words::channel(&row.channel), end, slot: row.slot, values }
        })
        .collect();
    let unit = if turns { "client turns" } else { "work messages" };
    let others = if rest.is_empty() { String::new() } else { format!(" {} in the table.", listed(&rest)) };
    let about = format!("Share of {unit}, per cent, mean of 3 weeks, {}.{others}", period(answers));
    let heads: Vec<String> = std::iter::once("Week".to_owned()).chain(order.iter().map(|row| format!("#{}", words::channel(&row.channel)))).collect();
    let columns: Vec<Vec<u64>> = order.iter().map(|row| of(&row.channel)).collect();
    let rows: Vec<Vec<String>> = days
        .iter()
        .enumerate()
        .map(|(i, day)| std::iter::once(crate::time::day_name(*day)).chain(columns.iter().map(|c| grouped(c.get(i).copied().unwrap_or(0)))).collect())
        .collect();
    let says = readouts(&days, &lines, &totals, unit);
    let drawing = chart(Chart { id: "share", weeks: days, lines, shades: Vec::new(), rules: Vec::new(), height: (260, 240), labels: (124, 118), says });
    view! {
        <section class="b"><figure><figcaption id="share"><h2>{title(&order)}</h2><p>{about}</p></figcaption>
            {drawing}
            {marks::as_table(app, "Turns per week and channel", heads, rows, "csv:channels")}
        </figure></section>
    }
    .into_any()
}

fn readouts(days: &[i32], lines: &[Line], totals: &[u64], unit: &str) -> Vec<String> {
    days.iter()
        .enumerate()
        .map(|(i, day)| {
            let parts: Vec<String> =
                lines.iter().filter_map(|line| line.values.get(i).copied().flatten().map(|v| format!("{} {}", line.name, percent(v / 100.0)))).collect();
            format!("{}: {} of {} {unit}", crate::time::day_name(*day), parts.join(", "), grouped(totals.get(i).copied().unwrap_or(0)))
        })
        .collect()
}

/// What moved most between the first and the last quarter.
fn title(order: &[&ChannelRow]) -> String {
    let known = |row: &&&ChannelRow| row.last_quarter_share.is_some();
    let change = |row: &ChannelRow| row.last_quarter_share.unwrap_or(0.0) - row.first_quarter_share.unwrap_or(0.0);
    let up = order.iter().filter(known).max_by(|a, b| change(a).total_cmp(&change(b)));
    let down = order.iter().filter(known).min_by(|a, b| change(a).total_cmp(&change(b)));
    let say = |row: &ChannelRow| {
        let last = percent(row.last_quarter_share.unwrap_or(0.0));
        match row.first_quarter_share {
            None | Some(0.0) => format!("{} went from nothing to {last}", words::channel(&row.channel)),
            Some(first) => format!("{} went from {} to {last}", words::channel(&row.channel), percent(first)),
        }
    };
    match (up, down) {
        (Some(up), Some(down)) if change(up) >= 0.02 && change(down) <= -0.02 => format!("{}; {}", say(up), say(down)),
        (Some(up), _) if change(up) >= 0.02 => say(up),
        (_, Some(down)) if change(down) <= -0.02 => say(down),
        _ => "Shares hardly moved between the first and the last quarter".to_owned(),
    }
}
