//! Document numbers: a prefix and a counter. Within a production they run without gaps, so a missing one is a missing document; numbers
//! given before documents were chosen (control numbers) have gaps everywhere, which prove nothing.

use std::collections::BTreeMap;

use crate::import::sink::Sink;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Ranges kept, at most.
const LIMIT: usize = 8 << 20;
/// Holes stated one by one for one prefix; the rest becomes one statement.
const HOLES: usize = 200;
/// Prefixes looked at, at most: more are no Bates numbers.
const PREFIXES: usize = 1000;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Range {
    first: u64,
    last: u64,
    offset: u64,
    line: u32,
}

/// The numbers of one load file.
#[derive(Default)]
pub struct Numbers {
    ranges: BTreeMap<String, (usize, Vec<Range>)>,
    kept: usize,
    /// Numbers that could not be kept.
    full: bool,
}

/// Prefix and counter of a number: `ABC-0000123` or `REL 00012.0003`.
fn parts(number: &str) -> Option<(&str, u64, usize)> {
    let digits = number.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (prefix, counter) = number.split_at_checked(number.len() - digits)?;
    (1..=15).contains(&digits).then_some(())?;
    Some((prefix, counter.parse().ok()?, digits))
}

impl Numbers {
    /// A document and its numbers; `end` is empty where a document has one.
    pub fn hold(&mut self, begin: &str, end: &str, at: Position) {
        let Some((prefix, first, digits)) = parts(begin) else { return };
        let last = parts(end).filter(|(p, n, _)| *p == prefix && *n >= first && *n - first < 10_000_000).map_or(first, |(_, n, _)| n);
        if self.kept >= LIMIT || (self.ranges.len() >= PREFIXES && !self.ranges.contains_key(prefix)) {
            self.full = true;
            return;
        }
        self.kept += 1;
        let held = self.ranges.entry(prefix.to_owned()).or_default();
        held.0 = held.0.max(digits);
        held.1.push(Range { first, last, offset: at.offset, line: at.line });
    }

    /// Says which numbers are absent.
    pub fn tell(&mut self, sink: &mut Sink) {
        if self.full {
            let what = "Too many document numbers or prefixes: they were not all examined for gaps";
            sink.notice("dat_numbers_not_examined", what, 1);
        }
        for (prefix, (digits, ranges)) in &mut self.ranges {
            ranges.sort_unstable();
            let name = |n: u64| format!("{prefix}{n:0digits$}");
            let mut holes = Vec::new();
            let mut held = 0u64;
            let mut end: Option<u64> = None;
            for range in ranges.iter() {
                if let Some(end) = end.filter(|e| range.first > e.saturating_add(1)) {
                    holes.push((end + 1, range.first - 1, Position::line(range.offset, range.line)));
                }
                held += (range.last + 1).saturating_sub(range.first.max(end.map_or(0, |e| e + 1)));
                end = Some(end.map_or(range.last, |e| e.max(range.last)));
            }
            let absent: u64 = holes.iter().map(|(a, b, _)| b - a + 1).sum();
            if holes.is_empty() {
                continue;
            }
            if absent > held || held < 3 {
                let what = format!(
                    "Document numbers have gaps throughout ({held} held, {absent} absent): they were given before documents were chosen, and prove nothing"
                );
                sink.notice("dat_sparse_numbers", what, 1);
                continue;
            }
            for (a, b, at) in holes.iter().take(HOLES) {
                let detail = if a == b { name(*a) } else { format!("{} to {}", name(*a), name(*b)) };
                sink.statement(StatementKind::IdHole, None, None, None, b - a + 1, *at, &detail);
            }
            if let Some((a, _, at)) = holes.get(HOLES) {
                let rest: u64 = holes.iter().skip(HOLES).map(|(a, b, _)| b - a + 1).sum();
                let detail = format!("{} more gaps from {}", holes.len() - HOLES, name(*a));
                sink.statement(StatementKind::IdHole, None, None, None, rest, *at, &detail);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_a_prefix_and_a_counter() {
        assert_eq!(parts("ABC-0000123"), Some(("ABC-", 123, 7)));
        assert_eq!(parts("REL00012.0003"), Some(("REL00012.", 3, 4)));
        assert_eq!(parts("ABC"), None);
        assert_eq!(parts("1234567890123456"), None);
    }
}
