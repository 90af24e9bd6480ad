//! The filter bar under the title: dates and channels, as chips that can be removed. What is chosen stands in the URL; everything is
//! counted anew by the worker, so that every view and the report say the same. Classes and severities of gaps are chosen in the coverage
//! view only, and are counted by nobody: they say which of the gaps found are shown there.

use crate::ui::node::prelude::*;
use wasm_bindgen::JsCast;

use super::rules::{self, Rules};
use crate::model::Answers;
use crate::model::matter::Scope;
use crate::report::phrase::{class_word, count, listed, severity_word};
use crate::report::words;
use crate::time::{civil, day_name, parse_day};
use crate::ui::parts::{glyph, icon};
use crate::ui::state::{App, Sieve};

fn narrows(scope: &Scope) -> bool {
    scope.from.is_some() || scope.to.is_some() || !scope.channels.is_empty()
}

/// Whether the answers that are drawn now are filtered.
#[must_use]
pub fn filtered(app: App) -> bool {
    app.scope.with_untracked(narrows) || app.sieve.with_untracked(Sieve::narrows)
}

/// A button that takes all filters away, for panels that show nothing because of them.
pub fn clear(app: App) -> AnyView {
    view! { <button class="ln" type="button" on:click=move |_| app.clear_filters()>"Clear filters"</button> }.into_any()
}

/// Shows other gaps, and says how many.
fn sift(app: App, how: impl FnOnce(&mut Sieve)) {
    let mut sieve = app.sieve.get_untracked();
    how(&mut sieve);
    app.sift(|now| now.clone_from(&sieve));
    let count_of = |answers: &Answers| {
        let chosen = Rules::new(&sieve, answers);
        answers.gaps.iter().filter(|gap| rules::takes(&sieve, &chosen, gap)).count()
    };
    let shown = app.answers.with_untracked(|answers| answers.as_deref().map_or(0, count_of));
    app.say(format!("{} shown", count(shown as u64, "gap", "gaps")));
}

fn change(app: App, how: impl FnOnce(&mut Scope)) {
    let mut scope = app.scope.get_untracked();
    how(&mut scope);
    app.set_scope(&scope);
}

/// The bar.
pub fn bar(app: App, answers: &Answers) -> AnyView {
    framed(app, answers, false)
}

/// The bar with the filters of gaps.
pub fn bar_of_gaps(app: App, answers: &Answers) -> AnyView {
    framed(app, answers, true)
}

fn framed(app: App, answers: &Answers, gaps: bool) -> AnyView {
    let (first, last) = (answers.scope.from.clone(), answers.scope.to.clone());
    let (channels, choices) = (channels(app, answers), rules::choices(answers));
    let titles = choices.clone();
    let chips = move || {
        let scope = app.scope.get();
        let from = scope.from.map(day_name).or_else(|| first.clone());
        let to = scope.to.map(day_name).or_else(|| last.clone());
        let dates = match (from, to) {
            (Some(from), Some(to)) => format!("{from} to {to}"),
            (None, Some(to)) => format!("up to {to}"),
            (Some(from), None) => format!("from {from}"),
            (None, None) => "all".to_owned(),
        };
        let dated = scope.from.is_some() || scope.to.is_some();
        let names: Vec<String> = scope.channels.iter().map(|slug| words::channel(slug)).collect();
        let chosen = (!names.is_empty()).then(|| chip("Channels", listed(&names), true, move || change(app, |scope| scope.channels.clear())));
        let all = move || {
            change(app, |scope| {
                scope.from = None;
                scope.to = None;
            });
        };
        view! { {chip("Dates", dates, dated, all)}{chosen}{gaps.then(|| sieve_chips(app, &titles))} }
    };
    let counting = move || app.counting.get().then(|| view! { <span class="xs q late">"Counting anew"</span> });
    view! {
        <div class="chips no-print" class:counting=move || app.counting.get() role="group" aria-label="Filters">
            {chips}{pane(app, channels, gaps.then_some(choices))}{counting}
        </div>
    }
    .into_any()
}

