//! One leaver: handles and why they match, four figures, clients held, the chosen client, use over time.

use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::{client, list, over_time, unknown};
use crate::model::Answers;
use crate::model::answer::{ClientHeld, Leaver};
use crate::report::phrase::{self, count, days_from_now, grouped, per_cent};
use crate::report::words;
use crate::ui::marks::{self, account, firm};
use crate::ui::parts::{Kind, status};
use crate::ui::state::App;

const FIRST: usize = 8;

/// The page.
pub(super) fn page(app: App, answers: &Arc<Answers>, id: &str, chosen: Memo<usize>) -> AnyView {
    let Some(leaver) = answers.leavers.iter().find(|leaver| leaver.id == id) else { return unknown(app) };
    let kept = Arc::clone(answers);
    let person = leaver.id.clone();
    let detail = move || {
        let leaver = kept.leavers.iter().find(|l| l.id == person)?;
        client::section(app, &kept, leaver, chosen.get())
    };
    view! {
        {marks::print_head("People")}
        <p class="back"><a href=move || app.link("/people")>"People"</a>{if leaver.days_left < 0 { " / Left" } else { " / Leaving" }}</p>
        {head(answers, leaver)}
        {figures(app, leaver)}
        {clients(app, answers, leaver, chosen)}
        {detail}
        {over_time::section(app, answers, leaver)}
        {after(app, answers, leaver)}
    }
    .into_any()
}

fn head(answers: &Answers, leaver: &Leaver) -> AnyView {
    let notice = leaver.notice.as_ref().map(|day| format!("Notice {day}, ")).unwrap_or_default();
    let (name, dates) = (leaver.person.clone(), format!("{notice}last day {} ({})", leaver.last_day, days_from_now(leaver.days_left)));
    let role = if leaver.role.is_empty() { String::new() } else { format!("{}. ", leaver.role) };
    let handles: Vec<AnyView> = leaver
        .handles
        .iter()
        .map(|handle| {
            let why = if handle.certain { handle.why.clone() } else { format!("{}; not certain", handle.why) };
            let text = handle.handle.clone();
            view! { <tr><th scope="row">{words::channel(&handle.channel)}</th><td class="wrap">{text}</td><td class="q">{why}</td></tr> }.into_any()
        })
        .collect();
    let table = (!handles.is_empty())
        .then(|| view! { <table class="idl"><caption class="s strong">"Handles, and why they match"</caption><tbody>{handles}</tbody></table> });
    view! {
        <div class="id"><div>
            <div class="head"><div><h1 tabindex="-1">{name}</h1><p class="q">{role}{dates}</p></div></div>
            <p class="lead">{sentence(answers, leaver)}</p>
            <div class="acts gap12"><button class="btn" type="button" on:click=move |_| drop(window().print())>"Print this page"</button></div>
        </div>{table}</div>
    }
    .into_any()
}

fn sentence(answers: &Answers, leaver: &Leaver) -> String {
    if answers.basis.clients.is_none() {
        return "Which clients are held is not known: no client list was supplied.".to_owned();
    }
    if leaver.clients.is_empty() {
        return "No conversation with a client was found in the sources.".to_owned();
    }
    let off =
        leaver.main_channel_off_archive.filter(|n| *n > 0).map(|n| format!("; for {} the main channel is outside the archive", grouped(n))).unwrap_or_default();
    let alone = if leaver.held_alone == 0 {
        "Colleagues are in contact with each".to_owned()
    } else {
        format!("For {} no one else at the firm is in contact", grouped(leaver.held_alone))
    };
    format!("Holds {}. {alone}{off}.", count(leaver.clients.len() as u64, "client", "clients"))
}

fn figures(app: App, leaver: &Leaver) -> AnyView {
    let open: Vec<&ClientHeld> = leaver.clients.iter().filter(|client| client.open_question.is_some()).collect();
    let oldest = open.iter().filter_map(|client| client.open_question.as_ref()).min_by(|a, b| a.since.cmp(&b.since));
    let waits = oldest.map_or_else(
        || "no client wrote last".to_owned(),
        |q| format!("oldest since {}, {}", phrase::minute(&q.since), count(q.business_days, "business day", "business days")),
    );
    let off = leaver
        .off_archive_share
        .map_or_else(|| ("–".to_owned(), "", "no register of channels"), |share| (per_cent(share), "%", "of this person's client turns"));
    let figure = |label: &'static str, value: String, unit: &'static str, beside: String, link: String| {
        view! { <div><dt>{label}</dt><dd class="v"><a class="n" href=link>{value}" "<small>{unit}</small></a></dd><dd class="c">{beside}</dd></div> }.into_any()
    };
    let here = format!("{}#clients", app.link_now(&format!("/people/{}", leaver.id)));
    let score = leaver.score.map(|score| format!("held-relationship score {} of 100", phrase::fixed(score, 0))).unwrap_or_default();
    view! {
        <dl class="figs gap24">
            {figure("Clients to hand over", grouped(leaver.clients.len() as u64), "", score, here.clone())}
            {figure("Held alone", grouped(leaver.held_alone), "", format!("of {}; no colleague in 90 days", leaver.clients.len()), here.clone())}
            {figure("Client turns on other accounts", off.0, off.1, off.2.to_owned(), app.link_now("/channels"))}
            {figure("Clients waiting for an answer", grouped(open.len() as u64), "", waits, here.clone())}
        </dl>
    }
    .into_any()
}

