//! Overview: are we all right? A verdict with its basis, four figures, ownership by quarter, channels with coverage, what needs a
//! decision, what is not known. Every number links to the view that lists what it counts. No names here.

mod panels;
mod verdict;

use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::parts::{Cell, Head, Kind, Line, banner, empty, grouped, number, number_link, percent, severity, shown_as_table, status, table};
use super::state::{App, app};
use crate::model::Answers;
use crate::model::answer::QuarterRow;
use crate::report::explained;

/// The view.
#[must_use]
pub fn page() -> AnyView {
    let app = app();
    let page = move || match app.answers.get() {
        None => first_use(app),
        Some(answers) => filled(app, &answers),
    };
    page.into_any()
}

fn first_use(app: App) -> AnyView {
    let counting = move || if app.idle() { "No exports have been added" } else { "Reading the files; the answers follow" };
    let action = view! { <a class="btn p" href=move || app.link("/import")>"Add files"</a> }.into_any();
    view! {
        <h1 tabindex="-1">"Overview"</h1><p class="q" role="status">{counting}</p>
        {empty("What will stand here".to_owned(), "One sentence on whether the records cover what the policy requires, four figures, and what needs a decision first. It is counted on this device from the exports you add: WhatsApp, Telegram, Slack, e-mail, CSV or JSON.".to_owned(), action)}
    }
    .into_any()
}

fn filled(app: App, a: &Arc<Answers>) -> AnyView {
    let scope = scope_words(a);
    let sources = &a.basis.sources;
    let partial = (sources.read < sources.given).then(|| {
        banner(format!(
            "{} of {} sources were not read. Days they would cover count as not covered or unknown.",
            grouped(sources.given - sources.read),
            grouped(sources.given)
        ))
    });
    let counting = move || app.counting.get().then(|| view! { <p class="s q" role="status">"Counting anew; the figures below are those of before."</p> });
    let print = move |_| drop(window().print());
    view! {
        {super::marks::print_head("Overview")}
        <div class="head"><div><h1 class="s" tabindex="-1">"Overview"</h1></div>
            <div class="acts"><button class="btn" type="button" on:click=move |_| app.download(&format!("html:{}", super::marks::names(app).word()))>"Save report"</button><button class="btn p" type="button" on:click=print>"Print"</button></div></div>
        <p class="s q">{scope}</p>{super::marks::bar(app, a)}{counting}{partial}
        <div class:dim=move || app.counting.get()>
            {verdict::section(app, a)}{figures(app, a)}{quarters(a)}{panels::section(app, a)}{decisions(app, a)}{unknown(app, a)}
        </div>
        <div class="pf"><span>"Prepared by"</span><span>"Reviewed by"</span><span>"Date"</span></div>
    }
    .into_any()
}

fn scope_words(a: &Answers) -> String {
    let dates = match (&a.scope.from, &a.scope.to) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        _ => "All dates".to_owned(),
    };
    let as_of = a.scope.as_of.as_ref().map(|d| format!(", as of {d}")).unwrap_or_default();
    format!("{dates}{as_of}, {}", a.scope.zone)
}

fn figures(app: App, a: &Answers) -> AnyView {
    let (expected, covered) = crate::report::verdict::days(a);
    let link = |path: &str| app.link_now(path);
    let coverage = if expected > 0 {
        let text = number::tenths(number::share_tenths(covered as f64 / expected as f64));
        let value = view! { <a class="n" href=link("/coverage")>{text}" "<small>"%"</small></a> }.into_any();
        (value, format!("{} of {} business days", grouped(covered), grouped(expected)))
    } else {
        (status(Kind::Unknown, "Unknown"), "No people list or no policy: nothing says what is required".to_owned())
    };
    let counts = explained::counts(a);
    let (open, gaps) = (counts.open(), counts.words());
    let leavers = leavers(app, a);
    let s = &a.basis.sources;
    let problems = view! { <a class="n" href=link("/import")>{grouped(s.with_problems)}" "<small>{format!("of {}", grouped(s.given))}</small></a> }.into_any();
    let not_read = s.given.saturating_sub(s.read);
    let problem_words = format!("{} not read, {} records skipped", grouped(not_read), grouped(s.skipped));
    let figure = |name: &'static str, (value, about): (AnyView, String)| {
        view! { <div><dt>{name}</dt><dd class="v">{value}</dd><dd class="c">{about}</dd></div> }.into_any()
    };
    view! {
        <dl class="figs">{figure("Required days covered", coverage)}{figure("Open gaps", (number_link(grouped(open), link("/coverage")), gaps))}
            {figure("Leavers with clients to hand over", leavers)}{figure("Sources with problems", (problems, problem_words))}</dl>
    }
    .into_any()
}

