//! A laboratory of streams: people who write on three channels for two years, what is taken out of it, and what only looks as if something
//! were missing. Batches are made as readers make them, without text; the audit answers them like any other. Two thirds of the traffic is
//! of the family the silence test assumes; the rest is not, since a test always looks good on traffic drawn from its own model.
//!
//! ```text
//! plan ─> person (flow ─> notes) ─> events ─> world (people, matter, facts) ─> measure ─> report
//! ```

pub mod events;
pub mod fit;
pub mod flow;
pub mod measure;
pub mod office;
pub mod report;
pub mod rules;
pub mod world;

use super::random::Random;

/// Messages a business day of the rate classes.
pub const RATES: [f64; 5] = [0.3, 1.0, 3.0, 10.0, 30.0];
/// Dispersion of the burstiness classes.
pub const BURSTS: [f64; 3] = [0.5, 1.0, 2.0];
/// Channels: two that archives hold for everybody, one of which everyone hands over an export.
pub const CHANNELS: [&str; 3] = ["email", "teams", "whatsapp"];
/// Which of them everyone exports.
pub const OWN: usize = 2;
/// People of one world.
pub const PEOPLE: usize = 40;

/// How messages of a stream are spread over its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Negative binomial counts, day by day: what the test assumes.
    Counts,
    /// Sessions with heavy-tailed pauses between them (a power law with a cut-off).
    Pauses,
    /// Messages that beget messages (a self-exciting process).
    Echoes,
    /// Relations that begin and end, some of them busy.
    Projects,
}

impl Family {
    /// All.
    pub const ALL: [Self; 4] = [Self::Counts, Self::Pauses, Self::Echoes, Self::Projects];

    /// Name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Pauses => "pauses",
            Self::Echoes => "echoes",
            Self::Projects => "projects",
        }
    }
}

/// What happened: a loss, or something that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A range of business days of one channel.
    Range(u32),
    /// A conversation from its beginning to its end.
    Whole,
    /// Percent of the messages of a channel, anywhere.
    Random(u32),
    /// Everything before a day.
    Head,
    /// Everything after a day.
    Tail,
    /// One counterpart for 20 to 40 business days.
    Counterpart,
    /// Business days of everybody on a channel that an archive holds.
    Outage(u32),
    /// Business days of everybody on a channel that people export themselves.
    OwnOutage(u32),
    /// From a day on, this percentage is left.
    Drop(u32),
    /// Leave on the list.
    LeaveTold,
    /// Leave on no list.
    LeaveUntold,
    /// The office is closed, and no list says so.
    Closure,
    /// The relation with the main client ends.
    Ended,
    /// The main client moves to another channel for good.
    Moved,
    /// Everybody moves to another channel for 10 to 25 business days.
    MovedAway,
    /// The weekend changes.
    Week,
    /// Another job: traffic fades to a tenth.
    Faded,
}

impl Kind {
    /// Whether messages are missing.
    #[must_use]
    pub const fn loss(self) -> bool {
        !matches!(self, Self::LeaveTold | Self::LeaveUntold | Self::Closure | Self::Ended | Self::Moved | Self::MovedAway | Self::Week | Self::Faded)
    }

    /// What it is in the table of confusions.
    #[must_use]
    pub const fn truth(self) -> &'static str {
        match self {
            Self::Moved | Self::MovedAway => "migration",
            Self::LeaveTold | Self::LeaveUntold | Self::Closure | Self::Week => "absence",
            Self::Ended | Self::Faded => "less work",
            _ => "loss",
        }
    }

    /// The sort of negative control, as the method notes list them: leave, closure, client ended, migration, weekend, job.
    #[must_use]
    pub const fn sort(self) -> &'static str {
        match self {
            Self::LeaveTold => "leave on the list",
            Self::LeaveUntold => "leave on no list",
            Self::Closure => "closure",
            Self::Ended => "client ended",
            Self::Moved | Self::MovedAway => "migration",
            Self::Week => "weekend",
            Self::Faded => "job",
            _ => "loss",
        }
    }

    /// Name in tables.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Range(n) => format!("range {n:>2}"),
            Self::Whole => "whole conversation".into(),
            Self::Random(p) => format!("random {p:>2} %"),
            Self::Head => "head".into(),
            Self::Tail => "tail".into(),
            Self::Counterpart => "one counterpart".into(),
            Self::Outage(n) => format!("outage {n:>2}"),
            Self::OwnOutage(n) => format!("own outage {n:>2}"),
            Self::Drop(p) => format!("drop to {p} %"),
            Self::LeaveTold => "leave, listed".into(),
            Self::LeaveUntold => "leave, not listed".into(),
            Self::Closure => "closure".into(),
            Self::Ended => "client ended".into(),
            Self::Moved => "moved for good".into(),
            Self::MovedAway => "moved for a while".into(),
            Self::Week => "another weekend".into(),
            Self::Faded => "another job".into(),
        }
    }
}

/// Lengths of ranges planted in a rate class: sparse streams get longer ones too, since nothing shorter can be told in them.
fn lengths(class: usize) -> &'static [u32] {
    match class {
        0 | 1 => &[2, 5, 10, 20, 40, 80],
        2 => &[2, 5, 10, 20, 40],
        _ => &[2, 5, 10, 20],
    }
}

/// What every person of the laboratory is for: the kind, and the rate class of the stream it concerns. `per_cell` of each, in random order.
#[must_use]
pub fn plan(seed: u64, per_cell: usize) -> Vec<(Kind, usize)> {
    let mut out = Vec::new();
    for class in 0..RATES.len() {
        let ranges = lengths(class).iter().map(|n| Kind::Range(*n));
        let others = [Kind::Head, Kind::Tail, Kind::Counterpart, Kind::Drop(30), Kind::Drop(50), Kind::Ended, Kind::Moved, Kind::MovedAway, Kind::Faded];
        out.extend(ranges.chain(others).flat_map(|kind| std::iter::repeat_n((kind, class), per_cell)));
    }
    // What no silence can show is planted once over all classes: the figures say so, they need no cells.
    for kind in [Kind::Whole, Kind::Random(1), Kind::Random(5), Kind::Random(20), Kind::Week] {
        out.extend((0..per_cell).map(|n| (kind, n % RATES.len())));
    }
    Random::new(seed ^ 0x5eed).shuffle(&mut out);
    out
}
