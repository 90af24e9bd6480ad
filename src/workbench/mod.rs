//! The workbench: holds batches, matter and dataset; merges, answers. The only mutable thing in the core; both front-ends drive it.

mod digests;
mod duplicates;
pub mod excerpt;
mod explain;
mod find;
pub mod join;
pub mod joins;
pub mod learned;
pub mod lists;
pub mod merge;
pub mod saved;
mod threads;
mod topics;
pub mod unnamed;
mod vote;

use std::collections::BTreeMap;

use crate::analysis::{Context, Ground};
use crate::model::daily::Daily;
use crate::model::decision::{ClassDecision, IdentityDecision, Reveal};
use crate::model::ledger::{Question, Source};
use crate::model::matter::{Matter, Scope};
use crate::model::{Answers, Batch, Dataset};
use crate::report::ledger::Ledger;

/// Id of a file, given by the front-end.
pub type FileId = u32;

/// Holds what was read and answers.
#[derive(Default)]
pub struct Workbench {
    batches: BTreeMap<FileId, Batch>,
    /// Digests of files, also of those whose batch is not here yet.
    digests: BTreeMap<FileId, String>,
    matter: Matter,
    merged: Option<Merged>,
    /// Whether digests have come since merging that the dataset does not hold yet.
    digested: bool,
    /// What answers share: of this dataset and matter, for the day of the question asked last.
    ground: Option<Ground>,
    /// What the answers given last are for; `None` once something has changed on which they depend. Digests do not count.
    answered: Option<Scope>,
}

struct Merged {
    dataset: Dataset,
    order: merge::Order,
    /// Files in the order in which their batches were given to be merged.
    files: Vec<FileId>,
}

impl Workbench {
    /// Takes what was read from a file; replaces what the same file gave before.
    pub fn put(&mut self, file: FileId, mut batch: Batch) {
        if let Some(sha256) = self.digests.get(&file) {
            digests::set(&mut batch, sha256);
        }
        self.batches.insert(file, batch);
        self.stale();
    }

    /// Forgets a file.
    pub fn remove(&mut self, file: FileId) {
        self.digests.remove(&file);
        if self.batches.remove(&file).is_some() {
            self.stale();
        }
    }

    /// The digest of a file has become known, before or after its batch. Nothing is merged again for it, unless two sources can be told
    /// apart by their digests only. Sources that brought a digest along (those of a batch file) keep it: it is that of their export.
    pub fn set_digest(&mut self, file: FileId, sha256: &str) {
        if let Some(batch) = self.batches.get_mut(&file) {
            self.digested |= digests::set(batch, sha256);
        }
        self.digests.insert(file, sha256.to_owned());
    }

    /// Lets go of what was merged and read off it: a front-end that is about to put a file needs the room.
    pub fn stale(&mut self) {
        self.merged = None;
        self.changed();
    }

