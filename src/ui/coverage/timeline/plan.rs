//! The lines of the timeline and where they stand: made once for thousands of them; what a line shows is made when it is drawn.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::Answers;
use crate::model::answer::CoverageRow;
use crate::report::chart::{Drawn, Placed, state_word};
use crate::report::custodians::{Custodian, Part, track};
use crate::report::{phrase, words};
use crate::time::parse_day;

/// One custodian, as drawn.
struct Person {
    name: String,
    id: String,
    last_day: Option<i32>,
}

/// One line.
enum Line {
    Group {
        name: String,
        sums: String,
        open: bool,
    },
    Person(usize),
    /// Custodian, and the place of the row in the answers.
    Row(usize, usize),
}

/// All lines.
pub(super) struct Plan {
    answers: Arc<Answers>,
    people: Vec<Person>,
    lines: Vec<Line>,
    /// Upper edge of each line, and the lower edge of the last.
    tops: Vec<f64>,
    /// Gaps that are shown; `None` = all.
    shown: Option<BTreeSet<String>>,
    /// Days of the whole: first, and end of the last.
    pub(super) days: (f64, f64),
    /// Last day of any source.
    pub(super) sources_end: Option<i32>,
    /// Bars below the names.
    pub(super) narrow: bool,
}

/// What is drawn.
pub(super) struct Wanted<'a, 'b> {
    pub(super) answers: &'a Arc<Answers>,
    pub(super) list: &'b [&'b Custodian<'a>],
    pub(super) parts: Option<&'b [Part<'a, 'b>]>,
    pub(super) folded: &'b BTreeSet<String>,
    pub(super) shown: Option<BTreeSet<String>>,
    /// Whether a row is shown.
    pub(super) row: &'b dyn Fn(&CoverageRow) -> bool,
    pub(super) axis: (i32, i32, Option<i32>),
    pub(super) narrow: bool,
}

impl Plan {
    /// Places all lines.
    pub(super) fn new(wanted: Wanted) -> Self {
        let (from, to, sources_end) = wanted.axis;
        let mut plan = Self {
            answers: Arc::clone(wanted.answers),
            people: Vec::new(),
            lines: Vec::new(),
            tops: vec![0.0],
            shown: wanted.shown,
            days: (f64::from(from), f64::from(to + 1)),
            sources_end,
            narrow: wanted.narrow,
        };
        match wanted.parts {
            None => wanted.list.iter().for_each(|custodian| plan.person(custodian, wanted.row)),
            Some(parts) => {
                for part in parts {
                    let open = !wanted.folded.contains(&part.name);
                    plan.line(Line::Group { name: part.name.clone(), sums: part.sums(), open }, 36.0);
                    if open {
                        part.members.iter().for_each(|custodian| plan.person(custodian, wanted.row));
                    }
                }
            }
        }
        plan
    }

    fn line(&mut self, line: Line, height: f64) {
        self.lines.push(line);
        self.tops.push(self.height() + height);
    }

    fn person(&mut self, custodian: &Custodian, shows: &dyn Fn(&CoverageRow) -> bool) {
        let at = self.people.len();
        let last_day = custodian.last_day.and_then(parse_day);
        self.people.push(Person { name: custodian.name.clone(), id: custodian.person.to_owned(), last_day });
        self.line(Line::Person(at), 30.0);
        let height = if self.narrow { 38.0 } else { 24.0 };
        for (_, place) in custodian.rows.iter().zip(&custodian.places).filter(|(row, _)| shows(row)) {
            self.line(Line::Row(at, *place), height);
        }
    }

    /// Number of lines.
    pub(super) const fn len(&self) -> usize {
        self.lines.len()
    }

    /// Height of all lines.
    pub(super) fn height(&self) -> f64 {
        self.tops.last().copied().unwrap_or(0.0)
    }

    /// Upper edge of a line.
    pub(super) fn top(&self, index: usize) -> f64 {
        self.tops.get(index).copied().unwrap_or_else(|| self.height())
    }

    /// The line at a height.
    pub(super) fn at(&self, y: f64) -> usize {
        self.tops.partition_point(|top| *top <= y).saturating_sub(1).min(self.len().saturating_sub(1))
    }

    /// A line as it is drawn.
    pub(super) fn placed(&self, index: usize) -> Option<Placed> {
        let y = self.top(index);
        let height = self.top(index + 1) - y;
        let (drawn, last_day) = match self.lines.get(index)? {
            Line::Group { name, sums, open } => (Drawn::Group { name: name.clone(), sums: sums.clone(), open: *open }, None),
            Line::Person(person) => {
                let person = self.people.get(*person)?;
                (Drawn::Person(person.name.clone()), person.last_day)
            }
            Line::Row(person, place) => {
                let (person, row) = (self.people.get(*person)?, self.answers.coverage.get(*place)?);
                let mut track = track(&person.name, &person.id, row);
                if let Some(shown) = &self.shown {
                    for bar in track.bars.iter_mut().filter(|bar| bar.gap.as_ref().is_some_and(|gap| !shown.contains(gap))) {
                        (bar.gap, bar.state) = (None, "other".to_owned());
                    }
                }
                (Drawn::Row(track), person.last_day)
            }
        };
        Some(Placed { y, height, index, last_day, drawn })
    }

    /// Custodian and channel of a line, to find it again among other lines.
    pub(super) fn name(&self, index: usize) -> Option<(&str, &str)> {
        match self.lines.get(index)? {
            Line::Group { name, .. } => Some((name, "")),
            Line::Person(person) => Some((&self.people.get(*person)?.name, "")),
            Line::Row(person, place) => Some((&self.people.get(*person)?.name, &self.answers.coverage.get(*place)?.channel)),
        }
    }

    /// What stands at a height on a day, in words.
    pub(super) fn says(&self, y: f64, day: f64) -> Option<String> {
        let Line::Row(person, place) = self.lines.get(self.at(y))? else { return None };
        let (person, row) = (self.people.get(*person)?, self.answers.coverage.get(*place)?);
        let day = day.floor() as i32;
        let within = |from: &str, to: &str| parse_day(from).is_some_and(|from| from <= day) && parse_day(to).is_some_and(|to| day <= to);
        let who = format!("{}, {}", words::channel(&row.channel), person.name);
        let Some(span) = row.spans.iter().find(|span| within(&span.from, &span.to)) else {
            return Some(format!("{who}, {}: not expected", crate::time::day_name(day)));
        };
        let hidden = self.shown.as_ref().is_some_and(|shown| span.gap.as_ref().is_some_and(|gap| !shown.contains(gap)));
        let word = if hidden { state_word("other") } else { state_word(&span.state) };
        Some(format!("{who}: {word}, {}", phrase::period(Some(&span.from), Some(&span.to))))
    }
}
