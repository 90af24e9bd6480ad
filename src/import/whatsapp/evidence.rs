//! What a chat tells about itself beyond its messages: who owns the export, who is in it, and what is missing from it.

use super::chat::Chat;
use super::senders;
use crate::import::chat_key::chat_key;
use crate::import::sink::{Clock, Sink};
use crate::model::ledger::{Basis, Decided};
use crate::model::message::{ConversationKind, EventKind, Position};
use crate::model::statement::StatementKind;
use crate::text;

/// Holes that are kept one by one.
const MAX_HOLES: usize = 10_000;
/// Names of members that are kept.
const MAX_MEMBERS: usize = 2_000;

/// A number of records and the first of them.
#[derive(Default)]
pub struct Tally {
    count: u64,
    first: Option<(usize, Position)>,
}

impl Tally {
    /// One more, in this row.
    pub fn add(&mut self, row: usize, place: Position) {
        self.count += 1;
        self.first.get_or_insert((row, place));
    }
}

struct Hole {
    from: Option<usize>,
    to: usize,
    items: u64,
    place: Position,
}

struct Timer {
    on: usize,
    off: Option<usize>,
    seconds: u64,
    place: Position,
}

/// What was found while reading. Rows are those of the source.
#[derive(Default)]
pub struct Found {
    /// Heads so far: what WhatsApp counts as items.
    pub records: u64,
    /// Row and place of the current record.
    pub row: usize,
    /// See `row`.
    pub place: Position,
    /// Media named but not there.
    pub omitted: Tally,
    /// Deleted messages.
    pub deleted: Tally,
    /// Records whose content is not held.
    pub no_content: Tally,
    /// Attachment lines.
    pub attached: u64,
    /// Sender of `You deleted this message`.
    pub owner: Option<usize>,
    /// Where the file is cut.
    pub cut: Option<Position>,
    last_counter: Option<(u64, u64, usize)>,
    holes: Vec<Hole>,
    negative: bool,
    timers: Vec<Timer>,
    begins: Option<bool>,
    group: bool,
    subject: Option<String>,
    notice_name: Option<String>,
    members: Vec<String>,
}

impl Found {
    /// The item counter of an attachment (iPhone): every item of the chat takes a number, also those no longer in the text.
    pub fn counter(&mut self, counter: u64) {
        let (last, items, from) = self.last_counter.map_or((0, 0, None), |(c, i, row)| (c, i, Some(row)));
        let (steps, heads) = (counter.checked_sub(last), self.records - items);
        match steps.and_then(|s| s.checked_sub(heads)) {
            None => self.negative = true,
            Some(0) => {}
            Some(missing) if self.holes.len() < MAX_HOLES => self.holes.push(Hole { from, to: self.row, items: missing, place: self.place }),
            Some(_) => {}
        }
        self.last_counter = Some((counter, self.records, self.row));
    }

    /// A system line. Gives the names of members it tells.
    pub fn event(&mut self, kind: EventKind, seconds: u64, name: Option<&[u8]>, text: &[u8]) -> Vec<String> {
        let begins = matches!(kind, EventKind::Encrypted | EventKind::Created | EventKind::Joined);
        if self.records == 1 {
            self.begins = Some(begins);
        }
        match kind {
            EventKind::Created | EventKind::Joined | EventKind::Left | EventKind::Renamed => self.group = true,
            EventKind::Encrypted => self.notice_name = name.map(senders::clean),
            EventKind::TimerOn => {
                self.end_timer();
                self.timers.push(Timer { on: self.row, off: None, seconds, place: self.place });
            }
            EventKind::TimerOff => self.end_timer(),
            _ => {}
        }
        let text = String::from_utf8_lossy(text.get(..text.len().min(2_000)).unwrap_or_default());
        if matches!(kind, EventKind::Created | EventKind::Renamed)
            && let Some(title) = quoted(&text)
        {
            self.subject = Some(title);
        }
        if !matches!(kind, EventKind::Created | EventKind::Joined | EventKind::Left) {
            return Vec::new();
        }
        let names = members(&text);
        for name in &names {
            if self.members.len() < MAX_MEMBERS && !self.members.contains(name) {
                self.members.push(name.clone());
            }
        }
        names
    }

    fn end_timer(&mut self) {
        let row = self.row;
        if let Some(open) = self.timers.last_mut().filter(|t| t.off.is_none()) {
            open.off = Some(row);
        }
    }
}

impl Chat {
    /// All that can be said only at the end.
    pub(super) fn conclude(&mut self, sink: &mut Sink) {
        self.settle_dates(sink);
        let group = self.found.group || self.senders.list().len() > 2;
        self.settle_conversation(group, sink);
        self.settle_owner(group, sink);
        if self.found.records > 0 {
            self.missing(sink);
        }
    }

