//! Method: how each figure is counted, under which policy, what the program reads and where its limits lie.

use crate::ui::node::prelude::*;

use super::marks;
use super::parts::{self, class_badge};
use super::state::{App, app};
use crate::model::Answers;
use crate::model::answer::PolicySaid;
use crate::report::method::{CHAPTERS, Chapter};
use crate::report::{phrase, words};
use crate::worker::protocol::FormatSaid;

/// The view.
#[must_use]
pub fn page() -> AnyView {
    let app = app();
    let contents: Vec<AnyView> = CHAPTERS.iter().map(|chapter| view! { <a href=format!("/method#{}", chapter.id)>{chapter.title}</a> }.into_any()).collect();
    let chapters: Vec<AnyView> = CHAPTERS.iter().map(chapter).collect();
    view! {
        {marks::head("Method", "How was that counted?", ().into_any())}
        <nav class="contents" aria-label="Chapters"><a href="/method#policy">"Policy"</a>{contents}<a href="/method#formats">"Formats"</a><a href="/method#version">"Version"</a></nav>
        {move || policy(app)}
        {chapters}
        <section class="b" id="formats"><header><h2>"Formats, and what each can prove"</h2><p>"The format is told from the content of a file, not from its name. The command "<code>"audit formats"</code>" lists every one. Archives are opened as they are: zip, tar, gzip, one within the other; locked members are named and left out."</p></header>
            {move || formats(app)}</section>
        {move || version(app)}
    }
}

fn chapter(chapter: &Chapter) -> AnyView {
    let terms: Vec<AnyView> = chapter
        .terms
        .iter()
        .map(|term| {
            let badge = (chapter.id == "gaps").then(|| term.word.split_once(' ')).flatten().filter(|(letter, _)| letter.len() == 1);
            let word = match badge {
                Some((letter, word)) => view! { <span class="ch">{class_badge(letter)}{word}</span> }.into_any(),
                None => term.word.into_any(),
            };
            view! { <dt>{word}</dt><dd>{term.means}</dd> }.into_any()
        })
        .collect();
    view! { <section class="b" id=chapter.id><header><h2>{chapter.title}</h2></header><dl class="terms">{terms}</dl></section> }.into_any()
}

fn policy(app: App) -> AnyView {
    let answers = app.answers.get();
    let text = answers.as_deref().map_or_else(|| view! { <p class="s q">"Nothing was read yet."</p> }.into_any(), |answers| said(app, answers));
    view! { <section class="b b32" id="policy"><header><h2>"Policy of this matter"</h2></header>{text}</section> }.into_any()
}

fn said(app: App, answers: &Answers) -> AnyView {
    let policies: Vec<&PolicySaid> = answers.basis.policies.iter().collect();
    if policies.is_empty() {
        return parts::note(
            true,
            view! { "No policy was chosen. Required periods begin with the first record of each channel, so that late beginnings cannot be seen. "<a href=move || app.link("/policy")>"Choose a rule"</a> }.into_any(),
        );
    }
    let rules: Vec<AnyView> = policies.into_iter().map(rule).collect();
    view! { {rules} }
}

fn rule(policy: &PolicySaid) -> AnyView {
    let months = policy.months.map_or_else(|| "The period could not be verified; none is applied".to_owned(), |months| format!("{months} months"));
    let mut rows = vec![
        ("Rule", policy.title.clone()),
        ("Source", policy.citation.clone()),
        ("Period", months),
        ("Counted from", policy.clock.clone()),
        ("Speaks of", policy.scope.clone()),
        ("Last checked", policy.last_checked.clone()),
    ];
    if let Some((found, days)) = policy.covered_days.zip(policy.required_days) {
        rows.push(("Found", format!("records found cover {} of {} required business days", phrase::grouped(found), phrase::grouped(days))));
    }
    rows.retain(|(_, text)| !text.is_empty());
    let rows: Vec<AnyView> = rows.into_iter().map(|(word, text)| view! { <dt>{word}</dt><dd>{text}</dd> }.into_any()).collect();
    view! { <dl class="terms">{rows}</dl> }.into_any()
}

/// What is read, said by the registry in the worker.
fn formats(app: App) -> AnyView {
    if app.formats.with(Vec::is_empty) {
        return view! { <p class="s q" role="status">"The list of formats is coming."</p> }.into_any();
    }
    let all: Vec<AnyView> = app.formats.with(|all| all.iter().map(format).collect());
    view! { <div class="formats" data-testid="formats">{all}</div> }.into_any()
}

fn format(said: &FormatSaid) -> AnyView {
    let channel = if said.channel.is_empty() { "the file says it".to_owned() } else { words::channel(&said.channel) };
    let endings = said.extensions.iter().map(|e| format!(".{e}")).collect::<Vec<_>>().join(", ");
    let proves: Vec<AnyView> = said.proves.iter().map(|p| view! { <li>{p.clone()}</li> }.into_any()).collect();
    let rows = [("Channel", channel), ("Usual names", endings), ("How to make one", said.how_to_export.clone()), ("What it cannot tell", said.limits.clone())];
    let rows: Vec<AnyView> = rows.into_iter().filter(|(_, t)| !t.is_empty()).map(|(w, t)| view! { <dt>{w}</dt><dd>{t}</dd> }.into_any()).collect();
    view! {
        <details class="format" id=format!("format-{}", said.id)><summary><b>{said.name.clone()}</b>" "<code>{said.id.clone()}</code></summary>
            <dl class="terms"><dt>"What it proves"</dt><dd><ul>{proves}</ul></dd>{rows}</dl></details>
    }
    .into_any()
}

fn version(app: App) -> AnyView {
    let tool = app
        .answers
        .with(|a| a.as_ref().map(|a| a.tool.clone()))
        .filter(|tool| !tool.is_empty())
        .unwrap_or_else(|| format!("retention-audit {}", env!("CARGO_PKG_VERSION")));
    view! {
        <section class="b" id="version"><header><h2>"Version"</h2></header>
            <p class="s m">{tool}". The same inputs and settings give the same figures here and on the command line ("<code>"audit run"</code>")."</p></section>
    }
    .into_any()
}
