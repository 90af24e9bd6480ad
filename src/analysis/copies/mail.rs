//! Mail in the mailboxes of several people: who sent or received a message has it, as far as the mailbox reaches. Known by Message-ID. What a
//! journal or archive holds is held for everybody.

use std::collections::{BTreeMap, BTreeSet};

use super::super::conversations::Holder;
use super::super::gaps::Draft;
use super::super::{Context, places};
use super::figures::wilson;
use super::held::{Keeper, Persons};
use super::losses::{moment, percent};
use super::matching::{JITTER, PROOFS};
use super::{Found, Pair, Side};
use crate::model::answer::Benign;
use crate::model::batch::NONE;
use crate::model::message::{ConversationKind, Flags};
use crate::time::DAY;

/// Parties from which a mail is a circular.
const MANY: usize = 20;
/// Least share of what others hold that a mailbox must hold too. With less it was supplied in part (a folder, a search, mail kept once for all),
/// and single messages say nothing.
const WHOLE: f64 = 0.5;
/// Days between two missing mails of one run.
const NEAR: i32 = 7;

/// Sent or received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Sent,
    Received,
}

/// A mail that mailboxes hold and no archive does.
struct Mail {
    row: u32,
    time: i64,
    /// Custodians with a mailbox who sent or received it, with their role.
    parties: Vec<(u32, Role)>,
    /// Custodians whose mailbox holds it, sorted.
    held: Vec<u32>,
}

/// What the mailboxes of one person show of their reach.
#[derive(Default)]
struct Reach {
    sent: Option<(i64, i64)>,
    received: Option<(i64, i64)>,
}

impl Reach {
    const fn of(&self, role: Role) -> Option<(i64, i64)> {
        match role {
            Role::Sent => self.sent,
            Role::Received => self.received,
        }
    }

    fn has(&self, role: Role, time: i64) -> bool {
        self.of(role).is_some_and(|(from, to)| from < time && time < to)
    }
}

/// All mails, and how far each mailbox reaches.
struct Boxes {
    mails: Vec<Mail>,
    reach: BTreeMap<u32, Reach>,
    /// Mails without a Message-ID, by owner: what such a mail may be the copy of is not missed.
    nameless: BTreeMap<u32, Vec<(u32, i64, u32)>>,
}

fn owners(context: &Context) -> BTreeSet<u32> {
    let c = &context.dataset.columns;
    let mail = |conversation: u32| context.dataset.conversations.get(conversation as usize).is_some_and(|c| c.kind == ConversationKind::Thread);
    let mut sources = BTreeSet::new();
    let mut last = (NONE, NONE);
    let copies = context.dataset.holders.iter().filter_map(|(row, part)| Some((part, c.conversation.get(*row as usize)?)));
    for (part, conversation) in c.part.iter().zip(&c.conversation).chain(copies) {
        if last != (*part, *conversation) {
            last = (*part, *conversation);
            if mail(*conversation) {
                sources.insert(context.dataset.source_of(*part));
            }
        }
    }
    let owner = |s: u32| if let Some(Holder::Owner(e)) = context.talks.holders.get(s as usize) { Some(*e) } else { None };
    sources.into_iter().filter_map(owner).collect()
}

