//! Day first or month first: decided once per file from everything the file shows, never per line.

use super::super::DateOrder;
use super::head::Head;
use crate::model::ledger::{Basis, Decided, Question};
use crate::time;

/// Rows kept to show a person.
const SHOWN: usize = 3;
/// Changes of order that are followed; a file with more is no export.
const MAX_RUNS: usize = 256;

/// What the dates of a file show, gathered while reading.
#[derive(Default)]
pub struct Evidence {
    last: Option<(u8, u8, u16)>,
    /// Day numbers of the last date, day first and month first.
    days: [Option<i32>; 2],
    backward: [u32; 2],
    changes: [u32; 2],
    media: [u32; 2],
    future: [bool; 2],
    year_first: bool,
    dots: bool,
    differing: bool,
    shown: Vec<(u32, String, String, String)>,
    runs: Vec<Run>,
    last_proof: usize,
}

/// Rows from here on are proven to be written in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// First row that proves it.
    row: usize,
    /// Last row that proved the order before.
    after: usize,
    order: DateOrder,
}

/// The outcome.
pub struct Decision {
    /// For the ledger.
    pub said: Decided,
    /// Set when a person has to say.
    pub question: Option<Question>,
    /// Contradictions, for notices: attachment names against the decision.
    pub conflicts: u32,
    /// Whether both orders occur.
    pub mixed: bool,
    order: DateOrder,
}

impl Evidence {
    /// Takes the date of a head. Gives its day number in the first possible reading, day first tried before month first.
    #[inline]
    pub fn see(&mut self, head: &Head, line: &[u8], number: u32, row: usize, modified: Option<i64>) -> i32 {
        if self.last == Some((head.a, head.b, head.year)) {
            if head.a > 12 || head.b > 12 {
                self.last_proof = row;
            }
            return self.days[0].or(self.days[1]).unwrap_or(0);
        }
        self.date(head, line, number, row, modified)
    }

    fn date(&mut self, head: &Head, line: &[u8], number: u32, row: usize, modified: Option<i64>) -> i32 {
        let days = [head.day(DateOrder::Dmy), if head.shape.year_first() { None } else { head.day(DateOrder::Mdy) }];
        let before = self.last.replace((head.a, head.b, head.year));
        for (((now, last), backward), future) in days.iter().zip(&self.days).zip(&mut self.backward).zip(&mut self.future) {
            if let (Some(now), Some(last)) = (now, last) {
                *backward += u32::from(*now < last - 1);
            }
            if let (Some(now), Some(modified)) = (now, modified) {
                *future |= *now > time::day(modified) + 1;
            }
        }
        self.days = days;
        if head.shape.year_first() {
            self.year_first = true;
            return days[0].unwrap_or(0);
        }
        self.dots |= head.shape.dots();
        if let Some((a, b, _)) = before {
            let [first, second] = &mut self.changes;
            *first += u32::from(a != head.a);
            *second += u32::from(b != head.b);
        }
        match (days, head.a != head.b) {
            ([Some(d), Some(m)], true) => {
                self.differing = true;
                if self.shown.len() < SHOWN {
                    let written = line.get(head.date.0..head.date.1).map(|w| crate::text::clean_name(&String::from_utf8_lossy(w))).unwrap_or_default();
                    self.shown.push((number, written, time::day_name(d), time::day_name(m)));
                }
            }
            ([Some(_), None], _) => self.proof(DateOrder::Dmy, row),
            ([None, Some(_)], _) => self.proof(DateOrder::Mdy, row),
            _ => {}
        }
        days[0].or(days[1]).unwrap_or(0)
    }

    fn proof(&mut self, order: DateOrder, row: usize) {
        if self.runs.last().is_none_or(|r| r.order != order) && self.runs.len() < MAX_RUNS {
            let after = if self.runs.is_empty() { 0 } else { self.last_proof };
            self.runs.push(Run { row, after, order });
        }
        self.last_proof = row;
    }

