//! The chosen client of a leaver: what the successor needs to know, and the places.

use crate::ui::node::prelude::*;

use crate::model::Answers;
use crate::model::answer::{ClientHeld, Leaver};
use crate::report::phrase::{self, count, percent};
use crate::ui::evidence;
use crate::ui::marks::{self, account, firm};
use crate::ui::state::App;

/// The panel; nothing when there is no client.
pub(super) fn section(app: App, answers: &Answers, leaver: &Leaver, at: usize) -> Option<AnyView> {
    let client = leaver.clients.get(at)?;
    let name = client.client.clone();
    let number = format!("Client {} of {}", at + 1, leaver.clients.len());
    let mut places = client.evidence.clone();
    if let Some(question) = &client.open_question {
        places.insert(0, question.evidence.clone());
    }
    Some(
        view! {
            <section class="b b32" id="pack" aria-labelledby="pack-title"><div class="pack">
                <div><p class="xs q">{number}</p><h2 id="pack-title" class="gap4">{name}</h2>{facts(app, answers, client)}</div>
                {evidence::panel(places, None)}
            </div></section>
        }
        .into_any(),
    )
}

fn facts(app: App, answers: &Answers, client: &ClientHeld) -> AnyView {
    let contacts = if client.contacts.is_empty() { "none met by name".to_owned() } else { client.contacts.join(", ") };
    let share = client.off_archive_share.map(|share| format!(", {} of turns outside the archive", percent(share))).unwrap_or_default();
    let held = format!("{} of {}, {} in contact", percent(client.share), count(client.turns, "turn", "turns"), phrase::others(client));
    let started = client.client_initiated.map(|share| format!(" ({} of exchanges started by the client)", percent(share))).unwrap_or_default();
    let last = client.last_two_way.clone().map_or_else(|| "none found".to_owned(), |day| format!("{day}{started}"));
    let question = client.open_question.as_ref().map_or_else(
        || "none".to_owned(),
        |q| format!("Client turn of {} has no answer, {}", phrase::minute(&q.since), count(q.business_days, "business day", "business days")),
    );
    let groups = if client.groups.is_empty() { "none".to_owned() } else { client.groups.iter().map(|g| format!("“{g}”")).collect::<Vec<_>>().join(", ") };
    let gaps: Vec<AnyView> = client
        .gaps
        .iter()
        .filter_map(|id| answers.gaps.iter().find(|gap| gap.id == *id))
        .map(|gap| {
            let link = format!("{}#gap", app.link_now(&format!("/coverage?gap={}", gap.id)));
            let text = format!("{}, {}", phrase::period(gap.from.as_deref(), gap.to.as_deref()), phrase::class_word(&gap.class).to_ascii_lowercase());
            view! { <a href=link>{text}</a>" " }.into_any()
        })
        .collect();
    let gaps = if gaps.is_empty() { view! { "no gap on this conversation" }.into_any() } else { gaps.into_any() };
    view! {
        <dl class="src gap12">
            <dt>"Contacts"</dt><dd>{contacts}</dd>
            <dt>"Held"</dt><dd>{held}</dd>
            <dt>"Channel"</dt><dd>{marks::channel(answers, client.main_channel.as_deref().unwrap_or(""))}", "{account(firm(&client.main_channel_owner))}{share}</dd>
            <dt>"Last exchange"</dt><dd>{last}</dd>
            <dt>"Open question"</dt><dd>{question}</dd>
            <dt>"Groups"</dt><dd>{groups}</dd>
            <dt>"Not in archive"</dt><dd>{gaps}</dd>
        </dl>
    }
    .into_any()
}
