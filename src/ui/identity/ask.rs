//! The form behind "Decide…": whose a handle is, or what class a conversation has; a reason is asked for, once for each decision.

use crate::ui::node::prelude::*;

use crate::model::decision::{IdentityDecision, Verdict};
use crate::ui::parts;
use crate::ui::state::App;

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Whose a handle is.
    Handle {
        /// Channel slug.
        channel: String,
        /// Key that goes back.
        handle: String,
        /// What to show.
        shown: String,
    },
    /// Whether a conversation is work.
    Class {
        /// Its number.
        id: String,
        /// What it would become.
        work: bool,
        /// What to show.
        shown: String,
    },
}

const SERVICE: &str = "service";
const OTHER: &str = "other";

/// The dialog; open while something is asked.
pub fn dialog(app: App, asked: RwSignal<Option<Asked>>) -> AnyView {
    let node = NodeRef::<leptos::html::Dialog>::new();
    parts::dialog::open_while(node, move || asked.with(Option::is_some));
    view! {
        <dialog node_ref=node class="ask" aria-labelledby="decide-title" on:close=move |_| asked.set(None)>
            {move || asked.get().map(|what| form(app, asked, what))}
        </dialog>
    }
}

fn form(app: App, open: RwSignal<Option<Asked>>, what: Asked) -> AnyView {
    let (reason, whom) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let title = match &what {
        Asked::Handle { shown, .. } => format!("Who is {shown}?"),
        Asked::Class { shown, work: true, .. } => format!("{shown} is work"),
        Asked::Class { shown, .. } => format!("{shown} is private"),
    };
    let about = super::about(&what);
    let choose = matches!(what, Asked::Handle { .. }).then(|| choice(app, whom));
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let why = reason.get_untracked().trim().to_owned();
        let chosen = whom.get_untracked();
        if why.is_empty() || matches!(what, Asked::Handle { .. }) && chosen.is_empty() {
            return;
        }
        match what.clone() {
            Asked::Handle { channel, handle, .. } => {
                let (verdict, whom) = match chosen.as_str() {
                    SERVICE => (Verdict::Service, String::new()),
                    OTHER => (Verdict::Other, String::new()),
                    _ => (Verdict::Same, chosen),
                };
                app.decide(IdentityDecision { channel, handle, verdict, whom, reason: why, ..IdentityDecision::default() });
            }
            Asked::Class { id, work, .. } => app.decide_class(&id, work, why),
        }
        open.set(None);
    };
    view! {
        <form on:submit=send>
            <h3 id="decide-title">{title}</h3>
            {about}
            {choose}
            <label class="field gap">"Reason"<input type="text" required autocomplete="off" data-testid="decide-reason" prop:value=reason on:input=move |e| reason.set(event_target_value(&e))/></label>
            <label class="field gap">"Your name"<input type="text" required autocomplete="name" prop:value=app.by on:input=move |e| app.by.set(event_target_value(&e))/></label>
            <div class="formrow plain"><button class="btn p" type="submit">"Decide"</button><button class="btn" type="button" on:click=move |_| open.set(None)>"Cancel"</button></div>
        </form>
    }
}

/// People and clients by name, a service, or neither.
fn choice(app: App, whom: RwSignal<String>) -> AnyView {
    app.found.set(Vec::new());
    let radio = move |value: String, label: String| {
        let (mine, mine_too) = (value.clone(), value);
        view! { <label class="check s"><input type="radio" name="whom" required prop:checked=move || whom.with(|w| *w == mine) on:change=move |_| whom.set(mine_too.clone())/>{label}</label> }
    };
    let found = move || app.found.get().into_iter().map(|(reference, shown)| radio(reference, shown)).collect::<Vec<_>>();
    view! {
        <label class="field gap">"Look for a name on the lists"<input type="search" autocomplete="off" data-testid="decide-find" on:input=move |e| app.find(&event_target_value(&e))/></label>
        <fieldset class="gap" aria-live="polite"><legend class="vh">"Who it is"</legend>{found}{radio(SERVICE.to_owned(), "A service or a machine".to_owned())}{radio(OTHER.to_owned(), "Somebody else: neither employee nor client".to_owned())}</fieldset>
    }
}
