//! The ledgers of many sources in few: what a page shows of a folder with tens of thousands of mails. The first are named, and of those
//! behind them the ones that could not be read; all others are counted by format.

use super::ledger::{Basis, Source};

/// Sources named at most; and as many again that could not be read.
pub const NAMED: usize = 100;

/// Sources, some of them sums.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sums {
    /// Named sources, and sums: these have no path.
    pub sources: Vec<Source>,
    /// How many each of them stands for.
    pub files: Vec<u64>,
}

impl Sums {
    /// Takes one in. `name`: whether it is among the first.
    pub fn add(&mut self, source: &Source, name: bool) {
        let failed = source.error.is_some() && self.sources.iter().filter(|s| s.error.is_some()).count() < NAMED;
        if name || failed {
            self.sources.push(source.clone());
            self.files.push(1);
        } else {
            self.sum(source, 1);
        }
    }

    /// Takes others in.
    pub fn join(&mut self, other: &Self) {
        for (source, files) in other.sources.iter().zip(&other.files) {
            if source.path.is_empty() { self.sum(source, *files) } else { self.add(source, self.sources.len() < NAMED) }
        }
    }

    /// Files in all, and those that could not be read.
    #[must_use]
    pub fn counted(sources: &[Source], files: &[u64]) -> (u64, u64) {
        let failed = sources.iter().zip(files).filter(|(s, _)| s.error.is_some()).map(|(_, n)| n).sum();
        (files.iter().sum(), failed)
    }

    fn sum(&mut self, source: &Source, files: u64) {
        let alike = |s: &Source| s.path.is_empty() && s.format == source.format && s.channel == source.channel && s.error.is_some() == source.error.is_some();
        let Some((sum, count)) = self.sources.iter_mut().zip(&mut self.files).find(|(s, _)| alike(s)) else {
            let mut sum = Source { format: source.format.clone(), channel: source.channel.clone(), error: source.error.clone(), ..Source::default() };
            put(&mut sum, source);
            sum.zone = source.zone.clone();
            self.sources.push(sum);
            self.files.push(files);
            return;
        };
        *count += files;
        put(sum, source);
        if matches!(source.zone.basis, Basis::Assumed | Basis::Ambiguous) {
            sum.zone.clone_from(&source.zone);
        }
    }
}

/// Adds the counts of a source to a sum. People and conversations are not added: the same may be in several.
fn put(sum: &mut Source, source: &Source) {
    sum.bytes += source.bytes;
    sum.records += source.records;
    sum.messages += source.messages;
    sum.events += source.events;
    sum.duplicates += source.duplicates;
    sum.first = [sum.first, source.first].into_iter().flatten().min();
    sum.last = [sum.last, source.last].into_iter().flatten().max();
    for skip in &source.skipped {
        match sum.skipped.iter_mut().find(|s| s.reason == skip.reason) {
            Some(known) => known.count += skip.count,
            None => sum.skipped.push(skip.clone()),
        }
    }
    for notice in &source.notices {
        match sum.notices.iter_mut().find(|n| n.sentence == notice.sentence) {
            Some(known) => known.count += notice.count,
            None => sum.notices.push(notice.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ledger::{Failure, Skip, SkipReason};
    use crate::model::message::Position;

    fn source(n: u64, failed: bool) -> Source {
        Source {
            path: format!("m/{n}.eml"),
            format: if failed { String::new() } else { "eml".to_owned() },
            records: 3,
            messages: 2,
            first: Some(n.cast_signed()),
            last: Some(n.cast_signed()),
            skipped: vec![Skip { reason: SkipReason::Draft, count: 1, first: Position::byte(0), part: 0 }],
            error: failed.then(|| Failure { what: "no".to_owned(), place: String::new() }),
            ..Source::default()
        }
    }

    #[test]
    fn sums_hold_every_record_and_name_what_failed() {
        let mut whole = Sums::default();
        for chunk in 0..10 {
            let mut part = Sums::default();
            for n in chunk * 100..(chunk + 1) * 100 {
                part.add(&source(n, n % 4 == 3), n < 100);
            }
            whole.join(&part);
        }
        let sum = |f: fn(&Source) -> u64| whole.sources.iter().map(f).sum::<u64>();
        assert_eq!((sum(|s| s.records), sum(|s| s.messages), sum(Source::skipped_total)), (3000, 2000, 1000));
        assert_eq!(Sums::counted(&whole.sources, &whole.files), (1000, 250));
        assert_eq!((whole.sources.iter().filter_map(|s| s.first).min(), whole.sources.iter().filter_map(|s| s.last).max()), (Some(0), Some(999)));
        assert!(whole.sources.len() <= 2 * NAMED + 2);
        assert!(whole.sources.iter().all(|s| s.remainder() == 0));
    }
}
