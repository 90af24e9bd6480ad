//! One `Document`: its tags and files, and the message it becomes.

use crate::features::{Facts, Gather};
use crate::import::delimited::clock::Times;
use crate::import::delimited::people::People;
use crate::import::sink::{Body, Clock, Draft, Id, Sink};
use crate::model::HandleIx;
use crate::model::ledger::SkipReason;
use crate::model::message::{ConversationKind, Flags, Position};

/// Longest value kept of a tag.
const KEPT: usize = 64 << 10;

/// What a document says. Tags in lower case without `#`.
#[derive(Default)]
pub struct Document {
    /// `DocID`.
    pub id: String,
    /// `DocType`, in lower case.
    pub kind: String,
    /// Tags in the order of the file.
    pub(super) tags: Vec<(String, String)>,
    /// `FilePath`/`FileName` of its files: native or not, and path.
    pub files: Vec<(bool, String)>,
    /// `Custodian` of its places.
    pub custodians: Vec<String>,
    /// Facts of text within the file.
    pub text: Option<Facts>,
    /// Whether attachments are related to it, and how many.
    pub attachments: u64,
}

impl Document {
    /// A tag and its value.
    pub fn tag(&mut self, name: &str, value: &str) {
        if self.tags.len() < 500 {
            let name: String = name.trim_start_matches('#').chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            self.tags.push((name, crate::text::bounded(value.trim(), KEPT).to_owned()));
        }
    }

    /// Text that stands within the file.
    pub fn inline(&mut self, text: &[u8], sample: bool) {
        let mut gather = Gather::of(sample);
        gather.add(text.trim_ascii());
        self.text = Some(gather.facts());
    }

    /// The value of the first of these tags that has one.
    pub fn get(&self, names: &[&str]) -> &str {
        let value = |name: &&str| self.tags.iter().find(|(n, v)| n == *name && !v.is_empty()).map(|(_, v)| v.as_str());
        names.iter().find_map(value).unwrap_or_default()
    }

    /// When it was sent, or else received; `true`: received.
    pub fn time(&self) -> (&str, bool) {
        let sent = self.get(&["datesent", "sent", "sentdate", "datetimesent", "clientsubmittime"]);
        if sent.is_empty() { (self.get(&["datereceived", "received", "receiveddate", "messagedeliverytime", "date"]), true) } else { (sent, false) }
    }

    /// Attachments the message states.
    pub fn stated(&self) -> u64 {
        let names = self.get(&["attachmentnames"]);
        let named = names.split(';').filter(|n| !n.trim().is_empty()).count() as u64;
        self.get(&["attachmentcount"]).parse::<u64>().ok().filter(|n| *n < 100_000).unwrap_or(0).max(named)
    }

    /// Whether it is a message; else a file.
    pub fn is_message(&self) -> bool {
        match self.kind.as_str() {
            "message" | "email" | "mail" => true,
            "" => !self.get(&["from"]).is_empty() && !self.time().0.is_empty(),
            _ => false,
        }
    }

    /// The Message-ID, without brackets; empty where there is none.
    pub fn message_id(&self) -> &str {
        let id = self.get(&["messageid", "internetmessageid", "rfc822messageid", "smtpmessageid"]);
        id.trim().trim_start_matches('<').trim_end_matches('>')
    }

    /// Makes a message of it.
    pub fn make(&self, times: &mut Times, people: &mut People, lost: bool, at: Position, sink: &mut Sink) -> Option<Clock> {
        let (written, received) = self.time();
        let Some(time) = times.read(written.as_bytes(), b"") else {
            sink.skip(SkipReason::NoTime, at);
            return None;
        };
        let channel = sink.channel("email");
        let mut handle = |one: &str, sink: &mut Sink| people.handle(sink, channel, one.as_bytes(), b"");
        let sender = list(self.get(&["from", "sender", "author"])).first().and_then(|one| handle(one, sink));
        let mut audience: Vec<HandleIx> = Vec::new();
        for tag in ["to", "cc", "bcc"] {
            for one in list(self.get(&[tag])) {
                audience.extend(handle(one, sink));
            }
        }
        let audience = (!audience.is_empty()).then(|| sink.audience(&mut audience));
        let id = self.message_id();
        let parent = self.get(&["inreplyto", "inreplytoid"]).trim().trim_start_matches('<').trim_end_matches('>');
        let thread = self.get(&["conversationid", "threadid", "conversationindex", "gmailthreadid"]);
        let key = match (thread, parent, id) {
            ("", "", "") => format!("d:{}", self.id),
            ("", "", id) => format!("m:{id}"),
            ("", parent, _) => format!("m:{parent}"),
            (thread, ..) => format!("t:{}", crate::text::bounded(thread, 44)),
        };
        let attachments = usize::try_from(self.stated().max(self.attachments)).unwrap_or(0);
        let flags = Flags::NONE.with_attachments(attachments).with_those([(received, Flags::TIME_INFERRED), (lost, Flags::MEDIA_ABSENT)]);
        let conversation = sink.conversation(channel, &key, "", ConversationKind::Thread);
        let kept = sink.message(Draft {
            conversation,
            sender,
            time,
            event: None,
            flags,
            body: self.text.map_or(Body::Text(self.get(&["subject"]).as_bytes()), Body::Facts),
            id: if id.is_empty() { Id::None } else { Id::Text(id.as_bytes()) },
            reply_to: if parent.is_empty() { Id::None } else { Id::Text(parent.as_bytes()) },
            audience,
            position: at,
        });
        kept.then_some(time)
    }
}

/// Recipients: apart by `;`; by `,` only where several addresses stand without `;`.
fn list(value: &str) -> Vec<&str> {
    let commas = !value.contains(';') && value.matches('@').count() > 1;
    value.split(|c| c == ';' || (commas && c == ',')).map(str::trim).filter(|p| !p.is_empty()).take(5000).collect()
}
