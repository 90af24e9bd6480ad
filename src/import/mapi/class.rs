//! What an item is, by its message class ([MS-OXCMSG] 2.2.1.3 and the classes of Teams' and Skype's compliance copies).

use super::Item;
use super::props::{CLASS, HEADERS, SENDER_NAME, SUBJECT, TOPIC};
use crate::import::email::Carried;
use crate::model::message::{ConversationKind, EventKind};
use crate::text;

/// What an item is.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// A mail.
    Mail {
        /// A report, receipt, or invitation.
        automatic: bool,
        /// Its content is encrypted.
        encrypted: bool,
    },
    /// A message of another channel.
    Carried(Carried),
    /// A contact, appointment, task, note, setting.
    Other,
}

const MAIL: Kind = Kind::Mail { automatic: false, encrypted: false };

/// Decides it.
#[must_use]
pub fn of(item: &Item) -> Kind {
    let class = item.props.text(CLASS).trim().to_ascii_lowercase();
    let is = |prefix: &str| class.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if is("ipm.skypeteams") {
        return Kind::Carried(teams(item, &class));
    }
    if is("ipm.note.microsoft.conversation") {
        // Skype for Business and Lync: the whole conversation is one item.
        return Kind::Carried(Carried { slug: "skype".into(), transcript: !class.ends_with(".voice"), event: call(&class), ..Carried::default() });
    }
    if is("ipm.note.microsoft.missed") {
        return Kind::Carried(Carried { slug: "skype".into(), event: Some(call(&class).unwrap_or(EventKind::Other)), ..Carried::default() });
    }
    if is("ipm.note.mobile") {
        return Kind::Carried(Carried { slug: "sms".into(), ..Carried::default() });
    }
    if is("ipm.note.smime.multipartsigned") {
        return MAIL;
    }
    if is("ipm.note.smime") || is("ipm.note.rpmsg") {
        return Kind::Mail { automatic: false, encrypted: true };
    }
    if is("ipm.note.rules") || is("ipm.note.storageitem") {
        return Kind::Other;
    }
    if ["report", "ipm.schedule", "ipm.taskrequest", "ipm.sharing", "ipm.recall", "ipm.outlook.recall"].iter().any(|p| is(p)) {
        return Kind::Mail { automatic: true, encrypted: false };
    }
    if is("ipm.note") || is("ipm.post") || class == "ipm" {
        return MAIL;
    }
    // Exporters that leave the class out write mails.
    if class.is_empty() && (item.props.has(HEADERS) || item.props.has(SENDER_NAME)) {
        return MAIL;
    }
    Kind::Other
}

fn call(class: &str) -> Option<EventKind> {
    (class.ends_with(".voice") || class.ends_with(".call")).then_some(EventKind::Call)
}

/// A compliance copy of Teams. Its chat is named by an id of Teams in one of its named properties (`19:...@thread.v2`); where none is
/// there, by the topic, else by its participants.
fn teams(item: &Item, class: &str) -> Carried {
    let event = class.starts_with("ipm.skypeteams.systemmessage").then_some(EventKind::Other);
    let topic = [SUBJECT, TOPIC].into_iter().map(|id| subject(&item.props.text(id)).trim().to_owned()).find(|t| !t.is_empty()).unwrap_or_default();
    let id = item.props.named().find(|v| is_chat(v)).map(|v| v.into_owned()).unwrap_or_default();
    let kind = if id.ends_with("@unq.gbl.spaces") {
        ConversationKind::Direct
    } else if id.ends_with("@thread.tacv2") || id.ends_with("@thread.skype") {
        ConversationKind::Room
    } else if !id.is_empty() {
        ConversationKind::Group
    } else {
        ConversationKind::Unknown
    };
    let key = match (id.is_empty(), topic.is_empty()) {
        (false, _) => id,
        (true, false) => format!("t:{}", text::folded(text::bounded(&topic, 400))),
        (true, true) => String::new(),
    };
    Carried { slug: "teams".into(), key, title: topic, kind, event, ..Carried::default() }
}

/// `19:` and an id, then `@thread.v2`, `@thread.tacv2`, `@thread.skype` or `@unq.gbl.spaces`.
fn is_chat(value: &str) -> bool {
    value.len() < 300
        && value.starts_with("19:")
        && value.split_once('@').is_some_and(|(_, host)| host.starts_with("thread.") || host == "unq.gbl.spaces")
        && !value.chars().any(char::is_whitespace)
}

/// A subject as stored may begin with 0x01 and the length of its prefix.
#[must_use]
pub fn subject(raw: &str) -> &str {
    let mut rest = raw.chars();
    if rest.next() == Some('\u{1}') {
        rest.next();
        return rest.as_str();
    }
    raw
}
