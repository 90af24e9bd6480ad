//! Links behind numbers, notes, and what a panel says when it has nothing else to say.

use crate::ui::node::prelude::*;

use super::{Kind, status};
use crate::model::answer::Evidence;

/// A number (or any figure) as the link to the list behind it.
#[must_use]
pub fn number_link(text: String, href: String) -> AnyView {
    view! { <a class="n" href=href>{text}</a> }.into_any()
}

/// What belongs here and one way to bring it: first use, nothing found, nothing for these filters.
#[must_use]
pub fn empty(title: String, text: String, action: AnyView) -> AnyView {
    view! { <section class="empty"><h2>{title}</h2><p class="q m">{text}</p><div class="acts">{action}</div></section> }.into_any()
}

/// A note with a coloured edge; `warn` for doubt.
#[must_use]
pub fn note(warn: bool, content: AnyView) -> AnyView {
    let class = if warn { "note w" } else { "note" };
    view! { <div class=class>{status(if warn { Kind::Warn } else { Kind::Info }, "")}<div>{content}</div></div> }.into_any()
}

/// The banner above a result that is only part of the whole.
#[must_use]
pub fn banner(text: String) -> AnyView {
    note(true, text.into_any())
}

/// The place of a record in a few words, as a button that opens it.
#[must_use]
pub fn evidence_link(evidence: &Evidence, open: Callback<u32>) -> AnyView {
    let name = super::middle(super::last_part(&evidence.source), 32);
    let place = match (evidence.line, evidence.byte) {
        (Some(line), _) => format!("{name}, line {}", super::grouped(u64::from(line))),
        (None, Some(byte)) => format!("{name}, byte {}", super::grouped(byte)),
        (None, None) => name,
    };
    match evidence.row {
        Some(row) => view! { <button class="ln" type="button" title=evidence.source.clone() on:click=move |_| open.run(row)>{place}</button> }.into_any(),
        None => view! { <span title=evidence.source.clone()>{place}</span> }.into_any(),
    }
}
