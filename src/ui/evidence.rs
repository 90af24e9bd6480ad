//! The evidence panel: the places that support a statement, and the records around one of them, re-read from the file. Text is
//! masked by length; opening it needs a reason, which the worker notes in the reveal log.

mod holes;

use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::state::{App, Role, app};
use crate::model::answer::Evidence;
use crate::report::phrase;
use crate::worker::protocol::{Excerpt, ExcerptLine};
use holes::Hole;

/// The panel for some places. `whose` says what they support.
pub fn panel(places: Vec<Evidence>, quantity: Option<String>) -> AnyView {
    let app = app();
    let first = places.iter().position(|place| place.row.is_some()).unwrap_or(0);
    let at = RwSignal::new(first);
    let places = Arc::new(places);
    let asked = {
        let places = Arc::clone(&places);
        // A hole is no record: what lies beside it is shown.
        Memo::new(move |_| places.get(at.get()).and_then(|place| place.row).or_else(|| holes::at(&places, at.get()).and_then(|hole| hole.neighbour())))
    };
    watch(move || {
        if let Some(row) = asked.get() {
            app.ask_excerpt(row, None);
        }
    });
    let excerpt = Memo::new(move |_| app.excerpt.get().filter(|excerpt| Some(excerpt.row) == asked.get()));
    let lines = {
        let places = Arc::clone(&places);
        move || lines(app, excerpt.get().as_deref(), &places, asked.get())
    };
    let source = {
        let places = Arc::clone(&places);
        move || places.get(at.get()).map(|place| source(app, place, &holes::beside(&places, at.get()), excerpt.get().as_deref()))
    };
    view! {
        <div data-testid="evidence-panel" class="evidence">
            <div class="head mid"><div><h3>"Evidence"</h3></div>{move || reveal(app, excerpt.get(), asked.get())}</div>
            <p class="xs q">"Records around the place, re-read from the file. Text is masked"{move || if app.role.get() == Role::Compliance { "; opening it needs a reason, which is noted." } else { "." }}</p>
            {lines}
            {source}
            {list(places, at, quantity)}
        </div>
    }
    .into_any()
}

/// All places, each a button that shows the records around it.
fn list(places: Arc<Vec<Evidence>>, at: RwSignal<usize>, quantity: Option<String>) -> AnyView {
    if places.is_empty() {
        return view! { <p class="s q">"No place in a file is named for this: it follows from an absence or from the whole of the sources."</p> }.into_any();
    }
    let app = app();
    let rows: Vec<AnyView> = places
        .iter()
        .enumerate()
        .map(|(i, place)| {
            let file = if app.role.get_untracked() == Role::Compliance {
                phrase::place(place)
            } else {
                phrase::position(place).unwrap_or_else(|| format!("place {}", i + 1))
            };
            let time = place.time.as_deref().map(phrase::minute).unwrap_or_default();
            let absent = place.absent.clone().or_else(|| holes::word(&places, i).map(str::to_owned)).filter(|_| app.role.get_untracked() == Role::Compliance);
            view! {
                <li><button type="button" class="place" aria-pressed=move || if at.get() == i { "true" } else { "false" } on:click=move |_| at.set(i)>
                    <span>{file}</span><span class="q nb">{time}</span>{absent.map(|what| view! { <small>{what}</small> })}
                </button></li>
            }
            .into_any()
        })
        .collect();
    let title = quantity.map_or_else(|| "Places".to_owned(), |quantity| format!("Places ({quantity})"));
    view! { <h4 class="gap20">{title}</h4><ul class="places">{rows}</ul> }.into_any()
}

