//! Leave calendars and expected counts.

use super::Wanted;
use super::assign::assign;
use super::column::{Columns, Odd};
use super::headings::Target;
use super::table::Table;
use crate::import::delimited::platform;
use crate::model::roster::{Expected, Leave, ListReading};

fn missing(table: &Table, columns: &Columns, wanted: &[Target]) -> Result<(), String> {
    let absent: Vec<&str> = wanted.iter().filter(|t| !columns.has(**t)).map(|t| t.word()).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let wanted: Vec<&str> = wanted.iter().map(|t| t.word()).collect();
    Err(format!(
        "{}: no column for {} was found. This list needs the headings {}; found were: {}.",
        table.name,
        absent.join(", "),
        wanted.join(", "),
        table.headings.iter().take(12).map(|h| crate::text::clean_name(h)).collect::<Vec<_>>().join(", ")
    ))
}

/// Reads spells of leave.
pub fn leave(table: Table, wanted: &Wanted<'_>) -> Result<(Vec<Leave>, ListReading), String> {
    let mut reading = ListReading { name: table.name.clone(), remarks: table.remarks.clone(), ..ListReading::default() };
    let mut columns = assign(&table, wanted, &mut reading);
    missing(&table, &columns, &[Target::Person, Target::From])?;
    columns.date_orders(&table, &[Target::From, Target::To], &mut reading);
    let (mut nobody, mut dates, mut backward, mut open) = (Odd::default(), Odd::default(), Odd::default(), Odd::default());
    let mut out = Vec::new();
    for row in &table.rows {
        reading.rows += 1;
        let line = row.line;
        let person = super::people::straight(&columns.text(row, Target::Person));
        if person.is_empty() {
            nobody.note(line, "");
            continue;
        }
        let mut unread = false;
        let mut odd = |cell: &str| {
            dates.note(line, cell);
            unread = true;
        };
        let from = columns.day(row, Target::From, &mut odd);
        let to = columns.day(row, Target::To, &mut odd);
        match (from, to) {
            (Some(from), Some(to)) if to < from => backward.note(line, &person),
            (Some(from), Some(to)) => out.push(Leave { person, from, to, kind: columns.text(row, Target::Kind) }),
            (Some(from), None) if !unread => {
                open.note(line, &person);
                out.push(Leave { person, from, to: from, kind: columns.text(row, Target::Kind) });
            }
            _ if !unread => dates.note(line, ""),
            _ => {}
        }
    }
    let r = &mut reading.remarks;
    nobody.say("without a person left out", r);
    dates.say("without readable dates left out", r);
    backward.say("that end before they begin left out", r);
    open.say("name no last day: one day was taken", r);
    Ok((out, reading))
}

/// Reads expected counts.
pub fn expected(table: Table, wanted: &Wanted<'_>) -> Result<(Vec<Expected>, ListReading), String> {
    let mut reading = ListReading { name: table.name.clone(), remarks: table.remarks.clone(), ..ListReading::default() };
    let mut columns = assign(&table, wanted, &mut reading);
    missing(&table, &columns, &[Target::Channel, Target::Person, Target::Day, Target::Count])?;
    columns.date_orders(&table, &[Target::Day], &mut reading);
    let (mut partial, mut dates, mut counts) = (Odd::default(), Odd::default(), Odd::default());
    let mut out = Vec::new();
    for row in &table.rows {
        reading.rows += 1;
        let (channel, person) = (columns.text(row, Target::Channel), columns.text(row, Target::Person));
        if channel.is_empty() || person.is_empty() {
            partial.note(row.line, &channel);
            continue;
        }
        let Some(day) = columns.day(row, Target::Day, |_| {}) else {
            dates.note(row.line, &columns.text(row, Target::Day));
            continue;
        };
        let cell = columns.text(row, Target::Count);
        let Ok(count) = cell.replace(['\'', ' ', '\u{a0}'], "").parse::<u64>() else {
            counts.note(row.line, &cell);
            continue;
        };
        out.push(Expected { channel: platform::slug(&channel), person, day, count, line: row.line });
    }
    let r = &mut reading.remarks;
    partial.say("without channel or person left out", r);
    dates.say("without a readable day left out", r);
    counts.say("without a whole number of messages left out", r);
    Ok((out, reading))
}

/// Reads public holidays: the day, and the region where it is one (empty = everywhere).
pub fn holidays(table: Table, wanted: &Wanted<'_>) -> Result<(Vec<(i32, String)>, ListReading), String> {
    let mut reading = ListReading { name: table.name.clone(), remarks: table.remarks.clone(), ..ListReading::default() };
    let mut columns = assign(&table, wanted, &mut reading);
    missing(&table, &columns, &[Target::Day])?;
    columns.date_orders(&table, &[Target::Day], &mut reading);
    let mut dates = Odd::default();
    let mut out = Vec::new();
    for row in &table.rows {
        reading.rows += 1;
        match columns.day(row, Target::Day, |_| {}) {
            Some(day) => out.push((day, columns.text(row, Target::Region))),
            None => dates.note(row.line, &columns.text(row, Target::Day)),
        }
    }
    out.sort();
    out.dedup();
    dates.say("without a readable day left out", &mut reading.remarks);
    if out.is_empty() {
        return Err(format!("{}: none of its {} rows names a day.", table.name, reading.rows));
    }
    Ok((out, reading))
}
