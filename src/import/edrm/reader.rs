//! Passes over the file twice: for relationships and dates, then for documents.

use std::collections::BTreeSet;

use super::document::Document;
use crate::import::bytes::{RangeStream, Shared, Window};
use crate::import::dat::production::Members;
use crate::import::delimited::boxes::Boxes;
use crate::import::delimited::clock::{Survey, Times};
use crate::import::delimited::csv::say_order;
use crate::import::delimited::people::People;
use crate::import::markup::{Markup, Token};
use crate::import::sink::{Clock, Map, Sink};
use crate::import::tally::Tally;
use crate::import::{FileInput, ImportError, Options, Reader, Refusal, Step};
use crate::model::ledger::{Basis, Decided, Question, SkipReason};
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Bytes of one step.
const STEP: u64 = 1 << 20;
/// Relationships and ids remembered, at most.
const REMEMBERED: usize = 1 << 22;
/// Longest text within the file that is looked at.
const TEXT: usize = 1 << 20;

/// What the first pass finds.
#[derive(Default)]
struct Related {
    /// Documents that are attachments.
    children: Map<Box<str>, ()>,
    /// Attachments of each document.
    parents: Map<Box<str>, u64>,
    any: bool,
}

/// Reads one file.
pub struct EdrmReader {
    first: Option<Markup>,
    second: Markup,
    survey: Survey,
    related: Related,
    ids: Map<Box<str>, ()>,
    times: Option<Times>,
    people: People,
    beside: Option<(Members, Vec<String>)>,
    document: Option<(Document, Position)>,
    /// What text belongs to: a tag without a value, a custodian, text of the document.
    within: Option<Within>,
    tag: String,
    native: bool,
    text: Vec<u8>,
    lost: Tally,
    short: Tally,
    textless: u64,
    custodians: BTreeSet<String>,
    boxes: Boxes,
    last: Option<Clock>,
    size: u64,
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Tag,
    Custodian,
    Inline,
}

impl EdrmReader {
    /// Opens a file.
    pub fn open(input: FileInput, options: &Options) -> Result<Self, Refusal> {
        let Some(bytes) = input.bytes else {
            return Err(Refusal { what: "This file could not be read twice. Add it by itself.".to_owned(), place: String::new() });
        };
        let whole = |bytes: &Shared| Markup::new(Window::new(Box::new(RangeStream::whole(bytes.clone()))));
        let beside = (input.beside.len() > 1).then(|| (Members::of(&input.beside), input.beside.iter().map(|e| e.name.clone()).collect()));
        Ok(Self {
            first: Some(whole(&bytes)),
            second: Markup::new(Window::new(input.stream)),
            survey: Survey::default(),
            related: Related::default(),
            ids: Map::default(),
            times: None,
            people: People::default(),
            beside,
            document: None,
            within: None,
            tag: String::new(),
            native: false,
            text: Vec::new(),
            lost: Tally::default(),
            short: Tally::default(),
            textless: 0,
            custodians: BTreeSet::new(),
            boxes: Boxes::default(),
            last: None,
            size: input.len,
            options: options.clone(),
        })
    }

    /// Relationships, ids and dates; `true` at the end.
    fn look(&mut self, sink: &mut Sink) -> Result<bool, ImportError> {
        let Some(markup) = &mut self.first else { return Ok(true) };
        let end = markup.offset() + STEP;
        while markup.offset() < end {
            match markup.next()? {
                Token::Start(_) => match markup.name.as_str() {
                    "relationship" if markup.attribute("type").eq_ignore_ascii_case("attachment") && self.related.children.len() < REMEMBERED => {
                        self.related.any = true;
                        self.related.children.insert(markup.attribute("childdocid").into(), ());
                        *self.related.parents.entry(markup.attribute("parentdocid").into()).or_default() += 1;
                    }
                    "document" if self.ids.len() < REMEMBERED => {
                        self.ids.insert(markup.attribute("docid").into(), ());
                    }
                    "tag" if self.survey.good + self.survey.bad < 200_000 => {
                        let name = markup.attribute("tagname").trim_start_matches('#');
                        if name.eq_ignore_ascii_case("DateSent") || name.eq_ignore_ascii_case("DateReceived") {
                            self.survey.see(markup.attribute("tagvalue").as_bytes(), b"", 0);
                        }
                    }
                    _ => {}
                },
                Token::Eof => {
                    self.first = None;
                    say_order(sink, &self.survey, self.options.date_order);
                    let times = self.survey.times(self.options.date_order);
                    if !times.utc && !sink.zone_stated() && sink.source().question.is_none() {
                        sink.source().question = Some(Question::Zone);
                    }
                    self.times = Some(times);
                    return Ok(false);
                }
                _ => {}
            }
        }
        Ok(false)
    }

