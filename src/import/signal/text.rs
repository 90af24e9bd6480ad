//! Chats as text: `chat.md` of signal-export (carderne/signal-export `create.py`) and the text of signalbackup-tools (bepaald `exporttxt.cc`).
//!
//! ```text
//! [2024-05-01 10:11:12] Ben: See you at ten ![plan.pdf](./media/plan.pdf)
//! [2019-12-24, 12:23] Jane Doe: the form of older versions
//! [Jan 05, 2024 14:03:07] <Ben> See you at ten
//! [Jan 05, 2024 14:03:09] *** <Ben> sent file plan.pdf
//! ```

use super::chat::{Chat, Record};
use crate::import::Options;
use crate::import::lines::Line;
use crate::import::sink::{Map, Sink};
use crate::import::span;
use crate::model::ledger::SkipReason;
use crate::model::message::{EventKind, Position};
use crate::time;

/// How heads are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// signal-export.
    Markdown,
    /// signalbackup-tools.
    Backup,
}

/// A head: form, wall clock, length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Form.
    pub form: Form,
    /// With a comma and without seconds: signal-export before 2022.
    pub old: bool,
    /// Microseconds as written.
    pub time: i64,
    /// Where the rest of the line begins.
    pub body: usize,
}

/// The head at the start of a line.
pub fn head(line: &[u8]) -> Option<Head> {
    let inner = line.strip_prefix(b"[")?;
    let end = inner.get(..24.min(inner.len()))?.iter().position(|b| *b == b']')?;
    let stamp = std::str::from_utf8(inner.get(..end)?).ok()?;
    if inner.get(end + 1) != Some(&b' ') {
        return None;
    }
    let body = end + 3;
    if let Some((date, clock)) = stamp.split_at_checked(10).filter(|(date, _)| date.as_bytes().get(4) == Some(&b'-')) {
        let day = time::parse_day(date)?;
        let (old, clock) = clock.strip_prefix(", ").map_or_else(|| (false, clock.strip_prefix(' ')), |c| (true, Some(c)));
        let second = of_day(clock?, !old)?;
        return Some(Head { form: Form::Markdown, old, time: i64::from(day) * time::DAY + second, body });
    }
    let (month, rest) = stamp.split_once(' ')?;
    let (day, rest) = rest.split_once(", ")?;
    let (year, clock) = rest.split_once(' ')?;
    let month = time::MONTHS.iter().position(|m| *m == month)?;
    let day = time::day_of(year.parse().ok()?, u32::try_from(month + 1).ok()?, day.parse().ok()?)?;
    Some(Head { form: Form::Backup, old: false, time: i64::from(day) * time::DAY + of_day(clock, true)?, body })
}

/// `14:03:07` or `14:03` in microseconds.
fn of_day(clock: &str, seconds: bool) -> Option<i64> {
    let mut parts = clock.split(':').map(|p| (p.len() == 2).then(|| p.parse::<u8>().ok()).flatten());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = if seconds { parts.next()?? } else { 0 };
    let whole = parts.next().is_none() && hour < 24 && minute < 60 && second < 61;
    whole.then(|| (i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second.min(59))) * time::SECOND)
}

/// `Sender: body` of signal-export: the name and where the body begins.
pub fn sender(body: &[u8]) -> Option<(&[u8], usize)> {
    let near = body.get(..body.len().min(240)).unwrap_or_default();
    memchr::memchr_iter(b':', near).find_map(|at| match body.get(at + 1) {
        Some(b' ') => Some((body.get(..at)?, at + 2)),
        None => Some((body.get(..at)?, at + 1)),
        Some(_) => None,
    })
}

/// Reads the lines of one chat.
pub struct TextChat {
    /// The chat.
    pub chat: Chat,
    form: Option<Form>,
    open: Option<Record>,
    /// Empty lines that count only when another follows.
    blank: u32,
    begun: bool,
    preamble: Option<Position>,
    /// Names of the files in `media/`; `None` when nothing is known of them.
    media: Option<Map<Box<str>, ()>>,
}

impl TextChat {
    /// For a chat in this form.
    /// `form`: as its first line shows; else the first head decides.
    pub fn new(title: &str, form: Option<Form>, media: Option<Map<Box<str>, ()>>, options: &Options) -> Self {
        let chat = Chat::new(title, form != Some(Form::Backup), options);
        Self { chat, form, open: None, blank: 0, begun: false, preamble: None, media }
    }