    fn settle_dates(&self, sink: &mut Sink) {
        if self.found.records == 0 {
            return;
        }
        let decision = self.order.decide(self.options.date_order);
        let (times, mut zone) = sink.times_mut();
        // A stated zone was applied while reading; day and month are those on the wall.
        if let Some(zone) = zone.as_deref_mut() {
            times.iter_mut().for_each(|t| *t = zone.local_of(*t));
        }
        self.order.settle(&decision, times);
        if let Some(zone) = zone {
            times.iter_mut().for_each(|t| *t = zone.utc_of(*t));
        }
        if decision.mixed {
            sink.notice("mixed_date_order", "Day and month change places within this file; each part was read by its own dates", 1);
        }
        if decision.conflicts > 0 {
            sink.notice(
                "date_order_conflict",
                "Names of attachments carry another date than their line in this order of day and month",
                u64::from(decision.conflicts),
            );
        }
        let source = sink.source();
        if let (Some(shape), None) = (self.shape, self.second_shape) {
            source.date_shape = format!("{:x}", shape.bits());
        }
        source.date_order = decision.said;
        if source.question.is_none() {
            source.question = decision.question;
        }
    }

    fn settle_conversation(&self, group: bool, sink: &mut Sink) {
        let names: Vec<&str> = self.senders.list().iter().map(|s| s.name.as_str()).collect();
        let named = if group { self.found.subject.as_ref() } else { None };
        let notice = self.found.notice_name.as_ref().filter(|n| group || names.len() < 2 || names.contains(&n.as_str()));
        let mut title = self.title.as_ref().or(named).or(notice).cloned().unwrap_or_default();
        let mut parties: Vec<String> = names.iter().map(|n| text::folded(n)).collect();
        if !group && parties.len() < 2 && !title.is_empty() {
            parties.push(text::folded(&title));
        }
        parties.sort_unstable();
        parties.dedup();
        let key = chat_key(group, &title, &parties);
        if title.is_empty() {
            title = names.join(", ");
        }
        let mut members: Vec<u32> = self.senders.list().iter().map(|s| s.handle.0).collect();
        members.extend(self.found.members.iter().map(|name| senders::handle(name, self.channel, sink).0));
        if !group && names.len() < 2 && self.title.is_some() {
            members.push(senders::handle(&title, self.channel, sink).0);
        }
        members.sort_unstable();
        members.dedup();
        let Some(facts) = self.conversation.and_then(|c| sink.conversation_facts(c)) else { return };
        facts.key = text::bounded(&key, 1000).to_owned();
        facts.title = text::clean_name(&title);
        facts.kind = if group { ConversationKind::Group } else { ConversationKind::Direct };
        facts.members = members;
    }

    fn settle_owner(&self, group: bool, sink: &mut Sink) {
        let list = self.senders.list();
        let by = |name: &str| {
            let (folded, phone) = (text::folded(name), text::phone(name));
            list.iter().find(|s| text::folded(&s.name) == folded || (phone.is_some() && text::phone(&s.name) == phone))
        };
        let stated = self.options.owner.as_deref();
        let (owner, value, basis, why) = if let Some(stated) = stated {
            (by(stated), stated.to_owned(), Basis::Stated, "stated")
        } else if let Some(sender) = self.found.owner.and_then(|ix| list.get(ix)) {
            (Some(sender), sender.name.clone(), Basis::Proven, "the line \"You deleted this message\" stands under this name")
        } else if let Some(sender) = self.other_party(group) {
            (Some(sender), sender.name.clone(), Basis::Assumed, "the party that the chat is not named after")
        } else {
            if self.found.records > 0 {
                sink.notice("owner_unknown", "The file does not say whose phone it comes from", 1);
            }
            return;
        };
        let handle = owner.map(|s| s.handle.0);
        let source = sink.source();
        source.owner = Some(Decided { value, basis, why: why.to_owned() });
        source.owner_handle = handle;
    }

    /// In a chat of two the one that the chat is not named after: by the file name, or the name before an iPhone's notice of encryption.
    fn other_party(&self, group: bool) -> Option<&senders::Sender> {
        let title = text::folded(self.title.as_ref().or(self.found.notice_name.as_ref())?);
        let list = self.senders.list();
        let mut others = list.iter().filter(|s| text::folded(&s.name) != title);
        let first = others.next()?;
        (!group && others.next().is_none() && (list.len() == 2 || first.messages > 0)).then_some(first)
    }

