//! The verdict: one word and one sentence from the figures. Screen and paper say the same.

use super::phrase;
use crate::model::Answers;

/// Required days covered from which the records are called complete; a gap of class A or B still speaks against it.
const COMPLETE: f64 = 0.995;

/// How the figures stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Complete.
    Yes,
    /// Something is to be done.
    NotYet,
    /// Records are missing for certain, or most are not covered.
    No,
    /// Nothing says what is required.
    Unknown,
}

impl Standing {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::NotYet => "Not yet",
            Self::No => "No",
            Self::Unknown => "Unknown",
        }
    }
}

/// Days required and covered over all rows.
#[must_use]
pub fn days(answers: &Answers) -> (u64, u64) {
    answers.coverage.iter().fold((0, 0), |(e, c), row| (e + row.expected_days, c + row.covered_days))
}

/// Whether the records are complete, and the sentence.
#[must_use]
pub fn verdict(answers: &Answers) -> (Standing, String) {
    let (expected, covered) = days(answers);
    let personal = answers.channels.firm_owned_client_share.as_ref().map(|s| 1.0 - s.value);
    let tail = personal.filter(|p| *p > 0.0).map(|p| format!("{} of client conversation runs on accounts the firm does not own", phrase::percent(p)));
    let Some(share) = phrase::ratio(covered, expected) else {
        let tail = tail.map(|t| format!("; {t}")).unwrap_or_default();
        return (Standing::Unknown, format!("Nothing says what must be kept: without a people list and a policy, coverage cannot be stated{tail}."));
    };
    let proven = answers.gaps.iter().filter(|g| g.class == "A" && g.is_open()).count();
    let silent = answers.gaps.iter().filter(|g| g.class == "B" && g.is_open()).count();
    let head = format!("Records cover {}{}% of what the policy requires", phrase::tenths(share), phrase::THIN);
    let sentence = match tail {
        Some(tail) => format!("{head}, but {tail}."),
        None => format!("{head}."),
    };
    let low = personal.is_none_or(|p| p < 0.05);
    let standing = if share >= COMPLETE && proven == 0 && silent == 0 && low {
        Standing::Yes
    } else if share < 0.5 || proven > 0 && answers.findings.iter().any(|f| f.severity == "high" && f.question == "gaps") {
        Standing::No
    } else {
        Standing::NotYet
    };
    (standing, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::answer::{CoverageRow, Gap};

    fn answers(covered: u64) -> Answers {
        Answers { coverage: vec![CoverageRow { expected_days: 1000, covered_days: covered, ..CoverageRow::default() }], ..Answers::default() }
    }

    #[test]
    fn what_is_not_known_is_not_called_complete() {
        assert_eq!(verdict(&Answers::default()).0, Standing::Unknown);
        assert_eq!(verdict(&answers(1000)), (Standing::Yes, "Records cover 100\u{202f}% of what the policy requires.".to_owned()));
        assert_eq!(verdict(&answers(912)), (Standing::NotYet, "Records cover 91.2\u{202f}% of what the policy requires.".to_owned()));
        assert_eq!(verdict(&answers(400)).0, Standing::No);
    }

    #[test]
    fn a_gap_that_is_proved_speaks_against_it() {
        let mut answers = answers(1000);
        answers.gaps.push(Gap { class: "A".to_owned(), ..Gap::default() });
        assert_eq!(verdict(&answers).0, Standing::NotYet);
        answers.gaps[0].explained = Some(crate::model::answer::Explained::default());
        assert_eq!(verdict(&answers).0, Standing::Yes, "until somebody explains it");
    }
}
