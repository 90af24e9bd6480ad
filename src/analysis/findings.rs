//! Findings: the answers in sentences. Every sentence is made here from typed parts, once with names and once without;
//! it says what was found and not found, never what anybody intended.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Needs, Question, covered, gaps, register};
use crate::model::answer::{Answers, Evidence, Finding, Gap};
use crate::time::{self, Days};

/// Findings.
pub const QUESTION: Question = Question { id: "findings", title: "What needs a decision first?", needs: Needs { dates: true, lists: true, policy: true }, run };

/// Share of custodians silent on the same days that makes it one capture outage.
const OUTAGE: f64 = 0.3;
/// Fewest custodians of an outage.
const TOGETHER: usize = 3;
/// Custodians with gaps of one class on one channel that are still told one by one.
const SINGLE: usize = 3;
/// Places kept per finding: the gap it leads to holds the rest.
const PLACES: usize = 4;
/// Kinds of gaps named in one sentence.
const KINDS: usize = 3;

/// The word for one, or for any other number.
pub(super) const fn plural(n: u64, one: &'static str, many: &'static str) -> &'static str {
    if n == 1 { one } else { many }
}

/// `1 message`, `2 messages`.
pub(super) fn counted(n: u64, one: &'static str, many: &'static str) -> String {
    format!("{n} {}", plural(n, one, many))
}

