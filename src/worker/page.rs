//! The page's end: a pool of import workers, a digest worker, and the long-lived worker that holds the dataset.

use std::rc::Rc;

use super::protocol::{Event, FileId, List};
use crate::model::matter::Scope;

/// What a person has stated about one file: zone, date order, owner, format.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stated {
    /// IANA zone.
    pub zone: Option<String>,
    /// `dmy`, `mdy`, `ymd`.
    pub date_order: Option<String>,
    /// Handle of the owner.
    pub owner: Option<String>,
    /// Format id.
    pub format: Option<String>,
}

/// The page's connection to its workers. Cheap to clone. Nothing here blocks.
#[derive(Clone)]
pub struct Client(#[allow(dead_code)] Rc<()>);

impl Client {
    /// Makes the client; workers are loaded when the first file arrives. `on_event` hears everything.
    pub fn start(on_event: impl Fn(Event) + 'static) -> Self {
        drop(on_event);
        Self(Rc::new(()))
    }
    /// Adds files, each with its path (`webkitRelativePath` for folders). Returns the row ids in order.
    pub fn add_files(&self, files: Vec<(String, web_sys::File)>) -> Vec<FileId> {
        drop(files);
        Vec::new()
    }
    /// Stops a file; within a second its row is `cancelled`.
    pub fn cancel(&self, file: FileId) {
        let _ = file;
    }
    /// Forgets a file and everything read from it.
    pub fn remove(&self, file: FileId) {
        let _ = file;
    }
    /// Reads a file again, with what the person has stated.
    pub fn reread(&self, file: FileId, stated: Stated) {
        let _ = (file, stated);
    }
    /// Reads a list or matter file.
    pub fn add_list(&self, list: List, file: web_sys::File) {
        let _ = (list, file);
    }
    /// Sets zone, preset, name: the small settings of the matter. `None` leaves as it is.
    pub fn set_matter(&self, name: Option<String>, zone: Option<String>, preset: Option<String>) {
        let _ = (name, zone, preset);
    }
    /// Asks all questions again for another scope.
    pub fn set_scope(&self, scope: Scope) {
        let _ = scope;
    }
    /// Asks for the records around one row; `reason` reveals text and is noted in the reveal log.
    pub fn excerpt(&self, row: u32, reason: Option<String>) {
        let _ = (row, reason);
    }
    /// Loads the synthetic firm.
    pub fn sample(&self) {}
    /// Saves the matter: answers with [`Event::Saved`].
    pub fn save(&self) {}
    /// Opens a saved matter.
    pub fn open(&self, file: web_sys::File) {
        let _ = file;
    }
    /// Makes a document: `json`, `html`, `csv:gaps`, `csv:leavers`, `csv:channels`, `csv:findings`, `csv:ledger`. Answers with [`Event::Document`].
    pub fn document(&self, kind: &str) {
        let _ = kind;
    }
    /// Forgets everything.
    pub fn start_over(&self) {}
}
