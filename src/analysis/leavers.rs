//! Leavers: which client conversations they hold, who else is in contact, what stays open after the last day.
//! Only people whom the list names as leaving; nothing is ever predicted from what people write.

use crate::math::exp2;
use std::collections::BTreeMap;

use super::parties::{Custodian, Party, Why};
use super::relations::{self, IN_CONTACT, Relation};
use super::turns::Turn;
use super::{Context, Needs, Question, channels, gaps, places};
use crate::model::answer::{AfterLastDay, Answers, ClientHeld, HandleSaid, Leaver, OpenQuestion, Unanswered, WeekRow};
use crate::model::message::{ConversationKind, EventKind, Flags};
use crate::time;

/// Leavers.
pub const QUESTION: Question =
    Question { id: "leavers", title: "Which client conversations do leavers hold?", needs: Needs { dates: true, lists: true, policy: true }, run };

/// Business days in which the firm should answer a client.
const ANSWER: u64 = 2;
/// Share of the weight that counts as one-sided; below it, a relationship is a newsletter or a robot.
const RECIPROCAL: f64 = 0.05;

struct Case<'a> {
    context: &'a Context<'a>,
    person: &'a Custodian,
    employee: u32,
    reference: i32,
    full: f64,
    register: bool,
}

fn round(value: f64, digits: i32) -> f64 {
    let factor = 10f64.powi(digits);
    (value * factor).round() / factor
}

/// A handle as people know it: the contact of the list, else what the source shows.
fn name(context: &Context, handle: u32) -> String {
    if let Party::Client(client, Some(contact)) = context.parties.party(handle)
        && let Some(contact) = context.matter.clients.as_ref().and_then(|c| c.get(client as usize)?.contacts.get(contact as usize))
        && !contact.name.is_empty()
    {
        return contact.name.clone();
    }
    context.dataset.handles.get(handle as usize).map_or_else(String::new, |h| if h.name.is_empty() { h.key.clone() } else { h.name.clone() })
}

fn time_of(context: &Context, row: u32) -> i64 {
    context.dataset.columns.time.get(row as usize).copied().unwrap_or(0)
}

