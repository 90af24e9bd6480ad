//! Who takes part in each conversation, and whether it is work, private, or undecided.
//! Private conversations are counted and then left alone: no later answer may look into them.

use std::collections::BTreeSet;

use super::classes::{self, Known, Rules, Why};
use super::identity::{self, Likely};
use super::mentions;
use super::parties::{Parties, Party};
use crate::model::Dataset;
use crate::model::batch::NONE;
use crate::model::matter::{ChannelRule, ChannelStatus, Matter};
use crate::model::message::{ConversationKind, Flags};
use crate::text;

/// Most parties of a conversation of few.
pub const FEW: usize = 3;

/// What a conversation is; the rules stand in [`classes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Class {
    /// Work.
    Work,
    /// Private.
    Private,
    /// Neither for certain.
    #[default]
    Undecided,
}

impl Class {
    /// The word in the answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Private => "private",
            Self::Undecided => "undecided",
        }
    }
}

/// Which person a source holds a channel for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Holder {
    /// The export of one custodian.
    Owner(u32),
    /// An archive, or an export whose owner is not known: it holds for every custodian who takes part.
    #[default]
    Everyone,
    /// The copy of somebody outside the firm.
    Outsider,
}

/// One conversation with its parties.
#[derive(Debug, Clone, Default)]
pub struct Talk {
    /// Channel index.
    pub channel: u16,
    /// Work, private, undecided.
    pub class: Class,
    /// Why it has this class.
    pub why: Why,
    /// Custodians who take part, sorted.
    pub employees: Vec<u32>,
    /// Custodians who wrote, sorted.
    pub writers: Vec<u32>,
    /// Clients who take part, sorted.
    pub clients: Vec<u32>,
    /// Whether it is a conversation of few: what one receives there is addressed to that person.
    pub few: bool,
    /// Whether it runs over an account the firm owns; `None` = nobody has said.
    pub owned: Option<bool>,
}

impl Talk {
    /// Whether answers may count it.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.class != Class::Private
    }
}

/// Conversations, sources and channels as the analyses see them.
#[derive(Debug, Clone, Default)]
pub struct Talks {
    /// Channel slugs, sorted.
    pub channels: Vec<String>,
    /// Per conversation.
    pub of: Vec<Talk>,
    /// Per source.
    pub holders: Vec<Holder>,
    /// Per handle: whether it is an account the register names (or the register names none).
    pub captured: Vec<Option<bool>>,
    /// Handles that are probably somebody on the lists.
    pub candidates: Vec<Likely>,
}

/// Sets without clearing: a mark is the number of the conversation that set it.
struct Marks(Vec<u32>);

impl Marks {
    fn first(&mut self, ix: u32, stamp: u32) -> bool {
        match self.0.get_mut(ix as usize) {
            Some(slot) if *slot != stamp => {
                *slot = stamp;
                true
            }
            _ => false,
        }
    }
}

/// The line of the register for a channel.
#[must_use]
pub fn rule<'a>(matter: &'a Matter, channel: &str) -> Option<&'a ChannelRule> {
    matter.policy.channels.iter().find(|r| r.id == channel)
}

/// Whether a handle is an account the firm owns, by the register.
fn captured(matter: &Matter, channel: &str, keys: [&str; 4]) -> Option<bool> {
    let rule = rule(matter, channel)?;
    match rule.captured {
        None if rule.status == ChannelStatus::Prohibited => Some(false),
        None => None,
        Some(false) => Some(false),
        Some(true) if rule.accounts.is_empty() => Some(true),
        Some(true) => {
            let same = |account: &String| {
                let (folded, phone) = (text::folded(account), text::phone(account));
                keys.iter().any(|k| !k.is_empty() && (text::folded(k) == folded || (phone.is_some() && text::phone(k) == phone)))
            };
            Some(rule.accounts.iter().any(same))
        }
    }
}

struct Survey<'a> {
    dataset: &'a Dataset,
    parties: &'a Parties,
    matter: &'a Matter,
    rules: Rules<'a>,
    /// Handles that are probably somebody on the lists.
    likely: BTreeSet<u32>,
    handles: Marks,
    audiences: Marks,
    sources: Marks,
}

