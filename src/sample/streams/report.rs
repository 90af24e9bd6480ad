//! The measurement as tables, and what it is held against.

use std::fmt;

use super::measure::{AUDIT, Cell, Lab};
use super::rules::RULES;
use super::{Family, Kind, RATES};

/// A bound the release is held to.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// What is measured.
    pub name: String,
    /// The value; `None` = nothing to measure it on, which is not met.
    pub value: Option<f64>,
    /// The bound.
    pub wanted: f64,
    /// Whether the value must not be under it; else not over it.
    pub least: bool,
}

impl Gate {
    /// At least this.
    #[must_use]
    pub fn least(name: &str, value: Option<f64>, wanted: f64) -> Self {
        Self { name: name.to_owned(), value, wanted, least: true }
    }

    /// At most this.
    #[must_use]
    pub fn most(name: &str, value: Option<f64>, wanted: f64) -> Self {
        Self { name: name.to_owned(), value, wanted, least: false }
    }

    /// Whether it is met.
    #[must_use]
    pub fn met(&self) -> bool {
        self.value.is_some_and(|v| if self.least { v >= self.wanted } else { v <= self.wanted })
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.map_or_else(|| "nothing measured".to_owned(), |v| format!("{v:.4}"));
        let (word, bound) = (if self.met() { "met" } else { "NOT MET" }, if self.least { "at least" } else { "at most" });
        write!(f, "gate {:<58} {word} ({value}, wanted {bound} {})", self.name, self.wanted)
    }
}

fn share(part: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| f64::from(part) / f64::from(of))
}

fn shown(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.digits$}"))
}

