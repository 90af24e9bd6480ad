//! What lies beside a file and is read with it: the write-ahead log of a database.

use std::rc::Rc;

use super::{Given, Importer, Job, container::Container};
use crate::import::bytes::{Shared, WithLog};
use crate::import::{Entry, archive, folders};

/// The log of the file at hand, and its index, which nobody needs.
#[derive(Default)]
pub struct Beside<'a> {
    /// Gives the log; nothing where it cannot be had.
    pub log: Option<&'a dyn Fn() -> Option<Shared>>,
    /// The index lies there.
    pub index: bool,
    /// Bytes of both, and the bytes of the outermost file that they stand for.
    pub size: u64,
    /// See `size`.
    pub share: u64,
}

impl Beside<'_> {
    /// Whether there is something.
    pub const fn is_any(&self) -> bool {
        self.log.is_some() || self.index
    }

    /// The bytes of the database, which know their log; `None` when there is one that cannot be had.
    pub fn join(&self, database: &Shared) -> Option<Shared> {
        match self.log {
            Some(log) => Some(Rc::new(WithLog { database: database.clone(), log: log()? })),
            None => Some(database.clone()),
        }
    }
}

/// Files, each with what lies beside it.
pub fn paired(files: Vec<Given>) -> impl Iterator<Item = Job> {
    let paths: Vec<&str> = files.iter().map(|f| f.path.as_str()).collect();
    let groups = folders::with_logs(&paths);
    let mut files: Vec<Option<Given>> = files.into_iter().map(Some).collect();
    groups.into_iter().filter_map(move |group| {
        let mut members = group.into_iter().filter_map(|ix| files.get_mut(ix)?.take());
        Some(Job::File(members.next()?, members.collect()))
    })
}

/// Members of a container that lie beside others, in the order of the others.
pub fn of_members(entries: &[Entry], open: impl Fn(usize, &Entry) -> bool) -> Vec<Vec<usize>> {
    let members: Vec<usize> = entries.iter().enumerate().filter(|(ix, e)| open(*ix, e)).map(|(ix, _)| ix).collect();
    let names: Vec<&str> = members.iter().filter_map(|ix| entries.get(*ix)).map(|e| e.name.as_str()).collect();
    let place = |group: Vec<usize>| group.into_iter().filter_map(|n| members.get(n).copied()).collect();
    folders::with_logs(&names).into_iter().map(place).collect()
}

impl Importer {
    /// A file given, with what lies beside it, if its format reads that; else that is read by itself.
    pub(super) fn given(&mut self, given: Given, others: Vec<Given>) {
        let log = others.iter().find(|o| !folders::is_index(&o.path)).map(|o| o.bytes.clone());
        let log = || log.clone();
        let size = others.iter().map(|o| o.bytes.len()).sum();
        let has_log = log().is_some();
        let index = others.len() > usize::from(has_log);
        let beside = Beside { log: has_log.then_some(&log as &dyn Fn() -> Option<Shared>), index, size, share: size };
        if !self.file(given, &beside) {
            for other in others.into_iter().rev() {
                self.jobs.push_front(Job::File(other, Vec::new()));
            }
        }
    }

    /// The same for a member of a container. `others`: members and their shares.
    pub(super) fn given_member(&mut self, container: &Rc<Container>, ix: usize, others: Vec<(usize, u64)>, share: u64) {
        let archive = container.archive.clone();
        let entry = |ix: usize| archive.entries().get(ix);
        let log = others.iter().map(|(ix, _)| *ix).find(|ix| entry(*ix).is_some_and(|e| !folders::is_index(&e.name)));
        let bytes = || log.and_then(|ix| archive.direct(ix).or_else(|| archive::expand(archive.as_ref(), ix).ok()));
        let index = others.len() > usize::from(log.is_some());
        let size = others.iter().filter_map(|(ix, _)| entry(*ix)).map(|e| e.size).fold(0, u64::saturating_add);
        let of_others = others.iter().map(|(_, share)| *share).sum();
        let beside = Beside { log: log.is_some().then_some(&bytes as &dyn Fn() -> Option<Shared>), index, size, share: of_others };
        if !self.member(container, ix, share, &beside) {
            for (ix, share) in others.into_iter().rev() {
                self.jobs.push_front(Job::Member { container: container.clone(), ix, others: Vec::new(), share });
            }
        }
    }
}
