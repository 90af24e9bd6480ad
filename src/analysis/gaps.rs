//! Gaps: drafts from all tests, merged where they mean the same days, weighed and put in order.

use super::confidence::Signs;
use super::coverage::{self, Line};
use super::identity::lists::name_of;
use super::{Context, explained, horizon};
use crate::math::{exp2, log2};
use crate::model::answer::{Benign, Estimate, Evidence, Gap};
use crate::time::{self, Days};

/// A gap before it is merged and weighed.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Custodian, if one is known.
    pub custodian: Option<u32>,
    /// Where no custodian is known: the handle whose exports it concerns, which is joined with nobody on the people list.
    pub owner: Option<u32>,
    /// Channel.
    pub channel: u16,
    /// Conversation, if it concerns one.
    pub conversation: Option<u32>,
    /// `A`, `B`, `C`, `U`.
    pub class: char,
    /// Kind.
    pub kind: &'static str,
    /// First day; `None` = from the first day required.
    pub from: Option<i32>,
    /// Last day.
    pub to: Option<i32>,
    /// Messages missing: low, middle, high.
    pub estimate: Option<(f64, f64, f64)>,
    /// 0 to 1.
    pub confidence: f64,
    /// What the confidence of a silence is worked out from.
    pub signs: Option<Signs>,
    /// A client takes part.
    pub client: bool,
    /// The days of the interval are not covered because of this.
    pub takes_days: bool,
    /// Why.
    pub reasons: Vec<String>,
    /// Harmless explanations.
    pub benign: Vec<Benign>,
    /// Places.
    pub evidence: Vec<Evidence>,
}

/// Business days from which a gap is long.
const LONG: u64 = 20;

/// Which class speaks for days that several concern: proof first, then a reason the source itself gives, then silence.
const fn lead(class: char) -> u8 {
    match class {
        'A' => 0,
        'C' => 1,
        'B' => 2,
        _ => 3,
    }
}

impl Draft {
    fn span(&self) -> Option<(i32, i32)> {
        Some((self.from?, self.to?)).filter(|(a, b)| a <= b)
    }

    /// Whether both mean the same days: the overlap is at least half of each.
    fn same_days(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (self.span(), other.span()) else { return false };
        let shared = a.1.min(b.1) - a.0.max(b.0) + 1;
        let longer = (a.1 - a.0).max(b.1 - b.0) + 1;
        self.takes_days
            && other.takes_days
            && (self.custodian, self.owner) == (other.custodian, other.owner)
            && self.channel == other.channel
            && self.class != 'U'
            && other.class != 'U'
            && 2 * shared >= longer
    }

    /// Whether this is proof of a loss, or the reason of one, that reaches into these days of a person on a channel, or of one of the conversations asked
    /// for: what is absent there is told already, even where this takes no days.
    #[must_use]
    pub fn explains(&self, (custodian, channel): (u32, u16), (from, to): (i32, i32), conversation: impl Fn(u32) -> bool) -> bool {
        let here = match self.conversation {
            Some(one) => conversation(one),
            None => self.owner.is_none() && self.custodian.is_none_or(|c| c == custodian),
        };
        matches!(self.class, 'A' | 'C') && self.channel == channel && here && self.from.is_none_or(|a| a <= to) && self.to.is_none_or(|b| b >= from)
    }