fn middle(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Fewest testable losses of a cell from which its promise is judged.
const JUDGED: u32 = 20;

impl Lab {
    /// Ranges that are testable: found, planted.
    fn testable(&self) -> (u32, u32) {
        self.cells.values().fold((0, 0), |(found, all), c| (found + c.testable_found, all + c.testable))
    }

    /// Class B alarms that meet no loss, per stream-year; those that name nobody are among them.
    #[must_use]
    pub fn false_alarms(&self) -> Option<f64> {
        let years: f64 = self.rates.values().map(|g| g.years).sum();
        let wrong = self.rules.get(AUDIT).map_or(0, |s| s.wrong);
        (years > 0.0).then(|| f64::from(wrong) / years)
    }

    /// Rate classes, and untestable streams, whose promise held: all testable losses of the class but one in twenty are found, no stream that is
    /// called untestable carries a class B gap.
    fn promises(&self) -> (u32, u32) {
        let (mut kept, mut all) = (u32::from(self.contradicted == 0), 1);
        for class in 0..RATES.len() {
            let (mut found, mut testable) = (0, 0);
            for cell in self.cells.iter().filter(|((_, c), _)| *c == class).map(|(_, cell)| cell) {
                (found, testable) = (found + cell.testable_found, testable + cell.testable);
            }
            if testable >= JUDGED {
                all += 1;
                kept += u32::from(f64::from(found) >= 0.95 * f64::from(testable));
            }
        }
        (kept, all)
    }

    /// What a release is held to.
    #[must_use]
    pub fn gates(&self) -> Vec<Gate> {
        let (found, testable) = self.testable();
        let (loss, number) = self.controls.values().fold((0, 0), |(l, n), c| (l + c.loss, n + c.number));
        let (kept, all) = self.promises();
        vec![
            Gate::most("class B, false alarms per stream-year (streams)", self.false_alarms(), 0.05),
            Gate::least("class B, recall where the gap is at least 1.5 n* (streams)", share(found, testable), 0.95),
            Gate::most("negative controls reported as loss (streams)", share(loss, number), 0.02),
            Gate::most("negative controls, mean over their sorts (streams)", self.mean_control(), 0.02),
            Gate::least("U labels right, share of cells (streams)", share(kept, all), 1.0),
        ]
    }

    /// Share reported as loss, every sort with the same weight: leave is everywhere, moves are few.
    fn mean_control(&self) -> Option<f64> {
        let mut sorts: std::collections::BTreeMap<&str, (u32, u32)> = std::collections::BTreeMap::new();
        for ((kind, _), control) in &self.controls {
            let (loss, number) = sorts.entry(kind.sort()).or_default();
            (*loss, *number) = (*loss + control.loss, *number + control.number);
        }
        mean(&sorts.into_values().filter_map(|(loss, number)| share(loss, number)).collect::<Vec<_>>())
    }

    fn control(&self, kind: Kind) -> (u32, Option<f64>) {
        let (loss, number) = self.controls.iter().filter(|((k, _), _)| *k == kind).fold((0, 0), |(l, n), (_, c)| (l + c.loss, n + c.number));
        (number, share(loss, number))
    }

    /// What was missed and what was wrong, a line each.
    #[must_use]
    pub fn details(&self) -> String {
        self.notes.iter().map(|n| format!("  {n}\n")).collect()
    }

    fn write_cells(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "losses: recall by messages a day; in brackets the same where the gap is at least 1.5 n*\n")?;
        write!(f, "{:<20}", "")?;
        for rate in RATES {
            write!(f, "{rate:>19}")?;
        }
        writeln!(f, "{:>9}{:>8}", "volume", "ends")?;
        let kinds: std::collections::BTreeSet<Kind> = self.cells.keys().map(|k| k.0).collect();
        for kind in kinds {
            write!(f, "{:<20}", kind.name())?;
            let mut all = Cell::default();
            for class in 0..RATES.len() {
                let Some(cell) = self.cells.get(&(kind, class)) else {
                    write!(f, "{:>19}", "")?;
                    continue;
                };
                all.volume.extend(&cell.volume);
                all.edges.extend(&cell.edges);
                write!(f, "{:>19}", one(cell))?;
            }
            writeln!(f, "{:>9}{:>8}", shown(middle(&all.volume), 2), shown(mean(&all.edges), 1))?;
        }
        for family in Family::ALL {
            write!(f, "{:<20}", format!("ranges, {}", family.name()))?;
            for class in 0..RATES.len() {
                write!(f, "{:>19}", self.families.get(&(family, class)).map(one).unwrap_or_default())?;
            }
            writeln!(f)?;
        }
        writeln!(f, "\nvolume: median of |estimate - removed| / removed; ends: mean error of the ends, business days")
    }

    fn write_streams(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n{:<14}{:>9}{:>8}{:>12}{:>8}{:>8}{:>13}{:>12}{:>8}{:>8}",
            "streams", "number", "years", "untestable", "right", "wrong", "wrong/year", "n* middle", "9 of 10", "F1"
        )?;
        let named = self.rates.iter().map(|(c, g)| (format!("{} a day", RATES.get(*c).copied().unwrap_or(0.0)), Some(*c), g));
        for (name, class, g) in named.chain(self.shapes.iter().map(|(s, g)| (s.name().to_owned(), None, g))) {
            let mut least: Vec<u32> = g.least.clone();
            least.sort_unstable();
            let at = |part: usize| least.get(least.len() * part / 10).map_or_else(|| "-".to_owned(), u32::to_string);
            let ranges = self.cells.iter().filter(|((k, c), _)| matches!(k, Kind::Range(_)) && Some(*c) == class);
            let (found, planted) = ranges.fold((0, 0), |(a, b), (_, c)| (a + c.found, b + c.planted));
            let (recall, precision) = (share(found, planted), share(g.right, g.right + g.wrong));
            let f1 = recall.zip(precision).map(|(r, p)| if r + p > 0.0 { 2.0 * r * p / (r + p) } else { 0.0 });
            let years = format!("{:.0}", g.years);
            let rate = shown((g.years > 0.0).then(|| f64::from(g.wrong) / g.years), 4);
            let (middle, most) = (at(5), at(9));
            writeln!(
                f,
                "{name:<14}{:>9}{years:>8}{:>12}{:>8}{:>8}{rate:>13}{middle:>12}{most:>8}{:>8}",
                g.streams,
                g.untestable,
                g.right,
                g.wrong,
                shown(f1, 2)
            )?;
        }
        Ok(())
    }

    fn write_controls(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{:<20}{:>8}{:>8}{:>10}{:>14}{:>8}", "no losses", "number", "as loss", "share", "not covered", "\"moved\"")?;
        let kinds: std::collections::BTreeSet<Kind> = self.controls.keys().map(|k| k.0).collect();
        for kind in kinds {
            let of = |what: fn(&super::measure::Control) -> u32| self.controls.iter().filter(|((k, _), _)| *k == kind).map(|(_, c)| what(c)).sum::<u32>();
            let (number, part) = self.control(kind);
            writeln!(f, "{:<20}{number:>8}{:>8}{:>10}{:>14}{:>8}", kind.name(), of(|c| c.loss), shown(part, 4), of(|c| c.uncovered), of(|c| c.moved))?;
        }
        let words = ["loss", "loss or moved", "not covered", "nothing"];
        writeln!(f, "\n{:<20}{:>16}{:>16}{:>16}{:>16}", "what it was", "said: loss", "loss or moved", "not covered", "nothing")?;
        let truths: std::collections::BTreeSet<&str> = self.confusion.keys().map(|k| k.0).collect();
        for truth in truths {
            write!(f, "{truth:<20}")?;
            for word in words {
                write!(f, "{:>16}", self.confusion.get(&(truth, word)).copied().unwrap_or(0))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn write_rules(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let years: f64 = self.rates.values().map(|g| g.years).sum();
        writeln!(f, "\n{:<28}{:>18}{:>12}{:>28}", "ranges of days", "recall, all cells", "precision", "false alarms a stream-year")?;
        for name in RULES.iter().chain([&AUDIT]) {
            let Some(s) = self.rules.get(name) else { continue };
            let alarms = shown((years > 0.0).then(|| f64::from(s.wrong) / years), 3);
            writeln!(f, "{name:<28}{:>18}{:>12}{alarms:>28}", shown(share(s.found, s.planted), 2), shown(share(s.right, s.right + s.wrong), 2))?;
        }
        Ok(())
    }

    fn write_calibration(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let brier = mean(&self.sure.iter().map(|(p, right)| (p - f64::from(u8::from(*right))).powi(2)).collect::<Vec<_>>());
        writeln!(f, "\nconfidence of class B gaps: Brier {} over {} gaps", shown(brier, 4), self.sure.len())?;
        for bin in 0..10u32 {
            let (low, high) = (f64::from(bin) / 10.0, f64::from(bin + 1) / 10.0);
            let inside: Vec<&(f64, bool)> = self.sure.iter().filter(|(p, _)| *p >= low && (*p < high || bin == 9)).collect();
            if !inside.is_empty() {
                let said = inside.iter().map(|(p, _)| p).sum::<f64>() / inside.len() as f64;
                let right = inside.iter().filter(|(_, r)| *r).count() as f64 / inside.len() as f64;
                writeln!(f, "  {low:.1} to {high:.1}: {:>6} gaps, said {said:.3}, right {right:.3}", inside.len())?;
            }
        }
        Ok(())
    }
}

fn one(cell: &Cell) -> String {
    let testable = if cell.testable > 0 { format!(" [{}/{}]", cell.testable_found, cell.testable) } else { String::new() };
    format!("{}/{}{testable}", cell.found, cell.planted)
}

impl fmt::Display for Lab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_cells(f)?;
        self.write_streams(f)?;
        self.write_controls(f)?;
        self.write_rules(f)?;
        self.write_calibration(f)
    }
}
