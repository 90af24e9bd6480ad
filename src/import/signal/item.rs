//! One `chatItem` of the plaintext export: what matters of it, borrowed from its line.
//!
//! Field names are those of signalapp `Backups.proto` in canonical JSON: 64-bit numbers are strings of digits, what is false, 0 or empty is left out.

use super::nested::{filled, members, number};
use crate::import::json::{Text, Value, each, items};
use crate::model::message::EventKind;
use crate::text::{self, base64};

/// Who sent it, by the export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// A notice of the app.
    #[default]
    None,
    /// Received.
    In,
    /// Sent by the owner.
    Out,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum What {
    /// Nothing this version knows.
    #[default]
    Unknown,
    /// A message, possibly without text.
    Message,
    /// Deleted for everyone.
    Deleted,
    /// Its medium could be seen once; exports never hold it.
    ViewOnce,
    /// A notice.
    Event(EventKind),
    /// A notice that a message could not be decrypted or shown.
    Unread,
}

/// An attachment: digest of its content in hex (empty: it was never downloaded).
pub type Attachment = String;

/// An item.
#[derive(Debug, Default)]
pub struct Item<'a> {
    /// `chatId`.
    pub chat: Option<u64>,
    /// `authorId`.
    pub author: Option<u64>,
    /// `dateSent`, milliseconds: with the author it names the message.
    pub sent: Option<i64>,
    /// `dateReceived` or `dateServerSent`.
    pub received: Option<i64>,
    /// Direction.
    pub way: Way,
    /// What it is.
    pub what: What,
    /// Text.
    pub body: Option<Text<'a>>,
    /// A long text goes on in a file.
    pub goes_on: bool,
    /// Things that came with it, attachments included.
    pub things: usize,
    /// Attachments.
    pub attachments: Vec<Attachment>,
    /// `quote`: sent at, author.
    pub quote: Option<(i64, Option<u64>)>,
    /// `revisions` is not empty.
    pub edited: bool,
    /// It was an SMS.
    pub sms: bool,
    /// Sending failed for somebody.
    pub failed: bool,
    /// A timer was set: seconds, 0 = off.
    pub timer: Option<u64>,
}

impl<'a> Item<'a> {
    /// Reads one item.
    pub fn read(object: &'a [u8]) -> Self {
        let mut item = Self::default();
        members(object, |key, value| match key {
            b"chatId" => item.chat = number(value),
            b"authorId" => item.author = number(value),
            b"dateSent" => item.sent = value.integer().filter(|t| *t > 0),
            b"revisions" => item.edited = filled(value),
            b"sms" => item.sms = value.is_true(),
            b"incoming" => item.direction(Way::In, value),
            b"outgoing" => item.direction(Way::Out, value),
            b"standardMessage" => item.standard(value),
            b"remoteDeletedMessage" => item.what = What::Deleted,
            b"viewOnceMessage" => (item.what, item.things) = (What::ViewOnce, 1),
            b"stickerMessage" | b"contactMessage" => (item.what, item.things) = (What::Message, 1),
            b"paymentNotification" | b"giftBadge" => item.what = What::Message,
            b"poll" => {
                item.what = What::Message;
                each(value, |key, value| {
                    if key == b"question" {
                        item.body = value.text();
                    }
                });
            }
            b"directStoryReplyMessage" => item.story_reply(value),
            b"updateMessage" => each(value, |key, value| item.update(key, value)),
            _ => {}
        });
        item
    }

    fn direction(&mut self, way: Way, value: Value<'_>) {
        self.way = way;
        each(value, |key, value| match key {
            b"dateReceived" | b"dateServerSent" => self.received = self.received.or(value.integer().filter(|t| *t > 0)),
            b"sendStatus" => items(value, |status| each(status, |key, value| self.failed |= key == b"failed" && value != Value::Null)),
            _ => {}
        });
    }

    fn standard(&mut self, value: Value<'a>) {
        self.what = What::Message;
        each(value, |key, value| match key {
            b"text" => self.text(value),
            b"longText" => self.goes_on = filled(value),
            b"attachments" => items(value, |a| {
                self.attachments.push(attachment(a));
                self.things += 1;
            }),
            b"quote" => self.quoted(value),
            _ => {}
        });
    }

    fn text(&mut self, value: Value<'a>) {
        each(value, |key, value| {
            if key == b"body" {
                self.body = value.text();
            }
        });
    }

