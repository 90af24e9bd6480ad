//! The days of one custodian on one channel: for a calendar. Asked for one row at a time, so that the answers stay small.

use super::{Context, coverage};
use crate::model::daily::Daily;
use crate::time;

/// Days a calendar may have: thirty years. A wrong date in one record must not make an endless one.
const MOST: i32 = 11_000;

/// Messages per day, as far as sources reach; `None` when there is no such row.
#[must_use]
pub fn daily(context: &Context, person: &str, channel: &str) -> Option<Daily> {
    let line = coverage::lines(context)
        .into_iter()
        .find(|line| context.talks.slug(line.channel) == channel && context.parties.custodians.get(line.custodian as usize).is_some_and(|c| c.id == person))?;
    let cells = context.streams.get(line.custodian, line.channel).map(|s| s.cells.as_slice()).unwrap_or_default();
    // What a source reaches without a message is a day without messages; what none reaches is not known.
    let held = line.held.map(|(a, b)| line.reach.map_or((a, b), |r| (a.min(r.0), b.max(r.1))));
    let (from, to) = match (line.expected, held) {
        (Some((a, b)), Some((c, d))) => (a.min(c), b.max(d)),
        (Some(span), None) | (None, Some(span)) => span,
        (None, None) => return None,
    };
    let from = context.window.from.map_or(from, |first| from.max(first)).max(to.saturating_sub(MOST));
    let to = to.min(context.window.to);
    let mut counts: Vec<Option<u64>> = (from..=to).map(|day| held.filter(|(a, b)| (*a..=*b).contains(&day)).map(|_| 0)).collect();
    for cell in cells {
        if let Some(slot) = usize::try_from(cell.day - from).ok().and_then(|ix| counts.get_mut(ix)) {
            *slot = Some(u64::from(cell.count));
        }
    }
    let worked = (from..=to).map(|day| if context.calendar_of(line.custodian).is(day) { '1' } else { '0' }).collect();
    Some(Daily { person: person.to_owned(), channel: channel.to_owned(), from: time::day_name(from), counts, worked })
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{answer, day, firm};
    use super::super::{Context, Ground};
    use super::*;
    use crate::model::matter::{ChannelStatus, Scope};

    #[test]
    fn a_day_without_messages_is_zero_and_a_day_no_source_reaches_is_not_known() {
        let mut f = firm().employee("Mei Tan").started("2026-05-25").employee("Li Chen").channel("wechat", ChannelStatus::Approved, true);
        f.chat("wechat", "Mei Tan", "Huang Wei").daily_except("Huang Wei", "Mei Tan", "2026-06-01", "2026-06-30", 2, &[("2026-06-10", "2026-06-11")]);
        f.mail("plans").daily("Mei Tan", "Li Chen", "2026-06-01", "2026-07-10", 1);
        let dataset = f.dataset();
        let ground = Ground::new(&dataset, &f.matter, &Scope::default());
        let context = Context::new(&dataset, &f.matter, &Scope::default(), &ground);
        let answers = answer(&dataset, &f.matter, &Scope::default());
        let row = answers.coverage.iter().find(|r| r.custodian == "Mei Tan" && r.channel == "wechat").unwrap();
        let got = daily(&context, &row.person, "wechat").unwrap();
        let at = |date: &str| got.counts[usize::try_from(day(date) - day(&got.from)).unwrap()];
        assert_eq!([at("2026-06-10"), at("2026-06-13")], [Some(0), Some(0)]);
        assert!(at("2026-06-09").unwrap() >= 4);
        assert_eq!(at("2026-07-03"), None, "after the last record of an export without a date");
        assert_eq!(got.counts.iter().flatten().sum::<u64>(), row.messages, "the calendar and the table count the same");
        assert_eq!(got.counts.len(), got.worked.len());
        let worked: Vec<bool> =
            ["2026-06-12", "2026-06-13"].iter().map(|d| got.worked.as_bytes()[usize::try_from(day(d) - day(&got.from)).unwrap()] == b'1').collect();
        assert_eq!(worked, [true, false]);
        assert_eq!(daily(&context, "p99", "wechat"), None);
    }
}
