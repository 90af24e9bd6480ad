//! Findings.

use leptos::prelude::*;

/// The view.
#[component]
pub fn View() -> impl IntoView {
    view! { <h1 tabindex="-1">"Findings"</h1> }
}
