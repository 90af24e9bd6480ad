//! Which column is read as what: by a mapping somebody confirmed, else by the headings, else by what the cells hold
//! (`formats/rosters.md` section 3). Everything short of certain is told as a doubt.

use std::collections::BTreeSet;

use super::Wanted;
use super::column::{Columns, email, is_nothing};
use super::headings::{self, Target};
use super::table::{Table, key};
use crate::import::DateOrder;
use crate::import::delimited::{platform, when};
use crate::model::decision::Mapping;
use crate::model::roster::ListReading;
use crate::text;

/// Rows whose cells are looked at.
const LOOKED_AT: usize = 2000;
/// Rows shown to whoever confirms the columns, and the longest cell of them in bytes.
const SAMPLE: (usize, usize) = (5, 120);
/// Channels a column of handles can be stated to be about.
const CHANNELS: &[&str] = &["whatsapp", "telegram", "wechat", "signal", "slack", "teams", "line", "imessage"];

/// Tells a kind of cell by its value.
type Told<'a> = &'a dyn Fn(&str) -> bool;

/// What the cells of a column say about a heading.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cells {
    Fit,
    Silent,
    Against,
}

/// A column for a target. Scores are in hundredths: 100 = the heading is known and the cells do not speak against it.
struct Candidate {
    target: Target,
    ix: usize,
    rank: usize,
    score: u32,
    why: String,
}

/// Finds the columns of a table and says in `reading` which ones, what was doubtful, and what can be chosen instead.
pub fn assign(table: &Table, wanted: &Wanted<'_>, reading: &mut ListReading) -> Columns {
    reading.list = wanted.list.to_owned();
    reading.headings = table.headings.iter().map(|h| text::clean_name(h)).collect();
    reading.fields = fields(wanted);
    reading.fingerprint = fingerprint(&table.headings);
    let sample = |row: &super::table::Row| (0..table.headings.len()).map(|ix| text::clean_name(text::bounded(row.cell(ix), SAMPLE.1))).collect();
    reading.sample = table.rows.iter().take(SAMPLE.0).map(sample).collect();
    // The latest mapping is the one that holds.
    let mapping = wanted.mappings.iter().rev().find(|m| m.list == wanted.list && m.fingerprint == reading.fingerprint);
    reading.stated = mapping.is_some();
    let columns = match mapping {
        Some(mapping) => stated(table, wanted, mapping, reading),
        None => guessed(table, wanted, reading),
    };
    let mut columns = columns;
    columns.on_leave = (0..).zip(&table.headings).filter(|(_, h)| key(h) == "onleave").map(|(ix, _)| ix).collect();
    for (ix, heading) in table.headings.iter().enumerate() {
        let heading = text::clean_name(heading);
        match columns.field(ix) {
            Some(word) => reading.columns.push((word, heading)),
            None if heading.is_empty() => {}
            None => reading.unused.push(heading),
        }
    }
    columns
}

/// Headings in one short word: the same for the same headings in any order and any spelling of blanks, case and accents.
pub fn fingerprint(headings: &[String]) -> String {
    use sha2::Digest;
    let mut keys: Vec<String> = headings.iter().map(|h| key(h)).collect();
    keys.sort_unstable();
    let digest = sha2::Sha256::digest(keys.join("\n").as_bytes());
    text::hex(digest.get(..8).unwrap_or_default())
}

/// Targets of a list, each once.
fn targets(wanted: &Wanted<'_>) -> Vec<Target> {
    let mut seen = BTreeSet::new();
    wanted.synonyms.iter().map(|(t, _)| *t).filter(|t| *t != Target::Aside && seen.insert(*t)).collect()
}

/// Fields that can be chosen, with their words for people.
fn fields(wanted: &Wanted<'_>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for target in targets(wanted) {
        out.push((target.word().to_owned(), target.said().to_owned()));
        if target.is_date() {
            for (order, said) in [("day first", "day before month"), ("month first", "month before day")] {
                out.push((format!("{} {order}", target.word()), format!("{}, {said}", target.said())));
            }
        }
        if target == Target::Handles {
            out.extend(CHANNELS.iter().map(|c| (format!("handles {c}"), format!("Handles on {c}"))));
        }
    }
    out
}

