//! The second part of the program: every view but Import. The release is split at [`draw`] (tools/split.mjs): this function and all that
//! is reached only through it lie in a file of their own, which start.js fetches when the page stands. So nothing else may name these
//! views, and `draw` is called only when [`Views`] says that they are here.

use wasm_bindgen::JsCast;

use crate::ui::node::prelude::*;
use crate::ui::{channels, coverage, findings, identity, method, overview, people, policy, report};

/// Where the second part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Views {
    /// Not here yet.
    Coming,
    /// Here.
    Here,
    /// It could not be loaded; what the browser said.
    Missing(String),
}

/// Hears from start.js that the second part is here or that it is missing.
pub fn listen() -> RwSignal<Views> {
    let views = RwSignal::new(Views::Coming);
    let handle = window_event_listener_untyped("views", move |event| {
        let fault = event.unchecked_into::<web_sys::CustomEvent>().detail().as_string();
        let on_heading = document().active_element().is_some_and(|e| e.tag_name() == "H1");
        views.set(fault.map_or(Views::Here, Views::Missing));
        // The heading that had the focus goes with what stood in place of the view.
        if on_heading {
            request_animation_frame(super::focus_heading);
        }
    });
    on_cleanup(move || handle.remove());
    views
}

/// What stands in place of a view while the second part is not here.
pub fn instead(views: RwSignal<Views>, name: &'static str) -> AnyView {
    let again = move |_| {
        views.set(Views::Coming);
        if let Ok(event) = web_sys::Event::new("views-again") {
            let _ = window().dispatch_event(&event);
        }
    };
    let said = move || match views.get() {
        Views::Missing(fault) => view! {
            <div class="note d" role="alert"><div><b>"This view could not be loaded. "</b>
                "“views.wasm”, a file of this page, did not arrive. If trying again does not help, copy the whole folder of the page again. Files can be added all the same."
                <p class="mono">{fault}</p></div><button class="btn t" type="button" on:click=again>"Try again"</button></div>
        },
        _ => view! { <p class="q" role="status" data-testid="view-coming">"Loading this view…"</p> },
    };
    view! { <h1 tabindex="-1">{name}</h1>{said} }
}

/// The view of a path; People stands behind its own path and that of each person.
#[inline(never)]
pub fn draw(path: &str) -> AnyView {
    match path {
        "/overview" => overview::page(),
        "/identities" => identity::page(),
        "/policy" => policy::page(),
        "/coverage" => coverage::page(),
        "/channels" => channels::page(),
        "/findings" => findings::page(),
        "/report" => report::page(),
        "/method" => method::page(),
        path if path.starts_with("/people") => people::page(),
        // A view that has a line in `VIEWS` and none here.
        _ => view! { <h1 tabindex="-1">"This view is missing"</h1> },
    }
}