fn leavers(app: App, a: &Answers) -> (AnyView, String) {
    if a.basis.people.is_none() {
        return (status(Kind::Unknown, "Unknown"), "No people list was added".to_owned());
    }
    if a.basis.clients.is_none() {
        return (number_link(grouped(a.leavers.len() as u64), app.link_now("/people")), "leavers; no client list, so clients are not known".to_owned());
    }
    let with: Vec<_> = a.leavers.iter().filter(|l| !l.clients.is_empty()).collect();
    let clients: usize = with.iter().map(|l| l.clients.len()).sum();
    let next = with.iter().filter(|l| l.days_left >= 0).map(|l| l.days_left).min();
    let next = next.map(|d| if d == 1 { "; next last day in 1 day".to_owned() } else { format!("; next last day in {d} days") }).unwrap_or_default();
    (
        number_link(grouped(with.len() as u64), app.link_now("/people")),
        format!("{} {}{next}", grouped(clients as u64), if clients == 1 { "client" } else { "clients" }),
    )
}

fn quarter_name(name: &str) -> String {
    name.replace("-Q", " Q")
}

fn firm_share(q: &QuarterRow) -> Option<f64> {
    let all = q.firm_owned + q.other;
    (all > 0).then(|| q.firm_owned as f64 / all as f64)
}

/// Two-part bars per quarter. Nothing is drawn when no register or no client is known: the reason stands under "not known".
fn quarters(a: &Answers) -> Option<AnyView> {
    a.channels.firm_owned_client_share.as_ref()?;
    let rows: Vec<(&QuarterRow, f64)> = a.channels.by_quarter.iter().filter_map(|q| Some((q, firm_share(q)?))).collect();
    let (first, last) = (rows.first()?.1, rows.last()?.1);
    let title = match number::share_tenths(last) - number::share_tenths(first) {
        d if d < -20 => "Client conversation is leaving firm-owned channels",
        d if d > 20 => "Client conversation is moving to firm-owned channels",
        _ => "Client conversation by who owns the account",
    };
    let about = if rows.len() > 1 {
        format!(
            "Share of client turns by who owns the account, per quarter. {} was firm-owned at first, {} is in the last quarter; the firm can produce the rest only if employees export it.",
            number::whole(first),
            number::whole(last)
        )
    } else {
        format!(
            "Share of client turns by who owns the account. {} is firm-owned; the firm can produce the rest only if employees export it.",
            number::whole(last)
        )
    };
    let count = rows.len();
    let bars = rows.iter().enumerate().map(|(i, (q, share))| bar(q, *share, i + 1 == count)).collect::<Vec<_>>();
    let lines = rows
        .iter()
        .map(|(q, share)| {
            let total = q.firm_owned + q.other;
            Line::new(vec![
                Cell::text(quarter_name(&q.quarter)),
                Cell::number(*share, percent(*share)),
                Cell::number(1.0 - share, percent(1.0 - share)),
                Cell::number(total as f64, grouped(total)),
            ])
        })
        .collect();
    let heads = vec![Head::text("Quarter"), Head::number("Firm-owned"), Head::number("Personal accounts"), Head::number("Client turns")];
    Some(
        view! {
            <section class="b"><figure class="split" aria-labelledby="f1"><figcaption id="f1"><h2>{title}</h2><p class="m">{about}</p></figcaption><div>
                <div class="stack"><div class="q2 hd"><span></span><span><span>"Firm-owned"</span><span>"Personal accounts"</span></span></div>{bars}</div>
                {shown_as_table("Share of client turns by owner of the account", "owner-by-quarter.csv", heads, lines)}</div></figure></section>
        }
        .into_any(),
    )
}