    /// Takes the other in: the stronger class leads, chances add up as independent ones do, all reasons stay.
    fn absorb(&mut self, mut other: Self) {
        if (lead(other.class), other.from) < (lead(self.class), self.from) {
            std::mem::swap(self, &mut other);
        }
        if self.class == other.class {
            self.from = self.from.min(other.from);
            self.to = self.to.max(other.to);
        }
        self.confidence = 1.0 - (1.0 - self.confidence) * (1.0 - other.confidence);
        self.estimate = match (self.estimate, other.estimate) {
            (Some(a), Some(b)) => Some((a.0.max(b.0), a.1.max(b.1), a.2.max(b.2))),
            (a, b) => a.or(b),
        };
        self.client |= other.client;
        self.takes_days |= other.takes_days;
        if self.conversation != other.conversation {
            self.conversation = None;
        }
        for reason in other.reasons {
            if !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
        for benign in other.benign {
            if !self.benign.iter().any(|b| b.id == benign.id) {
                self.benign.push(benign);
            }
        }
        super::places::add(&mut self.evidence, other.evidence);
    }
}

impl crate::model::answer::Benign {
    /// An explanation, and what was looked at.
    #[must_use]
    pub fn new(id: &str, title: &str, found: impl Into<String>, verdict: &str) -> Self {
        Self { id: id.into(), title: title.into(), found: found.into(), verdict: verdict.into() }
    }
}

/// Merges drafts that mean the same days.
#[must_use]
pub fn merged(mut drafts: Vec<Draft>) -> Vec<Draft> {
    drafts.sort_by(|a, b| {
        let key = |d: &Draft| (d.custodian, d.owner, d.channel, d.from, d.to, d.class, d.kind, d.conversation);
        key(a).cmp(&key(b))
    });
    let mut out: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut group = 0;
    for draft in drafts {
        if out.last().is_some_and(|l| (l.custodian, l.owner, l.channel) != (draft.custodian, draft.owner, draft.channel)) {
            group = out.len();
        }
        // Sorted by first day: anything that ended long before cannot overlap, so looking back a little is enough.
        let near = out.len().saturating_sub(16).max(group);
        match out.iter_mut().skip(near).find(|known| known.same_days(&draft)) {
            Some(known) => known.absorb(draft),
            None => out.push(draft),
        }
    }
    out
}

/// Weight of a gap by its age: half after two years, never under a quarter.
fn recency(context: &Context, to: Option<i32>) -> f64 {
    let age = f64::from((context.window.as_of - to.unwrap_or(context.window.as_of)).max(0));
    exp2(-age / 730.0).max(0.25)
}

fn severity(draft: &Draft, required: bool, business_days: u64) -> &'static str {
    let middle = draft.estimate.map_or(0.0, |e| e.1);
    match draft.class {
        // One or two absent messages are as often deleted as lost.
        'A' if required && draft.client && draft.takes_days && draft.estimate.is_none_or(|e| e.1 > 2.0) => "high",
        'A' if draft.takes_days || middle >= 10.0 && draft.kind != "scattered_ids" => "medium",
        // What the other side of a conversation with a client holds was taken out of this copy, or never came into it.
        'A' if required && draft.client && draft.kind == "other_copy" => "medium",
        // A silence is no proof; an outage of the capture concerns everybody.
        'B' if draft.kind == "outage" => "high",
        'B' if draft.takes_days => "medium",
        // A channel with clients on it that no source holds for the person.
        'C' if required && draft.kind == "never_supplied" && draft.client && business_days > LONG => "high",
        // A channel that conversations with clients refer to.
        'C' if draft.kind == "channel_never_supplied" && draft.custodian.is_some() && draft.client => "medium",
        'C' if required && draft.takes_days => "medium",
        _ => "low",
    }
}

/// Weighs one draft (section 10 of the method notes) and says it in the shape of the contract; the id comes later.
fn weighed(context: &Context, lines: &[Line], draft: Draft) -> Gap {
    let line = draft.custodian.and_then(|c| coverage::line(lines, c, draft.channel));
    let expected = line.and_then(|l| l.expected);
    let from = draft.from.or_else(|| if draft.takes_days { expected.map(|e| e.0) } else { None });
    let span = from.zip(draft.to).filter(|(a, b)| a <= b);
    let business_days = span.map_or(0, |(a, b)| draft.custodian.map_or(&context.calendar, |c| context.calendar_of(c)).count(a, b));
    // Nobody has said what is required: the gap counts, and the basis says that no policy was chosen.
    let required = match (expected, span) {
        (Some(e), Some((a, b))) => a <= e.1 && b >= e.0,
        _ => true,
    };
    let accessible = horizon::accessible_from(context).is_some_and(|d| draft.to.is_none_or(|to| to >= d));
    let volume = draft.estimate.map_or(business_days as f64, |e| e.1);
    let score = f64::from(u8::from(required))
        * if accessible { 1.5 } else { 1.0 }
        * draft.confidence
        * log2(1.0 + volume.max(0.0))
        * if draft.client { 2.0 } else { 1.0 }
        * recency(context, draft.to);
    let custodian = draft.custodian.and_then(|c| context.parties.custodians.get(c as usize));
    let mut severity = severity(&draft, required, business_days);
    let mut reasons = draft.reasons.clone();
    let owner = draft.owner.filter(|_| custodian.is_none()).and_then(|h| context.dataset.handles.get(h as usize)).map(|h| name_of(h).to_owned());
    reasons.extend(owner.as_ref().map(|name| format!("The exports are those of “{name}”, who is joined with nobody on the people list so far")));
    // More urgent inside the period that a rule itself wants at hand: a class up for what is missing or not covered there for long.
    if let Some((day, rule)) = horizon::stated_accessible(context).filter(|_| required && draft.takes_days && matches!(draft.class, 'A' | 'C')) {
        let calendar = draft.custodian.map_or(&context.calendar, |c| context.calendar_of(c));
        let inside = span.map_or(0, |(a, b)| calendar.count(a.max(day), b));
        if inside > LONG {
            severity = if severity == "low" { "medium" } else { "high" };
            reasons.push(format!(
                "{inside} of these business days lie in the {} months that must be readily accessible under {}",
                rule.accessible.unwrap_or(0),
                rule.title
            ));
        }
    }
    let mut gap = Gap {
        custodian: custodian.map(|c| c.name.clone()).unwrap_or_default(),
        person: custodian.map(|c| c.id.clone()),
        owner,
        channel: context.talks.slug(draft.channel).to_owned(),
        conversation: draft.conversation.and_then(|c| title(context, c)),
        conversation_id: draft.conversation.and_then(|c| explained::conversation_id(context, c)),
        class: draft.class.to_string(),
        kind: draft.kind.to_owned(),
        from: span.map(|s| s.0).or(from).map(time::day_name),
        to: draft.to.map(time::day_name),
        business_days,
        estimate: draft.estimate.map(|(low, mid, high)| Estimate { low: rounded(low), mid: rounded(mid), high: rounded(high) }),
        confidence: (draft.confidence * 1e4).round() / 1e4,
        severity: severity.to_owned(),
        score: (score * 1e4).round() / 1e4,
        client_facing: draft.client,
        reasons,
        benign: draft.benign.clone(),
        evidence: draft.evidence.clone(),
        ..Gap::default()
    };
    explained::mark(context, &draft, &mut gap);
    gap
}

fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Title of a conversation that is work for certain; nothing else is ever named.
#[must_use]
pub fn title(context: &Context, conversation: u32) -> Option<String> {
    let talk = context.talks.get(conversation)?;
    let title = &context.dataset.conversations.get(conversation as usize)?.title;
    (talk.class == super::conversations::Class::Work && !title.is_empty()).then(|| title.clone())
}

fn rank(severity: &str) -> u8 {
    match severity {
        "high" => 0,
        "medium" => 1,
        "low" => 2,
        _ => 3,
    }
}

/// Order of severity words, most severe first.
#[must_use]
pub fn severity_rank(severity: &str) -> u8 {
    rank(severity)
}

/// All gaps, most severe first and the explained ones last, with ids, and whether each means that its days are not held. Gaps wholly outside the days asked for are left out.
#[must_use]
pub fn ordered(context: &Context, lines: &[Line], drafts: Vec<Draft>) -> Vec<(Gap, bool)> {
    let inside = |d: &Draft| d.from.is_none_or(|f| f <= context.window.to) && context.window.from.is_none_or(|w| d.to.is_none_or(|t| t >= w));
    let asked = |d: &Draft| context.asks(d.channel);
    let mut gaps: Vec<(Gap, bool)> = merged(drafts)
        .into_iter()
        .filter(|d| inside(d) && asked(d))
        .map(|d| (d.takes_days, weighed(context, lines, d)))
        .map(|(takes, gap)| (gap, takes))
        .collect();
    gaps.sort_by(|(a, _), (b, _)| {
        (a.explained.is_some(), a.class == "U")
            .cmp(&(b.explained.is_some(), b.class == "U"))
            .then(rank(&a.severity).cmp(&rank(&b.severity)))
            .then(b.score.total_cmp(&a.score))
            .then_with(|| {
                (&a.from, &a.to, &a.custodian, &a.channel, &a.class, &a.kind, &a.owner).cmp(&(
                    &b.from,
                    &b.to,
                    &b.custodian,
                    &b.channel,
                    &b.class,
                    &b.kind,
                    &b.owner,
                ))
            })
    });
    for (n, (gap, _)) in gaps.iter_mut().enumerate() {
        gap.id = format!("g{}", n + 1);
    }
    gaps
}

/// The days of a gap as they stand in the answers.
#[must_use]
pub fn days_of(gap: &Gap) -> Days {
    match (gap.from.as_deref().and_then(time::parse_day), gap.to.as_deref().and_then(time::parse_day)) {
        (Some(a), Some(b)) => Days::span(a, b),
        _ => Days::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(class: char, from: i32, to: i32, confidence: f64) -> Draft {
        Draft {
            custodian: Some(0),
            class,
            from: Some(from),
            to: Some(to),
            confidence,
            takes_days: true,
            reasons: vec![format!("{class} {from}")],
            ..Draft::default()
        }
    }

    #[test]
    fn a_silence_over_proved_losses_becomes_one_gap_with_both_reasons() {
        let gaps = merged(vec![draft('B', 100, 119, 0.9), draft('A', 102, 118, 1.0)]);
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].class, gaps[0].from, gaps[0].to), ('A', Some(102), Some(118)));
        assert_eq!(gaps[0].reasons.len(), 2);
        assert!((gaps[0].confidence - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_silence_that_a_timer_explains_is_not_covered_rather_than_unexplained() {
        let gaps = merged(vec![draft('B', 100, 119, 0.9), draft('C', 98, 120, 1.0)]);
        assert_eq!((gaps.len(), gaps[0].class, gaps[0].from, gaps[0].to), (1, 'C', Some(98), Some(120)));
    }

    #[test]
    fn a_short_loss_inside_a_long_uncovered_time_stays_its_own_gap() {
        assert_eq!(merged(vec![draft('C', 0, 400, 0.9), draft('A', 100, 103, 1.0)]).len(), 2);
        assert_eq!(merged(vec![draft('B', 0, 10, 0.9), draft('B', 30, 40, 0.9)]).len(), 2);
    }
}
