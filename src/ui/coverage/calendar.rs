//! The days of one custodian on one channel: a cell a day, weeks beside each other, one block per year. What is not known is hatched,
//! never empty: an empty cell is a day a source holds without a message.

use std::sync::Arc;

use crate::ui::node::prelude::*;
use wasm_bindgen::JsCast;

use super::Open;
use crate::model::Answers;
use crate::model::answer::CoverageRow;
use crate::model::daily::Daily;
use crate::report::chart::{Day, calendar, days};
use crate::report::phrase::{self, count, grouped};
use crate::report::words;
use crate::time::day_name;
use crate::ui::marks;
use crate::ui::state::App;

/// Years drawn at first, the latest ones.
const YEARS: usize = 3;
/// Width up to which weeks stand below each other, as in the style sheet.
const NARROW: f64 = 600.0;

const KEY: &str = "<span><i class=\"dk v1\"></i>1</span><span><i class=\"dk v2\"></i>2–9</span><span><i class=\"dk v3\"></i>10–49</span><span><i class=\"dk v4\"></i>50–199</span><span><i class=\"dk v5\"></i>200+ messages</span><span><i class=\"dk z\"></i>Held, no messages</span><span><i class=\"dk si\"></i>Silence, explained</span><span><i class=\"dk gA\"></i>A Missing</span><span><i class=\"dk gB\"></i>B Unexplained</span><span><i class=\"dk gC\"></i>C Not covered</span><span><i class=\"dk un\"></i>Unknown</span><span><i class=\"dk no\"></i>Not expected</span><span><i class=\"dk we\"></i>Round: no business day</span>";

/// The section; nothing when no row was chosen.
pub(super) fn section(app: App, open: Open, answers: &Arc<Answers>) -> AnyView {
    let kept = Arc::clone(answers);
    let content = move || {
        let (person, channel) = open.days.get()?;
        let row = kept.coverage.iter().find(|row| row.person == person && row.channel == channel);
        let daily = app.daily.get().filter(|daily| daily.person == person && daily.channel == channel);
        let close = view! { <p class="s gap8"><a href=format!("{}#timeline", app.link_now("/coverage"))>"Close the calendar"</a></p> };
        let inside = match (row, daily) {
            (None, _) => view! { <p class="note">"This row is not in the present answers."</p> }.into_any(),
            (Some(_), None) => view! { <p class="s q" role="status">"Counting the days of this row"</p> }.into_any(),
            (Some(row), Some(daily)) => filled(app, open, &kept, row, &daily),
        };
        Some(view! { <section class="b" id="calendar">{inside}{close}</section> }.into_any())
    };
    view! { {content} }.into_any()
}

fn title(name: &str, row: &CoverageRow) -> String {
    let channel = words::channel(&row.channel);
    let days = |n| count(n, "required day", "required days");
    match (row.gap_days, row.unknown_days) {
        (0, 0) => format!("{channel}, {name}: every required day is covered"),
        (0, n) => format!("{channel}, {name}: {} unknown", days(n)),
        (n, _) => format!("{channel}, {name}: {} in gaps", days(n)),
    }
}

