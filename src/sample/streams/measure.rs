//! What the audit said of a world against what happened in it. A gap meets a loss by the rule of `sample::quality`; how it was found is never
//! looked at.

use crate::math::ln;
use std::collections::BTreeMap;

use super::events::Fact;
use super::rules::{self, RULES};
use super::world::World;
use super::{CHANNELS, Family, Kind, RATES};
use crate::model::answer::{Answers, Gap};
use crate::sample::quality::meets_by;
use crate::time::{day_name, parse_day};

/// Found of planted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    /// Planted.
    pub planted: u32,
    /// Found.
    pub found: u32,
    /// At least one and a half times the shortest silence that the answers promise to tell in that stream.
    pub testable: u32,
    /// Found of those.
    pub testable_found: u32,
    /// |estimate - removed| / removed of the found ones.
    pub volume: Vec<f64>,
    /// Mean error of both ends of the found ones, business days.
    pub edges: Vec<f64>,
}

/// What was said of things that are no loss.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Control {
    /// How many there were.
    pub number: u32,
    /// Reported as a loss, class A or B.
    pub loss: u32,
    /// Of these with the remark that the traffic may have moved.
    pub moved: u32,
    /// Reported as not covered, class C.
    pub uncovered: u32,
}

/// Streams of one sort.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// Streams.
    pub streams: u32,
    /// Business days expected, in years.
    pub years: f64,
    /// Class B gaps that meet a loss.
    pub right: u32,
    /// Class B gaps that meet none.
    pub wrong: u32,
    /// Streams that the answers call untestable.
    pub untestable: u32,
    /// Shortest silence the others promise to tell.
    pub least: Vec<u32>,
}

/// A rule applied by hand, or the audit, on single ranges and all streams.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Simple {
    /// Ranges planted.
    pub planted: u32,
    /// Found.
    pub found: u32,
    /// Alarms that meet a loss.
    pub right: u32,
    /// Alarms that meet none.
    pub wrong: u32,
}

/// The measurement.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lab {
    /// Worlds measured.
    pub worlds: u32,
    /// Messages read.
    pub messages: u64,
    /// Losses by kind and rate class.
    pub cells: BTreeMap<(Kind, usize), Cell>,
    /// Ranges of days by family and rate class.
    pub families: BTreeMap<(Family, usize), Cell>,
    /// No losses, by kind and rate class.
    pub controls: BTreeMap<(Kind, usize), Control>,
    /// Streams by rate class.
    pub rates: BTreeMap<usize, Group>,
    /// Streams by family.
    pub shapes: BTreeMap<Family, Group>,
    /// What it was, what was said.
    pub confusion: BTreeMap<(&'static str, &'static str), u32>,
    /// Confidence of class B gaps, and whether they meet a loss.
    pub sure: Vec<(f64, bool)>,
    /// Streams called untestable that carry a class B gap.
    pub contradicted: u32,
    /// Rules by name, the audit among them.
    pub rules: BTreeMap<&'static str, Simple>,
    /// What was missed although testable, and what was wrong, in words.
    pub notes: Vec<String>,
}

/// The audit in the table of rules.
pub const AUDIT: &str = "this audit";

/// A gap as said.
struct Said<'a> {
    gap: &'a Gap,
    person: Option<usize>,
    channel: usize,
    days: (i32, i32),
    moved: bool,
}

/// Business days of a year in the laboratory.
const YEAR: f64 = 251.0;

fn said<'a>(world: &World, gap: &'a Gap) -> Option<Said<'a>> {
    let channel = CHANNELS.iter().position(|c| *c == gap.channel)?;
    let person = world.people.iter().position(|p| p.name == gap.custodian);
    let day = |text: &Option<String>, open: i32| text.as_deref().map_or(Some(open), parse_day);
    let days = (day(&gap.from, world.office.first)?, day(&gap.to, world.office.last)?);
    let moved = gap.benign.iter().any(|b| b.id == "channel_moved" && b.verdict != "excluded");
    Some(Said { gap, person, channel, days, moved })
}

