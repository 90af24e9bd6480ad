//! What reviewers explained, in words: the kinds, what each does, what has come of it; and how many gaps are open beside those.

use super::phrase::{self, count, grouped};
use super::veil::Veil;
use super::words;
use crate::model::Answers;
use crate::model::answer::{ExplanationSaid, Gap};
use crate::model::decision::Cause;

/// How many gaps there are of each sort. Whatever counts gaps counts them here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Open, class A.
    pub missing: u64,
    /// Open, class B.
    pub silent: u64,
    /// Open, class C.
    pub uncovered: u64,
    /// Streams that cannot be tested.
    pub untestable: u64,
    /// Explained by a reviewer, of any class.
    pub explained: u64,
}

impl Counts {
    /// Gaps that ask for a decision.
    #[must_use]
    pub const fn open(&self) -> u64 {
        self.missing + self.silent + self.uncovered
    }

    /// `5 missing, 2 silent, 3 not covered; 7 cannot be tested; 1 explained`.
    #[must_use]
    pub fn words(&self) -> String {
        let mut out = format!("{} missing, {} silent, {} not covered", grouped(self.missing), grouped(self.silent), grouped(self.uncovered));
        for (number, word) in [(self.untestable, "cannot be tested"), (self.explained, "explained")] {
            if number > 0 {
                out.push_str(&format!("; {} {word}", grouped(number)));
            }
        }
        out
    }
}

/// Counts the gaps of the answers.
#[must_use]
pub fn counts(answers: &Answers) -> Counts {
    counted(answers.gaps.iter())
}

/// The same of some gaps.
pub fn counted<'a>(gaps: impl Iterator<Item = &'a Gap>) -> Counts {
    let mut counts = Counts::default();
    for gap in gaps {
        let slot = match gap.class.as_str() {
            _ if gap.explained.is_some() => &mut counts.explained,
            "A" => &mut counts.missing,
            "B" => &mut counts.silent,
            "C" => &mut counts.uncovered,
            _ => &mut counts.untestable,
        };
        *slot += 1;
    }
    counts
}

/// A kind of explanation for people.
#[must_use]
pub const fn cause(kind: Cause) -> &'static str {
    match kind {
        Cause::Leave => "Leave",
        Cause::Closure => "Office closed",
        Cause::Reassignment => "Reassignment",
        Cause::Moved => "Moved to another channel",
        Cause::ClientEnded => "Client ended",
        Cause::DeviceReplaced => "Device replaced",
        Cause::Deletion => "Agreed deletion",
        Cause::Other => "Other",
    }
}

/// The same from its word.
#[must_use]
pub fn kind(word: &str) -> &'static str {
    cause(Cause::of(word).unwrap_or_default())
}

/// What an explanation of a kind does, before it is given. `proved`: messages of the gap are proved to be missing.
#[must_use]
pub const fn does(kind: Cause, proved: bool) -> &'static str {
    match (kind, proved) {
        (Cause::Leave, true) => {
            "The days become leave of this person on every channel, and the tests run again. This gap stays open: leave tells why nobody wrote, not where messages have gone that are proved to be missing."
        }
        (Cause::Leave, false) => "The days become leave of this person on every channel, and the tests run again without them.",
        (Cause::Closure, true) => {
            "The days are no business days of the office, for everybody in it, and the tests run again. This gap stays open: a closure tells why nobody wrote, not where messages have gone that are proved to be missing."
        }
        (Cause::Closure, false) => "The days are no business days of the office, for everybody in it, and the tests run again without them.",
        (_, true) => "The gap stays in the list as explained and is no longer counted as open. The messages stay missing: an explanation is not a record.",
        (_, false) => "The gap stays in the list as explained and is no longer counted as open. Its days stay gap days: an explanation is not a record.",
    }
}

/// `WhatsApp, Mei Tan, 2026-03-03 to 2026-03-18`.
#[must_use]
pub fn place(said: &ExplanationSaid, veil: &Veil) -> String {
    let channel = if said.channel.is_empty() { "Every channel".to_owned() } else { words::channel(&said.channel) };
    let custodian = match said.custodian.as_str() {
        "" if said.kind == Cause::Closure.word() => "everybody".to_owned(),
        "" => "nobody in particular".to_owned(),
        name => veil.name(name, said.person.as_deref()),
    };
    let conversation = if said.conversation_id.is_some() { ", one conversation" } else { "" };
    format!("{channel}, {custodian}{conversation}, {}", phrase::period(said.from.as_deref(), said.to.as_deref()))
}

