//! Goes through the mail, then twice through the manifest: for its lists, then for its events.

use std::collections::BTreeSet;
use std::io;
use std::rc::Rc;

use super::event::Event;
use super::evidence::Evidence;
use super::manifest::Lists;
use super::wrapper::{Declared, Search};
use super::{MANIFEST, inner, name, whole};
use crate::import::archive::{Archive, Entry};
use crate::import::bytes::{Fill, Shared, Stream, Window};
use crate::import::json::{self, Items, Members, Skipper, Stop};
use crate::import::sink::Sink;
use crate::import::{ImportError, Options, Reader, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Records and bytes of one step.
const STEP_RECORDS: u32 = 5_000;
const STEP_BYTES: u64 = 1 << 20;

/// The member that is the manifest, if an archive is one RSMF: at its root or in its one folder, and no other export beside it.
pub fn place(members: &[Entry]) -> Option<usize> {
    let mut found = members.iter().enumerate().filter(|(_, e)| !e.is_noise() && e.file_name().eq_ignore_ascii_case(MANIFEST));
    let (Some((ix, manifest)), None) = (found.next(), found.next()) else { return None };
    let (top, _) = manifest.name.split_at_checked(manifest.name.len() - MANIFEST.len())?;
    let one_folder = top.matches('/').count() <= 1;
    let alone = members.iter().filter(|e| !e.is_noise()).all(|e| e.name.starts_with(top) && !e.name.to_ascii_lowercase().ends_with(".rsmf"));
    (one_folder && alone && manifest.locked.is_none()).then_some(ix)
}

type Open = Box<dyn Fn() -> io::Result<Box<dyn Stream>>>;

/// Where in the manifest reading is.
enum State {
    /// In the mail, on the way to the zip.
    Mail(Search),
    /// In the outer object, for its lists. `true`: it was entered.
    Lists(Window, bool),
    /// In a list.
    List(Window, List, Items),
    /// In the events, passing over them in the first pass.
    Over(Window, Skipper),
    /// In the outer object again, for the events.
    Again(Window, bool),
    /// In the events.
    Events(Window, Items),
    End,
}

#[derive(Clone, Copy)]
enum List {
    Participants,
    Conversations,
}

/// Reads one manifest.
pub struct RsmfReader {
    mail: Option<Shared>,
    open: Option<Open>,
    /// Members beside the manifest; `None`: the manifest came alone.
    pub(super) files: Option<BTreeSet<String>>,
    entry: String,
    state: State,
    pub(super) lists: Lists,
    pub(super) evidence: Evidence,
    pub(super) declared: Declared,
    pub(super) stated_owner: Option<String>,
    pub(super) utc: Option<bool>,
    pub(super) mixed: u64,
    pub(super) custodians: BTreeSet<u32>,
    scratch: Vec<u8>,
    done: u64,
}

impl RsmfReader {
    fn new(options: &Options) -> Self {
        Self {
            mail: None,
            open: None,
            files: None,
            entry: String::new(),
            state: State::End,
            lists: Lists::default(),
            evidence: Evidence::default(),
            declared: Declared::default(),
            stated_owner: options.owner.clone(),
            utc: None,
            mixed: 0,
            custodians: BTreeSet::new(),
            scratch: Vec::new(),
            done: 0,
        }
    }

    /// A mail with the zip in it.
    pub fn mail(bytes: Shared, options: &Options) -> Self {
        Self { mail: Some(bytes), state: State::Mail(Search::default()), ..Self::new(options) }
    }

    /// The zip, or its folder.
    pub fn archive(archive: Rc<dyn Archive>, ix: usize, options: &Options) -> Self {
        let mut reader = Self::new(options);
        reader.entry = archive.entries().get(ix).map(|e| e.name.clone()).unwrap_or_default();
        reader.members(archive, ix);
        reader
    }

    /// The manifest by itself; `beside`: what lies in its folder.
    pub fn manifest(bytes: Shared, beside: Rc<[Entry]>, options: &Options) -> Self {
        let mut reader = Self::new(options);
        let files: BTreeSet<String> = beside.iter().filter(|e| e.file_name() != MANIFEST).map(|e| e.name.clone()).collect();
        reader.files = (!files.is_empty()).then_some(files);
        reader.open = Some(Box::new(move || Ok(whole(&bytes))));
        reader.state = State::Lists(reader.window().unwrap_or_else(|_| empty()), false);
        reader
    }

    fn members(&mut self, archive: Rc<dyn Archive>, ix: usize) {
        let top = archive.entries().get(ix).map_or(0, |e| e.name.len() - e.file_name().len());
        let names = archive.entries().iter().enumerate().filter(|(n, e)| *n != ix && !e.is_noise()).filter_map(|(_, e)| e.name.get(top..));
        self.files = Some(names.map(str::to_owned).collect());
        self.open = Some(Box::new(move || archive.open(ix)));
        self.state = State::Lists(self.window().unwrap_or_else(|_| empty()), false);
    }

    fn window(&self) -> io::Result<Window> {
        let open = self.open.as_ref().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let mut window = Window::new(open()?);
        json::skip_mark(&mut window).map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        Ok(window)
    }

    /// One piece of work; records handled.
    fn work(&mut self, sink: &mut Sink) -> Result<u32, Stop> {
        let first = matches!(self.state, State::Lists(..) | State::List(..) | State::Over(..));
        match self.go_on(sink) {
            // The second pass reads what stands before the damage, and says where it is.
            Err(Stop::CutOff | Stop::Bad(_)) if first => {
                self.state = State::End;
                self.end_of_pass(sink)?;
                Ok(0)
            }
            done => done,
        }
    }

    fn go_on(&mut self, sink: &mut Sink) -> Result<u32, Stop> {
        match std::mem::replace(&mut self.state, State::End) {
            State::Mail(search) => return self.search(search, sink),
            State::Lists(window, entered) => self.outer(window, entered, false)?,
            State::Again(window, entered) => self.outer(window, entered, true)?,
            State::List(window, list, items) => return self.list(window, list, items, sink),
            State::Over(window, skipper) => self.over(window, skipper)?,
            State::Events(window, items) => return self.event(window, items, sink),
            State::End => {}
        }
        self.end_of_pass(sink)?;
        Ok(0)
    }

    fn search(&mut self, mut search: Search, sink: &mut Sink) -> Result<u32, Stop> {
        let Some(mail) = self.mail.clone() else { return Ok(0) };
        let end = search.step(&mail)?;
        self.done = search.done() / 2;
        if !end {
            self.state = State::Mail(search);
            return Ok(0);
        }
        let found = search.found.ok_or_else(|| {
            let declared = search.declared.events.map(|n| format!(" It declares {n} events.")).unwrap_or_default();
            io::Error::other(format!("This RSMF mail has no rsmf.zip attached: its events are not in it.{declared} Have it written again with the zip."))
        })?;
        let (archive, ix) = inner(&mail, &found).map_err(io::Error::other)?;
        if search.others > 0 {
            let what = "Besides rsmf.zip the mail has other attachments, which the format does not allow; they were not read";
            sink.notice("rsmf_other_attachments", what, search.others);
        }
        self.lists.collection.clone_from(&search.declared.collection);
        self.lists.custodian.clone_from(&search.declared.custodian);
        self.declared = search.declared;
        self.members(archive, ix);
        Ok(0)
    }

    /// The next key of the outer object.
    fn outer(&mut self, mut window: Window, entered: bool, again: bool) -> Result<(), Stop> {
        let mut members = if entered { Members::resumed() } else { json::read(&mut window, |s| s.object())? };
        let known = |raw: &[u8]| [&b"participants"[..], b"conversations", b"events", b"eventcollectionid"].into_iter().find(|k| *k == raw);
        let key = json::read(&mut window, |s| {
            let mut walk = members;
            let key = walk.key(s)?.map(|k| known(k.raw).unwrap_or(b""));
            // The first byte of the value must be here, so that what it is can be seen.
            if key.is_some() {
                s.peek()?;
            }
            members = walk;
            Ok(key)
        })?;
        let list = window.data().trim_ascii_start().first() == Some(&b'[');
        self.state = match (key, again, list) {
            (None, ..) => State::End,
            (Some(b"participants"), false, true) => State::List(window, List::Participants, Items::default()),
            (Some(b"conversations"), false, true) => State::List(window, List::Conversations, Items::default()),
            (Some(b"events"), true, true) => State::Events(window, Items::default()),
            (Some(b"eventcollectionid"), false, false) => {
                let id = json::read(&mut window, |s| s.value().map(name))?;
                if !id.is_empty() {
                    self.lists.collection = id;
                }
                State::Lists(window, true)
            }
            (Some(_), false, true) => State::Over(window, Skipper::default()),
            (Some(_), ..) => {
                json::pass_over(&mut window)?;
                if again { State::Again(window, true) } else { State::Lists(window, true) }
            }
        };
        Ok(())
    }

    /// Passes over what stands in the window, within a step.
    fn over(&mut self, mut window: Window, mut skipper: Skipper) -> Result<(), Stop> {
        // Blanks before the bracket belong to no value.
        match skipper.feed(window.data()) {
            Ok(Some(n)) => {
                window.consume(n);
                self.state = State::Lists(window, true);
                return Ok(());
            }
            Ok(None) => window.consume(window.data().len()),
            Err(n) => return Err(Stop::Bad(window.offset() + n as u64)),
        }
        if window.fill()? == Fill::End {
            return Err(Stop::CutOff);
        }
        self.state = State::Over(window, skipper);
        Ok(())
    }

    fn list(&mut self, mut window: Window, list: List, items: Items, sink: &mut Sink) -> Result<u32, Stop> {
        let mut items = self.enter(&mut window, items)?;
        let more = next(&mut window, &mut items)?;
        if !more {
            self.state = State::Lists(window, true);
            return Ok(0);
        }
        let lists = &mut self.lists;
        json::read(&mut window, |s| {
            let value = s.value()?;
            match list {
                List::Participants => lists.participant(value, sink),
                List::Conversations => lists.conversation(value),
            }
            Ok(())
        })?;
        self.state = State::List(window, list, Items::resumed());
        Ok(1)
    }

    /// Enters the array when its reading begins.
    fn enter(&self, window: &mut Window, items: Items) -> Result<Items, Stop> {
        // A walk that has begun stands behind an item or at its end, never before a bracket that opens a list of lists.
        if items.begun() { Ok(items) } else { json::read(window, |s| s.array()) }
    }

    fn event(&mut self, mut window: Window, items: Items, sink: &mut Sink) -> Result<u32, Stop> {
        let mut items = self.enter(&mut window, items)?;
        if !next(&mut window, &mut items)? {
            self.finish(sink);
            return Ok(0);
        }
        json::read(&mut window, |s| s.peek().map(drop))?;
        let at = Position::byte(window.offset());
        let scratch = &mut self.scratch;
        let read = json::read(&mut window, |s| Event::read(s, scratch, sink.looks(None)));
        sink.record();
        self.evidence.events += 1;
        let reason = match read {
            Ok(event) => {
                self.take(&event, at, sink);
                self.state = State::Events(window, Items::resumed());
                return Ok(1);
            }
            Err(Stop::TooLarge) => SkipReason::TooLarge,
            Err(Stop::Bad(_)) => SkipReason::Malformed,
            Err(Stop::CutOff) => SkipReason::CutOff,
            Err(Stop::Io(error)) => {
                sink.skip(SkipReason::CutOff, at);
                return Err(Stop::Io(error));
            }
        };
        sink.skip(reason, at);
        if reason == SkipReason::CutOff {
            return Err(Stop::CutOff);
        }
        json::pass_over(&mut window)?;
        self.state = State::Events(window, Items::resumed());
        Ok(1)
    }

    /// A pass has ended at the end of the outer object.
    fn end_of_pass(&mut self, sink: &mut Sink) -> Result<(), Stop> {
        if !matches!(self.state, State::End) || self.open.is_none() {
            return Ok(());
        }
        if self.lists.settled() {
            // No `events` at all.
            self.finish(sink);
            return Ok(());
        }
        if let Some(owner) = self.stated_owner.clone() {
            self.lists.custodian = owner;
        }
        self.lists.settle(sink);
        self.state = State::Again(self.window()?, false);
        Ok(())
    }

    /// Everything is read.
    fn finish(&mut self, sink: &mut Sink) {
        self.open = None;
        self.state = State::End;
        self.close(sink);
    }

    /// Reading cannot go on.
    fn stop(&mut self, stop: Stop, sink: &mut Sink) -> ImportError {
        let span = self.evidence.events;
        let in_events = self.lists.settled();
        self.finish(sink);
        match stop {
            Stop::CutOff => {
                if in_events {
                    sink.statement(StatementKind::CutOff, None, None, None, 0, Position::byte(self.done), "the manifest ends in the middle");
                }
                let what = format!("The manifest ends in the middle, after {span} events. Copy or download the file again.");
                ImportError { what, place: String::new() }
            }
            Stop::Bad(at) => ImportError {
                what: "The manifest is no valid JSON from here on; what stands before it was read. Have it written again, or mend it at this place.".to_owned(),
                place: format!("byte {at}"),
            },
            Stop::TooLarge => ImportError { what: "A participant or conversation in the manifest is larger than 16 MiB.".to_owned(), place: String::new() },
            Stop::Io(error) => ImportError { what: error.to_string(), place: String::new() },
        }
    }
}

fn next(window: &mut Window, items: &mut Items) -> Result<bool, Stop> {
    json::read(window, |s| {
        let mut walk = *items;
        let more = walk.more(s)?;
        *items = walk;
        Ok(more)
    })
}

fn empty() -> Window {
    Window::with_limits(whole(&(Rc::new(Vec::new()) as Shared)), 1, 1)
}

impl Reader for RsmfReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        if !self.entry.is_empty() {
            sink.part(&std::mem::take(&mut self.entry));
        }
        let (mut records, begin) = (0, self.position());
        loop {
            match self.work(sink) {
                Ok(n) => records += n,
                Err(stop) => return Err(self.stop(stop, sink)),
            }
            if matches!(self.state, State::End) {
                return Ok(Step::End);
            }
            if matches!(self.state, State::Mail(_) | State::Over(..)) || records >= STEP_RECORDS || self.position() >= begin + STEP_BYTES {
                self.done = self.done.max(self.position() / 2);
                return Ok(Step::More);
            }
        }
    }

    fn done(&self) -> u64 {
        self.done
    }
}

impl RsmfReader {
    /// Bytes of the manifest passed in this pass.
    fn position(&self) -> u64 {
        match &self.state {
            State::Lists(w, _) | State::List(w, ..) | State::Over(w, _) | State::Again(w, _) | State::Events(w, _) => w.offset(),
            State::Mail(_) | State::End => 0,
        }
    }
}
