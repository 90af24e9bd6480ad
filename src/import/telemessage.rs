//! The manifest (`.mf`) in TeleMessage's archives: how many mails the archive should hold, and their names. The mails are read like any others;
//! this file says which of them are missing.

use std::collections::BTreeSet;

use super::bytes::{Fill, Window};
use super::sink::Sink;
use super::{About, FileInput, Format, Head, ImportError, Input, Match, Options, Reader, Refusal, Step};
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// TeleMessage manifest
pub struct TeleMessage;

/// Longest line that is looked at.
const LINE: usize = 64 << 10;
/// Bytes of one step.
const STEP: u64 = 1 << 20;

static ABOUT_TELEMESSAGE: About = About {
    id: "telemessage_mf",
    name: "TeleMessage manifest",
    channel: "",
    extensions: &["mf"],
    proves: &["The number of mails the archive should hold, and their names: absent ones were lost after the archive was made."],
    how_to_export: "Give the zip as TeleMessage (Smarsh) delivered it, with its manifest.",
    limits: "It holds no messages. Without the archive around it nothing can be compared.",
};

/// `Count: 12`
fn count(line: &[u8]) -> Option<u64> {
    let line = String::from_utf8_lossy(line);
    let (name, number) = line.split_once(':')?;
    name.trim().eq_ignore_ascii_case("count").then(|| number.trim().parse().ok()).flatten()
}

/// The file a line names: its last word that ends like a mail.
fn file(line: &[u8]) -> Option<String> {
    let line = String::from_utf8_lossy(line);
    let path = line.trim().rsplit(['\t', ',', '"']).map(str::trim).find(|w| w.to_ascii_lowercase().ends_with(".eml"))?;
    Some(path.rsplit(['/', '\\']).next().unwrap_or(path).to_lowercase())
}

impl Format for TeleMessage {
    fn about(&self) -> &'static About {
        &ABOUT_TELEMESSAGE
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text else { return Match::No };
        let lines = || text.lines().take(50).map(str::as_bytes);
        if lines().find_map(count).is_some() && lines().any(|l| file(l).is_some()) {
            return Match::Sure("a count and names of mails, as in TeleMessage's manifests".to_owned());
        }
        Match::No
    }

    fn open(&self, input: Input, _options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(file) => Ok(Box::new(Manifest::new(file))),
            Input::Archive(archive) => Err(Refusal { what: "A TeleMessage manifest is one file.".to_owned(), place: archive.path().to_owned() }),
        }
    }
}

struct Manifest {
    window: Window,
    beside: BTreeSet<String>,
    stated: Option<u64>,
    named: u64,
    absent: u64,
    first: Option<(Position, String)>,
    line: u32,
}

impl Manifest {
    fn new(file: FileInput) -> Self {
        let beside = file.beside.iter().map(|e| e.file_name().to_lowercase()).filter(|n| n.ends_with(".eml")).collect();
        Self { window: Window::with_limits(file.stream, LINE, LINE), beside, stated: None, named: 0, absent: 0, first: None, line: 1 }
    }

    fn take(&mut self, line: &[u8], at: u64) {
        self.stated = self.stated.or_else(|| count(line));
        if let Some(name) = file(line) {
            self.named += 1;
            if !self.beside.contains(&name) {
                self.absent += 1;
                self.first.get_or_insert((Position::line(at, self.line), name));
            }
        }
        self.line = self.line.saturating_add(1);
    }

    fn finish(&self, sink: &mut Sink) {
        if self.beside.is_empty() {
            let what = "The manifest was given without the mails of its archive: nothing could be compared. Add the zip as it was delivered";
            return sink.notice("telemessage_alone", what, 1);
        }
        if let Some((at, name)) = &self.first {
            let detail = format!("mails named in the manifest, the first {name}");
            sink.statement(StatementKind::FileLost, None, None, None, self.absent, *at, &detail);
        }
        let (stated, held) = (self.stated.unwrap_or(0), self.beside.len() as u64);
        // What is named and absent was said; a count beyond the names is another loss.
        if stated > held + self.absent {
            let detail = format!("{stated} mails declared in the manifest, {held} in the archive");
            sink.statement(StatementKind::CountShort, None, None, None, stated - held - self.absent, Position::byte(0), &detail);
        } else if self.named > 0 && held > self.named {
            sink.notice("telemessage_more", "The archive holds mails that its manifest does not name", held - self.named);
        }
    }
}

impl Reader for Manifest {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        let end = self.window.offset() + STEP;
        while self.window.offset() < end {
            let at = self.window.offset();
            if let Some(n) = memchr::memchr(b'\n', self.window.data()) {
                let line = self.window.data().get(..n).unwrap_or_default().to_vec();
                self.take(&line, at);
                self.window.consume(n + 1);
                continue;
            }
            match self.window.fill()? {
                Fill::More => {}
                Fill::Full => self.window.consume(LINE),
                Fill::End => {
                    let line = self.window.data().to_vec();
                    self.window.consume(line.len());
                    self.take(&line, at);
                    self.finish(sink);
                    return Ok(Step::End);
                }
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.window.offset()
    }
}
