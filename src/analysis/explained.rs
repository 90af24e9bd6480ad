//! What a reviewer explained. Leave and closures become days of the calendars before anything is tested; every other explanation marks
//! the gaps it covers: those of which each business day lies inside. Where messages are proved to be missing, neither leave nor a
//! closure explains anything: they tell why nobody wrote, not where messages have gone.

use super::calendar::{Offices, WorkDays};
use super::conversations::Holder;
use super::gaps::Draft;
use super::parties::Parties;
use super::{Context, gaps};
use crate::model::answer::{Explained, ExplanationSaid, Gap};
use crate::model::decision::{Cause, Explanation};
use crate::model::matter::Matter;
use crate::text;
use crate::time::{self, Days};

/// Whom an explanation concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Gaps that name nobody; with a closure everybody.
    Nobody,
    /// A custodian.
    Custodian(u32),
    /// Somebody who is on no list.
    Unknown,
}

/// Whom each explanation of a matter concerns.
#[derive(Debug, Clone, Default)]
pub struct Explanations(Vec<Who>);

impl Explanations {
    /// Looks everybody up.
    #[must_use]
    pub fn new(matter: &Matter, parties: &Parties) -> Self {
        if matter.explained.is_empty() {
            return Self::default();
        }
        let named = parties.named(matter);
        let who = |explanation: &Explanation| match text::folded(&explanation.custodian).is_empty() {
            true => Who::Nobody,
            false => named.custodian(&explanation.custodian).map_or(Who::Unknown, Who::Custodian),
        };
        Self(matter.explained.iter().map(who).collect())
    }

    /// Takes the days of closures out of the calendars they are closures of.
    pub fn close(&self, matter: &Matter, calendar: &mut WorkDays, offices: &mut Offices) {
        for (explanation, who) in matter.explained.iter().zip(&self.0) {
            let (Cause::Closure, Some(from), Some(to)) = (explanation.kind, explanation.from, explanation.to) else { continue };
            match who {
                Who::Nobody => {
                    calendar.close(from, to);
                    offices.close_all(from, to);
                }
                Who::Custodian(custodian) => offices.of_mut(*custodian).unwrap_or(calendar).close(from, to),
                Who::Unknown => {}
            }
        }
    }

    /// Explanations that fit nobody on the lists.
    #[must_use]
    pub fn unknown(&self) -> u64 {
        self.0.iter().filter(|who| **who == Who::Unknown).count() as u64
    }
}

/// Whether an explanation that names no custodian speaks of the exports of the gap. One that was made before it said whose they are
/// fits where there is only one owner on the channel whom no list knows; else nobody can tell whose it was.
fn owned(context: &Context, explanation: &Explanation, draft: &Draft) -> bool {
    let Some(owner) = draft.owner else { return explanation.owner.is_empty() };
    if explanation.owner.is_empty() {
        return strangers(context, draft.channel).all(|handle| handle == owner);
    }
    context.dataset.handles.get(owner as usize).is_some_and(|h| explanation.owned_by(&h.channel, &h.key))
}

/// Owners of exports of a channel who are joined with nobody on the people list, one for each export.
fn strangers(context: &Context, channel: u16) -> impl Iterator<Item = u32> {
    let slug = context.talks.slug(channel);
    let sources = context.dataset.sources.iter().zip(&context.talks.holders);
    sources.filter(move |(s, holder)| s.channel == slug && **holder == Holder::Everyone).filter_map(|(s, _)| s.owner_handle)
}

/// Whether an explanation speaks of the place of a gap, whatever its days.
fn concerns(context: &Context, explanation: &Explanation, who: Who, draft: &Draft) -> bool {
    let person = match (who, draft.custodian) {
        (Who::Nobody, custodian) => explanation.kind == Cause::Closure || custodian.is_none() && owned(context, explanation, draft),
        (Who::Custodian(a), Some(b)) => a == b || explanation.kind == Cause::Closure && context.offices.together(a, b),
        (Who::Custodian(_), None) | (Who::Unknown, _) => false,
    };
    let channel = explanation.channel.is_empty() || explanation.kind.is_calendar() || explanation.channel == context.talks.slug(draft.channel);
    let key = draft.conversation.and_then(|ix| context.dataset.conversations.get(ix as usize)).map(|c| (c.channel.as_str(), c.key.as_str()));
    person && channel && explanation.names(key)
}