impl Survey<'_> {
    fn talk(&mut self, ix: u32, channel: u16, holders: &[Holder], accounts: &[Option<bool>]) -> Talk {
        let Some(conversation) = self.dataset.conversations.get(ix as usize) else { return Talk::default() };
        let c = &self.dataset.columns;
        let stamp = ix;
        let mut present: Vec<u32> = Vec::new();
        let mut writers: Vec<u32> = Vec::new();
        let mut owners: Vec<u32> = Vec::new();
        let (mut private, mut folder) = (false, false);
        let (mut last_sender, mut last_part, mut last_audience) = (NONE, NONE, NONE);
        for row in self.dataset.rows_of(ix) {
            let get = |column: &[u32]| column.get(row).copied().unwrap_or(NONE);
            let (flags, sender, part, audience) = (Flags(get(&c.flags)), get(&c.sender), get(&c.part), get(&c.audience));
            private |= flags.has(Flags::MARKED_PRIVATE);
            if sender != last_sender {
                last_sender = sender;
                if self.handles.first(sender, stamp) {
                    present.push(sender);
                }
                if flags.is_message() {
                    writers.push(sender);
                }
            }
            if audience != last_audience {
                last_audience = audience;
                if self.audiences.first(audience, stamp) {
                    let set = self.dataset.audiences.get(audience as usize).map(Vec::as_slice).unwrap_or_default();
                    present.extend(set.iter().filter(|h| self.handles.first(**h, stamp)));
                }
            }
            if part != last_part {
                last_part = part;
                folder |= self.rules.private_part(part);
                let source = self.dataset.source_of(part);
                if self.sources.first(source, stamp)
                    && let Some(Holder::Owner(owner)) = holders.get(source as usize)
                {
                    owners.push(*owner);
                }
            }
        }
        // Whoever an export names as custodian of a record holds it, addressed in it or not.
        let sets: BTreeSet<u32> = self.dataset.boxes_in(&self.dataset.rows_of(ix)).iter().map(|(_, set)| *set).collect();
        let named = sets.iter().filter_map(|set| self.dataset.audiences.get(*set as usize)).flatten();
        owners.extend(named.filter_map(|h| self.parties.employee(*h)));
        if conversation.kind != ConversationKind::Room {
            present.extend(conversation.members.iter().filter(|h| self.handles.first(**h, stamp)));
        }
        let known = Known {
            decision: self.rules.decision(&conversation.channel, &conversation.key),
            mark: classes::mark(private, folder, &conversation.title, conversation.kind),
            spoken: self.rules.spoken(self.dataset, ix),
            thread: conversation.kind == ConversationKind::Thread,
            ..Known::default()
        };
        self.classify(&conversation.channel, channel, known, &present, &writers, owners, accounts)
    }

    #[allow(clippy::too_many_arguments)] // What one pass over the conversation has gathered.
    fn classify(&self, slug: &str, channel: u16, mut known: Known, present: &[u32], writers: &[u32], owners: Vec<u32>, accounts: &[Option<bool>]) -> Talk {
        let mut talk = Talk { channel, employees: owners, few: present.len() <= FEW, ..Talk::default() };
        let mut colleagues = 0usize;
        let mut owned: Option<bool> = None;
        for handle in present {
            match self.parties.party(*handle) {
                Party::Employee(e) => talk.employees.push(e),
                Party::Colleague => colleagues += 1,
                Party::Client(c, _) => talk.clients.push(c),
                Party::Service => {
                    known.service = true;
                    continue;
                }
                Party::Unknown => {
                    known.waits |= self.likely.contains(handle);
                    continue;
                }
            }
            if self.parties.firm(*handle)
                && let Some(yes) = accounts.get(*handle as usize).copied().flatten()
            {
                owned = Some(owned.unwrap_or(false) || yes);
            }
        }
        talk.writers = writers.iter().filter_map(|h| self.parties.employee(*h)).collect();
        for list in [&mut talk.employees, &mut talk.clients, &mut talk.writers] {
            list.sort_unstable();
            list.dedup();
        }
        let register = rule(self.matter, slug);
        talk.owned = owned.or_else(|| {
            register.and_then(|r| if r.accounts.is_empty() || r.captured != Some(true) { captured(self.matter, slug, [""; 4]) } else { Some(false) })
        });
        let firm_channel = register.is_some_and(|r| r.status == ChannelStatus::Approved || r.captured == Some(true))
            || present.iter().any(|h| slug == "email" && self.parties.firm(*h) && self.own_address(*h));
        (known.firm_channel, known.client, known.employees) = (firm_channel, !talk.clients.is_empty(), talk.employees.len() + colleagues);
        (talk.class, talk.why) = self.rules.class(&known);
        talk
    }

    fn own_address(&self, handle: u32) -> bool {
        let Some(h) = self.dataset.handles.get(handle as usize) else { return false };
        let mail = if h.email.is_empty() { &h.key } else { &h.email };
        mail.rsplit_once('@').is_some_and(|(_, d)| self.matter.own_domains.iter().any(|o| o.eq_ignore_ascii_case(d)))
    }
}