/// The records around the place, with "No record found" where what is missing would stand.
fn lines(app: App, excerpt: Option<&Excerpt>, places: &[Evidence], asked: Option<u32>) -> AnyView {
    let role = app.role.get();
    let holes = holes::all(places);
    let Some(excerpt) = excerpt else {
        if asked.is_some() {
            return view! { <p class="s q gap12" role="status">"Reading the records around this place"</p> }.into_any();
        }
        if holes.is_empty() {
            return ().into_any();
        }
        let times = |hole: &Hole| hole.place.time.as_deref().map(phrase::minute).into_iter().collect();
        return table("", missing(&holes.iter().map(|hole| (times(hole), hole)).collect::<Vec<_>>(), None, role));
    };
    let mut rows = Vec::new();
    let mut standing: Vec<(usize, Hole)> = holes.into_iter().filter_map(|hole| Some((hole.before_line(excerpt, places)?, hole))).collect();
    crate::order::sort_by_key(&mut standing, |(at, _)| *at);
    let mut waiting = standing.into_iter().peekable();
    for (i, line) in excerpt.lines.iter().map(Some).chain([None]).enumerate() {
        let here: Vec<Hole> = std::iter::from_fn(|| waiting.next_if(|(at, _)| *at <= i).map(|(_, hole)| hole)).collect();
        rows.extend(missing(&here.iter().map(|hole| (hole.times(excerpt, places), hole)).collect::<Vec<_>>(), Some(excerpt), role));
        rows.extend(line.map(|line| held(line, role)));
    }
    table(&excerpt.zone, rows)
}

/// Placeholder rows: how many are missing, which, and between what they lie.
fn missing(holes: &[(Vec<String>, &Hole)], excerpt: Option<&Excerpt>, role: Role) -> Vec<AnyView> {
    let row = |(i, (times, hole)): (usize, &(Vec<String>, &Hole))| {
        let what = hole.place.absent.clone().unwrap_or_default();
        // What a file says of its numbers is for those who may see files.
        // A record that names what is missing is the one behind the hole.
        let place = Evidence { line: line_of(hole.place, excerpt), ..hole.place.clone() };
        let named = hole.place.row.and_then(|_| phrase::position(&place)).filter(|_| role == Role::Compliance);
        let what = named.map_or(what.clone(), |position| format!("{what}, {position}"));
        let what = if role == Role::Compliance { what } else { what.split(": ").next().unwrap_or_default().to_owned() };
        let times: Vec<AnyView> = if times.is_empty() {
            vec![view! { <span>"time not known"</span> }.into_any()]
        } else {
            times.iter().map(|time| view! { <span class="bound">{time.clone()}</span> }.into_any()).collect()
        };
        view! { <tr class="miss" data-testid="missing-row" class:first=i == 0><td>{times}</td><td></td><td><b>"No record found"</b><br/><i>{what}</i></td><td class="r" aria-label="no line">"–"</td></tr> }.into_any()
    };
    holes.iter().enumerate().map(row).collect()
}

fn held(line: &ExcerptLine, role: Role) -> AnyView {
    let from = if role == Role::Compliance { line.from.clone() } else { "not shown".to_owned() };
    let text = match &line.text {
        Some(text) if role == Role::Compliance => view! { <span class="said">{text.clone()}</span> }.into_any(),
        _ if line.kind != "message" => view! { <span class="q">{phrase::kind_word(&line.kind)}</span> }.into_any(),
        _ => {
            let dots = "▪".repeat(usize::try_from(line.chars.div_ceil(8)).unwrap_or(1).clamp(1, 14));
            let length = format!("text hidden, {} characters", line.chars);
            view! { <span class="mask" aria-hidden="true">{dots}</span><span class="vh">{length}</span> }.into_any()
        }
    };
    let position = line.line.map_or_else(|| format!("byte {}", phrase::grouped(line.byte)), |n| phrase::grouped(u64::from(n)));
    let time = phrase::minute(&line.time);
    view! { <tr class:asked=line.asked aria-current=line.asked.then_some("true")><td>{time}</td><td>{from}</td><td>{text}</td><td class="r">{position}</td></tr> }.into_any()
}

fn table(zone: &str, rows: Vec<AnyView>) -> AnyView {
    let time = if zone.is_empty() { "Time".to_owned() } else { format!("Time, {zone}") };
    view! {
        <table class="ev"><caption class="vh">"Records around the place"</caption>
        <thead><tr><th scope="col">{time}</th><th scope="col">"From"</th><th scope="col">"Text"</th><th scope="col" class="r">"Line"</th></tr></thead>
        <tbody>{rows}</tbody></table>
    }
    .into_any()
}

/// The line of a place: its own, or the one counted when its record was read again.
fn line_of(place: &Evidence, excerpt: Option<&Excerpt>) -> Option<u32> {
    let read = || excerpt?.lines.iter().find(|line| Some(line.row) == place.row)?.line;
    place.line.or_else(read)
}