/// A mapping that was stated: no heading is guessed.
fn stated(table: &Table, wanted: &Wanted<'_>, mapping: &Mapping, reading: &mut ListReading) -> Columns {
    let mut columns = Columns::default();
    let mut left: Vec<&(String, String)> = mapping.columns.iter().collect();
    for (ix, heading) in table.headings.iter().enumerate() {
        let at = left.iter().position(|(h, _)| key(h) == key(heading));
        let Some((_, field)) = at.map(|at| left.remove(at)) else { continue };
        let (word, order) = [(" day first", DateOrder::Dmy), (" month first", DateOrder::Mdy)]
            .into_iter()
            .find_map(|(end, order)| Some((field.strip_suffix(end)?, Some(order))))
            .unwrap_or((field, None));
        if let Some(channel) = word.strip_prefix("handles ") {
            columns.handles.push((platform::slug(channel), ix));
        } else if let Some(target) = targets(wanted).into_iter().find(|t| platform::letters(t.word()) == platform::letters(word)) {
            match target {
                Target::Handles => columns.handles.push((String::new(), ix)),
                _ => columns.all.push((target, ix, ix)),
            }
            columns.stated_orders.extend(order.map(|o| (ix, o)));
        } else if !word.trim().is_empty() {
            reading.remarks.push(format!(
                "Column \"{}\" was to be read as \"{}\", which is no field of this list.",
                text::clean_name(heading),
                text::clean_name(word)
            ));
        }
    }
    columns.all.sort_unstable();
    columns
}

fn guessed(table: &Table, wanted: &Wanted<'_>, reading: &mut ListReading) -> Columns {
    let wants: BTreeSet<Target> = targets(wanted).into_iter().collect();
    let mut columns = Columns::default();
    let mut candidates: Vec<Candidate> = Vec::new();
    for (ix, heading) in table.headings.iter().enumerate() {
        if let Some(channel) = headings::handle_channel(heading).filter(|_| wants.contains(&Target::Handles)) {
            columns.handles.push((channel, ix));
        } else if let Some((target, rank)) = headings::exact(wanted.synonyms, heading) {
            candidates.push(weighed(table, target, ix, rank, true));
        } else if let Some((target, rank)) = headings::contained(wanted.synonyms, heading) {
            candidates.push(weighed(table, target, ix, rank, false));
        }
    }
    candidates.sort_by_key(|c| (std::cmp::Reverse(c.score), c.target, c.rank, c.ix));
    for c in candidates {
        let first = columns.of(c.target).next();
        // One column per field, unless a cell may hold several or a second one can fill what the first leaves empty.
        let (taken, known) = (first.is_some(), c.score >= 90 || c.why.is_empty());
        if c.target != Target::Aside && !c.target.is_several() && taken && !known {
            continue;
        }
        let second = first.filter(|_| !c.target.is_several()).and_then(|ix| table.headings.get(ix));
        let why = match second {
            Some(first) if c.target != Target::Aside => Some(format!("read only where \"{}\" is empty", text::clean_name(first))),
            _ => (!c.why.is_empty()).then_some(c.why),
        };
        if let Some(why) = why.filter(|_| c.target != Target::Aside) {
            reading.doubts.push((reading.headings.get(c.ix).cloned().unwrap_or_default(), why));
        }
        columns.all.push((c.target, columns.all.len(), c.ix));
    }
    by_values(table, &wants, &mut columns, reading);
    columns.all.sort_unstable();
    columns
}

