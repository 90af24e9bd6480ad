//! The workbench: holds batches, matter and dataset; merges, answers. The only mutable thing in the core; both front-ends drive it.

mod duplicates;
pub mod excerpt;
mod join;
pub mod lists;
pub mod merge;
pub mod saved;
mod threads;

use std::collections::BTreeMap;

use crate::model::daily::Daily;
use crate::model::ledger::Source;
use crate::model::matter::{Matter, Scope};
use crate::model::{Answers, Batch, Dataset};

/// Id of a file, given by the front-end.
pub type FileId = u32;

/// Holds what was read and answers.
#[derive(Default)]
pub struct Workbench {
    batches: BTreeMap<FileId, Batch>,
    matter: Matter,
    dataset: Option<Dataset>,
}

impl Workbench {
    /// Takes what was read from a file; replaces what the same file gave before.
    pub fn put(&mut self, file: FileId, batch: Batch) {
        self.batches.insert(file, batch);
        self.dataset = None;
    }

    /// Forgets a file.
    pub fn remove(&mut self, file: FileId) {
        if self.batches.remove(&file).is_some() {
            self.dataset = None;
        }
    }

    /// The digest of a file has become known.
    pub fn set_digest(&mut self, file: FileId, sha256: &str) {
        let Some(batch) = self.batches.get_mut(&file) else { return };
        for source in &mut batch.tables.sources {
            sha256.clone_into(&mut source.sha256);
        }
        self.dataset = None;
    }

    /// Files held.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &Batch)> {
        self.batches.iter().map(|(id, b)| (*id, b))
    }

    /// Sources of one file as they were read (before merging).
    #[must_use]
    pub fn sources_of(&self, file: FileId) -> &[Source] {
        self.batches.get(&file).map_or(&[], |b| &b.tables.sources)
    }

    /// The matter.
    #[must_use]
    pub const fn matter(&self) -> &Matter {
        &self.matter
    }

    /// Changes the matter; a change of zone merges again.
    pub fn set_matter(&mut self, matter: Matter) {
        if matter.zone != self.matter.zone {
            self.dataset = None;
        }
        self.matter = matter;
    }

    /// The file a source of the dataset came from.
    #[must_use]
    pub fn file_of(&self, source: &Source) -> Option<FileId> {
        self.batches
            .iter()
            .find(|(_, b)| b.tables.sources.iter().any(|s| s.path == source.path && s.bytes == source.bytes && s.sha256 == source.sha256))
            .map(|(id, _)| *id)
    }

    /// The merged dataset.
    pub fn dataset(&mut self) -> &Dataset {
        let zone = &self.matter.zone;
        let batches = &self.batches;
        self.dataset.get_or_insert_with(|| merge::merge(&batches.values().collect::<Vec<_>>(), zone))
    }

    /// The dataset if it has been merged.
    #[must_use]
    pub const fn merged(&self) -> Option<&Dataset> {
        self.dataset.as_ref()
    }

    /// All answers for a scope.
    pub fn answer(&mut self, scope: &Scope) -> Answers {
        self.dataset();
        let Some(dataset) = &self.dataset else { return Answers::default() };
        let mut answers = crate::analysis::answer(dataset, &self.matter, scope);
        answers.ledger = crate::report::ledger::json(&dataset.sources);
        answers
    }

    /// The days of one custodian on one channel, for a calendar; `None` before anything was merged or when there is no such row.
    #[must_use]
    pub fn daily(&self, scope: &Scope, person: &str, channel: &str) -> Option<Daily> {
        let context = crate::analysis::Context::new(self.dataset.as_ref()?, &self.matter, scope);
        crate::analysis::daily::daily(&context, person, channel)
    }

    /// All files as one batch, for `audit batch`.
    #[must_use]
    pub fn joined(&self) -> Batch {
        join::join(self.batches.values())
    }
}