impl Talks {
    /// One pass over the rows, conversation by conversation.
    #[must_use]
    pub fn new(dataset: &Dataset, parties: &Parties, matter: &Matter) -> Self {
        let mut channels: Vec<String> = dataset.conversations.iter().map(|c| c.channel.clone()).collect();
        channels.extend(dataset.sources.iter().map(|s| s.channel.clone()).filter(|c| !c.is_empty()));
        channels.extend(matter.policy.channels.iter().map(|r| r.id.clone()).filter(|c| !c.is_empty()));
        channels.extend(mentions::slugs(&dataset.elsewhere).map(str::to_owned));
        channels.extend(matter.expected.iter().flatten().map(|e| e.channel.clone()));
        channels.sort_unstable();
        channels.dedup();
        let holders: Vec<Holder> = dataset
            .sources
            .iter()
            .map(|s| match s.owner_handle.map(|h| parties.party(h)) {
                Some(Party::Employee(e)) => Holder::Owner(e),
                Some(Party::Client(..)) => Holder::Outsider,
                _ => Holder::Everyone,
            })
            .collect();
        let accounts: Vec<Option<bool>> = dataset
            .handles
            .iter()
            .enumerate()
            .map(
                |(ix, h)| {
                    if parties.firm(u32::try_from(ix).unwrap_or(NONE)) { captured(matter, &h.channel, [&h.key, &h.name, &h.email, &h.phone]) } else { None }
                },
            )
            .collect();
        let candidates = identity::candidates(dataset, matter, parties);
        let mut survey = Survey {
            dataset,
            parties,
            matter,
            rules: Rules::new(dataset, matter),
            likely: candidates.iter().map(|l| l.handle).collect(),
            handles: Marks(vec![NONE; dataset.handles.len()]),
            audiences: Marks(vec![NONE; dataset.audiences.len()]),
            sources: Marks(vec![NONE; dataset.sources.len()]),
        };
        let of = dataset
            .conversations
            .iter()
            .enumerate()
            .map(|(ix, c)| {
                let channel = channels.binary_search(&c.channel).ok().and_then(|ix| u16::try_from(ix).ok()).unwrap_or(0);
                survey.talk(u32::try_from(ix).unwrap_or(NONE), channel, &holders, &accounts)
            })
            .collect();
        Self { channels, of, holders, captured: accounts, candidates }
    }

    /// Per source: whether all its records belong to private conversations.
    #[must_use]
    pub fn private_sources(&self, dataset: &Dataset) -> Vec<bool> {
        let (mut private, mut open) = (vec![false; dataset.sources.len()], vec![false; dataset.sources.len()]);
        let mut mark = |part: u32, closed: bool| {
            let slots = if closed { &mut private } else { &mut open };
            if let Some(slot) = slots.get_mut(dataset.source_of(part) as usize) {
                *slot = true;
            }
        };
        for (ix, talk) in (0u32..).zip(&self.of) {
            let mut last = NONE;
            for part in dataset.columns.part.get(dataset.rows_of(ix)).unwrap_or_default() {
                if *part != last {
                    last = *part;
                    mark(*part, !talk.counts());
                }
            }
        }
        for (row, part) in &dataset.holders {
            let closed = dataset.columns.conversation.get(*row as usize).and_then(|c| self.get(*c)).is_some_and(|t| !t.counts());
            mark(*part, closed);
        }
        private.into_iter().zip(open).map(|(private, open)| private && !open).collect()
    }

    /// The talk of a conversation.
    #[must_use]
    pub fn get(&self, conversation: u32) -> Option<&Talk> {
        self.of.get(conversation as usize)
    }

    /// Slug of a channel index.
    #[must_use]
    pub fn slug(&self, channel: u16) -> &str {
        self.channels.get(usize::from(channel)).map_or("", String::as_str)
    }

    /// Index of a slug.
    #[must_use]
    pub fn channel(&self, slug: &str) -> Option<u16> {
        self.channels.binary_search_by(|c| c.as_str().cmp(slug)).ok().and_then(|ix| u16::try_from(ix).ok())
    }
}