/// File, position, date as written, digest.
fn source(app: App, place: &Evidence, beside: &[(&'static str, &Evidence)], excerpt: Option<&Excerpt>) -> AnyView {
    if app.role.get() == Role::Executive {
        return view! { <p class="s q gap12">"Files and senders are not shown for this role."</p> }.into_any();
    }
    let mut pairs: Vec<(&'static str, String, bool)> = Vec::new();
    if app.role.get() == Role::Compliance {
        pairs.push(("File", place.source.clone(), false));
        if let Some(excerpt) = excerpt.filter(|e| !e.conversation.is_empty()) {
            pairs.push(("Conversation", excerpt.conversation.clone(), false));
        }
    }
    let mut position = Vec::new();
    position.extend(place.entry.as_ref().map(|entry| format!("entry {entry}")));
    position.extend(line_of(place, excerpt).map(|line| format!("line {}", phrase::grouped(u64::from(line)))));
    position.extend(place.byte.map(|byte| format!("byte {}", phrase::grouped(byte))));
    if !position.is_empty() {
        pairs.push(("Position", position.join(", "), false));
    }
    if let Some(excerpt) = excerpt.filter(|e| !e.as_written.is_empty()) {
        pairs.push(("As written", excerpt.as_written.clone(), true));
    }
    let digest = if place.sha256.is_empty() { excerpt.map(|e| e.sha256.clone()).unwrap_or_default() } else { place.sha256.clone() };
    pairs.push(("SHA-256", app.digest(&digest), true));
    let file = |place: &Evidence| {
        let place = Evidence { line: line_of(place, excerpt), ..place.clone() };
        if app.role.get() == Role::Compliance { Some(phrase::place(&place)) } else { phrase::position(&place) }
    };
    pairs.extend(beside.iter().filter_map(|(word, place)| Some((*word, file(place)?, false))));
    let rows: Vec<AnyView> = pairs.into_iter().map(|(word, value, mono)| view! { <dt>{word}</dt><dd class:mono=mono>{value}</dd> }.into_any()).collect();
    view! { <dl class="src">{rows}</dl> }.into_any()
}

/// The button that opens text, or why there is none.
fn reveal(app: App, excerpt: Option<Arc<Excerpt>>, asked: Option<u32>) -> AnyView {
    let (Some(row), Some(excerpt)) = (asked, excerpt) else { return ().into_any() };
    if app.role.get() != Role::Compliance {
        return view! { <span class="xs q">"Text is not opened for this role"</span> }.into_any();
    }
    if excerpt.lines.iter().any(|line| line.text.is_some()) {
        return view! { <span class="xs q">"Text is open; the reason was noted"</span> }.into_any();
    }
    if !excerpt.note.is_empty() {
        return view! { <span class="xs q note-side">{excerpt.note.clone()}</span> }.into_any();
    }
    let dialog: NodeRef<leptos::html::Dialog> = NodeRef::new();
    let reason = RwSignal::new(String::new());
    let by = app.by;
    let open = move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get() {
            dialog.close();
        }
    };
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let why = reason.get_untracked().trim().to_owned();
        if !why.is_empty() && !by.with_untracked(|by| by.trim().is_empty()) {
            close();
            app.ask_excerpt(row, Some(why));
        }
    };
    view! {
        <button class="btn t" type="button" on:click=open>"Reveal text…"</button>
        <dialog node_ref=dialog class="ask" aria-labelledby="reveal-title">
            <form on:submit=send>
                <h3 id="reveal-title">"Reveal the text of these records"</h3>
                <p class="s q">"The text is read from the file again and shown here only. Who, why, when and how many messages is noted in the reveal log, which is part of the report and of a saved matter."</p>
                <label class="s" for="reveal-reason">"Reason"</label>
                <textarea id="reveal-reason" rows="3" required autofocus prop:value=reason on:input=move |ev| reason.set(event_target_value(&ev))></textarea>
                <label class="s" for="reveal-by">"Your name"</label>
                <input id="reveal-by" type="text" required autocomplete="name" prop:value=by on:input=move |ev| by.set(event_target_value(&ev))/>
                <div class="formrow plain"><button class="btn p" type="submit">"Reveal text"</button><button class="btn" type="button" on:click=move |_| close()>"Cancel"</button></div>
            </form>
        </dialog>
    }
    .into_any()
}
