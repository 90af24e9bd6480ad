//! Mails that really carry another channel: archivers of phones and chats (TeleMessage, Smarsh, Global Relay, LeapXpert, Mattermost)
//! deliver what they record as mail. Such a record counts under the channel on which it was written.

use std::borrow::Cow;

use super::address::{self, decode};
use super::headers::{Field, Headers};
use crate::import::sink::Sink;
use crate::model::HandleIx;
use crate::model::message::{ConversationKind, EventKind};
use crate::text;

/// What a mail carries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carried {
    /// Slug of the real channel.
    pub slug: Cow<'static, str>,
    /// Key of the conversation; empty while only its participants tell it apart.
    pub key: String,
    /// Title of the conversation.
    pub title: String,
    /// What sort of conversation.
    pub kind: ConversationKind,
    /// The record is an event (a call, a change of members).
    pub event: Option<EventKind>,
    /// Messages that a transcript says it holds.
    pub stated: Option<u64>,
    /// The whole of a conversation in one record.
    pub transcript: bool,
}

/// Words of products in headers and subjects, and the channel each means. Longer ones first.
const WORDS: &[(&str, &str)] = &[
    ("google hangout chat", "google-chat"),
    ("text message", "sms"),
    ("microsoft teams", "teams"),
    ("google chat", "google-chat"),
    ("hangouts", "google-chat"),
    ("whatsapp", "whatsapp"),
    ("wechat", "wechat"),
    ("wecom", "wecom"),
    ("telegram", "telegram"),
    ("imessage", "imessage"),
    ("mattermost", "mattermost"),
    ("bloomberg", "bloomberg"),
    ("symphony", "symphony"),
    ("linkedin", "linkedin"),
    ("voicemail", "voice"),
    ("voice call", "voice"),
    ("phone call", "voice"),
    ("msteams", "teams"),
    ("signal", "signal"),
    ("slack", "slack"),
    ("skype", "skype"),
    ("webex", "webex"),
    ("viber", "viber"),
    ("teams", "teams"),
    ("zoom", "zoom"),
    ("line", "line"),
    ("sms", "sms"),
    ("mms", "sms"),
    ("rcs", "sms"),
];

/// Domains from which archivers send.
const ARCHIVERS: [&str; 8] =
    ["telemessage.com", "smarsh.com", "smarshmail.com", "leapxpert.com", "leapxpert.app", "globalrelay.com", "globalrelay.net", "mirrorweb.com"];

/// What the headers of a mail say it carries; `None` for mail.
#[must_use]
pub fn of(headers: &Headers, block: &[u8]) -> Option<Carried> {
    let get = |f| headers.get(block, f).unwrap_or_default();
    // A mail of people has none of these fields, and its sender's name has few digits: most are decided here.
    let archiver = headers.has(Field::Archiver) || archived_by(get(Field::From)) || archived_by(get(Field::Sender));
    let mattermost = get(Field::MattermostId);
    let kind = get(Field::GlobalRelay);
    let number = |f| memchr::memchr_iter(b'@', get(f)).take(50).any(|at| phone_before(get(f), at));
    let phone = number(Field::From) || number(Field::To);
    if !archiver && mattermost.is_empty() && kind.is_empty() && !phone {
        return None;
    }
    let subject = get(Field::Subject);
    let subject = decode(subject.get(..subject.len().min(500)).unwrap_or_default(), None).to_lowercase();
    let slug = if !mattermost.is_empty() {
        Cow::Borrowed("mattermost")
    } else if !kind.is_empty() {
        named(&String::from_utf8_lossy(kind).to_lowercase()).map_or_else(|| slug_of(kind), Cow::Borrowed)
    } else {
        let lower = |v: &[u8]| String::from_utf8_lossy(v.get(..v.len().min(200)).unwrap_or_default()).to_lowercase();
        let said = headers.all(block, Field::Archiver).find_map(|v| named(&lower(v)));
        // People at archivers write mails too: by their domain alone, the subject has to say from whom the record is.
        let strict = !phone && !headers.has(Field::Archiver);
        Cow::Borrowed(said.or_else(|| opening(&subject, strict))?)
    };
    if slug == "email" {
        return None;
    }
    let room = String::from_utf8_lossy(mattermost).into_owned();
    let title = decode(get(Field::MattermostName), None).into_owned();
    let stated = messages_stated(&subject);
    Some(Carried {
        event: (slug == "voice").then_some(EventKind::Call),
        kind: if room.is_empty() { ConversationKind::Unknown } else { ConversationKind::Room },
        key: room,
        title,
        stated,
        transcript: stated.is_some() || !mattermost.is_empty(),
        slug,
    })
}

