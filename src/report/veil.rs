//! Who may be named: compliance sees names, HR the listed leavers, executives nobody. One place, so that screen and paper agree.

use std::collections::BTreeSet;

use crate::model::Answers;
use crate::model::answer::Finding;

/// What findings say of whom without naming anyone.
const NOBODY: [&str; 3] = ["all custodians on this channel", "source without a known owner", "sources without a known owner"];

/// How far names are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// All names.
    #[default]
    All,
    /// Only people on the list of leavers.
    Leavers,
    /// None.
    Nobody,
}

impl Names {
    /// The word in the name of a document.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Leavers => "leavers",
            Self::Nobody => "nobody",
        }
    }

    /// From the word; no name is shown for an unknown one.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "all" => Self::All,
            "leavers" => Self::Leavers,
            _ => Self::Nobody,
        }
    }
}

/// The rule applied to one set of answers.
#[derive(Debug, Clone, Default)]
pub struct Veil {
    names: Names,
    leavers: BTreeSet<String>,
}

impl Veil {
    /// The rule for these answers.
    #[must_use]
    pub fn new(names: Names, answers: &Answers) -> Self {
        Self { names, leavers: answers.leavers.iter().map(|leaver| leaver.id.clone()).collect() }
    }

    /// How far names are shown.
    #[must_use]
    pub const fn names(&self) -> Names {
        self.names
    }

    /// Whether this person may be named.
    #[must_use]
    pub fn shows(&self, person: Option<&str>) -> bool {
        match self.names {
            Names::All => true,
            Names::Leavers => person.is_some_and(|id| self.leavers.contains(id)),
            Names::Nobody => false,
        }
    }

    /// The name, or what stands for it: the id, which means nothing once the page is closed.
    #[must_use]
    pub fn name(&self, name: &str, person: Option<&str>) -> String {
        if name.is_empty() {
            return "No owner known".to_owned();
        }
        if self.shows(person) {
            return name.to_owned();
        }
        person.filter(|id| !id.is_empty()).map_or_else(|| "Person, not named".to_owned(), |id| format!("Person {id}"))
    }

    /// The sentence of a finding, with names only where they may be read.
    #[must_use]
    pub fn sentence<'a>(&self, finding: &'a Finding) -> &'a str {
        if self.shows(finding.person.as_deref()) { &finding.sentence } else { &finding.sentence_without_names }
    }

    /// Whom a finding concerns. A group (`41 custodians`) has no person and carries a digit first: it names nobody. So do the words
    /// of [`NOBODY`].
    #[must_use]
    pub fn whom(&self, finding: &Finding) -> String {
        let group = finding.person.is_none() && (finding.whom.starts_with(|c: char| c.is_ascii_digit()) || NOBODY.contains(&finding.whom.as_str()));
        if finding.whom.is_empty() {
            String::new()
        } else if group {
            finding.whom.clone()
        } else {
            self.name(&finding.whom, finding.person.as_deref())
        }
    }

    /// What paper says about it, on every page.
    #[must_use]
    pub const fn sentence_on_paper(&self) -> &'static str {
        match self.names {
            Names::All => "Names shown, message text not included",
            Names::Leavers => "Only listed leavers named, message text not included",
            Names::Nobody => "No names, message text not included",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::answer::Leaver;

    fn answers() -> Answers {
        Answers { leavers: vec![Leaver { id: "p1".to_owned(), person: "Mei Tan".to_owned(), ..Leaver::default() }], ..Answers::default() }
    }

    #[test]
    fn hr_reads_leavers_and_executives_nobody() {
        let answers = answers();
        let read = |names| {
            let veil = Veil::new(names, &answers);
            [veil.name("Mei Tan", Some("p1")), veil.name("Li Chen", Some("p2")), veil.name("Li Chen", None)]
        };
        assert_eq!(read(Names::All), ["Mei Tan", "Li Chen", "Li Chen"]);
        assert_eq!(read(Names::Leavers), ["Mei Tan", "Person p2", "Person, not named"]);
        assert_eq!(read(Names::Nobody), ["Person p1", "Person p2", "Person, not named"]);
    }

    #[test]
    fn findings_follow_the_same_rule() {
        let finding = Finding {
            sentence: "Mei Tan holds 7 clients alone".to_owned(),
            sentence_without_names: "One leaver holds 7 clients alone".to_owned(),
            whom: "Mei Tan".to_owned(),
            person: Some("p1".to_owned()),
            ..Finding::default()
        };
        assert_eq!(Veil::new(Names::Leavers, &answers()).sentence(&finding), "Mei Tan holds 7 clients alone");
        assert_eq!(Veil::new(Names::Nobody, &answers()).sentence(&finding), "One leaver holds 7 clients alone");
        assert_eq!(Veil::new(Names::Nobody, &answers()).whom(&finding), "Person p1");
        let group = Finding { whom: "41 custodians".to_owned(), ..Finding::default() };
        assert_eq!(Veil::new(Names::Nobody, &answers()).whom(&group), "41 custodians");
        let all = Finding { whom: "all custodians on this channel".to_owned(), ..Finding::default() };
        assert_eq!(Veil::new(Names::Nobody, &answers()).whom(&all), "all custodians on this channel");
        let unknown = Finding { whom: "all Berg".to_owned(), ..Finding::default() };
        assert_eq!(Veil::new(Names::Nobody, &answers()).whom(&unknown), "Person, not named");
    }
}
