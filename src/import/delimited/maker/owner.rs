//! Whose records these are.

use std::rc::Rc;

use crate::import::delimited::people;
use crate::import::sink::{Map, Sink};
use crate::model::HandleIx;

/// Whose records these are, as the custodian column says.
#[derive(Default)]
pub struct Owner {
    /// The cell seen last.
    pub cell: Vec<u8>,
    /// The key the owner would have as a participant; empty for none or a list of custodians, `None` while nobody has asked.
    key: Option<Rc<str>>,
    /// Keys of the cells so far: journals name another custodian in every row.
    keys: Map<Box<[u8]>, Rc<str>>,
    /// More than one was named.
    pub several: bool,
    /// The participant who is the owner.
    pub handle: Option<HandleIx>,
}

impl Owner {
    /// A record names this custodian.
    pub fn see(&mut self, cell: &[u8]) {
        if !cell.is_empty() && self.cell != cell {
            self.several |= !self.cell.is_empty();
            self.cell.clear();
            self.cell.extend_from_slice(cell);
            self.key = None;
            self.handle = None;
        }
    }

    /// Whether this participant is the owner.
    pub fn is(&mut self, sink: &mut Sink, handle: HandleIx) -> bool {
        if self.handle == Some(handle) {
            return true;
        }
        let Self { cell, key, keys, .. } = self;
        let key = key.get_or_insert_with(|| match keys.get(cell.as_slice()) {
            Some(known) => known.clone(),
            None => {
                let key: Rc<str> = Rc::from(if cell.contains(&b';') { String::new() } else { people::key(cell) });
                if keys.len() < people::REMEMBERED {
                    keys.insert(cell.as_slice().into(), Rc::clone(&key));
                }
                key
            }
        });
        let same = !key.is_empty() && sink.handle_facts(handle).is_some_and(|f| *f.key == **key);
        if same {
            self.handle.get_or_insert(handle);
        }
        same
    }

    /// The same for one who is named by this cell: in most rows the custodian's cell once more.
    pub fn is_named(&mut self, sink: &mut Sink, handle: HandleIx, cell: &[u8]) -> bool {
        if cell == self.cell && cell.iter().any(u8::is_ascii_alphanumeric) && !cell.contains(&b';') {
            self.handle.get_or_insert(handle);
            return true;
        }
        self.is(sink, handle)
    }
}
