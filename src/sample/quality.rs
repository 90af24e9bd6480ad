//! How well an audit found what was planted: recall and precision by class, false alarms per stream-year, leavers. Matching follows one rule: a gap
//! meets a plant of the same employee and channel when their days overlap to 40 % of their union, or the gap covers the plant with at most two
//! business days to spare on each side. The measure never looks at how a gap was found.

pub mod referred;
pub mod text;

use std::collections::BTreeMap;
use std::fmt;

use super::calendar::business_days;
use super::truth::{Plant, Truth};
use crate::model::answer::{Answers, Gap, Leaver};
use crate::time::parse_day;

/// Found and missed of one kind of plant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recall {
    /// Planted.
    pub planted: u32,
    /// Found.
    pub found: u32,
    /// Planted that can be told by silence at all: half as long again as the shortest silence the test can tell in that stream.
    pub testable: u32,
    /// Found of those.
    pub testable_found: u32,
}

/// Gaps of one class as answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Precision {
    /// Gaps answered.
    pub answered: u32,
    /// Gaps that meet a plant of any class.
    pub right: u32,
    /// Gaps that meet no plant but lie in a negative control.
    pub in_control: u32,
}

/// The measurement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Quality {
    /// By class and kind of plant.
    pub recall: BTreeMap<(String, String), Recall>,
    /// By class of gap.
    pub precision: BTreeMap<String, Precision>,
    /// Streams (employee, channel) times years of expectation.
    pub stream_years: f64,
    /// Flags of leavers: name of the flag, right, expected.
    pub flags: Vec<(String, u32, u32)>,
    /// Moves to personal accounts: answered and real, real.
    pub moves: (u32, u32),
    /// Errors of the ends of found silences, business days.
    pub errors: Vec<f64>,
    /// Work or private, and sensitive data.
    pub text: text::Text,
    /// Channels referred to and never supplied.
    pub referred: referred::Referred,
    /// What was missed, and what was answered and is none, in words.
    pub notes: Vec<String>,
}

impl Quality {
    /// Takes the measurement of another firm in.
    pub fn add(&mut self, other: Self) {
        for (key, r) in other.recall {
            let mine = self.recall.entry(key).or_default();
            mine.planted += r.planted;
            mine.found += r.found;
            mine.testable += r.testable;
            mine.testable_found += r.testable_found;
        }
        for (class, p) in other.precision {
            let mine = self.precision.entry(class).or_default();
            mine.answered += p.answered;
            mine.right += p.right;
            mine.in_control += p.in_control;
        }
        for (flag, right, of) in other.flags {
            match self.flags.iter_mut().find(|(f, ..)| *f == flag) {
                Some(mine) => (mine.1, mine.2) = (mine.1 + right, mine.2 + of),
                None => self.flags.push((flag, right, of)),
            }
        }
        self.text.add(other.text);
        self.referred.add(other.referred);
        self.stream_years += other.stream_years;
        self.moves = (self.moves.0 + other.moves.0, self.moves.1 + other.moves.1);
        self.errors.extend(other.errors);
        self.notes.extend(other.notes);
    }

    /// Mean error of the ends of found silences, business days.
    #[must_use]
    pub fn boundary_error(&self) -> Option<f64> {
        (!self.errors.is_empty()).then(|| self.errors.iter().sum::<f64>() / self.errors.len() as f64)
    }

    /// What was missed and what was wrong, a line each.
    #[must_use]
    pub fn details(&self) -> String {
        self.notes.iter().chain(&self.text.notes).chain(&self.referred.notes).map(|n| format!("  {n}\n")).collect()
    }

    /// Share found of a class; `None` when nothing of it was planted.
    #[must_use]
    pub fn recall_of(&self, class: &str) -> Option<f64> {
        let (mut planted, mut found) = (0, 0);
        for r in self.recall.iter().filter(|((c, _), _)| c == class).map(|(_, r)| r) {
            planted += r.planted;
            found += r.found;
        }
        (planted > 0).then(|| f64::from(found) / f64::from(planted))
    }

