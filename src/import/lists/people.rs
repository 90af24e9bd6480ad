//! Employee lists.

use std::collections::BTreeMap;

use super::column::{Columns, Odd};
use super::headings::{PEOPLE, Target};
use super::table::{Row, Table};
use crate::model::roster::{ListReading, Person, Status};
use crate::text;

#[derive(Default)]
struct Oddities {
    nameless: Odd,
    mail: Odd,
    dates: Odd,
    no_mail: Odd,
    backward: Odd,
    again: Odd,
    late: Odd,
}

/// Reads the rows of an employee list.
pub fn read(table: Table) -> Result<(Vec<Person>, ListReading), String> {
    let mut reading = ListReading { name: table.name.clone(), remarks: table.remarks.clone(), ..ListReading::default() };
    let mut columns = Columns::find(&table, PEOPLE, &mut reading);
    let named = [Target::Name, Target::Given, Target::Family, Target::Email, Target::Id].iter().any(|t| columns.has(*t));
    if !named {
        return Err(format!(
            "{}: no column for names or e-mail addresses was found in line {}. Give the columns headings such as Name, Email, Last day.",
            table.name,
            table.rows.first().map_or(1, |r| r.line.saturating_sub(1))
        ));
    }
    columns.date_orders(&table, &[Target::Start, Target::LastDay, Target::Notice], &mut reading.remarks);
    let mut odd = Oddities::default();
    let mut people: Vec<Person> = Vec::new();
    for row in &table.rows {
        reading.rows += 1;
        match person(row, &columns, &mut odd) {
            Some(person) => people.push(person),
            None => odd.nameless.note(row.line, ""),
        }
    }
    let people = join_periods(people, &mut odd);
    for p in &people {
        if p.emails.is_empty() {
            odd.no_mail.note(p.line, &p.name);
        }
        if p.start.zip(p.last_day).is_some_and(|(s, e)| e < s) {
            odd.backward.note(p.line, &p.name);
        }
    }
    let r = &mut reading.remarks;
    if !columns.has(Target::LastDay) {
        r.push("There is no column with a last day: nobody on this list is seen as leaving.".to_owned());
    }
    odd.nameless.say("without name, address or number left out", r);
    odd.again.say("name a person (same e-mail or number) already on the list; the latest start was kept", r);
    odd.no_mail.say("have no e-mail address: matched by name, phone or handle only", r);
    odd.mail.say("hold something that is no e-mail address", r);
    odd.dates.say("hold a date that cannot be read", r);
    odd.backward.say("have a last day before the start date", r);
    odd.late.say("have left by their status but name no last day", r);
    managers(&people, r);
    if people.is_empty() {
        return Err(format!("{}: none of its {} rows names a person.", table.name, reading.rows));
    }
    Ok((people, reading))
}

fn person(row: &Row, columns: &Columns, odd: &mut Oddities) -> Option<Person> {
    let (written, said) = name_of(row, columns);
    let line = row.line;
    let mut p = Person {
        id: columns.text(row, Target::Id),
        name: written,
        emails: columns.emails(row, |cell| odd.mail.note(line, cell)),
        phones: columns.phones(row),
        handles: columns.handles(row),
        department: columns.text(row, Target::Department),
        grade: columns.text(row, Target::Grade),
        manager: columns.text(row, Target::Manager),
        region: columns.text(row, Target::Region),
        start: columns.day(row, Target::Start, |cell| odd.dates.note(line, cell)),
        last_day: columns.day(row, Target::LastDay, |cell| odd.dates.note(line, cell)),
        notice: columns.day(row, Target::Notice, |cell| odd.dates.note(line, cell)),
        status: Status::Active,
        line,
    };
    if p.name.is_empty() {
        p.name = p.emails.first().or(Some(&p.id)).cloned().unwrap_or_default();
    }
    if p.name.is_empty() {
        return None;
    }
    let word = columns.of(Target::Status).find_map(|ix| status_word(row.cell(ix)));
    p.status = said.or(word).unwrap_or_default();
    if p.status == Status::Active && (p.notice.is_some() || p.last_day.is_some()) {
        // A last day on an active person: on notice. Whether it has passed is told against the matter's own date.
        p.status = Status::Notice;
    }
    if p.status == Status::Terminated && p.last_day.is_none() && columns.has(Target::LastDay) {
        odd.late.note(line, &p.name);
    }
    Some(p)
}

