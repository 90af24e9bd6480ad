//! Weekday by hour, client turns on channels the firm does not own. Business hours are outlined; classes are numbers, not shades alone.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::ui::node::prelude::*;

use crate::model::Answers;
use crate::report::phrase::{count, grouped, percent, ratio};
use crate::ui::marks;
use crate::ui::state::App;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Lower bounds of the classes.
const CLASSES: [u64; 5] = [1, 10, 50, 100, 200];
const KEY: &str = "<span><i class=\"v0\"></i>0</span><span><i class=\"v1\"></i>1–9</span><span><i class=\"v2\"></i>10–49</span><span><i class=\"v3\"></i>50–99</span><span><i class=\"v4\"></i>100–199</span><span><i class=\"v5\"></i>200+</span>";

const fn business(day: usize, hour: usize) -> bool {
    day < 5 && hour >= 8 && hour < 18
}

/// The section; nothing when hours are not known.
pub(super) fn section(app: App, answers: &Arc<Answers>) -> AnyView {
    let hours = &answers.channels.hours;
    let total: u64 = hours.iter().flatten().sum();
    if total == 0 {
        return ().into_any();
    }
    let outside: u64 = hours.iter().enumerate().flat_map(|(d, row)| row.iter().enumerate().filter(move |(h, _)| !business(d, *h)).map(|(_, n)| *n)).sum();
    let title = format!("{} of turns on other than the firm's channels fall outside business hours", ratio(outside, total).map(percent).unwrap_or_default());
    let about =
        format!("Client turns by weekday and hour, {}. {} in all. Outlined: Monday to Friday 08 to 18.", super::period(answers), count(total, "turn", "turns"));
    let readout = RwSignal::new(String::new());
    let say = move |event: &web_sys::Event| {
        if let Some(text) = marks::hit(event, "td[data-say]", "data-say") {
            readout.set(text);
        }
    };
    let heads = ["Day", "#00 to 07", "#08 to 17", "#18 to 23"].map(str::to_owned).to_vec();
    let part = |row: &[u64], from: usize, to: usize| grouped(row.get(from..to).unwrap_or_default().iter().sum());
    let rows = hours.iter().zip(DAYS).map(|(row, day)| vec![day.to_owned(), part(row, 0, 8), part(row, 8, 18), part(row, 18, 24)]).collect();
    view! {
        <section class="b"><figure><figcaption><h2>{title}</h2><p>{about}</p></figcaption>
            <div on:mouseover=move |ev| say(&ev) on:mouseleave=move |_| readout.set(String::new()) inner_html=grid(hours)></div>
            {marks::block("hk gap12", KEY.to_owned())}
            <p class="readout" role="status">{move || readout.get()}</p>
            {marks::as_table(app, "Turns by weekday and part of the day", heads, rows, "")}
        </figure></section>
    }
    .into_any()
}

fn grid(hours: &[Vec<u64>]) -> String {
    let mut out = String::with_capacity(16_384);
    out.push_str(
        "<table class=\"hm\"><caption class=\"vh\">Client turns by weekday and hour</caption><thead><tr><th scope=\"col\"><span class=\"vh\">Day</span></th>",
    );
    for hour in 0..24 {
        let class = if hour % 3 == 0 { "" } else { " class=\"vh-text\"" };
        let _ = write!(out, "<th scope=\"col\"{class}><span>{hour:02}</span></th>");
    }
    out.push_str("</tr></thead><tbody>");
    for (day, (row, name)) in hours.iter().zip(DAYS).enumerate() {
        let _ = write!(out, "<tr><th scope=\"row\">{name}</th>");
        for (hour, value) in row.iter().enumerate().take(24) {
            let class = CLASSES.iter().filter(|from| value >= from).count();
            let edge = if business(day, hour) { edges(day, hour) } else { "" };
            let _ = write!(
                out,
                "<td class=\"v{class}{edge}\" data-say=\"{name} {hour:02}:00, {}\"><span class=\"vh\">{value}</span></td>",
                count(*value, "turn", "turns")
            );
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    out
}

/// Edges of the outline around business hours.
const fn edges(day: usize, hour: usize) -> &'static str {
    match (day, hour) {
        (0, 8) => " bt bl",
        (0, 17) => " bt br",
        (0, _) => " bt",
        (4, 8) => " bb bl",
        (4, 17) => " bb br",
        (4, _) => " bb",
        (_, 8) => " bl",
        (_, 17) => " br",
        _ => "",
    }
}