    /// Share of the gaps of a class that are real; `None` when there are none.
    #[must_use]
    pub fn precision_of(&self, class: &str) -> Option<f64> {
        self.precision.get(class).filter(|p| p.answered > 0).map(|p| f64::from(p.right) / f64::from(p.answered))
    }

    /// Class B gaps that are none, per stream and year.
    #[must_use]
    pub fn false_alarms(&self) -> Option<f64> {
        let wrong = self.precision.get("B").map_or(0, |p| p.answered - p.right);
        (self.stream_years > 0.0).then(|| f64::from(wrong) / self.stream_years)
    }
}

/// Business days of a year, England and Wales.
const BUSINESS_YEAR: f64 = 253.0;

/// A span of days, ends included.
type Span = (i32, i32);

/// Whether a gap meets a plant by its days.
#[must_use]
pub fn meets(gap: Span, plant: Span) -> bool {
    meets_by(gap, plant, business_days)
}

/// The same by another calendar, which counts the business days of a span.
#[must_use]
pub fn meets_by(gap: Span, plant: Span, business_days: impl Fn(i32, i32) -> u32) -> bool {
    let (from, to) = (gap.0.max(plant.0), gap.1.min(plant.1));
    if to < from {
        return false;
    }
    let union = gap.1.max(plant.1) - gap.0.min(plant.0) + 1;
    if f64::from(to - from + 1) / f64::from(union) >= 0.4 {
        return true;
    }
    gap.0 <= plant.0 && gap.1 >= plant.1 && business_days(gap.0, plant.0 - 1) <= 2 && business_days(plant.1 + 1, gap.1) <= 2
}

fn plant_span(p: &Plant) -> Option<Span> {
    Some((parse_day(&p.from)?, parse_day(&p.to)?))
}

/// Days of a gap; open ends take the ends of the firm's records.
fn gap_span(g: &Gap, truth: &Truth) -> Option<Span> {
    let from = g.from.as_deref().or(Some(&truth.from)).and_then(parse_day_of_time)?;
    let to = g.to.as_deref().or(Some(&truth.to)).and_then(parse_day_of_time)?;
    Some((from, to))
}

/// Day of a date or of an RFC 3339 time.
fn parse_day_of_time(text: &str) -> Option<i32> {
    parse_day(text.get(..10)?)
}

/// Whether both speak of the same employee; a plant that concerns several meets everyone's gap. A gap of exports whose owner no list knows
/// speaks of whom that handle belongs to.
fn same_person(g: &Gap, p: &Plant, truth: &Truth) -> bool {
    let owner = |person: &String| {
        g.owner
            .as_ref()
            .is_some_and(|handle| truth.aliases.iter().any(|a| a.channel == g.channel && a.handle == *handle && a.client.is_empty() && a.person == *person))
    };
    p.custodian.as_ref().is_none_or(|person| *person == g.custodian || owner(person)) || p.email.as_ref() == Some(&g.custodian)
}

/// A plant that concerns one conversation is met by a gap of that conversation or by one that names none.
fn same_conversation(g: &Gap, p: &Plant) -> bool {
    match (&g.conversation, &p.conversation) {
        (Some(g), Some(p)) => g.contains(p.as_str()) || p.contains(g.as_str()),
        _ => true,
    }
}

fn matches(g: &Gap, p: &Plant, truth: &Truth) -> bool {
    // A gap that names nobody but the conversation speaks of all who take part in it.
    let anyone = g.custodian.is_empty() && (p.class == "A" || g.conversation.is_some() && p.conversation.is_some());
    if g.channel != p.channel || !(same_person(g, p, truth) || anyone) {
        return false;
    }
    let (Some(gap), Some(plant)) = (gap_span(g, truth), plant_span(p)) else { return false };
    let by_days = meets(gap, plant);
    // Attachments are told once per employee and channel, not per conversation.
    if p.kind == "media_absent" {
        return g.kind == p.kind && gap.0 <= plant.1 && plant.0 <= gap.1;
    }
    match p.class.as_str() {
        // One silence is one stretch of days on a channel, whatever conversations it shows in.
        "B" => by_days,
        // A statement on a whole archive names neither employee nor conversation; it must be of the same kind and cover the days.
        "A" if g.custodian.is_empty() && g.conversation.is_none() => g.class == "A" && g.kind == p.kind && gap.0 <= plant.0 + 7 && gap.1 >= plant.1 - 7,
        // What a file says about a conversation is found when it is said of that conversation and the days touch: many such statements have one end only.
        _ => same_conversation(g, p) && (by_days || (g.conversation.is_some() && p.conversation.is_some() && gap.0 <= plant.1 + 7 && plant.0 <= gap.1 + 7)),
    }
}

