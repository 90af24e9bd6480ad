//! Relationships: how much of the conversation with a client each employee carries, and over which channels.

use crate::math::exp2;
use std::collections::BTreeMap;

use super::Context;
use super::conversations::Talk;
use super::register;
use super::turns::Turn;
use crate::model::batch::NONE;

/// Half-life of a turn, in days.
pub const HALF_LIFE: f64 = 90.0;
/// Days in which an exchange counts as current.
pub const CURRENT: i32 = 90;
/// Share of the conversation from which an employee counts as in contact.
pub const IN_CONTACT: f64 = 0.05;
/// Longest pause, in days, between a turn and the turn that answers it.
const ANSWER: i32 = 14;

/// One employee and one client.
#[derive(Debug, Clone, Default)]
pub struct Relation {
    /// Employee.
    pub employee: u32,
    /// Turns, each halved every 90 days before the reference day.
    pub weight: f64,
    /// Of this per channel: on accounts of the firm, on others, not known.
    pub by_channel: BTreeMap<u16, [f64; 3]>,
    /// Turns written by the employee, all days.
    pub sent: u64,
    /// Turns written by the client, all days.
    pub received: u64,
    /// Last day on which one answered the other, up to the reference day.
    pub two_way: Option<i32>,
    /// The same up to the day of the question.
    pub two_way_last: Option<i32>,
    /// A few turns (rows), latest last.
    pub rows: Vec<u32>,
}

impl Relation {
    /// Whether one answered the other in the 90 days before a day.
    #[must_use]
    pub fn current(&self, reference: i32) -> bool {
        self.two_way.is_some_and(|d| reference - d <= CURRENT)
    }

    /// Weight not on accounts of the firm.
    #[must_use]
    pub fn off(&self) -> f64 {
        self.by_channel.values().map(|c| c.get(1).copied().unwrap_or(0.0)).sum()
    }

    /// Reciprocity: 1 = as many turns each way, 0 = one side only.
    #[must_use]
    pub fn reciprocity(&self) -> f64 {
        let (a, b) = (self.sent.min(self.received), self.sent.max(self.received));
        if b == 0 { 0.0 } else { a as f64 / b as f64 }
    }
}

/// Conversations per client.
#[must_use]
pub fn conversations(context: &Context) -> BTreeMap<u32, Vec<u32>> {
    let mut map: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (conversation, talk) in (0u32..).zip(&context.talks.of) {
        if talk.counts() && context.asks(talk.channel) {
            for client in &talk.clients {
                map.entry(*client).or_default().push(conversation);
            }
        }
    }
    map
}

/// Turns of one conversation, in order of time.
#[must_use]
pub fn turns_of<'a>(context: &'a Context, conversation: u32) -> &'a [Turn] {
    let from = context.turns.partition_point(|t| t.conversation < conversation);
    let to = context.turns.partition_point(|t| t.conversation <= conversation);
    context.turns.get(from..to).unwrap_or_default()
}

/// Employees to whom a turn of a client is addressed.
fn addressed(context: &Context, talk: &Talk, turn: &Turn, out: &mut Vec<u32>) {
    out.clear();
    let audience = context.dataset.columns.audience.get(turn.row as usize).copied().unwrap_or(NONE);
    if let Some(set) = context.dataset.audiences.get(audience as usize) {
        out.extend(set.iter().filter_map(|h| context.parties.employee(*h)));
        out.sort_unstable();
        out.dedup();
    }
    if out.is_empty() {
        out.extend(if talk.writers.is_empty() { &talk.employees } else { &talk.writers });
    }
}

fn at(relations: &mut Vec<Relation>, employee: u32) -> Option<&mut Relation> {
    let ix = match relations.iter().position(|r| r.employee == employee) {
        Some(ix) => ix,
        None => {
            relations.push(Relation { employee, ..Relation::default() });
            relations.len() - 1
        }
    };
    relations.get_mut(ix)
}

/// All relationships of one client, sorted by employee. Weights look back from the reference day.
#[must_use]
pub fn of_client(context: &Context, client: u32, conversations: &[u32], reference: i32) -> Vec<Relation> {
    let mut relations: Vec<Relation> = Vec::new();
    let mut to = Vec::new();
    for conversation in conversations {
        let Some(talk) = context.talks.get(*conversation) else { continue };
        let owner = register::owned(context, talk).map_or(2, |yes| usize::from(!yes));
        let mut last_in = None::<i32>;
        let mut last_out: Vec<(u32, i32)> = Vec::new();
        for turn in turns_of(context, *conversation).iter().filter(|t| t.day <= context.window.as_of) {
            let weight = if turn.day <= reference { exp2(-f64::from(reference - turn.day) / HALF_LIFE) } else { 0.0 };
            let mut add = |employee: u32, weight: f64, sent: bool, answered: bool| {
                let Some(relation) = at(&mut relations, employee) else { return };
                relation.weight += weight;
                if let Some(slot) = relation.by_channel.entry(talk.channel).or_default().get_mut(owner) {
                    *slot += weight;
                }
                if sent {
                    relation.sent += 1
                } else {
                    relation.received += 1
                }
                if answered {
                    relation.two_way_last = relation.two_way_last.max(Some(turn.day));
                    if turn.day <= reference {
                        relation.two_way = relation.two_way.max(Some(turn.day));
                    }
                }
                relation.rows.push(turn.row);
            };
            if context.parties.client(turn.sender) == Some(client) {
                addressed(context, talk, turn, &mut to);
                let part = weight / to.len().max(1) as f64;
                for employee in &to {
                    let answered = last_out.iter().any(|(e, d)| e == employee && turn.day - d <= ANSWER);
                    add(*employee, part, false, answered);
                }
                last_in = Some(turn.day);
            } else if let Some(employee) = context.parties.employee(turn.sender) {
                add(employee, weight, true, last_in.is_some_and(|d| turn.day - d <= ANSWER));
                match last_out.iter_mut().find(|(e, _)| *e == employee) {
                    Some(known) => known.1 = turn.day,
                    None => last_out.push((employee, turn.day)),
                }
            }
        }
    }
    relations.sort_by_key(|r| r.employee);
    relations
}

/// 75th percentile of the weight of current relationships: a relationship of that weight counts in full.
#[must_use]
pub fn reference_weight(context: &Context, conversations: &BTreeMap<u32, Vec<u32>>) -> f64 {
    let as_of = context.window.as_of;
    let mut weights: Vec<f64> = conversations
        .iter()
        .flat_map(|(client, list)| of_client(context, *client, list, as_of))
        .filter(|r| r.current(as_of) && r.weight > 0.0)
        .map(|r| r.weight)
        .collect();
    weights.sort_by(f64::total_cmp);
    weights.get((weights.len() * 3 / 4).min(weights.len().saturating_sub(1))).copied().unwrap_or(1.0)
}
