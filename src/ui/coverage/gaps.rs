//! The gaps as a table, most severe first; sortable by column.

use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::{Open, gap_link, is_found, looked};
use crate::model::Answers;
use crate::model::answer::Gap;
use crate::report::custodians::class_rank;
use crate::report::explained;
use crate::report::phrase;
use crate::report::phrase::count;
use crate::report::veil::Veil;
use crate::ui::marks;
use crate::ui::parts;
use crate::ui::state::App;

const FIRST: usize = 10;
const STEP: usize = 100;

/// What rows are sorted by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Severity,
    Class,
    Period,
    Custodian,
    Channel,
    Estimate,
}

/// The section.
pub(super) fn section(app: App, open: Open, answers: &Arc<Answers>) -> AnyView {
    let by = RwSignal::new((By::Severity, false));
    let shown = RwSignal::new(FIRST);
    let kept = Arc::clone(answers);
    let counts = explained::counts(answers);
    let title = match (counts.open(), counts.untestable) {
        (0, 0) if counts.explained > 0 => format!("No open gap; {} explained", count(counts.explained, "gap is", "gaps are")),
        (0, 0) if answers.coverage.is_empty() => "Gaps are not known".to_owned(),
        (0, 0) => format!(
            "No gaps found{} in {}",
            if marks::filtered(app) { " for these filters" } else { "" },
            count(answers.coverage.iter().map(|row| row.expected_days).sum(), "required day", "required days")
        ),
        (n, 0) if counts.explained == 0 => count(n, "open gap", "open gaps"),
        (n, 0) => format!("{}, {} explained", count(n, "open gap", "open gaps"), phrase::grouped(counts.explained)),
        (n, u) => format!("{}, {} that cannot be tested", count(n, "open gap", "open gaps"), count(u, "stream", "streams")),
    };
    if answers.gaps.is_empty() {
        let clear = marks::filtered(app).then(|| marks::clear(app));
        return view! { <section class="b"><header><h2>{title}</h2><p>"No gap found is not proof that nothing is missing: a message that no source holds, names or counts leaves no trace."</p></header>{clear}</section> }.into_any();
    }
    let found = RwSignal::new(answers.gaps.len());
    let rows = move || {
        let veil = marks::veil(app, &kept);
        let (by, down) = by.get();
        let sought = looked(open);
        let mut order: Vec<&Gap> = kept.gaps.iter().filter(|gap| is_found(&veil.name(&gap.custodian, gap.person.as_deref()), &sought)).collect();
        found.set(order.len());
        sort(&mut order, by, &veil);
        if down {
            order.reverse();
        }
        order.into_iter().take(shown.get()).map(|gap| row(app, open, &kept, gap, &veil)).collect::<Vec<_>>()
    };
    let head = move |word: &'static str, which: By, right: bool| {
        let sorted = move || (by.get().0 == which).then(|| if by.get().1 { "descending" } else { "ascending" });
        let arrow = move || (by.get().0 == which).then(|| if by.get().1 { "↓" } else { "↑" });
        let press = move |_| by.update(|by| *by = if by.0 == which { (which, !by.1) } else { (which, false) });
        view! { <th scope="col" class:r=right aria-sort=sorted><button type="button" on:click=press>{word}<span aria-hidden="true">{arrow}</span></button></th> }.into_any()
    };
    let more = move || marks::more(shown, found.get(), STEP, ("row", "rows"));
    view! {
        <section class="b">
            <header><h2>{title}</h2><p>"Ordered by severity: required days, certainty, estimated messages, client contact, recency. "<a href=move || format!("{}#gaps", app.link("/method"))>"How severity is counted"</a></p></header>
            <table class="dl pad1 gaps"><caption class="vh">"Gaps"</caption>
                <thead><tr>
                    {head("Class", By::Class, false)}{head("Period", By::Period, false)}{head("Custodian", By::Custodian, false)}{head("Channel", By::Channel, false)}
                    <th scope="col">"Basis"</th>{head("Estimated messages", By::Estimate, true)}{head("Severity", By::Severity, false)}
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {more}
        </section>
    }
    .into_any()
}

/// Stable: equal rows keep the order of severity.
fn sort(order: &mut Vec<&Gap>, by: By, veil: &Veil) {
    let mid = |gap: &Gap| gap.estimate.as_ref().map_or(-1.0, |e| e.mid);
    match by {
        By::Severity => {}
        By::Class => crate::order::sort_by_key(order, |gap| class_rank(&gap.class)),
        By::Period => crate::order::sort_by(order, |a, b| a.from.cmp(&b.from)),
        By::Custodian => crate::order::sort_by_key(order, |gap| veil.name(&gap.custodian, gap.person.as_deref())),
        By::Channel => crate::order::sort_by(order, |a, b| a.channel.cmp(&b.channel)),
        By::Estimate => crate::order::sort_by(order, |a, b| mid(b).total_cmp(&mid(a))),
    }
}

fn row(app: App, open: Open, answers: &Answers, gap: &Gap, veil: &Veil) -> AnyView {
    let id = gap.id.clone();
    let on = Memo::new(move |_| open.gap.with(|gap| gap.as_deref() == Some(id.as_str())));
    let link = gap_link(app, &gap.id);
    let period = phrase::period(gap.from.as_deref(), gap.to.as_deref());
    let key = format!("g:{}:{}:{}:{}:{period}", gap.class, marks::tag(&gap.custodian), gap.channel, gap.kind);
    let named = veil.shows(gap.person.as_deref());
    let basis = gap.reasons.first().filter(|_| named).cloned().unwrap_or_else(|| phrase::kind_word(&gap.kind));
    let estimate = phrase::estimate(gap);
    let none = estimate.is_none();
    let estimate = estimate.map_or_else(
        || view! { <span>"–"</span> }.into_any(),
        |(mid, range)| view! { <span>{mid}<span class="q">{if range.is_empty() { range } else { format!(" ({range})") }}</span></span> }.into_any(),
    );
    let name = veil.name(&gap.custodian, gap.person.as_deref());
    let explained = gap.explained.is_some().then(|| view! { <span class="xs q sub">"explained"</span> });
    view! {
        <tr data-testid="gap-row" data-key=key data-class=gap.class.clone() class:on=on aria-current=move || on.get().then_some("true")>
            <td class="lead0">{marks::class(&gap.class)}</td>
            <th scope="row" class="gap-period" data-l="Period"><a class="n" href=link>{marks::period(gap.from.as_deref(), gap.to.as_deref())}</a></th>
            <td data-l="Custodian">{name}</td>
            <td data-l="Channel">{marks::channel(answers, &gap.channel)}</td>
            <td data-l="Basis">{basis}</td>
            <td class="r nb" class:e=none data-l="Estimate">{estimate}</td>
            <td data-l="Severity">{parts::severity(&gap.severity)}{explained}</td>
        </tr>
    }
    .into_any()
}
