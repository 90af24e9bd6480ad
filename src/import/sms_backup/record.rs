//! What one record says: attributes of `<sms>`, `<mms>` and `<call>`, and what stands inside a multimedia message.

use crate::import::json::integer;
use crate::time;

use super::tags::Tags;

/// Attributes that are read, of all elements.
pub const WANTED: &[&str] = &[
    "address",
    "date",
    "date_sent",
    "type",
    "body",
    "subject",
    "sub",
    "contact_name",
    "msg_box",
    "m_type",
    "_id",
    "number",
    "ct",
    "text",
    "count",
    "backup_set",
    "backup_date",
];

/// Places in [`WANTED`].
#[derive(Debug, Clone, Copy)]
pub enum Field {
    /// Other party, or one address of a multimedia message.
    Address,
    /// Time, milliseconds UTC.
    Date,
    /// Time of sending: milliseconds in `sms`, seconds in `mms`.
    DateSent,
    /// Box of a text message, kind of a call, role of an address, `full` or not.
    Type,
    /// Text.
    Body,
    /// Subject of a text message.
    Subject,
    /// Subject of a multimedia message.
    Sub,
    /// Name in the phone's book.
    Contact,
    /// Box of a multimedia message.
    MsgBox,
    /// Kind of its protocol unit.
    MType,
    /// The phone's own number of it.
    Id,
    /// Other party of a call.
    Number,
    /// Media type of a part.
    Ct,
    /// Text of a part.
    Text,
    /// Stated number of records.
    Count,
    /// The phone's set of backups.
    Set,
    /// When the backup was made, milliseconds UTC.
    BackupDate,
}

/// The value of an attribute.
pub fn field(tags: &Tags, field: Field) -> Option<&[u8]> {
    tags.get(field as usize)
}

/// The value of an attribute as a number.
pub fn number(tags: &Tags, of: Field) -> Option<i64> {
    field(tags, of).and_then(|v| integer(v.trim_ascii()))
}

/// A time of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// Microseconds UTC.
    pub time: i64,
    /// Taken from `date_sent`.
    pub inferred: bool,
}

/// The time of a record: `date`, or the time of sending where that is missing.
pub fn when(tags: &Tags) -> Option<When> {
    let micros = |of: Field| number(tags, of).filter(|n| *n > 0).and_then(micros);
    match micros(Field::Date) {
        Some(time) => Some(When { time, inferred: false }),
        None => micros(Field::DateSent).map(|time| When { time, inferred: true }),
    }
}

/// Milliseconds, or seconds where the number is too small for milliseconds after 1973.
fn micros(n: i64) -> Option<i64> {
    if n < 100_000_000_000 { time::of_unix(n) } else { n.checked_mul(1000) }
}

/// Which box a record lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    /// Received.
    In,
    /// Sent, or on its way.
    Out,
    /// Failed or queued: by the owner, perhaps never sent.
    Unsent,
    /// A draft.
    Draft,
    /// Of a kind that is not known.
    Unknown,
}

/// The box of a text message (`type`) or multimedia message (`msg_box`).
pub const fn lies(code: Option<i64>) -> Lies {
    match code {
        Some(1) => Lies::In,
        Some(2 | 4) => Lies::Out,
        Some(5 | 6) => Lies::Unsent,
        Some(3) => Lies::Draft,
        _ => Lies::Unknown,
    }
}

/// Most addresses of one message, and most text of its parts.
const ADDRESSES: usize = 1000;
const TEXT: usize = 16 << 20;
/// Length of `null`.
const NO_DATA: u64 = 4;

/// A multimedia message while its parts are read. One is used for all of them.
#[derive(Default)]
pub struct Mms {
    /// Where it begins.
    pub at: u64,
    /// Its time.
    pub when: Option<When>,
    /// `msg_box`.
    pub lies: Option<i64>,
    /// `m_type`.
    pub kind: Option<i64>,
    /// `_id`.
    pub id: Option<i64>,
    /// `address` as written.
    pub address: Vec<u8>,
    /// `contact_name` as written.
    pub contact: Vec<u8>,
    /// Subject and text parts, a line each.
    pub text: Vec<u8>,
    /// Parts with something in them.
    pub parts: usize,
    /// Files.
    pub files: usize,
    /// Files without data.
    pub empty: usize,
    /// Role and address.
    pub addresses: Vec<(i64, String)>,
}

impl Mms {
    /// From its start tag.
    pub fn begin(&mut self, tags: &Tags) {
        let copy = |to: &mut Vec<u8>, of: Field| {
            to.clear();
            to.extend_from_slice(field(tags, of).unwrap_or_default());
        };
        copy(&mut self.address, Field::Address);
        copy(&mut self.contact, Field::Contact);
        copy(&mut self.text, Field::Sub);
        self.addresses.clear();
        (self.at, self.when, self.parts, self.files, self.empty) = (tags.at(), when(tags), 0, 0, 0);
        let code = |of: Field| number(tags, of);
        (self.lies, self.kind, self.id) = (code(Field::MsgBox), code(Field::MType), code(Field::Id));
    }

    /// A `<part>`: layout is passed over, text is kept for the moment, anything else is a file.
    pub fn part(&mut self, tags: &Tags) {
        let kind = field(tags, Field::Ct).unwrap_or_default();
        if kind.eq_ignore_ascii_case(b"application/smil") {
            return;
        }
        self.parts += 1;
        let (text, data) = (field(tags, Field::Text).unwrap_or_default(), tags.passed() > NO_DATA);
        if kind.eq_ignore_ascii_case(b"text/plain") && !data {
            if self.text.len() + text.len() < TEXT {
                if !self.text.is_empty() {
                    self.text.push(b'\n');
                }
                self.text.extend_from_slice(text);
            }
            return;
        }
        self.files += 1;
        self.empty += usize::from(!data && text.is_empty());
    }

    /// An `<addr>`.
    pub fn address(&mut self, tags: &Tags) {
        let Some(address) = field(tags, Field::Address).filter(|_| self.addresses.len() < ADDRESSES) else { return };
        let key = crate::text::address_key(&String::from_utf8_lossy(address));
        self.addresses.push((number(tags, Field::Type).unwrap_or(0), key));
    }
}