/// Whether a silence is long enough, for its stream, to be told at all: at least one and a half times the shortest silence that the
/// answers promise to tell there.
fn testable(p: &Plant, answers: &Answers) -> bool {
    let row = answers.coverage.iter().find(|r| r.channel == p.channel && p.custodian.as_ref() == Some(&r.custodian));
    p.class != "B" || p.kind == "outage" || row.and_then(|r| r.detectable_days).is_some_and(|n| f64::from(p.business_days) >= 1.5 * f64::from(n))
}

/// Measures the answers against the truth.
#[must_use]
pub fn measure(truth: &Truth, answers: &Answers) -> Quality {
    let mut quality = Quality { stream_years: answers.coverage.iter().map(|r| r.expected_days as f64).sum::<f64>() / BUSINESS_YEAR, ..Quality::default() };
    for plant in &truth.plants {
        let recall = quality.recall.entry((plant.class.clone(), plant.kind.clone())).or_default();
        // A silence may be found as one, or proved by the data; what a source cannot hold must be said to be so.
        let allowed: &[&str] = match plant.class.as_str() {
            "A" => &["A"],
            "B" => &["A", "B"],
            _ => &["A", "C"],
        };
        let hit = answers.gaps.iter().find(|g| allowed.contains(&g.class.as_str()) && matches(g, plant, truth));
        let testable = u32::from(testable(plant, answers));
        recall.planted += 1;
        recall.testable += testable;
        if let Some(gap) = hit {
            recall.found += 1;
            recall.testable_found += testable;
            if let (Some(g), Some(p), "B") = (gap_span(gap, truth), plant_span(plant), plant.class.as_str()) {
                let off = |a: i32, b: i32| f64::from(business_days(a.min(b), a.max(b) - 1));
                quality.errors.push((off(g.0, p.0) + off(g.1, p.1)) / 2.0);
            }
        } else {
            let p = plant;
            let who = p.custodian.as_deref().unwrap_or("several");
            quality.notes.push(format!(
                "missed {} {} {who} {} {} to {}, {} removed, {:.2} a day{}",
                p.class,
                p.kind,
                p.channel,
                p.from,
                p.to,
                p.removed,
                p.per_day,
                if testable == 1 { "" } else { ", not testable" }
            ));
        }
    }
    // "Cannot be tested" is no claim that something is missing.
    for gap in answers.gaps.iter().filter(|g| g.class != "U") {
        let p = quality.precision.entry(gap.class.clone()).or_default();
        p.answered += 1;
        let supplied = gap.kind != "never_supplied" || !truth.not_supplied.contains(&(gap.custodian.clone(), gap.channel.clone()));
        // A plant that takes a whole conversation leaves it listed and empty; such a statement has no days of its own.
        let emptied = gap.kind == "listed_empty" && truth.emptied.contains_key(&gap.channel);
        if !supplied || emptied || referred::real(gap, truth) || truth.plants.iter().any(|plant| real(gap, plant, truth)) {
            p.right += 1;
        } else {
            let control = in_control(gap, truth);
            p.in_control += u32::from(control);
            let (from, to) = (gap.from.as_deref().unwrap_or("-"), gap.to.as_deref().unwrap_or("-"));
            let (control, place) = (if control { " in control" } else { "" }, gap.conversation.as_deref().unwrap_or("-"));
            let reasons = gap.reasons.join("; ");
            quality.notes.push(format!("wrong {} {} {} {} {place} {from} to {to}{control}: {reasons}", gap.class, gap.kind, gap.custodian, gap.channel));
        }
    }
    quality.flags = flags(truth, answers);
    quality.moves = moves(truth, answers);
    quality.referred = referred::measure(truth, answers);
    quality
}

