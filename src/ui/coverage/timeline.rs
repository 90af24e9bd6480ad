//! When coverage breaks: a row per channel of the worst custodians, or of the one chosen in the matrix.

use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::{Open, is_found, looked};
use crate::model::Answers;
use crate::report::chart::{Span, state_word, timeline};
use crate::report::custodians::{Custodian, axis, custodians, groups};
use crate::report::{phrase, words};
use crate::ui::marks;
use crate::ui::state::App;

/// Custodians drawn when none is chosen.
const WORST: usize = 3;
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
    let readout = RwSignal::new(String::new());
    let content = move || {
        let answers = &kept;
        let veil = marks::veil(app, answers);
        let list = custodians(answers, &veil);
        let (who, sought) = (open.who.get(), looked(open));
        let chosen: Vec<&Custodian> = match &who {
            Some(id) => list.iter().filter(|c| c.person == id).collect(),
            None => list.iter().filter(|c| if sought.is_empty() { !c.whole() } else { is_found(&c.name, &sought) }).take(WORST).collect(),
        };
        let drawn = groups(&chosen);
        let Some((from, to, sources_end)) = axis(answers, &drawn) else { return ().into_any() };
        let title = title(&chosen, who.is_some());
        let zone = if answers.scope.zone.is_empty() { "UTC" } else { &answers.scope.zone };
        let quiet = format!(
            "One row per channel, {}, {zone}. Select a gap to see its reasons, a channel to see its days.",
            phrase::period(Some(&crate::time::day_name(from)), Some(&crate::time::day_name(sources_end.unwrap_or(to).min(to))))
        );
        let selected = open.gap.get();
        let link = app.link_now("/coverage?gap=");
        let days = app.link_now(&who.as_ref().map_or_else(|| "/coverage?days=".to_owned(), |who| format!("/coverage?who={who}&days=")));
        let draw = |narrow| {
            timeline(
                &Span { from, to, sources_end, narrow, caption: if narrow { "tl-n" } else { "tl-w" }, link: &link, days: &days, selected: selected.as_deref() },
                &drawn,
            )
        };
        let heads = ["Custodian", "Channel", "State", "From", "To"].map(str::to_owned).to_vec();
        let rows = table(&chosen);
        view! {
            <section class="b" id="timeline"><figure>
                <figcaption><h2>{title}</h2><p>{quiet}</p></figcaption>
                {marks::block("key", KEY.to_owned())}
                <div class="gap16" on:click=move |ev| follow(app, open, &ev) on:mouseover=move |ev| say(readout, &ev) on:focusin=move |ev| say(readout, &ev)
                    on:keydown=move |ev| if ev.key() == "Escape" { readout.set(String::new()) }>
                    <div class="wide"><span class="vh" id="tl-w">"Timeline of coverage"</span><div inner_html=draw(false)></div></div>
                    <div class="slim"><span class="vh" id="tl-n">"Timeline of coverage"</span><div inner_html=draw(true)></div></div>
                </div>
                <p class="readout" role="status">{move || readout.get()}</p>
                {marks::as_table(app, "Coverage by custodian and channel", heads, rows, "csv:coverage")}
                {who.is_some().then(|| view! { <p class="s gap8"><a href=format!("{}#timeline", app.link_now("/coverage"))>"Show the custodians with the longest gaps"</a></p> })}
            </figure></section>
        }
        .into_any()
    };
    view! { {content} }.into_any()
}

fn title(chosen: &[&Custodian], one: bool) -> String {
    match (one, chosen) {
        (true, [custodian]) if custodian.whole() => format!("{} is covered on every channel", custodian.name),
        (true, [custodian]) => format!("When coverage breaks for {}", custodian.name),
        (_, [custodian]) => format!("When coverage breaks: {}", custodian.name),
        (_, all) => format!("When coverage breaks: the {} custodians with the worst gaps", all.len()),
    }
}

/// Links inside the drawing are no HTML anchors: the router would not see them.
fn follow(app: App, open: Open, event: &web_sys::MouseEvent) {
    if let Some(gap) = marks::hit(event, "a[data-gap]", "data-gap") {
        event.prevent_default();
        app.go(&format!("/coverage?gap={gap}"));
        marks::show("gap");
    } else if let Some(days) = marks::hit(event, "a[data-days]", "data-days") {
        event.prevent_default();
        let who = open.who.get_untracked().map(|who| format!("who={who}&")).unwrap_or_default();
        app.go(&format!("/coverage?{who}days={days}"));
        marks::show("calendar");
    }
}

fn say(readout: RwSignal<String>, event: &web_sys::Event) {
    if let Some(label) = marks::hit(event, "a[aria-label]", "aria-label") {
        readout.set(label);
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
