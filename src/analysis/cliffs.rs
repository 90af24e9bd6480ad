//! Common cliffs: many conversations of one person on one channel that all begin on the same day, a round number of days before the
//! export was made. One late beginning is a late beginning; a wall of them is a setting that deletes, or a plan that hides
//! (gap-detection, section 8: a phone that keeps messages for 30 days, timers of a day, a week, 90 days, plans of 90 days).

use std::collections::BTreeMap;

use super::chance::binomial_tail;
use super::conversations::Holder;
use super::coverage::{self, Line};
use super::gaps::Draft;
use super::{Context, places};
use crate::model::answer::Benign;
use crate::model::message::{EventKind, Flags};

/// Days that programs keep or show.
const WALLS: [i32; 6] = [1, 7, 30, 90, 180, 365];
/// Days after the wall in which a conversation still begins at it.
const NEAR: i32 = 2;
/// Least share of the conversations.
const SHARE: f64 = 0.4;
/// Fewest conversations that begin there, where a source states the day of the export; and where none does: a month of days on which it
/// may have been made, times six walls, fits almost any day that a few beginnings share.
const FEWEST: (u64, u64) = (3, 5);
/// How sure it is, in the same order.
const SURE: (f64, f64) = (0.9, 0.6);
/// Messages from which a conversation has earlier traffic to be expected.
const ENOUGH: u32 = 5;
/// Days after the last record in which an export that does not say so may have been made.
const LATER: i32 = 31;
/// Chance below which so many beginnings are no accident, over all walls together.
const P: f64 = 1e-4;

/// One conversation as a source holds it.
struct Begin {
    day: i32,
    row: u32,
    messages: u32,
    last: i32,
    /// It opens with the notice of its own beginning.
    born: bool,
    client: bool,
}

/// Whose exports lie together: a wall is a property of a phone or an account, whoever it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    /// Those of a custodian.
    Custodian(u32),
    /// Those of a handle that is joined with nobody on the people list.
    Owner(u32),
    /// An archive that nobody owns, by its source.
    Archive(u32),
}

/// Exports of one channel that lie together.
#[derive(Default)]
struct Set {
    /// Day of the export, where a source states it.
    stated: Option<i32>,
    /// Last day with a record.
    last: i32,
    begins: Vec<Begin>,
}

/// Exports of everybody, by channel.
type Sets = BTreeMap<(Whose, u16), Set>;

/// Beginnings of the conversations of each set.
fn sets(context: &Context) -> Sets {
    let c = &context.dataset.columns;
    let as_of = context.window.as_of;
    let mut out = Sets::new();
    for (conversation, talk) in (0u32..).zip(&context.talks.of).filter(|(_, t)| t.counts()) {
        let (mut of, mut open): (BTreeMap<u32, Begin>, Option<(u32, Begin)>) = (BTreeMap::new(), None);
        for row in context.dataset.rows_of(conversation) {
            let (Some(part), Some(flags), Some(day)) = (c.part.get(row), c.flags.get(row), context.days.get(row)) else { continue };
            let flags = Flags(*flags);
            let birth = matches!(flags.event(), Some(EventKind::Encrypted | EventKind::Created | EventKind::Joined));
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            let source = context.dataset.source_of(*part);
            // Most rows lie in the source of the one before.
            if let Some((last, begin)) = open.take_if(|(last, _)| *last != source) {
                of.insert(last, begin);
            }
            let begin = || Begin { day: *day, row, messages: 0, last: *day, born: birth, client: !talk.clients.is_empty() };
            let (_, begin) = open.get_or_insert_with(|| (source, of.remove(&source).unwrap_or_else(begin)));
            begin.messages += u32::from(flags.is_message());
            begin.last = *day;
        }
        of.extend(open);
        for (ix, begin) in of {
            let source = context.dataset.sources.get(ix as usize);
            let whose = match (context.talks.holders.get(ix as usize), source.and_then(|s| s.owner_handle)) {
                (Some(Holder::Owner(owner)), _) => Whose::Custodian(*owner),
                (Some(Holder::Everyone), Some(handle)) => Whose::Owner(handle),
                (Some(Holder::Everyone), None) => Whose::Archive(ix),
                _ => continue,
            };
            let stated = source.and_then(|s| s.exported_at).map(|t| context.day(t).min(as_of));
            let set = out.entry((whose, talk.channel)).or_insert_with(|| Set { last: i32::MIN, ..Set::default() });
            set.stated = set.stated.max(stated);
            set.last = set.last.max(begin.last.min(as_of));
            set.begins.push(begin);
        }
    }
    out
}

