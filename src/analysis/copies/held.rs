//! Which sources hold which conversation, and which conversations may be copies of one: the same key in several sources, or the same
//! channel and the same parties under different keys. That they are copies is shown later, by their messages.

use std::collections::{BTreeMap, BTreeSet};

use super::super::conversations::Holder;
use super::super::parties::Party;
use super::super::{Context, conversations::Talk};
use super::matching::Entry;
use crate::model::StatementKind;
use crate::model::batch::NONE;
use crate::model::message::{ConversationKind, Flags};
use crate::text;

/// Most conversations of the same parties, and most copies of one conversation, that are compared with each other.
const MOST: usize = 12;

/// Who keeps a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeper {
    /// A custodian.
    Person(u32),
    /// Somebody outside the firm.
    Outside,
    /// Somebody, of one conversation; the file does not say who.
    Nobody,
    /// An archive of many conversations: it holds for everybody.
    Archive,
}

/// One conversation as one source holds it.
#[derive(Debug, Clone)]
pub struct Copy {
    /// Conversation.
    pub conversation: u32,
    /// Source.
    pub source: u32,
    /// Who keeps it.
    pub keeper: Keeper,
    /// The source itself says that it leaves out messages by nature: one direction only, or the owner's own.
    pub partial: bool,
    /// Records up to the day of the question, in order of time.
    pub entries: Vec<Entry>,
}

/// Numbers of people: who is on a list has one number on all handles, anybody else one per handle.
pub struct Persons {
    /// Per handle: the person, and the party: contacts of one client are one.
    of: Vec<(u32, u32)>,
    listed: u32,
}

impl Persons {
    /// Numbers everybody.
    #[must_use]
    pub fn new(context: &Context) -> Self {
        let count = |n: usize| u32::try_from(n).unwrap_or(NONE);
        let staff = count(context.parties.custodians.len());
        let clients: BTreeSet<(u32, Option<u32>)> =
            context.parties.of.iter().filter_map(|j| if let Party::Client(c, who) = j.party { Some((c, who)) } else { None }).collect();
        let index: BTreeMap<(u32, Option<u32>), u32> = clients.into_iter().zip(staff..).collect();
        let firms = staff + count(index.len());
        let listed = firms + index.keys().map(|(c, _)| c + 1).max().unwrap_or(0);
        let of = (0u32..).zip(&context.parties.of).map(|(handle, joined)| match joined.party {
            Party::Employee(e) => (e, e),
            Party::Client(c, who) => (index.get(&(c, who)).copied().unwrap_or(NONE), firms + c),
            _ => (listed + handle, listed + handle),
        });
        Self { of: of.collect(), listed }
    }

    /// The person of a handle.
    #[must_use]
    pub fn person(&self, handle: u32) -> u32 {
        self.of.get(handle as usize).map_or(NONE, |p| p.0)
    }

    fn party(&self, handle: u32) -> u32 {
        self.of.get(handle as usize).map_or(NONE, |p| p.1)
    }

    /// Whether this is a person or client on a list.
    #[must_use]
    pub const fn known(&self, person: u32) -> bool {
        person < self.listed
    }
}

/// Things that are one, found by what they share.
pub struct Roots(Vec<u32>);

impl Roots {
    /// So many things, each by itself.
    #[must_use]
    pub fn new(n: usize) -> Self {
        Self((0..u32::try_from(n).unwrap_or(NONE)).collect())
    }

    /// The smallest of those a thing is one with.
    pub fn of(&mut self, thing: u32) -> u32 {
        let mut at = thing;
        while let Some(up) = self.0.get(at as usize).copied().filter(|up| *up != at) {
            let next = self.0.get(up as usize).copied().unwrap_or(up);
            if let Some(slot) = self.0.get_mut(at as usize) {
                *slot = next;
            }
            at = next;
        }
        at
    }

    /// Two are one.
    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.of(a), self.of(b));
        if let Some(slot) = self.0.get_mut(a.max(b) as usize) {
            *slot = a.min(b);
        }
    }
}

/// Conversations and the sources that hold them.
struct Survey {
    /// Per conversation: sources, sorted.
    sources: Vec<Vec<u32>>,
    /// Per source: conversations.
    held: Vec<u32>,
}