    /// The next line.
    pub fn line(&mut self, line: &Line<'_>, sink: &mut Sink) {
        if line.piece {
            if let Some(open) = &mut self.open {
                open.text.add(line.bytes);
            }
            return;
        }
        match head(line.bytes).filter(|h| *self.form.get_or_insert(h.form) == h.form) {
            Some(head) => {
                self.flush(sink);
                let body = line.bytes.get(head.body..).unwrap_or_default();
                self.begin(&head, body, line.place, sink);
            }
            None if line.last && line.bytes.starts_with(b"[") && cut(line.bytes) && self.open.is_some() => {
                self.flush(sink);
                sink.record();
                sink.skip(SkipReason::CutOff, line.place);
                let kind = crate::model::statement::StatementKind::CutOff;
                sink.statement(kind, self.chat.conversation(), self.chat.last(), None, 0, line.place, "the file ends in the middle");
            }
            None => self.more(line),
        }
    }

    fn begin(&mut self, head: &Head, body: &[u8], at: Position, sink: &mut Sink) {
        self.preamble(sink);
        let sample = self.chat.sampled(sink);
        let body = body.trim_ascii_end();
        self.chat.names_me(head.form == Form::Markdown);
        let (name, text) = match head.form {
            Form::Markdown => sender(body).map(|(name, text)| (name, body.get(text..).unwrap_or_default())),
            Form::Backup => body.strip_prefix(b"<").and_then(|b| {
                let end = memchr::memmem::find(b, b"> ").or_else(|| b.strip_suffix(b">").map(<[u8]>::len))?;
                Some((b.get(..end)?, b.get(end + 2..).unwrap_or_default()))
            }),
        }
        .unwrap_or((b"", body));
        let mut record = Record::new(name, head.time, at, sample);
        (self.begun, self.blank) = (false, 0);
        if head.form == Form::Backup && name.is_empty() {
            notice(text.strip_prefix(b"*** ").unwrap_or(text), &mut record);
            self.begun = true;
            self.open = Some(record);
            return;
        }
        if name.is_empty() {
            record.event = Some(EventKind::Other);
        }
        self.open = Some(record);
        self.add(text);
    }

    /// A line without a head belongs to the record before it.
    fn more(&mut self, line: &Line<'_>) {
        let text = line.bytes.trim_ascii_end();
        if self.open.is_none() {
            if !text.is_empty() {
                self.preamble.get_or_insert(line.place);
            }
        } else if text.is_empty() {
            self.blank += 1;
        } else {
            self.add(text);
        }
    }

    fn add(&mut self, text: &[u8]) {
        let Some(open) = &mut self.open else { return };
        if self.form == Some(Form::Markdown) {
            match text {
                b"(This message was deleted)" => return open.deleted = true,
                b"(media not exported)" | b"(attachment not exported)" => {
                    open.attachments += 1;
                    return open.absent += 1;
                }
                _ if text.starts_with(b"(- ") && text.ends_with(b" -)") => return,
                // The text of another, quoted.
                _ if text.starts_with(b"> ") || text == b">" => return,
                _ if text.starts_with(b"(( ") && text.ends_with(b" ))") => return open.attachments += 1,
                _ => {}
            }
        }
        let mut begun = self.begun;
        let mut put = |open: &mut Record, piece: &[u8], blank: &mut u32| {
            if !piece.is_empty() {
                let ends = if begun { *blank + 1 } else { 0 };
                (0..ends).for_each(|_| open.text.add(b"\n"));
                (begun, *blank) = (true, 0);
                open.text.add(piece);
            }
        };
        let mut rest = text;
        if self.form == Some(Form::Markdown) {
            while let Some(link) = link(rest) {
                put(open, rest.get(..link.from).unwrap_or_default().trim_ascii_end(), &mut self.blank);
                let name = rest.get(link.name.0..link.name.1).unwrap_or_default();
                open.text.file(name);
                open.attachments += 1;
                let file = rest.get(link.file.0..link.file.1).unwrap_or_default();
                let plain = !file.contains(&b'%');
                if let (Some(media), Ok(file), true) = (&self.media, std::str::from_utf8(file), plain) {
                    open.lost += u64::from(!media.contains_key(file));
                }
                rest = rest.get(link.to..).unwrap_or_default().trim_ascii_start();
            }
            for mark in [&b"(media not exported)"[..], b"(attachment not exported)"] {
                if let Some(before) = rest.strip_suffix(mark) {
                    rest = before.trim_ascii_end();
                    open.attachments += 1;
                    open.absent += 1;
                }
            }
        }
        put(open, rest, &mut self.blank);
        self.begun = begun;
    }

    fn preamble(&mut self, sink: &mut Sink) {
        if let Some(place) = self.preamble.take() {
            sink.record();
            sink.skip(SkipReason::Preamble, place);
        }
    }

    fn flush(&mut self, sink: &mut Sink) {
        if let Some(record) = self.open.take() {
            self.chat.take(record, sink);
        }
    }

    /// After the last line.
    pub fn close(&mut self, sink: &mut Sink) {
        self.flush(sink);
        self.preamble(sink);
        self.chat.close(sink);
    }
}

