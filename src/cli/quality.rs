//! `audit quality`: firms with planted gaps are made in memory, read, merged and audited as files from disk would be, and what was found is compared
//! with what was planted.

use std::rc::Rc;

use super::commands::out;
use super::{Stop, laboratory};
use crate::import::{self, Given, Options};
use crate::model::decision::{IdentityDecision, Verdict};
use crate::model::{Answers, Matter};
use crate::sample::quality::{Quality, measure, text};
use crate::sample::quality_identity::{self, IdentityQuality, Said};
use crate::sample::streams::fit;
use crate::sample::streams::report::Gate;
use crate::sample::truth::Truth;
use crate::sample::{SampleFile, firm};
use crate::workbench::learned::{NAMES, Signs};
use crate::workbench::{Workbench, lists};

/// A firm made, read and audited: as imported, and once more with every likely join accepted.
struct Audited {
    truth: Truth,
    answers: Answers,
    read: Vec<text::Read>,
    accepted: Answers,
    identity: IdentityQuality,
}

/// Reads the files of a sample: lists into the matter, everything else into a batch of its own; `truth.json` is not looked at.
fn workbench(files: Vec<SampleFile>) -> Result<Workbench, Stop> {
    let (mut workbench, mut matter) = (Workbench::default(), Matter::default());
    let list = |f: &SampleFile| lists::kind(&f.path, f.bytes.get(..f.bytes.len().min(16 << 10)).unwrap_or_default());
    let (mut found, exports): (Vec<_>, Vec<_>) =
        files.into_iter().filter(|f| f.path != "truth.json").map(|f| (list(&f), f)).partition(|(kind, _)| kind.is_some());
    // Settings first: a matter file keeps the lists that are there already.
    found.sort_by_key(|(kind, _)| *kind != Some("matter"));
    for (kind, file) in found {
        lists::add(&mut matter, kind.unwrap_or_default(), &file.path, &file.bytes).map_err(Stop::input)?;
    }
    for (id, (_, file)) in (0u32..).zip(exports) {
        let given = Given { path: file.path, bytes: Rc::new(file.bytes), modified: None };
        workbench.put(id, import::read_all(vec![given], Options::default()));
    }
    workbench.set_matter(matter);
    Ok(workbench)
}

/// Score from which somebody in a hurry agrees without looking.
const LIKELY: f64 = 0.7;

/// Accepts all likely proposals, as somebody would who looks at none of them.
fn accept(matter: &Matter, answers: &Answers) -> Matter {
    let mut matter = matter.clone();
    matter.identities.extend(answers.identity.proposals.iter().filter(|p| p.score >= LIKELY).map(|p| IdentityDecision {
        channel: p.channel.clone(),
        handle: p.handle.clone(),
        verdict: Verdict::Same,
        whom: p.whom.clone(),
        reason: p.reasons.join(" "),
        by: "audit quality".into(),
        at: String::new(),
    }));
    matter
}

fn audited(seed: u64, messages: usize) -> Result<Audited, Stop> {
    let firm = firm(seed, messages);
    let mut workbench = workbench(firm.files())?;
    let scope = workbench.matter().scope.clone();
    let conversations = (0u32..).zip(&workbench.dataset().conversations);
    let read = conversations.map(|(n, c)| (n, c.channel.clone(), c.title.clone(), c.key.clone())).collect();
    let answers = workbench.answer(&scope);
    let joins = workbench.joins();
    let said: Vec<Said> = joins
        .iter()
        .map(|j| Said { channel: &j.channel, handle: &j.handle, opaque: &j.opaque, whom: &j.whom, certain: j.certain, assumed: j.assumed })
        .collect();
    let identity = quality_identity::measure(&firm, &said, &answers.identity.proposals);
    let matter = accept(workbench.matter(), &answers);
    workbench.set_matter(matter);
    Ok(Audited { truth: firm.truth(), accepted: workbench.answer(&scope), answers, read, identity })
}

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Firms, of the seeds 1 to this.
    pub firms: u64,
    /// Messages of each.
    pub messages: usize,
    /// Streams of the laboratory in each of its cells; 0 leaves it out.
    pub streams: usize,
    /// Seed of the laboratory.
    pub seed: u64,
    /// Also what was missed and what was wrong.
    pub each: bool,
}

