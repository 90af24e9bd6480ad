//! Lists a person supplies, put into the matter.

use crate::import::lists::{self, Kind};
use crate::model::matter::Matter;
use crate::model::roster::ListReading;

/// Which list a file is, in the word that [`add`] takes; `None` for message exports and anything else.
#[must_use]
pub fn kind(name: &str, head: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(head);
    Some(match lists::list_kind(name, &text)? {
        Kind::People => "people",
        Kind::Clients => "clients",
        Kind::Leave => "leave",
        Kind::Expected => "expected",
        Kind::Matter => "matter",
    })
}

/// Reads a list of this kind (`people`, `clients`, `leave`, `expected`, `matter`) into the matter. The error is a sentence.
/// A matter file replaces the settings and keeps the lists that are there already.
pub fn add(matter: &mut Matter, kind: &str, name: &str, bytes: &[u8]) -> Result<(), String> {
    match kind {
        "people" => take(lists::people(name, bytes)?, &mut matter.people, &mut matter.readings),
        "clients" => take(lists::clients(name, bytes)?, &mut matter.clients, &mut matter.readings),
        "leave" => take(lists::leave(name, bytes)?, &mut matter.leave, &mut matter.readings),
        "expected" => take(lists::expected(name, bytes)?, &mut matter.expected, &mut matter.readings),
        "matter" => {
            let text = std::str::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8 text; save it as UTF-8."))?;
            let read = lists::matter(name, text).map_err(|errors| errors.join("\n"))?;
            let old = std::mem::replace(matter, read);
            (matter.people, matter.clients, matter.leave, matter.expected) = (old.people, old.clients, old.leave, old.expected);
            matter.readings.splice(0..0, old.readings);
        }
        _ => return Err(format!("{name} is no list this program knows ({kind}).")),
    }
    Ok(())
}

/// The settings and decisions of a matter as `matter.toml`.
#[must_use]
pub fn toml(matter: &Matter) -> String {
    lists::matter_toml(matter)
}

fn take<T>(read: (Vec<T>, ListReading), to: &mut Option<Vec<T>>, readings: &mut Vec<ListReading>) {
    *to = Some(read.0);
    readings.retain(|r| r.name != read.1.name);
    readings.push(read.1);
}