/// What has come of the explanation with this number.
#[must_use]
pub fn effect(answers: &Answers, number: usize, said: &ExplanationSaid) -> String {
    if !said.known {
        return "no effect: whom or what it names is not there".to_owned();
    }
    let touched: Vec<&Gap> = answers.gaps.iter().filter(|gap| gap.explanations.iter().any(|n| *n as usize == number)).collect();
    let calendar = Cause::of(&said.kind).is_some_and(Cause::is_calendar);
    let mut parts = Vec::new();
    if calendar {
        parts.push("in the calendar".to_owned());
    }
    let explained = touched.iter().filter(|gap| gap.explained.is_some()).count() as u64;
    if explained > 0 {
        parts.push(count(explained, "gap explained", "gaps explained"));
    }
    let open: Vec<&&Gap> = touched.iter().filter(|gap| gap.is_open()).collect();
    let proved = open.iter().filter(|gap| calendar && gap.class == "A").count() as u64;
    if proved > 0 {
        parts.push(format!("{} open: messages are proved to be missing", count(proved, "gap stays", "gaps stay")));
    }
    let part = open.len() as u64 - proved;
    if part > 0 {
        parts.push(format!("{} open: explained in part", count(part, "gap stays", "gaps stay")));
    }
    if parts.is_empty() { "no gap on these days at present".to_owned() } else { parts.join("; ") }
}

/// How much of a gap is explained where not all is.
#[must_use]
pub fn part(gap: &Gap) -> Option<String> {
    (gap.explained_days > 0).then(|| format!("{} of {} are explained", grouped(gap.explained_days), count(gap.business_days, "business day", "business days")))
}

/// Who explained something and when: `C. Officer, 2026-04-01 09:30`.
#[must_use]
pub fn made(by: &str, at: &str) -> String {
    let by = if by.is_empty() { "not stated" } else { by };
    if at.is_empty() { by.to_owned() } else { format!("{by}, {}", phrase::minute(at)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::answer::Explained;
    use crate::report::veil::Names;

    fn gap(class: &str, explained: bool, numbers: &[u32]) -> Gap {
        Gap { class: class.to_owned(), explained: explained.then(Explained::default), explanations: numbers.to_vec(), ..Gap::default() }
    }

    #[test]
    fn explained_gaps_are_counted_apart_from_open_ones() {
        let gaps = vec![gap("A", false, &[]), gap("A", true, &[0]), gap("B", false, &[]), gap("C", true, &[0]), gap("U", false, &[])];
        let counts = counts(&Answers { gaps, ..Answers::default() });
        assert_eq!((counts.open(), counts.explained, counts.untestable), (2, 2, 1));
        assert_eq!(counts.words(), "1 missing, 1 silent, 0 not covered; 1 cannot be tested; 2 explained");
        assert_eq!(Counts::default().words(), "0 missing, 0 silent, 0 not covered");
    }

    #[test]
    fn it_is_told_what_came_of_an_explanation() {
        let said = |kind: &str| ExplanationSaid { kind: kind.to_owned(), known: true, ..ExplanationSaid::default() };
        let answers = Answers { gaps: vec![gap("C", true, &[0]), gap("A", false, &[0]), gap("B", false, &[1])], ..Answers::default() };
        assert_eq!(effect(&answers, 0, &said("leave")), "in the calendar; 1 gap explained; 1 gap stays open: messages are proved to be missing");
        assert_eq!(effect(&answers, 1, &said("moved")), "1 gap stays open: explained in part");
        assert_eq!(effect(&answers, 2, &said("moved")), "no gap on these days at present");
        assert!(effect(&answers, 0, &ExplanationSaid::default()).starts_with("no effect"));
    }

    #[test]
    fn a_place_names_people_only_where_they_may_be_named() {
        let answers = Answers::default();
        let said =
            ExplanationSaid { custodian: "Mei Tan".to_owned(), person: Some("p1".to_owned()), from: Some("2026-03-03".to_owned()), ..Default::default() };
        assert_eq!(place(&said, &Veil::new(Names::All, &answers)), "Every channel, Mei Tan, from 2026-03-03");
        assert!(!place(&said, &Veil::new(Names::Nobody, &answers)).contains("Mei"));
        let firm = ExplanationSaid { kind: "closure".to_owned(), ..ExplanationSaid::default() };
        assert_eq!(place(&firm, &Veil::new(Names::Nobody, &answers)), "Every channel, everybody, no date");
    }

    #[test]
    fn every_kind_has_words_of_its_own() {
        let mut all: Vec<&str> = Cause::ALL.into_iter().map(cause).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), Cause::ALL.len());
        for cause in Cause::ALL {
            assert_eq!(Cause::of(cause.word()), Some(cause));
            assert_eq!(does(cause, true).contains("stays open"), cause.is_calendar());
        }
    }
}
