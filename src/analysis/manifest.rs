//! Counts that somebody outside the archive has kept (a provider, a phone bill, a server's log): `expected.csv` against the records held.
//! Everything held of the person on the channel that day counts, private chats and rooms too, and what a neighbouring day has too much
//! of is taken first: the log may count by another midnight. What is still short is missing.

use std::collections::BTreeMap;

use super::conversations::Holder;
use super::findings::{counted, plural};
use super::gaps::Draft;
use super::{Context, places};
use crate::model::answer::{Benign, Evidence};
use crate::model::batch::NONE;
use crate::model::roster::Expected;
use crate::time;

/// Days this near to each other are one gap.
const NEAR: i32 = 7;

/// Records stated and held on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Day {
    stated: u64,
    held: u64,
    line: u32,
}

/// A custodian on a channel.
type Stream = (u32, u16);

/// What is expected, by stream and day; of two lines on the same day the larger speaks.
fn stated(context: &Context, list: &[Expected]) -> BTreeMap<Stream, BTreeMap<i32, Day>> {
    let named = context.parties.named(context.matter);
    let mut out: BTreeMap<Stream, BTreeMap<i32, Day>> = BTreeMap::new();
    for entry in list.iter().filter(|e| e.day <= context.window.as_of) {
        let Some(stream) = named.custodian(&entry.person).zip(context.talks.channel(&entry.channel)) else { continue };
        let day = out.entry(stream).or_default().entry(entry.day).or_default();
        if entry.count > day.stated {
            (day.stated, day.line) = (entry.count, entry.line);
        }
    }
    out
}

/// Lines that fit no person of the list.
#[must_use]
pub fn unmatched(context: &Context) -> u64 {
    let named = context.parties.named(context.matter);
    context.matter.expected.iter().flatten().filter(|e| named.custodian(&e.person).is_none()).count() as u64
}

/// Counts what is held of the streams asked for, a day to each side of those stated too.
fn count(context: &Context, streams: &mut BTreeMap<Stream, BTreeMap<i32, Day>>) {
    for days in streams.values_mut() {
        let stated: Vec<i32> = days.keys().copied().collect();
        for day in stated {
            days.entry(day - 1).or_default();
            days.entry(day + 1).or_default();
        }
    }
    let c = &context.dataset.columns;
    let mut copies = context.dataset.holders.iter().peekable();
    let mut of: Vec<u32> = Vec::new();
    for (row, (part, day)) in (0u32..).zip(c.part.iter().zip(&context.days)) {
        of.clear();
        let conversation = c.conversation.get(row as usize).copied().unwrap_or(NONE);
        let Some(talk) = context.talks.get(conversation) else { continue };
        let mut part = Some(*part);
        while copies.next_if(|(r, _)| *r < row).is_some() {}
        while let Some(p) = part {
            match context.talks.holders.get(context.dataset.source_of(p) as usize) {
                Some(Holder::Owner(owner)) => of.push(*owner),
                Some(Holder::Everyone) => of.extend(&talk.employees),
                _ => {}
            }
            part = copies.next_if(|(r, _)| *r == row).map(|(_, p)| *p);
        }
        of.sort_unstable();
        of.dedup();
        for custodian in &of {
            if let Some(day) = streams.get_mut(&(*custodian, talk.channel)).and_then(|days| days.get_mut(day)) {
                day.held += 1;
            }
        }
    }
}

/// Days with fewer records than stated: day, stated, short by.
fn short(mut days: BTreeMap<i32, Day>) -> Vec<(i32, Day, u64)> {
    let stated: Vec<i32> = days.iter().filter(|(_, d)| d.stated > 0).map(|(day, _)| *day).collect();
    let mut spare: BTreeMap<i32, u64> = days.iter().map(|(day, d)| (*day, d.held.saturating_sub(d.stated))).collect();
    let mut out = Vec::new();
    for day in stated {
        let Some(known) = days.remove(&day) else { continue };
        let mut missing = known.stated.saturating_sub(known.held);
        for beside in [day - 1, day + 1] {
            if let Some(spare) = spare.get_mut(&beside) {
                let taken = missing.min(*spare);
                *spare -= taken;
                missing -= taken;
            }
        }
        if missing > 0 {
            out.push((day, known, missing));
        }
    }
    out
}

