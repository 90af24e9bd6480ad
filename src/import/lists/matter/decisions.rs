//! What a person decided: who is who, which conversation is work, how lists are read. Keys of other systems are kept letter by letter.

use std::ops::Range;

use toml::de::DeTable;

use super::{File, Value};
use crate::model::Matter;
use crate::model::decision::{ClassDecision, IdentityDecision, Mapping, Verdict};

/// Verdicts and the words they are written by.
pub const VERDICTS: [(&str, Verdict); 4] =
    [("same", Verdict::Same), ("different", Verdict::Different), ("service", Verdict::Service), ("other", Verdict::Other)];
/// What a reference may begin with.
const REFERENCES: [&str; 4] = ["person:", "contact:", "client:", "handle:"];
/// Lists whose columns can be remembered.
const LISTS: [&str; 4] = ["people", "clients", "leave", "expected"];

impl File {
    pub(super) fn identity(&mut self, table: &DeTable<'_>, span: &Range<usize>, matter: &mut Matter) {
        let mut decision = IdentityDecision::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "channel" => decision.channel = self.slug("identity.channel", value),
                "handle" => decision.handle = self.key("identity.handle", value),
                "verdict" => {
                    let word = self.word("identity.verdict", value, &VERDICTS.map(|(word, _)| word));
                    decision.verdict = VERDICTS.iter().find(|(known, _)| Some(*known) == word).map(|(_, v)| *v).unwrap_or_default();
                }
                "whom" => {
                    decision.whom = self.key("identity.whom", value);
                    if !decision.whom.is_empty() && !REFERENCES.iter().any(|r| decision.whom.starts_with(r)) {
                        self.remarks.push(format!(
                            "identity.whom: \"{}\" is no reference such as person:17; it names nobody.",
                            crate::text::clean_name(&decision.whom)
                        ));
                    }
                }
                "reason" => decision.reason = self.text("identity.reason", value),
                "by" => decision.by = self.name("identity.by", value),
                "at" => decision.at = self.moment("identity.at", value),
                _ => self.unknown(key, "key in [[identity]]", &["channel", "handle", "verdict", "whom", "reason", "by", "at"]),
            }
        }
        self.needs("identity", table, span, &[("channel", "\"whatsapp\""), ("handle", "the handle as the list of unknowns shows it"), ("verdict", "\"same\"")]);
        matter.identities.push(decision);
    }

    pub(super) fn class(&mut self, table: &DeTable<'_>, span: &Range<usize>, matter: &mut Matter) {
        let mut decision = ClassDecision::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "channel" => decision.channel = self.slug("class.channel", value),
                "conversation" => decision.conversation = self.key("class.conversation", value),
                "work" => decision.work = self.truth("class.work", value).unwrap_or_default(),
                "reason" => decision.reason = self.text("class.reason", value),
                "by" => decision.by = self.name("class.by", value),
                "at" => decision.at = self.moment("class.at", value),
                _ => self.unknown(key, "key in [[class]]", &["channel", "conversation", "work", "reason", "by", "at"]),
            }
        }
        self.needs("class", table, span, &[("channel", "\"whatsapp\""), ("conversation", "its key"), ("work", "true or false")]);
        matter.classes.push(decision);
    }

    pub(super) fn mapping(&mut self, table: &DeTable<'_>, span: &Range<usize>, matter: &mut Matter) {
        let mut mapping = Mapping::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "list" => mapping.list = self.word("mapping.list", value, &LISTS).unwrap_or_default().to_owned(),
                "fingerprint" => mapping.fingerprint = self.key("mapping.fingerprint", value),
                "columns" => mapping.columns = self.columns(value),
                _ => self.unknown(key, "key in [[mapping]]", &["list", "fingerprint", "columns"]),
            }
        }
        self.needs("mapping", table, span, &[("list", "\"people\""), ("fingerprint", "that of the headings")]);
        matter.mappings.push(mapping);
    }

    fn columns(&mut self, value: &Value<'_>) -> Vec<(String, String)> {
        let Some(list) = self.array("mapping.columns", value) else { return Vec::new() };
        let mut out = Vec::new();
        for pair in list {
            let both = pair.get_ref().as_array().map(|a| a.iter().map(|v| self.key("mapping.columns", v)).collect::<Vec<_>>());
            match both.and_then(|both| <[String; 2]>::try_from(both).ok()) {
                Some([heading, field]) => out.push((heading, field)),
                None => self.wrong(&pair.span(), "mapping.columns: write pairs of heading and field, such as [\"Letzter Tag\", \"last_day\"]".to_owned()),
            }
        }
        out
    }

    /// A time as the front-end writes it; TOML's own form is accepted too.
    pub(super) fn moment(&mut self, field: &str, value: &Value<'_>) -> String {
        if let toml::de::DeValue::Datetime(at) = value.get_ref() { at.to_string() } else { self.name(field, value) }
    }
}
