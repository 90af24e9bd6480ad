//! Names: of formats, of people and clients that are looked for.

use leptos::prelude::*;

use super::App;
use crate::report::words;

impl App {
    /// The name of a format for people.
    #[must_use]
    pub fn format_name(&self, id: &str) -> String {
        self.formats.with(|all| all.iter().find(|f| f.id == id).map(|f| f.name.clone())).unwrap_or_else(|| words::format(id))
    }

    /// Looks for people and clients by name.
    pub fn find(&self, words: &str) {
        self.tell(|c| c.find(words));
    }
}