/// Measures firms and the laboratory of streams; prints tables and what they are held against. 1 when a gate is not met.
pub fn quality(asked: Asked) -> Result<u8, Stop> {
    let mut gates = Vec::new();
    if asked.firms > 0 {
        gates.extend(firms(asked)?);
    }
    if asked.streams > 0 {
        let lab = laboratory::measured(asked.streams, asked.seed);
        let details = if asked.each { lab.details() } else { String::new() };
        gates.extend(lab.gates());
        out(|o| writeln!(o, "{details}\nstreams: seed {}, {} worlds, {} messages\n\n{lab}", asked.seed, lab.worlds, lab.messages))?;
    }
    out(|o| gates.iter().try_for_each(|gate| writeln!(o, "{gate}")))?;
    Ok(u8::from(!gates.iter().all(Gate::met)))
}

/// Works out the weights of the confidence of silences (`analysis::confidence`); with `each`, every silence too.
pub fn fit(streams: usize, seeds: std::ops::Range<u64>, each: bool) -> Result<u8, Stop> {
    let cases: Vec<_> = seeds.flat_map(|seed| laboratory::signs(streams, seed)).collect();
    if each {
        let line = |(signs, right): &(Signs, bool)| {
            let signs: Vec<String> = signs.iter().map(|s| format!("{s:.3}")).collect();
            format!("{} {}", u8::from(*right), signs.join(" "))
        };
        out(|o| cases.iter().try_for_each(|case| writeln!(o, "{}", line(case))))?;
    }
    let weights = fit::logistic(&cases);
    let right = cases.iter().filter(|(_, right)| *right).count();
    out(|o| {
        writeln!(o, "{} silences called a loss, {right} of them one", cases.len())?;
        weights.iter().zip(NAMES.iter().chain([&"constant"])).try_for_each(|(w, name)| writeln!(o, "{w:>9.3}  {name}"))?;
        writeln!(o, "Brier {:.4}", fit::brier(&cases, &weights))
    })?;
    Ok(0)
}

/// Measures firms of the seeds 1 to `firms` and prints one table over all of them; with `each`, every firm and what was missed or wrong in it too.
fn firms(Asked { firms, messages, each, .. }: Asked) -> Result<Vec<Gate>, Stop> {
    let (mut pooled, mut accepted, mut who) = (Quality::default(), Quality::default(), IdentityQuality::default());
    for seed in 1..=firms {
        let Audited { truth, answers, read, accepted: later, identity } = audited(seed, messages)?;
        let mut quality = measure(&truth, &answers);
        quality.text = text::measure(&truth, &answers, &read);
        let size = serde_json::to_vec(&answers).map_or(0, |v| v.len());
        if each {
            out(|o| {
                writeln!(
                    o,
                    "seed {seed}: answers {size} bytes, {} gaps, {} findings\n{}{}",
                    answers.gaps.len(),
                    answers.findings.len(),
                    quality.details(),
                    identity.details()
                )
            })?;
        }
        pooled.add(quality);
        let mut settled = measure(&truth, &later);
        settled.text = text::measure(&truth, &later, &read);
        accepted.add(settled);
        who.add(identity);
    }
    out(|o| {
        write!(o, "{firms} firms of about {messages} messages, as imported\n\n{pooled}\nwith all proposed joins of at least 0.7 accepted\n\n{accepted}\n{who}")
    })?;
    Ok(gates(&pooled))
}

/// Silences long enough for their streams: found of planted.
fn testable_recall(pooled: &Quality) -> Option<f64> {
    let silences = pooled.recall.iter().filter(|((class, _), _)| class == "B");
    let (found, testable) = silences.fold((0, 0), |(f, t), (_, r)| (f + r.testable_found, t + r.testable));
    (testable > 0).then(|| f64::from(found) / f64::from(testable))
}

/// Kinds of plants that stand for a wall or a cap.
const CLIFFS: [&str; 3] = ["common_cliff", "export_cap", "plan_wall"];

fn gates(pooled: &Quality) -> Vec<Gate> {
    let cliffs = pooled.recall.iter().filter(|((_, kind), _)| CLIFFS.contains(&kind.as_str()));
    let (found, planted) = cliffs.fold((0, 0), |(f, p), (_, r)| (f + r.found, p + r.planted));
    vec![
        Gate::least("class A, recall (firms)", pooled.recall_of("A"), 1.0),
        Gate::least("class A, precision (firms)", pooled.precision_of("A"), 0.99),
        Gate::least("class B, recall where the gap is at least 1.5 n* (firms)", testable_recall(pooled), 0.95),
        Gate::most("class B, false alarms per stream-year (firms)", pooled.false_alarms(), 0.05),
        Gate::least("cliffs and caps, recall (firms)", (planted > 0).then(|| f64::from(found) / f64::from(planted)), 0.95),
    ]
}
