//! Pairs: the conversations of few in which one person writes with one counterpart on one channel. A client is one counterpart, whoever writes
//! for it; so is a colleague; a chat with somebody on no list is a counterpart of its own.

use super::Context;
use super::conversations::Talk;
use crate::model::message::{ConversationKind, Flags};

/// Whom a person writes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Other {
    /// A client.
    Client(u32),
    /// Another custodian.
    Colleague(u32),
    /// Somebody on no list, by the conversation.
    Unlisted(u32),
}

/// One person, one channel, one counterpart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Custodian.
    pub custodian: u32,
    /// Channel.
    pub channel: u16,
    /// Counterpart.
    pub other: Other,
    /// Their conversations.
    pub conversations: Vec<u32>,
}

/// All pairs, sorted by custodian, channel, counterpart.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    list: Vec<Pair>,
}

/// The counterpart of a custodian in a conversation of few: the client, else a colleague.
fn other(context: &Context, conversation: u32, talk: &Talk, custodian: u32) -> Option<Other> {
    let client = talk.clients.first().map(|c| Other::Client(*c));
    let colleague = || talk.employees.iter().find(|e| **e != custodian).map(|e| Other::Colleague(*e));
    let direct = || context.dataset.conversations.get(conversation as usize).is_some_and(|c| c.kind == ConversationKind::Direct);
    client.or_else(colleague).or_else(|| direct().then_some(Other::Unlisted(conversation)))
}

/// Rows of a conversation between two days, inclusive.
#[must_use]
pub fn rows_between(context: &Context, conversation: u32, from: i32, to: i32) -> usize {
    let days = context.days.get(context.dataset.rows_of(conversation)).unwrap_or_default();
    days.partition_point(|d| *d <= to).saturating_sub(days.partition_point(|d| *d < from))
}

/// Days and senders of the messages of a conversation that people wrote.
pub fn sent<'a>(context: &'a Context, conversation: u32) -> impl Iterator<Item = (i32, u32)> + 'a {
    let rows = context.dataset.rows_of(conversation);
    let columns = &context.dataset.columns;
    let days = context.days.get(rows.clone()).unwrap_or_default();
    let (by, flags) = (columns.sender.get(rows.clone()).unwrap_or_default(), columns.flags.get(rows).unwrap_or_default());
    let written = |flags: u32| Flags(flags).is_message() && !Flags(flags).has(Flags::AUTOMATIC);
    days.iter().zip(by).zip(flags).filter(move |(_, f)| written(**f)).map(|((day, sender), _)| (*day, *sender))
}

impl Pairs {
    /// Of all conversations that count.
    #[must_use]
    pub fn new(context: &Context) -> Self {
        let mut all: Vec<(u32, u16, Other, u32)> = Vec::new();
        for (conversation, talk) in (0u32..).zip(&context.talks.of).filter(|(_, t)| t.counts() && t.few) {
            for custodian in &talk.employees {
                all.extend(other(context, conversation, talk, *custodian).map(|other| (*custodian, talk.channel, other, conversation)));
            }
        }
        all.sort_unstable();
        let mut list: Vec<Pair> = Vec::new();
        for (custodian, channel, other, conversation) in all {
            match list.last_mut() {
                Some(last) if (last.custodian, last.channel, last.other) == (custodian, channel, other) => last.conversations.push(conversation),
                _ => list.push(Pair { custodian, channel, other, conversations: vec![conversation] }),
            }
        }
        Self { list }
    }

    /// Pairs of a custodian on a channel.
    #[must_use]
    pub fn of(&self, custodian: u32, channel: u16) -> &[Pair] {
        let from = self.list.partition_point(|p| (p.custodian, p.channel) < (custodian, channel));
        let to = self.list.partition_point(|p| (p.custodian, p.channel) <= (custodian, channel));
        self.list.get(from..to).unwrap_or_default()
    }

    /// All of them, those of one custodian on one channel together.
    pub fn streams(&self) -> impl Iterator<Item = &[Pair]> {
        self.list.chunk_by(|a, b| (a.custodian, a.channel) == (b.custodian, b.channel))
    }

    /// All of one custodian, on all channels.
    #[must_use]
    pub fn all_of(&self, custodian: u32) -> &[Pair] {
        let from = self.list.partition_point(|p| p.custodian < custodian);
        let to = self.list.partition_point(|p| p.custodian <= custodian);
        self.list.get(from..to).unwrap_or_default()
    }
}

impl Pair {
    /// Messages between two days, inclusive; events among them are few and are counted too.
    #[must_use]
    pub fn between(&self, context: &Context, from: i32, to: i32) -> usize {
        self.conversations.iter().map(|c| rows_between(context, *c, from, to)).sum()
    }

    /// Days with messages up to the day of the question, and how many each is.
    #[must_use]
    pub fn days(&self, context: &Context) -> Vec<(i32, u32)> {
        let mut out: Vec<(i32, u32)> = Vec::new();
        let sent = self.conversations.iter().flat_map(|c| sent(context, *c));
        for (day, _) in sent.filter(|(day, _)| *day <= context.window.as_of) {
            match out.last_mut() {
                Some((last, count)) if *last == day => *count += 1,
                _ => out.push((day, 1)),
            }
        }
        if self.conversations.len() > 1 {
            out.sort_unstable_by_key(|(day, _)| *day);
            out.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                kept.1 += if same { next.1 } else { 0 };
                same
            });
        }
        out
    }

    /// The last row before a day and the first after another.
    #[must_use]
    pub fn around(&self, context: &Context, from: i32, to: i32) -> [Option<u32>; 2] {
        let (mut before, mut after) = (None::<(i32, usize)>, None::<(i32, usize)>);
        for conversation in &self.conversations {
            let rows = context.dataset.rows_of(*conversation);
            let days = context.days.get(rows.clone()).unwrap_or_default();
            let (a, b) = (days.partition_point(|d| *d < from), days.partition_point(|d| *d <= to));
            let at = |ix: usize| days.get(ix).map(|d| (*d, rows.start + ix));
            before = before.max(a.checked_sub(1).and_then(at));
            after = [after, at(b)].into_iter().flatten().min();
        }
        [before, after].map(|found| found.and_then(|(_, row)| u32::try_from(row).ok()))
    }
}
