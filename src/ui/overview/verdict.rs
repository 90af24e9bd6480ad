//! The verdict: one sentence from the figures, and what it rests on.

use crate::ui::node::prelude::*;

use crate::model::Answers;
use crate::ui::parts::{Kind, grouped, number, number_link, percent, status};
use crate::ui::state::App;

/// Required days covered from which the records are called complete; a gap of class A or B still speaks against it.
const COMPLETE: f64 = 0.995;

/// The section.
pub fn section(app: App, a: &Answers) -> AnyView {
    let (kind, word, sentence) = verdict(a);
    view! {
        <section class="verdict" data-testid="verdict" aria-label="Verdict">{status(kind, word)}<p class="big">{sentence}</p>{basis(app, a)}</section>
    }
    .into_any()
}

fn verdict(a: &Answers) -> (Kind, &'static str, String) {
    let (expected, covered) = super::days(a);
    let personal = a.channels.firm_owned_client_share.as_ref().map(|s| 1.0 - s.value);
    let tail = personal.filter(|p| *p > 0.0).map(|p| format!("{} of client conversation runs on accounts the firm does not own", number::whole(p)));
    if expected == 0 {
        let tail = tail.map(|t| format!("; {t}")).unwrap_or_default();
        return (Kind::Unknown, "Unknown", format!("Nothing says what must be kept: without a people list and a policy, coverage cannot be stated{tail}."));
    }
    let share = covered as f64 / expected as f64;
    let proven = a.gaps.iter().filter(|g| g.class == "A").count();
    let silent = a.gaps.iter().filter(|g| g.class == "B").count();
    let head = format!("Records cover {} of what the policy requires", percent(share));
    let sentence = match tail {
        Some(tail) => format!("{head}, but {tail}."),
        None => format!("{head}."),
    };
    let low = personal.is_none_or(|p| p < 0.05);
    if share >= COMPLETE && proven == 0 && silent == 0 && low {
        (Kind::Good, "Yes", sentence)
    } else if share < 0.5 || proven > 0 && a.findings.iter().any(|f| f.severity == "high" && f.question == "gaps") {
        (Kind::Danger, "No", sentence)
    } else {
        (Kind::Warn, "Not yet", sentence)
    }
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
    let skipped = (b.sources.skipped > 0).then(|| view! { ", "{number_link(format!("{} records skipped", grouped(b.sources.skipped)), app.link("/import"))} });
    let policy = match &b.policy {
        Some(p) => format!("Policy: {}", p.title),
        None => "No policy chosen".to_owned(),
    };
    let place = if b.policy.is_some() { "/method" } else { "/import" };
    view! {
        <p class="basis s q">"Based on "{number_link(format!("{} messages", grouped(b.messages)), app.link("/import"))}
            {format!(" from {} of {} sources and {people}", grouped(b.sources.read), grouped(b.sources.given))}{unread}{skipped}". "<a href=app.link(place)>{policy}</a></p>
    }
    .into_any()
}