fn boxes(context: &Context, owners: &BTreeSet<u32>, persons: &Persons) -> Boxes {
    let (c, dataset) = (&context.dataset.columns, context.dataset);
    let mut out = Boxes { mails: Vec::new(), reach: BTreeMap::new(), nameless: BTreeMap::new() };
    for conversation in 0..u32::try_from(dataset.conversations.len()).unwrap_or(0) {
        let thread = dataset.conversations.get(conversation as usize).is_some_and(|c| c.kind == ConversationKind::Thread);
        if !thread || !context.talks.get(conversation).is_some_and(|t| t.counts()) {
            continue;
        }
        for row in dataset.rows_of(conversation) {
            let get = |column: &[u32]| column.get(row).copied().unwrap_or(NONE);
            let flags = Flags(get(&c.flags));
            if !flags.is_message() || flags.has(Flags::AUTOMATIC) || context.days.get(row).is_none_or(|d| *d > context.window.as_of) {
                continue;
            }
            let (mut held, mut everybody) = (BTreeSet::new(), false);
            for part in dataset.held_by(row) {
                match context.talks.holders.get(dataset.source_of(part) as usize) {
                    Some(Holder::Owner(e)) => {
                        held.insert(*e);
                    }
                    Some(Holder::Outsider) => {}
                    _ => everybody = true,
                }
            }
            let (sender, time) = (get(&c.sender), c.time.get(row).copied().unwrap_or(0));
            let from = persons.person(sender);
            let to = dataset.audiences.get(get(&c.audience) as usize).map(Vec::as_slice).unwrap_or_default();
            let mut parties: BTreeMap<u32, Role> = BTreeMap::new();
            parties.extend(to.iter().map(|h| (persons.person(*h), Role::Received)));
            parties.insert(from, Role::Sent);
            for (who, role) in parties.iter().filter(|(who, _)| held.contains(*who)) {
                let reach = out.reach.entry(*who).or_default();
                let slot = if *role == Role::Sent { &mut reach.sent } else { &mut reach.received };
                *slot = Some(slot.map_or((time, time), |(a, b)| (a.min(time), b.max(time))));
            }
            if get(&c.id) == NONE {
                for owner in &held {
                    out.nameless.entry(*owner).or_default().push((from, time, get(&c.hash)));
                }
                continue;
            }
            if everybody || to.len() > MANY || held.is_empty() {
                continue;
            }
            let parties: Vec<(u32, Role)> = parties.into_iter().filter(|(who, _)| owners.contains(who)).collect();
            if parties.len() > 1 {
                out.mails.push(Mail { row: u32::try_from(row).unwrap_or(NONE), time, parties, held: held.into_iter().collect() });
            }
        }
    }
    for list in out.nameless.values_mut() {
        list.sort_unstable();
    }
    out
}

impl Boxes {
    /// Whether the mailbox of a person holds something without a Message-ID that may be this mail.
    fn perhaps(&self, context: &Context, persons: &Persons, who: u32, mail: &Mail) -> bool {
        let c = &context.dataset.columns;
        let get = |column: &[u32]| column.get(mail.row as usize).copied().unwrap_or(NONE);
        let (from, hash) = (persons.person(get(&c.sender)), get(&c.hash));
        let Some(list) = self.nameless.get(&who) else { return false };
        let start = list.partition_point(|(s, t, _)| (*s, *t) < (from, mail.time - DAY));
        let near = list.get(start..).unwrap_or_default().iter().take_while(|(s, t, _)| *s == from && *t <= mail.time + DAY);
        near.into_iter().any(|(_, t, h)| *h == hash && hash != 0 || (t - mail.time).abs() <= JITTER)
    }
}

/// Mails of others that reach a mailbox in one role: how many it holds, of how many, and those it lacks.
#[derive(Default)]
struct Tally {
    held: u64,
    of: u64,
    lacked: Vec<usize>,
}

/// Mails between two people, as far as both mailboxes reach: in one, in the other, in both.
#[derive(Default)]
struct Shared {
    one: u64,
    two: u64,
    both: u64,
    span: (i64, i64),
}

/// Pairs of mailboxes, and what mailboxes lack.
#[must_use]
pub fn found(context: &Context, persons: &Persons) -> Found {
    let owners = owners(context);
    if owners.len() < 2 {
        return Found::default();
    }
    let boxes = boxes(context, &owners, persons);
    let mut tallies: BTreeMap<(u32, Role), Tally> = BTreeMap::new();
    let mut pairs: BTreeMap<(u32, u32), Shared> = BTreeMap::new();
    for (ix, mail) in boxes.mails.iter().enumerate() {
        let inside: Vec<(u32, Role)> =
            mail.parties.iter().copied().filter(|(who, role)| boxes.reach.get(who).is_some_and(|r| r.has(*role, mail.time))).collect();
        let has = |who: u32| mail.held.binary_search(&who).is_ok();
        for (who, role) in &inside {
            if !mail.held.iter().any(|h| h != who) {
                continue;
            }
            let tally = tallies.entry((*who, *role)).or_default();
            if has(*who) {
                (tally.held, tally.of) = (tally.held + 1, tally.of + 1);
            } else if !boxes.perhaps(context, persons, *who, mail) {
                tally.of += 1;
                tally.lacked.push(ix);
            }
        }
        for (n, (a, _)) in inside.iter().enumerate() {
            for (b, _) in inside.iter().skip(n + 1) {
                let pair = pairs.entry((*a, *b)).or_insert(Shared { span: (mail.time, mail.time), ..Shared::default() });
                let (one, two) = (u64::from(has(*a)), u64::from(has(*b)));
                (pair.one, pair.two, pair.both) = (pair.one + one, pair.two + two, pair.both + one * two);
                pair.span = (pair.span.0.min(mail.time), pair.span.1.max(mail.time));
            }
        }
    }
    let channel = context.talks.channel("email").unwrap_or(0);
    let side = |who: u32, messages: u64| Side { keeper: Keeper::Person(who), source: None, messages };
    let pairs = pairs.into_iter().filter(|(_, p)| p.both >= PROOFS as u64).map(|((a, b), shared)| Pair {
        channel,
        conversation: None,
        sides: [side(a, shared.one), side(b, shared.two)],
        span: shared.span,
        matched: shared.both,
        reworded: 0,
        unsure: 0,
        proofs: shared.both,
        clocks: (0, None),
    });
    let drafts = tallies.iter().filter(|(_, t)| t.held >= PROOFS as u64 && t.held as f64 >= WHOLE * t.of as f64);
    let drafts = drafts.flat_map(|((who, role), tally)| runs(context, &boxes, *who, *role, tally)).collect();
    Found { pairs: pairs.collect(), drafts }
}

