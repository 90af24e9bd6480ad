//! The long-lived worker: holds the workbench and the file handles, answers the page.

use std::collections::BTreeMap;

use wasm_bindgen::prelude::*;

use super::file::Handle;
use super::{Message, Reply, memory, now};
use crate::import::bytes::Shared;
use crate::import::{FORMATS, folders};
use crate::model::decision::{Cause, IdentityDecision, Mapping};
use crate::model::matter::{Matter, Scope};
use crate::model::sums::Sums;
use crate::model::{Answers, Batch, Source};
use crate::workbench::{Workbench, excerpt, lists, saved};
use crate::worker::protocol::{Daily, Group, List, MatterSaid, PIECES, Settings, gathered};

/// Everything the page can ask about.
#[derive(Default)]
pub struct Data {
    workbench: Workbench,
    handles: BTreeMap<u32, Vec<(String, web_sys::File)>>,
    scope: Scope,
    answers: Answers,
    /// Paths of a drop that has not been said to its end.
    paths: Vec<String>,
}

impl Data {
    /// Hears one message.
    pub fn hear(&mut self, message: &Message) {
        let id = message.number("id");
        match message.kind().as_str() {
            "put" => self.put(id, message),
            "remove" => {
                self.workbench.remove(id);
                self.handles.remove(&id);
            }
            "set_digest" => self.workbench.set_digest(id, &message.text("sha256")),
            "list" => self.list(message),
            "scope" => {
                if let Some(scope) = message.json("scope") {
                    self.scope = scope;
                }
                self.answer();
            }
            "answer" => self.answer(),
            "excerpt" => self.excerpt(message),
            "daily" => self.daily(message),
            "document" => self.document(&message.text("what")),
            "settings" => self.settings(message),
            "decide" => self.decide(message),
            "undo" => self.undo(message),
            "class" => self.class(message),
            "explain" => self.explain(message),
            "take_back" => {
                self.workbench.take_back(message.number("number") as usize);
                self.answer();
            }
            "find" => Reply::new("found").json("found", &self.workbench.find(&message.text("words"))).post(),
            "group" => {
                self.paths.append(&mut message.json("paths").unwrap_or_default());
                if message.get("last").as_bool() != Some(false) {
                    group(message.number("drop"), &std::mem::take(&mut self.paths));
                }
            }
            "formats" => {
                let all: Vec<_> = FORMATS.iter().map(|f| f.about()).collect();
                Reply::new("formats").json("formats", &all).post();
            }
            "save" => Reply::new("saved").buffer("bytes", &saved::save(&mut self.workbench, &salt())).post(),
            "open" => self.open(message),
            "clear" => *self = Self::default(),
            _ => {}
        }
    }

    fn put(&mut self, id: u32, message: &Message) {
        self.workbench.stale();
        match Batch::from_bytes(&message.bytes("bytes")) {
            Ok(batch) => {
                self.workbench.put(id, batch);
                let names: Vec<String> = message.json("names").unwrap_or_default();
                let files = js_sys::Array::from(&message.get("handles"));
                let handles = names.into_iter().zip(files.iter()).filter_map(|(name, file)| Some((name, file.dyn_into().ok()?)));
                self.handles.insert(id, handles.collect());
            }
            Err(error) => Reply::new("trouble").set("what", error.to_string()).post(),
        }
    }

    fn answer(&mut self) {
        Reply::new("counting").post();
        let start = now();
        let messages = self.workbench.dataset().len();
        let bytes = self.workbench.dataset().bytes();
        let merged = now();
        let scope = self.scope.clone();
        self.workbench.answer_only_again(&scope, &mut self.answers);
        let answered = now();
        // Other files may have decided what a file asks, or do so no longer.
        let asking = self.workbench.asking();
        if !asking.is_empty() {
            Reply::new("asking").json("rows", &asking).post();
        }
        Reply::new("closed").json("rows", &self.workbench.closed()).post();
        Reply::new("answers")
            .json("answers", &self.answers)
            .set("merge_ms", merged - start)
            .set("answer_ms", answered - merged)
            .set("rows", messages as f64)
            .set("dataset_bytes", bytes as f64)
            .set("memory", memory())
            .post();
    }

