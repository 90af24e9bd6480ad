//! The open gap: what it rests on, what else could explain it, the places in the files.

use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::{Open, basis};
use crate::model::Answers;
use crate::model::answer::{Benign, Gap};
use crate::report::phrase;
use crate::report::phrase::{grouped, percent};
use crate::report::words;
use crate::ui::parts::{Kind, class_badge, status};
use crate::ui::state::App;
use crate::ui::{evidence, marks};

/// The panel of the open gap; nothing when there is no gap.
pub(super) fn section(app: App, open: Open, answers: &Arc<Answers>) -> AnyView {
    let kept = Arc::clone(answers);
    let content = move || {
        let id = open.gap.get()?;
        let Some(gap) = kept.gaps.iter().find(|gap| gap.id == id) else {
            return Some(
                view! { <section class="b b32" id="gap"><p class="note">"This gap is not in the present answers; the list above shows what is."</p></section> }
                    .into_any(),
            );
        };
        Some(panel(app, open, &kept, gap))
    };
    view! { {content} }.into_any()
}

fn panel(app: App, open: Open, answers: &Arc<Answers>, gap: &Gap) -> AnyView {
    let veil = marks::veil(app, answers);
    let shows = veil.shows(gap.person.as_deref());
    let name = basis::whom(gap, &veil);
    let title = format!("{name}, {}", words::channel(&gap.channel));
    let period = phrase::period(gap.from.as_deref(), gap.to.as_deref());
    let conversation = gap.conversation.clone().filter(|_| shows).map(|title| view! { <p class="s q">{format!("Conversation “{title}”")}</p> });
    let row = answers.coverage.iter().find(|row| Some(row.person.as_str()) == gap.person.as_deref() && row.channel == gap.channel);
    let detectable = row.and_then(|row| row.detectable_days).map(|n| format!("detectable from {n}")).unwrap_or_default();
    let days = row.map(|row| view! { <p class="s"><a href=super::days_link(app, &row.person, &row.channel)>"Days of this row"</a></p> });
    let quantity = (!gap.evidence.is_empty()).then(|| grouped(gap.evidence.len() as u64));
    view! {
        <section class="b b32" id="gap" aria-labelledby="gap-title"><div class="det">
            <div>
                <p class="s" class:class-line=gap.class != "U">{marks::class(&gap.class)}</p>
                <h2 id="gap-title" class="gap4">{title}" "<span class="nb">{period}</span></h2>
                {conversation}
                {figures(gap, detectable)}
                {days}
                <h3 class="gap16">"Why this is a gap"</h3>
                {why(gap, shows)}
                {others(gap)}
                {super::explain::section(app, open, answers, gap)}
            </div>
            {evidence::panel(gap.evidence.clone(), quantity)}
        </div></section>
    }
    .into_any()
}

fn figures(gap: &Gap, detectable: String) -> AnyView {
    let (mid, range) = phrase::estimate(gap).unwrap_or_else(|| ("–".to_owned(), "not estimated".to_owned()));
    let range = if range.is_empty() { "counted".to_owned() } else { range };
    let certainty = if gap.class == "U" {
        ("–".to_owned(), "cannot be tested")
    } else {
        (percent(gap.confidence), if gap.client_facing { "a client takes part" } else { "no client seen in it" })
    };
    view! {
        <dl class="kv">
            <div><dt>"Business days"</dt><dd>{grouped(gap.business_days)}<small>{detectable}</small></dd></div>
            <div><dt>"Estimated messages"</dt><dd>{mid}<small>{range}</small></dd></div>
            <div><dt>"Certainty"</dt><dd>{certainty.0}<small>{certainty.1}</small></dd></div>
        </dl>
    }
    .into_any()
}

fn why(gap: &Gap, shows: bool) -> AnyView {
    if gap.reasons.is_empty() || !shows {
        let kind = phrase::gap_kind(&gap.kind);
        return view! { <ul class="why"><li><span></span><div><p>{kind}</p></div></li></ul> }.into_any();
    }
    let items: Vec<AnyView> = gap
        .reasons
        .iter()
        .map(|reason| {
            let reason = reason.clone();
            view! { <li>{class_badge(&gap.class)}<div><p>{reason}</p></div></li> }.into_any()
        })
        .collect();
    view! { <ul class="why">{items}</ul> }.into_any()
}

fn others(gap: &Gap) -> AnyView {
    if gap.benign.is_empty() {
        return ().into_any();
    }
    let open = gap.benign.iter().filter(|b| b.verdict != "excluded").count() as u64;
    let title = if open == 0 { "Other explanations, all excluded".to_owned() } else { format!("Other explanations, {open} not excluded") };
    let rows: Vec<AnyView> = gap.benign.iter().map(benign).collect();
    view! { <h3 class="gap16">{title}</h3><dl class="ben">{rows}</dl> }.into_any()
}

fn benign(benign: &Benign) -> AnyView {
    let verdict = match benign.verdict.as_str() {
        "excluded" => status(Kind::Good, "Excluded"),
        "not_excluded" => status(Kind::Warn, "Not excluded"),
        _ => status(Kind::Unknown, "Unknown"),
    };
    let (title, found) = (benign.title.clone(), benign.found.clone());
    view! { <div><dt>{title}</dt><dd>{found}</dd><dd>{verdict}</dd></div> }.into_any()
}