    fn quoted(&mut self, value: Value<'_>) {
        let (mut sent, mut author) = (None, None);
        each(value, |key, value| match key {
            b"targetSentTimestamp" => sent = value.integer().filter(|t| *t > 0),
            b"authorId" => author = number(value),
            _ => {}
        });
        self.quote = sent.map(|sent| (sent, author));
    }

    fn story_reply(&mut self, value: Value<'a>) {
        self.what = What::Message;
        each(value, |key, value| match key {
            b"emoji" => self.body = value.text(),
            b"textReply" => each(value, |key, value| {
                if key == b"text" {
                    self.text(value);
                }
            }),
            _ => {}
        });
    }

    fn update(&mut self, key: &[u8], value: Value<'_>) {
        let kind = match key {
            b"simpleUpdate" => {
                let mut kind = What::Event(EventKind::Other);
                each(value, |key, value| {
                    if let (b"type", Some(name)) = (key, value.text()) {
                        kind = simple(name.raw);
                    }
                });
                kind
            }
            b"expirationTimerChange" => self.timer_set(value),
            b"groupChange" => {
                let mut first = None;
                each(value, |key, value| {
                    if key == b"updates" {
                        items(value, |update| {
                            each(update, |key, value| {
                                let kind = if key == b"groupExpirationTimerUpdate" { self.timer_set(value) } else { What::Event(group(key)) };
                                first = first.filter(|f| *f != What::Event(EventKind::Other)).or(Some(kind));
                            });
                        });
                    }
                });
                first.unwrap_or(What::Event(EventKind::Other))
            }
            b"individualCall" | b"groupCall" => What::Event(EventKind::Call),
            b"profileChange" | b"learnedProfileChange" => What::Event(EventKind::Renamed),
            b"threadMerge" | b"sessionSwitchover" => What::Event(EventKind::NumberChanged),
            b"pinMessage" => What::Event(EventKind::Pinned),
            _ => What::Event(EventKind::Other),
        };
        self.what = kind;
    }

    /// `expiresInMs` left out, or 0, turns it off.
    fn timer_set(&mut self, value: Value<'_>) -> What {
        let mut ms = 0;
        each(value, |key, value| {
            if key == b"expiresInMs" {
                ms = number(value).unwrap_or(0);
            }
        });
        self.timer = Some(ms.div_ceil(1000));
        What::Event(if ms > 0 { EventKind::TimerOn } else { EventKind::TimerOff })
    }
}

/// `simpleUpdate.type`.
fn simple(name: &[u8]) -> What {
    What::Event(match name {
        b"IDENTITY_UPDATE" | b"IDENTITY_VERIFIED" | b"IDENTITY_DEFAULT" => EventKind::SecurityCode,
        b"CHANGE_NUMBER" => EventKind::NumberChanged,
        b"BLOCKED" | b"UNBLOCKED" => EventKind::Blocked,
        b"BAD_DECRYPT" | b"UNSUPPORTED_PROTOCOL_MESSAGE" => return What::Unread,
        _ => EventKind::Other,
    })
}

/// Name of a change to a group, e.g. `groupMemberAddedUpdate`.
fn group(key: &[u8]) -> EventKind {
    const NAMES: &[(&[u8], EventKind)] = &[
        (b"Creation", EventKind::Created),
        (b"MemberJoined", EventKind::Joined),
        (b"MemberAdded", EventKind::Joined),
        (b"InvitationAccepted", EventKind::Joined),
        (b"JoinRequestApproval", EventKind::Joined),
        (b"MemberLeft", EventKind::Left),
        (b"MemberRemoved", EventKind::Left),
        (b"Migration", EventKind::Migrated),
        (b"NameUpdate", EventKind::Renamed),
        (b"AvatarUpdate", EventKind::Renamed),
        (b"DescriptionUpdate", EventKind::Renamed),
    ];
    NAMES.iter().find(|(part, _)| memchr::memmem::find(key, part).is_some()).map_or(EventKind::Other, |(_, kind)| *kind)
}

/// The digest that names the file of an attachment; empty when it was never downloaded.
fn attachment(value: Value<'_>) -> Attachment {
    let mut hash = String::new();
    each(value, |key, value| {
        if key == b"pointer" {
            each(value, |key, value| {
                if key == b"locatorInfo" {
                    each(value, |key, value| {
                        if let (b"plaintextHash", Some(t)) = (key, value.text()) {
                            hash = base64::decode(t.raw).map(|b| text::hex(&b)).unwrap_or_default();
                        }
                    });
                }
            });
        }
    });
    hash
}