fn archived_by(value: &[u8]) -> bool {
    let mut found = false;
    if memchr::memchr(b'@', value).is_some() {
        address::each(value, |m| {
            let at = memchr::memrchr(b'@', m.address).map_or(m.address.len(), |at| at + 1);
            let host = m.address.get(at..).unwrap_or_default();
            // `archive.telemessage.com` as well as `telemessage.com`.
            found |= ARCHIVERS.iter().any(|a| {
                let tail = host.len().checked_sub(a.len()).and_then(|from| Some((host.get(from..)?, from)));
                tail.is_some_and(|(t, from)| t.eq_ignore_ascii_case(a.as_bytes()) && (from == 0 || host.get(from - 1) == Some(&b'.')))
            });
        });
    }
    found
}

/// Whether digits of a phone number stand before an `@`.
fn phone_before(value: &[u8], at: usize) -> bool {
    let before = value.get(..at).unwrap_or_default();
    let digits = before.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let start = before.iter().rev().nth(digits);
    (7..=15).contains(&digits) && start.is_none_or(|b| matches!(b, b'+' | b'<' | b' ' | b'\t' | b':' | b'"'))
}

/// The channel a text names by a word of its own.
fn named(text: &str) -> Option<&'static str> {
    let plain: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let padded = format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" "));
    WORDS.iter().find(|(word, _)| padded.contains(&format!(" {word} "))).map(|(_, slug)| *slug)
}

/// The channel that a subject opens with: `SMS message from +1 555 0100`, `WhatsApp Message`. Without a word for what was written after
/// it, the subject is that of a mail. `strict`: it has to go on with a word for the other side.
fn opening(subject: &str, strict: bool) -> Option<&'static str> {
    let subject = subject.trim_start();
    let (rest, slug) = WORDS.iter().find_map(|(word, slug)| Some((subject.strip_prefix(word)?, *slug)))?;
    if !rest.starts_with(' ') {
        return None;
    }
    let mut words = rest.split_whitespace().take(3);
    let side = |w: &str| matches!(w, "from" | "with" | "to" | "between");
    let kind = |w: &str| ["message", "chat", "conversation", "call"].contains(&w.trim_end_matches(':'));
    let first = words.next()?;
    let told = if strict { side(first) || (kind(first) && words.any(side)) } else { side(first) || kind(first) };
    told.then_some(slug)
}

/// A slug from a name that is not in the list: letters and digits, in lower case.
fn slug_of(name: &[u8]) -> Cow<'static, str> {
    let slug: String = name.iter().take(40).filter(|b| b.is_ascii_alphanumeric() || **b == b'-').map(|b| char::from(b.to_ascii_lowercase())).collect();
    if slug.is_empty() { Cow::Borrowed("email") } else { Cow::Owned(slug) }
}

/// `..., 3 Users, 12 Messages, 45 Minutes`: what the subject of a transcript says it holds.
fn messages_stated(subject: &str) -> Option<u64> {
    let mut last = "";
    for word in subject.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()) {
        if matches!(word, "messages" | "message") && last.bytes().all(|b| b.is_ascii_digit()) {
            return last.parse().ok();
        }
        last = word;
    }
    None
}