/// Chips of the filters of gaps.
fn sieve_chips(app: App, titles: &[(String, String)]) -> AnyView {
    let sieve = app.sieve.get();
    let classes: Vec<String> = sieve.classes.iter().map(|class| format!("{class} {}", class_word(class).to_lowercase())).collect();
    let severities: Vec<String> = sieve.severities.iter().map(|word| severity_word(word).to_lowercase()).collect();
    let class = (!classes.is_empty()).then(|| chip("Class", listed(&classes), true, move || sift(app, |sieve| sieve.classes.clear())));
    let severity = (!severities.is_empty()).then(|| chip("Severity", listed(&severities), true, move || sift(app, |sieve| sieve.severities.clear())));
    let title = |word: &String| {
        titles.iter().find(|(known, _)| known == word).map_or_else(|| "a rule this matter does not have".to_owned(), |(_, title)| title.clone())
    };
    let chosen: Vec<String> = sieve.rules.iter().map(title).collect();
    let rule = (!chosen.is_empty()).then(|| chip("Required by", listed(&chosen), true, move || sift(app, |sieve| sieve.rules.clear())));
    view! { {class}{severity}{rule} }.into_any()
}

/// Boxes for classes and severities of gaps, and for what requires them.
fn sieve_boxes(app: App, choices: Vec<(String, String)>) -> AnyView {
    let one = |word: &str, label: String, of: fn(&mut Sieve) -> &mut Vec<String>| {
        let (mine, word) = (word.to_owned(), word.to_owned());
        let on = move || app.sieve.with(|sieve| of(&mut sieve.clone()).contains(&mine));
        let press = move |event: web_sys::Event| {
            let checked = event_target_checked(&event);
            sift(app, |sieve| {
                let list = of(sieve);
                list.retain(|known| *known != word);
                if checked {
                    list.push(word.clone());
                }
            });
        };
        view! { <label class="s check"><input type="checkbox" prop:checked=on on:change=press/>{label}</label> }.into_any()
    };
    let classes: Vec<AnyView> =
        ["A", "B", "C", "U"].into_iter().map(|class| one(class, format!("{class} {}", class_word(class)), |sieve| &mut sieve.classes)).collect();
    let severities: Vec<AnyView> =
        ["high", "medium", "low"].into_iter().map(|word| one(word, severity_word(word).to_owned(), |sieve| &mut sieve.severities)).collect();
    let rules = (!choices.is_empty()).then(|| {
        let boxes: Vec<AnyView> = choices.into_iter().map(|(word, title)| one(&word, title, |sieve| &mut sieve.rules)).collect();
        view! { <fieldset class="lines"><legend class="s q">"Required by"</legend>{boxes}</fieldset> }
    });
    view! { <fieldset><legend class="s q">"Class of gaps"</legend>{classes}</fieldset><fieldset><legend class="s q">"Severity of gaps"</legend>{severities}</fieldset>{rules} }.into_any()
}

fn chip(name: &'static str, value: String, removable: bool, remove: impl Fn() + 'static) -> AnyView {
    let label = format!("Remove the filter {name} {value}");
    let cross = removable.then(|| view! { <button type="button" aria-label=label on:click=move |_| remove()>{icon(glyph::CLOSE)}</button> });
    view! { <span class="chip" class:fixed=!removable><b><i>{name}</i>{value}</b>{cross}</span> }.into_any()
}

/// Channels there are: of the sources, of the register, of the answers, and those chosen now; in an order that no filter changes.
fn channels(app: App, answers: &Answers) -> Vec<String> {
    let mut known: Vec<String> = answers.channels.by_channel.iter().map(|row| row.channel.clone()).collect();
    app.matter.with_untracked(|matter| known.extend(matter.settings.policy.channels.iter().map(|rule| rule.id.clone())));
    app.rows.with_untracked(|rows| {
        for row in rows {
            row.row.with_untracked(|row| known.extend(row.sources.iter().filter(|source| source.messages > 0).map(|source| source.channel.clone())));
        }
    });
    app.scope.with_untracked(|scope| known.extend(scope.channels.iter().cloned()));
    known.retain(|slug| !slug.is_empty());
    crate::order::sort_by(&mut known, Ord::cmp);
    known.dedup();
    known
}

