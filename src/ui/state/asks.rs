//! What the page asks its worker beside the answers.

use super::App;
use crate::worker::page::Client;

impl App {
    /// Asks which formats are read.
    pub fn ask_formats(&self) {
        self.tell(Client::formats);
    }

    /// Looks for people and clients by name.
    pub fn find(&self, words: &str) {
        self.tell(|c| c.find(words));
    }
}
