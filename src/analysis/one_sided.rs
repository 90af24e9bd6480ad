//! One-sided conversations: chats in which one side falls silent while the other goes on as if answered, chats in which one side hardly
//! stands, and channels of which a person's sources hold one direction only (gap-detection, section 7). No record names what is
//! missing, so these are doubts, never proof: a person may also simply not have answered. Whoever is away does not answer either: only turns of
//! days on which the silent side wrote elsewhere count, and where nothing could show that, the doubt is a weak one.

use crate::math::ln;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::conversations::Talk;
use super::gaps::Draft;
use super::parties::Voice;
use super::{Context, places, relations, silence};
use crate::model::answer::Benign;
use crate::model::message::ConversationKind;

/// Turns a conversation needs.
const FEWEST: usize = 20;
/// -ln of the chance of a run, over all runs looked at together.
const SCORE: f64 = 9.210_340_371_976_184;
/// Share of the turns below which one side hardly stands in a chat; above which the other side answers at all.
const HARDLY: (f64, f64) = (0.02, 0.15);
/// The standard normal at 99 %.
const Z: f64 = 2.576;
/// Conversations of one direction from which it is the source that holds no other.
const BOX: usize = 4;

/// Days on which each writes, with the conversation where it is the only one of that day. Made once: a look at all conversations for each
/// chat in doubt would be a square.
#[derive(Default)]
struct Voices(BTreeMap<Voice, BTreeMap<i32, Option<u32>>>);

impl Voices {
    fn new(context: &Context) -> Self {
        let mut out = Self::default();
        for (conversation, _) in (0u32..).zip(&context.talks.of).filter(|(_, t)| t.counts()) {
            for turn in relations::turns_of(context, conversation) {
                let client = context.parties.client(turn.sender).map(Voice::Client);
                for voice in context.parties.voice(turn.sender).into_iter().chain(client) {
                    out.add(voice, turn.day, conversation);
                }
            }
        }
        out
    }

    fn add(&mut self, voice: Voice, day: i32, conversation: u32) {
        let only = self.0.entry(voice).or_default().entry(day).or_insert(Some(conversation));
        if *only != Some(conversation) {
            *only = None;
        }
    }
}

/// Sides of a chat of two: whether the custodian wrote the turn, in order.
struct Sides {
    conversation: u32,
    custodian: u32,
    channel: u16,
    /// Clients on the other side, sorted.
    clients: Vec<u32>,
    /// Who writes on the other side.
    others: Vec<Voice>,
    /// Row and day of each turn, and whether the custodian wrote it.
    turns: Vec<(u32, i32, bool)>,
}

impl Sides {
    fn of(context: &Context, conversation: u32, talk: &Talk) -> Option<Self> {
        let kind = context.dataset.conversations.get(conversation as usize)?.kind;
        let ([custodian], ConversationKind::Direct) = (talk.employees.as_slice(), kind) else { return None };
        if context.talks.slug(talk.channel) == "email" || !context.asks(talk.channel) {
            return None;
        }
        let mine = || relations::turns_of(context, conversation).iter().filter(|t| t.day <= context.window.as_of);
        let turns: Vec<_> = mine().map(|t| (t.row, t.day, context.parties.employee(t.sender) == Some(*custodian))).collect();
        let senders: BTreeSet<u32> = mine().map(|t| t.sender).collect();
        let voices: BTreeSet<Voice> = senders.into_iter().filter_map(|s| context.parties.voice(s)).filter(|v| !matches!(v, Voice::Custodian(_))).collect();
        let others = voices.into_iter().collect();
        Some(Self { conversation, custodian: *custodian, channel: talk.channel, clients: talk.clients.clone(), others, turns })
    }

    fn out(&self) -> usize {
        self.turns.iter().filter(|t| t.2).count()
    }

    /// Days between two on which a side wrote in any other conversation; `None` if it never writes anywhere else.
    fn elsewhere(&self, voices: &Voices, custodian: bool, (from, to): (i32, i32)) -> Option<BTreeSet<i32>> {
        let mine = [Voice::Custodian(self.custodian)];
        let whose = if custodian { &mine } else { self.others.as_slice() };
        let mut heard = None;
        for days in whose.iter().filter_map(|v| voices.0.get(v)) {
            // Another conversation than this one: the only one of the day, or one of several.
            let other = |only: &Option<u32>| *only != Some(self.conversation);
            if days.values().any(other) {
                heard.get_or_insert_with(BTreeSet::new).extend(days.range(from..=to.max(from)).filter(|(_, only)| other(only)).map(|(day, _)| *day));
            }
        }
        heard
    }

