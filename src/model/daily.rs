//! The days of one row of coverage.

use serde::{Deserialize, Serialize};

/// Messages per day of one custodian on one channel.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Daily {
    /// Id of the custodian (`p12`).
    pub person: String,
    /// Slug.
    pub channel: String,
    /// First day, `2026-03-02`.
    pub from: String,
    /// Messages of each day from the first one on; `None` where no source reaches.
    pub counts: Vec<Option<u64>>,
    /// `1` for a business day, `0` for any other, a letter per day.
    pub worked: String,
}
