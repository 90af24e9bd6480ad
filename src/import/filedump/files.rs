//! Which members of a folder are dumps, which days they are of, and which days are missing.

use crate::import::archive::Entry;
use crate::import::sink::{Clock, Sink};
use crate::model::message::Position;
use crate::model::statement::StatementKind;
use crate::time::{DAY, day_name, day_of, weekday};

/// What a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The zip of Mattermost.
    Actiance,
    /// Daily files of Bloomberg.
    Bloomberg,
}

/// `f123.ib19.260302.xml`, `f123.msg.260302.xml2`: kind and day.
pub fn daily(name: &str) -> Option<(&'static str, i32)> {
    let lower = name.to_ascii_lowercase();
    let mut parts = lower.rsplit('.');
    let extension = parts.next()?;
    if !extension.strip_prefix("xml").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let date = parts.next()?;
    let kind = match parts.next()? {
        "ib19" | "ib" => "ib",
        "msg" => "msg",
        "dscl" => "dscl",
        _ => return None,
    };
    let number = |from: usize| date.get(from..from + 2)?.parse::<u32>().ok();
    let (year, month, day) = (number(0)?, number(2)?, number(4)?);
    (date.len() == 6).then_some(())?;
    Some((kind, day_of(2000 + i32::try_from(year).ok()?, month, day)?))
}

/// Whether members are one dump as a whole.
pub fn kind(members: &[Entry]) -> Option<Kind> {
    let files = || members.iter().filter(|e| !e.is_noise());
    if files().any(|e| e.name == "actiance_export.xml") {
        return Some(Kind::Actiance);
    }
    let ours = |e: &Entry| daily(e.file_name()).is_some() || is_audit(e) || [".gz", ".tar"].iter().any(|x| e.name.to_ascii_lowercase().ends_with(x));
    let dumps = files().filter(|e| daily(e.file_name()).is_some_and(|(kind, _)| kind != "dscl")).count();
    (dumps > 0 && files().nth(1).is_some() && files().all(ours)).then_some(Kind::Bloomberg)
}

/// `…audit.txt`
pub fn is_audit(entry: &Entry) -> bool {
    entry.file_name().to_ascii_lowercase().ends_with("audit.txt")
}

/// Days of one kind that have no file between the first and the last; runs of weekend days alone say nothing.
pub fn tell_absent(kind: &str, mut days: Vec<i32>, sink: &mut Sink) {
    days.sort_unstable();
    days.dedup();
    for (a, b) in days.iter().zip(days.iter().skip(1)) {
        let (first, last) = (a + 1, b - 1);
        if (first..=last).any(|day| weekday(day) < 5) {
            let at = |day: i32| Some(Clock::Utc(i64::from(day) * DAY));
            let span = if first == last { day_name(first) } else { format!("{} to {}", day_name(first), day_name(last)) };
            let days = u64::try_from(last - first + 1).unwrap_or(0);
            let detail = format!("no {kind} file for {span}: never collected");
            sink.statement(StatementKind::NotInExport, None, at(first), at(last + 1), days, Position::byte(0), &detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kind_and_day() {
        let day = |d| day_of(2026, 3, d);
        assert_eq!(daily("f123456.ib19.260302.xml"), day(2).map(|d| ("ib", d)));
        assert_eq!(daily("f123456.msg.260303.xml2"), day(3).map(|d| ("msg", d)));
        assert_eq!(daily("f123456.dscl.260303.xml"), day(3).map(|d| ("dscl", d)));
        for other in ["metadata.xml", "f1.ib19.261301.xml", "a.b.260302.xml", "f1.ib19.260302.txt", "f1.ib19.2603021.xml"] {
            assert_eq!(daily(other), None, "{other}");
        }
    }
}