impl Said<'_> {
    fn is(&self, classes: &str) -> bool {
        classes.contains(self.gap.class.as_str())
    }

    /// Kind, days, and what is said of a move.
    fn words(&self) -> String {
        let moved = self.gap.benign.iter().find(|b| b.id == "channel_moved").map_or("", |b| b.found.as_str());
        format!("{} {} {}..{} {moved}", self.gap.class, self.gap.kind, day_name(self.days.0), day_name(self.days.1))
    }

    fn concerns(&self, fact: &Fact) -> bool {
        (fact.person.is_none() || self.person.is_none() || self.person == fact.person) && fact.channel.is_none_or(|c| c == self.channel)
    }

    /// Days shared with a fact, to the days of the gap.
    fn inside(&self, fact: &Fact) -> f64 {
        let shared = self.days.1.min(fact.days.1) - self.days.0.max(fact.days.0) + 1;
        f64::from(shared.max(0)) / f64::from((self.days.1 - self.days.0 + 1).max(1))
    }

    fn meets(&self, world: &World, fact: &Fact) -> bool {
        // Who lost a range of days is told by name.
        let named = fact.person.is_none() || self.person == fact.person;
        named && self.concerns(fact) && meets_by(self.days, fact.days, |a, b| world.office.business(a, b))
    }

    /// Whether messages are missing where the gap says so.
    fn right(&self, world: &World, fact: &Fact) -> bool {
        let thinned = matches!(fact.kind, Kind::Drop(_) | Kind::Counterpart);
        fact.kind.loss() && fact.removed > 0 && (self.meets(world, fact) || thinned && self.concerns(fact) && self.inside(fact) >= 0.8)
    }
}

/// The rate class of a stream by what it was meant to carry.
fn class_of(rate: f64) -> usize {
    let off = |r: &f64| ln(r / rate).abs();
    RATES.iter().enumerate().min_by(|(_, a), (_, b)| off(a).total_cmp(&off(b))).map_or(0, |(ix, _)| ix)
}

/// Whether messages are missing where a gap says so.
#[must_use]
pub fn right(world: &World, gap: &Gap) -> bool {
    said(world, gap).is_some_and(|g| world.facts.iter().any(|f| g.right(world, f)))
}

/// Measures the answers for one world.
#[must_use]
pub fn measure(world: &World, answers: &Answers) -> Lab {
    let mut lab = Lab { worlds: 1, messages: world.people.iter().flat_map(|p| &p.streams).map(|s| s.notes.len() as u64).sum(), ..Lab::default() };
    let gaps: Vec<Said> = answers.gaps.iter().filter_map(|g| said(world, g)).collect();
    let right: Vec<bool> = gaps.iter().map(|g| world.facts.iter().any(|f| g.right(world, f))).collect();
    for (ix, person) in world.people.iter().enumerate() {
        for channel in 0..person.streams.len() {
            lab.stream(world, answers, &gaps, &right, (ix, channel));
        }
    }
    for fact in &world.facts {
        if fact.kind.loss() {
            lab.loss(world, answers, &gaps, fact);
        } else {
            lab.no_loss(world, &gaps, &right, fact);
        }
    }
    for (gap, right) in gaps.iter().zip(&right).filter(|(g, _)| g.is("B")) {
        lab.sure.push((gap.gap.confidence, *right));
        // An outage names nobody: it is an alarm of its own.
        let group = lab.rules.entry(AUDIT).or_default();
        *(if *right { &mut group.right } else { &mut group.wrong }) += 1;
        if !right {
            let who = gap.person.and_then(|p| world.people.get(p)?.streams.get(gap.channel)).map(|s| s.shape);
            let near: Vec<String> = world
                .facts
                .iter()
                .filter(|f| gap.concerns(f) && gap.inside(f) > 0.0)
                .map(|f| format!("{} {}..{}", f.kind.name(), day_name(f.days.0), day_name(f.days.1)))
                .collect();
            lab.notes.push(format!(
                "wrong {} {} {} {}..{} ({} business days) {who:?} near [{}]: {}; {}",
                gap.gap.kind,
                gap.gap.custodian,
                gap.gap.channel,
                day_name(gap.days.0),
                day_name(gap.days.1),
                world.office.business(gap.days.0, gap.days.1),
                near.join(", "),
                gap.gap.reasons.join("; "),
                gap.words()
            ));
        }
    }
    lab
}

