//! People and clients found by name, for decisions about handles.

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
    let people = matter.people.iter().flatten().filter(|p| fits(&[&p.name, &p.id])).map(|p| {
        let id = if p.id.is_empty() { &p.name } else { &p.id };
        let department = if p.department.is_empty() { "employee" } else { p.department.as_str() };
        (format!("person:{id}"), format!("{}, {department}", p.name))
    });
    let clients = matter.clients.iter().flatten();
    let entities = clients.clone().filter(|c| fits(&[&c.name])).map(|c| (format!("client:{}", c.name), format!("{}, client", c.name)));
    let contacts = clients.flat_map(|c| {
        let named = c.contacts.iter().filter(|p| fits(&[&p.name, &c.name]));
        named.map(|p| (format!("contact:{}/{}", c.name, p.name), format!("{}, {}", p.name, c.name)))
    });
    people.chain(entities).chain(contacts).take(MOST).collect()
}
