//! When coverage breaks: a row per channel of every custodian, worst first, in a frame that scrolls; an extract of it on paper.

mod frame;
mod plan;
mod zoom;

use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::sifted::Sifted;
use super::{Open, is_found, looked, parts_of};
use crate::model::Answers;
use crate::report::chart::{Span, state_word, timeline};
use crate::report::custodians::{Custodian, axis, custodians, groups};
use crate::report::phrase::count;
use crate::report::{phrase, words};
use crate::ui::marks;
use crate::ui::state::App;
pub(in crate::ui) use frame::Sight;
use frame::{Shown, frame};
use plan::{Plan, Wanted};

/// Rows of the extract on paper.
const PAPER: usize = 36;
/// Rows of the table behind the drawing.
const ROWS: usize = 400;

const KEY: &str = concat!(
    "<span><svg viewBox=\"0 0 20 10\" aria-hidden=\"true\"><rect y=\"1\" width=\"20\" height=\"8\" class=\"f-cov\"/></svg>Covered</span>",
    "<span><svg viewBox=\"0 0 20 10\" aria-hidden=\"true\"><rect y=\"1\" width=\"20\" height=\"8\" class=\"f-sil\"/><path class=\"k-cov\" d=\"M0 1.5h20\"/></svg>Silence, explained</span>",
    "<span><i class=\"kx A0\"></i>A Missing</span><span><i class=\"kx B\"></i>B Unexplained</span><span><i class=\"kx C\"></i>C Not covered</span><span><i class=\"kx U\"></i>Unknown</span>",
    "<span><svg viewBox=\"0 0 20 10\" aria-hidden=\"true\"><path class=\"k-t\" stroke-width=\"1.5\" d=\"M10 0v10\"/></svg>Required from</span>",
    "<span><svg viewBox=\"0 0 20 10\" aria-hidden=\"true\"><path class=\"k-t\" stroke-width=\"1.5\" d=\"M10 4v6\"/><path class=\"f-t\" d=\"M10 6 6.5 0h7z\"/></svg>Last day</span>",
    "<span><svg viewBox=\"0 0 20 10\" aria-hidden=\"true\"><path class=\"k-t\" stroke-dasharray=\"1 3\" d=\"M10 0v10\"/></svg>Sources end</span>"
);

/// The section; nothing when there is nothing to draw.
pub(super) fn section(app: App, open: Open, answers: &Arc<Answers>) -> AnyView {
    let kept = Arc::clone(answers);
    let sight = open.sight;
    let content = move || {
        let answers = &kept;
        let veil = marks::veil(app, answers);
        let list = custodians(answers, &veil);
        let sifted = Sifted::new(app, answers);
        let (who, sought) = (open.who.get(), looked(open));
        let chosen: Vec<&Custodian> = match &who {
            Some(id) => list.iter().filter(|c| c.person == id).collect(),
            None => list.iter().filter(|c| is_found(&c.name, &sought) && sifted.custodian(c)).collect(),
        };
        let Some(days) = axis(answers, &chosen).filter(|_| !chosen.is_empty()) else { return none(app, &list, &sifted) };
        let (from, to, sources_end) = days;
        let parts = parts_of(app, &chosen);
        // One custodian is shown whole, whatever is left out elsewhere.
        let one = who.is_some();
        let plan = open.folded.with(|folded| {
            Plan::new(Wanted {
                answers,
                list: &chosen,
                parts: parts.as_deref().filter(|_| !one),
                folded,
                shown: sifted.ids(),
                row: &|row| one || sifted.row(row),
                axis: days,
                narrow: sight.narrow(),
            })
        });
        let title = title(&chosen, &list, one, &sifted);
        let zone = if answers.scope.zone.is_empty() { "UTC" } else { &answers.scope.zone };
        let quiet = format!(
            "One row per channel, worst first, {}, {zone}. Select a gap to see its reasons, a channel to see its days.",
            phrase::period(Some(&crate::time::day_name(from)), Some(&crate::time::day_name(sources_end.unwrap_or(to).min(to))))
        );
        let selected = open.gap.get();
        let link = app.link_now("/coverage?gap=");
        let link_days = app.link_now(&who.as_ref().map_or_else(|| "/coverage?days=".to_owned(), |who| format!("/coverage?who={who}&days=")));
        let paper = paper(&chosen, &link, &link_days, days, selected.as_deref());
        let heads = ["Custodian", "Channel", "State", "From", "To"].map(str::to_owned).to_vec();
        let rows = table(&chosen);
        let act = move |event: &web_sys::Event| follow(app, open, event);
        view! {
            <section class="b" id="timeline"><figure>
                <figcaption><h2>{title}</h2><p>{quiet}</p></figcaption>
                <p class="vh" id="tl-keys">"Plus and minus zoom, the left and right arrow keys move in time, 0 shows the whole period. Between the marks the up and down arrow keys move by row."</p>
                <a class="skip in" href="#after-timeline" on:click=move |ev| { ev.prevent_default(); past(); }>"Skip the timeline"</a>
                {marks::block("key", KEY.to_owned())}
                <span class="vh" id="tl">"Timeline of coverage"</span>
                {frame(sight, Arc::new(plan), Shown { link, link_days, selected }, act)}
                <p class="readout" role="status">{move || sight.readout.get()}</p>
                {paper}
                <div id="after-timeline" tabindex="-1">{marks::as_table(app, "Coverage by custodian and channel", heads, rows, "csv:coverage")}</div>
                {one.then(|| view! { <p class="s gap8"><a href=format!("{}#timeline", app.link_now("/coverage"))>"Show all custodians"</a></p> })}
            </figure></section>
        }
        .into_any()
    };
    view! { {content} }.into_any()
}

