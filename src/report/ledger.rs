//! The ledger as JSON, in the shape of the contract, section 3.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Value, json};

use crate::model::ledger::{Basis, Severity, Skip, Source};
use crate::time::{self, Zone};

/// The ledger of some sources. It is written one source at a time: as a tree of values it takes ten times the room of the sources, which
/// tens of thousands of small files do not have.
#[derive(Debug, Clone, Copy)]
pub struct Ledger<'a> {
    sources: &'a [Source],
    private: &'a [bool],
}

impl<'a> Ledger<'a> {
    /// Of these sources. `private`: whether all that a source holds is private, so that it bears no name; may be shorter.
    #[must_use]
    pub const fn of(sources: &'a [Source], private: &'a [bool]) -> Self {
        Self { sources, private }
    }

    /// As a value.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Serialize for Ledger<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sum = |f: fn(&Source) -> u64| self.sources.iter().map(f).sum::<u64>();
        let totals = json!({
            "files": self.sources.len(),
            "records": sum(|s| s.records),
            "messages": sum(|s| s.messages),
            "events": sum(|s| s.events),
            "duplicates": sum(|s| s.duplicates),
            "skipped": sum(Source::skipped_total),
            "unreadable": self.sources.iter().filter(|s| s.error.is_some()).count(),
        });
        // Keys in the order of the alphabet, as in a tree of values.
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("schema", &1)?;
        map.serialize_entry("sources", &Sources(self))?;
        map.serialize_entry("totals", &totals)?;
        map.end()
    }
}

struct Sources<'a>(&'a Ledger<'a>);

impl Serialize for Sources<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Ledger { sources, private } = self.0;
        let mut list = serializer.serialize_seq(Some(sources.len()))?;
        let mut hidden = 0;
        for (ix, s) in sources.iter().enumerate() {
            if private.get(ix) == Some(&true) {
                hidden += 1;
                list.serialize_element(&source(&unnamed(s, hidden)))?;
            } else {
                list.serialize_element(&source(s))?;
            }
        }
        list.end()
    }
}

/// A file of private conversations only is told by its number, size and digest.
fn unnamed(source: &Source, number: usize) -> Source {
    let name = format!("private file {number}");
    Source { path: name.clone(), name, parts: Vec::new(), question: None, ..source.clone() }
}

/// The ledger of these sources.
#[must_use]
pub fn json(sources: &[Source]) -> Value {
    Ledger::of(sources, &[]).value()
}

fn source(s: &Source) -> Value {
    let order = if s.date_order.value.is_empty() {
        json!({ "value": null, "basis": "not_needed" })
    } else {
        json!({ "value": s.date_order.value, "basis": s.date_order.basis, "why": s.date_order.why })
    };
    json!({
        "name": s.name, "path": s.path, "format": null_if_empty(&s.format), "channel": null_if_empty(&s.channel), "bytes": s.bytes, "sha256": null_if_empty(&s.sha256),
        "records": s.records, "messages": s.messages, "events": s.events, "duplicates": s.duplicates,
        "skipped": s.skipped.iter().map(|k| skip(k, s)).collect::<Vec<_>>(),
        "remainder": s.remainder(),
        "participants": s.participants, "conversations": s.conversations, "first": s.first.map(|t| moment(t, s)), "last": s.last.map(|t| moment(t, s)),
        "zone": { "value": null_if_empty(&s.zone.value), "basis": s.zone.basis },
        "date_order": order,
        "owner": s.owner.as_ref().map(|o| json!({ "handle": o.value, "basis": o.basis, "why": o.why })),
        "encoding": if s.encoding.is_empty() { "UTF-8" } else { &s.encoding },
        "notices": s.notices.iter().map(|n| json!({ "id": n.id, "sentence": n.sentence, "count": n.count })).collect::<Vec<_>>(),
        "error": s.error.as_ref().map(|e| json!({ "what": e.what, "where": e.place })),
    })
}

fn skip(k: &Skip, s: &Source) -> Value {
    let entry = usize::try_from(k.part).ok().and_then(|p| s.parts.get(p)).filter(|e| !e.is_empty());
    let mut first = json!({});
    if let Some(map) = first.as_object_mut() {
        if let Some(entry) = entry {
            map.insert("entry".to_owned(), json!(entry));
        }
        if k.first.line > 0 {
            map.insert("line".to_owned(), json!(k.first.line));
        } else if entry.is_none() || k.first.offset > 0 {
            map.insert("byte".to_owned(), json!(k.first.offset));
        }
    }
    json!({ "reason": k.reason, "severity": severity(k.reason.severity()), "sentence": k.reason.sentence(), "count": k.count, "first": first })
}

const fn severity(s: Severity) -> &'static str {
    match s {
        Severity::Info => "info",
        Severity::Suspect => "suspect",
        Severity::Loss => "loss",
    }
}

/// RFC 3339: with `Z` when the zone is stated or proven, as written when it is assumed.
#[must_use]
pub fn moment(micros: i64, s: &Source) -> String {
    if s.zone.basis == Basis::Assumed {
        let local = Zone::named(&s.zone.value).map_or(micros, |mut z| z.local_of(micros));
        time::rfc3339(local, false)
    } else {
        time::rfc3339(micros, true)
    }
}

fn null_if_empty(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(text) }
}
