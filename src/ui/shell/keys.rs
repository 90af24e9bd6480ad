//! Single keys: `g` and a letter for a view, `/` for the search field, `?` for the list. They can be turned off.

use crate::ui::node::prelude::*;
use wasm_bindgen::JsCast;

use super::VIEWS;
use crate::ui::state::App;

/// Milliseconds after `g` in which a letter goes to a view.
const WAIT: f64 = 1500.0;

/// Hears keys for the life of the page.
pub fn listen(app: App, help: RwSignal<bool>) {
    // When `g` was pressed. A timer of an earlier `g` would end the wait of the next.
    let pressed = StoredValue::new(0.0_f64);
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if !app.keys.get_untracked() || event.ctrl_key() || event.meta_key() || event.alt_key() || typing(&event) {
            return;
        }
        let key = event.key();
        if js_sys::Date::now() - pressed.get_value() < WAIT {
            pressed.set_value(0.0);
            if let Some(view) = VIEWS.iter().find(|v| v.key == key) {
                event.prevent_default();
                app.go(view.path);
            }
            return;
        }
        match key.as_str() {
            "g" => pressed.set_value(js_sys::Date::now()),
            "?" => {
                event.prevent_default();
                help.set(true);
            }
            "/" => {
                if let Some(field) = document().query_selector("main input[type=search]").ok().flatten().and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok())
                {
                    event.prevent_default();
                    let _ = field.focus();
                }
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether the key goes into a field.
fn typing(event: &web_sys::KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else { return false };
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !matches!(element.get_attribute("type").as_deref(), Some("radio" | "checkbox" | "file" | "button")),
        _ => element.has_attribute("contenteditable"),
    }
}

/// The list of keys, and the switch.
pub fn help(app: App) -> AnyView {
    let keys =
        VIEWS.iter().map(|v| view! { <tr><th scope="row"><kbd>"g"</kbd>" "<kbd>{v.key}</kbd></th><td>{v.name}</td></tr> }.into_any()).collect::<Vec<_>>();
    let change = move |event: web_sys::Event| app.set_keys(event_target_checked(&event));
    view! {
        <p class="s q m">"Files are read in this window; nothing is uploaded. Every number is a link to what it was counted from. How each number is counted stands under "<a href="/method">"Method"</a>"."</p>
        <table><caption class="vh">"Keys"</caption><tbody>
            {keys}
            <tr><th scope="row"><kbd>"/"</kbd></th><td>"Search in this view"</td></tr>
            <tr><th scope="row"><kbd>"?"</kbd></th><td>"This list"</td></tr>
            <tr><th scope="row"><kbd>"Esc"</kbd></th><td>"Close what is open"</td></tr>
        </tbody></table>
        <label class="s check"><input type="checkbox" prop:checked=move || app.keys.get() on:change=change/>"Single keys do something"</label>
    }
    .into_any()
}