/// Whether it reaches as far as the gap on a side. A side that nobody knows is met by one that is not known, and by no other.
fn reaches(said: Option<i32>, gap: Option<i32>, far: impl Fn(i32, i32) -> bool) -> bool {
    match (said, gap) {
        (None, None) => true,
        (Some(said), Some(gap)) => far(said, gap),
        _ => false,
    }
}

/// Marks a gap with what was explained about its days.
pub fn mark(context: &Context, draft: &Draft, gap: &mut Gap) {
    let all = (0u32..).zip(context.matter.explained.iter().zip(&context.explanations.0));
    let day = |text: &Option<String>| text.as_deref().and_then(time::parse_day);
    let (first, last) = (day(&gap.from), day(&gap.to));
    let mine = gaps::days_of(gap);
    let calendar = draft.custodian.map_or(&context.calendar, |c| context.calendar_of(c));
    let (mut covered, mut best) = (Days::default(), None::<(u64, &Explanation)>);
    let mut whole = false;
    for (number, (explanation, who)) in all {
        if !concerns(context, explanation, *who, draft) {
            continue;
        }
        let days = explanation.from.zip(explanation.to).map_or_else(Days::default, |(a, b)| Days::span(a, b)).intersection(&mine);
        let reach = reaches(explanation.from, first, |said, gap| said <= gap) && reaches(explanation.to, last, |said, gap| said >= gap);
        if days.is_empty() && !reach {
            continue;
        }
        gap.explanations.push(number);
        if gap.class == "A" && explanation.kind.is_calendar() {
            continue;
        }
        whole |= reach;
        covered = covered.union(&days);
        let weight = calendar.count_in(&days);
        if best.is_none_or(|(most, _)| weight >= most) {
            best = Some((weight, explanation));
        }
    }
    let inside = calendar.count_in(&covered);
    let all_days = inside > 0 && inside == calendar.count_in(&mine);
    if let Some((_, explanation)) = best.filter(|_| whole || all_days) {
        let Explanation { kind, note, by, at, .. } = explanation;
        gap.explained = Some(Explained { kind: kind.word().to_owned(), note: note.clone(), by: by.clone(), at: at.clone() });
    } else {
        gap.explained_days = inside;
    }
}

/// Whether the owner whom an explanation names, if it does, has an export here.
fn there(context: &Context, explanation: &Explanation) -> bool {
    let mut owners = context.dataset.sources.iter().filter_map(|s| context.dataset.handles.get(s.owner_handle? as usize));
    explanation.owner.is_empty() || owners.any(|h| explanation.owned_by(&h.channel, &h.key))
}

/// Every explanation of the matter, for the page and the report.
#[must_use]
pub fn said(context: &Context) -> Vec<ExplanationSaid> {
    let one = |(explanation, who): (&Explanation, &Who)| {
        let custodian = if let Who::Custodian(ix) = who { context.parties.custodians.get(*ix as usize) } else { None };
        // Nothing leads from here to a private conversation.
        let talk = context
            .dataset
            .conversations
            .iter()
            .position(|c| c.channel == explanation.channel && !explanation.conversation.is_empty() && explanation.names(Some((&c.channel, &c.key))))
            .and_then(|ix| conversation_id(context, u32::try_from(ix).ok()?));
        ExplanationSaid {
            custodian: custodian.map_or_else(|| explanation.custodian.clone(), |c| c.name.clone()),
            person: custodian.map(|c| c.id.clone()),
            channel: if explanation.kind.is_calendar() { String::new() } else { explanation.channel.clone() },
            known: *who != Who::Unknown && (explanation.conversation.is_empty() || talk.is_some()) && there(context, explanation),
            conversation_id: talk,
            from: explanation.from.map(time::day_name),
            to: explanation.to.map(time::day_name),
            kind: explanation.kind.word().to_owned(),
            note: explanation.note.clone(),
            by: explanation.by.clone(),
            at: explanation.at.clone(),
        }
    };
    context.matter.explained.iter().zip(&context.explanations.0).map(one).collect()
}

/// The number of a conversation that is not private.
#[must_use]
pub fn conversation_id(context: &Context, conversation: u32) -> Option<String> {
    context.talks.get(conversation).filter(|talk| talk.counts()).map(|_| format!("c{conversation}"))
}

#[cfg(test)]
mod tests;
