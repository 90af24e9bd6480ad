//! Questions about one file as short forms, keyboard first. An answer holds for this file only.

use crate::ui::node::prelude::*;

use crate::model::Source;
use crate::model::ledger::{Basis, Decided, Question};
use crate::ui::parts::grouped;
use crate::ui::state::App;
use crate::worker::page::Stated;
use crate::worker::protocol::FileRow;

/// The form for the first open question of a row.
pub fn form(app: App, row: &FileRow) -> Option<AnyView> {
    let source = row.sources.iter().find(|s| s.question.is_some())?;
    let question = source.question.clone()?;
    let id = row.id;
    let kept = kept(source);
    let send = Callback::new(move |stated: Stated| app.reread(id, stated));
    let inside = match question {
        Question::DateOrder { lines, backward } => date_order(source, &lines, backward, kept, send),
        Question::Zone => zone(source, kept, send),
        Question::Owner { candidates } => {
            let choices = candidates.into_iter().map(|c| (c.clone(), c, String::new())).collect();
            let pick = move |v: String| send.run(Stated { owner: Some(v), ..kept.clone() });
            choice("Whose export is this?", "The file does not say who made it. Messages of the owner count as this person's.", choices, Callback::new(pick))
        }
        Question::Format { candidates } => {
            let choices = candidates.into_iter().map(|(id, why)| (id.clone(), app.format_name(&id), why)).collect();
            let pick = move |v: String| send.run(Stated { format: Some(v), ..kept.clone() });
            choice(
                "Which format is this file?",
                "Several readers could read it. Nothing is counted from this file until you choose.",
                choices,
                Callback::new(pick),
            )
        }
    };
    let others = row.sources.iter().filter(|s| s.question.is_some()).count().saturating_sub(1);
    let others =
        (others > 0).then(|| view! { <p class="s q gap">{format!("{others} more members of this file ask the same; the answer holds for all of them.")}</p> });
    Some(
        view! {
            <div class="panel ask">{inside}
                <div class="in foot">{others}<div class="acts"><button class="btn" type="button" on:click=move |_| app.remove(id)>"Leave this file out"</button>
                    <span class="s q">"The choice holds for this file only and is printed in the report."</span></div></div></div>
        }
        .into_any(),
    )
}

/// What the person has stated before about this file stays.
pub(super) fn kept(source: &Source) -> Stated {
    let said = |d: &Decided| (d.basis == Basis::Stated).then(|| d.value.clone());
    Stated { zone: said(&source.zone), date_order: said(&source.date_order), owner: source.owner.as_ref().and_then(said), format: None }
}

fn head(title: &'static str, about: String) -> AnyView {
    view! { <header><h3>{title}</h3><p class="s q">{about}</p></header> }.into_any()
}

fn date_order(source: &Source, lines: &[(u32, String, String, String)], backward: (u32, u32), kept: Stated, send: Callback<Stated>) -> AnyView {
    let chosen = RwSignal::new(if backward.1 < backward.0 { "mdy" } else { "dmy" });
    let about = format!(
        "No day above 12 settles it in its {} records, so both readings are possible. Its figures are provisional until you choose.",
        grouped(source.records)
    );
    let raw = lines.iter().map(|(_, written, _, _)| view! { <mark>{written.clone()}</mark>"\n" }.into_any()).collect::<Vec<_>>();
    let option = |value: &'static str, label: &'static str, reads: Vec<(u32, String)>, steps: u32| {
        let rows = reads
            .into_iter()
            .map(|(line, day)| view! { <tr><td>{format!("line {}", grouped(u64::from(line)))}</td><td><b>{day}</b></td></tr> }.into_any())
            .collect::<Vec<_>>();
        view! {
            <label><span class="h"><input type="radio" name=format!("do{}", source.path) prop:checked=move || chosen.get() == value on:change=move |_| chosen.set(value)/>{label}</span>
                <table><tbody>{rows}</tbody></table><p>{format!("Steps backward by more than a day: {}", grouped(u64::from(steps)))}</p></label>
        }
        .into_any()
    };
    let days = option("dmy", "Day first", lines.iter().map(|l| (l.0, l.2.clone())).collect(), backward.0);
    let months = option("mdy", "Month first", lines.iter().map(|l| (l.0, l.3.clone())).collect(), backward.1);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        send.run(Stated { date_order: Some(chosen.get_untracked().to_owned()), ..kept.clone() });
    };
    view! {
        {head("Which comes first in the dates of this file, day or month?", about)}
        <form class="in" on:submit=submit><pre class="raw">{raw}</pre>
            <fieldset class="opt"><legend class="vh">"Date order"</legend>{days}{months}</fieldset>
            <div class="acts gap"><button class="btn p" type="submit">{move || if chosen.get() == "dmy" { "Use day first" } else { "Use month first" }}</button></div></form>
    }
    .into_any()
}

fn zone(source: &Source, kept: Stated, send: Callback<Stated>) -> AnyView {
    let value = RwSignal::new(source.zone.value.clone());
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let zone = value.get_untracked().trim().to_owned();
        if !zone.is_empty() {
            send.run(Stated { zone: Some(zone), ..kept.clone() });
        }
    };
    view! {
        {head("In which time zone was this file written?", "Its times carry no zone. Days near midnight may be off until you choose.".to_owned())}
        <form class="in" on:submit=submit><label class="field">"Time zone"<input type="text" list="zones" autocomplete="off" prop:value=move || value.get() on:input=move |e| value.set(event_target_value(&e))/></label>
            <p class="xs q">"As in Europe/London, Asia/Shanghai, UTC"</p>
            <div class="acts gap"><button class="btn p" type="submit">"Use this zone"</button></div></form>
    }
    .into_any()
}

/// One of several: value, label, reason.
fn choice(title: &'static str, about: &'static str, choices: Vec<(String, String, String)>, pick: Callback<String>) -> AnyView {
    let chosen = RwSignal::new(choices.first().map(|c| c.0.clone()).unwrap_or_default());
    let rows = choices
        .into_iter()
        .map(|(value, label, why)| {
            let (mine, mine_too) = (value.clone(), value);
            view! {
                <label><span class="h"><input type="radio" name=title prop:checked=move || chosen.with(|c| *c == mine) on:change=move |_| chosen.set(mine_too.clone())/>{label}</span><p>{why}</p></label>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        pick.run(chosen.get_untracked());
    };
    view! {
        {head(title, about.to_owned())}
        <form class="in" on:submit=submit><fieldset class="opt"><legend class="vh">{title}</legend>{rows}</fieldset>
            <div class="acts gap"><button class="btn p" type="submit">"Use this"</button></div></form>
    }
    .into_any()
}