impl Case<'_> {
    /// Turns of all conversations in which the leaver and the client take part, in order of time.
    fn shared(&self, conversations: &[u32]) -> Vec<Turn> {
        let mine = conversations.iter().filter(|c| self.context.talks.get(**c).is_some_and(|t| t.employees.contains(&self.employee)));
        let mut turns: Vec<Turn> = mine.flat_map(|c| relations::turns_of(self.context, *c)).filter(|t| t.day <= self.context.window.as_of).copied().collect();
        turns.sort_by_key(|t| (time_of(self.context, t.row), t.row));
        turns
    }

    /// M8: a session begins when a whole business day passed without a turn.
    fn client_initiated(&self, client: u32, turns: &[Turn]) -> Option<f64> {
        let (mut sessions, mut by_client, mut last) = (0u32, 0u32, None::<i32>);
        for turn in turns {
            if last.is_none_or(|d| self.context.calendar_of(self.employee).between(d, turn.day) >= 2) {
                sessions += 1;
                by_client += u32::from(self.context.parties.client(turn.sender) == Some(client));
            }
            last = Some(turn.day);
        }
        (sessions > 0).then(|| round(f64::from(by_client) / f64::from(sessions), 4))
    }

    /// The oldest client turn after which nobody of the firm wrote.
    fn open_question(&self, client: u32, turns: &[Turn]) -> Option<OpenQuestion> {
        let context = self.context;
        let after = turns.iter().rposition(|t| context.parties.firm(t.sender)).map_or(0, |ix| ix + 1);
        let turn = turns.get(after..)?.iter().find(|t| context.parties.client(t.sender) == Some(client))?;
        let evidence = places::row(context.dataset, turn.row);
        let channel = context.talks.get(turn.conversation).map(|t| context.talks.slug(t.channel)).unwrap_or_default();
        Some(OpenQuestion {
            since: evidence.time.clone().unwrap_or_default(),
            business_days: context.calendar_of(self.employee).between(turn.day, context.window.as_of),
            channel: channel.to_owned(),
            evidence,
        })
    }

    fn groups(&self, conversations: &[u32]) -> Vec<(u32, String)> {
        let group = |c: &&u32| {
            let kind = self.context.dataset.conversations.get(**c as usize).map(|c| c.kind).unwrap_or_default();
            matches!(kind, ConversationKind::Group | ConversationKind::Room)
                && self.context.talks.get(**c).is_some_and(|t| t.employees.contains(&self.employee))
        };
        conversations.iter().filter(group).filter_map(|c| Some((*c, gaps::title(self.context, *c)?))).collect()
    }

    fn held(&self, client: u32, conversations: &[u32], answers: &Answers) -> Option<(ClientHeld, Relation)> {
        let context = self.context;
        let all = relations::of_client(context, client, conversations, self.reference);
        let total: f64 = all.iter().map(|r| r.weight).sum();
        let mine = all.iter().find(|r| r.employee == self.employee)?;
        let share = if total > 0.0 { mine.weight / total } else { 0.0 };
        if share < IN_CONTACT || mine.sent == 0 || mine.reciprocity() < RECIPROCAL {
            return None;
        }
        let concentration: f64 = all.iter().map(|r| (r.weight / total).powi(2)).sum();
        let in_contact = |r: &&Relation| r.weight / total >= IN_CONTACT && r.current(self.reference);
        let others = all.iter().filter(|r| r.employee != self.employee).filter(in_contact).count() as u64;
        let turns = self.shared(conversations);
        let (channel, parts) = mine.by_channel.iter().max_by(|a, b| a.1.iter().sum::<f64>().total_cmp(&b.1.iter().sum::<f64>()).then(b.0.cmp(a.0)))?;
        let owner = match *parts {
            [firm, off, unknown] if firm > off && firm >= unknown => "firm",
            [_, off, unknown] if off > 0.0 && off >= unknown => "personal",
            _ => "unknown",
        };
        let off = self.register.then(|| if mine.weight > 0.0 { mine.off() / mine.weight } else { 0.0 });
        let last = mine.two_way_last;
        let since = last.map_or(365, |d| (context.window.as_of.min(self.reference.max(d)) - d).max(0));
        let score = 100.0 * share * (0.4 + 0.6 * off.unwrap_or(0.0)) * (mine.weight / self.full).min(1.0) * exp2(-f64::from(since) / 60.0);
        let slug = context.talks.slug(*channel).to_owned();
        let mut contacts: Vec<String> = turns
            .iter()
            .filter(|t| context.parties.client(t.sender) == Some(client))
            .map(|t| t.sender)
            .collect::<std::collections::BTreeSet<u32>>()
            .into_iter()
            .map(|h| name(context, h))
            .collect();
        contacts.sort();
        contacts.dedup();
        contacts.truncate(20);
        let used: Vec<&str> = mine.by_channel.keys().map(|c| context.talks.slug(*c)).collect();
        let gaps = answers.gaps.iter().filter(|g| {
            g.person.as_deref() == Some(&self.person.id) && g.class != "U" && g.client_facing && g.from.is_some() && used.contains(&g.channel.as_str())
        });
        let latest = mine.rows.iter().rev().take(places::MOST / 2).copied();
        let held = ClientHeld {
            client: context.matter.clients.as_ref().and_then(|c| c.get(client as usize)).map(|c| c.name.clone()).unwrap_or_default(),
            contacts,
            share: round(share, 4),
            effective_contacts: round(1.0 / concentration, 3),
            sole_contact: others == 0 && mine.current(self.reference),
            others,
            main_channel: Some(slug),
            main_channel_owner: if self.register { owner } else { "unknown" }.to_owned(),
            off_archive_share: off.map(|o| round(o, 4)),
            last_two_way: last.map(time::day_name),
            business_days_since: last.map(|d| context.calendar_of(self.employee).between(d, context.window.as_of)),
            client_initiated: self.client_initiated(client, &turns),
            open_question: self.open_question(client, &turns),
            groups: self.groups(conversations).into_iter().map(|g| g.1).collect(),
            score: round(score, 2),
            turns: mine.sent + mine.received,
            successors: Vec::new(),
            gaps: gaps.map(|g| g.id.clone()).collect(),
            evidence: places::rows(context.dataset, latest),
        };
        Some((held, mine.clone()))
    }

    /// Clients who wrote after the last day and were not answered by the firm in time.
    fn unanswered(&self, client: u32, conversations: &[u32]) -> Option<Unanswered> {
        let context = self.context;
        let last_day = self.person.last_day.filter(|d| *d < context.window.as_of)?;
        let firm = |t: &&Turn| context.parties.firm(t.sender) && context.parties.employee(t.sender) != Some(self.employee);
        let mut answers: Vec<(i64, i32)> =
            conversations.iter().flat_map(|c| relations::turns_of(context, *c)).filter(firm).map(|t| (time_of(context, t.row), t.day)).collect();
        answers.sort_unstable();
        let waiting = |t: &&Turn| {
            let at = time_of(context, t.row);
            let next = answers.get(answers.partition_point(|a| a.0 <= at));
            t.day > last_day
                && context.parties.client(t.sender) == Some(client)
                && context.calendar_of(self.employee).between(t.day, context.window.as_of) >= ANSWER
                && next.is_none_or(|a| context.calendar_of(self.employee).between(t.day, a.1) > ANSWER)
        };
        let turns = self.shared(conversations);
        let open: Vec<&Turn> = turns.iter().filter(waiting).collect();
        let first = open.first()?;
        let evidence = places::rows(context.dataset, open.iter().map(|t| t.row).take(places::MOST / 2));
        Some(Unanswered {
            client: context.matter.clients.as_ref().and_then(|c| c.get(client as usize)).map(|c| c.name.clone()).unwrap_or_default(),
            contact: name(context, first.sender),
            channel: context.talks.get(first.conversation).map(|t| context.talks.slug(t.channel).to_owned()).unwrap_or_default(),
            since: evidence.first().and_then(|e| e.time.clone()).unwrap_or_default(),
            business_days: context.calendar_of(self.employee).between(first.day, context.window.as_of),
            turns: open.len() as u64,
            evidence,
        })
    }

    /// Groups with clients the leaver has not left, by the records.
    fn lingering(&self, by_client: &BTreeMap<u32, Vec<u32>>) -> Vec<String> {
        if self.person.last_day.is_none_or(|d| d >= self.context.window.as_of) {
            return Vec::new();
        }
        let c = &self.context.dataset.columns;
        let left = |conversation: u32| {
            self.context.dataset.rows_of(conversation).any(|row| {
                let event = c.flags.get(row).and_then(|f| Flags(*f).event());
                event == Some(EventKind::Left) && c.sender.get(row).and_then(|s| self.context.parties.employee(*s)) == Some(self.employee)
            })
        };
        let mut groups: Vec<(u32, String)> = by_client.values().flat_map(|list| self.groups(list)).collect();
        groups.sort();
        groups.dedup();
        groups.into_iter().filter(|(c, _)| !left(*c)).map(|g| g.1).collect()
    }

    fn handles(&self) -> Vec<HandleSaid> {
        let context = self.context;
        let mut handles: Vec<HandleSaid> = context
            .dataset
            .handles
            .iter()
            .zip(&context.parties.of)
            .filter(|(_, j)| j.party == Party::Employee(self.employee))
            .map(|(h, j)| HandleSaid { channel: h.channel.clone(), handle: h.key.clone(), why: j.why.words().to_owned(), certain: j.why != Why::Name })
            .collect();
        handles.sort_by(|a, b| (&a.channel, &a.handle).cmp(&(&b.channel, &b.handle)));
        handles
    }

    /// Client turns per week and channel of the leaver's conversations.
    fn over_time(&self, by_client: &BTreeMap<u32, Vec<u32>>) -> Vec<WeekRow> {
        let mut conversations: Vec<u32> = by_client.values().flatten().copied().collect();
        conversations.sort_unstable();
        conversations.dedup();
        let mut weeks: BTreeMap<u16, BTreeMap<i32, (u64, u64)>> = BTreeMap::new();
        for turn in self.shared(&conversations) {
            if let Some(talk) = self.context.talks.get(turn.conversation).filter(|_| self.context.window.has(turn.day)) {
                let slot = weeks.entry(talk.channel).or_default().entry(time::week_start(turn.day)).or_default();
                slot.0 += 1;
                slot.1 += 1;
            }
        }
        let weeks: Vec<_> = weeks.into_iter().map(|(c, w)| (self.context.talks.slug(c).to_owned(), w)).collect();
        // Weeks without a turn say nothing here; whoever draws them knows the weeks between.
        channels::week_rows(&weeks).into_iter().filter(|w| w.client_turns > 0).collect()
    }

    fn leaver(&self, by_client: &BTreeMap<u32, Vec<u32>>, answers: &Answers) -> Leaver {
        let context = self.context;
        let mut held: Vec<(ClientHeld, Relation, f64)> = Vec::new();
        for (client, conversations) in by_client {
            let value = context.matter.clients.as_ref().and_then(|c| c.get(*client as usize)?.value).filter(|v| v.is_finite() && *v > 0.0).unwrap_or(1.0);
            held.extend(self.held(*client, conversations, answers).map(|(h, r)| (h, r, value)));
        }
        held.sort_by(|a, b| b.0.score.total_cmp(&a.0.score).then_with(|| a.0.client.cmp(&b.0.client)));
        let values: f64 = held.iter().map(|h| h.2).sum();
        let listed = context.matter.clients.is_some();
        let score = if values > 0.0 { held.iter().map(|h| h.0.score * h.2).sum::<f64>() / values } else { 0.0 };
        let mut by_channel: BTreeMap<u16, f64> = BTreeMap::new();
        for (channel, parts) in held.iter().flat_map(|h| &h.1.by_channel) {
            *by_channel.entry(*channel).or_default() += parts.iter().sum::<f64>();
        }
        let weight: f64 = held.iter().map(|h| h.1.weight).sum();
        let off: f64 = held.iter().map(|h| h.1.off()).sum();
        let mut unanswered: Vec<Unanswered> = by_client.iter().filter_map(|(c, list)| self.unanswered(*c, list)).collect();
        unanswered.sort_by(|a, b| (&a.since, &a.client).cmp(&(&b.since, &b.client)));
        let main = by_channel.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map(|(c, _)| context.talks.slug(*c).to_owned());
        Leaver {
            person: self.person.name.clone(),
            id: self.person.id.clone(),
            role: self.person.role.clone(),
            notice: self.person.notice.map(time::day_name),
            last_day: self.person.last_day.map(time::day_name).unwrap_or_default(),
            days_left: self.person.last_day.map_or(0, |d| i64::from(d) - i64::from(context.window.as_of)),
            score: listed.then(|| round(score, 2)),
            held_alone: held.iter().filter(|h| h.0.sole_contact).count() as u64,
            main_channel_off_archive: (listed && self.register).then(|| held.iter().filter(|h| h.0.off_archive_share.is_some_and(|o| o >= 0.5)).count() as u64),
            off_archive_share: (listed && self.register && weight > 0.0).then(|| round(off / weight, 4)),
            main_channel: main,
            clients: held.into_iter().map(|h| h.0).collect(),
            after_last_day: AfterLastDay { unanswered, lingering_groups: self.lingering(by_client) },
            signals: Vec::new(),
            handles: self.handles(),
            over_time: self.over_time(by_client),
        }
    }
}

