//! Beginnings: whether exports show that they begin where their conversations begin. What such an export lacks before its first
//! record was never written; a late first record is then no gap. A conversation whose head is cut off says so itself, and is told by itself.

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
    /// Custodian, channel: own exports begin at the beginning, or what they lack there is told of its conversation.
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
        let (mut seen, mut last) = (BTreeSet::new(), None);
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
                if last.replace(source) != Some(source)
                    && seen.insert(source)
                    && let Some(slot) = opens.get_mut(source as usize)
                {
                    *slot = Some(slot.unwrap_or(true) && birth);
                }
            }
        }
    }
    opens.into_iter().map(|o| o == Some(true)).collect()
}

fn owns(context: &Context, source: u32, custodian: u32) -> bool {
    context.talks.holders.get(source as usize) == Some(&Holder::Owner(custodian))
}

/// Whether the first record of a person on a channel lies in a source of this sort.
fn oldest(context: &Context, (custodian, channel): (u32, u16), sort: impl Fn(u32) -> bool) -> bool {
    let first = context.streams.get(custodian, channel).and_then(|s| s.cells.first()).map(|cell| cell.first.1 as usize);
    first.is_some_and(|row| context.dataset.held_by(row).any(|part| sort(context.dataset.source_of(part))))
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
        let whole =
            |ix: u32| !cut.contains(&ix) && (opens.get(ix as usize) == Some(&true) || context.dataset.sources.get(ix as usize).is_some_and(whole_account));
        // Per person and channel: exports that begin at the beginning, those that say themselves what they lack, those of which nobody knows.
        let mut own: BTreeMap<(u32, u16), (u32, u32, u32)> = BTreeMap::new();
        for ((ix, source), holder) in (0u32..).zip(&context.dataset.sources).zip(&context.talks.holders) {
            let Holder::Owner(custodian) = holder else { continue };
            let Some(channel) = context.talks.channel(&source.channel) else { continue };
            let (begin, told, unsaid) = own.entry((*custodian, channel)).or_default();
            *(if whole(ix) {
                begin
            } else if cut.contains(&ix) {
                told
            } else {
                unsaid
            }) += 1;
        }
        // Where most exports of a person begin at the beginning, the oldest of them shows when it all began, and the others tell of their
        // conversations what they lack. One that is late and says nothing of it would be told nowhere.
        let most = |key: &(u32, u16), (begin, told, unsaid): (u32, u32, u32)| {
            unsaid == 0 && (told == 0 || told <= begin && oldest(context, *key, |ix| whole(ix) && owns(context, ix, key.0)))
        };
        let mut complete: BTreeSet<(u32, u16)> = own.iter().filter(|(key, count)| most(key, **count)).map(|(key, _)| *key).collect();
        // Who is known from others' sources only begins where they do.
        let others = context.streams.list.iter().map(|s| (s.custodian, s.channel)).filter(|key| !own.contains_key(key));
        let archived = |ix: u32| cut.contains(&ix) && context.talks.holders.get(ix as usize) == Some(&Holder::Everyone);
        complete.extend(others.filter(|key| oldest(context, *key, archived)));
        Self { complete, late }
    }

    /// Whether nothing this custodian supplied of a channel can lack an earlier record, or what does says so itself.
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

#[cfg(test)]
mod tests {
    use super::super::testkit::{Firm, firm};
    use crate::model::answer::Gap;
    use crate::model::message::EventKind;
    use crate::model::statement::StatementKind;

    /// Mei's exports of chats, a file each: those that open with a notice, and the one whose head is cut off, with the day of its first record.
    fn exports(whole: &[&str], cut: &str) -> Firm {
        let mut f = firm().employee("Mei Tan").client("Northgate", &["Huang Wei", "Otto Quist", "Rosa Quist"]).preset("uk-fca-sysc10a");
        for (n, day) in whole.iter().enumerate() {
            let name = ["Otto Quist", "Rosa Quist"][n];
            f.device("whatsapp", "Mei Tan", name, &format!("{name}.txt")).event(name, EventKind::Encrypted, day).daily(name, "Mei Tan", day, "2026-09-30", 1);
        }
        f.device("whatsapp", "Mei Tan", "Huang Wei", "Huang Wei.txt").daily("Huang Wei", "Mei Tan", cut, "2026-09-30", 2);
        f.state(StatementKind::NoBeginning, "Huang Wei.txt", Some("Huang Wei"), None, Some(cut), 0);
        f
    }

    fn heads(f: &Firm) -> Vec<Gap> {
        f.answers().gaps.into_iter().filter(|g| matches!(g.kind.as_str(), "horizon" | "no_beginning")).collect()
    }

    #[test]
    fn one_chat_that_is_cut_off_does_not_make_the_beginning_of_older_ones_late() {
        let gaps = heads(&exports(&["2025-10-14", "2026-04-07"], "2026-01-28"));
        assert_eq!(gaps.iter().map(|g| (g.kind.as_str(), g.conversation.as_deref())).collect::<Vec<_>>(), [("no_beginning", Some("Huang Wei"))]);
    }

    #[test]
    fn an_export_that_is_late_and_says_nothing_of_it_stays_told_as_late() {
        let mut f = firm().employee("Mei Tan").client("Northgate", &["Huang Wei", "Otto Quist", "Rosa Quist"]).preset("uk-fca-sysc10a");
        f.device("whatsapp", "Mei Tan", "Otto Quist", "Otto Quist.txt").event("Otto Quist", EventKind::Encrypted, "2026-01-28").daily(
            "Otto Quist",
            "Mei Tan",
            "2026-01-28",
            "2026-09-30",
            1,
        );
        let late = |f: &Firm| heads(f).iter().any(|g| g.kind == "horizon" && g.channel == "whatsapp");
        assert!(!late(&f), "a chat that begins at its beginning lacks nothing");
        f.device("whatsapp", "Mei Tan", "Huang Wei", "Huang Wei.txt").daily("Huang Wei", "Mei Tan", "2026-04-07", "2026-09-30", 2);
        assert!(late(&f), "no notice, and no word of what lies before it: {:#?}", heads(&f));
        f.state(StatementKind::NoBeginning, "Huang Wei.txt", Some("Huang Wei"), None, Some("2026-04-07"), 0);
        assert!(!late(&f), "told of its own conversation");
    }

    #[test]
    fn a_late_first_record_and_the_export_that_says_why_are_one_gap() {
        let gaps = heads(&exports(&["2026-06-26"], "2026-05-11"));
        assert_eq!(gaps.iter().map(|g| (g.kind.as_str(), g.conversation.as_deref())).collect::<Vec<_>>(), [("horizon", Some("Huang Wei"))]);
        assert!(gaps[0].reasons.iter().any(|r| r.starts_with("The export does not begin at the beginning")), "{:?}", gaps[0].reasons);
    }

    #[test]
    fn who_is_known_from_a_group_that_begins_late_begins_no_earlier() {
        let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]).preset("uk-fca-sysc10a");
        let group = f.archived("whatsapp", "floor group");
        group.daily("Li Chen", "Huang Wei", "2026-05-27", "2026-09-30", 2).daily("Mei Tan", "Huang Wei", "2026-06-15", "2026-09-30", 2);
        f.state(StatementKind::ExportCap, "whatsapp.csv", Some("floor group"), None, Some("2026-05-27"), 10_000);
        assert!(heads(&f).iter().all(|g| g.kind != "horizon"), "{:#?}", heads(&f));
    }
}