    /// Whether others of the same client wrote in another conversation: that says nothing of the one who is silent.
    fn colleagues(&self, voices: &Voices, (from, to): (i32, i32)) -> bool {
        let days = self.clients.iter().filter_map(|c| voices.0.get(&Voice::Client(*c)));
        days.flat_map(|d| d.range(from..=to.max(from))).any(|(_, only)| *only != Some(self.conversation))
    }

    /// What the days on which the silent side wrote elsewhere say of the turns in a range.
    fn life(&self, context: &Context, voices: &Voices, custodian: bool, (from, to): (usize, usize)) -> Life {
        let turns = self.turns.get(from..to).unwrap_or_default();
        let (Some(first), Some(last)) = (turns.first(), turns.last()) else { return Life::Away };
        let leave = context.parties.custodians.get(self.custodian as usize).map(|c| &c.leave).filter(|_| custodian);
        let at_work = |day: i32| context.calendar_of(self.custodian).is(day) && leave.is_none_or(|l| !l.has(day));
        let Some(heard) = self.elsewhere(voices, custodian, (first.1, last.1)) else {
            // Leave that is listed is reason enough.
            let away = turns.iter().filter(|t| leave.is_some_and(|l| l.has(t.1))).count();
            let others = !custodian && self.colleagues(voices, (first.1, last.1));
            return if 2 * away >= turns.len() { Life::Away } else { Life::Unknown { others } };
        };
        let days = (first.1..=last.1).filter(|d| at_work(*d)).count();
        let alive = heard.iter().filter(|d| at_work(**d)).count();
        if alive < silence::LIFE as usize || 2 * alive < days {
            return Life::Away;
        }
        Life::Heard { days, alive, turns: turns.iter().filter(|t| heard.contains(&t.1) && leave.is_none_or(|l| !l.has(t.1))).count() }
    }
}

/// Whether the silent side was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    /// It wrote elsewhere on most business days: their number, those on which it did, turns of the present side on these.
    Heard { days: usize, alive: usize, turns: usize },
    /// It wrote elsewhere too seldom: most likely it was not there.
    Away,
    /// Nothing else of it is held at all; whether others of the same client wrote in these days.
    Unknown { others: bool },
}

/// A run of turns of one side between turns of the other.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Run {
    from: usize,
    to: usize,
    /// The custodian wrote it.
    out: bool,
    score: f64,
    /// Turns of the other side that could have been expected.
    absent: f64,
}

impl Run {
    /// Score of so many of its turns.
    fn score_of(&self, turns: usize) -> f64 {
        self.score * turns as f64 / (self.to - self.from).max(1) as f64
    }
}

/// The longest run of one side, if it is out of the ordinary for this conversation: twice as long as any other run of that side.
fn longest(turns: &[bool]) -> Option<Run> {
    let mut runs: Vec<(usize, usize, bool)> = Vec::new();
    for (ix, out) in turns.iter().enumerate() {
        match runs.last_mut() {
            Some(last) if last.2 == *out => last.1 = ix + 1,
            _ => runs.push((ix, ix + 1, *out)),
        }
    }
    // At the beginning and at the end nothing shows that the other side was there.
    let inner = runs.get(1..runs.len().saturating_sub(1))?;
    let (from, to, out) = inner.iter().copied().max_by_key(|(a, b, _)| (b - a, std::cmp::Reverse(*a)))?;
    let n = to - from;
    let second = runs.iter().filter(|r| r.2 == out && r.0 != from).map(|r| r.1 - r.0).max().unwrap_or(0);
    let rest = turns.len() - n;
    let other = turns.iter().filter(|t| **t != out).count();
    let share = other as f64 / rest.max(1) as f64;
    if rest < FEWEST || share <= 0.0 || share >= 1.0 || n < 2 * second + 4 {
        return None;
    }
    Some(Run { from, to, out, score: -(n as f64) * ln(1.0 - share), absent: n as f64 * share / (1.0 - share) })
}

/// Upper end of the share of a side at 99 %, with two turns added to each side.
fn upper(of: usize, all: usize) -> f64 {
    let n = all as f64 + 4.0;
    let p = (of as f64 + 2.0) / n;
    p + Z * (p * (1.0 - p) / n).sqrt()
}

fn said(side: bool) -> (&'static str, &'static str) {
    if side { ("the person", "the other side") } else { ("the other side", "the person") }
}

