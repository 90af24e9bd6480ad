//! One element of `messages[]`: the fields that matter, borrowed from the window; everything else is passed over.

use crate::features::{Facts, facts};
use crate::import::json::{Scan, Scanner, Text, Value, each, items, word};
use crate::model::message::EventKind;

/// Someone as the export names them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Person<'a> {
    /// `name`; `Deleted User` for removed accounts.
    pub name: Text<'a>,
    /// `email`; absent for removed accounts.
    pub email: Text<'a>,
    /// `user_type` is `Bot`.
    pub bot: bool,
}

impl<'a> Person<'a> {
    /// From `{name, email, user_type}`.
    pub fn of(value: Value<'a>) -> Self {
        let mut person = Self::default();
        each(value, |key, value| match key {
            b"name" => person.name = word(value),
            b"email" => person.email = word(value),
            b"user_type" => person.bot = word(value).raw.eq_ignore_ascii_case(b"bot"),
            _ => {}
        });
        person
    }
}

/// What one record says.
#[derive(Default)]
pub struct Item<'a> {
    /// `creator`.
    pub creator: Person<'a>,
    /// `created_date`.
    pub created: Text<'a>,
    /// `updated_date`.
    pub updated: Text<'a>,
    /// Facts of `text`.
    pub facts: Facts,
    /// What a text says of the history of the conversation, if it says nothing else.
    pub history: Option<bool>,
    /// `topic_id`.
    pub topic: Text<'a>,
    /// `message_id`: `<group>/<topic>/<message>`.
    pub id: Text<'a>,
    /// `attached_files`.
    pub files: Value<'a>,
    /// How many those are.
    pub attachments: usize,
    /// `message_id` of `quoted_message_metadata`.
    pub quoted: Text<'a>,
    /// `message_state` is `DELETED`.
    pub deleted: bool,
    /// `deletion_type` of `deletion_metadata`.
    pub deletion: Text<'a>,
    /// What an annotation tells of, where there is no text.
    pub told: Option<EventKind>,
}

impl<'a> Item<'a> {
    /// Reads one record. `sample`: whether the words of its text are looked at.
    pub fn read(s: &mut Scanner<'a>, scratch: &mut Vec<u8>, sample: bool) -> Scan<Self> {
        let mut item = Self::default();
        let mut members = s.object()?;
        while let Some(key) = members.key(s)? {
            match key.raw {
                b"text" => {
                    if let Value::Text(text) = s.value()? {
                        let text = text.decode(scratch);
                        item.facts = facts(text, sample);
                        item.history = history(text);
                    }
                }
                b"creator" => item.creator = Person::of(s.value()?),
                b"created_date" => item.created = word(s.value()?),
                b"updated_date" => item.updated = word(s.value()?),
                b"topic_id" => item.topic = word(s.value()?),
                b"message_id" => item.id = word(s.value()?),
                b"attached_files" => {
                    item.files = s.value()?;
                    items(item.files, |_| item.attachments += 1);
                }
                b"quoted_message_metadata" => each(s.value()?, |key, value| {
                    if key == b"message_id" {
                        item.quoted = word(value);
                    }
                }),
                b"message_state" => item.deleted |= word(s.value()?).raw.eq_ignore_ascii_case(b"deleted"),
                b"deletion_metadata" => each(s.value()?, |key, value| {
                    if key == b"deletion_type" {
                        item.deletion = word(value);
                    }
                }),
                b"annotations" => item.annotations(s.value()?),
                _ => s.skip()?,
            }
        }
        item.deleted |= !item.deletion.is_empty();
        Ok(item)
    }

    fn annotations(&mut self, value: Value<'a>) {
        items(value, |annotation| {
            each(annotation, |key, _| match key {
                b"video_call_metadata" => self.told = Some(EventKind::Call),
                key if key.starts_with(b"membership") => self.told = Some(EventKind::Joined),
                _ => {}
            });
        });
    }

    /// Whether the record has neither text nor files: a stub that stands for something that happened.
    pub fn is_stub(&self) -> bool {
        self.facts.chars == 0 && self.attachments == 0 && !self.deleted
    }

    /// Edited: changed at another time than it was created.
    pub fn edited(&self) -> bool {
        !self.updated.is_empty() && self.updated.raw != self.created.raw
    }
}

/// What the app itself writes when the history of a conversation is switched.
fn history(text: &[u8]) -> Option<bool> {
    let head = text.trim_ascii().get(..text.trim_ascii().len().min(40))?.to_ascii_lowercase();
    [(&b"history is off"[..], false), (b"history is now off", false), (b"history is on", true), (b"history is now on", true)]
        .iter()
        .find(|(words, _)| head.strip_prefix(*words).is_some_and(|rest| rest.first().is_none_or(|b| matches!(b, b'.' | b':' | b'\n'))))
        .map(|(_, on)| *on)
}
