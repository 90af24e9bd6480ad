//! Calendars (iCalendar, RFC 5545) as holidays and as leave: whole days only, with yearly repetition.

use super::cards::unfolded;
use super::column::email;
use super::table::{Row, Table};
use crate::text::clean_name;
use crate::time;

/// First and last year into which yearly events are repeated.
const YEARS: (i32, i32) = (2010, 2040);
/// Longest event in days, and most rows made of one calendar.
const LONGEST: i32 = 400;
const MOST: usize = 200_000;

#[derive(Debug, Default)]
struct Event {
    line: u32,
    summary: String,
    start: Option<i32>,
    /// Last day, exclusive.
    end: Option<i32>,
    days: Option<i32>,
    whole: bool,
    rule: String,
    except: Vec<i32>,
    people: Vec<String>,
    cancelled: bool,
}

/// Reads a calendar as rows of the list that is wanted: holidays (`date`, `holiday`) or leave (`person`, `from`, `to`, `kind`).
pub fn read(name: String, text: &str, list: &str) -> Result<Table, String> {
    let leave = list == "leave";
    if !leave && list != "holidays" {
        return Err(format!("{name} is a calendar: it can be read as leave or as public holidays, not as this list."));
    }
    let headings: &[&str] = if leave { &["person", "from", "to", "kind"] } else { &["date", "holiday"] };
    let mut table = Table { name, headings: headings.iter().map(|h| (*h).to_owned()).collect(), ..Table::default() };
    let (mut timed, mut odd, mut unread) = (0u32, 0u32, 0u32);
    for event in events(text).iter().filter(|e| !e.cancelled) {
        let Some(start) = event.start else {
            unread += 1;
            continue;
        };
        if !event.whole {
            timed += 1;
            continue;
        }
        let last = event.end.map(|end| end - 1).or(event.days.map(|d| start + d - 1)).unwrap_or(start).clamp(start, start.saturating_add(LONGEST));
        let Some(starts) = repeated(event, start) else {
            odd += 1;
            continue;
        };
        for first in starts.into_iter().filter(|d| !event.except.contains(d)) {
            add(&mut table, event, first, first + (last - start), leave);
        }
    }
    if table.rows.is_empty() {
        return Err(format!("{} holds no event of whole days that could be read. Holidays and leave must be all-day events.", table.name));
    }
    for (n, what) in [
        (timed, "with a time of day left out: only whole days count"),
        (odd, "repeated in another way than yearly left out"),
        (unread, "without a readable day left out"),
    ] {
        if n > 0 {
            table.remarks.push(format!("{n} event{} {what}.", if n == 1 { "" } else { "s" }));
        }
    }
    Ok(table)
}

fn add(table: &mut Table, event: &Event, first: i32, last: i32, leave: bool) {
    if table.rows.len() >= MOST {
        return;
    }
    let line = event.line;
    if leave {
        let (person, kind) = whom(event);
        table.rows.push(Row { line, cells: vec![person, time::day_name(first), time::day_name(last), kind] });
    } else {
        table.rows.extend((first..=last).map(|day| Row { line, cells: vec![time::day_name(day), event.summary.clone()] }));
    }
}

/// Whose leave it is, and its kind: the only attendee, else what the title says: `Ana Silva (Vacation - 2 days)`,
/// `Ana Silva - Urlaub`, `Silva, Ana: Sick leave`.
fn whom(event: &Event) -> (String, String) {
    let title = event.summary.trim();
    let cut = [" (", " - ", " – ", " — ", ": "].iter().filter_map(|mark| title.find(mark).map(|at| (at, mark.len()))).min();
    let (named, kind) = match cut {
        Some((at, len)) => (title.get(..at).unwrap_or(title), title.get(at + len..).unwrap_or_default().trim_end_matches(')')),
        None => (title, ""),
    };
    match event.people.as_slice() {
        [one] => (one.clone(), if kind.is_empty() { title } else { kind }.to_owned()),
        _ => (named.trim().to_owned(), kind.trim().to_owned()),
    }
}

fn events(text: &str) -> Vec<Event> {
    let mut out = Vec::new();
    let mut open: Option<Event> = None;
    // Alarms within an event have properties of the same names.
    let mut inner = 0u32;
    for (line, property) in unfolded(text) {
        let Some((head, value)) = split(&property) else { continue };
        let word = head.split(';').next().unwrap_or_default().to_ascii_uppercase();
        match (word.as_str(), value.trim(), &mut open) {
            ("BEGIN", "VEVENT", _) => open = Some(Event { line, ..Event::default() }),
            ("BEGIN", _, Some(_)) => inner += 1,
            ("END", "VEVENT", _) => {
                out.extend(open.take());
                inner = 0;
            }
            ("END", _, Some(_)) => inner = inner.saturating_sub(1),
            (word, value, Some(event)) if inner == 0 => property_of(event, word, head, value),
            _ => {}
        }
    }
    out
}