fn filled(app: App, open: Open, answers: &Answers, row: &CoverageRow, daily: &Daily) -> AnyView {
    let name = marks::veil(app, answers).name(&row.custodian, Some(&row.person));
    let cells = days(daily, row);
    if cells.is_empty() {
        return view! { <h2>{title(&name, row)}</h2><p class="s q">"No day is expected or held on this row."</p> }.into_any();
    }
    let messages: u64 = cells.iter().filter_map(|cell| cell.messages).sum();
    let zone = if answers.scope.zone.is_empty() { "UTC" } else { &answers.scope.zone };
    let about = format!(
        "A cell per day, {}, {zone}. {}; of {}, {} covered, {} in gaps, {} unknown.",
        phrase::period(cells.first().map(|cell| day_name(cell.day)).as_deref(), cells.last().map(|cell| day_name(cell.day)).as_deref()),
        count(messages, "message", "messages"),
        count(row.expected_days, "required business day", "required business days"),
        grouped(row.covered_days),
        grouped(row.gap_days),
        grouped(row.unknown_days)
    );
    let readout = RwSignal::new((String::new(), None::<String>));
    let say = move |event: &web_sys::Event| {
        if let Some(text) = marks::hit(event, "[data-say]", "data-say") {
            readout.set((text, marks::hit(event, "[data-say]", "data-gap")));
        }
    };
    let (key, who) = (format!("{}~{}", row.person, row.channel), open.who);
    let address = move |gap: &str| {
        let who = who.get_untracked().map(|who| format!("who={who}&")).unwrap_or_default();
        format!("/coverage?{who}days={key}&gap={gap}")
    };
    let to = address.clone();
    let follow = move |gap: &str| {
        app.go(&open.sight.keep(&to(gap)));
        marks::show("gap");
    };
    let press = follow.clone();
    let click = move |event: web_sys::MouseEvent| {
        if let Some(gap) = marks::hit(&event, "[data-gap]", "data-gap") {
            follow(&gap);
        }
    };
    let keys = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter"
            && let Some(gap) = marks::hit(&event, "[data-gap]", "data-gap")
        {
            press(&gap);
        } else if event.key() == "Escape" {
            readout.set((String::new(), None));
        } else {
            arrows(&event);
        }
    };
    let said = move || {
        let (text, gap) = readout.get();
        let link = gap.map(|gap| view! { " "<a href=format!("{}#gap", app.link_now(&address(&gap)))>"Open the gap"</a> });
        view! { {if text.is_empty() { "Arrow keys move between the days.".to_owned() } else { text }}{link} }
    };
    let blocks = Arc::new(calendar(&cells));
    let total = blocks.len();
    let shown = RwSignal::new(YEARS);
    let drawn = move || blocks.iter().skip(total.saturating_sub(shown.get())).map(|markup| marks::block("cal-year", markup.clone())).collect::<Vec<_>>();
    let heads = ["Day", "Weekday", "Business day", "State", "#Messages"].map(str::to_owned).to_vec();
    let rows = cells.iter().map(table_row).collect();
    view! {
        <figure>
            <figcaption><h2>{title(&name, row)}</h2><p>{about}</p></figcaption>
            {marks::block("key dks", KEY.to_owned())}
            <div class="gap16" data-testid="calendar" on:click=click on:keydown=keys on:mouseover=move |ev| say(&ev) on:focusin=move |ev| say(&ev)>{drawn}</div>
            <p class="readout" role="status">{said}</p>
            {move || marks::more(shown, total, YEARS, ("year", "years"))}
            {marks::own_table("Messages per day", heads, rows, "days.csv")}
        </figure>
    }
    .into_any()
}

fn table_row(cell: &Day) -> Vec<String> {
    let messages = cell.messages.map_or_else(|| "not known".to_owned(), grouped);
    vec![day_name(cell.day), cell.weekday().to_owned(), if cell.worked { "yes" } else { "no" }.to_owned(), cell.word().to_owned(), messages]
}

/// Arrow keys by day and week as they lie on the screen; Page keys by four weeks; Home and End to the first and the last day.
fn arrows(event: &web_sys::KeyboardEvent) {
    let Some(from) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else { return };
    let Some(day) = from.get_attribute("data-day").and_then(|day| day.parse::<i32>().ok()) else { return };
    let Some(all) = from.closest("[data-testid=calendar]").ok().flatten() else { return };
    let narrow = window().inner_width().ok().and_then(|w| w.as_f64()).is_some_and(|w| w <= NARROW);
    let (across, down) = if narrow { (1, 7) } else { (7, 1) };
    let step = match event.key().as_str() {
        "ArrowRight" => across,
        "ArrowLeft" => -across,
        "ArrowDown" => down,
        "ArrowUp" => -down,
        "PageDown" => 28,
        "PageUp" => -28,
        "Home" => i32::MIN,
        "End" => i32::MAX,
        _ => return,
    };
    event.prevent_default();
    let days = all.query_selector_all("[data-day]").ok();
    let number = |at: u32| days.as_ref()?.item(at)?.dyn_into::<web_sys::Element>().ok()?.get_attribute("data-day")?.parse::<i32>().ok();
    let count = days.as_ref().map_or(0, web_sys::NodeList::length);
    let (low, high) = (0..count).filter_map(number).fold((i32::MAX, i32::MIN), |(low, high), day| (low.min(day), high.max(day)));
    let wanted = day.saturating_add(step).clamp(low, high.max(low));
    let target = all.query_selector(&format!("[data-day='{wanted}']")).ok().flatten().and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(target) = target {
        let _ = from.set_attribute("tabindex", "-1");
        let _ = target.set_attribute("tabindex", "0");
        let _ = target.focus();
    }
}