/// Name of a channel for people.
#[must_use]
pub fn channel_name(slug: &str) -> String {
    match slug {
        "email" => "E-mail".to_owned(),
        "whatsapp" => "WhatsApp".to_owned(),
        "wechat" => "WeChat".to_owned(),
        "sms" => "SMS".to_owned(),
        "imessage" => "iMessage".to_owned(),
        "google-chat" | "google_chat" => "Google Chat".to_owned(),
        other => {
            let mut chars = other.chars();
            chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
        }
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

pub(super) fn people(n: usize) -> String {
    counted(n as u64, "custodian", "custodians")
}

pub(super) fn evidence<'a>(lists: impl Iterator<Item = &'a Vec<Evidence>>) -> Vec<Evidence> {
    // One place of each first, so that a long list does not push out the others.
    let lists: Vec<&Vec<Evidence>> = lists.collect();
    let mut out: Vec<Evidence> = Vec::new();
    for depth in 0..PLACES {
        for place in lists.iter().filter_map(|l| l.get(depth)) {
            if out.len() < PLACES && !out.contains(place) {
                out.push(place.clone());
            }
        }
    }
    out
}

fn unowned_channels(context: &Context, answers: &Answers, out: &mut Vec<Finding>) {
    if context.matter.policy.channels.is_empty() {
        return;
    }
    let rows: Vec<_> = answers.channels.by_channel.iter().filter(|r| r.off_client_turns > Some(0)).collect();
    if rows.is_empty() {
        return;
    }
    // A channel that is captured for some accounts only is named with the part that is not.
    let part = |r: &&crate::model::answer::ChannelRow| if r.off_client_turns < Some(r.client_turns) { " (in part)" } else { "" };
    let names: Vec<String> = rows.iter().map(|r| format!("{}{}", channel_name(&r.channel), part(r))).collect();
    let turns: u64 = rows.iter().filter_map(|r| r.off_client_turns).sum();
    let all: u64 = answers.channels.by_channel.iter().map(|r| r.client_turns).sum();
    let (mut who, mut clients, mut days) = (BTreeSet::<u32>::new(), BTreeSet::<u32>::new(), (i32::MAX, i32::MIN));
    for turn in context.turns.iter().filter(|t| context.window.has(t.day)) {
        let Some(talk) = context.talks.get(turn.conversation) else { continue };
        if !talk.clients.is_empty() && rows.iter().any(|r| r.channel == context.talks.slug(talk.channel)) && register::off(context, talk) {
            who.extend(&talk.employees);
            clients.extend(&talk.clients);
            days = (days.0.min(turn.day), days.1.max(turn.day));
        }
    }
    let verb = plural(names.len() as u64, "carries", "carry");
    let share = if all > 0 { turns as f64 / all as f64 } else { 0.0 };
    let sentence = format!(
        "{} {verb} {:.0} % of client conversation and {} not captured by the firm",
        listed(&names),
        share * 100.0,
        plural(names.len() as u64, "is", "are")
    );
    out.push(Finding {
        question: "channels".into(),
        severity: if share >= 0.05 { "high" } else { "medium" }.into(),
        sentence_without_names: sentence.clone(),
        sentence,
        whom: format!("{}, {}", people(who.len()), counted(clients.len() as u64, "client", "clients")),
        channel: if let [one] = rows.as_slice() { Some(one.channel.clone()) } else { None },
        from: Some(time::day_name(days.0)),
        to: Some(time::day_name(days.1)),
        quantity: turns,
        unit: "turns".into(),
        evidence: evidence(rows.iter().map(|r| &r.evidence)),
        ..Finding::default()
    });
}

fn leavers(answers: &Answers, out: &mut Vec<Finding>) {
    for leaver in answers.leavers.iter().filter(|l| !l.clients.is_empty()) {
        let held = leaver.clients.len() as u64;
        let when = if leaver.days_left < 0 { "left on" } else { "leaves on" };
        let when = if leaver.last_day.is_empty() { "has given notice".to_owned() } else { format!("{when} {}", leaver.last_day) };
        let alone = leaver.held_alone;
        let clause = match alone {
            0 => "others of the firm are in contact with each".to_owned(),
            n => format!("for {n} of these nobody else at the firm is in contact"),
        };
        let off = leaver.main_channel_off_archive.filter(|n| *n > 0).map(|n| format!("; for {n} the main channel is not archived")).unwrap_or_default();
        let rest = format!("holds {}; {clause}{off}", counted(held, "client", "clients"));
        out.push(Finding {
            question: "leavers".into(),
            severity: if alone > 0 || leaver.main_channel_off_archive.is_some_and(|n| n > 0) { "high" } else { "medium" }.into(),
            sentence: format!("{} ({when}) {rest}", leaver.person),
            sentence_without_names: format!("A leaver ({when}) {rest}"),
            whom: leaver.person.clone(),
            person: Some(leaver.id.clone()),
            to: Some(leaver.last_day.clone()).filter(|d| !d.is_empty()),
            quantity: held,
            unit: "clients".into(),
            evidence: evidence(leaver.clients.iter().map(|c| &c.evidence)),
            ..Finding::default()
        });
    }
    for leaver in answers.leavers.iter().filter(|l| !l.after_last_day.unanswered.is_empty()) {
        let open = &leaver.after_last_day.unanswered;
        let n = counted(open.len() as u64, "client", "clients");
        let rest = format!("wrote after the last day ({}) and no answer of the firm was found within two business days", leaver.last_day);
        out.push(Finding {
            question: "leavers".into(),
            severity: "high".into(),
            sentence: format!("{n} of {} {rest}", leaver.person),
            sentence_without_names: format!("{n} of a leaver {rest}"),
            whom: leaver.person.clone(),
            person: Some(leaver.id.clone()),
            from: open.first().and_then(|u| u.since.get(..10)).map(ToOwned::to_owned),
            quantity: open.iter().map(|u| u.turns).sum(),
            unit: "turns".into(),
            evidence: evidence(open.iter().map(|u| &u.evidence)),
            ..Finding::default()
        });
    }
}

/// Silences many custodians share are one outage: their gap ids, so that they are not told again.
fn outages(context: &Context, answers: &Answers, out: &mut Vec<Finding>) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    for gap in answers.gaps.iter().filter(|g| g.kind == "outage" && g.is_open()) {
        let sentence = format!("{}: one capture outage{}", channel_name(&gap.channel), dates(gap));
        told.insert(gap.id.clone());
        out.push(Finding { sentence_without_names: sentence.clone(), sentence, whom: "all custodians on this channel".into(), ..one(gap) });
    }
    let mut by_channel: BTreeMap<&str, Vec<(&Gap, Days)>> = BTreeMap::new();
    for gap in answers.gaps.iter().filter(|g| g.class == "B" && g.kind != "outage" && g.is_open()) {
        by_channel.entry(&gap.channel).or_default().push((gap, gaps::days_of(gap)));
    }
    for (channel, silent) in by_channel {
        let users = answers.coverage.iter().filter(|r| r.channel == channel && r.messages > 0).count();
        let mut days: BTreeMap<i32, usize> = BTreeMap::new();
        for day in silent.iter().flat_map(|(_, d)| d.iter()).filter(|d| context.calendar.is(*d)) {
            *days.entry(day).or_default() += 1;
        }
        let many = |n: usize| n >= TOGETHER && n as f64 >= OUTAGE * users as f64;
        let mut spans: Vec<(i32, i32)> = Vec::new();
        for (day, _) in days.into_iter().filter(|(_, n)| many(*n)) {
            match spans.last_mut() {
                Some(last) if context.calendar.between(last.1, day) <= 1 => last.1 = day,
                _ => spans.push((day, day)),
            }
        }
        for (from, to) in spans {
            let within = Days::span(from, to);
            // Silences that reach far beyond the shared days have a reason of their own.
            let part: Vec<&Gap> = silent
                .iter()
                .filter(|(_, d)| 2 * context.calendar.count_in(&d.intersection(&within)) >= context.calendar.count_in(d))
                .map(|(g, _)| *g)
                .collect();
            if part.len() < TOGETHER {
                continue;
            }
            told.extend(part.iter().map(|g| g.id.clone()));
            let n = context.calendar.count(from, to);
            let sentence = format!(
                "{}: {} of {users} without a record on the same {}, as in one capture outage",
                channel_name(channel),
                people(part.len()),
                counted(n, "business day", "business days")
            );
            out.push(Finding {
                question: "gaps".into(),
                severity: "high".into(),
                sentence_without_names: sentence.clone(),
                sentence,
                whom: people(part.len()),
                channel: Some(channel.to_owned()),
                from: Some(time::day_name(from)),
                to: Some(time::day_name(to)),
                quantity: n,
                unit: "days".into(),
                evidence: evidence(part.iter().map(|g| &g.evidence)),
                ..Finding::default()
            });
        }
    }
    told
}