    /// A file name that carries a date, in the record whose date was seen last: `IMG-20240105-WA0001.jpg`.
    pub fn media_day(&mut self, day: i32) {
        let [Some(d), Some(m)] = self.days else { return };
        if d == m {
            return;
        }
        let [dmy, mdy] = &mut self.media;
        // A phone may write the name a little before or after midnight.
        *dmy += u32::from((d - day).abs() <= 1);
        *mdy += u32::from((m - day).abs() <= 1);
    }

    /// Decides. `stated`: what a person has said.
    #[must_use]
    pub fn decide(&self, stated: Option<DateOrder>) -> Decision {
        let (order, basis, why) = self.reading(stated);
        let [dmy, mdy] = self.media;
        let conflicts = match order {
            DateOrder::Dmy if mdy > dmy => mdy,
            DateOrder::Mdy if dmy > mdy => dmy,
            _ => 0,
        };
        let question = (basis == Basis::Ambiguous).then(|| Question::DateOrder { lines: self.shown.clone(), backward: self.backward.into() });
        Decision {
            said: Decided { value: order.word().to_owned(), basis, why },
            question,
            conflicts,
            mixed: stated.is_none() && !self.year_first && self.runs.len() > 1,
            order,
        }
    }

    fn reading(&self, stated: Option<DateOrder>) -> (DateOrder, Basis, String) {
        use DateOrder::{Dmy, Mdy, Ymd};
        if self.year_first {
            return (Ymd, Basis::Proven, "the year stands first".into());
        }
        if let Some(order) = stated {
            return (if order == Mdy { Mdy } else { Dmy }, Basis::Stated, "stated".into());
        }
        if let Some(run) = self.runs.first() {
            let part = if run.order == Dmy { "first" } else { "second" };
            let mixed = if self.runs.len() > 1 { "; the order changes within the file" } else { "" };
            return (run.order, Basis::Proven, format!("the {part} part goes above 12{mixed}"));
        }
        if self.dots {
            return (Dmy, Basis::Proven, "dates with dots are written day first everywhere".into());
        }
        if !self.differing {
            return (Dmy, Basis::NotNeeded, "both readings give the same dates".into());
        }
        self.weighed()
    }

    /// Nothing goes above 12: file names, backward steps, the time of the export, and which part changes faster.
    fn weighed(&self) -> (DateOrder, Basis, String) {
        use DateOrder::{Dmy, Mdy};
        let pick = |first: bool| if first { Dmy } else { Mdy };
        let [dmy, mdy] = self.media;
        if dmy != mdy {
            return (pick(dmy > mdy), Basis::Proven, format!("the names of {} attachments carry their dates", dmy.max(mdy)));
        }
        let [dmy, mdy] = self.backward;
        if dmy != mdy {
            return (pick(dmy < mdy), Basis::Assumed, format!("{dmy} backward steps read day first, {mdy} read month first"));
        }
        if self.future[0] != self.future[1] {
            return (pick(self.future[1]), Basis::Assumed, "the other reading lies after the export was made".into());
        }
        // The part that changes faster is the day; a few changes show nothing.
        let [first, second] = self.changes;
        if first.max(second) >= 5 && first.max(second) >= 3 * first.min(second).max(1) {
            let part = if first > second { "first" } else { "second" };
            return (pick(first > second), Basis::Assumed, format!("the {part} part changes {} times, the other {}", first.max(second), first.min(second)));
        }
        (Dmy, Basis::Ambiguous, format!("no part goes above 12, {dmy} backward steps in either reading; read day first until someone says"))
    }

