//! The basis: what the answers rest on, and what is missing of it, most important first.

use super::conversations::{Class, Holder};
use super::presets::Clock;
use super::{Context, Needs, Question, horizon, manifest, presets};
use crate::model::answer::{Answers, Basis, Missing, PolicySaid, SourcesSaid};
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
    rules(context, out);
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
    let unmatched = manifest::unmatched(context);
    if unmatched > 0 {
        let effect = "These lines are not compared; name people as on the people list.";
        out.push(missing("expected_unmatched", "Expected counts that fit nobody", effect, unmatched));
    }
    let nobody = context.explanations.unknown();
    if nobody > 0 {
        out.push(missing(
            "explained_unmatched",
            "Explanations that fit nobody",
            "Whom they name is on no list, or not alone by this name; they are not used.",
            nobody,
        ));
    }
    holidays(context, out);
    if !context.zone_known {
        out.push(missing("zone_unknown", "The time zone of the matter is not known", "Days are counted in UTC.", 0));
    }
}

/// What is not known about the rules: none chosen, none with a number, ids nobody knows, clocks nobody can read, people on hold nobody knows.
fn rules(context: &Context, out: &mut Vec<Missing>) {
    let (m, unknown) = (context.matter, presets::unknown(context.matter));
    let none = horizon::furthest(context).is_none();
    let from_first = "coverage is counted from each first record.";
    if none && context.rules.is_empty() && unknown.is_empty() {
        let effect = format!("How far back records must reach is unknown; {from_first}");
        out.push(missing("no_policy", "No retention rule chosen", &effect, 0));
    } else if none && context.rules.iter().all(|a| a.rule.limits) && !unknown.is_empty() {
        out.push(missing("no_policy", "The retention rule is not known", &format!("No preset has the id given; {from_first}"), unknown.len() as u64));
    } else if none {
        let title =
            if context.rules.iter().all(|a| a.rule.limits) { "Only rules that limit keeping are chosen" } else { "The retention rule has no verified period" };
        out.push(missing("no_policy", title, &format!("Set a period; {from_first}"), 0));
    } else {
        if !unknown.is_empty() {
            out.push(missing("policy_unknown", "Retention rules that are not known", "No preset has their id; they ask for nothing.", unknown.len() as u64));
        }
        let open = context.rules.iter().filter(|a| a.from.is_none() && !a.rule.limits).count() as u64;
        if open > 0 {
            out.push(missing("policy_open", "Rules without a verified period", "They set no horizon until a period is set.", open));
        }
    }
    let clocks: Vec<&horizon::Asked> = context.rules.iter().filter(|a| a.rule.clock(1) == Clock::Event && (a.from.is_some() || a.maximum.is_some())).collect();
    if let Some(first) = clocks.first() {
        let effect = format!(
            "{} counts from {}, of which no list tells the day; counted from the day of the record, the least that must be there.",
            first.rule.title,
            first.rule.clock_words()
        );
        out.push(missing("clock_unknown", "The start of a retention period is not known", &effect, clocks.len() as u64));
    }
    let unmatched: u64 = context.holds.iter().map(|h| h.unmatched).sum();
    if unmatched > 0 && !m.policy.holds.is_empty() {
        out.push(missing(
            "hold_unmatched",
            "People on legal hold who fit nobody",
            "Their records are not known to be on hold; name them as on the people list.",
            unmatched,
        ));
    }
}

/// The rules in words, the one that sets the horizon first.
fn policies(context: &Context) -> Vec<PolicySaid> {
    let first = horizon::furthest(context).map(|(_, ix)| ix);
    let rest = (0..context.rules.len()).filter(|ix| Some(*ix) != first);
    first.into_iter().chain(rest).filter_map(|ix| context.rules.get(ix)).map(|a| presets::said(&a.rule)).collect()
}

/// Countries without a table, days outside of it, and people of regions without days of their own.
fn holidays(context: &Context, out: &mut Vec<Missing>) {
    let calendar = &context.matter.calendar;
    let offices = &context.offices;
    if !offices.unknown.is_empty() {
        let effect = format!("Their public holidays count as working days: {}. Give them as a list or a calendar (ICS).", offices.unknown.join(", "));
        out.push(missing("holidays_unknown", "Countries whose holidays are not known", &effect, offices.unknown.len() as u64));
    }
    let known = std::iter::once(&calendar.country).chain(calendar.regions.iter().map(|r| &r.country)).any(|c| !c.trim().is_empty());
    let year = |day: i32| crate::time::civil(day).0;
    let (first, last) = super::holidays::YEARS;
    if known && (context.window.from.is_some_and(|d| year(d) < first) || year(context.window.to) > last) {
        let effect = format!("Public holidays are known from {first} to {last}; others count as working days.");
        out.push(missing("holidays_outside", "Days before or after the tables of holidays", &effect, 0));
    }
    let from = context.window.from.or_else(|| context.days.iter().copied().min()).map_or(first, year);
    let guessed = offices.estimated.iter().filter(|y| (from..=year(context.window.to)).contains(*y)).count() as u64;
    if guessed > 0 {
        out.push(missing("holidays_estimated", "Years with holidays that depend on the moon", "Their days are estimated and may be a day off.", guessed));
    }
    if offices.elsewhere > 0 {
        out.push(missing("region_without_days", "People of regions without days of their own", "They work by the calendar of the matter.", offices.elsewhere));
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
    let policies = policies(context);
    answers.basis = Basis {
        matter: context.matter.name.clone(),
        sources: SourcesSaid {
            read: dataset.sources.iter().filter(|s| s.error.is_none()).count() as u64,
            given: dataset.sources.len() as u64,
            skipped: dataset.sources.iter().map(ledger::Source::skipped_total).sum(),
            with_problems: dataset.sources.iter().filter(|s| s.error.is_some() || s.question.is_some() || lost(s)).count() as u64,
        },
        messages,
        policy: policies.first().cloned(),
        policies,
        people: context.matter.people.as_ref().map(|p| p.len() as u64),
        clients: context.matter.clients.as_ref().map(|c| c.len() as u64),
        missing: out,
        private_conversations: conversations(Class::Private),
        undecided_conversations: conversations(Class::Undecided),
    };
}
