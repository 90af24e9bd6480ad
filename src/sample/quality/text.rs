//! How well work is told from private life, and how much of the sensitive data is found. A conversation is known by its name in the
//! export; those of which nobody can say what they are count apart.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::answer::Answers;
use crate::sample::truth::Truth;

/// A conversation as it was read: number, channel, title, key.
pub type Read = (u32, String, String, String);

/// Right answers of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hits {
    /// Conversations of this class.
    pub real: u32,
    /// Conversations answered to be of it.
    pub answered: u32,
    /// Both.
    pub right: u32,
}

impl Hits {
    fn add(&mut self, other: Self) {
        self.real += other.real;
        self.answered += other.answered;
        self.right += other.right;
    }

    /// Share of those answered that are right; `None` when none was answered.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        (self.answered > 0).then(|| f64::from(self.right) / f64::from(self.answered))
    }

    /// Share found; `None` when there are none.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        (self.real > 0).then(|| f64::from(self.right) / f64::from(self.real))
    }
}

/// The measurement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// Work.
    pub work: Hits,
    /// Private.
    pub private: Hits,
    /// Work with people on no list: only the text tells.
    pub unlisted: Hits,
    /// Those of which nobody can say: how many, and how many were left undecided.
    pub undecidable: (u32, u32),
    /// Conversations planted that were not found among those read.
    pub lost: u32,
    /// Messages with sensitive data: planted, found, and found where none was planted.
    pub sensitive: (u64, u64, u64),
    /// What was wrong, in words.
    pub notes: Vec<String>,
}

impl Text {
    /// Takes the measurement of another firm in.
    pub fn add(&mut self, other: Self) {
        self.work.add(other.work);
        self.private.add(other.private);
        self.unlisted.add(other.unlisted);
        self.undecidable = (self.undecidable.0 + other.undecidable.0, self.undecidable.1 + other.undecidable.1);
        self.lost += other.lost;
        let (a, b) = (self.sensitive, other.sensitive);
        self.sensitive = (a.0 + b.0, a.1 + b.1, a.2 + b.2);
        self.notes.extend(other.notes);
    }
}

/// Measures answers against the truth. `read`: all conversations that were read.
#[must_use]
pub fn measure(truth: &Truth, answers: &Answers, read: &[Read]) -> Text {
    let mut text = Text::default();
    let said: BTreeMap<&str, &str> = answers.conversations.iter().map(|c| (c.id.as_str(), c.class.as_str())).collect();
    for real in &truth.classes {
        let found: Vec<&Read> =
            read.iter().filter(|(_, channel, title, key)| *channel == real.channel && (*title == real.conversation || *key == real.conversation)).collect();
        text.lost += u32::from(found.is_empty());
        for (n, ..) in found {
            // What is not listed is work.
            let answer = said.get(format!("c{n}").as_str()).copied().unwrap_or("work");
            if real.class == "undecidable" {
                text.undecidable.0 += 1;
                text.undecidable.1 += u32::from(answer == "undecided");
                continue;
            }
            let count = |hits: &mut Hits, class: &str| {
                hits.real += u32::from(real.class == class);
                hits.answered += u32::from(answer == class);
                hits.right += u32::from(answer == class && real.class == class);
            };
            count(&mut text.work, "work");
            count(&mut text.private, "private");
            if !real.listed {
                count(&mut text.unlisted, "work");
            }
            if answer != real.class {
                text.notes.push(format!("class: {} {} is {}, answered {answer}", real.channel, real.conversation, real.class));
            }
        }
    }
    let mut planted: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for s in &truth.sensitive {
        planted.entry((&s.channel, &s.kind)).or_default().0 += s.messages;
    }
    for s in &answers.sensitive {
        planted.entry((&s.channel, &s.kind)).or_default().1 += s.messages;
    }
    for ((channel, kind), (there, found)) in planted {
        text.sensitive = (text.sensitive.0 + there, text.sensitive.1 + found.min(there), text.sensitive.2 + found.saturating_sub(there));
        if there != found {
            text.notes.push(format!("sensitive: {channel} {kind}: {there} planted, {found} found"));
        }
    }
    text
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, h) in [("work", &self.work), ("private", &self.private), ("work with people on no list", &self.unlisted)] {
            let percent = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |s| format!("{:.1} %", 100.0 * s));
            writeln!(
                f,
                "{name}: precision {}, recall {} ({} of {} found, {} answered)",
                percent(h.precision()),
                percent(h.recall()),
                h.right,
                h.real,
                h.answered
            )?;
        }
        let ((all, open), (planted, found, wrong)) = (self.undecidable, self.sensitive);
        writeln!(f, "left undecided where nobody can say: {open} of {all}; conversations not found: {}", self.lost)?;
        writeln!(f, "sensitive data on channels not approved: {found} of {planted} found, {wrong} false")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::answer::{ConversationSaid, SensitiveRow};
    use crate::sample::truth::{ClassTruth, SensitiveTruth};

    #[test]
    fn hits_misses_and_false_answers_are_counted() {
        let class = |name: &str, class: &str, listed: bool| ClassTruth { channel: "whatsapp".into(), conversation: name.into(), class: class.into(), listed };
        let truth = Truth {
            classes: vec![class("Mum", "private", false), class("Kerem", "work", false), class("Acme", "work", true), class("?", "undecidable", false)],
            sensitive: vec![SensitiveTruth { channel: "whatsapp".into(), kind: "card".into(), messages: 3 }],
            ..Truth::default()
        };
        let said = |n: u32, class: &str| ConversationSaid { id: format!("c{n}"), class: class.into(), ..ConversationSaid::default() };
        let row = |kind: &str, messages: u64| SensitiveRow { channel: "whatsapp".into(), kind: kind.into(), messages, people: 1 };
        let answers = Answers {
            conversations: vec![said(0, "private"), said(1, "private"), said(3, "undecided")],
            sensitive: vec![row("card", 2), row("iban", 1)],
            ..Answers::default()
        };
        let read: Vec<Read> =
            ["Mum", "Kerem", "Acme", "?"].into_iter().enumerate().map(|(n, t)| (n as u32, "whatsapp".into(), t.into(), String::new())).collect();
        let text = measure(&truth, &answers, &read);
        assert_eq!(text.private, Hits { real: 1, answered: 2, right: 1 });
        assert_eq!(text.work, Hits { real: 2, answered: 1, right: 1 });
        assert_eq!(text.unlisted, Hits { real: 1, answered: 0, right: 0 });
        assert_eq!((text.undecidable, text.lost, text.sensitive), ((1, 1), 0, (3, 2, 1)));
        assert_eq!(text.notes.len(), 3);
        assert_eq!(measure(&truth, &answers, &[]).lost, 4);
    }
}