    fn missing(&mut self, sink: &mut Sink) {
        let time = |sink: &mut Sink, row: usize| sink.times_mut().0.get(row).copied().map(Clock::Utc);
        let found = &self.found;
        let conversation = self.conversation;
        for (tally, kind) in
            [(&found.deleted, StatementKind::Tombstone), (&found.omitted, StatementKind::MediaAbsent), (&found.no_content, StatementKind::ContentAbsent)]
        {
            if let Some((row, place)) = tally.first {
                let from = time(sink, row);
                sink.statement(kind, conversation, from, None, tally.count, place, "");
            }
        }
        for timer in &found.timers {
            let (on, off) = (time(sink, timer.on), timer.off.and_then(|row| time(sink, row)));
            sink.statement(StatementKind::Timer, conversation, on, off, timer.seconds, timer.place, "");
        }
        if found.negative {
            sink.notice("counters_withdrawn", "The numbers in the names of attachments do not count the items of this chat; nothing is concluded from them", 1);
        } else {
            for hole in &found.holes {
                let (from, to) = (hole.from.and_then(|row| time(sink, row)), time(sink, hole.to));
                let detail = if hole.from.is_some() { "between two numbered attachments" } else { "before the first numbered attachment" };
                sink.statement(StatementKind::CounterHole, conversation, from, to, hole.items, hole.place, detail);
            }
        }
        if let Some(place) = found.cut {
            let last = sink.source_rows().checked_sub(1).and_then(|row| time(sink, row));
            sink.statement(StatementKind::CutOff, conversation, last, None, 1, place, "");
        }
        self.beginning(sink);
        let unnamed = self.media.as_ref().map_or(0, |m| m.values().filter(|named| !**named).count());
        if unnamed > 0 {
            sink.notice("media_unreferenced", "Files lie beside the chat that no message names: their messages were cut off or deleted", unnamed as u64);
        }
    }

    fn beginning(&self, sink: &mut Sink) {
        let found = &self.found;
        if found.begins == Some(true) {
            return;
        }
        let first = sink.times_mut().0.iter().min().copied().map(Clock::Utc);
        let place = Position::line(0, 1);
        sink.statement(StatementKind::NoBeginning, self.conversation, None, first, 0, place, "the first record is no notice of encryption or creation");
        // The cap keeps the newest: 40,000 without media, 10,000 with (help page, quoted second-hand).
        let capped = if found.attached == 0 { (39_000..=40_100).contains(&found.records) } else { (9_000..=10_050).contains(&found.records) };
        if capped {
            let detail = "just under the limit of the app, which drops older messages without a word";
            sink.statement(StatementKind::ExportCap, self.conversation, None, first, found.records, place, detail);
        }
    }
}

/// The last text in quotation marks.
fn quoted(text: &str) -> Option<String> {
    let end = text.rfind(['"', '”', '»'])?;
    let head = text.get(..end)?;
    let start = head.rfind(['"', '“', '«', '„'])?;
    let open = head.get(start..)?.chars().next()?.len_utf8();
    let inner = text::clean_name(head.get(start + open..)?);
    (!inner.is_empty()).then_some(inner)
}

/// Names in a line about members: `Ana added Ben and +44 7700 900142`, `Ana left`, `Ana hat Ben hinzugefügt`.
fn members(text: &str) -> Vec<String> {
    let line = text.trim_matches(|c: char| c.is_whitespace() || text::is_format(c)).trim_end_matches('.');
    const VERBS: &[(&str, &str)] = &[
        (" created ", "\0"),
        (" joined using ", "\0"),
        (" was added", "\0"),
        (" was removed", "\0"),
        (" left", "\0"),
        (" added ", ""),
        (" removed ", ""),
        (" hat die Gruppe ", "\0"),
        (" hat ", " hinzugefügt"),
        (" hat ", " entfernt"),
    ];
    let Some((first, rest, end)) = VERBS.iter().find_map(|(verb, end)| {
        let (first, rest) = line.split_once(verb)?;
        (*end == "\0" || rest.ends_with(end)).then_some((first, rest, *end))
    }) else {
        return Vec::new();
    };
    let objects = if end == "\0" { "" } else { rest.strip_suffix(end).unwrap_or(rest) };
    let objects = objects.split(", ").flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" und "));
    std::iter::once(first)
        .chain(objects)
        .map(|name| senders::clean(name.as_bytes()))
        .filter(|name| !name.is_empty() && name.len() <= 100 && !matches!(name.as_str(), "You" | "you" | "Du" | "dich" | "someone"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_in_lines_about_them() {
        assert_eq!(members("\u{200e}Ana added Ben and +44 7700 900142"), ["Ana", "Ben", "+44 7700 900142"]);
        assert_eq!(members("You added Ben"), ["Ben"]);
        assert_eq!(members("Ana left"), ["Ana"]);
        assert_eq!(members("Ana hat Ben hinzugefügt"), ["Ana", "Ben"]);
        assert_eq!(quoted("Ana changed the subject from \"A\" to \"Plan: B\""), Some("Plan: B".to_owned()));
    }

    #[test]
    fn counters_that_skip_are_holes_and_counters_that_go_back_prove_nothing() {
        let mut f = Found { records: 2, ..Found::default() };
        f.counter(42);
        assert_eq!((f.holes[0].items, f.holes[0].from), (40, None));
        f.records = 5;
        f.counter(45);
        assert_eq!(f.holes.len(), 1);
        f.records = 9;
        f.counter(46);
        assert!(f.negative);
    }
}
