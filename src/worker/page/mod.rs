//! The page's end: a pool of import workers, a digest worker, and the long-lived worker that holds the dataset.
//! Nothing here blocks; everything is heard through one callback.

mod data;
mod inner;
mod link;
mod many;
mod pool;
mod sections;

use std::cell::RefCell;
use std::rc::Rc;

use self::inner::Inner;
pub use super::protocol::Stated;
use super::protocol::{Event, FileId, List, Settings};
use crate::model::decision::IdentityDecision;
use crate::model::matter::Scope;

/// The page's connection to its workers. Cheap to clone.
#[derive(Clone)]
pub struct Client(Rc<RefCell<Inner>>);

impl Client {
    /// Makes the client. Workers are loaded a moment later, when the page stands: from then on nothing more is fetched.
    /// `on_event` hears everything.
    pub fn start(on_event: impl Fn(Event) + 'static) -> Self {
        let inner = Inner::start(Rc::new(on_event));
        let warm = inner.clone();
        gloo::timers::callback::Timeout::new(300, move || Inner::warm(&warm)).forget();
        Self(inner)
    }

    /// Adds files, each with its path (`webkitRelativePath` for folders). Folders that hold one export become one row; which ones do,
    /// the worker knows, which has the formats.
    pub fn add_files(&self, files: Vec<(String, web_sys::File)>) {
        Inner::add_files(&self.0, files);
    }

    /// Stops a file; its row becomes `cancelled` at once.
    pub fn cancel(&self, file: FileId) {
        Inner::cancel(&self.0, file);
    }

    /// Forgets a file and everything read from it.
    pub fn remove(&self, file: FileId) {
        Inner::remove(&self.0, file);
    }

    /// Reads a file again, with what the person has stated.
    pub fn reread(&self, file: FileId, stated: Stated) {
        Inner::reread(&self.0, file, stated);
    }

    /// Reads a list or matter file.
    pub fn add_list(&self, list: List, file: web_sys::File) {
        Inner::add_list(&self.0, list, file);
    }

    /// Reads the list of a kind again: each heading of the file with the field it is read as, empty = not used.
    pub fn map_list(&self, list: List, columns: &[(String, String)]) {
        Inner::map_list(&self.0, list, columns);
    }

    /// Asks all questions again for another scope.
    pub fn set_scope(&self, scope: Scope) {
        Inner::to_data(&self.0, link::Say::new("scope").json("scope", &scope));
    }

    /// Sets all settings of the matter.
    pub fn set_settings(&self, settings: &Settings) {
        Inner::to_data(&self.0, link::Say::new("settings").json("settings", settings));
    }

    /// Decides whose a handle is.
    pub fn decide(&self, decision: &IdentityDecision) {
        Inner::to_data(&self.0, link::Say::new("decide").json("decision", decision));
    }

    /// Takes the decision with this number back.
    pub fn undo(&self, number: u32) {
        Inner::to_data(&self.0, link::Say::new("undo").set("number", number));
    }

    /// Decides whether a conversation is work; without a reason the decision is taken back.
    pub fn decide_class(&self, conversation: &str, work: bool, why: &Why) {
        let class = if work { "work" } else { "private" };
        Inner::to_data(&self.0, why.put(link::Say::new("class").set("conversation", conversation).set("class", class)));
    }

    /// Explains the gap at this place (`Gap::place`); `kind`: the word of a [`Cause`](crate::model::decision::Cause).
    pub fn explain(&self, place: &str, kind: &str, why: &Why) {
        Inner::to_data(&self.0, why.put(link::Say::new("explain").set("gap", place).set("class", kind)));
    }

    /// Takes the explanation with this number back.
    pub fn take_back(&self, number: u32) {
        Inner::to_data(&self.0, link::Say::new("take_back").set("number", number));
    }

    /// Asks for people and clients whose names hold these words: answers with [`Event::Found`].
    pub fn find(&self, words: &str) {
        Inner::to_data(&self.0, link::Say::new("find").set("words", words));
    }

    /// Asks for the records around one row; a reason reveals text where the matter allows it.
    pub fn excerpt(&self, row: u32, why: Option<&Why>) {
        let say = link::Say::new("excerpt").set("row", row);
        Inner::to_data(&self.0, why.map_or_else(Why::default, Why::clone).put(say));
    }

    /// Asks for the messages per day of one custodian on one channel.
    pub fn daily(&self, person: &str, channel: &str) {
        Inner::to_data(&self.0, link::Say::new("daily").set("person", person).set("channel", channel));
    }

    /// Loads the synthetic firm: its files are made in a worker, then read like any others.
    pub fn sample(&self) {
        Inner::sample(&self.0);
    }

    /// Saves the matter: answers with [`Event::Saved`].
    pub fn save(&self) {
        Inner::to_data(&self.0, link::Say::new("save"));
    }

    /// Opens a saved matter.
    pub fn open(&self, file: web_sys::File) {
        Inner::open(&self.0, file);
    }

    /// Makes a document: `json`, `html`, `csv:gaps`, `csv:leavers`, `csv:channels`, `csv:coverage`, `csv:findings`, `csv:ledger`.
    /// Answers with [`Event::Document`].
    pub fn document(&self, kind: &str) {
        Inner::to_data(&self.0, link::Say::new("document").set("what", kind));
    }

    /// Forgets everything: rows, workers, matter.
    pub fn start_over(&self) {
        Inner::start_over(&self.0);
    }
}

/// Why something was decided or opened, who says so, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Why {
    /// Reason.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When (RFC 3339).
    pub at: String,
}

impl Why {
    fn put(&self, say: link::Say) -> link::Say {
        say.set("reason", self.reason.as_str()).set("by", self.by.as_str()).set("at", self.at.as_str())
    }
}

/// Lets the browser do what else it has to do: input and drawing come before the next step.
pub async fn pause() {
    let promise = js_sys::Promise::new(&mut |done, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback(&done);
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Lets something run until it waits, and again when what it waits for is there. One kind of task for the whole page: each kind is a
/// copy of the machinery behind it.
pub fn later(task: std::pin::Pin<Box<dyn Future<Output = ()>>>) {
    wasm_bindgen_futures::spawn_local(task);
}
