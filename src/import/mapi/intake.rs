//! Items on their way into the sink.

use std::collections::BTreeMap;

use super::Item;
use super::class::{self, Kind};
use super::letter;
use super::props::{
    ADDRESS, BODY, DELIVERED, FLAGS, FOR_ADDRESS, FOR_SMTP, FOR_TYPE, HEADERS, INDEX, SENDER_ADDRESS, SENDER_SMTP, SENDER_TYPE, SENSITIVITY, SMTP, SUBMITTED,
    TYPE,
};
use crate::import::email::body::Text;
use crate::import::email::{Content, Delivery, Envelope, Field, Headers};
use crate::import::sink::{Clock, Sink};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;
use crate::text;
use crate::time::{DAY, LATEST, plausible};

/// `FLAGS`: still being written.
const UNSENT: i64 = 8;
/// Bytes of `INDEX` that all messages of a conversation share.
const INDEX_HEAD: usize = 22;

/// Takes items one after the other. Reused.
pub struct Intake {
    latest: i64,
    headers: Headers,
    envelope: Envelope,
    text: Text,
    delivery: Delivery,
    /// SMTP addresses of entries of the directory, where an item states both.
    directory: BTreeMap<String, String>,
}

/// Most entries of the directory that are kept.
const DIRECTORY_LIMIT: usize = 100_000;

impl Intake {
    /// `modified`: time of the file's last change; no message can be later.
    #[must_use]
    pub fn new(modified: Option<i64>) -> Self {
        Self {
            latest: modified.map_or(LATEST, |m| m.saturating_add(DAY)),
            headers: Headers::default(),
            envelope: Envelope::default(),
            text: Text::default(),
            delivery: Delivery::default(),
            directory: BTreeMap::new(),
        }
    }

    /// One item, already counted as a record: it becomes a message, an event or a skip.
    pub fn item(&mut self, outer: &Item, position: Position, sink: &mut Sink) {
        let item = outer.inner.as_deref().unwrap_or(outer);
        let props = &item.props;
        let (automatic, encrypted, carried) = match class::of(item) {
            Kind::Other => return sink.skip(SkipReason::OtherItem, position),
            Kind::Mail { automatic, encrypted } => (automatic, encrypted, None),
            Kind::Carried(carried) => (false, false, Some(carried)),
        };
        let submitted = props.time(SUBMITTED);
        if props.number(FLAGS).unwrap_or(0) & UNSENT != 0 && submitted.is_none() && !props.has(HEADERS) {
            return sink.skip(SkipReason::Draft, position);
        }
        self.learn(item);
        let block = letter::headers(item, &self.directory, &mut self.headers);
        let own_date = self.headers.has(Field::Date);
        self.headers.scan(&block, true);
        match carried {
            Some(carried) => self.envelope.read_as(&self.headers, &block, self.latest, Some(carried), sink),
            None => self.envelope.read(&self.headers, &block, self.latest, sink),
        }
        if outer.inner.is_some() {
            self.envelope.add_journal(outer.props.text(BODY).as_bytes(), sink);
        } else if outer.is_journal() {
            sink.notice("journal_unread", "Journal reports without a readable mail inside: the report itself is counted.", 1);
        }
        // The properties hold the time to the tenth of a microsecond; a header block holds whole seconds.
        if !own_date {
            self.envelope.time = submitted.or_else(|| props.time(DELIVERED)).or(self.envelope.time);
        }
        let Some(time) = self.envelope.time else {
            let never_sent = self.envelope.sender.is_none() || props.number(FLAGS).unwrap_or(0) & UNSENT != 0;
            return sink.skip(if never_sent { SkipReason::Draft } else { SkipReason::NoTime }, position);
        };
        if item.cut || outer.cut {
            sink.statement(StatementKind::CutOff, None, Some(Clock::Utc(time)), None, 1, position, "a part of this item is not in the file");
        }
        if !plausible(time) {
            return sink.skip(SkipReason::TimeOutOfRange, position);
        }
        self.own(item);
        let content = Content { attachments: item.attachments, automatic, encrypted, facts: letter::facts(item, &mut self.text), ..Content::default() };
        self.delivery.message(&mut self.envelope, &content, time, position, sink);
    }

    /// Takes note of addresses that an item states in both forms: in Exchange's directory, and for the internet.
    fn learn(&mut self, item: &Item) {
        let own = [(SENDER_TYPE, SENDER_ADDRESS, SENDER_SMTP), (FOR_TYPE, FOR_ADDRESS, FOR_SMTP)].map(|ids| (&item.props, ids));
        let others = item.recipients.iter().map(|r| (r, (TYPE, ADDRESS, SMTP)));
        for (props, (kind, address, smtp)) in own.into_iter().chain(others) {
            let smtp = props.text(smtp);
            if self.directory.len() < DIRECTORY_LIMIT && smtp.contains('@') && props.text(kind).eq_ignore_ascii_case("EX") {
                self.directory.insert(letter::entry(&props.text(address)), smtp.to_lowercase());
            }
        }
    }

    /// What only the properties say.
    fn own(&mut self, item: &Item) {
        let envelope = &mut self.envelope;
        envelope.labels.sent |= item.sent;
        envelope.labels.private |= matches!(item.props.number(SENSITIVITY), Some(1 | 2));
        if let Some(index) = item.props.bytes(INDEX).and_then(|i| i.get(..INDEX_HEAD)) {
            envelope.thread = format!("x:{}", text::hex(index));
        }
        if item.sent {
            envelope.delivered_to.clear();
        }
    }

    /// The end of the store: gaps in threads, and whose mailbox it is. `single`: one item is no mailbox.
    pub fn finish(&self, owner: Option<&str>, single: bool, sink: &mut Sink) {
        let channel = sink.channel("email");
        for (entry, smtp) in &self.directory {
            // Messages met before the address was known are of this person too.
            sink.tell_email(channel, entry, smtp);
        }
        if !single {
            self.delivery.gaps(sink);
        }
        self.delivery.owner(owner, single, sink);
    }
}
