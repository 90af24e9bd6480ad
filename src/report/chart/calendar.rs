//! A calendar of one row of coverage: a cell per day in a block of markup per year. The only grid here: its states are told apart by
//! rules that tests can hold.

use std::fmt::Write as _;

use super::state_word;
use crate::model::answer::CoverageRow;
use crate::model::daily::Daily;
use crate::report::phrase::count;
use crate::text::html;
use crate::time::{WEEKDAYS, civil, day_name, parse_day, weekday};

/// Lower bounds of the classes of messages a day.
const CLASSES: [u64; 5] = [1, 2, 10, 50, 200];
/// One day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub day: i32,
    /// Whether it is a business day.
    pub worked: bool,
    /// `None` where no source reaches.
    pub messages: Option<u64>,
    /// As in the spans of the row; empty where nothing is expected.
    pub state: String,
    /// Gap id, if the day lies in one.
    pub gap: Option<String>,
}

impl Day {
    /// Short name of the weekday.
    #[must_use]
    pub fn weekday(&self) -> &'static str {
        WEEKDAYS.get(usize::from(weekday(self.day))).copied().unwrap_or_default()
    }

    fn class(&self) -> &'static str {
        match (self.state.as_str(), self.messages) {
            ("A", _) => "gA",
            ("B", _) => "gB",
            ("C", _) => "gC",
            (_, Some(n)) if n > 0 => ["z", "v1", "v2", "v3", "v4", "v5"].get(CLASSES.iter().filter(|from| n >= **from).count()).copied().unwrap_or("z"),
            ("silence", _) => "si",
            ("covered", _) => "z",
            ("", _) => "no",
            _ => "un",
        }
    }

    /// The state in words. A day with a message counts as held even where the row is too quiet to be tested.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match (self.state.as_str(), self.messages) {
            ("", _) => "not expected",
            ("unknown", Some(n)) if n > 0 => "held, the row is too quiet to be tested",
            ("covered", Some(0)) => "covered, no messages",
            (state, _) => state_word(state),
        }
    }

    fn says(&self) -> String {
        let day = self.weekday();
        let messages = self
            .messages
            .map_or_else(|| "no source reaches this day".to_owned(), |n| if n == 0 { "no messages".to_owned() } else { count(n, "message", "messages") });
        let worked = if self.worked { "" } else { ", no business day" };
        format!("{} {day}: {messages}, {}{worked}", day_name(self.day), self.word())
    }
}

/// The days of a row in order, with the state each has in the answers.
#[must_use]
pub fn days(daily: &Daily, row: &CoverageRow) -> Vec<Day> {
    let Some(first) = parse_day(&daily.from) else { return Vec::new() };
    let spans: Vec<_> = row.spans.iter().filter_map(|span| Some((parse_day(&span.from)?, parse_day(&span.to)?, span))).collect();
    daily
        .counts
        .iter()
        .zip(daily.worked.bytes())
        .zip(first..)
        .map(|((messages, worked), day)| {
            let span = spans.iter().find(|(from, to, _)| (*from..=*to).contains(&day)).map(|(_, _, span)| *span);
            Day {
                day,
                worked: worked == b'1',
                messages: *messages,
                state: span.map(|span| span.state.clone()).unwrap_or_default(),
                gap: span.and_then(|span| span.gap.clone()),
            }
        })
        .collect()
}

