//! Reads a LINE history line by line.

use super::chat::{Chat, Open};
use super::head::{self, Who};
use super::names::Names;
use crate::import::bytes::{Fill, Window};
use crate::import::lines::{Line, Lines, PIECE};
use crate::import::sink::{Clock, Sink};
use crate::import::{DateOrder, FileInput, ImportError, Options, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;

/// Lines and bytes of one step.
const STEP_LINES: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;
/// Bytes from which names are learnt.
const SAMPLE: usize = 256 << 10;

/// Reads one history.
pub struct LineReader {
    lines: Lines,
    chat: Chat,
    names: Names,
    stated: Option<DateOrder>,
    open: Option<Open>,
    /// Empty lines that count only when another follows.
    blank: u32,
    preamble: Option<Position>,
    /// What the first line said was read.
    titled: bool,
    saved: bool,
}

impl LineReader {
    /// For one file.
    pub fn new(file: FileInput, options: &Options) -> Self {
        let mut start = Window::new(file.stream);
        while start.data().len() < SAMPLE && matches!(start.fill(), Ok(Fill::More)) {}
        let sample = String::from_utf8_lossy(start.data().get(..start.data().len().min(SAMPLE)).unwrap_or_default()).into_owned();
        let title = sample.lines().next().and_then(|l| head::title(l.trim_start_matches('\u{feff}')));
        let rests = sample.lines().filter_map(|l| match head::message(l.as_bytes()) {
            Some((_, Who::Open, rest)) => l.get(l.len() - rest.len()..),
            _ => None,
        });
        let computer = rests.clone().next().is_some() && sample.lines().all(|l| !matches!(head::message(l.as_bytes()), Some((_, Who::Name(_), _))));
        let names = if computer { Names::learn(rests, title.as_ref().map(|(t, _)| t.as_str())) } else { Names::default() };
        let mut chat = Chat::new(options);
        chat.computer = computer;
        Self {
            lines: Lines::new(Box::new(start.again()), PIECE),
            chat,
            names,
            stated: options.date_order,
            open: None,
            blank: 0,
            preamble: None,
            titled: false,
            saved: false,
        }
    }
}

/// Second of the day, name (none for a line of the app), text.
type Begun<'a> = (u32, Option<&'a [u8]>, &'a [u8]);

/// The parts that a line changes.
struct Parts<'r> {
    chat: &'r mut Chat,
    names: &'r Names,
    stated: Option<DateOrder>,
    open: &'r mut Option<Open>,
    blank: &'r mut u32,
    preamble: &'r mut Option<Position>,
    titled: &'r mut bool,
    saved: &'r mut bool,
}

impl Parts<'_> {
    fn line(&mut self, line: &Line<'_>, sink: &mut Sink) {
        if line.piece {
            if let Some(open) = self.open {
                open.add(line.bytes, false);
            }
            return;
        }
        if line.place.line <= 3 && self.heading(line.bytes, sink) {
            return;
        }
        let within = self.open.as_ref().is_some_and(Open::quoted);
        if !within && let Some(day) = head::day(line.bytes, self.stated) {
            self.flush(sink);
            return self.chat.begin_day(&day);
        }
        match self.head(line.bytes, within) {
            Some((second, name, text)) => {
                self.flush(sink);
                if let Some(place) = self.preamble.take() {
                    sink.record();
                    sink.skip(SkipReason::Preamble, place);
                }
                *self.open = Some(Open::new(second, name, text, line.place));
            }
            None if line.last && self.open.is_some() && cut(line.bytes) => {
                self.flush(sink);
                self.chat.cut(line.place, sink);
            }
            None => self.more(line),
        }
    }

    /// Title and time of saving.
    fn heading(&mut self, line: &[u8], sink: &mut Sink) -> bool {
        let text = String::from_utf8_lossy(line.get(..line.len().min(600)).unwrap_or_default());
        if !*self.titled
            && let Some(title) = head::title(&text)
        {
            *self.titled = true;
            self.chat.title = Some(title);
            return true;
        }
        if *self.titled
            && !*self.saved
            && head::day(line, None).is_none()
            && head::message(line).is_none()
            && let Some(time) = head::saved(&text)
        {
            *self.saved = true;
            let stored = sink.stored(Clock::Written(time));
            sink.source().exported_at = Some(stored);
            return true;
        }
        false
    }

    /// Second, name and text of a line that begins a record. `within`: a quoted text of several lines is open; only somebody known ends it.
    fn head<'a>(&self, line: &'a [u8], within: bool) -> Option<Begun<'a>> {
        let (second, who, rest) = head::message(line)?;
        match who {
            Who::Name(name) if !within || self.chat.knows(name) => Some((second, Some(name), rest)),
            Who::Nobody if !within => Some((second, None, rest)),
            Who::Open if self.chat.computer && !within => {
                let split = std::str::from_utf8(rest).ok().and_then(|r| self.names.split(r));
                Some(split.map_or((second, None, rest), |(name, text)| (second, Some(name.as_bytes()), text.as_bytes())))
            }
            _ => None,
        }
    }

    fn more(&mut self, line: &Line<'_>) {
        match self.open {
            Some(_) if line.bytes.is_empty() => *self.blank += 1,
            Some(open) => {
                for _ in 0..std::mem::take(self.blank) {
                    open.add(b"", true);
                }
                open.add(line.bytes, true);
            }
            None if !line.bytes.trim_ascii().is_empty() => {
                self.preamble.get_or_insert(line.place);
            }
            None => {}
        }
    }

    fn flush(&mut self, sink: &mut Sink) {
        *self.blank = 0;
        if let Some(open) = self.open.take() {
            self.chat.take(open, sink);
        }
    }
}

/// Whether a last line is the beginning of a head: `下午04:4`, `22:0`.
fn cut(line: &[u8]) -> bool {
    let digits = line.iter().filter(|b| b.is_ascii_digit()).count();
    line.len() < 16
        && (1..=4).contains(&digits)
        && line.last().is_some_and(|b| b.is_ascii_digit() || *b == b':')
        && line.contains(&b':')
        && !line.contains(&b' ')
}

impl Reader for LineReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let Self { lines, chat, names, stated, open, blank, preamble, titled, saved } = self;
        let mut parts = Parts { chat, names, stated: *stated, open, blank, preamble, titled, saved };
        let (mut read, end) = (0, lines.offset() + STEP_BYTES);
        while read < STEP_LINES && lines.offset() < end {
            let Some(line) = lines.next()? else {
                parts.flush(sink);
                if let Some(place) = parts.preamble.take() {
                    sink.record();
                    sink.skip(SkipReason::Preamble, place);
                }
                parts.chat.close(sink);
                return Ok(Step::End);
            };
            parts.line(&line, sink);
            read += 1;
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.lines.offset()
    }
}
