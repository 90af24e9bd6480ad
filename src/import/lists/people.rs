//! Employee lists.

use std::collections::BTreeMap;

use super::Wanted;
use super::assign::assign;
use super::attributes;
use super::column::{Columns, Odd};
use super::headings::Target;
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
    contractors: Odd,
    former: Vec<String>,
    /// Active by their status, with a last day: name and day.
    leaving: Vec<(u32, i32)>,
}

/// Reads the rows of an employee list.
pub fn read(table: Table, wanted: &Wanted<'_>) -> Result<(Vec<Person>, ListReading), String> {
    let mut reading = ListReading { name: table.name.clone(), remarks: table.remarks.clone(), ..ListReading::default() };
    let mut columns = assign(&table, wanted, &mut reading);
    let named = [Target::Name, Target::Given, Target::Family, Target::Email, Target::Id].iter().any(|t| columns.has(*t));
    if !named {
        return Err(format!(
            "{}: no column for names or e-mail addresses was found in line {}. Give the columns headings such as Name, Email, Last day.",
            table.name,
            table.rows.first().map_or(1, |r| r.line.saturating_sub(1)).max(1)
        ));
    }
    columns.date_orders(&table, &[Target::Start, Target::LastDay, Target::Notice], &mut reading);
    let further = attributes::columns(&table, &columns);
    let mut odd = Oddities::default();
    let mut people: Vec<Person> = Vec::new();
    for row in &table.rows {
        reading.rows += 1;
        match person(row, &columns, &mut odd) {
            Some(person) => people.push(Person { attributes: attributes::of(row, &further), ..person }),
            None => odd.nameless.note(row.line, ""),
        }
    }
    let people = join_periods(people, &mut odd);
    for p in &people {
        if p.emails.is_empty() && p.personal_emails.is_empty() {
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
    odd.contractors.say("are of contractors by the mark behind the name", r);
    r.append(&mut odd.former);
    active(&odd.leaving, r);
    managers(&people, r);
    if people.is_empty() {
        return Err(format!("{}: none of its {} rows names a person.", table.name, reading.rows));
    }
    Ok((people, reading))
}

fn person(row: &Row, columns: &Columns, odd: &mut Oddities) -> Option<Person> {
    let (written, said, contractor) = name_of(row, columns);
    let line = row.line;
    let mut p = Person {
        id: columns.text(row, Target::Id),
        name: written,
        emails: columns.emails(row, |cell| odd.mail.note(line, cell)),
        personal_emails: columns.addresses(row, Target::Personal, |cell| odd.mail.note(line, cell)),
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
        attributes: Vec::new(),
        line,
    };
    if p.name.is_empty() {
        p.name = p.emails.iter().chain(&p.personal_emails).next().or(Some(&p.id)).cloned().unwrap_or_default();
    }
    if p.name.is_empty() {
        return None;
    }
    if contractor {
        odd.contractors.note(line, &p.name);
    }
    let word = status_of(row, columns);
    p.status = said.or(word).unwrap_or_default();
    if let (Some(Status::Active), Some(day)) = (word, p.last_day) {
        odd.leaving.push((line, day));
    }
    if p.status == Status::Active && (p.notice.is_some() || p.last_day.is_some()) {
        // A last day on an active person: on notice. Whether it has passed is told against the matter's own date.
        p.status = Status::Notice;
    }
    if p.status == Status::Terminated && p.last_day.is_none() && columns.has(Target::LastDay) {
        odd.late.note(line, &p.name);
    }
    Some(p)
}

/// The status by the first column that names one. A column headed `On Leave` answers another question: yes is on leave, no says
/// nothing.
fn status_of(row: &Row, columns: &Columns) -> Option<Status> {
    let mut said = None;
    for ix in columns.of(Target::Status) {
        let cell = row.cell(ix);
        let word = match (columns.is_about_leave(ix), status_word(cell)) {
            (true, Some(Status::Active | Status::OnLeave)) if !cell.eq_ignore_ascii_case("active") => Some(Status::OnLeave),
            (true, _) => None,
            (false, word) => word,
        };
        // Whoever is employed may be on leave; whoever has left is not.
        said = match (said, word) {
            (None, word) => word,
            (Some(Status::Active), Some(Status::OnLeave)) => word,
            (said, _) => said,
        };
    }
    said
}

/// People who are active by their status and name a last day. No clock here: whether it has passed is told against the matter.
fn active(leaving: &[(u32, i32)], remarks: &mut Vec<String>) {
    let Some((line, first)) = leaving.iter().min_by_key(|(_, day)| *day) else { return };
    let rows = if leaving.len() == 1 { "1 row is".to_owned() } else { format!("{} rows are", leaving.len()) };
    remarks.push(format!(
        "{rows} active by the status and name a last day (the earliest {}, line {line}): they are taken to leave on that day.",
        crate::time::day_name(*first)
    ));
}

/// The name, the status some systems write behind it (`Ana Silva (Terminated)`), and whether it is marked as a contractor's
/// (`Bo Lind [C]`).
fn name_of(row: &Row, columns: &Columns) -> (String, Option<Status>, bool) {
    let mut name = columns.text(row, Target::Name);
    let (given, family) = (columns.text(row, Target::Given), columns.text(row, Target::Family));
    if name.is_empty() {
        let both = [given, family];
        name = both.iter().filter(|n| !n.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ");
    }
    let (mut status, mut contractor) = (None, false);
    while let Some((rest, suffix)) = name.trim_end_matches([')', ']']).rsplit_once(['(', '[']) {
        if !name.ends_with([')', ']']) || rest.trim().is_empty() {
            break;
        }
        let said = status_word(suffix).filter(|_| suffix.chars().any(char::is_alphabetic));
        let outside = matches!(suffix.to_ascii_lowercase().as_str(), "c" | "contractor" | "external");
        if said.is_none() && !outside {
            break;
        }
        contractor |= outside;
        status = status.or(said);
        name = rest.trim().to_owned();
    }
    (straight(&name), status, contractor)
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

/// Status words of the usual systems and languages.
pub fn status_word(cell: &str) -> Option<Status> {
    let key = crate::import::delimited::when::plain(&crate::import::delimited::platform::letters(cell));
    Some(match key.as_str() {
        "active" | "activeexternal" | "activeinternal" | "aktiv" | "actif" | "activo" | "activa" | "attivo" | "attiva" | "ativo" | "ativa" | "actief"
        | "true" | "1" | "yes" | "y" | "ja" | "oui" | "si" | "employed" | "fulltime" | "parttime" | "current" | "enabled" | "contractor" | "在职" | "在職"
        | "在籍" => Status::Active,
        "leave" | "onleave" | "loa" | "leaveofabsence" | "inleave" | "paidleave" | "unpaidleave" | "suspended" | "parentalleave" | "abwesend" | "beurlaubt"
        | "elternzeit" | "enconge" | "conge" | "deexcedencia" | "excedencia" | "delicencia" | "baja" | "inaspettativa" | "aspettativa" | "afastado"
        | "licenca" | "metverlof" | "verlof" | "休假" | "休假中" | "休職" | "休職中" | "留職停薪" => Status::OnLeave,
        "notice" | "onnotice" | "noticeperiod" | "servingnotice" | "resigned" | "gekundigt" | "pendingtermination" | "enpreavis" | "preavis" | "enpreaviso"
        | "inpreavviso" | "avisoprevio" | "opzegtermijn" | "退職予定" | "离职中" => Status::Notice,
        "terminated" | "inactive" | "inaktiv" | "left" | "leaver" | "former" | "deactivated" | "disabled" | "retired" | "discarded" | "deleted"
        | "deceased" | "ausgeschieden" | "ausgetreten" | "inactif" | "sorti" | "parti" | "inactivo" | "cesado" | "debaja" | "inattivo" | "cessato"
        | "dimesso" | "inativo" | "desligado" | "demitido" | "inactief" | "uitdienst" | "false" | "0" | "no" | "n" | "nein" | "non" | "离职" | "已离职"
        | "離職" | "退職" | "退職済" => Status::Terminated,
        "prehire" | "onboarding" | "pending" | "futurehire" | "future" | "待入职" | "入社予定" | "内定" => Status::PreHire,
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
                let older = absorb(held, p);
                if (older.start, older.last_day) != (held.start, held.last_day) && older.start.or(older.last_day).is_some() && odd.former.len() < 20 {
                    odd.former.push(format!("{}: a former period is not used ({}, line {}).", held.name, period(&older), older.line));
                }
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

fn period(p: &Person) -> String {
    let day = |d: Option<i32>, none: &str| d.map_or_else(|| none.to_owned(), crate::time::day_name);
    format!("{} to {}", day(p.start, "no start"), day(p.last_day, "no last day"))
}

/// Puts two rows of one person together; returns the row whose dates are not used.
fn absorb(held: &mut Person, new: Person) -> Person {
    let newer = new.start > held.start || (new.start == held.start && held.last_day.is_none());
    let (mut main, other) = if newer { (new, std::mem::take(held)) } else { (std::mem::take(held), new) };
    add(&mut main.emails, &other.emails);
    add(&mut main.personal_emails, &other.personal_emails);
    add(&mut main.phones, &other.phones);
    add(&mut main.handles, &other.handles);
    *held = main;
    other
}

fn add<T: Clone + PartialEq>(to: &mut Vec<T>, more: &[T]) {
    for one in more {
        if !to.contains(one) {
            to.push(one.clone());
        }
    }
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