fn runs(context: &Context, boxes: &Boxes, who: u32, role: Role, tally: &Tally) -> Vec<Draft> {
    let mut lacked: Vec<&Mail> = tally.lacked.iter().filter_map(|ix| boxes.mails.get(*ix)).collect();
    lacked.sort_unstable_by_key(|m| (m.time, m.row));
    let mut groups: Vec<Vec<&Mail>> = Vec::new();
    for mail in lacked {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|l| context.day(mail.time) <= context.day(l.time) + NEAR) => group.push(mail),
            _ => groups.push(vec![mail]),
        }
    }
    groups.iter().filter_map(|group| draft(context, who, role, tally, group)).collect()
}

fn draft(context: &Context, who: u32, role: Role, tally: &Tally, run: &[&Mail]) -> Option<Draft> {
    let (first, last) = (run.first()?, run.last()?);
    let (low, share, high) = wilson(tally.held, tally.of)?;
    let talk = |mail: &Mail| context.dataset.columns.conversation.get(mail.row as usize).and_then(|c| context.talks.get(*c));
    let done = if role == Role::Sent { "sent" } else { "received" };
    let from = moment(context, first.time);
    let what = match run {
        [_] => format!("1 mail of {from} that this person {done} is in the mailbox of another party and not in this one"),
        _ => format!(
            "{} mails from {from} to {} that this person {done} are in mailboxes of other parties and not in this one",
            run.len(),
            moment(context, last.time)
        ),
    };
    let figures = format!(
        "Of {} mails of others' mailboxes that this person {done} while this mailbox reaches, it holds {}: {} (95 % interval {} to {})",
        tally.of,
        tally.held,
        percent(share),
        percent(low),
        percent(high)
    );
    let mut benign = vec![
        Benign::new("deleted", "Deleted by the person", "A deletion leaves the same", "not_excluded"),
        Benign::new("other_folder", "Filed in a folder that was not exported", "Only the folders supplied were looked at", "not_excluded"),
    ];
    if role == Role::Received {
        benign.push(Benign::new("not_delivered", "Never delivered", "A filter or a full mailbox may have held it back", "not_excluded"));
    }
    let n = run.len() as f64;
    let mut conversations: Vec<u32> = run.iter().filter_map(|m| context.dataset.columns.conversation.get(m.row as usize).copied()).collect();
    conversations.dedup();
    Some(Draft {
        custodian: Some(who),
        channel: talk(first)?.channel,
        conversation: if let [one] = conversations.as_slice() { Some(*one) } else { None },
        class: 'A',
        kind: "other_copy",
        from: Some(context.day(first.time)),
        to: Some(context.day(last.time)),
        estimate: Some((n, n, n)),
        confidence: 1.0,
        client: run.iter().filter_map(|m| talk(m)).any(|t| !t.clients.is_empty()),
        takes_days: false,
        reasons: vec![what, figures],
        benign,
        evidence: run.iter().take(places::MOST).map(|m| places::absent(context.dataset, m.row, "held by the other mailbox only")).collect(),
        ..Draft::default()
    })
}
