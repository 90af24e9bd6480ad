//! What goes to the long-lived worker that holds the dataset, and what comes back.

use std::collections::BTreeMap;

use wasm_bindgen::prelude::*;

use super::inner::{Given, Inner, Me};
use super::link::{Heard, Link, Say};
use super::sections::Sections;
use super::{Event, FileId, Stated};
use crate::model::ledger::Source;
use crate::worker::protocol::{FileRow, Status};

impl Inner {
    /// Starts the data worker if there is none.
    pub(super) fn data(me: &Me) {
        if me.borrow().data.is_some() {
            return;
        }
        let (heard, died) = (me.clone(), me.clone());
        let link = Link::start(move |said| Self::hear_data(&heard, &said), move |why| Self::data_died(&died, &why));
        // It has the formats: what they are called is shown beside every file.
        if let Some(link) = &link {
            link.say(Say::new("formats"));
        }
        me.borrow_mut().data = link;
    }

    pub fn to_data(me: &Me, say: Say) {
        Self::data(me);
        if let Some(data) = &me.borrow().data {
            data.say(say);
        }
    }

    fn data_died(me: &Me, why: &str) {
        let link = {
            let mut inner = me.borrow_mut();
            inner.asked = 0;
            inner.data.take()
        };
        drop(link);
        let what = if why.contains("memory") {
            "The browser ran out of memory while counting. Remove large files, or make batches with the command line."
        } else {
            "Counting stopped. Start over, or reload the page; your files are unchanged."
        };
        Self::emit(me, Event::Trouble(what.to_owned()));
        Self::ungrouped(me);
    }

    fn hear_data(me: &Me, said: &Heard) {
        match said.text("kind").as_str() {
            "counting" => Self::emit(me, Event::Counting),
            "answers" => {
                Self::say_timings(me, said);
                if let Some(answers) = said.json("answers") {
                    Self::emit(me, Event::Answers(Box::new(answers)));
                }
                let more = {
                    let mut inner = me.borrow_mut();
                    inner.asked = inner.asked.saturating_sub(1);
                    inner.asked > 0
                };
                if more {
                    Self::emit(me, Event::Counting);
                }
            }
            "matter_said" => {
                if let Some(matter) = said.json("matter") {
                    Self::emit(me, Event::Matter(Box::new(matter)));
                }
            }
            "excerpt" => {
                if let Some(excerpt) = said.json("excerpt") {
                    Self::emit(me, Event::Excerpt(Box::new(excerpt)));
                }
            }
            "reveals" => Self::emit(me, Event::Reveals(said.json("reveals").unwrap_or_default())),
            "grouped" => Self::grouped(me, said.number("drop") as u32, said.json("groups").unwrap_or_default()),
            "formats" => Self::emit(me, Event::Formats(said.json("formats").unwrap_or_default())),
            "found" => Self::emit(me, Event::Found(said.json("found").unwrap_or_default())),
            "daily" => Self::emit(me, Event::Daily(Box::new(said.json("daily").unwrap_or_default()))),
            "saved" => Self::emit(me, Event::Saved(js_sys::Uint8Array::new(&said.get("bytes")).to_vec())),
            "document" => Self::emit(me, Event::Document(said.text("name"), said.text("mime"), said.text("text"))),
            "trouble" => Self::emit(me, Event::Trouble(said.text("what"))),
            "asking" => Self::asking(me, said.json("rows").unwrap_or_default()),
            "closed" => Self::closed(me, said.json("rows").unwrap_or_default()),
            "opened" => Self::opened(me, said.json("rows").unwrap_or_default()),
            _ => {}
        }
    }

