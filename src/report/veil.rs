//! Who may be named: compliance sees names, HR the listed leavers, executives nobody while pseudonyms are on. One place, so that screen
//! and paper agree. Who may not be named has a pseudonym, the same in every view and document of a matter.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Answers;
use crate::model::answer::{Evidence, Finding};

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
    seed: u64,
    /// Number of each source in the ledger, by path; empty where files may be named.
    sources: BTreeMap<String, usize>,
}

/// Pseudonyms are numbers below a prime: below the first for the people a list usually has, below the second for the others.
const PRIMES: [u64; 2] = [9_973, 999_983];

/// `Employee 4271` for the person with this id in the answers; `seed` is that of the matter. The id tells the line of the people list,
/// so the number is that line, scrambled: different people have different numbers, whatever is filtered, and their order tells nothing. A pseudonym hides a name from a reader; it does not keep a secret from who holds the list and this program.
fn pseudonym(id: &str, seed: u64) -> Option<String> {
    let line: u64 = id.strip_prefix('p')?.parse().ok()?;
    let (prime, first) = if line < PRIMES[0] { (PRIMES[0], 1) } else { (PRIMES[1], PRIMES[0] + 1) };
    let shifted = (line % prime + seed % prime) % prime;
    // The inverse modulo a prime: one number for each.
    let (mut power, mut base, mut exponent) = (1, shifted, prime - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = power * base % prime;
        }
        (base, exponent) = (base * base % prime, exponent >> 1);
    }
    Some(format!("Employee {}", first + (power + seed / prime) % prime))
}

/// A number out of the name of a matter (FNV-1a).
fn seed(matter: &str) -> u64 {
    matter.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl Veil {
    /// The rule for these answers.
    #[must_use]
    pub fn new(names: Names, answers: &Answers) -> Self {
        let all = answers.ledger.get("sources").and_then(serde_json::Value::as_array).filter(|_| names != Names::All);
        let paths = all.into_iter().flatten().map(|source| source.get("path").and_then(serde_json::Value::as_str).unwrap_or(""));
        Self {
            names,
            leavers: answers.leavers.iter().map(|leaver| leaver.id.clone()).collect(),
            seed: seed(&answers.basis.matter),
            sources: paths.zip(1..).map(|(path, number)| (path.to_owned(), number)).collect(),
        }
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

    /// The name, or the pseudonym that stands for it.
    #[must_use]
    pub fn name(&self, name: &str, person: Option<&str>) -> String {
        if name.is_empty() {
            return "No owner known".to_owned();
        }
        if self.shows(person) {
            return name.to_owned();
        }
        person.and_then(|id| pseudonym(id, self.seed)).unwrap_or_else(|| "Employee, not named".to_owned())
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

    /// A place in a source. Files are called after people: where not all may be named, a source has its number in the list of sources.
    #[must_use]
    pub fn place(&self, evidence: &Evidence) -> String {
        if self.names == Names::All {
            return super::phrase::place(evidence);
        }
        let source = self.sources.get(&evidence.source).map_or_else(|| "a source".to_owned(), |number| format!("Source {number}"));
        let at = (evidence.line.map(|line| format!(", line {line}"))).or_else(|| evidence.byte.map(|byte| format!(", byte {byte}")));
        source + &at.unwrap_or_default()
    }

    /// What paper says about it, on every page.
    #[must_use]
    pub const fn sentence_on_paper(&self) -> &'static str {
        match self.names {
            Names::All => "Names shown, message text not included",
            Names::Leavers => "Only listed leavers named, message text not included",
            Names::Nobody => "Pseudonyms instead of names, message text not included",
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
        let [one, two] = ["p1", "p2"].map(|id| pseudonym(id, seed("")).unwrap());
        assert_eq!(read(Names::Leavers), ["Mei Tan", &two, "Employee, not named"]);
        assert_eq!(read(Names::Nobody), [&one, &two, "Employee, not named"]);
    }

    #[test]
    fn pseudonyms_differ_by_person_and_stay_within_a_matter() {
        for matter in ["", "Harbour 2026"] {
            let all: BTreeSet<String> = (1..=20_000).map(|n| pseudonym(&format!("p{n}"), seed(matter)).unwrap()).collect();
            assert_eq!(all.len(), 20_000);
        }
        let of = |matter: &str| ["p1", "p2", "p3"].map(|id| pseudonym(id, seed(matter)).unwrap());
        assert_eq!(of("Harbour 2026"), of("Harbour 2026"));
        assert!(of("Harbour 2026").iter().zip(of("Harbour 2027")).all(|(a, b)| *a != b), "two matters cannot be laid beside each other");
        let numbers = of("Harbour 2026").map(|p| p.trim_start_matches("Employee ").parse::<i64>().unwrap());
        assert!(numbers.windows(2).all(|w| (w[1] - w[0]).abs() > 1), "{numbers:?} are not in the order of the list");
        assert_eq!([pseudonym("Mei Tan", 1), pseudonym("p", 1), pseudonym("", 1)], [None, None, None]);
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
        assert_eq!(Veil::new(Names::Nobody, &answers()).whom(&finding), pseudonym("p1", seed("")).unwrap());
        let group = Finding { whom: "41 custodians".to_owned(), ..Finding::default() };
        assert_eq!(Veil::new(Names::Nobody, &answers()).whom(&group), "41 custodians");
        let all = Finding { whom: "all custodians on this channel".to_owned(), ..Finding::default() };
        assert_eq!(Veil::new(Names::Nobody, &answers()).whom(&all), "all custodians on this channel");
        let unknown = Finding { whom: "all Berg".to_owned(), ..Finding::default() };
        assert_eq!(Veil::new(Names::Nobody, &answers()).whom(&unknown), "Employee, not named");
    }
}
