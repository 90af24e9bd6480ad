//! Two copies of one conversation beside each other: how much each holds of the other, what only the other has, how many messages there
//! were in all. Two rows for each pair, one for each copy.

use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::gap_link;
use crate::model::Answers;
use crate::model::answer::{CopyPair, CopySide, Gap};
use crate::report::copies as sides;
use crate::report::phrase::{count, grouped};
use crate::report::veil::{Names, Veil};
use crate::ui::marks;
use crate::ui::state::{App, Role};

/// Pairs shown at first, and added by each further step.
const FIRST: usize = 8;
const STEP: usize = 50;
/// Gaps named in a cell.
const GAPS: usize = 3;

/// The section; says why there is nothing to compare when there is not.
pub(super) fn section(app: App, answers: &Arc<Answers>) -> AnyView {
    if answers.copies.is_empty() {
        return none(app, answers);
    }
    let kept = Arc::clone(answers);
    let shown = RwSignal::new(FIRST);
    let rows = move || {
        let veil = marks::veil(app, &kept);
        let pairs = kept.copies.iter().take(shown.get());
        pairs.map(|pair| view! { <tbody class="pair" data-testid="copy-pair">{both(app, &kept, pair, &veil)}</tbody> }.into_any()).collect::<Vec<_>>()
    };
    let total = answers.copies.len();
    let save = move || {
        (app.role.get() == Role::Compliance).then(
            || view! { <p class="s gap8 no-print"><button class="ln" type="button" on:click=move |_| app.download("csv:copies")>"Copies as CSV"</button></p> },
        )
    };
    view! {
        <section class="b" id="copies"><header><h2>{sides::headline(&answers.copies)}</h2><p>{sides::CAVEAT}" Shares and numbers in brackets: 95 % interval. "<a href=move || app.link("/method")>"How copies are compared"</a></p></header>
            <table class="dl copies"><caption class="vh">"Two copies of one conversation, two rows for each pair"</caption>
                <thead><tr><th scope="col">"Conversation"</th><th scope="col">"Copy kept by"</th><th scope="col" class="r">"Messages compared"</th><th scope="col">"Holds of the other copy"</th><th scope="col">"Only the other copy holds"</th><th scope="col">"There were in all, estimated"</th><th scope="col">"Clock of the second copy"</th></tr></thead>
                {rows}
            </table>
            {move || marks::more(shown, total, STEP, ("pair", "pairs"))}
            {save}
        </section>
    }
    .into_any()
}

/// Why nothing is compared, and what would make it so.
fn none(app: App, answers: &Answers) -> AnyView {
    let sources = answers.basis.sources.read;
    let why = if sources < 2 {
        "Fewer than two sources were read.".to_owned()
    } else {
        format!("Of the {} read, no two hold enough of the same messages to be copies of one conversation.", count(sources, "source", "sources"))
    };
    let filtered = marks::filtered(app);
    let title = if filtered { "No conversation is held twice, for these filters" } else { "No conversation is held twice" };
    let action = if filtered { marks::clear(app) } else { view! { <a href=move || app.link("/import")>"Add an export"</a> }.into_any() };
    view! {
        <section class="b" id="copies" data-testid="no-copies"><header><h2>{title}</h2>
            <p>{why}" Where a client, a colleague or a second device gives an export of the same conversation, each copy shows what the other lacks. "{action}</p></header></section>
    }
    .into_any()
}

fn both(app: App, answers: &Answers, pair: &CopyPair, veil: &Veil) -> AnyView {
    let title = pair.conversation.clone().filter(|_| shows(pair, veil)).map(|title| view! { <span class="sub two-lines">{format!("“{title}”")}</span> });
    let day = |time: &str| time.get(..10).unwrap_or(time).to_owned();
    let (from, to) = (day(&pair.from), day(&pair.to));
    let whole = |value: f64| grouped(value.round().max(0.0) as u64);
    let (low, mid, high) = (whole(pair.total.low), whole(pair.total.mid), whole(pair.total.high));
    let range = (low != high).then(|| view! { <span class="q nb">{format!("({low} to {high})")}</span> });
    view! {
        <tr><th scope="rowgroup" rowspan="2" class="lead0">{marks::channel(answers, &pair.channel)}{title}<small class="xs q sub">{marks::period(Some(&from), Some(&to))}</small></th>
            {side(app, answers, pair, veil, true)}
            <td rowspan="2" data-l="In all, estimated"><span>{mid}" "{range}</span></td>
            <td rowspan="2" data-l="Second copy clock"><span>{sides::clock(pair)}</span></td></tr>
        <tr>{side(app, answers, pair, veil, false)}</tr>
    }
    .into_any()
}

