//! The ledger of one file: `records = messages + events + duplicates + skipped`, then every reason with its first place.

use crate::ui::node::prelude::*;

use super::question::kept;
use crate::model::Source;
use crate::model::ledger::{Basis, Decided, Severity};
use crate::ui::parts::{Cell, Head, Kind, Line, grouped, last_part, middle, size, status, table};
use crate::ui::state::App;
use crate::worker::page::Stated;
use crate::worker::protocol::{FileId, FileRow};

/// Members listed one by one.
const MEMBERS: usize = 100;

/// The panel.
pub fn panel(app: App, row: &FileRow, open: RwSignal<bool>) -> AnyView {
    let title = format!("Ledger of {}", middle(last_part(&row.path), 60));
    let members = (row.sources.len() > 1 || row.files > 0).then(|| members(app, row));
    let facts = row.sources.first().filter(|_| row.sources.len() == 1 && row.summed.is_empty()).map(|source| facts(app, row.id, source));
    view! {
        <div class="panel"><header class="head"><div><h3>{title}</h3></div><button class="btn t" type="button" on:click=move |_| open.set(false)>"Close"</button></header>
            <div class="in">{equation(&row.sources)}{skips(row)}{notices(&row.sources)}{members}{facts}
                <p class="s gap"><button class="ln" type="button" on:click=move |_| app.download("csv:ledger")>"Save the ledger of all files as CSV"</button></p></div></div>
    }
    .into_any()
}

fn equation(sources: &[Source]) -> AnyView {
    let sum = |f: fn(&Source) -> u64| sources.iter().map(f).sum::<u64>();
    let (records, messages, events, duplicates, skipped) =
        (sum(|s| s.records), sum(|s| s.messages), sum(|s| s.events), sum(|s| s.duplicates), sum(Source::skipped_total));
    let rest: i64 = sources.iter().map(Source::remainder).sum();
    let label = format!(
        "{} records are {} messages, {} events, {} duplicates and {} skipped; {rest} unaccounted",
        grouped(records),
        grouped(messages),
        grouped(events),
        grouped(duplicates),
        grouped(skipped)
    );
    let term = |n: u64, word: &'static str, hot: bool| view! { <span class:hot=hot><b>{grouped(n)}</b>{word}</span> }.into_any();
    view! {
        <div class="eq" role="img" aria-label=label>{term(records, "records", false)}<i>"="</i>{term(messages, "messages", false)}<i>"+"</i>{term(events, "events", false)}<i>"+"</i>
            {term(duplicates, "duplicates", false)}<i>"+"</i>{term(skipped, "skipped", skipped > 0)}<i>";"</i><span class:hot=rest != 0><b>{rest.to_string()}</b>"unaccounted"</span></div>
    }
    .into_any()
}

fn effect(severity: Severity) -> (Kind, &'static str) {
    match severity {
        Severity::Info => (Kind::Info, "Information"),
        Severity::Suspect => (Kind::Warn, "To check"),
        Severity::Loss => (Kind::Danger, "Content lost"),
    }
}

/// Reasons over all sources of the file; the place is that of the first source that has it.
fn skips(row: &FileRow) -> Option<AnyView> {
    let sources = &row.sources;
    let mut reasons: Vec<(crate::model::SkipReason, u64, String)> = Vec::new();
    for source in sources {
        for skip in &source.skipped {
            let named = (source.parts.len() > 1 || sources.len() > 1) && !row.closed.contains(&source.path);
            let part = source.parts.get(skip.part as usize).filter(|_| named);
            let place =
                if skip.first.line > 0 { format!("line {}", grouped(u64::from(skip.first.line))) } else { format!("byte {}", grouped(skip.first.offset)) };
            match reasons.iter_mut().find(|r| r.0 == skip.reason) {
                Some(known) => known.1 += skip.count,
                // Of a sum there is no place: the CSV names them.
                None if source.path.is_empty() && !row.summed.is_empty() => reasons.push((skip.reason, skip.count, String::new())),
                None => reasons.push((skip.reason, skip.count, part.map_or_else(|| place.clone(), |p| format!("{}, {place}", middle(last_part(p), 32))))),
            }
        }
    }
    if reasons.is_empty() {
        return None;
    }
    crate::order::sort_by_key(&mut reasons, |r| (std::cmp::Reverse(r.0.severity()), std::cmp::Reverse(r.1)));
    let lines = reasons
        .into_iter()
        .map(|(reason, count, place)| {
            let (kind, word) = effect(reason.severity());
            Line::new(vec![
                Cell::text(reason.sentence()),
                Cell::text(word).drawn(move || status(kind, word)),
                Cell::number(count as f64, grouped(count)),
                Cell::text(place),
            ])
        })
        .collect();
    let heads = vec![Head::text("Skipped because"), Head::text("Effect"), Head::number("Records"), Head::text("First")];
    Some(table("gap", "Skipped records by reason", heads, lines))
}