fn class_words(class: &str) -> &'static str {
    match class {
        "A" => "Records are missing",
        "B" => "No record found although the person wrote elsewhere",
        _ => "Not covered",
    }
}

/// How much it is: missing messages where their number is known (at least so many), else business days.
pub(super) fn extent(list: &[&Gap]) -> (u64, &'static str) {
    let known = |g: &&&Gap| g.class == "A" && g.estimate.is_some();
    if list.iter().any(|g| known(&g)) {
        let low = |g: &&Gap| g.estimate.as_ref().map_or(0, |e| e.low.max(0.0) as u64);
        return (list.iter().filter(known).map(low).sum(), "messages");
    }
    (list.iter().map(|g| g.business_days).sum(), "days")
}

fn dates(gap: &Gap) -> String {
    match (&gap.from, &gap.to) {
        (Some(a), Some(b)) if a == b => format!(" on {a}"),
        (Some(a), Some(b)) => format!(" from {a} to {b}"),
        (None, Some(b)) => format!(" up to {b}"),
        (Some(a), None) => format!(" from {a}"),
        _ => String::new(),
    }
}

fn one(gap: &Gap) -> Finding {
    let head = class_words(&gap.class);
    let (quantity, unit) = extent(&[gap]);
    let reason = gap.reasons.first().cloned().unwrap_or_else(|| head.to_owned());
    let channel = channel_name(&gap.channel);
    let whom = if gap.custodian.is_empty() { "source without a known owner".to_owned() } else { gap.custodian.clone() };
    Finding {
        question: "gaps".into(),
        severity: gap.severity.clone(),
        sentence: format!("{channel}, {whom}{}: {}", dates(gap), lower(&reason)),
        sentence_without_names: format!("{channel}, one custodian{}: {}", dates(gap), lower(&reason)),
        whom,
        person: gap.person.clone(),
        channel: Some(gap.channel.clone()),
        from: gap.from.clone(),
        to: gap.to.clone(),
        gap: Some(gap.id.clone()),
        quantity,
        unit: unit.into(),
        evidence: gap.evidence.iter().take(PLACES).cloned().collect(),
        ..Finding::default()
    }
}

