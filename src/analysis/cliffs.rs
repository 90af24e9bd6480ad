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
/// Fewest conversations that begin there.
const FEWEST: u64 = 4;
/// Messages from which a conversation has earlier traffic to be expected.
const ENOUGH: u32 = 5;
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

/// A custodian, or an archive that nobody owns; a channel.
type Group = (Result<u32, u32>, u16);

/// Beginnings by custodian and channel, or by archive, and the day each group was exported.
fn beginnings(context: &Context) -> BTreeMap<Group, (i32, Vec<Begin>)> {
    let c = &context.dataset.columns;
    let mut out: BTreeMap<Group, (i32, Vec<Begin>)> = BTreeMap::new();
    for (conversation, talk) in (0u32..).zip(&context.talks.of).filter(|(_, t)| t.counts()) {
        let mut of: BTreeMap<u32, Begin> = BTreeMap::new();
        for row in context.dataset.rows_of(conversation) {
            let (Some(part), Some(flags), Some(day)) = (c.part.get(row), c.flags.get(row), context.days.get(row)) else { continue };
            let flags = Flags(*flags);
            let birth = matches!(flags.event(), Some(EventKind::Encrypted | EventKind::Created | EventKind::Joined));
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            let begin = of.entry(context.dataset.source_of(*part)).or_insert(Begin {
                day: *day,
                row,
                messages: 0,
                last: *day,
                born: birth,
                client: !talk.clients.is_empty(),
            });
            begin.messages += u32::from(flags.is_message());
            begin.last = *day;
        }
        for (source, begin) in of {
            let group = match context.talks.holders.get(source as usize) {
                Some(Holder::Owner(owner)) => Ok(*owner),
                Some(Holder::Everyone) => Err(source),
                _ => continue,
            };
            let stated = context.dataset.sources.get(source as usize).and_then(|s| s.exported_at).map(|t| context.day(t));
            let known = out.entry((group, talk.channel)).or_insert((i32::MIN, Vec::new()));
            known.0 = known.0.max(stated.unwrap_or(begin.last).min(context.window.as_of)).max(begin.last.min(context.window.as_of));
            known.1.push(begin);
        }
    }
    out
}

/// Gaps behind common cliffs.
#[must_use]
pub fn drafts(context: &Context, lines: &[Line]) -> Vec<Draft> {
    beginnings(context).into_iter().filter_map(|(group, (exported, begins))| cliff(context, lines, group, exported, &begins)).collect()
}

fn cliff(context: &Context, lines: &[Line], (group, channel): Group, exported: i32, begins: &[Begin]) -> Option<Draft> {
    let custodian = group.ok();
    let tested: Vec<&Begin> = begins.iter().filter(|b| b.messages >= ENOUGH && !b.born).collect();
    let n = tested.len() as u64;
    if n < FEWEST {
        return None;
    }
    // Conversations could have begun on any day since the person is known to write anywhere, or the channel to be held.
    let known = custodian.and_then(|c| context.streams.wrote.get(c as usize)).and_then(|d| d.first()).map(|d| d.0);
    let first = known.into_iter().chain(begins.iter().map(|b| b.day)).min()?;
    let (days, at) = WALLS
        .into_iter()
        .map(|days| {
            let wall = exported - days;
            (days, tested.iter().copied().filter(|b| (wall..=wall + NEAR).contains(&b.day)).collect::<Vec<_>>())
        })
        .max_by_key(|(_, at)| at.len())?;
    let wall = exported - days;
    let k = at.len() as u64;
    // The window opens at the wall itself: with nothing known from before, every beginning lies near it and proves nothing.
    let span = f64::from((exported - first.min(wall)).max(NEAR + 1));
    let chance = binomial_tail(k, n, (f64::from(NEAR + 1) / span).min(1.0)) * WALLS.len() as f64;
    let before = begins.iter().filter(|b| b.day < wall).count();
    // What begins before the wall was not deleted by it.
    if k < FEWEST || (k as f64) < SHARE * n as f64 || chance >= P || 5 * before > begins.len() {
        return None;
    }
    let line = custodian.and_then(|c| coverage::line(lines, c, channel));
    let from = line.and_then(|l| l.expected).map(|e| e.0).filter(|f| *f < wall);
    Some(Draft {
        custodian,
        channel,
        class: 'C',
        kind: "common_cliff",
        from,
        to: Some(wall - 1),
        confidence: 0.9,
        client: at.iter().any(|b| b.client),
        takes_days: true,
        reasons: vec![format!(
            "{k} of {n} conversations begin within {NEAR} days of {}, {} before the export: a setting that deletes, or a plan that hides, what is older",
            crate::time::day_name(wall),
            if days == 1 { "one day".to_owned() } else { format!("{days} days") }
        )],
        benign: vec![Benign {
            id: "device".into(),
            title: "New phone or account on that day".into(),
            found: format!("{before} conversations begin earlier; no notice of a new device is in the sources"),
            verdict: "unknown".into(),
        }],
        evidence: places::rows(context.dataset, at.iter().map(|b| b.row)),
        ..Draft::default()
    })
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Firm, firm};
    use crate::model::answer::Gap;
    use crate::model::message::EventKind;
    use crate::time;

    /// Ana writes mail since 2025 and has twelve chats, each from its own day on; the phone is exported on the last of September 2026.
    fn chats(begin: impl Fn(usize) -> String, born: bool) -> Firm {
        let first = ["Huang", "Mia", "Otto", "Priya", "Quentin", "Rosa", "Sven", "Tariq", "Uma", "Viktor", "Wanda", "Yusuf"];
        let names: Vec<String> = first.iter().map(|n| format!("{n} Quist")).collect();
        let names_of: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut f = firm().employee("Ana Bell").client("Northgate", &names_of);
        f.mail("Quotes").daily("rosa@northgate.example", "Ana Bell", "2025-01-06", "2026-09-30", 1);
        for (n, name) in names.iter().enumerate() {
            let from = begin(n);
            let chat = f.chat("sms", "Ana Bell", name);
            let chat = if born { chat.event(name, EventKind::Created, &from) } else { chat };
            chat.daily(name, "Ana Bell", &from, "2026-09-30", 1);
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
}