/// Sources of each row of a conversation, its own first.
fn each_holder(context: &Context, conversation: u32, mut take: impl FnMut(usize, u32)) {
    let dataset = context.dataset;
    let rows = dataset.rows_of(conversation);
    let first = u32::try_from(rows.start).unwrap_or(NONE);
    let from = dataset.holders.partition_point(|(r, _)| *r < first);
    let mut copies = dataset.holders.get(from..).unwrap_or_default().iter().peekable();
    for row in rows {
        let Some(part) = dataset.columns.part.get(row) else { continue };
        let own = dataset.source_of(*part);
        take(row, own);
        let mut last = own;
        while let Some((_, part)) = copies.next_if(|(r, _)| *r as usize == row) {
            let source = dataset.source_of(*part);
            if source != last && source != own {
                take(row, source);
            }
            last = source;
        }
    }
}

fn survey(context: &Context) -> Survey {
    let mut held = vec![0u32; context.dataset.sources.len()];
    let mut all = Vec::with_capacity(context.dataset.conversations.len());
    for conversation in 0..u32::try_from(context.dataset.conversations.len()).unwrap_or(0) {
        let mut sources: Vec<u32> = Vec::new();
        each_holder(context, conversation, |_, source| {
            if sources.last() != Some(&source) && !sources.contains(&source) {
                sources.push(source);
            }
        });
        sources.sort_unstable();
        for source in &sources {
            if let Some(n) = held.get_mut(*source as usize) {
                *n += 1;
            }
        }
        all.push(sources);
    }
    Survey { sources: all, held }
}

/// A conversation that may have copies: no mail, which goes by Message-ID, and nothing private.
fn eligible<'a>(context: &'a Context, conversation: u32) -> Option<&'a Talk> {
    let kind = context.dataset.conversations.get(conversation as usize)?.kind;
    context.talks.get(conversation).filter(|t| t.counts() && kind != ConversationKind::Thread && context.talks.slug(t.channel) != "email")
}

/// What conversations under different keys have in common if they are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    /// The two parties.
    Two(u16, [u32; 2]),
    /// Those of a group who are on the lists, three at least.
    Group(u16, Vec<u32>),
    /// The title of a group.
    Title(u16, String),
}

fn marks(context: &Context, persons: &Persons, conversation: u32, talk: &Talk, sources: &[u32]) -> Vec<Mark> {
    let Some(facts) = context.dataset.conversations.get(conversation as usize) else { return Vec::new() };
    if facts.kind == ConversationKind::Room {
        return Vec::new();
    }
    let mut parties: BTreeSet<u32> = facts.members.iter().map(|h| persons.party(*h)).collect();
    let (c, mut last) = (&context.dataset.columns, NONE);
    for row in context.dataset.rows_of(conversation) {
        let (Some(sender), Some(flags)) = (c.sender.get(row), c.flags.get(row)) else { continue };
        if *sender != last && *sender != NONE && Flags(*flags).is_message() {
            last = *sender;
            parties.insert(persons.party(*sender));
        }
    }
    for source in sources {
        if let Some(Holder::Owner(owner)) = context.talks.holders.get(*source as usize) {
            parties.insert(*owner);
        }
    }
    parties.remove(&NONE);
    let parties: Vec<u32> = parties.into_iter().collect();
    let mut out = Vec::new();
    if let [a, b] = parties.as_slice() {
        if facts.kind != ConversationKind::Group && (persons.known(*a) || persons.known(*b)) {
            out.push(Mark::Two(talk.channel, [*a, *b]));
        }
    } else if facts.kind != ConversationKind::Direct {
        let known: Vec<u32> = parties.into_iter().filter(|p| persons.known(*p)).collect();
        if known.len() >= 3 {
            out.push(Mark::Group(talk.channel, known));
        }
        let title = text::folded(&facts.title);
        if title.chars().count() >= 3 {
            out.push(Mark::Title(talk.channel, title));
        }
    }
    out
}

