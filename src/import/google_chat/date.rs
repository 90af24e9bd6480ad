//! `created_date` as Takeout writes it: the long form of the account's language, in UTC.
//!
//! `Wednesday, April 15, 2015 at 12:51:08 AM UTC` with U+202F before `AM` since 2023 (CLDR 42), a blank before; other languages follow
//! the long patterns of CLDR (`Mittwoch, 15. April 2015 um 00:51:08 UTC`, `2015年4月15日水曜日 0:51:08 UTC`).

use crate::time::{self, MINUTE};

/// Names of months in the form that stands in dates, January first.
const MONTHS: &[&str] = &[
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november december",
    "januar februar mars april mai juni juli august september oktober november desember",
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ledna února března dubna května června července srpna září října listopadu prosince",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "január február március április május június július augusztus szeptember október november december",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्तूबर नवंबर दिसंबर",
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
];

/// Words for the first and the second half of the day. `凌晨` and `早上` are parts of the first, `中午`, `下午`, `晚上` of the second.
const MORNING: &[&str] = &["am", "午前", "上午", "凌晨", "早上", "清晨", "오전", "ص"];
const EVENING: &[&str] = &["pm", "午後", "下午", "中午", "晚上", "오후", "م"];

/// Longest date that is looked at, in bytes.
const LONGEST: usize = 200;

/// A number in the text with the characters around it.
#[derive(Debug, Clone, Copy)]
struct Number {
    value: u32,
    digits: u32,
    before: char,
    after: char,
}

/// What a date says so far.
#[derive(Debug, Default)]
struct Parts {
    year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    clock: [Option<u32>; 3],
    evening: Option<bool>,
}

/// Microseconds UTC; `None` where the date is not understood.
#[must_use]
pub fn parse(text: &[u8]) -> Option<i64> {
    if text.len() > LONGEST {
        return None;
    }
    english(text).or_else(|| parts(std::str::from_utf8(text).ok()?))
}