/// A block of markup per year. A week is a row, a day a cell; the style sheet lays weeks beside each other where there is room.
#[must_use]
pub fn calendar(cells: &[Day]) -> Vec<String> {
    let last = cells.last().map_or(0, |cell| cell.day);
    let mut out: Vec<(i32, String)> = Vec::new();
    let mut month = 0;
    for cell in cells {
        let (year, now, _) = civil(cell.day);
        let fresh = out.last().is_none_or(|(known, _)| *known != year);
        if fresh {
            if let Some((_, markup)) = out.last_mut() {
                markup.push_str("</div></div>");
            }
            let mut markup = format!(
                "<h3 class=\"s\">{year}</h3><div class=\"cal\" role=\"grid\" aria-label=\"{year}, a row per week\"><div role=\"row\"><span role=\"columnheader\"><span class=\"vh\">Week of</span></span>"
            );
            for day in WEEKDAYS {
                let _ = write!(markup, "<span role=\"columnheader\" class=\"d\">{day}</span>");
            }
            out.push((year, markup));
            month = 0;
        }
        let Some((_, markup)) = out.last_mut() else { continue };
        let at = weekday(cell.day);
        if fresh || at == 0 {
            let label = if now == month { String::new() } else { format!("{year}-{now:02}") };
            month = now;
            let _ = write!(
                markup,
                "</div><div role=\"row\"><span role=\"rowheader\" class=\"m\"><span class=\"vh\">Week of {}</span><b aria-hidden=\"true\">{label}</b></span>",
                day_name(cell.day)
            );
            if fresh {
                for _ in 0..at {
                    markup.push_str("<span role=\"gridcell\"></span>");
                }
            }
        }
        one(markup, cell, cell.day == last);
    }
    if let Some((_, markup)) = out.last_mut() {
        markup.push_str("</div></div>");
    }
    out.into_iter().map(|(_, markup)| markup).collect()
}

fn one(out: &mut String, cell: &Day, stop: bool) {
    let says = cell.says();
    let gap = cell.gap.as_deref().map(|gap| format!(" data-gap=\"{}\"", html(gap))).unwrap_or_default();
    let rest = if cell.worked { "" } else { " we" };
    let number = cell.messages.filter(|n| *n > 0).map(|n| format!(" data-n=\"{n}\"")).unwrap_or_default();
    let _ = write!(
        out,
        "<span role=\"gridcell\" class=\"dy {}{rest}\" data-day=\"{}\" data-key=\"d:{}\" data-say=\"{says}\" aria-label=\"{says}\" tabindex=\"{}\"{gap}{number}></span>",
        cell.class(),
        cell.day,
        cell.day,
        if stop { 0 } else { -1 }
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::answer::Span;

    fn row() -> CoverageRow {
        let span = |from: &str, to: &str, state: &str, gap: Option<&str>| Span {
            from: from.to_owned(),
            to: to.to_owned(),
            state: state.to_owned(),
            gap: gap.map(str::to_owned),
            explained: false,
        };
        CoverageRow {
            spans: vec![
                span("2025-12-30", "2026-01-02", "covered", None),
                span("2026-01-03", "2026-01-06", "A", Some("g1")),
                span("2026-01-07", "2026-01-08", "unknown", None),
            ],
            ..CoverageRow::default()
        }
    }

    fn daily() -> Daily {
        let counts = vec![Some(3), Some(0), None, Some(12), None, None, None, None, None, None, None];
        Daily { from: "2025-12-30".to_owned(), counts, worked: "11010011111".to_owned(), ..Daily::default() }
    }

    #[test]
    fn each_day_has_the_state_of_its_span_and_an_unknown_one_is_no_zero() {
        let got = days(&daily(), &row());
        let classes: Vec<&str> = got.iter().map(Day::class).collect();
        assert_eq!(classes, ["v2", "z", "z", "v3", "gA", "gA", "gA", "gA", "un", "un", "no"]);
        assert!(got[2].says().contains("no source reaches this day"), "{}", got[2].says());
        assert_eq!(got[0].says(), "2025-12-30 Tue: 3 messages, covered");
        assert!(got[4].says().ends_with("missing, no business day"));
    }

    #[test]
    fn one_block_per_year_and_one_tab_stop() {
        let blocks = calendar(&days(&daily(), &row()));
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks.concat().matches("tabindex=\"0\"").count(), 1);
        assert_eq!(blocks.concat().matches("data-day=").count(), 11);
        for block in &blocks {
            assert_eq!(block.matches("<div").count(), block.matches("</div>").count());
        }
        // The first week of 2026 begins on a Thursday: three places are left empty.
        assert_eq!(blocks[1].matches("<span role=\"gridcell\"></span>").count(), 3);
    }
}
