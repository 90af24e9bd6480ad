//! Findings: what must be acted on, most severe first; each row opens its evidence. From a figure to the line in the file in three
//! steps: figure, finding, place.

use std::sync::Arc;

use crate::ui::node::prelude::*;
use leptos_router::hooks::use_query_map;

use super::evidence;
use super::marks;
use super::parts::severity;
use super::state::{App, Role, app};
use crate::model::Answers;
use crate::model::answer::Finding;
use crate::report::phrase::{self, count, grouped};
use crate::report::veil::Veil;

const QUESTION: &str = "What must be acted on, and what supports it?";
const FIRST: usize = 50;
const STEP: usize = 200;
const LEVELS: [(&str, &str); 5] = [("", "All"), ("high", "High"), ("medium", "Medium"), ("low", "Low"), ("info", "For information")];

/// The view.
#[must_use]
pub fn page() -> AnyView {
    let app = app();
    let query = use_query_map();
    let open = Memo::new(move |_| query.with(|q| q.get_str("finding").map(str::to_owned)));
    let level = RwSignal::new(String::new());
    let page = move || match app.answers.get() {
        Some(answers) => body(app, &answers, open, level),
        None => (
            marks::head("Findings", QUESTION, ().into_any()),
            marks::first_use("Findings lists what the sources show and what needs a decision, each with the places in the files that support it."),
        )
            .into_any(),
    };
    page.into_any()
}

fn body(app: App, answers: &Arc<Answers>, open: Memo<Option<String>>, level: RwSignal<String>) -> AnyView {
    let save = (app.role.get() == Role::Compliance).then(|| marks::csv(app, "Findings as CSV", "csv:findings"));
    let head = marks::head("Findings", QUESTION, view! { {save} }.into_any());
    if answers.findings.is_empty() {
        let basis = format!(
            "{} read from {} of {}. What is not known stands on the overview.",
            count(answers.basis.messages, "message", "messages"),
            grouped(answers.basis.sources.read),
            count(answers.basis.sources.given, "source", "sources")
        );
        let title = if marks::filtered(app) { "No findings for these filters" } else { "No findings" };
        let clear = marks::filtered(app).then(|| marks::clear(app));
        return view! { {head}{marks::bar(app, answers)}<section class="b b32"><header><h2>{title}</h2><p>{basis}</p></header>{clear}</section> }.into_any();
    }
    let high = answers.findings.iter().filter(|f| f.severity == "high").count() as u64;
    let title = format!(
        "{}, {}",
        count(answers.findings.len() as u64, "finding", "findings"),
        if high == 0 { "none of high severity".to_owned() } else { format!("{} of high severity", grouped(high)) }
    );
    let kept = Arc::clone(answers);
    view! {
        {head}
        {marks::bar(app, answers)}
        <section class="b b32"><header class="with-filter"><div><h2>{title}</h2><p>"Most severe first. Findings state facts and the rule they touch; they are questions to people, not judgements."</p></div>{filter(answers, level)}</header>
            {table(app, answers, open, level)}
        </section>
        {move || detail(app, &kept, open.get().as_deref())}
    }
    .into_any()
}

/// Choice of severity, with the numbers.
fn filter(answers: &Answers, level: RwSignal<String>) -> AnyView {
    let options: Vec<AnyView> = LEVELS
        .iter()
        .map(|(word, name)| {
            let number = answers.findings.iter().filter(|f| word.is_empty() || f.severity == *word).count() as u64;
            view! { <option value=*word prop:selected=move || level.get() == *word>{format!("{name} ({})", grouped(number))}</option> }.into_any()
        })
        .collect();
    view! { <label class="s pick"><span class="q">"Severity"</span><select on:change=move |ev| level.set(event_target_value(&ev))>{options}</select></label> }
        .into_any()
}

fn table(app: App, answers: &Arc<Answers>, open: Memo<Option<String>>, level: RwSignal<String>) -> AnyView {
    let shown = RwSignal::new(FIRST);
    let kept = Arc::clone(answers);
    let content = move || {
        let veil = marks::veil(app, &kept);
        let list: Vec<&Finding> = level.with(|level| kept.findings.iter().filter(|f| level.is_empty() || f.severity == *level).collect());
        if list.is_empty() {
            return view! { <p class="s q">"No findings of this severity. "<button class="ln" type="button" on:click=move |_| level.set(String::new())>"Show all"</button></p> }.into_any();
        }
        let total = list.len();
        let rows: Vec<AnyView> = list.into_iter().take(shown.get()).map(|finding| row(app, &kept, finding, &veil, open)).collect();
        view! {
            <table class="dl pad1 findings"><caption class="vh">"Findings, most severe first"</caption>
                <thead><tr><th scope="col">"Severity"</th><th scope="col">"Finding"</th><th scope="col">"Whom"</th><th scope="col">"Channel"</th><th scope="col">"Period"</th><th scope="col" class="r">"Evidence"</th></tr></thead>
                <tbody>{rows}</tbody></table>
            {marks::more(shown, total, STEP, ("finding", "findings"))}
        }
        .into_any()
    };
    view! { {content} }.into_any()
}