/// `Wednesday, April 15, 2015 at 12:51:08 AM UTC`, by far the most frequent form, without taking the text apart. `None` for any other.
fn english(text: &[u8]) -> Option<i64> {
    let text = text.strip_suffix(b" UTC")?;
    let (text, evening) = text.strip_suffix(b"AM").map(|t| (t, false)).or_else(|| text.strip_suffix(b"PM").map(|t| (t, true)))?;
    let text = text.strip_suffix("\u{202f}".as_bytes()).or_else(|| text.strip_suffix(b" "))?;
    let mut words = text.split(|b| *b == b' ');
    let (weekday, month, day, year, at, clock) = (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    let number = |digits: &[u8]| {
        let good = (1..=4).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
        good.then(|| digits.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
    };
    let mut clock = clock.split(|b| *b == b':').map(number);
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let months = MONTHS.first()?;
    let month = months.split(' ').position(|m| m.as_bytes().eq_ignore_ascii_case(month))?;
    let plain = at == b"at" && weekday.ends_with(b",") && words.next().is_none() && clock.next().is_none() && (1..=12).contains(&hour);
    let (year, day) = (i32::try_from(number(year)?).ok()?, number(day.strip_suffix(b",")?)?);
    let hour = hour % 12 + if evening { 12 } else { 0 };
    plain.then(|| time::civil_micros(year, u32::try_from(month).ok()? + 1, day, hour, minute, second))?
}

/// Any other form: its numbers and words, each by what stands beside it.
fn parts(text: &str) -> Option<i64> {
    let text =
        text.replace("a.m.", "am").replace("p.m.", "pm").replace("a. m.", "am").replace("p. m.", "pm").replace("a.\u{a0}m.", "am").replace("p.\u{a0}m.", "pm");
    let (text, offset) = zone(&text)?;
    let (numbers, words) = pieces(&text);
    let mut parts = Parts::default();
    for word in &words {
        parts.word(word);
    }
    let rest = parts.numbers(&numbers);
    match *rest {
        [day] if parts.day.is_none() => parts.day = Some(day),
        // `2015-04-15`: only with the year first is the order of the others certain.
        [month, day] if parts.month.is_none() && year_first(&numbers) => (parts.month, parts.day) = (Some(month), Some(day)),
        // `15 tháng 4, 2015`: Vietnamese numbers its months.
        [day, month] if words.iter().any(|w| w == "tháng") => (parts.day, parts.month) = (Some(day), Some(month)),
        [] => {}
        _ => return None,
    }
    let hour = parts.clock[0].unwrap_or(0);
    let hour = match parts.evening {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    let year = parts.year.map(|y| if y > 2400 { y - 543 } else { y })?;
    parts.clock[0]?;
    let written = time::civil_micros(i32::try_from(year).ok()?, parts.month?, parts.day?, hour, parts.clock[1].unwrap_or(0), parts.clock[2].unwrap_or(0))?;
    Some(written - offset)
}

/// The text without its zone, and the offset of that zone in microseconds. `None` for a zone that is neither UTC nor GMT with an offset.
fn zone(text: &str) -> Option<(String, i64)> {
    let Some((at, mark)) = ["UTC", "GMT"].iter().find_map(|z| Some((text.find(z)?, *z))) else { return Some((text.to_owned(), 0)) };
    let (before, after) = text.split_at_checked(at)?;
    let after = after.strip_prefix(mark)?;
    let sign = match after.chars().next() {
        Some('+') => 1,
        Some('-' | '\u{2212}') => -1,
        _ => return Some((format!("{before} {after}"), 0)),
    };
    let digits = after.get(after.chars().next()?.len_utf8()..)?;
    let end = digits.find(|c: char| !(c.is_ascii_digit() || c == ':')).unwrap_or(digits.len());
    let (clock, after) = digits.split_at_checked(end)?;
    let (hours, minutes) = clock.split_once(':').unwrap_or((clock, "0"));
    let minutes = hours.parse::<i64>().ok().filter(|h| *h <= 14)? * 60 + minutes.parse::<i64>().ok().filter(|m| *m < 60)?;
    Some((format!("{before} {after}"), sign * minutes * MINUTE))
}

/// Numbers and words of the text.
fn pieces(text: &str) -> (Vec<Number>, Vec<String>) {
    let (mut numbers, mut words): (Vec<Number>, Vec<String>) = Default::default();
    let (mut before, mut digit_before, mut letter_before) = (' ', false, false);
    for c in text.chars() {
        let digit = digit(c);
        let letter = digit.is_none() && (c.is_alphabetic() || matches!(c, '\u{93c}' | '\u{301}' | '\u{900}'..='\u{94f}' | '\u{e31}'..='\u{e4e}'));
        if let Some(d) = digit {
            match numbers.last_mut().filter(|_| digit_before) {
                Some(n) => (n.value, n.digits) = (n.value.saturating_mul(10).saturating_add(d), n.digits + 1),
                None => numbers.push(Number { value: d, digits: 1, before, after: ' ' }),
            }
        } else {
            if digit_before && let Some(n) = numbers.last_mut() {
                n.after = c;
            }
            if letter {
                match words.last_mut().filter(|_| letter_before) {
                    Some(word) => word.extend(c.to_lowercase()),
                    None => words.push(c.to_lowercase().collect()),
                }
            }
        }
        (digit_before, letter_before, before) = (digit.is_some(), letter, c);
    }
    (numbers, words)
}

/// A decimal digit: European, Arabic-Indic, Persian, Devanagari, Thai.
fn digit(c: char) -> Option<u32> {
    let base = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        '\u{e50}'..='\u{e59}' => '\u{e50}',
        _ => return None,
    };
    Some(u32::from(c) - u32::from(base))
}

fn year_first(numbers: &[Number]) -> bool {
    numbers.first().is_some_and(|n| n.digits == 4)
}

impl Parts {
    fn word(&mut self, word: &str) {
        if MORNING.contains(&word) {
            self.evening = Some(false);
        } else if EVENING.contains(&word) {
            self.evening = Some(true);
        } else if let Some(month) = MONTHS.iter().find_map(|names| names.split(' ').position(|m| m == word)) {
            self.month = self.month.or(u32::try_from(month + 1).ok());
        } else if let Some(half) =
            [(MORNING, false), (EVENING, true)].iter().find(|(w, _)| w.iter().any(|w| !w.is_ascii() && w.chars().count() > 1 && word.ends_with(w)))
        {
            // `水曜日午前`: nothing stands between the words.
            self.evening = Some(half.1);
        }
    }

    /// Numbers that their neighbours explain; the others come back.
    fn numbers(&mut self, numbers: &[Number]) -> Vec<u32> {
        let mut rest = Vec::new();
        let mut clock = 0;
        for (ix, n) in numbers.iter().enumerate() {
            let next = ix.checked_add(1).and_then(|ix| numbers.get(ix));
            // `0.51.08` (Finnish, Danish): three numbers of up to two digits with dots between.
            let dotted = |a: &Number| a.after == '.' && a.digits <= 2;
            let run = dotted(n)
                && next.is_some_and(|b| dotted(b) && b.before == '.' && b.digits == 2)
                && numbers.get(ix + 2).is_some_and(|c| c.digits == 2 && c.before == '.');
            let in_clock =
                n.digits <= 2 && (n.after == ':' || clock > 0 && n.before == ':' || run || clock > 0 && clock < 3 && n.before == '.' && n.digits == 2);
            match n.after {
                '年' | '년' => self.year = Some(n.value),
                '月' | '월' => self.month = Some(n.value),
                '日' | '일' => self.day = Some(n.value),
                '時' | '时' | '시' => self.clock[0] = Some(n.value),
                '分' | '분' => self.clock[1] = Some(n.value),
                '秒' | '초' => self.clock[2] = Some(n.value),
                _ if in_clock => {
                    if let Some(slot) = self.clock.get_mut(clock) {
                        *slot = Some(n.value);
                    }
                    clock += 1;
                }
                _ if n.digits == 4 && self.year.is_none() => self.year = Some(n.value),
                _ => rest.push(n.value),
            }
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_languages_are_the_same_moment() {
        let at = time::civil_micros(2015, 4, 15, 0, 51, 8).unwrap();
        for text in [
            "Wednesday, April 15, 2015 at 12:51:08\u{202f}AM UTC",
            "Wednesday, April 15, 2015 at 12:51:08 AM UTC",
            "Wednesday, 15 April 2015 at 00:51:08 UTC",
            "Mittwoch, 15. April 2015 um 00:51:08 UTC",
            "mercredi 15 avril 2015 à 00:51:08 UTC",
            "miércoles, 15 de abril de 2015, 0:51:08 UTC",
            "miércoles, 15 de abril de 2015, 12:51:08\u{a0}a.\u{a0}m. UTC",
            "quarta-feira, 15 de abril de 2015 às 00:51:08 UTC",
            "mercoledì 15 aprile 2015 alle ore 00:51:08 UTC",
            "woensdag 15 april 2015 om 00:51:08 UTC",
            "onsdag 15 april 2015 kl. 00:51:08 UTC",
            "onsdag den 15. april 2015 kl. 00.51.08 UTC",
            "keskiviikko 15. huhtikuuta 2015 klo 0.51.08 UTC",
            "środa, 15 kwietnia 2015 00:51:08 UTC",
            "среда, 15 апреля 2015\u{a0}г. в 00:51:08 UTC",
            "15 Nisan 2015 Çarşamba 00:51:08 UTC",
            "2015年4月15日水曜日 0:51:08 UTC",
            "2015年4月15日星期三 UTC 00:51:08",
            "2015年4月15日 星期三 上午12:51:08 [UTC]",
            "2015년 4월 15일 수요일 오전 12시 51분 8초 UTC",
            "วันพุธที่ 15 เมษายน 2558 เวลา 00:51:08 UTC",
            "الأربعاء، ١٥ أبريل ٢٠١٥ في ١٢:٥١:٠٨ ص UTC",
            "lúc 00:51:08 UTC Thứ Tư, 15 tháng 4, 2015",
            "2015-04-15 00:51:08 UTC",
            "Wednesday, April 15, 2015 at 2:51:08 AM GMT+2",
        ] {
            assert_eq!(parse(text.as_bytes()), Some(at), "{text}");
            assert_eq!(parts(text), Some(at), "{text}");
        }
        let noon = time::civil_micros(2015, 4, 19, 12, 11, 30).unwrap();
        assert_eq!(parse("Sunday, April 19, 2015 at 12:11:30\u{202f}PM UTC".as_bytes()), Some(noon));
        assert_eq!(parse("2015年4月19日 星期日 中午12:11:30 [UTC]".as_bytes()), Some(noon));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "yesterday", "15/04/2015 00:51:08 UTC", "April 31, 2015 at 1:00:00 AM UTC", "April 15, 2015", "99999999999999999999"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}