/// Gaps of all chats of two.
#[must_use]
pub fn drafts(context: &Context) -> Vec<Draft> {
    let talks = (0u32..).zip(&context.talks.of).filter(|(_, t)| t.counts());
    let chats: Vec<Sides> = talks.filter_map(|(ix, talk)| Sides::of(context, ix, talk)).filter(|s| s.turns.len() >= FEWEST).collect();
    let threshold = SCORE + ln(chats.len().max(1) as f64);
    // A pass over all turns, made only for a chat in doubt.
    let voices = LazyCell::new(|| Voices::new(context));
    let mut out = boxes(context, &chats);
    for chat in &chats {
        let sides: Vec<bool> = chat.turns.iter().map(|t| t.2).collect();
        if let Some(run) = longest(&sides).filter(|r| r.score > threshold) {
            out.extend(broken_off(context, &voices, chat, run, threshold));
        }
        let (mine, all) = (chat.out(), chat.turns.len());
        let fewer = mine.min(all - mine);
        let share = fewer as f64 / all as f64;
        if share >= HARDLY.0 && upper(fewer, all) < HARDLY.1 {
            out.extend(hardly(context, &voices, chat, share));
        }
    }
    out
}

/// A doubt; a weak one where nothing shows that the silent side was there.
fn draft(context: &Context, chat: &Sides, kind: &'static str, rows: (usize, usize), life: Life, reason: String) -> Option<Draft> {
    let (first, last) = (chat.turns.get(rows.0)?, chat.turns.get(rows.1.checked_sub(1)?)?);
    let before = rows.0.checked_sub(1).and_then(|ix| chat.turns.get(ix));
    let places = before.into_iter().chain([first, last]).chain(chat.turns.get(rows.1));
    let known = match life {
        Life::Away => return None,
        Life::Unknown { others: true } => "only others of the same client wrote elsewhere, the silent side did not: it may simply have been away".to_owned(),
        Life::Unknown { others: false } => "nothing else of the silent side is held: it may simply have been away".to_owned(),
        Life::Heard { days, alive, .. } => format!("the silent side wrote elsewhere on {alive} of {days} business days"),
    };
    let weak = matches!(life, Life::Unknown { .. });
    Some(Draft {
        custodian: Some(chat.custodian),
        channel: chat.channel,
        conversation: Some(chat.conversation),
        class: if weak { 'U' } else { 'B' },
        kind,
        from: Some(first.1),
        to: Some(last.1),
        confidence: if weak { 0.3 } else { 0.6 },
        client: !chat.clients.is_empty(),
        reasons: vec![reason, known],
        benign: vec![Benign::new(
            "not_answered",
            "Simply not answered",
            "Calls and meetings leave no answer in a chat; no answer names a message that is absent",
            "not_excluded",
        )],
        evidence: places::rows(context.dataset, places.map(|t| t.0)),
        ..Draft::default()
    })
}

fn broken_off(context: &Context, voices: &Voices, chat: &Sides, run: Run, threshold: f64) -> Option<Draft> {
    let (one, other) = said(run.out);
    let life = chat.life(context, voices, !run.out, (run.from, run.to));
    if matches!(life, Life::Heard { turns, .. } if run.score_of(turns) <= threshold) {
        return None;
    }
    let reason = format!(
        "{} turns in a row by {one} without one of {other}, who writes {:.0} % of the turns otherwise; before and after, both write",
        run.to - run.from,
        100.0 * run.absent / (run.absent + (run.to - run.from) as f64)
    );
    let spread = 1.96 * run.absent.sqrt();
    let estimate = Some(((run.absent - spread).max(0.0), run.absent, run.absent + spread));
    draft(context, chat, "one_sided_run", (run.from, run.to), life, reason).map(|d| Draft { estimate, ..d })
}

fn hardly(context: &Context, voices: &Voices, chat: &Sides, share: f64) -> Option<Draft> {
    let out = 2 * chat.out() > chat.turns.len();
    let (_, other) = said(out);
    let life = chat.life(context, voices, !out, (0, chat.turns.len()));
    let reason = format!("Of {} turns in this chat {:.0} % are by {other}; in a chat both sides write", chat.turns.len(), share * 100.0);
    draft(context, chat, "one_sided_chat", (0, chat.turns.len()), life, reason)
}

