//! The verdict: one sentence from the figures, and what it rests on.

use crate::ui::node::prelude::*;

use crate::model::Answers;
use crate::report::verdict::{Standing, verdict};
use crate::ui::parts::{Kind, grouped, number_link, status};
use crate::ui::state::App;

/// The section.
pub fn section(app: App, a: &Answers) -> AnyView {
    let (standing, sentence) = verdict(a);
    let kind = match standing {
        Standing::Yes => Kind::Good,
        Standing::NotYet => Kind::Warn,
        Standing::No => Kind::Danger,
        Standing::Unknown => Kind::Unknown,
    };
    view! {
        <section class="verdict" data-testid="verdict" aria-label="Verdict">{status(kind, standing.word())}<p class="big">{sentence}</p>{basis(app, a)}</section>
    }
    .into_any()
}

fn basis(app: App, a: &Answers) -> AnyView {
    let b = &a.basis;
    let people = match b.people {
        Some(n) => format!("a people list of {}", grouped(n)),
        None => "no people list".to_owned(),
    };
    let unread = b.sources.given.saturating_sub(b.sources.read);
    let unread =
        (unread > 0).then(|| format!("; {} could not be read", if unread == 1 { "1 source".to_owned() } else { format!("{} sources", grouped(unread)) }));
    let skipped =
        (b.sources.skipped > 0).then(|| view! { ", "{number_link(format!("{} records skipped", grouped(b.sources.skipped)), app.link_now("/import"))} });
    let policy = match &b.policy {
        Some(p) => format!("Policy: {}", p.title),
        None => "No policy chosen".to_owned(),
    };
    let place = if b.policy.is_some() { "/method" } else { "/import" };
    view! {
        <p class="basis s q">"Based on "{number_link(format!("{} messages in scope", grouped(b.messages)), app.link_now("/import"))}
            {format!(" from {} of {} sources and {people}", grouped(b.sources.read), grouped(b.sources.given))}{unread}{skipped}". "<a href=app.link_now(place)>{policy}</a></p>
    }
    .into_any()
}