impl Carried {
    /// Gives the conversation its key from its participants, where the record names no conversation.
    pub fn settle(&mut self, sender: Option<HandleIx>, audience: &[HandleIx], sink: &mut Sink) {
        if !self.key.is_empty() {
            return;
        }
        let mut keys: Vec<String> = Vec::new();
        for handle in sender.iter().chain(audience) {
            keys.extend(sink.handle_facts(*handle).map(|f| f.key.clone()));
        }
        keys.sort_unstable();
        keys.dedup();
        if self.kind == ConversationKind::Unknown {
            self.kind = match keys.len() {
                0 | 1 => ConversationKind::Unknown,
                2 => ConversationKind::Direct,
                _ => ConversationKind::Group,
            };
        }
        let list = keys.join(",");
        self.key = if list.len() <= 900 { format!("p:{list}") } else { format!("p:{:016x}", super::chain::fingerprint(&[list.as_bytes()])) };
    }

    /// Says in the ledger what kind of record this was.
    pub fn tell(&self, sink: &mut Sink) {
        sink.notice("carried", "Messages of another channel that an archive keeps as mail: they count under their own channel.", 1);
        if self.transcript {
            sink.notice("transcripts", "Whole conversations kept as one mail each: each counts as one record, however many messages it holds.", 1);
        }
        if let Some(n) = self.stated {
            sink.notice("transcript_messages", "Messages that the subjects of such conversations say they hold.", n);
        }
    }
}

/// The phone number a gateway writes as the first part of an address (`15551234567@gateway.example`); `None` for other addresses.
#[must_use]
pub fn phone_of(address: &str) -> Option<String> {
    let (local, _) = address.split_once('@').unwrap_or((address, ""));
    let phone = text::phone(local).filter(|_| local.bytes().filter(u8::is_ascii_digit).count() >= 7)?;
    // Gateways write the country code without its plus: national numbers are shorter.
    Some(if phone.starts_with('+') || phone.len() < 11 || phone.starts_with('0') { phone } else { format!("+{phone}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_of_records_open_with_their_channel() {
        assert_eq!(opening("whatsapp message from ana to ben", true), Some("whatsapp"));
        assert_eq!(opening("whatsapp message", true), None);
        assert_eq!(opening("whatsapp message", false), Some("whatsapp"));
        assert_eq!(opening("sms archiving for your firm", false), None);
        assert_eq!(opening("linear algebra from ana", false), None);
        assert_eq!(opening("voice call from 15550100100", true), Some("voice"));
        assert_eq!(opening("teams call tomorrow", true), None);
    }

    #[test]
    fn headers_and_domains_tell_records_from_mail() {
        let of = |block: &str| {
            let mut headers = Headers::default();
            headers.scan(block.as_bytes(), true);
            of(&headers, block.as_bytes()).map(|c| c.slug.into_owned())
        };
        assert_eq!(of("From: a@firm.example\nX-GlobalRelay-MsgType: Google-Hangout-Chat\n\n").as_deref(), Some("google-chat"));
        assert_eq!(of("From: a@firm.example\nX-GlobalRelay-MsgType: CrossLead\n\n").as_deref(), Some("crosslead"));
        assert_eq!(of("From: a@firm.example\nX-GlobalRelay-MsgType: email\n\n"), None);
        assert_eq!(of("From: John <john@smarsh.com>\nSubject: Your WhatsApp contract\n\n"), None);
        assert_eq!(of("From: bot@archive.smarsh.com\nSubject: WeChat conversation with Li Wei\n\n").as_deref(), Some("wechat"));
        assert_eq!(of("From: bot@notsmarsh.com\nSubject: WeChat conversation with Li Wei\n\n"), None);
        assert_eq!(of("From: 2024report@firm.example\nSubject: SMS message from me\n\n"), None);
        assert_eq!(of("From: a@b.example\nTo: <15550100100@gateway.example>\nSubject: Text message to 15550100100\n\n").as_deref(), Some("sms"));
    }

    #[test]
    fn numbers_in_addresses_and_subjects() {
        assert_eq!(phone_of("15550100100@x.example").as_deref(), Some("+15550100100"));
        assert_eq!(phone_of("+49 155 501@x").as_deref(), Some("+49155501"));
        assert_eq!(phone_of("5550100100@x").as_deref(), Some("5550100100"));
        assert_eq!(phone_of("ana@x"), None);
        assert_eq!(messages_stated("deals, 3 users, 12 messages, 45 minutes"), Some(12));
        assert_eq!(messages_stated("your messages"), None);
    }
}
