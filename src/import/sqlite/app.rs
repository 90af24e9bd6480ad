//! An app that keeps its messages in a database: how its store is recognised and opened, the same for every app.

use super::{Beside, Database, MAGIC};
use crate::import::{FileInput, Head, Input, Match, Refusal};
use crate::text;

/// Tables named in a refusal.
const NAMED: usize = 12;

/// What tells the store of an app from other databases.
pub struct App {
    /// The app, for people.
    pub name: &'static str,
    /// Names of tables or columns that only this store has.
    pub marks: &'static [&'static [u8]],
    /// Whether a file is named as the app names its store: the list of tables may stand further on than the head.
    pub named: fn(&str) -> bool,
    /// What to do about a database without its messages.
    pub again: &'static str,
}

impl App {
    /// Whether a file is the store of this app.
    #[must_use]
    pub fn sniff(&self, head: &Head<'_>) -> Match {
        if !head.bytes.starts_with(MAGIC) {
            return Match::No;
        }
        if self.marks.iter().any(|mark| memchr::memmem::find(head.bytes, mark).is_some()) {
            return Match::Sure(format!("a database with the tables of {}", self.name));
        }
        if (self.named)(head.name) {
            return Match::Maybe(format!("a database named as {} names its store", self.name));
        }
        Match::No
    }

    /// The file of a store.
    ///
    /// # Errors
    /// For an archive.
    pub fn file(&self, input: Input) -> Result<FileInput, Refusal> {
        match input {
            Input::File(file) => Ok(file),
            Input::Archive(_) => Err(Refusal { what: "Unpack this archive and add the database by itself.".to_owned(), place: String::new() }),
        }
    }

    /// Opens a store. `find`: its table of messages, as the reader needs it.
    ///
    /// # Errors
    /// When this is no database or a damaged one, or when it has no table of messages: then the tables it has are named.
    pub fn open<T>(&self, file: &FileInput, find: impl Fn(&Database) -> Option<T>) -> Result<(Database, T), Refusal> {
        let refuse = |what: String| Refusal { what, place: "byte 0".to_owned() };
        let Some(bytes) = file.bytes.clone() else { return Err(refuse("The database could not be opened at any place. Add it by itself.".to_owned())) };
        let mut database = Database::open(bytes).map_err(|e| refuse(e.to_string()))?;
        let Some(found) = find(&database) else {
            let names: Vec<&str> = database.tables().iter().map(|t| t.name.as_str()).take(NAMED).collect();
            let names = text::clean(&names.join(", "), 300);
            return Err(refuse(format!("This database has no table of messages as {} writes it (its tables: {names}). {}", self.name, self.again)));
        };
        database.log_name = format!("{}-wal", file.name);
        if database.beside == Beside::Nothing && file.beside.iter().any(|e| e.name == database.log_name && e.size > 0) {
            database.beside = Beside::Unread;
        }
        Ok((database, found))
    }
}