fn notices(sources: &[Source]) -> Option<AnyView> {
    let mut all: Vec<(String, u64)> = Vec::new();
    for notice in sources.iter().flat_map(|s| &s.notices) {
        match all.iter_mut().find(|n| n.0 == notice.sentence) {
            Some(known) => known.1 += notice.count,
            None => all.push((notice.sentence.to_string(), notice.count)),
        }
    }
    let items = all.into_iter().map(|(text, count)| view! { <li>{text}" "<span class="q">{grouped(count)}</span></li> }.into_any()).collect::<Vec<_>>();
    (!items.is_empty()).then(|| view! { <h4 class="gap">"Noted"</h4><ul class="s noted">{items}</ul> }.into_any())
}

/// Sums come last, and are always there; what was not read comes before the others that are named.
fn members(app: App, row: &FileRow) -> AnyView {
    let sums: Vec<(&Source, u64)> = row.sources.iter().zip(row.summed.iter().copied()).filter(|(s, _)| s.path.is_empty()).collect();
    let (failed, read): (Vec<&Source>, Vec<&Source>) =
        row.sources.iter().filter(|s| row.summed.is_empty() || !s.path.is_empty()).partition(|s| s.error.is_some() && !row.summed.is_empty());
    let sources: Vec<&Source> = failed.into_iter().chain(read).collect();
    let counted = sums.into_iter().map(|(s, files)| {
        let (kind, said) = if s.error.is_some() { (Kind::Danger, "Not read") } else { (Kind::Good, "Read") };
        let name = format!("{} more files{}{}", grouped(files), if s.format.is_empty() { "" } else { ", " }, app.format_name(&s.format));
        Line::new(vec![
            Cell::text(name).class("wrap"),
            Cell::text(said).drawn(move || status(kind, said)),
            Cell::number(s.messages as f64, grouped(s.messages)),
            Cell::number(s.skipped_total() as f64, grouped(s.skipped_total())),
        ])
    });
    let lines = sources
        .iter()
        .take(MEMBERS)
        .map(|s| {
            let failed = s.error.as_ref().map(|e| e.what.clone());
            let said = failed.clone().unwrap_or_else(|| "Read".to_owned());
            let kind = if failed.is_some() { Kind::Danger } else { Kind::Good };
            Line::new(vec![
                Cell::text(if row.closed.contains(&s.path) { "Private: its name is not shown".to_owned() } else { s.path.clone() }).class("wrap"),
                Cell::text(said.clone()).drawn(move || status(kind, said.clone())),
                Cell::number(s.messages as f64, grouped(s.messages)),
                Cell::number(s.skipped_total() as f64, grouped(s.skipped_total())),
            ])
        })
        .chain(counted)
        .collect();
    let heads = vec![Head::text("Member"), Head::text("State"), Head::number("Messages").sorting(), Head::number("Skipped").sorting()];
    let more = (sources.len() > MEMBERS).then(|| view! { <p class="s q">{format!("{} more members are in the CSV.", sources.len() - MEMBERS)}</p> });
    view! { <h4 class="gap">"Sources inside"</h4>{table("", "Sources inside", heads, lines)}{more} }.into_any()
}

fn decided(label: &'static str, value: &Decided) -> Option<AnyView> {
    let basis = match value.basis {
        Basis::Stated => "stated",
        Basis::Proven => "shown by the file",
        Basis::Assumed => "assumed",
        Basis::Ambiguous => "undecided",
        Basis::NotNeeded => return None,
    };
    let why = if value.why.is_empty() { String::new() } else { format!(": {}", value.why) };
    let shown = if value.value.is_empty() { "not stated".to_owned() } else { value.value.clone() };
    Some(view! { <dt>{label}</dt><dd>{format!("{shown} ({basis}{why})")}</dd> }.into_any())
}

/// An assumed order of day and month can be overruled.
fn other_order(app: App, id: FileId, source: &Source) -> Option<AnyView> {
    let other = match (source.date_order.basis, source.date_order.value.as_str()) {
        (Basis::Assumed, "dmy") => ("mdy", "Read it month first"),
        (Basis::Assumed, "mdy") => ("dmy", "Read it day first"),
        _ => return None,
    };
    let stated = Stated { date_order: Some(other.0.to_owned()), ..kept(source) };
    Some(view! { <dt></dt><dd><button class="ln" type="button" on:click=move |_| app.reread(id, stated.clone())>{other.1}</button></dd> }.into_any())
}

fn facts(app: App, id: FileId, source: &Source) -> AnyView {
    let owner = source.owner.as_ref().and_then(|o| decided("Owner", o));
    let sha = source.sha256.clone();
    let encoding = (!source.encoding.is_empty()).then(|| view! { <dt>"Encoding"</dt><dd>{source.encoding.clone()}</dd> });
    view! {
        <dl class="src">{decided("Zone", &source.zone)}{decided("Date order", &source.date_order)}{other_order(app, id, source)}{owner}{encoding}
            <dt>"Size"</dt><dd>{size(source.bytes)}</dd><dt>"SHA-256"</dt><dd class="mono">{move || app.digest(&sha)}</dd></dl>
    }
    .into_any()
}
