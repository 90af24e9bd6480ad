//! Horizon: from when to when records of a custodian on a channel are required, and how late the first may be.

use super::conversations::rule;
use super::streams::Cell;
use super::{Context, presets};
use crate::time;

/// Months that are readily accessible when the preset names none and one is chosen.
const ACCESSIBLE: u32 = 24;

/// What is required of one custodian on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Required {
    /// Day from which records are required; `None` = no policy says so.
    pub from: Option<i32>,
    /// Last day required.
    pub to: i32,
}

impl Required {
    /// The days expected: from the required day, or from the first record when no policy tells.
    #[must_use]
    pub fn expected(&self, window_from: Option<i32>, first: Option<i32>) -> Option<(i32, i32)> {
        let from = self.from.or_else(|| first.map(|f| window_from.map_or(f, |w| w.max(f))))?;
        (from <= self.to).then_some((from, self.to))
    }
}

/// Required days of a custodian on a channel.
#[must_use]
pub fn required(context: &Context, custodian: u32, channel: u16) -> Required {
    let Some(person) = context.parties.custodians.get(custodian as usize) else { return Required::default() };
    let adopted = rule(context.matter, context.talks.slug(channel)).and_then(|r| r.adopted);
    let months = presets::of(context.matter).and_then(|p| p.months);
    let from = months.map(|m| time::months_before(context.window.as_of, m)).into_iter().chain(person.start).chain(adopted).chain(context.window.from).max();
    Required { from: from.filter(|_| months.is_some()), to: person.last_day.map_or(context.window.to, |d| d.min(context.window.to)) }
}

/// First day of the readily accessible period.
#[must_use]
pub fn accessible_from(context: &Context) -> Option<i32> {
    presets::of(context.matter).filter(|p| p.months.is_some()).map(|p| time::months_before(context.window.as_of, p.accessible.unwrap_or(ACCESSIBLE)))
}

/// Business days the first record may be late: the policy's, or the 95th percentile of the pauses of this stream.
#[must_use]
pub fn tolerance(context: &Context, custodian: u32, cells: &[Cell]) -> u64 {
    let mut pauses: Vec<u64> = cells.windows(2).filter_map(|w| Some(context.calendar_of(custodian).between(w.first()?.day, w.last()?.day))).collect();
    pauses.sort_unstable();
    let q95 = pauses.get((pauses.len() * 95 / 100).min(pauses.len().saturating_sub(1))).copied().unwrap_or(0);
    q95.max(u64::from(context.matter.policy.tolerance_days))
}
