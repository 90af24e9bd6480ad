//! Lists a person supplies: people, clients, leave, expected counts (CSV in any system's wording) and `matter.toml`.
//! Pure functions from bytes to the nouns of [`crate::model`]; every decision is told in a [`ListReading`].
//! Message exports do not belong here: [`list_kind`] claims only what is no message file.

mod clients;
mod column;
mod headings;
mod matter;
mod matter_text;
mod people;
mod spells;
mod table;

use crate::model::roster::{Client, Expected, Leave, ListReading, Person};
use headings::Target;

pub(super) use column::email as address;
pub use matter::matter;
pub use matter_text::matter_toml;

/// Which list a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Employees.
    People,
    /// Clients.
    Clients,
    /// Leave.
    Leave,
    /// Expected counts.
    Expected,
    /// `matter.toml`.
    Matter,
}

/// Reads an employee list. Errors are sentences that name the file.
pub fn people(name: &str, bytes: &[u8]) -> Result<(Vec<Person>, ListReading), String> {
    people::read(table::read(name, bytes, headings::PEOPLE)?)
}

/// Reads a client list: one row per contact, grouped by company.
pub fn clients(name: &str, bytes: &[u8]) -> Result<(Vec<Client>, ListReading), String> {
    clients::read(table::read(name, bytes, headings::CLIENTS)?)
}

/// Reads spells of leave: person, from, to, kind.
pub fn leave(name: &str, bytes: &[u8]) -> Result<(Vec<Leave>, ListReading), String> {
    spells::leave(table::read(name, bytes, headings::LEAVE)?)
}

/// Reads expected counts: channel, person, day, expected.
pub fn expected(name: &str, bytes: &[u8]) -> Result<(Vec<Expected>, ListReading), String> {
    spells::expected(table::read(name, bytes, headings::EXPECTED)?)
}

/// Whether a file dropped among exports is one of the lists, by its name and its headings. `head_text`: the first bytes as
/// text. A file with headings of messages (a text column, or sender and time) is never a list.
#[must_use]
pub fn list_kind(name: &str, head_text: &str) -> Option<Kind> {
    let file = name.rsplit(['/', '\\', '!']).next().unwrap_or(name).to_lowercase();
    let (stem, extension) = file.rsplit_once('.').unwrap_or((&file, ""));
    if extension == "toml" {
        let sections = ["[matter]", "[policy]", "[[channel]]", "[calendar]", "[privacy]"];
        let any = head_text.lines().any(|line| sections.contains(&line.split('#').next().unwrap_or("").replace(' ', "").as_str()));
        return (any || stem == "matter").then_some(Kind::Matter);
    }
    if !matches!(extension, "csv" | "tsv" | "txt" | "psv" | "") || extension == "txt" && !head_text.contains([',', ';', '\t', '|']) {
        return None;
    }
    let row = table::heading_row(head_text)?;
    if looks_like_messages(&row) {
        return None;
    }
    let has = |synonyms: &headings::Synonyms, targets: &[Target]| row.iter().any(|h| headings::exact(synonyms, h).is_some_and(|(t, _)| targets.contains(&t)));
    let person = has(headings::PEOPLE, &[Target::Name, Target::Given, Target::Family, Target::Email, Target::Id]);
    let employed = has(headings::PEOPLE, &[Target::LastDay, Target::Start, Target::Department, Target::Manager, Target::Notice]);
    let company = has(headings::CLIENTS, &[Target::Company]);
    let contact =
        has(headings::CLIENTS, &[Target::Name, Target::Given, Target::Family, Target::Email, Target::Domain, Target::Owner, Target::Phone, Target::Value]);
    let leave = has(headings::LEAVE, &[Target::Person]) && has(headings::LEAVE, &[Target::From]) && has(headings::LEAVE, &[Target::To]);
    let expected = has(headings::EXPECTED, &[Target::Day]) && has(headings::EXPECTED, &[Target::Count]) && has(headings::EXPECTED, &[Target::Channel]);
    // The file name decides between lists that share headings.
    let named = [("people", Kind::People), ("clients", Kind::Clients), ("leave", Kind::Leave), ("expected", Kind::Expected)];
    let said = named.into_iter().find(|(word, _)| stem == *word).map(|(_, kind)| kind);
    match said {
        Some(Kind::People) if person => return said,
        Some(Kind::Clients) if company || contact => return said,
        Some(Kind::Leave) if leave => return said,
        Some(Kind::Expected) if has(headings::EXPECTED, &[Target::Count]) => return said,
        _ => {}
    }
    if expected {
        return Some(Kind::Expected);
    }
    let hired = has(headings::PEOPLE, &[Target::Start, Target::LastDay]);
    match (leave, person && employed, company && contact) {
        (true, _, _) if !hired || !has(headings::PEOPLE, &[Target::Department, Target::Manager, Target::Email]) => Some(Kind::Leave),
        (_, true, true) if !hired && has(headings::CLIENTS, &[Target::Owner, Target::Domain, Target::Value]) => Some(Kind::Clients),
        (_, true, _) => Some(Kind::People),
        (_, _, true) => Some(Kind::Clients),
        _ => None,
    }
}

/// Headings only message exports have: a text, or a sender beside a time.
fn looks_like_messages(row: &[String]) -> bool {
    let is = |words: &[&str]| row.iter().any(|h| words.contains(&table::key(h).as_str()));
    let text = is(&["message", "text", "body", "content", "messagetext", "messagebody", "nachricht", "mensaje", "内容", "消息"]);
    let sender = is(&["sender", "from", "fromuser", "author", "senderemail", "sendername", "absender", "remitente", "发送人", "发件人"]);
    let time = is(&["timestamp", "datetime", "senttime", "sentat", "createdat", "ts", "messagetime", "datum", "date", "time", "fecha", "日期", "时间"]);
    let conversation = is(&["conversation", "conversationid", "chat", "chatid", "threadid", "messageid"]);
    text && (sender || time || conversation) || sender && time || conversation && time
}
