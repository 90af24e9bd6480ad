//! People and clients found by name, for decisions about handles.

use crate::analysis::identity::decisions::References;
use crate::analysis::parties::Party;
use crate::model::matter::Matter;
use crate::text;

/// Most found.
const MOST: usize = 12;

/// People and clients whose name holds all of these words: reference (see `model::decision`) and what to show, in the order of the lists.
#[must_use]
pub fn find(matter: &Matter, words: &str) -> Vec<(String, String)> {
    let words: Vec<String> = words.split_whitespace().map(text::folded).filter(|w| !w.is_empty()).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let fits = |names: &[&str]| {
        let names = text::folded(&names.join(" "));
        words.iter().all(|w| names.contains(w.as_str()))
    };
    let references = References::new(matter);
    let references = &references;
    let people = (0..).zip(matter.people.iter().flatten()).filter(|(_, p)| fits(&[&p.name, &p.id])).map(|(ix, p)| {
        let department = if p.department.is_empty() { "employee" } else { p.department.as_str() };
        (references.of(Party::Employee(ix)), format!("{}, {department}", p.name))
    });
    let clients = (0..).zip(matter.clients.iter().flatten());
    let entities = clients.clone().filter(|(_, c)| fits(&[&c.name])).map(|(ix, c)| (references.of(Party::Client(ix, None)), format!("{}, client", c.name)));
    let contacts = clients.flat_map(|(ix, c)| {
        let named = (0..).zip(&c.contacts).filter(|(_, p)| fits(&[&p.name, &c.name]));
        named.map(move |(n, p)| (references.of(Party::Client(ix, Some(n))), format!("{}, {}", p.name, c.name)))
    });
    people.chain(entities).chain(contacts).take(MOST).collect()
}