/// Gaps that the expected counts name.
#[must_use]
pub fn drafts(context: &Context) -> Vec<Draft> {
    let Some(list) = &context.matter.expected else { return Vec::new() };
    let mut streams = stated(context, list);
    count(context, &mut streams);
    let name = context.matter.readings.iter().find(|r| r.list == "expected").map_or("expected.csv", |r| r.name.as_str());
    let mut out = Vec::new();
    for (stream, days) in streams {
        let held = context.streams.get(stream.0, stream.1).is_some_and(|s| !s.cells.is_empty());
        let held = held || days.values().any(|d| d.held > 0);
        let short = short(days);
        let mut rest = short.as_slice();
        while let Some(first) = rest.first() {
            let mut end = first.0;
            let near = |(day, ..): &&(i32, Day, u64)| {
                // Nothing at all was supplied: one gap, however far apart the days are.
                let joined = !held || *day <= end + NEAR;
                end = if joined { *day } else { end };
                joined
            };
            let n = rest.iter().take_while(near).count().max(1);
            let (group, tail) = rest.split_at_checked(n).unwrap_or((rest, &[]));
            out.push(draft(context, stream, group, name, held));
            rest = tail;
        }
    }
    out
}

fn draft(context: &Context, (custodian, channel): Stream, group: &[(i32, Day, u64)], name: &str, supplied: bool) -> Draft {
    let (from, to) = (group.first().map_or(0, |g| g.0), group.last().map_or(0, |g| g.0));
    let (stated, missing) = group.iter().fold((0, 0), |(s, m), (_, day, short)| (s + day.stated, m + short));
    let stream = context.streams.get(custodian, channel);
    let line = |(day, known, short): &(i32, Day, u64)| Evidence {
        source: name.to_owned(),
        line: Some(known.line).filter(|l| *l > 0),
        time: Some(time::day_name(*day)),
        absent: Some(format!("{} stated, {} held, {short} missing", known.stated, known.held)),
        ..Evidence::default()
    };
    let rows = |cell: Option<&super::streams::Cell>, last: bool| cell.map(|c| places::row(context.dataset, if last { c.last.1 } else { c.first.1 }));
    let mut evidence: Vec<Evidence> = rows(stream.and_then(|s| s.before(from)), true).into_iter().collect();
    evidence.extend(group.iter().take(places::MOST - 2).map(line));
    evidence.extend(rows(stream.and_then(|s| s.after(to)), false));
    let n = missing as f64;
    let days = if group.len() == 1 { "one day".to_owned() } else { format!("{} days", group.len()) };
    let said = counted(stated, "message", "messages");
    let are = plural(missing, "is", "are");
    let reason = if supplied {
        format!("The list of expected counts states {said} on {days}; {missing} of them {are} in no source")
    } else {
        format!("The list of expected counts states {said} on {days}; no source supplied holds this channel for the person")
    };
    Draft {
        custodian: Some(custodian),
        channel,
        class: if supplied { 'A' } else { 'C' },
        kind: if supplied { "manifest_short" } else { "never_supplied" },
        from: Some(from),
        to: Some(to),
        estimate: Some((n, n, n)),
        confidence: 1.0,
        client: stream.is_some_and(|s| s.client_near(from, to)),
        // Days of which most is held are short of messages, not of coverage.
        takes_days: 2 * missing >= stated,
        reasons: vec![reason],
        benign: vec![Benign::new(
            "counted_otherwise",
            "Counted in another way",
            "Whether the list counts calls, reactions or undelivered messages is not known",
            "unknown",
        )],
        evidence,
        ..Draft::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Firm, day, firm};
    use super::*;
    use crate::model::answer::Gap;

    fn month() -> Firm {
        let mut f = firm().employee("Ana Bell").client("Northgate", &["Bo Quist"]);
        f.chat("whatsapp", "Ana Bell", "Bo Quist").daily_except("Bo Quist", "Ana Bell", "2026-03-02", "2026-03-31", 1, &[("2026-03-10", "2026-03-11")]);
        f
    }

    fn expect(f: &mut Firm, channel: &str, person: &str, date: &str, count: u64) {
        let list = f.matter.expected.get_or_insert_default();
        let line = list.len() as u32 + 2;
        list.push(Expected { channel: channel.into(), person: person.into(), day: day(date), count, line });
    }

    fn named(f: &Firm, kind: &str) -> Vec<Gap> {
        f.answers().gaps.into_iter().filter(|g| g.kind == kind).collect()
    }

    #[test]
    fn messages_the_provider_counted_and_no_source_holds_are_missing() {
        let mut f = month();
        expect(&mut f, "whatsapp", "Ana Bell", "2026-03-09", 2);
        expect(&mut f, "whatsapp", "ana.bell@marlowe.example", "2026-03-10", 5);
        expect(&mut f, "whatsapp", "Ana Bell", "2026-03-11", 7);
        expect(&mut f, "whatsapp", "Ana Bell", "2026-03-12", 2);
        let gaps = named(&f, "manifest_short");
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        let gap = &gaps[0];
        assert_eq!((gap.class.as_str(), gap.from.as_deref(), gap.to.as_deref()), ("A", Some("2026-03-10"), Some("2026-03-11")));
        assert_eq!(gap.estimate.as_ref().map(|e| (e.low, e.high)), Some((12.0, 12.0)));
        let places: Vec<_> = gap.evidence.iter().map(|e| (e.source.as_str(), e.line, e.absent.is_some())).collect();
        assert_eq!(places[1], ("expected.csv", Some(3), true));
        assert!(places[0].0.starts_with("whatsapp") && places[3].0.starts_with("whatsapp"), "{places:?}");
    }

    #[test]
    fn a_day_counted_by_another_midnight_is_not_missing() {
        let mut f = month();
        // All messages of the 4th (a Wednesday) and of the 5th, counted on one day.
        let held = |d: &str| if day(d) % 3 == 0 { 4 } else { 2 };
        expect(&mut f, "whatsapp", "Ana Bell", "2026-03-04", held("2026-03-04") + held("2026-03-05"));
        assert!(named(&f, "manifest_short").is_empty());
        expect(&mut f, "whatsapp", "Ana Bell", "2026-03-05", held("2026-03-05"));
        assert_eq!(named(&f, "manifest_short").len(), 1, "messages of the 5th cannot lie in both days");
    }

    #[test]
    fn a_channel_that_nobody_supplied_is_not_covered() {
        let mut f = month();
        expect(&mut f, "signal", "Ana Bell", "2026-03-03", 4);
        expect(&mut f, "signal", "Ana Bell", "2026-05-29", 3);
        let gaps = named(&f, "never_supplied");
        assert_eq!(gaps[0].estimate.as_ref().unwrap().mid, 4.0, "the second line lies after the day of the question: {gaps:?}");
        f.matter.scope.as_of = Some(day("2026-06-01"));
        let gaps = named(&f, "never_supplied");
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        assert_eq!((gaps[0].class.as_str(), gaps[0].channel.as_str(), gaps[0].estimate.as_ref().unwrap().mid), ("C", "signal", 7.0));
    }

    #[test]
    fn lines_that_fit_nobody_are_told() {
        let mut f = month();
        expect(&mut f, "whatsapp", "Somebody Else", "2026-03-09", 2);
        let missing = f.answers().basis.missing;
        assert!(missing.iter().any(|m| m.id == "expected_unmatched" && m.count == 1), "{missing:?}");
    }
}
