//! The lines of a LINE history: title, time of saving, headings of days, heads of messages.
//!
//! ```text
//! [LINE] 與User1的聊天記錄
//! 儲存日期： 2020/02/12 02:42
//!
//! 2017/11/20（一）
//! 下午04:46<TAB>User1<TAB>testing
//! ```

use crate::import::DateOrder;
use crate::import::cursor::Cursor;
use crate::model::message::ConversationKind;
use crate::time::{self, DAY, SECOND};

/// Title and kind of the chat, from the first line.
pub fn title(line: &str) -> Option<(String, ConversationKind)> {
    let rest = line.strip_prefix("[LINE]")?.trim();
    // Before the name, behind it, kind.
    const FORMS: &[(&str, &str, ConversationKind)] = &[
        ("Chat history with ", "", ConversationKind::Direct),
        ("Chat history in ", "", ConversationKind::Group),
        ("", "とのトーク履歴", ConversationKind::Direct),
        ("", "のトーク履歴", ConversationKind::Group),
        ("與", "的聊天記錄", ConversationKind::Direct),
        ("", "的聊天記錄", ConversationKind::Group),
        ("与", "的聊天记录", ConversationKind::Direct),
        ("", "的聊天记录", ConversationKind::Group),
        ("ประวัติการสนทนากับ ", "", ConversationKind::Direct),
    ];
    let named = FORMS.iter().find_map(|(before, behind, kind)| {
        let name = rest.strip_prefix(before)?.strip_suffix(behind)?.trim();
        (!name.is_empty()).then(|| (name.to_owned(), *kind))
    });
    Some(named.unwrap_or_else(|| (rest.to_owned(), ConversationKind::Unknown)))
}

/// A date and time somewhere in a line, as written: the time of saving.
pub fn saved(line: &str) -> Option<i64> {
    let at = line.find(|c: char| c.is_ascii_digit())?;
    let mut c = Cursor { bytes: line.as_bytes(), at, shape: 0 };
    let day = year_first(&mut c)?;
    c.take(b',');
    c.blanks();
    let second = clock(&mut c).unwrap_or(0);
    Some(i64::from(day) * DAY + i64::from(second) * SECOND)
}

/// A heading: the day, and whether its weekday proves the order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Day number.
    pub day: i32,
    /// Order in which it was read.
    pub order: DateOrder,
    /// Whether that is certain.
    pub proven: bool,
}

/// The heading of a day: `2024/01/05(金)`, `2026/1/30周五`, `2017.09.03 Sunday`, `Fri, 1/30/2026`. `stated`: the order a person has stated.
pub fn day(line: &[u8], stated: Option<DateOrder>) -> Option<Day> {
    let line = line.trim_ascii();
    if line.len() > 40 {
        return None;
    }
    let mut c = Cursor { bytes: line, at: 0, shape: 0 };
    if c.peek().is_ascii_digit() {
        let day = year_first(&mut c)?;
        let rest = std::str::from_utf8(c.rest()).ok()?;
        return is_weekday(rest).then_some(Day { day, order: DateOrder::Ymd, proven: true });
    }
    let letters = line.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let name = std::str::from_utf8(line.get(..letters)?).ok()?;
    let weekday = weekday(name)?;
    c.at = letters;
    c.take(b'.');
    c.take(b',');
    if !c.blanks() {
        return None;
    }
    let (p, _) = c.number()?;
    let sep = c.peek();
    if !matches!(sep, b'/' | b'.' | b'-') || !c.take(sep) {
        return None;
    }
    let (q, _) = c.number()?;
    if !c.take(sep) {
        return None;
    }
    let (year, digits) = c.number()?;
    if digits != 4 || !c.rest().is_empty() {
        return None;
    }
    let read = |month: u16, day: u16| time::day_of(i32::from(year), u32::from(month), u32::from(day));
    let both = [(DateOrder::Mdy, read(p, q)), (DateOrder::Dmy, read(q, p))];
    let right = both.iter().find(|(_, d)| d.is_some_and(|d| time::weekday(d) == weekday));
    if let Some((order, Some(day))) = right {
        return Some(Day { day: *day, order: *order, proven: true });
    }
    let wish = stated.unwrap_or(DateOrder::Mdy);
    let (order, day) = both.iter().find(|(o, d)| *o == wish && d.is_some()).or_else(|| both.iter().find(|(_, d)| d.is_some()))?;
    Some(Day { day: (*day)?, order: *order, proven: false })
}

/// `2024/01/05`; years of the Buddhist era are those of Thai phones.
fn year_first(c: &mut Cursor<'_>) -> Option<i32> {
    let (year, digits) = c.number()?;
    let sep = c.peek();
    if digits != 4 || !matches!(sep, b'/' | b'.' | b'-') || !c.take(sep) {
        return None;
    }
    let (month, _) = c.number()?;
    if !c.take(sep) {
        return None;
    }
    let (day, _) = c.number()?;
    let year = if (2400..=2700).contains(&year) { year - 543 } else { year };
    time::day_of(i32::from(year), u32::from(month), u32::from(day))
}

/// Whether what follows a date is a weekday in some language: letters only, perhaps in brackets.
fn is_weekday(rest: &str) -> bool {
    let inner = rest.trim();
    let inner = inner.strip_prefix(['(', '（']).and_then(|i| i.strip_suffix([')', '）'])).unwrap_or(inner);
    inner.chars().count() <= 12 && inner.chars().all(|c| c.is_alphabetic() || c == '.' || (!c.is_ascii() && !c.is_numeric() && !c.is_whitespace()))
}

/// Weekday of an English name, Monday = 0.
fn weekday(name: &str) -> Option<u8> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let name = name.to_ascii_lowercase();
    let ix = NAMES.iter().position(|n| name.len() >= 3 && n.starts_with(&name))?;
    u8::try_from(ix).ok()
}

