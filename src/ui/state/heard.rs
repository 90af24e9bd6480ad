//! What the worker says, taken into the state.

use std::sync::Arc;

use leptos::prelude::*;

use super::{App, Made, Row, offer};
use crate::worker::protocol::{Event, FileRow, Status};

impl App {
    /// Takes it in.
    pub(super) fn hear(self, event: Event) {
        match event {
            Event::Row(row) => self.hear_row(*row),
            Event::Removed(id) => self.rows.update(|rows| rows.retain(|r| r.id != id)),
            Event::Idle => self.busy.set(false),
            Event::Counting => self.counting.set(true),
            Event::Answers(answers) => {
                self.counting.set(false);
                if self.recount.get_value() {
                    self.recount.set_value(false);
                    self.say(crate::ui::marks::said(&answers));
                }
                self.reveals.set(answers.reveals.clone());
                crate::ui::node::keep_focus(|| self.answers.set(Some(Arc::new(*answers))));
            }
            Event::Matter(matter) => crate::ui::node::keep_focus(|| self.matter.set(*matter)),
            Event::Reveals(reveals) => self.reveals.set(reveals),
            Event::Found(found) => self.found.set(found),
            Event::Formats(formats) => self.formats.set(formats),
            Event::Excerpt(excerpt) => self.excerpt.set(Some(Arc::new(*excerpt))),
            Event::Daily(daily) => self.daily.set(Some(Arc::new(*daily))),
            Event::Saved(bytes) => offer(&self.file_name(), &bytes, "application/octet-stream"),
            Event::Document(name, kind, text) => {
                // What is saved does not take the place of the preview that is shown.
                if name.starts_with("preview:") {
                    self.document.set(Some(Arc::new(Made { name, kind, text })));
                } else if self.awaited.get_value() > 0 {
                    self.awaited.update_value(|n| *n -= 1);
                    offer(&name, text.as_bytes(), &kind);
                }
            }
            Event::Trouble(text) => {
                self.busy.set(false);
                self.counting.set(false);
                self.trouble.set(Some(text));
            }
        }
    }

    fn hear_row(self, row: FileRow) {
        let known = self.rows.with_untracked(|rows| rows.iter().rev().find(|r| r.id == row.id).copied());
        self.announce(&row, known.map(|k| k.row.with_untracked(|r| (r.status, quarter(r)))));
        match known {
            Some(known) => known.row.set(row),
            None => {
                let id = row.id;
                // Made under the root: rows outlive the view that shows them.
                let row = self.root.with_value(|root| root.with(|| RwSignal::new(row)));
                self.rows.update(|rows| rows.push(Row { id, row }));
            }
        }
    }

    /// Screen readers hear every 25 % of a large file, and the end.
    fn announce(self, row: &FileRow, before: Option<(Status, u64)>) {
        let Some((status, part)) = before else { return };
        let name = if untrack(|| self.hides_names()) { "A file" } else { crate::ui::parts::last_part(&row.path) };
        if status != row.status && matches!(row.status, Status::Done | Status::Failed | Status::Question) {
            let end = match row.status {
                // Whether it is private, and its name not to be said, is not known before all has been counted.
                Status::Done => return self.say("A file was read".to_owned()),
                Status::Failed => "could not be read",
                _ => "needs an answer",
            };
            self.say(format!("{name} {end}"));
        } else if row.status == Status::Reading && row.bytes > 50_000_000 && quarter(row) > part {
            self.say(format!("{name}: {} per cent read", quarter(row) * 25));
        }
    }

    fn file_name(self) -> String {
        let name: String = self.matter.with_untracked(|m| m.settings.name.chars().map(|c| if crate::text::in_file_names(c) { c } else { '-' }).collect());
        if name.is_empty() { "matter.matter".to_owned() } else { format!("{name}.matter") }
    }
}

fn quarter(row: &FileRow) -> u64 {
    (row.done * 4).checked_div(row.bytes).unwrap_or(0)
}