/// Sets of conversations that may be copies of one; each set sorted, in the order of their first.
fn sets(context: &Context, persons: &Persons, survey: &Survey) -> Vec<Vec<u32>> {
    let mut by: BTreeMap<Mark, Vec<u32>> = BTreeMap::new();
    let (mut roots, mut open) = (Roots::new(survey.sources.len()), Vec::new());
    for (conversation, sources) in (0u32..).zip(&survey.sources) {
        let Some(talk) = eligible(context, conversation).filter(|_| !sources.is_empty()) else { continue };
        open.push(conversation);
        // An archive has one conversation under one key; only what people export themselves is called differently by each.
        if sources.iter().all(|s| keeper(context, survey, *s) == Keeper::Archive) {
            continue;
        }
        for mark in marks(context, persons, conversation, talk, sources) {
            by.entry(mark).or_default().push(conversation);
        }
    }
    for list in by.values() {
        for pair in list.get(..list.len().min(MOST)).unwrap_or_default().windows(2) {
            let [a, b] = pair else { continue };
            roots.join(*a, *b);
        }
    }
    let mut sets: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for conversation in open {
        sets.entry(roots.of(conversation)).or_default().push(conversation);
    }
    let mut sets: Vec<Vec<u32>> = sets.into_values().collect();
    sets.sort_unstable();
    sets
}

fn keeper(context: &Context, survey: &Survey, source: u32) -> Keeper {
    match context.talks.holders.get(source as usize) {
        Some(Holder::Owner(owner)) => Keeper::Person(*owner),
        Some(Holder::Outsider) => Keeper::Outside,
        _ if survey.held.get(source as usize) == Some(&1) => Keeper::Nobody,
        _ => Keeper::Archive,
    }
}

/// Sources, or conversations of theirs, of which the source itself says that it leaves out messages by nature.
fn partial(context: &Context) -> BTreeSet<(u32, Option<u32>)> {
    let kinds = |k: StatementKind| matches!(k, StatementKind::OwnMessagesOnly | StatementKind::OneSided | StatementKind::NotInExport);
    context.dataset.statements.iter().filter(|s| kinds(s.kind)).map(|s| (s.source, s.conversation)).collect()
}

/// The copies in a set of conversations, sorted by conversation and source.
fn copies(context: &Context, persons: &Persons, survey: &Survey, partial: &BTreeSet<(u32, Option<u32>)>, set: &[u32]) -> Vec<Copy> {
    let mut by: BTreeMap<(u32, u32), Vec<Entry>> = BTreeMap::new();
    let c = &context.dataset.columns;
    for conversation in set {
        each_holder(context, *conversation, |row, source| {
            let get = |column: &[u32]| column.get(row).copied().unwrap_or(NONE);
            if context.days.get(row).is_none_or(|d| *d > context.window.as_of) {
                return;
            }
            let flags = Flags(get(&c.flags));
            let sender = match (get(&c.sender), context.talks.holders.get(source as usize)) {
                (NONE, Some(Holder::Owner(owner))) if flags.has(Flags::BY_OWNER) => *owner,
                (sender, _) => persons.person(sender),
            };
            let entry = Entry {
                row: u32::try_from(row).unwrap_or(NONE),
                time: c.time.get(row).copied().unwrap_or(0),
                sender,
                hash: get(&c.hash),
                chars: get(&c.chars),
                flags,
            };
            by.entry((*conversation, source)).or_default().push(entry);
        });
    }
    let mut list: Vec<Copy> = by
        .into_iter()
        .map(|((conversation, source), entries)| Copy {
            conversation,
            source,
            keeper: keeper(context, survey, source),
            partial: partial.contains(&(source, None)) || partial.contains(&(source, Some(conversation))),
            entries,
        })
        .collect();
    if list.len() > MOST {
        list.sort_by_key(|copy| (std::cmp::Reverse(copy.entries.len()), copy.conversation, copy.source));
        list.truncate(MOST);
        list.sort_by_key(|copy| (copy.conversation, copy.source));
    }
    list
}

/// All sets of copies with at least two sources, one of which is no archive.
#[must_use]
pub fn found(context: &Context, persons: &Persons) -> Vec<Vec<Copy>> {
    let (survey, partial) = (survey(context), partial(context));
    let several = |set: &&Vec<u32>| {
        let sources: BTreeSet<u32> = set.iter().filter_map(|c| survey.sources.get(*c as usize)).flatten().copied().collect();
        sources.len() > 1 && sources.iter().any(|s| keeper(context, &survey, *s) != Keeper::Archive)
    };
    let sets = sets(context, persons, &survey);
    sets.iter().filter(several).map(|set| copies(context, persons, &survey, &partial, set)).filter(|list| list.len() > 1).collect()
}