impl Lab {
    fn stream(&mut self, world: &World, answers: &Answers, gaps: &[Said], right: &[bool], (ix, channel): (usize, usize)) {
        let Some((person, stream)) = world.people.get(ix).and_then(|p| Some((p, p.streams.get(channel)?))) else { return };
        let row = answers.coverage.iter().find(|r| r.custodian == person.name && CHANNELS.get(channel) == Some(&r.channel.as_str()));
        let mine = || gaps.iter().zip(right).filter(|(g, _)| g.person == Some(ix) && g.channel == channel);
        let untestable = mine().any(|(g, _)| g.gap.kind == "untestable");
        let alarms = |right: bool| mine().filter(|(g, r)| g.is("B") && **r == right).count() as u32;
        let (hits, misses) = (alarms(true), alarms(false));
        if untestable && hits + misses > 0 {
            self.contradicted += 1;
        }
        let groups = [self.rates.entry(class_of(stream.shape.rate)).or_default(), self.shapes.entry(stream.shape.family).or_default()];
        for group in groups {
            group.streams += 1;
            group.years += row.map_or(0.0, |r| r.expected_days as f64) / YEAR;
            (group.right, group.wrong) = (group.right + hits, group.wrong + misses);
            group.untestable += u32::from(untestable);
            group.least.extend(row.and_then(|r| r.detectable_days).filter(|_| !untestable));
        }
        let counts = world.counts(ix, channel);
        for (rule, name) in RULES.iter().enumerate() {
            let spans: Vec<(i32, i32)> =
                rules::flagged(rule, &counts).into_iter().filter_map(|(a, b)| Some((*world.office.days.get(a)?, *world.office.days.get(b - 1)?))).collect();
            let simple = self.rules.entry(name).or_default();
            let lost = || world.facts.iter().filter(|f| f.kind.loss() && f.person.is_none_or(|p| p == ix) && f.channel == Some(channel));
            let hit = |span: (i32, i32), fact: &Fact| meets_by(span, fact.days, |a, b| world.office.business(a, b));
            for span in &spans {
                let real = lost().any(|f| hit(*span, f));
                *(if real { &mut simple.right } else { &mut simple.wrong }) += 1;
            }
            for fact in lost().filter(|f| matches!(f.kind, Kind::Range(_))) {
                simple.planted += 1;
                simple.found += u32::from(spans.iter().any(|s| hit(*s, fact)));
            }
        }
    }

    fn loss(&mut self, world: &World, answers: &Answers, gaps: &[Said], fact: &Fact) {
        let classes = if matches!(fact.kind, Kind::Head | Kind::Tail) { "AC" } else { "AB" };
        let hit = gaps.iter().find(|g| g.is(classes) && g.meets(world, fact));
        let person = fact.person.and_then(|p| world.people.get(p));
        let stream = person.zip(fact.channel).and_then(|(p, c)| p.streams.get(c));
        let named = |name: &str, channel: &str| person.is_some_and(|p| p.name == name) && fact.channel.and_then(|c| CHANNELS.get(c)) == Some(&channel);
        let range = matches!(fact.kind, Kind::Range(_));
        let row = answers.coverage.iter().find(|r| named(&r.custodian, &r.channel));
        let untestable = answers.gaps.iter().any(|g| g.kind == "untestable" && named(&g.custodian, &g.channel));
        let least = row.and_then(|r| r.detectable_days).filter(|_| range && !untestable);
        let testable = least.is_some_and(|n| f64::from(fact.business) >= 1.5 * f64::from(n));
        let mut cells = vec![self.cells.entry((fact.kind, fact.class)).or_default()];
        if range && let Some(stream) = stream {
            cells.push(self.families.entry((stream.shape.family, fact.class)).or_default());
        }
        for cell in cells {
            cell.planted += 1;
            cell.testable += u32::from(testable);
            if let Some(hit) = hit {
                cell.found += 1;
                cell.testable_found += u32::from(testable);
                cell.volume.extend(hit.gap.estimate.as_ref().map(|e| (e.mid - fact.removed as f64).abs() / fact.removed as f64));
                let off = |a: i32, b: i32| f64::from(world.office.business(a.min(b), a.max(b) - 1));
                cell.edges.push((off(hit.days.0, fact.days.0) + off(hit.days.1, fact.days.1)) / 2.0);
            }
        }
        if range {
            let simple = self.rules.entry(AUDIT).or_default();
            simple.planted += 1;
            simple.found += u32::from(hit.is_some());
        }
        if testable && hit.is_none() {
            let shape = stream.map(|s| (s.shape, s.per_day));
            let days = (day_name(fact.days.0), day_name(fact.days.1));
            let name = person.map_or("", |p| p.name.as_str());
            let instead: Vec<String> = gaps.iter().filter(|g| g.concerns(fact) && g.inside(fact) > 0.0).map(Said::words).collect();
            let (kind, instead) = (fact.kind.name(), instead.join(", "));
            let on = fact.channel.and_then(|c| CHANNELS.get(c)).copied().unwrap_or_default();
            self.notes.push(format!("missed {kind} {name} {on} {}..{}, {} removed, n* {least:?}, {shape:?}, said [{instead}]", days.0, days.1, fact.removed));
        }
        let truth = match fact.kind {
            Kind::Head | Kind::Tail => "loss at an end",
            _ if testable || matches!(fact.kind, Kind::Outage(_) | Kind::OwnOutage(_)) => "loss, testable",
            _ => "loss, not testable",
        };
        self.say(truth, gaps, fact, |g| g.meets(world, fact));
    }

