//! Legal holds: what must not be deleted, whatever a rule says.

use crate::ui::node::prelude::*;

use super::{day, day_text, parts, text};
use crate::model::matter::Hold;
use crate::report::words;
use crate::ui::state::App;

/// The section.
pub fn section(app: App) -> AnyView {
    let draft = RwSignal::new(false);
    let rows = move || {
        let holds = app.matter.with(|m| m.settings.policy.holds.clone());
        if holds.is_empty() {
            return view! { <p class="s q">"No hold. With one, nothing it covers is called kept too long, and records must reach back to its first day."</p> };
        }
        let rows: Vec<AnyView> = holds.into_iter().enumerate().map(|(n, hold)| row(app, n, &hold)).collect();
        view! { <table class="dl"><caption class="vh">"Legal holds"</caption><thead><tr><th scope="col">"Hold"</th><th scope="col">"People"</th><th scope="col">"Channels"</th><th scope="col">"Days"</th><th scope="col"><span class="vh">"Change"</span></th></tr></thead><tbody>{rows}</tbody></table> }
    };
    view! {
        <section class="b"><header><h2>"Legal holds"</h2><p>"A hold comes before every maximum."</p></header>{rows}
            <div class="acts gap"><button class="btn" type="button" data-testid="add-hold" on:click=move |_| draft.set(true)>"Add a hold…"</button></div>
            {move || draft.get().then(|| form(app, draft))}</section>
    }
}

fn row(app: App, number: usize, hold: &Hold) -> AnyView {
    let all = |list: &[String], word: &str| if list.is_empty() { word.to_owned() } else { list.join(", ") };
    let channels: Vec<String> = hold.channels.iter().map(|c| words::channel(c)).collect();
    let days = match (hold.from, hold.to) {
        (None, None) => "all days".to_owned(),
        (from, to) => format!(
            "{} to {}",
            from.map_or_else(|| "the beginning".to_owned(), crate::time::day_name),
            to.map_or_else(|| "open".to_owned(), crate::time::day_name)
        ),
    };
    let label = format!("Remove the hold {}", hold.name);
    let remove = move |_| {
        app.change_settings(|s| {
            if number < s.policy.holds.len() {
                s.policy.holds.remove(number);
            }
        });
    };
    view! {
        <tr data-testid="hold-row"><th scope="row" class="lead0">{hold.name.clone()}<small class="xs q sub">{hold.reason.clone()}</small></th><td data-l="People">{all(&hold.people, "everybody")}</td><td data-l="Channels">{all(&channels, "all")}</td><td data-l="Days">{days}</td>
            <td class="r"><button class="btn t" type="button" aria-label=label on:click=remove>"Remove"</button></td></tr>
    }
}

fn form(app: App, open: RwSignal<bool>) -> AnyView {
    let hold = RwSignal::new(Hold::default());
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let hold = hold.get_untracked();
        if hold.name.is_empty() {
            app.say("A hold needs a name".to_owned());
            return;
        }
        app.change_settings(|s| s.policy.holds.push(hold));
        open.set(false);
    };
    view! {
        <form class="panel" on:submit=send><div class="in"><div class="set flush">
            {text("Name of the hold", "text", String::new(), move |v| hold.update(|h| h.name = v))}
            {text("People (id, e-mail or name, with commas; empty = everybody)", "text", String::new(), move |v| hold.update(|h| h.people = parts(&v)))}
            {text("Channels (with commas; empty = all)", "text", String::new(), move |v| hold.update(|h| h.channels = parts(&v.to_lowercase())))}
            {text("First day", "date", day_text(None), move |v| { let d = day(app, &v); hold.update(|h| h.from = d); })}
            {text("Last day (empty = open)", "date", day_text(None), move |v| { let d = day(app, &v); hold.update(|h| h.to = d); })}
            {text("Reason", "text", String::new(), move |v| hold.update(|h| h.reason = v))}
        </div><div class="acts gap"><button class="btn p" type="submit">"Add this hold"</button><button class="btn" type="button" on:click=move |_| open.set(false)>"Cancel"</button></div></div></form>
    }
}