fn clients(app: App, answers: &Arc<Answers>, leaver: &Leaver, chosen: Memo<usize>) -> AnyView {
    if leaver.clients.is_empty() {
        return ().into_any();
    }
    let shown = RwSignal::new(FIRST);
    let (kept, person, total) = (Arc::clone(answers), leaver.id.clone(), leaver.clients.len());
    let rows = move || {
        let leaver = kept.leavers.iter().find(|l| l.id == person)?;
        Some(leaver.clients.iter().enumerate().take(shown.get()).map(|(i, client)| row(app, &kept, leaver, client, i, chosen)).collect::<Vec<_>>())
    };
    view! {
        <section class="b" id="clients"><header><h2>"Clients held"</h2><p>"Ordered by what would be lost on the last day: share held, channel, recency. Bar: this person's share of the firm's turns with the client."</p></header>
            <table class="ppl dl pad1"><caption class="vh">"Clients held"</caption>
                <thead><tr><th scope="col">"Client, contacts"</th><th scope="col">"Conversation held"</th><th scope="col">"Main channel, account"</th><th scope="col">"Last two-way contact"</th><th scope="col">"Client's last turn"</th><th scope="col" class="r">"Score"</th></tr></thead>
                <tbody>{rows}</tbody></table>
            {move || marks::more(shown, total, 50, ("client", "clients"))}
        </section>
    }
    .into_any()
}

fn row(app: App, answers: &Answers, leaver: &Leaver, client: &ClientHeld, i: usize, chosen: Memo<usize>) -> AnyView {
    let on = move || chosen.get() == i;
    let link = format!("{}#pack", app.link_now(&format!("/people/{}?client={i}", leaver.id)));
    let (name, contacts) = (client.client.clone(), client.contacts.join(", "));
    let others = phrase::others(client);
    let since = client.business_days_since.map(|n| count(n, "business day", "business days")).unwrap_or_default();
    let last = client.last_two_way.clone().unwrap_or_else(|| "none".to_owned());
    let question = client.open_question.is_some();
    let asks = if question { status(Kind::Warn, "Open question") } else { view! { <span class="q">"–"</span> }.into_any() };
    view! {
        <tr data-testid="client-row" data-key=format!("c:{}", marks::tag(&client.client)) class:on=on aria-current=move || on().then_some("true")>
            <th scope="row" class="lead0"><a href=link>{name}</a><small class="sub2">{contacts}</small></th>
            <td data-l="Held"><span>{list::part(client.share, "hbar wide-bar", 88)}<span class="sub2">{others}</span></span></td>
            <td data-l="Main channel"><span>{marks::channel(answers, client.main_channel.as_deref().unwrap_or(""))}<span class="sub2">{account(firm(&client.main_channel_owner))}</span></span></td>
            <td class="nb" data-l="Last contact"><span>{last}<span class="sub2">{since}</span></span></td>
            <td class:e=!question data-l="Client asks">{asks}</td>
            <td class="r" data-l="Score">{phrase::fixed(client.score, 0)}</td>
        </tr>
    }
    .into_any()
}

/// Clients who wrote after the last day, and groups the person is still in.
fn after(app: App, answers: &Answers, leaver: &Leaver) -> AnyView {
    let after = &leaver.after_last_day;
    if after.unanswered.is_empty() && after.lingering_groups.is_empty() {
        return ().into_any();
    }
    let rows: Vec<AnyView> = after
        .unanswered
        .iter()
        .map(|waiting| {
            let (name, contact) = (waiting.client.clone(), waiting.contact.clone());
            view! { <tr><th scope="row" class="lead0">{name}<small class="sub2">{contact}</small></th><td data-l="Channel">{marks::channel(answers, &waiting.channel)}</td><td class="nb" data-l="Since">{phrase::minute(&waiting.since)}</td><td class="r" data-l="Business days">{grouped(waiting.business_days)}</td><td class="r" data-l="Turns">{grouped(waiting.turns)}</td></tr> }.into_any()
        })
        .collect();
    let places: Vec<_> = after.unanswered.iter().flat_map(|waiting| waiting.evidence.iter().cloned()).collect();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <table class="ppl dl"><caption class="vh">"Clients without an answer"</caption>
            <thead><tr><th scope="col">"Client, contact"</th><th scope="col">"Channel"</th><th scope="col">"Waiting since"</th><th scope="col" class="r">"Business days"</th><th scope="col" class="r">"Turns"</th></tr></thead><tbody>{rows}</tbody></table>
            <div class="det one"><div></div>{crate::ui::evidence::panel(places, None)}</div>
        }
    });
    let groups = (!after.lingering_groups.is_empty()).then(|| {
        let text = format!("Still a member of {}: {}", count(after.lingering_groups.len() as u64, "group", "groups"), after.lingering_groups.join(", "));
        view! { <p class="s gap12">{text}</p> }
    });
    let _ = app;
    view! { <section class="b" id="unanswered"><header><h2>{format!("After {}", leaver.last_day)}</h2><p>"Clients who wrote and got no answer from the firm within 2 business days, oldest first."</p></header>{table}{groups}</section> }.into_any()
}