fn row(app: App, answers: &Answers, finding: &Finding, veil: &Veil, open: Memo<Option<String>>) -> AnyView {
    let id = finding.id.clone();
    let on = Memo::new(move |_| open.with(|open| open.as_deref() == Some(id.as_str())));
    let link = format!("{}#finding", app.link_now(&format!("/findings?finding={}", finding.id)));
    let sentence = veil.sentence(finding).to_owned();
    // A group may grow or shrink between two answers: its number is not part of what tells it apart.
    let person = finding.person.as_ref().map(|_| marks::tag(&finding.whom)).unwrap_or_default();
    // Several rules, and several kinds of data, give a sentence each; its numbers may change between two answers.
    let which = marks::tag(&finding.sentence_without_names.chars().filter(|c| c.is_alphabetic()).collect::<String>());
    let key = format!("f:{}:{person}:{}:{}:{}:{which}", finding.question, finding.channel.as_deref().unwrap_or(""), finding.unit, finding.severity);
    let dated = finding.from.is_some() || finding.to.is_some();
    let period = if dated { marks::period(finding.from.as_deref(), finding.to.as_deref()) } else { "–".into_any() };
    let slug = finding.channel.as_deref().unwrap_or("");
    let evidence = format!("{} {}", grouped(finding.quantity), finding.unit);
    let whom = whom(app, finding, veil);
    view! {
        <tr data-testid="finding-row" data-key=key data-severity=finding.severity.clone() class:on=on aria-current=move || on.get().then_some("true")>
            <td data-l="Severity">{severity(&finding.severity)}</td>
            <th scope="row" data-l="Finding"><a class="rl" href=link>{sentence}</a></th>
            <td data-l="Whom">{whom}</td>
            <td class:e=slug.is_empty() data-l="Channel">{marks::channel(answers, slug)}</td>
            <td class="period" class:e=!dated data-l="Period">{period}</td>
            <td class="r" data-l="Evidence">{evidence}</td>
        </tr>
    }
    .into_any()
}

/// The person as a link to the person's page when there is one.
fn whom(app: App, finding: &Finding, veil: &Veil) -> AnyView {
    let text = veil.whom(finding);
    let leaver = finding
        .person
        .as_deref()
        .filter(|id| veil.shows(Some(id)) && app.answers.with_untracked(|a| a.as_ref().is_some_and(|a| a.leavers.iter().any(|l| l.id == *id))));
    match leaver {
        Some(id) => view! { <a class="n" href=app.link_now(&format!("/people/{id}"))>{text}</a> }.into_any(),
        None => text.into_any(),
    }
}

/// The chosen finding with its evidence.
fn detail(app: App, answers: &Answers, open: Option<&str>) -> AnyView {
    let Some(finding) = open.and_then(|id| answers.findings.iter().find(|finding| finding.id == id)) else {
        return view! { <p class="s q gap16">"Select a finding to see the places that support it."</p> }.into_any();
    };
    let veil = marks::veil(app, answers);
    let sentence = veil.sentence(finding).to_owned();
    let mut facts: Vec<(&'static str, AnyView)> = Vec::new();
    let whom_text = veil.whom(finding);
    if !whom_text.is_empty() {
        facts.push(("Whom", whom(app, finding, &veil)));
    }
    if let Some(slug) = finding.channel.as_deref().filter(|slug| !slug.is_empty()) {
        facts.push(("Channel", marks::channel(answers, slug)));
    }
    if finding.from.is_some() || finding.to.is_some() {
        facts.push(("Period", phrase::period(finding.from.as_deref(), finding.to.as_deref()).into_any()));
    }
    facts.push(("Supported by", format!("{} {}", grouped(finding.quantity), finding.unit).into_any()));
    if let Some(gap) = finding.gap.as_deref() {
        let link = format!("{}#gap", app.link_now(&format!("/coverage?gap={gap}")));
        facts.push(("Gap", view! { <a href=link>"Reasons and other explanations"</a> }.into_any()));
    }
    let rows: Vec<AnyView> = facts.into_iter().map(|(word, value)| view! { <dt>{word}</dt><dd>{value}</dd> }.into_any()).collect();
    let shown = finding.evidence.len() as u64;
    let quantity = if shown < finding.quantity { format!("{} of {} {}", grouped(shown), grouped(finding.quantity), finding.unit) } else { grouped(shown) };
    let method = match finding.question.as_str() {
        "leavers" => "leavers",
        "import" => "reading",
        "channels" => "words",
        "coverage" => "coverage",
        "retention" => "coverage",
        "sensitive" => "private",
        _ => "gaps",
    };
    view! {
        <section class="b b32" id="finding" aria-labelledby="finding-title"><div class="det">
            <div><p class="s">{severity(&finding.severity)}</p><h2 id="finding-title" class="gap4">{sentence}</h2><dl class="src wide-src gap12">{rows}</dl>
                <p class="s gap16"><a href=format!("{}#{method}", app.link_now("/method"))>"How this is counted"</a></p></div>
            {evidence::panel(finding.evidence.clone(), Some(quantity))}
        </div></section>
    }
    .into_any()
}