    fn list(&mut self, message: &Message) {
        let Some(list) = message.json::<List>("list") else { return };
        let mut matter = self.workbench.matter().clone();
        let (name, bytes) = (message.text("name"), message.bytes("bytes"));
        let read = match message.json::<Vec<(String, String)>>("columns") {
            Some(columns) => mapped(&mut matter, list, &name, &bytes, columns),
            None => lists::add(&mut matter, list.word(), &name, &bytes),
        };
        match read {
            Ok(()) => {
                self.workbench.set_matter(matter);
                self.say_matter();
            }
            Err(what) => Reply::new("trouble").set("what", what).post(),
        }
    }

    fn settings(&mut self, message: &Message) {
        let Some(settings) = message.json::<Settings>("settings") else { return };
        self.workbench.change_matter(|matter| settings.put(matter));
        self.say_matter();
        self.answer();
    }

    /// A decision about a handle.
    fn decide(&mut self, message: &Message) {
        let Some(decision) = message.json::<IdentityDecision>("decision") else { return };
        self.workbench.decide_identity(decision);
        self.answer();
    }

    /// Takes the decision about a handle with this number back.
    fn undo(&mut self, message: &Message) {
        let number = message.number("number") as usize;
        self.workbench.change_matter(|matter| {
            if number < matter.identities.len() {
                matter.identities.remove(number);
            }
        });
        self.answer();
    }

    /// A decision about a conversation; without a reason the one before is taken back.
    fn class(&mut self, message: &Message) {
        let (id, reason) = (message.text("conversation"), message.text("reason"));
        if reason.is_empty() {
            self.workbench.undo_class(&id);
        } else {
            self.workbench.decide_class(&id, message.text("class") == "work", [reason, message.text("by"), message.text("at")]);
        }
        self.answer();
    }

    /// What a reviewer explains about a gap of the answers given last.
    fn explain(&mut self, message: &Message) {
        // By what it is: its number may belong to answers that were given before.
        let (place, kind) = (message.text("gap"), Cause::of(&message.text("class")));
        let gap = self.answers.gaps.iter().find(|gap| gap.place() == place).cloned();
        let why = [message.text("reason"), message.text("by"), message.text("at")];
        if !gap.zip(kind).is_some_and(|(gap, kind)| self.workbench.explain(&gap, kind, why)) {
            Reply::new("trouble").set("what", "Nothing was explained: this gap is not in the present answers. Choose it again.").post();
        }
        self.answer();
    }

    fn say_matter(&self) {
        Reply::new("matter_said").json("matter", &MatterSaid::of(self.workbench.matter())).post();
    }

    fn excerpt(&mut self, message: &Message) {
        let row = message.number("row");
        let reason = message.text("reason");
        let handles = &self.handles;
        let open = |file: u32, entry: &str| -> Option<Shared> {
            let files = handles.get(&file)?;
            let (_, handle) = files.iter().filter(|(name, _)| files.len() == 1 || excerpt::is_member(name, entry)).max_by_key(|(name, _)| name.len())?;
            Some(std::rc::Rc::new(Handle::new(handle.clone()).ok()?))
        };
        let said = excerpt::around(&mut self.workbench, row, (!reason.is_empty()).then_some(reason.as_str()), &open);
        if let Some(reveal) = said.revealed(&reason, &message.text("by"), &message.text("at")) {
            self.workbench.note_reveal(reveal.clone());
            self.answers.reveals.push(reveal);
            Reply::new("reveals").json("reveals", &self.answers.reveals).post();
        }
        Reply::new("excerpt").json("excerpt", &said).post();
    }

