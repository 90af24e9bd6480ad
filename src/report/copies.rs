//! Two copies of one conversation, in words: for paper and for the page.

use super::phrase::{count, grouped, percent};
use super::veil::Veil;
use super::words;
use crate::model::answer::{CopyPair, CopySide, Evidence};

/// What the figures rest on, and what they cannot show.
pub const CAVEAT: &str = "Messages of text in the time both copies cover, matched by sender, text and time. How many there were in all assumes that the two sides lost messages \
independently of each other: what both deleted, or a timer deleted for both, shows in neither copy. Attachments, notices and messages deleted for everybody are not compared.";

/// Headings of the table; `#` marks a column of numbers.
pub const HEADS: [&str; 9] =
    ["Channel", "Kept by", "#Messages", "#Holds of the other", "Also kept by", "#Messages", "#Holds of the other", "#There were", "Clock of the other"];

/// Who keeps a copy, as far as names may be shown.
#[must_use]
pub fn keeper(side: &CopySide, veil: &Veil) -> String {
    let who = match side.keeper.as_str() {
        "custodian" => veil.name(&side.custodian, side.person.as_deref()),
        "outside" => "Somebody outside the firm".to_owned(),
        "archive" => "An archive".to_owned(),
        _ => "No owner known".to_owned(),
    };
    match &side.source {
        Some(source) => format!("{who}, {}", veil.place(&Evidence { source: source.clone(), ..Evidence::default() })),
        None => format!("{who}, mailboxes"),
    }
}

/// `97.5 % (94.2 to 98.9 %)`; a dash when there is nothing to compare.
#[must_use]
pub fn share(side: &CopySide) -> String {
    side.completeness.as_ref().map_or_else(|| "–".to_owned(), |e| format!("{} ({} to {})", percent(e.mid), percent(e.low), percent(e.high)))
}

/// How far the clock of the second copy differs from that of the first.
#[must_use]
pub fn clock(pair: &CopyPair) -> String {
    let said = |minutes: i64| match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => "the same".to_owned(),
        (h, m) => format!("{h}:{m:02} h {}", if minutes > 0 { "behind" } else { "ahead" }),
    };
    let also = pair.offset_also_minutes.map(|minutes| format!(", at times {}", said(minutes))).unwrap_or_default();
    said(pair.offset_minutes) + &also
}

/// A row of the table.
#[must_use]
pub fn row(pair: &CopyPair, veil: &Veil) -> [String; 9] {
    let whole = |v: f64| grouped(v.round().max(0.0) as u64);
    let (low, mid, high) = (whole(pair.total.low), whole(pair.total.mid), whole(pair.total.high));
    let total = if low == high { mid } else { format!("{mid} ({low} to {high})") };
    [
        words::channel(&pair.channel),
        keeper(&pair.first, veil),
        grouped(pair.first.messages),
        share(&pair.first),
        keeper(&pair.second, veil),
        grouped(pair.second.messages),
        share(&pair.second),
        total,
        clock(pair),
    ]
}

/// All pairs in a sentence.
#[must_use]
pub fn headline(pairs: &[CopyPair]) -> String {
    let whole = pairs.iter().filter(|p| p.first.only == 0 && p.second.only == 0).count();
    format!(
        "{} of one conversation compared; in {} neither lacks a message of the other",
        count(pairs.len() as u64, "pair of copies", "pairs of copies"),
        grouped(whole as u64)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_said_from_the_side_of_the_first() {
        let pair = |a: i64, b: Option<i64>| CopyPair { offset_minutes: a, offset_also_minutes: b, ..CopyPair::default() };
        assert_eq!(clock(&pair(0, None)), "the same");
        assert_eq!(clock(&pair(330, None)), "5:30 h behind");
        assert_eq!(clock(&pair(-60, Some(0))), "1:00 h ahead, at times the same");
    }
}