/// A day as it is typed passes through years that nobody means.
fn plausible(text: &str) -> Option<i32> {
    parse_day(text).filter(|day| (1990..=2100).contains(&civil(*day).0))
}

/// Dates and channels, and with rules to choose from the filters of gaps. A date takes effect when it is complete.
fn pane(app: App, channels: Vec<String>, choices: Option<Vec<(String, String)>>) -> AnyView {
    let wrong = RwSignal::new(false);
    let day = move |event: &web_sys::Event, first: bool| {
        let text = event_target_value(event);
        let day = plausible(&text);
        if day.is_none() && !text.is_empty() {
            return;
        }
        let scope = app.scope.get_untracked();
        let (from, to) = if first { (day, scope.to) } else { (scope.from, day) };
        let backward = from.zip(to).is_some_and(|(from, to)| from > to);
        wrong.set(backward);
        if !backward {
            change(app, |scope| (scope.from, scope.to) = (from, to));
        }
    };
    let boxes: Vec<AnyView> = channels
        .into_iter()
        .map(|slug| {
            let (name, mine, toggled) = (words::channel(&slug), slug.clone(), slug);
            let on = move || app.scope.with(|scope| scope.channels.contains(&mine));
            let press = move |event: web_sys::Event| {
                let checked = event_target_checked(&event);
                change(app, |scope| {
                    scope.channels.retain(|known| *known != toggled);
                    if checked {
                        scope.channels.push(toggled.clone());
                    }
                });
            };
            view! { <label class="s check"><input type="checkbox" prop:checked=on on:change=press/>{name}</label> }.into_any()
        })
        .collect();
    let keys = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            close(&event);
        }
    };
    let none = move || app.scope.with(|scope| scope.channels.is_empty()).then_some(" (none chosen: all)");
    let done = move |event: web_sys::MouseEvent| close(&event);
    view! {
        <details class="filter" on:keydown=keys>
            <summary class="chip add">"Change filter"</summary>
            <div class="pane">
                <div class="formrow plain"><label class="s">"From"<input type="date" data-testid="filter-from" prop:value=move || app.scope.with(|s| s.from.map(day_name).unwrap_or_default()) on:change=move |ev| day(&ev, true)/></label>
                    <label class="s">"To"<input type="date" data-testid="filter-to" prop:value=move || app.scope.with(|s| s.to.map(day_name).unwrap_or_default()) on:change=move |ev| day(&ev, false)/></label></div>
                {move || wrong.get().then(|| view! { <p class="xs st d" role="alert">"The last day lies before the first one."</p> })}
                <fieldset><legend class="s q">"Channels"{none}</legend>{boxes}</fieldset>
                {choices.map(|choices| sieve_boxes(app, choices))}
                <div class="formrow plain"><button class="btn" type="button" on:click=done>"Done"</button>{move || (app.scope.with(narrows) || app.sieve.with(Sieve::narrows)).then(|| clear(app))}</div>
            </div>
        </details>
    }
    .into_any()
}

/// Closes the pane round an event; the focus goes back to what opened it.
fn close(event: &web_sys::Event) {
    let Some(pane) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()).and_then(|e| e.closest("details").ok().flatten()) else { return };
    let _ = pane.remove_attribute("open");
    if let Some(opener) = pane.query_selector("summary").ok().flatten().and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = opener.focus();
    }
}

/// What screen readers hear when a change of the filters has been counted.
#[must_use]
pub fn said(answers: &Answers) -> String {
    let open = answers.gaps.iter().filter(|gap| gap.is_open()).count() as u64;
    format!("Counted anew: {}, {}", count(open, "open gap", "open gaps"), count(answers.findings.len() as u64, "finding", "findings"))
}
