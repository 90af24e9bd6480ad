//! Who is who: likely joins that wait for a decision, handles nobody knows, conversations whose class a person may correct without
//! opening them, and every decision with its reason. `ask` is the form behind "Decide…".

mod ask;

use crate::ui::node::prelude::*;

use super::marks;
use super::parts::{self, Kind, status};
use super::state::{App, Role, app};
use crate::model::Answers;
use crate::model::answer::{ConversationSaid, Identity, Proposal, UnknownHandle};
use crate::model::decision::{IdentityDecision, Verdict};
use crate::report::phrase::{count, grouped};
use crate::report::{method, words};
use ask::Asked;

const QUESTION: &str = "Whose handles are these, and which conversations are work?";
/// Rows shown at once in each table.
const STEP: usize = 25;

/// The view.
#[must_use]
pub fn page() -> AnyView {
    let app = app();
    let asked = RwSignal::new(None::<Asked>);
    let body = move || match (app.answers.get(), app.role.get()) {
        (None, _) => {
            marks::first_use("Here handles are joined to people and clients: certain joins by address, number or id; likely ones wait for your decision.")
        }
        (Some(answers), Role::Compliance) => sections(app, &answers, asked),
        (Some(answers), _) => view! { {lead(&answers.identity)}<p class="s q gap8">"Handles and decisions are shown to compliance only."</p> },
    };
    view! { {marks::head("Who is who", QUESTION, ().into_any())}{body}{ask::dialog(app, asked)} }
}

fn sections(app: App, answers: &Answers, asked: RwSignal<Option<Asked>>) -> AnyView {
    let identity = &answers.identity;
    view! {
        {lead(identity)}
        <div class="set"><label class="field">"Decisions are made by"<input type="text" autocomplete="name" data-testid="decided-by" placeholder="Your name" prop:value=app.by on:input=move |e| app.by.set(event_target_value(&e))/></label></div>
        {proposals(app, &identity.proposals)}
        {unknown(identity, asked)}
        {conversations(app, answers, asked)}
        {decisions(app, &identity.decisions)}
    }
}

/// How many handles are whose.
fn lead(identity: &Identity) -> AnyView {
    let c = &identity.counts;
    let known = c.employees + c.clients + c.services + c.others;
    let private =
        if c.private > 0 { format!(" Of these {} appear in private conversations only; they are not listed.", grouped(c.private)) } else { String::new() };
    let parts = [(c.employees, "employees"), (c.clients, "clients"), (c.services, "services"), (c.others, "others")];
    let parts: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", grouped(n))).collect();
    let of = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    view! {
        <p class="lead">{format!("{} known{of}, {} not known.", count(known, "handle is", "handles are"), grouped(c.unknown))}</p>
        <p class="s q gap8">{format!("{} joined for certain, by address, number or id; {} by a decision.{private}", count(c.certain, "handle is", "handles are"), grouped(c.decided))}</p>
    }
}

