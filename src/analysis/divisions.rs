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

/// Where a custodian belongs, by the people list.
#[derive(Debug, Clone, Default)]
pub struct Belongs {
    /// Department; empty = not stated.
    pub department: String,
    /// Region; empty = not stated.
    pub region: String,
    /// The group by the division of the settings, as it may be shown to who must not see small ones; `None` = none may be shown.
    pub group: Option<String>,
}

/// Where each custodian belongs, in the order of the custodians. Groups are those of the list, whatever is asked.
#[must_use]
pub fn belongs(context: &Context) -> Vec<Belongs> {
    let m = context.matter;
    let Some(people) = &m.people else { return Vec::new() };
    let all = vec![Wrote { ever: true, turns: 0 }; people.len()];
    let spelled = |by: Division| -> BTreeMap<String, String> { divided(people, &all, by).into_iter().map(|g| (text::folded(&g.name), g.name)).collect() };
    let shown = groups::shown(divided(people, &all, m.privacy.division), u64::from(m.privacy.min_group));
    let [departments, regions, division] = [Division::Department, Division::Region, m.privacy.division].map(spelled);
    let find = |names: &BTreeMap<String, String>, person: &Person, by| names.get(&text::folded(name(person, by).trim())).cloned().unwrap_or_default();
    people
        .iter()
        .map(|person| {
            let own = find(&division, person, m.privacy.division);
            let own = if shown.merged.contains(&own) { groups::OTHER.to_owned() } else { own };
            Belongs {
                department: find(&departments, person, Division::Department),
                region: find(&regions, person, Division::Region),
                group: (!shown.withheld).then_some(own),
            }
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
