//! How well channels are found that people refer to and of which nothing is in the files: employees and channels, and the references counted.

use std::fmt;

use crate::model::answer::{Answers, Gap};
use crate::sample::truth::Truth;

/// The measurement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Referred {
    /// Employees and channels planted, found, answered and none.
    pub gaps: (u32, u32, u32),
    /// Messages of those planted, and of them counted in the answers.
    pub messages: (u64, u64),
    /// What was wrong, in words.
    pub notes: Vec<String>,
}

/// Whether a gap says that a channel was never supplied for a person.
fn says(gap: &Gap) -> bool {
    gap.kind == "channel_never_supplied" && !gap.custodian.is_empty()
}

/// Whether that is so.
#[must_use]
pub fn real(gap: &Gap, truth: &Truth) -> bool {
    says(gap) && truth.referred.iter().any(|r| r.person == gap.custodian && r.channel == gap.channel)
}

/// Measures answers against the truth.
#[must_use]
pub fn measure(truth: &Truth, answers: &Answers) -> Referred {
    let mut out = Referred::default();
    for planted in &truth.referred {
        let gap = answers.gaps.iter().find(|g| says(g) && g.custodian == planted.person && g.channel == planted.channel);
        let counted: Option<u64> = gap.and_then(|g| g.reasons.first()?.split(' ').next()?.parse().ok());
        out.gaps.0 += 1;
        out.gaps.1 += u32::from(gap.is_some());
        out.messages.0 += planted.messages;
        out.messages.1 += counted.unwrap_or(0);
        if gap.is_none() {
            out.notes.push(format!("referred: {} {} missed, {} messages", planted.person, planted.channel, planted.messages));
        }
    }
    for gap in answers.gaps.iter().filter(|g| says(g) && !real(g, truth)) {
        out.gaps.2 += 1;
        out.notes.push(format!("referred: {} {} is wrong: {}", gap.custodian, gap.channel, gap.reasons.join("; ")));
    }
    out
}

impl Referred {
    /// Takes the measurement of another firm in.
    pub fn add(&mut self, other: Self) {
        let (a, b) = (self.gaps, other.gaps);
        self.gaps = (a.0 + b.0, a.1 + b.1, a.2 + b.2);
        self.messages = (self.messages.0 + other.messages.0, self.messages.1 + other.messages.1);
        self.notes.extend(other.notes);
    }
}

impl fmt::Display for Referred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((planted, found, wrong), (all, counted)) = (self.gaps, self.messages);
        writeln!(f, "channels referred to and never supplied: {found} of {planted} found, {wrong} wrong; {counted} of {all} references counted")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::truth::ReferredTruth;

    #[test]
    fn hits_misses_and_false_answers_are_counted() {
        let planted = |person: &str, messages: u64| ReferredTruth { person: person.into(), channel: "signal".into(), messages, ..ReferredTruth::default() };
        let truth = Truth { referred: vec![planted("Ana", 6), planted("Ben", 4)], ..Truth::default() };
        let gap = |custodian: &str| Gap {
            custodian: custodian.into(),
            channel: "signal".into(),
            kind: "channel_never_supplied".into(),
            reasons: vec!["5 messages of work conversations refer".into()],
            ..Gap::default()
        };
        // A channel of which nothing at all was supplied is told of nobody, and measured elsewhere.
        let answers = Answers { gaps: vec![gap("Ana"), gap("Cy"), gap("")], ..Answers::default() };
        let said = measure(&truth, &answers);
        assert_eq!((said.gaps, said.messages, said.notes.len()), ((2, 1, 1), (10, 5), 2));
    }
}