/// A table with a button for more rows. `foot` stands below it.
fn listed(
    title: String,
    about: &'static str,
    heads: &'static [&'static str],
    rows: Vec<Box<dyn Fn() -> AnyView>>,
    name: (&'static str, &'static str),
) -> AnyView {
    let shown = RwSignal::new(STEP);
    let total = rows.len();
    let heads: Vec<AnyView> = heads.iter().map(|head| view! { <th scope="col">{*head}</th> }).collect();
    let caption = title.clone();
    let body = move || rows.iter().take(shown.get()).map(|row| row()).collect::<Vec<_>>();
    view! {
        <section class="b"><header><h2>{title}</h2><p>{about}</p></header>
            <table class="dl"><caption class="vh">{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>
            {move || marks::more(shown, total, STEP, name)}</section>
    }
}

fn proposals(app: App, proposals: &[Proposal]) -> AnyView {
    if proposals.is_empty() {
        return view! { <section class="b"><header><h2>"No likely join waits"</h2><p>"Handles that look like someone on the lists, but not for certain, are proposed here."</p></header></section> };
    }
    let rows = proposals.iter().cloned().map(|p| Box::new(move || proposal(app, &p)) as Box<dyn Fn() -> AnyView>).collect();
    listed(
        format!("{} for your decision", count(proposals.len() as u64, "likely join waits", "likely joins wait")),
        "Nothing is joined until you accept it. Names alone never join anyone.",
        &["Seen as", "Probably", "Why", "Score", "Decide"],
        rows,
        ("proposal", "proposals"),
    )
}

fn proposal(app: App, p: &Proposal) -> AnyView {
    let decide = |verdict: Verdict| {
        let decision = IdentityDecision {
            channel: p.channel.clone(),
            handle: p.handle.clone(),
            verdict,
            whom: p.whom.clone(),
            reason: if verdict == Verdict::Same { p.reasons.join(" ") } else { "Not the same person".to_owned() },
            ..IdentityDecision::default()
        };
        let said = if verdict == Verdict::Same { format!("{} is {}", p.shown, p.whom_shown) } else { format!("{} is not {}", p.shown, p.whom_shown) };
        move |_| {
            app.say(said.clone());
            app.decide(decision.clone());
        }
    };
    let (same, different) = (decide(Verdict::Same), decide(Verdict::Different));
    let reasons: Vec<AnyView> = p.reasons.iter().map(|r| view! { <li>{r.clone()}</li> }).collect();
    let score = format!("{:.0} %", 100.0 * p.score);
    let kind = if p.kind == "client" { "Client" } else { "Employee" };
    let (accept, refuse) = (format!("Accept: {} is {}", p.shown, p.whom_shown), format!("Not the same: {} and {}", p.shown, p.whom_shown));
    view! {
        <tr data-testid="proposal-row"><th scope="row" class="lead0">{p.shown.clone()}<small class="xs q sub">{format!("{}, {}", words::channel(&p.channel), count(p.messages, "message", "messages"))}</small></th>
            <td data-l="Probably"><span>{p.whom_shown.clone()}<small class="xs q sub">{kind}</small></span></td>
            <td data-l="Why"><ul class="s">{reasons}</ul></td><td data-l="Score" class="nb">{score}</td>
            <td data-l="Decide"><div class="acts"><button class="btn" type="button" aria-label=accept on:click=same>"Accept"</button><button class="btn t" type="button" aria-label=refuse on:click=different>"Not the same"</button></div></td></tr>
    }
}

fn unknown(identity: &Identity, asked: RwSignal<Option<Asked>>) -> AnyView {
    if identity.unknown.is_empty() {
        return ().into_any();
    }
    let rows = identity.unknown.iter().cloned().map(|u| Box::new(move || unknown_row(&u, asked)) as Box<dyn Fn() -> AnyView>).collect();
    let more = identity.counts.unknown.saturating_sub(identity.counts.private).saturating_sub(identity.unknown.len() as u64);
    let foot = (more > 0).then(|| view! { <p class="s q gap8">{format!("{} with less traffic are counted, not listed.", grouped(more))}</p> });
    view! {
        {listed(
            "Handles nobody knows".to_owned(),
            "Most traffic first. What you decide here changes channels, gaps and leavers at once.",
            &["Handle", "Channel", "Messages", "Speaks with", "Who is it?"],
            rows,
            ("handle", "handles"),
        )}{foot}
    }
}

fn unknown_row(u: &UnknownHandle, asked: RwSignal<Option<Asked>>) -> AnyView {
    let ask = Asked::Handle { channel: u.channel.clone(), handle: u.handle.clone(), shown: u.shown.clone() };
    let label = format!("Decide… who {} is", u.shown);
    view! {
        <tr data-testid="unknown-row"><th scope="row" class="lead0 wrap">{u.shown.clone()}</th><td data-l="Channel">{words::channel(&u.channel)}</td><td data-l="Messages">{grouped(u.messages)}</td>
            <td data-l="Speaks with">{count(u.employees, "employee", "employees")}</td>
            <td data-l="Who is it?"><button class="btn t" type="button" aria-label=label on:click=move |_| asked.set(Some(ask.clone()))>"Decide…"</button></td></tr>
    }
}

fn conversations(app: App, answers: &Answers, asked: RwSignal<Option<Asked>>) -> AnyView {
    let said = &answers.conversations;
    if said.is_empty() {
        return ().into_any();
    }
    let private = answers.basis.private_conversations;
    let rows = said.iter().cloned().map(|c| Box::new(move || conversation(app, &c, asked)) as Box<dyn Fn() -> AnyView>).collect();
    listed(
        format!("{} and {} undecided", count(private, "conversation is private", "conversations are private"), grouped(answers.basis.undecided_conversations)),
        "Private conversations are counted and left out of everything else. Who else takes part is not shown; a class can be corrected without opening anything.",
        &["Conversation", "Employee", "Class", "Why", "Correct"],
        rows,
        ("conversation", "conversations"),
    )
}

fn conversation(app: App, c: &ConversationSaid, asked: RwSignal<Option<Asked>>) -> AnyView {
    let (kind, word) = match c.class.as_str() {
        "work" => (Kind::Good, "Work"),
        "private" => (Kind::Info, "Private"),
        _ => (Kind::Unknown, "Undecided"),
    };
    let name = format!("{} {}", words::channel(&c.channel), c.id);
    let ask = |work: bool| Asked::Class { id: c.id.clone(), work, shown: name.clone() };
    let (work, private, id) = (ask(true), ask(false), c.id.clone());
    let messages = c.messages.map(|n| format!(", {}", count(n, "message", "messages")));
    let undo =
        c.decided.then(|| view! { <button class="btn t" type="button" on:click=move |_| app.decide_class(&id, false, String::new())>"Take back"</button> });
    let to_work = (c.class != "work").then(|| view! { <button class="btn t" type="button" aria-label=format!("Is work… {name}") on:click=move |_| asked.set(Some(work.clone()))>"Is work…"</button> });
    let to_private = (c.class != "private").then(|| view! { <button class="btn t" type="button" aria-label=format!("Is private… {name}") on:click=move |_| asked.set(Some(private.clone()))>"Is private…"</button> });
    view! {
        <tr data-testid="conversation-row" data-class=c.class.clone()><th scope="row" class="lead0">{name.clone()}<small class="xs q sub">{c.kind.clone()}{messages}</small></th><td data-l="Employee">{c.employees.join(", ")}</td>
            <td data-l="Class"><span>{status(kind, word)}</span></td><td data-l="Why" class="s">{c.why.clone()}</td>
            <td data-l="Correct"><div class="acts">{to_work}{to_private}{undo}</div></td></tr>
    }
}

fn decisions(app: App, decisions: &[IdentityDecision]) -> AnyView {
    if decisions.is_empty() {
        return ().into_any();
    }
    let rows = decisions.iter().cloned().enumerate().rev().map(|(n, d)| Box::new(move || decision(app, n, &d)) as Box<dyn Fn() -> AnyView>).collect();
    listed(
        count(decisions.len() as u64, "decision about a handle", "decisions about handles"),
        "The last one about a handle holds. They stand in the method section of the report and in matter.toml.",
        &["Handle", "Decided", "Reason", "By", "Undo"],
        rows,
        ("decision", "decisions"),
    )
}

fn decision(app: App, number: usize, d: &IdentityDecision) -> AnyView {
    let what = method::verdict(d);
    let by = if d.by.is_empty() { "not stated".to_owned() } else { d.by.clone() };
    let day = d.at.get(..10).unwrap_or_default().to_owned();
    let label = format!("Undo: {} {what}", d.handle);
    view! {
        <tr data-testid="decision-row"><th scope="row" class="lead0 wrap">{d.handle.clone()}<small class="xs q sub">{words::channel(&d.channel)}</small></th><td data-l="Decided">{what.clone()}</td><td data-l="Reason" class="s">{d.reason.clone()}</td>
            <td data-l="By"><span>{by}<small class="xs q sub">{day}</small></span></td>
            <td data-l="Undo"><button class="btn t" type="button" aria-label=label on:click=move |_| app.undo(u32::try_from(number).unwrap_or(u32::MAX))>"Undo"</button></td></tr>
    }
}

/// Note used by the form: what is decided here.
fn about(asked: &Asked) -> AnyView {
    let text = match asked {
        Asked::Handle { .. } => "Look for the person or the client, or say that it is neither. The reason is kept with the decision.",
        Asked::Class { work: true, .. } => "From then on it counts in every figure, and its records may be cited. The reason is kept with the decision.",
        Asked::Class { .. } => "From then on only its number is counted. The reason is kept with the decision.",
    };
    parts::note(false, text.into_any())
}