fn lower(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

/// Whether records are there and only what belongs to them is not.
fn content_only(gap: &Gap) -> bool {
    matches!(gap.kind.as_str(), "media_absent" | "file_gone" | "content_absent" | "file_lost")
}

/// Whether records of the days are held, and only some of them are not found.
fn thinned(gap: &Gap) -> bool {
    matches!(gap.kind.as_str(), "level_drop" | "counterpart_silence")
}

/// Several gaps of one class on one channel in one sentence.
fn together(list: &[&Gap], severity: &str) -> Option<Finding> {
    let first = list.first()?;
    let who: BTreeSet<&String> = list.iter().filter_map(|g| g.person.as_ref()).collect();
    let head = if thinned(first) { "Fewer records than usual although the person wrote elsewhere" } else { class_words(&first.class) };
    let (quantity, unit) = extent(list);
    let mut kinds: Vec<String> = list.iter().map(|g| kind_words(&g.kind)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() > KINDS {
        kinds.truncate(KINDS);
        kinds.push("other reasons".to_owned());
    }
    let rest = format!("{} in {} ({})", lower(head), counted(list.len() as u64, "place", "places"), listed(&kinds));
    let channel = channel_name(&first.channel);
    let (whom, person) = match who.len() {
        0 => ("sources without a known owner".to_owned(), None),
        1 => (list.iter().find(|g| g.person.is_some()).map(|g| g.custodian.clone()).unwrap_or_default(), who.first().map(|p| (*p).clone())),
        n => (people(n), None),
    };
    Some(Finding {
        question: "gaps".into(),
        severity: severity.to_owned(),
        sentence: format!("{channel}, {whom}: {rest}"),
        sentence_without_names: format!("{channel}, {}: {rest}", if who.is_empty() { whom.clone() } else { people(who.len()) }),
        whom,
        person,
        channel: Some(first.channel.clone()),
        from: list.iter().filter_map(|g| g.from.clone()).min(),
        to: list.iter().filter_map(|g| g.to.clone()).max(),
        gap: Some(first.id.clone()),
        quantity,
        unit: unit.into(),
        evidence: evidence(list.iter().map(|g| &g.evidence)),
        ..Finding::default()
    })
}

/// At most one finding per custodian, channel and class; one for all where many custodians are concerned.
fn gap_findings(answers: &Answers, told: &BTreeSet<String>, out: &mut Vec<Finding>) {
    type Key<'a> = (&'a str, &'a str, bool, bool);
    let mut groups: BTreeMap<Key, BTreeMap<&str, Vec<&Gap>>> = BTreeMap::new();
    for gap in answers.gaps.iter().filter(|g| g.is_open() && !told.contains(&g.id)) {
        groups.entry((&gap.class, &gap.channel, content_only(gap), thinned(gap))).or_default().entry(&gap.custodian).or_default().push(gap);
    }
    let worst = |list: &[&Gap]| list.iter().map(|g| g.severity.clone()).min_by_key(|s| gaps::severity_rank(s)).unwrap_or_default();
    for by in groups.into_values() {
        if by.len() > SINGLE {
            let all: Vec<&Gap> = by.into_values().flatten().collect();
            out.extend(together(&all, &worst(&all)));
            continue;
        }
        for list in by.into_values() {
            match list.as_slice() {
                [gap] => out.push(one(gap)),
                many => out.extend(together(many, &worst(many))),
            }
        }
    }
    untestable(answers, out);
}

fn untestable(answers: &Answers, out: &mut Vec<Finding>) {
    let untestable = answers.gaps.iter().filter(|g| g.kind == "untestable" && g.explained.is_none());
    let (n, places) = (untestable.clone().count() as u64, evidence(untestable.map(|g| &g.evidence)));
    if n > 0 {
        let sentence =
            format!("{} of {} cannot be tested for silence: too little or too uneven traffic", n, counted(answers.coverage.len() as u64, "stream", "streams"));
        out.push(Finding {
            question: "gaps".into(),
            severity: "info".into(),
            sentence_without_names: sentence.clone(),
            sentence,
            whom: counted(n, "stream", "streams"),
            quantity: n,
            unit: "streams".into(),
            evidence: places,
            ..Finding::default()
        });
    }
}

fn kind_words(kind: &str) -> String {
    match kind {
        "horizon" => "first record later than required".to_owned(),
        "tail" => "last record earlier than required".to_owned(),
        "never_supplied" => "channel in use, no source supplied".to_owned(),
        "orphan_replies" => "named by replies".to_owned(),
        "other_copy" => "held by another copy only".to_owned(),
        "silence" => "unexplained silence".to_owned(),
        "level_drop" => "far fewer records from one week on".to_owned(),
        "counterpart_silence" => "silence of one counterpart".to_owned(),
        other => crate::model::kind::inside(other).unwrap_or_else(|| other.replace('_', " ")),
    }
}

fn sources(context: &Context, out: &mut Vec<Finding>) {
    for (ix, source) in (0u32..).zip(&context.dataset.sources) {
        let lost: u64 = source.skipped.iter().filter(|s| s.reason.severity() == crate::model::Severity::Loss).map(|s| s.count).sum();
        if source.error.is_none() && source.question.is_none() && lost == 0 {
            continue;
        }
        // What holds private conversations only, or may, is named in the ledger and nowhere else.
        let private = super::evidence::private(context, ix) || source.question.is_some() && source.messages == 0;
        let name = if private { "One source" } else { source.name.as_str() };
        let place = Evidence {
            source: source.path.clone(),
            sha256: source.sha256.clone(),
            absent: source.error.as_ref().map(|e| e.what.clone()),
            ..Evidence::default()
        };
        let mut push = |severity: &str, sentence: String, quantity: u64, unit: &str| {
            out.push(Finding {
                question: "import".into(),
                severity: severity.into(),
                sentence: format!("{name}: {}", lower(&sentence)),
                sentence_without_names: sentence,
                whom: "1 source".into(),
                channel: Some(source.channel.clone()).filter(|c| !c.is_empty() && !private),
                quantity,
                unit: unit.into(),
                evidence: if private { Vec::new() } else { vec![place.clone()] },
                ..Finding::default()
            });
        };
        if source.error.is_some() {
            push("medium", "A source could not be read".to_owned(), 1, "sources");
        } else if source.question.is_some() {
            push("medium", "A source waits for a decision before its days can be trusted".to_owned(), source.messages, "messages");
        }
        if lost > 0 {
            push("medium", format!("{} could not be read", counted(lost, "record", "records")), lost, "records");
        }
    }
}

/// What a finding is about: those of different kinds take turns, so that the first few show more than one trouble.
fn kind(f: &Finding) -> (u8, String) {
    let outage = f.sentence.contains("capture outage");
    let rank = match (f.question.as_str(), f.unit.as_str()) {
        ("channels", _) => 0,
        ("leavers", "turns") => 1,
        ("leavers", _) => 2,
        ("gaps", "messages") => 3,
        ("gaps", _) if outage => 4,
        ("gaps", _) => 5,
        ("retention", _) => 6,
        ("sensitive", _) => 6,
        ("import", _) => 7,
        _ => 8,
    };
    (rank, f.severity.clone())
}

/// Most severe first; within a severity the kinds take turns, each in the order of time and name.
fn ordered(mut findings: Vec<Finding>) -> Vec<Finding> {
    let key = |f: &Finding| (gaps::severity_rank(&f.severity), f.from.clone(), f.sentence.clone(), f.gap.clone());
    findings.sort_by_cached_key(key);
    let mut turns: BTreeMap<(u8, String), u32> = BTreeMap::new();
    let mut placed: Vec<(u8, u32, u8, Finding)> = Vec::with_capacity(findings.len());
    for finding in findings {
        let kind = kind(&finding);
        let rank = kind.0;
        let turn = turns.entry(kind).or_default();
        placed.push((gaps::severity_rank(&finding.severity), *turn, rank, finding));
        *turn += 1;
    }
    placed.sort_by_key(|(severity, turn, rank, _)| (*severity, *turn, *rank));
    placed.into_iter().map(|(.., finding)| finding).collect()
}

fn run(context: &Context, answers: &mut Answers) {
    // Questions before this one may have put findings of their own there.
    let mut out = std::mem::take(&mut answers.findings);
    unowned_channels(context, answers, &mut out);
    leavers(answers, &mut out);
    let told = outages(context, answers, &mut out);
    gap_findings(answers, &told, &mut out);
    super::sensitive::findings(context, &mut out);
    sources(context, &mut out);
    covered::findings(answers, &mut out);
    let mut out = ordered(out);
    for (n, finding) in out.iter_mut().enumerate() {
        finding.id = format!("f{}", n + 1);
    }
    answers.findings = out;
}
