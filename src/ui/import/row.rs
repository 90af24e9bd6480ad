//! One file: name, format, state, what can be done; the panel below it when something is open.

use crate::ui::node::prelude::*;

use super::{ledger, question};
use crate::model::Source;
use crate::model::ledger::Basis;
use crate::report::words;
use crate::time;
use crate::ui::parts::{Kind, clock, grouped, last_part, middle, size, status};
use crate::ui::state::{App, Row};
use crate::worker::page::Stated;
use crate::worker::protocol::{FileRow, Status};

/// Messages of a row: of its sources once read, so far before.
pub fn messages(row: &FileRow) -> u64 {
    if row.sources.is_empty() { row.messages } else { row.sources.iter().map(|s| s.messages).sum() }
}

fn skipped(row: &FileRow) -> u64 {
    row.sources.iter().map(Source::skipped_total).sum()
}

/// Format id of all sources; `mixed` when they differ.
fn format_of(row: &FileRow) -> String {
    let mut ids = row.sources.iter().map(|s| s.format.as_str()).filter(|f| !f.is_empty());
    let first = ids.next().unwrap_or_default();
    if ids.all(|f| f == first) { first.to_owned() } else { "mixed".to_owned() }
}

/// The row.
pub fn row(app: App, r: Row) -> AnyView {
    let row = r.row;
    let open = RwSignal::new(false);
    let state = Memo::new(move |_| row.with(|r| r.status));
    // What is shown once a file is settled: changes only then, so that buttons are not drawn anew while bars move.
    let settled = Memo::new(move |_| row.with(|r| (!matches!(r.status, Status::Waiting | Status::Reading)).then(|| r.clone())));
    let format = Memo::new(move |_| row.with(format_of));
    let (path, length) = row.with_untracked(|r| (r.path.clone(), r.bytes));
    let name = last_part(&path).to_owned();
    // Exports of one producer share a file name: the folder tells them apart.
    let folder = path.strip_suffix(&name).map(|f| last_part(f).to_owned()).filter(|f| !f.is_empty());
    let files = row.with_untracked(|r| r.files);
    let length = if files > 0 { format!("{} files, {}", grouped(files), size(length)) } else { size(length) };
    let detail = folder.map_or_else(|| length.clone(), |f| format!("{}, {length}", middle(&f, 32)));
    // Files are called after people.
    let private = Memo::new(move |_| row.with(FileRow::private));
    let hidden = move || private.get() || app.hides_names();
    let (shown, given, number) = (middle(&name, 44), path, r.id + 1);
    let named = move || match (private.get(), hidden()) {
        (true, _) => format!("File {number}, private: its name is not shown"),
        (false, true) => format!("File {number}"),
        (false, false) => shown.clone(),
    };
    let titled = move || if hidden() { String::new() } else { given.clone() };
    let detail = move || if hidden() { length.clone() } else { detail.clone() };
    let why = move || row.with(|r| if hidden() && r.same_as.is_some() { "Same SHA-256 as another file".to_owned() } else { about(r) });
    view! {
        <li class="row" data-testid="source-row" data-name=name.clone() data-format=move || format.get() data-status=move || state.get().word()
            data-messages=move || row.with(|r| messages(r).to_string()) data-skipped=move || row.with(|r| skipped(r).to_string())>
            <div><span class="nm" title=titled>{named}</span><small>{detail}</small></div>
            <div class="fm">{move || kind(app, &format.get(), state.get())}<small>{why}</small></div>
            <div>{move || said(row, state.get(), settled.get())}</div>
            <div class="ac">{move || (!app.hides_names()).then(|| actions(app, r.id, state.get(), private.get() || settled.with(|s| s.as_ref().is_some_and(|s| s.same_as.is_some())), open))}</div>
            {move || settled.get().filter(|_| !hidden()).and_then(|f| panel(app, f, open))}
        </li>
    }
    .into_any()
}

fn kind(app: App, format: &str, state: Status) -> String {
    match (format, state) {
        ("mixed", _) => "Several formats".to_owned(),
        ("", Status::Waiting | Status::Reading | Status::Done | Status::Cancelled) => String::new(),
        (format, _) => app.format_name(format),
    }
}

/// A few words under the format: duplicates, members, or how the zone was decided.
fn about(row: &FileRow) -> String {
    if let Some(other) = &row.same_as {
        return format!("Same SHA-256 as {}", middle(last_part(other), 40));
    }
    match row.sources.as_slice() {
        [] => String::new(),
        [one] => {
            let zone = match one.zone.basis {
                Basis::Assumed | Basis::Ambiguous => "zone assumed",
                Basis::Stated => "zone stated by you",
                Basis::Proven | Basis::NotNeeded => "",
            };
            let mut parts = vec![words::channel(&one.channel)];
            if one.conversations > 0 {
                parts.push(format!("{} {}", grouped(one.conversations), if one.conversations == 1 { "conversation" } else { "conversations" }));
            }
            if !zone.is_empty() {
                parts.push(zone.to_owned());
            }
            parts.join(", ")
        }
        _ if row.files > 0 => format!("{} files read, {} not", grouped(row.summed.iter().sum::<u64>().saturating_sub(row.unread())), grouped(row.unread())),
        many => format!("{} sources inside", grouped(if row.summed.is_empty() { many.len() as u64 } else { row.summed.iter().sum() })),
    }
}