/// A gap is real when it meets a plant, or lies within one: a silence tears holes into threads and counters too.
fn real(g: &Gap, p: &Plant, truth: &Truth) -> bool {
    if matches(g, p, truth) {
        return true;
    }
    let (Some(gap), Some(plant)) = (gap_span(g, truth), plant_span(p)) else { return false };
    let within = gap.0 >= plant.0 - 3 && gap.1 <= plant.1 + 3;
    g.class != "B" && g.channel == p.channel && within && (same_person(g, p, truth) || g.conversation.is_some() && same_conversation(g, p))
}

fn in_control(g: &Gap, truth: &Truth) -> bool {
    let Some(gap) = gap_span(g, truth) else { return false };
    truth.controls.iter().any(|c| {
        let (Some(from), Some(to)) = (parse_day(&c.from), parse_day(&c.to)) else { return false };
        c.who == g.custodian && gap.0 <= to && from <= gap.1
    })
}

fn flags(truth: &Truth, answers: &Answers) -> Vec<(String, u32, u32)> {
    let said = |person: &str| answers.leavers.iter().find(|l| l.person == person);
    let mut out: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut count = |flag: &'static str, right: bool| {
        let (r, n) = out.entry(flag).or_default();
        *r += u32::from(right);
        *n += 1;
    };
    for leaver in &truth.leavers {
        let answer = said(&leaver.person);
        let has = |test: &dyn Fn(&Leaver) -> bool| answer.is_some_and(test);
        count("listed", answer.is_some());
        match leaver.role.as_str() {
            "sole_holder" => {
                count("holds clients alone", has(&|l| l.held_alone * 2 > leaver.clients.len() as u64));
                count("main channel off the archive", has(&|l| l.main_channel == leaver.main_channel && l.main_channel_off_archive.unwrap_or(0) > 0));
            }
            "off_archive" => {
                count("main channel off the archive", has(&|l| l.main_channel == leaver.main_channel && l.main_channel_off_archive.unwrap_or(0) > 0))
            }
            "handed_over" | "succeeded" => {
                count("most clients not held alone", has(&|l| l.held_alone * 2 <= leaver.clients.len() as u64));
                count("successor named for most clients", has(&|l| successor_named(l, leaver.successor.as_deref()) * 2 > leaver.clients.len()));
            }
            "unanswered" => count("clients without an answer", has(&|l| l.after_last_day.unanswered.len() * 2 > leaver.clients.len())),
            _ => {}
        }
    }
    out.into_iter().map(|(flag, (right, of))| (flag.to_owned(), right, of)).collect()
}

/// Clients for which the real successor is among the first three proposed.
fn successor_named(said: &Leaver, successor: Option<&str>) -> usize {
    let named = |v: &serde_json::Value| v.get("person").and_then(|p| p.as_str()).is_some_and(|p| Some(p) == successor);
    said.clients.iter().filter(|c| c.successors.iter().take(3).any(named)).count()
}

