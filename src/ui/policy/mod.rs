//! Policy: what must be kept, on which accounts, under which holds, by which calendar, and what may be seen. Every change goes to the
//! worker at once and is counted at once; `matter.toml` holds all of it. `rules`: retention rules; `register`: channels and accounts;
//! `holds`: legal holds; `calendar`: working days; `privacy`: work or private, what may be opened, notices.

mod calendar;
mod holds;
mod privacy;
mod register;
mod rules;

use crate::ui::node::prelude::*;

use super::marks;
use super::state::{Role, app};

const QUESTION: &str = "What must be kept, on which accounts, and what may be seen?";

/// The view.
#[must_use]
pub fn page() -> AnyView {
    let app = app();
    let save = view! { <button class="btn" type="button" data-testid="save-policy" on:click=move |_| app.download("matter")>"Save as matter.toml"</button> };
    let body = move || {
        if app.role.get() == Role::Executive {
            return view! { <p class="q gap">"Settings are changed by compliance. Which rule holds stands under "<a href=move || app.link("/method")>"Method"</a>"."</p> };
        }
        view! {
            {rules::section(app)}
            {register::section(app)}
            {holds::section(app)}
            {calendar::section(app)}
            {privacy::section(app)}
        }
    };
    view! {
        {marks::head("Policy", QUESTION, save)}
        <p class="s q m gap8">"Changes are counted at once. Nothing here says that a firm complies: the page says how many of the required days its records cover, under the rules chosen."</p>
        {body}
    }
}

/// A text field that says what was typed when it is left.
fn text(label: &'static str, kind: &'static str, value: String, change: impl Fn(String) + 'static) -> AnyView {
    view! { <label class="field">{label}<input type=kind autocomplete="off" prop:value=value on:change=move |e| change(event_target_value(&e).trim().to_owned())/></label> }
}

/// The same in a table, where the heading of the column is its label.
fn cell(label: String, kind: &'static str, value: String, change: impl Fn(String) + 'static) -> AnyView {
    view! { <input class="cell" type=kind aria-label=label autocomplete="off" prop:value=value on:change=move |e| change(event_target_value(&e).trim().to_owned())/> }
}

/// One of several words.
fn pick(label: String, class: &'static str, choices: Vec<(String, String)>, chosen: &str, change: impl Fn(String) + 'static) -> AnyView {
    let options: Vec<AnyView> = choices
        .into_iter()
        .map(|(value, word)| {
            let selected = value == chosen;
            view! { <option value=value prop:selected=selected>{word}</option> }
        })
        .collect();
    view! { <select class=class aria-label=label on:change=move |e| change(event_target_value(&e))>{options}</select> }
}

/// Texts of a comma-separated line.
fn parts(line: &str) -> Vec<String> {
    line.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A day as it is written in a date field; what is no day says so.
fn day(app: crate::ui::state::App, text: &str) -> Option<i32> {
    let day = crate::time::parse_day(text);
    if day.is_none() && !text.is_empty() {
        app.say(format!("{text} is no date; write it as 2026-01-31"));
    }
    day
}

fn day_text(day: Option<i32>) -> String {
    day.map(crate::time::day_name).unwrap_or_default()
}