/// A column by its heading, and what its cells say to that.
fn weighed(table: &Table, target: Target, ix: usize, rank: usize, exact: bool) -> Candidate {
    let (score, why) = match (exact, cells(table, target, ix)) {
        (true, Cells::Against) => (40, format!("the heading says {0}, but most cells hold none", target.word())),
        (true, _) => (100, String::new()),
        (false, Cells::Fit) => (85, format!("part of the heading says {0}, and so do the cells", target.word())),
        (false, Cells::Silent) => (70, format!("part of the heading says {0}", target.word())),
        (false, Cells::Against) => (20, format!("part of the heading says {0}, but most cells hold none", target.word())),
    };
    Candidate { target, ix, rank, score, why }
}

/// Share of the filled cells of a kind: at least four in five fit; fewer than one in five of three or more speak against it.
fn cells(table: &Table, target: Target, ix: usize) -> Cells {
    let dated = |c: &str| when::written(c.as_bytes()).is_some() || serial(c);
    let is: Told<'_> = match target {
        Target::Email | Target::Personal => &|c| c.split([';', ',', '|', ' ', '\n']).any(|p| email(p).is_some()),
        Target::Phone => &|c| c.split([';', ',', '|', '\n']).any(|p| text::phone(p.trim().trim_start_matches("tel:")).is_some()),
        Target::Status => &|c| super::people::status_word(c).is_some(),
        Target::Domain => &|c| c.contains('.') && !c.trim().contains(' '),
        t if t.is_date() => &dated,
        _ => return Cells::Silent,
    };
    match share(table, ix, is) {
        Some((n, hits)) if hits * 10 >= n * 8 => Cells::Fit,
        Some((n, hits)) if n >= 3 && hits * 10 < n * 2 => Cells::Against,
        _ => Cells::Silent,
    }
}

fn serial(cell: &str) -> bool {
    cell.len() < 12 && cell.split(['.', ',']).next().and_then(|n| n.parse().ok()).and_then(when::serial_day).is_some()
}

/// Filled cells of a column and how many are of the kind; `None` without any.
fn share(table: &Table, ix: usize, is: Told<'_>) -> Option<(u32, u32)> {
    let filled = table.rows.iter().take(LOOKED_AT).map(|r| r.cell(ix)).filter(|c| !is_nothing(c));
    let (n, hits) = filled.fold((0u32, 0u32), |(n, hits), c| (n + 1, hits + u32::from(is(c))));
    (n > 0).then_some((n, hits))
}

/// Columns whose headings do not tell: at least 80 % of the filled cells are of the kind.
fn by_values(table: &Table, wants: &BTreeSet<Target>, columns: &mut Columns, reading: &mut ListReading) {
    let name = |c: &str| c.contains(' ') && c.len() < 80 && c.chars().all(|x| x.is_alphabetic() || matches!(x, ' ' | '-' | '\'' | '.' | ',' | '’'));
    let mostly = |ix: usize, is: Told<'_>| share(table, ix, is).is_some_and(|(n, hits)| hits * 10 >= n * 8);
    let ids: BTreeSet<&str> =
        columns.of(Target::Id).next().into_iter().flat_map(|ix| table.rows.iter().map(move |r| r.cell(ix))).filter(|c| !c.is_empty()).collect();
    let kinds: [(Target, Told<'_>); 5] = [
        (Target::Email, &|c| email(c).is_some()),
        (Target::Phone, &|c| text::phone(c).is_some() && when::written(c.as_bytes()).is_none() && c.len() >= 9),
        (Target::Status, &|c| super::people::status_word(c).is_some() && c.parse::<u32>().is_err()),
        (Target::Name, &name),
        (Target::Manager, &|c| ids.contains(c)),
    ];
    for (target, is) in kinds {
        let named = target == Target::Name && (columns.has(Target::Given) || columns.has(Target::Family));
        if !wants.contains(&target) || columns.has(target) || named || target == Target::Manager && ids.len() < 3 {
            continue;
        }
        if let Some(ix) = (0..table.headings.len()).find(|ix| columns.is_free(*ix) && mostly(*ix, is)) {
            columns.all.push((target, 2000, ix));
            let heading = reading.headings.get(ix).cloned().unwrap_or_default();
            reading.doubts.push((heading, format!("read as {} because of what its cells hold", target.word())));
        }
    }
}
