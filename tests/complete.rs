//! A firm from whose files nothing was taken: what is said to be missing there is what exports lack by nature, and nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::rc::Rc;

use retention_audit::import::{Given, Options, read_all};
use retention_audit::model::matter::Matter;
use retention_audit::sample;
use retention_audit::workbench::{Workbench, lists};

fn audited(seed: u64) -> retention_audit::model::Answers {
    let (mut workbench, mut matter) = (Workbench::default(), Matter::default());
    let mut files: Vec<_> = sample::complete(seed, 40_000).files().into_iter().filter(|f| f.path != "truth.json").collect();
    let kind = |f: &sample::SampleFile| lists::kind(&f.path, &f.bytes[..f.bytes.len().min(16 << 10)]);
    files.sort_by_key(|f| kind(f) != Some("matter"));
    for (id, file) in (0u32..).zip(files) {
        match kind(&file) {
            Some(kind) => lists::add(&mut matter, kind, &file.path, &file.bytes).unwrap(),
            None => workbench.put(id, read_all(vec![Given { path: file.path, bytes: Rc::new(file.bytes), modified: None }], Options::default())),
        }
    }
    workbench.set_matter(matter);
    let scope = workbench.matter().scope.clone();
    workbench.answer(&scope)
}

/// Phones export their chats without media, a Slack workspace without private channels, an account that nobody handed in is absent, and
/// little traffic cannot be tested: each of these is said, and defensible.
const BY_NATURE: [&str; 4] = ["media_absent", "never_supplied", "not_in_export", "untestable"];

/// Unexplained silences that a stream may have in a year by chance: what the method promises.
const BY_CHANCE: f64 = 0.05;

#[test]
fn in_a_complete_archive_nothing_is_missing_and_hardly_any_silence_is_unexplained() {
    for seed in [1, 2, 3] {
        let answers = audited(seed);
        let mut kinds: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for gap in &answers.gaps {
            let said = format!("{} {} {:?} to {:?}: {}", gap.custodian, gap.channel, gap.from, gap.to, gap.reasons.join("; "));
            kinds.entry((gap.class.clone(), gap.kind.clone())).or_default().push(said);
        }
        let silent = kinds.remove(&("B".to_owned(), "silence".to_owned())).unwrap_or_default();
        let years = answers.coverage.iter().map(|r| r.expected_days as f64).sum::<f64>() / 253.0;
        assert!((silent.len() as f64) <= BY_CHANCE * years, "seed {seed}, {years:.0} stream-years: {silent:#?}");
        let wrong: Vec<_> = kinds.iter().filter(|((_, kind), _)| !BY_NATURE.contains(&kind.as_str())).collect();
        assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
        assert!(answers.coverage.len() > 100, "{}", answers.coverage.len());
    }
}