    fn say(&mut self, truth: &'static str, gaps: &[Said], fact: &Fact, test: impl Fn(&Said) -> bool) {
        let mine = || gaps.iter().filter(|g| g.concerns(fact) && test(g));
        let word = match mine().find(|g| g.is("AB")) {
            Some(gap) if gap.moved => "loss or moved",
            Some(_) => "loss",
            None if mine().any(|g| g.is("C")) => "not covered",
            None => "nothing",
        };
        *self.confusion.entry((truth, word)).or_default() += 1;
    }

    fn no_loss(&mut self, world: &World, gaps: &[Said], right: &[bool], fact: &Fact) {
        // A closure concerns everyone; whoever is told to have lost something then is counted.
        let people: Vec<usize> = fact.person.map_or_else(|| (0..world.people.len()).collect(), |p| vec![p]);
        for person in people {
            let one = Fact { person: Some(person), ..fact.clone() };
            let wrong: Vec<&Said> = gaps.iter().zip(right).filter(|(g, r)| !**r && g.concerns(&one) && g.inside(&one) >= 0.5).map(|(g, _)| g).collect();
            let control = self.controls.entry((fact.kind, fact.class)).or_default();
            control.number += 1;
            if let Some(gap) = wrong.iter().find(|g| g.is("AB")) {
                control.loss += 1;
                control.moved += u32::from(gap.moved);
                self.notes.push(format!("control {} {} {}..{}", fact.kind.name(), gap.gap.custodian, day_name(fact.days.0), day_name(fact.days.1)));
            }
            control.uncovered += u32::from(wrong.iter().any(|g| g.is("C")));
            let apart = |g: &Said| wrong.iter().any(|w| std::ptr::eq(*w, g));
            self.say(fact.kind.truth(), gaps, &one, apart);
        }
    }

    /// Takes the measurement of another world in.
    pub fn add(&mut self, other: Self) {
        self.worlds += other.worlds;
        self.messages += other.messages;
        for (key, c) in other.cells {
            self.cells.entry(key).or_default().add(c);
        }
        for (key, c) in other.families {
            self.families.entry(key).or_default().add(c);
        }
        for (key, c) in other.controls {
            let mine = self.controls.entry(key).or_default();
            *mine = Control { number: mine.number + c.number, loss: mine.loss + c.loss, moved: mine.moved + c.moved, uncovered: mine.uncovered + c.uncovered };
        }
        for (key, g) in other.rates {
            self.rates.entry(key).or_default().add(g);
        }
        for (key, g) in other.shapes {
            self.shapes.entry(key).or_default().add(g);
        }
        for (key, n) in other.confusion {
            *self.confusion.entry(key).or_default() += n;
        }
        for (key, s) in other.rules {
            let mine = self.rules.entry(key).or_default();
            *mine = Simple { planted: mine.planted + s.planted, found: mine.found + s.found, right: mine.right + s.right, wrong: mine.wrong + s.wrong };
        }
        self.sure.extend(other.sure);
        self.contradicted += other.contradicted;
        self.notes.extend(other.notes);
    }
}

impl Cell {
    fn add(&mut self, other: Self) {
        self.planted += other.planted;
        self.found += other.found;
        self.testable += other.testable;
        self.testable_found += other.testable_found;
        self.volume.extend(other.volume);
        self.edges.extend(other.edges);
    }
}

impl Group {
    fn add(&mut self, other: Self) {
        self.streams += other.streams;
        self.years += other.years;
        self.right += other.right;
        self.wrong += other.wrong;
        self.untestable += other.untestable;
        self.least.extend(other.least);
    }
}