fn bar(q: &QuarterRow, share: f64, now: bool) -> AnyView {
    let firm = number::share_tenths(share);
    let drawing =
        format!("<rect width=\"{firm}\" height=\"10\" class=\"f-cov\"/><rect x=\"{firm}\" width=\"{}\" height=\"10\" class=\"f-s1 k-cov vx\"/>", 1000 - firm);
    // A label that would not fit its part is left to the table and the other side.
    let left = (firm >= 80).then(|| view! { <span class="a">{number::whole(share)}</span> });
    let right = (firm <= 920).then(|| view! { <span class="z">{number::whole(1.0 - share)}</span> });
    view! {
        <div class="q2" class:now=now><span class="lab">{quarter_name(&q.quarter)}</span>
            <div class="two"><svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" inner_html=drawing></svg>{left}{right}</div></div>
    }
    .into_any()
}

/// The first five findings, without names.
fn decisions(app: App, a: &Answers) -> AnyView {
    if a.findings.is_empty() {
        let sources = grouped(a.basis.sources.read);
        return view! { <section class="b"><header><h2>"Nothing needs a decision"</h2><p>{format!("No finding in {sources} sources and {} messages.", grouped(a.basis.messages))}</p></header></section> }
            .into_any();
    }
    let lines = a
        .findings
        .iter()
        .take(5)
        .map(|f| {
            let (word, sentence) = (f.severity.clone(), f.sentence_without_names.clone());
            let href = format!("{}#finding", app.link_now(&format!("/findings?finding={}", f.id)));
            let (there, back, number, unit) = (href.clone(), href, grouped(f.quantity), f.unit.clone());
            let when = if f.from.is_none() && f.to.is_none() { String::new() } else { crate::report::phrase::period(f.from.as_deref(), f.to.as_deref()) };
            let channel = f.channel.as_deref().map(crate::report::words::channel).unwrap_or_default();
            Line::new(vec![
                Cell::text(f.severity.clone()).drawn(move || severity(&word)),
                Cell::text(sentence.clone()).class("find").drawn(move || view! { <a class="rl" href=there.clone()>{sentence.clone()}</a> }.into_any()),
                Cell::text(channel),
                Cell::text(when).class("nb"),
                Cell::number(f.quantity as f64, format!("{number} {unit}"))
                    .class("nb")
                    .drawn(move || view! { {number_link(number.clone(), back.clone())}" "<span class="q">{unit.clone()}</span> }.into_any()),
            ])
        })
        .collect();
    let heads = vec![Head::text("Severity"), Head::text("Finding"), Head::text("Channel"), Head::text("When"), Head::number("Evidence")];
    let all = format!("All {} findings", grouped(a.findings.len() as u64));
    view! {
        <section class="b"><header class="ends"><h2>"What needs a decision first"</h2><a class="s" href=app.link_now("/findings")>{all}</a></header>
            {table("decide", "Findings by severity", heads, lines)}</section>
    }
    .into_any()
}

fn unknown(app: App, a: &Answers) -> AnyView {
    if a.basis.missing.is_empty() {
        return view! { <section class="b"><header><h2>"Nothing is left open"</h2><p>"All lists and the policy were supplied, every source was read."</p></header></section> }.into_any();
    }
    let items = a
        .basis
        .missing
        .iter()
        .map(|m| {
            let count = (m.count > 0).then(|| format!(" ({})", grouped(m.count)));
            let help = matches!(
                m.id.as_str(),
                "no_people" | "no_clients" | "no_policy" | "no_leave" | "zone_assumed" | "date_order" | "source_unread" | "no_register"
            )
            .then(|| view! { " "<a href=app.link_now("/import")>"Go to Import"</a> });
            view! { <div><h3>{status(Kind::Unknown, "")}<span>{m.title.clone()}{count}</span></h3><p>{m.effect.clone()}{help}</p></div> }.into_any()
        })
        .collect::<Vec<_>>();
    view! { <section class="b"><header><h2>"What is not known"</h2></header><div class="unk">{items}</div></section> }.into_any()
}
