//! The basis: what the answers rest on, and what is missing of it, most important first.

use super::conversations::{Class, Holder};
use super::{Context, Needs, Question, presets};
use crate::model::answer::{Answers, Basis, Missing, SourcesSaid};
use crate::model::ledger::{self, Severity};

/// What the answers rest on.
pub const QUESTION: Question = Question { id: "basis", title: "What do the answers rest on?", needs: Needs { dates: true, lists: true, policy: true }, run };

fn lost(source: &ledger::Source) -> bool {
    source.skipped.iter().any(|s| s.reason.severity() == Severity::Loss)
}

fn missing(id: &str, title: &str, effect: &str, count: u64) -> Missing {
    Missing { id: id.into(), title: title.into(), effect: effect.into(), count }
}

fn lists(context: &Context, out: &mut Vec<Missing>) {
    let m = context.matter;
    if m.people.is_none() {
        out.push(missing(
            "no_people",
            "No people list supplied",
            "Only owners of exports are custodians; nobody can be expected on a channel, and no leaver is known.",
            0,
        ));
    }
    if m.clients.is_none() {
        out.push(missing(
            "no_clients",
            "No client list supplied",
            "Client turns, the share on firm-owned channels and held clients are unknown; shares are of work messages.",
            0,
        ));
    }
    match presets::of(m) {
        None if m.policy.presets.is_empty() => {
            out.push(missing(
                "no_policy",
                "No retention rule chosen",
                "How far back records must reach is unknown; coverage is counted from each first record.",
                0,
            ));
        }
        None => out.push(missing(
            "no_policy",
            "The retention rule is not known",
            "No preset has the id given; coverage is counted from each first record.",
            m.policy.presets.len() as u64,
        )),
        Some(p) if p.months.is_none() => {
            out.push(missing("no_policy", "The retention rule has no verified period", "Set a period; coverage is counted from each first record.", 0));
        }
        Some(_) => {}
    }
    if m.policy.channels.is_empty() {
        out.push(missing(
            "no_register",
            "No channel register supplied",
            "Which accounts the firm owns is unknown; shares on firm-owned channels cannot be given.",
            0,
        ));
    }
    if m.leave.is_none() {
        out.push(missing("no_leave", "No leave calendar supplied", "Absence is excluded only by what the person wrote on other channels.", 0));
    } else if context.parties.leave_unmatched > 0 {
        out.push(missing("leave_unmatched", "Leave entries that fit nobody", "These entries are not used.", context.parties.leave_unmatched));
    }
    if !context.zone_known {
        out.push(missing("zone_unknown", "The time zone of the matter is not known", "Days are counted in UTC.", 0));
    }
}

fn sources(context: &Context, out: &mut Vec<Missing>) {
    let sources = &context.dataset.sources;
    let count = |test: &dyn Fn(&ledger::Source) -> bool| sources.iter().filter(|s| test(s)).count() as u64;
    let rows: [(&str, &str, &str, u64); 4] = [
        ("source_unread", "Sources that could not be read", "What they hold is not counted; coverage may be higher.", count(&|s| s.error.is_some())),
        (
            "records_lost",
            "Sources with records that could not be read",
            "The ledger names every one; counts may be low.",
            count(&|s| s.error.is_none() && lost(s)),
        ),
        (
            "date_order",
            "Sources whose day and month cannot be told apart",
            "Their days may be wrong until someone decides.",
            count(&|s| s.date_order.basis == ledger::Basis::Ambiguous),
        ),
        (
            "zone_assumed",
            "Sources without a time zone",
            "Their times are taken in the zone of the matter; days near midnight may be wrong.",
            count(&|s| s.messages > 0 && s.zone.basis == ledger::Basis::Assumed),
        ),
    ];
    out.extend(rows.into_iter().filter(|r| r.3 > 0).map(|(id, title, effect, n)| missing(id, title, effect, n)));
    let unowned = sources.iter().zip(&context.talks.holders).filter(|(s, h)| **h == Holder::Everyone && s.owner.is_some() && s.messages > 0).count() as u64;
    if unowned > 0 && context.matter.people.is_some() {
        out.push(missing("owner_unknown", "Exports whose owner is on no list", "They count for every custodian who takes part in them.", unowned));
    }
}

fn run(context: &Context, answers: &mut Answers) {
    let dataset = context.dataset;
    let mut out = Vec::new();
    sources(context, &mut out);
    lists(context, &mut out);
    if context.parties.assumed > 0 {
        out.push(missing(
            "names_assumed",
            "Handles joined by display name only",
            "A name that fits exactly one person was taken to be that person.",
            context.parties.assumed,
        ));
    }
    let open = context.identities().open;
    if open > 0 {
        out.push(missing(
            "identities_open",
            "Likely joins that nobody has decided",
            "These handles count as unknown until someone accepts or refuses the proposal.",
            open,
        ));
    }
    let mut messages = 0;
    for (conversation, talk) in (0u32..).zip(&context.talks.of) {
        if talk.counts() && context.asks(talk.channel) {
            let rows = dataset.rows_of(conversation);
            messages += rows.filter(|r| context.is_message(*r) && context.days.get(*r).is_some_and(|d| context.window.has(*d))).count() as u64;
        }
    }
    let conversations = |class: Class| context.talks.of.iter().filter(|t| t.class == class).count() as u64;
    answers.basis = Basis {
        matter: context.matter.name.clone(),
        sources: SourcesSaid {
            read: dataset.sources.iter().filter(|s| s.error.is_none()).count() as u64,
            given: dataset.sources.len() as u64,
            skipped: dataset.sources.iter().map(ledger::Source::skipped_total).sum(),
            with_problems: dataset.sources.iter().filter(|s| s.error.is_some() || s.question.is_some() || lost(s)).count() as u64,
        },
        messages,
        policies: context.matter.policy.presets.iter().filter_map(|id| presets::find(id)).map(presets::said).collect(),
        people: context.matter.people.as_ref().map(|p| p.len() as u64),
        clients: context.matter.clients.as_ref().map(|c| c.len() as u64),
        policy: presets::of(context.matter).map(presets::said),
        missing: out,
        private_conversations: conversations(Class::Private),
        undecided_conversations: conversations(Class::Undecided),
    };
}