/// Gaps behind common cliffs.
#[must_use]
pub fn drafts(context: &Context, lines: &[Line]) -> Vec<Draft> {
    let sets = sets(context);
    // First record of each handle nobody knows in exports of its own, on any channel. What others hold tells nothing of when it began.
    let mut own: BTreeMap<u32, i32> = BTreeMap::new();
    for ((whose, _), set) in &sets {
        let Whose::Owner(handle) = whose else { continue };
        for begin in &set.begins {
            own.entry(*handle).and_modify(|first| *first = (*first).min(begin.day)).or_insert(begin.day);
        }
    }
    let cliff = |((whose, channel), set): (&(Whose, u16), &Set)| {
        // Conversations could have begun on any day since the person is known to write anywhere, or the handle from its own exports.
        let known = match whose {
            Whose::Custodian(c) => context.streams.wrote.get(*c as usize).and_then(|d| d.first()).map(|d| d.0),
            Whose::Owner(handle) => own.get(handle).copied(),
            Whose::Archive(_) => None,
        };
        let first = known.into_iter().chain(set.begins.iter().map(|b| b.day)).min()?;
        let wall = wall(set, first)?;
        Some(draft(context, lines, (*whose, *channel), set, &wall))
    };
    sets.iter().filter_map(cliff).collect()
}

/// A wall that is no accident.
struct Wall<'a> {
    day: i32,
    /// Days that are kept.
    days: i32,
    /// Conversations that begin at it.
    at: Vec<&'a Begin>,
    /// Conversations looked at.
    of: usize,
}

/// The wall at which most conversations begin, among those that do not open with their own beginning: the longer ones first, then all.
/// `first`: the day since which they could have begun.
fn wall(set: &Set, first: i32) -> Option<Wall<'_>> {
    let exported = set.stated.map_or(set.last..=set.last + LATER, |stated| stated.max(set.last)..=stated.max(set.last));
    let oldest = set.begins.iter().map(|b| b.day).min()?;
    let fewest = if set.stated.is_some() { FEWEST.0 } else { FEWEST.1 };
    [ENOUGH, 1].into_iter().find_map(|enough| {
        let tested: Vec<&Begin> = set.begins.iter().filter(|b| b.messages >= enough && !b.born).collect();
        if (tested.len() as u64) < fewest {
            return None;
        }
        let walls = WALLS.into_iter().flat_map(|days| exported.clone().map(move |day| (days, day - days)));
        let count = |wall: i32| tested.iter().filter(|b| (wall..=wall + NEAR).contains(&b.day)).count();
        // Of walls that explain as much the one at the first record, then the one with the earliest export.
        let (_, _, days, day) = walls.clone().map(|(days, day)| (count(day), -(day - oldest).abs(), days, day)).max_by_key(|w| (w.0, w.1, -w.3))?;
        let at: Vec<&Begin> = tested.iter().copied().filter(|b| (day..=day + NEAR).contains(&b.day)).collect();
        let (k, n) = (at.len() as u64, tested.len() as u64);
        // The window opens at the wall itself: with nothing known from before, every beginning lies near it and proves nothing.
        let span = f64::from((day + days - first.min(day)).max(NEAR + 1));
        let chance = binomial_tail(k, n, (f64::from(NEAR + 1) / span).min(1.0)) * walls.count() as f64;
        let before = set.begins.iter().filter(|b| b.day < day).count();
        // What begins before the wall was not deleted by it.
        let told = k >= fewest && (k as f64) >= SHARE * n as f64 && chance < P && 5 * before <= set.begins.len();
        told.then_some(Wall { day, days, at, of: tested.len() })
    })
}