    fn daily(&mut self, message: &Message) {
        let (person, channel) = (message.text("person"), message.text("channel"));
        let said = self.workbench.daily(&self.scope, &person, &channel).unwrap_or(Daily { person, channel, ..Daily::default() });
        Reply::new("daily").json("daily", &said).post();
    }

    /// The ledger is large where there are many files: it is made for documents, and does not go to the page with every answer.
    fn document(&mut self, what: &str) {
        self.answers.ledger = self.workbench.ledger().value();
        let (name, mime, text) = match what {
            "matter" => ("matter.toml".to_owned(), "application/toml".to_owned(), lists::toml(self.workbench.matter())),
            _ => crate::report::notice::document(self.workbench.matter(), &self.answers, what)
                .unwrap_or_else(|| crate::report::document_named(&self.answers, what)),
        };
        self.answers.ledger = serde_json::Value::Null;
        Reply::new("document").set("name", name).set("mime", mime).set("text", text).post();
    }

    fn open(&mut self, message: &Message) {
        match saved::open(&message.bytes("bytes")) {
            Ok(workbench) => {
                self.workbench = workbench;
                self.handles.clear();
                self.scope = self.workbench.matter().scope.clone();
                let rows: Vec<_> = self.workbench.files().map(|(id, b)| row(id, &b.tables.sources)).collect();
                Reply::new("opened").json("rows", &rows).post();
                self.say_matter();
                self.answer();
            }
            Err(what) => Reply::new("trouble").set("what", what).post(),
        }
    }
}

/// Bytes nobody can guess, from the browser; empty where it has none.
fn salt() -> Vec<u8> {
    let mut bytes = vec![0; 32];
    let crypto = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("crypto")).ok().and_then(|c| c.dyn_into::<web_sys::Crypto>().ok());
    if let Some(crypto) = crypto {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}

/// Reads a list as a person says, and remembers it for lists with the same headings.
fn mapped(matter: &mut Matter, list: List, name: &str, bytes: &[u8], columns: Vec<(String, String)>) -> Result<(), String> {
    let known = matter.readings.iter().find(|r| r.list == list.word() && !r.fingerprint.is_empty()).map(|r| r.fingerprint.clone());
    let fingerprint = match known {
        Some(fingerprint) => fingerprint,
        None => lists::look(matter, list.word(), name, bytes)?.fingerprint,
    };
    lists::add_mapped(matter, list.word(), name, bytes, Mapping { list: list.word().to_owned(), fingerprint, columns })
}

/// A file of a saved matter: id, path, its sources as the page shows them, how many each of them stands for.
fn row(id: u32, sources: &[Source]) -> (u32, String, Vec<Source>, Vec<u64>) {
    if id >= PIECES {
        let mut sums = Sums::default();
        sources.iter().for_each(|s| sums.add(s, false));
        // What is private bears no path in a saved matter.
        let path = sources.iter().map(|s| &s.path).find(|path| path.contains(['/', '.'])).map_or("", |path| path);
        return (id, gathered(path), sums.sources, sums.files);
    }
    let path = sources.first().map(|s| s.path.split('!').next().unwrap_or_default().to_owned()).unwrap_or_default();
    let (shown, summed) = super::read::shown(sources);
    (id, path, shown.into_owned(), summed)
}

/// Says which files of a drop belong together.
fn group(drop: u32, paths: &[String]) {
    let groups = folders::group(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    let mut said: Vec<Group> = Vec::new();
    for group in groups {
        let together = group.members.len() > 1;
        let members = group.members.into_iter().filter_map(|ix| u32::try_from(ix).ok());
        match (group.folder, said.last_mut()) {
            // Files by themselves, one after the other: a group for each of fifty thousand would say little at length.
            (None, Some(last)) if last.folder.is_empty() && !last.together && !together => last.members.extend(members),
            (folder, _) => said.push(Group { together: together && folder.is_none(), folder: folder.unwrap_or_default(), members: members.collect() }),
        }
    }
    Reply::new("grouped").set("drop", drop).json("groups", &said).post();
}
