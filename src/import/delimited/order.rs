//! Which of day, month and year comes first, told by a whole column.

use super::when::{Date, Written};
use crate::import::DateOrder;

/// Which orders of day and month the open dates of a column rule out, and how it moves in time under each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Orders {
    /// Open dates seen.
    pub open: u32,
    /// Not possible as day, month, year.
    pub not_dmy: u32,
    /// Not possible as month, day, year.
    pub not_mdy: u32,
    /// Not possible as year, month, day.
    pub not_ymd: u32,
    /// Steps backward of more than a day: day first, month first.
    pub backward: (u32, u32),
    last: (i32, i32),
}

impl Orders {
    /// Takes note of one date.
    pub fn see(&mut self, w: &Written) {
        let Date::Open(..) = w.date else { return };
        self.open += 1;
        let (dmy, mdy, ymd) = (w.day(DateOrder::Dmy), w.day(DateOrder::Mdy), w.day(DateOrder::Ymd));
        self.not_dmy += u32::from(dmy.is_none());
        self.not_mdy += u32::from(mdy.is_none());
        self.not_ymd += u32::from(ymd.is_none());
        if let (Some(d), Some(m)) = (dmy, mdy) {
            if self.last != (0, 0) {
                self.backward.0 += u32::from(d < self.last.0 - 1);
                self.backward.1 += u32::from(m < self.last.1 - 1);
            }
            self.last = (d, m);
        }
    }

    /// The order that fits (best), and whether the dates prove it. `None` where both fit and nothing tells.
    pub fn decide(&self) -> Option<(DateOrder, bool)> {
        match (self.not_dmy, self.not_mdy) {
            (0, 0) => match self.backward {
                (0, m) if m > 1 => Some((DateOrder::Dmy, false)),
                (d, 0) if d > 1 => Some((DateOrder::Mdy, false)),
                _ => None,
            },
            (d, m) if d < m => Some((DateOrder::Dmy, true)),
            (d, m) if m < d => Some((DateOrder::Mdy, true)),
            _ if self.not_ymd == 0 => Some((DateOrder::Ymd, true)),
            _ => None,
        }
    }
}