fn moves(truth: &Truth, answers: &Answers) -> (u32, u32) {
    let real = truth.moves.iter().filter(|m| {
        answers.channels.moves.iter().any(|a| {
            let is = |key: &str, value: &str| a.get(key).and_then(|v| v.as_str()) == Some(value);
            is("employee", &m.employee) && is("client", &m.client) && is("to", &m.to)
        })
    });
    (u32::try_from(real.count()).unwrap_or(0), u32::try_from(truth.moves.len()).unwrap_or(0))
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |s| format!("{:.0} %", s * 100.0))
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<6}{:<17}{:>8}{:>7}{:>10}{:>7}", "class", "plant", "planted", "found", "testable", "found")?;
        for ((class, kind), r) in &self.recall {
            writeln!(f, "{class:<6}{kind:<17}{:>8}{:>7}{:>10}{:>7}", r.planted, r.found, r.testable, r.testable_found)?;
        }
        writeln!(f, "\n{:<6}{:>9}{:>7}{:>12}{:>11}{:>9}", "class", "answered", "real", "in controls", "precision", "recall")?;
        for (class, p) in &self.precision {
            writeln!(
                f,
                "{class:<6}{:>9}{:>7}{:>12}{:>11}{:>9}",
                p.answered,
                p.right,
                p.in_control,
                percent(self.precision_of(class)),
                percent(self.recall_of(class))
            )?;
        }
        let alarms = self.false_alarms().map_or_else(|| "unknown".to_owned(), |a| format!("{a:.3}"));
        writeln!(f, "\nfalse alarms of class B per stream-year: {alarms} ({:.0} stream-years)", self.stream_years)?;
        let error = self.boundary_error().map_or_else(|| "-".to_owned(), |e| format!("{e:.1}"));
        writeln!(f, "mean error of the ends of found silences: {error} business days")?;
        for (flag, right, of) in &self.flags {
            writeln!(f, "leavers, {flag}: {right} of {of}")?;
        }
        write!(f, "{}{}", self.text, self.referred)?;
        writeln!(f, "moves to personal accounts: {} of {}", self.moves.0, self.moves.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plant(class: &str, who: &str, channel: &str, from: &str, to: &str) -> Plant {
        Plant {
            class: class.into(),
            kind: "silence".into(),
            custodian: Some(who.into()),
            email: Some(format!("{who}@x.example")),
            channel: channel.into(),
            from: from.into(),
            to: to.into(),
            business_days: 10,
            removed: 30,
            per_day: 3.0,
            ..Plant::default()
        }
    }

    fn gap(class: &str, who: &str, channel: &str, from: &str, to: &str) -> Gap {
        Gap { class: class.into(), custodian: who.into(), channel: channel.into(), from: Some(from.into()), to: Some(to.into()), ..Gap::default() }
    }

    #[test]
    fn a_gap_meets_a_plant_by_overlap_or_by_covering_it_closely() {
        assert!(meets((10, 20), (12, 22)));
        assert!(!meets((10, 12), (12, 40)));
        assert!(!meets((1, 100), (40, 45)));
        // A one-day plant on a Wednesday inside a gap from Monday to Friday.
        assert!(meets((20_543, 20_547), (20_545, 20_545)));
    }

    #[test]
    fn recall_precision_and_false_alarms_are_counted() {
        let truth = Truth {
            from: "2025-04-01".into(),
            to: "2026-09-30".into(),
            plants: vec![plant("B", "Ana", "email", "2026-02-02", "2026-02-13"), plant("B", "Ben", "email", "2026-03-02", "2026-03-13")],
            ..Truth::default()
        };
        let coverage = vec![crate::model::answer::CoverageRow { expected_days: 5060, ..Default::default() }];
        let gaps = vec![
            gap("B", "Ana", "email", "2026-02-02", "2026-02-12"),
            gap("B", "Ben@x.example", "slack", "2026-03-02", "2026-03-13"),
            gap("B", "Ben", "email", "2026-06-01", "2026-06-12"),
        ];
        let quality = measure(&truth, &Answers { gaps, coverage, ..Answers::default() });
        assert_eq!(quality.recall_of("B"), Some(0.5));
        assert!((quality.precision_of("B").unwrap() - 1.0 / 3.0).abs() < 1e-9);
        assert!((quality.false_alarms().unwrap() - 0.1).abs() < 1e-9);
        assert!(quality.to_string().contains("silence"));
        // Nothing answered is nothing found.
        assert_eq!(measure(&truth, &Answers::default()).recall_of("B"), Some(0.0));
        assert_eq!(measure(&truth, &Answers::default()).precision_of("B"), None);
    }

    #[test]
    fn a_gap_of_a_handle_is_that_of_whom_it_belongs_to() {
        let alias = crate::sample::truth::AliasTruth { channel: "email".into(), handle: "anab".into(), person: "Ana".into(), ..Default::default() };
        let truth = Truth { plants: vec![plant("C", "Ana", "email", "2026-02-02", "2026-02-13")], aliases: vec![alias], ..Truth::default() };
        let told = |owner: Option<&str>| {
            let gap = Gap { owner: owner.map(Into::into), ..gap("C", "", "email", "2026-02-02", "2026-02-13") };
            measure(&truth, &Answers { gaps: vec![gap], ..Answers::default() }).recall_of("C")
        };
        assert_eq!((told(Some("anab")), told(Some("anna")), told(None)), (Some(1.0), Some(0.0), Some(0.0)));
    }
}
