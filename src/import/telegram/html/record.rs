//! One message of a page: `<div class="message default clearfix" id="message123">` up to the next (`export_output_html.cpp`, `pushMessage`).

use super::tags::{Tags, Token, attribute, decode, has_class};
use crate::time;

/// Deepest nesting that is followed.
const DEEPEST: usize = 64;

/// What a message div says.
#[derive(Debug, Default)]
pub struct Record {
    /// `id="message123"`.
    pub id: Option<i64>,
    /// A line of the app: dates between days, joins, pins.
    pub service: bool,
    /// The sender is that of the message before.
    pub joined: bool,
    /// Wall clock.
    pub time: Option<i64>,
    /// Standard offset of the computer, microseconds, where it is stated.
    pub offset: Option<i64>,
    /// `from_name`.
    pub name: String,
    /// What it says.
    pub text: Vec<u8>,
    /// The message it answers or points to.
    pub target: Option<i64>,
    /// Forwarded.
    pub forwarded: bool,
    /// Files.
    pub files: usize,
    /// Of those, not included.
    pub absent: u64,
    /// Paths of the others.
    pub paths: Vec<String>,
    /// A call.
    pub call: bool,
    /// It holds something besides text.
    pub thing: bool,
}

/// Which part of a message a div is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Region {
    Other,
    Name,
    Text,
    Reply,
    Service,
    Media,
    /// Inside a forwarded body: its name is another's.
    Forwarded,
    /// Nothing in here is of interest (initials, buttons).
    Hidden,
}

impl Record {
    /// Reads one.
    pub fn read(bytes: &[u8]) -> Self {
        let mut record = Self::default();
        let mut regions: Vec<Region> = Vec::new();
        let mut span = 0u32;
        let mut name = Vec::new();
        let mut media = Vec::new();
        for (n, token) in Tags::new(bytes).enumerate() {
            match token {
                Token::Open(b"div", attributes) if n == 0 => {
                    record.head(attributes);
                    regions.push(Region::Other);
                }
                // The app nests about ten deep.
                Token::Open(b"div", _) if regions.len() > DEEPEST => break,
                Token::Open(b"div", attributes) => {
                    let region = record.div(attributes, &regions);
                    regions.push(region);
                }
                Token::Close(b"div") => {
                    if regions.pop() == Some(Region::Media) && !regions.contains(&Region::Media) {
                        record.media_ends(&std::mem::take(&mut media));
                    }
                    // What follows the message is the end of the page.
                    if regions.is_empty() {
                        break;
                    }
                }
                Token::Open(b"span", _) => span += 1,
                Token::Close(b"span") => span = span.saturating_sub(1),
                Token::Open(b"br", _) if regions.last() == Some(&Region::Text) => record.text.push(b'\n'),
                Token::Open(b"a", attributes) => record.link(attributes, &regions),
                Token::Text(text) => match regions.last() {
                    Some(Region::Name) if span == 0 && !regions.contains(&Region::Forwarded) => decode(text, &mut name),
                    Some(Region::Text | Region::Service) => decode(text, &mut record.text),
                    Some(_) if regions.contains(&Region::Media) => media.extend_from_slice(text),
                    _ => {}
                },
                _ => {}
            }
        }
        let shown = String::from_utf8_lossy(&name);
        record.name = shown.split(" via @").next().unwrap_or_default().trim().to_owned();
        let trimmed = record.text.trim_ascii().to_vec();
        record.text = trimmed;
        record
    }

    fn head(&mut self, attributes: &[u8]) {
        let class = attribute(attributes, "class");
        self.service = has_class(class, "service");
        self.joined = has_class(class, "joined");
        let id = attribute(attributes, "id").strip_prefix(b"message").unwrap_or_default();
        self.id = crate::import::json::integer(id);
    }

    fn div(&mut self, attributes: &[u8], regions: &[Region]) -> Region {
        let class = attribute(attributes, "class");
        let is = |name: &str| has_class(class, name);
        if regions.contains(&Region::Hidden) || is("userpic_wrap") || is("userpic") || is("reactions") || is("bot_buttons_table") {
            return Region::Hidden;
        }
        if is("date") && is("details") {
            if let Some((time, offset)) = stamp(attribute(attributes, "title")).filter(|_| self.time.is_none()) {
                (self.time, self.offset) = (Some(time), offset);
            }
            return Region::Hidden;
        }
        let region = match () {
            () if self.service && is("body") && is("details") => Region::Service,
            () if is("forwarded") => {
                self.forwarded = true;
                Region::Forwarded
            }
            () if is("from_name") => Region::Name,
            () if is("reply_to") => Region::Reply,
            () if is("text") && !regions.contains(&Region::Media) => Region::Text,
            () if regions.contains(&Region::Media) => Region::Media,
            () if is("media_wrap") => {
                self.thing = true;
                Region::Media
            }
            () => Region::Other,
        };
        self.kind(class);
        region
    }