/// Name with parameters, and value: a colon may stand in a quoted parameter.
fn split(property: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = property.find(|c| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    Some((property.get(..at)?, property.get(at + 1..)?))
}

fn property_of(event: &mut Event, word: &str, head: &str, value: &str) {
    match word {
        "SUMMARY" => event.summary = clean_name(&value.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ")),
        "DTSTART" => {
            event.start = day(value);
            event.whole = whole(value);
        }
        "DTEND" => {
            event.end = day(value);
            event.whole &= whole(value);
        }
        // `P3D`, `P1W`
        "DURATION" => {
            let n = |unit: char| {
                value.strip_prefix('P').and_then(|p| p.strip_suffix(unit)).and_then(|n| n.parse::<i32>().ok()).filter(|n| (1..=LONGEST).contains(n))
            };
            event.days = n('D').or(n('W').map(|w| w * 7));
        }
        "RRULE" => event.rule = value.to_ascii_uppercase(),
        "EXDATE" => event.except.extend(value.split(',').filter_map(day)),
        "ATTENDEE" => event.people.extend(address(head, value)),
        "STATUS" => event.cancelled = value.eq_ignore_ascii_case("CANCELLED"),
        _ => {}
    }
}

/// Rooms are invited like people.
fn address(head: &str, value: &str) -> Option<String> {
    let head = head.to_ascii_uppercase();
    if head.contains("CUTYPE=ROOM") || head.contains("CUTYPE=RESOURCE") {
        return None;
    }
    email(value.get(..7).filter(|p| p.eq_ignore_ascii_case("mailto:")).and_then(|_| value.get(7..)).unwrap_or(value))
}

/// A day: `20260101`, or the midnight some calendars write for whole days.
fn whole(value: &str) -> bool {
    value.len() == 8 || value.get(8..) == Some("T000000")
}

fn day(value: &str) -> Option<i32> {
    let number = |from: usize, to: usize| value.get(from..to)?.parse::<u32>().ok();
    let day = time::day_of(i32::try_from(number(0, 4)?).ok()?, number(4, 6)?, number(6, 8)?)?;
    (i32::try_from(time::EARLIEST / time::DAY).ok()?..i32::try_from(time::LATEST / time::DAY).ok()?).contains(&day).then_some(day)
}

/// First days of an event that repeats yearly, on its date or on the n-th weekday of a month; `None` for other repetitions.
fn repeated(event: &Event, start: i32) -> Option<Vec<i32>> {
    if event.rule.is_empty() {
        return Some(vec![start]);
    }
    let part = |name: &str| event.rule.split(';').find_map(|p| p.split_once('=').filter(|(n, _)| *n == name)).map(|(_, v)| v);
    let known = |p: &str| ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"].contains(&p.split('=').next().unwrap_or_default());
    if part("FREQ") != Some("YEARLY") || !event.rule.split(';').filter(|p| !p.is_empty()).all(known) {
        return None;
    }
    let (year, month, of_month) = time::civil(start);
    let month = match part("BYMONTH") {
        Some(m) => m.parse::<u32>().ok().filter(|m| (1..=12).contains(m))?,
        None => month,
    };
    let of_month = match part("BYMONTHDAY") {
        Some(d) => d.parse::<u32>().ok()?,
        None => of_month,
    };
    let step = part("INTERVAL").map_or(Some(1), |n| n.parse::<usize>().ok().filter(|n| *n > 0))?;
    let count = part("COUNT").map_or(Some(usize::MAX), |n| n.parse().ok())?;
    let until = part("UNTIL").map_or(Some(i32::MAX), day)?;
    let on = |year: i32| match part("BYDAY") {
        Some(which) => nth_weekday(year, month, which),
        None => Some(time::day_of(year, month, of_month)),
    };
    // Reading the rule once tells whether it is one of those known here.
    on(year)?;
    let days = (year..=YEARS.1).step_by(step).filter_map(|y| on(y).flatten()).filter(|d| *d >= start).take(count).take_while(|d| *d <= until);
    let first = time::day_of(YEARS.0, 1, 1).unwrap_or(start);
    Some(days.filter(|d| *d >= first || *d == start).collect())
}

/// `1MO` the first Monday of a month, `-1FR` the last Friday; outer `None` for what is neither.
fn nth_weekday(year: i32, month: u32, which: &str) -> Option<Option<i32>> {
    let (n, name) = which.split_at_checked(which.len().checked_sub(2)?)?;
    let weekday = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].iter().position(|d| *d == name)?;
    let weekday = i32::try_from(weekday).ok()?;
    let n: i32 = n.parse().ok().filter(|n| (-5..=5).contains(n) && *n != 0)?;
    let last = time::days_in_month(year, month);
    let (first, end) = (time::day_of(year, month, 1)?, time::day_of(year, month, last)?);
    let of = |day: i32| i32::from(time::weekday(day));
    let day = if n > 0 { first + (weekday - of(first)).rem_euclid(7) + 7 * (n - 1) } else { end - (of(end) - weekday).rem_euclid(7) + 7 * (n + 1) };
    Some((first..=end).contains(&day).then_some(day))
}

/// Whether a calendar holds leave rather than holidays: its events have attendees, or it says so itself.
pub fn is_leave(name: &str, text: &str) -> bool {
    let words = [
        "leave",
        "absence",
        "vacation",
        "time off",
        "timeoff",
        "out of office",
        "who's out",
        "whosout",
        "urlaub",
        "abwesen",
        "conges",
        "congés",
        "vacaciones",
        "ferie",
        "verlof",
        "休暇",
        "请假",
    ];
    let says = |text: &str| words.iter().any(|w| text.to_lowercase().contains(w));
    if says(name) || text.lines().any(|l| l.starts_with("X-WR-CALNAME") && says(l)) {
        return true;
    }
    let count = |word: &str| text.lines().filter(|l| l.starts_with(word)).count();
    count("ATTENDEE") * 2 > count("BEGIN:VEVENT")
}
