//! A table whose row ids are those of another, read alongside it: the row for each of its rows, in one pass and without holding any.

use std::io;

use super::Database;
use super::row::Row;
use super::schema::Table;
use super::tree::{Found, Scan};

/// Such a table.
pub struct Along {
    table: Table,
    scan: Scan,
    row: Row,
    /// The row at hand was not asked for yet.
    held: bool,
    ended: bool,
}

impl Along {
    /// The table of this name, if the database has it and `key` stands for its row id.
    #[must_use]
    pub fn of(database: &Database, name: &str, key: &str) -> Option<Self> {
        let table = database.table(name).filter(|t| t.alias.is_some() && t.alias == t.column(key))?.clone();
        let scan = database.scan(&table);
        Some(Self { table, scan, row: Row::default(), held: false, ended: false })
    }

    /// The table.
    #[must_use]
    pub const fn table(&self) -> &Table {
        &self.table
    }

    /// The row of this id. Ids are asked for in rising order.
    ///
    /// # Errors
    /// When the bytes cannot be had.
    pub fn row(&mut self, id: i64, database: &Database) -> io::Result<Option<&Row>> {
        while !self.ended && (!self.held || self.row.id < id) {
            match self.scan.next(database, &self.table, &mut self.row)? {
                Found::Row => self.held = true,
                Found::Bad(_) => self.held = false,
                Found::End => self.ended = true,
            }
        }
        Ok((self.held && self.row.id == id).then_some(&self.row))
    }

    /// Pages that could not be read.
    #[must_use]
    pub const fn damaged(&self) -> u64 {
        self.scan.damaged()
    }
}