/// The name, and the status some systems write behind it: `Ana Silva (Terminated)`, `Bo Lind [C]`.
fn name_of(row: &Row, columns: &Columns) -> (String, Option<Status>) {
    let mut name = columns.text(row, Target::Name);
    let (given, family) = (columns.text(row, Target::Given), columns.text(row, Target::Family));
    if name.is_empty() {
        let both = [given, family];
        name = both.iter().filter(|n| !n.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ");
    }
    let mut status = None;
    while let Some((rest, suffix)) = name.trim_end_matches([')', ']']).rsplit_once(['(', '[']) {
        if !name.ends_with([')', ']']) || rest.trim().is_empty() {
            break;
        }
        let said = status_word(suffix);
        if said.is_none() && !matches!(suffix.to_ascii_lowercase().as_str(), "c" | "contractor" | "external") {
            break;
        }
        status = status.or(said);
        name = rest.trim().to_owned();
    }
    (straight(&name), status)
}

/// `Silva, Ana` as `Ana Silva`; degrees and generations behind a comma stay.
pub fn straight(name: &str) -> String {
    match name.split_once(',') {
        Some((family, given)) if !given.contains(',') && !given.trim().is_empty() && !family.trim().is_empty() => {
            let suffix = given.trim().trim_end_matches('.').to_ascii_lowercase();
            let title = ["jr", "sr", "ii", "iii", "iv", "phd", "cfa", "mba", "md", "esq", "cpa"].contains(&suffix.as_str());
            if title { name.to_owned() } else { format!("{} {}", given.trim(), family.trim()) }
        }
        _ => name.to_owned(),
    }
}

/// Status words of the usual systems.
pub fn status_word(cell: &str) -> Option<Status> {
    let key = crate::import::delimited::platform::letters(cell);
    Some(match key.as_str() {
        "active" | "activeexternal" | "aktiv" | "actif" | "activo" | "true" | "1" | "yes" | "employed" | "fulltime" | "parttime" | "current" | "enabled"
        | "在职" => Status::Active,
        "leave" | "onleave" | "loa" | "leaveofabsence" | "inleave" | "paidleave" | "unpaidleave" | "abwesend" | "elternzeit" | "休假" => Status::OnLeave,
        "notice" | "onnotice" | "noticeperiod" | "servingnotice" | "resigned" | "gekundigt" | "pendingtermination" => Status::Notice,
        "terminated" | "inactive" | "inaktiv" | "left" | "leaver" | "former" | "deactivated" | "disabled" | "retired" | "discarded" | "ausgeschieden"
        | "false" | "0" | "no" | "离职" => Status::Terminated,
        "prehire" | "onboarding" | "pending" | "futurehire" | "future" => Status::PreHire,
        _ => return None,
    })
}

/// Two rows of one person (rehire, double export): addresses and handles together, dates of the row with the latest start.
fn join_periods(people: Vec<Person>, odd: &mut Oddities) -> Vec<Person> {
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    let mut out: Vec<Person> = Vec::new();
    for p in people {
        let mut keys = Vec::new();
        if !p.id.is_empty() {
            keys.push(format!("#{}", p.id));
        }
        // An address goes to a new person when the name differs: mail boxes are reused.
        keys.extend(p.emails.first().map(|m| format!("{m} {}", text::folded(&p.name))));
        let known = keys.iter().find_map(|k| at.get(k)).copied();
        let ix = match known.and_then(|ix| Some((ix, out.get_mut(ix)?))) {
            Some((ix, held)) => {
                odd.again.note(p.line, &p.name);
                absorb(held, p);
                ix
            }
            None => {
                out.push(p);
                out.len() - 1
            }
        };
        for key in keys {
            at.entry(key).or_insert(ix);
        }
    }
    out
}

fn absorb(held: &mut Person, new: Person) {
    let newer = new.start > held.start || (new.start == held.start && held.last_day.is_none());
    let (mut main, other) = if newer { (new, std::mem::take(held)) } else { (std::mem::take(held), new) };
    for mail in other.emails {
        if !main.emails.contains(&mail) {
            main.emails.push(mail);
        }
    }
    for phone in other.phones {
        if !main.phones.contains(&phone) {
            main.phones.push(phone);
        }
    }
    for handle in other.handles {
        if !main.handles.contains(&handle) {
            main.handles.push(handle);
        }
    }
    *held = main;
}

/// Managers who are not on the list.
fn managers(people: &[Person], remarks: &mut Vec<String>) {
    let mut known: Vec<String> = Vec::new();
    for p in people {
        known.push(text::folded(&p.name));
        known.push(p.id.to_lowercase());
        known.extend(p.emails.iter().cloned());
    }
    known.sort_unstable();
    let mut odd = Odd::default();
    for p in people.iter().filter(|p| !p.manager.is_empty()) {
        let folded = text::folded(&straight(&p.manager));
        let bare = folded.split(['(', '[']).next().unwrap_or(&folded).trim().to_owned();
        if ![folded, bare].iter().any(|m| known.binary_search(m).is_ok()) {
            odd.note(p.line, &p.manager);
        }
    }
    odd.say("name a manager who is not on the list", remarks);
}