    /// What sort of thing a div or link shows.
    fn kind(&mut self, class: &[u8]) {
        const FILES: &[&str] = &["media_photo", "media_video", "media_voice_message", "media_audio_file", "media_file"];
        const WRAPS: &[&str] = &["photo_wrap", "video_file_wrap", "animated_wrap", "sticker_wrap", "media_round_video"];
        self.call |= has_class(class, "media_call");
        self.files += usize::from(FILES.iter().chain(WRAPS).any(|f| has_class(class, f)));
    }

    fn link(&mut self, attributes: &[u8], regions: &[Region]) {
        let (href, class) = (attribute(attributes, "href"), attribute(attributes, "class"));
        if let Some(id) = href.strip_prefix(b"#go_to_message") {
            if matches!(regions.last(), Some(Region::Reply | Region::Service)) {
                self.target = self.target.or(crate::import::json::integer(id));
            }
        } else if regions.contains(&Region::Media) && !regions.contains(&Region::Hidden) && !href.is_empty() {
            let before = self.files;
            self.kind(class);
            if self.files > before && !href.starts_with(b"http") {
                let mut path = Vec::new();
                decode(href, &mut path);
                self.paths.push(String::from_utf8_lossy(&path).into_owned());
            }
        }
    }

    /// `Not included, change data exporting settings to download.`, `Exceeds maximum size, ..`, `Unavailable, ..`
    fn media_ends(&mut self, words: &[u8]) {
        let notice = [&b"Not included"[..], b"xceeds maximum size", b"navailable, please try again"].iter().any(|w| memchr::memmem::find(words, w).is_some());
        if notice {
            self.absent = self.files.saturating_sub(self.paths.len()) as u64;
        }
    }
}

/// `05.03.2024 14:20:33 UTC+03:00`: wall clock and offset, in microseconds.
pub fn stamp(title: &[u8]) -> Option<(i64, Option<i64>)> {
    let text = std::str::from_utf8(title).ok()?;
    let mut parts = text.split(' ');
    let (date, clock) = (parts.next()?, parts.next()?);
    let mut numbers = date.split('.').map(|n| n.parse::<u32>().ok());
    let (day, month, year) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let mut numbers = clock.split(':').map(|n| n.parse::<u32>().ok());
    let (hour, minute, second) = (numbers.next()??, numbers.next()??, numbers.next().flatten().unwrap_or(0));
    let micros = time::civil_micros(i32::try_from(year).ok()?, month, day, hour, minute, second)?;
    Some((micros, parts.next().and_then(offset)))
}

/// `UTC+03:00`, `UTC-05:30`, `UTC`.
fn offset(word: &str) -> Option<i64> {
    let rest = word.strip_prefix("UTC")?;
    if rest.is_empty() {
        return Some(0);
    }
    let (sign, rest) = rest.strip_prefix('+').map(|r| (1, r)).or_else(|| Some((-1, rest.strip_prefix('-')?)))?;
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then(|| sign * (hours * 60 + minutes) * time::MINUTE)
}

/// A date between two days: `5 March 2024`.
pub fn separator(text: &str) -> Option<i32> {
    const MONTHS: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    let mut words = text.split_whitespace();
    let (day, month, year) = (words.next()?.parse().ok()?, words.next()?, words.next()?.parse().ok()?);
    let month = MONTHS.iter().position(|m| *m == month)?;
    if words.next().is_some() {
        return None;
    }
    time::day_of(year, u32::try_from(month + 1).ok()?, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_an_offset_or_none() {
        let read = |t: &str| stamp(t.as_bytes()).map(|(t, o)| (time::rfc3339(t, false), o.map(|o| o / time::MINUTE)));
        assert_eq!(read("05.03.2024 14:20:33 UTC+03:00"), Some(("2024-03-05T14:20:33".to_owned(), Some(180))));
        assert_eq!(read("05.03.2024 14:20:33 UTC-03:30"), Some(("2024-03-05T14:20:33".to_owned(), Some(-210))));
        assert_eq!(read("05.03.2024 14:20:33"), Some(("2024-03-05T14:20:33".to_owned(), None)));
        assert_eq!((read("31.02.2024 14:20:33"), read("x")), (None, None));
        assert_eq!(separator("5 March 2024").map(time::day_name), Some("2024-03-05".to_owned()));
        assert_eq!(separator("Ana pinned this message"), None);
    }
}
