//! The page. It shows what the worker answered and tells the worker what a person decided; it parses nothing and counts nothing
//! but what it has in hand. `state` is the only place that talks to the worker; a view is a folder with one function `page`;
//! `parts` know no noun of the product beyond the labels passed in. To add a view: a folder, a line in [`shell::VIEWS`] and
//! in `shell::views::draw`, a style file.

pub mod channels;
pub mod coverage;
pub mod evidence;
pub mod findings;
pub mod identity;
pub mod import;
pub mod lines;
pub mod marks;
pub mod method;
pub mod node;
pub mod overview;
pub mod parts;
pub mod people;
pub mod policy;
pub mod report;
pub mod shell;
pub mod state;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Puts the page into `#app` and takes away the start-up text.
pub fn start() {
    std::panic::set_hook(Box::new(crash));
    let document = document();
    let Some(place) = document.get_element_by_id("app").and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    if let Some(text) = document.get_element_by_id("start") {
        text.remove();
    }
    mount_to(place, shell::Root).forget();
}

/// Shows the static crash page. Its text is where the fault lies in the program: it holds nothing that was read from a file.
fn crash(fault: &std::panic::PanicHookInfo<'_>) {
    let place = fault.location().map_or_else(|| "unknown place".to_owned(), |l| format!("{}:{}:{}", l.file(), l.line(), l.column()));
    let document = document();
    // What comes after the first fault says nothing of its cause.
    if document.get_element_by_id("crash").is_none_or(|page| !page.has_attribute("hidden")) {
        return;
    }
    if let Some(text) = document.get_element_by_id("crash-text") {
        let agent = window().navigator().user_agent().unwrap_or_default();
        text.set_text_content(Some(&format!("retention-audit {} stopped at {place}\n{agent}", env!("CARGO_PKG_VERSION"))));
    }
    if let Some(page) = document.get_element_by_id("app") {
        let _ = page.set_attribute("hidden", "");
    }
    if let Some(page) = document.get_element_by_id("crash") {
        let _ = page.remove_attribute("hidden");
    }
}