/// Channels of a person on which all chats hold the same direction only.
fn boxes(context: &Context, chats: &[Sides]) -> Vec<Draft> {
    let mut by: BTreeMap<(u32, u16), Vec<&Sides>> = BTreeMap::new();
    for chat in chats {
        by.entry((chat.custodian, chat.channel)).or_default().push(chat);
    }
    let mut out = Vec::new();
    for ((custodian, channel), chats) in by {
        let (mine, all) = chats.iter().fold((0, 0), |(m, a), c| (m + c.out(), a + c.turns.len()));
        if chats.len() < BOX || mine != 0 && mine != all {
            continue;
        }
        let (one, other) = said(mine > 0);
        let days = || chats.iter().flat_map(|c| c.turns.iter().map(|t| t.1));
        out.push(Draft {
            custodian: Some(custodian),
            channel,
            class: 'C',
            kind: "one_sided",
            from: days().min(),
            to: days().max(),
            confidence: 0.6,
            client: chats.iter().any(|c| !c.clients.is_empty()),
            reasons: vec![format!("All {all} turns of {} chats are by {one}; the sources hold nothing of {other}", chats.len())],
            evidence: places::rows(context.dataset, chats.iter().filter_map(|c| c.turns.first()).map(|t| t.0)),
            ..Draft::default()
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Firm, firm};
    use super::*;
    use crate::model::answer::Gap;
    use crate::time;

    fn gaps(f: &Firm, kind: &str) -> Vec<Gap> {
        f.answers().gaps.into_iter().filter(|g| g.kind == kind).collect()
    }

    /// Two sides take turns on every business day; on `quiet` days the client's are gone.
    fn chat(quiet: &[(&str, &str)]) -> Firm {
        let mut f = firm().employee("Ana Bell").client("Northgate", &["Bo Quist", "Cy Quist"]);
        let (from, to) = (super::super::testkit::day("2026-03-02"), super::super::testkit::day("2026-06-30"));
        let mut chat = f.chat("whatsapp", "Ana Bell", "Bo Quist");
        for day in (from..=to).filter(|d| time::weekday(*d) < 5) {
            let date = time::day_name(day);
            chat = chat.says("Ana Bell", "Bo Quist", &date, 9);
            if !quiet.iter().any(|(a, b)| date.as_str() >= *a && date.as_str() <= *b) {
                chat = chat.says("Bo Quist", "Ana Bell", &date, 10);
            }
        }
        f
    }

    /// The same, and texts between the custodian and a contact by one of them on every business day but `away`.
    fn heard(f: Firm, writer: &str, away: (&str, &str)) -> Firm {
        with(f, "Bo Quist", writer, away)
    }

    fn with(mut f: Firm, contact: &str, writer: &str, away: (&str, &str)) -> Firm {
        let (from, to) = (super::super::testkit::day("2026-03-02"), super::super::testkit::day("2026-06-30"));
        let mut chat = f.chat("sms", "Ana Bell", contact).says(contact, "Ana Bell", "2026-03-02", 11);
        for date in (from..=to).filter(|d| time::weekday(*d) < 5).map(time::day_name) {
            if !(date.as_str() >= away.0 && date.as_str() <= away.1) {
                chat = chat.says(writer, "Ana Bell", &date, 12);
            }
        }
        f
    }

    const NEVER: (&str, &str) = ("2027", "2027");

    #[test]
    fn a_side_that_falls_silent_between_answers_is_a_doubt() {
        let f = heard(chat(&[("2026-04-13", "2026-05-08")]), "Bo Quist", NEVER);
        let found = gaps(&f, "one_sided_run");
        assert_eq!(found.len(), 1, "{:?}", f.answers().gaps);
        let gap = &found[0];
        assert_eq!((gap.class.as_str(), gap.severity.as_str(), gap.from.as_deref()), ("B", "low", Some("2026-04-13")));
        let estimate = gap.estimate.as_ref().unwrap();
        assert!(estimate.low < 20.0 && estimate.high > 20.0, "{estimate:?}");
        assert!(f.answers().coverage.iter().all(|r| r.gap_days == 0), "the days are held: one side wrote");
    }

    #[test]
    fn a_side_of_which_nothing_else_is_held_is_a_weak_doubt_and_one_that_is_away_none() {
        let quiet = [("2026-04-13", "2026-05-08")];
        let weak = gaps(&chat(&quiet), "one_sided_run");
        assert_eq!(weak.iter().map(|g| (g.class.as_str(), g.confidence)).collect::<Vec<_>>(), [("U", 0.3)]);
        let away = heard(chat(&quiet), "Bo Quist", ("2026-04-13", "2026-05-01"));
        assert!(gaps(&away, "one_sided_run").is_empty(), "the client wrote nowhere in most of these weeks");
    }

    #[test]
    fn others_of_the_same_client_say_nothing_of_the_silent_side() {
        let quiet = [("2026-04-13", "2026-05-08")];
        let found = gaps(&with(chat(&quiet), "Cy Quist", "Cy Quist", NEVER), "one_sided_run");
        assert_eq!(found.iter().map(|g| (g.class.as_str(), g.confidence)).collect::<Vec<_>>(), [("U", 0.3)]);
        assert!(found[0].reasons.iter().any(|r| r.contains("others of the same client")), "{:?}", found[0].reasons);
        assert!(!gaps(&chat(&quiet), "one_sided_run")[0].reasons.iter().any(|r| r.contains("others of the same client")));
    }

    #[test]
    fn days_are_kept_once_however_many_conversations_there_are() {
        let mut voices = Voices::default();
        for conversation in 0..1000 {
            voices.add(Voice::Custodian(1), 7, conversation);
        }
        voices.add(Voice::Custodian(1), 8, 3);
        voices.add(Voice::Custodian(1), 8, 3);
        assert_eq!(voices.0[&Voice::Custodian(1)], BTreeMap::from([(7, None), (8, Some(3))]));
    }

    /// The client writes on every business day; the custodian answers but on `quiet` days.
    fn unanswered(quiet: (&str, &str)) -> Firm {
        let mut f = firm().employee("Ana Bell").client("Northgate", &["Bo Quist", "Cy Quist"]);
        let (from, to) = (super::super::testkit::day("2026-03-02"), super::super::testkit::day("2026-06-30"));
        let mut chat = f.chat("whatsapp", "Ana Bell", "Bo Quist");
        for date in (from..=to).filter(|d| time::weekday(*d) < 5).map(time::day_name) {
            chat = chat.says("Bo Quist", "Ana Bell", &date, 9);
            if !(date.as_str() >= quiet.0 && date.as_str() <= quiet.1) {
                chat = chat.says("Ana Bell", "Bo Quist", &date, 10);
            }
        }
        f
    }

    #[test]
    fn whoever_is_on_leave_does_not_answer() {
        let quiet = ("2026-04-13", "2026-05-08");
        let at_work = gaps(&heard(unanswered(quiet), "Ana Bell", NEVER), "one_sided_run");
        assert_eq!(at_work.iter().map(|g| g.class.as_str()).collect::<Vec<_>>(), ["B"]);
        let untold = heard(unanswered(quiet), "Ana Bell", quiet);
        assert!(gaps(&untold, "one_sided_run").is_empty(), "wrote nowhere: away, listed or not");
        assert!(gaps(&heard(unanswered(quiet), "Ana Bell", NEVER).leave("Ana Bell", quiet.0, quiet.1), "one_sided_run").is_empty());
        assert!(gaps(&unanswered(quiet).leave("Ana Bell", quiet.0, quiet.1), "one_sided_run").is_empty());
    }

    #[test]
    fn a_side_that_stops_answering_for_good_is_no_gap() {
        assert!(gaps(&chat(&[("2026-05-11", "2026-06-30")]), "one_sided_run").is_empty());
        assert!(gaps(&chat(&[]), "one_sided_run").is_empty());
    }

    #[test]
    fn runs_that_a_chat_often_has_are_its_habit() {
        let quiet = [("2026-03-09", "2026-03-20"), ("2026-04-06", "2026-04-17"), ("2026-05-04", "2026-05-19")];
        assert!(gaps(&chat(&quiet), "one_sided_run").is_empty());
    }

    #[test]
    fn a_channel_with_one_direction_only_is_told_once() {
        let names = ["Bo Quist", "Cy Quist", "Di Quist", "Ed Quist", "Flo Quist"];
        let mut f = firm().employee("Ana Bell").client("Northgate", &names);
        for name in names {
            let mut chat = f.chat("sms", "Ana Bell", name);
            for n in 0..30 {
                chat = chat.says(name, "Ana Bell", &time::day_name(20_514 + n), 9);
            }
        }
        let found = gaps(&f, "one_sided");
        assert_eq!(found.len(), 1, "{:?}", f.answers().gaps);
        assert_eq!(found[0].class, "C");
        assert!(gaps(&f, "one_sided_chat").is_empty());
    }

    #[test]
    fn the_longest_run_is_weighed_against_the_rest() {
        let mut turns: Vec<bool> = (0..40).map(|n| n % 2 == 0).collect();
        assert_eq!(longest(&turns), None);
        turns.splice(20..20, [true; 19]);
        let run = longest(&turns).unwrap();
        assert!((run.to - run.from >= 19) && run.out && run.score > SCORE, "{run:?}");
    }
}