/// `04:46`, `下午04:46`, `午後4:46`, `4:46PM`: second of the day.
fn clock(c: &mut Cursor<'_>) -> Option<u32> {
    let mut half = c.half();
    c.blanks();
    let (hour, digits) = c.number()?;
    if digits > 2 || !c.take(b':') {
        return None;
    }
    let minute = c.two()?;
    if half.is_none() {
        let before = c.at;
        c.blanks();
        half = if matches!(c.peek(), b'a' | b'A' | b'p' | b'P') { c.am_pm(c.peek()) } else { None };
        if half.is_none() {
            c.at = before;
        }
    }
    let hour = half.map_or(u32::from(hour), |h| h.hour(u32::from(hour)));
    (hour < 24 && minute < 60).then(|| hour * 3600 + u32::from(minute) * 60)
}

/// Who a message head names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who<'a> {
    /// Between tabs.
    Name(&'a [u8]),
    /// A line of the app.
    Nobody,
    /// Name and text follow one another with a blank between: the computer's LINE.
    Open,
}

/// The head of a message: second of the day, who, text.
pub fn message(line: &[u8]) -> Option<(u32, Who<'_>, &[u8])> {
    let first = *line.first()?;
    if !(first.is_ascii_digit() || first >= 0x80 || matches!(first, b'a' | b'A' | b'p' | b'P')) {
        return None;
    }
    let mut c = Cursor { bytes: line, at: 0, shape: 0 };
    let second = clock(&mut c)?;
    let rest = line.get(c.at..)?;
    let (mark, rest) = rest.split_first()?;
    match mark {
        b'\t' => match memchr::memchr(b'\t', rest) {
            Some(0) => Some((second, Who::Nobody, rest.get(1..)?)),
            Some(at) => Some((second, Who::Name(rest.get(..at)?), rest.get(at + 1..)?)),
            None => Some((second, Who::Nobody, rest)),
        },
        b' ' if !rest.is_empty() && rest.first() != Some(&b' ') => Some((second, Who::Open, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_days_are_read_in_many_languages() {
        let read = |l: &str| day(l.as_bytes(), None).map(|d| (time::day_name(d.day), d.order, d.proven));
        let ymd = |d: &str| Some((d.to_owned(), DateOrder::Ymd, true));
        for (line, want) in [
            ("2024/01/05(金)", "2024-01-05"),
            ("2017/11/20（一）", "2017-11-20"),
            ("2016/5/8（週日）", "2016-05-08"),
            ("2026/1/30周五", "2026-01-30"),
            ("2017.09.03 Sunday", "2017-09-03"),
            ("2567/01/05(ศ.)", "2024-01-05"),
            ("2024/01/05", "2024-01-05"),
        ] {
            assert_eq!(read(line), ymd(want), "{line}");
        }
        assert_eq!(read("Fri, 1/30/2026"), Some(("2026-01-30".to_owned(), DateOrder::Mdy, true)));
        assert_eq!(read("Fri, 6/2/2026"), Some(("2026-02-06".to_owned(), DateOrder::Dmy, true)));
        assert_eq!(read("Mon, 6/2/2026"), Some(("2026-06-02".to_owned(), DateOrder::Mdy, false)));
        for none in ["2024/01/05 see you then", "2024/13/05", "2024/01/05(5)", "Fri, 30/30/2026", "Hello, 1/2/2026", "", "2024/1/5\t10:00"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn clocks_of_twelve_and_of_twenty_four_hours_are_read() {
        let read = |l: &str| message(l.as_bytes()).map(|(s, ..)| (s / 3600, s / 60 % 60));
        for (line, want) in [
            ("下午04:46\tA\tx", (16, 46)),
            ("午後4:46\tA\tx", (16, 46)),
            ("午前0:05\tA\tx", (0, 5)),
            ("上午12:05\tA\tx", (0, 5)),
            ("4:46PM\tA\tx", (16, 46)),
            ("12:05 AM\tA\tx", (0, 5)),
            ("오후 4:46\tA\tx", (16, 46)),
            ("22:00\tA\tx", (22, 0)),
            ("22:00 A x", (22, 0)),
        ] {
            assert_eq!(read(line), Some(want), "{line}");
        }
        assert_eq!(message("22:00\tA\tx\ty".as_bytes()).map(|m| (m.1, m.2)), Some((Who::Name(b"A"), &b"x\ty"[..])));
        assert_eq!(message("22:00\t\tA joined".as_bytes()).map(|m| m.1), Some(Who::Nobody));
        for none in ["25:00\tA\tx", "22:00", "12:3\tA\tx", "A\tB\tC", "10:00-11:00 lunch"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn titles_tell_chats_of_two_from_groups() {
        let read = title;
        assert_eq!(read("[LINE] Chat history with Ben"), Some(("Ben".to_owned(), ConversationKind::Direct)));
        assert_eq!(read("[LINE] BenとのトークÅ"), Some(("BenとのトークÅ".to_owned(), ConversationKind::Unknown)));
        assert_eq!(read("[LINE] 営業部のトーク履歴"), Some(("営業部".to_owned(), ConversationKind::Group)));
        assert_eq!(read("[LINE] 與User1的聊天記錄"), Some(("User1".to_owned(), ConversationKind::Direct)));
        assert_eq!(saved("儲存日期： 2020/02/12 02:42").map(|t| time::rfc3339(t, false)), Some("2020-02-12T02:42:00".to_owned()));
        assert_eq!(saved("Saved on: 2024/01/05, 14:03").map(|t| time::rfc3339(t, false)), Some("2024-01-05T14:03:00".to_owned()));
    }
}