    /// Turns times that were stored day first where possible into times of the decision. `times`: of the source's rows, in order.
    pub fn settle(&self, decision: &Decision, times: &mut [i64]) {
        if self.year_first {
            return;
        }
        if !decision.mixed {
            if decision.order == DateOrder::Mdy {
                // Rows of one day stand together.
                let mut known = (i32::MIN, 0);
                for t in times {
                    let day = time::day(*t);
                    if known.0 != day {
                        known = (day, time::day_month_swapped(*t) - *t);
                    }
                    *t += known.1;
                }
            }
            return;
        }
        let mut runs = self.runs.iter().peekable();
        let mut order = decision.order;
        let mut last = None::<i64>;
        for row in 0..times.len() {
            let next = runs.peek().copied().copied();
            // Beyond this row of the run to come the old order may have ended already.
            let target = next.and_then(|n| times.get(n.row).copied().map(|t| (n, t)));
            let Some(time) = times.get_mut(row) else { return };
            if let Some((run, until)) = target {
                let old = read_as(*time, order);
                let leaves = old > until + time::DAY || last.is_some_and(|l| old < l - time::DAY);
                if row >= run.row || (row > run.after && leaves && run.order != order) {
                    order = run.order;
                    if row >= run.row {
                        runs.next();
                    }
                }
            }
            *time = read_as(*time, order);
            last = Some(*time);
        }
    }
}

fn read_as(time: i64, order: DateOrder) -> i64 {
    if order == DateOrder::Mdy { time::day_month_swapped(time) } else { time }
}

#[cfg(test)]
mod tests {
    use super::super::head;
    use super::*;

    fn decide(dates: &[&str]) -> (String, Basis, Vec<String>) {
        let mut e = Evidence::default();
        let mut times = Vec::new();
        for (row, date) in dates.iter().enumerate() {
            let line = format!("{date}, 10:00 - A: x");
            let h = head::parse(line.as_bytes()).unwrap();
            times.push(i64::from(e.see(&h, line.as_bytes(), 1, row, None)) * time::DAY);
        }
        let d = e.decide(None);
        e.settle(&d, &mut times);
        (d.said.value, d.said.basis, times.iter().map(|t| time::day_name(time::day(*t))).collect())
    }

    #[test]
    fn each_rule_decides_in_its_turn() {
        for (dates, order, basis) in [
            (&["2024/01/05", "2024/01/06"][..], "ymd", Basis::Proven),
            (&["1.2.24", "2.2.24"], "dmy", Basis::Proven),
            (&["1/2/24", "13/2/24"], "dmy", Basis::Proven),
            (&["1/2/24", "1/13/24"], "mdy", Basis::Proven),
            (&["1/1/24", "2/2/24"], "dmy", Basis::NotNeeded),
            (&["11/1/24", "12/1/24", "1/2/24", "3/2/24"], "dmy", Basis::Assumed),
            (&["1/2/24", "1/3/24", "1/4/24", "1/5/24", "1/6/24", "1/7/24"], "mdy", Basis::Assumed),
            (&["2/11/19", "10/11/19", "2/11/19"], "dmy", Basis::Ambiguous),
            (&["1/2/24"], "dmy", Basis::Ambiguous),
        ] {
            let got = decide(dates);
            assert_eq!((got.0.as_str(), got.1), (order, basis), "{dates:?}");
        }
    }

    #[test]
    fn month_first_times_are_turned_at_the_end() {
        assert_eq!(decide(&["1/2/24", "1/13/24", "2/3/24"]).2, ["2024-01-02", "2024-01-13", "2024-02-03"]);
    }

    #[test]
    fn a_file_of_two_orders_is_read_run_by_run() {
        let got = decide(&["1/2/24", "13/2/24", "1/3/24", "3/5/24", "3/14/24", "4/1/24"]).2;
        assert_eq!(got, ["2024-02-01", "2024-02-13", "2024-03-01", "2024-03-05", "2024-03-14", "2024-04-01"]);
    }

    #[test]
    fn attachment_names_decide_where_parts_do_not() {
        let mut e = Evidence::default();
        let line = b"1/2/24, 10:00 - A: x";
        e.see(&head::parse(line).unwrap(), line, 1, 0, None);
        e.media_day(time::day_of(2024, 1, 2).unwrap());
        assert_eq!(e.decide(None).said.value, "mdy");
    }
}
