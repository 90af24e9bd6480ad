//! Properties of an item: those that are looked at, decoded when they are asked for.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16LE};

use super::codepage;
use crate::import::pages::{u16_at, u32_at, u64_at};
use crate::time::SINCE_1601;

/// Message class.
pub const CLASS: u16 = 0x001a;
/// Sensitivity: 1 personal, 2 private.
pub const SENSITIVITY: u16 = 0x0036;
/// Subject.
pub const SUBJECT: u16 = 0x0037;
/// Time the sender gave it to its server.
pub const SUBMITTED: u16 = 0x0039;
/// Name of the person on whose behalf it was sent.
pub const FOR_NAME: u16 = 0x0042;
/// Kind of the address of that person.
pub const FOR_TYPE: u16 = 0x0064;
/// Address of that person.
pub const FOR_ADDRESS: u16 = 0x0065;
/// Topic of the conversation.
pub const TOPIC: u16 = 0x0070;
/// Place in the conversation: 22 bytes and 5 for each level.
pub const INDEX: u16 = 0x0071;
/// Headers as they came.
pub const HEADERS: u16 = 0x007d;
/// Name of the sender.
pub const SENDER_NAME: u16 = 0x0c1a;
/// Kind of the sender's address.
pub const SENDER_TYPE: u16 = 0x0c1e;
/// Address of the sender.
pub const SENDER_ADDRESS: u16 = 0x0c1f;
/// 1 To, 2 Cc, 3 Bcc.
pub const RECIPIENT_KIND: u16 = 0x0c15;
/// Recipients as shown: Bcc, Cc, To.
pub const DISPLAY: [u16; 3] = [0x0e04, 0x0e03, 0x0e02];
/// Time it was delivered.
pub const DELIVERED: u16 = 0x0e06;
/// Flags: 8 = never sent.
pub const FLAGS: u16 = 0x0e07;
/// Body: plain.
pub const BODY: u16 = 0x1000;
/// Body: packed RTF.
pub const RTF: u16 = 0x1009;
/// Body: HTML.
pub const HTML: u16 = 0x1013;
/// Message-ID.
pub const MESSAGE_ID: u16 = 0x1035;
/// References.
pub const REFERENCES: u16 = 0x1039;
/// In-Reply-To.
pub const IN_REPLY_TO: u16 = 0x1042;
/// Name of a recipient, folder, or file.
pub const NAME: u16 = 0x3001;
/// Kind of a recipient's address.
pub const TYPE: u16 = 0x3002;
/// Address of a recipient.
pub const ADDRESS: u16 = 0x3003;
/// SMTP address of a recipient.
pub const SMTP: u16 = 0x39fe;
/// Items of a folder, as it states.
pub const CONTENT_COUNT: u16 = 0x3602;
/// Class of a folder's items.
pub const FOLDER_CLASS: u16 = 0x3613;
/// Id by which the text names an attachment.
pub const ATTACH_CONTENT_ID: u16 = 0x3712;
/// Flags of an attachment: 4 = shown in the text.
pub const ATTACH_FLAGS: u16 = 0x3714;
/// Attachment that is not listed.
pub const ATTACH_HIDDEN: u16 = 0x7ffe;
/// Code page of HTML.
pub const HTML_CODE_PAGE: u16 = 0x3fde;
/// Locale of the item.
pub const LOCALE: u16 = 0x3ff1;
/// Code page of other text.
pub const CODE_PAGE: u16 = 0x3ffd;
/// SMTP address of the sender.
pub const SENDER_SMTP: u16 = 0x5d01;
/// SMTP address of the person on whose behalf it was sent.
pub const FOR_SMTP: u16 = 0x5d02;
/// SMTP address of the mailbox that received it.
pub const RECEIVED_SMTP: u16 = 0x5d07;
/// Entry id of the bin of a store.
pub const BIN: u16 = 0x35e3;
/// Entry id of the folder of sent mail.
pub const SENT: u16 = 0x35e4;
/// Check sum of the password of a store; 0 = none.
pub const PASSWORD: u16 = 0x67ff;

/// Longest body that is looked at.
const BODY_LIMIT: usize = 16 << 20;
/// Longest header block that is looked at.
const HEADERS_LIMIT: usize = 512 << 10;
/// Longest name or address: there may be thousands in one item.
const NAME_LIMIT: usize = 2 << 10;
/// Longest other value.
const SHORT_LIMIT: usize = 32 << 10;
/// First id of properties with names of their own.
const NAMED: u16 = 0x8000;
/// Longest of those: room for the id of a chat.
const NAMED_LIMIT: usize = 600;

/// How many bytes of a property are read; 0 for one that is not looked at.
#[must_use]
pub fn limit(id: u16, kind: u16) -> usize {
    match id {
        BODY | RTF | HTML => BODY_LIMIT,
        HEADERS => HEADERS_LIMIT,
        NAME | TYPE | ADDRESS | SMTP => NAME_LIMIT,
        CLASS
        | SENSITIVITY
        | SUBJECT
        | SUBMITTED
        | FOR_NAME
        | FOR_TYPE
        | FOR_ADDRESS
        | TOPIC
        | INDEX
        | SENDER_NAME
        | SENDER_TYPE
        | SENDER_ADDRESS
        | RECIPIENT_KIND
        | 0x0e02..=0x0e04
        | DELIVERED
        | FLAGS
        | MESSAGE_ID
        | REFERENCES
        | IN_REPLY_TO
        | CONTENT_COUNT
        | FOLDER_CLASS
        | ATTACH_CONTENT_ID
        | ATTACH_FLAGS
        | ATTACH_HIDDEN
        | HTML_CODE_PAGE
        | LOCALE
        | CODE_PAGE
        | SENDER_SMTP
        | FOR_SMTP
        | RECEIVED_SMTP
        | BIN
        | SENT
        | PASSWORD => SHORT_LIMIT,
        NAMED.. if matches!(kind, 0x001e | 0x001f) => NAMED_LIMIT,
        _ => 0,
    }
}

