//! What is said once a manifest is read: times, evidence, files that nothing names, whose export it is.

use std::collections::BTreeSet;

use super::reader::RsmfReader;
use crate::import::sink::Sink;
use crate::model::HandleIx;
use crate::model::ledger::{Basis, Decided, Question};

impl RsmfReader {
    /// Everything is read.
    pub(super) fn close(&mut self, sink: &mut Sink) {
        let utc = self.utc.unwrap_or(true);
        if self.mixed > 0 {
            let what = if utc { "without an offset were read as UTC" } else { "with an offset were read as UTC clocks" };
            sink.notice("mixed_zones", format!("Some times have an offset and some have none; those {what}"), self.mixed);
        }
        if !utc && !sink.zone_stated() {
            sink.source().question = Some(Question::Zone);
        }
        let conversations: Vec<_> = self.lists.rooms.iter().map(|r| r.conversation).collect();
        self.evidence.tell(&conversations, self.files.is_some(), utc, &self.declared, sink);
        self.unused(sink);
        self.owner(sink);
    }

    /// Members that neither events nor lists name.
    fn unused(&self, sink: &mut Sink) {
        let Some(files) = &self.files else { return };
        let unused = files.iter().filter(|f| !self.evidence.files.contains(*f) && !self.lists.pictures.contains(*f)).count() as u64;
        if unused > 0 {
            sink.notice("rsmf_files_unused", "Files lie beside the manifest that no event names: the events they came with may be missing", unused);
        }
        let pictures = self.lists.pictures.iter().filter(|p| !p.is_empty() && !files.contains(*p)).count() as u64;
        if pictures > 0 {
            sink.notice("rsmf_pictures_absent", "Pictures of participants or conversations are named but not in the zip; no message is concerned", pictures);
        }
    }

    fn owner(&self, sink: &mut Sink) {
        let keys: BTreeSet<String> = self.custodians.iter().filter_map(|h| sink.handle_facts(HandleIx(*h)).map(|f| f.key.clone())).collect();
        if keys.len() > 1 {
            sink.notice("rsmf_custodians", "Conversations of several custodians are in one file; no single owner", 1);
        }
        let (Some(owner), Some(value), 1) = (self.custodians.first().copied(), keys.first().cloned(), keys.len()) else { return };
        let (basis, why) = if self.stated_owner.is_some() { (Basis::Stated, "stated") } else { (Basis::Proven, "custodian of the conversation") };
        let source = sink.source();
        source.owner = Some(Decided { value, basis, why: why.to_owned() });
        source.owner_handle = Some(owner);
    }
}
