//! Files that are cut: what is short of their stated count was behind the cut. One fact, one gap.

use super::evidence::Found;
use super::gaps::Draft;
use crate::model::StatementKind;

/// Source and conversation a statement is about.
type Place = (u32, Option<u32>);

/// The shortfall of a stated count, and the cut of the same file that explains it.
pub struct Short<'a> {
    cut: Place,
    found: Found<'a>,
}

fn place(found: &Found) -> Place {
    (found.statement.source, found.statement.conversation)
}

/// Takes out the shortfalls of files, or conversations, that are cut: a count of a whole file belongs to any cut of it.
#[must_use]
pub fn sift(all: Vec<Found>) -> (Vec<Found>, Vec<Short>) {
    let cuts: Vec<Place> = all.iter().filter(|f| f.statement.kind == StatementKind::CutOff).map(place).collect();
    let home = |found: &Found| {
        let own = place(found);
        let (source, conversation) = own;
        cuts.iter().copied().find(|cut| *cut == own).or_else(|| cuts.iter().copied().find(|cut| conversation.is_none() && cut.0 == source))
    };
    let (mut rest, mut short) = (Vec::with_capacity(all.len()), Vec::new());
    for found in all {
        match Some(&found).filter(|f| f.statement.kind == StatementKind::CountShort).and_then(home) {
            Some(cut) => short.push(Short { cut, found }),
            None => rest.push(found),
        }
    }
    (rest, short)
}

/// Adds to the gap of a cut what its file states beside it: the reasons, and the count as the estimate. `said` makes the gap that the
/// shortfalls would be by themselves.
pub fn join<'a>(gap: &mut Draft, cut: &[Found], short: &mut Vec<Short<'a>>, said: impl Fn(&[Found<'a>]) -> Option<Draft>) {
    let cuts: Vec<Place> = cut.iter().filter(|f| f.statement.kind == StatementKind::CutOff).map(place).collect();
    let (mine, rest): (Vec<Short>, Vec<Short>) = std::mem::take(short).into_iter().partition(|s| cuts.contains(&s.cut));
    *short = rest;
    let mine: Vec<Found> = mine.into_iter().map(|s| s.found).collect();
    let Some(count) = said(&mine) else { return };
    gap.reasons.extend(count.reasons);
    gap.estimate = gap.estimate.or(count.estimate);
    gap.client |= count.client;
    super::places::add(&mut gap.evidence, count.evidence);
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Firm, firm};
    use crate::model::StatementKind;
    use crate::model::answer::Gap;

    fn room() -> Firm {
        let mut f = firm().employee("Mei Tan").client("Northgate", &["Huang Wei"]);
        f.chat("sms", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-09-30", 1);
        f
    }

    fn proved(f: &Firm) -> Vec<Gap> {
        f.answers().gaps.into_iter().filter(|g| ["cut_off", "count_short"].contains(&g.kind.as_str())).collect()
    }

    #[test]
    fn what_is_short_of_the_count_of_a_cut_file_is_a_reason_of_the_cut() {
        let mut f = room();
        let file = "sms-Mei Tan.txt";
        f.state(StatementKind::CutOff, file, None, Some("2026-09-30"), None, 0);
        f.state(StatementKind::CountShort, file, None, Some("2026-06-01"), Some("2026-09-30"), 12);
        let gaps = proved(&f);
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        assert_eq!((gaps[0].kind.as_str(), gaps[0].from.as_deref()), ("cut_off", Some("2026-09-30")));
        assert!(gaps[0].reasons.iter().any(|r| r == "The source states 12 more records than it holds"), "{:?}", gaps[0].reasons);
        assert_eq!(gaps[0].estimate.as_ref().map(|e| (e.low, e.mid, e.high)), Some((12.0, 12.0, 12.0)));
    }

    #[test]
    fn the_count_of_another_conversation_is_not_explained_by_a_cut() {
        let mut f = room();
        f.chat("sms", "Mei Tan", "Otto Quist").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-09-30", 1);
        let file = "sms-Mei Tan.txt";
        f.state(StatementKind::CutOff, file, Some("Huang Wei"), Some("2026-09-30"), None, 0);
        f.state(StatementKind::CountShort, file, Some("Otto Quist"), None, None, 12);
        let mut kinds: Vec<String> = proved(&f).into_iter().map(|g| g.kind).collect();
        kinds.sort();
        assert_eq!(kinds, ["count_short", "cut_off"]);
    }

    #[test]
    fn a_count_that_is_short_without_a_cut_is_a_gap_of_its_own() {
        let mut f = room();
        f.state(StatementKind::CountShort, "sms-Mei Tan.txt", None, None, None, 1);
        let gaps = proved(&f);
        assert_eq!(gaps.iter().map(|g| g.kind.as_str()).collect::<Vec<_>>(), ["count_short"]);
        assert_eq!(gaps[0].reasons[0], "The source states 1 more record than it holds");
    }
}