/// A value as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number or a truth.
    Number(i64),
    /// Microseconds UTC.
    Time(i64),
    /// UTF-16.
    Wide(Vec<u8>),
    /// Text in a code page.
    Narrow(Vec<u8>),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Value {
    /// A value of a fixed size from its eight bytes; `None` for kinds that are not looked at.
    #[must_use]
    pub fn fixed(kind: u16, raw: &[u8]) -> Option<Self> {
        Some(match kind {
            0x0002 => Self::Number(i64::from(u16_at(raw, 0).cast_signed())),
            0x0003 => Self::Number(i64::from(u32_at(raw, 0).cast_signed())),
            0x000b => Self::Number(i64::from(u16_at(raw, 0) & 0xff != 0)),
            0x0014 => Self::Number(u64_at(raw, 0).cast_signed()),
            0x0040 => Self::Time(filetime(u64_at(raw, 0))?),
            _ => return None,
        })
    }

    /// A text or bytes; `None` for other kinds.
    #[must_use]
    pub fn variable(kind: u16, bytes: Vec<u8>) -> Option<Self> {
        Some(match kind {
            0x001e => Self::Narrow(bytes),
            0x001f => Self::Wide(bytes),
            0x0102 => Self::Bytes(bytes),
            _ => return None,
        })
    }
}

/// Microseconds since 1970 of a count of 100 ns since 1601; `None` for no time at all.
fn filetime(ticks: u64) -> Option<i64> {
    if ticks == 0 {
        return None;
    }
    i64::try_from(ticks / 10).ok().map(|t| t - SINCE_1601)
}

/// The properties of an item, a recipient or an attachment.
#[derive(Debug, Default, Clone)]
pub struct Props {
    list: Vec<(u16, Value)>,
    encoding: Option<&'static Encoding>,
}

impl Props {
    /// Adds one; the first of an id counts.
    pub fn push(&mut self, id: u16, value: Value) {
        if !self.has(id) && self.list.len() < 400 {
            self.list.push((id, value));
        }
    }

    /// The encoding of text that does not say its own.
    pub const fn assume(&mut self, encoding: Option<&'static Encoding>) {
        self.encoding = encoding;
    }

    /// Whether it is there.
    #[must_use]
    pub fn has(&self, id: u16) -> bool {
        self.get(id).is_some()
    }

    /// The value as stored.
    #[must_use]
    pub fn get(&self, id: u16) -> Option<&Value> {
        self.list.iter().find(|(i, _)| *i == id).map(|(_, v)| v)
    }

    /// A number.
    #[must_use]
    pub fn number(&self, id: u16) -> Option<i64> {
        match self.get(id)? {
            Value::Number(n) => Some(*n),
            _ => None,
        }
    }

    /// A time, microseconds UTC.
    #[must_use]
    pub fn time(&self, id: u16) -> Option<i64> {
        match self.get(id)? {
            Value::Time(t) => Some(*t),
            _ => None,
        }
    }

    /// Bytes.
    #[must_use]
    pub fn bytes(&self, id: u16) -> Option<&[u8]> {
        match self.get(id)? {
            Value::Bytes(b) => Some(b),
            _ => None,
        }
    }

    /// Encoding of text in a code page.
    #[must_use]
    pub fn encoding(&self) -> Option<&'static Encoding> {
        let stated = |id: u16, page: fn(i64) -> i64| self.number(id).and_then(|n| codepage::encoding(page(n)));
        // Where the code page is not stated, the locale tells it, else the encoding of the HTML.
        stated(CODE_PAGE, |page| page).or(self.encoding).or_else(|| stated(LOCALE, codepage::of_locale)).or_else(|| stated(HTML_CODE_PAGE, codepage::kept_in))
    }

    /// Encoding of HTML.
    #[must_use]
    pub fn html_encoding(&self) -> Option<&'static Encoding> {
        self.number(HTML_CODE_PAGE).and_then(codepage::encoding).or_else(|| self.encoding())
    }

    /// A text, without what follows its end mark; empty when there is none.
    #[must_use]
    pub fn text(&self, id: u16) -> Cow<'_, str> {
        let text = match self.get(id) {
            Some(Value::Wide(units)) => UTF_16LE.decode_without_bom_handling(units).0,
            Some(Value::Narrow(bytes)) => codepage::text(bytes, self.encoding()),
            _ => return Cow::Borrowed(""),
        };
        // A body is all of its bytes; a name ends at its end mark.
        let end = if id == BODY { Some(text.trim_end_matches('\0').len()) } else { text.find('\0') };
        match end.filter(|end| *end < text.len()) {
            Some(end) => Cow::Owned(text.get(..end).unwrap_or_default().to_owned()),
            None => text,
        }
    }

    /// Texts with names of their own, in order of their ids.
    pub fn named(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let mut ids: Vec<u16> = self.list.iter().map(|(id, _)| *id).filter(|id| *id >= NAMED).collect();
        ids.sort_unstable();
        ids.into_iter().map(|id| self.text(id))
    }
}
