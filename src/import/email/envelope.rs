//! What the headers of one message say: who, to whom, when, in which thread.

use super::address::{self, Hint, Mailbox};
use super::carrier::{self, Carried};
use super::chain::{self, fingerprint};
use super::date;
use super::headers::{Field, Headers, parameter, word};
use super::marks::{self, Labels};
use crate::import::sink::{ChannelIx, Sink};
use crate::model::HandleIx;
use crate::model::message::Flags;
use crate::time::{DAY, plausible};

/// The envelope of one message. Reused.
#[derive(Debug, Default)]
pub struct Envelope {
    /// Time, microseconds UTC.
    pub time: Option<i64>,
    /// First author.
    pub sender: Option<HandleIx>,
    /// All others: further authors and recipients.
    pub audience: Vec<HandleIx>,
    /// Message id without brackets.
    pub id: Vec<u8>,
    /// Id of the parent.
    pub parent: Vec<u8>,
    /// Fingerprints of `References`, oldest first.
    pub references: Vec<u64>,
    /// Key of the thread.
    pub thread: String,
    /// Flags from headers.
    pub flags: Flags,
    /// Gmail's labels.
    pub labels: Labels,
    /// Where the message was delivered to, lower case; empty if not said.
    pub delivered_to: String,
    /// No header names sender or recipient.
    pub nobody: bool,
    /// What it carries, if it is no mail.
    pub carried: Option<Carried>,
    key: String,
}

impl Envelope {
    /// Reads it. `latest`: no message can be later.
    pub fn read(&mut self, headers: &Headers, block: &[u8], latest: i64, sink: &mut Sink) {
        let carried = carrier::of(headers, block);
        self.read_as(headers, block, latest, carried, sink);
    }

    /// The same where the store itself says what the item is.
    pub fn read_as(&mut self, headers: &Headers, block: &[u8], latest: i64, carried: Option<Carried>, sink: &mut Sink) {
        self.flags = Flags::NONE;
        self.when(headers, block, latest);
        self.thread(headers, block);
        self.marks(headers, block);
        self.carried = carried;
        if self.labels.chat && self.carried.is_none() {
            // Google keeps chats as mails with this label; the thread is the conversation.
            let key = if self.thread.starts_with("gm:") { self.thread.clone() } else { String::new() };
            self.carried = Some(Carried { slug: "google-chat".into(), key, ..Carried::default() });
        }
        if self.carried.is_some() {
            // That a machine delivered it says nothing of who wrote it.
            self.flags = Flags(self.flags.0 & !Flags::AUTOMATIC.0);
        }
        self.who(headers, block, sink);
    }

    /// The channel the message belongs to.
    pub fn channel(&self, sink: &mut Sink) -> ChannelIx {
        sink.channel(self.carried.as_ref().map_or("email", |c| &c.slug))
    }

    /// The sender's clock, unless it is missing, impossible, or a week off the last hop's.
    fn when(&mut self, headers: &Headers, block: &[u8], latest: i64) {
        let possible = |t: &i64| plausible(*t) && *t <= latest;
        let said = headers.get(block, Field::Date).and_then(date::parse);
        let hop = headers.all(block, Field::Received).find_map(|r| {
            let at = memchr::memrchr(b';', r)?;
            date::parse(r.get(at + 1..)?).filter(possible)
        });
        let near = |t: &i64| hop.is_none_or(|h| (h - t).abs() <= 7 * DAY);
        let sound = said.filter(possible).filter(near);
        if sound.is_none() && hop.is_some() {
            self.flags = self.flags.with(Flags::TIME_INFERRED);
        }
        // An impossible time with nothing beside it is kept: the sink names the reason when it leaves the record out.
        self.time = sound.or(hop).or(said);
    }

    fn who(&mut self, headers: &Headers, block: &[u8], sink: &mut Sink) {
        let channel = self.channel(sink);
        let phones = self.carried.is_some();
        self.sender = None;
        self.audience.clear();
        let key = &mut self.key;
        let hint = if block.is_ascii() {
            None
        } else {
            headers.get(block, Field::ContentType).and_then(|v| encoding_rs::Encoding::for_label(parameter(v, b"charset")?))
        };
        let (sender, audience) = (&mut self.sender, &mut self.audience);
        for value in headers.all(block, Field::From) {
            address::each(value, |m| match (handle(m, channel, phones, hint, key, sink), &sender) {
                (Some(h), None) => *sender = Some(h),
                (Some(h), Some(_)) => audience.push(h),
                (None, _) => {}
            });
        }
        if sender.is_none() {
            let value = headers.get(block, Field::Sender).unwrap_or_default();
            address::each(value, |m| {
                if sender.is_none() {
                    *sender = handle(m, channel, phones, hint, key, sink);
                }
            });
        }
        for field in [Field::To, Field::Cc, Field::Bcc] {
            for value in headers.all(block, field) {
                address::each(value, |m| audience.extend(handle(m, channel, phones, hint, key, sink)));
            }
        }
        self.nobody = sender.is_none() && audience.is_empty();
    }