/// Day from which shares look back: notice, last day or the day of the question, whichever comes first and has any turn before it.
fn reference(context: &Context, person: &Custodian, employee: u32) -> i32 {
    let as_of = context.window.as_of;
    let first = context.turns.iter().filter(|t| context.parties.employee(t.sender) == Some(employee)).map(|t| t.day).min();
    let wrote_before = |d: &i32| first.is_some_and(|f| f <= *d);
    person.notice.map(|d| d.min(as_of)).filter(wrote_before).or(person.last_day.map(|d| d.min(as_of)).filter(wrote_before)).unwrap_or(as_of)
}

fn run(context: &Context, answers: &mut Answers) {
    let by_client = relations::conversations(context);
    let leaving: Vec<(u32, &Custodian)> = (0u32..).zip(&context.parties.custodians).filter(|(_, c)| c.leaving).collect();
    if leaving.is_empty() {
        return;
    }
    let full = relations::reference_weight(context, &by_client);
    let mut leavers: Vec<Leaver> = Vec::new();
    for (employee, person) in leaving {
        let mine: BTreeMap<u32, Vec<u32>> = by_client
            .iter()
            .filter(|(_, list)| list.iter().any(|c| context.talks.get(*c).is_some_and(|t| t.employees.contains(&employee))))
            .map(|(c, list)| (*c, list.clone()))
            .collect();
        let case =
            Case { context, person, employee, reference: reference(context, person, employee), full, register: !context.matter.policy.channels.is_empty() };
        leavers.push(case.leaver(&mine, answers));
    }
    leavers.sort_by(|a, b| (&a.last_day, &a.person, &a.id).cmp(&(&b.last_day, &b.person, &b.id)));
    answers.leavers = leavers;
}