/// What stands instead of the drawing when the filters leave nothing of it.
fn none(app: App, list: &[Custodian], sifted: &Sifted) -> AnyView {
    if list.is_empty() || !sifted.narrows() {
        return ().into_any();
    }
    view! { <section class="b" id="timeline"><header><h2>"No row of the timeline for these filters"</h2><p>{sifted.none_of(list.len())}</p></header>{marks::clear(app)}</section> }.into_any()
}

/// Moves the focus behind the drawing.
fn past() {
    use wasm_bindgen::JsCast;
    if let Some(after) = document().get_element_by_id("after-timeline").and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = after.focus();
    }
}

/// The first rows, for paper.
fn paper(chosen: &[&Custodian], link: &str, days: &str, (from, to, sources_end): (i32, i32, Option<i32>), selected: Option<&str>) -> AnyView {
    let mut rows = 0;
    let first: Vec<&Custodian> = chosen
        .iter()
        .copied()
        .take_while(|custodian| {
            let fits = rows == 0 || rows + custodian.rows.len() <= PAPER;
            rows += custodian.rows.len();
            fits
        })
        .collect();
    let drawing = timeline(&Span { from, to, sources_end, narrow: false, caption: "tl-p", link, days, selected }, &groups(&first));
    let rest = chosen.len().saturating_sub(first.len()) as u64;
    let said = (rest > 0)
        .then(|| view! { <p class="s q">{format!("{} more follow on the screen and in the CSV of coverage.", count(rest, "custodian", "custodians"))}</p> });
    view! { <div class="on-paper"><span class="vh" id="tl-p">"Timeline of coverage, the worst custodians"</span><div inner_html=drawing></div>{said}</div> }
        .into_any()
}

fn title(chosen: &[&Custodian], list: &[Custodian], one: bool, sifted: &Sifted) -> String {
    let all = list.len() as u64;
    match (one, chosen) {
        (true, [custodian]) if custodian.whole() => format!("{} is covered on every channel", custodian.name),
        (true, [custodian]) => format!("When coverage breaks for {}", custodian.name),
        _ if sifted.narrows() => format!("When coverage breaks: {} of {} {}", chosen.len(), count(all, "custodian", "custodians"), sifted.such()),
        (_, [custodian]) => format!("When coverage breaks: {}", custodian.name),
        (_, chosen) if chosen.len() < list.len() => format!("When coverage breaks: {} of {}", chosen.len(), count(all, "custodian", "custodians")),
        _ => format!("When coverage breaks: all {}, the worst first", count(all, "custodian", "custodians")),
    }
}

/// Links inside the drawing are no HTML anchors: the router would not see them.
fn follow(app: App, open: Open, event: &web_sys::Event) {
    if let Some(fold) = marks::hit(event, "[data-fold]", "data-fold") {
        open.fold(&fold);
    } else if let Some(gap) = marks::hit(event, "a[data-gap]", "data-gap") {
        event.prevent_default();
        app.go(&open.sight.keep(&format!("/coverage?gap={gap}")));
        marks::show("gap");
    } else if let Some(days) = marks::hit(event, "a[data-days]", "data-days") {
        event.prevent_default();
        let who = open.who.get_untracked().map(|who| format!("who={who}&")).unwrap_or_default();
        app.go(&open.sight.keep(&format!("/coverage?{who}days={days}")));
        marks::show("calendar");
    }
}

fn table(chosen: &[&Custodian]) -> Vec<Vec<String>> {
    chosen
        .iter()
        .flat_map(|custodian| {
            custodian.rows.iter().flat_map(|row| {
                let name = custodian.name.clone();
                row.spans.iter().map(move |span| {
                    vec![
                        name.clone(),
                        words::channel(&row.channel),
                        format!("{}{}", state_word(&span.state), if span.explained { ", explained" } else { "" }),
                        span.from.clone(),
                        span.to.clone(),
                    ]
                })
            })
        })
        .take(ROWS)
        .collect()
}
