//! Client turns over accounts the firm does not keep, by department, region or grade of the employees who wrote them. Nothing else of this
//! file leaves it than what [`groups`] lets through; one division in a matter, for the reasons given there.

use std::collections::BTreeMap;

use super::groups::{self, Group};
use super::{Context, Needs, Question, register};
use crate::model::answer::{Answers, GroupRow, Groups};
use crate::model::matter::Division;
use crate::model::roster::Person;
use crate::text;

/// Turns by groups of employees.
pub const QUESTION: Question = Question {
    id: "groups",
    title: "In which departments, regions or grades does client conversation leave the firm's channels?",
    needs: Needs { dates: true, lists: true, policy: true },
    run,
};

/// What one employee wrote to clients where the firm does not keep it.
#[derive(Debug, Clone, Copy, Default)]
struct Wrote {
    /// At any time, on any channel: decides about the groups, so that filters cannot.
    ever: bool,
    /// Turns in scope.
    turns: u64,
}

fn written(context: &Context) -> Vec<Wrote> {
    let mut out = vec![Wrote::default(); context.parties.custodians.len()];
    for turns in context.turns.chunk_by(|a, b| a.conversation == b.conversation) {
        let talk = turns.first().and_then(|t| context.talks.get(t.conversation));
        let Some(talk) = talk.filter(|talk| !talk.clients.is_empty() && register::off(context, talk)) else { continue };
        let asked = context.asks(talk.channel);
        for turn in turns {
            let Some(slot) = context.parties.employee(turn.sender).and_then(|e| out.get_mut(e as usize)) else { continue };
            slot.ever = true;
            slot.turns += u64::from(asked && context.window.has(turn.day));
        }
    }
    out
}

const fn name(person: &Person, by: Division) -> &String {
    match by {
        Division::Department => &person.department,
        Division::Region => &person.region,
        Division::Grade => &person.grade,
    }
}

/// Employees by group, in the order of names: however a group is spelled it is one, under the first spelling of the list.
fn divided(people: &[Person], wrote: &[Wrote], by: Division) -> Vec<Group> {
    let mut out: BTreeMap<String, Group> = BTreeMap::new();
    for (person, wrote) in people.iter().zip(wrote) {
        let name = name(person, by).trim();
        let group = out.entry(text::folded(name)).or_insert_with(|| Group { name: name.to_owned(), values: vec![0], ..Group::default() });
        group.listed += 1;
        group.people += u64::from(wrote.ever);
        if let Some(turns) = group.values.first_mut() {
            *turns += wrote.turns;
        }
    }
    out.into_values().collect()
}

/// The group of each custodian, in the order of the custodians, as it may be shown: those of the client turns where these are counted,
/// else those of the list. `None` = none may be shown.
#[must_use]
pub fn belongs(context: &Context) -> Vec<Option<String>> {
    let m = context.matter;
    let Some(people) = &m.people else { return Vec::new() };
    let counted = m.clients.is_some() && !m.policy.channels.is_empty();
    let wrote = if counted { written(context) } else { vec![Wrote { ever: true, turns: 0 }; people.len()] };
    let all = divided(people, &wrote, m.privacy.division);
    let spelled: BTreeMap<String, String> = all.iter().map(|group| (text::folded(&group.name), group.name.clone())).collect();
    let shown = groups::shown(all, u64::from(m.privacy.min_group));
    let alone = |own: &String| shown.groups.iter().any(|group| group.name == *own && !shown.merged.contains(own));
    people
        .iter()
        .map(|person| {
            let own = spelled.get(&text::folded(name(person, m.privacy.division).trim())).cloned().unwrap_or_default();
            (!shown.withheld).then(|| if alone(&own) { own } else { groups::OTHER.to_owned() })
        })
        .collect()
}

fn run(context: &Context, answers: &mut Answers) {
    let m = context.matter;
    let Some(people) = m.people.as_ref().filter(|_| m.clients.is_some() && !m.policy.channels.is_empty()) else { return };
    let (by, least) = (m.privacy.division, m.privacy.min_group);
    let shown = groups::shown(divided(people, &written(context), by), u64::from(least));
    let turns = |group: &Group| group.values.first().copied().unwrap_or(0);
    let total: u64 = shown.groups.iter().map(turns).sum();
    let row = |group: &Group| GroupRow {
        name: group.name.clone(),
        people: group.people,
        off_client_turns: turns(group),
        share: (total > 0).then(|| turns(group) as f64 / total as f64),
    };
    let mut rows: Vec<GroupRow> = shown.groups.iter().map(row).collect();
    let last = |row: &GroupRow| !shown.merged.is_empty() && row.name == groups::OTHER;
    rows.sort_by(|a, b| last(a).cmp(&last(b)).then(b.off_client_turns.cmp(&a.off_client_turns)).then_with(|| a.name.cmp(&b.name)));
    let merged = shown.merged.len() as u64;
    answers.channels.groups = Some(Groups { by: by.word().to_owned(), least, rows, merged, withheld: shown.withheld });
}

#[cfg(test)]
mod tests;
