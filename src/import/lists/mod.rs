//! Lists a person supplies: people, clients, leave, expected counts (CSV in any system's wording) and `matter.toml`.
//! Pure functions from bytes to the nouns of [`crate::model`]; every decision is told in a [`ListReading`].
//! Message exports do not belong here: [`list_kind`] claims only what is no message file.

mod assign;
mod attributes;
mod cards;
mod clients;
mod column;
mod events;
mod headings;
mod ldif;
mod matter;
mod matter_text;
mod objects;
mod people;
mod spells;
mod table;
mod workbook;

use crate::model::decision::Mapping;
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
    /// Public holidays.
    Holidays,
    /// `matter.toml`.
    Matter,
}

/// What a list is to hold, and how lists with the same headings were read before.
#[derive(Debug, Clone, Copy)]
struct Wanted<'a> {
    list: &'static str,
    synonyms: &'static headings::Synonyms,
    mappings: &'a [Mapping],
}

impl<'a> Wanted<'a> {
    const fn new(kind: Kind, mappings: &'a [Mapping]) -> Self {
        let (list, synonyms) = match kind {
            Kind::Clients => ("clients", headings::CLIENTS),
            Kind::Leave => ("leave", headings::LEAVE),
            Kind::Expected => ("expected", headings::EXPECTED),
            Kind::Holidays => ("holidays", headings::HOLIDAYS),
            Kind::People | Kind::Matter => ("people", headings::PEOPLE),
        };
        Self { list, synonyms, mappings }
    }
}

/// Reads an employee list. Columns are read as a mapping with the fingerprint of the headings says, else they are guessed.
/// Errors are sentences that name the file.
pub fn people(name: &str, bytes: &[u8], mappings: &[Mapping]) -> Result<(Vec<Person>, ListReading), String> {
    let wanted = Wanted::new(Kind::People, mappings);
    people::read(table::read(name, bytes, &wanted)?, &wanted)
}

/// Reads a client list: one row per contact, grouped by company.
pub fn clients(name: &str, bytes: &[u8], mappings: &[Mapping]) -> Result<(Vec<Client>, ListReading), String> {
    let wanted = Wanted::new(Kind::Clients, mappings);
    clients::read(table::read(name, bytes, &wanted)?, &wanted)
}

/// Reads spells of leave: person, from, to, kind.
pub fn leave(name: &str, bytes: &[u8], mappings: &[Mapping]) -> Result<(Vec<Leave>, ListReading), String> {
    let wanted = Wanted::new(Kind::Leave, mappings);
    spells::leave(table::read(name, bytes, &wanted)?, &wanted)
}

/// Reads expected counts: channel, person, day, expected.
pub fn expected(name: &str, bytes: &[u8], mappings: &[Mapping]) -> Result<(Vec<Expected>, ListReading), String> {
    let wanted = Wanted::new(Kind::Expected, mappings);
    spells::expected(table::read(name, bytes, &wanted)?, &wanted)
}

/// Reads public holidays: day, and the region where they are not worked (empty = everywhere).
pub fn holidays(name: &str, bytes: &[u8], mappings: &[Mapping]) -> Result<(Vec<(i32, String)>, ListReading), String> {
    let wanted = Wanted::new(Kind::Holidays, mappings);
    spells::holidays(table::read(name, bytes, &wanted)?, &wanted)
}

/// Headings, first rows and fields of a list, also where too little of it is understood to read it: what a person needs to say
/// which column is what.
pub fn look(kind: Kind, name: &str, bytes: &[u8], mappings: &[Mapping]) -> Result<ListReading, String> {
    let wanted = Wanted::new(kind, mappings);
    let table = table::read(name, bytes, &wanted)?;
    let mut reading = ListReading { name: table.name.clone(), remarks: table.remarks.clone(), rows: table.rows.len() as u64, ..ListReading::default() };
    assign::assign(&table, &wanted, &mut reading);
    Ok(reading)
}

/// Whether a file dropped among exports is one of the lists, by its name and its headings. `head`: the first bytes; of a workbook all
/// of them, else its name alone tells. A file with headings of messages (a text column, or sender and time) is never a list.
#[must_use]
pub fn list_kind(name: &str, head: &[u8]) -> Option<Kind> {
    let file = name.rsplit(['/', '\\', '!']).next().unwrap_or(name).to_lowercase();
    let (stem, extension) = file.rsplit_once('.').unwrap_or((&file, ""));
    if workbook::is_workbook(head) {
        // Any archive begins like a workbook: only what is named like one is opened.
        if !matches!(extension, "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "csv") {
            return None;
        }
        return match workbook::heading_row(head) {
            Some(row) => kind_of(stem, &row),
            None => named(stem),
        };
    }
    let text = table::decode(head).or_else(|| Some(String::from_utf8_lossy(head)).filter(|_| !head.contains(&0)))?;
    if extension == "toml" {
        let sections = ["[matter]", "[policy]", "[[channel]]", "[calendar]", "[privacy]"];
        let any = text.lines().any(|line| sections.contains(&line.split('#').next().unwrap_or("").replace(' ', "").as_str()));
        return (any || stem == "matter").then_some(Kind::Matter);
    }
    let form = table::Form::of(&text);
    match (form, extension) {
        (table::Form::Cards, _) => return Some(Kind::Clients),
        (table::Form::Events, _) => return Some(if events::is_leave(&file, &text) { Kind::Leave } else { Kind::Holidays }),
        (table::Form::Ldif, _) => return Some(named(stem).unwrap_or(Kind::People)),
        (table::Form::Json, "json" | "scim" | "") => return objects::kind(stem, &text),
        (table::Form::Json | table::Form::Page, _) => return None,
        _ => {}
    }
    if !matches!(extension, "csv" | "tsv" | "txt" | "psv" | "xls" | "xlsx" | "") || extension == "txt" && !text.contains([',', ';', '\t', '|']) {
        return None;
    }
    kind_of(stem, &table::heading_row(&text)?)
}

/// The list a file is named after: `people`, `Headcount 2026-09`, `hubspot-contacts`.
fn named(stem: &str) -> Option<Kind> {
    let words: [(Kind, &[&str]); 5] = [
        (Kind::Holidays, &["holiday", "feiertag", "festivo", "feries"]),
        (Kind::Leave, &["leave", "absence", "urlaub", "timeoff", "vacation"]),
        (Kind::Expected, &["expected"]),
        (Kind::Clients, &["client", "customer", "contact", "account", "kunden", "crm"]),
        (Kind::People, &["people", "employee", "staff", "roster", "worker", "headcount", "mitarbeiter", "personal", "users", "workday"]),
    ];
    words.into_iter().find(|(_, w)| w.iter().any(|w| stem.contains(w))).map(|(kind, _)| kind)
}

/// Which list has these headings.
fn kind_of(stem: &str, row: &[String]) -> Option<Kind> {
    if looks_like_messages(row) {
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
    let holiday = row.iter().any(|h| matches!(table::key(h).as_str(), "holiday" | "holidayname" | "holidaydate" | "feiertag" | "节日" | "祝日" | "祝日名"));
    if holiday && has(headings::HOLIDAYS, &[Target::Day]) && !person {
        return Some(Kind::Holidays);
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