fn draft(context: &Context, lines: &[Line], (whose, channel): (Whose, u16), set: &Set, wall: &Wall) -> Draft {
    let custodian = if let Whose::Custodian(c) = whose { Some(c) } else { None };
    let line = custodian.and_then(|c| coverage::line(lines, c, channel));
    let from = line.and_then(|l| l.expected).map(|e| e.0).filter(|f| *f < wall.day);
    let before = set.begins.iter().filter(|b| b.day < wall.day).count();
    let kept = if wall.days == 1 { "one day".to_owned() } else { format!("{} days", wall.days) };
    let (export, or, confidence) = match set.stated {
        Some(_) => (String::new(), "", SURE.0),
        None => (
            format!(" (on {} then: no source states the day)", crate::time::day_name(wall.day + wall.days)),
            ", or a phone or account that begins there",
            SURE.1,
        ),
    };
    Draft {
        custodian,
        owner: if let Whose::Owner(handle) = whose { Some(handle) } else { None },
        channel,
        class: 'C',
        kind: "common_cliff",
        from,
        to: Some(wall.day - 1),
        confidence,
        client: wall.at.iter().any(|b| b.client),
        takes_days: true,
        reasons: vec![format!(
            "{} of {} conversations begin within {NEAR} days of {}, {kept} before the export{export}: a setting that deletes, or a plan that hides, what is older{or}",
            wall.at.len(),
            wall.of,
            crate::time::day_name(wall.day),
        )],
        benign: vec![Benign {
            id: "device".into(),
            title: "New phone or account on that day".into(),
            found: match before {
                0 => "No conversation begins earlier; no notice of a new device is in the sources".to_owned(),
                1 => "1 conversation begins earlier; no notice of a new device is in the sources".to_owned(),
                _ => format!("{before} conversations begin earlier; no notice of a new device is in the sources"),
            },
            verdict: "unknown".into(),
        }],
        evidence: places::rows(context.dataset, wall.at.iter().map(|b| b.row)),
        ..Draft::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Firm, firm};
    use crate::model::answer::Gap;
    use crate::model::message::EventKind;
    use crate::model::statement::StatementKind;
    use crate::time;

    /// Ana writes mail since 2025 and has twelve chats, each from its own day on; the phone is exported on the last of September 2026.
    fn chats(begin: impl Fn(usize) -> String, born: bool) -> Firm {
        phone("Ana Bell", begin, born, "2026-09-30")
    }

    /// The same on the phone of whoever; its last records.
    fn phone(owner: &str, begin: impl Fn(usize) -> String, born: bool, last: &str) -> Firm {
        let first = ["Huang", "Mia", "Otto", "Priya", "Quentin", "Rosa", "Sven", "Tariq", "Uma", "Viktor", "Wanda", "Yusuf"];
        let names: Vec<String> = first.iter().map(|n| format!("{n} Quist")).collect();
        let names_of: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut f = firm().employee("Ana Bell").client("Northgate", &names_of);
        f.mail("Quotes").daily("rosa@northgate.example", "Ana Bell", "2025-01-06", "2026-09-30", 1);
        for (n, name) in names.iter().enumerate() {
            let from = begin(n);
            let chat = f.chat("sms", owner, name);
            let chat = if born { chat.event(name, EventKind::Created, &from) } else { chat };
            chat.daily(name, owner, &from, last, 1);
        }
        f
    }

    fn cliffs(f: &Firm) -> Vec<Gap> {
        f.answers().gaps.into_iter().filter(|g| g.kind == "common_cliff").collect()
    }

    #[test]
    fn a_phone_that_keeps_thirty_days_is_told_by_all_its_chats() {
        let f = chats(|n| time::day_name(super::super::testkit::day("2026-08-31") + (n % 3) as i32), false).preset("us-sec-17a4-b4");
        let gaps = cliffs(&f);
        assert_eq!(gaps.len(), 1, "{:?}", f.answers().gaps.iter().map(|g| (&g.kind, &g.from, &g.to)).collect::<Vec<_>>());
        assert_eq!((gaps[0].class.as_str(), gaps[0].to.as_deref(), gaps[0].channel.as_str()), ("C", Some("2026-08-30"), "sms"));
        assert!(gaps[0].reasons[0].contains("12 of 12 conversations begin within 2 days of 2026-08-31, 30 days before the export"), "{:?}", gaps[0].reasons);
    }

    /// So many chats of one day, on a phone of which the last record is of the last of September 2026.
    fn few(owner: &str, n: usize, begin: &str) -> Firm {
        let names = ["Huang Quist", "Mia Quist", "Otto Quist", "Priya Quist", "Quentin Quist"];
        let mut f = firm().employee("Ana Bell").employee("Li Chen").client("Northgate", &names);
        f.mail("Quotes").daily("Li Chen", "Ana Bell", "2025-01-06", "2026-09-30", 1);
        for name in names.iter().take(n) {
            f.chat("sms", owner, name).daily(name, owner, begin, "2026-09-30", 1);
        }
        f
    }

    #[test]
    fn without_a_stated_day_of_export_a_wall_takes_five_chats_and_is_less_sure() {
        // Said of its export: made 30 days after the beginnings.
        let stated = |f: &Firm| {
            let mut dataset = f.dataset();
            for source in dataset.sources.iter_mut().filter(|s| s.channel == "sms") {
                source.exported_at = crate::time::parse_day("2026-09-30").map(|day| i64::from(day) * 86_400 * crate::time::SECOND);
            }
            let answers = super::super::testkit::answer(&dataset, &f.matter, &crate::model::matter::Scope::default());
            answers.gaps.into_iter().filter(|g| g.kind == "common_cliff").collect::<Vec<_>>()
        };
        let also = "or a phone or account that begins there";
        for n in [3, 4] {
            assert!(cliffs(&few("Ana Bell", n, "2026-08-31")).is_empty(), "{n} chats and a month of days on which the export may have been made");
            let told = stated(&few("Ana Bell", n, "2026-08-31"));
            assert_eq!(told.iter().map(|g| g.confidence).collect::<Vec<_>>(), [0.9], "{n}");
            assert!(!told[0].reasons[0].contains(also), "{:?}", told[0].reasons);
        }
        let told = cliffs(&few("Ana Bell", 5, "2026-08-31"));
        assert_eq!(told.iter().map(|g| g.confidence).collect::<Vec<_>>(), [0.6]);
        assert!(told[0].reasons[0].ends_with(also), "{:?}", told[0].reasons);
    }

    #[test]
    fn how_long_others_hold_a_channel_tells_nothing_of_a_phone_that_nobody_knows() {
        let mut f = few("anab", 5, "2026-09-24");
        f.chat("sms", "Li Chen", "Rosa").daily("Li Chen", "Ana Bell", "2025-01-06", "2026-09-30", 1);
        assert!(cliffs(&f).is_empty(), "a new phone, five chats in its first days: {:?}", cliffs(&f));
    }

    #[test]
    fn chats_that_begin_on_days_of_their_own_are_no_cliff() {
        assert!(cliffs(&chats(|n| time::day_name(super::super::testkit::day("2026-01-05") + 17 * n as i32), false)).is_empty());
    }

    #[test]
    fn chats_that_tell_their_own_beginning_are_no_cliff() {
        assert!(cliffs(&chats(|_| "2026-08-31".to_owned(), true)).is_empty());
    }

    #[test]
    fn chats_that_reach_back_beyond_the_wall_show_that_nothing_deletes() {
        let f = chats(|n| if n < 4 { "2026-03-02".to_owned() } else { "2026-08-31".to_owned() }, false);
        assert!(cliffs(&f).is_empty());
    }

    #[test]
    fn a_wall_is_told_of_a_phone_whose_owner_no_list_knows_and_explains_each_beginning() {
        let at = |n: usize| time::day_name(super::super::testkit::day("2026-07-01") + (n % 3) as i32);
        // Exported on the last of September, five days after its last record; no source states the day.
        let mut f = phone("anab", at, false, "2026-09-25");
        let titles: Vec<(String, String)> =
            f.dataset().conversations.iter().filter(|c| c.channel == "sms").enumerate().map(|(n, c)| (c.title.clone(), at(n))).collect();
        for (title, day) in &titles {
            f.state(StatementKind::NoBeginning, "sms-anab.txt", Some(title), None, Some(day), 0);
        }
        let gaps: Vec<Gap> = f.answers().gaps.into_iter().filter(|g| g.channel == "sms" && g.class == "C").collect();
        assert_eq!(gaps.len(), 1, "{gaps:#?}");
        let cliff = &gaps[0];
        assert_eq!((cliff.kind.as_str(), cliff.custodian.as_str(), cliff.owner.as_deref()), ("common_cliff", "", Some("anab")));
        assert_eq!(cliff.to.as_deref(), Some("2026-06-30"));
        let said = cliff.reasons.join("\n");
        assert!(
            said.contains("12 of 12 conversations begin within 2 days of 2026-07-01, 90 days before the export (on 2026-09-29 then: no source states the day)"),
            "{said}"
        );
        assert!(said.contains("12 of the exports do not begin at the beginning") && said.contains("“anab”, who is joined with nobody"), "{said}");
    }

    #[test]
    fn a_phone_that_nobody_knows_with_chats_of_days_of_their_own_has_no_wall() {
        let f = phone("anab", |n| time::day_name(super::super::testkit::day("2026-01-05") + 17 * n as i32), false, "2026-09-25");
        assert!(cliffs(&f).is_empty());
    }
}