    /// One token of the second pass; `false` at the end.
    fn token(&mut self, sink: &mut Sink) -> Result<bool, ImportError> {
        match self.second.next()? {
            Token::Start(closed) => self.start(closed, sink),
            Token::Text => {
                if self.within.is_some() && self.text.len() < TEXT {
                    self.text.extend_from_slice(&self.second.text);
                }
            }
            Token::End => self.end(sink),
            Token::Eof => {
                if let Some((_, at)) = self.document.take() {
                    sink.record();
                    sink.skip(SkipReason::CutOff, at);
                }
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn start(&mut self, closed: bool, sink: &mut Sink) {
        let (markup, at) = (&self.second, Position::byte(self.second.at));
        if markup.name == "document" {
            if let Some((_, before)) = self.document.take() {
                sink.record();
                sink.skip(SkipReason::Malformed, before);
            }
            let id = markup.attribute("docid").to_owned();
            let attachments = self.related.parents.get(id.as_str()).copied().unwrap_or(0);
            self.document = Some((Document { id, kind: markup.attribute("doctype").to_lowercase(), attachments, ..Document::default() }, at));
            if closed {
                self.close(sink);
            }
            return;
        }
        let Some((document, _)) = &mut self.document else { return };
        let within = match markup.name.as_str() {
            "tag" => {
                let (name, value) = (markup.attribute("tagname"), markup.attribute("tagvalue"));
                name.clone_into(&mut self.tag);
                if !value.is_empty() {
                    document.tag(name, value);
                    return;
                }
                Within::Tag
            }
            "tagvalue" => Within::Tag,
            "custodian" => Within::Custodian,
            "inlinecontent" if !self.native => Within::Inline,
            "file" => {
                self.native = !markup.attribute("filetype").eq_ignore_ascii_case("text");
                return;
            }
            "externalfile" => {
                let (path, name) = (markup.attribute("filepath"), markup.attribute("filename"));
                let full = if path.is_empty() || path.ends_with(name) {
                    if path.is_empty() { name.to_owned() } else { path.to_owned() }
                } else {
                    format!("{path}/{name}")
                };
                if !full.is_empty() && document.files.len() < 100 {
                    document.files.push((self.native, full));
                }
                return;
            }
            _ => return,
        };
        if !closed {
            self.within = Some(within);
            self.text.clear();
        }
    }

    fn end(&mut self, sink: &mut Sink) {
        if self.second.name == "document" {
            return self.close(sink);
        }
        let Some(within) = self.within.take() else { return };
        let Some((document, _)) = &mut self.document else { return };
        let text = String::from_utf8_lossy(&self.text);
        match within {
            Within::Tag => document.tag(&self.tag, &text),
            Within::Custodian => {
                let name = crate::text::clean_name(text.trim());
                if !name.is_empty() {
                    document.custodians.push(name);
                }
            }
            Within::Inline => document.inline(&self.text, sink.looks(None)),
        }
        self.text.clear();
    }

    /// A document is complete.
    fn close(&mut self, sink: &mut Sink) {
        let Some((document, at)) = self.document.take() else { return };
        self.within = None;
        sink.record();
        if document.custodians.is_empty() || self.custodians.len() < 1000 {
            self.custodians.extend(document.custodians.iter().cloned());
        }
        let found = |(_, path): &&(bool, String)| self.beside.as_ref().is_some_and(|(members, _)| members.find(path.as_bytes()).is_some());
        // Where not one file of a document lies beside the XML and there is nothing beside it, the files were not given.
        let lost = if self.beside.is_some() { document.files.iter().filter(|f| !found(f)).count() as u64 } else { 0 };
        if self.related.children.contains_key(document.id.as_str()) || !document.is_message() {
            self.lost.add(lost, at, None);
            let kind = document.kind.as_str();
            let known = matches!(kind, "file" | "message" | "email" | "mail" | "");
            return sink.skip(if known { SkipReason::NotMessages } else { SkipReason::UnknownType }, at);
        }
        let native = |(members, names): &(Members, Vec<String>)| {
            let held = document.files.iter().filter(|f| f.0).filter_map(|f| members.find(f.1.as_bytes())).filter_map(|ix| names.get(ix));
            held.map(|n| n.to_ascii_lowercase()).any(|n| [".eml", ".msg", ".mbox"].iter().any(|e| n.ends_with(e)))
        };
        if document.message_id().is_empty() && self.beside.as_ref().is_some_and(native) {
            let what = "Documents without a Message-ID whose native mail lies beside the XML: the mail is counted, not the document";
            sink.notice("edrm_native_counted", what, 1);
            return sink.skip(SkipReason::Repeated, at);
        }
        self.lost.add(lost, at, None);
        let Some(times) = &mut self.times else { return sink.skip(SkipReason::NoTime, at) };
        let row = sink.rows();
        let Some(time) = document.make(times, &mut self.people, lost > 0, at, sink) else { return };
        self.boxes.hold(row, [document.custodians.join(";").as_bytes(), b""]);
        self.last = Some(time);
        self.textless += u64::from(document.text.is_none());
        if self.related.any {
            self.short.add(document.stated().saturating_sub(document.attachments), at, None);
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        if self.second.depth > 0 {
            sink.statement(StatementKind::CutOff, None, self.last, None, 0, Position::byte(self.second.offset()), "the XML ends before its elements do");
        }
        self.lost.tell(StatementKind::FileLost, None, "files that documents name", sink);
        self.short.tell(StatementKind::CountShort, None, "attachments stated by mails, without a related document", sink);
        let absent = self.related.children.keys().filter(|id| !self.ids.contains_key(*id)).count() as u64;
        if absent > 0 {
            sink.statement(StatementKind::AbsentTarget, None, None, None, absent, Position::byte(0), "attachments in relationships, without a document");
        }
        let parents = self.related.parents.keys().filter(|id| !self.ids.contains_key(*id)).count() as u64;
        if parents > 0 {
            sink.statement(StatementKind::AbsentTarget, None, None, None, parents, Position::byte(0), "parents in relationships, without a document");
        }
        if self.textless > 0 {
            sink.notice("edrm_without_text", "Messages whose text is in other files: only subjects were looked at", self.textless);
        }
        if let (Some(only), 1, None) = (self.custodians.first(), self.custodians.len(), &self.options.owner) {
            let (value, why) = (only.clone(), "custodian of every document".to_owned());
            let handle = self.people.known(sink, only);
            if let Some(handle) = handle {
                sink.mark_owner(handle);
            }
            let source = sink.source();
            source.owner = Some(Decided { value, basis: Basis::Proven, why });
            source.owner_handle = handle.map(|h| h.0);
        }
        let channel = sink.channel("email");
        self.boxes.tell(&mut self.people, channel, sink);
    }
}

impl Reader for EdrmReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if self.first.is_some() {
            self.look(sink)?;
            return Ok(Step::More);
        }
        let end = self.second.offset() + STEP;
        while self.second.offset() < end {
            if !self.token(sink)? {
                self.finish(sink);
                return Ok(Step::End);
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        let first = self.first.as_ref().map_or(self.size, Markup::offset);
        (first + self.second.offset()) / 2
    }
}