    /// What was answered holds no longer.
    fn changed(&mut self) {
        self.ground = None;
        self.answered = None;
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
            self.merged = None;
        }
        self.changed();
        self.matter = matter;
    }

    /// Changes settings, lists or decisions in place.
    pub fn change_matter(&mut self, change: impl FnOnce(&mut Matter)) {
        let mut matter = self.matter.clone();
        change(&mut matter);
        self.set_matter(matter);
    }

    /// Notes an opening of text. No answer depends on it.
    pub fn note_reveal(&mut self, reveal: Reveal) {
        self.matter.reveals.push(reveal);
    }

    /// People and clients found by name: reference and what to show.
    #[must_use]
    pub fn find(&self, words: &str) -> Vec<(String, String)> {
        find::find(&self.matter, words)
    }

    /// Takes a decision about a handle.
    pub fn decide_identity(&mut self, decision: IdentityDecision) {
        let handle = crate::analysis::identity::reference::key_of(self.dataset(), &decision.handle);
        self.change_matter(|matter| matter.identities.push(IdentityDecision { handle, ..decision }));
    }

    /// Channel and key of the conversation with this number (`c12`).
    fn conversation(&mut self, id: &str) -> Option<(String, String)> {
        let number = id.strip_prefix('c')?.parse::<usize>().ok()?;
        let found = self.dataset().conversations.get(number)?;
        Some((found.channel.clone(), found.key.clone()))
    }

    /// Decides the class of the conversation with this number (`c12`); `false` when there is none.
    pub fn decide_class(&mut self, id: &str, work: bool, why: [String; 3]) -> bool {
        let Some((channel, conversation)) = self.conversation(id) else { return false };
        let [reason, by, at] = why;
        self.change_matter(|matter| {
            matter.classes.retain(|d| !d.names(&channel, &conversation));
            matter.classes.push(ClassDecision { channel, conversation, work, reason, by, at });
        });
        true
    }

    /// Takes a decision about a conversation back.
    pub fn undo_class(&mut self, id: &str) {
        let Some((channel, conversation)) = self.conversation(id) else { return };
        self.change_matter(|matter| matter.classes.retain(|d| !d.names(&channel, &conversation)));
    }

    /// The file that a source of the dataset, by its place there, came from.
    #[must_use]
    pub fn file_of(&self, source: u32) -> Option<FileId> {
        let merged = self.merged.as_ref()?;
        merged.files.get(merged.order.batch_of(source)?).copied()
    }

    /// The merged dataset.
    pub fn dataset(&mut self) -> &Dataset {
        if std::mem::take(&mut self.digested) {
            self.put_digests();
        }
        let (batches, zone) = (&self.batches, &self.matter.zone);
        let merged = self.merged.get_or_insert_with(|| {
            let settled = vote::settled(batches.values());
            let batches: Vec<&Batch> = settled.iter().map(AsRef::as_ref).collect();
            let order = merge::order(&batches);
            Merged { dataset: merge::merge_ordered(&batches, zone, &order), order, files: self.batches.keys().copied().collect() }
        });
        &merged.dataset
    }

    /// Gives the dataset the digests that have come; drops it when they change the order of its sources.
    fn put_digests(&mut self) {
        let Some(merged) = &mut self.merged else { return };
        let settled = vote::settled(self.batches.values());
        let batches: Vec<&Batch> = settled.iter().map(AsRef::as_ref).collect();
        if merge::order(&batches) == merged.order {
            for (source, read) in merged.dataset.sources.iter_mut().zip(merged.order.sources(&batches)) {
                source.sha256.clone_from(&read.sha256);
            }
        } else {
            drop(settled);
            self.stale();
        }
    }

    /// The sources of files that ask for the order of day and month, as they stand now: without their question where other files decide.
    #[must_use]
    pub fn asking(&self) -> Vec<(FileId, Vec<Source>)> {
        let asks = |batch: &Batch| batch.tables.sources.iter().any(|s| matches!(s.question, Some(Question::DateOrder { .. })));
        if !self.batches.values().any(asks) {
            return Vec::new();
        }
        let settled = vote::settled(self.batches.values());
        let rows = self.batches.iter().zip(settled).filter(|((_, batch), _)| asks(batch));
        rows.map(|((id, _), settled)| (*id, settled.tables.sources.clone())).collect()
    }

    /// The dataset as it was when [`Workbench::dataset`] was called last, if nothing has changed since.
    #[must_use]
    pub fn merged(&self) -> Option<&Dataset> {
        self.merged.as_ref().map(|m| &m.dataset)
    }

    /// The dataset and what was last read off it, whatever the day of the question.
    fn ground(&mut self) -> Option<(&Dataset, &Ground)> {
        self.dataset();
        let dataset = &self.merged.as_ref()?.dataset;
        let ground = self.ground.get_or_insert_with(|| Ground::new(dataset, &self.matter, &Scope::default()));
        Some((dataset, ground))
    }

    /// Files with sources of which every record belongs to private conversations: their paths, which the page shows no longer.
    pub fn closed(&mut self) -> Vec<(FileId, Vec<String>)> {
        let Some((dataset, ground)) = self.ground() else { return Vec::new() };
        let private = (0u32..).zip(&dataset.sources).zip(ground.private_sources(dataset)).filter(|(_, private)| **private);
        let paths: Vec<(u32, String)> = private.map(|((ix, source), _)| (ix, source.path.clone())).collect();
        let mut out: BTreeMap<FileId, Vec<String>> = BTreeMap::new();
        for (ix, path) in paths {
            if let Some(file) = self.file_of(ix) {
                out.entry(file).or_default().push(path);
            }
        }
        out.into_iter().collect()
    }

    /// Whether a conversation is private: nothing of it may be opened.
    pub fn private(&mut self, conversation: u32) -> bool {
        self.ground().and_then(|(_, ground)| ground.talks.get(conversation)).is_none_or(|talk| !talk.counts())
    }

    /// What answers work with, on the ground of the answers before where that still holds.
    fn context(&mut self, scope: &Scope) -> Option<Context<'_>> {
        self.dataset();
        let dataset = &self.merged.as_ref()?.dataset;
        let kept = self.ground.take().filter(|ground| ground.fits(&self.matter, scope));
        let ground = self.ground.insert(kept.unwrap_or_else(|| Ground::new(dataset, &self.matter, scope)));
        Some(Context::new(dataset, &self.matter, scope, ground))
    }

    /// All answers for a scope.
    pub fn answer(&mut self, scope: &Scope) -> Answers {
        let mut answers = self.answer_only(scope);
        answers.ledger = self.ledger().value();
        answers
    }

    /// The same without the ledger, which is large where there are many files.
    pub fn answer_only(&mut self, scope: &Scope) -> Answers {
        let Some(context) = self.context(scope) else { return Answers::default() };
        let mut answers = crate::analysis::answer(&context);
        answers.reveals.clone_from(&self.matter.reveals);
        self.answered = Some(scope.clone());
        answers
    }

    /// What each question takes, and before them what all share and is kept: word and milliseconds by the clock given. For measuring.
    pub fn timed(&mut self, scope: &Scope, clock: &dyn Fn() -> f64) -> (Vec<(&'static str, f64)>, Answers) {
        self.dataset();
        self.ground = None;
        let begun = clock();
        let Some(context) = self.context(scope) else { return (Vec::new(), Answers::default()) };
        let mut said = vec![("shared", clock() - begun)];
        let mut answers = Answers::default();
        for question in crate::analysis::QUESTIONS {
            let begun = clock();
            (question.run)(&context, &mut answers);
            said.push((question.id, clock() - begun));
        }
        (said, answers)
    }

    /// Brings the answers given last up to date. When digests have come and nothing else has changed, they are put where they belong;
    /// else everything is answered.
    pub fn answer_again(&mut self, scope: &Scope, answers: &mut Answers) {
        self.answer_only_again(scope, answers);
        answers.ledger = self.ledger().value();
    }

    /// The same without the ledger.
    pub fn answer_only_again(&mut self, scope: &Scope, answers: &mut Answers) {
        self.dataset();
        if self.answered.as_ref() == Some(scope)
            && let (Some(merged), Some(_)) = (&self.merged, &self.ground)
            && let Some(known) = digests::by_path(&merged.dataset.sources)
        {
            digests::show(answers, &known);
        } else {
            *answers = self.answer_only(scope);
        }
    }

    /// The ledger: files of private conversations bear no name.
    pub fn ledger(&mut self) -> Ledger<'_> {
        self.ground().map_or(Ledger::of(&[], &[]), |(dataset, ground)| Ledger::of(&dataset.sources, ground.private_sources(dataset)))
    }

    /// The days of one custodian on one channel, for a calendar; `None` when there is no such row.
    #[must_use]
    pub fn daily(&mut self, scope: &Scope, person: &str, channel: &str) -> Option<Daily> {
        crate::analysis::daily::daily(&self.context(scope)?, person, channel)
    }

    /// All files as one batch, for `audit batch`.
    #[must_use]
    pub fn joined(&self) -> Batch {
        join::join(self.batches.values())
    }
}
