//! `audit volume`: what the answers take over a large firm, natively on one core, at growing sizes. For people who work on the analyses.

use std::fs;
use std::path::Path;
use std::time::Instant;

use super::Stop;
use super::commands::out;
use crate::model::matter::Scope;
use crate::sample::volume::Volume;
use crate::workbench::{Workbench, saved};

/// Sizes of the curve.
const CURVE: [usize; 3] = [100_000, 1_000_000, 10_000_000];
/// Runs of each measurement; the best counts.
const RUNS: usize = 3;

const fn firm(messages: usize) -> Volume {
    Volume { messages, people: 500, channels: 12, years: 6, seed: 1 }
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// One size: merge, ground (what all answers share), each question. Best of some runs.
fn row(messages: usize) -> Result<(), Stop> {
    let volume = firm(messages);
    let mut workbench = Workbench::default();
    workbench.put(0, volume.batch());
    workbench.set_matter(volume.matter());
    let begun = Instant::now();
    let rows = workbench.dataset().len();
    let merge = ms(begun);
    let clock = Instant::now();
    let (mut best, mut sizes): (Vec<f64>, _) = (Vec::new(), (0, 0));
    for _ in 0..RUNS {
        let (said, answers) = workbench.timed(&Scope::default(), &|| ms(clock));
        best.resize(said.len(), f64::INFINITY);
        best.iter_mut().zip(&said).for_each(|(best, (_, ms))| *best = best.min(*ms));
        sizes = (answers.coverage.len(), answers.gaps.len());
    }
    let all = best.iter().sum::<f64>();
    out(|o| {
        write!(o, "{rows:>9} {:>8} {:>6} {merge:>8.0}", sizes.0, sizes.1)?;
        for part in &best {
            write!(o, " {part:>8.0}")?;
        }
        writeln!(o, " {all:>8.0} {:>8.0}", all * 1e6 / rows.max(1) as f64)
    })
}

/// The curve, or one size; with a folder only the files for the browser.
pub fn volume(messages: Option<usize>, write: Option<&Path>) -> Result<u8, Stop> {
    if let Some(folder) = write {
        let volume = firm(messages.unwrap_or(1_000_000));
        let failed = |e: std::io::Error| Stop::input(format!("{} could not be written ({e}).", folder.display()));
        fs::create_dir_all(folder).map_err(failed)?;
        let mut workbench = Workbench::default();
        workbench.put(0, volume.batch());
        workbench.set_matter(volume.matter());
        fs::write(folder.join("volume.audit"), saved::save(&mut workbench, b"volume")).map_err(failed)?;
        return Ok(0);
    }
    let words = Workbench::default().timed(&Scope::default(), &|| 0.0).0;
    out(|o| {
        writeln!(o, "Native, one core, best of {RUNS}, ms: 500 custodians, 12 channels, 6 years")?;
        write!(o, "{:>9} {:>8} {:>6} {:>8}", "rows", "streams", "gaps", "merge")?;
        for (word, _) in words {
            write!(o, " {word:>8.8}")?;
        }
        writeln!(o, " {:>8} {:>8}", "answers", "ns/row")
    })?;
    for messages in messages.map_or_else(|| CURVE.to_vec(), |m| vec![m]) {
        row(messages)?;
    }
    Ok(0)
}
