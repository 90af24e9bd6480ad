//! Dangling replies: records that answer a message no source holds. A few are normal; many in one month, against the
//! person's other months, name messages that are missing.

use crate::math::pow;
use std::collections::{BTreeMap, BTreeSet};

use super::chance::binomial_tail;
use super::conversations::Holder;
use super::findings::{counted, plural};
use super::gaps::Draft;
use super::{Context, places};
use crate::model::StatementKind;
use crate::model::batch::{ID_TEXT, NONE};
use crate::model::message::Flags;
use crate::time::{self, SECOND};

/// Chance below which a month is out of the ordinary.
const P: f64 = 1e-3;
/// Fewest absent messages a month must name.
const FEWEST: u64 = 3;
/// Least share of dangling replies taken as normal.
const FLOOR: f64 = 0.002;
/// The same where the person has no other months to compare with.
const UNKNOWN: f64 = 0.02;
/// Days looked at together; as many to each side are left out of the comparison.
const MONTH: i32 = 28;
/// The longer look, for streams with few replies.
const QUARTER: i32 = 91;
/// Least share of messages that are answered from which a volume is estimated: the estimate was tried down to this.
const ANSWERED: f64 = 0.05;
/// Chance below which replies that name messages held show that a loss has ended, where more than a month lies between what is absent.
const ENDED: f64 = 0.05;
/// Fewest weeks over which a loss at random is spread.
const SCATTERED: i32 = 4;

/// Absent id and replying row.
type Dangling = Vec<(u32, u32)>;

#[derive(Default)]
struct Week {
    replies: u64,
    /// Messages held that are answered: (conversation, id, day of the answer).
    answered: Vec<(u32, u32, i32)>,
    /// (absent id, replying row).
    dangling: Dangling,
}

type Stream = (Option<u32>, u16);

/// Only asked, never walked: the order of a hash set must not show.
type Ids<T> = std::collections::HashSet<T, foldhash::fast::RandomState>;

struct Known {
    /// Ids that are unique on a channel (mail).
    by_channel: Ids<(u16, u32)>,
    /// Ids that are unique in a conversation.
    by_conversation: Ids<(u32, u32)>,
}

/// A map of bits, one for the hash of each id that somebody answers: tells at once of most ids that nobody does.
struct Sieve {
    bits: Vec<u64>,
    shift: u32,
}

impl Sieve {
    fn new(ids: &Ids<u32>) -> Self {
        // Eight bits an id: of those nobody answers one in eight is looked up.
        let words = (ids.len() / 8 + 1).next_power_of_two();
        let mut sieve = Self { bits: vec![0; words], shift: 64 - 6 - words.trailing_zeros() };
        for id in ids {
            let (word, bit) = sieve.place(*id);
            if let Some(slot) = sieve.bits.get_mut(word) {
                *slot |= bit;
            }
        }
        sieve
    }

    /// Word and bit of an id: the upper bits of its product with a large odd number (Fibonacci hashing).
    fn place(&self, id: u32) -> (usize, u64) {
        let at = (u64::from(id).wrapping_mul(0x9E37_79B9_7F4A_7C15)) >> self.shift;
        (usize::try_from(at >> 6).unwrap_or(usize::MAX), 1 << (at & 63))
    }