    /// Files that ask for the order of day and month, as the other files of their phone leave them.
    fn asking(me: &Me, rows: Vec<(FileId, Vec<Source>)>) {
        for (id, sources) in rows {
            let settled = |g: &Given| !g.files.is_empty() && matches!(g.row.status, Status::Question | Status::Done) && g.row.sources != sources;
            if !me.borrow().files.get(&id).is_some_and(settled) {
                continue;
            }
            Self::change(me, id, |g| {
                g.row.status = if sources.iter().any(|s| s.question.is_some()) { Status::Question } else { Status::Done };
                g.row.sources = sources;
                for source in g.row.sources.iter_mut().filter(|s| s.sha256.is_empty()) {
                    source.sha256.clone_from(&g.sha256);
                }
            });
        }
    }

    /// Which files hold private conversations only, as the answers that follow say. A copy of one is as private.
    fn closed(me: &Me, rows: Vec<(FileId, Vec<String>)>) {
        let changed: Vec<(FileId, Vec<String>)> = {
            let inner = me.borrow();
            let mut of: BTreeMap<FileId, Vec<String>> = rows.into_iter().collect();
            let copied = |g: &Given| {
                let original = inner.files.iter().find(|(_, other)| g.row.same_as.as_ref() == Some(&other.row.path))?;
                of.get(original.0).map(|_| g.row.sources.iter().map(|s| s.path.clone()).collect::<Vec<String>>())
            };
            let copies: Vec<(FileId, Vec<String>)> = inner.files.iter().filter_map(|(id, g)| Some((*id, copied(g)?))).collect();
            of.extend(copies);
            inner
                .files
                .iter()
                .map(|(id, g)| (*id, of.remove(id).unwrap_or_default(), g))
                .filter(|(_, closed, g)| g.row.closed != *closed)
                .map(|(id, closed, _)| (id, closed))
                .collect()
        };
        for (id, closed) in changed {
            Self::change(me, id, |g| g.row.closed = closed);
        }
    }

    fn opened(me: &Me, rows: Vec<(FileId, Vec<Source>)>) {
        for (id, sources) in rows {
            let path = sources.first().map(|s| s.path.split('!').next().unwrap_or_default().to_owned()).unwrap_or_default();
            let row = FileRow {
                id,
                path,
                bytes: sources.iter().map(|s| s.bytes).sum(),
                status: Status::Done,
                messages: sources.iter().map(|s| s.messages + s.events).sum(),
                sources,
                ..FileRow::default()
            };
            {
                let mut inner = me.borrow_mut();
                inner.next = inner.next.max(id + 1);
                inner.files.insert(
                    id,
                    Given { row, folder: false, files: Vec::new(), stated: Stated::default(), sha256: String::new(), sections: Sections::default() },
                );
            }
            Self::emit_row(me, id);
        }
        Self::emit(me, Event::Idle);
    }

    /// `window.__timings`, for measuring (contract, section 7).
    fn say_timings(me: &Me, said: &Heard) {
        let Some(window) = web_sys::window() else { return };
        let inner = me.borrow();
        let timings = js_sys::Object::new();
        let longest = js_sys::Reflect::get(&window, &JsValue::from_str("__longest_task")).ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
        let values = [
            ("import_ms", inner.timings.import_ms),
            ("merge_ms", said.number("merge_ms")),
            ("answer_ms", said.number("answer_ms")),
            ("messages", said.number("rows")),
            ("bytes", inner.timings.bytes as f64),
            ("dataset_bytes", said.number("dataset_bytes")),
            ("data_memory", said.number("memory")),
            ("longest_task_ms", longest),
        ];
        for (key, value) in values {
            let _ = js_sys::Reflect::set(&timings, &JsValue::from_str(key), &JsValue::from_f64(value));
        }
        let reads = js_sys::Array::new();
        for (id, ms, memory) in &inner.timings.reads {
            let path = inner.files.get(id).map_or("", |g| g.row.path.as_str());
            reads.push(&js_sys::Array::of3(&JsValue::from_str(path), &JsValue::from_f64(*ms), &JsValue::from_f64(*memory)));
        }
        let _ = js_sys::Reflect::set(&timings, &JsValue::from_str("reads"), &reads);
        let _ = js_sys::Reflect::set(&window, &JsValue::from_str("__timings"), &timings);
    }
}
