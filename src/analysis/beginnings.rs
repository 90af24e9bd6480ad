//! Beginnings: whether exports show that they begin where their conversations begin. What such an export lacks before its first
//! record was never written; a late first record is then no gap.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::conversations::Holder;
use crate::model::StatementKind;
use crate::model::ledger::{Basis, Source};
use crate::model::message::{EventKind, Flags};

/// Days by which a statement and the first record may differ.
const NEAR: i32 = 3;

/// What is known of the beginnings.
#[derive(Debug, Clone, Default)]
pub struct Beginnings {
    /// Custodian, channel: all own exports begin at the beginning.
    complete: BTreeSet<(u32, u16)>,
    /// Channel, first day held: a source nobody owns says itself that it begins late, once for all who take part in it.
    late: BTreeSet<(u16, i32)>,
}

const fn cuts_the_head(kind: StatementKind) -> bool {
    matches!(
        kind,
        StatementKind::NoBeginning | StatementKind::ExportCap | StatementKind::HistoryCleared | StatementKind::PlanWall | StatementKind::OwnMessagesOnly
    )
}

/// The export of a whole Telegram account: only that one names its owner, and Telegram Desktop lets nobody choose its dates.
fn whole_account(source: &Source) -> bool {
    source.format == "telegram_json" && source.owner.as_ref().is_some_and(|o| o.basis == Basis::Proven)
}

/// Per source: whether all its conversations open with a notice of creation or encryption.
fn openings(context: &Context) -> Vec<bool> {
    let c = &context.dataset.columns;
    let mut opens: Vec<Option<bool>> = vec![None; context.dataset.sources.len()];
    let mut copies = context.dataset.holders.iter().peekable();
    let mut parts: Vec<u32> = Vec::new();
    for conversation in 0..u32::try_from(context.dataset.conversations.len()).unwrap_or(0) {
        let mut seen = BTreeSet::new();
        for row in context.dataset.rows_of(conversation) {
            let (Some(part), Some(flags)) = (c.part.get(row), c.flags.get(row)) else { continue };
            // A row that two exports hold is kept once: the copy opens the other export too.
            parts.clear();
            parts.push(*part);
            while copies.next_if(|(r, _)| (*r as usize) < row).is_some() {}
            while let Some((_, copy)) = copies.next_if(|(r, _)| *r as usize == row) {
                parts.push(*copy);
            }
            let birth = matches!(Flags(*flags).event(), Some(EventKind::Encrypted | EventKind::Created | EventKind::Joined));
            for source in parts.iter().map(|p| context.dataset.source_of(*p)) {
                // Rows lie in order of time: the first row of each source in the conversation is what counts.
                if seen.insert(source)
                    && let Some(slot) = opens.get_mut(source as usize)
                {
                    *slot = Some(slot.unwrap_or(true) && birth);
                }
            }
        }
    }
    opens.into_iter().map(|o| o == Some(true)).collect()
}

impl Beginnings {
    /// One pass over rows and statements.
    #[must_use]
    pub fn new(context: &Context) -> Self {
        let opens = openings(context);
        let mut cut = BTreeSet::new();
        let mut late = BTreeSet::new();
        for s in context.dataset.statements.iter().filter(|s| cuts_the_head(s.kind)) {
            cut.insert(s.source);
            let talk = s.conversation.and_then(|c| context.talks.get(c));
            let source = context.dataset.sources.get(s.source as usize);
            let channel = talk.map(|t| t.channel).or_else(|| context.talks.channel(&source?.channel));
            if context.talks.holders.get(s.source as usize) == Some(&Holder::Everyone)
                && let (Some(channel), Some(to)) = (channel, s.to)
            {
                late.insert((channel, context.day(to)));
            }
        }
        let mut complete: BTreeMap<(u32, u16), bool> = BTreeMap::new();
        for ((ix, source), holder) in (0u32..).zip(&context.dataset.sources).zip(&context.talks.holders) {
            let Holder::Owner(custodian) = holder else { continue };
            let Some(channel) = context.talks.channel(&source.channel) else { continue };
            let whole = !cut.contains(&ix) && (opens.get(ix as usize) == Some(&true) || whole_account(source));
            complete.entry((*custodian, channel)).and_modify(|w| *w &= whole).or_insert(whole);
        }
        Self { complete: complete.into_iter().filter(|(_, whole)| *whole).map(|(key, _)| key).collect(), late }
    }

    /// Whether everything this custodian supplied of a channel begins at the beginning.
    #[must_use]
    pub fn complete(&self, custodian: u32, channel: u16) -> bool {
        self.complete.contains(&(custodian, channel))
    }

    /// Whether a source nobody owns says itself that it begins on about this day.
    #[must_use]
    pub fn told(&self, channel: u16, first: i32) -> bool {
        self.late.range((channel, first - NEAR)..=(channel, first + NEAR)).next().is_some()
    }
}