    fn may_hold(&self, id: u32) -> bool {
        let (word, bit) = self.place(id);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

fn known(context: &Context) -> Known {
    let c = &context.dataset.columns;
    let mut known = Known { by_channel: Ids::default(), by_conversation: Ids::default() };
    if context.dataset.replies.is_empty() {
        return known;
    }
    // Only ids somebody answers need to be looked up.
    let asked: Ids<u32> = context.dataset.replies.iter().map(|(_, id)| *id).collect();
    let sieve = Sieve::new(&asked);
    for (id, conversation) in c.id.iter().zip(&c.conversation) {
        if *id != NONE && sieve.may_hold(*id) && asked.contains(id) {
            known.by_conversation.insert((*conversation, *id));
            if *id >= ID_TEXT
                && let Some(talk) = context.talks.get(*conversation)
            {
                known.by_channel.insert((talk.channel, *id));
            }
        }
    }
    known
}

/// The time a text id stands for: seconds and six decimals, as Slack writes them.
fn id_time(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let (secs, frac) = text.split_once('.').unwrap_or((text, ""));
    if secs.len() < 9 || secs.len() > 11 || frac.len() > 6 || !secs.bytes().chain(frac.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let micros: i64 = if frac.is_empty() { 0 } else { format!("{frac:0<6}").parse().ok()? };
    secs.parse::<i64>().ok()?.checked_mul(SECOND)?.checked_add(micros)
}

impl Known {
    fn holds(&self, context: &Context, row: usize, conversation: u32, channel: u16, id: u32) -> bool {
        if self.by_conversation.contains(&(conversation, id)) {
            return true;
        }
        if id >= ID_TEXT {
            if self.by_channel.contains(&(channel, id)) {
                return true;
            }
            let c = &context.dataset.columns;
            let by_time = c.flags.get(row).is_some_and(|f| Flags(*f).has(Flags::ID_IS_TIME));
            if by_time && let Some(t) = id_time(context.dataset.ids.get(id ^ ID_TEXT)) {
                let rows = context.dataset.rows_of(conversation);
                let times = c.time.get(rows.clone()).unwrap_or_default();
                return times.binary_search(&t).is_ok();
            }
        }
        false
    }
}

/// Whose stream a reply belongs to, if the person was for certain a party of the message it answers.
fn stream(context: &Context, row: usize, conversation: u32) -> Option<Stream> {
    let talk = context.talks.get(conversation).filter(|t| t.counts())?;
    let c = &context.dataset.columns;
    let part = *c.part.get(row)?;
    let owner = match context.talks.holders.get(context.dataset.source_of(part) as usize)? {
        Holder::Owner(owner) => Some(*owner),
        Holder::Everyone => None,
        Holder::Outsider => return None,
    };
    let sender = c.sender.get(row).and_then(|s| context.parties.employee(*s));
    if context.talks.slug(talk.channel) != "email" {
        let one = if let [one] = talk.employees.as_slice() { Some(*one) } else { None };
        return Some((owner.or(one), talk.channel));
    }
    // Mail: who answers a message has received it; who alone is answered by an outsider has written it.
    if let Some(sender) = sender {
        return (owner.is_none() || owner == Some(sender)).then_some((Some(sender), talk.channel));
    }
    let audience = c.audience.get(row).and_then(|a| context.dataset.audiences.get(*a as usize))?;
    match audience.as_slice() {
        [one] => context.parties.employee(*one).filter(|e| owner.is_none() || owner == Some(*e)).map(|e| (Some(e), talk.channel)),
        _ => None,
    }
}

fn put(streams: &mut BTreeMap<Stream, BTreeMap<i32, Week>>, (stream, monday): (Stream, i32), mut week: Week) {
    let known = streams.entry(stream).or_default().entry(monday).or_default();
    known.replies += week.replies;
    known.answered.append(&mut week.answered);
    known.dangling.append(&mut week.dangling);
}

/// Gaps named by dangling replies.
#[must_use]
pub fn drafts(context: &Context) -> Vec<Draft> {
    let known = known(context);
    // Where a reader itself tells which messages are named and absent, it is told once.
    let told: Ids<u32> = context
        .dataset
        .statements
        .iter()
        .filter(|s| matches!(s.kind, StatementKind::AbsentTarget | StatementKind::Tombstone))
        .filter_map(|s| s.conversation)
        .collect();
    let mut streams: BTreeMap<Stream, BTreeMap<i32, Week>> = BTreeMap::new();
    // Replies lie by conversation and time: most are of the week of the one before.
    let mut open: Option<((Stream, i32), Week)> = None;
    for (row, id) in &context.dataset.replies {
        let row_ix = *row as usize;
        let (Some(conversation), Some(day)) = (context.dataset.columns.conversation.get(row_ix), context.days.get(row_ix)) else { continue };
        let Some(stream) = stream(context, row_ix, *conversation).filter(|_| *day <= context.window.as_of && !told.contains(conversation)) else { continue };
        let at = (stream, time::week_start(*day));
        if let Some((at, week)) = open.take_if(|(last, _)| *last != at) {
            put(&mut streams, at, week);
        }
        let (_, week) = open.get_or_insert_with(|| (at, Week::default()));
        week.replies += 1;
        if known.holds(context, row_ix, *conversation, stream.1, *id) {
            week.answered.push((*conversation, *id, *day));
        } else {
            week.dangling.push((*id, *row));
        }
    }
    if let Some((at, week)) = open {
        put(&mut streams, at, week);
    }
    streams.into_iter().flat_map(|(stream, weeks)| alarms(context, stream, &weeks)).collect()
}

/// Alarms of one stream: a month and a quarter at a time against the weeks far from them, then placed in the weeks that name absent messages.
fn alarms(context: &Context, stream: Stream, weeks: &BTreeMap<i32, Week>) -> Vec<Draft> {
    let mut marked: BTreeMap<i32, f64> = BTreeMap::new();
    let named = weeks.iter().filter(|(_, w)| !w.dangling.is_empty()).map(|(monday, _)| *monday);
    for (monday, length) in named.flat_map(|m| [(m, MONTH), (m, QUARTER)]) {
        let inside = weeks.range(monday..monday + length);
        let absent: BTreeSet<u32> = inside.clone().flat_map(|(_, w)| w.dangling.iter().map(|(id, _)| *id)).collect();
        let (replies, dangling) = inside.clone().fold((0, 0), |(r, d), (_, w)| (r + w.replies, d + w.dangling.len() as u64));
        if (absent.len() as u64) < FEWEST {
            continue;
        }
        let others = weeks.iter().filter(|(m, _)| **m < monday - MONTH || **m >= monday + length + MONTH);
        let (all, usual) = others.fold((0, 0), |(r, d), (_, w)| (r + w.replies, d + w.dangling.len() as u64));
        let normal = if all == 0 { UNKNOWN } else { ((usual as f64 + 0.5) / (all as f64 + 1.0)).max(FLOOR) };
        if binomial_tail(dangling, replies, normal) < P {
            for (week, _) in inside.filter(|(_, w)| !w.dangling.is_empty()) {
                let known = marked.entry(*week).or_insert(normal);
                *known = known.max(normal);
            }
        }
    }
    let mut groups: Vec<(i32, Dangling, f64)> = Vec::new();
    for (monday, normal) in marked {
        let dangling = weeks.get(&monday).map(|w| w.dangling.clone()).unwrap_or_default();
        // What is too little for a gap of its own was marked together with what lies within the same quarter.
        let far = |last: &Dangling| if distinct(last) < FEWEST || distinct(&dangling) < FEWEST { QUARTER } else { MONTH + 7 };
        match groups.last_mut() {
            Some(last) if monday - last.0 <= far(&last.1) => {
                last.0 = monday;
                last.1.extend(dangling);
                last.2 = last.2.max(normal);
            }
            _ => groups.push((monday, dangling, normal)),
        }
    }
    let answered = if groups.is_empty() { None } else { answered(context, stream, weeks) };
    groups
        .into_iter()
        .flat_map(|(_, dangling, normal)| correspondences(context, weeks, dangling, normal))
        .map(|(rows, absent, normal)| (rows, (absent, normal)))
        .collect::<BTreeMap<Vec<u32>, (u64, f64)>>()
        .into_iter()
        .map(|(rows, (absent, normal))| draft(context, stream, &rows, absent, normal, answered))
        .collect()
}

/// Share of the messages of a stream that some message answers; `None` where the stream is not known or is too seldom answered to
/// estimate from.
fn answered(context: &Context, (custodian, channel): Stream, weeks: &BTreeMap<i32, Week>) -> Option<f64> {
    let messages = context.streams.get(custodian?, channel)?.messages();
    let distinct: BTreeSet<(u32, u32)> = weeks.values().flat_map(|w| w.answered.iter().map(|(v, id, _)| (*v, *id))).collect();
    let share = distinct.len() as f64 / messages.max(1) as f64;
    (share >= ANSWERED).then_some(share.min(1.0))
}

/// Messages missing, where the absent ones are spread over the weeks as a loss at random spreads them: low, middle, high. Replies reach
/// back only a few messages: absent ones that lie close together bound a block, and its volume cannot be told from them.
fn spread(days: &[i32], absent: u64, answered: f64) -> Option<(f64, f64, f64)> {
    let mut weeks: BTreeMap<i32, u32> = BTreeMap::new();
    for day in days {
        *weeks.entry(time::week_start(*day)).or_default() += 1;
    }
    let (first, last) = (weeks.keys().next()?, weeks.keys().next_back()?);
    let all = (last - first) / 7 + 1;
    let most = weeks.values().copied().max()?;
    let held = i32::try_from(weeks.len()).ok()?;
    if held < SCATTERED || 2 * held < all || 2 * most as usize > days.len() {
        return None;
    }
    let (n, error) = (absent as f64, 1.96 * (absent as f64).sqrt());
    Some((n, n / answered, (n + error) / answered))
}

fn distinct(list: &Dangling) -> u64 {
    list.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>().len() as u64
}

/// The client with whom a conversation is held.
fn counterpart(context: &Context, conversation: u32) -> Option<u32> {
    context.talks.get(conversation)?.clients.first().copied()
}

/// An alarm, one for each counterpart that is named often enough, widened by what the same correspondence lacks just before and
/// after; the rest stays together.
fn correspondences(context: &Context, weeks: &BTreeMap<i32, Week>, dangling: Dangling, normal: f64) -> Vec<(Vec<u32>, u64, f64)> {
    let with = |row: u32| counterpart(context, *context.dataset.columns.conversation.get(row as usize)?);
    let mut by: BTreeMap<Option<u32>, Dangling> = BTreeMap::new();
    for (id, row) in dangling {
        by.entry(with(row)).or_default().push((id, row));
    }
    let (many, few): (Vec<_>, Vec<_>) = by.into_iter().partition(|(with, list)| with.is_some() && distinct(list) >= FEWEST);
    let mut out: Vec<Dangling> = Vec::new();
    let mut rest: Dangling = few.into_iter().flat_map(|(_, list)| list).collect();
    for (client, marked) in many {
        let found: Vec<Dangling> = runs(context, weeks, client, &marked).into_iter().filter(|run| distinct(run) >= FEWEST).collect();
        if found.is_empty() {
            rest.extend(marked);
        }
        out.extend(found);
    }
    if distinct(&rest) >= FEWEST || out.is_empty() {
        rest.sort_unstable_by_key(|(_, row)| *row);
        out.push(rest);
    }
    out.sort();
    out.dedup();
    out.into_iter().map(|list| (list.iter().map(|(_, row)| *row).collect(), distinct(&list), normal)).collect()
}

/// What a correspondence lacks beside what is marked, by time: apart where a month lies between, except where too few replies of that time
/// could have told, as often as they do where it is marked.
fn runs(context: &Context, weeks: &BTreeMap<i32, Week>, client: Option<u32>, marked: &Dangling) -> Vec<Dangling> {
    let conversation = |row: u32| context.dataset.columns.conversation.get(row as usize).copied().unwrap_or(NONE);
    let day = |row: u32| context.days.get(row as usize).copied().unwrap_or(0);
    let mine = |row: &u32| counterpart(context, conversation(*row)) == client;
    let mut all: Dangling = weeks.values().flat_map(|w| w.dangling.iter().copied()).filter(|(_, row)| mine(row)).collect();
    all.sort_unstable_by_key(|(id, row)| (day(*row), *row, *id));
    // Answers between two days to messages that are held.
    let held = |before: i32, at: i32| {
        let answered = weeks.range(time::week_start(before)..at).flat_map(|(_, w)| &w.answered);
        answered.filter(|(v, _, day)| before < *day && *day < at && counterpart(context, *v) == client).count() as f64
    };
    let days = marked.iter().map(|(_, row)| day(*row));
    let (first, last) = days.fold((i32::MAX, i32::MIN), |(a, b), day| (a.min(day), b.max(day)));
    let lost = marked.len() as f64;
    let kept = 1.0 - lost / (lost + held(first, last)).max(1.0);
    let mut out: Vec<Dangling> = Vec::new();
    for (id, row) in all {
        let at = day(row);
        let same = |run: &Dangling| {
            let before = run.last().map_or(at, |(_, row)| day(*row));
            at - before <= MONTH || at - before <= QUARTER && pow(kept, held(before, at)) >= ENDED
        };
        match out.last_mut() {
            Some(run) if same(run) => run.push((id, row)),
            _ => out.push(vec![(id, row)]),
        }
    }
    out.retain(|run| run.iter().any(|one| marked.contains(one)));
    out
}

fn draft(context: &Context, (custodian, channel): Stream, rows: &[u32], absent: u64, normal: f64, answered: Option<f64>) -> Draft {
    let c = &context.dataset.columns;
    let day = |row: usize| context.days.get(row).copied();
    let (mut from, mut to) = (i32::MAX, i32::MIN);
    let mut places = Vec::new();
    for row in rows {
        let ix = *row as usize;
        let Some(at) = day(ix) else { continue };
        // The absent message lies before the reply; the record before the reply bounds it, within a week.
        let conversation = c.conversation.get(ix).copied();
        let before = ix.checked_sub(1).filter(|b| c.conversation.get(*b).copied() == conversation);
        from = from.min(before.and_then(day).map_or(at, |b| b.max(at - 7)));
        to = to.max(at);
        if places.len() + 2 <= places::MOST {
            places.extend(before.and_then(|b| u32::try_from(b).ok()).map(|b| places::row(context.dataset, b)));
            places.push(places::absent(context.dataset, *row, "reply to a message no source holds"));
        }
    }
    let mut conversations: Vec<u32> = rows.iter().filter_map(|r| c.conversation.get(*r as usize).copied()).collect();
    conversations.sort_unstable();
    conversations.dedup();
    let n = absent as f64;
    let days: Vec<i32> = rows.iter().filter_map(|r| day(*r as usize)).collect();
    let volume = answered.and_then(|share| Some((spread(&days, absent, share)?, share)));
    let mut reasons = vec![format!(
        "{} named by replies, and no source holds {}; in other months {:.1} % of replies name such messages",
        counted(absent, "message is", "messages are"),
        plural(absent, "it", "them"),
        normal * 100.0
    )];
    reasons.push(match volume {
        Some(((_, middle, _), share)) => format!(
            "They are spread over the weeks: {:.0} % of the messages held here are answered, so about {middle:.0} are missing if the loss strikes at random",
            share * 100.0
        ),
        None => "Replies reach back only a few messages: how many are missing that nobody answers cannot be told from them".to_owned(),
    });
    Draft {
        custodian,
        channel,
        conversation: if let [one] = conversations.as_slice() { Some(*one) } else { None },
        class: 'A',
        kind: "orphan_replies",
        from: Some(from),
        to: Some(to),
        estimate: Some(volume.map_or((n, n, n), |(volume, _)| volume)),
        confidence: 1.0,
        client: conversations.iter().filter_map(|v| context.talks.get(*v)).any(|t| !t.clients.is_empty()),
        takes_days: true,
        reasons,
        evidence: places,
        ..Draft::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_at_random_is_estimated_and_the_edge_of_a_block_is_not() {
        let weekly: Vec<i32> = (0..10).map(|n| 20_500 + 7 * n).collect();
        let (low, middle, high) = spread(&weekly, 10, 0.25).unwrap();
        assert!((low - 10.0).abs() < 1e-9 && (middle - 40.0).abs() < 1e-9 && (high - 64.8).abs() < 0.1, "{low} {middle} {high}");
        let edge: Vec<i32> = (0..10).map(|n| 20_500 + n / 4).collect();
        assert_eq!(spread(&edge, 10, 0.25), None);
        // Two ends of a block, a quarter apart.
        let ends: Vec<i32> = (0..10).map(|n| if n < 5 { 20_500 + n } else { 20_590 + n }).collect();
        assert_eq!(spread(&ends, 10, 0.25), None);
    }

    #[test]
    fn an_id_that_is_a_time_is_read_as_one() {
        assert_eq!(id_time(b"1609459200.000200"), Some(1_609_459_200_000_200));
        assert_eq!(id_time(b"abc@example.com"), None);
        assert_eq!(id_time(b"1609459200"), Some(1_609_459_200_000_000));
    }

    use super::super::testkit::{Firm, day, firm};
    use crate::model::answer::Gap;

    /// Mails of Mei and a client for years, each answered the same day; of an answer on a day named here the message is gone, and on
    /// quiet days nobody writes.
    fn letters(gone: &[&str], quiet: (&str, &str)) -> Firm {
        let mut f = firm().employee("Mei Tan").client("Northgate", &["Huang Wei"]);
        let mut mail = f.mail("Quotes");
        for (n, d) in (day("2025-01-06")..day("2026-09-30")).enumerate().filter(|(_, d)| time::weekday(*d) < 5) {
            let (date, id) = (time::day_name(d), 10 + 2 * n as u32);
            let lost = gone.contains(&date.as_str());
            if !lost && (day(quiet.0)..=day(quiet.1)).contains(&d) {
                continue;
            }
            if !lost {
                mail = mail.sends("huang@northgate.example", &["Mei Tan"], &date, 9, id);
            }
            mail = mail.replies("Mei Tan", "huang@northgate.example", &date, 11, id + 1, id);
        }
        f
    }

    fn named(f: &Firm) -> Vec<(String, String, String)> {
        let gaps = f.answers().gaps.into_iter().filter(|g| g.kind == "orphan_replies");
        gaps.map(|g: Gap| (g.from.unwrap(), g.to.unwrap(), g.reasons[0].split(" named").next().unwrap().to_owned())).collect()
    }

    const GONE: [&str; 6] = ["2026-03-26", "2026-05-04", "2026-05-07", "2026-05-12", "2026-05-20", "2026-05-25"];

    #[test]
    fn a_loss_goes_on_where_no_reply_of_the_time_between_could_tell() {
        let one = named(&letters(&GONE, ("2026-03-27", "2026-05-03")));
        assert_eq!(one.len(), 1, "{one:?}");
        assert_eq!((one[0].1.as_str(), one[0].2.as_str()), ("2026-05-25", "6 messages are"));
        assert!(one[0].0.as_str() >= "2026-03-19" && one[0].0.as_str() <= "2026-03-26", "{one:?}");
    }

    #[test]
    fn replies_to_messages_held_end_a_loss() {
        let two = named(&letters(&GONE, ("2026-04-18", "2026-04-19")));
        assert_eq!(two.len(), 1, "{two:?}");
        assert!(two[0].0.as_str() >= "2026-04-27" && two[0].2 == "5 messages are", "{two:?}");
    }
}
