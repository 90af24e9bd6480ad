//! What reviewers explained: days of a custodian on a channel, and why they are no loss.

use std::ops::Range;

use toml::de::DeTable;

use super::File;
use crate::model::Matter;
use crate::model::decision::{Cause, Explanation};

const KEYS: [&str; 10] = ["custodian", "owner", "channel", "conversation", "from", "to", "kind", "note", "by", "at"];

impl File {
    pub(super) fn explained(&mut self, table: &DeTable<'_>, span: &Range<usize>, matter: &mut Matter) {
        let mut explanation = Explanation::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "custodian" => explanation.custodian = self.name("explained.custodian", value),
                "owner" => explanation.owner = self.key("explained.owner", value),
                // Left empty it means all of them.
                "channel" if value.get_ref().as_str() == Some("") => {}
                "channel" => explanation.channel = self.slug("explained.channel", value),
                "conversation" => explanation.conversation = self.key("explained.conversation", value),
                "from" => explanation.from = self.day("explained.from", value),
                "to" => explanation.to = self.day("explained.to", value),
                "kind" => {
                    let word = self.word("explained.kind", value, &Cause::ALL.map(Cause::word));
                    explanation.kind = word.and_then(Cause::of).unwrap_or_default();
                }
                "note" => explanation.note = self.text("explained.note", value),
                "by" => explanation.by = self.name("explained.by", value),
                "at" => explanation.at = self.moment("explained.at", value),
                _ => self.unknown(key, "key in [[explained]]", &KEYS),
            }
        }
        self.needs("explained", table, span, &[("kind", "\"leave\"")]);
        if explanation.kind.is_calendar() {
            self.days_of(explanation.kind, table, span);
        }
        if explanation.kind == Cause::Leave && explanation.custodian.is_empty() {
            self.wrong(span, "leave is of somebody: this [[explained]] has no custodian; write custodian = \"jo.quay@firm.example\"".to_owned());
        }
        if !explanation.conversation.is_empty() && explanation.channel.is_empty() {
            self.wrong(span, "this [[explained]] names a conversation and no channel; write channel = \"whatsapp\"".to_owned());
        }
        if !explanation.owner.is_empty() && explanation.channel.is_empty() {
            self.wrong(span, "this [[explained]] names the owner of exports and no channel; write channel = \"whatsapp\"".to_owned());
        }
        if !explanation.owner.is_empty() && !explanation.custodian.is_empty() {
            self.wrong(span, "this [[explained]] names a custodian and an owner nobody knows; leave one of both out".to_owned());
        }
        if explanation.from.zip(explanation.to).is_some_and(|(from, to)| to < from) {
            self.wrong(span, "explained.to lies before explained.from; exchange the two dates".to_owned());
        }
        matter.explained.push(explanation);
    }

    /// A spell of the calendar has a first and a last day.
    fn days_of(&mut self, kind: Cause, table: &DeTable<'_>, span: &Range<usize>) {
        for key in ["from", "to"] {
            if !table.contains_key(key) {
                self.wrong(span, format!("this [[explained]] of kind {} has no {key}; write {key} = 2026-03-02", kind.word()));
            }
        }
    }
}