/// Whether the title of a conversation may be read: by whoever may read the names of all custodians who keep a copy.
fn shows(pair: &CopyPair, veil: &Veil) -> bool {
    let both = [&pair.first, &pair.second].map(|side| side.person.as_deref());
    veil.names() == Names::All || (both.iter().any(|person| veil.shows(*person)) && both.iter().flatten().all(|person| veil.shows(Some(person))))
}

/// Who keeps a copy, and where it lies.
fn kept_by(side: &CopySide, veil: &Veil) -> (String, String) {
    const BOXES: &str = ", mailboxes";
    let (all, bare) = (sides::keeper(side, veil), sides::keeper(&CopySide { source: None, ..side.clone() }, veil));
    let who = bare.strip_suffix(BOXES).unwrap_or(&bare).to_owned();
    let place = all.strip_prefix(&who).and_then(|rest| rest.strip_prefix(", ")).unwrap_or_default();
    // Where files may not be named, some have a number only.
    (who, if place == "a source" { String::new() } else { place.to_owned() })
}

/// The cells of one copy.
fn side(app: App, answers: &Answers, pair: &CopyPair, veil: &Veil, first: bool) -> AnyView {
    let (side, other) = if first { (&pair.first, &pair.second) } else { (&pair.second, &pair.first) };
    let (who, full) = kept_by(side, veil);
    let place = crate::ui::parts::middle(&full, 40);
    let (share, range) = {
        let said = sides::share(side);
        said.split_once(" (").map_or_else(|| (said.clone(), String::new()), |(share, range)| (share.to_owned(), format!("({range}")))
    };
    let gaps: Vec<&Gap> = answers.gaps.iter().filter(|gap| lacks(gap, pair, side, other)).collect();
    let more = gaps.len().saturating_sub(GAPS) as u64;
    let more = (more > 0).then(|| view! { <span class="xs q sub">{format!("and {}", count(more, "more gap", "more gaps"))}</span> });
    let links: Vec<AnyView> = gaps
        .iter()
        .take(GAPS)
        .map(|gap| view! { <a class="xs sub" href=gap_link(app, &gap.id)>"Gap of "{marks::period(gap.from.as_deref(), gap.to.as_deref())}</a> }.into_any())
        .collect();
    let only = if other.only == 0 { "none".to_owned() } else { count(other.only, "message", "messages") };
    view! {
        <td data-l="Copy kept by"><span>{who}<small class="xs q sub" title=full>{place}</small></span></td>
        <td class="r" data-l="Messages compared">{grouped(side.messages)}</td>
        <td data-l="Holds of the other"><span>{share}" "<span class="q nb">{range}</span></span></td>
        <td data-l="Only in the other"><span>{only}{links}{more}</span></td>
    }
    .into_any()
}

/// Whether a gap is what this copy lacks of the other. What is missing is named with the source that holds it; of mailboxes the person is.
fn lacks(gap: &Gap, pair: &CopyPair, side: &CopySide, other: &CopySide) -> bool {
    let held = |source: &String| gap.evidence.iter().any(|place| place.absent.is_some() && place.source == *source);
    let inside = gap.from.as_deref().zip(pair.to.get(..10)).is_none_or(|(from, end)| from <= end)
        && gap.to.as_deref().zip(pair.from.get(..10)).is_none_or(|(to, start)| to >= start);
    gap.kind == "other_copy"
        && gap.channel == pair.channel
        && inside
        && other.only > 0
        && (side.person.is_none() || gap.person == side.person)
        && other.source.as_ref().is_none_or(held)
}