/// The state: mark, then what was read.
fn said(row: RwSignal<FileRow>, state: Status, settled: Option<FileRow>) -> AnyView {
    match (state, settled) {
        (Status::Reading | Status::Waiting, _) | (_, None) => progress(row, state),
        (Status::Cancelled, Some(_)) => view! { {status(Kind::Unknown, "Cancelled")}<small>"Nothing of it is counted"</small> }.into_any(),
        (Status::Failed, Some(f)) => {
            let place = f.sources.iter().find_map(|s| s.error.as_ref()).map(|e| e.place.clone()).unwrap_or_default();
            view! { {status(Kind::Danger, "Not read")}<small>{place}</small> }.into_any()
        }
        (Status::Question, Some(f)) => {
            let records: u64 = f.sources.iter().map(|s| s.records).sum();
            view! { {status(Kind::Warn, "Needs an answer")}<small>{format!("{} records read", grouped(records))}</small> }.into_any()
        }
        (Status::Done, Some(f)) => done(&f),
    }
}

fn done(row: &FileRow) -> AnyView {
    if row.same_as.is_some() {
        return view! { {status(Kind::Info, "Already loaded")}<small>"Not counted a second time"</small> }.into_any();
    }
    let skipped = skipped(row);
    let errors = row.unread();
    let mark = match (errors, skipped) {
        (0, 0) => status(Kind::Good, "Done"),
        (0, n) => status(Kind::Warn, format!("Done, {} skipped", grouped(n))),
        (n, _) => status(Kind::Warn, format!("Done, {n} {} not read", if row.files > 0 { "files" } else { "members" })),
    };
    let first = row.sources.iter().filter_map(|s| s.first).min();
    let last = row.sources.iter().filter_map(|s| s.last).max();
    let span = first.zip(last).map(|(a, b)| format!("{} to {}", time::day_name(time::day(a)), time::day_name(time::day(b))));
    let duplicates: u64 = row.sources.iter().map(|s| s.duplicates).sum();
    let held = (duplicates > 0).then(|| format!("; {} already held from another file", grouped(duplicates)));
    view! { {mark}<small>{format!("{} messages", grouped(messages(row)))}{span.map(|s| view! { ", "<span class="nb">{s}</span> })}{held}</small> }.into_any()
}

/// The bar moves with every report of the worker (at most four a second); time left from the pace since the row was drawn.
fn progress(row: RwSignal<FileRow>, state: Status) -> AnyView {
    if state == Status::Waiting {
        return view! { <span class="xs q">"Waiting"</span> }.into_any();
    }
    let now = || window().performance().map_or(0.0, |p| p.now());
    let (start, done) = (now(), row.with_untracked(|r| r.done));
    let part = move || row.with(|r| (r.done.min(r.bytes) * 100).checked_div(r.bytes).unwrap_or(0));
    let text = move || {
        row.with(|r| {
            let passed = (now() - start) / 1000.0;
            let read = r.done.saturating_sub(done);
            let left = if passed > 3.0 && read > 0 { Some((r.bytes.saturating_sub(r.done)) as f64 * passed / read as f64) } else { None };
            let left = left.map(|s| format!(", {} left", clock(s as u64))).unwrap_or_default();
            format!("Reading, {} of {}{left}", size(r.done.min(r.bytes)), size(r.bytes))
        })
    };
    view! {
        <span class="xs">{text}</span>
        <svg class="prog" viewBox="0 0 100 4" preserveAspectRatio="none" role="progressbar" aria-label="Read" aria-valuemin="0" aria-valuemax="100" aria-valuenow=part>
            <rect width="100" height="4" class="f-raise"></rect><rect width=part height="4" class="f-cov"></rect></svg>
        <small>{move || row.with(|r| format!("{} messages so far", grouped(r.messages)))}</small>
    }
    .into_any()
}

fn actions(app: App, id: u32, state: Status, copy: bool, open: RwSignal<bool>) -> AnyView {
    let remove = move || view! { <button class="btn t" type="button" on:click=move |_| app.remove(id)>"Remove"</button> }.into_any();
    match state {
        Status::Waiting | Status::Reading => view! { <button class="btn t" type="button" on:click=move |_| app.cancel(id)>"Cancel"</button> }.into_any(),
        Status::Cancelled | Status::Failed => {
            view! { <button class="btn t" type="button" on:click=move |_| app.reread(id, Stated::default())>"Retry"</button>{remove()} }.into_any()
        }
        Status::Question => remove(),
        Status::Done if copy => remove(),
        Status::Done => {
            view! { <button class="btn t" type="button" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|o| *o = !*o)>"Ledger"</button>{remove()} }
                .into_any()
        }
    }
}

fn panel(app: App, row: FileRow, open: RwSignal<bool>) -> Option<AnyView> {
    match row.status {
        Status::Failed => Some(failure(&row)),
        Status::Question => question::form(app, &row),
        Status::Done => Some(view! { {move || open.get().then(|| ledger::panel(app, &row, open))} }.into_any()),
        _ => None,
    }
}

fn failure(row: &FileRow) -> AnyView {
    let known = row.sources.iter().find_map(|s| s.error.as_ref());
    let (what, place) = match (known, &row.failure) {
        (Some(error), _) => (error.what.clone(), error.place.clone()),
        (None, Some(text)) => (text.clone(), String::new()),
        (None, None) => ("The reader ended without saying why.".to_owned(), String::new()),
    };
    let place = (!place.is_empty()).then(|| view! { <details class="tab"><summary>"Technical details"</summary><p class="mono">{place}</p></details> });
    view! {
        <div class="panel" role="alert"><div class="in"><h3>"This file could not be read"</h3><p class="s m">{what}</p>
            <p class="s m gap"><b>"What to do: "</b>"copy or export the file again and add it, or choose Retry. Nothing of it is counted so far."</p>{place}</div></div>
    }
    .into_any()
}