    fn thread(&mut self, headers: &Headers, block: &[u8]) {
        self.id.clear();
        self.parent.clear();
        self.references.clear();
        self.thread.clear();
        let own = headers.get(block, Field::MessageId).unwrap_or_default();
        let bare = (!own.is_empty() && !own.iter().any(|b| b.is_ascii_whitespace() || matches!(b, b'<' | b'>'))).then_some(own);
        self.id.extend_from_slice(chain::ids(own).next().or(bare).unwrap_or_default());
        let answered = headers.all(block, Field::InReplyTo).find_map(|v| chain::ids(v).next());
        let mut root: Option<&[u8]> = None;
        let mut last: Option<&[u8]> = None;
        for id in headers.all(block, Field::References).flat_map(chain::ids).filter(|id| *id != self.id.as_slice()) {
            root = root.or(Some(id));
            last = Some(id);
            if self.references.len() < 200 {
                self.references.push(fingerprint(&[id]));
            }
        }
        let parent = answered.filter(|id| *id != self.id.as_slice()).or(last);
        self.parent.extend_from_slice(parent.unwrap_or_default());
        let gmail = headers.get(block, Field::GmailThread).filter(|v| !v.is_empty());
        if let Some(id) = gmail {
            self.thread.push_str("gm:");
            self.thread.push_str(&String::from_utf8_lossy(id));
        } else if let Some(id) = root.or(parent).or((!self.id.is_empty()).then_some(self.id.as_slice())) {
            self.thread.push_str("m:");
            self.thread.push_str(&String::from_utf8_lossy(id));
        } else {
            let get = |f| headers.get(block, f).unwrap_or_default();
            let hash = fingerprint(&[get(Field::Subject), get(Field::From), get(Field::Date)]);
            self.thread = format!("h:{hash:016x}");
        }
    }

    fn marks(&mut self, headers: &Headers, block: &[u8]) {
        let get = |f| headers.get(block, f).unwrap_or_default();
        let precedence = word(get(Field::Precedence));
        let bulk = [&b"bulk"[..], b"list", b"junk", b"auto_reply"].iter().any(|w| w.eq_ignore_ascii_case(precedence));
        let submitted = word(get(Field::AutoSubmitted));
        let machine = !submitted.is_empty() && !submitted.eq_ignore_ascii_case(b"no");
        let suppress = word(get(Field::AutoResponseSuppress));
        let suppress = !suppress.is_empty() && !suppress.eq_ignore_ascii_case(b"none");
        if bulk || machine || suppress || !get(Field::ListId).is_empty() {
            self.flags = self.flags.with(Flags::AUTOMATIC);
        }
        self.flags = self.flags.with(marks::of_subject(get(Field::Subject)));
        let labels = get(Field::GmailLabels);
        self.labels = if labels.is_empty() { Labels::default() } else { marks::labels(labels) };
        self.delivered_to.clear();
        let to = headers.get(block, Field::DeliveredTo).or_else(|| headers.get(block, Field::OriginalTo)).unwrap_or_default();
        // `Delivered-To: mailing list dev@host` is no mailbox.
        if to.contains(&b'@') && !to.iter().any(u8::is_ascii_whitespace) {
            address::key(Mailbox { address: to, name: b"" }, None, &mut self.delivered_to);
        }
    }

    /// Adds recipients a journal report names (`To: a@b, Expanded: list@b`), and says how they were reached.
    pub fn add_journal(&mut self, report: &[u8], sink: &mut Sink) {
        let (mut expanded, mut forwarded) = (0, 0);
        let (channel, phones) = (self.channel(sink), self.carried.is_some());
        for line in report.split(|b| *b == b'\n') {
            let Some(colon) = memchr::memchr(b':', line) else { continue };
            let (name, value) = line.split_at_checked(colon).unwrap_or_default();
            let known = [&b"to"[..], b"cc", b"bcc", b"recipient", b"on-behalf-of"].iter().any(|n| n.eq_ignore_ascii_case(name.trim_ascii()));
            if !known {
                continue;
            }
            let value = value.get(1..).unwrap_or_default();
            let end = memchr::memchr(b',', value).unwrap_or(value.len());
            let way = value.get(end + 1..).unwrap_or_default().trim_ascii().to_ascii_lowercase();
            expanded += u64::from(way.starts_with(b"expanded:"));
            forwarded += u64::from(way.starts_with(b"forwarded:"));
            let mailbox = Mailbox { address: value.get(..end).unwrap_or_default().trim_ascii(), name: b"" };
            if let Some(h) = handle(mailbox, channel, phones, None, &mut self.key, sink)
                && Some(h) != self.sender
            {
                self.audience.push(h);
            }
        }
        sink.notice("journal", "Journal reports: the mail inside is counted, with every recipient the report names.", 1);
        if expanded > 0 {
            sink.notice("journal_expanded", "Recipients of journaled mails who received them through a distribution list.", expanded);
        }
        if forwarded > 0 {
            sink.notice("journal_forwarded", "Recipients of journaled mails to whom another address passes its mail on.", forwarded);
        }
    }
}

/// The handle of an address; its name is kept when it is the first one seen.
///
/// `phones`: addresses of gateways stand for the phone number in them.
pub fn handle(mailbox: Mailbox<'_>, channel: ChannelIx, phones: bool, hint: Hint, key: &mut String, sink: &mut Sink) -> Option<HandleIx> {
    address::key(mailbox, hint, key);
    if key.is_empty() {
        return None;
    }
    let phone = if phones { carrier::phone_of(key) } else { None };
    let handle = sink.handle(channel, phone.as_ref().unwrap_or(key));
    let facts = sink.handle_facts(handle)?;
    if let Some(phone) = phone {
        facts.phone = phone;
    } else if facts.email.is_empty() && facts.key.contains('@') {
        facts.email.clone_from(&facts.key);
    }
    if facts.name.is_empty() && !mailbox.name.is_empty() {
        let name = address::name(mailbox.name, hint);
        if !name.eq_ignore_ascii_case(&facts.key) {
            facts.name = name;
        }
    }
    Some(handle)
}