/// Whether a last line is the beginning of a head: `[2024-05-01 10:1`, `[Jan 05, 20`.
fn cut(line: &[u8]) -> bool {
    line.len() < 23 && !line.contains(&b']') && line.iter().skip(1).all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b':' | b' ' | b','))
}

/// A link to a file: `![name](./media/file)` or without the exclamation mark.
struct Link {
    from: usize,
    to: usize,
    name: (usize, usize),
    file: (usize, usize),
}

fn link(text: &[u8]) -> Option<Link> {
    let (at, path) = [&b"](./media/"[..], b"](media/"].iter().filter_map(|mark| Some((memchr::memmem::find(text, mark)?, mark.len()))).min()?;
    let open = memchr::memrchr(b'[', text.get(..at)?)?;
    let start = at + path;
    let end = start + memchr::memchr(b')', text.get(start..)?)?;
    // A name with brackets of its own: `plan (2).pdf`.
    let inner = memchr::memchr(b'(', text.get(start..end)?).and_then(|_| memchr::memchr(b')', text.get(end + 1..)?)).map(|n| end + 1 + n);
    let end = inner.unwrap_or(end);
    let from = if open > 0 && text.get(open - 1) == Some(&b'!') { open - 1 } else { open };
    Some(Link { from, to: end + 1, name: (open + 1, at), file: (start, end) })
}

/// A line that signalbackup-tools marks with `***`: a file, or a notice of the app, always in English.
fn notice(text: &[u8], record: &mut Record) {
    if let Some((name, rest)) = text.strip_prefix(b"<").and_then(|t| memchr::memmem::find(t, b"> sent file").map(|at| (t.get(..at), t.get(at + 11..)))) {
        record.sender = name.unwrap_or_default().to_vec();
        record.attachments = 1;
        // The text holds names of files only.
        record.absent = 1;
        return record.text.file(rest.unwrap_or_default().trim_ascii());
    }
    let words = String::from_utf8_lossy(text.get(..text.len().min(500)).unwrap_or_default()).to_lowercase();
    let has = |part: &str| words.contains(part);
    if has("disappearing message") {
        let off = has("disabled") || has("turned off") || has(" off");
        let seconds = if off { 0 } else { span::seconds(&words) };
        record.timer = (off || seconds > 0).then_some(seconds);
        record.event = Some(if off { EventKind::TimerOff } else { EventKind::TimerOn });
        return;
    }
    const PARTS: &[(&str, EventKind)] = &[
        ("call", EventKind::Call),
        ("safety number", EventKind::SecurityCode),
        ("number changed", EventKind::NumberChanged),
        ("changed their phone number", EventKind::NumberChanged),
        ("created the group", EventKind::Created),
        ("group created", EventKind::Created),
        ("joined", EventKind::Joined),
        ("added", EventKind::Joined),
        ("left", EventKind::Left),
        ("removed", EventKind::Left),
        ("changed the group", EventKind::Renamed),
        ("changed their profile", EventKind::Renamed),
        ("pinned", EventKind::Pinned),
        ("blocked", EventKind::Blocked),
    ];
    record.event = Some(PARTS.iter().find(|(part, _)| has(part)).map_or(EventKind::Other, |(_, kind)| *kind));
    record.text.add(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_heads_are_read() {
        let read = |l: &str| head(l.as_bytes()).map(|h| (h.form, h.old, time::rfc3339(h.time, false), l[h.body..].to_owned()));
        let is = |form, old, at: &str, rest: &str| Some((form, old, at.to_owned(), rest.to_owned()));
        assert_eq!(read("[2024-05-01 10:11:12] Ben: x"), is(Form::Markdown, false, "2024-05-01T10:11:12", "Ben: x"));
        assert_eq!(read("[2019-12-24, 12:23] Jane: x"), is(Form::Markdown, true, "2019-12-24T12:23:00", "Jane: x"));
        assert_eq!(read("[Jan 05, 2024 14:03:07] <Ben> x"), is(Form::Backup, false, "2024-01-05T14:03:07", "<Ben> x"));
        for none in
            ["[2024-05-01 10:11] x", "[2024-13-01 10:11:12] x", "[Foo 05, 2024 14:03:07] x", "[2024-05-01, 10:11:12] x", "[x", "2024-05-01 10:11:12 x", "["]
        {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn a_link_has_a_name_and_a_file() {
        let text = b"see ![plan (2).pdf](./media/plan (2).pdf) now";
        let l = link(text).unwrap();
        assert_eq!((&text[l.from..l.to], &text[l.name.0..l.name.1]), (&b"![plan (2).pdf](./media/plan (2).pdf)"[..], &b"plan (2).pdf"[..]));
        assert_eq!(&text[l.file.0..l.file.1], b"plan (2).pdf");
    }
}
